//! Deletion: exchanges vanish at once, may come back for a while, and are forgotten behind whatever arrives.

use super::chores::Chore;
use super::hidden::Deletions;
use super::live::Live;
use super::{Error, Reader, Writer};
use crate::ids::Ids;
use std::sync::Arc;

/// How many exchanges are forgotten in one transaction.
const AT_ONCE: usize = 256;

/// Where exchanges are deleted.
///
/// What is deleted is seen and counted by no reader from that moment on, and the last deletion can be undone. It is noted
/// in the file when it no longer can: with the next one, when it is let go, or with the end of the store.
#[derive(Debug, Clone)]
pub struct Bin {
    writer: Writer,
    live: Arc<Live>,
}

impl Bin {
    pub(super) fn new(writer: Writer, live: Arc<Live>) -> Self {
        Self { writer, live }
    }

    /// Deletes exchanges, which must be there. What was deleted before can be undone no more.
    pub fn delete(&self, ids: Arc<Ids>) {
        if !ids.is_empty() {
            self.live.deletions(|deletions| deletions.add(ids));
        }
    }

    /// Undoes the last deletion, where that is still possible, and returns what is there again.
    pub fn undo(&self) -> Option<Arc<Ids>> {
        self.live.deletions(Deletions::undo)
    }

    /// Lets a deletion go: it can be undone no more. Returns whether it could until now.
    pub fn let_go(&self, ids: &Arc<Ids>) -> bool {
        self.live.deletions(|deletions| deletions.let_go(ids))
    }

    /// Counts what was deleted by its kinds, where that was not done yet. Returns whether there was anything to count.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn count(&self, reader: &Reader) -> Result<bool, Error> {
        let Some(ids) = self.live.deletions(|deletions| deletions.uncounted()) else { return Ok(false) };
        let counts = reader.count_of(&ids)?;
        self.live.deletions(|deletions| deletions.counted(&ids, counts));
        Ok(true)
    }

    /// Whether something is to be forgotten.
    pub fn has_more(&self) -> bool {
        self.live.deletions(|deletions| deletions.next().is_some())
    }

    /// Forgets some of what was deleted and can't be undone, and waits for that. Returns whether the store is still open.
    pub fn forget_some(&self) -> bool {
        let Some(deletion) = self.live.deletions(|deletions| deletions.next()) else { return true };
        let Some(number) = deletion.number else {
            return self.writer.chore(Chore::Delete(deletion.ids)).blocking_recv().is_ok();
        };
        let ids: Vec<i64> = deletion.ids.after(deletion.forgotten).take(AT_ONCE).collect();
        let Some(last) = ids.last().copied() else {
            return self.writer.chore(Chore::EndDeletion(number)).blocking_recv().is_ok();
        };
        self.live.deletions(|deletions| deletions.forgot(&deletion.ids, last));
        self.writer.forget(ids).blocking_recv().is_ok()
    }
}
