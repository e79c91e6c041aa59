//! Above the rows: what is compared with, how it is shown, how much differs, and the sides' names.

use super::rows::{ground, ink, sign};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::comparing::{Choice, CompareAction, Compared, Comparing};
use crate::compare::{Change, Manner, Shows, VOLATILE, Who};
use crate::opened::Opened;
use crate::ui::actions::{Meaning, hint};
use crate::ui::component::{Button, Icon, menu_button, menu_item, panel_below, segmented, width_of};
use crate::ui::texts::comparing as texts;
use crate::ui::theme::{self, Tone};
use crate::wording;
use eframe::egui::{Align, FontId, Label, Layout, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, vec2};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// How wide the list of ignored names is, and how high it gets, in points.
const IGNORED: f32 = 280.0;
const IGNORED_HEIGHT: f32 = 260.0;

/// Draws what one can choose, and how much differs.
pub fn bar_ui(ui: &mut Ui, model: &Model, opened: &Opened, actions: &mut Vec<Action>) {
    let mut means = Vec::new();
    let comparing = &model.comparing;
    let compared = comparing.told().and_then(Result::ok);
    ui.spacing_mut().item_spacing.y = 8.0;
    ui.horizontal(|ui| {
        with_ui(ui, model, opened, &mut means);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            steps_ui(ui, compared, &mut means);
            if let Some(compared) = compared.filter(|_| !comparing.is_cramped()) {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| counts_ui(ui, compared));
            }
        });
    });
    ui.horizontal(|ui| {
        if !comparing.is_cramped() {
            let manners = [Manner::Beside, Manner::Inline];
            let at = manners.iter().position(|manner| *manner == comparing.manner()).unwrap_or(0);
            let options = [(texts::BESIDE, Tone::Accent), (texts::INLINE, Tone::Accent)];
            means.extend(segmented(ui, "manner", &options, at).map(|at| CompareAction::Stand(manners[at])));
        }
        let shows = [Shows::Differences, Shows::All];
        let at = shows.iter().position(|shows| *shows == comparing.shows()).unwrap_or(0);
        let options = [(texts::ONLY_DIFFERENCES, Tone::Accent), (texts::SHOW_ALL, Tone::Accent)];
        means.extend(segmented(ui, "shows", &options, at).map(|at| CompareAction::Show(shows[at])));
        ignored_ui(ui, comparing, &mut means);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let copy = ui.add(Button::new(texts::COPY_COMPARISON).enabled(compared.is_some()));
            means.extend(copy.clicked().then_some(CompareAction::Copy));
        });
    });
    actions.extend(means.into_iter().map(Action::Compare));
}

/// What stands left, to be chosen.
fn with_ui(ui: &mut Ui, model: &Model, opened: &Opened, means: &mut Vec<CompareAction>) {
    let (comparing, other) = (&model.comparing, model.other_selected());
    let choices = comparing.choices(opened, other);
    let samples = choices.iter().filter(|choice| matches!(choice, Choice::Sample(_))).count();
    let name = |choice: Choice| texts::choice(choice, (other, comparing.base(), samples));
    let chosen = comparing.choice(opened, other);
    let menu = menu_button(ui, &name(chosen), |ui| {
        for choice in choices {
            if menu_item(ui, &name(choice), choice == chosen) {
                means.push(CompareAction::With(choice));
            }
        }
    });
    menu.on_hover_text(texts::WITH_WHY);
}

/// The way from one difference to the next.
fn steps_ui(ui: &mut Ui, compared: Option<&Compared>, means: &mut Vec<CompareAction>) {
    let (at, all) = compared.map_or((None, 0), |compared| (compared.at, compared.layout.differences()));
    let is_last = at.is_some_and(|at| at + 1 >= all);
    for (icon, name, meaning, action, is_any) in [
        (Icon::Down, texts::NEXT_DIFFERENCE, Meaning::NextDifference, CompareAction::Next, all > 0 && !is_last),
        (Icon::Up, texts::PREVIOUS_DIFFERENCE, Meaning::PreviousDifference, CompareAction::Previous, all > 0 && at != Some(0)),
    ] {
        let step = ui.add(Button::new(name).icon(icon).icon_only().enabled(is_any)).on_hover_text(hint(ui, name, meaning));
        means.extend(step.clicked().then_some(action));
    }
    match compared {
        Some(_) if all == 0 => drop(ui.label(theme::toned(ui, texts::NOTHING_DIFFERS, Tone::Ok))),
        Some(_) => drop(ui.label(theme::small(ui, texts::difference_of(at, all)))),
        None => {}
    }
}

/// Which names are ignored, to be changed.
fn ignored_ui(ui: &mut Ui, comparing: &Comparing, means: &mut Vec<CompareAction>) {
    let ink = if comparing.ignores() { theme::palette(ui).accent_text } else { theme::palette(ui).dim };
    let open = ui.add(Button::new(texts::IGNORE).ink(ink).opens_menu()).on_hover_text(texts::IGNORE_WHY);
    panel_below(&open, IGNORED, |ui| {
        if menu_item(ui, texts::IGNORE_VOLATILE, comparing.ignores()) {
            means.push(CompareAction::ToggleIgnoring);
        }
        ui.separator();
        let names: BTreeSet<&str> = VOLATILE.into_iter().chain(comparing.ignored().names()).collect();
        ScrollArea::vertical().auto_shrink([false, true]).max_height(IGNORED_HEIGHT).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for name in names {
                let is_ignored = comparing.ignores() && comparing.ignored().has(name);
                if menu_item(ui, &wording::shortened(name, 30), is_ignored) {
                    means.push(CompareAction::Ignore(name.to_owned()));
                }
            }
        });
        ui.label(theme::small(ui, texts::IGNORED_NAMES_WHY));
    });
}

/// How much there is of each kind, each with the sign that stands before its rows, as many as there is room for.
fn counts_ui(ui: &mut Ui, compared: &Compared) {
    ui.spacing_mut().item_spacing.x = 12.0;
    ui.add_space(4.0);
    for (kind, words) in texts::kinds(&compared.comparison.counts) {
        let words = format!("{} {words}", sign(kind));
        if width_of(ui, &words, FontId::proportional(theme::SMALL_SIZE)) <= ui.available_width() {
            kind_ui(ui, kind, &words);
        }
    }
}

fn kind_ui(ui: &mut Ui, kind: Change, words: &str) {
    let palette = theme::palette(ui);
    let ink = if kind.is_difference() { ink(palette, kind) } else { palette.dim };
    let text = RichText::new(words).font(FontId::proportional(theme::SMALL_SIZE)).color(ink);
    ui.label(text);
}

/// Draws the sides' names above the rows, each on the ground of what only it has.
pub fn heads_ui(ui: &mut Ui, compared: &Compared, manner: Manner) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::TABLE_HEAD), Sense::hover());
    let palette = theme::palette(ui);
    ui.painter().rect_filled(rect, 0.0, palette.panel);
    let middle = rect.center().x;
    let sides = [
        (&compared.comparison.left, Change::Removed, rect.with_max_x(middle)),
        (&compared.comparison.right, Change::Added, rect.with_min_x(middle)),
    ];
    for (who, kind, place) in sides {
        // Inline, the colours still say which is which.
        if manner == Manner::Inline {
            ui.painter().rect_filled(place, 0.0, ground(palette, kind));
        }
        side_ui(ui, place, who, kind);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, palette.line));
}

fn side_ui(ui: &mut Ui, place: Rect, who: &Who, kind: Change) {
    let zone = TimeZone::system();
    let words = match who {
        Who::Exchange { id, received_at_millis, title } => {
            format!("#{id}  {}  {}", wording::time_of_day(*received_at_millis, &zone), wording::value(title))
        }
        Who::Sample { command, number: 0 } => format!("{}  {command}", texts::WITH_SAMPLE),
        Who::Sample { command, number } => format!("{} {}  {command}", texts::WITH_SAMPLE, number + 1),
    };
    let palette = theme::palette(ui);
    let inner = place.with_min_x(place.left() + 12.0).with_max_x(place.right() - 8.0);
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    child.label(theme::mono(sign(kind).to_string()).color(ink(palette, kind)));
    child.add(Label::new(theme::small(&child, words)).truncate());
}
