//! `kill -9` in the middle of work: nothing that was acknowledged is lost, and the file stays whole.
//!
//! Each test kills a few times; `HOOKGLASS_KILLS=20` has it do so more often. Ingest alone is in `cli`.

use crate::support::{Caller, Program, folder, history, post, text};
use hookglass::folder::history_path;
use hookglass::protocol::verdict::{Overall, Replay};
use hookglass::store::{Arrival, Index, Rewriting, Store};
use hookglass::wire::Request;
use rusqlite::Connection;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const FORMAT_2: &[u8] = include_bytes!("../histories/format-2.db");

/// How many exchanges an older history has in these tests.
const MANY: i64 = 20_000;

fn kills() -> u64 {
    std::env::var("HOOKGLASS_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(3)
}

fn open(folder: &Path) -> Connection {
    Connection::open(history_path(folder)).expect("bug: it is there")
}

fn assert_whole(folder: &Path) {
    let integrity: String = open(folder).query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("bug: it can be checked");
    assert_eq!(integrity, "ok");
    let numbers = "SELECT (SELECT COUNT(*) FROM exchange), (SELECT COUNT(*) FROM content),
        (SELECT SUM(number) FROM (SELECT number FROM number UNION ALL SELECT number FROM uncounted))";
    let numbers: (i64, i64, i64) =
        open(folder).query_row(numbers, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("bug: they can be counted");
    assert!(numbers.0 == numbers.1 && numbers.0 == numbers.2, "{numbers:?}");
}

/// Writes a history of format 2 with many exchanges.
fn write_older(folder: &Path) {
    std::fs::write(history_path(folder), FORMAT_2).expect("bug: writable");
    let columns = "received_at_millis, peer, body_end, refused, replay, first_at_millis, signature_key, content_key, judged_app, \
        judged_signature, judged_app_id, apps_known, method, command, product, sdk_app_id, overall, body_bytes, rule, fault, status, \
        response_headers, responded_after_micros, outcome, caller_left_after_millis, transport";
    let sql = format!(
        "WITH RECURSIVE many (id) AS (SELECT 6 UNION ALL SELECT id + 1 FROM many WHERE id < {MANY})
         INSERT INTO exchange (id, {columns}) SELECT many.id, {columns} FROM many, exchange WHERE exchange.id = 1;
         INSERT INTO content SELECT exchange.id, head, response_body, body FROM exchange, content WHERE exchange.id > 5 AND content.id = 1;"
    );
    open(folder).execute_batch(&format!("BEGIN; {sql} COMMIT;")).expect("bug: writes");
}

#[test]
fn while_the_oldest_are_forgotten() {
    let folder = folder();
    let mut acknowledged = Vec::new();
    for round in 0..kills() {
        let (program, address) = Program::serve(folder.path(), &["--keep", "100"]);
        let mut caller = Caller::call(address);
        for number in 0..400 {
            let body = format!(r#"{{"request":"{round}:{number}"}}"#);
            caller.ask(post("/", &body)).expect("bug: it responds");
            acknowledged.push(body);
        }
        // Somewhere in the midst of forgetting.
        thread::sleep(Duration::from_millis(37 * round % 400));
        program.end("KILL");
        assert_whole(folder.path());
        let kept: Vec<String> = history(folder.path()).iter().map(|stored| text(&stored.exchange.request.body)).collect();
        let newest = &acknowledged[acknowledged.len() - kept.len()..];
        assert!(kept.len() >= 100 && kept == newest, "{} are left, and they are the newest", kept.len());
    }
}

#[test]
fn while_what_was_deleted_is_forgotten() {
    for round in 0..kills() {
        let folder = folder();
        write_older(folder.path());
        let store = Store::open(&history_path(folder.path()), || {}).expect("bug: opens");
        // All but each thousandth, and those at the end.
        let stays = |id: &i64| id % 1000 == 0 || *id > MANY - 5;
        store.bin().delete(Arc::new((1..=MANY).filter(|id| !stays(id)).collect()));
        store.close().expect("bug: closes");
        let expected: Vec<i64> = (1..=MANY).filter(stays).collect();
        let (mut killed, mut left) = (0, MANY);
        loop {
            let program = Program::start(&mut crate::support::hookglass(folder.path(), &["serve", "--listen", "127.0.0.1:0"]));
            thread::sleep(Duration::from_millis(60 + 40 * killed + 13 * round));
            program.end("KILL");
            killed += 1;
            assert_whole(folder.path());
            let seen = Store::read_only(&history_path(folder.path())).and_then(|reader| reader.ids(0)).expect("bug: reads");
            assert_eq!(seen, expected, "what was deleted stays so, and nothing else goes");
            let counted: i64 =
                open(folder.path()).query_row("SELECT COUNT(*) FROM exchange", [], |row| row.get(0)).expect("bug: can be counted");
            assert!(counted <= left, "it goes on where it was");
            left = counted;
            let deletions: i64 =
                open(folder.path()).query_row("SELECT COUNT(*) FROM deletion", [], |row| row.get(0)).expect("bug: can be counted");
            if deletions == 0 {
                break;
            }
        }
        assert_eq!(left.unsigned_abs(), expected.len() as u64, "after {killed} kills");
    }
}

#[test]
fn while_an_older_history_is_converted_and_judged_again() {
    for round in 0..kills() {
        let folder = folder();
        write_older(folder.path());
        let mut killed = 0;
        loop {
            let program = Program::start(&mut crate::support::hookglass(folder.path(), &["serve", "--listen", "127.0.0.1:0"]));
            thread::sleep(Duration::from_millis(10 + 90 * killed + 7 * round));
            program.end("KILL");
            killed += 1;
            let Ok(reader) = Store::read_only(&history_path(folder.path())) else { continue };
            assert_whole(folder.path());
            assert_eq!(reader.counts().expect("bug: reads").received, MANY.unsigned_abs());
            let known = reader.fact("judge").expect("bug: reads").is_some();
            if known && reader.rejudgings().expect("bug: reads").is_empty() {
                break;
            }
        }
        let lacking = "SELECT COUNT(*) FROM exchange WHERE signature IS NULL OR read_as IS NULL OR skew_secs IS NULL AND id > 5";
        let lacking: i64 = open(folder.path()).query_row(lacking, [], |row| row.get(0)).expect("bug: reads");
        assert_eq!(lacking, 0, "after {killed} kills");
    }
}

/// Names the folder in which [`compacts_again_and_again`] works.
const COMPACTS_IN: &str = "HOOKGLASS_TEST_COMPACTS_IN";
/// Whether it writes the file anew, in place of giving room back in steps.
const ANEW: &str = "HOOKGLASS_TEST_ANEW";

/// How many bytes a body has there: eight of them are a page.
const BODY: usize = 2_000;

/// No test by itself: what the next ones start as a program of its own, to kill it. Says each number once it is committed.
#[test]
fn compacts_again_and_again() {
    let Ok(folder) = std::env::var(COMPACTS_IN) else { return };
    let store = Store::open(&history_path(Path::new(&folder)), || {}).expect("bug: opens");
    let (writer, reader) = (store.writer(), store.reader().expect("bug: reads"));
    let compacting = writer.clone();
    let anew = std::env::var(ANEW).is_ok();
    let compact = move || {
        loop {
            let done = if anew { compacting.rewrite(&Rewriting::default()) } else { compacting.give_back(7) };
            done.blocking_recv().expect("bug: is done");
        }
    };
    thread::Builder::new().name("compacting".to_owned()).spawn(compact).expect("bug: a thread");
    let mut out = std::io::stdout();
    for number in 0.. {
        let request = Request::complete(number, b"POST / HTTP/1.1\r\n\r\n".to_vec(), format!("{number:BODY$}").into_bytes());
        let index = Index { overall: Overall::Ok, ..Index::default() };
        let arrival = Arrival { request, response: None, replay: Replay::First, replay_key: None, index, read: None };
        let committed = writer.record(arrival).blocking_recv().expect("bug: is recorded");
        writeln!(out, "\ncommitted {}", committed.id).expect("bug: somebody reads");
        // Free room all over the file: every other one of the oldest, but no number that was said of late.
        let old: Vec<i64> = reader.some_of(None, 0, 400).expect("bug: reads").into_iter().filter(|id| id % 2 == 0).collect();
        if number % 20 == 19 && old.len() > 150 {
            writer.forget(old[..60].to_vec()).blocking_recv().expect("bug: is forgotten");
        }
    }
}

/// Kills it in the midst, again and again in one folder.
fn kill_while_it_compacts(folder: &Path, anew: bool) {
    let mut newest = 0;
    for round in 0..kills() {
        let mut command = Command::new(std::env::current_exe().expect("bug: it runs"));
        command.args(["--exact", "kill::compacts_again_and_again", "--nocapture"]).env(COMPACTS_IN, folder);
        if anew {
            command.env(ANEW, "1");
        }
        let program = Program::start(&mut command);
        let mut said = Vec::new();
        while said.len() < 300 + 13 * usize::try_from(round).expect("bug: few") {
            said.extend(program.line().strip_prefix("committed ").and_then(|id| id.parse::<i64>().ok()));
        }
        let ended = program.end("KILL");
        said.extend(ended.out.iter().filter_map(|line| line.strip_prefix("committed ")?.parse::<i64>().ok()));
        assert_eq!(ended.code, None, "{}", ended.err);
        assert_whole(folder);
        let kept = Store::read_only(&history_path(folder)).and_then(|reader| reader.ids(0)).expect("bug: reads");
        let odd: Vec<i64> = said.iter().copied().filter(|id| id % 2 == 1).collect();
        assert!(odd.iter().all(|id| kept.binary_search(id).is_ok()), "all that were committed and not forgotten are there");
        assert!(said[0] > newest, "no number is given twice");
        newest = said[said.len() - 1];
    }
}

#[test]
fn while_free_room_is_given_back() {
    let folder = folder();
    kill_while_it_compacts(folder.path(), false);
}

#[test]
fn while_an_older_file_is_written_anew() {
    let folder = folder();
    write_older(folder.path());
    kill_while_it_compacts(folder.path(), true);
}
