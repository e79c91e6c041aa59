//! What crossed the socket, byte for byte, uninterpreted.
//!
//! Nothing here knows the protocol, the clock or a socket: the receiver fills these values in, everybody
//! else reads them. Header names, their order and their repeats are those of the bytes.

/// The most that is kept of a request head, in bytes.
pub const MAX_HEAD_BYTES: usize = 64 * 1024;

/// One request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// When its last byte (or, where it broke off, its last that came) arrived: milliseconds since the Unix epoch.
    pub received_at_millis: i64,
    /// Address and port of the caller.
    pub peer: String,
    /// Request line and headers up to and including the empty line, at most [`MAX_HEAD_BYTES`].
    pub head: Vec<u8>,
    /// The body, transfer coding undone and nothing else.
    pub body: Vec<u8>,
    /// How the body ended.
    pub body_end: BodyEnd,
    /// Why the HTTP stack refused the request, when it did; nobody but the stack has seen it then. Of a handshake that
    /// failed, why.
    pub refused: Option<String>,
    /// What carried it.
    pub transport: Transport,
}

/// What carried a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    /// TCP alone: `http://`.
    #[default]
    Tcp,
    /// TLS: `https://`.
    Tls,
    /// TLS whose handshake failed: there was no request, and there is no head.
    FailedHandshake,
}

impl Transport {
    /// All of them.
    const ALL: [Self; 3] = [Self::Tcp, Self::Tls, Self::FailedHandshake];

    /// The word in the history and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::FailedHandshake => "failed_handshake",
        }
    }

    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|transport| transport.word() == word)
    }
}

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyEnd {
    /// All of it arrived and was kept.
    Complete,
    /// It was longer than the limit; what came up to there was kept.
    TooLarge,
    /// The caller stopped in the middle; what came was kept.
    CutOff,
}

/// A request head taken apart. Every part is a slice of the head, as received.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head<'a> {
    /// `POST`; `None` where the request line is unreadable.
    pub method: Option<&'a str>,
    /// The request target, with its query and whatever else stood there.
    pub target: Option<&'a str>,
    /// `1.1` or `1.0`.
    pub http_version: Option<&'a str>,
    /// Names and values as received, in their order, with repeats.
    pub headers: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Head<'a> {
    /// The first value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

impl Request {
    /// A request all of which is at hand, however it came here.
    pub fn complete(received_at_millis: i64, head: impl Into<Vec<u8>>, body: impl Into<Vec<u8>>) -> Self {
        let (head, body) = (head.into(), body.into());
        Self { received_at_millis, peer: String::new(), head, body, body_end: BodyEnd::Complete, refused: None, transport: Transport::Tcp }
    }

    /// Reads the head. What is unreadable is `None` or left out, never an error.
    pub fn head(&self) -> Head<'_> {
        read_head(&self.head)
    }
}

/// Reads a request head leniently: a request that the HTTP stack refused is read as far as it makes sense.
pub fn read_head(bytes: &[u8]) -> Head<'_> {
    let mut lines = lines(bytes);
    let mut head = lines.next().map_or_else(Head::default, request_line);
    head.headers = lines.take_while(|line| !line.is_empty()).filter_map(header).collect();
    head
}

/// Reads the request line of a head, and no header.
pub fn read_request_line(bytes: &[u8]) -> Head<'_> {
    lines(bytes).next().map_or_else(Head::default, request_line)
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
    ends.scan(0, move |from, to| bytes.get(std::mem::replace(from, to + 1)..to))
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .skip_while(|line| line.is_empty())
}

/// Splits what was captured or pasted into the head, empty line included, and the body behind it. Lines may end
/// without a carriage return.
pub fn split_head(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    let mut is_begun = false;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        at += line.len();
        let is_empty = matches!(line, b"\n" | b"\r\n");
        if is_empty && is_begun {
            return bytes.split_at(at);
        }
        is_begun |= !is_empty;
    }
    (bytes, &[])
}

/// Whether a text begins with a request line such as `POST / HTTP/1.1`.
pub fn begins_request(text: &[u8]) -> bool {
    let line = first_line(text);
    // Most lines are none, and long.
    line.first().is_some_and(u8::is_ascii_uppercase)
        && request_line(line).method.is_some_and(|method| method.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// Whether a text begins with a status line such as `HTTP/1.1 200 OK`.
pub fn begins_response(text: &[u8]) -> bool {
    let is_status = |rest: &[u8]| rest.len() >= 3 && rest[..3].iter().all(u8::is_ascii_digit) && matches!(rest.get(3), None | Some(b' '));
    let after = |version: &[u8]| first_line(text).strip_prefix(version).is_some_and(is_status);
    after(b"HTTP/1.1 ") || after(b"HTTP/1.0 ")
}

fn first_line(text: &[u8]) -> &[u8] {
    let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn request_line(line: &[u8]) -> Head<'_> {
    let unreadable = Head::default();
    let Ok(line) = std::str::from_utf8(line) else { return unreadable };
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next()) else {
        return unreadable;
    };
    let Some(http_version) = version.strip_prefix("HTTP/") else { return unreadable };
    if method.is_empty() || !method.bytes().all(is_token) || target.is_empty() {
        return unreadable;
    }
    Head { method: Some(method), target: Some(target), http_version: Some(http_version), headers: Vec::new() }
}

fn header(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = line.iter().position(|&b| b == b':')?;
    let name = std::str::from_utf8(&line[..colon]).ok()?;
    Some((name, line[colon + 1..].trim_ascii()))
}

/// Whether a byte may stand in a method or a header name. Source: RFC 9110, section 5.6.2.
pub fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// One response: what we send, or what a sender got back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code, 100 to 599.
    pub status: u16,
    /// Names and values, in the order in which they are sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// A JSON response.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// The same, with a head that announces so many bytes of a body and the end of the connection.
    #[must_use]
    pub fn announcing(&self, length: usize) -> Self {
        let mut response = self.clone();
        response.headers.push(("Content-Length".to_owned(), length.to_string()));
        response.headers.push(("Connection".to_owned(), "close".to_owned()));
        response
    }

    /// All of it as HTTP/1.1 sends it.
    pub fn bytes(&self) -> Vec<u8> {
        let Self { status, headers, body } = self;
        let reason = if *status == 200 { " OK" } else { "" };
        let lines = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let head: Vec<String> = std::iter::once(format!("HTTP/1.1 {status}{reason}\r\n")).chain(lines).collect();
        [head.concat().as_bytes(), b"\r\n", body].concat()
    }
}

/// What of a response reached the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached<'a> {
    /// All of it, or it still may.
    Whole(&'a Response),
    /// A part, and no more.
    Part,
    /// Nothing.
    Nothing,
    /// Nobody knows.
    Unrecorded,
}

/// Reads a response as it came; `None` where it has no whole head. The body is whatever follows the head.
pub fn read_response(bytes: &[u8]) -> Option<Response> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut parsed = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = parsed.parse(bytes).ok()? else { return None };
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = parsed.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect();
    Some(Response { status: parsed.code?, headers, body: bytes[length..].to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_keeps_case_order_and_repeats() {
        let head = read_head(b"POST /a?b=1#c HTTP/1.1\r\nhOST: x\r\nX-A: 1\r\nx-a:  2 \r\n\r\n");
        assert_eq!((head.method, head.target, head.http_version), (Some("POST"), Some("/a?b=1#c"), Some("1.1")));
        assert_eq!(head.headers, [("hOST", &b"x"[..]), ("X-A", b"1"), ("x-a", b"2")]);
        assert_eq!((head.header("x-A"), head.header("y")), (Some(&b"1"[..]), None));
    }

    #[test]
    fn a_head_ends_at_its_empty_line_whatever_the_line_ends() {
        for (text, head, body) in [
            ("POST / HTTP/1.1\r\nA: 1\r\n\r\n{}\n\n", "POST / HTTP/1.1\r\nA: 1\r\n\r\n", "{}\n\n"),
            ("\nPOST / HTTP/1.1\nA: 1\n\n{}", "\nPOST / HTTP/1.1\nA: 1\n\n", "{}"),
            ("POST / HTTP/1.1", "POST / HTTP/1.1", ""),
            ("", "", ""),
        ] {
            assert_eq!(split_head(text.as_bytes()), (head.as_bytes(), body.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn an_unreadable_request_line_leaves_its_parts_out() {
        for line in ["GET  / HTTP/1.1", "GET /", "\u{16}\u{3}\u{1}", "GET / b HTTP/1.1", "G(T / HTTP/1.1", "GET / FTP/1.1"] {
            let bytes = format!("{line}\r\nHost: x\r\n\r\n");
            let head = read_head(bytes.as_bytes());
            assert_eq!((head.method, head.target), (None, None), "{line}");
            assert_eq!(head.headers.len(), 1, "{line}");
        }
        assert_eq!(read_head(b""), Head::default());
    }
}
