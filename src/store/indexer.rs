//! Indexer: writes the tables of words of segments that are full, on a thread of its own behind whatever arrives.
//!
//! The newest exchanges, which have no table yet, are looked through one by one: they are few, and a search misses none.

use super::chores::Chore;
use super::live::Live;
use super::words::{Sample, Table, first_of, segment_of};
use super::{Error, Reader, Writer};
use crate::filter;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often it looks whether a segment is full.
const PAUSE: Duration = Duration::from_millis(500);
/// How many exchanges of a segment tell how wide its table is to be.
const SAMPLE: usize = 64;
/// How many groups of rows are written in one transaction: 64 KiB, so that nobody waits for long.
const GROUPS_AT_ONCE: usize = 8;
/// From how many arrivals a second on it works a small part of the time only: it can catch up later, who calls can't. Below
/// it needs no larger part to keep up.
const STORM: f64 = 10_000.0;
/// How much longer it rests than it works in a storm.
const REST: u32 = 32;

/// The thread; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Indexer {
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Stop {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Waits for so long; `true` where it is to stop.
    fn wait(&self, pause: Duration) -> bool {
        let is_set = self.is_set.lock().unwrap_or_else(PoisonError::into_inner);
        *self.changed.wait_timeout_while(is_set, pause, |is_set| !*is_set).unwrap_or_else(PoisonError::into_inner).0
    }

    fn set(&self) {
        *self.is_set.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}

/// Starts the thread.
pub(super) fn start(reader: Reader, writer: Writer, live: Arc<Live>) -> Result<Indexer, Error> {
    let stop = Arc::new(Stop::default());
    let work = Work { reader, writer, live, stop: Arc::clone(&stop), pace: Pace::default() };
    let thread = std::thread::Builder::new().name("store words".to_owned()).spawn(move || work.run()).map_err(Error::Thread)?;
    Ok(Indexer { stop, thread: Some(thread) })
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.stop.set();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that indexes words has panicked, which is a bug");
        }
    }
}

struct Work {
    reader: Reader,
    writer: Writer,
    live: Arc<Live>,
    stop: Arc<Stop>,
    pace: Pace,
}

impl Work {
    fn run(mut self) {
        while !self.stop.wait(PAUSE) {
            if let Err(error) = self.catch_up() {
                tracing::debug!("words could not be indexed: {error}");
            }
        }
    }

    /// Indexes what is full and is not indexed.
    fn catch_up(&mut self) -> Result<(), Error> {
        // What is not in the file is newer than all that is.
        let full = segment_of(self.reader.newest_saved()? + 1);
        let mut segment = self.reader.last_words()?.map_or(i64::MIN, |last| last + 1).max(segment_of(self.reader.oldest()?));
        while segment < full {
            let began = Instant::now();
            if !self.index(segment)? || self.stop.wait(self.pace.rest(began.elapsed(), self.live.counts().received)) {
                return Ok(());
            }
            segment += 1;
        }
        Ok(())
    }

    /// Indexes a segment. Returns whether it is to go on.
    fn index(&self, segment: i64) -> Result<bool, Error> {
        let range = (first_of(segment), first_of(segment + 1) - 1);
        let mut sample = Sample::new();
        self.reader.contents(range, SAMPLE, |_, head, body| {
            filter::texts(head, body, |text| sample.add(text));
            sample.end_exchange();
        })?;
        let width = sample.width();
        let mut table = Table::new(width);
        self.reader.contents(range, usize::MAX, |id, head, body| filter::texts(head, body, |text| table.add(id, text)))?;
        let groups: Vec<(usize, Vec<u8>)> = table.groups().map(|(group, bits)| (group, bits.to_vec())).collect();
        drop(table);
        for groups in groups.chunks(GROUPS_AT_ONCE) {
            if !self.writer.words(Chore::Words(segment, groups.to_vec())) {
                return Ok(false);
            }
        }
        Ok(self.writer.words(Chore::WordsEnd(segment, width)))
    }
}

/// How much of the time to work, by how much arrives.
#[derive(Debug, Default)]
struct Pace {
    last: Option<(Instant, u64)>,
}

impl Pace {
    /// How long to rest after so much work, when so many have been received.
    fn rest(&mut self, worked: Duration, received: u64) -> Duration {
        let now = Instant::now();
        let (since, before) = self.last.replace((now, received)).unwrap_or((now, received));
        let secs = now.duration_since(since).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate needs no more")]
        let rate = if secs > 0.0 { received.saturating_sub(before) as f64 / secs } else { 0.0 };
        if rate > STORM { worked * REST } else { Duration::ZERO }
    }
}
