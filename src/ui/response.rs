//! What was responded, and what became of it.

use super::callback_list::took;
use super::code::json_job;
use super::component::{card, card_with, chip, scrolled, width_of};
use super::reading::{reading_ui, tone_of};
use super::request::{key, table, value};
use super::symptom::why_ui;
use super::theme::{self, Tone};
use super::{rules, texts, what_if};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::response_editor::symptom;
use crate::exchange::Responded;
use crate::opened::Opened;
use crate::protocol::catalogue::Product;
use crate::rules::preset::Preset;
use crate::wire::Response;
use crate::wording;
use eframe::egui::{Align, FontId, Label, Layout, Margin, Ui};

/// The most of a response's body that is laid out, in characters.
const BODY_CHARS: usize = 4_000;

/// Draws the tab.
pub fn response_ui(ui: &mut Ui, model: &Model, opened: &Opened, actions: &mut Vec<Action>) {
    scrolled(ui, ("response", opened.exchange.id), Margin { left: 20, right: 20, top: 12, bottom: 16 }, |ui| {
        ui.spacing_mut().item_spacing.y = 12.0;
        response_card_ui(ui, opened, actions);
        if let Some(responded) = &opened.exchange.response {
            held_ui(ui, responded);
            fault_ui(ui, responded);
        }
        rules::told::told_ui(ui, model, opened, actions);
        if let Some(reading) = &opened.reading {
            reading_ui(ui, sender(opened), reading);
        }
        what_if::what_if_ui(ui, &model.what_if, sender(opened), actions);
        if let Some(responded) = &opened.exchange.response {
            way_ui(ui, responded);
            if let Some(sent) = &responded.response {
                headers_ui(ui, sent);
            }
        }
    });
}

/// The card with the response's body, which the fields end with too.
pub fn response_card_ui(ui: &mut Ui, opened: &Opened, actions: &mut Vec<Action>) {
    let Some(responded) = &opened.exchange.response else {
        card(ui, texts::NO_RESPONSE, |ui| ui.label(theme::paragraph(ui, texts::NO_RESPONSE_YET)));
        return;
    };
    let Some(sent) = &responded.response else {
        no_response_ui(ui, opened, responded, actions);
        return;
    };
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(texts::RESPONSE_SENT).size(theme::MONO_SIZE));
        chip(ui, &format!("HTTP {}", sent.status), if sent.status == 200 { Tone::Ok } else { Tone::Bad });
        if let (Some(sender), Some(reading)) = (sender(opened), &opened.reading) {
            chip(ui, &texts::reads(sender, reading.read_as.word()), tone_of(reading.read_as));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(12.0);
            // As much as there is room for: the card on the wire below says it all.
            let in_small = |words: &str| width_of(ui, words, FontId::proportional(theme::SMALL_SIZE));
            let fitting =
                [false, true].map(|briefly| summary(responded, briefly)).into_iter().find(|words| in_small(words) <= ui.available_width());
            if let Some(words) = fitting {
                ui.label(theme::small(ui, words)).on_hover_text(summary(responded, false));
            }
        });
    };
    card_with(ui, head, |ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        let text = String::from_utf8_lossy(&sent.body);
        let text: String = text.chars().take(BODY_CHARS).collect();
        let text = if text.is_empty() { texts::NO_BODY.to_owned() } else { wording::visible(&text) };
        let mut job = json_job(ui, &text);
        job.wrap.break_anywhere = true;
        ui.add(Label::new(job).wrap());
        rules::told::from_exchange_ui(ui, opened, actions);
    });
}

fn no_response_ui(ui: &mut Ui, opened: &Opened, responded: &Responded, actions: &mut Vec<Action>) {
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(texts::NO_RESPONSE).size(12.0));
        if let Some(fault) = &responded.fault {
            chip(ui, fault, Tone::Bad);
        }
    };
    card_with(ui, head, |ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        ui.label(theme::paragraph(ui, texts::no_response(responded)));
        rules::told::from_exchange_ui(ui, opened, actions);
    });
}

/// What was simulated, what the vendor calls it, and what may be behind it elsewhere.
fn fault_ui(ui: &mut Ui, responded: &Responded) {
    let Some(fault) = &responded.fault else { return };
    let Ok(preset) = Preset::parse(fault) else { return };
    if preset == Preset::Hold {
        return;
    }
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(texts::SIMULATED).size(12.0));
        chip(ui, fault, Tone::Warn);
    };
    card_with(ui, head, |ui| match symptom(&preset) {
        Some(symptom) => why_ui(ui, symptom, &preset),
        None => drop(ui.add(Label::new(texts::on_the_wire(&preset)).wrap())),
    });
}

/// That it was held, and what came of it.
fn held_ui(ui: &mut Ui, responded: &Responded) {
    let Some(how) = texts::held(responded) else { return };
    card(ui, texts::HELD, |ui| ui.add(Label::new(how).wrap()));
}

/// Whose webhook it is: Chat's, where no product is known; `None` where it is no callback.
fn sender(opened: &Opened) -> Option<&'static str> {
    let callback = &opened.inspection.callback;
    callback.is_callback.then(|| wording::product(callback.product().unwrap_or(Product::Chat)))
}

/// How long it took and who chose it; where there is little room, how long it took.
fn summary(responded: &Responded, briefly: bool) -> String {
    let time = responded.responded_after_micros.map(|micros| texts::millis(&took(Some(micros))));
    let rule = texts::by(&responded.rule);
    match time {
        Some(time) if briefly => time,
        Some(time) => format!("{time} · {rule}"),
        None => rule,
    }
}

fn way_ui(ui: &mut Ui, responded: &Responded) {
    card(ui, texts::ON_THE_WIRE, |ui| {
        table(ui, "way", 2, |ui| {
            let not_yet = if responded.is_recorded() { texts::ON_ITS_WAY } else { texts::importing::NOT_RECORDED };
            let outcome = responded.outcome.map_or_else(|| not_yet.to_owned(), wording::outcome);
            let time = responded.responded_after_micros.map(|micros| texts::millis(&took(Some(micros))));
            for (name, text) in
                [(texts::OUTCOME, Some(outcome)), (texts::TOOK, time), (texts::RULE, Some(texts::responder(&responded.rule)))]
            {
                let Some(text) = text else { continue };
                ui.label(theme::dim(ui, name));
                ui.label(text);
                ui.end_row();
            }
        });
    });
}

fn headers_ui(ui: &mut Ui, sent: &Response) {
    card(ui, texts::HEADERS, |ui| {
        table(ui, "sent headers", 2, |ui| {
            for (name, text) in &sent.headers {
                key(ui, name);
                value(ui, text);
                ui.end_row();
            }
        });
    });
}
