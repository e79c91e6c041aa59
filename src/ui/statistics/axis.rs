//! Where the marks of an axis stand, and what they say.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A mark, and how far it is to the next of its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub value: f64,
    pub step: f64,
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How far marks of time may be apart.
const STEPS: [i64; 22] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    91 * DAY,
    365 * DAY,
];

/// How far apart marks of time stand, so that there are at most so many, in milliseconds.
pub(super) fn time_step(span_millis: i64, most: i64) -> i64 {
    let wanted = span_millis / most.max(1);
    STEPS.into_iter().find(|step| *step >= wanted).unwrap_or_else(|| (wanted / (365 * DAY) + 1).saturating_mul(365 * DAY))
}

/// The marks of a span of time, at round local times.
pub(super) fn time_marks((from, to): (i64, i64), step: i64, offset_millis: i64) -> Vec<Mark> {
    let first = from.saturating_add(offset_millis).div_euclid(step).saturating_add(1).saturating_mul(step).saturating_sub(offset_millis);
    let marks = (0..1_000).map_while(|at| first.checked_add(step.checked_mul(at)?)).take_while(|at| *at < to);
    marks.map(|at| Mark { value: float(at), step: float(step) }).collect()
}

/// What stands at a mark of time: the time of day, or the day where one begins or marks are days apart.
pub(super) fn time_label(millis: i64, step: i64, zone: &TimeZone) -> String {
    let Ok(moment) = Timestamp::from_millisecond(millis) else { return String::new() };
    let moment = moment.to_zoned(zone.clone());
    let is_midnight = moment.hour() == 0 && moment.minute() == 0 && moment.second() == 0;
    let pattern = match step {
        _ if step >= 180 * DAY => "%Y-%m",
        _ if step >= DAY || is_midnight => "%b %-d",
        _ if step >= MINUTE => "%H:%M",
        _ => "%H:%M:%S",
    };
    moment.strftime(pattern).to_string()
}

/// The upper end of an axis of counts, and its marks: whole numbers.
pub(super) fn count_marks(greatest: u64) -> (f64, Vec<Mark>) {
    let top = whole(greatest.max(1));
    let step = round_up(top / 5.0).max(1.0);
    let marks = (0..=8).map(|at| Mark { value: step * f64::from(at), step }).take_while(|mark| mark.value <= top * 1.05);
    (top * 1.08, marks.collect())
}

/// The next of 1, 2, 5, 10, 20, 50 and so on.
fn round_up(value: f64) -> f64 {
    let power = 10.0_f64.powf(value.max(1.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= value).unwrap_or(value)
}

/// A response time as high as it stands: each power of ten is as high as the one before.
pub(super) fn time_height(micros: i64) -> f64 {
    float(micros.max(1)).log10()
}

/// The marks between two heights of response times.
pub(super) fn height_marks((from, to): (f64, f64)) -> Vec<Mark> {
    let powers = (0..19).map(f64::from).filter(|power| (from..=to).contains(power));
    // With more than a handful, every second.
    let powers: Vec<f64> = powers.collect();
    let stride = powers.len().div_ceil(6).max(1);
    powers.into_iter().step_by(stride).map(|value| Mark { value, step: 10.0 }).collect()
}

/// What stands at a height of response times.
pub(super) fn height_label(height: f64) -> String {
    match height {
        ..6.0 if height >= 3.0 => format!("{:.0} ms", 10.0_f64.powf(height - 3.0)),
        ..3.0 => format!("{:.0} µs", 10.0_f64.powf(height)),
        _ => format!("{:.0} s", 10.0_f64.powf(height - 6.0)),
    }
}

/// Seconds as high as they stand, either way: near zero a second is seen, and a year fits too.
pub(super) fn skew_height(secs: i64) -> f64 {
    float(secs).signum() * (1.0 + float(secs).abs()).log10()
}

/// Seconds that may have a mark, and what stands there.
const SKEWS: [(i64, &str); 11] = [
    (1, "1 s"),
    (3, "3 s"),
    (10, "10 s"),
    (60, "1 min"),
    (600, "10 min"),
    (3_600, "1 h"),
    (86_400, "1 day"),
    (864_000, "10 days"),
    (8_640_000, "100 days"),
    (86_400_000, "3 years"),
    (864_000_000, "27 years"),
];

/// The marks between two heights of skew, far enough from each other to be read.
pub(super) fn skew_marks((from, to): (f64, f64)) -> Vec<Mark> {
    let apart = (to - from) / 7.0;
    let mut marks = vec![0.0];
    for sign in [1.0, -1.0] {
        let mut last = 0.0;
        for (secs, _) in SKEWS {
            let height = skew_height(secs);
            if height - last >= apart && (from..=to).contains(&(sign * height)) {
                last = height;
                marks.push(sign * height);
            }
        }
    }
    marks.into_iter().map(|value| Mark { value, step: 10.0 }).collect()
}

/// What stands at a height of skew.
pub(super) fn skew_label(height: f64) -> String {
    let known = SKEWS.iter().find(|(secs, _)| (skew_height(*secs) - height.abs()).abs() < 1e-6);
    match known {
        Some((_, name)) if height < 0.0 => format!("−{name}"),
        Some((_, name)) => (*name).to_owned(),
        None => "0".to_owned(),
    }
}

/// A span of time in words.
pub(super) fn span_label(from: i64, to: i64, zone: &TimeZone) -> String {
    let told = |millis: i64, pattern: &str| {
        Timestamp::from_millisecond(millis)
            .map_or_else(|_| format!("{millis} ms"), |moment| moment.to_zoned(zone.clone()).strftime(pattern).to_string())
    };
    let (day, until) = (told(from, "%Y-%m-%d"), told(to, "%Y-%m-%d"));
    let pattern = if to - from < MINUTE { "%H:%M:%S" } else { "%H:%M" };
    let (first, last) = (told(from, pattern), told(to, pattern));
    match to - from {
        0..=SECOND => format!("{day} {first}"),
        _ if day == until => format!("{day} {first}–{last}"),
        _ => format!("{day} {first} – {until} {last}"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 have 13 digits, a plot 4")]
pub(super) fn float(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "a plot shows 4 digits")]
pub(super) fn whole(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(marks: &[Mark]) -> Vec<f64> {
        marks.iter().map(|mark| mark.value).collect()
    }

    #[test]
    fn times_stand_at_round_local_times() {
        let india = 5 * HOUR + HOUR / 2;
        let (from, to) = (1_700_000_000_000, 1_700_000_000_000 + DAY);
        let step = time_step(to - from, 8);
        assert_eq!(step, 3 * HOUR);
        let zone = TimeZone::fixed(jiff::tz::Offset::from_seconds(19_800).expect("bug: an offset"));
        let marks = time_marks((from, to), step, india);
        #[expect(clippy::cast_possible_truncation, reason = "they were whole")]
        let labels: Vec<String> = marks.iter().map(|mark| time_label(mark.value as i64, step, &zone)).collect();
        assert_eq!(labels, ["06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "Nov 16", "03:00"]);
        assert_eq!(time_label(0, 400 * DAY, &TimeZone::UTC), "1970-01");
        assert_eq!(time_label(5_000, SECOND, &TimeZone::UTC), "00:00:05");
        assert!(time_marks((i64::MIN, i64::MAX), time_step(i64::MAX, 8), 0).len() < 40);
    }

    #[test]
    fn counts_have_whole_marks() {
        assert_eq!(values(&count_marks(1).1), [0.0, 1.0]);
        assert_eq!(values(&count_marks(7).1), [0.0, 2.0, 4.0, 6.0]);
        assert_eq!(values(&count_marks(94).1), [0.0, 20.0, 40.0, 60.0, 80.0]);
        assert_eq!(values(&count_marks(1_234).1), [0.0, 500.0, 1_000.0]);
        assert!(count_marks(u64::MAX).1.len() <= 9);
    }

    #[test]
    fn heights_are_of_powers_of_ten() {
        assert_eq!(
            height_marks((2.5, 6.4)).iter().map(|mark| height_label(mark.value)).collect::<Vec<_>>(),
            ["1 ms", "10 ms", "100 ms", "1 s"]
        );
        assert_eq!([0.0, 2.0, 7.0].map(height_label), ["1 µs", "100 µs", "10 s"]);
        assert!(height_marks((0.0, 18.0)).len() <= 6);
    }

    #[test]
    fn skews_are_told_either_way_and_none_is_too_near_another() {
        let far = skew_height(100_000_000);
        let labels = |range| skew_marks(range).iter().map(|mark| skew_label(mark.value)).collect::<Vec<_>>();
        assert_eq!(labels((-1.0, 2.0)), ["0", "3 s", "10 s", "1 min", "−3 s"].map(str::to_owned).to_vec());
        assert!(labels((-far, far)).contains(&"−10 min".to_owned()));
        assert!(skew_height(-5) < skew_height(0) && skew_height(0) == 0.0);
    }

    #[test]
    fn spans_are_told_as_short_as_they_can_be() {
        let at = 1_700_000_000_000 - 1_700_000_000_000 % DAY;
        let label = |from, to| span_label(from, to, &TimeZone::UTC);
        assert_eq!(label(at, at + SECOND), "2023-11-14 00:00:00");
        assert_eq!(label(at, at + 5 * SECOND), "2023-11-14 00:00:00–00:00:05");
        assert_eq!(label(at, at + HOUR), "2023-11-14 00:00–01:00");
        assert_eq!(label(at, at + 7 * DAY), "2023-11-14 00:00 – 2023-11-21 00:00");
    }
}
