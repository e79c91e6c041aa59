//! What a sender makes of a response.

use super::component::{card_with, chip, glyph};
use super::texts;
use super::theme::{self, Tone};
use crate::app::sentence;
use crate::protocol::response::{Finding, ReadAs, Reading};
use crate::wording;
use eframe::egui::{Align, Label, Layout, Ui};

/// The card with the judgement: the word, the sentence, and what was found besides.
pub fn reading_ui(ui: &mut Ui, sender: Option<&str>, reading: &Reading) {
    card_with(ui, |ui| head_ui(ui, sender, reading), |ui| sentences_ui(ui, reading));
}

/// The judgement on a response that is being typed: in words, not in a card of its own.
pub fn judgement_ui(ui: &mut Ui, sender: Option<&str>, reading: &Reading) {
    ui.horizontal(|ui| head_ui(ui, sender, reading));
    ui.scope(|ui| sentences_ui(ui, reading));
}

fn head_ui(ui: &mut Ui, sender: Option<&str>, reading: &Reading) {
    ui.label(theme::strong(texts::made_of_it(sender)).size(12.0));
    chip(ui, reading.read_as.word(), if sender.is_some() { tone_of(reading.read_as) } else { Tone::Neutral });
}

fn sentences_ui(ui: &mut Ui, reading: &Reading) {
    ui.spacing_mut().item_spacing.y = 6.0;
    ui.add(Label::new(sentence(&wording::reading(reading))).wrap());
    for finding in reading.others() {
        ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            glyph(ui, tone_of_finding(finding));
            ui.add(Label::new(theme::dim(ui, sentence(&wording::finding(finding)))).wrap());
        });
    }
}

/// How a reading looks.
pub fn tone_of(read_as: ReadAs) -> Tone {
    match read_as {
        ReadAs::Accepted => Tone::Ok,
        ReadAs::Refused | ReadAs::Dropped | ReadAs::Ignored | ReadAs::Unknown => Tone::Warn,
        ReadAs::Failed => Tone::Bad,
    }
}

fn tone_of_finding(finding: &Finding) -> Tone {
    match finding {
        Finding::Failure(_) => Tone::Bad,
        Finding::Fault(_) | Finding::Unclear(_) => Tone::Warn,
        Finding::Remark(_) => Tone::Faint,
    }
}
