//! Verdicts: what is true of one callback, its evidence as data.
//!
//! A verdict never holds a sentence; `wording` turns it into one, in any language. It holds what a reader needs
//! to check it: what was received, what was computed, which limit applies.

use super::body::Undocumented;
use super::json::{Kind, Mistake};

/// How much a judgement weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// As it should be.
    Good,
    /// Nothing to judge, or nothing known to judge it by.
    Neutral,
    /// Worth a look.
    Warning,
    /// Wrong.
    Bad,
}

/// All judgements of one callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    /// Whether the signature fits the app's token.
    pub signature: Signature,
    /// Whether it was signed within a minute of its arrival.
    pub timestamp: Timestamp,
    /// Whether it is meant for a saved app.
    pub app_id: AppId,
    /// Whether it was posted.
    pub method: Method,
    /// Whether the documents know the command, and URL and body agree on it.
    pub command: CommandVerdict,
    /// Whether the body is as documented.
    pub body: BodyVerdict,
    /// Whether it came before.
    pub replay: Replay,
}

/// What all judgements together say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Overall {
    /// A callback without fault.
    Ok,
    /// A callback with at least one fault.
    Bad,
    /// A callback whose signature could not be checked, without other fault.
    Unchecked,
    /// No callback of this protocol.
    #[default]
    NotCallback,
}

/// `Sign`. Source of the rule: Chat, "Webhook Overview", 1047/34354.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// Fits a token of this app.
    Valid {
        /// The app whose token fits.
        app: String,
    },
    /// Fits no token of this app.
    Invalid {
        /// The app whose tokens were tried.
        app: String,
        /// What each token gives; empty where the judgement was made elsewhere.
        computed: Vec<String>,
    },
    /// There is none.
    Missing {
        /// Whether a token of the app is known, so that a signature was due.
        due: bool,
    },
    /// Not a signature at all.
    Malformed(SignatureFault),
    /// No token is known for the app.
    Unchecked {
        /// The app that the request names.
        app: Option<String>,
    },
}

/// Why a signature is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureFault {
    /// Not 64 hexadecimal digits.
    NotHex {
        /// How many characters it has.
        length: usize,
    },
    /// `Sign` without `RequestTime`.
    WithoutTime,
    /// `RequestTime` without `Sign`.
    WithoutSign,
    /// One of the two came more than once, with different values.
    Repeated,
}

/// `RequestTime`. Ages are in whole seconds at arrival, negative when signed in the future.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Timestamp {
    /// At most 60 s away.
    Fresh {
        /// Seconds between signing and arrival.
        age_secs: i64,
    },
    /// Older.
    Stale {
        /// Seconds between signing and arrival.
        age_secs: i64,
    },
    /// Further in the future.
    Future {
        /// Seconds between signing and arrival, negative.
        age_secs: i64,
    },
    /// There is none.
    Missing {
        /// Whether there is a `Sign`, which makes it a fault.
        due: bool,
    },
    /// Not 1 to 11 decimal digits.
    Malformed {
        /// As received.
        received: String,
    },
}

/// `SdkAppid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppId {
    /// A saved app.
    Match {
        /// Its id.
        app: String,
    },
    /// No saved app.
    Mismatch {
        /// As received.
        received: String,
        /// The saved apps.
        known: Vec<String>,
    },
    /// There is none.
    Missing {
        /// Whether an app is saved, so that one was due.
        due: bool,
    },
    /// Not a decimal number, or repeated with different values.
    Malformed {
        /// As received, the first of them.
        received: String,
        /// Whether an app is saved, which makes it a fault.
        due: bool,
    },
    /// No app is saved.
    Unchecked {
        /// As received.
        received: String,
    },
}

/// The HTTP method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// POST, as documented.
    Post,
    /// Anything else; `None` where the request line is unreadable.
    Other(Option<String>),
}

/// `CallbackCommand`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandVerdict {
    /// The documents know it.
    Known {
        /// Whether the body names it too.
        in_body: InBody,
    },
    /// They do not.
    Unknown {
        /// As received.
        name: String,
    },
    /// URL and body name different commands.
    Differs {
        /// The URL's.
        url: String,
        /// The body's.
        body: String,
    },
    /// Neither names one.
    Missing,
}

/// Whether the body names a command that the URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InBody {
    /// It names the same.
    Same,
    /// It names it as another page of the documentation does.
    Alias,
    /// It names none.
    Absent,
}

/// The body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyVerdict {
    /// A JSON object whose fields nobody has read yet: see [`super::judge_early`]. What is shown never has it.
    Unread,
    /// Every field is documented.
    Documented,
    /// Some are not.
    Undocumented(Undocumented),
    /// The command is not documented, so neither are its fields.
    NoReference,
    /// Not JSON.
    NotJson(Mistake, Place),
    /// JSON, but no object.
    NotObject(Kind),
    /// No body.
    Empty,
    /// Longer than the limit.
    TooLarge {
        /// How many bytes were kept.
        kept: usize,
    },
    /// The caller stopped in the middle.
    CutOff {
        /// How many bytes came.
        kept: usize,
    },
}

/// A place in a text, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Line
    pub line: usize,
    /// Column, in characters
    pub column: usize,
}

/// Whether the same came before: what only the moment of arrival knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Replay {
    /// Not as far as is known.
    #[default]
    First,
    /// The same signature, command and body.
    Repeated {
        /// When it first came, in milliseconds since the Unix epoch.
        first_at_millis: i64,
    },
    /// The same signature with other content, more than 5 s after it was first seen.
    ReusedSignature {
        /// When the signature first came, in milliseconds since the Unix epoch.
        first_at_millis: i64,
    },
}

/// One of the verdicts.
#[derive(Debug, Clone, Copy)]
pub enum Verdict<'a> {
    /// See [`Signature`]
    Signature(&'a Signature),
    /// See [`Timestamp`]
    Timestamp(&'a Timestamp),
    /// See [`AppId`]
    AppId(&'a AppId),
    /// See [`Method`]
    Method(&'a Method),
    /// See [`CommandVerdict`]
    Command(&'a CommandVerdict),
    /// See [`BodyVerdict`]
    Body(&'a BodyVerdict),
    /// See [`Replay`]
    Replay(Replay),
}

impl Verdicts {
    /// All of them, in the order in which they are shown.
    pub fn all(&self) -> [Verdict<'_>; 7] {
        let Self { signature, timestamp, app_id, method, command, body, replay } = self;
        [
            Verdict::Signature(signature),
            Verdict::Timestamp(timestamp),
            Verdict::AppId(app_id),
            Verdict::Method(method),
            Verdict::Command(command),
            Verdict::Body(body),
            Verdict::Replay(*replay),
        ]
    }

    /// What they say together of a request that is a callback.
    pub fn overall(&self) -> Overall {
        overall(&self.all())
    }
}

/// What some verdicts say together of a request that is a callback.
pub fn overall(verdicts: &[Verdict<'_>]) -> Overall {
    if verdicts.iter().any(|verdict| verdict.severity() == Severity::Bad) {
        Overall::Bad
    } else if verdicts.iter().any(|verdict| matches!(verdict, Verdict::Signature(Signature::Unchecked { .. }))) {
        Overall::Unchecked
    } else {
        Overall::Ok
    }
}

impl Overall {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Bad, Self::Unchecked, Self::NotCallback];

    /// The word in JSON and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Bad => "bad",
            Self::Unchecked => "unchecked",
            Self::NotCallback => "not_callback",
        }
    }

    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|overall| overall.word() == word)
    }
}

impl Verdict<'_> {
    /// The verdict's name in JSON and filters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Signature(_) => "signature",
            Self::Timestamp(_) => "timestamp",
            Self::AppId(_) => "app_id",
            Self::Method(_) => "method",
            Self::Command(_) => "command",
            Self::Body(_) => "body",
            Self::Replay(_) => "replay",
        }
    }

    /// The state's name in JSON and filters.
    pub fn state(self) -> &'static str {
        match self {
            Self::Signature(verdict) => verdict.state(),
            Self::Timestamp(Timestamp::Fresh { .. }) => "fresh",
            Self::Timestamp(Timestamp::Stale { .. }) => "stale",
            Self::Timestamp(Timestamp::Future { .. }) => "future",
            Self::AppId(verdict) => verdict.state(),
            Self::Method(Method::Post) => "post",
            Self::Method(Method::Other(_)) => "other",
            Self::Command(CommandVerdict::Known { .. }) => "known",
            Self::Command(CommandVerdict::Unknown { .. }) => "unknown",
            Self::Command(CommandVerdict::Differs { .. }) => "differs",
            Self::Timestamp(Timestamp::Missing { .. }) | Self::Command(CommandVerdict::Missing) => "missing",
            Self::Timestamp(Timestamp::Malformed { .. }) => "malformed",
            Self::Body(BodyVerdict::Unread) => "unread",
            Self::Body(BodyVerdict::Documented) => "documented",
            Self::Body(BodyVerdict::Undocumented(_) | BodyVerdict::NoReference) => "undocumented",
            Self::Body(BodyVerdict::NotJson(..)) => "not_json",
            Self::Body(BodyVerdict::NotObject(_)) => "not_object",
            Self::Body(BodyVerdict::Empty) => "empty",
            Self::Body(BodyVerdict::TooLarge { .. }) => "too_large",
            Self::Body(BodyVerdict::CutOff { .. }) => "cut_off",
            Self::Replay(Replay::First) => "first",
            Self::Replay(Replay::Repeated { .. }) => "repeated",
            Self::Replay(Replay::ReusedSignature { .. }) => "reused_signature",
        }
    }

    /// How much it weighs.
    #[expect(clippy::match_same_arms, reason = "read one verdict after the other")]
    pub fn severity(self) -> Severity {
        match self {
            Self::Signature(verdict) => verdict.severity(),
            Self::Timestamp(verdict) => verdict.severity(),
            Self::AppId(verdict) => verdict.severity(),
            Self::Method(Method::Post) | Self::Command(CommandVerdict::Known { .. }) => Severity::Good,
            Self::Method(Method::Other(_)) | Self::Command(CommandVerdict::Differs { .. } | CommandVerdict::Missing) => Severity::Bad,
            Self::Command(CommandVerdict::Unknown { .. }) => Severity::Warning,
            Self::Body(BodyVerdict::Unread | BodyVerdict::Documented) => Severity::Good,
            Self::Body(BodyVerdict::Undocumented(_) | BodyVerdict::NoReference) => Severity::Warning,
            Self::Body(_) => Severity::Bad,
            Self::Replay(Replay::First) => Severity::Good,
            Self::Replay(Replay::Repeated { .. } | Replay::ReusedSignature { .. }) => Severity::Warning,
        }
    }
}

impl Signature {
    /// The state's name.
    pub fn state(&self) -> &'static str {
        match self {
            Self::Valid { .. } => "valid",
            Self::Invalid { .. } => "invalid",
            Self::Missing { .. } => "missing",
            Self::Malformed(_) => "malformed",
            Self::Unchecked { .. } => "unchecked",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Valid { .. } => Severity::Good,
            Self::Missing { due: false } | Self::Unchecked { .. } => Severity::Neutral,
            Self::Invalid { .. } | Self::Missing { due: true } | Self::Malformed(_) => Severity::Bad,
        }
    }
}

impl Timestamp {
    /// Seconds between signing and arrival, negative when signed in the future; `None` where there is no time.
    pub fn age_secs(&self) -> Option<i64> {
        match self {
            Self::Fresh { age_secs } | Self::Stale { age_secs } | Self::Future { age_secs } => Some(*age_secs),
            Self::Missing { .. } | Self::Malformed { .. } => None,
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Fresh { .. } => Severity::Good,
            Self::Missing { due: false } => Severity::Neutral,
            Self::Stale { .. } | Self::Future { .. } | Self::Missing { due: true } | Self::Malformed { .. } => Severity::Bad,
        }
    }
}

impl AppId {
    /// The state's name.
    pub fn state(&self) -> &'static str {
        match self {
            Self::Match { .. } => "match",
            Self::Mismatch { .. } => "mismatch",
            Self::Missing { .. } => "missing",
            Self::Malformed { .. } => "malformed",
            Self::Unchecked { .. } => "unchecked",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Match { .. } => Severity::Good,
            Self::Unchecked { .. } | Self::Missing { due: false } | Self::Malformed { due: false, .. } => Severity::Neutral,
            Self::Mismatch { .. } | Self::Missing { due: true } | Self::Malformed { due: true, .. } => Severity::Bad,
        }
    }
}
