//! A filter's text in the colours of its parts.

use super::key;
use super::token::{self, Kind, Shape};
use std::ops::Range;

/// What a piece of a filter's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// A name with its colon, or a field of the body.
    Key,
    /// `and`, `or`, `not`, `-`, a parenthesis, or what stands between a field and its value.
    Operator,
    /// What stands behind a name.
    Value,
    /// A word, or space.
    Plain,
}

/// The pieces of a filter's text in their order, without a gap, whether or not it can be read.
pub fn pieces(text: &str) -> Vec<(Range<usize>, Ink)> {
    let mut pieces = Pieces { list: Vec::new() };
    for token in token::cut(text) {
        let Range { start, end } = token.range;
        pieces.up_to(start, Ink::Plain);
        match token.kind {
            Kind::Open | Kind::Close | Kind::And | Kind::Or | Kind::Not => pieces.up_to(end, Ink::Operator),
            Kind::Quoted => pieces.up_to(end, Ink::Plain),
            Kind::Term => pieces.term(&text[start..end], start),
        }
    }
    pieces.up_to(text.len(), Ink::Plain);
    pieces.list
}

struct Pieces {
    list: Vec<(Range<usize>, Ink)>,
}

impl Pieces {
    /// Adds what stands between the last piece and this place.
    fn up_to(&mut self, end: usize, ink: Ink) {
        let start = self.list.last().map_or(0, |(range, _)| range.end);
        match self.list.last_mut() {
            _ if start == end => {}
            Some((range, last)) if *last == ink => range.end = end,
            _ => self.list.push((start..end, ink)),
        }
    }

    fn term(&mut self, term: &str, start: usize) {
        match token::shape(term) {
            Shape::Named { name_end, value_start } if key::named(&term[..name_end]).is_some() => {
                self.up_to(start + value_start, Ink::Key);
                self.up_to(start + term.len(), Ink::Value);
            }
            Shape::Body { path, operator } => {
                self.up_to(start + path.end, Ink::Key);
                self.up_to(start + operator.end, Ink::Operator);
                self.up_to(start + term.len(), Ink::Value);
            }
            Shape::Word if term.eq_ignore_ascii_case(key::PINNED) => self.up_to(start + term.len(), Ink::Key),
            Shape::Word | Shape::Named { .. } => self.up_to(start + term.len(), Ink::Plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Ink)]) {
        let found: Vec<(&str, Ink)> = pieces(text).into_iter().map(|(range, ink)| (&text[range], ink)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn names_operators_and_values_are_told_apart() {
        use Ink::{Key, Operator, Plain, Value};
        check(
            "command:Group.* not verdict:ok 红包",
            &[
                ("command:", Key),
                ("Group.*", Value),
                (" ", Plain),
                ("not", Operator),
                (" ", Plain),
                ("verdict:", Key),
                ("ok", Value),
                (" 红包", Plain),
            ],
        );
        check("-(body.A[0]~\"x y\"", &[("-(", Operator), ("body.A[0]", Key), ("~", Operator), ("\"x y\"", Value)]);
        check("status>=500", &[("status", Key), (">=500", Value)]);
        check("comand:x \"or\" pinned", &[("comand:x \"or\" ", Plain), ("pinned", Key)]);
        check("", &[]);
    }
}
