//! `hookglass lint`: one response after another, with what the documents say of each.

use crate::support::{Ended, OK, folder, hookglass, run};
use serde_json::Value;
use std::fs::{self, File};
use std::process::Command;

const C2C: &str = "C2C.CallbackBeforeSendMsg";
const GROUP: &str = "Group.CallbackBeforeSendMsg";
const GIFT: &str = "Live.CallbackBeforeSendGift";
const CREATE: &str = "Group.CallbackBeforeCreateGroup";
const INVITE: &str = "Group.CallbackBeforeInviteJoinGroup";
const OFFICIAL: &str = "OfficialAccount.CallbackBeforeSendMsg";
const SUBSCRIBE: &str = "OfficialAccount.CallbackBeforeAddSubscriber";
const FRIEND: &str = "Sns.CallbackPrevFriendAdd";
const BOT: &str = "Chatbot.OnC2CSignalMessage";
const SETTING: &str = "Live.CallbackBeforeCallBackNotBlock";
const AFTER: &str = "Group.CallbackAfterSendMsg";
const ROOM: &str = "Room.CallbackAfterCreateRoom";
const DESK: &str = "Desk.SessionEventNotify";

/// A response in the documented form, with this status word, this code, and further keys.
fn form(status: &str, code: &str, extras: &str) -> String {
    let comma = if extras.is_empty() { "" } else { "," };
    format!(r#"{{"ActionStatus":"{status}","ErrorCode":{code},"ErrorInfo":""{comma}{extras}}}"#)
}

fn ok(code: &str) -> String {
    form("OK", code, "")
}

fn with(extras: &str) -> String {
    form("OK", "0", extras)
}

fn user(code: &str) -> String {
    format!(r#"{{"To_Account":"a","ResultCode":{code},"ResultInfo":""}}"#)
}

fn users(codes: &[&str]) -> String {
    let items: Vec<String> = codes.iter().map(|code| user(code)).collect();
    format!(r#""ResultItem":[{}]"#, items.join(","))
}

const ELEMENT: &str = r#"{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}"#;

/// Runs `lint` on a body.
fn lint(arguments: &[&str], body: impl AsRef<[u8]>) -> Ended {
    let data = folder();
    let file = data.path().join("response");
    fs::write(&file, body).expect("bug: writable");
    run(hookglass(data.path(), &["lint"]).args(arguments).arg(&file))
}

/// Each line: the command, further arguments, the body, how the first line begins, and what is said anywhere.
#[track_caller]
fn check(table: &[(&str, &[&str], String, &str, &str)]) {
    for (command, arguments, body, first, said) in table {
        let ended = lint(&[&["--command", command], *arguments].concat(), body);
        let all = ended.out.join("\n");
        let code = i32::from(first.starts_with("failed") || first.starts_with("unknown"));
        assert!(all.starts_with(first), "{command} {body}\n expected: {first}\n found: {all}");
        assert!(all.contains(said), "{command} {body}\n expected: {said}\n found: {all}");
        assert_eq!(ended.code, Some(code), "{command} {body}: {ended:?}");
    }
}

#[test]
fn a_code_has_the_effect_that_its_page_names() {
    let none: &[&str] = &[];
    let live: &[&str] = &["--product", "live"];
    check(&[
        (C2C, none, ok("0"), "accepted: let the message through", ""),
        (C2C, none, ok("1"), "refused: code 1: refuse; the sender gets error 20006", ""),
        (C2C, none, ok("2"), "dropped: code 2: drop silently; the sender sees success", ""),
        (C2C, none, ok("120001"), "refused: code 120001: refuse with this code and ErrorInfo, both passed on", ""),
        (C2C, none, ok("130000"), "refused: code 130000", ""),
        (C2C, none, ok("120000"), "unknown: not documented: code 120000", "0, 1, 2, 120001-130000 are"),
        (C2C, none, ok("130001"), "unknown: not documented: code 130001", ""),
        (C2C, none, ok("10150"), "unknown: not documented: code 10150", "it is in the range of Group"),
        (C2C, none, ok("38000"), "unknown: not documented: code 38000", "it is in the range of Sns"),
        (C2C, none, ok("3"), "unknown: not documented: code 3", ""),
        (C2C, none, ok("-1"), "unknown: not documented: code -1", ""),
        (C2C, none, ok("-0"), "accepted: ", ""),
        (GROUP, none, ok("1"), "refused: code 1: refuse; the sender gets error 10016", ""),
        (GROUP, none, ok("10100"), "refused: code 10100", ""),
        (GROUP, none, ok("10201"), "unknown: not documented: code 10201", ""),
        (GROUP, none, ok("120001"), "unknown: not documented: code 120001", "C2C and OfficialAccount"),
        (GROUP, live, ok("2"), "dropped: code 2", ""),
        (OFFICIAL, none, ok("1"), "refused: code 1: refuse; the caller gets error 10016", ""),
        (CREATE, none, ok("1"), "refused: code 1", "10016"),
        (CREATE, none, ok("2"), "unknown: not documented: code 2", ""),
        ("Group.CallbackBeforeApplyJoinGroup", none, ok("0"), "accepted: continue; an administrator", ""),
        ("OfficialAccount.CallbackBeforeCreateOfficialAccount", none, ok("1"), "refused: code 1", "20006"),
        (SUBSCRIBE, none, ok("2"), "unknown: not documented: code 2", ""),
        ("Chatbot.InterfaceInvocation", none, ok("0"), "accepted: ", "not verified"),
        ("Chatbot.InterfaceInvocation", none, ok("1"), "unknown: not documented: code 1", ""),
    ]);
}

#[test]
fn fail_reads_as_its_code_and_with_0_as_nothing() {
    let none: &[&str] = &[];
    check(&[
        (C2C, none, form("FAIL", "1", ""), "refused: code 1", "remark: printed refusals say OK"),
        (C2C, none, form("FAIL", "2", ""), "dropped: code 2", "remark: printed refusals say OK"),
        (C2C, none, form("FAIL", "0", ""), "unknown: not documented: FAIL with ErrorCode 0", ""),
        (C2C, none, form("FAIL", "7", ""), "unknown: not documented: code 7", ""),
        (AFTER, none, form("FAIL", "0", ""), "unknown: not documented: FAIL with ErrorCode 0", ""),
        (C2C, none, form("FAILURE", "1", ""), "unknown: not documented, likely not parsed: ActionStatus “FAILURE”", "FAIL is the word"),
        (C2C, none, form("ok", "0", ""), "unknown: not documented, likely not parsed: ActionStatus “ok”", "in capitals"),
    ]);
}

#[test]
fn after_an_event_any_code_is_ignored() {
    let none: &[&str] = &[];
    check(&[
        (AFTER, none, ok("0"), "accepted: success; the result is ignored", ""),
        (AFTER, none, ok("1"), "ignored: code 1", ""),
        (AFTER, none, form("FAIL", "10100", ""), "ignored: code 10100: the result is ignored; the event has happened", ""),
        (AFTER, none, ok("-7"), "ignored: code -7", ""),
        (AFTER, none, ok(r#""0""#), "unknown: not documented, likely not parsed: ErrorCode must be a whole number, and is a text", ""),
        (AFTER, none, with(r#""MsgBody":[]"#), "accepted: ", "remark: not documented for this command: MsgBody"),
        (DESK, none, ok("1"), "ignored: code 1", "whether a code other than 0 counts as a failure"),
        (ROOM, none, ok("0"), "accepted: success; the result is ignored", ""),
    ]);
}

#[test]
fn a_gift_is_refused_by_any_code_and_by_silence() {
    let none: &[&str] = &[];
    check(&[
        (GIFT, none, ok("0"), "accepted: allow the gift", ""),
        (GIFT, none, ok("2"), "refused: code 2: refuse the gift", ""),
        (GIFT, none, ok("102100"), "refused: code 102100: refuse with this code", ""),
        (GIFT, none, ok("-5"), "refused: code -5", ""),
        (GIFT, none, ok("10100"), "refused: code 10100", "remark: code 10100 is in the range of Group"),
        (GIFT, &["--elapsed", "2001"], ok("0"), "failed: it came after 2,001 ms, and the limit is 2,000 ms", "the gift is REFUSED"),
        (SETTING, none, ok("0"), "unknown: not documented: the command is a setting", ""),
    ]);
}

#[test]
fn users_are_decided_about_one_by_one() {
    let none: &[&str] = &[];
    check(&[
        (FRIEND, none, ok("0"), "unknown: not documented, likely not parsed: ResultItem is missing; it is mandatory", ""),
        (FRIEND, none, with(&users(&["0"])), "accepted: allowed for 1 user", ""),
        (FRIEND, none, form("OK", "1", &users(&["0"])), "accepted: allowed for 1 user", ""),
        (FRIEND, none, with(&users(&["38000", "39000"])), "refused: refused for 2 users", ""),
        (FRIEND, none, with(&users(&["0", "38001"])), "accepted: allowed for 1 user, refused for 1 user", ""),
        (FRIEND, none, with(&users(&["0", "1"])), "unknown: not documented: code 1 in ResultItem[1]", ""),
        (FRIEND, none, with(&users(&["\"0\""])), "unknown: not documented, likely not parsed: ResultItem[0].ResultCode must be", ""),
        (FRIEND, none, with(&users(&[])), "unknown: not documented, likely not parsed: ResultItem is empty", ""),
        (FRIEND, none, with(r#""ResultItem":{}"#), "unknown: not documented, likely not parsed: ResultItem must be an array", ""),
        (BOT, none, ok("0"), "unknown: not documented, likely not parsed: RspData is missing", ""),
        (BOT, none, with(r#""RspData":"x""#), "accepted: RspData is passed back", ""),
        (BOT, none, form("OK", "1", r#""RspData":"x""#), "ignored: code 1: RspData is ignored", ""),
        (BOT, none, with(r#""RspData":{}"#), "unknown: not documented, likely not parsed: RspData must be a text", ""),
    ]);
}

#[test]
fn a_rewrite_needs_code_0_and_its_form() {
    let none: &[&str] = &[];
    let rewrite = format!(r#""MsgBody":[{ELEMENT}]"#);
    check(&[
        (C2C, none, with(&rewrite), "accepted: ", "remark: MsgBody replaces what was sent"),
        (C2C, none, form("OK", "1", &rewrite), "refused: code 1", "remark: MsgBody is not applied; that needs ErrorCode 0"),
        (C2C, none, with(r#""CloudCustomData":"x""#), "accepted: ", "CloudCustomData replaces"),
        (C2C, none, with(r#""CloudCustomData":{}"#), "unknown: not documented, likely not parsed: CloudCustomData must be a text", ""),
        (
            GROUP,
            none,
            with(&format!(r#""MsgBody":{ELEMENT}"#)),
            "unknown: not documented, likely not parsed: MsgBody must be an array, and is an object",
            "",
        ),
        (
            GROUP,
            none,
            with(r#""MsgBody":[{"MsgType":"TIMTextElem"}]"#),
            "unknown: not documented, likely not parsed: MsgBody[0].MsgContent is missing",
            "",
        ),
        (INVITE, none, with(r#""RefusedMembers_Account":["a","b"]"#), "accepted: allow all", "RefusedMembers_Account leaves out 2 users"),
        (
            INVITE,
            none,
            with(r#""RefusedMembers_Account":"a""#),
            "unknown: not documented, likely not parsed: RefusedMembers_Account must be an array",
            "",
        ),
        (
            SUBSCRIBE,
            none,
            with(r#""RefusedSubscribers_Account":[7]"#),
            "unknown: not documented, likely not parsed: RefusedSubscribers_Account[0] must be a text",
            "",
        ),
        (
            SUBSCRIBE,
            none,
            with(r#""RefusedMembers_Account":["a"]"#),
            "accepted: ",
            "remark: not documented for this command: RefusedMembers_Account",
        ),
    ]);
}

#[test]
fn only_json_with_status_200_in_time_arrives() {
    let none: &[&str] = &[];
    check(&[
        (C2C, &["--status", "204"], String::new(), "failed: status 204; only 200 counts", "also failed: no body"),
        (
            C2C,
            &["--status", "201"],
            ok("0"),
            "failed: status 201",
            "remark: what happens then: the message is delivered unchanged by default",
        ),
        (C2C, &["--status", "302"], ok("0"), "failed: status 302", "80003"),
        (C2C, &["--status", "500"], ok("0"), "failed: status 500", "90992"),
        (
            CREATE,
            &["--status", "500"],
            ok("0"),
            "failed: status 500",
            "remark: where the console’s policy refuses after a failure, the sender sees 80003",
        ),
        (AFTER, &["--status", "503"], ok("0"), "failed: status 503", "remark: what happens then: nothing is undone"),
        (C2C, &["--elapsed", "1000"], ok("0"), "accepted: ", ""),
        (C2C, &["--elapsed", "2000"], ok("0"), "accepted: ", "the sender’s clock began earlier"),
        (C2C, &["--elapsed", "2000.001"], ok("0"), "failed: it came after 2,000.001 ms, and the limit is 2,000 ms", ""),
        (ROOM, &["--elapsed", "2500"], ok("0"), "failed: it came after 2,500 ms", "that limit is assumed"),
        (C2C, none, String::new(), "failed: no body; JSON is expected", ""),
        (C2C, none, "ok".into(), "failed: not JSON at line 1, column 1", ""),
        (C2C, none, "<html></html>".into(), "failed: not JSON at line 1, column 1: a value expected; it is an HTML page", ""),
        (C2C, none, format!("\u{feff}{OK}"), "failed: not JSON at line 1, column 1: a value expected; a byte-order mark", ""),
        (
            C2C,
            none,
            OK.replace('"', "'"),
            "failed: not JSON at line 1, column 2: a key in double quotes expected; JSON takes double quotes",
            "",
        ),
        (C2C, none, OK[..20].into(), "failed: not JSON at line 1, column 21: a comma or the end expected; it ends in the middle", ""),
        (C2C, none, OK.replace('}', ",}"), "failed: not JSON at line 1", "no comma before the closing bracket"),
        (C2C, none, format!("{OK}{OK}"), "failed: not JSON at line 1", "several JSON values"),
        (C2C, none, "<br />\n<b>Warning</b>: x in /a.php".into(), "failed: not JSON at line 1, column 1", "a PHP message"),
        (C2C, none, format!("Warning: x\n{OK}"), "failed: not JSON at line 1, column 1", ""),
    ]);
}

#[test]
fn what_breaks_the_form_is_unknown() {
    let none: &[&str] = &[];
    let unread = "unknown: not documented, likely not parsed: ";
    check(&[
        (C2C, none, format!("[{OK}]"), &format!("{unread}JSON, but an array"), ""),
        (C2C, none, "null".into(), &format!("{unread}JSON, but null"), ""),
        (C2C, none, r#"{"code":0,"msg":"ok"}"#.into(), &format!("{unread}ActionStatus is missing"), "code, msg"),
        (C2C, none, r#"{"ActionStatus":"OK","ErrorCode":0}"#.into(), &format!("{unread}ErrorInfo is missing"), ""),
        (
            C2C,
            none,
            r#"{"ActionStatus":"OK","errorCode":0,"ErrorInfo":""}"#.into(),
            &format!("{unread}ErrorCode is missing; “errorCode”"),
            "",
        ),
        (C2C, none, ok("\"0\""), &format!("{unread}ErrorCode must be a whole number, and is a text"), ""),
        (C2C, none, ok("1.0"), &format!("{unread}ErrorCode must be a whole number, written without a point"), ""),
        (C2C, none, ok("1e0"), &format!("{unread}ErrorCode must be a whole number"), ""),
        (C2C, none, ok("null"), &format!("{unread}ErrorCode must be a whole number, and is null"), ""),
        (GIFT, none, ok("99999999999999999999"), &format!("{unread}ErrorCode has more digits"), ""),
        (C2C, none, OK.replace(r#""""#, "null"), &format!("{unread}ErrorInfo must be a text in quotes, and is null"), ""),
        (C2C, none, OK.replace(r#""OK""#, "true"), &format!("{unread}ActionStatus must be a text in quotes, and is true or false"), ""),
        (
            C2C,
            none,
            OK.replace('}', r#","ErrorCode":1}"#),
            "refused: code 1",
            "remark: more than once, and the last counts for most readers: ErrorCode",
        ),
        (C2C, none, with(r#""a\u001b[2J":1"#), "accepted: ", r"remark: not documented for this command: a\u{1b}[2J"),
    ]);
}

#[test]
fn an_unknown_command_is_a_warning() {
    for (body, status, first, code) in [
        (ok("0"), "200", "accepted: success", 0),
        (ok("1"), "200", "unknown: not documented: code 1", 1),
        (ok("0"), "500", "failed: status 500", 1),
    ] {
        let ended = lint(&["--command", "No.Such", "--status", status], body);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert!(ended.out[0].starts_with(first) && ended.out.concat().contains("not in the reference"), "{ended:?}");
        assert!(ended.err.contains("No.Such is not in the reference"), "{ended:?}");
    }
}

#[test]
fn a_name_that_is_like_a_documented_one_is_asked_about() {
    let ended = lint(&["--command", "c2c.callbackbeforesendmsg"], ok("0"));
    assert!(ended.err.ends_with("only the form is judged; did you mean C2C.CallbackBeforeSendMsg?\n"), "{ended:?}");
    let ended = lint(&["--command", "Mic.CallbackAfterSeatInfoChanged", "--product", "chat"], ok("0"));
    assert_eq!(ended.err, "hookglass: Mic.CallbackAfterSeatInfoChanged is no command of that --product, but of live and room\n");
}

#[test]
fn json_says_the_same_on_one_line() {
    let ended = lint(&["--command", GROUP, "--product", "live", "--format", "json"], form("FAIL", "1", ""));
    let [line] = ended.out.as_slice() else { panic!("{ended:?}") };
    let report: Value = serde_json::from_str(line).expect("bug: it is JSON");
    assert_eq!((&report["read_as"], &report["product"], &report["command"]), (&"refused".into(), &"live".into(), &GROUP.into()));
    assert_eq!(report["detail"], "code 1: refuse; the sender gets error 10016");
    assert_eq!(report["remarks"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_body_comes_from_stdin_too() {
    let data = folder();
    let file = data.path().join("response");
    fs::write(&file, OK).expect("bug: writable");
    for arguments in [&["lint", "--command", AFTER][..], &["lint", "--command", AFTER, "-"]] {
        let mut command: Command = hookglass(data.path(), arguments);
        let output = command.stdin(File::open(&file).expect("bug: it is there")).output().expect("bug: it was built");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "accepted: success; the result is ignored\n");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn what_cannot_be_read_and_what_is_wrong_usage() {
    let data = folder();
    for (arguments, code, word) in [
        (&["lint", "--command", C2C, "/nowhere/at/all"][..], 3, "/nowhere/at/all"),
        (&["lint"], 2, "--command"),
        (&["lint", "--command", C2C, "--status", "9000"], 2, "--status"),
        (&["lint", "--command", C2C, "--elapsed=-1"], 2, "--elapsed"),
        (&["lint", "--command", C2C, "--elapsed", "soon"], 2, "milliseconds"),
        (&["lint", "--command", C2C, "--product", "desk"], 2, "--product"),
        (&["lint", "--command", C2C, "--product", "push"], 2, "push"),
        (&["lint", "--command", C2C, "--format", "xml"], 2, "json"),
    ] {
        let ended = run(&mut hookglass(data.path(), arguments));
        assert_eq!((ended.code, ended.out.len(), ended.err.lines().count()), (Some(code), 0, 1), "{ended:?}");
        assert!(ended.err.contains(word), "{ended:?}");
    }
}
