//! The filter above the list: typed, completed, wrong, looked for, stopped, saved.

use crate::bench::{Bench, NOW, row, write_ndjson};
use eframe::egui::accesskit::Role;
use eframe::egui::{self, Event as Input, ImeEvent, Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use hookglass::app::action::Action;
use hookglass::app::filter_box::FilterAction;
use hookglass::app::sentence;
use hookglass::filter::{Filter, Moment, Seen};
use hookglass::messages::{Effect, Event, Find, Known};
use hookglass::settings::SavedFilter;
use jiff::tz::TimeZone;
use std::sync::Arc;

fn find(number: u64, text: &str) -> Effect {
    let filter = Filter::parse(text, &Moment { now_millis: NOW, zone: &TimeZone::UTC }).expect("bug: a good filter");
    Effect::Find(Some(Find { number, filter, order: None }))
}

fn found(number: u64, older: &[i64], newer: &[i64], left: u64) -> Event {
    Event::Found { number, older: older.to_vec(), newer: newer.to_vec(), gone: Vec::new(), left }
}

/// A window with so many exchanges and the cursor in the box.
fn focused(count: i64) -> Bench {
    let mut bench = Bench::new();
    bench.receive(count);
    assert_eq!(bench.key(Modifiers::NONE, Key::Slash), [Effect::ReadSeen]);
    bench
}

fn type_text(bench: &mut Bench, text: &str) -> Vec<Effect> {
    bench.harness.event(Input::Text(text.to_owned()));
    bench.asked()
}

fn typed(bench: &Bench) -> String {
    bench.harness.state().model().filter.text().to_owned()
}

/// The rows of the list, by the numbers of their exchanges.
fn shown(bench: &Bench) -> Vec<i64> {
    let history = &bench.harness.state().model().history;
    (0..history.shown()).filter_map(|at| history.id_at(at)).collect()
}

#[test]
fn what_is_typed_is_looked_for_at_once_and_cleared_by_click_and_key() {
    let mut bench = focused(3);
    assert_eq!(type_text(&mut bench, "j"), [find(1, "j")]);
    assert_eq!(type_text(&mut bench, "ared"), [find(2, "jared")]);
    assert_eq!(shown(&bench), [3, 2, 1], "the list stays until something is told");
    bench.tell(found(1, &[2], &[], 0));
    assert_eq!(shown(&bench), [3, 2, 1], "what an older search found comes too late");
    bench.tell(found(2, &[3, 1], &[], 0));
    assert_eq!(shown(&bench), [3, 1]);
    assert!(bench.shows("2 of 3"));
    assert_eq!(bench.click("Clear"), [Effect::Find(None)]);
    assert_eq!((shown(&bench), typed(&bench)), (vec![3, 2, 1], String::new()));
    bench.key(Modifiers::NONE, Key::Slash);
    assert_eq!(type_text(&mut bench, "x"), [find(3, "x")]);
    assert_eq!(bench.key(Modifiers::NONE, Key::Escape), [Effect::Find(None)]);
    bench.key(Modifiers::NONE, Key::Escape);
    bench.key(Modifiers::NONE, Key::Escape);
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [Effect::Open(2)], "the box is left, and keys move through the list");
}

#[test]
fn keys_move_through_what_was_found() {
    let mut bench = focused(9);
    type_text(&mut bench, "jared");
    bench.tell(found(1, &[7, 2], &[], 0));
    bench.key(Modifiers::NONE, Key::Enter);
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [Effect::Open(7)], "9 was open and not found");
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [Effect::Open(2)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [Effect::Open(2)]);
    assert_eq!(bench.click("Clear"), [Effect::ReadSeen, Effect::Find(None)], "the next one can be typed");
    assert_eq!(bench.harness.state().model().history.selected(), Some(2));
}

#[test]
fn a_name_and_a_value_are_completed_by_keys_and_click() {
    let mut bench = focused(2);
    let commands = vec![("Group.CallbackAfterSendMsg".to_owned(), 40), ("C2C.CallbackAfterSendMsg".to_owned(), 2)];
    bench.tell(Event::Seen(Arc::new(Seen { values: [("command", commands)].into(), fields: Vec::new() })));
    type_text(&mut bench, "comm");
    assert!(bench.shows("command:, the callback's command"), "{:?}", bench.harness);
    bench.key(Modifiers::NONE, Key::Tab);
    assert_eq!(typed(&bench), "command:");
    assert!(bench.shows("Group.CallbackAfterSendMsg, 40"));
    bench.key(Modifiers::NONE, Key::ArrowDown);
    assert_eq!(bench.key(Modifiers::NONE, Key::Enter), [find(2, "command:C2C.CallbackAfterSendMsg")]);
    assert!(!bench.shows("Group.CallbackAfterSendMsg, 40"));
    type_text(&mut bench, " verdict:");
    bench.harness.get_by_label_contains("unchecked, the signature").click();
    assert_eq!(bench.asked(), [find(3, "command:C2C.CallbackAfterSendMsg verdict:unchecked")]);
    type_text(&mut bench, " x");
    assert_eq!(typed(&bench), "command:C2C.CallbackAfterSendMsg verdict:unchecked x", "the cursor stands behind it");
}

#[test]
fn enter_leaves_a_word_as_it_is_and_escape_closes_what_is_offered_first() {
    let mut bench = focused(2);
    type_text(&mut bench, "app");
    assert!(bench.shows("app:, the app's id"));
    bench.key(Modifiers::NONE, Key::Escape);
    assert!(!bench.shows("app:, the app's id"));
    assert_eq!(typed(&bench), "app");
    bench.key(Modifiers::NONE, Key::ArrowDown);
    assert!(bench.shows("app:, the app's id"));
    bench.key(Modifiers::NONE, Key::Escape);
    bench.key(Modifiers::NONE, Key::Enter);
    assert_eq!(typed(&bench), "app");
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [Effect::Open(1)]);
}

#[test]
fn what_is_wrong_is_said_below_where_it_is_and_the_last_good_one_stays() {
    let mut bench = focused(3);
    type_text(&mut bench, "jared ");
    bench.tell(found(1, &[3], &[], 0));
    assert_eq!(type_text(&mut bench, "verdict:nice "), []);
    let complaint = bench.harness.state().model().filter.complaint().expect("bug: it is wrong").clone();
    let words = bench.harness.get_by_label(&sentence(&complaint.what)).rect();
    let field = bench.harness.get_by_role_and_label(Role::TextInput, "Filter").rect();
    assert!(words.top() >= field.bottom() && words.left() > field.left() + 60.0, "{words:?} {field:?}");
    assert_eq!(shown(&bench), [3]);
    assert!(bench.shows("still filtered by jared"));
    assert_eq!(bench.click("Clear"), [Effect::Find(None)]);
    assert!(!bench.shows(&sentence(&complaint.what)));
}

#[test]
fn nothing_is_asked_and_no_key_acts_while_an_input_method_composes() {
    let mut bench = focused(2);
    let preedit = |text: &str| Input::Ime(ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None });
    bench.harness.event(preedit("ver"));
    assert_eq!(bench.asked(), []);
    for key in [Key::Escape, Key::Tab, Key::ArrowDown] {
        assert_eq!(bench.key(Modifiers::NONE, key), []);
    }
    assert_eq!(typed(&bench), "");
    bench.harness.event(preedit("hongbao"));
    assert_eq!(bench.asked(), []);
    bench.harness.event(Input::Ime(ImeEvent::Commit("红包".to_owned())));
    assert_eq!(bench.asked(), [find(1, "红包")]);
}

#[test]
fn a_stopped_search_keeps_what_it_found_and_can_begin_again() {
    let mut bench = focused(9);
    type_text(&mut bench, "jared");
    bench.tell(found(1, &[8, 6], &[], 340_000));
    assert!(bench.shows("2 found, looking through 340,000 more…"));
    assert_eq!(bench.click_last("Stop"), [Effect::Find(None)]);
    bench.tell(found(1, &[5], &[], 0));
    assert_eq!(shown(&bench), [8, 6]);
    assert!(bench.shows("2 found, 340,000 not looked through"));
    assert_eq!(bench.click("Search again"), [find(2, "jared")]);
    bench.tell(found(2, &[8], &[], 100));
    assert_eq!(shown(&bench), [8, 6], "what was found stays until all is found again");
    bench.tell(found(2, &[6, 5], &[], 0));
    assert_eq!(shown(&bench), [8, 6, 5]);
    assert!(bench.shows("3 of 9"));
}

#[test]
fn judging_again_is_told_and_looked_for_again_once_it_is_over() {
    let mut bench = focused(4);
    bench.tell(Event::Judging { left: 900 });
    assert!(!bench.shows("judging again"));
    type_text(&mut bench, "verdict:bad");
    bench.tell(found(1, &[3], &[], 0));
    assert!(bench.shows("1 of 4 · judging again, 900 left"), "{:?}", bench.harness);
    bench.tell(Event::Judging { left: 0 });
    assert_eq!(bench.asked(), [find(2, "verdict:bad")]);
    assert!(!bench.shows("judging again"));
}

#[test]
fn an_empty_result_says_so_and_offers_a_way_back() {
    let mut bench = focused(2);
    type_text(&mut bench, "zzz");
    bench.tell(found(1, &[], &[], 5));
    assert!(bench.shows("Nothing found so far"));
    bench.tell(found(1, &[], &[], 0));
    assert!(bench.shows("No exchange matches") && bench.shows("0 of 2"));
    assert_eq!(bench.click("Clear filter"), [Effect::Find(None)]);
    assert_eq!(shown(&bench), [2, 1]);
}

#[test]
fn what_arrives_and_matches_stands_first_and_is_counted_while_the_list_is_scrolled() {
    let mut bench = focused(200);
    type_text(&mut bench, "jared");
    bench.tell(found(1, &(1..=200).rev().step_by(2).collect::<Vec<_>>(), &[], 0));
    bench.harness.hover_at(egui::pos2(200.0, 500.0));
    bench.harness.event(Input::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -300.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Unknown,
    });
    bench.harness.run_ok();
    bench.tell(Event::Arrived(vec![201, 202, 203]));
    assert!(!bench.shows(" new"), "none of them is known to match");
    bench.tell(found(1, &[], &[201, 203], 0));
    assert!(bench.shows("2 new"));
    assert_eq!(bench.harness.state().model().history.shown(), 102);
}

#[test]
fn filters_are_saved_chosen_renamed_and_deleted() {
    let saved = |list: &[(&str, &str)]| -> Vec<SavedFilter> {
        list.iter().map(|(name, text)| SavedFilter { name: (*name).to_owned(), text: (*text).to_owned() }).collect()
    };
    let mut bench = focused(2);
    bench.tell(Event::Settings(Known { filters: saved(&[("Bad ones", "verdict:bad")]), ..Known::default() }));
    type_text(&mut bench, "zzz");
    bench.tell(found(1, &[2], &[], 0));
    bench.click("Saved");
    bench.click("Save this filter…");
    bench.type_into("Name of the filter", "Sleepy");
    assert_eq!(bench.click("Save"), [Effect::SaveFilters(saved(&[("Bad ones", "verdict:bad"), ("Sleepy", "zzz")]))]);
    bench.click("Rename Bad ones");
    bench.type_into("Name of the filter", "!");
    let effects = bench.key(Modifiers::NONE, Key::Enter);
    assert!(
        matches!(effects.as_slice(), [Effect::SaveFilters(list)] if list[0].name.contains('!') && list[0].text == "verdict:bad"),
        "{effects:?}"
    );
    assert_eq!(bench.click("Delete Sleepy").len(), 1);
    assert!(!bench.shows("Sleepy, zzz"));
    bench.harness.get_by_label_contains(", verdict:bad").click();
    assert_eq!(bench.asked(), [find(2, "verdict:bad")]);
    assert_eq!(typed(&bench), "verdict:bad");
}

#[test]
fn the_box_stands_in_a_small_window_and_its_offers_stay_inside() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.tell(Event::Rows(vec![row(1, &[])]));
    bench.harness.set_size(vec2(900.0, 600.0));
    bench.key(Modifiers::NONE, Key::Slash);
    type_text(&mut bench, "red or (");
    for label in ["Filter", "Saved", "Clear"] {
        let rect = bench.harness.get_by_label(label).rect();
        assert!(rect.left() >= 0.0 && rect.right() <= 450.0, "{label}: {rect:?}");
    }
    for offer in bench.harness.query_all_by_role(Role::ListBoxOption) {
        let rect = offer.rect();
        assert!(rect.right() <= 900.0 && rect.bottom() <= 600.0, "{rect:?}");
    }
}

#[test]
fn what_the_filter_shows_is_exported_as_it_stands() {
    let mut bench = focused(5);
    bench.click("Export…");
    assert!(!bench.shows("that the filter shows"), "no filter is in force");
    bench.key(Modifiers::NONE, Key::Escape);
    bench.key(Modifiers::NONE, Key::Slash);
    type_text(&mut bench, "red");
    bench.tell(found(1, &[4, 2], &[], 0));
    bench.click("Export…");
    bench.click("The 2 that the filter shows");
    bench.type_into("File", "/tmp/shown.ndjson");
    assert_eq!(bench.click("Write"), [write_ndjson(Some(&[2, 4]), "/tmp/shown.ndjson", false)]);
}

#[test]
fn filters_that_could_not_be_saved_are_not_shown_as_saved() {
    let kept = SavedFilter { name: "Red".into(), text: "red".into() };
    let mut bench = focused(1);
    bench.tell(Event::Settings(Known { filters: vec![kept.clone()], ..Known::default() }));
    let model = |bench: &Bench| bench.harness.state().model().known.filters.clone();
    bench.harness.state_mut().mean(Action::Filter(FilterAction::Remove(0)));
    assert_eq!((bench.asked(), model(&bench)), (vec![Effect::SaveFilters(Vec::new())], Vec::new()), "the next change is made to these");
    // The engine could not write them: what it tells then is what there is.
    bench.tell(Event::Settings(Known { filters: vec![kept.clone()], ..Known::default() }));
    assert_eq!(model(&bench), [kept]);
}

#[test]
fn the_name_of_a_filter_that_cannot_be_read_says_why_it_is_not_saved() {
    let mut bench = focused(1);
    type_text(&mut bench, "red");
    bench.click("Saved");
    bench.click("Save this filter…");
    assert!(bench.shows("Type a name for it"));
    bench.harness.state_mut().filter("red verdict:nice");
    bench.harness.run_ok();
    assert!(bench.shows("Once the filter can be read it can be saved here"));
}
