//! Ids: a set of exchanges, as ranges of their ids. A million that follow each other take no more room than one.

/// A set of ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ids {
    /// First and last of each range, ascending; between two of them at least one id is missing.
    ranges: Vec<(i64, i64)>,
    count: u64,
}

impl Ids {
    /// The set of one.
    pub fn one(id: i64) -> Self {
        Self::of_ranges(vec![(id, id)])
    }

    /// The set that these ranges are, first and last of each; `None` where they do not ascend or touch.
    pub fn from_ranges(ranges: Vec<(i64, i64)>) -> Option<Self> {
        let ascends = ranges.iter().all(|(first, last)| first <= last);
        let is_apart = ranges.windows(2).all(|pair| pair[0].1.checked_add(1).is_some_and(|next| next < pair[1].0));
        (ascends && is_apart).then(|| Self::of_ranges(ranges))
    }

    fn of_ranges(ranges: Vec<(i64, i64)>) -> Self {
        let count = ranges.iter().map(|(first, last)| first.abs_diff(*last) + 1).sum();
        Self { ranges, count }
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// First and last of each range, ascending.
    pub fn ranges(&self) -> &[(i64, i64)] {
        &self.ranges
    }

    /// Whether an id is among them.
    pub fn contains(&self, id: i64) -> bool {
        self.place_of(id).is_ok()
    }

    /// The range that an id is in, or where one would be inserted.
    fn place_of(&self, id: i64) -> Result<usize, usize> {
        let at = self.ranges.partition_point(|(_, last)| *last < id);
        if self.ranges.get(at).is_some_and(|(first, _)| *first <= id) { Ok(at) } else { Err(at) }
    }

    /// All of them, ascending.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        self.ranges.iter().flat_map(|(first, last)| *first..=*last)
    }

    /// Those beyond an id, ascending.
    pub fn after(&self, id: i64) -> impl Iterator<Item = i64> + '_ {
        let at = self.ranges.partition_point(|(_, last)| *last <= id);
        self.ranges[at..].iter().flat_map(move |(first, last)| (*first).max(id.saturating_add(1))..=*last)
    }

    /// The one that is nearest to an id.
    pub fn nearest(&self, id: i64) -> Option<i64> {
        let Err(at) = self.place_of(id) else { return Some(id) };
        let before = at.checked_sub(1).map(|at| self.ranges[at].1);
        let behind = self.ranges.get(at).map(|(first, _)| *first);
        before.into_iter().chain(behind).min_by_key(|one| one.abs_diff(id))
    }

    /// These and those.
    #[must_use]
    pub fn with(&self, others: &Self) -> Self {
        let mut all = [self.ranges.as_slice(), others.ranges.as_slice()].concat();
        all.sort_unstable();
        let mut ranges: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match ranges.last_mut() {
                Some(before) if before.1 >= first.saturating_sub(1) => before.1 = before.1.max(last),
                _ => ranges.push((first, last)),
            }
        }
        Self::of_ranges(ranges)
    }

    /// These without those.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len());
        let mut cuts = others.ranges.iter().copied().peekable();
        for (first, last) in self.ranges.iter().copied() {
            let mut from = Some(first);
            while cuts.next_if(|(_, end)| *end < first).is_some() {}
            while let (Some(start), Some((cut, end))) = (from, cuts.peek().copied().filter(|(cut, _)| *cut <= last)) {
                if start < cut {
                    ranges.push((start, cut - 1));
                }
                from = end.checked_add(1).filter(|next| *next <= last).map(|next| next.max(start));
                // A cut that reaches beyond this range may cut the next one too.
                if from.is_some() {
                    cuts.next();
                }
            }
            ranges.extend(from.map(|start| (start, last)));
        }
        Self::of_ranges(ranges)
    }

    /// Takes one in, or out where it is in.
    pub fn toggle(&mut self, id: i64) {
        let one = Self::one(id);
        *self = if self.contains(id) { self.without(&one) } else { self.with(&one) };
    }
}

impl FromIterator<i64> for Ids {
    /// In any order, some perhaps more than once.
    fn from_iter<T: IntoIterator<Item = i64>>(ids: T) -> Self {
        let mut ids = ids.into_iter();
        let mut ranges: Vec<(i64, i64)> = Vec::new();
        // Mostly they come in order: then there is nothing to be sorted.
        let early = ids.find(|id| !add(&mut ranges, *id));
        let mut rest: Vec<i64> = early.into_iter().chain(ids).collect();
        rest.sort_unstable();
        let mut others = Vec::new();
        for id in rest {
            add(&mut others, id);
        }
        let ascending = Self::of_ranges(ranges);
        if others.is_empty() { ascending } else { ascending.with(&Self::of_ranges(others)) }
    }
}

/// Adds an id that is not before the last one; says whether it was not.
fn add(ranges: &mut Vec<(i64, i64)>, id: i64) -> bool {
    match ranges.last_mut() {
        Some((_, last)) if id < *last => return false,
        Some((_, last)) if id <= last.saturating_add(1) => *last = id,
        _ => ranges.push((id, id)),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[i64]) -> Ids {
        ids.iter().copied().collect()
    }

    fn check(ids: &Ids, expected: &[i64]) {
        assert_eq!(ids.iter().collect::<Vec<_>>(), expected);
        assert_eq!((ids.len(), ids.is_empty()), (expected.len() as u64, expected.is_empty()));
        assert_eq!(Ids::from_ranges(ids.ranges().to_vec()).as_ref(), Some(ids), "its ranges are those of a set");
    }

    #[test]
    fn any_order_makes_the_same_set() {
        check(&ids(&[5, 3, 4, 9, 3]), &[3, 4, 5, 9]);
        assert_eq!(ids(&[9, 5, 4, 3]).ranges(), [(3, 5), (9, 9)]);
        check(&ids(&[]), &[]);
        check(&ids(&[i64::MAX, i64::MIN]), &[i64::MIN, i64::MAX]);
    }

    #[test]
    fn sets_are_added_and_taken_away_as_their_members_are() {
        let sets: Vec<Vec<i64>> = (0..64_i64).map(|bits| (0..6).filter(|bit| bits >> bit & 1 == 1).map(|bit| bit + 1).collect()).collect();
        for one in &sets {
            for other in &sets {
                let (left, right) = (ids(one), ids(other));
                let both: Vec<i64> = (1..=6).filter(|id| one.contains(id) || other.contains(id)).collect();
                let rest: Vec<i64> = one.iter().copied().filter(|id| !other.contains(id)).collect();
                check(&left.with(&right), &both);
                check(&left.without(&right), &rest);
            }
        }
    }

    #[test]
    fn one_is_found_beyond_another_and_near_one_that_is_missing() {
        let set = ids(&[3, 4, 5, 9]);
        assert_eq!([2, 3, 5, 8, 9].map(|id| set.after(id).next()), [Some(3), Some(4), Some(9), Some(9), None]);
        assert_eq!([1, 4, 6, 8, 99].map(|id| set.nearest(id)), [Some(3), Some(4), Some(5), Some(9), Some(9)]);
        assert_eq!(ids(&[]).nearest(1), None);
    }

    #[test]
    fn one_is_taken_in_and_out() {
        let mut set = ids(&[3, 4, 5]);
        set.toggle(4);
        check(&set, &[3, 5]);
        set.toggle(4);
        set.toggle(6);
        assert_eq!(set.ranges(), [(3, 6)]);
    }

    #[test]
    fn what_is_no_set_is_refused() {
        for ranges in [vec![(2, 1)], vec![(1, 2), (3, 4)], vec![(5, 6), (1, 2)], vec![(1, i64::MAX), (1, 1)]] {
            assert_eq!(Ids::from_ranges(ranges), None);
        }
    }

    #[test]
    fn a_million_are_one_range() {
        assert_eq!((1..=1_000_000).rev().collect::<Ids>().ranges(), [(1, 1_000_000)]);
    }
}
