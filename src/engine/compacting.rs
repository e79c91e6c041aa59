//! Compacting: free room of the history goes back to the disk, behind whatever arrives.

use super::jobs::Shared;
use super::{Error, spawn};
use crate::messages::{Compact, Event};
use crate::store::{self, Reader, Rewriting, Writer};
use std::sync::mpsc::Receiver as Queue;

/// How much is given back in one transaction, in bytes: so that nobody waits for long.
const AT_ONCE: u64 = 256 * 1024;

/// What is to be done, and how it is stopped.
pub struct Wanted {
    pub how: Compact,
    pub rewriting: Rewriting,
}

/// Compacts whenever that is wanted.
pub fn start(shared: &Shared, reader: Reader, writer: Writer, wanted: Queue<Wanted>) -> Result<(), Error> {
    let work = Work { shared: shared.clone(), reader, writer };
    spawn("compacter", move || {
        for wanted in wanted {
            (work.shared.tell)(match work.compact(&wanted) {
                Ok(freed_bytes) => Event::Compacted { freed_bytes, stopped: wanted.rewriting.is_stopped() },
                Err(reason) => Event::CompactFailed(reason),
            });
        }
    })?;
    Ok(())
}

struct Work {
    shared: Shared,
    reader: Reader,
    writer: Writer,
}

impl Work {
    /// Returns how many bytes the file is shorter by.
    fn compact(&self, Wanted { how, rewriting }: &Wanted) -> Result<u64, String> {
        let in_words = |error: store::Error| error.to_string();
        let before = self.reader.pages().map_err(in_words)?;
        let bytes_before = before.all * before.bytes_each;
        self.tidy_words(rewriting).map_err(in_words)?;
        match how {
            Compact::GiveBack => self.give_back(rewriting).map_err(in_words)?,
            Compact::Rewrite => {
                // An error means that the store was closed.
                self.writer.rewrite(rewriting).blocking_recv().ok();
                if let Some(reason) = rewriting.failure() {
                    return Err(format!("the file could not be written anew and is as it was ({reason}); free some room and try again"));
                }
            }
        }
        let after = self.reader.pages().map_err(in_words)?;
        Ok(bytes_before.saturating_sub(after.all * after.bytes_each))
    }

    fn goes_on(&self, rewriting: &Rewriting) -> bool {
        self.shared.is_alive() && !rewriting.is_stopped()
    }

    /// First what the index of words has of nothing: its room is free then too.
    fn tidy_words(&self, rewriting: &Rewriting) -> Result<(), store::Error> {
        for segment in self.reader.indexed_segments()? {
            if !self.goes_on(rewriting) || self.writer.tidy_words(segment).blocking_recv().is_err() {
                break;
            }
        }
        Ok(())
    }

    fn give_back(&self, rewriting: &Rewriting) -> Result<(), store::Error> {
        let mut most = 0;
        while self.goes_on(rewriting) {
            let pages = self.reader.pages()?;
            let left_bytes = pages.free * pages.bytes_each;
            // More may become free meanwhile.
            most = left_bytes.max(most);
            (self.shared.tell)(Event::Compacting { left_bytes, of_bytes: most });
            let step = u32::try_from(AT_ONCE / pages.bytes_each).unwrap_or(1).max(1);
            if !pages.gives_back || pages.free == 0 || self.writer.give_back(step).blocking_recv().is_err() {
                break;
            }
        }
        Ok(())
    }
}
