//! Verdicts as sentences.

use super::text::{bytes, quoted, value};
use super::time::{duration, local_time};
use crate::protocol::catalogue::FieldKind;
use crate::protocol::json::{Expected, Kind};
use crate::protocol::sign::WINDOW_SECS;
use crate::protocol::verdict::{
    AppId, BodyVerdict, CommandVerdict, InBody, Method, Overall, Replay, Signature, SignatureFault, Timestamp, Verdict,
};
use jiff::tz::TimeZone;

/// A verdict's name as a line's beginning.
pub fn title(verdict: Verdict<'_>) -> &'static str {
    match verdict {
        Verdict::Signature(_) => "Signature",
        Verdict::Timestamp(_) => "Timestamp",
        Verdict::AppId(_) => "App ID",
        Verdict::Method(_) => "Method",
        Verdict::Command(_) => "Command",
        Verdict::Body(_) => "Body",
        Verdict::Replay(_) => "Replay",
    }
}

/// The reason of a verdict, without its state.
pub fn detail(verdict: Verdict<'_>, zone: &TimeZone) -> String {
    match verdict {
        Verdict::Signature(verdict) => signature(verdict),
        Verdict::Timestamp(verdict) => timestamp(verdict),
        Verdict::AppId(verdict) => app_id(verdict),
        Verdict::Method(Method::Post) => "POST, as documented".to_owned(),
        Verdict::Method(Method::Other(Some(method))) => format!("{}; callbacks are posted", value(method)),
        Verdict::Method(Method::Other(None)) => "the request line is unreadable".to_owned(),
        Verdict::Command(verdict) => command(verdict),
        Verdict::Body(verdict) => body(verdict),
        Verdict::Replay(verdict) => replay(verdict, zone),
    }
}

fn signature(verdict: &Signature) -> String {
    match verdict {
        Signature::Valid { app } => format!("matches the token of {app}"),
        Signature::Invalid { app, .. } => format!("differs from what the token of {app} gives"),
        Signature::Missing { due: true } => "no Sign; the app has a token, so one is due".to_owned(),
        Signature::Missing { due: false } => "no Sign; authentication is off, or its token is not known here".to_owned(),
        Signature::Malformed(SignatureFault::NotHex { length }) => {
            format!("not 64 hexadecimal digits but {} of other form", characters(*length))
        }
        Signature::Malformed(SignatureFault::WithoutTime) => "Sign without RequestTime".to_owned(),
        Signature::Malformed(SignatureFault::WithoutSign) => "RequestTime without Sign".to_owned(),
        Signature::Malformed(SignatureFault::Repeated) => "Sign or RequestTime came more than once, with different values".to_owned(),
        Signature::Unchecked { app: Some(app) } if !app.is_empty() => format!("no token is known for {}", value(app)),
        Signature::Unchecked { .. } => "the request names no app, so no token can be chosen".to_owned(),
    }
}

fn characters(count: usize) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}

fn timestamp(verdict: &Timestamp) -> String {
    match verdict {
        Timestamp::Fresh { age_secs } => format!("{}, {WINDOW_SECS} s allowed", signed(*age_secs)),
        Timestamp::Stale { age_secs } | Timestamp::Future { age_secs } => format!("{}, only {WINDOW_SECS} s allowed", signed(*age_secs)),
        Timestamp::Missing { due: true } => "no RequestTime beside the Sign".to_owned(),
        Timestamp::Missing { due: false } => "no RequestTime, and no Sign that would need one".to_owned(),
        Timestamp::Malformed { received } if received.len() == 13 && received.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{received} has 13 digits: milliseconds, where seconds are documented")
        }
        Timestamp::Malformed { received } => format!("{} is no number of seconds", quoted(received)),
    }
}

fn signed(age_secs: i64) -> String {
    match age_secs {
        0 => "signed in the second of its arrival".to_owned(),
        1.. => format!("signed {} before arrival", duration(age_secs)),
        _ => format!("signed {} after arrival", duration(-age_secs)),
    }
}

fn app_id(verdict: &AppId) -> String {
    match verdict {
        AppId::Match { app } => format!("matches {app}"),
        AppId::Mismatch { received, known } => format!("{} is not among the saved apps: {}", value(received), known.join(", ")),
        AppId::Missing { due: true } => "no SdkAppid; every callback is documented to carry one".to_owned(),
        AppId::Missing { due: false } => "no SdkAppid".to_owned(),
        AppId::Malformed { received, .. } => format!("{} is no decimal app id, or another came beside it", quoted(received)),
        AppId::Unchecked { received } => format!("{}; no app is saved to compare it with", value(received)),
    }
}

fn command(verdict: &CommandVerdict) -> String {
    match verdict {
        CommandVerdict::Known { in_body: InBody::Same } => "the URL and the body agree".to_owned(),
        CommandVerdict::Known { in_body: InBody::Alias } => "the body names it as another page of the documentation does".to_owned(),
        CommandVerdict::Known { in_body: InBody::Absent } => "documented; the URL alone names it".to_owned(),
        CommandVerdict::Unknown { name } => format!("{} is not in the reference; new commands appear several times a year", value(name)),
        CommandVerdict::Differs { url, body } => format!("the URL says {}, the body {}", value(url), value(body)),
        CommandVerdict::Missing => "neither the URL nor the body names one".to_owned(),
    }
}

fn body(verdict: &BodyVerdict) -> String {
    match verdict {
        BodyVerdict::Unread => "a JSON object".to_owned(),
        BodyVerdict::Documented => "every field is documented".to_owned(),
        BodyVerdict::Undocumented(found) if found.count == 1 => format!("1 undocumented field: {}", values(&found.paths)),
        BodyVerdict::Undocumented(found) => {
            let more = if found.count > found.paths.len() { ", …" } else { "" };
            format!("{} undocumented fields: {}{more}", found.count, values(&found.paths))
        }
        BodyVerdict::NoReference => "the command is not in the reference, so its fields are not either".to_owned(),
        BodyVerdict::NotJson(mistake, place) => {
            format!("not JSON from line {}, column {} on: {} expected", place.line, place.column, expected(mistake.expected))
        }
        BodyVerdict::NotObject(kind) => format!("JSON, but {} where an object is documented", kind_word(*kind)),
        BodyVerdict::Empty => "no body".to_owned(),
        BodyVerdict::TooLarge { kept } => format!("longer than the limit; {} kept", bytes(*kept)),
        BodyVerdict::CutOff { kept } => format!("the caller stopped in the middle; {} came", bytes(*kept)),
    }
}

fn values(texts: &[String]) -> String {
    texts.iter().map(|text| value(text)).collect::<Vec<_>>().join(", ")
}

/// What was expected at the place of a mistake.
pub fn expected(expected: Expected) -> &'static str {
    match expected {
        Expected::Value => "a value",
        Expected::Key => "a key in double quotes",
        Expected::Colon => "a colon",
        Expected::CommaOrEnd => "a comma or the end",
        Expected::EndOfString => "the closing quote",
        Expected::Escape => "a known escape",
        Expected::Digit => "a digit",
        Expected::EndOfText => "nothing more",
        Expected::Utf8 => "UTF-8",
    }
}

/// A documented type in words.
pub(super) fn documented_word(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::String => "a text in quotes",
        FieldKind::Integer => "a whole number",
        FieldKind::Number => "a number",
        FieldKind::Boolean => "true or false",
        FieldKind::Object => "an object",
        FieldKind::Array => "an array",
    }
}

/// A type in words.
pub(super) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "an object",
        Kind::Array => "an array",
        Kind::String => "a text",
        Kind::Number => "a number",
        Kind::Bool => "true or false",
        Kind::Null => "null",
    }
}

fn replay(verdict: Replay, zone: &TimeZone) -> String {
    match verdict {
        Replay::First => "first time".to_owned(),
        Replay::Repeated { first_at_millis } => {
            format!("the same signature, command and body came at {}", local_time(first_at_millis, zone))
        }
        Replay::ReusedSignature { first_at_millis } => {
            format!("this signature came with other content at {}", local_time(first_at_millis, zone))
        }
    }
}

/// What all verdicts say together.
pub fn overall(overall: Overall) -> &'static str {
    match overall {
        Overall::Ok => "ok",
        Overall::Bad => "bad",
        Overall::Unchecked => "unchecked",
        Overall::NotCallback => "not a callback",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_read_as_sentences() {
        let zone = TimeZone::UTC;
        let check = |verdict: Verdict<'_>, expected: &str| assert_eq!(detail(verdict, &zone), expected);
        check(Verdict::Timestamp(&Timestamp::Fresh { age_secs: 2 }), "signed 2 s before arrival, 60 s allowed");
        check(Verdict::Timestamp(&Timestamp::Stale { age_secs: 63 }), "signed 63 s before arrival, only 60 s allowed");
        check(Verdict::Timestamp(&Timestamp::Future { age_secs: -3_600 }), "signed 60 min 0 s after arrival, only 60 s allowed");
        check(
            Verdict::Timestamp(&Timestamp::Malformed { received: "1669872112123".into() }),
            "1669872112123 has 13 digits: milliseconds, where seconds are documented",
        );
        let unchecked = |app: &str| Signature::Unchecked { app: Some(app.to_owned()) };
        check(Verdict::Signature(&unchecked("1400000001")), "no token is known for 1400000001");
        check(Verdict::Signature(&unchecked("\u{1b}[31m\u{202e}")), "no token is known for \\u{1b}[31m\\u{202e}");
        check(Verdict::Signature(&unchecked("")), "the request names no app, so no token can be chosen");
        let long = "x\u{202e}".repeat(1_000);
        let cut = format!("{}x", "x\\u{202e}".repeat(8));
        check(
            Verdict::Signature(&Signature::Unchecked { app: Some(long.clone()) }),
            &format!("no token is known for {cut}… (4,000 bytes)"),
        );
        check(Verdict::Method(&Method::Other(Some(long))), &format!("{cut}… (4,000 bytes); callbacks are posted"));
        check(
            Verdict::Replay(Replay::Repeated { first_at_millis: 0 }),
            "the same signature, command and body came at 1970-01-01 00:00:00.000 +00:00",
        );
    }
}
