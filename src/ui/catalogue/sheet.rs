//! Everything that is documented of the chosen command.

use super::table::{heads_ui, line_ui, link_ui, name_ui, text_ui, wire_ui};
use crate::app::catalogue::Sheet;
use crate::protocol::catalogue::{Command, Field as Documented};
use crate::ui::code::json_job;
use crate::ui::component::{card, card_with, chip, hline, quiet_button, scrolled};
use crate::ui::theme::{self, Tone};
use crate::ui::{is_narrow, texts};
use crate::wording;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, FontId, Frame, Label, Layout, Margin, TextFormat, Ui, vec2};

/// About how wide both chips of the heading are with their gaps, in points.
const CHIPS: f32 = 128.0;

/// Cards below each other, of which only those in view are laid out once all were measured.
#[derive(Default)]
pub(super) struct Cards {
    sheet: usize,
    width: f32,
    heights: Vec<f32>,
    next: usize,
}

impl Cards {
    /// Begins with the first card, and forgets what was measured of another sheet, or at another width.
    fn begin(&mut self, sheet: usize, width: f32) {
        if self.sheet != sheet || (self.width - width).abs() > 0.5 {
            *self = Self { sheet, width, ..Self::default() };
        }
        self.next = 0;
    }

    /// The next card.
    fn card(&mut self, ui: &mut Ui, draw: impl FnOnce(&mut Ui)) {
        let (at, top, clip) = (self.next, ui.cursor().top(), ui.clip_rect());
        self.next += 1;
        let known = self.heights.get(at).copied();
        if let Some(height) = known.filter(|height| top > clip.bottom() || top + height < clip.top()) {
            ui.allocate_space(vec2(ui.available_width(), height));
            return;
        }
        let height = ui.push_id(at, draw).response.rect.height();
        match self.heights.get_mut(at) {
            Some(known) => *known = height,
            None => self.heights.push(height),
        }
    }
}

pub(super) fn sheet_ui(ui: &mut Ui, sheet: &Sheet, cards: &mut Cards) {
    let command = sheet.command;
    ui.spacing_mut().item_spacing.y = 0.0;
    head_ui(ui, command);
    scrolled(ui, ("catalogue", sheet.index), Margin { left: 20, right: 20, top: 12, bottom: 16 }, |ui| {
        ui.spacing_mut().item_spacing.y = 12.0;
        cards.begin(sheet.index, ui.available_width());
        cards.card(ui, |ui| overview_ui(ui, command));
        cards.card(ui, |ui| responses_ui(ui, command));
        cards.card(ui, |ui| fields_card_ui(ui, texts::REQUEST_FIELDS, &command.fields));
        for (name, fields) in command.elements() {
            cards.card(ui, |ui| fields_card_ui(ui, &texts::content_of(name), fields));
        }
        let last = sheet.requests.len();
        for (at, request) in sheet.requests.iter().enumerate() {
            let title = if last == 1 { texts::SAMPLE_REQUEST.to_owned() } else { texts::sample_request(at + 1) };
            cards.card(ui, |ui| sample_ui(ui, &title, request, texts::COPY_SAMPLE_REQUEST));
        }
        cards.card(ui, |ui| sample_ui(ui, texts::SAMPLE_RESPONSE, &sheet.response, texts::COPY_SAMPLE_RESPONSE));
    });
}

fn head_ui(ui: &mut Ui, command: &Command) {
    let kind = [wording::product(command.product), command.timing.word()];
    let narrow = is_narrow(ui);
    Frame::new().fill(theme::palette(ui).panel).show(ui, |ui| {
        Frame::new().inner_margin(Margin { left: 20, right: 20, top: 12, bottom: 8 }).show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.set_height(theme::CONTROL);
                let room = ui.available_width() - if narrow { 0.0 } else { CHIPS };
                ui.scope(|ui| {
                    ui.set_max_width(room);
                    ui.add(Label::new(theme::heading(command.name.as_str())).truncate());
                });
                for word in kind.into_iter().filter(|_| !narrow) {
                    chip(ui, word, Tone::Neutral);
                }
            });
            // Where there is no room for chips, their words stand here.
            let words = std::iter::once(command.title.as_str()).chain(kind.into_iter().filter(|_| narrow));
            let words = words.collect::<Vec<_>>().join(" · ");
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if quiet_button(ui, texts::COPY_NAME).clicked() {
                        ui.ctx().copy_text(command.name.clone());
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| ui.add(Label::new(theme::dim(ui, words)).truncate()));
                });
            });
        });
        hline(ui);
    });
}

fn overview_ui(ui: &mut Ui, command: &Command) {
    card(ui, texts::OVERVIEW, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let widths = [name_width(ui)];
        for (name, text) in wording::overview(command) {
            line_ui(ui, &widths, &mut [&mut |ui| name_ui(ui, name), &mut |ui| text_ui(ui, &text)]);
        }
        line_ui(
            ui,
            &widths,
            &mut [&mut |ui| name_ui(ui, texts::DOCUMENTATION), &mut |ui| command.doc_urls().for_each(|url| link_ui(ui, &url))],
        );
    });
}

/// Width of a table's first column where it holds names of ours.
fn name_width(ui: &Ui) -> f32 {
    (ui.available_width() * 0.28).clamp(110.0, 180.0)
}

fn responses_ui(ui: &mut Ui, command: &Command) {
    let reply = &command.response;
    card(ui, texts::LEGAL_RESPONSES, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let widths = [name_width(ui)];
        let codes = reply.codes();
        if codes.is_empty() {
            text_ui(ui, texts::NO_CODES);
        } else {
            heads_ui(ui, &widths, &[texts::ERROR_CODE, texts::EFFECT]);
        }
        for (code, effect) in codes {
            line_ui(ui, &widths, &mut [&mut |ui| wire_ui(ui, code, theme::palette(ui).number), &mut |ui| text_ui(ui, effect)]);
        }
        if let Some(notes) = &reply.notes {
            line_ui(ui, &widths, &mut [&mut |ui| name_ui(ui, texts::NOTES), &mut |ui| text_ui(ui, notes)]);
        }
    });
    if !reply.extras.is_empty() {
        fields_card_ui(ui, texts::OTHER_KEYS, &reply.extras);
    }
}

fn fields_card_ui(ui: &mut Ui, title: &str, fields: &[Documented]) {
    card(ui, title, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let width = ui.available_width();
        let widths = [(width * 0.36).clamp(140.0, 320.0), 92.0, 76.0];
        heads_ui(ui, &widths, &[texts::FIELD, texts::FIELD_TYPE, texts::REQUIRED, texts::MEANING]);
        for field in fields {
            let kind = wording::field_type(field);
            let required = wording::required(field.required);
            line_ui(
                ui,
                &widths,
                &mut [
                    &mut |ui| wire_ui(ui, &field.path, theme::palette(ui).key),
                    &mut |ui| name_ui(ui, &kind),
                    &mut |ui| name_ui(ui, required),
                    &mut |ui| meaning_ui(ui, field),
                ],
            );
        }
    });
}

fn meaning_ui(ui: &mut Ui, field: &Documented) {
    let palette = theme::palette(ui);
    text_ui(ui, &field.meaning);
    let body = |color| TextFormat { line_height: Some(theme::LINE), ..TextFormat::simple(FontId::proportional(theme::BODY_SIZE), color) };
    for (value, word) in &field.words {
        let mut job = LayoutJob::default();
        job.append(value, 0.0, TextFormat { line_height: Some(theme::LINE), ..theme::code_format(palette.string) });
        job.append(word, 8.0, body(palette.dim));
        ui.add(Label::new(job).wrap());
    }
    if let Some(notes) = &field.notes {
        ui.add(Label::new(theme::paragraph(ui, notes.as_str())).wrap());
    }
}

fn sample_ui(ui: &mut Ui, title: &str, text: &str, copy: &str) {
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(title).size(theme::MONO_SIZE));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            if quiet_button(ui, copy).clicked() {
                ui.ctx().copy_text(text.to_owned());
            }
        });
    };
    card_with(ui, head, |ui| {
        let mut job = json_job(ui, text);
        job.wrap.break_anywhere = true;
        ui.add(Label::new(job).wrap());
    });
}
