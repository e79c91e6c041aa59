//! Why a text is no JSON: the mistakes that are known by name, and the text around the place.
//!
//! Pure, and the same for a request and for a response.

use super::json::{Expected, Mistake};

/// A mistake that is known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// `//` or `/*`: comments belong to the documentation, never to the wire.
    Comment,
    /// `,` before the closing bracket.
    TrailingComma,
    /// A value follows without a comma.
    MissingComma,
    /// `'…'`
    SingleQuotes,
    /// A key without quotes.
    UnquotedKey,
    /// `True`, `False` or `None`.
    PythonLiteral(&'static str),
    /// `NaN`, `Infinity` or `undefined`.
    ScriptLiteral(&'static str),
    /// A byte-order mark before the text.
    ByteOrderMark,
    /// UTF-16.
    Utf16,
    /// Compressed bytes.
    Compressed,
    /// More than one value in one text.
    SeveralValues,
    /// A line break inside a string.
    LineBreakInString,
    /// Another control character inside a string.
    ControlInString,
    /// What PHP prints of a warning or an error.
    PhpMessage,
    /// A page.
    Html,
    /// `a=1&b=2`
    FormEncoded,
    /// A zero before another digit.
    LeadingZero,
    /// The text ends in the middle.
    EndsEarly,
    /// Nothing, or only white space.
    Blank,
}

/// The text around a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// What stands before it, at most [`EXCERPT_CHARS`].
    pub before: String,
    /// The character at it; `None` at the end of the text.
    pub at: Option<char>,
    /// What follows.
    pub after: String,
    /// Whether more stands before.
    pub is_cut_before: bool,
    /// Whether more follows.
    pub is_cut_after: bool,
}

/// The values that JSON writes as words.
const JSON_WORDS: [&str; 3] = ["true", "false", "null"];

/// How many characters an excerpt has on each side.
pub const EXCERPT_CHARS: usize = 32;

/// Where PHP's words are looked for: its messages name their kind and the file in their first line.
const PHP_MESSAGE_BYTES: usize = 256;

/// Names a mistake, where it is known.
pub fn recognise(text: &[u8], mistake: &Mistake) -> Option<Known> {
    if text.trim_ascii().is_empty() {
        return Some(Known::Blank);
    }
    let offset = mistake.offset.min(text.len());
    let (before, rest) = (text[..offset].trim_ascii_end(), &text[offset..]);
    // Compressed bytes are no UTF-8 from their second one on.
    if before.len() < 2 {
        let at_start = at_start(text);
        if at_start.is_some() {
            return at_start;
        }
    }
    if ends_early(rest.trim_ascii_end(), mistake.expected) {
        return Some(Known::EndsEarly);
    }
    if rest.starts_with(b"//") || rest.starts_with(b"/*") {
        return Some(Known::Comment);
    }
    let first = rest.first().copied()?;
    let closes = matches!(first, b'}' | b']');
    match mistake.expected {
        Expected::Key | Expected::Value if closes && before.ends_with(b",") => Some(Known::TrailingComma),
        Expected::Key | Expected::Value if first == b'\'' => Some(Known::SingleQuotes),
        Expected::Value => literal(rest),
        Expected::Digit if rest.starts_with(b"Infinity") => Some(Known::ScriptLiteral("Infinity")),
        Expected::Key if is_name(first) => Some(Known::UnquotedKey),
        Expected::EndOfString if matches!(first, b'\n' | b'\r') => Some(Known::LineBreakInString),
        Expected::EndOfString => Some(Known::ControlInString),
        Expected::CommaOrEnd | Expected::EndOfText if first.is_ascii_digit() && text[..offset].ends_with(b"0") => Some(Known::LeadingZero),
        Expected::EndOfText if begins_a_value(rest) && before.ends_with(b"}") => Some(Known::SeveralValues),
        Expected::CommaOrEnd if begins_a_value(rest) => Some(Known::MissingComma),
        Expected::Key
        | Expected::Colon
        | Expected::CommaOrEnd
        | Expected::Escape
        | Expected::Digit
        | Expected::EndOfText
        | Expected::Utf8 => None,
    }
}

/// Whether the text is over before that which stands at the place is whole.
fn ends_early(rest: &[u8], expected: Expected) -> bool {
    match expected {
        Expected::EndOfText => false,
        Expected::Value => JSON_WORDS.iter().any(|word| word.as_bytes().starts_with(rest)),
        Expected::Escape => {
            rest == b"\\" || rest.strip_prefix(b"\\u").is_some_and(|hex| hex.len() < 4 && hex.iter().all(u8::is_ascii_hexdigit))
        }
        Expected::Key | Expected::Colon | Expected::CommaOrEnd | Expected::EndOfString | Expected::Digit | Expected::Utf8 => {
            rest.is_empty()
        }
    }
}

/// What is known by how the whole text begins.
fn at_start(text: &[u8]) -> Option<Known> {
    if text.starts_with(b"\xef\xbb\xbf") {
        return Some(Known::ByteOrderMark);
    }
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Some(Known::Utf16);
    }
    if text.starts_with(b"\x1f\x8b") {
        return Some(Known::Compressed);
    }
    let text = text.trim_ascii_start();
    let words = &text[..text.len().min(PHP_MESSAGE_BYTES)];
    let says = |word: &[u8]| words.windows(word.len()).any(|here| here == word);
    let is_php = [&b"Warning"[..], b"Notice", b"Fatal error", b"Parse error", b"Deprecated"].into_iter().any(says);
    match text.first()? {
        b'<' if is_php || words.starts_with(b"<?php") => Some(Known::PhpMessage),
        b'<' => Some(Known::Html),
        b'A'..=b'Z' if is_php && (says(b" in /") || says(b".php") || says(b"PHP ")) => Some(Known::PhpMessage),
        first if is_name(*first) || *first == b'%' => {
            let name = text.iter().take_while(|b| is_name(**b) || b"%.[]-+".contains(b)).count();
            (text.get(name) == Some(&b'=')).then_some(Known::FormEncoded)
        }
        _ => None,
    }
}

fn literal(rest: &[u8]) -> Option<Known> {
    let python = word(rest, &["True", "False", "None"]).map(Known::PythonLiteral);
    python.or_else(|| word(rest, &["NaN", "Infinity", "undefined"]).map(Known::ScriptLiteral))
}

/// Which of these words the text begins with, as a word of its own.
fn word(rest: &[u8], words: &[&'static str]) -> Option<&'static str> {
    let is_here = |word: &&&str| {
        let after = rest.strip_prefix(word.as_bytes());
        after.is_some_and(|after| after.first().is_none_or(|next| !is_name(*next)))
    };
    words.iter().find(is_here).copied()
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

fn begins_a_value(rest: &[u8]) -> bool {
    let begins = |first: &u8| matches!(first, b'"' | b'{' | b'[' | b'-') || first.is_ascii_digit();
    rest.first().is_some_and(begins) || word(rest, &JSON_WORDS).is_some()
}

/// The text around a byte offset. Bytes that are no UTF-8 become U+FFFD.
pub fn excerpt(text: &[u8], offset: usize) -> Excerpt {
    // Four bytes a character at most, and one character that is cut in two.
    const SPAN: usize = EXCERPT_CHARS * 4 + 4;
    let offset = offset.min(text.len());
    let (from, to) = (offset.saturating_sub(SPAN), text.len().min(offset + SPAN));
    let head = String::from_utf8_lossy(&text[from..offset]);
    let tail = String::from_utf8_lossy(&text[offset..to]);
    let skipped = head.chars().count().saturating_sub(EXCERPT_CHARS);
    let before: String = head.chars().skip(skipped).collect();
    let mut rest = tail.chars();
    let at = rest.next();
    let after: String = rest.by_ref().take(EXCERPT_CHARS).collect();
    Excerpt { is_cut_before: skipped > 0 || from > 0, is_cut_after: rest.next().is_some() || to < text.len(), before, at, after }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json;

    fn check(text: impl AsRef<[u8]>, expected: Option<Known>) {
        let text = text.as_ref();
        let mistake = json::read(text).mistake.unwrap_or_else(|| panic!("bug: JSON: {}", String::from_utf8_lossy(text)));
        assert_eq!(recognise(text, &mistake), expected, "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn known_mistakes_are_named() {
        check("{\"a\":1, // x\n\"b\":2}", Some(Known::Comment));
        check("/* x */ {}", Some(Known::Comment));
        check("{\"a\":1 /* x */}", Some(Known::Comment));
        check(r#"{"a":1,}"#, Some(Known::TrailingComma));
        check("[1, 2,\n]", Some(Known::TrailingComma));
        check(r#"{"a":1 "b":2}"#, Some(Known::MissingComma));
        check("{'a':1}", Some(Known::SingleQuotes));
        check(r#"{"a":'x'}"#, Some(Known::SingleQuotes));
        check("{a:1}", Some(Known::UnquotedKey));
        check(r#"{"a":True}"#, Some(Known::PythonLiteral("True")));
        check("[None]", Some(Known::PythonLiteral("None")));
        check("[NaN]", Some(Known::ScriptLiteral("NaN")));
        check("[-Infinity]", Some(Known::ScriptLiteral("Infinity")));
        check("[undefined]", Some(Known::ScriptLiteral("undefined")));
        check("\u{feff}{}", Some(Known::ByteOrderMark));
        check(b"\xff\xfe{\0}\0", Some(Known::Utf16));
        check(b"\x1f\x8b\x08\0", Some(Known::Compressed));
        check("{\"a\":1}\n{\"b\":2}", Some(Known::SeveralValues));
        check("{\"a\":\"x\ny\"}", Some(Known::LineBreakInString));
        check("{\"a\":\"x\ty\"}", Some(Known::ControlInString));
        check("<br />\n<b>Warning</b>: x in /a.php", Some(Known::PhpMessage));
        check("PHP Notice:  Undefined variable in /a.php on line 3\n{}", Some(Known::PhpMessage));
        check("<!DOCTYPE html><html>", Some(Known::Html));
        check("CallbackCommand=C2C.X&a=1", Some(Known::FormEncoded));
        check("%7B%22a%22=1", Some(Known::FormEncoded));
        check(r#"{"a":[1,"#, Some(Known::EndsEarly));
        check(r#"{"a":"x"#, Some(Known::EndsEarly));
        for cut in [r#"{"a":tr"#, "[n\n", r#"["\"#, r#"["\u12"#, "[-", "[1."] {
            check(cut, Some(Known::EndsEarly));
        }
        check("  ", Some(Known::Blank));
        check("", Some(Known::Blank));
        check(r#"{"a":01}"#, Some(Known::LeadingZero));
        check("[-00]", Some(Known::LeadingZero));
        check("01", Some(Known::LeadingZero));
        check(r#"{"a":"x"null}"#, Some(Known::MissingComma));
    }

    #[test]
    fn what_is_no_known_mistake_has_no_name() {
        check("hello", None);
        check(r#"{"a" 1}"#, None);
        check(r#"["\x"]"#, None);
        check(r#"["say "no""]"#, None);
        check(r#"["5" tall"]"#, None);
        check("[nul]", None);
        check(r#"["\u12x"]"#, None);
        check("[Truely]", None);
        check(b"[\"\xff\"]", None);
    }

    #[test]
    fn an_excerpt_is_short_and_whole_characters() {
        let text = format!("{}红x{}", "a".repeat(100), "b".repeat(100));
        let there = excerpt(text.as_bytes(), 100);
        assert_eq!((there.before.len(), there.at, there.after.chars().count()), (EXCERPT_CHARS, Some('红'), EXCERPT_CHARS));
        assert!(there.is_cut_before && there.is_cut_after);
        let all = excerpt(b"{a}", 1);
        assert_eq!(
            (all.before.as_str(), all.at, all.after.as_str(), all.is_cut_before, all.is_cut_after),
            ("{", Some('a'), "}", false, false)
        );
        assert_eq!(excerpt(b"[1", 2).at, None);
    }
}
