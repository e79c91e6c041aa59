//! What was responded, and what became of it.

use super::callback_list::took;
use super::code::json_job;
use super::component::{card, card_with, chip, glyph, scrolled, width_of};
use super::request::{key, table, value};
use super::theme::{self, Tone};
use super::{rules, texts};
use crate::app::action::Action;
use crate::app::{Model, sentence};
use crate::exchange::{DEFAULT_RULE, Responded};
use crate::opened::Opened;
use crate::protocol::catalogue::Product;
use crate::protocol::response::{Finding, ReadAs, Reading};
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
        rules::told::told_ui(ui, model, opened, actions);
        if let Some(reading) = &opened.reading {
            reading_ui(ui, sender(opened), reading);
        }
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
        card(ui, texts::NO_RESPONSE, |ui| ui.label(theme::paragraph(ui, texts::NO_RESPONSE_LEFT)));
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
        let text = String::from_utf8_lossy(&sent.body);
        let text: String = text.chars().take(BODY_CHARS).collect();
        let text = if text.is_empty() { texts::NO_BODY.to_owned() } else { wording::visible(&text) };
        let mut job = json_job(ui, &text);
        job.wrap.break_anywhere = true;
        ui.add(Label::new(job).wrap());
        rules::told::from_exchange_ui(ui, opened, actions);
    });
}

/// Whose webhook it is: Chat's, where no product is known; `None` where it is no callback.
fn sender(opened: &Opened) -> Option<&'static str> {
    let callback = &opened.inspection.callback;
    callback.is_callback.then(|| wording::product(callback.product().unwrap_or(Product::Chat)))
}

/// The card with the judgement: the word, the sentence, and what was found besides.
fn reading_ui(ui: &mut Ui, sender: Option<&str>, reading: &Reading) {
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(texts::made_of_it(sender)).size(12.0));
        chip(ui, reading.read_as.word(), if sender.is_some() { tone_of(reading.read_as) } else { Tone::Neutral });
    };
    card_with(ui, head, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        ui.add(Label::new(sentence(&wording::reading(reading))).wrap());
        for finding in reading.others() {
            ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                glyph(ui, tone_of_finding(finding));
                ui.add(Label::new(theme::dim(ui, sentence(&wording::finding(finding)))).wrap());
            });
        }
    });
}

fn tone_of(read_as: ReadAs) -> Tone {
    match read_as {
        ReadAs::Accepted => Tone::Ok,
        ReadAs::Refused | ReadAs::Dropped | ReadAs::Ignored | ReadAs::Unknown => Tone::Warn,
        ReadAs::Failed => Tone::Bad,
    }
}

fn tone_of_finding(finding: &Finding) -> Tone {
    match finding {
        Finding::Failure(_) => Tone::Bad,
        Finding::Fault(_) | Finding::Unclear(_) => Tone::Warn,
        Finding::Remark(_) => Tone::Faint,
    }
}

/// How long it took and who chose it; where there is little room, how long it took.
fn summary(responded: &Responded, briefly: bool) -> String {
    let time = responded.responded_after_micros.map(|micros| texts::millis(&took(Some(micros))));
    let rule = texts::by_the(rule_name(&responded.rule));
    match time {
        Some(time) if briefly => time,
        Some(time) => format!("{time} · {rule}"),
        None => rule,
    }
}

fn rule_name(rule: &str) -> &str {
    if rule == DEFAULT_RULE { texts::DEFAULT_RULE } else { rule }
}

fn way_ui(ui: &mut Ui, responded: &Responded) {
    card(ui, texts::ON_THE_WIRE, |ui| {
        table(ui, "way", 2, |ui| {
            let outcome = responded.outcome.map_or_else(|| texts::ON_ITS_WAY.to_owned(), wording::outcome);
            let time = responded.responded_after_micros.map(|micros| texts::millis(&took(Some(micros))));
            for (name, text) in
                [(texts::OUTCOME, Some(outcome)), (texts::TOOK, time), (texts::RULE, Some(rule_name(&responded.rule).to_owned()))]
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
