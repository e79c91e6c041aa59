//! What the file takes, and giving free room back.

use super::*;
use crate::store::words::first_of;

/// Records so many exchanges with bodies of this length.
fn fill(fixture: &Fixture, count: usize, body_bytes: usize) {
    for _ in 0..count {
        assert!(fixture.record(arrival(&vec![b'x'; body_bytes])).saved);
    }
}

fn parts(fixture: &Fixture) -> crate::histories::Parts {
    let parts = fixture.reader().parts(|_, _| ControlFlow::Continue(())).expect("bug: reads");
    parts.continue_value().expect("bug: nobody stopped it")
}

fn forget(fixture: &Fixture, ids: impl IntoIterator<Item = i64>) {
    fixture.store.writer().forget(ids.into_iter().collect()).blocking_recv().expect("bug: forgets");
}

/// A history that an earlier version made: it cannot give room back in steps.
fn earlier() -> Fixture {
    let folder = tempfile::tempdir().expect("bug: a folder");
    std::fs::write(path(&folder), include_bytes!("../../../tests/histories/format-2.db")).expect("bug: writes");
    Fixture::in_folder(folder)
}

#[test]
fn the_parts_are_what_is_in_them_and_add_up_to_the_whole() {
    let fixture = Fixture::new();
    fill(&fixture, 300, 5_000);
    let fixture = fixture.reopened();
    let sizes = parts(&fixture);
    let head = fixture.get(1).exchange.request.head.len() as u64;
    assert_eq!((sizes.exchanges, sizes.requests, sizes.free), (300, 300 * (5_000 + head), 0));
    assert!(sizes.columns > 300 * 40 && sizes.columns < 300 * 400, "{sizes:?}");
    assert_eq!((sizes.words, sizes.log, sizes.whole()), (0, 0, fixture.reader().size_bytes()));
    assert!(sizes.gives_back);
}

#[test]
fn measuring_tells_how_far_it_is_and_stops_when_told_so() {
    let fixture = Fixture::new();
    fill(&fixture, 20, 10);
    let mut told = Vec::new();
    let stopped = fixture.reader().parts(|done, of| {
        told.push((done, of));
        ControlFlow::Break(())
    });
    assert!(stopped.expect("bug: reads").is_break());
    assert_eq!(told, [(20, 20)]);
    let empty = parts(&Fixture::new());
    assert_eq!((empty.exchanges, empty.requests, empty.responses), (0, 0, 0));
}

#[test]
fn free_pages_go_back_in_steps_and_all_else_stays() {
    let fixture = Fixture::new();
    fill(&fixture, 200, 16_000);
    forget(&fixture, 1..=150);
    let before = fixture.reader().pages().expect("bug: reads");
    assert!(before.gives_back && before.free > 100, "{before:?}");
    fixture.store.writer().give_back(10).blocking_recv().expect("bug: gives back");
    let after = fixture.reader().pages().expect("bug: reads");
    assert_eq!((after.free, before.all - after.all >= 10), (before.free - 10, true));
    while fixture.reader().pages().expect("bug: reads").free > 0 {
        fixture.store.writer().give_back(10).blocking_recv().expect("bug: gives back");
    }
    let fixture = fixture.reopened();
    assert!(fixture.reader().size_bytes() < 1_200_000, "{}", fixture.reader().size_bytes());
    assert_eq!(fixture.reader().ids(0).expect("bug: reads"), (151..=200).collect::<Vec<_>>());
    assert!((151..=200).all(|id| fixture.get(id).exchange.request.body.len() == 16_000));
}

#[test]
fn a_file_of_an_earlier_version_gives_room_back_once_it_was_written_anew() {
    let fixture = earlier();
    fill(&fixture, 200, 16_000);
    forget(&fixture, 6..=180);
    let before = fixture.reader().pages().expect("bug: reads");
    assert!(!before.gives_back && before.free > 500, "{before:?}");
    fixture.store.writer().give_back(10).blocking_recv().expect("bug: answers");
    assert_eq!(fixture.reader().pages().expect("bug: reads").free, before.free, "it cannot");

    let stopped = Rewriting::default();
    stopped.stop();
    fixture.store.writer().rewrite(&stopped).blocking_recv().expect("bug: answers");
    assert_eq!((fixture.reader().pages().expect("bug: reads"), stopped.failure()), (before, None));

    let rewriting = Rewriting::default();
    fixture.store.writer().rewrite(&rewriting).blocking_recv().expect("bug: answers");
    assert_eq!((rewriting.failure(), rewriting.is_stopped()), (None, false));
    let after = fixture.reader().pages().expect("bug: reads");
    assert!(after.gives_back && after.free == 0 && after.all < before.all / 2, "{after:?}");
    assert!(fixture.record(arrival(b"later")).saved);
    let fixture = fixture.reopened();
    assert_eq!(fixture.reader().ids(0).expect("bug: reads").len(), 5 + 25 + 1);
}

#[test]
fn what_cannot_be_written_anew_says_why_and_stays() {
    let fixture = earlier();
    let lock = fixture.lock();
    let rewriting = Rewriting::default();
    fixture.store.writer().rewrite(&rewriting).blocking_recv().expect("bug: answers");
    assert_eq!(rewriting.failure().as_deref(), Some("database is locked"));
    drop(lock);
    assert!(fixture.record(arrival(b"later")).saved);
    assert_eq!(fixture.reader().counts().expect("bug: reads").received, 6);
}

#[test]
fn words_that_belong_to_nothing_are_given_up_and_those_of_a_segment_that_is_being_indexed_stay() {
    let fixture = Fixture::new();
    fill(&fixture, 2, 10);
    let conn = Connection::open(fixture.path()).expect("bug: opens");
    // Segment 0 has a whole table of 256 rows and a group beyond it; 1 and 2 have no exchange, 2 no table; 4 is being indexed.
    conn.execute_batch(
        "INSERT INTO segment VALUES (0, 256), (1, 256), (3, 256);
         INSERT INTO slice SELECT segment * 65536 + g, x'00' FROM
             (SELECT 0 AS segment UNION SELECT 1 UNION SELECT 2 UNION SELECT 4), (SELECT 0 AS g UNION SELECT 15 UNION SELECT 16);",
    )
    .expect("bug: writes");
    let segments = fixture.reader().indexed_segments().expect("bug: reads");
    assert_eq!(segments, [0, 1, 2]);
    for segment in segments {
        fixture.store.writer().tidy_words(segment).blocking_recv().expect("bug: tidies");
    }
    let mut slices = conn.prepare("SELECT id FROM slice ORDER BY id").expect("bug: reads");
    let slices: Vec<i64> = slices.query_map([], |row| row.get(0)).expect("bug: reads").collect::<Result<_, _>>().expect("bug: reads");
    assert_eq!(slices, [0, 15, 4 * 65_536, 4 * 65_536 + 15, 4 * 65_536 + 16]);
    assert_eq!(first_of(4), 16_384, "bug: another length of a segment");
}

#[test]
fn nothing_lies_beside_the_file_however_many_let_go_of_it_at_once() {
    for round in 0..150 {
        let Fixture { store, folder, .. } = Fixture::new();
        drop(store.writer().record(arrival(b"{}")));
        let barrier = Arc::new(std::sync::Barrier::new(4));
        let readers: Vec<_> = (0..3)
            .map(|_| {
                let (reader, barrier) = (store.reader().expect("bug: reads"), Arc::clone(&barrier));
                std::thread::spawn(move || {
                    barrier.wait();
                    drop(reader);
                })
            })
            .collect();
        barrier.wait();
        store.close_unread(std::time::Instant::now() + Duration::from_secs(10)).expect("bug: closes");
        for reader in readers {
            reader.join().expect("bug: it ends");
        }
        let left: Vec<_> =
            std::fs::read_dir(folder.path()).expect("bug: lists").map(|entry| entry.expect("bug: lists").file_name()).collect();
        assert_eq!(left, ["history.db"], "round {round}");
    }
}
