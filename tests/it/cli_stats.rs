//! `hookglass stats`: what it counts, in which forms, beside a running window and of a filter.

use crate::support::{JOIN, Receiving, call, hookglass, now_secs, post, run, target, target_of};
use serde_json::Value;
use std::path::Path;

fn stats(data: &Path, arguments: &[&str]) -> Vec<String> {
    let ended = run(hookglass(data, &["stats"]).args(arguments));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended:?}");
    ended.out
}

fn json(data: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&stats(data, &[&["--format", "json"], arguments].concat()).concat()).expect("bug: is JSON")
}

/// Two good callbacks, a stale one, one that no document knows, and one with a field that none knows.
fn receive() -> Receiving {
    let receiving = Receiving::start();
    let odd = r#"{"CallbackCommand":"C2C.CallbackAfterSendMsg","From_Account":"汤米","Neu":{"a":1},"MsgBody":[{"MsgType":"TIMCustomElem","Extra":1}]}"#;
    for request in [
        post(&target(now_secs()), JOIN),
        post(&target(now_secs()), JOIN),
        post(&target(now_secs() - 4_000), JOIN),
        post(&target_of("Made.Up", now_secs()), r#"{"CallbackCommand":"Made.Up"}"#),
        post(&target_of("C2C.CallbackAfterSendMsg", now_secs()), odd),
    ] {
        call(receiving.address, request);
    }
    receiving.settled(5);
    receiving
}

#[test]
fn it_counts_beside_a_running_one_in_every_form() {
    let receiving = receive();
    let data = receiving.folder.path();
    let json = json(data, &["--app", "888888"]);
    for (pointer, expected) in [
        ("/exchanges", "5"),
        ("/filter", "null"),
        ("/overall", r#"{"bad":1,"not_callback":0,"ok":4,"unchecked":0}"#),
        ("/read_as", r#"{"accepted":5}"#),
        ("/response_time/responses", "5"),
        ("/response_time/over_limit", "0"),
        ("/commands/0/command", r#""Group.CallbackAfterNewMemberJoin""#),
        ("/commands/0/exchanges", "3"),
        ("/commands/0/bad", "1"),
        ("/commands/0/limit_ms", "2000"),
        ("/verdicts/0", r#"{"exact":true,"exchanges":1,"state":"stale","verdict":"timestamp","weight":"bad"}"#),
        ("/looked_into", "5"),
    ] {
        assert_eq!(json.pointer(pointer).map(Value::to_string).as_deref(), Some(expected), "{pointer}: {json}");
    }
    let list = |pointer: &str| json.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
    let fields: Vec<String> = list("/undocumented_fields").iter().map(|field| field["path"].to_string()).collect();
    assert_eq!(fields, [r#""MsgBody[].Extra""#, r#""Neu""#]);
    let never: Vec<Value> = list("/never_came");
    assert!(
        never.iter().any(|one| one["command"] == "State.StateChange")
            && never.iter().all(|one| one["command"] != "C2C.CallbackAfterSendMsg")
    );
    assert_eq!(list("/over_time/buckets").iter().filter_map(|bucket| bucket["exchanges"].as_u64()).sum::<u64>(), 5);

    let text = stats(data, &[]);
    for line in ["Statistics of all exchanges", "Made.Up 1", "timestamp stale bad 1"] {
        assert!(text.iter().any(|one| one.split_whitespace().collect::<Vec<_>>().join(" ") == line), "{line}\n{}", text.join("\n"));
    }
    let csv = stats(data, &["--format", "csv"]);
    assert!(csv.iter().any(|line| line.starts_with("Group.CallbackAfterNewMemberJoin,chat,3,1,")), "{}", csv.join("\n"));
}

#[test]
fn it_counts_what_a_filter_means() {
    let receiving = receive();
    let data = receiving.folder.path();
    let of = |filter: &str| json(data, &["--filter", filter])["exchanges"].to_string();
    assert_eq!(of("verdict:bad"), "1");
    assert_eq!(of("汤米"), "1");
    assert_eq!(of("command:Group.* tommy"), "3");
    assert_eq!(of("nothing of the kind"), "0");
    assert_eq!(stats(data, &["--filter", "nothing of the kind"])[0], "Statistics of nothing of the kind");
    let wrong = run(&mut hookglass(data, &["stats", "--filter", "a or"]));
    assert_eq!((wrong.code, wrong.out.len()), (Some(2), 0), "{wrong:?}");
}

#[test]
fn without_a_history_it_says_so() {
    let folder = crate::support::folder();
    let ended = run(&mut hookglass(folder.path(), &["stats"]));
    assert_eq!((ended.code, ended.out.len(), ended.err.trim_end().lines().count()), (Some(3), 0, 1), "{ended:?}");
    drop(folder);
}
