//! Deleting: what one is asked before many are deleted, and what can be undone.

use super::action::Dialog;
use super::notice::Notices;
use super::{Model, texts};
use crate::ids::Ids;
use crate::messages::Effect;
use std::sync::Arc;

/// What a user can mean with deleting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeleteAction {
    /// Delete what is selected; asks where that is much.
    Selected,
    /// Delete what is shown, once that was asked.
    Shown,
    /// Delete all, once that was asked.
    All,
    /// Delete what was asked about.
    Confirm,
    /// Delete what was asked about, but for what is pinned.
    ConfirmUnpinned,
    /// Undo the last deletion.
    Undo,
}

/// More than so many are deleted only once that was asked.
const MOST_UNASKED: u64 = 100;

/// What is being deleted, and was.
#[derive(Debug, Default)]
pub struct Deleting {
    asked: Option<Asked>,
    undoable: Option<Undoable>,
}

/// What the user is asked about. What arrives meanwhile is not among it.
#[derive(Debug)]
pub struct Asked {
    /// The exchanges.
    pub ids: Arc<Ids>,
    /// Those of them that are pinned, once that is known.
    pub pinned: Option<Arc<Ids>>,
    /// Whether they are all that there are.
    pub are_all: bool,
}

/// A deletion that can be undone.
#[derive(Debug)]
struct Undoable {
    ids: Arc<Ids>,
    /// What had the focus.
    focus: Option<i64>,
    /// The notice that offers it.
    notice: u64,
}

impl Deleting {
    /// What the user is asked about.
    pub fn asked(&self) -> Option<&Asked> {
        self.asked.as_ref()
    }

    /// Whether something can be undone.
    pub fn can_undo(&self) -> bool {
        self.undoable.is_some()
    }

    /// The question was left.
    pub(super) fn do_not_ask(&mut self) {
        self.asked = None;
    }

    /// Takes which of those that are asked about are pinned.
    pub(super) fn take_pinned(&mut self, among: &Arc<Ids>, pinned: Arc<Ids>) {
        if let Some(asked) = self.asked.as_mut().filter(|asked| Arc::ptr_eq(&asked.ids, among)) {
            asked.pinned = Some(pinned);
        }
    }

    /// Another history is open: nothing that was deleted in the one before can be undone.
    pub(super) fn begin_anew(&mut self, notices: &mut Notices) {
        if let Some(undoable) = std::mem::take(self).undoable {
            notices.dismiss(undoable.notice);
        }
    }

    fn take_undoable(&mut self, ids: &Arc<Ids>) -> Option<Undoable> {
        self.undoable.take_if(|undoable| Arc::ptr_eq(&undoable.ids, ids))
    }
}

impl Model {
    pub(super) fn act_on_deletion(&mut self, action: DeleteAction) -> Vec<Effect> {
        match action {
            DeleteAction::Selected => {
                let ids = self.history.selection().ids();
                if ids.len() > MOST_UNASKED { self.ask_deletion(ids) } else { self.delete(Arc::new(ids)) }
            }
            DeleteAction::Shown => self.ask_deletion(self.history.all_shown()),
            DeleteAction::All => self.ask_deletion(self.history.all()),
            DeleteAction::Confirm => self.confirm_deletion(false),
            DeleteAction::ConfirmUnpinned => self.confirm_deletion(true),
            DeleteAction::Undo => self.deleting.undoable.iter().map(|_| Effect::UndoDeletion).collect(),
        }
    }

    fn ask_deletion(&mut self, ids: Ids) -> Vec<Effect> {
        if ids.is_empty() {
            return Vec::new();
        }
        let are_all = ids.len() == self.history.len();
        let ids = Arc::new(ids);
        self.deleting.asked = Some(Asked { ids: Arc::clone(&ids), pinned: None, are_all });
        self.dialog = Some(Dialog::Delete);
        vec![Effect::FindPinned(ids)]
    }

    fn confirm_deletion(&mut self, is_pinned_spared: bool) -> Vec<Effect> {
        let Some(Asked { ids, pinned, .. }) = self.deleting.asked.take() else { return Vec::new() };
        self.dialog = None;
        match pinned.filter(|_| is_pinned_spared) {
            Some(pinned) => self.delete(Arc::new(ids.without(&pinned))),
            None => self.delete(ids),
        }
    }

    /// They vanish at once. What was typed of one of them is kept before, so that undoing brings it back too.
    fn delete(&mut self, ids: Arc<Ids>) -> Vec<Effect> {
        if ids.is_empty() {
            return Vec::new();
        }
        let mut effects = self.keep_note();
        let focus = self.history.selected();
        if let Some(before) = self.deleting.undoable.take() {
            self.notices.dismiss(before.notice);
        }
        let notice = self.notices.undoable(texts::deleted(ids.len()));
        self.deleting.undoable = Some(Undoable { ids: Arc::clone(&ids), focus, notice });
        if let Some(counts) = &mut self.counts {
            counts.received = counts.received.saturating_sub(ids.len());
        }
        let opened = self.history.delete(&ids);
        if self.history.selected().is_none() {
            self.detail.take(None);
            self.what_if.follow(None);
            effects.extend(self.follow_note());
        }
        effects.push(Effect::Delete(ids));
        effects.extend(opened);
        effects
    }

    /// They are there again: the list has them in their places, and what is found, or sorted, is so anew.
    pub(super) fn restored(&mut self, ids: &Arc<Ids>) -> Vec<Effect> {
        self.history.restore(ids);
        let mut effects = self.look_again();
        if let Some(Undoable { focus, notice, .. }) = self.deleting.take_undoable(ids) {
            self.notices.dismiss(notice);
            effects.extend(focus.map(|id| self.history.select(id)).into_iter().flatten());
        }
        self.notices.done(texts::restored(ids.len()));
        effects
    }

    pub(super) fn undo_is_over(&mut self, ids: &Arc<Ids>) {
        if let Some(undoable) = self.deleting.take_undoable(ids) {
            self.notices.dismiss(undoable.notice);
        }
    }

    /// It could not even be asked for: nothing was deleted.
    pub(super) fn not_deleted(&mut self, ids: &Arc<Ids>) {
        if let Some(undoable) = self.deleting.take_undoable(ids) {
            self.notices.dismiss(undoable.notice);
        }
        if let Some(counts) = &mut self.counts {
            counts.received += ids.len();
        }
        self.history.restore(ids);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::app::filter_box::FilterAction;
    use crate::app::selection::SelectionAction;
    use crate::column::{Column, Sorting};
    use crate::exchange::Counts;
    use crate::messages::Event;
    use crate::sorted::Sorted;

    fn model(count: i64) -> Model {
        let mut model = Model::default();
        model.absorb(Event::Arrived((1..=count).collect()));
        let counts = Counts { received: count.unsigned_abs(), ok: count.unsigned_abs(), ..Counts::default() };
        model.absorb(Event::Counts { counts, size_bytes: 1 });
        model
    }

    fn delete(model: &mut Model, action: DeleteAction) -> Vec<Effect> {
        model.apply(Action::Delete(action))
    }

    fn set(ids: impl IntoIterator<Item = i64>) -> Arc<Ids> {
        Arc::new(ids.into_iter().collect())
    }

    fn shown(model: &Model) -> Vec<i64> {
        (0..model.history.shown()).filter_map(|at| model.history.id_at(at)).collect()
    }

    fn notices(model: &Model) -> Vec<(&str, bool)> {
        model.notices.list().iter().map(|notice| (notice.text.as_str(), notice.offers_undo)).collect()
    }

    /// What the engine was asked to delete.
    fn deleted(effects: &[Effect]) -> Arc<Ids> {
        let deleted = effects.iter().find_map(|effect| if let Effect::Delete(ids) = effect { Some(Arc::clone(ids)) } else { None });
        deleted.expect("bug: something is deleted")
    }

    #[test]
    fn a_few_vanish_at_once_and_the_next_one_has_the_focus() {
        let mut model = model(5);
        model.apply(Action::Select(3));
        model.apply(Action::Selection(SelectionAction::ExtendBy(-1)));
        let effects = delete(&mut model, DeleteAction::Selected);
        assert_eq!(effects, [Effect::Delete(set([3, 4])), Effect::Open(2)]);
        assert_eq!((shown(&model), model.counts.map(|counts| counts.received)), (vec![5, 2, 1], Some(3)));
        assert_eq!(notices(&model), [("2 exchanges deleted", true)]);
        model.absorb(Event::Arrived(vec![6]));
        assert_eq!(delete(&mut model, DeleteAction::Undo), [Effect::UndoDeletion]);
        assert_eq!(model.absorb(Event::Restored(deleted(&effects))), [Effect::Open(4)], "what had the focus has it again");
        assert_eq!(shown(&model), [6, 5, 4, 3, 2, 1]);
        assert_eq!(notices(&model), [("2 exchanges are back", false)]);
        assert_eq!(delete(&mut model, DeleteAction::Undo), []);
    }

    #[test]
    fn the_last_one_has_the_focus_where_none_is_older_and_then_none() {
        let mut model = model(2);
        model.apply(Action::Select(1));
        assert_eq!(delete(&mut model, DeleteAction::Selected)[1..], [Effect::Open(2)]);
        assert_eq!(delete(&mut model, DeleteAction::Selected), [Effect::Delete(set([2]))]);
        assert_eq!((model.history.selected(), model.history.is_empty()), (None, true));
        assert_eq!(delete(&mut model, DeleteAction::Selected), []);
        assert_eq!(model.absorb(Event::Arrived(vec![3])), [Effect::Open(3)]);
    }

    #[test]
    fn many_are_asked_about_and_what_arrives_meanwhile_stays() {
        let mut model = model(500);
        model.apply(Action::Selection(SelectionAction::All));
        let effects = delete(&mut model, DeleteAction::Selected);
        let Some(Effect::FindPinned(among)) = effects.first().cloned() else { panic!("bug: {effects:?}") };
        assert_eq!((among.len(), model.dialog, shown(&model).len()), (500, Some(Dialog::Delete), 500));
        model.absorb(Event::Pinned { among: set([1]), pinned: set([1]) });
        assert!(model.deleting.asked().is_some_and(|asked| asked.pinned.is_none() && asked.are_all), "an answer to another question");
        model.absorb(Event::Pinned { among, pinned: set([7, 9]) });
        model.absorb(Event::Arrived(vec![501]));
        let effects = delete(&mut model, DeleteAction::ConfirmUnpinned);
        assert_eq!((deleted(&effects).len(), shown(&model), model.dialog), (498, vec![501, 9, 7], None));
        assert_eq!(delete(&mut model, DeleteAction::Confirm), [], "it was confirmed");
    }

    #[test]
    fn what_is_found_is_deleted_and_undoing_finds_it_anew() {
        let mut model = model(9);
        let typed = FilterAction::Edit { text: "red".into(), now_millis: 0, zone: jiff::tz::TimeZone::UTC };
        model.apply(Action::Filter(typed));
        model.absorb(Event::Found { number: 1, older: vec![8, 3], newer: Vec::new(), gone: Vec::new(), left: 0 });
        delete(&mut model, DeleteAction::Shown);
        let effects = delete(&mut model, DeleteAction::Confirm);
        assert_eq!((deleted(&effects), shown(&model), model.history.len()), (set([3, 8]), vec![], 7));
        model.absorb(Event::Found { number: 1, older: Vec::new(), newer: vec![8], gone: Vec::new(), left: 0 });
        assert_eq!(shown(&model), <[i64; 0]>::default(), "it was found before it was deleted");
        let again = model.absorb(Event::Restored(deleted(&effects)));
        assert!(matches!(again.first(), Some(Effect::Find(Some(find))) if find.number == 2), "{again:?}");
        model.absorb(Event::Found { number: 2, older: vec![8, 3], newer: Vec::new(), gone: Vec::new(), left: 0 });
        assert_eq!(shown(&model), [8, 3]);
    }

    #[test]
    fn what_is_deleted_of_a_sorted_list_comes_back_where_it_is_sorted() {
        let mut model = model(5);
        let sorting = Sorting { column: Column::Size, descending: true };
        model.sort(Some(sorting.clone()));
        model.absorb(Event::Sorted { number: 1, sorted: Sorted::new(vec![2, 5, 1, 4, 3]) });
        model.apply(Action::Select(5));
        model.apply(Action::Selection(SelectionAction::ExtendBy(1)));
        let effects = delete(&mut model, DeleteAction::Selected);
        assert_eq!((deleted(&effects), shown(&model), model.history.selected()), (set([1, 5]), vec![2, 4, 3], Some(4)));
        let again = model.absorb(Event::Restored(deleted(&effects)));
        assert!(matches!(again.first(), Some(Effect::Find(Some(find))) if find.order.as_ref() == Some(&sorting)), "{again:?}");
        model.absorb(Event::Sorted { number: 2, sorted: Sorted::new(vec![2, 5, 1, 4, 3]) });
        assert_eq!((shown(&model), model.history.selected(), model.history.order().keeps_place), (vec![2, 5, 1, 4, 3], Some(1), true));
    }

    #[test]
    fn undo_is_offered_for_the_last_deletion_until_it_is_over() {
        let mut model = model(5);
        let first = deleted(&delete(&mut model, DeleteAction::Selected));
        let second = deleted(&delete(&mut model, DeleteAction::Selected));
        assert_eq!(notices(&model), [("1 exchange deleted", true)]);
        model.absorb(Event::UndoOver(first));
        assert!(model.deleting.can_undo(), "that was the one before");
        model.absorb(Event::UndoOver(second));
        assert_eq!((notices(&model), model.deleting.can_undo()), (vec![], false));
    }

    #[test]
    fn what_could_not_be_asked_for_stays() {
        let mut model = model(2);
        let effects = delete(&mut model, DeleteAction::Selected);
        model.not_asked(&effects[0]);
        assert_eq!((shown(&model), model.deleting.can_undo()), (vec![2, 1], false));
        assert_eq!(model.counts.map(|counts| counts.received), Some(2));
    }

    #[test]
    fn a_million_vanish_and_come_back_at_once() {
        let mut model = model(1_000_000);
        delete(&mut model, DeleteAction::All);
        let effects = delete(&mut model, DeleteAction::Confirm);
        assert_eq!((deleted(&effects).ranges().len(), model.history.is_empty()), (1, true));
        model.absorb(Event::Arrived(vec![1_000_001]));
        model.absorb(Event::Restored(deleted(&effects)));
        assert_eq!((model.history.len(), model.history.position_of(1)), (1_000_001, Some(1_000_000)));
    }
}
