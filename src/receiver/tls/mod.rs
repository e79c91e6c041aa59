//! Certificates and handshakes: what the TLS port shows its callers, right or wrong on purpose.
//!
//! The certificates come from a local authority, one per data folder, or from files of one's own. Each kind of
//! [`TlsFault`] is one more server configuration. Nothing here knows HTTP or the time.

mod authority;
mod certificate;
mod files;
mod handshake;
mod reason;

use crate::rules::preset::TlsFault;
pub use authority::Authority;
pub use certificate::default_names;
pub use handshake::{Failure, LIMIT, PLAIN_RESPONSE};
pub use reason::{LEFT_WITHOUT_REQUEST, reason};
use std::path::PathBuf;
use std::sync::Arc;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::server::{NoClientAuth, NoServerSessionStorage, WebPkiClientVerifier};
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
pub use tokio_rustls::server::TlsStream;

/// What can go wrong with certificates. No message holds a key.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system said no.
    #[error("could not {doing}: {source}: {path}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
        /// On what.
        path: PathBuf,
    },
    /// The local authority cannot be used as it lies there.
    #[error("the local authority {why}; delete authority.pem and authority.key and trust the new one, which is made then: {path}")]
    Authority {
        /// What is wrong with it.
        why: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A certificate can't be for this name.
    #[error("{0:?} is no name for a certificate; it takes host names in ASCII and IP addresses")]
    Name(String),
    /// No certificate could be made.
    #[error("could not make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// A file of certificates is damaged.
    #[error("this file of certificates cannot be used, {why}; export it again, as PEM text: {path}")]
    Certificate {
        /// What is wrong with it.
        why: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A file of certificates holds none.
    #[error(
        "no certificate in this file; it takes PEM text, the server's certificate first (openssl x509 -inform der -in FILE reads another \
         form): {path}"
    )]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// A file of a key holds none.
    #[error("no private key in this file; it takes PEM text, PKCS#8, PKCS#1 or SEC1: {path}")]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is encrypted.
    #[error("the private key is encrypted; write a copy that is not with openssl pkey -in FILE -out NEW: {path}")]
    EncryptedKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is damaged, or of a kind or size that is not supported.
    #[error("the private key cannot be used, {why}; it takes RSA of 2048 bits or more, ECDSA on P-256 or P-384, and Ed25519: {path}")]
    Key {
        /// What is wrong with it.
        why: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// Certificate and key don't belong together.
    #[error("the private key does not fit the first certificate of {certificate}; the server's certificate must come first: {key}")]
    Mismatch {
        /// The file of certificates.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
}

/// What the port shows while nothing is wrong on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Identity {
    /// A certificate of the local authority.
    #[default]
    Local,
    /// A certificate of one's own.
    Files {
        /// The certificate and its intermediates, as PEM text.
        certificate: PathBuf,
        /// Its private key, as PEM text.
        key: PathBuf,
    },
}

/// The handshakes of one TLS port. Cheap to clone.
#[derive(Clone)]
pub struct Tls(Arc<Configs>);

/// One configuration for every way in which a handshake can go.
struct Configs {
    good: Arc<ServerConfig>,
    self_signed: Arc<ServerConfig>,
    expired: Arc<ServerConfig>,
    wrong_name: Arc<ServerConfig>,
    incomplete_chain: Arc<ServerConfig>,
    client_cert: Arc<ServerConfig>,
}

impl Tls {
    /// Makes all certificates, the faulty ones too, for these `names` (as of [`default_names`]): host names and IP
    /// addresses. They are valid from the day before `now_millis` (since the Unix epoch) for 397 days.
    ///
    /// With files of one's own, the good certificate is theirs, also where the caller has to show one; the faulty
    /// ones still come from the local authority.
    ///
    /// # Errors
    /// When a file cannot be used, or a name is none.
    pub fn new(authority: &Authority, identity: &Identity, names: &[String], now_millis: i64) -> Result<Self, Error> {
        let good = match identity {
            Identity::Local => certificate::good(authority, names, now_millis)?,
            Identity::Files { certificate, key } => files::read(certificate, key)?,
        };
        Ok(Self(Arc::new(Configs {
            client_cert: config(good.clone(), signed_by(authority)),
            good: config(good, anybody()),
            self_signed: config(certificate::self_signed(names, now_millis)?, anybody()),
            expired: config(certificate::expired(authority, names, now_millis)?, anybody()),
            wrong_name: config(certificate::wrong_name(authority, now_millis)?, anybody()),
            incomplete_chain: config(certificate::incomplete_chain(names, now_millis)?, anybody()),
        })))
    }

    fn config(&self, fault: Option<TlsFault>) -> Arc<ServerConfig> {
        let Configs { good, self_signed, expired, wrong_name, incomplete_chain, client_cert } = &*self.0;
        let config = match fault {
            None => good,
            Some(TlsFault::SelfSigned) => self_signed,
            Some(TlsFault::Expired) => expired,
            Some(TlsFault::WrongName) => wrong_name,
            Some(TlsFault::IncompleteChain) => incomplete_chain,
            Some(TlsFault::ClientCert) => client_cert,
        };
        config.clone()
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// TLS 1.2 and 1.3, HTTP/1.1 only. Nothing is resumed: what a caller thinks of the certificate shows every time.
fn config(shown: CertifiedKey, callers: Arc<dyn ClientCertVerifier>) -> Arc<ServerConfig> {
    let builder =
        ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().expect("bug: ring has both versions");
    let mut config = builder.with_client_cert_verifier(callers).with_cert_resolver(Arc::new(SingleCertAndKey::from(shown)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Arc::new(config)
}

fn anybody() -> Arc<dyn ClientCertVerifier> {
    Arc::new(NoClientAuth)
}

/// Callers that show a certificate of the local authority.
fn signed_by(authority: &Authority) -> Arc<dyn ClientCertVerifier> {
    let roots = roots(authority.certificate()).expect("bug: it was read before");
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider()).build().expect("bug: there is an authority to sign for them")
}

/// The store that holds only this authority; `None` where it is no certificate.
fn roots(authority: &CertificateDer<'static>) -> Option<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone()).ok()?;
    Some(roots)
}

#[cfg(test)]
mod tests;
