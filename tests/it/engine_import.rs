//! Importing while requests come: they do not wait, and what is imported is there all at once or not at all.

use crate::support::{Caller, Receiving, history, post};
use hookglass::filter::{Filter, Moment};
use hookglass::ids::Ids;
use hookglass::import::Report;
use hookglass::messages::{Effect, Event, Find};
use jiff::tz::TimeZone;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

fn lines(count: usize) -> String {
    (0..count).fold(String::new(), |mut lines, number| {
        let head = "POST /?SdkAppid=1&CallbackCommand=State.StateChange HTTP/1.1\\r\\n\\r\\n";
        let at = format!("2026-11-20T02:42:{:02}.{:03}Z", number / 1000, number % 1000);
        writeln!(lines, r#"{{"received_at":"{at}","peer":"p","head":"{head}","body":"{{\"imported\":{number}}}"}}"#)
            .expect("bug: a String takes it");
        lines
    })
}

fn file(receiving: &Receiving, count: usize) -> PathBuf {
    let path = receiving.folder.path().join("import.ndjson");
    std::fs::write(&path, lines(count)).expect("bug: writable");
    path
}

fn imported(receiving: &Receiving) -> (Option<Arc<Ids>>, Report) {
    receiving.hear(|event| {
        if let Event::Arrived(ids) = &event {
            assert!(ids.len() < 300, "what is imported does not arrive: {ids:?}");
        }
        if let Event::ImportFailed(reason) = &event {
            panic!("bug: {reason}");
        }
        if let Event::Imported { ids, report } = event { Some((ids, report)) } else { None }
    })
}

#[test]
fn requests_come_meanwhile_and_only_they_arrive() {
    let receiving = Receiving::start();
    let mut caller = Caller::call(receiving.address);
    caller.ask(post("/", "{\"first\":1}")).expect("bug: it responds");
    receiving.counts(|counts| counts.received == 1);
    receiving.ask(Effect::Import(vec![file(&receiving, 20_000)]));
    for number in 0..200 {
        caller.ask(post("/", &format!("{{\"arrived\":{number}}}"))).expect("bug: it responds");
    }
    let (ids, report) = imported(&receiving);
    assert_eq!(report, Report { exchanges: 20_000, ..Report::default() });
    let ids = ids.expect("bug: it was not stopped");
    assert_eq!(ids.len(), 20_000);
    receiving.counts(|counts| counts.received == 20_201);
    let all = history(receiving.folder.path());
    let is_imported = |id: i64| all.iter().any(|stored| stored.exchange.id == id && stored.exchange.request.peer == "p");
    assert!(ids.iter().step_by(997).all(is_imported));
    // A search misses none, and what is asked for by number is there.
    let filter = Filter::parse("imported", &Moment { now_millis: 0, zone: &TimeZone::UTC }).expect("bug: it is one");
    receiving.ask(Effect::Find(Some(Find { number: 7, filter, order: None })));
    let mut found = 0;
    receiving.hear(|event| {
        if let Event::Found { number: 7, older, left, .. } = event {
            found += older.len();
            return (left == 0).then_some(());
        }
        None
    });
    assert_eq!(found, 20_000);
}

#[test]
fn stopped_it_leaves_nothing_and_the_next_one_works() {
    let receiving = Receiving::start();
    let path = file(&receiving, 30_000);
    receiving.ask(Effect::Import(vec![path]));
    receiving.ask(Effect::StopImport);
    let (ids, _) = imported(&receiving);
    assert_eq!(ids, None);
    receiving.ask(Effect::ImportText("{\"CallbackCommand\":\"State.StateChange\"}".to_owned()));
    let (ids, report) = imported(&receiving);
    assert_eq!((ids.map(|ids| ids.len()), report.exchanges), (Some(1), 1));
    receiving.counts(|counts| counts.received == 1);
    let folder = receiving.ended();
    assert_eq!(history(folder.path()).len(), 1);
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let receiving = Receiving::start();
    receiving.ask(Effect::Import(vec![receiving.folder.path().join("none")]));
    let reason = receiving.hear(|event| if let Event::ImportFailed(reason) = event { Some(reason) } else { None });
    assert!(reason.starts_with("nothing was imported, since a file can't be read ("), "{reason}");
}
