//! The verdicts of the opened exchange, one line each with what explains it below, and what is remarkable besides.

use super::component::{glyph, paint_glyph, paint_text, paint_wedge};
use super::texts;
use super::theme::{self, Tone};
use crate::app::action::Action;
use crate::app::{Model, sentence};
use crate::opened::Opened;
use crate::protocol::verdict::{AppId, BodyVerdict, Overall, Severity, Signature, Verdict};
use crate::wording::{self, Fact};
use eframe::egui::{Align, Label, Layout, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use jiff::tz::TimeZone;

/// Width of the column with the names, in points.
const NAME: f32 = 84.0;

/// Height of a line, in points.
pub const LINE: f32 = 23.0;

/// How far the lines are from the left, where the wedge of those that unfold stands, in points.
pub const INDENT: f32 = 14.0;

/// Where names begin: behind the glyph, in points from the left.
const NAMES_AT: f32 = INDENT + 22.0;

/// Where reasons begin, in points from the left.
pub const REASONS_AT: f32 = NAMES_AT + NAME + 8.0;

/// Draws the verdict lines. One that can be explained unfolds by a click, or by Enter and Space once it has the focus.
pub fn verdicts_ui(ui: &mut Ui, model: &Model, opened: &Opened, zone: &TimeZone, actions: &mut Vec<Action>) {
    if let Some(reason) = opened.failed_handshake() {
        return handshake_ui(ui, reason);
    }
    let inspection = &opened.inspection;
    for verdict in inspection.verdicts.all() {
        // The method is worth a line only when it is not the documented one.
        if matches!(verdict, Verdict::Method(_)) && verdict.severity() == Severity::Good {
            continue;
        }
        let tone = tone_of(verdict, inspection.overall);
        let detail = wording::reason(verdict, &opened.inspection.verdicts, &opened.findings, zone);
        let reason = if says_state(verdict) { format!("{}: {detail}", words_of(verdict.state())) } else { detail };
        let facts = wording::facts(verdict, &inspection.verdicts, &opened.findings, model.skew_secs, zone);
        let is_unfolded = model.detail.is_unfolded(verdict.name()) && !facts.is_empty();
        let fold = (!facts.is_empty()).then_some(is_unfolded);
        if line_ui(ui, tone, wording::title(verdict), &reason, fold).clicked() {
            actions.push(Action::FoldVerdict(verdict.name()));
        }
        if is_unfolded {
            facts_ui(ui, &facts, tone);
        }
    }
    for remark in opened.remarks.iter().filter(|remark| !remark.stands_beside_its_field()) {
        line_ui(ui, Tone::Faint, texts::REMARK, &wording::remark(remark), None);
    }
}

/// Why the TLS handshake failed: there is no request of which anything could be said.
fn handshake_ui(ui: &mut Ui, reason: &str) {
    ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
        ui.add_space(INDENT);
        glyph(ui, Tone::Bad);
        ui.add(Label::new(theme::toned(ui, sentence(&wording::visible(reason)), Tone::Bad)).wrap());
    });
}

/// Whether the state stands before the reason: where it is a word that users look for, or something is wrong.
fn says_state(verdict: Verdict<'_>) -> bool {
    match verdict {
        Verdict::Signature(_) | Verdict::Timestamp(_) => true,
        // The reason names it.
        Verdict::Body(BodyVerdict::Undocumented(_) | BodyVerdict::NotJson(..)) | Verdict::Method(_) => false,
        Verdict::AppId(_) | Verdict::Command(_) | Verdict::Body(_) | Verdict::Replay(_) => verdict.severity() != Severity::Good,
    }
}

/// The faults of a request that is no callback at all are none. A signature that could not be checked is worth a
/// look, as its row says.
fn tone_of(verdict: Verdict<'_>, overall: Overall) -> Tone {
    match verdict.severity() {
        _ if overall == Overall::NotCallback => Tone::Faint,
        Severity::Neutral if is_unchecked(verdict) => Tone::Warn,
        Severity::Good => Tone::Ok,
        Severity::Neutral => Tone::Faint,
        Severity::Warning => Tone::Warn,
        Severity::Bad => Tone::Bad,
    }
}

fn is_unchecked(verdict: Verdict<'_>) -> bool {
    matches!(verdict, Verdict::Signature(Signature::Unchecked { .. }) | Verdict::AppId(AppId::Unchecked { .. }))
}

/// `not_json` as it is read: "not json".
fn words_of(state: &str) -> String {
    state.replace("json", "JSON").replace("post", "POST").replace('_', " ")
}

/// One line. `fold` says whether its explanation is unfolded, where it has one.
fn line_ui(ui: &mut Ui, tone: Tone, name: &str, reason: &str, fold: Option<bool>) -> Response {
    let p = theme::palette(ui);
    let sense = if fold.is_some() { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), sense);
    let role = if fold.is_some() { Role::Button } else { Role::Label };
    response.widget_info(|| WidgetInfo::labeled(role, ui.is_enabled(), format!("{name}, {reason}")));
    if let Some(is_unfolded) = fold {
        ui.accesskit_node_builder(response.id, |node| node.set_expanded(is_unfolded));
    }
    if ui.is_rect_visible(rect) {
        let ground = rect.with_min_x(rect.left() + INDENT - 12.0);
        if fold.is_some() && response.hovered() {
            ui.painter().rect_filled(ground, theme::CORNER, p.hover);
        }
        if response.has_focus() {
            ui.painter().rect_stroke(ground, theme::CORNER, Stroke::new(1.5, p.accent), StrokeKind::Inside);
        }
        if let Some(is_unfolded) = fold {
            paint_wedge(ui, pos2(rect.left() + INDENT - 6.0, rect.center().y), !is_unfolded);
        }
        paint_name(ui, rect, tone, name);
        let reasons = rect.with_min_x(rect.left() + REASONS_AT).with_max_x(rect.right() - 4.0);
        paint_text(ui, reasons, Align::Min, theme::dim(ui, reason));
    }
    response.on_hover_text(reason)
}

/// Paints what a line begins with: its glyph and its name.
pub fn paint_name(ui: &Ui, line: Rect, tone: Tone, name: &str) {
    let p = theme::palette(ui);
    paint_glyph(ui, pos2(line.left() + INDENT + 7.0, line.center().y), tone);
    let ink = if tone == Tone::Faint { p.dim } else { tone.ink(p) };
    let names = Rect::from_min_size(line.min + vec2(NAMES_AT, 0.0), vec2(NAME, LINE));
    paint_text(ui, names, Align::Min, theme::strong(name).color(ink));
}

/// What explains a verdict, below its line.
fn facts_ui(ui: &mut Ui, facts: &[Fact], tone: Tone) {
    let drawn = ui.vertical(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        for fact in facts {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.add_space(NAMES_AT);
                ui.allocate_ui_with_layout(vec2(NAME + 8.0, theme::LINE), Layout::left_to_right(Align::Min), |ui| {
                    ui.set_width(NAME + 8.0);
                    ui.add(Label::new(theme::faint(ui, fact.name).line_height(Some(theme::LINE))));
                });
                let text = if fact.is_code {
                    theme::mono(fact.text.as_str()).color(theme::palette(ui).text).line_height(Some(theme::LINE))
                } else {
                    theme::paragraph(ui, fact.text.as_str()).color(theme::palette(ui).text)
                };
                ui.add(Label::new(text).wrap());
            });
        }
        ui.add_space(6.0);
    });
    // A line in the verdict's colour holds them together.
    let rect = drawn.response.rect;
    let x = rect.left() + INDENT + 7.0;
    let colour = if tone == Tone::Faint { theme::palette(ui).line } else { tone.ink(theme::palette(ui)).gamma_multiply(0.5) };
    ui.painter().vline(x, rect.top() + 2.0..=rect.bottom() - 6.0, Stroke::new(1.5, colour));
}
