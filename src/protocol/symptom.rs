//! Symptoms: what the vendor says a failed webhook looks like, and what may be behind it.
//!
//! Source: Chat, "Webhook Overview", the table of failures, 1047/34354; Live prints it without the two rows on HTTPS,
//! 647/64412.

/// One row of the vendor's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symptom {
    /// "Access times out"
    TimesOut,
    /// "Access denied"
    AccessDenied,
    /// "HTTPS certificate error"
    CertificateError,
    /// "HTTPS mutual authentication error"
    MutualAuthentication,
    /// "Return code is not 200"
    NotStatus200,
    /// "Response cannot be parsed"
    CannotBeParsed,
}

impl Symptom {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 6] =
        [Self::TimesOut, Self::AccessDenied, Self::CertificateError, Self::MutualAuthentication, Self::NotStatus200, Self::CannotBeParsed];

    /// The vendor's words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::TimesOut => "Access times out",
            Self::AccessDenied => "Access denied",
            Self::CertificateError => "HTTPS certificate error",
            Self::MutualAuthentication => "HTTPS mutual authentication error",
            Self::NotStatus200 => "Return code is not 200",
            Self::CannotBeParsed => "Response cannot be parsed",
        }
    }

    /// What may be behind it, according to the vendor.
    pub fn reasons(self) -> &'static [&'static str] {
        match self {
            Self::TimesOut => &[
                "the name in the URL does not resolve",
                "the address is private, or cannot be reached from the vendor's servers",
                "a firewall drops the packets",
            ],
            Self::AccessDenied => &["the host can be reached, and nothing listens there", "the port is wrong"],
            Self::CertificateError => &[
                "the certificate is self-signed",
                "the certificate has expired",
                "the certificate is for another name",
                "the chain of certificates is incomplete",
            ],
            Self::MutualAuthentication => &["the app's server refuses the vendor's certificate"],
            Self::NotStatus200 => &["a response arrived with a status other than 200"],
            Self::CannotBeParsed => &["the response is not JSON"],
        }
    }

    /// What else is worth knowing.
    pub fn advice(self) -> Option<&'static str> {
        match self {
            Self::MutualAuthentication => Some("The method is retired: webhook authentication by token is recommended in its place"),
            Self::TimesOut | Self::AccessDenied | Self::CertificateError | Self::NotStatus200 | Self::CannotBeParsed => None,
        }
    }
}
