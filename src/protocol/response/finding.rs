//! What is found in a response: failures, departures from the form, what no document says, and remarks.

use crate::protocol::catalogue::FieldKind;
use crate::protocol::json::{Expected, Kind};
use crate::protocol::json_mistakes::Known;
use crate::protocol::verdict::Place;

/// How many wrong items of one kind are named.
pub(super) const NAMED: usize = 4;

/// Something found in a response, or about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The webhook failed.
    Failure(Failure),
    /// It breaks the documented form.
    Fault(Fault),
    /// No document says what it does.
    Unclear(Unclear),
    /// Worth knowing.
    Remark(Remark),
}

/// Why a webhook failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// None reached the sender.
    NoResponse,
    /// A part of one reached the sender, and no more.
    BrokenOff,
    /// A status other than 200.
    Status(u16),
    /// It came after the limit.
    Late {
        /// When it came, in microseconds.
        elapsed_micros: i64,
        /// The limit, in milliseconds.
        limit_millis: u32,
        /// Whether the limit is documented for another product only.
        assumed: bool,
    },
    /// Nothing, or only white space.
    NoBody,
    /// Not JSON.
    NotJson {
        /// Where it stops being JSON.
        place: Place,
        /// What would have been right there.
        expected: Expected,
        /// The mistake, where it is known by name.
        known: Option<Known>,
    },
}

/// How a response breaks the documented form. What the sender makes of that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// JSON, but no object.
    NotObject(Kind),
    /// A mandatory key is missing.
    Missing {
        /// Its path.
        path: String,
        /// The key that stands there in other letter case.
        instead: Option<String>,
    },
    /// A value of another type than documented.
    WrongType {
        /// Its path.
        path: String,
        /// The documented type.
        documented: FieldKind,
        /// What it is.
        found: Kind,
    },
    /// `ActionStatus` is neither `OK` nor `FAIL`.
    UnknownStatus(String),
    /// `ErrorCode`, or a user's `ResultCode`, has more digits than any integer has.
    TooManyDigits(String),
    /// An array that decides about something holds nothing.
    Empty(String),
}

/// What no document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// The request was imported without a response.
    NotRecorded,
    /// The request was no callback.
    NoCallback,
    /// The command is a setting, not an event: it is never posted.
    NeverPosted,
    /// `FAIL` with code 0.
    FailWithZero,
    /// A code that no page names for this command.
    UndocumentedCode {
        /// The code.
        code: i64,
        /// The codes that are documented for it, such as `0, 1, 10100-10200`.
        documented: String,
        /// Whose range it is in: the families before the dot.
        others: Vec<&'static str>,
    },
    /// A user's code that no page names.
    UndocumentedUserCode {
        /// Which user, from 0.
        user: usize,
        /// The code.
        code: i64,
    },
    /// A code other than 0, for a command that is not in the reference.
    CodeOfUnknownCommand(i64),
}

/// Something worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The command is not in the reference.
    UnknownCommand,
    /// `FAIL` with a documented code: printed refusals say `OK`.
    Fail,
    /// The code refuses here, as any does, and is from the range of other families.
    OthersCode {
        /// The code.
        code: i64,
        /// The families before the dot.
        others: Vec<&'static str>,
    },
    /// In time, but with little left for the way.
    Close {
        /// When it came, in microseconds.
        elapsed_micros: i64,
        /// The limit, in milliseconds.
        limit_millis: u32,
    },
    /// A key that changes what was sent.
    Rewrites(String),
    /// A key that would change something, had the code been 0.
    NotApplied(String),
    /// A list of those that are left out.
    LeavesOut {
        /// Its key.
        key: String,
        /// How many.
        count: usize,
    },
    /// Keys that are not documented for this command.
    Undocumented(Names),
    /// Keys that stand there more than once.
    Repeated(Names),
    /// What happens when there is no usable response: the documents' words.
    Then(&'static str),
    /// What the client sees where the console's policy refuses.
    PolicySeenAs,
    /// What to look at when every message fails.
    EveryMessage,
    /// Whether a code other than 0 makes the sender post again is open.
    MayCountAsFailure,
}

/// Names of which there may be many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The first of them.
    pub first: Vec<String>,
    /// How many there are.
    pub count: usize,
}

impl Names {
    /// The first of many names; `None` where there are none.
    pub(super) fn of(names: impl IntoIterator<Item = String>) -> Option<Self> {
        let mut names = names.into_iter();
        let first: Vec<String> = names.by_ref().take(NAMED).collect();
        let count = first.len() + names.count();
        (count > 0).then_some(Self { first, count })
    }
}

/// How much a finding weighs, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The webhook failed.
    Failure,
    /// It breaks the documented form; what the sender makes of that is open.
    Fault,
    /// No document says what it does.
    Unclear,
    /// Worth knowing.
    Remark,
}

impl Finding {
    /// How much it weighs.
    pub fn weight(&self) -> Weight {
        match self {
            Self::Failure(_) => Weight::Failure,
            Self::Fault(_) => Weight::Fault,
            Self::Unclear(_) => Weight::Unclear,
            Self::Remark(_) => Weight::Remark,
        }
    }
}

impl From<Failure> for Finding {
    fn from(found: Failure) -> Self {
        Self::Failure(found)
    }
}

impl From<Fault> for Finding {
    fn from(found: Fault) -> Self {
        Self::Fault(found)
    }
}

impl From<Unclear> for Finding {
    fn from(found: Unclear) -> Self {
        Self::Unclear(found)
    }
}

impl From<Remark> for Finding {
    fn from(found: Remark) -> Self {
        Self::Remark(found)
    }
}
