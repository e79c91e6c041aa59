//! One of several: joined segments, and tabs.

use std::hash::Hash;

use eframe::egui::{Color32, CornerRadius, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::paint;
use crate::ui::theme::{self, Palette, Tone};

const SEGMENT_PADDING: f32 = 12.0;
/// What a wedge takes behind the words.
const WEDGE: f32 = 12.0;
const TAB_GAP: f32 = 20.0;
const UNDERLINE: f32 = 2.0;

/// Joined segments, one of them on. Each option is its label and its tone when on. Says which was clicked.
pub fn segmented(ui: &mut Ui, id: impl Hash + std::fmt::Debug, options: &[(&str, Tone)], selected: usize) -> Option<usize> {
    segments(ui, id, options, selected, false).iter().position(Response::clicked)
}

/// Joined segments, each as it was drawn. The last has a wedge where a menu opens below it.
pub fn segments(
    ui: &mut Ui,
    id: impl Hash + std::fmt::Debug,
    options: &[(&str, Tone)],
    selected: usize,
    last_opens_menu: bool,
) -> Vec<Response> {
    let id = ui.make_persistent_id(id);
    let mut widths: Vec<f32> = options.iter().map(|(label, _)| segment_width(ui, label)).collect();
    if let Some(last) = widths.last_mut().filter(|_| last_opens_menu) {
        *last += WEDGE;
    }
    let size = vec2(widths.iter().sum(), theme::CONTROL);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());

    let p = theme::palette(ui);
    ui.painter().rect_filled(rect, theme::CORNER, p.raised);
    let mut drawn = Vec::with_capacity(options.len());
    let mut focused = None;
    let mut left = rect.left();
    for (index, ((label, tone), width)) in options.iter().zip(widths).enumerate() {
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        let corners = outer_corners(index, options.len());
        let response = ui.interact(place, id.with(index), Sense::click());
        let on = index == selected;
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), on, label));
        let opens_menu = last_opens_menu && index + 1 == options.len();
        let segment = Segment { label, place, corners, tone: on.then_some(*tone), opens_menu };
        draw_segment(ui, p, &segment, &response);
        if index > 0 {
            let seam = place.with_max_x(left + 1.0).shrink2(vec2(0.0, 1.0));
            ui.painter().rect_filled(seam, 0.0, p.line);
        }
        if response.has_focus() {
            focused = Some((place, corners));
        }
        drawn.push(response);
        left += width;
    }
    // Over the segments, so that their fills end in its curve.
    ui.painter().rect_stroke(rect, theme::CORNER, Stroke::new(1.0, p.line), StrokeKind::Inside);
    if let Some((place, corners)) = focused {
        let stroke = Stroke::new(1.5, p.accent);
        ui.painter().rect_stroke(place, corners, stroke, StrokeKind::Inside);
    }
    drawn
}

struct Segment<'a> {
    label: &'a str,
    place: Rect,
    corners: CornerRadius,
    /// The tone, when it is on.
    tone: Option<Tone>,
    opens_menu: bool,
}

fn draw_segment(ui: &Ui, p: &Palette, segment: &Segment<'_>, response: &Response) {
    let over = response.hovered();
    let fill = match segment.tone {
        Some(Tone::Neutral | Tone::Faint) => p.hover,
        Some(tone) => tone.fill(p),
        None if over => p.hover,
        None => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(segment.place, segment.corners, fill);
    let (font, ink) = match segment.tone {
        Some(tone) => (theme::strong_font(theme::BODY_SIZE), tone.ink(p)),
        None => (FontId::proportional(theme::BODY_SIZE), if over { p.text } else { p.dim }),
    };
    let galley = paint::line_of(ui, segment.label, font, ink);
    let wedge = if segment.opens_menu { WEDGE } else { 0.0 };
    paint::centred(ui.painter(), segment.place.with_max_x(segment.place.right() - wedge), galley);
    if segment.opens_menu {
        paint::paint_wedge(ui, pos2(segment.place.right() - SEGMENT_PADDING, segment.place.center().y), false);
    }
}

/// Wide enough for the label in both weights, so that choosing does not shift the others.
fn segment_width(ui: &Ui, label: &str) -> f32 {
    let font = theme::strong_font(theme::BODY_SIZE);
    let galley = paint::line_of(ui, label, font, Color32::PLACEHOLDER);
    (galley.size().x + 2.0 * SEGMENT_PADDING).ceil()
}

fn outer_corners(index: usize, count: usize) -> CornerRadius {
    let west = if index == 0 { theme::CORNER } else { 0 };
    let east = if index + 1 == count { theme::CORNER } else { 0 };
    CornerRadius { nw: west, sw: west, ne: east, se: east }
}

/// A row of tabs, 36 high, with an underline in accent below the selected one. Says which was clicked.
///
/// It draws no hairline below itself: put it at the bottom of a bar that has one. `hint` is what a tab's tooltip says.
pub fn tabs(ui: &mut Ui, labels: &[&str], selected: usize, hint: impl Fn(usize) -> String) -> Option<usize> {
    let mut clicked = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = TAB_GAP;
        for (index, label) in labels.iter().enumerate() {
            if tab(ui, label, index == selected).on_hover_text(hint(index)).clicked() {
                clicked = Some(index);
            }
        }
    });
    clicked
}

fn tab(ui: &mut Ui, label: &str, on: bool) -> Response {
    let strong = theme::strong_font(theme::BODY_SIZE);
    // As wide as its strong form, so that choosing does not shift the others.
    let width = paint::line_of(ui, label, strong.clone(), Color32::PLACEHOLDER).size().x.ceil();
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme::TABS), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Tab, ui.is_enabled(), label));
    ui.accesskit_node_builder(response.id, |node| node.set_selected(on));

    let p = theme::palette(ui);
    let (font, ink) = match on {
        true => (strong, p.text),
        false if response.hovered() => (FontId::proportional(theme::BODY_SIZE), p.text),
        false => (FontId::proportional(theme::BODY_SIZE), p.dim),
    };
    paint::centred(ui.painter(), rect, paint::line_of(ui, label, font, ink));
    if on {
        let line = rect.with_min_y(rect.bottom() - UNDERLINE);
        ui.painter().rect_filled(line, 0.0, p.accent);
    }
    if response.has_focus() {
        let ring = rect.shrink2(vec2(0.0, 6.0)).expand2(vec2(6.0, 0.0));
        paint::focus_ring(ui.painter(), p, ring, 4, false);
    }
    response
}
