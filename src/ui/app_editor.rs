//! The apps and their tokens. A token is never shown unless its user asks while typing it.

use super::component::{Button, Field, button, chip, danger_button, dialog, hline, secret_field};
use super::texts;
use super::theme::{self, Tone};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::app_editor::Complaint;
use crate::messages::KnownApp;
use eframe::egui::{Align, Key, Layout, Response, ScrollArea, Ui};

/// Draws the dialog.
pub fn app_editor_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let closed = dialog(ui.ctx(), texts::APPS, texts::APPS_REMARK, 640.0, |ui| {
        list_ui(ui, model, actions);
        form_ui(ui, model, actions);
    });
    if closed {
        actions.push(Action::CloseDialog);
    }
}

fn list_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    if model.known.apps.is_empty() {
        return;
    }
    let room = (ui.available_height() - 150.0).max(80.0);
    ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        for app in &model.known.apps {
            ui.push_id(&app.id, |ui| app_ui(ui, app, actions));
        }
    });
    ui.add_space(4.0);
    hline(ui);
    ui.add_space(4.0);
}

fn app_ui(ui: &mut Ui, app: &KnownApp, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.set_height(32.0);
        ui.label(theme::mono(&app.id));
        let (word, tone) = if app.has_token { (texts::HAS_TOKEN, Tone::Ok) } else { (texts::NO_TOKEN, Tone::Warn) };
        chip(ui, word, tone);
        if !app.saved {
            ui.label(theme::dim(ui, texts::THIS_RUN_ONLY));
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if danger_button(ui, texts::REMOVE).on_hover_text(texts::remove_app(&app.id)).clicked() {
                actions.push(Action::RemoveApp(app.id.clone()));
            }
            if button(ui, texts::EDIT).on_hover_text(texts::edit_app(&app.id)).clicked() {
                actions.push(Action::EditApp(app.id.clone()));
            }
        });
    });
}

fn form_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let draft = &model.app_editor;
    let title = match &draft.editing {
        Some(id) => texts::change_app(id),
        None => texts::NEW_APP.to_owned(),
    };
    ui.label(theme::strong(title));
    let (save_label, hint) = match draft.editing {
        Some(_) => (texts::SAVE, texts::TOKEN_UNCHANGED_HINT),
        None => (texts::ADD, texts::TOKEN_HINT),
    };
    let can_save = draft.can_save(&model.known.apps);
    let entered = ui
        .horizontal(|ui| id_field_ui(ui, &draft.id, 200.0, actions) | token_field_ui(ui, &draft.token, hint, ui.available_width(), actions))
        .inner;
    complaint_ui(ui, model);
    ui.horizontal(|ui| {
        let entered = can_save && entered;
        if ui.add(Button::new(save_label).primary().enabled(can_save)).clicked() || entered {
            actions.push(Action::SaveApp);
        }
        if draft.editing.is_some() && button(ui, texts::CANCEL).clicked() {
            actions.push(Action::EditNewApp);
        }
    });
}

/// The app id as it is typed. Says whether Enter was pressed in it.
pub fn id_field_ui(ui: &mut Ui, id: &str, width: f32, actions: &mut Vec<Action>) -> bool {
    let mut text = id.to_owned();
    let response = ui.add(Field::new(texts::SDK_APP_ID, &mut text).hint(texts::SDK_APP_ID_HINT).width(width));
    if text != id {
        actions.push(Action::EditAppId(text));
    }
    is_entered(ui, &response)
}

/// The token as it is typed, hidden. Says whether Enter was pressed in it.
pub fn token_field_ui(ui: &mut Ui, token: &str, hint: &str, width: f32, actions: &mut Vec<Action>) -> bool {
    let mut text = token.to_owned();
    let response = secret_field(ui, texts::TOKEN, &mut text, hint, width);
    if text != token {
        actions.push(Action::EditToken(text));
    }
    is_entered(ui, &response)
}

fn is_entered(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// What is wrong with what was typed, once something was.
pub fn complaint_ui(ui: &mut Ui, model: &Model) {
    let (text, tone) = match model.app_editor.complaint(&model.known.apps) {
        None | Some(Complaint::Empty) => return,
        Some(Complaint::NoAppId) => (texts::APP_ID_DIGITS, Tone::Bad),
        Some(Complaint::Taken) => (texts::APP_ID_TAKEN, Tone::Bad),
        Some(Complaint::SpaceAround) => (texts::TOKEN_SPACE, Tone::Warn),
    };
    ui.label(theme::toned(ui, text, tone));
}
