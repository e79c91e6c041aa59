//! Presets: the responses that have a name, and the failures that can be simulated.

use crate::protocol::response::{self, Action};
use crate::protocol::symptom::Symptom;
use crate::wire::Response;
use std::fmt;
use std::sync::Arc;

/// A response with a name, as `--respond`, the response bar and the rules know it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Preset {
    /// The documented success.
    #[default]
    Ok,
    /// `FAIL` with a code.
    Fail(i64),
    /// A body of one's own, with status 200.
    Body(OwnBody),
    /// A status other than 200, with the body of `Ok`.
    Http(u16),
    /// The documented success, so many milliseconds after the request.
    Delay(u32),
    /// No response at all.
    Timeout,
    /// A head with status 200, then silence.
    Stall,
    /// The documented success, one byte every so many milliseconds.
    Drip(u32),
    /// An HTML page with status 200.
    NotJson,
    /// Status 200 without a body.
    Empty,
    /// Half of the body that the head announces, then the end of the connection.
    Truncated,
    /// A head that announces more than the body that comes, and the connection stays open.
    Long,
    /// A good status line, then bytes that are no HTTP.
    Garbage,
    /// The connection ends in good order, without a byte.
    Drop,
    /// The connection is reset.
    Reset,
    /// Nobody listens on the port.
    Refuse,
    /// The developer decides by hand.
    Hold,
    /// Something is wrong with TLS: no request gets through.
    Tls(TlsFault),
}

/// A body of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnBody {
    /// What is sent.
    pub bytes: Arc<[u8]>,
    /// The file that holds it, as it was named; `None` where it was typed.
    pub file: Option<String>,
}

/// What can be wrong with TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TlsFault {
    /// The certificate is signed by nobody but itself.
    SelfSigned,
    /// The certificate's time is over.
    Expired,
    /// The certificate is for another name.
    WrongName,
    /// An intermediate certificate is not sent along.
    IncompleteChain,
    /// The caller has to show a certificate of its own.
    ClientCert,
}

/// Why a word is no preset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No preset has this name.
    #[error("{0:?} is no preset; there are {NAMES}")]
    Unknown(String),
    /// The code is no whole number.
    #[error("{0:?} is no code; fail:CODE takes a whole number such as fail:10100")]
    Code(String),
    /// The status is none.
    #[error("{0:?} is no status; http:STATUS takes 200 to 599")]
    Status(String),
    /// The time is none.
    #[error("{0:?} is no time; delay:MS and drip:MS take milliseconds, 1 to 3600000")]
    Millis(String),
    /// No file is named.
    #[error("body: names no file; body:FILE sends what is in it")]
    File,
}

/// All names, for messages.
pub const NAMES: &str = "ok, fail, fail:CODE, body:FILE, http:STATUS, delay:MS, timeout, stall, drip:MS, not-json, empty, truncated, \
                         long, garbage, drop, reset, refuse, hold, self-signed, expired, wrong-name, incomplete-chain and client-cert";

/// The longest that anything waits: an hour.
pub const MOST_MILLIS: u32 = 3_600_000;

/// The presets without a value, by their names.
const PLAIN: [(&str, Preset); 18] = [
    ("ok", Preset::Ok),
    ("fail", Preset::Fail(1)),
    ("timeout", Preset::Timeout),
    ("stall", Preset::Stall),
    ("not-json", Preset::NotJson),
    ("empty", Preset::Empty),
    ("truncated", Preset::Truncated),
    ("long", Preset::Long),
    ("garbage", Preset::Garbage),
    ("drop", Preset::Drop),
    ("reset", Preset::Reset),
    ("refuse", Preset::Refuse),
    ("hold", Preset::Hold),
    ("self-signed", Preset::Tls(TlsFault::SelfSigned)),
    ("expired", Preset::Tls(TlsFault::Expired)),
    ("wrong-name", Preset::Tls(TlsFault::WrongName)),
    ("incomplete-chain", Preset::Tls(TlsFault::IncompleteChain)),
    ("client-cert", Preset::Tls(TlsFault::ClientCert)),
];

/// What stands in a response that is not JSON: what a web server's error page looks like.
const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>It works</title></head><body><h1>It works</h1></body></html>\n";

impl Preset {
    /// Reads a preset's name, such as `ok` or `fail:10100`. `body:FILE` comes without its bytes: whoever may read files
    /// fills them in.
    ///
    /// # Errors
    /// When the word is none; the error names those there are.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Some((_, preset)) = PLAIN.iter().find(|(name, _)| *name == text) {
            return Ok(preset.clone());
        }
        let Some((name, value)) = text.split_once(':') else { return Err(Error::Unknown(text.to_owned())) };
        match name {
            "fail" => value.parse().map(Self::Fail).or(Err(Error::Code(value.to_owned()))),
            "http" => read_status(value).map(Self::Http).ok_or_else(|| Error::Status(value.to_owned())),
            "delay" => read_millis(value).map(Self::Delay).ok_or_else(|| Error::Millis(value.to_owned())),
            "drip" => read_millis(value).map(Self::Drip).ok_or_else(|| Error::Millis(value.to_owned())),
            "body" if value.is_empty() => Err(Error::File),
            "body" => Ok(Self::Body(OwnBody { bytes: Arc::default(), file: Some(value.to_owned()) })),
            _ => Err(Error::Unknown(text.to_owned())),
        }
    }

    /// The response that goes out in the end, whole or in part; `None` where no byte of one does, or where somebody
    /// else decides.
    pub fn response(&self) -> Option<Response> {
        match self {
            Self::Ok | Self::Delay(_) | Self::Drip(_) | Self::Truncated | Self::Long | Self::Stall => {
                Some(response::build(Action::Ok, 200))
            }
            Self::Fail(code) => Some(response::build(Action::Fail(*code), 200)),
            Self::Http(status) => Some(response::build(Action::Ok, *status)),
            Self::Body(body) => Some(Response::json(200, body.bytes.to_vec())),
            Self::NotJson => {
                let headers = vec![("Content-Type".to_owned(), "text/html; charset=utf-8".to_owned())];
                Some(Response { status: 200, headers, body: HTML_PAGE.as_bytes().to_vec() })
            }
            Self::Empty => Some(Response { status: 200, headers: Vec::new(), body: Vec::new() }),
            Self::Garbage | Self::Timeout | Self::Drop | Self::Reset | Self::Refuse | Self::Hold | Self::Tls(_) => None,
        }
    }

    /// Whether anything but the documented success is responded.
    pub fn is_simulation(&self) -> bool {
        *self != Self::Ok
    }

    /// Whether it can stand in a rule: a rule is asked once a request is there.
    pub fn fits_a_rule(&self) -> bool {
        !matches!(self, Self::Refuse | Self::Tls(_))
    }

    /// Whether it acts on requests: TLS is at fault before there is one, and a port that refuses sees none.
    pub fn waits_for_requests(&self) -> bool {
        self.fits_a_rule()
    }

    /// Whether it can be said for so many requests or handshakes: a port that refuses sees neither.
    pub fn is_counted(&self) -> bool {
        *self != Self::Refuse
    }

    /// The vendor's name for what its sender sees; `None` where the response is read.
    pub fn symptom(&self) -> Option<Symptom> {
        match self {
            Self::Ok | Self::Fail(_) | Self::Body(_) | Self::Hold | Self::Http(200) => None,
            Self::Http(_) => Some(Symptom::NotStatus200),
            Self::Delay(_) | Self::Timeout | Self::Stall | Self::Drip(_) | Self::Long => Some(Symptom::TimesOut),
            Self::NotJson | Self::Empty | Self::Truncated | Self::Garbage => Some(Symptom::CannotBeParsed),
            Self::Drop | Self::Reset | Self::Refuse => Some(Symptom::AccessDenied),
            Self::Tls(TlsFault::ClientCert) => Some(Symptom::MutualAuthentication),
            Self::Tls(_) => Some(Symptom::CertificateError),
        }
    }

    /// The word that an exchange keeps of it; `None` where the response says it all.
    pub fn fault(&self) -> Option<String> {
        (!matches!(self, Self::Ok | Self::Fail(_) | Self::Body(_))).then(|| self.to_string())
    }
}

/// A status that a response can have.
pub fn read_status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|status| (200..=599).contains(status))
}

/// A time that something can take, in milliseconds.
pub fn read_millis(text: &str) -> Option<u32> {
    text.parse().ok().filter(|millis| (1..=MOST_MILLIS).contains(millis))
}

impl TlsFault {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::SelfSigned, Self::Expired, Self::WrongName, Self::IncompleteChain, Self::ClientCert];
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, _)) = PLAIN.iter().find(|(_, preset)| preset == self) {
            return f.write_str(name);
        }
        match self {
            Self::Fail(code) => write!(f, "fail:{code}"),
            Self::Body(OwnBody { file: Some(file), .. }) => write!(f, "body:{file}"),
            Self::Http(status) => write!(f, "http:{status}"),
            Self::Delay(millis) => write!(f, "delay:{millis}"),
            Self::Drip(millis) => write!(f, "drip:{millis}"),
            // What else there is has no value and a name above.
            Self::Body(_)
            | Self::Ok
            | Self::Timeout
            | Self::Stall
            | Self::NotJson
            | Self::Empty
            | Self::Truncated
            | Self::Long
            | Self::Garbage
            | Self::Drop
            | Self::Reset
            | Self::Refuse
            | Self::Hold
            | Self::Tls(_) => f.write_str("body"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_and_written() {
        let with_values = [
            ("fail:10100", Preset::Fail(10100)),
            ("http:503", Preset::Http(503)),
            ("delay:2100", Preset::Delay(2100)),
            ("drip:50", Preset::Drip(50)),
            ("body:a b.json", Preset::Body(OwnBody { bytes: Arc::default(), file: Some("a b.json".to_owned()) })),
        ];
        for (text, preset) in PLAIN.into_iter().chain(with_values) {
            assert_eq!(Preset::parse(text), Ok(preset.clone()));
            assert_eq!(preset.to_string(), text);
        }
        assert_eq!(Preset::parse("fail:1").map(|preset| preset.to_string()).as_deref(), Ok("fail"));
    }

    #[test]
    fn a_wrong_word_is_told_what_is_right() {
        for text in ["", "OK", "http:99", "http:600", "http:", "fail:x", "nope:1", "delay:", "delay:0", "drip:-1", "delay:3600001", "body:"]
        {
            let error = Preset::parse(text).expect_err(text).to_string();
            assert!(["http:STATUS", "fail:CODE", "delay:MS", "body:FILE"].iter().any(|right| error.contains(right)), "{error}");
        }
    }

    #[test]
    fn every_name_is_listed() {
        for (name, _) in PLAIN {
            assert!(NAMES.contains(name), "{name}");
        }
    }

    #[test]
    fn a_status_keeps_the_documented_body() {
        let body = |preset: &Preset| preset.response().map(|response| (response.status, response.body));
        assert_eq!(body(&Preset::Http(503)), body(&Preset::Ok).map(|(_, body)| (503, body)));
    }

    #[test]
    fn what_has_no_request_stands_in_no_rule() {
        assert!(!Preset::Refuse.fits_a_rule() && !Preset::Refuse.is_counted());
        assert!(TlsFault::ALL.iter().all(|fault| !Preset::Tls(*fault).fits_a_rule() && Preset::Tls(*fault).is_counted()));
        assert!(Preset::Hold.fits_a_rule() && Preset::Timeout.fits_a_rule());
    }
}
