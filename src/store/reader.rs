//! Reader: looks at the history, on a connection of its own.

use super::columns::{self, Extent};
use super::hidden::Hidden;
use super::live::{Changes, Held, Live};
use super::space::{self, Pages};
use super::{Arrival, Counts, Error, Rejudging, Stored, schema, tables};
use crate::annotation::Annotation;
use crate::exchange::{Exchange, Responded};
use crate::filter::{Content, Entry};
use crate::histories::Parts;
use crate::ids::Ids;
use crate::protocol::verdict::Overall;
use crate::protocol::{Kept, ReplayKey};
use crate::wire::Request;
use rusqlite::Connection;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much of a response's body a list needs, in bytes: enough for any documented response.
const RESPONSE_PREFIX: usize = 4096;
/// How many ids [`Reader::each`] fetches at once.
const PAGE: usize = 1024;

/// Looks at the history, and at what is not saved yet. It can be sent to any thread; each wants its own. What was deleted is
/// not there for it, though the file may have it still.
///
/// Each call sees the file as it is at its beginning and lets go of it at its end, so that nothing here keeps
/// the log from being moved into the file.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
    path: PathBuf,
    /// What the writer holds in memory; `None` where it is another program's.
    live: Option<Arc<Live>>,
    /// What was deleted when it was opened, where another program writes.
    deleted: Hidden,
    sees_deleted: bool,
    /// That it reads: the store waits for it at its end. Dropped after the connection.
    _reads: Option<Arc<()>>,
}

impl Reader {
    /// Of a store, with what it holds in memory and what says that it is read.
    pub(super) fn new(conn: Connection, path: &Path, store: Option<(Arc<Live>, Arc<()>)>) -> Self {
        let (live, reads) = store.unzip();
        Self { conn, path: path.to_owned(), live, deleted: Hidden::default(), sees_deleted: false, _reads: reads }
    }

    /// A reader of a history that another program may be writing.
    pub(super) fn of_another(conn: Connection, path: &Path) -> Result<Self, Error> {
        let deleted = tables::deletions(&conn)?.into_iter().map(|(_, ids)| Arc::new(ids)).collect();
        Ok(Self { deleted, ..Self::new(conn, path, None) })
    }

    /// The same, which also sees what was deleted and may be undone: for what must not be missed then.
    #[must_use]
    pub fn seeing_deleted(self) -> Self {
        Self { sees_deleted: true, ..self }
    }

    /// What it does not see.
    pub(super) fn hidden(&self) -> Hidden {
        match &self.live {
            _ if self.sees_deleted => Hidden::default(),
            Some(live) => live.hidden(),
            None => self.deleted.clone(),
        }
    }

    /// The ids beyond `after`, ascending, saved or not.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn ids(&self, after: i64) -> Result<Vec<i64>, Error> {
        self.page(None, after, usize::MAX)
    }

    /// The ids beyond `after` that are seen, ascending, saved or not; and the newest that is there, seen or not: what is not seen
    /// now is told of when it is.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn arrived(&self, after: i64) -> Result<(Vec<i64>, i64), Error> {
        // In this order: what comes meanwhile is beyond the newest, or among the ids.
        let (hidden, newest) = (self.hidden(), self.newest()?);
        let mut ids = self.page(None, after, usize::MAX)?;
        ids.retain(|id| !hidden.contains(*id));
        let newest = ids.last().copied().unwrap_or(newest).max(newest);
        Ok((ids, newest))
    }

    /// At most `limit` ids beyond `after`, ascending, saved or not; of the exchanges that name this app where one is named.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn some_of(&self, app: Option<&str>, after: i64, limit: usize) -> Result<Vec<i64>, Error> {
        self.page(app, after, limit)
    }

    /// One exchange, whole; `None` where there is none with this id.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn get(&self, id: i64) -> Result<Option<Stored>, Error> {
        self.read(id, Extent::WHOLE)
    }

    /// Exchanges for a list, in the order asked; those that are not there are left out.
    ///
    /// Of the request's body at most `body_prefix` bytes are read, of the response's at most 4 KiB.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn rows(&self, ids: &[i64], body_prefix: usize) -> Result<Vec<Stored>, Error> {
        let extent = Extent { body: body_prefix, response_body: RESPONSE_PREFIX };
        ids.iter().filter_map(|id| self.read(*id, extent).transpose()).collect()
    }

    /// Visits whole exchanges in the order of their ids: those named, or all there are when it begins.
    ///
    /// One is in memory at a time, and nothing is held while `visit` has its turn.
    ///
    /// # Errors
    /// When the file can't be read, or whatever `visit` fails with.
    pub fn each<E: From<Error>>(&self, ids: Option<&Ids>, mut visit: impl FnMut(Stored) -> Result<ControlFlow<()>, E>) -> Result<(), E> {
        let Some(ids) = ids else { return self.each_of_all(visit) };
        self.each_of(ids.iter(), &mut visit).map(drop)
    }

    /// How many exchanges there are. For free beside the writer; where another program writes, they are counted.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn counts(&self) -> Result<Counts, Error> {
        self.live.as_ref().map_or_else(|| self.count(), |live| Ok(live.counts()))
    }

    fn count(&self) -> Result<Counts, Error> {
        let mut counts = columns::count(&self.conn)?;
        for ids in self.deleted.sets() {
            let deleted = columns::count_of(&self.conn, ids)?;
            counts.subtract(deleted);
        }
        Ok(counts)
    }

    /// How many there are of a set of exchanges, saved or not.
    pub(super) fn count_of(&self, ids: &Ids) -> Result<Counts, Error> {
        let unsaved = self.live.as_ref().map(|live| live.count_of(ids)).unwrap_or_default();
        let mut counts = columns::count_of(&self.conn, ids)?;
        counts.received += unsaved.received;
        for overall in Overall::ALL {
            let mut unsaved = unsaved;
            *counts.of(overall) += *unsaved.of(overall);
        }
        Ok(counts)
    }

    /// The exchanges that are pinned.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn pinned(&self) -> Result<Ids, Error> {
        Ok(tables::pinned(&self.conn)?)
    }

    /// Whether something was deleted that the file still has.
    pub fn has_deleted(&self) -> bool {
        !self.hidden().is_empty()
    }

    /// Those among the last `among` exchanges for which nothing went out so far, ascending.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn waiting(&self, among: usize) -> Result<Vec<i64>, Error> {
        Ok(columns::waiting(&self.conn, among)?)
    }

    /// Arrival (in milliseconds since the Unix epoch) and key of the last signed exchanges in the file, at most
    /// `limit`, oldest first: what the detection of replays begins with.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn recent_keys(&self, limit: usize) -> Result<Vec<(i64, ReplayKey)>, Error> {
        let mut keys = columns::recent_keys(&self.conn, limit)?;
        keys.reverse();
        Ok(keys)
    }

    /// What the history takes of the disk, its log included, in bytes.
    pub fn size_bytes(&self) -> u64 {
        length(&self.path) + self.log_bytes()
    }

    fn log_bytes(&self) -> u64 {
        length(&schema::log_of(&self.path))
    }

    /// What the parts of the history take of the disk. Tells how many exchanges it has measured and of how many, and stops
    /// when told so. A million take about a second.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn parts(&self, tell: impl FnMut(u64, u64) -> ControlFlow<()>) -> Result<ControlFlow<(), Parts>, Error> {
        Ok(space::parts(&self.conn, self.log_bytes(), tell)?)
    }

    /// The pages of the file.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn pages(&self) -> Result<Pages, Error> {
        Ok(space::pages(&self.conn)?)
    }

    /// The segments of which words are indexed.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn indexed_segments(&self) -> Result<Vec<i64>, Error> {
        Ok(space::indexed_segments(&self.conn)?)
    }

    /// How many exchanges that are not pinned came before a moment, in milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn count_unpinned(&self, before_millis: i64) -> Result<u64, Error> {
        Ok(columns::count_unpinned(&self.conn, before_millis)?)
    }

    /// The oldest id in the file; 1 where there is none.
    pub(super) fn oldest(&self) -> Result<i64, Error> {
        Ok(columns::oldest_id(&self.conn)?.unwrap_or(1))
    }

    /// The newest id in the file; 0 where there is none.
    pub(super) fn newest_saved(&self) -> Result<i64, Error> {
        Ok(columns::newest_id(&self.conn)?.unwrap_or(0))
    }

    /// The highest segment that has a table of words; `None` where none has.
    pub(super) fn last_words(&self) -> Result<Option<i64>, Error> {
        Ok(tables::last_words(&self.conn)?)
    }

    /// How many segments of 4,096 ids have their words indexed.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn indexed_words(&self) -> Result<i64, Error> {
        Ok(tables::count_words(&self.conn)?)
    }

    /// Visits head and body of exchanges of a range of ids that are in the file, ascending, at most so many.
    pub(super) fn contents(&self, range: (i64, i64), limit: usize, visit: impl FnMut(i64, &[u8], &[u8])) -> Result<(), Error> {
        Ok(columns::contents(&self.conn, range, limit, visit)?)
    }

    /// The oldest exchanges in the file that came before a moment (milliseconds since the Unix epoch) and are not pinned, at most
    /// so many.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn oldest_unpinned(&self, before_millis: i64, limit: usize) -> Result<Vec<i64>, Error> {
        Ok(columns::oldest_unpinned(&self.conn, before_millis, limit)?)
    }

    /// What of the file is in use, in bytes: what was forgotten leaves room that is used again.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn used_bytes(&self) -> Result<u64, Error> {
        let Pages { bytes_each, all, free, .. } = space::pages(&self.conn)?;
        Ok((all - free) * bytes_each)
    }

    /// Those that were forgotten since the last call, but for those that were deleted before.
    pub fn take_forgotten(&self) -> Vec<i64> {
        self.live.as_ref().map(|live| live.take_forgotten()).unwrap_or_default()
    }

    /// What is to be judged again.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn rejudgings(&self) -> Result<Vec<Rejudging>, Error> {
        Ok(tables::rejudgings(&self.conn)?)
    }

    /// Something that was remembered under this name.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn fact(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(tables::fact(&self.conn, name)?)
    }

    /// From now on notes which exchanges change, for [`Reader::take_changes`].
    pub(super) fn track_changes(&self) {
        if let Some(live) = &self.live {
            live.track_changes();
        }
    }

    /// What has changed since the last call.
    pub(super) fn take_changes(&self) -> Changes {
        self.live.as_ref().map(|live| live.take_changes()).unwrap_or_default()
    }

    /// Visits the entries of a range of ids, saved or not, in no order; also of what was deleted, since that may be undone.
    pub(super) fn entries(&self, (first, last): (i64, i64), mut visit: impl FnMut(&Entry<'_>)) -> Result<(), Error> {
        // The memory first, then the file; see `store`. What is in both is visited twice, the file's last.
        let unsaved = self.live.as_ref().map(|live| live.arrivals(first, last)).unwrap_or_default();
        for (id, arrival) in &unsaved {
            visit(&arrival.entry(*id));
        }
        Ok(columns::entries(&self.conn, (first, last), visit)?)
    }

    /// The newest exchange of a range of ids that is like this, saved or not; `None` where none is.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn newest_like(&self, range: (i64, i64), is_like: impl Fn(&Entry<'_>) -> bool) -> Result<Option<i64>, Error> {
        let (mut newest, hidden) = (None, self.hidden());
        self.entries(range, |entry| {
            if newest.is_none_or(|newest| newest < entry.id) && is_like(entry) && !hidden.contains(entry.id) {
                newest = Some(entry.id);
            }
        })?;
        Ok(newest)
    }

    /// Looks at the bytes of an exchange; `None` where there is none with this id.
    pub(super) fn look<T>(&self, id: i64, has_note: bool, look: impl FnOnce(&Content<'_>) -> T) -> Result<Option<T>, Error> {
        if let Some(Held::Arrival(arrival)) = self.live.as_ref().and_then(|live| live.held(id)) {
            let Request { head, body, .. } = &arrival.request;
            return Ok(Some(look(&Content { head, body, note: None })));
        }
        Ok(columns::look(&self.conn, id, has_note, look)?)
    }

    /// Where an exchange came from; `None` where there is none with this id.
    pub(super) fn peer(&self, id: i64) -> Result<Option<String>, Error> {
        match self.live.as_ref().and_then(|live| live.held(id)) {
            Some(Held::Arrival(arrival)) => Ok(Some(arrival.request.peer.clone())),
            Some(Held::Completion(_) | Held::Sent(_)) | None => Ok(columns::peer(&self.conn, id)?),
        }
    }

    /// For what is read whether it is seen or not.
    pub(super) fn connection(&self) -> &Connection {
        &self.conn
    }

    /// How many rows the table of words of a segment has; `None` where there is none yet.
    pub(super) fn words_width(&self, segment: i64) -> Result<Option<usize>, Error> {
        Ok(tables::words_width(&self.conn, segment)?)
    }

    /// A group of rows of a segment's table of words.
    pub(super) fn words_group(&self, segment: i64, group: usize) -> Result<Vec<u8>, Error> {
        Ok(tables::words_group(&self.conn, segment, group)?)
    }

    fn each_of_all<E: From<Error>>(&self, mut visit: impl FnMut(Stored) -> Result<ControlFlow<()>, E>) -> Result<(), E> {
        let newest = self.newest()?;
        let mut after = 0;
        loop {
            let mut ids = self.page(None, after, PAGE)?;
            ids.retain(|id| *id <= newest);
            let Some(last) = ids.last() else { return Ok(()) };
            after = *last;
            if self.each_of(ids.into_iter(), &mut visit)?.is_break() {
                return Ok(());
            }
        }
    }

    fn each_of<E: From<Error>>(
        &self,
        ids: impl Iterator<Item = i64>,
        visit: &mut impl FnMut(Stored) -> Result<ControlFlow<()>, E>,
    ) -> Result<ControlFlow<()>, E> {
        for id in ids {
            if let Some(stored) = self.get(id)?
                && visit(stored)?.is_break()
            {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Those that are seen. Of a page of which none is, the next one is taken.
    fn page(&self, app: Option<&str>, mut after: i64, limit: usize) -> Result<Vec<i64>, Error> {
        let hidden = self.hidden();
        loop {
            let mut ids = self.page_of_all(app, after, limit)?;
            let Some(last) = ids.last().filter(|_| !hidden.is_empty()) else { return Ok(ids) };
            after = *last;
            ids.retain(|id| !hidden.contains(*id));
            if !ids.is_empty() {
                return Ok(ids);
            }
        }
    }

    /// Those in the file, then those that are not: in this order their ids ascend.
    fn page_of_all(&self, app: Option<&str>, after: i64, limit: usize) -> Result<Vec<i64>, Error> {
        let unsaved = self.live.as_ref().map(|live| live.ids(app, after)).unwrap_or_default();
        let mut ids = columns::ids(&self.conn, app, after, limit)?;
        let last = ids.last().copied().unwrap_or(after);
        let room = limit - ids.len();
        ids.extend(unsaved.into_iter().filter(|id| *id > last).take(room));
        Ok(ids)
    }

    /// The newest id, saved or not; 0 where there is none.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn newest(&self) -> Result<i64, Error> {
        let unsaved = self.live.as_ref().and_then(|live| live.ids(None, 0).last().copied());
        Ok(unsaved.max(columns::newest_id(&self.conn)?).unwrap_or(0))
    }

    fn find(&self, id: i64, extent: Extent) -> Result<Option<Stored>, Error> {
        if self.hidden().contains(id) {
            return Ok(None);
        }
        // The memory first, then the file; see `store`.
        match self.live.as_ref().and_then(|live| live.held(id)) {
            Some(Held::Arrival(arrival)) => Ok(Some(unsaved(id, &arrival, extent))),
            Some(Held::Completion(completion)) => {
                let response = Some(beginning(&completion.responded, extent));
                let complete = |stored: Stored| Stored { exchange: Exchange { response, ..stored.exchange }, saved: false, ..stored };
                Ok(columns::read(&self.conn, id, extent)?.map(complete))
            }
            Some(Held::Sent(micros)) => {
                let sent = |mut stored: Stored| {
                    if let Some(responded) = &mut stored.exchange.response {
                        responded.sent(micros);
                    }
                    Stored { saved: false, ..stored }
                };
                Ok(columns::read(&self.conn, id, extent)?.map(sent))
            }
            None => Ok(columns::read(&self.conn, id, extent)?),
        }
    }

    /// Lets go of what a large body left in the cache, also where only its beginning was asked for.
    fn read(&self, id: i64, extent: Extent) -> Result<Option<Stored>, Error> {
        let stored = self.find(id, extent)?;
        if stored.as_ref().is_some_and(|stored| stored.body_bytes >= schema::LARGE_BODY) {
            schema::let_go(&self.conn);
        }
        Ok(stored)
    }
}

/// How long a file is; 0 where there is none.
fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// An exchange that is in memory only, as it would come from the file.
fn unsaved(id: i64, arrival: &Arrival, extent: Extent) -> Stored {
    let Arrival { request, response, replay, replay_key: _, index, read: _ } = arrival;
    let Request { received_at_millis, peer, head, body, body_end, refused, transport } = request;
    let request = Request {
        received_at_millis: *received_at_millis,
        peer: peer.clone(),
        head: head.clone(),
        body: body[..body.len().min(extent.body)].to_vec(),
        body_end: *body_end,
        refused: refused.clone(),
        transport: *transport,
    };
    Stored {
        exchange: Exchange { id, request, response: response.as_ref().map(|responded| beginning(responded, extent)) },
        kept: Kept { replay: *replay, judged: index.judged.clone(), apps_known: Some(index.apps_known) },
        overall: index.overall,
        body_bytes: body.len(),
        annotation: Annotation::default(),
        saved: false,
    }
}

fn beginning(responded: &Responded, extent: Extent) -> Responded {
    let mut responded = responded.clone();
    if let Some(response) = &mut responded.response {
        response.body.truncate(extent.response_body);
    }
    responded
}
