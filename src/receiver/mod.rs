//! The receiver: takes every request, records it, responds.
//!
//! One task a connection: hyper parses, axum's Router routes (everything to `handle`), the tap beneath
//! records the bytes. A request is turned into ours once, at the door, and is plain data from there on.

mod recent;
mod skew;
mod tap;
pub mod tls;

use crate::exchange::{self, Outcome, Responded};
use crate::inspect;
use crate::protocol::verdict::{Replay, Signature, Timestamp, Verdicts};
use crate::protocol::{self, Kept};
use crate::settings::Snapshot;
use crate::store::{Arrival, Committed, Index, Writer};
use crate::wire::{self, BodyEnd, Request, Response};
use axum::body::{Body, HttpBody as _};
use axum::extract::State;
use axum::{Extension, Router};
use http_body_util::BodyExt as _;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
pub use recent::Recent;
pub use skew::Skew;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tap::{Leftover, Tap, Wire};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the next bytes of a body may take.
const BODY_PAUSE: Duration = Duration::from_secs(30);

/// How long a response waits for the disk. A slower one responds all the same: the sender's limit is 2 s.
const COMMIT_WAIT: Duration = Duration::from_secs(1);

/// How long connections have to end once the receiver is told to stop.
pub const STOP_WAIT: Duration = Duration::from_secs(1);

/// What can go wrong with listening.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is taken.
    #[error("port {} is taken by another program: {address}", .address.port())]
    Taken {
        /// Where it should have listened.
        address: SocketAddr,
    },
    /// The system said no for another reason.
    #[error("could not listen: {source}: {address}")]
    Listen {
        /// What the system said.
        source: std::io::Error,
        /// Where it should have listened.
        address: SocketAddr,
    },
}

/// Opens the listening socket.
///
/// # Errors
/// When the port is taken or the system refuses.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    let is_taken = |source: &std::io::Error| source.kind() == std::io::ErrorKind::AddrInUse;
    TcpListener::bind(address)
        .await
        .map_err(|source| if is_taken(&source) { Error::Taken { address } } else { Error::Listen { source, address } })
}

/// What every request needs.
pub struct Receiver {
    /// The history.
    pub writer: Writer,
    /// Apps, response and limits as they are now.
    pub settings: watch::Receiver<Snapshot>,
    /// Which signatures came lately.
    pub recent: Mutex<Recent>,
    /// How far the clocks are apart.
    pub skew: Arc<Mutex<Skew>>,
    /// Milliseconds since the Unix epoch, now.
    pub clock: fn() -> i64,
}

/// One connection, as its requests see it.
#[derive(Clone)]
struct Connection {
    peer: Arc<str>,
    wire: Wire,
}

/// Serves connections until told to stop, then gives them a moment to end.
pub async fn serve(listener: TcpListener, receiver: Arc<Receiver>, stop: CancellationToken) {
    let router = Router::new().fallback(handle).with_state(receiver.clone());
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(serve_connection(stream, peer, router.clone(), receiver.clone(), stop.clone()));
            }
            // Out of file descriptors, or the caller was gone at once: the next one may do better.
            Err(error) => {
                tracing::warn!("a connection could not be accepted: {error}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(STOP_WAIT, connections.wait()).await.is_err() {
        tracing::warn!("{} connections were cut off at the end", connections.len());
    }
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, router: Router, receiver: Arc<Receiver>, stop: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("a connection keeps its delay: {error}");
    }
    let (tap, wire) = Tap::new(stream);
    let connection = Connection { peer: peer.to_string().into(), wire };
    let ended = speak(tap, connection.clone(), router, stop).await;
    for leftover in connection.wire.end() {
        receiver.record_refused(&connection, leftover, ended.as_ref().err());
    }
}

/// Lets hyper speak HTTP/1 on a connection until it ends.
async fn speak(tap: Tap, connection: Connection, router: Router, stop: CancellationToken) -> hyper::Result<()> {
    let service = TowerToHyperService::new(router);
    let with_connection = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(connection.clone());
        service.call(request)
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    // A caller that has finished sending may still be listening. The tap watches how long a head takes.
    http.half_close(true).header_read_timeout(None).title_case_headers(true).max_header_size(wire::MAX_HEAD_BYTES);
    let mut serving = std::pin::pin!(http.serve_connection(TokioIo::new(tap), with_connection));
    tokio::select! {
        ended = serving.as_mut() => ended,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    }
}

/// Every request, whatever its method and path.
async fn handle(
    State(receiver): State<Arc<Receiver>>,
    Extension(connection): Extension<Connection>,
    request: axum::extract::Request,
) -> axum::response::Response {
    let settings = receiver.settings.borrow().clone();
    let request = Capture::new(&receiver, &connection).read(request.into_body(), settings.body_limit_bytes).await;
    let request_end = connection.wire.last_read();
    let (response, rule) = match refusal(&request, settings.body_limit_bytes) {
        Some(response) => (response, exchange::REFUSAL),
        None => (inspect::decide(&settings.preset), exchange::DEFAULT_RULE),
    };
    let response = as_it_goes_out(response, request.head().method);
    let reply = receiver.record(request, Responded::decided(response.clone(), rule), request_end).await;
    connection.wire.sending(request_end, reply.told());
    into_axum(response)
}

impl Receiver {
    /// Reads and judges a request against what is known now.
    fn arrival(&self, request: Request, response: Option<Responded>) -> Arrival {
        let callback = protocol::parse(&request);
        let replay_key = protocol::replay_key(&request, &callback);
        let replay = match replay_key {
            Some(key) => self.recent.lock().unwrap_or_else(PoisonError::into_inner).note(key, request.received_at_millis),
            None => Replay::First,
        };
        let apps = self.settings.borrow().apps.clone();
        let inspection = inspect::judge_early(&request, callback, &apps, &Kept { replay, ..Kept::default() });
        self.note_skew(&inspection.verdicts);
        let index = Index::of(&inspection, &apps);
        Arrival { request, response, replay, replay_key, index }
    }

    fn note_skew(&self, verdicts: &Verdicts) {
        let (Timestamp::Fresh { age_secs } | Timestamp::Stale { age_secs } | Timestamp::Future { age_secs }) = verdicts.timestamp else {
            return;
        };
        if matches!(verdicts.signature, Signature::Valid { .. }) && verdicts.replay == Replay::First {
            self.skew.lock().unwrap_or_else(PoisonError::into_inner).note(age_secs);
        }
    }

    /// One write, then the first byte: waits until the exchange is committed, or for a second where the disk is slow.
    async fn record(&self, request: Request, responded: Responded, request_end: Instant) -> Reply {
        let committed = self.writer.record(self.arrival(request, Some(responded.clone())));
        let mut reply = Reply { writer: self.writer.clone(), state: ReplyState::Waiting(committed), responded, request_end };
        reply.wait().await;
        reply
    }

    /// Records what hyper did not take: nobody but the tap has seen it.
    fn record_refused(&self, connection: &Connection, leftover: Leftover, error: Option<&hyper::Error>) {
        let Leftover { bytes, own_response, whole } = leftover;
        let reason = refused_because(&bytes, whole, error);
        let (head, body) = split_head(bytes);
        let body_end = if whole { BodyEnd::Complete } else { BodyEnd::CutOff };
        let request =
            Request { received_at_millis: (self.clock)(), peer: connection.peer.to_string(), head, body, body_end, refused: Some(reason) };
        let outcome = if own_response.is_empty() { Outcome::CallerLeft { after_millis: 0 } } else { Outcome::Sent };
        let responded = Responded {
            response: wire::read_response(&own_response),
            rule: exchange::REFUSAL.to_owned(),
            fault: None,
            responded_after_micros: None,
            outcome: Some(outcome),
        };
        // Nobody waits for this commit: the connection is over.
        drop(self.writer.record(self.arrival(request, Some(responded))));
    }
}

/// A request on its way in. hyper drops the handler of a caller that is gone: what came until then is recorded.
struct Capture<'a> {
    receiver: &'a Receiver,
    request: Option<Request>,
}

impl<'a> Capture<'a> {
    fn new(receiver: &'a Receiver, connection: &Connection) -> Self {
        let request = Request {
            received_at_millis: (receiver.clock)(),
            peer: connection.peer.to_string(),
            head: connection.wire.take_head().unwrap_or_default(),
            body: Vec::new(),
            body_end: BodyEnd::CutOff,
            refused: None,
        };
        Self { receiver, request: Some(request) }
    }

    /// Reads the body up to `limit` bytes.
    async fn read(mut self, body: Body, limit: usize) -> Request {
        let request = self.request.as_mut().expect("bug: it is taken only here and at the end");
        request.body_end = read_body(body, limit, &mut request.body).await;
        request.received_at_millis = (self.receiver.clock)();
        self.request.take().expect("bug: it was there a line above")
    }
}

impl Drop for Capture<'_> {
    fn drop(&mut self) {
        if let Some(mut request) = self.request.take() {
            request.received_at_millis = (self.receiver.clock)();
            let left = Responded { outcome: Some(Outcome::CallerLeft { after_millis: 0 }), ..Responded::none(exchange::REFUSAL) };
            drop(self.receiver.writer.record(self.receiver.arrival(request, Some(left))));
        }
    }
}

/// Reads a body frame by frame; what came stays in `kept` whatever happens.
async fn read_body(mut body: Body, limit: usize, kept: &mut Vec<u8>) -> BodyEnd {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        return BodyEnd::TooLarge;
    }
    kept.reserve_exact(announced.min(64 * 1024));
    loop {
        let Ok(frame) = tokio::time::timeout(BODY_PAUSE, body.frame()).await else { return BodyEnd::CutOff };
        let frame = match frame {
            None => return BodyEnd::Complete,
            Some(Ok(frame)) => frame,
            Some(Err(_broken_off)) => return BodyEnd::CutOff,
        };
        // Trailers are no part of the body.
        let Some(data) = frame.data_ref() else { continue };
        let room = limit - kept.len();
        kept.extend_from_slice(&data[..room.min(data.len())]);
        if data.len() > room {
            return BodyEnd::TooLarge;
        }
    }
}

/// What a request gets that could not be taken whole.
fn refusal(request: &Request, limit: usize) -> Option<Response> {
    let (status, text) = match request.body_end {
        BodyEnd::Complete => return None,
        BodyEnd::TooLarge => (413, format!("Hookglass takes bodies of up to {limit} bytes\n")),
        BodyEnd::CutOff => (408, "The body did not arrive whole\n".to_owned()),
    };
    let headers = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    Some(Response { status, headers, body: text.into_bytes() })
}

/// Adds the length that hyper would add and leaves out the body that it would not send, so that the record shows
/// what goes out. Where HTTP knows no body, a length is wrong too. Source: RFC 9110, sections 8.6 and 9.3.6.
fn as_it_goes_out(mut response: Response, method: Option<&str>) -> Response {
    let is_tunnel = method == Some("CONNECT") && (200..300).contains(&response.status);
    if is_tunnel || matches!(response.status, 204 | 304) {
        response.body.clear();
        return response;
    }
    response.headers.push(("Content-Length".to_owned(), response.body.len().to_string()));
    if method == Some("HEAD") {
        response.body.clear();
    }
    response
}

fn into_axum(response: Response) -> axum::response::Response {
    let mut builder = axum::response::Response::builder().status(response.status);
    for (name, value) in response.headers {
        builder = builder.header(name, value);
    }
    builder.body(Body::from(response.body)).expect("bug: presets have valid statuses and headers")
}

/// A recorded response on its way out. Dropped before it is told, it says that the caller left.
struct Reply {
    writer: Writer,
    state: ReplyState,
    responded: Responded,
    request_end: Instant,
}

enum ReplyState {
    Waiting(oneshot::Receiver<Committed>),
    Known(i64),
    Told,
}

impl Reply {
    async fn wait(&mut self) {
        let ReplyState::Waiting(committed) = &mut self.state else { return };
        if let Ok(Ok(committed)) = tokio::time::timeout(COMMIT_WAIT, committed).await {
            self.state = ReplyState::Known(committed.id);
        }
    }

    fn told(mut self) -> tap::Told {
        Box::new(move |outcome, micros| self.tell(outcome, micros))
    }

    fn tell(&mut self, outcome: Outcome, micros: Option<i64>) {
        let responded = Responded { outcome: Some(outcome), responded_after_micros: micros, ..self.responded.clone() };
        match std::mem::replace(&mut self.state, ReplyState::Told) {
            ReplyState::Known(id) => self.writer.complete(id, responded),
            ReplyState::Waiting(committed) => complete_later(self.writer.clone(), committed, responded),
            ReplyState::Told => {}
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if !matches!(self.state, ReplyState::Told) {
            let after_millis = i64::try_from(self.request_end.elapsed().as_millis()).unwrap_or(i64::MAX);
            self.tell(Outcome::CallerLeft { after_millis }, None);
        }
    }
}

/// Completes an exchange whose number is not known yet.
fn complete_later(writer: Writer, committed: oneshot::Receiver<Committed>, responded: Responded) {
    // At the program's end connections are dropped without a runtime around them; then nobody waits.
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    runtime.spawn(async move {
        if let Ok(committed) = committed.await {
            writer.complete(committed.id, responded);
        }
    });
}

/// Why hyper did not take a request, in words.
fn refused_because(bytes: &[u8], whole: bool, error: Option<&hyper::Error>) -> String {
    if bytes.starts_with(&[0x16, 0x03]) {
        return "a TLS hello on the plain port; call it with http://".to_owned();
    }
    if bytes.starts_with(b"PRI * HTTP/2") {
        return "an HTTP/2 preface; only HTTP/1.0 and 1.1 are spoken here".to_owned();
    }
    let timed_out = error.and_then(std::error::Error::source).and_then(|source| source.downcast_ref::<std::io::Error>());
    if timed_out.is_some_and(|source| source.kind() == std::io::ErrorKind::TimedOut) {
        return format!("the head did not arrive whole within {} s", tap::HEAD_LIMIT.as_secs());
    }
    match error {
        Some(error) if whole || error.is_parse() => format!("no HTTP request: {error}"),
        _ if whole => "no response went out before the connection ended".to_owned(),
        _ => "the caller left in the middle of the head".to_owned(),
    }
}

/// Head up to the empty line, and what follows it.
fn split_head(mut bytes: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let end = bytes.windows(4).position(|end| end == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    let body = bytes.split_off(end);
    (bytes, body)
}
