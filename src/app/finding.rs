//! Finding: what is looked for, and the list that shows it.

use super::Model;
use super::filter_box::{FilterAction, FirstOrMore};
use crate::column::Sorting;
use crate::messages::{Effect, Find};
use crate::sorted::Sorted;

impl Model {
    pub(super) fn apply_to_filter(&mut self, action: FilterAction) -> Vec<Effect> {
        let effects = self.filter.apply(action, &self.known.filters);
        self.follow_filter(&effects);
        // Filters that are asked to be kept stand here at once: the next change is made to them, however soon it comes.
        for effect in &effects {
            if let Effect::SaveFilters(filters) = effect {
                self.known.filters.clone_from(filters);
            }
        }
        effects
    }

    /// Has the list follow what is looked for.
    pub(super) fn follow_filter(&mut self, effects: &[Effect]) {
        if self.filter.is_idle() {
            self.history.show_all();
        } else if effects.iter().any(|effect| matches!(effect, Effect::Find(Some(Find { order: Some(_), .. })))) {
            self.history.begin_sorting();
        }
    }

    /// Sorts the list, or shows the newest first.
    pub(super) fn sort(&mut self, sorting: Option<Sorting>) -> Vec<Effect> {
        let effects = self.filter.sort(sorting);
        self.follow_filter(&effects);
        effects
    }

    /// Looks for the same anew, now that some are there again that were not.
    pub(super) fn look_again(&mut self) -> Vec<Effect> {
        let effects = self.filter.look_again();
        self.follow_filter(&effects);
        effects
    }

    /// Takes how many are still to be judged again.
    pub(super) fn judging_left(&mut self, left: u64) -> Vec<Effect> {
        let effects = self.filter.judging_left(left);
        self.follow_filter(&effects);
        effects
    }

    /// A search could not even be asked for: it can be asked for again. What could not be sorted stands as it came.
    pub fn find_not_asked(&mut self) {
        if self.filter.give_up_sorting() && self.filter.is_idle() {
            self.history.show_all();
        } else if !self.filter.not_asked(self.history.len()) {
            self.history.begin_found(false);
        }
    }

    pub(super) fn find_failed(&mut self, number: u64) -> Vec<Effect> {
        if self.filter.broke_off(number) {
            return Vec::new();
        }
        if self.filter.is_sorting().is_some() {
            return self.sort(None);
        }
        self.find_not_asked();
        Vec::new()
    }

    pub(super) fn found(&mut self, number: u64, (older, newer, gone): (&[i64], &[i64], &[i64]), left: u64) {
        match self.filter.found(number, left) {
            None => return,
            Some(FirstOrMore::First) => self.history.begin_found(false),
            Some(FirstOrMore::FirstAgain) => self.history.begin_found(true),
            Some(FirstOrMore::More) => {}
        }
        self.history.take_found(older, newer, left == 0);
        self.history.drop_found(gone);
    }

    /// Takes a list as it was sorted.
    pub(super) fn sorted(&mut self, number: u64, sorted: Sorted) {
        if let Some(is_again) = self.filter.sorted(number) {
            self.history.show_sorted(sorted, is_again);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::app::filter_box::Progress;
    use crate::messages::Event;

    #[test]
    fn a_search_that_could_not_be_asked_for_can_be_asked_for_again() {
        let edit = |text: &str| FilterAction::Edit { text: text.to_owned(), now_millis: 0, zone: jiff::tz::TimeZone::UTC };
        let mut model = Model::default();
        model.absorb(Event::Arrived(vec![1, 2]));
        model.apply(Action::Filter(edit("red")));
        model.find_not_asked();
        assert_eq!((model.history.shown(), model.filter.progress()), (0, Progress::Stopped(2)));
        assert_eq!(model.apply(Action::Filter(FilterAction::GoOn)).len(), 1);
        model.absorb(Event::Found { number: 2, older: vec![2], newer: Vec::new(), gone: Vec::new(), left: 0 });
        assert_eq!(model.history.shown(), 1);
    }

    #[test]
    fn a_search_that_broke_off_keeps_what_it_found_and_can_begin_again() {
        let mut model = Model::default();
        model.absorb(Event::Arrived(vec![1, 2, 3]));
        let typed = FilterAction::Edit { text: "red".into(), now_millis: 0, zone: jiff::tz::TimeZone::UTC };
        model.apply(Action::Filter(typed));
        model.absorb(Event::Found { number: 1, older: vec![3], newer: Vec::new(), gone: Vec::new(), left: 2 });
        model.absorb(Event::FindFailed(7));
        assert_eq!(model.filter.progress(), Progress::Looking(2), "an older one");
        model.absorb(Event::FindFailed(1));
        assert_eq!((model.history.shown(), model.filter.progress()), (1, Progress::Stopped(2)));
        assert_eq!(model.apply(Action::Filter(FilterAction::GoOn)).len(), 1);
        model.absorb(Event::FindFailed(2));
        assert_eq!(model.filter.progress(), Progress::Stopped(3));
    }

    #[test]
    fn what_could_not_be_sorted_stands_as_it_came() {
        let by_size = || Some(Sorting { column: crate::column::Column::Size, descending: true });
        let mut model = Model::default();
        model.absorb(Event::Arrived(vec![1, 2, 3]));
        model.sort(by_size());
        model.absorb(Event::Sorted { number: 1, sorted: Sorted::new(vec![2, 3, 1]) });
        assert_eq!(model.history.id_at(0), Some(2));
        model.sort(None);
        assert_eq!(model.history.id_at(0), Some(3));

        model.sort(by_size());
        model.find_not_asked();
        assert_eq!((model.history.id_at(0), model.filter.sorting()), (Some(3), None));
        model.sort(by_size());
        assert_eq!(model.absorb(Event::FindFailed(3)), [Effect::Find(None)]);
        model.absorb(Event::Sorted { number: 3, sorted: Sorted::new(vec![1]) });
        assert_eq!((model.history.shown(), model.history.id_at(0)), (3, Some(3)));
    }
}
