//! The list: which exchanges there are, which of them were found, the rows that are at hand, and which one is selected.

use super::selection::{Selection, SelectionAction};
use crate::annotation::Change;
use crate::ids::Ids;
use crate::messages::Effect;
use crate::row::Row;
use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;

/// How many rows are kept at hand. The screen shows some thirty.
const KEPT: usize = 4_096;

/// How many rows beyond the screen are asked for with it, on either side.
const MARGIN: u64 = 40;

/// The exchanges of the history, newest first, or those of them that were found. Position 0 is the newest that is shown.
#[derive(Debug, Default)]
pub struct History {
    /// All ids, ascending.
    ids: Vec<i64>,
    /// How many have ever come, also those that were forgotten since.
    arrived: u64,
    /// The newest that has ever come.
    newest: i64,
    /// What is shown in their place while a filter is in force.
    found: Option<Found>,
    /// What is to be shown in place of that once all of it is found.
    coming: Option<Found>,
    order: u64,
    keeps_place: bool,
    rows: HashMap<i64, Row>,
    asked: HashSet<i64>,
    visible: Range<u64>,
    selection: Selection,
}

/// What was found, ascending. It grows at both ends.
#[derive(Debug, Default)]
struct Found {
    ids: VecDeque<i64>,
    came: u64,
}

/// What a list must know to stay where it is scrolled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// Another number is another list.
    pub number: u64,
    /// Whether the list before was of the same filter, so that what was on screen should stay there.
    pub keeps_place: bool,
    /// How many stand before those that stood there when this list began.
    pub came: u64,
}

impl History {
    /// How many exchanges there are, shown or not.
    pub fn len(&self) -> u64 {
        self.ids.len() as u64
    }

    /// How many have ever come, also those that are there no more.
    pub fn came(&self) -> u64 {
        self.arrived
    }

    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// How many are shown: those that were found, or all.
    pub fn shown(&self) -> u64 {
        self.found.as_ref().map_or(self.ids.len(), |found| found.ids.len()) as u64
    }

    /// Which list is shown, and what was put before it.
    pub fn order(&self) -> Order {
        let came = self.found.as_ref().map_or(self.arrived, |found| found.came);
        Order { number: self.order, keeps_place: self.keeps_place, came }
    }

    /// The exchange at a position.
    pub fn id_at(&self, position: u64) -> Option<i64> {
        let from_start = usize::try_from(self.shown().checked_sub(position)?.checked_sub(1)?).ok()?;
        match &self.found {
            Some(found) => found.ids.get(from_start).copied(),
            None => self.ids.get(from_start).copied(),
        }
    }

    /// The position of an exchange, where it is shown.
    pub fn position_of(&self, id: i64) -> Option<u64> {
        let at = self.place_of(id).ok()?;
        Some(self.shown() - 1 - at as u64)
    }

    /// The position of an exchange, or of the next older one that is shown.
    pub fn position_near(&self, id: i64) -> u64 {
        match self.place_of(id) {
            Ok(at) => self.shown() - 1 - at as u64,
            Err(at) => self.shown() - at as u64,
        }
    }

    /// Where an exchange stands among the shown, counted from the oldest, or would stand.
    fn place_of(&self, id: i64) -> Result<usize, usize> {
        match &self.found {
            Some(found) => found.ids.binary_search(&id),
            None => self.ids.binary_search(&id),
        }
    }

    /// The row at a position, when it is at hand.
    pub fn row_at(&self, position: u64) -> Option<&Row> {
        self.rows.get(&self.id_at(position)?)
    }

    /// The row of an exchange, when it is at hand.
    pub fn row(&self, id: i64) -> Option<&Row> {
        self.rows.get(&id)
    }

    /// The selected exchange, of several that with the focus. It need not be among those that are shown.
    pub fn selected(&self) -> Option<i64> {
        self.selection.focus()
    }

    /// All that is selected.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

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
            SelectionAction::Toggle(id) => self.selection.toggle(id),
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

    /// Selects all from where the selection began to a position.
    fn extend_to(&mut self, position: Option<u64>) {
        let Some((position, id)) = position.and_then(|position| Some((position, self.id_at(position)?))) else { return };
        let anchor = self.selection.anchor().map_or(position, |id| self.position_near(id).min(self.shown() - 1));
        let ids = (position.min(anchor)..=position.max(anchor)).filter_map(|position| self.id_at(position)).collect();
        self.selection.extend(ids, id);
    }

    /// All that are shown.
    pub fn all_shown(&self) -> Ids {
        self.found.as_ref().map_or_else(|| self.all(), |found| found.ids.iter().copied().collect())
    }

    /// All that there are.
    pub fn all(&self) -> Ids {
        self.ids.iter().copied().collect()
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

    /// Begins anew, as another history: nothing of this one is shown.
    pub fn begin_anew(&mut self) {
        *self = Self { order: self.order + 1, ..Self::default() };
    }

    /// Takes new exchanges. The first that ever come select their newest; later ones change nothing.
    pub fn arrived(&mut self, ids: &[i64]) -> Vec<Effect> {
        let (was_empty, before) = (self.ids.is_empty(), self.ids.len());
        let newest = self.newest;
        self.ids.extend(ids.iter().filter(|id| **id > newest));
        self.newest = ids.last().copied().map_or(newest, |id| id.max(newest));
        self.arrived += (self.ids.len() - before) as u64;
        let first = self.ids.last().copied().filter(|_| was_empty);
        first.map_or_else(Vec::new, |id| self.select(id))
    }

    /// Shows what will be found from now on, nothing at first. `aside` leaves what is shown until all is found.
    pub fn begin_found(&mut self, aside: bool) {
        if aside && self.found.is_some() {
            self.coming = Some(Found::default());
        } else {
            self.show_list(Some(Found::default()), false);
        }
    }

    /// Takes what was found: `older` newest first, `newer` in any order. What was forgotten since it was found is left out.
    pub fn take_found(&mut self, older: &[i64], newer: &[i64], is_complete: bool) {
        let Self { ids, newest, found, coming, .. } = self;
        let Some(found) = coming.as_mut().or(found.as_mut()) else { return };
        // One that is newer than all that came is only not told yet.
        let is_there = |id: &&i64| **id > *newest || ids.binary_search(id).is_ok();
        // The list stays ascending, whatever is told: positions are searched for.
        for id in older.iter().filter(is_there) {
            if found.ids.front().is_none_or(|first| id < first) {
                found.ids.push_front(*id);
            }
        }
        for id in newer.iter().filter(is_there) {
            if let Err(at) = found.ids.binary_search(id) {
                found.ids.insert(at, *id);
                found.came += 1;
            }
        }
        if is_complete && let Some(coming) = self.coming.take() {
            self.show_list(Some(coming), true);
        }
    }

    /// Leaves out what was found and is not so any more.
    pub fn drop_found(&mut self, ids: &[i64]) {
        let mut is_any = false;
        for found in [&mut self.found, &mut self.coming].into_iter().flatten() {
            let gone: HashSet<i64> = ids.iter().copied().filter(|id| found.ids.binary_search(id).is_ok()).collect();
            if !gone.is_empty() {
                found.ids.retain(|id| !gone.contains(id));
                is_any = true;
            }
        }
        if is_any {
            self.keep_place();
        }
    }

    /// Shows all.
    pub fn show_all(&mut self) {
        if self.found.is_some() {
            self.show_list(None, false);
        }
    }

    /// What is on screen stays there, whatever changed before it.
    fn keep_place(&mut self) {
        self.keeps_place = true;
        self.order += 1;
    }

    fn show_list(&mut self, found: Option<Found>, keeps_place: bool) {
        (self.found, self.coming, self.keeps_place) = (found, None, keeps_place);
        self.order += 1;
    }

    /// Forgets exchanges that are there no more. Asks for what gets the focus where several were selected.
    pub fn forget(&mut self, ids: &[i64]) -> Vec<Effect> {
        let Some(last) = ids.iter().max() else { return Vec::new() };
        let gone: HashSet<i64> = ids.iter().copied().collect();
        // Mostly they are the oldest: all behind the last of them stay without a look.
        let stays = |id: &i64| id > last || !gone.contains(id);
        self.ids.retain(stays);
        for found in [&mut self.found, &mut self.coming].into_iter().flatten() {
            found.ids.retain(stays);
        }
        self.rows.retain(|id, _| stays(id));
        self.asked.retain(stays);
        let before = self.selected();
        self.selection.forget(&gone.iter().copied().collect());
        self.selected().filter(|id| before != Some(*id)).map(Effect::Open).into_iter().collect()
    }

    /// Leaves out what was deleted. Where that had the focus, the next older one that is shown gets it, else the next newer
    /// one; asks for it.
    pub fn delete(&mut self, ids: &Ids) -> Vec<Effect> {
        let focus = self.selected().filter(|id| ids.contains(*id) && self.position_of(*id).is_some());
        self.ids = self.all().without(ids).iter().collect();
        for found in [&mut self.found, &mut self.coming].into_iter().flatten() {
            found.ids = found.ids.iter().copied().collect::<Ids>().without(ids).iter().collect();
        }
        self.rows.retain(|id, _| !ids.contains(*id));
        self.asked.retain(|id| !ids.contains(*id));
        self.selection.forget(ids);
        self.keep_place();
        let next = focus.zip(self.shown().checked_sub(1)).map(|(id, last)| self.position_near(id).min(last));
        next.and_then(|position| self.id_at(position)).map_or_else(Vec::new, |id| self.select(id))
    }

    /// Takes what was deleted and is there again. What is found of it is for the filter to say.
    pub fn restore(&mut self, ids: &Ids) {
        self.ids = self.all().with(ids).iter().collect();
        self.keep_place();
    }

    /// Says of the rows at hand what is said now.
    pub fn annotate(&mut self, ids: &Ids, change: &Change) {
        self.rows.values_mut().filter(|row| ids.contains(row.id)).for_each(|row| row.annotation.apply(change));
    }

    /// Reads all rows anew when they are shown.
    pub fn forget_rows(&mut self) {
        self.rows.clear();
        self.asked.clear();
    }

    /// Notes what is on screen and asks for the rows that are not at hand.
    pub fn show(&mut self, visible: Range<u64>) -> Vec<Effect> {
        let (start, end) = (visible.start.saturating_sub(MARGIN), visible.end.saturating_add(MARGIN).min(self.shown()));
        self.visible = visible;
        let missing: Vec<i64> = (start..end).filter_map(|position| self.id_at(position)).filter(|id| !self.is_known(*id)).collect();
        // Rows at the margin alone can wait until some are missing on screen, or half the margin is.
        let on_screen = self.visible.clone().filter_map(|position| self.id_at(position)).any(|id| !self.is_known(id));
        if missing.is_empty() || !(on_screen || missing.len() as u64 >= MARGIN / 2) {
            return Vec::new();
        }
        self.ask(missing)
    }

    fn is_known(&self, id: i64) -> bool {
        self.rows.contains_key(&id) || self.asked.contains(&id)
    }

    fn ask(&mut self, ids: Vec<i64>) -> Vec<Effect> {
        self.asked.extend(&ids);
        vec![Effect::LoadRows(ids)]
    }

    /// Takes rows that were asked for.
    pub fn loaded(&mut self, rows: Vec<Row>) {
        for row in rows {
            self.asked.remove(&row.id);
            self.rows.insert(row.id, row);
        }
        if self.rows.len() > KEPT {
            let (start, end) = (self.visible.start.saturating_sub(MARGIN), self.visible.end.saturating_add(MARGIN));
            let near: HashSet<i64> = (start..end).filter_map(|position| self.id_at(position)).collect();
            self.rows.retain(|id, _| near.contains(id));
        }
    }

    /// Asks again for the rows on screen that were not final when they came.
    pub fn refresh(&mut self) -> Vec<Effect> {
        let on_screen = self.visible.clone().filter_map(|position| self.id_at(position));
        let open: Vec<i64> = on_screen.filter(|id| self.rows.get(id).is_some_and(|row| !row.settled || !row.saved)).collect();
        // Rows that are not on screen are asked for when they come there.
        let visible: HashSet<i64> = open.iter().copied().collect();
        self.rows.retain(|id, row| (row.settled && row.saved) || visible.contains(id));
        if open.is_empty() { Vec::new() } else { self.ask(open) }
    }

    /// Asks again for everything on screen, and forgets the rest.
    pub fn reload(&mut self) -> Vec<Effect> {
        let on_screen: Vec<i64> = self.visible.clone().filter_map(|position| self.id_at(position)).collect();
        let visible: HashSet<i64> = on_screen.iter().copied().collect();
        self.rows.retain(|id, _| visible.contains(id));
        self.asked.clear();
        if on_screen.is_empty() { Vec::new() } else { self.ask(on_screen) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::Annotation;
    use crate::protocol::verdict::Overall;
    use crate::row::{Reply, ReplyKind};

    fn row(id: i64, settled: bool) -> Row {
        Row {
            id,
            overall: Overall::Ok,
            time: String::new(),
            family: String::new(),
            name: String::new(),
            summary: String::new(),
            platform: String::new(),
            reply: Reply { text: String::new(), kind: ReplyKind::None },
            took_micros: None,
            settled,
            saved: true,
            annotation: Annotation::default(),
        }
    }

    fn history(ids: impl IntoIterator<Item = i64>) -> History {
        let mut history = History::default();
        history.arrived(&ids.into_iter().collect::<Vec<_>>());
        history
    }

    #[test]
    fn the_newest_stands_first() {
        let history = history([3, 5, 9]);
        assert_eq!([0, 1, 2, 3].map(|at| history.id_at(at)), [Some(9), Some(5), Some(3), None]);
        assert_eq!((history.position_of(3), history.position_of(4)), (Some(2), None));
    }

    #[test]
    fn arrivals_never_move_the_selection() {
        let mut history = history([1, 2]);
        assert_eq!(history.selected(), Some(2));
        assert_eq!(history.arrived(&[2, 3]), []);
        assert_eq!((history.selected(), history.len()), (Some(2), 3));
    }

    #[test]
    fn selection_moves_by_rows_and_stops_at_the_ends() {
        let mut history = history([1, 2, 3]);
        assert_eq!(history.select_by(1), [Effect::Open(2)]);
        assert_eq!(history.select_by(10), [Effect::Open(1)]);
        assert_eq!(history.select_by(-100), [Effect::Open(3)]);
        assert_eq!(history.select(77), []);
    }

    #[test]
    fn only_what_is_missing_is_asked_for_and_only_once() {
        let mut history = history(1..=200);
        let asked = history.show(0..10);
        assert_eq!(asked, [Effect::LoadRows((151..=200).rev().collect())]);
        assert_eq!(history.show(0..10), []);
        history.loaded((151..=200).map(|id| row(id, true)).collect());
        assert_eq!(history.show(1..11), [], "one missing row beyond the screen can wait");
        assert_eq!(history.show(60..70).len(), 1);
    }

    #[test]
    fn rows_that_were_not_final_are_asked_for_again() {
        let mut history = history(1..=3);
        history.show(0..3);
        history.loaded(vec![row(1, true), row(2, false), row(3, true)]);
        assert_eq!(history.refresh(), [Effect::LoadRows(vec![2])]);
        assert!(history.row_at(1).is_some(), "it stays on screen meanwhile");
        history.loaded(vec![row(2, true)]);
        assert_eq!(history.refresh(), []);
        assert_eq!(history.reload(), [Effect::LoadRows(vec![3, 2, 1])]);
    }

    #[test]
    fn what_was_forgotten_is_listed_no_more() {
        let mut history = history(1..=4);
        history.select(2);
        assert_eq!(history.forget(&[1, 2, 77]), []);
        assert_eq!((history.len(), history.selected(), history.id_at(1)), (2, None, Some(3)));
    }

    #[test]
    fn what_is_found_grows_at_both_ends_and_arrivals_stay_aside() {
        let mut history = history(1..=100);
        history.begin_found(false);
        assert_eq!((history.shown(), history.len(), history.selected()), (0, 100, Some(100)));
        history.take_found(&[90, 80], &[], false);
        history.take_found(&[7], &[101], false);
        history.arrived(&[101, 102]);
        assert_eq!([0, 1, 2, 3, 4].map(|at| history.id_at(at)), [Some(101), Some(90), Some(80), Some(7), None]);
        assert_eq!((history.position_of(80), history.position_of(81), history.order().came), (Some(2), None, 1));
        history.show_all();
        assert_eq!((history.shown(), history.id_at(0)), (102, Some(102)));
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
    fn what_is_found_anew_takes_its_place_once_it_is_complete() {
        let mut history = history(1..=9);
        history.begin_found(false);
        history.take_found(&[9, 5], &[], true);
        let before = history.order();
        history.begin_found(true);
        history.take_found(&[9], &[], false);
        assert_eq!((history.shown(), history.order()), (2, before));
        history.take_found(&[6, 2], &[], true);
        assert_eq!((history.shown(), history.order().keeps_place, history.position_near(5)), (3, true, 2));
        assert_eq!(history.position_near(1), 3);
    }

    #[test]
    fn what_changed_and_matches_now_stands_in_its_place() {
        let mut history = history(1..=9);
        history.begin_found(false);
        history.take_found(&[9, 5], &[], true);
        history.take_found(&[], &[7, 9], true);
        assert_eq!([0, 1, 2, 3].map(|at| history.id_at(at)), [Some(9), Some(7), Some(5), None]);
        assert_eq!(history.order().came, 1);
    }

    #[test]
    fn what_was_forgotten_is_found_no_more_and_arrivals_are_counted_all_the_same() {
        let mut history = history(1..=5);
        history.arrived(&[6, 7]);
        history.forget(&[1, 2]);
        assert_eq!(history.order().came, 7);
        history.begin_found(false);
        history.take_found(&[6, 2, 1], &[9], true);
        assert_eq!([0, 1, 2].map(|at| history.id_at(at)), [Some(9), Some(6), None], "9 is not told yet");
    }

    #[test]
    fn a_million_that_were_found_are_held_as_ids() {
        let mut history = history(1..=1_000_000);
        history.begin_found(false);
        history.take_found(&(1..=1_000_000).rev().collect::<Vec<_>>(), &[], true);
        assert_eq!((history.position_of(1), history.id_at(999_999), history.show(500_000..500_030).len()), (Some(999_999), Some(1), 1));
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

    #[test]
    fn what_is_found_no_more_leaves_the_list_in_place() {
        let mut history = history(1..=9);
        history.begin_found(false);
        history.take_found(&[9, 5, 2], &[], true);
        let before = history.order();
        history.drop_found(&[7, 1]);
        assert_eq!(history.order(), before);
        history.drop_found(&[5, 7]);
        assert_eq!([0, 1, 2].map(|at| history.id_at(at)), [Some(9), Some(2), None]);
        assert!(history.order().keeps_place && history.order() != before);
    }

    #[test]
    fn memory_is_bounded() {
        let mut history = history(1..=100_000);
        for start in (0..100_000).step_by(50) {
            for effect in history.show(start..start + 50) {
                let Effect::LoadRows(ids) = effect else { panic!("bug: only rows are asked for") };
                history.loaded(ids.into_iter().map(|id| row(id, true)).collect());
            }
        }
        assert!(history.rows.len() <= KEPT + 200, "{}", history.rows.len());
    }
}
