//! A filter's text cut into pieces. Cutting cannot fail: what is only half typed is coloured and completed too.

use super::key;
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `and`
    And,
    /// `or`
    Or,
    /// `not`, or `-` before something.
    Not,
    /// `"…"` and nothing before or behind it.
    Quoted,
    /// Anything else.
    Term,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    /// In bytes of the text.
    pub range: Range<usize>,
}

/// Cuts a text.
pub(super) fn cut(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(space) = text[at..].find(|c: char| !c.is_whitespace()) {
        let start = at + space;
        let (kind, length) = first(&text[start..]);
        at = start + length;
        tokens.push(Token { kind, range: start..at });
    }
    tokens
}

/// What a text begins with, and its length.
fn first(text: &str) -> (Kind, usize) {
    match text.as_bytes() {
        [b'(', ..] => return (Kind::Open, 1),
        [b')', ..] => return (Kind::Close, 1),
        [b'-', ..] if !text[1..].is_empty() && !text[1..].starts_with(ends_a_term) => return (Kind::Not, 1),
        [b'-', b'(', ..] => return (Kind::Not, 1),
        _ => {}
    }
    let length = term_length(text);
    let term = &text[..length];
    let kind = [("and", Kind::And), ("or", Kind::Or), ("not", Kind::Not)];
    let word = kind.iter().find(|(word, _)| word.eq_ignore_ascii_case(term)).map(|(_, kind)| *kind);
    let quoted = (text.starts_with('"') && quoted_length(text) == length).then_some(Kind::Quoted);
    (word.or(quoted).unwrap_or(Kind::Term), length)
}

fn ends_a_term(c: char) -> bool {
    c.is_whitespace() || c == '(' || c == ')'
}

fn term_length(text: &str) -> usize {
    length_to(text, |rest| rest.starts_with(ends_a_term))
}

/// How long a text is up to where `is_end` says so of what is left, quoted parts passed over.
pub(super) fn length_to(text: &str, is_end: impl Fn(&str) -> bool) -> usize {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if is_end(&text[at..]) {
            break;
        }
        at += if c == '"' { quoted_length(&text[at..]) } else { c.len_utf8() };
    }
    at
}

/// The length of the quoted part that a text begins with, quotes included; all of the text where the last one is missing.
fn quoted_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Where a quoted part begins that does not end.
pub(super) fn unclosed(text: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(quote) = text[at..].find('"') {
        let length = quoted_length(&text[at + quote..]);
        if !is_closed(&text[at + quote..at + quote + length]) {
            return Some(at + quote);
        }
        at += quote + length;
    }
    None
}

fn is_closed(quoted: &str) -> bool {
    let escapes = quoted.bytes().rev().skip(1).take_while(|&byte| byte == b'\\').count();
    quoted.len() > 1 && quoted.ends_with('"') && escapes % 2 == 0
}

/// A text without its quotes; within them `\"` stands for a quote and `\\` for a backslash.
pub(super) fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\\' if is_quoted => out.push(characters.next_if(|next| matches!(next, '"' | '\\')).unwrap_or('\\')),
            other => out.push(other),
        }
    }
    out
}

/// A text in quotes, where it has something in it that would be read otherwise.
pub fn quoted(text: &str) -> String {
    let is_plain = |c: char| !c.is_whitespace() && !"()\",\\".contains(c);
    let is_fine = !text.is_empty() && text.chars().all(is_plain) && !text.starts_with(['<', '>', '=', '!', '~', '-']);
    if is_fine { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// How a term is built. Positions are bytes of the term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Only a word.
    Word,
    /// `name:value`; also `status>=500`, where the comparison is part of the value.
    Named {
        /// Where the name ends.
        name_end: usize,
        /// Where the value begins.
        value_start: usize,
    },
    /// `body.path`, with or without an operator and a value behind it.
    Body {
        /// The path, without `body.`.
        path: Range<usize>,
        /// The operator; empty where there is none.
        operator: Range<usize>,
    },
}

/// How a term is built.
pub(super) fn shape(term: &str) -> Shape {
    if let Some(path) = path_start(term) {
        return body_shape(term, path);
    }
    let end = term.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(term.len());
    let (name, rest) = term.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Shape::Word;
    }
    // `http://…` is what somebody looks for, no name.
    if rest.starts_with(':') && !rest.starts_with("://") {
        return Shape::Named { name_end: end, value_start: end + 1 };
    }
    let is_compared = rest.starts_with(['<', '>', '=']) || rest.starts_with("!=");
    if is_compared && key::named(name).is_some_and(key::Key::is_number) {
        return Shape::Named { name_end: end, value_start: end };
    }
    Shape::Word
}

/// Where the path of a body's field begins.
pub(super) fn path_start(term: &str) -> Option<usize> {
    let is_body = term.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("body"));
    match term.as_bytes().get(4) {
        Some(b'.') if is_body => Some(5),
        Some(b'[') if is_body => Some(4),
        _ => None,
    }
}

/// What can stand behind a path, the longer before what they begin with.
const OPERATORS: [&str; 8] = ["!=", ">=", "<=", "=", ">", "<", "~", ":"];

fn body_shape(term: &str, start: usize) -> Shape {
    let operator = |rest: &str| OPERATORS.iter().find(|operator| rest.starts_with(**operator)).map_or(0, |operator| operator.len());
    let end = start + length_to(&term[start..], |rest| operator(rest) > 0);
    Shape::Body { path: start..end, operator: end..end + operator(&term[end..]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let tokens: Vec<String> = cut(text).into_iter().map(|token| format!("{:?} {}", token.kind, &text[token.range])).collect();
        assert_eq!(tokens, expected, "{text}");
    }

    #[test]
    fn a_text_is_cut_at_spaces_and_parentheses() {
        check("a (b or\tC)", &["Term a", "Open (", "Term b", "Or or", "Term C", "Close )"]);
        check("红　包", &["Term 红", "Term 包"]);
        check("NOT(x)AND y", &["Not NOT", "Open (", "Term x", "Close )", "And AND", "Term y"]);
        check("", &[]);
    }

    #[test]
    fn a_dash_negates_what_follows_it() {
        check(
            "-a -(b) --c d-e - -",
            &["Not -", "Term a", "Not -", "Open (", "Term b", "Close )", "Not -", "Not -", "Term c", "Term d-e", "Term -", "Term -"],
        );
    }

    #[test]
    fn quotes_keep_together() {
        check(r#""a (b" key:"x y",z"#, &["Quoted \"a (b\"", "Term key:\"x y\",z"]);
        check(r#""a\" b" "c"#, &[r#"Quoted "a\" b""#, r#"Quoted "c"#]);
        check(r#""From_Account":"leckie" {"a b":1}"#, &[r#"Term "From_Account":"leckie""#, r#"Term {"a b":1}"#]);
    }

    #[test]
    fn quoting_and_its_undoing_agree() {
        for text in ["a", "a b", "a,b", "\"", "\\", "a\\\"b", "", "(x)", ">1", "红 包", "\\n"] {
            let quoted = quoted(text);
            assert_eq!(unquoted(&quoted), text);
            assert_eq!(cut(&format!("rule:{quoted}")).len(), 1, "{quoted}");
            assert_eq!(unclosed(&quoted), None);
        }
        assert_eq!(unquoted(r#"a"\n"b"#), "a\\nb");
        assert_eq!((unclosed("a\"b"), unclosed("\"a\\\""), unclosed("\"")), (Some(1), Some(0), Some(0)));
    }

    #[test]
    fn the_shape_of_a_term_is_seen() {
        let named = |name_end, value_start| Shape::Named { name_end, value_start };
        let body = |path, operator| Shape::Body { path, operator };
        for (term, expected) in [
            ("word", Shape::Word),
            ("http://x", Shape::Word),
            ("10:42", Shape::Word),
            ("SdkAppid=1", Shape::Word),
            ("红包:x", Shape::Word),
            ("status:200", named(6, 7)),
            ("status>=500", named(6, 6)),
            ("nothing:x", named(7, 8)),
            ("body.A[0].B!=x", body(5..11, 11..13)),
            ("body[].A", body(4..8, 8..8)),
            ("body.\"a=b\"~c", body(5..10, 10..11)),
        ] {
            assert_eq!(shape(term), expected, "{term}");
        }
    }
}
