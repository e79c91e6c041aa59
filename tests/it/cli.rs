//! The built program, headless: what it prints, writes and exits with.

use crate::support::{
    APP, Caller, Ended, JOIN, MALFORMED, ODD, OK, PATIENCE, Program, TOKEN, call, files_with, folder, history, hookglass, now_secs, post,
    run, sample, target, target_of, text,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookglass::folder::history_path;
use hookglass::wire::BodyEnd;
use serde_json::Value;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

fn json(line: &str) -> Value {
    serde_json::from_str(line).expect("bug: each line is JSON")
}

/// Runs `export` with these further arguments, and returns its lines.
fn export(data: &Path, arguments: &[&str]) -> Vec<Value> {
    let Ended { code, out, err } = run(hookglass(data, &["export", "--format", "ndjson"]).args(arguments));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    out.iter().map(|line| json(line)).collect()
}

fn signature(line: &Value) -> &str {
    line["verdicts"]["signature"]["state"].as_str().unwrap_or_default()
}

/// Checks that the machine, or the usage, said no: with this status, on one line, with these words.
fn said_no(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!((ended.code, ended.out.len()), (Some(code), 0), "{ended:?}");
    assert_eq!(ended.err.trim_end().lines().count(), 1, "{ended:?}");
    for word in words {
        assert!(ended.err.contains(word), "{word}: {ended:?}");
    }
}

// What is printed

/// Every key of the contract with the kind of its value; `?` where it may be null.
const CONTRACT: &[(&str, &str)] = &[
    ("/id", "number"),
    ("/received_at", "string"),
    ("/peer", "string"),
    ("/head", "string"),
    ("/head_encoding", "string"),
    ("/method", "string?"),
    ("/target", "string?"),
    ("/http_version", "string?"),
    ("/headers", "array"),
    ("/body", "string"),
    ("/body_encoding", "string"),
    ("/body_bytes", "number"),
    ("/body_truncated", "boolean"),
    ("/command", "string?"),
    ("/product", "string?"),
    ("/foreign", "string?"),
    ("/sdk_app_id", "string?"),
    ("/platform", "string?"),
    ("/client_ip", "string?"),
    ("/params", "array"),
    ("/verdicts/signature/state", "string"),
    ("/verdicts/signature/detail", "string"),
    ("/verdicts/timestamp/state", "string"),
    ("/verdicts/app_id/state", "string"),
    ("/verdicts/method/state", "string"),
    ("/verdicts/command/state", "string"),
    ("/verdicts/body/state", "string"),
    ("/verdicts/replay/state", "string"),
    ("/overall", "string"),
    ("/remarks", "array"),
    ("/summary", "string"),
    ("/fields", "array"),
    ("/response/status", "number?"),
    ("/response/headers", "array?"),
    ("/response/body", "string?"),
    ("/response/body_encoding", "string?"),
    ("/response/rule", "string"),
    ("/response/fault", "string?"),
    ("/response/responded_after_ms", "number?"),
    ("/response/outcome", "string?"),
    ("/response/read_as", "string"),
    ("/response/detail", "string"),
];

/// What the contract says besides of a genuine callback.
const CONTRACT_OF_A_CALLBACK: &[(&str, &str)] = &[
    ("/headers/0/0", "string"),
    ("/headers/0/1", "string"),
    ("/params/0/name", "string"),
    ("/params/0/value", "string"),
    ("/params/0/spelling", "string"),
    ("/params/0/meaning", "string"),
    ("/params/0/shown", "string?"),
    ("/fields/0/path", "string"),
    ("/fields/0/value", "string"),
    ("/fields/0/documented", "boolean"),
    ("/fields/0/meaning", "string?"),
    ("/fields/0/shown", "string?"),
];

fn keeps(contract: &[(&str, &str)], line: &Value) {
    for (pointer, expected) in contract {
        let found = line.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is missing in {line}"));
        let kind = match found {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let is_fine = kind == expected.trim_end_matches('?') || (kind == "null" && expected.ends_with('?'));
        assert!(is_fine, "{pointer} is {found}, not {expected}");
    }
}

#[test]
fn serve_prints_each_exchange_as_a_line_of_json() {
    let data = folder();
    let (program, address) = Program::serve(data.path(), &["--format", "json", "--token", TOKEN, "--app", APP]);

    call(address, sample(now_secs()));
    let genuine = json(&program.line());
    Caller::call(address).send(MALFORMED).finish_sending().rest();
    let refused = json(&program.line());

    keeps(CONTRACT, &genuine);
    keeps(CONTRACT_OF_A_CALLBACK, &genuine);
    keeps(CONTRACT, &refused);
    assert_eq!((&genuine["id"], &refused["id"]), (&1.into(), &2.into()));
    assert_eq!((genuine["overall"].as_str(), refused["overall"].as_str()), (Some("ok"), Some("not_callback")));
    assert!(genuine["summary"].as_str().is_some_and(|summary| summary.starts_with("jared, tommy") && summary.ends_with("@TGS#2J4SZEAEL")));
    assert_eq!(genuine["response"]["body"], OK);
    assert_eq!(genuine["response"]["read_as"], "accepted");
    assert_eq!(genuine["response"]["detail"], "success; the result is ignored");
    assert_eq!(refused["response"]["read_as"], "unknown");
    assert_eq!((&refused["method"], &refused["target"], &refused["http_version"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(refused["response"]["status"], 400);
}

#[test]
fn the_first_line_names_the_address_in_either_form() {
    for (format, before, after) in [("text", "receiving on http://", "/"), ("json", r#"{"listening":"http://"#, r#"/"}"#)] {
        let data = folder();
        let program = Program::start(&mut hookglass(data.path(), &["serve", "--listen", "127.0.0.1:0", "--format", format]));

        let first = program.line();

        let address = first.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).expect(&first);
        assert_ne!(address.parse::<SocketAddr>().expect("bug: it is an address").port(), 0);
    }
}

#[test]
fn serve_prints_each_exchange_as_a_line_of_text() {
    let data = folder();
    let (program, address) = Program::serve(data.path(), &["--app", APP]);

    call(address, post("/?SdkAppid=1&CallbackCommand=Group.CallbackAfterNewMemberJoin%1b%5b2J", JOIN));
    let hostile = program.line();
    call(address, sample(now_secs()));
    let unchecked = program.line();

    assert!(
        unchecked.contains("unchecked  Group.CallbackAfterNewMemberJoin  jared, tommy") && unchecked.contains("  → OK 0  "),
        "{unchecked}"
    );
    assert!(hostile.contains("[app_id mismatch:") && hostile.contains("[command differs:"), "{hostile}");
    assert!(!hostile.contains('\u{1b}'), "terminal output is escaped");
}

// Filtering

#[test]
fn a_filter_chooses_what_is_printed_and_exported() {
    let data = folder();
    let filter = ["--token", TOKEN, "--app", APP, "--filter", "verdict:bad or status:400 or 红包"];
    let (program, address) = Program::serve(data.path(), &[&["--format", "json"][..], &filter].concat());
    call(address, sample(now_secs()));
    call(address, sample(now_secs() - 63));
    call(address, post(&target_of("C2C.CallbackAfterSendMsg", now_secs()), r#"{"Text":"\u7ea2\u5305"}"#));
    Caller::call(address).send(MALFORMED).finish_sending().rest();
    // Each is printed once all is known of it.
    let ids = |lines: &[Value]| lines.iter().map(|line| line["id"].as_i64().expect("bug: has one")).collect::<BTreeSet<_>>();
    assert_eq!(ids(&[json(&program.line()), json(&program.line()), json(&program.line())]), [2, 3, 4].into());

    let beside = run(hookglass(data.path(), &["export"]).args(filter));
    assert_eq!(ids(&beside.out.iter().map(|line| json(line)).collect::<Vec<_>>()), [2, 3, 4].into());
    program.end("TERM");
    assert_eq!(ids(&export(data.path(), &["--filter", "command:group.* not verdict:bad"])), [1].into());
    assert_eq!(ids(&export(data.path(), &["--filter", "body.NewMemberList[].Member_Account=tommy"])), [1, 2].into());
    assert!(export(data.path(), &["--filter", "nothing of the kind"]).is_empty());
}

#[test]
fn a_wrong_filter_is_wrong_usage_that_names_the_place() {
    let data = folder();
    let ended = run(&mut hookglass(data.path(), &["export", "--filter", "verdict:bad comand:Group.*"]));
    said_no(&ended, 2, &["at character 13", "comand", "command"]);
}

// Exporting

#[test]
fn export_works_beside_a_running_serve_and_after_it() {
    let data = folder();
    let app = ["--token", TOKEN, "--app", APP];
    let (program, address) = Program::serve(data.path(), &[&["--format", "json"][..], &app].concat());
    call(address, sample(now_secs()));
    call(address, sample(now_secs() - 63));
    let printed = [json(&program.line()), json(&program.line())];

    let beside = run(hookglass(data.path(), &["export"]).args(app));
    program.end("TERM");
    let after = export(data.path(), &[]);

    assert_eq!(beside.out.iter().map(|line| json(line)).collect::<Vec<_>>(), printed);
    assert_eq!(after.iter().map(signature).collect::<Vec<_>>(), ["valid"; 2], "a judgement made with a token stands without it");
    assert_eq!(after.iter().map(|line| &line["overall"]).collect::<Vec<_>>(), ["ok", "bad"]);
}

#[test]
fn what_came_in_comes_out_of_export_byte_for_byte() {
    let data = folder();
    let (program, address) = Program::serve(data.path(), &[]);
    for capture in [ODD, MALFORMED] {
        Caller::call(address).send(capture).finish_sending().rest();
        program.line();
    }

    let exported = export(data.path(), &[]);

    let bytes = |line: &Value, part: &str| {
        let text = line[part].as_str().expect("bug: it is text");
        let is_base64 = line[format!("{part}_encoding")] == "base64";
        if is_base64 { STANDARD.decode(text).expect("bug: it is base64") } else { text.as_bytes().to_vec() }
    };
    let whole: Vec<Vec<u8>> = exported.iter().map(|line| [bytes(line, "head"), bytes(line, "body")].concat()).collect();
    assert_eq!(whole, [ODD, MALFORMED]);
    assert_eq!(exported[1]["response"]["status"], 400);
    assert_eq!(exported[1]["response"]["rule"], "refusal");
}

#[test]
fn an_export_without_a_history_says_what_to_do() {
    let data = folder();

    let ended = run(&mut hookglass(data.path(), &["export"]));

    said_no(&ended, 3, &["there is no history yet", "--data"]);
}

// Ending

#[test]
fn a_signal_ends_it_within_two_seconds_whatever_hangs() {
    for signal in ["TERM", "INT"] {
        let data = folder();
        let (program, address) = Program::serve(data.path(), &["--format", "json"]);
        call(address, sample(now_secs()));
        program.line();
        let half = &sample(now_secs())[..300];
        let mut hanging = Caller::call(address);
        hanging.send(half);
        // Connected later and answered, so the one that hangs was taken too.
        let mut idle = Caller::call(address);
        idle.ask(sample(now_secs())).expect("bug: it receives");

        let began = Instant::now();
        let ended = program.end(signal);
        let took = began.elapsed();

        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{signal}");
        assert!(took < Duration::from_secs(2), "{signal}: {took:?}");
        let left = std::fs::read_dir(data.path()).expect("bug: lists").map(|entry| entry.expect("bug: lists").file_name());
        let left: BTreeSet<_> = left.collect();
        let files = ["history.db", "history.db.lock", "lock", "settings.json"];
        assert_eq!(left, files.map(OsString::from).into(), "{signal}: the history is one file, and nothing lies about");
        let kept = history(data.path());
        assert_eq!(kept.len(), 3, "{signal}: what hung is an exchange too");
        assert_eq!(kept[2].exchange.request.body_end, BodyEnd::CutOff);
        assert_eq!([&kept[2].exchange.request.head[..], &kept[2].exchange.request.body].concat(), half);
    }
}

/// Runs `catalogue` with these further arguments. The data folder that is named must not be made.
fn catalogue(arguments: &[&str]) -> Ended {
    let parent = folder();
    let data = parent.path().join("none");
    let ended = run(hookglass(&data, &["catalogue"]).args(arguments));
    assert!(!data.exists());
    ended
}

#[test]
fn the_catalogue_is_a_table_that_can_be_narrowed_down() {
    let all = catalogue(&[]);
    assert_eq!((all.code, all.out.len(), all.err.as_str()), (Some(0), 93, ""));
    assert_eq!(all.out[0].split_whitespace().collect::<Vec<_>>(), ["State.StateChange", "chat", "after", "Online", "status", "changed"]);
    let gifts = catalogue(&["--product", "live", "--timing", "before", "--search", "GIFT refused"]);
    assert_eq!(gifts.out.len(), 1, "{gifts:?}");
    assert!(gifts.out[0].starts_with("Live.CallbackBeforeSendGift "));
    let nothing = catalogue(&["--search", "zzz"]);
    assert_eq!((nothing.code, nothing.out.len()), (Some(0), 0));
    assert!(nothing.err.contains("nothing documented matches"));
}

#[test]
fn a_command_is_printed_with_everything_about_it_for_each_product_that_has_it() {
    let text = catalogue(&["Group.CallbackBeforeSendMsg"]).out.join("\n");
    for part in [
        "(Chat, before)",
        "(Live, before)",
        "2 s, documented",
        "10100-10200",
        "MsgBody[].MsgContent",
        "https://www.tencentcloud.com/document/product/1047/34374",
        "Sample response\n{\n  \"ActionStatus\": \"OK\",",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let one = catalogue(&["Group.CallbackBeforeSendMsg", "--product", "live"]).out.join("\n");
    assert!(one.contains("(Live, before)") && !one.contains("(Chat, before)"));
}

#[test]
fn the_catalogue_as_json_is_an_array_of_commands_digit_for_digit() {
    let read = |arguments: &[&str]| -> Value { serde_json::from_str(&catalogue(arguments).out.join("\n")).expect("bug: it is JSON") };
    assert_eq!(read(&["--format", "json"]).as_array().map(Vec::len), Some(93));
    assert_eq!(read(&["--format", "json", "--search", "zzz"]), serde_json::json!([]));
    let gift = &read(&["Live.CallbackBeforeSendGift", "--format", "json"])[0];
    keeps(
        &[
            ("/command", "string"),
            ("/aliases", "array"),
            ("/product", "string"),
            ("/category", "string"),
            ("/title", "string"),
            ("/timing", "string"),
            ("/trigger", "string"),
            ("/configuration", "string"),
            ("/switch", "string?"),
            ("/setting", "string?"),
            ("/notes", "string?"),
            ("/since", "string?"),
            ("/confidence", "string"),
            ("/documentation/0", "string"),
            ("/request_fields/0/path", "string"),
            ("/request_fields/0/type", "string"),
            ("/request_fields/0/required", "boolean?"),
            ("/request_fields/0/unit", "string?"),
            ("/request_fields/0/meaning", "string"),
            ("/request_fields/0/notes", "string?"),
            ("/response/error_codes/0", "string"),
            ("/response/extra_fields", "array"),
            ("/response/timeout_ms", "number?"),
            ("/response/timeout_source", "string"),
            ("/response/on_timeout", "string"),
            ("/response/notes", "string?"),
            ("/sample_variants", "array"),
            ("/sample_response/ErrorCode", "number"),
            ("/sample_request/CallbackCommand", "string"),
        ],
        gift,
    );
    // Read as a double it would end in 20.
    assert!(catalogue(&["--format", "json"]).out.join("").contains(":144115233100450021"));
}

#[test]
fn an_unknown_command_is_wrong_usage_with_the_nearest_names() {
    said_no(&catalogue(&["group.callbackaftersendmsg"]), 2, &["Group.CallbackAfterSendMsg?", "did you mean"]);
    said_no(&catalogue(&["Nothing.Like.It"]), 2, &["hookglass catalogue lists them all"]);
    said_no(&catalogue(&["State.StateChange", "--product", "live"]), 2, &["not for this product"]);
    said_no(&catalogue(&["State.StateChange", "--search", "x"]), 2, &["cannot be used with"]);
}

#[test]
fn the_catalogue_ends_quietly_when_its_reader_goes_away() {
    let data = folder();
    let mut command = hookglass(data.path(), &["catalogue", "--format", "json"]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().expect("bug: it was built");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("bug: it is ours");
    assert_eq!((ended.status.code(), text(&ended.stderr).as_str()), (Some(0), ""));
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let data = folder();
    let (mut program, address) = Program::serve(data.path(), &[]);
    program.close_stdout();

    // The first line finds the reader gone or makes it go.
    let deadline = Instant::now() + PATIENCE;
    while Caller::try_call(address).and_then(|mut caller| caller.ask(sample(now_secs()))).is_ok() {
        assert!(Instant::now() < deadline, "it goes on");
    }
    let ended = program.ended();

    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
}

#[test]
fn what_got_a_response_survives_kill_9_under_load() {
    const THREADS: usize = 4;
    const LOAD: usize = 4_000;
    let data = folder();
    let (program, address) = Program::serve(data.path(), &[]);
    let (respond, responded) = sync_channel(1024);
    let post_on = |thread: usize, respond: std::sync::mpsc::SyncSender<String>| {
        let mut caller = Caller::call(address);
        for number in 0.. {
            let body = format!(r#"{{"request":"{thread}:{number}"}}"#);
            if caller.ask(post("/", &body)).is_err() || respond.send(body).is_err() {
                return;
            }
        }
    };

    let responded: Vec<String> = thread::scope(|scope| {
        for thread in 0..THREADS {
            let respond = respond.clone();
            scope.spawn(move || post_on(thread, respond));
        }
        drop(respond);
        let mut bodies: Vec<String> = responded.iter().take(LOAD).collect();
        program.signal("KILL");
        bodies.extend(responded);
        bodies
    });
    let ended = program.ended();

    assert_eq!(ended.code, None, "it was killed");
    let kept: Vec<String> = history(data.path()).iter().map(|stored| text(&stored.exchange.request.body)).collect();
    let lost: Vec<&String> = responded.iter().filter(|body| !kept.contains(body)).collect();
    assert!(responded.len() >= LOAD && lost.is_empty(), "{} of {} are lost", lost.len(), responded.len());
    let connection = rusqlite::Connection::open(history_path(data.path())).expect("bug: it is there");
    let integrity: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("bug: it can be checked");
    assert_eq!(integrity, "ok");
}

#[test]
fn an_address_that_others_can_reach_is_warned_of() {
    let data = folder();
    let (program, address) = Program::receiving(&mut hookglass(data.path(), &["serve", "--listen", "0.0.0.0:0"]));

    let ended = program.end("TERM");

    assert!(ended.err.contains(&format!("{address} can be reached from outside this machine")), "{ended:?}");
}

// What is refused

#[test]
fn a_taken_port_is_named() {
    let data = folder();
    let taken = TcpListener::bind("127.0.0.1:0").expect("bug: a port is free");
    let address = taken.local_addr().expect("bug: it is bound").to_string();

    let ended = run(&mut hookglass(data.path(), &["serve", "--listen", &address]));

    said_no(&ended, 3, &[&address, "is taken", "--listen"]);
}

#[test]
fn a_second_one_on_the_same_folder_is_told_of_the_first() {
    let data = folder();
    let (_first, address) = Program::serve(data.path(), &[]);

    let second = run(&mut hookglass(data.path(), &["serve", "--listen", "127.0.0.1:0"]));

    said_no(&second, 3, &[&format!("http://{address}/"), "--data"]);
}

#[test]
fn several_histories_lie_in_one_folder_and_a_file_elsewhere_is_one_too() {
    let (data, elsewhere) = (folder(), folder());
    let file = elsewhere.path().join("记录.db").display().to_string();
    for (history, body) in [("main", "of main"), ("June", "of June"), (file.as_str(), "of the file")] {
        let (program, address) = Program::serve(data.path(), &["--history", history]);
        call(address, post("/", body));
        program.end("TERM");
    }
    assert!(data.path().join("histories/June.db").exists());
    for (arguments, body) in [(&[][..], "of main"), (&["--history", "June"], "of June"), (&["--history", file.as_str()], "of the file")] {
        let lines = export(data.path(), arguments);
        assert_eq!(lines.iter().map(|line| line["body"].as_str()).collect::<Vec<_>>(), [Some(body)]);
    }
    let verified = run(&mut hookglass(data.path(), &["verify", "1", "--history", "June", "--format", "json"]));
    assert_eq!(json(&verified.out[0])["body"], "of June");
    said_no(&run(&mut hookglass(data.path(), &["export", "--history", "July"])), 3, &["there is no history yet", "--history", "July.db"]);
}

#[test]
fn a_file_that_another_writes_is_refused_with_its_address_whatever_its_folder() {
    let (data, other) = (folder(), folder());
    let (_first, address) = Program::serve(data.path(), &["--history", "June"]);
    let file = data.path().join("histories/../histories/June.db").display().to_string();
    let ended = run(&mut hookglass(other.path(), &["serve", "--listen", "127.0.0.1:0", "--history", &file]));
    said_no(&ended, 3, &["has this history open already", &format!("http://{address}/"), "open another history"]);
}

#[test]
fn a_name_that_is_none_and_a_wrong_filter_are_wrong_usage_also_for_the_window() {
    let data = folder();
    said_no(&run(&mut hookglass(data.path(), &["serve", "--history", "a*b"])), 2, &["--history", "a name has letters"]);
    said_no(&run(&mut hookglass(data.path(), &["--filter", "verdict:nice"])), 2, &["wrong at character 9", "nice"]);
    assert!(!data.path().join("history.db").exists(), "nothing was begun");
}

#[test]
fn wrong_usage_is_told_what_is_right() {
    for (arguments, word) in [
        (&["serve", "--respond", "nope"][..], "http:STATUS"),
        (&["serve", "--respond", "http:99"], "200 to 599"),
        (&["serve", "--app", "12x"], "digits"),
        (&["serve", "--token", TOKEN], "--app"),
        (&["serve", "--token", TOKEN, "--app", "1", "--app", "2"], "--app ID@FILE"),
        (&["serve", "--listen", "nowhere"], "--listen"),
        (&["receive"], "receive"),
        (&["serve", "--format", "xml"], "json"),
    ] {
        let data = folder();

        let ended = run(&mut hookglass(data.path(), arguments));

        said_no(&ended, 2, &[word]);
        assert!(!ended.err.contains(TOKEN), "{ended:?}");
    }
}

// Tokens

/// The ways to give the token of the vendor's example: arguments, and what the environment says.
fn ways(file: &Path) -> [(Vec<String>, &'static str); 3] {
    let with_file = format!("{APP}@{}", file.display());
    [
        (vec!["--app".to_owned(), APP.to_owned()], TOKEN),
        (vec!["--app".to_owned(), with_file], ""),
        (vec!["--app".to_owned(), APP.to_owned(), "--token".to_owned(), TOKEN.to_owned()], ""),
    ]
}

#[test]
fn a_token_is_taken_from_each_place_and_shown_in_none() {
    let elsewhere = folder();
    let file = elsewhere.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).expect("bug: writable");
    for (arguments, variable) in ways(&file) {
        let data = folder();
        let command = |command: &str| {
            let mut command = hookglass(data.path(), &[command]);
            command.args(&arguments).env("HOOKGLASS_TOKEN", variable);
            command
        };
        let (program, address) = Program::receiving(command("serve").args(["--listen", "127.0.0.1:0", "--format", "json"]));
        call(address, sample(now_secs()));
        call(address, post(&target(now_secs()).replace("Sign=", "Sign=0"), JOIN));

        // Each is printed when all is known of it, which need not be the order of arrival.
        let mut printed = [program.line(), program.line()];
        printed.sort_by_key(|line| json(line)["id"].as_i64());
        let exported = run(&mut command("export"));
        let ended = program.end("TERM");

        let valid = printed.iter().map(|line| signature(&json(line)).to_owned()).collect::<Vec<_>>();
        assert_eq!(valid, ["valid", "malformed"], "{arguments:?}");
        assert_eq!(exported.out, printed);
        let warns = arguments.iter().any(|argument| argument == "--token");
        assert_eq!((ended.err.contains("HOOKGLASS_TOKEN"), ended.err.lines().count()), (warns, usize::from(warns)), "{}", ended.err);
        let said = [exported.out.concat(), exported.err, printed.concat(), ended.out.concat(), ended.err].concat();
        assert!(!said.contains(TOKEN), "{said}");
        assert!(files_with(data.path(), TOKEN).is_empty(), "{arguments:?}");
    }
}

// Without a window

#[cfg(feature = "gui")]
#[test]
fn without_a_display_it_says_why_and_receives() {
    let data = folder();
    let (program, address) = Program::receiving(&mut hookglass(data.path(), &["--listen", "127.0.0.1:0", "--app", APP, "--token", TOKEN]));

    let response = call(address, sample(now_secs()));
    program.line();
    let ended = program.end("TERM");

    assert_eq!(text(&response.body), OK);
    assert_eq!(export(data.path(), &[]).iter().map(|line| &line["overall"]).collect::<Vec<_>>(), ["ok"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let why = ended.err.lines().last().unwrap_or_default();
    assert!(why.contains("no window can be opened") && why.contains("DISPLAY") && why.contains("receiving without one"), "{why}");
}
