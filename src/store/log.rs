//! Log: moves what was committed from the log into the file, on a thread and a connection of its own.
//!
//! `SQLite` has whoever commits beyond a limit do that, which syncs the disk while callers wait. Here the thread does
//! nearly all of it beside the writer. Only the writer can begin the log anew, since it alone knows that nothing has
//! been added meanwhile; it does so when the log has become long, and finds little left to move.

use super::Error;
use super::schema::{self, Checkpoint};
use rusqlite::Connection;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What may be added to the log until it is moved, in bytes. Seldom costs less, but makes the writer wait while all of it
/// is synced: with 16 MiB one caller in a hundred waited for 20 ms, with 192 MiB for 70 ms.
const MOVED_FROM: u64 = 2 * 1024 * 1024;
/// How long the log may become until it is begun anew, in bytes. The writer waits for the disk then: with 8 MiB for a
/// twentieth of its time where as much comes as it can take, with 32 MiB for a hundredth.
const BEGUN_ANEW_FROM: u64 = 32 * 1024 * 1024;
/// How long its file may stay once it is begun anew, in bytes. Written over it costs the writer a fifth less than where the
/// system has to find room again.
pub(super) const KEPT_BYTES: i64 = 48 * 1024 * 1024;

/// What the two threads know of the log.
#[derive(Debug)]
pub(super) struct Log {
    state: Mutex<State>,
    changed: Condvar,
    /// How long it is, in bytes. Its file may be longer.
    bytes: AtomicU64,
    /// How long it was when it was last moved, in bytes.
    moved: AtomicU64,
    /// Whether little is left to move, so that the writer can begin it anew.
    is_ready: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    is_long: bool,
    closed: bool,
}

impl Log {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            bytes: AtomicU64::new(0),
            moved: AtomicU64::new(0),
            is_ready: AtomicBool::new(false),
        }
    }

    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// A commit made it so long. Shorter than before, it was begun anew.
    pub(super) fn grew_to(&self, bytes: u64) {
        if bytes < self.bytes.swap(bytes, Ordering::Relaxed) {
            self.moved.store(0, Ordering::Relaxed);
        }
    }

    /// The writer has committed: wakes the thread where there is enough to move. Returns whether the writer is to begin the
    /// log anew.
    pub(super) fn committed(&self) -> bool {
        if self.is_ready.load(Ordering::Relaxed) {
            return true;
        }
        let moved = self.moved.load(Ordering::Relaxed);
        if self.bytes().saturating_sub(moved) >= MOVED_FROM {
            self.lock().is_long = true;
            self.changed.notify_one();
        }
        false
    }

    /// The writer has begun it anew.
    pub(super) fn begun_anew(&self) {
        self.moved.store(0, Ordering::Relaxed);
        self.is_ready.store(false, Ordering::Relaxed);
    }

    /// Moves what is there, and what came meanwhile where the log is to be begun anew: so that little is left.
    fn move_beside(&self, conn: &Connection) -> rusqlite::Result<()> {
        let bytes = self.bytes();
        schema::checkpoint(conn, Checkpoint::Passive)?;
        self.moved.store(bytes, Ordering::Relaxed);
        if bytes >= BEGUN_ANEW_FROM {
            schema::checkpoint(conn, Checkpoint::Passive)?;
            self.is_ready.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) -> bool {
        let mut state =
            self.changed.wait_while(self.lock(), |state| !state.is_long && !state.closed).unwrap_or_else(PoisonError::into_inner);
        state.is_long = false;
        !state.closed
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }
}

/// The thread; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Mover {
    log: Arc<Log>,
    thread: Option<JoinHandle<()>>,
}

/// Starts the thread.
pub(super) fn start(conn: Connection, log: &Arc<Log>) -> Result<Mover, Error> {
    let shared = Arc::clone(log);
    let run = move || {
        while shared.wait() {
            if let Err(error) = shared.move_beside(&conn) {
                tracing::debug!("the log could not be moved into the file: {error}");
            }
        }
    };
    let thread = std::thread::Builder::new().name("store log".to_owned()).spawn(run).map_err(Error::Thread)?;
    Ok(Mover { log: Arc::clone(log), thread: Some(thread) })
}

impl Drop for Mover {
    fn drop(&mut self) {
        self.log.close();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that moves the log has panicked, which is a bug");
        }
    }
}
