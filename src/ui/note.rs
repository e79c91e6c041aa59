//! The note of the opened exchange: plain text, kept while it is typed.

use super::component::{Field, field_frame};
use super::texts;
use super::theme;
use crate::app::Model;
use crate::app::action::Action;
use crate::app::annotating::AnnotateAction;
use eframe::egui::text::LayoutJob;
use eframe::egui::{FontId, Frame, Margin, ScrollArea, TextBuffer, TextEdit, TextFormat, Ui, Widget, vec2};

/// Below the field, in points: the line that says whether it is kept.
const BELOW: f32 = 28.0;

/// What the tab remembers between two frames.
#[derive(Default)]
pub struct NoteFace {
    /// How often the field was asked for, as far as that was followed.
    followed: u64,
}

/// Draws the tab.
pub fn note_ui(ui: &mut Ui, model: &Model, face: &mut NoteFace, actions: &mut Vec<Action>) {
    let note = &model.annotating.note;
    let mut text = note.text().to_owned();
    Frame::new().inner_margin(Margin { left: 20, right: 20, top: 12, bottom: 4 }).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        let height = (ui.available_height() - BELOW).max(theme::CONTROL);
        let ink = theme::palette(ui).text;
        let mut layouter = |ui: &Ui, text: &dyn TextBuffer, width: f32| {
            let format = TextFormat { line_height: Some(theme::LINE), ..TextFormat::simple(FontId::proportional(theme::BODY_SIZE), ink) };
            let mut job = LayoutJob::single_section(text.as_str().to_owned(), format);
            job.wrap.max_width = width;
            ui.painter().layout_job(job)
        };
        ScrollArea::vertical().id_salt("note").max_height(height).min_scrolled_height(height).show(ui, |ui| {
            let id = Field::id(ui, texts::NOTE);
            let frame = field_frame(ui, id, false).inner_margin(Margin::symmetric(12, 10));
            let field = TextEdit::multiline(&mut text)
                .id(id)
                .hint_text(texts::NOTE_HINT)
                .font(FontId::proportional(theme::BODY_SIZE))
                .frame(frame)
                .layouter(&mut layouter)
                .desired_width(f32::INFINITY)
                .min_size(vec2(0.0, height))
                .ui(ui)
                .accessible_name(texts::NOTE);
            if std::mem::replace(&mut face.followed, note.focus_asked()) != note.focus_asked() {
                field.request_focus();
            }
            if field.lost_focus() {
                actions.push(Action::Annotate(AnnotateAction::KeepNote));
            }
        });
        let kept = match (note.edits(), note.text()) {
            (0, "") => "",
            (0, _) => texts::NOTE_KEPT,
            _ => texts::NOTE_UNKEPT,
        };
        ui.label(theme::small(ui, kept));
    });
    if text != note.text() {
        // Before it is kept, where one leaves in the same frame.
        actions.insert(0, Action::Annotate(AnnotateAction::EditNote(text)));
    }
}
