//! Who and what, in a few words: the part of a callback that its row shows.

use super::Callback;
use super::body;
use super::json::Kind;
use std::borrow::Cow;

/// What a row says of a callback, as data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The accounts that acted, in order, the first few.
    pub who: Vec<String>,
    /// How many more there were.
    pub more: usize,
    /// What was said.
    pub text: Option<String>,
    /// The user it went to.
    pub to: Option<String>,
    /// The group or room where it happened.
    pub place: Option<String>,
}

/// How many accounts a row names.
const NAMED: usize = 3;

/// Keys that name who acted, best first; the last part of a path counts.
const WHO: [&str; 9] = [
    "From_Account",
    "Member_Account",
    "User_Account",
    "Subscriber_Account",
    "Caller_Account",
    "Requester_Account",
    "Operator_Account",
    "Owner_Account",
    "ClientUserId",
];
/// Keys that name where it happened, best first.
const PLACE: [&str; 5] = ["GroupId", "GroupID", "RoomId", "Official_Account", "CallId"];

/// Reads who, what and where from the body.
pub fn read(text: &[u8], callback: &Callback) -> Summary {
    let fields = body::fields(text, &callback.document, None).list;
    let values = |key: &str| -> Vec<String> {
        let found = fields.iter().filter(|field| last_part(&field.path) == key);
        let leaves =
            found.map(|field| &callback.document.nodes[field.node]).filter(|node| matches!(node.kind, Kind::String | Kind::Number));
        leaves.map(|node| node.string(text).into_owned()).filter(|value| !value.is_empty()).collect()
    };
    let mut who = WHO.iter().map(|key| values(key)).find(|values| !values.is_empty()).unwrap_or_default();
    let place = PLACE.iter().find_map(|key| values(key).into_iter().next());
    let to = values("To_Account").into_iter().next();
    let more = who.len().saturating_sub(NAMED);
    who.truncate(NAMED);
    Summary { who, more, text: message(text, callback), to, place }
}

fn last_part(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The text of the first message element that has one.
fn message(text: &[u8], callback: &Callback) -> Option<String> {
    let document = &callback.document;
    let elements = document.get(text, 0, "MsgBody")?;
    let texts = document.children(elements).filter_map(|element| {
        let content = document.get(text, element, "MsgContent")?;
        let words = document.get(text, content, "Text")?;
        Some(document.nodes[words].string(text))
    });
    texts.map(Cow::into_owned).find(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::parse;
    use crate::wire::{BodyEnd, Request};

    fn check(body: &str, expected: &Summary) {
        let request = Request {
            received_at_millis: 0,
            peer: String::new(),
            head: b"POST / HTTP/1.1\r\n\r\n".to_vec(),
            body: body.as_bytes().to_vec(),
            body_end: BodyEnd::Complete,
            refused: None,
        };
        assert_eq!(&read(&request.body, &parse(&request)), expected);
    }

    #[test]
    fn it_names_who_what_and_where() {
        check(
            r#"{"GroupId":"@TGS#1","Operator_Account":"leckie","NewMemberList":[{"Member_Account":"jared"},{"Member_Account":"tommy"}]}"#,
            &Summary { who: vec!["jared".into(), "tommy".into()], more: 0, text: None, to: None, place: Some("@TGS#1".into()) },
        );
        check(
            r#"{"From_Account":"jared","To_Account":"leckie","MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"红包来了 🎁"}}]}"#,
            &Summary { who: vec!["jared".into()], more: 0, text: Some("红包来了 🎁".into()), to: Some("leckie".into()), place: None },
        );
        check(r#"{"To_Account":144115216631667826}"#, &Summary { to: Some("144115216631667826".into()), ..Summary::default() });
        check("{}", &Summary::default());
    }
}
