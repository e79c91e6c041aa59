//! A cell of a row.

use super::super::callback_list::{reply_tone, took};
use super::super::component::{Icon, paint_chip, paint_icon, paint_text};
use super::super::marks::append_marked;
use super::super::texts;
use super::super::theme::{self, Tone};
use super::places::GAP;
use crate::annotation::Annotation;
use crate::column::Column;
use crate::filter::Filter;
use crate::row::Row;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, FontId, Rect, TextFormat, Ui, pos2};

/// What a pin or a note takes of the callback's column, in points.
const SIGN: f32 = 16.0;

/// Paints what a row has in a column.
pub fn cell_ui(ui: &Ui, place: Rect, column: &Column, row: &Row, filter: Option<&Filter>) {
    match column {
        Column::Callback => {
            let end = signs_ui(ui, place, &row.annotation);
            paint_text(ui, place.with_max_x(end), Align::Min, callback_text(ui, row, filter));
        }
        Column::Response => response_ui(ui, place, row),
        Column::Received => figure(ui, place, Align::Min, &row.time),
        Column::Number => figure(ui, place, Align::Max, &row.id.to_string()),
        Column::Took => figure(ui, place, Align::Max, &took(row.took_micros)),
        Column::Platform => words(ui, place, &row.platform, filter),
        Column::Product | Column::ReadAs | Column::Rule | Column::Signature => words(ui, place, filled(row, column), filter),
        Column::Status | Column::Code | Column::Size | Column::Skew => figure(ui, place, Align::Max, filled(row, column)),
        Column::App | Column::Method | Column::Path | Column::Peer | Column::Field(_) => wire(ui, place, filled(row, column), filter),
    }
}

fn filled<'a>(row: &'a Row, column: &Column) -> &'a str {
    row.cells.of(column).unwrap_or_default()
}

fn figure(ui: &Ui, place: Rect, align: Align, text: &str) {
    paint_text(ui, place, align, theme::mono(text).color(theme::palette(ui).dim));
}

/// Words of ours, and what the user set.
fn words(ui: &Ui, place: Rect, text: &str, filter: Option<&Filter>) {
    let palette = theme::palette(ui);
    marked(ui, place, text, TextFormat::simple(FontId::proportional(theme::BODY_SIZE), palette.dim), filter);
}

/// What came over the wire.
fn wire(ui: &Ui, place: Rect, text: &str, filter: Option<&Filter>) {
    marked(ui, place, text, TextFormat::simple(theme::mono_font(), theme::palette(ui).dim), filter);
}

fn marked(ui: &Ui, place: Rect, text: &str, format: TextFormat, filter: Option<&Filter>) {
    if !text.is_empty() {
        let mut job = LayoutJob::default();
        append_marked(&mut job, theme::palette(ui), filter, 0.0, &[(text, format)]);
        paint_text(ui, place, Align::Min, job);
    }
}

fn response_ui(ui: &Ui, place: Rect, row: &Row) {
    let reply = if row.saved { row.reply.text.as_str() } else { texts::UNSAVED };
    let tone = if row.saved { reply_tone(row.reply.kind) } else { Tone::Bad };
    if !reply.is_empty() {
        paint_chip(ui, place.left_center(), place.width(), reply, tone);
    }
}

/// Pin and note at the end of the callback's column. Returns where what is left of that ends.
fn signs_ui(ui: &Ui, place: Rect, annotation: &Annotation) -> f32 {
    let palette = theme::palette(ui);
    let signs = [(Icon::Note, palette.dim, !annotation.note.is_empty()), (Icon::Pin, palette.accent_text, annotation.pinned)];
    let mut end = place.right();
    for (icon, ink, _) in signs.into_iter().filter(|(.., is_there)| *is_there) {
        paint_icon(ui.painter(), pos2(end - SIGN / 2.0, place.center().y), icon, ink);
        end -= SIGN;
    }
    if end < place.right() { end - GAP / 2.0 } else { end }
}

fn callback_text(ui: &Ui, row: &Row, filter: Option<&Filter>) -> LayoutJob {
    let palette = theme::palette(ui);
    let mut job = LayoutJob::default();
    let format = |color| TextFormat { font_id: FontId::proportional(theme::BODY_SIZE), color, ..TextFormat::default() };
    append_marked(&mut job, palette, filter, 0.0, &[(&row.family, format(palette.faint)), (&row.name, format(palette.text))]);
    append_marked(&mut job, palette, filter, 8.0, &[(&row.summary, format(palette.faint))]);
    job
}
