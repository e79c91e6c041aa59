//! The export: which exchanges, to which file.

use super::component::{Button, Field, button, dialog, segmented};
use super::texts;
use super::theme::{self, Tone};
use crate::app::Model;
use crate::app::action::{Action, ExportScope};
use crate::app::file_dialog::FileFor;
use eframe::egui::Ui;

/// Draws the dialog.
pub fn export_editor_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let closed = dialog(ui.ctx(), texts::EXPORT_TITLE, texts::EXPORT_REMARK, 640.0, |ui| {
        form_ui(ui, model, actions);
    });
    if closed && model.export.running.is_none() {
        actions.push(Action::CloseDialog);
    }
}

fn form_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let export = &model.export;
    let all = texts::all_of(model.history.len());
    ui.label(theme::small(ui, texts::EXPORT_WHAT));
    let shown = texts::shown_by_filter(model.history.shown());
    let selected = texts::the_selected(model.history.selection().len());
    let mut scopes = vec![(ExportScope::All, all.as_str()), (ExportScope::Selected, selected.as_str())];
    if model.filter.in_force().is_some() {
        scopes.insert(1, (ExportScope::Shown, &shown));
    }
    let labels: Vec<(&str, Tone)> = scopes.iter().map(|(_, label)| (*label, Tone::Accent)).collect();
    let at = scopes.iter().position(|(scope, _)| *scope == export.scope(&model.filter)).unwrap_or(0);
    if let Some(chosen) = segmented(ui, "scope", &labels, at) {
        actions.push(Action::SetExportScope(scopes[chosen].0));
    }
    ui.add_space(4.0);
    ui.label(theme::small(ui, texts::EXPORT_TO));
    let mut path = export.path.clone();
    ui.horizontal(|ui| {
        let width = ui.available_width() - 86.0;
        ui.add(Field::new(texts::EXPORT_TO, &mut path).hint(texts::EXPORT_PATH_HINT).mono().width(width));
        if button(ui, texts::CHOOSE).clicked() {
            actions.push(Action::AskFile(FileFor::Export));
        }
    });
    if path != export.path {
        actions.push(Action::EditExportPath(path));
    }
    if let Some(failure) = &export.failure {
        ui.label(theme::toned(ui, failure.as_str(), Tone::Bad));
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        if let Some(done) = export.running {
            ui.spinner();
            ui.label(texts::written(done));
            if button(ui, texts::STOP).clicked() {
                actions.push(Action::StopExport);
            }
        } else {
            let can_start = export.can_start(&model.history, &model.filter);
            if ui.add(Button::new(texts::EXPORT_NOW).primary().enabled(can_start)).clicked() {
                actions.push(Action::StartExport);
            }
        }
    });
}
