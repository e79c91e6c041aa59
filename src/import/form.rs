//! Form: which one a file has, seen from its beginning.

use crate::wire;

/// The forms that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One exchange a line.
    Lines,
    /// An array of exchanges.
    Array,
    /// HAR, as browsers and other tools write it.
    Har,
    /// Requests as they cross the wire.
    Http,
    /// A WARC archive of them.
    Archive,
    /// JSON as documents print it.
    Document,
}

/// What the beginning of a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// More of it is needed.
    NotYet,
    /// It is this.
    Form(Form),
    /// It holds nothing.
    Empty,
    /// It is none that is known.
    Unknown,
}

/// Some programs begin a file with it.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a file is not taken.
pub const UNKNOWN: &str = "it begins like none of the forms that are read: NDJSON or a JSON array as export writes them, HAR, raw HTTP \
    requests, or the JSON of a callback; save it as one of these";

/// So much of a file is enough to tell.
const ENOUGH: usize = 64 * 1024;

/// A word that every exchange has and hardly anything else.
const MARK_OF_A_LINE: &[u8] = b"\"received_at\"";

/// Recognises the form. `is_all` says that nothing more will come.
pub fn recognise(text: &[u8], is_all: bool) -> Recognised {
    let is_enough = is_all || text.len() >= ENOUGH;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim_ascii_start();
    match text.first() {
        None if is_all => Recognised::Empty,
        None => Recognised::NotYet,
        Some(b'[') => Recognised::Form(Form::Array),
        Some(b'{') => of_object(text, is_enough),
        Some(b'W') if text.starts_with(b"WARC/") => Recognised::Form(Form::Archive),
        _ if wire::begins_request(text) || has_request_line(text) => Recognised::Form(Form::Http),
        _ if !is_enough => Recognised::NotYet,
        Some(b'/' | b'#') => Recognised::Form(Form::Document),
        Some(_) => Recognised::Unknown,
    }
}

fn of_object(text: &[u8], is_enough: bool) -> Recognised {
    let first_key = text[1..].trim_ascii_start();
    if first_key.starts_with(b"\"log\"") {
        return Recognised::Form(Form::Har);
    }
    let line_end = text.iter().position(|&byte| byte == b'\n');
    let is_whole = |line: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
    let is_exchange = |line: &[u8]| line.starts_with(b"{") && contains(line, MARK_OF_A_LINE);
    if line_end.is_some_and(|end| is_whole(&text[..end])) {
        return Recognised::Form(Form::Lines);
    }
    if !is_enough {
        return Recognised::NotYet;
    }
    // Where the first line is damaged another one tells; where it goes on beyond what there is, its words do.
    let first = line_end.map_or(text, |end| &text[..end]);
    let is_long_line = line_end.is_none() && is_exchange(first);
    let is_any_line = || text.split(|&byte| byte == b'\n').any(|line| is_exchange(line) && is_whole(line));
    Recognised::Form(if is_long_line || is_any_line() { Form::Lines } else { Form::Document })
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// Whether one of the first lines begins a request: logs put something above it.
fn has_request_line(text: &[u8]) -> bool {
    text.split(|&byte| byte == b'\n').take(20).any(wire::begins_request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Recognised) {
        assert_eq!(recognise(text.as_bytes(), true), expected, "{text:?}");
        // The same in the end, however it comes.
        let mut ends = 0..=text.len();
        let first =
            ends.find_map(|end| Some(recognise(&text.as_bytes()[..end], end == text.len())).filter(|told| *told != Recognised::NotYet));
        assert_eq!(first, Some(expected), "{text:?} byte by byte");
    }

    #[test]
    fn forms_are_told_by_their_beginning() {
        for (text, form) in [
            ("{\"id\":1}\n{\"id\":2}", Form::Lines),
            ("{\"id\":1,\"received_at\":\"x\"}", Form::Lines),
            ("{\"id\":1,\"rece\n{\"id\":2,\"received_at\":\"x\"}\n", Form::Lines),
            ("\u{feff}\n [", Form::Array),
            ("{ \"log\": {\"entries\":[]}}", Form::Har),
            ("POST /?a=1 HTTP/1.1\r\n", Form::Http),
            ("WARC/1.1\r\n", Form::Archive),
            ("get it:\n\nPOST /?a=1 HTTP/1.1\nHost: x", Form::Http),
            ("{\n\"CallbackCommand\": \"a\", // x\n}", Form::Document),
            ("{\"CallbackCommand\": \"a\", // x\n}", Form::Document),
            ("// one\n{}", Form::Document),
        ] {
            check(text, Recognised::Form(form));
        }
        check("", Recognised::Empty);
        check(" \n\u{9}", Recognised::Empty);
        for text in ["hello", "PK\u{3}\u{4}", "<html>", "7", "GET it"] {
            check(text, Recognised::Unknown);
        }
    }

    #[test]
    fn a_long_first_line_is_told_before_its_end() {
        let line = format!("{{\"id\":1,\"received_at\":\"x\",\"body\":\"{}", "y".repeat(ENOUGH));
        assert_eq!(recognise(line.as_bytes(), false), Recognised::Form(Form::Lines));
        let document = format!("{{\"CallbackCommand\":\"{}", "y".repeat(ENOUGH));
        assert_eq!(recognise(document.as_bytes(), false), Recognised::Form(Form::Document));
    }
}
