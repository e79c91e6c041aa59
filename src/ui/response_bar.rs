//! The response bar: what every request gets. Anything but OK turns it amber, so that it is not forgotten.

use super::actions::{Meaning, hint};
use super::component::{Field, bar, button, segmented};
use super::theme::{self, Tone};
use super::{is_narrow, texts};
use crate::app::Model;
use crate::app::action::{Action, Dialog};
use crate::rules::preset::Preset;
use eframe::egui::{Align, Id, Label, Layout, Ui};

/// The segments in their order.
const SEGMENTS: [(&str, Tone); 4] =
    [(texts::OK, Tone::Ok), (texts::FAIL, Tone::Warn), (texts::HTTP_ERROR, Tone::Warn), (texts::OWN_BODY, Tone::Warn)];

/// Draws the response bar.
pub fn response_bar_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let preset = &model.known.bar.preset;
    if model.is_simulating() {
        let rect = ui.available_rect_before_wrap().with_max_y(ui.next_widget_position().y + theme::RESPONSE_BAR);
        ui.painter().rect_filled(rect, 0.0, theme::palette(ui).warn_fill);
    }
    bar(ui, theme::RESPONSE_BAR, |ui| {
        ui.label(theme::dim(ui, texts::RESPOND_WITH)).on_hover_text(hint(ui, texts::FAIL, Meaning::ToggleFail));
        if let Some(chosen) = segmented(ui, "respond with", &SEGMENTS, segment_of(preset)) {
            actions.push(choose(model, chosen));
        }
        value_ui(ui, model, actions);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if model.is_simulating() && button(ui, texts::BACK_TO_OK).clicked() {
                actions.push(Action::Respond(Preset::Ok));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| words_ui(ui, preset));
        });
    });
}

fn segment_of(preset: &Preset) -> usize {
    match preset {
        Preset::Ok => 0,
        Preset::Fail(_) => 1,
        Preset::Http(_) => 2,
        _ => 3,
    }
}

fn choose(model: &Model, segment: usize) -> Action {
    match segment {
        0 => Action::Respond(Preset::Ok),
        1 => Action::Respond(model.response.fail().unwrap_or(Preset::Fail(1))),
        2 => Action::Respond(model.response.http().unwrap_or(Preset::Http(500))),
        _ => Action::OpenDialog(Dialog::Body),
    }
}

/// The number or the editor that belongs to the chosen segment.
fn value_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    match &model.known.bar.preset {
        Preset::Fail(_) => {
            number_ui(ui, texts::ERROR_CODE, &model.response.code, model.response.fail().is_none(), actions, Action::EditCode);
        }
        Preset::Http(_) => {
            number_ui(ui, texts::STATUS, &model.response.status, model.response.http().is_none(), actions, Action::EditStatus);
        }
        Preset::Body(_) => {
            if button(ui, texts::EDIT).clicked() {
                actions.push(Action::OpenDialog(Dialog::Body));
            }
        }
        _ => {}
    }
}

fn number_ui(ui: &mut Ui, name: &str, value: &str, invalid: bool, actions: &mut Vec<Action>, action: impl FnOnce(String) -> Action) {
    ui.label(theme::dim(ui, name));
    let mut text = value.to_owned();
    ui.add(Field::new(name, &mut text).mono().width(88.0).invalid(invalid));
    if text != value {
        actions.push(action(text));
    }
}

/// What is responded, in words; the body where there is room for it.
fn words_ui(ui: &mut Ui, preset: &Preset) {
    let body = preset.response().map(|response| String::from_utf8_lossy(&response.body).into_owned()).unwrap_or_default();
    if preset.is_simulation() {
        let words = texts::simulating(preset, is_narrow(ui));
        ui.add(Label::new(theme::toned(ui, words, Tone::Warn)).truncate());
    }
    if !is_narrow(ui) {
        let shown = theme::mono(crate::wording::visible(&body)).color(theme::palette(ui).dim);
        ui.push_id(Id::unique("body"), |ui| ui.add(Label::new(shown).truncate()));
    }
}
