//! Patience: waiting for something, but not for ever, with one timer for all requests of a connection.
//!
//! `tokio::time::timeout` has the runtime take up a timer and give it back for each wait, under a lock: 2 % of what a request
//! costs. One that is there already is only set to a later moment.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// A timer for one wait at a time.
#[derive(Default)]
pub(super) struct Patience(Mutex<Option<Pin<Box<Sleep>>>>);

impl Patience {
    /// Waits for something for so long; `None` where that was too short.
    pub(super) async fn wait<T>(&self, limit: Duration, something: impl Future<Output = T>) -> Option<T> {
        let until = Instant::now() + limit;
        match &mut *self.timer() {
            Some(timer) => timer.as_mut().reset(until),
            none => *none = Some(Box::pin(tokio::time::sleep_until(until))),
        }
        let mut something = pin!(something);
        poll_fn(|cx| match something.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => self.timer().as_mut().map_or(Poll::Pending, |timer| timer.as_mut().poll(cx).map(|()| None)),
        })
        .await
    }

    fn timer(&self) -> MutexGuard<'_, Option<Pin<Box<Sleep>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    #[tokio::test(start_paused = true)]
    async fn each_wait_has_all_of_its_time() {
        let patience = Patience::default();
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(patience.wait(Duration::from_secs(1), ready(7)).await, Some(7));
            assert_eq!(patience.wait(Duration::from_secs(1), pending::<()>()).await, None);
        }
        assert_eq!(start.elapsed().as_secs(), 3);
    }
}
