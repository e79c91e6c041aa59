//! The field for finding, and how far one is through what was found.

use crate::app::action::Action;
use crate::app::body::BodyAction;
use crate::app::find::{Find, FindAction};
use crate::ui::actions::{Meaning, hint};
use crate::ui::component::{Field, Icon, icon_button, toggle};
use crate::ui::{is_narrow, texts, theme};
use eframe::egui::{Align, Key, Layout, Modifiers, Ui};

/// The widest that the field gets, in points.
const WIDEST: f32 = 320.0;

/// Draws the line, while it is open. The field takes the keyboard each time that it is asked for.
pub fn find_ui(ui: &mut Ui, find: &Find, followed: &mut u64, actions: &mut Vec<Action>) {
    if !find.is_open() {
        *followed = find.times_opened();
        return;
    }
    ui.add_space(8.0);
    let mut means = Vec::new();
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(12.0);
            let close = icon_button(ui, Icon::Close, texts::CLOSE_FIND);
            means.extend(close.on_hover_text(hint(ui, texts::CLOSE_FIND, Meaning::Back)).clicked().then_some(FindAction::Close));
            let next = icon_button(ui, Icon::Down, texts::NEXT_MATCH);
            means.extend(next.on_hover_text(hint(ui, texts::NEXT_MATCH, Meaning::NextMatch)).clicked().then_some(FindAction::Next));
            let previous = icon_button(ui, Icon::Up, texts::PREVIOUS_MATCH);
            let previous = previous.on_hover_text(hint(ui, texts::PREVIOUS_MATCH, Meaning::PreviousMatch));
            means.extend(previous.clicked().then_some(FindAction::Previous));
            let match_case = find.needle().match_case;
            let case = toggle(ui, texts::MATCH_CASE, match_case);
            means.extend(case.clicked().then_some(FindAction::MatchCase(!match_case)));
            if !is_narrow(ui) {
                ui.label(theme::small(ui, texts::MATCH_CASE));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                field_ui(ui, find, followed, &mut means);
                ui.label(theme::small(ui, how_far(find)));
            });
        });
    });
    actions.extend(means.into_iter().map(|means| Action::Body(BodyAction::Find(means))));
}

/// Room for how far one is, in points.
const HOW_FAR: f32 = 110.0;

fn field_ui(ui: &mut Ui, find: &Find, followed: &mut u64, means: &mut Vec<FindAction>) {
    let mut text = find.needle().text.clone();
    let width = (ui.available_width() - HOW_FAR).clamp(80.0, WIDEST);
    let field = ui.add(Field::new(texts::FIND, &mut text).hint(texts::FIND_HINT).width(width).mono());
    if *followed != find.times_opened() {
        *followed = find.times_opened();
        field.request_focus();
    }
    if text != find.needle().text {
        means.push(FindAction::Type(text));
    }
    if field.lost_focus() {
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::NONE, Key::Escape) {
            means.push(FindAction::Close);
        } else if let Some(step) = entered(ui) {
            means.push(step);
            field.request_focus();
        }
    }
    if field.has_focus() {
        means.extend(stepped(ui, Key::F3));
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F)) {
            means.push(FindAction::Open);
        }
    }
}

fn entered(ui: &Ui) -> Option<FindAction> {
    stepped(ui, Key::Enter)
}

/// Where a key leads to: on, or with Shift back.
fn stepped(ui: &Ui, key: Key) -> Option<FindAction> {
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::SHIFT, key) {
            Some(FindAction::Previous)
        } else {
            input.consume_key(Modifiers::NONE, key).then_some(FindAction::Next)
        }
    })
}

fn how_far(find: &Find) -> String {
    match find.found() {
        _ if find.needle().text.is_empty() => String::new(),
        None => texts::FINDING.to_owned(),
        Some(found) if found.starts.is_empty() => texts::NO_MATCH.to_owned(),
        Some(found) => texts::match_of(find.at(), found.starts.len(), found.more),
    }
}
