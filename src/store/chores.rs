//! Chores: what is written when nothing urgent is, such as new judgements. Each is one small transaction.

use super::importing::{Slice, Told};
use super::space::{self, Rewriting};
use super::{Index, Read, columns, tables};
use crate::annotation::Change;
use crate::ids::Ids;
use crate::protocol::verdict::Overall;
use rusqlite::Connection;
use std::sync::Arc;

/// Something that may wait for its turn.
#[derive(Debug)]
pub(super) enum Chore {
    /// Judge exchanges again, and note how far that is.
    Judge(Vec<Judgement>, Option<Progress>),
    /// Write groups of rows of a segment's table of words.
    Words(i64, Vec<(usize, Vec<u8>)>),
    /// A segment's table of words is whole; it has so many rows.
    WordsEnd(i64, usize),
    /// Have exchanges judged again: of this app, empty for all, after this id and up to that one.
    Rejudge(Rejudging),
    /// Forget exchanges.
    Forget(Vec<i64>),
    /// Note that exchanges are deleted, and are to be forgotten.
    Delete(Arc<Ids>),
    /// The exchanges of this deletion are all forgotten.
    EndDeletion(i64),
    /// The user says something else of exchanges.
    Annotate(Vec<i64>, Change),
    /// Remember something under a name.
    Remember(&'static str, String),
    /// Give up what a segment's table of words has of nothing.
    TidyWords(i64),
    /// Give so many free pages back to the disk.
    GiveBack(u32),
    /// Write the file anew, outside of any transaction.
    Rewrite(Rewriting),
    /// Write exchanges of an import, which nobody sees yet.
    Import(Slice),
    /// All of the import is there.
    EndImport(Arc<Told>),
}

impl Chore {
    /// The exchanges whose columns it changes.
    pub(super) fn exchanges(&self) -> Vec<i64> {
        match self {
            Self::Judge(judgements, _) => judgements.iter().map(|judgement| judgement.id).collect(),
            Self::Annotate(ids, _) => ids.clone(),
            Self::Words(..)
            | Self::WordsEnd(..)
            | Self::Rejudge(_)
            | Self::Remember(..)
            | Self::Forget(_)
            | Self::Delete(_)
            | Self::EndDeletion(_)
            | Self::TidyWords(_)
            | Self::GiveBack(_)
            | Self::Import(_)
            | Self::EndImport(_)
            | Self::Rewrite(_) => Vec::new(),
        }
    }
}

/// What is to be judged again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejudging {
    /// Which app's exchanges; empty for all.
    pub app: String,
    /// After which one.
    pub after: i64,
    /// Up to which one.
    pub upto: i64,
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
    /// What is there no more.
    pub(super) forgotten: Vec<(i64, Overall)>,
    /// A deletion that the file knows now, by its number.
    pub(super) deletion: Option<(Arc<Ids>, i64)>,
    /// The number of a deletion that is over.
    pub(super) deletion_ended: Option<i64>,
}

/// Carries out a chore.
pub(super) fn carry_out(conn: &Connection, chore: &Chore) -> rusqlite::Result<Changed> {
    match chore {
        Chore::Judge(judgements, progress) => {
            let judged = columns::rejudge(conn, judgements)?;
            if let Some(progress) = progress {
                tables::note_progress(conn, progress)?;
            }
            Ok(Changed { judged, ..Changed::default() })
        }
        Chore::Forget(ids) => Ok(Changed { forgotten: columns::forget(conn, ids)?, ..Changed::default() }),
        Chore::Delete(ids) => {
            let number = tables::begin_deletion(conn, ids)?;
            Ok(Changed { deletion: Some((Arc::clone(ids), number)), ..Changed::default() })
        }
        Chore::EndDeletion(number) => {
            tables::end_deletion(conn, *number)?;
            Ok(Changed { deletion_ended: Some(*number), ..Changed::default() })
        }
        Chore::Annotate(ids, change) => tables::annotate(conn, ids, change).map(|()| Changed::default()),
        Chore::Words(segment, groups) => tables::write_words(conn, *segment, groups).map(|()| Changed::default()),
        Chore::WordsEnd(segment, width) => tables::end_words(conn, *segment, *width).map(|()| Changed::default()),
        Chore::Remember(name, value) => tables::remember(conn, name, value).map(|()| Changed::default()),
        Chore::Rejudge(rejudging) => tables::want_rejudged(conn, rejudging).map(|()| Changed::default()),
        Chore::TidyWords(segment) => space::tidy_words(conn, *segment).map(|()| Changed::default()),
        Chore::GiveBack(pages) => space::give_back(conn, *pages).map(|()| Changed::default()),
        Chore::Rewrite(_) | Chore::Import(_) | Chore::EndImport(_) => unreachable!("bug: the writer does these itself"),
    }
}
