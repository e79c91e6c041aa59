//! An HTTP archive, as browsers' developer tools and many others read it.
//!
//! What the format has no place for stands under names that begin with an underscore, as it asks: `_hookglass` of an entry
//! holds what Hookglass says of the exchange, `_encoding` of a body that is no text that it is base64, as the content of a
//! response has it. A request that cannot be read has an empty method; what never was responded has the status 0, which
//! is what browsers write of a request that failed.
//!
//! Source: HTTP Archive 1.2, <http://www.softwareishard.com/blog/har-12-spec/>

use super::ndjson::text;
use super::{Leaving, url};
use crate::annotation::Mark;
use crate::exchange::{Exchange, Responded};
use crate::inspect::Inspection;
use crate::wire::{Request, Response};
use crate::wording;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What an archive begins with.
pub fn begin() -> String {
    format!(r#"{{"log":{{"version":"1.2","creator":{{"name":"Hookglass","version":"{}"}},"entries":["#, env!("CARGO_PKG_VERSION"))
}

/// What it ends with.
pub const END: &str = "\n]}}\n";

/// An exchange.
pub fn entry(leaving: Leaving<'_>, zone: &TimeZone) -> String {
    serde_json::to_string(&Entry::of(leaving, zone)).expect("bug: its parts are all JSON")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    started_date_time: String,
    /// In milliseconds.
    time: f64,
    request: HarRequest<'a>,
    response: HarResponse<'a>,
    cache: Nothing,
    timings: Timings,
    comment: String,
    #[serde(rename = "_hookglass")]
    hookglass: Hookglass<'a>,
}

#[derive(Serialize)]
struct Nothing {}

/// In milliseconds. The clock begins once the request is there.
#[derive(Serialize)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HarRequest<'a> {
    method: &'a str,
    url: String,
    http_version: String,
    cookies: [Nothing; 0],
    headers: Vec<Pair<'a>>,
    query_string: Vec<Pair<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<Content<'a>>,
    headers_size: usize,
    body_size: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HarResponse<'a> {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    cookies: [Nothing; 0],
    headers: Vec<Pair<'a>>,
    content: Content<'a>,
    #[serde(rename = "redirectURL")]
    redirect_url: &'a str,
    headers_size: i64,
    body_size: i64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
struct Pair<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
}

/// A body. Of a response the format has a size and an encoding; of a request it has neither.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<usize>,
    mime_type: Cow<'a, str>,
    text: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(rename = "_encoding", skip_serializing_if = "Option::is_none")]
    own_encoding: Option<&'static str>,
}

/// What Hookglass says of an exchange, in the words of `ndjson`.
#[derive(Serialize)]
struct Hookglass<'a> {
    id: i64,
    peer: &'a str,
    target: Option<&'a str>,
    body_end: &'static str,
    refused: Option<&'a str>,
    command: Option<&'a str>,
    overall: &'static str,
    verdicts: BTreeMap<&'static str, Verdict>,
    summary: String,
    rule: Option<&'a str>,
    fault: Option<&'a str>,
    outcome: Option<String>,
    read_as: Option<&'static str>,
    detail: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'static str>,
}

#[derive(Serialize)]
struct Verdict {
    state: &'static str,
    detail: String,
}

impl<'a> Entry<'a> {
    fn of(leaving: Leaving<'a>, zone: &TimeZone) -> Self {
        let Leaving { exchange: Exchange { request, response, .. }, annotation, inspection, .. } = leaving;
        let wait = response.as_ref().and_then(|responded| responded.responded_after_micros).map_or(0.0, wording::millis);
        Self {
            started_date_time: wording::utc(request.received_at_millis),
            time: wait,
            request: HarRequest::of(request, inspection),
            response: HarResponse::of(response.as_ref()),
            cache: Nothing {},
            timings: Timings { send: 0.0, wait, receive: 0.0 },
            comment: annotation.note.clone(),
            hookglass: Hookglass::of(leaving, zone),
        }
    }
}

impl<'a> HarRequest<'a> {
    fn of(request: &'a Request, inspection: &'a Inspection) -> Self {
        let head = request.head();
        let mime_type = head.header("content-type").map(String::from_utf8_lossy).unwrap_or_default();
        let (body, encoding) = text(&request.body);
        let params = inspection.callback.params.iter();
        Self {
            method: head.method.unwrap_or_default(),
            url: url::of(request),
            http_version: head.http_version.map(|version| format!("HTTP/{version}")).unwrap_or_default(),
            cookies: [],
            headers: head
                .headers
                .into_iter()
                .map(|(name, value)| Pair { name: name.into(), value: String::from_utf8_lossy(value) })
                .collect(),
            query_string: params.map(|one| Pair { name: one.name.as_ref().into(), value: one.value.as_str().into() }).collect(),
            post_data: (!request.body.is_empty()).then(|| Content {
                mime_type,
                text: body,
                own_encoding: base64(encoding),
                ..Content::default()
            }),
            headers_size: request.head.len(),
            body_size: request.body.len(),
        }
    }
}

/// That a text is base64, where it is.
fn base64(encoding: &'static str) -> Option<&'static str> {
    Some(encoding).filter(|encoding| *encoding == "base64")
}

impl<'a> HarResponse<'a> {
    fn of(responded: Option<&'a Responded>) -> Self {
        match responded.and_then(|responded| responded.response.as_ref()) {
            Some(response) => Self::sent(response, error(responded)),
            None => Self {
                status: 0,
                status_text: "",
                http_version: "",
                cookies: [],
                headers: Vec::new(),
                content: Content { size: Some(0), ..Content::default() },
                redirect_url: "",
                headers_size: -1,
                body_size: -1,
                error: error(responded).or_else(|| Some("nothing is decided".to_owned())),
            },
        }
    }

    fn sent(response: &'a Response, error: Option<String>) -> Self {
        let header =
            |wanted: &str| response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str());
        let (body, encoding) = text(&response.body);
        Self {
            status: response.status,
            status_text: if response.status == 200 { "OK" } else { "" },
            http_version: "HTTP/1.1",
            cookies: [],
            headers: response.headers.iter().map(|(name, value)| Pair { name: name.into(), value: value.into() }).collect(),
            content: Content {
                size: Some(response.body.len()),
                mime_type: header("content-type").unwrap_or_default().into(),
                text: body,
                encoding: base64(encoding),
                own_encoding: None,
            },
            redirect_url: header("location").unwrap_or_default(),
            headers_size: -1,
            body_size: i64::try_from(response.body.len()).unwrap_or(i64::MAX),
            error,
        }
    }
}

/// What became of a response that did not arrive as a whole.
fn error(responded: Option<&Responded>) -> Option<String> {
    let Responded { fault, outcome, .. } = responded?;
    let outcome = outcome.map(wording::outcome).filter(|outcome| outcome != "sent");
    match (fault, outcome) {
        (Some(fault), Some(outcome)) => Some(format!("{fault}: {outcome}")),
        (fault, outcome) => outcome.or_else(|| fault.clone()),
    }
}

impl<'a> Hookglass<'a> {
    fn of(leaving: Leaving<'a>, zone: &TimeZone) -> Self {
        let Leaving { exchange: Exchange { id, request, response }, annotation, inspection, findings } = leaving;
        let reading = response.as_ref().map(|one| inspection.reading(one.reached(), one.whole_after_micros()));
        let verdicts = inspection.verdicts.all().into_iter();
        let reason = |verdict| wording::reason(verdict, &inspection.verdicts, findings, zone);
        Self {
            id: *id,
            peer: &request.peer,
            target: inspection.callback.target.as_deref(),
            body_end: super::ndjson::body_end(request.body_end),
            refused: request.refused.as_deref(),
            command: inspection.callback.command.as_deref(),
            overall: inspection.overall.word(),
            verdicts: verdicts.map(|one| (one.name(), Verdict { state: one.state(), detail: reason(one) })).collect(),
            summary: wording::summary(&inspection.summary(request)),
            rule: response.as_ref().map(|one| one.rule.as_str()),
            fault: response.as_ref().and_then(|one| one.fault.as_deref()),
            outcome: response.as_ref().and_then(|one| one.outcome).map(wording::outcome),
            read_as: reading.as_ref().map(|reading| reading.read_as.word()),
            detail: reading.as_ref().map(wording::reading),
            pinned: annotation.pinned,
            mark: annotation.mark.map(Mark::word),
        }
    }
}
