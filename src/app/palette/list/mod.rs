//! Everything that can be done now, in the order in which it is offered.
//!
//! What stands in a dialog is done there, where one sees what it does: here stands what opens it. What is about one row, one
//! value or one width is done with the mouse there.

mod exchanges; // with what is opened and selected
mod shown; // with the list, a conversation, and the pages in front of them
mod window; // with what is responded and received, with files, and with the window

use super::{Does, Entry};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::meaning::{Meaning, Place};
use crate::app::texts;

/// Everything that can be done now, where the keys are meant at this place.
pub fn entries(model: &Model, place: Place) -> Vec<Entry> {
    let mut list = List { model, place, entries: Vec::new() };
    list.held();
    list.exchange();
    list.verdicts_and_tabs();
    list.body();
    list.comparison();
    list.filter();
    list.conversation();
    list.catalogue();
    list.statistics();
    list.responding();
    list.receiving();
    list.files();
    list.look();
    list.columns();
    list.moving();
    list.entries
}

struct List<'a> {
    model: &'a Model,
    place: Place,
    entries: Vec<Entry>,
}

impl List<'_> {
    fn push(&mut self, label: impl Into<String>, about: impl Into<String>, does: Does) -> &mut Entry {
        let (label, about, also) = (label.into(), about.into(), String::new());
        self.entries.push(Entry { label, about, also, does, meaning: None });
        self.entries.last_mut().expect("bug: it was just pushed")
    }

    /// What no key does.
    fn act(&mut self, label: impl Into<String>, about: impl Into<String>, action: Action) -> &mut Entry {
        self.push(label, about, Does::Act(action))
    }

    /// What a key does, where it does anything now.
    fn key(&mut self, label: impl Into<String>, about: impl Into<String>, meaning: Meaning) {
        self.key_also(label, about, "", meaning);
    }

    /// The same, found by other words too.
    fn key_also(&mut self, label: impl Into<String>, about: impl Into<String>, also: &str, meaning: Meaning) {
        if let Some(action) = meaning.action(self.model, self.place) {
            let entry = self.act(label, about, action);
            entry.meaning = Some(meaning);
            also.clone_into(&mut entry.also);
        }
    }

    /// What can be done whatever its key means now: that stands beside it only while it means this.
    fn act_or_key(&mut self, label: &str, about: impl Into<String>, action: Action, meaning: Meaning) {
        let is_meant = meaning.action(self.model, self.place).as_ref() == Some(&action);
        self.act(label, about, action).meaning = is_meant.then_some(meaning);
    }

    /// What is selected, in words.
    fn selected(&self) -> String {
        let history = &self.model.history;
        match (history.selection().len(), history.selected()) {
            (2.., _) => texts::selected(history.selection().len()),
            (_, Some(id)) => history.row(id).map_or_else(|| format!("#{id}"), |row| format!("#{id} {}{}", row.family, row.name)),
            (_, None) => String::new(),
        }
    }
}

impl Entry {
    /// Has other words find it too.
    fn also(&mut self, words: impl Into<String>) {
        self.also = words.into();
    }
}
