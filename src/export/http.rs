//! Requests and responses as they were on the wire: one file each in a folder, or all of them in one archive.
//!
//! A file of a folder is head and body of a request, or of a response, and nothing else. Its name is made of the
//! exchange's number, never of what was received.
//!
//! The archive is a WARC 1.1 file, which keeps raw HTTP with what is known besides: a `warcinfo` record, then for each
//! exchange a `request` record and, where there was a response, a `response` record. Each begins with a few lines, ends
//! with two line breaks, and in between holds `Content-Length` bytes as they were on the wire:
//!
//! ```text
//! WARC/1.1
//! WARC-Type: request
//! WARC-Record-ID: <urn:uuid:…>
//! WARC-Date: 2026-11-20T02:42:17.482Z
//! WARC-Target-URI: http://…
//! WARC-Truncated: length                  where a body was too long, or `disconnect` where it broke off
//! Hookglass-Exchange: {"id":17,…}
//! Content-Type: application/http;msgtype=request
//! Content-Length: 512
//!
//! POST /?SdkAppid=…
//! ```
//!
//! `Hookglass-Exchange` of a request holds, on one line of JSON, what the wire does not: an exchange as [`ndjson`] has it,
//! without what is computed, with empty texts in place of what stands in the two records, and with `head_bytes`, at
//! which the head ends. In a body the transfer coding is undone, as everywhere. `import::archive` reads it back.
//!
//! Source: ISO 28500:2017, <https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/>

use super::{Leaving, ndjson, url};
use crate::annotation::Mark;
use crate::exchange::{Exchange, Responded};
use crate::protocol::query::Name;
use crate::protocol::verdict::Verdict;
use crate::wire::{BodyEnd, Request};
use crate::wording;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Head and body of a request.
pub fn request(request: &Request) -> Vec<u8> {
    [request.head.as_slice(), &request.body].concat()
}

/// Head and body of what was responded; `None` where nothing was.
pub fn response(exchange: &Exchange) -> Option<Vec<u8>> {
    Some(exchange.response.as_ref()?.response.as_ref()?.bytes())
}

/// The name of the file of an exchange's request in a folder.
pub fn request_name(id: i64) -> String {
    format!("{id:06}-request.http")
}

/// The same of its response.
pub fn response_name(id: i64) -> String {
    format!("{id:06}-response.http")
}

/// What an archive begins with.
pub fn begin() -> Vec<u8> {
    let content = format!(
        "software: Hookglass/{}\r\nformat: WARC File Format 1.1\r\n\
         conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
        env!("CARGO_PKG_VERSION")
    );
    // It stands before whatever was received, so that it has no time of its own: the archive may begin at any.
    let fields = [("WARC-Date", wording::utc(0)), ("Content-Type", "application/warc-fields".to_owned())];
    record("warcinfo", &uuid(&[b"warcinfo"]), &fields, content.as_bytes())
}

/// The records of an exchange.
pub fn records(leaving: Leaving<'_>) -> Vec<u8> {
    let Leaving { exchange, .. } = leaving;
    let request = &exchange.request;
    let at = wording::utc(request.received_at_millis);
    let id = uuid(&[b"request", at.as_bytes(), &exchange.id.to_be_bytes(), &request.head, &request.body]);
    let common = |kind: &str| {
        [("WARC-Date", at.clone()), ("WARC-Target-URI", url::of(request)), ("Content-Type", format!("application/http;msgtype={kind}"))]
    };
    let mut fields = common("request").to_vec();
    fields.extend(truncated(request.body_end).map(|how| ("WARC-Truncated", how.to_owned())));
    fields.push(("Hookglass-Exchange", besides(leaving)));
    let mut records = record("request", &id, &fields, &self::request(request));
    if let Some(response) = response(exchange) {
        let mut fields = common("response").to_vec();
        fields.push(("WARC-Concurrent-To", format!("<urn:uuid:{id}>")));
        records.extend(record("response", &uuid(&[b"response", id.as_bytes()]), &fields, &response));
    }
    records
}

fn record(kind: &str, id: &str, fields: &[(&str, String)], content: &[u8]) -> Vec<u8> {
    let mut record = format!("WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\n").into_bytes();
    for (name, value) in fields {
        record.extend(format!("{name}: {value}\r\n").bytes());
    }
    record.extend(format!("Content-Length: {}\r\n\r\n", content.len()).bytes());
    record.extend(content);
    record.extend(b"\r\n\r\n");
    record
}

/// An id that these parts have and no others do: the same exchange exported again has the same.
fn uuid(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut bytes: [u8; 16] = hash.finalize()[..16].try_into().expect("bug: 16 of 32 bytes");
    // Version 8, of one's own making. Source: RFC 9562, section 5.8.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
}

/// Why not all of a body is there, in the words of the format.
fn truncated(end: BodyEnd) -> Option<&'static str> {
    match end {
        BodyEnd::Complete => None,
        BodyEnd::TooLarge => Some("length"),
        BodyEnd::CutOff => Some("disconnect"),
    }
}

/// The verdicts that only a token, or only the moment, could give.
const KEPT: [&str; 3] = ["signature", "app_id", "replay"];

/// What the wire does not say, as an exchange without head and bodies.
#[derive(Serialize)]
struct Besides<'a> {
    id: i64,
    received_at: String,
    peer: &'a str,
    head: &'static str,
    head_bytes: usize,
    body: &'static str,
    body_end: &'static str,
    refused: Option<&'a str>,
    transport: &'static str,
    sdk_app_id: Option<&'a str>,
    verdicts: BTreeMap<&'static str, BesidesVerdict>,
    response: Option<BesidesResponse<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
}

#[derive(Serialize)]
struct BesidesVerdict {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_at: Option<String>,
}

#[derive(Serialize)]
struct BesidesResponse<'a> {
    status: Option<u16>,
    headers: Option<Vec<(&'a str, &'a str)>>,
    body: Option<&'static str>,
    rule: &'a str,
    fault: Option<&'a str>,
    responded_after_ms: Option<f64>,
    outcome: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller_left_after_ms: Option<i64>,
}

fn besides(leaving: Leaving<'_>) -> String {
    let Leaving { exchange: Exchange { id, request, response }, annotation, inspection, .. } = leaving;
    let kept = inspection.verdicts.all().into_iter().filter(|verdict| KEPT.contains(&verdict.name()));
    let besides = Besides {
        id: *id,
        received_at: wording::utc(request.received_at_millis),
        peer: &request.peer,
        head: "",
        head_bytes: request.head.len(),
        body: "",
        body_end: ndjson::body_end(request.body_end),
        refused: request.refused.as_deref(),
        transport: request.transport.word(),
        sdk_app_id: inspection.callback.param(Name::SdkAppId),
        verdicts: kept.map(|verdict| (verdict.name(), besides_verdict(verdict))).collect(),
        response: response.as_ref().map(besides_response),
        pinned: annotation.pinned,
        mark: annotation.mark.map(Mark::word),
        note: &annotation.note,
    };
    serde_json::to_string(&besides).expect("bug: its parts are all JSON")
}

fn besides_verdict(verdict: Verdict<'_>) -> BesidesVerdict {
    BesidesVerdict { state: verdict.state(), due: ndjson::due(verdict), first_at: ndjson::first_at(verdict) }
}

fn besides_response(responded: &Responded) -> BesidesResponse<'_> {
    let sent = responded.response.as_ref();
    BesidesResponse {
        status: sent.map(|sent| sent.status),
        headers: sent.map(|sent| sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()),
        body: sent.map(|_| ""),
        rule: &responded.rule,
        fault: responded.fault.as_deref(),
        responded_after_ms: responded.responded_after_micros.map(wording::millis),
        outcome: responded.outcome.map(wording::outcome),
        caller_left_after_ms: ndjson::caller_left_after_ms(responded),
    }
}
