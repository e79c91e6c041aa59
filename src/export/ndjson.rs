//! One exchange as one line of JSON: the contract of `serve --format json` and `export --format ndjson`.
//!
//! What was received is complete in it: `head` and `body`, as text where they are UTF-8 and as base64 where not.
//! All else is computed from them and written for the reader.

use crate::exchange::{Exchange, Responded};
use crate::inspect::Inspection;
use crate::protocol::Callback;
use crate::protocol::body::{Field, Fields};
use crate::protocol::foreign::Foreign;
use crate::protocol::json::{Kind, Node};
use crate::protocol::query::{Name, Param, Spelling};
use crate::protocol::verdict::Verdict;
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
pub fn line(exchange: &Exchange, inspection: &Inspection, zone: &TimeZone) -> String {
    serde_json::to_string(&Line::of(exchange, inspection, zone)).expect("bug: the line's parts are all JSON")
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
    rule: &'a str,
    fault: Option<&'a str>,
    responded_after_ms: Option<f64>,
    outcome: Option<String>,
    read_as: &'static str,
    detail: String,
}

impl<'a> Line<'a> {
    fn of(exchange: &'a Exchange, inspection: &'a Inspection, zone: &TimeZone) -> Self {
        let request = &exchange.request;
        let (head, callback) = (request.head(), &inspection.callback);
        let (head_text, head_encoding) = text(&request.head);
        let (body_text, body_encoding) = text(&request.body);
        let fields = inspection.fields(request);
        let verdict =
            |verdict: &Verdict<'_>| (verdict.name(), VerdictLine { state: verdict.state(), detail: wording::detail(*verdict, zone) });
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
            command: callback.command.as_deref(),
            product: callback.product().map(crate::protocol::catalogue::Product::word),
            foreign: callback.foreign.map(Foreign::word),
            sdk_app_id: callback.param(Name::SdkAppId),
            platform: callback.param(Name::Platform),
            client_ip: callback.param(Name::ClientIp),
            params: callback.params.iter().map(|one| param(one, zone)).collect(),
            verdicts: inspection.verdicts.all().iter().map(verdict).collect(),
            overall: inspection.overall.word(),
            remarks: inspection.remarks(request, &fields).iter().map(wording::remark).collect(),
            summary: wording::summary(&inspection.summary(request)),
            fields: field_lines(&fields, request, callback, zone),
            fields_truncated: fields.truncated,
            response: exchange.response.as_ref().map(|responded| response(responded, inspection)),
        }
    }
}

fn text(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), "utf8"),
        Err(_) => (Cow::Owned(STANDARD.encode(bytes)), "base64"),
    }
}

fn body_end(end: BodyEnd) -> &'static str {
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
fn field(field: &Field, (text, node): (&[u8], &Node), zone: &TimeZone) -> Option<FieldLine> {
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
    let reading = inspection.reading(responded.reached(), responded.responded_after_micros);
    let sent = responded.response.as_ref();
    ResponseLine {
        status: sent.map(|sent| sent.status),
        headers: sent.map(|sent| sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()),
        body: sent.map(|sent| String::from_utf8_lossy(&sent.body)),
        rule: &responded.rule,
        fault: responded.fault.as_deref(),
        #[expect(clippy::cast_precision_loss, reason = "microseconds of a response are far below 2^52")]
        responded_after_ms: responded.responded_after_micros.map(|micros| micros as f64 / 1000.0),
        outcome: responded.outcome.map(wording::outcome),
        read_as: reading.read_as.word(),
        detail: wording::reading(&reading),
    }
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
        let head = format!("POST /?SdkAppid=1&CallbackCommand={command} HTTP/1.1\r\n\r\n").into_bytes();
        let body = format!(r#"{{"CallbackCommand":"{command}"}}"#).into_bytes();
        let (peer, body_end) = (String::new(), BodyEnd::Complete);
        let request = Request { received_at_millis: 0, peer, head, body, body_end, refused: None };
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        let line = line(&Exchange { id: 1, request, response: responded }, &inspection, &TimeZone::UTC);
        let line: serde_json::Value = serde_json::from_str(&line).expect("bug: it is JSON");
        let word = |key: &str| line["response"][key].as_str().unwrap_or("-").to_owned();
        assert_eq!(format!("{}: {}", word("read_as"), word("detail")), expected);
    }

    fn sent(preset: &Preset, after_micros: i64) -> Responded {
        let decided = Responded::decided(preset.response(), DEFAULT_RULE);
        Responded { responded_after_micros: Some(after_micros), outcome: Some(Outcome::Sent), ..decided }
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
