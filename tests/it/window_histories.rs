//! The history's dialog: sizes, limits, compacting, and opening another one.

use crate::bench::Bench;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use hookglass::app::action::{Action, Dialog};
use hookglass::app::deleting::DeleteAction;
use hookglass::exchange::Counts;
use hookglass::histories::{Name, Parts, Which};
use hookglass::messages::{Compact, Effect, Event, Find, Known, KnownHistories};
use hookglass::settings::Retention;

fn name(text: &str) -> Name {
    Name::read(text).expect("bug: a name")
}

fn known(open: Which, names: &[&str]) -> KnownHistories {
    KnownHistories { open, path: "/data/history.db".into(), names: names.iter().map(|text| name(text)).collect() }
}

const PARTS: Parts = Parts {
    exchanges: 1_204,
    requests: 1_300_000,
    responses: 90_000,
    columns: 200_000,
    words: 30_000,
    between: 80_000,
    free: 3_200_000,
    log: 0,
    gives_back: true,
};

/// The dialog, with two histories.
fn opened() -> Bench {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.tell(Event::Histories(known(Which::Main, &["June", "压力测试"])));
    assert_eq!(bench.key(Modifiers::COMMAND, Key::H), [Effect::ListHistories, Effect::Measure]);
    bench
}

#[test]
fn the_dialog_is_a_click_away_in_either_width() {
    let mut bench = Bench::new();
    assert_eq!(bench.click("History…"), [Effect::ListHistories, Effect::Measure]);
    assert_eq!(bench.key(Modifiers::NONE, Key::Escape), [Effect::StopMeasuring]);
    bench.harness.set_size(vec2(900.0, 600.0));
    bench.harness.run_ok();
    assert_eq!(bench.click("History empty"), [Effect::ListHistories, Effect::Measure]);
}

#[test]
fn the_parts_are_named_with_their_sizes_and_free_room_is_given_back() {
    let mut bench = opened();
    assert!(bench.shows("Measuring, 0 %"));
    bench.tell(Event::Measuring { done: 500, of: 1_000 });
    assert!(bench.shows("Measuring, 50 %"));
    bench.tell(Event::Measured(PARTS));
    for text in ["Requests: 1.3 MB, heads and bodies as received", "Search index: 30.0 kB", "Free: 3.2 MB", "1,204 exchanges, 4.9 MB"] {
        assert!(bench.shows(text), "{text}");
    }
    assert_eq!(bench.click("Compact"), [Effect::Compact(Compact::GiveBack)]);
    bench.tell(Event::Compacting { left_bytes: 1_000_000, of_bytes: 3_200_000 });
    assert!(bench.shows("1.0 MB of 3.2 MB still to give back"));
    assert_eq!(bench.click_last("Stop"), [Effect::StopCompacting]);
    bench.tell(Event::Compacted { freed_bytes: 2_200_000, stopped: true });
    assert_eq!(bench.asked(), [Effect::Measure]);
}

#[test]
fn a_file_of_an_earlier_version_is_written_anew_only_when_asked() {
    let mut bench = opened();
    bench.tell(Event::Measured(Parts { gives_back: false, ..PARTS }));
    assert!(bench.shows("Responses wait meanwhile") && bench.harness.query_by_label("Compact").is_none());
    assert_eq!(bench.click("Write the file anew"), [Effect::Compact(Compact::Rewrite)]);
    assert!(bench.shows("Writing the file anew; responses wait"));
    bench.key(Modifiers::NONE, Key::Escape);
    assert!(bench.shows("Writing the file anew; responses wait"), "the status bar says so too");
    bench.tell(Event::CompactFailed("the disk is full".into()));
    bench.open(Dialog::History);
    bench.tell(Event::CompactFailed("the disk is full".into()));
    assert!(bench.shows("The disk is full"));
}

#[test]
fn limits_are_kept_to_after_it_is_said_what_they_forget() {
    let mut bench = opened();
    let limits = Retention { exchanges: Some(100), ..Retention::default() };
    bench.type_into("Most exchanges", "x");
    assert!(bench.shows("A limit is a whole number from 1 on, or nothing"));
    bench.key(Modifiers::NONE, Key::Backspace);
    bench.harness.get_by_label("Most exchanges").focus();
    bench.harness.event(eframe::egui::Event::Text("100".to_owned()));
    assert_eq!(bench.asked(), [Effect::CountBeyond(limits)]);
    assert!(bench.shows("Counting what that forgets") && bench.harness.query_by_label("Keep to these limits").is_none());
    bench.tell(Event::WouldForget { retention: limits, count: 1_104, is_about: false });
    assert!(bench.shows("Forgets 1,104 exchanges at once, for good"));
    assert_eq!(bench.click("Keep to these limits"), [Effect::SetRetention(limits)]);
    bench.tell(Event::Settings(Known { retention: limits, ..Known::default() }));
    assert!(bench.harness.query_by_label("Keep to these limits").is_none());
}

#[test]
fn another_history_takes_the_place_of_the_list() {
    let mut bench = opened();
    assert_eq!(bench.click("Open 压力测试"), [Effect::OpenHistory(Which::Named(name("压力测试")))]);
    assert!(bench.shows("Opening 压力测试"));
    assert_eq!(bench.key(Modifiers::NONE, Key::Escape), [], "nothing is to be done with a list that is about to be another");
    bench.tell(Event::HistoryRefused("this file is no Hookglass history".into()));
    assert!(bench.shows("This file is no Hookglass history") && bench.harness.state().model().history.len() == 3);
    bench.click("Open 压力测试");
    bench.tell(Event::HistoryOpened(known(Which::Named(name("压力测试")), &["June", "压力测试"])));
    assert!(bench.harness.state().model().history.is_empty() && bench.shows("压力测试 is open"));
    assert_eq!(bench.asked(), []);
    bench.tell(Event::Counts { counts: Counts { received: 1, ok: 1, ..Counts::default() }, size_bytes: 70_000 });
    bench.tell(Event::Arrived(vec![1]));
    assert_eq!(bench.asked(), [Effect::Open(1)]);
    assert!(bench.shows("压力测试 70.0 kB, all saved"));
}

#[test]
fn what_is_filtered_by_is_looked_for_in_the_history_that_is_opened() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.harness.state_mut().filter("verdict:bad");
    let searched = |effects: &[Effect]| {
        let find = effects.iter().find_map(|effect| if let Effect::Find(Some(find)) = effect { Some(find) } else { None });
        find.map(|Find { number, filter, .. }| (*number, filter.text().to_owned()))
    };
    assert_eq!(searched(&bench.asked()), Some((1, "verdict:bad".to_owned())), "as the command line gave it");
    bench.tell(Event::Found { number: 1, older: vec![2], newer: Vec::new(), gone: Vec::new(), left: 0 });
    bench.tell(Event::HistoryOpened(known(Which::Named(name("June")), &["June"])));
    assert_eq!(searched(&bench.asked()), Some((2, "verdict:bad".to_owned())));
    bench.tell(Event::Arrived(vec![1, 2]));
    bench.tell(Event::Found { number: 1, older: vec![2], newer: Vec::new(), gone: Vec::new(), left: 0 });
    assert_eq!(bench.harness.state().model().history.shown(), 0, "that was found in the one before");
    bench.tell(Event::Found { number: 2, older: vec![1], newer: Vec::new(), gone: Vec::new(), left: 0 });
    assert_eq!(bench.harness.state().model().history.shown(), 1);
}

#[test]
fn a_new_history_has_a_name_and_another_gets_another_one() {
    let mut bench = opened();
    bench.click("New history…");
    bench.harness.event(eframe::egui::Event::Text("june".to_owned()));
    assert_eq!(bench.asked(), []);
    assert!(bench.shows("There is a history of that name"));
    bench.harness.event(eframe::egui::Event::Text("/".to_owned()));
    bench.asked();
    assert!(bench.shows("A name has letters, digits"));
    bench.key(Modifiers::NONE, Key::Backspace);
    bench.harness.event(eframe::egui::Event::Text("2".to_owned()));
    bench.asked();
    assert_eq!(bench.key(Modifiers::NONE, Key::Enter), [Effect::NewHistory(name("june2"))]);
    bench.tell(Event::HistoryRefused("no room".into()));
    bench.click("Rename June");
    bench.harness.event(eframe::egui::Event::Text(" 2".to_owned()));
    bench.asked();
    let renamed = bench.click("Rename");
    assert!(matches!(&renamed[..], [Effect::RenameHistory { from, .. }] if *from == name("June")), "{renamed:?}");
}

#[test]
fn any_file_is_opened_by_its_path_or_as_chosen() {
    let mut bench = Bench::with_file(Some("/tmp/chosen.db".into()));
    bench.receive(1);
    bench.click("History…");
    bench.type_into("Another file", "/tmp/typed.db");
    assert_eq!(bench.key(Modifiers::NONE, Key::Enter), [Effect::OpenHistory(Which::File("/tmp/typed.db".into()))]);
    bench.tell(Event::HistoryRefused("no such file".into()));
    let asked: Vec<Effect> = bench.click("Choose…").into_iter().chain(bench.asked()).collect();
    assert_eq!(asked, [Effect::OpenHistory(Which::File("/tmp/chosen.db".into()))]);
}

#[test]
fn it_stands_in_a_small_window_too() {
    let mut bench = opened();
    bench.tell(Event::Measured(PARTS));
    bench.harness.set_size(vec2(900.0, 600.0));
    bench.harness.run_ok();
    for label in ["New history…", "Choose…", "Close"] {
        let rect = bench.harness.get_by_label(label).rect();
        assert!(rect.right() < 900.0 && rect.bottom() < 600.0, "{label} {rect:?}");
    }
}

#[test]
fn what_was_typed_of_an_exchange_is_kept_and_nothing_is_undone_in_another_history() {
    let mut bench = opened();
    bench.key(Modifiers::NONE, Key::Escape);
    bench.harness.state_mut().mean(Action::Delete(DeleteAction::Selected));
    bench.asked();
    assert!(bench.harness.state().model().deleting.can_undo());
    bench.open(Dialog::History);
    bench.click("Open June");
    bench.tell(Event::HistoryOpened(known(Which::Named(name("June")), &["June"])));
    assert!(!bench.harness.state().model().deleting.can_undo() && !bench.shows("Undo"));
}
