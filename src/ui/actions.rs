//! Each action's shortcut, said once, and the keys turned into actions. What a key means is the model's to say.

use crate::app::Model;
use crate::app::action::{Action, Tab, Zoom};
use crate::app::hold::Decision;
pub use crate::app::meaning::{Meaning, Place};
use eframe::egui::gui_zoom::kb_shortcuts;
use eframe::egui::{Context, Event, InputState, Key, KeyboardShortcut, Modifiers, Popup, Ui};

const COMMAND_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

/// A key and what it means. Shown in tooltips as [`hint`].
const KEYS: [(Modifiers, Key, Meaning); 47] = [
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
    (Modifiers::COMMAND, Key::K, Meaning::Palette),
];

/// Keys that mean something while a request is held. Held down they mean it once.
const HOLD_KEYS: [(Key, Meaning); 5] = [
    (Key::A, Meaning::Decide(Decision::Allow)),
    (Key::X, Meaning::Decide(Decision::Refuse)),
    (Key::D, Meaning::Decide(Decision::Drop)),
    (Key::T, Meaning::Decide(Decision::TimeOut)),
    (Key::W, Meaning::Rewrite),
];

/// What egui makes of keys by itself: it zooms, and says that something is to be copied.
const EGUI_KEYS: [(KeyboardShortcut, Meaning); 4] = [
    (kb_shortcuts::ZOOM_IN, Meaning::Zoom(Zoom::In)),
    (kb_shortcuts::ZOOM_OUT, Meaning::Zoom(Zoom::Out)),
    (kb_shortcuts::ZOOM_RESET, Meaning::Zoom(Zoom::Usual)),
    (KeyboardShortcut::new(Modifiers::COMMAND, Key::C), Meaning::CopySelected),
];

/// A tooltip with the shortcut behind it.
pub fn hint(ui: &Ui, text: &str, meaning: Meaning) -> String {
    shortcut(ui, meaning).map_or_else(|| text.to_owned(), |key| format!("{text} ({key})"))
}

/// Every key with what it means.
pub fn all_keys() -> impl Iterator<Item = (Modifiers, Key, Meaning)> {
    let hold_keys = HOLD_KEYS.into_iter().map(|(key, meaning)| (Modifiers::NONE, key, meaning));
    let egui_keys = EGUI_KEYS.into_iter().map(|(shortcut, meaning)| (shortcut.modifiers, shortcut.logical_key, meaning));
    KEYS.into_iter().chain(hold_keys).chain(egui_keys)
}

/// The shortcut, as it stands on the keys.
pub fn shortcut(ctx: &Context, meaning: Meaning) -> Option<String> {
    let (modifiers, key, _) = all_keys().find(|(.., other)| *other == meaning)?;
    if key == Key::Slash {
        // Its sign is what stands on the key.
        return Some(key.symbol_or_name().to_owned());
    }
    Some(key_text(ctx, modifiers, key))
}

/// A key as it stands on the keyboard.
pub fn key_text(ctx: &Context, modifiers: Modifiers, key: Key) -> String {
    ctx.format_shortcut(&KeyboardShortcut::new(modifiers, key))
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
    let mut mean = |meaning: Meaning| actions.extend(meaning.action(model, place));
    if ui.input(|input| input.events.contains(&Event::Copy)) {
        mean(Meaning::CopySelected);
    }
    if model.held.first().is_some() {
        let held = |input: &mut InputState| HOLD_KEYS.iter().find(|(key, _)| take_press(&mut input.events, *key));
        ui.input_mut(held).into_iter().for_each(|(_, meaning)| mean(*meaning));
    }
    let pressed: Vec<Meaning> = ui.input_mut(|input| {
        let hits = KEYS.iter().filter(|(modifiers, key, _)| input.consume_key(*modifiers, *key));
        hits.map(|(.., meaning)| *meaning).collect()
    });
    pressed.into_iter().for_each(mean);
}

/// Takes a key that was pressed, not one that is held down.
fn take_press(events: &mut Vec<Event>, wanted: Key) -> bool {
    let is_it = |event: &Event| matches!(event, Event::Key { key, pressed: true, repeat: false, modifiers, .. } if *key == wanted && modifiers.is_none());
    let at = events.iter().position(is_it);
    at.map(|at| events.remove(at)).is_some()
}

/// Opens the palette, also while text is typed: with Ctrl no key is typed, but a field would take this one. Not while an
/// input method composes.
pub fn palette_key(ui: &Ui, model: &Model, place: Place, is_composing: bool, actions: &mut Vec<Action>) {
    let is_free = model.dialog.is_none() && !Popup::is_any_open(ui.ctx()) && !is_composing;
    if is_free && ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::K)) {
        actions.extend(Meaning::Palette.action(model, place));
    }
}
