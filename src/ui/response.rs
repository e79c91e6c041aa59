//! What was responded, and what became of it.

use super::callback_list::{reply_tone, took};
use super::code::json_job;
use super::component::{card, card_with, chip};
use super::request::{key, table, value};
use super::texts;
use super::theme::{self, Tone};
use crate::exchange::{DEFAULT_RULE, Responded};
use crate::opened::Opened;
use crate::row;
use crate::wire::Response;
use crate::wording;
use eframe::egui::{Align, Frame, Label, Layout, Margin, ScrollArea, Ui};

/// The most of a response's body that is laid out, in characters.
const BODY_CHARS: usize = 4_000;

/// Draws the tab.
pub fn response_ui(ui: &mut Ui, opened: &Opened) {
    ScrollArea::vertical().id_salt(("response", opened.exchange.id)).auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin { left: 20, right: 20, top: 12, bottom: 16 }).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 12.0;
            response_card_ui(ui, opened);
            if let Some(responded) = &opened.exchange.response {
                way_ui(ui, responded);
                if let Some(sent) = &responded.response {
                    headers_ui(ui, sent);
                }
            }
        });
    });
}

/// The card with the response's body, which the fields end with too.
pub fn response_card_ui(ui: &mut Ui, opened: &Opened) {
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
        let reply = row::reply(&opened.exchange);
        chip(ui, &format!("HTTP {}", sent.status), if sent.status == 200 { Tone::Ok } else { Tone::Bad });
        if sent.status == 200 {
            chip(ui, &reply.text, reply_tone(reply.kind));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(12.0);
            ui.label(theme::small(ui, summary(responded)));
        });
    };
    card_with(ui, head, |ui| {
        let text = String::from_utf8_lossy(&sent.body);
        let text: String = text.chars().take(BODY_CHARS).collect();
        let text = if text.is_empty() { texts::NO_BODY.to_owned() } else { wording::visible(&text) };
        let mut job = json_job(ui, &text);
        job.wrap.break_anywhere = true;
        ui.add(Label::new(job).wrap());
    });
}

fn summary(responded: &Responded) -> String {
    let time = match responded.responded_after_micros {
        Some(micros) => format!("{} · ", texts::millis(&took(Some(micros)))),
        None => String::new(),
    };
    format!("{time}{}", texts::by_the(rule_name(&responded.rule)))
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
