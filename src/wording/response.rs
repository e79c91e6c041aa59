//! What is true of a response, and what happened to it, as sentences.

use super::json_mistakes::known;
use super::text::{count, quoted, value};
use super::verdict::{documented_word, expected, kind_word};
use crate::exchange::Outcome;
use crate::protocol::catalogue::FieldKind;
use crate::protocol::json::{Expected, Kind};
use crate::protocol::json_mistakes::Known;
use crate::protocol::response::{Effect, Failure, Fault, Finding, Names, Reading, Remark, Unclear, Weight};
use crate::protocol::verdict::Place;

/// What a response does, or why it does nothing.
pub fn reading(reading: &Reading) -> String {
    let reason = reading.reason().map(|reason| (reason.weight(), finding(reason)));
    match (reason, &reading.effect) {
        // No document says anything of that.
        (Some((_, reason)), _) if reading.findings == [Finding::Unclear(Unclear::NotRecorded)] => reason,
        (Some((Weight::Fault, reason)), _) => format!("not documented, likely not parsed: {reason}"),
        (Some((Weight::Unclear, reason)), _) => format!("not documented: {reason}"),
        (Some((Weight::Failure | Weight::Remark, reason)), _) => reason,
        (None, Some(effect_of)) => effect(effect_of),
        (None, None) => "not documented".to_owned(),
    }
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Code { code: 0, words } => begun_small(words),
        Effect::Code { code, words } => format!("code {code}: {}", begun_small(words)),
        Effect::Users { allowed, refused: 0 } => format!("allowed for {}", users(*allowed)),
        Effect::Users { allowed: 0, refused } => format!("refused for {}", users(*refused)),
        Effect::Users { allowed, refused } => format!("allowed for {}, refused for {}", users(*allowed), users(*refused)),
        Effect::Nothing => "success; the result is ignored".to_owned(),
        Effect::TooLate { code } => format!("code {code}: the result is ignored; the event has happened"),
        Effect::Success => "success; what else the command makes of it is not documented".to_owned(),
    }
}

fn users(number: usize) -> String {
    format!("{} {}", count(number as u64), if number == 1 { "user" } else { "users" })
}

/// The documents' words within a sentence; a name such as `RspData` keeps its letters.
fn begun_small(words: &str) -> String {
    let first = words.split(' ').next().unwrap_or_default();
    let is_name = first.chars().skip(1).any(char::is_uppercase);
    match words.chars().next() {
        Some(letter) if !is_name => letter.to_lowercase().chain(words.chars().skip(1)).collect(),
        _ => words.to_owned(),
    }
}

/// Something found in a response.
pub fn finding(finding: &Finding) -> String {
    match finding {
        Finding::Failure(found) => failure(found),
        Finding::Fault(found) => fault(found),
        Finding::Unclear(found) => unclear(found),
        Finding::Remark(found) => remark(found),
    }
}

fn failure(found: &Failure) -> String {
    match found {
        Failure::NoResponse => "no response reached the sender".to_owned(),
        Failure::BrokenOff => "the response broke off before its end".to_owned(),
        Failure::Status(status) => format!("status {status}; only 200 counts"),
        Failure::Late { elapsed_micros, limit_millis, assumed } => late(*elapsed_micros, *limit_millis, *assumed),
        Failure::NoBody => "no body; JSON is expected".to_owned(),
        Failure::NotJson { place, expected, known } => not_json(*place, *expected, *known),
    }
}

fn fault(found: &Fault) -> String {
    match found {
        Fault::NotObject(kind) => format!("JSON, but {} where an object is documented", kind_word(*kind)),
        Fault::Missing { path, instead: None } => format!("{} is missing; it is mandatory", value(path)),
        Fault::Missing { path, instead: Some(key) } => {
            format!("{} is missing; {} differs from it in letter case", value(path), quoted(key))
        }
        Fault::WrongType { path, documented: FieldKind::Integer, found: Kind::Number } => {
            format!("{} must be a whole number, written without a point or an exponent", value(path))
        }
        Fault::WrongType { path, documented, found } => {
            format!("{} must be {}, and is {}", value(path), documented_word(*documented), kind_word(*found))
        }
        Fault::UnknownStatus(status) => unknown_status(status),
        Fault::TooManyDigits(path) => format!("{} has more digits than an integer can have", value(path)),
        Fault::Empty(path) => format!("{} is empty", value(path)),
    }
}

fn unclear(found: &Unclear) -> String {
    match found {
        Unclear::NotRecorded => "it was imported without a response".to_owned(),
        Unclear::NoCallback => "the request was no callback, so nothing is known of its sender".to_owned(),
        Unclear::NeverPosted => "the command is a setting, never posted, so nothing reads a response to it".to_owned(),
        Unclear::FailWithZero => "FAIL with ErrorCode 0".to_owned(),
        Unclear::UndocumentedCode { code, documented, others } => {
            let whose = if others.is_empty() { String::new() } else { format!("; it is in the range of {}", others.join(" and ")) };
            format!("code {code} for this command; {documented} are{whose}")
        }
        Unclear::UndocumentedUserCode { user, code } => {
            format!("code {code} in ResultItem[{user}]; 0 allows and 38000-39000 refuses")
        }
        Unclear::CodeOfUnknownCommand(code) => format!("code {code} for a command that is not in the reference"),
    }
}

fn remark(found: &Remark) -> String {
    match found {
        Remark::UnknownCommand => "the command is not in the reference; whether its sender waits for the response is not known".to_owned(),
        Remark::Fail => "printed refusals say OK beside the code; what FAIL changes is not documented".to_owned(),
        Remark::OthersCode { code, others } => format!("code {code} is in the range of {}", others.join(" and ")),
        Remark::Close { elapsed_micros, limit_millis } => {
            format!(
                "{} of {}: the sender’s clock began earlier, and a tunnel takes its time, so it may be late",
                millis(*elapsed_micros),
                limit(*limit_millis)
            )
        }
        Remark::Rewrites(key) => format!("{key} replaces what was sent"),
        Remark::NotApplied(key) => format!("{key} is not applied; that needs ErrorCode 0"),
        Remark::LeavesOut { key, count } => format!("{key} leaves out {}", users(*count)),
        Remark::Undocumented(keys) => format!("not documented for this command: {}", names(keys)),
        Remark::Repeated(keys) => format!("more than once, and the last counts for most readers: {}", names(keys)),
        Remark::Then(words) => format!("what happens then: {}", begun_small(words).trim_end_matches('.')),
        Remark::PolicySeenAs => "where the console’s policy refuses after a failure, the sender sees 80003".to_owned(),
        Remark::EveryMessage => "when every message of an app fails with 90992, look for responses that do not arrive properly".to_owned(),
        Remark::MayCountAsFailure => {
            "whether a code other than 0 counts as a failure, after which it is sent again, is not documented".to_owned()
        }
    }
}

fn late(elapsed_micros: i64, limit_millis: u32, assumed: bool) -> String {
    let why = if assumed { "; that limit is assumed: it is documented for Chat" } else { "" };
    format!("it came after {}, and the limit is {}{why}", millis(elapsed_micros), limit(limit_millis))
}

fn millis(micros: i64) -> String {
    let (whole, part) = (count(u64::try_from(micros / 1000).unwrap_or_default()), micros % 1000);
    if part == 0 { format!("{whole} ms") } else { format!("{whole}.{part:03} ms") }
}

fn limit(millis: u32) -> String {
    format!("{} ms", count(millis.into()))
}

/// Where a text is no JSON, and why.
pub fn not_json(place: Place, wanted: Expected, mistake: Option<Known>) -> String {
    let why = mistake.map_or(String::new(), |mistake| format!("; {}", known(mistake)));
    format!("not JSON at line {}, column {}: {} expected{why}", place.line, place.column, expected(wanted))
}

fn unknown_status(status: &str) -> String {
    let meant = match status.to_uppercase().as_str() {
        "OK" => "; it is OK in capitals",
        "FAIL" => "; it is FAIL in capitals",
        "FAILURE" => "; three pages print it, and FAIL is the word",
        _ => "; OK and FAIL are",
    };
    format!("ActionStatus {} is not documented{meant}", quoted(status))
}

fn names(names: &Names) -> String {
    let told: Vec<String> = names.first.iter().map(|name| value(name)).collect();
    let more = names.count - names.first.len();
    let more = if more == 0 { String::new() } else { format!(" and {} more", count(more as u64)) };
    format!("{}{more}", told.join(", "))
}

/// What happened to a response on the wire.
pub fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Sent => "sent".to_owned(),
        Outcome::Closed => "we closed the connection".to_owned(),
        Outcome::Reset => "we reset the connection".to_owned(),
        Outcome::Stopped => "receiving stopped meanwhile".to_owned(),
        Outcome::CallerLeft { after_millis } => format!("caller left after {}.{} s", after_millis / 1000, after_millis % 1000 / 100),
    }
}
