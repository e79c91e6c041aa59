//! The export: what, where to, and how far it is.

use super::action::ExportScope;
use crate::ids::Ids;
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

    /// Whether it can start.
    pub fn can_start(&self, is_any_selected: bool) -> bool {
        self.running.is_none() && !self.path.trim().is_empty() && (self.scope == ExportScope::All || is_any_selected)
    }

    /// Starts.
    pub fn start(&mut self, selected: &Ids) -> Vec<Effect> {
        if !self.can_start(!selected.is_empty()) {
            return Vec::new();
        }
        let ids = match self.scope {
            ExportScope::All => None,
            ExportScope::Selected => Some(selected.iter().collect()),
        };
        self.running = Some(0);
        self.failure = None;
        vec![Effect::Export { ids, path: PathBuf::from(self.path.trim()), replace: self.may_replace }]
    }
}
