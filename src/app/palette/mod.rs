//! The palette: every action that can be done now, found by words.
//!
//! It says what is offered and which one is chosen. Which keys mean the same as an action is told by its [`Meaning`].

mod list;
mod search;

use super::Model;
use super::action::{Action, Dialog};
use super::filter_box::FilterAction;
use super::histories::HistoriesAction;
use super::meaning::{Meaning, Place};
use super::statistics::{Form, StatisticsAction};
use crate::histories::Which;
use crate::messages::Effect;
use jiff::tz::TimeZone;
pub use search::Found;

/// How many actions that were done come first while nothing is typed.
const MOST_RECENT: usize = 5;

/// What a user can mean in the palette, and to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaletteAction {
    /// Open it. What is found goes by where the keys are meant.
    Open(Place),
    /// These words are typed.
    Type(String),
    /// Choose the one this many further down; negative is up.
    ChooseBy(i64),
    /// Do the one at this place of what was found, or else the chosen one.
    Do {
        /// The place.
        at: Option<usize>,
        /// Now, in milliseconds since the Unix epoch.
        now_millis: i64,
        /// Where the day and the hour are told.
        zone: TimeZone,
    },
}

/// An action that can be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it does.
    pub label: String,
    /// What it acts on, or what that means; may be empty.
    pub about: String,
    /// Other words that find it.
    also: String,
    /// What is done.
    pub does: Does,
    /// What a key means that does the same.
    pub meaning: Option<Meaning>,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// This action.
    Act(Action),
    /// Filter by this text, as of then.
    Filter(String),
    /// Open another history, in its dialog: there it says how far that is, and what did not work.
    OpenHistory(Which),
    /// Copy the statistics, with times told as there.
    CopyStatistics(Form),
}

/// The palette.
#[derive(Debug, Default)]
pub struct Palette {
    place: Place,
    text: String,
    entries: Vec<Entry>,
    found: Vec<Found>,
    chosen: Option<usize>,
    /// What was done, the latest first.
    recent: Vec<Does>,
    times_opened: u64,
}

impl Palette {
    /// What is typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was found, the best first.
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// What is offered at a place of what was found.
    pub fn entry_at(&self, at: usize) -> Option<(&Entry, &Found)> {
        let found = self.found.get(at)?;
        Some((self.entries.get(found.entry)?, found))
    }

    /// The place of the chosen one.
    pub fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    /// How often it was opened: whoever remembers a place in it forgets that with the next time.
    pub fn times_opened(&self) -> u64 {
        self.times_opened
    }

    fn find(&mut self) {
        self.found = search::find(&self.entries, &self.text);
        if self.text.trim().is_empty() {
            let is_at = |found: &Found| self.recent.iter().position(|done| *done == self.entries[found.entry].does);
            self.found.sort_by_key(|found| is_at(found).unwrap_or(MOST_RECENT));
        }
    }

    fn take(&mut self, text: String) {
        self.text = text;
        self.find();
        self.chosen = (!self.found.is_empty()).then_some(0);
    }

    /// Offers these from now on. What was chosen stays chosen; where it is gone nothing is, since another one would be done
    /// in its place.
    fn offer(&mut self, entries: Vec<Entry>) {
        let chosen = self.chosen.and_then(|at| self.entry_at(at)).map(|(entry, _)| entry.does.clone());
        self.entries = entries;
        self.find();
        self.chosen = chosen.and_then(|does| self.found.iter().position(|found| self.entries[found.entry].does == does));
    }

    fn choose_by(&mut self, entries: i64) {
        let Some(last) = self.found.len().checked_sub(1) else { return };
        let by = isize::try_from(entries).unwrap_or(if entries < 0 { isize::MIN } else { isize::MAX });
        self.chosen = Some(self.chosen.map_or(0, |at| at.saturating_add_signed(by).min(last)));
    }

    fn note(&mut self, done: &Does) {
        self.recent.retain(|other| other != done);
        self.recent.insert(0, done.clone());
        self.recent.truncate(MOST_RECENT);
    }
}

impl Model {
    pub(super) fn act_on_palette(&mut self, action: PaletteAction) -> Vec<Effect> {
        match action {
            PaletteAction::Open(place) => self.open_palette(place),
            PaletteAction::Type(text) => self.palette.take(text),
            PaletteAction::ChooseBy(entries) => self.palette.choose_by(entries),
            PaletteAction::Do { at, now_millis, zone } => {
                let at = at.or(self.palette.chosen);
                let does = at.and_then(|at| self.palette.entry_at(at)).map(|(entry, _)| entry.does.clone());
                return does.map_or_else(Vec::new, |does| self.do_from_palette(does, now_millis, zone));
            }
        }
        Vec::new()
    }

    /// Not in front of a dialog: what is being typed there is done there, or given up.
    fn open_palette(&mut self, place: Place) {
        if self.dialog.is_some() {
            return;
        }
        self.dialog = Some(Dialog::Palette);
        self.palette.place = place;
        self.palette.times_opened += 1;
        self.palette.entries = list::entries(self, place);
        self.palette.take(String::new());
    }

    /// What can be done changes with what happens.
    pub(super) fn follow_palette(&mut self) {
        if self.dialog == Some(Dialog::Palette) {
            let entries = list::entries(self, self.palette.place);
            self.palette.offer(entries);
        }
    }

    /// Closed before, so that what is done finds the window as it was.
    fn do_from_palette(&mut self, does: Does, now_millis: i64, zone: TimeZone) -> Vec<Effect> {
        self.dialog = None;
        self.palette.note(&does);
        match does {
            Does::Act(action) => self.act(action),
            Does::Filter(text) => self.act(Action::Filter(FilterAction::Edit { text, now_millis, zone })),
            Does::OpenHistory(which) => {
                let mut effects = self.act(Action::OpenDialog(Dialog::History));
                effects.extend(self.act(Action::Histories(HistoriesAction::Open(which))));
                effects
            }
            Does::CopyStatistics(form) => self.act(Action::Statistics(StatisticsAction::Copy(form, zone))),
        }
    }
}

#[cfg(test)]
mod tests;
