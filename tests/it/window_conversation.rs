//! The conversation in place of the list: opened, read, followed, left.

use crate::bench::{Bench, NOW};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use hookglass::app::notice::Weight;
use hookglass::conversation::{self, Conversation, Told};
use hookglass::exchange::{DEFAULT_RULE, Exchange, Outcome, Responded};
use hookglass::inspect;
use hookglass::messages::{Effect, Event, Find, KnownHistories, Reading};
use hookglass::opened::Opened;
use hookglass::protocol::{Kept, response};
use hookglass::wire::Request;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A message of the group, as many seconds after the first as its number says.
fn message(id: i64, text: &str) -> Exchange {
    let body = format!(
        r#"{{"GroupId":"@TGS#1","From_Account":"{}","Random":{id},"MsgSeq":{id},"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}]}}"#,
        if id % 2 == 0 { "kofi" } else { "미라" },
    );
    of_body(id, "Group.CallbackAfterSendMsg", &body)
}

fn of_body(id: i64, command: &str, body: &str) -> Exchange {
    let head = format!("POST /?SdkAppid=888888&CallbackCommand={command} HTTP/1.1\r\n\r\n");
    let request = Request::complete(NOW + id * 1_000, head, body);
    let responded = Responded {
        outcome: Some(Outcome::Sent),
        responded_after_micros: Some(400),
        ..Responded::decided(response::success(), DEFAULT_RULE)
    };
    Exchange { id, request, response: Some(responded) }
}

fn opened(exchange: Exchange) -> Event {
    let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
    Event::Opened(Some(Box::new(Opened::of(exchange, inspection, &[], true))))
}

/// What is told of what was asked to be read, where each exchange is such a one.
fn told(reading: &Reading, exchange: impl Fn(i64) -> Exchange) -> Event {
    let tell = |id: &i64| {
        let exchange = exchange(*id);
        let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
        Told::of(&reading.key, &exchange, exchange.request.body.len(), &inspection)
    };
    let told: Vec<Told> = reading.ids.iter().filter_map(tell).collect();
    let conversation = conversation::read(&reading.key, &told.iter().collect::<Vec<_>>(), &TimeZone::UTC);
    Event::Conversation { key: reading.key.clone(), conversation: Arc::new(conversation) }
}

fn found(number: u64, older: Vec<i64>, newer: Vec<i64>, left: u64) -> Event {
    Event::Found { number, older, newer, gone: Vec::new(), left }
}

/// The reading among what was asked.
fn reading(effects: &[Effect]) -> Reading {
    let mut readings =
        effects.iter().filter_map(|effect| if let Effect::ReadConversation(Some(reading)) = effect { Some(reading) } else { None });
    readings.next_back().cloned().unwrap_or_else(|| panic!("nothing was to be read: {effects:?}"))
}

/// A window with a group's messages up to this one, which is selected, read as a conversation.
fn reading_up_to(count: i64, exchange: impl Fn(i64) -> Exchange + Copy) -> Bench {
    let mut bench = Bench::new();
    bench.receive(count);
    bench.tell(opened(exchange(count)));
    let asked = bench.key(Modifiers::NONE, Key::V);
    let [Effect::Find(Some(Find { number: 1, filter, order: None }))] = asked.as_slice() else { panic!("{asked:?}") };
    assert!(filter.text().starts_with("app:888888 (body.GroupId=@TGS#1 or "), "{}", filter.text());
    assert!(bench.shows("Group @TGS#1") && bench.shows("Reading…"));
    bench.events.send(found(1, (1..=count).rev().collect(), Vec::new(), 0)).expect("bug: the window listens");
    let reading = reading(&bench.asked());
    bench.tell(told(&reading, exchange));
    bench.asked();
    bench
}

fn text(id: i64) -> Exchange {
    message(id, &format!("message {id}"))
}

fn selected(bench: &Bench) -> Option<i64> {
    bench.harness.state().model().history.selected()
}

#[test]
fn a_conversation_is_read_in_place_of_the_list_and_left_as_it_was() {
    let mut bench = reading_up_to(9, text);
    assert!(bench.shows("9 callbacks · 미라, kofi"), "{:?}", bench.harness);
    assert!(bench.shows("message 9") && bench.shows("message 1") && bench.shows("Thursday, 1 December 2022"));
    assert!(!bench.shows("Filter"), "the list is behind it");
    bench.harness.get_by_label_contains("kofi: message 4").click();
    assert_eq!(bench.asked(), [Effect::Open(4)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [Effect::Open(5)], "down is newer");
    assert_eq!(bench.key(Modifiers::NONE, Key::Home), [Effect::Open(1)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::End), [Effect::Open(9)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::Escape), [Effect::Find(None), Effect::ReadConversation(None)]);
    assert!(bench.shows("Filter") && !bench.shows("Group @TGS#1"));
    assert_eq!(bench.harness.state().model().filter.text(), "");
    assert_eq!(selected(&bench), Some(9));
}

#[test]
fn what_was_filtered_by_before_comes_back() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.tell(opened(text(3)));
    bench.key(Modifiers::NONE, Key::Slash);
    bench.harness.event(eframe::egui::Event::Text("kofi".into()));
    bench.asked();
    bench.key(Modifiers::NONE, Key::Enter);
    bench.tell(found(1, vec![3, 2], Vec::new(), 0));
    bench.harness.get_by_label("Read as conversation").click();
    let asked = bench.asked();
    assert!(matches!(asked.as_slice(), [Effect::Find(Some(Find { number: 2, .. }))]), "{asked:?}");
    let asked = bench.click("Back");
    let [Effect::Find(Some(find)), Effect::ReadConversation(None)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((find.filter.text(), bench.harness.state().model().filter.text()), ("kofi", "kofi"));
}

#[test]
fn what_comes_is_followed_at_the_end_and_moves_nothing_elsewhere() {
    let mut bench = reading_up_to(200, text);
    assert!(bench.shows("message 200") && !bench.shows("message 150"), "it stands at its end");
    let come = |bench: &mut Bench, ids: std::ops::RangeInclusive<i64>| {
        bench.tell(Event::Arrived(ids.clone().collect()));
        bench.events.send(found(1, Vec::new(), ids.clone().collect(), 0)).expect("bug: the window listens");
        let reading = reading(&bench.asked());
        assert_eq!(reading.ids.last(), Some(ids.end()));
        bench.tell(told(&reading, text));
    };
    come(&mut bench, 201..=201);
    assert!(bench.shows("message 201"), "followed");
    bench.harness.state_mut().mean(hookglass::app::action::Action::Select(60));
    bench.asked();
    assert!(bench.shows("message 60") && !bench.shows("message 201"));
    let top = |bench: &Bench| bench.harness.get_by_label_contains("message 60").rect();
    let before = top(&bench);
    come(&mut bench, 202..=202);
    assert_eq!(top(&bench), before);
    assert!(!bench.shows("message 202"));
    come(&mut bench, 203..=600);
    assert_eq!(top(&bench), before, "what is read stays read");
    bench.click("399 new");
    assert!(bench.shows("message 600"));
}

#[test]
fn older_ones_are_read_as_one_comes_near_and_the_view_stays() {
    let mut bench = Bench::new();
    bench.receive(900);
    bench.tell(opened(text(900)));
    bench.key(Modifiers::NONE, Key::V);
    bench.events.send(found(1, (1..=900).rev().collect(), Vec::new(), 0)).expect("bug: the window listens");
    let first = reading(&bench.asked());
    assert_eq!((first.ids.len(), first.ids.first()), (300, Some(&601)));
    bench.tell(told(&first, text));
    assert_eq!(bench.asked(), [], "the end is far from the oldest");
    let more = reading(&bench.key(Modifiers::NONE, Key::Home));
    assert_eq!((more.ids.len(), more.ids.first()), (600, Some(&301)));
    let place = |bench: &Bench| bench.harness.get_by_label_contains("message 601").rect();
    let before = place(&bench);
    bench.tell(told(&more, text));
    assert_eq!(place(&bench), before);
    assert!(!bench.shows("message 500"));
}

#[test]
fn a_selected_one_of_long_ago_is_reached() {
    let mut bench = Bench::new();
    bench.receive(900);
    bench.harness.state_mut().mean(hookglass::app::action::Action::Select(100));
    bench.tell(opened(text(100)));
    bench.key(Modifiers::NONE, Key::V);
    bench.events.send(found(1, (1..=900).rev().collect(), Vec::new(), 0)).expect("bug: the window listens");
    let first = reading(&bench.asked());
    assert_eq!(first.ids.first(), Some(&41), "and some before it");
    bench.tell(told(&first, text));
    assert!(bench.shows("message 100") && bench.shows("message 99") && bench.shows("message 101"));
    assert!(!bench.shows("message 900"));
}

#[test]
fn a_note_leads_to_what_it_is_about() {
    let recall = r#"{"GroupId":"@TGS#1","Operator_Account":"kofi","MsgSeqList":[{"MsgSeq":1}]}"#;
    let exchange = |id| if id == 3 { of_body(3, "Group.CallbackAfterRecallMsg", recall) } else { text(id) };
    let mut bench = reading_up_to(3, exchange);
    assert_eq!(bench.click("“message 1”"), [Effect::Open(1)]);
    assert_eq!(bench.click("recalled by kofi at 05:21:57"), [Effect::Open(3)]);
}

#[test]
fn it_is_copied_as_text() {
    let mut bench = reading_up_to(2, |id| message(id, "红包 🎁\\u202e"));
    bench.click("Copy as text");
    let model = bench.harness.state().model();
    assert!(model.notices.list().iter().any(|one| one.weight == Weight::Done && one.text == "Copied the conversation: 2 callbacks"));
    let told: &Conversation = model.conversation().and_then(|open| open.told()).expect("bug: it is read");
    assert_eq!(
        told.text(),
        "Group @TGS#1\n\nThursday, 1 December 2022\n05:21:55  미라: 红包 🎁\\u{202e}\n05:21:56  kofi: 红包 🎁\\u{202e}\n"
    );
}

#[test]
fn another_history_leaves_it() {
    let mut bench = reading_up_to(2, text);
    bench.tell(Event::HistoryOpened(KnownHistories::default()));
    assert!(bench.harness.state().model().conversation().is_none());
    assert_eq!(bench.harness.state().model().filter.text(), "");
}

#[test]
fn what_is_of_no_conversation_cannot_be_read_as_one() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.tell(opened(of_body(1, "Alert.RequestOverLimit", "{}")));
    assert!(!bench.shows("Read as conversation"));
    assert_eq!(bench.key(Modifiers::NONE, Key::V), []);
}
