//! Tables: what stands in the file beside the exchanges: what the user says of them, what was deleted, what is to be judged again,
//! facts, and the index of words.

use super::chores::{Progress, Rejudging};
use super::columns::size;
use super::hidden;
use super::words::{first_of, is_width};
use crate::annotation::{Annotation, Change, Mark};
use crate::ids::Ids;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// How many groups a segment has room for.
const GROUPS: i64 = 65_536;

/// What was begun before and is not over stays to be done.
const WANT_REJUDGED: &str = "
    INSERT INTO rejudging (app, after, upto) VALUES (?1, ?2, ?3)
    ON CONFLICT (app) DO UPDATE SET after = MIN(after, excluded.after), upto = MAX(upto, excluded.upto)";

const PIN: &str = "
    INSERT INTO annotation (id, pinned) SELECT id, ?2 FROM exchange WHERE id = ?1
    ON CONFLICT (id) DO UPDATE SET pinned = excluded.pinned";
const MARK: &str = "
    INSERT INTO annotation (id, pinned, mark) SELECT id, 0, ?2 FROM exchange WHERE id = ?1
    ON CONFLICT (id) DO UPDATE SET mark = excluded.mark";
const NOTE: &str = "
    INSERT INTO annotation (id, pinned, note) SELECT id, 0, ?2 FROM exchange WHERE id = ?1
    ON CONFLICT (id) DO UPDATE SET note = excluded.note";
/// Of what nothing is said there is no row.
const NOTHING_SAID: &str = "DELETE FROM annotation WHERE id = ?1 AND NOT pinned AND mark IS NULL AND note IS NULL";

/// Changes what the user says of exchanges, as far as they are there.
pub(super) fn annotate(conn: &Connection, ids: &[i64], change: &Change) -> rusqlite::Result<()> {
    let mut forget = conn.prepare_cached(NOTHING_SAID)?;
    for id in ids {
        match change {
            Change::Pin(pinned) => conn.prepare_cached(PIN)?.execute(params![id, pinned])?,
            Change::Mark(mark) => conn.prepare_cached(MARK)?.execute(params![id, mark.map(Mark::word)])?,
            Change::Note(note) => conn.prepare_cached(NOTE)?.execute(params![id, (!note.is_empty()).then_some(note)])?,
        };
        forget.execute([id])?;
    }
    Ok(())
}

/// Writes what the user says of an exchange of which nothing is said yet.
pub(super) fn say(conn: &Connection, id: i64, annotation: &Annotation) -> rusqlite::Result<()> {
    if annotation.is_empty() {
        return Ok(());
    }
    let Annotation { pinned, mark, note } = annotation;
    let mut say = conn.prepare_cached("INSERT INTO annotation (id, pinned, mark, note) VALUES (?1, ?2, ?3, ?4)")?;
    say.execute(params![id, pinned, mark.map(Mark::word), (!note.is_empty()).then_some(note)]).map(drop)
}

/// What the user says of an exchange, in the columns from `first` on. A colour of another program's is none.
pub(super) fn read_annotation(row: &Row<'_>, first: usize) -> rusqlite::Result<Annotation> {
    let mark: Option<String> = row.get(first + 1)?;
    Ok(Annotation {
        pinned: row.get::<_, Option<bool>>(first)?.unwrap_or_default(),
        mark: mark.as_deref().and_then(Mark::from_word),
        note: row.get::<_, Option<String>>(first + 2)?.unwrap_or_default(),
    })
}

/// The exchanges that are pinned, ascending.
pub(super) fn pinned(conn: &Connection) -> rusqlite::Result<Ids> {
    conn.prepare_cached("SELECT id FROM annotation WHERE pinned ORDER BY id")?.query_map([], |row| row.get(0))?.collect()
}

/// Notes that exchanges are deleted. Returns the number of that.
pub(super) fn begin_deletion(conn: &Connection, ids: &Ids) -> rusqlite::Result<i64> {
    conn.prepare_cached("INSERT INTO deletion (ids) VALUES (?1)")?.execute([hidden::to_bytes(ids)])?;
    Ok(conn.last_insert_rowid())
}

/// Notes that these are deleted too, and those that were already.
pub(super) fn extend_deletion(conn: &Connection, number: i64, ids: &Ids) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE deletion SET ids = ?2 WHERE number = ?1")?.execute(params![number, hidden::to_bytes(ids)]).map(drop)
}

/// Notes that all of a deletion is forgotten, or there again.
pub(super) fn end_deletion(conn: &Connection, number: i64) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM deletion WHERE number = ?1")?.execute([number]).map(drop)
}

/// The deletions that are not over, oldest first. A damaged one deletes nothing.
pub(super) fn deletions(conn: &Connection) -> rusqlite::Result<Vec<(i64, Ids)>> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, hidden::from_bytes(row.get_ref(1)?.as_blob()?).unwrap_or_default()));
    conn.prepare_cached("SELECT number, ids FROM deletion ORDER BY number")?.query_map([], read)?.collect()
}

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
        forget_words_from(conn, segment, 0)?;
        conn.prepare_cached("DELETE FROM segment WHERE segment = ?1")?.execute([segment])?;
    }
    Ok(())
}

/// Forgets the groups of a segment's table of words from this one on.
pub(super) fn forget_words_from(conn: &Connection, segment: i64, group: usize) -> rusqlite::Result<()> {
    let range = [slice_id(segment, group), slice_id(segment + 1, 0)];
    conn.prepare_cached("DELETE FROM slice WHERE id >= ?1 AND id < ?2")?.execute(range).map(drop)
}

/// Where a group of rows of a segment's table stands.
pub(super) fn slice_id(segment: i64, group: usize) -> i64 {
    segment * GROUPS + size(group)
}

/// The segment that a group of rows belongs to.
pub(super) fn segment_of_slice(id: i64) -> i64 {
    id.div_euclid(GROUPS)
}
