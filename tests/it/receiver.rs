//! Requests in, responses out, everything kept: the receiver on a real socket.

use crate::support::{
    ANY_PORT, APP, Caller, INSTANT_MILLIS, JOIN, MALFORMED, ODD, OK, Receiving, TOKEN, app, call, files_with, folder, header, history,
    now_secs, post, sample, states, target, text,
};
use hookglass::exchange::{Outcome, Responded};
use hookglass::folder::history_path;
use hookglass::messages::{Effect, Event, Lasting};
use hookglass::protocol::SdkApp;
use hookglass::protocol::sign::Token;
use hookglass::protocol::verdict::Overall;
use hookglass::receiver::{self, Ends, Readings, Receiver, Receivers, Recent};
use hookglass::rules::preset::Preset;
use hookglass::settings::Snapshot;
use hookglass::store::{Store, Stored};
use hookglass::wire::{self, BodyEnd, MAX_HEAD_BYTES, Response};
use hookglass::wording;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

const PIPELINED: &[u8] = include_bytes!("../captures/pipelined.http");
const TLS_HELLO: &[u8] = include_bytes!("../captures/tls-hello.http");
const HTTP2_PREFACE: &[u8] = include_bytes!("../captures/http2-preface.http");
const AS_PRINTED: &[u8] = include_bytes!("../captures/join-as-printed.http");

fn responded(stored: &Stored) -> &Responded {
    stored.exchange.response.as_ref().expect("bug: it was decided")
}

/// The status that the history names.
fn status(stored: &Stored) -> Option<u16> {
    responded(stored).response.as_ref().map(|response| response.status)
}

/// Head and body as one.
fn bytes(stored: &Stored) -> Vec<u8> {
    [&stored.exchange.request.head[..], &stored.exchange.request.body].concat()
}

/// The same target with another first digit in its signature.
fn with_wrong_digit(target: &str) -> String {
    let (before, sign) = target.split_once("&Sign=").expect("bug: it is signed");
    let digit = if sign.starts_with('0') { '1' } else { '0' };
    format!("{before}&Sign={digit}{}", &sign[1..])
}

// Judging and responding

#[test]
fn the_vendors_example_is_good_in_every_way() {
    let receiving = Receiving::start();
    let request = sample(now_secs());

    let response = call(receiving.address, &request);

    let kept = history(receiving.folder.path()).pop().expect("bug: it is saved before the response goes out");
    assert_eq!((response.status, text(&response.body)), (200, OK.to_owned()));
    assert_eq!(header(&response, "content-type"), Some("application/json"));
    assert_eq!(states(&kept, &[app()]), "ok");
    assert_eq!(text(&bytes(&kept)), text(&request));
    let settled = receiving.only();
    assert_eq!(responded(&settled).outcome, Some(Outcome::Sent));
    assert!(responded(&settled).responded_after_micros.is_some_and(|micros| micros < 2_000_000));
    assert_eq!(responded(&settled).rule, "default");
}

#[test]
fn each_fault_of_a_callback_is_told() {
    let now = now_secs();
    let cases = [
        (post(&with_wrong_digit(&target(now)), JOIN), "signature=invalid bad"),
        (sample(now - 63), "timestamp=stale bad"),
        (sample(now - 58), "ok"),
        (post(&target(now).replace(APP, "999999"), JOIN), "signature=unchecked app_id=mismatch bad"),
        (post(&target(now), &JOIN.replace("AfterNewMemberJoin", "AfterMemberExit")), "command=differs bad"),
        (post(&target(now), "GroupId=@TGS#2J4SZEAEL"), "body=not_json bad"),
        (
            b"GET /favicon.ico HTTP/1.1\r\nHost: hookglass\r\n\r\n".to_vec(),
            "signature=missing timestamp=missing app_id=missing method=other command=missing body=empty not_callback",
        ),
    ];
    let receiving = Receiving::start();

    let responses: Vec<_> = cases.iter().map(|(request, _)| text(&call(receiving.address, request).body)).collect();

    assert_eq!(responses, [OK; 7], "verdicts inform, they never block");
    let found: Vec<_> = receiving.settled(7).iter().map(|stored| states(stored, &[app()])).collect();
    assert_eq!(found, cases.map(|(_, expected)| expected));
}

#[test]
fn how_far_the_clocks_are_apart_is_told_once_enough_came() {
    let receiving = Receiving::start();
    let now = now_secs();
    for n in 0..5 {
        // Each its own second, so that none repeats another; a wrong signature and a repeat do not count.
        call(receiving.address, sample(now - 40 - n));
        call(receiving.address, sample(now - 40));
        call(receiving.address, post(&with_wrong_digit(&target(now - 4_000)), JOIN));
    }
    let skew = receiving.hear(|event| if let Event::Skew(Some(secs)) = event { Some(secs) } else { None });
    assert!((42..=50).contains(&skew), "{skew}");
}

#[test]
fn a_preset_is_what_goes_out() {
    for (preset, status, body) in [
        ("http:503", 503, OK),
        ("fail", 200, r#"{"ActionStatus":"FAIL","ErrorInfo":"","ErrorCode":1}"#),
        ("fail:10100", 200, r#"{"ActionStatus":"FAIL","ErrorInfo":"","ErrorCode":10100}"#),
    ] {
        let preset = Preset::parse(preset).expect("bug: it is one");
        let receiving = Receiving::with(|options| options.preset = preset);

        let response = call(receiving.address, sample(now_secs()));

        assert_eq!((response.status, text(&response.body)), (status, body.to_owned()));
        assert_eq!(responded(&receiving.only()).response, Some(without_date(response)), "the record is what went out");
    }
}

/// hyper adds the date, which the record leaves out.
fn without_date(mut response: Response) -> Response {
    response.headers.retain(|(name, _)| name != "Date");
    response
}

#[test]
fn a_status_without_a_body_is_recorded_as_it_goes_out() {
    for status in [204, 304] {
        let receiving = Receiving::with(|options| options.preset = Preset::Http(status));

        let mut caller = Caller::call(receiving.address);
        caller.send(sample(now_secs())).finish_sending();
        let wire = text(&caller.rest());

        let kept = receiving.only();
        let recorded = responded(&kept).response.as_ref().expect("bug: it went out");
        assert!(wire.ends_with("\r\n\r\n"), "{wire}");
        assert_eq!(recorded.body, b"", "{wire}");
    }
}

#[test]
fn a_response_switched_while_running_is_the_next_one() {
    let receiving = Receiving::start();
    let mut caller = Caller::call(receiving.address);
    let mut next = || text(&caller.send(sample(now_secs())).response().body);
    let switch = |to: Preset| {
        receiving.ask(Effect::Respond(to.clone(), Lasting::SwitchedOff));
        receiving.hear(|event| if let Event::Settings(known) = event { (known.bar.preset == to).then_some(()) } else { None });
    };

    let before = next();
    switch(Preset::Fail(1));
    let during = next();
    switch(Preset::Ok);
    let after = next();

    assert_eq!((before.as_str(), after.as_str()), (OK, OK));
    assert!(during.contains(r#""ActionStatus":"FAIL""#), "{during}");
}

// Byte for byte

#[test]
fn odd_headers_and_bytes_come_out_as_they_came() {
    let receiving = Receiving::start();

    let response = call(receiving.address, ODD);

    let kept = receiving.only();
    assert_eq!(response.status, 200);
    assert_eq!(text(&bytes(&kept)), text(ODD));
    assert_eq!(bytes(&kept), ODD);
    assert_eq!(kept.exchange.request.head().target, Some("/?SdkAppid=1400000001&Sign=%zz#fragment?x=1"));
    let names: Vec<&str> = kept.exchange.request.head().headers.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["hOsT", "X-Repeat", "content-LENGTH", "x-repeat", "X-REPEAT", "X-Latin", "Accept"]);
}

/// Checks what is refused without a handler seeing it: the capture, and words of the reason.
fn refused(capture: &[u8], reason: &str) -> Stored {
    let receiving = Receiving::start();

    let mut caller = Caller::call(receiving.address);
    let answer = caller.send(capture).finish_sending().rest();

    let kept = receiving.only();
    let told = kept.exchange.request.refused.clone().unwrap_or_default();
    assert!(told.contains(reason), "{told}");
    assert_eq!(bytes(&kept), capture);
    assert!(states(&kept, &[app()]).ends_with("not_callback"));
    assert_eq!(responded(&kept).rule, "refusal");
    assert_eq!(status(&kept), wire::read_response(&answer).map(|response| response.status), "{}", text(&answer));
    kept
}

#[test]
fn a_malformed_request_line_is_kept_and_marked() {
    let kept = refused(MALFORMED, "no HTTP request");
    assert_eq!((status(&kept), kept.exchange.request.head().method), (Some(400), None));
}

#[test]
fn a_tls_hello_on_the_plain_port_says_so() {
    refused(TLS_HELLO, "TLS hello");
}

#[test]
fn an_http2_preface_says_so() {
    refused(HTTP2_PREFACE, "HTTP/2 preface");
}

#[test]
fn whatever_is_refused_is_kept_whole_and_once() {
    for request in [
        "POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\nabc",
        "POST / HTTP/1.1\r\nContent-Length: 3, 4\r\n\r\nabc",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "POST http:// HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \0\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
        "GET / HTTP/1.2\r\n\r\n",
        "get / http/1.1\r\n\r\n",
        "G(T / HTTP/1.1\r\n\r\n",
    ] {
        let kept = refused(request.as_bytes(), "no HTTP request");
        assert_eq!(status(&kept), Some(400), "{request}");
    }
}

#[test]
fn too_large_a_head_is_refused_and_kept_up_to_its_limit() {
    let long = |length: usize| format!("POST / HTTP/1.1\r\nX: {}\r\nContent-Length: 26\r\n\r\n", "x".repeat(length));
    let body = "GET /no HTTP/1.1\r\nA: b\r\n\r\n";
    let limit = MAX_HEAD_BYTES - long(0).len();
    for (length, expected) in [(limit, 200), (limit + 1, 431), (100_000, 431), (1_000_000, 431)] {
        let receiving = Receiving::start();
        let head = long(length);

        let response = Caller::call(receiving.address).send_what_is_read(&[&head, body].concat()).response();

        let kept = receiving.only();
        assert_eq!((response.status, status(&kept)), (expected, Some(expected)), "{length}");
        assert_eq!(text(&kept.exchange.request.head), head[..head.len().min(MAX_HEAD_BYTES)], "{length}");
    }
}

#[test]
fn requests_behind_the_last_that_is_taken_are_exchanges_too() {
    let receiving = Receiving::start();
    let requests = ["GET /1 HTTP/1.1\r\nConnection: close\r\n\r\n", "GET /2 HTTP/1.1\r\n\r\n", "GET /3 HTTP/1.1\r\n\r\n", "GET /4 HT"];

    let answer = text(&Caller::call(receiving.address).send(requests.concat()).finish_sending().rest());

    let kept = receiving.settled(4);
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    assert_eq!(kept.iter().map(|stored| text(&bytes(stored))).collect::<Vec<_>>(), requests);
    assert_eq!(kept.iter().map(status).collect::<Vec<_>>(), [Some(200), None, None, None]);
}

#[test]
fn nothing_in_a_chunked_body_is_taken_for_a_head() {
    let receiving = Receiving::start();
    let first = "POST /1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunks = "2;f=12\r\n{}\r\n0;a\r\nTrailer: t\n\nGET /forged HTTP/1.1\r\nA: b\r\n\r\n";
    let second = "GET /2 HTTP/1.1\r\nHost: y\r\n\r\n";
    let mut caller = Caller::call(receiving.address);

    for byte in [first, chunks, second].concat().as_bytes() {
        caller.send([*byte]);
    }
    let responses = [caller.response().status, caller.response().status];

    let kept = receiving.settled(2);
    assert_eq!(responses, [200, 200]);
    assert_eq!(kept.iter().map(|stored| text(&stored.exchange.request.head)).collect::<Vec<_>>(), [first, second]);
    assert_eq!(text(&kept[0].exchange.request.body), "{}");
}

#[test]
fn pipelined_requests_are_exchanges_with_their_own_heads() {
    let receiving = Receiving::start();
    let mut caller = Caller::call(receiving.address);

    caller.send(PIPELINED);
    let responses: Vec<u16> = (0..3).map(|_| caller.response().status).collect();

    let kept = receiving.settled(3);
    assert_eq!(responses, [200; 3]);
    let found: Vec<_> = kept.iter().map(|stored| (text(&stored.exchange.request.head), text(&stored.exchange.request.body))).collect();
    let expected = [
        ("POST /1?CallbackCommand=State.StateChange HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", "{\"1\"}"),
        ("POST /2 HTTP/1.1\r\nhost: b\r\nTRANSFER-encoding: Chunked\r\n\r\n", "{\"2\":\r\n0\r\n\r\n\"}"),
        ("GET /3 HTTP/1.1\r\nHost: c\r\nX-Last: 1\r\n\r\n", ""),
    ];
    assert_eq!(found, expected.map(|(head, body)| (head.to_owned(), body.to_owned())));
}

#[test]
fn a_request_in_single_bytes_is_one_exchange() {
    let receiving = Receiving::start();
    let mut caller = Caller::call(receiving.address);
    let request = sample(now_secs());

    for byte in &request {
        caller.send([*byte]);
    }
    let response = caller.response();

    assert_eq!(response.status, 200);
    assert_eq!(bytes(&receiving.only()), request);
}

// Methods and versions

#[test]
fn every_method_and_version_is_responded_to() {
    for (request, method, version) in [
        ("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", "POST", "1.0"),
        ("HEAD /?a=b HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD", "1.1"),
        ("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", "CONNECT", "1.1"),
        ("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS", "1.1"),
        ("QUERY http://other.example/x?y HTTP/1.1\r\nHost: x\r\n\r\n", "QUERY", "1.1"),
    ] {
        let receiving = Receiving::start();

        let answer = text(&Caller::call(receiving.address).send(request).finish_sending().rest());

        let kept = receiving.only();
        let head = kept.exchange.request.head();
        assert!(answer.starts_with(&format!("HTTP/{version} 200")), "{request}: {answer}");
        assert_eq!((head.method, head.http_version), (Some(method), Some(version)), "{request}");
        assert_eq!(text(&bytes(&kept)), request);
        let body = if ["HEAD", "CONNECT"].contains(&method) { "" } else { OK };
        assert!(answer.ends_with(&format!("\r\n\r\n{body}")), "{request}: {answer}");
        let recorded = responded(&kept).response.clone().expect("bug: it went out");
        assert_eq!(text(&recorded.body), body, "{request}");
        assert_eq!(responded(&kept).outcome, Some(Outcome::Sent), "{request}");
    }
}

#[test]
fn a_caller_that_asks_first_is_told_to_go_on() {
    let receiving = Receiving::start();
    let mut caller = Caller::call(receiving.address);

    caller.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    let go_on = caller.head();
    let response = caller.send("{}").response();

    assert_eq!(go_on, "HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(response.status, 200);
    assert_eq!(receiving.only().exchange.request.body, b"{}");
}

// Limits, and what breaks off

#[test]
fn an_announced_body_past_the_limit_is_refused_at_once() {
    let receiving = Receiving::with(|options| options.body_limit_bytes = 64);
    let head = text(&post(&target(now_secs()), "")).replace("Content-Length: 0", "Content-Length: 1000000");

    let response = call(receiving.address, &head);

    let kept = receiving.only();
    assert_eq!(response.status, 413);
    assert_eq!(text(&kept.exchange.request.head), head);
    assert_eq!((kept.exchange.request.body_end, kept.exchange.request.body.len()), (BodyEnd::TooLarge, 0));
    assert_eq!(states(&kept, &[app()]), "body=too_large bad");
    assert_eq!((status(&kept), responded(&kept).rule.as_str()), (Some(413), "refusal"));
}

#[test]
fn a_caller_that_asks_first_with_too_much_is_refused_without_its_body() {
    let receiving = Receiving::with(|options| options.body_limit_bytes = 64);

    let response = call(receiving.address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65\r\nExpect: 100-continue\r\n\r\n");

    assert_eq!(response.status, 413);
    assert_eq!(receiving.only().exchange.request.body_end, BodyEnd::TooLarge);
}

#[test]
fn a_chunked_body_past_the_limit_is_kept_up_to_it() {
    let receiving = Receiving::with(|options| options.body_limit_bytes = 64);
    let chunk = format!("28\r\n{}\r\n", "x".repeat(40));
    let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    let response = call(receiving.address, [head, &chunk, &chunk, &chunk].concat());

    let kept = receiving.only();
    assert_eq!(response.status, 413);
    assert_eq!((kept.exchange.request.body_end, text(&kept.exchange.request.body)), (BodyEnd::TooLarge, "x".repeat(64)));
}

#[test]
fn a_body_of_exactly_the_limit_is_taken() {
    let receiving = Receiving::with(|options| options.body_limit_bytes = 64);

    let response = call(receiving.address, post("/", &"x".repeat(64)));

    assert_eq!((response.status, receiving.only().exchange.request.body_end), (200, BodyEnd::Complete));
}

#[test]
fn a_body_that_stops_early_is_an_exchange() {
    let receiving = Receiving::start();
    let whole = sample(now_secs());
    let begun = &whole[..whole.len() - 10];

    Caller::call(receiving.address).send(begun);

    let kept = receiving.only();
    assert_eq!(kept.exchange.request.body_end, BodyEnd::CutOff);
    assert_eq!(bytes(&kept), begun);
    assert_eq!(states(&kept, &[app()]), "body=cut_off bad");
}

#[test]
fn a_chunk_that_is_none_breaks_the_body_off() {
    let receiving = Receiving::start();
    let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    let response = call(receiving.address, [head, "3\r\nabc\r\nnone\r\n"].concat());

    let kept = receiving.only();
    assert_eq!((response.status, status(&kept)), (408, Some(408)));
    assert_eq!((text(&kept.exchange.request.head).as_str(), text(&kept.exchange.request.body).as_str()), (head, "abc"));
    assert_eq!(kept.exchange.request.body_end, BodyEnd::CutOff);
}

#[test]
fn the_example_as_printed_announces_more_than_it_brings() {
    let receiving = Receiving::start();

    let response = Caller::call(receiving.address).send(AS_PRINTED).finish_sending().response();

    let kept = receiving.only();
    assert_eq!((response.status, status(&kept)), (408, Some(408)));
    assert_eq!(kept.exchange.request.body_end, BodyEnd::CutOff);
    assert_eq!(bytes(&kept), AS_PRINTED);
}

#[test]
fn a_head_that_stops_early_is_an_exchange() {
    let receiving = Receiving::start();
    let begun = b"POST /?SdkAppid=888888 HTTP/1.1\r\nHost: exam";

    Caller::call(receiving.address).send(begun);

    let kept = receiving.only();
    assert_eq!(bytes(&kept), begun);
    assert_eq!(kept.exchange.request.refused.as_deref(), Some("the caller left in the middle of the head"));
    assert_eq!(kept.exchange.request.body_end, BodyEnd::CutOff);
    assert!(matches!(responded(&kept).outcome, Some(Outcome::CallerLeft { .. })));
}

#[test]
fn a_connection_without_a_byte_is_no_exchange() {
    let receiving = Receiving::start();

    drop(Caller::call(receiving.address));
    Caller::call(receiving.address).send("\r\n\r\n");
    call(receiving.address, sample(now_secs()));

    receiving.only();
}

#[test]
fn a_half_closed_caller_still_gets_its_response() {
    let receiving = Receiving::start();

    let response = Caller::call(receiving.address).send(sample(now_secs())).finish_sending().response();

    assert_eq!(text(&response.body), OK);
    assert_eq!(responded(&receiving.only()).outcome, Some(Outcome::Sent));
}

// Many at once

#[test]
fn many_connections_at_once_lose_nothing_and_keep_their_order() {
    const THREADS: usize = 8;
    const CONNECTIONS: usize = 25;
    const REQUESTS: usize = 20;
    let receiving = Receiving::start();
    let address = receiving.address;
    let talk = |thread: usize| {
        let mut callers: Vec<Caller> = (0..CONNECTIONS).map(|_| Caller::call(address)).collect();
        for request in 0..REQUESTS {
            for (connection, caller) in callers.iter_mut().enumerate() {
                caller.send(post("/", &format!("{}:{request}", thread * CONNECTIONS + connection)));
            }
            for caller in &mut callers {
                assert_eq!(text(&caller.response().body), OK);
            }
        }
    };

    thread::scope(|scope| (0..THREADS).for_each(|thread| drop(scope.spawn(move || talk(thread)))));

    let kept = receiving.settled(THREADS * CONNECTIONS * REQUESTS);
    let mut next = [0; THREADS * CONNECTIONS];
    for stored in kept {
        let body = text(&stored.exchange.request.body);
        let (connection, request) = body.split_once(':').expect("bug: we sent it so");
        let expected = &mut next[connection.parse::<usize>().expect("bug: a number")];
        assert_eq!(request, expected.to_string(), "connection {connection}");
        *expected += 1;
    }
    assert_eq!(next, [REQUESTS; THREADS * CONNECTIONS]);
}

// Tokens

#[test]
fn a_token_saved_later_judges_what_came_before() {
    let receiving = Receiving::with(|options| options.apps = Vec::new());
    call(receiving.address, sample(now_secs()));
    call(receiving.address, post(&with_wrong_digit(&target(now_secs())), JOIN));
    let all = |apps: &[SdkApp]| receiving.settled(2).iter().map(|stored| states(stored, apps)).collect::<Vec<_>>();
    let before = all(&[]);

    save_token(&receiving, APP, TOKEN);
    let counts = receiving.counts(|counts| counts.unchecked == 0);

    assert_eq!(before, ["signature=unchecked app_id=unchecked unchecked"; 2]);
    assert_eq!((counts.received, counts.ok, counts.bad), (2, 1, 1));
    assert_eq!(all(&[app()]), ["ok", "signature=invalid bad"]);
    assert_eq!(all(&[]), ["ok", "signature=invalid bad"], "the judgement stands where the token is not at hand");
}

#[test]
fn a_saved_token_is_in_its_own_file_only() {
    let secret = "a token that nobody may read";
    let receiving = Receiving::with(|options| options.apps = Vec::new());

    let file = save_token(&receiving, APP, secret).expect("bug: there is no keyring");
    call(receiving.address, sample(now_secs()));
    receiving.only();

    assert_eq!(files_with(receiving.folder.path(), secret), [file]);
}

/// Saves an app with its token, and returns the token's file.
fn save_token(receiving: &Receiving, id: &str, token: &str) -> Option<PathBuf> {
    receiving.ask(Effect::SaveApp { id: id.to_owned(), token: Some(Token::new(token)), replaces: None });
    receiving.hear(|event| if let Event::AppSaved { token_file, .. } = event { Some(token_file) } else { None })
}

// A history that cannot be written

/// Another program that holds the history, so that nothing can be written until it is dropped.
struct Held {
    _connection: rusqlite::Connection,
}

impl Held {
    fn hold(receiving: &Receiving) -> Self {
        let connection = rusqlite::Connection::open(history_path(receiving.folder.path())).expect("bug: there is a history");
        connection.execute_batch("BEGIN IMMEDIATE").expect("bug: nobody else holds it");
        Self { _connection: connection }
    }
}

#[test]
fn a_history_that_cannot_be_written_holds_up_no_response() {
    let receiving = Receiving::start();
    let held = Held::hold(&receiving);

    let began = Instant::now();
    let response = call(receiving.address, sample(now_secs()));
    let took = began.elapsed();

    assert_eq!(text(&response.body), OK);
    assert!(took < Duration::from_millis(1500), "{took:?}");
    receiving.counts(|counts| counts.unsaved == 1);
    receiving.ask(Effect::Open(1));
    let shown = receiving.hear(|event| if let Event::Opened(opened) = event { opened } else { None });
    assert!(!shown.saved, "it is shown, and marked");
    assert!(history(receiving.folder.path()).is_empty());
    drop(held);
    receiving.counts(|counts| counts.unsaved == 0);
    assert_eq!(states(&receiving.only(), &[app()]), "ok");
}

#[test]
fn a_caller_that_hung_up_in_good_order_is_told_from_one_that_listens() {
    let receiving = Receiving::start();
    call(receiving.address, sample(now_secs()));
    receiving.settled(1);
    let held = Held::hold(&receiving);

    // Its response waits for the history, and it closes without a reset, as a sender does whose time is up.
    let mut caller = Caller::call(receiving.address);
    caller.send(post("/gone", "{}"));
    drop(caller);
    receiving.counts(|counts| counts.unsaved == 1);
    drop(held);

    let kept = receiving.settled(2);
    assert_eq!(responded(&kept[0]).outcome, Some(Outcome::Sent));
    assert!(matches!(responded(&kept[1]).outcome, Some(Outcome::CallerLeft { .. })), "{:?}", responded(&kept[1]));
}

#[test]
fn a_caller_that_leaves_before_its_response_is_an_exchange() {
    let receiving = Receiving::start();
    let mut caller = Caller::call(receiving.address);
    caller.send(sample(now_secs())).wait_unread();
    let held = Held::hold(&receiving);

    // The first response is still unread, and so leaving resets the connection, which the receiver sees at once.
    caller.send(post("/second", "{}"));
    drop(caller);
    receiving.hear(|event| {
        if matches!(event, Event::Completed) {
            receiving.ask(Effect::Open(2));
        }
        let Event::Opened(Some(opened)) = event else { return None };
        opened.exchange.response.as_ref()?.outcome
    });
    drop(held);

    let kept = receiving.settled(2);
    assert_eq!(text(&kept[1].exchange.request.body), "{}");
    assert!(matches!(responded(&kept[1]).outcome, Some(Outcome::CallerLeft { .. })), "{:?}", responded(&kept[1]));
}

// A receiver whose clock is ours

/// A receiver on this history, without an engine.
fn receiver(store: &Store, clock: fn() -> i64) -> Arc<Receivers> {
    let snapshot = Snapshot { apps: [app()].into(), ..Snapshot::default() };
    let receiver = Receiver {
        writer: store.writer(),
        settings: watch::channel(Arc::new(snapshot)).1,
        recent: Mutex::new(Recent::default()),
        skew: Arc::default(),
        counted: Arc::default(),
        readings: Readings::default(),
        held: Arc::new(receiver::Held::new(|| {})),
        clock,
    };
    Arc::new(Receivers::new(Arc::new(receiver)))
}

#[test]
fn a_repeated_callback_and_a_reused_signature_are_told() {
    static NOW_MILLIS: AtomicI64 = AtomicI64::new(0);
    let cases = [
        (0, JOIN, "ok"),
        (1_000, r#"{"GroupId":"@other"}"#, "ok"),
        (5_000, r#"{"GroupId":"@still within 5 s"}"#, "ok"),
        (5_001, r#"{"GroupId":"@later"}"#, "replay=reused_signature ok"),
        (9_000, JOIN, "replay=repeated ok"),
    ];
    let folder = folder();
    let store = Store::open(&history_path(folder.path()), || {}).expect("bug: the folder is free");
    let runtime = tokio::runtime::Runtime::new().expect("bug: there are threads");
    let listener = runtime.block_on(receiver::bind(ANY_PORT)).expect("bug: a port is free");
    let address = listener.local_addr().expect("bug: it is bound");
    let stop = CancellationToken::new();
    let receiver = receiver(&store, || NOW_MILLIS.load(Ordering::SeqCst));
    let serving = receiver::serve(listener, None, receiver, Ends::new(stop.clone()), [runtime.handle().clone()].into());
    let serving = runtime.spawn(serving);

    for (after_millis, body, _) in cases {
        NOW_MILLIS.store(INSTANT_MILLIS + after_millis, Ordering::SeqCst);
        call(address, post(&target(INSTANT_MILLIS / 1000), body));
    }
    stop.cancel();
    runtime.block_on(serving).expect("bug: it ends");

    let found: Vec<_> = history(folder.path()).iter().map(|stored| states(stored, &[app()])).collect();
    assert_eq!(found, cases.map(|(_, _, expected)| expected));
}

/// Sends the beginning of a request and nothing more, to a receiver whose time goes by at once. Returns what is
/// recorded, and after how long.
async fn unfinished(begun: &[u8]) -> (Stored, Duration) {
    let folder = folder();
    let changed = Arc::new(Notify::new());
    let change = changed.clone();
    let store = Store::open(&history_path(folder.path()), move || change.notify_one()).expect("bug: the folder is free");
    let listener = receiver::bind(ANY_PORT).await.expect("bug: a port is free");
    // All of it is there before the receiver looks: nothing is on its way while time jumps.
    let mut caller = Caller::call(listener.local_addr().expect("bug: it is bound"));
    caller.send(begun);
    let began = tokio::time::Instant::now();

    let (receiver, ends) = (receiver(&store, || INSTANT_MILLIS), Ends::new(CancellationToken::new()));
    tokio::spawn(receiver::serve(listener, None, receiver, ends, [Handle::current()].into()));
    changed.notified().await;

    let took = began.elapsed();
    (history(folder.path()).pop().expect("bug: it was recorded"), took)
}

#[tokio::test(start_paused = true)]
async fn a_head_may_take_ten_seconds() {
    let begun = b"POST / HTTP/1.1\r\nHost: x\r\n";

    let (kept, took) = unfinished(begun).await;

    assert_eq!(took.as_secs(), 10);
    assert_eq!(bytes(&kept), begun);
    assert_eq!(kept.exchange.request.refused.as_deref(), Some("the head did not arrive whole within 10 s"));
}

#[tokio::test(start_paused = true)]
async fn a_pause_in_a_body_may_take_thirty_seconds() {
    let begun = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf";

    let (kept, took) = unfinished(begun).await;

    // Time jumps on while the disk is written: by a second for the response's wait, and one for the caller's last words.
    assert!((30..=32).contains(&took.as_secs()), "{took:?}");
    assert_eq!(bytes(&kept), begun);
    assert_eq!((kept.exchange.request.body_end, status(&kept)), (BodyEnd::CutOff, Some(408)));
}

#[test]
fn a_long_body_is_no_fault_of_its_row() {
    let receiving = Receiving::start();
    let long = format!(r#"{{"GroupId":"g","Text":"{}"}}"#, "x".repeat(100_000));
    call(receiving.address, post(&target(now_secs()), &long));
    let id = receiving.only().exchange.id;
    receiving.ask(Effect::LoadRows(vec![id]));
    let rows = receiving.hear(|event| if let Event::Rows(rows) = event { Some(rows) } else { None });
    assert_eq!(rows[0].overall, Overall::Ok);
    assert_eq!(rows[0].summary, "g");
}

#[test]
fn what_belongs_together_is_told_when_it_is_asked_for() {
    let receiving = Receiving::start();
    let send = |command: &str, body: &str| call(receiving.address, post(&format!("/?SdkAppid={APP}&CallbackCommand={command}"), body));
    let message = r#"{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3","MsgBody":[]}"#;
    send("C2C.CallbackBeforeSendMsg", message);
    send("C2C.CallbackAfterSendMsg", message);
    send("Group.CallbackAfterSendMsg", r#"{"GroupId":"g","MsgSeq":1}"#);
    receiving.settled(3);
    let told = |asked: i64| {
        receiving.ask(Effect::ReadSequence(asked));
        receiving.hear(|event| {
            let Event::Sequence { id, remarks } = event else { return None };
            (id == asked).then(|| remarks.iter().map(wording::sequence).collect::<Vec<_>>())
        })
    };
    assert!(told(1)[0].starts_with("its after event is #2, "), "{:?}", told(1));
    assert!(told(2)[0].ends_with("earlier, same MsgBody"), "{:?}", told(2));
    assert_eq!(told(3), [""; 0]);
    assert_eq!(told(77), [""; 0], "there is none");
    // What came since then counts too.
    send("Group.CallbackAfterSendMsg", r#"{"GroupId":"g","MsgSeq":1}"#);
    receiving.settled(4);
    assert!(told(3)[0].starts_with("came again as #4, "), "{:?}", told(3));
}

#[test]
fn a_newer_question_about_the_sequence_takes_the_place_of_older_ones() {
    let receiving = Receiving::start();
    let mut caller = Caller::call(receiving.address);
    for seq in 0..300 {
        caller.send(post(
            &format!("/?SdkAppid={APP}&CallbackCommand=Group.CallbackAfterSendMsg"),
            &format!(r#"{{"GroupId":"g","MsgSeq":{seq}}}"#),
        ));
        caller.response();
    }
    receiving.settled(300);
    (1..=300).for_each(|id| receiving.ask(Effect::ReadSequence(id)));
    let mut told = 0;
    receiving.hear(|event| {
        let Event::Sequence { id, .. } = event else { return None };
        told += 1;
        (id == 300).then_some(())
    });
    assert!(told < 300, "{told} answers");
}
