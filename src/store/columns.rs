//! Columns: how an exchange stands in the tables. `inserts` writes it there, and what stands beside the exchanges is in
//! `tables`; nothing else names a column, but the migrations.

use super::chores::Judgement;
use super::words::segment_of;
use super::{Counts, Stored, tables};
use crate::exchange::{Exchange, Outcome, Responded};
use crate::filter::{Content, Entry};
use crate::ids::Ids;
use crate::protocol::verdict::{Overall, Replay};
use crate::protocol::{Judged, Kept, ReplayKey};
use crate::wire::{BodyEnd, Request, Response, Transport};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeSet;

const ADD_NUMBER: &str = "UPDATE number SET number = number + ?2 WHERE overall = ?1";
const READ_JUDGEMENT: &str = "SELECT overall, judged_app, judged_signature, judged_app_id FROM exchange WHERE id = ?1";
const REJUDGE: &str = "
    UPDATE exchange SET
        overall = ?2, judged_app = ?3, judged_signature = ?4, judged_app_id = ?5, apps_known = apps_known OR ?6, method = ?7,
        command = ?8, product = ?9, sdk_app_id = ?10, platform = ?11, path = ?12, signature = ?13, skew_secs = ?14, code = ?15,
        read_as = ?16
    WHERE id = ?1";

/// One exchange, its bodies cut to ?2 and ?3 bytes, in the order in which [`read_stored`] takes them. CASE,
/// because `substr` copies, and makes NULL of an empty blob.
const READ: &str = "
    SELECT
        received_at_millis, peer, body_end, refused, replay, first_at_millis, judged_app, judged_signature, judged_app_id,
        overall, body_bytes, rule, fault, status, response_headers, COALESCE(sent.responded_after_micros, exchange.responded_after_micros),
        CASE WHEN sent.id IS NULL THEN outcome ELSE 'sent' END, caller_left_after_millis,
        head,
        CASE WHEN length(body) <= ?2 THEN body ELSE substr(body, 1, ?2) END,
        CASE WHEN length(response_body) <= ?3 THEN response_body ELSE substr(response_body, 1, ?3) END,
        apps_known, transport, annotation.pinned, annotation.mark, annotation.note
    FROM exchange JOIN content USING (id) LEFT JOIN sent USING (id) LEFT JOIN annotation USING (id) WHERE exchange.id = ?1";

/// Those among the last ?1 for which nothing went out so far, and may.
const WAITING: &str = "
    SELECT id FROM exchange
    WHERE id > (SELECT MAX(id) FROM exchange) - ?1 AND outcome IS NULL AND status IS NULL AND rule IS NOT 'import' ORDER BY id";

/// What an entry of a filter is made of, of a range of ids, descending.
const ENTRIES: &str = "
    SELECT
        exchange.id, received_at_millis, method, path, command, product, sdk_app_id, platform, overall, signature, body_bytes, status,
        code, read_as, rule, fault, COALESCE(sent.responded_after_micros, exchange.responded_after_micros), skew_secs,
        COALESCE(annotation.pinned, 0), annotation.mark, annotation.note IS NOT NULL
    FROM exchange LEFT JOIN sent USING (id) LEFT JOIN annotation USING (id)
    WHERE exchange.id BETWEEN ?1 AND ?2 ORDER BY exchange.id DESC";
const CONTENT: &str = "SELECT head, body FROM content WHERE id = ?1";
const ARRIVALS: &str = "SELECT id, received_at_millis, peer FROM exchange WHERE id > ?1 ORDER BY id LIMIT ?2";
const PEER: &str = "SELECT peer FROM exchange WHERE id = ?1";
const OLDEST_UNPINNED: &str = "
    SELECT id FROM (
        SELECT id, received_at_millis FROM exchange
        WHERE NOT EXISTS (SELECT 1 FROM annotation WHERE annotation.id = exchange.id AND pinned)
        ORDER BY id LIMIT ?2
    ) WHERE received_at_millis < ?1";
const COUNT_UNPINNED: &str = "
    SELECT COUNT(*) FROM exchange
    WHERE received_at_millis < ?1 AND NOT EXISTS (SELECT 1 FROM annotation WHERE annotation.id = exchange.id AND pinned)";
const NOTE: &str = "SELECT note FROM annotation WHERE id = ?1";
const IDS: &str = "SELECT id FROM exchange WHERE id > ?1 ORDER BY id LIMIT ?2";
const IDS_OF_APP: &str = "SELECT id FROM exchange WHERE sdk_app_id = ?3 AND id > ?1 ORDER BY id LIMIT ?2";
const COUNT: &str = "
    SELECT overall, SUM(number) FROM (SELECT overall, number FROM number UNION ALL SELECT overall, number FROM uncounted)
    GROUP BY overall";
const UNCOUNTED: &str = "SELECT overall, number FROM uncounted";
/// The highest id that ever was: they are counted before one is forgotten.
const HIGHEST: &str = "
    SELECT MAX(COALESCE((SELECT MAX(id) FROM exchange), 0), (SELECT CAST(value AS INTEGER) FROM fact WHERE name = 'counted'))";
const KINDS: &str = "SELECT overall, COUNT(*) FROM exchange WHERE id BETWEEN ?1 AND ?2 GROUP BY overall";
/// How many ids are counted in one statement.
const COUNTED_AT_ONCE: i64 = 65_536;
const RECENT_KEYS: &str = "
    SELECT received_at_millis, signature_key, content_key FROM exchange
    WHERE signature_key IS NOT NULL ORDER BY id DESC LIMIT ?1";

/// The fact that tells up to which id exchanges are counted in the table of numbers.
const COUNTED: &str = "counted";

/// Changes the numbers of exchanges by their `overall`: those that came, and those that went.
pub(super) fn add_numbers(conn: &Connection, mut came: Counts, mut went: Counts) -> rusqlite::Result<()> {
    let mut add = conn.prepare_cached(ADD_NUMBER)?;
    for overall in Overall::ALL {
        let change = came.of(overall).cast_signed() - went.of(overall).cast_signed();
        if change != 0 {
            add.execute(params![overall.word(), change])?;
        }
    }
    Ok(())
}

/// Counts those that came since that was done last, up to this one.
pub(super) fn count_up(conn: &Connection, came: Counts, upto: i64) -> rusqlite::Result<()> {
    add_numbers(conn, came, Counts::default())?;
    tables::remember(conn, COUNTED, &upto.to_string())
}

/// Writes new judgements, and returns what each changed of `overall`. One without a token leaves the kept one.
pub(super) fn rejudge(conn: &Connection, judgements: &[Judgement]) -> rusqlite::Result<Vec<(Overall, Overall)>> {
    let mut read = conn.prepare_cached(READ_JUDGEMENT)?;
    let mut write = conn.prepare_cached(REJUDGE)?;
    let mut changes = Vec::new();
    for Judgement { id, index, read: response } in judgements {
        let former = read.query_row([id], |row| Ok((word(row, 0, Overall::from_word)?, read_judged(row, 1)?))).optional()?;
        let Some((former_overall, former_judged)) = former else { continue };
        let judged = index.judged.as_ref().or(former_judged.as_ref());
        let [app, signature, app_id] =
            [judged.map(|judged| &judged.app), judged.map(|judged| &judged.signature), judged.map(|judged| &judged.app_id)];
        write.execute(params![
            id,
            index.overall.word(),
            app,
            signature,
            app_id,
            index.apps_known,
            index.method,
            index.command,
            index.product,
            index.sdk_app_id,
            index.platform,
            index.path,
            index.signature,
            index.skew_secs,
            response.and_then(|read| read.code),
            response.map(|read| read.read_as),
        ])?;
        if former_overall != index.overall {
            changes.push((former_overall, index.overall));
        }
    }
    let (went, came) = (changes.iter().map(|(from, _)| *from), changes.iter().map(|(_, to)| *to));
    add_numbers(conn, Counts::of_each(came), Counts::of_each(went))?;
    Ok(changes)
}

/// Forgets exchanges with all that is known of them; returns those that were there. Words of a segment go with its last one.
pub(super) fn forget(conn: &Connection, ids: &[i64]) -> rusqlite::Result<Vec<(i64, Overall)>> {
    let mut forget = conn.prepare_cached("DELETE FROM exchange WHERE id = ?1 RETURNING overall")?;
    let mut content = conn.prepare_cached("DELETE FROM content WHERE id = ?1")?;
    let mut sent = conn.prepare_cached("DELETE FROM sent WHERE id = ?1")?;
    let mut annotation = conn.prepare_cached("DELETE FROM annotation WHERE id = ?1")?;
    let (mut forgotten, mut segments) = (Vec::with_capacity(ids.len()), BTreeSet::new());
    for id in ids {
        let overall = forget.query_row([id], |row| word(row, 0, Overall::from_word)).optional()?;
        let Some(overall) = overall else { continue };
        for statement in [&mut content, &mut sent, &mut annotation] {
            statement.execute([id])?;
        }
        forgotten.push((*id, overall));
        segments.insert(segment_of(*id));
    }
    add_numbers(conn, Counts::default(), Counts::of_each(forgotten.iter().map(|(_, overall)| *overall)))?;
    for segment in segments {
        tables::forget_words_of_nothing(conn, segment)?;
    }
    Ok(forgotten)
}

/// Of the oldest so many exchanges that are not pinned, those that came before a moment. Younger ones are not passed over
/// for more: they came in the order of their ids.
pub(super) fn oldest_unpinned(conn: &Connection, before_millis: i64, limit: usize) -> rusqlite::Result<Vec<i64>> {
    conn.prepare_cached(OLDEST_UNPINNED)?.query_map(params![before_millis, size(limit)], |row| row.get(0))?.collect()
}

/// How many exchanges that are not pinned came before a moment.
pub(super) fn count_unpinned(conn: &Connection, before_millis: i64) -> rusqlite::Result<u64> {
    let count: i64 = conn.prepare_cached(COUNT_UNPINNED)?.query_row([before_millis], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// How much to read of the two bodies, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) body: usize,
    pub(super) response_body: usize,
}

impl Extent {
    pub(super) const WHOLE: Self = Self { body: usize::MAX, response_body: usize::MAX };
}

/// Reads one exchange.
pub(super) fn read(conn: &Connection, id: i64, extent: Extent) -> rusqlite::Result<Option<Stored>> {
    let mut statement = conn.prepare_cached(READ)?;
    statement.query_row(params![id, size(extent.body), size(extent.response_body)], |row| read_stored(row, id)).optional()
}

fn read_stored(row: &Row<'_>, id: i64) -> rusqlite::Result<Stored> {
    let request = Request {
        received_at_millis: row.get(0)?,
        peer: row.get(1)?,
        body_end: word(row, 2, body_end_from_word)?,
        refused: row.get(3)?,
        head: row.get(18)?,
        body: row.get(19)?,
        transport: word(row, 22, Transport::from_word)?,
    };
    Ok(Stored {
        exchange: Exchange { id, request, response: read_response(row)? },
        kept: Kept { replay: read_replay(row)?, judged: read_judged(row, 6)?, apps_known: Some(row.get(21)?) },
        overall: word(row, 9, Overall::from_word)?,
        body_bytes: row.get::<_, i64>(10)?.try_into().map_err(|source| damaged(10, source))?,
        annotation: tables::read_annotation(row, 23)?,
        saved: true,
    })
}

/// The word of what became of a response, and when its caller left; read by [`read_response`].
pub(super) fn outcome_columns(outcome: Outcome) -> (Option<&'static str>, Option<i64>) {
    match outcome {
        Outcome::Sent => (Some("sent"), None),
        Outcome::Closed => (Some("closed"), None),
        Outcome::Reset => (Some("reset"), None),
        Outcome::Stopped => (Some("stopped"), None),
        Outcome::CallerLeft { after_millis } => (Some("caller_left"), Some(after_millis)),
    }
}

fn read_response(row: &Row<'_>) -> rusqlite::Result<Option<Responded>> {
    let Some(rule) = row.get(11)? else { return Ok(None) };
    let response = row.get::<_, Option<u16>>(13)?.map(|status| {
        let headers = row.get_ref(14)?.as_str()?;
        let headers = serde_json::from_str(headers).map_err(|source| damaged(14, source))?;
        Ok::<_, rusqlite::Error>(Response { status, headers, body: row.get(20)? })
    });
    let outcome = match row.get_ref(16)?.as_str_or_null()? {
        None => None,
        Some("sent") => Some(Outcome::Sent),
        Some("closed") => Some(Outcome::Closed),
        Some("reset") => Some(Outcome::Reset),
        Some("stopped") => Some(Outcome::Stopped),
        Some("caller_left") => Some(Outcome::CallerLeft { after_millis: row.get(17)? }),
        Some(unknown) => return Err(damaged(16, format!("unknown word {unknown:?}"))),
    };
    Ok(Some(Responded { response: response.transpose()?, rule, fault: row.get(12)?, responded_after_micros: row.get(15)?, outcome }))
}

/// The word of whether the same came before, and when the first did; read by [`read_replay`].
pub(super) fn replay_columns(replay: Replay) -> (&'static str, Option<i64>) {
    match replay {
        Replay::First => ("first", None),
        Replay::Repeated { first_at_millis } => ("repeated", Some(first_at_millis)),
        Replay::ReusedSignature { first_at_millis } => ("reused_signature", Some(first_at_millis)),
    }
}

fn read_replay(row: &Row<'_>) -> rusqlite::Result<Replay> {
    match row.get_ref(4)?.as_str()? {
        "first" => Ok(Replay::First),
        "repeated" => Ok(Replay::Repeated { first_at_millis: row.get(5)? }),
        "reused_signature" => Ok(Replay::ReusedSignature { first_at_millis: row.get(5)? }),
        unknown => Err(damaged(4, format!("unknown word {unknown:?}"))),
    }
}

/// Reads the three columns from `first` on.
fn read_judged(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Judged>> {
    let Some(app) = row.get(first)? else { return Ok(None) };
    Ok(Some(Judged { app, signature: row.get(first + 1)?, app_id: row.get(first + 2)? }))
}

/// At most `limit` ids beyond `after`, ascending; of one app where one is named.
pub(super) fn ids(conn: &Connection, app: Option<&str>, after: i64, limit: usize) -> rusqlite::Result<Vec<i64>> {
    let limit = size(limit);
    match app {
        None => conn.prepare_cached(IDS)?.query_map(params![after, limit], |row| row.get(0))?.collect(),
        Some(app) => conn.prepare_cached(IDS_OF_APP)?.query_map(params![after, limit, app], |row| row.get(0))?.collect(),
    }
}

/// Visits the entries of a range of ids, descending.
pub(super) fn entries(conn: &Connection, (first, last): (i64, i64), mut visit: impl FnMut(&Entry<'_>)) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(ENTRIES)?;
    let mut rows = statement.query([first, last])?;
    while let Some(row) = rows.next()? {
        let text = |column: usize| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str_or_null()?);
        visit(&Entry {
            id: row.get(0)?,
            received_at_millis: row.get(1)?,
            method: text(2)?,
            path: text(3)?,
            command: text(4)?,
            product: text(5)?,
            app: text(6)?,
            platform: text(7)?,
            overall: word(row, 8, Overall::from_word)?,
            signature: text(9)?,
            size_bytes: row.get::<_, i64>(10)?.try_into().map_err(|source| damaged(10, source))?,
            status: row.get(11)?,
            code: row.get(12)?,
            read_as: text(13)?,
            rule: text(14)?,
            fault: text(15)?,
            took_micros: row.get(16)?,
            skew_secs: row.get(17)?,
            pinned: row.get(18)?,
            mark: text(19)?,
            has_note: row.get(20)?,
        });
    }
    Ok(())
}

/// Looks at head, body and note of an exchange, without copying them; `None` where there is none.
pub(super) fn look<T>(conn: &Connection, id: i64, has_note: bool, look: impl FnOnce(&Content<'_>) -> T) -> rusqlite::Result<Option<T>> {
    let note: Option<String> =
        if has_note { conn.prepare_cached(NOTE)?.query_row([id], |row| row.get(0)).optional()?.flatten() } else { None };
    let mut statement = conn.prepare_cached(CONTENT)?;
    let seen = statement.query_row([id], |row| {
        Ok(look(&Content { head: row.get_ref(0)?.as_blob()?, body: row.get_ref(1)?.as_blob()?, note: note.as_deref() }))
    });
    seen.optional()
}

/// Number, time and origin of at most so many arrivals beyond this one, ascending.
pub(super) fn arrivals_after(conn: &Connection, after: i64, limit: usize) -> rusqlite::Result<Vec<(i64, i64, String)>> {
    let mut statement = conn.prepare_cached(ARRIVALS)?;
    statement.query_map(params![after, size(limit)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

/// Where an exchange came from.
pub(super) fn peer(conn: &Connection, id: i64) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached(PEER)?.query_row([id], |row| row.get(0)).optional()
}

/// Visits head and body of a range of ids, ascending, at most so many.
pub(super) fn contents(
    conn: &Connection,
    (first, last): (i64, i64),
    limit: usize,
    mut visit: impl FnMut(i64, &[u8], &[u8]),
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached("SELECT id, head, body FROM content WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3")?;
    let mut rows = statement.query(params![first, last, size(limit)])?;
    while let Some(row) = rows.next()? {
        visit(row.get(0)?, row.get_ref(1)?.as_blob()?, row.get_ref(2)?.as_blob()?);
    }
    Ok(())
}

/// The highest id in the file; `None` where it is empty.
pub(super) fn newest_id(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    conn.query_row("SELECT MAX(id) FROM exchange", [], |row| row.get(0))
}

/// The lowest id in the file; `None` where it is empty.
pub(super) fn oldest_id(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    conn.query_row("SELECT MIN(id) FROM exchange", [], |row| row.get(0))
}

/// The highest id that was ever given to an exchange in the file; 0 before the first.
pub(super) fn highest_id(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row(HIGHEST, [], |row| row.get(0))
}

/// The ids among the last so many for which nothing went out so far, ascending.
pub(super) fn waiting(conn: &Connection, among: usize) -> rusqlite::Result<Vec<i64>> {
    conn.prepare_cached(WAITING)?.query_map([size(among)], |row| row.get(0))?.collect()
}

/// How many exchanges are in the file.
pub(super) fn count(conn: &Connection) -> rusqlite::Result<Counts> {
    let mut counts = Counts::default();
    add_counts(&mut conn.prepare_cached(COUNT)?.query([])?, &mut counts)?;
    Ok(counts)
}

/// How many of them are not counted in the table of numbers so far.
pub(super) fn uncounted(conn: &Connection) -> rusqlite::Result<Counts> {
    let mut counts = Counts::default();
    add_counts(&mut conn.prepare(UNCOUNTED)?.query([])?, &mut counts)?;
    Ok(counts)
}

/// How many of a set of exchanges are in the file.
pub(super) fn count_of(conn: &Connection, ids: &Ids) -> rusqlite::Result<Counts> {
    let mut counts = Counts::default();
    let mut statement = conn.prepare_cached(KINDS)?;
    for (first, last) in ids.ranges() {
        // By parts, so that no reader holds the log for long.
        let mut from = *first;
        while from <= *last {
            let to = from.saturating_add(COUNTED_AT_ONCE - 1).min(*last);
            add_counts(&mut statement.query([from, to])?, &mut counts)?;
            let Some(next) = to.checked_add(1) else { break };
            from = next;
        }
    }
    Ok(counts)
}

/// Adds numbers of exchanges by their `overall`.
fn add_counts(rows: &mut rusqlite::Rows<'_>, counts: &mut Counts) -> rusqlite::Result<()> {
    while let Some(row) = rows.next()? {
        let number = row.get::<_, i64>(1)?.cast_unsigned();
        *counts.of(word(row, 0, Overall::from_word)?) += number;
        counts.received += number;
    }
    Ok(())
}

/// Arrival and key of the last signed exchanges, newest first.
pub(super) fn recent_keys(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<(i64, ReplayKey)>> {
    let key = |row: &Row<'_>| {
        let (signature, content) = (row.get::<_, i64>(1)?.cast_unsigned(), row.get::<_, i64>(2)?.cast_unsigned());
        Ok((row.get(0)?, ReplayKey { signature, content }))
    };
    conn.prepare_cached(RECENT_KEYS)?.query_map([size(limit)], key)?.collect()
}

pub(super) fn body_end_word(end: BodyEnd) -> &'static str {
    match end {
        BodyEnd::Complete => "complete",
        BodyEnd::TooLarge => "too_large",
        BodyEnd::CutOff => "cut_off",
    }
}

fn body_end_from_word(word: &str) -> Option<BodyEnd> {
    [BodyEnd::Complete, BodyEnd::TooLarge, BodyEnd::CutOff].into_iter().find(|end| body_end_word(*end) == word)
}

fn word<T>(row: &Row<'_>, column: usize, read: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let word = row.get_ref(column)?.as_str()?;
    read(word).ok_or_else(|| damaged(column, format!("unknown word {word:?}")))
}

/// A value that this program does not write: the file is damaged, or was edited.
fn damaged(column: usize, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
}

/// A length as `SQLite` takes it.
pub(super) fn size(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::inserts::{COMPLETE_CONTENT, COMPLETE_EXCHANGE};
    use crate::store::schema;

    /// How `SQLite` goes about each of these statements.
    fn plan(sql: &str) -> String {
        let folder = tempfile::tempdir().expect("bug: a folder");
        let conn = schema::open_to_write(&folder.path().join("history.db")).expect("bug: opens");
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("bug: is SQL");
        // Unbound values are NULL, which the plan does not depend on.
        let mut rows = statement.raw_query();
        let mut steps = Vec::new();
        while let Some(row) = rows.next().expect("bug: explains") {
            steps.push(row.get::<_, String>("detail").expect("bug: is text"));
        }
        steps.join(", ")
    }

    #[test]
    fn no_statement_passes_over_more_than_it_returns() {
        let by_id = "SEARCH exchange USING INTEGER PRIMARY KEY (rowid=?)";
        let content_by_id = "SEARCH content USING INTEGER PRIMARY KEY (rowid=?)";
        let sent_by_id = "SEARCH sent USING INTEGER PRIMARY KEY (rowid=?)";
        let annotation_by_id = "SEARCH annotation USING INTEGER PRIMARY KEY (rowid=?)";
        assert_eq!(plan(READ), format!("{content_by_id}, {by_id}, {sent_by_id} LEFT-JOIN, {annotation_by_id} LEFT-JOIN"));
        assert_eq!(plan(KINDS), "SEARCH exchange USING INTEGER PRIMARY KEY (rowid>? AND rowid<?), USE TEMP B-TREE FOR GROUP BY");
        assert!(!plan(HIGHEST).contains("SCAN exchange"), "{}", plan(HIGHEST));
        for statement in [COUNT, UNCOUNTED] {
            assert!(plan(statement).contains("SEARCH exchange USING INTEGER PRIMARY KEY (rowid>?)"), "{}", plan(statement));
        }
        assert_eq!(plan(READ_JUDGEMENT), by_id);
        assert_eq!(plan(REJUDGE), by_id);
        assert_eq!(plan(PEER), by_id);
        assert_eq!(plan(ARRIVALS), "SEARCH exchange USING INTEGER PRIMARY KEY (rowid>?)");
        assert_eq!(plan(COMPLETE_EXCHANGE), by_id);
        assert_eq!(plan(COMPLETE_CONTENT), content_by_id);
        assert_eq!(plan(IDS), "SEARCH exchange USING INTEGER PRIMARY KEY (rowid>?)");
        // Those of an app are read in one pass, since only judging again asks for them.
        assert_eq!(plan(IDS_OF_APP), "SEARCH exchange USING INTEGER PRIMARY KEY (rowid>?)");
        assert_eq!(plan(RECENT_KEYS), "SCAN exchange");
        assert_eq!(plan(WAITING), "SEARCH exchange USING INTEGER PRIMARY KEY (rowid>?), SCALAR SUBQUERY 1, SEARCH exchange");
    }
}
