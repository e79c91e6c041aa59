//! Which things of two lists stand opposite each other.

use super::json::as_u32;
use imara_diff::{Algorithm, Diff, InternedInput};
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

/// The same of lists that have more items together than [`LONG`].
const WINDOW_OF_LONG: usize = 256;

/// From how many items on lists are long.
const LONG: usize = 200_000;

/// Pairs up the keys of two objects, those that come more than once in their order. Says whether what both have comes in the same
/// order. What the left has alone stands behind what it stood behind there.
pub fn by_key<K: Eq + Hash>(left: &[K], right: &[K]) -> (Vec<Step>, bool) {
    if left == right {
        return ((0..as_u32(left.len())).map(both).collect(), true);
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
pub fn lists(left: &[u64], right: &[u64], mut likeness: impl FnMut(usize, usize) -> u32) -> Vec<Step> {
    let start = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let most = left.len().min(right.len()) - start;
    let end = left.iter().rev().zip(right.iter().rev()).take(most).take_while(|(left, right)| left == right).count();
    let (end_left, end_right) = (left.len() - end, right.len() - end);
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    let (mut at_left, mut at_right) = (start, start);
    for (next_left, next_right) in anchors(left, start..end_left, right, start..end_right).into_iter().chain([(end_left, end_right)]) {
        within((left, at_left..next_left), (right, at_right..next_right), &mut pairs);
        if next_left < end_left {
            pairs.push((next_left, next_right));
        }
        (at_left, at_right) = (next_left + 1, next_right + 1);
    }
    pairs.extend((0..end).map(|at| (end_left + at, end_right + at)));
    let mut steps = Vec::with_capacity(left.len().max(right.len()));
    let (mut at_left, mut at_right) = (0, 0);
    for (next_left, next_right) in pairs.into_iter().chain([(left.len(), right.len())]) {
        if at_left < next_left || at_right < next_right {
            replaced(at_left..next_left, at_right..next_right, &mut likeness, &mut steps);
        }
        if next_left < left.len() {
            equal(next_left..next_left + 1, next_right, &mut steps);
        }
        (at_left, at_right) = (next_left + 1, next_right + 1);
    }
    steps
}

/// What is there once on both sides, as much of it as stands in the same order: only of lists that are longer than the window.
fn anchors(left: &[u64], in_left: Range<usize>, right: &[u64], in_right: Range<usize>) -> Vec<(usize, usize)> {
    if in_left.len() + in_right.len() <= 2 * WINDOW {
        return Vec::new();
    }
    // Where each is, on the left and on the right; twice is nowhere.
    let mut places: HashMap<u64, [Option<Option<usize>>; 2]> = HashMap::with_capacity(in_left.len());
    for (hand, at, value) in in_left.map(|at| (0, at, left[at])).chain(in_right.map(|at| (1, at, right[at]))) {
        let place = &mut places.entry(value).or_default()[hand];
        *place = Some(if place.is_none() { Some(at) } else { None });
    }
    let once = |place: [Option<Option<usize>>; 2]| Some((place[0].flatten()?, place[1].flatten()?));
    let mut pairs: Vec<(usize, usize)> = places.into_values().filter_map(once).collect();
    pairs.sort_unstable();
    longest_ascending(&pairs)
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

/// Pairs up what is equal, window by window: each begins where the one before it found the last pair.
fn within((left, in_left): (&[u64], Range<usize>), (right, in_right): (&[u64], Range<usize>), pairs: &mut Vec<(usize, usize)>) {
    let (mut at_left, mut at_right) = (in_left.start, in_right.start);
    let wide = if left.len() + right.len() <= LONG { WINDOW } else { WINDOW_OF_LONG };
    while at_left < in_left.end && at_right < in_right.end {
        let window = [at_left..in_left.end.min(at_left + wide), at_right..in_right.end.min(at_right + wide)];
        let is_last = window[0].end == in_left.end && window[1].end == in_right.end;
        let found = in_window(&left[window[0].clone()], &right[window[1].clone()]);
        let last = found.last().copied();
        pairs.extend(found.into_iter().map(|(left, right)| (at_left + left, at_right + right)));
        (at_left, at_right) = match last {
            _ if is_last => return,
            // Where hardly anything is equal, it would never end.
            Some((left, right)) if left.max(right) >= wide / 4 => (at_left + left + 1, at_right + right + 1),
            _ => (window[0].end, window[1].end),
        };
    }
}

fn in_window(left: &[u64], right: &[u64]) -> Vec<(usize, usize)> {
    let mut input = InternedInput::<u64>::default();
    input.update_before(left.iter().copied());
    input.update_after(right.iter().copied());
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let (mut at_left, mut at_right, mut pairs) = (0, 0, Vec::new());
    for hunk in diff.hunks() {
        pairs.extend((at_left..hunk.before.start as usize).zip(at_right..));
        (at_left, at_right) = (hunk.before.end as usize, hunk.after.end as usize);
    }
    pairs.extend((at_left..left.len()).zip(at_right..));
    pairs
}

fn equal(in_left: Range<usize>, from: usize, steps: &mut Vec<Step>) {
    let start = in_left.start;
    steps.extend(in_left.map(|at| Step { left: Some(as_u32(at)), right: Some(as_u32(at - start + from)) }));
}

/// A stretch of one list that became another one: what is alike pairs up, and between that whatever is as many on both sides.
fn replaced(in_left: Range<usize>, in_right: Range<usize>, likeness: &mut impl FnMut(usize, usize) -> u32, steps: &mut Vec<Step>) {
    let (mut at_left, mut at_right) = (in_left.start, in_right.start);
    for (left, right) in alike(&in_left, &in_right, likeness) {
        unlike(at_left..left, at_right..right, steps);
        steps.push(Step { left: Some(as_u32(left)), right: Some(as_u32(right)) });
        (at_left, at_right) = (left + 1, right + 1);
    }
    unlike(at_left..in_left.end, at_right..in_right.end, steps);
}

fn unlike(in_left: Range<usize>, in_right: Range<usize>, steps: &mut Vec<Step>) {
    if in_left.len() == in_right.len() {
        return equal(in_left, in_right.start, steps);
    }
    steps.extend(in_left.map(only_left));
    steps.extend(in_right.map(|at| Step { left: None, right: Some(as_u32(at)) }));
}

/// The pairs, in their order on both sides, that are most alike together.
fn alike(in_left: &Range<usize>, in_right: &Range<usize>, likeness: &mut impl FnMut(usize, usize) -> u32) -> Vec<(usize, usize)> {
    let (rows, columns) = (in_left.len(), in_right.len());
    if rows * columns == 0 || rows.saturating_mul(columns) > MOST_PAIRS || rows == 1 && columns == 1 {
        return Vec::new();
    }
    let likenesses: Vec<u32> = in_left
        .clone()
        .flat_map(|left| in_right.clone().map(move |right| (left, right)))
        .map(|(left, right)| likeness(left, right))
        .collect();
    // How alike the best pairs are of all from here on.
    let mut best = vec![0_u32; (rows + 1) * (columns + 1)];
    let place = |row: usize, column: usize| row * (columns + 1) + column;
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let alone = best[place(row + 1, column)].max(best[place(row, column + 1)]);
            let like = likenesses[row * columns + column];
            let paired = if like == 0 { 0 } else { like + best[place(row + 1, column + 1)] };
            best[place(row, column)] = alone.max(paired);
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while row < rows && column < columns {
        let here = best[place(row, column)];
        let like = likenesses[row * columns + column];
        if like > 0 && here == like + best[place(row + 1, column + 1)] {
            pairs.push((in_left.start + row, in_right.start + column));
            (row, column) = (row + 1, column + 1);
        } else if here == best[place(row + 1, column)] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

fn both(at: u32) -> Step {
    Step { left: Some(at), right: Some(at) }
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
