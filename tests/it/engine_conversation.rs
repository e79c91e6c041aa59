//! Reading a conversation in a running engine.

use crate::support::{Receiving, call, now_secs, post, target_of};
use hookglass::conversation::{Conversation, Entry, Key};
use hookglass::messages::{Effect, Event, Reading};
use hookglass::protocol;
use hookglass::wire::Request;
use std::sync::Arc;

const AFTER: &str = "Group.CallbackAfterSendMsg";

fn message(text: &str, seq: u64) -> String {
    format!(
        r#"{{"GroupId":"@TGS#1","From_Account":"kofi","Random":{seq},"MsgSeq":{seq},"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}]}}"#
    )
}

fn key() -> Arc<Key> {
    let body = message("", 0);
    let request = Request::complete(0, format!("POST {} HTTP/1.1\r\n\r\n", target_of(AFTER, 0)), body);
    Arc::new(Key::of(&request.body, &protocol::parse(&request)).expect("bug: of a group"))
}

fn ask(receiving: &Receiving, ids: &[i64], anew: bool) -> Arc<Conversation> {
    receiving.ask(Effect::ReadConversation(Some(Reading { key: key(), ids: ids.into(), anew })));
    receiving.hear(|event| if let Event::Conversation { conversation, .. } = event { Some(conversation) } else { None })
}

#[test]
fn what_exchanges_tell_is_read_put_in_order_and_read_on() {
    let receiving = Receiving::start();
    let say = |command: &str, body: &str| call(receiving.address, post(&target_of(command, now_secs()), body));
    say("Group.CallbackBeforeSendMsg", &message("红包 🎁", 7).replace("\"MsgSeq\":7,", ""));
    say(AFTER, &message("红包 🎁", 7));
    say("C2C.CallbackAfterMsgReport", r#"{"Report_Account":"a","Peer_Account":"b"}"#);
    say(AFTER, &message("환영합니다", 9));
    receiving.settled(4);

    let conversation = ask(&receiving, &[1, 2, 3, 4], false);
    let lines = |conversation: &Conversation| {
        let words = |entry: &Entry| entry.text().split_once("  ").map(|(_, words)| words.trim().to_owned());
        conversation.entries.iter().filter_map(words).collect::<Vec<_>>()
    };
    let first = ["kofi: 红包 🎁 [allowed]", "… 1 message not seen here: MsgSeq 8", "kofi: 환영합니다 [no before callback here]"];
    assert_eq!((conversation.exchanges, lines(&conversation)), (3, first.map(str::to_owned).to_vec()));

    say("Group.CallbackAfterRecallMsg", r#"{"GroupId":"@TGS#1","Operator_Account":"mira","MsgSeqList":[{"MsgSeq":9}]}"#);
    receiving.settled(5);
    let conversation = ask(&receiving, &[1, 2, 4, 5], false);
    assert!(lines(&conversation)[2].contains("recalled by mira at"), "{:?}", lines(&conversation));
    receiving.ask(Effect::ReadConversation(None));
    assert_eq!(ask(&receiving, &[4], true).exchanges, 1);
}
