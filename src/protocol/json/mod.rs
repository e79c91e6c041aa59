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
/// A value takes 8 bytes here, a container that holds something 24: a body of megabytes may have a million of them.
/// Where they are so many that they would take several times the memory of their text, the rest is read for its
/// mistakes but not kept, except for what stands directly in an outermost object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// All values in the order of the text, parents before children.
    nodes: Vec<Packed>,
    /// Of the containers that hold something, in the order in which they end.
    held: Vec<Held>,
    /// Those that are too long to be packed, or have too long a key, in the order of their nodes.
    long: Vec<Long>,
    /// Where the first value starts that was not kept, because they were too many.
    cut: Option<u32>,
    /// Where and why reading stopped, if it did.
    pub mistake: Option<Mistake>,
}

/// A node as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Packed {
    start: u32,
    /// Whether it holds something (1 bit), its kind (3); of one that does its place in the list of those (28); of any other its
    /// depth (8), the distance from its key (7), its length (13).
    bits: u32,
}

/// What a container holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    end: u32,
    descendants: u32,
    children: u32,
    /// Its depth (8 bits), the distance from its key (24).
    bits: u32,
}

/// A node whose text is long. Such ones are few beside their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Long {
    node: u32,
    /// Where its key opens.
    key: u32,
    /// One past its last byte; of a container that holds something, that is in the list of those.
    end: u32,
}

const KINDS: [Kind; 6] = [Kind::Object, Kind::Array, Kind::String, Kind::Number, Kind::Bool, Kind::Null];
const HOLDS: u32 = 1;
const KIND_AT: u32 = 1;
const HELD_AT: u32 = 4;
const DEPTH_AT: u32 = 4;
const GAP_AT: u32 = 12;
const LENGTH_AT: u32 = 19;
const HELD_GAP_AT: u32 = 8;

/// A distance from the key that says that the node is in the list of long ones.
const LONG_GAP: u32 = (1 << (LENGTH_AT - GAP_AT)) - 1;

/// The longest value that is packed, in bytes.
const LONGEST: u32 = (1 << (u32::BITS - LENGTH_AT)) - 1;

/// As [`LONG_GAP`], of a container that holds something.
const LONG_HELD_GAP: u32 = (1 << (u32::BITS - HELD_GAP_AT)) - 1;

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
        let (Packed { start, bits }, kind) = (self.nodes[index], self.kind(index));
        if let Some(Held { end, descendants, children, bits }) = self.held(index) {
            let key = match bits >> HELD_GAP_AT {
                LONG_HELD_GAP => self.long(index).key,
                gap => start - gap,
            };
            return Node { kind, start, end, key, descendants, children, depth: bits & 0xff };
        }
        let (key, end) = match bits >> GAP_AT & LONG_GAP {
            LONG_GAP => (self.long(index).key, self.long(index).end),
            gap => (start - gap, start + (bits >> LENGTH_AT)),
        };
        Node { kind, start, end, key, descendants: 0, children: 0, depth: bits >> DEPTH_AT & 0xff }
    }

    fn kind(&self, index: usize) -> Kind {
        KINDS[(self.nodes[index].bits >> KIND_AT & 7) as usize]
    }

    /// What a container holds; `None` where it holds nothing.
    fn held(&self, index: usize) -> Option<Held> {
        let bits = self.nodes[index].bits;
        (bits & HOLDS != 0).then(|| self.held[(bits >> HELD_AT) as usize])
    }

    fn long(&self, index: usize) -> &Long {
        let at = self.long.binary_search_by_key(&index, |long| long.node as usize);
        &self.long[at.expect("bug: a node that is said to be long is among those")]
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
        index + 1 + self.held(index).map_or(0, |held| held.descendants as usize)
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
    fn keys_and_values_of_any_length_are_found_again() {
        // Around what is packed, of leaves and of containers.
        for length in [1, 122, 123, 124, 125, 8_188, 8_189, 8_190, 8_191, 8_192] {
            let x = "x".repeat(length);
            let text = format!(r#"{{"{x}":1,"v":"{x}","{x}":"{x}","{x}":[2,{{"{x}":[]}}],"e":[{0}],"last":3}}"#, " ".repeat(length));
            let document = read(text.as_bytes());
            let node = |at: usize| document.node(at);
            let keys = (0..document.len()).map(|at| node(at).key_text(text.as_bytes()).map(|key| key.len()));
            let long = Some(length);
            assert_eq!(keys.collect::<Vec<_>>(), [None, long, Some(1), long, long, None, None, long, Some(1), Some(4)], "{length}");
            let lengths = (0..document.len()).map(|at| node(at).bytes(text.as_bytes()).len());
            let inner = length + 7;
            assert_eq!(
                lengths.collect::<Vec<_>>(),
                [text.len(), 1, length + 2, length + 2, inner + 4, 1, inner, 2, length + 2, 1],
                "{length}"
            );
            assert_eq!([0, 1, 4, 6, 7].map(|at| node(at).depth), [0, 1, 1, 2, 3]);
        }
        for length in [16_777_211, 16_777_212, 16_777_213] {
            let text = format!(r#"{{"{}":[1]}}"#, "x".repeat(length));
            assert_eq!(read(text.as_bytes()).node(1).key_bytes(text.as_bytes()).len(), length + 2);
        }
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
