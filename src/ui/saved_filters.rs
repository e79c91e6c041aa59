//! The menu beside the filter box: the filters that are saved, and the one that is to be.

use super::component::{Button, Field, button, hline, paint_text, panel_below, quiet_button};
use super::filter_box::edit;
use super::{texts, theme};
use crate::app::Model;
use crate::app::filter_box::{FilterAction, Naming, Unsaved};
use crate::settings::SavedFilter;
use eframe::egui::{Align, FontId, Id, Key, Layout, Popup, Role, Sense, TextFormat, Ui, WidgetInfo, text::LayoutJob, vec2};

/// Its width, in points, and what a filter's buttons take of that.
const WIDTH: f32 = 400.0;
const BUTTONS: f32 = 120.0;

/// From an item's edge to its words, in points.
const INSIDE: f32 = 8.0;

/// Draws the button, and what opens below it.
/// `names_asked` is how often a name was asked for, as far as that was followed.
pub fn saved_filters_ui(ui: &mut Ui, model: &Model, names_asked: &mut u64, now_millis: i64, said: &mut Vec<FilterAction>) {
    let opens = ui.add(Button::new(texts::SAVED_FILTERS).opens_menu()).on_hover_text(texts::SAVED_FILTERS_WHY);
    if std::mem::replace(names_asked, model.filter.names_asked()) != model.filter.names_asked() {
        // Here the name is typed, wherever it was asked for.
        Popup::open_id(ui.ctx(), Popup::default_response_id(&opens));
    }
    panel_below(&opens, WIDTH, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let naming = model.filter.naming();
        for (at, saved) in model.known.filters.iter().enumerate() {
            match naming.filter(|naming| naming.of == Some(at)) {
                Some(naming) => name_ui(ui, model, naming, said),
                None => saved_ui(ui, at, saved, saved.text == model.filter.text(), now_millis, said),
            }
        }
        if model.known.filters.is_empty() {
            remark_ui(ui, texts::NO_SAVED_FILTER);
        }
        hline(ui);
        match naming.filter(|naming| naming.of.is_none()) {
            Some(naming) => name_ui(ui, model, naming, said),
            None if model.filter.can_save() => {
                if button(ui, texts::SAVE_THIS_FILTER).clicked() {
                    said.push(FilterAction::AskName(None));
                }
            }
            None => {
                remark_ui(ui, if model.filter.complaint().is_some() { texts::NOT_TO_SAVE } else { texts::NOTHING_TO_SAVE });
            }
        }
    });
}

/// Words that begin where the names do.
fn remark_ui(ui: &mut Ui, text: &str) {
    ui.horizontal(|ui| {
        ui.add_space(INSIDE);
        ui.label(theme::dim(ui, text));
    });
}

/// A saved filter: a click chooses it.
fn saved_ui(ui: &mut Ui, at: usize, saved: &SavedFilter, is_typed: bool, now_millis: i64, said: &mut Vec<FilterAction>) {
    ui.horizontal(|ui| {
        let palette = theme::palette(ui);
        let size = vec2((ui.available_width() - BUTTONS).max(80.0), theme::CONTROL);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let name = texts::saved_filter(&saved.name, &saved.text);
        response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, is_typed, &name));
        if response.hovered() || response.has_focus() || is_typed {
            ui.painter().rect_filled(rect, theme::CORNER, if is_typed { palette.selection } else { palette.hover });
        }
        let ink = |color| TextFormat::simple(FontId::proportional(theme::BODY_SIZE), color);
        let mut job = LayoutJob::default();
        job.append(&saved.name, 0.0, ink(palette.text));
        job.append(&saved.text, 10.0, ink(palette.dim));
        paint_text(ui, rect.shrink2(vec2(INSIDE, 0.0)), Align::LEFT, job);
        if response.on_hover_text(&saved.text).clicked() {
            said.push(edit(saved.text.clone(), now_millis));
            ui.close();
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (label, action) in [(texts::DELETE, FilterAction::Remove(at)), (texts::RENAME, FilterAction::AskName(Some(at)))] {
                let response = quiet_button(ui, label);
                // Several have the same label: a screen reader says which one it is about.
                let about = texts::about_filter(label, &saved.name);
                ui.accesskit_node_builder(response.id, |node| node.set_label(about));
                if response.clicked() {
                    said.push(action);
                }
            }
        });
    });
}

/// The name that is typed, and what keeps it.
fn name_ui(ui: &mut Ui, model: &Model, naming: &Naming, said: &mut Vec<FilterAction>) {
    let unsaved = model.filter.why_unsaved();
    ui.horizontal(|ui| {
        let mut name = naming.name.clone();
        let field = ui.add(Field::new(texts::FILTER_NAME, &mut name).hint(texts::FILTER_NAME).width(ui.available_width() - 160.0));
        let asked = Id::unique("a filter's name has had the focus");
        let before = ui.data(|data| data.get_temp::<Option<usize>>(asked));
        if before != Some(naming.of) {
            ui.data_mut(|data| data.insert_temp(asked, naming.of));
            field.request_focus();
        }
        if name != naming.name {
            said.push(FilterAction::EditName(name.clone()));
        }
        let replaces = model.filter.replaces(&model.known.filters).is_some();
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let mut done = None;
        let save = Button::new(if replaces { texts::REPLACE } else { texts::SAVE }).primary();
        if ui.add(save.enabled(unsaved.is_none())).clicked() || is_entered {
            done = Some(FilterAction::SaveName);
        }
        if quiet_button(ui, texts::CANCEL).clicked() {
            done = Some(FilterAction::CancelName);
        }
        if let Some(action) = done.filter(|action| *action != FilterAction::SaveName || unsaved.is_none()) {
            ui.data_mut(|data| data.remove::<Option<usize>>(asked));
            said.push(action);
        }
    });
    match unsaved {
        Some(Unsaved::Wrong) => remark_ui(ui, texts::NOT_TO_SAVE),
        Some(Unsaved::Nothing) => remark_ui(ui, texts::NOTHING_TO_SAVE),
        Some(Unsaved::Nameless) => remark_ui(ui, texts::NAME_TO_SAVE),
        None => {}
    }
}
