//! The controls, as a test or a screen reader meets them: by label.

use eframe::egui::{Key, Modifiers, OutputCommand, Ui, accesskit::Toggled};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use hookglass::ui::component::{Button, Field, button, copy_line, dialog, secret_field, segmented, tabs};
use hookglass::ui::theme::{self, Tone};

fn window<'a, S: 'a>(state: S, ui: impl FnMut(&mut Ui, &mut S) + 'a) -> Harness<'a, S> {
    Harness::builder()
        .allow_missing_glyphs()
        .with_context_setup(|ctx| {
            theme::install(ctx);
            hookglass::ui::fonts::install(ctx);
        })
        .with_max_steps(8)
        .build_ui_state(ui, state)
}

#[test]
fn a_button_is_clicked_by_its_label_unless_disabled() {
    let mut window = window([0, 0], |ui, clicks| {
        clicks[0] += i32::from(button(ui, "Stop").clicked());
        clicks[1] += i32::from(ui.add(Button::new("Save").enabled(false)).clicked());
    });
    window.get_by_label("Stop").click();
    window.get_by_label("Save").click();
    window.run();
    assert_eq!(window.state(), &[1, 0]);
    assert!(window.get_by_label("Save").accesskit_node().is_disabled());
}

#[test]
fn a_focused_button_is_pressed_from_the_keyboard() {
    let mut window = window(0, |ui, clicks| {
        *clicks += i32::from(button(ui, "Stop").clicked());
    });
    window.key_press(Key::Tab);
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert_eq!(*window.state(), 1);
}

#[test]
fn one_segment_is_on_and_a_click_says_which_is_wanted() {
    let options = [("OK", Tone::Ok), ("FAIL", Tone::Warn), ("Hold", Tone::Warn)];
    let mut window = window(0, move |ui, chosen| {
        if let Some(index) = segmented(ui, "respond", &options, *chosen) {
            *chosen = index;
        }
    });
    window.get_by_label("FAIL").click();
    window.run();
    assert_eq!(*window.state(), 1);
    let toggled = |label| window.get_by_label(label).accesskit_node().toggled();
    assert_eq!(toggled("FAIL"), Some(Toggled::True));
    assert_eq!(toggled("OK"), Some(Toggled::False));
}

#[test]
fn one_tab_is_selected() {
    let mut window = window(0, |ui, chosen| {
        if let Some(index) = tabs(ui, &["Fields", "JSON"], *chosen, |_| String::new()) {
            *chosen = index;
        }
    });
    window.get_by_label("JSON").click();
    window.run();
    assert_eq!(*window.state(), 1);
    let selected = |label| window.get_by_label(label).accesskit_node().is_selected();
    assert_eq!(selected("JSON"), Some(true));
    assert_eq!(selected("Fields"), Some(false));
}

#[test]
fn a_field_is_found_by_its_name_and_typed_into() {
    let mut window = window(String::new(), |ui, text| {
        ui.add(Field::new("Filter", text).width(200.0));
    });
    window.get_by_label("Filter").focus();
    window.run();
    window.get_by_label("Filter").type_text("红包");
    window.run();
    assert_eq!(window.state(), "红包");
}

#[test]
fn a_secret_is_hidden_until_shown() {
    let mut window = window("xxxxyyyy".to_owned(), |ui, text| {
        secret_field(ui, "Token", text, "", 300.0);
    });
    assert_ne!(window.get_by_label("Token").value().as_deref(), Some("xxxxyyyy"));
    window.get_by_label("Show").click();
    window.run();
    assert_eq!(window.get_by_label("Token").value().as_deref(), Some("xxxxyyyy"));
    assert!(window.query_by_label("Hide").is_some());
}

#[test]
fn a_line_copies_itself() {
    let mut window = window((), |ui, ()| {
        copy_line(ui, "ngrok http 9700");
    });
    window.get_by_label("Copy").click();
    window.step();
    let copied = OutputCommand::CopyText("ngrok http 9700".to_owned());
    assert!(window.output().platform_output.commands.contains(&copied));
    window.step();
    assert!(window.query_by_label("Copied").is_some());
}

/// A window with a button that opens a dialog, and the dialog.
fn with_dialog<'a>() -> Harness<'a, bool> {
    window(false, |ui, open| {
        if button(ui, "Rules…").clicked() {
            *open = true;
        }
        if *open {
            let closed = dialog(ui, "Response rules", "", 400.0, |ui| {
                if button(ui, "Save rule").clicked() {
                    *open = false;
                }
            });
            *open &= !closed;
        }
    })
}

fn open_from_keyboard(window: &mut Harness<'_, bool>) {
    window.get_by_label("Rules…").focus();
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert!(*window.state());
}

#[test]
fn focus_goes_into_a_dialog_and_returns_however_it_is_closed() {
    for close in ["Esc", "Close", "Save rule"] {
        let mut window = with_dialog();
        open_from_keyboard(&mut window);
        assert!(window.get_by_label("Response rules").accesskit_node().is_focused());
        if close == "Esc" {
            window.key_press(Key::Escape);
        } else {
            window.get_by_label(close).click();
        }
        window.run();
        assert!(!*window.state(), "{close}");
        window.run();
        assert!(window.get_by_label("Rules…").accesskit_node().is_focused(), "{close}");
    }
}

#[test]
fn tab_stays_inside_a_dialog() {
    let mut window = with_dialog();
    open_from_keyboard(&mut window);
    for _ in 0..5 {
        window.key_press_modifiers(Modifiers::NONE, Key::Tab);
        window.run();
        assert!(!window.get_by_label("Rules…").accesskit_node().is_focused());
    }
}
