//! One exchange as one line of JSON: the contract of `serve --format json` and `export --format ndjson`.
//!
//! What was received and what was responded is complete in it: heads and bodies as text where they are UTF-8 and as base64 where
//! not. All else is computed from them and written for the reader; `import::line` reads it back.

use crate::annotation::{Annotation, Mark};
use crate::exchange::{Exchange, Outcome, Responded};
use crate::inspect::Inspection;
use crate::protocol::Callback;
use crate::protocol::body::{Field, Fields};
use crate::protocol::findings::Findings;
use crate::protocol::foreign::Foreign;
use crate::protocol::json::{Kind, Node};
use crate::protocol::query::{Name, Param, Spelling};
use crate::protocol::verdict::{AppId, Overall, Replay, Severity, Signature, Verdict};
use crate::wire::{BodyEnd, Request};
use crate::wording;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Writes an exchange as one line, without the line break.
pub fn line(exchange: &Exchange, annotation: &Annotation, inspection: &Inspection, findings: &Findings, zone: &TimeZone) -> String {
    let judged = Judged { verdicts: &inspection.verdicts.all(), overall: inspection.overall, remarks: &[] };
    let Annotation { pinned, mark, note } = annotation;
    written(&Line {
        pinned: *pinned,
        mark: mark.map(Mark::word),
        note: Some(note.as_str()).filter(|note| !note.is_empty()),
        ..Line::of(exchange, inspection, findings, judged, zone)
    })
}

/// What a line says of an exchange of which not everything can be judged.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The verdicts that stand.
    pub verdicts: &'a [Verdict<'a>],
    /// What they say together.
    pub overall: Overall,
    /// What is worth knowing besides the remarks of the inspection; it comes first.
    pub remarks: &'a [String],
}

/// Writes an exchange of which only some verdicts stand.
pub fn line_judged(exchange: &Exchange, inspection: &Inspection, findings: &Findings, judged: Judged<'_>, zone: &TimeZone) -> String {
    written(&Line::of(exchange, inspection, findings, judged, zone))
}

fn written(line: &Line<'_>) -> String {
    serde_json::to_string(line).expect("bug: the line's parts are all JSON")
}

#[derive(Serialize)]
struct Line<'a> {
    id: i64,
    received_at: String,
    peer: &'a str,
    head: Cow<'a, str>,
    head_encoding: &'static str,
    method: Option<&'a str>,
    target: Option<&'a str>,
    http_version: Option<&'a str>,
    headers: Vec<(&'a str, Cow<'a, str>)>,
    body: Cow<'a, str>,
    body_encoding: &'static str,
    body_bytes: usize,
    body_truncated: bool,
    body_end: &'static str,
    refused: Option<&'a str>,
    transport: &'static str,
    command: Option<&'a str>,
    product: Option<&'static str>,
    foreign: Option<&'static str>,
    sdk_app_id: Option<&'a str>,
    platform: Option<&'a str>,
    client_ip: Option<&'a str>,
    params: Vec<ParamLine<'a>>,
    verdicts: BTreeMap<&'static str, VerdictLine>,
    overall: &'static str,
    remarks: Vec<String>,
    summary: String,
    fields: Vec<FieldLine>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fields_truncated: bool,
    response: Option<ResponseLine<'a>>,
    /// What the user says of it stands there where anything is said.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ParamLine<'a> {
    name: &'a str,
    value: &'a str,
    spelling: &'static str,
    meaning: Option<&'static str>,
    shown: Option<String>,
}

#[derive(Serialize)]
struct VerdictLine {
    state: &'static str,
    detail: String,
    /// Of what is missing or malformed: whether an app was known, or a token, so that it was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<bool>,
    /// Of a replay: when it came first.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    explanation: Vec<FactLine>,
}

#[derive(Serialize)]
struct FactLine {
    name: &'static str,
    text: String,
}

#[derive(Serialize)]
struct FieldLine {
    path: String,
    value: Box<RawValue>,
    documented: bool,
    meaning: Option<&'static str>,
    shown: Option<String>,
}

#[derive(Serialize)]
struct ResponseLine<'a> {
    status: Option<u16>,
    headers: Option<Vec<(&'a str, &'a str)>>,
    body: Option<Cow<'a, str>>,
    body_encoding: Option<&'static str>,
    rule: &'a str,
    fault: Option<&'a str>,
    responded_after_ms: Option<f64>,
    outcome: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller_left_after_ms: Option<i64>,
    read_as: &'static str,
    detail: String,
}

impl<'a> Line<'a> {
    fn of(exchange: &'a Exchange, inspection: &'a Inspection, findings: &Findings, judged: Judged<'_>, zone: &TimeZone) -> Self {
        let request = &exchange.request;
        let (head, callback) = (request.head(), &inspection.callback);
        let (head_text, head_encoding) = text(&request.head);
        let (body_text, body_encoding) = text(&request.body);
        let fields = inspection.fields(request);
        let Judged { verdicts, overall, remarks } = judged;
        let verdict = |one: &Verdict<'_>| (one.name(), verdict(*one, inspection, findings, zone));
        Self {
            id: exchange.id,
            received_at: wording::utc(request.received_at_millis),
            peer: &request.peer,
            head: head_text,
            head_encoding,
            method: head.method,
            target: head.target,
            http_version: head.http_version,
            headers: head.headers.into_iter().map(|(name, value)| (name, String::from_utf8_lossy(value))).collect(),
            body: body_text,
            body_encoding,
            body_bytes: request.body.len(),
            body_truncated: request.body_end != BodyEnd::Complete,
            body_end: body_end(request.body_end),
            refused: request.refused.as_deref(),
            transport: request.transport.word(),
            command: callback.command.as_deref(),
            product: callback.product().map(crate::protocol::catalogue::Product::word),
            foreign: callback.foreign.map(Foreign::word),
            sdk_app_id: callback.param(Name::SdkAppId),
            platform: callback.param(Name::Platform),
            client_ip: callback.param(Name::ClientIp),
            params: callback.params.iter().map(|one| param(one, zone)).collect(),
            verdicts: verdicts.iter().map(verdict).collect(),
            overall: overall.word(),
            remarks: remarks.iter().cloned().chain(inspection.remarks(request, &fields).iter().map(wording::remark)).collect(),
            summary: wording::summary(&inspection.summary(request)),
            fields: field_lines(&fields, request, callback, zone),
            fields_truncated: fields.truncated,
            response: exchange.response.as_ref().map(|responded| response(responded, inspection)),
            pinned: false,
            mark: None,
            note: None,
        }
    }
}

/// A verdict; what explains it stands beside a bad one.
fn verdict(verdict: Verdict<'_>, inspection: &Inspection, findings: &Findings, zone: &TimeZone) -> VerdictLine {
    let facts = match verdict.severity() {
        Severity::Bad => wording::facts(verdict, &inspection.verdicts, findings, None, zone),
        Severity::Good | Severity::Neutral | Severity::Warning => Vec::new(),
    };
    let explanation = facts.into_iter().map(|fact| FactLine { name: fact.name, text: fact.text }).collect();
    VerdictLine {
        state: verdict.state(),
        detail: wording::reason(verdict, &inspection.verdicts, findings, zone),
        due: due(verdict),
        first_at: first_at(verdict),
        explanation,
    }
}

/// Whether what is missing or malformed was due.
pub(super) fn due(verdict: Verdict<'_>) -> Option<bool> {
    if let Verdict::Signature(Signature::Missing { due }) | Verdict::AppId(AppId::Missing { due } | AppId::Malformed { due, .. }) = verdict
    {
        Some(*due)
    } else {
        None
    }
}

/// When a replay came first.
pub(super) fn first_at(verdict: Verdict<'_>) -> Option<String> {
    if let Verdict::Replay(Replay::Repeated { first_at_millis } | Replay::ReusedSignature { first_at_millis }) = verdict {
        Some(wording::utc(first_at_millis))
    } else {
        None
    }
}

/// Bytes as text where they are UTF-8, else as base64; and which.
pub(super) fn text(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), "utf8"),
        Err(_) => (Cow::Owned(STANDARD.encode(bytes)), "base64"),
    }
}

/// The word for how a body ended.
pub(super) fn body_end(end: BodyEnd) -> &'static str {
    match end {
        BodyEnd::Complete => "complete",
        BodyEnd::TooLarge => "too_large",
        BodyEnd::CutOff => "cut_off",
    }
}

fn param<'a>(param: &'a Param, zone: &TimeZone) -> ParamLine<'a> {
    let reference = param.known.and_then(Name::reference);
    ParamLine {
        name: &param.name,
        value: &param.value,
        spelling: match param.spelling {
            Spelling::Documented => "documented",
            Spelling::Variant => "variant",
            Spelling::Unknown => "unknown",
        },
        meaning: reference.map(|reference| reference.meaning.as_str()),
        shown: param.shown().map(|shown| wording::shown(shown, zone)),
    }
}

fn field_lines(fields: &Fields, request: &Request, callback: &Callback, zone: &TimeZone) -> Vec<FieldLine> {
    fields.list.iter().filter_map(|one| field(one, fields.value(one, &request.body, &callback.document), zone)).collect()
}

/// A leaf or an empty container. A container that the list does not go into stands as `null`.
fn field(field: &Field, (text, node): (&[u8], Node), zone: &TimeZone) -> Option<FieldLine> {
    let raw = node.raw(text);
    let is_cut_off = node.children > 0;
    if is_cut_off && !field.is_deepest() {
        return None;
    }
    let value = if is_cut_off {
        RawValue::NULL.to_owned()
    } else if node.kind == Kind::String && raw.contains("\\u") {
        // A lone surrogate, which many readers refuse, becomes U+FFFD; the body keeps it as received.
        serde_json::value::to_raw_value(&node.string(text)).ok()?
    } else {
        RawValue::from_string(raw.to_owned()).ok()?
    };
    let shown = field.shown.map(|shown| wording::shown(shown, zone));
    Some(FieldLine { path: field.path.clone(), value, documented: field.documented, meaning: field.meaning, shown })
}

fn response<'a>(responded: &'a Responded, inspection: &Inspection) -> ResponseLine<'a> {
    let reading = inspection.reading(responded.reached(), responded.whole_after_micros());
    let sent = responded.response.as_ref();
    let body = sent.map(|sent| text(&sent.body));
    ResponseLine {
        status: sent.map(|sent| sent.status),
        headers: sent.map(|sent| sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()),
        body_encoding: body.as_ref().map(|(_, encoding)| *encoding),
        body: body.map(|(text, _)| text),
        rule: &responded.rule,
        fault: responded.fault.as_deref(),
        responded_after_ms: responded.responded_after_micros.map(wording::millis),
        outcome: responded.outcome.map(wording::outcome),
        caller_left_after_ms: caller_left_after_ms(responded),
        read_as: reading.read_as.word(),
        detail: wording::reading(&reading),
    }
}

/// When the caller was gone, exactly.
pub(super) fn caller_left_after_ms(responded: &Responded) -> Option<i64> {
    if let Some(Outcome::CallerLeft { after_millis }) = responded.outcome { Some(after_millis) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{DEFAULT_RULE, Outcome};
    use crate::inspect;
    use crate::protocol::Kept;
    use crate::rules::preset::Preset;
    use crate::wire::Request;

    /// How the response to a command is read, as the line says it.
    #[track_caller]
    fn check(command: &str, responded: Option<Responded>, expected: &str) {
        let head = format!("POST /?SdkAppid=1&CallbackCommand={command} HTTP/1.1\r\n\r\n");
        let body = format!(r#"{{"CallbackCommand":"{command}"}}"#);
        let request = Request::complete(0, head, body);
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        let exchange = Exchange { id: 1, request, response: responded };
        let line = line(&exchange, &Annotation::default(), &inspection, &Findings::default(), &TimeZone::UTC);
        let line: serde_json::Value = serde_json::from_str(&line).expect("bug: it is JSON");
        let word = |key: &str| line["response"][key].as_str().unwrap_or("-").to_owned();
        assert_eq!(format!("{}: {}", word("read_as"), word("detail")), expected);
    }

    fn sent(preset: &Preset, after_micros: i64) -> Responded {
        let decided = Responded::decided(preset.response().expect("bug: it has one"), DEFAULT_RULE);
        Responded { responded_after_micros: Some(after_micros), outcome: Some(Outcome::Sent), ..decided }
    }

    #[test]
    fn what_the_user_says_stands_in_the_line_where_anything_is_said() {
        let request = Request::complete(0, "POST / HTTP/1.1\r\n\r\n", "{}");
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        let exchange = Exchange { id: 1, request, response: None };
        let end = |annotation: &Annotation| {
            let line = line(&exchange, annotation, &inspection, &Findings::default(), &TimeZone::UTC);
            line[line.find("\"response\":").expect("bug: is there")..].to_owned()
        };
        assert_eq!(end(&Annotation::default()), r#""response":null}"#);
        let said = Annotation { pinned: true, mark: Some(Mark::Red), note: "问\n".to_owned() };
        assert_eq!(end(&said), r#""response":null,"pinned":true,"mark":"red","note":"问\n"}"#);
    }

    #[test]
    fn a_line_says_how_the_sender_reads_the_response() {
        let (before, after) = ("C2C.CallbackBeforeSendMsg", "Group.CallbackAfterSendMsg");
        check(after, None, "-: -");
        check(after, Some(sent(&Preset::Ok, 400)), "accepted: success; the result is ignored");
        check(after, Some(sent(&Preset::Fail(1), 400)), "ignored: code 1: the result is ignored; the event has happened");
        check(before, Some(sent(&Preset::Fail(1), 400)), "refused: code 1: refuse; the sender gets error 20006");
        check(before, Some(sent(&Preset::Http(503), 400)), "failed: status 503; only 200 counts");
        check(before, Some(sent(&Preset::Ok, 2_100_000)), "failed: it came after 2,100 ms, and the limit is 2,000 ms");
        check(before, Some(Responded::none(DEFAULT_RULE)), "failed: no response reached the sender");
        let left = Some(Outcome::CallerLeft { after_millis: 2_000 });
        check(before, Some(Responded { outcome: left, ..sent(&Preset::Ok, 400) }), "failed: no response reached the sender");
    }
}
