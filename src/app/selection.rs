//! The selection: one exchange that has the focus, which the detail shows, and perhaps others with it.

use crate::ids::Ids;

/// What a user can mean with the selection, but for selecting one alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectionAction {
    /// Take this one in, or out.
    Toggle(i64),
    /// Select all from where the selection began to this one.
    ExtendTo(i64),
    /// Select all from where it began to the one so many rows further down; negative is up.
    ExtendBy(i64),
    /// Select all from where it began to the newest.
    ExtendToNewest,
    /// Select all from where it began to the oldest.
    ExtendToOldest,
    /// Select all that are shown.
    All,
    /// Go back to the one that has the focus.
    One,
}

/// What is selected.
#[derive(Debug, Default)]
pub struct Selection {
    focus: Option<i64>,
    /// From where on more are selected with it.
    anchor: Option<i64>,
    /// All of them where they are more than the one that has the focus, else nothing.
    many: Ids,
}

impl Selection {
    /// The one that has the focus.
    pub fn focus(&self) -> Option<i64> {
        self.focus
    }

    /// From where on more are selected.
    pub fn anchor(&self) -> Option<i64> {
        self.anchor.or(self.focus)
    }

    /// How many are selected.
    pub fn len(&self) -> u64 {
        if self.many.is_empty() { self.focus.map_or(0, |_| 1) } else { self.many.len() }
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.focus.is_none()
    }

    /// Whether this one is selected.
    pub fn contains(&self, id: i64) -> bool {
        self.focus == Some(id) || self.many.contains(id)
    }

    /// All of them.
    pub fn ids(&self) -> Ids {
        if self.many.is_empty() { self.focus.map(Ids::one).unwrap_or_default() } else { self.many.clone() }
    }

    /// Selects one alone.
    pub fn select(&mut self, id: i64) {
        *self = Self { focus: Some(id), anchor: Some(id), many: Ids::default() };
    }

    /// Takes one in, which gets the focus, or out. The last one stays.
    pub fn toggle(&mut self, id: i64) {
        let mut ids = self.ids();
        ids.toggle(id);
        let focus = if ids.contains(id) { Some(id) } else { ids.nearest(self.focus.unwrap_or(id)) };
        if focus.is_some() {
            self.anchor = Some(id);
            self.take(ids, focus);
        }
    }

    /// Selects all these; one of them gets the focus.
    pub fn extend(&mut self, ids: Ids, focus: i64) {
        self.anchor = self.anchor();
        self.take(ids, Some(focus));
    }

    /// Gives one of those that are selected the focus.
    pub fn put_focus(&mut self, id: i64) {
        if self.contains(id) {
            self.focus = Some(id);
        }
    }

    /// Leaves the one alone that has the focus.
    pub fn go_back_to_one(&mut self) {
        (self.anchor, self.many) = (self.focus, Ids::default());
    }

    /// Leaves out what is there no more.
    pub fn forget(&mut self, gone: &Ids) {
        self.anchor = self.anchor.filter(|id| !gone.contains(*id));
        let ids = self.ids().without(gone);
        let focus = self.focus.and_then(|id| ids.nearest(id));
        self.take(ids, focus);
    }

    fn take(&mut self, ids: Ids, focus: Option<i64>) {
        self.focus = focus;
        self.many = if ids.len() > 1 { ids } else { Ids::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(selection: &Selection, focus: i64, ids: &[i64]) {
        let seen: Vec<i64> = selection.ids().iter().collect();
        assert_eq!((selection.focus(), seen.as_slice(), selection.len()), (Some(focus), ids, ids.len() as u64));
        assert!(ids.iter().all(|id| selection.contains(*id)));
    }

    #[test]
    fn one_is_taken_in_and_out_and_the_last_stays() {
        let mut selection = Selection::default();
        assert_eq!((selection.len(), selection.ids()), (0, Ids::default()));
        selection.select(5);
        selection.toggle(7);
        selection.toggle(2);
        check(&selection, 2, &[2, 5, 7]);
        selection.toggle(2);
        check(&selection, 5, &[5, 7]);
        selection.toggle(7);
        check(&selection, 5, &[5]);
        selection.toggle(5);
        check(&selection, 5, &[5]);
    }

    #[test]
    fn it_extends_from_where_it_began_and_goes_back_to_one() {
        let mut selection = Selection::default();
        selection.select(5);
        selection.extend((3..=5).collect(), 3);
        selection.extend((5..=8).collect(), 8);
        check(&selection, 8, &[5, 6, 7, 8]);
        assert_eq!(selection.anchor(), Some(5));
        selection.go_back_to_one();
        check(&selection, 8, &[8]);
        assert_eq!(selection.anchor(), Some(8));
    }

    #[test]
    fn what_is_gone_is_selected_no_more() {
        let mut selection = Selection::default();
        selection.extend((1..=9).collect(), 4);
        selection.forget(&[4, 7, 8, 9].into_iter().collect());
        check(&selection, 3, &[1, 2, 3, 5, 6]);
        selection.go_back_to_one();
        selection.forget(&Ids::one(3));
        assert!(selection.is_empty());
    }
}
