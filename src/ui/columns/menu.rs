//! The menu that chooses columns, and the one of a single column.

use super::super::component::{Button, Field, Icon, hline, paint_glyph, paint_text, panel_below, width_of};
use super::super::texts;
use super::super::theme::{self, Tone};
use super::head::{ColumnsFace, points};
use super::own_width;
use super::places::Places;
use crate::app::Model;
use crate::app::columns::ColumnsAction;
use crate::column::{Column, Columns, Sorting};
use eframe::egui::{Align, FontId, Key, Layout, Popup, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// Width of the menu, and what a column's buttons take of that, in points.
const WIDTH: f32 = 360.0;
const BUTTONS: f32 = 112.0;

/// By how much a column gets wider at once, in points.
const STEP: f32 = 16.0;

/// What stands above and below the menu's list at least, in points.
const AROUND_LIST: f32 = 300.0;

/// The menu of a column's head.
pub fn column_menu_ui(ui: &mut Ui, column: &Column, model: &Model, face: &mut ColumnsFace, said: &mut Vec<ColumnsAction>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let sorting = model.filter.sorting();
    for (label, descending) in [(texts::SORT_LEAST_FIRST, false), (texts::SORT_GREATEST_FIRST, true)] {
        let wanted = Some(Sorting { column: column.clone(), descending });
        if ui.add_enabled(sorting != wanted.as_ref(), eframe::egui::Button::new(label)).clicked() {
            said.push(ColumnsAction::Sort(wanted));
        }
    }
    if ui.add_enabled(sorting.is_some(), eframe::egui::Button::new(texts::NEWEST_FIRST)).clicked() {
        said.push(ColumnsAction::Sort(None));
    }
    ui.separator();
    let columns = &model.known.columns;
    for (label, change) in [
        (texts::MOVE_LEFT, moved(columns, column, -1)),
        (texts::MOVE_RIGHT, moved(columns, column, 1)),
        (texts::WIDER, widened(columns, column, STEP)),
        (texts::NARROWER, widened(columns, column, -STEP)),
        (texts::OWN_WIDTH, own(columns, column)),
        (texts::HIDE_COLUMN, hidden(column)),
    ] {
        if ui.add_enabled(change.is_some(), eframe::egui::Button::new(label)).clicked() {
            said.extend(change.into_iter().flatten());
        }
    }
    ui.separator();
    if ui.button(texts::CHOOSE_COLUMNS).clicked() {
        face.open_menu();
    }
}

/// What moves a column by one place; `None` where it stands at that end.
fn moved(columns: &Columns, column: &Column, by: isize) -> Option<Vec<ColumnsAction>> {
    let at = columns.place_of(column)?.checked_add_signed(by).filter(|at| *at < columns.list().len())?;
    Some(vec![ColumnsAction::Put(column.clone(), at)])
}

/// What makes a column wider. The callback has no width of its own.
fn widened(columns: &Columns, column: &Column, by: f32) -> Option<Vec<ColumnsAction>> {
    let shown = columns.list().get(columns.place_of(column)?).filter(|_| *column != Column::Callback)?;
    let width = shown.width.map_or_else(|| own_width(column), f32::from);
    Some(vec![ColumnsAction::SetWidth(column.clone(), Some(points(width + by))), ColumnsAction::Keep])
}

/// What gives a column the width of its own.
fn own(columns: &Columns, column: &Column) -> Option<Vec<ColumnsAction>> {
    columns.list().get(columns.place_of(column)?)?.width?;
    Some(vec![ColumnsAction::SetWidth(column.clone(), None), ColumnsAction::Keep])
}

fn hidden(column: &Column) -> Option<Vec<ColumnsAction>> {
    (*column != Column::Callback).then(|| vec![ColumnsAction::Hide(column.clone())])
}

/// The menu of all columns, below its button.
pub fn columns_menu_ui(opens: &Response, model: &Model, places: &Places<'_>, face: &mut ColumnsFace, said: &mut Vec<ColumnsAction>) {
    if face.take_open_menu() {
        Popup::open_id(&opens.ctx, Popup::default_response_id(opens));
    }
    panel_below(opens, WIDTH, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let columns = &model.known.columns;
        let height = (ui.ctx().content_rect().height() - AROUND_LIST).max(theme::CONTROL * 4.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for shown in columns.list() {
                shown_ui(ui, columns, &shown.column, places.folded.contains(&&shown.column), said);
            }
            hline(ui);
            for column in Column::FIXED.iter().filter(|column| !columns.has(column)) {
                if line_ui(ui, column, false, columns.has_room(), "") {
                    said.push(ColumnsAction::Show(column.clone()));
                }
            }
        });
        hline(ui);
        field_ui(ui, model, said);
        ui.add_space(4.0);
        if ui.add(Button::new(texts::RESET_COLUMNS).enabled(*columns != Columns::default())).clicked() {
            said.push(ColumnsAction::Reset);
        }
    });
}

/// A column that is shown, with what moves it and makes it wider.
fn shown_ui(ui: &mut Ui, columns: &Columns, column: &Column, is_folded: bool, said: &mut Vec<ColumnsAction>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let width = ui.available_width() - BUTTONS;
        let remark = if is_folded { texts::NO_ROOM } else { "" };
        let line = vec2(width, theme::CONTROL);
        let is_clicked = |ui: &mut Ui| line_ui(ui, column, true, *column != Column::Callback, remark);
        if ui.allocate_ui_with_layout(line, Layout::left_to_right(Align::Center), is_clicked).inner {
            said.push(ColumnsAction::Hide(column.clone()));
        }
        for (icon, label, change) in [
            (Icon::Left, texts::MOVE_LEFT, moved(columns, column, -1)),
            (Icon::Right, texts::MOVE_RIGHT, moved(columns, column, 1)),
            (Icon::Less, texts::NARROWER, widened(columns, column, -STEP)),
            (Icon::More, texts::WIDER, widened(columns, column, STEP)),
        ] {
            let name = texts::about_column(label, column);
            let is_possible = change.is_some();
            let response = ui.add(Button::new(&name).icon(icon).icon_only().quiet().enabled(is_possible));
            if response.on_hover_text(label).clicked() {
                said.extend(change.into_iter().flatten());
            }
            ui.add_space(4.0);
        }
    });
}

/// A column's name with a check where it is shown. Says whether that is to change.
fn line_ui(ui: &mut Ui, column: &Column, is_shown: bool, can_change: bool, remark: &str) -> bool {
    let palette = theme::palette(ui);
    let sense = if can_change { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::CONTROL), sense);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemCheckBox, can_change, is_shown, texts::column(column)));
    if can_change && (response.hovered() || response.has_focus()) {
        ui.painter().rect_filled(rect, theme::CORNER, palette.hover);
    }
    if is_shown {
        paint_glyph(ui, pos2(rect.left() + 14.0, rect.center().y), if can_change { Tone::Ok } else { Tone::Faint });
    }
    let words = rect.with_min_x(rect.left() + 28.0).with_max_x(rect.right() - 4.0);
    let name = texts::column(column);
    let ink = if can_change { palette.text } else { palette.dim };
    let text = if matches!(column, Column::Field(_)) { theme::mono(name) } else { name.into_owned().into() };
    // A long name is cut, the remark is not.
    let taken = if remark.is_empty() { 0.0 } else { width_of(ui, remark, FontId::proportional(theme::SMALL_SIZE)) + 8.0 };
    let painted = paint_text(ui, words.with_max_x(words.right() - taken), Align::Min, text.color(ink));
    if !remark.is_empty() {
        paint_text(ui, words.with_min_x(painted.right() + 8.0), Align::Min, theme::faint(ui, remark).size(theme::SMALL_SIZE));
    }
    can_change && response.clicked()
}

/// Where the path of a field is typed.
fn field_ui(ui: &mut Ui, model: &Model, said: &mut Vec<ColumnsAction>) {
    let editor = &model.columns;
    let remark = match (editor.is_wrong(), model.known.columns.has_room()) {
        (true, _) => theme::toned(ui, texts::BODY_FIELD_WRONG, Tone::Bad),
        (false, false) => theme::dim(ui, texts::MOST_COLUMNS_SHOWN),
        (false, true) => theme::dim(ui, texts::BODY_FIELD),
    };
    ui.label(remark.size(theme::SMALL_SIZE));
    ui.horizontal(|ui| {
        let mut path = editor.path().to_owned();
        let width = ui.available_width() - 64.0;
        let field =
            ui.add(Field::new(texts::BODY_FIELD, &mut path).hint(texts::BODY_FIELD_HINT).width(width).mono().invalid(editor.is_wrong()));
        if path != editor.path() {
            said.push(ColumnsAction::EditPath(path));
        }
        let can_add = editor.typed().is_some() && model.known.columns.has_room();
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let added = ui.add(Button::new(texts::ADD_COLUMN).enabled(can_add));
        if added.clicked() || (can_add && is_entered) {
            said.push(ColumnsAction::ShowTyped);
        }
    });
}
