//! The heads of the columns: a click sorts, dragging moves, dragging an edge makes wider.

use super::super::component::{Button, Icon, paint_icon, paint_text};
use super::super::{texts, theme};
use super::menu::{column_menu_ui, columns_menu_ui};
use super::places::{GAP, Place, Places};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::columns::ColumnsAction;
use crate::column::{Column, Columns, Sorting, WIDTHS};
use eframe::egui::accesskit::SortDirection;
use eframe::egui::{Align, CursorIcon, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Width of the arrow beside the name of the column that the list is sorted by, in points.
const ARROW: f32 = 12.0;

/// The button at the right end, in points.
const BUTTON: f32 = 24.0;

/// What the heads remember between two frames.
#[derive(Default)]
pub struct ColumnsFace {
    /// How wide the column was whose edge is being dragged.
    resized_from: Option<f32>,
    /// Whether the menu of all columns is to be opened.
    opens_menu: bool,
}

impl ColumnsFace {
    /// Has the menu of all columns opened with the next frame.
    pub fn open_menu(&mut self) {
        self.opens_menu = true;
    }

    /// Whether it is to be opened; asked for once.
    pub fn take_open_menu(&mut self) -> bool {
        std::mem::take(&mut self.opens_menu)
    }
}

/// Draws the heads in a line.
pub fn head_ui(ui: &mut Ui, line: Rect, places: &Places<'_>, model: &Model, face: &mut ColumnsFace, actions: &mut Vec<Action>) {
    let mut said = Vec::new();
    ui.painter().rect_filled(line.with_min_y(line.bottom() - 1.0), 0.0, theme::palette(ui).line);
    let sorting = model.filter.sorting();
    let mut dragged = None;
    for place in &places.list {
        let response = column_ui(ui, place.within(line), place.column, sorting);
        if response.clicked() {
            said.push(ColumnsAction::SortBy(place.column.clone()));
        }
        if response.dragged() || response.drag_stopped() {
            dragged = Some((place.column, response.drag_stopped()));
        }
        response.on_hover_text(texts::column_why(place.column)).context_menu(|ui| column_menu_ui(ui, place.column, model, face, &mut said));
    }
    for (at, place) in places.list.iter().enumerate() {
        edge_ui(ui, line, (place, at < places.callback()), face, &mut said);
    }
    if let Some((column, is_over)) = dragged {
        drag_ui(ui, line, places, column, (is_over, &model.known.columns), &mut said);
    }
    let end = Rect::from_min_max(pos2(line.right() - BUTTON, line.top()), line.max);
    let mut inside = ui.new_child(UiBuilder::new().max_rect(end).layout(eframe::egui::Layout::left_to_right(Align::Center)));
    let opens = inside.add(Button::new(texts::COLUMNS).icon(Icon::Columns).icon_only().quiet());
    let opens = opens.on_hover_text(texts::columns_without_room(places.folded.len()));
    columns_menu_ui(&opens, model, places, face, &mut said);
    actions.extend(said.into_iter().map(Action::Columns));
}

/// A column's name, and the arrow where the list is sorted by it.
fn column_ui(ui: &Ui, place: Rect, column: &Column, sorting: Option<&Sorting>) -> Response {
    let response = ui.interact(place, id_of(ui, column), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, ui.is_enabled(), texts::column_in_words(column, sorting)));
    let sorted = sorting.filter(|sorting| sorting.column == *column);
    if let Some(sorted) = sorted {
        let direction = if sorted.descending { SortDirection::Descending } else { SortDirection::Ascending };
        ui.accesskit_node_builder(response.id, |node| node.set_sort_direction(direction));
    }
    let palette = theme::palette(ui);
    let is_lit = sorted.is_some() || response.hovered() || response.has_focus();
    let name = theme::small(ui, texts::column_head(column)).color(if is_lit { palette.text } else { palette.faint });
    let (align, arrow_room) = (if column.is_figure() { Align::Max } else { Align::Min }, if sorted.is_some() { ARROW } else { 0.0 });
    let room = if column.is_figure() { place.with_min_x(place.left() + arrow_room) } else { place.with_max_x(place.right() - arrow_room) };
    let words = paint_text(ui, room, align, name);
    if let Some(sorted) = sorted {
        let x = if column.is_figure() { words.left() - ARROW / 2.0 - 1.0 } else { words.right() + ARROW / 2.0 + 1.0 };
        let icon = if sorted.descending { Icon::WedgeDown } else { Icon::WedgeUp };
        paint_icon(ui.painter(), pos2(x, place.center().y), icon, palette.accent_text);
    }
    if response.has_focus() {
        let ring = place.expand2(vec2(3.0, -4.0));
        ui.painter().rect_stroke(ring, theme::CORNER, Stroke::new(1.5, palette.accent), StrokeKind::Inside);
    }
    response
}

fn id_of(ui: &Ui, column: &Column) -> Id {
    ui.scope_id().with(("column", column.name()))
}

/// The edge of a column on the side of the callback's far end: its right one before the callback, its left one behind it.
fn edge_ui(ui: &Ui, line: Rect, (place, is_before): (&Place<'_>, bool), face: &mut ColumnsFace, said: &mut Vec<ColumnsAction>) {
    let Place { column, left, width } = *place;
    if *column == Column::Callback {
        return;
    }
    let x = if is_before { left + width + GAP / 2.0 } else { left - GAP / 2.0 };
    let edge = Rect::from_center_size(pos2(x, line.center().y), vec2(GAP, line.height()));
    // It can be dragged but not be stepped to: the menu does the same from the keyboard.
    let response = ui.interact(edge, id_of(ui, column).with("edge"), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, ui.is_enabled(), texts::column_edge(column)));
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
        let mark = Rect::from_center_size(edge.center(), vec2(1.0, line.height() - 8.0));
        let palette = theme::palette(ui);
        ui.painter().rect_filled(mark, 0.0, if response.dragged() { palette.accent } else { palette.faint });
    }
    if response.double_clicked() {
        said.extend([ColumnsAction::SetWidth(column.clone(), None), ColumnsAction::Keep]);
        return;
    }
    if response.drag_started() {
        face.resized_from = Some(width);
    }
    if let (true, Some(from)) = (response.dragged(), face.resized_from) {
        let moved = response.total_drag_delta().unwrap_or_default().x;
        let wanted = from + if is_before { moved } else { -moved };
        said.push(ColumnsAction::SetWidth(column.clone(), Some(points(wanted))));
    }
    if response.drag_stopped() && face.resized_from.take().is_some() {
        said.push(ColumnsAction::Keep);
    }
}

/// A width as it is kept.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the widths there can be")]
pub fn points(width: f32) -> u16 {
    width.round().clamp(f32::from(*WIDTHS.start()), f32::from(*WIDTHS.end())) as u16
}

/// Shows where a dragged column would stand, and has it stand there once it is let go.
fn drag_ui(ui: &Ui, line: Rect, places: &Places<'_>, column: &Column, (is_over, columns): (bool, &Columns), said: &mut Vec<ColumnsAction>) {
    let Some(pointer) = ui.ctx().pointer_interact_pos() else { return };
    let others: Vec<&Place<'_>> = places.list.iter().filter(|place| place.column != column).collect();
    let before = others.iter().filter(|place| place.left + place.width / 2.0 < pointer.x).count();
    if is_over {
        let at = |place: &Place<'_>| {
            columns.list().iter().filter(|shown| shown.column != *column).position(|shown| shown.column == *place.column)
        };
        let behind = before.checked_sub(1).and_then(|last| at(others[last])).map(|at| at + 1);
        said.push(ColumnsAction::Put(column.clone(), behind.unwrap_or(0)));
        return;
    }
    ui.set_cursor_icon(CursorIcon::Grabbing);
    let palette = theme::palette(ui);
    let x = match before.checked_sub(1) {
        Some(last) => others[last].left + others[last].width + GAP / 2.0,
        None => places.list.first().map_or(line.left(), |first| first.left) - GAP / 2.0,
    };
    ui.painter().rect_filled(Rect::from_center_size(pos2(x, line.center().y), vec2(2.0, line.height())), 0.0, palette.accent);
    // What is dragged goes along.
    let ghost = Rect::from_center_size(pos2(pointer.x, line.center().y), vec2(96.0, line.height() - 6.0));
    let painted = ui.painter().clone();
    painted.rect(ghost, theme::CORNER, palette.raised, Stroke::new(1.0, palette.line), StrokeKind::Inside);
    paint_text(ui, ghost.shrink2(vec2(8.0, 0.0)), Align::Center, theme::small(ui, texts::column_head(column)).color(palette.text));
}
