//! Search: passes a filter over the history, newest first, and tells what it finds on the way.
//!
//! The columns are in memory once they were read ([`Entries`]); they decide most questions. Where they don't, the index of
//! words ([`words`]) leaves out what cannot match, and the bytes of the rest are looked at.

use super::entries::Entries;
use super::live::Changes;
use super::words::{self, Columns, SEGMENT, first_of, segment_of};
use super::{Error, Reader};
use crate::filter::{Answer, Entry, Filter, Needles, Seen};
use crate::ids::Ids;
use crate::protocol::catalogue;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// What was found is told at most this often, the first time apart.
const TELL_PAUSE: Duration = Duration::from_millis(30);
/// How many are told at once when they are found first: a screen.
const FIRST: usize = 60;
/// How many exchanges are looked into between two looks at whether to stop.
pub(super) const LOOK_STEP: usize = 64;
/// How many values of each column are offered for completing a filter.
const MOST_VALUES: usize = 200;

/// Searches the history, and knows its columns from one search to the next. For one thread of its own.
#[derive(Debug)]
pub struct Searcher {
    pub(super) reader: Reader,
    pub(super) entries: Entries,
    /// The columns of this exchange and all before it are known, down to `lowest`.
    newest: i64,
    /// From which exchange on the columns are known.
    lowest: i64,
    /// The oldest exchange that there is, or was.
    oldest: i64,
}

/// What is known of exchanges since the last question, in no order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Newer {
    /// They arrived or changed, and match.
    pub matching: Vec<i64>,
    /// They changed, and do not match.
    pub others: Vec<i64>,
}

/// What is told of a search: ids that were found, newest first, and how many exchanges are left.
type Tell<'a> = dyn FnMut(Vec<i64>, u64) -> ControlFlow<()> + 'a;

impl Searcher {
    /// One that knows nothing so far.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn new(reader: Reader) -> Result<Self, Error> {
        reader.track_changes();
        let (newest, oldest) = (reader.newest()?, reader.oldest()?);
        Ok(Self { reader, entries: Entries::default(), newest, lowest: newest + 1, oldest })
    }

    /// Finds what matches, newest first, until `tell` says stop. It is told at least once, in the end with nothing left.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn find(&mut self, filter: &Filter, now_millis: i64, tell: &mut Tell<'_>) -> Result<ControlFlow<()>, Error> {
        self.refresh()?;
        let needles = if filter.needs_content() { filter.needles() } else { Needles::Any };
        let mut left = self.reader.counts()?.received;
        let mut found = Vec::new();
        let (began, mut told) = (Instant::now(), None::<Instant>);
        for segment in (segment_of(self.oldest)..=segment_of(self.newest)).rev() {
            self.load_down_to(first_of(segment))?;
            let mut stops = false;
            let passed = self.pass(segment, filter, &needles, now_millis, &mut |id| {
                found.extend(id);
                // What is found first is told at once.
                let is_due = (told.is_none() && found.len() >= FIRST) || told.unwrap_or(began).elapsed() >= TELL_PAUSE;
                if is_due {
                    told = Some(Instant::now());
                    stops = tell(std::mem::take(&mut found), left).is_break();
                }
                if stops { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            if stops {
                return Ok(ControlFlow::Break(()));
            }
            left = left.saturating_sub(passed);
        }
        Ok(tell(found, 0))
    }

    /// What became so, or no more so, among those that arrived or changed since the last question: what became of a response is
    /// known only after it arrived, and what the user says may change at any time.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn newer(&mut self, filter: &Filter, now_millis: i64) -> Result<Newer, Error> {
        let before = self.newest;
        let changed = self.refresh()?;
        let hidden = self.reader.hidden();
        let arrived = (segment_of(before + 1)..=segment_of(self.newest)).flat_map(|segment| self.entries.of(segment));
        let entries = changed.iter().filter_map(|id| self.entries.get(id)).chain(arrived.filter(|entry| entry.id > before));
        let mut newer = Newer::default();
        for entry in entries.filter(|entry| !hidden.contains(entry.id)) {
            let matches = match filter.of_entry(&entry, now_millis) {
                Answer::Yes => true,
                Answer::No => false,
                Answer::Unknown => looks_so(&self.reader, &entry, filter, now_millis)?,
            };
            if matches {
                newer.matching.push(entry.id);
            } else if entry.id <= before {
                newer.others.push(entry.id);
            }
        }
        Ok(newer)
    }

    /// Reads the columns of one segment more that is not known yet. Returns whether there are more.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn read_ahead(&mut self) -> Result<bool, Error> {
        if self.lowest > self.oldest {
            self.load_down_to(first_of(segment_of(self.lowest - 1)))?;
        }
        Ok(self.lowest > self.oldest)
    }

    /// What values the columns that are known have, and the documented fields of the commands among them.
    pub fn seen(&self) -> Seen {
        let mut counts: BTreeMap<&'static str, BTreeMap<String, u64>> = BTreeMap::new();
        self.entries.visit_kinds(|entry, count| {
            let columns = [
                ("command", entry.command),
                ("app", entry.app),
                ("product", entry.product),
                ("platform", entry.platform),
                ("method", entry.method),
                ("path", entry.path),
                ("rule", entry.rule),
                ("fault", entry.fault),
                ("mark", entry.mark),
            ];
            for (key, value) in columns.into_iter().filter_map(|(key, value)| Some((key, value?))) {
                *counts.entry(key).or_default().entry(value.to_owned()).or_default() += count;
            }
        });
        let most = |values: BTreeMap<String, u64>| {
            let mut values: Vec<(String, u64)> = values.into_iter().collect();
            values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            values.truncate(MOST_VALUES);
            values
        };
        let fields = most(documented_fields(counts.get("command").into_iter().flatten()));
        Seen { values: counts.into_iter().map(|(key, values)| (key, most(values))).collect(), fields }
    }

    /// Takes in what arrived and changed. Returns what changed of those whose columns were known.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn refresh(&mut self) -> Result<Ids, Error> {
        let Changes { changed, gone } = self.reader.take_changes();
        let newest = self.reader.newest()?;
        let known = self.lowest..=self.newest;
        let changed: Ids = changed.into_iter().filter(|id| known.contains(id)).collect();
        for (first, last) in changed.ranges() {
            self.load_up_to(*first, *last)?;
        }
        for id in gone {
            self.entries.remove(id);
        }
        self.load_up_to(self.newest + 1, newest)?;
        self.newest = newest;
        Ok(changed)
    }

    /// Reads the columns of a range, by segments, so that no reader holds the log for long.
    fn load_up_to(&mut self, mut first: i64, last: i64) -> Result<(), Error> {
        while first <= last {
            let end = last.min(first + SEGMENT - 1);
            self.load(first, end)?;
            first = end + 1;
        }
        Ok(())
    }

    fn load_down_to(&mut self, first: i64) -> Result<(), Error> {
        while self.lowest > first.max(self.oldest) {
            let lower = first_of(segment_of(self.lowest - 1)).max(first).min(self.lowest - 1);
            self.load(lower, self.lowest - 1)?;
            self.lowest = lower;
        }
        Ok(())
    }

    fn load(&mut self, first: i64, last: i64) -> Result<(), Error> {
        let Self { reader, entries, .. } = self;
        reader.entries((first, last), |entry| entries.put(entry))
    }

    /// Passes over a segment, newest first; tells each that matches, and nothing now and then, until told to stop. Returns how
    /// many there are.
    fn pass(
        &self,
        segment: i64,
        filter: &Filter,
        needles: &Needles,
        now_millis: i64,
        tell: &mut dyn FnMut(Option<i64>) -> ControlFlow<()>,
    ) -> Result<u64, Error> {
        let mut sieve = Sieve::new(&self.reader, (filter, needles), now_millis, segment);
        let mut passed = 0;
        let hidden = self.reader.hidden();
        for (at, entry) in self.entries.of(segment).rev().filter(|entry| !hidden.contains(entry.id)).enumerate() {
            passed += 1;
            let matches = sieve.lets_through(&entry)?;
            if (matches || at % LOOK_STEP == 0) && tell(matches.then_some(entry.id)).is_break() {
                break;
            }
        }
        Ok(passed)
    }
}

/// What of a segment matches a filter.
pub(super) struct Sieve<'a> {
    reader: &'a Reader,
    filter: &'a Filter,
    needles: &'a Needles,
    now_millis: i64,
    segment: i64,
    /// Which exchanges may match, once the columns left one open.
    may_have: Option<Columns>,
}

impl<'a> Sieve<'a> {
    pub fn new(reader: &'a Reader, (filter, needles): (&'a Filter, &'a Needles), now_millis: i64, segment: i64) -> Self {
        Self { reader, filter, needles, now_millis, segment, may_have: None }
    }

    /// Whether an exchange of the segment matches.
    pub fn lets_through(&mut self, entry: &Entry<'_>) -> Result<bool, Error> {
        match self.filter.of_entry(entry, self.now_millis) {
            Answer::Yes => Ok(true),
            Answer::No => Ok(false),
            Answer::Unknown => {
                let columns = match &mut self.may_have {
                    Some(columns) => columns,
                    empty => empty.insert(may_have(self.reader, self.segment, self.needles)?),
                };
                // What was noted is not in the index of words.
                Ok((entry.has_note || columns.has(entry.id)) && looks_so(self.reader, entry, self.filter, self.now_millis)?)
            }
        }
    }
}

fn looks_so(reader: &Reader, entry: &Entry<'_>, filter: &Filter, now_millis: i64) -> Result<bool, Error> {
    let looked = reader.look(entry.id, entry.has_note, |content| filter.matches(entry, content, now_millis))?;
    Ok(looked.unwrap_or(false))
}

/// Which exchanges of a segment may match; all of one whose words are not indexed yet.
fn may_have(reader: &Reader, segment: i64, needles: &Needles) -> Result<Columns, Error> {
    match reader.words_width(segment)? {
        Some(width) => words::may_have(needles, width, &mut |group| reader.words_group(segment, group)),
        None => Ok(Columns::all()),
    }
}

/// The fields that the documents know of these commands, with how many exchanges have such a command.
fn documented_fields<'a>(commands: impl Iterator<Item = (&'a String, &'a u64)>) -> BTreeMap<String, u64> {
    let mut fields = BTreeMap::new();
    for (name, count) in commands {
        for field in catalogue::get().named(name).flat_map(|command| &command.fields) {
            *fields.entry(field.path.clone()).or_default() += count;
        }
    }
    fields
}
