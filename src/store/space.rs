//! Space: what the file takes of the disk, by its parts, and how free room is given back.
//!
//! New files can give room back in small steps (`auto_vacuum`); those of earlier versions must be written anew once for
//! that, which nobody can write beside.

use super::tables;
use super::words::GROUP;
use crate::histories::Parts;
use rusqlite::{Connection, InterruptHandle, OptionalExtension};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many exchanges are measured between two words about progress.
const MEASURED_AT_ONCE: i64 = 8_192;

/// The value of `auto_vacuum` of a file that can give room back in steps.
pub(super) const INCREMENTAL: i64 = 2;

const CONTENTS: &str = "
    SELECT COUNT(*), SUM(OCTET_LENGTH(head) + OCTET_LENGTH(body)), SUM(OCTET_LENGTH(response_body))
    FROM content WHERE id >= ?1 AND id < ?2";
const RESPONSE_HEADERS: &str = "SELECT SUM(OCTET_LENGTH(response_headers)) FROM exchange WHERE id >= ?1 AND id < ?2";
/// What stands in the pages of a table or an index.
const PAYLOAD: &str = "SELECT payload FROM dbstat WHERE name = ?1 AND aggregate = TRUE";
/// All of them but the largest, which is measured by its rows.
const ALL_BUT_CONTENT: &str = "SELECT name FROM sqlite_schema WHERE rootpage > 0 AND name <> 'content' UNION SELECT 'sqlite_schema'";

/// The pages of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// How long each is.
    pub bytes_each: u64,
    /// How many there are.
    pub all: u64,
    /// How many of them are free.
    pub free: u64,
    /// Whether they can be given back in small steps.
    pub gives_back: bool,
}

/// Counts the pages.
pub(super) fn pages(conn: &Connection) -> rusqlite::Result<Pages> {
    let number = |sql| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
    Ok(Pages {
        bytes_each: number("PRAGMA page_size")?.unsigned_abs(),
        all: number("PRAGMA page_count")?.unsigned_abs(),
        free: number("PRAGMA freelist_count")?.unsigned_abs(),
        gives_back: number("PRAGMA auto_vacuum")? == INCREMENTAL,
    })
}

/// Measures the parts of the file; `log` is what its log takes. Tells how many exchanges it has measured, of how many
/// there may be, and stops when told so.
pub(super) fn parts(
    conn: &Connection,
    log: u64,
    mut tell: impl FnMut(u64, u64) -> ControlFlow<()>,
) -> rusqlite::Result<ControlFlow<(), Parts>> {
    let (first, last): (Option<i64>, Option<i64>) =
        conn.query_row("SELECT MIN(id), MAX(id) FROM content", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (first, last) = (first.unwrap_or(1), last.unwrap_or(0));
    let mut parts = Parts::default();
    let mut headers = 0;
    let mut from = first;
    while from <= last {
        let range = [from, from + MEASURED_AT_ONCE];
        let sums: (i64, Option<i64>, Option<i64>) =
            conn.prepare_cached(CONTENTS)?.query_row(range, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let sent: Option<i64> = conn.prepare_cached(RESPONSE_HEADERS)?.query_row(range, |row| row.get(0))?;
        parts.exchanges += sums.0.unsigned_abs();
        parts.requests += sums.1.unwrap_or(0).unsigned_abs();
        parts.responses += (sums.2.unwrap_or(0) + sent.unwrap_or(0)).unsigned_abs();
        headers += sent.unwrap_or(0).unsigned_abs();
        from += MEASURED_AT_ONCE;
        if tell((from.min(last + 1) - first).unsigned_abs(), (last + 1 - first).unsigned_abs()).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    let names: Vec<String> = conn.prepare_cached(ALL_BUT_CONTENT)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for name in names {
        let payload: i64 = conn.prepare_cached(PAYLOAD)?.query_row([&name], |row| row.get(0)).optional()?.unwrap_or(0);
        let part = if name == "slice" || name == "segment" { &mut parts.words } else { &mut parts.columns };
        *part += payload.unsigned_abs();
    }
    parts.columns = parts.columns.saturating_sub(headers);
    let Pages { bytes_each, all, free, gives_back } = pages(conn)?;
    parts.free = free * bytes_each;
    let named = parts.requests + parts.responses + parts.columns + parts.words + parts.free;
    parts.between = (all * bytes_each).saturating_sub(named);
    Ok(ControlFlow::Continue(Parts { log, gives_back, ..parts }))
}

/// Gives so many free pages back to the disk, in a transaction that is open. A statement that returns a row for each: it
/// must be read to its end.
pub(super) fn give_back(conn: &Connection, pages: u32) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

/// The segments of which words are in the file and that are not being indexed now.
pub(super) fn indexed_segments(conn: &Connection) -> rusqlite::Result<Vec<i64>> {
    let last = tables::last_words(conn)?.unwrap_or(i64::MIN);
    let mut next = conn.prepare_cached("SELECT MIN(id) FROM slice WHERE id >= ?1")?;
    let (mut segments, mut from) = (Vec::new(), 0);
    while let Some(segment) = next.query_row([from], |row| row.get::<_, Option<i64>>(0))?.map(tables::segment_of_slice) {
        if segment > last {
            break;
        }
        segments.push(segment);
        from = tables::slice_id(segment + 1, 0);
    }
    Ok(segments)
}

/// Gives up the words of a segment that belong to nothing: all where it has no exchange or no whole table, and rows that an
/// earlier attempt left beyond the table.
pub(super) fn tidy_words(conn: &Connection, segment: i64) -> rusqlite::Result<()> {
    let rows = tables::words_width(conn, segment)?.unwrap_or(0);
    tables::forget_words_from(conn, segment, rows / GROUP)?;
    tables::forget_words_of_nothing(conn, segment)
}

/// A file that is written anew, and how that is stopped.
#[derive(Default, Clone)]
pub struct Rewriting(Arc<Inside>);

#[derive(Default)]
struct Inside {
    is_stopped: AtomicBool,
    /// While it is written.
    handle: Mutex<Option<InterruptHandle>>,
    failure: Mutex<Option<String>>,
}

impl std::fmt::Debug for Rewriting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rewriting(stopped: {})", self.is_stopped())
    }
}

impl Rewriting {
    /// Stops it; the file stays as it is.
    pub fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::Relaxed);
        // With the lock held, so that nothing else of the connection is interrupted.
        if let Some(handle) = &*self.handle() {
            handle.interrupt();
        }
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped.load(Ordering::Relaxed)
    }

    /// Why it did not work.
    pub fn failure(&self) -> Option<String> {
        self.0.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes the file anew, without free room and so that it can give room back from then on.
    pub(super) fn carry_out(&self, conn: &Connection) {
        if self.is_stopped() {
            return;
        }
        *self.handle() = Some(conn.get_interrupt_handle());
        let written = if self.is_stopped() { Ok(()) } else { rewrite(conn) };
        *self.handle() = None;
        if let (Err(error), false) = (written, self.is_stopped()) {
            *self.0.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
        }
    }

    fn handle(&self) -> MutexGuard<'_, Option<InterruptHandle>> {
        self.0.handle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rewrite(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
    conn.execute_batch("VACUUM")
}
