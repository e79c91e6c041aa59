//! What each value of a document says and how that is written, as numbers: equal ones are not looked at again.

use super::Ignored;
use crate::protocol::json::{Document, Kind, Node, unescape};
use std::hash::{DefaultHasher, Hash, Hasher as _};

/// The hashes of a document's values. They are keyed and 64 bits wide: nobody makes two bodies look equal by trying.
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
        let (mut in_order, mut in_any_order) = (DefaultHasher::new(), 0_u64);
        let mut items = DefaultHasher::new();
        for child in document.children(at) {
            let node = document.node(child);
            in_order.write(node.key_bytes(text));
            in_order.write_u64(self.written[child]);
            if kind == Kind::Array {
                items.write_u64(self.said[child]);
            } else if !is_ignored(text, &node, ignored) {
                in_any_order = in_any_order.wrapping_add(hash((key(text, &node), self.said[child])));
            }
        }
        let said = if kind == Kind::Array { items.finish() } else { in_any_order };
        (hash((kind as u8, said)), hash((kind as u8, in_order.finish())))
    }
}

fn leaf(text: &[u8], node: &Node) -> (u64, u64) {
    let raw = node.bytes(text);
    match node.kind {
        // However it is spaced, there is nothing in it.
        Kind::Object | Kind::Array => (hash((node.kind as u8, 0)), hash((node.kind as u8, 0))),
        Kind::String if raw.contains(&b'\\') => (hash(node.string(text).as_bytes()), hash((1_u8, raw))),
        Kind::String => {
            let said = hash(&raw[1..raw.len() - 1]);
            (said, said)
        }
        Kind::Number | Kind::Bool | Kind::Null => {
            let said = hash((node.kind as u8, raw));
            (said, said)
        }
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A key by what it says.
pub fn key<'t>(text: &'t [u8], node: &Node) -> std::borrow::Cow<'t, str> {
    unescape(std::str::from_utf8(node.key_bytes(text)).unwrap_or_default())
}

/// Whether a value stands under a key that is ignored.
pub fn is_ignored(text: &[u8], node: &Node, ignored: &Ignored) -> bool {
    !ignored.is_empty() && node.has_name() && ignored.has(&key(text, node))
}
