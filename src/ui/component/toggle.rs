//! A switch: on or off, at once.

use eframe::egui::{Color32, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::paint;
use crate::ui::theme;

const WIDTH: f32 = 26.0;
const HEIGHT: f32 = 14.0;
const KNOB: f32 = 5.0;

/// A switch. `name` is its accessible name, and its tooltip: what it is about stands beside it.
pub fn toggle(ui: &mut Ui, name: &str, on: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(WIDTH, HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Switch, ui.is_enabled(), on, name));
    let p = theme::palette(ui);
    let fill = match (on, response.hovered()) {
        (true, true) => p.accent_hover,
        (true, false) => p.accent,
        (false, true) => p.faint,
        (false, false) => theme::handle(p, false),
    };
    ui.painter().rect_filled(rect, HEIGHT / 2.0, fill);
    let x = if on { rect.right() - HEIGHT / 2.0 } else { rect.left() + HEIGHT / 2.0 };
    ui.painter().circle_filled(pos2(x, rect.center().y), KNOB, Color32::WHITE);
    if response.has_focus() {
        paint::focus_ring(ui.painter(), p, rect, 7, true);
    }
    response.on_hover_text(name)
}
