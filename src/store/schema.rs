//! Schema: opening the file, its settings, and bringing it up to date.

use super::{Error, log, space};
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The n-th leads from format n to format n + 1 and runs once, in a transaction. A released one never changes.
const MIGRATIONS: [&str; 4] = [
    include_str!("migration/001_exchange.sql"),
    include_str!("migration/002_transport.sql"),
    include_str!("migration/003_index.sql"),
    include_str!("migration/004_numbers.sql"),
];
/// The format that this program writes.
const FORMAT: u32 = 4;
const _: () = assert!(MIGRATIONS.len() == FORMAT as usize, "one migration leads to each format");
/// "HKGL", as in `migration/001_exchange.sql`.
const APPLICATION_ID: i64 = 0x484B_474C;

/// How long the writer waits for a file that somebody else holds. A caller is waiting meanwhile: the sender's
/// limit is 2 s, so this may be a small part of it.
const WRITER_PATIENCE: Duration = Duration::from_millis(250);
/// How long a reader waits. Only cleaning up after a crash and the end of the last connection make it wait.
const READER_PATIENCE: Duration = Duration::from_secs(2);
/// What a reader keeps of the file in memory, in KiB. There are a dozen, and the system keeps it too: with the usual 2 MiB each
/// they took twice as much as a body of 10 MB that is looked at.
const READER_CACHE_KIB: i64 = 256;
/// The page of a new file, in bytes. A callback takes one to two kilobytes: in pages of 4 KiB a third of the room stays
/// empty. Each commit writes the last page of each table again: with 16 KiB it takes a fifteenth more of the processors.
const PAGE_BYTES: i64 = 8 * 1024;

/// Opens the history to write: creates it, or converts it where an older program wrote it.
pub(super) fn open_to_write(path: &Path) -> Result<Connection, Error> {
    let opened = |source| opening(source, path.to_owned());
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = connect(path, flags, WRITER_PATIENCE).map_err(opened)?;
    // Before anything is written: this may be somebody else's file.
    let format = format_of(&conn, path)?;
    if format == 0 {
        conn.pragma_update(None, "page_size", PAGE_BYTES).map_err(opened)?;
        conn.pragma_update(None, "auto_vacuum", space::INCREMENTAL).map_err(opened)?;
    }
    set_up(&conn).map_err(opened)?;
    migrate(&mut conn, format, path)?;
    Ok(conn)
}

/// Opens a further connection to a history that is open to write, for moving its log.
pub(super) fn open_to_move(path: &Path) -> Result<Connection, Error> {
    let opened = |source| opening(source, path.to_owned());
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = connect(path, flags, WRITER_PATIENCE).map_err(opened)?;
    set_up(&conn).map_err(opened)?;
    Ok(conn)
}

/// Opens a history that exists, to read.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, Error> {
    let opened = |source| opening(source, path.to_owned());
    if !path.exists() {
        return Err(Error::Absent { path: path.to_owned() });
    }
    // Not SQLITE_OPEN_READ_ONLY: such a connection can't clean up after a crash, and leaves the log's files
    // lying when it is the last to go. What it may write is nothing of the history, which `query_only` keeps.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = connect(path, flags, READER_PATIENCE).map_err(opened)?;
    conn.pragma_update(None, "query_only", true).map_err(opened)?;
    match format_of(&conn, path)? {
        FORMAT => {
            conn.pragma_update(None, "cache_size", -READER_CACHE_KIB).map_err(opened)?;
            Ok(conn)
        }
        found => Err(Error::Older { found, known: FORMAT, path: path.to_owned() }),
    }
}

/// Moves the log of a history that nobody has open into its file, and does away with it.
pub(super) fn settle(path: &Path) -> Result<(), Error> {
    let opened = |source| opening(source, path.to_owned());
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = connect(path, flags, WRITER_PATIENCE).map_err(opened)?;
    format_of(&conn, path)?;
    // Needs the file for itself alone, also where others only read.
    let settled = conn.pragma_update(None, "journal_mode", "DELETE");
    settled.map_err(|source| Error::LookedAt { source, path: path.to_owned() })
}

/// The file of a history's log. It is there while somebody has the history open.
pub(super) fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// Takes away what `SQLite` keeps beside a history, where nobody has it open and it still lies there.
pub(super) fn clean_up(path: &Path) {
    if log_of(path).exists()
        && let Err(error) = open_to_move(path)
    {
        tracing::debug!("what lies beside the history stays: {error}");
    }
}

fn connect(path: &Path, flags: OpenFlags, patience: Duration) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(patience)?;
    // A plan is made once for all values. Otherwise SQLite (with STAT4, as it is bundled) plans again whenever a
    // value is bound that might matter: six times as long as reading an exchange by its id takes.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(conn)
}

/// A body of so many bytes or more fills the cache of the connection that writes or reads it.
pub(super) const LARGE_BODY: usize = 1 << 20;

/// Gives back what a connection keeps of the file in memory, but for what it works with: after a large body nothing of that
/// serves what comes next.
pub(super) fn let_go(conn: &Connection) {
    if let Err(error) = conn.release_memory() {
        tracing::debug!("the cache of the history stays in memory: {error}");
    }
}

fn set_up(conn: &Connection) -> rusqlite::Result<()> {
    // Readers and the writer don't wait for each other, and a commit is one append.
    conn.pragma_update(None, "journal_mode", "WAL")?;
    // A commit survives the end of the program, kill -9 included, without a sync. Only a loss of power can take
    // the last ones, and leaves the file whole. FULL costs seven times as much for a single request.
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    // By whoever commits: see `log`.
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "journal_size_limit", log::KEPT_BYTES)
}

/// Has `tell` know after every commit how long the log is then, in bytes.
pub(super) fn tell_log_length(conn: &mut Connection, tell: impl Fn(u64) + Send + 'static) -> rusqlite::Result<()> {
    let page_bytes: u32 = conn.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    conn.wal_hook(Some(move |_: &mut Wal, pages: i32| {
        tell(u64::try_from(pages).unwrap_or_default() * u64::from(page_bytes));
        Ok(())
    }))
}

/// The format of the file, 0 where it is empty. Reads only.
fn format_of(conn: &Connection, path: &Path) -> Result<u32, Error> {
    let path = || path.to_owned();
    let number = |sql| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
    let facts = number("SELECT COUNT(*) FROM sqlite_schema")
        .and_then(|tables| Ok((tables, number("PRAGMA application_id")?, number("PRAGMA user_version")?)));
    match facts {
        Ok((0, 0, 0)) => Ok(0),
        Ok((_, APPLICATION_ID, found)) => match u32::try_from(found) {
            Ok(found @ 1..=FORMAT) => Ok(found),
            Ok(found) if found > FORMAT => Err(Error::Newer { found, known: FORMAT, path: path() }),
            _ => Err(Error::Foreign { path: path() }),
        },
        Ok(_) => Err(Error::Foreign { path: path() }),
        Err(source) if source.sqlite_error_code() == Some(ErrorCode::NotADatabase) => Err(Error::NotADatabase { path: path() }),
        Err(source) => Err(opening(source, path())),
    }
}

/// Why a file can't be opened.
pub(super) fn opening(source: rusqlite::Error, path: PathBuf) -> Error {
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt) => Error::Damaged { source, path },
        _other => Error::Open { source, path },
    }
}

fn migrate(conn: &mut Connection, from: u32, path: &Path) -> Result<(), Error> {
    for (to, sql) in (1..).zip(MIGRATIONS).filter(|(to, _)| *to > from) {
        step(conn, to, sql).map_err(|source| Error::Migrate { to, source, path: path.to_owned() })?;
    }
    Ok(())
}

fn step(conn: &mut Connection, to: u32, sql: &str) -> rusqlite::Result<()> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(sql)?;
    transaction.pragma_update(None, "user_version", to)?;
    transaction.commit()
}

/// How to move the log into the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Checkpoint {
    /// As far as readers let it, without waiting for them.
    Passive,
    /// All of it, so that the log is empty.
    Truncate,
}

/// Moves the log into the file.
pub(super) fn checkpoint(conn: &Connection, how: Checkpoint) -> rusqlite::Result<()> {
    let sql = match how {
        Checkpoint::Passive => "PRAGMA wal_checkpoint(PASSIVE)",
        Checkpoint::Truncate => "PRAGMA wal_checkpoint(TRUNCATE)",
    };
    conn.query_row(sql, [], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Opens a file with this content both ways, and tells how each is refused. The file must stay as it is.
    fn refusals(content: &[u8]) -> [String; 2] {
        let folder = tempfile::tempdir().expect("bug: a folder");
        let path = folder.path().join("history.db");
        fs::write(&path, content).expect("bug: writes");
        let refused = [open_to_write(&path), open_to_read(&path)].map(|result| {
            let error = result.expect_err("bug: must be refused").to_string();
            error.strip_suffix(&path.display().to_string()).expect("bug: names the file last").to_owned()
        });
        assert_eq!(fs::read(&path).expect("bug: reads"), content, "{refused:?}");
        refused
    }

    /// What such a connection leaves as a file.
    fn database(sql: &str) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("bug: a folder");
        let path = folder.path().join("history.db");
        Connection::open(&path).and_then(|conn| conn.execute_batch(sql)).expect("bug: writes");
        fs::read(path).expect("bug: reads")
    }

    #[test]
    fn what_is_no_database_is_refused_and_stays() {
        for content in [&b"hello"[..], &[0; 100], &[b'x'; 10_000], b"SQLite format 3"] {
            for refused in refusals(content) {
                assert_eq!(refused, "this file is no Hookglass history; open another, or move it away: ");
            }
        }
    }

    #[test]
    fn another_programs_database_is_refused_and_stays() {
        for sql in ["CREATE TABLE t (a)", "PRAGMA user_version = 1; CREATE TABLE t (a)", "PRAGMA application_id = 7"] {
            for refused in refusals(&database(sql)) {
                assert!(refused.starts_with("this database belongs to another program; open another, or move it away"), "{sql}: {refused}");
            }
        }
    }

    #[test]
    fn a_newer_format_is_refused_and_stays() {
        for refused in refusals(&database(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 99"))) {
            assert_eq!(refused, "the history has format 99, and this Hookglass knows formats up to 4; update Hookglass, or open another: ");
        }
    }

    #[test]
    fn an_empty_file_becomes_a_history_only_when_opened_to_write() {
        let folder = tempfile::tempdir().expect("bug: a folder");
        let path = folder.path().join("history.db");
        assert!(matches!(open_to_read(&path), Err(Error::Absent { .. })));
        fs::write(&path, b"").expect("bug: writes");
        assert!(matches!(open_to_read(&path), Err(Error::Older { found: 0, known: FORMAT, .. })));
        assert_eq!(fs::read(&path).expect("bug: reads"), b"");
        for _ in 0..2 {
            let conn = open_to_write(&path).expect("bug: converts");
            assert_eq!(format_of(&conn, &path).expect("bug: reads"), FORMAT);
        }
        let conn = open_to_read(&path).expect("bug: reads");
        assert!(conn.execute_batch("DELETE FROM exchange").is_err(), "a reader writes nothing");
    }

    #[test]
    fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let mut conn = Connection::open_in_memory().expect("bug: opens");
        assert!(step(&mut conn, 1, "CREATE TABLE a (b); CREATE TABLE a (b)").is_err());
        assert_eq!(format_of(&conn, Path::new("")).expect("bug: reads"), 0);
    }

    #[test]
    fn a_damaged_file_is_refused_and_stays() {
        let folder = tempfile::tempdir().expect("bug: a folder");
        let path = folder.path().join("history.db");
        drop(open_to_write(&path).expect("bug: creates"));
        let whole = fs::read(&path).expect("bug: reads");
        let cut = &whole[..whole.len() / 2];
        for refused in refusals(cut) {
            assert!(refused.starts_with("this history is damaged (database disk image is malformed) and was left as it is"), "{refused}");
        }
    }

    #[test]
    fn a_history_is_settled_only_where_nobody_has_it() {
        let folder = tempfile::tempdir().expect("bug: a folder");
        let path = folder.path().join("history.db");
        drop(open_to_write(&path).expect("bug: creates"));
        let reader = open_to_read(&path).expect("bug: reads");
        let refused = settle(&path).expect_err("bug: somebody reads").to_string();
        assert!(refused.starts_with("another program looks at this history"), "{refused}");
        drop(reader);
        settle(&path).expect("bug: nobody reads");
        assert_eq!(fs::read_dir(folder.path()).expect("bug: reads").count(), 1);
        open_to_read(&path).expect("bug: reads as before");
    }

    #[test]
    fn a_folder_in_its_place_is_told() {
        let folder = tempfile::tempdir().expect("bug: a folder");
        assert!(matches!(open_to_write(folder.path()), Err(Error::Open { .. })));
        assert!(matches!(open_to_write(&folder.path().join("no/history.db")), Err(Error::Open { .. })));
    }
}
