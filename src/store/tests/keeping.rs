//! What the user says of exchanges, and what is deleted.

use super::search::{callback, filter, found};
use super::*;
use crate::annotation::{Change, Mark};
use crate::ids::Ids;

fn ids(ids: &[i64]) -> Arc<Ids> {
    Arc::new(ids.iter().copied().collect())
}

/// A store with so many exchanges, every second of them bad.
fn filled(count: i64) -> Fixture {
    let fixture = Fixture::new();
    for id in 1..=count {
        let arrival = callback("Group.X", &format!("body {id}"));
        let overall = if id % 2 == 0 { Overall::Bad } else { Overall::Ok };
        fixture.record(Arrival { index: Index { overall, ..arrival.index.clone() }, ..arrival });
    }
    fixture
}

fn annotate(fixture: &Fixture, ids: &[i64], change: Change) {
    fixture.store.writer().annotate(ids.to_vec(), change).blocking_recv().expect("bug: answers");
}

/// Forgets all that can't be undone.
fn forget(bin: &Bin) {
    while bin.has_more() {
        assert!(bin.forget_some(), "the store is open");
    }
}

/// How many rows a table of the file has.
fn rows(path: &Path, table: &str) -> i64 {
    let conn = Connection::open(path).expect("bug: opens");
    conn.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).expect("bug: counts")
}

fn seen(fixture: &Fixture) -> Vec<i64> {
    fixture.reader().ids(0).expect("bug: reads")
}

#[test]
fn what_is_said_of_an_exchange_stays_and_finds_it() {
    let fixture = filled(4);
    annotate(&fixture, &[1, 3, 99], Change::Pin(true));
    annotate(&fixture, &[3], Change::Mark(Some(Mark::Violet)));
    annotate(&fixture, &[2], Change::Note("问一下 leckie".into()));
    let fixture = fixture.reopened();
    let said = |id| fixture.get(id).annotation;
    assert_eq!(said(3), Annotation { pinned: true, mark: Some(Mark::Violet), note: String::new() });
    assert_eq!((said(2).note.as_str(), said(4)), ("问一下 leckie", Annotation::default()));
    assert_eq!(fixture.reader().pinned().expect("bug: reads"), *ids(&[1, 3]), "99 is not there");
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    for (text, expected) in [("pinned", vec![3, 1]), ("mark:violet", vec![3]), ("has:note", vec![2]), ("问一下", vec![2])] {
        assert_eq!(found(&mut searcher, text), expected, "{text}");
    }
    annotate(&fixture, &[1, 3], Change::Pin(false));
    annotate(&fixture, &[2], Change::Note(String::new()));
    assert_eq!(rows(&fixture.path(), "annotation"), 1, "what says nothing is no row");
    assert_eq!(found(&mut searcher, "pinned or has:note or mark:violet"), [3]);
}

#[test]
fn a_search_is_told_what_matches_no_more() {
    let fixture = filled(3);
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    assert_eq!(found(&mut searcher, "pinned"), <[i64; 0]>::default());
    let mut newer = |fixture: &Fixture, ids: &[i64], pinned| {
        annotate(fixture, ids, Change::Pin(pinned));
        searcher.newer(&filter("pinned"), 0).expect("bug: reads")
    };
    assert_eq!(newer(&fixture, &[1, 2], true), Newer { matching: vec![1, 2], others: Vec::new() });
    assert_eq!(newer(&fixture, &[2], false), Newer { matching: Vec::new(), others: vec![2] });
}

#[test]
fn what_is_deleted_is_neither_seen_nor_found_nor_counted_and_comes_back() {
    let fixture = filled(6);
    let bin = fixture.store.bin();
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    assert_eq!(found(&mut searcher, "body"), [6, 5, 4, 3, 2, 1]);
    bin.delete(ids(&[1, 2, 4]));
    assert_eq!(seen(&fixture), [3, 5, 6]);
    assert!(fixture.reader().get(2).expect("bug: reads").is_none());
    assert!(fixture.reader().rows(&[1, 2, 4], 9).expect("bug: reads").is_empty());
    assert_eq!((found(&mut searcher, "body"), found(&mut searcher, "verdict:bad")), (vec![6, 5, 3], vec![6]));
    assert_eq!(fixture.store.counts().received, 3);
    assert_eq!([(); 2].map(|()| bin.count(&fixture.reader()).expect("bug: reads")), [true, false]);
    assert_eq!(fixture.store.counts(), Counts { received: 3, ok: 2, bad: 1, ..Counts::default() });
    assert_eq!(fixture.reader().seeing_deleted().ids(0).expect("bug: reads").len(), 6);

    fixture.record(callback("Group.X", "body 7"));
    assert_eq!(bin.undo(), Some(ids(&[1, 2, 4])));
    assert_eq!(fixture.store.counts(), Counts { received: 7, ok: 4, bad: 3, ..Counts::default() });
    assert_eq!((seen(&fixture).len(), found(&mut searcher, "body").len()), (7, 7));
    assert_eq!(bin.undo(), None);
}

#[test]
fn what_changes_while_it_is_deleted_is_known_when_it_comes_back() {
    let fixture = filled(3);
    let bin = fixture.store.bin();
    let mut searcher = Searcher::new(fixture.reader()).expect("bug: reads");
    assert_eq!(found(&mut searcher, "code:0"), <[i64; 0]>::default());
    bin.delete(ids(&[2]));
    fixture.store.writer().complete(2, completion(b"{}", Some(Outcome::Sent)));
    fixture.store.writer().rejudge(Vec::new(), None).blocking_recv().expect("bug: answers");
    assert_eq!(searcher.newer(&filter("code:0"), 0).expect("bug: reads"), Newer::default());
    bin.undo();
    assert_eq!(found(&mut searcher, "code:0"), [2]);
}

#[test]
fn the_next_deletion_has_the_last_one_forgotten() {
    let fixture = filled(600);
    let bin = fixture.store.bin();
    annotate(&fixture, &[1, 600], Change::Pin(true));
    bin.delete(Arc::new((1..=599).collect()));
    forget(&bin);
    assert_eq!(rows(&fixture.path(), "exchange"), 600, "it can still be undone");
    bin.delete(ids(&[600]));
    forget(&bin);
    assert_eq!(["exchange", "content", "annotation", "deletion"].map(|table| rows(&fixture.path(), table)), [1, 1, 1, 0]);
    assert_eq!((seen(&fixture), fixture.reader().take_forgotten()), (vec![], vec![]), "whoever deleted it knows");
    assert_eq!(bin.undo(), Some(ids(&[600])));
    assert_eq!(fixture.store.counts(), Counts { received: 1, bad: 1, ..Counts::default() });
    assert!(fixture.get(600).annotation.pinned);
}

#[test]
fn with_the_end_a_deletion_stands_and_the_next_start_forgets() {
    let fixture = filled(5);
    annotate(&fixture, &[5], Change::Note("stays".into()));
    fixture.store.bin().delete(ids(&[1, 2, 4]));
    let fixture = fixture.reopened();
    assert_eq!((rows(&fixture.path(), "exchange"), rows(&fixture.path(), "deletion")), (5, 1));
    let other = Store::read_only(&fixture.path()).expect("bug: reads");
    for reader in [&other, &fixture.reader()] {
        assert_eq!(reader.ids(0).expect("bug: reads"), [3, 5]);
        assert!(reader.get(1).expect("bug: reads").is_none());
    }
    assert_eq!(other.counts().expect("bug: reads"), Counts { received: 2, ok: 2, ..Counts::default() });
    let bin = fixture.store.bin();
    assert_eq!(bin.undo(), None);
    bin.count(&fixture.reader()).expect("bug: reads");
    assert_eq!(fixture.store.counts(), Counts { received: 2, ok: 2, ..Counts::default() });
    forget(&bin);
    assert_eq!((rows(&fixture.path(), "exchange"), rows(&fixture.path(), "deletion")), (2, 0));
    assert_eq!(fixture.store.counts(), Counts { received: 2, ok: 2, ..Counts::default() });
}

#[test]
fn what_is_not_saved_yet_can_be_deleted_and_stays_so() {
    let fixture = filled(2);
    let bin = fixture.store.bin();
    let locked = fixture.lock();
    assert!(!fixture.record(callback("Group.X", "unsaved")).saved);
    let deleted = ids(&[3]);
    bin.delete(Arc::clone(&deleted));
    assert_eq!((seen(&fixture), fixture.store.counts().received), (vec![1, 2], 2));
    bin.count(&fixture.reader()).expect("bug: reads");
    assert_eq!(fixture.store.counts().received, 2);
    drop(locked);
    fixture.until(|fixture| fixture.store.counts().unsaved == 0);
    assert!(bin.let_go(&deleted));
    forget(&bin);
    assert_eq!((seen(&fixture), rows(&fixture.path(), "exchange"), fixture.store.counts().received), (vec![1, 2], 2, 2));
}

#[test]
fn a_page_of_which_all_was_deleted_is_no_end() {
    let fixture = filled(3000);
    fixture.store.bin().delete(Arc::new((1..=2999).collect()));
    let mut visited = Vec::new();
    let visit = |stored: Stored| {
        visited.push(stored.exchange.id);
        Ok::<_, Error>(ControlFlow::Continue(()))
    };
    fixture.reader().each(None, visit).expect("bug: reads");
    assert_eq!(visited, [3000]);
}

#[test]
fn where_it_is_killed_while_it_can_be_undone_nothing_was_deleted() {
    let fixture = filled(4);
    annotate(&fixture, &[2], Change::Pin(true));
    fixture.store.bin().delete(ids(&[1, 2, 3]));
    assert_eq!(seen(&fixture), [4]);
    // What a kill leaves: the files as they are at this moment.
    let left = tempfile::tempdir().expect("bug: a folder");
    for file in std::fs::read_dir(fixture.folder.path()).expect("bug: lists") {
        let file = file.expect("bug: lists").path();
        std::fs::copy(&file, left.path().join(file.file_name().expect("bug: a file"))).expect("bug: copies");
    }
    let killed = Fixture::in_folder(left);
    assert_eq!((seen(&killed), killed.store.counts().received), (vec![1, 2, 3, 4], 4));
    assert!(killed.get(2).annotation.pinned);
}
