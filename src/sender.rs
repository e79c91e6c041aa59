//! Sends a callback: composed from the catalogue and signed now.

use crate::protocol::catalogue::Command;
use crate::protocol::sign::{self, Token};
use crate::wire::{self, Response};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long a response may take. The sender's own limit is 2 s; a tool may be more patient.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most that is read of a response.
const MAX_RESPONSE_BYTES: u64 = 16 * 1024 * 1024;

/// What can go wrong with sending.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection, or it broke.
    #[error("the callback could not be sent: {source}: {address}")]
    Io {
        /// What the system said.
        source: std::io::Error,
        /// Where to.
        address: SocketAddr,
    },
    /// No response in time.
    #[error("no response within {} s: {address}", PATIENCE.as_secs())]
    TimedOut {
        /// Where to.
        address: SocketAddr,
    },
    /// A response that is none.
    #[error("what came back is no HTTP response: {address}")]
    NoResponse {
        /// Where to.
        address: SocketAddr,
    },
}

/// Composes a callback as the sender would post it: the catalogue's sample, its event time replaced by now.
pub fn compose(command: &Command, app: &str, token: &Token, host: &str, now_millis: i64) -> Vec<u8> {
    let body = with_event_time(&command.sample(), now_millis);
    let time = now_millis.div_euclid(1000).to_string();
    let sign = sign::sign(token, &time);
    let name = &command.name;
    let query =
        format!("SdkAppid={app}&CallbackCommand={name}&contenttype=json&ClientIP=127.0.0.1&OptPlatform=iOS&Sign={sign}&RequestTime={time}");
    format!("POST /?{query} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Replaces the digits of a 13-digit `EventTime`, quoted or not.
fn with_event_time(body: &str, now_millis: i64) -> String {
    const KEY: &str = "\"EventTime\":";
    let Some(at) = body.find(KEY).map(|at| at + KEY.len()) else { return body.to_owned() };
    let start = at + usize::from(body[at..].starts_with('"'));
    let length = body[start..].bytes().take_while(u8::is_ascii_digit).count();
    if length == 13 { format!("{}{now_millis}{}", &body[..start], &body[start + length..]) } else { body.to_owned() }
}

/// Sends a request as it stands and reads the response.
///
/// # Errors
/// When there is no connection, no response in time, or none that can be read.
pub async fn send(address: SocketAddr, request: &[u8]) -> Result<Response, Error> {
    let answer = tokio::time::timeout(PATIENCE, exchange(address, request)).await;
    let bytes = answer.or(Err(Error::TimedOut { address }))?.map_err(|source| Error::Io { source, address })?;
    wire::read_response(&bytes).ok_or(Error::NoResponse { address })
}

async fn exchange(address: SocketAddr, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request).await?;
    stream.shutdown().await?;
    let mut response = Vec::new();
    stream.take(MAX_RESPONSE_BYTES).read_to_end(&mut response).await?;
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{self, Kept, SdkApp, catalogue, verdict::Overall};
    use crate::wire::Request;

    #[test]
    fn what_is_composed_is_genuine() {
        let command = catalogue::get().named("Group.CallbackAfterNewMemberJoin").next().expect("bug: documented");
        let token = Token::new("xxxxyyyy");
        let bytes = compose(command, "888888", &token, "127.0.0.1:9700", 1_763_606_537_482);
        let end = bytes.windows(4).position(|end| end == b"\r\n\r\n").expect("bug: it has a head") + 4;
        let request = Request::complete(1_763_606_537_482, bytes[..end].to_vec(), bytes[end..].to_vec());
        let callback = protocol::parse(&request);
        let verdicts = protocol::judge(&request, &callback, &[SdkApp { id: "888888".into(), tokens: vec![token] }], &Kept::default());
        assert_eq!(protocol::overall(&callback, &verdicts), Overall::Ok);
        assert!(String::from_utf8_lossy(&request.body).contains("1763606537482"));
    }

    #[test]
    fn the_event_time_is_replaced_where_it_is_one() {
        assert_eq!(with_event_time(r#"{"EventTime":"1670574414123","a":1}"#, 5), r#"{"EventTime":"5","a":1}"#);
        assert_eq!(with_event_time(r#"{"EventTime":1670574414}"#, 5), r#"{"EventTime":1670574414}"#);
        assert_eq!(with_event_time("{}", 5), "{}");
    }
}
