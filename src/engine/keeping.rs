//! Keeping: what the history forgets by itself, oldest first, once the user has set a limit. Pinned exchanges stay.

use super::jobs::Shared;
use super::{Error, now_millis, spawn};
use crate::settings::Retention;
use crate::store::{self, Reader, Writer};
use std::sync::mpsc::{Receiver as Queue, RecvTimeoutError};
use std::time::Duration;

/// How many exchanges are forgotten in one transaction.
const AT_ONCE: usize = 256;

/// How often it looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Forgets what is beyond the limits, behind whatever arrives. A new limit is told.
pub fn start(shared: &Shared, reader: Reader, writer: Writer, limits: Queue<Retention>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("keeper", move || {
        let mut limit = Retention::default();
        loop {
            let told =
                if limit.is_off() { limits.recv().map_err(|_gone| RecvTimeoutError::Disconnected) } else { limits.recv_timeout(PAUSE) };
            match told {
                Ok(told) => limit = told,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if let Err(error) = forget(&shared, &reader, &writer, &limit) {
                shared.failed(error);
            }
        }
    })?;
    Ok(())
}

fn forget(shared: &Shared, reader: &Reader, writer: &Writer, limit: &Retention) -> Result<(), store::Error> {
    // What may still come back is not forgotten in another way, and what is being forgotten makes room.
    while shared.is_alive() && !reader.has_deleted() {
        let ids = beyond(reader, limit)?;
        if ids.is_empty() || writer.forget(ids).blocking_recv().is_err() {
            break;
        }
    }
    Ok(())
}

/// How many exchanges are beyond the limits and not pinned, and whether that is only about so many.
pub fn count_beyond(reader: &Reader, limit: &Retention) -> Result<(u64, bool), store::Error> {
    if limit.is_off() {
        return Ok((0, false));
    }
    let Retention { exchanges, hours, megabytes } = *limit;
    let received = reader.counts()?.received;
    let unpinned = reader.count_unpinned(i64::MAX)?;
    let too_many = exchanges.map_or(0, |most| received.saturating_sub(most));
    let too_old = hours.map_or(Ok(0), |hours| reader.count_unpinned(oldest_millis(hours)))?;
    let too_large = match megabytes {
        // By their mean size: which of them are large is not looked at.
        Some(most) => {
            let used = reader.used_bytes()?;
            let excess = u128::from(used.saturating_sub(most.saturating_mul(1_000_000)));
            u64::try_from(excess * u128::from(received) / u128::from(used.max(1))).unwrap_or(u64::MAX)
        }
        None => 0,
    };
    Ok((too_many.max(too_old).max(too_large).min(unpinned), too_large > too_many.max(too_old)))
}

/// The moment before which everything is too old, in milliseconds since the Unix epoch.
fn oldest_millis(hours: u32) -> i64 {
    now_millis().saturating_sub(i64::from(hours).saturating_mul(3_600_000))
}

/// The oldest exchanges that are beyond a limit and not pinned, some of them at once.
fn beyond(reader: &Reader, limit: &Retention) -> Result<Vec<i64>, store::Error> {
    let Retention { exchanges, hours, megabytes } = limit;
    let received = reader.counts()?.received;
    let too_many = exchanges.map_or(0, |most| received.saturating_sub(most));
    let is_too_large = match megabytes {
        Some(most) => reader.used_bytes()? > most.saturating_mul(1_000_000),
        None => false,
    };
    let many = if is_too_large { AT_ONCE } else { usize::try_from(too_many).unwrap_or(usize::MAX).min(AT_ONCE) };
    let mut ids = reader.oldest_unpinned(i64::MAX, many)?;
    if let Some(hours) = hours {
        let old = reader.oldest_unpinned(oldest_millis(*hours), AT_ONCE)?;
        if old.len() > ids.len() {
            ids = old;
        }
    }
    Ok(ids)
}
