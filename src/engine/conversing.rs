//! Conversing: reads what exchanges tell of a conversation, on a thread and a connection of its own.

use super::jobs::Shared;
use super::{Error, spawn};
use crate::conversation::{self, Key, Told};
use crate::messages::{Event, Reading};
use crate::protocol::verdict::Overall;
use crate::store::{self, Reader};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::Receiver as Queue;

/// How much of a body is read: far more than a message may have.
const BODY_BYTES: usize = 64 * 1024;

/// How many exchanges are read before a look at whether a newer question came.
const STEP: usize = 50;

/// What the thread is asked.
pub enum Question {
    /// To read this.
    Read(Reading),
    /// To forget what was read.
    Forget,
}

/// Answers questions, of several only the newest. Nothing is kept in memory while no conversation is read.
pub fn start(shared: &Shared, reader: Reader, questions: Queue<Question>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("conversation", move || {
        let mut known = Known::default();
        let mut question = questions.recv().ok();
        while let Some(wanted) = question {
            let newer = match &wanted {
                Question::Read(reading) => known.answer(&shared, &reader, reading, || questions.try_iter().last()),
                Question::Forget => {
                    known = Known::default();
                    Ok(None)
                }
            };
            let newer = newer.unwrap_or_else(|error| {
                shared.failed(error);
                None
            });
            question = newer.or_else(|| questions.recv().ok());
        }
    })?;
    Ok(())
}

/// What was read of the conversation that is being read.
#[derive(Default)]
struct Known {
    key: Option<Arc<Key>>,
    /// What each exchange tells; `None` where it does not belong here.
    told: BTreeMap<i64, Option<Told>>,
    /// What was told of last.
    ids: Arc<[i64]>,
}

impl Known {
    /// Tells the conversation, unless a newer question comes: then that is returned.
    fn answer(
        &mut self,
        shared: &Shared,
        reader: &Reader,
        Reading { key, ids, anew }: &Reading,
        mut newer: impl FnMut() -> Option<Question>,
    ) -> Result<Option<Question>, store::Error> {
        if *anew || self.key.as_ref() != Some(key) {
            *self = Self { key: Some(key.clone()), ..Self::default() };
        }
        self.told.retain(|id, told| ids.binary_search(id).is_ok() && told.as_ref().is_none_or(Told::is_final));
        let missing: Vec<i64> = ids.iter().copied().filter(|id| !self.told.contains_key(id)).collect();
        for some in missing.chunks(STEP) {
            let newer = newer();
            if newer.is_some() {
                return Ok(newer);
            }
            let read = reader.rows(some, BODY_BYTES)?;
            self.told.extend(read.iter().map(|stored| (stored.exchange.id, tell(shared, key, stored))));
        }
        if !missing.is_empty() || self.ids != *ids {
            self.ids = ids.clone();
            let told: Vec<&Told> = self.told.values().flatten().collect();
            let conversation = Arc::new(conversation::read(key, &told, &TimeZone::system()));
            (shared.tell)(Event::Conversation { key: key.clone(), conversation });
        }
        Ok(None)
    }
}

/// What an exchange tells. The beginning of a long body is no JSON; what was found of all of it stands.
fn tell(shared: &Shared, key: &Key, stored: &store::Stored) -> Option<Told> {
    let mut inspection = shared.inspect_early(stored);
    if stored.exchange.request.body.len() < stored.body_bytes || stored.overall == Overall::Bad {
        inspection.overall = stored.overall;
    }
    Told::of(key, &stored.exchange, stored.body_bytes, &inspection)
}
