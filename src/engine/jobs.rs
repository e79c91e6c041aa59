//! What takes time: reading the history, the keyring, files, the network. Each job runs on a thread of its own
//! and comes back as an event, or as a message where the engine's own state changes.

use super::cells::{self, LongRows};
use super::counting;
use super::finding::Question;
use super::{Error, Message, Tell, now_millis, spawn};
use crate::column::Column;
use crate::exchange::{BY_HAND, Exchange};
use crate::export::curl::{self, Shell};
use crate::folder;
use crate::ids::Ids;
use crate::inspect::{self, Inspection};
use crate::messages::Event;
use crate::needle::{Found, Needle};
use crate::opened::Opened;
use crate::protocol::sign::Token;
use crate::protocol::{self, SdkApp, catalogue};
use crate::receiver::{Receiver, Skew};
use crate::row::{Cells, Row};
use crate::rules::{self, bar::Until};
use crate::secrets::Secrets;
use crate::sender;
use crate::sequence::{self, Facts};
use crate::settings::{Settings, Snapshot};
use crate::store::{self, Reader, Stored};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver as Queue, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockWriteGuard, Weak};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Arrivals are told at most this often.
const TELL_PAUSE: Duration = Duration::from_millis(30);

/// How far the clocks are apart is told at most this often.
const SKEW_PAUSE: Duration = Duration::from_secs(1);

/// How much of a body a row needs.
const ROW_BODY_BYTES: usize = 16 * 1024;

/// How much of a body is compared with others'.
const COMPARED_BODY_BYTES: usize = 64 * 1024;

/// How many bytes are searched before a look at whether a newer question came.
const FIND_STEP: usize = 1 << 20;

/// How many exchanges are read for a comparison before a look at whether a newer question came.
const COMPARE_STEP: usize = 50;

/// Of how many rules it is told why they do not respond.
const TOLD_RULES: usize = 200;

/// The vendor's example, for a test callback while no app is saved.
const EXAMPLE_APP: (&str, &str) = ("1400000001", "xxxxyyyy");

/// What the jobs share with the engine.
#[derive(Clone)]
pub struct Shared {
    /// Tells the window or the command line.
    pub tell: Tell,
    messages: SyncSender<Message>,
    snapshot: watch::Receiver<Arc<Snapshot>>,
    secrets: Arc<OnceLock<Secrets>>,
    folder_id: Arc<str>,
    folder: Arc<Path>,
    keyring: bool,
    /// Whether `https://` is received, or refused: handshakes can fail only then.
    https: Arc<AtomicBool>,
    /// The exchange that was opened last, as long as the window has it.
    opened: Arc<Mutex<Weak<Exchange>>>,
    /// Whether what is told is heard: not what is told of a history that was left.
    heard: Arc<RwLock<bool>>,
}

impl Shared {
    /// What the jobs of one engine share.
    pub fn new(
        tell: Tell,
        messages: SyncSender<Message>,
        snapshot: watch::Receiver<Arc<Snapshot>>,
        settings: &Settings,
        folder: &Path,
        keyring: bool,
    ) -> Self {
        let folder_id = settings.folder_id.as_str().into();
        Self {
            tell,
            messages,
            snapshot,
            secrets: Arc::default(),
            folder_id,
            folder: folder.into(),
            keyring,
            https: Arc::default(),
            opened: Arc::default(),
            heard: Arc::new(RwLock::new(true)),
        }
    }

    /// What the threads of one history share: they are heard until another one is opened. That something did not work is
    /// always heard.
    pub fn of_history(&self) -> Self {
        let heard = Arc::new(RwLock::new(true));
        let (tell, is_heard) = (self.tell.clone(), heard.clone());
        let tell = Arc::new(move |event| {
            // With the lock held: nothing comes after word of another history.
            let is_heard = is_heard.read().unwrap_or_else(PoisonError::into_inner);
            if *is_heard || matches!(event, Event::Failed(_)) {
                tell(event);
            }
        });
        Self { tell, heard, opened: Arc::default(), ..self.clone() }
    }

    /// Whoever tells something waits until what is returned is dropped.
    pub fn hush(&self) -> RwLockWriteGuard<'_, bool> {
        self.heard.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on nothing is heard.
    pub fn silence(&self) {
        *self.hush() = false;
    }

    /// Tells that something did not work.
    pub fn failed(&self, error: impl std::fmt::Display) {
        (self.tell)(Event::Failed(error.to_string()));
    }

    /// Tells the engine something.
    pub fn say(&self, message: Message) {
        if self.messages.send(message).is_err() {
            tracing::debug!("the engine ended before a job did");
        }
    }

    /// Whether the engine runs, and the history is open: whoever does something again and again asks.
    pub fn is_alive(&self) -> bool {
        self.snapshot.has_changed().is_ok() && *self.heard.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes whether `https://` is received.
    pub fn set_https(&self, is_received: bool) {
        self.https.store(is_received, Ordering::Relaxed);
    }

    /// Whether `https://` is received.
    pub fn has_https(&self) -> bool {
        self.https.load(Ordering::Relaxed)
    }

    /// Whether somebody can decide by hand.
    pub fn has_window(&self) -> bool {
        self.snapshot.borrow().by_hand
    }

    /// Writes a small text file, beside the engine.
    pub fn write_file(&self, path: PathBuf, text: String) {
        self.job("file", move |shared| match folder::write_whole(&path, text.as_bytes(), false) {
            Ok(()) => (shared.tell)(Event::FileWritten(path)),
            Err(error) => shared.failed(format!("could not write the file: {error}: {}", path.display())),
        });
    }

    /// The tokens' place. Finding the keyring may take its time.
    fn secrets(&self) -> &Secrets {
        self.secrets.get_or_init(|| Secrets::open(&self.folder, &self.folder_id, self.keyring))
    }

    /// Does something that takes time on a thread of its own.
    pub fn job(&self, name: &str, job: impl FnOnce(&Self) + Send + 'static) {
        let shared = self.clone();
        if let Err(error) = spawn(name, move || job(&shared)) {
            self.failed(error);
        }
    }

    /// An exchange as the window has it open, or else as it is stored.
    fn exchange(&self, reader: &Reader, id: i64) -> Result<Option<Arc<Exchange>>, store::Error> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
        match opened.filter(|opened| opened.id == id) {
            Some(opened) => Ok(Some(opened)),
            None => Ok(reader.get(id)?.map(|stored| Arc::new(stored.exchange))),
        }
    }

    /// Reads and judges an exchange with the apps as they are now.
    pub fn inspect(&self, stored: &Stored) -> Inspection {
        inspect::inspect(&stored.exchange.request, &self.snapshot.borrow().apps, &stored.kept)
    }

    /// The apps as they are now.
    pub fn apps(&self) -> Arc<[SdkApp]> {
        self.snapshot.borrow().apps.clone()
    }

    /// As far as rows and columns need: neither tells of a field that the documents lack.
    pub fn inspect_early(&self, stored: &Stored) -> Inspection {
        let request = &stored.exchange.request;
        inspect::judge_early(request, protocol::parse(request), &self.snapshot.borrow().apps, &stored.kept)
    }
}

/// A question to the reading thread.
pub enum Read {
    /// The rows of these exchanges, with cells of these columns.
    Rows(Vec<i64>, Arc<[Column]>),
    /// The same of one whose body is to be read to its end.
    LongRow(i64, Arc<[Column]>),
    /// One exchange for a close look.
    Open(i64),
    /// Some as cURL commands, sent to this address.
    Curl(Vec<i64>, String),
    /// Which of these are pinned.
    Pinned(Arc<Ids>),
}

/// Answers questions about the history, one after the other.
pub fn start_reading(shared: &Shared, reader: Reader, questions: Queue<Read>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("reader", move || {
        let zone = TimeZone::system();
        let mut long = LongRows::default();
        while let Some(question) = long.next(&questions) {
            let answer = match question {
                Read::Rows(ids, columns) => rows(&shared, &reader, (&ids, &columns), &zone, &mut long).map(Event::Rows),
                Read::LongRow(id, columns) => long_row(&shared, &reader, (id, &columns), &zone).map(Event::Rows),
                Read::Open(id) => reader.get(id).map(|stored| Event::Opened(stored.map(|stored| Box::new(open(&shared, stored))))),
                Read::Curl(ids, base) => curl(&reader, &ids, &base),
                Read::Pinned(among) => reader.pinned().map(|all| {
                    let pinned = Arc::new(all.iter().filter(|id| among.contains(*id)).collect());
                    Event::Pinned { among, pinned }
                }),
            };
            (shared.tell)(answer.unwrap_or_else(|error| Event::Failed(error.to_string())));
        }
    })?;
    Ok(())
}

/// Commands, each on a line of its own. Of several, those that curl can't send are left out.
fn curl(reader: &Reader, ids: &[i64], base: &str) -> Result<Event, store::Error> {
    let mut commands = Vec::with_capacity(ids.len());
    let mut is_any = false;
    for id in ids {
        if let Some(stored) = reader.get(*id)? {
            is_any = true;
            commands.extend(curl::command(&stored.exchange.request, base, Shell::of_here()));
        }
    }
    Ok(match (commands.is_empty(), is_any) {
        (false, _) => Event::Copied(commands.join("\n")),
        (true, true) => Event::Failed("the request line is unreadable, so curl cannot send it; export it instead".to_owned()),
        (true, false) => Event::Failed("the exchange is no longer in the history".to_owned()),
    })
}

fn rows(
    shared: &Shared,
    reader: &Reader,
    (ids, columns): (&[i64], &Arc<[Column]>),
    zone: &TimeZone,
    long: &mut LongRows,
) -> Result<Vec<Row>, store::Error> {
    let stored = reader.rows(ids, ROW_BODY_BYTES)?;
    long.note(&stored, columns);
    let cells = |one: &Stored, inspection: &Inspection| cells::cells(columns, one, inspection, &shared.apps());
    Ok(stored.iter().map(|one| row(shared, one, zone, |inspection| cells(one, inspection))).collect())
}

/// The row of an exchange whose body is longer than rows need; none where it is gone.
fn long_row(shared: &Shared, reader: &Reader, (id, columns): (i64, &Arc<[Column]>), zone: &TimeZone) -> Result<Vec<Row>, store::Error> {
    let Some(mut stored) = reader.get(id)? else { return Ok(Vec::new()) };
    let body = std::mem::take(&mut stored.exchange.request.body);
    stored.exchange.request.body = body[..body.len().min(ROW_BODY_BYTES)].to_vec();
    let cells = |inspection: &Inspection| cells::cells_of_whole(columns, &stored, inspection, (&shared.apps(), &body));
    Ok(vec![row(shared, &stored, zone, cells)])
}

fn row(shared: &Shared, stored: &Stored, zone: &TimeZone, cells: impl FnOnce(&Inspection) -> Cells) -> Row {
    let mut inspection = shared.inspect_early(stored);
    // The beginning of a long body is no JSON; what was found of all of it stands.
    if stored.exchange.request.body.len() < stored.body_bytes {
        inspection.overall = stored.overall;
    }
    let cells = cells(&inspection);
    Row { cells, annotation: stored.annotation.clone(), ..Row::of(&stored.exchange, &inspection, stored.saved, zone) }
}

fn open(shared: &Shared, stored: Stored) -> Opened {
    let inspection = shared.inspect(&stored);
    let snapshot = Arc::clone(&shared.snapshot.borrow());
    let (apps, rules) = (&snapshot.apps, &snapshot.rules);
    // Nobody reads on after so many, and a rule may have many conditions.
    let asked = &rules[..rules.len().min(TOLD_RULES)];
    // By hand, it is not known which rule held it.
    let by = stored.exchange.response.as_ref().map(|responded| responded.rule.as_str()).filter(|rule| *rule != BY_HAND);
    let told = rules::explain(asked, &inspection.received(&stored.exchange.request), by);
    let told = told.into_iter().map(|told| (told.rule, told.why.to_string())).collect();
    let annotation = stored.annotation;
    let opened = Opened { annotation, told, ..Opened::of(stored.exchange, inspection, apps, stored.saved) };
    *shared.opened.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(&opened.exchange);
    opened
}

/// Finds texts in bodies, on a thread and a connection of its own. Only the newest question is answered.
pub fn start_finding(shared: &Shared, reader: Reader, questions: Queue<(i64, Needle)>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("body finder", move || {
        let mut question = questions.recv().ok();
        while let Some((id, needle)) = question {
            let newer = match shared.exchange(&reader, id) {
                Ok(Some(exchange)) => find(&shared, &exchange, needle, || questions.try_iter().last()),
                found_no_exchange => {
                    if let Err(error) = found_no_exchange {
                        shared.failed(error);
                    }
                    // Whoever asked does not wait for ever.
                    (shared.tell)(Event::FoundInBody { id, needle, found: Found::default() });
                    None
                }
            };
            question = newer.or_else(|| questions.recv().ok());
        }
    })?;
    Ok(())
}

/// Finds a text and tells where it stands, unless a newer question comes: then that is returned.
fn find(shared: &Shared, exchange: &Exchange, needle: Needle, mut newer: impl FnMut() -> Option<(i64, Needle)>) -> Option<(i64, Needle)> {
    let (mut found, mut from) = (Found::default(), Some(0));
    while let Some(at) = from {
        let newer = newer();
        if newer.is_some() {
            return newer;
        }
        from = needle.find(&exchange.request.body, at, FIND_STEP, &mut found);
    }
    (shared.tell)(Event::FoundInBody { id: exchange.id, needle, found });
    None
}

/// Compares exchanges with those around them, on a thread and a connection of its own: reading a thousand must not
/// keep rows waiting. Only the newest question is answered.
pub fn start_comparing(shared: &Shared, reader: Reader, questions: Queue<i64>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("sequence", move || {
        // What was read for the last question serves for the next one, mostly all of it.
        let mut known = BTreeMap::new();
        let mut question = questions.recv().ok();
        while let Some(id) = question {
            question = match read_around(&reader, id, &mut known, || questions.try_iter().last()) {
                Ok(Some(newer)) => Some(newer),
                Ok(None) => {
                    let around: Vec<&Facts> = known.values().flatten().collect();
                    let opened = known.get(&id).and_then(Option::as_ref);
                    let remarks = opened.map(|opened| sequence::remarks(opened, &around)).unwrap_or_default();
                    (shared.tell)(Event::Sequence { id, remarks });
                    questions.recv().ok()
                }
                Err(error) => {
                    shared.failed(error);
                    questions.recv().ok()
                }
            };
        }
    })?;
    Ok(())
}

/// Reads what is not known yet around an exchange, unless a newer question comes: then that is returned. What is no
/// callback is known too, as `None`: it stays none, and need not be read again.
fn read_around(
    reader: &Reader,
    id: i64,
    known: &mut BTreeMap<i64, Option<Facts>>,
    mut newer: impl FnMut() -> Option<i64>,
) -> Result<Option<i64>, store::Error> {
    let around = sequence::neighbourhood(id);
    known.retain(|id, facts| around.contains(id) && facts.as_ref().is_none_or(|facts| facts.is_final));
    let newest = reader.newest()?;
    let missing: Vec<i64> = around.filter(|id| *id <= newest && !known.contains_key(id)).collect();
    for ids in missing.chunks(COMPARE_STEP) {
        if let Some(newer) = newer() {
            return Ok(Some(newer));
        }
        let read = reader.rows(ids, COMPARED_BODY_BYTES)?;
        known.extend(read.iter().map(|stored| (stored.exchange.id, sequence::facts(&stored.exchange, stored.body_bytes))));
    }
    Ok(newer())
}

/// Tells arrivals and counts, whenever the history changed and at most every few milliseconds, and how far the
/// clocks are apart, at most once a second.
pub fn start_telling(
    shared: &Shared,
    reader: Reader,
    changes: Queue<()>,
    (receiver, finds, counts): (Arc<Receiver>, Sender<Question>, Sender<counting::Question>),
) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("teller", move || {
        let mut newest = 0;
        let mut clocks = Clocks { skew: receiver.skew.clone(), told: None, next: Instant::now() };
        let mut responding = Responding { receiver, hits: (Vec::new(), 0), held: 0, over: 0 };
        loop {
            responding.tell(&shared);
            if let Err(error) = tell_arrivals(&shared, &reader, &mut newest) {
                shared.failed(error);
            }
            // Where nobody finds or counts any more, the engine is about to end.
            finds.send(Question::Changed).ok();
            counts.send(counting::Question::Changed).ok();
            let wait = clocks.tell(&shared).min(responding.wait());
            // A history that was left has its held requests closed, which is a change.
            if changes.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) || !shared.is_alive() {
                return;
            }
            thread::sleep(TELL_PAUSE);
        }
    })?;
    Ok(())
}

/// What is told of responding: what is held, who responded how often, and that the response bar is over.
struct Responding {
    receiver: Arc<Receiver>,
    hits: (Vec<u64>, u32),
    /// The state of the held requests that was told.
    held: u64,
    /// The number of the response bar that was told to be over.
    over: u64,
}

/// The most held requests that are told; the others come when these are gone.
const HELD_TOLD: usize = 100;

impl Responding {
    fn tell(&mut self, shared: &Shared) {
        let (bar, rules) = {
            let settings = self.receiver.settings.borrow();
            (settings.bar.clone(), settings.rules.clone())
        };
        let counted = {
            let mut counted = self.receiver.counted.lock().unwrap_or_else(PoisonError::into_inner);
            // In the order in which they stand now, also before a request came.
            counted.rules.follow(&rules);
            counted.clone()
        };
        if bar.is_over(counted.bar, now_millis()) && self.over != bar.number {
            self.over = bar.number;
            shared.say(Message::BarOver(bar.number));
        }
        let hits = (counted.rules.counts(), counted.bar.of(&bar));
        if hits != self.hits {
            self.hits = hits.clone();
            (shared.tell)(Event::Hits { rules: hits.0, bar: hits.1 });
        }
        if let Some((oldest, count, version)) = self.receiver.held.list(HELD_TOLD, self.held) {
            self.held = version;
            (shared.tell)(Event::Held { oldest, count });
        }
    }

    /// After which time to come again: when the response bar will be over.
    fn wait(&self) -> Duration {
        match self.receiver.settings.borrow().bar.until {
            Until::Time(end_millis) => Duration::from_millis(u64::try_from(end_millis - now_millis()).unwrap_or(0).max(1)),
            Until::SwitchedOff | Until::Requests(_) => Duration::MAX,
        }
    }
}

/// What is told of the clocks.
struct Clocks {
    skew: Arc<Mutex<Skew>>,
    told: Option<i64>,
    next: Instant,
}

impl Clocks {
    /// Tells how far they are apart when that changed; says after which time to come again where the last word is
    /// too fresh.
    fn tell(&mut self, shared: &Shared) -> Duration {
        let median = self.skew.lock().unwrap_or_else(PoisonError::into_inner).median_secs();
        if median == self.told {
            return Duration::MAX;
        }
        let wait = self.next.saturating_duration_since(Instant::now());
        if wait.is_zero() {
            (self.told, self.next) = (median, Instant::now() + SKEW_PAUSE);
            (shared.tell)(Event::Skew(median));
            return Duration::MAX;
        }
        wait
    }
}

fn tell_arrivals(shared: &Shared, reader: &Reader, newest: &mut i64) -> Result<(), store::Error> {
    let (ids, last) = reader.arrived(*newest)?;
    *newest = last;
    if !ids.is_empty() {
        (shared.tell)(Event::Arrived(ids));
    }
    let forgotten = reader.take_forgotten();
    if !forgotten.is_empty() {
        (shared.tell)(Event::Forgotten(forgotten));
    }
    (shared.tell)(Event::Counts { counts: reader.counts()?, size_bytes: reader.size_bytes() });
    (shared.tell)(Event::Completed);
    Ok(())
}

/// Loads the tokens of the saved apps.
pub fn load_tokens(shared: &Shared, apps: Vec<String>) {
    shared.job("secrets", move |shared| {
        let mut tokens = Vec::new();
        for app in apps {
            match shared.secrets().load(&app) {
                Ok(Some(token)) => tokens.push((app, token)),
                Ok(None) => {}
                Err(error) => shared.failed(error),
            }
        }
        shared.say(Message::TokensLoaded(tokens));
    });
}

/// Keeps an app's token, then tells the engine.
pub fn save_app(shared: &Shared, id: String, token: Option<Token>, replaces: Option<String>) {
    shared.job("secrets", move |shared| {
        let secrets = shared.secrets();
        let renamed = replaces.as_ref().filter(|old| **old != id);
        // An app that gets another id keeps its token.
        let token = match (token, renamed) {
            (Some(token), _) => Ok(Some(token)),
            (None, Some(old)) => secrets.load(old),
            (None, None) => Ok(None),
        };
        let saved = token.and_then(|token| {
            let place = token.as_ref().map(|token| secrets.save(&id, token)).transpose()?;
            renamed.map(|old| secrets.remove(old)).transpose()?;
            Ok((token, place))
        });
        match saved {
            Ok((token, place)) => shared.say(Message::AppSaved { id, token, replaces, place }),
            Err(error) => shared.failed(error),
        }
    });
}

/// Forgets an app's token, then tells the engine.
pub fn remove_app(shared: &Shared, id: String) {
    shared.job("secrets", move |shared| match shared.secrets().remove(&id) {
        Ok(()) => shared.say(Message::AppRemoved(id)),
        Err(error) => shared.failed(error),
    });
}

/// Sends a signed test callback to our own receiver.
pub fn send_test(shared: &Shared, runtime: &tokio::runtime::Handle, address: SocketAddr, app: Option<&str>) {
    let apps = shared.snapshot.borrow().apps.clone();
    let chosen =
        apps.iter().filter(|one| app.is_none_or(|id| one.id == id)).find_map(|one| Some((one.id.clone(), one.tokens.first()?.clone())));
    let (app, token) = chosen.unwrap_or_else(|| (EXAMPLE_APP.0.to_owned(), Token::new(EXAMPLE_APP.1)));
    let command = catalogue::get().named("Group.CallbackAfterNewMemberJoin").next().expect("bug: the catalogue lacks the vendor's example");
    let request = sender::compose(command, &app, &token, &address.to_string(), now_millis());
    let shared = shared.clone();
    runtime.spawn(async move {
        match sender::send(address, &request).await {
            Ok(response) => (shared.tell)(Event::TestSent { status: response.status }),
            Err(error) => shared.failed(error),
        }
    });
}
