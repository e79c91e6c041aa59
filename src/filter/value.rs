//! Numbers, sizes, durations and moments as they are typed.

use super::Moment;
use super::key::Number;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use std::cmp::Ordering;

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Differs,
    Greater,
    AtLeast,
    Less,
    AtMost,
}

/// What is asked of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    comparison: Comparison,
    /// In the unit of [`Number::of`].
    value: i64,
    /// Whether its sign does not count.
    is_absolute: bool,
}

const SIZES: [(&str, i64); 8] =
    [("", 1), ("B", 1), ("k", 1_000), ("kB", 1_000), ("M", 1_000_000), ("MB", 1_000_000), ("G", 1_000_000_000), ("GB", 1_000_000_000)];

/// In microseconds.
const DURATIONS: [(&str, i64); 7] =
    [("us", 1), ("µs", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000)];

impl Comparison {
    /// The comparison that a text begins with, and what is compared.
    pub fn split(text: &str) -> (Self, &str) {
        let signs = [
            ("!=", Self::Differs),
            (">=", Self::AtLeast),
            ("<=", Self::AtMost),
            (">", Self::Greater),
            ("<", Self::Less),
            ("=", Self::Equal),
        ];
        let found = signs.into_iter().find_map(|(sign, comparison)| Some((comparison, text.strip_prefix(sign)?)));
        found.unwrap_or((Self::Equal, text))
    }

    /// Whether it says yes where the first value stands so to the second.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Differs => order.is_ne(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
        }
    }
}

impl Asked {
    /// Reads `200`, `>=500`, `>10k` or `<-30s`; `None` where it is none.
    pub fn read(number: Number, text: &str) -> Option<Self> {
        let (comparison, value) = Comparison::split(text);
        let is_absolute = number == Number::Skew && !value.starts_with('-');
        let value = match number {
            Number::Status | Number::Code | Number::Id => scaled(value, &SIZES[..1]),
            Number::Size => scaled(value, &SIZES),
            Number::Took | Number::Skew => duration(value),
        }?;
        Some(Self { comparison, value, is_absolute })
    }

    /// Whether a number is such a one.
    pub fn accepts(&self, number: i64) -> bool {
        let number = if self.is_absolute { number.saturating_abs() } else { number };
        self.comparison.holds(number.cmp(&self.value))
    }
}

/// What a number of this kind looks like, for somebody who typed something else.
pub(super) fn likeness(number: Number) -> &'static str {
    match number {
        Number::Status => "a status such as 200, or a comparison such as >=500",
        Number::Code => "a code such as 10100, or a comparison such as >0",
        Number::Id => "a number such as 17, or a comparison such as >100",
        Number::Size => "a size such as 10k, or a comparison such as >1.5M",
        Number::Took => "a duration such as 5ms, or a comparison such as >100ms",
        Number::Skew => "a duration such as 30s, or a comparison such as >30s or <-30s",
    }
}

/// A duration in microseconds: `250us`, `1.5s`, `10m`, `2h`, `7d`; nothing needs no unit.
pub(super) fn duration(text: &str) -> Option<i64> {
    if text == "0" { Some(0) } else { scaled(text, &DURATIONS) }
}

/// A number with a unit behind it. What does not fit is none.
fn scaled(text: &str, units: &[(&str, i64)]) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len()));
    let (_, factor) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let whole = whole.parse::<i64>().ok()?.checked_mul(*factor)?;
    if fraction.len() > 6 {
        return None;
    }
    let digits = u32::try_from(fraction.len()).ok()?;
    let part = fraction.parse::<i64>().ok()?.checked_mul(*factor)? / 10_i64.pow(digits);
    whole.checked_add(part)?.checked_mul(sign)
}

/// A moment in milliseconds since the Unix epoch: a date, a date and time with or without its offset, or a time of the day
/// that it is now.
pub(super) fn moment(text: &str, moment: &Moment<'_>) -> Option<i64> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp.as_millisecond());
    }
    let civil = if is_time(text) { time_today(text, moment)? } else { civil(text)? };
    Some(civil.to_zoned(moment.zone.clone()).ok()?.timestamp().as_millisecond())
}

fn is_time(text: &str) -> bool {
    text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'.')
}

fn time_today(text: &str, moment: &Moment<'_>) -> Option<DateTime> {
    let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.to_owned() };
    let time: Time = padded.parse().ok()?;
    let today = Timestamp::from_millisecond(moment.now_millis).ok()?.to_zoned(moment.zone.clone()).date();
    Some(today.to_datetime(time))
}

fn civil(text: &str) -> Option<DateTime> {
    if text.contains(':') { text.parse().ok() } else { Some(text.parse::<Date>().ok()?.to_datetime(Time::midnight())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::{TimeZone, offset};

    fn check(number: Number, text: &str, accepted: &[i64], refused: &[i64]) {
        let asked = Asked::read(number, text).expect(text);
        for one in accepted {
            assert!(asked.accepts(*one), "{text} accepts {one}");
        }
        for one in refused {
            assert!(!asked.accepts(*one), "{text} refuses {one}");
        }
    }

    #[test]
    fn numbers_are_compared_in_their_unit() {
        check(Number::Status, "200", &[200], &[201]);
        check(Number::Status, ">=500", &[500, 599], &[499]);
        check(Number::Status, "!=200", &[500], &[200]);
        check(Number::Code, "-1", &[-1], &[1]);
        check(Number::Size, ">10k", &[10_001], &[10_000]);
        check(Number::Size, "<=1.5M", &[1_500_000], &[1_500_001]);
        check(Number::Size, "12", &[12], &[11]);
        check(Number::Took, ">100ms", &[100_001], &[100_000]);
        check(Number::Took, "<0.5s", &[499_999], &[500_000]);
        check(Number::Took, "=250us", &[250], &[251]);
    }

    #[test]
    fn the_sign_of_a_skew_counts_where_it_is_written() {
        check(Number::Skew, ">30s", &[31_000_000, -31_000_000], &[30_000_000, 0]);
        check(Number::Skew, "<-30s", &[-31_000_000], &[31_000_000, -30_000_000]);
        check(Number::Skew, ">=-1m", &[-60_000_000, 500_000_000], &[-60_000_001]);
    }

    #[test]
    fn what_is_no_number_is_none() {
        for (number, text) in [
            (Number::Status, ""),
            (Number::Status, "5xx"),
            (Number::Status, "200k"),
            (Number::Id, ">"),
            (Number::Size, "10q"),
            (Number::Size, "1.2.3"),
            (Number::Size, "99999999999999G"),
            (Number::Took, "100"),
            (Number::Took, "--1s"),
            (Number::Took, "s"),
            (Number::Skew, "1.12345678s"),
        ] {
            assert_eq!(Asked::read(number, text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_is_written_in_any_usual_way() {
        let zone = TimeZone::fixed(offset(8));
        // 2026-11-20T10:42:17+08:00
        let now_millis = 1_795_142_537_000;
        let at = |text: &str| moment(text, &Moment { now_millis, zone: &zone });
        assert_eq!(at("2026-11-20T10:42:17+08:00"), Some(now_millis));
        for text in ["2026-11-20T02:42:17Z", "2026-11-20T10:42:17", "2026-11-20 10:42:17", "10:42:17"] {
            assert_eq!(at(text), Some(now_millis), "{text}");
        }
        assert_eq!(at("10:42"), Some(now_millis - 17_000));
        assert_eq!(at("2026-11-20T10:42"), Some(now_millis - 17_000));
        assert_eq!(at("9:42:17.5"), Some(now_millis - 3_600_000 + 500));
        assert_eq!(at("2026-11-20"), Some(now_millis - 38_537_000));
        for text in ["", "10", "25:00", "yesterday", "2026-13-01", "2026-11", ":"] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
