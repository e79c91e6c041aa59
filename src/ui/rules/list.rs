//! The list of rules: a line each.

use super::say;
use crate::app::Model;
use crate::app::action::Action;
use crate::app::rule_editor::editing::Editing;
use crate::app::rule_editor::words::{self, Gravity};
use crate::app::rule_editor::{RulesAction, Towards};
use crate::app::texts::rules as texts;
use crate::messages::KnownRules;
use crate::rules::Rule;
use crate::ui::component::{Icon, button, empty_state, icon_button, paint_chip, paint_text, primary_button, toggle};
use crate::ui::theme::{self, Tone};
use crate::wording::visible;
use eframe::egui::{Align, Id, Layout, Rect, Response, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Height of a line, and of one that is too narrow for all columns.
const LINE: f32 = 36.0;
const TALL_LINE: f32 = 54.0;

/// From this width on all columns stand beside each other.
const ALL_COLUMNS: f32 = 460.0;

const PADDING: f32 = 14.0;
const GAP: f32 = 10.0;
const TOGGLE: f32 = 26.0;
const NUMBER: f32 = 16.0;
const CHIP: f32 = 104.0;
const HITS: f32 = 48.0;
const CONDITIONS: f32 = 0.35;

/// A line: a rule in force, or the one that is being made.
struct Line<'a> {
    rule: &'a Rule,
    /// Its place among the rules in force; `None` for one that is new.
    at: Option<usize>,
    hits: u64,
    selected: bool,
    unsaved: bool,
}

/// Draws the list in all the room that is left.
pub(super) fn list_ui(ui: &mut Ui, model: &Model, known: &KnownRules, actions: &mut Vec<Action>) {
    let lines = lines(model, known);
    if lines.is_empty() {
        empty_state(ui, texts::NO_RULES, texts::NO_RULES_WHY, |ui| {
            if primary_button(ui, texts::MAKE_FIRST_RULE).clicked() {
                say(actions, RulesAction::Add);
            }
        });
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let height = if ui.available_width() < ALL_COLUMNS { TALL_LINE } else { LINE };
    let revealed = ui.data_mut(|data| data.remove_temp::<usize>(revealed_id())).filter(|at| *at < lines.len());
    ScrollArea::vertical().id_salt("list").auto_shrink(false).show_rows(ui, height, lines.len(), |ui, shown| {
        if let Some(at) = revealed {
            #[expect(clippy::cast_precision_loss, reason = "a number of rows that somebody wrote")]
            let below = (at as f32 - shown.start as f32) * height;
            let top = ui.cursor().min + vec2(0.0, below);
            ui.scroll_to_rect(Rect::from_min_size(top, vec2(1.0, height)), None);
        }
        for line in &lines[shown] {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
            line_ui(ui, rect, &response, line, actions);
        }
    });
}

/// Scrolls as little as needed to have a line in view, the next time the list is shown.
pub(super) fn reveal(ui: &Ui, at: usize) {
    ui.data_mut(|data| data.insert_temp(revealed_id(), at));
}

fn revealed_id() -> Id {
    Id::unique("revealed rule")
}

fn lines<'a>(model: &'a Model, known: &'a KnownRules) -> Vec<Line<'a>> {
    let editing = model.rule_editor.editing.as_ref();
    let is_edited = |at: usize| editing.filter(|editing| editing.is_at(at));
    let of = |(at, rule): (usize, &'a Rule)| Line {
        rule,
        at: Some(at),
        hits: model.hits.get(at).copied().unwrap_or_default(),
        selected: is_edited(at).is_some(),
        unsaved: is_edited(at).is_some_and(Editing::is_dirty),
    };
    let mut lines: Vec<Line<'_>> = known.rules.iter().enumerate().map(of).collect();
    if let Some(editing) = editing.filter(|editing| editing.is_new()) {
        let line = Line { rule: editing.last_rule(), at: None, hits: 0, selected: true, unsaved: true };
        lines.insert(editing.at.min(lines.len()), line);
    }
    lines
}

fn line_ui(ui: &mut Ui, rect: Rect, response: &Response, line: &Line<'_>, actions: &mut Vec<Action>) {
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, line.selected, line.spoken()));
    if ui.is_rect_visible(rect) {
        let p = theme::palette(ui);
        let ground = if line.selected { Some(p.selection) } else { response.hovered().then_some(p.hover) };
        if let Some(ground) = ground {
            ui.painter().rect_filled(rect, 0.0, ground);
        }
        ui.painter().rect_filled(rect.with_min_y(rect.bottom() - 1.0), 0.0, p.line);
        if response.has_focus() {
            ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, p.accent);
        }
        if rect.height() > LINE { tall_ui(ui, rect, line) } else { columns_ui(ui, rect, line) }
    }
    let place = Rect::from_center_size(pos2(rect.left() + PADDING + TOGGLE / 2.0, rect.top() + LINE / 2.0), vec2(TOGGLE, 20.0));
    let mut switch = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::left_to_right(Align::Center)));
    if let Some(at) = line.at
        && toggle(&mut switch, &texts::use_rule(&line.rule.name), line.rule.enabled).clicked()
    {
        say(actions, RulesAction::Toggle(at));
    }
    let clicked = line.at.filter(|_| response.clicked());
    actions.extend(clicked.map(|at| Action::Rules(RulesAction::Select(at))));
    if let Some(at) = line.at {
        response.context_menu(|ui| menu_ui(ui, at, actions));
    }
    response.clone().on_hover_ui(|ui| {
        ui.label(line.told());
    });
}

/// What can be done with a rule without editing it first.
fn menu_ui(ui: &mut Ui, at: usize, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for (label, action) in [
        (texts::MOVE_UP, RulesAction::Move(at, Towards::First)),
        (texts::MOVE_DOWN, RulesAction::Move(at, Towards::Last)),
        (texts::DUPLICATE, RulesAction::Duplicate(at)),
        (texts::DELETE, RulesAction::Remove(at)),
    ] {
        if ui.button(label).clicked() {
            say(actions, action);
        }
    }
}

/// Number and command, conditions, response, hits.
fn columns_ui(ui: &Ui, rect: Rect, line: &Line<'_>) {
    let inside = rect.shrink2(vec2(PADDING, 0.0)).with_max_y(rect.bottom() - 1.0);
    let hits = inside.with_min_x(inside.right() - HITS);
    let chip = inside.with_max_x(hits.left() - GAP).with_min_x(hits.left() - GAP - CHIP);
    let words = inside.with_min_x(inside.left() + TOGGLE + GAP).with_max_x(chip.left() - GAP);
    let number = words.with_max_x(words.left() + NUMBER);
    let text = words.with_min_x(number.right() + GAP);
    let (command, conditions) = text.split_left_right_at_x(text.right() - text.width() * CONDITIONS);
    number_ui(ui, number, line);
    paint_text(
        ui,
        command.with_max_x(command.right() - GAP),
        Align::LEFT,
        line.ink(ui, theme::mono(line.commands()).size(theme::SMALL_SIZE)),
    );
    conditions_ui(ui, conditions, line);
    paint_chip(ui, pos2(chip.left(), chip.center().y), CHIP, &line.response(), line.tone());
    hits_ui(ui, hits, line);
}

/// The same in two rows: the command and the hits, then the response and the conditions.
fn tall_ui(ui: &Ui, rect: Rect, line: &Line<'_>) {
    let inside = rect.shrink2(vec2(PADDING, 0.0));
    let first = inside.with_max_y(inside.top() + LINE - 4.0);
    let second = inside.with_min_y(first.bottom() - 4.0).with_max_y(inside.bottom() - 6.0);
    let left = inside.left() + TOGGLE + GAP;
    let number = first.with_min_x(left).with_max_x(left + NUMBER);
    let hits = first.with_min_x(first.right() - HITS);
    number_ui(ui, number, line);
    let command = first.with_min_x(number.right() + GAP).with_max_x(hits.left() - GAP);
    paint_text(ui, command, Align::LEFT, line.ink(ui, theme::mono(line.commands()).size(theme::SMALL_SIZE)));
    hits_ui(ui, hits, line);
    let most = (second.right() - command.left()) * 0.7;
    let chip = paint_chip(ui, pos2(command.left(), second.center().y), most, &line.response(), line.tone());
    conditions_ui(ui, second.with_min_x(chip.right() + GAP), line);
}

fn number_ui(ui: &Ui, rect: Rect, line: &Line<'_>) {
    let number = line.at.map_or_else(|| "+".to_owned(), |at| (at + 1).to_string());
    paint_text(ui, rect, Align::LEFT, theme::faint(ui, number));
}

fn conditions_ui(ui: &Ui, rect: Rect, line: &Line<'_>) {
    let words = visible(&words::conditions(line.rule));
    let words = if words == texts::ANY { theme::dim(ui, words) } else { line.ink(ui, eframe::egui::RichText::new(words)) };
    paint_text(ui, rect, Align::LEFT, words);
}

fn hits_ui(ui: &Ui, rect: Rect, line: &Line<'_>) {
    let words = if line.unsaved {
        theme::toned(ui, texts::UNSAVED, Tone::Warn).size(theme::SMALL_SIZE)
    } else {
        theme::dim(ui, texts::hits(line.hits)).size(theme::MONO_SIZE)
    };
    paint_text(ui, rect, Align::RIGHT, words);
}

impl Line<'_> {
    fn commands(&self) -> String {
        visible(&words::commands(self.rule))
    }

    fn response(&self) -> String {
        visible(&words::response(self.rule))
    }

    fn tone(&self) -> Tone {
        match words::gravity(self.rule) {
            Gravity::Plain => Tone::Neutral,
            Gravity::Refusal => Tone::Warn,
            Gravity::Failure => Tone::Bad,
        }
    }

    /// One that is switched off stands back.
    fn ink(&self, ui: &Ui, text: eframe::egui::RichText) -> eframe::egui::RichText {
        let p = theme::palette(ui);
        text.color(if self.rule.enabled { p.text } else { p.dim })
    }

    /// What does not fit into its columns.
    fn told(&self) -> String {
        format!("{}\n{}\n{}\n{}", visible(&self.rule.name), self.commands(), visible(&words::conditions(self.rule)), self.response())
    }

    fn spoken(&self) -> String {
        let state = if self.unsaved { texts::UNSAVED.to_owned() } else { texts::hits(self.hits) };
        format!("{}, {}", self.told().replace('\n', ", "), state)
    }
}

/// What can be done with the rule that is edited, beside editing it.
pub(super) fn tools_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let at = model.rule_editor.editing.as_ref().filter(|editing| !editing.is_new()).map(|editing| editing.at);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(at.is_some(), |ui| {
            let mut does = |clicked: bool, action: fn(usize) -> RulesAction| {
                actions.extend(at.filter(|_| clicked).map(|at| Action::Rules(action(at))));
            };
            does(icon_button(ui, Icon::Up, texts::MOVE_UP).clicked(), |at| RulesAction::Move(at, Towards::First));
            does(icon_button(ui, Icon::Down, texts::MOVE_DOWN).clicked(), |at| RulesAction::Move(at, Towards::Last));
            does(button(ui, texts::DUPLICATE).clicked(), RulesAction::Duplicate);
        });
    });
}
