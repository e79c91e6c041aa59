//! How far this machine's clock and the sender's are apart: the middle one of the last ages.
//!
//! Only signatures that fit a token count, each once: a stored request that is sent again says nothing about clocks.

use std::collections::VecDeque;

/// How many of the last callbacks count. Odd, so that one stands in the middle.
const REMEMBERED: usize = 101;

/// How many there must be before they say anything: one late callback is no wrong clock.
const ENOUGH: usize = 5;

/// The last ages.
#[derive(Debug, Default)]
pub struct Skew {
    ages_secs: VecDeque<i64>,
}

impl Skew {
    /// Notes how old a callback was at its arrival, in seconds; negative when it was signed in the future.
    pub fn note(&mut self, age_secs: i64) {
        if self.ages_secs.len() == REMEMBERED {
            self.ages_secs.pop_front();
        }
        self.ages_secs.push_back(age_secs);
    }

    /// The age in the middle: half of them are older, half younger. `None` while there are too few.
    pub fn median_secs(&self) -> Option<i64> {
        if self.ages_secs.len() < ENOUGH {
            return None;
        }
        let mut ages: Vec<i64> = self.ages_secs.iter().copied().collect();
        let middle = ages.len() / 2;
        Some(*ages.select_nth_unstable(middle).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ages: impl IntoIterator<Item = i64>, expected: Option<i64>) {
        let mut skew = Skew::default();
        ages.into_iter().for_each(|age| skew.note(age));
        assert_eq!(skew.median_secs(), expected);
    }

    #[test]
    fn the_middle_one_counts() {
        check([0, 0, 0, 0], None);
        check([42, 41, 43, 42, 3_600], Some(42));
        check([-42, -42, -41, 0, 0], Some(-41));
    }

    #[test]
    fn what_is_long_ago_no_longer_counts() {
        check((0..200).map(|n| if n < 140 { 0 } else { 42 }), Some(42));
        check((0..200).map(|n| if n < 160 { 0 } else { 42 }), Some(0));
    }
}
