//! The Compare tab in the window: with what it compares, what it shows, and the way from one difference to the next.

use crate::bench::{Bench, exchange, opened};
use eframe::egui::{self, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use hookglass::app::action::Action;
use hookglass::app::comparing::CompareAction;
use hookglass::app::selection::SelectionAction;
use hookglass::compare::{Comparison, Ignored, Side};
use hookglass::inspect;
use hookglass::messages::{Compare, Effect, Event, Uncompared, With};
use hookglass::protocol::Kept;
use std::fmt::Write as _;
use std::sync::Arc;

const LEFT: &str = r#"{"GroupId":"a","Text":"红包","MsgSeq":1,"List":[1,2],"Old":true,"Same":0}"#;
const RIGHT: &str = r#"{"GroupId":"a","Text":"환영","MsgSeq":2,"List":[1,7,2],"Same":0}"#;

fn side(id: i64, body: &str) -> Side {
    let exchange = exchange(id);
    let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
    Side::of(&exchange, &inspection, None).with_body(body.as_bytes().to_vec())
}

fn comparison(left: &str, right: &str, ignored: &Ignored) -> Arc<Comparison> {
    Arc::new(Comparison::of(side(1, left), side(2, right), ignored))
}

/// The tab in front, with two exchanges in the list and the newer one open.
fn window() -> (Bench, Vec<Effect>) {
    let mut bench = Bench::new();
    bench.receive(2);
    let asked = bench.click("Compare");
    (bench, asked)
}

/// The same with these two bodies compared.
fn compared(left: &str, right: &str) -> Bench {
    let (mut bench, asked) = window();
    let [Effect::Compare(Compare { number, ignored, .. })] = asked.as_slice() else { panic!("bug: {asked:?}") };
    bench.tell(Event::Compared { number: *number, compared: Ok(comparison(left, right, ignored)) });
    bench
}

fn question(asked: &[Effect]) -> (i64, With, &Ignored) {
    let [Effect::Compare(Compare { id, with, ignored, .. })] = asked else { panic!("bug: {asked:?}") };
    (*id, *with, ignored)
}

#[test]
fn an_exchange_is_compared_with_the_one_before_it_unless_one_chooses() {
    let (mut bench, asked) = window();
    assert_eq!(question(&asked), (2, With::Previous, &Ignored::default()));
    assert!(bench.shows("Comparing…"));
    bench.click("Previous of the same command");
    assert_eq!(question(&bench.click("Documented sample")), (2, With::Sample(0), &Ignored::default()));
    bench.harness.state_mut().mean(Action::Selection(SelectionAction::Toggle(1)));
    bench.harness.state_mut().mean(Action::Compare(CompareAction::Open));
    assert_eq!(bench.asked(), [Effect::Open(1)], "what gets the focus is opened first");
    bench.tell(Event::Opened(Some(Box::new(opened(1, &[])))));
    assert_eq!(question(&bench.asked()), (1, With::Exchange(2), &Ignored::default()));
}

#[test]
fn the_one_marked_as_base_is_compared_with() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.key(Modifiers::NONE, Key::B);
    assert!(bench.shows("#3 is the base"));
    bench.key(Modifiers::NONE, Key::J);
    bench.tell(Event::Opened(Some(Box::new(opened(2, &[])))));
    assert_eq!(question(&bench.key(Modifiers::NONE, Key::Num5)), (2, With::Exchange(3), &Ignored::default()));
    assert!(bench.shows("Base, #3"));
    bench.key(Modifiers::NONE, Key::K);
    bench.tell(Event::Opened(Some(Box::new(opened(3, &[])))));
    assert_eq!(question(&bench.asked()), (3, With::Previous, &Ignored::default()), "not with itself");
}

#[test]
fn differences_are_shown_with_what_they_stand_in() {
    let mut bench = compared(LEFT, RIGHT);
    assert_eq!(
        bench.lines_of_detail(),
        [
            "Body: 1 changed, 1 removed, 1 added, 1 ignored",
            "{",
            r#"changed: "Text": "红包" → "Text": "환영""#,
            r#""List": ["#,
            "added: 7",
            "]",
            r#"removed: "Old": true"#,
            "}",
            "Request line: the same",
            "URL parameters: the same",
            "Headers: the same",
            "Verdicts: the same",
            "Response: the same",
            "Response headers: the same",
            "Response body: the same",
        ]
    );
    assert!(bench.shows("3 in all") && bench.shows("~ 1 changed") && bench.shows("− 1 removed") && bench.shows("+ 1 added"));
    bench.click("All");
    assert!(bench.lines_of_detail().iter().any(|row| row == r#"ignored: "MsgSeq": 1 → "MsgSeq": 2"#), "{:?}", bench.lines_of_detail());
    bench.click("Inline");
    let rows = bench.lines_of_detail();
    let at = rows.iter().position(|row| row == r#"changed: "Text": "红包""#).expect("bug: it is there");
    assert_eq!(rows[at + 1], r#"changed: "Text": "환영""#);
}

#[test]
fn a_narrow_window_shows_one_side_below_the_other() {
    let mut bench = compared(LEFT, RIGHT);
    bench.harness.set_size(egui::vec2(900.0, 700.0));
    bench.harness.run_ok();
    bench.harness.run_ok();
    assert!(!bench.shows("Side by side"));
    assert!(bench.lines_of_detail().contains(&r#"changed: "Text": "红包""#.to_owned()), "{:?}", bench.lines_of_detail());
}

#[test]
fn the_keys_lead_from_one_difference_to_the_next() {
    let list = |step: usize| {
        let mut body = "{".to_owned();
        for at in 0..400 {
            let comma = if at == 0 { "" } else { "," };
            write!(body, r#"{comma}"k{at}":{}"#, if at % 100 == 99 { at + step } else { at }).expect("a String takes it");
        }
        body + "}"
    };
    let mut bench = compared(&list(0), &list(1));
    bench.click("All");
    assert!(bench.shows("4 in all"));
    for (modifiers, seen, place) in [
        (Modifiers::NONE, "k99", "1 of 4"),
        (Modifiers::NONE, "k199", "2 of 4"),
        (Modifiers::NONE, "k299", "3 of 4"),
        (Modifiers::SHIFT, "k199", "2 of 4"),
    ] {
        bench.key(modifiers, Key::F8);
        assert!(bench.shows(place), "{place}");
        assert!(
            bench.lines_of_detail().iter().any(|row| row.starts_with(&format!("changed: \"{seen}\""))),
            "{seen}: {:?}",
            bench.lines_of_detail()
        );
    }
    bench.click("Next difference");
    bench.click("Next difference");
    assert!(bench.shows("4 of 4") && bench.lines_of_detail().iter().any(|row| row.contains("k399")));
    bench.key(Modifiers::NONE, Key::F8);
    assert!(bench.shows("4 of 4"), "there is no further one");
}

#[test]
fn what_is_folded_is_unfolded_by_a_click() {
    let list = |last: u32| format!("[{},{last}]", (0..50).map(|at| at.to_string()).collect::<Vec<_>>().join(","));
    let mut bench = compared(&list(1), &list(2));
    bench.click("All");
    assert!(!bench.lines_of_detail().contains(&"7".to_owned()));
    bench.click("44 lines that are the same");
    assert!(bench.lines_of_detail().contains(&"7".to_owned()), "{:?}", bench.lines_of_detail());
}

#[test]
fn names_are_ignored_and_no_more() {
    let mut bench = compared(LEFT, RIGHT);
    let row = r#"changed: "Text": "红包" → "Text": "환영""#;
    bench.harness.get_by_label(row).click_secondary();
    bench.harness.run_ok();
    let asked = bench.click("Ignore “Text”");
    let (_, _, ignored) = question(&asked);
    assert!(ignored.has("Text") && ignored.has("MsgSeq"));
    bench.click("Ignore");
    let asked = bench.click("EventTime");
    let (_, _, ignored) = question(&asked);
    assert!(ignored.has("Text") && ignored.has("MsgSeq") && !ignored.has("EventTime"));
    let asked = bench.click("Ignore these names");
    assert!(question(&asked).2.is_empty());
}

#[test]
fn differences_and_values_are_copied_as_text() {
    let mut bench = compared(LEFT, RIGHT);
    let text = bench.copied(|bench| bench.harness.get_by_label("Copy as text").click()).expect("bug: it copies");
    for line in ["1 added, 1 removed, 1 changed, 1 ignored", "Body", r#"~ Text: "红包" → "환영""#, "+ List[1]: 7", "- Old: true"] {
        assert!(text.lines().any(|one| one == line), "{line}: {text}");
    }
    bench.harness.run_ok();
    assert!(bench.shows("Comparison copied"));
    let menu = |bench: &mut Bench, row: &str, item: &str| {
        bench.harness.get_by_label(row).click_secondary();
        bench.harness.run_ok();
        bench.copied(|bench| bench.harness.get_by_label(item).click())
    };
    let changed = r#"changed: "Text": "红包" → "Text": "환영""#;
    assert_eq!(menu(&mut bench, changed, "Copy left value").as_deref(), Some(r#""红包""#));
    assert_eq!(menu(&mut bench, changed, "Copy right value").as_deref(), Some(r#""환영""#));
    bench.harness.get_by_label("added: 7").click_secondary();
    bench.harness.run_ok();
    assert!(!bench.shows("Copy left value"));
}

#[test]
fn where_nothing_can_be_compared_the_tab_says_why() {
    let (mut bench, asked) = window();
    let [Effect::Compare(Compare { number, .. })] = asked.as_slice() else { panic!("bug: {asked:?}") };
    bench.tell(Event::Compared { number: *number, compared: Err(Uncompared::NoPrevious) });
    assert!(bench.shows("None of its kind came before") && bench.shows("Ctrl-click"));
}

#[test]
fn where_nothing_differs_the_tab_says_so() {
    let bench = compared(LEFT, LEFT);
    assert!(bench.shows("Nothing differs"));
    assert_eq!(bench.lines_of_detail()[0], "Body: the same");
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let (mut bench, asked) = window();
    let [Effect::Compare(Compare { number, ignored, .. })] = asked.as_slice() else { panic!("bug: {asked:?}") };
    bench.click("Previous of the same command");
    bench.click("Documented sample");
    bench.tell(Event::Compared { number: *number, compared: Ok(comparison(LEFT, RIGHT, ignored)) });
    assert!(bench.shows("Comparing…") && !bench.shows("in all"));
}
