//! The words of the response bar, of held requests, of `https://` and of what would be if.
#![expect(missing_docs, reason = "each text says what it is")]

use super::importing::NO_RESPONSE_RECORDED;
use super::{FAIL, HTTP_ERROR, OK, OWN_BODY, count, counted};
use crate::app::hold::Decision;
use crate::app::response_editor::{Segment, Span, symptom};
use crate::app::sentence;
use crate::exchange::{BY_HAND, Outcome, Responded};
use crate::messages::Listening;
use crate::protocol::symptom::Symptom;
use crate::rules::Fallback;
use crate::rules::bar::{Bar, Until};
use crate::rules::preset::{Preset, TlsFault};
use crate::wording;

// The response bar

pub const TIMEOUT: &str = "Timeout";
pub const NOT_JSON: &str = "Not JSON";
pub const DROP: &str = "Drop";
pub const TLS_FAULT: &str = "TLS fault";
pub const HOLD: &str = "Hold";
pub const MORE: &str = "More";
pub const MILLISECONDS: &str = "Milliseconds";
pub const REQUESTS: &str = "Requests";
pub const MINUTES: &str = "Minutes";
pub const WHY: &str = "Why?";
pub const WHAT_CHAT_SEES: &str = "What Chat calls it";
pub const POSSIBLE_REASONS: &str = "Possible reasons";
pub const WHAT_WE_DO: &str = "What happens here";
pub const TURN_HTTPS_ON: &str = "Turn HTTPS on…";
pub const HOLD_SETTINGS: &str = "Hold settings";
pub const RULES: &str = "Rules…";

/// A segment of the response bar.
pub fn segment(segment: Segment) -> &'static str {
    match segment {
        Segment::Ok => OK,
        Segment::Fail => FAIL,
        Segment::OwnBody => OWN_BODY,
        Segment::Timeout => TIMEOUT,
        Segment::HttpError => HTTP_ERROR,
        Segment::NotJson => NOT_JSON,
        Segment::Drop => DROP,
        Segment::TlsFault => TLS_FAULT,
        Segment::Hold => HOLD,
    }
}

/// A variant of its segment.
pub fn variant(preset: &Preset) -> &'static str {
    match preset {
        Preset::Ok => OK,
        Preset::Fail(_) => FAIL,
        Preset::Body(_) => OWN_BODY,
        Preset::Http(_) => HTTP_ERROR,
        Preset::Delay(_) => "late",
        Preset::Timeout => "never responds",
        Preset::Stall => "head, then silence",
        Preset::Drip(_) => "byte by byte",
        Preset::NotJson => "HTML page",
        Preset::Empty => "empty",
        Preset::Truncated => "truncated",
        Preset::Long => "too long",
        Preset::Garbage => "garbage",
        Preset::Drop => "closed without a byte",
        Preset::Reset => "reset",
        Preset::Refuse => "port refuses",
        Preset::Hold => HOLD,
        Preset::Tls(TlsFault::SelfSigned) => "self-signed",
        Preset::Tls(TlsFault::Expired) => "expired",
        Preset::Tls(TlsFault::WrongName) => "wrong name",
        Preset::Tls(TlsFault::IncompleteChain) => "incomplete chain",
        Preset::Tls(TlsFault::ClientCert) => "client certificate",
    }
}

/// What is done, within the sentence of the response bar.
fn doing(preset: &Preset) -> String {
    match preset {
        Preset::Ok => OK.to_owned(),
        Preset::Fail(code) => format!("FAIL {code}"),
        Preset::Body(_) => "your own body".to_owned(),
        Preset::Http(status) => format!("status {status}"),
        Preset::Delay(millis) => format!("responds after {} ms", count((*millis).into())),
        Preset::Timeout => "never responds".to_owned(),
        Preset::Stall => "sends a head, then nothing".to_owned(),
        Preset::Drip(millis) => format!("a byte every {} ms", count((*millis).into())),
        Preset::NotJson => "an HTML page".to_owned(),
        Preset::Empty => "no body".to_owned(),
        Preset::Truncated => "half of the body".to_owned(),
        Preset::Long => "less than was announced".to_owned(),
        Preset::Garbage => "bytes that are no HTTP".to_owned(),
        Preset::Drop => "closes without a byte".to_owned(),
        Preset::Reset => "resets the connection".to_owned(),
        Preset::Refuse => "the port refuses".to_owned(),
        Preset::Hold => "waits for you".to_owned(),
        Preset::Tls(TlsFault::SelfSigned) => "a self-signed certificate".to_owned(),
        Preset::Tls(TlsFault::Expired) => "an expired certificate".to_owned(),
        Preset::Tls(TlsFault::WrongName) => "a certificate for another name".to_owned(),
        Preset::Tls(TlsFault::IncompleteChain) => "an incomplete chain".to_owned(),
        Preset::Tls(TlsFault::ClientCert) => "asks for a client certificate".to_owned(),
    }
}

/// What happens on the wire, as a sentence.
pub fn on_the_wire(preset: &Preset) -> &'static str {
    match preset {
        Preset::Ok => "The documented success is sent",
        Preset::Fail(_) => "FAIL is sent with this code and status 200",
        Preset::Body(_) => "Your own body is sent with status 200",
        Preset::Http(_) => "The documented success is sent with this status",
        Preset::Delay(_) => "The documented success is sent later",
        Preset::Timeout => "The request is read, and nothing is ever sent; the connection stays open until the caller leaves",
        Preset::Stall => "A head with status 200 is sent, then nothing more; the connection stays open until the caller leaves",
        Preset::Drip(_) => "The documented success is sent byte by byte, so that it comes whole, but late",
        Preset::NotJson => "An HTML page is sent with status 200",
        Preset::Empty => "Status 200 is sent without a body",
        Preset::Truncated => "The head announces the whole body; half of it is sent, then the connection is closed",
        Preset::Long => "The head announces more than is sent, and the connection stays open",
        Preset::Garbage => "A good status line is sent, then bytes that are no HTTP",
        Preset::Drop => "The request is read, then the connection is closed in good order, without a byte",
        Preset::Reset => "The request is read, then the connection is reset",
        Preset::Refuse => "Nobody listens on the port, so connections are refused; what is refused leaves no trace in the history",
        Preset::Hold => "The request waits until you decide",
        Preset::Tls(TlsFault::SelfSigned) => "The certificate shown is signed by nobody but itself; http:// stays as it is",
        Preset::Tls(TlsFault::Expired) => "The certificate shown expired; http:// stays as it is",
        Preset::Tls(TlsFault::WrongName) => "The certificate shown is for another name; http:// stays as it is",
        Preset::Tls(TlsFault::IncompleteChain) => {
            "The certificate is shown without the one between it and its authority; http:// stays as it is"
        }
        Preset::Tls(TlsFault::ClientCert) => {
            "The caller is asked for a certificate of its own, and refused without one; http:// stays as it is"
        }
    }
}

/// A symptom as the vendor puts it.
pub fn quoted_symptom(symptom: Symptom) -> String {
    format!("“{}”", symptom.words())
}

/// What is simulated, and for how long still. `briefly` where there is little room: the variant stands before
/// it, and how long behind it.
pub fn simulating(bar: &Bar, used: u32, now_millis: i64, briefly: bool) -> String {
    let left = left(bar, used, now_millis);
    let what = match (symptom(&bar.preset), &bar.preset) {
        (Some(symptom), _) if briefly => quoted_symptom(symptom),
        (Some(symptom), preset) => format!("Simulating {}: {}", quoted_symptom(symptom), doing(preset)),
        (None, Preset::Hold) => "Holding every callback".to_owned(),
        (None, Preset::Delay(millis)) => format!("Responding after {} ms to every callback", count((*millis).into())),
        (None, preset) if briefly => format!("Simulating {}", doing(preset)),
        (None, preset) => format!("Simulating {} for every callback", doing(preset)),
    };
    match bar.until {
        Until::SwitchedOff if briefly => what,
        Until::SwitchedOff => format!("{what} {left}"),
        Until::Requests(_) | Until::Time(_) => format!("{what}, {left}"),
    }
}

/// Instead of that, where no handshake can meet a TLS fault.
pub fn https_is_off(briefly: bool) -> &'static str {
    if briefly { "HTTPS is off, so nothing meets it" } else { "HTTPS is off, so nothing meets this TLS fault" }
}

/// `until switched off`, `2 of 3 requests left`, `4:12 left`
fn left(bar: &Bar, used: u32, now_millis: i64) -> String {
    match bar.until {
        Until::SwitchedOff => SWITCHED_OFF.to_owned(),
        Until::Requests(most) => {
            let (one, many) = if matches!(bar.preset, Preset::Tls(_)) { ("handshake", "handshakes") } else { ("request", "requests") };
            let left = count(most.saturating_sub(used).into());
            format!("{left} of {} left", counted(most.into(), one, many))
        }
        Until::Time(end_millis) => format!("{} left", clock(end_millis - now_millis)),
    }
}

/// `4:12`, `1:04:12`; what has begun of a second counts.
fn clock(millis: i64) -> String {
    let secs = (millis.max(0) + 999) / 1_000;
    let (hours, minutes, secs) = (secs / 3_600, secs / 60 % 60, secs % 60);
    if hours == 0 { format!("{minutes}:{secs:02}") } else { format!("{hours}:{minutes:02}:{secs:02}") }
}

const SWITCHED_OFF: &str = "until switched off";

/// A choice of how long something is simulated.
pub fn span(span: Span) -> &'static str {
    match span {
        Span::SwitchedOff => SWITCHED_OFF,
        Span::NextRequest => "next request",
        Span::Requests => "next N requests",
        Span::Minutes => "for N minutes",
    }
}

/// Beside the button to the rules.
pub fn rules_first(enabled: usize, briefly: bool) -> String {
    match enabled {
        _ if briefly => counted(enabled as u64, "rule", "rules"),
        1 => "1 rule applies first".to_owned(),
        _ => format!("{} rules apply first", count(enabled as u64)),
    }
}

// What is held

pub const HELD: &str = "Held";
pub const ALLOW: &str = "Allow";
pub const REFUSE: &str = "Refuse";
pub const REWRITE: &str = "Rewrite…";
pub const LET_TIME_OUT: &str = "Let it time out";
pub const ALLOW_WHY: &str = "Sends the documented success";
pub const REFUSE_WHY: &str = "Sends this code";
pub const DROP_WHY: &str = "Sends code 2: the message is dropped, and its sender sees success";
pub const REWRITE_WHY: &str = "Sends a body of your own";
pub const LET_TIME_OUT_WHY: &str = "Sends nothing";
pub const CODE: &str = "Code";
/// What can be decided about a held request: its button, and what it does.
pub fn decision(decision: Decision) -> (&'static str, &'static str) {
    match decision {
        Decision::Allow => (ALLOW, ALLOW_WHY),
        Decision::Refuse => (REFUSE, REFUSE_WHY),
        Decision::Drop => (DROP, DROP_WHY),
        Decision::TimeOut => (LET_TIME_OUT, LET_TIME_OUT_WHY),
    }
}

pub const REWRITE_TITLE: &str = "Rewrite the response";
pub const SEND: &str = "Send";
pub const WAITS_NO_MORE: &str = "It waits no more: it has its response already, or its caller left";
pub const THE_SENDER: &str = "The sender";
pub const WHEN_NOBODY_DECIDES: &str = "When nobody decides in time";
pub const SEND_OK: &str = "Send OK";
pub const SEND_FAIL: &str = "Send FAIL";
pub const SEND_NOTHING: &str = "Send nothing";
pub const BEFORE_THE_LIMIT: &str = "Milliseconds before the limit";
pub const BEFORE_THE_LIMIT_WHY: &str = "The sender’s clock began earlier than this one";
pub const SENDERS_LIMIT: &str = "The sender’s limit";
pub const AS_DOCUMENTED: &str = "As documented";
pub const MY_OWN: &str = "My own";
pub const LIMIT_IN_MILLIS: &str = "Limit in milliseconds";

/// What the code beside Refuse may be.
pub fn own_codes(codes: Option<&str>) -> String {
    codes.map_or_else(|| "No codes of your own are documented for this command".to_owned(), |codes| format!("{codes} are your own codes"))
}

/// `1.42 s left`
pub fn seconds_left(millis: i64) -> String {
    let millis = millis.max(0);
    if millis < 10_000 { format!("{}.{:02} s left", millis / 1_000, millis % 1_000 / 10) } else { format!("{} s left", millis / 1_000) }
}

/// What happens when nobody decides.
pub fn then(fallback: Fallback) -> String {
    match fallback {
        Fallback::Ok => "then OK is sent".to_owned(),
        Fallback::Fail(code) => format!("then FAIL {code} is sent"),
        Fallback::Timeout => "then nothing is sent".to_owned(),
    }
}

/// `Chat waits 2 s`
pub fn sender_waits(sender: &str, limit_millis: u32, assumed: bool) -> String {
    let (whole, part) = (limit_millis / 1_000, limit_millis % 1_000);
    let secs = if part == 0 { format!("{whole}") } else { format!("{whole}.{part:03}").trim_end_matches('0').to_owned() };
    format!("{sender} waits {secs} s{}", if assumed { " (assumed)" } else { "" })
}

pub fn more_wait(number: usize) -> String {
    if number == 1 { "+ 1 more waits".to_owned() } else { format!("+ {} more wait", count(number as u64)) }
}

// HTTPS

pub const HTTPS: &str = "HTTPS";
pub const HTTPS_WHY: &str = "The listener for https://, and its certificate";
pub const HTTPS_REMARK: &str = "receives https:// beside http://";
pub const HTTPS_OFF: &str = "Off";
pub const STATE: &str = "State";
pub const ADDRESS: &str = "Address";
pub const CERTIFICATE: &str = "Certificate";
pub const LOCAL_AUTHORITY: &str = "Of the local authority";
pub const OWN_FILES: &str = "My own PEM files";
pub const CERTIFICATE_FILE: &str = "Certificate file";
pub const KEY_FILE: &str = "Key file";
pub const CHOOSE_CERTIFICATE: &str = "Choose certificate…";
pub const CHOOSE_KEY: &str = "Choose key…";
pub const CERTIFICATE_HINT: &str = "/path/to/fullchain.pem";
pub const KEY_HINT: &str = "/path/to/privkey.pem";
pub const TURN_ON: &str = "Turn on";
pub const TURN_OFF: &str = "Turn off";
pub const APPLY: &str = "Apply";
pub const NO_ADDRESS: &str = "An address and a port, such as 127.0.0.1:9743";
pub const NO_PEM_FILE: &str = "Name both files";
pub const AUTHORITY: &str = "Local authority";
pub const NO_AUTHORITY_YET: &str = "It is made when HTTPS is turned on for the first time";
pub const FINGERPRINT: &str = "SHA-256";
pub const EXPORT_AUTHORITY: &str = "Export the authority’s certificate…";
pub const HOW_TO_TRUST: &str = "How callers come to trust it";

/// The button that leads to HTTPS.
pub fn https_button(listening: Option<&Listening>, briefly: bool) -> String {
    let state = match listening {
        None | Some(Listening::Off) => "off".to_owned(),
        Some(Listening::On(_)) if briefly => "on".to_owned(),
        Some(Listening::On(address)) => address.to_string(),
        Some(Listening::Refusing(_)) => "refuses".to_owned(),
        Some(Listening::Failed { .. }) => "failed".to_owned(),
    };
    format!("{HTTPS} {state}…")
}

// What became of it

/// That it was held, and what came of it; `None` where it was not.
pub fn held(responded: &Responded) -> Option<&'static str> {
    let is_held = || responded.fault.as_deref().and_then(|fault| Preset::parse(fault).ok()) == Some(Preset::Hold);
    match (responded.outcome, &responded.response) {
        _ if responded.rule == BY_HAND => Some("It waited, and you decided"),
        _ if !is_held() => None,
        // Without a window it does not even wait; and the fallback may be to send nothing.
        (None, None) => Some("Nobody decided, so nothing is sent"),
        (None | Some(Outcome::Sent), _) => Some("Nobody decided, so the fallback was sent"),
        (Some(Outcome::CallerLeft { .. }), Some(_)) => Some("Nobody decided, and the caller left before it had the fallback"),
        (Some(Outcome::CallerLeft { .. }), None) => Some("The caller left while it waited"),
        (Some(Outcome::Stopped), _) => Some("Receiving stopped while it waited"),
        (Some(Outcome::Closed | Outcome::Reset), _) => Some("Nobody decided"),
    }
}

/// Why no response went out.
pub fn no_response(responded: &Responded) -> String {
    match (responded.outcome, &responded.fault) {
        _ if !responded.is_recorded() => NO_RESPONSE_RECORDED.to_owned(),
        (None, Some(_)) => "Nothing was sent, as is simulated".to_owned(),
        (None, None) => "Nothing was sent so far".to_owned(),
        (Some(Outcome::CallerLeft { .. }), None) => "The caller left before a response was sent".to_owned(),
        (Some(outcome), _) => sentence(&wording::outcome(outcome)),
    }
}

// What if

pub const SIMULATED: &str = "Simulated";
pub const WHAT_IF: &str = "What if";
pub const WHAT_IF_WHY: &str = "Nothing is sent: this is what its sender would make of another response";
pub const EDIT_A_RESPONSE: &str = "Edit a response…";
pub const AFTER_MILLIS: &str = "After ms";
pub const RESET: &str = "Reset";
pub const FOLD_AWAY: &str = "Fold away";
pub const NOT_A_RESPONSE: &str = "A status is a number from 200 to 599, a time a number of milliseconds";
