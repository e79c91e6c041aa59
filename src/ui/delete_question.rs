//! The question before many exchanges are deleted.

use super::component::{button, danger_button, dialog};
use super::texts;
use super::theme;
use crate::app::Model;
use crate::app::action::Action;
use crate::app::deleting::{Asked, DeleteAction};
use eframe::egui::Ui;

/// Draws the dialog.
pub fn delete_question_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let Some(asked) = model.deleting.asked() else { return };
    let closed = dialog(ui.ctx(), texts::DELETE_TITLE, "", 520.0, |ui| question_ui(ui, asked, actions));
    if closed {
        actions.push(Action::CloseDialog);
    }
}

fn question_ui(ui: &mut Ui, Asked { ids, pinned, are_all }: &Asked, actions: &mut Vec<Action>) {
    ui.label(texts::delete_question(ids.len(), *are_all));
    let pinned_number = pinned.as_ref().map(|pinned| pinned.len());
    ui.label(pinned_number.map_or_else(|| texts::COUNTING_PINNED.to_owned(), texts::pinned_among));
    ui.label(theme::paragraph(ui, texts::UNDO_WHY));
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        if danger_button(ui, &texts::delete_so_many(ids.len())).clicked() {
            actions.push(Action::Delete(DeleteAction::Confirm));
        }
        let unpinned = ids.len() - pinned_number.unwrap_or(0);
        let are_some_pinned = (1..ids.len()).contains(&pinned_number.unwrap_or(0));
        if are_some_pinned && danger_button(ui, &texts::delete_unpinned(unpinned)).clicked() {
            actions.push(Action::Delete(DeleteAction::ConfirmUnpinned));
        }
        if button(ui, texts::CANCEL).clicked() {
            actions.push(Action::CloseDialog);
        }
    });
}
