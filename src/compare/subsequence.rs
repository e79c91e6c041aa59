//! What two short lists have in common, as much of it as stands in the same order.
//!
//! It is always the most there is, and takes the same time whatever is in the lists: of the table that is usually filled for it, a
//! row is a few words here, a bit for each item. Source: Hyyrö, “Bit-parallel LCS-length computation revisited”, 2004.

use imara_diff::Token;

/// How many items a list may have.
pub const MOST: usize = u64::BITS as usize * WORDS;

const WORDS: usize = 4;

/// A bit for each item of the left list.
type Bits = [u64; WORDS];

/// Finds it, in one pair of lists after the other.
#[derive(Default)]
pub struct Subsequence {
    /// Where each token stands in the left list.
    places: Vec<Bits>,
    /// After each item of the right list: where in the left one nothing more was found in common.
    rows: Vec<Bits>,
    pairs: Vec<(usize, usize)>,
}

impl Subsequence {
    /// The pairs of places, in their order. So many tokens there are, numbered from 0.
    pub fn of(&mut self, left: &[Token], right: &[Token], tokens: u32) -> &[(usize, usize)] {
        let Self { places, rows, pairs } = self;
        places.clear();
        places.resize(tokens as usize, [0; WORDS]);
        for (at, token) in left.iter().enumerate() {
            places[token.0 as usize][at / 64] |= 1 << (at % 64);
        }
        rows.clear();
        let mut row = [u64::MAX; WORDS];
        rows.extend(right.iter().map(|token| {
            row = next(&row, &places[token.0 as usize]);
            row
        }));
        pairs.clear();
        let nothing_more = |row: usize, at: usize| rows[row][at / 64] >> (at % 64) & 1 == 1;
        let (mut end_left, mut end_right) = (left.len(), right.len());
        while end_left > 0 && end_right > 0 {
            if nothing_more(end_right - 1, end_left - 1) {
                end_left -= 1;
            } else {
                end_right -= 1;
                // What was found without the right item as well was not found by it.
                if end_right == 0 || nothing_more(end_right - 1, end_left - 1) {
                    end_left -= 1;
                    pairs.push((end_left, end_right));
                }
            }
        }
        pairs.reverse();
        pairs
    }
}

/// The row below another one, for an item that stands in these places.
fn next(row: &Bits, places: &Bits) -> Bits {
    let (mut below, mut carry) = ([0; WORDS], false);
    for word in 0..WORDS {
        let both = row[word] & places[word];
        let (sum, is_over) = row[word].overflowing_add(both);
        let (sum, is_over_again) = sum.overflowing_add(u64::from(carry));
        carry = is_over || is_over_again;
        below[word] = sum | (row[word] & !both);
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(left: &[u32], right: &[u32], expected: usize) {
        let [left, right] = [left, right].map(|list| list.iter().copied().map(Token).collect::<Vec<_>>());
        let mut subsequence = Subsequence::default();
        let pairs = subsequence.of(&left, &right, 8);
        assert!(pairs.iter().all(|(at, other)| left[*at] == right[*other]));
        assert!(pairs.is_sorted_by(|one, next| one.0 < next.0 && one.1 < next.1), "{pairs:?}");
        assert_eq!(pairs.len(), expected, "{pairs:?}");
    }

    #[test]
    fn it_is_the_longest() {
        check(&[], &[1], 0);
        check(&[1, 2, 3], &[1, 2, 3], 3);
        check(&[1, 2, 3, 4], &[2, 4, 1, 3], 2);
        check(&[1, 1, 1], &[1, 1], 2);
        check(&[0, 1, 2, 0, 1, 2], &[2, 1, 0, 2, 1, 0], 3);
        check(&[5, 6], &[7, 7], 0);
    }

    /// As the table is usually filled.
    fn length(left: &[u32], right: &[u32]) -> usize {
        let mut row = vec![0; left.len() + 1];
        for item in right {
            let mut diagonal = 0;
            for (at, other) in left.iter().enumerate() {
                let above = row[at + 1];
                row[at + 1] = if item == other { diagonal + 1 } else { above.max(row[at]) };
                diagonal = above;
            }
        }
        row[left.len()]
    }

    #[test]
    fn it_is_the_longest_across_words_too() {
        let mut seed = 1_u32;
        let mut lot = |length: usize, below: u32| -> Vec<u32> {
            let mut next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 16) % below
            };
            (0..length).map(|_| next()).collect()
        };
        for (left, right, below) in [(MOST, MOST, 2), (MOST, 100, 3), (65, MOST, 8), (130, 128, 1), (64, 64, 5)] {
            let (left, right) = (lot(left, below), lot(right, below));
            check(&left, &right, length(&left, &right));
        }
    }
}
