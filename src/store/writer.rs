//! Writer: the one thread that writes, and the hands that give it work.

use super::chores::{self, Chore, Judgement, Progress, Rejudging};
use super::hidden::Deletions;
use super::importing::{self, Slice, Told};
use super::inserts::Inserts;
use super::live::{Batch, Live};
use super::log::{Log, Mover};
use super::queue::{BATCH, Calm, Job, Queue, Work};
use super::schema::{self, Checkpoint, LARGE_BODY};
use super::space::Rewriting;
use super::{Arrival, Committed, Completion, Counts, Error, columns, tables};
use crate::annotation::Change;
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// How often writing is tried again where it failed, and how long nothing must come until the log is moved
/// into the file, which may sync the disk for longer than a request should wait.
const PAUSE: Duration = Duration::from_secs(1);
/// How many batches of what could not be written before go ahead of a new one: enough to catch up under any load.
const CATCH_UP: usize = 4;
/// From how many arrivals in a batch on what need not be in the file with them is put off: each table that a commit touches
/// costs a page of its log.
const MANY: usize = 4;
/// How many words that a response went out are written at once then.
const SENT_AT_ONCE: usize = 512;
/// After how many arrivals they are counted in the file.
const COUNTED_EVERY: u64 = 4096;

/// A hand to write with. Clones share one queue.
///
/// None of its methods waits for the disk. They wait for room in the queue where thousands of jobs are in it,
/// which only one who does not wait for answers can bring about. After the store was closed they do nothing.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: Arc<Queue>,
}

impl Writer {
    pub(super) fn new(queue: Arc<Queue>) -> Self {
        Self { queue }
    }

    /// Records an exchange. Its id is given in the order of these calls.
    ///
    /// The answer comes after the commit that holds it, or when that failed; then the exchange is in memory and
    /// its id stands all the same. The receiver's error means that the store was closed, and nothing recorded.
    pub fn record(&self, arrival: impl Into<Arc<Arrival>>) -> oneshot::Receiver<Committed> {
        let (answer, answered) = oneshot::channel();
        self.queue.push(Job::Record(arrival.into(), answer));
        answered
    }

    /// The same, for one of many at the same time: a commit holds more of them where the writer is called late. Whoever is the
    /// first gets a [`Call`], for the others too.
    pub fn record_among_others(&self, arrival: impl Into<Arc<Arrival>>) -> (oneshot::Receiver<Committed>, Option<Call>) {
        let (answer, answered) = oneshot::channel();
        let is_first = self.queue.gather(Job::Record(arrival.into(), answer));
        (answered, is_first.then(|| Call(Arc::clone(&self.queue))))
    }

    /// Records what was responded to an exchange, in place of what was known of that. Nobody waits for it.
    pub fn complete(&self, id: i64, completion: Completion) {
        self.queue.push(Job::Complete(id, Arc::new(completion)));
    }

    /// Records that the response to an exchange went out as it was recorded, its first byte so many microseconds after the
    /// request's last one. Nobody waits for it.
    pub fn sent(&self, id: i64, micros: Option<i64>) {
        self.queue.push(Job::Sent(id, micros));
    }

    /// Replaces the judgements of exchanges, in small transactions behind whatever arrives.
    ///
    /// Without a token's judgement the one that is kept stands: it was made with a token. While writing fails, these
    /// wait. To be called from a thread that may wait: it does while some chores are in the queue. The answer comes once they
    /// are written; its error means that the store was closed.
    pub fn rejudge(&self, judgements: Vec<Judgement>, progress: Option<Progress>) -> oneshot::Receiver<()> {
        self.chore(Chore::Judge(judgements, progress))
    }

    /// Has exchanges judged again, also where the program ends before that is over. What was to be judged before stays so.
    /// The answer comes once that is written.
    pub fn have_judged_again(&self, rejudging: Rejudging) -> oneshot::Receiver<()> {
        self.chore(Chore::Rejudge(rejudging))
    }

    /// Forgets exchanges that are in the file. The answer comes once that is done.
    pub fn forget(&self, ids: Vec<i64>) -> oneshot::Receiver<()> {
        self.chore(Chore::Forget(ids))
    }

    /// Changes what the user says of exchanges that are in the file. The answer comes once that is written.
    pub fn annotate(&self, ids: Vec<i64>, change: Change) -> oneshot::Receiver<()> {
        self.chore(Chore::Annotate(ids, change))
    }

    /// Remembers something under a name; see [`super::Reader::fact`]. Nobody waits for it.
    pub fn remember(&self, name: &'static str, value: String) {
        drop(self.chore(Chore::Remember(name, value)));
    }

    /// Gives up what the index of words has of nothing in a segment. The answer comes once that is done.
    pub fn tidy_words(&self, segment: i64) -> oneshot::Receiver<()> {
        self.chore(Chore::TidyWords(segment))
    }

    /// Gives so many free pages back to the disk, where the file can do that in steps. The answer comes once that is done.
    pub fn give_back(&self, pages: u32) -> oneshot::Receiver<()> {
        self.chore(Chore::GiveBack(pages))
    }

    /// Writes the whole file anew, without free room. Nothing else is written meanwhile: whoever records waits. The answer
    /// comes once it is over; `rewriting` tells how it went.
    pub fn rewrite(&self, rewriting: &Rewriting) -> oneshot::Receiver<()> {
        self.chore(Chore::Rewrite(rewriting.clone()))
    }

    /// Writes groups of rows of a segment's table of words, or that it is whole.
    pub(super) fn words(&self, chore: Chore) -> bool {
        self.chore(chore).blocking_recv().is_ok()
    }

    pub(super) fn chore(&self, chore: Chore) -> oneshot::Receiver<()> {
        let (done, is_done) = oneshot::channel();
        self.queue.push_calm(Calm { chore, done });
        is_done
    }
}

/// Calls the writer when it is dropped.
#[derive(Debug)]
pub struct Call(Arc<Queue>);

impl Call {
    /// Calls once all tasks that are ready to run on this thread have come by, and may have added theirs: so each commit holds more
    /// than one or two, and fewer of them have to wake the writer.
    pub async fn after_others(self) {
        tokio::task::yield_now().await;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.call_writer();
    }
}

/// Starts the thread. It ends after the queue was closed and everything in it was written.
pub(super) fn start(
    mut conn: Connection,
    queue: Arc<Queue>,
    live: Arc<Live>,
    (log, mover): (Arc<Log>, Mover),
    on_change: impl Fn() + Send + 'static,
) -> Result<JoinHandle<()>, Error> {
    let (next_id, uncounted) = (columns::highest_id(&conn)? + 1, columns::uncounted(&conn)?);
    let told = Arc::clone(&log);
    schema::tell_log_length(&mut conn, move |bytes| told.grew_to(bytes))?;
    let thread = Thread {
        conn,
        queue,
        live,
        on_change,
        next_id,
        log,
        mover: Some(mover),
        log_has_grown: false,
        longest: 0,
        uncounted,
        disk_was_full: false,
        calm: true,
    };
    std::thread::Builder::new().name("store".to_owned()).spawn(move || thread.run()).map_err(Error::Thread)
}

struct Thread<F> {
    conn: Connection,
    queue: Arc<Queue>,
    live: Arc<Live>,
    on_change: F,
    /// Greater than any id that was ever given.
    next_id: i64,
    log: Arc<Log>,
    /// Moves the log beside this thread.
    mover: Option<Mover>,
    /// Whether the log holds something that is not in the file.
    log_has_grown: bool,
    /// The longest body that went through the cache since it was let go of, in bytes.
    longest: usize,
    /// What is in the file and not counted there so far.
    uncounted: Counts,
    /// Whether an attempt to write found no room, until nothing is unsaved.
    disk_was_full: bool,
    /// Whether chores are taken: not after one failed, until something succeeded or a pause went by.
    calm: bool,
}

/// Those who wait for an answer, by the id that they are going to get.
type Waiting = Vec<(i64, oneshot::Sender<Committed>)>;

impl<F: Fn()> Thread<F> {
    fn run(mut self) {
        // Whatever ends this thread, also a panic: nobody is to wait for it any longer.
        let queue = Arc::clone(&self.queue);
        let _abandon = OnDrop(|| queue.abandon());
        loop {
            match self.queue.take(self.live.all_saved() && self.calm, self.patience()) {
                Work::Urgent(jobs) => self.take(jobs),
                Work::Calm(calm) => self.carry_out(calm),
                Work::Nothing => self.pause(),
                Work::Closed => break,
            }
        }
        while !self.live.all_saved() && self.retry() {}
        self.settle();
        self.note_deletions();
        self.mover = None;
        if let Err(error) = schema::checkpoint(&self.conn, Checkpoint::Truncate) {
            tracing::warn!("the history's log stays beside it until the next start ({error})");
        }
    }

    /// How long to wait for work; `None` where there is nothing to do without any.
    fn patience(&self) -> Option<Duration> {
        match (self.live.all_saved(), self.live.trouble()) {
            (true, None) if !self.log_has_grown => None,
            // The disk has recovered, and there is more to write.
            (false, None) => Some(Duration::ZERO),
            _ => Some(PAUSE),
        }
    }

    /// Gives ids, commits, and answers.
    fn take(&mut self, jobs: Vec<Job>) {
        let (mut batch, waiting) = self.number(jobs);
        self.live.count(&batch.arrivals);
        if self.live.put_off(&mut batch.sent) >= SENT_AT_ONCE || batch.arrivals.len() <= MANY {
            batch.sent = self.live.all_put_off();
        }
        let takes_put_off = !batch.sent.is_empty();
        let saved = self.catch_up() && self.write(&batch);
        // Before the answers: so mostly those who wait are the last to let go of an arrival, on the thread that made it, where
        // giving back its memory costs least.
        if saved {
            drop(batch);
        } else {
            self.live.keep(batch);
        }
        if takes_put_off {
            self.live.forget_put_off();
        }
        for (id, answer) in waiting {
            // Whoever asked may have gone; the exchange is recorded all the same.
            answer.send(Committed { id, saved }).ok();
        }
        (self.on_change)();
        self.tend_log();
    }

    /// Gives each arrival its id and each completion to its arrival, where that is among them.
    fn number(&mut self, jobs: Vec<Job>) -> (Batch, Waiting) {
        let first_id = self.next_id;
        let mut arrivals: Vec<(i64, Arc<Arrival>)> = Vec::with_capacity(jobs.len());
        let (mut completions, mut sent) = (BTreeMap::new(), Vec::new());
        let mut waiting = Waiting::with_capacity(jobs.len());
        for job in jobs {
            match job {
                Job::Record(arrival, answer) => {
                    arrivals.push((self.next_id, arrival));
                    waiting.push((self.next_id, answer));
                    self.next_id += 1;
                }
                Job::Complete(id, completion) => match at(&mut arrivals, first_id, id) {
                    Some(arrival) => Arc::make_mut(arrival).complete(Arc::unwrap_or_clone(completion)),
                    None => drop(completions.insert(id, completion)),
                },
                Job::Sent(id, micros) => match at(&mut arrivals, first_id, id) {
                    Some(arrival) => Arc::make_mut(arrival).sent(micros),
                    None => sent.push((id, micros)),
                },
            }
        }
        (Batch { arrivals, completions: completions.into_iter().collect(), sent }, waiting)
    }

    /// Tries to write what could not be written before, and returns whether nothing of it is left. A large rest
    /// takes several turns, so that those who arrive meanwhile do not wait for all of it.
    fn catch_up(&mut self) -> bool {
        for _ in 0..CATCH_UP {
            if self.live.all_saved() || !self.retry() {
                break;
            }
        }
        self.live.all_saved()
    }

    /// Writes the oldest of what could not be written before, and returns whether that succeeded.
    fn retry(&mut self) -> bool {
        let batch = self.live.oldest(BATCH);
        let succeeded = self.write(&batch);
        if succeeded {
            self.live.forget(&batch);
        }
        succeeded
    }

    /// Commits a batch, and notes how that went.
    fn write(&mut self, batch: &Batch) -> bool {
        let mut uncounted = self.uncounted;
        uncounted.add(batch.numbers());
        let last = batch.arrivals.last().filter(|_| uncounted.received >= COUNTED_EVERY);
        let written = self.transact(|conn| {
            Inserts::prepare(conn)?.write(batch)?;
            last.map_or(Ok(()), |(id, _)| columns::count_up(conn, uncounted, *id))
        });
        if written.is_some() {
            self.uncounted = if last.is_some() { Counts::default() } else { uncounted };
            let completed = batch.completions.iter().map(|(id, _)| *id);
            let lengths = batch.arrivals.iter().map(|(_, arrival)| arrival.request.body.len());
            self.longest = lengths.fold(self.longest, usize::max);
            self.live.note_changes(completed.chain(batch.sent.iter().map(|(id, _)| *id)));
        }
        written.is_some()
    }

    /// With the end nothing can be undone any more: the next start forgets what was deleted.
    fn note_deletions(&mut self) {
        for ids in self.live.deletions(|deletions| deletions.unwritten()) {
            if self.transact(|conn| tables::begin_deletion(conn, &ids)).is_none() {
                tracing::warn!("{} exchanges that were deleted could not be, and will be there again", ids.len());
            }
        }
    }

    /// Writes what was put off, and returns whether nothing of it is left.
    fn settle(&mut self) -> bool {
        let (uncounted, sent, upto) = (self.uncounted, self.live.all_put_off(), self.next_id - 1);
        if uncounted.received == 0 && sent.is_empty() {
            return true;
        }
        let written = self.transact(|conn| {
            Inserts::prepare(conn)?.write_sent(&sent)?;
            columns::count_up(conn, uncounted, upto)
        });
        if written.is_some() {
            self.uncounted = Counts::default();
            self.live.forget_put_off();
            self.live.note_changes(sent.iter().map(|(id, _)| *id));
        }
        (self.on_change)();
        written.is_some()
    }

    fn carry_out(&mut self, calm: Calm) {
        if !self.settle() {
            return self.queue.put_back(calm);
        }
        if let Chore::Rewrite(rewriting) = &calm.chore {
            rewriting.carry_out(&self.conn);
            // All of it is in the log now.
            self.move_log(Checkpoint::Truncate);
            self.log_has_grown = true;
            calm.done.send(()).ok();
            return (self.on_change)();
        }
        if let Chore::Import(slice) = &calm.chore {
            self.import(slice);
        } else if let Chore::EndImport(told) = &calm.chore {
            self.end_import(told);
        } else {
            return self.transact_chore(calm);
        }
        calm.done.send(()).ok();
        (self.on_change)();
        self.tend_log();
    }

    /// Writes a slice of an import. It is hidden before it is there.
    fn import(&mut self, slice: &Slice) {
        let (first, last) = (self.next_id, self.next_id + slice.len() - 1);
        let (number, ids) = self.live.deletions(|deletions| deletions.hide_import(first, last));
        if let Some(number) = self.transact(|conn| slice.write(conn, first, (number, &ids))) {
            self.next_id = last + 1;
            self.live.imported(number, slice.counts());
            slice.tell(Ok(first));
        } else {
            self.live.deletions(|deletions| deletions.unhide_import(first, last));
            slice.tell(Err(self.live.trouble().unwrap_or_default()));
        }
    }

    /// Shows what was imported.
    fn end_import(&mut self, told: &Told) {
        let Some(number) = self.live.deletions(|deletions| deletions.import_number()) else { return };
        let shown = self.transact(|conn| tables::end_deletion(conn, number));
        if shown.is_some() {
            self.live.deletions(Deletions::end_import);
        }
        importing::tell(told, shown.map(|()| number).ok_or_else(|| self.live.trouble().unwrap_or_default()));
    }

    fn transact_chore(&mut self, calm: Calm) {
        match self.transact(|conn| chores::carry_out(conn, &calm.chore)) {
            Some(changed) => {
                self.live.recount(&changed.judged);
                self.live.forgot(&changed.forgotten);
                self.live.deletions(|deletions| {
                    changed.deletion.iter().for_each(|(ids, number)| deletions.written(ids, *number));
                    changed.deletion_ended.iter().for_each(|number| deletions.ended(*number));
                });
                self.live.note_changes(calm.chore.exchanges().into_iter());
                // Whoever asked may have gone.
                calm.done.send(()).ok();
            }
            None => self.queue.put_back(calm),
        }
        (self.on_change)();
        self.tend_log();
    }

    /// Nothing came for a moment: time for what would make others wait.
    fn pause(&mut self) {
        self.calm = true;
        if std::mem::take(&mut self.longest) >= LARGE_BODY {
            schema::let_go(&self.conn);
        }
        if !self.live.all_saved() {
            if self.retry() {
                (self.on_change)();
            }
        } else if self.log_has_grown && self.settle() {
            self.move_log(Checkpoint::Truncate);
            self.log_has_grown = false;
        }
    }

    /// Has the log moved after a commit, or begins it anew.
    fn tend_log(&self) {
        if self.log.committed() {
            self.move_log(Checkpoint::Passive);
        }
    }

    /// Moves the log into the file. Should it fail, the next time does it.
    fn move_log(&self, how: Checkpoint) {
        if let Err(error) = schema::checkpoint(&self.conn, how) {
            tracing::debug!("the log could not be moved into the file: {error}");
        }
        self.log.begun_anew();
    }

    /// Runs one transaction, and notes how that went.
    fn transact<T>(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        if self.disk_was_full {
            // The log takes many times what is in it: whole pages for each small commit. Given up, it may be the
            // room that is missing. Should that fail, so will the transaction.
            self.move_log(Checkpoint::Truncate);
        }
        let result = transact(&mut self.conn, work);
        self.calm = result.is_ok();
        match &result {
            Ok(_) => {
                self.log_has_grown = true;
                self.disk_was_full &= !self.live.all_saved();
                self.live.succeeded();
            }
            Err(error) => {
                self.disk_was_full |= error.sqlite_error_code() == Some(ErrorCode::DiskFull);
                self.live.failed(&error.to_string());
            }
        }
        result.ok()
    }
}

/// The arrival with this id in a batch that begins with that one.
fn at(arrivals: &mut [(i64, Arc<Arrival>)], first_id: i64, id: i64) -> Option<&mut Arc<Arrival>> {
    let place = usize::try_from(id.checked_sub(first_id)?).ok()?;
    arrivals.get_mut(place).map(|(_, arrival)| arrival)
}

/// Runs one transaction. It takes the lock to write at once, which is where waiting for it is possible.
fn transact<T>(conn: &mut Connection, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::verdict::{Overall, Replay};
    use crate::store::Index;
    use crate::wire::{BodyEnd, Request, Transport};

    fn arrival() -> Arrival {
        let request = Request {
            received_at_millis: 0,
            peer: String::new(),
            head: Vec::new(),
            body: vec![b'x'; 10_000],
            body_end: BodyEnd::Complete,
            refused: None,
            transport: Transport::Tcp,
        };
        let index = Index { overall: Overall::Ok, ..Index::default() };
        Arrival { request, response: None, replay: Replay::First, replay_key: None, index, read: None }
    }

    #[test]
    fn a_full_disk_is_told_and_what_it_refused_is_written_once_there_is_room() {
        let folder = tempfile::tempdir().expect("bug: a folder");
        let path = folder.path().join("history.db");
        let conn = schema::open_to_write(&path).expect("bug: opens");
        conn.pragma_update(None, "max_page_count", 40).expect("bug: sets");
        let (queue, live) = (Arc::new(Queue::default()), Arc::new(Live::new(Counts::default())));
        let log = Arc::new(Log::new());
        let mover = super::super::log::start(schema::open_to_move(&path).expect("bug: opens"), &log).expect("bug: starts");
        let thread = start(conn, Arc::clone(&queue), Arc::clone(&live), (log, mover), || {}).expect("bug: starts");
        let writer = Writer::new(queue);
        let record = || writer.record(arrival()).blocking_recv().expect("bug: answers");
        let refused = std::iter::repeat_with(record).find(|committed| !committed.saved).expect("bug: has an end");
        assert_eq!(live.trouble().as_deref(), Some("database or disk is full"));
        assert!(live.held(refused.id).is_some());

        let other = Connection::open(&path).expect("bug: opens");
        other.execute_batch("DELETE FROM content WHERE id <= 5").expect("bug: deletes");
        assert!(record().saved);
        assert_eq!((live.trouble(), live.counts().unsaved), (None, 0));
        assert_eq!(columns::ids(&other, None, 0, usize::MAX).expect("bug: reads"), (1..=refused.id + 1).collect::<Vec<_>>());
        writer.queue.close();
        thread.join().expect("bug: ends");
    }
}
