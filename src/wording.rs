//! Verdicts, remarks and summaries as sentences.
//!
//! English is what JSON and the command line say; another language would be a second set of these functions
//! over the same data. Nothing here judges.

use crate::exchange::Outcome;
use crate::inspect::Remark;
use crate::protocol::body::Shown;
use crate::protocol::catalogue::{Product, Unit};
use crate::protocol::json::{Expected, Kind};
use crate::protocol::response::Complaint;
use crate::protocol::sign::WINDOW_SECS;
use crate::protocol::summary::Summary;
use crate::protocol::verdict::{
    AppId, BodyVerdict, CommandVerdict, Method, Overall, Replay, Signature, SignatureFault, Timestamp, Verdict,
};
use jiff::Timestamp as Moment;
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
        Verdict::Method(Method::Other(Some(method))) => format!("{method}; callbacks are posted"),
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
        Signature::Unchecked { app: Some(app) } => format!("no token is known for {app}"),
        Signature::Unchecked { app: None } => "the request names no app, so no token can be chosen".to_owned(),
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
        Timestamp::Missing { due: false } => "no RequestTime; authentication is off".to_owned(),
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

/// A duration in its largest unit that leaves a whole number, or the two largest.
pub fn duration(secs: i64) -> String {
    let (days, hours, minutes) = (secs / 86_400, secs / 3_600, secs / 60);
    match secs {
        ..=119 => format!("{secs} s"),
        120..=7_199 => format!("{minutes} min {} s", secs % 60),
        7_200..=172_799 => format!("{hours} h {} min", minutes % 60),
        _ if days < 730 => format!("{days} days"),
        _ => format!("{} years", days / 365),
    }
}

fn app_id(verdict: &AppId) -> String {
    match verdict {
        AppId::Match { app } => format!("matches {app}"),
        AppId::Mismatch { received, known } => format!("{received} is not among the saved apps: {}", known.join(", ")),
        AppId::Missing { due: true } => "no SdkAppid; every callback is documented to carry one".to_owned(),
        AppId::Missing { due: false } => "no SdkAppid".to_owned(),
        AppId::Malformed { received, .. } => format!("{} is no decimal app id, or another came beside it", quoted(received)),
        AppId::Unchecked { received } => format!("{received}; no app is saved to compare it with"),
    }
}

fn command(verdict: &CommandVerdict) -> String {
    match verdict {
        CommandVerdict::Known { in_body: true } => "the URL and the body agree".to_owned(),
        CommandVerdict::Known { in_body: false } => "documented; the body does not repeat it".to_owned(),
        CommandVerdict::Unknown { name } => format!("{} is not in the reference; new commands appear several times a year", visible(name)),
        CommandVerdict::Differs { url, body } => format!("the URL says {}, the body {}", visible(url), visible(body)),
        CommandVerdict::Missing => "neither the URL nor the body names one".to_owned(),
    }
}

fn body(verdict: &BodyVerdict) -> String {
    match verdict {
        BodyVerdict::Documented => "every field is documented".to_owned(),
        BodyVerdict::Undocumented(found) if found.count == 1 => format!("1 undocumented field: {}", visible(&found.paths.join(", "))),
        BodyVerdict::Undocumented(found) => {
            let more = if found.count > found.paths.len() { ", …" } else { "" };
            format!("{} undocumented fields: {}{more}", found.count, visible(&found.paths.join(", ")))
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

fn kind_word(kind: Kind) -> &'static str {
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

/// A remark as a sentence.
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Refused(reason) => format!("the request was refused: {}", visible(reason)),
        Remark::CommandOnlyInBody => "the URL lacks CallbackCommand; the body names the command".to_owned(),
        Remark::CommandAlias(name) => format!("the body says {}, as another page of the documentation does", visible(name)),
        Remark::UnlistedPlatform(platform) => format!("OptPlatform {} is not documented", quoted(platform)),
        Remark::UnlistedContentType(kind) => format!("contenttype {} is not documented", quoted(kind)),
        Remark::VariantSpelling(name) => format!("{} is a documented parameter in other letter case", visible(name)),
    }
}

/// What keeps a response from having the documented form.
pub fn complaint(complaint: &Complaint, body: &[u8]) -> String {
    match complaint {
        Complaint::NotJson(mistake) => {
            let (line, column) = crate::protocol::json::line_and_column(body, mistake.offset);
            format!("not JSON at line {line}, column {column}: {} expected", expected(mistake.expected))
        }
        Complaint::NotObject => "not a JSON object".to_owned(),
        Complaint::Missing(key) => format!("{key} is missing; it is mandatory"),
        Complaint::WrongType(key, documented) => format!("{key} must be {documented}"),
        Complaint::UnknownStatus(status) => format!("ActionStatus {} is not documented; OK and FAIL are", quoted(status)),
    }
}

/// Who and what, in a few words.
pub fn summary(summary: &Summary) -> String {
    let Summary { who, more, text, to, place } = summary;
    let mut words = visible(&who.join(", "));
    if *more > 0 {
        words = format!("{words} and {more} more");
    }
    let target = match (to, place, text) {
        (Some(to), _, _) if who.first() != Some(to) => Some(to),
        (_, place, None) => place.as_ref(),
        _ => None,
    };
    if let Some(target) = target {
        let arrow = if words.is_empty() { "" } else { " → " };
        words = format!("{words}{arrow}{}", visible(target));
    }
    match text.as_deref().map(|text| visible(beginning(text, SUMMARY_CHARS))) {
        Some(text) if words.is_empty() => text,
        Some(text) => format!("{words}: {text}"),
        None => words,
    }
}

/// How much of what was said a summary repeats, in characters.
const SUMMARY_CHARS: usize = 120;

/// The first characters of a text. What belongs to the last one, such as the parts of a joined emoji, stays with it.
fn beginning(text: &str, chars: usize) -> &str {
    let joins = |c: char| matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{300}'..='\u{36f}' | '\u{1f3fb}'..='\u{1f3ff}');
    let mut rest = text.char_indices().skip(chars).peekable();
    let mut after_joiner = false;
    while let Some((_, c)) = rest.next_if(|(_, c)| joins(*c) || after_joiner) {
        after_joiner = c == '\u{200d}';
    }
    rest.peek().map_or(text, |(end, _)| &text[..*end])
}

/// What happened to a response on the wire.
pub fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Sent => "sent".to_owned(),
        Outcome::CallerLeft { after_millis } => format!("caller left after {}.{} s", after_millis / 1000, after_millis % 1000 / 100),
    }
}

/// A product by its name on screen.
pub fn product(product: Product) -> &'static str {
    match product {
        Product::Chat => "Chat",
        Product::Live => "Live",
        Product::Room => "Room",
        Product::Call => "Call",
        Product::Desk => "Desk",
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

/// The human reading of a value.
pub fn shown(shown: Shown, zone: &TimeZone) -> String {
    match shown {
        Shown::Time { millis, unit: Unit::Millis } => local_time(millis, zone),
        Shown::Time { millis, unit: Unit::Secs } => format(millis, zone, "%Y-%m-%d %H:%M:%S %:z"),
        Shown::Word(word) => word.to_owned(),
    }
}

/// How far a moment is from the arrival: `2 s before arrival`.
pub fn before_arrival(millis: i64, received_at_millis: i64) -> String {
    let secs = received_at_millis.saturating_sub(millis).div_euclid(1000);
    match secs {
        0 => "in the second of arrival".to_owned(),
        1.. => format!("{} before arrival", duration(secs)),
        _ => format!("{} after arrival", duration(secs.saturating_neg())),
    }
}

/// `2022-12-09 16:26:54.123 +08:00`
pub fn local_time(millis: i64, zone: &TimeZone) -> String {
    format(millis, zone, "%Y-%m-%d %H:%M:%S%.3f %:z")
}

/// `16:26:54.123`
pub fn time_of_day(millis: i64, zone: &TimeZone) -> String {
    format(millis, zone, "%H:%M:%S%.3f")
}

/// `2026-11-20T02:42:17.482Z`
pub fn utc(millis: i64) -> String {
    format(millis, &TimeZone::UTC, "%Y-%m-%dT%H:%M:%S%.3fZ")
}

fn format(millis: i64, zone: &TimeZone, pattern: &str) -> String {
    match Moment::from_millisecond(millis) {
        Ok(moment) => moment.to_zoned(zone.clone()).strftime(pattern).to_string(),
        Err(_) => format!("{millis} ms after 1970"),
    }
}

/// `1,204`
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `337 bytes`, with thousands set apart.
pub fn bytes(length: usize) -> String {
    if length == 1 { "1 byte".to_owned() } else { format!("{} bytes", count(length as u64)) }
}

/// `4.1 MB`
pub fn size(bytes: u64) -> String {
    let (unit, word) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    format!("{}.{} {word}", bytes / unit, bytes % unit * 10 / unit)
}

/// The first `chars` characters of a value as it is shown, and how long it is when that is not all.
pub fn shortened(raw: &str, chars: usize) -> String {
    match raw.char_indices().nth(chars) {
        Some((at, _)) => format!("{}… ({})", visible(&raw[..at]), bytes(raw.len())),
        None => visible(raw),
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { "an empty value".to_owned() } else { format!("“{}”", visible(text)) }
}

/// Makes what could steer a screen or a reader's eye visible: control characters, and those that change the
/// direction of text or have no width, become their escape, such as `\u{202e}`. Line breaks become ⏎.
pub fn visible(text: &str) -> String {
    if text.chars().all(|c| !is_steering(c)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push('⏎'),
            c if is_steering(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character acts instead of showing. Zero-width joiners stay: emoji are made of them.
pub fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steering_characters_become_visible() {
        for (text, expected) in [
            ("红包 · 환영합니다 👩‍👩‍👧", "红包 · 환영합니다 👩‍👩‍👧"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\u{202e}b\nc", "a\\u{202e}b⏎c"),
            ("\u{9b}", "\\u{9b}"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }

    #[test]
    fn a_text_is_not_cut_inside_a_joined_emoji() {
        assert_eq!(beginning("ab👩\u{200d}👩\u{200d}👧c", 3), "ab👩\u{200d}👩\u{200d}👧");
        assert_eq!(beginning("e\u{301}x", 1), "e\u{301}");
        assert_eq!(beginning("红包", 5), "红包");
    }

    #[test]
    fn times_are_local_and_exact() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(local_time(1_670_574_414_123, &zone), "2022-12-09 16:26:54.123 +08:00");
        assert_eq!(time_of_day(1_670_574_414_003, &zone), "16:26:54.003");
        assert_eq!(utc(1_670_574_414_000), "2022-12-09T08:26:54.000Z");
        assert_eq!(shown(Shown::Time { millis: 1_670_574_414_000, unit: Unit::Secs }, &zone), "2022-12-09 16:26:54 +08:00");
        assert_eq!(local_time(i64::MAX, &zone), "9223372036854775807 ms after 1970");
    }

    #[test]
    fn numbers_are_set_in_words() {
        assert_eq!([0, 999, 1_204, 1_000_000].map(count), ["0", "999", "1,204", "1,000,000"]);
        assert_eq!([12, 4_100, 4_100_000, 16_777_216_000].map(size), ["12 B", "4.1 kB", "4.1 MB", "16.7 GB"]);
        assert_eq!([63, 180, 7_300, 400_000, 100_000_000].map(duration), ["63 s", "3 min 0 s", "2 h 1 min", "4 days", "3 years"]);
    }

    #[test]
    fn a_summary_says_who_what_and_where() {
        let check = |summary_of: Summary, expected: &str| assert_eq!(summary(&summary_of), expected);
        let who = vec!["jared".to_owned(), "tommy".to_owned()];
        check(Summary { who: who.clone(), place: Some("@TGS#1".into()), ..Summary::default() }, "jared, tommy → @TGS#1");
        check(Summary { who: who.clone(), more: 4, ..Summary::default() }, "jared, tommy and 4 more");
        check(
            Summary { who: who[..1].to_vec(), to: Some("leckie".into()), text: Some("hello\nyou".into()), ..Summary::default() },
            "jared → leckie: hello⏎you",
        );
        check(
            Summary { who: who[..1].to_vec(), place: Some("@TGS#1".into()), text: Some("红包".into()), ..Summary::default() },
            "jared: 红包",
        );
        check(Summary::default(), "");
        check(Summary { text: Some("x".repeat(500)), ..Summary::default() }, &"x".repeat(120));
    }

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
        check(
            Verdict::Replay(Replay::Repeated { first_at_millis: 0 }),
            "the same signature, command and body came at 1970-01-01 00:00:00.000 +00:00",
        );
    }
}
