//! Input methods: while one composes, the keys are its own.

use eframe::egui::{Event, ImeEvent, Key, Ui};

/// Whether an input method composes at the end of this frame's events.
pub fn is_composing(ui: &Ui, was: bool) -> bool {
    ui.input(|input| {
        let said = input.events.iter().filter_map(|event| if let Event::Ime(said) = event { Some(said) } else { None });
        let mut composing = said.filter_map(|said| match said {
            ImeEvent::Preedit { text, .. } => Some(!text.is_empty()),
            ImeEvent::Commit(_) => Some(false),
            #[expect(deprecated, reason = "they are still there to be matched")]
            ImeEvent::Enabled | ImeEvent::Disabled | ImeEvent::DeleteSurrounding { .. } => None,
        });
        composing.next_back().unwrap_or(was)
    })
}

/// Takes away the keys that an input method has already obeyed.
pub fn swallow_keys(ui: &Ui) {
    let obeyed = [Key::Enter, Key::Tab, Key::Escape, Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight];
    ui.input_mut(|input| input.events.retain(|event| !matches!(event, Event::Key { key, .. } if obeyed.contains(key))));
}
