//! What a rule can ask about, and what it can respond.

use crate::protocol::catalogue::Command;

/// What a condition asks about, in the order of [`Matcher`]. Only of fields there may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConditionKind {
    /// Which app the URL names.
    App,
    /// Whose webhook it is.
    Product,
    /// Which platform the URL names.
    Platform,
    /// The path of the request.
    Path,
    /// The method.
    Method,
    /// What was found.
    Verdict,
    /// What stands in the body.
    Field,
}

impl ConditionKind {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::App, Self::Product, Self::Platform, Self::Path, Self::Method, Self::Verdict, Self::Field];
}

/// What a step responds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The documented success.
    Ok,
    /// The event is refused.
    Refuse,
    /// `FAIL` with a code.
    Fail,
    /// No response at all.
    Timeout,
    /// A status other than 200.
    Http,
    /// A response of one's own.
    Own,
    /// The developer decides.
    Hold,
    /// A message goes ahead in other words.
    Rewrite,
    /// The event goes ahead without some users.
    RefuseMembers,
    /// Each user has a result.
    Results,
    /// A body from a file.
    File,
    /// The documented success, later.
    Late,
    /// The documented success, byte by byte.
    Drip,
    /// A head, then silence.
    Stall,
    /// An HTML page.
    NotJson,
    /// No body.
    Empty,
    /// Half of the body, then the end.
    Truncated,
    /// Half of the body, and the connection stays open.
    Long,
    /// Bytes that are no HTTP.
    Garbage,
    /// The connection ends.
    Drop,
    /// The connection is reset.
    Reset,
}

impl Kind {
    /// Those that are chosen most, in their order.
    pub const USUAL: [Self; 7] = [Self::Ok, Self::Refuse, Self::Fail, Self::Timeout, Self::Http, Self::Own, Self::Hold];

    /// The others in their order.
    pub const OTHERS: [Self; 14] = [
        Self::Rewrite,
        Self::RefuseMembers,
        Self::Results,
        Self::File,
        Self::NotJson,
        Self::Empty,
        Self::Late,
        Self::Drip,
        Self::Stall,
        Self::Truncated,
        Self::Long,
        Self::Garbage,
        Self::Drop,
        Self::Reset,
    ];

    /// Whether it makes sense for a command: some keys are read in the responses to a few only. Of a command that is not
    /// documented nobody knows.
    pub fn suits(self, command: Option<&Command>) -> bool {
        let reads = |key: &str| command.is_some_and(|command| command.response.extras.iter().any(|field| field.path.starts_with(key)));
        match self {
            Self::Rewrite => reads("MsgBody"),
            Self::RefuseMembers => reads("Refused"),
            Self::Results => reads("ResultItem"),
            Self::Ok
            | Self::Refuse
            | Self::Fail
            | Self::Timeout
            | Self::Http
            | Self::Own
            | Self::Hold
            | Self::File
            | Self::Late
            | Self::Drip
            | Self::Stall
            | Self::NotJson
            | Self::Empty
            | Self::Truncated
            | Self::Long
            | Self::Garbage
            | Self::Drop
            | Self::Reset => true,
        }
    }

    /// Whether the text that is written here may have placeholders.
    pub fn takes_placeholders(self) -> bool {
        matches!(self, Self::Refuse | Self::Own | Self::Rewrite | Self::Results)
    }
}
