//! Why a handshake failed, in plain words and with what to do about it.

#![expect(clippy::wildcard_enum_match_arm, reason = "rustls knows more errors than there is more to say about")]

use crate::rules::preset::TlsFault;
use std::io::{self, ErrorKind};
use tokio_rustls::rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};

/// What is told of a caller that shook hands and then left: where TLS itself does not check names, that is how a
/// wrong one is refused (curl with OpenSSL does so).
pub const LEFT_WITHOUT_REQUEST: &str = "the caller finished the TLS handshake and left without a request; \
                                        some callers look at the certificate's name only then, and refuse it so";

/// What the caller said about TLS after the handshake looked finished here: in TLS 1.3 it may refuse our certificate
/// as late as that. `error` is that of the first read; `None` where it tells nothing about TLS.
pub fn reason(error: &io::Error, fault: Option<TlsFault>) -> Option<String> {
    tls_error(error).map(|error| explain(error, fault))
}

/// Why a handshake failed.
pub(super) fn of_handshake(error: &io::Error, fault: Option<TlsFault>) -> String {
    if let Some(reason) = reason(error, fault) {
        return reason;
    }
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            "the caller left in the middle of the TLS handshake; some do so when they do not accept our certificate".to_owned()
        }
        _ => format!("the TLS handshake failed: {error}"),
    }
}

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn explain(error: &Error, fault: Option<TlsFault>) -> String {
    match error {
        Error::AlertReceived(alert) => explain_alert(*alert, fault),
        Error::InvalidMessage(_) => "the bytes that came are no TLS".to_owned(),
        Error::NoApplicationProtocol => "the caller does not offer http/1.1 (ALPN), perhaps only h2; let it speak HTTP/1.1 too".to_owned(),
        Error::NoCertificatesPresented => {
            "the caller showed no certificate of its own; give it one that the local authority has signed".to_owned()
        }
        Error::InvalidCertificate(error) => explain_certificate(error),
        Error::PeerIncompatible(error) => explain_incompatible(error),
        _ => format!("the TLS handshake failed: {error}"),
    }
}

/// What is wrong with the certificate that the caller showed.
fn explain_certificate(error: &CertificateError) -> String {
    let what = match error {
        CertificateError::UnknownIssuer => "the local authority has not signed it",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its time is over",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => "it is not meant for callers (clientAuth)",
        CertificateError::BadSignature => "its signature is wrong",
        _ => return format!("the caller's own certificate was refused: {error}"),
    };
    format!("the caller's own certificate was refused: {what}")
}

fn explain_incompatible(error: &PeerIncompatible) -> String {
    match error {
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        // Callers name their signatures since TLS 1.2.
        | PeerIncompatible::SignatureAlgorithmsExtensionRequired
        | PeerIncompatible::SupportedVersionsExtensionRequired
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled => "no common version of TLS; let the caller speak TLS 1.2 or 1.3".to_owned(),
        PeerIncompatible::NoCipherSuitesInCommon => {
            "no common cipher; let the caller offer AES-GCM or ChaCha20 with ECDHE, and ECDSA for our certificate".to_owned()
        }
        PeerIncompatible::NoSignatureSchemesInCommon => {
            "no common kind of signature; let the caller take our certificate's (ECDSA on P-256 with SHA-256 for a local one)".to_owned()
        }
        PeerIncompatible::NoKxGroupsInCommon | PeerIncompatible::NamedGroupsExtensionRequired => {
            "no common key exchange; let the caller offer X25519, P-256 or P-384".to_owned()
        }
        _ => format!("caller and receiver have no TLS in common: {error:?}"),
    }
}

/// What the caller has said itself, and the alert by which it said so. What to do is left out where it is right to
/// refuse: something is wrong on purpose.
///
/// Source: RFC 8446, section 6.2.
fn explain_alert(alert: AlertDescription, fault: Option<TlsFault>) -> String {
    let (what, remedy) = match alert {
        AlertDescription::UnknownCA => ("the caller refused our certificate: it does not know its authority", TRUST),
        AlertDescription::BadCertificate => ("the caller refused our certificate: it is a bad one, perhaps for another name", NAME),
        AlertDescription::CertificateUnknown => ("the caller refused our certificate, without saying why", TRUST),
        AlertDescription::CertificateExpired => ("the caller refused our certificate: its time is over", "look at both clocks"),
        AlertDescription::UnsupportedCertificate => ("the caller refused our certificate: it cannot use this kind", ""),
        AlertDescription::CertificateRevoked => ("the caller refused our certificate: it was revoked", ""),
        AlertDescription::AccessDenied => ("the caller accepts our certificate, but refuses to go on", ""),
        AlertDescription::UnrecognisedName => ("the caller refused our certificate: it is for another name", NAME),
        AlertDescription::DecryptError => ("the caller could not verify a signature of ours", ""),
        AlertDescription::HandshakeFailure => ("the caller found nothing in common with us", ""),
        AlertDescription::ProtocolVersion => ("the caller refused our version of TLS", "let it speak TLS 1.2 or 1.3"),
        AlertDescription::CloseNotify | AlertDescription::UserCanceled => ("the caller gave up", ""),
        _ => ("the caller broke off the TLS connection", ""),
    };
    let remedy = if fault.is_some() || remedy.is_empty() { String::new() } else { format!("; {remedy}") };
    format!("{what} (alert {}){remedy}", alert_name(alert))
}

const TRUST: &str = "let it trust the authority that signed it";
const NAME: &str = "call one of its names, or give it this one";

/// An alert's name in the documents: `UnknownCA` is `unknown_ca`.
///
/// Source: RFC 8446, appendix B.2.
fn alert_name(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::UnrecognisedName => "unrecognized_name".to_owned(),
        AlertDescription::Unknown(number) => number.to_string(),
        _ => snake_case(&format!("{alert:?}")),
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut after_capital = true;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !after_capital {
            snake.push('_');
        }
        after_capital = letter.is_ascii_uppercase();
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: Error, fault: Option<TlsFault>, expected: &str) {
        assert_eq!(reason(&io::Error::new(ErrorKind::InvalidData, error), fault).as_deref(), Some(expected));
    }

    #[test]
    fn an_alert_is_told_by_its_documented_name() {
        let names = [
            (AlertDescription::UnknownCA, "unknown_ca"),
            (AlertDescription::BadCertificate, "bad_certificate"),
            (AlertDescription::CertificateRequired, "certificate_required"),
            (AlertDescription::UnrecognisedName, "unrecognized_name"),
            (AlertDescription::Unknown(200), "200"),
        ];
        for (alert, name) in names {
            assert_eq!(alert_name(alert), name);
        }
    }

    #[test]
    fn what_to_do_is_said_where_nothing_is_wrong_on_purpose() {
        let refused = || Error::AlertReceived(AlertDescription::UnknownCA);
        let what = "the caller refused our certificate: it does not know its authority (alert unknown_ca)";
        check(refused(), None, &format!("{what}; let it trust the authority that signed it"));
        check(refused(), Some(TlsFault::SelfSigned), what);
    }

    #[test]
    fn a_callers_own_certificate_is_judged_too() {
        let expired = Error::InvalidCertificate(CertificateError::Expired);
        check(expired, Some(TlsFault::ClientCert), "the caller's own certificate was refused: its time is over");
    }

    #[test]
    fn an_error_that_is_not_about_tls_tells_nothing() {
        assert_eq!(reason(&ErrorKind::ConnectionReset.into(), None), None);
    }
}
