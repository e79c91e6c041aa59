//! Requests that could not be taken: too large, cut off, malformed, or of a handshake that failed.

use super::tap::Leftover;
use super::{Connection, Receiver, tap, tls};
use crate::exchange::{self, Outcome, Responded};
use crate::rules::preset::{Preset, TlsFault};
use crate::wire::{self, BodyEnd, Request, Response, Transport};
use std::error::Error as _;
use std::io;

impl Receiver {
    /// Records what hyper did not take: nobody but the tap has seen it.
    pub(super) fn record_refused(&self, connection: &Connection, leftover: Leftover, error: Option<&hyper::Error>) {
        let Leftover { bytes, own_response, whole } = leftover;
        let reason = refused_because(&bytes, whole, error);
        let (head, body) = split_head(bytes);
        let body_end = if whole { BodyEnd::Complete } else { BodyEnd::CutOff };
        let request = Request {
            received_at_millis: (self.clock)(),
            peer: connection.peer.to_string(),
            head,
            body,
            body_end,
            refused: Some(reason),
            transport: connection.transport,
        };
        let outcome = if own_response.is_empty() { Outcome::CallerLeft { after_millis: 0 } } else { Outcome::Sent };
        let responded = Responded {
            response: wire::read_response(&own_response),
            rule: exchange::REFUSAL.to_owned(),
            fault: None,
            responded_after_micros: None,
            outcome: Some(outcome),
        };
        self.record_unasked(request, responded);
    }

    /// Records a TLS handshake that failed: no request came of it, or one without TLS.
    pub(super) fn record_failed_handshake(&self, peer: &str, failure: tls::Failure, fault: Option<TlsFault>) {
        let refused = Some(failure.to_string());
        let (bytes, transport, response) = match failure {
            tls::Failure::Silent => return,
            tls::Failure::Plain { bytes } => (bytes, Transport::Tcp, wire::read_response(tls::PLAIN_RESPONSE)),
            tls::Failure::Failed(_) => (Vec::new(), Transport::FailedHandshake, None),
        };
        let (mut head, body) = split_head(bytes);
        head.truncate(wire::MAX_HEAD_BYTES);
        let body_end = if announced(&head).is_some_and(|length| length > body.len()) { BodyEnd::CutOff } else { BodyEnd::Complete };
        let received_at_millis = (self.clock)();
        let request = Request { received_at_millis, peer: peer.to_owned(), head, body, body_end, refused, transport };
        let fault = fault.map(|fault| Preset::Tls(fault).to_string());
        let outcome = Some(if response.is_some() { Outcome::Sent } else { Outcome::Closed });
        let none = Responded { response, fault, outcome, ..Responded::none(exchange::REFUSAL) };
        self.record_unasked(request, none);
    }

    /// Records what nobody waits for.
    pub(super) fn record_unasked(&self, request: Request, responded: Responded) {
        let settings = self.settings.borrow().clone();
        drop(self.writer.record(self.judge(request, &settings).arrival(Some(responded), &self.readings)));
    }
}

/// What a request gets that could not be taken whole.
pub(super) fn refusal(request: &Request, limit: usize) -> Option<Response> {
    let (status, text) = match request.body_end {
        BodyEnd::Complete => return None,
        BodyEnd::TooLarge => (413, format!("Hookglass takes bodies of up to {limit} bytes\n")),
        BodyEnd::CutOff => (408, "The body did not arrive whole\n".to_owned()),
    };
    let headers = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    Some(Response { status, headers, body: text.into_bytes() })
}

/// Why hyper did not take a request, in words.
fn refused_because(bytes: &[u8], whole: bool, error: Option<&hyper::Error>) -> String {
    if bytes.starts_with(&[0x16, 0x03]) {
        return "a TLS hello on the plain port; call it with http://".to_owned();
    }
    if bytes.starts_with(b"PRI * HTTP/2") {
        return "an HTTP/2 preface; only HTTP/1.0 and 1.1 are spoken here".to_owned();
    }
    if error.and_then(io_error).is_some_and(|source| source.kind() == io::ErrorKind::TimedOut) {
        return format!("the head did not arrive whole within {} s", tap::HEAD_LIMIT.as_secs());
    }
    match error {
        Some(error) if whole || error.is_parse() => format!("no HTTP request: {error}"),
        _ if whole => "no response went out before the connection ended".to_owned(),
        _ => "the caller left in the middle of the head".to_owned(),
    }
}

/// Why a caller sent no request after a handshake that looked done here. With TLS 1.3 that is how it refuses our
/// certificate.
pub(super) fn after_handshake(error: Option<&hyper::Error>, fault: Option<TlsFault>) -> String {
    let source = error.and_then(io_error);
    if source.is_some_and(|source| source.kind() == io::ErrorKind::TimedOut) {
        return format!("the caller finished the TLS handshake and sent no request within {} s", tap::HEAD_LIMIT.as_secs());
    }
    source.and_then(|source| tls::reason(source, fault)).unwrap_or_else(|| tls::LEFT_WITHOUT_REQUEST.to_owned())
}

/// What the stream said, where that is why hyper gave up.
pub(super) fn io_error(error: &hyper::Error) -> Option<&io::Error> {
    error.source()?.downcast_ref()
}

/// How long a body is to be, as its head says.
fn announced(head: &[u8]) -> Option<usize> {
    std::str::from_utf8(wire::read_head(head).header("Content-Length")?).ok()?.parse().ok()
}

/// Head up to the empty line, and what follows it.
fn split_head(mut bytes: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let end = bytes.windows(4).position(|end| end == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    let body = bytes.split_off(end);
    (bytes, body)
}
