//! Hidden: what was deleted and is still in the file, and what is being imported. Nobody sees it, and it is not counted.
//!
//! The last deletion can be undone; those before it are being forgotten. A deletion is noted in the file before the first of
//! its exchanges is forgotten, so that what was begun is finished after a kill, and what was not begun has not happened.

use super::Counts;
use crate::ids::Ids;
use crate::protocol::verdict::Overall;
use std::sync::Arc;

/// What nobody is to see, as it was at a moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Hidden(Arc<[Arc<Ids>]>);

impl Hidden {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, id: i64) -> bool {
        self.0.iter().any(|ids| ids.contains(id))
    }

    pub(super) fn sets(&self) -> &[Arc<Ids>] {
        &self.0
    }
}

impl FromIterator<Arc<Ids>> for Hidden {
    fn from_iter<T: IntoIterator<Item = Arc<Ids>>>(sets: T) -> Self {
        Self(sets.into_iter().collect())
    }
}

/// One deletion.
#[derive(Debug, Clone)]
pub(super) struct Deletion {
    pub(super) ids: Arc<Ids>,
    /// Whether it may still be undone.
    undoable: bool,
    /// By which the file knows it, once it does.
    pub(super) number: Option<i64>,
    /// Up to which one it is forgotten.
    pub(super) forgotten: i64,
    /// How many of its exchanges are there; of each kind once that was counted.
    counts: Counts,
    pub(super) is_counted: bool,
}

/// The deletions whose exchanges are still there, oldest first.
#[derive(Debug, Default)]
pub(super) struct Deletions {
    list: Vec<Deletion>,
    import: Option<Importing>,
    hidden: Hidden,
}

/// What an import has written so far. Whatever happens to it, the file knows it as a deletion.
#[derive(Debug, Default)]
struct Importing {
    ids: Arc<Ids>,
    number: Option<i64>,
    counts: Counts,
}

impl Deletions {
    pub(super) fn hidden(&self) -> Hidden {
        self.hidden.clone()
    }

    /// Hides exchanges that are there. What was deleted before can be undone no more.
    pub(super) fn add(&mut self, ids: Arc<Ids>) {
        self.list.iter_mut().for_each(|deletion| deletion.undoable = false);
        let counts = Counts { received: ids.len(), ..Counts::default() };
        self.list.push(Deletion { ids, undoable: true, number: None, forgotten: 0, counts, is_counted: false });
        self.rebuild();
    }

    /// Goes on with a deletion that the file knows. How many of it are left is not known yet.
    pub(super) fn go_on(&mut self, number: i64, ids: Arc<Ids>) {
        let (number, counts) = (Some(number), Counts::default());
        self.list.push(Deletion { ids, undoable: false, number, forgotten: 0, counts, is_counted: false });
        self.rebuild();
    }

    /// Shows again what was deleted last, where that is possible.
    pub(super) fn undo(&mut self) -> Option<Arc<Ids>> {
        let at = self.list.iter().position(|deletion| deletion.undoable)?;
        let deletion = self.list.remove(at);
        self.rebuild();
        Some(deletion.ids)
    }

    /// From now on this one can't be undone. Returns whether it could until now.
    pub(super) fn let_go(&mut self, ids: &Arc<Ids>) -> bool {
        self.find(ids).is_some_and(|deletion| std::mem::take(&mut deletion.undoable))
    }

    /// The first one whose kinds are not counted yet.
    pub(super) fn uncounted(&self) -> Option<Arc<Ids>> {
        self.list.iter().find(|deletion| !deletion.is_counted).map(|deletion| Arc::clone(&deletion.ids))
    }

    /// The first one that is to be forgotten.
    pub(super) fn next(&self) -> Option<Deletion> {
        self.list.iter().find(|deletion| !deletion.undoable).cloned()
    }

    /// Those that the file does not know.
    pub(super) fn unwritten(&self) -> Vec<Arc<Ids>> {
        self.list.iter().filter(|deletion| deletion.number.is_none()).map(|deletion| Arc::clone(&deletion.ids)).collect()
    }

    /// So many of each kind are there.
    pub(super) fn counted(&mut self, ids: &Arc<Ids>, counts: Counts) {
        if let Some(deletion) = self.find(ids) {
            (deletion.counts, deletion.is_counted) = (counts, true);
        }
    }

    /// The file knows it by this number.
    pub(super) fn written(&mut self, ids: &Arc<Ids>, number: i64) {
        if let Some(deletion) = self.find(ids) {
            deletion.number = Some(number);
        }
    }

    /// It is forgotten up to this one.
    pub(super) fn forgot(&mut self, ids: &Arc<Ids>, upto: i64) {
        if let Some(deletion) = self.find(ids) {
            deletion.forgotten = upto;
        }
    }

    /// Nothing of it is there any more.
    pub(super) fn ended(&mut self, number: i64) {
        self.list.retain(|deletion| deletion.number != Some(number));
        self.rebuild();
    }

    /// An exchange is there no more. Returns whether it was hidden.
    pub(super) fn uncount(&mut self, id: i64, overall: Overall) -> bool {
        let Some(deletion) = self.list.iter_mut().find(|deletion| deletion.ids.contains(id)) else { return false };
        let counts = &mut deletion.counts;
        counts.received = counts.received.saturating_sub(1);
        *counts.of(overall) = counts.of(overall).saturating_sub(1);
        true
    }

    /// What there is without what is hidden.
    pub(super) fn left_of(&self, mut counts: Counts) -> Counts {
        let import = self.import.iter().map(|import| import.counts);
        self.list.iter().map(|deletion| deletion.counts).chain(import).for_each(|hidden| counts.subtract(hidden));
        // Where all were deleted, there is nothing left to be counted.
        if counts.received == 0 {
            for overall in Overall::ALL {
                *counts.of(overall) = 0;
            }
        }
        counts
    }

    fn find(&mut self, ids: &Arc<Ids>) -> Option<&mut Deletion> {
        self.list.iter_mut().find(|deletion| Arc::ptr_eq(&deletion.ids, ids))
    }

    // An import

    pub(super) fn begin_import(&mut self) {
        self.import = Some(Importing::default());
    }

    /// These are about to be written, first and last. Returns all of the import, and by which number the file knows it.
    pub(super) fn hide_import(&mut self, first: i64, last: i64) -> (Option<i64>, Arc<Ids>) {
        let import = self.import.get_or_insert_default();
        let more = Ids::from_ranges(vec![(first, last)]).unwrap_or_default();
        import.ids = Arc::new(import.ids.with(&more));
        let hidden = (import.number, Arc::clone(&import.ids));
        self.rebuild();
        hidden
    }

    /// These were not written.
    pub(super) fn unhide_import(&mut self, first: i64, last: i64) {
        if let (Some(import), Some(these)) = (&mut self.import, Ids::from_ranges(vec![(first, last)])) {
            import.ids = Arc::new(import.ids.without(&these));
            self.rebuild();
        }
    }

    /// So many more were written, and the file knows all of them by this number.
    pub(super) fn imported(&mut self, number: i64, counts: Counts) {
        if let Some(import) = &mut self.import {
            import.number = Some(number);
            import.counts.add(counts);
        }
    }

    /// What the import has written so far.
    pub(super) fn import_ids(&self) -> Arc<Ids> {
        self.import.as_ref().map(|import| Arc::clone(&import.ids)).unwrap_or_default()
    }

    /// By which number the file knows the import, where it knows it.
    pub(super) fn import_number(&self) -> Option<i64> {
        self.import.as_ref().and_then(|import| import.number)
    }

    /// The import is over: all of it is there.
    pub(super) fn end_import(&mut self) {
        self.import = None;
        self.rebuild();
    }

    /// The import is given up: what there is of it is forgotten like what was deleted.
    pub(super) fn give_up_import(&mut self) {
        if let Some(Importing { ids, number: Some(number), counts }) = self.import.take() {
            self.list.push(Deletion { ids, undoable: false, number: Some(number), forgotten: 0, counts, is_counted: true });
        }
        self.rebuild();
    }

    fn rebuild(&mut self) {
        let import = self.import.iter().map(|import| &import.ids);
        self.hidden = self.list.iter().map(|deletion| &deletion.ids).chain(import).filter(|ids| !ids.is_empty()).map(Arc::clone).collect();
    }
}

/// Ranges as the file keeps them: for each the distance from the one before, and how many follow its first.
pub(super) fn to_bytes(ids: &Ids) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut behind = 0;
    for (first, last) in ids.ranges() {
        put(&mut bytes, first.abs_diff(behind));
        put(&mut bytes, last.abs_diff(*first));
        behind = *last;
    }
    bytes
}

/// Reads them back; `None` where the file is damaged.
pub(super) fn from_bytes(mut bytes: &[u8]) -> Option<Ids> {
    let (mut ranges, mut behind) = (Vec::new(), 0_i64);
    while !bytes.is_empty() {
        let first = behind.checked_add_unsigned(take(&mut bytes)?)?;
        behind = first.checked_add_unsigned(take(&mut bytes)?)?;
        ranges.push((first, behind));
    }
    Ids::from_ranges(ranges)
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7F {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[i64]) -> Arc<Ids> {
        Arc::new(ids.iter().copied().collect())
    }

    #[test]
    fn sets_come_back_as_they_were_written_and_damage_is_seen() {
        for set in [ids(&[]), ids(&[1]), ids(&[1, 2, 3, 500, 70_000, 70_001]), ids(&[1, i64::MAX])] {
            let bytes = to_bytes(&set);
            assert_eq!(from_bytes(&bytes).as_ref(), Some(&*set), "{bytes:?}");
            assert!((0..bytes.len()).all(|end| from_bytes(&bytes[..end]).as_ref() != Some(&*set)));
        }
        assert_eq!(to_bytes(&(1..=1_000_000).collect()).len(), 4);
        assert_eq!(from_bytes(&[0xFF; 12]), None);
        assert_eq!(from_bytes(&[5, 1, 0, 1]), None, "ranges that touch are none of ours");
    }

    #[test]
    fn the_last_deletion_can_be_undone_until_the_next_or_let_go() {
        let mut deletions = Deletions::default();
        deletions.add(ids(&[1, 2]));
        assert!(deletions.next().is_none());
        deletions.add(ids(&[4]));
        assert_eq!(deletions.next().map(|deletion| deletion.ids), Some(ids(&[1, 2])));
        assert_eq!(deletions.undo(), Some(ids(&[4])));
        assert_eq!(deletions.undo(), None);
        assert!(deletions.hidden().contains(2) && !deletions.hidden().contains(4));
        let last = ids(&[4]);
        deletions.add(Arc::clone(&last));
        assert_eq!(
            [ids(&[4]), Arc::clone(&last), last].map(|ids| deletions.let_go(&ids)),
            [false, true, false],
            "a set like it is another"
        );
        assert_eq!((deletions.undo(), deletions.unwritten().len()), (None, 2));
    }

    #[test]
    fn what_is_hidden_is_not_counted_and_what_went_is_counted_once() {
        let mut deletions = Deletions::default();
        let all = Counts { received: 5, ok: 3, bad: 2, ..Counts::default() };
        let set = ids(&[1, 2, 3]);
        deletions.add(Arc::clone(&set));
        assert_eq!(deletions.left_of(all), Counts { received: 2, ..all }, "kinds are counted a moment later");
        deletions.counted(&set, Counts { received: 3, ok: 2, bad: 1, ..Counts::default() });
        let left = Counts { received: 2, ok: 1, bad: 1, ..Counts::default() };
        assert_eq!(deletions.left_of(all), left);
        assert!(deletions.uncount(2, Overall::Bad) && !deletions.uncount(4, Overall::Bad));
        assert_eq!(deletions.left_of(Counts { received: 4, bad: 1, ..all }), left);
        deletions.written(&set, 7);
        deletions.ended(7);
        assert!(deletions.hidden().is_empty());
        deletions.add(ids(&[1, 2, 3, 4, 5]));
        assert_eq!(deletions.left_of(all), Counts::default());
    }
}
