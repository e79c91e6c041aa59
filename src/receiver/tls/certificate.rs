//! The certificates that the port shows, each with a key of its own: serial numbers are made from keys, and no two
//! certificates of an authority may share one.

use super::{Authority, Error, provider};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::net::IpAddr;
use std::ops::Range;
use std::time::Duration;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::sign::CertifiedKey;

/// When a good certificate is valid, in days from now: clocks may be late, and no public one may be valid for more
/// than 398 days. Source: CA/Browser Forum, Baseline Requirements, section 6.3.2.
const GOOD_DAYS: Range<i64> = -1..396;

/// When the expired certificate was valid, in days from now.
const EXPIRED_DAYS: Range<i64> = -91..-1;

/// A name that nobody calls. Source: RFC 6761, section 6.4.
const WRONG_NAME: &str = "wrong-name.hookglass.invalid";

/// The names under which a receiver on this machine is called: `localhost`, its addresses, and the one it listens on.
pub fn default_names(listens_on: Option<IpAddr>) -> Vec<String> {
    let mut names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    names.extend(listens_on.filter(|address| !address.is_loopback() && !address.is_unspecified()).map(|address| address.to_string()));
    names
}

/// A certificate in order.
pub(super) fn good(authority: &Authority, names: &[String], now_millis: i64) -> Result<CertifiedKey, Error> {
    signed(&leaf(names, GOOD_DAYS, now_millis)?, authority.issuer())
}

/// A certificate in order, but for its time, which ended yesterday.
pub(super) fn expired(authority: &Authority, names: &[String], now_millis: i64) -> Result<CertifiedKey, Error> {
    signed(&leaf(names, EXPIRED_DAYS, now_millis)?, authority.issuer())
}

/// A certificate in order, for somebody else.
pub(super) fn wrong_name(authority: &Authority, now_millis: i64) -> Result<CertifiedKey, Error> {
    signed(&leaf(&[WRONG_NAME.to_owned()], GOOD_DAYS, now_millis)?, authority.issuer())
}

/// A certificate that nobody else has signed.
pub(super) fn self_signed(names: &[String], now_millis: i64) -> Result<CertifiedKey, Error> {
    let key = KeyPair::generate()?;
    let certificate = leaf(names, GOOD_DAYS, now_millis)?.self_signed(&key)?;
    Ok(certified(&certificate, &key))
}

/// A certificate in order that an intermediate has signed, without that intermediate. As nobody will see it, whether
/// the authority has signed it makes no difference.
pub(super) fn incomplete_chain(names: &[String], now_millis: i64) -> Result<CertifiedKey, Error> {
    let intermediate = Issuer::new(intermediate(), KeyPair::generate()?);
    signed(&leaf(names, GOOD_DAYS, now_millis)?, &intermediate)
}

fn signed(params: &CertificateParams, issuer: &Issuer<'_, KeyPair>) -> Result<CertifiedKey, Error> {
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, issuer)?;
    Ok(certified(&certificate, &key))
}

fn certified(certificate: &Certificate, key: &KeyPair) -> CertifiedKey {
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    CertifiedKey::from_der(vec![certificate.der().clone()], key, &provider()).expect("bug: the key was made for this certificate")
}

fn leaf(names: &[String], days: Range<i64>, now_millis: i64) -> Result<CertificateParams, Error> {
    if let Some(name) = names.iter().find(|name| !is_name(name)) {
        return Err(Error::Name(name.clone()));
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = common_name("Hookglass");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    make_valid(&mut params, days, now_millis);
    Ok(params)
}

fn intermediate() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = common_name("Hookglass local intermediate");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

/// The name by which people know a certificate; names of hosts stand elsewhere.
pub(super) fn common_name(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

/// Sets the time in which a certificate is valid, in days from `now_millis` (since the Unix epoch).
pub(super) fn make_valid(params: &mut CertificateParams, days: Range<i64>, now_millis: i64) {
    let at = |days: i64| {
        let secs = now_millis / 1000 + days * 24 * 60 * 60;
        rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(u64::try_from(secs).unwrap_or(0))
    };
    params.not_before = at(days.start);
    params.not_after = at(days.end);
}

/// Whether a certificate can be for this: an address, or a host name that may begin with `*.`.
fn is_name(name: &str) -> bool {
    let host = name.strip_prefix("*.").unwrap_or(name);
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    name.parse::<IpAddr>().is_ok() || host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hosts_and_addresses() {
        for name in ["localhost", "a.example", "*.example", "xn--h-zfa.example", "192.0.2.1", "::1"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "a..b", "ä.example", "a b", "https://localhost", "localhost:9700", "*.*.example", "[::1]"] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn the_address_it_listens_on_is_a_name_where_it_is_one() {
        let names = |address: &str| default_names(address.parse().ok()).join(" ");
        assert_eq!(names("192.0.2.1"), "localhost 127.0.0.1 ::1 192.0.2.1");
        assert_eq!(names("0.0.0.0"), "localhost 127.0.0.1 ::1");
        assert_eq!(names("::1"), "localhost 127.0.0.1 ::1");
    }
}
