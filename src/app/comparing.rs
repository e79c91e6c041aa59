//! The comparison of the opened exchange: with what, how it is shown, and at which difference one is.

use super::Model;
use super::action::Tab;
use super::texts::comparing as texts;
use crate::compare::{Comparison, Hand, Ignored, Layout, Manner, RowOf, Shows, report};
use crate::messages::{Compare, Effect, Uncompared, With};
use crate::opened::Opened;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What a user can mean about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompareAction {
    /// Compare what is selected: two with each other, one with what suits.
    Open,
    /// Have the one with the focus be the base of comparisons, or no more.
    MarkBase,
    /// Compare with this.
    With(Choice),
    /// Show the sides like this.
    Stand(Manner),
    /// Whether there is room for two sides beside each other.
    HasRoom(bool),
    /// Show this much.
    Show(Shows),
    /// Ignore the names that are to be ignored, or none.
    ToggleIgnoring,
    /// Have this name ignored, or no more.
    Ignore(String),
    /// Unfold what is the same.
    Unfold(u32),
    /// Go to the next difference.
    Next,
    /// Go to the one before.
    Previous,
    /// Go to the difference on this row.
    GoToRow(u32),
    /// Copy all differences as text.
    Copy,
    /// Copy what a unit is on one side, all of it.
    CopyValue(u32, Hand),
}

/// What the opened exchange is compared with, as one chooses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The other one that is selected.
    Other,
    /// The one that is marked as base.
    Base,
    /// The one before of the same command.
    Previous,
    /// What is documented: this one of the bodies, counted from 0.
    Sample(usize),
}

/// The comparison.
#[derive(Debug, Default)]
pub struct Comparing {
    base: Option<i64>,
    chosen: Option<Choice>,
    stands: Manner,
    /// Whether two sides have no room beside each other: then they stand inline.
    is_cramped: bool,
    shows: Shows,
    ignores_nothing: bool,
    ignored: Ignored,
    /// What was asked last, and whether all was known of the exchange then.
    asked: Option<(Compare, bool)>,
    number: u64,
    told: Option<Result<Compared, Uncompared>>,
    /// How often one went to a difference: the view follows.
    gone: u64,
}

/// What was found, and how it is laid out.
#[derive(Debug)]
pub struct Compared {
    /// What was found.
    pub comparison: Arc<Comparison>,
    /// Its rows.
    pub layout: Layout,
    /// The difference that one is at, from 0.
    pub at: Option<usize>,
}

impl Comparing {
    /// The exchange that is marked as base.
    pub fn base(&self) -> Option<i64> {
        self.base
    }

    /// What was found, or why nothing was; `None` until that is told.
    pub fn told(&self) -> Option<Result<&Compared, Uncompared>> {
        self.told.as_ref().map(|told| told.as_ref().map_err(|why| *why))
    }

    /// How the sides stand.
    pub fn manner(&self) -> Manner {
        if self.is_cramped { Manner::Inline } else { self.stands }
    }

    /// Whether two sides have no room beside each other.
    pub fn is_cramped(&self) -> bool {
        self.is_cramped
    }

    /// How much is shown.
    pub fn shows(&self) -> Shows {
        self.shows
    }

    /// Whether the names that are to be ignored are.
    pub fn ignores(&self) -> bool {
        !self.ignores_nothing
    }

    /// The names that are to be ignored.
    pub fn ignored(&self) -> &Ignored {
        &self.ignored
    }

    /// How often one went to a difference.
    pub fn times_gone(&self) -> u64 {
        self.gone
    }

    /// A number that changes with what is compared: whoever remembers a place in one forgets it with the next.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Which choices there are for an exchange, besides the one before it.
    pub fn choices(&self, opened: &Opened, other: Option<i64>) -> Vec<Choice> {
        let base = self.base.filter(|base| *base != opened.exchange.id);
        let samples = opened.inspection.callback.reference.map_or(0, |command| 1 + command.variants().count());
        let exchanges = [other.map(|_| Choice::Other), base.map(|_| Choice::Base), Some(Choice::Previous)];
        exchanges.into_iter().flatten().chain((0..samples).map(Choice::Sample)).collect()
    }

    /// What it is compared with: what was chosen, where that is possible, or else the first that is.
    pub fn choice(&self, opened: &Opened, other: Option<i64>) -> Choice {
        let choices = self.choices(opened, other);
        let chosen = self.chosen.filter(|chosen| choices.contains(chosen));
        chosen.or(choices.first().copied()).unwrap_or(Choice::Previous)
    }

    /// Asks for a comparison, where it is not the one that was asked for last.
    fn ask(&mut self, opened: &Opened, other: Option<i64>) -> Option<Effect> {
        let with = match self.choice(opened, other) {
            Choice::Other => With::Exchange(other?),
            Choice::Base => With::Exchange(self.base?),
            Choice::Previous => With::Previous,
            Choice::Sample(number) => With::Sample(number),
        };
        let ignored = if self.ignores_nothing { Ignored::nothing() } else { self.ignored.clone() };
        let (id, is_settled) = (opened.exchange.id, opened.exchange.is_settled());
        let is_asked = self
            .asked
            .as_ref()
            .is_some_and(|(asked, was_settled)| (asked.id, asked.with, &asked.ignored, *was_settled) == (id, with, &ignored, is_settled));
        if is_asked {
            return None;
        }
        self.number += 1;
        let compare = Compare { number: self.number, id, with, ignored };
        // What else is ignored leaves what is shown standing until the answer comes.
        if self.asked.as_ref().is_none_or(|(asked, _)| (asked.id, asked.with) != (id, with)) {
            self.told = None;
        }
        self.asked = Some((compare.clone(), is_settled));
        Some(Effect::Compare(compare))
    }

    /// Takes what was found. A late answer to an older question is dropped.
    pub fn take(&mut self, number: u64, compared: Result<Arc<Comparison>, Uncompared>) {
        if number == self.number {
            let layout = |comparison: &Arc<Comparison>| Layout::of(comparison, self.manner(), self.shows);
            self.told = Some(compared.map(|comparison| Compared { layout: layout(&comparison), comparison, at: None }));
        }
    }

    /// The question could not be asked.
    pub fn not_asked(&mut self) {
        self.asked = None;
    }

    /// Another history is open: nothing of the one before can be compared with.
    pub fn begin_anew(&mut self) {
        (self.base, self.asked, self.told) = (None, None, None);
    }

    fn lay_out(&mut self) {
        let (manner, shows) = (self.manner(), self.shows);
        if let Some(Ok(Compared { comparison, layout, .. })) = &mut self.told {
            *layout = Layout::of(comparison, manner, shows);
            self.gone += 1;
        }
    }

    fn go(&mut self, to: impl FnOnce(&Compared) -> Option<usize>) {
        if let Some(Ok(compared)) = &mut self.told
            && let Some(at) = to(compared).filter(|at| *at < compared.layout.differences())
        {
            compared.at = Some(at);
            self.gone += 1;
        }
    }

    /// Does what is meant; says what is to be put on the clipboard.
    fn apply(&mut self, action: CompareAction) -> Option<String> {
        match action {
            CompareAction::Open | CompareAction::MarkBase => {}
            CompareAction::With(choice) => {
                self.chosen = Some(choice);
                // Also where it is chosen again: what failed may work now.
                self.asked = self.asked.take().filter(|_| matches!(self.told, Some(Ok(_))));
            }
            CompareAction::Stand(manner) => {
                self.stands = manner;
                self.lay_out();
            }
            CompareAction::HasRoom(has_room) => {
                let before = self.manner();
                self.is_cramped = !has_room;
                if self.manner() != before {
                    self.lay_out();
                }
            }
            CompareAction::Show(shows) => {
                self.shows = shows;
                self.lay_out();
            }
            CompareAction::ToggleIgnoring => self.ignores_nothing = !self.ignores_nothing,
            CompareAction::Ignore(name) => {
                self.ignored.toggle(&name);
                self.ignores_nothing = false;
            }
            CompareAction::Unfold(unit) => {
                if let Some(Ok(Compared { comparison, layout, .. })) = &mut self.told {
                    layout.unfold(comparison, unit);
                }
            }
            CompareAction::Next => self.go(|compared| Some(compared.at.map_or(0, |at| at + 1))),
            CompareAction::Previous => self.go(|compared| compared.at.map_or(Some(0), |at| at.checked_sub(1))),
            CompareAction::GoToRow(row) => self.go(|compared| compared.layout.difference_at(row)),
            CompareAction::Copy => return self.report(),
            CompareAction::CopyValue(unit, hand) => {
                let Some(Ok(Compared { comparison, .. })) = &self.told else { return None };
                return comparison.value(unit, hand);
            }
        }
        None
    }

    fn report(&self) -> Option<String> {
        let Some(Ok(Compared { comparison, .. })) = &self.told else { return None };
        let (asked, _) = self.asked.as_ref()?;
        Some(report(comparison, &asked.ignored, &TimeZone::system()))
    }
}

impl Compared {
    /// What stands on a row.
    pub fn row(&self, row: u32) -> Option<RowOf> {
        self.layout.row(&self.comparison, row)
    }

    /// Whether a row is of the difference that one is at.
    pub fn is_at(&self, row: u32) -> bool {
        self.at.and_then(|at| self.layout.rows_of(at)).is_some_and(|rows| rows.contains(&row))
    }
}

impl Model {
    /// The other one where two exchanges are selected.
    pub fn other_selected(&self) -> Option<i64> {
        let selection = self.history.selection();
        let others = || selection.ids().iter().find(|id| Some(*id) != selection.focus());
        (selection.len() == 2).then(others).flatten()
    }

    /// Does what is meant about the comparison.
    pub(super) fn act_on_comparison(&mut self, action: CompareAction) -> Vec<Effect> {
        if action == CompareAction::Open {
            self.comparing.chosen = None;
            self.detail.show_tab(Tab::Compare);
        } else if action == CompareAction::MarkBase {
            self.mark_base();
        } else {
            self.copy_or_show(action);
        }
        Vec::new()
    }

    fn mark_base(&mut self) {
        let id = self.history.selected();
        self.comparing.base = id.filter(|_| self.comparing.base != id);
        if let Some(base) = self.comparing.base {
            self.notices.done(texts::base_marked(base));
        }
    }

    fn copy_or_show(&mut self, action: CompareAction) {
        let is_report = action == CompareAction::Copy;
        let copied = self.comparing.apply(action);
        if is_report && copied.is_some() {
            self.notices.done(texts::COMPARISON_COPIED);
        }
        self.clipboard = copied.or(self.clipboard.take());
    }

    /// Asks for the comparison that the tab shows, where it is not the one that was asked for last.
    pub(super) fn compare_anew(&mut self) -> Option<Effect> {
        if self.detail.tab() != Tab::Compare {
            return None;
        }
        let other = self.other_selected();
        // What is being opened is compared once it is.
        let opened = self.detail.opened().filter(|opened| self.history.selected() == Some(opened.exchange.id))?;
        self.comparing.ask(opened, other)
    }
}
