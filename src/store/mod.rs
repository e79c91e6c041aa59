//! Store: the history, in one `SQLite` file.
//!
//! [`Store`] owns a thread that alone writes. It takes whatever is queued, commits it once and then answers
//! everybody who waits, so that many requests at once cost one transaction, and a single one waits for nobody.
//! What nobody waits for, such as that a response went out, is then written with more of its kind.
//! Readers have connections of their own and never wait for the writer (`SQLite`'s WAL).
//!
//! What could not be written, because the disk is full or somebody holds the file, keeps its id, stays in
//! memory where every [`Reader`] sees it, and is written when that becomes possible. Two invariants carry this:
//!
//! - Exchanges are written in the order of their ids. So those in the file come before all that are not.
//! - A reader looks at the memory first and at the file after it. What is written in between is seen twice,
//!   never missed.
//!
//! Nothing here knows the time of day, and nothing is judged here.

mod chores;
mod columns;
mod deletion;
mod entries;
mod hidden;
mod importing;
mod indexer;
mod inserts;
mod live;
mod log;
mod passing;
mod queue;
mod reader;
mod schema;
mod search;
mod sorting;
mod space;
mod tables;
#[cfg(test)]
mod tests;
mod words;
mod writer;

pub use chores::{Judgement, Progress, Rejudging};
pub use deletion::Bin;
pub use importing::{Import, Importer};
pub use reader::Reader;
pub use search::{Newer, Searcher};
pub use space::{Pages, Rewriting};
pub use writer::{Call, Writer};

use crate::annotation::Annotation;
pub use crate::exchange::Counts;
use crate::exchange::{Exchange, Responded};
use crate::filter::Entry;
use crate::inspect::Inspection;
use crate::protocol::query::Name;
use crate::protocol::response::{self, Asked};
use crate::protocol::verdict::{Overall, Replay};
use crate::protocol::{self, Judged, Kept, ReplayKey, SdkApp};
use crate::wire::Request;
use indexer::Indexer;
use live::Live;
use log::Log;
use queue::Queue;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Between two looks at whether somebody still reads.
const LOOK_PAUSE: Duration = Duration::from_millis(2);

/// What went wrong with the history.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file can't be opened or created.
    #[error("the history can't be opened ({source}); check that its folder exists and that you may write there: {}", path.display())]
    Open {
        /// What `SQLite` says.
        source: rusqlite::Error,
        /// The file.
        path: PathBuf,
    },
    /// There is no file, where one was to be read.
    #[error("there is no history yet; receive something first, or name another with --history or --data: {}", path.display())]
    Absent {
        /// The file.
        path: PathBuf,
    },
    /// The file is no `SQLite` database.
    #[error("this file is no Hookglass history; open another, or move it away: {}", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database of another program.
    #[error("this database belongs to another program; open another, or move it away: {}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer program wrote the file.
    #[error(
        "the history has format {found}, and this Hookglass knows formats up to {known}; \
         update Hookglass, or open another: {}", path.display()
    )]
    Newer {
        /// The format of the file.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
        /// The file.
        path: PathBuf,
    },
    /// An older program wrote the file, and nothing may be written now.
    #[error("the history has format {found}, and {known} is needed; run `hookglass serve` with it once, which converts it: {}", path.display())]
    Older {
        /// The format of the file.
        found: u32,
        /// The format that this program reads.
        known: u32,
        /// The file.
        path: PathBuf,
    },
    /// The file could not be converted to a newer format, and is as it was.
    #[error("the history could not be converted to format {to} and is unchanged ({source}); free some space and try again: {}", path.display())]
    Migrate {
        /// The format that was wanted.
        to: u32,
        /// What `SQLite` says.
        source: rusqlite::Error,
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("this history is damaged ({source}) and was left as it is; open another, or restore it from a copy: {}", path.display())]
    Damaged {
        /// What `SQLite` says.
        source: rusqlite::Error,
        /// The file.
        path: PathBuf,
    },
    /// Somebody else reads the history, where nobody may.
    #[error("another program looks at this history ({source}); end it and try again: {}", path.display())]
    LookedAt {
        /// What `SQLite` says.
        source: rusqlite::Error,
        /// The file.
        path: PathBuf,
    },
    /// The history could not be read.
    #[error("the history could not be read ({0})")]
    Read(#[from] rusqlite::Error),
    /// Exchanges could not be imported, and none was.
    #[error("nothing was imported, since the history could not be written ({0}); free some space and try again")]
    Import(String),
    /// The system gave no thread to write with.
    #[error("no thread could be started for the history ({0}); end some programs and try again")]
    Thread(std::io::Error),
    /// At the end some exchanges were still not written, and are lost.
    #[error("{count} exchanges could not be saved and are lost ({reason}): {}", path.display())]
    Unsaved {
        /// How many.
        count: u64,
        /// Why the last attempt failed.
        reason: String,
        /// The file.
        path: PathBuf,
    },
}

impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}

/// One request that is to be recorded, with what the moment knew of it.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// What arrived.
    pub request: Request,
    /// What is responded; `None` while nothing is decided.
    pub response: Option<Responded>,
    /// Whether the same came before.
    pub replay: Replay,
    /// By what it is recognised when it comes again; `None` for an unsigned one.
    pub replay_key: Option<ReplayKey>,
    /// The columns by which it is found.
    pub index: Index,
    /// How its sender reads the response; `None` while nothing is decided.
    pub read: Option<Read>,
}

/// What became of an exchange's response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What was responded.
    pub responded: Responded,
    /// How its sender reads that.
    pub read: Option<Read>,
}

/// A response as its sender reads it, as far as it is a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// `ErrorCode`, where it is a number.
    pub code: Option<i64>,
    /// The word of [`ReadAs`](crate::protocol::response::ReadAs).
    pub read_as: &'static str,
}

impl Read {
    /// Of what was responded, as the sender of what was asked reads it.
    pub fn of(asked: Asked, responded: &Responded) -> Self {
        let reading = response::read_reached(asked, responded.reached(), responded.whole_after_micros());
        Self { code: reading.said.code.as_deref().and_then(|code| code.parse().ok()), read_as: reading.read_as.word() }
    }
}

/// The columns by which an exchange is found. No second truth: they are computed from the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Index {
    /// The method; `None` where the request line is unreadable.
    pub method: Option<String>,
    /// The command, at most [`MAX_INDEX_BYTES`] of it.
    pub command: Option<String>,
    /// The product's word.
    pub product: Option<String>,
    /// `SdkAppid` as received, at most [`MAX_INDEX_BYTES`] of it.
    pub sdk_app_id: Option<String>,
    /// `OptPlatform` as received, at most [`MAX_INDEX_BYTES`] of it.
    pub platform: Option<String>,
    /// The target without its query, at most [`MAX_INDEX_BYTES`] of it.
    pub path: Option<String>,
    /// The state of the signature's verdict.
    pub signature: &'static str,
    /// Arrival minus `RequestTime`, in seconds; `None` where that is no time.
    pub skew_secs: Option<i64>,
    /// What all judgements together say.
    pub overall: Overall,
    /// The judgement, when it was made with a token.
    pub judged: Option<Judged>,
    /// Whether any app was known when it was judged.
    pub apps_known: bool,
}

/// The most that an [`Index`] takes of one value, in bytes. A command can be as long as a body; real ones have
/// less than a hundred, and a column of megabytes would make every list slow.
pub const MAX_INDEX_BYTES: usize = 256;

impl Index {
    /// Derives the columns from an inspection that was made with these apps.
    pub fn of(inspection: &Inspection, apps: &[SdkApp]) -> Self {
        let Inspection { callback, verdicts, overall } = inspection;
        Self {
            method: callback.method.as_deref().map(beginning),
            command: callback.command.as_deref().map(beginning),
            product: callback.product().map(|product| product.word().to_owned()),
            sdk_app_id: callback.param(Name::SdkAppId).map(beginning),
            platform: callback.param(Name::Platform).map(beginning),
            path: callback.path().map(beginning),
            signature: verdicts.signature.state(),
            skew_secs: verdicts.timestamp.age_secs(),
            overall: *overall,
            judged: protocol::judged(callback, verdicts, apps),
            apps_known: !apps.is_empty(),
        }
    }
}

/// The columns of an exchange that nobody has said anything of, as a filter asks for them.
pub fn entry<'a>(id: i64, request: &'a Request, responded: Option<&'a Responded>, (index, read): (&'a Index, Option<Read>)) -> Entry<'a> {
    Entry {
        id,
        received_at_millis: request.received_at_millis,
        method: index.method.as_deref(),
        path: index.path.as_deref(),
        command: index.command.as_deref(),
        product: index.product.as_deref(),
        app: index.sdk_app_id.as_deref(),
        platform: index.platform.as_deref(),
        overall: index.overall,
        signature: Some(index.signature),
        size_bytes: request.body.len() as u64,
        status: responded.and_then(|responded| Some(responded.response.as_ref()?.status)),
        code: read.and_then(|read| read.code),
        read_as: read.map(|read| read.read_as),
        rule: responded.map(|responded| responded.rule.as_str()),
        fault: responded.and_then(|responded| responded.fault.as_deref()),
        took_micros: responded.and_then(|responded| responded.responded_after_micros),
        skew_secs: index.skew_secs,
        pinned: false,
        mark: None,
        has_note: false,
    }
}

fn beginning(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_INDEX_BYTES)].to_owned()
}

/// What became of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Its id, which it keeps whether saved or not.
    pub id: i64,
    /// Whether it is in the file. If not it is in memory, and written when that becomes possible.
    pub saved: bool,
}

/// One exchange as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The exchange. From [`Reader::rows`] its bodies may be their beginnings only.
    pub exchange: Exchange,
    /// What only the moment knew, and the last judgement made with a token.
    pub kept: Kept,
    /// The last judgement, as the index has it.
    pub overall: Overall,
    /// How long the request's body is, in bytes.
    pub body_bytes: usize,
    /// What the user says of it.
    pub annotation: Annotation,
    /// Whether all of it is in the file.
    pub saved: bool,
}

/// The history, open for writing.
///
/// Dropping it writes what is queued and ends its thread; [`Store::close`] does that and says how it went.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    queue: Arc<Queue>,
    live: Arc<Live>,
    /// Every reader has one too.
    read: Arc<()>,
    /// Taken when the store is closed.
    thread: Option<JoinHandle<()>>,
    /// Gone once the store is closed.
    indexer: Option<Indexer>,
}

impl Store {
    /// Opens the history, creates it where there is no file, and converts an older format.
    ///
    /// `on_change` is called on the writer's thread after each commit, and after one that failed. It must
    /// return soon, coalesce on its own, and must not close the store.
    ///
    /// Who else may write is not asked here: one writer to a folder is the caller's promise.
    ///
    /// # Errors
    /// When the file can't be opened or converted, is no history, or a newer program's. It is untouched then.
    pub fn open(path: &Path, on_change: impl Fn() + Send + 'static) -> Result<Self, Error> {
        let conn = schema::open_to_write(path)?;
        let opened = |source| schema::opening(source, path.to_owned());
        let live = Arc::new(Live::new(columns::count(&conn).map_err(opened)?));
        for (number, ids) in tables::deletions(&conn).map_err(opened)? {
            live.deletions(|deletions| deletions.go_on(number, Arc::new(ids)));
        }
        let queue = Arc::new(Queue::default());
        let log = Arc::new(Log::new());
        let mover = log::start(schema::open_to_move(path)?, &log)?;
        let thread = writer::start(conn, Arc::clone(&queue), Arc::clone(&live), (log, mover), on_change)?;
        let mut store = Self { path: path.to_owned(), queue, live, read: Arc::default(), thread: Some(thread), indexer: None };
        store.indexer = Some(indexer::start(store.reader()?, store.writer(), Arc::clone(&store.live))?);
        Ok(store)
    }

    /// A hand to write with. Clones write to the same queue.
    pub fn writer(&self) -> Writer {
        Writer::new(Arc::clone(&self.queue))
    }

    /// A reader with a connection of its own, which also sees what is not saved yet.
    ///
    /// # Errors
    /// When the system gives no further connection.
    pub fn reader(&self) -> Result<Reader, Error> {
        Ok(Reader::new(schema::open_to_read(&self.path)?, &self.path, Some((Arc::clone(&self.live), Arc::clone(&self.read)))))
    }

    /// Where exchanges are deleted.
    pub fn bin(&self) -> Bin {
        Bin::new(self.writer(), Arc::clone(&self.live))
    }

    /// Begins to import exchanges. One at a time.
    ///
    /// # Errors
    /// When the history can't be read.
    pub fn import(&self) -> Result<Import, Error> {
        self.importer().and_then(Importer::begin)
    }

    /// The same for another thread, since looking at what there is takes its time.
    ///
    /// # Errors
    /// When the system gives no further connection.
    pub fn importer(&self) -> Result<Importer, Error> {
        Ok(Importer::new(self.writer(), Arc::clone(&self.live), self.reader()?))
    }

    /// A reader of a history that another program may be writing at this moment. It takes no lock, and sees
    /// what is in the file.
    ///
    /// # Errors
    /// When there is no file, or it is no history of the format that this program reads.
    pub fn read_only(path: &Path) -> Result<Reader, Error> {
        Reader::of_another(schema::open_to_read(path)?, path)
    }

    /// Brings a history that nobody has open into its one file, so that it can get another name.
    ///
    /// # Errors
    /// When it is no history, or somebody has it open.
    pub fn settle(path: &Path) -> Result<(), Error> {
        schema::settle(path)
    }

    /// How many exchanges there are.
    pub fn counts(&self) -> Counts {
        self.live.counts()
    }

    /// Why the last attempt to write failed; `None` while all is well.
    pub fn trouble(&self) -> Option<String> {
        self.live.trouble()
    }

    /// Writes what is queued and what was deleted, moves everything into the one file, and ends the thread.
    ///
    /// # Errors
    /// When something could not be written even now. It is lost then.
    pub fn close(mut self) -> Result<(), Error> {
        self.end()
    }

    /// The same, and then waits until nobody reads it any more, up to a moment at most: the last one to let go of the file
    /// takes away what `SQLite` keeps beside it.
    ///
    /// # Errors
    /// As [`Store::close`].
    pub fn close_unread(mut self, until: Instant) -> Result<(), Error> {
        let ended = self.end();
        while Arc::strong_count(&self.read) > 1 && Instant::now() < until {
            std::thread::sleep(LOOK_PAUSE);
        }
        // Two that let go of it at the same moment each leave that to the other.
        if Arc::strong_count(&self.read) == 1 {
            schema::clean_up(&self.path);
        }
        ended
    }

    fn end(&mut self) -> Result<(), Error> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        self.queue.close();
        self.indexer = None;
        let panicked = thread.join().is_err();
        if panicked {
            // Its own message went to stderr when it happened.
            self.live.failed("the thread that writes has panicked, which is a bug");
        }
        let count = self.live.counts().unsaved;
        if count == 0 && !panicked {
            return Ok(());
        }
        Err(Error::Unsaved { count, reason: self.live.trouble().unwrap_or_default(), path: self.path.clone() })
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::error!("{error}");
        }
    }
}
