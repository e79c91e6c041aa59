//! Where it receives: a port for `http://`, one for `https://`, and that both can refuse.

use super::{Message, Work};
use crate::messages::{Authority, Event, Listening};
use crate::receiver::{self, tls};
use crate::rules::preset::Preset;
use crate::settings::{Https, OwnCertificate};
use crate::engine;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

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
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Ports {
    /// Nothing listens yet.
    pub fn new(tls_listen: Option<SocketAddr>) -> Self {
        Self { http: State::default(), https: State::default(), tls_listen, authority: None }
    }

    /// Where `http://` is received.
    pub fn address(&self) -> Option<SocketAddr> {
        self.http.running.as_ref().and(self.http.address)
    }

    /// Stops both, and returns what to wait for.
    pub fn stop_all(&mut self) -> Vec<JoinHandle<()>> {
        [&mut self.http, &mut self.https].into_iter().filter_map(|state| state.stop()).collect()
    }

    fn state(&mut self, port: Port) -> &mut State {
        match port {
            Port::Http => &mut self.http,
            Port::Https => &mut self.https,
        }
    }
}

impl State {
    fn stop(&mut self) -> Option<JoinHandle<()>> {
        self.running.take().map(|running| {
            running.stop.cancel();
            running.task
        })
    }
}

impl Work {
    pub(super) fn listen(&mut self, address: SocketAddr) {
        self.bind(Port::Http, address);
        let Https { enabled, listen, .. } = self.settings.https;
        match (self.ports.tls_listen, enabled) {
            (Some(address), _) => self.bind(Port::Https, address),
            (None, true) => self.bind(Port::Https, listen),
            (None, false) => {}
        }
    }

    fn bind(&self, port: Port, address: SocketAddr) {
        let shared = self.shared.clone();
        self.runtime.spawn(async move {
            let bound = receiver::bind(address).await;
            shared.say(Message::Bound(port, address, bound));
        });
    }

    pub(super) fn bound(&mut self, port: Port, address: SocketAddr, bound: Result<TcpListener, receiver::Error>) {
        let listening = bound.map_err(|error| error.to_string()).and_then(|listener| self.start_receiving(port, listener));
        self.tell_listening(port, listening.unwrap_or_else(|reason| Listening::Failed { address, reason }));
    }

    fn start_receiving(&mut self, port: Port, listener: TcpListener) -> Result<Listening, String> {
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let tls = if port == Port::Https { Some(self.certificates(address)?) } else { None };
        let refuses = self.publish.borrow().bar.preset == Preset::Refuse;
        let state = self.ports.state(port);
        state.stop();
        state.address = Some(address);
        if refuses {
            // The port is known now, and given up: whoever calls it is refused.
            return Ok(Listening::Refusing(address));
        }
        let stop = CancellationToken::new();
        let task = self.runtime.spawn(receiver::serve(listener, tls, self.receiver.clone(), stop.clone()));
        state.running = Some(Running { stop, task });
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

    pub(super) fn stop_listening(&mut self) {
        for port in [Port::Http, Port::Https] {
            let state = self.ports.state(port);
            let was_there = state.address.take().is_some();
            drop(state.stop());
            if port == Port::Http || was_there {
                self.tell_listening(port, Listening::Off);
            }
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
                    drop(state.stop());
                    self.tell_listening(port, Listening::Refusing(address));
                }
                (false, false) => self.bind(port, address),
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
        let state = self.ports.state(Port::Https);
        state.address = None;
        drop(state.stop());
        if enabled {
            self.bind(Port::Https, listen);
        } else {
            self.tell_listening(Port::Https, Listening::Off);
        }
    }

    /// The certificates to show on this address, of the local authority or of one's own.
    fn certificates(&mut self, address: SocketAddr) -> Result<tls::Tls, String> {
        let identity = match &self.settings.https.own {
            None => tls::Identity::Local,
            Some(OwnCertificate { certificate, key }) => {
                tls::Identity::Files { certificate: certificate.clone(), key: key.clone() }
            }
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
