//! The export: which exchanges, in which form, what of them leaves, and where to.

use super::code::json_job;
use super::component::{Button, Field, dialog, segmented};
use super::texts;
use super::texts::exporting as words;
use super::theme::{self, Tone};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::export_editor::{ExportAction, ExportScope, Running};
use crate::app::file_dialog::FileFor;
use crate::export::Format;
use crate::export::curl::Shell;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, Frame, Label, Layout, Margin, ScrollArea, Stroke, Ui, vec2};

/// How wide the dialog is, and the names of its lines, in points.
const WIDTH: f32 = 980.0;
const NAMES: f32 = 84.0;

/// What stands below the preview, and the least height of it, in points.
const BELOW: f32 = 28.0 + 8.0;
const LEAST: f32 = 72.0;

/// Draws the dialog.
pub fn export_editor_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let about = words::about_format(model.export.form.format);
    let closed = dialog(ui.ctx(), words::TITLE, about, WIDTH, |ui| {
        scope_ui(ui, model, actions);
        form_ui(ui, model, actions);
        private_ui(ui, model, actions);
        preview_ui(ui, model);
        destination_ui(ui, model, actions);
    });
    if closed && model.export.running.is_none() {
        actions.push(Action::CloseDialog);
    }
}

/// A line: its name, and what is chosen in it.
fn line_ui(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        let size = vec2(NAMES, theme::CONTROL);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            ui.label(theme::dim(ui, name));
        });
        content(ui);
    });
}

/// One of several, each with what it means.
fn one_of_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    id: &str,
    choices: &[(T, &str)],
    now: T,
    action: impl Fn(T) -> ExportAction,
    actions: &mut Vec<Action>,
) {
    let labels: Vec<(&str, Tone)> = choices.iter().map(|(_, label)| (*label, Tone::Accent)).collect();
    let at = choices.iter().position(|(choice, _)| *choice == now).unwrap_or(0);
    if let Some(chosen) = segmented(ui, id, &labels, at) {
        actions.push(Action::Export(action(choices[chosen].0)));
    }
}

fn scope_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let all = texts::all_of(model.history.len());
    let shown = texts::shown_by_filter(model.history.shown());
    let selected = texts::the_selected(model.history.selection().len());
    let mut scopes = vec![(ExportScope::All, all.as_str()), (ExportScope::Selected, selected.as_str())];
    if model.filter.in_force().is_some() {
        scopes.insert(1, (ExportScope::Shown, &shown));
    }
    line_ui(ui, words::WHAT, |ui| {
        one_of_ui(ui, "scope", &scopes, model.export.scope(&model.filter), ExportAction::Scope, actions);
    });
}

fn form_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let form = &model.export.form;
    let formats = Format::ALL.map(|format| (format, words::format(format)));
    line_ui(ui, words::FORM, |ui| one_of_ui(ui, "form", &formats, form.format, ExportAction::Format, actions));
    match form.format {
        Format::Http => line_ui(ui, words::LAYOUT, |ui| {
            let layouts = [(false, words::ONE_FILE), (true, words::MANY_FILES)];
            one_of_ui(ui, "layout", &layouts, form.in_files, ExportAction::InFiles, actions);
        }),
        Format::Curl => line_ui(ui, words::SHELL, |ui| {
            let shells = Shell::ALL.map(|shell| (shell, words::shell(shell)));
            one_of_ui(ui, "shell", &shells, form.shell, ExportAction::Shell, actions);
        }),
        Format::Csv => columns_ui(ui, model, actions),
        Format::Report => line_ui(ui, words::PAPER, |ui| {
            let papers = [(false, words::MARKDOWN), (true, words::HTML)];
            one_of_ui(ui, "paper", &papers, form.as_html, ExportAction::AsHtml, actions);
        }),
        Format::Ndjson | Format::Json | Format::Har => {}
    }
}

fn columns_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let wrong = model.export.wrong_column();
    let mut columns = model.export.columns.clone();
    line_ui(ui, words::COLUMNS, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.add(Button::new(words::COLUMNS_OF_LIST)).clicked() {
                actions.push(Action::Export(ExportAction::ColumnsOfList));
            }
            ui.add(Field::new(words::COLUMNS, &mut columns).mono().invalid(wrong.is_some()));
        });
    });
    if columns != model.export.columns {
        actions.push(Action::Export(ExportAction::Columns(columns)));
    }
    if let Some(wrong) = wrong {
        line_ui(ui, "", |ui| drop(ui.label(theme::toned(ui, words::no_such_column(&wrong), Tone::Bad))));
    }
}

fn private_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let is_redacted = model.export.form.redacted;
    line_ui(ui, words::PRIVATE, |ui| {
        one_of_ui(ui, "private", &[(true, words::REDACTED), (false, words::COMPLETE)], is_redacted, ExportAction::Redact, actions);
        ui.add(Label::new(theme::dim(ui, words::what_leaves(is_redacted))).truncate());
    });
}

/// What would leave, as it would stand there.
fn preview_ui(ui: &mut Ui, model: &Model) {
    let preview = model.export.preview.as_ref();
    let about = preview.map_or_else(|| words::LOOKING.to_owned(), words::previewed);
    ui.label(theme::small(ui, about));
    let p = theme::palette(ui);
    let failure = if model.export.failure.is_some() { BELOW } else { 0.0 };
    let height = (ui.available_height() - BELOW - failure).max(LEAST);
    let frame = Frame::new().fill(p.bg).stroke(Stroke::new(1.0, p.line)).corner_radius(theme::CORNER).inner_margin(Margin::same(1));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_height(height - 2.0);
        // Another form, or what is private in another way, is read from its beginning.
        let form = &model.export.form;
        let id = ("preview", form.format.word(), form.redacted);
        ScrollArea::vertical().id_salt(id).auto_shrink(false).show(ui, |ui| {
            Frame::new().inner_margin(Margin::symmetric(9, 7)).show(ui, |ui| {
                if let Some(preview) = preview.filter(|preview| !preview.text.is_empty()) {
                    let mut job = job(ui, form.format, &preview.text);
                    job.wrap.max_width = ui.available_width();
                    job.wrap.break_anywhere = true;
                    ui.add(Label::new(job).selectable(true));
                }
            });
        });
    });
}

fn job(ui: &Ui, format: Format, text: &str) -> LayoutJob {
    match format {
        Format::Ndjson | Format::Json | Format::Har => json_job(ui, text),
        Format::Http | Format::Curl | Format::Csv | Format::Report => {
            LayoutJob::single_section(text.to_owned(), theme::code_format(theme::palette(ui).text))
        }
    }
}

fn destination_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    if let Some(failure) = &model.export.failure {
        ui.label(theme::toned(ui, failure.as_str(), Tone::Bad));
    }
    match model.export.running {
        Some(running) => running_ui(ui, running, actions),
        None => ready_ui(ui, model, actions),
    }
}

fn running_ui(ui: &mut Ui, Running { done, of }: Running, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.set_min_height(theme::CONTROL);
        ui.spinner();
        ui.label(words::written(done, of));
        if ui.add(Button::new(words::STOP)).clicked() {
            actions.push(Action::Export(ExportAction::Stop));
        }
    });
}

fn ready_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let export = &model.export;
    let (name, file) = if export.form.is_folder() { (words::TO_FOLDER, FileFor::ExportFolder) } else { (words::TO_FILE, FileFor::Export) };
    let mut path = export.path.clone();
    line_ui(ui, name, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let can_start = export.can_start(&model.history, &model.filter);
            if ui.add(Button::new(words::WRITE).primary().enabled(can_start)).clicked() {
                actions.push(Action::Export(ExportAction::Start));
            }
            let can_copy = export.can_copy(&model.history, &model.filter);
            let copy = ui.add(Button::new(words::COPY).enabled(can_copy)).on_disabled_hover_text(words::TOO_MANY_TO_COPY);
            if copy.clicked() {
                actions.push(Action::Export(ExportAction::Copy));
            }
            if ui.add(Button::new(texts::CHOOSE)).clicked() {
                actions.push(Action::AskFile(file));
            }
            ui.add(Field::new(name, &mut path).hint(words::PATH_HINT).mono());
        });
    });
    if path != export.path {
        actions.push(Action::Export(ExportAction::Path(path)));
    }
}
