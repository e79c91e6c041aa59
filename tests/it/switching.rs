//! Several histories: another one takes the place of the one that is open while requests come, and none is lost.

use crate::support::{APP, Caller, JOIN, OK, PATIENCE, Receiving, TOKEN, call, history, now_secs, options, post, sample, text};
use hookglass::annotation::Change;
use hookglass::engine::{Engine, Options};
use hookglass::folder::{history_path, path_of, read_settings};
use hookglass::histories::{Name, Which};
use hookglass::ids::Ids;
use hookglass::messages::{Compact, Effect, Event, KnownHistories, Release};
use hookglass::protocol::sign::Token;
use hookglass::rules::preset::Preset;
use hookglass::settings::Retention;
use hookglass::store::{Store, Stored};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

fn name(text: &str) -> Name {
    Name::read(text).expect("bug: a name")
}

fn named(text: &str) -> Which {
    Which::Named(name(text))
}

/// Waits until a history is open, or refused with these words.
fn opened(receiving: &Receiving) -> Result<KnownHistories, String> {
    receiving.hear(|event| {
        if let Event::HistoryOpened(known) = event {
            Some(Ok(known))
        } else if let Event::HistoryRefused(why) = event {
            Some(Err(why))
        } else {
            None
        }
    })
}

fn bodies(path: &Path) -> Vec<String> {
    stored(path).iter().map(|stored| text(&stored.exchange.request.body)).collect()
}

fn stored(path: &Path) -> Vec<Stored> {
    let reader = Store::read_only(path).expect("bug: a history");
    let ids = reader.ids(0).expect("bug: reads");
    ids.into_iter().map(|id| reader.get(id).expect("bug: reads").expect("bug: is there")).collect()
}

/// Posts numbers, one after the other, until told to stop. Returns those that got a response.
fn post_on(address: SocketAddr, stop: &AtomicBool) -> Vec<String> {
    let mut caller = Caller::call(address);
    let mut answered = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let body = format!(r#"{{"number":{}}}"#, answered.len());
        let response = caller.ask(post("/", &body)).expect("bug: the connection stays open");
        assert_eq!(text(&response.body), OK);
        answered.push(body);
    }
    answered
}

#[test]
fn nothing_is_lost_while_histories_are_switched() {
    let receiving = Receiving::start();
    let stop = Arc::new(AtomicBool::new(false));
    let (address, stopped) = (receiving.address, stop.clone());
    let posting = thread::Builder::new().name("poster".to_owned()).spawn(move || post_on(address, &stopped)).expect("bug: a thread");
    receiving.counts(|counts| counts.received > 20);
    receiving.ask(Effect::NewHistory(name("June")));
    assert_eq!(opened(&receiving).map(|known| (known.open, known.names)), Ok((named("June"), vec![name("June")])));
    receiving.counts(|counts| counts.received > 20);
    receiving.ask(Effect::OpenHistory(Which::Main));
    assert_eq!(opened(&receiving).map(|known| known.open), Ok(Which::Main));
    receiving.counts(|counts| counts.received > 60);
    stop.store(true, Ordering::Relaxed);
    let answered = posting.join().expect("bug: all are answered");

    let folder = receiving.end();
    let (main, june) = (bodies(&history_path(folder.path())), bodies(&path_of(folder.path(), &named("June"))));
    assert!(june.len() > 20 && main.len() > 60, "{} and {}", june.len(), main.len());
    let first = answered.iter().position(|body| *body == june[0]).expect("bug: it was answered");
    let (before, after) = main.split_at(first);
    assert_eq!([before, &june, after].concat(), answered, "each is in the one that was open when it came");
}

#[test]
fn what_is_told_is_of_the_history_that_is_open() {
    let receiving = Receiving::start();
    call(receiving.address, sample(now_secs()));
    receiving.counts(|counts| counts.received == 1);
    receiving.ask(Effect::NewHistory(name("June")));
    receiving.ask(Effect::LoadRows(vec![1]));
    opened(&receiving).expect("bug: it opens");
    receiving.ask(Effect::LoadRows(vec![1]));
    receiving.ask(Effect::Open(1));
    let is_there = receiving.hear(|event| {
        assert!(!matches!(&event, Event::Rows(rows) if !rows.is_empty()), "there is none in June");
        assert!(!matches!(event, Event::Arrived(_)), "that was before");
        if let Event::Opened(opened) = event { Some(opened.is_some()) } else { None }
    });
    assert!(!is_there);
    call(receiving.address, sample(now_secs()));
    assert_eq!(receiving.counts(|counts| counts.received > 0).received, 1);
}

#[test]
fn what_is_held_gets_its_fallback_and_what_waits_its_response_in_the_history_where_it_began() {
    let receiving = Receiving::with(|options| options.by_hand = true);
    receiving.ask(Effect::Respond(Preset::Hold, hookglass::messages::Lasting::SwitchedOff));
    receiving.hear(|event| matches!(event, Event::Settings(known) if known.bar.preset == Preset::Hold).then_some(()));
    let mut held = Caller::call(receiving.address);
    held.send(sample(now_secs()));
    receiving.hear(|event| matches!(event, Event::Held { count: 1, .. }).then_some(()));
    receiving.ask(Effect::Respond(Preset::Delay(400), hookglass::messages::Lasting::SwitchedOff));
    receiving.hear(|event| matches!(event, Event::Settings(known) if known.bar.preset == Preset::Delay(400)).then_some(()));
    let mut delayed = Caller::call(receiving.address);
    delayed.send(sample(now_secs()));
    receiving.counts(|counts| counts.received == 2);

    receiving.ask(Effect::NewHistory(name("June")));
    opened(&receiving).expect("bug: it opens");
    assert_eq!(text(&held.response().body), OK, "the fallback, at once");
    receiving.ask(Effect::Release { id: 1, release: Release::Timeout });
    receiving.hear(|event| matches!(event, Event::ReleasedTooLate(1)).then_some(()));
    // It is closed once the other one has its response, and open again then.
    receiving.ask(Effect::OpenHistory(Which::Main));
    opened(&receiving).expect("bug: it opens");
    assert_eq!(text(&delayed.response().body), OK);
    let both = receiving.settled(2);
    assert!(both.iter().all(|stored| stored.exchange.response.as_ref().is_some_and(|responded| responded.response.is_some())));
}

#[test]
fn what_is_no_history_is_refused_and_the_one_before_goes_on() {
    let receiving = Receiving::start();
    let path = receiving.folder.path().join("other.db");
    let open = || {
        receiving.ask(Effect::OpenHistory(Which::File(path.clone())));
        opened(&receiving).expect_err("bug: refused")
    };
    assert!(open().starts_with("there is no such file; open another"));
    receiving.ask(Effect::OpenHistory(Which::File(history_path(receiving.folder.path()))));
    assert_eq!(opened(&receiving).expect_err("bug: refused"), "this history is open already");
    fs::write(&path, "hello").expect("bug: writable");
    assert!(open().starts_with("this file is no Hookglass history"));
    let whole = fs::read(history_path(receiving.folder.path())).expect("bug: there");
    drop(Store::open(&receiving.folder.path().join("whole.db"), || {}).expect("bug: opens"));
    let copy = fs::read(receiving.folder.path().join("whole.db")).expect("bug: there");
    fs::write(&path, &copy[..copy.len() / 2]).expect("bug: writable");
    assert!(open().starts_with("this history is damaged"), "{} bytes", whole.len());
    let connection = rusqlite::Connection::open(receiving.folder.path().join("whole.db")).expect("bug: opens");
    connection.pragma_update(None, "user_version", 99).expect("bug: writes");
    drop(connection);
    receiving.ask(Effect::OpenHistory(Which::File(receiving.folder.path().join("whole.db"))));
    assert!(opened(&receiving).expect_err("bug: newer").starts_with("the history has format 99"));
    receiving.ask(Effect::NewHistory(name("June")));
    opened(&receiving).expect("bug: it opens");
    receiving.ask(Effect::OpenHistory(Which::Main));
    opened(&receiving).expect("bug: it opens");
    receiving.ask(Effect::NewHistory(name("June")));
    assert!(opened(&receiving).expect_err("bug: there is one").starts_with("there is a history of that name"));
    call(receiving.address, sample(now_secs()));
    receiving.only();
}

#[test]
fn a_history_that_another_has_open_is_refused_with_its_address() {
    let (first, second) = (Receiving::start(), Receiving::start());
    second.ask(Effect::OpenHistory(Which::File(history_path(first.folder.path()))));
    let why = opened(&second).expect_err("bug: it is taken");
    assert!(why.contains(&format!("receives on http://{}/", first.address)), "{why}");

    // The address goes along with whoever has it.
    first.ask(Effect::NewHistory(name("June")));
    opened(&first).expect("bug: it opens");
    second.ask(Effect::OpenHistory(Which::File(path_of(first.folder.path(), &named("June")))));
    let why = opened(&second).expect_err("bug: it is taken");
    assert!(why.contains(&format!("receives on http://{}/", first.address)), "{why}");
    // The first has left it, perhaps only just.
    let main = Which::File(fs::canonicalize(history_path(first.folder.path())).expect("bug: there"));
    let begin = Instant::now();
    let mut known = std::iter::repeat_with(|| {
        second.ask(Effect::OpenHistory(main.clone()));
        opened(&second)
    });
    assert_eq!(
        known.find(|known| known.is_ok() || begin.elapsed() > PATIENCE).and_then(Result::ok).map(|known| known.open),
        Some(main.clone())
    );
}

#[test]
fn the_history_that_was_opened_last_is_opened_again() {
    let receiving = Receiving::start();
    receiving.ask(Effect::NewHistory(name("June")));
    opened(&receiving).expect("bug: it opens");
    receiving.ask(Effect::ListHistories);
    receiving.hear(|event| matches!(event, Event::Histories(_)).then_some(()));
    let folder = receiving.end();
    assert_eq!(read_settings(folder.path()).expect("bug: reads").history, named("June"));

    let told = Arc::new(std::sync::Mutex::new(Vec::new()));
    let start = |options: Options| {
        let telling = told.clone();
        let tell = Arc::new(move |event| telling.lock().expect("bug: whole").push(event));
        drop(Engine::start(options, tell).expect("bug: it starts"));
        std::mem::take(&mut *told.lock().expect("bug: whole"))
    };
    let open = |events: &[Event]| {
        events.iter().find_map(|event| if let Event::Histories(known) = event { Some(known.open.clone()) } else { None })
    };
    assert_eq!(open(&start(options(&folder))), Some(named("June")));
    // The command line's counts for its run alone.
    assert_eq!(open(&start(Options { history: Some(Which::Main), ..options(&folder) })), Some(Which::Main));
    assert_eq!(open(&start(options(&folder))), Some(named("June")));
    fs::remove_file(path_of(folder.path(), &named("June"))).expect("bug: closed");
    let events = start(options(&folder));
    assert_eq!(open(&events), Some(Which::Main));
    assert!(events.iter().any(|event| matches!(event, Event::Failed(why) if why.contains("was not opened, and the main one is"))));
}

#[test]
fn a_history_gets_another_name_where_nobody_has_it_open() {
    let receiving = Receiving::start();
    receiving.ask(Effect::NewHistory(name("June")));
    opened(&receiving).expect("bug: it opens");
    call(receiving.address, sample(now_secs()));
    receiving.counts(|counts| counts.received == 1);
    receiving.ask(Effect::RenameHistory { from: name("June"), to: name("七月") });
    receiving.hear(|event| matches!(event, Event::Failed(why) if why.contains("can't be renamed")).then_some(()));
    receiving.ask(Effect::OpenHistory(Which::Main));
    opened(&receiving).expect("bug: it opens");
    receiving.ask(Effect::RenameHistory { from: name("June"), to: name("七月") });
    let known = receiving.hear(|event| if let Event::Histories(known) = event { Some(known) } else { None });
    assert_eq!((known.open, known.names), (Which::Main, vec![name("七月")]));
    assert_eq!(bodies(&path_of(receiving.folder.path(), &named("七月"))), [JOIN]);
}

#[test]
fn a_history_that_was_closed_when_a_token_was_entered_is_judged_once_it_is_opened() {
    let receiving = Receiving::with(|options| options.apps.clear());
    receiving.ask(Effect::NewHistory(name("June")));
    opened(&receiving).expect("bug: it opens");
    call(receiving.address, sample(now_secs()));
    receiving.counts(|counts| counts.unchecked == 1);
    receiving.ask(Effect::OpenHistory(Which::Main));
    opened(&receiving).expect("bug: it opens");
    receiving.ask(Effect::SaveApp { id: APP.into(), token: Some(Token::new(TOKEN)), replaces: None });
    receiving.hear(|event| matches!(event, Event::AppSaved { .. }).then_some(()));
    receiving.ask(Effect::OpenHistory(named("June")));
    opened(&receiving).expect("bug: it opens");
    receiving.counts(|counts| counts.ok == 1 && counts.unchecked == 0);
}

#[test]
fn sizes_are_told_and_free_room_is_given_back_while_it_receives() {
    let receiving = Receiving::start();
    let long = format!(r#"{{"text":"{}"}}"#, "x".repeat(20_000));
    let mut caller = Caller::call(receiving.address);
    for _ in 0..100 {
        caller.ask(post("/", &long)).expect("bug: it responds");
    }
    let parts = |receiving: &Receiving| {
        receiving.ask(Effect::Measure);
        receiving.hear(|event| if let Event::Measured(parts) = event { Some(parts) } else { None })
    };
    let before = parts(&receiving);
    assert!(before.requests > 2_000_000 && before.responses > 5_000 && before.columns > 10_000, "{before:?}");
    assert_eq!((before.exchanges, before.gives_back), (100, true));
    let limit = Retention { exchanges: Some(10), ..Retention::default() };
    receiving.ask(Effect::CountBeyond(limit));
    let count = receiving.hear(|event| {
        if let Event::WouldForget { retention, count, is_about } = event { Some((retention, count, is_about)) } else { None }
    });
    assert_eq!(count, (limit, 90, false));
    receiving.ask(Effect::SetRetention(limit));
    receiving.counts(|counts| counts.received == 10);
    assert_eq!(read_settings(receiving.folder.path()).expect("bug: reads").retention, limit);
    assert!(parts(&receiving).free > 1_500_000);

    receiving.ask(Effect::Compact(Compact::GiveBack));
    let freed = receiving.hear(|event| {
        caller.ask(post("/", JOIN)).expect("bug: it responds meanwhile");
        if let Event::Compacted { freed_bytes, stopped: false } = event { Some(freed_bytes) } else { None }
    });
    assert!(freed > 1_500_000, "{freed}");
    assert!(parts(&receiving).free < 100_000);
    let folder = receiving.end();
    assert!(fs::metadata(history_path(folder.path())).expect("bug: there").len() < 700_000);
    assert!(history(folder.path()).len() >= 10);
}

#[test]
fn a_history_that_is_opened_forgets_nothing_by_the_limits_of_another() {
    let elsewhere = Receiving::start();
    for number in 0..20 {
        call(elsewhere.address, post("/", &format!("{number}")));
    }
    let elsewhere = elsewhere.end();
    let receiving = Receiving::with(|options| options.retention = Some(Retention { exchanges: Some(3), ..Retention::default() }));
    receiving.ask(Effect::SetRetention(Retention { exchanges: Some(2), ..Retention::default() }));
    receiving.ask(Effect::OpenHistory(Which::File(history_path(elsewhere.path()))));
    opened(&receiving).expect("bug: it opens");
    let (mut is_off, mut has_all) = (false, false);
    receiving.hear(|event| {
        is_off |= matches!(&event, Event::Settings(known) if known.retention.is_off());
        has_all |= matches!(&event, Event::Counts { counts, .. } if counts.received == 20);
        (is_off && has_all).then_some(())
    });
    // Limits of its own make it forget, and show that forgetting goes on at all.
    receiving.ask(Effect::SetRetention(Retention { exchanges: Some(12), ..Retention::default() }));
    assert_eq!(receiving.counts(|counts| counts.received < 20).received, 12);
    receiving.ask(Effect::OpenHistory(Which::Main));
    opened(&receiving).expect("bug: it opens");
    receiving.hear(|event| matches!(event, Event::Settings(known) if known.retention.exchanges == Some(2)).then_some(()));
}

#[test]
fn what_was_deleted_and_noted_before_stays_so_in_the_history_where_it_was() {
    let receiving = Receiving::start();
    for number in 0..3 {
        call(receiving.address, post("/", &format!("{number}")));
    }
    receiving.counts(|counts| counts.received == 3);
    receiving.ask(Effect::Annotate { ids: Arc::new(Ids::one(3)), change: Change::Note("the last".into()) });
    receiving.ask(Effect::Delete(Arc::new(Ids::one(1))));
    receiving.ask(Effect::NewHistory(name("June")));
    opened(&receiving).expect("bug: it opens");
    receiving.ask(Effect::UndoDeletion);
    receiving.ask(Effect::OpenHistory(Which::Main));
    opened(&receiving).expect("bug: it opens");
    receiving.counts(|counts| counts.received == 2);
    receiving.ask(Effect::Open(3));
    let note =
        receiving.hear(|event| if let Event::Opened(opened) = event { Some(opened.map(|opened| opened.annotation.note)) } else { None });
    assert_eq!(note.as_deref(), Some("the last"));
    let ids: Vec<i64> = history(receiving.folder.path()).iter().map(|stored| stored.exchange.id).collect();
    assert_eq!(ids, [2, 3]);
}
