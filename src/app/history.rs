//! The list: which exchanges there are, the rows that are at hand, and which one is selected.

use crate::messages::Effect;
use crate::row::Row;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// How many rows are kept at hand. The screen shows some thirty.
const KEPT: usize = 4_096;

/// How many rows beyond the screen are asked for with it, on either side.
const MARGIN: u64 = 40;

/// The exchanges of the history, newest first. Position 0 is the newest.
#[derive(Debug, Default)]
pub struct History {
    /// All ids, ascending.
    ids: Vec<i64>,
    rows: HashMap<i64, Row>,
    asked: HashSet<i64>,
    visible: Range<u64>,
    selected: Option<i64>,
}

impl History {
    /// How many exchanges there are.
    pub fn len(&self) -> u64 {
        self.ids.len() as u64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The exchange at a position.
    pub fn id_at(&self, position: u64) -> Option<i64> {
        let from_end = usize::try_from(position).ok()?.checked_add(1)?;
        self.ids.get(self.ids.len().checked_sub(from_end)?).copied()
    }

    /// The position of an exchange.
    pub fn position_of(&self, id: i64) -> Option<u64> {
        let at = self.ids.binary_search(&id).ok()?;
        Some((self.ids.len() - 1 - at) as u64)
    }

    /// The row at a position, when it is at hand.
    pub fn row_at(&self, position: u64) -> Option<&Row> {
        self.rows.get(&self.id_at(position)?)
    }

    /// The selected exchange.
    pub fn selected(&self) -> Option<i64> {
        self.selected
    }

    /// Selects an exchange and asks for it.
    pub fn select(&mut self, id: i64) -> Vec<Effect> {
        if self.position_of(id).is_none() {
            return Vec::new();
        }
        self.selected = Some(id);
        vec![Effect::Open(id)]
    }

    /// Selects the exchange this many positions further, as far as there are any.
    pub fn select_by(&mut self, rows: i64) -> Vec<Effect> {
        let Some(last) = self.len().checked_sub(1) else { return Vec::new() };
        let position = match self.selected.and_then(|id| self.position_of(id)) {
            Some(position) => position.saturating_add_signed(rows).min(last),
            None => self.visible.start.min(last),
        };
        self.id_at(position).map_or_else(Vec::new, |id| self.select(id))
    }

    /// Selects the exchange at one end of the list.
    pub fn select_end(&mut self, newest: bool) -> Vec<Effect> {
        let id = if newest { self.ids.last() } else { self.ids.first() };
        id.copied().map_or_else(Vec::new, |id| self.select(id))
    }

    /// Takes new exchanges. The first that ever come select their newest; later ones change nothing.
    pub fn arrived(&mut self, ids: &[i64]) -> Vec<Effect> {
        let was_empty = self.ids.is_empty();
        let newest = self.ids.last().copied().unwrap_or(i64::MIN);
        self.ids.extend(ids.iter().filter(|id| **id > newest));
        if was_empty { self.select_end(true) } else { Vec::new() }
    }

    /// Forgets exchanges that are there no more.
    pub fn forget(&mut self, ids: &[i64]) {
        let gone: HashSet<i64> = ids.iter().copied().collect();
        self.ids.retain(|id| !gone.contains(id));
        self.rows.retain(|id, _| !gone.contains(id));
        self.selected = self.selected.filter(|id| !gone.contains(id));
    }

    /// Notes what is on screen and asks for the rows that are not at hand.
    pub fn show(&mut self, visible: Range<u64>) -> Vec<Effect> {
        let (start, end) = (visible.start.saturating_sub(MARGIN), visible.end.saturating_add(MARGIN).min(self.len()));
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
        history.forget(&[1, 2, 77]);
        assert_eq!((history.len(), history.selected(), history.id_at(1)), (2, None, Some(3)));
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
