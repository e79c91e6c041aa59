//! Which things of two lists stand opposite each other.

use super::json::as_u32;
use super::subsequence::{self, Subsequence};
use imara_diff::{Algorithm, Diff, InternedInput, Token};
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

/// What stands on a line of two lists: a place in the left one, in the right one, or in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub left: Option<u32>,
    pub right: Option<u32>,
}

/// So many pairs of items are looked at where a stretch of one list became another stretch; beyond, they pair up in order.
const MOST_PAIRS: usize = 4_096;

/// How many items of each list are looked at together: what that costs may grow with their square.
const WINDOW: usize = 2_048;

/// From how many items on, together, lists are long: fewer of theirs are looked at together.
const LONG: usize = 200_000;

/// Pairs up as many on both sides in their order.
pub fn one_to_one(count: usize) -> Vec<Step> {
    (0..as_u32(count)).map(|at| Step { left: Some(at), right: Some(at) }).collect()
}

/// Pairs up the keys of two objects, those that come more than once in their order. Says whether what both have comes in the same
/// order. What the left has alone stands behind what it stood behind there.
pub fn by_key<K: Eq + Hash>(left: &[K], right: &[K]) -> (Vec<Step>, bool) {
    if left == right {
        return (one_to_one(left.len()), true);
    }
    // Where each key comes first, and where it comes again from each place on.
    let (mut first, mut again) = (HashMap::with_capacity(left.len()), vec![None; left.len()]);
    for at in (0..left.len()).rev() {
        again[at] = first.insert(&left[at], at);
    }
    let mut partner = vec![None; right.len()];
    let mut is_paired = vec![false; left.len()];
    for (at, key) in right.iter().enumerate() {
        let Some(place) = first.remove(key) else { continue };
        (partner[at], is_paired[place]) = (Some(place), true);
        if let Some(next) = again[place] {
            first.insert(&left[next], next);
        }
    }
    let alone = |from: usize| (from..left.len()).take_while(|at| !is_paired[*at]).map(only_left);
    let mut steps: Vec<Step> = alone(0).collect();
    for (at, place) in partner.iter().enumerate() {
        steps.push(Step { left: place.map(as_u32), right: Some(as_u32(at)) });
        if let Some(place) = place {
            steps.extend(alone(place + 1));
        }
    }
    let is_in_order = partner.iter().flatten().is_sorted();
    (steps, is_in_order)
}

/// Pairs up the items of two lists that are equal, as many as is cheap to find, and between them those that are most alike.
///
/// What is the same at both ends comes first, then what is there once on both sides and in the same order; between those, a window
/// moves over both lists, so that no list is dear, whatever is in it.
pub fn lists(left: &[u64], right: &[u64], likeness: impl FnMut(usize, usize) -> u32) -> Vec<Step> {
    let start = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let most = left.len().min(right.len()) - start;
    let end = left.iter().rev().zip(right.iter().rev()).take(most).take_while(|(left, right)| left == right).count();
    let (end_left, end_right) = (left.len() - end, right.len() - end);
    let mut alignment = Alignment::new(left.len().max(right.len()), likeness);
    (0..start).for_each(|at| alignment.pair(at, at));
    let (between_left, between_right) = (&left[start..end_left], &right[start..end_right]);
    // Of one and one it is known that they are not equal.
    if between_left.len().min(between_right.len()) > 0 && between_left.len() + between_right.len() > 2 {
        Between::of(between_left, between_right).pair_up(|left, right| alignment.pair(start + left, start + right));
    }
    (0..end).for_each(|at| alignment.pair(end_left + at, end_right + at));
    alignment.up_to(left.len(), right.len());
    alignment.steps
}

/// What stands between the common ends of two lists: equal items are equal tokens.
struct Between {
    items: InternedInput<u64>,
    window: Window,
}

/// Where an item stands that is nowhere.
const NOWHERE: u32 = u32::MAX;

/// Where an item stands that is in several places.
const TWICE: u32 = u32::MAX - 1;

impl Between {
    fn of(left: &[u64], right: &[u64]) -> Self {
        let mut items = InternedInput::default();
        items.update_before(left.iter().copied());
        items.update_after(right.iter().copied());
        let wide = if left.len() + right.len() <= LONG { WINDOW } else { subsequence::MOST };
        let window = Window { wide, numbers: vec![NOWHERE; items.interner.num_tokens() as usize], ..Window::default() };
        Self { items, window }
    }

    fn pair_up(mut self, mut pair: impl FnMut(usize, usize)) {
        let (before, after) = (&self.items.before, &self.items.after);
        let (mut at_left, mut at_right) = (0, 0);
        for (left, right) in self.anchors() {
            self.window.pass((before, at_left..left), (after, at_right..right), &mut pair);
            pair(left, right);
            (at_left, at_right) = (left + 1, right + 1);
        }
        self.window.pass((before, at_left..before.len()), (after, at_right..after.len()), &mut pair);
    }

    /// What is there once on both sides, as much of it as stands in the same order: only of lists that are longer than the window.
    fn anchors(&self) -> Vec<(usize, usize)> {
        let (before, after) = (&self.items.before, &self.items.after);
        if before.len() + after.len() <= 2 * WINDOW {
            return Vec::new();
        }
        let [left, right] = [before, after].map(|tokens| self.places(tokens));
        let is_once = |place: u32| place < TWICE;
        let once = |token: &Token| Some(token.0 as usize).filter(|token| is_once(left[*token]) && is_once(right[*token]));
        let pairs: Vec<_> = before.iter().filter_map(once).map(|token| (left[token] as usize, right[token] as usize)).collect();
        longest_ascending(&pairs)
    }

    /// Where each token stands in a list.
    fn places(&self, tokens: &[Token]) -> Vec<u32> {
        let mut places = vec![NOWHERE; self.items.interner.num_tokens() as usize];
        for (at, token) in (0..).zip(tokens) {
            let place = &mut places[token.0 as usize];
            *place = if *place == NOWHERE { at } else { TWICE };
        }
        places
    }
}

/// Of pairs that ascend on the left, the most that ascend on the right too.
fn longest_ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The pair with which each length ends lowest so far, and the pair before each.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::with_capacity(pairs.len()));
    for (at, (_, right)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *right);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut longest: Vec<_> = std::iter::successors(ends.last().copied(), |at| before[*at]).map(|at| pairs[at]).collect();
    longest.reverse();
    longest
}

/// The window that moves over both lists.
#[derive(Default)]
struct Window {
    wide: usize,
    /// The number of each token within the window: what comparing costs grows with the highest one.
    numbers: Vec<u32>,
    left: Vec<Token>,
    right: Vec<Token>,
    diff: Diff,
    subsequence: Subsequence,
}

impl Window {
    /// Pairs up what is equal in two stretches: the window begins anew where it found the last pair.
    fn pass(
        &mut self,
        (left, in_left): (&[Token], Range<usize>),
        (right, in_right): (&[Token], Range<usize>),
        pair: &mut impl FnMut(usize, usize),
    ) {
        let (mut at_left, mut at_right) = (in_left.start, in_right.start);
        while at_left < in_left.end && at_right < in_right.end {
            let (end_left, end_right) = (in_left.end.min(at_left + self.wide), in_right.end.min(at_right + self.wide));
            let last =
                self.look(&left[at_left..end_left], &right[at_right..end_right], |left, right| pair(at_left + left, at_right + right));
            (at_left, at_right) = match last {
                _ if (end_left, end_right) == (in_left.end, in_right.end) => return,
                // Where hardly anything is equal, it would never end.
                Some((left, right)) if left.max(right) >= self.wide / 4 => (at_left + left + 1, at_right + right + 1),
                _ => (end_left, end_right),
            };
        }
    }

    /// Pairs up what is equal in the window, and says which pair is the last one.
    fn look(&mut self, left: &[Token], right: &[Token], mut pair: impl FnMut(usize, usize)) -> Option<(usize, usize)> {
        let Self { wide, numbers, left: before, right: after, diff, subsequence } = self;
        let mut count = 0;
        for (tokens, numbered) in [(left, &mut *before), (right, &mut *after)] {
            numbered.clear();
            numbered.extend(tokens.iter().map(|token| {
                let number = &mut numbers[token.0 as usize];
                if *number == NOWHERE {
                    (*number, count) = (count, count + 1);
                }
                Token(*number)
            }));
        }
        left.iter().chain(right).for_each(|token| numbers[token.0 as usize] = NOWHERE);
        if *wide <= subsequence::MOST {
            let pairs = subsequence.of(before, after, count);
            for (left, right) in pairs {
                pair(*left, *right);
            }
            return pairs.last().copied();
        }
        diff.compute_with(Algorithm::Histogram, before, after, count);
        let (mut at_left, mut at_right, mut last) = (0, 0, None);
        let mut equal = |end_left: usize, from_left: usize, from_right: usize| {
            for (left, right) in (from_left..end_left).zip(from_right..) {
                pair(left, right);
                last = Some((left, right));
            }
        };
        for hunk in diff.hunks() {
            equal(hunk.before.start as usize, at_left, at_right);
            (at_left, at_right) = (hunk.before.end as usize, hunk.after.end as usize);
        }
        equal(left.len(), at_left, at_right);
        last
    }
}

/// Two lists opposite each other, up to a place in either.
struct Alignment<L> {
    steps: Vec<Step>,
    at_left: usize,
    at_right: usize,
    likeness: L,
    table: Table,
}

/// How alike the items of two stretches are, kept for the next stretches: there may be a million.
#[derive(Default)]
struct Table {
    /// Each to each, row by row.
    likenesses: Vec<u32>,
    /// How alike the best pairs are of all from a place on.
    best: Vec<u32>,
    pairs: Vec<(usize, usize)>,
}

impl<L: FnMut(usize, usize) -> u32> Alignment<L> {
    fn new(about: usize, likeness: L) -> Self {
        Self { steps: Vec::with_capacity(about), at_left: 0, at_right: 0, likeness, table: Table::default() }
    }

    /// Goes on to two items that are equal.
    fn pair(&mut self, left: usize, right: usize) {
        self.up_to(left, right);
        self.steps.push(both(left, right));
        (self.at_left, self.at_right) = (left + 1, right + 1);
    }

    /// Goes on up to two places. A stretch of one list became another one: what is alike pairs up, and between that whatever is as
    /// many on both sides.
    fn up_to(&mut self, end_left: usize, end_right: usize) {
        if (self.at_left, self.at_right) == (end_left, end_right) {
            return;
        }
        self.table.fill(self.at_left..end_left, self.at_right..end_right, &mut self.likeness);
        for at in 0..self.table.pairs.len() {
            let (left, right) = self.table.pairs[at];
            self.unlike(left, right);
            self.steps.push(both(left, right));
            (self.at_left, self.at_right) = (left + 1, right + 1);
        }
        self.unlike(end_left, end_right);
    }

    fn unlike(&mut self, end_left: usize, end_right: usize) {
        let (in_left, in_right) = (self.at_left..end_left, self.at_right..end_right);
        (self.at_left, self.at_right) = (end_left, end_right);
        if in_left.len() == in_right.len() {
            self.steps.extend(in_left.zip(in_right).map(|(left, right)| both(left, right)));
            return;
        }
        self.steps.extend(in_left.map(only_left));
        self.steps.extend(in_right.map(|at| Step { left: None, right: Some(as_u32(at)) }));
    }
}

impl Table {
    /// Finds the pairs, in their order on both sides, that are most alike together.
    fn fill(&mut self, in_left: Range<usize>, in_right: Range<usize>, likeness: &mut impl FnMut(usize, usize) -> u32) {
        let Self { likenesses, best, pairs } = self;
        pairs.clear();
        let (start_left, start_right, rows, columns) = (in_left.start, in_right.start, in_left.len(), in_right.len());
        if rows * columns == 0 || rows.saturating_mul(columns) > MOST_PAIRS || rows == 1 && columns == 1 {
            return;
        }
        likenesses.clear();
        for left in in_left {
            likenesses.extend(in_right.clone().map(|right| likeness(left, right)));
        }
        if likenesses.iter().all(|likeness| *likeness == 0) {
            return;
        }
        best.clear();
        best.resize((rows + 1) * (columns + 1), 0);
        let place = |row: usize, column: usize| row * (columns + 1) + column;
        for row in (0..rows).rev() {
            for column in (0..columns).rev() {
                let alone = best[place(row + 1, column)].max(best[place(row, column + 1)]);
                let like = likenesses[row * columns + column];
                let paired = if like == 0 { 0 } else { like + best[place(row + 1, column + 1)] };
                best[place(row, column)] = alone.max(paired);
            }
        }
        let (mut row, mut column) = (0, 0);
        while row < rows && column < columns {
            let here = best[place(row, column)];
            let like = likenesses[row * columns + column];
            if like > 0 && here == like + best[place(row + 1, column + 1)] {
                pairs.push((start_left + row, start_right + column));
                (row, column) = (row + 1, column + 1);
            } else if here == best[place(row + 1, column)] {
                row += 1;
            } else {
                column += 1;
            }
        }
    }
}

fn both(left: usize, right: usize) -> Step {
    Step { left: Some(as_u32(left)), right: Some(as_u32(right)) }
}

fn only_left(at: usize) -> Step {
    Step { left: Some(as_u32(at)), right: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(steps: &[Step]) -> String {
        let side = |place: Option<u32>| place.map_or("-".to_owned(), |at| at.to_string());
        steps.iter().map(|step| format!("{}{}", side(step.left), side(step.right))).collect::<Vec<_>>().join(" ")
    }

    fn check_lists(left: &str, right: &str, expected: &str) {
        let items = |text: &str| text.bytes().map(u64::from).collect::<Vec<_>>();
        // Letters are alike whatever their case.
        let likeness = |at: usize, other: usize| u32::from(left.as_bytes()[at].eq_ignore_ascii_case(&right.as_bytes()[other]));
        assert_eq!(shown(&lists(&items(left), &items(right), likeness)), expected, "{left} {right}");
    }

    #[test]
    fn an_item_put_in_between_moves_no_other() {
        check_lists("abc", "abc", "00 11 22");
        check_lists("abc", "axbc", "00 -1 12 23");
        check_lists("abc", "bc", "0- 10 21");
        check_lists("abcdef", "acdxef", "00 1- 21 32 -3 44 55");
        check_lists("", "ab", "-0 -1");
        check_lists("aaa", "aa", "00 11 2-");
    }

    /// How many items of two lists stand alone.
    fn alone(left: &[u64], right: &[u64]) -> usize {
        let steps = lists(left, right, |_, _| 0);
        let sides = |side: fn(&Step) -> Option<u32>| steps.iter().filter_map(side).map(|at| at as usize).collect::<Vec<_>>();
        assert_eq!(sides(|step| step.left), (0..left.len()).collect::<Vec<_>>());
        assert_eq!(sides(|step| step.right), (0..right.len()).collect::<Vec<_>>());
        let is_equal = |step: &Step| step.left.zip(step.right).is_some_and(|(at, other)| left[at as usize] == right[other as usize]);
        steps.iter().filter(|step| !is_equal(step)).count()
    }

    #[test]
    fn in_long_lists_what_was_put_in_between_moves_no_other() {
        let long: Vec<u64> = (0..50_000).collect();
        let mut other = long.clone();
        other.splice(40_000..40_000, 1_000_000..1_009_000);
        other.splice(10_000..10_002, [7_000_000]);
        other.remove(5);
        assert_eq!(alone(&long, &other), 9_000 + 3 + 1);
    }

    #[test]
    fn in_long_lists_of_few_values_the_window_follows_what_was_put_in_between() {
        let long: Vec<u64> = (0..50_000_u64).map(|at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 62).collect();
        let mut other = long.clone();
        for at in [45_000, 30_000, 20_001, 4_000] {
            other.insert(at, 9);
        }
        assert_eq!(alone(&long, &other), 4);
        let shifted: Vec<u64> = long.iter().map(|value| value + 10).collect();
        assert_eq!(alone(&long, &shifted), long.len(), "nothing is equal, so each became the one in its place");
    }

    #[test]
    fn in_the_longest_lists_the_window_is_narrower_and_follows_too() {
        let long: Vec<u64> = (0..150_000_u64).map(|at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 62).collect();
        let mut other = long.clone();
        other.splice(100_000..100_000, [9; 20]);
        other.remove(50_000);
        other[20_000] = 9;
        assert_eq!(alone(&long, &other), 20 + 1 + 1);
        let shifted: Vec<u64> = long.iter().map(|value| value + 10).collect();
        assert_eq!(alone(&long, &shifted), long.len());
    }

    #[test]
    fn what_is_alike_stands_opposite_and_as_many_as_many() {
        check_lists("abc", "axc", "00 11 22");
        check_lists("abc", "xyz", "00 11 22");
        check_lists("ab", "xyz", "0- 1- -0 -1 -2");
        check_lists("ab", "xBz", "00 11 -2");
        check_lists("ab", "xyBz", "0- -0 -1 12 -3");
    }

    #[test]
    fn keys_pair_up_wherever_they_stand() {
        let check = |left: &str, right: &str, expected: &str, in_order: bool| {
            let (steps, is_in_order) = by_key(left.as_bytes(), right.as_bytes());
            assert_eq!((shown(&steps).as_str(), is_in_order), (expected, in_order), "{left} {right}");
        };
        check("abc", "abc", "00 11 22", true);
        check("abc", "axc", "00 1- -1 22", true);
        check("abc", "cab", "20 01 12", false);
        check("aba", "aab", "00 21 12", false);
        check("xab", "ab", "0- 10 21", true);
        check("aa", "a", "00 1-", true);
    }
}
