//! Which of the rows are selected, and where the selection goes.

use super::History;
use crate::app::selection::SelectionAction;
use crate::messages::Effect;

impl History {
    /// Selects an exchange and asks for it.
    pub fn select(&mut self, id: i64) -> Vec<Effect> {
        if self.ids.binary_search(&id).is_err() && self.position_of(id).is_none() {
            return Vec::new();
        }
        self.selection.select(id);
        vec![Effect::Open(id)]
    }

    /// Does what is meant with the selection, and asks for what gets the focus.
    pub fn act_on_selection(&mut self, action: SelectionAction) -> Vec<Effect> {
        let before = self.selected();
        match action {
            SelectionAction::Toggle(id) => self.toggle(id),
            SelectionAction::ExtendTo(id) => self.extend_to(self.position_of(id)),
            SelectionAction::ExtendBy(rows) => self.extend_to(self.position_by(rows)),
            SelectionAction::ExtendToNewest => self.extend_to(Some(0)),
            SelectionAction::ExtendToOldest => self.extend_to(self.shown().checked_sub(1)),
            SelectionAction::All => {
                let focus = before.filter(|id| self.position_of(*id).is_some()).or_else(|| self.id_at(0));
                if let Some(focus) = focus {
                    self.selection.extend(self.all_shown(), focus);
                }
            }
            SelectionAction::One => self.selection.go_back_to_one(),
        }
        self.selected().filter(|id| before != Some(*id)).map(Effect::Open).into_iter().collect()
    }

    /// Takes one in, or out. Where the focus was on what goes, the nearest row that is selected gets it.
    fn toggle(&mut self, id: i64) {
        let had_focus = self.selected() == Some(id);
        self.selection.toggle(id);
        if had_focus
            && !self.selection.contains(id)
            && let Some(position) = self.position_of(id)
        {
            let on_both_sides = (1..self.shown()).flat_map(|rows| [position.checked_sub(rows), position.checked_add(rows)]);
            let mut near = on_both_sides.flatten().filter_map(|position| self.id_at(position));
            if let Some(nearest) = near.find(|id| self.selection.contains(*id)) {
                self.selection.put_focus(nearest);
            }
        }
    }

    /// Selects all from where the selection began to a position.
    fn extend_to(&mut self, position: Option<u64>) {
        let Some((position, id)) = position.and_then(|position| Some((position, self.id_at(position)?))) else { return };
        let anchor = self.selection.anchor().map_or(position, |id| self.position_near(id).min(self.shown() - 1));
        let ids = (position.min(anchor)..=position.max(anchor)).filter_map(|position| self.id_at(position)).collect();
        self.selection.extend(ids, id);
    }

    /// Selects the exchange this many positions further, as far as there are any. From one that is not shown the next is
    /// the nearest on that side.
    pub fn select_by(&mut self, rows: i64) -> Vec<Effect> {
        let id = self.position_by(rows).and_then(|position| self.id_at(position));
        id.map_or_else(Vec::new, |id| self.select(id))
    }

    /// The position so many rows further, as far as there are any.
    fn position_by(&self, rows: i64) -> Option<u64> {
        let last = self.shown().checked_sub(1)?;
        let position = match self.selected() {
            Some(id) if self.position_of(id).is_none() && rows > 0 => self.position_near(id).saturating_add_signed(rows - 1),
            Some(id) => self.position_near(id).saturating_add_signed(rows),
            None => self.visible.start,
        };
        Some(position.min(last))
    }

    /// Selects the exchange at one end of the list.
    pub fn select_end(&mut self, newest: bool) -> Vec<Effect> {
        let position = if newest { Some(0) } else { self.shown().checked_sub(1) };
        position.and_then(|position| self.id_at(position)).map_or_else(Vec::new, |id| self.select(id))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{history, sorted_history};
    use super::*;

    #[test]
    fn selection_moves_by_rows_and_stops_at_the_ends() {
        let mut history = history([1, 2, 3]);
        assert_eq!(history.select_by(1), [Effect::Open(2)]);
        assert_eq!(history.select_by(10), [Effect::Open(1)]);
        assert_eq!(history.select_by(-100), [Effect::Open(3)]);
        assert_eq!(history.select(77), []);
    }

    #[test]
    fn from_one_that_was_not_found_the_next_is_the_nearest_on_that_side() {
        let mut history = history(1..=100);
        history.begin_found(false);
        history.take_found(&[90, 80, 7], &[], true);
        history.select(85);
        assert_eq!(history.selected(), Some(85), "a neighbour is opened, found or not");
        assert_eq!(history.select_by(1), [Effect::Open(80)]);
        history.select(85);
        assert_eq!(history.select_by(-1), [Effect::Open(90)]);
        history.select(85);
        assert_eq!(history.select_by(2), [Effect::Open(7)]);
        history.select(3);
        assert_eq!(history.select_by(1), [Effect::Open(7)]);
    }

    #[test]
    fn in_a_sorted_list_many_are_selected_by_their_rows() {
        let mut history = sorted_history(&[5, 9, 1, 7, 3]);
        history.select(9);
        history.act_on_selection(SelectionAction::ExtendTo(7));
        assert_eq!(history.selection().ids(), [1, 7, 9].into_iter().collect());
        assert_eq!(history.act_on_selection(SelectionAction::Toggle(7)), [Effect::Open(1)], "the row beside it, not the next id");
        history.act_on_selection(SelectionAction::All);
        assert_eq!((history.selection().ids(), history.selected()), ([1, 3, 5, 7, 9].into_iter().collect(), Some(1)));
    }

    fn selected(history: &History) -> Vec<i64> {
        history.selection().ids().iter().collect()
    }

    #[test]
    fn many_are_selected_from_where_it_began() {
        let mut history = history(1..=9);
        history.select(5);
        assert_eq!(history.act_on_selection(SelectionAction::ExtendTo(7)), [Effect::Open(7)]);
        assert_eq!(history.act_on_selection(SelectionAction::ExtendBy(4)), [Effect::Open(3)]);
        assert_eq!(selected(&history), [3, 4, 5], "it turns around where it began");
        history.act_on_selection(SelectionAction::ExtendToOldest);
        assert_eq!(selected(&history), [1, 2, 3, 4, 5]);
        assert_eq!(history.act_on_selection(SelectionAction::Toggle(9)), [Effect::Open(9)]);
        assert_eq!(history.arrived(&[10]), []);
        assert_eq!(selected(&history), [1, 2, 3, 4, 5, 9]);
        assert_eq!(history.act_on_selection(SelectionAction::One), []);
        assert_eq!(selected(&history), [9]);
        history.act_on_selection(SelectionAction::ExtendToNewest);
        assert_eq!(selected(&history), [9, 10]);
        assert_eq!(history.select_by(1), [Effect::Open(9)], "moving on selects one again");
        assert_eq!(selected(&history), [9]);
    }

    #[test]
    fn all_that_are_found_are_selected_and_stay_so() {
        let mut history = history(1..=9);
        history.begin_found(false);
        history.take_found(&[8, 4, 2], &[], true);
        assert_eq!(history.act_on_selection(SelectionAction::All), [Effect::Open(8)], "9 was not found");
        history.take_found(&[], &[6], true);
        assert_eq!(selected(&history), [2, 4, 8]);
        history.show_all();
        history.select(5);
        assert_eq!(history.act_on_selection(SelectionAction::All), []);
        assert_eq!((history.selected(), history.selection().len()), (Some(5), 9));
    }

    #[test]
    fn where_the_one_with_the_focus_is_forgotten_another_selected_one_is_opened() {
        let mut history = history(1..=9);
        history.select(5);
        history.act_on_selection(SelectionAction::ExtendTo(2));
        assert_eq!(history.forget(&[1, 2, 3]), [Effect::Open(4)]);
        assert_eq!(selected(&history), [4, 5]);
    }
}
