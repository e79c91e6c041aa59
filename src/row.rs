//! One line of the list: good or bad, when, what, and what was responded.

use crate::annotation::Annotation;
use crate::column::Column;
use crate::exchange::Exchange;
use crate::inspect::Inspection;
use crate::protocol::query::Name;
use crate::protocol::response::{Effect, Failure, Finding, ReadAs, Reading, Unclear};
use crate::protocol::verdict::Overall;
use crate::wire::Transport;
use crate::wording;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What a row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The exchange.
    pub id: i64,
    /// Good or bad.
    pub overall: Overall,
    /// Time of day of the arrival, local.
    pub time: String,
    /// The family before the dot, dot included: `Group.`; empty where there is no command.
    pub family: String,
    /// The rest of the command, or method and path where there is none.
    pub name: String,
    /// Who and what, or why it is bad.
    pub summary: String,
    /// `OptPlatform` as received.
    pub platform: String,
    /// What was responded.
    pub reply: Reply,
    /// From the request's last byte to the response's first, in microseconds.
    pub took_micros: Option<i64>,
    /// Whether nothing more will change: the response's way is known.
    pub settled: bool,
    /// Whether it is in the history file.
    pub saved: bool,
    /// What the user says of it. Whoever knows that fills it in.
    pub annotation: Annotation,
    /// What it has in columns that not every row has.
    pub cells: Cells,
}

/// What a row has in columns that not every row has: texts, in the order of the columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cells {
    columns: Arc<[Column]>,
    texts: Vec<String>,
}

impl Cells {
    /// Cells of these columns.
    pub fn new(columns: &Arc<[Column]>, text: impl FnMut(&Column) -> String) -> Self {
        Self { columns: columns.clone(), texts: columns.iter().map(text).collect() }
    }

    /// All that stands in them.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(String::as_str)
    }

    /// What stands in a column; `None` where that was not filled in.
    pub fn of(&self, column: &Column) -> Option<&str> {
        let at = self.columns.iter().position(|one| one == column)?;
        self.texts.get(at).map(String::as_str)
    }
}

/// What was responded, for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// `OK 0`, `Refuse 10100`, `HTTP 500`, `waiting`, or the word of a fault.
    pub text: String,
    /// How the sender takes it, roughly.
    pub kind: ReplyKind,
}

/// How the sender takes a response, roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyKind {
    /// Nothing is decided.
    None,
    /// The event goes ahead.
    Success,
    /// Another result, or nobody knows.
    Result,
    /// The webhook failed.
    Failure,
}

impl Row {
    /// Builds the row of an exchange. `request.body` may be its beginning only.
    pub fn of(exchange: &Exchange, inspection: &Inspection, saved: bool, zone: &TimeZone) -> Self {
        let callback = &inspection.callback;
        let (family, name) = match callback.command.as_deref() {
            Some(command) => match command.split_once('.') {
                Some((family, name)) => (format!("{}.", wording::value(family)), wording::value(name)),
                None => (String::new(), wording::value(command)),
            },
            None if exchange.request.transport == Transport::FailedHandshake => (String::new(), "TLS handshake".to_owned()),
            None => (String::new(), request_line(callback.method.as_deref(), callback.path())),
        };
        let responded = exchange.response.as_ref();
        Self {
            id: exchange.id,
            overall: inspection.overall,
            time: wording::time_of_day(exchange.request.received_at_millis, zone),
            family,
            name,
            summary: summary(exchange, inspection),
            platform: callback.param(Name::Platform).map(wording::value).unwrap_or_default(),
            reply: reply(exchange, inspection),
            took_micros: responded.and_then(|responded| responded.responded_after_micros),
            settled: exchange.is_settled(),
            saved,
            annotation: Annotation::default(),
            cells: Cells::default(),
        }
    }
}

fn request_line(method: Option<&str>, path: Option<&str>) -> String {
    match (method, path) {
        (Some(method), Some(path)) => format!("{} {}", wording::value(method), wording::value(path)),
        _ => "Unreadable request".to_owned(),
    }
}

fn summary(exchange: &Exchange, inspection: &Inspection) -> String {
    if let Some(reason) = &exchange.request.refused {
        return wording::visible(reason);
    }
    if let Some(foreign) = inspection.callback.foreign {
        return format!("not a callback: {}", foreign.word());
    }
    if inspection.overall == Overall::NotCallback {
        return "not a callback".to_owned();
    }
    wording::summary(&inspection.summary(&exchange.request))
}

/// How much of a code that is no code a row shows, in characters.
const CODE_CHARS: usize = 12;

fn reply(exchange: &Exchange, inspection: &Inspection) -> Reply {
    let Some(responded) = &exchange.response else {
        return Reply { text: "waiting".to_owned(), kind: ReplyKind::None };
    };
    if !responded.is_recorded() {
        return Reply { text: String::new(), kind: ReplyKind::None };
    }
    let fault = responded.fault.as_deref().filter(|fault| !says_less(fault));
    let Some(sent) = &responded.response else {
        return Reply { text: fault.unwrap_or_default().to_owned(), kind: ReplyKind::Failure };
    };
    let reading = inspection.reading(responded.reached(), responded.whole_after_micros());
    let kind = kind(&reading, sent.status);
    let text = match fault {
        Some(fault) => fault.to_owned(),
        None if sent.status == 200 => words(&reading),
        None => format!("HTTP {}", sent.status),
    };
    let kind = if fault.is_some() && kind == ReplyKind::Success { ReplyKind::Result } else { kind };
    Reply { text, kind }
}

/// Whether the word of a fault says less than what was responded in the end.
fn says_less(fault: &str) -> bool {
    fault == "hold" || fault.starts_with("http:")
}

fn kind(reading: &Reading, status: u16) -> ReplyKind {
    match (reading.read_as, reading.reason()) {
        // Nobody knows what its sender makes of it; what we meant is known.
        (_, Some(Finding::Unclear(Unclear::NoCallback))) if status != 200 => ReplyKind::Failure,
        (_, Some(Finding::Unclear(Unclear::NoCallback))) if said(reading) == "OK 0" => ReplyKind::Success,
        (ReadAs::Accepted, _) => ReplyKind::Success,
        (ReadAs::Failed, _) => ReplyKind::Failure,
        (ReadAs::Refused | ReadAs::Dropped | ReadAs::Ignored | ReadAs::Unknown, _) => ReplyKind::Result,
    }
}

fn words(reading: &Reading) -> String {
    match (reading.read_as, &reading.effect, reading.reason()) {
        (ReadAs::Refused, Some(Effect::Code { code, .. }), _) => format!("Refuse {code}"),
        (ReadAs::Refused, ..) => "Refuse".to_owned(),
        (ReadAs::Dropped, ..) => "Drop".to_owned(),
        (_, _, Some(Finding::Failure(Failure::NoResponse))) => "Caller left".to_owned(),
        (_, _, Some(Finding::Failure(Failure::BrokenOff))) => "Broken off".to_owned(),
        (_, _, Some(Finding::Failure(Failure::Late { .. }))) => "Late".to_owned(),
        (_, _, Some(Finding::Failure(Failure::NoBody | Failure::NotJson { .. }))) => "Not JSON".to_owned(),
        (ReadAs::Accepted | ReadAs::Ignored | ReadAs::Failed | ReadAs::Unknown, ..) => said(reading),
    }
}

/// `OK 0`, as it was written.
fn said(reading: &Reading) -> String {
    match (&reading.said.status, &reading.said.code) {
        (Some(status), Some(code)) => format!("{} {}", wording::shortened(status, CODE_CHARS), wording::shortened(code, CODE_CHARS)),
        _ => "Body".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{BY_HAND, DEFAULT_RULE, IMPORTED, Outcome, REFUSAL, Responded};
    use crate::inspect;
    use crate::protocol::{Kept, response};
    use crate::wire::{BodyEnd, Request};

    fn row(request: Request, response: Option<Responded>) -> Row {
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        Row::of(&Exchange { id: 1, request, response }, &inspection, true, &TimeZone::UTC)
    }

    fn callback() -> Request {
        let head = "POST /?SdkAppid=1&CallbackCommand=Group.CallbackBeforeSendMsg HTTP/1.1\r\n\r\n";
        Request::complete(0, head, r#"{"CallbackCommand":"Group.CallbackBeforeSendMsg"}"#)
    }

    fn check(response: Option<Responded>, text: &str, kind: ReplyKind) {
        assert_eq!(row(callback(), response).reply, Reply { text: text.to_owned(), kind });
    }

    fn sent(fault: Option<&str>, rule: &str) -> Responded {
        let fault = fault.map(str::to_owned);
        Responded { fault, outcome: Some(Outcome::Sent), ..Responded::decided(response::success(), rule) }
    }

    #[test]
    fn what_is_not_decided_waits() {
        check(None, "waiting", ReplyKind::None);
        check(Some(Responded::none(IMPORTED)), "", ReplyKind::None);
    }

    #[test]
    fn a_fault_shows_its_word() {
        let nothing = |fault: &str| Responded { fault: Some(fault.to_owned()), ..Responded::none(DEFAULT_RULE) };
        check(Some(nothing("timeout")), "timeout", ReplyKind::Failure);
        check(Some(nothing("reset")), "reset", ReplyKind::Failure);
        check(Some(sent(Some("truncated"), DEFAULT_RULE)), "truncated", ReplyKind::Failure);
        check(Some(sent(Some("delay:100"), DEFAULT_RULE)), "delay:100", ReplyKind::Result);
    }

    #[test]
    fn what_was_responded_says_more_than_that_it_was_held() {
        check(Some(sent(Some("hold"), BY_HAND)), "OK 0", ReplyKind::Success);
        let mut refused = sent(Some("http:503"), DEFAULT_RULE);
        refused.response = Some(response::build(response::Action::Ok, 503));
        check(Some(refused), "HTTP 503", ReplyKind::Failure);
    }

    #[test]
    fn a_handshake_that_failed_says_so_and_why() {
        let request = Request {
            received_at_millis: 0,
            peer: String::new(),
            head: Vec::new(),
            body: Vec::new(),
            body_end: BodyEnd::Complete,
            refused: Some("the caller does not trust the certificate".to_owned()),
            transport: Transport::FailedHandshake,
        };
        let fault = Some("self-signed".to_owned());
        let row = row(request, Some(Responded { fault, outcome: Some(Outcome::Closed), ..Responded::none(REFUSAL) }));
        assert_eq!((row.family.as_str(), row.name.as_str()), ("", "TLS handshake"));
        assert_eq!((row.summary.as_str(), row.reply.text.as_str()), ("the caller does not trust the certificate", "self-signed"));
    }
}
