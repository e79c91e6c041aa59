//! A certificate of one's own, from two files of PEM text.

use super::{Error, provider};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::{CertifiedKey, SigningKey};
use tokio_rustls::rustls::{self, InconsistentKeys};

/// What stands in the text of a key that needs a password, in PKCS#8 and in the older forms.
const ENCRYPTED: [&[u8]; 2] = [b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED"];

/// What is wrong with a file that is no whole PEM text.
const DAMAGED: &str = "its PEM text is damaged or cut off";

/// Reads a certificate with its intermediates, and its key.
pub(super) fn read(certificate: &Path, key: &Path) -> Result<CertifiedKey, Error> {
    let shown = CertifiedKey::new(read_chain(certificate)?, read_key(key)?);
    match shown.keys_match() {
        // Some keys cannot tell to which certificate they belong.
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(shown),
        Err(rustls::Error::InconsistentKeys(_)) => Err(Error::Mismatch { certificate: certificate.to_owned(), key: key.to_owned() }),
        Err(_unreadable) => Err(Error::Certificate { why: "it is no X.509 certificate of version 3", path: certificate.to_owned() }),
    }
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = read_file(path, "read the certificate")?;
    let chain: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&text).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(Error::NoCertificate { path: path.to_owned() }),
        Ok(chain) => Ok(chain),
        Err(_damaged) => Err(Error::Certificate { why: DAMAGED, path: path.to_owned() }),
    }
}

fn read_key(path: &Path) -> Result<Arc<dyn SigningKey>, Error> {
    let text = read_file(path, "read the private key")?;
    if ENCRYPTED.iter().any(|mark| text.windows(mark.len()).any(|window| window == *mark)) {
        return Err(Error::EncryptedKey { path: path.to_owned() });
    }
    let unusable = |why| Error::Key { why, path: path.to_owned() };
    let is_missing = |error: &pem::Error| matches!(error, pem::Error::NoItemsFound);
    let key = PrivateKeyDer::from_pem_slice(&text);
    let key = key.map_err(|error| if is_missing(&error) { Error::NoKey { path: path.to_owned() } } else { unusable(DAMAGED) })?;
    provider().key_provider.load_private_key(key).or(Err(unusable("it is damaged or of another kind")))
}

fn read_file(path: &Path, doing: &'static str) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::Io { doing, source, path: path.to_owned() })
}
