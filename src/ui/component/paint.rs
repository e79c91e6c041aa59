//! Text, chips, glyphs and lines: the marks that controls and rows are made of.

use std::sync::Arc;

use eframe::egui::{
    self, Align, Color32, Galley, Painter, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, TextStyle, TextWrapMode, Ui, Vec2,
    WidgetInfo, WidgetText, pos2, vec2,
};

use crate::ui::theme::{self, Palette, Tone};

const CHIP_HEIGHT: f32 = 20.0;
const CHIP_PADDING: f32 = 7.0;
const CHIP_CORNER: u8 = 4;
const GLYPH: f32 = 14.0;
const DOT: f32 = 8.0;

/// Paints one line of text, centred vertically in `rect` and elided where it does not fit; says where it stands.
pub fn paint_text(ui: &Ui, rect: Rect, align: Align, text: impl Into<WidgetText>) -> Rect {
    let wrap = Some(TextWrapMode::Truncate);
    let galley = level_grounds(text.into().into_galley(ui, wrap, rect.width(), TextStyle::Body));
    let place = egui::Align2([align, Align::Center]).align_size_within_rect(galley.size(), rect);
    ui.painter().galley(place.min, galley, theme::palette(ui).text);
    place
}

/// Has the ground behind what is marked, found or selected reach over all of its line. As it is laid out, it stands higher
/// or lower with each face, so that Latin beside Chinese would have a step in it.
#[must_use]
pub fn level_grounds(mut galley: Arc<Galley>) -> Arc<Galley> {
    if !has_ground(&galley.job) {
        return galley;
    }
    for placed in &mut Arc::make_mut(&mut galley).rows {
        // The vertices before those of the letters are the corners of grounds.
        let corners = placed.row.visuals.glyph_vertex_range.start;
        if corners == 0 {
            continue;
        }
        let row = Arc::make_mut(&mut placed.row);
        let (middle, bottom) = (row.size.y / 2.0, row.size.y);
        for corner in &mut row.visuals.mesh.vertices[..corners] {
            corner.pos.y = if corner.pos.y < middle { 0.0 } else { bottom };
        }
        row.visuals.mesh_bounds.extend_with_y(0.0);
        row.visuals.mesh_bounds.extend_with_y(bottom);
    }
    galley
}

/// Whether something stands on a ground of its own.
pub fn has_ground(job: &egui::text::LayoutJob) -> bool {
    job.sections.iter().any(|section| section.format.background != Color32::TRANSPARENT)
}

/// A short word on a fill of its tone, e.g. `OK 0`.
pub fn chip(ui: &mut Ui, text: &str, tone: Tone) -> Response {
    let galley = chip_galley(ui, ui.available_width().max(CHIP_HEIGHT), text, tone);
    let (rect, response) = ui.allocate_exact_size(chip_size(&galley), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), text));
    draw_chip(ui, rect, galley, tone);
    response
}

/// Paints a [`chip`] whose left edge and vertical centre are at `left`, at most `max_width` wide; says where it stands.
#[expect(clippy::must_use_candidate, reason = "painting is what it is for")]
pub fn paint_chip(ui: &Ui, left: Pos2, max_width: f32, text: &str, tone: Tone) -> Rect {
    let galley = chip_galley(ui, max_width, text, tone);
    let size = chip_size(&galley);
    let rect = Rect::from_min_size(left - vec2(0.0, size.y / 2.0), size);
    draw_chip(ui, rect, galley, tone);
    rect
}

fn chip_galley(ui: &Ui, max_width: f32, text: &str, tone: Tone) -> Arc<Galley> {
    let text = theme::toned(ui, text, tone).size(theme::SMALL_SIZE);
    let width = max_width - 2.0 * CHIP_PADDING;
    WidgetText::from(text).into_galley(ui, Some(TextWrapMode::Truncate), width, TextStyle::Small)
}

fn chip_size(galley: &Galley) -> Vec2 {
    vec2((galley.size().x + 2.0 * CHIP_PADDING).ceil(), CHIP_HEIGHT)
}

fn draw_chip(ui: &Ui, rect: Rect, galley: Arc<Galley>, tone: Tone) {
    let p = theme::palette(ui);
    // A toned fill is an outline by itself; a neutral one would melt into the panel.
    let line = match tone {
        Tone::Neutral | Tone::Faint => p.line,
        Tone::Accent | Tone::Ok | Tone::Warn | Tone::Bad => Color32::TRANSPARENT,
    };
    let stroke = Stroke::new(1.0, line);
    ui.painter().rect(rect, CHIP_CORNER, tone.fill(p), stroke, StrokeKind::Inside);
    centred(ui.painter(), rect, galley);
}

/// The mark of a tone: a check, a cross, an exclamation mark or a dot, in a box of 14 by 14.
///
/// It is drawn, not written, so that no font can lack it. It says nothing to a screen reader: the words beside it do.
pub fn glyph(ui: &mut Ui, tone: Tone) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(GLYPH), Sense::hover());
    paint_glyph(ui, rect.center(), tone);
    response
}

/// Paints a [`glyph`] around `center`.
pub fn paint_glyph(ui: &Ui, center: Pos2, tone: Tone) {
    let color = tone.ink(theme::palette(ui));
    let painter = ui.painter();
    let stroke = Stroke::new(1.8, color);
    let at = |x: f32, y: f32| center + vec2(x, y);
    match tone {
        Tone::Ok => {
            painter.line(vec![at(-3.8, 0.2), at(-1.2, 2.9), at(3.8, -2.9)], stroke);
        }
        Tone::Bad => {
            painter.line_segment([at(-3.0, -3.0), at(3.0, 3.0)], stroke);
            painter.line_segment([at(-3.0, 3.0), at(3.0, -3.0)], stroke);
        }
        Tone::Warn => {
            painter.line_segment([at(0.0, -4.6), at(0.0, 1.2)], Stroke::new(2.0, color));
            painter.circle_filled(at(0.0, 3.9), 1.2, color);
        }
        Tone::Accent => {
            painter.circle_filled(center, 3.0, color);
        }
        Tone::Neutral | Tone::Faint => {
            painter.circle_filled(center, 1.5, color);
        }
    }
}

/// The triangle before what can be folded: down when it is open, right when it is folded.
pub fn paint_wedge(ui: &Ui, center: Pos2, folded: bool) {
    let points =
        if folded { [vec2(-2.0, -4.0), vec2(3.0, 0.0), vec2(-2.0, 4.0)] } else { [vec2(-4.0, -2.0), vec2(4.0, -2.0), vec2(0.0, 3.0)] };
    let shape = egui::Shape::convex_polygon(points.map(|offset| center + offset).to_vec(), theme::palette(ui).faint, Stroke::NONE);
    ui.painter().add(shape);
}

/// A filled dot of 8 px, for a state that words beside it name.
pub fn status_dot(ui: &mut Ui, tone: Tone) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(DOT, GLYPH), Sense::hover());
    let color = tone.ink(theme::palette(ui));
    ui.painter().circle_filled(rect.center(), DOT / 2.0, color);
    response
}

/// What is drawn rather than written, so that no font can lack it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A thin cross.
    Close,
    /// An arrow up.
    Up,
    /// An arrow down.
    Down,
    /// A pin.
    Pin,
    /// A sheet with lines on it.
    Note,
    /// A flag.
    Mark,
    /// A triangle that points up: least first.
    WedgeUp,
    /// A triangle that points down: greatest first.
    WedgeDown,
    /// An angle that points left.
    Left,
    /// An angle that points right.
    Right,
    /// A minus.
    Less,
    /// A plus.
    More,
    /// Three lines upright: columns.
    Columns,
    /// Two speech bubbles, one behind the other.
    Conversation,
}

/// Paints an icon around `center`.
pub fn paint_icon(painter: &Painter, center: Pos2, icon: Icon, color: Color32) {
    let at = |x: f32, y: f32| center + vec2(x, y);
    let stroke = Stroke::new(1.4, color);
    match icon {
        Icon::Close => {
            painter.line_segment([at(-4.0, -4.0), at(4.0, 4.0)], stroke);
            painter.line_segment([at(-4.0, 4.0), at(4.0, -4.0)], stroke);
        }
        Icon::Up => arrow(painter, center, -1.0, stroke),
        Icon::Down => arrow(painter, center, 1.0, stroke),
        Icon::Pin => {
            painter.line_segment([at(-2.0, -4.5), at(2.0, -4.5)], stroke);
            painter.rect_filled(Rect::from_min_max(at(-1.6, -4.5), at(1.6, -0.5)), 0.0, color);
            painter.line_segment([at(-3.8, 0.0), at(3.8, 0.0)], stroke);
            painter.line_segment([at(0.0, 0.0), at(0.0, 5.0)], stroke);
        }
        Icon::Note => {
            painter.rect_stroke(Rect::from_center_size(center, vec2(9.0, 10.0)), 1.0, Stroke::new(1.2, color), StrokeKind::Middle);
            for y in [-2.0, 0.5] {
                painter.line_segment([at(-2.2, y), at(2.2, y)], Stroke::new(1.0, color));
            }
        }
        Icon::Mark => {
            painter.line_segment([at(-3.0, -4.8), at(-3.0, 5.0)], stroke);
            painter.rect_filled(Rect::from_min_max(at(-3.0, -4.5), at(4.0, 0.5)), 0.0, color);
        }
        Icon::WedgeUp => wedge(painter, center, -1.0, color),
        Icon::WedgeDown => wedge(painter, center, 1.0, color),
        Icon::Left => angle(painter, center, -1.0, stroke),
        Icon::Right => angle(painter, center, 1.0, stroke),
        Icon::Less => {
            painter.line_segment([at(-4.0, 0.0), at(4.0, 0.0)], stroke);
        }
        Icon::More => {
            painter.line_segment([at(-4.0, 0.0), at(4.0, 0.0)], stroke);
            painter.line_segment([at(0.0, -4.0), at(0.0, 4.0)], stroke);
        }
        Icon::Conversation => {
            let thin = Stroke::new(1.2, color);
            painter.rect_stroke(Rect::from_min_max(at(-5.5, -5.0), at(2.5, 0.5)), 2.0, thin, StrokeKind::Middle);
            painter.line_segment([at(-3.0, 0.5), at(-3.0, 3.0)], thin);
            painter.line_segment([at(-3.0, 3.0), at(-0.5, 0.5)], thin);
            painter.line(vec![at(4.5, -2.0), at(5.5, -1.5), at(5.5, 3.5), at(0.5, 3.5)], thin);
        }
        Icon::Columns => {
            for x in [-4.0, 0.0, 4.0] {
                painter.line_segment([at(x, -4.0), at(x, 4.0)], stroke);
            }
        }
    }
}

/// A triangle along the vertical; `down` is 1 or -1.
fn wedge(painter: &Painter, center: Pos2, down: f32, color: Color32) {
    let points = [vec2(-3.5, -2.0), vec2(3.5, -2.0), vec2(0.0, 2.5)].map(|offset| center + vec2(offset.x, offset.y * down));
    painter.add(egui::Shape::convex_polygon(points.to_vec(), color, Stroke::NONE));
}

/// An angle along the horizontal; `right` is 1 or -1.
fn angle(painter: &Painter, center: Pos2, right: f32, stroke: Stroke) {
    painter
        .line([vec2(-1.5, -3.5), vec2(2.0, 0.0), vec2(-1.5, 3.5)].map(|offset| center + vec2(offset.x * right, offset.y)).to_vec(), stroke);
}

/// An arrow along the vertical; `down` is 1 or -1.
fn arrow(painter: &Painter, center: Pos2, down: f32, stroke: Stroke) {
    let at = |x: f32, y: f32| center + vec2(x, y * down);
    painter.line_segment([at(0.0, -4.5), at(0.0, 4.5)], stroke);
    painter.line(vec![at(-3.5, 1.0), at(0.0, 4.5), at(3.5, 1.0)], stroke);
}

/// A hairline across the width that is left, taking no more height than itself.
pub fn hline(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme::palette(ui).line);
}

/// One line of text as it will be painted, never wrapped.
pub(super) fn line_of(ui: &Ui, text: &str, font: egui::FontId, color: Color32) -> Arc<Galley> {
    ui.painter().layout_no_wrap(text.to_owned(), font, color)
}

/// How wide a line of text is, in points.
#[must_use]
pub fn width_of(ui: &Ui, text: &str, font: egui::FontId) -> f32 {
    line_of(ui, text, font, Color32::PLACEHOLDER).size().x
}

/// Paints a galley in the middle of `rect`.
pub(super) fn centred(painter: &Painter, rect: Rect, galley: Arc<Galley>) {
    let corner = rect.center() - galley.size() / 2.0;
    painter.galley(pos2(corner.x.round(), corner.y), galley, Color32::PLACEHOLDER);
}

/// The ring of a control that has the keyboard's focus; `outside` keeps it apart from a fill of the same colour.
pub(super) fn focus_ring(painter: &Painter, p: &Palette, rect: Rect, corner: u8, outside: bool) {
    let stroke = Stroke::new(1.5, p.accent);
    if outside {
        painter.rect_stroke(rect.expand(2.0), corner + 2, stroke, StrokeKind::Outside);
    } else {
        painter.rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::text::LayoutJob;
    use eframe::egui::{Context, FontId, TextFormat};

    #[test]
    fn a_ground_is_as_high_as_its_line_whatever_face_is_on_it() {
        let ctx = Context::default();
        let mut tops = Vec::new();
        ctx.run_ui(egui::RawInput::default(), |ui| {
            let ground = |background| TextFormat { background, ..TextFormat::simple(FontId::proportional(13.0), Color32::WHITE) };
            let mut job = LayoutJob::default();
            job.append("plain ", 0.0, ground(Color32::TRANSPARENT));
            job.append("red \u{1f4a5} \u{2190} red", 0.0, ground(Color32::RED));
            let galley = level_grounds(ui.painter().layout_job(job));
            let row = &galley.rows[0].row;
            let corners = row.visuals.glyph_vertex_range.start;
            assert!(corners >= 4);
            tops = row.visuals.mesh.vertices[..corners].iter().map(|corner| corner.pos.y / row.size.y).collect();
        })
        .drop_without_applying_deltas();
        assert!(tops.iter().all(|y| [0.0, 1.0].contains(y)), "{tops:?}");
    }
}
