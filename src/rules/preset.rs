//! Presets: the responses that have a name.

use crate::protocol::response::{self, Action};
use crate::wire::Response;
use std::fmt;

/// A response with a name, as `--respond` and the response bar know it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Preset {
    /// The documented success.
    #[default]
    Ok,
    /// `FAIL` with a code.
    Fail(i64),
    /// A status other than 200, with the body of `Ok`.
    Http(u16),
    /// A body of one's own, with status 200.
    Body(String),
}

/// Why a word is no preset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No preset has this name.
    #[error("{0:?} is no preset; there are ok, fail, fail:CODE and http:STATUS")]
    Unknown(String),
    /// The code is no whole number.
    #[error("{0:?} is no code; fail:CODE takes a whole number such as fail:10100")]
    Code(String),
    /// The status is none.
    #[error("{0:?} is no status; http:STATUS takes 200 to 599")]
    Status(String),
}

impl Preset {
    /// Reads `ok`, `fail`, `fail:CODE` or `http:STATUS`.
    ///
    /// # Errors
    /// When the word is none of them; the error names those there are.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match text.split_once(':') {
            None if text == "ok" => Ok(Self::Ok),
            None if text == "fail" => Ok(Self::Fail(1)),
            Some(("fail", code)) => code.parse().map(Self::Fail).or(Err(Error::Code(code.to_owned()))),
            Some(("http", status)) => read_status(status).map(Self::Http).ok_or_else(|| Error::Status(status.to_owned())),
            _ => Err(Error::Unknown(text.to_owned())),
        }
    }

    /// The response it stands for.
    pub fn response(&self) -> Response {
        match self {
            Self::Ok => response::build(Action::Ok, 200),
            Self::Fail(code) => response::build(Action::Fail(*code), 200),
            Self::Http(status) => response::build(Action::Ok, *status),
            Self::Body(body) => Response::json(200, body.as_bytes()),
        }
    }

    /// Whether anything but the documented success is responded.
    pub fn is_simulation(&self) -> bool {
        *self != Self::Ok
    }
}

/// A status that a response can have.
pub fn read_status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|status| (200..=599).contains(status))
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("ok"),
            Self::Fail(1) => f.write_str("fail"),
            Self::Fail(code) => write!(f, "fail:{code}"),
            Self::Http(status) => write!(f, "http:{status}"),
            Self::Body(_) => f.write_str("body"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_and_written() {
        for (text, preset) in
            [("ok", Preset::Ok), ("fail", Preset::Fail(1)), ("fail:10100", Preset::Fail(10100)), ("http:503", Preset::Http(503))]
        {
            assert_eq!(Preset::parse(text), Ok(preset.clone()));
            assert_eq!(preset.to_string(), text);
        }
    }

    #[test]
    fn a_wrong_word_is_told_what_is_right() {
        for text in ["", "OK", "http:99", "http:600", "http:", "fail:x", "nope:1"] {
            let error = Preset::parse(text).expect_err(text).to_string();
            assert!(error.contains("http:STATUS") || error.contains("fail:CODE"), "{error}");
        }
    }

    #[test]
    fn a_status_keeps_the_documented_body() {
        let response = Preset::Http(503).response();
        assert_eq!((response.status, response.body), (503, Preset::Ok.response().body));
    }
}
