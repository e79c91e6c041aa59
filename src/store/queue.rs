//! Queue: what is to be written, in two lanes.
//!
//! Arrivals and completions are urgent and go first. Judgements are calm: rejudging a million rows must not
//! make one request wait for more than a small transaction.
//!
//! `std::sync::mpsc` would do for one lane. It cannot wait for two, and it cannot hand over a whole batch at
//! once; that is why this is a lock and two condition variables.

use super::{Arrival, Committed};
use crate::exchange::Responded;
use crate::protocol::Judged;
use crate::protocol::verdict::Overall;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// The most jobs in one transaction. From 64 on, more gain little (research, section 10), and whoever comes
/// meanwhile waits for this many at most: about 3 ms.
pub(super) const BATCH: usize = 256;
/// The most urgent jobs that wait. A connection has at most two on the way, since it waits for its arrival to
/// be answered, so 1,000 connections never fill this. Who does not wait for answers, an import, is held back.
const URGENT_LIMIT: usize = 4096;
/// The most judgements that wait: enough that the writer is never idle, little enough to be nothing.
const CALM_LIMIT: usize = 16 * BATCH;

/// Something that must not wait.
#[derive(Debug)]
pub(super) enum Job {
    /// Record this, and tell.
    Record(Arc<Arrival>, oneshot::Sender<Committed>),
    /// This is what became of an exchange.
    Complete(i64, Arc<Responded>),
}

/// A new judgement of one exchange.
#[derive(Debug, Clone)]
pub(super) struct Judgement {
    pub(super) id: i64,
    pub(super) overall: Overall,
    pub(super) judged: Option<Judged>,
}

/// What the writer is given.
#[derive(Debug)]
pub(super) enum Work {
    /// At least one, at most [`BATCH`], in their order.
    Urgent(Vec<Job>),
    /// At least one, at most [`BATCH`], in their order.
    Calm(Vec<Judgement>),
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
    calm: VecDeque<Judgement>,
    closed: bool,
}

impl Queue {
    /// Adds an urgent job; waits where too many wait already. Once closed, drops it.
    pub(super) fn push(&self, job: Job) {
        let mut lanes = self.wait_for_room(|lanes| lanes.urgent.len() < URGENT_LIMIT);
        if !lanes.closed {
            lanes.urgent.push_back(job);
            // Where there was a job already, the writer is awake.
            if lanes.urgent.len() == 1 {
                self.work.notify_one();
            }
        }
    }

    /// Adds judgements; waits where too many wait already. Once closed, drops them.
    pub(super) fn push_calm(&self, judgements: Vec<Judgement>) {
        for judgement in judgements {
            let mut lanes = self.wait_for_room(|lanes| lanes.calm.len() < CALM_LIMIT);
            if lanes.closed {
                return;
            }
            lanes.calm.push_back(judgement);
            self.work.notify_one();
        }
    }

    /// Puts judgements that could not be written back to the front.
    pub(super) fn put_back(&self, judgements: Vec<Judgement>) {
        let mut lanes = self.lock();
        judgements.into_iter().rev().for_each(|judgement| lanes.calm.push_front(judgement));
    }

    /// Takes what is to be done next, as soon as there is something; never waits for more to come. What comes
    /// during a commit is the next batch. Measured with 64 callers: 86,000 exchanges a second and a median of
    /// 0.4 ms; where up to 5 ms were waited for more, 10,000 and 6 ms.
    ///
    /// With `calm` also judgements, where nothing is urgent. With `patience` it gives up after that time.
    pub(super) fn take(&self, calm: bool, patience: Option<Duration>) -> Work {
        let is_idle = |lanes: &mut Lanes| lanes.urgent.is_empty() && (lanes.calm.is_empty() || !calm) && !lanes.closed;
        let lanes = self.lock();
        let mut lanes = match patience {
            Some(patience) => self.work.wait_timeout_while(lanes, patience, is_idle).unwrap_or_else(PoisonError::into_inner).0,
            None => self.work.wait_while(lanes, is_idle).unwrap_or_else(PoisonError::into_inner),
        };
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
        let Lanes { urgent, calm, closed } = &mut *lanes;
        *closed = true;
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
    fn next(&mut self, calm: bool) -> Work {
        let Self { urgent, calm: judgements, closed } = self;
        if !urgent.is_empty() {
            Work::Urgent(urgent.drain(..urgent.len().min(BATCH)).collect())
        } else if calm && !judgements.is_empty() {
            Work::Calm(judgements.drain(..judgements.len().min(BATCH)).collect())
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
    use crate::exchange::Responded;

    fn job(id: i64) -> Job {
        let responded = Responded { response: None, rule: String::new(), fault: None, responded_after_micros: None, outcome: None };
        Job::Complete(id, Arc::new(responded))
    }

    fn judgement(id: i64) -> Judgement {
        Judgement { id, overall: Overall::Ok, judged: None }
    }

    /// The ids of what is taken next, without waiting: positive where urgent, negative where calm.
    fn taken(queue: &Queue, calm: bool) -> Vec<i64> {
        match queue.take(calm, Some(Duration::ZERO)) {
            Work::Urgent(jobs) => {
                let id = |job: &Job| if let Job::Complete(id, _) = job { *id } else { 0 };
                jobs.iter().map(id).collect()
            }
            Work::Calm(judgements) => judgements.iter().map(|judgement| -judgement.id).collect(),
            Work::Nothing | Work::Closed => vec![],
        }
    }

    #[test]
    fn what_is_urgent_goes_first_and_judgements_only_where_welcome() {
        let queue = Queue::default();
        queue.push_calm(vec![judgement(1), judgement(2)]);
        queue.push(job(3));
        queue.push(job(4));
        assert_eq!(taken(&queue, true), [3, 4]);
        assert!(taken(&queue, false).is_empty());
        assert_eq!(taken(&queue, true), [-1, -2]);
        queue.push_calm(vec![judgement(3)]);
        queue.put_back(vec![judgement(1), judgement(2)]);
        assert_eq!(taken(&queue, true), [-1, -2, -3]);
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
            scope.spawn(|| queue.push_calm((1..=total).map(judgement).collect()));
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
