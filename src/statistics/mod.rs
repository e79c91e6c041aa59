//! Statistics: what many exchanges tell together.
//!
//! [`Fold`] takes the index columns of one exchange after the other; what it holds stays small however many come. What the
//! columns do not tell, which is most verdicts and the fields that no document knows, is in the bytes: the fold says which
//! exchanges to look into, all of them or an even sample, and what is found in a sample is scaled up and called so.

mod commands;
mod histogram;
mod looking;
mod over_time;
mod sample;

mod json;
mod report;
mod table;

pub use json::json;
pub use report::{Bucket, CommandLine, CommandName, Estimate, FieldLine, Report, Spread, Times, VerdictLine};
pub use table::{csv, text, width};

use crate::filter::Entry;
use crate::inspect::Inspection;
use crate::protocol::response::ReadAs;
use crate::protocol::verdict::Overall;
use crate::wire::Request;
use commands::Commands;
use looking::Looking;
use over_time::OverTime;
use sample::{Key, Sample};
use std::collections::BTreeMap;

/// Seconds between signing and arrival beyond which a callback is stale, or from the future.
const FRESH_SECS: std::ops::RangeInclusive<i64> = -60..=60;

/// What was counted so far.
#[derive(Debug, Clone)]
pub struct Fold {
    count: u64,
    first_millis: i64,
    last_millis: i64,
    overall: [u64; Overall::ALL.len()],
    /// By [`ReadAs::ALL`]; the last for those without a response that could be read.
    read_as: [u64; ReadAs::ALL.len() + 1],
    /// Bad verdicts that the columns tell: name and state.
    verdicts: BTreeMap<(&'static str, &'static str), u64>,
    commands: Commands,
    over_time: OverTime,
    sample: Sample,
    looking: Looking,
}

/// An exchange to be looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToLookInto {
    /// Its number in the history.
    pub id: i64,
    key: Key,
}

impl Fold {
    /// One that has taken nothing. Days and hours begin where they do so far from UTC.
    pub fn new(offset_millis: i64) -> Self {
        Self {
            count: 0,
            first_millis: i64::MAX,
            last_millis: i64::MIN,
            overall: [0; Overall::ALL.len()],
            read_as: [0; ReadAs::ALL.len() + 1],
            verdicts: BTreeMap::new(),
            commands: Commands::default(),
            over_time: OverTime::new(offset_millis),
            sample: Sample::default(),
            looking: Looking::default(),
        }
    }

    /// How many exchanges it has taken.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Takes an exchange.
    pub fn add(&mut self, entry: &Entry<'_>) {
        self.count += 1;
        self.first_millis = self.first_millis.min(entry.received_at_millis);
        self.last_millis = self.last_millis.max(entry.received_at_millis);
        let overall = Overall::ALL.iter().position(|one| *one == entry.overall).expect("bug: ALL has all of them");
        self.overall[overall] += 1;
        let read_as = ReadAs::ALL.iter().position(|one| Some(one.word()) == entry.read_as);
        self.read_as[read_as.unwrap_or(ReadAs::ALL.len())] += 1;
        for verdict in bad_verdicts(entry) {
            *self.verdicts.entry(verdict).or_default() += 1;
        }
        let command = self.commands.add(entry);
        self.sample.pass((command, overall), entry.id, entry.size_bytes);

        let bucket = self.over_time.at(entry.received_at_millis);
        bucket.count += 1;
        bucket.bad += u64::from(entry.overall == Overall::Bad);
        if let Some(micros) = entry.took_micros {
            bucket.took_micros.add(micros);
        }
        if let Some(secs) = entry.skew_secs {
            bucket.skew_secs.add(secs);
        }
    }

    /// The exchanges to look into, ascending.
    pub fn to_look_into(&self) -> Vec<ToLookInto> {
        self.sample.taken().into_iter().map(|(id, key)| ToLookInto { id, key }).collect()
    }

    /// Takes what an exchange is. One that is gone meanwhile is left out.
    pub fn look_into(&mut self, one: ToLookInto, request: &Request, inspection: &Inspection) {
        self.looking.look_into(one.key, request, inspection);
    }

    /// All of it as numbers.
    pub fn report(&self) -> Report {
        report::report(self)
    }
}

/// The bad verdicts that the columns tell by themselves.
fn bad_verdicts(entry: &Entry<'_>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let signature = ["invalid", "malformed"].into_iter().find(|state| entry.signature == Some(*state));
    let timestamp = entry.skew_secs.filter(|secs| !FRESH_SECS.contains(secs)).map(|secs| if secs > 0 { "stale" } else { "future" });
    let method = (entry.method != Some("POST")).then_some("other");
    let verdicts = [("signature", signature), ("timestamp", timestamp), ("method", method)];
    // What is no callback is judged no further.
    let is_callback = entry.overall != Overall::NotCallback;
    verdicts.into_iter().filter_map(move |(name, state)| Some((name, state.filter(|_| is_callback)?)))
}

/// What [`bad_verdicts`] tells of, if any has it: no sample is needed for these.
fn is_told_by_columns(name: &str, state: &str) -> bool {
    matches!((name, state), ("signature", "invalid" | "malformed") | ("timestamp", "stale" | "future") | ("method", "other"))
}
