//! Tables: what stands in the file beside the exchanges: what is to be judged again, facts, and the index of words.

use super::chores::{Progress, Rejudging};
use super::columns::size;
use super::words::{first_of, is_width};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// What was begun before and is not over stays to be done.
const WANT_REJUDGED: &str = "
    INSERT INTO rejudging (app, after, upto) VALUES (?1, ?2, ?3)
    ON CONFLICT (app) DO UPDATE SET after = MIN(after, excluded.after), upto = MAX(upto, excluded.upto)";

/// Notes that exchanges are to be judged again.
pub(super) fn want_rejudged(conn: &Connection, Rejudging { app, after, upto }: &Rejudging) -> rusqlite::Result<()> {
    conn.prepare_cached(WANT_REJUDGED)?.execute(params![app, after, upto]).map(drop)
}

/// Notes how far judging again is.
pub(super) fn note_progress(conn: &Connection, Progress { app, after }: &Progress) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE rejudging SET after = ?2 WHERE app = ?1")?.execute(params![app, after])?;
    conn.prepare_cached("DELETE FROM rejudging WHERE app = ?1 AND after >= upto")?.execute([app]).map(drop)
}

/// What is to be judged again.
pub(super) fn rejudgings(conn: &Connection) -> rusqlite::Result<Vec<Rejudging>> {
    let read = |row: &Row<'_>| Ok(Rejudging { app: row.get(0)?, after: row.get(1)?, upto: row.get(2)? });
    conn.prepare_cached("SELECT app, after, upto FROM rejudging")?.query_map([], read)?.collect()
}

/// What is remembered under a name.
pub(super) fn fact(conn: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached("SELECT value FROM fact WHERE name = ?1")?.query_row([name], |row| row.get(0)).optional()
}

/// Remembers something under a name.
pub(super) fn remember(conn: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO fact (name, value) VALUES (?1, ?2)")?.execute([name, value])?;
    Ok(())
}

/// How many rows the table of words of a segment has; `None` where there is none yet.
pub(super) fn words_width(conn: &Connection, segment: i64) -> rusqlite::Result<Option<usize>> {
    let width: Option<i64> =
        conn.prepare_cached("SELECT width FROM segment WHERE segment = ?1")?.query_row([segment], |row| row.get(0)).optional()?;
    // Another number than ours would be a damaged file; without a table all is looked through.
    Ok(width.and_then(|width| usize::try_from(width).ok()).filter(|width| is_width(*width)))
}

/// A group of rows of a segment's table of words.
pub(super) fn words_group(conn: &Connection, segment: i64, group: usize) -> rusqlite::Result<Vec<u8>> {
    let id = slice_id(segment, group);
    Ok(conn.prepare_cached("SELECT bits FROM slice WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// Writes groups of rows of a segment's table of words.
pub(super) fn write_words(conn: &Connection, segment: i64, groups: &[(usize, Vec<u8>)]) -> rusqlite::Result<()> {
    let mut write = conn.prepare_cached("INSERT OR REPLACE INTO slice (id, bits) VALUES (?1, ?2)")?;
    groups.iter().try_for_each(|(group, bits)| write.execute(params![slice_id(segment, *group), bits]).map(drop))
}

/// Notes that a segment's table of words is whole.
pub(super) fn end_words(conn: &Connection, segment: i64, width: usize) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO segment (segment, width) VALUES (?1, ?2)")?.execute(params![segment, size(width)])?;
    Ok(())
}

/// The highest segment that has a table of words; `None` where none has.
pub(super) fn last_words(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    conn.query_row("SELECT MAX(segment) FROM segment", [], |row| row.get(0))
}

/// How many segments have a table of words.
pub(super) fn count_words(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("SELECT COUNT(*) FROM segment", [], |row| row.get(0))
}

/// Forgets the words of a segment that has no exchange any more.
pub(super) fn forget_words_of_nothing(conn: &Connection, segment: i64) -> rusqlite::Result<()> {
    let (first, next) = (first_of(segment), first_of(segment + 1));
    let is_any: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM exchange WHERE id >= ?1 AND id < ?2)")?
        .query_row([first, next], |row| row.get(0))?;
    if !is_any {
        conn.prepare_cached("DELETE FROM slice WHERE id >= ?1 AND id < ?2")?.execute([slice_id(segment, 0), slice_id(segment + 1, 0)])?;
        conn.prepare_cached("DELETE FROM segment WHERE segment = ?1")?.execute([segment])?;
    }
    Ok(())
}

fn slice_id(segment: i64, group: usize) -> i64 {
    segment * 65_536 + size(group)
}
