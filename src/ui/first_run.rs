//! The first run: three steps to a callback.

use super::app_editor::{complaint_ui, id_field_ui, token_field_ui};
use super::component::{Button, button, card, card_with, copy_line};
use super::texts;
use super::theme;
use crate::app::Model;
use crate::app::action::{Action, Dialog};
use eframe::egui::{Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

/// How wide the steps are, in points.
const WIDTH: f32 = 760.0;

/// How wide the button behind the fields is, in points.
const SAVE: f32 = 51.0;

/// Draws the page.
pub fn first_run_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let side = ((ui.available_width() - WIDTH) / 2.0).max(20.0);
        let above = (ui.available_height() * 0.08).clamp(20.0, 64.0);
        let place = ui.available_rect_before_wrap();
        let inner = Rect::from_min_max(place.min + vec2(side, above), pos2(place.right() - side, place.bottom()));
        let mut column = ui.new_child(UiBuilder::new().max_rect(inner));
        steps_ui(&mut column, model, actions);
        ui.advance_cursor_after_rect(column.min_rect());
        ui.add_space(20.0);
    });
}

fn steps_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    // Where all that came is deleted, it is not the first one.
    ui.label(theme::title(if model.history.came() > 0 { texts::WAITING_FOR_NEXT } else { texts::WAITING }));
    ui.add_space(2.0);
    ui.label(theme::paragraph(ui, texts::WAITING_WHY));
    ui.add_space(16.0);
    ui.spacing_mut().item_spacing.y = 8.0;
    app_step_ui(ui, model, actions);
    ui.add_space(8.0);
    card(ui, texts::STEP_REACH, |ui| {
        ui.label(theme::paragraph(ui, texts::STEP_REACH_WHY));
        for command in texts::tunnels(model.address.port()) {
            copy_line(ui, &command);
        }
    });
    ui.add_space(8.0);
    card(ui, texts::STEP_TRY, |ui| {
        ui.horizontal(|ui| {
            let send = ui.add(Button::new(texts::SEND_SIGNED_TEST).primary().enabled(model.can_send_test()));
            if send.on_disabled_hover_text(texts::TEST_NEEDS_RECEIVER).clicked() {
                actions.push(Action::SendTest);
            }
            if button(ui, texts::importing::IMPORT).on_hover_text(texts::importing::WHY).clicked() {
                actions.push(Action::OpenDialog(Dialog::Import));
            }
        });
    });
}

fn app_step_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(texts::STEP_APP).size(theme::MONO_SIZE));
        ui.label(theme::dim(ui, texts::STEP_APP_WHY).size(theme::MONO_SIZE));
    };
    card_with(ui, head, |ui| {
        let draft = &model.app_editor;
        let can_save = draft.can_save(&model.known.apps);
        ui.horizontal(|ui| {
            let room = ui.available_width() - SAVE - 2.0 * ui.spacing().item_spacing.x;
            let entered = id_field_ui(ui, &draft.id, (room * 0.38).floor(), actions)
                | token_field_ui(ui, &draft.token, texts::TOKEN_HINT, (room * 0.62).floor(), actions);
            if ui.add(Button::new(texts::SAVE).primary().enabled(can_save)).clicked() || (entered && can_save) {
                actions.push(Action::SaveApp);
            }
        });
        complaint_ui(ui, model);
        for app in &model.known.apps {
            ui.label(theme::dim(ui, format!("{} · {}", app.id, if app.has_token { texts::HAS_TOKEN } else { texts::NO_TOKEN })));
        }
    });
}
