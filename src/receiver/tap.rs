//! The tap: records what crosses one connection beneath hyper.
//!
//! hyper hands out header names in lower case, without their order and repeats, cuts a target at `#`, and
//! refuses what it cannot parse before anybody sees it. The tap has a [`Cursor`] over the bytes that hyper has read,
//! which keeps heads. What lies at the cursor when hyper gives up is the refused request.
//!
//! On the way out it sees when the first byte of a response leaves, and when all of it has. An armed fault makes it
//! keep what hyper writes to itself, and hand the stream over to [`fault::play`] when hyper is done.
//!
//! A caller that ends its side may still be listening, so hyper learns of the end only when no response is owed any
//! more, or when a response waits for something: who ends its side while it waits has left.

use super::cursor::Cursor;
use super::fault::{self, Armed, Told};
use super::stream::Stream;
use crate::exchange::Outcome;
use std::collections::VecDeque;
use std::future::Future;
use std::io;
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

/// How much is kept of what hyper writes on its own.
const MAX_OWN_RESPONSE_BYTES: usize = 2048;

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
            cursor: Cursor::default(),
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
        (self.told)(fault::left_since(self.request_end), self.first_byte_micros);
    }
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
    fn read(&mut self, bytes: &[u8]) {
        self.last_read = Instant::now();
        self.used = true;
        self.cursor.feed(bytes, &mut self.heads);
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
        (self.in_hand > 0 || !self.heads.is_empty()) && !self.waits && self.cursor.is_between()
    }

    /// What hyper refused, and what came behind the last request that it took.
    fn leftovers(&mut self) -> Vec<Leftover> {
        let mut own_response = std::mem::take(&mut self.own_response);
        let rest = std::mem::take(&mut self.cursor).rest();
        let whole = self.heads.drain(..).map(|bytes| (bytes, true));
        // What hyper wrote on its own is about the first of them: it ends the connection then.
        let leftover = |(bytes, whole)| Leftover { bytes, own_response: std::mem::take(&mut own_response), whole };
        whole.chain(rest).map(leftover).collect()
    }
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

    fn watch_head(&mut self, was_in_head: bool, is_in_head: bool) {
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
            if buffer.filled().len() > before {
                let was_in_head = state.cursor.is_in_head();
                state.read(&buffer.filled()[before..]);
                let is_in_head = state.cursor.is_in_head();
                drop(state);
                this.watch_head(was_in_head, is_in_head);
            }
            return Poll::Ready(result);
        }
        if this.head_is_due && this.head_limit.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

/// One buffer at a time: hyper then puts head and body of a response into one, which costs less than to have the system take two.
impl AsyncWrite for Tap {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let is_armed = self.is_armed();
        let Some(stream) = self.stream.as_mut().filter(|_| !is_armed) else { return Poll::Ready(Ok(bytes.len())) };
        let written = ready!(Pin::new(stream).poll_write(cx, bytes))?;
        self.wire.state().wrote(&bytes[..written]);
        Poll::Ready(Ok(written))
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
            if this.wire.state().cursor.is_between() {
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
