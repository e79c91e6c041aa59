//! A histogram that stays small however many values it takes, and whatever they are.
//!
//! Values below 128 have a bucket each. Above, every doubling has 64, so that what is read back is within a hundredth.

use std::collections::BTreeMap;

/// From here on buckets are wider than one value.
const EXACT: u64 = 128;
/// How many buckets a doubling has, as a power of two.
const FINENESS: u32 = 6;

/// Counts of values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Histogram {
    buckets: BTreeMap<i32, u64>,
    count: u64,
    /// The least and the greatest.
    range: Option<(i64, i64)>,
}

impl Histogram {
    /// Takes a value.
    pub fn add(&mut self, value: i64) {
        *self.buckets.entry(bucket_of(value)).or_default() += 1;
        self.count += 1;
        self.range = Some(self.range.map_or((value, value), |(least, greatest)| (least.min(value), greatest.max(value))));
    }

    /// Takes all values of another one.
    pub fn add_all(&mut self, other: &Self) {
        for (bucket, count) in &other.buckets {
            *self.buckets.entry(*bucket).or_default() += count;
        }
        self.count += other.count;
        if let Some((least, greatest)) = other.range {
            self.range = Some(self.range.map_or((least, greatest), |(known, most)| (known.min(least), most.max(greatest))));
        }
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The greatest, exactly.
    pub fn max(&self) -> Option<i64> {
        self.range.map(|(_, greatest)| greatest)
    }

    /// The least value that so many per thousand of all do not exceed, within a hundredth.
    pub fn quantile(&self, per_thousand: u64) -> Option<i64> {
        let (least, greatest) = self.range?;
        let rank = (u128::from(self.count) * u128::from(per_thousand)).div_ceil(1000).max(1);
        let mut passed = 0;
        let reached = self.buckets.iter().find(|(_, count)| {
            passed += u128::from(**count);
            passed >= rank
        });
        reached.map(|(bucket, _)| middle_of(*bucket).clamp(least, greatest))
    }
}

fn bucket_of(value: i64) -> i32 {
    let size = value.unsigned_abs();
    let bucket = if size < EXACT {
        size
    } else {
        let doubling = size.ilog2();
        let shift = doubling - FINENESS;
        let doublings = u64::from(doubling - EXACT.ilog2());
        EXACT + (doublings << FINENESS) + ((size >> shift) - (1 << FINENESS))
    };
    let bucket = i32::try_from(bucket).expect("bug: 64 doublings have 4,000 buckets");
    if value < 0 { -bucket } else { bucket }
}

fn middle_of(bucket: i32) -> i64 {
    let number = u64::from(bucket.unsigned_abs());
    let size = if number < EXACT {
        number
    } else {
        let above = number - EXACT;
        let shift = u32::try_from(above >> FINENESS).unwrap_or(u32::MAX) + EXACT.ilog2() - FINENESS;
        let lowest = ((1 << FINENESS) + (above & ((1 << FINENESS) - 1))) << shift;
        lowest + (1 << shift) / 2
    };
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    if bucket < 0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = i64>) -> Histogram {
        let mut histogram = Histogram::default();
        values.into_iter().for_each(|value| histogram.add(value));
        histogram
    }

    #[test]
    fn small_values_come_back_exactly_and_large_ones_within_a_hundredth() {
        for value in [0, 1, 127, -1, -127] {
            assert_eq!(middle_of(bucket_of(value)), value);
        }
        for value in (7..63).flat_map(|doubling| [(1_i64 << doubling) - 1, 1 << doubling, (1 << doubling) + (1 << (doubling - 1)) + 1]) {
            let off = (i128::from(middle_of(bucket_of(value))) - i128::from(value)).abs();
            assert!(off * 100 <= i128::from(value), "{value} {off}");
            assert_eq!(bucket_of(-value), -bucket_of(value));
        }
    }

    #[test]
    fn buckets_stand_in_the_order_of_their_values() {
        let values = [i64::MIN, -(1 << 40), -128, -127, -1, 0, 1, 127, 128, 129, 255, 256, 1 << 40, i64::MAX];
        assert!(values.map(bucket_of).is_sorted());
    }

    #[test]
    fn quantiles_are_of_the_nearest_rank() {
        let hundred = of(1..=100);
        assert_eq!([0, 10, 500, 900, 950, 990, 1000].map(|rank| hundred.quantile(rank)), [1, 1, 50, 90, 95, 99, 100].map(Some));
        assert_eq!(of([7]).quantile(500), Some(7));
        assert_eq!(of([]).quantile(500), None);
        assert_eq!(of([-5, -5, 3]).quantile(500), Some(-5));
        assert_eq!((of([3, 1_000_003]).max(), of([1_000_003]).quantile(990)), (Some(1_000_003), Some(1_000_003)), "never beyond the range");
    }

    #[test]
    fn one_takes_the_values_of_another() {
        let mut both = of([1, 2, 300]);
        both.add_all(&of([-4, 300, 5_000]));
        assert_eq!(both, of([-4, 1, 2, 300, 300, 5_000]));
        both.add_all(&Histogram::default());
        assert_eq!(both.count(), 6);
    }

    #[test]
    fn it_stays_small() {
        let many = of((0..200_000).map(|at: i64| at.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.cast_signed())));
        assert!(many.buckets.len() < 8_000, "{}", many.buckets.len());
    }
}
