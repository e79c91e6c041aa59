use super::*;
use crate::inspect;
use crate::protocol::json::{Kind, Node};
use crate::protocol::{catalogue, sign};
use crate::wire::{BodyEnd, Request};

const TOKEN: &str = "tok/en\"红包+x";

fn redaction() -> Redaction {
    Redaction::new(&[Token::new(TOKEN), Token::new("abc")])
}

fn exchange(target: &str, headers: &str, body: &[u8]) -> Exchange {
    let head = format!("POST {target} HTTP/1.1\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    let request = Request { peer: "8.8.4.4:51000".to_owned(), ..Request::complete(1_669_872_112_500, head, body) };
    Exchange { id: 7, request, response: None }
}

fn redact(redaction: &mut Redaction, exchange: &Exchange) -> Exchange {
    redaction.exchange(exchange, &protocol::parse(&exchange.request))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn check_body(command: &str, body: &str, expected: &str) {
    let exchange = exchange(&format!("/?CallbackCommand={command}"), "", body.as_bytes());
    assert_eq!(lossy(&redact(&mut redaction(), &exchange).request.body), expected);
}

#[track_caller]
fn check_head(target: &str, headers: &str, expected: &str) {
    let head = lossy(&redact(&mut redaction(), &exchange(target, headers, b"")).request.head);
    assert_eq!(head.replace("\r\n", "\n"), format!("POST {expected}Content-Length: 0\n\n"));
}

#[test]
fn documented_values_go_where_they_are_private_and_all_else_stays() {
    check_body(
        "Group.CallbackAfterSendMsg",
        r#"{ "CallbackCommand":"Group.CallbackAfterSendMsg", "GroupId" : "@TGS#2J4SZEAEL","Type":"Public",
 "From_Account":"jared","Operator_Account":"\u006aared","MsgSeq":1234567,"Random":987654,"MsgTime":1557481126,
 "MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"红包 for jared"}},{"MsgType":"TIMFaceElem","MsgContent":{"Index":123456,"Data":"x"}}],
 "CloudCustomData":"", "MsgSeq":2.50}"#,
        r#"{ "CallbackCommand":"Group.CallbackAfterSendMsg", "GroupId" : "group-1","Type":"Public",
 "From_Account":"user-1","Operator_Account":"user-1","MsgSeq":1234567,"Random":987654,"MsgTime":1557481126,
 "MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"text-1 (12 characters)"}},{"MsgType":"TIMFaceElem","MsgContent":{"Index":123456,"Data":"text-2 (1 character)"}}],
 "CloudCustomData":"", "MsgSeq":2.50}"#,
    );
}

#[test]
fn json_in_strings_keeps_its_form_at_any_depth() {
    check_body(
        "C2C.CallbackAfterSendMsg",
        r#"{"From_Account":"amy","CloudCustomData":"{ \"type\":\"order\",\"\\u0075ser\":\"amy\",\"n\":12, \"deep\":\"{\\\"uid\\\":\\\"ben\\\",\\\"at\\\":1557481126,\\\"no\\\":12345678}\",\"13800138000\":[true,null,\"Web\"]}"}"#,
        r#"{"From_Account":"user-1","CloudCustomData":"{ \"type\":\"text-1 (5 characters)\",\"\\u0075ser\":\"user-1\",\"n\":12, \"deep\":\"{\\\"uid\\\":\\\"user-2\\\",\\\"at\\\":1557481126,\\\"no\\\":9990000002}\",\"key-1\":[true,null,\"Web\"]}"}"#,
    );
}

#[test]
fn what_nobody_documents_goes_unless_it_is_plainly_harmless() {
    check_body(
        "Some.CallbackNew",
        r#"{"CallbackCommand":"Some.CallbackNew","To_Account":["x1",77,"x1"],"Level":17,"City":"Berlin","When":"2026-11-20T02:42:17Z","Is":true,"Where":"10.1.2.3","See":"https://a.b/c?d","MsgKey":"1_x1_3","Uid":77,"EventTime":1669872112345,"Big":13800138000,"Members":{"x1":{"Nick":"Anna"}}}"#,
        r#"{"CallbackCommand":"Some.CallbackNew","To_Account":["user-1",9900000002,"user-1"],"Level":17,"City":"text-1 (6 characters)","When":"2026-11-20T02:42:17Z","Is":true,"Where":"192.0.2.1","See":"https://example.com/link-1","MsgKey":"1_user-1_3","Uid":9900000002,"EventTime":1669872112345,"Big":13800138000,"Members":{"user-1":{"Nick":"text-2 (4 characters)"}}}"#,
    );
}

#[test]
fn an_account_keeps_its_alias_inside_other_values() {
    let mut redaction = redaction();
    let first = exchange("/?CallbackCommand=State.StateChange", "", br#"{"Info":{"To_Account":"mira_7"}}"#);
    redact(&mut redaction, &first);
    let body = br#"{"MsgKey":"C2C_mira_7-1-2","MsgId":"144115-mira_77","From_Account":"2","Info":{"Action":"mira_7"}}"#;
    let later = exchange("/?CallbackCommand=C2C.CallbackAfterSendMsg&RequestID=mira_7", "", body);
    let later = redact(&mut redaction, &later).request;
    assert_eq!(
        lossy(&later.body),
        r#"{"MsgKey":"C2C_user-1-1-2","MsgId":"144115-mira_77","From_Account":"user-2","Info":{"Action":"user-1"}}"#
    );
    assert!(lossy(&later.head).contains("RequestID=user-1 "), "{}", lossy(&later.head));
}

#[test]
fn a_body_that_breaks_off_keeps_what_came_whole() {
    check_body(
        "State.StateChange",
        r#"{"Info":{"To_Account":"mira","Action":"Login"},"Other":"and mira sa"#,
        r#"{"Info":{"To_Account":"user-1","Action":"Login"},(13 characters)user-1(3 characters)"#,
    );
    check_body("State.StateChange", r#"{"Info":{"To_Account":"mira",}}"#, r#"{"Info":{"To_Account":"user-1",}}"#);
    check_body("State.StateChange", "user=mira&text=hello", "(20 characters)");
    check_body("State.StateChange", "{\"Info\":1} // mira", "{\"Info\":1} (7 characters)");
    check_body("State.StateChange", "\u{feff}{\"Info\":{\"To_Account\":\"mira\"}}", "\u{feff}{\"Info\":{\"To_Account\":\"user-1\"}}");
}

#[test]
fn a_body_that_is_no_text_stays_none() {
    let redacted = redact(&mut redaction(), &exchange("/?CallbackCommand=x", "", b"\xff\x00secret"));
    assert_eq!(redacted.request.body, b"(8 bytes)\xff");
}

#[test]
fn a_head_says_nothing_of_anybody() {
    check_head(
        "/hook/v2/4f9e8c1b2a/x?SdkAppid=888888&CallbackCommand=State.StateChange&contenttype=json&ClientIP=8.8.8.8&OptPlatform=Web&RequestTime=1669872112&key=abc&n=5&%6eick=%E7%BA%A2",
        "Host: hooks.acme.com:9700\r\nX-Forwarded-For: 8.8.8.8, 8.8.4.4\nForwarded: for=\"[2a00::1]:47\";proto=https;host=acme.com\nAuthorization: Basic YWxh\nCookie: a=b\nX-Api-Key: k\nOrigin: https://acme.com\nReferer: https://acme.com/x\nUser-Agent: Go-http-client/1.1\nContent-Type: application/json; charset=utf-8\nX-Trace: whatever it is\n",
        "/hook/v2/key-1/x?SdkAppid=888888&CallbackCommand=State.StateChange&contenttype=json&ClientIP=192.0.2.1&OptPlatform=Web&RequestTime=1669872112&key=key-2&n=5&%6eick=text-1%20(1%20character) HTTP/1.1
Host: host-1.example:9700
X-Forwarded-For: 192.0.2.1, 192.0.2.2
Forwarded: for=\"[2001:db8::1]:47\";proto=https;host=host-2.example
Authorization: Basic credential-1
Cookie: credential-2
X-Api-Key: credential-3
Origin: https://example.com/link-1
Referer: https://example.com/link-2
User-Agent: Go-http-client/1.1
Content-Type: application/json; charset=utf-8
X-Trace: text-2 (14 characters)
",
    );
    check_head(
        "http://bob:pass@acme.com:80/",
        "User-Agent: Mozilla/5.0 (Bob's)\r\n",
        "http://credential-1@host-1.example:80/ HTTP/1.1\nUser-Agent: text-1 (19 characters)\n",
    );
}

#[test]
fn the_length_of_the_body_agrees_with_it_or_is_as_wrong_as_before() {
    let body = br#"{"Info":{"To_Account":"somebody with a long name"}}"#;
    let mut whole = exchange("/?CallbackCommand=State.StateChange", "", body);
    let redacted = redact(&mut redaction(), &whole).request;
    assert!(lossy(&redacted.head).contains(&format!("Content-Length: {}\r\n", redacted.body.len())));
    whole.request.head = whole.request.head.strip_suffix(format!("{}\r\n\r\n", body.len()).as_bytes()).expect("bug").to_vec();
    whole.request.head.extend_from_slice(b"500\r\n\r\n");
    whole.request.body_end = BodyEnd::CutOff;
    let redacted = redact(&mut redaction(), &whole).request;
    assert!(lossy(&redacted.head).contains(&format!("Content-Length: {}\r\n", redacted.body.len() + 500 - body.len())));
}

#[test]
fn a_response_is_redacted_as_the_request_is() {
    let body = br#"{"From_Account":"amy","To_Account":"ben","MsgBody":[]}"#;
    let mut sent = exchange("/?CallbackCommand=C2C.CallbackBeforeSendMsg", "", body);
    let mut response = Response::json(
        200,
        r#"{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"be kind, amy"}}],"CloudCustomData":"{\"by\":\"ben\"}"}"#,
    );
    response.headers.push(("Set-Cookie".to_owned(), "id=amy".to_owned()));
    sent.response = Some(Responded { fault: Some("drip:50".to_owned()), ..Responded::decided(response, "for amy") });
    let responded = redact(&mut redaction(), &sent).response.expect("bug: it had one");
    let response = responded.response.expect("bug: it had one");
    assert_eq!(
        lossy(&response.body),
        r#"{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"text-1 (12 characters)"}}],"CloudCustomData":"{\"by\":\"user-2\"}"}"#
    );
    let headers = [("Content-Type", "application/json"), ("Set-Cookie", "credential-1")];
    assert_eq!(response.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((responded.rule.as_str(), responded.fault.as_deref()), ("rule-1", Some("drip:50")));
}

#[test]
fn a_token_leaves_in_no_form() {
    let body = r#"{"MsgKey":"tok/en\"\u7ea2包+x","Info":{"Action":"a"},"tok\/en\"红包+x":1,"MsgId":"abc"}"#;
    let target =
        "/?CallbackCommand=C2C.CallbackAfterSendMsg&RequestID=tok%2Fen%22%e7%BA%a2%E5%8C%85%2bx&tok%2Fen%22%E7%BA%A2%E5%8C%85%2Bx=1";
    let redacted = redact(&mut redaction(), &exchange(target, "tok: tok/en\"红包+x\r\n", body.as_bytes())).request;
    let all = lossy(&redacted.head) + &lossy(&redacted.body);
    for part in ["tok/en", "tok\\/en", "tok%2Fen", "红", "7ea2", "%E7"] {
        assert!(!all.contains(part), "{part} in {all}");
    }
    assert_eq!(redaction().text("the token tok/en\"红包+x was"), "the token (token) was");
}

#[test]
fn what_was_true_is_still_said() {
    let time = "1669872112";
    let sign = sign::sign(&Token::new(TOKEN), time);
    let apps = [SdkApp { id: "888888".to_owned(), tokens: vec![Token::new(TOKEN)] }];
    for (sign, expected) in [(sign.clone(), "valid"), (sign.replace(&sign[..1], "x"), "malformed"), ("0".repeat(64), "invalid")] {
        let target = format!("/?SdkAppid=888888&CallbackCommand=State.StateChange&Sign={sign}&RequestTime={time}");
        let original = exchange(&target, "", br#"{"CallbackCommand":"State.StateChange","Info":{"To_Account":"mira"}}"#);
        let inspection = inspect::inspect(&original.request, &apps, &Kept::default());
        let redacted = redact(&mut redaction(), &original);
        assert!(!lossy(&redacted.request.head).contains(&sign));
        let kept = kept(&inspection.callback, &inspection.verdicts, &apps, &Kept::default());
        let again = inspect::inspect(&redacted.request, &[], &kept);
        let states = |verdicts: &Verdicts| verdicts.all().iter().map(|one| one.state()).collect::<Vec<_>>();
        assert_eq!(states(&again.verdicts), states(&inspection.verdicts));
        assert_eq!(again.verdicts.signature.state(), expected);
    }
}

#[test]
fn sentences_of_the_original_lose_what_is_known() {
    let mut redaction = redaction();
    let target = "/?CallbackCommand=C2C.CallbackAfterSendMsg&ClientIP=9.9.9.9";
    redact(
        &mut redaction,
        &exchange(target, "", br#"{"From_Account":"amy","MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"see you"}}]}"#),
    );
    let sign = "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061";
    assert_eq!(
        redaction.text(&format!("amy said “see you” from 9.9.9.9, not 7.7.7.7; “something lo…” (300 bytes), computed {sign}.")),
        "user-1 said “text-1 (7 characters)” from 192.0.2.1, not …; “…” (300 bytes), computed …."
    );
    let note = Annotation { note: "ask amy".to_owned(), pinned: true, ..Annotation::default() };
    assert_eq!(redaction.annotation(&note), Annotation { note: "text-2 (7 characters)".to_owned(), pinned: true, mark: None });
}

/// Nothing of a value survives a body that is cut anywhere.
#[test]
fn no_cut_lets_anything_through() {
    let body = r#"{"Info":{"To_Account":"qzqzqz","Action":"Login","CustomStatus":"{\"xyxyxy\":\"vwvwvw\"}"},"N":[{"Nick":"jkjkjk"}]}"#;
    for end in 0..body.len() {
        let redacted = redact(&mut redaction(), &exchange("/?CallbackCommand=State.StateChange", "", &body.as_bytes()[..end]));
        let out = lossy(&redacted.request.body);
        for part in ["qz", "vw", "jk"] {
            assert!(!out.contains(part), "{out}");
        }
    }
}

/// The names of all fields of which the documents' samples hold a string that stays and is no word of theirs.
#[test]
fn of_the_documents_samples_only_ids_and_names_of_theirs_stay() {
    let mut staying = std::collections::BTreeSet::new();
    for command in &catalogue::get().commands {
        for sample in std::iter::once(command.sample()).chain(command.variants()) {
            let original = exchange(&format!("/?CallbackCommand={}", command.name), "", sample.as_bytes());
            let redacted = redact(&mut redaction(), &original).request;
            staying.extend(staying_names(&original.request, &redacted));
        }
    }
    let ids = [
        "AddSource",
        "BattleId",
        "CallId",
        "Command",
        "CtxcbLibName",
        "CtxcbRequestId",
        "CtxcbSubLabel",
        "CtxcbSubLabelDesc",
        "EventTime",
        "GiftId",
        "MsgID",
        "MsgId",
        "MsgKey",
        "PushID",
        "ServiceName",
        "SessionId",
        "Tag",
        "TaskId",
    ];
    assert_eq!(staying.into_iter().collect::<Vec<_>>(), ids);
}

fn staying_names(original: &Request, redacted: &Request) -> Vec<String> {
    let (before, after) = (protocol::parse(original), protocol::parse(redacted));
    assert_eq!(before.document.len(), after.document.len());
    let stays = |(before, after): &(Node, Node)| {
        let value = before.string(&original.body);
        let is_string = before.kind == Kind::String && !value.is_empty() && !value.starts_with('{') && !names::is_documented_word(&value);
        is_string && value == after.string(&redacted.body)
    };
    let both = before.document.nodes().zip(after.document.nodes()).filter(stays);
    both.filter_map(|(node, _)| Some(node.key_text(&original.body)?.into_owned())).collect()
}
