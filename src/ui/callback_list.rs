//! The list: newest first, following while its top is in view, never jumping otherwise; or sorted by a column.

use super::columns::{ColumnsFace, Places, cell_ui, head_ui, places};
use super::component::{Button, button, empty_state, paint_glyph};
use super::list::{List, ListState};
use super::row_menu::row_menu_ui;
use super::theme::{self, Tone};
use super::{is_narrow, texts};
use crate::app::action::Action;
use crate::app::filter_box::{FilterAction, Progress};
use crate::app::history::{History, Order};
use crate::app::selection::SelectionAction;
use crate::app::{Model, sentence};
use crate::filter::Filter;
use crate::protocol::verdict::Overall;
use crate::row::{ReplyKind, Row};
use crate::wording;
use eframe::egui::{Align, Rect, Response, Sense, Ui, UiBuilder, pos2, vec2};

/// How wide a mark is at a row's left edge, in points.
const MARK: f32 = 4.0;

/// Room for the list's scroll bar, whether it is there or not: columns do not move when it appears.
const SCROLL_BAR: f32 = 12.0;

/// Where the list is scrolled to, and what came since it was at its top.
#[derive(Default)]
pub struct ListFace {
    state: ListState,
    order: Order,
    top: Option<i64>,
    unseen: u64,
    page: u64,
    selected: Option<i64>,
    columns: ColumnsFace,
}

impl ListFace {
    /// How many rows fit on the screen.
    pub fn page(&self) -> u64 {
        self.page
    }

    /// Takes in what changed since the last frame: another list, new rows above, another selection.
    fn follow(&mut self, history: &History) {
        let order = history.order();
        let selected = history.selected();
        let is_another = order.number != self.order.number;
        if is_another && !order.keeps_place {
            self.state.go_to_top();
            self.unseen = 0;
        } else {
            let new = order.came.saturating_sub(self.order.came);
            self.unseen = if self.state.at_top() { 0 } else { self.unseen + new };
            if is_another {
                self.state.stand_at(self.top.map_or(0, |id| history.position_near(id)));
            } else {
                self.state.prepended(new);
            }
        }
        // Of a list that was sorted, its top is what is asked for.
        let leads_to_selected = is_another && !order.keeps_place && !order.is_sorted;
        if selected != self.selected || leads_to_selected {
            self.selected = selected;
            if let Some(position) = selected.and_then(|id| history.position_of(id)) {
                self.state.reveal(position);
            }
        }
        self.order = order;
    }
}

/// Draws the list with its head.
pub fn callback_list_ui(ui: &mut Ui, model: &Model, face: &mut ListFace, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::TABLE_HEAD), Sense::hover());
    let sorted_by = model.filter.sorting().map(|sorting| &sorting.column);
    let places = places(&model.known.columns, sorted_by, (head.left(), head.right() - SCROLL_BAR), is_narrow(ui));
    head_ui(ui, head, &places, model, &mut face.columns, actions);
    let history = &model.history;
    face.follow(history);
    if history.shown() == 0 && model.filter.in_force().is_some() {
        let area = ui.available_rect_before_wrap();
        nothing_found_ui(ui, model, actions);
        over_list_ui(ui, area, model, face, actions);
        return;
    }
    let selected = history.selected().and_then(|id| history.position_of(id));
    let area = ui.available_rect_before_wrap();
    let key = |position| history.id_at(position).and_then(|id| u64::try_from(id).ok()).unwrap_or_default();
    let label = |position| history.row_at(position).map_or_else(|| texts::LOADING.to_owned(), row_in_words);
    let is_selected = |position| history.id_at(position).is_some_and(|id| history.selection().contains(id));
    let mut list = List::new(texts::EXCHANGES, history.shown()).selected(selected).put_before(face.order.came);
    if history.selection().len() > 1 {
        list = list.also_selected(&is_selected);
    }
    let output = list.show(ui, &mut face.state, key, label, |ui, row| {
        if let Some(data) = history.row_at(row.index) {
            row_ui(ui, row.rect, &places, data, model.filter.in_force());
            said_ui(row.response, data);
        }
        // So that the menu is about what one sees selected.
        let beside = history.id_at(row.index).filter(|id| row.response.secondary_clicked() && !history.selection().contains(*id));
        actions.extend(beside.map(Action::Select));
        row.response.context_menu(|ui| row_menu_ui(ui, model, actions));
    });
    face.page = output.page;
    face.top = history.id_at(face.state.top());
    if output.at_top {
        face.unseen = 0;
    }
    actions.push(Action::ShowRows(output.visible));
    let clicked = output.clicked.and_then(|position| history.id_at(position));
    actions.extend(clicked.map(|id| clicked_action(ui, id)));
    over_list_ui(ui, area, model, face, actions);
}

/// What a click on a row means: with Shift all up to it, with Ctrl it too or no more.
fn clicked_action(ui: &Ui, id: i64) -> Action {
    let modifiers = ui.input(|input| input.modifiers);
    match (modifiers.shift, modifiers.command) {
        (true, _) => Action::Selection(SelectionAction::ExtendTo(id)),
        (false, true) => Action::Selection(SelectionAction::Toggle(id)),
        (false, false) => Action::Select(id),
    }
}

/// What the user says of a row, in words, under the pointer.
fn said_ui(response: &Response, data: &Row) {
    let said = texts::annotation(&data.annotation);
    if !said.is_empty() {
        response.clone().on_hover_text(sentence(&said.join(", ")));
    }
}

/// Says that nothing was found, and leads back to all.
fn nothing_found_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let (title, why) = match model.filter.progress() {
        Progress::Done => (texts::NONE_MATCHES, texts::NONE_MATCHES_WHY),
        Progress::Stopped(_) => (texts::NONE_SO_FAR, texts::NONE_UNTIL_STOPPED_WHY),
        Progress::Asked | Progress::Looking(_) => (texts::NONE_SO_FAR, texts::NONE_SO_FAR_WHY),
    };
    ui.spacing_mut().item_spacing.y = 8.0;
    empty_state(ui, title, why, |ui| {
        if button(ui, texts::CLEAR_FILTER).clicked() {
            actions.push(Action::Filter(FilterAction::Clear));
        }
    });
}

/// How an overall verdict is coloured.
pub fn tone_of(overall: Overall) -> Tone {
    match overall {
        Overall::Ok => Tone::Ok,
        Overall::Bad => Tone::Bad,
        Overall::Unchecked => Tone::Warn,
        Overall::NotCallback => Tone::Faint,
    }
}

/// How a reply is coloured.
pub fn reply_tone(kind: ReplyKind) -> Tone {
    match kind {
        ReplyKind::None => Tone::Neutral,
        ReplyKind::Success => Tone::Ok,
        ReplyKind::Result => Tone::Warn,
        ReplyKind::Failure => Tone::Bad,
    }
}

fn row_ui(ui: &Ui, line: Rect, places: &Places<'_>, row: &Row, filter: Option<&Filter>) {
    if let Some(mark) = row.annotation.mark {
        ui.painter().rect_filled(line.with_max_x(line.left() + MARK), 0.0, theme::mark(theme::palette(ui), mark));
    }
    paint_glyph(ui, places.glyph(line), tone_of(row.overall));
    for place in &places.list {
        cell_ui(ui, place.within(line), place.column, row, filter);
    }
}

/// Milliseconds with one decimal; whole ones from a hundred on.
pub fn took(micros: Option<i64>) -> String {
    match micros {
        None => String::new(),
        Some(micros) if micros < 100_000 => format!("{}.{}", micros / 1000, micros % 1000 / 100),
        Some(micros) => wording::count(u64::try_from(micros / 1000).unwrap_or_default()),
    }
}

/// The row for a screen reader, or a test.
fn row_in_words(row: &Row) -> String {
    let what = format!("{}{}", row.family, row.name);
    let saved = if row.saved { "" } else { texts::UNSAVED };
    let said = texts::annotation(&row.annotation).join(", ");
    let words = [wording::overall(row.overall), &row.time, &what, &row.summary, &row.platform, &row.reply.text, saved, &said];
    words.into_iter().chain(row.cells.texts()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What stands over the list's top: how far the sorting is, or how many rows came since it was sorted, or was at its top.
fn over_list_ui(ui: &mut Ui, area: Rect, model: &Model, face: &mut ListFace, actions: &mut Vec<Action>) {
    let left_out = model.history.left_out();
    // With a filter, the line above the list says so.
    let sorting = model.filter.is_sorting().flatten().filter(|_| model.filter.in_force().is_none());
    let (label, why, action) = if let Some(left) = sorting {
        (texts::stop_sorting(left), texts::STOP_SORTING_WHY, Some(FilterAction::Stop))
    } else if left_out > 0 {
        (texts::new_ones(left_out), texts::SORT_AGAIN, Some(FilterAction::GoOn))
    } else if face.unseen > 0 {
        (texts::new_ones(face.unseen), texts::NEWEST, None)
    } else {
        return;
    };
    let place = Rect::from_center_size(pos2(area.center().x, area.top() + 24.0), vec2(area.width(), theme::CONTROL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(eframe::egui::Layout::top_down(Align::Center)));
    if child.add(Button::new(&label).primary()).on_hover_text(why).clicked() {
        if let Some(action) = action {
            actions.push(Action::Filter(action));
        } else {
            face.state.go_to_top();
            face.unseen = 0;
        }
    }
}
