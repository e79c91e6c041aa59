//! Which exchanges are looked into, where looking into all of them would take too long.
//!
//! Exchanges of one command that were judged alike are a stratum. A stratum that is small is taken whole; of a large one every
//! second is taken, or every fourth, and so on, so that they are spread evenly over time.

use std::collections::BTreeMap;

/// What has the command of this number, and was judged so.
pub(super) type Key = (usize, usize);

/// How many are looked into at most.
const MOST: usize = 20_000;
/// How many bytes of bodies are, at most.
const MOST_BYTES: u64 = 256_000_000;

/// One stratum.
#[derive(Debug, Clone)]
struct Stratum {
    /// How many exchanges it has.
    size: u64,
    /// Each so many-th of them is taken.
    stride: u64,
    /// Those that are, with the bytes of their bodies.
    taken: Vec<(i64, u64)>,
}

/// What is taken of the exchanges that come by.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    strata: BTreeMap<Key, Stratum>,
    taken: usize,
    bytes: u64,
}

impl Sample {
    /// An exchange comes by.
    pub fn pass(&mut self, key: Key, id: i64, bytes: u64) {
        let stratum = self.strata.entry(key).or_insert(Stratum { size: 0, stride: 1, taken: Vec::new() });
        stratum.size += 1;
        if (stratum.size - 1).is_multiple_of(stratum.stride) {
            stratum.taken.push((id, bytes));
            self.taken += 1;
            self.bytes += bytes;
        }
        while self.taken > MOST || self.bytes > MOST_BYTES {
            if !self.thin_out() {
                break;
            }
        }
    }

    /// The ids that are taken, ascending, each with its stratum.
    pub fn taken(&self) -> Vec<(i64, Key)> {
        let mut taken: Vec<(i64, Key)> =
            self.strata.iter().flat_map(|(key, stratum)| stratum.taken.iter().map(|(id, _)| (*id, *key))).collect();
        taken.sort_unstable();
        taken
    }

    /// The strata, each with how many exchanges it has.
    pub fn sizes(&self) -> impl Iterator<Item = (Key, u64)> {
        self.strata.iter().map(|(key, stratum)| (*key, stratum.size))
    }

    /// Leaves every second of the stratum that takes the most; `false` where that leaves as many.
    fn thin_out(&mut self) -> bool {
        let by_bytes = self.bytes > MOST_BYTES;
        let weight = |stratum: &&mut Stratum| {
            if by_bytes { stratum.taken.iter().map(|(_, bytes)| bytes).sum() } else { stratum.taken.len() as u64 }
        };
        let Some(largest) = self.strata.values_mut().filter(|stratum| stratum.taken.len() > 1).max_by_key(weight) else { return false };
        let mut stays = false;
        let (mut left, mut bytes_left) = (0, 0);
        let before = (largest.taken.len(), largest.taken.iter().map(|(_, bytes)| bytes).sum::<u64>());
        largest.taken.retain(|(_, bytes)| {
            stays = !stays;
            if stays {
                left += 1;
                bytes_left += bytes;
            }
            stays
        });
        largest.stride *= 2;
        self.taken -= before.0 - left;
        self.bytes -= before.1 - bytes_left;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_all_taken() {
        let mut sample = Sample::default();
        (1..=MOST).for_each(|id| sample.pass((id % 3, 0), id.try_into().unwrap_or(0), 1_000));
        assert_eq!(sample.taken().len(), MOST);
        assert!(sample.taken().is_sorted());
    }

    #[test]
    fn of_a_large_stratum_some_are_spread_evenly_and_a_small_one_stays_whole() {
        let mut sample = Sample::default();
        for id in 1..=1_000_000 {
            let key = if id % 1_000 == 0 { (1, 1) } else { (0, 0) };
            sample.pass(key, id, 700);
        }
        let taken = sample.taken();
        assert!((MOST / 3..=MOST).contains(&taken.len()), "{}", taken.len());
        let small: Vec<i64> = taken.iter().filter(|(_, key)| *key == (1, 1)).map(|(id, _)| *id).collect();
        assert_eq!(small.len(), 1_000);
        let large: Vec<i64> = taken.iter().filter(|(_, key)| *key == (0, 0)).map(|(id, _)| *id).collect();
        let gaps: Vec<i64> = large.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let (least, most) = (gaps.iter().min().copied().unwrap_or(0), gaps.iter().max().copied().unwrap_or(0));
        assert!(least > 0 && most <= least + 2, "{least} {most}");
        assert_eq!(sample.sizes().collect::<Vec<_>>(), [((0, 0), 999_000), ((1, 1), 1_000)]);
    }

    #[test]
    fn long_bodies_make_it_fewer_and_one_stays_of_each() {
        let mut sample = Sample::default();
        (1..=1_000).for_each(|id| sample.pass((0, 0), id, 10 << 20));
        assert!((1..=25).contains(&sample.taken().len()), "{}", sample.taken().len());
        sample.pass((1, 0), 2_000, u64::from(u32::MAX));
        assert!(sample.taken().contains(&(2_000, (1, 0))));
    }
}
