//! Counting in a running engine: what is told, and told again.

use crate::support::{JOIN, Receiving, call, now_secs, post, target, target_of};
use hookglass::filter::{Filter, Moment};
use hookglass::ids::Ids;
use hookglass::messages::{Count, Effect, Event};
use hookglass::statistics::Report;
use jiff::tz::TimeZone;
use std::sync::Arc;

fn count(number: u64, text: &str, among: Option<Ids>) -> Effect {
    let filter = Filter::parse(text, &Moment { now_millis: 0, zone: &TimeZone::UTC }).expect("bug: is a filter");
    Effect::Count(Some(Count { number, filter, among: among.map(Arc::new) }))
}

/// What is told of a counting that is over.
fn told(receiving: &Receiving, asked: u64) -> Arc<Report> {
    receiving.hear(|event| {
        let Event::Counted { number, report, is_done: true } = event else { return None };
        (number == asked).then_some(report)
    })
}

fn receive(receiving: &Receiving, count: usize) {
    for _ in 0..count {
        call(receiving.address, post(&target(now_secs()), JOIN));
    }
}

#[test]
fn what_is_asked_for_is_counted_and_again_as_things_come_and_go() {
    let receiving = Receiving::start();
    receive(&receiving, 3);
    call(receiving.address, post(&target_of("C2C.CallbackAfterSendMsg", now_secs()), r#"{"From_Account":"汤米"}"#));
    receiving.settled(4);
    receiving.ask(count(1, "", None));
    let report = told(&receiving, 1);
    assert_eq!((report.count, report.looked_into, report.commands.len()), (4, 4, 2));

    receive(&receiving, 2);
    // In between it may be counted with one of them.
    while told(&receiving, 1).count < 6 {}
    receiving.ask(Effect::Delete(Arc::new((1..=2).collect())));
    while told(&receiving, 1).count > 4 {}
    receiving.ask(Effect::UndoDeletion);
    while told(&receiving, 1).count < 6 {}
}

#[test]
fn a_filter_and_a_selection_are_counted_alone() {
    let receiving = Receiving::start();
    receive(&receiving, 3);
    call(receiving.address, post(&target_of("C2C.CallbackAfterSendMsg", now_secs()), r#"{"From_Account":"汤米"}"#));
    receiving.settled(4);
    receiving.ask(count(1, "汤米", None));
    assert_eq!(told(&receiving, 1).commands[0].title(), "C2C.CallbackAfterSendMsg");
    receiving.ask(count(2, "", Some([1, 3, 4, 99].into_iter().collect())));
    assert_eq!(told(&receiving, 2).count, 3);
    receiving.ask(count(3, "id:>100", None));
    assert_eq!(told(&receiving, 3).count, 0);
}

#[test]
fn nothing_is_counted_any_more_once_that_is_asked() {
    let receiving = Receiving::start();
    receive(&receiving, 1);
    receiving.settled(1);
    receiving.ask(count(1, "", None));
    told(&receiving, 1);
    receiving.ask(Effect::Count(None));
    receive(&receiving, 1);
    receiving.settled(2);
    // Whatever is told from here on is told before the answer to a question that is asked now.
    receiving.ask(count(2, "", None));
    let numbers = receiving.hear(|event| {
        let Event::Counted { number, report, is_done: true } = event else { return None };
        Some((number, report.count))
    });
    assert_eq!(numbers, (2, 2));
}
