//! The body as a tree that can be folded, or as it came. Only the lines in view are laid out.

use super::component::{button, empty_state, paint_wedge, segmented};
use super::list::{List, ListState};
use super::texts;
use super::theme::{self, Palette, Tone};
use crate::app::Model;
use crate::app::action::{Action, BodyView};
use crate::lines::{self, Piece};
use crate::opened::Opened;
use crate::protocol::json::Kind;
use crate::protocol::verdict::Verdict;
use crate::tree::{Part, TreeLine};
use crate::wording;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align, Color32, Frame, Layout, Margin, Ui, pos2};
use jiff::tz::TimeZone;

/// Height of a line, in points.
const LINE: f32 = 20.0;

/// The most of a line's value that is laid out, in characters.
const VALUE_CHARS: usize = 600;

/// The fewest columns that a text is folded to, however narrow the window.
const LEAST_COLUMNS: f32 = 16.0;

/// Room for the list's scroll bar, whether it is there or not, in points.
const SCROLL_BAR: f32 = 12.0;

/// How wide a step of the tree is, in points.
const STEP: f32 = 16.0;

/// Where tree and text are scrolled to.
#[derive(Default)]
pub struct BodyFace {
    id: i64,
    tree: ListState,
    text: ListState,
    folded: Vec<Piece>,
    /// To how many columns.
    columns: usize,
}

/// Draws the tab.
pub fn body_ui(ui: &mut Ui, model: &Model, opened: &Opened, face: &mut BodyFace, actions: &mut Vec<Action>) {
    if face.id != opened.exchange.id {
        *face = BodyFace { id: opened.exchange.id, ..BodyFace::default() };
    }
    if opened.exchange.request.body.is_empty() {
        empty_state(ui, texts::NO_BODY, texts::NO_BODY_WHY, |_| {});
        return;
    }
    Frame::new().inner_margin(Margin { left: 20, right: 8, top: 8, bottom: 4 }).show(ui, |ui| {
        head_ui(ui, model, opened, actions);
        ui.add_space(8.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        match model.detail.body_view() {
            BodyView::Tree => tree_ui(ui, model, opened, &mut face.tree, actions),
            BodyView::Text => text_ui(ui, opened, face),
        }
    });
}

fn head_ui(ui: &mut Ui, model: &Model, opened: &Opened, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        if model.detail.has_tree() {
            let at = usize::from(model.detail.body_view() == BodyView::Text);
            if let Some(chosen) = segmented(ui, "body as", &[(texts::TREE, Tone::Accent), (texts::TEXT, Tone::Accent)], at) {
                actions.push(Action::ShowBodyAs(if chosen == 0 { BodyView::Tree } else { BodyView::Text }));
            }
        } else {
            ui.label(theme::toned(ui, why_no_tree(opened), Tone::Bad));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(12.0);
            if button(ui, texts::COPY_BODY).clicked() {
                ui.ctx().copy_text(String::from_utf8_lossy(&opened.exchange.request.body).into_owned());
            }
        });
    });
}

/// Why the body is no tree, in words.
pub fn why_no_tree(opened: &Opened) -> String {
    wording::detail(Verdict::Body(&opened.inspection.verdicts.body), &TimeZone::UTC)
}

/// The colour of a value.
pub fn ink(palette: &Palette, kind: Kind) -> Color32 {
    match kind {
        Kind::String => palette.string,
        Kind::Number | Kind::Bool | Kind::Null => palette.number,
        Kind::Object | Kind::Array => palette.text,
    }
}

fn tree_ui(ui: &mut Ui, model: &Model, opened: &Opened, state: &mut ListState, actions: &mut Vec<Action>) {
    let lines = model.detail.tree();
    let line = |row: u64| usize::try_from(row).ok().and_then(|row| lines.get(row)).copied();
    let words = |row: u64| line(row).map(|line| words(&pieces(opened, line))).unwrap_or_default();
    let list = List::new(texts::TREE, lines.len() as u64).row_height(LINE).zebra(false).read();
    let output = list.show(
        ui,
        state,
        |row| row,
        words,
        |ui, row| {
            let Some(line) = line(row.index) else { return };
            let palette = theme::palette(ui);
            let mut job = LayoutJob::default();
            for (text, part) in pieces(opened, line) {
                job.append(&text, 0.0, theme::code_format(part.ink(palette)));
            }
            let node = &opened.inspection.callback.document.nodes[line.node];
            #[expect(clippy::cast_precision_loss, reason = "what is nested deeper than a screen is wide is not seen")]
            let left = row.rect.left() + STEP * (node.depth.min(64) as f32) + STEP;
            if matches!(line.part, Part::Open | Part::Folded) {
                paint_wedge(ui, pos2(left - 10.0, row.rect.center().y), line.part == Part::Folded);
            }
            job.wrap = TextWrapping::truncate_at_width((row.rect.right() - left).max(0.0));
            let galley = ui.painter().layout_job(job);
            let top = row.rect.center().y - galley.size().y / 2.0;
            if galley.elided && line.part == Part::Whole {
                row.response.clone().on_hover_text(cut(node.raw(&opened.exchange.request.body)));
            }
            ui.painter().galley(pos2(left, top), galley, palette.text);
            row.response.context_menu(|ui| {
                if ui.button(texts::COPY_VALUE).clicked() {
                    ui.ctx().copy_text(node.string(&opened.exchange.request.body).into_owned());
                }
            });
        },
    );
    let clicked = output.clicked.and_then(line).filter(|line| matches!(line.part, Part::Open | Part::Folded));
    actions.extend(clicked.map(|line| Action::Fold(line.node)));
}

/// What a part of a line is, for its colour.
#[derive(Clone, Copy)]
enum Ink {
    Key,
    Value(Kind),
    Mark,
    Note,
}

impl Ink {
    fn ink(self, palette: &Palette) -> Color32 {
        match self {
            Self::Key => palette.key,
            Self::Value(kind) => ink(palette, kind),
            Self::Mark => palette.dim,
            Self::Note => palette.faint,
        }
    }
}

fn words(pieces: &[(String, Ink)]) -> String {
    pieces.iter().map(|(text, _)| text.as_str()).collect()
}

/// The text of a line in its pieces, as received but for what could steer the screen.
fn pieces(opened: &Opened, line: TreeLine) -> Vec<(String, Ink)> {
    let text = &opened.exchange.request.body;
    let node = &opened.inspection.callback.document.nodes[line.node];
    let (open, close) = if node.kind == Kind::Array { ("[", "]") } else { ("{", "}") };
    let mut pieces = Vec::with_capacity(4);
    if node.key.1 > node.key.0 && line.part != Part::Close {
        let key = std::str::from_utf8(&text[node.key.0 as usize..node.key.1 as usize]).unwrap_or_default();
        pieces.push((cut(key), Ink::Key));
        pieces.push((": ".to_owned(), Ink::Mark));
    }
    match line.part {
        Part::Whole => pieces.push((cut(node.raw(text)), Ink::Value(node.kind))),
        Part::Open => pieces.push((open.to_owned(), Ink::Mark)),
        Part::Close => pieces.push((close.to_owned(), Ink::Mark)),
        Part::Folded => {
            let held = format!(" {} ", texts::values(u64::from(node.children)));
            pieces.extend([(open.to_owned(), Ink::Mark), (held, Ink::Note), (close.to_owned(), Ink::Mark)]);
        }
    }
    if line.comma {
        pieces.push((",".to_owned(), Ink::Mark));
    }
    pieces
}

fn cut(raw: &str) -> String {
    wording::shortened(raw, VALUE_CHARS)
}

fn text_ui(ui: &mut Ui, opened: &Opened, face: &mut BodyFace) {
    let body = &opened.exchange.request.body;
    let letter = ui.ctx().fonts_mut(|fonts| fonts.glyph_width(&theme::mono_font(), '0'));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the columns of a screen")]
    let columns = ((ui.available_width() - SCROLL_BAR) / letter.max(1.0)).clamp(LEAST_COLUMNS, 10_000.0) as usize;
    if face.columns != columns {
        (face.folded, face.columns) = (lines::fold(body, &opened.lines, columns, columns_of), columns);
    }
    let piece = |row: u64| usize::try_from(row).ok().and_then(|row| face.folded.get(row)).copied();
    let text = |(start, end): (usize, usize)| {
        if opened.lines.hex { lines::hex_line(body, (start, end)) } else { wording::visible(&String::from_utf8_lossy(&body[start..end])) }
    };
    let line = |row: u64| piece(row).map_or_else(String::new, |piece| text(piece.span));
    let list = List::new(texts::TEXT, face.folded.len() as u64).row_height(LINE).zebra(false).read();
    list.show(
        ui,
        &mut face.text,
        |row| row,
        line,
        |ui, row| {
            let Some(piece) = piece(row.index) else { return };
            let palette = theme::palette(ui);
            let galley = ui.painter().layout_no_wrap(text(piece.span), theme::mono_font(), palette.text);
            let top = row.rect.center().y - galley.size().y / 2.0;
            ui.painter().galley(pos2(row.rect.left(), top), galley, palette.text);
            row.response.context_menu(|ui| {
                if ui.button(texts::COPY_LINE).clicked() {
                    ui.ctx().copy_text(text(piece.line));
                }
            });
        },
    );
}

/// How many columns of the monospaced face a character takes: one of a face for Chinese, Japanese, Korean or emoji takes
/// less than two.
fn columns_of(c: char) -> usize {
    if wording::is_steering(c) {
        c.escape_unicode().len()
    } else if c < '\u{1100}' {
        1
    } else {
        2
    }
}
