//! Dialogs: which one is in front, and the files that are chosen in those of the system.

use super::action::Dialog;
use super::app_editor::AppEditor;
use super::file_dialog::FileFor;
use super::https_editor::HttpsEditor;
use super::importing::{ImportAction, Importing};
use super::rules::sees;
use super::{Model, texts};
use crate::messages::Effect;
use std::path::PathBuf;

impl Model {
    pub(super) fn open_dialog(&mut self, dialog: Dialog) -> Vec<Effect> {
        if dialog == Dialog::Https {
            self.https = HttpsEditor::of(&self.known.https, self.https_listening.as_ref());
        }
        self.dialog = Some(dialog);
        if dialog == Dialog::Rules {
            self.rule_editor.open(sees(self.rules.as_ref(), &self.detail));
        }
        match dialog {
            Dialog::History => self.histories.open(),
            Dialog::Export => vec![self.look_at_export()],
            Dialog::Apps
            | Dialog::Body
            | Dialog::Import
            | Dialog::Rules
            | Dialog::Https
            | Dialog::Rewrite
            | Dialog::Delete
            | Dialog::Palette => Vec::new(),
        }
    }

    /// No file was chosen, or nothing can show a dialog here: the two look alike.
    pub fn no_file_chosen(&mut self, what: FileFor) {
        match what {
            FileFor::Export | FileFor::ExportFolder => self.export.failure = Some(texts::NO_FILE_CHOSEN.to_owned()),
            FileFor::Import => self.importing.failure = Some(texts::NO_FILE_CHOSEN.to_owned()),
            FileFor::Certificate | FileFor::Key => self.https.remark = Some(texts::NO_FILE_CHOSEN),
            FileFor::Authority => self.https.remark = Some(texts::NO_PLACE_CHOSEN),
            FileFor::RulesImport | FileFor::RulesExport => self.notices.done(texts::rules::NO_RULES_FILE),
            FileFor::History => self.histories.fail(texts::NO_FILE_CHOSEN.to_owned()),
        }
    }

    pub(super) fn choose_file(&mut self, what: FileFor, path: PathBuf) -> Vec<Effect> {
        match what {
            FileFor::Export | FileFor::ExportFolder => self.export.choose_path(&path),
            FileFor::Import => return self.act_on_import(ImportAction::Files(vec![path])),
            FileFor::Certificate | FileFor::Key => self.https.choose(what, &path),
            FileFor::Authority => return vec![Effect::ExportAuthority(path)],
            FileFor::RulesImport => return vec![Effect::ImportRules(path)],
            FileFor::RulesExport => return vec![Effect::ExportRules(path)],
            FileFor::History => return self.keep_note().into_iter().chain(self.histories.open_file(path)).collect(),
        }
        Vec::new()
    }

    pub(super) fn close_dialog(&mut self) -> Vec<Effect> {
        let stays = match self.dialog {
            Some(Dialog::Rules) => !self.rule_editor.may_close(),
            Some(Dialog::Import) => self.importing.running.is_some(),
            // Nothing is to be done with a list that is about to be another.
            Some(Dialog::History) => self.histories.opening().is_some(),
            _ => false,
        };
        if stays {
            return Vec::new();
        }
        let closed = self.dialog.take();
        self.deleting.do_not_ask();
        self.app_editor = AppEditor::default();
        self.held.rewriting = None;
        if closed == Some(Dialog::Import) {
            self.importing = Importing::default();
        }
        if closed == Some(Dialog::History) { self.histories.close() } else { Vec::new() }
    }
}
