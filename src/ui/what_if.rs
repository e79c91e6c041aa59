//! What the sender would make of another response. Nothing is sent.

use super::code::body_field_ui;
use super::component::{Field, button, card_with, quiet_button};
use super::reading::judgement_ui;
use super::texts;
use super::theme::{self, Tone};
use crate::app::action::Action;
use crate::app::what_if::{Draft, WhatIf, WhatIfAction};
use eframe::egui::{Align, Label, Layout, Ui};

/// Draws the card.
pub fn what_if_ui(ui: &mut Ui, what_if: &WhatIf, sender: Option<&str>, actions: &mut Vec<Action>) {
    let mut act = |action| actions.push(Action::WhatIf(action));
    let is_open = what_if.draft().is_some();
    let mut told = Vec::new();
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(texts::WHAT_IF).size(12.0));
        if !is_open {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(6.0);
            if quiet_button(ui, texts::FOLD_AWAY).clicked() {
                told.push(WhatIfAction::Close);
            }
            if quiet_button(ui, texts::RESET).clicked() {
                told.push(WhatIfAction::Open);
            }
        });
    };
    card_with(ui, head, |ui| {
        ui.add(Label::new(theme::paragraph(ui, texts::WHAT_IF_WHY)).wrap());
        match what_if.draft() {
            Some(draft) => draft_ui(ui, draft, sender, &mut act),
            None => {
                if button(ui, texts::EDIT_A_RESPONSE).clicked() {
                    act(WhatIfAction::Open);
                }
            }
        }
    });
    actions.extend(told.into_iter().map(Action::WhatIf));
}

fn draft_ui(ui: &mut Ui, draft: &Draft, sender: Option<&str>, act: &mut impl FnMut(WhatIfAction)) {
    ui.horizontal(|ui| {
        number_ui(ui, (texts::STATUS, &draft.status, draft.is_status_valid()), |text| act(WhatIfAction::EditStatus(text)));
        number_ui(ui, (texts::AFTER_MILLIS, &draft.after, draft.is_after_valid()), |text| act(WhatIfAction::EditAfter(text)));
    });
    let mut body = draft.body.clone();
    body_field_ui(ui, &mut body, 6);
    if body != draft.body {
        act(WhatIfAction::EditBody(body));
    }
    match &draft.reading {
        Some(reading) => judgement_ui(ui, sender, reading),
        None => drop(ui.label(theme::toned(ui, texts::NOT_A_RESPONSE, Tone::Bad))),
    }
}

fn number_ui(ui: &mut Ui, (name, value, valid): (&str, &str, bool), typed: impl FnOnce(String)) {
    ui.label(theme::dim(ui, name));
    let mut text = value.to_owned();
    ui.add(Field::new(name, &mut text).mono().width(80.0).invalid(!valid));
    if text != value {
        typed(text);
    }
}
