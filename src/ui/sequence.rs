//! What the opened exchange has to do with those around it: a line each, which leads there.

use super::component::glyph;
use super::texts;
use super::theme::{self, Tone};
use crate::app::action::Action;
use crate::app::detail::Detail;
use crate::wording;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, FontSelection, Label, Link, RichText, TextWrapMode, Ui, vec2};

/// Width of the column with the names, and height of a line, in points: those of the verdicts above.
const NAME: f32 = 84.0;
const LINE: f32 = 23.0;

/// Where the sentences begin, in points.
const MORE_LEFT: f32 = GLYPH + NAME + 2.0 * GAP;

/// Room for the sign before a name, and between the columns, in points.
const GLYPH: f32 = 14.0;
const GAP: f32 = 8.0;

/// How many lines stand at once. They come when the exchange is open already, and move what is below them.
const LINES: usize = 3;

/// How many sentences are told of all when the pointer asks for them: a receipt may be about a hundred messages.
const TOLD: usize = 20;

/// Draws the lines; nothing where there is nothing to say.
pub fn sequence_ui(ui: &mut Ui, detail: &Detail, actions: &mut Vec<Action>) {
    let remarks = detail.sequence();
    // One line more takes no more room than the word that there is one.
    let shown = if remarks.len() > LINES + 1 { LINES } else { remarks.len() };
    for remark in &remarks[..shown] {
        let sentence = wording::sequence(remark);
        line_ui(ui, texts::SEQUENCE, |ui| {
            ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
            if ui.add(Link::new(link(ui, &sentence, remark.other().id))).on_hover_text(&sentence).clicked() {
                actions.push(Action::Select(remark.other().id));
            }
        });
    }
    let rest = &remarks[shown..];
    if !rest.is_empty() {
        let more = ui.horizontal(|ui| {
            ui.set_height(LINE);
            ui.add_space(MORE_LEFT);
            ui.add(Label::new(theme::faint(ui, texts::and_more(rest.len()))))
        });
        more.inner.on_hover_ui(|ui| {
            for remark in remarks.iter().take(TOLD) {
                ui.label(wording::sequence(remark));
            }
            if remarks.len() > TOLD {
                ui.label(texts::and_more(remarks.len() - TOLD));
            }
        });
    }
}

/// A sentence whose words are as quiet as those above, and whose exchange shows that it leads there.
fn link(ui: &Ui, sentence: &str, id: i64) -> LayoutJob {
    let number = format!("#{id}");
    let mut job = LayoutJob::default();
    let mut append = |text: RichText| text.append_to(&mut job, ui.style(), FontSelection::Default, Align::Center);
    match sentence.split_once(number.as_str()) {
        Some((before, after)) => {
            append(theme::dim(ui, before));
            append(RichText::new(&number).color(theme::palette(ui).accent_text));
            append(theme::dim(ui, after));
        }
        None => append(theme::dim(ui, sentence)),
    }
    job
}

fn line_ui(ui: &mut Ui, name: &str, reason: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_height(LINE);
        ui.spacing_mut().item_spacing.x = GAP;
        glyph(ui, Tone::Faint);
        let name = Label::new(theme::strong(name).color(theme::palette(ui).dim));
        ui.allocate_ui(vec2(NAME, LINE), |ui| {
            ui.set_width(NAME);
            ui.add(name);
        });
        reason(ui);
    });
}
