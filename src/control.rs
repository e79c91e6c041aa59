//! Control: a local socket only its user can open, over which `hookglass respond` reaches the one that runs.
//!
//! One line of JSON each way: `{"respond":"timeout","requests":3}`, and `{"done":"timeout for 3 requests"}` or
//! `{"error":"…"}`. No port: loopback is open to whoever runs a browser, a file in a private folder is not.

use crate::messages::{Effect, Lasting, MOST_MINUTES};
use crate::rules::preset::{OwnBody, Preset};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What keeps one process from reaching the other.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The socket cannot be used.
    #[error("could not {doing}: {source}: {path}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
        /// The socket.
        path: PathBuf,
    },
    /// Nobody listens there.
    #[error("no Hookglass is running with this data folder; start one, or name its folder with --data DIR: {0}")]
    NotRunning(PathBuf),
    /// This system has no such sockets.
    #[error("this system has no local sockets for that yet; use the response bar of the window")]
    Unsupported,
    /// The other said no.
    #[error("{0}")]
    Refused(String),
    /// The other said something that is no answer.
    #[error("the running Hookglass answered with something unreadable; is it another version?")]
    Unreadable,
}

/// What is asked of the one that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The preset to respond with.
    pub respond: String,
    /// What `body:FILE` holds: the asking process has read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Vec<u8>>,
    /// For so many requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
    /// For so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Done(String),
    Error(String),
}

/// Takes what was asked to the engine; an error says in words why it cannot be.
pub type Asked = Arc<dyn Fn(Effect) -> Result<(), String> + Send + Sync>;

/// Where the socket of a data folder is.
pub fn socket_path(folder: &Path) -> PathBuf {
    folder.join("control.sock")
}

/// Reads what was asked.
fn read(line: &str) -> Result<(Preset, Lasting), String> {
    let ask: Ask = serde_json::from_str(line).map_err(|error| format!("this is no request: {error}"))?;
    let preset = Preset::parse(&ask.respond).map_err(|error| error.to_string())?;
    let preset = match (preset, ask.body) {
        (Preset::Body(OwnBody { file, .. }), Some(bytes)) => Preset::Body(OwnBody { bytes: bytes.into(), file }),
        (Preset::Body(_), None) => return Err("body:FILE came without what is in the file".to_owned()),
        (preset, _) => preset,
    };
    let lasting = match (ask.requests, ask.minutes) {
        (Some(count), None) if preset.is_counted() => Lasting::Requests(count),
        (Some(_), None) => return Err(format!("{preset} can't be counted: no request arrives; say for how many minutes")),
        (None, Some(minutes)) if (1..=MOST_MINUTES).contains(&minutes) => Lasting::Minutes(minutes),
        (None, Some(_)) => return Err(format!("for 1 to {MOST_MINUTES} minutes")),
        (None, None) => Lasting::SwitchedOff,
        (Some(_), Some(_)) => return Err("either for so many requests, or for so many minutes".to_owned()),
    };
    Ok((preset, lasting))
}

/// What was done, in words.
fn done(preset: &Preset, lasting: Lasting) -> String {
    match lasting {
        Lasting::SwitchedOff => format!("{preset} until switched off"),
        Lasting::Requests(1) => format!("{preset} for the next request"),
        Lasting::Requests(count) => format!("{preset} for the next {count} requests"),
        Lasting::Minutes(minutes) => format!("{preset} for {minutes} min"),
    }
}

#[cfg(unix)]
pub use unix::{ask, listen};

#[cfg(unix)]
mod unix {
    use crate::control::{Answer, Ask, Asked, CancellationToken, Effect, Error, Path, done, io, read, socket_path};
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::UnixStream;
    use std::path::PathBuf;
    use std::time::Duration;
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{UnixListener, UnixStream as AsyncStream};

    /// The longest line that is read, in bytes: a body of 16 MiB as JSON numbers.
    const LONGEST: u64 = 80 * 1024 * 1024;

    /// How long either side waits for the other.
    const PATIENCE: Duration = Duration::from_secs(5);

    /// Listens until told to stop. The data folder's lock says that no other process does. To be called where a runtime is.
    ///
    /// # Errors
    /// When the socket cannot be made, such as where the folder's path is longer than a socket's may be.
    pub fn listen(folder: &Path, ask: Asked, stop: CancellationToken) -> Result<(), Error> {
        let path = socket_path(folder);
        let failed = |doing| {
            let path = path.clone();
            move |source| Error::Io { doing, source, path }
        };
        // One that a killed process left.
        if path.exists() {
            std::fs::remove_file(&path).map_err(failed("remove the old control socket"))?;
        }
        let listener = UnixListener::bind(&path).map_err(failed("make the control socket"))?;
        let file = SocketFile(path.clone());
        // The folder is private already; this holds where it was there before us.
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(failed("make the control socket private"))?;
        tokio::spawn(async move {
            // Also where the runtime ends before this task is told to.
            let _file = file;
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    () = stop.cancelled() => break,
                };
                match accepted {
                    Ok((stream, _)) => drop(tokio::spawn(tokio::time::timeout(PATIENCE, answer(stream, ask.clone())))),
                    // Out of file descriptors: the next one may do better.
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        });
        Ok(())
    }

    /// The file of the socket: gone when this is dropped.
    struct SocketFile(PathBuf);

    impl Drop for SocketFile {
        fn drop(&mut self) {
            std::fs::remove_file(&self.0).ok();
        }
    }

    async fn answer(stream: AsyncStream, ask: Asked) -> io::Result<()> {
        let (from, mut to) = stream.into_split();
        let mut line = String::new();
        tokio::io::BufReader::new(from.take(LONGEST)).read_line(&mut line).await?;
        let answer = match read(&line) {
            Ok((preset, lasting)) => {
                let done = done(&preset, lasting);
                // The engine's queue may be full for a moment.
                let asked = tokio::task::spawn_blocking(move || ask(Effect::Respond(preset, lasting))).await;
                match asked.unwrap_or_else(|_ended| Err("it is about to end".to_owned())) {
                    Ok(()) => Answer::Done(done),
                    Err(why) => Answer::Error(why),
                }
            }
            Err(why) => Answer::Error(why),
        };
        let text = serde_json::to_string(&answer).map_err(io::Error::other)?;
        to.write_all(format!("{text}\n").as_bytes()).await
    }

    /// Asks the Hookglass that runs with a data folder, and returns what it did.
    ///
    /// # Errors
    /// When none runs, or it says no.
    pub fn ask(folder: &Path, ask: &Ask) -> Result<String, Error> {
        let path = socket_path(folder);
        let failed = |doing| {
            let path = path.clone();
            move |source| Error::Io { doing, source, path }
        };
        let is_nobody = |kind| matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused);
        let mut stream = UnixStream::connect(&path).map_err(|source| {
            if is_nobody(source.kind()) { Error::NotRunning(folder.to_owned()) } else { failed("reach the running Hookglass")(source) }
        })?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(failed("reach the running Hookglass"))?;
        let text = serde_json::to_string(ask).map_err(|_unwritable| Error::Unreadable)?;
        stream.write_all(format!("{text}\n").as_bytes()).map_err(failed("ask the running Hookglass"))?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).map_err(failed("hear the running Hookglass"))?;
        match serde_json::from_str(&line) {
            Ok(Answer::Done(done)) => Ok(done),
            Ok(Answer::Error(why)) => Err(Error::Refused(why)),
            Err(_unreadable) => Err(Error::Unreadable),
        }
    }
}

/// Nothing listens: this system has no sockets that only their user can open, or we do not know them yet.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn listen(_folder: &Path, _ask: Asked, _stop: CancellationToken) -> Result<(), Error> {
    Ok(())
}

/// Cannot be asked.
///
/// # Errors
/// Always.
#[cfg(not(unix))]
pub fn ask(_folder: &Path, _ask: &Ask) -> Result<String, Error> {
    Err(Error::Unsupported)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_read_or_refused_in_words() {
        assert_eq!(read(r#"{"respond":"timeout","requests":3}"#), Ok((Preset::Timeout, Lasting::Requests(3))));
        assert_eq!(read(r#"{"respond":"refuse","minutes":1}"#), Ok((Preset::Refuse, Lasting::Minutes(1))));
        let refused = |line: &str| read(line).expect_err(line);
        assert!(refused(r#"{"respond":"refuse","requests":3}"#).contains("can't be counted"));
        assert!(refused(r#"{"respond":"nope"}"#).contains("is no preset"));
        assert!(refused("nonsense").contains("no request"));
        assert!(refused(r#"{"respond":"body:x"}"#).contains("without what is in the file"));
    }
}
