//! What explains a verdict, in words: what was received, what was computed, which explanation fits, and what follows.

use super::diagnosis::diagnosis;
use super::json_mistakes::{excerpt, known};
use super::text::{shortened, value};
use super::time::{duration, local_time};
use super::verdict::detail;
use crate::protocol::findings::{Findings, SignatureFinding};
use crate::protocol::sign::{WINDOW_SECS, read_request_time};
use crate::protocol::verdict::{AppId, BodyVerdict, CommandVerdict, Replay, Signature, Timestamp, Verdict, Verdicts};
use jiff::tz::TimeZone;

/// One line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is: `received`, `computed`, `explanation` and the like.
    pub name: &'static str,
    /// The fact.
    pub text: String,
    /// Whether it is shown letter for letter: digests and other things that are compared.
    pub is_code: bool,
}

/// How far the clocks may be apart before it is worth a word, in seconds: signing, the way and rounding take one or two.
const SKEW_WORTH_SAYING_SECS: i64 = 5;

/// How much of what is compared letter for letter is shown, in characters: any digest in hex, the longest has 128.
const CODE_CHARS: usize = 160;

/// Where the limit of a minute comes from.
const WINDOW_SOURCE: &str = "one minute is stated for Live and on the Chinese Chat page, but not on the English one";

fn fact(name: &'static str, text: impl Into<String>) -> Fact {
    Fact { name, text: text.into(), is_code: false }
}

fn code(name: &'static str, text: &str) -> Fact {
    Fact { name, text: shortened(text, CODE_CHARS), is_code: true }
}

/// The reason of a verdict with its explanation in a few words, without its state.
pub fn reason(verdict: Verdict<'_>, verdicts: &Verdicts, findings: &Findings, zone: &TimeZone) -> String {
    let why = match verdict {
        Verdict::Signature(_) => findings.signature.as_ref().and_then(|finding| finding.diagnosis.as_ref()).and_then(diagnosis),
        Verdict::AppId(_) => findings.signer.as_ref().map(|app| format!("the signature fits the token of {app}")),
        Verdict::Body(_) => findings.json.as_ref().and_then(|json| json.known).map(known),
        Verdict::Replay(_) => how_long(verdicts),
        Verdict::Timestamp(_) | Verdict::Method(_) | Verdict::Command(_) => None,
    };
    let detail = detail(verdict, zone);
    match why {
        Some(why) => format!("{detail}; {why}"),
        None => detail,
    }
}

/// What explains a verdict, line by line; none where the reason says all. `skew_secs` is by how much the clocks
/// differ lately, where that is known.
pub fn facts(verdict: Verdict<'_>, verdicts: &Verdicts, findings: &Findings, skew_secs: Option<i64>, zone: &TimeZone) -> Vec<Fact> {
    match verdict {
        Verdict::Signature(verdict) => signature(verdict, &verdicts.timestamp, findings),
        Verdict::Timestamp(verdict) => timestamp(verdict, findings, skew_secs, zone),
        Verdict::AppId(verdict) => app_id(verdict, findings),
        Verdict::Command(verdict) => command(verdict, findings),
        Verdict::Body(verdict) => body(verdict, findings),
        Verdict::Replay(verdict) => replay(verdict, zone),
        Verdict::Method(_) => Vec::new(),
    }
}

fn signature(verdict: &Signature, timestamp: &Timestamp, findings: &Findings) -> Vec<Fact> {
    match verdict {
        Signature::Valid { .. } => {
            let covers = "only the token and the time: neither the body nor the URL nor the app id";
            vec![fact("covers", covers), fact("usable", usable(timestamp))]
        }
        Signature::Invalid { .. } | Signature::Malformed(_) => findings.signature.as_ref().map_or_else(Vec::new, signature_finding),
        Signature::Missing { due: true } => vec![fact(
            "explanation",
            "webhook authentication is switched off in the console, or the caller does not know the token; somebody who does would have signed",
        )],
        Signature::Unchecked { app: Some(_) } => {
            vec![fact("next", "enter the app’s token under Apps, or pass it with --app; its history is judged again then")]
        }
        Signature::Missing { due: false } | Signature::Unchecked { app: None } => Vec::new(),
    }
}

/// What a valid signature leaves open: it may come again, with anything.
fn how_long(verdicts: &Verdicts) -> Option<String> {
    match (&verdicts.signature, &verdicts.timestamp) {
        (Signature::Valid { .. }, Timestamp::Fresh { age_secs }) => {
            Some(format!("this signature covers the time only, usable {} more", duration(WINDOW_SECS - age_secs)))
        }
        _ => None,
    }
}

/// How long the pair of `Sign` and `RequestTime` can be used again, as of its arrival.
fn usable(timestamp: &Timestamp) -> String {
    match timestamp {
        Timestamp::Fresh { age_secs } => {
            let left = duration(WINDOW_SECS - age_secs);
            format!("{left} more from its arrival on: until then whoever sees the URL can send it with any body")
        }
        Timestamp::Stale { .. } => "no longer at its arrival, where the receiver looks at the time; for ever where it does not".to_owned(),
        Timestamp::Future { age_secs } => format!("{} more from its arrival on, by this machine’s clock", duration(WINDOW_SECS - age_secs)),
        Timestamp::Missing { .. } | Timestamp::Malformed { .. } => "for ever, where the receiver cannot read the time".to_owned(),
    }
}

fn signature_finding(finding: &SignatureFinding) -> Vec<Fact> {
    let received = finding.received.iter().map(|sign| code("received", sign));
    let computed = finding.computed.iter().map(|sign| code("computed", sign));
    let explanation = finding.diagnosis.as_ref().and_then(diagnosis).map(|text| fact("explanation", text));
    received.chain(computed).chain(explanation).collect()
}

fn timestamp(verdict: &Timestamp, findings: &Findings, skew_secs: Option<i64>, zone: &TimeZone) -> Vec<Fact> {
    let arrived = fact("arrived", local_time(findings.received_at_millis, zone));
    let received = received_time(findings, zone);
    let skew = skew_secs.and_then(skew).map(|text| fact("clocks", text));
    match verdict {
        Timestamp::Fresh { .. } => received.into_iter().chain([arrived, fact("source", WINDOW_SOURCE)]).chain(skew).collect(),
        Timestamp::Stale { .. } => {
            let why = "a stored request that is sent again is always old: sign it afresh; or the clocks differ, or it was long on its way";
            received.into_iter().chain([arrived, fact("explanation", why)]).chain(skew).chain([fact("source", WINDOW_SOURCE)]).collect()
        }
        Timestamp::Future { .. } => {
            let why = "nobody signs in the future: this machine’s clock and the sender’s differ, or the time was made up";
            received.into_iter().chain([arrived, fact("explanation", why)]).chain(skew).chain([fact("source", WINDOW_SOURCE)]).collect()
        }
        Timestamp::Malformed { received: text } => {
            let as_millis = (text.len() == 13).then(|| text.parse::<i64>().ok()).flatten();
            let as_millis = as_millis.map(|millis| fact("as ms", local_time(millis, zone)));
            [code("received", text), fact("explanation", malformed_time(text))].into_iter().chain(as_millis).chain([arrived]).collect()
        }
        Timestamp::Missing { due: true } => {
            vec![fact("explanation", "Sign and RequestTime are added together; without the time the signature cannot be checked")]
        }
        Timestamp::Missing { due: false } => Vec::new(),
    }
}

fn received_time(findings: &Findings, zone: &TimeZone) -> Option<Fact> {
    let text = findings.request_time.as_deref()?;
    let millis = read_request_time(text)?.checked_mul(1000)?;
    Some(fact("received", format!("{text}, which is {}", local_time(millis, zone))))
}

fn malformed_time(text: &str) -> &'static str {
    let is_decimal = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        13 if is_decimal => "milliseconds: divide by 1,000 and drop the rest, before signing too",
        16 if is_decimal => "microseconds: divide by 1,000,000 and drop the rest, before signing too",
        19 if is_decimal => "nanoseconds: divide by 1,000,000,000 and drop the rest, before signing too",
        _ if text.trim().len() < text.len() => "white space stands around the time",
        _ if text.starts_with('+') || text.starts_with('-') => "a sign stands before the number",
        _ if text.contains('.') => "a fraction: whole seconds are documented",
        _ => "Unix time in whole seconds is documented, such as 1669872112",
    }
}

/// By how much the clocks differ, where that is worth a word.
pub fn skew(secs: i64) -> Option<String> {
    let apart = secs.saturating_abs();
    if apart <= SKEW_WORTH_SAYING_SECS {
        return None;
    }
    let (whose, looks) = if secs > 0 { ("ahead of", "stale") } else { ("behind", "signed in the future") };
    let left = WINDOW_SECS - apart;
    let consequence = match left {
        0.. => format!("beyond {WINDOW_SECS} s every callback looks {looks}; {} left", duration(left)),
        _ => format!("that is more than {WINDOW_SECS} s, so every callback looks {looks}"),
    };
    Some(format!("this machine’s clock is about {} {whose} the sender’s, or the sender’s is wrong; {consequence}", duration(apart)))
}

fn app_id(verdict: &AppId, findings: &Findings) -> Vec<Fact> {
    let fault = if matches!(verdict, AppId::Missing { .. }) { "missing" } else { "wrong" };
    let signer =
        findings.signer.as_ref().map(|app| fact("explanation", format!("the signature fits the token of {app}: SdkAppid is {fault}")));
    match verdict {
        AppId::Mismatch { received, known } => {
            let saved = fact("saved", known.join(", "));
            let next = fact("next", "refuse it, or save the app if it is yours: the vendor asks every receiver to compare the SdkAppid");
            [code("received", received), saved].into_iter().chain(Some(signer.unwrap_or(next))).collect()
        }
        AppId::Missing { due: true } | AppId::Malformed { due: true, .. } => signer.into_iter().collect(),
        AppId::Match { .. } | AppId::Missing { due: false } | AppId::Malformed { due: false, .. } | AppId::Unchecked { .. } => Vec::new(),
    }
}

fn command(verdict: &CommandVerdict, findings: &Findings) -> Vec<Fact> {
    let CommandVerdict::Differs { url, body } = verdict else { return Vec::new() };
    let (url_known, body_known) = findings.commands_known.unwrap_or_default();
    let word = |name: &str, is_known: bool| format!("{}, {}", value(name), if is_known { "documented" } else { "not in the reference" });
    let why = match (url_known, body_known) {
        (true, false) => "the documents know the URL’s only; the URL’s counts here",
        (false, true) => "the documents know the body’s only; perhaps the URL was set for another command. The URL’s counts here",
        (true, true) => "both are documented: a body was sent under another command’s URL. The URL’s counts here",
        (false, false) => "the documents know neither; the URL’s counts here",
    };
    vec![fact("URL", word(url, url_known)), fact("body", word(body, body_known)), fact("explanation", why)]
}

fn body(verdict: &BodyVerdict, findings: &Findings) -> Vec<Fact> {
    match verdict {
        BodyVerdict::NotJson(..) => {
            let Some(json) = &findings.json else { return Vec::new() };
            let there = Fact { name: "there", text: excerpt(&json.excerpt), is_code: true };
            let why = json.known.map(|mistake| fact("explanation", known(mistake)));
            std::iter::once(there).chain(why).collect()
        }
        BodyVerdict::Empty => vec![fact("explanation", "every callback is documented to carry a JSON object")],
        BodyVerdict::TooLarge { .. } => vec![fact("next", "raise --body-limit to take more of it")],
        BodyVerdict::Unread
        | BodyVerdict::Documented
        | BodyVerdict::Undocumented(_)
        | BodyVerdict::NoReference
        | BodyVerdict::NotObject(_)
        | BodyVerdict::CutOff { .. } => Vec::new(),
    }
}

fn replay(verdict: Replay, zone: &TimeZone) -> Vec<Fact> {
    match verdict {
        Replay::First => Vec::new(),
        Replay::Repeated { first_at_millis } => vec![
            fact("first", local_time(first_at_millis, zone)),
            fact(
                "explanation",
                "timed-out after events are sent again where the console says so; a stored request that was posted again looks the same",
            ),
        ],
        Replay::ReusedSignature { first_at_millis } => vec![
            fact("first", local_time(first_at_millis, zone)),
            fact(
                "explanation",
                "callbacks signed in the same second share a signature, but this one came more than 5 s after the first; somebody may have kept the URL",
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_id_is_missing_or_wrong_where_the_signature_fits_a_saved_app() {
        let findings = Findings { signer: Some("1400000001".to_owned()), ..Findings::default() };
        let check = |verdict: AppId, expected: &str| {
            let explanation = app_id(&verdict, &findings).pop().map(|fact| fact.text);
            assert_eq!(explanation.as_deref(), Some(expected));
        };
        check(AppId::Missing { due: true }, "the signature fits the token of 1400000001: SdkAppid is missing");
        check(AppId::Malformed { received: "x".to_owned(), due: true }, "the signature fits the token of 1400000001: SdkAppid is wrong");
    }

    #[test]
    fn clocks_are_spoken_of_when_they_are_apart() {
        assert_eq!(skew(5), None);
        assert_eq!(skew(-5), None);
        assert_eq!(
            skew(42).as_deref(),
            Some(
                "this machine’s clock is about 42 s ahead of the sender’s, or the sender’s is wrong; beyond 60 s every callback looks \
                 stale; 18 s left"
            )
        );
        assert!(skew(-61).is_some_and(|text| text.contains("behind") && text.contains("so every callback looks signed in the future")));
        assert!(skew(i64::MIN).is_some());
    }
}
