//! What each rule makes of the opened exchange, and what leads from an exchange to a rule.

use super::say;
use crate::app::Model;
use crate::app::action::Action;
use crate::app::rule_editor::RulesAction;
use crate::app::sentence;
use crate::app::texts::rules as texts;
use crate::exchange::REFUSAL;
use crate::opened::Opened;
use crate::ui::component::{button, card_with, paint_text, quiet_button};
use crate::ui::theme;
use crate::wording::visible;
use eframe::egui::{Align, Label, Layout, Sense, TextStyle, Ui, vec2};

/// Width of a rule's number.
const NUMBER: f32 = 20.0;

/// The buttons at the end of the response; none where no rule could respond otherwise.
pub fn from_exchange_ui(ui: &mut Ui, opened: &Opened, actions: &mut Vec<Action>) {
    if opened.exchange.response.as_ref().is_some_and(|responded| responded.rule == REFUSAL) {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        if opened.inspection.callback.command.is_some() {
            if button(ui, texts::RESPOND_DIFFERENTLY).clicked() {
                say(actions, RulesAction::ForCommand);
            }
            if button(ui, texts::MAKE_IT_FAIL_ONCE).clicked() {
                say(actions, RulesAction::FailOnce);
            }
        }
        if button(ui, texts::RESPOND_LIKE_THIS).clicked() {
            actions.push(Action::RuleFromExchange);
        }
    });
}

/// The card that says which rule responded, and why the others did not.
pub fn told_ui(ui: &mut Ui, model: &Model, opened: &Opened, actions: &mut Vec<Action>) {
    let Some(responded) = &opened.exchange.response else { return };
    let unfolded = model.rule_editor.told_unfolded;
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(texts::RULES).size(theme::MONO_SIZE));
        ui.label(theme::small(ui, texts::responded_by(&texts::responder(&responded.rule))));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            if quiet_button(ui, if unfolded { texts::HIDE_WHY } else { texts::SHOW_WHY }).clicked() {
                say(actions, RulesAction::FoldTold);
            }
        });
    };
    if unfolded {
        card_with(ui, head, |ui| if responded.rule == REFUSAL { not_asked_ui(ui) } else { rules_ui(ui, opened) });
    } else {
        crate::ui::component::card_head(ui, head);
    }
}

/// What could not be taken was never left to a rule.
fn not_asked_ui(ui: &mut Ui) {
    ui.add(Label::new(theme::paragraph(ui, texts::RULES_NOT_ASKED)).wrap());
}

fn rules_ui(ui: &mut Ui, opened: &Opened) {
    if opened.told.is_empty() {
        ui.add(Label::new(theme::paragraph(ui, texts::NO_RULES_TOLD)).wrap());
        return;
    }
    ui.spacing_mut().item_spacing.y = 6.0;
    for (at, (rule, why)) in opened.told.iter().enumerate() {
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(NUMBER, ui.text_style_height(&TextStyle::Body)), Sense::hover());
            paint_text(ui, rect, Align::LEFT, theme::faint(ui, (at + 1).to_string()));
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add(Label::new(visible(rule)).wrap());
                ui.add(Label::new(theme::dim(ui, sentence(&visible(why)))).wrap());
            });
        });
    }
    ui.label(theme::small(ui, sentence(texts::BY_RULES_NOW)));
}
