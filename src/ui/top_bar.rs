//! The top bar: whether it receives and where, which apps are known, what can be done.

use super::actions::{Meaning, hint};
use super::component::{Button, bar, button, menu_button, menu_item, pill, quiet_button, sides, status_dot};
use super::theme::{self, Tone};
use super::{is_narrow, texts};
use crate::app::action::{Action, Dialog};
use crate::app::catalogue::CatalogueAction;
use crate::app::statistics::StatisticsAction;
use crate::app::{Model, sentence};
use crate::messages::Listening;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Label, Ui};

/// What stands beside the URL at the left, in points: the state before it, and what one does with it.
const BESIDE_URL: f32 = 224.0;

/// Draws the top bar.
pub fn top_bar_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    bar(ui, theme::TOP_BAR, |ui| {
        // The window's title says it too, where there is little room.
        if !is_narrow(ui) {
            ui.label(theme::strong(texts::APP_NAME).size(14.0));
        }
        let (mut receiving, mut doing) = (Vec::new(), Vec::new());
        sides(ui, "top bar", |ui| listening_ui(ui, model, &mut receiving), |ui| doings_ui(ui, model, &mut doing));
        actions.append(&mut receiving);
        actions.append(&mut doing);
    });
}

fn listening_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    match &model.listening {
        None => state_ui(ui, Tone::Faint, texts::STARTING, None, actions),
        Some(Listening::On(_)) => {
            state_ui(ui, Tone::Ok, texts::RECEIVING, Some(&model.url()), actions);
            if button(ui, texts::STOP).clicked() {
                actions.push(Action::StopReceiving);
            }
        }
        Some(Listening::Refusing(_)) => {
            state_ui(ui, Tone::Warn, texts::REFUSING, Some(model.url()).filter(|_| !is_narrow(ui)).as_deref(), actions);
        }
        Some(Listening::Off) => {
            state_ui(ui, Tone::Warn, texts::NOT_RECEIVING, None, actions);
            if button(ui, texts::START).clicked() {
                actions.push(Action::StartReceiving);
            }
        }
        Some(Listening::Failed { reason, .. }) => {
            state_ui(ui, Tone::Bad, texts::NOT_RECEIVING, None, actions);
            if button(ui, texts::USE_FREE_PORT).clicked() {
                actions.push(Action::UseFreePort);
            }
            if button(ui, texts::TRY_AGAIN).clicked() {
                actions.push(Action::StartReceiving);
            }
            ui.add(Label::new(theme::toned(ui, sentence(reason), Tone::Bad)).truncate());
        }
    }
}

fn state_ui(ui: &mut Ui, tone: Tone, word: &str, url: Option<&str>, actions: &mut Vec<Action>) {
    let room = (ui.available_width() - BESIDE_URL).max(60.0);
    pill(ui, |ui| {
        status_dot(ui, tone);
        ui.label(word);
        if let Some(url) = url {
            let mut job = LayoutJob::simple_singleline(url.to_owned(), theme::mono_font(), theme::palette(ui).dim);
            job.wrap = TextWrapping::truncate_at_width(room);
            ui.label(job);
            if quiet_button(ui, texts::COPY).clicked() {
                actions.push(Action::CopyUrl);
            }
        }
    });
}

fn doings_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    https_ui(ui, model, actions);
    if button(ui, &apps_label(ui, model)).clicked() {
        actions.push(Action::OpenDialog(Dialog::Apps));
    }
    let test = ui.add(Button::new(texts::SEND_TEST).enabled(model.can_send_test()));
    let test = test.on_disabled_hover_text(texts::TEST_NEEDS_RECEIVER);
    if test.on_hover_text(hint(ui, texts::SEND_TEST_WHY, Meaning::SendTest)).clicked() {
        actions.push(Action::SendTest);
    }
    pages_ui(ui, actions);
    // In a narrow window the status bar leads there alone.
    if !is_narrow(ui) {
        let history = button(ui, &texts::histories::history_button(&model.histories.known().open));
        if history.on_hover_text(hint(ui, texts::histories::HISTORY_WHY, Meaning::History)).clicked() {
            actions.push(Action::OpenDialog(Dialog::History));
        }
    }
    if !is_narrow(ui) && button(ui, texts::importing::IMPORT).on_hover_text(hint(ui, texts::importing::WHY, Meaning::Import)).clicked() {
        actions.push(Action::OpenDialog(Dialog::Import));
    }
    let can_export = !model.history.is_empty();
    let export = ui.add(Button::new(texts::EXPORT).enabled(can_export));
    if export.on_hover_text(hint(ui, texts::exporting::ABOUT, Meaning::Export)).clicked() {
        actions.push(Action::OpenDialog(Dialog::Export));
    }
}

/// What leads to the pages in front of the exchanges; in a narrow window one button for all.
fn pages_ui(ui: &mut Ui, actions: &mut Vec<Action>) {
    let pages = [
        (texts::CATALOGUE, texts::CATALOGUE_WHY, Meaning::Catalogue, Action::Catalogue(CatalogueAction::Toggle)),
        (
            texts::statistics::STATISTICS,
            texts::statistics::STATISTICS_WHY,
            Meaning::Statistics,
            Action::Statistics(StatisticsAction::Toggle),
        ),
    ];
    if is_narrow(ui) {
        menu_button(ui, texts::PAGES, |ui| {
            for (label, _, _, action) in pages {
                if menu_item(ui, label, false) {
                    actions.push(action);
                }
            }
        });
        return;
    }
    for (label, why, meaning, action) in pages {
        if button(ui, label).on_hover_text(hint(ui, why, meaning)).clicked() {
            actions.push(action);
        }
    }
}

fn https_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let listening = model.https_listening.as_ref();
    let label = texts::https_button(listening, is_narrow(ui));
    let (shown, why) = match listening {
        Some(Listening::Failed { reason, .. }) => (Button::new(&label).danger(), sentence(reason)),
        Some(Listening::On(_) | Listening::Off | Listening::Refusing(_)) | None => (Button::new(&label), texts::HTTPS_WHY.to_owned()),
    };
    if ui.add(shown).on_hover_text(why).clicked() {
        actions.push(Action::OpenDialog(Dialog::Https));
    }
}

fn apps_label(ui: &Ui, model: &Model) -> String {
    let ids: Vec<&str> = model.known.apps.iter().map(|app| app.id.as_str()).collect();
    texts::apps_button(&ids, is_narrow(ui))
}
