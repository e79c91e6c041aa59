//! The filter box above the list: what is typed, what could be typed, what is wrong with it, and how far the search is.

use super::actions::{Meaning, hint};
use super::component::{Button, Field, Icon, bar_above, field_frame, paint_text, quiet_button, sides, width_of};
use super::composing::{is_composing, swallow_keys};
use super::saved_filters::saved_filters_ui;
use super::texts;
use super::theme::{self, Tone};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::completion::Completion;
use crate::app::filter_box::{FilterAction, Progress};
use crate::app::sentence;
use crate::filter::{Complaint, Ink, Offered, pieces};
use eframe::egui::text::{CCursor, CCursorRange, LayoutJob};
use eframe::egui::text_edit::{TextEditOutput, TextEditState};
use eframe::egui::{
    self, Align, Align2, Area, Event, EventFilter, FontId, Frame, Id, Key, Label, LayerId, Layout, Margin, Order, Rect, Role, Sense,
    Stroke, SurrenderFocusOn, TextBuffer, TextEdit, TextFormat, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use jiff::tz::TimeZone;
use std::ops::Range;

/// Height of the line with the box, and of the one that says what was found, in points.
const BAR: f32 = 44.0;
const PROGRESS: f32 = 28.0;

/// Width of what is offered, and of what is wrong, at most, in points.
const OFFERS: f32 = 400.0;
const COMPLAINT: f32 = 420.0;

/// Height of an offer, and how much of its line what it means has at most.
const OFFER: f32 = 24.0;

/// Between the box and what opens below it, in points.
const GAP: f32 = 4.0;

/// The button at the right end of the box, in points.
const TAIL: i8 = 22;

/// What the box remembers between two frames.
#[derive(Default)]
pub struct FilterFace {
    completion: Completion,
    focus_asked: u64,
    names_asked: u64,
    had_focus: bool,
    /// What stands in the box while an input method composes: it is typed only once that is over.
    composed: Option<String>,
}

/// Draws the box, and what was found while a filter is in force.
pub fn filter_box_ui(ui: &mut Ui, model: &Model, face: &mut FilterFace, now_millis: i64, actions: &mut Vec<Action>) {
    let mut said = Vec::new();
    let mut names_asked = face.names_asked;
    bar_above(ui, BAR, |ui| {
        let mut saved = Vec::new();
        sides(
            ui,
            "filter",
            |ui| field_ui(ui, model, face, now_millis, &mut said),
            |ui| saved_filters_ui(ui, model, &mut names_asked, now_millis, &mut saved),
        );
        said.append(&mut saved);
    });
    face.names_asked = names_asked;
    if model.filter.in_force().is_some() {
        bar_above(ui, PROGRESS, |ui| progress_ui(ui, model, &mut said));
    }
    actions.extend(said.into_iter().map(Action::Filter));
}

/// This text is what is meant.
pub fn edit(text: String, now_millis: i64) -> FilterAction {
    FilterAction::Edit { text, now_millis, zone: TimeZone::system() }
}

// The field

fn field_ui(ui: &mut Ui, model: &Model, face: &mut FilterFace, now_millis: i64, said: &mut Vec<FilterAction>) {
    let filter = &model.filter;
    let id = Field::id(ui, texts::FILTER);
    let was_composing = face.composed.is_some();
    let mut text = face.composed.take().unwrap_or_else(|| filter.text().to_owned());
    // What an input method composes, it takes the keys for, those that end it as well.
    let is_composing = face.had_focus && is_composing(ui, was_composing);
    let keys = if was_composing || is_composing {
        swallow_keys(ui);
        Keys::default()
    } else if face.had_focus {
        take_keys(ui, &face.completion)
    } else {
        Keys::default()
    };

    let output = show(ui, id, &mut text, face, filter.complaint().is_some());
    let field = output.response.response.clone().accessible_name(texts::FILTER);
    if filter.focus_asked() != face.focus_asked {
        face.focus_asked = filter.focus_asked();
        field.request_focus();
    }
    // Another window in front takes nothing away: what is being typed goes on when it comes back.
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    if has_focus && !face.had_focus {
        said.push(FilterAction::ReadSeen);
        face.completion.open();
    }
    face.had_focus = has_focus;
    let cursor = output.cursor_range.map_or(text.len(), |range| byte_of(&text, range.primary.index.0));
    if has_focus {
        face.completion.follow(&text, cursor, filter.seen());
    }

    let accepted = obey(ui, &keys, face, &field, &text, said);
    let offers = if has_focus && !is_composing && accepted.is_none() { face.completion.offered().cloned() } else { None };
    let mut top = field.rect.bottom() + GAP;
    if let Some(complaint) = filter.complaint().filter(|_| text == filter.text()) {
        underline(ui, &output, &text, complaint);
        // While it is being typed, what is offered says what would be right.
        let is_at_cursor = complaint.at.start <= cursor && cursor <= complaint.at.end;
        if offers.is_none() || !is_at_cursor {
            top = complaint_ui(ui, id, &output, &text, complaint) + GAP;
        }
    }
    let chosen = face.completion.chosen();
    let clicked = offers.as_ref().and_then(|offered| offers_ui(ui, id, top, x_of(&output, &text, offered.range.start), chosen, offered));
    if let Some(at) = clicked.or(accepted)
        && let Some((text, cursor)) = face.completion.accept(at)
    {
        put_cursor(ui, id, &text, cursor);
        said.push(edit(text, now_millis));
    } else if is_composing {
        face.composed = Some(text.clone());
    } else if text != filter.text() {
        said.push(edit(text.clone(), now_millis));
    }
    if !filter.text().is_empty() && clear_ui(ui, field.rect) {
        said.push(FilterAction::Clear);
    }
}

/// The field itself, its name before what is typed.
fn show(ui: &mut Ui, id: Id, text: &mut String, face: &FilterFace, is_wrong: bool) -> TextEditOutput {
    let palette = theme::palette(ui);
    let mut frame = field_frame(ui, id, is_wrong);
    let name = theme::dim(ui, texts::FILTER);
    let lead = width_of(ui, texts::FILTER, FontId::proportional(theme::BODY_SIZE)) + 8.0;
    #[expect(clippy::cast_possible_truncation, reason = "the width of a word")]
    let lead_margin = lead.ceil().min(80.0) as i8;
    let name_left = f32::from(frame.inner_margin.left) + 1.0;
    frame.inner_margin.left = frame.inner_margin.left.saturating_add(lead_margin);
    frame.inner_margin.right = frame.inner_margin.right.saturating_add(TAIL);
    let has_offers = face.had_focus && face.completion.offered().is_some();
    let event_filter = EventFilter { tab: has_offers, horizontal_arrows: true, vertical_arrows: true, escape: true };
    let mut layouter =
        |ui: &Ui, text: &dyn TextBuffer, _width: f32| ui.fonts_mut(|fonts| fonts.layout_job(coloured(palette, text.as_str())));
    let hint = if face.had_focus { texts::FILTER_HINT.to_owned() } else { hint(ui, texts::FILTER_HINT, Meaning::Search) };
    let edit = TextEdit::singleline(text)
        .id(id)
        .hint_text(hint)
        .font(FontId::proportional(theme::BODY_SIZE))
        .frame(frame)
        .desired_width(ui.available_width())
        .min_size(vec2(0.0, theme::CONTROL))
        .align(Align2::LEFT_CENTER)
        .event_filter(event_filter)
        .layouter(&mut layouter);
    // A click on what is offered leaves the focus where it is.
    let before = ui.ctx().options(|options| options.input_options.surrender_focus_on);
    if is_pointer_over(ui, offers_layer(id)) {
        ui.ctx().options_mut(|options| options.input_options.surrender_focus_on = SurrenderFocusOn::Never);
    }
    let output = edit.show(ui);
    ui.ctx().options_mut(|options| options.input_options.surrender_focus_on = before);
    let rect = output.response.response.rect;
    paint_text(ui, rect.with_min_x(rect.left() + name_left), Align::LEFT, name);
    output
}

fn coloured(palette: &theme::Palette, text: &str) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    for (range, ink) in pieces(text) {
        let color = match ink {
            Ink::Key => palette.key,
            Ink::Operator => palette.accent_text,
            Ink::Value | Ink::Plain => palette.text,
        };
        job.append(&text[range], 0.0, TextFormat::simple(FontId::proportional(theme::BODY_SIZE), color));
    }
    if text.is_empty() {
        job.append("", 0.0, TextFormat::simple(FontId::proportional(theme::BODY_SIZE), palette.text));
    }
    job
}

fn clear_ui(ui: &mut Ui, field: Rect) -> bool {
    let place = field.with_min_x(field.right() - f32::from(TAIL) - 4.0).shrink2(vec2(3.0, 0.0));
    let mut inside = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::right_to_left(Align::Center)));
    let button = Button::new(texts::FILTER_CLEAR).icon(Icon::Close).icon_only().quiet();
    inside.add(button).on_hover_text(texts::FILTER_CLEAR_WHY).clicked()
}

// The keys

/// What was pressed in the box, taken before it sees it.
#[derive(Default)]
struct Keys {
    steps: isize,
    /// Enter, for what is chosen.
    enter: bool,
    /// Tab, for what is chosen or the first.
    tab: bool,
    escape: bool,
}

fn take_keys(ui: &Ui, completion: &Completion) -> Keys {
    let has_offers = completion.offered().is_some();
    ui.input_mut(|input| {
        let mut take = |wanted: Key| {
            let before = input.events.len();
            let is_it =
                |event: &Event| matches!(event, Event::Key { key, modifiers, pressed: true, .. } if *key == wanted && modifiers.is_none());
            input.events.retain(|event| !is_it(event));
            isize::try_from(before - input.events.len()).unwrap_or(0)
        };
        Keys {
            steps: take(Key::ArrowDown) - take(Key::ArrowUp),
            enter: has_offers && completion.chosen().is_some() && take(Key::Enter) > 0,
            tab: has_offers && take(Key::Tab) > 0,
            escape: take(Key::Escape) > 0,
        }
    })
}

/// Does what the keys say. Says which offer is taken.
fn obey(ui: &Ui, keys: &Keys, face: &mut FilterFace, field: &egui::Response, text: &str, said: &mut Vec<FilterAction>) -> Option<usize> {
    let completion = &mut face.completion;
    if keys.escape && completion.offered().is_some() {
        completion.close();
    } else if keys.escape && text.is_empty() {
        field.surrender_focus();
    } else if keys.escape {
        said.push(FilterAction::Clear);
    } else if keys.steps != 0 {
        completion.open();
        completion.choose_by(keys.steps);
        ui.ctx().request_repaint();
    }
    let taken = if keys.tab { Some(completion.chosen().unwrap_or(0)) } else { completion.chosen().filter(|_| keys.enter) };
    taken.filter(|_| completion.offered().is_some())
}

fn put_cursor(ui: &Ui, id: Id, text: &str, cursor: usize) {
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(text[..cursor].chars().count()))));
    state.store(ui.ctx(), id);
    ui.memory_mut(|memory| memory.request_focus(id));
}

fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

/// Where a byte of the text stands on screen.
fn x_of(output: &TextEditOutput, text: &str, byte: usize) -> f32 {
    let cursor = CCursor::new(text[..text.floor_char_boundary(byte)].chars().count());
    output.galley_pos.x + output.galley.pos_from_cursor(cursor).left()
}

// What could be typed

fn offers_layer(id: Id) -> LayerId {
    LayerId::new(Order::Foreground, id.with("offers"))
}

fn is_pointer_over(ui: &Ui, layer: LayerId) -> bool {
    ui.ctx().pointer_interact_pos().and_then(|pos| ui.ctx().layer_id_at(pos)) == Some(layer)
}

/// Draws what is offered below the word that it takes the place of. Says which was clicked.
fn offers_ui(ui: &Ui, id: Id, top: f32, word_left: f32, chosen: Option<usize>, offered: &Offered) -> Option<usize> {
    let left = word_left.clamp(ui.min_rect().left(), ui.min_rect().right().max(ui.min_rect().left())) - 12.0;
    let shown = below(ui, offers_layer(id).id, pos2(left, top), |ui| {
        let width = OFFERS.min(ui.ctx().content_rect().width() - 40.0);
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.accesskit_node_builder(ui.unique_id(), |node| {
            node.set_role(Role::ListBox);
            node.set_label(texts::OFFERS);
        });
        let mut clicked = None;
        for (at, offer) in offered.items.iter().enumerate() {
            let (rect, response) = ui.allocate_exact_size(vec2(width, OFFER), Sense::CLICK);
            let is_chosen = chosen == Some(at);
            response.widget_info(|| WidgetInfo::labeled(Role::ListBoxOption, true, texts::offer(offer)));
            ui.accesskit_node_builder(response.id, |node| node.set_selected(is_chosen));
            let palette = theme::palette(ui);
            if is_chosen || response.hovered() {
                let fill = if is_chosen { palette.selection } else { palette.hover };
                ui.painter().rect_filled(rect, 4, fill);
            }
            let inside = rect.shrink2(vec2(8.0, 0.0));
            let words = paint_text(ui, inside.with_max_x(inside.left() + width * 0.6), Align::LEFT, theme::mono(&offer.insert));
            paint_text(ui, inside.with_min_x(words.right() + 12.0), Align::RIGHT, theme::small(ui, &offer.about));
            if response.clicked() {
                clicked = Some(at);
            }
        }
        clicked
    });
    shown.0
}

/// A frame over what stands below the box. Says where it ends.
fn below<R>(ui: &Ui, id: Id, at: egui::Pos2, content: impl FnOnce(&mut Ui) -> R) -> (R, f32) {
    let palette = theme::palette(ui);
    let frame = Frame::new().fill(palette.raised).stroke(Stroke::new(1.0, palette.line)).corner_radius(theme::CARD_CORNER).inner_margin(4);
    let area = Area::new(id).order(Order::Foreground).fixed_pos(at).constrain(true).fade_in(false);
    let shown = area.show(ui.ctx(), |ui| frame.show(ui, content).inner);
    (shown.inner, shown.response.rect.bottom())
}

// What is wrong

/// A wave beneath what is wrong, as wide as a character at least.
fn underline(ui: &Ui, output: &TextEditOutput, text: &str, complaint: &Complaint) {
    let Range { start, end } = complaint.at;
    let (left, right) = (x_of(output, text, start), x_of(output, text, end));
    let right = right.max(left + 8.0);
    let y = output.galley_pos.y + output.galley.size().y;
    let mut points = Vec::new();
    let (mut x, mut up) = (left, true);
    while x <= right {
        points.push(pos2(x, if up { y } else { y + 2.0 }));
        (x, up) = (x + 2.0, !up);
    }
    let clip = output.response.response.rect.shrink2(vec2(4.0, 0.0)).intersect(ui.clip_rect());
    ui.painter().with_clip_rect(clip).line(points, Stroke::new(1.2, theme::palette(ui).bad));
}

/// What is wrong, in words, below the character where it begins. Says where that ends.
fn complaint_ui(ui: &Ui, id: Id, output: &TextEditOutput, text: &str, complaint: &Complaint) -> f32 {
    let field = output.response.response.rect;
    let left = x_of(output, text, complaint.at.start).clamp(field.left(), (field.right() - 40.0).max(field.left())) - 12.0;
    let shown = below(ui, id.with("complaint"), pos2(left.max(field.left()), field.bottom() + GAP), |ui| {
        ui.set_max_width(COMPLAINT.min(ui.ctx().content_rect().width() - 40.0));
        Frame::new().inner_margin(Margin::symmetric(8, 2)).show(ui, |ui| {
            let words = ui.add(Label::new(theme::toned(ui, sentence(&complaint.what), Tone::Bad)).wrap());
            ui.accesskit_node_builder(words.id, |node| node.set_live(egui::accesskit::Live::Polite));
        });
    });
    shown.1
}

// What was found

fn progress_ui(ui: &mut Ui, model: &Model, said: &mut Vec<FilterAction>) {
    let filter = &model.filter;
    let found = || texts::progress(model.history.shown(), model.history.len(), filter.progress());
    let mut words = vec![filter.is_sorting().map_or_else(found, texts::sorting)];
    if filter.judging() > 0 {
        words.push(texts::judging_again(filter.judging()));
    }
    if let Some(in_force) = filter.in_force().filter(|_| filter.complaint().is_some()) {
        words.push(texts::still_filtered_by(in_force.text().trim()));
    }
    let left = |ui: &mut Ui| {
        let said = ui.add(Label::new(theme::small(ui, words.join(" · "))).truncate());
        ui.accesskit_node_builder(said.id, |node| node.set_live(egui::accesskit::Live::Polite));
    };
    sides(ui, "found", left, |ui| match filter.progress() {
        Progress::Looking(_) => {
            if quiet_button(ui, texts::STOP).on_hover_text(texts::STOP_LOOKING_WHY).clicked() {
                said.push(FilterAction::Stop);
            }
        }
        Progress::Stopped(_) => {
            if quiet_button(ui, texts::GO_ON).on_hover_text(texts::GO_ON_WHY).clicked() {
                said.push(FilterAction::GoOn);
            }
        }
        Progress::Asked | Progress::Done => {}
    });
}
