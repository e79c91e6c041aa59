//! What holds for any bytes at all: judging never panics, takes linear time, and alters nothing.

use crate::support::{APP, app, post, target, target_of};
use base64::Engine as _;
use hookglass::annotation::Annotation;
use hookglass::exchange::Exchange;
use hookglass::export::ndjson;
use hookglass::import;
use hookglass::inspect;
use hookglass::opened::Opened;
use hookglass::protocol::response::{self, Arrived, Asked};
use hookglass::protocol::{self, Kept, catalogue, extension};
use hookglass::row::Row;
use hookglass::rules;
use hookglass::sequence;
use hookglass::wire::{self, Request};
use hookglass::wording;
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::Index;
use std::sync::Arc;
use std::time::Duration;

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
    assert!(row.summary.len() < 16_000, "a row says a few words, however many came");
    let findings = inspection.findings(&exchange.request, &apps);
    let line = ndjson::line(&exchange, &Annotation::default(), &inspection, &findings, &TimeZone::UTC);
    let opened = Opened::of(exchange, inspection, &apps, true);
    assert!(opened.fields.list.len() <= hookglass::protocol::body::MAX_LISTED + hookglass::protocol::body::MAX_FIELDS);
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

/// Responses of the same kind: what the keys of each command's own are read for.
fn hostile_responses(size: usize) -> Vec<(&'static str, String)> {
    let repeat = |text: &str| text.repeat(size / text.len());
    let form = |extras: &str| format!(r#"{{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,{extras}}}"#);
    let keys: Vec<String> = (0..size / 10).map(|number| format!(r#""k{number}":0,"#)).collect();
    let again = r#"{"To_Account":"a","ResultCode":"#;
    let mut all = hostile(size);
    all.extend([
        ("many keys", form(&format!(r#"{}"End":0"#, keys.concat()))),
        ("keys in other letter case", format!(r#"{{{}"End":0}}"#, repeat(r#""errorCODE":0,"#))),
        ("users", form(&format!(r#""ResultItem":[{}{again}0,"ResultInfo":""}}]"#, repeat(&format!(r#"{again}0,"ResultInfo":""}},"#))))),
        ("users with codes of their own", form(&format!(r#""ResultItem":[{}{again}1}}]"#, repeat(&format!("{again}7}},"))))),
        ("rewritten elements", form(&format!(r#""MsgBody":[{}{{}}]"#, repeat(r#"{"MsgType":"x","MsgContent":{}},"#)))),
        ("those left out", form(&format!(r#""RefusedMembers_Account":[{}"b"]"#, repeat(r#""a","#)))),
    ]);
    all
}

/// Callbacks that are compared with their neighbours, or with themselves.
fn hostile_lists(size: usize) -> Vec<(&'static str, String)> {
    let repeat = |text: &str| text.repeat(size / text.len());
    let list = |key: &str, item: &str| format!(r#"{{"GroupId":"g","OperateType":2,"Seq":1,"{key}":[{}{{}}]}}"#, repeat(item));
    let mut all = hostile(size);
    all.extend([
        ("pairs", list("ExtensionList", r#"{"Key":"k","Value":"v","Seq":9},"#)),
        ("messages referred to", list("MsgSeqList", r#"{"MsgSeq":5},"#)),
        ("messages without a number", list("C2CMsgInfo", r#"{"MsgKey":""},"#)),
        ("one message", list("MsgBody", r#"{"MsgType":"TIMTextElem"},"#)),
    ]);
    all
}

/// How long this thread has had a processor: what else runs on the machine adds nothing to that.
#[cfg(unix)]
fn busy() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.try_into().expect("bug: a time since the thread began")
}

/// Where that is not told so simply, the time that passes.
#[cfg(not(unix))]
fn busy() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// Runs on a small body and on one eight times as long: that takes eight times as long, the square of it 64 times.
fn check_linear(bodies: impl Fn(usize) -> Vec<(&'static str, String)>, run: impl Fn(&[u8])) {
    const SMALL: usize = 20_000;
    const TIMES: usize = 8;
    const MOST: f64 = 30.0;
    let time_of = |body: &str| {
        let start = busy();
        run(body.as_bytes());
        busy().saturating_sub(start)
    };
    for ((name, small), (_, large)) in bodies(SMALL).into_iter().zip(bodies(SMALL * TIMES)) {
        // The quickest so far: what disturbs a run makes it slower, never quicker. The small one has had its disturbance
        // by then: three runs, of which the first fills the caches.
        let mut best_small = (0..3).map(|_| time_of(&small)).min().unwrap_or_default();
        let mut best_large = Duration::MAX;
        let is_linear = (0..8).any(|_| {
            (best_small, best_large) = (best_small.min(time_of(&small)), best_large.min(time_of(&large)));
            best_large.as_secs_f64() < MOST * best_small.max(Duration::from_micros(200)).as_secs_f64()
        });
        assert!(is_linear, "{name}: {best_small:?}, then {best_large:?}");
    }
}

#[test]
fn no_body_takes_more_than_linear_time() {
    let head = post(&target(TIME), "");
    check_linear(hostile, |body| drop(judge(request(head.clone(), body.to_vec()))));
}

#[test]
fn no_url_takes_more_than_linear_time_or_many_words() {
    let heads = |size: usize| {
        let of = |pair: &str| String::from_utf8(post(&format!("/?{}", pair.repeat(size / pair.len())), "")).expect("bug: it is text");
        let slashes = String::from_utf8(post(&"/".repeat(size), "")).expect("bug: it is text");
        let pairs = ["sdkappid=1&", "Sign=1&", "&", "a=%E7%BA%A2&", "OptPlatform=x&", "Sign=x&RequestTime=1&SdkAppid=%1B&"];
        pairs.map(|pair| (pair, of(pair))).into_iter().chain([("a long path", slashes)]).collect()
    };
    let apps = [app()];
    check_linear(heads, |head| {
        let request = request(head.to_vec(), b"{}".to_vec());
        let inspection = inspect::inspect(&request, &apps, &Kept::default());
        let findings = inspection.findings(&request, &apps);
        let mut said: Vec<String> = inspection.remarks(&request, &inspection.fields(&request)).iter().map(wording::remark).collect();
        for verdict in inspection.verdicts.all() {
            said.push(wording::reason(verdict, &inspection.verdicts, &findings, &TimeZone::UTC));
            let facts = wording::facts(verdict, &inspection.verdicts, &findings, None, &TimeZone::UTC);
            said.extend(facts.into_iter().map(|fact| fact.text));
        }
        let row = Row::of(&Exchange { id: 1, request, response: None }, &inspection, true, &TimeZone::UTC);
        said.extend([row.family, row.name, row.summary, row.platform]);
        assert!(said.len() < 50 && said.iter().all(|text| text.chars().count() < 300), "{said:?}");
    });
}

#[test]
fn no_response_takes_more_than_linear_time() {
    let named = |name: &str| Asked::Documented(catalogue::get().named(name).next().expect("bug: it is documented"));
    let all = ["C2C.CallbackBeforeSendMsg", "Sns.CallbackPrevFriendAdd", "Group.CallbackBeforeInviteJoinGroup"].map(named);
    check_linear(hostile_responses, |body| {
        for asked in all {
            let reading = response::read(asked, Ok(Arrived { status: 200, elapsed_micros: None, body }));
            let said: usize = reading.findings.iter().map(|finding| wording::finding(finding).len()).sum();
            assert!(said < 4_000, "{said} bytes are said of it");
        }
    });
}

#[test]
fn nothing_takes_more_than_linear_time_to_compare() {
    for command in
        ["Group.CallbackAfterGroupMsgExtension", "Group.CallbackAfterRecallMsg", "Group.CallbackAfterSendMsg", "Push.OfflinePush"]
    {
        let head = post(&target_of(command, TIME), "");
        check_linear(hostile_lists, |body| {
            let request = request(head.clone(), body.to_vec());
            extension::contradictions(&request.body, &protocol::parse(&request));
            let exchange = Exchange { id: 1, request, response: None };
            let facts = sequence::facts(&exchange, body.len()).expect("bug: a callback");
            assert_eq!(sequence::remarks(&facts, &[&facts]), []);
        });
    }
}

#[test]
fn nothing_that_is_pasted_takes_more_than_linear_time_to_read() {
    let lines = |size: usize| {
        let (line, cut) = (r#"{"id":1,"#.repeat(size / 8), "POST / HTTP/1.1\n".to_owned() + &"A: 1\r\n".repeat(size / 6));
        let fields = format!(r#"{{"received_at":"2026-11-20T02:42:17Z","head":"","body":"","fields":[{}0]}}"#, "[0],".repeat(size / 4));
        let nested = format!(r#"{{"received_at":"2026-11-20T02:42:17Z","head":"","body":"","fields":{}"#, "[".repeat(size));
        let commented = r#"{"a":1, // x
            "b": [1 /* y */ ,],"#
            .repeat(size / 48);
        let messages = "POST / HTTP/1.1\nContent-Length: 9\n\n{}\n".repeat(size / 40);
        let lost = format!("[{}", "{\"a\":1,\n".repeat(size / 9));
        vec![
            ("a line that nests", line),
            ("a head without end", cut),
            ("a line of many fields", fields),
            ("deep fields", nested),
            ("comments", commented),
            ("requests", messages),
            ("values without ends", lost),
        ]
    };
    check_linear(lines, |bytes| {
        let (head, body) = wire::split_head(bytes);
        assert_eq!(head.len() + body.len(), bytes.len());
        let mut reading = import::Reading::new(0);
        drop((reading.take(bytes), reading.end()));
    });
}

// Rules

/// A rules file that is right, with something of every kind.
const RULES: &str = r#"
[[rule]]
name = "one"
command = ["Group.*", "C2C.CallbackBefore*"]
app = "888888"
platform = "iOS"
path = "/*"
method = "POST"
verdict = ["ok", "signature:valid"]
field = ["MsgBody[].MsgContent.Text contains 红包", "Random > 100", "GroupId exists", "From_Account = leckie"]
often = "30 % seed 7"
delay = "log-normal 200 ms, sigma 50 %"
response = { status = 200, headers = { X-Test = "{{header.Host}}" }, body = '{"a":"{{GroupId}}","b":{{NewMemberList}},"c":"{{url.Sign}}"}' }

[[rule]]
name = "two"
sequence = [{ times = 2, respond = "timeout" }, { refuse = { code = 10100, info = "{{From_Account}}" }, delay = "1 to 9 ms" }]
"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_rules_file_or_told_where_not(edits in vec(edit(), 0..8)) {
        let text = String::from_utf8_lossy(&edited(RULES.as_bytes().to_vec(), edits)).into_owned();
        match rules::file::read(&text) {
            Ok(read) => {
                let written = rules::file::write(&read, &text);
                assert_eq!(rules::file::read(&written).as_ref(), Ok(&read), "{written}");
            }
            Err(complaints) => {
                let lines = text.lines().count().max(1);
                assert!(!complaints.is_empty() && complaints.iter().all(|complaint| (1..=lines + 1).contains(&complaint.line)), "{complaints:?}");
            }
        }
    }

    #[test]
    fn any_request_gets_a_response_that_http_can_carry(body in vec(any::<u8>(), 0..200), target in "[ -~]{0,80}", host in "\\PC{0,40}") {
        let rules: Arc<[rules::Rule]> = rules::file::read(RULES).expect("bug: it is right").into();
        let always: Arc<[rules::Rule]> = rules.iter().cloned().map(|rule| rules::Rule { when: Vec::new(), rate: rules::Rate::Always, ..rule }).collect();
        let request = request(format!("POST /{target} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes(), body);
        let inspection = inspect::inspect(&request, &[app()], &Kept::default());
        for rules in [rules, always] {
            let mut counted = inspect::Counted::default();
            let bar = rules::bar::Bar::default();
            let decision = inspect::decide((&request, &inspection), &rules, (&bar, rules::Fallback::Ok), &mut counted, 0);
            if let rules::Plan::Respond(response) | rules::Plan::Later(response, _) = decision.plan {
                assert!(response.headers.iter().all(|(_, value)| !value.contains(['\r', '\n', '\0'])), "{:?}", response.headers);
            }
        }
    }
}
