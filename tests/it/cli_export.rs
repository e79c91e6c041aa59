//! `hookglass export`, in each of its forms: what leaves, that it is whole, and that nothing in it acts.

use crate::support::{
    APP, Caller, Ended, JOIN, MALFORMED, ODD, Program, TOKEN, app, call, folder, history, hookglass, now_secs, post, run, sample, states,
    target,
};
use hookglass::store::Stored;
use serde_json::Value;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder whose history has these requests.
fn filled(requests: &[&[u8]]) -> TempDir {
    let data = folder();
    let (program, address) = Program::serve(data.path(), &["--app", APP, "--token", TOKEN]);
    for request in requests {
        call(address, request);
    }
    assert_eq!(program.end("TERM").code, Some(0));
    data
}

/// What `export` prints with these arguments.
fn exported(data: &Path, arguments: &[&str]) -> Vec<u8> {
    let ended = hookglass(data, &["export"]).args(arguments).stdin(Stdio::null()).output().expect("bug: it was built");
    assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(0), ""), "{arguments:?}");
    ended.stdout
}

fn exported_text(data: &Path, arguments: &[&str]) -> String {
    String::from_utf8(exported(data, arguments)).expect("bug: it is text")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("bug: it is there");
    let mut names: Vec<String> = entries.map(|entry| entry.expect("bug: readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn those_for_sharing_are_redacted_and_the_others_complete_unless_one_says_otherwise() {
    let data = filled(&[&sample(now_secs())]);
    for (format, is_redacted) in
        [("ndjson", false), ("json", false), ("http", false), ("har", true), ("curl", true), ("csv", true), ("report", true)]
    {
        let columns: &[&str] = if format == "csv" { &["--columns", "id,body.NewMemberList[].Member_Account,body.GroupId"] } else { &[] };
        for (option, is_redacted) in [(None, is_redacted), (Some("--redact"), true), (Some("--full"), false)] {
            let text = exported_text(data.path(), &[&["--format", format], columns, option.as_slice()].concat());
            let private = ["jared", "tommy", "2J4SZEAEL"].map(|private| text.contains(private));
            assert_eq!(private, [!is_redacted; 3], "{format} {option:?}: {text}");
            assert!(!text.contains(TOKEN), "{format} {option:?}");
        }
    }
    let both = run(&mut hookglass(data.path(), &["export", "--redact", "--full"]));
    assert_eq!(both.code, Some(2), "{both:?}");
}

#[test]
fn a_redacted_export_tells_what_was_true() {
    let mut forged = sample(now_secs());
    let sign = forged.windows(5).position(|window| window == b"Sign=").expect("bug: it is signed") + 5;
    forged[sign] = if forged[sign] == b'0' { b'1' } else { b'0' };
    let data = filled(&[&sample(now_secs()), &forged]);
    let overall = |arguments: &[&str]| -> Vec<(String, String)> {
        let lines = exported_text(data.path(), arguments);
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("bug: JSON"));
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        lines.map(|line| (word(&line["overall"]), word(&line["verdicts"]["signature"]["state"]))).collect()
    };
    let expected = [("ok", "valid"), ("bad", "invalid")].map(|(one, other)| (one.to_owned(), other.to_owned()));
    // No token is at hand here.
    assert_eq!(overall(&[]), expected);
    assert_eq!(overall(&["--redact"]), expected);
}

#[test]
fn numbers_and_a_filter_choose_what_leaves() {
    let data = filled(&[&sample(now_secs()), b"GET /health HTTP/1.1\r\n\r\n", &sample(now_secs())]);
    let ids = |arguments: &[&str]| -> Vec<i64> {
        let array: Vec<Value> = serde_json::from_str(&exported_text(data.path(), arguments)).expect("bug: an array");
        array.iter().map(|one| one["id"].as_i64().expect("bug: a number")).collect()
    };
    assert_eq!(ids(&["--format", "json"]), [1, 2, 3]);
    assert_eq!(ids(&["--format", "json", "--id", "3", "2", "99"]), [2, 3]);
    assert_eq!(ids(&["--format", "json", "--filter", "method:POST"]), [1, 3]);
    assert_eq!(ids(&["--format", "json", "--filter", "method:POST", "--id", "1", "--id", "2"]), [1]);
    assert_eq!(ids(&["--format", "json", "--filter", "method:PUT"]), [] as [i64; 0]);
}

#[test]
fn options_of_another_form_are_wrong_usage() {
    let data = filled(&[&sample(now_secs())]);
    for (arguments, word) in [
        (&["--columns", "id"][..], "--format csv"),
        (&["--shell", "fish"], "--format curl"),
        (&["--format", "csv", "--columns", "id,nonsense"], "\"nonsense\" is no column"),
        (&["--format", "csv", "--columns", " , "], "no column"),
        (&["--format", "nonsense"], "nonsense"),
    ] {
        let ended = run(hookglass(data.path(), &["export"]).args(arguments));
        assert!(ended.code == Some(2) && ended.err.contains(word), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn raw_http_in_a_folder_is_what_was_on_the_wire_under_names_of_our_own() {
    let hostile = b"POST /../../etc/passwd?a=../..%2f HTTP/1.1\r\nHost: ../x\r\nContent-Length: 6\r\n\r\n..\x00\xff/\n";
    let data = filled(&[hostile, ODD, MALFORMED]);
    let out = folder();
    let to = out.path().join("raw");
    exported(data.path(), &["--format", "http", "-o", &format!("{}/", to.display())]);
    let expected = [1, 2, 3].map(|id| [format!("00000{id}-request.http"), format!("00000{id}-response.http")]).concat();
    assert_eq!((names(&to), names(out.path())), (expected, vec!["raw".to_owned()]));
    for Stored { exchange, .. } in history(data.path()) {
        let request = fs::read(to.join(format!("{:06}-request.http", exchange.id))).expect("bug: it is there");
        assert_eq!(request, [exchange.request.head.as_slice(), &exchange.request.body].concat());
    }
    let response = fs::read_to_string(to.join("000001-response.http")).expect("bug: it is there");
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n") && response.ends_with("\"ErrorCode\":0}"), "{response}");
    // It is not mixed with what is there.
    let again = run(&mut hookglass(data.path(), &["export", "--format", "http", "-o", &to.display().to_string()]));
    assert!(again.code == Some(3) && again.err.contains("no empty folder"), "{again:?}");
    fs::remove_dir_all(&to).expect("bug: it is ours");
    fs::create_dir(&to).expect("bug: it is ours");
    exported(data.path(), &["--format", "http", "-o", &to.display().to_string()]);
    assert_eq!(names(&to).len(), 6, "an empty folder is filled");
}

#[test]
fn a_table_in_a_file_says_that_it_is_utf8_and_a_stream_does_not() {
    let data = filled(&[&sample(now_secs())]);
    let out = folder();
    let to = out.path().join("table.csv");
    exported(data.path(), &["--format", "csv", "--full", "-o", &to.display().to_string()]);
    let (file, stream) = (fs::read(&to).expect("bug: it is there"), exported(data.path(), &["--format", "csv", "--full"]));
    assert_eq!(file, ["\u{feff}".as_bytes(), &stream].concat());
    let mut table = csv::Reader::from_reader(stream.as_slice());
    let head: Vec<String> = table.headers().expect("bug: a table").iter().map(str::to_owned).collect();
    let line: Vec<String> = table.records().next().expect("bug: a line").expect("bug: a table").iter().map(str::to_owned).collect();
    let of = |name: &str| line[head.iter().position(|one| one == name).expect(name)].as_str();
    assert_eq!((of("id"), of("verdict"), of("command"), of("app")), ("1", "ok", "Group.CallbackAfterNewMemberJoin", APP));
    assert_eq!((of("summary"), of("platform"), of("read_as")), ("jared, tommy joined @TGS#2J4SZEAEL", "iOS", "accepted"));
    assert_eq!(of("size"), JOIN.len().to_string());
}

#[test]
fn a_report_is_html_where_its_file_says_so() {
    let data = filled(&[&sample(now_secs())]);
    let to = data.path().join("ticket.HTML").display().to_string();
    exported(data.path(), &["--format", "report", "-o", &to]);
    let (html, markdown) = (fs::read_to_string(&to).expect("bug: it is there"), exported_text(data.path(), &["--format", "report"]));
    assert!(html.starts_with("<!DOCTYPE html>") && html.trim_end().ends_with("</html>"), "{html}");
    assert!(markdown.starts_with("# ") && markdown.contains("Group.CallbackAfterNewMemberJoin"), "{markdown}");
}

#[test]
fn a_file_is_replaced_as_a_whole_and_what_is_no_file_is_written_to() {
    let data = filled(&[&sample(now_secs())]);
    let out = folder();
    let to = out.path().join("all.ndjson");
    fs::write(&to, "before").expect("bug: writable");
    let to = to.display().to_string();
    exported(data.path(), &["-o", &to]);
    assert_eq!((fs::read(&to).expect("bug: it is there"), names(out.path())), (exported(data.path(), &[]), vec!["all.ndjson".to_owned()]));
    #[cfg(unix)]
    assert_eq!(exported(data.path(), &["-o", "/dev/stdout"]), exported(data.path(), &[]));
    let nowhere = out.path().join("nowhere/all.ndjson").display().to_string();
    let ended = run(&mut hookglass(data.path(), &["export", "-o", &nowhere]));
    assert!(ended.code == Some(3) && ended.err.contains(&nowhere), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn a_stopped_export_leaves_nothing_half_written_and_ends_within_a_second() {
    let data = filled(&[]);
    many(data.path(), 4_000);
    let out = folder();
    for (signal, format, name) in [("INT", "ndjson", "a.ndjson"), ("TERM", "http", "raw/")] {
        let to = out.path().join(name).display().to_string();
        let program = Program::start(&mut hookglass(data.path(), &["export", "--format", format, "-o", &to]));
        wait_for(|| names(out.path()).iter().any(|name| name.ends_with(".hookglass-part")));
        let asked = Instant::now();
        let Ended { code, err, .. } = program.end(signal);
        assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
        assert!(code == Some(3) && err.contains("stopped"), "{code:?} {err}");
        assert_eq!(names(out.path()), [] as [String; 0]);
    }
}

/// Puts so many exchanges into the history of a folder.
fn many(data: &Path, count: usize) {
    let (program, address) = Program::serve(data, &[]);
    let mut caller = Caller::call(address);
    let request = post(&target(now_secs()), JOIN);
    for _ in 0..count {
        caller.ask(&request).expect("bug: it answers");
    }
    assert_eq!(program.end("TERM").code, Some(0));
}

fn wait_for(mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + crate::support::PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "it is never so");
        std::thread::sleep(Duration::from_millis(1));
    }
}

// Commands that are pasted

/// How many hostile requests are sent again.
const HOSTILE: usize = 1_000;

/// Numbers that look random and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        // Source: splitmix64, <https://prng.di.unimi.it/splitmix64.c>
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("bug: it is below a usize")
    }

    fn one_of<'a>(&mut self, all: &[&'a [u8]]) -> &'a [u8] {
        all[self.below(all.len())]
    }
}

/// What breaks out of quotes, expands, names files, or steers a terminal, in one shell or another. Whatever is executed
/// makes a file.
const PIECES: &[&[u8]] = &[
    b"'",
    b"\"",
    b"\\",
    b"\\'",
    b"''",
    b"\\\\'",
    b"`touch pwned`",
    b"$(touch pwned)",
    b"${IFS}",
    b"$HOME",
    b"; touch pwned;",
    b"| touch pwned",
    b"&& touch pwned",
    b"\ntouch pwned\n",
    b"\r\ntouch pwned\r\n",
    b"> pwned",
    b"<(touch pwned)",
    b"!!",
    b"!touch",
    b"#",
    b"@/etc/passwd",
    b"%n%s%b",
    b"\\0101\\x41\\u0041",
    b"\x00",
    b"\x1b[201~",
    b"\x1b]0;title\x07",
    b"\t",
    b"\x7f",
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\xe2\x80\xae",
    b"\xe2\x80\x98",
    "红包".as_bytes(),
    "환영합니다".as_bytes(),
    b"{\"a\":[1,2]}",
    b"{a,b}",
    b"[1-9]",
    b"*",
    b"~",
    b"--help",
    b"-K/etc/passwd",
    b" ",
    b"EOF",
    b"plain",
];

fn pieces(chance: &mut Chance, most: usize, may_stand: impl Fn(u8) -> bool) -> Vec<u8> {
    let count = chance.below(most + 1);
    let pieces: Vec<u8> = (0..count).flat_map(|_| chance.one_of(PIECES).to_vec()).collect();
    pieces.into_iter().filter(|byte| may_stand(*byte)).collect()
}

/// A request that the receiver takes: its target and headers are as hostile as HTTP lets them be.
fn hostile(chance: &mut Chance) -> Vec<u8> {
    let method: &[u8] = chance.one_of(&[b"POST", b"PUT", b"P'A`T$C|H", b"!x"]);
    let target = pieces(chance, 4, |byte| matches!(byte, b'!'..=b'~'));
    let body = pieces(chance, 6, |_| true);
    let mut request = [method, b" /", &target, b" HTTP/1.1\r\nHost: hookglass\r\n"].concat();
    for at in 0..chance.below(3) {
        let value = pieces(chance, 3, |byte| byte == b'\t' || byte >= b' ' && byte != 0x7f);
        request.extend([format!("X-'{at}`$: ").as_bytes(), &value, b"\r\n"].concat());
    }
    request.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
    request.extend(body);
    request
}

/// What of a request is to arrive again: method, target, headers and body, all but what curl writes itself.
type Sent = (String, String, Vec<(String, Vec<u8>)>, Vec<u8>);

fn sent(stored: &Stored) -> Sent {
    let request = &stored.exchange.request;
    let head = request.head();
    let is_curls = |name: &str| ["host", "content-length"].iter().any(|own| own.eq_ignore_ascii_case(name));
    let headers = head.headers.iter().filter(|(name, _)| !is_curls(name)).map(|(name, value)| ((*name).to_owned(), value.to_vec()));
    let text = |part: Option<&str>| part.expect("bug: it is readable").to_owned();
    (text(head.method), text(head.target), headers.collect(), request.body.clone())
}

/// Has a shell run what was exported of these requests, and says what arrived.
fn arrived(shell: &mut Command, requests: &[Vec<u8>], shell_name: &str) {
    let data = filled(&requests.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let again = folder();
    let (program, address) = Program::serve(again.path(), &[]);
    let script = exported(data.path(), &["--format", "curl", "--full", "--shell", shell_name, "--listen", &address.to_string()]);
    let place = folder();
    fs::write(place.path().join("script"), script).expect("bug: writable");
    let ran = shell.arg("script").current_dir(place.path()).stdin(Stdio::null()).output().expect("bug: there is this shell, and curl");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(program.end("TERM").code, Some(0));
    assert_eq!(names(place.path()), ["script"], "nothing was executed");
    let (expected, arrived) = (all_sent(data.path()), all_sent(again.path()));
    assert_eq!((expected.len(), arrived.len()), (requests.len(), requests.len()));
    for (arrived, expected) in arrived.iter().zip(&expected) {
        assert_eq!(arrived, expected);
    }
}

/// What was sent, in an order of its own: what the HTTP stack refuses is recorded right after its response, and another one
/// may be faster.
fn all_sent(data: &Path) -> Vec<Sent> {
    let mut all: Vec<Sent> = history(data).iter().map(sent).collect();
    all.sort();
    all
}

fn hostile_requests(count: usize) -> Vec<Vec<u8>> {
    let mut chance = Chance(1);
    (0..count).map(|_| hostile(&mut chance)).collect()
}

#[test]
fn hostile_requests_that_bash_sends_again_arrive_byte_for_byte_and_execute_nothing() {
    arrived(&mut Command::new("bash"), &hostile_requests(HOSTILE), "bash");
}

#[test]
#[ignore = "needs zsh"]
fn hostile_requests_that_zsh_sends_again_arrive_byte_for_byte_and_execute_nothing() {
    arrived(&mut Command::new("zsh"), &hostile_requests(HOSTILE), "zsh");
}

#[test]
#[ignore = "needs fish"]
fn hostile_requests_that_fish_sends_again_arrive_byte_for_byte_and_execute_nothing() {
    arrived(&mut Command::new("fish"), &hostile_requests(HOSTILE), "fish");
}

#[test]
#[ignore = "needs dash"]
fn hostile_requests_that_dash_sends_again_arrive_byte_for_byte_and_execute_nothing() {
    arrived(&mut Command::new("dash"), &hostile_requests(HOSTILE), "bash");
}

#[test]
fn a_body_longer_than_an_argument_may_be_arrives() {
    let text = format!(r#"{{"a":"{}"}}"#, "it's \\ long ".repeat(30_000));
    let bytes = [text.as_bytes(), b"\x00\xff"].concat();
    let request =
        |body: &[u8]| [format!("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat();
    arrived(&mut Command::new("bash"), &[request(text.as_bytes()), request(&bytes)], "bash");
}

#[test]
fn a_callback_that_is_sent_again_in_time_is_genuine() {
    let data = filled(&[&sample(now_secs())]);
    let again = folder();
    let (program, address) = Program::serve(again.path(), &["--app", APP, "--token", TOKEN]);
    send_again(data.path(), address);
    assert_eq!(program.end("TERM").code, Some(0));
    assert_eq!(states(&history(again.path())[0], &[app()]), "ok");
}

fn send_again(data: &Path, address: SocketAddr) {
    let script = exported_text(data, &["--format", "curl", "--full", "--shell", "bash", "--listen", &address.to_string()]);
    let ran = Command::new("bash").args(["-c", &script]).output().expect("bug: there is bash");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}
