//! The extension of a message: key-value pairs with versions, and what of them contradicts itself.
//!
//! Source: Chat, "After a one-to-one message’s extensions changed" and the same for groups, 1047/76006 and 1047/76007.

use super::Callback;
use super::json::Kind;

/// What a callback about an extension says against itself. Of many alike the first is named, and all counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contradiction {
    /// Pairs are deleted, and come with values all the same.
    DeletedValue {
        /// The key of the first.
        key: String,
        /// How many.
        count: usize,
    },
    /// All pairs are cleared, and some are listed all the same.
    ClearWithPairs {
        /// How many.
        count: usize,
    },
    /// Pairs are newer than the latest version that is told for the whole message.
    PairAhead {
        /// The key of the first.
        key: String,
        /// Its version.
        pair: u64,
        /// The message's.
        message: u64,
        /// How many.
        count: usize,
    },
}

const COMMANDS: [&str; 2] = ["Group.CallbackAfterGroupMsgExtension", "C2C.CallbackAfterC2CMsgExtension"];

/// `OperateType`, where pairs are deleted.
const DELETE: u64 = 2;
/// `OperateType`, where all are cleared.
const CLEAR: u64 = 3;

/// Whether this command tells of an extension.
pub fn is_extension(command: &str) -> bool {
    COMMANDS.contains(&command)
}

/// Finds what contradicts itself; nothing where the callback is about something else.
pub fn contradictions(text: &[u8], callback: &Callback) -> Vec<Contradiction> {
    let document = &callback.document;
    let list = document.get(text, 0, "ExtensionList").filter(|list| document.node(*list).kind == Kind::Array);
    let (true, Some(list)) = (callback.command.as_deref().is_some_and(is_extension), list) else { return Vec::new() };
    let operation = document.whole_number(text, 0, "OperateType");
    let message = document.whole_number(text, 0, "Seq");
    let string = |pair: usize, key: &str| Some(document.node(document.get(text, pair, key)?).string(text));

    let mut found = Vec::new();
    let count = document.node(list).children as usize;
    if operation == Some(CLEAR) && count > 0 {
        found.push(Contradiction::ClearWithPairs { count });
    }
    let has_value = |pair: &usize| string(*pair, "Value").is_some_and(|value| !value.is_empty());
    if let (Some(DELETE), Some(first)) = (operation, document.children(list).find(has_value)) {
        let count = document.children(list).filter(has_value).count();
        found.push(Contradiction::DeletedValue { key: string(first, "Key").unwrap_or_default().into_owned(), count });
    }
    if let Some(message) = message {
        let version = |pair: usize| document.whole_number(text, pair, "Seq").filter(|seq| *seq > message);
        let mut ahead = document.children(list).filter_map(|pair| Some((pair, version(pair)?)));
        if let Some((first, pair)) = ahead.next() {
            let key = string(first, "Key").unwrap_or_default().into_owned();
            found.push(Contradiction::PairAhead { key, pair, message, count: 1 + ahead.count() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol;
    use crate::wire::Request;

    fn found(command: &str, body: &str) -> Vec<Contradiction> {
        let request = Request::complete(0, format!("POST /?CallbackCommand={command} HTTP/1.1\r\n\r\n"), body);
        contradictions(&request.body, &protocol::parse(&request))
    }

    fn check(body: &str, expected: &[Contradiction]) {
        for command in COMMANDS {
            assert_eq!(found(command, body), expected, "{body}");
        }
    }

    #[test]
    fn what_is_deleted_has_no_value() {
        check(r#"{"OperateType":2,"ExtensionList":[{"Key":"a","Value":"","Seq":3},{"Key":"b","Seq":3}],"Seq":3}"#, &[]);
        let body = r#"{"OperateType":2,"ExtensionList":[{"Key":"a","Value":""},{"Key":"b","Value":"x"},{"Key":"c","Value":"y"}]}"#;
        check(body, &[Contradiction::DeletedValue { key: "b".into(), count: 2 }]);
        check(&body.replace("2,", "\"2\","), &[Contradiction::DeletedValue { key: "b".into(), count: 2 }]);
        check(&body.replace("2,", "1,"), &[]);
    }

    #[test]
    fn a_clear_lists_nothing() {
        check(r#"{"OperateType":3,"ExtensionList":[],"Seq":9}"#, &[]);
        check(r#"{"OperateType":3,"ExtensionList":[{"Key":"a"}]}"#, &[Contradiction::ClearWithPairs { count: 1 }]);
    }

    #[test]
    fn no_pair_is_newer_than_its_message() {
        check(r#"{"OperateType":1,"ExtensionList":[{"Key":"a","Value":"1","Seq":4}],"Seq":4}"#, &[]);
        check(
            r#"{"OperateType":1,"ExtensionList":[{"Key":"a","Seq":1},{"Key":"b","Seq":"6"},{"Key":"c","Seq":7}],"Seq":"5"}"#,
            &[Contradiction::PairAhead { key: "b".into(), pair: 6, message: 5, count: 2 }],
        );
    }

    #[test]
    fn bent_bodies_and_other_commands_have_none() {
        for body in
            ["", "[]", "3", r#"{"OperateType":3,"ExtensionList":{"a":1}}"#, r#"{"OperateType":2,"ExtensionList":[7,"x",null,[]],"Seq":{}}"#]
        {
            check(body, &[]);
        }
        assert_eq!(found("Group.CallbackAfterSendMsg", r#"{"OperateType":3,"ExtensionList":[{}]}"#), []);
    }
}
