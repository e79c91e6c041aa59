//! `https://` as a caller sees it: requests, each TLS fault, the other faults above TLS, and what is recorded.

use crate::support::{ANY_PORT, OK, PATIENCE, Program, Receiving, call, folder, history, hookglass, now_secs, run, sample, text};
use hookglass::exchange::{Outcome, Responded};
use hookglass::messages::{Effect, Event, Lasting, Listening};
use hookglass::rules::preset::{Preset, TlsFault};
use hookglass::settings::Https;
use hookglass::store::Stored;
use hookglass::wire::Transport;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// An engine that receives both ways.
struct Secure {
    receiving: Receiving,
    address: SocketAddr,
}

impl Secure {
    fn start() -> Self {
        let receiving = Receiving::start();
        receiving.ask(Effect::SetHttps(Https { enabled: true, listen: ANY_PORT, own: None }));
        let address = receiving.hear(|event| {
            let Event::HttpsListening(Listening::On(address), Some(authority)) = event else { return None };
            assert!(authority.file.exists() && authority.fingerprint.len() == 32 * 3 - 1);
            Some(address)
        });
        Self { receiving, address }
    }

    fn respond(&self, preset: &Preset, lasting: Lasting) {
        self.receiving.ask(Effect::Respond(preset.clone(), lasting));
        self.receiving.hear(|event| if let Event::Settings(known) = event { (known.bar.preset == *preset).then_some(()) } else { None });
    }

    fn caller(&self) -> StreamOwned<ClientConnection, TcpStream> {
        caller(self.receiving.folder.path(), self.address)
    }
}

/// A caller that trusts the authority of a data folder.
fn caller(data: &Path, address: SocketAddr) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_file(data.join("authority.pem")).expect("bug: there is an authority");
    roots.add(authority).expect("bug: it is an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
    let config = config.expect("bug: ring has them").with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("bug: it is a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("bug: it can begin");
    let stream = TcpStream::connect(address).expect("bug: it listens");
    stream.set_read_timeout(Some(Duration::from_millis(300))).expect("bug: a timeout can be set");
    StreamOwned::new(connection, stream)
}

/// Posts the vendor's example, and reads until something ends it.
fn see(mut caller: StreamOwned<ClientConnection, TcpStream>) -> (String, io::Result<()>) {
    let mut came = Vec::new();
    let mut buffer = [0; 4096];
    let ended = caller.write_all(&sample(now_secs())).and_then(|()| {
        loop {
            match caller.read(&mut buffer)? {
                0 => return Ok(()),
                length => came.extend_from_slice(&buffer[..length]),
            }
        }
    });
    (text(&came), ended)
}

fn responded(stored: &Stored) -> &Responded {
    stored.exchange.response.as_ref().expect("bug: it is settled")
}

#[test]
fn a_callback_over_tls_is_a_callback() {
    let secure = Secure::start();
    let (came, ended) = see(secure.caller());
    assert!(came.ends_with(OK), "{came}");
    // The connection is kept open, until the caller has waited long enough.
    assert!(matches!(ended.map_err(|error| error.kind()), Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)));
    let kept = secure.receiving.only();
    assert_eq!((kept.exchange.request.transport, kept.overall.word()), (Transport::Tls, "ok"));
    assert_eq!(text(&call(secure.receiving.address, sample(now_secs())).body), OK, "http:// goes on beside it");
}

#[test]
fn each_tls_fault_fails_the_handshake_and_is_shown_with_its_reason() {
    for (fault, seen, told) in [
        (TlsFault::SelfSigned, "UnknownIssuer", "it does not know its authority"),
        (TlsFault::Expired, "certificate expired", "its time is over"),
        (TlsFault::WrongName, "certificate not valid for name", "for another name"),
        (TlsFault::IncompleteChain, "UnknownIssuer", "it does not know its authority"),
        (TlsFault::ClientCert, "CertificateRequired", "showed no certificate of its own"),
    ] {
        let secure = Secure::start();
        let preset = Preset::Tls(fault);
        secure.respond(&preset, Lasting::SwitchedOff);

        let (came, ended) = see(secure.caller());

        let error = ended.expect_err("bug: it gets through").to_string();
        assert!(came.is_empty() && error.contains(seen), "{preset}: {error}");
        let kept = secure.receiving.only();
        let request = &kept.exchange.request;
        assert_eq!((request.transport, request.head.len()), (Transport::FailedHandshake, 0));
        assert!(request.refused.as_ref().is_some_and(|reason| reason.contains(told)), "{preset}: {:?}", request.refused);
        assert_eq!((responded(&kept).fault.as_deref(), responded(&kept).rule.as_str()), (Some(preset.to_string().as_str()), "refusal"));
        assert_eq!(text(&call(secure.receiving.address, sample(now_secs())).body), OK, "http:// has no handshake to fail");
    }
}

#[test]
fn handshakes_are_counted() {
    let secure = Secure::start();
    secure.respond(&Preset::Tls(TlsFault::Expired), Lasting::Requests(2));
    // A request without a handshake is none of them, and neither is who only looks whether the port is open.
    drop(TcpStream::connect(secure.address).expect("bug: it listens"));
    assert_eq!(text(&call(secure.receiving.address, sample(now_secs())).body), OK);
    let got_through = [0, 1, 2].map(|_| see(secure.caller()).0.ends_with(OK));
    assert_eq!(got_through, [false, false, true]);
}

#[test]
fn the_other_faults_stand_above_tls() {
    type Expected = fn(&str, io::Result<()>) -> bool;
    let cases: [(Preset, Expected, Option<Outcome>); 5] = [
        (
            Preset::Drop,
            |came, ended| came.is_empty() && ended.is_err_and(|error| error.kind() == ErrorKind::UnexpectedEof),
            Some(Outcome::Closed),
        ),
        (
            Preset::Reset,
            |came, ended| came.is_empty() && ended.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset),
            Some(Outcome::Reset),
        ),
        (Preset::Truncated, |came, _| came.ends_with(&OK[..OK.len() / 2]), Some(Outcome::Closed)),
        (Preset::Stall, |came, ended| came.ends_with("\r\n\r\n") && ended.is_err(), None),
        (Preset::Drip(1), |came, ended| came.ends_with(OK) && ended.is_ok(), Some(Outcome::Sent)),
    ];
    for (preset, expected, outcome) in cases {
        let secure = Secure::start();
        secure.respond(&preset, Lasting::SwitchedOff);
        let (came, ended) = see(secure.caller());
        let kind = ended.as_ref().map_err(io::Error::kind).err();
        assert!(expected(&came, ended), "{preset}: {came:?} {kind:?}");
        let kept = secure.receiving.only();
        match outcome {
            Some(outcome) => assert_eq!(responded(&kept).outcome, Some(outcome), "{preset}"),
            None => assert!(matches!(responded(&kept).outcome, Some(Outcome::CallerLeft { .. })), "{preset}"),
        }
    }
}

#[test]
fn plain_http_on_the_tls_port_is_an_exchange_that_says_so() {
    let secure = Secure::start();
    let mut stream = TcpStream::connect(secure.address).expect("bug: it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("bug: a timeout can be set");
    stream.write_all(&sample(now_secs())).expect("bug: it reads");
    let mut came = String::new();
    stream.read_to_string(&mut came).expect("bug: it ends");
    assert!(came.contains("call it with https://"), "{came}");
    let kept = secure.receiving.only();
    assert_eq!(kept.exchange.request.head().method, Some("POST"));
    assert!(kept.exchange.request.refused.as_deref().is_some_and(|reason| reason.contains("plain HTTP on the TLS port")));
    let sent = responded(&kept);
    assert_eq!((sent.response.as_ref().map(|response| response.status), sent.outcome), (Some(400), Some(Outcome::Sent)));
}

#[test]
fn it_opens_again_on_the_same_port_with_another_certificate() {
    let secure = Secure::start();
    for _ in 0..5 {
        secure.receiving.ask(Effect::SetHttps(Https { enabled: true, listen: secure.address, own: None }));
        let again = secure.receiving.hear(|event| if let Event::HttpsListening(listening, _) = event { Some(listening) } else { None });
        assert_eq!(again, Listening::On(secure.address));
    }
    assert!(see(secure.caller()).0.ends_with(OK));
}

#[test]
fn a_tls_fault_needs_https() {
    let folder = folder();
    let (program, _) = Program::serve(folder.path(), &[]);
    let ended = run(&mut hookglass(folder.path(), &["respond", "expired"]));
    assert!(ended.code == Some(3) && ended.err.contains("--tls-listen"), "{ended:?}");
    drop(program);
}

#[test]
fn a_switched_off_listener_is_gone_and_a_wrong_certificate_is_told() {
    let secure = Secure::start();
    let own = hookglass::settings::OwnCertificate { certificate: "/nowhere.pem".into(), key: "/nowhere.key".into() };
    secure.receiving.ask(Effect::SetHttps(Https { enabled: true, listen: ANY_PORT, own: Some(own) }));
    let reason = secure.receiving.hear(|event| {
        let Event::HttpsListening(Listening::Failed { reason, .. }, _) = event else { return None };
        Some(reason)
    });
    assert!(reason.contains("/nowhere.pem"), "{reason}");
    secure.receiving.ask(Effect::SetHttps(Https::default()));
    secure.receiving.hear(|event| matches!(event, Event::HttpsListening(Listening::Off, _)).then_some(()));
    assert!(TcpStream::connect(secure.address).is_err());
}

#[test]
fn the_command_line_listens_too_and_exports_what_came() {
    let folder = folder();
    let (program, _) =
        Program::serve(folder.path(), &["--tls-listen", "127.0.0.1:0", "--format", "json", "--app", "888888", "--token", "xxxxyyyy"]);
    let line = program.line();
    let address = line.split("https://").nth(1).and_then(|rest| rest.split('/').next()).and_then(|address| address.parse().ok());
    let (came, _) = see(caller(folder.path(), address.expect("bug: the second line names it")));
    assert!(came.ends_with(OK));
    let exchange = program.line();
    assert!(exchange.contains(r#""transport":"tls""#) && exchange.contains(r#""overall":"ok""#), "{exchange}");
    let ended = program.end("TERM");
    assert_eq!(ended.code, Some(0));
    assert!(ended.err.contains("trust the local authority") && ended.err.contains("authority.pem (SHA-256 "), "{}", ended.err);
    assert_eq!(history(folder.path())[0].exchange.request.transport, Transport::Tls);
}

#[test]
fn both_ports_refuse_and_open_again() {
    let secure = Secure::start();
    secure.receiving.ask(Effect::Respond(Preset::Refuse, Lasting::SwitchedOff));
    secure.receiving.hear(|event| matches!(event, Event::HttpsListening(Listening::Refusing(_), _)).then_some(()));
    let refused = |address| TcpStream::connect(address).is_err();
    let deadline = std::time::Instant::now() + PATIENCE;
    while !(refused(secure.address) && refused(secure.receiving.address)) {
        assert!(std::time::Instant::now() < deadline, "they do not refuse");
    }
    secure.receiving.ask(Effect::Respond(Preset::Ok, Lasting::SwitchedOff));
    let on = secure.receiving.hear(|event| if let Event::HttpsListening(on @ Listening::On(_), _) = event { Some(on) } else { None });
    assert_eq!(on, Listening::On(secure.address));
    assert!(see(secure.caller()).0.ends_with(OK));
    assert_eq!(text(&call(secure.receiving.address, sample(now_secs())).body), OK);
}
