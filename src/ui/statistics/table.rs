//! Tables of numbers: the first column takes the room that is left, the others stand at the right.

use crate::ui::component::paint_text;
use crate::ui::theme::{self, Tone};
use eframe::egui::{Align, Color32, CursorIcon, Rect, Response, Role, Sense, Ui, WidgetInfo, WidgetText, pos2, vec2};

/// Between two columns, in points.
const GAP: f32 = 12.0;

/// A number, and how much of it stands out.
pub(super) struct Cell {
    pub text: String,
    pub tone: Tone,
    /// Which share of the whole it is, for a bar behind it.
    pub share: Option<f32>,
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Neutral, share: None }
    }

    /// A count that need not be seen while it is zero.
    pub fn toned(text: String, is_zero: bool, tone: Tone) -> Self {
        Self { tone: if is_zero { Tone::Faint } else { tone }, ..Self::new(text) }
    }
}

/// Draws the names of columns.
pub(super) fn heads_ui(ui: &mut Ui, heads: &[&str], widths: &[f32]) {
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::LINE), Sense::hover());
    let name = |ui: &Ui, name: &str| theme::faint(ui, name).size(theme::SMALL_SIZE);
    let (first, rest) = columns(place, widths);
    paint_text(ui, first, Align::Min, name(ui, heads[0]));
    for (rect, head) in rest.iter().zip(&heads[1..]) {
        paint_text(ui, *rect, Align::Max, name(ui, head));
    }
}

/// Draws a line; it can be clicked where it leads anywhere. `label` is the line for a screen reader.
pub(super) fn line_ui(ui: &mut Ui, first: impl Into<WidgetText>, cells: &[Cell], widths: &[f32], label: &str, leads: bool) -> Response {
    let sense = if leads { Sense::click() } else { Sense::hover() };
    let (place, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), sense);
    let role = if leads { Role::Button } else { Role::Label };
    response.widget_info(|| WidgetInfo::labeled(role, ui.is_enabled(), label));
    if !ui.is_rect_visible(place) {
        return response;
    }
    let palette = theme::palette(ui);
    if place.top() > ui.min_rect().top() {
        ui.painter().rect_filled(place.with_max_y(place.top() + 1.0), 0.0, palette.line);
    }
    if leads && (response.hovered() || response.has_focus()) {
        ui.painter().rect_filled(place.expand2(vec2(6.0, 0.0)).with_min_y(place.top() + 1.0), theme::CORNER, palette.hover);
    }
    let (rect, rest) = columns(place, widths);
    paint_text(ui, rect, Align::Min, first);
    for (rect, cell) in rest.iter().zip(cells) {
        if let Some(share) = cell.share {
            bar_ui(ui, *rect, share, palette.accent_fill);
        }
        let text = theme::toned(ui, &cell.text, cell.tone);
        paint_text(ui, *rect, Align::Max, text);
    }
    if leads { response.on_hover_cursor(CursorIcon::PointingHand) } else { response }
}

/// A bar behind a number, so that lengths can be compared.
fn bar_ui(ui: &Ui, rect: Rect, share: f32, color: Color32) {
    let bar = rect.shrink2(vec2(0.0, 5.0)).with_max_x(rect.right() + 4.0);
    let width = (bar.width() * share.clamp(0.0, 1.0)).max(2.0);
    ui.painter().rect_filled(bar.with_max_x(bar.left() + width), 3, color);
}

/// Where the cells of a line stand: the first, and the others.
fn columns(place: Rect, widths: &[f32]) -> (Rect, Vec<Rect>) {
    let mut right = place.right();
    let mut rects: Vec<Rect> = Vec::with_capacity(widths.len());
    for width in widths.iter().rev() {
        rects.push(Rect::from_min_max(pos2(right - width, place.top()), pos2(right, place.bottom())));
        right -= width + GAP;
    }
    rects.reverse();
    (place.with_max_x(right), rects)
}
