//! The local authority: a certificate that signs others, and its key.

use super::certificate::{common_name, make_valid};
use super::{Error, roots};
use crate::folder::write_whole;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use sha2::{Digest as _, Sha256};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fs, io};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

/// When an authority is valid, in days from its making: for ten years, also for clocks that are late.
const DAYS: Range<i64> = -1..3652;

/// The file of its certificate in a data folder.
const CERTIFICATE: &str = "authority.pem";

/// The file of its key in a data folder.
const KEY: &str = "authority.key";

/// The local authority of a data folder. Who trusts its certificate trusts whoever can read its key.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    certificate_pem: String,
}

impl Authority {
    /// Loads the authority of a data folder, or makes it at `now_millis` (since the Unix epoch) where there is none.
    /// Its certificate is in `authority.pem`; its key in `authority.key`, which only the user can read.
    ///
    /// # Errors
    /// When the system refuses, or what lies there is not an authority made here.
    pub fn open(folder: &Path, now_millis: i64) -> Result<Self, Error> {
        match (read(&folder.join(KEY))?, read(&folder.join(CERTIFICATE))?) {
            (Some(key), Some(certificate)) => Self::load(folder, &key, certificate),
            (None, Some(_)) => Err(Error::Authority { why: "has lost its key", path: folder.join(KEY) }),
            (_, None) => Self::create(folder, now_millis),
        }
    }

    /// Where the certificate of the authority of a data folder lies.
    pub fn path(folder: &Path) -> PathBuf {
        folder.join(CERTIFICATE)
    }

    /// Its certificate as PEM text, for whoever is to trust it.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The SHA-256 of its certificate, as `openssl x509 -fingerprint -sha256` prints it: 32 bytes in upper-case hex
    /// with colons between.
    pub fn fingerprint(&self) -> String {
        Sha256::digest(&self.certificate).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    pub(super) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    pub(super) fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }

    fn create(folder: &Path, now_millis: i64) -> Result<Self, Error> {
        let key = KeyPair::generate()?;
        let mut params = params(&key);
        make_valid(&mut params, DAYS, now_millis);
        let certificate = params.self_signed(&key)?;
        // The key first: a certificate without one could never be used.
        write(&folder.join(KEY), &key.serialize_pem(), true)?;
        write(&folder.join(CERTIFICATE), &certificate.pem(), false)?;
        Ok(Self { issuer: Issuer::new(params, key), certificate: certificate.der().clone(), certificate_pem: certificate.pem() })
    }

    fn load(folder: &Path, key: &str, certificate_pem: String) -> Result<Self, Error> {
        let broken = |why, file| Error::Authority { why, path: folder.join(file) };
        let key = KeyPair::from_pem(key).ok().ok_or_else(|| broken("has a damaged key", KEY))?;
        let certificate = CertificateDer::from_pem_slice(certificate_pem.as_bytes()).ok();
        let (certificate, roots) = certificate
            .and_then(|certificate| Some((certificate.clone(), roots(&certificate)?)))
            .ok_or_else(|| broken("has a damaged certificate", CERTIFICATE))?;
        // The name, last in the subject, is made from the key.
        if !roots.roots.iter().all(|root| root.subject.ends_with(name(&key).as_bytes())) {
            return Err(broken("has a certificate and a key that don't belong together", CERTIFICATE));
        }
        Ok(Self { issuer: Issuer::new(params(&key), key), certificate, certificate_pem })
    }
}

/// What is the same whenever the authority of this key is made or loaded. One intermediate may stand below it.
fn params(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = common_name(&name(key));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// The authority's name. It differs for each, so that none is taken for another, and tells nothing of the machine.
fn name(key: &KeyPair) -> String {
    let digest = hex::encode(Sha256::digest(key.public_key_raw()));
    format!("Hookglass local authority ({})", &digest[..8])
}

fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { doing: "read the local authority", source, path: path.to_owned() }),
    }
}

fn write(path: &Path, text: &str, private: bool) -> Result<(), Error> {
    let refused = |source| Error::Io { doing: "keep the local authority", source, path: path.to_owned() };
    write_whole(path, text.as_bytes(), private).map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_669_872_112_500;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("bug: a folder can be made")
    }

    fn mistake(folder: &Path) -> String {
        Authority::open(folder, NOW).err().expect("bug: it cannot be used").to_string()
    }

    #[test]
    fn it_is_the_same_when_opened_again() {
        let folder = folder();
        let made = Authority::open(folder.path(), NOW).expect("bug: it can be made");
        let loaded = Authority::open(folder.path(), NOW + 1).expect("bug: it can be loaded");
        assert_eq!((made.fingerprint(), made.certificate_pem()), (loaded.fingerprint(), loaded.certificate_pem()));
        assert_eq!(made.fingerprint().len(), 32 * 3 - 1);
    }

    #[test]
    fn each_folder_has_its_own() {
        let (one, other) = (folder(), folder());
        let fingerprints = [&one, &other].map(|folder| Authority::open(folder.path(), NOW).expect("bug: it can be made").fingerprint());
        assert_ne!(fingerprints[0], fingerprints[1]);
    }

    #[test]
    fn a_certificate_without_its_key_is_not_replaced() {
        let folder = folder();
        Authority::open(folder.path(), NOW).expect("bug: it can be made");
        fs::remove_file(folder.path().join(KEY)).expect("bug: it is there");
        assert!(mistake(folder.path()).contains("has lost its key; delete authority.pem"), "{}", mistake(folder.path()));
    }

    #[test]
    fn a_key_without_its_certificate_is_the_rest_of_one_that_nobody_saw() {
        let folder = folder();
        Authority::open(folder.path(), NOW).expect("bug: it can be made");
        fs::remove_file(folder.path().join(CERTIFICATE)).expect("bug: it is there");
        Authority::open(folder.path(), NOW).expect("bug: a new one is made");
    }

    #[test]
    fn damage_is_told() {
        let (folder, other) = (folder(), folder());
        Authority::open(folder.path(), NOW).expect("bug: it can be made");
        Authority::open(other.path(), NOW).expect("bug: it can be made");
        fs::copy(other.path().join(KEY), folder.path().join(KEY)).expect("bug: writable");
        assert!(mistake(folder.path()).contains("don't belong together"));
        fs::write(folder.path().join(KEY), "none").expect("bug: writable");
        assert!(mistake(folder.path()).contains("has a damaged key"));
        fs::copy(other.path().join(KEY), folder.path().join(KEY)).expect("bug: writable");
        fs::write(folder.path().join(CERTIFICATE), "none").expect("bug: writable");
        assert!(mistake(folder.path()).contains("has a damaged certificate"));
    }
}
