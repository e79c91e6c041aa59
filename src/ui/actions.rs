//! Each action's shortcut, said once, and the keys turned into actions.

use super::texts;
use crate::app::Model;
use crate::app::action::{Action, Dialog, Tab};
use crate::app::body::{BodyAction, Copied};
use crate::app::catalogue::CatalogueAction;
use crate::app::filter_box::FilterAction;
use crate::app::find::FindAction;
use eframe::egui::{Event, Key, KeyboardShortcut, Modifiers, Popup, Ui};

const COMMAND_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

/// A key and what it means. Shown in tooltips as [`hint`].
const KEYS: [(Modifiers, Key, Meaning); 24] = [
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
    (Modifiers::NONE, Key::C, Meaning::CopyAsCurl),
    (Modifiers::NONE, Key::F, Meaning::ToggleFail),
    (Modifiers::COMMAND, Key::E, Meaning::Export),
    (Modifiers::COMMAND, Key::T, Meaning::SendTest),
    (Modifiers::COMMAND, Key::F, Meaning::Find),
    (Modifiers::SHIFT, Key::F3, Meaning::PreviousMatch),
    (Modifiers::NONE, Key::F3, Meaning::NextMatch),
    (COMMAND_SHIFT, Key::C, Meaning::CopyPath),
    (Modifiers::COMMAND, Key::A, Meaning::SelectAll),
    (Modifiers::NONE, Key::F1, Meaning::Catalogue),
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
    /// Send a test callback.
    SendTest,
    /// Find a text in the body.
    Find,
    /// Go to the next match.
    NextMatch,
    /// Go to the match before.
    PreviousMatch,
    /// Copy the path of the selected line of the body's tree.
    CopyPath,
    /// Select all of the body.
    SelectAll,
    /// Open the catalogue, or close it.
    Catalogue,
    /// Type into the filter box, or the search field.
    Search,
    /// Leave the page.
    Back,
}

/// A tooltip with the shortcut behind it.
pub fn hint(ui: &Ui, text: &str, meaning: Meaning) -> String {
    let key = KEYS.iter().find(|(.., other)| *other == meaning);
    match key {
        // Its sign is what stands on the key.
        Some((_, Key::Slash, _)) => format!("{text} ({})", Key::Slash.symbol_or_name()),
        Some((modifiers, key, _)) => format!("{text} ({})", ui.ctx().format_shortcut(&KeyboardShortcut::new(*modifiers, *key))),
        None => text.to_owned(),
    }
}

/// Whether a key can be a shortcut: no text is being typed or composed, and no dialog and no menu is open.
pub fn are_keys_free(ui: &Ui, model: &Model) -> bool {
    model.dialog.is_none() && !ui.ctx().text_edit_focused() && !Popup::is_any_open(ui.ctx())
}

/// Turns keys into actions, where they are free.
pub fn keys(ui: &Ui, model: &Model, page: u64, actions: &mut Vec<Action>) {
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
    let action = if model.catalogue.is_open() { action_on_page } else { action };
    actions.extend(pressed.into_iter().filter_map(|meaning| action(model, page, meaning)));
}

/// Whether the body is what is looked at.
fn is_body_in_front(model: &Model) -> bool {
    model.detail.opened().is_some() && model.detail.tab() == Tab::Json && !model.catalogue.is_open()
}

fn action(model: &Model, page: u64, meaning: Meaning) -> Option<Action> {
    let page = i64::try_from(page.max(1)).unwrap_or(1);
    match meaning {
        Meaning::Move(rows) => Some(Action::SelectBy(rows)),
        Meaning::Page(pages) => Some(Action::SelectBy(pages * page)),
        Meaning::Newest => Some(Action::SelectNewest),
        Meaning::Oldest => Some(Action::SelectOldest),
        Meaning::Tab(tab) => Some(Action::ShowTab(tab)),
        Meaning::CopyAsCurl => model.history.selected().map(|_| Action::CopyAsCurl),
        Meaning::ToggleFail => Some(Action::ToggleFail),
        Meaning::Export => (!model.history.is_empty()).then_some(Action::OpenDialog(Dialog::Export)),
        Meaning::SendTest => model.can_send_test().then_some(Action::SendTest),
        Meaning::Catalogue => Some(Action::Catalogue(CatalogueAction::Toggle)),
        Meaning::Find => model.detail.opened().map(|_| find(FindAction::Open)),
        Meaning::NextMatch => is_body_in_front(model).then_some(find(FindAction::Next)),
        Meaning::PreviousMatch => is_body_in_front(model).then_some(find(FindAction::Previous)),
        Meaning::CopyPath => is_body_in_front(model).then_some(Action::Body(BodyAction::Copy(Copied::SelectedPath))),
        Meaning::SelectAll => is_body_in_front(model).then_some(Action::Body(BodyAction::SelectAll)),
        Meaning::Back => model.detail.body.find.is_open().then_some(find(FindAction::Close)),
        Meaning::Search => (!model.history.is_empty()).then_some(Action::Filter(FilterAction::AskFocus)),
    }
}

fn find(action: FindAction) -> Action {
    Action::Body(BodyAction::Find(action))
}

/// What a key means while the catalogue is in front: what moves, moves in there, and what belongs to the exchange
/// behind it waits.
fn action_on_page(model: &Model, page: u64, meaning: Meaning) -> Option<Action> {
    let lines = i64::try_from(page.max(1)).unwrap_or(1);
    Some(Action::Catalogue(match meaning {
        Meaning::Move(rows) => CatalogueAction::SelectBy(rows),
        Meaning::Page(pages) => CatalogueAction::SelectBy(pages * lines),
        Meaning::Newest => CatalogueAction::SelectFirst,
        Meaning::Oldest => CatalogueAction::SelectLast,
        Meaning::Search => CatalogueAction::AskSearch,
        Meaning::Back => CatalogueAction::Close,
        Meaning::Tab(_)
        | Meaning::CopyAsCurl
        | Meaning::Find
        | Meaning::NextMatch
        | Meaning::PreviousMatch
        | Meaning::CopyPath
        | Meaning::SelectAll => return None,
        Meaning::ToggleFail | Meaning::Export | Meaning::SendTest | Meaning::Catalogue => return action(model, page, meaning),
    }))
}

/// The name of a tab.
pub fn tab_name(tab: Tab) -> &'static str {
    let at = Tab::ALL.iter().position(|other| *other == tab).unwrap_or(0);
    texts::TABS[at]
}
