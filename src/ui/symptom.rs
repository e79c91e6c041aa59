//! What a simulated failure looks like to the vendor, and what may be behind it elsewhere.

use super::component::glyph;
use super::texts;
use super::theme::{self, Tone};
use crate::protocol::symptom::Symptom;
use crate::rules::preset::Preset;
use eframe::egui::{Align, Label, Layout, Ui};

/// The vendor's row on a symptom, and what we do to play it.
pub fn why_ui(ui: &mut Ui, symptom: Symptom, preset: &Preset) {
    ui.spacing_mut().item_spacing.y = 4.0;
    let part = |ui: &mut Ui, title: &str| {
        ui.add_space(4.0);
        ui.label(theme::small(ui, title));
    };
    ui.label(theme::small(ui, texts::WHAT_CHAT_SEES));
    ui.label(theme::strong(texts::quoted_symptom(symptom)));
    part(ui, texts::POSSIBLE_REASONS);
    reasons_ui(ui, symptom);
    part(ui, texts::WHAT_WE_DO);
    ui.add(Label::new(texts::on_the_wire(preset)).wrap());
}

/// What may be behind a symptom, and what else is worth knowing.
pub fn reasons_ui(ui: &mut Ui, symptom: Symptom) {
    for reason in symptom.reasons() {
        ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
            glyph(ui, Tone::Faint);
            ui.add(Label::new(crate::app::sentence(reason)).wrap());
        });
    }
    if let Some(advice) = symptom.advice() {
        ui.add(Label::new(theme::toned(ui, advice, Tone::Warn)).wrap());
    }
}
