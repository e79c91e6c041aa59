//! What the edited rule responds, step by step.

use super::form::{ICON_BUTTON, complaint_ui, from_ui, row_ui};
use super::menu_ui;
use crate::app::rule_editor::complaint::{Part, Spot};
use crate::app::rule_editor::draft::Draft;
use crate::app::rule_editor::editing::Editing;
use crate::app::rule_editor::kind::Kind;
use crate::app::rule_editor::preview::Lint;
use crate::app::rule_editor::step::{ResultDraft, StepDraft};
use crate::app::texts::rules as texts;
use crate::ui::code::{json_job, json_layouter, plain_layouter};
use crate::ui::component::{Field, Icon, button, code_field, glyph, hline, icon_button, quiet_button, segmented};
use crate::ui::reading::tone_of;
use crate::ui::theme::{self, Tone};
use eframe::egui::{Align, Frame, Label, Layout, Margin, Stroke, Ui};

/// Width of a number that is typed.
const NUMBER: f32 = 88.0;

/// What the drawing of one step needs besides the step.
struct Place<'a> {
    editing: &'a Editing,
    at: usize,
}

impl Place<'_> {
    fn spot(&self, part: Part) -> Spot {
        Spot::Step(self.at, part)
    }

    fn is_wrong(&self, part: Part) -> bool {
        self.editing.complaint(self.spot(part)).is_some()
    }

    fn complaint_ui(&self, ui: &mut Ui, part: Part) {
        complaint_ui(ui, self.editing, self.spot(part));
    }

    fn field_ui(&self, ui: &mut Ui, (name, part): (&str, Part), text: &mut String, width: f32, hint: &str) {
        let field = ui.add(Field::new(name, text).mono().width(width).hint(hint).invalid(self.is_wrong(part)));
        if !hint.is_empty() {
            field.on_hover_text(hint);
        }
    }

    /// A field with a label of its own.
    fn named_ui(&self, ui: &mut Ui, (name, part): (&str, Part), text: &mut String, hint: &str) {
        row_ui(ui, name, |ui| {
            self.field_ui(ui, (name, part), text, f32::INFINITY, hint);
            self.complaint_ui(ui, part);
        });
    }

    /// A field of several lines with a label of its own.
    fn lines_ui(&self, ui: &mut Ui, (name, part): (&str, Part), text: &mut String, rows: usize) {
        row_ui(ui, name, |ui| {
            code_field(ui, name, text, rows, &mut json_layouter);
            self.complaint_ui(ui, part);
        });
    }
}

/// Draws all steps. One alone has no number.
pub(super) fn steps_ui(ui: &mut Ui, editing: &Editing, draft: &mut Draft) {
    let count = draft.steps.len();
    let is_sequence = count > 1 || draft.steps.iter().any(|step| step.times.trim() != "1");
    let mut gone = None;
    for (at, step) in draft.steps.iter_mut().enumerate() {
        ui.push_id(("step", at), |ui| {
            let place = Place { editing, at };
            if is_sequence && head_ui(ui, &place, step, count) {
                gone = Some(at);
            }
            step_ui(ui, &place, step);
        });
    }
    if let Some(at) = gone {
        draft.steps.remove(at);
        if let [last] = draft.steps.as_mut_slice() {
            "1".clone_into(&mut last.times);
        }
    }
}

/// Which step it is, and to how many requests it responds. Says whether it is to be taken away.
fn head_ui(ui: &mut Ui, place: &Place<'_>, step: &mut StepDraft, count: usize) -> bool {
    let mut gone = false;
    hline(ui);
    row_ui(ui, &texts::step(place.at + 1), |ui| {
        ui.horizontal(|ui| {
            ui.label(theme::dim(ui, texts::TIMES));
            place.field_ui(ui, (texts::TIMES, Part::Times), &mut step.times, NUMBER, "");
            if place.at + 1 == count {
                ui.label(theme::small(ui, texts::LAST_STEP));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                gone = count > 1 && icon_button(ui, Icon::Close, texts::REMOVE_STEP).clicked();
            });
        });
        place.complaint_ui(ui, Part::Times);
    });
    gone
}

fn step_ui(ui: &mut Ui, place: &Place<'_>, step: &mut StepDraft) {
    row_ui(ui, texts::RESPONSE, |ui| kind_ui(ui, place, step));
    values_ui(ui, place, step);
    if step.takes_delay() {
        place.named_ui(ui, (texts::DELAY, Part::Delay), &mut step.delay, texts::DELAY_HINT);
    }
    if step.kind == Kind::Own {
        place.lines_ui(ui, (texts::BODY, Part::Body), &mut step.body, 6);
    }
    let lint = place.editing.preview.lints.get(place.at);
    let Some(lint) = lint else { return };
    let sent = lint.sent.as_ref().filter(|_| step.kind != Kind::Own);
    if let Some(sent) = sent {
        row_ui(ui, texts::BODY, |ui| sent_ui(ui, sent));
    }
    row_ui(ui, "", |ui| {
        lint_ui(ui, lint);
        if place.at + 1 == place.editing.preview.lints.len() {
            from_ui(ui, place.editing);
        }
    });
}

/// The usual kinds beside each other, then whichever else is chosen, then a menu with the rest.
fn kind_ui(ui: &mut Ui, place: &Place<'_>, step: &mut StepDraft) {
    let command = place.editing.preview.command;
    let options = Kind::USUAL.map(|kind| (texts::kind(kind), tone_of_kind(kind)));
    let usual = Kind::USUAL.iter().position(|kind| *kind == step.kind);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if let Some(chosen) = segmented(ui, "kind", &options, usual.unwrap_or(options.len())) {
            step.choose(Kind::USUAL[chosen], command);
        }
        if usual.is_none() {
            segmented(ui, "other kind", &[(texts::kind(step.kind), tone_of_kind(step.kind))], 0);
        }
        let more = button(ui, texts::MORE);
        menu_ui(&more, |ui| {
            for kind in Kind::OTHERS.into_iter().filter(|kind| kind.suits(command)) {
                if ui.button(texts::kind(kind)).clicked() {
                    step.choose(kind, command);
                }
            }
        });
    });
}

fn tone_of_kind(kind: Kind) -> Tone {
    match kind {
        Kind::Ok => Tone::Ok,
        Kind::Refuse | Kind::Fail | Kind::Rewrite | Kind::RefuseMembers | Kind::Results | Kind::Hold => Tone::Warn,
        Kind::Own | Kind::File | Kind::Late => Tone::Accent,
        Kind::Timeout
        | Kind::Http
        | Kind::Drip
        | Kind::Stall
        | Kind::NotJson
        | Kind::Empty
        | Kind::Truncated
        | Kind::Long
        | Kind::Garbage
        | Kind::Drop
        | Kind::Reset => Tone::Bad,
    }
}

/// What belongs to the kind that is chosen.
fn values_ui(ui: &mut Ui, place: &Place<'_>, step: &mut StepDraft) {
    match step.kind {
        Kind::Refuse => {
            row_ui(ui, texts::CODE, |ui| code_ui(ui, place, step, true));
            place.named_ui(ui, (texts::INFO, Part::Info), &mut step.info, "");
        }
        Kind::Fail => row_ui(ui, texts::CODE, |ui| code_ui(ui, place, step, false)),
        Kind::Http => place.named_ui(ui, (texts::STATUS, Part::Status), &mut step.status, ""),
        Kind::Late | Kind::Drip => place.named_ui(ui, (texts::MILLISECONDS, Part::Millis), &mut step.millis, ""),
        Kind::Own => {
            place.named_ui(ui, (texts::STATUS, Part::Status), &mut step.status, "");
            row_ui(ui, texts::HEADERS, |ui| {
                code_field(ui, texts::HEADERS, &mut step.headers, 1, &mut plain_layouter);
                ui.label(theme::small(ui, texts::HEADERS_HINT));
                place.complaint_ui(ui, Part::Headers);
            });
        }
        Kind::Hold => {
            place.named_ui(ui, (texts::FALLBACK, Part::Fallback), &mut step.fallback, "");
            row_ui(ui, "", |ui| drop(ui.label(theme::small(ui, texts::FALLBACK_HINT))));
        }
        Kind::Rewrite => {
            place.lines_ui(ui, (texts::MSG_BODY, Part::MsgBody), &mut step.msg_body, 3);
            place.named_ui(ui, (texts::CUSTOM_DATA, Part::Data), &mut step.data, "");
        }
        Kind::RefuseMembers => row_ui(ui, texts::USERS, |ui| {
            code_field(ui, texts::USERS, &mut step.users, 3, &mut plain_layouter);
            ui.label(theme::small(ui, texts::USERS_HINT));
        }),
        Kind::Results => row_ui(ui, texts::USERS, |ui| results_ui(ui, place, &mut step.results)),
        Kind::File => place.named_ui(ui, (texts::BODY_FILE, Part::File), &mut step.file, texts::BODY_FILE_HINT),
        Kind::Ok
        | Kind::Timeout
        | Kind::Stall
        | Kind::NotJson
        | Kind::Empty
        | Kind::Truncated
        | Kind::Long
        | Kind::Garbage
        | Kind::Drop
        | Kind::Reset => {}
    }
}

/// A code, and which ones the command documents for reasons of one's own.
fn code_ui(ui: &mut Ui, place: &Place<'_>, step: &mut StepDraft, with_range: bool) {
    let codes = place.editing.preview.command.and_then(|command| command.response.own_codes()).filter(|_| with_range);
    ui.horizontal(|ui| {
        place.field_ui(ui, (texts::CODE, Part::Code), &mut step.code, NUMBER, "");
        if let Some(codes) = codes {
            ui.label(theme::small(ui, texts::own_codes(codes)));
        }
    });
    place.complaint_ui(ui, Part::Code);
}

fn results_ui(ui: &mut Ui, place: &Place<'_>, results: &mut Vec<ResultDraft>) {
    let mut gone = None;
    for (at, result) in results.iter_mut().enumerate() {
        let part = Part::Result(at);
        ui.push_id(("result", at), |ui| {
            ui.horizontal(|ui| {
                place.field_ui(
                    ui,
                    (&texts::nth(texts::TO_ACCOUNT, at + 1), part),
                    &mut result.to_account,
                    f32::INFINITY,
                    texts::TO_ACCOUNT,
                );
            });
            ui.horizontal(|ui| {
                place.field_ui(ui, (&texts::nth(texts::RESULT_CODE, at + 1), part), &mut result.code, 72.0, "0");
                let room = ui.available_width() - ICON_BUTTON - ui.spacing().item_spacing.x;
                place.field_ui(ui, (&texts::nth(texts::RESULT_INFO, at + 1), part), &mut result.info, room, texts::RESULT_INFO);
                if icon_button(ui, Icon::Close, texts::REMOVE_USER).clicked() {
                    gone = Some(at);
                }
            });
        });
        place.complaint_ui(ui, part);
    }
    if let Some(at) = gone {
        results.remove(at);
    }
    ui.horizontal(|ui| {
        if quiet_button(ui, texts::ADD_USER).clicked() {
            results.push(ResultDraft::default());
        }
        ui.label(theme::small(ui, texts::RESULT_CODES));
    });
}

/// What goes out, to be read.
fn sent_ui(ui: &mut Ui, sent: &str) {
    let p = theme::palette(ui);
    let frame = Frame::new().stroke(Stroke::new(1.0, p.line)).corner_radius(theme::CARD_CORNER).inner_margin(Margin::symmetric(12, 8));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let mut job = json_job(ui, sent);
        job.wrap.break_anywhere = true;
        ui.add(Label::new(job).wrap());
    });
}

/// What the sender makes of it.
pub(super) fn lint_ui(ui: &mut Ui, lint: &Lint) {
    let tone = lint.read_as.map_or(Tone::Accent, tone_of);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        glyph(ui, tone);
        ui.add(Label::new(theme::toned(ui, lint.text.as_str(), tone)).wrap());
    });
    for more in &lint.more {
        ui.add(Label::new(theme::small(ui, more.as_str())).wrap());
    }
}
