//! A line as it is read: pieces of text that look alike, with nothing in them that could steer the screen.

use super::Hand;
use crate::protocol::json::Kind;
use crate::wording;

/// The most of a value that a line shows, in characters.
const VALUE_CHARS: usize = 600;

/// How far into a value the first difference may stand before the value is shown from shortly before it, in bytes.
const FAR: usize = 60;

/// How much is shown before such a difference, in bytes.
const BEFORE: usize = 24;

/// Two values up to this long are also compared from their ends, whenever a line is drawn.
const SHORT: usize = 4_096;

/// What stands in place of a string whose JSON follows.
pub const INSIDE: &str = "→";

/// What a piece is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// A key, or a name.
    Key,
    /// A value of JSON.
    Value(Kind),
    /// Text that is no JSON.
    Plain,
    /// A bracket, a colon.
    Mark,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text.
    pub text: String,
    /// What it is.
    pub ink: Ink,
    /// Whether it is what differs from the other side, of a value that differs in a part.
    pub differs: bool,
}

impl Piece {
    pub(super) fn plain(text: &str, ink: Ink) -> Self {
        Self { text: text.to_owned(), ink, differs: false }
    }
}

/// A line on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How deep it stands.
    pub depth: u32,
    /// Its pieces.
    pub pieces: Vec<Piece>,
}

impl Line {
    /// All of it as text.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

impl Hand {
    /// The other one.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// The brackets of a container.
pub fn brackets(kind: Kind) -> (&'static str, &'static str) {
    if kind == Kind::Array { ("[", "]") } else { ("{", "}") }
}

/// A value from some byte on.
pub fn value(raw: &[u8], from: usize, ink: Ink) -> Vec<Piece> {
    let before = if from > 0 { "…" } else { "" };
    let shown = wording::shortened_bytes(&raw[from..], VALUE_CHARS);
    vec![Piece::plain(&format!("{before}{shown}"), ink)]
}

/// A value whose first `same` bytes are also those of the one opposite: what differs is marked.
pub fn differing(raw: &[u8], opposite: &[u8], same: usize, ink: Ink) -> Vec<Piece> {
    let from = if same > FAR { boundary(raw, same - BEFORE) } else { 0 };
    let at_end = if raw.len().max(opposite.len()) <= SHORT { same_end(&raw[same..], &opposite[same..]) } else { 0 };
    let end = raw.len() - at_end;
    if end - from > VALUE_CHARS {
        return value(raw, from, ink);
    }
    // Where hardly more than the quotes are the same, all of it differs.
    let is_part = same + at_end > 2;
    let piece = |bytes: &[u8], differs: bool| Piece { text: wording::visible(&String::from_utf8_lossy(bytes)), ink, differs };
    let mut pieces = Vec::with_capacity(4);
    if from > 0 {
        pieces.push(Piece::plain("…", ink));
    }
    pieces.extend([piece(&raw[from..same], false), piece(&raw[same..end], is_part)]);
    pieces.extend(value(&raw[end..], 0, ink));
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// How many bytes two texts have in common at their beginning, in whole characters.
pub fn same_beginning(left: &[u8], right: &[u8]) -> usize {
    // In blocks first: a body of megabytes may be one string.
    let blocks = left.chunks_exact(64).zip(right.chunks_exact(64)).take_while(|(left, right)| left == right).count() * 64;
    let same = blocks + left[blocks..].iter().zip(&right[blocks..]).take_while(|(left, right)| left == right).count();
    boundary(left, same).min(boundary(right, same))
}

fn same_end(left: &[u8], right: &[u8]) -> usize {
    let mut same = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    while same > 0 && (is_inside(left, left.len() - same) || is_inside(right, right.len() - same)) {
        same -= 1;
    }
    same
}

/// The beginning of the character that a byte stands in.
fn boundary(text: &[u8], mut at: usize) -> usize {
    while at > 0 && is_inside(text, at) {
        at -= 1;
    }
    at
}

/// Whether a byte goes on with a character of UTF-8.
fn is_inside(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, opposite: &str, expected: &str) {
        let same = same_beginning(raw.as_bytes(), opposite.as_bytes());
        let pieces = differing(raw.as_bytes(), opposite.as_bytes(), same, Ink::Plain);
        let shown: String =
            pieces.iter().map(|piece| if piece.differs { format!("<{}>", piece.text) } else { piece.text.clone() }).collect();
        assert_eq!(shown, expected, "{raw} {opposite}");
    }

    #[test]
    fn what_differs_in_a_value_is_marked_in_whole_characters() {
        check("\"red packet\"", "\"blue packet\"", "\"<red> packet\"");
        check("红包来了", "红花来了", "红<包>来了");
        check("환영", "환송", "환<영>");
        check("aa", "aaa", "aa");
        check("aaab", "aab", "aa<a>b");
        check("aa\u{202e}b", "aab", "aa<\\u{202e}>b");
        check("\"jared\"", "\"noor\"", "\"jared\"");
    }

    #[test]
    fn a_long_value_is_shown_from_shortly_before_it_differs() {
        let long = "包".repeat(100);
        check(&format!("{long}x!"), &format!("{long}y!"), &format!("…{}<x>!", "包".repeat(8)));
        let huge = "z".repeat(1_000_000);
        let raw = format!("{huge}x{huge}");
        let pieces = differing(raw.as_bytes(), huge.as_bytes(), huge.len(), Ink::Plain);
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert!(text.starts_with("…zzzzzzzzzzzzzzzzzzzzzzzzxzz") && text.ends_with("zz… (1,000,025 bytes)"), "{}", text.len());
    }
}
