//! The request as it crossed the wire: its line, its parameters, its headers, its bytes.

use super::component::{card, card_with, chip, quiet_button, scrolled};
use super::fields::Look;
use super::marks::{append_marked, marked_label};
use super::texts;
use super::theme::{self, Tone};
use crate::lines::{self, Folding};
use crate::opened::Opened;
use crate::protocol::query::{Name, Param, Spelling};
use crate::wording;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, Grid, Label, Layout, Margin, TextFormat, Ui};
use jiff::tz::TimeZone;

/// The most of the head that is laid out, in bytes; copying takes all of it.
const HEAD_SHOWN: usize = 16 * 1024;

/// The most headers and parameters that have a line each.
const MOST_LINES: usize = 200;

/// The longest piece of a line, in characters.
const LONGEST: usize = 1_000;

/// Draws the tab.
pub fn request_ui(ui: &mut Ui, opened: &Opened, look: &Look<'_>) {
    scrolled(ui, ("request", opened.exchange.id), Margin { left: 20, right: 20, top: 12, bottom: 16 }, |ui| {
        ui.spacing_mut().item_spacing.y = 12.0;
        request_line_ui(ui, opened);
        parameters_ui(ui, opened, look);
        headers_ui(ui, opened, look);
        raw_ui(ui, &opened.exchange.request.head);
    });
}

fn request_line_ui(ui: &mut Ui, opened: &Opened) {
    let head = opened.exchange.request.head();
    let (Some(method), Some(target), Some(version)) = (head.method, head.target, head.http_version) else { return };
    card(ui, texts::REQUEST_LINE, |ui| {
        let target: String = target.chars().take(HEAD_SHOWN).collect();
        let line = format!("{method} {} HTTP/{version}", wording::visible(&target));
        ui.add(Label::new(theme::mono(line).line_height(Some(theme::MONO_LINE))).wrap());
    });
}

fn parameters_ui(ui: &mut Ui, opened: &Opened, look: &Look<'_>) {
    let params = &opened.inspection.callback.params;
    if params.is_empty() {
        return;
    }
    card(ui, texts::PARAMETERS, |ui| {
        table(ui, "parameters", 3, |ui| {
            for param in params.iter().take(MOST_LINES) {
                ui.horizontal(|ui| {
                    key(ui, &param.name);
                    if opened.parameters_stand_out() && param.spelling != Spelling::Documented {
                        chip(ui, spelling(param.spelling), Tone::Warn);
                    }
                });
                marked_value(ui, &param.value, look);
                ui.add(Label::new(theme::dim(ui, meaning(param, look.zone))).wrap());
                ui.end_row();
            }
        });
    });
}

fn spelling(spelling: Spelling) -> &'static str {
    match spelling {
        Spelling::Documented => "documented",
        Spelling::Variant => texts::OTHER_CASE,
        Spelling::Unknown => texts::UNDOCUMENTED,
    }
}

fn meaning(param: &Param, zone: &TimeZone) -> String {
    let Some(reference) = param.known.and_then(Name::reference) else { return texts::NOT_IN_REFERENCE.to_owned() };
    match param.shown() {
        Some(shown) => format!("{}: {}", reference.meaning, wording::shown(shown, zone)),
        None => reference.meaning.clone(),
    }
}

fn headers_ui(ui: &mut Ui, opened: &Opened, look: &Look<'_>) {
    let head = opened.exchange.request.head();
    if head.headers.is_empty() {
        return;
    }
    card(ui, texts::HEADERS, |ui| {
        table(ui, "headers", 2, |ui| {
            for (name, text) in head.headers.iter().take(MOST_LINES) {
                key(ui, name);
                marked_value(ui, &String::from_utf8_lossy(text), look);
                ui.end_row();
            }
        });
    });
}

fn raw_ui(ui: &mut Ui, head: &[u8]) {
    let title = |ui: &mut Ui| {
        ui.label(theme::strong(texts::RAW_HEAD).size(theme::MONO_SIZE));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            if quiet_button(ui, texts::COPY).clicked() {
                ui.ctx().copy_text(String::from_utf8_lossy(head).into_owned());
            }
        });
    };
    card_with(ui, title, |ui| {
        let shown = &head[..head.len().min(HEAD_SHOWN)];
        ui.spacing_mut().item_spacing.y = 0.0;
        for text in if lines::is_text(shown) { text_lines(shown) } else { hex_lines(shown) } {
            ui.add(Label::new(theme::mono(text).line_height(Some(theme::MONO_LINE))).wrap());
        }
    });
}

/// Lines of text, those that are very long in pieces.
fn text_lines(text: &[u8]) -> Vec<String> {
    let mut lines = Folding::new(LONGEST);
    lines.find_more(text, text.len(), |_| 1);
    let spans = (0..lines.rows()).filter_map(|row| lines.row(text, row, |_| 1));
    spans.map(|span| wording::visible(&String::from_utf8_lossy(&text[span]))).collect()
}

fn hex_lines(bytes: &[u8]) -> Vec<String> {
    let line = |row| lines::hex_line(bytes, &lines::hex_row(bytes, row, lines::HEX_BYTES), lines::HEX_BYTES);
    (0..lines::hex_rows(bytes, lines::HEX_BYTES)).map(line).collect()
}

/// A table whose last column takes what is left.
pub fn table(ui: &mut Ui, name: &str, columns: usize, rows: impl FnOnce(&mut Ui)) {
    // Lines of text, not of controls.
    ui.spacing_mut().interact_size.y = theme::LINE;
    Grid::new(name).num_columns(columns).spacing([20.0, 8.0]).min_col_width(110.0).max_col_width(ui.available_width() * 0.5).show(ui, rows);
}

/// A name in a table.
pub fn key(ui: &mut Ui, text: &str) {
    ui.label(theme::mono(wording::visible(text)).color(theme::palette(ui).key));
}

/// A value in a table.
pub fn value(ui: &mut Ui, text: &str) {
    ui.add(Label::new(theme::mono(wording::visible(text))).wrap());
}

/// The same with what the filter looks for marked.
fn marked_value(ui: &mut Ui, text: &str, look: &Look<'_>) {
    let palette = theme::palette(ui);
    let mut job = LayoutJob::default();
    let format = TextFormat::simple(theme::mono_font(), palette.text);
    append_marked(&mut job, palette, look.filter, 0.0, &[(&wording::visible(text), format)]);
    ui.add(marked_label(ui, job));
}
