//! What the opened exchange has to do with those around it: a line each, which leads there.

use super::component::link;
use super::texts;
use super::theme::{self, Tone};
use super::verdicts::{LINE, REASONS_AT, paint_name};
use crate::app::action::Action;
use crate::app::detail::Detail;
use crate::wording;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align, FontSelection, Label, Layout, RichText, Sense, Ui, UiBuilder, vec2};

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
        let clicked = line_ui(ui, Some(texts::SEQUENCE), |ui| {
            let job = leading(ui, &sentence, remark.other().id);
            link(ui, job).on_hover_text(&sentence).clicked()
        });
        if clicked {
            actions.push(Action::Select(remark.other().id));
        }
    }
    let rest = &remarks[shown..];
    if !rest.is_empty() {
        let more = line_ui(ui, None, |ui| ui.add(Label::new(theme::faint(ui, texts::and_more(rest.len())))));
        more.on_hover_ui(|ui| {
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
fn leading(ui: &Ui, sentence: &str, id: i64) -> LayoutJob {
    let number = format!("#{id}");
    let mut job = LayoutJob { wrap: TextWrapping::truncate_at_width(ui.available_width()), ..LayoutJob::default() };
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

/// A line as those of the verdicts above are, with what its reason draws.
fn line_ui<R>(ui: &mut Ui, name: Option<&str>, reason: impl FnOnce(&mut Ui) -> R) -> R {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    if let Some(name) = name {
        paint_name(ui, rect, Tone::Faint, name);
    }
    let place = rect.with_min_x(rect.left() + REASONS_AT).with_max_x(rect.right() - 4.0);
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::left_to_right(Align::Center)));
    reason(&mut child)
}
