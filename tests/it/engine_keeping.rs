//! Pins, marks, notes and deletions in a running engine.

use crate::support::{JOIN, Receiving, call, history, now_secs, options, post, target};
use hookglass::annotation::{Annotation, Change, Mark};
use hookglass::engine::Engine;
use hookglass::filter::{Filter, Moment};
use hookglass::folder::history_path;
use hookglass::ids::Ids;
use hookglass::messages::{Effect, Event, Find};
use hookglass::settings::Retention;
use jiff::tz::TimeZone;
use rusqlite::Connection;
use std::sync::Arc;

fn set(ids: impl IntoIterator<Item = i64>) -> Arc<Ids> {
    Arc::new(ids.into_iter().collect())
}

/// An engine that has so many exchanges.
fn filled(count: usize) -> Receiving {
    let receiving = Receiving::start();
    for _ in 0..count {
        call(receiving.address, post(&target(now_secs()), JOIN));
    }
    receiving.settled(count);
    receiving
}

fn find(number: u64, text: &str) -> Effect {
    let moment = Moment { now_millis: 0, zone: &TimeZone::UTC };
    Effect::Find(Some(Find { number, filter: Filter::parse(text, &moment).expect("bug: is a filter"), order: None }))
}

/// What is told of a search next, once something is: what is found first, later, and no more.
fn told(receiving: &Receiving) -> [Vec<i64>; 3] {
    receiving.hear(|event| {
        let Event::Found { older, newer, gone, .. } = event else { return None };
        let told = [older, newer, gone];
        told.iter().any(|ids| !ids.is_empty()).then_some(told)
    })
}

/// The rows that are told of these exchanges.
fn rows(receiving: &Receiving, ids: &[i64]) -> Vec<(i64, Annotation)> {
    receiving.ask(Effect::LoadRows(ids.to_vec()));
    let rows = receiving.hear(|event| if let Event::Rows(rows) = event { Some(rows) } else { None });
    rows.into_iter().map(|row| (row.id, row.annotation)).collect()
}

fn received(receiving: &Receiving, count: u64) {
    receiving.counts(|counts| counts.received == count);
}

fn say(receiving: &Receiving, ids: &[i64], change: Change) {
    receiving.ask(Effect::Annotate { ids: set(ids.iter().copied()), change });
    receiving.hear(|event| matches!(event, Event::Annotated).then_some(()));
}

#[test]
fn a_list_that_stands_takes_what_is_pinned_later_and_leaves_what_is_so_no_more() {
    let receiving = filled(3);
    say(&receiving, &[3], Change::Pin(true));
    receiving.ask(find(1, "pinned"));
    assert_eq!(told(&receiving), [vec![3], vec![], vec![]]);
    receiving.ask(Effect::Annotate { ids: set([1, 2]), change: Change::Pin(true) });
    assert_eq!(told(&receiving), [vec![], vec![1, 2], vec![]]);
    receiving.ask(Effect::Annotate { ids: set([2]), change: Change::Pin(false) });
    assert_eq!(told(&receiving), [vec![], vec![], vec![2]]);
    say(&receiving, &[2], Change::Mark(Some(Mark::Blue)));
    say(&receiving, &[2], Change::Note("问 leckie".into()));
    let said = Annotation { pinned: false, mark: Some(Mark::Blue), note: "问 leckie".into() };
    assert_eq!(rows(&receiving, &[2]), [(2, said)]);
    receiving.ask(find(2, "mark:blue 问"));
    assert_eq!(told(&receiving), [vec![2], vec![], vec![]]);
    receiving.ask(Effect::FindPinned(set([1, 2])));
    let pinned = receiving.hear(|event| if let Event::Pinned { among, pinned } = event { Some((among.len(), pinned)) } else { None });
    assert_eq!(pinned, (2, set([1])));
}

#[test]
fn what_was_said_last_is_kept_also_where_the_program_ends_at_once() {
    let receiving = filled(2);
    for number in 0..50 {
        receiving.ask(Effect::Annotate { ids: set([1]), change: Change::Note(format!("note {number}")) });
    }
    let folder = receiving.ended();
    let notes: Vec<String> = history(folder.path()).into_iter().map(|stored| stored.annotation.note).collect();
    assert_eq!(notes, ["note 49", ""]);
}

#[test]
fn what_is_deleted_is_neither_read_nor_found_and_comes_back() {
    let receiving = filled(4);
    receiving.ask(Effect::Delete(set([1, 3])));
    received(&receiving, 2);
    assert_eq!(rows(&receiving, &[1, 2, 3, 4]).into_iter().map(|(id, _)| id).collect::<Vec<_>>(), [2, 4]);
    receiving.ask(find(1, "jared"));
    assert_eq!(told(&receiving)[0], [4, 2]);
    receiving.ask(Effect::Open(3));
    assert!(receiving.hear(|event| if let Event::Opened(opened) = event { Some(opened.is_none()) } else { None }));
    receiving.ask(Effect::UndoDeletion);
    assert_eq!(receiving.hear(|event| if let Event::Restored(ids) = event { Some(ids) } else { None }), set([1, 3]));
    let counts = receiving.counts(|counts| counts.received == 4);
    assert_eq!(counts.ok, 4);
    assert_eq!(history(receiving.folder.path()).len(), 4);
}

#[test]
fn what_arrives_after_all_were_deleted_stays_and_the_next_deletion_forgets_for_good() {
    let receiving = filled(3);
    receiving.ask(Effect::Delete(set([1, 2, 3])));
    received(&receiving, 0);
    call(receiving.address, post(&target(now_secs()), JOIN));
    received(&receiving, 1);
    call(receiving.address, post(&target(now_secs()), JOIN));
    received(&receiving, 2);
    assert_eq!(history(receiving.folder.path()).len(), 5, "it can still be undone");
    receiving.ask(Effect::Delete(set([4])));
    receiving.wait_until(|| (history(receiving.folder.path()).len() == 2).then_some(()));
    receiving.ask(Effect::UndoDeletion);
    received(&receiving, 2);
    let left: Vec<i64> = history(receiving.folder.path()).iter().map(|stored| stored.exchange.id).collect();
    assert_eq!(left, [4, 5]);
}

#[test]
fn what_was_deleted_last_is_gone_after_the_end_and_forgotten_with_the_next_start() {
    let receiving = filled(4);
    receiving.ask(Effect::Delete(set([2, 4])));
    let folder = receiving.ended();
    assert_eq!(history(folder.path()).iter().map(|stored| stored.exchange.id).collect::<Vec<_>>(), [1, 3]);
    let (telling, events) = std::sync::mpsc::sync_channel(4096);
    let tell = Arc::new(move |event| telling.try_send(event).unwrap_or_default());
    let engine = Engine::start(options(&folder), tell).expect("bug: starts");
    let arrived = events.iter().find_map(|event| if let Event::Arrived(ids) = event { Some(ids) } else { None });
    assert_eq!(arrived, Some(vec![1, 3]));
    let is_two = |event: Event| matches!(event, Event::Counts { counts, .. } if counts.received == 2 && counts.ok == 2);
    assert!(events.iter().any(is_two));
    let file = Connection::open(history_path(folder.path())).expect("bug: opens");
    let number = |table: &str| -> i64 {
        file.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).expect("bug: can be counted")
    };
    // Each commit is told of.
    assert!(number("deletion") == 0 || events.iter().any(|_| number("deletion") == 0));
    assert_eq!(number("exchange"), 2);
    drop(engine);
}

#[test]
fn the_oldest_are_not_forgotten_while_they_may_come_back() {
    let receiving = Receiving::with(|options| options.retention = Some(Retention { exchanges: Some(3), ..Retention::default() }));
    for _ in 0..3 {
        call(receiving.address, post(&target(now_secs()), JOIN));
    }
    receiving.settled(3);
    receiving.ask(Effect::Delete(set([1])));
    received(&receiving, 2);
    for _ in 0..3 {
        call(receiving.address, post(&target(now_secs()), JOIN));
    }
    received(&receiving, 5);
    receiving.ask(Effect::UndoDeletion);
    receiving.hear(|event| matches!(event, Event::Restored(_)).then_some(()));
    receiving.wait_until(|| (history(receiving.folder.path()).len() == 3).then_some(()));
    let left: Vec<i64> = history(receiving.folder.path()).iter().map(|stored| stored.exchange.id).collect();
    assert_eq!(left, [4, 5, 6]);
}

#[test]
fn many_are_pinned_behind_what_arrives() {
    let receiving = filled(3);
    // Those that are not there are passed over.
    receiving.ask(Effect::Annotate { ids: set(1..=20_000), change: Change::Pin(true) });
    assert_eq!(call(receiving.address, post(&target(now_secs()), JOIN)).status, 200);
    receiving.hear(|event| matches!(event, Event::Annotated).then_some(()));
    let pinned = history(receiving.folder.path()).iter().filter(|stored| stored.annotation.pinned).count();
    assert!((3..=4).contains(&pinned), "{pinned}");
}
