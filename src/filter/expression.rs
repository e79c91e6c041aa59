//! What a filter asks, as a tree, and its answers.
//!
//! An entry alone may leave a question open. Then `no and open` is no, `yes or open` is yes, and everything else is open.

use super::field::Field;
use super::find::find;
use super::glob::Glob;
use super::key::{Number, Text};
use super::look::Look;
use super::value::Asked;
use super::{Answer, Entry};
use crate::protocol::query::is_same_platform;
use crate::protocol::verdict::Overall;

/// A filter as a tree. Its depth is bounded where it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// All of them; everything where there are none.
    All(Vec<Expression>),
    /// At least one of them.
    Any(Vec<Expression>),
    /// Not this one.
    Not(Box<Expression>),
    /// One question.
    Term(Term),
}

/// One question. Where it lists several answers, any of them will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    /// Whether this stands anywhere; in lower case.
    Word(Vec<u8>),
    Text(Text, Vec<Glob>),
    /// By family.
    Platform(Vec<String>),
    Overall(Vec<Overall>),
    Number(Number, Vec<Asked>),
    /// Earlier than this moment, in milliseconds since the Unix epoch.
    Before(i64),
    /// At this moment or later.
    After(i64),
    /// In the last so many milliseconds.
    Last(i64),
    Note,
    Mark,
    Fault,
    Pinned,
    Field(Field),
}

impl Default for Expression {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl Expression {
    /// Several that must all be met.
    pub fn all(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1 { parts.remove(0) } else { Self::All(parts) }
    }

    /// Several of which one must be met.
    pub fn any(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1 { parts.remove(0) } else { Self::Any(parts) }
    }

    /// What it says, going by what its terms say.
    pub fn answer(&self, say: &mut impl FnMut(&Term) -> Answer) -> Answer {
        match self {
            Self::All(parts) => decide(parts, Answer::No, Answer::Yes, say),
            Self::Any(parts) => decide(parts, Answer::Yes, Answer::No, say),
            Self::Not(part) => part.answer(say).inverted(),
            Self::Term(term) => say(term),
        }
    }

    /// Whether any of its terms is such a one.
    pub fn has(&self, is_such: &impl Fn(&Term) -> bool) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.has(is_such)),
            Self::Not(part) => part.has(is_such),
            Self::Term(term) => is_such(term),
        }
    }

    /// Visits the terms that are not negated.
    pub fn visit_positive<'a>(&'a self, visit: &mut impl FnMut(&'a Term)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.visit_positive(visit)),
            Self::Not(_) => {}
            Self::Term(term) => visit(term),
        }
    }
}

/// What parts say together: one that says `deciding` settles it, and `otherwise` takes all of them.
fn decide(parts: &[Expression], deciding: Answer, otherwise: Answer, say: &mut impl FnMut(&Term) -> Answer) -> Answer {
    let mut together = otherwise;
    for part in parts {
        let answer = part.answer(say);
        if answer == deciding {
            return answer;
        }
        if answer == Answer::Unknown {
            together = Answer::Unknown;
        }
    }
    together
}

impl Term {
    /// Whether it may ask for more than an entry.
    pub fn needs_content(&self) -> bool {
        matches!(self, Self::Word(_) | Self::Field(_))
    }

    /// What an entry says. It never allocates.
    pub fn of_entry(&self, entry: &Entry<'_>, now_millis: i64) -> Answer {
        let is_met = match self {
            Self::Word(word) if entry.command.is_some_and(|command| find(command.as_bytes(), word).is_some()) => true,
            Self::Word(_) | Self::Field(_) => return Answer::Unknown,
            Self::Text(text, globs) => text.of(entry).is_some_and(|text| globs.iter().any(|glob| glob.matches(text))),
            Self::Platform(names) => entry.platform.is_some_and(|platform| names.iter().any(|name| is_same_platform(name, platform))),
            Self::Overall(words) => words.contains(&entry.overall),
            Self::Number(number, asked) => number.of(entry).is_some_and(|number| asked.iter().any(|asked| asked.accepts(number))),
            Self::Before(moment) => entry.received_at_millis < *moment,
            Self::After(moment) => entry.received_at_millis >= *moment,
            Self::Last(millis) => entry.received_at_millis >= now_millis.saturating_sub(*millis),
            Self::Note => entry.has_note,
            Self::Mark => entry.mark.is_some(),
            Self::Fault => entry.fault.is_some(),
            Self::Pinned => entry.pinned,
        };
        Answer::from(is_met)
    }

    /// What an entry and its content say.
    pub fn of_all(&self, entry: &Entry<'_>, look: &Look<'_>, now_millis: i64) -> Answer {
        match (self.of_entry(entry, now_millis), self) {
            (Answer::Unknown, Self::Word(word)) => Answer::from(look.has_word(word)),
            (Answer::Unknown, Self::Field(field)) => Answer::from(field.is_met(look)),
            (answer, _) => answer,
        }
    }
}
