//! The response bar: what every request gets. Anything but OK turns it amber, so that it is not forgotten, and a second
//! line says what is simulated and until when.

use super::actions::{Meaning, hint};
use super::component::{
    BAR_BELOW, Field, bar, bar_above, bar_below, button, glyph, menu_below, menu_button, menu_item, panel_below, segments, sides,
};
use super::symptom::why_ui;
use super::theme::{self, Tone};
use super::{hold, is_narrow, texts};
use crate::app::Model;
use crate::app::action::{Action, Dialog};
use crate::app::response_editor::{Number, Segment, Span, symptom};
use crate::messages::Listening;
use crate::rules::bar::Until;
use crate::rules::preset::Preset;
use eframe::egui::{Id, Label, Response, Ui};
use std::time::Duration;

/// Those that fold into "More" where there is little room begin here.
const FOLDED: usize = 5;

/// How wide a panel with explanations is, in points.
const PANEL: f32 = 400.0;

/// Draws the response bar.
pub fn response_bar_ui(ui: &mut Ui, model: &Model, now_millis: i64, actions: &mut Vec<Action>) {
    if !model.is_simulating() {
        bar(ui, theme::RESPONSE_BAR, |ui| first_line_ui(ui, model, actions));
        return;
    }
    let height = theme::RESPONSE_BAR + BAR_BELOW;
    let rect = ui.available_rect_before_wrap().with_max_y(ui.next_widget_position().y + height);
    ui.painter().rect_filled(rect, 0.0, theme::palette(ui).warn_fill);
    bar_above(ui, theme::RESPONSE_BAR, |ui| first_line_ui(ui, model, actions));
    bar_below(ui, |ui| second_line_ui(ui, model, now_millis, actions));
    if matches!(model.known.bar.until, Until::Time(_)) {
        ui.ctx().request_repaint_after(Duration::from_millis(500));
    }
}

fn first_line_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let (mut chosen, mut opened) = (Vec::new(), Vec::new());
    sides(ui, "respond with", |ui| respond_with_ui(ui, model, &mut chosen), |ui| rules_ui(ui, model, &mut opened));
    actions.append(&mut chosen);
    actions.append(&mut opened);
}

fn respond_with_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    ui.label(theme::dim(ui, texts::RESPOND_WITH)).on_hover_text(hint(ui, texts::FAIL, Meaning::ToggleFail));
    let now = Segment::of(&model.known.bar.preset);
    if is_narrow(ui) {
        folded_ui(ui, model, now, actions);
        return;
    }
    let drawn = segments(ui, "respond with", &Segment::ALL.map(named), place(now), false);
    actions.extend(clicked(&drawn).map(|segment| choose(model, segment)));
    if !model.is_simulating() {
        let body = Preset::Ok.response().map(|response| String::from_utf8_lossy(&response.body).into_owned()).unwrap_or_default();
        let shown = theme::mono(crate::wording::visible(&body)).color(theme::palette(ui).dim);
        ui.push_id(Id::unique("body"), |ui| ui.add(Label::new(shown).truncate()));
    }
}

/// The segments of a narrow window: the last of them opens a menu with those that have no room.
fn folded_ui(ui: &mut Ui, model: &Model, now: Segment, actions: &mut Vec<Action>) {
    let (shown, folded) = Segment::ALL.split_at(FOLDED);
    let is_folded = folded.contains(&now);
    let more = if is_folded { texts::segment(now) } else { texts::MORE };
    let options: Vec<(&str, Tone)> = shown.iter().copied().map(named).chain([(more, Tone::Warn)]).collect();
    let drawn = segments(ui, "respond with", &options, place(now).min(FOLDED), true);
    let Some((last, others)) = drawn.split_last() else { return };
    actions.extend(clicked(others).map(|segment| choose(model, segment)));
    menu_below(last, |ui| {
        for segment in folded {
            if menu_item(ui, texts::segment(*segment), *segment == now) {
                actions.push(choose(model, *segment));
            }
        }
    });
}

fn named(segment: Segment) -> (&'static str, Tone) {
    (texts::segment(segment), if segment == Segment::Ok { Tone::Ok } else { Tone::Warn })
}

fn place(segment: Segment) -> usize {
    Segment::ALL.iter().position(|other| *other == segment).unwrap_or(0)
}

fn clicked(drawn: &[Response]) -> Option<Segment> {
    drawn.iter().position(Response::clicked).map(|at| Segment::ALL[at])
}

fn choose(model: &Model, segment: Segment) -> Action {
    match segment {
        Segment::OwnBody => Action::OpenDialog(Dialog::Body),
        Segment::Ok
        | Segment::Fail
        | Segment::Timeout
        | Segment::HttpError
        | Segment::NotJson
        | Segment::Drop
        | Segment::TlsFault
        | Segment::Hold => Action::Respond(model.response.preset(segment)),
    }
}

fn rules_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let enabled = model.rules.as_ref().map_or(0, |known| known.rules.iter().filter(|rule| rule.enabled).count());
    if enabled > 0 {
        ui.label(theme::dim(ui, texts::rules_first(enabled, is_narrow(ui))));
    }
    if button(ui, texts::RULES).clicked() {
        actions.push(Action::OpenDialog(Dialog::Rules));
    }
}

fn second_line_ui(ui: &mut Ui, model: &Model, now_millis: i64, actions: &mut Vec<Action>) {
    let (mut chosen, mut lasting) = (Vec::new(), Vec::new());
    let left = |ui: &mut Ui| {
        variant_ui(ui, model, &mut chosen);
        words_ui(ui, model, now_millis, &mut chosen);
    };
    sides(ui, "simulation", left, |ui| lasting_ui(ui, model, &mut lasting));
    actions.append(&mut chosen);
    actions.append(&mut lasting);
}

/// The variant of the chosen segment, and its number.
fn variant_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let preset = &model.known.bar.preset;
    match Segment::of(preset) {
        Segment::Ok => {}
        Segment::Fail => number_ui(ui, model, (texts::ERROR_CODE, Number::Code), actions),
        Segment::HttpError => number_ui(ui, model, (texts::STATUS, Number::Status), actions),
        Segment::OwnBody => {
            if button(ui, texts::EDIT).clicked() {
                actions.push(Action::OpenDialog(Dialog::Body));
            }
        }
        Segment::Hold => hold::settings_ui(ui, model, actions),
        segment @ (Segment::Timeout | Segment::NotJson | Segment::Drop | Segment::TlsFault) => {
            menu_button(ui, texts::variant(preset), |ui| {
                for variant in model.response.variants(segment) {
                    if menu_item(ui, texts::variant(&variant), texts::variant(&variant) == texts::variant(preset)) {
                        actions.push(Action::Respond(variant));
                    }
                }
            });
        }
    }
    match preset {
        Preset::Delay(_) => number_ui(ui, model, (texts::MILLISECONDS, Number::Delay), actions),
        Preset::Drip(_) => number_ui(ui, model, (texts::MILLISECONDS, Number::Drip), actions),
        Preset::Ok
        | Preset::Fail(_)
        | Preset::Body(_)
        | Preset::Http(_)
        | Preset::Timeout
        | Preset::Stall
        | Preset::NotJson
        | Preset::Empty
        | Preset::Truncated
        | Preset::Long
        | Preset::Garbage
        | Preset::Drop
        | Preset::Reset
        | Preset::Refuse
        | Preset::Hold
        | Preset::Tls(_) => {}
    }
}

fn number_ui(ui: &mut Ui, model: &Model, (name, number): (&str, Number), actions: &mut Vec<Action>) {
    ui.label(theme::dim(ui, name));
    let value = model.response.text(number);
    let mut text = value.to_owned();
    ui.add(Field::new(name, &mut text).mono().width(72.0).invalid(!model.response.is_valid(number)));
    if text != value {
        actions.push(Action::EditNumber(number, text));
    }
}

/// What is simulated and until when, and what the vendor says of it.
fn words_ui(ui: &mut Ui, model: &Model, now_millis: i64, actions: &mut Vec<Action>) {
    let known = &model.known.bar;
    let meets_nothing = matches!(known.preset, Preset::Tls(_)) && !matches!(model.https_listening, Some(Listening::On(_)));
    let words = if meets_nothing {
        texts::https_is_off(is_narrow(ui)).to_owned()
    } else {
        texts::simulating(known, model.bar_used, now_millis, is_narrow(ui))
    };
    let about = symptom(&known.preset);
    let room = ui.available_width() - about.map_or(0.0, |_| 70.0) - if meets_nothing { 130.0 } else { 0.0 } - 26.0;
    glyph(ui, Tone::Warn);
    ui.scope(|ui| {
        ui.set_max_width(room.max(0.0));
        ui.add(Label::new(theme::toned(ui, words, Tone::Warn)).truncate());
    });
    if meets_nothing && button(ui, texts::TURN_HTTPS_ON).clicked() {
        actions.push(Action::OpenDialog(Dialog::Https));
    }
    if let Some(symptom) = about {
        let why = button(ui, texts::WHY);
        panel_below(&why, PANEL, |ui| why_ui(ui, symptom, &known.preset));
    }
}

fn lasting_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let preset = &model.known.bar.preset;
    let spans = Span::of(preset);
    let span = if spans.contains(&model.response.span()) { model.response.span() } else { Span::SwitchedOff };
    menu_button(ui, texts::span(span), |ui| {
        for other in spans {
            if menu_item(ui, texts::span(*other), *other == span) {
                actions.push(Action::SetSpan(*other));
            }
        }
    });
    match span {
        Span::SwitchedOff | Span::NextRequest => {}
        Span::Requests => number_ui(ui, model, (texts::REQUESTS, Number::Requests), actions),
        Span::Minutes => number_ui(ui, model, (texts::MINUTES, Number::Minutes), actions),
    }
    if button(ui, texts::BACK_TO_OK).clicked() {
        actions.push(Action::Respond(Preset::Ok));
    }
}
