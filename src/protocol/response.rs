//! The response that the sender expects: `ActionStatus`, `ErrorInfo`, `ErrorCode`, all three mandatory.
//!
//! Source: Chat, "Webhook Overview", 1047/34354.

use super::json::{self, Document, Kind};
use crate::wire::Response;

/// A response in the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `OK` with code 0.
    Ok,
    /// `FAIL` with this code.
    Fail(i64),
}

/// Builds a response in the documented form, with the keys in the documents' order.
pub fn build(action: Action, status: u16) -> Response {
    let (word, code) = match action {
        Action::Ok => ("OK", 0),
        Action::Fail(code) => ("FAIL", code),
    };
    Response::json(status, format!(r#"{{"ActionStatus":"{word}","ErrorInfo":"","ErrorCode":{code}}}"#))
}

/// The `ActionStatus` and the `ErrorCode` of a response body, as far as they are there.
pub fn result(body: &[u8]) -> (Option<String>, Option<String>) {
    let document = json::read(body);
    let status = document.top_string(body, "ActionStatus").map(std::borrow::Cow::into_owned);
    let code = document.get(body, 0, "ErrorCode").map(|node| document.nodes[node].raw(body).to_owned());
    (status, code)
}

/// What keeps a body from having the documented form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Complaint {
    /// Not JSON, from this byte on.
    NotJson(json::Mistake),
    /// JSON, but no object.
    NotObject,
    /// A mandatory key is missing.
    Missing(&'static str),
    /// A mandatory key has another type than documented: the key, and the documented type.
    WrongType(&'static str, &'static str),
    /// `ActionStatus` is neither `OK` nor `FAIL`.
    UnknownStatus(String),
}

/// Checks the form of a response body.
pub fn complaints(body: &[u8]) -> Vec<Complaint> {
    let document = json::read(body);
    if let Some(mistake) = document.mistake {
        return vec![Complaint::NotJson(mistake)];
    }
    if document.root().map(|root| root.kind) != Some(Kind::Object) {
        return vec![Complaint::NotObject];
    }
    let mut complaints: Vec<_> = [("ActionStatus", Kind::String), ("ErrorInfo", Kind::String), ("ErrorCode", Kind::Number)]
        .into_iter()
        .filter_map(|(key, kind)| mandatory(body, &document, key, kind))
        .collect();
    match document.top_string(body, "ActionStatus") {
        Some(status) if status != "OK" && status != "FAIL" => complaints.push(Complaint::UnknownStatus(status.into_owned())),
        _ => {}
    }
    complaints
}

fn mandatory(body: &[u8], document: &Document, key: &'static str, kind: Kind) -> Option<Complaint> {
    let Some(node) = document.get(body, 0, key) else { return Some(Complaint::Missing(key)) };
    let found = &document.nodes[node];
    let is_integer = !found.raw(body).contains(['.', 'e', 'E']);
    match kind {
        Kind::Number if found.kind != Kind::Number || !is_integer => Some(Complaint::WrongType(key, "a whole number")),
        Kind::String if found.kind != Kind::String => Some(Complaint::WrongType(key, "a text in quotes")),
        Kind::Object | Kind::Array | Kind::String | Kind::Number | Kind::Bool | Kind::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_form_is_built() {
        let body = |action| String::from_utf8(build(action, 200).body).expect("bug: it is text");
        assert_eq!(body(Action::Ok), r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#);
        assert_eq!(body(Action::Fail(10100)), r#"{"ActionStatus":"FAIL","ErrorInfo":"","ErrorCode":10100}"#);
    }

    #[test]
    fn the_result_is_read_back() {
        assert_eq!(result(&build(Action::Fail(7), 200).body), (Some("FAIL".into()), Some("7".into())));
        assert_eq!(result(b"ok"), (None, None));
    }

    #[test]
    fn each_departure_from_the_form_is_named() {
        for (body, expected) in [
            (r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#, "[]"),
            (r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":"0"}"#, r#"[WrongType("ErrorCode", "a whole number")]"#),
            (r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0.5}"#, r#"[WrongType("ErrorCode", "a whole number")]"#),
            (r#"{"ActionStatus":"FAILURE","ErrorCode":1}"#, r#"[Missing("ErrorInfo"), UnknownStatus("FAILURE")]"#),
            ("[]", "[NotObject]"),
            ("ok", "[NotJson(Mistake { offset: 0, expected: Value })]"),
        ] {
            assert_eq!(format!("{:?}", complaints(body.as_bytes())), expected, "{body}");
        }
    }
}
