//! Passing by: every exchange that matches comes by once, with its columns, the oldest first. Nothing is kept in memory of it,
//! unlike for a search, which comes again and again.

use super::entries::Entries;
use super::search::Sieve;
use super::words::{first_of, segment_of};
use super::{Error, Reader};
use crate::filter::{Entry, Filter, Needles};
use crate::ids::Ids;
use std::ops::ControlFlow;

/// How many exchanges lie between two looks at whether to stop.
const STEP: u64 = 512;

impl Reader {
    /// Has the entry of every exchange that matches come by; of these ids, where there are any. After every few `tell` is told
    /// how many were passed over since the last time, and says whether to go on.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn pass_by(
        &self,
        (filter, among): (&Filter, Option<&Ids>),
        now_millis: i64,
        visit: &mut dyn FnMut(&Entry<'_>),
        tell: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        let needles = if filter.needs_content() { filter.needles() } else { Needles::Any };
        let all = [(self.oldest()?, self.newest()?)];
        let mut entries = Entries::default();
        for (first, last) in among.map_or(all.as_slice(), Ids::ranges) {
            let mut from = *first;
            while from <= *last {
                let segment = segment_of(from);
                // By segments, so that no reader holds the log for long.
                let to = (*last).min(first_of(segment + 1) - 1);
                self.entries((from, to), |entry| entries.put(entry))?;
                let hidden = self.hidden();
                let mut sieve = Sieve::new(self, (filter, &needles), now_millis, segment);
                let mut passed = 0;
                for entry in entries.of(segment).filter(|entry| !hidden.contains(entry.id)) {
                    if sieve.lets_through(&entry)? {
                        visit(&entry);
                    }
                    passed += 1;
                    if passed == STEP && tell(std::mem::take(&mut passed)).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                entries.forget_segment(segment);
                if tell(passed).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                from = to + 1;
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
