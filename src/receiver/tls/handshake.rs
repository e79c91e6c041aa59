//! The handshake: first the caller's hello, read by hand, then the rest of it.
//!
//! What does not begin as TLS at all is seen in those first bytes, and so is a caller that says nothing.

use super::{Tls, TlsStream, reason};
use crate::rules::preset::TlsFault;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_rustls::StartHandshake;
use tokio_rustls::rustls::server::{Accepted, AcceptedAlert, Acceptor};

/// How long a handshake may take.
pub const LIMIT: Duration = Duration::from_secs(10);

/// How long what a refused caller still sends is read, so that closing does not reset the connection before it has
/// read why.
const LINGER: Duration = Duration::from_secs(1);

/// How much a refused caller may still send.
const LINGER_BYTES: u64 = 1024 * 1024;

/// How many bytes are read at once: as many as rustls takes at once, so that none are left over behind a hello.
const READ_BYTES: usize = 4096;

/// What a caller gets that speaks HTTP without TLS.
pub const PLAIN_RESPONSE: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\
                               Content-Length: 44\r\n\r\nThis port speaks TLS; call it with https://\n";

/// Why a connection got no further than its handshake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The caller connected and sent nothing: somebody looks whether the port is open.
    #[error("the caller connected and sent nothing")]
    Silent,
    /// The caller spoke HTTP without TLS. It was told so, and the connection is closed.
    #[error("plain HTTP on the TLS port; call it with https://")]
    Plain {
        /// What it sent, up to a megabyte and a second.
        bytes: Vec<u8>,
    },
    /// The handshake failed.
    #[error("{0}")]
    Failed(String),
}

impl Tls {
    /// Shakes hands with a caller, with something wrong where there is a `fault`.
    ///
    /// # Errors
    /// When the handshake fails, as a faulty one should. The caller has got its alert then, where TLS knows one.
    pub async fn accept<S>(&self, stream: S, fault: Option<TlsFault>) -> Result<TlsStream<S>, Failure>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.accept_with(stream, || fault).await
    }

    /// The same; what is wrong is chosen once the caller's hello is there, so that nobody is counted who sends none.
    ///
    /// # Errors
    /// As [`Tls::accept`].
    pub async fn accept_with<S>(&self, stream: S, choose: impl FnOnce() -> Option<TlsFault>) -> Result<TlsStream<S>, Failure>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut came = Vec::new();
        match timeout(LIMIT, self.shake_hands(stream, choose, &mut came)).await {
            Ok(result) => result,
            Err(_too_late) if came.is_empty() => Err(Failure::Silent),
            Err(_too_late) => Err(Failure::Failed(format!("the caller did not finish the TLS handshake within {} s", LIMIT.as_secs()))),
        }
    }

    async fn shake_hands<S>(
        &self,
        mut stream: S,
        choose: impl FnOnce() -> Option<TlsFault>,
        came: &mut Vec<u8>,
    ) -> Result<TlsStream<S>, Failure>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let hello = hello(&mut stream, came).await?;
        let fault = choose();
        let rest = StartHandshake::from_parts(hello, stream).into_stream(self.config(fault)).into_fallible();
        match rest.await {
            Ok(stream) => Ok(stream),
            Err((error, mut stream)) => {
                // Its alert is on the way already.
                end(&mut stream, &[], came).await;
                Err(Failure::Failed(reason::of_handshake(&error, fault)))
            }
        }
    }
}

/// Reads until the caller's hello is whole. What `came` is kept: it may be no hello.
async fn hello<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, came: &mut Vec<u8>) -> Result<Accepted, Failure> {
    let mut acceptor = Acceptor::default();
    loop {
        let read = read_more(stream, came).await?;
        match take(&mut acceptor, &came[came.len() - read..]) {
            Ok(Some(hello)) => return Ok(hello),
            Ok(None) => {}
            Err(_no_hello) if is_plain_http(came) => {
                end(stream, PLAIN_RESPONSE, came).await;
                return Err(Failure::Plain { bytes: std::mem::take(came) });
            }
            Err((error, alert)) => {
                end(stream, &alert, came).await;
                return Err(Failure::Failed(reason::of_handshake(&error, None)));
            }
        }
    }
}

/// Reads what comes next and returns how much that was, at least one byte.
async fn read_more<S: AsyncRead + Unpin>(stream: &mut S, came: &mut Vec<u8>) -> Result<usize, Failure> {
    came.reserve(READ_BYTES);
    match stream.take(READ_BYTES as u64).read_buf(came).await {
        Ok(0) | Err(_) if came.is_empty() => Err(Failure::Silent),
        Ok(0) => Err(Failure::Failed(reason::of_handshake(&io::ErrorKind::UnexpectedEof.into(), None))),
        Ok(read) => Ok(read),
        Err(error) => Err(Failure::Failed(reason::of_handshake(&error, None))),
    }
}

/// Feeds bytes to the acceptor; `None` while the hello is not whole. An error comes with the alert to send.
fn take(acceptor: &mut Acceptor, mut bytes: &[u8]) -> Result<Option<Accepted>, (io::Error, Vec<u8>)> {
    while !bytes.is_empty() {
        acceptor.read_tls(&mut bytes).map_err(|error| (error, Vec::new()))?;
        let hello = acceptor.accept().map_err(|(error, alert)| (io::Error::other(error), to_bytes(alert)))?;
        if hello.is_some() {
            return Ok(hello);
        }
    }
    Ok(None)
}

fn to_bytes(mut alert: AcceptedAlert) -> Vec<u8> {
    let mut bytes = Vec::new();
    alert.write_all(&mut bytes).expect("bug: a Vec takes everything");
    bytes
}

/// Whether this begins as a request does: with a method in capitals.
fn is_plain_http(came: &[u8]) -> bool {
    came.len() >= 3 && came.iter().take(3).all(u8::is_ascii_uppercase)
}

/// Sends the last bytes of a connection and reads what still comes. The caller may be gone: what is told of it is the
/// same.
async fn end<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, last: &[u8], came: &mut Vec<u8>) {
    let say_goodbye = async {
        stream.write_all(last).await?;
        stream.shutdown().await?;
        stream.take(LINGER_BYTES).read_to_end(came).await
    };
    drop(timeout(LINGER, say_goodbye).await);
}
