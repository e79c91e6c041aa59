//! The export: what, in which form, where to, and how far it is.

use super::Model;
use super::action::Dialog;
use super::filter_box::FilterBox;
use super::history::History;
use super::{MOST_COPIED, texts};
use crate::column::Columns;
use crate::export::csv::Cell;
use crate::export::curl::Shell;
use crate::export::{Form, Format};
use crate::ids::Ids;
use crate::messages::{Destination, Effect, Export, Preview};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something about the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportAction {
    /// Open the dialog with what is selected.
    OfSelected,
    /// Export these exchanges.
    Scope(ExportScope),
    /// Export in this form.
    Format(Format),
    /// Whether what is private is replaced.
    Redact(bool),
    /// The names of the columns were typed.
    Columns(String),
    /// Take the columns of the list.
    ColumnsOfList,
    /// For which shell.
    Shell(Shell),
    /// Whether each request and response gets a file.
    InFiles(bool),
    /// Whether a report is HTML.
    AsHtml(bool),
    /// The path was typed.
    Path(String),
    /// Write it.
    Start,
    /// Copy it.
    Copy,
    /// Stop what runs.
    Stop,
}

/// Which exchanges an export takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExportScope {
    /// All of them.
    #[default]
    All,
    /// Those that the filter shows.
    Shown,
    /// What is selected.
    Selected,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Running {
    /// Exchanges written so far.
    pub done: u64,
    /// Of so many; 0 until that is known.
    pub of: u64,
}

/// What the export dialog is set to.
#[derive(Debug)]
pub struct ExportEditor {
    scope: ExportScope,
    /// In which form. Its columns are those that were typed last and are some.
    pub form: Form,
    /// The columns as typed.
    pub columns: String,
    /// Where to, as typed or chosen.
    pub path: String,
    /// Whether the path was chosen in a file dialog, which asked about a file that is there.
    may_replace: bool,
    /// How far it is, while one runs.
    pub running: Option<Running>,
    /// Why the last one did not work.
    pub failure: Option<String>,
    /// The beginning of what would leave; `None` until that is known.
    pub preview: Option<Preview>,
    /// The number of the last question for it.
    asked: u64,
}

impl Default for ExportEditor {
    fn default() -> Self {
        let form = Form::of(Format::default());
        Self {
            scope: ExportScope::default(),
            columns: Cell::write_list(&form.columns),
            form,
            path: String::new(),
            may_replace: false,
            running: None,
            failure: None,
            preview: None,
            asked: 0,
        }
    }
}

impl ExportEditor {
    /// Takes a path that was chosen: of a file, or of the folder that is to hold a new one.
    pub fn choose_path(&mut self, path: &Path) {
        let path = if self.form.is_folder() { path.join(texts::exporting::FOLDER) } else { path.to_owned() };
        self.path = path.to_string_lossy().into_owned();
        self.may_replace = true;
        self.failure = None;
    }

    /// Which exchanges are taken: what the filter shows only while one is in force.
    pub fn scope(&self, filter: &FilterBox) -> ExportScope {
        if self.scope == ExportScope::Shown && filter.in_force().is_none() { ExportScope::All } else { self.scope }
    }

    /// The first name that was typed and is no column.
    pub fn wrong_column(&self) -> Option<String> {
        let read = Cell::read_list(&self.columns);
        (self.form.format == Format::Csv).then(|| read.err()).flatten()
    }

    /// Whether it can be written.
    pub fn can_start(&self, history: &History, filter: &FilterBox) -> bool {
        self.is_ready(history, filter) && !self.path.trim().is_empty()
    }

    /// Whether it can be copied.
    pub fn can_copy(&self, history: &History, filter: &FilterBox) -> bool {
        self.is_ready(history, filter) && self.count(history, filter) <= MOST_COPIED
    }

    fn is_ready(&self, history: &History, filter: &FilterBox) -> bool {
        self.running.is_none() && self.wrong_column().is_none() && self.count(history, filter) > 0
    }

    fn count(&self, history: &History, filter: &FilterBox) -> u64 {
        match self.scope(filter) {
            ExportScope::All => history.len(),
            ExportScope::Shown => history.shown(),
            ExportScope::Selected => history.selection().len(),
        }
    }

    fn export(&self, history: &History, filter: &FilterBox) -> Export {
        let ids: Option<Ids> = match self.scope(filter) {
            ExportScope::All => None,
            ExportScope::Shown => Some(history.all_shown()),
            ExportScope::Selected => Some(history.selection().ids()),
        };
        Export { ids: ids.map(Arc::new), form: self.form.clone() }
    }

    /// Asks for the preview.
    fn look(&mut self, history: &History, filter: &FilterBox) -> Effect {
        self.asked += 1;
        Effect::PreviewExport { number: self.asked, export: self.export(history, filter) }
    }

    /// Takes a preview, unless another one was asked for since.
    pub fn take_preview(&mut self, number: u64, preview: Preview) {
        if number == self.asked {
            self.preview = Some(preview);
        }
    }

    /// Another form: private things leave with it as is usual for it, and the file is named as is usual for it.
    fn set_format(&mut self, format: Format) {
        self.change_form(|form| {
            form.format = format;
            form.redacted = format.is_for_sharing();
        });
    }

    fn change_form(&mut self, change: impl FnOnce(&mut Form)) {
        let before = self.ending();
        change(&mut self.form);
        let after = self.ending();
        // Nobody asked about the file of the other name.
        if before != after {
            self.may_replace = false;
            if let Some(stem) = self.path.strip_suffix(&before).filter(|stem| !stem.is_empty()) {
                self.path = format!("{stem}{after}");
            }
        }
    }

    fn ending(&self) -> String {
        if self.form.is_folder() { String::new() } else { format!(".{}", self.form.extension()) }
    }

    /// What a file of it may be called.
    pub fn suggested_name(&self) -> String {
        format!("{}{}", texts::exporting::FOLDER, self.ending())
    }

    fn type_columns(&mut self, text: String) {
        self.columns = text;
        if let Ok(columns) = Cell::read_list(&self.columns)
            && !columns.is_empty()
        {
            self.form.columns = columns;
        }
    }

    fn take_columns(&mut self, columns: &Columns) {
        let cells: Vec<Cell> = columns.list().iter().map(|shown| Cell::Column(shown.column.clone())).collect();
        self.type_columns(Cell::write_list(&cells));
    }

    /// It ended, or did not begin.
    pub fn ended(&mut self, failure: Option<String>) {
        self.running = None;
        self.failure = failure;
    }
}

impl Model {
    /// Does something about the export.
    pub(super) fn act_on_export(&mut self, action: ExportAction) -> Vec<Effect> {
        let export = &mut self.export;
        export.failure = None;
        match action {
            ExportAction::OfSelected => {
                export.scope = ExportScope::Selected;
                return self.open_dialog(Dialog::Export);
            }
            ExportAction::Scope(scope) => export.scope = scope,
            ExportAction::Format(format) => export.set_format(format),
            ExportAction::Redact(redacted) => export.form.redacted = redacted,
            ExportAction::Columns(text) => export.type_columns(text),
            ExportAction::ColumnsOfList => export.take_columns(&self.known.columns),
            ExportAction::Shell(shell) => export.change_form(|form| form.shell = shell),
            ExportAction::InFiles(in_files) => export.change_form(|form| form.in_files = in_files),
            ExportAction::AsHtml(as_html) => export.change_form(|form| form.as_html = as_html),
            ExportAction::Path(path) => {
                (export.path, export.may_replace) = (path, false);
                return Vec::new();
            }
            ExportAction::Start => return self.start_export(),
            ExportAction::Copy => return self.copy_export(),
            ExportAction::Stop => return vec![Effect::StopExport],
        }
        vec![self.look_at_export()]
    }

    /// Asks what would leave.
    pub(super) fn look_at_export(&mut self) -> Effect {
        self.export.look(&self.history, &self.filter)
    }

    fn start_export(&mut self) -> Vec<Effect> {
        if !self.export.can_start(&self.history, &self.filter) {
            return Vec::new();
        }
        let to = Destination { path: PathBuf::from(self.export.path.trim()), replace: self.export.may_replace };
        self.export.running = Some(Running::default());
        vec![Effect::Export(self.export.export(&self.history, &self.filter), to)]
    }

    fn copy_export(&mut self) -> Vec<Effect> {
        if !self.export.can_copy(&self.history, &self.filter) {
            return Vec::new();
        }
        self.export.running = Some(Running::default());
        vec![Effect::CopyExport(self.export.export(&self.history, &self.filter))]
    }

    /// An export ended: says so where the dialog was.
    pub(super) fn exported(&mut self, notice: String) {
        self.export.ended(None);
        self.dialog = self.dialog.filter(|dialog| *dialog != Dialog::Export);
        self.notices.done(notice);
    }
}
