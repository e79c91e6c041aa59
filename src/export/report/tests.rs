use super::*;
use crate::annotation::Annotation;
use crate::exchange::{Exchange, Outcome, Responded};
use crate::inspect;
use crate::protocol::sign::{Token, sign};
use crate::protocol::{Kept, SdkApp};
use crate::wire::{Request, Response};
use jiff::tz::TimeZone;

const HOSTILE: &str = "</pre><script>alert(1)</script>```\n````\n| a | b |\n[x](javascript:x) ![y](https://evil.example/y.png) \u{202e}gpj\u{1b}[31m https://evil.example <img src=x onerror=y>";

fn sheet(target: &str, body: &str) -> Sheet {
    let request = Request {
        peer: "192.0.2.1:5".to_owned(),
        ..Request::complete(1_669_872_112_500, format!("POST {target} HTTP/1.1\r\nX-Say: {}\r\n\r\n", HOSTILE.replace('\n', " ")), body)
    };
    let apps = [SdkApp { id: "888888".to_owned(), tokens: vec![Token::new("xxxxyyyy")] }];
    let inspection = inspect::inspect(&request, &apps, &Kept::default());
    let findings = inspection.findings(&request, &apps);
    let response =
        Response::json(200, format!("{{\"ActionStatus\":\"OK\",\"ErrorCode\":0,\"ErrorInfo\":{}}}", serde_json::Value::from(HOSTILE)));
    let responded =
        Responded { responded_after_micros: Some(1_250), outcome: Some(Outcome::Sent), ..Responded::decided(response, HOSTILE) };
    let exchange = Exchange { id: 12, request, response: Some(responded) };
    let annotation = Annotation { note: HOSTILE.to_owned(), ..Annotation::default() };
    Sheet::of(&exchange, &annotation, &inspection, &findings, &TimeZone::UTC)
}

fn signed(rest: &str) -> String {
    let sign = sign(&Token::new("xxxxyyyy"), "1669872112");
    format!("/?SdkAppid=888888&CallbackCommand=State.StateChange&Sign={sign}&RequestTime=1669872112{rest}")
}

const BODY: &str = r#"{"CallbackCommand":"State.StateChange","EventTime":1669872112345,"Info":{"Action":"Login","To_Account":"미라 红","Reason":"Register"}}"#;

#[test]
fn a_report_tells_all_of_an_exchange() {
    for written in [markdown::exchange(&sheet(&signed(""), BODY)), html::exchange(&sheet(&signed(""), BODY))] {
        for told in [
            "12 State.StateChange",
            "미라 红 came online",
            "Signature",
            "valid",
            "SDKAppID",
            "888888",
            "Request line",
            "RequestTime",
            "What the user did",
            "came online",
            "1.2 ms",
            "Read as",
            "https://www.tencentcloud.com/document/product/1047/34357",
            "Body, ",
        ] {
            assert!(written.contains(told), "{told} in {written}");
        }
        assert!(!written.contains("xxxxyyyy"), "no token");
    }
}

#[test]
fn a_bad_verdict_is_explained() {
    let wrong = signed("").replace("Sign=", "Sign=0");
    let written = markdown::exchange(&sheet(&wrong, BODY));
    assert!(written.contains("| Signature | **malformed** |"), "{written}");
}

#[test]
fn nothing_of_html_acts() {
    let body = format!(r#"{{"CallbackCommand":"State.StateChange","Info":{{"To_Account":{}}}}}"#, serde_json::Value::from(HOSTILE));
    for sheet in [sheet(&signed(&format!("&<b>={}", HOSTILE.replace([' ', '\n'], "+"))), &body), sheet("/", HOSTILE)] {
        let written = html::head(true) + &html::exchange(&sheet) + &html::tail();
        let tags: std::collections::BTreeSet<&str> = written.split('<').skip(1).filter_map(|tag| tag.split(['>', ' ']).next()).collect();
        let own = [
            "!DOCTYPE",
            "/a",
            "/article",
            "/body",
            "/code",
            "/figcaption",
            "/figure",
            "/h1",
            "/h2",
            "/h3",
            "/head",
            "/header",
            "/html",
            "/li",
            "/p",
            "/pre",
            "/section",
            "/span",
            "/style",
            "/table",
            "/tbody",
            "/td",
            "/th",
            "/thead",
            "/title",
            "/tr",
            "/ul",
            "a",
            "article",
            "body",
            "code",
            "figcaption",
            "figure",
            "h1",
            "h2",
            "h3",
            "head",
            "header",
            "html",
            "li",
            "meta",
            "p",
            "pre",
            "section",
            "span",
            "style",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "title",
            "tr",
            "ul",
        ];
        assert!(tags.iter().all(|tag| own.contains(tag)), "{tags:?}");
        assert!(written.chars().all(|c| c == '\n' || c == '\t' || !crate::wording::is_steering(c)));
        let inside = |tag: &str| tag.split('>').next().unwrap_or_default().to_owned();
        let loading = written.split('<').skip(1).map(inside).filter(|tag| tag.contains("src=") || tag.contains(" on"));
        assert_eq!(loading.collect::<Vec<String>>(), Vec::<String>::new());
        assert!(written.match_indices("href=").all(|(at, _)| written[at..].starts_with("href=\"https://www.tencentcloud.com/")));
    }
}

#[test]
fn nothing_of_markdown_acts() {
    let body = format!(r#"{{"CallbackCommand":"State.StateChange","Info":{{"To_Account":{}}}}}"#, serde_json::Value::from(HOSTILE));
    for sheet in [sheet(&signed(&format!("&x={}", HOSTILE.replace([' ', '\n'], "+"))), &body), sheet("/", HOSTILE)] {
        let written = markdown::head(false) + &markdown::exchange(&sheet) + &markdown::tail();
        assert!(written.chars().all(|c| c == '\n' || c == '\t' || !crate::wording::is_steering(c)));
        let mut fence = None;
        for line in written.lines() {
            let ticks = line.len() - line.trim_start_matches('`').len();
            match fence {
                Some(open) if ticks >= open && line.trim_start_matches('`').is_empty() => fence = None,
                Some(_) => {}
                None if ticks >= 3 => fence = Some(ticks),
                None => check_line(line),
            }
        }
        assert_eq!(fence, None, "a fence is left open");
    }
}

/// Outside fences: what is not code has no sign of Markdown but our own, and a row of a table has its own pipes alone.
fn check_line(line: &str) {
    let text = without_escapes(&without_code(line));
    for sign in ["](", "<img", "<script", "![", " https://evil", "</pre"] {
        assert!(!text.contains(sign), "{sign} in {line}");
    }
    if line.starts_with('|') {
        let pipes = line.replace("\\|", "").matches('|').count();
        assert!((2..=5).contains(&pipes), "{pipes} in {line}");
    }
}

fn without_escapes(text: &str) -> String {
    let mut is_escaped = false;
    let stays = |c: &char| {
        let stays = *c != '\\' && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        stays
    };
    text.chars().filter(stays).collect()
}

fn without_code(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('`') {
        let escaped = rest[..at].ends_with('\\');
        let ticks = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let fence = "`".repeat(ticks);
        out.push_str(&rest[..at]);
        rest = &rest[at + ticks..];
        if !escaped {
            rest = rest.split_once(&fence).map_or("", |(_, after)| after);
        }
    }
    out + rest
}

#[test]
fn a_body_that_is_no_text_is_shown_in_hex() {
    let request = Request::complete(0, "POST / HTTP/1.1\r\n\r\n", &b"\xff\x00abc"[..]);
    let inspection = inspect::inspect(&request, &[], &Kept::default());
    let exchange = Exchange { id: 1, request, response: None };
    let sheet = Sheet::of(&exchange, &Annotation::default(), &inspection, &crate::protocol::findings::Findings::default(), &TimeZone::UTC);
    let written = markdown::exchange(&sheet);
    assert!(written.contains("000000  ff 00 61 62 63"), "{written}");
    assert!(written.contains("Nothing was responded"), "{written}");
}
