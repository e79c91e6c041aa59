//! Who and what, in a few words: the part of a callback that its row shows.
//!
//! What to say of a command stands in the catalogue, as templates; the first one all of whose places have a value is
//! used.

pub mod template;

use super::Callback;
use super::catalogue::{self, Command};
use super::json::{Document, Kind};
use super::path::Path;
use std::borrow::Cow;
use template::{Ask, Piece, Place};

/// What a row says of a callback, as data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary(pub Vec<Part>);

/// A part of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words of the catalogue.
    Words(Cow<'static, str>),
    /// Values as received, the first few, and how many more there were.
    Values(Vec<String>, usize),
    /// What was said.
    Said(String),
    /// What kind of message it is, such as an image.
    Kind(&'static str),
}

/// How many values a row names.
const NAMED: usize = 3;

/// Keys that name who acted, best first.
const WHO: [&str; 9] = [
    "From_Account",
    "Member_Account",
    "User_Account",
    "Subscriber_Account",
    "Caller_Account",
    "Requester_Account",
    "Operator_Account",
    "Owner_Account",
    "ClientUserId",
];
/// Keys that name where it happened, best first.
const PLACE: [&str; 5] = ["GroupId", "GroupID", "RoomId", "Official_Account", "CallId"];

/// Says who did what and where.
pub fn read(text: &[u8], callback: &Callback) -> Summary {
    let body = Body { text, document: &callback.document };
    let filled = callback.reference.and_then(|command| command.summary.iter().find_map(|template| fill(&template.0, &body, command)));
    Summary(filled.unwrap_or_else(|| generic(&body)))
}

struct Body<'a> {
    text: &'a [u8],
    document: &'a Document,
}

/// Fills a template in; `None` where one of its places has no value.
fn fill(pieces: &'static [Piece], body: &Body<'_>, command: &'static Command) -> Option<Vec<Part>> {
    let mut parts = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match piece {
            Piece::Words(words) => parts.push(Part::Words(Cow::Borrowed(words))),
            Piece::Optional(pieces) => parts.extend(fill(pieces, body, command).unwrap_or_default()),
            Piece::Place(Place { path, pattern, ask }) => parts.extend(match ask {
                Ask::Value => Some(body.values(path)?),
                Ask::Word => Some(body.words(path, pattern, command)?),
                Ask::Said => Some(body.said(path)?),
                Ask::Equals(value) => {
                    body.is(path, value).then_some(())?;
                    None
                }
            }),
        }
    }
    Some(parts)
}

impl Body<'_> {
    /// The values at a place that are text or numbers, each once.
    fn strings(&self, path: &Path, read: impl Fn(&str) -> String) -> (Vec<String>, usize) {
        let (mut named, mut more) = (Vec::new(), 0);
        path.visit(self.text, self.document, &mut |at| {
            let node = self.document.node(at);
            let value = if node.is_container() { Cow::Borrowed("") } else { node.string(self.text) };
            if value.is_empty() {
                return;
            }
            let value = read(&value);
            if named.len() == NAMED {
                more += usize::from(!named.contains(&value));
            } else if !named.contains(&value) {
                named.push(value);
            }
        });
        (named, more)
    }

    fn values(&self, path: &Path) -> Option<Part> {
        let (named, more) = self.strings(path, str::to_owned);
        (!named.is_empty()).then_some(Part::Values(named, more))
    }

    fn words(&self, path: &Path, pattern: &str, command: &'static Command) -> Option<Part> {
        let field = command.field(pattern)?;
        let (named, more) = self.strings(path, |value| field.word(value).unwrap_or(value).to_owned());
        (!named.is_empty()).then_some(Part::Values(named, more))
    }

    fn is(&self, path: &Path, wanted: &str) -> bool {
        let mut found = false;
        path.visit(self.text, self.document, &mut |at| found |= self.document.node(at).string(self.text) == wanted);
        found
    }

    /// The first text of the message elements at a place, or the kind of the first element.
    fn said(&self, path: &Path) -> Option<Part> {
        let mut elements = None;
        path.visit(self.text, self.document, &mut |at| elements = elements.or(Some(at)));
        self.said_in(elements?)
    }

    fn said_in(&self, elements: usize) -> Option<Part> {
        let Self { text, document } = self;
        let texts = document.children(elements).filter_map(|element| {
            let content = document.get(text, element, "MsgContent")?;
            let words = document.get(text, content, "Text")?;
            Some(document.node(words).string(text))
        });
        if let Some(words) = texts.map(Cow::into_owned).find(|words| !words.is_empty()) {
            return Some(Part::Said(words));
        }
        let kinds = document.children(elements).filter_map(|element| {
            let kind = document.get(text, element, "MsgType")?;
            Some(catalogue::get().element(&document.node(kind).string(text))?.meaning.as_str())
        });
        kinds.map(Part::Kind).next()
    }

    /// The values under the first of these keys that has any, wherever it stands.
    fn under(&self, keys: &[&str]) -> Option<Part> {
        keys.iter().find_map(|key| {
            let nodes = self.document.nodes().filter(|node| node.key_text(self.text).is_some_and(|name| name == *key));
            let leaves = nodes.filter(|node| matches!(node.kind, Kind::String | Kind::Number));
            let mut values: Vec<String> =
                leaves.map(|node| node.string(self.text).into_owned()).filter(|value| !value.is_empty()).collect();
            let more = values.len().saturating_sub(NAMED);
            values.truncate(NAMED);
            (!values.is_empty()).then_some(Part::Values(values, more))
        })
    }
}

/// What can be said of a callback that no template fits: who, to whom or where, and what was said.
fn generic(body: &Body<'_>) -> Vec<Part> {
    let who = body.under(&WHO);
    let said = body.document.get(body.text, 0, "MsgBody").and_then(|elements| body.said_in(elements));
    let to = body.under(&["To_Account"]).filter(|to| Some(to) != who.as_ref());
    let place = if said.is_none() { body.under(&PLACE) } else { None };
    let mut parts = Vec::new();
    for (between, part) in [("", who), (" → ", to.or(place)), (": ", said)] {
        let Some(part) = part else { continue };
        if !parts.is_empty() {
            parts.push(Part::Words(Cow::Borrowed(between)));
        }
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::parse;
    use crate::wire::Request;

    fn check(command: &str, body: &str, expected: &str) {
        let request = Request::complete(0, format!("POST /?CallbackCommand={command} HTTP/1.1\r\n\r\n"), body);
        let parts = read(&request.body, &parse(&request)).0.into_iter().map(|part| match part {
            Part::Words(words) => words.into_owned(),
            Part::Values(values, 0) => values.join("+"),
            Part::Values(values, more) => format!("{}+{more} more", values.join("+")),
            Part::Said(text) => format!("“{text}”"),
            Part::Kind(kind) => format!("[{kind}]"),
        });
        assert_eq!(parts.collect::<String>(), expected, "{command} {body}");
    }

    #[test]
    fn a_documented_command_is_told_as_the_catalogue_says() {
        let join = "Group.CallbackAfterNewMemberJoin";
        check(join, r#"{"GroupId":"@1","NewMemberList":[{"Member_Account":"jared"},{"Member_Account":"tommy"}]}"#, "jared+tommy joined @1");
        let many = r#"{"GroupId":"@1","NewMemberList":[{"Member_Account":"a"},{"Member_Account":"b"},{"Member_Account":"a"},{"Member_Account":"c"},{"Member_Account":"d"}]}"#;
        check(join, many, "a+b+c+1 more joined @1");
        let extension = "Group.CallbackAfterGroupMsgExtension";
        check(extension, r#"{"OperateType":1,"ExtensionList":[{"Key":"key2"},{"Key":"key3"}],"Seq":56}"#, "set key2+key3, seq 56");
        check(extension, r#"{"OperateType":3,"ExtensionList":[],"Seq":58}"#, "cleared, seq 58");
        let said = r#"{"From_Account":"leckie","MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"红包来了 🎁"}}]}"#;
        check("Group.CallbackAfterSendMsg", said, "leckie: “红包来了 🎁”");
        let image = r#"{"From_Account":"leckie","MsgBody":[{"MsgType":"TIMImageElem","MsgContent":{}}]}"#;
        check("Group.CallbackAfterSendMsg", image, "leckie: [image]");
        check("State.StateChange", r#"{"Info":{"Action":"Login","To_Account":"mira"},"KickedDevice":[]}"#, "mira came online");
    }

    #[test]
    fn where_no_template_fits_it_names_who_what_and_where() {
        check("Group.CallbackAfterNewMemberJoin", r#"{"GroupId":"@1","Operator_Account":"leckie"}"#, "leckie → @1");
        check("No.Such", r#"{"From_Account":"a","To_Account":"b","MsgBody":[{"MsgContent":{"Text":"hi"}}]}"#, "a → b: “hi”");
        check("No.Such", r#"{"To_Account":144115216631667826}"#, "144115216631667826");
        check("No.Such", "{}", "");
        check("Group.CallbackAfterSendMsg", "[1,2]", "");
    }

    #[test]
    fn every_template_reads_fields_that_its_command_has() {
        for command in &catalogue::get().commands {
            assert!(!command.summary.is_empty(), "{} has none", command.name);
            for template in &command.summary {
                check_places(&template.0, command);
            }
        }
    }

    fn check_places(pieces: &[Piece], command: &Command) {
        for piece in pieces {
            match piece {
                Piece::Words(_) => {}
                Piece::Optional(pieces) => check_places(pieces, command),
                Piece::Place(place) => assert!(command.field(&place.pattern).is_some(), "{}: {}", command.name, place.pattern),
            }
        }
    }
}
