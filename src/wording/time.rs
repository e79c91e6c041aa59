//! Moments and durations in words.

use crate::protocol::body::Shown;
use crate::protocol::catalogue::Unit;
use jiff::Timestamp as Moment;
use jiff::tz::TimeZone;

/// A duration in its largest unit that leaves a whole number, or the two largest.
pub fn duration(secs: i64) -> String {
    let (days, hours, minutes) = (secs / 86_400, secs / 3_600, secs / 60);
    match secs {
        ..=119 => format!("{secs} s"),
        120..=7_199 => format!("{minutes} min {} s", secs % 60),
        7_200..=172_799 => format!("{hours} h {} min", minutes % 60),
        _ if days < 730 => format!("{days} days"),
        _ => format!("{} years", days / 365),
    }
}

/// The human reading of a value.
pub fn shown(shown: Shown, zone: &TimeZone) -> String {
    match shown {
        Shown::Time { millis, unit: Unit::Millis } => local_time(millis, zone),
        Shown::Time { millis, unit: Unit::Secs } => format(millis, zone, "%Y-%m-%d %H:%M:%S %:z"),
        Shown::Word(word) => word.to_owned(),
    }
}

/// How far a moment is from the arrival: `2 s before arrival`.
pub fn before_arrival(millis: i64, received_at_millis: i64) -> String {
    let secs = received_at_millis.saturating_sub(millis).div_euclid(1000);
    match secs {
        0 => "in the second of arrival".to_owned(),
        1.. => format!("{} before arrival", duration(secs)),
        _ => format!("{} after arrival", duration(secs.saturating_neg())),
    }
}

/// `2022-12-09 16:26:54.123 +08:00`
pub fn local_time(millis: i64, zone: &TimeZone) -> String {
    format(millis, zone, "%Y-%m-%d %H:%M:%S%.3f %:z")
}

/// `16:26:54.123`
pub fn time_of_day(millis: i64, zone: &TimeZone) -> String {
    format(millis, zone, "%H:%M:%S%.3f")
}

/// `16:26:54`
pub fn clock(millis: i64, zone: &TimeZone) -> String {
    format(millis, zone, "%H:%M:%S")
}

/// `Friday, 9 December 2022`
pub fn day(millis: i64, zone: &TimeZone) -> String {
    format(millis, zone, "%A, %-d %B %Y")
}

/// Microseconds as milliseconds, as JSON and tables have them.
#[expect(clippy::cast_precision_loss, reason = "a day of microseconds has 11 digits")]
pub fn millis(micros: i64) -> f64 {
    micros as f64 / 1000.0
}

/// `2026-11-20T02:42:17.482Z`
pub fn utc(millis: i64) -> String {
    format(millis, &TimeZone::UTC, "%Y-%m-%dT%H:%M:%S%.3fZ")
}

fn format(millis: i64, zone: &TimeZone, pattern: &str) -> String {
    match Moment::from_millisecond(millis) {
        Ok(moment) => moment.to_zoned(zone.clone()).strftime(pattern).to_string(),
        Err(_) => format!("{millis} ms after 1970"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local_and_exact() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(local_time(1_670_574_414_123, &zone), "2022-12-09 16:26:54.123 +08:00");
        assert_eq!(time_of_day(1_670_574_414_003, &zone), "16:26:54.003");
        assert_eq!([clock, day].map(|told| told(1_670_574_414_003, &zone)), ["16:26:54", "Friday, 9 December 2022"]);
        assert_eq!(utc(1_670_574_414_000), "2022-12-09T08:26:54.000Z");
        assert_eq!(shown(Shown::Time { millis: 1_670_574_414_000, unit: Unit::Secs }, &zone), "2022-12-09 16:26:54 +08:00");
        assert_eq!(local_time(i64::MAX, &zone), "9223372036854775807 ms after 1970");
    }

    #[test]
    fn a_duration_is_told_in_its_two_largest_units() {
        assert_eq!([63, 180, 7_300, 400_000, 100_000_000].map(duration), ["63 s", "3 min 0 s", "2 h 1 min", "4 days", "3 years"]);
    }
}
