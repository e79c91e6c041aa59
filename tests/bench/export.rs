//! What leaves a history at size: that it comes back as it was, that nothing private leaves redacted, and how fast.
//!
//! `cargo bench --bench export` writes 100,000 exchanges of some 1.6 kB, which are 8 kB as NDJSON, into a history; a thousand
//! accounts, texts and tokens recur in every place and spelling. `cargo bench --bench export -- 10000` takes fewer. The program
//! itself then exports them. What was exported complete is imported and exported again, and is the same byte for byte. What was
//! exported redacted, in each form, holds none of the thousand, and each of them has one alias throughout. It prints how long each
//! took, and the most memory that the program had.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod filling;
#[path = "../it/planted.rs"]
mod planted;

use hookglass::annotation::Change;
use hookglass::folder::history_path;
use hookglass::protocol::SdkApp;
use hookglass::protocol::sign::Token;
use hookglass::settings::Settings;
use hookglass::store::Store;
use planted::{Four, Planted};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// As the program has it.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// One in so many has a note.
const NOTED: usize = 10;

/// How often it is looked how much memory the program has.
const LOOK_PAUSE: Duration = Duration::from_millis(5);

/// The forms as they are when they are for sharing: options, and how the file's name ends.
const REDACTED: [(&[&str], &str); 8] = [
    (&["--format", "ndjson", "--redact"], "ndjson"),
    (&["--format", "json", "--redact"], "json"),
    (&["--format", "http", "--redact"], "warc"),
    (&["--format", "har"], "har"),
    (&["--format", "curl"], "sh"),
    (&["--format", "csv", "--columns", "id,time,command,summary,note,body.From_Account,body.MsgBody[].MsgContent.Text"], "csv"),
    (&["--format", "report"], "md"),
    (&["--format", "report"], "html"),
];

fn main() {
    let count: usize = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let planted = planted::planted();
    let [first, second] = [(); 2].map(|()| tempfile::tempdir().expect("bug: a folder can be made"));
    let out = tempfile::tempdir().expect("bug: a folder can be made");
    let apps = apps(&planted);
    for folder in [&first, &second] {
        save_apps(folder.path(), &apps);
    }
    fill(first.path(), count, &planted, &apps);

    let complete = out.path().join("complete.ndjson");
    run("complete ndjson", count, first.path(), &["export", "--format", "ndjson"], &complete);
    come_back(count, second.path(), &complete);
    run("complete har", count, first.path(), &["export", "--format", "har", "--full"], &out.path().join("complete.har"));
    fs::remove_file(out.path().join("complete.har")).expect("bug: it is ours");
    for (options, ending) in REDACTED {
        let path = out.path().join(format!("redacted.{ending}"));
        run(&format!("redacted {ending}"), count, first.path(), &[&["export"], options].concat(), &path);
        if ending == "ndjson" {
            assert_one_alias_each(&path, count, &planted);
        }
        assert_nothing_planted(&path);
        fs::remove_file(path).expect("bug: it is ours");
    }
    println!("none of {} planted values left redacted in any form", 3 * planted::COUNT);
}

/// An app for each planted token.
fn apps(planted: &Planted) -> Vec<SdkApp> {
    let app = |(n, token): (u32, &String)| SdkApp { id: (888_888 + n).to_string(), tokens: vec![Token::new(token)] };
    (0..).zip(&planted.tokens).map(app).collect()
}

/// Saves apps with their tokens.
fn save_apps(folder: &Path, apps: &[SdkApp]) {
    let tokens: HashMap<&str, &str> = apps.iter().map(|app| (app.id.as_str(), app.tokens[0].reveal())).collect();
    let apps = apps.iter().map(|app| app.id.clone()).collect();
    fs::write(folder.join("tokens.json"), serde_json::to_vec(&tokens).expect("bug: strings")).expect("bug: writable");
    fs::write(folder.join("settings.json"), Settings { apps, ..Settings::default() }.to_json()).expect("bug: writable");
}

fn fill(folder: &Path, count: usize, planted: &Planted, apps: &[SdkApp]) {
    let store = Store::open(&history_path(folder), || {}).expect("bug: opens");
    let (began, writer) = (Instant::now(), store.writer());
    let (mut bytes, mut last) = (0, None);
    for n in 0..count {
        let mut exchange = planted::exchange(n, planted);
        exchange.request.received_at_millis = 1_669_872_112_000 + i64::try_from(n).expect("bug: small");
        bytes += exchange.request.head.len() + exchange.request.body.len();
        let response = exchange.response.expect("bug: it has one");
        last = Some(writer.record(filling::arrival(exchange.request, response, apps)));
        let id = i64::try_from(n + 1).expect("bug: small");
        writer.sent(id, Some(400 + id % 1000));
    }
    assert!(last.expect("bug: at least one").blocking_recv().expect("bug: is written").saved);
    for n in (0..count).step_by(NOTED) {
        let Four { account, text, token, .. } = planted.of(n);
        let id = i64::try_from(n + 1).expect("bug: small");
        drop(writer.annotate(vec![id], Change::Note(format!("{account} said {text} with {token}"))));
    }
    store.close().expect("bug: is written");
    println!("{count} exchanges of {} bytes received; written in {:.1} s", bytes / count, began.elapsed().as_secs_f64());
}

/// What was exported is imported elsewhere, and leaves again as the same.
fn come_back(count: usize, folder: &Path, complete: &Path) {
    let path = complete.display().to_string();
    let began = Instant::now();
    let peak = wait(&mut program(folder, &["import", &path]));
    told("imported", count, began.elapsed(), fs::metadata(complete).expect("bug: it is there").len(), peak);
    let again = complete.with_file_name("again.ndjson");
    run("exported again", count, folder, &["export", "--format", "ndjson"], &again);
    for (one, other) in lines(complete).zip(lines(&again)) {
        assert!(one == other, "{}\ncame back as\n{}", String::from_utf8_lossy(&one), String::from_utf8_lossy(&other));
    }
    let length = |path| fs::metadata(path).expect("bug: it is there").len();
    assert_eq!(length(complete), length(&again));
    println!("the same byte for byte");
    for path in [complete, again.as_path()] {
        fs::remove_file(path).expect("bug: it is ours");
    }
}

fn lines(path: &Path) -> impl Iterator<Item = Vec<u8>> {
    BufReader::new(File::open(path).expect("bug: it is there")).split(b'\n').map(|line| line.expect("bug: it reads"))
}

/// Fails where anything that is planted stands in a file.
fn assert_nothing_planted(path: &Path) {
    lines(path).for_each(|line| planted::assert_nothing_planted(&String::from_utf8_lossy(&line)));
}

/// What stands for a planted value is one alias, wherever it stands, and another one for each.
fn assert_one_alias_each(path: &Path, count: usize, planted: &Planted) {
    let mut aliases: HashMap<&str, String> = HashMap::new();
    let mut seen = 0;
    for (n, line) in lines(path).enumerate() {
        let line: Value = serde_json::from_slice(&line).expect("bug: a line is JSON");
        let inside = |text: &Value| serde_json::from_str(text.as_str().unwrap_or_default()).unwrap_or(Value::Null);
        for (value, alias) in places(&planted.of(n), &inside(&line["body"]), &inside(&line["response"]["body"])) {
            assert_eq!(aliases.entry(value).or_insert_with(|| alias.clone()), &alias, "{value} in {line}");
            seen += 1;
        }
    }
    let different: HashSet<&String> = aliases.values().collect();
    assert_eq!(different.len(), aliases.len(), "two values share an alias");
    println!("{} values in {seen} places have one alias each, in {count} exchanges", aliases.len());
}

/// What stands where the values of an exchange stood. Of a body that is no JSON nothing is known, nor of JSON in a string.
fn places<'a>(four: &Four<'a>, body: &Value, response: &Value) -> Vec<(&'a str, String)> {
    let Four { account, other, text, token } = *four;
    let message = |at: usize, key: &str| &body["MsgBody"][at]["MsgContent"][key];
    let all = [
        (account, &body["From_Account"]),
        (account, &body["Operator_Account"]),
        (account, &body["To_Account"][1]),
        (account, message(1, "Ext")),
        (account, &response["RefusedMembers_Account"][0]),
        (other, &body["To_Account"][0]),
        (text, &body["Unknown"]),
        (text, &body["Reason"]),
        (text, message(0, "Text")),
        (text, &response["ErrorInfo"]),
        (token, &body["Type"]),
        (token, message(1, "Desc")),
        (token, &response["ActionStatus"]),
    ];
    let there = all.into_iter().filter(|(value, _)| !value.starts_with('{'));
    there.filter_map(|(value, alias)| Some((value, alias.as_str()?.to_owned()))).collect()
}

/// Has the program export to a file, and prints how long that took.
fn run(name: &str, count: usize, folder: &Path, arguments: &[&str], path: &Path) {
    let began = Instant::now();
    let peak = wait(program(folder, arguments).arg("--output").arg(path));
    told(name, count, began.elapsed(), fs::metadata(path).expect("bug: it is there").len(), peak);
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookglass"));
    command.args(arguments).arg("--data").arg(folder).env("HOOKGLASS_KEYRING", "off").env_remove("HOOKGLASS_TOKEN");
    command
}

/// Waits until the program has done its work, and says how much memory it had at most, in MB.
fn wait(command: &mut Command) -> u64 {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("bug: it was built");
    let mut peak = 0;
    loop {
        peak = peak.max(peak_megabytes(child.id()));
        if let Some(status) = child.try_wait().expect("bug: it is our child") {
            assert!(status.success(), "{status}");
            return peak;
        }
        thread::sleep(LOOK_PAUSE);
    }
}

/// The most memory that a process had so far, in MB; 0 once it is gone.
fn peak_megabytes(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default() / 1000
}

#[expect(clippy::cast_precision_loss, reason = "rates")]
fn told(name: &str, count: usize, time: Duration, bytes: u64, peak: u64) {
    let secs = time.as_secs_f64();
    let (rate, megabytes) = (count as f64 / secs, bytes as f64 / 1e6);
    println!(
        "{name:<16} {secs:>6.1} s {rate:>8.0} exchanges/s {:>6.1} MB/s of {megabytes:>6.0} MB   at most {peak:>4} MB of memory",
        megabytes / secs
    );
}
