//! The body of one's own: free text, checked as it is typed.

use super::code::body_field_ui;
use super::component::{button, dialog, primary_button};
use super::texts;
use super::theme::{self, Tone};
use crate::app::action::Action;
use crate::app::{Model, sentence};
use crate::protocol::response;
use crate::wording;
use eframe::egui::Ui;

/// How many complaints are shown at once.
const MOST: usize = 4;

/// Draws the dialog.
pub fn response_editor_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let closed = dialog(ui.ctx(), texts::OWN_BODY, texts::BODY_REMARK, 680.0, |ui| {
        let mut body = model.response.body.clone();
        body_field_ui(ui, &mut body, 10);
        if body != model.response.body {
            actions.push(Action::EditBody(body));
        }
        check_ui(ui, model);
        ui.horizontal(|ui| {
            if primary_button(ui, texts::RESPOND_WITH_THIS).clicked() {
                actions.push(Action::UseBody);
            }
            if button(ui, texts::START_FROM_OK).clicked() {
                let body = response::success().body;
                actions.push(Action::EditBody(String::from_utf8_lossy(&body).into_owned()));
            }
        });
    });
    if closed {
        actions.push(Action::CloseDialog);
    }
}

fn check_ui(ui: &mut Ui, model: &Model) {
    let complaints = model.response.complaints();
    if complaints.is_empty() {
        ui.label(theme::toned(ui, texts::BODY_FINE, Tone::Ok));
        return;
    }
    for complaint in complaints.iter().take(MOST) {
        let text = wording::finding(complaint);
        ui.label(theme::toned(ui, sentence(&text), Tone::Warn));
    }
    ui.label(theme::dim(ui, texts::BODY_ALL_THE_SAME));
}
