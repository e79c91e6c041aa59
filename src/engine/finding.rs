//! Finding: the thread that passes a filter over the history, and tells what it finds as it goes.

use super::jobs::Shared;
use super::{Error, now_millis, spawn};
use crate::messages::{Event, Find};
use crate::store::{self, Newer, Reader, Searcher};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Queue, RecvTimeoutError};
use std::time::{Duration, Instant};

/// What the thread is asked.
#[derive(Debug)]
pub enum Question {
    /// To find this from now on, or nothing.
    Find(Option<Find>),
    /// What values there are.
    Seen,
    /// To look at what arrived or changed.
    Changed,
}

/// How long it waits between two segments that it reads ahead while nobody asks.
const AHEAD_PAUSE: Duration = Duration::from_millis(2);

/// How far a search is that is to be sorted is told at most this often, and not before.
const SORTING_PAUSE: Duration = Duration::from_millis(250);

/// Answers questions; only the newest search goes on.
pub fn start(shared: &Shared, reader: Reader, questions: Queue<Question>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("finder", move || {
        // Until somebody asks, nothing is kept in memory for it: without a window nobody does.
        let Some(first) = questions.iter().find(|question| !matches!(question, Question::Changed)) else { return };
        let searcher = match Searcher::new(reader) {
            Ok(searcher) => searcher,
            Err(error) => return shared.failed(error),
        };
        let mut finder = Finder { shared, searcher, questions, waiting: [first].into(), find: None, reads_ahead: false };
        while let Some(question) = finder.next() {
            if let Err(error) = finder.answer(question) {
                finder.fail(&error);
            }
        }
    })?;
    Ok(())
}

fn is_search(question: &Question) -> bool {
    matches!(question, Question::Find(_))
}

/// Takes in what was asked meanwhile, and says to go on unless that is another search.
fn unless_searched(waiting: &mut VecDeque<Question>, questions: &Queue<Question>) -> ControlFlow<()> {
    waiting.extend(questions.try_iter());
    if waiting.iter().any(is_search) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

struct Finder {
    shared: Shared,
    searcher: Searcher,
    questions: Queue<Question>,
    /// Questions that came while one was answered.
    waiting: VecDeque<Question>,
    /// What is looked for.
    find: Option<Find>,
    /// Whether the columns are read while nobody asks: once somebody has, or will.
    reads_ahead: bool,
}

impl Finder {
    /// The next question, or `None` at the end: of searches the newest. While there is none it reads ahead.
    fn next(&mut self) -> Option<Question> {
        loop {
            self.waiting.extend(self.questions.try_iter());
            if let Some(question) = self.waiting.pop_front() {
                if is_search(&question) && self.waiting.iter().any(is_search) {
                    continue;
                }
                return Some(question);
            }
            if !self.reads_ahead {
                return self.questions.recv().ok();
            }
            match self.questions.recv_timeout(AHEAD_PAUSE) {
                Ok(question) => return Some(question),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(error) = self.read_ahead() {
                        self.reads_ahead = false;
                        self.shared.failed(error);
                    }
                }
            }
        }
    }

    /// Reads the columns of some exchanges more, and tells what values they have: of the newest at once, and of all in the end.
    fn read_ahead(&mut self) -> Result<(), store::Error> {
        let is_first = !self.reads_ahead;
        self.reads_ahead = self.searcher.read_ahead()?;
        if is_first || !self.reads_ahead {
            (self.shared.tell)(Event::Seen(Arc::new(self.searcher.seen())));
        }
        Ok(())
    }

    /// A search that broke off finds nothing any more.
    fn fail(&mut self, error: &store::Error) {
        self.shared.failed(error);
        if let Some(Find { number, .. }) = self.find.take() {
            (self.shared.tell)(Event::FindFailed(number));
        }
    }

    fn answer(&mut self, question: Question) -> Result<(), store::Error> {
        match question {
            Question::Find(find) => {
                self.find = find;
                self.search()
            }
            Question::Seen => {
                // This too looks at what arrived or changed: a list that stands is to be told of it, since it is not looked at again.
                self.tell_newer()?;
                self.read_ahead()
            }
            Question::Changed => self.tell_newer(),
        }
    }

    fn search(&mut self) -> Result<(), store::Error> {
        match &self.find {
            None => Ok(()),
            Some(Find { order: None, .. }) => self.tell_as_found(),
            Some(Find { order: Some(_), .. }) => self.tell_sorted(),
        }
    }

    fn tell_as_found(&mut self) -> Result<(), store::Error> {
        let Self { shared, searcher, questions, waiting, find, .. } = self;
        let Some(Find { number, filter, .. }) = find else { return Ok(()) };
        let mut tell = |older, left| {
            (shared.tell)(Event::Found { number: *number, older, newer: Vec::new(), gone: Vec::new(), left });
            unless_searched(waiting, questions)
        };
        searcher.find(filter, now_millis(), &mut tell).map(drop)
    }

    fn tell_sorted(&mut self) -> Result<(), store::Error> {
        let Self { shared, searcher, questions, waiting, find, .. } = self;
        let Some(Find { number, filter, order: Some(sorting) }) = find else { return Ok(()) };
        let mut told = Instant::now();
        let mut tell = |left| {
            // What takes no longer needs no word.
            if told.elapsed() >= SORTING_PAUSE {
                told = Instant::now();
                (shared.tell)(Event::Sorting { number: *number, left });
            }
            unless_searched(waiting, questions)
        };
        if let Some(sorted) = searcher.sort(filter, sorting, now_millis(), &mut tell)? {
            (shared.tell)(Event::Sorted { number: *number, sorted });
        }
        Ok(())
    }

    fn tell_newer(&mut self) -> Result<(), store::Error> {
        self.waiting.retain(|question| !matches!(question, Question::Changed));
        let Some(Find { number, filter, .. }) = &self.find else { return self.searcher.refresh().map(drop) };
        let Newer { matching: newer, others: gone } = self.searcher.newer(filter, now_millis())?;
        if !newer.is_empty() || !gone.is_empty() {
            (self.shared.tell)(Event::Found { number: *number, older: Vec::new(), newer, gone, left: 0 });
        }
        Ok(())
    }
}
