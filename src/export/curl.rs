//! A request as a cURL command that is safe to paste into a POSIX shell.
//!
//! Everything that came over the wire stands inside single quotes, or, where it has bytes that a terminal could
//! obey, as the octal escapes of `printf '%b'`, which every POSIX shell writes alike. Nothing that was received can end a quote, name a file or start a command.

use crate::wire::Request;
use std::fmt::Write as _;

/// Headers that curl writes itself, or that belong to the connection it was received on.
const OWN: [&str; 4] = ["content-length", "transfer-encoding", "connection", "host"];

/// Writes the command that sends the request to `base`, such as `http://127.0.0.1:9700`; `None` for a request whose
/// line is unreadable, which curl would never send.
pub fn command(request: &Request, base: &str) -> Option<String> {
    let head = request.head();
    let (method, target) = (head.method?, head.target?);
    let is_plain = target.starts_with('/') && !target.contains(['#', '\\']) && target.is_ascii();
    let mut words = vec!["curl --http1.1 --globoff --path-as-is".to_owned()];
    match method {
        "HEAD" => words.push("--head".to_owned()),
        method => words.push(format!("-X {}", quote(method))),
    }
    if is_plain {
        words.push(quote(&format!("{base}{target}")));
    } else {
        words.push(format!("--request-target {} {}", quote(target), quote(&format!("{base}/"))));
    }
    words.extend(headers(&head.headers));
    let printf = body(&request.body, &mut words);
    Some(format!("{printf}{}\n", words.join(" \\\n  ")))
}

/// The headers as received; those that curl would add by itself are taken out.
fn headers(received: &[(&str, &[u8])]) -> Vec<String> {
    let mut words = Vec::new();
    for (name, value) in received {
        let is_own = OWN.iter().any(|own| own.eq_ignore_ascii_case(name));
        let is_name = !name.is_empty() && name.bytes().all(crate::wire::is_token);
        let Ok(value) = std::str::from_utf8(value) else { continue };
        if is_own || !is_name || value.chars().any(char::is_control) {
            continue;
        }
        let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        words.push(format!("-H {}", quote(&header)));
    }
    for added in ["Accept", "User-Agent", "Content-Type", "Expect"] {
        if !received.iter().any(|(name, _)| name.eq_ignore_ascii_case(added)) {
            words.push(format!("-H {}", quote(&format!("{added}:"))));
        }
    }
    words
}

/// Adds the body's option. Returns what has to stand before the command when the body comes through a pipe.
fn body(body: &[u8], words: &mut Vec<String>) -> String {
    let harmless = |text: &str| !text.chars().any(|c| c != '\n' && c != '\t' && crate::wording::is_steering(c));
    match std::str::from_utf8(body) {
        Ok("") => String::new(),
        Ok(text) if harmless(text) => {
            words.push(format!("--data-raw {}", quote(text)));
            String::new()
        }
        _ => {
            words.push("--data-binary @-".to_owned());
            format!("printf '%b' '{}' | ", octal(body))
        }
    }
}

/// Single quotes hold everything but a single quote.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn octal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4);
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b" {}[]:,.\"_-".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "\\0{byte:03o}").expect("bug: writing to a String cannot fail");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &[u8], body: &[u8], expected: &str) {
        let request = Request::complete(0, head, body);
        assert_eq!(command(&request, "http://127.0.0.1:9700").as_deref(), Some(expected));
    }

    #[test]
    fn a_callback_is_sent_again_as_it_came() {
        check(
            b"POST /?SdkAppid=1&x=[1] HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 8\r\nX-Empty:\r\nAccept: */*\r\n\r\n",
            br#"{"a":"'"}"#,
            r#"curl --http1.1 --globoff --path-as-is \
  -X 'POST' \
  'http://127.0.0.1:9700/?SdkAppid=1&x=[1]' \
  -H 'X-Empty;' \
  -H 'Accept: */*' \
  -H 'User-Agent:' \
  -H 'Content-Type:' \
  -H 'Expect:' \
  --data-raw '{"a":"'\''"}'
"#,
        );
    }

    #[test]
    fn bytes_that_a_terminal_could_obey_are_escaped() {
        check(
            b"PUT /a#b HTTP/1.1\r\nUser-Agent: x\r\nAccept: y\r\nContent-Type: z\r\nExpect: q\r\nBad: \x1b\r\n\r\n",
            b"@/etc/passwd\x1b[201~\x00%n'",
            "printf '%b' '\\0100\\0057etc\\0057passwd\\0033[201\\0176\\0000\\0045n\\0047' | curl --http1.1 --globoff --path-as-is \\\n  -X 'PUT' \\\n  --request-target '/a#b' 'http://127.0.0.1:9700/' \\\n  -H 'User-Agent: x' \\\n  -H 'Accept: y' \\\n  -H 'Content-Type: z' \\\n  -H 'Expect: q' \\\n  --data-binary @-\n",
        );
    }
}
