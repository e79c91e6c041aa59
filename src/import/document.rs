//! Document: JSON as pages of documentation print it, with comments and commas that JSON does not know. A body becomes the request
//! that brings it.

use super::{Imported, Item, value};
use crate::annotation::Annotation;
use crate::exchange::{IMPORTED, Responded};
use crate::protocol::Kept;
use crate::protocol::json::{self, Kind};
use crate::protocol::json_mistakes;
use crate::protocol::verdict::Place;
use crate::wire::Request;
use crate::wording;

/// The longest text that is read: all of it is in memory.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Why a text is not taken.
pub const TOO_LONG: &str = "this is JSON over many lines and longer than 64 MB; write one exchange a line, as export does, for as long a file \
    as there is";

/// Reads all values of a text.
pub fn read(text: &[u8], now_millis: i64, items: &mut Vec<Item>) {
    let stripped = strip(text);
    let mut from = 0;
    while let Some(range) = next_value(&stripped.text, from) {
        from = range.end;
        let part = &stripped.text[range.clone()];
        let place = |offset: usize| json::line_and_column(text, stripped.origin(range.start + offset));
        let (line, _) = place(0);
        let read = why_no_json(part, place).map_or_else(|| value(part, line as u64, now_millis), Err);
        items.push(Item::of(line as u64, read));
    }
}

/// The body of a callback as the request that brings it; `None` where the text is none. Nothing but its command is made up: it has
/// no signature, and names no app.
pub fn body(text: &str, now_millis: i64) -> Option<Result<Imported, String>> {
    let document = json::read(text.as_bytes());
    let root = document.root().filter(|root| root.kind == Kind::Object && document.mistake.is_none())?;
    let command = document.top_string(text.as_bytes(), "CallbackCommand")?;
    let body = root.raw(text.as_bytes());
    let encode = |byte: u8| {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if is_plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    let command: String = command.bytes().take(256).map(encode).collect();
    let head = format!(
        "POST /?CallbackCommand={command}&contenttype=json HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let request = Request::complete(now_millis, head, body);
    Some(Ok(Imported { request, response: Some(Responded::none(IMPORTED)), kept: Kept::default(), annotation: Annotation::default() }))
}

/// Where a value is no JSON, and why; `None` where it is.
pub fn why_no_json(part: &[u8], place: impl Fn(usize) -> (usize, usize)) -> Option<String> {
    let mistake = json::read(part).mistake?;
    let (line, column) = place(mistake.offset);
    let rest = &part[mistake.offset.min(part.len())..];
    if ELLIPSES.iter().any(|ellipsis| rest.starts_with(ellipsis.as_bytes())) {
        return Some(format!("something was left out at line {line}, column {column}; put there what belongs there, or take the … away"));
    }
    let known = json_mistakes::recognise(part, &mistake);
    Some(wording::not_json(Place { line, column }, mistake.expected, known))
}

const ELLIPSES: [&str; 3] = ["...", "…", "⋯"];

/// A text without its comments and surplus commas.
struct Stripped {
    text: Vec<u8>,
    /// Where in the stripped text something was taken out, and how much up to there.
    cuts: Vec<(usize, usize)>,
}

impl Stripped {
    /// Where a byte stood before.
    fn origin(&self, offset: usize) -> usize {
        let before = self.cuts.partition_point(|(at, _)| *at <= offset);
        offset + before.checked_sub(1).map_or(0, |last| self.cuts[last].1)
    }

    fn is_at_line_begin(&self) -> bool {
        matches!(self.text.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t')), None | Some(b'\n'))
    }

    fn cut(&mut self, length: usize) {
        let before = self.cuts.last().map_or(0, |(_, all)| *all);
        self.cuts.push((self.text.len(), before + length));
    }

    /// Takes one byte out. Only white space stands behind it.
    fn take_out(&mut self, offset: usize) {
        self.text.remove(offset);
        let first = self.cuts.partition_point(|(at, _)| *at <= offset);
        let before = first.checked_sub(1).map_or(0, |last| self.cuts[last].1);
        self.cuts[first..].iter_mut().for_each(|(at, all)| (*at, *all) = (*at - 1, *all + 1));
        self.cuts.insert(first, (offset, before + 1));
    }
}

/// Takes out comments, and commas that nothing follows.
fn strip(text: &[u8]) -> Stripped {
    let mut stripped = Stripped { text: Vec::with_capacity(text.len()), cuts: Vec::new() };
    let mut at = 0;
    // Where the last comma stands that nothing followed so far.
    let mut comma: Option<usize> = None;
    while at < text.len() {
        let rest = &text[at..];
        let length = comment(rest, stripped.is_at_line_begin());
        if length > 0 {
            // With the space before it.
            let kept = stripped.text.trim_ascii_end().len();
            let space = stripped.text[kept..].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            stripped.text.truncate(stripped.text.len() - space);
            stripped.cut(space + length);
            at += length;
            continue;
        }
        let length = if rest[0] == b'"' { quoted(rest) } else { 1 };
        match rest[0] {
            b',' => comma = Some(stripped.text.len()),
            b'}' | b']' => {
                if let Some(comma) = comma.take() {
                    stripped.take_out(comma);
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        stripped.text.extend_from_slice(&rest[..length]);
        at += length;
    }
    stripped
}

/// How long a comment is that begins here; 0 where none does. `#` begins one only at the beginning of a line.
fn comment(rest: &[u8], is_line_begin: bool) -> usize {
    let line = || rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    if rest.starts_with(b"//") || (is_line_begin && rest.starts_with(b"#")) {
        line()
    } else if rest.starts_with(b"/*") {
        rest.windows(2).skip(2).position(|pair| pair == b"*/").map_or(rest.len(), |at| at + 4)
    } else {
        0
    }
}

/// How long a text in quotes is that begins here. It ends with its line at the latest, so that a missing quote hides no more.
fn quoted(rest: &[u8]) -> usize {
    let mut escaped = false;
    for (at, &byte) in rest.iter().enumerate().skip(1) {
        match byte {
            b'\n' => return at,
            b'"' if !escaped => return at + 1,
            _ => escaped = byte == b'\\' && !escaped,
        }
    }
    rest.len()
}

/// Where the next value stands, by its brackets: up to the end where they do not fit.
fn next_value(text: &[u8], from: usize) -> Option<std::ops::Range<usize>> {
    let start = from + text[from..].iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b',')?;
    let (mut depth, mut at) = (0_usize, start);
    while at < text.len() {
        match text[at] {
            b'"' => at += quoted(&text[at..]) - 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 && matches!(text[at - 1], b'}' | b']') {
            break;
        }
    }
    Some(start..at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect;
    use crate::protocol::verdict::CommandVerdict;

    /// The bodies that a text holds, and what is said of the others.
    fn told(text: &str) -> Vec<String> {
        let mut items = Vec::new();
        read(text.as_bytes(), 0, &mut items);
        let told = |item| match item {
            Item::Exchange(imported) => String::from_utf8(imported.request.body).expect("bug: it is text"),
            Item::Complaint(complaint) => format!("{}: {}", complaint.line, complaint.reason),
        };
        items.into_iter().map(told).collect()
    }

    #[test]
    fn comments_and_surplus_commas_go_and_nothing_else() {
        let text = r#"
            # one
            { // a comment
              "CallbackCommand": "a", /* and { one */ "b": "// no \" , /* } */ ], ",
              "c": [1, 2 , // last
              ],}
        "#;
        let body = told(text).pop().expect("bug: there is one");
        let compact: String = body.split_whitespace().collect();
        assert_eq!(compact, r#"{"CallbackCommand":"a","b":"//no\",/*}*/],","c":[1,2]}"#);
    }

    #[test]
    fn a_body_becomes_the_request_that_its_command_names() {
        let mut items = Vec::new();
        read(br#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin", "GroupId": 1.50} // x"#, 77, &mut items);
        let Some(Item::Exchange(imported)) = items.pop() else { panic!("bug: it is one") };
        let inspection = inspect::inspect(&imported.request, &[], &imported.kept);
        assert!(matches!(inspection.verdicts.command, CommandVerdict::Known { .. }), "{:?}", inspection.verdicts.command);
        assert_eq!(imported.request.received_at_millis, 77);
        assert!(imported.request.body.ends_with(b"\"GroupId\": 1.50}"), "digits stay");
        let odd = body(r#"{"CallbackCommand":"a b\r\nX: 1"}"#, 0).expect("bug: it is one").expect("bug: it can be read");
        assert!(odd.request.head.starts_with(b"POST /?CallbackCommand=a%20b%0D%0AX%3A%201&"));
    }

    const MISTAKES: &str = r"1: something was left out at line 3, column 11; put there what belongs there, or take the … away
1: something was left out at line 3, column 10; put there what belongs there, or take the … away
1: not JSON at line 1, column 17: a comma or the end expected; a comma is missing before the next value
1: not JSON at line 1, column 9: the closing quote expected; a line break stands inside a text; JSON writes it \n
1: not JSON at line 1, column 10: a comma or the end expected
1: not JSON at line 1, column 2: a key in double quotes expected; JSON takes double quotes only, not single ones (a Python dict printed as it is?)
1: this is neither an exchange as Hookglass writes it, nor an entry of a HAR file, nor a body with a CallbackCommand
1: this is neither an exchange as Hookglass writes it, nor an entry of a HAR file, nor a body with a CallbackCommand
3: not JSON at line 3, column 1: a value expected";

    #[test]
    fn a_mistake_is_told_with_its_place_in_the_text_as_it_was() {
        let texts = [
            "{\n \"CallbackCommand\": \"a\", // x, y\n \"b\": [1, ...],\n}",
            "{ /* c */ \"a\": [1,\n 2, // z\n ], \"b\": … }",
            "/* 红 */ {\"a\": 1 \"b\": 2}",
            "{\"a\": \"x\n}",
            "{\"a\": [1,}",
            "{'a': 1}",
            "{\"a\": 1}",
            "[]",
            "\n\nx {",
        ];
        assert_eq!(texts.map(|text| told(text).join(" | ")).join("\n"), MISTAKES);
    }

    #[test]
    fn the_examples_of_the_documents_are_taken() {
        let join = include_str!("../../tests/captures/join.json");
        assert_eq!(told(join), [join.trim()]);
        let several = "// Set\n{\"CallbackCommand\": \"a\",\"Seq\":56, // version\n\"b\":1}\n// Clear\n{\"CallbackCommand\": \"b\"}\n";
        assert_eq!(told(several), ["{\"CallbackCommand\": \"a\",\"Seq\":56,\n\"b\":1}", "{\"CallbackCommand\": \"b\"}"]);
    }
}
