//! JSON in colours: short texts as a whole, such as a response and its editor. The lines of a request's body are
//! drawn one by one in `body`.

use super::component::code_field;
use super::texts;
use super::theme;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Galley, TextBuffer, Ui};
use egui_extras::syntax_highlighting::{CodeTheme, TokenType, highlight};
use std::sync::Arc;

/// Lays a text out as JSON, whether it is or not: what breaks it stands there plainly.
pub fn json_job(ui: &Ui, text: &str) -> LayoutJob {
    let palette = theme::palette(ui);
    let mut colours = CodeTheme::dark(theme::MONO_SIZE);
    for (token, ink) in [
        (TokenType::Comment, palette.warn),
        (TokenType::Function, palette.number),
        (TokenType::Keyword, palette.number),
        (TokenType::Literal, palette.number),
        (TokenType::StringLiteral, palette.string),
        (TokenType::Punctuation, palette.dim),
        (TokenType::Whitespace, palette.dim),
    ] {
        *colours.format_mut(token) = theme::code_format(ink);
    }
    let mut job = highlight(ui.ctx(), ui.style(), &colours, text, "json");
    for section in &mut job.sections {
        let range = section.byte_range.start.0..section.byte_range.end.0;
        let is_key = text[range.clone()].starts_with('"') && text[range.end..].trim_start().starts_with(':');
        if is_key {
            section.format.color = palette.key;
        }
    }
    job
}

/// Lays out a field of JSON, in colours.
pub fn json_layouter(ui: &Ui, text: &dyn TextBuffer, width: f32) -> Arc<Galley> {
    let mut job = json_job(ui, text.as_str());
    job.wrap.max_width = width;
    ui.painter().layout_job(job)
}

/// Lays out a field of other text, in one colour.
pub fn plain_layouter(ui: &Ui, text: &dyn TextBuffer, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.as_str().to_owned(), theme::code_format(theme::palette(ui).text));
    job.wrap.max_width = width;
    ui.painter().layout_job(job)
}

/// A body as it is typed, in colours, of so many lines at least.
pub fn body_field_ui(ui: &mut Ui, body: &mut String, rows: usize) {
    code_field(ui, texts::BODY, body, rows, &mut json_layouter);
}
