//! The keys besides the three: what they must look like, and what they change.

use super::codes::{HANDED_BACK, PER_USER};
use super::finding::{Fault, Finding, NAMED, Names, Remark};
use super::form::{MANDATORY, of_type, value};
use crate::protocol::catalogue::{Command, Field, FieldKind};
use crate::protocol::json::{Document, Kind};
use std::collections::HashSet;

/// What every element of a rewritten message has. Source: Chat, 1047/34364.
const ELEMENT: [(&str, FieldKind); 2] = [("MsgType", FieldKind::String), ("MsgContent", FieldKind::Object)];

/// What is true of the keys besides the three.
pub(super) fn check(body: &[u8], document: &Document, command: &'static Command) -> Vec<Finding> {
    if document.mistake.is_some() || document.root().is_none_or(|root| root.kind != Kind::Object) {
        return Vec::new();
    }
    let extras = command.response.extras.iter().filter(|field| !field.path.contains("[]"));
    let mut findings: Vec<Finding> = extras.flat_map(|field| extra(body, document, command, field)).collect();
    findings.extend(undocumented(body, document, command).map(|keys| Remark::Undocumented(keys).into()));
    findings
}

fn extra(body: &[u8], document: &Document, command: &Command, field: &Field) -> Vec<Finding> {
    let wrong = value(body, document, (0, ""), &field.path, field.kind, field.required == Some(true));
    let Some(at) = document.get(body, 0, &field.path).filter(|_| wrong.is_none()) else {
        return wrong.into_iter().map(Finding::from).collect();
    };
    if field.kind == FieldKind::Array {
        let wrong = items(body, document, command, (at, &field.path));
        if !wrong.is_empty() {
            return wrong.into_iter().map(Finding::from).collect();
        }
    }
    changes(body, document, at, &field.path).into_iter().map(Finding::from).collect()
}

/// What is wrong with the items of an array: objects with documented keys, or texts.
fn items(body: &[u8], document: &Document, command: &Command, (array, path): (usize, &str)) -> Vec<Fault> {
    let keys = keys_of_items(command, path);
    // A list of those that are left out may be empty; a message, or the users to decide about, may not.
    if document.node(array).children == 0 && !keys.is_empty() {
        return vec![Fault::Empty(path.to_owned())];
    }
    let item = |(index, item): (usize, usize)| {
        let path = format!("{path}[{index}]");
        let kind = if keys.is_empty() { FieldKind::String } else { FieldKind::Object };
        match of_type(body, &document.node(item), path.clone(), kind) {
            Some(wrong) => vec![wrong],
            None => keys.iter().filter_map(|(key, kind)| value(body, document, (item, &path), key, *kind, true)).collect(),
        }
    };
    document.children(array).enumerate().flat_map(item).take(NAMED).collect()
}

/// The mandatory keys of an array's items; none where they are texts.
fn keys_of_items<'a>(command: &'a Command, path: &str) -> Vec<(&'a str, FieldKind)> {
    if path == "MsgBody" {
        return ELEMENT.to_vec();
    }
    let inside = |field: &'a Field| Some((field.path.strip_prefix(path)?.strip_prefix("[].")?, field.kind));
    command.response.extras.iter().filter_map(inside).collect()
}

/// What a well-formed key changes. All of them are read with code 0 only.
fn changes(body: &[u8], document: &Document, at: usize, key: &str) -> Option<Remark> {
    let is_applied = document.get(body, 0, "ErrorCode").is_some_and(|code| document.node(code).raw(body).parse() == Ok(0));
    let count = document.node(at).children as usize;
    match key {
        PER_USER | HANDED_BACK => None,
        _ if !is_applied => Some(Remark::NotApplied(key.to_owned())),
        "MsgBody" | "CloudCustomData" => Some(Remark::Rewrites(key.to_owned())),
        _ => (count > 0).then(|| Remark::LeavesOut { key: key.to_owned(), count }),
    }
}

/// The keys of the outermost object that are not documented for this command.
fn undocumented(body: &[u8], document: &Document, command: &Command) -> Option<Names> {
    let mut seen = HashSet::new();
    let is_documented = |key: &str| MANDATORY.iter().any(|(one, _)| *one == key) || command.extra(key).is_some();
    let keys = document.children(0).filter_map(|child| document.node(child).key_text(body));
    Names::of(keys.filter(|key| !is_documented(key) && seen.insert(key.clone())).map(std::borrow::Cow::into_owned).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{catalogue, json};

    /// What is found of the keys that stand behind the three, with this code.
    #[track_caller]
    fn check(name: &str, code: i64, extras: &str, expected: &str) {
        let body = format!(r#"{{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":{code},{extras}}}"#);
        let command = catalogue::get().named(name).next().expect("bug: it is documented");
        let found = super::check(body.as_bytes(), &json::read(body.as_bytes()), command);
        let inner = |finding: &Finding| format!("{finding:?}").trim_start_matches("Remark(").trim_start_matches("Fault(").to_owned();
        let found: Vec<String> = found.iter().map(|finding| inner(finding).strip_suffix(')').unwrap_or_default().to_owned()).collect();
        assert_eq!(found.join("; "), expected, "{body}");
    }

    const MESSAGE: &str = "C2C.CallbackBeforeSendMsg";

    #[test]
    fn a_rewrite_needs_code_0_and_its_form() {
        let rewrite = r#""MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}],"CloudCustomData":"x""#;
        check(MESSAGE, 0, rewrite, r#"Rewrites("MsgBody"); Rewrites("CloudCustomData")"#);
        check(MESSAGE, 1, rewrite, r#"NotApplied("MsgBody"); NotApplied("CloudCustomData")"#);
        check(MESSAGE, 0, r#""MsgBody":{}"#, r#"WrongType { path: "MsgBody", documented: Array, found: Object }"#);
        check(MESSAGE, 0, r#""MsgBody":[]"#, r#"Empty("MsgBody")"#);
        check(MESSAGE, 0, r#""MsgBody":["x"]"#, r#"WrongType { path: "MsgBody[0]", documented: Object, found: String }"#);
        check(
            MESSAGE,
            0,
            r#""MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{}},{"MsgType":1}]"#,
            r#"WrongType { path: "MsgBody[1].MsgType", documented: String, found: Number }; Missing { path: "MsgBody[1].MsgContent", instead: None }"#,
        );
        check(MESSAGE, 0, r#""CloudCustomData":{}"#, r#"WrongType { path: "CloudCustomData", documented: String, found: Object }"#);
    }

    #[test]
    fn those_left_out_are_texts() {
        let invite = "Group.CallbackBeforeInviteJoinGroup";
        check(invite, 0, r#""RefusedMembers_Account":["a","b"]"#, r#"LeavesOut { key: "RefusedMembers_Account", count: 2 }"#);
        check(invite, 0, r#""RefusedMembers_Account":[]"#, "");
        check(invite, 1, r#""RefusedMembers_Account":["a"]"#, r#"NotApplied("RefusedMembers_Account")"#);
        check(
            invite,
            0,
            r#""RefusedMembers_Account":[1]"#,
            r#"WrongType { path: "RefusedMembers_Account[0]", documented: String, found: Number }"#,
        );
        check(
            "OfficialAccount.CallbackBeforeAddSubscriber",
            0,
            r#""RefusedMembers_Account":["a"]"#,
            r#"Undocumented(Names { first: ["RefusedMembers_Account"], count: 1 })"#,
        );
    }

    #[test]
    fn friends_are_decided_about_one_by_one() {
        let friend = "Sns.CallbackPrevFriendAdd";
        check(friend, 0, r#""ResultItem":[{"To_Account":"a","ResultCode":0,"ResultInfo":""}]"#, "");
        check(friend, 0, r#""x":1"#, r#"Missing { path: "ResultItem", instead: None }; Undocumented(Names { first: ["x"], count: 1 })"#);
        check(friend, 0, r#""ResultItem":[]"#, r#"Empty("ResultItem")"#);
        check(
            friend,
            0,
            r#""ResultItem":[{"To_Account":"a","ResultCode":"0"}]"#,
            r#"WrongType { path: "ResultItem[0].ResultCode", documented: Integer, found: String }; Missing { path: "ResultItem[0].ResultInfo", instead: None }"#,
        );
    }

    #[test]
    fn keys_of_other_commands_are_undocumented() {
        check(
            "Group.CallbackAfterSendMsg",
            0,
            r#""MsgBody":[],"a":1,"a":2"#,
            r#"Undocumented(Names { first: ["MsgBody", "a"], count: 2 })"#,
        );
    }
}
