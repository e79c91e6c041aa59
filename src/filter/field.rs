//! Questions about a field of the body.

use super::find::find;
use super::look::Look;
use super::needles::Needles;
use super::place::Place;
use super::texts::STILL_ESCAPED;
use super::value::Comparison;
use crate::protocol::number::Number;

/// A question about the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// Where; of several values there, any will do.
    pub place: Place,
    pub test: Test,
}

/// What is asked of a value: the text of a string, anything else as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// That there is one.
    Exists,
    /// That it is one of these.
    Is(Vec<Value>),
    /// That it is none of these.
    IsNot(Vec<Value>),
    /// That one of these stands in it; in lower case.
    Contains(Vec<Vec<u8>>),
    /// That it is a number, also one in a string, and stands so to one of these.
    Compares(Comparison, Vec<Number>),
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    lower: String,
    number: Option<Number>,
}

impl Value {
    pub fn new(text: &str) -> Self {
        Self { lower: text.to_ascii_lowercase(), number: Number::read(text) }
    }

    fn is(&self, text: &str) -> bool {
        self.lower.eq_ignore_ascii_case(text) || self.number.as_ref().is_some_and(|number| number.is_same(text))
    }

    /// In lower case.
    pub fn text(&self) -> &str {
        &self.lower
    }

    /// What stands in every text that is it. A whole number is recognised by its digits, any other may be written otherwise.
    fn needles(&self) -> Needles {
        match &self.number {
            None => Needles::one(self.lower.as_bytes()),
            Some(number) => number.digits().map_or(Needles::Any, |digits| Needles::one(digits.as_bytes())),
        }
    }
}

impl Field {
    /// Whether any value at its place is such a one.
    pub fn is_met(&self, look: &Look<'_>) -> bool {
        self.place.any(look.body(), look.document(), |value| self.test.accepts(value))
    }

    /// What must stand in the texts of a body that has such a value.
    pub fn needles(&self) -> Needles {
        match &self.test {
            Test::Is(values) => Needles::either(values.iter().map(|value| shown_or_hidden(value.needles()))),
            Test::Contains(texts) => Needles::either(texts.iter().map(|text| shown_or_hidden(Needles::one(text)))),
            Test::Exists | Test::IsNot(_) | Test::Compares(..) => Needles::Any,
        }
    }
}

impl Test {
    fn accepts(&self, text: &str) -> bool {
        match self {
            Self::Exists => true,
            Self::Is(values) => values.iter().any(|value| value.is(text)),
            Self::IsNot(values) => !values.iter().any(|value| value.is(text)),
            Self::Contains(texts) => texts.iter().any(|one| find(text.as_bytes(), one).is_some()),
            Self::Compares(comparison, numbers) => {
                numbers.iter().any(|number| number.order_of(text).is_some_and(|order| comparison.holds(order)))
            }
        }
    }
}

/// A value stands in the body with escapes undone as its reader sees it, unless it is in JSON within a string and has
/// escapes there too.
fn shown_or_hidden(value: Needles) -> Needles {
    Needles::either([value, Needles::one(STILL_ESCAPED)].into_iter())
}
