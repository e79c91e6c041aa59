//! Queue: what is to be written, in two lanes.
//!
//! Arrivals and completions are urgent and go first. Chores are calm: judging a million rows again must not make one
//! request wait for more than a small transaction.
//!
//! `std::sync::mpsc` would do for one lane. It cannot wait for two, and it cannot hand over a whole batch at
//! once; that is why this is a lock and two condition variables.

use super::chores::Chore;
use super::{Arrival, Committed, Completion};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// The most jobs in one transaction. From 64 on, more gain little, and whoever comes meanwhile waits for this many at most:
/// about 3 ms.
pub(super) const BATCH: usize = 256;
/// How many of those who let others come first are enough. With many more, who calls and who writes wait for each other in turn:
/// measured with 64 callers, a twentieth less a second.
const GATHERED: usize = 12;
/// The most urgent jobs that wait. A connection has at most two on the way, since it waits for its arrival to
/// be answered, so 1,000 connections never fill this. Who does not wait for answers, an import, is held back.
const URGENT_LIMIT: usize = 4096;
/// How long a word that a response went out waits for something to be written with, in all but storms.
const UNHURRIED: Duration = Duration::from_millis(20);
/// The most chores that wait: enough that the writer is never idle, little enough to be nothing.
const CALM_LIMIT: usize = 16;

/// Something that must not wait.
#[derive(Debug)]
pub(super) enum Job {
    /// Record this, and tell.
    Record(Arc<Arrival>, oneshot::Sender<Committed>),
    /// This is what became of an exchange.
    Complete(i64, Arc<Completion>),
    /// What was decided for an exchange went out, its first byte so many microseconds after the request's last one.
    Sent(i64, Option<i64>),
}

impl Job {
    /// Whether it must not wait for others.
    fn hurries(&self) -> bool {
        !matches!(self, Self::Sent(..))
    }
}

/// Something that may wait, and who waits for it to be done.
#[derive(Debug)]
pub(super) struct Calm {
    pub(super) chore: Chore,
    pub(super) done: oneshot::Sender<()>,
}

/// What the writer is given.
#[derive(Debug)]
pub(super) enum Work {
    /// At least one, at most [`BATCH`], in their order.
    Urgent(Vec<Job>),
    /// A chore.
    Calm(Calm),
    /// Nothing came in the time given.
    Nothing,
    /// Nothing will come any more.
    Closed,
}

#[derive(Debug, Default)]
pub(super) struct Queue {
    lanes: Mutex<Lanes>,
    /// Something came, or the queue was closed.
    work: Condvar,
    /// Something was taken, or the queue was closed.
    room: Condvar,
}

#[derive(Debug, Default)]
struct Lanes {
    urgent: VecDeque<Job>,
    /// How many of them hurry.
    hurried: usize,
    /// Whether the writer is to take them now: nobody is about to add more.
    is_due: bool,
    calm: VecDeque<Calm>,
    closed: bool,
}

impl Queue {
    /// Adds an urgent job, which is due at once; waits where too many wait already. Once closed, drops it.
    pub(super) fn push(&self, job: Job) {
        let hurries = job.hurries();
        let lanes = self.add(job);
        if hurries {
            self.call(lanes);
        } else if lanes.urgent.len() == 1 || lanes.urgent.len() == BATCH {
            // Whoever does not hurry is taken along, or waits for a moment.
            drop(lanes);
            self.work.notify_one();
        }
    }

    /// Adds a job that hurries, in the same way, for one who calls the writer later. Returns whether it is the first, who has
    /// to: see [`Queue::call_writer`].
    pub(super) fn gather(&self, job: Job) -> bool {
        let lanes = self.add(job);
        let is_first = lanes.hurried == 1;
        if lanes.hurried >= GATHERED {
            self.call(lanes);
        }
        is_first
    }

    /// Has the writer take what hurries.
    pub(super) fn call_writer(&self) {
        self.call(self.lock());
    }

    fn call(&self, mut lanes: MutexGuard<'_, Lanes>) {
        // Where it is due already, the writer is awake.
        let is_new = lanes.hurried > 0 && !lanes.is_due;
        lanes.is_due |= is_new;
        drop(lanes);
        if is_new {
            self.work.notify_one();
        }
    }

    fn add(&self, job: Job) -> MutexGuard<'_, Lanes> {
        let mut lanes = self.wait_for_room(|lanes| lanes.urgent.len() < URGENT_LIMIT);
        if !lanes.closed {
            lanes.hurried += usize::from(job.hurries());
            lanes.urgent.push_back(job);
        }
        lanes
    }

    /// Adds a chore; waits where too many wait already. Once closed, drops it.
    pub(super) fn push_calm(&self, calm: Calm) {
        let mut lanes = self.wait_for_room(|lanes| lanes.calm.len() < CALM_LIMIT);
        if !lanes.closed {
            lanes.calm.push_back(calm);
            self.work.notify_one();
        }
    }

    /// Puts a chore that could not be done back to the front.
    pub(super) fn put_back(&self, calm: Calm) {
        self.lock().calm.push_front(calm);
    }

    /// Takes what is to be done next, as soon as something is due; never waits for more to come. What comes
    /// during a commit is the next batch. Measured with 64 callers: 86,000 exchanges a second and a median of
    /// 0.4 ms; where up to 5 ms were waited for more, 10,000 and 6 ms.
    ///
    /// With `calm` also chores, where nothing is urgent. With `patience` it gives up after that time.
    pub(super) fn take(&self, calm: bool, patience: Option<Duration>) -> Work {
        let is_idle = |lanes: &mut Lanes| lanes.is_idle(calm) && (lanes.urgent.is_empty() || lanes.hurried > 0);
        let lanes = self.lock();
        let lanes = match patience {
            Some(patience) => self.work.wait_timeout_while(lanes, patience, is_idle).unwrap_or_else(PoisonError::into_inner).0,
            None => self.work.wait_while(lanes, is_idle).unwrap_or_else(PoisonError::into_inner),
        };
        // What does not hurry waits for a moment: mostly something comes that does, and takes it along.
        let is_idle = |lanes: &mut Lanes| lanes.is_idle(calm) && !lanes.urgent.is_empty() && lanes.urgent.len() < BATCH;
        let mut lanes = self.work.wait_timeout_while(lanes, UNHURRIED, is_idle).unwrap_or_else(PoisonError::into_inner).0;
        let was_full = lanes.urgent.len() >= URGENT_LIMIT || lanes.calm.len() >= CALM_LIMIT;
        let work = lanes.next(calm);
        drop(lanes);
        if was_full {
            self.room.notify_all();
        }
        work
    }

    /// Takes nothing more in. What waits can still be taken.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
        self.room.notify_all();
    }

    /// Closes, and forgets what waits: whoever waits for an answer learns that none will come.
    pub(super) fn abandon(&self) {
        let mut lanes = self.lock();
        let Lanes { urgent, hurried, is_due, calm, closed } = &mut *lanes;
        *closed = true;
        (*hurried, *is_due) = (0, false);
        urgent.clear();
        calm.clear();
        drop(lanes);
        self.room.notify_all();
    }

    fn wait_for_room(&self, has_room: impl Fn(&Lanes) -> bool) -> MutexGuard<'_, Lanes> {
        self.room.wait_while(self.lock(), |lanes| !lanes.closed && !has_room(lanes)).unwrap_or_else(PoisonError::into_inner)
    }

    /// The lanes are whole at any moment, also where a thread panicked while it held them.
    fn lock(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lanes {
    /// Whether nothing is due, and no chore may be done.
    fn is_idle(&self, calm: bool) -> bool {
        !self.is_due && (self.calm.is_empty() || !calm) && !self.closed
    }

    fn next(&mut self, calm: bool) -> Work {
        let Self { urgent, hurried, is_due, calm: chores, closed } = self;
        if !urgent.is_empty() {
            let jobs: Vec<Job> = urgent.drain(..urgent.len().min(BATCH)).collect();
            *hurried -= jobs.iter().filter(|job| job.hurries()).count();
            // Who is left over was called for, or comes after one who was.
            *is_due = *hurried > 0;
            Work::Urgent(jobs)
        } else if let Some(chore) = if calm { chores.pop_front() } else { None } {
            Work::Calm(chore)
        } else if *closed {
            Work::Closed
        } else {
            Work::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Progress;

    fn job(id: i64) -> Job {
        Job::Sent(id, None)
    }

    fn chore(id: i64) -> Calm {
        Calm { chore: Chore::Judge(Vec::new(), Some(Progress { app: String::new(), after: id })), done: oneshot::channel().0 }
    }

    /// The ids of what is taken next, without waiting: positive where urgent, negative where calm.
    fn taken(queue: &Queue, calm: bool) -> Vec<i64> {
        match queue.take(calm, Some(Duration::ZERO)) {
            Work::Urgent(jobs) => {
                let id = |job: &Job| if let Job::Sent(id, _) = job { *id } else { 0 };
                jobs.iter().map(id).collect()
            }
            Work::Calm(Calm { chore: Chore::Judge(_, Some(progress)), .. }) => vec![-progress.after],
            Work::Calm(_) | Work::Nothing | Work::Closed => vec![],
        }
    }

    #[test]
    fn what_is_urgent_goes_first_and_chores_only_where_welcome() {
        let queue = Queue::default();
        queue.push_calm(chore(1));
        queue.push_calm(chore(2));
        queue.push(job(3));
        queue.push(job(4));
        assert_eq!(taken(&queue, true), [3, 4]);
        assert!(taken(&queue, false).is_empty());
        assert_eq!(taken(&queue, true), [-1]);
        queue.put_back(chore(1));
        assert_eq!([taken(&queue, true), taken(&queue, true)], [[-1], [-2]]);
    }

    #[test]
    fn what_is_gathered_is_taken_once_the_writer_is_called() {
        let queue = Queue::default();
        let record = || Job::Record(Arc::new(crate::store::tests::arrival(b"")), oneshot::channel().0);
        assert_eq!([queue.gather(record()), queue.gather(record())], [true, false]);
        assert!(queue.lock().is_idle(true), "the writer is not called so far");
        queue.call_writer();
        assert_eq!(taken(&queue, true).len(), 2);
        // The next one is the first again; one that nobody waits with takes it along, and so does a full batch.
        assert!(queue.gather(record()));
        queue.push(record());
        assert_eq!(taken(&queue, true).len(), 2);
        for _ in 0..=BATCH {
            queue.gather(record());
        }
        assert_eq!([taken(&queue, true).len(), taken(&queue, true).len()], [BATCH, 1]);
        queue.call_writer();
        assert!(taken(&queue, true).is_empty());
    }

    #[test]
    fn a_batch_has_an_end() {
        let queue = Queue::default();
        (1..=300).for_each(|id| queue.push(job(id)));
        assert!(taken(&queue, true).into_iter().eq(1..=256));
        assert!(taken(&queue, true).into_iter().eq(257..=300));
    }

    #[test]
    fn who_adds_too_much_waits_and_loses_nothing() {
        let queue = Queue::default();
        let total = 15_000;
        assert!(total > 3 * URGENT_LIMIT.max(CALM_LIMIT));
        let total = i64::try_from(total).expect("bug: is small");
        std::thread::scope(|scope| {
            scope.spawn(|| (1..=total).for_each(|id| queue.push(job(id))));
            scope.spawn(|| (1..=total).for_each(|id| queue.push_calm(chore(id))));
            let (mut urgent, mut calm) = (0, 0);
            while urgent < total || calm < total {
                for id in taken(&queue, true) {
                    let last = if id > 0 { &mut urgent } else { &mut calm };
                    assert_eq!(id.abs(), *last + 1);
                    *last = id.abs();
                }
            }
        });
    }

    #[test]
    fn closing_lets_what_waits_be_taken_and_frees_who_waits() {
        let queue = Queue::default();
        std::thread::scope(|scope| {
            let adding = scope.spawn(|| (1..10_000).for_each(|id| queue.push(job(id))));
            while queue.lock().urgent.len() < URGENT_LIMIT {
                std::thread::yield_now();
            }
            queue.close();
            adding.join().expect("bug: adds");
        });
        assert_eq!(queue.lock().urgent.len(), URGENT_LIMIT);
        assert_eq!(taken(&queue, true).len(), BATCH);
        queue.abandon();
        assert!(matches!(queue.take(true, None), Work::Closed));
    }
}
