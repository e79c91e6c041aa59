//! The texts of an exchange in which words are looked for.

use crate::protocol::{json, query};
use crate::wire;

/// Stands for a body that has a backslash even once its escapes are undone: only there may JSON within a string have
/// escapes of its own, which hide what its reader sees. It is no UTF-8, so nobody can type it.
pub(super) const STILL_ESCAPED: &[u8] = &[0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD];

/// Calls `each` with every text of an exchange that words are looked for in: the head, its target with percent-encoding
/// undone where it has any, the body, and the body with the escapes of JSON undone where it has a backslash; and with a mark
/// of its own where that still has one.
///
/// A search index reads the same, so that both always agree. The note is not among them, because it changes; the command is,
/// since it stands in the target or in the body. Whoever changes what stands here must have every index of words written
/// anew: an older one would leave out what matches.
pub fn texts(head: &[u8], body: &[u8], mut each: impl FnMut(&[u8])) {
    each(head);
    if let Some(target) = decoded_target(head) {
        each(target.as_bytes());
    }
    each(body);
    if let Some(body) = unescaped(body) {
        each(&body);
        if body.contains(&b'\\') {
            each(STILL_ESCAPED);
        }
    }
}

/// The target of a head with its percent-encoding undone; `None` where it has none.
pub(super) fn decoded_target(head: &[u8]) -> Option<String> {
    let target = head.contains(&b'%').then(|| wire::read_head(head).target)??;
    target.contains('%').then(|| query::decode(target))
}

/// A body with the escapes of JSON undone wherever a backslash stands; `None` where there is none.
///
/// The whole body is read as one string. In JSON a backslash stands only within strings, so every string of it is in here
/// as its reader sees it.
pub(super) fn unescaped(body: &[u8]) -> Option<Vec<u8>> {
    body.contains(&b'\\').then(|| json::undo_escapes(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &str, body: &str, expected: &[&str]) {
        let mut found = Vec::new();
        texts(head.as_bytes(), body.as_bytes(), |text| found.push(String::from_utf8_lossy(text).into_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_encoded_is_there_both_ways() {
        check("POST / HTTP/1.1\r\n\r\n", "{}", &["POST / HTTP/1.1\r\n\r\n", "{}"]);
        let head = "POST /?a=%E7%BA%A2+b HTTP/1.1\r\nX: %41\r\n\r\n";
        check(head, r#"{"a":"\u7ea2"}"#, &[head, "/?a=红+b", r#"{"a":"\u7ea2"}"#, r#"{"a":"红"}"#]);
    }

    #[test]
    fn escapes_are_undone_as_a_reader_of_json_undoes_them() {
        for quoted in
            [r#""a\"b\\\n\/""#, r#""\u7ea2\u5305""#, r#""\ud83c\udf81""#, r#""\ud83c!""#, r#""\udf81\u0041""#, r#""\ud83c\ud83c\udf81""#]
        {
            let plain = unescaped(quoted.as_bytes()).expect("bug: it has a backslash");
            assert_eq!(String::from_utf8_lossy(&plain), format!("\"{}\"", json::unescape(quoted)), "{quoted}");
        }
    }

    #[test]
    fn broken_escapes_are_passed_over() {
        for (broken, plain) in [(&b"\\"[..], &b""[..]), (b"\\u12", b"12"), (b"\\uzzzz", b"zzzz"), (b"\xff\\/\xff", b"\xff/\xff")] {
            assert_eq!(unescaped(broken).as_deref(), Some(plain));
        }
    }
}
