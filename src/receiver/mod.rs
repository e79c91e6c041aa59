//! The receiver: takes every request, records it, responds.
//!
//! One task a connection: hyper parses, axum calls `handle` with everything, the tap beneath records the bytes. A request
//! is turned into ours once, at the door, and is plain data from there on.

mod capture;
mod cursor;
mod fault;
mod held;
mod patience;
mod recent;
mod record;
mod refused;
mod skew;
mod stream;
mod tap;
pub mod tls;
mod turn;

use crate::exchange;
use crate::inspect::{self, Counted};
use crate::rules::bar::Bar;
use crate::rules::preset::{Preset, TlsFault};
use crate::rules::{Decision, Plan};
use crate::settings::Snapshot;
use crate::store::Writer;
use crate::wire::{self, Transport};
use axum::body::Body;
use axum::extract::State;
use axum::handler::Handler as _;
pub use held::Held;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use patience::Patience;
pub use recent::Recent;
use record::Judged;
pub use record::Readings;
pub use skew::Skew;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use stream::Stream;
use tap::{Tap, Wire};
use tls::Tls;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use turn::Turn;

/// How long connections have to end once the receiver is told to stop.
pub const STOP_WAIT: Duration = Duration::from_secs(1);

/// From this length on, in bytes, judging a body takes a millisecond and more: other requests do not wait for that.
const LARGE_BODY: usize = 256 * 1024;

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
    /// Apps, rules, response bar and limits as they are now.
    pub settings: watch::Receiver<Arc<Snapshot>>,
    /// Which signatures came lately.
    pub recent: Mutex<Recent>,
    /// How far the clocks are apart.
    pub skew: Arc<Mutex<Skew>>,
    /// What was counted for deciding.
    pub counted: Arc<Mutex<Counted>>,
    /// The last response, as its sender reads it.
    pub readings: Readings,
    /// The requests that wait for the developer.
    pub held: Arc<Held>,
    /// Milliseconds since the Unix epoch, now.
    pub clock: fn() -> i64,
}

/// Who receives at this moment: a history that is opened has a receiver of its own.
pub struct Receivers(RwLock<Arc<Receiver>>);

impl Receivers {
    /// This one does.
    pub fn new(receiver: Arc<Receiver>) -> Self {
        Self(RwLock::new(receiver))
    }

    /// From now on this one does.
    pub fn set(&self, receiver: Arc<Receiver>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = receiver;
    }

    /// Who does.
    fn now(&self) -> Arc<Receiver> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How a receiver ends.
#[derive(Clone)]
pub struct Ends {
    /// To be cancelled when nobody is to be accepted any more: connections end once their responses are out.
    pub close: CancellationToken,
    /// To be cancelled when whatever waits is to be given up too.
    pub stop: CancellationToken,
    /// Cancelled by the receiver once nobody listens any more.
    pub closed: CancellationToken,
}

impl Ends {
    /// It ends when it is told so, or when `stop` is cancelled.
    pub fn new(stop: CancellationToken) -> Self {
        Self { close: stop.child_token(), stop, closed: CancellationToken::new() }
    }
}

/// One connection, as its requests see it.
struct Connection {
    peer: Arc<str>,
    transport: Transport,
    wire: Wire,
    ends: Ends,
    patience: Patience,
}

/// Where the requests of one connection come in.
#[derive(Clone)]
struct Door {
    receivers: Arc<Receivers>,
    connection: Arc<Connection>,
}

/// Serves connections until told to end, each on the next of these runtimes in turn. With `tls` for `https://`.
pub async fn serve(listener: TcpListener, tls: Option<Tls>, receivers: Arc<Receivers>, ends: Ends, on: Arc<[Handle]>) {
    let connections = TaskTracker::new();
    let mut turns = on.iter().cycle();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = ends.close.cancelled() => break,
        };
        // The runtime that serves it is to watch its socket.
        match accepted.and_then(|(stream, peer)| Ok((stream.into_std()?, peer))) {
            Ok((stream, peer)) => {
                let call = Call { peer: peer.to_string().into(), receivers: receivers.clone(), ends: ends.clone() };
                let on = turns.next().expect("bug: there is at least one");
                connections.spawn_on(call.serve(stream, tls.clone()), on);
            }
            // Out of file descriptors, or the caller was gone at once: the next one may do better.
            Err(error) => {
                tracing::warn!("a connection could not be accepted: {error}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    drop(listener);
    ends.closed.cancel();
    connections.close();
    let too_late = async {
        ends.stop.cancelled().await;
        tokio::time::sleep(STOP_WAIT).await;
    };
    tokio::select! {
        () = connections.wait() => {}
        () = too_late => tracing::warn!("{} connections were cut off at the end", connections.len()),
    }
}

/// A connection that was just accepted.
struct Call {
    peer: Arc<str>,
    receivers: Arc<Receivers>,
    ends: Ends,
}

impl Call {
    async fn serve(self, stream: std::net::TcpStream, tls: Option<Tls>) {
        let stream = match TcpStream::from_std(stream) {
            Ok(stream) => stream,
            Err(error) => return tracing::warn!("a connection could not be served: {error}"),
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("a connection keeps its delay: {error}");
        }
        let Some(tls) = tls else { return self.speak(Stream::Tcp(stream), Transport::Tcp, None).await };
        let mut fault = None;
        let choose = || {
            fault = self.receivers.now().tls_fault();
            fault
        };
        let shaken = tokio::select! {
            shaken = tls.accept_with(stream, choose) => shaken,
            () = self.ends.close.cancelled() => return,
        };
        match shaken {
            Ok(stream) => self.speak(Stream::Tls(Box::new(stream)), Transport::Tls, fault).await,
            Err(failure) => self.receivers.now().record_failed_handshake(&self.peer, failure, fault),
        }
    }

    /// Speaks HTTP until the connection ends, and records what hyper left of it.
    async fn speak(self, stream: Stream, transport: Transport, fault: Option<TlsFault>) {
        let Self { peer, receivers, ends } = self;
        let (tap, wire) = Tap::new(stream);
        let connection = Arc::new(Connection { peer, transport, wire, ends, patience: Patience::default() });
        let ended = speak_http(tap, Door { receivers: receivers.clone(), connection: connection.clone() }).await;
        let leftovers = connection.wire.end();
        let receiver = receivers.now();
        if transport == Transport::Tls && connection.wire.is_unused() && !connection.ends.close.is_cancelled() {
            let failure = tls::Failure::Failed(refused::after_handshake(ended.as_ref().err(), fault));
            receiver.record_failed_handshake(&connection.peer, failure, fault);
        }
        for leftover in leftovers {
            receiver.record_refused(&connection, leftover, ended.as_ref().err());
        }
    }
}

/// Lets hyper speak HTTP/1 on a connection until it ends.
async fn speak_http(tap: Tap, door: Door) -> hyper::Result<()> {
    // Of its own: whoever waits for one looks at it under a lock whenever its task runs, and all connections would share that.
    let close = door.connection.ends.close.child_token();
    // axum's own services wrap a request in a future of theirs each, which costs a fiftieth of what it takes.
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let responding = handle.call(request.map(Body::new), door.clone());
        async { Ok::<_, Infallible>(responding.await) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    // The tap watches how long a head takes, and whether a caller that has finished sending is still listening.
    http.half_close(false).header_read_timeout(None).title_case_headers(true).max_header_size(wire::MAX_HEAD_BYTES);
    let mut serving = std::pin::pin!(http.serve_connection(TokioIo::new(tap), service));
    tokio::select! {
        ended = serving.as_mut() => ended,
        () = close.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    }
}

/// Every request, whatever its method and path.
async fn handle(State(Door { receivers, connection }): State<Door>, request: axum::extract::Request) -> axum::response::Response {
    // It is recorded where it began, whatever history is opened meanwhile.
    let receiver = receivers.now();
    let limit = receiver.settings.borrow().body_limit_bytes;
    let request = capture::Capture::new(&receiver, &connection).read(request.into_body(), limit).await;
    let refusal = refused::refusal(&request, limit);
    let is_large = request.body.len() >= LARGE_BODY;
    // As they are now that all of it is there: a slow body must not be responded to by what was said when it began.
    let settings = receiver.settings.borrow().clone();
    let judge = || Box::new(receiver.judge(request, &settings));
    let judged = if is_large { tokio::task::block_in_place(judge) } else { judge() };
    let decision = match refusal {
        Some(response) => Decision { rule: exchange::REFUSAL.to_owned(), fault: None, plan: Plan::Respond(response) },
        None => receiver.decide(&judged, &settings),
    };
    let request_end = connection.wire.last_read();
    let turn = Turn { receiver, connection, settings, request_end };
    turn.carry_out(judged, decision).await
}

impl Receiver {
    /// What is wrong with TLS for the next handshake, which is counted.
    fn tls_fault(&self) -> Option<TlsFault> {
        let bar: Bar = self.settings.borrow().bar.clone();
        let Preset::Tls(_) = bar.preset else { return None };
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Preset::Tls(fault) = bar.take(&mut counted.bar, (self.clock)()) { Some(fault) } else { None }
    }

    fn decide(&self, judged: &Judged, settings: &Snapshot) -> Decision {
        let Snapshot { rules, bar, hold, .. } = settings;
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        inspect::decide(judged.parts(), rules, (bar, hold.fallback), &mut counted, (self.clock)())
    }
}
