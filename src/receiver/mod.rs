//! The receiver: takes every request, records it, responds.
//!
//! One task a connection: hyper parses, axum's Router routes (everything to `handle`), the tap beneath
//! records the bytes. A request is turned into ours once, at the door, and is plain data from there on.

mod capture;
mod fault;
mod held;
mod recent;
mod record;
mod refused;
mod skew;
mod stream;
mod tap;
pub mod tls;

use crate::exchange::{self, BY_HAND, Responded};
use crate::inspect::{self, Counted};
use crate::messages::Release;
use crate::protocol::response;
use crate::rules::bar::Bar;
use crate::rules::preset::{Preset, TlsFault};
use crate::rules::{Decision, Fallback, Fault, Plan};
use crate::settings::Snapshot;
use crate::store::Writer;
use crate::wire::{self, Response, Transport};
use axum::body::Body;
use axum::extract::State;
use axum::{Extension, Router};
use fault::Armed;
pub use held::Held;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
pub use recent::Recent;
use record::{Judged, Reply};
pub use skew::Skew;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use stream::Stream;
use tap::{Tap, Wire};
use tls::Tls;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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
    /// Apps, rules, response bar and limits as they are now.
    pub settings: watch::Receiver<Snapshot>,
    /// Which signatures came lately.
    pub recent: Mutex<Recent>,
    /// How far the clocks are apart.
    pub skew: Arc<Mutex<Skew>>,
    /// What was counted for deciding.
    pub counted: Arc<Mutex<Counted>>,
    /// The requests that wait for the developer.
    pub held: Arc<Held>,
    /// Milliseconds since the Unix epoch, now.
    pub clock: fn() -> i64,
}

/// One connection, as its requests see it.
#[derive(Clone)]
struct Connection {
    peer: Arc<str>,
    transport: Transport,
    wire: Wire,
    stop: CancellationToken,
}

/// Serves connections until told to stop, then gives them a moment to end. With `tls` for `https://`.
pub async fn serve(listener: TcpListener, tls: Option<Tls>, receiver: Arc<Receiver>, stop: CancellationToken) {
    let router = Router::new().fallback(handle).with_state(receiver.clone());
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let call = Call { peer: peer.to_string().into(), router: router.clone(), receiver: receiver.clone(), stop: stop.clone() };
                connections.spawn(call.serve(stream, tls.clone()));
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

/// A connection that was just accepted.
struct Call {
    peer: Arc<str>,
    router: Router,
    receiver: Arc<Receiver>,
    stop: CancellationToken,
}

impl Call {
    async fn serve(self, stream: TcpStream, tls: Option<Tls>) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("a connection keeps its delay: {error}");
        }
        let Some(tls) = tls else { return self.speak(Stream::Tcp(stream), None).await };
        let fault = self.receiver.tls_fault();
        let shaken = tokio::select! {
            shaken = tls.accept(stream, fault) => shaken,
            () = self.stop.cancelled() => return,
        };
        match shaken {
            Ok(stream) => self.speak(Stream::Tls(Box::new(stream)), Some(fault)).await,
            Err(failure) => self.receiver.record_failed_handshake(&self.peer, failure, fault),
        }
    }

    /// Speaks HTTP until the connection ends, and records what hyper left of it. `shaken` after a handshake, with what
    /// was wrong in it on purpose.
    async fn speak(self, stream: Stream, shaken: Option<Option<TlsFault>>) {
        let Self { peer, router, receiver, stop } = self;
        let transport = if shaken.is_some() { Transport::Tls } else { Transport::Tcp };
        let (tap, wire) = Tap::new(stream);
        let connection = Connection { peer, transport, wire, stop };
        let ended = speak_http(tap, connection.clone(), router).await;
        let leftovers = connection.wire.end();
        if let (Some(fault), true) = (shaken, connection.wire.is_unused()) {
            // With TLS 1.3 a caller refuses our certificate when the handshake looks done to us.
            let alert = ended.as_ref().err().and_then(refused::io_error).and_then(|error| tls::reason(error, fault));
            let reason = alert.unwrap_or_else(|| tls::LEFT_WITHOUT_REQUEST.to_owned());
            receiver.record_failed_handshake(&connection.peer, tls::Failure::Failed(reason), fault);
        }
        leftovers.into_iter().for_each(|leftover| receiver.record_refused(&connection, leftover, ended.as_ref().err()));
    }
}

/// Lets hyper speak HTTP/1 on a connection until it ends.
async fn speak_http(tap: Tap, connection: Connection, router: Router) -> hyper::Result<()> {
    let stop = connection.stop.clone();
    let service = TowerToHyperService::new(router);
    let with_connection = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(connection.clone());
        service.call(request)
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    // The tap watches how long a head takes, and whether a caller that has finished sending is still listening.
    http.half_close(false).header_read_timeout(None).title_case_headers(true).max_header_size(wire::MAX_HEAD_BYTES);
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
    let request = capture::Capture::new(&receiver, &connection).read(request.into_body(), settings.body_limit_bytes).await;
    let refusal = refused::refusal(&request, settings.body_limit_bytes);
    let judged = receiver.judge(request, &settings);
    let decision = match refusal {
        Some(response) => Decision { rule: exchange::REFUSAL.to_owned(), fault: None, plan: Plan::Respond(response) },
        None => receiver.decide(&judged, &settings),
    };
    let request_end = connection.wire.last_read();
    let turn = Turn { receiver, connection, settings, request_end };
    turn.carry_out(judged, decision).await
}

/// A request whose response is decided, or who decides it.
struct Turn {
    receiver: Arc<Receiver>,
    connection: Connection,
    settings: Snapshot,
    /// When its last byte came.
    request_end: Instant,
}

impl Turn {
    async fn carry_out(self, judged: Judged, decision: Decision) -> axum::response::Response {
        let Decision { rule, fault, plan } = decision;
        match plan {
            Plan::Respond(response) => self.record_then_send(judged, response, (&rule, fault)).await,
            Plan::Later(response, millis) => self.record_and_wait(judged, response, millis, (&rule, fault)).await,
            Plan::Break(how, millis) => {
                let reply = self.record(judged, Some(Responded { fault, ..Responded::none(&rule) })).await;
                self.break_off(reply, how, millis)
            }
            Plan::Hold(fallback) if self.settings.by_hand => self.hold(judged, fallback, (&rule, fault)).await,
            Plan::Hold(fallback) => self.respond_for_nobody(judged, fallback, &rule).await,
        }
    }

    /// One write, then the first byte.
    async fn record_then_send(&self, judged: Judged, response: Response, (rule, fault): (&str, Option<String>)) -> axum::response::Response {
        let response = as_it_goes_out(response, judged.method());
        let reply = self.record(judged, Some(Responded { fault, ..Responded::decided(response.clone(), rule) })).await;
        self.send(reply, response)
    }

    /// Recorded at arrival, completed later.
    async fn record_and_wait(
        &self,
        judged: Judged,
        response: Response,
        millis: u32,
        (rule, fault): (&str, Option<String>),
    ) -> axum::response::Response {
        let response = as_it_goes_out(response, judged.method());
        let mut reply = self.record(judged, Some(Responded { fault, ..Responded::none(rule) })).await;
        if !self.waited_until(self.moment(millis)).await {
            return closing(reply);
        }
        reply.decided(response.clone());
        self.send(reply, response)
    }

    /// Waits for the developer, and responds as told, or with the fallback when the sender's limit comes near.
    async fn hold(&self, judged: Judged, fallback: Fallback, (rule, fault): (&str, Option<String>)) -> axum::response::Response {
        let (limit_millis, limit_is_assumed) = response::limit(judged.asked());
        let wait_millis = self.settings.hold.wait_millis(limit_millis);
        let method = judged.method().map(str::to_owned);
        let mut request = judged.held_request((limit_millis, limit_is_assumed));
        request.until_millis = judged.received_at_millis() + i64::from(wait_millis);
        let mut reply = self.record(judged, None).await;
        reply.chose(rule, fault);
        let Some(id) = reply.id() else { return self.fall_back(reply, fallback, method.as_deref()) };
        request.id = id;
        let (place, released) = self.receiver.held.hold(request);
        let decided = tokio::select! {
            left = self.left_before(self.moment(wait_millis)) => if left { return closing(reply) } else { None },
            released = released => released.ok(),
        };
        drop(place);
        match decided {
            Some(Release::Respond(response)) => {
                reply.chose(BY_HAND, Some(Preset::Hold.to_string()));
                let response = as_it_goes_out(response, method.as_deref());
                reply.decided(response.clone());
                self.send(reply, response)
            }
            Some(Release::Timeout) => {
                reply.chose(BY_HAND, Some(Preset::Timeout.to_string()));
                self.break_off(reply, Fault::Timeout, 0)
            }
            None => self.fall_back(reply, fallback, method.as_deref()),
        }
    }

    fn fall_back(&self, mut reply: Reply, fallback: Fallback, method: Option<&str>) -> axum::response::Response {
        match fallback.preset().response() {
            Some(response) => {
                let response = as_it_goes_out(response, method);
                reply.decided(response.clone());
                self.send(reply, response)
            }
            None => self.break_off(reply, Fault::Timeout, 0),
        }
    }

    /// Nobody can decide: the fallback, at once.
    async fn respond_for_nobody(&self, judged: Judged, fallback: Fallback, rule: &str) -> axum::response::Response {
        tracing::warn!("rule {rule:?} holds a request, and without a window nobody can decide; it got {} at once", fallback.preset());
        let fault = Some(Preset::Hold.to_string());
        match fallback.preset().response() {
            Some(response) => self.record_then_send(judged, response, (rule, fault)).await,
            None => {
                let reply = self.record(judged, Some(Responded { fault, ..Responded::none(rule) })).await;
                self.break_off(reply, Fault::Timeout, 0)
            }
        }
    }

    async fn record(&self, judged: Judged, responded: Option<Responded>) -> Reply {
        self.receiver.record(judged, responded, self.request_end, self.connection.stop.clone()).await
    }

    fn send(&self, reply: Reply, response: Response) -> axum::response::Response {
        self.connection.wire.sending(self.request_end, reply.told());
        into_axum(response)
    }

    /// Has the connection misbehave. What is returned to hyper never goes out.
    fn break_off(&self, mut reply: Reply, fault: Fault, millis: u32) -> axum::response::Response {
        reply.response(fault::sent(&fault));
        self.connection.wire.arm(Armed {
            fault,
            from: self.moment(millis),
            request_end: self.request_end,
            told: reply.told(),
            stop: self.connection.stop.clone(),
        });
        last_response()
    }

    /// The moment so many milliseconds after the request.
    fn moment(&self, millis: u32) -> Instant {
        self.request_end + Duration::from_millis(millis.into())
    }

    /// Waits; `false` where the caller left, or we stop, before that.
    async fn waited_until(&self, moment: Instant) -> bool {
        !self.left_before(moment).await
    }

    /// Waits until a moment; `true` where the caller left, or we stop, before that. Mostly hyper drops us when the
    /// caller leaves.
    async fn left_before(&self, moment: Instant) -> bool {
        if self.connection.wire.waits() {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep_until(moment.into()) => false,
            () = self.connection.stop.cancelled() => true,
        }
    }
}

/// The caller is gone, which the reply tells; what is returned to hyper reaches nobody.
fn closing(reply: Reply) -> axum::response::Response {
    drop(reply);
    last_response()
}

/// An empty response after which hyper ends the connection.
fn last_response() -> axum::response::Response {
    into_axum(Response { status: 200, headers: vec![("Connection".to_owned(), "close".to_owned())], body: Vec::new() })
}

impl Receiver {
    /// What is wrong with TLS for the next handshake, which is counted.
    fn tls_fault(&self) -> Option<TlsFault> {
        let bar: Bar = self.settings.borrow().bar.clone();
        let Preset::Tls(_) = bar.preset else { return None };
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        match bar.take(&mut counted.bar, (self.clock)()) {
            Preset::Tls(fault) => Some(fault),
            _ => None,
        }
    }

    fn decide(&self, judged: &Judged, settings: &Snapshot) -> Decision {
        let Snapshot { rules, bar, hold, .. } = settings;
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        inspect::decide(judged.parts(), rules, (bar, hold.fallback), &mut counted, (self.clock)())
    }
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
