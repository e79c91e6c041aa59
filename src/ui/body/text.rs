//! The body as text folded to the width of the screen, and as hex. Both are selected with mouse and keyboard.

use super::rows::{Hex, Lines, Text, columns_of};
use super::{BodyFace, LINE, has_keys};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::body::{Body, BodyAction, Copied, Selection};
use crate::lines::{self, Folding};
use crate::opened::Opened;
use crate::ui::component::level_grounds;
use crate::ui::list::{List, ListState, Output};
use crate::ui::texts;
use crate::ui::theme;
use eframe::egui::{Galley, Key, Modifiers, PointerButton, Pos2, Rect, Ui, pos2, vec2};
use std::ops::Range;
use std::sync::Arc;

/// The fewest columns that a text is folded to, however narrow the window.
const LEAST_COLUMNS: f32 = 16.0;

/// Room for the list's scroll bar, whether it is there or not, in points.
const SCROLL_BAR: f32 = 12.0;

/// How many bytes are folded in one frame: some milliseconds.
const FOLDED_AT_ONCE: usize = 1 << 20;

/// A line in view.
struct Seen {
    row: u64,
    rect: Rect,
    bytes: Range<usize>,
    galley: Arc<Galley>,
}

/// Draws the body as text, and brings `goal` into view; says whether it could: the text may not be folded so far.
pub fn text_ui(ui: &mut Ui, model: &Model, opened: &Opened, face: &mut BodyFace, goal: Option<usize>, actions: &mut Vec<Action>) -> bool {
    let body = &opened.exchange.request.body;
    fold(ui, body, face);
    let rows = Text { body, folding: &face.folding };
    let row = goal.and_then(|goal| rows.row_at(goal));
    if let Some(row) = row {
        face.text.reveal_amid(row);
    }
    face.has_keys = lines_ui(ui, &rows, texts::BODY_AS_TEXT, &model.detail.body, (&mut face.text, &mut face.is_selecting), actions);
    row.is_some() || goal.is_none()
}

/// Draws the body as hex, and brings `goal` into view. Says that it did.
pub fn hex_ui(ui: &mut Ui, model: &Model, opened: &Opened, face: &mut BodyFace, goal: Option<usize>, actions: &mut Vec<Action>) -> bool {
    let fits = columns(ui) >= lines::hex_columns(lines::HEX_BYTES);
    let wide = if fits { lines::HEX_BYTES } else { lines::HEX_BYTES / 2 };
    let before = std::mem::replace(&mut face.hex_wide, wide);
    if before != 0 && before != wide {
        face.hex.show_from(face.hex.top() * before as u64 / wide as u64);
    }
    let rows = Hex { body: &opened.exchange.request.body, wide };
    if let Some(row) = goal.and_then(|goal| rows.row_at(goal)) {
        face.hex.reveal_amid(row);
    }
    face.has_keys = lines_ui(ui, &rows, texts::BODY_AS_HEX, &model.detail.body, (&mut face.hex, &mut face.is_selecting), actions);
    true
}

/// How many columns of text there is room for.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the columns of a screen")]
fn columns(ui: &Ui) -> usize {
    let letter = ui.ctx().fonts_mut(|fonts| fonts.glyph_width(&theme::mono_font(), '0'));
    ((ui.available_width() - SCROLL_BAR) / letter.max(1.0)).clamp(LEAST_COLUMNS, 10_000.0) as usize
}

/// Folds the text to the width there is, a part of it in each frame. What is shown stays until the new folding reaches it.
fn fold(ui: &Ui, body: &[u8], face: &mut BodyFace) {
    let columns = columns(ui);
    if face.folding.columns() == 0 {
        face.folding = Folding::new(columns);
    }
    if face.folding.columns() == columns {
        face.next = None;
    } else if face.next.as_ref().is_none_or(|next| next.columns() != columns) {
        face.next = Some(Folding::new(columns));
    }
    let growing = face.next.as_mut().unwrap_or(&mut face.folding);
    if !growing.is_done(body) {
        growing.find_more(body, FOLDED_AT_ONCE, columns_of);
    }
    let is_done = growing.is_done(body);
    let top = face.folding.row(body, face.text.top(), columns_of).map_or(0, |bytes| bytes.start);
    if let Some(row) = face.next.as_ref().and_then(|next| next.row_at(body, top, columns_of)) {
        face.folding = face.next.take().unwrap_or_default();
        face.text.stand_at(row);
    }
    if !is_done {
        ui.ctx().request_repaint();
    }
}

/// Draws the lines in view and follows mouse and keys. Says whether it has the keyboard.
fn lines_ui(
    ui: &mut Ui,
    lines: &impl Lines,
    name: &str,
    body: &Body,
    (state, is_selecting): (&mut ListState, &mut bool),
    actions: &mut Vec<Action>,
) -> bool {
    let mut seen: Vec<Seen> = Vec::new();
    let mut is_pressed = false;
    let list = List::new(name, lines.len()).row_height(LINE).zebra(false).hover(false).read();
    let words = |row: u64| {
        let words = lines.bytes(row).map(|bytes| lines.text(&bytes));
        words.filter(|words| !words.is_empty()).unwrap_or_else(|| texts::EMPTY_LINE.to_owned())
    };
    let output = list.show(
        ui,
        state,
        |row| row,
        words,
        |ui, row| {
            let Some(bytes) = lines.bytes(row.index) else { return };
            let palette = theme::palette(ui);
            let job = lines.job(palette, body.looks(bytes.clone(), body.selected()), &bytes);
            let galley = level_grounds(ui.painter().layout_job(job));
            let top = row.rect.center().y - galley.size().y / 2.0;
            ui.painter().galley(pos2(row.rect.left(), top), galley.clone(), palette.text);
            let is_down = ui.input(|input| input.pointer.button_pressed(PointerButton::Primary));
            // A quick click is pressed and released within one frame, and never seen as held.
            if (is_down && row.response.is_pointer_button_down_on()) || row.response.clicked() {
                is_pressed = true;
            }
            row.response.context_menu(|ui| menu_ui(ui, body, lines.copy_line(&bytes), actions));
            seen.push(Seen { row: row.index, rect: row.rect, bytes, galley });
        },
    );
    if is_pressed {
        *is_selecting = true;
        output.response.request_focus();
    }
    let selected = pointer(ui, &seen, *is_selecting).map(|at| by_mouse(ui, lines, body, at, is_pressed));
    *is_selecting &= ui.input(|input| input.pointer.primary_down());
    let has_keys = has_keys(ui, output.response.id);
    let by_keys = has_keys.then(|| by_keys(ui, lines, body, state, &output)).flatten();
    if let Some(selection) = by_keys.or(selected).filter(|selection| body.selection() != Some(*selection)) {
        actions.push(Action::Body(BodyAction::Select(selection)));
    }
    if *is_selecting {
        follow_mouse(ui, &seen, lines.len(), state, &output);
    }
    has_keys
}

fn menu_ui(ui: &mut Ui, body: &Body, line: Copied, actions: &mut Vec<Action>) {
    let selection = body.selected().map(|_| (texts::COPY_SELECTION, Copied::Selected));
    for (label, copied) in selection.into_iter().chain([(texts::COPY_LINE, line)]) {
        if ui.button(label).clicked() {
            actions.push(Action::Body(BodyAction::Copy(copied)));
        }
    }
}

/// The line that the mouse is on while it selects, or the nearest one, and where the mouse is.
fn pointer<'a>(ui: &Ui, seen: &'a [Seen], is_selecting: bool) -> Option<(&'a Seen, Pos2)> {
    let place = ui.input(|input| input.pointer.latest_pos()).filter(|_| is_selecting)?;
    let at = seen.iter().position(|line| place.y < line.rect.bottom()).unwrap_or(seen.len().saturating_sub(1));
    Some((seen.get(at)?, place))
}

/// What the mouse selects: from where it went down, or with Shift from where the selection began; by words and lines where
/// it was clicked twice or thrice.
fn by_mouse(ui: &Ui, lines: &impl Lines, body: &Body, (line, place): (&Seen, Pos2), is_first: bool) -> Selection {
    let inside = vec2(place.x - line.rect.left(), line.galley.size().y / 2.0);
    let head = lines.byte_at(&line.bytes, line.galley.cursor_from_pos(inside).index.0);
    let (shift, clicks) = ui.input(|input| (input.modifiers.shift, clicks(input)));
    let around = |bytes: Range<usize>| Selection { anchor: bytes.start, head: bytes.end };
    match clicks {
        2 => return around(lines::word_around(lines.body(), head.min(line.bytes.end.saturating_sub(1)))),
        3 => return around(lines::line_around(lines.body(), line.bytes.start)),
        _ => {}
    }
    let anchor = body.selection().map_or(head, |selection| selection.anchor);
    Selection { anchor: if is_first && !shift { head } else { anchor }, head }
}

/// How often the mouse was clicked at one place, when it was released in this frame.
fn clicks(input: &eframe::egui::InputState) -> u8 {
    if input.pointer.button_triple_clicked(PointerButton::Primary) {
        3
    } else if input.pointer.button_double_clicked(PointerButton::Primary) {
        2
    } else {
        0
    }
}

/// Scrolls on where the mouse selects beyond what is in view.
fn follow_mouse(ui: &Ui, seen: &[Seen], total: u64, state: &mut ListState, output: &Output) {
    let Some(place) = ui.input(|input| input.pointer.latest_pos()) else { return };
    let view = output.response.rect;
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else { return };
    if place.y < view.top() {
        state.reveal(first.row.saturating_sub(1));
        ui.ctx().request_repaint();
    } else if place.y > view.bottom() {
        state.reveal((last.row + 1).min(total.saturating_sub(1)));
        ui.ctx().request_repaint();
    }
}

/// What the keys select, and where they scroll to: arrows and pages move the view, with Shift the end of the selection.
fn by_keys(ui: &Ui, lines: &impl Lines, body: &Body, state: &mut ListState, output: &Output) -> Option<Selection> {
    let top = state.top();
    let page = output.page.saturating_sub(1).max(1);
    let last = lines.len().saturating_sub(1);
    let selection = body.selection().unwrap_or_else(|| {
        let start = lines.bytes(top).map_or(0, |bytes| bytes.start);
        Selection { anchor: start, head: start }
    });
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let row = lines.row_at(selection.head.min(lines.body().len().saturating_sub(1))).unwrap_or(last);
    for (key, extended) in [
        (Key::ArrowUp, row.checked_sub(1)),
        (Key::ArrowDown, Some(row + 1)),
        (Key::PageUp, Some(row.saturating_sub(page))),
        (Key::PageDown, Some(row + page)),
    ] {
        if pressed(Modifiers::SHIFT, key) {
            let head = moved(lines, selection.head, row, extended);
            reveal(lines, head, state);
            return Some(Selection { head, ..selection });
        }
    }
    for (key, forward) in [(Key::ArrowLeft, false), (Key::ArrowRight, true)] {
        if pressed(Modifiers::SHIFT, key) {
            let head = stepped(lines.body(), selection.head, forward);
            reveal(lines, head, state);
            return Some(Selection { head, ..selection });
        }
    }
    for (key, to) in [
        (Key::ArrowUp, top.saturating_sub(1)),
        (Key::ArrowDown, top + 1),
        (Key::PageUp, top.saturating_sub(page)),
        (Key::PageDown, top + page),
        (Key::Home, 0),
        (Key::End, last),
    ] {
        if pressed(Modifiers::NONE, key) {
            state.show_from(to.min(last));
            ui.ctx().request_repaint();
        }
    }
    None
}

fn reveal(lines: &impl Lines, byte: usize, state: &mut ListState) {
    if let Some(row) = lines.row_at(byte.min(lines.body().len().saturating_sub(1))) {
        state.reveal(row);
    }
}

/// The byte as far into another row as this one is into its own; the beginning or the end of all beyond them.
fn moved(rows: &impl Lines, byte: usize, row: u64, to: Option<u64>) -> usize {
    let (Some(from), Some(to)) = (rows.bytes(row), to) else { return 0 };
    let Some(bytes) = rows.bytes(to) else { return rows.body().len() };
    let into = (bytes.start + byte.saturating_sub(from.start)).min(bytes.end);
    lines::boundary(rows.body(), into).max(bytes.start)
}

/// The next character's place, or that before.
fn stepped(body: &[u8], byte: usize, forward: bool) -> usize {
    if forward {
        return byte + lines::char_at(body, byte).map_or(0, |(_, length)| length);
    }
    byte.checked_sub(1).map_or(0, |before| lines::boundary(body, before))
}
