//! The response rules: their list at the left, the one that is edited at the right.

mod editor;
mod form; // the rule that is edited
mod list; // all of them
mod step; // what the edited rule responds
pub mod told; // what each rule makes of the opened exchange

use super::component::{Button, Dialog, button, copy_line, notice, quiet_button};
use super::theme::{self, Tone};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::file_dialog::FileFor;
use crate::app::rule_editor::{RulesAction, Towards, starters};
use crate::app::texts::rules as texts;
use crate::messages::KnownRules;
use eframe::egui::{Frame, Key, Label, Margin, Modifiers, Popup, Rect, Response, ScrollArea, Ui, UiBuilder, pos2, vec2};

/// How wide the dialog is where there is room.
const WIDTH: f32 = 1100.0;

/// How high it is below its title where there is room.
const HEIGHT: f32 = 620.0;

/// From this width on the title has room for its remark.
const ROOM_FOR_REMARK: f32 = 820.0;

/// How wide the list is where there is room, and where there is not.
const LIST: f32 = 500.0;
const LEAST_LIST: f32 = 248.0;

/// What the form needs of the width at least.
const FORM: f32 = 440.0;

/// How much of the complaints about a file is shown at once.
const COMPLAINTS: f32 = 84.0;

/// Draws the dialog.
pub fn rules_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    keys(ui, model, actions);
    let has_room = ui.ctx().content_rect().width() > ROOM_FOR_REMARK;
    let remark = if has_room { texts::RULES_REMARK } else { "" };
    let mut titled = Vec::new();
    let dialog = Dialog::new(texts::RESPONSE_RULES).remark(remark).width(WIDTH);
    let closed = dialog.show(ui.ctx(), |ui| title_ui(ui, model, &mut titled), |ui| body_ui(ui, model, actions));
    actions.append(&mut titled);
    if closed {
        actions.push(Action::CloseDialog);
    }
}

fn say(actions: &mut Vec<Action>, action: RulesAction) {
    actions.push(Action::Rules(action));
}

/// Alt and an arrow move the rule that is edited; an arrow alone goes to the next one, unless text is being typed.
fn keys(ui: &Ui, model: &Model, actions: &mut Vec<Action>) {
    let Some(at) = model.rule_editor.editing.as_ref().filter(|editing| !editing.is_new()).map(|editing| editing.at) else { return };
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    for (key, towards) in [(Key::ArrowUp, Towards::First), (Key::ArrowDown, Towards::Last)] {
        let is_free = !ui.ctx().text_edit_focused() && !Popup::is_any_open(ui.ctx());
        let Some(next) = (if key == Key::ArrowUp { at.checked_sub(1) } else { Some(at + 1) }) else { continue };
        if pressed(Modifiers::ALT, key) {
            say(actions, RulesAction::Move(at, towards));
            list::reveal(ui, next);
        } else if is_free && pressed(Modifiers::NONE, key) {
            say(actions, RulesAction::Select(next));
            list::reveal(ui, next);
        }
    }
}

/// From the right: what is used most stands next to the cross.
fn title_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    if model.rules.is_none() {
        return;
    }
    add_ui(ui, actions);
    if button(ui, texts::EXPORT).clicked() {
        actions.push(Action::AskFile(FileFor::RulesExport));
    }
    if button(ui, texts::IMPORT).clicked() {
        actions.push(Action::AskFile(FileFor::RulesImport));
    }
}

fn add_ui(ui: &mut Ui, actions: &mut Vec<Action>) {
    let adds = button(ui, texts::ADD_RULE);
    menu_ui(&adds, |ui| {
        if ui.button(texts::EMPTY_RULE).clicked() {
            say(actions, RulesAction::Add);
        }
        ui.separator();
        for (at, rule) in starters().iter().enumerate() {
            if ui.button(&rule.name).clicked() {
                say(actions, RulesAction::AddStarter(at));
            }
        }
    });
}

/// A menu under a button.
fn menu_ui(below: &Response, content: impl FnOnce(&mut Ui)) {
    Popup::menu(below).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        content(ui);
    });
}

fn body_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let Some(known) = &model.rules else {
        Frame::new().inner_margin(16).show(ui, |ui| ui.label(theme::dim(ui, texts::LOADING)));
        return;
    };
    let bottom = ui.cursor().top() + ui.available_height().min(HEIGHT);
    file_complaints_ui(ui, known);
    questions_ui(ui, model, actions);
    let width = ui.available_width();
    let top_left = ui.cursor().min;
    let all = Rect::from_min_max(top_left, pos2(top_left.x + width, bottom.max(top_left.y + 160.0)));
    let is_empty = known.rules.is_empty() && model.rule_editor.editing.is_none();
    let list_width = if is_empty { width } else { width_of_list(width) };
    let (left, right) = all.split_left_right_at_x(top_left.x + list_width.round());
    ui.allocate_rect(all, eframe::egui::Sense::hover());
    side_ui(ui, left, "rules", |ui| list_side_ui(ui, model, known, actions));
    if is_empty {
        return;
    }
    let seam = Rect::from_min_size(right.min, vec2(1.0, right.height()));
    ui.painter().rect_filled(seam, 0.0, theme::palette(ui).line);
    side_ui(ui, right.with_min_x(right.left() + 1.0), "edited rule", |ui| editor::editor_ui(ui, model, actions));
}

fn width_of_list(width: f32) -> f32 {
    if width >= WIDTH - 60.0 { LIST } else { (width - FORM).min(width * 0.385).max(LEAST_LIST) }
}

fn side_ui(ui: &mut Ui, rect: Rect, id: &str, content: impl FnOnce(&mut Ui)) {
    let mut side = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(id));
    side.set_clip_rect(ui.clip_rect().intersect(rect));
    content(&mut side);
}

/// What is pinned to the bottom of a side, known from the frame before: egui learns a height by drawing.
fn with_foot(ui: &mut Ui, content: impl FnOnce(&mut Ui), foot: impl FnOnce(&mut Ui)) {
    let id = ui.make_persistent_id("foot");
    let known = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(theme::TOP_BAR);
    let all = ui.max_rect();
    let seam = (all.bottom() - known).max(all.top());
    let above = all.with_max_y(seam);
    let mut main = ui.new_child(UiBuilder::new().max_rect(above).id_salt("main"));
    main.set_clip_rect(ui.clip_rect().intersect(above));
    content(&mut main);
    let mut end = ui.new_child(UiBuilder::new().max_rect(all.with_min_y(seam)).id_salt("end"));
    foot(&mut end);
    let height = end.min_rect().height();
    if (known - height).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, height));
        ui.request_discard("the foot is of another height");
    }
}

fn list_side_ui(ui: &mut Ui, model: &Model, known: &KnownRules, actions: &mut Vec<Action>) {
    let mut moves = Vec::new();
    with_foot(
        ui,
        |ui| list::list_ui(ui, model, known, actions),
        |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            super::component::hline(ui);
            Frame::new().inner_margin(Margin { left: 14, right: 14, top: 0, bottom: 10 }).show(ui, |ui| {
                list::tools_ui(ui, model, &mut moves);
                copy_line(ui, &known.path.display().to_string());
            });
        },
    );
    actions.append(&mut moves);
}

/// What is wrong with the file, over everything else.
fn file_complaints_ui(ui: &mut Ui, known: &KnownRules) {
    if known.complaints.is_empty() {
        return;
    }
    let p = theme::palette(ui);
    Frame::new().fill(Tone::Bad.fill(p)).inner_margin(Margin::symmetric(16, 8)).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.label(theme::toned(ui, texts::file_wrong(!known.rules.is_empty()), Tone::Bad));
        ScrollArea::vertical().id_salt("complaints").max_height(COMPLAINTS).show(ui, |ui| {
            for complaint in &known.complaints {
                ui.add(Label::new(crate::app::sentence(&crate::wording::visible(complaint))).wrap());
            }
        });
    });
}

/// What is to be decided about what was edited, and what can be undone.
fn questions_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let editor = &model.rule_editor;
    if let (Some(_), Some(editing)) = (&editor.wants, &editor.editing) {
        question_ui(ui, &texts::unsaved_edits(&editor::name(editing)), |ui| {
            if button(ui, texts::KEEP_EDITING).clicked() {
                say(actions, RulesAction::Stay);
            }
            if button(ui, texts::DISCARD).clicked() {
                say(actions, RulesAction::Discard);
            }
            if ui.add(Button::new(texts::SAVE).primary().enabled(editing.can_save())).clicked() {
                say(actions, RulesAction::SaveAndGo);
            }
        });
    } else if let Some((_, rule)) = &editor.removed {
        question_ui(ui, &texts::rule_deleted(&rule.name), |ui| {
            if quiet_button(ui, texts::UNDO).clicked() {
                say(actions, RulesAction::Undo);
            }
        });
    }
}

fn question_ui(ui: &mut Ui, text: &str, answers: impl FnOnce(&mut Ui)) {
    Frame::new().inner_margin(Margin { left: 12, right: 12, top: 8, bottom: 8 }).show(ui, |ui| {
        notice(ui, Tone::Warn, text, answers);
    });
    super::component::hline(ui);
}
