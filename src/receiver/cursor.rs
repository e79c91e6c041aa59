//! The cursor: where in the bytes of one connection hyper is: head, body (by count or by chunks), head again.
//!
//! It keeps heads, forgets body bytes, and is bounded. It knows neither a socket nor the time.

use crate::wire::MAX_HEAD_BYTES;
use std::collections::VecDeque;

/// How many headers hyper takes; the tap parses with the same parser and the same limit.
const MAX_HEADERS: usize = 100;

/// Where in the bytes it is.
pub enum Cursor {
    /// In a head, or before it.
    Head(HeadBytes),
    /// In a body of which so many bytes are left.
    Body {
        /// How many.
        left: u64,
    },
    /// In a chunked body.
    Chunked(Chunk),
    /// hyper will refuse what came: a head, if it ended, and whatever follows.
    Refused(Vec<u8>),
}

/// A head as far as it came.
#[derive(Default)]
pub struct HeadBytes {
    bytes: Vec<u8>,
    /// Whether a line with something in it has begun: empty lines before a request are allowed.
    begun: bool,
    /// Whether the current line has nothing in it so far.
    line_is_empty: bool,
}

/// Where in a chunked body the cursor is.
pub enum Chunk {
    /// In a size's digits: so much so far.
    Size(u64),
    /// Behind the digits of this size, on their line.
    Extension(u64),
    /// In a chunk or the line break behind it: so much is left.
    Data(u64),
    /// Behind the last chunk.
    Trailer(Trailer),
}

/// The lines behind the last chunk.
pub struct Trailer {
    line_is_empty: bool,
    after_return: bool,
}

impl Default for Cursor {
    /// Before the first head.
    fn default() -> Self {
        Self::Head(HeadBytes::fresh())
    }
}

impl Cursor {
    /// Goes on over these bytes; heads that end in them are added to `heads`.
    pub fn feed(&mut self, mut bytes: &[u8], heads: &mut VecDeque<Vec<u8>>) {
        while !bytes.is_empty() {
            let used = match self {
                Self::Head(head) => match head.take(bytes) {
                    Ok(used) => used,
                    Err(used) => {
                        let whole = std::mem::take(&mut head.bytes);
                        self.head_ended(whole, heads);
                        used
                    }
                },
                Self::Body { left } => {
                    let used = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    *left -= used as u64;
                    if *left == 0 {
                        *self = Self::default();
                    }
                    used
                }
                Self::Chunked(chunk) => match chunk.take(bytes) {
                    Ok(used) => used,
                    Err(used) => {
                        *self = Self::default();
                        used
                    }
                },
                Self::Refused(kept) => {
                    let room = MAX_HEAD_BYTES.saturating_sub(kept.len()).min(bytes.len());
                    kept.extend_from_slice(&bytes[..room]);
                    bytes.len()
                }
            };
            bytes = &bytes[used..];
        }
    }

    fn head_ended(&mut self, head: Vec<u8>, heads: &mut VecDeque<Vec<u8>>) {
        *self = match framing(&head) {
            Some(Framing::None) => Self::default(),
            Some(Framing::Length(left)) => Self::Body { left },
            Some(Framing::Chunked) => Self::Chunked(Chunk::Size(0)),
            None => {
                *self = Self::Refused(head);
                return;
            }
        };
        heads.push_back(head);
    }

    /// What lies at it that is no request which hyper took, and whether its head was whole.
    pub fn rest(self) -> Option<(Vec<u8>, bool)> {
        let rest = match self {
            Self::Head(head) => (head.bytes, false),
            Self::Refused(bytes) => (bytes, true),
            Self::Body { .. } | Self::Chunked(_) => return None,
        };
        Some(rest).filter(|(bytes, _)| bytes.iter().any(|b| !b.is_ascii_whitespace()))
    }

    /// Whether a head has begun and not ended.
    pub fn is_in_head(&self) -> bool {
        matches!(self, Self::Head(head) if head.begun)
    }

    /// Whether it is between two requests: the caller is not sending anything that nobody will read.
    pub fn is_between(&self) -> bool {
        matches!(self, Self::Head(head) if !head.begun)
    }
}

impl HeadBytes {
    fn fresh() -> Self {
        Self { bytes: Vec::new(), begun: false, line_is_empty: true }
    }

    /// Takes bytes up to the head's end: `Ok` when it goes on, `Err` when it ended, each with what was used.
    fn take(&mut self, bytes: &[u8]) -> Result<usize, usize> {
        let mut used = 0;
        while let Some(length) = memchr::memchr(b'\n', &bytes[used..]) {
            let line = &bytes[used..used + length];
            self.line_is_empty &= line.iter().all(|&b| b == b'\r');
            used += length + 1;
            if self.begun && self.line_is_empty {
                self.keep(&bytes[..used]);
                return Err(used);
            }
            self.begun |= !self.line_is_empty;
            self.line_is_empty = true;
        }
        self.line_is_empty &= bytes[used..].iter().all(|&b| b == b'\r');
        self.begun |= !self.line_is_empty;
        self.keep(bytes);
        Ok(bytes.len())
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = MAX_HEAD_BYTES.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
    }
}

impl Chunk {
    /// Takes bytes up to the body's end: `Ok` when it goes on, `Err` when it ended, each with what was used.
    fn take(&mut self, bytes: &[u8]) -> Result<usize, usize> {
        match self {
            Self::Data(left) => {
                let used = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= used as u64;
                if *left == 0 {
                    *self = Self::Size(0);
                }
                Ok(used)
            }
            Self::Size(size) => {
                let digits = bytes.iter().map_while(|&b| char::from(b).to_digit(16));
                let used = digits.map(|digit| *size = size.saturating_mul(16).saturating_add(u64::from(digit))).count();
                if used < bytes.len() {
                    *self = Self::Extension(*size);
                }
                Ok(used)
            }
            Self::Extension(size) => {
                let Some(length) = memchr::memchr(b'\n', bytes) else { return Ok(bytes.len()) };
                *self = match *size {
                    0 => Self::Trailer(Trailer { line_is_empty: true, after_return: false }),
                    size => Self::Data(size.saturating_add(2)),
                };
                Ok(length + 1)
            }
            Self::Trailer(trailer) => trailer.take(bytes),
        }
    }
}

impl Trailer {
    /// As [`Chunk::take`]. For hyper a line ends with carriage return and line feed: a line feed alone is part of it.
    fn take(&mut self, bytes: &[u8]) -> Result<usize, usize> {
        let Self { line_is_empty, after_return } = self;
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' if *after_return && *line_is_empty => return Err(at + 1),
                b'\n' if *after_return => *line_is_empty = true,
                b'\r' => {}
                _ => *line_is_empty = false,
            }
            *after_return = byte == b'\r';
        }
        Ok(bytes.len())
    }
}

/// How a body is delimited.
#[derive(Debug, PartialEq, Eq)]
enum Framing {
    None,
    Length(u64),
    Chunked,
}

/// How the body after a head is delimited; `None` when hyper will not take the head. It must decide as hyper does:
/// otherwise the tap would take a body for a head. Source: hyper, `proto/h1/role.rs`, `Server::parse`.
fn framing(head: &[u8]) -> Option<Framing> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    // A head that is longer than what is kept of it is not whole, and is too long for hyper as well.
    if !parsed.parse(head).ok()?.is_complete() || !is_uri(parsed.path?) {
        return None;
    }
    let (mut length, mut is_chunked) = (None, None);
    for header in parsed.headers.iter() {
        if header.name.eq_ignore_ascii_case("transfer-encoding") {
            let last_coding = header.value.rsplit(|&b| b == b',').next()?;
            is_chunked = Some(parsed.version == Some(1) && last_coding.trim_ascii().eq_ignore_ascii_case(b"chunked"));
        } else if header.name.eq_ignore_ascii_case("content-length") && is_chunked.is_none() {
            let announced = read_length(header.value)?;
            if length.is_some_and(|length| length != announced) {
                return None;
            }
            length = Some(announced);
        }
    }
    match (is_chunked, length) {
        (Some(true), _) => Some(Framing::Chunked),
        (Some(false), _) => None,
        (None, None | Some(0)) => Some(Framing::None),
        (None, Some(length)) => Some(Framing::Length(length)),
    }
}

/// Whether hyper takes a target: it reads any, and most are plain enough to see that without.
fn is_uri(target: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/?&=.-_~%".contains(&byte);
    let is_short = target.len() < usize::from(u16::MAX);
    (is_short && target.starts_with('/') && target.bytes().all(is_plain)) || target.parse::<hyper::Uri>().is_ok()
}

/// A length has digits and nothing else; `parse` alone would take a sign too.
fn read_length(value: &[u8]) -> Option<u64> {
    value.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(value).ok()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds bytes whole, then one by one: the heads found and the leftover must be the same.
    fn check(bytes: &[u8], heads: &[&str], leftover: &str) {
        let one_by_one: Vec<&[u8]> = bytes.chunks(1).collect();
        for pieces in [vec![bytes], one_by_one] {
            let (mut cursor, mut found) = (Cursor::default(), VecDeque::new());
            for piece in pieces {
                cursor.feed(piece, &mut found);
            }
            assert_eq!(found.iter().map(|head| String::from_utf8_lossy(head)).collect::<Vec<_>>(), heads);
            let left = cursor.rest().map(|(bytes, _)| String::from_utf8_lossy(&bytes).into_owned());
            assert_eq!(left.unwrap_or_default(), leftover);
        }
    }

    #[test]
    fn heads_are_found_between_bodies() {
        check(
            b"POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\n\r\nGET /c HT",
            &["POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\n", "GET /b HTTP/1.1\r\n\r\n"],
            "GET /c HT",
        );
    }

    #[test]
    fn chunks_are_counted_whatever_stands_in_them() {
        check(
            b"POST / HTTP/1.1\r\ntransfer-encoding: gzip, Chunked\r\n\r\n5;x=1\r\n\r\n\r\nz\r\n1\r\n!\r\n0\r\nTrailer: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            &["POST / HTTP/1.1\r\ntransfer-encoding: gzip, Chunked\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"],
            "",
        );
    }

    #[test]
    fn empty_lines_before_and_bare_line_feeds_are_kept() {
        check(b"\r\n\nGET / HTTP/1.1\nA: b\n\nGET /2 HTTP/1.1\r\n\r\n", &["\r\n\nGET / HTTP/1.1\nA: b\n\n", "GET /2 HTTP/1.1\r\n\r\n"], "");
        check(b"\r\n\r\n", &[], "");
    }

    #[test]
    fn what_hyper_will_refuse_is_left_over_with_what_follows() {
        check(b"GET  / HTTP/1.1\r\nHost: x\r\n\r\nbody", &[], "GET  / HTTP/1.1\r\nHost: x\r\n\r\nbody");
        check(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &[], "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        check(b"\x16\x03\x01\x02", &[], "\x16\x03\x01\x02");
    }

    #[test]
    fn a_target_is_one_for_us_where_it_is_one_for_hyper() {
        let of_bytes = (0..=127u8).map(|byte| format!("/a{}b?c={0}", char::from(byte)));
        let of_lengths = (65_530..65_540).map(|length| "/".repeat(length));
        for target in of_bytes.chain(of_lengths).chain(["*", "host:80", "http://host/", "", "a b", "//", "/红"].map(str::to_owned)) {
            assert_eq!(is_uri(&target), target.parse::<hyper::Uri>().is_ok(), "{target:.20} of {}", target.len());
        }
    }

    #[test]
    fn a_head_is_bounded() {
        let (mut cursor, mut heads) = (Cursor::default(), VecDeque::new());
        cursor.feed(b"GET /", &mut heads);
        for _ in 0..100 {
            cursor.feed(&[b'a'; 4096], &mut heads);
        }
        assert_eq!(cursor.rest().map(|(bytes, _)| bytes.len()), Some(MAX_HEAD_BYTES));
    }
}
