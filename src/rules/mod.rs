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
    /// The name of the rule that says so, [`crate::exchange::DEFAULT_RULE`] for the response bar.
    pub rule: String,
    /// The word that the exchange keeps of what is simulated; `None` where the response says it all.
    pub fault: Option<String>,
    /// What is done.
    pub plan: Plan,
}

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
    /// The preset that it stands for.
    pub fn preset(self) -> Preset {
        match self {
            Self::Ok => Preset::Ok,
            Self::Fail(code) => Preset::Fail(code),
            Self::Timeout => Preset::Timeout,
        }
    }
}
