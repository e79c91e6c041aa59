//! A JSON document as lines of a tree that can be folded.
//!
//! A line takes four bytes, and folding changes only the lines that it hides or brings back: a tree may have a million.

use crate::protocol::json::Document;
use std::ops::Range;

/// A document of more values than this opens with what is nested as deep as [`OPEN_DEPTH`] folded.
const OPEN_WHOLE: usize = 10_000;

/// How deep a large document opens.
const OPEN_DEPTH: u32 = 1;

/// One line of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeLine {
    /// Index of the value in the document.
    pub node: usize,
    /// What of it stands on the line.
    pub part: Part,
    /// Whether a comma follows.
    pub comma: bool,
}

/// What of a value stands on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it: a leaf, or an empty container.
    Whole,
    /// A container's opening bracket.
    Open,
    /// A container with everything in it folded away.
    Folded,
    /// A container's closing bracket.
    Close,
}

/// A document laid out, some of its containers folded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// Each line: twice the bits for its part, and the index of its value above them.
    lines: Vec<u32>,
}

const PARTS: [Part; 4] = [Part::Whole, Part::Open, Part::Folded, Part::Close];

impl Tree {
    /// Lays a document out: all of it unfolded, or its first levels where it is large.
    pub fn of(document: &Document) -> Self {
        let is_small = document.len() <= OPEN_WHOLE;
        Self { lines: lay_out(document, 0..document.len(), |at| is_small || document.node(at).depth < OPEN_DEPTH) }
    }

    /// Lays a document out with all of it unfolded.
    pub fn unfolded(document: &Document) -> Self {
        Self { lines: lay_out(document, 0..document.len(), |_| true) }
    }

    /// The lines of values that stand beside each other in one container, from the first one's to before that of `end`. None
    /// of them is folded away.
    pub fn rows_of(&self, document: &Document, values: Range<usize>) -> Range<usize> {
        let start = self.rows_before(document, values.start);
        let mut end = self.rows_before(document, values.end);
        // Where they are the last ones, the brackets of what they stand in close in the same place.
        let is_around = |row: &usize| matches!(read(self.lines[*row]), (node, Part::Close) if node < values.start);
        while end.checked_sub(1).as_ref().is_some_and(is_around) {
            end -= 1;
        }
        start..end.max(start)
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A line, counted from the top.
    pub fn line(&self, row: usize) -> Option<TreeLine> {
        let (node, part) = read(*self.lines.get(row)?);
        let ends = self.lines.get(row + 1).is_none_or(|next| read(*next).1 == Part::Close);
        Some(TreeLine { node, part, comma: part != Part::Open && !ends })
    }

    /// The line that a value begins on, unless it is folded away.
    pub fn row_of(&self, document: &Document, node: usize) -> Option<usize> {
        let row = self.rows_before(document, node);
        self.lines.get(row).is_some_and(|line| read(*line).0 == node).then_some(row)
    }

    /// Folds a container, or unfolds it. What it holds comes back folded.
    pub fn toggle(&mut self, document: &Document, node: usize) {
        let Some(row) = self.row_of(document, node) else { return };
        match read(self.lines[row]).1 {
            Part::Open => {
                let end = self.rows_before(document, document.end_of(node));
                // Containers around it may end in the same place: its own end is the first of its kind.
                let close = written(node, Part::Close);
                let own = (row..end).rev().find(|row| self.lines[*row] == close).unwrap_or(row);
                self.lines.splice(row..=own, [written(node, Part::Folded)]);
                // What was folded away may have been a million lines.
                self.lines.shrink_to_fit();
            }
            Part::Folded => self.unfold(document, row, |at| at == node),
            Part::Whole | Part::Close => {}
        }
    }

    /// Unfolds what a value is folded away in, and says on which line it begins then.
    pub fn reveal(&mut self, document: &Document, node: usize) -> Option<usize> {
        if self.row_of(document, node).is_none() {
            // The nearest line before it is that of the container that hides it.
            let row = self.rows_before(document, node).checked_sub(1)?;
            self.unfold(document, row, |at| at < node && node < document.end_of(at));
        }
        self.row_of(document, node)
    }

    fn unfold(&mut self, document: &Document, row: usize, is_open: impl Fn(usize) -> bool) {
        let node = read(self.lines[row]).0;
        if document.end_of(node) > node + 1 {
            self.lines.splice(row..=row, lay_out(document, node..document.end_of(node), is_open));
        }
    }

    /// How many lines stand before that of a value: those of the values before it, and the brackets that close before it.
    fn rows_before(&self, document: &Document, node: usize) -> usize {
        self.lines.partition_point(|line| match read(*line) {
            (at, Part::Close) => document.end_of(at) <= node,
            (at, Part::Whole | Part::Open | Part::Folded) => at < node,
        })
    }
}

fn read(line: u32) -> (usize, Part) {
    (line as usize >> 2, PARTS[line as usize & 3])
}

#[expect(clippy::cast_possible_truncation, reason = "a document of 4 GiB would have fewer than 2^30 values that are kept")]
fn written(node: usize, part: Part) -> u32 {
    (node as u32) << 2 | part as u32
}

/// The lines of these values, and of the brackets that close behind them.
fn lay_out(document: &Document, values: Range<usize>, is_open: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut lines = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut at = values.start;
    while at < values.end {
        let end = document.end_of(at);
        let part = match document.node(at).children {
            0 => Part::Whole,
            _ if end > at + 1 && is_open(at) => Part::Open,
            _ => Part::Folded,
        };
        lines.push(written(at, part));
        at = if part == Part::Open {
            open.push((at, end));
            at + 1
        } else {
            end
        };
        while let Some((container, _)) = open.pop_if(|(_, end)| *end <= at) {
            lines.push(written(container, Part::Close));
        }
    }
    lines.shrink_to_fit();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json;

    fn shown(text: &str, document: &Document, tree: &Tree) -> String {
        let line = |line: TreeLine| {
            let raw = match line.part {
                Part::Whole => document.node(line.node).raw(text.as_bytes()),
                Part::Open => "open",
                Part::Folded => "folded",
                Part::Close => "close",
            };
            format!("{raw}{}", if line.comma { "," } else { "" })
        };
        (0..tree.len()).filter_map(|row| tree.line(row)).map(line).collect::<Vec<_>>().join(" ")
    }

    fn check(text: &str, toggled: &[usize], expected: &str) {
        let document = json::read(text.as_bytes());
        let mut tree = Tree::of(&document);
        for node in toggled {
            tree.toggle(&document, *node);
        }
        assert_eq!(shown(text, &document, &tree), expected, "{text}");
    }

    #[test]
    fn containers_open_and_close() {
        check(r#"{"a":1,"b":[2,{}],"c":{"d":[]}}"#, &[], "open 1, open 2, {} close, open [] close close");
        check("7", &[], "7");
        check("", &[], "");
    }

    #[test]
    fn what_is_folded_is_one_line() {
        check(r#"{"a":[1,2],"b":3}"#, &[1], "open folded, 3 close");
        check(r#"{"a":[1,2],"b":3}"#, &[0], "folded");
        check("[[[1]]]", &[2], "open open folded close close");
        check("[[[1]]]", &[1], "open folded close");
    }

    #[test]
    fn what_is_unfolded_again_shows_its_values_folded() {
        check(r#"{"a":[1,[2]],"b":3}"#, &[1, 1], "open open 1, folded close, 3 close");
        check("[[[1]]]", &[1, 1, 2], "open open open 1 close close close");
        check("[[1],[2]]", &[3, 3, 1], "open folded, open 2 close close");
    }

    #[test]
    fn a_value_that_is_folded_away_is_revealed() {
        let text = r#"{"a":[1,[2,[3]],[4]],"b":5}"#;
        let document = json::read(text.as_bytes());
        let mut tree = Tree::of(&document);
        tree.toggle(&document, 0);
        assert_eq!(tree.row_of(&document, 6), None);
        assert_eq!(tree.reveal(&document, 6), Some(6));
        assert_eq!(shown(text, &document, &tree), "open open 1, open 2, open 3 close close, folded close, 5 close");
        assert_eq!(tree.reveal(&document, 9), Some(11));
        assert_eq!(Tree::default().reveal(&document, 3), None);
    }

    #[test]
    fn a_large_document_opens_to_its_first_levels() {
        let text = format!("[{}[[1]]]", r#"{"a":{"b":[1]}},"#.repeat(5_000));
        let document = json::read(text.as_bytes());
        let tree = Tree::of(&document);
        assert_eq!(tree.len(), 2 + 5_000 + 1);
        assert_eq!(tree.line(1), Some(TreeLine { node: 1, part: Part::Folded, comma: true }));
    }

    #[test]
    fn the_lines_of_some_values_are_theirs_alone() {
        let document = json::read(br#"{"a":[1,[2,3]],"b":{},"c":[[4]]}"#);
        let tree = Tree::unfolded(&document);
        let check = |values, rows| assert_eq!(tree.rows_of(&document, values), rows);
        check(0..document.len(), 0..15);
        check(1..6, 1..8);
        check(3..6, 3..7);
        check(4..5, 4..5);
        check(6..7, 8..9);
        check(7..10, 9..14);
        check(8..10, 10..13);
        check(9..10, 11..12);
    }

    #[test]
    fn what_was_read_before_a_mistake_is_laid_out() {
        check(r#"{"a":[1,2"#, &[], "open open 1, 2 close close");
    }

    #[test]
    fn what_was_not_kept_stays_folded() {
        let text = format!("{{\"a\":[{}2],\"b\":[3]}}", "1,".repeat(300_000));
        let document = json::read(text.as_bytes());
        let mut tree = Tree::of(&document);
        let last = document.get(text.as_bytes(), 0, "b").expect("bug: b is there");
        tree.toggle(&document, last);
        let row = tree.row_of(&document, last).expect("bug: b has a line");
        assert_eq!(tree.line(row), Some(TreeLine { node: last, part: Part::Folded, comma: false }));
    }
}
