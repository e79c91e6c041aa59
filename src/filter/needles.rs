//! What must stand in the texts of whatever a filter matches.

use super::expression::{Expression, Term};

/// What must stand in the [`super::texts`] of whatever matches, whatever the case of ASCII letters: for a search index to
/// skip what cannot match. It promises nothing of what has all of it.
///
/// The words of a filter are looked for in the note too, which is not among the texts: what has a note must not be skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needles {
    /// Nothing in particular.
    Any,
    /// These bytes, their ASCII letters in lower case. Never empty.
    One(Vec<u8>),
    /// All of these.
    All(Vec<Needles>),
    /// At least one of these.
    Either(Vec<Needles>),
}

impl Needles {
    /// What stands wherever an expression is met.
    pub(super) fn of(expression: &Expression) -> Self {
        match expression {
            Expression::All(parts) => Self::all(parts.iter().map(Self::of)),
            Expression::Any(parts) => Self::either(parts.iter().map(Self::of)),
            Expression::Term(Term::Word(word)) => Self::one(word),
            Expression::Term(Term::Field(field)) => field.needles(),
            Expression::Not(_) | Expression::Term(_) => Self::Any,
        }
    }

    pub(super) fn one(text: &[u8]) -> Self {
        if text.is_empty() { Self::Any } else { Self::One(text.to_ascii_lowercase()) }
    }

    fn all(parts: impl Iterator<Item = Self>) -> Self {
        let mut parts: Vec<Self> = parts.filter(|part| *part != Self::Any).collect();
        match parts.len() {
            0 => Self::Any,
            1 => parts.remove(0),
            _ => Self::All(parts),
        }
    }

    pub(super) fn either(parts: impl Iterator<Item = Self>) -> Self {
        let mut parts: Vec<Self> = parts.collect();
        match parts.len() {
            _ if parts.contains(&Self::Any) => Self::Any,
            0 => Self::Any,
            1 => parts.remove(0),
            _ => Self::Either(parts),
        }
    }
}
