//! The verdicts of the opened exchange, one line each, and what is remarkable besides.

use super::component::glyph;
use super::texts;
use super::theme::{self, Tone};
use crate::opened::Opened;
use crate::protocol::verdict::{AppId, BodyVerdict, Overall, Severity, Signature, Verdict};
use crate::wording;
use eframe::egui::{Label, Ui, vec2};
use jiff::tz::TimeZone;

/// Width of the column with the names, in points.
const NAME: f32 = 84.0;

/// Height of a line, in points.
const LINE: f32 = 23.0;

/// Draws the verdict lines.
pub fn verdicts_ui(ui: &mut Ui, opened: &Opened, zone: &TimeZone) {
    let inspection = &opened.inspection;
    for verdict in inspection.verdicts.all() {
        // The method is worth a line only when it is not the documented one.
        if matches!(verdict, Verdict::Method(_)) && verdict.severity() == Severity::Good {
            continue;
        }
        let tone = tone_of(verdict, inspection.overall);
        let detail = wording::detail(verdict, zone);
        let reason = if says_state(verdict) { format!("{}: {detail}", words_of(verdict.state())) } else { detail };
        line_ui(ui, tone, wording::title(verdict), &reason);
    }
    for remark in &opened.remarks {
        line_ui(ui, Tone::Faint, texts::REMARK, &wording::remark(remark));
    }
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

fn line_ui(ui: &mut Ui, tone: Tone, name: &str, reason: &str) {
    ui.horizontal(|ui| {
        ui.set_height(LINE);
        ui.spacing_mut().item_spacing.x = 8.0;
        glyph(ui, tone);
        let ink = if tone == Tone::Faint { theme::palette(ui).dim } else { tone.ink(theme::palette(ui)) };
        let name = Label::new(theme::strong(name).color(ink));
        ui.allocate_ui(vec2(NAME, LINE), |ui| {
            ui.set_width(NAME);
            ui.add(name);
        });
        let response = ui.add(Label::new(theme::dim(ui, reason)).truncate());
        response.on_hover_text(reason);
    });
}
