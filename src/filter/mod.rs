//! Filter: which exchanges are meant, in one small language for the window's filter box and the command line.
//!
//! Words that stand beside each other must all be met. Case does not count for ASCII letters, anywhere but in the names of
//! body fields.
//!
//! | written | finds |
//! | --- | --- |
//! | `红包`, `"two words"` | what has it in its command, head, body (also with `\u7ea2` and the like undone) or note |
//! | `command:Group.*` | the command; `*` stands for anything |
//! | `verdict:bad` | `ok`, `bad`, `unchecked` or `not_callback` |
//! | `signature:invalid` | `valid`, `invalid`, `missing`, `malformed` or `unchecked` |
//! | `app:1400000001`, `product:chat`, `platform:iOS` | whose it is; a platform in any of its spellings |
//! | `method:POST`, `path:/hook*` | the request line |
//! | `status:200`, `status:>=500`, `code:>0` | the response's status and `ErrorCode`; `=`, `!=`, `>`, `>=`, `<`, `<=` |
//! | `read_as:refused` | `accepted`, `refused`, `dropped`, `ignored`, `failed` or `unknown` |
//! | `rule:default`, `fault:reset` | what responded, and what was simulated |
//! | `size:>10k` | bytes of the body: `k`, `M`, `G` |
//! | `took:>100ms` | until the response: `us`, `ms`, `s`, `m` |
//! | `skew:>30s`, `skew:<-30s` | between signing and arrival, either way, or with its sign |
//! | `after:09:30`, `before:2026-11-20`, `after:2026-11-20T10:42` | from that moment on, or earlier |
//! | `last:10m` | of the last `s`, `m`, `h`, `d` |
//! | `id:17`, `id:>100` | the number in the history |
//! | `mark:red`, `has:mark`, `has:note`, `has:fault`, `pinned` | your own marks, and simulated faults |
//! | `body.From_Account=leckie` | a field of the body: `=`, `!=`, `>`, `>=`, `<`, `<=`, and `~` for "contains" |
//! | `body.MsgBody[].MsgContent.Text~红包` | `[]` is any item, `[0]` the first; goes on into JSON within a string |
//! | `body.GroupId`, `has:body.GroupId` | that the field is there |
//! | `status:200,500` | either of them |
//! | `a b`, `a and b`, `a or b`, `not a`, `-a`, `(a or b) c` | together; `or` binds weaker than `and` |
//!
//! A word that would be read otherwise stands in quotes: `"or"`, `"Host: x"`. Within them `\"` is a quote.
//!
//! [`Filter::of_entry`] answers from the columns of an index alone where they decide; [`Filter::matches`] looks at the bytes
//! too. [`Filter::needles`] tells a search index what need not be looked at. Nothing here knows the time: it is handed in.

mod complete;
mod expression;
mod field;
mod find;
mod glob;
mod key;
mod look;
mod needles;
mod parse;
mod pieces;
mod place;
#[cfg(test)]
mod tests;
mod texts;
mod token;
mod value;

pub use complete::{Offer, Offered, Seen, complete, quoted_path};
pub use find::find;
pub use needles::Needles;
pub use pieces::{Ink, pieces};
pub use place::Place;
pub use texts::texts;
pub use token::quoted;

use crate::protocol::verdict::Overall;
use expression::{Expression, Term};
use field::Test;
use jiff::tz::TimeZone;
use look::Look;
use std::fmt;
use std::ops::Range;

/// What the index columns tell of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its number in the history.
    pub id: i64,
    /// When it arrived, in milliseconds since the Unix epoch.
    pub received_at_millis: i64,
    /// The method; `None` where the request line is unreadable.
    pub method: Option<&'a str>,
    /// The path of the target, without parameters.
    pub path: Option<&'a str>,
    /// The command.
    pub command: Option<&'a str>,
    /// The product's word.
    pub product: Option<&'a str>,
    /// `SdkAppid` as received.
    pub app: Option<&'a str>,
    /// `OptPlatform` as received.
    pub platform: Option<&'a str>,
    /// What all verdicts together say.
    pub overall: Overall,
    /// The state of the signature, such as `valid`.
    pub signature: Option<&'a str>,
    /// How long the body is.
    pub size_bytes: u64,
    /// The response's HTTP status.
    pub status: Option<u16>,
    /// The response's `ErrorCode`.
    pub code: Option<i64>,
    /// How the sender takes the response, such as `refused`.
    pub read_as: Option<&'a str>,
    /// The rule that responded.
    pub rule: Option<&'a str>,
    /// The word of the fault that was simulated.
    pub fault: Option<&'a str>,
    /// From the request's last byte to the response's first, in microseconds.
    pub took_micros: Option<i64>,
    /// From `RequestTime` to the arrival, negative when signed in the future.
    pub skew_secs: Option<i64>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// The user's mark, such as `red`.
    pub mark: Option<&'a str>,
    /// Whether the user wrote a note.
    pub has_note: bool,
}

/// What is read of an exchange where its entry alone does not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content<'a> {
    /// The request's head as received.
    pub head: &'a [u8],
    /// The request's body as received.
    pub body: &'a [u8],
    /// The user's note.
    pub note: Option<&'a str>,
}

/// What an entry alone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It matches.
    Yes,
    /// It does not.
    No,
    /// Only its content tells.
    Unknown,
}

impl Answer {
    fn inverted(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Answer {
    fn from(is_met: bool) -> Self {
        if is_met { Self::Yes } else { Self::No }
    }
}

/// What relative terms are read against.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Now, in milliseconds since the Unix epoch.
    pub now_millis: i64,
    /// Where the day and the hour are told.
    pub zone: &'a TimeZone,
}

/// What is wrong with a filter's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Where, in bytes of the text.
    pub at: Range<usize>,
    /// What, and what would be right.
    pub what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// Which exchanges are meant. The default is everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    text: String,
    expression: Expression,
}

impl Filter {
    /// Reads a filter. A time of the day and a date are those of `moment`; `last:` stays relative to whenever it is asked.
    ///
    /// # Errors
    /// When something is wrong with the text: the first of it.
    pub fn parse(text: &str, moment: &Moment<'_>) -> Result<Self, Complaint> {
        Ok(Self { text: text.to_owned(), expression: parse::parse(text, moment)? })
    }

    /// The text that it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it asks for nothing.
    pub fn is_everything(&self) -> bool {
        self.expression == Expression::default()
    }

    /// What an entry alone says of whether it matches.
    pub fn of_entry(&self, entry: &Entry<'_>, now_millis: i64) -> Answer {
        self.expression.answer(&mut |term| term.of_entry(entry, now_millis))
    }

    /// Whether an exchange matches.
    pub fn matches(&self, entry: &Entry<'_>, content: &Content<'_>, now_millis: i64) -> bool {
        let answer = match self.of_entry(entry, now_millis) {
            Answer::Unknown => {
                let look = Look::new(content);
                self.expression.answer(&mut |term| term.of_all(entry, &look, now_millis))
            }
            decided @ (Answer::Yes | Answer::No) => decided,
        };
        answer == Answer::Yes
    }

    /// Whether an entry alone may leave it open.
    pub fn needs_content(&self) -> bool {
        self.expression.has(&Term::needs_content)
    }

    /// What must stand in the [`texts`] of whatever matches and has no note.
    pub fn needles(&self) -> Needles {
        Needles::of(&self.expression)
    }

    /// Where the words of this filter, and the values that it wants in a body, stand in a text that is shown: byte ranges,
    /// ascending and apart from each other.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        self.visit_marked(&mut |lower| ranges.extend(find::find_all(text.as_bytes(), lower)));
        ranges.sort_by_key(|range| range.start);
        ranges.dedup_by(|next, before| {
            let touches = next.start <= before.end;
            if touches {
                before.end = before.end.max(next.end);
            }
            touches
        });
        ranges
    }

    /// Whether there is anything to mark.
    pub fn has_marks(&self) -> bool {
        let mut has_any = false;
        self.visit_marked(&mut |lower| has_any |= !lower.is_empty());
        has_any
    }

    /// Visits what is marked in shown texts; what is not wanted is not.
    fn visit_marked<'a>(&'a self, visit: &mut impl FnMut(&'a [u8])) {
        self.expression.visit_positive(&mut |term| match term {
            Term::Word(word) => visit(word),
            Term::Field(field) => match &field.test {
                Test::Is(values) => values.iter().for_each(|value| visit(value.text().as_bytes())),
                Test::Contains(texts) => texts.iter().for_each(|text| visit(text)),
                Test::Exists | Test::IsNot(_) | Test::Compares(..) => {}
            },
            Term::Text(..)
            | Term::Platform(_)
            | Term::Overall(_)
            | Term::Number(..)
            | Term::Before(_)
            | Term::After(_)
            | Term::Last(_)
            | Term::Note
            | Term::Mark
            | Term::Fault
            | Term::Pinned => {}
        });
    }
}
