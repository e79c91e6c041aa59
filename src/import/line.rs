//! One exchange as Hookglass writes it, see `export::ndjson`, read back: what was received, what was responded, and what the user
//! says of it. All else is computed.

use super::Imported;
use crate::annotation::{Annotation, Mark};
use crate::exchange::{Outcome, Responded};
use crate::protocol::verdict::Replay;
use crate::protocol::{Judged, Kept};
use crate::wire::{BodyEnd, MAX_HEAD_BYTES, Request, Response, Transport};
use crate::wording;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::borrow::Cow;

/// Why a text is not an exchange in this form.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no JSON of this form.
    #[error("this is not an exchange as Hookglass writes it: {}", without_its_line(.0))]
    Form(serde_json::Error),
    /// A time is unreadable, or none that there is.
    #[error("{name} is no time like 2026-11-20T02:42:17.482Z: {}", wording::shortened(.text, 60))]
    Time {
        /// Of which one.
        name: &'static str,
        /// What stands there.
        text: String,
    },
    /// Head or body is no base64 though it says so.
    #[error("the {0} is said to be base64 and is not")]
    Encoding(&'static str),
    /// More than is ever kept of a head.
    #[error("the head is longer than 64 KiB, which none in a history is")]
    LongHead,
    /// No status of HTTP.
    #[error("the response has status {0}; 100 to 599 are possible")]
    Status(u16),
    /// A time span that is none.
    #[error("responded_after_ms is no time: {0:e}")]
    Took(f64),
    /// A part of the response is missing.
    #[error("the response has a status, and no {0}")]
    Lacks(&'static str),
}

/// What is wrong, with its column: the line is the file's.
fn without_its_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(what) if error.line() == 1 => format!("{} at column {}", wording::shortened(what, 120), error.column()),
        Some(what) => format!("{}{place}", wording::shortened(what, 120)),
        None => text,
    }
}

/// Reads an exchange.
///
/// # Errors
/// When the text is none.
pub fn read(text: &str) -> Result<Imported, Error> {
    read_with_id(text).map(|(_id, imported)| imported)
}

/// The same with the number that it had; 0 where there is none.
///
/// # Errors
/// When the text is no exchange.
pub fn read_with_id(text: &str) -> Result<(i64, Imported), Error> {
    let given: Given<'_> = serde_json::from_str(text).map_err(Error::Form)?;
    let kept = given.kept()?;
    let Given { id, received_at, peer, head, head_encoding, body, body_encoding, body_end, refused, transport, response, .. } = given;
    let request = Request {
        received_at_millis: millis("received_at", &received_at)?,
        peer: peer.into_owned(),
        head: decode("head", head, &head_encoding)?,
        body: decode("body", body, &body_encoding)?,
        body_end: match &*body_end {
            "too_large" => BodyEnd::TooLarge,
            "cut_off" => BodyEnd::CutOff,
            _ => BodyEnd::Complete,
        },
        refused,
        transport: Transport::from_word(&transport).unwrap_or_default(),
    };
    if request.head.len() > MAX_HEAD_BYTES {
        return Err(Error::LongHead);
    }
    let annotation = Annotation {
        pinned: given.pinned,
        mark: given.mark.as_deref().and_then(Mark::from_word),
        note: given.note.map(Cow::into_owned).unwrap_or_default(),
    };
    Ok((id, Imported { request, response: response.map(GivenResponse::read).transpose()?, kept, annotation }))
}

/// A moment, in milliseconds since the Unix epoch.
fn millis(name: &'static str, text: &str) -> Result<i64, Error> {
    let at: Result<jiff::Timestamp, jiff::Error> = text.parse();
    at.map(jiff::Timestamp::as_millisecond).map_err(|_no_time| Error::Time { name, text: text.to_owned() })
}

fn decode(what: &'static str, text: Cow<'_, str>, encoding: &str) -> Result<Vec<u8>, Error> {
    if encoding == "base64" {
        STANDARD.decode(text.as_bytes()).map_err(|_not_base64| Error::Encoding(what))
    } else {
        Ok(text.into_owned().into_bytes())
    }
}

/// What of a line is read back.
#[derive(Deserialize)]
struct Given<'a> {
    #[serde(default)]
    id: i64,
    #[serde(borrow)]
    received_at: Cow<'a, str>,
    #[serde(borrow, default)]
    peer: Cow<'a, str>,
    #[serde(borrow)]
    head: Cow<'a, str>,
    #[serde(borrow, default)]
    head_encoding: Cow<'a, str>,
    #[serde(borrow)]
    body: Cow<'a, str>,
    #[serde(borrow, default)]
    body_encoding: Cow<'a, str>,
    #[serde(borrow, default)]
    body_end: Cow<'a, str>,
    refused: Option<String>,
    #[serde(borrow, default)]
    transport: Cow<'a, str>,
    sdk_app_id: Option<String>,
    #[serde(borrow)]
    verdicts: Option<GivenVerdicts<'a>>,
    #[serde(borrow)]
    response: Option<GivenResponse<'a>>,
    #[serde(default)]
    pinned: bool,
    #[serde(borrow)]
    mark: Option<Cow<'a, str>>,
    #[serde(borrow)]
    note: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Default)]
struct GivenVerdicts<'a> {
    #[serde(borrow, default)]
    signature: GivenVerdict<'a>,
    #[serde(borrow, default)]
    app_id: GivenVerdict<'a>,
    #[serde(borrow, default)]
    replay: GivenVerdict<'a>,
}

#[derive(Deserialize, Default)]
struct GivenVerdict<'a> {
    #[serde(borrow, default)]
    state: Cow<'a, str>,
    due: Option<bool>,
    #[serde(borrow)]
    first_at: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct GivenResponse<'a> {
    status: Option<u16>,
    headers: Option<Vec<(String, String)>>,
    #[serde(borrow)]
    body: Option<Cow<'a, str>>,
    #[serde(borrow)]
    body_encoding: Option<Cow<'a, str>>,
    rule: String,
    fault: Option<String>,
    responded_after_ms: Option<f64>,
    #[serde(borrow)]
    outcome: Option<Cow<'a, str>>,
    caller_left_after_ms: Option<i64>,
}

impl Given<'_> {
    fn kept(&self) -> Result<Kept, Error> {
        let Some(verdicts) = &self.verdicts else { return Ok(Kept::default()) };
        Ok(Kept { replay: verdicts.replay()?, judged: verdicts.judged(self.sdk_app_id.as_deref()), apps_known: verdicts.apps_known() })
    }
}

impl GivenVerdicts<'_> {
    /// What the moment of arrival knew. One that does not say when the first came is none.
    fn replay(&self) -> Result<Replay, Error> {
        let first_at = self.replay.first_at.as_deref().map(|at| millis("first_at", at)).transpose()?;
        Ok(match (&*self.replay.state, first_at) {
            ("repeated", Some(first_at_millis)) => Replay::Repeated { first_at_millis },
            ("reused_signature", Some(first_at_millis)) => Replay::ReusedSignature { first_at_millis },
            _ => Replay::First,
        })
    }

    /// The judgement, if it was made with a token: it stands where the token is not at hand.
    fn judged(&self, sdk_app_id: Option<&str>) -> Option<Judged> {
        let (signature, app_id) = (&self.signature, &self.app_id);
        let had_token = match &*signature.state {
            // Only with a token could this be said.
            "valid" | "invalid" => true,
            "missing" => signature.due == Some(true),
            // It is so with a token or without; that the app was known is all that is left to keep.
            "malformed" => app_id.state == "match",
            _ => false,
        };
        let app = sdk_app_id.filter(|_| had_token)?.to_owned();
        Some(Judged { app, signature: signature.state.to_string(), app_id: app_id.state.to_string() })
    }

    /// Whether any app was known when it was judged; `None` where that is not said.
    fn apps_known(&self) -> Option<bool> {
        match &*self.app_id.state {
            "match" | "mismatch" => Some(true),
            "unchecked" => Some(false),
            _ => self.app_id.due,
        }
    }
}

impl GivenResponse<'_> {
    fn read(self) -> Result<Responded, Error> {
        let outcome = self.outcome();
        let Self { status, headers, body, body_encoding, rule, fault, responded_after_ms, .. } = self;
        let response = status.map(|status| {
            if !(100..600).contains(&status) {
                return Err(Error::Status(status));
            }
            let headers = headers.ok_or(Error::Lacks("headers"))?;
            let body = body.ok_or(Error::Lacks("body"))?;
            Ok(Response { status, headers, body: decode("response's body", body, body_encoding.as_deref().unwrap_or_default())? })
        });
        let responded_after_micros = responded_after_ms.map(micros).transpose()?;
        Ok(Responded { response: response.transpose()?, rule, fault, responded_after_micros, outcome })
    }

    /// What happened on the wire, by its words. A word that nobody knows is none.
    fn outcome(&self) -> Option<Outcome> {
        let told = self.outcome.as_deref()?;
        let plain = [Outcome::Sent, Outcome::Closed, Outcome::Reset, Outcome::Stopped];
        plain.into_iter().find(|outcome| wording::outcome(*outcome) == told).or_else(|| {
            // Lines of earlier versions have it in words only.
            let in_words = || told.strip_prefix("caller left after ")?.strip_suffix(" s")?.parse::<f64>().ok();
            let after_millis = self.caller_left_after_ms.or_else(|| Some(micros(in_words()? * 1000.0).ok()? / 1000))?;
            Some(Outcome::CallerLeft { after_millis })
        })
    }
}

/// Whole microseconds of so many milliseconds.
fn micros(millis: f64) -> Result<i64, Error> {
    let micros = (millis * 1000.0).round();
    // Thirty years; up to there a number with a point has them exactly.
    if !(0.0..=1e15).contains(&micros) {
        return Err(Error::Took(millis));
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
    Ok(micros as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{DEFAULT_RULE, Exchange};
    use crate::export::ndjson;
    use crate::inspect;
    use crate::protocol::SdkApp;
    use crate::protocol::sign::{Token, sign};
    use crate::rules::preset::Preset;
    use jiff::tz::TimeZone;

    const AT: i64 = 1_669_872_112_500;

    fn written(imported: &Imported, apps: &[SdkApp]) -> String {
        let Imported { request, response, kept, annotation } = imported.clone();
        let inspection = inspect::inspect(&request, apps, &kept);
        let findings = inspection.findings(&request, apps);
        ndjson::line(&Exchange { id: 7, request, response }, &annotation, &inspection, &findings, &TimeZone::UTC)
    }

    fn callback(query: &str) -> Imported {
        let request = Request {
            peer: "[::1]:52144".to_owned(),
            ..Request::complete(AT, format!("POST /?{query} HTTP/1.1\r\nhOST: x\r\n\r\n"), r#"{"a":"红包😀 \u0000 1.50"}"#)
        };
        Imported { request, response: None, kept: Kept::default(), annotation: Annotation::default() }
    }

    fn sent(preset: &Preset) -> Responded {
        let decided = Responded::decided(preset.response().expect("bug: it has one"), DEFAULT_RULE);
        Responded { responded_after_micros: Some(412), outcome: Some(Outcome::Sent), ..decided }
    }

    /// Where no app is known any more, the line is the same again, and so is all that was read of it.
    #[track_caller]
    fn check(imported: &Imported) {
        let line = written(imported, &[]);
        let (id, read) = read_with_id(&line).expect("bug: it was written by us");
        assert_eq!((id, written(&read, &[])), (7, line));
        let Imported { request, response, annotation, .. } = imported;
        assert_eq!((&read.request, &read.response, &read.annotation), (request, response, annotation));
    }

    #[test]
    fn bytes_come_back_whatever_they_are() {
        let any: Vec<u8> = (0..=255).collect();
        let odd = Request { head: [&any[..], b"\r\n\r\n"].concat(), body: any.clone(), ..callback("").request };
        let response = Response { status: 599, headers: vec![("a".into(), "ü\"".into()), ("a".into(), String::new())], body: any };
        for responded in [None, Some(Responded { response: Some(response), ..sent(&Preset::Ok) })] {
            check(&Imported { request: odd.clone(), response: responded, ..callback("") });
        }
        let refused = Some("the request line is unreadable".to_owned());
        for body_end in [BodyEnd::CutOff, BodyEnd::TooLarge, BodyEnd::Complete] {
            let request = Request { body_end, refused: refused.clone(), transport: Transport::Tls, ..odd.clone() };
            check(&Imported { request, ..callback("") });
        }
    }

    #[test]
    fn what_came_of_the_response_comes_back() {
        let left = |after_millis| Some(Outcome::CallerLeft { after_millis });
        for outcome in
            [None, Some(Outcome::Sent), Some(Outcome::Closed), Some(Outcome::Reset), Some(Outcome::Stopped), left(0), left(2_049)]
        {
            for fault in [None, Some("drip:20".to_owned())] {
                for micros in [None, Some(0), Some(1), Some(299_999), Some(86_400_000_000), Some(1_000_000_000_000_000)] {
                    let responded = Responded { outcome, fault: fault.clone(), responded_after_micros: micros, ..sent(&Preset::Fail(2)) };
                    check(&Imported { response: Some(responded.clone()), ..callback("CallbackCommand=State.StateChange") });
                    check(&Imported { response: Some(Responded { response: None, ..responded }), ..callback("") });
                }
            }
        }
    }

    #[test]
    fn what_the_user_says_comes_back() {
        for mark in Mark::ALL.into_iter().map(Some).chain([None]) {
            let annotation = Annotation { pinned: mark.is_none(), mark, note: "问\n\"ask\" \\ \u{202e}".to_owned() };
            check(&Imported { annotation, ..callback("") });
        }
    }

    #[test]
    fn a_judgement_made_with_a_token_stands_where_the_token_is_not() {
        let time = "1669872112";
        let good = sign(&Token::new("xxxxyyyy"), time);
        let known =
            [SdkApp { id: "888888".into(), tokens: vec![Token::new("xxxxyyyy")] }, SdkApp { id: "777777".into(), tokens: Vec::new() }];
        let queries = [
            format!("SdkAppid=888888&Sign={good}&RequestTime={time}"),
            format!("SdkAppid=888888&Sign={}&RequestTime={time}", good.replace('1', "2")),
            format!("SdkAppid=888888&Sign=abc&RequestTime={time}"),
            "SdkAppid=888888&CallbackCommand=State.StateChange".to_owned(),
            "SdkAppid=777777&CallbackCommand=State.StateChange".to_owned(),
            format!("SdkAppid=555555&Sign={good}&RequestTime={time}"),
            "SdkAppid=&CallbackCommand=State.StateChange".to_owned(),
            "SdkAppid=x&CallbackCommand=State.StateChange".to_owned(),
            "CallbackCommand=State.StateChange".to_owned(),
            "other=1".to_owned(),
        ];
        for query in queries {
            for apps in [&known[..], &known[..1], &[]] {
                let first_at_millis = AT - 9_000;
                for replay in [Replay::First, Replay::Repeated { first_at_millis }, Replay::ReusedSignature { first_at_millis }] {
                    let arrived = Imported { kept: Kept { replay, ..Kept::default() }, ..callback(&query) };
                    // As the history keeps it, when it was judged with these apps.
                    let inspection = inspect::inspect(&arrived.request, apps, &arrived.kept);
                    let judged = crate::protocol::judged(&inspection.callback, &inspection.verdicts, apps);
                    let kept = Kept { replay, judged, apps_known: Some(!apps.is_empty()) };
                    let stored = Imported { kept, ..arrived };
                    check(&stored);
                    // Where the tokens are, it is written with all that they tell; read back elsewhere, the verdicts are those.
                    let (_, elsewhere) = read_with_id(&written(&stored, apps)).expect("bug: it was written by us");
                    assert_eq!(written(&elsewhere, &[]), written(&stored, &[]), "{query} with {} apps", apps.len());
                }
            }
        }
    }

    const TOLD: &str = "\
this is not an exchange as Hookglass writes it: EOF while parsing an object at column 1
this is not an exchange as Hookglass writes it: missing field `received_at` at column 2
this is not an exchange as Hookglass writes it: EOF while parsing a string at column 1275
the head is said to be base64 and is not
the body is said to be base64 and is not
received_at is no time like 2026-11-20T02:42:17.482Z: yesterday
received_at is no time like 2026-11-20T02:42:17.482Z: 99999-01-01T00:00:00Z
this is not an exchange as Hookglass writes it: invalid type: integer `1669872112`, expected a string at column 607
this is not an exchange as Hookglass writes it: invalid type: floating point `1e+20`, expected i64 at column 408
the head is longer than 64 KiB, which none in a history is
this is not an exchange as Hookglass writes it: invalid type: integer `7`, expected a string at column 413
the response has status 99; 100 to 599 are possible
this is not an exchange as Hookglass writes it: invalid value: integer `70000`, expected u16 at column 718
the response has a status, and no headers
the response has a status, and no body
the response's body is said to be base64 and is not
responded_after_ms is no time: -1e0
responded_after_ms is no time: 1e300
this is not an exchange as Hookglass writes it: invalid type: sequence, expected a string at column 8";

    #[test]
    fn what_is_no_exchange_is_told() {
        let whole = written(&callback("a=1"), &[]);
        let told = |text: &str| read(text).expect_err("bug: it is damaged").to_string();
        let with = |key: &str, value: &str| {
            let mut line: serde_json::Value = serde_json::from_str(&whole).expect("bug: it is JSON");
            line[key] = serde_json::from_str(value).expect("bug: it is JSON");
            told(&line.to_string())
        };
        let response = |rest: &str| with("response", &format!(r#"{{"rule":"default"{rest}}}"#));
        let all = [
            told("{"),
            told("{}"),
            told(&whole[..whole.len() - 40]),
            with("head_encoding", "\"base64\""),
            with("body_encoding", "\"base64\""),
            with("received_at", "\"yesterday\""),
            with("received_at", "\"99999-01-01T00:00:00Z\""),
            with("received_at", "1669872112"),
            with("id", "99999999999999999999"),
            with("head", &format!("\"{}\"", "x".repeat(70_000))),
            with("mark", "7"),
            response(r#","status":99,"headers":[],"body":"""#),
            response(r#","status":70000,"headers":[],"body":"""#),
            response(r#","status":200,"body":"""#),
            response(r#","status":200,"headers":[]"#),
            response(r#","status":200,"headers":[],"body":"%","body_encoding":"base64""#),
            response(r#","responded_after_ms":-1"#),
            response(r#","responded_after_ms":1e300"#),
            told(&format!(r#"{{"head":{}1{},"received_at":"x","body":""}}"#, "[".repeat(300), "]".repeat(300))),
        ];
        assert_eq!(all.join("\n"), TOLD);
        assert!(read(&whole.replace("\"id\":7", "\"id\":-9223372036854775808")).is_ok(), "the number is not taken over");
    }
}
