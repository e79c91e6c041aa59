//! The opened exchange: what it is, its verdicts, and six ways to look at it.

use super::actions::{Meaning, hint};
use super::body::{self, BodyFace};
use super::comparing::{self, CompareFace};
use super::component::{Button, Icon, button, chip, empty_state, hline, link, menu_below, tabs};
use super::fields::{self, FieldsFace, Look};
use super::note::{self, NoteFace};
use super::row_menu::marks_ui;
use super::theme::{self, Tone};
use super::{is_narrow, request, response, sequence, texts, verdicts};
use crate::annotation::Annotation;
use crate::app::Model;
use crate::app::action::{Action, Tab};
use crate::app::annotating::AnnotateAction;
use crate::app::catalogue::CatalogueAction;
use crate::app::conversation::ConversationAction;
use crate::opened::Opened;
use crate::protocol::catalogue::{self, Command, Timing};
use crate::wire::Transport;
use crate::wording;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align, FontId, Frame, Label, Layout, Margin, ScrollArea, Ui};
use jiff::tz::TimeZone;

/// What is left for the tabs and what they show, in points, however much is unfolded above them.
const BELOW_VERDICTS: f32 = 240.0;

/// What the verdicts have at least, in points: all their lines, folded.
const LEAST_VERDICTS: f32 = 164.0;

/// What is left for when and where from behind a long title, in points.
const BEHIND_TITLE: f32 = 140.0;

/// What the tabs remember between two frames.
#[derive(Default)]
pub struct Faces {
    /// The body's.
    pub body: BodyFace,
    fields: FieldsFace,
    comparison: CompareFace,
    note: NoteFace,
}

/// Draws the right side.
pub fn detail_ui(ui: &mut Ui, model: &Model, faces: &mut Faces, actions: &mut Vec<Action>) {
    let Some(opened) = model.detail.opened() else {
        empty_state(ui, texts::NOTHING_OPEN, texts::NOTHING_OPEN_WHY, |_| {});
        return;
    };
    let zone = TimeZone::system();
    ui.spacing_mut().item_spacing.y = 0.0;
    Frame::new().fill(theme::palette(ui).panel).show(ui, |ui| {
        Frame::new().inner_margin(Margin { left: 20, right: 20, top: 12, bottom: 8 }).show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            title_ui(ui, model, opened, actions);
            subtitle_ui(ui, opened, &zone, actions);
        });
        Frame::new().inner_margin(Margin { left: 6, right: 16, top: 0, bottom: 10 }).show(ui, |ui| {
            // What is unfolded scrolls where it would leave too little for the tabs.
            let height = (ui.available_height() - BELOW_VERDICTS).max(LEAST_VERDICTS);
            ScrollArea::vertical().id_salt("verdicts").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
                verdicts::verdicts_ui(ui, model, opened, &zone, actions);
                sequence::sequence_ui(ui, &model.detail, actions);
            });
        });
        ui.horizontal(|ui| {
            ui.add_space(20.0);
            let at = Tab::ALL.iter().position(|tab| *tab == model.detail.tab()).unwrap_or(0);
            let hints = Tab::ALL.map(|tab| hint(ui, texts::tab(tab), Meaning::Tab(tab)));
            if let Some(chosen) = tabs(ui, &Tab::ALL.map(texts::tab), at, |at| hints[at].clone()) {
                actions.push(Action::ShowTab(Tab::ALL[chosen]));
            }
        });
        hline(ui);
    });
    // That of a conversation is not what one looks for in its callbacks.
    let filter = model.filter.in_force().filter(|_| model.conversation().is_none());
    let look = Look { zone: &zone, filter };
    match model.detail.tab() {
        Tab::Fields => fields::fields_ui(ui, &model.detail, opened, &mut faces.fields, &look, actions),
        Tab::Json => body::body_ui(ui, model, opened, &mut faces.body, actions),
        Tab::Request => request::request_ui(ui, opened, &look),
        Tab::Response => response::response_ui(ui, model, opened, actions),
        Tab::Compare => comparing::comparing_ui(ui, model, opened, &mut faces.comparison, actions),
        Tab::Note => note::note_ui(ui, model, &mut faces.note, actions),
    }
}

fn title_ui(ui: &mut Ui, model: &Model, opened: &Opened, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.set_height(theme::CONTROL);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if button(ui, texts::COPY_AS_CURL).on_hover_text(hint(ui, texts::COPY_AS_CURL, Meaning::CopyAsCurl)).clicked() {
                actions.push(Action::CopyAsCurl);
            }
            annotation_ui(ui, opened, actions);
            if model.can_read_conversation() {
                conversation_ui(ui, actions);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                // The chips keep their place beside a long name, which is cut instead.
                let chips = if is_narrow(ui) { Vec::new() } else { chips(opened) };
                let room = ui.available_width() - chips.iter().map(|(text, _)| chip_width(text)).sum::<f32>();
                ui.scope(|ui| {
                    ui.set_max_width(room.max(120.0));
                    ui.add(Label::new(theme::heading(title(opened))).truncate());
                });
                for (text, tone) in chips {
                    chip(ui, &text, tone);
                }
            });
        });
    });
}

/// Pin and mark, as they are and to be changed.
fn annotation_ui(ui: &mut Ui, opened: &Opened, actions: &mut Vec<Action>) {
    let Annotation { pinned, mark, .. } = &opened.annotation;
    let palette = theme::palette(ui);
    let (name, ink) = mark.map_or_else(|| (texts::MARK.to_owned(), palette.dim), |mark| (texts::marked(mark), theme::mark(palette, mark)));
    let flag = ui.add(Button::new(&name).icon(Icon::Mark).icon_only().ink(ink));
    let flag = flag.on_hover_text(hint(ui, &name, Meaning::NextMark));
    menu_below(&flag, |ui| marks_ui(ui, *mark, actions));
    let (name, ink) = if *pinned { (texts::UNPIN, palette.accent_text) } else { (texts::PIN, palette.dim) };
    let pin = ui.add(Button::new(name).icon(Icon::Pin).icon_only().ink(ink));
    if pin.on_hover_text(hint(ui, name, Meaning::Pin)).clicked() {
        actions.push(Action::Annotate(AnnotateAction::TogglePin));
    }
}

/// Leads to the conversation that it belongs to.
fn conversation_ui(ui: &mut Ui, actions: &mut Vec<Action>) {
    let name = texts::conversation::READ_AS_CONVERSATION;
    let shown = ui.add(Button::new(name).icon(Icon::Conversation).icon_only().ink(theme::palette(ui).dim));
    if shown.on_hover_text(hint(ui, name, Meaning::Conversation)).clicked() {
        actions.push(Action::Conversation(ConversationAction::Open));
    }
}

/// About how wide a chip is with the gap before it, in points; never less.
fn chip_width(text: &str) -> f32 {
    let letters = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
    24.0 + 8.0 * f32::from(letters)
}

fn title(opened: &Opened) -> String {
    let callback = &opened.inspection.callback;
    match (&callback.command, &callback.method, &callback.target) {
        (Some(command), ..) => wording::visible(command),
        (None, Some(method), Some(target)) => format!("{method} {}", wording::visible(target)),
        _ if opened.exchange.request.transport == Transport::FailedHandshake => texts::TLS_HANDSHAKE.to_owned(),
        _ => texts::UNREADABLE_REQUEST.to_owned(),
    }
}

/// What kind of callback it is, and whether it is not saved.
fn chips(opened: &Opened) -> Vec<(String, Tone)> {
    let mut chips = Vec::new();
    match opened.inspection.callback.reference {
        Some(reference) => {
            chips.push((wording::product(reference.product).to_owned(), Tone::Neutral));
            let timing = match reference.timing {
                Timing::Before => texts::BEFORE,
                Timing::After => texts::AFTER,
            };
            chips.push((timing.to_owned(), Tone::Neutral));
        }
        None if !opened.inspection.callback.is_callback => chips.push((texts::NOT_A_CALLBACK.to_owned(), Tone::Neutral)),
        None => {}
    }
    if !opened.saved {
        chips.push((texts::UNSAVED.to_owned(), Tone::Bad));
    }
    chips
}

fn subtitle_ui(ui: &mut Ui, opened: &Opened, zone: &TimeZone, actions: &mut Vec<Action>) {
    let request = &opened.exchange.request;
    let arrived = texts::arrived(&wording::local_time(request.received_at_millis, zone));
    let from = texts::from(request.peer.rsplit_once(':').map_or(request.peer.as_str(), |(address, _)| address));
    // Where there is no room for chips, their words stand here.
    let chips = if is_narrow(ui) { chips(opened) } else { Vec::new() };
    let words = chips.into_iter().map(|(text, _)| text);
    let parts: Vec<String> = words.chain([arrived, from, wording::bytes(request.body.len())]).collect();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.spacing_mut().interact_size.y = 0.0;
        let mut rest = parts.join(" · ");
        if let Some(reference) = opened.inspection.callback.reference {
            reference_ui(ui, reference, actions);
            rest.insert_str(0, " · ");
        }
        ui.add(Label::new(theme::dim(ui, rest)).truncate());
    });
}

/// What happened, in the documents' words: it leads to what else they say. It leaves some room for what follows.
fn reference_ui(ui: &mut Ui, reference: &'static Command, actions: &mut Vec<Action>) {
    let ink = theme::palette(ui).accent_text;
    let mut job = LayoutJob::simple_singleline(reference.title.clone(), FontId::proportional(theme::BODY_SIZE), ink);
    job.wrap = TextWrapping::truncate_at_width((ui.available_width() - BEHIND_TITLE).max(0.0));
    if link(ui, job).on_hover_text(texts::OPEN_IN_CATALOGUE).clicked() {
        let at = catalogue::get().position(reference);
        actions.extend(at.map(|at| Action::Catalogue(CatalogueAction::OpenAt(at))));
    }
}
