//! The list: which exchanges there are, which of them were found, the rows that are at hand, and which one is selected.

mod selecting;

use super::selection::Selection;
use crate::annotation::Change;
use crate::ids::Ids;
use crate::messages::Effect;
use crate::row::Row;
use crate::sorted::Sorted;
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
    /// What is shown.
    list: List,
    /// What is to be shown in place of that once all of it is found.
    coming: Option<Found>,
    /// What was forgotten since the list is being sorted anew; `None` while it is not.
    forgotten_meanwhile: Option<Ids>,
    order: u64,
    keeps_place: bool,
    rows: HashMap<i64, Row>,
    asked: HashSet<i64>,
    visible: Range<u64>,
    selection: Selection,
}

/// What is shown.
#[derive(Debug, Default)]
enum List {
    /// All, newest first.
    #[default]
    All,
    /// What was found, newest first.
    Found(Found),
    /// All or what was found, sorted. What comes later has no place in it until it is sorted anew: rows that came in between
    /// others would move what is being read.
    Sorted {
        sorted: Sorted,
        /// What belongs to it and came later.
        left_out: HashSet<i64>,
    },
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
    /// Whether it is sorted by something else than its arrival.
    pub is_sorted: bool,
}

impl Found {
    /// Stays ascending, whatever is told: positions are searched for.
    fn take<'a>(&mut self, older: impl Iterator<Item = &'a i64>, newer: impl Iterator<Item = &'a i64>) {
        for id in older {
            if self.ids.front().is_none_or(|first| id < first) {
                self.ids.push_front(*id);
            }
        }
        for id in newer {
            if let Err(at) = self.ids.binary_search(id) {
                self.ids.insert(at, *id);
                self.came += 1;
            }
        }
    }

    fn forget(&mut self, gone: &Ids) {
        self.ids = self.ids.iter().copied().collect::<Ids>().without(gone).iter().collect();
    }
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
        let count = match &self.list {
            List::All => self.ids.len(),
            List::Found(found) => found.ids.len(),
            List::Sorted { sorted, .. } => sorted.len(),
        };
        count as u64
    }

    /// How many belong to the list that came after it was sorted.
    pub fn left_out(&self) -> u64 {
        match &self.list {
            List::Sorted { left_out, .. } => left_out.len() as u64,
            List::All | List::Found(_) => 0,
        }
    }

    /// Which list is shown, and what was put before it.
    pub fn order(&self) -> Order {
        let (came, is_sorted) = match &self.list {
            List::All => (self.arrived, false),
            List::Found(found) => (found.came, false),
            List::Sorted { .. } => (0, true),
        };
        Order { number: self.order, keeps_place: self.keeps_place, came, is_sorted }
    }

    /// The exchange at a position.
    pub fn id_at(&self, position: u64) -> Option<i64> {
        let from_top = usize::try_from(position).ok()?;
        match &self.list {
            List::All => self.ids.get(self.ids.len().checked_sub(from_top)?.checked_sub(1)?).copied(),
            List::Found(found) => found.ids.get(found.ids.len().checked_sub(from_top)?.checked_sub(1)?).copied(),
            List::Sorted { sorted, .. } => sorted.id_at(from_top),
        }
    }

    /// The position of an exchange, where it is shown.
    pub fn position_of(&self, id: i64) -> Option<u64> {
        match &self.list {
            List::Sorted { sorted, .. } => sorted.position_of(id).map(|at| at as u64),
            List::All | List::Found(_) => self.place_by_age(id).ok().map(|at| self.shown() - 1 - at as u64),
        }
    }

    /// The position of an exchange, or of the next older one that is shown; in a sorted list, where nothing is near, that of
    /// the first on screen.
    pub fn position_near(&self, id: i64) -> u64 {
        match &self.list {
            List::Sorted { sorted, .. } => sorted.position_of(id).map_or(self.visible.start, |at| at as u64),
            List::All | List::Found(_) => match self.place_by_age(id) {
                Ok(at) => self.shown() - 1 - at as u64,
                Err(at) => self.shown() - at as u64,
            },
        }
    }

    /// Where an exchange stands among the shown, counted from the oldest, or would stand. Not of a sorted list.
    fn place_by_age(&self, id: i64) -> Result<usize, usize> {
        match &self.list {
            List::Found(found) => found.ids.binary_search(&id),
            List::All | List::Sorted { .. } => self.ids.binary_search(&id),
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

    /// All that are shown.
    pub fn all_shown(&self) -> Ids {
        match &self.list {
            List::All => self.all(),
            List::Found(found) => found.ids.iter().copied().collect(),
            List::Sorted { sorted, .. } => sorted.ascending().collect(),
        }
    }

    /// All that there are.
    pub fn all(&self) -> Ids {
        self.ids.iter().copied().collect()
    }

    /// Begins anew, as another history: nothing of this one is shown.
    pub fn begin_anew(&mut self) {
        *self = Self { order: self.order + 1, ..Self::default() };
    }

    /// Takes new exchanges. The first that ever come select their newest; later ones change nothing.
    pub fn arrived(&mut self, ids: &[i64]) -> Vec<Effect> {
        let (was_empty, before) = (self.ids.is_empty(), self.ids.len());
        let newest = self.newest;
        let fresh = ids.iter().copied().filter(|id| *id > newest);
        if self.ids.last().is_some_and(|last| ids.first().is_some_and(|first| first < last)) {
            // What was imported meanwhile may be newer and was told before.
            self.ids = self.all().with(&fresh.collect()).iter().collect();
        } else {
            self.ids.extend(fresh);
        }
        self.newest = ids.last().copied().map_or(newest, |id| id.max(newest));
        self.arrived += (self.ids.len() - before) as u64;
        let first = self.ids.last().copied().filter(|_| was_empty);
        first.map_or_else(Vec::new, |id| self.select(id))
    }

    /// Shows what will be found from now on, nothing at first. `aside` leaves what is shown until all is found.
    pub fn begin_found(&mut self, aside: bool) {
        if aside && !matches!(self.list, List::All) {
            self.coming = Some(Found::default());
        } else {
            self.show_list(List::Found(Found::default()), false);
        }
    }

    /// Takes what was found: `older` newest first, `newer` in any order. What was forgotten since it was found is left out.
    pub fn take_found(&mut self, older: &[i64], newer: &[i64], is_complete: bool) {
        let Self { ids, newest, list, coming, .. } = self;
        // One that is newer than all that came is only not told yet.
        let is_there = |id: &&i64| **id > *newest || ids.binary_search(id).is_ok();
        match (coming, list) {
            (Some(found), _) | (None, List::Found(found)) => found.take(older.iter().filter(is_there), newer.iter().filter(is_there)),
            (None, List::Sorted { sorted, left_out }) => {
                left_out.extend(newer.iter().filter(is_there).filter(|id| sorted.position_of(**id).is_none()));
            }
            (None, List::All) => {}
        }
        if is_complete && let Some(coming) = self.coming.take() {
            self.show_list(List::Found(coming), true);
        }
    }

    /// Leaves out what was found and is not so any more.
    pub fn drop_found(&mut self, ids: &[i64]) {
        let is_found = |id: &i64| match &self.list {
            List::All => false,
            List::Found(found) => found.ids.binary_search(id).is_ok(),
            List::Sorted { sorted, left_out } => sorted.position_of(*id).is_some() || left_out.contains(id),
        };
        let is_coming = |id: &i64| self.coming.as_ref().is_some_and(|coming| coming.ids.binary_search(id).is_ok());
        let gone: Ids = ids.iter().copied().filter(|id| is_found(id) || is_coming(id)).collect();
        if !gone.is_empty() {
            self.leave_out(&gone);
            self.keep_place();
        }
    }

    /// Takes exchanges out of what is shown, and of what is to be. A sorted list that loses its first row on screen stands at
    /// the next one.
    fn leave_out(&mut self, gone: &Ids) {
        let start = (self.visible.start..self.shown()).find_map(|position| self.id_at(position).filter(|id| !gone.contains(*id)));
        match &mut self.list {
            List::All => {}
            List::Found(found) => found.forget(gone),
            List::Sorted { sorted, left_out } => {
                sorted.forget(gone);
                left_out.retain(|id| !gone.contains(*id));
                let (length, start) = (self.visible.end - self.visible.start, start.and_then(|id| sorted.position_of(id)));
                let start = start.unwrap_or(sorted.len()) as u64;
                self.visible = start..start + length;
            }
        }
        if let Some(coming) = &mut self.coming {
            coming.forget(gone);
        }
    }

    /// Notes that the list is being sorted anew. What is shown stays until that is told.
    pub fn begin_sorting(&mut self) {
        (self.forgotten_meanwhile, self.coming) = (Some(Ids::default()), None);
    }

    /// Shows a list as it was sorted. `keeps_place` where it is the same one as before, sorted anew.
    pub fn show_sorted(&mut self, mut sorted: Sorted, keeps_place: bool) {
        if let Some(gone) = self.forgotten_meanwhile.take() {
            sorted.forget(&gone);
        }
        self.show_list(List::Sorted { sorted, left_out: HashSet::new() }, keeps_place);
    }

    /// Shows all.
    pub fn show_all(&mut self) {
        self.forgotten_meanwhile = None;
        if !matches!(self.list, List::All) {
            self.show_list(List::All, false);
        }
    }

    /// What is on screen stays there, whatever changed before it.
    fn keep_place(&mut self) {
        self.keeps_place = true;
        self.order += 1;
    }

    fn show_list(&mut self, list: List, keeps_place: bool) {
        (self.list, self.coming, self.keeps_place) = (list, None, keeps_place);
        self.forgotten_meanwhile = None;
        self.order += 1;
    }

    /// Forgets exchanges that are there no more. Asks for what gets the focus where several were selected.
    pub fn forget(&mut self, ids: &[i64]) -> Vec<Effect> {
        let Some(last) = ids.iter().max() else { return Vec::new() };
        let gone: Ids = ids.iter().copied().collect();
        // Mostly they are the oldest: all behind the last of them stay without a look.
        let stays = |id: &i64| id > last || !gone.contains(*id);
        self.ids.retain(stays);
        self.leave_out(&gone);
        self.note_forgotten(&gone);
        if matches!(self.list, List::Sorted { .. }) {
            self.keep_place();
        }
        self.rows.retain(|id, _| stays(id));
        self.asked.retain(stays);
        let before = self.selected();
        self.selection.forget(&gone);
        self.selected().filter(|id| before != Some(*id)).map(Effect::Open).into_iter().collect()
    }

    /// What is being sorted does not know of it yet.
    fn note_forgotten(&mut self, gone: &Ids) {
        if let Some(forgotten) = &mut self.forgotten_meanwhile {
            *forgotten = forgotten.with(gone);
        }
    }

    /// Leaves out what was deleted. Where that had the focus, the next one further down gets it, else the next one further up;
    /// asks for it.
    pub fn delete(&mut self, ids: &Ids) -> Vec<Effect> {
        let focus = self.selected().filter(|id| ids.contains(*id)).and_then(|id| self.position_of(id));
        let next = focus.and_then(|position| {
            let mut around = (position..self.shown()).chain((0..position).rev()).filter_map(|position| self.id_at(position));
            around.find(|id| !ids.contains(*id))
        });
        self.ids = self.all().without(ids).iter().collect();
        self.leave_out(ids);
        self.note_forgotten(ids);
        self.rows.retain(|id, _| !ids.contains(*id));
        self.asked.retain(|id| !ids.contains(*id));
        self.selection.forget(ids);
        self.keep_place();
        next.map_or_else(Vec::new, |id| self.select(id))
    }

    /// Takes what was deleted and is there again. What is found of it, and where it is sorted, is for the filter to say.
    pub fn restore(&mut self, ids: &Ids) {
        self.ids = self.all().with(ids).iter().collect();
        if let Some(forgotten) = &mut self.forgotten_meanwhile {
            *forgotten = forgotten.without(ids);
        }
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
    use crate::row::{Cells, Reply, ReplyKind};

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
            cells: Cells::default(),
        }
    }

    pub fn history(ids: impl IntoIterator<Item = i64>) -> History {
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
    fn a_sorted_list_stands_and_what_comes_later_is_counted() {
        let mut history = history(1..=9);
        history.begin_sorting();
        assert_eq!(history.position_of(9), Some(0), "what is shown stays until it is sorted");
        history.forget(&[1]);
        history.show_sorted(Sorted::new(vec![5, 9, 1, 7]), false);
        assert_eq!([0, 1, 2, 3].map(|at| history.id_at(at)), [Some(5), Some(9), Some(7), None], "1 was forgotten meanwhile");
        assert_eq!((history.position_of(7), history.position_of(4), history.order().is_sorted), (Some(2), None, true));
        history.arrived(&[10, 11]);
        history.take_found(&[], &[10, 9, 10, 1], true);
        assert_eq!((history.shown(), history.left_out(), history.order().came), (3, 1, 0));
        history.select(9);
        assert_eq!(history.select_by(1), [Effect::Open(7)]);
        assert_eq!(history.select_by(-9), [Effect::Open(5)]);
        history.forget(&[5, 10]);
        assert_eq!((history.shown(), history.left_out(), history.position_of(7)), (2, 0, Some(1)));
        history.begin_sorting();
        history.show_sorted(Sorted::new(vec![7, 9]), true);
        assert_eq!((history.order().keeps_place, history.position_near(7)), (true, 0));
        history.begin_found(true);
        history.take_found(&[9, 7], &[], true);
        assert_eq!((history.order().is_sorted, history.id_at(0)), (false, Some(9)));
        history.show_all();
        assert_eq!(history.shown(), 8);
    }

    pub fn sorted_history(ids: &[i64]) -> History {
        let mut history = history(1..=9);
        history.begin_sorting();
        history.show_sorted(Sorted::new(ids.to_vec()), false);
        history
    }

    fn shown(history: &History) -> Vec<i64> {
        (0..history.shown()).filter_map(|position| history.id_at(position)).collect()
    }

    #[test]
    fn what_is_deleted_of_a_sorted_list_leaves_the_focus_to_the_next_row() {
        let mut history = sorted_history(&[5, 9, 1, 7, 3]);
        history.show(1..4);
        history.select(9);
        assert_eq!(history.delete(&[9, 5].into_iter().collect()), [Effect::Open(1)]);
        assert_eq!((shown(&history), history.position_near(9)), (vec![1, 7, 3], 0), "the view stands at the row behind");
        history.take_found(&[], &[9, 2], true);
        assert_eq!(history.left_out(), 1, "9 is deleted");
        history.drop_found(&[7, 2]);
        assert_eq!((shown(&history), history.left_out(), history.order().keeps_place), (vec![1, 3], 0, true));
        history.select(3);
        assert_eq!(history.delete(&Ids::one(3)), [Effect::Open(1)]);
    }

    #[test]
    fn what_is_deleted_while_it_is_sorted_stays_away_unless_it_is_back() {
        let mut history = history(1..=5);
        history.begin_sorting();
        history.delete(&[2, 3, 4].into_iter().collect());
        history.restore(&Ids::one(3));
        history.show_sorted(Sorted::new(vec![4, 3, 5, 2, 1]), false);
        assert_eq!(shown(&history), [3, 5, 1]);
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
