//! Exchange: a request, what was responded, and when: the unit of history.

use crate::wire::{Reached, Request, Response};

/// One exchange. Its meaning is computed from it whenever it is shown; see `inspect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Its number in the history: from 1, in the order of arrival, never used again.
    pub id: i64,
    /// What arrived.
    pub request: Request,
    /// What was decided; `None` while nothing is.
    pub response: Option<Responded>,
}

impl Exchange {
    /// Whether nothing more will become known of it: what happened to its response is.
    pub fn is_settled(&self) -> bool {
        self.response.as_ref().is_some_and(|responded| responded.outcome.is_some())
    }
}

/// What was responded, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responded {
    /// The response; `None` where no byte went out.
    pub response: Option<Response>,
    /// What chose it: `default` for the response bar, `refusal` where the request could not be taken.
    pub rule: String,
    /// The preset's word when a fault was simulated on the wire.
    pub fault: Option<String>,
    /// From the request's last byte to the response's first, in microseconds; `None` while nothing went out.
    pub responded_after_micros: Option<i64>,
    /// What happened on the wire; `None` while that is not known.
    pub outcome: Option<Outcome>,
}

impl Responded {
    /// A response that was decided and whose way is not known yet.
    pub fn decided(response: Response, rule: &str) -> Self {
        Self { response: Some(response), ..Self::none(rule) }
    }

    /// No response.
    pub fn none(rule: &str) -> Self {
        Self { response: None, rule: rule.to_owned(), fault: None, responded_after_micros: None, outcome: None }
    }

    /// From the request's last byte to the response's last one, in microseconds: as its sender waits for it. What does not
    /// drip goes out at once.
    pub fn whole_after_micros(&self) -> Option<i64> {
        let pause = self.fault.as_deref().and_then(|fault| fault.strip_prefix("drip:")).and_then(|millis| millis.parse().ok());
        let first = self.responded_after_micros?;
        match (pause, &self.response) {
            (Some(pause_millis), Some(response)) => Some(first.saturating_add(drips_for_micros(response, pause_millis))),
            _ => Some(first),
        }
    }

    /// Whether it is known what was responded: not of a request that was imported alone.
    pub fn is_recorded(&self) -> bool {
        self.response.is_some() || self.rule != IMPORTED
    }

    /// What of the response reached the caller, or still may.
    pub fn reached(&self) -> Reached<'_> {
        if !self.is_recorded() {
            return Reached::Unrecorded;
        }
        let breaks_off = self.fault.as_deref().is_some_and(|fault| BROKEN_OFF.contains(&fault));
        match (&self.response, self.outcome) {
            (None, _) | (_, Some(Outcome::CallerLeft { .. })) if !breaks_off => Reached::Nothing,
            (Some(response), None | Some(Outcome::Sent)) if !breaks_off => Reached::Whole(response),
            _ => Reached::Part,
        }
    }
}

/// How long after its first byte the last one goes out of a response that drips a byte every so many milliseconds.
pub fn drips_for_micros(response: &Response, pause_millis: u32) -> i64 {
    let pauses = i64::try_from(response.bytes().len()).unwrap_or(i64::MAX).saturating_sub(1);
    pauses.saturating_mul(i64::from(pause_millis)).saturating_mul(1000)
}

/// What happened to a response on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All of it was handed to the system's network stack.
    Sent,
    /// The caller was gone before that.
    CallerLeft {
        /// How long after the request's last byte, in milliseconds.
        after_millis: i64,
    },
    /// We ended the connection before that, in good order, as was simulated.
    Closed,
    /// We reset the connection before that, as was simulated.
    Reset,
    /// We stopped receiving before that.
    Stopped,
}

/// The faults after which no whole response can arrive, though bytes go out.
const BROKEN_OFF: [&str; 4] = ["stall", "truncated", "long", "garbage"];

/// The rule's name when the response bar responded, as in `rules`.
pub const DEFAULT_RULE: &str = "default";
/// The rule's name when the developer responded by hand to a request that was held.
pub const BY_HAND: &str = "hand";
/// The rule's name when nothing was decided: the program was killed before.
pub const NOBODY: &str = "nobody";
/// The rule's name when the request could not be taken: malformed, too large, cut off.
pub const REFUSAL: &str = "refusal";

/// The rule's name where a request was imported without what chose its response, and often without a response.
pub const IMPORTED: &str = "import";

/// How many exchanges there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All, saved or not: the sum of the next four.
    pub received: u64,
    /// Callbacks without fault.
    pub ok: u64,
    /// Callbacks with a fault.
    pub bad: u64,
    /// Callbacks whose signature could not be checked, without other fault.
    pub unchecked: u64,
    /// Requests that are no callback.
    pub not_callback: u64,
    /// Those of which something is not in the file yet.
    pub unsaved: u64,
    /// How many exchanges (or the completions of saved ones) were given up since the start, because they could
    /// not be saved and the memory for them was used up. They are not among the others.
    pub lost: u64,
}
