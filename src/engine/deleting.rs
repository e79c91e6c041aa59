//! Deleting: tells what a deletion leaves, lets it go when its time to be undone is over, and forgets what was let go.

use super::jobs::Shared;
use super::{Error, spawn};
use crate::ids::Ids;
use crate::messages::Event;
use crate::store::{self, Bin, Reader};
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Queue, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How long a deletion can be undone.
const UNDO: Duration = Duration::from_secs(30);

/// What happened.
pub enum Deletion {
    /// These are deleted.
    Deleted(Arc<Ids>),
    /// The last deletion was undone.
    Undone,
    /// Something was given up that was being imported.
    GivenUp,
}

/// Starts the thread. It also forgets what an earlier run left.
pub fn start(shared: &Shared, reader: Reader, bin: Bin, told: Queue<Deletion>) -> Result<(), Error> {
    let deleting = Deleting { shared: shared.clone(), reader, bin, undoable: None };
    spawn("deleter", move || deleting.run(&told))?;
    Ok(())
}

struct Deleting {
    shared: Shared,
    reader: Reader,
    bin: Bin,
    /// What can be undone, and until when.
    undoable: Option<(Arc<Ids>, Instant)>,
}

impl Deleting {
    fn run(mut self, told: &Queue<Deletion>) {
        // Of what an earlier run left.
        self.tell_counts();
        loop {
            match told.recv_timeout(self.patience()) {
                Ok(deletion) => {
                    match deletion {
                        Deletion::Deleted(ids) => self.undoable = Some((ids, Instant::now() + UNDO)),
                        Deletion::Undone => self.undoable = None,
                        Deletion::GivenUp => {}
                    }
                    self.tell_counts();
                }
                Err(RecvTimeoutError::Timeout) => self.let_go(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if !self.bin.forget_some() {
                return;
            }
        }
    }

    /// How long nothing is to be done.
    fn patience(&self) -> Duration {
        match &self.undoable {
            _ if self.bin.has_more() => Duration::ZERO,
            Some((_, until)) => until.saturating_duration_since(Instant::now()),
            None => Duration::MAX,
        }
    }

    /// Tells how many there are: all at once, and those of each kind a moment later.
    fn tell_counts(&self) {
        let told = self.tell().and_then(|()| {
            while self.bin.count(&self.reader)? {
                self.tell()?;
            }
            Ok(())
        });
        if let Err(error) = told {
            self.shared.failed(error);
        }
    }

    fn tell(&self) -> Result<(), store::Error> {
        (self.shared.tell)(Event::Counts { counts: self.reader.counts()?, size_bytes: self.reader.size_bytes() });
        Ok(())
    }

    fn let_go(&mut self) {
        if let Some((ids, _)) = self.undoable.take_if(|(_, until)| *until <= Instant::now())
            && self.bin.let_go(&ids)
        {
            (self.shared.tell)(Event::UndoOver(ids));
        }
    }
}
