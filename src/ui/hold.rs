//! What is held: a strip below the response bar while something waits for the developer, the body that is rewritten for
//! it, and how requests are held.

use super::actions::{Meaning, hint};
use super::code::body_field_ui;
use super::component::{Button, Field, bar_above, bar_below, button, dialog, glyph, panel_below, segmented, sides};
use super::reading::judgement_ui;
use super::theme::{self, Tone};
use super::{is_narrow, texts};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::hold::{Decision, FallbackKind, HoldAction, sender};
use crate::messages::HeldRequest;
use eframe::egui::{Label, Response, Ui, vec2};
use std::time::Duration;

/// How often what counts down is drawn anew.
const TICK: Duration = Duration::from_millis(50);

/// How high the bar is that shrinks, in points.
const TIME_LEFT: f32 = 3.0;

/// How wide the settings are, in points.
const PANEL: f32 = 380.0;

/// Draws the strip, while something is held.
pub fn hold_ui(ui: &mut Ui, model: &Model, now_millis: i64, actions: &mut Vec<Action>) {
    let Some(request) = model.held.first() else { return };
    ui.ctx().request_repaint_after(TICK);
    let height = theme::HELD + theme::CONTROL + 8.0 + TIME_LEFT;
    let rect = ui.available_rect_before_wrap().with_max_y(ui.next_widget_position().y + height);
    ui.painter().rect_filled(rect, 0.0, theme::palette(ui).warn_fill);
    time_left_ui(ui, request, now_millis);
    bar_above(ui, theme::HELD, |ui| what_ui(ui, model, request));
    bar_below(ui, |ui| {
        let mut decided = Vec::new();
        sides(ui, "held until", |ui| until_ui(ui, request, now_millis), |ui| decisions_ui(ui, model, request, &mut decided));
        actions.append(&mut decided);
    });
}

/// The bar that shrinks.
fn time_left_ui(ui: &mut Ui, request: &HeldRequest, now_millis: i64) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TIME_LEFT), eframe::egui::Sense::hover());
    let palette = theme::palette(ui);
    ui.painter().rect_filled(rect, 0.0, palette.line);
    ui.painter().rect_filled(rect.with_max_x(rect.left() + rect.width() * share_left(request, now_millis)), 0.0, palette.warn);
}

/// How much of the time is left, from 1 to 0.
fn share_left(request: &HeldRequest, now_millis: i64) -> f32 {
    let all = (request.until_millis - request.received_at_millis).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a bar of some thousand points")]
    let share = (request.until_millis - now_millis) as f32 / all as f32;
    share.clamp(0.0, 1.0)
}

/// What is held, and how many more wait.
fn what_ui(ui: &mut Ui, model: &Model, request: &HeldRequest) {
    glyph(ui, Tone::Warn);
    ui.label(theme::strong(texts::HELD).color(theme::palette(ui).warn));
    let more = model.held.count.saturating_sub(1);
    let left = |ui: &mut Ui| {
        ui.add(Label::new(theme::mono(&request.title)).truncate());
        ui.add(Label::new(theme::dim(ui, &request.summary)).truncate());
    };
    sides(ui, "held", left, |ui| {
        if more > 0 {
            ui.label(theme::toned(ui, texts::more_wait(more), Tone::Warn));
        }
    });
}

/// How long still, and what happens then.
fn until_ui(ui: &mut Ui, request: &HeldRequest, now_millis: i64) {
    ui.spacing_mut().item_spacing.x = 8.0;
    ui.label(theme::mono(texts::seconds_left(request.until_millis - now_millis)).color(theme::palette(ui).warn));
    ui.label(texts::then(request.fallback));
    let waits = texts::sender_waits(sender(request), request.limit_millis, request.limit_is_assumed);
    ui.add(Label::new(theme::dim(ui, waits)).truncate());
}

fn decisions_ui(ui: &mut Ui, model: &Model, request: &HeldRequest, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.x = 8.0;
    let mut decision_ui = |ui: &mut Ui, decision: Decision| {
        let (label, why) = texts::decision(decision);
        let shown = ui.add(Button::new(label).enabled(model.held.can_be(decision, request)));
        if is_clicked_once(&shown.on_hover_text(hint(ui, why, Meaning::Decide(decision)))) {
            actions.push(Action::Hold(HoldAction::Decide(request.id, decision)));
        }
    };
    decision_ui(ui, Decision::Allow);
    decision_ui(ui, Decision::Refuse);
    let mut code = model.held.code.clone();
    let field = Field::new(texts::CODE, &mut code).mono().width(64.0).invalid(model.held.code().is_none());
    ui.add(field).on_hover_text(texts::own_codes(request.codes));
    if let Some(codes) = request.codes.filter(|_| !is_narrow(ui)) {
        ui.label(theme::small(ui, codes)).on_hover_text(texts::own_codes(request.codes));
    }
    if request.can_drop {
        decision_ui(ui, Decision::Drop);
    }
    let rewrite = button(ui, texts::REWRITE).on_hover_text(hint(ui, texts::REWRITE_WHY, Meaning::Rewrite)).clicked();
    decision_ui(ui, Decision::TimeOut);
    if rewrite {
        actions.push(Action::Hold(HoldAction::Rewrite(request.id)));
    }
    if code != model.held.code {
        actions.push(Action::Hold(HoldAction::EditCode(code)));
    }
}

/// Whether this is a click of its own: the second of a double click would hit the next request.
fn is_clicked_once(response: &Response) -> bool {
    response.clicked() && !response.double_clicked() && !response.triple_clicked()
}

/// Draws the dialog in which a body is rewritten.
pub fn rewrite_ui(ui: &mut Ui, model: &Model, now_millis: i64, actions: &mut Vec<Action>) {
    let Some(rewriting) = &model.held.rewriting else {
        actions.push(Action::CloseDialog);
        return;
    };
    let request = &rewriting.request;
    let waits = model.held.still_waits(rewriting);
    if waits {
        ui.ctx().request_repaint_after(TICK);
    }
    let closed = dialog(ui.ctx(), texts::REWRITE_TITLE, &request.title, 680.0, |ui| {
        if waits {
            ui.horizontal(|ui| until_ui(ui, request, now_millis));
        } else {
            ui.label(theme::toned(ui, texts::WAITS_NO_MORE, Tone::Bad));
        }
        let mut body = rewriting.body.clone();
        body_field_ui(ui, &mut body, 6);
        if body != rewriting.body {
            actions.push(Action::Hold(HoldAction::EditBody(body)));
        }
        judgement_ui(ui, Some(sender(request)), &rewriting.reading);
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            if ui.add(Button::new(texts::SEND).primary().enabled(waits)).clicked() {
                actions.push(Action::Hold(HoldAction::Send));
            }
            if button(ui, texts::CANCEL).clicked() {
                actions.push(Action::CloseDialog);
            }
        });
    });
    if closed {
        actions.push(Action::CloseDialog);
    }
}

/// The button that opens how requests are held.
pub fn settings_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let opener = ui.add(Button::new(texts::HOLD_SETTINGS).opens_menu());
    panel_below(&opener, PANEL, |ui| {
        ui.label(theme::small(ui, texts::WHEN_NOBODY_DECIDES));
        fallback_ui(ui, model, actions);
        let editor = &model.held.editor;
        ui.label(theme::small(ui, texts::BEFORE_THE_LIMIT)).on_hover_text(texts::BEFORE_THE_LIMIT_WHY);
        let margin = (texts::BEFORE_THE_LIMIT, editor.margin.as_str(), editor.is_margin_valid());
        typed_ui(ui, margin, actions, HoldAction::EditMargin);
        ui.label(theme::small(ui, texts::SENDERS_LIMIT));
        limit_ui(ui, model, actions);
    });
}

fn fallback_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let editor = &model.held.editor;
    let options = [(texts::SEND_OK, Tone::Accent), (texts::SEND_FAIL, Tone::Accent), (texts::SEND_NOTHING, Tone::Accent)];
    let at = FallbackKind::ALL.iter().position(|kind| *kind == editor.fallback).unwrap_or(0);
    if let Some(chosen) = segmented(ui, "fallback", &options, at) {
        actions.push(Action::Hold(HoldAction::SetFallback(FallbackKind::ALL[chosen])));
    }
    if editor.fallback == FallbackKind::Fail {
        ui.label(theme::small(ui, texts::ERROR_CODE));
        typed_ui(ui, (texts::ERROR_CODE, &editor.code, editor.is_code_valid()), actions, HoldAction::EditFallbackCode);
    }
}

fn limit_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let editor = &model.held.editor;
    let options = [(texts::AS_DOCUMENTED, Tone::Accent), (texts::MY_OWN, Tone::Accent)];
    if let Some(chosen) = segmented(ui, "limit", &options, usize::from(editor.own_limit)) {
        actions.push(Action::Hold(HoldAction::UseOwnLimit(chosen == 1)));
    }
    if editor.own_limit {
        ui.label(theme::small(ui, texts::LIMIT_IN_MILLIS));
        typed_ui(ui, (texts::LIMIT_IN_MILLIS, &editor.limit, editor.is_limit_valid()), actions, HoldAction::EditLimit);
    }
}

fn typed_ui(ui: &mut Ui, (name, value, valid): (&str, &str, bool), actions: &mut Vec<Action>, action: impl FnOnce(String) -> HoldAction) {
    let mut text = value.to_owned();
    ui.add(Field::new(name, &mut text).mono().width(120.0).invalid(!valid));
    if text != value {
        actions.push(Action::Hold(action(text)));
    }
}
