//! The listener for `https://`: on or off, where, with which certificate, and how callers come to trust it.

use super::component::{Button, Field, button, copy_line, dialog, hline, segmented, status_dot};
use super::texts;
use super::theme::{self, Tone};
use crate::app::action::Action;
use crate::app::file_dialog::FileFor;
use crate::app::https_editor::{Complaint, HttpsAction};
use crate::app::{Model, sentence};
use crate::messages::{Authority, Listening};
use crate::wording;
use eframe::egui::{Label, ScrollArea, Ui};

/// How wide the names at the left are, in points.
const NAMES: f32 = 140.0;

/// Draws the dialog.
pub fn https_editor_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let closed = dialog(ui.ctx(), texts::HTTPS, texts::HTTPS_REMARK, 760.0, |ui| {
        let room = ui.available_height() - 16.0;
        ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
            ui.set_width(ui.available_width() - 4.0);
            named(ui, texts::STATE, |ui| state_ui(ui, model));
            form_ui(ui, model, actions);
            if !model.https.own {
                ui.add_space(4.0);
                hline(ui);
                ui.add_space(4.0);
                authority_ui(ui, model, actions);
            }
        });
    });
    if closed {
        actions.push(Action::CloseDialog);
    }
}

/// A line with its name at the left.
fn named(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(theme::CONTROL);
        let left = ui.cursor().left();
        ui.label(theme::dim(ui, name));
        ui.add_space((left + NAMES - ui.cursor().left()).max(0.0));
        content(ui);
    });
}

fn state_ui(ui: &mut Ui, model: &Model) {
    let dot = |ui: &mut Ui, tone: Tone, word: &str| {
        status_dot(ui, tone);
        ui.label(word);
    };
    match &model.https_listening {
        None | Some(Listening::Off) => dot(ui, Tone::Faint, texts::HTTPS_OFF),
        Some(Listening::On(_)) => {
            dot(ui, Tone::Ok, texts::RECEIVING);
            copy_line(ui, &model.https_url());
        }
        Some(Listening::Refusing(_)) => dot(ui, Tone::Warn, texts::REFUSING),
        Some(Listening::Failed { reason, .. }) => {
            status_dot(ui, Tone::Bad);
            ui.add(Label::new(theme::toned(ui, sentence(reason), Tone::Bad)).wrap());
        }
    }
}

fn form_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let draft = &model.https;
    let complaint = draft.complaint();
    let mut act = |action| actions.push(Action::Https(action));
    named(ui, texts::ADDRESS, |ui| {
        let mut listen = draft.listen.clone();
        ui.add(Field::new(texts::ADDRESS, &mut listen).mono().width(240.0).invalid(complaint == Some(Complaint::NoAddress)));
        if listen != draft.listen {
            act(HttpsAction::EditListen(listen));
        }
    });
    named(ui, texts::CERTIFICATE, |ui| {
        let options = [(texts::LOCAL_AUTHORITY, Tone::Accent), (texts::OWN_FILES, Tone::Accent)];
        if let Some(chosen) = segmented(ui, "certificate", &options, usize::from(draft.own)) {
            act(HttpsAction::UseOwn(chosen == 1));
        }
    });
    if draft.own {
        let certificate = (texts::CERTIFICATE_FILE, draft.certificate.as_str(), texts::CERTIFICATE_HINT);
        file_ui(ui, certificate, (texts::CHOOSE_CERTIFICATE, FileFor::Certificate), actions, HttpsAction::EditCertificate);
        let key = (texts::KEY_FILE, draft.key.as_str(), texts::KEY_HINT);
        file_ui(ui, key, (texts::CHOOSE_KEY, FileFor::Key), actions, HttpsAction::EditKey);
    }
    named(ui, "", |ui| switch_ui(ui, model, complaint, actions));
}

fn switch_ui(ui: &mut Ui, model: &Model, complaint: Option<Complaint>, actions: &mut Vec<Action>) {
    let listening = model.https_listening.as_ref();
    let is_on = !matches!(listening, None | Some(Listening::Off));
    let can_apply = complaint.is_none() && (!is_on || model.https.is_changed(&model.known.https, listening) || is_failed(listening));
    let label = match listening {
        Some(Listening::Failed { .. }) => texts::TRY_AGAIN,
        Some(Listening::On(_) | Listening::Refusing(_)) => texts::APPLY,
        Some(Listening::Off) | None => texts::TURN_ON,
    };
    if ui.add(Button::new(label).primary().enabled(can_apply)).clicked() {
        actions.push(Action::Https(HttpsAction::TurnOn));
    }
    if is_on && button(ui, texts::TURN_OFF).clicked() {
        actions.push(Action::Https(HttpsAction::TurnOff));
    }
    let complaint = complaint.map(|complaint| match complaint {
        Complaint::NoAddress => texts::NO_ADDRESS,
        Complaint::NoFile => texts::NO_PEM_FILE,
    });
    if let Some(said) = model.https.remark.or(complaint) {
        ui.add(Label::new(theme::toned(ui, said, Tone::Warn)).wrap());
    }
}

fn is_failed(listening: Option<&Listening>) -> bool {
    matches!(listening, Some(Listening::Failed { .. }))
}

fn file_ui(
    ui: &mut Ui,
    (name, path, hint): (&str, &str, &str),
    (choose, what): (&str, FileFor),
    actions: &mut Vec<Action>,
    action: impl FnOnce(String) -> HttpsAction,
) {
    named(ui, name, |ui| {
        let mut text = path.to_owned();
        let width = ui.available_width() - 152.0;
        ui.add(Field::new(name, &mut text).hint(hint).mono().width(width));
        if button(ui, choose).clicked() {
            actions.push(Action::AskFile(what));
        }
        if text != path {
            actions.push(Action::Https(action(text)));
        }
    });
}

fn authority_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    ui.label(theme::strong(texts::AUTHORITY));
    let Some(Authority { fingerprint, file }) = &model.authority else {
        ui.label(theme::dim(ui, texts::NO_AUTHORITY_YET));
        return;
    };
    copied(ui, texts::FINGERPRINT, fingerprint);
    copied(ui, texts::CERTIFICATE_FILE, &file.display().to_string());
    named(ui, "", |ui| {
        if button(ui, texts::EXPORT_AUTHORITY).clicked() {
            actions.push(Action::AskFile(FileFor::Authority));
        }
    });
    ui.add_space(4.0);
    ui.label(theme::strong(texts::HOW_TO_TRUST));
    for trust in wording::how_to_trust(file, &model.https_url()) {
        copied(ui, trust.place, &trust.command);
    }
}

/// A line that copies itself, with its name at the left.
fn copied(ui: &mut Ui, name: &str, text: &str) {
    ui.push_id(name, |ui| {
        named(ui, name, |ui| {
            copy_line(ui, text);
        });
    });
}
