//! `hookglass verify`: what it takes, what it says, and with which status it ends.

use crate::support::{APP, Ended, INSTANT_MILLIS, JOIN, Program, TOKEN, call, folder, hookglass, now_secs, post, run, sample, target};
use hookglass::protocol::sign::{Token, sign};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// The vendor's example as it is printed, placeholders included; its Content-Length does not fit its body.
const AS_PRINTED: &str = include_str!("../captures/join-as-printed.http");
/// Bodies as they are printed, with comments; the second holds three.
const OFFICIAL_ACCOUNT: &str = include_str!("../captures/official-account.jsonc");
const EXTENSION: &str = include_str!("../captures/extension.jsonc");

const AT: &str = "2022-12-01T05:21:54Z";

/// Runs `verify` with the token, and this on stdin.
fn verify(data: &Path, arguments: &[&str], stdin: &[u8]) -> Ended {
    let mut command = hookglass(data, &["verify"]);
    run_with(command.args(arguments).args(["--app", APP]).env("HOOKGLASS_TOKEN", TOKEN), stdin)
}

/// Runs `verify` where no app is known.
fn without_token(data: &Path, arguments: &[&str], stdin: &[u8]) -> Ended {
    run_with(hookglass(data, &["verify"]).args(arguments), stdin)
}

fn run_with(command: &mut Command, stdin: &[u8]) -> Ended {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("bug: it was built");
    // It may have ended without reading.
    child.stdin.take().expect("bug: it is piped").write_all(stdin).ok();
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().expect("bug: it is piped").read_to_string(&mut out).expect("bug: stdout is text");
    child.stderr.take().expect("bug: it is piped").read_to_string(&mut err).expect("bug: stderr is text");
    let code = child.wait().expect("bug: it is ours").code();
    Ended { code, out: out.lines().map(str::to_owned).collect(), err }
}

/// Checks the exit status, and that each of these stands in what is said.
fn check(ended: &Ended, code: i32, words: &[&str]) {
    let said = ended.out.join("\n") + &ended.err;
    assert_eq!(ended.code, Some(code), "{said}");
    for word in words {
        assert!(said.contains(word), "{word}\n{said}");
    }
    assert!(!said.contains(TOKEN), "{said}");
}

fn url(sign_of: &str) -> String {
    let sign = sign(&Token::new(sign_of), "1669872112");
    format!("https://x.example/hook?SdkAppid={APP}&CallbackCommand=Group.CallbackAfterNewMemberJoin&Sign={sign}&RequestTime=1669872112")
}

#[test]
fn a_url_is_judged_by_what_it_holds() {
    let data = folder();
    let none = data.path().join("none");
    for at in [AT, "1669872114", "1669872114000", "2022-12-01T13:21:54+08:00"] {
        let right = verify(&none, &[&url(TOKEN), "--at", at], b"");
        check(
            &right,
            0,
            &[
                "signature  valid         matches the token of 888888",
                "timestamp  fresh         signed 2 s before arrival, 60 s allowed",
                "covers       only the token and the time",
                "usable       58 s more from its arrival on",
                "not judged: method, body, replay",
                "overall: ok",
            ],
        );
    }
    check(&verify(&none, &[&format!(" {}\n", url(TOKEN)), "--at", AT], b""), 0, &["signature  valid", "overall: ok"]);
    let wrong = verify(&none, &[&url(&format!("{TOKEN}\n")), "--at", AT], b"");
    check(
        &wrong,
        1,
        &[
            "signature  invalid",
            "  received     ",
            "  computed     17773bc39a671d7b",
            "signed with a line break after the token",
            "overall: bad",
        ],
    );
    check(&verify(&none, &[&url(TOKEN)], b""), 1, &["timestamp  stale", "one minute is stated for Live"]);
    let no_command = url(TOKEN).replace("&CallbackCommand=Group.CallbackAfterNewMemberJoin", "");
    check(&verify(&none, &[&no_command, "--at", AT], b""), 0, &["overall: ok"]);
    check(&verify(&none, &["https://x.example/", "--at", AT], b""), 1, &["overall: not a callback"]);
    assert!(!none.exists(), "a verdict creates no folder");
}

#[test]
fn a_raw_request_is_judged_whatever_its_line_ends() {
    let data = folder();
    let request = format!("POST {} HTTP/1.1\nHost: x\n\n{JOIN}\n", target(1_669_872_112));
    for text in [request.clone(), request.replace('\n', "\r\n")] {
        check(
            &verify(data.path(), &["-", "--at", AT], text.as_bytes()),
            0,
            &["body       documented", "not judged: replay", "overall: ok"],
        );
    }
    let printed = verify(data.path(), &["-", "--at", AT], AS_PRINTED.as_bytes());
    check(
        &printed,
        1,
        &[
            "signature  missing",
            "remark: Content-Length says 337, 225 bytes follow the head",
            "OptPlatform “$OptPlatform” is not documented",
        ],
    );
}

#[test]
fn a_body_with_comments_says_where_it_breaks_and_that_they_belong_to_the_documentation() {
    let data = folder();
    for (body, place, there) in [
        (OFFICIAL_ACCOUNT, "line 2, column 60", "fterSendMsg\", »/«/ Webhook command"),
        (EXTENSION, "line 1, column 1", "»/«/ Set Message Extension KV"),
    ] {
        let request = post(&target(1_669_872_112), body);
        let ended = verify(data.path(), &["-", "--at", AT], &request);
        check(&ended, 1, &["body       not_json", place, there, "comments belong to the documentation, never to the wire"]);
    }
    let without_comment = EXTENSION.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let ended = verify(data.path(), &["-", "--at", AT], &post(&target(1_669_872_112), &without_comment));
    check(&ended, 1, &["several JSON values stand one after the other"]);
}

#[test]
fn an_exchange_of_the_history_is_judged_beside_a_running_one_and_as_json() {
    let data = folder();
    let (program, address) = Program::serve(data.path(), &["--app", APP, "--token", TOKEN, "--format", "json"]);
    call(address, sample(now_secs()));
    let line = program.line();
    check(&verify(data.path(), &["1"], b""), 0, &["signature  valid", "replay     first", "overall: ok"]);
    check(&verify(data.path(), &["-"], line.as_bytes()), 0, &["signature  valid", "not judged: replay", "overall: ok"]);
    check(&verify(data.path(), &["1", "--at", "2100-01-01T00:00:00Z"], b""), 1, &["timestamp  stale"]);
    check(&verify(data.path(), &["2"], b""), 3, &["exchange 2 is not in the history"]);
    let json = verify(data.path(), &["1", "--format", "json"], b"");
    let (said, served): (Value, Value) =
        (serde_json::from_str(&json.out[0]).expect("bug: JSON"), serde_json::from_str(&line).expect("bug: JSON"));
    for key in ["id", "received_at", "head", "body", "verdicts", "overall", "fields"] {
        assert_eq!(said[key], served[key], "{key}");
    }
}

#[test]
fn a_judgement_made_with_the_token_stands_where_the_token_is_not_at_hand() {
    let (data, elsewhere) = (folder(), folder());
    let (program, address) = Program::receiving(
        hookglass(data.path(), &["serve", "--listen", "127.0.0.1:0", "--format", "json", "--app", APP]).env("HOOKGLASS_TOKEN", TOKEN),
    );
    call(address, sample(now_secs()));
    let line = program.line();
    let ended = without_token(elsewhere.path(), &["-", "--format", "json"], line.as_bytes());
    check(&ended, 0, &[r#""signature":{"state":"valid""#, r#""app_id":{"state":"match""#, r#""overall":"ok""#]);

    let received_at = serde_json::from_str::<Value>(&line).expect("bug: JSON")["received_at"].to_string();
    let later = without_token(elsewhere.path(), &["-", "--format", "json", "--at", "2100-01-01T00:00:00Z"], line.as_bytes());
    check(&later, 1, &[r#""timestamp":{"state":"stale""#, &received_at]);
}

#[test]
fn a_saved_apps_token_is_found_in_the_data_folder() {
    let data = folder();
    std::fs::write(data.path().join("settings.json"), format!(r#"{{"folder_id":"f","apps":["{APP}"]}}"#)).expect("bug: writable");
    std::fs::write(data.path().join("tokens.json"), format!(r#"{{"{APP}":"{TOKEN}"}}"#)).expect("bug: writable");
    let ended = run(&mut hookglass(data.path(), &["verify", &url(TOKEN), "--at", &INSTANT_MILLIS.to_string()]));
    check(&ended, 0, &["signature  valid", "overall: ok"]);
}

#[test]
fn what_cannot_be_read_and_what_is_wrong_usage() {
    let data = folder();
    check(&verify(data.path(), &["nonsense"], b""), 2, &["neither a URL nor the number of an exchange nor -"]);
    check(&verify(data.path(), &[&url(TOKEN), "--at", "soon"], b""), 2, &["2026-11-20T02:42:17Z"]);
    check(&verify(data.path(), &["1", "--body", "x"], b""), 2, &["--body belongs to a URL"]);
    check(&verify(data.path(), &["-"], b" \n"), 3, &["stdin is empty"]);
    check(&verify(data.path(), &["-"], b"hello"), 3, &["no request line"]);
    check(&verify(data.path(), &["-"], br#"{"a":1}"#), 3, &["not an exchange as Hookglass writes it"]);
    check(&verify(data.path(), &[&url(TOKEN), "--body", "/nowhere/at/all"], b""), 3, &["/nowhere/at/all"]);
}

#[test]
fn what_is_printed_steers_no_terminal() {
    let data = folder();
    let ended = verify(data.path(), &[&format!("{}&OptPlatform=%1B[31mred%E2%80%AE", url(TOKEN)), "--at", AT], b"");
    check(&ended, 0, &["\\u{1b}[31mred\\u{202e}"]);
    assert!(ended.out.iter().all(|line| !line.contains('\u{1b}')));
}
