//! `hookglass import`: what it takes, what it says, and that it takes all or nothing.

use crate::support::{APP, Caller, INSTANT_MILLIS, Program, TOKEN, folder, history, hookglass, post, run, sample, text};
use hookglass::exchange::IMPORTED;
use hookglass::folder::history_path;
use hookglass::store::Store;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder with a history of odd and of signed requests, judged with a token, some with what a user says of them.
fn received() -> TempDir {
    let folder = folder();
    let (program, address) = {
        let mut command = hookglass(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--app", APP, "--respond", "fail:10100"]);
        command.env("HOOKGLASS_TOKEN", TOKEN);
        Program::receiving(&mut command)
    };
    let mut caller = Caller::call(address);
    for number in 0..40 {
        let body = format!("{{\"CallbackCommand\":\"State.StateChange\",\"n\":{number},\"t\":\"红包 \\u0000 \u{202e}\"}}");
        caller.ask(post(&format!("/?SdkAppid=7&CallbackCommand=State.StateChange&n={number}"), &body)).expect("bug: it responds");
    }
    for _ in 0..2 {
        caller.ask(sample(INSTANT_MILLIS / 1000)).expect("bug: it responds");
    }
    Caller::call(address).send(crate::support::ODD).response();
    Caller::call(address).send(crate::support::MALFORMED).rest();
    program.end("TERM");
    let store = Store::open(&history_path(folder.path()), || {}).expect("bug: opens");
    for (id, change) in [
        (1, hookglass::annotation::Change::Pin(true)),
        (2, hookglass::annotation::Change::Mark(Some(hookglass::annotation::Mark::Violet))),
        (3, hookglass::annotation::Change::Note("问\n2".to_owned())),
    ] {
        store.writer().annotate(vec![id], change).blocking_recv().expect("bug: is written");
    }
    store.close().expect("bug: closes");
    folder
}

fn export(folder: &Path) -> Vec<String> {
    let ended = run(&mut hookglass(folder, &["export", "--format", "ndjson"]));
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    ended.out
}

fn write(folder: &Path, name: &str, lines: &[String]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, lines.join("\n") + "\n").expect("bug: writable");
    path
}

/// Runs an import of these files, or of these bytes.
fn import(folder: &Path, files: &[&Path]) -> crate::support::Ended {
    let files: Vec<&str> = files.iter().map(|file| file.to_str().expect("bug: it is text")).collect();
    run(&mut hookglass(folder, &[&["import"], &files[..]].concat()))
}

fn import_stdin(folder: &Path, bytes: &[u8], arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = hookglass(folder, &[&["import", "-"], arguments].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("bug: it was built");
    // It may have read enough.
    child.stdin.take().expect("bug: it is piped").write_all(bytes).ok();
    let out = child.wait_with_output().expect("bug: it ends");
    (out.status.code(), text(&out.stdout), text(&out.stderr))
}

#[test]
fn what_was_exported_comes_back_line_for_line() {
    let first = received();
    let lines = export(first.path());
    assert_eq!(lines.len(), 44);
    assert!(lines[40].contains(r#""signature":{"state":"valid""#), "{}", lines[40]);
    assert!(lines[41].contains(r#""replay":{"state":"repeated""#), "{}", lines[41]);
    let array = vec!["[".to_owned(), lines.join(",\n"), "]".to_owned()];
    for file in [write(first.path(), "all.ndjson", &lines), write(first.path(), "all.json", &array)] {
        let second = folder();
        let ended = import(second.path(), &[&file]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
        assert!(ended.out[0].starts_with("44 exchanges imported: "), "{:?}", ended.out);
        assert_eq!(export(second.path()), lines, "also what was judged with a token, which is not at hand here");
        let again = import(second.path(), &[&file, &file]);
        assert!(again.out[0].starts_with("0 exchanges imported, 88 were there already: "), "{:?}", again.out);
        assert_eq!(export(second.path()), lines);
    }
}

#[test]
fn where_a_token_is_at_hand_it_judges() {
    let first = received();
    let file = write(first.path(), "all.ndjson", &export(first.path())[40..]);
    let second = folder();
    let mut command = hookglass(second.path(), &["import", file.to_str().expect("bug: it is text"), "--app", APP]);
    assert_eq!(run(command.env("HOOKGLASS_TOKEN", "another")).code, Some(0));
    assert!(export(second.path())[0].contains(r#""signature":{"state":"invalid""#));
}

#[test]
fn a_damaged_line_is_told_with_its_number_and_the_rest_taken() {
    let first = received();
    let mut lines = export(first.path());
    lines[4] = lines[4][..100].to_owned();
    lines[6] = lines[6].replace("\"head_encoding\":\"utf8\"", "\"head_encoding\":\"base64\"");
    lines.insert(9, lines[8].clone());
    lines.insert(0, String::new());
    let file = write(first.path(), "damaged.ndjson", &lines);
    let second = folder();
    let ended = import(second.path(), &[&file]);
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.out[0].starts_with("42 exchanges imported, 1 was there already, 2 could not be read: "), "{:?}", ended.out);
    let told: Vec<&str> = ended.err.lines().collect();
    assert!(told[0].starts_with("hookglass: line 6: not JSON at line 6, column 101: ") && told[0].ends_with("damaged.ndjson"), "{told:?}");
    assert!(told[1].starts_with("hookglass: line 8: the head is said to be base64"), "{told:?}");
    assert_eq!((told.len(), history(second.path()).len()), (2, 42));
}

#[test]
fn a_summary_for_programs_says_the_same() {
    let data = folder();
    let (code, out, err) = import_stdin(data.path(), b"{\"id\":1}\n{\"CallbackCommand\":\"a\"}\nx\n", &["--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&out).expect("bug: it is JSON");
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let numbers = ["imported", "duplicates", "complaints"].map(|key| told[key].as_u64());
    assert_eq!(numbers, [Some(1), Some(0), Some(2)]);
    assert_eq!((&told["first_complaints"][1]["line"], &told["first_complaints"][0]["file"]), (&3.into(), &"stdin".into()));
    assert_eq!(told["ids"], serde_json::json!([[1, 1]]));
}

#[test]
fn other_forms_are_known_by_themselves() {
    let har = r#"{"log":{"version":"1.2","entries":[{"startedDateTime":"2026-11-20T02:42:17.482Z","time":3,
        "request":{"method":"POST","url":"http://x/?a=1","headers":[{"name":"Host","value":"x"}],"postData":{"text":"{}"}},
        "response":{"status":200,"headers":[],"content":{"text":"ok"}}}]}}"#;
    let commented =
        "// as printed\n{\n \"CallbackCommand\": \"State.StateChange\", // the command\n \"Info\": {\"Action\": \"Login\"},\n}\n";
    let data = folder();
    for bytes in [har, "POST /raw?RequestTime=1669872112 HTTP/1.1\nHost: x\n\n{\"raw\":1}\n", commented] {
        let (code, out, err) = import_stdin(data.path(), bytes.as_bytes(), &[]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    }
    let all = history(data.path());
    let parts: Vec<String> = all
        .iter()
        .map(|stored| format!("{} {}", stored.exchange.request.head().target.unwrap_or_default(), text(&stored.exchange.request.body)))
        .collect();
    assert_eq!(
        parts,
        [
            "/?a=1 {}",
            "/raw?RequestTime=1669872112 {\"raw\":1}",
            "/?CallbackCommand=State.StateChange&contenttype=json {\n \"CallbackCommand\": \"State.StateChange\",\n \"Info\": {\"Action\": \"Login\"}\n}"
        ]
    );
    assert_eq!(all[1].exchange.request.received_at_millis, 1_669_872_112_000);
    // Nothing was responded that we know of, and the next start does not say that nobody did.
    let (program, _) = Program::serve(data.path(), &[]);
    program.end("TERM");
    let responded = history(data.path()).remove(1).exchange.response.expect("bug: that is said");
    assert_eq!((responded.rule.as_str(), responded.response, responded.outcome), (IMPORTED, None, None));
    assert!(export(data.path())[1].contains(r#""read_as":"unknown","detail":"it was imported without a response""#));
}

#[test]
fn what_is_no_such_file_changes_nothing() {
    let data = folder();
    let (code, _, err) = import_stdin(data.path(), b"<html>", &[]);
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("line 1: it begins like none of the forms that are read"), "{err}");
    for (file, words) in [(data.path().join("none"), "No such file"), (data.path().to_owned(), "directory")] {
        let ended = import(data.path(), &[&file]);
        assert_eq!(ended.code, Some(3));
        assert!(
            ended.err.starts_with("hookglass: nothing was imported, since a file can't be read (") && ended.err.contains(words),
            "{}",
            ended.err
        );
    }
    assert_eq!(run(&mut hookglass(data.path(), &["import"])).code, Some(2));
    assert_eq!(run(&mut hookglass(data.path(), &["import", "-", "-"])).code, Some(2));
    assert_eq!(history(data.path()).len(), 0);
}

#[test]
fn one_program_writes_a_history() {
    let data = folder();
    let (program, address) = Program::serve(data.path(), &[]);
    let file = write(data.path(), "a.ndjson", &["{\"CallbackCommand\":\"a\"}".to_owned()]);
    let ended = import(data.path(), &[&file]);
    assert_eq!(ended.code, Some(3));
    assert!(ended.err.contains(&format!("receives on http://{address}/")), "{}", ended.err);
    program.end("TERM");
    assert_eq!(import(data.path(), &[&file]).code, Some(0));
}

#[test]
fn an_import_goes_where_it_is_told() {
    let data = folder();
    let file = write(data.path(), "a.ndjson", &["{\"CallbackCommand\":\"a\"}".to_owned()]);
    let ended = run(&mut hookglass(data.path(), &["import", file.to_str().expect("bug: it is text"), "--history", "other"]));
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(!history_path(data.path()).exists());
    assert!(ended.out[0].ends_with("other.db"), "{:?}", ended.out);
}

/// A file of many exchanges.
fn many(folder: &Path, count: usize) -> PathBuf {
    let path = folder.join("many.ndjson");
    let mut file = std::io::BufWriter::new(File::create(&path).expect("bug: writable"));
    for number in 0..count {
        let head = "POST /?SdkAppid=1&CallbackCommand=State.StateChange HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n";
        let (seconds, millis) = (number / 1000 % 60, number % 1000);
        writeln!(
            file,
            r#"{{"received_at":"2026-11-20T02:{:02}:{seconds:02}.{millis:03}Z","peer":"p","head":"{head}","body":"{{\"n\":{number}}}"}}"#,
            number / 60_000
        )
        .expect("bug: writable");
    }
    path
}

fn is_empty(folder: &Path) -> bool {
    let path = history_path(folder);
    // The next program that writes finishes what was given up.
    let store = Store::open(&path, || {}).expect("bug: it is whole");
    let reader = store.reader().expect("bug: reads");
    let bin = store.bin();
    while bin.has_more() && bin.forget_some() {}
    let is_empty = reader.counts().expect("bug: reads").received == 0 && reader.ids(0).expect("bug: reads").is_empty();
    store.close().expect("bug: closes");
    let conn = rusqlite::Connection::open(&path).expect("bug: opens");
    let left: i64 = conn.query_row("SELECT COUNT(*) FROM exchange", [], |row| row.get(0)).expect("bug: reads");
    let noted: i64 = conn.query_row("SELECT COUNT(*) FROM deletion", [], |row| row.get(0)).expect("bug: reads");
    assert_eq!((left, noted), (0, 0));
    is_empty
}

/// Waits until so many rows are in the file, seen or not.
fn wait_for_rows(folder: &Path, count: i64) -> bool {
    let until = Instant::now() + Duration::from_mins(1);
    while Instant::now() < until {
        let rows = rusqlite::Connection::open_with_flags(history_path(folder), rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)
            .and_then(|conn| conn.query_row("SELECT COUNT(*) FROM exchange", [], |row| row.get::<_, i64>(0)));
        if rows.is_ok_and(|rows| rows >= count) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    false
}

#[test]
fn stopped_or_killed_it_leaves_nothing() {
    let source = folder();
    let file = many(source.path(), 60_000);
    for (signal, rows) in [("INT", 1), ("TERM", 5_000), ("KILL", 1), ("KILL", 9_000)] {
        let data = folder();
        let program = Program::start(&mut hookglass(data.path(), &["import", file.to_str().expect("bug: it is text")]));
        assert!(wait_for_rows(data.path(), rows));
        let stopped = Instant::now();
        let ended = program.end(signal);
        assert!(stopped.elapsed() < Duration::from_secs(2));
        if signal == "KILL" {
            assert_eq!(ended.code, None);
        } else {
            assert_eq!((ended.code, ended.err.as_str()), (Some(3), "hookglass: stopped; nothing was imported\n"));
        }
        assert!(is_empty(data.path()), "after {signal} at {rows}");
    }
}

#[test]
fn stopped_while_it_waits_for_stdin_it_ends() {
    let data = folder();
    let mut command = hookglass(data.path(), &["import", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("bug: it was built");
    let mut stdin = child.stdin.take().expect("bug: it is piped");
    stdin.write_all(&fs::read(many(data.path(), 2_000)).expect("bug: readable")).expect("bug: it reads");
    assert!(wait_for_rows(data.path(), 256));
    let began = Instant::now();
    assert!(Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status().expect("bug: there is a shell").success());
    assert_eq!(child.wait().expect("bug: it ends").code(), Some(3));
    assert!(began.elapsed() < Duration::from_secs(2));
    drop(stdin);
    assert!(is_empty(data.path()));
}
