//! Finding in a running engine, and judging again what an earlier run left.

use crate::support::{JOIN, Receiving, call, folder, history, now_secs, options, post, target, target_of};
use hookglass::engine::Engine;
use hookglass::filter::{Filter, Moment};
use hookglass::folder::history_path;
use hookglass::messages::{Effect, Event, Find};
use hookglass::settings::{Retention, SavedFilter};
use hookglass::store::Store;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

fn find(number: u64, text: &str) -> Effect {
    let moment = Moment { now_millis: 0, zone: &TimeZone::UTC };
    let filter = Filter::parse(text, &moment).expect("bug: is a filter");
    Effect::Find(Some(Find { number, filter, order: None }))
}

/// What is told of a search: older ones, newer ones, and how many are left.
fn told(event: Event, asked: u64) -> Option<(Vec<i64>, Vec<i64>, u64)> {
    let Event::Found { number, older, newer, gone: _, left } = event else { return None };
    (number == asked).then_some((older, newer, left))
}

/// What a search finds until it is over.
fn found(receiving: &Receiving, number: u64, text: &str) -> Vec<i64> {
    receiving.ask(find(number, text));
    let mut found = Vec::new();
    receiving.hear(|event| {
        let (older, _, left) = told(event, number)?;
        found.extend(older);
        (left == 0).then_some(())
    });
    found
}

#[test]
fn what_is_asked_for_is_found_and_what_arrives_later_too() {
    let receiving = Receiving::start();
    call(receiving.address, post(&target(now_secs()), JOIN));
    call(receiving.address, post(&target_of("C2C.CallbackAfterSendMsg", now_secs()), r#"{"MsgBody":"红包"}"#));
    receiving.settled(2);
    assert_eq!(found(&receiving, 1, "command:Group.*"), [1]);
    assert_eq!(found(&receiving, 2, "红包"), [2]);
    assert_eq!(found(&receiving, 3, "nothing of the kind"), <[i64; 0]>::default());

    assert_eq!(found(&receiving, 4, "verdict:ok tommy"), [1]);
    call(receiving.address, post(&target(now_secs()), JOIN));
    let newer = receiving.hear(|event| told(event, 4).map(|(_, newer, _)| newer).filter(|newer| !newer.is_empty()));
    assert_eq!(newer, [3]);

    receiving.ask(Effect::ReadSeen);
    let seen = receiving.hear(|event| if let Event::Seen(seen) = event { Some(seen) } else { None });
    assert_eq!(seen.values["command"][0], ("Group.CallbackAfterNewMemberJoin".to_owned(), 2));
}

#[test]
fn an_older_history_is_judged_again_and_filtered_by_what_it_lacked() {
    let folder = folder();
    std::fs::write(history_path(folder.path()), include_bytes!("../histories/format-2.db")).expect("bug: writable");
    let (telling, events) = sync_channel(4096);
    let tell = Arc::new(move |event| telling.try_send(event).unwrap_or_default());
    let engine = Engine::start(options(&folder), tell).expect("bug: starts");
    let is_over = |event: &Event| matches!(event, Event::Judging { left: 0 });
    assert!(events.iter().any(|event| is_over(&event)));
    engine.ask(find(1, "platform:IOS read_as:accepted,ignored skew:<60s")).expect("bug: not busy");
    let found = events.iter().find_map(|event| told(event, 1)).map(|(older, ..)| older);
    assert_eq!(found, Some(vec![3, 1]));
    drop(engine);
    let store = Store::open(&history_path(folder.path()), || {}).expect("bug: opens");
    assert!(store.reader().and_then(|reader| reader.rejudgings()).expect("bug: reads").is_empty());
}

#[test]
fn only_the_newest_are_kept_where_that_is_wanted() {
    let receiving = Receiving::with(|options| options.retention = Some(Retention { exchanges: Some(3), ..Retention::default() }));
    for _ in 0..5 {
        call(receiving.address, post(&target(now_secs()), JOIN));
    }
    let mut forgotten = Vec::new();
    receiving.hear(|event| {
        if let Event::Forgotten(ids) = event {
            forgotten.extend(ids);
        }
        (forgotten.len() == 2).then_some(())
    });
    assert_eq!(forgotten, [1, 2]);
    let ids: Vec<i64> = history(receiving.folder.path()).iter().map(|stored| stored.exchange.id).collect();
    assert_eq!(ids, [3, 4, 5]);
}

#[test]
fn filters_and_limits_that_cannot_be_written_are_told_as_they_were() {
    let receiving = Receiving::start();
    // In the place of the file that is written first.
    std::fs::create_dir(receiving.folder.path().join("settings.json.hookglass-new")).expect("bug: writable");
    receiving.ask(Effect::SaveFilters(vec![SavedFilter { name: "Red".into(), text: "red".into() }]));
    receiving.ask(Effect::SetRetention(Retention { exchanges: Some(1), ..Retention::default() }));
    for _ in 0..2 {
        receiving.hear(|event| matches!(event, Event::Failed(why) if why.starts_with("could not save the settings")).then_some(()));
        let known = receiving.hear(|event| if let Event::Settings(known) = event { Some(known) } else { None });
        assert!(known.filters.is_empty() && known.retention.is_off());
    }
}
