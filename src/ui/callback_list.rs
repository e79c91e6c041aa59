//! The list: newest first, following while its top is in view, never jumping otherwise.

use super::component::{Button, Icon, button, empty_state, paint_chip, paint_glyph, paint_icon, paint_text};
use super::list::{List, ListState};
use super::marks::append_marked;
use super::row_menu::row_menu_ui;
use super::theme::{self, Tone};
use super::{is_narrow, texts};
use crate::annotation::Annotation;
use crate::app::action::Action;
use crate::app::filter_box::{FilterAction, Progress};
use crate::app::history::{History, Order};
use crate::app::selection::SelectionAction;
use crate::app::{Model, sentence};
use crate::filter::Filter;
use crate::protocol::verdict::Overall;
use crate::row::{ReplyKind, Row};
use crate::wording;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, FontId, Rect, Response, Sense, TextFormat, Ui, UiBuilder, pos2, vec2};

/// Widths of the columns with a fixed one, in points.
const GLYPH: f32 = 24.0;
const TIME: f32 = 92.0;
const PLATFORM: f32 = 72.0;
const REPLY: f32 = 100.0;
const TOOK: f32 = 46.0;
const GAP: f32 = 8.0;

/// What a pin or a note takes of a row, in points; and how wide a mark is at its left edge.
const SIGN: f32 = 16.0;
const MARK: f32 = 4.0;

/// In a list narrower than this the name of the callback has the room of the milliseconds, in points.
const LEAST_WITH_TOOK: f32 = 440.0;

/// Width of the reply's column there.
const NARROW_REPLY: f32 = 84.0;

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
        if selected != self.selected || (is_another && !order.keeps_place) {
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
    head_ui(ui);
    let history = &model.history;
    face.follow(history);
    if history.shown() == 0 && model.filter.in_force().is_some() {
        nothing_found_ui(ui, model, actions);
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
            row_ui(ui, row.rect.with_max_x(area.right() - SCROLL_BAR), data, model.filter.in_force());
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
    if face.unseen > 0 {
        unseen_ui(ui, area, face);
    }
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

/// Columns from the left: glyph, time, callback, platform where there is room, reply, took where there is room.
struct Columns {
    glyph: Rect,
    time: Rect,
    callback: Rect,
    platform: Option<Rect>,
    reply: Rect,
    took: Option<Rect>,
}

fn columns(ui: &Ui, rect: Rect) -> Columns {
    let rect = rect.with_min_x(rect.left() + 8.0).with_max_x(rect.right() - 12.0);
    let cut = |left: f32, width: f32| Rect::from_min_size(pos2(left, rect.top()), vec2(width.max(0.0), rect.height()));
    let glyph = cut(rect.left(), GLYPH);
    let time = cut(glyph.right(), TIME);
    let has_took = rect.width() > LEAST_WITH_TOOK;
    let took = has_took.then(|| cut(rect.right() - TOOK, TOOK));
    let reply_width = if has_took { REPLY } else { NARROW_REPLY };
    let reply = cut(took.map_or(rect.right(), |took| took.left() - GAP) - reply_width, reply_width);
    let has_platform = !is_narrow(ui) && rect.width() > 520.0;
    let platform = has_platform.then(|| cut(reply.left() - GAP - PLATFORM, PLATFORM));
    let callback_end = platform.map_or(reply.left(), |platform| platform.left()) - GAP;
    let callback = cut(time.right() + GAP, callback_end - time.right() - GAP);
    Columns { glyph, time, callback, platform, reply, took }
}

fn head_ui(ui: &mut Ui) {
    let palette = theme::palette(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::TABLE_HEAD), Sense::hover());
    ui.painter().rect_filled(rect.with_min_y(rect.bottom() - 1.0), 0.0, palette.line);
    let columns = columns(ui, rect.with_max_x(rect.right() - SCROLL_BAR));
    let name = |rect: Rect, align: Align, text: &str| {
        let size = theme::faint(ui, text).size(theme::SMALL_SIZE);
        paint_text(ui, rect, align, size);
    };
    name(columns.time, Align::Min, texts::RECEIVED);
    name(columns.callback, Align::Min, texts::CALLBACK);
    if let Some(platform) = columns.platform {
        name(platform, Align::Min, texts::PLATFORM);
    }
    name(columns.reply, Align::Min, texts::RESPONSE);
    if let Some(took) = columns.took {
        name(took, Align::Max, texts::MILLIS);
    }
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

fn row_ui(ui: &Ui, rect: Rect, data: &Row, filter: Option<&Filter>) {
    let palette = theme::palette(ui);
    let columns = columns(ui, rect);
    paint_glyph(ui, columns.glyph.center(), tone_of(data.overall));
    paint_text(ui, columns.time, Align::Min, theme::mono(data.time.as_str()).color(palette.dim));
    let signs = signs_ui(ui, rect, columns.callback, &data.annotation);
    paint_text(ui, columns.callback.with_max_x(signs), Align::Min, callback_text(ui, data, filter));
    if let Some(platform) = columns.platform {
        paint_text(ui, platform, Align::Min, theme::dim(ui, data.platform.as_str()));
    }
    let reply = if data.saved { data.reply.text.as_str() } else { texts::UNSAVED };
    let tone = if data.saved { reply_tone(data.reply.kind) } else { Tone::Bad };
    if !reply.is_empty() {
        paint_chip(ui, columns.reply.left_center(), columns.reply.width(), reply, tone);
    }
    if let Some(place) = columns.took {
        paint_text(ui, place, Align::Max, theme::mono(took(data.took_micros)).color(palette.dim));
    }
}

/// The mark at the row's edge, pin and note at the end of the callback's column. Returns where what is left of that ends.
fn signs_ui(ui: &Ui, rect: Rect, column: Rect, annotation: &Annotation) -> f32 {
    let palette = theme::palette(ui);
    let Annotation { pinned, mark, note } = annotation;
    if let Some(mark) = mark {
        ui.painter().rect_filled(rect.with_max_x(rect.left() + MARK), 0.0, theme::mark(palette, *mark));
    }
    let mut end = column.right();
    for (icon, ink, _) in [(Icon::Note, palette.dim, !note.is_empty()), (Icon::Pin, palette.accent_text, *pinned)]
        .into_iter()
        .filter(|(.., is_there)| *is_there)
    {
        paint_icon(ui.painter(), pos2(end - SIGN / 2.0, column.center().y), icon, ink);
        end -= SIGN;
    }
    if end < column.right() { end - GAP / 2.0 } else { end }
}

fn callback_text(ui: &Ui, data: &Row, filter: Option<&Filter>) -> LayoutJob {
    let palette = theme::palette(ui);
    let mut job = LayoutJob::default();
    let format = |color| TextFormat { font_id: FontId::proportional(theme::BODY_SIZE), color, ..TextFormat::default() };
    append_marked(&mut job, palette, filter, 0.0, &[(&data.family, format(palette.faint)), (&data.name, format(palette.text))]);
    append_marked(&mut job, palette, filter, 8.0, &[(&data.summary, format(palette.faint))]);
    job
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
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The pill that says how many rows came since the list was at its top.
fn unseen_ui(ui: &mut Ui, area: Rect, face: &mut ListFace) {
    let label = texts::new_ones(face.unseen);
    let place = Rect::from_center_size(pos2(area.center().x, area.top() + 24.0), vec2(120.0, theme::CONTROL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(eframe::egui::Layout::top_down(Align::Center)));
    if child.add(Button::new(&label).primary()).on_hover_text(texts::NEWEST).clicked() {
        face.state.go_to_top();
        face.unseen = 0;
    }
}
