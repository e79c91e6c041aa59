//! The history's dialog: other histories, what this one takes of the disk, and what it forgets.

use super::actions::{Meaning, hint};
use super::component::{Button, Dialog, Field, button, card, card_with, chip, paint_text, quiet_button};
use super::texts::{histories as texts, importing};
use super::theme::{self, Tone};
use crate::app::action::Action;
use crate::app::file_dialog::FileFor;
use crate::app::histories::{Compacting, HistoriesAction, Limit, Measured};
use crate::app::{self, Model};
use crate::histories::{Parts, Which};
use crate::messages::Compact;
use crate::wording::{self, size};
use eframe::egui::{Align, Frame, Id, Key, Label, Layout, Margin, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

/// The columns of the sizes, in points: a part's name, its bar, its size.
const PART_NAME: f32 = 108.0;
const PART_BAR: f32 = 132.0;
const PART_SIZE: f32 = 76.0;
const PART_HEIGHT: f32 = 22.0;

/// How many parts there are.
const PARTS: f32 = 7.0;

/// How many histories are listed before the list scrolls.
const LISTED: f32 = 5.0;

/// What a history's buttons take of its line, in points.
const ROW_BUTTONS: f32 = 200.0;

/// How wide the field of a limit is, in points.
const LIMIT: f32 = 108.0;

/// Draws the dialog.
pub fn histories_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let mut said = Vec::new();
    let mut imports = false;
    let closed = Dialog::new(texts::HISTORY).width(760.0).show(
        ui.ctx(),
        // In a narrow window this alone leads there.
        |ui| imports = button(ui, importing::IMPORT).on_hover_text(hint(ui, importing::WHY, Meaning::Import)).clicked(),
        |ui| {
            // The scroll bar stands in the right margin.
            let (room, width) = (ui.available_height(), ui.available_width() - 32.0);
            ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
                Frame::new().inner_margin(Margin { right: 0, ..Margin::same(16) }).show(ui, |ui| {
                    ui.set_width(width.max(0.0));
                    ui.spacing_mut().item_spacing.y = 12.0;
                    failure_ui(ui, model);
                    card(ui, texts::OTHERS, |ui| others_ui(ui, model, &mut said, actions));
                    card_with(ui, |ui| size_head_ui(ui, model), |ui| size_ui(ui, model, &mut said));
                    card(ui, texts::FORGETTING, |ui| limits_ui(ui, model, &mut said));
                });
            });
        },
    );
    actions.extend(said.into_iter().map(Action::Histories));
    if closed || imports {
        actions.push(Action::CloseDialog);
    }
    if imports {
        actions.push(Action::OpenDialog(app::action::Dialog::Import));
    }
}

fn failure_ui(ui: &mut Ui, model: &Model) {
    if let Some(failure) = model.histories.failure() {
        ui.add(Label::new(theme::toned(ui, failure, Tone::Bad)).wrap());
    }
}

// Others

fn others_ui(ui: &mut Ui, model: &Model, said: &mut Vec<HistoriesAction>, actions: &mut Vec<Action>) {
    let known = model.histories.known();
    let named = known.names.iter().cloned().map(Which::Named);
    let file = Some(known.open.clone()).filter(|open| matches!(open, Which::File(_)));
    let all: Vec<Which> = std::iter::once(Which::Main).chain(named).chain(file).collect();
    let least = all.len().min(5);
    #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
    let height = (theme::CONTROL + 4.0) * (least as f32).min(LISTED);
    ScrollArea::vertical().id_salt("histories").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for which in &all {
            ui.push_id(which.to_string(), |ui| one_ui(ui, model, which, said));
        }
    });
    if let Some(title) = model.histories.opening() {
        ui.horizontal(|ui| {
            ui.spinner();
            ui.label(texts::opening(title));
        });
        return;
    }
    match model.histories.naming().filter(|naming| naming.of.is_none()) {
        Some(_) => name_ui(ui, model, texts::MAKE, said),
        None => file_ui(ui, model, said, actions),
    }
    ui.add(Label::new(theme::small(ui, texts::WHAT_SWITCHING_DOES)).wrap());
}

fn one_ui(ui: &mut Ui, model: &Model, which: &Which, said: &mut Vec<HistoriesAction>) {
    let naming = model.histories.naming();
    if let Which::Named(name) = which
        && naming.is_some_and(|naming| naming.of.as_ref() == Some(name))
    {
        return name_ui(ui, model, texts::RENAME, said);
    }
    let is_open = model.histories.known().open == *which;
    let title = wording::visible(&which.title());
    ui.horizontal(|ui| {
        ui.set_height(theme::CONTROL);
        ui.scope(|ui| {
            ui.set_max_width((ui.available_width() - ROW_BUTTONS).max(80.0));
            ui.add(Label::new(if is_open { theme::strong(&title) } else { title.clone().into() }).truncate());
        });
        if is_open {
            chip(ui, texts::IS_OPEN, Tone::Ok);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let is_free = model.histories.opening().is_none();
            if !is_open {
                let open = ui.add(Button::new(texts::OPEN).enabled(is_free));
                about(ui, open.id, texts::open_this(&title));
                if open.clicked() {
                    said.push(HistoriesAction::Open(which.clone()));
                }
            }
            rename_ui(ui, which, is_open, &title, said);
        });
    });
}

fn rename_ui(ui: &mut Ui, which: &Which, is_open: bool, title: &str, said: &mut Vec<HistoriesAction>) {
    let Which::Named(name) = which else { return };
    let rename = ui.add(Button::new(texts::RENAME).quiet().enabled(!is_open));
    about(ui, rename.id, texts::rename_this(title));
    if rename.on_disabled_hover_text(texts::RENAME_NEEDS_CLOSED).clicked() {
        said.push(HistoriesAction::AskName(Some(name.clone())));
    }
}

/// Several buttons have the same label: a screen reader says which one it is about.
fn about(ui: &Ui, id: Id, text: String) {
    ui.accesskit_node_builder(id, |node| node.set_label(text));
}

/// The name that is typed, and what takes it.
fn name_ui(ui: &mut Ui, model: &Model, take: &str, said: &mut Vec<HistoriesAction>) {
    let Some(naming) = model.histories.naming() else { return };
    let bad = model.histories.bad_name();
    let is_taken = model.histories.is_taken() && naming.of.as_ref().is_none_or(|of| of.as_str() != naming.name.trim());
    ui.horizontal(|ui| {
        let mut name = naming.name.clone();
        let field = Field::new(texts::RULE_NAME, &mut name).hint(texts::NAME_HINT).width(300.0);
        let field = ui.add(field.invalid(is_taken || (bad.is_some() && !naming.name.trim().is_empty())));
        focus_once(ui, &format!("{:?}", naming.of), &field);
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if name != naming.name {
            said.push(HistoriesAction::EditName(name));
        }
        if ui.add(Button::new(take).primary().enabled(bad.is_none() && !is_taken)).clicked() || is_entered {
            said.push(HistoriesAction::TakeName);
        }
        if quiet_button(ui, texts::CANCEL).clicked() {
            said.push(HistoriesAction::CancelName);
        }
    });
    let why = bad.map(texts::bad_name).or_else(|| is_taken.then(|| texts::TAKEN.to_owned()));
    if let Some(why) = why {
        let tone = if naming.name.trim().is_empty() { Tone::Neutral } else { Tone::Warn };
        ui.add(Label::new(theme::toned(ui, why, tone)).wrap());
    }
}

/// Gives a field the focus when it is there for the first time.
fn focus_once(ui: &Ui, what: &str, field: &Response) {
    let asked = Id::unique("a history's name has had the focus");
    let pass = ui.ctx().cumulative_pass_nr();
    let before = ui.data(|data| data.get_temp::<(String, u64)>(asked));
    if before.is_none_or(|(before, last)| before != what || last + 2 < pass) {
        field.request_focus();
    }
    ui.data_mut(|data| data.insert_temp(asked, (what.to_owned(), pass)));
}

fn file_ui(ui: &mut Ui, model: &Model, said: &mut Vec<HistoriesAction>, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        if button(ui, texts::NEW_HISTORY).clicked() {
            said.push(HistoriesAction::AskName(None));
        }
        let mut path = model.histories.path().to_owned();
        let width = (ui.available_width() - 147.0).max(120.0);
        let field = ui.add(Field::new(texts::OPEN_FILE, &mut path).hint(texts::OPEN_FILE_HINT).mono().width(width));
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if ui.add(Button::new(texts::OPEN).enabled(!path.trim().is_empty())).clicked() || is_entered {
            said.push(HistoriesAction::OpenPath);
        }
        if path != model.histories.path() {
            said.push(HistoriesAction::EditPath(path));
        }
        if button(ui, texts::CHOOSE).clicked() {
            actions.push(Action::AskFile(FileFor::History));
        }
    });
}

// Size

/// With the file that it is of.
fn size_head_ui(ui: &mut Ui, model: &Model) {
    ui.label(theme::strong(texts::SIZE).size(12.0));
    let path = wording::visible(&model.histories.known().path.display().to_string());
    ui.add(Label::new(theme::small(ui, &path)).truncate()).on_hover_text(path);
}

fn size_ui(ui: &mut Ui, model: &Model, said: &mut Vec<HistoriesAction>) {
    match model.histories.measured() {
        Measured::Nothing => measuring_ui(ui, 0, 1),
        Measured::Some(done, of) => measuring_ui(ui, done, of),
        Measured::All(parts) => {
            parts_ui(ui, &parts);
            match model.histories.compacting() {
                Some(compacting) => compacting_ui(ui, &compacting, said),
                None => whole_ui(ui, &parts, said),
            }
        }
    }
}

/// As high as what comes of it: what stands below does not move.
fn measuring_ui(ui: &mut Ui, done: u64, of: u64) {
    ui.set_min_height(PARTS * PART_HEIGHT + ui.spacing().item_spacing.y + theme::CONTROL);
    waiting_ui(ui, &texts::measuring(done, of));
}

fn waiting_ui(ui: &mut Ui, text: &str) {
    ui.horizontal(|ui| {
        ui.spinner();
        ui.label(text);
    });
}

fn parts_ui(ui: &mut Ui, parts: &Parts) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (name, what, bytes) in texts::parts(parts) {
            part_ui(ui, (name, what), bytes, parts.whole());
        }
    });
}

fn part_ui(ui: &mut Ui, (name, what): (&str, &str), bytes: u64, whole: u64) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), PART_HEIGHT), Sense::hover());
    let label = format!("{name}: {}, {what}", size(bytes));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &label));
    let palette = theme::palette(ui);
    let column = |left: f32, width: f32| Rect::from_min_size(rect.min + vec2(left, 0.0), vec2(width, rect.height()));
    paint_text(ui, column(0.0, PART_NAME), Align::Min, name);
    let bar = column(PART_NAME, PART_BAR).shrink2(vec2(0.0, 7.0));
    ui.painter().rect_filled(bar, 2.0, palette.raised);
    #[expect(clippy::cast_precision_loss, reason = "a bar of a hundred points")]
    let share = bytes as f32 / whole.max(1) as f32;
    ui.painter().rect_filled(
        bar.with_max_x(bar.left() + (bar.width() * share).max(if bytes > 0 { 1.0 } else { 0.0 })),
        2.0,
        palette.accent,
    );
    paint_text(ui, column(PART_NAME + PART_BAR, PART_SIZE), Align::Max, theme::mono(size(bytes)));
    let left = PART_NAME + PART_BAR + PART_SIZE + 16.0;
    paint_text(ui, column(left, (rect.width() - left).max(0.0)), Align::Min, theme::small(ui, what));
}

fn whole_ui(ui: &mut Ui, parts: &Parts, said: &mut Vec<HistoriesAction>) {
    ui.horizontal(|ui| {
        ui.label(theme::strong(texts::whole(parts)));
        if quiet_button(ui, texts::MEASURE_AGAIN).clicked() {
            said.push(HistoriesAction::Measure);
        }
        if parts.gives_back {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| compact_ui(ui, parts, said));
        }
    });
    if !parts.gives_back {
        ui.add(Label::new(theme::toned(ui, texts::REWRITE_WHY, Tone::Warn)).wrap());
        if button(ui, texts::REWRITE).clicked() {
            said.push(HistoriesAction::Compact(Compact::Rewrite));
        }
    }
}

fn compact_ui(ui: &mut Ui, parts: &Parts, said: &mut Vec<HistoriesAction>) {
    let is_free = parts.free > 0;
    if ui.add(Button::new(texts::COMPACT).enabled(is_free)).clicked() {
        said.push(HistoriesAction::Compact(Compact::GiveBack));
    }
    let room = if is_free { texts::free_room(parts.free) } else { texts::NOTHING_FREE.to_owned() };
    ui.label(theme::dim(ui, room));
}

fn compacting_ui(ui: &mut Ui, compacting: &Compacting, said: &mut Vec<HistoriesAction>) {
    ui.horizontal(|ui| {
        ui.spinner();
        ui.label(match compacting.how {
            Compact::Rewrite if !compacting.is_stopping => texts::REWRITING.to_owned(),
            Compact::Rewrite | Compact::GiveBack => texts::compacting(compacting),
        });
        if ui.add(Button::new(texts::STOP).enabled(!compacting.is_stopping)).clicked() {
            said.push(HistoriesAction::StopCompacting);
        }
    });
}

// Forgetting

fn limits_ui(ui: &mut Ui, model: &Model, said: &mut Vec<HistoriesAction>) {
    let histories = &model.histories;
    ui.add(Label::new(theme::dim(ui, texts::FORGETTING_REMARK)).wrap());
    ui.horizontal(|ui| {
        for limit in Limit::ALL {
            let mut text = histories.limit(limit).to_owned();
            ui.add(
                Field::new(texts::limit_label(limit), &mut text)
                    .hint(texts::NO_LIMIT)
                    .mono()
                    .width(LIMIT)
                    .invalid(histories.is_bad_limit(limit)),
            );
            ui.label(texts::limit_name(limit));
            ui.add_space(8.0);
            if text != histories.limit(limit) {
                said.push(HistoriesAction::EditLimit(limit, text));
            }
        }
    });
    let Some(limits) = histories.typed_limits() else {
        ui.label(theme::toned(ui, texts::BAD_LIMIT, Tone::Warn));
        return;
    };
    if limits == model.known.retention {
        return;
    }
    let Some(forgotten) = histories.would_forget() else { return waiting_ui(ui, texts::COUNTING) };
    ui.horizontal(|ui| {
        let keep = Button::new(texts::KEEP_TO_LIMITS);
        let keep = if forgotten.count > 0 { keep.danger() } else { keep.primary() };
        if ui.add(keep.enabled(histories.can_keep_to_limits())).clicked() {
            said.push(HistoriesAction::KeepToLimits);
        }
        ui.label(theme::toned(ui, texts::would_forget(forgotten), if forgotten.count > 0 { Tone::Warn } else { Tone::Neutral }));
    });
}
