//! The body as a tree.

use super::{BodyFace, LINE, format_of, has_keys, ink};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::body::{Body, BodyAction, Copied, Look};
use crate::lines;
use crate::opened::Opened;
use crate::protocol::json::{Kind, Node};
use crate::tree::{Part, TreeLine};
use crate::ui::component::{level_grounds, paint_wedge};
use crate::ui::list::List;
use crate::ui::texts;
use crate::ui::theme::{self, Palette};
use crate::wording;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Color32, Key, Modifiers, Ui, pos2};
use std::ops::Range;

/// The most of a line's value that is laid out, in characters.
const VALUE_CHARS: usize = 600;

/// How far into a value a match may stand before the value is shown from shortly before it, in bytes.
const FAR: usize = 60;

/// How much is shown before such a match, in bytes.
const BEFORE: usize = 24;

/// How wide a step of the tree is, in points.
const STEP: f32 = 16.0;

/// Draws the tree. The selected line is brought into view when it changed, or when one goes to it again. Says that it was.
pub fn tree_ui(ui: &mut Ui, model: &Model, opened: &Opened, face: &mut BodyFace, goes: bool, actions: &mut Vec<Action>) -> bool {
    let body = &model.detail.body;
    if goes || face.line != body.line() {
        face.line = body.line();
        match body.line() {
            Some(row) if goes => face.tree.reveal_amid(row as u64),
            Some(row) => face.tree.reveal(row as u64),
            None => {}
        }
    }
    let line = |row: u64| usize::try_from(row).ok().and_then(|row| body.tree().line(row));
    let words = |row: u64| line(row).map(|line| words(&pieces(body, opened, line))).unwrap_or_default();
    let list = List::new(texts::BODY_AS_TREE, body.tree().len() as u64).row_height(LINE).zebra(false).read();
    let mut is_clicked = false;
    let output = list.selected(body.line().map(|row| row as u64)).show(
        ui,
        &mut face.tree,
        |row| row,
        words,
        |ui, row| {
            let Some(line) = line(row.index) else { return };
            let palette = theme::palette(ui);
            let mut job = LayoutJob::default();
            for piece in pieces(body, opened, line) {
                job.append(&piece.text, 0.0, format_of(palette, piece.look, piece.ink.ink(palette)));
            }
            let node = opened.inspection.callback.document.node(line.node);
            #[expect(clippy::cast_precision_loss, reason = "what is nested deeper than a screen is wide is not seen")]
            let left = row.rect.left() + STEP * (node.depth.min(64) as f32) + STEP;
            if matches!(line.part, Part::Open | Part::Folded) {
                paint_wedge(ui, pos2(left - 10.0, row.rect.center().y), line.part == Part::Folded);
            }
            job.wrap = TextWrapping::truncate_at_width((row.rect.right() - left).max(0.0));
            let galley = level_grounds(ui.painter().layout_job(job));
            let top = row.rect.center().y - galley.size().y / 2.0;
            if galley.elided && line.part == Part::Whole {
                row.response.clone().on_hover_text(wording::shortened_bytes(node.bytes(&opened.exchange.request.body), VALUE_CHARS));
            }
            ui.painter().galley(pos2(left, top), galley, palette.text);
            is_clicked |= row.response.clicked();
            if row.response.secondary_clicked() {
                // So that one sees what its menu is about.
                actions.extend(usize::try_from(row.index).ok().map(|row| Action::Body(BodyAction::SelectLine(row))));
            }
            row.response.context_menu(|ui| menu_ui(ui, line.node, &node, actions));
        },
    );
    if is_clicked {
        output.response.request_focus();
    }
    if let Some((row, line)) = output.clicked.and_then(|row| Some((usize::try_from(row).ok()?, line(row)?))) {
        let folds = matches!(line.part, Part::Open | Part::Folded);
        actions.push(Action::Body(if folds { BodyAction::Fold(line.node) } else { BodyAction::SelectLine(row) }));
    }
    face.has_keys = has_keys(ui, output.response.id);
    if face.has_keys {
        actions.extend(pressed_key(ui, output.page).map(Action::Body));
    }
    true
}

/// What can be copied of a value.
fn menu_ui(ui: &mut Ui, at: usize, node: &Node, actions: &mut Vec<Action>) {
    let whole = if node.is_container() { (texts::COPY_SUB_TREE, Copied::SubTree(at)) } else { (texts::COPY_VALUE, Copied::Value(at)) };
    // A string's text differs from how it is written.
    let written = (node.kind == Kind::String).then_some((texts::COPY_AS_RECEIVED, Copied::SubTree(at)));
    let key = node.has_name().then_some((texts::COPY_KEY, Copied::Key(at)));
    let path = (at > 0).then_some((texts::COPY_PATH, Copied::Path(at)));
    for (label, copied) in [Some(whole), written, path, key].into_iter().flatten() {
        if ui.button(label).clicked() {
            actions.push(Action::Body(BodyAction::Copy(copied)));
        }
    }
}

/// What a key means while the tree has the keyboard.
fn pressed_key(ui: &Ui, page: u64) -> Option<BodyAction> {
    let page = i64::try_from(page).unwrap_or(1);
    let keys = [
        (Key::ArrowUp, BodyAction::MoveLine(-1)),
        (Key::ArrowDown, BodyAction::MoveLine(1)),
        (Key::PageUp, BodyAction::MoveLine(-page)),
        (Key::PageDown, BodyAction::MoveLine(page)),
        (Key::Home, BodyAction::MoveLine(i64::MIN)),
        (Key::End, BodyAction::MoveLine(i64::MAX)),
        (Key::ArrowLeft, BodyAction::FoldOrLeave),
        (Key::ArrowRight, BodyAction::Unfold),
        (Key::Enter, BodyAction::FoldSelected),
    ];
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    keys.into_iter().find(|(key, _)| pressed(*key)).map(|(_, action)| action)
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

/// A part of a line that looks alike.
struct Piece {
    text: String,
    ink: Ink,
    look: Look,
}

fn words(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// The text of a line in its pieces, as received but for what could steer the screen.
fn pieces(body: &Body, opened: &Opened, line: TreeLine) -> Vec<Piece> {
    let text = &opened.exchange.request.body;
    let document = &opened.inspection.callback.document;
    let node = document.node(line.node);
    let (open, close) = if node.kind == Kind::Array { ("[", "]") } else { ("{", "}") };
    let mut pieces = Vec::with_capacity(6);
    let plain = |text: &str, ink| Piece { text: text.to_owned(), ink, look: Look::Plain };
    if node.has_name() && line.part != Part::Close {
        let start = node.key_start();
        received(body, text, start..start + node.key_bytes(text).len(), Ink::Key, &mut pieces);
        pieces.push(plain(": ", Ink::Mark));
    }
    match line.part {
        Part::Whole => received(body, text, node.start as usize..node.end as usize, Ink::Value(node.kind), &mut pieces),
        Part::Open => pieces.push(plain(open, Ink::Mark)),
        Part::Close if document.is_cut(line.node) => {
            pieces.extend([plain("… ", Ink::Note), plain(texts::NOT_IN_TREE, Ink::Note), plain(" ", Ink::Mark), plain(close, Ink::Mark)]);
        }
        Part::Close => pieces.push(plain(close, Ink::Mark)),
        Part::Folded => {
            let held = format!(" {} ", texts::values(u64::from(node.children)));
            pieces.extend([plain(open, Ink::Mark), plain(&held, Ink::Note), plain(close, Ink::Mark)]);
        }
    }
    if line.comma {
        pieces.push(plain(",", Ink::Mark));
    }
    pieces
}

/// Adds these bytes of the body, as many of them as are shown, with the marks in them.
fn received(body: &Body, text: &[u8], bytes: Range<usize>, ink: Ink, pieces: &mut Vec<Piece>) {
    let note = |text: String| Piece { text, ink: Ink::Note, look: Look::Plain };
    let shown = shown(text, &bytes, body.find.current());
    if shown.start > bytes.start {
        pieces.push(note("…".to_owned()));
    }
    let looks = body.looks(shown.clone(), None);
    pieces.extend(looks.into_iter().map(|(bytes, look)| Piece {
        text: wording::visible(&String::from_utf8_lossy(&text[bytes])),
        ink,
        look,
    }));
    if shown.end < bytes.end {
        pieces.push(note(format!("… ({})", wording::bytes(bytes.len()))));
    }
}

/// Which part of a key or a value is shown: its beginning, or what is around the match that one is at.
fn shown(text: &[u8], bytes: &Range<usize>, current: Option<Range<usize>>) -> Range<usize> {
    let far = current.filter(|current| bytes.contains(&current.start) && current.start - bytes.start > FAR);
    let start = far.map_or(bytes.start, |current| lines::boundary(text, current.start - BEFORE));
    let (mut end, mut chars) = (start, 0);
    while let Some((_, length)) = lines::char_at(text, end).filter(|_| end < bytes.end && chars < VALUE_CHARS) {
        (end, chars) = (end + length, chars + 1);
    }
    start..end
}
