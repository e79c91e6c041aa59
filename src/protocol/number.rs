//! Numbers of any length, compared by their digits.

use std::cmp::Ordering;
use std::fmt;

/// A number as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// Reads `-12`, `1.5` or `1e9`; `None` where it is no number.
    pub fn read(text: &str) -> Option<Self> {
        value(text).map(|_| Self(text.to_owned()))
    }

    /// Whether this text is a number, and a greater one. Whole numbers are compared exactly, however long they are; others
    /// as floating-point numbers.
    pub fn is_exceeded_by(&self, text: &str) -> bool {
        self.order_of(text) == Some(Ordering::Greater)
    }

    /// How this text stands to it, compared likewise; `None` where the text is no number.
    pub fn order_of(&self, text: &str) -> Option<Ordering> {
        compare(text, &self.0)
    }

    /// Its digits without sign and leading zeros; `None` where it is no whole number.
    pub fn digits(&self) -> Option<&str> {
        whole(&self.0).map(|(_, digits)| digits)
    }

    /// Whether this text is the same number, written in the same way: whole both, or neither.
    pub fn is_same(&self, text: &str) -> bool {
        match (whole(text), whole(&self.0)) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.order_of(text) == Some(Ordering::Equal),
            _ => false,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The value of a number as a floating-point number; `None` where the text is none. Words like `inf` are none, though Rust
/// reads them.
pub fn value(text: &str) -> Option<f64> {
    let is_of_number = |b: u8| b.is_ascii_digit() || b"+-.eE".contains(&b);
    text.bytes().all(is_of_number).then(|| text.parse().ok())?
}

fn compare(one: &str, other: &str) -> Option<Ordering> {
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => Some(compare_whole(one, other)),
        _ => value(one)?.partial_cmp(&value(other)?),
    }
}

/// Whether a whole number is negative, and its digits without leading zeros; zero has none.
fn whole(text: &str) -> Option<(bool, &str)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let significant = digits.trim_start_matches('0');
    is_whole.then_some((digits.len() < text.len() && !significant.is_empty(), significant))
}

fn compare_whole((one_negative, one): (bool, &str), (other_negative, other): (bool, &str)) -> Ordering {
    let by_size = one.len().cmp(&other.len()).then_with(|| one.cmp(other));
    match (one_negative, other_negative) {
        (false, false) => by_size,
        (true, true) => by_size.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, least: &str, expected: bool) {
        let number = Number::read(least).expect("bug: it is a number");
        assert_eq!(number.is_exceeded_by(text), expected, "{text} > {least}");
    }

    #[test]
    fn whole_numbers_of_any_length_are_compared_exactly() {
        check("144115233100450078", "144115233100450077", true);
        check("144115233100450077", "144115233100450077", false);
        check("99999999999999999999999999999999999999", "99999999999999999999999999999999999998", true);
        check("0101", "100", true);
        check("-1", "-2", true);
        check("-10", "-9", false);
        check("-0", "0", false);
        check("0", "-1", true);
    }

    #[test]
    fn the_same_number_is_recognised() {
        let is_same = |one: &str, other: &str| Number::read(one).expect("bug: it is a number").is_same(other);
        assert!(is_same("007", "7") && is_same("-0", "0") && is_same("1.50", "1.5"));
        assert!(!is_same("144115233100450077", "144115233100450078") && !is_same("7", "7.0") && !is_same("7", "seven"));
        assert_eq!(Number::read("-0120").expect("bug: it is a number").digits(), Some("120"));
    }

    #[test]
    fn other_numbers_are_compared_too() {
        check("1.5", "1", true);
        check("1e3", "999", true);
        check("0.1", "0.2", false);
        for text in ["", "red", "inf", "NaN", "1,5", "-", "0x10"] {
            check(text, "-5", false);
            assert_eq!(Number::read(text), None, "{text}");
        }
    }
}
