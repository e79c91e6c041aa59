//! The fields of the body: documented name, value as received, meaning. And what was responded.

use super::component::{card, chip};
use super::response::response_card_ui;
use super::theme::{self, Tone};
use super::{body, texts};
use crate::opened::{FieldRow, Opened};
use crate::protocol::body::{Field, Shown};
use crate::protocol::catalogue::Unit;
use crate::protocol::json::Kind;
use crate::wording;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, FontId, Frame, Label, Layout, Margin, Rect, ScrollArea, Sense, TextFormat, Ui, UiBuilder, pos2, vec2};
use jiff::tz::TimeZone;

/// The most of a value that the table shows, in characters; the JSON tab shows all of it.
const VALUE_CHARS: usize = 1_000;

/// Height of a line until it is measured, in points.
const LINE: f32 = 29.0;

/// Padding above and below a line's text, in points.
const AIR: f32 = 4.0;

/// Height that a cell may take while it is measured, in points: more than any shortened value needs.
const UNBOUNDED: f32 = 10_000.0;

/// How high each line turned out to be.
#[derive(Default)]
pub struct FieldsFace {
    id: i64,
    width: f32,
    heights: Vec<f32>,
}

impl FieldsFace {
    /// Forgets what was measured of another exchange, or at another width.
    fn follow(&mut self, opened: &Opened, width: f32) {
        let is_same = self.id == opened.exchange.id && (self.width - width).abs() < 0.5 && self.heights.len() == opened.field_rows.len();
        if !is_same {
            *self = Self { id: opened.exchange.id, width, heights: vec![LINE; opened.field_rows.len()] };
        }
    }
}

/// Draws the tab.
pub fn fields_ui(ui: &mut Ui, opened: &Opened, face: &mut FieldsFace, zone: &TimeZone) {
    ScrollArea::vertical().id_salt(("fields", opened.exchange.id)).auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin { left: 20, right: 20, top: 8, bottom: 16 }).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if opened.field_rows.is_empty() {
                no_fields_ui(ui, opened);
            } else {
                table_ui(ui, opened, face, zone);
            }
            ui.add_space(14.0);
            response_card_ui(ui, opened);
        });
    });
}

fn no_fields_ui(ui: &mut Ui, opened: &Opened) {
    let why = if opened.exchange.request.body.is_empty() { texts::NO_BODY_WHY.to_owned() } else { body::why_no_tree(opened) };
    card(ui, texts::NO_FIELDS, |ui| ui.label(theme::paragraph(ui, why)));
}

fn table_ui(ui: &mut Ui, opened: &Opened, face: &mut FieldsFace, zone: &TimeZone) {
    face.follow(opened, ui.available_width());
    let clip = ui.clip_rect();
    for (row, height) in opened.field_rows.iter().zip(&mut face.heights) {
        let top = ui.cursor().top();
        if top > clip.bottom() || top + *height < clip.top() {
            ui.allocate_space(vec2(ui.available_width(), *height));
            continue;
        }
        *height = line_ui(ui, opened, row, *height, zone);
    }
    if opened.fields.truncated {
        ui.add_space(8.0);
        ui.label(theme::dim(ui, texts::FIELDS_CUT));
    }
}

/// Draws one line and says how high it is.
fn line_ui(ui: &mut Ui, opened: &Opened, row: &FieldRow, height: f32, zone: &TimeZone) -> f32 {
    let field = &opened.fields.list[row.field];
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let width = place.width();
    let (name_width, meaning_width) = ((width * 0.3).clamp(120.0, 280.0), (width * 0.3).clamp(96.0, 300.0));
    let value_left = place.left() + name_width;
    let meaning_left = place.right() - meaning_width;
    let cell = |left: f32, right: f32| Rect::from_min_max(pos2(left, place.top() + AIR), pos2(right - 8.0, place.top() + UNBOUNDED));
    let mut bottom = place.top();
    let mut in_cell = |rect: Rect, salt: &str, draw: &mut dyn FnMut(&mut Ui)| {
        let mut child = ui.new_child(UiBuilder::new().id_salt((salt, row.field)).max_rect(rect).layout(Layout::top_down(Align::Min)));
        draw(&mut child);
        bottom = bottom.max(child.min_rect().bottom());
    };
    #[expect(clippy::cast_precision_loss, reason = "fields are nested some tens deep at most")]
    let indent = (row.indent as f32 * 16.0).min(name_width / 2.0);
    in_cell(cell(place.left() + indent, value_left), "name", &mut |ui| name_ui(ui, row, field));
    in_cell(cell(value_left, meaning_left), "value", &mut |ui| value_ui(ui, opened, field, zone));
    in_cell(cell(meaning_left, place.right() + 8.0), "meaning", &mut |ui| {
        ui.add(Label::new(theme::paragraph(ui, meaning(opened, field))).wrap());
    });
    let measured = (bottom - place.top() + AIR).round().max(LINE);
    let line = Rect::from_min_size(pos2(place.left(), place.top() + measured - 1.0), vec2(width, 1.0));
    ui.painter().rect_filled(line, 0.0, theme::palette(ui).line);
    if (measured - height).abs() > 0.5 {
        ui.ctx().request_repaint();
    }
    measured
}

fn name_ui(ui: &mut Ui, row: &FieldRow, field: &Field) {
    ui.spacing_mut().interact_size.y = theme::LINE;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        let name = theme::mono(wording::visible(&row.label)).color(theme::palette(ui).key);
        ui.label(name.line_height(Some(theme::LINE)));
        if !field.documented {
            chip(ui, texts::UNDOCUMENTED, Tone::Warn);
        }
    });
}

fn value_ui(ui: &mut Ui, opened: &Opened, field: &Field, zone: &TimeZone) {
    let node = &opened.inspection.callback.document.nodes[field.node];
    let text = &opened.exchange.request.body;
    let palette = theme::palette(ui);
    let mut job = LayoutJob::default();
    if node.is_container() && node.children > 0 {
        let number = u64::from(node.children);
        let words = if node.kind == Kind::Array { texts::items(number) } else { texts::fields(number) };
        let format = TextFormat {
            font_id: FontId::proportional(theme::BODY_SIZE),
            color: palette.dim,
            line_height: Some(theme::LINE),
            ..TextFormat::default()
        };
        job.append(&words, 0.0, format);
    } else {
        let code = |ink| TextFormat { line_height: Some(theme::LINE), ..theme::code_format(ink) };
        job.append(&wording::shortened(node.raw(text), VALUE_CHARS), 0.0, code(body::ink(palette, node.kind)));
        if let Some(shown @ Shown::Time { .. }) = field.shown {
            job.append(&wording::shown(shown, zone), 8.0, code(palette.faint));
        }
    }
    // Wire text has no words to break at.
    job.wrap.break_anywhere = true;
    let response = ui.add(Label::new(job).wrap().sense(Sense::click()));
    response.context_menu(|ui| {
        if ui.button(texts::COPY_VALUE).clicked() {
            ui.ctx().copy_text(node.string(text).into_owned());
        }
        if ui.button(texts::COPY_PATH).clicked() {
            ui.ctx().copy_text(field.path.clone());
        }
    });
}

/// What the field means, and its value in words.
fn meaning(opened: &Opened, field: &Field) -> String {
    let Some(meaning) = field.meaning else { return texts::NOT_IN_REFERENCE.to_owned() };
    match field.shown {
        None => meaning.to_owned(),
        Some(Shown::Word(word)) => format!("{meaning}: {word}"),
        Some(Shown::Time { millis, unit }) => {
            let unit = match unit {
                Unit::Millis => "ms",
                Unit::Secs => "s",
            };
            let distance = wording::before_arrival(millis, opened.exchange.request.received_at_millis);
            format!("{meaning}, {unit} · {distance}")
        }
    }
}
