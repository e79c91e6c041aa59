//! The body of the opened exchange: in which form it is shown, what is folded, selected and found in it, and what of it
//! is copied.

use super::find::{Find, FindAction};
use crate::lines;
use crate::messages::Effect;
use crate::needle::{Found, Needle};
use crate::opened::Opened;
use crate::protocol::body;
use crate::protocol::json::Document;
use crate::tree::{Part, Tree, TreeLine};
use std::ops::Range;

/// Something about the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyAction {
    /// Show it in this form.
    ShowAs(BodyView),
    /// Fold a container of the tree, or unfold it.
    Fold(usize),
    /// Select a line of the tree, counted from the top.
    SelectLine(usize),
    /// Select the one so many lines further down; negative is up.
    MoveLine(i64),
    /// Unfold the selected container.
    Unfold,
    /// Fold the selected container, or else select the one around it.
    FoldOrLeave,
    /// Fold the selected container, or unfold it.
    FoldSelected,
    /// Select these bytes: from where the selection began to where it ends now.
    Select(Selection),
    /// Select all bytes.
    SelectAll,
    /// Copy this.
    Copy(Copied),
    /// Something about finding.
    Find(FindAction),
}

/// In which form the body is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BodyView {
    /// As a tree that can be folded.
    #[default]
    Tree,
    /// As it came.
    Text,
    /// As bytes.
    Hex,
}

impl BodyView {
    /// All of them in their order.
    pub const ALL: [Self; 3] = [Self::Tree, Self::Text, Self::Hex];
}

/// Selected bytes. Of a text, never part of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Selection {
    /// Where it began.
    pub anchor: usize,
    /// Where it ends now, before or behind that.
    pub head: usize,
}

impl Selection {
    /// The bytes, the first one first.
    pub fn bytes(self) -> Range<usize> {
        self.anchor.min(self.head)..self.anchor.max(self.head)
    }
}

/// How bytes look within what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Like any other.
    Plain,
    /// Selected.
    Selected,
    /// Found.
    Found,
    /// Of the match that one is at.
    Current,
}

/// What is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// All of the body.
    Body,
    /// What is selected: bytes of a text as text, of the listing as hex; in the tree the value of the selected line.
    Selected,
    /// The path of the selected line of the tree.
    SelectedPath,
    /// The line of the text around this byte.
    Line(usize),
    /// The bytes of the listing from this one to before that one, as hex.
    HexLine(usize, usize),
    /// A value of the tree: a string's text, escapes undone; anything else as received.
    Value(usize),
    /// A value of the tree with all that it holds, as received.
    SubTree(usize),
    /// The key of a value of the tree, escapes undone.
    Key(usize),
    /// The path of a value of the tree, as fields name it.
    Path(usize),
}

/// How the body of the opened exchange is shown.
#[derive(Debug, Default)]
pub struct Body {
    /// How many bodies there were: whoever remembers something of one forgets it with the next.
    number: u64,
    wanted: BodyView,
    tree: Tree,
    line: Option<usize>,
    selection: Option<Selection>,
    /// What is searched for in it.
    pub find: Find,
}

impl Body {
    /// How many bodies were shown before this one, and this one.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// In which form it is shown: a tree needs a body that is one, and what is no text either is bytes.
    pub fn view(&self, opened: Option<&Opened>) -> BodyView {
        match self.wanted {
            BodyView::Tree if has_tree(opened) => BodyView::Tree,
            BodyView::Tree if opened.is_some_and(|opened| !opened.is_text) => BodyView::Hex,
            BodyView::Tree | BodyView::Text => BodyView::Text,
            BodyView::Hex => BodyView::Hex,
        }
    }

    /// The lines of the tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The selected line of the tree.
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// The selected bytes; `None` where there is none.
    pub fn selected(&self) -> Option<Range<usize>> {
        self.selection.map(Selection::bytes).filter(|bytes| !bytes.is_empty())
    }

    /// Where the selection began and where it ends.
    pub fn selection(&self) -> Option<Selection> {
        self.selection
    }

    /// These bytes of the body in pieces that look alike: what was found is marked, and what of them is selected.
    pub fn looks(&self, shown: Range<usize>, selected: Option<Range<usize>>) -> Vec<(Range<usize>, Look)> {
        let look = |is_current| if is_current { Look::Current } else { Look::Found };
        let found = self.find.marks(&shown).into_iter().map(|mark| (mark.bytes, look(mark.is_current)));
        let all: Vec<(Range<usize>, Look)> = found.chain(selected.map(|bytes| (bytes, Look::Selected))).collect();
        let mut cuts: Vec<usize> = all.iter().flat_map(|(bytes, _)| [bytes.start, bytes.end]).chain([shown.start, shown.end]).collect();
        cuts.retain(|cut| (shown.start..=shown.end).contains(cut));
        cuts.sort_unstable();
        cuts.dedup();
        let pieces = cuts.windows(2).map(|cut| cut[0]..cut[1]);
        // A match shows also where it is selected.
        pieces
            .map(|piece| {
                let look = all.iter().find(|(bytes, _)| bytes.contains(&piece.start)).map_or(Look::Plain, |(_, look)| *look);
                (piece, look)
            })
            .collect()
    }

    /// Does what is meant. Says what follows, and what is to be put on the clipboard.
    pub fn apply(&mut self, action: BodyAction, opened: Option<&Opened>) -> (Option<Effect>, Option<String>) {
        let Some(opened) = opened else { return (None, None) };
        let document = &opened.inspection.callback.document;
        match action {
            BodyAction::ShowAs(view) => {
                self.wanted = view;
                self.reveal_match(document);
            }
            BodyAction::Fold(node) => self.fold(document, node),
            BodyAction::SelectLine(row) => self.line = Some(row),
            BodyAction::MoveLine(rows) => self.move_line(rows),
            BodyAction::Unfold => self.fold_selected(document, &[Part::Folded]),
            BodyAction::FoldSelected => self.fold_selected(document, &[Part::Folded, Part::Open, Part::Close]),
            BodyAction::FoldOrLeave => self.fold_or_leave(document),
            BodyAction::Select(selection) => self.selection = Some(selection),
            BodyAction::SelectAll => self.selection = Some(Selection { anchor: 0, head: opened.exchange.request.body.len() }),
            BodyAction::Copy(copied) => return (None, self.copied(copied, opened)),
            BodyAction::Find(action) => {
                let effect = self.find.apply(action, opened.exchange.id);
                self.reveal_match(document);
                return (effect, None);
            }
        }
        (None, None)
    }

    /// Another exchange is open, or none: what was folded and selected was of the one before.
    pub fn follow(&mut self, opened: Option<&mut Opened>) -> Option<Effect> {
        (self.line, self.selection) = (None, None);
        self.number += 1;
        self.tree = Tree::default();
        let opened = opened?;
        self.tree = std::mem::take(&mut opened.tree);
        self.find.follow(opened.exchange.id)
    }

    /// Takes what was found, and goes to the first match.
    pub fn found(&mut self, needle: &Needle, found: Found, opened: &Opened) {
        if self.find.take(needle, found) {
            self.reveal_match(&opened.inspection.callback.document);
        }
    }

    /// Selects the line of the match that one is at, and unfolds what hides it.
    fn reveal_match(&mut self, document: &Document) {
        let Some(current) = self.find.current().filter(|_| !self.tree.is_empty()) else { return };
        if let Some(node) = document.at(current.start) {
            self.line = self.tree.reveal(document, node);
        }
    }

    fn fold(&mut self, document: &Document, node: usize) {
        self.tree.toggle(document, node);
        self.line = self.tree.row_of(document, node);
    }

    fn selected_line(&self) -> Option<TreeLine> {
        self.tree.line(self.line?)
    }

    fn fold_selected(&mut self, document: &Document, parts: &[Part]) {
        if let Some(line) = self.selected_line().filter(|line| parts.contains(&line.part)) {
            self.fold(document, line.node);
        }
    }

    fn fold_or_leave(&mut self, document: &Document) {
        let Some(line) = self.selected_line() else { return };
        match line.part {
            Part::Open | Part::Close => self.fold(document, line.node),
            Part::Whole | Part::Folded => self.line = document.parent(line.node).and_then(|node| self.tree.row_of(document, node)),
        }
    }

    fn move_line(&mut self, rows: i64) {
        let Some(last) = self.tree.len().checked_sub(1) else { return };
        let by = usize::try_from(rows.unsigned_abs()).unwrap_or(usize::MAX);
        self.line = Some(match self.line {
            None => 0,
            Some(line) if rows < 0 => line.saturating_sub(by),
            Some(line) => line.saturating_add(by).min(last),
        });
    }

    fn copied(&self, copied: Copied, opened: &Opened) -> Option<String> {
        let text = &opened.exchange.request.body;
        let document = &opened.inspection.callback.document;
        let as_received = |bytes: Range<usize>| String::from_utf8_lossy(&text[bytes]).into_owned();
        match copied {
            Copied::Body => Some(as_received(0..text.len())),
            Copied::Selected => match self.view(Some(opened)) {
                BodyView::Tree => Some(document.node(self.selected_line()?.node).string(text).into_owned()),
                BodyView::Text => self.selected().map(as_received),
                BodyView::Hex => self.selected().map(|bytes| lines::as_hex(&text[bytes])),
            },
            Copied::SelectedPath => Some(body::path(text, document, self.selected_line()?.node)),
            Copied::Line(byte) => Some(as_received(lines::line_around(text, byte))),
            Copied::HexLine(start, end) => text.get(start..end).map(lines::as_hex),
            Copied::Value(node) => Some(document.node(node).string(text).into_owned()),
            Copied::SubTree(node) => Some(document.node(node).raw(text).to_owned()),
            Copied::Key(node) => document.node(node).key_text(text).map(std::borrow::Cow::into_owned),
            Copied::Path(node) => Some(body::path(text, document, node)),
        }
    }
}

/// Whether the body can be shown as a tree.
pub fn has_tree(opened: Option<&Opened>) -> bool {
    opened.is_some_and(|opened| {
        let document = &opened.inspection.callback.document;
        document.mistake.is_none() && !document.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Exchange;
    use crate::inspect;
    use crate::protocol::Kept;
    use crate::wire::Request;

    const BODY: &str = r#"{"a":{"b":[1,"x\u0041"]},"b":144115216631667826}"#;

    fn opened(body: &[u8]) -> Opened {
        let request = Request::complete(0, "POST / HTTP/1.1\r\n\r\n", body);
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        Opened::of(Exchange { id: 1, request, response: None }, inspection, &[], true)
    }

    fn shown(body: &[u8]) -> (Body, Opened) {
        let (mut shown, mut opened) = (Body::default(), opened(body));
        shown.follow(Some(&mut opened));
        (shown, opened)
    }

    #[test]
    fn what_is_no_json_is_text_and_what_is_no_text_is_bytes() {
        let view = |body: &[u8], wanted| {
            let (mut shown, opened) = shown(body);
            shown.apply(BodyAction::ShowAs(wanted), Some(&opened));
            shown.view(Some(&opened))
        };
        for (body, views) in [
            (&b"{}"[..], [BodyView::Tree, BodyView::Text, BodyView::Hex]),
            (b"{", [BodyView::Text, BodyView::Text, BodyView::Hex]),
            (b"\xff", [BodyView::Hex, BodyView::Text, BodyView::Hex]),
        ] {
            assert_eq!(BodyView::ALL.map(|wanted| view(body, wanted)), views);
        }
    }

    #[test]
    fn values_paths_keys_and_sub_trees_are_copied_as_received() {
        let (shown, opened) = shown(BODY.as_bytes());
        for (copied, expected) in [
            (Copied::Value(4), Some("xA")),
            (Copied::SubTree(4), Some(r#""x\u0041""#)),
            (Copied::Path(4), Some("a.b[1]")),
            (Copied::Key(4), None),
            (Copied::Key(2), Some("b")),
            (Copied::SubTree(1), Some(r#"{"b":[1,"x\u0041"]}"#)),
            (Copied::Value(5), Some("144115216631667826")),
            (Copied::Line(9), Some(BODY)),
            (Copied::HexLine(2, 5), Some("61 22 3a")),
            (Copied::HexLine(2, 5_000), None),
            (Copied::Body, Some(BODY)),
            (Copied::Selected, None),
        ] {
            assert_eq!(shown.copied(copied, &opened).as_deref(), expected, "{copied:?}");
        }
    }

    #[test]
    fn selected_bytes_are_copied_as_text_or_as_hex() {
        let (mut shown, opened) = shown(b"ab\xff\ncd");
        shown.apply(BodyAction::Select(Selection { anchor: 5, head: 1 }), Some(&opened));
        assert_eq!(shown.selected(), Some(1..5));
        let mut copy = |view| {
            shown.apply(BodyAction::ShowAs(view), Some(&opened));
            shown.apply(BodyAction::Copy(Copied::Selected), Some(&opened)).1
        };
        assert_eq!(copy(BodyView::Text).as_deref(), Some("b\u{fffd}\nc"));
        assert_eq!(copy(BodyView::Hex).as_deref(), Some("62 ff 0a 63"));
        shown.apply(BodyAction::SelectAll, Some(&opened));
        assert_eq!(shown.selected(), Some(0..6));
    }

    #[test]
    fn what_is_found_and_selected_looks_different() {
        let (mut shown, opened) = shown(b"0123456789");
        shown.apply(BodyAction::Find(FindAction::Open), Some(&opened));
        shown.apply(BodyAction::Find(FindAction::Type("xx".into())), Some(&opened));
        let needle = shown.find.needle().clone();
        shown.found(&needle, Found { starts: vec![0, 5], more: false }, &opened);
        let looks = shown.looks(1..8, Some(4..9));
        assert_eq!(
            looks,
            [(1..2, Look::Current), (2..4, Look::Plain), (4..5, Look::Selected), (5..7, Look::Found), (7..8, Look::Selected)]
        );
        assert_eq!(shown.looks(3..3, None), []);
    }

    #[test]
    fn the_tree_is_walked_and_folded_by_its_selected_line() {
        let (mut shown, opened) = shown(BODY.as_bytes());
        let mut act = |action| {
            shown.apply(action, Some(&opened));
            (shown.line(), shown.tree().len())
        };
        assert_eq!(act(BodyAction::MoveLine(1)), (Some(0), 9));
        assert_eq!(act(BodyAction::MoveLine(4)), (Some(4), 9));
        assert_eq!(act(BodyAction::FoldOrLeave), (Some(2), 9), "the array around it");
        assert_eq!(act(BodyAction::FoldOrLeave), (Some(2), 6), "is folded");
        assert_eq!(act(BodyAction::Unfold), (Some(2), 9));
        assert_eq!(act(BodyAction::FoldSelected), (Some(2), 6));
        assert_eq!(act(BodyAction::MoveLine(-9)), (Some(0), 6));
        assert_eq!(act(BodyAction::MoveLine(i64::MAX)), (Some(5), 6));
    }

    #[test]
    fn a_match_that_is_folded_away_is_unfolded() {
        let (mut shown, opened) = shown(BODY.as_bytes());
        shown.apply(BodyAction::Fold(0), Some(&opened));
        shown.apply(BodyAction::Find(FindAction::Open), Some(&opened));
        shown.apply(BodyAction::Find(FindAction::Type("u0041".into())), Some(&opened));
        let needle = shown.find.needle().clone();
        let start = u32::try_from(BODY.find("u0041").expect("bug: it is there")).expect("bug: short");
        shown.found(&needle, Found { starts: vec![start], more: false }, &opened);
        assert_eq!(shown.selected_line().map(|line| line.node), Some(4));
    }
}
