//! The statistics in the window: opened, counted, led on from, copied.

use crate::bench::Bench;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hookglass::filter::{Entry, Filter};
use hookglass::inspect;
use hookglass::messages::{Count, CountProgress, Effect, Event, Find};
use hookglass::protocol::Kept;
use hookglass::protocol::verdict::Overall;
use hookglass::statistics::{Fold, Report};
use hookglass::wire::Request;
use std::sync::Arc;

fn entry(id: i64) -> Entry<'static> {
    Entry {
        id,
        received_at_millis: 1_669_872_114_000 + id * 1_000,
        method: Some("POST"),
        path: Some("/"),
        command: Some("State.StateChange"),
        product: Some("chat"),
        app: Some("888888"),
        platform: Some("iOS"),
        overall: Overall::Ok,
        signature: Some("valid"),
        size_bytes: 300,
        status: Some(200),
        code: Some(0),
        read_as: Some("accepted"),
        rule: Some("default"),
        fault: None,
        took_micros: Some(400),
        skew_secs: Some(1),
        pinned: false,
        mark: None,
        has_note: false,
    }
}

/// Three callbacks: one forged, one of a command that no document knows, with a field that none knows either.
fn report() -> Arc<Report> {
    let mut fold = Fold::new(0);
    fold.add(&entry(1));
    fold.add(&Entry {
        overall: Overall::Bad,
        signature: Some("invalid"),
        took_micros: Some(2_500_000),
        read_as: Some("failed"),
        ..entry(2)
    });
    fold.add(&Entry { command: Some("Made.Up红包"), product: None, took_micros: None, skew_secs: None, read_as: None, ..entry(3) });
    for one in fold.to_look_into() {
        let head = "POST /?SdkAppid=888888&CallbackCommand=State.StateChange HTTP/1.1\r\n\r\n";
        let request = Request::complete(0, head, r#"{"CallbackCommand":"State.StateChange","Info":{"Neu":[1]}}"#);
        fold.look_into(one, &request, &inspect::inspect(&request, &[], &Kept::default()));
    }
    Arc::new(fold.report())
}

fn count(number: u64) -> Effect {
    Effect::Count(Some(Count { number, filter: Filter::default(), among: None }))
}

fn counted(number: u64, is_done: bool) -> Event {
    Event::Counted { number, report: report(), is_done }
}

/// The page with what was counted.
fn opened() -> Bench {
    let mut bench = Bench::new();
    bench.receive(3);
    assert_eq!(bench.click("Statistics"), [count(1)]);
    bench.tell(counted(1, true));
    bench
}

/// The text of the filter that is looked for.
fn filter_of(effects: &[Effect]) -> Option<String> {
    effects
        .iter()
        .find_map(|effect| if let Effect::Find(Some(Find { filter, .. })) = effect { Some(filter.text().to_owned()) } else { None })
}

#[test]
fn it_opens_and_closes_by_button_and_key() {
    let mut bench = Bench::new();
    bench.receive(3);
    assert_eq!(bench.key(Modifiers::NONE, Key::F2), [count(1)]);
    assert!(bench.shows("of all exchanges"));
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [], "the list behind it stays");
    assert_eq!(bench.key(Modifiers::NONE, Key::Escape), [Effect::Count(None)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::F2), [count(2)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::F2), [Effect::Count(None)]);
    assert!(!bench.shows("of all exchanges"));
}

#[test]
fn what_was_counted_is_shown() {
    let bench = opened();
    for text in [
        "State.StateChange, 2 exchanges",
        "Made.Up红包, 1 exchange",
        "signature invalid, 1",
        "accepted, 1 exchange",
        "no response, 1 exchange",
        "State.StateChange Info.Neu, 2",
        "Arrivals per second",
        "Response times",
        "Clock skew",
        "Senders wait 2 s for a response",
        "Documented commands that never came",
    ] {
        assert!(bench.shows(text), "{text}");
    }
    let plots = bench.harness.query_all_by_label_contains("2022-12-01").filter(|node| node.accesskit_node().role() == Role::Image).count();
    assert_eq!(plots, 3, "each says of which time it is");
}

#[test]
fn a_line_leads_to_its_exchanges() {
    for (line, filter) in [
        ("State.StateChange, 2 exchanges", "command:State.StateChange product:chat"),
        ("Made.Up红包, 1 exchange", "command:Made.Up红包"),
        ("signature invalid, 1", "signature:invalid"),
        ("failed, 1 exchange", "read_as:failed"),
        // The last of two: one of three is bad, and one of three came too late.
        ("33.3 %, show them", "took:>2000ms"),
        ("State.StateChange Info.Neu, 2", "command:State.StateChange has:body.Info.Neu"),
    ] {
        let mut bench = opened();
        bench.harness.query_all_by_label(line).next().expect(line).scroll_to_me();
        bench.harness.run_ok();
        let effects = bench.click_last(line);
        assert!(effects.contains(&Effect::Count(None)), "{line}: {effects:?}");
        assert_eq!(filter_of(&effects).as_deref(), Some(filter), "{line}");
        assert!(!bench.shows("of all exchanges"), "{line}");
    }
}

#[test]
fn the_number_of_bad_ones_leads_to_them() {
    let mut bench = opened();
    bench.harness.query_all_by_label("33.3 %, show them").next().expect("bug: is there").click();
    assert_eq!(filter_of(&bench.asked()).as_deref(), Some("verdict:bad"));
}

#[test]
fn counting_says_how_far_it_is_and_can_be_stopped_and_begun_again() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.click("Statistics");
    bench.tell(Event::Counting { number: 1, progress: CountProgress::Columns { done: 420_000, of: 1_000_000 } });
    assert!(bench.shows("Counting, 420,000 of 1,000,000 exchanges"));
    bench.tell(counted(1, false));
    bench.tell(Event::Counting { number: 1, progress: CountProgress::Bodies { done: 5_000, of: 20_000 } });
    assert!(bench.shows("Reading bodies, 5,000 of 20,000") && bench.shows("State.StateChange, 2 exchanges"));
    assert_eq!(bench.click_last("Stop"), [Effect::Count(None)]);
    assert!(bench.shows("State.StateChange, 2 exchanges") && !bench.shows("Reading bodies"));
    assert_eq!(bench.click("Count again"), [count(2)]);
}

#[test]
fn of_nothing_it_says_so() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.click("Statistics");
    bench.tell(Event::Counted { number: 1, report: Arc::new(Fold::new(0).report()), is_done: true });
    assert!(bench.shows("There is nothing to count"));
    bench.tell(Event::CountFailed(1));
    bench.key(Modifiers::NONE, Key::Escape);
    bench.click("Statistics");
    bench.tell(Event::CountFailed(2));
    assert!(bench.shows("The exchanges could not be counted"));
    assert_eq!(bench.click("Count again"), [count(3)]);
}

#[test]
fn a_selection_is_counted_alone() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.key(Modifiers::COMMAND, Key::A);
    bench.click("Statistics");
    let asked = bench.click("Selected (3)");
    let [Effect::Count(Some(Count { number: 2, among: Some(ids), .. }))] = asked.as_slice() else { panic!("bug: {asked:?}") };
    assert_eq!(ids.iter().collect::<Vec<_>>(), [1, 2, 3]);
    assert!(bench.shows("of 3 selected exchanges"));
    assert_eq!(bench.click("All"), [count(3)]);
}

#[test]
fn a_command_that_never_came_leads_to_the_catalogue_and_back() {
    let mut bench = opened();
    bench.harness.get_by_label("Room: none of its 6 commands").scroll_to_me();
    bench.harness.run_ok();
    let links = |bench: &Bench| bench.harness.query_all_by_label("Room.CallbackAfterCreateRoom").count();
    assert_eq!(links(&bench), 0, "what is not used at all is folded away");
    let show: Vec<_> = bench.harness.query_all_by_label("Show them").collect();
    show[1].click();
    drop(show);
    bench.harness.run_ok();
    assert_eq!(links(&bench), 1);
    bench.harness.get_by_label("Room.CallbackAfterCreateRoom").scroll_to_me();
    bench.harness.run_ok();
    bench.click("Room.CallbackAfterCreateRoom");
    assert!(bench.shows("Catalogue") && !bench.shows("of all exchanges"));
    assert_eq!(bench.key(Modifiers::NONE, Key::Escape), []);
    assert!(bench.shows("of all exchanges"));
}

#[test]
fn the_wheel_over_a_plot_moves_the_page() {
    let mut bench = opened();
    let at = |bench: &Bench| bench.harness.get_by_label("Arrivals per second").rect().top();
    let before = at(&bench);
    let plot = bench.harness.query_all_by_label_contains("Arrivals per second, ").next().expect("bug: is there").rect().center();
    bench.harness.event(eframe::egui::Event::PointerMoved(plot));
    let delta = eframe::egui::vec2(0.0, -120.0);
    let (unit, phase, modifiers) = (eframe::egui::MouseWheelUnit::Point, eframe::egui::TouchPhase::Move, Modifiers::NONE);
    let source = eframe::egui::MouseWheelSource::Unknown;
    bench.harness.event(eframe::egui::Event::MouseWheel { unit, delta, phase, source, modifiers });
    bench.harness.run_ok();
    assert!(at(&bench) < before - 50.0, "{before} {}", at(&bench));
}

#[test]
fn a_narrow_window_has_one_button_for_all_pages_and_shows_all_of_this_one() {
    let mut bench = Bench::new();
    bench.harness.set_size(eframe::egui::vec2(900.0, 600.0));
    bench.receive(3);
    bench.click("Look up");
    assert_eq!(bench.click("Statistics"), [count(1)]);
    bench.tell(counted(1, true));
    for text in ["State.StateChange, 2 exchanges", "Clock skew", "accepted, 1 exchange"] {
        let place = bench.harness.query_all_by_label_contains(text).next().expect(text).rect();
        assert!(place.left() >= 0.0 && place.right() <= 900.0, "{text} {place:?}");
    }
}
