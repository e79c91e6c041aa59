//! The menu of the rows that are selected.

use super::actions::{Meaning, shortcut};
use super::texts;
use super::theme;
use crate::annotation::Mark;
use crate::app::Model;
use crate::app::action::{Action, Tab};
use crate::app::annotating::AnnotateAction;
use crate::app::comparing::CompareAction;
use crate::app::conversation::ConversationAction;
use crate::app::deleting::DeleteAction;
use crate::app::export_editor::ExportAction;
use eframe::egui::{Button, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

/// The side of a colour's field, and the radius of its dot, in points.
const FIELD: f32 = 26.0;
const DOT: f32 = 6.5;

/// How far an item's words stand from the menu's edge, in points.
const INDENT: f32 = 2.0;

/// Draws the menu.
pub fn row_menu_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let selected = model.history.selection().len();
    if selected > 1 {
        ui.horizontal(|ui| {
            ui.add_space(INDENT);
            ui.label(theme::small(ui, texts::selected(selected)));
        });
    }
    let annotation = model.focus_annotation().cloned().unwrap_or_default();
    let pin = if annotation.pinned { texts::UNPIN } else { texts::PIN };
    item_ui(ui, pin, Some(Meaning::Pin), Action::Annotate(AnnotateAction::TogglePin), actions);
    marks_ui(ui, annotation.mark, actions);
    item_ui(ui, texts::EDIT_NOTE, Some(Meaning::Note), Action::Annotate(AnnotateAction::OpenNote), actions);
    ui.separator();
    if model.can_read_conversation() {
        let (label, action) = (texts::conversation::READ_AS_CONVERSATION, ConversationAction::Open);
        item_ui(ui, label, Some(Meaning::Conversation), Action::Conversation(action), actions);
    }
    let compare = if selected == 2 { texts::comparing::COMPARE_THESE } else { texts::comparing::COMPARE };
    item_ui(ui, compare, (selected < 3).then_some(Meaning::Tab(Tab::Compare)), Action::Compare(CompareAction::Open), actions);
    let is_base = model.history.selected().is_some() && model.comparing.base() == model.history.selected();
    let base = if is_base { texts::comparing::UNMARK_BASE } else { texts::comparing::MARK_AS_BASE };
    item_ui(ui, base, Some(Meaning::MarkBase), Action::Compare(CompareAction::MarkBase), actions);
    ui.separator();
    item_ui(ui, texts::COPY_AS_CURL, Some(Meaning::CopyAsCurl), Action::CopyAsCurl, actions);
    item_ui(ui, texts::EXPORT, None, Action::Export(ExportAction::OfSelected), actions);
    ui.separator();
    item_ui(ui, texts::DELETE, Some(Meaning::Delete), Action::Delete(DeleteAction::Selected), actions);
    if model.filter.in_force().is_some() {
        item_ui(ui, texts::DELETE_SHOWN, None, Action::Delete(DeleteAction::Shown), actions);
    }
    item_ui(ui, texts::DELETE_ALL, None, Action::Delete(DeleteAction::All), actions);
}

/// The colours, and none.
pub fn marks_ui(ui: &mut Ui, now: Option<Mark>, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for mark in Mark::ALL.map(Some).into_iter().chain([None]) {
            if mark_ui(ui, mark, mark == now) {
                actions.push(Action::Annotate(AnnotateAction::Mark(mark)));
                ui.close();
            }
        }
    });
}

/// One of them: a dot, or a ring for none. The one that is there has a ground of its own.
fn mark_ui(ui: &mut Ui, mark: Option<Mark>, is_chosen: bool) -> bool {
    let p = theme::palette(ui);
    let name = mark.map_or_else(|| texts::NO_MARK.to_owned(), texts::mark);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(FIELD), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, ui.is_enabled(), is_chosen, &name));
    if is_chosen || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, theme::CORNER, if is_chosen { p.selection } else { p.hover });
    }
    match mark {
        Some(mark) => ui.painter().circle_filled(rect.center(), DOT, theme::mark(p, mark)),
        None => ui.painter().circle_stroke(rect.center(), DOT - 0.5, Stroke::new(1.2, p.faint)),
    };
    response.on_hover_text(name).clicked()
}

fn item_ui(ui: &mut Ui, label: &str, meaning: Option<Meaning>, action: Action, actions: &mut Vec<Action>) {
    let key = meaning.and_then(|meaning| shortcut(ui, meaning)).unwrap_or_default();
    let response = ui.add(Button::new(label).shortcut_text(theme::small(ui, key)));
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, ui.is_enabled(), label));
    if response.clicked() {
        actions.push(action);
    }
}
