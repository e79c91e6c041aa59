//! Faults on the wire: what a connection does in place of a response.
//!
//! hyper would not send any of this: the tap keeps what hyper writes to itself and hands the stream over to [`play`].

use super::stream::Stream;
use crate::exchange::Outcome;
use crate::rules::Fault;
use crate::wire::Response;
use std::io;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;

/// How many bytes more than there are the head of [`Fault::Long`] announces.
const MISSING_BYTES: usize = 64;

/// A good status line, then bytes that are no HTTP. In lines, since many callers let one bad line pass.
const GARBAGE: (&str, &[u8]) = ("HTTP/1.1 200 OK\r\n", b"these bytes are no HTTP\r\n\x00\x01\x02 nor are these: \xff\xfe\r\n\r\n");

/// How long a caller has to end its side after we have ended ours, so that nothing it still sends resets the
/// connection before it has read the end.
const LINGER: Duration = Duration::from_secs(1);

/// What is told when a response is out, or cannot be any more: what happened, and how many microseconds after
/// the request's last byte the response's first one went out.
pub type Told = Box<dyn FnOnce(Outcome, Option<i64>) + Send>;

/// The caller is gone, so long after its request's last byte.
pub fn left_since(request_end: Instant) -> Outcome {
    Outcome::CallerLeft { after_millis: i64::try_from(request_end.elapsed().as_millis()).unwrap_or(i64::MAX) }
}

/// A fault that is about to happen.
pub struct Armed {
    /// What happens.
    pub fault: Fault,
    /// Not before this moment.
    pub from: Instant,
    /// When the request's last byte came.
    pub request_end: Instant,
    /// Whom to tell how it ended.
    pub told: Told,
    /// We stop receiving.
    pub stop: CancellationToken,
}

/// What goes out of a response in the end; `None` where no byte does.
pub fn sent(fault: &Fault) -> Option<Response> {
    match fault {
        Fault::Timeout | Fault::Drop | Fault::Reset => None,
        Fault::Drip(response, _) => Some(response.announcing(response.body.len())),
        Fault::Stall(response) => Some(Response { body: Vec::new(), ..response.announcing(response.body.len()) }),
        Fault::Long(response) => Some(response.announcing(response.body.len() + MISSING_BYTES)),
        Fault::Truncated(response) => {
            let half = response.body[..response.body.len() / 2].to_vec();
            Some(Response { body: half, ..response.announcing(response.body.len().max(1)) })
        }
        Fault::Garbage => Some(Response { status: 200, headers: Vec::new(), body: GARBAGE.1.to_vec() }),
    }
}

/// Misbehaves on a stream until that is over, the caller leaves, or we stop, and tells how it ended.
pub async fn play(stream: Stream, armed: Armed) {
    let Armed { fault, from, request_end, told, stop } = armed;
    let mut line = Line { stream, request_end, first_byte_micros: None };
    let ended = tokio::select! {
        ended = line.misbehave(&fault, from) => ended,
        () = stop.cancelled() => Ok(Outcome::Stopped),
    };
    // What can go wrong here is that the caller is gone.
    told(ended.unwrap_or_else(|_gone| left_since(line.request_end)), line.first_byte_micros);
    if matches!(fault, Fault::Reset) {
        return;
    }
    line.linger().await;
}

/// The stream of a connection that misbehaves.
struct Line {
    stream: Stream,
    request_end: Instant,
    first_byte_micros: Option<i64>,
}

impl Line {
    async fn misbehave(&mut self, fault: &Fault, from: Instant) -> io::Result<Outcome> {
        if self.leaves_before(from).await? {
            return Ok(left_since(self.request_end));
        }
        match fault {
            Fault::Timeout => {}
            Fault::Stall(_) | Fault::Long(_) => self.write(&bytes(fault)).await?,
            Fault::Drip(_, pause_millis) => return self.drip(&bytes(fault), Duration::from_millis((*pause_millis).into())).await,
            Fault::Truncated(_) | Fault::Garbage => {
                self.write(&bytes(fault)).await?;
                return self.stream.finish().map(|()| Outcome::Closed);
            }
            Fault::Drop => return self.stream.finish().map(|()| Outcome::Closed),
            Fault::Reset => return self.stream.reset_on_drop().map(|()| Outcome::Reset),
        }
        self.until_left().await?;
        Ok(left_since(self.request_end))
    }

    async fn drip(&mut self, bytes: &[u8], pause: Duration) -> io::Result<Outcome> {
        let mut next = Instant::now();
        for byte in bytes {
            if self.leaves_before(next).await? {
                return Ok(left_since(self.request_end));
            }
            self.write(&[*byte]).await?;
            next += pause;
        }
        self.stream.shutdown().await?;
        Ok(Outcome::Sent)
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await?;
        let micros = || i64::try_from(self.request_end.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.first_byte_micros = self.first_byte_micros.or_else(|| Some(micros()));
        Ok(())
    }

    /// Whether the caller leaves before this moment. Who ends its side of the connection while it waits for a response
    /// has left: the senders that we know wait with the connection open.
    async fn leaves_before(&mut self, moment: Instant) -> io::Result<bool> {
        match tokio::time::timeout_at(moment.into(), self.until_left()).await {
            Ok(left) => left.map(|()| true),
            Err(_elapsed) => Ok(false),
        }
    }

    /// Reads and forgets what comes until the caller is gone.
    async fn until_left(&mut self) -> io::Result<()> {
        let mut scratch = [0; 4096];
        while self.stream.read(&mut scratch).await? > 0 {}
        Ok(())
    }

    /// Ends our side, where that was not done, and waits for the caller to end its own.
    async fn linger(&mut self) {
        if self.stream.finish().is_err() {
            return;
        }
        // How it ends matters no more.
        drop(tokio::time::timeout(LINGER, self.until_left()).await);
    }
}

/// What goes out, byte for byte.
fn bytes(fault: &Fault) -> Vec<u8> {
    if matches!(fault, Fault::Garbage) {
        return [GARBAGE.0.as_bytes(), GARBAGE.1].concat();
    }
    sent(fault).map(|response| response.bytes()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::response;

    fn text(fault: &Fault) -> String {
        String::from_utf8_lossy(&bytes(fault)).into_owned()
    }

    #[test]
    fn what_goes_out_is_what_the_preset_says() {
        let ok = response::success;
        let body = String::from_utf8(ok().body).expect("bug: it is text");
        let head = |length: usize| {
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
        };
        assert_eq!(text(&Fault::Stall(ok())), head(body.len()));
        assert_eq!(text(&Fault::Drip(ok(), 5)), head(body.len()) + &body);
        assert_eq!(text(&Fault::Truncated(ok())), head(body.len()) + &body[..body.len() / 2]);
        assert_eq!(text(&Fault::Long(ok())), head(body.len() + MISSING_BYTES) + &body);
        assert!(text(&Fault::Garbage).starts_with("HTTP/1.1 200 OK\r\nthese bytes"));
        for nothing in [Fault::Timeout, Fault::Drop, Fault::Reset] {
            assert_eq!((text(&nothing), sent(&nothing)), (String::new(), None));
        }
    }
}
