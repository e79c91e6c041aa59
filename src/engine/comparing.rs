//! Comparing: an exchange with another one, or with what is documented, on a thread and a connection of its own.

use super::jobs::Shared;
use super::{Error, spawn};
use crate::compare::{Comparison, Side};
use crate::filter::Entry;
use crate::inspect::Inspection;
use crate::messages::{Compare, Event, Uncompared, With};
use crate::store::{self, Reader, Stored};
use std::sync::Arc;
use std::sync::mpsc::Receiver as Queue;

/// How many exchanges are passed over, going back, before a look at whether a newer question came.
const LOOKED_THROUGH: i64 = 16_384;

/// Answers questions, only the newest.
pub fn start(shared: &Shared, reader: Reader, questions: Queue<Compare>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("comparer", move || {
        let mut waiting = None;
        while let Some(question) = waiting.take().or_else(|| questions.recv().ok()) {
            let question = questions.try_iter().last().unwrap_or(question);
            let number = question.number;
            let compared = compare(&shared, &reader, &question, || {
                waiting = questions.try_iter().last();
                waiting.is_some()
            });
            let compared = match compared {
                Ok(compared) => compared,
                Err(error) => {
                    shared.failed(error);
                    Err(Uncompared::Unread)
                }
            };
            if waiting.is_none() {
                (shared.tell)(Event::Compared { number, compared });
            }
        }
    })?;
    Ok(())
}

fn compare(
    shared: &Shared,
    reader: &Reader,
    question: &Compare,
    is_over: impl FnMut() -> bool,
) -> Result<Result<Arc<Comparison>, Uncompared>, store::Error> {
    let Some(stored) = reader.get(question.id)? else { return Ok(Err(Uncompared::Gone)) };
    let inspection = shared.inspect(&stored);
    let left = match question.with {
        With::Sample(number) => {
            let reference = inspection.callback.reference;
            reference.and_then(|command| Side::sample(command, number)).ok_or(Uncompared::NoSample)
        }
        With::Exchange(id) => exchange(shared, reader, id)?.ok_or(Uncompared::Gone),
        With::Previous => match previous(reader, question.id, &inspection, is_over)? {
            Some(id) => exchange(shared, reader, id)?.ok_or(Uncompared::Gone),
            None => Err(Uncompared::NoPrevious),
        },
    };
    Ok(left.map(|left| Arc::new(Comparison::of(left, side(&stored, &inspection), &question.ignored))))
}

fn exchange(shared: &Shared, reader: &Reader, id: i64) -> Result<Option<Side>, store::Error> {
    Ok(reader.get(id)?.map(|stored| side(&stored, &shared.inspect(&stored))))
}

fn side(stored: &Stored, inspection: &Inspection) -> Side {
    let responded = stored.exchange.response.as_ref();
    let reading = responded.map(|responded| inspection.reading(responded.reached(), responded.whole_after_micros()));
    Side::of(&stored.exchange, inspection, reading.as_ref())
}

/// The exchange before this one of the same command, or of the same path where it names none.
fn previous(reader: &Reader, id: i64, inspection: &Inspection, mut is_over: impl FnMut() -> bool) -> Result<Option<i64>, store::Error> {
    let callback = &inspection.callback;
    let path = callback.path();
    let is_like = |entry: &Entry<'_>| entry.command == callback.command.as_deref() && (entry.command.is_some() || entry.path == path);
    let mut last = id - 1;
    while last > 0 && !is_over() {
        let first = (last - LOOKED_THROUGH).max(1);
        let found = reader.newest_like((first, last), is_like)?;
        if found.is_some() {
            return Ok(found);
        }
        last = first - 1;
    }
    Ok(None)
}
