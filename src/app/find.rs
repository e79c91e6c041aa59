//! Finding a text in the opened body: what is searched for, where it stands, and which match one is at.

use crate::messages::Effect;
use crate::needle::{Found, Needle};
use std::ops::Range;

/// Something about finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindAction {
    /// Open the field, or go back to it.
    Open,
    /// Close it.
    Close,
    /// The text was typed.
    Type(String),
    /// Tell upper and lower case apart, or no more.
    MatchCase(bool),
    /// Go to the next match.
    Next,
    /// Go to the one before.
    Previous,
}

/// A match within what is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its bytes in the body.
    pub bytes: Range<usize>,
    /// Whether it is the one that one is at.
    pub is_current: bool,
}

/// What is searched for, and what was found.
#[derive(Debug, Default)]
pub struct Find {
    open: bool,
    opened: u64,
    needle: Needle,
    /// What was found of the needle; `None` while that is not told.
    found: Option<Found>,
    at: usize,
    gone: u64,
}

impl Find {
    /// Whether the field is open.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// How often the field was asked for: it takes the keyboard each time.
    pub fn times_opened(&self) -> u64 {
        self.opened
    }

    /// What is searched for.
    pub fn needle(&self) -> &Needle {
        &self.needle
    }

    /// What was found; `None` while that is not told, or nothing is searched for.
    pub fn found(&self) -> Option<&Found> {
        self.found.as_ref().filter(|_| self.open && !self.needle.text.is_empty())
    }

    /// The match that one is at, counted from 0.
    pub fn at(&self) -> usize {
        self.at
    }

    /// How often one went to a match: it is brought into view each time.
    pub fn times_gone(&self) -> u64 {
        self.gone
    }

    /// The bytes of the match that one is at.
    pub fn current(&self) -> Option<Range<usize>> {
        self.found().and_then(|found| found.starts.get(self.at)).map(|start| self.bytes(*start))
    }

    /// The matches within these bytes of the body, also in part: the one place that says what is marked.
    pub fn marks(&self, shown: &Range<usize>) -> Vec<Mark> {
        let Some(found) = self.found() else { return Vec::new() };
        let first = found.starts.partition_point(|start| self.bytes(*start).end <= shown.start);
        let inside = found.starts[first..].iter().enumerate().take_while(|(_, start)| (**start as usize) < shown.end);
        inside.map(|(at, start)| Mark { bytes: self.bytes(*start), is_current: first + at == self.at }).collect()
    }

    /// Does what is meant, in the body of this exchange.
    pub fn apply(&mut self, action: FindAction, id: i64) -> Option<Effect> {
        match action {
            FindAction::Open => {
                self.opened += 1;
                if !std::mem::replace(&mut self.open, true) {
                    return self.ask(id);
                }
            }
            FindAction::Close => self.open = false,
            FindAction::Type(text) => {
                self.needle.text = text;
                return self.ask(id);
            }
            FindAction::MatchCase(match_case) => {
                self.needle.match_case = match_case;
                return self.ask(id);
            }
            FindAction::Next => self.go(1),
            FindAction::Previous => self.go(-1),
        }
        None
    }

    /// Another exchange is open: what was found is of the one before.
    pub fn follow(&mut self, id: i64) -> Option<Effect> {
        if self.open { self.ask(id) } else { None }
    }

    /// Takes what was found and goes to the first match; says whether it answers the question.
    pub fn take(&mut self, needle: &Needle, found: Found) -> bool {
        let is_answer = self.open && self.needle == *needle;
        if is_answer {
            self.found = Some(found);
            self.at = 0;
            self.gone += 1;
        }
        is_answer
    }

    fn ask(&mut self, id: i64) -> Option<Effect> {
        self.found = None;
        (!self.needle.text.is_empty()).then(|| Effect::FindInBody { id, needle: self.needle.clone() })
    }

    /// Goes on by one match, and from the last to the first.
    fn go(&mut self, step: isize) {
        let count = self.found().map_or(0, |found| found.starts.len());
        if count > 0 {
            let forward = if step > 0 { 1 } else { count - 1 };
            self.at = (self.at + forward) % count;
            self.gone += 1;
        }
    }

    fn bytes(&self, start: u32) -> Range<usize> {
        let start = start as usize;
        start..start + self.needle.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Find {
        let mut find = Find::default();
        find.apply(FindAction::Open, 1);
        find.apply(FindAction::Type(text.to_owned()), 1);
        find
    }

    fn needle(text: &str) -> Needle {
        Needle { text: text.to_owned(), match_case: false }
    }

    fn found(starts: &[u32]) -> Found {
        Found { starts: starts.to_vec(), more: false }
    }

    #[test]
    fn what_is_typed_is_asked_for_and_a_late_answer_dropped() {
        let mut find = Find::default();
        assert_eq!(find.apply(FindAction::Open, 1), None, "nothing is searched for yet");
        assert_eq!(find.apply(FindAction::Type("ab".into()), 1), Some(Effect::FindInBody { id: 1, needle: needle("ab") }));
        assert!(!find.take(&needle("a"), found(&[0])));
        assert_eq!(find.found(), None);
        assert!(find.take(&needle("ab"), found(&[4, 9])));
        assert_eq!((find.at(), find.current()), (0, Some(4..6)));
        assert_eq!(find.apply(FindAction::Type(String::new()), 1), None);
        assert_eq!(find.current(), None);
    }

    #[test]
    fn one_goes_round_through_the_matches() {
        let mut find = typed("ab");
        find.apply(FindAction::Next, 1);
        find.take(&needle("ab"), found(&[4, 9, 20]));
        let mut go = |action: FindAction| {
            find.apply(action, 1);
            find.at()
        };
        assert_eq!([FindAction::Next, FindAction::Next, FindAction::Next, FindAction::Previous].map(&mut go), [1, 2, 0, 2]);
    }

    #[test]
    fn what_is_shown_is_marked_also_in_part() {
        let mut find = typed("abc");
        find.take(&needle("abc"), found(&[0, 10, 20]));
        find.apply(FindAction::Next, 1);
        let marks = |shown: Range<usize>| find.marks(&shown).into_iter().map(|mark| (mark.bytes, mark.is_current)).collect::<Vec<_>>();
        assert_eq!(marks(2..11), [(0..3, false), (10..13, true)]);
        assert_eq!(marks(3..10), []);
    }

    #[test]
    fn a_closed_field_marks_nothing_and_asks_anew_when_it_opens() {
        let mut find = typed("abc");
        find.take(&needle("abc"), found(&[0]));
        find.apply(FindAction::Close, 1);
        assert_eq!((find.marks(&(0..9)), find.follow(2)), (Vec::new(), None));
        assert_eq!(find.apply(FindAction::Open, 2), Some(Effect::FindInBody { id: 2, needle: needle("abc") }));
        assert_eq!(find.apply(FindAction::Open, 2), None, "it is open already");
    }
}
