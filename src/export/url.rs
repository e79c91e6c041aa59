//! The URL of a request, for forms that want one: such as any reader takes, whatever was received.

use crate::wire::{Request, Transport};
use std::fmt::Write as _;

/// The host of a request that names none.
const NO_HOST: &str = "localhost";

/// Scheme, host and target. What may not stand in a URL is escaped.
pub fn of(request: &Request) -> String {
    let head = request.head();
    let scheme = if request.transport == Transport::Tcp { "http" } else { "https" };
    let host = head.header("host").and_then(|host| std::str::from_utf8(host).ok()).filter(|host| is_host(host)).unwrap_or(NO_HOST);
    let target = escaped(head.target.unwrap_or("/"));
    let slash = if target.starts_with('/') { "" } else { "/" };
    format!("{scheme}://{host}{slash}{target}")
}

/// Whether it is a name or an IPv4 address, perhaps with a port. Others are rare enough to be left out.
fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    is_name && port.parse::<u16>().is_ok()
}

fn escaped(target: &str) -> String {
    let bytes = target.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        let is_escape = *byte == b'%' && bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        if is_escape || byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(byte) {
            out.push(char::from(*byte));
        } else {
            write!(out, "%{byte:02X}").expect("bug: writing to a String cannot fail");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, expected: &str) {
        assert_eq!(of(&Request::complete(0, head, "")), expected);
    }

    #[test]
    fn a_url_is_one_whatever_was_received() {
        check("POST /?a=1&b=%40x HTTP/1.1\r\nHost: example.com:9700\r\n\r\n", "http://example.com:9700/?a=1&b=%40x");
        check("POST /a#b[\"红\"]%zz HTTP/1.1\r\nHost: a b/../@\r\n\r\n", "http://localhost/a%23b%5B%22%E7%BA%A2%22%5D%25zz");
        check("GET http://evil.example/x HTTP/1.1\r\nHost: [::1]\r\n\r\n", "http://localhost/http://evil.example/x");
        check("OPTIONS * HTTP/1.1\r\nHost: x:99999\r\n\r\n", "http://localhost/*");
        check("nonsense\r\n\r\n", "http://localhost/");
    }

    #[test]
    fn what_came_by_tls_says_so() {
        let request = Request { transport: Transport::Tls, ..Request::complete(0, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "") };
        assert_eq!(of(&request), "https://h/");
    }
}
