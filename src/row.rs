//! One line of the list: good or bad, when, what, and what was responded.

use crate::exchange::Exchange;
use crate::inspect::Inspection;
use crate::protocol::query::Name;
use crate::protocol::response;
use crate::protocol::verdict::Overall;
use crate::wording;
use jiff::tz::TimeZone;

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
}

/// What was responded, for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// `OK 0`, `FAIL 10100`, `HTTP 500`; empty while nothing is decided.
    pub text: String,
    /// Whether it is the documented success, another well-formed result, or a failure.
    pub kind: ReplyKind,
}

/// How a response would be taken, roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyKind {
    /// Nothing is decided.
    None,
    /// `OK` with 0.
    Success,
    /// Status 200 with another result.
    Result,
    /// Any other status, or no response.
    Failure,
}

impl Row {
    /// Builds the row of an exchange. `request.body` may be its beginning only.
    pub fn of(exchange: &Exchange, inspection: &Inspection, saved: bool, zone: &TimeZone) -> Self {
        let callback = &inspection.callback;
        let (family, name) = match callback.command.as_deref() {
            Some(command) => match command.split_once('.') {
                Some((family, name)) => (format!("{}.", wording::visible(family)), wording::visible(name)),
                None => (String::new(), wording::visible(command)),
            },
            None => (String::new(), request_line(callback.method.as_deref(), callback.target.as_deref())),
        };
        let responded = exchange.response.as_ref();
        Self {
            id: exchange.id,
            overall: inspection.overall,
            time: wording::time_of_day(exchange.request.received_at_millis, zone),
            family,
            name,
            summary: summary(exchange, inspection),
            platform: callback.param(Name::Platform).map(wording::visible).unwrap_or_default(),
            reply: reply(exchange),
            took_micros: responded.and_then(|responded| responded.responded_after_micros),
            settled: exchange.is_settled(),
            saved,
        }
    }
}

fn request_line(method: Option<&str>, target: Option<&str>) -> String {
    match (method, target) {
        (Some(method), Some(target)) => format!("{method} {}", wording::visible(target.split('?').next().unwrap_or(target))),
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

/// What was responded, for a row.
pub fn reply(exchange: &Exchange) -> Reply {
    let Some(responded) = &exchange.response else {
        return Reply { text: String::new(), kind: ReplyKind::None };
    };
    let Some(sent) = &responded.response else {
        return Reply { text: responded.fault.clone().unwrap_or_default(), kind: ReplyKind::Failure };
    };
    if sent.status != 200 {
        return Reply { text: format!("HTTP {}", sent.status), kind: ReplyKind::Failure };
    }
    match response::result(&sent.body) {
        (Some(status), Some(code)) => {
            let kind = if status == "OK" && code == "0" { ReplyKind::Success } else { ReplyKind::Result };
            Reply { text: wording::visible(&format!("{status} {code}")), kind }
        }
        _ => Reply { text: "Body".to_owned(), kind: ReplyKind::Result },
    }
}
