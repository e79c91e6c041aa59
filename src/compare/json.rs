//! JSON opposite JSON: what was found, and how its lines read.

use super::line::{self, Ink, Line, Piece};
use super::walk;
use super::{Change, Frame, Hand, Ignored, Unit};
use crate::protocol::json::{self, Document, Kind, Node};
use crate::tree::{Part, Tree};
use crate::wording;
use std::fmt::Write as _;
use std::ops::Range;

/// The most of a key that a path shows, in characters.
const MOST_OF_KEY: usize = 200;

/// The lines of so many values are counted one by one; of more it is looked up on which lines they begin and end.
const FEW: usize = 32;

/// A text and what is read of it.
#[derive(Debug, Clone, Default)]
pub struct Text {
    pub bytes: Vec<u8>,
    pub document: Document,
    tree: Tree,
}

impl Text {
    /// Reads a text; gives it back where it is no JSON. Nothing at all is a text without a value.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Vec<u8>> {
        let document = if bytes.is_empty() { Document::default() } else { json::read_all(&bytes) };
        if document.mistake.is_some() {
            return Err(bytes);
        }
        Ok(Self { bytes, tree: Tree::unfolded(&document), document })
    }

    pub fn node(&self, at: u32) -> Node {
        self.document.node(at as usize)
    }

    /// A value with all that it holds.
    pub fn whole(&self, at: u32) -> Range<u32> {
        at..as_u32(self.document.end_of(at as usize))
    }

    pub fn raw(&self, at: u32) -> &[u8] {
        self.node(at).bytes(&self.bytes)
    }

    /// The values directly in a container.
    pub fn children(&self, at: u32) -> Vec<u32> {
        let mut children = Vec::with_capacity(self.node(at).children as usize);
        children.extend(self.document.children(at as usize).map(as_u32));
        children
    }

    /// How many lines values take that stand beside each other.
    pub fn lines(&self, values: &Range<u32>) -> u32 {
        if values.len() > FEW {
            return as_u32(self.rows(values).len());
        }
        // What holds something has its closing bracket on a line of its own.
        let holds = |at: &u32| self.document.end_of(*at as usize) > *at as usize + 1;
        as_u32(values.len() + values.clone().filter(holds).count())
    }

    fn rows(&self, values: &Range<u32>) -> Range<usize> {
        self.tree.rows_of(&self.document, values.start as usize..values.end as usize)
    }
}

/// Two texts opposite each other: the bodies, or the JSON inside two strings.
pub type Level = [Text; 2];

/// What an item shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Values that stand beside each other, all of them.
    Values,
    /// The opening bracket of two containers that differ in something.
    Open,
    /// Their closing bracket.
    Close,
    /// Two strings with JSON in them, which follows.
    Opened,
}

/// Something on the left, on the right, or on both: values by their indices.
#[derive(Debug, Clone)]
pub struct Item {
    pub change: Change,
    pub shape: Shape,
    pub level: u32,
    pub depth: u16,
    /// On the left and on the right; empty where there is nothing.
    pub values: [Range<u32>; 2],
    /// Its number in an array, from 1; 0 where it has none.
    pub number: u32,
    /// How many bytes of two values that differ are the same at their beginning.
    pub same: u32,
    /// Of a bracket, whether something between it and the other one differs.
    pub holds_differences: bool,
}

/// Two JSON texts, compared.
#[derive(Debug, Clone, Default)]
pub struct JsonDiff {
    pub levels: Vec<Level>,
    pub items: Vec<Item>,
}

/// Compares two texts. Gives them back where one of them is no JSON.
pub fn compare(left: Vec<u8>, right: Vec<u8>, ignored: &Ignored) -> Result<JsonDiff, (Vec<u8>, Vec<u8>)> {
    match (Text::read(left), Text::read(right)) {
        (Ok(left), Ok(right)) => Ok(walk::walk([left, right], ignored)),
        (left, right) => {
            let bytes = |text: Result<Text, Vec<u8>>| text.map_or_else(|bytes| bytes, |text| text.bytes);
            Err((bytes(left), bytes(right)))
        }
    }
}

impl JsonDiff {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn unit(&self, at: usize) -> Unit {
        let Item { change, shape, holds_differences, .. } = self.items[at];
        let lines = [Hand::Left, Hand::Right].map(|hand| self.lines(at, hand));
        let frame = match (shape, holds_differences) {
            (Shape::Values, _) => Frame::None,
            (Shape::Open | Shape::Close | Shape::Opened, false) => Frame::OfSame,
            (Shape::Open | Shape::Close | Shape::Opened, true) => Frame::OfDifferences,
        };
        Unit { change, lines, frame }
    }

    /// How many lines an item has on a side.
    fn lines(&self, at: usize, hand: Hand) -> u32 {
        let Item { shape, level, values, .. } = &self.items[at];
        if *shape == Shape::Values { self.levels[*level as usize][hand as usize].lines(&values[hand as usize]) } else { 1 }
    }

    pub fn line(&self, at: usize, hand: Hand, line: u32) -> Option<Line> {
        let item = &self.items[at];
        if line >= self.lines(at, hand) {
            return None;
        }
        let (text, values) = (&self.levels[item.level as usize][hand as usize], &item.values[hand as usize]);
        let depth = u32::from(item.depth);
        let first = text.node(values.start);
        let (start, end) = line::brackets(first.kind);
        Some(match item.shape {
            Shape::Open => Line { depth, pieces: keyed(text, &first, [Piece::plain(start, Ink::Mark)]) },
            Shape::Close => Line { depth, pieces: vec![Piece::plain(end, Ink::Mark)] },
            Shape::Opened => Line { depth, pieces: keyed(text, &first, [Piece::plain(line::INSIDE, Ink::Mark)]) },
            Shape::Values if values.len() == 1 => Line { depth, pieces: keyed(text, &first, self.single(item, hand)) },
            Shape::Values => {
                let row = text.rows(values).start + line as usize;
                let tree_line = text.tree.line(row)?;
                let node = text.document.node(tree_line.node);
                let (start, end) = line::brackets(node.kind);
                let pieces = match tree_line.part {
                    Part::Open => keyed(text, &node, [Piece::plain(start, Ink::Mark)]),
                    Part::Close => vec![Piece::plain(end, Ink::Mark)],
                    Part::Whole | Part::Folded => keyed(text, &node, line::value(node.bytes(&text.bytes), 0, Ink::Value(node.kind))),
                };
                Line { depth: depth + node.depth - first.depth, pieces }
            }
        })
    }

    /// The key of a value, where it is a single one.
    pub fn name(&self, at: usize) -> Option<String> {
        let item = &self.items[at];
        let hand = usize::from(!item.values[1].is_empty());
        let text = &self.levels[item.level as usize][hand];
        let is_single = text.whole(item.values[hand].start) == item.values[hand] && item.shape == Shape::Values;
        let node = text.node(item.values[hand].start);
        is_single.then(|| node.key_text(&text.bytes)).flatten().map(std::borrow::Cow::into_owned)
    }

    /// The values of an item as they were received.
    pub fn value(&self, at: usize, hand: Hand) -> Option<String> {
        let item = &self.items[at];
        let (text, values) = (&self.levels[item.level as usize][hand as usize], &item.values[hand as usize]);
        let whole = if item.shape == Shape::Values { values.clone() } else { text.whole(values.start) };
        let (first, last) = (text.node(whole.start), text.node(whole.clone().next_back()?));
        // What stands last may be inside of what ends behind it.
        let end = if text.whole(whole.start) == whole { first.end } else { last.end };
        text.bytes.get(first.start as usize..end as usize).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// A single value: where it differs from the one opposite is marked.
    fn single(&self, item: &Item, hand: Hand) -> Vec<Piece> {
        let [own, other] = [hand, hand.other()].map(|hand| (&self.levels[item.level as usize][hand as usize], &item.values[hand as usize]));
        let node = own.0.node(own.1.start);
        let raw = node.bytes(&own.0.bytes);
        let opposite = (item.change == Change::Changed && other.1.len() == 1).then(|| other.0.node(other.1.start));
        match opposite.filter(|opposite| opposite.kind == Kind::String && node.kind == Kind::String) {
            Some(opposite) => line::differing(raw, opposite.bytes(&other.0.bytes), item.same as usize, Ink::Value(node.kind)),
            None => line::value(raw, 0, Ink::Value(node.kind)),
        }
    }
}

/// Where each item stands, in the form of the fields' paths: `MsgBody[0].MsgContent.Text`, `CloudCustomData→client`.
#[derive(Default)]
pub struct Paths {
    path: String,
    /// How long the path is around what is open.
    around: Vec<usize>,
}

impl Paths {
    /// The path of the next item.
    pub fn next(&mut self, diff: &JsonDiff, item: &Item) -> &str {
        let depth = usize::from(item.depth);
        self.around.truncate(depth + 1);
        self.path.truncate(self.around.last().copied().unwrap_or(0));
        if item.shape == Shape::Close {
            return &self.path;
        }
        let hand = usize::from(!item.values[1].is_empty());
        let text = &diff.levels[item.level as usize][hand];
        let node = text.node(item.values[hand].start);
        if let Some(key) = node.key_text(&text.bytes) {
            if !self.path.is_empty() && !self.path.ends_with(line::INSIDE) {
                self.path.push('.');
            }
            self.path.push_str(&wording::shortened(&key, MOST_OF_KEY));
        } else if item.number > 0 {
            write!(self.path, "[{}]", item.number - 1).expect("bug: writing to a String cannot fail");
        }
        if item.shape == Shape::Opened {
            self.path.push_str(line::INSIDE);
        }
        self.around.resize(depth + 1, 0);
        self.around.push(self.path.len());
        &self.path
    }
}

/// A value's pieces behind its key.
fn keyed(text: &Text, node: &Node, value: impl IntoIterator<Item = Piece>) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(5);
    if node.has_name() {
        pieces.extend(line::value(node.key_bytes(&text.bytes), 0, Ink::Key));
        pieces.push(Piece::plain(": ", Ink::Mark));
    }
    pieces.extend(value);
    pieces
}

#[expect(clippy::cast_possible_truncation, reason = "bodies are limited far below 4 GiB")]
pub fn as_u32(at: usize) -> u32 {
    at as u32
}
