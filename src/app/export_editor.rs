//! The export: what, where to, and how far it is.

use super::action::ExportScope;
use super::filter_box::FilterBox;
use super::history::History;
use crate::messages::Effect;
use std::path::PathBuf;

/// What the export dialog is set to.
#[derive(Debug, Default)]
pub struct ExportEditor {
    /// Which exchanges.
    pub scope: ExportScope,
    /// Where to, as typed or chosen.
    pub path: String,
    /// Whether the path was chosen in a file dialog, which asked about a file that is there.
    pub may_replace: bool,
    /// How many are written, while an export runs.
    pub running: Option<u64>,
    /// Why the last one did not work.
    pub failure: Option<String>,
}

impl ExportEditor {
    /// Takes a path that was typed.
    pub fn type_path(&mut self, path: String) {
        self.path = path;
        self.may_replace = false;
        self.failure = None;
    }

    /// Takes a path that was chosen.
    pub fn choose_path(&mut self, path: &std::path::Path) {
        self.path = path.to_string_lossy().into_owned();
        self.may_replace = true;
        self.failure = None;
    }

    /// Which exchanges are taken: what the filter shows only while one is in force.
    pub fn scope(&self, filter: &FilterBox) -> ExportScope {
        if self.scope == ExportScope::Shown && filter.in_force().is_none() { ExportScope::All } else { self.scope }
    }

    /// Whether it can start.
    pub fn can_start(&self, history: &History, filter: &FilterBox) -> bool {
        let has_any = match self.scope(filter) {
            ExportScope::All => true,
            ExportScope::Shown => history.shown() > 0,
            ExportScope::Selected => history.selected().is_some(),
        };
        self.running.is_none() && !self.path.trim().is_empty() && has_any
    }

    /// Starts.
    pub fn start(&mut self, history: &History, filter: &FilterBox) -> Vec<Effect> {
        if !self.can_start(history, filter) {
            return Vec::new();
        }
        let ids = match self.scope(filter) {
            ExportScope::All => None,
            ExportScope::Shown => Some(history.all_shown().iter().collect()),
            ExportScope::Selected => Some(history.selection().ids().iter().collect()),
        };
        self.running = Some(0);
        self.failure = None;
        vec![Effect::Export { ids, path: PathBuf::from(self.path.trim()), replace: self.may_replace }]
    }
}
