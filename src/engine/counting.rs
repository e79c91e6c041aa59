//! Counting: the thread that counts what the statistics show, and counts again as things come.

use super::jobs::Shared;
use super::{Error, now_millis, spawn};
use crate::filter::Filter;
use crate::ids::Ids;
use crate::inspect::Inspection;
use crate::messages::{Count, CountProgress, Event};
use crate::statistics::Fold;
use crate::store::{self, Reader, Stored};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Queue, RecvTimeoutError};
use std::time::{Duration, Instant};

/// What the thread is asked.
#[derive(Debug)]
pub enum Question {
    /// To count this from now on, or nothing.
    Count(Option<Count>),
    /// To look whether what arrived or changed is to be counted.
    Changed,
}

/// It is counted again at most this often,
const PAUSE: Duration = Duration::from_secs(1);
/// and after so many times as long as it took: a history of a million is not counted all the time.
const REST: u32 = 10;
/// How far it is is told at most this often, and not before.
const TELL_PAUSE: Duration = Duration::from_millis(150);

/// Answers questions; only the newest is counted for.
pub fn start(shared: &Shared, reader: Reader, questions: Queue<Question>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("counter", move || {
        let mut counter = Counter { shared, reader, questions, waiting: VecDeque::new(), count: None, due: None };
        while let Some(question) = counter.next() {
            counter.answer(question);
        }
    })?;
    Ok(())
}

struct Counter {
    shared: Shared,
    reader: Reader,
    questions: Queue<Question>,
    /// Questions that came while something was counted.
    waiting: VecDeque<Question>,
    /// What is counted.
    count: Option<Count>,
    /// From when on it may be counted again.
    due: Option<Instant>,
}

impl Counter {
    /// The next question, or `None` at the end.
    fn next(&mut self) -> Option<Question> {
        self.waiting.pop_front().or_else(|| self.questions.recv().ok())
    }

    fn answer(&mut self, question: Question) {
        match question {
            Question::Count(count) => {
                self.count = count;
                self.run(true);
            }
            Question::Changed if self.count.is_some() => {
                self.rest();
                if !self.is_superseded() {
                    self.run(false);
                }
            }
            Question::Changed => {}
        }
    }

    /// Waits until it may be counted again, unless something else is to be counted.
    fn rest(&mut self) {
        loop {
            let wait = self.due.map_or(Duration::ZERO, |due| due.saturating_duration_since(Instant::now()));
            if wait.is_zero() {
                // One counting is for all that came until it.
                self.waiting.retain(|question| !matches!(question, Question::Changed));
                return;
            }
            match self.questions.recv_timeout(wait) {
                Ok(Question::Changed) | Err(RecvTimeoutError::Timeout) => {}
                Ok(question @ Question::Count(_)) => return self.waiting.push_back(question),
                // At the end nothing is counted any more.
                Err(RecvTimeoutError::Disconnected) => return self.count = None,
            }
        }
    }

    fn is_superseded(&self) -> bool {
        self.count.is_none() || self.waiting.iter().any(|question| matches!(question, Question::Count(_)))
    }

    fn run(&mut self, is_first: bool) {
        let Some(count) = self.count.clone() else { return };
        let began = Instant::now();
        if let Err(error) = self.count(&count, is_first) {
            self.shared.failed(error);
            self.count = None;
            (self.shared.tell)(Event::CountFailed(count.number));
        }
        self.due = Some(Instant::now() + PAUSE.max(began.elapsed() * REST));
    }

    /// Counts, and tells. For the first time it tells what the columns say before it reads bodies.
    fn count(&mut self, count: &Count, is_first: bool) -> Result<(), store::Error> {
        let Self { shared, reader, questions, waiting, .. } = self;
        let mut told = Instant::now();
        let mut tell = |progress| {
            if is_first && told.elapsed() >= TELL_PAUSE {
                told = Instant::now();
                (shared.tell)(Event::Counting { number: count.number, progress });
            }
            waiting.extend(questions.try_iter());
            let is_over = !shared.is_alive() || waiting.iter().any(|question| matches!(question, Question::Count(_)));
            if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut fold = Fold::new(offset_millis(now_millis()));
        if pass_by(reader, (&count.filter, count.among.as_deref()), &mut fold, &mut tell)?.is_break() {
            return Ok(());
        }
        let tell_report = |fold: &Fold, is_done: bool| {
            (shared.tell)(Event::Counted { number: count.number, report: Arc::new(fold.report()), is_done });
        };
        if is_first {
            tell_report(&fold, false);
        }
        if look_into(reader, &mut fold, |stored| shared.inspect(stored), &mut tell)?.is_continue() {
            tell_report(&fold, true);
        }
        Ok(())
    }
}

/// Takes in the columns of all that match; of these ids, where there are any.
///
/// # Errors
/// When the history cannot be read.
pub fn pass_by(
    reader: &Reader,
    what: (&Filter, Option<&Ids>),
    fold: &mut Fold,
    tell: &mut dyn FnMut(CountProgress) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, store::Error> {
    let of = what.1.map_or(reader.counts()?.received, Ids::len);
    let mut done = 0;
    reader.pass_by(what, now_millis(), &mut |entry| fold.add(entry), &mut |passed| {
        done += passed;
        tell(CountProgress::Columns { done: done.min(of), of })
    })
}

/// Looks into those exchanges that the fold asks for.
///
/// # Errors
/// When the history cannot be read.
pub fn look_into(
    reader: &Reader,
    fold: &mut Fold,
    inspect: impl Fn(&Stored) -> Inspection,
    tell: &mut dyn FnMut(CountProgress) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, store::Error> {
    let asked = fold.to_look_into();
    for (done, one) in asked.iter().enumerate() {
        if let Some(stored) = reader.get(one.id)? {
            fold.look_into(*one, &stored.exchange.request, &inspect(&stored));
        }
        if tell(CountProgress::Bodies { done: done as u64 + 1, of: asked.len() as u64 }).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// How far local time is from UTC now.
pub fn offset_millis(now_millis: i64) -> i64 {
    let now = Timestamp::from_millisecond(now_millis).unwrap_or_default();
    i64::from(TimeZone::system().to_offset(now).seconds()) * 1000
}
