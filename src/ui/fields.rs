//! The URL parameters and the fields of the body: name, value as received, meaning. And what was responded.

use super::component::{card, chip, paint_text, paint_wedge, scrolled, width_of};
use super::marks::{append_marked, marked_label};
use super::response::response_card_ui;
use super::theme::{self, Tone};
use super::{body, texts};
use crate::app::action::Action;
use crate::app::columns::{ColumnsAction, column_of_field};
use crate::app::detail::Detail;
use crate::app::sentence;
use crate::filter::Filter;
use crate::opened::{FieldRow, Line, Opened};
use crate::protocol::body::{Field, Shown};
use crate::protocol::catalogue::Unit;
use crate::protocol::json::{Kind, Node};
use crate::protocol::query::{Name, Param, Spelling};
use crate::wording;
use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align, FontId, Label, Layout, Margin, Rect, Role, Sense, Stroke, StrokeKind, TextFormat, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use jiff::tz::TimeZone;

/// The most of a value that the table shows, in characters; the JSON tab shows all of it.
const VALUE_CHARS: usize = 1_000;

/// How many parameters a folded group tells.
const FOLDED_PARAMETERS: usize = 5;

/// Height of a line until it is measured, in points.
const LINE: f32 = 29.0;

/// Height of a group's name, in points.
const HEADING: f32 = 37.0;

/// Padding above and below a line's text, in points.
const AIR: f32 = 4.0;

/// Height that a cell may take while it is measured, in points: more than any shortened value needs.
const UNBOUNDED: f32 = 10_000.0;

/// What values are told and marked by.
pub struct Look<'a> {
    /// Where times are told.
    pub zone: &'a TimeZone,
    /// What is marked.
    pub filter: Option<&'a Filter>,
}

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
            let height = |row: &FieldRow| if matches!(row.line, Line::Parameters | Line::Body) { HEADING } else { LINE };
            *self = Self { id: opened.exchange.id, width, heights: opened.field_rows.iter().map(height).collect() };
        }
    }
}

/// Draws the tab.
pub fn fields_ui(ui: &mut Ui, detail: &Detail, opened: &Opened, face: &mut FieldsFace, look: &Look<'_>, actions: &mut Vec<Action>) {
    let margin = Margin { left: 20, right: 20, top: 8, bottom: 16 };
    scrolled(ui, ("fields", opened.exchange.id), margin, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        table_ui(ui, detail, opened, face, look, actions);
        if opened.fields.list.is_empty() {
            ui.add_space(if opened.field_rows.is_empty() { 4.0 } else { 14.0 });
            no_fields_ui(ui, opened);
        }
        ui.add_space(14.0);
        response_card_ui(ui, opened, actions);
    });
}

fn no_fields_ui(ui: &mut Ui, opened: &Opened) {
    let why = if opened.exchange.request.body.is_empty() {
        (if opened.failed_handshake().is_some() { texts::NO_REQUEST_WHY } else { texts::NO_BODY_WHY }).to_owned()
    } else if opened.is_hollow() {
        texts::HOLLOW_BODY.to_owned()
    } else {
        sentence(&body::why_no_tree(opened))
    };
    card(ui, texts::NO_FIELDS, |ui| ui.label(theme::paragraph(ui, why)));
}

fn table_ui(ui: &mut Ui, detail: &Detail, opened: &Opened, face: &mut FieldsFace, look: &Look<'_>, actions: &mut Vec<Action>) {
    face.follow(opened, ui.available_width());
    let clip = ui.clip_rect();
    for (at, (row, height)) in opened.field_rows.iter().zip(&mut face.heights).enumerate() {
        if detail.parameters_folded() && matches!(row.line, Line::Parameter(_)) {
            continue;
        }
        if row.line == Line::Parameters {
            parameters_heading_ui(ui, detail, opened, actions);
            continue;
        }
        let top = ui.cursor().top();
        if top > clip.bottom() || top + *height < clip.top() {
            ui.allocate_space(vec2(ui.available_width(), *height));
            continue;
        }
        let measured = line_ui(ui, opened, (row, at), look, actions);
        if (measured - *height).abs() > 0.5 {
            // What is scrolled out of view above was guessed: another frame puts the scroll bar right.
            ui.ctx().request_repaint();
        }
        *height = measured;
    }
    if opened.fields.truncated {
        ui.add_space(8.0);
        ui.label(theme::dim(ui, texts::FIELDS_CUT));
    }
}

/// Draws one line and says how high it is.
fn line_ui(ui: &mut Ui, opened: &Opened, (row, at): (&FieldRow, usize), look: &Look<'_>, actions: &mut Vec<Action>) -> f32 {
    match row.line {
        Line::Parameters | Line::Body => heading_ui(ui, texts::BODY),
        Line::Event(number) => event_ui(ui, row, number),
        Line::Parameter(index) => parameter_ui(ui, opened, &opened.inspection.callback.params[index], row, at, look),
        Line::Field(index) => field_ui(ui, (opened, &opened.fields.list[index]), row, at, look, actions),
        Line::Missing => missing_ui(ui, opened, row, at, look),
    }
}

/// The name of the parameters' group, which folds it. Folded, it says what they are about.
fn parameters_heading_ui(ui: &mut Ui, detail: &Detail, opened: &Opened, actions: &mut Vec<Action>) {
    let folded = detail.parameters_folded();
    let (place, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEADING), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, !folded, texts::URL_PARAMETERS));
    let palette = theme::palette(ui);
    let ink = if response.hovered() || response.has_focus() { palette.text } else { palette.dim };
    let words = Rect::from_min_max(pos2(place.left() + 14.0, place.bottom() - LINE), place.max);
    paint_wedge(ui, pos2(place.left() + 4.0, words.center().y), folded);
    let name = paint_text(ui, words, Align::Min, theme::strong(texts::URL_PARAMETERS).color(ink));
    if folded {
        let values: Vec<String> =
            opened.inspection.callback.params.iter().take(FOLDED_PARAMETERS).map(|param| param.value.clone()).collect();
        let rest = Rect::from_min_max(pos2(name.right() + 12.0, words.top()), words.max);
        paint_text(ui, rest, Align::Min, theme::dim(ui, wording::shortened(&values.join(" · "), VALUE_CHARS)));
    }
    hairline(ui, place);
    if response.has_focus() {
        let ring = words.with_min_x(place.left() - 6.0).shrink2(vec2(0.0, 3.0));
        ui.painter().rect_stroke(ring, theme::CORNER, Stroke::new(1.5, palette.accent), StrokeKind::Inside);
    }
    if response.clicked() {
        actions.push(Action::FoldParameters);
    }
}

/// A group's name above its lines.
fn heading_ui(ui: &mut Ui, name: &str) -> f32 {
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADING), Sense::hover());
    let words = Rect::from_min_max(pos2(place.left(), place.bottom() - LINE), place.max);
    paint_text(ui, words, Align::Min, theme::strong(name).color(theme::palette(ui).dim));
    hairline(ui, place);
    HEADING
}

/// One of the events of a push.
fn event_ui(ui: &mut Ui, row: &FieldRow, number: usize) -> f32 {
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let words = Rect::from_min_max(pos2(place.left() + indent(row), place.top()), place.max);
    let name = format!("{} · {}", texts::event(number), wording::visible(&row.label));
    paint_text(ui, words, Align::Min, theme::strong(name));
    hairline(ui, place);
    LINE
}

fn parameter_ui(ui: &mut Ui, opened: &Opened, param: &Param, row: &FieldRow, at: usize, look: &Look<'_>) -> f32 {
    let chip = match param.spelling {
        _ if !opened.parameters_stand_out() => None,
        Spelling::Documented => None,
        Spelling::Variant => Some((texts::OTHER_CASE, Tone::Warn)),
        Spelling::Unknown => Some((texts::UNDOCUMENTED, Tone::Warn)),
    };
    let shown = param.shown();
    let meaning = match (param.known.and_then(Name::reference), shown) {
        (None, _) => texts::NOT_IN_REFERENCE.to_owned(),
        (Some(reference), Some(Shown::Word(word))) => format!("{}: {word}", reference.meaning),
        (Some(reference), _) => reference.meaning.clone(),
    };
    let cells = |ui: &mut Ui, cell: Cell| match cell {
        Cell::Name => name_ui(ui, row, chip, look),
        Cell::Value => value_ui(ui, param.value.as_bytes(), Kind::String, shown, look, |ui| {
            copy_items_ui(ui, || param.value.clone(), &param.name);
        }),
        Cell::Meaning => meaning_ui(ui, &meaning),
    };
    cells_ui(ui, row, at, cells)
}

fn field_ui(ui: &mut Ui, (opened, field): (&Opened, &Field), row: &FieldRow, at: usize, look: &Look<'_>, actions: &mut Vec<Action>) -> f32 {
    let chip = opened.stands_out(field).then_some((texts::UNDOCUMENTED, Tone::Warn));
    let (text, node) = opened.value(field);
    let cells = |ui: &mut Ui, cell: Cell| match cell {
        Cell::Name => name_ui(ui, row, chip, look),
        Cell::Value if node.is_container() && node.children > 0 => count_ui(ui, &node),
        Cell::Value => value_ui(ui, node.bytes(text), node.kind, field.shown, look, |ui| {
            copy_items_ui(ui, || node.string(text).into_owned(), &field.path);
            column_item_ui(ui, &field.path, actions);
        }),
        Cell::Meaning => field_meaning_ui(ui, opened, field),
    };
    cells_ui(ui, row, at, cells)
}

fn missing_ui(ui: &mut Ui, opened: &Opened, row: &FieldRow, at: usize, look: &Look<'_>) -> f32 {
    let reference = opened.inspection.callback.reference.and_then(|command| command.field(&row.label));
    let meaning = reference.map_or("", |field| field.meaning.as_str());
    let cells = |ui: &mut Ui, cell: Cell| match cell {
        Cell::Name => name_ui(ui, row, Some((texts::MISSING, Tone::Warn)), look),
        Cell::Value => meaning_ui(ui, texts::DOCUMENTED_AS_REQUIRED),
        Cell::Meaning => meaning_ui(ui, meaning),
    };
    cells_ui(ui, row, at, cells)
}

/// The three parts of a line.
#[derive(Clone, Copy)]
enum Cell {
    Name,
    Value,
    Meaning,
}

/// Draws the three cells of a line beside each other, and takes the room of the highest. Says how high that is.
fn cells_ui(ui: &mut Ui, row: &FieldRow, at: usize, mut draw: impl FnMut(&mut Ui, Cell)) -> f32 {
    let start = ui.available_rect_before_wrap();
    let width = start.width();
    // A UUID in its quotes fits the value in half a window of 1440, and most meanings their line.
    let (name_width, meaning_width) = ((width * 0.26).clamp(120.0, 280.0), (width * 0.31).clamp(96.0, 300.0));
    let (value_left, meaning_left) = (start.left() + name_width, start.right() - meaning_width);
    let indent = indent(row).min(name_width / 2.0);
    let mut bottom = start.top();
    for (cell, left, right) in [
        (Cell::Name, start.left() + indent, value_left),
        (Cell::Value, value_left, meaning_left),
        (Cell::Meaning, meaning_left, start.right() + 8.0),
    ] {
        let rect = Rect::from_min_max(pos2(left, start.top() + AIR), pos2(right - 8.0, start.top() + UNBOUNDED));
        let salt = (at, cell as u8);
        let mut child = ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect).layout(Layout::top_down(Align::Min)));
        draw(&mut child, cell);
        bottom = bottom.max(child.min_rect().bottom());
    }
    let height = (bottom - start.top() + AIR).round().max(LINE);
    let (place, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    hairline(ui, place);
    height
}

#[expect(clippy::cast_precision_loss, reason = "fields are nested some tens deep at most")]
fn indent(row: &FieldRow) -> f32 {
    row.indent as f32 * 16.0
}

/// The line below a line.
fn hairline(ui: &Ui, place: Rect) {
    let line = Rect::from_min_size(pos2(place.left(), place.bottom() - 1.0), vec2(place.width(), 1.0));
    ui.painter().rect_filled(line, 0.0, theme::palette(ui).line);
}

fn name_ui(ui: &mut Ui, row: &FieldRow, mark: Option<(&str, Tone)>, look: &Look<'_>) {
    ui.spacing_mut().interact_size.y = theme::LINE;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        let palette = theme::palette(ui);
        let mut name = LayoutJob::default();
        let format = TextFormat { line_height: Some(theme::LINE), ..theme::code_format(palette.key) };
        append_marked(&mut name, palette, look.filter, 0.0, &[(&wording::visible(&row.label), format)]);
        ui.add(marked_label(ui, name));
        if let Some((word, tone)) = mark {
            chip(ui, word, tone);
        }
    });
}

fn meaning_ui(ui: &mut Ui, text: &str) {
    ui.add(Label::new(theme::paragraph(ui, text)).wrap());
}

/// How much a container holds.
fn count_ui(ui: &mut Ui, node: &Node) {
    let number = u64::from(node.children);
    let words = if node.kind == Kind::Array { texts::items(number) } else { texts::fields(number) };
    ui.label(theme::dim(ui, words).line_height(Some(theme::LINE)));
}

/// A value as received, and the moment that it names.
fn value_ui(ui: &mut Ui, raw: &[u8], kind: Kind, shown: Option<Shown>, look: &Look<'_>, menu: impl FnOnce(&mut Ui)) {
    let palette = theme::palette(ui);
    let mut job = LayoutJob::default();
    let code = |ink| TextFormat { line_height: Some(theme::LINE), ..theme::code_format(ink) };
    let value = wording::shortened_bytes(raw, VALUE_CHARS);
    append_marked(&mut job, palette, look.filter, 0.0, &[(&value, code(body::ink(palette, kind)))]);
    if let Some(shown @ Shown::Time { .. }) = shown {
        let time = wording::shown(shown, look.zone);
        let widths = [&value, &time].map(|text| width_of(ui, text, theme::mono_font()));
        if widths.iter().sum::<f32>() + 8.0 <= ui.available_width() {
            job.append(&time, 8.0, code(palette.faint));
        } else {
            job.append("\n", 0.0, code(palette.faint));
            job.append(&time, 0.0, code(palette.faint));
        }
    }
    // Wire text has no words to break at.
    job.wrap.break_anywhere = true;
    // A menu but no focus: Tab would have to walk through every value, and Enter does nothing there.
    let response = ui.add(marked_label(ui, job).sense(Sense::CLICK));
    response.context_menu(menu);
}

/// What a value's menu copies: the value, or the path to it.
fn copy_items_ui(ui: &mut Ui, copied: impl Fn() -> String, path: &str) {
    if ui.button(texts::COPY_VALUE).clicked() {
        ui.ctx().copy_text(copied());
    }
    if ui.button(texts::COPY_PATH).clicked() {
        ui.ctx().copy_text(path.to_owned());
    }
}

/// What shows a field in every row of the list.
fn column_item_ui(ui: &mut Ui, path: &str, actions: &mut Vec<Action>) {
    if let Some(column) = column_of_field(path)
        && ui.button(texts::SHOW_AS_COLUMN).clicked()
    {
        actions.push(Action::Columns(ColumnsAction::Show(column)));
    }
}

/// What the field means, and what is odd about it: that in the ink of what is to be read.
fn field_meaning_ui(ui: &mut Ui, opened: &Opened, field: &Field) {
    let palette = theme::palette(ui);
    let ink = |color| TextFormat { line_height: Some(theme::LINE), ..TextFormat::simple(FontId::proportional(theme::BODY_SIZE), color) };
    let mut job = LayoutJob::default();
    job.append(&meaning(opened, field), 0.0, ink(palette.dim));
    if let Some(odd) = field.odd {
        job.append(" · ", 0.0, ink(palette.dim));
        job.append(&wording::odd(odd), 0.0, ink(palette.text));
    }
    ui.add(Label::new(job).wrap());
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
