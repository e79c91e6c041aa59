//! Conversations as they are told.

use super::{Conversation, Key, Kind, Place, Told, read};
use crate::exchange::{Exchange, Outcome, Responded};
use crate::filter::{Content, Entry, Filter, Moment};
use crate::inspect;
use crate::protocol::verdict::Overall;
use crate::protocol::{Callback, Kept, catalogue, parse, response};
use crate::wire::{Request, Response};
use jiff::tz::TimeZone;

/// When the tests' first exchange arrives: 26 November 2026, 10:00:00 UTC.
const START: i64 = 1_795_687_200_000;

fn exchange(id: i64, at_millis: i64, command: &str, body: &str) -> Exchange {
    let head = format!("POST /?SdkAppid=888888&CallbackCommand={command} HTTP/1.1\r\n\r\n");
    let request = Request::complete(at_millis, head, body);
    let responded =
        Responded { responded_after_micros: Some(400), outcome: Some(Outcome::Sent), ..Responded::decided(response::success(), "default") };
    Exchange { id, request, response: Some(responded) }
}

fn responded(mut exchange: Exchange, body: &str) -> Exchange {
    if let Some(responded) = &mut exchange.response {
        responded.response = Some(Response::json(200, body));
    }
    exchange
}

fn key_of(exchange: &Exchange) -> Option<Key> {
    Key::of(&exchange.request.body, &parse(&exchange.request))
}

fn conversation_of(key: &Key, exchanges: &[Exchange]) -> Conversation {
    let told: Vec<Told> = exchanges
        .iter()
        .filter_map(|one| {
            let inspection = inspect::inspect(&one.request, &[], &Kept::default());
            Told::of(key, one, one.request.body.len(), &inspection)
        })
        .collect();
    read(key, &told.iter().collect::<Vec<_>>(), &TimeZone::UTC)
}

/// The lines of the conversation that the first exchange belongs to.
fn check(exchanges: &[Exchange], expected: &[&str]) {
    let key = key_of(&exchanges[0]).expect("bug: belongs to a conversation");
    let conversation = conversation_of(&key, exchanges);
    let lines: Vec<String> = conversation.entries.iter().map(|entry| entry.text().trim().to_owned()).collect();
    assert_eq!(lines, expected);
}

const BEFORE: &str = "Group.CallbackBeforeSendMsg";
const AFTER: &str = "Group.CallbackAfterSendMsg";

fn said(who: &str, text: &str, random: u64, more: &str) -> String {
    format!(
        r#"{{"GroupId":"@1","From_Account":"{who}","Random":{random},"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}]{more}}}"#
    )
}

fn sent(id: i64, at: i64, who: &str, text: &str, seq: u64) -> Exchange {
    exchange(id, START + at, AFTER, &said(who, text, seq, &format!(r#","MsgSeq":{seq}"#)))
}

#[test]
fn every_sample_of_a_conversation_is_found_by_its_filter_and_told() {
    let (mut without, mut untold) = (Vec::new(), Vec::new());
    let moment = Moment { now_millis: 0, zone: &TimeZone::UTC };
    for command in &catalogue::get().commands {
        let one = exchange(1, START, &command.name, &command.sample());
        let Some(key) = key_of(&one) else {
            without.push(command.name.as_str());
            continue;
        };
        let filter = Filter::parse(&key.filter(), &moment).expect("bug: a filter of its own is good");
        let parsed = parse(&one.request);
        assert!(filter.matches(&entry(&parsed), &content(&one), 0), "{}: {}", command.name, key.filter());
        let told = conversation_of(&key, std::slice::from_ref(&one));
        let has_words = |kind: &Kind| match kind {
            Kind::Message { said, .. } => said.iter().any(|said| !said.text.is_empty()),
            Kind::Event(words) => !words.is_empty(),
            Kind::Day(_) | Kind::Gap(_) | Kind::Silence(_) => false,
        };
        if !told.entries.iter().any(|entry| has_words(&entry.kind)) {
            untold.push(command.name.as_str());
        }
    }
    assert_eq!(untold, <[&str; 0]>::default());
    assert_eq!(
        without,
        [
            "State.StateChange",
            "Profile.CallbackPortraitSet",
            "C2C.CallbackAfterMsgReadAll",
            "Group.CallbackBeforeCreateGroup",
            "Group.CallbackBeforeCreateTopic",
            "Group.CallbackOnDailyGroupQuotaAlarm",
            "OfficialAccount.CallbackBeforeCreateOfficialAccount",
            "Push.AllMemberPush",
            "Push.OfflinePush",
            "Alert.RequestOverLimit",
            "Live.CallbackAfterCreateRoomReachingThreshold",
            "Live.CallbackBeforeCallBackNotBlock",
            "Chatbot.InterfaceInvocation",
        ],
        "they name no conversation, or several"
    );
}

fn entry(callback: &Callback) -> Entry<'_> {
    Entry {
        id: 1,
        received_at_millis: START,
        method: Some("POST"),
        path: Some("/"),
        command: callback.command.as_deref(),
        product: None,
        app: Some("888888"),
        platform: None,
        overall: Overall::Ok,
        signature: None,
        size_bytes: 0,
        status: None,
        code: None,
        read_as: None,
        rule: None,
        fault: None,
        took_micros: None,
        skew_secs: None,
        pinned: false,
        mark: None,
        has_note: false,
    }
}

fn content(exchange: &Exchange) -> Content<'_> {
    Content { head: &exchange.request.head, body: &exchange.request.body, note: None }
}

#[test]
fn each_place_has_a_title_and_its_ids_are_quoted() {
    let app = || Some("888888".to_owned());
    let key = |place| Key { app: app(), place };
    let group = |topic: Option<&str>| key(Place::Group { id: "@TGS#1".into(), topic: topic.map(str::to_owned) });
    let titles = [
        group(None),
        group(Some("@TOPIC#_x")),
        key(Place::Users("a".into(), "b\u{202e}".into())),
        key(Place::Room("live_1".into())),
        key(Place::Call("c".into())),
        key(Place::OfficialAccount("@TOA#_a".into())),
        key(Place::Session("s".into())),
    ]
    .map(|key| key.title());
    assert_eq!(
        titles,
        ["Group @TGS#1", "Topic @TOPIC#_x", "a and b\\u{202e}", "Room live_1", "Call c", "Official account @TOA#_a", "Session s"]
    );
    let hostile = key(Place::Session("a\" or b, c)".into()));
    assert_eq!(hostile.filter(), r#"app:888888 (body.SessionId="a\" or b, c)")"#);
    let moment = Moment { now_millis: 0, zone: &TimeZone::UTC };
    assert!(Filter::parse(&hostile.filter(), &moment).is_ok());
}

#[test]
fn only_what_is_exactly_of_it_is_told() {
    let group = sent(1, 0, "ann", "hi", 1);
    let key = key_of(&group).expect("bug: of a group");
    let other_case = exchange(2, START, AFTER, &said("ann", "hi", 1, "").replace("@1", "@A"));
    let other_app = {
        let mut one = sent(3, 0, "ann", "hi", 1);
        one.request.head = b"POST /?SdkAppid=1&CallbackCommand=Group.CallbackAfterSendMsg HTTP/1.1\r\n\r\n".to_vec();
        one
    };
    assert_eq!(conversation_of(&key, &[group, other_case, other_app]).exchanges, 1);
}

#[test]
fn both_events_of_a_message_are_one_entry_with_what_was_responded() {
    let before = |id, text: &str, random| exchange(id, START, BEFORE, &said("kofi", text, random, ""));
    let after = |id, text: &str, random| exchange(id, START + 100, AFTER, &said("kofi", text, random, r#","MsgSeq":1"#));
    let fail = |code: i64| format!(r#"{{"ActionStatus":"FAIL","ErrorInfo":"","ErrorCode":{code}}}"#);
    let day = "Thursday, 26 November 2026";
    check(&[before(1, "hi", 7), after(2, "hi", 7)], &[day, "10:00:00  kofi: hi [allowed]"]);
    check(
        &[responded(before(1, "hi", 7), &fail(10_101)), after(2, "a", 8)],
        &[day, "10:00:00  kofi: hi [refused with 10101, not sent]", "10:00:00  kofi: a [no before callback here]"],
    );
    check(&[responded(before(1, "hi", 7), &fail(2))], &[day, "10:00:00  kofi: hi [dropped silently: its sender sees success]"]);
    let new = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"***"}}]}"#;
    check(
        &[responded(before(1, "hi", 7), new), after(2, "***", 7)],
        &[day, "10:00:00  kofi: *** [rewritten by the response; it was “hi”]"],
    );
    check(&[responded(before(1, "hi", 7), new)], &[day, "10:00:00  kofi: hi [rewritten by the response to “***”]"]);
    check(
        &[before(1, "hi", 7), after(2, "a", 8)],
        &[day, "10:00:00  kofi: hi [allowed; no after callback here]", "10:00:00  kofi: a [no before callback here]"],
    );
    check(
        &[responded(before(1, "hi", 7), &fail(10_101)), after(2, "hi", 7)],
        &[day, "10:00:00  kofi: hi [refused with 10101, and sent all the same]"],
    );
    let waiting = Exchange { response: None, ..before(1, "hi", 7) };
    check(&[waiting], &[day, "10:00:00  kofi: hi [waits for its response]"]);
}

#[test]
fn what_fails_says_so() {
    let failed = exchange(2, START, "Group.CallbackSendMsgException", &said("kofi", "hi", 7, r#","ErrorCode":80001,"ErrorInfo":"dirty""#));
    let mut late = exchange(3, START, BEFORE, &said("kofi", "b", 9, ""));
    late.response = Some(Responded { outcome: Some(Outcome::Closed), ..Responded::none("default") });
    let key = key_of(&failed).expect("bug: of a group");
    let lines: Vec<String> = conversation_of(&key, &[failed, late]).entries.iter().skip(1).map(super::Entry::text).collect();
    assert_eq!(lines[0], "10:00:00  kofi: hi [not sent, code 80001: dirty; no before callback here]");
    assert!(lines[1].starts_with("10:00:00  kofi: b [webhook failed: "), "{}", lines[1]);
}

#[test]
fn messages_stand_in_the_order_of_what_happened() {
    // The second came first, and the third has a time of last year: it is a sample.
    let timed = |id, text: &str, event: i64, seq: u64| {
        let more = format!(r#","MsgSeq":{seq},"EventTime":"{event}""#);
        exchange(id, START + id, AFTER, &said("kofi", text, seq, &more))
    };
    check(
        &[timed(1, "two", START - 1_000, 2), timed(2, "one", START - 5_000, 1), timed(3, "three", START - 40_000_000_000, 3)],
        &["Thursday, 26 November 2026", "09:59:55  kofi: one", "09:59:59  kofi: two", "10:00:00  kofi: three"],
    );
    // Of one second, the numbers decide.
    let in_secs = |id, text: &str, seq: u64| {
        let more = format!(r#","MsgSeq":{seq},"MsgTime":{}"#, START / 1_000);
        exchange(id, START + id, AFTER, &said("kofi", text, seq, &more))
    };
    check(
        &[in_secs(1, "b", 12), in_secs(2, "c", 13), in_secs(3, "a", 11)],
        &["Thursday, 26 November 2026", "10:00:00  kofi: a", "10:00:00  kofi: b", "10:00:00  kofi: c"],
    );
}

#[test]
fn what_is_missing_and_long_silences_are_marked() {
    check(
        &[sent(1, 0, "a", "x", 10), sent(2, 1_000, "a", "y", 14), sent(3, 2_000, "a", "late", 12), sent(4, 7_300_000, "a", "z", 16)],
        &[
            "Thursday, 26 November 2026",
            "10:00:00  a: x",
            "… 2 messages not seen here: MsgSeq 11 to 13",
            "10:00:01  a: y",
            "10:00:02  a: late",
            "… Nothing for 2 h 1 min: nothing else arrived either; perhaps nothing was receiving",
            "… 1 message not seen here: MsgSeq 15",
            "12:01:40  a: z",
        ],
    );
    let next_day = 15 * 3_600_000;
    check(
        &[sent(1, 0, "a", "x", 10), sent(44, next_day, "a", "y", 11)],
        &[
            "Thursday, 26 November 2026",
            "10:00:00  a: x",
            "… Nothing for 15 h 0 min: 42 other requests arrived",
            "Friday, 27 November 2026",
            "01:00:00  a: y",
        ],
    );
    check(
        &[sent(1, 0, "a", "x", 1), sent(2, 0, "a", "y", u64::MAX)],
        &[
            "Thursday, 26 November 2026",
            "10:00:00  a: x",
            "… 18,446,744,073,709,551,613 messages not seen here: MsgSeq 2 to 18446744073709551614",
            "10:00:00  a: y",
        ],
    );
}

#[test]
fn what_was_recalled_and_edited_is_linked_both_ways() {
    let recall = exchange(
        3,
        START + 5_000,
        "Group.CallbackAfterRecallMsg",
        r#"{"GroupId":"@1","Operator_Account":"mira","MsgSeqList":[{"MsgSeq":1},{"MsgSeq":9}]}"#,
    );
    let edited =
        r#"{"GroupId":"@1","Operator_Account":"kofi","MsgSeq":2,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"oh"}}]}"#;
    let edit = exchange(4, START + 6_000, "Group.CallbackAfterModifyMsg", edited);
    let all = [sent(1, 0, "kofi", "secret", 1), sent(2, 0, "kofi", "ok", 2), recall, edit];
    check(
        &all,
        &[
            "Thursday, 26 November 2026",
            "10:00:00  kofi: secret [recalled by mira at 10:00:05]",
            "10:00:00  kofi: ok [edited by kofi at 10:00:06]",
            "10:00:05  mira recalled 2 messages [“secret”]",
            "10:00:06  kofi edited a message [“ok”; now “oh”]",
        ],
    );
    let conversation = conversation_of(&key_of(&all[0]).expect("bug: of a group"), &all);
    let struck = |at: usize| matches!(&conversation.entries[at].kind, Kind::Message { is_struck: true, .. });
    assert_eq!((struck(1), struck(2)), (true, false));
    let leads_to = |at: usize| conversation.entries[at].notes[0].leads_to;
    assert_eq!([1, 2, 3, 4].map(leads_to), [Some(3), Some(4), Some(1), Some(2)]);
}

#[test]
fn what_comes_again_is_one_entry_and_so_is_what_a_bot_is_told() {
    let c2c = r#"{"From_Account":"kofi","To_Account":"bot","MsgSeq":1,"MsgRandom":2,"MsgKey":"k","MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}]}"#;
    let bot = c2c.replace("\"MsgSeq\":1", "\"MsgSeq\":1,\"MsgTime\":1");
    let all = [
        exchange(1, START, "C2C.CallbackAfterSendMsg", c2c),
        exchange(2, START + 10, "Bot.OnC2CMessage", &bot),
        exchange(5, START + 900, "C2C.CallbackAfterSendMsg", c2c),
    ];
    check(&all, &["Thursday, 26 November 2026", "10:00:00  kofi: hi [a bot was told too; came once more]"]);
    let conversation = conversation_of(&key_of(&all[0]).expect("bug: of two users"), &all);
    assert_eq!((conversation.entries[1].ids.as_slice(), conversation.position_of(5)), ([1, 2, 5].as_slice(), Some(1)));
}

#[test]
fn two_users_have_a_side_and_a_colour_each_and_their_comings_and_goings() {
    let c2c = |id, from: &str, to: &str, text: &str| {
        let body = format!(
            r#"{{"From_Account":"{from}","To_Account":"{to}","MsgKey":"{id}","MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}]}}"#
        );
        exchange(id, START, "C2C.CallbackAfterSendMsg", &body)
    };
    let online =
        |id, who: &str| exchange(id, START, "State.StateChange", &format!(r#"{{"Info":{{"Action":"Login","To_Account":"{who}"}}}}"#));
    let block = exchange(5, START, "Sns.CallbackBlackListAdd", r#"{"PairList":[{"From_Account":"b","To_Account":"a"}]}"#);
    let all = [c2c(1, "a", "b", "안녕"), c2c(2, "b", "a", "你好"), online(3, "b"), online(4, "c"), block, c2c(6, "a", "c", "no")];
    check(
        &all,
        &["Thursday, 26 November 2026", "10:00:00  a: 안녕", "10:00:00  b: 你好", "10:00:00  b came online", "10:00:00  b blocked a"],
    );
    let conversation = conversation_of(&key_of(&all[0]).expect("bug: of two users"), &all);
    let sides: Vec<(bool, usize)> = conversation
        .entries
        .iter()
        .filter_map(|entry| match &entry.kind {
            Kind::Message { is_right, ink, .. } => Some((*is_right, *ink)),
            Kind::Event(_) | Kind::Day(_) | Kind::Gap(_) | Kind::Silence(_) => None,
        })
        .collect();
    assert!(!sides[0].0 && sides[1].0 && sides[0].1 != sides[1].1, "{sides:?}");
    assert_eq!(conversation.participants, [("a".to_owned(), 1), ("b".to_owned(), 1)]);
}

#[test]
fn a_topic_is_a_conversation_of_its_own_and_part_of_its_group() {
    let in_topic = |id, topic: &str, seq: u64| {
        exchange(id, START, AFTER, &said("kofi", "hi", seq, &format!(r#","MsgSeq":{seq},"TopicId":"{topic}""#)))
    };
    let join = exchange(4, START, "Group.CallbackAfterNewMemberJoin", r#"{"GroupId":"@1","NewMemberList":[{"Member_Account":"noor"}]}"#);
    let all = [in_topic(1, "t1", 1), in_topic(2, "t2", 7), in_topic(3, "t1", 2), join.clone()];
    check(&all, &["Thursday, 26 November 2026", "10:00:00  kofi: hi", "10:00:00  kofi: hi"]);
    let [one, two, three, _] = all;
    check(
        &[join, one, two, three],
        &[
            "Thursday, 26 November 2026",
            "10:00:00  noor joined the group",
            "10:00:00  kofi (t1): hi",
            "10:00:00  kofi (t1): hi",
            "10:00:00  kofi (t2): hi",
        ],
    );
}

#[test]
fn what_stands_above_all_is_not_said_again_in_each_line() {
    let mut lines = Vec::new();
    for name in [
        "Group.CallbackAfterCreateGroup",
        "Group.CallbackAfterMemberExit",
        "Group.CallbackAfterGroupFull",
        "OfficialAccount.CallbackBeforeAddSubscriber",
        "Live.CallbackAfterMemberStateChanged",
        "Live.CallbackAfterChangeOwner",
        "Mic.CallbackAfterSeatInfoChanged",
        "Room.CallbackAfterMemberLeave",
        "Call.CallbackAfterEndCall",
        "Desk.SessionEventNotify",
    ] {
        let command = catalogue::get().named(name).next().expect("bug: documented");
        let one = exchange(1, START, name, &command.sample());
        let key = key_of(&one).expect("bug: of a conversation");
        lines.push(format!("{}{}", key.title(), conversation_of(&key, &[one]).entries[1].text().replace("10:00:00  ", ": ")));
    }
    assert_eq!(
        lines,
        [
            "Group @TGS#3XAMPLE01: mira_7 created “Weekend hikers ⛰️”",
            "Group @TGS#3XAMPLE01: noor left the group",
            "Group @TGS#3XAMPLE01: The group is full",
            "Official account @TOA#_trail_news: kofi, noor ask to subscribe to the account [allowed]",
            "Room live_harbor_9: noor, kofi entered",
            "Room live_harbor_9: The room went from dj_luma to kofi",
            "Room live_harbor_9: seats of the room: 144115233100459999",
            "Room meet-204: kofi removed from the room: wrong meeting",
            "Call 7f0c1c1e-22d1-4a80-9a55-5f1b7f2f1b20: mira_7 → kofi: normal",
            "Session b65f3f0c-0aa1-4d3c-8d35-90f0a51b9d10: mira_7: where is my order?",
        ]
    );
}

#[test]
fn the_chat_of_a_live_room_is_read_with_what_happens_in_the_room() {
    let chat = exchange(1, START, AFTER, r#"{"GroupId":"live_1","Type":"AVChatRoom","From_Account":"noor","MsgBody":[]}"#);
    let of_live = catalogue::get().named(AFTER).find(|command| command.product.word() == "live").expect("bug: documented");
    let of_live = exchange(2, START, AFTER, &of_live.sample());
    assert_eq!(key_of(&of_live).map(|key| key.title()).as_deref(), Some("Room live_harbor_9"));
    let enter =
        exchange(3, START, "Live.CallbackAfterMemberStateChanged", r#"{"RoomId":"live_1","MemberList":[{"Member_Account":"noor"}]}"#);
    let key = key_of(&enter).expect("bug: of a room");
    assert_eq!(conversation_of(&key, &[chat, of_live, enter]).exchanges, 2);
}
