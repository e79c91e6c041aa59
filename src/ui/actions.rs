//! Each action's shortcut, said once, and the keys turned into actions.

use super::texts;
use crate::app::Model;
use crate::app::action::{Action, Dialog, Tab};
use crate::app::annotating::AnnotateAction;
use crate::app::body::{BodyAction, Copied};
use crate::app::catalogue::CatalogueAction;
use crate::app::comparing::CompareAction;
use crate::app::conversation::ConversationAction;
use crate::app::deleting::DeleteAction;
use crate::app::filter_box::FilterAction;
use crate::app::find::FindAction;
use crate::app::selection::SelectionAction;
use crate::app::statistics::StatisticsAction;
use eframe::egui::{Event, Key, KeyboardShortcut, Modifiers, Popup, Ui};

const COMMAND_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

/// A key and what it means. Shown in tooltips as [`hint`].
const KEYS: [(Modifiers, Key, Meaning); 46] = [
    // Before the same keys without Shift, which would take them.
    (Modifiers::SHIFT, Key::J, Meaning::Extend(1)),
    (Modifiers::SHIFT, Key::K, Meaning::Extend(-1)),
    (Modifiers::SHIFT, Key::ArrowDown, Meaning::Extend(1)),
    (Modifiers::SHIFT, Key::ArrowUp, Meaning::Extend(-1)),
    (Modifiers::SHIFT, Key::PageDown, Meaning::ExtendPage(1)),
    (Modifiers::SHIFT, Key::PageUp, Meaning::ExtendPage(-1)),
    (Modifiers::SHIFT, Key::Home, Meaning::ExtendToNewest),
    (Modifiers::SHIFT, Key::End, Meaning::ExtendToOldest),
    (Modifiers::NONE, Key::J, Meaning::Move(1)),
    (Modifiers::NONE, Key::K, Meaning::Move(-1)),
    (Modifiers::NONE, Key::ArrowDown, Meaning::Move(1)),
    (Modifiers::NONE, Key::ArrowUp, Meaning::Move(-1)),
    (Modifiers::NONE, Key::PageDown, Meaning::Page(1)),
    (Modifiers::NONE, Key::PageUp, Meaning::Page(-1)),
    (Modifiers::NONE, Key::Home, Meaning::Newest),
    (Modifiers::NONE, Key::End, Meaning::Oldest),
    (Modifiers::NONE, Key::Num1, Meaning::Tab(Tab::Fields)),
    (Modifiers::NONE, Key::Num2, Meaning::Tab(Tab::Json)),
    (Modifiers::NONE, Key::Num3, Meaning::Tab(Tab::Request)),
    (Modifiers::NONE, Key::Num4, Meaning::Tab(Tab::Response)),
    (Modifiers::NONE, Key::Num5, Meaning::Tab(Tab::Compare)),
    (Modifiers::NONE, Key::Num6, Meaning::Tab(Tab::Note)),
    (Modifiers::NONE, Key::P, Meaning::Pin),
    (Modifiers::NONE, Key::M, Meaning::NextMark),
    (Modifiers::NONE, Key::N, Meaning::Note),
    (Modifiers::NONE, Key::Delete, Meaning::Delete),
    (Modifiers::COMMAND, Key::Z, Meaning::Undo),
    (Modifiers::NONE, Key::C, Meaning::CopyAsCurl),
    (Modifiers::NONE, Key::F, Meaning::ToggleFail),
    (Modifiers::COMMAND, Key::E, Meaning::Export),
    (Modifiers::COMMAND, Key::I, Meaning::Import),
    (Modifiers::COMMAND, Key::H, Meaning::History),
    (Modifiers::COMMAND, Key::T, Meaning::SendTest),
    (Modifiers::COMMAND, Key::F, Meaning::Find),
    (Modifiers::SHIFT, Key::F3, Meaning::PreviousMatch),
    (Modifiers::NONE, Key::F3, Meaning::NextMatch),
    (Modifiers::SHIFT, Key::F8, Meaning::PreviousDifference),
    (Modifiers::NONE, Key::F8, Meaning::NextDifference),
    (Modifiers::NONE, Key::B, Meaning::MarkBase),
    (COMMAND_SHIFT, Key::C, Meaning::CopyPath),
    (Modifiers::COMMAND, Key::A, Meaning::SelectAll),
    (Modifiers::NONE, Key::V, Meaning::Conversation),
    (Modifiers::NONE, Key::F1, Meaning::Catalogue),
    (Modifiers::NONE, Key::F2, Meaning::Statistics),
    (Modifiers::NONE, Key::Slash, Meaning::Search),
    (Modifiers::NONE, Key::Escape, Meaning::Back),
];

/// What a key means, where the model does not matter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Select this many rows further down.
    Move(i64),
    /// Select this many pages further down.
    Page(i64),
    /// Select the newest.
    Newest,
    /// Select the oldest.
    Oldest,
    /// Show a tab.
    Tab(Tab),
    /// Copy the opened exchange.
    CopyAsCurl,
    /// FAIL on and off.
    ToggleFail,
    /// Open the export.
    Export,
    /// Open the import.
    Import,
    /// Open the history's dialog.
    History,
    /// Send a test callback.
    SendTest,
    /// Find a text in the body.
    Find,
    /// Go to the next match.
    NextMatch,
    /// Go to the match before.
    PreviousMatch,
    /// Go to the next difference.
    NextDifference,
    /// Go to the difference before.
    PreviousDifference,
    /// Have the one with the focus be the base of comparisons, or no more.
    MarkBase,
    /// Copy the path of the selected line of the body's tree.
    CopyPath,
    /// Select all of the body where one has clicked into it, else all that are shown.
    SelectAll,
    /// Select this many rows more, from where the selection began.
    Extend(i64),
    /// Select this many pages more.
    ExtendPage(i64),
    /// Select up to the newest.
    ExtendToNewest,
    /// Select up to the oldest.
    ExtendToOldest,
    /// Pin what is selected, or no more.
    Pin,
    /// Give what is selected the next colour.
    NextMark,
    /// Write the note.
    Note,
    /// Delete what is selected.
    Delete,
    /// Undo the last deletion.
    Undo,
    /// Read the conversation that the opened exchange belongs to.
    Conversation,
    /// Open the catalogue, or close it.
    Catalogue,
    /// Open the statistics, or close them.
    Statistics,
    /// Type into the filter box, or the search field.
    Search,
    /// Leave the page; go back to one selected.
    Back,
}

/// Where the keys are meant.
#[derive(Clone, Copy)]
pub struct Place {
    /// How many rows a page has.
    pub page: u64,
    /// Whether one has clicked into the body.
    pub is_in_body: bool,
}

/// A tooltip with the shortcut behind it.
pub fn hint(ui: &Ui, text: &str, meaning: Meaning) -> String {
    shortcut(ui, meaning).map_or_else(|| text.to_owned(), |key| format!("{text} ({key})"))
}

/// The shortcut, as it stands on the keys.
pub fn shortcut(ui: &Ui, meaning: Meaning) -> Option<String> {
    let (modifiers, key, _) = KEYS.iter().find(|(.., other)| *other == meaning)?;
    if *key == Key::Slash {
        // Its sign is what stands on the key.
        return Some(key.symbol_or_name().to_owned());
    }
    Some(ui.ctx().format_shortcut(&KeyboardShortcut::new(*modifiers, *key)))
}

/// A key as it stands on the keyboard.
pub fn key_text(ui: &Ui, modifiers: Modifiers, key: Key) -> String {
    ui.ctx().format_shortcut(&KeyboardShortcut::new(modifiers, key))
}

/// Whether a key can be a shortcut: no text is being typed or composed, and no dialog and no menu is open.
pub fn are_keys_free(ui: &Ui, model: &Model) -> bool {
    model.dialog.is_none() && !ui.ctx().text_edit_focused() && !Popup::is_any_open(ui.ctx())
}

/// Turns keys into actions, where they are free.
pub fn keys(ui: &Ui, model: &Model, place: Place, actions: &mut Vec<Action>) {
    if !are_keys_free(ui, model) {
        return;
    }
    if is_body_in_front(model) && ui.input(|input| input.events.contains(&Event::Copy)) {
        actions.push(Action::Body(BodyAction::Copy(Copied::Selected)));
    }
    let pressed: Vec<Meaning> = ui.input_mut(|input| {
        let hits = KEYS.iter().filter(|(modifiers, key, _)| input.consume_key(*modifiers, *key));
        hits.map(|(.., meaning)| *meaning).collect()
    });
    let action = match (model.catalogue.is_open(), model.statistics.is_open(), model.conversation()) {
        (true, ..) => action_on_page,
        (false, true, _) => action_on_statistics,
        (false, false, Some(_)) => action_in_conversation,
        (false, false, None) => action,
    };
    actions.extend(pressed.into_iter().filter_map(|meaning| action(model, place, meaning)));
}

/// Whether the body is what is looked at.
fn is_body_in_front(model: &Model) -> bool {
    model.detail.opened().is_some() && model.detail.tab() == Tab::Json && !model.catalogue.is_open() && !model.statistics.is_open()
}

/// Whether a comparison is what is looked at.
fn is_comparison_in_front(model: &Model) -> bool {
    let is_told = model.comparing.told().is_some_and(|told| told.is_ok());
    model.detail.tab() == Tab::Compare && is_told && !model.catalogue.is_open() && !model.statistics.is_open()
}

fn action(model: &Model, place: Place, meaning: Meaning) -> Option<Action> {
    let page = i64::try_from(place.page.max(1)).unwrap_or(1);
    let on_selected = |action: Action| (!model.history.selection().is_empty()).then_some(action);
    match meaning {
        Meaning::Extend(rows) => Some(Action::Selection(SelectionAction::ExtendBy(rows))),
        Meaning::ExtendPage(pages) => Some(Action::Selection(SelectionAction::ExtendBy(pages * page))),
        Meaning::ExtendToNewest => Some(Action::Selection(SelectionAction::ExtendToNewest)),
        Meaning::ExtendToOldest => Some(Action::Selection(SelectionAction::ExtendToOldest)),
        Meaning::Pin => on_selected(Action::Annotate(AnnotateAction::TogglePin)),
        Meaning::NextMark => on_selected(Action::Annotate(AnnotateAction::NextMark)),
        Meaning::Note => model.detail.opened().map(|_| Action::Annotate(AnnotateAction::OpenNote)),
        Meaning::Delete => on_selected(Action::Delete(DeleteAction::Selected)),
        Meaning::Undo => model.deleting.can_undo().then_some(Action::Delete(DeleteAction::Undo)),
        Meaning::Move(rows) => Some(Action::SelectBy(rows)),
        Meaning::Page(pages) => Some(Action::SelectBy(pages * page)),
        Meaning::Newest => Some(Action::SelectNewest),
        Meaning::Oldest => Some(Action::SelectOldest),
        Meaning::Tab(tab) => Some(Action::ShowTab(tab)),
        Meaning::CopyAsCurl => on_selected(Action::CopyAsCurl),
        Meaning::ToggleFail => Some(Action::ToggleFail),
        Meaning::Export => (!model.history.is_empty()).then_some(Action::OpenDialog(Dialog::Export)),
        Meaning::Import => Some(Action::OpenDialog(Dialog::Import)),
        Meaning::History => Some(Action::OpenDialog(Dialog::History)),
        Meaning::SendTest => model.can_send_test().then_some(Action::SendTest),
        Meaning::Conversation => model.can_read_conversation().then_some(Action::Conversation(ConversationAction::Open)),
        Meaning::Catalogue => Some(Action::Catalogue(CatalogueAction::Toggle)),
        Meaning::Statistics => Some(Action::Statistics(StatisticsAction::Toggle)),
        Meaning::Find => model.detail.opened().map(|_| find(FindAction::Open)),
        Meaning::NextMatch => is_body_in_front(model).then_some(find(FindAction::Next)),
        Meaning::PreviousMatch => is_body_in_front(model).then_some(find(FindAction::Previous)),
        Meaning::NextDifference => is_comparison_in_front(model).then_some(Action::Compare(CompareAction::Next)),
        Meaning::PreviousDifference => is_comparison_in_front(model).then_some(Action::Compare(CompareAction::Previous)),
        Meaning::MarkBase => on_selected(Action::Compare(CompareAction::MarkBase)),
        Meaning::CopyPath => is_body_in_front(model).then_some(Action::Body(BodyAction::Copy(Copied::SelectedPath))),
        Meaning::SelectAll if place.is_in_body && is_body_in_front(model) => Some(Action::Body(BodyAction::SelectAll)),
        Meaning::SelectAll => Some(Action::Selection(SelectionAction::All)),
        Meaning::Back if model.detail.body.find.is_open() => Some(find(FindAction::Close)),
        Meaning::Back => (model.history.selection().len() > 1).then_some(Action::Selection(SelectionAction::One)),
        Meaning::Search => (!model.history.is_empty()).then_some(Action::Filter(FilterAction::AskFocus)),
    }
}

fn find(action: FindAction) -> Action {
    Action::Body(BodyAction::Find(action))
}

/// What a key means while a conversation is read: there the newest stands below. Several entries are not selected at once.
fn action_in_conversation(model: &Model, place: Place, meaning: Meaning) -> Option<Action> {
    let entries = i64::try_from(place.page.max(1)).unwrap_or(1);
    let by = |entries: i64| Some(Action::Conversation(ConversationAction::SelectBy(entries)));
    match meaning {
        Meaning::Move(rows) => by(rows),
        Meaning::Page(pages) => by(pages * entries),
        Meaning::Newest => by(i64::MIN),
        Meaning::Oldest => by(i64::MAX),
        Meaning::Back if model.detail.body.find.is_open() => action(model, place, meaning),
        Meaning::Back => Some(Action::Conversation(ConversationAction::Close)),
        Meaning::SelectAll if !place.is_in_body => None,
        Meaning::Search | Meaning::Extend(_) | Meaning::ExtendPage(_) | Meaning::ExtendToNewest | Meaning::ExtendToOldest => None,
        Meaning::Tab(_)
        | Meaning::CopyAsCurl
        | Meaning::ToggleFail
        | Meaning::Export
        | Meaning::Import
        | Meaning::History
        | Meaning::SendTest
        | Meaning::Find
        | Meaning::NextMatch
        | Meaning::PreviousMatch
        | Meaning::NextDifference
        | Meaning::PreviousDifference
        | Meaning::MarkBase
        | Meaning::CopyPath
        | Meaning::SelectAll
        | Meaning::Pin
        | Meaning::NextMark
        | Meaning::Note
        | Meaning::Delete
        | Meaning::Undo
        | Meaning::Conversation
        | Meaning::Statistics
        | Meaning::Catalogue => action(model, place, meaning),
    }
}

/// What a key means while the catalogue is in front: what moves, moves in there, and what belongs to the exchange
/// behind it waits.
fn action_on_page(model: &Model, place: Place, meaning: Meaning) -> Option<Action> {
    let lines = i64::try_from(place.page.max(1)).unwrap_or(1);
    Some(Action::Catalogue(match meaning {
        Meaning::Move(rows) => CatalogueAction::SelectBy(rows),
        Meaning::Page(pages) => CatalogueAction::SelectBy(pages * lines),
        Meaning::Newest => CatalogueAction::SelectFirst,
        Meaning::Oldest => CatalogueAction::SelectLast,
        Meaning::Search => CatalogueAction::AskSearch,
        Meaning::Back => CatalogueAction::Close,
        Meaning::Tab(_)
        | Meaning::Conversation
        | Meaning::CopyAsCurl
        | Meaning::Find
        | Meaning::NextMatch
        | Meaning::PreviousMatch
        | Meaning::NextDifference
        | Meaning::PreviousDifference
        | Meaning::MarkBase
        | Meaning::CopyPath
        | Meaning::SelectAll
        | Meaning::Extend(_)
        | Meaning::ExtendPage(_)
        | Meaning::ExtendToNewest
        | Meaning::ExtendToOldest
        | Meaning::Pin
        | Meaning::NextMark
        | Meaning::Note
        | Meaning::Delete => return None,
        Meaning::ToggleFail
        | Meaning::Export
        | Meaning::Import
        | Meaning::History
        | Meaning::SendTest
        | Meaning::Catalogue
        | Meaning::Statistics
        | Meaning::Undo => {
            return action(model, place, meaning);
        }
    }))
}

/// What means the same whatever is in front.
const ANYWHERE: [Meaning; 6] =
    [Meaning::ToggleFail, Meaning::Import, Meaning::History, Meaning::SendTest, Meaning::Catalogue, Meaning::Statistics];

/// What a key means while the statistics are in front: nothing that needs the list behind them.
fn action_on_statistics(model: &Model, place: Place, meaning: Meaning) -> Option<Action> {
    if meaning == Meaning::Back {
        return Some(Action::Statistics(StatisticsAction::Close));
    }
    if ANYWHERE.contains(&meaning) { action(model, place, meaning) } else { None }
}

/// The name of a tab.
pub fn tab_name(tab: Tab) -> &'static str {
    let at = Tab::ALL.iter().position(|other| *other == tab).unwrap_or(0);
    texts::TABS[at]
}
