//! The status bar: the history in numbers, how fast it grows, which colours the window has.

use super::actions::{Meaning, Place, hint};
use super::callback_list::tone_of;
use super::component::{Button, quiet_button, status_bar};
use super::texts;
use super::theme::{self, Tone};
use crate::app::Model;
use crate::app::action::{Action, Dialog};
use crate::app::palette::PaletteAction;
use crate::exchange::Counts;
use crate::protocol::verdict::Overall;
use crate::settings::Theme;
use crate::wording;
use eframe::egui::{Align, Layout, Rect, Response, Sense, Ui, pos2, vec2};
use std::collections::VecDeque;

/// How many seconds the small chart shows.
const SECONDS: usize = 20;

/// How many exchanges came in each of the last seconds.
#[derive(Default)]
pub struct Rate {
    /// The second that is running, of the window's life.
    second: u64,
    /// How many had come when it began.
    before: Option<u64>,
    /// How many came in each finished second, oldest first.
    finished: VecDeque<u64>,
}

impl Rate {
    /// Takes in how many have come at a time, in seconds of the window's life.
    fn note(&mut self, came: u64, time: f64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the window's life in whole seconds")]
        let second = time.max(0.0) as u64;
        let before = *self.before.get_or_insert(came);
        if second == self.second {
            return;
        }
        let passed = usize::try_from(second - self.second).unwrap_or(SECONDS).min(SECONDS);
        self.finished.push_back(came.saturating_sub(before));
        self.finished.extend(std::iter::repeat_n(0, passed.saturating_sub(1)));
        while self.finished.len() > SECONDS {
            self.finished.pop_front();
        }
        (self.second, self.before) = (second, Some(came));
    }

    /// How many came in the last finished second.
    fn latest(&self) -> u64 {
        self.finished.back().copied().unwrap_or(0)
    }

    /// Whether the chart has anything to show.
    fn is_moving(&self) -> bool {
        self.finished.iter().any(|count| *count > 0)
    }
}

/// Draws the status bar.
pub fn status_ui(ui: &mut Ui, model: &Model, rate: &mut Rate, place: Place, actions: &mut Vec<Action>) {
    let counts = model.counts.unwrap_or_default();
    if model.counts.is_some() {
        rate.note(model.history.came(), ui.input(|input| input.time));
    }
    status_bar(ui, |ui| {
        ui.label(theme::small(ui, texts::received_count(counts.received)));
        for (count, overall) in [
            (counts.ok, Overall::Ok),
            (counts.bad, Overall::Bad),
            (counts.unchecked, Overall::Unchecked),
            (counts.not_callback, Overall::NotCallback),
        ] {
            if count > 0 {
                words_ui(ui, &texts::overall_count(overall, count), tone_of(overall));
            }
        }
        if model.history.selection().len() > 1 {
            words_ui(ui, &texts::selected(model.history.selection().len()), Tone::Accent);
        }
        rate_ui(ui, rate);
        if let Some((secs, why)) = model.skew_secs.and_then(|secs| Some((secs, wording::skew(secs)?))) {
            words_ui(ui, &texts::clocks_differ(secs), Tone::Warn).on_hover_text(why);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(theme::small(ui, texts::VERSION));
            theme_ui(ui, model, actions);
            if quiet_button(ui, texts::palette::ACTIONS).on_hover_text(hint(ui, texts::palette::ACTIONS_WHY, Meaning::Palette)).clicked() {
                actions.push(Action::Palette(PaletteAction::Open(place)));
            }
            history_ui(ui, model, &counts, actions);
        });
    });
}

/// Which history is open, how large it is, and whether all is saved; a click opens its dialog.
fn history_ui(ui: &mut Ui, model: &Model, counts: &Counts, actions: &mut Vec<Action>) {
    let (text, tone) = history_words(counts, model.size_bytes);
    let text = texts::histories::history_in_bar(&model.histories.known().open, &text);
    let button = if tone == Tone::Bad { Button::new(&text).danger() } else { Button::new(&text).quiet() };
    if ui.add(button).on_hover_text(hint(ui, texts::histories::HISTORY_WHY, Meaning::History)).clicked() {
        actions.push(Action::OpenDialog(Dialog::History));
    }
    if let Some(compacting) = model.histories.compacting() {
        words_ui(ui, &texts::histories::in_bar(&compacting), Tone::Warn);
    }
}

/// Small words, in colour where they say good or bad.
fn words_ui(ui: &mut Ui, text: &str, tone: Tone) -> Response {
    ui.label(if matches!(tone, Tone::Neutral | Tone::Faint) {
        theme::small(ui, text)
    } else {
        theme::toned(ui, text, tone).size(theme::SMALL_SIZE)
    })
}

fn history_words(counts: &Counts, size_bytes: u64) -> (String, Tone) {
    if counts.received == 0 {
        return (texts::HISTORY_EMPTY.to_owned(), Tone::Neutral);
    }
    match counts.unsaved {
        0 => (texts::history_saved(size_bytes), Tone::Neutral),
        unsaved => (texts::history_unsaved(size_bytes, unsaved), Tone::Bad),
    }
}

fn rate_ui(ui: &mut Ui, rate: &Rate) {
    ui.label(theme::small(ui, texts::per_second(rate.latest())));
    if !rate.is_moving() {
        return;
    }
    // The chart moves on by itself.
    ui.ctx().request_repaint_after_secs(1.0);
    let (place, _) = ui.allocate_exact_size(vec2(SECONDS_WIDTH, 14.0), Sense::hover());
    let most = rate.finished.iter().copied().max().unwrap_or(1).max(1);
    let mut left = place.right();
    for count in rate.finished.iter().rev() {
        left -= BAR_STEP;
        #[expect(clippy::cast_precision_loss, reason = "a bar of fourteen points")]
        let height = (*count as f32 / most as f32 * place.height()).max(1.0);
        let bar = Rect::from_min_max(pos2(left, place.bottom() - height), pos2(left + BAR_STEP - 1.0, place.bottom()));
        ui.painter().rect_filled(bar, 0.0, theme::palette(ui).accent);
    }
}

const BAR_STEP: f32 = 4.0;
const SECONDS_WIDTH: f32 = 80.0;

fn theme_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let (label, next) = match model.known.theme {
        Theme::System => (texts::THEME_SYSTEM, Theme::Dark),
        Theme::Dark => (texts::THEME_DARK, Theme::Light),
        Theme::Light => (texts::THEME_LIGHT, Theme::System),
    };
    if quiet_button(ui, label).on_hover_text(texts::THEME_WHY).clicked() {
        actions.push(Action::SetTheme(next));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_counted_by_the_second() {
        let mut rate = Rate::default();
        for (came, time) in [(100, 0.5), (104, 0.9), (106, 1.2), (106, 1.9), (116, 2.1), (116, 5.0)] {
            rate.note(came, time);
        }
        assert_eq!(rate.finished, [6, 10, 0, 0, 0], "what was there at the start is not counted");
    }
}
