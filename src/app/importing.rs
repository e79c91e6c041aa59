//! The import: from where, how far it is, and what came of it.

use super::action::Dialog;
use super::notice::Notices;
use super::texts::importing as texts;
use super::{Model, sentence};
use crate::ids::Ids;
use crate::import::Report;
use crate::messages::{Effect, ImportProgress};
use std::path::PathBuf;
use std::sync::Arc;

/// What a user can mean with importing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportAction {
    /// The path of a file was typed.
    EditPath(String),
    /// Import the file whose path was typed.
    Start,
    /// Import these files, which were chosen or dropped.
    Files(Vec<PathBuf>),
    /// Import a text that was pasted.
    Paste(String),
    /// Stop the import that runs.
    Stop,
}

/// What the import dialog shows.
#[derive(Debug, Default)]
pub struct Importing {
    /// The file's path, as it was typed.
    pub path: String,
    /// How far it is, while one runs.
    pub running: Option<ImportProgress>,
    /// Whether it is to stop.
    pub is_stopping: bool,
    /// Why the last one did not work.
    pub failure: Option<String>,
    /// What came of the last one, where something could not be read.
    pub report: Option<Report>,
    /// Whether what is imported was pasted.
    is_pasted: bool,
}

impl Importing {
    /// Whether it can start.
    pub fn can_start(&self) -> bool {
        self.running.is_none() && !self.path.trim().is_empty()
    }

    /// Takes a path that was chosen or typed; what was said of another one goes.
    fn take_path(&mut self, path: String) {
        (self.path, self.failure, self.report) = (path, None, None);
    }

    /// One at a time.
    fn begin(&mut self, effect: Effect, is_pasted: bool, notices: &mut Notices) -> Vec<Effect> {
        if self.running.is_some() {
            notices.warn(texts::ONE_AT_A_TIME);
            return Vec::new();
        }
        *self = Self { path: std::mem::take(&mut self.path), running: Some(ImportProgress::default()), is_pasted, ..Self::default() };
        vec![effect]
    }

    fn end(&mut self) {
        (self.running, self.is_stopping) = (None, false);
    }
}

impl Model {
    pub(super) fn act_on_import(&mut self, action: ImportAction) -> Vec<Effect> {
        match action {
            ImportAction::EditPath(path) => self.importing.take_path(path),
            ImportAction::Start if self.importing.can_start() => {
                let path = PathBuf::from(self.importing.path.trim());
                return self.importing.begin(Effect::Import(vec![path]), false, &mut self.notices);
            }
            ImportAction::Files(files) => return self.importing.begin(Effect::Import(files), false, &mut self.notices),
            ImportAction::Paste(text) => return self.importing.begin(Effect::ImportText(text), true, &mut self.notices),
            ImportAction::Stop if self.importing.running.is_some() => {
                self.importing.is_stopping = true;
                return vec![Effect::StopImport];
            }
            ImportAction::Start | ImportAction::Stop => {}
        }
        Vec::new()
    }

    /// What takes its time shows how far it is.
    pub(super) fn import_goes_on(&mut self, progress: ImportProgress) {
        if self.importing.running.is_some() {
            self.importing.running = Some(progress);
            self.dialog = self.dialog.or(Some(Dialog::Import));
        }
    }

    /// It is there, or nothing is. What could not be read stays to be looked at.
    pub(super) fn imported(&mut self, ids: Option<&Arc<Ids>>, report: Report) -> Vec<Effect> {
        self.importing.end();
        let Some(ids) = ids else {
            self.close_import();
            self.notices.done(texts::STOPPED);
            return Vec::new();
        };
        if self.importing.is_pasted && report.exchanges + report.duplicates == 0 {
            self.close_import();
            self.notices.warn(texts::nothing_pasted(&report));
            return Vec::new();
        }
        self.importing.path.clear();
        if report.complaints == 0 {
            self.close_import();
            self.notices.done(report.to_string());
        } else {
            self.importing.report = Some(report);
            self.dialog = self.dialog.or(Some(Dialog::Import));
        }
        self.show_imported(ids)
    }

    /// The list has them in their places, and what is found, or sorted, is so anew. Where nothing was opened, or they were pasted,
    /// the newest of them is.
    fn show_imported(&mut self, ids: &Ids) -> Vec<Effect> {
        let Some((_, newest)) = ids.ranges().last().copied() else { return Vec::new() };
        self.history.restore(ids);
        let mut effects = self.look_again();
        if self.importing.is_pasted || self.history.selected().is_none() {
            effects.extend(self.history.select(newest));
        }
        effects
    }

    pub(super) fn import_failed(&mut self, reason: &str) {
        self.importing.end();
        self.importing.failure = Some(sentence(reason));
        self.dialog = self.dialog.or(Some(Dialog::Import));
        if self.dialog != Some(Dialog::Import) {
            self.notices.failed(sentence(reason));
        }
    }

    /// It was not asked for, or another history is open now and will hear no more of it.
    pub(super) fn import_left(&mut self) {
        self.importing.end();
        self.close_import();
    }

    fn close_import(&mut self) {
        self.dialog = self.dialog.filter(|dialog| *dialog != Dialog::Import);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::app::filter_box::FilterAction;
    use crate::import::Complaint;
    use crate::messages::Event;

    fn model(count: i64) -> Model {
        let mut model = Model::default();
        model.absorb(Event::Arrived((1..=count).collect()));
        model
    }

    fn import(model: &mut Model, action: ImportAction) -> Vec<Effect> {
        model.apply(Action::Import(action))
    }

    fn imported(model: &mut Model, ids: impl IntoIterator<Item = i64>, report: Report) -> Vec<Effect> {
        model.absorb(Event::Imported { ids: Some(Arc::new(ids.into_iter().collect())), report })
    }

    fn taken(exchanges: u64) -> Report {
        Report { exchanges, ..Report::default() }
    }

    fn damaged() -> Report {
        let mut report = taken(2);
        report.complain("a.ndjson", Complaint { line: 7, reason: "no".to_owned() });
        report
    }

    fn shown(model: &Model) -> Vec<i64> {
        (0..model.history.shown()).filter_map(|at| model.history.id_at(at)).collect()
    }

    fn said(model: &Model) -> Vec<&str> {
        model.notices.list().iter().map(|notice| notice.text.as_str()).collect()
    }

    #[test]
    fn what_is_imported_stands_in_the_list_and_nothing_else_changes() {
        let mut model = model(3);
        let files = vec![PathBuf::from("/a"), PathBuf::from("/b")];
        assert_eq!(import(&mut model, ImportAction::Files(files.clone())), [Effect::Import(files.clone())]);
        assert_eq!(import(&mut model, ImportAction::Files(files)), [], "one at a time");
        model.absorb(Event::Arrived(vec![258]));
        let came = model.history.came();
        assert_eq!(imported(&mut model, 4..=6, taken(3)), []);
        assert_eq!((shown(&model), model.history.selected(), model.history.came()), (vec![258, 6, 5, 4, 3, 2, 1], Some(3), came));
        assert_eq!(said(&model).last(), Some(&"3 exchanges imported"));
        // What arrived before may be told after it.
        imported(&mut model, 300..=301, taken(2));
        model.absorb(Event::Arrived(vec![299, 302]));
        assert_eq!(&shown(&model)[..5], [302, 301, 300, 299, 258]);
    }

    #[test]
    fn what_is_filtered_is_found_anew() {
        let mut model = model(3);
        let typed = FilterAction::Edit { text: "red".into(), now_millis: 0, zone: jiff::tz::TimeZone::UTC };
        model.apply(Action::Filter(typed));
        import(&mut model, ImportAction::Files(Vec::new()));
        let effects = imported(&mut model, [4], taken(1));
        assert!(matches!(effects.first(), Some(Effect::Find(Some(find))) if find.number == 2), "{effects:?}");
    }

    #[test]
    fn what_is_pasted_is_opened_and_what_is_none_is_told() {
        let mut model = model(3);
        assert_eq!(import(&mut model, ImportAction::Paste("x".to_owned())), [Effect::ImportText("x".to_owned())]);
        assert_eq!(imported(&mut model, [4, 5], taken(2)), [Effect::Open(5)]);
        import(&mut model, ImportAction::Paste("y".to_owned()));
        let nothing = Report { exchanges: 0, ..damaged() };
        assert_eq!(imported(&mut model, [], nothing), []);
        assert_eq!((model.dialog, said(&model).last()), (None, Some(&"What is on the clipboard is nothing that can be imported: no")));
    }

    #[test]
    fn a_dialog_shows_what_takes_long_and_what_could_not_be_read() {
        let mut model = model(0);
        import(&mut model, ImportAction::Files(Vec::new()));
        assert_eq!(model.dialog, None);
        model.absorb(Event::Importing(ImportProgress { bytes: 1, of_bytes: Some(2), exchanges: 3 }));
        assert_eq!(model.dialog, Some(Dialog::Import));
        assert_eq!(imported(&mut model, [1, 2], damaged()), [Effect::Open(2)], "nothing was open");
        assert_eq!(
            (model.dialog, model.importing.report.as_ref(), model.importing.running),
            (Some(Dialog::Import), Some(&damaged()), None)
        );
        import(&mut model, ImportAction::EditPath("/x".to_owned()));
        assert_eq!(model.importing.report, None);
        assert_eq!(import(&mut model, ImportAction::Start), [Effect::Import(vec!["/x".into()])]);
        imported(&mut model, [], Report { duplicates: 9, ..Report::default() });
        assert_eq!((model.dialog, said(&model).last()), (None, Some(&"0 exchanges imported, 9 were there already")));
    }

    #[test]
    fn it_is_stopped_and_may_fail() {
        let mut model = model(0);
        assert_eq!(import(&mut model, ImportAction::Stop), []);
        import(&mut model, ImportAction::Files(Vec::new()));
        model.absorb(Event::Importing(ImportProgress::default()));
        assert_eq!(import(&mut model, ImportAction::Stop), [Effect::StopImport]);
        assert!(model.importing.is_stopping);
        model.absorb(Event::Imported { ids: None, report: taken(7) });
        assert_eq!((model.dialog, said(&model), shown(&model)), (None, vec![texts::STOPPED], vec![]));
        import(&mut model, ImportAction::Files(Vec::new()));
        model.absorb(Event::ImportFailed("disk full".to_owned()));
        assert_eq!((model.dialog, model.importing.failure.as_deref()), (Some(Dialog::Import), Some("Disk full")));
        assert!(model.importing.running.is_none());
    }
}
