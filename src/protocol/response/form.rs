//! The form of a response body: `ActionStatus`, `ErrorInfo` and `ErrorCode`, all three mandatory.
//!
//! Source: Chat, "Webhook Overview", 1047/34354.

use super::finding::{Failure, Fault, Finding, Names, Remark, Unclear, Weight};
use crate::protocol::catalogue::FieldKind;
use crate::protocol::json::{self, Document, Kind, Mistake, Node};
use crate::protocol::json_mistakes;
use crate::protocol::verdict::Place;
use std::borrow::Cow;
use std::collections::HashSet;

/// The keys of every response, with their types.
pub(super) const MANDATORY: [(&str, FieldKind); 3] =
    [("ActionStatus", FieldKind::String), ("ErrorInfo", FieldKind::String), ("ErrorCode", FieldKind::Integer)];

/// A body, read for its form.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// The body as JSON.
    pub document: Document,
    /// What is odd about it.
    pub findings: Vec<Finding>,
    /// The result, where the three keys have the documented form.
    pub result: Option<Outcome>,
    /// The result as it was written.
    pub said: Said,
}

/// A result in the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Whether `ActionStatus` is `FAIL`.
    pub is_fail: bool,
    /// `ErrorCode`
    pub code: i64,
}

/// The result of a response as it was written, as far as it is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// The text of `ActionStatus`.
    pub status: Option<String>,
    /// `ErrorCode`, quotes included where it has some.
    pub code: Option<String>,
}

/// What keeps a body from being read, whatever the command: what makes it no JSON, what breaks the form, and a `FAIL`
/// with 0.
pub fn complaints(body: &[u8]) -> Vec<Finding> {
    read(body).findings.into_iter().filter(|finding| finding.weight() != Weight::Remark).collect()
}

pub(super) fn read(body: &[u8]) -> Form {
    let document = json::read(body);
    if let Some(mistake) = &document.mistake {
        let findings = vec![not_json(body, mistake).into()];
        return Form { document, findings, ..Form::default() };
    }
    let kind = document.root().map_or(Kind::Null, |root| root.kind);
    if kind != Kind::Object {
        return Form { document, findings: vec![Fault::NotObject(kind).into()], ..Form::default() };
    }
    let mandatory = |(key, kind)| value(body, &document, (0, ""), key, kind, true).map(Finding::from);
    let mut findings: Vec<Finding> = MANDATORY.into_iter().filter_map(mandatory).collect();
    let said = said(body, &document);
    let unknown = said.status.iter().filter(|status| *status != "OK" && *status != "FAIL").cloned();
    findings.extend(unknown.map(|status| Fault::UnknownStatus(status).into()));
    let result = if findings.is_empty() { outcome(&said) } else { None };
    findings.extend(result.and_then(|result| (result.is_fail && result.code == 0).then(|| Unclear::FailWithZero.into())));
    findings.extend(repeated(body, &document).map(|keys| Remark::Repeated(keys).into()));
    Form { document, findings, result, said }
}

fn not_json(body: &[u8], mistake: &Mistake) -> Failure {
    if body.trim_ascii().is_empty() {
        return Failure::NoBody;
    }
    let (line, column) = json::line_and_column(body, mistake.offset);
    let known = json_mistakes::recognise(body, mistake);
    Failure::NotJson { place: Place { line, column }, expected: mistake.expected, known }
}

/// What is wrong with the value under a key of an object, which stands at a path of its own.
pub(super) fn value(
    body: &[u8],
    document: &Document,
    (object, path): (usize, &str),
    key: &str,
    documented: FieldKind,
    required: bool,
) -> Option<Fault> {
    let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match document.get(body, object, key) {
        Some(at) => of_type(body, &document.node(at), path, documented),
        None if required => Some(Fault::Missing { path, instead: in_other_case(body, document, object, key) }),
        None => None,
    }
}

fn in_other_case(body: &[u8], document: &Document, object: usize, key: &str) -> Option<String> {
    let mut keys = document.children(object).filter_map(|child| document.node(child).key_text(body));
    keys.find(|one| one.eq_ignore_ascii_case(key)).map(Cow::into_owned)
}

/// What is wrong with a value whose type is documented.
pub(super) fn of_type(body: &[u8], node: &Node, path: String, documented: FieldKind) -> Option<Fault> {
    if !documented.fits(node, body) {
        return Some(Fault::WrongType { path, documented, found: node.kind });
    }
    (documented == FieldKind::Integer && node.raw(body).parse::<i64>().is_err()).then_some(Fault::TooManyDigits(path))
}

fn said(body: &[u8], document: &Document) -> Said {
    let status = document.top_string(body, "ActionStatus").map(Cow::into_owned);
    let code = document.get(body, 0, "ErrorCode").map(|at| document.node(at).raw(body).to_owned());
    Said { status, code }
}

fn outcome(said: &Said) -> Option<Outcome> {
    Some(Outcome { is_fail: said.status.as_deref()? == "FAIL", code: said.code.as_deref()?.parse().ok()? })
}

/// The keys of the outermost object that stand there more than once. The last value counts, as most readers take it.
fn repeated(body: &[u8], document: &Document) -> Option<Names> {
    let (mut seen, mut told) = (HashSet::new(), HashSet::new());
    let keys = document.children(0).filter_map(|child| document.node(child).key_text(body));
    Names::of(keys.filter(|key| !seen.insert(key.clone()) && told.insert(key.clone())).map(Cow::into_owned).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A finding without the word for its weight.
    fn inner(finding: &Finding) -> String {
        match finding {
            Finding::Failure(found) => format!("{found:?}"),
            Finding::Fault(found) => format!("{found:?}"),
            Finding::Unclear(found) => format!("{found:?}"),
            Finding::Remark(found) => format!("{found:?}"),
        }
    }

    #[track_caller]
    fn check(body: impl AsRef<[u8]>, expected: &str) {
        let found: Vec<String> = read(body.as_ref()).findings.iter().map(inner).collect();
        assert_eq!(found.join("; "), expected, "{}", String::from_utf8_lossy(body.as_ref()));
    }

    #[test]
    fn each_departure_from_the_form_is_named() {
        check(r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#, "");
        check(
            r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":"0"}"#,
            r#"WrongType { path: "ErrorCode", documented: Integer, found: String }"#,
        );
        for number in ["0.5", "1.0", "1e0"] {
            check(
                format!(r#"{{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":{number}}}"#),
                r#"WrongType { path: "ErrorCode", documented: Integer, found: Number }"#,
            );
        }
        check(r#"{"ActionStatus":"FAILURE","ErrorCode":1}"#, r#"Missing { path: "ErrorInfo", instead: None }; UnknownStatus("FAILURE")"#);
        check(r#"{"ActionStatus":"OK","ErrorInfo":"","errorcode":0}"#, r#"Missing { path: "ErrorCode", instead: Some("errorcode") }"#);
        check(r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":9223372036854775808}"#, r#"TooManyDigits("ErrorCode")"#);
        check(r#"{"ActionStatus":"FAIL","ErrorInfo":"","ErrorCode":-0}"#, "FailWithZero");
        check("[]", "NotObject(Array)");
    }

    #[test]
    fn what_is_no_json_is_placed_and_recognised() {
        let place = |line, column| format!("place: Place {{ line: {line}, column: {column} }}");
        check("", "NoBody");
        check(" \n", "NoBody");
        check("ok", &format!("NotJson {{ {}, expected: Value, known: None }}", place(1, 1)));
        check("\u{feff}{}", &format!("NotJson {{ {}, expected: Value, known: Some(ByteOrderMark) }}", place(1, 1)));
        check("\n<b>Warning</b>{}", &format!("NotJson {{ {}, expected: Value, known: Some(PhpMessage) }}", place(2, 1)));
        check("<html>", &format!("NotJson {{ {}, expected: Value, known: Some(Html) }}", place(1, 1)));
        check("{'a':1}", &format!("NotJson {{ {}, expected: Key, known: Some(SingleQuotes) }}", place(1, 2)));
        check("{\"a\":1", &format!("NotJson {{ {}, expected: CommaOrEnd, known: Some(EndsEarly) }}", place(1, 7)));
        check("{}\n{}", &format!("NotJson {{ {}, expected: EndOfText, known: Some(SeveralValues) }}", place(2, 1)));
        check(b"{\"a\":\"\xff\"}", &format!("NotJson {{ {}, expected: Utf8, known: None }}", place(1, 7)));
    }

    #[test]
    fn of_repeated_keys_the_last_counts() {
        let form = read(br#"{"ErrorCode":1,"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"ErrorCode":2}"#);
        assert_eq!(form.findings, [Remark::Repeated(Names { first: vec!["ErrorCode".to_owned()], count: 1 }).into()]);
        assert_eq!(form.result, Some(Outcome { is_fail: false, code: 2 }));
    }

    #[test]
    fn the_result_is_read_back() {
        let said = |body: &str| read(body.as_bytes()).said;
        assert_eq!(
            said(r#"{"ActionStatus":"FAIL","ErrorInfo":"","ErrorCode":7}"#),
            Said { status: Some("FAIL".into()), code: Some("7".into()) }
        );
        assert_eq!(said("ok"), Said::default());
    }
}
