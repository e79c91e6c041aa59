//! The rule that is edited: its form or its text, and what is done with it.

use super::form::{ICON_BUTTON, complaint_ui, from_ui, row_ui};
use super::{menu_ui, say, step, with_foot};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::rule_editor::RulesAction;
use crate::app::rule_editor::complaint::Spot;
use crate::app::rule_editor::draft::{Condition, Draft, Often};
use crate::app::rule_editor::editing::{Editing, Form};
use crate::app::rule_editor::kind::ConditionKind;
use crate::app::rule_editor::preview::Trial;
use crate::app::sentence;
use crate::app::texts::rules as texts;
use crate::ui::code::{json_job, plain_layouter};
use crate::ui::component::{
    Button, Field, Icon, button, card_with, chip, code_field, danger_button, glyph, hline, icon_button, notice, paint_text, quiet_button,
    segmented,
};
use crate::ui::theme::{self, Tone};
use crate::wording::visible;
use eframe::egui::{Align, Frame, Label, Layout, Margin, ScrollArea, Sense, Ui, vec2};

/// Width of a small number.
const NUMBER: f32 = 64.0;

/// The most of a trial that is shown at once.
const TRIAL: f32 = 150.0;

/// What the edited rule is called now.
pub(super) fn name(editing: &Editing) -> String {
    let name = match &editing.form {
        Form::Fields(draft) => draft.name.as_str(),
        Form::Text(_) => editing.last_rule().name.as_str(),
    };
    visible(name)
}

/// Draws the right side.
pub(super) fn editor_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let Some(editing) = &model.rule_editor.editing else {
        return;
    };
    let mut done = Vec::new();
    let id = if editing.is_new() { None } else { Some(editing.at) };
    ui.push_id(("rule", id), |ui| {
        ui.expand_to_include_rect(ui.max_rect());
        with_foot(
            ui,
            |ui| {
                let margin = Margin { left: 16, right: 4, top: 14, bottom: 12 };
                crate::ui::component::scrolled(ui, "form", Margin { right: 16, ..margin }, |ui| {
                    ui.spacing_mut().item_spacing.y = 10.0;
                    form_ui(ui, editing, actions);
                });
            },
            |ui| foot_ui(ui, model, editing, &mut done),
        );
    });
    actions.append(&mut done);
}

fn form_ui(ui: &mut Ui, editing: &Editing, actions: &mut Vec<Action>) {
    if editing.is_overtaken {
        notice(ui, Tone::Warn, texts::OVERTAKEN, |_| {});
    }
    if let Some(remark) = &editing.remark {
        notice(ui, Tone::Warn, remark, |_| {});
    }
    match &editing.form {
        Form::Fields(draft) => {
            let mut changed = (**draft).clone();
            fields_ui(ui, editing, &mut changed, actions);
            if changed != **draft {
                say(actions, RulesAction::Edit(Box::new(changed)));
            }
        }
        Form::Text(text) => text_ui(ui, editing, text, actions),
    }
}

fn fields_ui(ui: &mut Ui, editing: &Editing, draft: &mut Draft, actions: &mut Vec<Action>) {
    row_ui(ui, texts::RULE_NAME, |ui| {
        ui.allocate_ui_with_layout(vec2(ui.available_width(), theme::CONTROL), Layout::right_to_left(Align::Center), |ui| {
            let can_show = editing.complaints().is_empty();
            if ui.add(Button::new(texts::EDIT_AS_TEXT).quiet().enabled(can_show)).clicked() {
                say(actions, RulesAction::ShowText(true));
            }
            let invalid = editing.complaint(Spot::Name).is_some();
            ui.add(Field::new(texts::RULE_NAME, &mut draft.name).invalid(invalid));
        });
        complaint_ui(ui, editing, Spot::Name);
    });
    row_ui(ui, texts::COMMAND, |ui| {
        ui.add(Field::new(texts::COMMAND, &mut draft.command).hint(texts::COMMAND_HINT).mono());
    });
    row_ui(ui, texts::ONLY_WHEN, |ui| conditions_ui(ui, editing, draft));
    row_ui(ui, texts::HOW_OFTEN, |ui| often_ui(ui, editing, draft));
    step::steps_ui(ui, editing, draft);
    if draft.draws() {
        row_ui(ui, texts::SEED, |ui| {
            let invalid = editing.complaint(Spot::Seed).is_some();
            ui.add(Field::new(texts::SEED, &mut draft.seed).hint(texts::SEED_HINT).width(200.0).invalid(invalid));
            complaint_ui(ui, editing, Spot::Seed);
        });
    }
    if draft.steps.iter().any(|step| step.kind.takes_placeholders()) {
        row_ui(ui, "", |ui| {
            let words = format!("{} {}", texts::CAN_BE_INSERTED, editing.preview.placeholders.join(" "));
            ui.add(Label::new(theme::small(ui, words)).wrap());
        });
    }
}

fn conditions_ui(ui: &mut Ui, editing: &Editing, draft: &mut Draft) {
    let mut gone = None;
    let is_alone = draft.conditions.len() == 1;
    let mut fields = 0;
    for (at, condition) in draft.conditions.iter_mut().enumerate() {
        let is_field = condition.kind == ConditionKind::Field;
        fields += usize::from(is_field);
        let name = if is_field { texts::nth(texts::ONLY_WHEN, fields) } else { texts::condition(condition.kind).to_owned() };
        ui.push_id(at, |ui| {
            let removable = !(is_alone && is_field);
            if condition_ui(ui, condition, &name, editing.complaint(Spot::Condition(at)).is_some(), removable) {
                gone = Some(at);
            }
        });
        complaint_ui(ui, editing, Spot::Condition(at));
    }
    if let Some(at) = gone {
        draft.conditions.remove(at);
    }
    if draft.conditions.is_empty() {
        draft.conditions.push(Condition { kind: ConditionKind::Field, text: String::new() });
    }
    let adds = quiet_button(ui, texts::ADD_CONDITION);
    menu_ui(&adds, |ui| {
        for kind in ConditionKind::ALL.into_iter().rev().filter(|kind| draft.lacks(*kind)).collect::<Vec<_>>() {
            if ui.button(texts::condition(kind)).clicked() {
                draft.conditions.push(Condition { kind, text: String::new() });
            }
        }
    });
}

/// Says whether it is to be taken away.
fn condition_ui(ui: &mut Ui, condition: &mut Condition, name: &str, invalid: bool, removable: bool) -> bool {
    let is_field = condition.kind == ConditionKind::Field;
    let mut gone = false;
    ui.horizontal(|ui| {
        if !is_field {
            let (rect, _) = ui.allocate_exact_size(vec2(64.0, theme::CONTROL), Sense::hover());
            paint_text(ui, rect, Align::LEFT, theme::small(ui, name));
        }
        let room = ui.available_width() - if removable { ICON_BUTTON + ui.spacing().item_spacing.x } else { 0.0 };
        ui.add(Field::new(name, &mut condition.text).hint(texts::condition_hint(condition.kind)).mono().width(room).invalid(invalid));
        gone = removable && icon_button(ui, Icon::Close, texts::REMOVE_CONDITION).clicked();
    });
    gone
}

fn often_ui(ui: &mut Ui, editing: &Editing, draft: &mut Draft) {
    ui.horizontal_wrapped(|ui| {
        let at = Often::ALL.iter().position(|often| *often == draft.rate.often).unwrap_or(0);
        let options = texts::OFTEN.map(|label| (label, Tone::Accent));
        if let Some(chosen) = segmented(ui, "often", &options, at) {
            draft.rate.often = Often::ALL[chosen];
        }
        if button(ui, texts::THEN).on_hover_text(texts::THEN_WHY).clicked() {
            draft.add_step();
        }
    });
    if !matches!(draft.rate.often, Often::Always | Often::Once) {
        rate_ui(ui, editing, draft);
    }
    complaint_ui(ui, editing, Spot::Often);
}

/// The numbers that belong to how often it responds.
fn rate_ui(ui: &mut Ui, editing: &Editing, draft: &mut Draft) {
    let invalid = editing.complaint(Spot::Often).is_some();
    let number = |ui: &mut Ui, name: &str, text: &mut String| {
        ui.add(Field::new(name, text).width(NUMBER).invalid(invalid));
    };
    let rate = &mut draft.rate;
    ui.horizontal_wrapped(|ui| match rate.often {
        Often::Always | Often::Once => {}
        Often::First => number(ui, texts::FIRST, &mut rate.first),
        Often::Of => {
            number(ui, texts::OFTEN[3], &mut rate.respond);
            ui.label(theme::dim(ui, texts::OF_THEM));
            number(ui, texts::OF_THEM, &mut rate.every);
        }
        Often::Chance => {
            number(ui, texts::PERCENT, &mut rate.percent);
            ui.label(theme::dim(ui, "%"));
            ui.add(Field::new(texts::CHANCE_SEED, &mut rate.seed).hint(texts::CHANCE_SEED_HINT).width(170.0).invalid(invalid));
        }
    });
}

/// The rule as it stands in the file.
fn text_ui(ui: &mut Ui, editing: &Editing, text: &str, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.label(theme::small(ui, texts::RULE_TEXT));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.add(Button::new(texts::EDIT_IN_FORM).quiet().enabled(editing.has_form())).clicked() {
                say(actions, RulesAction::ShowText(false));
            }
            if editing.rule().is_some() && !editing.has_form() {
                ui.label(theme::small(ui, texts::TEXT_ONLY));
            }
        });
    });
    let mut changed = text.to_owned();
    code_field(ui, texts::RULE_TEXT, &mut changed, 12, &mut plain_layouter);
    if changed != text {
        say(actions, RulesAction::EditText(changed));
    }
    for complaint in editing.complaints() {
        ui.add(Label::new(theme::toned(ui, sentence(&complaint.text), Tone::Bad)).wrap());
    }
    for (at, lint) in editing.preview.lints.iter().enumerate() {
        ui.push_id(at, |ui| step::lint_ui(ui, lint));
    }
    from_ui(ui, editing);
}

fn foot_ui(ui: &mut Ui, model: &Model, editing: &Editing, actions: &mut Vec<Action>) {
    hline(ui);
    Frame::new().inner_margin(Margin { left: 16, right: 16, top: 10, bottom: 10 }).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 10.0;
        if let Some(trial) = editing.preview.trial.as_ref().filter(|_| editing.tries) {
            trial_ui(ui, trial, actions);
        }
        ui.horizontal(|ui| {
            if ui.add(Button::new(texts::SAVE_RULE).primary().enabled(editing.can_save())).clicked() {
                say(actions, RulesAction::Save);
            }
            let can_try = model.detail.opened().is_some() && editing.rule().is_some();
            let tries = ui.add(Button::new(texts::TRY_IT).enabled(can_try));
            if tries.on_disabled_hover_text(texts::TRY_NEEDS_SELECTION).clicked() {
                say(actions, RulesAction::Try);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if danger_button(ui, texts::DELETE).clicked() {
                    say(actions, RulesAction::RemoveEdited);
                }
                if editing.is_dirty() && ui.available_width() > 80.0 {
                    chip(ui, texts::UNSAVED_EDITS, Tone::Warn);
                }
            });
        });
    });
}

fn trial_ui(ui: &mut Ui, trial: &Trial, actions: &mut Vec<Action>) {
    let tone = if trial.responds { Tone::Ok } else { Tone::Warn };
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(texts::tried_on(trial.id)).size(theme::MONO_SIZE));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            if quiet_button(ui, texts::HIDE_WHY).clicked() {
                say(actions, RulesAction::Try);
            }
        });
    };
    let most = (ui.ctx().content_rect().height() * 0.17).min(TRIAL);
    card_with(ui, head, |ui| {
        ScrollArea::vertical().id_salt("trial").max_height(most).auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            for why in &trial.why {
                ui.horizontal_top(|ui| {
                    glyph(ui, tone);
                    ui.add(Label::new(why.as_str()).wrap());
                });
            }
            if let Some(sent) = &trial.sent {
                ui.label(theme::small(ui, texts::WOULD_SEND));
                let mut job = json_job(ui, sent);
                job.wrap.break_anywhere = true;
                ui.add(Label::new(job).wrap());
            }
        });
    });
}
