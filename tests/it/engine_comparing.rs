//! Comparing in a running engine.

use crate::support::{JOIN, Receiving, call, post, target_of};
use hookglass::compare::{Comparison, Ignored, Who};
use hookglass::messages::{Compare, Effect, Event, Uncompared, With};
use std::sync::Arc;

fn ask(receiving: &Receiving, number: u64, id: i64, with: With) -> Result<Arc<Comparison>, Uncompared> {
    receiving.ask(Effect::Compare(Compare { number, id, with, ignored: Ignored::default() }));
    receiving.hear(|event| {
        let Event::Compared { number: told, compared } = event else { return None };
        (told == number).then_some(compared)
    })
}

#[test]
fn an_exchange_is_compared_with_the_one_before_it_of_the_same_command() {
    let receiving = Receiving::start();
    let send = |target: &str, body: &str| drop(call(receiving.address, post(target, body)));
    let join = target_of("Group.CallbackAfterNewMemberJoin", 1);
    send("/other", "{}");
    send(&join, JOIN);
    send(&target_of("State.StateChange", 1), "{}");
    send("/other?x=1", r#"{"a":1}"#);
    send(&join, &JOIN.replace("jared", "noor"));
    receiving.settled(5);

    let before = ask(&receiving, 1, 5, With::Previous).expect("bug: the second one is of its command");
    assert!(matches!(before.left, Who::Exchange { id: 2, .. }) && matches!(before.right, Who::Exchange { id: 5, .. }), "{:?}", before.left);
    assert_eq!(before.sections[0].counts.changed, 1);
    let other = ask(&receiving, 2, 4, With::Previous).expect("bug: the first one is of its path");
    assert!(matches!(other.left, Who::Exchange { id: 1, .. }));
    assert_eq!(ask(&receiving, 3, 3, With::Previous).err(), Some(Uncompared::NoPrevious));
}

#[test]
fn an_exchange_is_compared_with_a_chosen_one_or_with_what_is_documented() {
    let receiving = Receiving::start();
    let join = target_of("Group.CallbackAfterNewMemberJoin", 1);
    call(receiving.address, post(&join, JOIN));
    call(receiving.address, post("/other", "no json"));
    receiving.settled(2);

    let compared = ask(&receiving, 1, 1, With::Exchange(2)).expect("bug: both are there");
    assert!(compared.counts.differences() > 3);
    let sample = ask(&receiving, 2, 1, With::Sample(0)).expect("bug: it is documented");
    assert!(matches!(&sample.left, Who::Sample { number: 0, .. }));
    assert_eq!(ask(&receiving, 3, 1, With::Sample(99)).err(), Some(Uncompared::NoSample));
    assert_eq!(ask(&receiving, 4, 2, With::Sample(0)).err(), Some(Uncompared::NoSample));
    assert_eq!(ask(&receiving, 5, 1, With::Exchange(77)).err(), Some(Uncompared::Gone));
    assert_eq!(ask(&receiving, 6, 77, With::Previous).err(), Some(Uncompared::Gone));
}
