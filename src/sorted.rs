//! Exchanges in an order of their own, and where each of them stands.

use crate::ids::Ids;

/// Ids in an order that is not theirs. An exchange takes 12 bytes, and is found in it without a look at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorted {
    /// In their order.
    ids: Vec<i64>,
    /// The positions by the ids that stand there, ascending.
    by_id: Vec<u32>,
}

impl Sorted {
    /// Takes ids as they are to stand, each once. It takes its time with a million: not for the window's thread.
    pub fn new(ids: Vec<i64>) -> Self {
        let count = u32::try_from(ids.len()).expect("bug: memory ends before numbers do");
        let mut by_id: Vec<u32> = (0..count).collect();
        by_id.sort_unstable_by_key(|at| ids[*at as usize]);
        Self { ids, by_id }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// All of them, in their order.
    pub fn ids(&self) -> &[i64] {
        &self.ids
    }

    /// All of them, the oldest first.
    pub fn ascending(&self) -> impl Iterator<Item = i64> {
        self.by_id.iter().map(|at| self.ids[*at as usize])
    }

    /// The exchange at a position.
    pub fn id_at(&self, position: usize) -> Option<i64> {
        self.ids.get(position).copied()
    }

    /// Where an exchange stands.
    pub fn position_of(&self, id: i64) -> Option<usize> {
        let at = self.by_id.binary_search_by_key(&id, |at| self.ids[*at as usize]).ok()?;
        Some(self.by_id[at] as usize)
    }

    /// Takes exchanges out that are there no more.
    pub fn forget(&mut self, gone: &Ids) {
        let before = |id: i64| self.by_id.partition_point(|at| self.ids[*at as usize] < id);
        let behind = |id: i64| self.by_id.partition_point(|at| self.ids[*at as usize] <= id);
        let ranges = gone.ranges().iter().map(|(first, last)| before(*first)..behind(*last));
        let mut places: Vec<u32> = ranges.flat_map(|range| &self.by_id[range]).copied().collect();
        if places.is_empty() {
            return;
        }
        places.sort_unstable();
        self.by_id.retain_mut(|at| match places.binary_search(at) {
            Ok(_) => false,
            Err(before) => {
                // Positions are 32 bits, and so is a number of them.
                *at -= u32::try_from(before).unwrap_or_default();
                true
            }
        });
        let mut next = places.into_iter().peekable();
        let mut position = 0;
        self.ids.retain(|_| {
            let goes = next.next_if_eq(&position).is_some();
            position += 1;
            !goes
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_where_it_stands_also_after_others_went() {
        let mut sorted = Sorted::new(vec![7, 3, 9, 1, 5]);
        let places = |sorted: &Sorted| [1, 3, 5, 7, 9, 4].map(|id| sorted.position_of(id));
        assert_eq!(places(&sorted), [Some(3), Some(1), Some(4), Some(0), Some(2), None]);
        assert!(sorted.ascending().eq([1, 3, 5, 7, 9]));
        sorted.forget(&[7, 1, 100].into_iter().collect());
        assert_eq!(places(&sorted), [None, Some(0), Some(2), None, Some(1), None]);
        assert_eq!((sorted.ids(), sorted.id_at(2), sorted.id_at(3)), ([3, 9, 5].as_slice(), Some(5), None));
        sorted.forget(&[3, 9, 5].into_iter().collect());
        assert!(sorted.is_empty());
    }
}
