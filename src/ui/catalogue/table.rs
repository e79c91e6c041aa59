//! Tables whose last column takes what is left, and what stands in their cells.

use super::GAP;
use crate::ui::component::{link, paint_text};
use crate::ui::texts;
use crate::ui::theme;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align, Color32, FontId, Label, Layout, OpenUrl, Rect, RichText, Sense, TextFormat, Ui, UiBuilder, pos2, vec2};

/// Air above and below a table's line, in points.
const AIR: f32 = 4.0;

/// Height that a cell may take while it is drawn, in points: more than any text of the catalogue needs.
const UNBOUNDED: f32 = 10_000.0;

/// Draws the names of columns.
pub(super) fn heads_ui(ui: &mut Ui, widths: &[f32], names: &[&str]) {
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::LINE), Sense::hover());
    let mut left = place.left();
    for (at, name) in names.iter().enumerate() {
        let width = widths.get(at).copied().unwrap_or(place.right() - left);
        paint_text(
            ui,
            Rect::from_min_size(pos2(left, place.top()), vec2(width, theme::LINE)),
            Align::Min,
            theme::faint(ui, *name).size(theme::SMALL_SIZE),
        );
        left += width;
    }
}

/// Draws cells side by side, as high as the highest, with a hairline above them unless they come first.
pub(super) fn line_ui(ui: &mut Ui, widths: &[f32], cells: &mut [&mut dyn FnMut(&mut Ui)]) {
    let start = ui.available_rect_before_wrap();
    let mut left = start.left();
    let mut bottom = start.top();
    for (at, cell) in cells.iter_mut().enumerate() {
        let right = widths.get(at).map_or(start.right() + GAP, |width| left + width);
        let place = Rect::from_min_max(pos2(left, start.top() + AIR), pos2(right - GAP, start.top() + UNBOUNDED));
        let mut child = ui.new_child(UiBuilder::new().id_salt(at).max_rect(place).layout(Layout::top_down(Align::Min)));
        cell(&mut child);
        bottom = bottom.max(child.min_rect().bottom());
        left = right;
    }
    let height = (bottom - start.top() + AIR).round();
    let (place, _) = ui.allocate_exact_size(vec2(start.width(), height), Sense::hover());
    if place.top() > ui.min_rect().top() {
        ui.painter().rect_filled(place.with_max_y(place.top() + 1.0), 0.0, theme::palette(ui).line);
    }
}

pub(super) fn name_ui(ui: &mut Ui, name: &str) {
    ui.add(Label::new(theme::paragraph(ui, name)).wrap());
}

pub(super) fn text_ui(ui: &mut Ui, text: &str) {
    let text = RichText::new(text).line_height(Some(theme::LINE));
    ui.add(Label::new(text).wrap());
}

/// Text as it goes over the wire. It has no words to break at.
pub(super) fn wire_ui(ui: &mut Ui, text: &str, ink: Color32) {
    let mut job = LayoutJob::default();
    job.append(text, 0.0, TextFormat { line_height: Some(theme::LINE), ..theme::code_format(ink) });
    job.wrap.break_anywhere = true;
    ui.add(Label::new(job).wrap());
}

/// A page of the documentation. Nothing is fetched: a click hands its address to the browser.
pub(super) fn link_ui(ui: &mut Ui, url: &str) {
    let mut job = LayoutJob::default();
    let ink = theme::palette(ui).accent_text;
    job.append(url, 0.0, TextFormat { line_height: Some(theme::LINE), ..TextFormat::simple(FontId::proportional(theme::BODY_SIZE), ink) });
    job.wrap = TextWrapping { max_width: ui.available_width(), break_anywhere: true, ..TextWrapping::default() };
    let link = link(ui, job);
    if link.clicked() {
        ui.ctx().open_url(OpenUrl::new_tab(url));
    }
    link.on_hover_text(texts::OPENS_IN_BROWSER).context_menu(|ui| {
        if ui.button(texts::COPY).clicked() {
            ui.ctx().copy_text(url.to_owned());
        }
    });
}
