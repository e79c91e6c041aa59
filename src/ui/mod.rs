//! The window's face: `ui/x.rs` draws `app/x.rs`. Views read the model and say what the user means; they change
//! nothing.

pub mod actions;
pub mod app_editor;
pub mod body;
pub mod callback_list;
pub mod catalogue;
pub mod code;
pub mod columns;
pub mod comparing;
pub mod component;
pub mod composing;
pub mod conversation;
pub mod delete_question;
pub mod detail;
pub mod export_editor;
pub mod fields;
pub mod filter_box;
pub mod first_run;
pub mod fonts;
pub mod histories;
pub mod hold;
pub mod https_editor;
pub mod importing;
pub mod list;
pub mod marks;
pub mod note;
pub mod palette;
pub mod reading;
pub mod request;
pub mod response;
pub mod response_bar;
pub mod response_editor;
pub mod row_menu;
pub mod rules;
pub mod saved_filters;
pub mod sequence;
pub mod statistics;
pub mod status;
pub mod symptom;
pub mod system_theme;
pub mod theme;
pub mod top_bar;
pub mod verdicts;
pub mod what_if;
pub mod window;

use crate::app::Model;
use crate::app::action::{Action, Dialog};
use crate::app::deleting::DeleteAction;
use crate::app::meaning::Front;
use crate::app::notice::{Notice, Weight};
pub use crate::app::texts;
use actions::Place;
use component::{Split, button, empty_state, notice, quiet_button};
use eframe::egui::{Align2, Area, CentralPanel, Frame, Id, Key, Modifiers, Order, Panel, Popup, Rangef, Ui, vec2};
use std::collections::HashMap;
use theme::Tone;

/// Below this width, in points, the window shows less at once.
const NARROW: f32 = 1100.0;

/// How wide a notice is, in points, where there is room.
const NOTICE_WIDTH: f32 = 520.0;

/// How wide it is in a narrow window, where it would cover the list's responses, in points.
const NARROW_NOTICE_WIDTH: f32 = 420.0;

/// How long word of something done stays, in seconds.
const DONE_STAYS_SECS: f64 = 4.0;

/// What the face remembers between two frames: places and times, never meaning.
pub struct Face {
    split: Split,
    list: callback_list::ListFace,
    conversation: conversation::ConversationFace,
    filter: filter_box::FilterFace,
    catalogue: catalogue::CatalogueFace,
    detail: detail::Faces,
    statistics: statistics::StatisticsFace,
    status: status::Rate,
    palette: palette::PaletteFace,
    /// Whether an input method composes in the field that has the focus.
    is_composing: bool,
    /// What the clock says of this frame: milliseconds since the Unix epoch.
    pub now_millis: i64,
    /// When each notice was first drawn, in seconds of the window's life.
    noticed: HashMap<u64, f64>,
}

impl Default for Face {
    fn default() -> Self {
        Self {
            split: Split::new(0.486),
            list: callback_list::ListFace::default(),
            conversation: conversation::ConversationFace::default(),
            filter: filter_box::FilterFace::default(),
            catalogue: catalogue::CatalogueFace::default(),
            detail: detail::Faces::default(),
            statistics: statistics::StatisticsFace::default(),
            status: status::Rate::default(),
            palette: palette::PaletteFace::default(),
            is_composing: false,
            now_millis: 0,
            noticed: HashMap::new(),
        }
    }
}

/// Whether the window is so narrow that it shows less at once.
pub fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < NARROW
}

/// Draws the whole window.
pub fn root_ui(ui: &mut Ui, model: &Model, face: &mut Face, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let has_menu = Popup::is_any_open(ui.ctx());
    let place = place(model, face);
    face.is_composing = ui.ctx().text_edit_focused() && composing::is_composing(ui, face.is_composing);
    // Before a field takes it.
    actions::palette_key(ui, model, place, face.is_composing, actions);
    let bar = || Frame::new().fill(palette.panel);
    Panel::top("bars").frame(bar()).show_separator_line(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        top_bar::top_bar_ui(ui, model, actions);
        response_bar::response_bar_ui(ui, model, face.now_millis, actions);
        hold::hold_ui(ui, model, face.now_millis, actions);
    });
    Panel::bottom("status").exact_size(theme::STATUS_BAR).frame(bar()).show_separator_line(false).show(ui, |ui| {
        status::status_ui(ui, model, &mut face.status, place, actions);
    });
    if model.catalogue.is_open() {
        catalogue::catalogue_ui(ui, model, &mut face.catalogue, actions);
    } else if model.statistics.is_open() {
        statistics::statistics_ui(ui, model, &mut face.statistics, face.now_millis, actions);
    } else if model.history.is_empty() {
        CentralPanel::default().frame(Frame::new().fill(palette.bg)).show(ui, |ui| {
            // Not before it is known that there is none: a history that loads is no first run.
            if model.deleting.can_undo() {
                all_deleted_ui(ui, actions);
            } else if model.is_first_run() {
                first_run::first_run_ui(ui, model, actions);
            }
        });
    } else {
        exchanges_ui(ui, model, face, actions);
    }
    notices_ui(ui, model, &mut face.noticed, actions);
    match model.dialog {
        Some(Dialog::Apps) => app_editor::app_editor_ui(ui, model, actions),
        Some(Dialog::Body) => response_editor::response_editor_ui(ui, model, actions),
        Some(Dialog::History) => histories::histories_ui(ui, model, actions),
        Some(Dialog::Export) => export_editor::export_editor_ui(ui, model, actions),
        Some(Dialog::Import) => importing::importing_ui(ui, model, actions),
        Some(Dialog::Https) => https_editor::https_editor_ui(ui, model, actions),
        Some(Dialog::Rewrite) => hold::rewrite_ui(ui, model, face.now_millis, actions),
        Some(Dialog::Rules) => rules::rules_ui(ui, model, actions),
        Some(Dialog::Delete) => delete_question::delete_question_ui(ui, model, actions),
        Some(Dialog::Palette) => palette::palette_ui(ui, model, &mut face.palette, face.now_millis, actions),
        None => {}
    }
    if has_menu {
        // It closes the menu, and nothing else.
        ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    }
    importing::what_comes(ui, model, actions);
    actions::keys(ui, model, self::place(model, face), actions);
}

/// Where keys are meant, by what was drawn.
fn place(model: &Model, face: &Face) -> Place {
    let page = match model.front() {
        Front::Catalogue => face.catalogue.page(),
        Front::Conversation => face.conversation.page(),
        Front::Exchanges | Front::Statistics => face.list.page(),
    };
    Place { page, is_in_body: face.detail.body.has_keys() }
}

/// Says that all were deleted, while that can be undone.
fn all_deleted_ui(ui: &mut Ui, actions: &mut Vec<Action>) {
    empty_state(ui, texts::ALL_DELETED, texts::ALL_DELETED_WHY, |ui| {
        if button(ui, texts::UNDO).on_hover_text(actions::hint(ui, texts::UNDO, actions::Meaning::Undo)).clicked() {
            actions.push(Action::Delete(DeleteAction::Undo));
        }
    });
}

fn exchanges_ui(ui: &mut Ui, model: &Model, face: &mut Face, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let width = ui.available_width();
    let range = Rangef::new(320.0, (width - 380.0).min(width * 0.72).max(320.0));
    let Face { split, list, conversation, filter, now_millis, .. } = face;
    split.left(ui, "exchanges", range, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if let Some(open) = model.conversation() {
            conversation::conversation_ui(ui, model, open, conversation, actions);
        } else {
            filter_box::filter_box_ui(ui, model, filter, *now_millis, actions);
            callback_list::callback_list_ui(ui, model, list, actions);
        }
    });
    CentralPanel::default().frame(Frame::new().fill(palette.bg)).show(ui, |ui| {
        detail::detail_ui(ui, model, &mut face.detail, actions);
    });
}

fn notices_ui(ui: &mut Ui, model: &Model, noticed: &mut HashMap<u64, f64>, actions: &mut Vec<Action>) {
    let list = model.notices.list();
    noticed.retain(|id, _| list.iter().any(|notice| notice.id == *id));
    if list.is_empty() {
        return;
    }
    // Over the content, not between it: what comes and goes moves nothing.
    let width = (ui.ctx().content_rect().width() - 32.0).min(if is_narrow(ui) { NARROW_NOTICE_WIDTH } else { NOTICE_WIDTH });
    let place =
        Area::new(Id::unique("notices")).order(Order::Foreground).anchor(Align2::RIGHT_BOTTOM, vec2(-16.0, -(theme::STATUS_BAR + 12.0)));
    place.show(ui.ctx(), |ui| {
        ui.set_width(width);
        for one in list {
            notice_ui(ui, one, noticed, actions);
        }
    });
}

fn notice_ui(ui: &mut Ui, one: &Notice, noticed: &mut HashMap<u64, f64>, said: &mut Vec<Action>) {
    let now = ui.input(|input| input.time);
    let since = *noticed.entry(one.id).or_insert(now);
    let goes_by_itself = one.weight == Weight::Done && !one.offers_undo;
    if goes_by_itself && now - since > DONE_STAYS_SECS {
        said.push(Action::Dismiss(one.id));
    } else if goes_by_itself {
        ui.ctx().request_repaint_after_secs(0.5);
    }
    let tone = match one.weight {
        Weight::Done => Tone::Ok,
        Weight::Warning => Tone::Warn,
        Weight::Failure => Tone::Bad,
    };
    notice(ui, tone, &one.text, |ui| {
        if quiet_button(ui, texts::DISMISS).clicked() {
            said.push(Action::Dismiss(one.id));
        }
        if one.offers_undo && button(ui, texts::UNDO).on_hover_text(actions::hint(ui, texts::UNDO, actions::Meaning::Undo)).clicked() {
            said.push(Action::Delete(DeleteAction::Undo));
        }
    });
}
