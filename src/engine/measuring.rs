//! Measuring: what the history takes of the disk, and what a limit would have it forget, on a thread of its own.

use super::jobs::Shared;
use super::{Error, keeping, spawn};
use crate::messages::Event;
use crate::settings::Retention;
use crate::store::{self, Reader};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::mpsc::Receiver as Queue;

/// What the thread is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// What the parts take.
    Parts,
    /// No longer.
    Stop,
    /// How many exchanges these limits would have it forget.
    Beyond(Retention),
}

/// Answers questions, the newest of each kind.
pub fn start(shared: &Shared, reader: Reader, questions: Queue<Question>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("measurer", move || {
        let mut waiting = VecDeque::new();
        while let Some(question) = waiting.pop_front().or_else(|| questions.recv().ok()) {
            waiting.extend(questions.try_iter());
            let answered = match question {
                Question::Parts => measure(&shared, &reader, &questions, &mut waiting),
                Question::Stop => Ok(()),
                Question::Beyond(limit) if waiting.iter().any(|other| matches!(other, Question::Beyond(newer) if *newer != limit)) => {
                    Ok(())
                }
                Question::Beyond(limit) => keeping::count_beyond(&reader, &limit)
                    .map(|(count, is_about)| (shared.tell)(Event::WouldForget { retention: limit, count, is_about })),
            };
            if let Err(error) = answered {
                shared.failed(error);
            }
        }
    })?;
    Ok(())
}

fn measure(shared: &Shared, reader: &Reader, questions: &Queue<Question>, waiting: &mut VecDeque<Question>) -> Result<(), store::Error> {
    let measured = reader.parts(|done, of| {
        (shared.tell)(Event::Measuring { done, of });
        waiting.extend(questions.try_iter());
        let is_over = !shared.is_alive() || waiting.iter().any(|question| matches!(question, Question::Stop | Question::Parts));
        if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if let ControlFlow::Continue(parts) = measured {
        (shared.tell)(Event::Measured(parts));
    }
    Ok(())
}
