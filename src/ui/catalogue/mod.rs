//! The catalogue: every documented command, and everything that is documented of one. It stands in front of the
//! exchanges, which stay as they were behind it.

mod sheet;
mod table;

use super::actions::{Meaning, hint};
use super::component::{Field, Icon, Split, bar, button, empty_state, icon_button, paint_chip, paint_text, segmented};
use super::list::{List, ListState};
use super::theme::{self, Tone};
use super::{is_narrow, texts};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::catalogue::{CatalogueAction, CataloguePage};
use crate::protocol::catalogue::{self, Command, Product, Timing};
use crate::protocol::search::{Hit, Place};
use crate::wording;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, CentralPanel, FontId, Frame, Key, Layout, Modifiers, Panel, Rangef, Rect, TextFormat, Ui, pos2, vec2};
use sheet::{Cards, sheet_ui};

/// How much of the width the list takes.
const SHARE: f32 = 0.36;

/// Height of a command's two lines, in points.
const ROW: f32 = 48.0;

/// Room for the list's scroll bar, whether it is there or not.
const SCROLL_BAR: f32 = 12.0;

/// Width of the column that a chip of the list stands in, and of the gap before it, in points.
const CHIP: f32 = 52.0;
const GAP: f32 = 8.0;

/// Where the list is scrolled to, and how high the cards of the sheet are.
pub struct CatalogueFace {
    split: Split,
    state: ListState,
    cards: Cards,
    selected: Option<usize>,
    page: u64,
    searches_asked: u64,
}

impl Default for CatalogueFace {
    fn default() -> Self {
        let (state, cards) = (ListState::default(), Cards::default());
        Self { split: Split::new(SHARE), state, cards, selected: None, page: 0, searches_asked: 0 }
    }
}

impl CatalogueFace {
    /// How many commands fit on the screen.
    pub fn page(&self) -> u64 {
        self.page
    }

    /// Brings a newly chosen command into view.
    fn follow(&mut self, page: &CataloguePage) {
        let position = page.position();
        if position != self.selected {
            self.selected = position;
            if let Some(line) = position {
                self.state.reveal(line as u64);
            }
        }
    }
}

/// Draws the page.
pub fn catalogue_ui(ui: &mut Ui, model: &Model, face: &mut CatalogueFace, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let page = &model.catalogue;
    Panel::top("catalogue bar").frame(Frame::new().fill(palette.panel)).show_separator_line(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        bars_ui(ui, page, face, actions);
    });
    let width = ui.available_width();
    if page.hits().is_empty() {
        CentralPanel::default().frame(Frame::new().fill(palette.bg)).show(ui, |ui| {
            empty_state(ui, texts::NOTHING_FOUND, texts::NOTHING_FOUND_WHY, |ui| {
                if button(ui, texts::CLEAR_SEARCH).clicked() {
                    actions.push(Action::Catalogue(CatalogueAction::ClearSearch));
                }
            });
        });
        return;
    }
    let mut split = std::mem::replace(&mut face.split, Split::new(SHARE));
    split.left(ui, "commands", Rangef::new(300.0, (width * 0.42).max(300.0)), |ui| list_ui(ui, page, face, actions));
    face.split = split;
    CentralPanel::default().frame(Frame::new().fill(palette.bg)).show(ui, |ui| {
        if let Some(sheet) = page.sheet() {
            sheet_ui(ui, sheet, &mut face.cards);
        }
    });
}

// What is searched

fn bars_ui(ui: &mut Ui, page: &CataloguePage, face: &mut CatalogueFace, actions: &mut Vec<Action>) {
    let narrow = is_narrow(ui);
    bar(ui, theme::RESPONSE_BAR, |ui| {
        ui.label(theme::strong(texts::CATALOGUE));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let close = icon_button(ui, Icon::Close, texts::BACK_TO_EXCHANGES);
            if close.on_hover_text(hint(ui, texts::BACK_TO_EXCHANGES, Meaning::Back)).clicked() {
                actions.push(Action::Catalogue(CatalogueAction::Close));
            }
            ui.label(theme::small(ui, texts::commands_found(page.hits().len(), catalogue::get().commands.len())));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let room = ui.available_width();
                search_ui(ui, page, face, if narrow { room } else { (room - FILTERS).clamp(160.0, 400.0) }, actions);
                if !narrow {
                    filters_ui(ui, page, actions);
                }
            });
        });
    });
    if narrow {
        bar(ui, theme::RESPONSE_BAR, |ui| filters_ui(ui, page, actions));
    }
}

/// About how wide both filters are with their gaps, in points.
const FILTERS: f32 = 580.0;

fn search_ui(ui: &mut Ui, page: &CataloguePage, face: &mut CatalogueFace, width: f32, actions: &mut Vec<Action>) {
    let mut words = page.query().words.clone();
    let hint_text = hint(ui, texts::SEARCH_HINT, Meaning::Search);
    let field = ui.add(Field::new(texts::SEARCH, &mut words).hint(&hint_text).width(width));
    if page.searches_asked() != face.searches_asked {
        face.searches_asked = page.searches_asked();
        field.request_focus();
    }
    if field.lost_focus() {
        // Back to the list, which the keys move through; the next one leaves the page.
        ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    }
    if words != page.query().words {
        actions.push(Action::Catalogue(CatalogueAction::Search(words)));
    }
}

fn filters_ui(ui: &mut Ui, page: &CataloguePage, actions: &mut Vec<Action>) {
    let tone = Tone::Accent;
    let products = Product::ALL.map(|product| (wording::product(product), tone));
    let options: Vec<(&str, Tone)> = std::iter::once((texts::ALL_PRODUCTS, tone)).chain(products).collect();
    let chosen = page.query().product.and_then(|product| Product::ALL.iter().position(|one| *one == product));
    if let Some(clicked) = segmented(ui, "product", &options, chosen.map_or(0, |at| at + 1)) {
        let product = clicked.checked_sub(1).map(|at| Product::ALL[at]);
        actions.push(Action::Catalogue(CatalogueAction::ShowProduct(product)));
    }
    let options = [(texts::BOTH_TIMINGS, tone), (texts::BEFORE_EVENT, tone), (texts::AFTER_EVENT, tone)];
    let timings = [None, Some(Timing::Before), Some(Timing::After)];
    let chosen = timings.iter().position(|timing| *timing == page.query().timing).unwrap_or(0);
    if let Some(clicked) = segmented(ui, "timing", &options, chosen) {
        actions.push(Action::Catalogue(CatalogueAction::ShowTiming(timings[clicked])));
    }
}

// What was found

fn list_ui(ui: &mut Ui, page: &CataloguePage, face: &mut CatalogueFace, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    face.follow(page);
    let right = ui.available_rect_before_wrap().right() - SCROLL_BAR;
    let hit_at = |line: u64| usize::try_from(line).ok().and_then(|line| page.hits().get(line));
    let key = |line| hit_at(line).map_or(0, |hit| hit.command as u64);
    let label = |line| hit_at(line).map_or_else(String::new, in_words);
    let list = List::new(texts::COMMANDS, page.hits().len() as u64).row_height(ROW).selected(page.position().map(|line| line as u64));
    let output = list.show(ui, &mut face.state, key, label, |ui, row| {
        if let Some(hit) = hit_at(row.index) {
            row_ui(ui, row.rect.with_max_x(right), hit);
        }
    });
    face.page = output.page;
    if let Some(hit) = output.clicked.and_then(hit_at) {
        actions.push(Action::Catalogue(CatalogueAction::Select(hit.command)));
    }
}

fn command_of(hit: &Hit) -> &'static Command {
    &catalogue::get().commands[hit.command]
}

/// The row for a screen reader, or a test.
fn in_words(hit: &Hit) -> String {
    let command = command_of(hit);
    let words = [command.name.as_str(), &command.title, wording::product(command.product), command.timing.word()];
    let found = found_in(hit).map(|found| format!(", {found}")).unwrap_or_default();
    format!("{}{found}", words.join(", "))
}

fn found_in(hit: &Hit) -> Option<String> {
    match hit.place {
        Place::Field(path) => Some(texts::in_field(path)),
        Place::Name | Place::Title | Place::Text => None,
    }
}

fn row_ui(ui: &Ui, rect: Rect, hit: &Hit) {
    let command = command_of(hit);
    let inside = rect.shrink2(vec2(16.0, 0.0));
    let half = inside.center().y;
    let (above, below) =
        (inside.with_min_y(rect.top() + 4.0).with_max_y(half + 1.0), inside.with_min_y(half + 1.0).with_max_y(rect.bottom() - 4.0));
    paint_text(ui, above, Align::Min, name_job(ui, &command.name));
    let timing_left = below.right() - CHIP;
    let product_left = timing_left - CHIP;
    let tone = if command.timing == Timing::Before { Tone::Neutral } else { Tone::Faint };
    paint_chip(ui, pos2(timing_left, below.center().y), CHIP, command.timing.word(), tone);
    paint_chip(ui, pos2(product_left, below.center().y), CHIP, wording::product(command.product), Tone::Neutral);
    paint_text(ui, below.with_max_x(product_left - GAP), Align::Min, title_job(ui, command, found_in(hit)));
}

/// The name as in the list of exchanges: the family stands back.
pub(super) fn name_job(ui: &Ui, name: &str) -> LayoutJob {
    let palette = theme::palette(ui);
    let (family, rest) = name.split_once('.').map_or(("", name), |(family, _)| name.split_at(family.len() + 1));
    let mut job = LayoutJob::default();
    let format = |color| TextFormat { font_id: FontId::proportional(theme::BODY_SIZE), color, ..TextFormat::default() };
    job.append(family, 0.0, format(palette.dim));
    job.append(rest, 0.0, format(palette.text));
    job
}

fn title_job(ui: &Ui, command: &Command, found: Option<String>) -> LayoutJob {
    let palette = theme::palette(ui);
    let mut job = LayoutJob::default();
    let format = |font_id, color| TextFormat { font_id, color, ..TextFormat::default() };
    // Where it was found comes first: the title may be cut.
    if let Some(found) = found {
        job.append(&format!("{found}  "), 0.0, format(FontId::proportional(theme::SMALL_SIZE), palette.accent_text));
    }
    job.append(&command.title, 0.0, format(FontId::proportional(theme::SMALL_SIZE), palette.dim));
    job
}
