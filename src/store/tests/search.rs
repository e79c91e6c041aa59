//! What a search finds, with and without the index of words, and what the history forgets.

use super::*;
use crate::column::{Column, Sorting};
use crate::filter::{Filter, Moment};
use jiff::tz::TimeZone;

/// An exchange that names a command and has this body.
pub(super) fn callback(command: &str, body: &str) -> Arrival {
    let arrival = arrival(body.as_bytes());
    Arrival { index: Index { command: Some(command.into()), ..arrival.index.clone() }, ..arrival }
}

pub(super) fn filter(text: &str) -> Filter {
    Filter::parse(text, &Moment { now_millis: 0, zone: &TimeZone::UTC }).expect("bug: is a filter")
}

/// What a search finds, newest first.
pub(super) fn found(searcher: &mut Searcher, text: &str) -> Vec<i64> {
    let mut found = Vec::new();
    let mut tell = |ids: Vec<i64>, _left: u64| {
        found.extend(ids);
        ControlFlow::Continue(())
    };
    assert!(searcher.find(&filter(text), 0, &mut tell).expect("bug: reads").is_continue());
    found
}

#[test]
fn a_search_looks_at_columns_and_bytes_saved_or_not() {
    let fixture = Fixture::new();
    for arrival in [
        callback("Group.CallbackAfterSendMsg", r#"{"Text":"\u7ea2\u5305","From_Account":"leckie"}"#),
        callback("C2C.CallbackAfterSendMsg", r#"{"Text":"红包","From_Account":"jared"}"#),
        callback("Group.CallbackAfterSendMsg", r#"{"Text":"hello"}"#),
    ] {
        fixture.record(arrival);
    }
    let locked = fixture.lock();
    assert!(!fixture.record(callback("Group.CallbackAfterSendMsg", r#"{"Text":"红包"}"#)).saved);
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    let cases: &[(&str, &[i64])] = &[
        ("", &[4, 3, 2, 1]),
        ("command:group.*", &[4, 3, 1]),
        ("红包", &[4, 2, 1]),
        ("红", &[4, 2, 1]),
        ("command:Group.* 红包", &[4, 1]),
        ("body.From_Account=leckie", &[1]),
        ("not 红包", &[3]),
        ("nothing of the kind", &[]),
    ];
    for (text, ids) in cases {
        assert_eq!(found(&mut searcher, text), *ids, "{text}");
    }
    drop(locked);
    fixture.until(|fixture| fixture.store.counts().unsaved == 0);
    for (text, ids) in cases {
        assert_eq!(found(&mut searcher, text), *ids, "{text}");
    }
}

#[test]
fn a_search_knows_what_arrived_and_changed_since_the_last() {
    let fixture = Fixture::new();
    fixture.record(Arrival { response: Some(responded(b"", None)), ..callback("Group.X", "one") });
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    assert_eq!(found(&mut searcher, "took:>1s"), <[i64; 0]>::default());
    fixture.store.writer().sent(1, Some(2_000_000));
    fixture.until(|fixture| fixture.get(1).exchange.is_settled());
    assert_eq!(found(&mut searcher, "took:>1s"), [1]);

    fixture.record(callback("Group.X", "two"));
    fixture.record(callback("C2C.X", "two"));
    let newer = |searcher: &mut Searcher, text: &str| searcher.newer(&filter(text), 0).expect("bug: reads");
    assert_eq!(newer(&mut searcher, "command:Group.* two"), Newer { matching: vec![2], others: Vec::new() });
    assert_eq!(newer(&mut searcher, "command:Group.* two"), Newer::default());
    assert_eq!(searcher.seen().values["command"], [("Group.X".to_owned(), 2), ("C2C.X".to_owned(), 1)]);

    drop(fixture.store.writer().rejudge(vec![judgement(3, Overall::Bad, None)], None));
    fixture.until(|fixture| fixture.store.counts().bad == 1);
    assert_eq!(found(&mut searcher, "verdict:bad"), [3]);
}

#[test]
fn what_becomes_of_a_response_later_is_found_then() {
    let fixture = Fixture::new();
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    let slow = filter("took:>1s");
    fixture.record(Arrival { response: Some(responded(b"", None)), ..callback("Group.X", "late") });
    let mut newer = || searcher.newer(&slow, 0).expect("bug: reads");
    assert_eq!(newer(), Newer::default());
    fixture.store.writer().sent(1, Some(2_000_000));
    fixture.until(|fixture| fixture.get(1).exchange.is_settled());
    assert_eq!(newer(), Newer { matching: vec![1], others: Vec::new() });
    assert_eq!(newer(), Newer::default());
}

#[test]
fn fields_of_the_commands_that_came_are_offered() {
    let fixture = Fixture::new();
    fixture.record(callback("Group.CallbackAfterNewMemberJoin", "{}"));
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    searcher.refresh().expect("bug: reads");
    assert!(searcher.seen().fields.is_empty(), "nothing is read so far");
    while searcher.read_ahead().expect("bug: reads") {}
    assert!(searcher.seen().fields.contains(&("GroupId".to_owned(), 1)));
}

#[test]
fn a_search_over_indexed_segments_finds_the_same_and_can_be_stopped() {
    let fixture = Fixture::new();
    let writer = fixture.store.writer();
    let body = |id: i64| if id % 1000 == 0 { format!("needle {id}") } else { format!("hay {id}") };
    let answers: Vec<_> = (1..=9000).map(|id| writer.record(callback("Group.X", &body(id)))).collect();
    assert!(answers.into_iter().all(|answer| answer.blocking_recv().is_ok()));
    let reader = fixture.reader();
    fixture.until(|_| reader.last_words().expect("bug: reads") == Some(1));
    assert!(reader.words_width(2).expect("bug: reads").is_none(), "the last segment is not full");
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    let expected: Vec<i64> = (1..=9).rev().map(|thousand| thousand * 1000).collect();
    assert_eq!(found(&mut searcher, "NEEDLE"), expected);
    assert_eq!(found(&mut searcher, "needle or \"hay 77\" id:<100"), [&expected[..], &[77]].concat());
    assert!(found(&mut searcher, "needless").is_empty());

    let mut told = 0;
    let mut tell = |ids: Vec<i64>, left: u64| {
        told += ids.len();
        assert!(left > 0);
        ControlFlow::Break(())
    };
    assert!(searcher.find(&filter("command:Group.*"), 0, &mut tell).expect("bug: reads").is_break());
    assert!((1..9000).contains(&told), "{told}");
}

#[test]
fn what_is_forgotten_leaves_nothing_and_is_told() {
    let fixture = Fixture::new();
    for overall in [Overall::Ok, Overall::Bad, Overall::Ok] {
        fixture.record(Arrival { index: Index { overall, ..arrival(b"").index }, ..arrival(b"one") });
    }
    let reader = fixture.reader();
    assert_eq!(reader.oldest_unpinned(i64::MAX, 2).expect("bug: reads"), [1, 2]);
    assert!(reader.oldest_unpinned(0, 2).expect("bug: reads").is_empty());
    let other = Connection::open(fixture.path()).expect("bug: opens");
    other.execute_batch("INSERT INTO annotation (id, pinned) VALUES (1, TRUE)").expect("bug: writes");
    assert_eq!(reader.oldest_unpinned(i64::MAX, 2).expect("bug: reads"), [2, 3], "what is pinned stays");

    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    assert_eq!(found(&mut searcher, ""), [3, 2, 1]);
    fixture.store.writer().forget(vec![1, 2, 77]).blocking_recv().expect("bug: is done");
    assert_eq!(fixture.store.counts(), Counts { received: 1, ok: 1, ..Counts::default() });
    assert_eq!(found(&mut searcher, ""), [3]);
    let mut forgotten = reader.take_forgotten();
    forgotten.sort_unstable();
    assert_eq!(forgotten, [1, 2]);
    for table in ["exchange", "content", "sent", "annotation"] {
        let left: i64 = other.query_row(&format!("SELECT COUNT(*) FROM {table} WHERE id < 3"), [], |row| row.get(0)).expect("bug: reads");
        assert_eq!(left, 0, "{table}");
    }
    let fixture = fixture.reopened();
    assert_eq!(fixture.store.counts(), Counts { received: 1, ok: 1, ..Counts::default() });
    assert_eq!(fixture.record(arrival(b"")).id, 4);
}

#[test]
fn the_words_of_a_segment_go_with_its_last_exchange() {
    let fixture = Fixture::new();
    let writer = fixture.store.writer();
    let answers: Vec<_> = (1..=5000).map(|id| writer.record(callback("Group.X", &format!("hay {id}")))).collect();
    assert!(answers.into_iter().all(|answer| answer.blocking_recv().is_ok()));
    let reader = fixture.reader();
    fixture.until(|_| reader.last_words().expect("bug: reads") == Some(0));
    writer.forget((1..4095).collect()).blocking_recv().expect("bug: is done");
    assert_eq!(reader.indexed_words().expect("bug: reads"), 1);
    writer.forget(vec![4095]).blocking_recv().expect("bug: is done");
    assert_eq!(reader.indexed_words().expect("bug: reads"), 0);
    assert!(reader.words_group(0, 0).expect("bug: reads").is_empty());
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    assert_eq!(found(&mut searcher, "\"hay 4999\""), [4999]);
    assert!(found(&mut searcher, "\"hay 77\"").is_empty());
}

#[test]
fn what_was_found_is_sorted_by_columns_and_by_what_stands_in_the_body() {
    let sorting = |name: &str, descending| Sorting { column: Column::named(name).expect(name), descending };
    let fixture = Fixture::new();
    let took = |micros| {
        let response = Responded { responded_after_micros: micros, ..responded(b"", Some(Outcome::Sent)) };
        Arrival { response: Some(response), ..callback("Group.B", r#"{"N":"10","L":[{"T":"b"}]}"#) }
    };
    fixture.record(took(Some(3000)));
    fixture.record(callback("C2C.A", r#"{"N":9,"L":[{"T":"A"},{"T":"z"}]}"#));
    fixture.record(took(Some(20)));
    fixture.record(Arrival {
        request: Request { peer: "10.0.0.9:1".into(), ..arrival(b"{}").request },
        ..callback("group.b", r#"{"N":null}"#)
    });
    let locked = fixture.lock();
    assert!(!fixture.record(callback("Group.B", r#"{"N":"x"}"#)).saved, "it is in memory only");
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    let cases: &[(&str, bool, &str, &[i64])] = &[
        ("id", false, "", &[1, 2, 3, 4, 5]),
        ("command", false, "", &[2, 5, 3, 1, 4]),
        ("command", true, "", &[4, 5, 3, 1, 2]),
        ("took", false, "", &[3, 1, 5, 4, 2]),
        ("took", true, "", &[1, 3, 5, 4, 2]),
        ("took", true, "command:Group.*", &[1, 3, 5, 4]),
        ("response", false, "id:<3", &[2, 1]),
        ("body.N", false, "", &[2, 3, 1, 5, 4]),
        ("body.N", true, "", &[5, 3, 1, 2, 4]),
        ("body.L[].T", false, "not id:5", &[2, 3, 1, 4]),
        ("peer", false, "id:>3", &[4, 5]),
        ("size", true, "id:>1 id:<5", &[2, 3, 4]),
    ];
    let mut check = |fixture: &Fixture| {
        for (name, descending, text, ids) in cases {
            let sorted = searcher.sort(&filter(text), &sorting(name, *descending), 0, &mut |_| ControlFlow::Continue(()));
            let sorted = sorted.expect("bug: reads").expect("bug: nobody stopped it");
            assert_eq!(sorted.ids(), *ids, "{name} {descending} {text} {}", fixture.store.counts().unsaved);
        }
    };
    check(&fixture);
    drop(locked);
    fixture.until(|fixture| fixture.store.counts().unsaved == 0);
    check(&fixture);
    let mut left = Vec::new();
    let mut tell = |more| {
        left.push(more);
        if left.len() > 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(searcher.sort(&filter(""), &sorting("body.N", false), 0, &mut tell).expect("bug: reads"), None);
    assert_eq!(left.last(), Some(&5));
}
