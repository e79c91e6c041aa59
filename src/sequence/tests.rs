//! Dialogues, and what is remarked of them.

use super::*;
use crate::exchange::{Exchange, Outcome, Responded};
use crate::rules::preset::Preset;
use crate::wire::Request;
use crate::wording;

/// A dialogue: who said what, and how many milliseconds after the start.
type Line<'a> = (&'a str, &'a str, i64);

fn request((command, body, millis): Line<'_>) -> Request {
    let (app, command) = command.split_once('/').unwrap_or(("888888", command));
    Request::complete(1_754_890_112_000 + millis, format!("POST /?SdkAppid={app}&CallbackCommand={command} HTTP/1.1\r\n\r\n"), body)
}

fn exchange(id: i64, line: Line<'_>, preset: &Preset) -> Exchange {
    let responded = Responded {
        outcome: Some(Outcome::Sent),
        responded_after_micros: Some(400),
        ..Responded::decided(preset.response().expect("bug: it has one"), "default")
    };
    Exchange { id, request: request(line), response: Some(responded) }
}

/// What is remarked of the exchange with this number.
fn said(dialogue: &[Line<'_>], id: i64, preset: &Preset) -> Vec<String> {
    let exchanges = (1..).zip(dialogue).map(|(id, line)| exchange(id, *line, preset));
    let known: Vec<Facts> = exchanges.filter_map(|one| facts(&one, one.request.body.len())).collect();
    let around: Vec<&Facts> = known.iter().collect();
    let opened = known.iter().find(|one| one.id == id);
    opened.map_or_else(Vec::new, |opened| remarks(opened, &around)).iter().map(wording::sequence).collect()
}

/// What is remarked of the last exchange, sentences up to their explanation.
fn check(dialogue: &[Line<'_>], expected: &[&str]) {
    check_of(dialogue, i64::try_from(dialogue.len()).expect("bug: a short dialogue"), expected);
}

fn check_of(dialogue: &[Line<'_>], id: i64, expected: &[&str]) {
    let said = said(dialogue, id, &Preset::Ok);
    let beginnings: Vec<&str> = said.iter().map(|sentence| sentence.split(';').next().unwrap_or(sentence)).collect();
    assert_eq!(beginnings, expected, "{dialogue:?}");
}

const BEFORE_GROUP: &str = "Group.CallbackBeforeSendMsg";
const BEFORE_C2C: &str = "C2C.CallbackBeforeSendMsg";
const AFTER_C2C: &str = "C2C.CallbackAfterSendMsg";
const EXTENSION: &str = "Group.CallbackAfterGroupMsgExtension";

#[test]
fn the_first_of_everything_is_not_remarked() {
    check(&[(GROUP_SENT, r#"{"GroupId":"g","MsgSeq":219,"EventTime":1754890112000}"#, 0)], &[]);
    check(&[("", r#"{"GroupId":"g","MsgSeq":219}"#, 0)], &[]);
    check(&[(GROUP_SENT, "", 0)], &[]);
}

#[test]
fn a_gap_in_a_group_is_named() {
    let sent = |seq: &str| format!(r#"{{"GroupId":"g","MsgSeq":{seq}}}"#);
    let [s216, s217, s219, text, other] =
        [&sent("216"), &sent("217"), &sent("219"), &sent("\"219\""), &r#"{"GroupId":"h","MsgSeq":3}"#.to_owned()];
    check(&[(GROUP_SENT, s216, 0), (GROUP_SENT, s217, 9)], &[]);
    check(&[(GROUP_SENT, s216, 0), (GROUP_SENT, s219, 9)], &["MsgSeq 219 follows 216 of #1: 217 and 218 have not come here"]);
    check(&[(GROUP_SENT, s216, 0), (GROUP_SENT, text, 9)], &["MsgSeq 219 follows 216 of #1: 217 and 218 have not come here"]);
    check(&[(GROUP_SENT, s216, 0), (GROUP_SENT, other, 9)], &[]);
    check(&[(GROUP_SENT, s216, 0), ("777777/Group.CallbackAfterSendMsg", s219, 9)], &[]);
    check(&[(GROUP_SENT, other, 0), (GROUP_SENT, s216, 1), (GROUP_SENT, other, 2), (GROUP_SENT, s217, 3)], &[]);
    check(&[(GROUP_SENT, s219, 0), (GROUP_SENT, s216, 9)], &[]);
    let late = [(GROUP_SENT, s216.as_str(), 0), (GROUP_SENT, s219, 5), (GROUP_SENT, s217, 9)];
    check_of(&late, 2, &["MsgSeq 219 follows 216 of #1: 217 and 218 have not come before, 1 came later"]);
}

#[test]
fn a_number_that_comes_again_is_remarked_once() {
    let one = r#"{"GroupId":"g","MsgSeq":5,"MsgBody":[1]}"#;
    let other = r#"{"GroupId":"g","MsgSeq":5,"MsgBody":[2]}"#;
    check(&[(GROUP_SENT, one, 0), (GROUP_SENT, other, 1_500)], &["MsgSeq 5 came before as #1, 1.5 s earlier, with other content"]);
    check(&[(GROUP_SENT, one, 0), ("Bot.OnGroupMessage", one, 1)], &[]);
}

#[test]
fn the_same_after_event_may_be_a_retry() {
    let body = r#"{"GroupId":"g","MsgSeq":5,"EventTime":1754890112000}"#;
    let later = r#"{"GroupId":"g","MsgSeq":6,"EventTime":1754890113000}"#;
    let dialogue = [(GROUP_SENT, body, 0), (GROUP_SENT, later, 1_000), (GROUP_SENT, body, 3_000)];
    assert_eq!(said(&dialogue, 3, &Preset::Ok), ["came before as #1, 3.0 s earlier: a retry, if the console’s option for it is on"]);
    assert_eq!(said(&dialogue, 1, &Preset::Ok), ["came again as #3, 3.0 s later: a retry, if the console’s option for it is on"]);
    let signed =
        [("Group.CallbackAfterSendMsg&Sign=a&RequestTime=1", body, 0), ("Group.CallbackAfterSendMsg&Sign=b&RequestTime=2", body, 40)];
    assert_eq!(
        said(&signed, 2, &Preset::Ok),
        ["came before as #1, 40 ms earlier, signed anew: a retry, if the console’s option for it is on"]
    );
    check(&[(GROUP_SENT, body, 0), ("777777/Group.CallbackAfterSendMsg", body, 9)], &[]);
}

#[test]
fn a_before_event_is_never_called_a_retry() {
    let body = r#"{"GroupId":"g","Random":5}"#;
    let dialogue = [(BEFORE_GROUP, body, 0), (BEFORE_GROUP, body, 5)];
    assert_eq!(said(&dialogue, 2, &Preset::Ok), ["came before as #1, 5 ms earlier: the same content again; before events are not retried"]);
    let unknown = [("Group.Unheard", body, 0), ("Group.Unheard", body, 5)];
    assert_eq!(said(&unknown, 2, &Preset::Ok), ["came before as #1, 5 ms earlier: the same content again"]);
}

#[test]
fn an_older_event_that_comes_later_is_out_of_order() {
    let at = |time: &str| format!(r#"{{"GroupId":"g","EventTime":{time}}}"#);
    let (early, late, text, secs) = (&at("1754890112000"), &at("1754890113250"), &at("\"1754890112000\""), &at("1754890113"));
    let (joined, left) = ("Group.CallbackAfterNewMemberJoin", "Group.CallbackAfterMemberExit");
    check(&[(joined, early, 0), (left, late, 1)], &[]);
    check(&[(joined, late, 0), (left, early, 1)], &["its EventTime is 1.2 s older than that of #1, which came before"]);
    check(&[(joined, late, 0), (left, text, 1)], &["its EventTime is 1.2 s older than that of #1, which came before"]);
    check(&[(joined, late, 0), (left, secs, 1)], &[]);
    check(&[("777777/Group.CallbackAfterNewMemberJoin", late, 0), (left, early, 1)], &[]);
}

#[test]
fn an_extension_that_goes_back_is_remarked() {
    let set = |message: u32, seq: u32| format!(r#"{{"GroupId":"g","MsgSeq":{message},"Seq":{seq}}}"#);
    let (older, newer, elsewhere) = (&set(9, 3), &set(9, 5), &set(8, 1));
    check(&[(EXTENSION, older, 0), (EXTENSION, newer, 1)], &[]);
    check(&[(EXTENSION, newer, 0), (EXTENSION, older, 1)], &["Seq 3 came after Seq 5 of the same message, in #1"]);
    check(&[(EXTENSION, newer, 0), (EXTENSION, elsewhere, 1)], &[]);
}

#[test]
fn before_and_after_of_a_message_find_each_other() {
    let one = r#"{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3","MsgBody":[{"Text":"x"}]}"#;
    let spaced = r#"{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3","MsgBody":[ {"Text": "x"} ],"SendMsgResult":0}"#;
    let rewritten = one.replace("\"x\"", "\"y\"");
    let other = one.replace("1_2_3", "1_2_4");
    check(&[(BEFORE_C2C, one, 0), (AFTER_C2C, spaced, 40)], &["its before event is #1, 40 ms earlier, same MsgBody"]);
    check_of(&[(BEFORE_C2C, one, 0), (AFTER_C2C, spaced, 40)], 1, &["its after event is #2, 40 ms later, same MsgBody"]);
    check(
        &[(BEFORE_C2C, one, 0), (AFTER_C2C, &rewritten, 40)],
        &["its before event is #1, 40 ms earlier, another MsgBody: a rewrite took effect"],
    );
    check(&[(BEFORE_C2C, one, 0), (AFTER_C2C, &other, 40)], &[]);

    let by_random = r#"{"GroupId":"g","From_Account":"a","Random":7}"#;
    let another = r#"{"GroupId":"g","From_Account":"b","Random":7,"MsgSeq":2}"#;
    check(&[(BEFORE_GROUP, by_random, 0), (GROUP_SENT, by_random, 4)], &["its before event is #1, 4 ms earlier"]);
    check(&[(BEFORE_GROUP, by_random, 0), (GROUP_SENT, another, 4)], &[]);
    let with_id = |id: &str| format!(r#"{{"GroupId":"g","From_Account":"a","Random":7,"MsgId":"{id}"}}"#);
    check(&[(BEFORE_GROUP, &with_id("m"), 0), (GROUP_SENT, &with_id("n"), 4)], &[]);

    let account = |text: &str| format!(r#"{{"Official_Account":"@TOA#_1","MsgBody":[{{"Text":"{text}"}}]}}"#);
    let (before, after) = ("OfficialAccount.CallbackBeforeSendMsg", "OfficialAccount.CallbackAfterSendMsg");
    check(&[(before, &account("x"), 0), (after, &account("x"), 9)], &["its before event is #1, 9 ms earlier"]);
    check(&[(before, &account("x"), 0), (after, &account("y"), 9)], &[]);
}

#[test]
fn an_after_event_that_came_in_spite_of_a_refusal_says_so() {
    let body = r#"{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3"}"#;
    let dialogue = [(BEFORE_C2C, body, 0), (AFTER_C2C, body, 40)];
    let expected = "its before event is #1, 40 ms earlier; it came though the before event was responded to with ErrorCode 1";
    assert_eq!(said(&dialogue, 2, &Preset::Fail(1)), [expected]);
}

#[test]
fn what_is_about_an_older_message_leads_to_it() {
    let c2c = r#"{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3"}"#;
    let back = r#"{"From_Account":"b","To_Account":"a","MsgKey":"1_2_3"}"#;
    let refers = "refers to message #1, 9 ms earlier";
    check(&[(AFTER_C2C, c2c, 0), ("C2C.CallbackAfterMsgWithDraw", c2c, 9)], &[refers]);
    check(&[(AFTER_C2C, c2c, 0), ("C2C.CallbackAfterModifyMsg", back, 9)], &[refers]);
    let read = r#"{"Operator_Account":"b","Peer_Account":"a","C2CMsgInfo":[{"MsgKey":"1_2_3"},{"MsgKey":"1_2_3"},7]}"#;
    check(&[(AFTER_C2C, c2c, 0), ("C2C.CallbackAfterMsgReadReceipt", read, 9)], &[refers]);
    let push = r#"{"Events":[{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3","EventTime":1754890112}]}"#;
    check(&[(AFTER_C2C, c2c, 0), ("Push.OfflinePush", push, 9)], &[refers]);

    let group = |seq: u32| format!(r#"{{"GroupId":"g","MsgSeq":{seq}}}"#);
    let (five, six) = (&group(5), &group(6));
    let recall = r#"{"GroupId":"g","MsgSeqList":[{"MsgSeq":5},{"MsgSeq":6},{"MsgSeq":4}]}"#;
    check(
        &[(GROUP_SENT, five, 0), (GROUP_SENT, six, 1), ("Group.CallbackAfterRecallMsg", recall, 9)],
        &["refers to message #1, 9 ms earlier", "refers to message #2, 8 ms earlier"],
    );
    check(&[(GROUP_SENT, five, 0), ("Group.CallbackAfterModifyMsg", six, 9)], &[]);
    check(&[("777777/Group.CallbackAfterSendMsg", five, 0), (EXTENSION, five, 9)], &[]);
}

#[test]
fn a_body_that_is_known_in_part_is_compared_with_nothing() {
    let line = (GROUP_SENT, r#"{"GroupId":"g","MsgBody":[1]}"#, 0);
    let [one, other] = [1, 2].map(|id| facts(&exchange(id, line, &Preset::Ok), 1_000_000).expect("bug: a callback"));
    assert_eq!(remarks(&other, &[&one, &other]), []);
}

#[test]
fn bent_bodies_are_read_as_far_as_they_go() {
    for body in [
        "[]",
        "7",
        "{",
        r#"{"Events":[[]]}"#,
        r#"{"Events":7,"MsgBody":null}"#,
        r#"{"Events":{"x":{"GroupId":"g","MsgSeq":9}}}"#,
        r#"{"GroupId":{},"MsgSeq":-1,"EventTime":1e9}"#,
        "\u{1}",
    ] {
        for command in [GROUP_SENT, EXTENSION, "Push.OfflinePush", AFTER_C2C] {
            check(&[(command, r#"{"GroupId":"g","MsgSeq":1}"#, 0), (command, body, 9)], &[]);
        }
    }
    let huge = r#"{"GroupId":"g","MsgSeq":18446744073709551615,"EventTime":9223372036854775807}"#;
    check(
        &[(GROUP_SENT, r#"{"GroupId":"g","MsgSeq":0}"#, 0), (GROUP_SENT, huge, 9)],
        &["MsgSeq 18446744073709551615 follows 0 of #1: 1 to 18446744073709551614 have not come here"],
    );
}
