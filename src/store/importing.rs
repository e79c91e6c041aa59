//! Importing: exchanges come in by slices behind whatever arrives, and are all there at once in the end, or none.
//!
//! Until the end they stand in the file as deleted: each slice is written together with the note that says so. So nobody sees or
//! counts them, whatever ends the program leaves them to be forgotten as any deletion is, and the end is one small transaction
//! that takes the note away. An import of its own in another file would have to be moved over in one large transaction, for which
//! arrivals would wait.

use super::chores::Chore;
use super::columns::{self, Extent};
use super::hidden::Deletions;
use super::inserts::Inserts;
use super::live::Live;
use super::{Arrival, Counts, Error, Reader, Writer, tables};
use crate::annotation::Annotation;
use crate::exchange::Responded;
use crate::ids::Ids;
use crate::protocol::verdict::Replay;
use crate::wire::Request;
use rusqlite::{Connection, params};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

/// The most exchanges of a slice: no arrival waits for longer than it takes to write them.
const SLICE: usize = 256;
/// The most bytes of a slice, but for a single exchange that has more.
const SLICE_BYTES: usize = 1024 * 1024;
/// How many exchanges of the history are looked at in one statement.
const KNOWN_AT_ONCE: usize = 4096;
/// What of the index of what is known is kept in memory, in KiB.
const KNOWN_CACHE_KIB: i64 = 4096;

/// An import that is under way. Dropped before its end it leaves nothing.
#[derive(Debug)]
pub struct Import {
    writer: Writer,
    live: Arc<Live>,
    known: Known,
    slice: Vec<Row>,
    slice_bytes: usize,
    is_over: bool,
}

/// One exchange that is to be written.
#[derive(Debug)]
pub(super) struct Row {
    arrival: Arrival,
    annotation: Annotation,
}

/// A slice on its way to the writer.
#[derive(Debug, Clone)]
pub(super) struct Slice {
    rows: Arc<Vec<Row>>,
    /// The first number that they got, or why they were not written.
    told: Arc<Mutex<Option<Result<i64, String>>>>,
}

/// What an import needs to begin.
#[derive(Debug)]
pub struct Importer {
    writer: Writer,
    live: Arc<Live>,
    reader: Reader,
}

impl Importer {
    pub(super) fn new(writer: Writer, live: Arc<Live>, reader: Reader) -> Self {
        Self { writer, live, reader }
    }

    /// Begins to import. There is one import at a time.
    ///
    /// # Errors
    /// When the history can't be read.
    pub fn begin(self) -> Result<Import, Error> {
        let Self { writer, live, reader } = self;
        let known = Known::of(reader)?;
        live.deletions(Deletions::begin_import);
        Ok(Import { writer, live, known, slice: Vec::new(), slice_bytes: 0, is_over: false })
    }
}

impl Import {
    /// Takes an exchange, unless the same is there, or was taken before: it arrived at the same time from the same peer with the
    /// same bytes. Two that one connection brought within a millisecond are told apart by what came of them. Returns whether it
    /// was taken.
    ///
    /// # Errors
    /// When the history can't be read or written; then nothing of the import is there.
    pub fn take(&mut self, arrival: Arrival, annotation: Annotation) -> Result<bool, Error> {
        let is_known = self
            .slice
            .iter()
            .any(|row| is_same_request(&row.arrival.request, &arrival.request) && came_of(&row.arrival).is_same(came_of(&arrival)));
        if is_known || self.known.has(&arrival)? {
            return Ok(false);
        }
        let request = &arrival.request;
        self.slice_bytes += request.head.len() + request.body.len();
        self.slice.push(Row { arrival, annotation });
        if self.slice.len() == SLICE || self.slice_bytes >= SLICE_BYTES {
            self.write()?;
        }
        Ok(true)
    }

    /// All is taken: from now on all of it is there. Returns what that is.
    ///
    /// # Errors
    /// When it can't be written; then nothing of the import is there.
    pub fn end(mut self) -> Result<Arc<Ids>, Error> {
        self.write()?;
        let ids = self.live.deletions(|deletions| deletions.import_ids());
        if !ids.is_empty() {
            let told = Arc::default();
            self.ask(Chore::EndImport(Arc::clone(&told)), &told)?;
        }
        self.is_over = true;
        Ok(ids)
    }

    fn write(&mut self) -> Result<(), Error> {
        if self.slice.is_empty() {
            return Ok(());
        }
        let slice = Slice { rows: Arc::new(std::mem::take(&mut self.slice)), told: Arc::default() };
        self.slice_bytes = 0;
        let first = self.ask(Chore::Import(slice.clone()), &slice.told)?;
        self.known.add((first..).zip(slice.rows.iter().map(|row| &row.arrival.request)))
    }

    fn ask(&self, chore: Chore, told: &Told) -> Result<i64, Error> {
        // Where no answer comes the store was closed.
        self.writer.chore(chore).blocking_recv().ok();
        let told = told.lock().unwrap_or_else(PoisonError::into_inner).take();
        told.unwrap_or_else(|| Err("the history was closed".to_owned())).map_err(Error::Import)
    }
}

impl Drop for Import {
    fn drop(&mut self) {
        if !self.is_over {
            self.live.deletions(Deletions::give_up_import);
        }
    }
}

/// How a chore of an import went: a number, or why it did not work.
pub(super) type Told = Mutex<Option<Result<i64, String>>>;

/// Tells whoever waits for a chore of an import how it went.
pub(super) fn tell(told: &Told, how: Result<i64, String>) {
    *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(how);
}

impl Slice {
    pub(super) fn len(&self) -> i64 {
        columns::size(self.rows.len())
    }

    /// How many there are of each kind.
    pub(super) fn counts(&self) -> Counts {
        Counts::of_each(self.rows.iter().map(|row| row.arrival.index.overall))
    }

    pub(super) fn tell(&self, how: Result<i64, String>) {
        tell(&self.told, how);
    }

    /// Writes them from this number on, and that all of these are not there yet. Returns the number of that note.
    pub(super) fn write(&self, conn: &Connection, first: i64, (number, ids): (Option<i64>, &Ids)) -> rusqlite::Result<i64> {
        let mut inserts = Inserts::prepare(conn)?;
        for (id, Row { arrival, annotation }) in (first..).zip(self.rows.iter()) {
            inserts.insert(id, arrival)?;
            tables::say(conn, id, annotation)?;
        }
        columns::count_up(conn, self.counts(), first + self.len() - 1)?;
        match number {
            Some(number) => tables::extend_deletion(conn, number, ids).map(|()| number),
            None => tables::begin_deletion(conn, ids),
        }
    }
}

fn is_same_request(one: &Request, other: &Request) -> bool {
    (one.received_at_millis, &one.peer, &one.head, &one.body) == (other.received_at_millis, &other.peer, &other.head, &other.body)
}

/// What tells exchanges apart that arrived alike.
#[derive(Debug, Clone, Copy)]
struct CameOf {
    replay: Replay,
    took_micros: Option<i64>,
}

fn came_of(arrival: &Arrival) -> CameOf {
    CameOf { replay: arrival.replay, took_micros: took_micros(arrival.response.as_ref()) }
}

fn took_micros(responded: Option<&Responded>) -> Option<i64> {
    responded.and_then(|responded| responded.responded_after_micros)
}

impl CameOf {
    /// As far as it is known of both: one may have been exported before it was responded to.
    fn is_same(self, other: Self) -> bool {
        self.replay == other.replay && (self.took_micros.is_none() || other.took_micros.is_none() || self.took_micros == other.took_micros)
    }
}

/// Which exchanges there are, by their arrival: in a file of its own that vanishes, so that a million take no memory.
#[derive(Debug)]
struct Known {
    reader: Reader,
    index: Connection,
}

impl Known {
    fn of(reader: Reader) -> Result<Self, Error> {
        let index = Connection::open("")?;
        index.pragma_update(None, "journal_mode", "OFF")?;
        index.pragma_update(None, "synchronous", "OFF")?;
        index.pragma_update(None, "cache_size", -KNOWN_CACHE_KIB)?;
        index.execute_batch(
            "CREATE TABLE known (
                received_at_millis INTEGER, peer TEXT, mark INTEGER, id INTEGER, PRIMARY KEY (received_at_millis, peer, mark, id)
            ) STRICT, WITHOUT ROWID",
        )?;
        let known = Self { reader, index };
        let mut after = 0;
        loop {
            // In pieces, so that no reader holds the log for long.
            let some = columns::arrivals_after(known.reader.connection(), after, KNOWN_AT_ONCE)?;
            let Some((last, ..)) = some.last() else { return Ok(known) };
            after = *last;
            let hidden = known.reader.hidden();
            let seen = some.iter().filter(|(id, ..)| !hidden.contains(*id));
            known.put(seen.map(|(id, millis, peer)| (*id, *millis, peer.as_str(), UNMARKED)))?;
        }
    }

    fn add<'a>(&self, requests: impl Iterator<Item = (i64, &'a Request)>) -> Result<(), Error> {
        self.put(requests.map(|(id, request)| (id, request.received_at_millis, request.peer.as_str(), mark(&request.head, &request.body))))
    }

    fn put<'a>(&self, arrivals: impl Iterator<Item = (i64, i64, &'a str, i64)>) -> Result<(), Error> {
        self.index.execute_batch("BEGIN")?;
        let mut put = self.index.prepare_cached("INSERT INTO known (received_at_millis, peer, mark, id) VALUES (?1, ?2, ?3, ?4)")?;
        for (id, millis, peer, mark) in arrivals {
            put.execute(params![millis, peer, mark, id])?;
        }
        Ok(self.index.execute_batch("COMMIT")?)
    }

    /// Whether one like it is there. Of those that came from the same place at the same time the bytes are looked at, of each once.
    fn has(&self, arrival: &Arrival) -> Result<bool, Error> {
        let request = &arrival.request;
        let mark = mark(&request.head, &request.body);
        for id in self.find(request, UNMARKED)? {
            let found = self.reader.look(id, false, |content| self::mark(content.head, content.body))?;
            let mut note = self
                .index
                .prepare_cached("UPDATE known SET mark = ?4 WHERE received_at_millis = ?1 AND peer = ?2 AND mark = 0 AND id = ?3")?;
            note.execute(params![request.received_at_millis, request.peer, id, found.unwrap_or(GONE)])?;
        }
        for id in self.find(request, mark)? {
            let is_same = self.reader.look(id, false, |content| content.head == request.head && content.body == request.body)?;
            if is_same == Some(true) && self.came_of(id)?.is_some_and(|known| known.is_same(came_of(arrival))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Also of what is being imported, which no reader sees yet.
    fn came_of(&self, id: i64) -> Result<Option<CameOf>, Error> {
        let stored = columns::read(self.reader.connection(), id, Extent { body: 0, response_body: 0 })?;
        Ok(stored.map(|stored| CameOf { replay: stored.kept.replay, took_micros: took_micros(stored.exchange.response.as_ref()) }))
    }

    fn find(&self, request: &Request, mark: i64) -> Result<Vec<i64>, Error> {
        let mut find = self.index.prepare_cached("SELECT id FROM known WHERE received_at_millis = ?1 AND peer = ?2 AND mark = ?3")?;
        let ids = find.query_map(params![request.received_at_millis, request.peer, mark], |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}

/// In place of a mark of bytes that were not looked at, and of some that are there no more.
const UNMARKED: i64 = 0;
const GONE: i64 = 1;

/// A number that the same bytes have, and hardly any others.
fn mark(head: &[u8], body: &[u8]) -> i64 {
    let mut hasher = DefaultHasher::new();
    (head, body).hash(&mut hasher);
    hasher.finish().cast_signed() | 2
}
