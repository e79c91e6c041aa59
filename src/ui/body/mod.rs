//! The body as a tree that can be folded, as text, or as hex. Only the lines in view are laid out.

mod find;
mod rows;
mod text;
mod tree;

use super::actions::{Meaning, hint};
use super::component::{button, empty_state, segmented};
use super::list::ListState;
use super::theme::{self, Palette, Tone};
use super::{is_narrow, texts};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::body::{BodyAction, BodyView, Copied, Look, has_tree};
use crate::app::find::FindAction;
use crate::lines::Folding;
use crate::opened::Opened;
use crate::protocol::json::Kind;
use crate::protocol::verdict::Verdict;
use crate::wording;
use eframe::egui::{Align, Color32, EventFilter, Frame, Id, Label, Layout, Margin, TextFormat, Ui};
use jiff::tz::TimeZone;

/// Height of a line, in points.
const LINE: f32 = 20.0;

/// Where the body is scrolled to, in each of its forms.
#[derive(Default)]
pub struct BodyFace {
    /// Which body it is.
    number: u64,
    tree: ListState,
    text: ListState,
    hex: ListState,
    /// How many bytes the hex listing shows on a line.
    hex_wide: usize,
    folding: Folding,
    /// The folding to another width, until it reaches as far as is looked at.
    next: Option<Folding>,
    /// Whether the mouse selects: it went down on a line and is still held.
    is_selecting: bool,
    /// How often the field for finding was opened, and a match gone to, as far as that was followed.
    followed: (u64, u64),
    /// Whether a match is still to be brought into view.
    goes: bool,
    /// The selected line of the tree that was brought into view.
    line: Option<usize>,
    /// The form that was drawn last.
    view: BodyView,
    /// Whether one has clicked into it.
    has_keys: bool,
}

impl BodyFace {
    /// Whether one has clicked into the body, so that it has the keyboard.
    pub fn has_keys(&self) -> bool {
        self.has_keys
    }
}

/// Draws the tab.
pub fn body_ui(ui: &mut Ui, model: &Model, opened: &Opened, face: &mut BodyFace, actions: &mut Vec<Action>) {
    let number = model.detail.body.number();
    if face.number != number {
        *face = BodyFace { number, followed: face.followed, ..BodyFace::default() };
    }
    if opened.exchange.request.body.is_empty() {
        empty_state(ui, texts::NO_BODY, texts::NO_BODY_WHY, |_| {});
        return;
    }
    Frame::new().inner_margin(Margin { left: 20, right: 8, top: 8, bottom: 4 }).show(ui, |ui| {
        head_ui(ui, model, opened, actions);
        find::find_ui(ui, &model.detail.body.find, &mut face.followed.0, actions);
        ui.add_space(8.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let view = model.detail.body_view();
        // A match is brought into view where one goes to it, and where another form shows it.
        let find = &model.detail.body.find;
        let is_new = std::mem::replace(&mut face.view, view) != view;
        let goes = std::mem::replace(&mut face.followed.1, find.times_gone()) != find.times_gone();
        face.goes |= is_new || goes;
        let goal = find.current().filter(|_| face.goes).map(|bytes| bytes.start);
        face.goes = !match view {
            BodyView::Tree => tree::tree_ui(ui, model, opened, face, goal.is_some(), actions),
            BodyView::Text => text::text_ui(ui, model, opened, face, goal, actions),
            BodyView::Hex => text::hex_ui(ui, model, opened, face, goal, actions),
        };
    });
}

fn head_ui(ui: &mut Ui, model: &Model, opened: &Opened, actions: &mut Vec<Action>) {
    let named = |view: &BodyView| match view {
        BodyView::Tree => (texts::TREE, Tone::Accent),
        BodyView::Text => (texts::TEXT, Tone::Accent),
        BodyView::Hex => (texts::HEX, Tone::Accent),
    };
    let all = &BodyView::ALL[usize::from(!has_tree(Some(opened)))..];
    ui.horizontal(|ui| {
        let at = all.iter().position(|view| *view == model.detail.body_view()).unwrap_or(0);
        if let Some(chosen) = segmented(ui, "body as", &all.iter().map(named).collect::<Vec<_>>(), at) {
            actions.push(Action::Body(BodyAction::ShowAs(all[chosen])));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(12.0);
            if button(ui, texts::COPY_BODY).clicked() {
                actions.push(Action::Body(BodyAction::Copy(Copied::Body)));
            }
            if button(ui, texts::FIND).on_hover_text(hint(ui, texts::FIND, Meaning::Find)).clicked() {
                actions.push(Action::Body(BodyAction::Find(FindAction::Open)));
            }
            if !has_tree(Some(opened)) && !is_narrow(ui) {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(theme::toned(ui, why_no_tree(opened), Tone::Bad)).truncate());
                });
            }
        });
    });
}

/// Why the body is no tree, in words.
pub fn why_no_tree(opened: &Opened) -> String {
    wording::detail(Verdict::Body(&opened.inspection.verdicts.body), &TimeZone::UTC)
}

/// The colour of a value.
pub fn ink(palette: &Palette, kind: Kind) -> Color32 {
    match kind {
        Kind::String => palette.string,
        Kind::Number | Kind::Bool | Kind::Null => palette.number,
        Kind::Object | Kind::Array => palette.text,
    }
}

/// How bytes are laid out whose plain ink is this.
fn format_of(palette: &Palette, look: Look, ink: Color32) -> TextFormat {
    let (ink, ground) = match look {
        Look::Plain => (ink, Color32::TRANSPARENT),
        Look::Selected => (palette.text, palette.selection),
        Look::Found | Look::Current => theme::found(palette, look == Look::Current),
    };
    TextFormat { background: ground, ..theme::code_format(ink) }
}

/// Whether a list has the keyboard; it keeps the arrows then.
fn has_keys(ui: &Ui, id: Id) -> bool {
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    if has_focus {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    }
    has_focus
}
