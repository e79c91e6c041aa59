//! The statistics: what was counted, as figures, plots and tables. They stand in front of the exchanges, and a line leads to
//! those that it counts.

mod axis;
mod plots;
mod table;

use super::actions::{Meaning, hint};
use super::catalogue::name_job;
use super::component::{
    Icon, bar, button, card_with, empty_state, icon_button, link, menu_button, menu_item, quiet_button, scrolled, segmented,
};
use super::theme::{self, Tone};
use super::{is_narrow, texts as all_texts};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::catalogue::CatalogueAction;
use crate::app::statistics::{Form, Scope, State, StatisticsAction, StatisticsPage, means};
use crate::protocol::catalogue::{self, Command, Product};
use crate::protocol::response::ReadAs;
use crate::protocol::verdict::{Overall, Severity};
use crate::statistics::{CommandLine, Report, VerdictLine};
use crate::ui::texts::statistics as texts;
use crate::wording::{self, count, visible};
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, CentralPanel, FontId, Frame, Label, Layout, Margin, Panel, TextFormat, Ui, vec2};
use jiff::tz::TimeZone;
use plots::{arrivals_ui, skew_ui, times_ui};
use std::collections::BTreeSet;
use table::{Cell, heads_ui, line_ui};

/// Between two cards, in points.
const GAP: f32 = 12.0;

/// How many lines of a table are drawn until more are asked for, and at most.
const FEW: usize = 12;
const MOST: usize = 300;

/// What is unfolded.
#[derive(Default)]
pub struct StatisticsFace {
    unfolded: BTreeSet<&'static str>,
}

/// What can be unfolded besides products.
const COMMANDS: &str = "commands";
const FIELDS: &str = "fields";

impl StatisticsFace {
    fn toggle(&mut self, what: &'static str) {
        if !self.unfolded.remove(what) {
            self.unfolded.insert(what);
        }
    }

    /// How many lines of a table are drawn.
    fn most(&self, table: &str) -> usize {
        if self.unfolded.contains(table) { MOST } else { FEW }
    }
}

/// What a view means, collected as it is drawn.
struct Said<'a> {
    actions: &'a mut Vec<Action>,
    now_millis: i64,
}

impl Said<'_> {
    fn mean(&mut self, action: StatisticsAction) {
        self.actions.push(Action::Statistics(action));
    }

    fn filter(&mut self, text: String) {
        self.mean(StatisticsAction::Filter { text, now_millis: self.now_millis, zone: TimeZone::system() });
    }
}

/// Draws the page.
pub fn statistics_ui(ui: &mut Ui, model: &Model, face: &mut StatisticsFace, now_millis: i64, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let mut said = Said { actions, now_millis };
    Panel::top("statistics bar").frame(Frame::new().fill(palette.panel)).show_separator_line(false).show(ui, |ui| {
        bar_ui(ui, model, &mut said);
    });
    CentralPanel::default().frame(Frame::new().fill(palette.bg)).show(ui, |ui| {
        match (model.statistics.report(), model.statistics.state()) {
            (Some(report), _) if report.count > 0 => page_ui(ui, model, report, face, &mut said),
            (Some(_), _) => empty_state(ui, texts::NOTHING_TO_COUNT, texts::NOTHING_TO_COUNT_WHY, |_ui| {}),
            (None, State::Failed) => again_ui(ui, texts::COUNT_FAILED, &mut said),
            (None, State::Stopped) => again_ui(ui, texts::COUNT_STOPPED, &mut said),
            (None, State::Asked | State::Counting(_) | State::Done) => {}
        }
    });
}

fn again_ui(ui: &mut Ui, title: &str, said: &mut Said<'_>) {
    empty_state(ui, title, "", |ui| {
        if button(ui, texts::COUNT_AGAIN).clicked() {
            said.mean(StatisticsAction::CountAgain);
        }
    });
}

// The bar

fn bar_ui(ui: &mut Ui, model: &Model, said: &mut Said<'_>) {
    let page = &model.statistics;
    bar(ui, theme::RESPONSE_BAR, |ui| {
        ui.label(theme::strong(texts::STATISTICS));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let close = icon_button(ui, Icon::Close, all_texts::BACK_TO_EXCHANGES);
            if close.on_hover_text(hint(ui, all_texts::BACK_TO_EXCHANGES, Meaning::Back)).clicked() {
                said.mean(StatisticsAction::Close);
            }
            if page.report().is_some() {
                menu_button(ui, all_texts::COPY, |ui| copy_ui(ui, said));
            }
            progress_ui(ui, page, said);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                scope_ui(ui, model, said);
                about_ui(ui, page);
            });
        });
    });
}

fn copy_ui(ui: &mut Ui, said: &mut Said<'_>) {
    for (label, form) in [(texts::COPY_AS_TEXT, Form::Text), (texts::COPY_AS_CSV, Form::Csv)] {
        if menu_item(ui, label, false) {
            said.mean(StatisticsAction::Copy(form, TimeZone::system()));
        }
    }
}

fn progress_ui(ui: &mut Ui, page: &StatisticsPage, said: &mut Said<'_>) {
    if let Some(progress) = texts::progress(page.state()) {
        if button(ui, all_texts::STOP).clicked() {
            said.mean(StatisticsAction::Stop);
        }
        ui.label(theme::small(ui, progress));
    } else if matches!(page.state(), State::Stopped | State::Failed) && page.report().is_some() && button(ui, texts::COUNT_AGAIN).clicked()
    {
        said.mean(StatisticsAction::CountAgain);
    }
}

/// Which exchanges are counted, where there is a choice.
fn scope_ui(ui: &mut Ui, model: &Model, said: &mut Said<'_>) {
    let selected = model.history.selection().len();
    let is_filtered = model.filter.in_force().is_some();
    let selected_label = texts::selected_button(selected);
    let mut choices = vec![(Scope::All, texts::ALL)];
    if is_filtered {
        choices.insert(0, (Scope::Shown, texts::SHOWN));
    }
    if selected > 1 {
        choices.push((Scope::Selected, &selected_label));
    }
    if choices.len() < 2 {
        return;
    }
    let scope = model.statistics.scope();
    let at = choices.iter().position(|(one, _)| *one == scope || (*one == Scope::All && scope == Scope::Shown && !is_filtered));
    let options: Vec<(&str, Tone)> = choices.iter().map(|(_, label)| (*label, Tone::Accent)).collect();
    if let Some(clicked) = segmented(ui, "scope", &options, at.unwrap_or(0)) {
        said.mean(StatisticsAction::Show(choices[clicked].0));
    }
}

/// Says of which exchanges the numbers are.
fn about_ui(ui: &mut Ui, page: &StatisticsPage) {
    let about = format!("{}{}", texts::OF, visible(page.about()));
    ui.add(Label::new(theme::dim(ui, about)).truncate());
}

// The page

fn page_ui(ui: &mut Ui, model: &Model, report: &Report, face: &mut StatisticsFace, said: &mut Said<'_>) {
    scrolled(ui, "statistics", Margin::same(16), |ui| {
        ui.spacing_mut().item_spacing.y = GAP;
        figures_ui(ui, report, said);
        if let Some(frame) = plots::Frame::of(report) {
            arrivals_ui(ui, &frame);
            beside(ui, |ui| times_ui(ui, &frame), |ui| skew_ui(ui, &frame));
        }
        commands_ui(ui, report, face, said);
        let is_read = model.statistics.state() == State::Done;
        let mut of_verdicts = Vec::new();
        let mut of_readings = Vec::new();
        beside(ui, |ui| verdicts_ui(ui, report, model.statistics.state(), &mut of_verdicts), |ui| read_as_ui(ui, report, &mut of_readings));
        of_verdicts.into_iter().chain(of_readings).for_each(|text| said.filter(text));
        undocumented_ui(ui, report, model.statistics.state(), (face, said));
        if let Some(note) = texts::rests_on(report).filter(|_| is_read) {
            ui.label(theme::small(ui, note));
        }
        never_ui(ui, report, model.statistics.is_of_all(), face, said);
    });
}

/// Two cards beside each other, or one below the other in a narrow window.
fn beside(ui: &mut Ui, left: impl FnOnce(&mut Ui), right: impl FnOnce(&mut Ui)) {
    if is_narrow(ui) {
        left(ui);
        right(ui);
        return;
    }
    ui.spacing_mut().item_spacing.x = GAP;
    ui.columns(2, |columns| {
        left(&mut columns[0]);
        right(&mut columns[1]);
    });
}

/// The numbers that come first.
fn figures_ui(ui: &mut Ui, report: &Report, said: &mut Said<'_>) {
    let bad = report.overall.iter().find(|(overall, _)| *overall == Overall::Bad).map_or(0, |(_, count)| *count);
    let without = report.count - report.took.count;
    let tone = |number: u64, tone: Tone| if number == 0 { Tone::Neutral } else { tone };
    let time = |micros: Option<i64>| micros.map_or_else(|| "–".to_owned(), texts::time);
    let spread = report.took.micros;
    let share = |part: u64| texts::share(part, report.count);
    let late = report.limits.iter().map(|(millis, _)| *millis).min().filter(|_| report.took.late > 0).map(means::late);
    let bad_ones = (bad > 0).then(|| means::BAD.to_owned());
    let figures = [
        (texts::EXCHANGES, count(report.count), span(report), Tone::Neutral, None),
        (texts::BAD, count(bad), share(bad), tone(bad, Tone::Bad), bad_ones),
        (texts::MEDIAN, time(spread.map(|spread| spread.p50)), String::new(), Tone::Neutral, None),
        (texts::P99, time(spread.map(|spread| spread.p99)), String::new(), Tone::Neutral, None),
        (texts::SLOWEST, time(spread.map(|spread| spread.max)), String::new(), Tone::Neutral, None),
        (texts::OVER_LIMIT, count(report.took.late), share(report.took.late), tone(report.took.late, Tone::Bad), late),
        (texts::WITHOUT_RESPONSE, count(without), share(without), tone(without, Tone::Warn), None),
    ];
    let frame = Frame::new().fill(theme::palette(ui).panel).stroke((1.0, theme::palette(ui).line)).corner_radius(theme::CARD_CORNER);
    frame.inner_margin(Margin::symmetric(16, 10)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(28.0, 8.0);
            for (name, value, remark, tone, filter) in figures {
                let is_clicked = figure_ui(ui, name, (value, tone), (&remark, filter.is_some()));
                filter.filter(|_| is_clicked).into_iter().for_each(|text| said.filter(text));
            }
        });
    });
}

fn span(report: &Report) -> String {
    report.span_millis.map_or_else(String::new, |(first, last)| texts::within(last.saturating_sub(first) / 1_000))
}

/// Says whether what stands below the number was clicked, where that leads anywhere.
fn figure_ui(ui: &mut Ui, name: &str, (value, tone): (String, Tone), (remark, leads): (&str, bool)) -> bool {
    let figure = ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.label(theme::small(ui, name));
        ui.label(theme::heading(value).color(tone.ink(theme::palette(ui))));
        if !leads {
            ui.label(theme::small(ui, remark));
            return false;
        }
        let ink = theme::palette(ui).accent_text;
        let text = format!("{remark}, {}", texts::SHOW_THEM.to_lowercase());
        link(ui, LayoutJob::simple_singleline(text, FontId::proportional(theme::SMALL_SIZE), ink)).clicked()
    });
    figure.inner
}

/// A card whose head has a remark at the right.
fn table_card(ui: &mut Ui, title: &str, remark: &str, content: impl FnOnce(&mut Ui)) {
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(title).size(12.0));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(theme::PADDING);
            ui.add(Label::new(theme::small(ui, remark)).truncate());
        });
    };
    card_with(ui, head, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        content(ui);
    });
}

// Commands

fn commands_ui(ui: &mut Ui, report: &Report, face: &mut StatisticsFace, said: &mut Said<'_>) {
    let narrow = is_narrow(ui);
    // In a narrow window the name needs the room.
    let shown: &[usize] = if narrow { &[0, 1, 3, 5, 7] } else { &[0, 1, 2, 3, 4, 5, 6, 7] };
    let widths: Vec<f32> = shown.iter().map(|at| [104.0, 56.0, 72.0, 72.0, 72.0, 84.0, 72.0, 64.0][*at]).collect();
    let heads: Vec<&str> = std::iter::once(0).chain(shown.iter().map(|at| at + 1)).map(|at| texts::COMMAND_HEADS[at]).collect();
    let has_assumed = report.commands.iter().any(|line| line.limit.1);
    let remark = if has_assumed && !narrow { texts::ASSUMED } else { "" };
    table_card(ui, texts::COMMANDS, remark, |ui| {
        heads_ui(ui, &heads, &widths);
        for line in report.commands.iter().take(face.most(COMMANDS)) {
            let mut cells: Vec<Option<Cell>> = command_cells(line, report).into_iter().map(Some).collect();
            let cells: Vec<Cell> = shown.iter().filter_map(|at| cells[*at].take()).collect();
            let filter = means::command(line);
            let label = format!("{}, {}", visible(line.title()), all_texts::exchanges(line.count));
            let response = line_ui(ui, command_job(ui, line), &cells, &widths, &label, filter.is_some());
            let Some(filter) = filter else { continue };
            if response.on_hover_text(texts::SHOW_THESE).clicked() {
                said.filter(filter);
            }
        }
        more_ui(ui, COMMANDS, report.commands.len(), face);
    });
}

#[expect(clippy::cast_precision_loss, reason = "a bar has some tens of points")]
fn part(one: u64, all: u64) -> f32 {
    one as f32 / all.max(1) as f32
}

fn command_cells(line: &CommandLine, report: &Report) -> [Cell; 8] {
    let most = report.commands.first().map_or(1, |line| line.count);
    let spread = line.took.micros;
    let time = |micros: Option<i64>| Cell::new(micros.map(texts::millis).unwrap_or_default());
    [
        Cell { share: Some(part(line.count, most)), ..Cell::new(count(line.count)) },
        Cell::toned(count(line.bad), line.bad == 0, Tone::Bad),
        time(spread.map(|spread| spread.p50)),
        time(spread.map(|spread| spread.p95)),
        time(spread.map(|spread| spread.p99)),
        time(spread.map(|spread| spread.max)),
        Cell { tone: Tone::Faint, ..Cell::new(texts::limit(line.limit)) },
        Cell::toned(count(line.took.late), line.took.late == 0, Tone::Bad),
    ]
}

/// The name, and behind it whose it is.
fn command_job(ui: &Ui, line: &CommandLine) -> LayoutJob {
    let palette = theme::palette(ui);
    let mut job = name_job(ui, &visible(line.title()));
    let product = Product::ALL.into_iter().find(|product| Some(product.word()) == line.product.as_deref());
    let (word, color) = match product {
        Some(product) => (wording::product(product), palette.faint),
        None => (texts::UNDOCUMENTED, palette.warn),
    };
    let format = TextFormat { font_id: FontId::proportional(theme::SMALL_SIZE), color, ..TextFormat::default() };
    job.append(word, 8.0, format);
    job
}

/// Below a table that has more lines than are drawn.
fn more_ui(ui: &mut Ui, table: &'static str, all: usize, face: &mut StatisticsFace) {
    if all <= FEW {
        return;
    }
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let is_open = face.unfolded.contains(table);
        let label = if is_open { texts::SHOW_FEWER.to_owned() } else { texts::show_all(all.min(MOST)) };
        if quiet_button(ui, &label).clicked() {
            face.toggle(table);
        }
        if all > MOST {
            ui.label(theme::small(ui, texts::more_lines(all - MOST)));
        }
    });
}

// Verdicts and readings

/// What is said where there are no lines: nothing is bad, or the bodies were not read so far.
fn nothing_ui(ui: &mut Ui, state: State, nothing: &str) {
    match state {
        State::Done => drop(ui.label(theme::dim(ui, nothing))),
        State::Asked | State::Counting(_) => drop(ui.label(theme::dim(ui, texts::READING_BODIES))),
        State::Stopped | State::Failed => drop(ui.label(theme::dim(ui, texts::BODIES_UNREAD))),
    }
}

fn verdicts_ui(ui: &mut Ui, report: &Report, state: State, filters: &mut Vec<String>) {
    table_card(ui, texts::VERDICTS, "", |ui| {
        for line in &report.verdicts {
            let text = means::verdict(line);
            let number = [Cell { tone: weight(line), ..Cell::new(texts::estimate(line.count)) }];
            let label = format!("{} {}, {}", line.name, line.state, texts::estimate(line.count));
            let response = line_ui(ui, verdict_job(ui, line), &number, &[120.0], &label, !text.is_empty());
            if !text.is_empty() && response.on_hover_text(if text == means::BAD { texts::SHOW_BAD } else { texts::SHOW_THESE }).clicked() {
                filters.push(text);
            }
        }
        if report.verdicts.is_empty() || state != State::Done {
            nothing_ui(ui, state, texts::NO_VERDICTS);
        }
    });
}

fn weight(line: &VerdictLine) -> Tone {
    if line.severity == Severity::Bad { Tone::Bad } else { Tone::Warn }
}

fn verdict_job(ui: &Ui, line: &VerdictLine) -> LayoutJob {
    let palette = theme::palette(ui);
    let format = |color| TextFormat { font_id: FontId::proportional(theme::BODY_SIZE), color, ..TextFormat::default() };
    let mut job = LayoutJob::default();
    job.append(line.name, 0.0, format(palette.dim));
    job.append(&line.state.replace('_', " "), 8.0, format(palette.text));
    let word = if line.severity == Severity::Bad { texts::IS_BAD } else { texts::IS_WARNING };
    job.append(word, 8.0, TextFormat { font_id: FontId::proportional(theme::SMALL_SIZE), ..format(palette.faint) });
    job
}

fn read_as_ui(ui: &mut Ui, report: &Report, filters: &mut Vec<String>) {
    table_card(ui, texts::READ_AS, "", |ui| {
        let most = report.read_as.iter().map(|(_, count)| *count).max().unwrap_or(1);
        for (read_as, number) in &report.read_as {
            let name = read_as.map_or(texts::NO_RESPONSE, ReadAs::word);
            let filter = means::read_as(*read_as);
            let cells = [
                Cell { tone: Tone::Faint, ..Cell::new(texts::share(*number, report.count)) },
                Cell { share: Some(part(*number, most)), ..Cell::new(count(*number)) },
            ];
            let label = format!("{name}, {}", all_texts::exchanges(*number));
            let response = line_ui(ui, name, &cells, &[64.0, 104.0], &label, filter.is_some());
            if let Some(text) = filter
                && response.on_hover_text(texts::SHOW_THESE).clicked()
            {
                filters.push(text);
            }
        }
    });
}

// What no document knows, and what never came

fn undocumented_ui(ui: &mut Ui, report: &Report, state: State, (face, said): (&mut StatisticsFace, &mut Said<'_>)) {
    table_card(ui, texts::UNDOCUMENTED_TITLE, "", |ui| {
        for line in report.undocumented().take(FEW) {
            let label = format!("{} {}, {}", texts::UNDOCUMENTED, visible(line.title()), count(line.count));
            let filter = means::command(line);
            let response = line_ui(ui, command_job(ui, line), &[Cell::new(count(line.count))], &[120.0], &label, filter.is_some());
            if let Some(filter) = filter
                && response.on_hover_text(texts::SHOW_THESE).clicked()
            {
                said.filter(filter);
            }
        }
        for line in report.fields.iter().take(face.most(FIELDS)) {
            let label = format!("{} {}, {}", line.command, visible(&line.path), texts::estimate(line.count));
            let response = line_ui(ui, field_job(ui, line), &[Cell::new(texts::estimate(line.count))], &[120.0], &label, true);
            if response.on_hover_text(texts::SHOW_THESE).clicked() {
                said.filter(means::field(line));
            }
        }
        if report.fields.is_empty() && (state != State::Done || report.undocumented().next().is_none()) {
            nothing_ui(ui, state, texts::NO_FIELDS);
        }
        more_ui(ui, FIELDS, report.fields.len(), face);
        if report.has_more_fields {
            ui.label(theme::small(ui, texts::MORE_PATHS));
        }
    });
}

fn field_job(ui: &Ui, line: &crate::statistics::FieldLine) -> LayoutJob {
    let palette = theme::palette(ui);
    let mut job = LayoutJob::default();
    job.append(&visible(&line.path), 0.0, theme::code_format(palette.key));
    let format = TextFormat { font_id: FontId::proportional(theme::SMALL_SIZE), color: palette.dim, ..TextFormat::default() };
    job.append(&line.command, 10.0, TextFormat { valign: Align::Center, ..format });
    job
}

fn never_ui(ui: &mut Ui, report: &Report, is_of_all: bool, face: &mut StatisticsFace, said: &mut Said<'_>) {
    let title = if is_of_all { texts::NEVER } else { texts::NEVER_HERE };
    table_card(ui, title, &count(report.never.len() as u64), |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        if report.never.is_empty() {
            ui.label(theme::dim(ui, texts::ALL_CAME));
        }
        for product in Product::ALL {
            let missing: Vec<&Command> = report.never.iter().copied().filter(|command| command.product == product).collect();
            let all = catalogue::get().commands.iter().filter(|command| command.product == product).count();
            if !missing.is_empty() {
                product_ui(ui, product, &missing, all, face, said);
            }
        }
    });
}

/// The commands of a product that did not come. Of one that is not used at all they are folded away.
fn product_ui(ui: &mut Ui, product: Product, missing: &[&Command], all: usize, face: &mut StatisticsFace, said: &mut Said<'_>) {
    let is_unused = missing.len() == all;
    ui.horizontal(|ui| {
        if !is_unused {
            ui.label(theme::dim(ui, texts::some_of(product, missing.len(), all)));
            return;
        }
        ui.label(theme::dim(ui, texts::none_of(product, all)));
        let is_open = face.unfolded.contains(product.word());
        if quiet_button(ui, if is_open { texts::HIDE_THEM } else { texts::SHOW_THEM }).clicked() {
            face.toggle(product.word());
        }
    });
    if is_unused && !face.unfolded.contains(product.word()) {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(16.0, 4.0);
        for command in missing {
            let mut job = name_job(ui, &command.name);
            job.wrap.max_width = f32::INFINITY;
            if link(ui, job).on_hover_text(format!("{}. {}", command.title, texts::OPEN_IN_CATALOGUE)).clicked()
                && let Some(at) = catalogue::get().position(command)
            {
                said.actions.push(Action::Catalogue(CatalogueAction::OpenAt(at)));
            }
        }
    });
}
