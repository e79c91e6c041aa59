//! The comparison of the opened exchange: what stands left and right, what differs, and the way from one difference to the next.

mod bar;
mod rows;

use super::component::empty_state;
use super::list::ListState;
use super::texts::comparing as texts;
use crate::app::Model;
use crate::app::action::Action;
use crate::app::comparing::CompareAction;
use crate::opened::Opened;
use eframe::egui::{Frame, Margin, Ui};

/// Two sides have room beside each other from this width on, in points.
const ROOM: f32 = 520.0;

/// What the tab remembers between two frames.
#[derive(Default)]
pub struct CompareFace {
    /// Which comparison it is.
    number: u64,
    /// How often one went to a difference, as far as that was followed.
    followed: u64,
    state: ListState,
}

/// Draws the tab.
pub fn comparing_ui(ui: &mut Ui, model: &Model, opened: &Opened, face: &mut CompareFace, actions: &mut Vec<Action>) {
    let comparing = &model.comparing;
    let has_room = ui.available_width() >= ROOM;
    if has_room == comparing.is_cramped() {
        actions.push(Action::Compare(CompareAction::HasRoom(has_room)));
    }
    if face.number != comparing.number() {
        *face = CompareFace { number: comparing.number(), followed: comparing.times_gone(), ..CompareFace::default() };
    }
    Frame::new().inner_margin(Margin { left: 20, right: 20, top: 8, bottom: 4 }).show(ui, |ui| bar::bar_ui(ui, model, opened, actions));
    match comparing.told() {
        None => empty_state(ui, texts::COMPARING, "", |_| {}),
        Some(Err(why)) => {
            let (title, why) = texts::uncompared(why);
            empty_state(ui, title, why, |_| {});
        }
        Some(Ok(compared)) => {
            bar::heads_ui(ui, compared, comparing.manner());
            rows::rows_ui(ui, comparing, compared, face, actions);
        }
    }
}
