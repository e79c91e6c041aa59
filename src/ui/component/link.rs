//! Links.

use eframe::egui::epaint::TextShape;
use eframe::egui::text::LayoutJob;
use eframe::egui::{CursorIcon, Response, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::paint;
use crate::ui::theme;

/// Words that lead elsewhere, cut or wrapped as the job says: underlined under the pointer, ringed with the focus.
pub fn link(ui: &mut Ui, job: LayoutJob) -> Response {
    let galley = ui.painter().layout_job(job);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, ui.is_enabled(), galley.text()));
    if ui.is_rect_visible(rect) {
        let p = theme::palette(ui);
        let underline = if response.hovered() { Stroke::new(1.0, p.accent_text) } else { Stroke::NONE };
        ui.painter().add(TextShape::new(rect.min, galley, p.accent_text).with_underline(underline));
        if response.has_focus() {
            paint::focus_ring(ui.painter(), p, rect.expand2(vec2(4.0, 1.0)), 4, false);
        }
    }
    response.on_hover_cursor(CursorIcon::PointingHand)
}
