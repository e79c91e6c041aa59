//! A request on its way in: its head from the tap, its body frame by frame.

use super::{Connection, Receiver};
use crate::exchange::{self, Outcome, Responded};
use crate::wire::{BodyEnd, Request};
use axum::body::{Body, HttpBody as _};
use http_body_util::BodyExt as _;
use std::time::Duration;

/// How long the next bytes of a body may take.
const BODY_PAUSE: Duration = Duration::from_secs(30);

/// A request on its way in. hyper drops the handler of a caller that is gone: what came until then is recorded.
pub(super) struct Capture<'a> {
    receiver: &'a Receiver,
    request: Option<Request>,
}

impl<'a> Capture<'a> {
    pub(super) fn new(receiver: &'a Receiver, connection: &Connection) -> Self {
        let request = Request {
            // Known once all of it is there, or its caller gone.
            received_at_millis: 0,
            peer: connection.peer.to_string(),
            head: connection.wire.take_head().unwrap_or_default(),
            body: Vec::new(),
            body_end: BodyEnd::CutOff,
            refused: None,
            transport: connection.transport,
        };
        Self { receiver, request: Some(request) }
    }

    /// Reads the body up to `limit` bytes.
    pub(super) async fn read(mut self, body: Body, limit: usize) -> Request {
        let request = self.request.as_mut().expect("bug: it is taken only here and at the end");
        request.body_end = read_body(body, limit, &mut request.body).await;
        request.received_at_millis = (self.receiver.clock)();
        self.request.take().expect("bug: it was there a line above")
    }
}

impl Drop for Capture<'_> {
    fn drop(&mut self) {
        if let Some(mut request) = self.request.take() {
            request.received_at_millis = (self.receiver.clock)();
            let left = Responded { outcome: Some(Outcome::CallerLeft { after_millis: 0 }), ..Responded::none(exchange::REFUSAL) };
            self.receiver.record_unasked(request, left);
        }
    }
}

/// Reads a body frame by frame; what came stays in `kept` whatever happens.
async fn read_body(mut body: Body, limit: usize, kept: &mut Vec<u8>) -> BodyEnd {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        return BodyEnd::TooLarge;
    }
    kept.reserve_exact(announced.min(64 * 1024));
    // Where all of it came, that is known without asking for another frame.
    while !body.is_end_stream() {
        let Ok(frame) = tokio::time::timeout(BODY_PAUSE, body.frame()).await else { return BodyEnd::CutOff };
        let frame = match frame {
            None => break,
            Some(Ok(frame)) => frame,
            Some(Err(_broken_off)) => return BodyEnd::CutOff,
        };
        // Trailers are no part of the body.
        let Some(data) = frame.data_ref() else { continue };
        let room = limit - kept.len();
        kept.extend_from_slice(&data[..room.min(data.len())]);
        if data.len() > room {
            return BodyEnd::TooLarge;
        }
    }
    BodyEnd::Complete
}
