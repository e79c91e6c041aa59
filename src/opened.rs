//! An exchange opened for a close look: its inspection and everything that is computed for showing it.

use crate::annotation::Annotation;
use crate::conversation::Key;
use crate::exchange::Exchange;
use crate::inspect::{Inspection, Remark};
use crate::lines;
use crate::protocol::body::{Field, Fields};
use crate::protocol::findings::Findings;
use crate::protocol::json::{Kind, Node};
use crate::protocol::response::Reading;
use crate::protocol::verdict::BodyVerdict;
use crate::protocol::{self, Callback, SdkApp};
use crate::tree::Tree;
use crate::wire::Transport;
use std::sync::Arc;

/// What the detail shows of an exchange.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The exchange itself. Whoever searches its body shares it.
    pub exchange: Arc<Exchange>,
    /// What it is, and what is true of it.
    pub inspection: Inspection,
    /// What explains its verdicts.
    pub findings: Findings,
    /// The conversation that it belongs to.
    pub conversation: Option<Key>,
    /// What is worth knowing besides.
    pub remarks: Vec<Remark>,
    /// The body's fields.
    pub fields: Fields,
    /// Parameters and fields as they are listed for reading.
    pub field_rows: Vec<FieldRow>,
    /// The body as a tree, as it is folded at first.
    pub tree: Tree,
    /// Whether the body is text, and no other bytes.
    pub is_text: bool,
    /// What the sender makes of the response; `None` while nothing is decided.
    pub reading: Option<Reading>,
    /// Whether it is in the history file.
    pub saved: bool,
    /// What the user says of it. Whoever knows that fills it in.
    pub annotation: Annotation,
    /// What each rule makes of the request, by the rules as they were when it was opened: the rule's name, and in words. Whoever
    /// knows the rules fills it in.
    pub told: Vec<(String, String)>,
}

/// One line of the list of parameters and fields. The objects of an array have none of their own: what they hold
/// carries their number, as in `[0].Member_Account`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRow {
    /// What stands on the line.
    pub line: Line,
    /// The path from the container that the line stands under, or the name.
    pub label: String,
    /// How many containers with a line of their own it stands under.
    pub indent: u32,
}

/// What stands on a line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Above the parameters of the URL.
    Parameters,
    /// Above the fields of the body.
    Body,
    /// A parameter, by its index.
    Parameter(usize),
    /// A field, by its index.
    Field(usize),
    /// One of the events of a push, counted from 1; its label is its command.
    Event(usize),
    /// A required field that is not there.
    Missing,
}

impl Opened {
    /// Computes all of it: off the window's thread, since a body may be large.
    pub fn of(exchange: Exchange, inspection: Inspection, apps: &[SdkApp], saved: bool) -> Self {
        let fields = inspection.fields(&exchange.request);
        let responded = exchange.response.as_ref();
        Self {
            conversation: Key::of(&exchange.request.body, &inspection.callback),
            findings: inspection.findings(&exchange.request, apps),
            reading: responded.map(|responded| inspection.reading(responded.reached(), responded.whole_after_micros())),
            remarks: inspection.remarks(&exchange.request, &fields),
            field_rows: rows(&exchange.request.body, &fields, &inspection.callback),
            tree: Tree::of(&inspection.callback.document),
            fields,
            is_text: lines::is_text(&exchange.request.body),
            exchange: Arc::new(exchange),
            inspection,
            saved,
            annotation: Annotation::default(),
            told: Vec::new(),
        }
    }

    /// Whether a field stands out as undocumented: of a command that is not documented either, every field would.
    pub fn stands_out(&self, field: &Field) -> bool {
        !field.documented && self.inspection.callback.reference.is_some()
    }

    /// Whether a parameter stands out when it is not spelled as documented: those of a request that is no callback
    /// need not be.
    pub fn parameters_stand_out(&self) -> bool {
        self.inspection.callback.is_callback
    }

    /// Why there was no request at all: its TLS handshake failed.
    pub fn failed_handshake(&self) -> Option<&str> {
        let request = &self.exchange.request;
        request.refused.as_deref().filter(|_| request.transport == Transport::FailedHandshake)
    }

    /// Whether the body is fine as JSON, but there is nothing in it.
    pub fn is_hollow(&self) -> bool {
        let is_fine = matches!(self.inspection.verdicts.body, BodyVerdict::Documented | BodyVerdict::NoReference);
        is_fine && self.fields.list.is_empty()
    }

    /// The value of a field with the text that it stands in.
    pub fn value(&self, field: &Field) -> (&[u8], Node) {
        self.fields.value(field, &self.exchange.request.body, &self.inspection.callback.document)
    }
}

fn rows(body: &[u8], fields: &Fields, callback: &Callback) -> Vec<FieldRow> {
    let row = |line, label: &str| FieldRow { line, label: label.to_owned(), indent: 0 };
    let mut rows = Vec::with_capacity(fields.list.len() + callback.params.len() + 2);
    if !callback.params.is_empty() {
        rows.push(row(Line::Parameters, ""));
        rows.extend(callback.params.iter().enumerate().map(|(at, param)| row(Line::Parameter(at), &param.name)));
    }
    if !fields.list.is_empty() || !fields.missing.is_empty() {
        rows.push(row(Line::Body, ""));
        rows.extend(field_rows(body, fields, callback));
        rows.extend(fields.missing.iter().map(|path| row(Line::Missing, path)));
    }
    rows
}

fn field_rows(body: &[u8], fields: &Fields, callback: &Callback) -> Vec<FieldRow> {
    let mut rows = Vec::with_capacity(fields.list.len());
    // The containers with a line of their own that are open: how deep they are, and how long their path is.
    let mut open: Vec<(u32, usize)> = Vec::new();
    let events: Vec<usize> = protocol::events(body, &callback.document).collect();
    let event = |field: &Field| {
        let at = events.binary_search(&field.node).ok().filter(|_| field.text.is_none())?;
        Some((at + 1, protocol::command_at(body, &callback.document, field.node)?.into_owned()))
    };
    for (index, field) in fields.list.iter().enumerate() {
        while open.last().is_some_and(|(depth, _)| *depth >= field.depth) {
            open.pop();
        }
        let (_, node) = fields.value(field, body, &callback.document);
        let indent = u32::try_from(open.len()).unwrap_or(u32::MAX);
        let is_item = !node.has_name();
        let holds_something = node.is_container() && node.children > 0 && !field.is_deepest();
        if is_item && holds_something && node.kind == Kind::Object {
            if let Some((number, command)) = event(field) {
                rows.push(FieldRow { line: Line::Event(number), label: command, indent });
                open.push((field.depth, field.path.len()));
            }
            continue;
        }
        let above = open.last().map_or(0, |(_, length)| *length);
        let label = field.path[above..].trim_start_matches('.').to_owned();
        rows.push(FieldRow { line: Line::Field(index), label, indent });
        let opens_string = fields.list.get(index + 1).is_some_and(|next| next.text != field.text && next.text.is_some());
        if holds_something || (opens_string && node.kind == Kind::String) {
            open.push((field.depth, field.path.len()));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect;
    use crate::protocol::Kept;
    use crate::wire::Request;

    fn open(target: &str, body: &str) -> Opened {
        let request = Request::complete(0, format!("POST {target} HTTP/1.1\r\n\r\n"), body);
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        Opened::of(Exchange { id: 1, request, response: None }, inspection, &[], true)
    }

    fn check(target: &str, body: &str, expected: &[&str]) {
        let opened = open(target, body);
        let line = |row: &FieldRow| match row.line {
            Line::Parameters => "= parameters".to_owned(),
            Line::Body => "= body".to_owned(),
            Line::Event(number) => format!("{}{number}: {}", " ".repeat(row.indent as usize), row.label),
            Line::Missing => format!("missing {}", row.label),
            Line::Parameter(_) | Line::Field(_) => format!("{}{}", " ".repeat(row.indent as usize), row.label),
        };
        assert_eq!(opened.field_rows.iter().map(line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_undocumented_field_stands_out_where_others_are_documented() {
        let stand_out = |body: &str| {
            let opened = open("/", body);
            opened.fields.list.iter().filter(|field| opened.stands_out(field)).map(|field| field.path.clone()).collect::<Vec<_>>()
        };
        assert_eq!(stand_out(r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","GroupId":"g","X":1}"#), ["X"]);
        assert_eq!(stand_out(r#"{"EventGroupId":2,"EventType":201}"#), <[String; 0]>::default());
    }

    #[test]
    fn a_hollow_body_is_json_without_fields() {
        let join = "/?CallbackCommand=Group.CallbackAfterNewMemberJoin";
        for (target, body, is_hollow) in
            [(join, "{}", true), ("/", "{}", true), (join, "", false), (join, "{", false), (join, "3", false), (join, r#"{"X":1}"#, false)]
        {
            assert_eq!(open(target, body).is_hollow(), is_hollow, "{body}");
        }
    }

    #[test]
    fn parameters_stand_out_where_it_is_a_callback() {
        assert!(open("/?CallbackCommand=Group.CallbackAfterNewMemberJoin&x=1", "{}").parameters_stand_out());
        assert!(!open("/?command=normal_end&sdkappid=1", "{}").parameters_stand_out());
    }

    #[test]
    fn fields_are_listed_under_their_containers() {
        let body = r#"{"GroupId":"g","List":[{"A":1,"B":{"C":2}},{"A":3}],"Names":["x"],"Empty":[],"End":true}"#;
        check("/", body, &["= body", "GroupId", "List", " [0].A", " [0].B", "  C", " [1].A", "Names", " [0]", "Empty", "End"]);
        check("/", "", &[]);
    }

    #[test]
    fn parameters_come_first_and_json_in_a_string_is_a_sub_tree() {
        let body = r#"{"CloudCustomData":"{\"a\":{\"b\":1},\"c\":\"[2]\"}","Text":"[1]"}"#;
        check(
            "/?CallbackCommand=C2C.CallbackAfterSendMsg&x=1",
            body,
            &[
                "= parameters",
                "CallbackCommand",
                "x",
                "= body",
                "CloudCustomData",
                " →a",
                "  b",
                " →c",
                "  →[0]",
                "Text",
                "missing CallbackCommand",
            ],
        );
    }

    #[test]
    fn the_events_of_a_push_stand_apart() {
        let body = r#"{"Events":[{"CallbackCommand":"Push.OfflinePush","ErrCode":0},{"CallbackCommand":"Push.AllMemberPush"}]}"#;
        check(
            "/",
            body,
            &["= body", "Events", " 1: Push.OfflinePush", "  CallbackCommand", "  ErrCode", " 2: Push.AllMemberPush", "  CallbackCommand"],
        );
    }
}
