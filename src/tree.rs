//! A JSON document as lines of a tree that can be folded.

use crate::protocol::json::{Document, Node};
use std::collections::BTreeSet;

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

/// Lays a document out, containers in `folded` closed.
pub fn lines(document: &Document, folded: &BTreeSet<usize>) -> Vec<TreeLine> {
    let mut lines = Vec::with_capacity(document.nodes.len() + document.nodes.len() / 4);
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(node) = document.nodes.get(at) {
        close_before(document, at, &mut open, &mut lines);
        let (part, next) = if node.children == 0 {
            (Part::Whole, at + 1)
        } else if folded.contains(&at) {
            (Part::Folded, end_of(at, node))
        } else {
            open.push(at);
            (Part::Open, at + 1)
        };
        lines.push(TreeLine { node: at, part, comma: part != Part::Open && has_next(document, at) });
        at = next;
    }
    close_before(document, document.nodes.len(), &mut open, &mut lines);
    lines
}

/// Closes the containers that end before `at`.
fn close_before(document: &Document, at: usize, open: &mut Vec<usize>, lines: &mut Vec<TreeLine>) {
    while let Some(&container) = open.last() {
        if end_of(container, &document.nodes[container]) > at {
            return;
        }
        open.pop();
        lines.push(TreeLine { node: container, part: Part::Close, comma: has_next(document, container) });
    }
}

/// Index one past everything inside a value.
fn end_of(index: usize, node: &Node) -> usize {
    index + node.descendants as usize + 1
}

/// Whether another value follows in the same container.
fn has_next(document: &Document, index: usize) -> bool {
    let node = &document.nodes[index];
    let parent = node.parent as usize;
    parent != index && end_of(index, node) < end_of(parent, &document.nodes[parent])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json;

    fn check(text: &str, folded: &[usize], expected: &str) {
        let document = json::read(text.as_bytes());
        let line = |line: &TreeLine| {
            let node = &document.nodes[line.node];
            let raw = match line.part {
                Part::Whole => node.raw(text.as_bytes()),
                Part::Open => "open",
                Part::Folded => "folded",
                Part::Close => "close",
            };
            format!("{raw}{}", if line.comma { "," } else { "" })
        };
        let lines: Vec<_> = lines(&document, &folded.iter().copied().collect()).iter().map(line).collect();
        assert_eq!(lines.join(" "), expected, "{text}");
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
    }

    #[test]
    fn what_was_read_before_a_mistake_is_laid_out() {
        check(r#"{"a":[1,2"#, &[], "open open 1, 2 close close");
    }
}
