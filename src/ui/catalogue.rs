//! The catalogue: every documented command, and everything that is documented of one. It stands in front of the
//! exchanges, which stay as they were behind it.

use super::actions::{Meaning, hint};
use super::code::json_job;
use super::component::{
    Field, Icon, Split, bar, button, card, card_with, chip, empty_state, hline, icon_button, link, paint_chip, paint_text, quiet_button,
    scrolled, segmented,
};
use super::list::{List, ListState};
use super::theme::{self, Tone};
use super::{is_narrow, texts};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::catalogue::{CatalogueAction, CataloguePage, Sheet};
use crate::protocol::catalogue::{self, Command, Field as Documented, Product, Timing};
use crate::protocol::search::{Hit, Place};
use crate::wording;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Align, CentralPanel, FontId, Frame, Key, Label, Layout, Margin, Modifiers, OpenUrl, Panel, Rangef, Rect, Sense, TextFormat, Ui,
    UiBuilder, pos2, vec2,
};

/// How much of the width the list takes.
const SHARE: f32 = 0.36;

/// Height of a command's two lines, in points.
const ROW: f32 = 48.0;

/// Room for the list's scroll bar, whether it is there or not.
const SCROLL_BAR: f32 = 12.0;

/// Width of the column that a chip of the list stands in, and of the gap before it, in points.
const CHIP: f32 = 52.0;
const GAP: f32 = 8.0;

/// About how wide both chips of the heading are with their gaps, in points.
const CHIPS: f32 = 128.0;

/// Air above and below a table's line, in points.
const AIR: f32 = 4.0;

/// Height that a cell may take while it is drawn, in points: more than any text of the catalogue needs.
const UNBOUNDED: f32 = 10_000.0;

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

/// Cards below each other, of which only those in view are laid out once all were measured.
#[derive(Default)]
struct Cards {
    sheet: usize,
    width: f32,
    heights: Vec<f32>,
    next: usize,
}

impl Cards {
    /// Begins with the first card, and forgets what was measured of another sheet, or at another width.
    fn begin(&mut self, sheet: usize, width: f32) {
        if self.sheet != sheet || (self.width - width).abs() > 0.5 {
            *self = Self { sheet, width, ..Self::default() };
        }
        self.next = 0;
    }

    /// The next card.
    fn card(&mut self, ui: &mut Ui, draw: impl FnOnce(&mut Ui)) {
        let (at, top, clip) = (self.next, ui.cursor().top(), ui.clip_rect());
        self.next += 1;
        let known = self.heights.get(at).copied();
        if let Some(height) = known.filter(|height| top > clip.bottom() || top + height < clip.top()) {
            ui.allocate_space(vec2(ui.available_width(), height));
            return;
        }
        let height = ui.push_id(at, draw).response.rect.height();
        match self.heights.get_mut(at) {
            Some(known) => *known = height,
            None => self.heights.push(height),
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
fn name_job(ui: &Ui, name: &str) -> LayoutJob {
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

// The chosen one

fn sheet_ui(ui: &mut Ui, sheet: &Sheet, cards: &mut Cards) {
    let command = sheet.command;
    ui.spacing_mut().item_spacing.y = 0.0;
    head_ui(ui, command);
    scrolled(ui, ("catalogue", sheet.index), Margin { left: 20, right: 20, top: 12, bottom: 16 }, |ui| {
        ui.spacing_mut().item_spacing.y = 12.0;
        cards.begin(sheet.index, ui.available_width());
        cards.card(ui, |ui| overview_ui(ui, command));
        cards.card(ui, |ui| responses_ui(ui, command));
        cards.card(ui, |ui| fields_card_ui(ui, texts::REQUEST_FIELDS, &command.fields));
        for (name, fields) in command.elements() {
            cards.card(ui, |ui| fields_card_ui(ui, &texts::content_of(name), fields));
        }
        let last = sheet.requests.len();
        for (at, request) in sheet.requests.iter().enumerate() {
            let title = if last == 1 { texts::SAMPLE_REQUEST.to_owned() } else { texts::sample_request(at + 1) };
            cards.card(ui, |ui| sample_ui(ui, &title, request, texts::COPY_SAMPLE_REQUEST));
        }
        cards.card(ui, |ui| sample_ui(ui, texts::SAMPLE_RESPONSE, &sheet.response, texts::COPY_SAMPLE_RESPONSE));
    });
}

fn head_ui(ui: &mut Ui, command: &Command) {
    let kind = [wording::product(command.product), command.timing.word()];
    let narrow = is_narrow(ui);
    Frame::new().fill(theme::palette(ui).panel).show(ui, |ui| {
        Frame::new().inner_margin(Margin { left: 20, right: 20, top: 12, bottom: 8 }).show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.set_height(theme::CONTROL);
                let room = ui.available_width() - if narrow { 0.0 } else { CHIPS };
                ui.scope(|ui| {
                    ui.set_max_width(room);
                    ui.add(Label::new(theme::heading(command.name.as_str())).truncate());
                });
                for word in kind.into_iter().filter(|_| !narrow) {
                    chip(ui, word, Tone::Neutral);
                }
            });
            // Where there is no room for chips, their words stand here.
            let words = std::iter::once(command.title.as_str()).chain(kind.into_iter().filter(|_| narrow));
            let words = words.collect::<Vec<_>>().join(" · ");
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if quiet_button(ui, texts::COPY_NAME).clicked() {
                        ui.ctx().copy_text(command.name.clone());
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| ui.add(Label::new(theme::dim(ui, words)).truncate()));
                });
            });
        });
        hline(ui);
    });
}

fn overview_ui(ui: &mut Ui, command: &Command) {
    let reply = &command.response;
    let may_be = |text: &Option<String>| text.clone().unwrap_or_default();
    let facts = [
        (texts::POSTED_WHEN, command.trigger.clone()),
        (texts::TIMING, wording::timing(command)),
        (texts::SWITCHED_ON, catalogue::get().configuration(command.product).to_owned()),
        (texts::SWITCH, wording::switch(command).unwrap_or_default()),
        (texts::OTHER_SETTING, may_be(&command.setting)),
        (texts::TIME_LIMIT, wording::time_limit(command)),
        (texts::WITHOUT_RESPONSE, reply.on_timeout.clone()),
        (texts::NOTES, may_be(&command.notes)),
        (texts::OTHER_NAMES, command.aliases.join(", ")),
        (texts::DOCUMENTED_SINCE, may_be(&command.since)),
        (texts::SOURCE, wording::confidence(command.confidence).to_owned()),
    ];
    card(ui, texts::OVERVIEW, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let widths = [name_width(ui)];
        for (name, text) in facts.iter().filter(|(_, text)| !text.is_empty()) {
            line_ui(ui, &widths, &mut [&mut |ui| name_ui(ui, name), &mut |ui| text_ui(ui, text)]);
        }
        line_ui(
            ui,
            &widths,
            &mut [&mut |ui| name_ui(ui, texts::DOCUMENTATION), &mut |ui| command.doc_urls().for_each(|url| link_ui(ui, &url))],
        );
    });
}

/// Width of a table's first column where it holds names of ours.
fn name_width(ui: &Ui) -> f32 {
    (ui.available_width() * 0.28).clamp(110.0, 180.0)
}

fn responses_ui(ui: &mut Ui, command: &Command) {
    let reply = &command.response;
    card(ui, texts::LEGAL_RESPONSES, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let widths = [name_width(ui)];
        let codes = reply.codes();
        if codes.is_empty() {
            text_ui(ui, texts::NO_CODES);
        } else {
            heads_ui(ui, &widths, &[texts::ERROR_CODE, texts::EFFECT]);
        }
        for (code, effect) in codes {
            line_ui(ui, &widths, &mut [&mut |ui| wire_ui(ui, code, theme::palette(ui).number), &mut |ui| text_ui(ui, effect)]);
        }
        if let Some(notes) = &reply.notes {
            line_ui(ui, &widths, &mut [&mut |ui| name_ui(ui, texts::NOTES), &mut |ui| text_ui(ui, notes)]);
        }
    });
    if !reply.extras.is_empty() {
        fields_card_ui(ui, texts::OTHER_KEYS, &reply.extras);
    }
}

fn fields_card_ui(ui: &mut Ui, title: &str, fields: &[Documented]) {
    card(ui, title, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let width = ui.available_width();
        let widths = [(width * 0.36).clamp(140.0, 320.0), 92.0, 76.0];
        heads_ui(ui, &widths, &[texts::FIELD, texts::FIELD_TYPE, texts::REQUIRED, texts::MEANING]);
        for field in fields {
            let kind = field.unit.map_or_else(|| field.kind.word().to_owned(), |unit| format!("{}, {}", field.kind.word(), unit.word()));
            let required = wording::required(field.required);
            line_ui(
                ui,
                &widths,
                &mut [
                    &mut |ui| wire_ui(ui, &field.path, theme::palette(ui).key),
                    &mut |ui| name_ui(ui, &kind),
                    &mut |ui| name_ui(ui, required),
                    &mut |ui| meaning_ui(ui, field),
                ],
            );
        }
    });
}

fn meaning_ui(ui: &mut Ui, field: &Documented) {
    let palette = theme::palette(ui);
    text_ui(ui, &field.meaning);
    let body = |color| TextFormat { line_height: Some(theme::LINE), ..TextFormat::simple(FontId::proportional(theme::BODY_SIZE), color) };
    for (value, word) in &field.words {
        let mut job = LayoutJob::default();
        job.append(value, 0.0, TextFormat { line_height: Some(theme::LINE), ..theme::code_format(palette.string) });
        job.append(word, 8.0, body(palette.dim));
        ui.add(Label::new(job).wrap());
    }
    if let Some(notes) = &field.notes {
        ui.add(Label::new(theme::paragraph(ui, notes.as_str())).wrap());
    }
}

fn sample_ui(ui: &mut Ui, title: &str, text: &str, copy: &str) {
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(title).size(theme::MONO_SIZE));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            if quiet_button(ui, copy).clicked() {
                ui.ctx().copy_text(text.to_owned());
            }
        });
    };
    card_with(ui, head, |ui| {
        let mut job = json_job(ui, text);
        job.wrap.break_anywhere = true;
        ui.add(Label::new(job).wrap());
    });
}

// Tables whose last column takes what is left

/// Draws the names of columns.
fn heads_ui(ui: &mut Ui, widths: &[f32], names: &[&str]) {
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
fn line_ui(ui: &mut Ui, widths: &[f32], cells: &mut [&mut dyn FnMut(&mut Ui)]) {
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

fn name_ui(ui: &mut Ui, name: &str) {
    ui.add(Label::new(theme::paragraph(ui, name)).wrap());
}

fn text_ui(ui: &mut Ui, text: &str) {
    let text = eframe::egui::RichText::new(text).line_height(Some(theme::LINE));
    ui.add(Label::new(text).wrap());
}

/// Text as it goes over the wire. It has no words to break at.
fn wire_ui(ui: &mut Ui, text: &str, ink: eframe::egui::Color32) {
    let mut job = LayoutJob::default();
    job.append(text, 0.0, TextFormat { line_height: Some(theme::LINE), ..theme::code_format(ink) });
    job.wrap.break_anywhere = true;
    ui.add(Label::new(job).wrap());
}

/// A page of the documentation. Nothing is fetched: a click hands its address to the browser.
fn link_ui(ui: &mut Ui, url: &str) {
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
