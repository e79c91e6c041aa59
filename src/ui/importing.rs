//! The import: its dialog, and what is dropped onto the window or pasted into it.

use super::actions::{are_keys_free, key_text};
use super::component::{Button, Field, button, card, dialog};
use super::texts::{self, importing};
use super::theme::{self, Tone};
use crate::app::Model;
use crate::app::action::{Action, Dialog};
use crate::app::file_dialog::FileFor;
use crate::app::importing::ImportAction;
use crate::import::Report;
use crate::messages::ImportProgress;
use eframe::egui::{Align, Area, Event, Id, Key, Label, Layout, Modifiers, Order, ProgressBar, ScrollArea, Stroke, StrokeKind, Ui, Vec2};
use std::path::PathBuf;

/// How high the list of complaints may become, in points.
const COMPLAINTS: f32 = 220.0;

/// How high the bar is that shows how far it is, in points.
const PROGRESS: f32 = 4.0;

/// How far the frame of what is dropped stands from the window's edge, in points.
const DROP_MARGIN: f32 = 12.0;

/// Draws the dialog.
pub fn importing_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let closed = dialog(ui.ctx(), importing::TITLE, importing::REMARK, 640.0, |ui| form_ui(ui, model, actions));
    if closed {
        actions.push(Action::CloseDialog);
    }
}

fn form_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let state = &model.importing;
    match &state.running {
        Some(progress) => running_ui(ui, progress, state.is_stopping, actions),
        None => file_ui(ui, model, actions),
    }
    if let Some(failure) = &state.failure {
        ui.add(Label::new(theme::toned(ui, failure.as_str(), Tone::Bad)).wrap());
    }
    match &state.report {
        Some(report) => report_ui(ui, report),
        None if state.running.is_none() => ways_ui(ui),
        None => {}
    }
}

fn file_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let state = &model.importing;
    ui.label(theme::small(ui, importing::FILE));
    let mut path = state.path.clone();
    ui.horizontal(|ui| {
        let width = ui.available_width() - 156.0;
        let field = ui.add(Field::new(importing::FILE, &mut path).hint(importing::PATH_HINT).mono().width(width));
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if button(ui, texts::CHOOSE).clicked() {
            actions.push(Action::AskFile(FileFor::Import));
        }
        if ui.add(Button::new(importing::IMPORT_NOW).primary().enabled(state.can_start())).clicked() || is_entered {
            actions.push(Action::Import(ImportAction::Start));
        }
    });
    if path != state.path {
        // Before what Enter means.
        actions.insert(0, Action::Import(ImportAction::EditPath(path)));
    }
}

fn running_ui(ui: &mut Ui, progress: &ImportProgress, is_stopping: bool, actions: &mut Vec<Action>) {
    let words = if is_stopping { importing::STOPPING.to_owned() } else { importing::progress(progress) };
    ui.horizontal(|ui| {
        ui.set_height(theme::CONTROL);
        ui.label(words);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.add(Button::new(texts::STOP).enabled(!is_stopping)).clicked() {
                actions.push(Action::Import(ImportAction::Stop));
            }
            // Where it is not known how long it takes.
            if progress.part().is_none() {
                ui.spinner();
            }
        });
    });
    if let Some(part) = progress.part() {
        ui.add(ProgressBar::new(part).desired_height(PROGRESS).fill(theme::palette(ui).accent));
    }
}

/// What can be imported, and how else.
fn ways_ui(ui: &mut Ui) {
    ui.add(Label::new(theme::paragraph(ui, importing::FORMS)).wrap());
    let paste = key_text(ui, Modifiers::COMMAND, Key::V);
    ui.add(Label::new(theme::paragraph(ui, format!("{} {paste}.", importing::OTHER_WAYS))).wrap());
}

/// What came of it, and what could not be read.
fn report_ui(ui: &mut Ui, report: &Report) {
    ui.label(report.to_string());
    card(ui, importing::NOT_READ, |ui| {
        ScrollArea::vertical().id_salt("complaints").max_height(COMPLAINTS).auto_shrink([false, true]).show(ui, |ui| {
            ui.set_width(ui.available_width() - 12.0);
            for (file, one) in &report.first {
                let (place, reason) = importing::complaint(file, one);
                ui.add(Label::new(theme::small(ui, place)).truncate());
                ui.add(Label::new(reason).wrap());
                ui.add_space(4.0);
            }
            let more = report.complaints - report.first.len() as u64;
            if more > 0 {
                ui.label(theme::dim(ui, importing::and_more(more)));
            }
        });
    });
}

/// Takes what is dropped onto the window, or pasted while nothing is typed, and says so while files are over it.
pub fn what_comes(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    if are_keys_free(ui, model) {
        actions.extend(pasted(ui).map(|text| Action::Import(ImportAction::Paste(text))));
    }
    let takes_files = model.dialog.is_none_or(|dialog| dialog == Dialog::Import) && model.importing.running.is_none();
    if !takes_files {
        return;
    }
    let (is_over, files) = ui.input(|input| {
        let files: Vec<PathBuf> = input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect();
        (!input.raw.hovered_files.is_empty(), files)
    });
    if is_over {
        drop_ui(ui);
    }
    if !files.is_empty() {
        actions.push(Action::Import(ImportAction::Files(files)));
    }
}

fn pasted(ui: &Ui) -> Option<String> {
    ui.input(|input| {
        let pasted = |event: &Event| if let Event::Paste(text) = event { Some(text.clone()) } else { None };
        input.events.iter().find_map(pasted).filter(|text| !text.trim().is_empty())
    })
}

/// Over all of the window, where files are about to be dropped.
fn drop_ui(ui: &Ui) {
    let p = theme::palette(ui);
    let all = ui.ctx().content_rect();
    let place = Area::new(Id::unique("drop")).order(Order::Foreground).fixed_pos(all.min).interactable(false);
    place.show(ui.ctx(), |ui| {
        ui.painter().rect_filled(all, 0.0, p.bg.gamma_multiply(0.9));
        let frame = all.shrink(DROP_MARGIN);
        ui.painter().rect(frame, theme::DIALOG_CORNER, p.accent_fill.gamma_multiply(0.5), Stroke::new(2.0, p.accent), StrokeKind::Inside);
        ui.allocate_ui(Vec2::new(all.width(), all.height()), |ui| {
            ui.vertical_centered(|ui| {
                ui.add_space(all.height() / 2.0 - 28.0);
                ui.label(theme::title(importing::DROP));
                ui.add_space(4.0);
                ui.label(theme::dim(ui, importing::DROP_WHY));
            });
        });
    });
}
