//! What holds for any bytes at all: judging never panics, takes linear time, and alters nothing.

use crate::support::{APP, app, post, target};
use base64::Engine as _;
use hookglass::exchange::Exchange;
use hookglass::export::ndjson;
use hookglass::inspect;
use hookglass::opened::Opened;
use hookglass::protocol::Kept;
use hookglass::protocol::catalogue;
use hookglass::row::Row;
use hookglass::wire::Request;
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::Index;
use std::time::{Duration, Instant};

const TIME: i64 = 1_669_872_112;

fn request(head: Vec<u8>, body: Vec<u8>) -> Request {
    let received_at_millis = TIME * 1000 + 500;
    Request::complete(received_at_millis, head, body)
}

/// All that the program ever computes of a request, and the body as it leaves in an export.
fn judge(request: Request) -> Vec<u8> {
    let apps = [app()];
    let inspection = inspect::inspect(&request, &apps, &Kept::default());
    let exchange = Exchange { id: 1, request, response: None };
    let row = Row::of(&exchange, &inspection, true, &TimeZone::UTC);
    assert!(!row.time.is_empty());
    let findings = inspection.findings(&exchange.request, &apps);
    let line = ndjson::line(&exchange, &inspection, &findings, &TimeZone::UTC);
    let opened = Opened::of(exchange, inspection, &apps, true);
    assert!(opened.fields.list.len() <= hookglass::protocol::body::MAX_FIELDS);
    for field in &opened.fields.list {
        opened.value(field);
    }
    let Exported { body, body_encoding } = serde_json::from_str(&line).expect("a line is JSON, whatever came");
    match body_encoding.as_str() {
        "utf8" => body.into_bytes(),
        _ => base64::engine::general_purpose::STANDARD.decode(body).expect("bug: base64"),
    }
}

/// What of a line is looked at here. The numbers in it may be larger than a reader can hold.
#[derive(serde::Deserialize)]
struct Exported {
    body: String,
    body_encoding: String,
}

/// A documented body, or one bent by hand into what its reading looks at.
fn sample() -> impl Strategy<Value = Vec<u8>> {
    any::<Index>().prop_map(|index| index.get(&catalogue::get().commands).sample().into_bytes())
}

/// What JSON is made of.
const MARKS: &[u8] = b"{}[]\",:\\0e-";

/// A change of some bytes of a text.
fn edit() -> impl Strategy<Value = (Index, u8, u8)> {
    (any::<Index>(), any::<u8>(), prop_oneof![Just(0_u8), Just(1), Just(2), Just(3)])
}

fn edited(mut text: Vec<u8>, edits: Vec<(Index, u8, u8)>) -> Vec<u8> {
    for (at, byte, kind) in edits {
        if text.is_empty() {
            break;
        }
        let at = at.index(text.len());
        match kind {
            0 => text[at] = byte,
            1 => drop(text.remove(at)),
            2 => text.insert(at, MARKS[usize::from(byte) % MARKS.len()]),
            _ => text.truncate(at),
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_judged_and_leave_as_they_came(head in vec(any::<u8>(), 0..300), body in vec(any::<u8>(), 0..600)) {
        assert_eq!(judge(request(head, body.clone())), body);
    }

    #[test]
    fn any_text_in_the_url_is_judged(query in "\\PC{0,120}", body in "\\PC{0,200}") {
        let head = post(&format!("/?SdkAppid={APP}&{query}"), "");
        assert_eq!(judge(request(head, body.clone().into_bytes())), body.into_bytes());
    }

    #[test]
    fn a_documented_body_is_judged_however_it_is_damaged(body in sample(), edits in vec(edit(), 0..12)) {
        let body = edited(body, edits);
        assert_eq!(judge(request(post(&target(TIME), ""), body.clone())), body);
    }

    #[test]
    fn a_signature_is_judged_however_it_is_damaged(edits in vec(edit(), 0..8)) {
        judge(request(edited(post(&target(TIME), ""), edits), b"{}".to_vec()));
    }
}

/// Bodies that a careless reader takes the square of their length for, each about `size` bytes long.
fn hostile(size: usize) -> Vec<(&'static str, String)> {
    let repeat = |text: &str| text.repeat(size / text.len());
    let object = |inside: &str| format!(r#"{{"CallbackCommand":"C2C.CallbackAfterSendMsg",{}"End":0}}"#, repeat(inside));
    vec![
        ("nested arrays", repeat("[")),
        ("nested objects", repeat(r#"{"a":"#)),
        ("one key over and over", object(r#""MsgBody":[],"#)),
        ("one content over and over", object(r#""MsgContent":{},"#)),
        ("elements", format!(r#"{{"MsgBody":[{}{{}}]}}"#, repeat(r#"{"MsgType":"TIMTextElem","MsgContent":{"Text":"x"}},"#))),
        ("events", format!(r#"{{"Events":[{}{{}}]}}"#, repeat(r#"{"CallbackCommand":"Push.OfflinePush"},"#))),
        ("escapes", format!(r#"{{"CloudCustomData":"{}"}}"#, repeat(r"\\"))),
        ("JSON in strings", format!("[{}0]", repeat(r#""[1]","#))),
        ("a long string of JSON", format!(r#"{{"Data":"[{}0]"}}"#, repeat("0,"))),
        ("a long key with much in it", format!(r#"{{"{}":[{}0]}}"#, "k".repeat(size / 2), "0,".repeat(size / 4))),
        ("line breaks and a mistake", format!("{}x", repeat("\n"))),
        ("digits", format!(r#"{{"EventTime":{}}}"#, repeat("1"))),
        ("quotes", repeat("\"")),
    ]
}

fn time_of(body: &str) -> Duration {
    let target = target(TIME);
    let once = || {
        let request = request(post(&target, ""), body.as_bytes().to_vec());
        let start = Instant::now();
        judge(request);
        start.elapsed()
    };
    // The quickest of three: what disturbs it makes it slower, never quicker.
    (0..3).map(|_| once()).min().unwrap_or_default()
}

#[test]
fn no_body_takes_more_than_linear_time() {
    const SMALL: usize = 20_000;
    const TIMES: usize = 8;
    for ((name, small), (_, large)) in hostile(SMALL).into_iter().zip(hostile(SMALL * TIMES)) {
        let (small, large) = (time_of(&small), time_of(&large));
        // Eight times the body takes eight times as long; the square of it would take 64 times.
        let factor = large.as_secs_f64() / small.max(Duration::from_micros(200)).as_secs_f64();
        assert!(factor < 30.0, "{name}: {small:?}, then {large:?}");
    }
}
