//! The conversation that is read in place of the list: oldest first, following while its end is in view, never jumping
//! otherwise.

mod entry;
mod scroll;

use super::actions::{Meaning, hint};
use super::component::{Button, Icon, bar, empty_state, sides};
use super::row_menu::row_menu_ui;
use super::texts::conversation as texts;
use super::theme;
use crate::app::Model;
use crate::app::action::Action;
use crate::app::conversation::{ConversationAction, Open};
use crate::app::filter_box::Progress;
use crate::conversation::{Conversation, Entry, Place};
use eframe::egui::{self, Align, Id, Label, Layout, Rect, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};
use scroll::Scroll;
use std::mem::discriminant;
use std::sync::Arc;

/// Height of the line with what it is, and of what stands above the entries, in points.
const HEAD: f32 = 52.0;
const ABOVE_ALL: f32 = 26.0;

/// The scroll bar, and its handle at least, in points.
const BAR: f32 = 12.0;
const HANDLE: f32 = 6.0;
const HANDLE_LEAST: f32 = 28.0;

/// So near to the oldest entry, older ones are asked for.
const NEAR: usize = 24;

/// How wide the mark of the selected entry is, in points.
const SELECTED: f32 = 3.0;

/// Among so many at the end is the newest: what came late stands before others.
const NEWEST_AMONG: usize = 50;

/// How many participants are named.
const NAMED: usize = 4;

/// Where it is scrolled to, and what was seen.
#[derive(Default)]
pub struct ConversationFace {
    title: String,
    told: Option<Arc<Conversation>>,
    scroll: Scroll,
    /// The first entry in view that is none of what stands between, and how far below the view's top it stands: it stays there,
    /// whatever comes before it.
    anchor: Option<(i64, f32)>,
    selected: Option<i64>,
    /// The newest exchange that was there when the end was in view.
    seen: i64,
    page: u64,
}

impl ConversationFace {
    /// How many entries are on the screen.
    pub fn page(&self) -> u64 {
        self.page
    }

    /// Takes in what changed since the last frame: another conversation, other entries, another selection.
    fn follow(&mut self, title: &str, told: &Arc<Conversation>, selected: Option<i64>) {
        if self.title != title {
            *self = Self { title: title.to_owned(), ..Self::default() };
        }
        let is_first = self.told.is_none();
        let is_another = !self.told.as_ref().is_some_and(|before| Arc::ptr_eq(before, told));
        if is_another
            && let Some((id, below)) = self.anchor
            && let Some(position) = told.position_of(id)
        {
            (self.scroll.top, self.scroll.sub) = (position + 1, -below);
        }
        if is_first {
            self.seen = newest(told);
        }
        if is_another {
            self.told = Some(told.clone());
        }
        if self.selected != selected || is_first {
            let position = selected.and_then(|id| told.position_of(id));
            if let Some(position) = position {
                self.scroll.reveal(position + 1);
            }
            // One that is still being read is reached once it is there.
            self.selected = selected.filter(|_| position.is_some() || !is_first);
        }
    }
}

/// Draws the conversation with its head.
pub fn conversation_ui(ui: &mut Ui, model: &Model, open: &Open, face: &mut ConversationFace, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    bar(ui, HEAD, |ui| head_ui(ui, model, open, actions));
    let Some(told) = open.told().filter(|told| !told.entries.is_empty()) else {
        let is_over = model.filter.progress() == Progress::Done && (open.told().is_some() || model.history.shown() == 0);
        let (title, why) = if is_over { (texts::NOTHING_HERE, texts::NOTHING_HERE_WHY) } else { (texts::READING, texts::READING_WHY) };
        return empty_state(ui, title, why, |_| {});
    };
    face.follow(&open.key().title(), told, model.history.selected());
    let area = ui.available_rect_before_wrap();
    entries_ui(ui, model, told, face, actions);
    newest_ui(ui, area, told, face);
    if face.scroll.top < NEAR && model.older_of_conversation() > 0 {
        actions.push(Action::Conversation(ConversationAction::Older));
    }
}

fn head_ui(ui: &mut Ui, model: &Model, open: &Open, actions: &mut Vec<Action>) {
    let mut said = Vec::new();
    sides(
        ui,
        "conversation",
        |ui| {
            let back = ui.add(Button::new(texts::BACK).icon(Icon::Left));
            if back.on_hover_text(hint(ui, texts::BACK_WHY, Meaning::Back)).clicked() {
                actions.push(Action::Conversation(ConversationAction::Close));
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.add_space((ui.available_height() - 36.0).max(0.0) / 2.0);
                ui.add(Label::new(theme::strong(open.key().title())).truncate());
                ui.add(Label::new(theme::small(ui, subtitle(model, open))).truncate());
            });
        },
        |ui| {
            let can_copy = open.told().is_some_and(|told| !told.entries.is_empty());
            if ui.add(Button::new(texts::COPY_TEXT).enabled(can_copy)).on_hover_text(texts::COPY_TEXT_WHY).clicked() {
                said.push(Action::Conversation(ConversationAction::Copy));
            }
        },
    );
    actions.append(&mut said);
}

/// Who takes part, and how many callbacks tell of it.
fn subtitle(model: &Model, open: &Open) -> String {
    let Some(told) = open.told() else { return texts::READING.to_owned() };
    // Two users are its title already.
    let are_named = matches!(open.key().place, Place::Users(..)) || told.participants.is_empty();
    let names = (!are_named).then(|| told.names(NAMED));
    let stopped = matches!(model.filter.progress(), Progress::Stopped(_)).then(|| texts::NOT_ALL_LOOKED.to_owned());
    [texts::callbacks(told.exchanges)].into_iter().chain(names).chain(stopped).collect::<Vec<_>>().join(" · ")
}

/// What stands above the oldest entry.
fn above(model: &Model) -> &'static str {
    match (model.filter.progress(), model.older_of_conversation()) {
        (_, older) if older > 0 => texts::OLDER,
        (Progress::Asked | Progress::Looking(_), _) => texts::LOOKING,
        (Progress::Stopped(_), _) => texts::NOT_ALL_LOOKED_SENTENCE,
        (Progress::Done, _) if model.has_unread_of_conversation() => texts::MOST_READ,
        (Progress::Done, _) => texts::BEGINNING,
    }
}

/// The entries; row 0 is what stands above them.
fn entries_ui(ui: &mut Ui, model: &Model, told: &Conversation, face: &mut ConversationFace, actions: &mut Vec<Action>) {
    let id = ui.make_persistent_id("entries");
    let (outer, _) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let view = outer.with_max_x(outer.right() - BAR);
    let list = ui.interact(view, id, Sense::focusable_noninteractive());
    list.widget_info(|| WidgetInfo::labeled(Role::ListBox, ui.is_enabled(), texts::CONVERSATION));
    let rows = told.entries.len() + 1;
    // Taken, so that nothing around it scrolls as well.
    let wheel = if ui.rect_contains_pointer(outer) { ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y)) } else { 0.0 };
    let lay = |ui: &Ui, row: usize| row.checked_sub(1).map(|at| entry::lay(ui, &told.entries[at], view.width()));
    face.scroll.settle(rows, view.height(), -wheel, &mut |row| lay(ui, row).map_or(ABOVE_ALL, |laid| laid.height));
    let mut child = ui.new_child(UiBuilder::new().id_salt(id).max_rect(view));
    // What is selected reaches under the bar, which may not be there.
    child.shrink_clip_rect(outer);
    let mut y = view.top() - face.scroll.sub;
    let mut row = face.scroll.top;
    face.anchor = None;
    while row < rows && y < view.bottom() {
        let laid = lay(&child, row);
        let height = laid.as_ref().map_or(ABOVE_ALL, |laid| laid.height);
        let rect = Rect::from_min_size(pos2(view.left(), y), vec2(view.width(), height));
        match (row.checked_sub(1).and_then(|at| told.entries.get(at)), laid) {
            (Some(entry), Some(laid)) => {
                if !entry.ids.is_empty() {
                    face.anchor.get_or_insert((entry.id, y - view.top()));
                }
                entry_ui(&mut child, rect, model, entry, laid, actions);
            }
            _ => _ = child.put(rect, Label::new(theme::small(&child, above(model))).selectable(false)),
        }
        y += height;
        row += 1;
    }
    face.page = row.saturating_sub(face.scroll.top + 1) as u64;
    scroll_bar(ui, id.with("bar"), outer.with_min_x(view.right()), rows, face);
    if list.has_focus() {
        let stroke = egui::Stroke::new(1.5, theme::palette(ui).accent);
        ui.painter().rect_stroke(view, 0.0, stroke, egui::StrokeKind::Inside);
    }
}

fn entry_ui(ui: &mut Ui, rect: Rect, model: &Model, entry: &Entry, laid: entry::Laid, actions: &mut Vec<Action>) {
    if entry.ids.is_empty() {
        let shown = ui.interact(rect, ui.scope_id().with((entry.id, discriminant(&entry.kind))), Sense::hover());
        shown.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), entry.text().trim()));
        entry::paint(ui, rect, entry, laid);
        return;
    }
    let p = theme::palette(ui);
    let id = ui.scope_id().with(entry.id);
    let response = ui.interact(rect, id, Sense::CLICK);
    let is_selected = model.history.selected().is_some_and(|id| entry.ids.contains(&id));
    response.widget_info(|| WidgetInfo::labeled(Role::ListBoxOption, ui.is_enabled(), entry.text()));
    ui.accesskit_node_builder(id, |node| node.set_selected(is_selected));
    if is_selected || response.hovered() {
        let ground = rect.with_max_x(rect.right() + BAR);
        ui.painter().rect_filled(ground, 0.0, if is_selected { p.selection } else { p.hover });
    }
    if is_selected {
        ui.painter().rect_filled(rect.with_max_x(rect.left() + SELECTED), 0.0, p.accent);
    }
    let leads_to = entry::paint(ui, rect, entry, laid);
    let is_meant = response.clicked() || (response.secondary_clicked() && !is_selected);
    actions.extend(leads_to.or(is_meant.then_some(entry.id)).map(Action::Select));
    response.context_menu(|ui| row_menu_ui(ui, model, actions));
}

/// The bar at the right. Rows are of many heights and most of them are not measured, so it goes by their numbers.
fn scroll_bar(ui: &Ui, id: Id, track: Rect, rows: usize, face: &mut ConversationFace) {
    let in_view = usize::try_from(face.page).unwrap_or(1).max(1);
    if face.scroll.top == 0 && face.scroll.sub <= 0.0 && face.scroll.follows {
        return;
    }
    let ratio = |part: usize, whole: usize| -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a place on the screen")]
        let ratio = part as f32 / whole.max(1) as f32;
        ratio.clamp(0.0, 1.0)
    };
    let length = (track.height() * ratio(in_view, rows)).clamp(HANDLE_LEAST.min(track.height()), track.height());
    let room = (track.height() - length).max(1.0);
    let last = rows.saturating_sub(in_view);
    let bar = ui.interact(track, id, Sense::CLICK | Sense::DRAG);
    bar.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, ui.is_enabled(), "Scroll"));
    let is_held = bar.is_pointer_button_down_on();
    if let (true, Some(pointer)) = (is_held || bar.clicked(), bar.interact_pointer_pos()) {
        let share = ((pointer.y - track.top() - length / 2.0) / room).clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a row near a pixel")]
        face.scroll.stand_at((share * last as f32).round() as usize);
        ui.ctx().request_repaint();
    }
    let top = if face.scroll.follows { last } else { face.scroll.top.min(last) };
    let center = pos2(track.center().x, track.top() + room * ratio(top, last) + length / 2.0);
    let handle = Rect::from_center_size(center, Vec2::new(HANDLE, length - 4.0));
    ui.painter().rect_filled(handle, HANDLE / 2.0, theme::handle(theme::palette(ui), is_held || bar.hovered()));
}

/// The newest exchange.
fn newest(told: &Conversation) -> i64 {
    told.entries.iter().rev().take(NEWEST_AMONG).filter_map(|entry| entry.ids.last()).max().copied().unwrap_or_default()
}

/// What leads to the end, while something else is in view.
fn newest_ui(ui: &mut Ui, area: Rect, told: &Conversation, face: &mut ConversationFace) {
    if face.scroll.follows {
        face.seen = newest(told);
        return;
    }
    let new =
        told.entries.iter().rev().take_while(|entry| entry.ids.is_empty() || entry.id > face.seen).filter(|entry| !entry.ids.is_empty());
    let new = new.count() as u64;
    let label = if new > 0 { texts::new_ones(new) } else { texts::NEWEST_ENTRIES.to_owned() };
    let place = Rect::from_center_size(pos2(area.center().x, area.bottom() - 24.0), vec2(area.width(), theme::CONTROL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Center)));
    let shown = if new > 0 { Button::new(&label).primary() } else { Button::new(&label) };
    if child.add(shown.icon(Icon::Down)).clicked() {
        face.scroll = Scroll::default();
    }
}
