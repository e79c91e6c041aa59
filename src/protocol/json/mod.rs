//! JSON as it was written: a flat list of nodes, each with its place in the text.
//!
//! `serde_json` keeps neither the digits of large numbers nor duplicate keys nor byte positions, and stops at
//! the first mistake without its surroundings. Here nothing is converted: a node is a span of the source.
//! Reading never recurses, is linear in the text, and what came before a mistake is kept.

mod escape;
mod reader;

pub use escape::{undo_escapes, unescape};
pub use reader::{read, read_all};
use std::borrow::Cow;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// `-1.50e3`, its digits as written
    Number,
    /// `true` or `false`
    Bool,
    /// `null`
    Null,
}

/// One value and where it stands. Positions are byte offsets into the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where the value starts.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Where the quotes of the key before it open; the start of the value where the parent is no object.
    key: u32,
    /// How many nodes follow that stand inside it, at any depth.
    pub descendants: u32,
    /// How many values stand directly in it.
    pub children: u32,
    /// How many containers enclose it: 255 for that many and more.
    pub depth: u32,
}

/// A text read as JSON.
///
/// A value takes 12 bytes here, a container that holds something 24: a body of megabytes may have a million of them.
/// Where they are so many that they would take several times the memory of their text, the rest is read for its
/// mistakes but not kept, except for what stands directly in an outermost object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// All values in the order of the text, parents before children.
    nodes: Vec<Packed>,
    /// Of the containers that hold something, in the order in which they end.
    held: Vec<Held>,
    /// Where the keys open that are too long for a packed distance, by their nodes.
    long_keys: Vec<(u32, u32)>,
    /// Where the first value starts that was not kept, because they were too many.
    cut: Option<u32>,
    /// Where and why reading stopped, if it did.
    pub mistake: Option<Mistake>,
}

/// A node as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Packed {
    start: u32,
    /// One past its last byte; of a container that holds something, its place in the list of those.
    end: u32,
    /// Kind (3 bits), whether it holds something (1), depth (8), distance from the key (20).
    bits: u32,
}

/// What a container holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    end: u32,
    descendants: u32,
    children: u32,
}

const KINDS: [Kind; 6] = [Kind::Object, Kind::Array, Kind::String, Kind::Number, Kind::Bool, Kind::Null];
const HOLDS: u32 = 1 << 3;
const DEPTH_AT: u32 = 4;
const GAP_AT: u32 = 12;

/// A distance from the key that is noted elsewhere.
const LONG_GAP: u32 = (1 << 20) - 1;

/// Where a text stops being JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Byte offset into the text.
    pub offset: usize,
    /// What would have been right there.
    pub expected: Expected,
}

/// What would have been right at the place of a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Any value.
    Value,
    /// A key in double quotes, or the end of the object.
    Key,
    /// `:` after a key.
    Colon,
    /// `,` or the end of the object or array.
    CommaOrEnd,
    /// The closing `"` of a string, without a control character before it.
    EndOfString,
    /// One of the escapes that JSON knows.
    Escape,
    /// A digit.
    Digit,
    /// Nothing more after the value.
    EndOfText,
    /// UTF-8.
    Utf8,
}

impl Document {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no value at all.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The value of this index.
    pub fn node(&self, index: usize) -> Node {
        let Packed { start, end, bits } = self.nodes[index];
        let gap = match bits >> GAP_AT {
            LONG_GAP => {
                self.long_keys.binary_search_by_key(&index, |(node, _)| *node as usize).map_or(0, |at| start - self.long_keys[at].1)
            }
            gap => gap,
        };
        let Held { end, descendants, children } =
            if bits & HOLDS == 0 { Held { end, descendants: 0, children: 0 } } else { self.held[end as usize] };
        Node { kind: KINDS[(bits & 7) as usize], start, end, key: start - gap, descendants, children, depth: bits >> DEPTH_AT & 0xff }
    }

    fn kind(&self, index: u32) -> Kind {
        KINDS[(self.nodes[index as usize].bits & 7) as usize]
    }

    /// All values in the order of the text.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        (0..self.len()).map(|index| self.node(index))
    }

    /// The outermost value.
    pub fn root(&self) -> Option<Node> {
        (!self.is_empty()).then(|| self.node(0))
    }

    /// Index one past everything inside a value.
    pub fn end_of(&self, index: usize) -> usize {
        let Packed { end, bits, .. } = self.nodes[index];
        index + 1 + if bits & HOLDS == 0 { 0 } else { self.held[end as usize].descendants as usize }
    }

    /// The value at a byte, the innermost; before the first one, none. What stands between two values belongs to the one
    /// before it.
    pub fn at(&self, byte: usize) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.node(middle).key_start() <= byte {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }

    /// The container that a value stands in.
    pub fn parent(&self, index: usize) -> Option<usize> {
        (0..index).rev().find(|at| self.end_of(*at) > index)
    }

    /// Whether a container holds more than was kept of it.
    pub fn is_cut(&self, index: usize) -> bool {
        let node = self.node(index);
        self.cut.is_some_and(|cut| node.children > 0 && node.end > cut && (node.start < cut || node.descendants == 0))
    }

    /// The values directly inside a container, by their indices.
    pub fn children(&self, parent: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = parent + 1;
        let end = if parent < self.len() { self.end_of(parent) } else { 0 };
        std::iter::from_fn(move || {
            let here = (at < end).then_some(at)?;
            at = self.end_of(here);
            Some(here)
        })
    }

    /// The last value under `key` in an object, as most readers would take it.
    pub fn get(&self, text: &[u8], parent: usize, key: &str) -> Option<usize> {
        self.children(parent).filter(|&child| self.node(child).has_key(text, key)).last()
    }

    /// The text of the string under `key` of the outermost object.
    pub fn top_string<'t>(&self, text: &'t [u8], key: &str) -> Option<Cow<'t, str>> {
        let node = self.node(self.get(text, 0, key)?);
        (node.kind == Kind::String).then(|| node.string(text))
    }

    /// The whole number under `key` of an object, written as a number or as text: the documents do both.
    pub fn whole_number(&self, text: &[u8], parent: usize, key: &str) -> Option<u64> {
        let node = self.node(self.get(text, parent, key)?);
        if matches!(node.kind, Kind::String | Kind::Number) { node.string(text).parse().ok() } else { None }
    }
}

impl Node {
    /// The value as written.
    pub fn raw<'t>(&self, text: &'t [u8]) -> &'t str {
        span(text, self.start, self.end)
    }

    /// The bytes of the value. Cheaper than its text, however long it is.
    pub fn bytes<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// Whether it has a key.
    pub fn has_name(&self) -> bool {
        self.key != self.start
    }

    /// The bytes of its key as written, quotes included; empty where it has none.
    pub fn key_bytes<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let before = text.get(self.key as usize..self.start as usize).unwrap_or_default().trim_ascii_end();
        before.strip_suffix(b":").unwrap_or(before).trim_ascii_end()
    }

    /// Where its key opens; where the value starts, if it has none.
    pub fn key_start(&self) -> usize {
        self.key as usize
    }

    /// Its key, escapes undone; `None` where the parent is no object.
    pub fn key_text<'t>(&self, text: &'t [u8]) -> Option<Cow<'t, str>> {
        self.has_name().then(|| unescape(std::str::from_utf8(self.key_bytes(text)).unwrap_or_default()))
    }

    /// Whether its key is this one, escapes undone.
    pub fn has_key(&self, text: &[u8], key: &str) -> bool {
        if !self.has_name() {
            return false;
        }
        let quoted = self.key_bytes(text);
        let [b'"', written @ .., b'"'] = quoted else { return false };
        // Undoing escapes makes a key shorter, never longer.
        written == key.as_bytes()
            || (written.len() > key.len() && written.contains(&b'\\') && self.key_text(text).is_some_and(|text| text == key))
    }

    /// A string's text, escapes undone; any other value as written.
    pub fn string<'t>(&self, text: &'t [u8]) -> Cow<'t, str> {
        if self.kind == Kind::String { unescape(self.raw(text)) } else { Cow::Borrowed(self.raw(text)) }
    }

    /// Whether other values can stand in it.
    pub fn is_container(&self) -> bool {
        matches!(self.kind, Kind::Object | Kind::Array)
    }
}

fn span(text: &[u8], start: u32, end: u32) -> &str {
    std::str::from_utf8(text.get(start as usize..end as usize).unwrap_or_default()).unwrap_or_default()
}

/// Line and column of a byte offset, both from 1; columns count characters.
#[expect(clippy::naive_bytecount, reason = "asked once for a body that is no JSON")]
pub fn line_and_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
    (line, String::from_utf8_lossy(&before[line_start..]).chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_whatever_its_escapes() {
        let text = br#"{"a":1,"\u0061":2,"ab":3}"#;
        let document = read(text);
        assert_eq!(document.get(text, 0, "a").map(|node| document.node(node).raw(text)), Some("2"));
        assert_eq!(document.get(text, 0, "ab").map(|node| document.node(node).raw(text)), Some("3"));
        assert_eq!(document.get(text, 0, "abc"), None);
    }

    #[test]
    fn a_key_may_be_longer_than_a_packed_distance() {
        let key = "k".repeat(2_000_000);
        let text = format!("{{\"{key}\" : 1,\"b\" :\n2}}");
        let document = read(text.as_bytes());
        assert_eq!(document.node(1).key_text(text.as_bytes()).as_deref(), Some(key.as_str()));
        assert_eq!((document.node(2).key_bytes(text.as_bytes()), document.node(2).raw(text.as_bytes())), (&b"\"b\""[..], "2"));
    }

    #[test]
    fn children_are_walked_and_looked_up() {
        let text = br#"{"a":{"b":1,"c":[2,3]},"d":4,"d":5}"#;
        let document = read(text);
        let keys: Vec<_> = document.children(0).filter_map(|i| document.node(i).key_text(text)).collect();
        assert_eq!(keys, ["a", "d", "d"]);
        let last = document.get(text, 0, "d").expect("bug: d is there");
        assert_eq!(document.node(last).raw(text), "5");
    }

    #[test]
    fn values_are_found_by_their_bytes_and_know_their_container() {
        let text = br#" {"a":{"b":1},"c":[2]}"#;
        let document = read(text);
        assert_eq!(
            [0, 1, 3, 5, 8, 11, 14, 22].map(|byte| document.at(byte)),
            [None, Some(0), Some(1), Some(1), Some(2), Some(2), Some(3), Some(4)]
        );
        assert_eq!([0, 1, 2, 3, 4].map(|node| document.parent(node)), [None, Some(0), Some(1), Some(0), Some(3)]);
    }

    #[test]
    fn escapes_are_undone() {
        for (quoted, plain) in [
            (r#""a\"b\\\n\/""#, "a\"b\\\n/"),
            (r#""\u7ea2\u5305""#, "红包"),
            (r#""\ud83c\udf81""#, "🎁"),
            (r#""\ud83c!""#, "\u{FFFD}!"),
            (r#""\udf81\u0041""#, "\u{FFFD}A"),
        ] {
            assert_eq!(unescape(quoted), plain);
        }
    }

    #[test]
    fn a_place_is_named_by_line_and_column() {
        assert_eq!(line_and_column("a\n红x".as_bytes(), 5), (2, 2));
        assert_eq!(line_and_column(b"", 0), (1, 1));
    }
}
