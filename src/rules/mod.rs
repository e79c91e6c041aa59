//! Rules: what picks a response. The first enabled rule that matches responds, else the response bar.
//!
//! Pure: picking changes nothing. What was picked is counted by whoever owns the [`Hits`].

pub mod bar;
pub mod preset;

use crate::protocol::Callback;
use crate::protocol::verdict::{Overall, Verdicts};
use crate::wire::{Request, Response};
use preset::Preset;

/// A request as a rule sees it.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// What arrived.
    pub request: &'a Request,
    /// The request read as a callback.
    pub callback: &'a Callback,
    /// What was found, as far as the response needs it.
    pub verdicts: &'a Verdicts,
    /// What that says together.
    pub overall: Overall,
}

/// What is to be done with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The name of the rule that says so, [`DEFAULT_RULE`] for the response bar.
    pub rule: String,
    /// The word that the exchange keeps of what is simulated; `None` where the response says it all.
    pub fault: Option<String>,
    /// What is done.
    pub plan: Plan,
}

/// The rule's name when the response bar responded.
pub const DEFAULT_RULE: &str = "default";

/// What is done with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// This response, at once.
    Respond(Response),
    /// This response, so many milliseconds after the request's last byte.
    Later(Response, u32),
    /// The connection misbehaves, so many milliseconds after the request's last byte.
    Break(Fault, u32),
    /// The developer decides; when nobody does in time, this.
    Hold(Fallback),
}

/// How a connection misbehaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No byte ever.
    Timeout,
    /// The head of this response, then silence.
    Stall(Response),
    /// This response, a byte every so many milliseconds.
    Drip(Response, u32),
    /// The head of this response and a part of its body, then the end of the connection.
    Truncated(Response),
    /// The same, and the connection stays open.
    Long(Response),
    /// A good status line, then bytes that are no HTTP, then the end of the connection.
    Garbage,
    /// The end of the connection, without a byte.
    Drop,
    /// A reset.
    Reset,
}

/// What becomes of a held request when nobody decides in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fallback {
    /// The documented success.
    #[default]
    Ok,
    /// `FAIL` with this code.
    Fail(i64),
    /// No response.
    Timeout,
}

impl Fallback {
    /// Reads `ok`, `fail`, `fail:CODE` or `timeout`; `None` where it is none of them.
    pub fn parse(text: &str) -> Option<Self> {
        match Preset::parse(text) {
            Ok(Preset::Ok) => Some(Self::Ok),
            Ok(Preset::Fail(code)) => Some(Self::Fail(code)),
            Ok(Preset::Timeout) => Some(Self::Timeout),
            Ok(_) | Err(_) => None,
        }
    }

    /// The preset that it stands for.
    pub fn preset(self) -> Preset {
        match self {
            Self::Ok => Preset::Ok,
            Self::Fail(code) => Preset::Fail(code),
            Self::Timeout => Preset::Timeout,
        }
    }
}

// STUB until the rules land.
use crate::protocol::response;
use std::sync::Arc;

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
}

/// Counts.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    counts: Vec<u64>,
}

impl Hits {
    /// Counts.
    pub fn counts(&self) -> Vec<u64> {
        self.counts.clone()
    }
}

/// Picks.
pub fn pick(_rules: &Arc<[Rule]>, _received: &Received<'_>, _hits: &mut Hits) -> Option<Decision> {
    None
}

impl Preset {
    /// What is done, so many milliseconds later.
    pub fn plan(&self, delay_millis: u32) -> Plan {
        let ok = response::success;
        match self {
            Self::Delay(millis) => Plan::Later(ok(), millis.saturating_add(delay_millis)),
            Self::Timeout => Plan::Break(Fault::Timeout, delay_millis),
            Self::Stall => Plan::Break(Fault::Stall(ok()), delay_millis),
            Self::Drip(pause) => Plan::Break(Fault::Drip(ok(), *pause), delay_millis),
            Self::Truncated => Plan::Break(Fault::Truncated(ok()), delay_millis),
            Self::Long => Plan::Break(Fault::Long(ok()), delay_millis),
            Self::Garbage => Plan::Break(Fault::Garbage, delay_millis),
            Self::Drop => Plan::Break(Fault::Drop, delay_millis),
            Self::Reset => Plan::Break(Fault::Reset, delay_millis),
            Self::Hold => Plan::Hold(Fallback::default()),
            other => Plan::Respond(other.response().unwrap_or_else(ok)),
        }
    }
}

/// The file.
pub mod file {
    use super::Rule;
    /// A mistake.
    #[derive(Debug)]
    pub struct Complaint {
        /// Which line.
        pub line: usize,
    }
    impl std::fmt::Display for Complaint {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{}", self.line)
        }
    }
    /// Reads.
    pub fn read(_text: &str) -> Result<Vec<Rule>, Vec<Complaint>> {
        Ok(Vec::new())
    }
    /// Writes.
    pub fn write(_rules: &[Rule], previous: &str) -> String {
        previous.to_owned()
    }
}

/// Bodies.
pub fn bodies(_rules: &mut [Rule]) -> impl Iterator<Item = &mut preset::OwnBody> {
    std::iter::empty()
}

/// Joins.
pub fn joined(rules: &[Rule], more: Vec<Rule>) -> Vec<Rule> {
    rules.iter().cloned().chain(more).collect()
}
