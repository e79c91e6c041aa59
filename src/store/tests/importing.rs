//! Imports: beside what arrives, and all or nothing.

use super::search::{callback, found};
use super::*;
use crate::annotation::{Annotation, Mark};
use crate::ids::Ids;

/// An exchange that is imported: from another place at each number.
fn row(number: i64) -> Arrival {
    let arrival = callback("Group.X", &format!("imported {number}"));
    let overall = if number % 2 == 0 { Overall::Bad } else { Overall::Ok };
    let request = Request { received_at_millis: 1_000 + number / 3, peer: format!("peer {}", number % 3), ..arrival.request };
    Arrival { request, index: Index { overall, ..arrival.index }, ..arrival }
}

fn take(import: &mut Import, numbers: std::ops::Range<i64>) -> i64 {
    numbers.map(|number| i64::from(import.take(row(number), Annotation::default()).expect("bug: is taken"))).sum()
}

fn begin(fixture: &Fixture) -> Import {
    fixture.store.import().expect("bug: begins")
}

fn ids(range: std::ops::RangeInclusive<i64>) -> Vec<i64> {
    range.collect()
}

fn seen(fixture: &Fixture) -> Vec<i64> {
    fixture.reader().ids(0).expect("bug: reads")
}

fn in_file(fixture: &Fixture, table: &str) -> i64 {
    let conn = Connection::open(fixture.path()).expect("bug: opens");
    conn.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).expect("bug: counts")
}

fn forget(fixture: &Fixture) {
    let bin = fixture.store.bin();
    while bin.has_more() {
        assert!(bin.forget_some(), "the store is open");
    }
}

#[test]
fn what_is_imported_is_there_all_at_once_in_the_end() {
    let fixture = Fixture::new();
    fixture.record(arrival(b"1"));
    let mut import = begin(&fixture);
    assert_eq!(take(&mut import, 0..300), 300);
    let said = Annotation { pinned: true, mark: Some(Mark::Red), note: "问".to_owned() };
    assert!(import.take(row(300), said.clone()).expect("bug: is taken"));
    assert_eq!(in_file(&fixture, "exchange"), 257, "a slice is written");
    // What arrives meanwhile is there at once, and nothing else is.
    assert_eq!(fixture.record(arrival(b"2")).id, 258);
    assert_eq!((seen(&fixture), fixture.store.counts().received), (vec![1, 258], 2));
    assert_eq!(fixture.reader().arrived(1).expect("bug: reads"), (vec![258], 258));
    assert_eq!(Store::read_only(&fixture.path()).and_then(|reader| reader.ids(0)).expect("bug: reads"), [1, 258]);
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    assert_eq!(found(&mut searcher, "imported"), <[i64; 0]>::default());

    let imported = import.end().expect("bug: ends");
    assert_eq!(*imported, ids(2..=257).into_iter().chain(259..=303).collect::<Ids>());
    assert_eq!(seen(&fixture), ids(1..=303));
    assert_eq!(fixture.store.counts(), Counts { received: 303, ok: 152, bad: 151, ..Counts::default() });
    assert_eq!((fixture.get(303).annotation, fixture.get(303).exchange.request), (said, row(300).request));
    assert_eq!(found(&mut searcher, "imported").len(), 301);
    assert_eq!(fixture.reader().arrived(258).expect("bug: reads").1, 303);
    let fixture = fixture.reopened();
    assert_eq!((seen(&fixture), fixture.store.counts().bad, in_file(&fixture, "deletion")), (ids(1..=303), 151, 0));
}

#[test]
fn what_is_given_up_leaves_nothing() {
    let fixture = Fixture::new();
    let mut import = begin(&fixture);
    take(&mut import, 0..600);
    drop(import);
    assert_eq!((seen(&fixture), fixture.store.counts()), (vec![], Counts::default()));
    assert_eq!((in_file(&fixture, "exchange"), in_file(&fixture, "deletion")), (512, 1));
    forget(&fixture);
    assert_eq!((in_file(&fixture, "exchange"), in_file(&fixture, "content"), in_file(&fixture, "deletion")), (0, 0, 0));
    assert_eq!(fixture.store.counts(), Counts::default());
    assert_eq!(fixture.record(arrival(b"1")).id, 513, "no number is given twice");
}

#[test]
fn what_the_end_of_the_program_cuts_off_is_forgotten_with_the_next_start() {
    let fixture = Fixture::new();
    fixture.record(arrival(b"1"));
    let mut import = begin(&fixture);
    take(&mut import, 0..256);
    let fixture = fixture.reopened();
    assert!(import.take(row(300), Annotation::default()).is_ok_and(|taken| taken), "it goes into the slice");
    let refused = import.end().expect_err("bug: the store was closed").to_string();
    assert!(refused.contains("nothing was imported"), "{refused}");
    assert_eq!(seen(&fixture), [1]);
    let reader = fixture.reader();
    while fixture.store.bin().count(&reader).expect("bug: reads") {}
    assert_eq!(fixture.store.counts(), Counts { received: 1, ok: 1, ..Counts::default() });
    forget(&fixture);
    assert_eq!((seen(&fixture), in_file(&fixture, "exchange")), (vec![1], 1));
}

#[test]
fn the_same_is_not_taken_twice() {
    let fixture = Fixture::new();
    let mut import = begin(&fixture);
    assert_eq!((take(&mut import, 0..700), take(&mut import, 0..700)), (700, 0), "in the slice, and those before it");
    import.end().expect("bug: ends");
    let mut import = begin(&fixture);
    assert_eq!(take(&mut import, 650..710), 10, "and what is in the history");
    let mut take_one = |change: fn(&mut Request)| {
        let mut other = row(5);
        change(&mut other.request);
        import.take(other, Annotation::default()).expect("bug: is taken")
    };
    assert!(!take_one(|_| {}));
    assert!(take_one(|request| request.received_at_millis += 1) && take_one(|request| request.peer.push('x')));
    assert!(take_one(|request| request.head[0] ^= 1) && take_one(|request| request.body.push(b' ')));
    assert_eq!(import.end().expect("bug: ends").len(), 14);

    // What was deleted is not there.
    fixture.store.bin().delete(Arc::new((1..=10).collect()));
    let mut import = begin(&fixture);
    assert_eq!(take(&mut import, 0..20), 10);
}

#[test]
fn what_arrived_alike_is_told_apart_by_what_came_of_it() {
    let fixture = Fixture::new();
    let took = |micros| Some(Responded { responded_after_micros: Some(micros), ..Responded::none(DEFAULT) });
    let first = Arrival { response: took(100), ..row(0) };
    let again = Arrival { response: took(120), replay: Replay::Repeated { first_at_millis: 1_000 }, ..row(0) };
    let third = Arrival { response: took(140), ..again.clone() };
    let waiting = Arrival { response: None, ..third.clone() };
    for expected in [[true, true, true, false, false], [false; 5]] {
        let mut import = begin(&fixture);
        let taken =
            [&first, &again, &third, &waiting, &again].map(|one| import.take(one.clone(), Annotation::default()).expect("bug: is taken"));
        assert_eq!(taken, expected);
        import.end().expect("bug: ends");
    }
}

#[test]
fn many_that_came_at_once_from_one_place_are_told_apart_soon() {
    let fixture = Fixture::new();
    let alike = |number: i64| {
        let arrival = row(0);
        Arrival { request: Request { body: number.to_string().into_bytes(), ..arrival.request.clone() }, ..arrival }
    };
    for expected in [true, false] {
        let mut import = begin(&fixture);
        for number in 0..3_000 {
            assert_eq!(import.take(alike(number), Annotation::default()).expect("bug: is taken"), expected);
        }
        import.end().expect("bug: ends");
    }
}

#[test]
fn a_history_that_cannot_be_written_refuses_all_of_it() {
    let fixture = Fixture::new();
    let mut import = begin(&fixture);
    take(&mut import, 0..256);
    let lock = fixture.lock();
    let refused = (0..).map(|number| import.take(row(1_000 + number), Annotation::default())).find_map(Result::err);
    assert!(refused.is_some_and(|error| error.to_string().contains("database is locked")));
    drop((import, lock));
    fixture.record(arrival(b"1"));
    forget(&fixture);
    assert_eq!((seen(&fixture), in_file(&fixture, "exchange")), (vec![257], 1));
    assert_eq!(fixture.store.trouble(), None);
}

#[test]
fn an_end_without_anything_is_one() {
    let fixture = Fixture::new();
    assert!(begin(&fixture).end().expect("bug: ends").is_empty());
    fixture.record(arrival(b"1"));
    assert_eq!(seen(&fixture), [1]);
}
