//! The palette in the window: opened from anywhere, typed into, moved through, done and left.

use crate::bench::Bench;
use eframe::egui::accesskit::Role;
use eframe::egui::{Event as Input, ImeEvent, Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hookglass::app::action::{Dialog, Tab};
use hookglass::messages::{Effect, Event, Find, Known};
use hookglass::rules::preset::Preset;
use hookglass::settings::{SavedFilter, Theme};

const FIELD: &str = "Find an action";

fn press(bench: &mut Bench) -> Vec<Effect> {
    bench.key(Modifiers::COMMAND, Key::K)
}

/// A window with three callbacks and the palette over it.
fn palette() -> Bench {
    let mut bench = Bench::new();
    bench.receive(3);
    assert_eq!(press(&mut bench), []);
    assert!(is_open(&bench));
    bench
}

fn is_open(bench: &Bench) -> bool {
    bench.harness.state().model().dialog == Some(Dialog::Palette)
}

fn type_text(bench: &mut Bench, text: &str) {
    bench.harness.event(Input::Text(text.to_owned()));
    bench.harness.run_ok();
}

/// The rows in view, and the one that is chosen.
fn rows(bench: &Bench) -> (Vec<String>, Option<String>) {
    // The list of callbacks behind it begins further left.
    let left = bench.harness.get_by_label(FIELD).rect().left();
    let all: Vec<_> = bench.harness.query_all_by_role(Role::ListBoxOption).filter(|row| (row.rect().left() - left).abs() < 20.0).collect();
    let label = |row: &egui_kittest::Node<'_>| row.accesskit_node().label().unwrap_or_default();
    (all.iter().map(label).collect(), all.iter().find(|row| row.accesskit_node().is_selected() == Some(true)).map(label))
}

fn chosen(bench: &Bench) -> String {
    rows(bench).1.unwrap_or_default()
}

#[test]
fn it_opens_with_the_field_focused_and_enter_does_what_is_found_first() {
    let mut bench = palette();
    assert!(bench.harness.ctx.text_edit_focused());
    assert!(bench.harness.get_by_label_contains("Pin, #3").is_focused(), "a screen reader is told what Enter would do");
    assert!(bench.harness.query_by_role_and_label(Role::Dialog, "Actions").is_some());
    type_text(&mut bench, "statist");
    assert_eq!(rows(&bench).0, ["Open the statistics, What all these callbacks tell together, F2"]);
    let asked = bench.key(Modifiers::NONE, Key::Enter);
    assert!(matches!(asked.as_slice(), [Effect::Count(Some(_))]), "{asked:?}");
    assert!(!is_open(&bench) && bench.shows("of all exchanges"));
    assert_eq!(bench.key(Modifiers::NONE, Key::F2), [Effect::Count(None)], "the keys are free again");
}

#[test]
fn the_shortcut_stands_beside_what_it_does_and_what_that_acts_on() {
    let bench = palette();
    let (rows, chosen) = rows(&bench);
    assert_eq!(rows[0], "Pin, #3 Group.CallbackAfterNewMemberJoin, P");
    assert_eq!(chosen.as_ref(), rows.first());
}

#[test]
fn the_keys_move_through_what_was_found_and_keep_what_is_chosen_in_view() {
    let mut bench = palette();
    let first = chosen(&bench);
    bench.key(Modifiers::NONE, Key::ArrowDown);
    assert_eq!(chosen(&bench), "Note…, #3 Group.CallbackAfterNewMemberJoin, N");
    bench.key(Modifiers::NONE, Key::PageDown);
    let (all, at) = rows(&bench);
    assert!(at.is_some_and(|at| all.contains(&at)));
    bench.key(Modifiers::NONE, Key::End);
    assert!(chosen(&bench).starts_with("Select down to the last, "), "{}", chosen(&bench));
    bench.key(Modifiers::NONE, Key::PageUp);
    bench.key(Modifiers::NONE, Key::Home);
    bench.key(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(chosen(&bench), first);
    assert!(bench.harness.get_by_label_contains("Pin, #3").is_focused());
    type_text(&mut bench, "zoom");
    assert_eq!(chosen(&bench), "Zoom in, Ctrl+Plus", "one goes on typing");
}

#[test]
fn a_click_does_it_and_a_click_beside_it_closes() {
    let mut bench = palette();
    type_text(&mut bench, "garbage");
    bench.harness.get_by_label_contains("Respond with Not JSON: garbage").click();
    let asked = bench.asked();
    assert!(matches!(asked.as_slice(), [Effect::Respond(Preset::Garbage, _)]), "{asked:?}");
    assert!(!is_open(&bench));
    press(&mut bench);
    bench.harness.drag_at(eframe::egui::pos2(40.0, 850.0));
    bench.harness.drop_at(eframe::egui::pos2(40.0, 850.0));
    assert_eq!(bench.asked(), []);
    assert!(!is_open(&bench));
}

#[test]
fn escape_and_the_same_key_close_it_and_the_focus_goes_back_to_where_it_was() {
    let mut bench = Bench::new();
    bench.receive(3);
    for close in [(Modifiers::NONE, Key::Escape), (Modifiers::COMMAND, Key::K)] {
        bench.harness.get_by_role_and_label(Role::TextInput, "Filter").focus();
        bench.harness.run_ok();
        press(&mut bench);
        assert!(is_open(&bench), "a field with the focus does not take the key");
        type_text(&mut bench, "pin");
        bench.key(close.0, close.1);
        assert!(!is_open(&bench), "{close:?}");
        assert!(bench.harness.get_by_role_and_label(Role::TextInput, "Filter").is_focused());
        assert_eq!(bench.harness.state().model().filter.text(), "");
        press(&mut bench);
        assert!(bench.harness.get_by_label(FIELD).value().unwrap_or_default().is_empty(), "it begins anew");
        bench.key(Modifiers::NONE, Key::Escape);
    }
}

#[test]
fn what_is_done_may_take_the_focus() {
    let mut bench = palette();
    type_text(&mut bench, "type a filter");
    bench.key(Modifiers::NONE, Key::Enter);
    assert!(bench.harness.get_by_role_and_label(Role::TextInput, "Filter").is_focused());
    press(&mut bench);
    type_text(&mut bench, "note");
    assert_eq!(chosen(&bench), "Note…, #3 Group.CallbackAfterNewMemberJoin, N");
    bench.key(Modifiers::NONE, Key::Enter);
    assert_eq!(bench.harness.state().model().detail.tab(), Tab::Note);
    assert!(bench.harness.get_by_role_and_label(Role::MultilineTextInput, "Your note").is_focused());
}

#[test]
fn a_dialog_that_it_opened_gives_the_focus_back_to_where_that_was_before() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.harness.get_by_role_and_label(Role::TextInput, "Filter").focus();
    bench.harness.run_ok();
    press(&mut bench);
    type_text(&mut bench, "import");
    bench.key(Modifiers::NONE, Key::Enter);
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Import));
    bench.key(Modifiers::NONE, Key::Escape);
    assert_eq!(bench.harness.state().model().dialog, None);
    assert!(bench.harness.get_by_role_and_label(Role::TextInput, "Filter").is_focused());
}

#[test]
fn a_saved_filter_with_a_chinese_name_is_found_by_an_input_method() {
    let mut bench = Bench::new();
    bench.receive(3);
    let filters = vec![SavedFilter { name: "红包".into(), text: "红包".into() }, SavedFilter { name: "礼物".into(), text: "gift".into() }];
    bench.tell(Event::Settings(Known { filters, ..Known::default() }));
    press(&mut bench);
    let preedit = |text: &str| Input::Ime(ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None });
    bench.harness.event(preedit("li"));
    bench.harness.run_ok();
    let all = rows(&bench).0.len();
    assert_eq!(bench.key(Modifiers::NONE, Key::ArrowDown), [], "that is the input method's");
    assert!(chosen(&bench).starts_with("Pin, "));
    assert_eq!(bench.key(Modifiers::NONE, Key::Enter), []);
    assert!(is_open(&bench) && rows(&bench).0.len() == all, "nothing is typed yet");
    bench.harness.event(Input::Ime(ImeEvent::Commit("礼".to_owned())));
    bench.harness.run_ok();
    assert_eq!(rows(&bench).0.first().map(String::as_str), Some("Filter by 礼物, gift"));
    let asked = bench.key(Modifiers::NONE, Key::Enter);
    assert!(matches!(asked.as_slice(), [Effect::Find(Some(Find { filter, .. }))] if filter.text() == "gift"), "{asked:?}");
}

#[test]
fn it_does_not_open_while_an_input_method_composes_or_a_dialog_or_a_menu_is_open() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.harness.get_by_role_and_label(Role::TextInput, "Filter").focus();
    bench.harness.run_ok();
    bench.harness.event(Input::Ime(ImeEvent::Preedit { text: "hong".to_owned(), active_range_chars: None }));
    bench.harness.run_ok();
    press(&mut bench);
    assert!(!is_open(&bench));
    bench.harness.event(Input::Ime(ImeEvent::Commit("红".to_owned())));
    bench.harness.run_ok();
    press(&mut bench);
    assert!(is_open(&bench));
    bench.key(Modifiers::NONE, Key::Escape);

    bench.open(Dialog::Rules);
    press(&mut bench);
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Rules));
    bench.key(Modifiers::NONE, Key::Escape);
    bench.click("Saved");
    press(&mut bench);
    assert!(!is_open(&bench));
}

#[test]
fn no_key_acts_behind_it() {
    let mut bench = palette();
    type_text(&mut bench, "p");
    assert_eq!(bench.key(Modifiers::NONE, Key::P), []);
    assert_eq!(bench.key(Modifiers::NONE, Key::Delete), []);
    assert_eq!(bench.key(Modifiers::COMMAND, Key::A), []);
    assert!(is_open(&bench));
}

#[test]
fn nothing_found_says_so() {
    let mut bench = palette();
    type_text(&mut bench, "qqqq");
    assert!(bench.shows("No action that can be done now is called like this"));
    assert_eq!(bench.key(Modifiers::NONE, Key::Enter), []);
    assert!(is_open(&bench));
}

#[test]
fn it_opens_by_its_button_and_sets_colours_and_zoom() {
    let mut bench = Bench::new();
    bench.click("Actions");
    assert!(is_open(&bench));
    type_text(&mut bench, "theme light");
    assert_eq!(bench.key(Modifiers::NONE, Key::Enter), [Effect::SetTheme(Theme::Light)]);
    press(&mut bench);
    type_text(&mut bench, "zoom in");
    bench.key(Modifiers::NONE, Key::Enter);
    bench.harness.run_ok();
    assert!((bench.harness.ctx.zoom_factor() - 1.1).abs() < 0.01);
}

#[test]
fn a_name_for_the_filter_is_typed_where_it_always_is() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.key(Modifiers::NONE, Key::Slash);
    type_text(&mut bench, "jared ");
    press(&mut bench);
    type_text(&mut bench, "save this");
    bench.key(Modifiers::NONE, Key::Enter);
    bench.harness.run_ok();
    assert!(bench.harness.get_by_role_and_label(Role::TextInput, "Name of the filter").is_focused());
}

#[test]
fn it_fits_a_small_window() {
    let mut bench = palette();
    for size in [vec2(900.0, 600.0), vec2(720.0, 480.0)] {
        bench.harness.set_size(size);
        bench.harness.run_ok();
        let bottom = |bench: &Bench| {
            let rows = bench.harness.query_all_by_role(Role::ListBoxOption);
            rows.filter(|row| row.accesskit_node().label().is_some_and(|label| label.starts_with("Pin, ")))
                .map(|row| row.rect().right())
                .collect::<Vec<_>>()
        };
        assert!(bottom(&bench).iter().all(|right| *right <= size.x - 16.0), "{:?}", bottom(&bench));
        bench.key(Modifiers::NONE, Key::End);
        let last = bench.harness.get_by_label_contains("Select down to the last").rect();
        assert!(last.bottom() <= size.y - 16.0, "{last:?}");
        bench.key(Modifiers::NONE, Key::Home);
    }
}
