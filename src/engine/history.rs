//! The history that is open: its file, who receives into it, and the threads that look at it.
//!
//! Another one takes its place while requests come: the listening sockets stay, each request is recorded where it began,
//! and the old one is closed once the last of those has its response. What is held gets its fallback at once, since the
//! window shows the new one.

use super::annotating::{self, Saying};
use super::deleting::{self, Deletion};
use super::finding::{self, Question};
use super::jobs::{self, Read, Shared};
use super::rejudging::{self, Wanted};
use super::{
    END_WAIT, Error, Message, Work, compacting, comparing, conversing, counting, keeping, measuring, now_millis, responding, signal, spawn,
};
use crate::folder::{self, DataFolder, Lock};
use crate::histories::{Name, Which};
use crate::inspect::Counted;
use crate::messages::{Compare, Event, KnownHistories};
use crate::needle::Needle;
use crate::receiver::{Held, Readings, Receiver, Recent, Skew};
use crate::settings::{Retention, Snapshot};
use crate::store::{self, Import, Store};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver as Queue, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How many signed callbacks of earlier runs are remembered for telling repeats.
const SEED: usize = 65_536;

/// How often it is asked whether a history that was left can be closed.
const LOOK: Duration = Duration::from_millis(20);

/// How long opening waits for the same history to be closed, where it was just left.
const LEFT_WAIT: Duration = Duration::from_secs(3);

/// Whether there must be a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// There must.
    File,
    /// There must not.
    NoFile,
    /// One is made where there is none.
    Either,
}

/// The threads that answer questions about a history.
pub struct Asked {
    pub reads: Sender<Read>,
    pub sequences: Sender<i64>,
    pub conversations: Sender<conversing::Question>,
    pub needles: Sender<(i64, Needle)>,
    pub comparisons: Sender<Compare>,
    pub finds: Sender<Question>,
    pub counts: Sender<counting::Question>,
    pub rejudgings: Sender<Wanted>,
    pub limits: Sender<Retention>,
    pub measurings: Sender<measuring::Question>,
    pub compactings: Sender<compacting::Wanted>,
    pub annotations: Sender<Saying>,
    pub deletions: Sender<Deletion>,
}

/// A history that can be received into, and nobody does yet.
pub struct Prepared {
    which: Which,
    path: PathBuf,
    lock: Lock,
    store: Store,
    held: Arc<Held>,
    changes: Queue<()>,
    recent: Recent,
    newest: i64,
}

impl Prepared {
    /// Takes the lock of a history and opens it.
    pub fn open(folder: &Path, which: Which, expect: Expect) -> Result<Self, Error> {
        let path = folder::path_of(folder, &which);
        match (expect, path.exists()) {
            (Expect::File, false) => return Err(Error::NoFile(path)),
            (Expect::NoFile, true) => return Err(folder::Error::Exists { path }.into()),
            (Expect::File, true) | (Expect::NoFile, false) | (Expect::Either, _) => {}
        }
        folder::make_room_for(folder, &which)?;
        let lock = Lock::of_history(&path)?;
        let (changed, changes) = sync_channel(1);
        let held_changed = changed.clone();
        let store = Store::open(&path, move || signal(&changed))?;
        let held = Arc::new(Held::new(move || signal(&held_changed)));
        let reader = store.reader()?;
        let newest = reader.newest()?;
        let mut recent = Recent::default();
        for (at_millis, key) in reader.recent_keys(SEED)? {
            recent.note(key, at_millis);
        }
        Ok(Self { which, path, lock, store, held, changes, recent, newest })
    }
}

/// A history that is open to write and that nobody receives into, with its folder.
pub struct Writing {
    _folder: DataFolder,
    prepared: Prepared,
}

impl Writing {
    /// Opens the history that is named, else the one that was opened last; makes it where there is none.
    ///
    /// # Errors
    /// When another process writes in the folder or to the history, or it cannot be opened.
    pub fn open(folder: &Path, history: Option<Which>) -> Result<Self, Error> {
        let folder = DataFolder::open(folder)?;
        let (settings, _aside) = folder.load_settings()?;
        let which = history
            .map_or(settings.history, |named| if let Which::File(path) = &named { folder::which_is(folder.path(), path) } else { named });
        let prepared = Prepared::open(folder.path(), which, Expect::Either)?;
        Ok(Self { _folder: folder, prepared })
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.prepared.path
    }

    /// Begins to import into it.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn import(&self) -> Result<Import, store::Error> {
        self.prepared.store.import()
    }

    /// Closes it.
    ///
    /// # Errors
    /// When something could not be written even now.
    pub fn close(self) -> Result<(), store::Error> {
        self.prepared.store.close()
    }
}

/// A queue of questions to a thread of a history. They come of the engine's own queue, which has a bound, of the user's hand, or
/// one for each change of the settings; and of most only the newest is answered.
#[expect(clippy::disallowed_methods, reason = "see above")]
fn queue<T>() -> (Sender<T>, Queue<T>) {
    channel()
}

/// What all histories of one engine share.
#[derive(Clone)]
pub struct Common {
    pub snapshot: watch::Receiver<Arc<Snapshot>>,
    pub skew: Arc<Mutex<Skew>>,
    pub counted: Arc<Mutex<Counted>>,
}

/// The history that is open.
pub struct History {
    pub which: Which,
    pub path: PathBuf,
    pub lock: Lock,
    pub store: Store,
    pub receiver: Arc<Receiver>,
    pub asked: Asked,
    /// Ends once all that was said of exchanges is kept.
    annotated: Queue<()>,
    pub newest_at_start: i64,
    /// What its threads share.
    pub shared: Shared,
}

impl History {
    /// Starts its threads. What they tell is heard once `open` has had requests go to its receiver and told of the history
    /// itself; it is not called where starting fails.
    pub fn start(prepared: Prepared, shared: &Shared, common: Common, open: impl FnOnce(&Arc<Receiver>)) -> Result<Self, Error> {
        let Prepared { which, path, lock, store, held, changes, recent, newest } = prepared;
        let Common { snapshot, skew, counted } = common;
        let shared = shared.of_history();
        let (writer, readings, recent) = (store.writer(), Readings::default(), Mutex::new(recent));
        let receiver = Receiver { writer, settings: snapshot, recent, skew, counted, readings, held, clock: now_millis };
        let receiver = Arc::new(receiver);
        let mut is_heard = shared.hush();
        // Where starting fails, nothing that was started is.
        *is_heard = false;
        let (reads, read_queue) = queue();
        let (sequences, sequence_queue) = queue();
        let (conversations, conversation_queue) = queue();
        let (finds, find_queue) = queue();
        let (counts, count_queue) = queue();
        let (rejudgings, rejudging_queue) = queue();
        let (needles, needle_queue) = queue();
        let (comparisons, comparison_queue) = queue();
        let (limits, limit_queue) = queue();
        let (measurings, measuring_queue) = queue();
        let (compactings, compacting_queue) = queue();
        let (annotations, annotation_queue) = queue();
        let (deletions, deletion_queue) = queue();
        jobs::start_reading(&shared, store.reader()?, read_queue)?;
        jobs::start_comparing(&shared, store.reader()?, sequence_queue)?;
        conversing::start(&shared, store.reader()?, conversation_queue)?;
        jobs::start_finding(&shared, store.reader()?, needle_queue)?;
        comparing::start(&shared, store.reader()?, comparison_queue)?;
        // What is deleted may come back, and is to be judged by then.
        rejudging::start(&shared, store.reader()?.seeing_deleted(), store.writer(), rejudging_queue)?;
        keeping::start(&shared, store.reader()?, store.writer(), limit_queue)?;
        measuring::start(&shared, store.reader()?, measuring_queue)?;
        compacting::start(&shared, store.reader()?, store.writer(), compacting_queue)?;
        let annotated = annotating::start(&shared, store.writer(), annotation_queue)?;
        deleting::start(&shared, store.reader()?, store.bin(), deletion_queue)?;
        finding::start(&shared, store.reader()?, find_queue)?;
        counting::start(&shared, store.reader()?, count_queue)?;
        jobs::start_telling(&shared, store.reader()?, changes, (receiver.clone(), finds.clone(), counts.clone()))?;
        responding::give_up_waiting(&shared, &store.reader()?, &store.writer())?;
        open(&receiver);
        *is_heard = true;
        drop(is_heard);
        let asked = Asked {
            reads,
            sequences,
            conversations,
            needles,
            comparisons,
            finds,
            counts,
            rejudgings,
            limits,
            measurings,
            compactings,
            annotations,
            deletions,
        };
        Ok(Self { which, path, lock, store, receiver, asked, annotated, newest_at_start: newest, shared })
    }

    /// From now on nothing that its threads tell is heard.
    pub fn silence(&self) {
        self.shared.silence();
    }

    /// Closes it at once, as soon as what was said of exchanges is kept; and waits up to a moment for those who read it.
    pub fn close(self, until: Instant) -> Result<(), store::Error> {
        let Self { asked, annotated, store, lock, receiver, shared, .. } = self;
        drop(asked);
        if annotated.recv_timeout(END_WAIT) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!("the program ended before all exchanges had the pin, mark or note that was asked for");
        }
        // The threads that read it end: nothing they tell is heard, and the one that waits for requests is woken.
        shared.silence();
        receiver.held.touch();
        drop(receiver);
        let closed = store.close_unread(until);
        drop(lock);
        closed
    }
}

/// The histories that were left, and are closed once the requests that began in them have their responses.
#[derive(Default)]
pub struct Left {
    paths: Arc<Mutex<Vec<PathBuf>>>,
    threads: Vec<JoinHandle<()>>,
    /// Whether no request is answered any more.
    all_gone: Arc<AtomicBool>,
}

impl Left {
    /// Takes one that was left.
    fn take(&mut self, history: History) -> Result<(), Error> {
        let History { path, lock, store, receiver, asked, annotated, shared, .. } = history;
        receiver.held.close();
        drop(asked);
        self.threads.retain(|thread| !thread.is_finished());
        lock_of(&self.paths).push(path.clone());
        let (paths, all_gone) = (self.paths.clone(), self.all_gone.clone());
        self.threads.push(spawn("history that was left", move || {
            while Arc::strong_count(&receiver) > 1 && !all_gone.load(Ordering::Relaxed) {
                thread::sleep(LOOK);
            }
            drop(receiver);
            // It ends once all is kept; the program's end waits for that no longer than elsewhere.
            while annotated.recv_timeout(END_WAIT) == Err(RecvTimeoutError::Timeout) && !all_gone.load(Ordering::Relaxed) {}
            if let Err(error) = store.close_unread(Instant::now() + END_WAIT) {
                shared.failed(error);
            }
            drop(lock);
            lock_of(&paths).retain(|one| *one != path);
        })?);
        Ok(())
    }

    /// Closes them, now that no request is answered any more.
    pub fn end(self) {
        self.all_gone.store(true, Ordering::Relaxed);
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("closing a history panicked");
            }
        }
    }
}

fn lock_of(paths: &Mutex<Vec<PathBuf>>) -> std::sync::MutexGuard<'_, Vec<PathBuf>> {
    paths.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until a history that was just left is closed; `false` where that takes too long.
fn wait_until_left(paths: &Mutex<Vec<PathBuf>>, path: &Path) -> bool {
    let until = Instant::now() + LEFT_WAIT;
    while lock_of(paths).iter().any(|one| one == path) {
        if Instant::now() > until {
            return false;
        }
        thread::sleep(LOOK);
    }
    true
}

impl Work {
    /// Opens another history, beside the engine: converting an old one takes its time.
    pub(super) fn open_history(&self, which: Which, expect: Expect) {
        let (folder, paths) = (self.folder.path().to_owned(), self.left.paths.clone());
        let which = if let Which::File(path) = &which { folder::which_is(&folder, path) } else { which };
        if which == self.history.which {
            return (self.shared.tell)(Event::HistoryRefused("this history is open already".to_owned()));
        }
        self.shared.job("history opener", move |shared| {
            let is_left = wait_until_left(&paths, &folder::path_of(&folder, &which));
            let prepared = if is_left { Prepared::open(&folder, which, expect) } else { Err(Error::StillLeaving) };
            shared.say(Message::Prepared(Box::new(prepared)));
        });
    }

    /// Another history takes the place of the one that is open, or is refused.
    pub(super) fn prepared(&mut self, prepared: Result<Prepared, Error>) {
        let switched = prepared.and_then(|mut prepared| {
            if let Some(address) = self.ports.address() {
                prepared.lock.announce(&format!("http://{address}/"))?;
            }
            let known = self.known_histories(prepared.which.clone(), prepared.path.clone());
            let (old, receivers) = (&self.history, &self.receivers);
            History::start(prepared, &self.shared, self.common.clone(), |receiver| {
                old.silence();
                receivers.set(receiver.clone());
                (self.shared.tell)(Event::HistoryOpened(known));
            })
        });
        match switched {
            Ok(new) => self.switch_to(new),
            Err(error) => (self.shared.tell)(Event::HistoryRefused(error.to_string())),
        }
    }

    fn switch_to(&mut self, new: History) {
        // Requests that began in the one before are not to wait for its file.
        self.compaction.stop();
        self.stop_import.store(true, Ordering::Relaxed);
        let old = std::mem::replace(&mut self.history, new);
        if let Err(error) = self.left.take(old) {
            self.shared.failed(error);
        }
        self.settings.history = self.history.which.clone();
        self.save_settings();
        self.judge_rest();
        // The command line's limit is of the history that it began with: another one must not forget by it.
        self.retention = None;
        self.keep();
        self.tell_known();
    }

    /// Tells which histories there are.
    pub(super) fn tell_histories(&self) {
        let known = self.known_histories(self.history.which.clone(), self.history.path.clone());
        (self.shared.tell)(Event::Histories(known));
    }

    fn known_histories(&self, open: Which, path: PathBuf) -> KnownHistories {
        let mut names = folder::names(self.folder.path()).unwrap_or_else(|error| {
            self.shared.failed(error);
            Vec::new()
        });
        // One that is being made has its file by now; the order is the folder's.
        if let Which::Named(name) = &open
            && !names.contains(name)
        {
            names.push(name.clone());
        }
        KnownHistories { open, path, names }
    }

    /// A history has another name now, or not.
    pub(super) fn renamed(&mut self, renamed: Result<(Name, Name), Error>) {
        match renamed {
            Ok((from, to)) => {
                let [from, to] = [from, to].map(Which::Named);
                let retention = self.settings.retention_of(&from);
                self.settings.set_retention_of(&from, Retention::default());
                self.settings.set_retention_of(&to, retention);
                self.save_settings();
            }
            Err(error) => self.shared.failed(error),
        }
        self.tell_histories();
    }

    /// Gives a history that is not open another name, beside the engine.
    pub(super) fn rename_history(&self, from: Name, to: Name) {
        if self.history.which == Which::Named(from.clone()) {
            return self.shared.failed("the history that is open can't be renamed; open another one first");
        }
        let (folder, paths) = (self.folder.path().to_owned(), self.left.paths.clone());
        self.shared.job("history renamer", move |shared| {
            // Where that takes too long, its lock says so.
            wait_until_left(&paths, &folder::path_of(&folder, &Which::Named(from.clone())));
            let settle = |path: &Path| Ok::<(), Error>(Store::settle(path)?);
            let renamed = folder::rename(&folder, &from, &to, settle);
            shared.say(Message::Renamed(Box::new(renamed.map(|()| (from, to)))));
        });
    }
}
