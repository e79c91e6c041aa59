//! The tap: records what crosses one connection beneath hyper.
//!
//! hyper hands out header names in lower case, without their order and repeats, cuts a target at `#`, and
//! refuses what it cannot parse before anybody sees it. The tap is a cursor over the bytes that hyper has read:
//! head, body (by count or by chunks), head again. It keeps heads, forgets body bytes and is bounded. What lies
//! at the cursor when hyper gives up is the refused request.
//!
//! On the way out it sees when the first byte of a response leaves, and when all of it has. An armed fault makes it
//! keep what hyper writes to itself, and hand the stream over to [`fault::play`] when hyper is done.
//!
//! A caller that ends its side may still be listening, so hyper learns of the end only when no response is owed any
//! more, or when a response waits for something: who ends its side while it waits has left.

use super::fault::{self, Armed};
use super::stream::Stream;
use crate::exchange::Outcome;
use crate::wire::MAX_HEAD_BYTES;
use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// How long a request head may take: from the start of the connection, or from its first byte on a used one.
pub const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// How long bytes that nobody wants are still read after the last response, so that closing with unread bytes
/// does not reset the connection before the caller has read that response.
const LINGER: Duration = Duration::from_secs(1);

/// How many headers hyper takes; the tap parses with the same parser and the same limit.
const MAX_HEADERS: usize = 100;

/// How much is kept of what hyper writes on its own.
const MAX_OWN_RESPONSE_BYTES: usize = 2048;

/// What is told when a response is out, or cannot be any more: what happened, and how many microseconds after
/// the request's last byte the response's first one went out.
pub type Told = Box<dyn FnOnce(Outcome, Option<i64>) + Send>;

/// What the tap knows of a connection, shared by the tap and the handler above hyper.
#[derive(Clone)]
pub struct Wire(Arc<Mutex<State>>);

struct State {
    cursor: Cursor,
    /// Heads that were read whole and that no handler has taken yet.
    heads: VecDeque<Vec<u8>>,
    last_read: Instant,
    /// Whether anything ever came.
    used: bool,
    sending: VecDeque<Sending>,
    /// What was written while no handler's response was on its way: hyper's own refusal.
    own_response: Vec<u8>,
    /// How many requests handlers have in hand whose responses are not out.
    in_hand: usize,
    /// Whether a response waits for a time or a decision.
    waits: bool,
    /// The caller has ended its side, and hyper was not told so far: whom to wake for that.
    hidden_end: Option<Waker>,
    armed: Option<Armed>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            cursor: Cursor::next_head(),
            heads: VecDeque::new(),
            last_read: Instant::now(),
            used: false,
            sending: VecDeque::new(),
            own_response: Vec::new(),
            in_hand: 0,
            waits: false,
            hidden_end: None,
            armed: None,
        }
    }
}

/// A response on its way.
struct Sending {
    request_end: Instant,
    first_byte_micros: Option<i64>,
    told: Told,
}

impl Sending {
    /// All of it was taken by the system.
    fn sent(self) {
        (self.told)(Outcome::Sent, self.first_byte_micros);
    }

    /// The caller was gone before that.
    fn left(self) {
        let after_millis = i64::try_from(self.request_end.elapsed().as_millis()).unwrap_or(i64::MAX);
        (self.told)(Outcome::CallerLeft { after_millis }, self.first_byte_micros);
    }
}

enum Cursor {
    Head(HeadBytes),
    Body {
        left: u64,
    },
    Chunked(Chunk),
    /// hyper will refuse what came: a head, if it ended, and whatever follows.
    Refused(Vec<u8>),
}

#[derive(Default)]
struct HeadBytes {
    bytes: Vec<u8>,
    /// Whether a line with something in it has begun: empty lines before a request are allowed.
    begun: bool,
    /// Whether the current line has nothing in it so far.
    line_is_empty: bool,
}

/// Where in a chunked body the cursor is.
enum Chunk {
    /// In a size's digits: so much so far.
    Size(u64),
    /// Behind the digits of this size, on their line.
    Extension(u64),
    /// In a chunk or the line break behind it: so much is left.
    Data(u64),
    /// Behind the last chunk.
    Trailer(Trailer),
}

struct Trailer {
    line_is_empty: bool,
    after_return: bool,
}

/// What is left on the wire when a connection ends: a request that hyper did not take.
pub struct Leftover {
    /// All that came of it, head and what followed.
    pub bytes: Vec<u8>,
    /// What hyper wrote about it, if it did.
    pub own_response: Vec<u8>,
    /// Whether its head was whole.
    pub whole: bool,
}

impl Wire {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The head of the request that hyper has just handed to a handler.
    pub fn take_head(&self) -> Option<Vec<u8>> {
        let mut state = self.state();
        state.in_hand += 1;
        state.heads.pop_front()
    }

    /// The response waits from now on: should the caller leave, hyper drops the handler. Returns whether it has left.
    pub fn waits(&self) -> bool {
        let mut state = self.state();
        state.waits = true;
        state.hidden_end.is_some()
    }

    /// Has the connection misbehave once hyper is done with it: the handler's response must say that it closes.
    pub fn arm(&self, armed: Armed) {
        self.state().armed = Some(armed);
    }

    /// When bytes last came.
    pub fn last_read(&self) -> Instant {
        self.state().last_read
    }

    /// A handler's response will be written next.
    pub fn sending(&self, request_end: Instant, told: Told) {
        let mut state = self.state();
        state.waits = false;
        state.own_response.clear();
        state.sending.push_back(Sending { request_end, first_byte_micros: None, told });
    }

    /// Whether nothing ever came.
    pub fn is_unused(&self) -> bool {
        !self.state().used
    }

    /// Ends the connection's story: tells every response that did not get out, and returns the requests that
    /// hyper left.
    pub fn end(&self) -> Vec<Leftover> {
        let (sending, leftovers) = {
            let mut state = self.state();
            (std::mem::take(&mut state.sending), state.leftovers())
        };
        for response in sending {
            response.left();
        }
        leftovers
    }
}

impl State {
    fn feed(&mut self, mut bytes: &[u8]) {
        self.last_read = Instant::now();
        self.used = true;
        while !bytes.is_empty() {
            let used = match &mut self.cursor {
                Cursor::Head(head) => match head.take(bytes) {
                    Ok(used) => used,
                    Err(used) => {
                        let whole = std::mem::take(&mut head.bytes);
                        self.head_ended(whole);
                        used
                    }
                },
                Cursor::Body { left } => {
                    let used = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    *left -= used as u64;
                    if *left == 0 {
                        self.cursor = Cursor::next_head();
                    }
                    used
                }
                Cursor::Chunked(chunk) => match chunk.take(bytes) {
                    Ok(used) => used,
                    Err(used) => {
                        self.cursor = Cursor::next_head();
                        used
                    }
                },
                Cursor::Refused(kept) => {
                    let room = MAX_HEAD_BYTES.saturating_sub(kept.len()).min(bytes.len());
                    kept.extend_from_slice(&bytes[..room]);
                    bytes.len()
                }
            };
            bytes = &bytes[used..];
        }
    }

    fn head_ended(&mut self, head: Vec<u8>) {
        self.cursor = match framing(&head) {
            Some(Framing::None) => Cursor::next_head(),
            Some(Framing::Length(left)) => Cursor::Body { left },
            Some(Framing::Chunked) => Cursor::Chunked(Chunk::Size(0)),
            None => {
                self.cursor = Cursor::Refused(head);
                return;
            }
        };
        self.heads.push_back(head);
    }

    fn wrote(&mut self, bytes: &[u8]) {
        match self.sending.front_mut() {
            Some(response) if response.first_byte_micros.is_none() => {
                response.first_byte_micros = i64::try_from(response.request_end.elapsed().as_micros()).ok();
            }
            Some(_) => {}
            None => {
                let room = MAX_OWN_RESPONSE_BYTES.saturating_sub(self.own_response.len()).min(bytes.len());
                self.own_response.extend_from_slice(&bytes[..room]);
            }
        }
    }

    /// hyper flushes after it has written all it holds.
    fn flushed(&mut self) -> Option<Sending> {
        let is_out = self.sending.front().is_some_and(|response| response.first_byte_micros.is_some());
        let out = is_out.then(|| self.sending.pop_front()).flatten();
        self.in_hand = self.in_hand.saturating_sub(usize::from(out.is_some()));
        out
    }

    /// Whether hyper is not to know of the end of the caller's side: a response is owed, and does not wait.
    fn hides_end(&self) -> bool {
        (self.in_hand > 0 || !self.heads.is_empty()) && !self.waits && !self.has_unread()
    }

    /// What hyper refused, and what came behind the last request that it took.
    fn leftovers(&mut self) -> Vec<Leftover> {
        let mut own_response = std::mem::take(&mut self.own_response);
        let rest = match std::mem::replace(&mut self.cursor, Cursor::Body { left: 0 }) {
            Cursor::Head(head) => Some((head.bytes, false)),
            Cursor::Refused(bytes) => Some((bytes, true)),
            Cursor::Body { .. } | Cursor::Chunked(_) => None,
        };
        let rest = rest.filter(|(bytes, _)| bytes.iter().any(|b| !b.is_ascii_whitespace()));
        let whole = self.heads.drain(..).map(|bytes| (bytes, true));
        // What hyper wrote on its own is about the first of them: it ends the connection then.
        let leftover = |(bytes, whole)| Leftover { bytes, own_response: std::mem::take(&mut own_response), whole };
        whole.chain(rest).map(leftover).collect()
    }

    /// Whether a head has begun and not ended.
    fn is_in_head(&self) -> bool {
        matches!(&self.cursor, Cursor::Head(head) if head.begun)
    }

    /// Whether the caller may still be sending something that nobody will read.
    fn has_unread(&self) -> bool {
        !matches!(&self.cursor, Cursor::Head(head) if !head.begun)
    }
}

impl Cursor {
    fn next_head() -> Self {
        Self::Head(HeadBytes::fresh())
    }
}

impl HeadBytes {
    fn fresh() -> Self {
        Self { bytes: Vec::new(), begun: false, line_is_empty: true }
    }

    /// Takes bytes up to the head's end: `Ok` when it goes on, `Err` when it ended, each with what was used.
    fn take(&mut self, bytes: &[u8]) -> Result<usize, usize> {
        let mut used = 0;
        while let Some(length) = bytes[used..].iter().position(|&b| b == b'\n') {
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
                let Some(length) = bytes.iter().position(|&b| b == b'\n') else { return Ok(bytes.len()) };
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
    if !parsed.parse(head).ok()?.is_complete() || parsed.path?.parse::<hyper::Uri>().is_err() {
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

/// A length has digits and nothing else; `parse` alone would take a sign too.
fn read_length(value: &[u8]) -> Option<u64> {
    value.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(value).ok()?.parse().ok())?
}

/// A connection with its tap.
pub struct Tap {
    /// `None` once a fault has taken it over.
    stream: Option<Stream>,
    playing: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    wire: Wire,
    head_limit: Pin<Box<Sleep>>,
    /// Whether the limit runs: on a new connection, and once a head has begun.
    head_is_due: bool,
    linger: Option<Pin<Box<Sleep>>>,
}

impl Tap {
    /// Puts a tap on a connection.
    pub fn new(stream: Stream) -> (Self, Wire) {
        let wire = Wire(Arc::default());
        let head_limit = Box::pin(tokio::time::sleep(HEAD_LIMIT));
        (Self { stream: Some(stream), playing: None, wire: wire.clone(), head_limit, head_is_due: true, linger: None }, wire)
    }

    fn is_armed(&self) -> bool {
        self.wire.state().armed.is_some() || self.stream.is_none()
    }

    /// Lets a fault have the stream, and waits until it is over.
    fn poll_fault(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.playing.is_none()
            && let (Some(armed), Some(stream)) = (self.wire.state().armed.take(), self.stream.take())
        {
            self.playing = Some(Box::pin(fault::play(stream, armed)));
        }
        self.playing.as_mut().map_or(Poll::Ready(()), |playing| playing.as_mut().poll(cx))
    }

    fn watch_head(&mut self, was_in_head: bool) {
        let is_in_head = self.wire.state().is_in_head();
        if is_in_head && !was_in_head && !self.head_is_due {
            self.head_limit.as_mut().reset(tokio::time::Instant::now() + HEAD_LIMIT);
        }
        self.head_is_due = is_in_head;
    }
}

impl AsyncRead for Tap {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let Some(stream) = &mut this.stream else { return Poll::Ready(Ok(())) };
        let before = buffer.filled().len();
        if let Poll::Ready(result) = Pin::new(stream).poll_read(cx, buffer) {
            // A reset is an end too: the request that came whole before it is to be taken whole.
            let is_end = result.is_err() || (buffer.filled().len() == before && buffer.remaining() > 0);
            let mut state = this.wire.state();
            if is_end && state.hides_end() {
                state.hidden_end = Some(cx.waker().clone());
                return Poll::Pending;
            }
            drop(state);
            if buffer.filled().len() > before {
                let was_in_head = {
                    let mut state = this.wire.state();
                    let was_in_head = state.is_in_head();
                    state.feed(&buffer.filled()[before..]);
                    was_in_head
                };
                this.watch_head(was_in_head);
            }
            return Poll::Ready(result);
        }
        if this.head_is_due && this.head_limit.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl AsyncWrite for Tap {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let is_armed = self.is_armed();
        let Some(stream) = self.stream.as_mut().filter(|_| !is_armed) else { return Poll::Ready(Ok(bytes.len())) };
        let written = ready!(Pin::new(stream).poll_write(cx, bytes))?;
        self.wire.state().wrote(&bytes[..written]);
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let is_armed = self.is_armed();
        let Some(stream) = self.stream.as_mut().filter(|_| !is_armed) else {
            return Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()));
        };
        let written = ready!(Pin::new(stream).poll_write_vectored(cx, slices))?;
        let first = slices.iter().find(|slice| !slice.is_empty()).map_or(&[][..], |slice| &slice[..written.min(slice.len())]);
        self.wire.state().wrote(first);
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(Stream::is_write_vectored)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(Ok(())) };
        ready!(Pin::new(&mut *stream).poll_flush(cx))?;
        // Writing to a caller that has closed succeeds once, and is answered by a reset. On this machine that has
        // come back by now; one that comes over a network comes too late to tell.
        let is_gone = |stream: &Stream| matches!(stream.take_error(), Ok(Some(_)));
        let (out, hidden_end) = {
            let mut state = self.wire.state();
            let out = state.flushed();
            let hidden_end = if out.is_some() { state.hidden_end.take() } else { None };
            (out, hidden_end)
        };
        if let (Some(sending), Some(stream)) = (out, &self.stream) {
            if is_gone(stream) { sending.left() } else { sending.sent() }
        }
        if let Some(waker) = hidden_end {
            waker.wake();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.is_armed() {
            return this.poll_fault(cx).map(Ok);
        }
        let Some(stream) = &mut this.stream else { return Poll::Ready(Ok(())) };
        if this.linger.is_none() {
            ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
            if !this.wire.state().has_unread() {
                return Poll::Ready(Ok(()));
            }
        }
        let linger = this.linger.get_or_insert_with(|| Box::pin(tokio::time::sleep(LINGER)));
        let mut scratch = [0; 16 * 1024];
        loop {
            if linger.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(&mut *stream).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                Ok(()) | Err(_) => return Poll::Ready(Ok(())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds bytes whole, then one by one: the heads found and the leftover must be the same.
    fn check(bytes: &[u8], heads: &[&str], leftover: &str) {
        let mut whole = State::default();
        whole.feed(bytes);
        let mut single = State::default();
        for byte in bytes {
            single.feed(&[*byte]);
        }
        for mut state in [whole, single] {
            let found: Vec<_> = state.heads.drain(..).map(|head| String::from_utf8_lossy(&head).into_owned()).collect();
            assert_eq!(found, heads);
            let left = state.leftovers().pop().map(|left| String::from_utf8_lossy(&left.bytes).into_owned());
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
    fn a_head_is_bounded() {
        let mut state = State::default();
        state.feed(b"GET /");
        for _ in 0..100 {
            state.feed(&[b'a'; 4096]);
        }
        assert_eq!(state.leftovers().pop().map(|left| left.bytes.len()), Some(MAX_HEAD_BYTES));
    }
}
