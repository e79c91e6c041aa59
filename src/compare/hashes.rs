//! What each value of a document says and how that is written, as numbers: equal ones are not looked at again.

use super::Ignored;
use crate::protocol::json::{Document, Kind, Node, unescape};
use std::hash::{DefaultHasher, Hash, Hasher as _};

/// The hashes of a document's values: 63 bits, so that two that differ look equal by accident in no lifetime. What is short stands for
/// itself.
#[derive(Debug, Default)]
pub struct Hashes {
    said: Vec<u64>,
    written: Vec<u64>,
}

impl Hashes {
    /// Computes them, from what stands innermost outwards.
    pub fn of(text: &[u8], document: &Document, ignored: &Ignored) -> Self {
        let mut hashes = Self { said: vec![0; document.len()], written: vec![0; document.len()] };
        for at in (0..document.len()).rev() {
            let node = document.node(at);
            let (said, written) = if node.children == 0 { leaf(text, &node) } else { hashes.container(text, document, at, ignored) };
            hashes.said[at] = said;
            hashes.written[at] = written;
        }
        hashes
    }

    /// What a value says: without what is ignored, its keys in any order.
    pub fn said(&self, at: u32) -> u64 {
        self.said[at as usize]
    }

    /// How it is written, white space aside.
    pub fn written(&self, at: u32) -> u64 {
        self.written[at as usize]
    }

    fn container(&self, text: &[u8], document: &Document, at: usize, ignored: &Ignored) -> (u64, u64) {
        let kind = document.node(at).kind;
        if kind == Kind::Array {
            let list = |of: &[u64]| {
                let mut items = DefaultHasher::new();
                items.write_u64(kind as u64);
                document.children(at).for_each(|child| items.write_u64(of[child]));
                items.finish() & !SHORT
            };
            let said = list(&self.said);
            let is_written_as_said = document.children(at).all(|child| self.said[child] == self.written[child]);
            return (said, if is_written_as_said { said } else { list(&self.written) });
        }
        let (mut in_order, mut in_any_order) = (DefaultHasher::new(), 0_u64);
        in_order.write_u64(kind as u64);
        for child in document.children(at) {
            let node = document.node(child);
            in_order.write(node.key_bytes(text));
            in_order.write_u64(self.written[child]);
            if !is_ignored(text, &node, ignored) {
                in_any_order = in_any_order.wrapping_add(hash((key(text, &node), self.said[child])));
            }
        }
        (hash((kind as u8, in_any_order)), in_order.finish() & !SHORT)
    }
}

fn leaf(text: &[u8], node: &Node) -> (u64, u64) {
    let raw = node.bytes(text);
    match node.kind {
        // However it is spaced, there is nothing in it.
        Kind::Object | Kind::Array => (number(node.kind, b""), number(node.kind, b"")),
        Kind::String => {
            let inside = &raw[1..raw.len() - 1];
            let written = number(node.kind, inside);
            (if inside.contains(&b'\\') { number(node.kind, node.string(text).as_bytes()) } else { written }, written)
        }
        Kind::Number | Kind::Bool | Kind::Null => {
            let said = number(node.kind, raw);
            (said, said)
        }
    }
}

/// Set in the number of a short value, and of no other.
const SHORT: u64 = 1 << 63;

/// The number of a value that says this: of up to seven bytes they themselves, since a body may be millions of those, of more a hash.
fn number(kind: Kind, says: &[u8]) -> u64 {
    if says.len() > 7 {
        return hash((kind as u8, says));
    }
    let bytes = says.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    SHORT | (kind as u64) << 59 | (says.len() as u64) << 56 | bytes
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish() & !SHORT
}

/// A key by what it says.
pub fn key<'t>(text: &'t [u8], node: &Node) -> std::borrow::Cow<'t, str> {
    unescape(std::str::from_utf8(node.key_bytes(text)).unwrap_or_default())
}

/// Whether a value stands under a key that is ignored.
pub fn is_ignored(text: &[u8], node: &Node, ignored: &Ignored) -> bool {
    !ignored.is_empty() && node.has_name() && ignored.has(&key(text, node))
}
