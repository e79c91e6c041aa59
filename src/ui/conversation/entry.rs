//! One entry: laid out, then painted.

use crate::conversation::{Entry, Kind, Note, Said, Weight};
use crate::ui::component::paint_glyph;
use crate::ui::texts::conversation as texts;
use crate::ui::theme::{self, Palette, Tone};
use eframe::egui::epaint::TextShape;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Color32, CornerRadius, CursorIcon, FontId, Galley, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// Between the edges and what stands between them, in points.
const SIDE: f32 = 16.0;

/// Above and below an entry, and between its parts, in points.
const ABOVE: f32 = 5.0;
const BETWEEN: f32 = 3.0;

/// What a message has around its text, in points.
const PADDING: Vec2 = vec2(10.0, 6.0);

/// How much of the width a message takes at most, and how wide it gets at least and at most, in points.
const SHARE: f32 = 0.8;
const NARROWEST: f32 = 80.0;
const WIDEST: f32 = 560.0;

/// Room for the glyph of a bad callback, in points.
const GLYPH: f32 = 20.0;

/// An entry as it will be painted.
pub(super) struct Laid {
    head: Option<Arc<Galley>>,
    body: Arc<Galley>,
    /// The notes below it, by their places among all.
    notes: Vec<(usize, Arc<Galley>)>,
    stands: Stands,
    /// All of it, in points.
    pub height: f32,
}

/// How an entry stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    Left,
    Right,
    Amid,
    /// Amid, with a line on either side.
    Divides,
    /// Amid, on a ground of its own.
    Warns,
}

/// Lays an entry out.
pub(super) fn lay(ui: &Ui, entry: &Entry, width: f32) -> Laid {
    let p = theme::palette(ui);
    let most = ((width - 2.0 * SIDE) * SHARE).clamp(NARROWEST, WIDEST);
    let small = |text: &str, ink: Color32| wrapped(ui, &[(text, format(theme::SMALL_SIZE, ink))], most);
    let (head, body, stands) = match &entry.kind {
        Kind::Message { sender, ink, is_right, topic, said, is_struck } => {
            let head = head(ui, p, (sender, *ink), topic.as_deref(), &when(entry), most);
            let body = ui.painter().layout_job(said_in(p, said, *is_struck, most - 2.0 * PADDING.x));
            (Some(head), body, if *is_right { Stands::Right } else { Stands::Left })
        }
        Kind::Event(words) => {
            let time = format!("{}  ", entry.time);
            let parts = [(time.as_str(), format(theme::SMALL_SIZE, p.faint)), (words.as_str(), format(theme::SMALL_SIZE, p.dim))];
            (None, wrapped(ui, &parts, most), Stands::Amid)
        }
        Kind::Day(words) => (None, small(words, p.dim), Stands::Divides),
        Kind::Silence(words) => (None, small(words, p.faint), Stands::Amid),
        Kind::Gap(words) => (None, small(words, p.warn), Stands::Warns),
    };
    let below = entry.notes.iter().enumerate().filter(|(_, note)| head.is_none() || !is_beside(note));
    let notes: Vec<(usize, Arc<Galley>)> = below.map(|(at, note)| (at, small(&note.text, ink_of(p, note)))).collect();
    let padding = padding(stands);
    let head_height = head.as_ref().map_or(0.0, |head| head.size().y + BETWEEN);
    let notes_height: f32 = notes.iter().map(|(_, note)| note.size().y + BETWEEN).sum();
    let height = (2.0 * ABOVE + head_height + body.size().y + 2.0 * padding.y + notes_height).ceil();
    Laid { head, body, notes, stands, height }
}

fn padding(stands: Stands) -> Vec2 {
    match stands {
        Stands::Left | Stands::Right => PADDING,
        Stands::Amid => Vec2::ZERO,
        Stands::Divides => vec2(12.0, 6.0),
        Stands::Warns => vec2(10.0, 4.0),
    }
}

/// Paints an entry. Returns the note that was clicked, and that leads somewhere.
pub(super) fn paint(ui: &mut Ui, rect: Rect, entry: &Entry, laid: Laid) -> Option<i64> {
    let p = theme::palette(ui);
    let Laid { head, body, notes, stands, .. } = laid;
    let padding = padding(stands);
    let mut y = rect.top() + ABOVE;
    let bad = if entry.is_bad { GLYPH } else { 0.0 };
    let place = |y: f32, size: Vec2| match stands {
        Stands::Left => pos2(rect.left() + SIDE, y),
        Stands::Right => pos2(rect.right() - SIDE - size.x, y),
        Stands::Amid | Stands::Divides | Stands::Warns => pos2((rect.center().x - size.x / 2.0).round(), y),
    };
    if let Some(head) = head {
        let size = head.size();
        let at = place(y, size + vec2(bad, 0.0));
        bad_ui(ui, entry, pos2(at.x, y + size.y / 2.0));
        ui.painter().galley(at + vec2(bad, 0.0), head, p.text);
        y += size.y + BETWEEN;
    }
    let size = body.size() + 2.0 * padding;
    let at = place(y, size);
    let ground = Rect::from_min_size(at, size);
    ground_ui(ui, p, rect, ground, stands);
    if matches!(stands, Stands::Amid) {
        bad_ui(ui, entry, pos2(at.x - GLYPH, y + size.y / 2.0));
    }
    ui.painter().galley(at + padding, body, p.text);
    y += size.y;
    let mut leads_to = None;
    for (at, galley) in notes {
        let note = &entry.notes[at];
        y += BETWEEN;
        let size = galley.size();
        if note_ui(ui, (entry.id, at), note, place(y, size), galley) {
            leads_to = note.leads_to;
        }
        y += size.y;
    }
    leads_to
}

fn ground_ui(ui: &Ui, p: &Palette, row: Rect, ground: Rect, stands: Stands) {
    let corner = CornerRadius::same(8);
    let (fill, line) = match stands {
        Stands::Left => (p.raised, p.line),
        Stands::Right => (p.accent_fill, p.accent_fill),
        Stands::Warns => (p.warn_fill, p.warn_fill),
        Stands::Amid => return,
        Stands::Divides => {
            let y = ground.center().y.round();
            for (from, to) in [(row.left() + SIDE, ground.left()), (ground.right(), row.right() - SIDE)] {
                ui.painter().rect_filled(Rect::from_min_max(pos2(from, y), pos2(to.max(from), y + 1.0)), 0.0, p.line);
            }
            return;
        }
    };
    ui.painter().rect(ground, corner, fill, Stroke::new(1.0, line), StrokeKind::Inside);
}

fn bad_ui(ui: &mut Ui, entry: &Entry, left: Pos2) {
    if entry.is_bad {
        let place = Rect::from_center_size(left + vec2(7.0, 0.0), Vec2::splat(14.0));
        paint_glyph(ui, place.center(), Tone::Bad);
        ui.interact(place, ui.scope_id().with(("bad", entry.id)), Sense::hover()).on_hover_text(texts::BAD_CALLBACK);
    }
}

/// A note; one that leads somewhere is underlined under the pointer.
fn note_ui(ui: &mut Ui, id: (i64, usize), note: &Note, at: Pos2, galley: Arc<Galley>) -> bool {
    let p = theme::palette(ui);
    if note.leads_to.is_none() {
        ui.painter().galley(at, galley, p.dim);
        return false;
    }
    let response = ui.interact(Rect::from_min_size(at, galley.size()), ui.scope_id().with(("note", id)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Link, ui.is_enabled(), &note.text));
    let ink = ink_of(p, note);
    let underline = if response.hovered() { Stroke::new(1.0, ink) } else { Stroke::NONE };
    ui.painter().add(TextShape::new(at, galley, ink).with_underline(underline));
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}

fn ink_of(p: &Palette, note: &Note) -> Color32 {
    match (note.weight, note.leads_to) {
        (Weight::Bad, _) => p.bad,
        (Weight::Look, _) => p.warn,
        (Weight::Quiet, Some(_)) => p.accent_text,
        (Weight::Quiet, None) => p.dim,
    }
}

/// Whether a note stands beside the time: what is as usual takes no line of its own.
fn is_beside(note: &Note) -> bool {
    note.weight == Weight::Quiet && note.leads_to.is_none()
}

/// The time, and what was as usual.
fn when(entry: &Entry) -> String {
    let beside = entry.notes.iter().filter(|note| is_beside(note)).map(|note| note.text.as_str());
    [entry.time.as_str()].into_iter().chain(beside).collect::<Vec<_>>().join(" · ")
}

/// Who, in which topic, and when.
fn head(ui: &Ui, p: &Palette, (sender, ink): (&str, usize), topic: Option<&str>, when: &str, most: f32) -> Arc<Galley> {
    let name = TextFormat::simple(theme::strong_font(theme::BODY_SIZE), p.names[ink % p.names.len()]);
    let topic = topic.map(|topic| format!("  in {topic}")).unwrap_or_default();
    let quiet = |ink| format(theme::SMALL_SIZE, ink);
    let when = format!("   {when}");
    wrapped(ui, &[(sender, name), (&topic, quiet(p.dim)), (&when, quiet(p.faint))], most)
}

/// What a message says: its texts as they are, everything else quieter.
fn said_in(p: &Palette, said: &[Said], is_struck: bool, width: f32) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    for (at, part) in said.iter().enumerate() {
        let ink = if part.is_text && !is_struck { p.text } else { p.dim };
        let strikethrough = if is_struck { Stroke::new(1.0, p.dim) } else { Stroke::NONE };
        let format = TextFormat { strikethrough, ..format(theme::BODY_SIZE, ink) };
        job.append(if at > 0 { "\n" } else { "" }, 0.0, format.clone());
        job.append(&part.text, 0.0, format);
    }
    job
}

fn format(size: f32, ink: Color32) -> TextFormat {
    TextFormat::simple(FontId::proportional(size), ink)
}

fn wrapped(ui: &Ui, parts: &[(&str, TextFormat)], width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    for (text, format) in parts {
        job.append(text, 0.0, format.clone());
    }
    ui.painter().layout_job(job)
}
