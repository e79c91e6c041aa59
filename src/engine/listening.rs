//! Where it receives: a port for `http://`, one for `https://`, and that both can refuse.

use super::{Message, Work};
use crate::engine;
use crate::messages::{Authority, Event, Listening};
use crate::receiver::{self, Ends, tls};
use crate::rules::preset::Preset;
use crate::settings::{Https, OwnCertificate};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long closing a listening socket may take.
const CLOSE_WAIT: Duration = Duration::from_millis(500);

/// One of the two ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// `http://`
    Http,
    /// `https://`
    Https,
}

/// What is known of the two ports.
pub struct Ports {
    http: State,
    https: State,
    /// Where the command line wants `https://` in this run.
    tls_listen: Option<SocketAddr>,
    /// Whether it is to receive at all: a socket that opens too late for that is closed again.
    wanted: bool,
    /// Cancelled to end whatever was ever received on either.
    stop: CancellationToken,
    /// What does not listen any more, and may have requests that wait.
    ending: Vec<JoinHandle<()>>,
    authority: Option<tls::Authority>,
}

#[derive(Default)]
struct State {
    /// Where it receives, or did until it was to refuse.
    address: Option<SocketAddr>,
    running: Option<Running>,
}

/// The receiver that runs on a port.
struct Running {
    ends: Ends,
    task: JoinHandle<()>,
}

impl Ports {
    /// Nothing listens yet.
    pub fn new(tls_listen: Option<SocketAddr>) -> Self {
        Self {
            http: State::default(),
            https: State::default(),
            tls_listen,
            wanted: false,
            stop: CancellationToken::new(),
            ending: Vec::new(),
            authority: None,
        }
    }

    /// Where `http://` is received.
    pub fn address(&self) -> Option<SocketAddr> {
        self.http.running.as_ref().and(self.http.address)
    }

    /// Ends both with all that waits, and returns what to wait for.
    pub fn stop_all(&mut self) -> Vec<JoinHandle<()>> {
        self.stop.cancel();
        self.stop = CancellationToken::new();
        let running = [&mut self.http, &mut self.https].into_iter().filter_map(|state| state.running.take());
        let tasks: Vec<_> = running.map(|running| running.task).collect();
        self.ending.drain(..).chain(tasks).collect()
    }

    /// Closes a listening socket; what was received on it goes on. Returns what tells that it is closed.
    fn close(&mut self, port: Port) -> Option<CancellationToken> {
        self.ending.retain(|task| !task.is_finished());
        let Running { ends, task } = self.state(port).running.take()?;
        ends.close.cancel();
        self.ending.push(task);
        Some(ends.closed)
    }

    fn state(&mut self, port: Port) -> &mut State {
        match port {
            Port::Http => &mut self.http,
            Port::Https => &mut self.https,
        }
    }
}

impl Work {
    pub(super) fn listen(&mut self, address: SocketAddr) {
        self.ports.wanted = true;
        self.bind(Port::Http, address);
    }

    /// Once it is known where `http://` is received, `https://` follows.
    fn listen_for_https(&self) {
        let Https { enabled, listen, .. } = self.settings.https;
        if let Some(address) = self.ports.tls_listen.or(enabled.then_some(listen)).filter(|_| self.ports.https.address.is_none()) {
            self.bind(Port::Https, address);
        }
    }

    fn bind(&self, port: Port, address: SocketAddr) {
        let shared = self.shared.clone();
        self.threads.main().spawn(async move {
            let bound = receiver::bind(address).await;
            shared.say(Message::Bound(port, address, bound));
        });
    }

    pub(super) fn bound(&mut self, port: Port, address: SocketAddr, bound: Result<TcpListener, receiver::Error>) {
        if !self.wants(port) {
            return;
        }
        let listening = bound.map_err(|error| error.to_string()).and_then(|listener| self.start_receiving(port, listener));
        self.tell_listening(port, listening.unwrap_or_else(|reason| Listening::Failed { address, reason }));
        if port == Port::Http {
            self.listen_for_https();
        }
    }

    fn wants(&self, port: Port) -> bool {
        let wants_https = self.ports.tls_listen.is_some() || self.settings.https.enabled;
        self.ports.wanted && (port == Port::Http || wants_https)
    }

    fn start_receiving(&mut self, port: Port, listener: TcpListener) -> Result<Listening, String> {
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let tls = if port == Port::Https { Some(self.certificates(address)?) } else { None };
        let refuses = self.publish.borrow().bar.preset == Preset::Refuse;
        self.close(port);
        self.ports.state(port).address = Some(address);
        self.shared.set_https(port == Port::Https || self.ports.https.address.is_some());
        if refuses {
            // The port is known now, and given up: whoever calls it is refused.
            return Ok(Listening::Refusing(address));
        }
        let ends = Ends::new(self.ports.stop.child_token());
        let serving = receiver::serve(listener, tls, self.receivers.clone(), ends.clone(), self.threads.serving());
        let task = self.threads.main().spawn(serving);
        self.ports.state(port).running = Some(Running { ends, task });
        if port == Port::Http {
            self.announce(&format!("http://{address}/"));
        }
        Ok(Listening::On(address))
    }

    fn tell_listening(&self, port: Port, listening: Listening) {
        (self.shared.tell)(match port {
            Port::Http => Event::Listening(listening),
            Port::Https => Event::HttpsListening(listening, self.known_authority()),
        });
    }

    /// Closes a listening socket, and waits until it is: whoever calls then is refused, and the port is free.
    fn close(&mut self, port: Port) {
        let Some(closed) = self.ports.close(port) else { return };
        // The socket closes at once, whatever else goes on.
        let waited = self.threads.main().block_on(async { tokio::time::timeout(CLOSE_WAIT, closed.cancelled()).await });
        if waited.is_err() {
            tracing::warn!("the port may still take calls for a moment");
        }
    }

    pub(super) fn stop_listening(&mut self) {
        self.ports.wanted = false;
        let had_https = self.ports.https.address.is_some();
        drop(self.ports.stop_all());
        (self.ports.http.address, self.ports.https.address) = (None, None);
        self.shared.set_https(false);
        self.tell_listening(Port::Http, Listening::Off);
        if had_https {
            self.tell_listening(Port::Https, Listening::Off);
        }
        self.announce("");
    }

    /// Closes the listening sockets, so that their ports refuse, or opens them again.
    pub(super) fn refuse(&mut self, refuses: bool) {
        for port in [Port::Http, Port::Https] {
            let state = self.ports.state(port);
            let Some(address) = state.address else { continue };
            match (refuses, state.running.is_some()) {
                (true, true) => {
                    self.close(port);
                    self.tell_listening(port, Listening::Refusing(address));
                }
                // Whoever calls after this was told gets through: opening a socket takes no time.
                (false, false) => {
                    let bound = self.threads.main().block_on(receiver::bind(address));
                    self.bound(port, address, bound);
                }
                (true, false) | (false, true) => {}
            }
        }
    }

    // HTTPS

    pub(super) fn set_https(&mut self, https: Https) {
        let (enabled, listen) = (https.enabled, https.listen);
        self.settings.https = https;
        self.save_settings();
        self.tell_known();
        self.ports.tls_listen = None;
        self.close(Port::Https);
        self.ports.https.address = None;
        self.shared.set_https(false);
        if enabled && self.ports.wanted {
            self.bind(Port::Https, listen);
        } else {
            self.tell_listening(Port::Https, Listening::Off);
        }
    }

    /// The certificates to show on this address, of the local authority or of one's own.
    fn certificates(&mut self, address: SocketAddr) -> Result<tls::Tls, String> {
        let identity = match &self.settings.https.own {
            None => tls::Identity::Local,
            Some(OwnCertificate { certificate, key }) => tls::Identity::Files { certificate: certificate.clone(), key: key.clone() },
        };
        let names = tls::default_names(Some(address.ip()));
        let authority = self.authority().map_err(|error| error.to_string())?;
        tls::Tls::new(authority, &identity, &names, engine::now_millis()).map_err(|error| error.to_string())
    }

    fn authority(&mut self) -> Result<&tls::Authority, tls::Error> {
        if self.ports.authority.is_none() {
            self.ports.authority = Some(tls::Authority::open(self.folder.path(), engine::now_millis())?);
        }
        Ok(self.ports.authority.as_ref().expect("bug: it was opened above"))
    }

    fn known_authority(&self) -> Option<Authority> {
        let authority = self.ports.authority.as_ref()?;
        Some(Authority { fingerprint: authority.fingerprint(), file: tls::Authority::path(self.folder.path()) })
    }

    pub(super) fn export_authority(&mut self, path: PathBuf) {
        let pem = match self.authority() {
            Ok(authority) => authority.certificate_pem().to_owned(),
            Err(error) => return self.shared.failed(error),
        };
        self.shared.write_file(path, pem);
    }
}
