//! Raw HTTP: requests as they cross the wire, with or without their responses, also as people copy them from logs: with lines that
//! lost their carriage returns, and with a Content-Length that fits no more.

use super::{Complaint, Imported, Item, MAX_TEXT_BYTES, TOO_LONG};
use crate::annotation::Annotation;
use crate::exchange::{IMPORTED, Outcome, Responded};
use crate::protocol::Kept;
use crate::protocol::query::{self, Name};
use crate::protocol::sign;
use crate::wire::{self, MAX_HEAD_BYTES, Request};

/// The messages that are being told apart.
#[derive(Debug, Default)]
pub struct Messages {
    text: Vec<u8>,
    /// Up to where it was read.
    at: usize,
    /// Up to where no further message begins, from there on.
    scanned: usize,
    /// The line that begins there.
    line: u64,
    /// A request whose response may follow, and its line.
    request: Option<(u64, Request)>,
}

/// So much of what follows a body tells whether it is the next message.
const LOOK_AHEAD: usize = 256;

/// What stands at a place.
enum Found {
    /// More of the text is needed.
    NotYet,
    /// A message: how long its head is, its body, and how long all of it is.
    Message { head: usize, body: Vec<u8>, length: usize },
}

impl Messages {
    pub fn take(&mut self, piece: &[u8], now_millis: i64, items: &mut Vec<Item>) {
        self.text.extend_from_slice(piece);
        self.read(false, now_millis, items);
        self.text.drain(..self.at);
        self.at = 0;
        if self.text.len() > MAX_TEXT_BYTES {
            items.push(Item::Complaint(Complaint { line: self.line + 1, reason: TOO_LONG.to_owned() }));
            self.skip(self.text.len());
        }
    }

    pub fn end(mut self, now_millis: i64, items: &mut Vec<Item>) {
        self.read(true, now_millis, items);
        self.give(None, now_millis, items);
    }

    fn read(&mut self, is_all: bool, now_millis: i64, items: &mut Vec<Item>) {
        while self.find_begin(is_all) {
            let rest = &self.text[self.at..];
            let Found::Message { head, body, length } = message(rest, &mut self.scanned, is_all) else { return };
            let (line, head) = (self.line + 1, rest[..head].to_vec());
            let is_response = wire::begins_response(&head);
            self.skip(length);
            if is_response {
                self.give(Some((line, head, body)), now_millis, items);
            } else {
                self.give(None, now_millis, items);
                self.request = Some((line, Request::complete(0, head, body)));
            }
        }
    }

    /// Goes to where a message begins: what stands before one is none. Returns whether one does.
    fn find_begin(&mut self, is_all: bool) -> bool {
        loop {
            let rest = &self.text[self.at..];
            let end = rest.iter().position(|&byte| byte == b'\n');
            let line = match end {
                Some(end) => &rest[..end],
                None if is_all && !rest.is_empty() => rest,
                None => return false,
            };
            if begins_message(line) {
                return true;
            }
            self.skip(end.map_or(rest.len(), |end| end + 1));
        }
    }

    fn skip(&mut self, length: usize) {
        let passed = &self.text[self.at..self.at + length];
        self.line += passed.split(|&byte| byte == b'\n').skip(1).count() as u64;
        self.at += length;
        self.scanned = 0;
    }

    /// Gives the request that waits, with its response where one is known.
    fn give(&mut self, response: Option<(u64, Vec<u8>, Vec<u8>)>, now_millis: i64, items: &mut Vec<Item>) {
        let Some((line, mut request)) = self.request.take() else {
            if let Some((line, ..)) = response {
                let reason = "a response stands here without the request before it; it was left out".to_owned();
                items.push(Item::Complaint(Complaint { line, reason }));
            }
            return;
        };
        request.received_at_millis = signed_at(&request).unwrap_or(now_millis);
        items.push(Item::of(line, checked(request, response)));
    }
}

/// When it was signed is the nearest to its arrival that the bytes tell.
fn signed_at(request: &Request) -> Option<i64> {
    let params = query::read(request.head().target?);
    let secs = sign::read_request_time(query::value(&params, Name::RequestTime).0?)?;
    let millis = secs.checked_mul(1000)?;
    jiff::Timestamp::from_millisecond(millis).ok().map(jiff::Timestamp::as_millisecond)
}

fn checked(request: Request, response: Option<(u64, Vec<u8>, Vec<u8>)>) -> Result<Imported, String> {
    if request.head.len() > MAX_HEAD_BYTES {
        return Err("the head is longer than 64 KiB, which none in a history is".to_owned());
    }
    let responded = match response {
        Some((line, head, body)) => {
            let read = wire::read_response(&head).filter(|response| (100..600).contains(&response.status));
            let response = read.ok_or_else(|| format!("the response at line {line} has a head that cannot be read"))?;
            let response = wire::Response { body, ..response };
            Responded { outcome: Some(Outcome::Sent), ..Responded::decided(response, IMPORTED) }
        }
        None => Responded::none(IMPORTED),
    };
    Ok(Imported { request, response: Some(responded), kept: Kept::default(), annotation: Annotation::default() })
}

fn begins_message(text: &[u8]) -> bool {
    wire::begins_request(text) || wire::begins_response(text)
}

/// The message that the text begins with. `scanned` says up to where no other one begins, as far as that was looked for.
fn message(text: &[u8], scanned: &mut usize, is_all: bool) -> Found {
    let (head, rest) = wire::split_head(text);
    if rest.is_empty() && !is_all && !ends_a_head(head) {
        return Found::NotYet;
    }
    // What was copied may end right behind its last header.
    let parts = wire::read_head(head);
    let header = |name: &str| parts.header(name).and_then(|value| std::str::from_utf8(value).ok());
    let body = match header("content-length").and_then(|length| length.parse::<usize>().ok()) {
        _ if header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) => chunks(rest, is_all),
        Some(length) => announced(rest, length, is_all),
        None => Body::Other,
    };
    let (body, length) = match body {
        Body::NotYet => return Found::NotYet,
        Body::Is(body, length) => (body, length),
        Body::Other => {
            let Some(end) = next_message(rest, scanned, is_all) else { return Found::NotYet };
            (without_line_end(&rest[..end]).to_vec(), end)
        }
    };
    Found::Message { head: head.len(), body, length: head.len() + length }
}

fn ends_a_head(head: &[u8]) -> bool {
    head.ends_with(b"\n\r\n") || head.ends_with(b"\n\n")
}

/// How a body ends.
enum Body {
    /// More of the text is needed.
    NotYet,
    /// This is it, and takes so many bytes.
    Is(Vec<u8>, usize),
    /// It is not as it is announced: it goes on up to the next message.
    Other,
}

/// A body as long as it is announced, where the next message follows it, or nothing.
fn announced(text: &[u8], length: usize, is_all: bool) -> Body {
    if length > MAX_TEXT_BYTES || (is_all && text.len() < length) {
        return Body::Other;
    }
    let Some((body, behind)) = text.split_at_checked(length) else { return Body::NotYet };
    let behind = behind.trim_ascii_start();
    if !is_all && behind.len() < LOOK_AHEAD && !behind.contains(&b'\n') {
        return Body::NotYet;
    }
    if behind.is_empty() || begins_message(behind) { Body::Is(body.to_vec(), length) } else { Body::Other }
}

/// A body in chunks, where it is written so: what was copied from elsewhere has them undone, mostly.
fn chunks(text: &[u8], is_all: bool) -> Body {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let rest = &text[at..];
        let Some(end) = rest.iter().position(|&byte| byte == b'\n') else {
            let may_come = !is_all && rest.len() < LOOK_AHEAD;
            return if may_come { Body::NotYet } else { Body::Other };
        };
        let size = std::str::from_utf8(&rest[..end]).ok().and_then(|line| line.trim().split(';').next());
        let Some(size) = size.and_then(|size| usize::from_str_radix(size, 16).ok()).filter(|size| *size <= MAX_TEXT_BYTES) else {
            return Body::Other;
        };
        let data = end + 1;
        if size == 0 {
            let trailers = wire::split_head(&[b"x\n", &rest[data..]].concat()).0.len() - 2;
            return Body::Is(body, at + data + trailers);
        }
        let Some(chunk) = rest.get(data..data + size) else { return if is_all { Body::Other } else { Body::NotYet } };
        body.extend_from_slice(chunk);
        let behind = &rest[data + size..];
        let line_end = if behind.starts_with(b"\r\n") { 2 } else { usize::from(behind.starts_with(b"\n")) };
        if line_end == 0 {
            return if is_all || behind.len() > 1 { Body::Other } else { Body::NotYet };
        }
        at += data + size + line_end;
    }
}

/// Where the next message begins, or the end; `None` where more must be seen.
fn next_message(text: &[u8], scanned: &mut usize, is_all: bool) -> Option<usize> {
    let mut at = *scanned;
    for line in text[at..].split_inclusive(|&byte| byte == b'\n') {
        if !line.ends_with(b"\n") && !is_all {
            break;
        }
        if begins_message(line) {
            return Some(at);
        }
        at += line.len();
    }
    *scanned = at;
    is_all.then_some(text.len())
}

/// Without the line breaks that part a message from the next one.
fn without_line_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |last| last + 1);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read, a line for each: the line, the request line, the body, and the response.
    fn told(text: &str, step: usize) -> Vec<String> {
        let (mut messages, mut items) = (Messages::default(), Vec::new());
        text.as_bytes().chunks(step).for_each(|piece| messages.take(piece, 7, &mut items));
        messages.end(7, &mut items);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let told = |item: &Item| match item {
            Item::Complaint(complaint) => format!("{}: {}", complaint.line, complaint.reason),
            Item::Exchange(imported) => {
                let response = imported.response.as_ref().and_then(|responded| responded.response.as_ref());
                let response = response.map_or_else(String::new, |response| format!(" -> {} {:?}", response.status, text(&response.body)));
                let request = &imported.request;
                format!("{} {:?}{response}", request.head().target.unwrap_or_default(), text(&request.body))
            }
        };
        items.iter().map(told).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        for step in [1, 3, 64, text.len()] {
            assert_eq!(told(text, step), expected, "{text:?} in steps of {step}");
        }
    }

    #[test]
    fn requests_are_told_apart_however_their_bodies_end() {
        check("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\n{}\n", &["/a \"{}\\n\""]);
        check("POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}POST /b HTTP/1.1\r\n\r\n", &["/a \"{}\"", "/b \"\""]);
        let inner = "GET /no HTTP/1.1\n\n";
        check(
            &format!("POST /a HTTP/1.1\nContent-Length: {}\n\n{inner}\n\nGET /b HTTP/1.1\n", inner.len()),
            &[&format!("/a {inner:?}"), "/b \"\""],
        );
        check("POST /a HTTP/1.1\nHost: x\n\n{\"a\":\n1}\n\nPOST /b HTTP/1.1\n\nx\n", &["/a \"{\\\"a\\\":\\n1}\"", "/b \"x\""]);
        check("POST /a HTTP/1.1", &["/a \"\""]);
    }

    #[test]
    fn a_length_that_fits_no_more_is_not_believed() {
        // Its line breaks were two bytes each.
        check("POST /a HTTP/1.1\nContent-Length: 9\n\n{\n\"a\":1\n}\nPOST /b HTTP/1.1\n\n", &["/a \"{\\n\\\"a\\\":1\\n}\"", "/b \"\""]);
        check("POST /a HTTP/1.1\nContent-Length: 2\n\n{\"a\":1}\n", &["/a \"{\\\"a\\\":1}\""]);
        check("POST /a HTTP/1.1\nContent-Length: 99999999999999\n\n{}\n", &["/a \"{}\""]);
        check("POST /a HTTP/1.1\nContent-Length: -1\n\n{}", &["/a \"{}\""]);
    }

    #[test]
    fn chunks_are_undone_where_there_are_any() {
        let head = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        check(&format!("{head}2;x=1\r\n{{}}\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n"), &["/a \"{}\"", "/b \"\""]);
        check(&format!("{head}{{\"a\":1}}\nGET /b HTTP/1.1\n\n"), &["/a \"{\\\"a\\\":1}\"", "/b \"\""]);
        check(&format!("{head}ffffffffffffffff\r\nx"), &["/a \"ffffffffffffffff\\r\\nx\""]);
        check(&format!("{head}5\r\nab"), &["/a \"5\\r\\nab\""]);
    }

    #[test]
    fn a_response_belongs_to_the_request_before_it() {
        let response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        check(&format!("POST /a HTTP/1.1\r\n\r\n{response}\r\nPOST /b HTTP/1.1\r\n\r\n"), &["/a \"\" -> 200 \"{}\"", "/b \"\""]);
        check(
            &format!("the log says:\n{response}\nPOST /a HTTP/1.1\n\n"),
            &["2: a response stands here without the request before it; it was left out", "/a \"\""],
        );
    }

    #[test]
    fn when_it_was_signed_stands_for_when_it_came() {
        for (query, millis) in
            [("RequestTime=1669872112", 1_669_872_112_000), ("RequestTime=99999999999999", 7), ("RequestTime=x", 7), ("", 7)]
        {
            let (mut messages, mut items) = (Messages::default(), Vec::new());
            messages.take(format!("POST /?{query} HTTP/1.1\r\n\r\n").as_bytes(), 7, &mut items);
            messages.end(7, &mut items);
            let Some(Item::Exchange(imported)) = items.pop() else { panic!("bug: it is one") };
            assert_eq!(imported.request.received_at_millis, millis, "{query}");
        }
    }
}
