//! Certificates and handshakes over a real socket: what each caller sees, and what is told of it.

use crate::support::{folder, text};
use base64::Engine as _;
use hookglass::engine::now_millis;
use hookglass::receiver::tls::{Authority, Error, Failure, Identity, Tls, default_names};
use hookglass::rules::preset::TlsFault;
use rcgen::{CertificateParams, KeyPair};
use std::fs;
use std::future::Future;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::{self, cipher_suite};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{self, AlertDescription, CertificateError, ClientConfig, ProtocolVersion, RootCertStore};

/// A TLS port of its own.
struct Port {
    folder: TempDir,
    authority: Authority,
    tls: Tls,
}

impl Port {
    fn local() -> Self {
        Self::with(|_| Identity::Local)
    }

    fn with(identity: impl FnOnce(&Path) -> Identity) -> Self {
        let folder = folder();
        let authority = Authority::open(folder.path(), now_millis()).expect("bug: it can be made");
        let identity = identity(folder.path());
        let tls = Tls::new(&authority, &identity, &default_names(None), now_millis()).expect("bug: all is in order");
        Self { folder, authority, tls }
    }

    /// A caller that trusts the authority.
    fn caller(&self) -> Caller {
        Caller::trusting(self.authority.certificate_pem())
    }

    /// Lets a caller call: what it saw, and what is told of it here.
    async fn meet(&self, fault: Option<TlsFault>, caller: Caller) -> (Result<Seen, rustls::Error>, Result<(), String>) {
        let (seen, told) = self.meet_raw(fault, |stream| caller.call(stream)).await;
        (seen.map_err(|error| tls_error(&error)), told.map_err(|failure| failure.to_string()))
    }

    /// Lets anybody call.
    async fn meet_raw<T, F>(&self, fault: Option<TlsFault>, call: impl FnOnce(TcpStream) -> F) -> (T, Result<(), Failure>)
    where
        F: Future<Output = T>,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bug: a port is free");
        let address = listener.local_addr().expect("bug: it listens");
        let listen = async {
            let (stream, _) = listener.accept().await.expect("bug: somebody calls");
            let mut stream = self.tls.accept(stream, fault).await?;
            stream.write_all(b"hello").await.expect("bug: the caller reads");
            stream.shutdown().await.expect("bug: the caller reads");
            Ok(())
        };
        let call = async { call(TcpStream::connect(address).await.expect("bug: it listens")).await };
        tokio::join!(call, listen)
    }
}

/// What a caller saw that got through.
#[derive(Debug, PartialEq)]
struct Seen {
    version: Option<ProtocolVersion>,
    protocol: Option<String>,
    text: String,
}

/// A caller of `localhost`.
struct Caller(ClientConfig);

impl Caller {
    fn trusting(authority_pem: &str) -> Self {
        Self::speaking(authority_pem, &[&TLS12, &TLS13], ring::default_provider().cipher_suites)
    }

    fn speaking(
        authority_pem: &str,
        versions: &[&'static rustls::SupportedProtocolVersion],
        cipher_suites: Vec<rustls::SupportedCipherSuite>,
    ) -> Self {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(authority_pem.as_bytes()).expect("bug: it is PEM");
        roots.add(authority).expect("bug: it is an authority");
        let provider = rustls::crypto::CryptoProvider { cipher_suites, ..ring::default_provider() };
        let config = ClientConfig::builder_with_provider(Arc::new(provider)).with_protocol_versions(versions).expect("bug: ring has them");
        Self(config.with_root_certificates(roots).with_no_client_auth())
    }

    fn offering(mut self, protocols: &[&str]) -> Self {
        self.0.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        self
    }

    async fn call(self, stream: TcpStream) -> io::Result<Seen> {
        let name = ServerName::try_from("localhost").expect("bug: it is a name");
        let mut stream = TlsConnector::from(Arc::new(self.0)).connect(name, stream).await?;
        let mut received = Vec::new();
        stream.read_to_end(&mut received).await?;
        let connection = stream.get_ref().1;
        let protocol = connection.alpn_protocol().map(text);
        Ok(Seen { version: connection.protocol_version(), protocol, text: text(&received) })
    }
}

fn tls_error(error: &io::Error) -> rustls::Error {
    error.get_ref().and_then(|error| error.downcast_ref().cloned()).unwrap_or_else(|| panic!("this is not about TLS: {error}"))
}

fn greeted(version: ProtocolVersion, protocol: Option<&str>) -> Seen {
    Seen { version: Some(version), protocol: protocol.map(str::to_owned), text: "hello".to_owned() }
}

// In order

#[tokio::test]
async fn a_caller_that_trusts_the_authority_gets_through() {
    let port = Port::local();
    let (seen, told) = port.meet(None, port.caller().offering(&["h2", "http/1.1"])).await;
    assert_eq!((seen, told), (Ok(greeted(ProtocolVersion::TLSv1_3, Some("http/1.1"))), Ok(())));
}

#[tokio::test]
async fn tls_1_2_is_spoken_too() {
    let port = Port::local();
    let caller = Caller::speaking(port.authority.certificate_pem(), &[&TLS12], ring::default_provider().cipher_suites);
    let (seen, told) = port.meet(None, caller).await;
    assert_eq!((seen, told), (Ok(greeted(ProtocolVersion::TLSv1_2, None)), Ok(())));
}

#[tokio::test]
async fn a_caller_that_does_not_trust_the_authority_says_so() {
    let (port, other) = (Port::local(), Port::local());
    let (seen, told) = port.meet(None, other.caller()).await;
    assert_eq!(seen, Err(CertificateError::UnknownIssuer.into()));
    let reason = "the caller refused our certificate: it does not know its authority (alert unknown_ca); \
                  let it trust the authority that signed it";
    assert_eq!(told, Err(reason.to_owned()));
}

// Wrong on purpose

/// What a caller makes of a fault, and what is told of it.
async fn check(fault: TlsFault, sees: impl Fn(&rustls::Error) -> bool, reason: &str) {
    let port = Port::local();
    for version in [&TLS12, &TLS13] {
        let caller = Caller::speaking(port.authority.certificate_pem(), &[version], ring::default_provider().cipher_suites);
        let (seen, told) = port.meet(Some(fault), caller).await;
        assert!(seen.as_ref().is_err_and(&sees), "{version:?}: {seen:?}");
        assert_eq!(told, Err(reason.to_owned()), "{version:?}");
    }
}

#[tokio::test]
async fn nobody_knows_who_signed_a_self_signed_certificate() {
    let reason = "the caller refused our certificate: it does not know its authority (alert unknown_ca)";
    check(TlsFault::SelfSigned, |error| *error == CertificateError::UnknownIssuer.into(), reason).await;
}

#[tokio::test]
async fn an_expired_certificate_is_seen_as_that() {
    let is_expired = |error: &rustls::Error| matches!(error, rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { .. }));
    let reason = "the caller refused our certificate: its time is over (alert certificate_expired)";
    check(TlsFault::Expired, is_expired, reason).await;
}

#[tokio::test]
async fn a_certificate_for_another_name_is_seen_as_that() {
    let is_other = |error: &rustls::Error| {
        let rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. }) = error else { return false };
        presented.iter().all(|name| name.contains("wrong-name.hookglass.invalid"))
    };
    let reason = "the caller refused our certificate: it is a bad one, perhaps for another name (alert bad_certificate)";
    check(TlsFault::WrongName, is_other, reason).await;
}

#[tokio::test]
async fn without_the_intermediate_the_chain_leads_nowhere() {
    let reason = "the caller refused our certificate: it does not know its authority (alert unknown_ca)";
    check(TlsFault::IncompleteChain, |error| *error == CertificateError::UnknownIssuer.into(), reason).await;
}

#[tokio::test]
async fn a_caller_without_a_certificate_is_told_that_it_needs_one() {
    let is_told = |error: &rustls::Error| *error == rustls::Error::AlertReceived(AlertDescription::CertificateRequired);
    let reason = "the caller showed no certificate of its own; give it one that the local authority has signed";
    check(TlsFault::ClientCert, is_told, reason).await;
}

// Callers that are no callers of ours

#[tokio::test]
async fn plain_http_is_answered_in_plain_http() {
    let port = Port::local();
    let request = b"POST /?CallbackCommand=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
    let call = async |mut stream: TcpStream| {
        stream.write_all(request).await.expect("bug: it is read");
        let mut response = String::new();
        stream.read_to_string(&mut response).await.expect("bug: it is text");
        response
    };
    let (response, told) = port.meet_raw(None, call).await;
    let (head, body) = response.split_once("\r\n\r\n").expect("bug: it is a response");
    assert!(head.starts_with("HTTP/1.1 400 ") && head.ends_with(&format!("Content-Length: {}", body.len())), "{head}");
    assert_eq!(body, "This port speaks TLS; call it with https://\n");
    let told = told.expect_err("bug: it is no TLS");
    assert_eq!(told.to_string(), "plain HTTP on the TLS port; call it with https://");
    assert_eq!(told, Failure::Plain { bytes: request.to_vec() });
}

/// What is told of a caller that sends these bytes and leaves.
async fn told_of(bytes: &[u8]) -> Failure {
    let call = async |mut stream: TcpStream| {
        stream.write_all(bytes).await.expect("bug: it is read");
        stream.shutdown().await.expect("bug: it is open");
        stream.read_to_end(&mut Vec::new()).await.expect("bug: it ends");
    };
    Port::local().meet_raw(None, call).await.1.expect_err("bug: it is no handshake")
}

#[tokio::test]
async fn who_looks_whether_the_port_is_open_is_no_caller() {
    assert_eq!(told_of(b"").await, Failure::Silent);
}

#[tokio::test]
async fn who_leaves_in_the_middle_is_one() {
    let reason = "the caller left in the middle of the TLS handshake; some do so when they do not accept our certificate";
    assert_eq!(told_of(&[0x16, 3, 1, 2]).await.to_string(), reason);
}

#[tokio::test]
async fn bytes_that_are_no_tls_are_told_as_that() {
    assert_eq!(told_of(b"\x00\x01\x02\x03\x04\x05\x06").await.to_string(), "the bytes that came are no TLS");
}

#[tokio::test]
async fn a_caller_that_speaks_only_http_2_is_told_so() {
    let port = Port::local();
    let (seen, told) = port.meet(None, port.caller().offering(&["h2"])).await;
    assert_eq!(seen, Err(rustls::Error::AlertReceived(AlertDescription::NoApplicationProtocol)));
    let reason = "the caller does not offer http/1.1 (ALPN), perhaps only h2; let it speak HTTP/1.1 too";
    assert_eq!(told, Err(reason.to_owned()));
}

#[tokio::test]
async fn a_caller_from_before_tls_1_2_is_told_so() {
    // A hello of TLS 1.0: version, random, no session, one cipher suite, no compression.
    let hello = [&[3, 1][..], &[7; 32], &[0, 0, 2, 0xC0, 0x09, 1, 0]].concat();
    let length = u8::try_from(hello.len()).expect("bug: it is short");
    let record = [&[0x16, 3, 1, 0, length + 4, 1, 0, 0, length][..], &hello].concat();
    assert_eq!(told_of(&record).await.to_string(), "no common version of TLS; let the caller speak TLS 1.2 or 1.3");
}

#[tokio::test]
async fn a_caller_with_other_ciphers_is_told_so() {
    let port = Port::local();
    let only_rsa = vec![cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256];
    let caller = Caller::speaking(port.authority.certificate_pem(), &[&TLS12], only_rsa);
    let (seen, told) = port.meet(None, caller).await;
    assert_eq!(seen, Err(rustls::Error::AlertReceived(AlertDescription::HandshakeFailure)));
    let reason = "no common cipher; let the caller offer AES-GCM or ChaCha20 with ECDHE, and ECDSA for our certificate";
    assert_eq!(told, Err(reason.to_owned()));
}

// A certificate of one's own

/// A certificate for `localhost` that is its own authority, and its key, as PEM text.
fn own() -> (String, String) {
    let key = KeyPair::generate().expect("bug: ring makes keys");
    let params = CertificateParams::new(["localhost".to_owned()]).expect("bug: it is a name");
    (params.self_signed(&key).expect("bug: it can be signed").pem(), key.serialize_pem())
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    let mut file = fs::File::create(&path).expect("bug: it can be made");
    file.write_all(content.as_ref()).expect("bug: it can be written");
    path
}

fn files(folder: &Path, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Identity {
    Identity::Files { certificate: write(folder, "own.pem", certificate), key: write(folder, "own.key", key) }
}

#[tokio::test]
async fn a_certificate_of_ones_own_is_shown() {
    let (certificate, key) = own();
    let port = Port::with(|folder| files(folder, &certificate, &key));
    let (seen, told) = port.meet(None, Caller::trusting(&certificate)).await;
    assert_eq!((seen, told), (Ok(greeted(ProtocolVersion::TLSv1_3, None)), Ok(())));
    let (seen, _) = port.meet(None, port.caller()).await;
    assert_eq!(seen, Err(CertificateError::UnknownIssuer.into()), "the local authority has not signed it");
    let (seen, _) = port.meet(Some(TlsFault::Expired), port.caller()).await;
    let is_expired = matches!(seen, Err(rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { .. })));
    assert!(is_expired, "a faulty certificate is the local authority's: {seen:?}");
}

#[tokio::test]
async fn a_key_may_be_sec1() {
    let (certificate, key) = own();
    // Behind 29 bytes of PKCS#8 for P-256. Source: RFC 5208, section 5.
    let key = KeyPair::from_pem(&key).expect("bug: it is one").serialize_der();
    let sec1 = base64::engine::general_purpose::STANDARD.encode(&key[29..]);
    let sec1 = format!("-----BEGIN EC PRIVATE KEY-----\n{sec1}\n-----END EC PRIVATE KEY-----\n");
    let port = Port::with(|folder| files(folder, &certificate, &sec1));
    let (seen, _) = port.meet(None, Caller::trusting(&certificate)).await;
    assert_eq!(seen, Ok(greeted(ProtocolVersion::TLSv1_3, None)));
}

/// What is wrong with these files.
fn mistake(certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> String {
    let port = Port::local();
    let identity = files(port.folder.path(), certificate, key);
    let error = Tls::new(&port.authority, &identity, &default_names(None), now_millis()).err().expect("bug: something is wrong");
    error.to_string().replace(&format!("{}/", port.folder.path().display()), "")
}

#[test]
fn each_mistake_in_ones_own_files_names_the_file_and_what_is_wrong() {
    let (certificate, key) = own();
    let (_, other) = own();
    let check = |certificate: &str, key: &str, expected: &str| {
        let mistake = mistake(certificate, key);
        assert!(mistake.starts_with(expected), "{mistake}");
    };
    check(&key, &key, "no certificate in this file; it takes PEM text, the server's certificate first");
    check("", &key, "no certificate in this file");
    check(&certificate, &certificate, "no private key in this file; it takes PEM text, PKCS#8, PKCS#1 or SEC1: own.key");
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    check(damaged, &key, "this file of certificates cannot be used, it is no X.509 certificate of version 3; ");
    let cut_off = &certificate[..certificate.len() / 2];
    check(cut_off, &key, "this file of certificates cannot be used, its PEM text is damaged or cut off; ");
    let damaged = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    check(&certificate, damaged, "the private key cannot be used, it is damaged or of another kind; it takes RSA ");
    let fit = "the private key does not fit the first certificate of own.pem; the server's certificate must come first: own.key";
    check(&certificate, &other, fit);
    let decrypt = "the private key is encrypted; write a copy that is not with openssl pkey -in FILE -out NEW: own.key";
    check(&certificate, &key.replace("BEGIN PRIVATE", "BEGIN ENCRYPTED PRIVATE"), decrypt);
    check(&certificate, "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n", decrypt);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let port = Port::local();
    let identity = Identity::Files { certificate: PathBuf::from("nowhere.pem"), key: PathBuf::from("nowhere.key") };
    let error = Tls::new(&port.authority, &identity, &default_names(None), now_millis()).err().expect("bug: it is not there");
    assert!(error.to_string().starts_with("could not read the certificate: ") && error.to_string().ends_with(": nowhere.pem"), "{error}");
}

#[test]
fn a_name_that_no_certificate_can_carry_is_named() {
    let port = Port::local();
    let error = Tls::new(&port.authority, &Identity::Local, &["https://localhost".to_owned()], now_millis()).err();
    assert!(matches!(error, Some(Error::Name(name)) if name == "https://localhost"));
}

// The authority

#[tokio::test]
async fn an_authority_that_is_opened_again_is_still_trusted() {
    let before = Port::local();
    let after = Authority::open(before.folder.path(), now_millis()).expect("bug: it is there");
    assert_eq!(after.fingerprint(), before.authority.fingerprint());
    let tls = Tls::new(&after, &Identity::Local, &default_names(None), now_millis()).expect("bug: all is in order");
    let caller = before.caller();
    let after = Port { folder: before.folder, authority: after, tls };
    assert_eq!(after.meet(None, caller).await.0, Ok(greeted(ProtocolVersion::TLSv1_3, None)));
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_its_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let port = Port::local();
    let key = fs::metadata(port.folder.path().join("authority.key")).expect("bug: it is there");
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
}
