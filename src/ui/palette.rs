//! The palette over the window: what is typed, and the actions that are found, each with its shortcut.

use super::actions::{Meaning, all_keys, shortcut};
use super::component::{Dialog, Field, hline, paint_text};
use super::composing::{is_composing, swallow_keys};
use super::list::{List, ListState};
use super::texts::palette as texts;
use super::theme::{self, Palette as Colours};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::palette::{Entry, Found, Palette, PaletteAction};
use eframe::egui::accesskit::Live;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, FontId, Frame, Id, InputState, Key, Layout, Margin, Modifiers, Rect, Sense, TextFormat, Ui, UiBuilder, vec2};
use jiff::tz::TimeZone;

/// Its width, and how much of it a label has at most, in points.
const WIDTH: f32 = 680.0;
const LABEL: f32 = 0.62;

/// How many actions are in view at most.
const IN_VIEW: usize = 14;

/// Between a row's edge and its words, which begin where what is typed does, and between these, in points.
const INSIDE: f32 = 18.0;
const GAP: f32 = 12.0;

/// Room for the list's scroll bar, whether it is there or not, in points.
const SCROLL_BAR: f32 = 12.0;

/// Above the first row and below the last, in points.
const AROUND: f32 = 4.0;

/// What the palette remembers between two frames.
#[derive(Default)]
pub struct PaletteFace {
    /// How often it was opened, as far as that was followed.
    times_opened: u64,
    state: ListState,
    /// The chosen one that was brought into view.
    chosen: Option<usize>,
    /// How many actions a page has.
    page: u64,
    /// What means something by a key, and how that is written.
    shortcuts: Vec<(Meaning, String)>,
    /// What stands in the field while an input method composes: it is typed only once that is over.
    composed: Option<String>,
}

/// Draws it.
pub fn palette_ui(ui: &mut Ui, model: &Model, face: &mut PaletteFace, now_millis: i64, actions: &mut Vec<Action>) {
    let palette = &model.palette;
    if face.times_opened != palette.times_opened() {
        let shortcuts = all_keys().filter_map(|(.., meaning)| Some((meaning, shortcut(ui.ctx(), meaning)?))).collect();
        *face = PaletteFace { times_opened: palette.times_opened(), shortcuts, ..PaletteFace::default() };
    }
    let was_composing = face.composed.is_some();
    let is_composing = is_composing(ui, was_composing);
    let keys = if was_composing || is_composing {
        swallow_keys(ui);
        Keys::default()
    } else {
        ui.input_mut(|input| Keys::take(input, i64::try_from(face.page.max(1)).unwrap_or(1)))
    };
    let mut at = None;
    let closed = Dialog::new(texts::ACTIONS).width(WIDTH).untitled().show(
        ui.ctx(),
        |_| {},
        |ui| {
            let field = field_ui(ui, palette, face, is_composing, actions);
            hline(ui);
            at = found_ui(ui, field, palette, face);
        },
    );
    actions.extend(keys.steps.map(|steps| Action::Palette(PaletteAction::ChooseBy(steps))));
    if at.is_some() || keys.enter {
        actions.push(Action::Palette(PaletteAction::Do { at, now_millis, zone: TimeZone::system() }));
    } else if closed || keys.again {
        actions.push(Action::CloseDialog);
    }
}

/// What was pressed, taken before the field sees it.
#[derive(Default)]
struct Keys {
    /// By how many one goes down; up is negative.
    steps: Option<i64>,
    enter: bool,
    /// The key that opened it.
    again: bool,
}

impl Keys {
    fn take(input: &mut InputState, page: i64) -> Self {
        let ways = [
            (Modifiers::SHIFT, Key::Tab, -1),
            (Modifiers::NONE, Key::Tab, 1),
            (Modifiers::NONE, Key::ArrowDown, 1),
            (Modifiers::NONE, Key::ArrowUp, -1),
            (Modifiers::NONE, Key::PageDown, page),
            (Modifiers::NONE, Key::PageUp, -page),
            (Modifiers::NONE, Key::Home, i64::MIN),
            (Modifiers::NONE, Key::End, i64::MAX),
        ];
        let pressed = ways.map(|(modifiers, key, steps)| {
            let times = input.count_and_consume_key(modifiers, key);
            (times > 0).then(|| steps.saturating_mul(i64::try_from(times).unwrap_or(1)))
        });
        let steps = pressed.into_iter().flatten().reduce(i64::saturating_add);
        let enter = input.consume_key(Modifiers::NONE, Key::Enter);
        Self { steps, enter, again: input.consume_key(Modifiers::COMMAND, Key::K) }
    }
}

fn field_ui(ui: &mut Ui, palette: &Palette, face: &mut PaletteFace, is_composing: bool, actions: &mut Vec<Action>) -> Id {
    let mut text = face.composed.take().unwrap_or_else(|| palette.text().to_owned());
    let shown = Frame::new().inner_margin(Margin::same(8)).show(ui, |ui| {
        let field = ui.add(Field::new(texts::FIND_ACTION, &mut text).hint(texts::FIND_ACTION_HINT));
        if !field.has_focus() {
            // There is nothing else here to have it.
            field.request_focus();
        }
        field.id
    });
    if is_composing {
        face.composed = Some(text);
    } else if text != palette.text() {
        actions.push(Action::Palette(PaletteAction::Type(text)));
    }
    shown.inner
}

/// Draws what was found below the field. Says which was clicked.
fn found_ui(ui: &mut Ui, field: Id, palette: &Palette, face: &mut PaletteFace) -> Option<usize> {
    let found = palette.found().len();
    let rows = found.clamp(1, IN_VIEW);
    #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
    let height = (rows as f32 * theme::ROW).min(ui.available_height() - 2.0 * AROUND);
    let (all, _) = ui.allocate_exact_size(vec2(ui.available_width(), height + 2.0 * AROUND), Sense::hover());
    let all = all.shrink2(vec2(0.0, AROUND));
    let right = all.right() - SCROLL_BAR - GAP;
    if found == 0 {
        let place = UiBuilder::new().max_rect(all.with_min_x(all.left() + INSIDE)).layout(Layout::left_to_right(Align::Center));
        let said = ui.new_child(place).label(theme::dim(ui, texts::NOTHING_LIKE_IT));
        ui.accesskit_node_builder(said.id, |node| node.set_live(Live::Polite));
        return None;
    }
    if std::mem::replace(&mut face.chosen, palette.chosen()) != palette.chosen() {
        palette.chosen().into_iter().for_each(|at| face.state.reveal(at as u64));
    }
    let at = |row: u64| usize::try_from(row).ok().and_then(|at| palette.entry_at(at));
    let shortcuts = &face.shortcuts;
    let list = List::new(texts::ACTIONS, found as u64).zebra(false).selected(palette.chosen().map(|at| at as u64));
    let output = list.show(
        &mut ui.new_child(UiBuilder::new().max_rect(all)),
        &mut face.state,
        |row| row,
        |row| at(row).map_or_else(String::new, |(entry, _)| in_words(entry, shortcut_of(shortcuts, entry))),
        |ui, row| {
            if let Some((entry, found)) = at(row.index) {
                row_ui(ui, row.rect.with_min_x(row.rect.left() + INSIDE).with_max_x(right), entry, found, shortcut_of(shortcuts, entry));
            }
        },
    );
    face.page = output.page;
    if let Some(chosen) = output.selected {
        // One goes on typing, and is told what Enter would do.
        ui.accesskit_node_builder(field, |node| node.set_active_descendant(chosen.accesskit_id()));
    }
    output.clicked.and_then(|row| usize::try_from(row).ok())
}

fn shortcut_of<'a>(shortcuts: &'a [(Meaning, String)], entry: &Entry) -> &'a str {
    shortcuts.iter().find(|(meaning, _)| Some(*meaning) == entry.meaning).map_or("", |(_, shortcut)| shortcut)
}

/// For a screen reader, or a test.
fn in_words(entry: &Entry, shortcut: &str) -> String {
    let words = [entry.label.as_str(), &entry.about, shortcut];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The label with what was found of it, what it acts on, and the shortcut at the right end.
fn row_ui(ui: &Ui, rect: Rect, entry: &Entry, found: &Found, shortcut: &str) {
    let mut right = rect.right();
    if !shortcut.is_empty() {
        right = paint_text(ui, rect, Align::RIGHT, theme::small(ui, shortcut)).left() - GAP;
    }
    let room = rect.with_max_x(right);
    // A long label is cut before what it acts on is.
    let most = if entry.about.is_empty() { room.width() } else { room.width() * LABEL };
    let label = paint_text(ui, room.with_max_x(room.left() + most), Align::LEFT, label_of(theme::palette(ui), entry, found));
    let left = label.right() + GAP;
    if !entry.about.is_empty() && left < right {
        paint_text(ui, room.with_min_x(left), Align::LEFT, theme::small(ui, &entry.about));
    }
}

fn label_of(colours: &Colours, entry: &Entry, found: &Found) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    let letters: Vec<(usize, char)> = entry.label.chars().enumerate().collect();
    let is_found = |at: usize| found.letters.binary_search(&at).is_ok();
    for run in letters.chunk_by(|one, next| is_found(one.0) == is_found(next.0)) {
        let ink = if is_found(run[0].0) { colours.accent_text } else { colours.text };
        let text: String = run.iter().map(|(_, letter)| letter).collect();
        job.append(&text, 0.0, TextFormat::simple(FontId::proportional(theme::BODY_SIZE), ink));
    }
    job
}
