//! The engine: one thread that owns settings and jobs, carries out effects and tells events.
//!
//! It never waits: what takes time runs elsewhere and comes back as a message. It never stands between a
//! request and its response either: the receiver works from the last published [`Snapshot`].

mod annotating;
mod apps;
mod cells;
mod compacting;
mod comparing;
mod conversing;
mod counting;
mod deleting;
mod exporting;
mod finding;
mod history;
pub mod importing;
mod jobs;
mod keeping;
mod listening;
mod measuring;
mod rejudging;
mod responding;
mod threads;

use crate::column::{Column, Columns};
use crate::folder::{self, DataFolder};
use crate::histories::{Name, Which};
use crate::ids::Ids;
use crate::messages::{Compact, Effect, Event, Known, KnownApp};
use crate::protocol::SdkApp;
use crate::protocol::sign::Token;
use crate::receiver::{self, Receivers};
use crate::rules::bar::Bar;
use crate::rules::preset::Preset;
use crate::secrets::Place;
use crate::settings::{DEFAULT_BODY_LIMIT_BYTES, Hold, Retention, SavedFilter, Settings, Snapshot, Theme};
use crate::store::{self, Rejudging, Rewriting};
use annotating::Saying;
pub use counting::{look_into, offset_millis, pass_by};
use deleting::Deletion;
pub use exporting::{Exporting, Written};
use finding::Question;
pub use history::Writing;
use history::{Common, Expect, History, Left, Prepared};
use jobs::{Read, Shared};
use listening::Ports;
use rejudging::Wanted;
use responding::RulesFile;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver as Queue, Sender, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use threads::Threads;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Takes what the engine tells. Called from the engine's threads; it must not wait for the window.
pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// How many effects may wait. A window asks far less; past it the engine is busy.
const QUEUE: usize = 1024;

/// How long what still runs may take at the end.
const END_WAIT: Duration = Duration::from_millis(300);
/// In what time all of it ends: a little less than the two seconds in which we are to be gone.
const ENDED_WITHIN: Duration = Duration::from_millis(1_800);

/// What the engine starts with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder.
    pub folder: PathBuf,
    /// The history of this run; `None` for the one that was opened last.
    pub history: Option<Which>,
    /// Apps of this run only, with their tokens: those of the command line.
    pub apps: Vec<SdkApp>,
    /// What is responded at first.
    pub preset: Preset,
    /// The file of the rules; `None` for the one in the data folder.
    pub rules: Option<PathBuf>,
    /// Where to receive `https://` in this run, whatever the settings say.
    pub tls_listen: Option<SocketAddr>,
    /// Whether there is somebody who decides by hand: a window.
    pub by_hand: bool,
    /// How many bytes of a body are taken.
    pub body_limit_bytes: usize,
    /// What the history that it starts with forgets in this run, whatever the settings say.
    pub retention: Option<Retention>,
    /// Whether tokens go into the system's keyring, where there is one.
    pub keyring: bool,
}

impl Options {
    /// Those with which nothing is special in this folder: no apps, no window, and no keyring.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            history: None,
            apps: Vec::new(),
            preset: Preset::Ok,
            rules: None,
            tls_listen: None,
            by_hand: false,
            body_limit_bytes: DEFAULT_BODY_LIMIT_BYTES,
            retention: None,
            keyring: false,
        }
    }
}

/// What keeps the engine from starting.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] folder::Error),
    /// The history.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// There is no file of a history that is to be opened.
    #[error("there is no such file; open another, or make a new history: {}", .0.display())]
    NoFile(PathBuf),
    /// The history was left a moment ago.
    #[error("requests that came before still wait for their responses in this history; try again once they have them")]
    StillLeaving,
    /// The system gave no threads.
    #[error("the system gave no threads: {0}")]
    Threads(io::Error),
    /// The rules file that was named cannot be read.
    #[error("could not read the rules: {source}: {path}")]
    RulesUnreadable {
        /// What the system said.
        source: io::Error,
        /// The file.
        path: PathBuf,
    },
    /// The rules file that was named has mistakes.
    #[error("the rules have mistakes: {}: {path}", .complaints.join("; "))]
    RulesWrong {
        /// What is wrong, each with its place.
        complaints: Vec<String>,
        /// The file.
        path: PathBuf,
    },
}

/// The engine is busy: too many effects wait.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("busy; try again in a moment")]
pub struct Busy;

/// The running engine. Dropping it ends it, within two seconds.
pub struct Engine {
    messages: SyncSender<Message>,
    newest_at_start: i64,
    thread: Option<JoinHandle<()>>,
}

enum Message {
    Ask(Effect),
    /// The same from another process, which waits until it is carried out.
    AskAndTell(Effect, SyncSender<()>),
    TokensLoaded(Vec<(String, Token)>),
    AppSaved {
        id: String,
        token: Option<Token>,
        replaces: Option<String>,
        place: Option<Place>,
    },
    AppRemoved(String),
    /// Exchanges are to be judged again: tokens were entered while they came in.
    JudgeAgain(Rejudging),
    /// A listening socket was opened, or not; whether it is that for `https://`.
    Bound(listening::Port, SocketAddr, Result<TcpListener, receiver::Error>),
    /// Another history was opened, or not.
    Prepared(Box<Result<Prepared, Error>>),
    /// A history has another name, or not: the one that it had, and the one that it has.
    Renamed(Box<Result<(Name, Name), Error>>),
    /// The rules file was read: when it changed, or somebody wrote it.
    RulesRead(responding::RulesRead),
    /// What the response bar says is over; its number.
    BarOver(u64),
    Stop,
}

impl Engine {
    /// Opens the data folder and starts. It does not listen before it is asked to.
    ///
    /// # Errors
    /// When another process has the folder, or the history cannot be opened.
    pub fn start(options: Options, tell: Tell) -> Result<Self, Error> {
        let folder = DataFolder::open(&options.folder)?;
        let (mut settings, aside) = folder.load_settings()?;
        if settings.folder_id.is_empty() {
            settings.folder_id = new_folder_id(folder.path());
            folder.save_settings(&settings)?;
        }
        if let Some(aside) = aside {
            tell(Event::SettingsSetAside(aside));
        }
        let rules = RulesFile::open(options.rules.clone(), folder.path())?;
        let prepared = open_first(folder.path(), options.history.clone(), &settings.history, &tell)?;
        let (messages, queue) = sync_channel(QUEUE);
        let mut work = Work::new(options, folder, settings, (prepared, rules), tell, messages.clone())?;
        responding::start_watching(&work.shared, &work.rules)?;
        work.start_control();
        work.tell_rules();
        work.tell_histories();
        work.load_tokens();
        work.keep();
        let newest_at_start = work.history.newest_at_start;
        let thread = spawn("engine", move || work.run(&queue))?;
        Ok(Self { messages, newest_at_start, thread: Some(thread) })
    }

    /// The newest exchange that was in the history when it started; 0 where there was none.
    pub fn newest_at_start(&self) -> i64 {
        self.newest_at_start
    }

    /// Asks for an effect.
    ///
    /// # Errors
    /// When too many wait already.
    pub fn ask(&self, effect: Effect) -> Result<(), Busy> {
        match self.messages.try_send(Message::Ask(effect)) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
            Err(TrySendError::Full(_)) => Err(Busy),
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.messages.send(Message::Stop).is_ok()
            && let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the engine panicked");
        }
    }
}

fn signal(changed: &SyncSender<()>) {
    // Full means that a signal waits already, gone that nobody listens any more: both are well.
    match changed.try_send(()) {
        Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
    }
}

fn spawn<T: Send + 'static>(name: &str, job: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>, Error> {
    thread::Builder::new().name(name.to_owned()).spawn(job).map_err(Error::Threads)
}

/// A name for a data folder that no other one on this machine has: when it was made, and where.
fn new_folder_id(path: &Path) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (path, now_millis(), std::process::id()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Now, in milliseconds since the Unix epoch: the one place that reads the clock.
#[expect(clippy::disallowed_methods, reason = "the one place")]
pub fn now_millis() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

/// Opens the history that is named, else the one that was opened last, else the main one: that cannot be taken away.
fn open_first(folder: &Path, named: Option<Which>, last: &Which, tell: &Tell) -> Result<Prepared, Error> {
    if let Some(named) = named {
        let which = if let Which::File(path) = &named { folder::which_is(folder, path) } else { named };
        return Prepared::open(folder, which, Expect::Either);
    }
    match Prepared::open(folder, last.clone(), if *last == Which::Main { Expect::Either } else { Expect::File }) {
        Err(error) if *last != Which::Main && !matches!(error, Error::Folder(folder::Error::HistoryInUse { .. })) => {
            tell(Event::Failed(format!("the history that was open last was not opened, and the main one is: {error}")));
            Prepared::open(folder, Which::Main, Expect::Either)
        }
        prepared => prepared,
    }
}

struct Work {
    shared: Shared,
    folder: DataFolder,
    settings: Settings,
    session_apps: Vec<SdkApp>,
    tokens: HashMap<String, Token>,
    publish: watch::Sender<Arc<Snapshot>>,
    threads: Threads,
    history: History,
    /// Who receives from now on.
    receivers: Arc<Receivers>,
    common: Common,
    left: Left,
    ports: Ports,
    rules: RulesFile,
    /// The columns that rows are filled in for.
    to_fill: Arc<[Column]>,
    retention: Option<Retention>,
    stop_export: Arc<AtomicBool>,
    stop_preview: Arc<AtomicBool>,
    stop_import: Arc<AtomicBool>,
    compaction: Rewriting,
    control: CancellationToken,
}

impl Work {
    fn new(
        options: Options,
        folder: DataFolder,
        settings: Settings,
        (prepared, rules): (Prepared, RulesFile),
        tell: Tell,
        messages: SyncSender<Message>,
    ) -> Result<Self, Error> {
        let Options { folder: _, history: _, rules: _, apps, preset, tls_listen, by_hand, body_limit_bytes, retention, keyring } = options;
        let (publish, snapshot) = watch::channel(Arc::new(Snapshot {
            apps: apps.clone().into(),
            bar: Bar { preset, ..Bar::default() },
            rules: rules.rules.clone(),
            hold: settings.hold,
            by_hand,
            body_limit_bytes,
        }));
        let shared = Shared::new(tell, messages, snapshot.clone(), &settings, folder.path(), keyring);
        let common = Common { snapshot, skew: Arc::default(), counted: Arc::default() };
        let history = History::start(prepared, &shared, common.clone(), |_first| {})?;
        Ok(Self {
            shared,
            folder,
            to_fill: settings.columns.to_fill(),
            settings,
            session_apps: apps,
            tokens: HashMap::new(),
            publish,
            threads: Threads::start()?,
            receivers: Arc::new(Receivers::new(history.receiver.clone())),
            history,
            common,
            left: Left::default(),
            ports: Ports::new(tls_listen),
            rules,
            retention,
            stop_export: Arc::default(),
            stop_preview: Arc::default(),
            stop_import: Arc::default(),
            compaction: Rewriting::default(),
            control: CancellationToken::new(),
        })
    }

    fn run(mut self, queue: &Queue<Message>) {
        for message in queue {
            match message {
                Message::Ask(effect) => self.carry_out(effect),
                Message::AskAndTell(effect, done) => {
                    self.carry_out(effect);
                    // Whoever waited may have given up.
                    done.try_send(()).ok();
                }
                Message::TokensLoaded(tokens) => self.tokens_loaded(tokens),
                Message::AppSaved { id, token, replaces, place } => self.app_saved(id, token, replaces, place),
                Message::AppRemoved(id) => self.app_removed(&id),
                Message::JudgeAgain(rejudging) => {
                    self.ask_the_reader(&self.history.asked.rejudgings, Wanted::These(rejudging, self.tokens_stamp()));
                }
                Message::Bound(port, address, bound) => self.bound(port, address, bound),
                Message::Prepared(prepared) => self.prepared(*prepared),
                Message::Renamed(renamed) => self.renamed(*renamed),
                Message::RulesRead(read) => self.rules_read(read),
                Message::BarOver(number) => self.bar_over(number),
                Message::Stop => break,
            }
        }
        self.end();
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::LoadRows(ids) => self.read(Read::Rows(ids, self.to_fill.clone())),
            Effect::Open(id) => self.read(Read::Open(id)),
            Effect::ReadSequence(id) => self.ask_the_reader(&self.history.asked.sequences, id),
            Effect::Compare(compare) => self.ask_the_reader(&self.history.asked.comparisons, compare),
            Effect::ReadConversation(reading) => {
                let question = reading.map_or(conversing::Question::Forget, conversing::Question::Read);
                self.ask_the_reader(&self.history.asked.conversations, question);
            }
            Effect::FindInBody { id, needle } => self.ask_the_reader(&self.history.asked.needles, (id, needle)),
            Effect::CopyAsCurl(ids) => self.read(Read::Curl(ids, self.base_url())),
            Effect::Annotate { ids, change } => self.ask_the_reader(&self.history.asked.annotations, Saying { ids, change }),
            Effect::FindPinned(ids) => self.read(Read::Pinned(ids)),
            Effect::Delete(ids) => self.delete(ids),
            Effect::UndoDeletion => self.undo_deletion(),
            Effect::Respond(preset, lasting) => self.respond(preset, lasting),
            Effect::Release { id, release } => self.release(id, release),
            Effect::SetHold(hold) => self.set_hold(hold),
            Effect::SaveRules(rules) => self.save_rules(&rules),
            Effect::ImportRules(path) => self.import_rules(&path),
            Effect::ExportRules(path) => self.export_rules(path),
            Effect::SetHttps(https) => self.set_https(https),
            Effect::ExportAuthority(path) => self.export_authority(path),
            Effect::NoWindow => self.change(|snapshot| snapshot.by_hand = false),
            Effect::SaveApp { id, token, replaces } => jobs::save_app(&self.shared, id, token, replaces),
            Effect::RemoveApp(id) => jobs::remove_app(&self.shared, id),
            Effect::Listen(address) => self.listen(address),
            Effect::StopListening => self.stop_listening(),
            Effect::SendTest(app) => self.send_test(app.as_deref()),
            Effect::Export(export, to) => self.export(export, to),
            Effect::CopyExport(export) => self.copy_export(export),
            Effect::PreviewExport { number, export } => self.preview_export(number, export),
            Effect::StopExport => self.stop_export.store(true, Ordering::Relaxed),
            Effect::Import(files) => self.import_files(&files),
            Effect::ImportText(text) => self.import_text(text),
            Effect::StopImport => self.stop_import.store(true, Ordering::Relaxed),
            Effect::SetTheme(theme) => self.set_theme(theme),
            Effect::SaveFilters(filters) => self.save_filters(filters),
            Effect::SaveColumns(columns) => self.save_columns(columns),
            Effect::Find(find) => self.ask_the_reader(&self.history.asked.finds, Question::Find(find)),
            Effect::Count(count) => self.ask_the_reader(&self.history.asked.counts, counting::Question::Count(count)),
            Effect::ReadSeen => self.ask_the_reader(&self.history.asked.finds, Question::Seen),
            Effect::ListHistories => self.tell_histories(),
            Effect::OpenHistory(which) => self.open_history(which, Expect::File),
            Effect::NewHistory(name) => self.open_history(Which::Named(name), Expect::NoFile),
            Effect::RenameHistory { from, to } => self.rename_history(from, to),
            Effect::Measure => self.ask_the_reader(&self.history.asked.measurings, measuring::Question::Parts),
            Effect::StopMeasuring => self.ask_the_reader(&self.history.asked.measurings, measuring::Question::Stop),
            Effect::CountBeyond(limit) => self.ask_the_reader(&self.history.asked.measurings, measuring::Question::Beyond(limit)),
            Effect::SetRetention(retention) => self.set_retention(retention),
            Effect::Compact(how) => self.compact(how),
            Effect::StopCompacting => self.compaction.stop(),
        }
    }

    /// They are seen no more from now on; what takes time comes later.
    fn delete(&self, ids: Arc<Ids>) {
        self.history.store.bin().delete(Arc::clone(&ids));
        self.ask_the_reader(&self.history.asked.deletions, Deletion::Deleted(ids));
        self.ask_the_reader(&self.history.asked.counts, counting::Question::Changed);
    }

    /// Where it is too late, that was told before.
    fn undo_deletion(&self) {
        if let Some(ids) = self.history.store.bin().undo() {
            (self.shared.tell)(Event::Restored(ids));
            self.ask_the_reader(&self.history.asked.deletions, Deletion::Undone);
            self.ask_the_reader(&self.history.asked.counts, counting::Question::Changed);
        }
    }

    fn read(&self, question: Read) {
        self.ask_the_reader(&self.history.asked.reads, question);
    }

    fn ask_the_reader<T>(&self, questions: &Sender<T>, question: T) {
        if questions.send(question).is_err() {
            self.shared.failed("the history can no longer be read; start Hookglass again");
        }
    }

    fn base_url(&self) -> String {
        format!("http://{}", self.ports.address().unwrap_or(crate::settings::DEFAULT_LISTEN))
    }

    fn change(&self, change: impl FnOnce(&mut Snapshot)) {
        self.publish.send_modify(|snapshot| change(Arc::make_mut(snapshot)));
        self.tell_known();
    }

    fn tell_known(&self) {
        let snapshot = self.publish.borrow();
        let known = |app: &SdkApp| KnownApp {
            id: app.id.clone(),
            has_token: !app.tokens.is_empty(),
            saved: !self.session_apps.iter().any(|session| session.id == app.id),
        };
        let apps = snapshot.apps.iter().map(known).collect();
        let Settings { https, theme, filters, columns, .. } = self.settings.clone();
        let (bar, hold, retention) = (snapshot.bar.clone(), snapshot.hold, self.retention());
        (self.shared.tell)(Event::Settings(Known { apps, bar, hold, https, theme, filters, retention, columns }));
    }

    /// Returns whether they were written.
    fn save_settings(&self) -> bool {
        let saved = self.folder.save_settings(&self.settings);
        if let Err(error) = &saved {
            self.shared.failed(error);
        }
        saved.is_ok()
    }

    fn set_hold(&mut self, hold: Hold) {
        self.settings.hold = hold;
        self.save_settings();
        self.change(|snapshot| snapshot.hold = hold);
    }

    fn set_theme(&mut self, theme: Theme) {
        self.settings.theme = theme;
        self.save_settings();
        self.tell_known();
    }

    /// What could not be written is not shown as saved.
    fn save_filters(&mut self, filters: Vec<SavedFilter>) {
        let before = std::mem::replace(&mut self.settings.filters, filters);
        if !self.save_settings() {
            self.settings.filters = before;
        }
        self.tell_known();
    }

    fn save_columns(&mut self, columns: Columns) {
        self.to_fill = columns.to_fill();
        self.settings.columns = columns;
        self.save_settings();
        self.tell_known();
    }

    /// Nothing is forgotten by limits that could not be written.
    fn set_retention(&mut self, retention: Retention) {
        let before = self.settings.retention_of(&self.history.which);
        self.settings.set_retention_of(&self.history.which, retention);
        if self.save_settings() {
            self.retention = None;
            self.keep();
        } else {
            self.settings.set_retention_of(&self.history.which, before);
        }
        self.tell_known();
    }

    /// What the history forgets: by the limits of this run, else by those of the settings.
    fn retention(&self) -> Retention {
        self.retention.unwrap_or_else(|| self.settings.retention_of(&self.history.which))
    }

    /// Has the history forget what is beyond the limits.
    fn keep(&self) {
        self.ask_the_reader(&self.history.asked.limits, self.retention());
    }

    fn compact(&mut self, how: Compact) {
        self.compaction = Rewriting::default();
        self.ask_the_reader(&self.history.asked.compactings, compacting::Wanted { how, rewriting: self.compaction.clone() });
    }

    fn announce(&mut self, address: &str) {
        for announced in [self.folder.announce(address), self.history.lock.announce(address)] {
            if let Err(error) = announced {
                self.shared.failed(error);
            }
        }
    }

    fn send_test(&self, app: Option<&str>) {
        match self.ports.address() {
            Some(address) => jobs::send_test(&self.shared, self.threads.main().handle(), address, app),
            None => self.shared.failed("nothing is receiving, so a test callback would not arrive; start receiving first"),
        }
    }

    /// Ends what runs: no more connections, then the history.
    fn end(mut self) {
        let until = Instant::now() + ENDED_WITHIN;
        self.stop_export.store(true, Ordering::Relaxed);
        self.stop_import.store(true, Ordering::Relaxed);
        self.compaction.stop();
        self.control.cancel();
        // They give their connections a second; the sum stays under the two seconds in which we are to be gone.
        for task in self.ports.stop_all() {
            if self.threads.main().block_on(task).is_err() {
                tracing::error!("the receiver panicked");
            }
        }
        self.threads.shut_down(END_WAIT);
        drop(self.receivers);
        if let Err(error) = self.history.close(until) {
            self.shared.failed(error);
        }
        self.left.end();
    }
}
