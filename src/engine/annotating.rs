//! Annotating: keeps what the user says of exchanges, one after the other, behind whatever arrives.

use super::jobs::Shared;
use super::{Error, spawn};
use crate::annotation::Change;
use crate::ids::Ids;
use crate::messages::Event;
use crate::store::Writer;
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Queue, sync_channel};

/// How many exchanges are written in one transaction.
const AT_ONCE: usize = 256;

/// What the user says of exchanges.
pub struct Saying {
    /// The exchanges.
    pub ids: Arc<Ids>,
    /// What is said.
    pub change: Change,
}

/// Starts the thread. What is returned ends once nobody says anything any more, and all of it is kept.
pub fn start(shared: &Shared, writer: Writer, sayings: Queue<Saying>) -> Result<Queue<()>, Error> {
    let shared = shared.clone();
    let (going_on, end) = sync_channel(1);
    spawn("annotator", move || {
        for saying in sayings {
            if !keep(&writer, &saying) {
                break;
            }
            (shared.tell)(Event::Annotated);
        }
        drop(going_on);
    })?;
    Ok(end)
}

/// Returns whether the history is still open.
fn keep(writer: &Writer, Saying { ids, change }: &Saying) -> bool {
    let mut kept = 0;
    loop {
        let some: Vec<i64> = ids.after(kept).take(AT_ONCE).collect();
        let Some(last) = some.last().copied() else { return true };
        if writer.annotate(some, change.clone()).blocking_recv().is_err() {
            return false;
        }
        kept = last;
    }
}
