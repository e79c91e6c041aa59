//! What came when: buckets that grow wider as the span grows, so that there are never more than a plot can show.

use super::histogram::Histogram;
use std::collections::BTreeMap;

/// The most buckets from the first to the last.
const MOST: i64 = 240;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// How wide buckets may be, in milliseconds. Each is a multiple of the one before, so that buckets merge whole.
const WIDTHS: [i64; 14] = [
    SECOND,
    5 * SECOND,
    15 * SECOND,
    60 * SECOND,
    300 * SECOND,
    900 * SECOND,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    7 * DAY,
    28 * DAY,
    336 * DAY,
];

/// What came in one bucket.
#[derive(Debug, Clone, Default)]
pub(super) struct Bucket {
    pub count: u64,
    pub bad: u64,
    pub took_micros: Histogram,
    pub skew_secs: Histogram,
}

/// What came, by when it came.
#[derive(Debug, Clone)]
pub(super) struct OverTime {
    /// Of local time from UTC: buckets begin with the local hour and day.
    offset_millis: i64,
    width_millis: i64,
    buckets: BTreeMap<i64, Bucket>,
}

impl OverTime {
    pub fn new(offset_millis: i64) -> Self {
        Self { offset_millis, width_millis: WIDTHS[0], buckets: BTreeMap::new() }
    }

    /// The bucket of a moment, in milliseconds since the Unix epoch.
    pub fn at(&mut self, millis: i64) -> &mut Bucket {
        let local = millis.saturating_add(self.offset_millis);
        while !self.has_room_for(local.div_euclid(self.width_millis)) {
            self.widen();
        }
        self.buckets.entry(local.div_euclid(self.width_millis)).or_default()
    }

    /// How wide a bucket is, in milliseconds.
    pub fn width_millis(&self) -> i64 {
        self.width_millis
    }

    /// The buckets in which something came, the oldest first, each with when it begins.
    pub fn buckets(&self) -> impl Iterator<Item = (i64, &Bucket)> {
        self.buckets.iter().map(|(number, bucket)| (number.saturating_mul(self.width_millis).saturating_sub(self.offset_millis), bucket))
    }

    fn has_room_for(&self, number: i64) -> bool {
        let (Some((first, _)), Some((last, _))) = (self.buckets.first_key_value(), self.buckets.last_key_value()) else { return true };
        number.max(*last).saturating_sub(number.min(*first)) < MOST
    }

    fn widen(&mut self) {
        let wider = WIDTHS.into_iter().find(|width| *width > self.width_millis).unwrap_or(self.width_millis.saturating_mul(2));
        let factor = wider / self.width_millis;
        self.width_millis = wider;
        for (number, bucket) in std::mem::take(&mut self.buckets) {
            let Bucket { count, bad, took_micros, skew_secs } = bucket;
            let merged = self.buckets.entry(number.div_euclid(factor)).or_default();
            merged.count += count;
            merged.bad += bad;
            merged.took_micros.add_all(&took_micros);
            merged.skew_secs.add_all(&skew_secs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(offset_millis: i64, moments: &[i64]) -> (i64, Vec<(i64, u64)>) {
        let mut over_time = OverTime::new(offset_millis);
        for moment in moments {
            over_time.at(*moment).count += 1;
        }
        (over_time.width_millis(), over_time.buckets().map(|(start, bucket)| (start, bucket.count)).collect())
    }

    #[test]
    fn each_width_is_a_multiple_of_the_one_before() {
        assert!(WIDTHS.windows(2).all(|pair| pair[1] > pair[0] && pair[1] % pair[0] == 0));
    }

    #[test]
    fn a_short_span_is_counted_by_seconds_and_a_longer_one_by_more() {
        assert_eq!(counted(0, &[500, 999, 1_000, 239_999]), (1_000, vec![(0, 2), (1_000, 1), (239_000, 1)]));
        assert_eq!(counted(0, &[500, 999, 1_000, 240_000]), (5_000, vec![(0, 3), (240_000, 1)]));
        let (width, buckets) = counted(0, &[0, 29 * DAY, 5 * DAY]);
        assert_eq!((width, buckets.len()), (3 * HOUR, 3), "in whatever order they come");
    }

    #[test]
    fn days_begin_where_the_local_day_does() {
        let india = 5 * HOUR + HOUR / 2;
        let (width, buckets) = counted(india, &[0, 100 * DAY]);
        assert_eq!((width, buckets[0]), (12 * HOUR, (-india, 1)));
    }

    #[test]
    fn there_are_never_many_whatever_comes() {
        let (width, buckets) = counted(0, &[i64::MIN, 0, 1, i64::MAX]);
        assert_eq!(buckets.iter().map(|(_, count)| count).sum::<u64>(), 4);
        assert!(width > 1_000 && buckets.len() <= 4);
        let moments: Vec<i64> = (0..10_000).map(|at| at * 7_919_000).collect();
        let (_, buckets) = counted(0, &moments);
        assert!(buckets.len() <= 240 && buckets.len() > 20, "{}", buckets.len());
    }

    #[test]
    fn what_merges_keeps_its_values() {
        let mut over_time = OverTime::new(0);
        for at in 0..100 {
            over_time.at(at * SECOND).took_micros.add(at);
        }
        over_time.at(90_000 * SECOND).bad += 1;
        let first = over_time.buckets().next().map(|(_, bucket)| (bucket.took_micros.count(), bucket.took_micros.quantile(500)));
        assert_eq!(first, Some((100, Some(49))));
    }
}
