//! Chores: what is written when nothing urgent is, such as new judgements. Each is one small transaction.

use super::{Index, Read, columns};
use crate::protocol::verdict::Overall;
use rusqlite::{Connection, params};

/// Something that may wait for its turn.
#[derive(Debug)]
pub(super) enum Chore {
    /// Judge exchanges again, and note how far that is.
    Judge(Vec<Judgement>, Option<Progress>),
}

/// A new judgement of one exchange.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The exchange.
    pub id: i64,
    /// The columns as they are now.
    pub index: Index,
    /// How the sender reads its response.
    pub read: Option<Read>,
}

/// How far judging again is: the app, empty for all, and the last exchange that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Which app's exchanges are judged; empty for all.
    pub app: String,
    /// Up to which one that is done.
    pub after: i64,
}

/// What a chore changed that others count.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// Judgements that went from the first to the second.
    pub(super) judged: Vec<(Overall, Overall)>,
}

/// Carries out a chore.
pub(super) fn carry_out(conn: &Connection, chore: &Chore) -> rusqlite::Result<Changed> {
    match chore {
        Chore::Judge(judgements, progress) => {
            let judged = columns::rejudge(conn, judgements)?;
            if let Some(Progress { app, after }) = progress {
                conn.prepare_cached("UPDATE rejudging SET after = ?2 WHERE app = ?1")?.execute(params![app, after])?;
            }
            Ok(Changed { judged })
        }
    }
}
