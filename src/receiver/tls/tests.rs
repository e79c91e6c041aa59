//! Handshakes without a socket: what takes time, and callers with a certificate of their own.

use super::*;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex, join, simplex};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection};

/// A point in time at which certificates are made. The handshakes themselves ask the system.
fn now_millis() -> i64 {
    let now = std::time::UNIX_EPOCH.elapsed().expect("bug: it is later than 1970");
    i64::try_from(now.as_millis()).expect("bug: it is not that late")
}

fn local() -> (tempfile::TempDir, Authority, Tls) {
    let folder = tempfile::tempdir().expect("bug: a folder can be made");
    let authority = Authority::open(folder.path(), now_millis()).expect("bug: it can be made");
    let tls = Tls::new(&authority, &Identity::Local, &default_names(None), now_millis()).expect("bug: the names are good");
    (folder, authority, tls)
}

/// The two ends of a connection.
fn connection() -> (DuplexStream, DuplexStream) {
    duplex(64 * 1024)
}

/// The first bytes of a caller.
fn hello(authority: &Authority) -> Vec<u8> {
    let config = client(authority).with_no_client_auth();
    let mut caller = ClientConnection::new(Arc::new(config), localhost()).expect("bug: the name is good");
    let mut bytes = Vec::new();
    caller.write_tls(&mut bytes).expect("bug: a Vec takes everything");
    bytes
}

fn localhost() -> ServerName<'static> {
    ServerName::try_from("localhost").expect("bug: it is a name")
}

type ClientBuilder = tokio_rustls::rustls::ConfigBuilder<ClientConfig, tokio_rustls::rustls::client::WantsClientCert>;

fn client(authority: &Authority) -> ClientBuilder {
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().expect("bug: ring has both");
    builder.with_root_certificates(roots(authority.certificate()).expect("bug: it is a certificate"))
}

/// A caller that shows a certificate of the authority, meant for this.
fn client_with_certificate(authority: &Authority, purpose: ExtendedKeyUsagePurpose) -> Arc<ClientConfig> {
    let key = KeyPair::generate().expect("bug: ring makes keys");
    let mut params = CertificateParams::default();
    params.extended_key_usages = vec![purpose];
    let certificate = params.signed_by(&key, authority.issuer()).expect("bug: the authority signs");
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    Arc::new(client(authority).with_client_auth_cert(vec![certificate.der().clone()], key).expect("bug: they belong together"))
}

/// What becomes of a handshake with this caller, who has to show a certificate.
async fn meet(tls: &Tls, caller: Arc<ClientConfig>) -> Result<(), Failure> {
    let (ours, theirs) = connection();
    let connector = TlsConnector::from(caller);
    let call = async { drop(connector.connect(localhost(), theirs).await) };
    let (accepted, ()) = tokio::join!(tls.accept(ours, Some(TlsFault::ClientCert)), call);
    accepted.map(drop)
}

#[tokio::test]
async fn a_caller_with_a_certificate_of_the_authority_gets_through() {
    let (_folder, authority, tls) = local();
    assert_eq!(meet(&tls, client_with_certificate(&authority, ExtendedKeyUsagePurpose::ClientAuth)).await, Ok(()));
}

#[tokio::test]
async fn a_caller_with_another_certificate_does_not() {
    let (_folder, authority, tls) = local();
    let failure = meet(&tls, client_with_certificate(&authority, ExtendedKeyUsagePurpose::ServerAuth)).await;
    let reason = "the caller's own certificate was refused: it is not meant for callers (clientAuth)";
    assert_eq!(failure, Err(Failure::Failed(reason.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_no_caller() {
    let (_folder, _authority, tls) = local();
    let (ours, _theirs) = connection();
    assert_eq!(tls.accept(ours, None).await.map(drop), Err(Failure::Silent));
}

#[tokio::test(start_paused = true)]
async fn half_a_hello_is_waited_for_10_s() {
    let (_folder, authority, tls) = local();
    let (ours, mut theirs) = connection();
    theirs.write_all(&hello(&authority)[..100]).await.expect("bug: there is room");
    let begin = tokio::time::Instant::now();
    let failure = tls.accept(ours, None).await.map(drop).expect_err("bug: it is not whole");
    assert_eq!(failure.to_string(), "the caller did not finish the TLS handshake within 10 s");
    assert_eq!(begin.elapsed().as_secs(), LIMIT.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_hello_and_no_more_is_waited_for_10_s() {
    let (_folder, authority, tls) = local();
    let (ours, mut theirs) = connection();
    theirs.write_all(&hello(&authority)).await.expect("bug: there is room");
    let failure = tls.accept(ours, None).await.map(drop).expect_err("bug: nothing follows");
    assert_eq!(failure.to_string(), "the caller did not finish the TLS handshake within 10 s");
}

#[tokio::test]
async fn a_hello_may_come_byte_by_byte() {
    let (_folder, authority, tls) = local();
    let ((from_them, to_us), (from_us, to_them)) = (simplex(1), simplex(64 * 1024));
    let (ours, theirs) = (join(from_them, to_them), join(from_us, to_us));
    let connector = TlsConnector::from(Arc::new(client(&authority).with_no_client_auth()));
    let (accepted, called) = tokio::join!(tls.accept(ours, None), connector.connect(localhost(), theirs));
    assert!(accepted.is_ok() && called.is_ok());
}

#[tokio::test]
async fn an_alert_after_the_handshake_is_told() {
    let (_folder, authority, tls) = local();
    let (ours, theirs) = connection();
    let connector = TlsConnector::from(Arc::new(client(&authority).with_no_client_auth()));
    let (accepted, called) = tokio::join!(tls.accept(ours, None), connector.connect(localhost(), theirs));
    let (mut accepted, mut called) = (accepted.expect("bug: all is in order"), called.expect("bug: all is in order"));
    accepted.get_mut().0.write_all(&[0x17, 3, 3, 0, 20].into_iter().chain([0; 20]).collect::<Vec<_>>()).await.expect("bug: there is room");
    called.read_u8().await.expect_err("bug: that was no record");
    let error = accepted.read_u8().await.expect_err("bug: the caller has broken off");
    assert_eq!(reason(&error, None).as_deref(), Some("the caller broke off the TLS connection (alert bad_record_mac)"));
}
