//! The rows of a comparison: a line on each side, or one below the other. Only those in view are laid out.

use super::CompareFace;
use crate::app::action::Action;
use crate::app::comparing::{CompareAction, Compared, Comparing};
use crate::compare::{self, Change, Counts, Hand, Ink, Line, Manner, RowOf, Title, title};
use crate::ui::body::ink as ink_of_value;
use crate::ui::component::paint_text;
use crate::ui::list::{List, Row};
use crate::ui::texts::comparing as texts;
use crate::ui::theme::{self, Palette, Tone};
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align, Color32, Rect, Stroke, TextFormat, Ui, pos2};

/// Height of a row, in points.
const ROW: f32 = 20.0;

/// How wide a step of the nesting is, in points.
const STEP: f32 = 14.0;

/// Room for the sign before a line, in points; inline there are two.
const SIGN: f32 = 16.0;

/// Before the sign, in points.
const MARGIN: f32 = 12.0;

/// How thick the line is below what differs in a value that is partly the same, in points.
const DIFFERS: f32 = 1.5;

/// How wide the bar is beside the difference that one is at, in points.
const HERE: f32 = 3.0;

/// Draws the rows.
pub fn rows_ui(ui: &mut Ui, comparing: &Comparing, compared: &Compared, face: &mut CompareFace, actions: &mut Vec<Action>) {
    if std::mem::replace(&mut face.followed, comparing.times_gone()) != comparing.times_gone()
        && let Some(rows) = compared.at.and_then(|at| compared.layout.rows_of(at))
    {
        face.state.reveal_amid(u64::from(rows.start));
    }
    let row_at = |row: u64| u32::try_from(row).ok().and_then(|row| compared.row(row));
    let manner = comparing.manner();
    ui.spacing_mut().item_spacing.y = 0.0;
    let list = List::new(texts::COMPARISON, u64::from(compared.layout.len())).row_height(ROW).zebra(false).hover(false).read();
    let output = list.show(
        ui,
        &mut face.state,
        |row| row,
        |row| row_at(row).map(|row| words(&row)).unwrap_or_default(),
        |ui, row| {
            let Some(of) = row_at(row.index) else { return };
            row_ui(ui, row, &of, manner);
            if u32::try_from(row.index).is_ok_and(|at| compared.is_at(at)) {
                ui.painter().rect_filled(row.rect.with_max_x(row.rect.left() + HERE), 0.0, theme::palette(ui).accent);
            }
            row.response.context_menu(|ui| menu_ui(ui, comparing, compared, &of, actions));
        },
    );
    let clicked = output.clicked.and_then(|row| Some((u32::try_from(row).ok()?, row_at(row)?)));
    actions.extend(clicked.map(|(at, row)| {
        Action::Compare(if let RowOf::Fold { unit, .. } = row { CompareAction::Unfold(unit) } else { CompareAction::GoToRow(at) })
    }));
}

/// What can be done with what stands on a row.
fn menu_ui(ui: &mut Ui, comparing: &Comparing, compared: &Compared, row: &RowOf, actions: &mut Vec<Action>) {
    let RowOf::Lines { unit, .. } = row else { return ui.close() };
    for (label, hand) in [(texts::COPY_LEFT, Hand::Left), (texts::COPY_RIGHT, Hand::Right)] {
        if compared.comparison.has(*unit, hand) && ui.button(label).clicked() {
            actions.push(Action::Compare(CompareAction::CopyValue(*unit, hand)));
        }
    }
    let name = compared.comparison.name(*unit).filter(|name| !(comparing.ignores() && comparing.ignored().has(name)));
    if let Some(name) = name
        && ui.button(texts::ignore_name(&crate::wording::shortened(&name, 40))).clicked()
    {
        actions.push(Action::Compare(CompareAction::Ignore(name)));
    }
}

/// The sign before a line, which its colour never stands for alone.
pub fn sign(change: Change) -> char {
    match compare::sign(change) {
        // As wide as the plus.
        '-' => '−',
        sign => sign,
    }
}

/// The colour of a sign.
pub fn ink(palette: &Palette, change: Change) -> Color32 {
    tone(change).ink(palette)
}

/// What a line stands on.
pub fn ground(palette: &Palette, change: Change) -> Color32 {
    if change.is_difference() { tone(change).fill(palette) } else { Color32::TRANSPARENT }
}

fn tone(change: Change) -> Tone {
    match change {
        Change::Same | Change::Rewritten | Change::Ignored => Tone::Faint,
        Change::Changed => Tone::Warn,
        Change::Removed => Tone::Bad,
        Change::Added => Tone::Ok,
    }
}

/// A row in words, for a screen reader or a test.
fn words(row: &RowOf) -> String {
    match row {
        RowOf::Title { title: part, counts, is_empty } => format!("{}: {}", title(*part), texts::part(counts, *is_empty)),
        RowOf::Fold { lines, .. } => texts::folded(*lines),
        RowOf::Lines { change, left, right, .. } => {
            let sides = match (left, right) {
                (Some(left), Some(right)) if left != right => format!("{} → {}", left.text(), right.text()),
                (Some(line), _) | (None, Some(line)) => line.text(),
                (None, None) => String::new(),
            };
            match texts::change(*change) {
                "" => sides,
                word => format!("{word}: {sides}"),
            }
        }
    }
}

fn row_ui(ui: &Ui, row: &Row<'_>, of: &RowOf, manner: Manner) {
    match of {
        RowOf::Title { title, counts, is_empty } => title_ui(ui, row.rect, *title, counts, *is_empty),
        RowOf::Fold { lines, .. } => fold_ui(ui, row, *lines),
        RowOf::Lines { change, left, right, .. } => match manner {
            Manner::Beside => beside_ui(ui, row.rect, *change, [left.as_ref(), right.as_ref()]),
            Manner::Inline => inline_ui(ui, row.rect, *change, (left.as_ref(), right.as_ref())),
        },
    }
}

fn title_ui(ui: &Ui, rect: Rect, part: Title, counts: &Counts, is_empty: bool) {
    let palette = theme::palette(ui);
    ui.painter().rect_filled(rect, 0.0, palette.raised);
    let inner = rect.with_min_x(rect.left() + MARGIN).with_max_x(rect.right() - MARGIN);
    let name = paint_text(ui, inner, Align::LEFT, theme::strong(title(part)).size(theme::MONO_SIZE));
    paint_text(ui, inner.with_min_x(name.right() + MARGIN), Align::RIGHT, theme::small(ui, texts::part(counts, is_empty)));
}

fn fold_ui(ui: &Ui, row: &Row<'_>, lines: u32) {
    let palette = theme::palette(ui);
    let ground = if row.response.hovered() { palette.hover } else { palette.zebra };
    ui.painter().rect_filled(row.rect, 0.0, ground);
    let place = row.rect.with_min_x(row.rect.left() + MARGIN + SIGN);
    let words = theme::small(ui, format!("⋯  {}", texts::folded(lines))).color(palette.accent_text);
    paint_text(ui, place, Align::LEFT, words);
}

fn beside_ui(ui: &Ui, rect: Rect, change: Change, lines: [Option<&Line>; 2]) {
    let palette = theme::palette(ui);
    let middle = rect.center().x.round();
    for (line, place) in lines.into_iter().zip([rect.with_max_x(middle), rect.with_min_x(middle + 1.0)]) {
        match line {
            Some(line) => {
                ui.painter().rect_filled(place, 0.0, ground(palette, change));
                line_ui(ui, place, &sign(change).to_string(), change, line);
            }
            // Nothing is opposite: that is seen at a glance.
            None => drop(ui.painter().rect_filled(place, 0.0, palette.zebra)),
        }
    }
    ui.painter().vline(middle + 0.5, rect.y_range(), (1.0, palette.line));
}

/// One line of a row: what was there, or what is there now.
fn inline_ui(ui: &Ui, rect: Rect, change: Change, (left, right): (Option<&Line>, Option<&Line>)) {
    let palette = theme::palette(ui);
    let (line, side) = match (left, right) {
        (_, Some(right)) => (right, Change::Added),
        (Some(left), None) => (left, Change::Removed),
        (None, None) => return,
    };
    // Of something on both sides, each half says which side it is of.
    let is_half = left.is_none() != right.is_none() && !matches!(change, Change::Removed | Change::Added);
    let signs = if is_half { format!("{} {}", sign(change), sign(side)) } else { format!("  {}", sign(change)) };
    let of = if change == Change::Changed { side } else { change };
    ui.painter().rect_filled(rect, 0.0, ground(palette, of));
    line_ui(ui, rect, &signs, change, line);
}

fn line_ui(ui: &Ui, place: Rect, signs: &str, change: Change, line: &Line) {
    let palette = theme::palette(ui);
    let mono = |ink| TextFormat::simple(theme::mono_font(), ink);
    let signs = ui.painter().layout_job(LayoutJob::single_section(signs.to_owned(), mono(ink(palette, change))));
    let width = signs.size().x;
    let top = |height: f32| place.center().y - height / 2.0;
    ui.painter().galley(pos2(place.left() + MARGIN, top(signs.size().y)), signs, palette.text);
    #[expect(clippy::cast_precision_loss, reason = "what is nested deeper than a screen is wide is not seen")]
    let left = place.left() + MARGIN + width.max(SIGN - 6.0) + 6.0 + STEP * (line.depth.min(64) as f32);
    let mut job = LayoutJob::default();
    for piece in &line.pieces {
        let is_pale = change == Change::Ignored;
        let ink = if is_pale { palette.faint } else { ink_of(palette, piece.ink) };
        let underline = if piece.differs { Stroke::new(DIFFERS, palette.warn) } else { Stroke::NONE };
        job.append(&piece.text, 0.0, TextFormat { underline, ..theme::code_format(ink) });
    }
    job.wrap = TextWrapping::truncate_at_width((place.right() - 4.0 - left).max(0.0));
    let galley = ui.painter().layout_job(job);
    ui.painter().with_clip_rect(place.intersect(ui.clip_rect())).galley(pos2(left, top(galley.size().y)), galley, palette.text);
}

fn ink_of(palette: &Palette, ink: Ink) -> Color32 {
    match ink {
        Ink::Key => palette.key,
        Ink::Value(kind) => ink_of_value(palette, kind),
        Ink::Plain => palette.text,
        Ink::Mark => palette.dim,
    }
}
