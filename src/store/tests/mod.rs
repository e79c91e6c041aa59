//! The store from outside. What only one file of it promises is tested there.
#![expect(clippy::disallowed_methods, reason = "queues between the threads of one test")]

use super::*;
use crate::exchange::Outcome;
use crate::ids::Ids;
use crate::wire::{BodyEnd, Response, Transport};
use rusqlite::Connection;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::time::Duration;
use tempfile::TempDir;

mod importing;
mod keeping;
mod search;
mod space;

/// A store in a folder of its own.
struct Fixture {
    store: Store,
    changes: mpsc::Receiver<()>,
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self::in_folder(tempfile::tempdir().expect("bug: a folder"))
    }

    fn in_folder(folder: TempDir) -> Self {
        let (tell, changes) = mpsc::channel();
        let store = Store::open(&path(&folder), move || tell.send(()).unwrap_or_default()).expect("bug: opens");
        Self { store, changes, folder }
    }

    fn reopened(self) -> Self {
        let Self { store, folder, .. } = self;
        store.close().expect("bug: closes");
        Self::in_folder(folder)
    }

    fn path(&self) -> PathBuf {
        path(&self.folder)
    }

    /// What a killed program leaves behind.
    fn left_when_killed(&self) -> TempDir {
        let left = tempfile::tempdir().expect("bug: a folder");
        for name in ["history.db", "history.db-wal"] {
            std::fs::copy(self.folder.path().join(name), left.path().join(name)).expect("bug: copies");
        }
        left
    }

    fn reader(&self) -> Reader {
        self.store.reader().expect("bug: reads")
    }

    fn record(&self, arrival: Arrival) -> Committed {
        self.store.writer().record(arrival).blocking_recv().expect("bug: answers")
    }

    fn get(&self, id: i64) -> Stored {
        self.reader().get(id).expect("bug: reads").expect("bug: is there")
    }

    /// Waits until something holds. Whatever changes it is followed by a call of `on_change`.
    fn until(&self, holds: impl Fn(&Self) -> bool) {
        while !holds(self) {
            self.changes.recv_timeout(Duration::from_secs(20)).expect("bug: nothing changes any more");
        }
    }

    fn lock(&self) -> Connection {
        lock(&self.path())
    }
}

/// Holds the file as another program would, until the connection is dropped.
fn lock(path: &Path) -> Connection {
    let conn = Connection::open(path).expect("bug: opens");
    conn.execute_batch("BEGIN IMMEDIATE").expect("bug: is free");
    conn
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("history.db")
}

pub(super) fn arrival(body: &[u8]) -> Arrival {
    Arrival {
        request: Request {
            received_at_millis: 1_700_000_000_123,
            peer: "127.0.0.1:52144".into(),
            head: b"POST /?SdkAppid=1400000001 HTTP/1.1\r\nX: \xff\0\r\n\r\n".to_vec(),
            body: body.to_vec(),
            body_end: BodyEnd::Complete,
            refused: None,
            transport: Transport::Tcp,
        },
        response: None,
        replay: Replay::First,
        replay_key: None,
        index: Index {
            method: Some("POST".into()),
            sdk_app_id: Some("1400000001".into()),
            overall: Overall::Ok,
            signature: "unchecked",
            ..Index::default()
        },
        read: None,
    }
}

fn completion(body: &[u8], outcome: Option<Outcome>) -> Completion {
    Completion { responded: responded(body, outcome), read: Some(Read { code: Some(0), read_as: "accepted" }) }
}

fn judgement(id: i64, overall: Overall, judged: Option<Judged>) -> Judgement {
    Judgement { id, index: Index { overall, judged, ..arrival(b"").index }, read: None }
}

fn responded(body: &[u8], outcome: Option<Outcome>) -> Responded {
    Responded {
        response: Some(Response {
            status: 200,
            headers: vec![("X-\"A\"".into(), "é\u{0}".into()), ("X-A".into(), String::new())],
            body: body.to_vec(),
        }),
        rule: DEFAULT.into(),
        fault: None,
        responded_after_micros: Some(412),
        outcome,
    }
}

const DEFAULT: &str = crate::exchange::DEFAULT_RULE;

/// What `get` is to return for it.
fn stored(id: i64, arrival: Arrival, saved: bool) -> Stored {
    let Arrival { request, response, replay, replay_key: _, index, read: _ } = arrival;
    let body_bytes = request.body.len();
    let kept = Kept { replay, judged: index.judged, apps_known: Some(index.apps_known) };
    let annotation = Annotation::default();
    Stored { exchange: Exchange { id, request, response }, kept, overall: index.overall, body_bytes, annotation, saved }
}

fn judged(signature: &str) -> Judged {
    Judged { app: "1400000001".into(), signature: signature.into(), app_id: "match".into() }
}

#[test]
fn each_end_can_be_where_it_is_needed() {
    fn is_shared<T: Send + Sync>() {}
    fn is_sent<T: Send>() {}
    is_shared::<Store>();
    is_shared::<Writer>();
    is_sent::<Reader>();
}

#[test]
fn everything_comes_back_exactly() {
    let fixture = Fixture::new();
    let long = "x".repeat(100_000);
    let mut arrivals: Vec<Arrival> = [&b""[..], b"\0", b"\xff\xfe\0{\"a\":1.0}", long.as_bytes()].map(arrival).into();
    arrivals[0].request.head = Vec::new();
    arrivals[0].request.body_end = BodyEnd::CutOff;
    arrivals[0].request.refused = Some("no\0 request".into());
    arrivals[0].request.received_at_millis = -1;
    arrivals[0].index = Index::default();
    arrivals[1].request.body_end = BodyEnd::TooLarge;
    arrivals[1].replay = Replay::Repeated { first_at_millis: 5 };
    arrivals[1].response = Some(responded(b"", None));
    arrivals[1].index.overall = Overall::Unchecked;
    arrivals[2].replay = Replay::ReusedSignature { first_at_millis: i64::MIN };
    arrivals[2].response = Some(responded(b"\xff\0", Some(Outcome::CallerLeft { after_millis: 2000 })));
    arrivals[2].index.judged = Some(judged("valid"));
    arrivals[3].response = Some(Responded {
        response: None,
        fault: Some("timeout".into()),
        responded_after_micros: None,
        ..responded(b"", Some(Outcome::Sent))
    });
    for (id, arrival) in (1..).zip(&arrivals) {
        assert_eq!(fixture.record(arrival.clone()), Committed { id, saved: true });
    }
    let fixture = fixture.reopened();
    for (id, arrival) in (1..).zip(arrivals) {
        assert_eq!(fixture.get(id), stored(id, arrival, true));
    }
}

#[test]
fn a_list_gets_beginnings_in_the_order_asked() {
    let fixture = Fixture::new();
    fixture.record(Arrival { response: Some(responded(&[b'r'; 5000], None)), ..arrival(b"0123456789") });
    fixture.record(arrival(b""));
    let locked = fixture.lock();
    fixture.record(Arrival { response: Some(responded(&[b'r'; 5000], None)), ..arrival(b"abcdef") });
    for is_saved in [false, true] {
        let rows = fixture.reader().rows(&[3, 9, 2, 1], 4).expect("bug: reads");
        let told: Vec<_> = rows.iter().map(|row| (row.exchange.id, row.exchange.request.body.as_slice(), row.body_bytes)).collect();
        assert_eq!(told, [(3, &b"abcd"[..], 6), (2, b"", 0), (1, b"0123", 10)]);
        assert_eq!(rows[0].saved, is_saved);
        for row in [&rows[0], &rows[2]] {
            let response = row.exchange.response.as_ref().and_then(|responded| responded.response.as_ref());
            assert_eq!(response.map(|response| response.body.len()), Some(4096));
        }
        if !is_saved {
            locked.execute_batch("ROLLBACK").expect("bug: was locked");
            fixture.until(|fixture| fixture.store.counts().unsaved == 0);
        }
    }
    assert_eq!(fixture.reader().rows(&[1], 0).expect("bug: reads")[0].exchange.request.body, b"");
}

#[test]
fn an_id_is_never_used_again() {
    let fixture = Fixture::new();
    for id in 1..=3 {
        assert_eq!(fixture.record(arrival(b"")).id, id);
    }
    Connection::open(fixture.path())
        .and_then(|conn| conn.execute_batch("DELETE FROM exchange; DELETE FROM content"))
        .expect("bug: deletes");
    let fixture = fixture.reopened();
    assert!(fixture.reader().ids(0).expect("bug: reads").is_empty());
    assert_eq!(fixture.record(arrival(b"")).id, 4);
    assert_eq!(fixture.reopened().record(arrival(b"")).id, 5);
}

#[test]
fn a_completion_replaces_what_was_known() {
    let fixture = Fixture::new();
    fixture.record(arrival(b"held"));
    for completion in [completion(b"a", None), completion(b"a", Some(Outcome::Sent)), completion(b"", Some(Outcome::Sent))] {
        fixture.store.writer().complete(1, completion.clone());
        fixture.until(|fixture| fixture.get(1).exchange.response.as_ref() == Some(&completion.responded));
    }
    assert!(fixture.get(1).saved);
    assert_eq!(fixture.get(1).exchange.request.body, b"held");
}

#[test]
fn what_was_sent_as_decided_is_told_briefly() {
    let fixture = Fixture::new();
    fixture.record(Arrival { response: Some(responded(b"a", None)), ..arrival(b"one") });
    let sent = Responded { responded_after_micros: Some(7), ..responded(b"a", Some(Outcome::Sent)) };
    fixture.store.writer().sent(1, Some(7));
    fixture.until(|fixture| fixture.get(1).exchange.response.as_ref() == Some(&sent));
    assert!(fixture.get(1).saved);

    // The same where the file refuses it for a while.
    let locked = fixture.lock();
    fixture.record(Arrival { response: Some(responded(b"a", None)), ..arrival(b"two") });
    (1..=2).for_each(|id| fixture.store.writer().sent(id, Some(8)));
    fixture.until(|fixture| fixture.store.counts().unsaved == 2);
    drop(locked);
    fixture.until(|fixture| fixture.store.counts().unsaved == 0);
    let sent = Responded { responded_after_micros: Some(8), ..sent };
    let fixture = fixture.reopened();
    assert_eq!([1, 2].map(|id| fixture.get(id).exchange.response), [Some(sent.clone()), Some(sent)]);
}

#[test]
fn a_completion_of_nothing_is_ignored() {
    let fixture = Fixture::new();
    for id in [i64::MIN, -1, 0, 1, 7, i64::MAX] {
        fixture.store.writer().complete(id, completion(b"", None));
    }
    fixture.record(arrival(b""));
    assert_eq!(fixture.reader().ids(i64::MIN).expect("bug: reads"), [1]);
    assert_eq!(fixture.store.counts(), Counts { received: 1, ok: 1, ..Counts::default() });
}

#[test]
fn a_completion_in_the_same_batch_is_part_of_the_insert() {
    let folder = tempfile::tempdir().expect("bug: a folder");
    let (entered, enters) = mpsc::channel();
    let (leave, may_leave) = mpsc::channel::<()>();
    let on_change = move || {
        entered.send(()).unwrap_or_default();
        may_leave.recv().unwrap_or_default();
    };
    let store = Store::open(&path(&folder), on_change).expect("bug: opens");
    let writer = store.writer();
    drop(writer.record(arrival(b"first")));
    enters.recv().expect("bug: the first batch is committed, and the writer stands still");
    let second = writer.record(arrival(b"second"));
    writer.complete(2, completion(b"overtaken", None));
    writer.complete(2, completion(b"done", Some(Outcome::Sent)));
    drop(leave);
    assert_eq!(second.blocking_recv(), Ok(Committed { id: 2, saved: true }));
    let reader = Store::read_only(&path(&folder)).expect("bug: reads");
    let stored = reader.get(2).expect("bug: reads").expect("bug: is there");
    assert_eq!(stored.exchange.response, Some(responded(b"done", Some(Outcome::Sent))));
}

#[test]
fn what_a_locked_file_refuses_is_kept_and_saved_later() {
    let fixture = Fixture::new();
    fixture.record(arrival(b"one"));
    let reader = fixture.reader();
    let locked = fixture.lock();
    for id in 2..=3 {
        assert_eq!(fixture.record(Arrival { replay: Replay::First, ..arrival(b"later") }), Committed { id, saved: false });
    }
    assert_eq!(fixture.store.counts(), Counts { received: 3, ok: 3, unsaved: 2, ..Counts::default() });
    assert!(fixture.store.trouble().expect("bug: there is").contains("locked"));
    assert_eq!(reader.ids(0).expect("bug: reads"), [1, 2, 3]);
    assert_eq!(reader.ids(2).expect("bug: reads"), [3]);
    assert_eq!(reader.some_of(Some("1400000001"), 0, 2).expect("bug: reads"), [1, 2]);
    assert_eq!(reader.get(3).expect("bug: reads"), Some(stored(3, arrival(b"later"), false)));

    // What becomes of them meanwhile is kept too, whether the exchange is in the file or not.
    for id in [1, 3] {
        fixture.store.writer().complete(id, completion(b"done", Some(Outcome::Sent)));
        fixture.until(|fixture| fixture.get(id).exchange.response.is_some());
        assert!(!fixture.get(id).saved);
    }
    assert_eq!(fixture.store.counts().unsaved, 3);

    locked.execute_batch("ROLLBACK").expect("bug: was locked");
    fixture.until(|fixture| fixture.store.counts().unsaved == 0);
    assert_eq!(fixture.store.trouble(), None);
    assert_eq!(fixture.record(arrival(b"")), Committed { id: 4, saved: true });
    let fixture = fixture.reopened();
    assert_eq!(fixture.reader().ids(0).expect("bug: reads"), [1, 2, 3, 4]);
    let response = Some(responded(b"done", Some(Outcome::Sent)));
    assert_eq!(fixture.get(1), stored(1, Arrival { response: response.clone(), ..arrival(b"one") }, true));
    assert_eq!(fixture.get(3), stored(3, Arrival { response, ..arrival(b"later") }, true));
}

#[test]
fn the_next_arrival_takes_the_unsaved_ones_along() {
    let fixture = Fixture::new();
    let locked = fixture.lock();
    assert!(!fixture.record(arrival(b"one")).saved);
    drop(locked);
    assert!(fixture.record(arrival(b"two")).saved);
    assert!(fixture.get(1).saved);
    assert_eq!(fixture.store.counts().unsaved, 0);
}

#[test]
fn a_reader_misses_nothing_while_it_is_being_saved() {
    let fixture = Fixture::new();
    let (writer, path) = (fixture.store.writer(), fixture.path());
    let fail_and_recover = || {
        for _ in 0..3 {
            let locked = lock(&path);
            for _ in 0..2 {
                writer.record(arrival(b"unsaved at first")).blocking_recv().expect("bug: answers");
            }
            drop(locked);
            (0..50).for_each(|_| drop(writer.record(arrival(b"behind them"))));
            assert!(writer.record(arrival(b"last")).blocking_recv().expect("bug: answers").saved);
        }
    };
    let (reader, mut newest) = (fixture.reader(), 0);
    std::thread::scope(|scope| {
        let writing = scope.spawn(fail_and_recover);
        while !writing.is_finished() {
            let ids = reader.ids(0).expect("bug: reads");
            assert!((1..).zip(&ids).all(|(expected, id)| expected == *id), "{ids:?}");
            assert!(ids.len() >= newest, "{} after {newest}", ids.len());
            newest = ids.len();
            assert_eq!(reader.rows(&ids, 1).expect("bug: reads").len(), newest);
        }
    });
    assert_eq!(reader.ids(0).expect("bug: reads").len(), 3 * 53);
}

#[test]
fn what_could_not_be_saved_to_the_end_is_told() {
    let fixture = Fixture::new();
    let _locked = fixture.lock();
    fixture.record(arrival(b"one"));
    let error = fixture.store.close().expect_err("bug: it is locked");
    assert!(matches!(error, Error::Unsaved { count: 1, .. }), "{error}");
    assert!(error.to_string().contains("locked"), "{error}");
}

#[test]
fn what_was_queued_is_written_before_the_end() {
    let fixture = Fixture::new();
    let answers: Vec<_> = (0..1000).map(|_| fixture.store.writer().record(arrival(b"x"))).collect();
    let writer = fixture.store.writer();
    let fixture = fixture.reopened();
    assert_eq!(fixture.reader().ids(0).expect("bug: reads").len(), 1000);
    assert!(answers.into_iter().all(|answer| answer.blocking_recv().is_ok_and(|committed| committed.saved)));
    assert!(writer.record(arrival(b"late")).blocking_recv().is_err());
    writer.complete(1, completion(b"late", None));
    drop(writer.rejudge(vec![judgement(1, Overall::Bad, None)], None));
}

#[test]
fn what_is_answered_survives_without_an_end() {
    let fixture = Fixture::new();
    fixture.record(arrival(b"one"));
    assert_eq!(Fixture::in_folder(fixture.left_when_killed()).get(1), stored(1, arrival(b"one"), true));
}

#[test]
fn the_numbers_are_right_without_an_end() {
    let fixture = Fixture::new();
    let overall = |overall| Arrival { index: Index { overall, ..arrival(b"").index }, ..arrival(b"") };
    for each in [Overall::Ok, Overall::Bad, Overall::Bad] {
        fixture.record(overall(each));
    }
    let counts = Counts { received: 3, ok: 1, bad: 2, ..Counts::default() };
    assert_eq!(fixture.reader().counts().expect("bug: reads"), counts);
    assert_eq!(Store::read_only(&fixture.path()).and_then(|reader| reader.counts()).expect("bug: reads"), counts);
    let fixture = Fixture::in_folder(fixture.left_when_killed());
    assert_eq!(fixture.store.counts(), counts);
    fixture.record(overall(Overall::Ok));
    fixture.store.writer().forget(vec![3, 4]).blocking_recv().expect("bug: is done");
    let counts = Counts { received: 2, ok: 1, bad: 1, ..Counts::default() };
    assert_eq!(fixture.store.counts(), counts);
    let fixture = Fixture::in_folder(fixture.left_when_killed());
    assert_eq!(fixture.store.counts(), counts);
    assert_eq!(fixture.record(arrival(b"")).id, 5);
}

#[test]
fn of_many_it_is_known_at_once_that_they_were_sent() {
    let fixture = Fixture::new();
    let writer = fixture.store.writer();
    let record_many = || {
        let arrival = || Arrival { response: Some(responded(b"a", None)), ..arrival(b"") };
        let answers: Vec<_> = (0..50).map(|_| writer.record(arrival())).collect();
        for answer in answers {
            answer.blocking_recv().expect("bug: answers");
        }
    };
    record_many();
    (1..=50).for_each(|id| writer.sent(id, Some(7)));
    // Those take along what was sent.
    record_many();
    let sent = Responded { responded_after_micros: Some(7), ..responded(b"a", Some(Outcome::Sent)) };
    let is_known = |stored: Option<Stored>| stored.and_then(|stored| stored.exchange.response).as_ref() == Some(&sent);
    assert!((1..=50).all(|id| is_known(Some(fixture.get(id)))));
    // In the file too, soon after nothing else comes.
    let other = Store::read_only(&fixture.path()).expect("bug: opens");
    let until = Instant::now() + Duration::from_secs(10);
    while !(1..=50).all(|id| is_known(other.get(id).expect("bug: reads"))) {
        assert!(Instant::now() < until, "it is never written");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_was_put_off_is_tried_again() {
    let fixture = Fixture::new();
    assert!(fixture.record(arrival(b"")).saved);
    let locked = fixture.lock();
    fixture.until(|fixture| fixture.store.trouble().is_some());
    drop(locked);
    fixture.until(|fixture| fixture.store.trouble().is_none());
}

#[test]
fn the_end_leaves_one_file() {
    let fixture = Fixture::new();
    fixture.record(arrival(b"one"));
    let Fixture { store, folder, .. } = fixture;
    let reader = store.reader().expect("bug: reads");
    store.close().expect("bug: closes");
    assert_eq!(reader.size_bytes(), std::fs::metadata(path(&folder)).expect("bug: is there").len());
    assert_eq!(reader.ids(0).expect("bug: reads"), [1]);
    drop(reader);
    let names: Vec<_> = folder.path().read_dir().expect("bug: lists").map(|entry| entry.expect("bug: lists").file_name()).collect();
    assert_eq!(names, ["history.db"]);
}

#[test]
fn ids_of_many_writers_have_no_gaps() {
    let fixture = Fixture::new();
    let mut ids: Vec<i64> = std::thread::scope(|scope| {
        let record = || {
            let writer = fixture.store.writer();
            let ids: Vec<i64> = (0..100).map(|_| writer.record(arrival(b"")).blocking_recv().expect("bug: answers").id).collect();
            assert!(ids.is_sorted());
            ids
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(record)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("bug: records")).collect()
    });
    ids.sort_unstable();
    assert!(ids.iter().copied().eq(1..=800));
    assert_eq!(fixture.reader().ids(0).expect("bug: reads"), ids);
}

#[test]
fn new_judgements_are_counted_and_old_ones_stand_without_a_token() {
    let fixture = Fixture::new();
    for overall in [Overall::Unchecked, Overall::Unchecked, Overall::NotCallback] {
        fixture.record(Arrival { index: Index { overall, ..arrival(b"").index }, ..arrival(b"") });
    }
    let expect = |ok, bad, unchecked| {
        let counts = Counts { received: 3, ok, bad, unchecked, not_callback: 1, ..Counts::default() };
        fixture.until(|fixture| fixture.store.counts() == counts);
        assert_eq!(Store::read_only(&fixture.path()).and_then(|reader| reader.counts()).expect("bug: counts"), counts);
    };
    expect(0, 0, 2);
    let judgements = vec![
        judgement(1, Overall::Ok, Some(judged("valid"))),
        judgement(2, Overall::Bad, Some(judged("invalid"))),
        judgement(9, Overall::Ok, None),
    ];
    drop(fixture.store.writer().rejudge(judgements, None));
    expect(1, 1, 1 - 1);
    drop(fixture.store.writer().rejudge(vec![judgement(2, Overall::Ok, None)], None));
    expect(2, 0, 0);
    assert_eq!((fixture.get(2).overall, fixture.get(2).kept.judged), (Overall::Ok, Some(judged("invalid"))));
    assert_eq!(fixture.reopened().get(1).kept.judged, Some(judged("valid")));
}

#[test]
fn judgements_wait_for_the_disk() {
    let fixture = Fixture::new();
    fixture.record(arrival(b"one"));
    let locked = fixture.lock();
    drop(fixture.store.writer().rejudge(vec![judgement(1, Overall::Bad, None), judgement(2, Overall::Bad, None)], None));
    fixture.until(|fixture| fixture.store.trouble().is_some());
    assert!(!fixture.record(arrival(b"two")).saved);
    drop(locked);
    fixture.until(|fixture| fixture.store.counts().bad == 2);
    assert_eq!(fixture.store.trouble(), None);
}

#[test]
fn each_visits_all_there_were_while_more_arrive() {
    let fixture = Fixture::new();
    let writer = fixture.store.writer();
    let answers: Vec<_> = (0..2500).map(|_| writer.record(arrival(b"x"))).collect();
    assert!(answers.into_iter().all(|answer| answer.blocking_recv().is_ok()));
    let mut visited = Vec::new();
    let visit = |stored: Stored| {
        // One more arrives, and is committed, at each visit.
        if stored.exchange.id % 5 == 0 {
            fixture.record(arrival(b"y"));
        }
        visited.push(stored.exchange.id);
        Ok::<_, Error>(ControlFlow::Continue(()))
    };
    fixture.reader().each(None, visit).expect("bug: reads");
    assert!(visited.into_iter().eq(1..=2500));
    assert_eq!(fixture.store.counts().received, 3000);
}

#[test]
fn each_takes_those_named_in_their_order_and_stops_when_told() {
    let fixture = Fixture::new();
    for _ in 0..4 {
        fixture.record(arrival(b""));
    }
    let _locked = fixture.lock();
    fixture.record(arrival(b"unsaved"));
    let visited = |ids: Option<&[i64]>, last: i64| {
        let ids: Option<Ids> = ids.map(|ids| ids.iter().copied().collect());
        let mut visited = Vec::new();
        let visit = |stored: Stored| {
            visited.push(stored.exchange.id);
            Ok::<_, Error>(if stored.exchange.id == last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        fixture.reader().each(ids.as_ref(), visit).expect("bug: reads");
        visited
    };
    assert_eq!(visited(Some(&[5, 3, 1, 9, 3]), 0), [1, 3, 5]);
    assert_eq!(visited(Some(&[5, 3, 1]), 3), [1, 3]);
    assert_eq!(visited(None, 0), [1, 2, 3, 4, 5]);
    assert_eq!(visited(None, 2), [1, 2]);
    let refuse = |_: Stored| Err::<ControlFlow<()>, _>(Error::Absent { path: PathBuf::new() });
    assert!(matches!(fixture.reader().each(None, refuse), Err(Error::Absent { .. })));
}

#[test]
fn an_apps_exchanges_are_found() {
    let fixture = Fixture::new();
    for app in ["7", "8", "7", "7"] {
        fixture.record(Arrival { index: Index { sdk_app_id: Some(app.into()), ..arrival(b"").index }, ..arrival(b"") });
    }
    let reader = fixture.reader();
    let of_app = |app: &str, after: i64, limit: usize| reader.some_of(Some(app), after, limit).expect("bug: reads");
    assert_eq!(of_app("7", 0, 10), [1, 3, 4]);
    assert_eq!(of_app("7", 1, 1), [3]);
    assert!(of_app("9", 0, 10).is_empty());
}

#[test]
fn the_last_keys_come_oldest_first() {
    let fixture = Fixture::new();
    let key = |signature| Some(ReplayKey { signature, content: u64::MAX - signature });
    for replay_key in [key(1), None, key(u64::MAX), key(3)] {
        fixture.record(Arrival { replay_key, ..arrival(b"") });
    }
    let keys = fixture.reader().recent_keys(2).expect("bug: reads");
    assert_eq!(keys, [key(u64::MAX), key(3)].map(|key| (1_700_000_000_123, key.expect("bug: is one"))));
}

#[test]
fn a_value_that_nobody_wrote_is_an_error() {
    let fixture = Fixture::new();
    fixture.record(arrival(b""));
    let conn = Connection::open(fixture.path()).expect("bug: opens");
    conn.execute_batch("UPDATE exchange SET overall = 'fine'").expect("bug: writes");
    let error = fixture.reader().get(1).expect_err("bug: no such word").to_string();
    assert!(error.contains("fine"), "{error}");
}

#[test]
fn an_index_is_derived_from_an_inspection() {
    let apps = [SdkApp { id: "1400000001".into(), tokens: vec![protocol::sign::Token::new("xxxxyyyy")] }];
    let mut request = arrival(b"{}").request;
    let name = "é".repeat(1000);
    request.head = format!("POST /?SdkAppid=1400000001&CallbackCommand={name} HTTP/1.1\r\n\r\n").into_bytes();
    let index = Index::of(&crate::inspect::inspect(&request, &apps, &Kept::default()), &apps);
    let expected = Index {
        method: Some("POST".into()),
        command: Some("é".repeat(MAX_INDEX_BYTES / 2)),
        product: None,
        sdk_app_id: Some("1400000001".into()),
        platform: None,
        path: Some("/".into()),
        signature: "missing",
        skew_secs: None,
        overall: Overall::Bad,
        judged: Some(judged("missing")),
        apps_known: true,
    };
    assert_eq!(index, expected);
}

#[test]
fn what_is_to_be_judged_again_stays_so_until_it_is_done() {
    let fixture = Fixture::new();
    let writer = fixture.store.writer();
    let rejudging = |after, upto| Rejudging { app: "7".into(), after, upto };
    drop(writer.have_judged_again(rejudging(2, 10)));
    drop(writer.have_judged_again(rejudging(5, 20)));
    let left = |fixture: &Fixture| fixture.reader().rejudgings().expect("bug: reads");
    fixture.until(|fixture| left(fixture) == [rejudging(2, 20)]);
    drop(writer.rejudge(vec![], Some(Progress { app: "7".into(), after: 19 })));
    fixture.until(|fixture| left(fixture) == [rejudging(19, 20)]);
    let fixture = fixture.reopened();
    assert_eq!(left(&fixture), [rejudging(19, 20)]);
    drop(fixture.store.writer().rejudge(vec![], Some(Progress { app: "7".into(), after: 20 })));
    fixture.until(|fixture| left(fixture).is_empty());
    fixture.store.writer().remember("catalogue", "abc".into());
    fixture.until(|fixture| fixture.reader().fact("catalogue").expect("bug: reads").as_deref() == Some("abc"));
}
