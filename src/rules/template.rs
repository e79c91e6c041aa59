//! Texts with placeholders, and responses made of them.
//!
//! A placeholder stands for something of the request: `{{From_Account}}` for the first value at a place of the body,
//! `{{url.SdkAppid}}` for a parameter of the URL in any of its spellings, `{{header.Host}}` for a header. A request decides
//! what is inserted, never how the text around it is read.

use super::Received;
use super::place::Place;
use crate::protocol::json::{self, Expected, Node};
use crate::protocol::query::{self, Name};
use crate::wire::{self, Response};
use std::borrow::Cow;
use std::fmt;

/// A text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    source: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Placeholder {
        origin: Origin,
        /// Whether the text around it, read as JSON, has an open string there.
        in_string: bool,
    },
}

/// Where an inserted value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    Body(Place),
    Url { name: String, known: Option<Name> },
    Header(String),
}

/// What is wrong with a text, and where: a byte offset into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misprint {
    /// Where, in bytes.
    pub offset: usize,
    /// What is wrong, and what is right.
    pub text: String,
}

/// A response of one's own, with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The status, 200 to 599.
    pub status: u16,
    /// Names and values, in the order in which they are sent. Without a `Content-Type` it is JSON.
    pub headers: Vec<(String, Text)>,
    /// The body.
    pub body: Text,
}

/// A value of the request that is inserted.
enum Value<'a> {
    Json(Node, &'a [u8]),
    Text(Cow<'a, str>),
}

/// The headers that are not for a rule to set.
const OWN_HEADERS: [(&str, &str); 3] = [
    ("Content-Length", "it is counted from the body; truncated and long send a wrong one"),
    ("Transfer-Encoding", "the body is sent in one piece"),
    ("Connection", "the connection is not a rule's to keep; drop and reset end it"),
];

impl Text {
    /// Reads a text.
    ///
    /// # Errors
    /// When a placeholder is none; two braces that are none are written `\u007b{` in JSON.
    pub fn read(source: &str) -> Result<Self, Misprint> {
        let mut parts = Vec::new();
        let (mut rest, mut strings) = (source, Strings::default());
        while let Some((literal, behind)) = rest.split_once("{{") {
            let offset = source.len() - behind.len() - 2;
            let misprint = |text: String| Misprint { offset, text };
            let (inside, after) =
                behind.split_once("}}").ok_or_else(|| misprint("{{ is never closed; a placeholder ends with }}".to_owned()))?;
            strings.pass(literal);
            parts.extend((!literal.is_empty()).then(|| Part::Literal(literal.to_owned())));
            parts.push(Part::Placeholder { origin: Origin::read(inside.trim()).map_err(misprint)?, in_string: strings.is_open });
            rest = after;
        }
        parts.extend((!rest.is_empty()).then(|| Part::Literal(rest.to_owned())));
        Ok(Self { source: source.to_owned(), parts })
    }

    /// Reads the value of a header.
    ///
    /// # Errors
    /// When a placeholder is none, or a character may not stand in a header.
    pub fn read_header(source: &str) -> Result<Self, Misprint> {
        match source.char_indices().find(|(_, c)| c.is_control()) {
            Some((offset, c)) => Err(Misprint { offset, text: format!("{c:?} may not stand in a header") }),
            None => Self::read(source),
        }
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Filled in as plain text: strings without quotes, other values as received, nothing for what is not there.
    pub fn fill(&self, received: &Received<'_>) -> String {
        self.fill_with(|origin, _| origin.value(received).map(|value| value.text().into_owned()).unwrap_or_default())
    }

    /// Filled in as JSON. In a string of the text the value's own text is inserted, escaped; elsewhere the value as
    /// received, `null` for what is not there. Parameters and headers are strings.
    pub fn fill_json(&self, received: &Received<'_>) -> String {
        self.fill_with(|origin, in_string| match origin.value(received) {
            Some(value) if in_string => escaped(&value.text()),
            Some(value) => value.json().into_owned(),
            None if in_string => String::new(),
            None => "null".to_owned(),
        })
    }

    /// Filled in as a header's value: whatever would end it, or is no character, becomes a space.
    pub fn fill_header(&self, received: &Received<'_>) -> String {
        self.fill(received).replace(char::is_control, " ")
    }

    /// Filled in as JSON with a stand-in for each value, to see whether it is JSON at all.
    fn sample_json(&self) -> String {
        self.fill_with(|_, in_string| if in_string { String::new() } else { "null".to_owned() })
    }

    fn fill_with(&self, value: impl Fn(&Origin, bool) -> String) -> String {
        let fill = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::Placeholder { origin, in_string } => value(origin, *in_string),
        };
        self.parts.iter().map(fill).collect()
    }
}

/// As it was written.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl Origin {
    fn read(text: &str) -> Result<Self, String> {
        if let Some(name) = text.strip_prefix("url.") {
            // Read as a parameter is read, so that every spelling leads to the same one.
            let known = query::read(&format!("?{name}=")).first().and_then(|param| param.known);
            let url = Self::Url { name: name.to_owned(), known };
            return if name.is_empty() { Err("url. names no parameter; write it like {{url.SdkAppid}}".to_owned()) } else { Ok(url) };
        }
        if let Some(name) = text.strip_prefix("header.") {
            let is_name = !name.is_empty() && name.bytes().all(wire::is_token);
            let wrong = || format!("{name:?} is no header; write it like {{{{header.Host}}}}");
            return is_name.then(|| Self::Header(name.to_owned())).ok_or_else(wrong);
        }
        let wrong = |_| {
            format!(
                "{text:?} is no placeholder; there are {{{{From_Account}}}} (any place in the body), {{{{url.SdkAppid}}}} and {{{{header.Host}}}}"
            )
        };
        Place::read(text).map(Self::Body).map_err(wrong)
    }

    fn value<'a>(&self, received: &Received<'a>) -> Option<Value<'a>> {
        match self {
            Self::Body(place) => {
                let node = place.first(received).filter(|node| is_whole(node, received))?;
                Some(Value::Json(node, &received.request.body))
            }
            Self::Url { known: Some(known), .. } => received.callback.param(*known).map(|value| Value::Text(value.into())),
            Self::Url { name, known: None } => {
                let param = received.callback.params.iter().find(|param| param.name.eq_ignore_ascii_case(name))?;
                Some(Value::Text(param.value.as_str().into()))
            }
            Self::Header(name) => received.request.head().header(name).map(|value| Value::Text(String::from_utf8_lossy(value))),
        }
    }
}

/// Whether a value came to its end, in a body that may have broken off.
fn is_whole(node: &Node, received: &Received<'_>) -> bool {
    let broken = received.callback.document.mistake.as_ref().filter(|mistake| mistake.expected != Expected::EndOfText);
    broken.is_none_or(|mistake| !node.is_container() || (node.end as usize) < mistake.offset)
}

impl Value<'_> {
    /// A string's text, escapes undone; any other value as received.
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Json(node, body) => node.string(body),
            Self::Text(text) => Cow::Borrowed(text),
        }
    }

    fn json(&self) -> Cow<'_, str> {
        match self {
            Self::Json(node, body) => Cow::Borrowed(node.raw(body)),
            Self::Text(text) => Cow::Owned(quoted(text)),
        }
    }
}

/// Follows JSON literals: whether a string is open.
#[derive(Default)]
struct Strings {
    is_open: bool,
    is_escaped: bool,
}

impl Strings {
    fn pass(&mut self, literal: &str) {
        for byte in literal.bytes() {
            let is_escaped = std::mem::take(&mut self.is_escaped);
            match byte {
                b'"' if !is_escaped => self.is_open = !self.is_open,
                b'\\' if self.is_open => self.is_escaped = !is_escaped,
                _ => {}
            }
        }
    }
}

/// A text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The same without its quotes.
fn escaped(text: &str) -> String {
    let quoted = quoted(text);
    quoted[1..quoted.len() - 1].to_owned()
}

impl Template {
    /// The response to this request.
    pub fn fill(&self, received: &Received<'_>) -> Response {
        let content_type = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Content-Type"));
        let is_json = content_type.is_none_or(|(_, value)| value.source.contains("json"));
        let body = if is_json { self.body.fill_json(received) } else { self.body.fill(received) };
        let mut response = Response::json(self.status, body);
        if content_type.is_some() {
            response.headers.clear();
        }
        response.headers.extend(self.headers.iter().map(|(name, value)| (name.clone(), value.fill_header(received))));
        response
    }
}

/// What is wrong with a message that a rule sends in place of another's; `None` where nothing is.
pub fn wrong_message(text: &Text) -> Option<&'static str> {
    let document = json::read(text.sample_json().as_bytes());
    let is_list = document.root().is_some_and(|root| matches!(root.kind, json::Kind::Array | json::Kind::Null));
    let wrong = "MsgBody is no JSON array; write it like '[{\"MsgType\":\"TIMTextElem\",\"MsgContent\":{\"Text\":\"…\"}}]'";
    (document.mistake.is_some() || !is_list).then_some(wrong)
}

/// What is wrong with the name of a header that a rule sets; `None` where nothing is.
pub fn wrong_header(name: &str) -> Option<String> {
    if name.is_empty() || !name.bytes().all(wire::is_token) {
        return Some(format!("{name:?} is no name of a header; it has letters, digits and -"));
    }
    let own = OWN_HEADERS.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    own.map(|(own, why)| format!("{own} can't be set: {why}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::receive;
    use super::*;

    const TARGET: &str = "/?sdkappid=1400000001&x=a%22b%0d%0aSet-Cookie:c";
    const BODY: &str =
        r#"{"From_Account":"le\"c\u006bie","Id":144115233100450077,"List":[{"A":1.50},{"A":2}],"Empty":"","Lines":"a\r\nEvil: 1"}"#;

    fn text(source: &str) -> Text {
        Text::read(source).expect(source)
    }

    #[track_caller]
    fn check(source: &str, expected: &str) {
        receive("POST", TARGET, BODY, |received| assert_eq!(text(source).fill_json(received), expected, "{source}"));
    }

    #[test]
    fn in_a_string_a_value_is_escaped() {
        check(r#"{"a":"no, {{From_Account}}!"}"#, r#"{"a":"no, le\"ckie!"}"#);
        check(r#""{{Id}}""#, r#""144115233100450077""#);
        check(r#""{{List[0]}}""#, r#""{\"A\":1.50}""#);
        check(r#""{{url.x}}""#, r#""a\"b\r\nSet-Cookie:c""#);
        check(r#""\"{{Id}}\\""#, r#""\"144115233100450077\\""#);
        check(r#""{{Lines}}""#, r#""a\r\nEvil: 1""#);
    }

    #[test]
    fn outside_of_strings_a_value_is_as_received() {
        check(r#"{"a":{{From_Account}}}"#, r#"{"a":"le\"c\u006bie"}"#);
        check("{{Id}}", "144115233100450077");
        check(r#"{"a":{{ List }},"b":"x\\","c":{{List[].A}}}"#, r#"{"a":[{"A":1.50},{"A":2}],"b":"x\\","c":1.50}"#);
        check("{{url.SDKAppID}}", r#""1400000001""#);
        check("{{header.host}}", r#""example.com""#);
        check("{{Empty}}", r#""""#);
    }

    #[test]
    fn what_is_not_there_is_nothing_in_a_string_and_null_elsewhere() {
        for missing in ["Nobody", "url.nothing", "header.X-None", "List[].B"] {
            check(&format!(r#"{{"a":"<{{{{{missing}}}}}>","b":{{{{{missing}}}}}}}"#), r#"{"a":"<>","b":null}"#);
        }
    }

    #[test]
    fn what_broke_off_is_not_inserted() {
        receive("POST", "/", r#"{"A":[1,[2]],"B":{"C":[3],"D"#, |received| {
            assert_eq!(text("{{A}} {{B}} {{B.C}}").fill_json(received), "[1,[2]] null [3]");
        });
        receive("POST", "/", "{\"A\":[]}x", |received| assert_eq!(text("{{A}}").fill_json(received), "[]"));
    }

    #[test]
    fn a_request_injects_no_header() {
        receive("POST", TARGET, BODY, |received| {
            let header = Text::read_header("{{Lines}} {{url.x}}").expect("bug: it is one");
            assert_eq!(header.fill_header(received), "a  Evil: 1 a\"b  Set-Cookie:c");
        });
    }

    #[test]
    fn a_wrong_placeholder_is_told_with_its_place() {
        let wrong = |source: &str| Text::read(source).expect_err(source);
        assert_eq!(wrong("ab{{From_Account").offset, 2);
        assert_eq!(wrong("红{{A}}{{A B}}").offset, 8);
        for source in ["{{}}", "{{A[3]}}", "{{url.}}", "{{header.}}", "{{header.a b}}", "{{{A}}}", "{{"] {
            assert!(wrong(source).text.contains(['{', '}']), "{source}");
        }
        assert_eq!(text("a {b} }} {").source(), "a {b} }} {");
        assert_eq!(Text::read_header("a\r\nb").expect_err("bug: none").offset, 1);
    }

    #[test]
    fn a_template_is_json_unless_it_says_otherwise() {
        receive("POST", TARGET, BODY, |received| {
            let response = |headers: &[(&str, &str)]| {
                let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
                Template { status: 201, headers, body: text("<{{From_Account}}>") }.fill(received)
            };
            let json = response(&[("X-From", "{{From_Account}}")]);
            assert_eq!((json.status, json.body.as_slice()), (201, br#"<"le\"c\u006bie">"#.as_slice()));
            let headers: Vec<_> = json.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            assert_eq!(headers, ["Content-Type: application/json", "X-From: le\"ckie"]);
            let html = response(&[("content-type", "text/html")]);
            assert_eq!((html.headers.len(), html.body.as_slice()), (1, b"<le\"ckie>".as_slice()));
        });
    }

    #[test]
    fn some_headers_are_not_for_a_rule_to_set() {
        for name in ["content-length", "Transfer-Encoding", "CONNECTION", "", "a b", "a:b", "é"] {
            assert!(wrong_header(name).is_some(), "{name}");
        }
        assert_eq!(wrong_header("X-Test"), None);
    }
}
