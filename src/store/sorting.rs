//! Sorting: what was found, in the order of a column.
//!
//! Every exchange gets a number by which it is ordered, so that a million are sorted as a million numbers. Texts get theirs
//! once all are known: there are mostly few that differ.

use super::search::{LOOK_STEP, Searcher};
use super::{Error, Reader};
use crate::column::{Column, Field, Sorting};
use crate::filter::{Entry, Filter};
use crate::protocol::number::{self, Number};
use crate::protocol::{json, response::ReadAs};
use crate::sorted::Sorted;
use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::ControlFlow;

/// The key of what has no value: it comes last, whichever way the list is sorted.
const MISSING: u64 = u64::MAX;

/// Is told how many exchanges are still to be looked at; says whether to go on.
type Tell<'a> = dyn FnMut(u64) -> ControlFlow<()> + 'a;

impl Searcher {
    /// Finds what matches and sorts it; `None` when `tell` said stop. Equal ones stand newest first.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn sort(&mut self, filter: &Filter, sorting: &Sorting, now_millis: i64, tell: &mut Tell<'_>) -> Result<Option<Sorted>, Error> {
        let reads_each = matches!(sorting.column, Column::Peer | Column::Field(_));
        let mut ids = Vec::new();
        let mut take = |found: Vec<i64>, left| {
            ids.extend(found);
            // Those that were found will be read once more.
            tell(left + if reads_each { ids.len() as u64 } else { 0 })
        };
        if self.find(filter, now_millis, &mut take)?.is_break() {
            return Ok(None);
        }
        let Some(keys) = self.keys(&ids, &sorting.column, tell)? else { return Ok(None) };
        Ok(Some(in_order(&ids, keys, sorting.descending)))
    }

    /// The keys of exchanges by a column, least first.
    fn keys(&self, ids: &[i64], column: &Column, tell: &mut Tell<'_>) -> Result<Option<Vec<u64>>, Error> {
        let numbers = |of: fn(&Entry<'_>) -> Option<i64>| self.by_entry(ids, |entry| of(entry).map_or(MISSING, key_of_number));
        let texts = |of: for<'e> fn(&Entry<'e>) -> Option<&'e str>| {
            let mut ranks = Ranks::default();
            let keys = self.by_entry(ids, |entry| ranks.take_text(of(entry)));
            ranks.ranked_texts(keys)
        };
        Ok(Some(match column {
            Column::Number => ids.iter().copied().map(key_of_number).collect(),
            Column::Received => numbers(|entry| Some(entry.received_at_millis)),
            Column::Took => numbers(|entry| entry.took_micros),
            Column::Status => numbers(|entry| entry.status.map(i64::from)),
            Column::Code => numbers(|entry| entry.code),
            Column::Size => numbers(|entry| Some(i64::try_from(entry.size_bytes).unwrap_or(i64::MAX))),
            Column::Skew => numbers(|entry| entry.skew_secs),
            Column::Callback => texts(|entry| entry.command),
            Column::Platform => texts(|entry| entry.platform),
            Column::App => texts(|entry| entry.app),
            Column::Product => texts(|entry| entry.product),
            Column::Method => texts(|entry| entry.method),
            Column::Path => texts(|entry| entry.path),
            Column::ReadAs => texts(|entry| entry.read_as),
            Column::Rule => texts(|entry| entry.rule),
            Column::Signature => texts(|entry| entry.signature),
            Column::Response => self.by_response(ids),
            Column::Peer => return self.by_reading(ids, tell, Reader::peer),
            Column::Field(field) => return self.by_reading(ids, tell, |reader, id| first_of_field(reader, id, field)),
        }))
    }

    fn by_entry(&self, ids: &[i64], mut key: impl FnMut(&Entry<'_>) -> u64) -> Vec<u64> {
        ids.iter().map(|id| self.entries.get(*id).map_or(MISSING, |entry| key(&entry))).collect()
    }

    /// By how the sender takes the response, the best first; then by status, code and fault.
    fn by_response(&self, ids: &[i64]) -> Vec<u64> {
        let mut ranks = Ranks::default();
        let keys = self.by_entry(ids, |entry| {
            let read_as = ReadAs::ALL.iter().position(|read_as| Some(read_as.word()) == entry.read_as);
            read_as.map_or(MISSING, |read_as| ranks.take((read_as, entry.status, entry.code, entry.fault.map(str::to_owned))))
        });
        ranks.ranked(keys, Ord::cmp)
    }

    /// By what stands in the file only: each exchange is read.
    fn by_reading(
        &self,
        ids: &[i64],
        tell: &mut Tell<'_>,
        read: impl Fn(&Reader, i64) -> Result<Option<String>, Error>,
    ) -> Result<Option<Vec<u64>>, Error> {
        let mut ranks = Ranks::default();
        let mut keys = Vec::with_capacity(ids.len());
        for (at, id) in ids.iter().enumerate() {
            if at % LOOK_STEP == 0 && tell((ids.len() - at) as u64).is_break() {
                return Ok(None);
            }
            keys.push(ranks.take_text(read(&self.reader, *id)?.as_deref()));
        }
        Ok(Some(ranks.ranked_texts(keys)))
    }
}

fn first_of_field(reader: &Reader, id: i64, field: &Field) -> Result<Option<String>, Error> {
    let first = reader.look(id, false, |content| field.first(content.body, &json::read(content.body)))?;
    Ok(first.flatten())
}

/// Puts ids in the order of their keys.
fn in_order(ids: &[i64], keys: Vec<u64>, descending: bool) -> Sorted {
    let turned = |key| if descending && key != MISSING { MISSING - 1 - key } else { key };
    let mut keyed: Vec<(u64, Reverse<i64>)> = keys.into_iter().map(turned).zip(ids.iter().copied().map(Reverse)).collect();
    keyed.sort_unstable();
    Sorted::new(keyed.into_iter().map(|(_, Reverse(id))| id).collect())
}

/// Negative numbers come before others.
fn key_of_number(number: i64) -> u64 {
    (number.cast_unsigned() ^ (1 << 63)).min(MISSING - 1)
}

/// Values that are ranked once all are known: until then each has a number of its own.
struct Ranks<T>(HashMap<T, u64>);

impl<T> Default for Ranks<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Hash + Eq> Ranks<T> {
    fn take(&mut self, value: T) -> u64 {
        let next = self.0.len() as u64;
        *self.0.entry(value).or_insert(next)
    }

    /// Puts ranks in the place of numbers.
    fn ranked(self, mut keys: Vec<u64>, mut compare: impl FnMut(&T, &T) -> Ordering) -> Vec<u64> {
        let mut values: Vec<(T, u64)> = self.0.into_iter().collect();
        values.sort_by(|(one, _), (other, _)| compare(one, other));
        let mut ranks = vec![MISSING; values.len()];
        for (rank, (_, number)) in (0..).zip(&values) {
            ranks[place(*number)] = rank;
        }
        for key in &mut keys {
            *key = ranks.get(place(*key)).copied().unwrap_or(MISSING);
        }
        keys
    }
}

/// A number as the place that it was made of.
fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Ranks<Box<str>> {
    fn take_text(&mut self, text: Option<&str>) -> u64 {
        let Some(text) = text else { return MISSING };
        match self.0.get(text) {
            Some(number) => *number,
            None => self.take(text.into()),
        }
    }

    fn ranked_texts(self, keys: Vec<u64>) -> Vec<u64> {
        // Read once: they are compared often.
        let weighed = Ranks(self.0.into_iter().map(|(text, number)| (Weighed::of(text), number)).collect());
        weighed.ranked(keys, Weighed::compare)
    }
}

/// A text, and the number that it is.
#[derive(PartialEq, Eq, Hash)]
struct Weighed {
    /// The bits of the number.
    number: Option<u64>,
    text: Box<str>,
}

impl Weighed {
    fn of(text: Box<str>) -> Self {
        // Zero has two signs, and one value.
        Self { number: number::value(&text).map(|value| (value + 0.0).to_bits()), text }
    }

    /// Numbers by their value, before all other texts; those in any case, then exactly.
    fn compare(&self, other: &Self) -> Ordering {
        match (self.number, other.number) {
            (Some(one), Some(two)) => {
                f64::from_bits(one).total_cmp(&f64::from_bits(two)).then_with(|| compare_digits(&self.text, &other.text))
            }
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => compare_texts(&self.text, &other.text),
        }
    }
}

/// Of numbers that are the same as floating-point numbers: whole ones by all their digits, before others.
fn compare_digits(one: &str, other: &str) -> Ordering {
    let whole = |text: &str| Number::read(text).filter(|number| number.digits().is_some());
    let by_value = match (whole(one), whole(other)) {
        (Some(_), Some(number)) => number.order_of(one).unwrap_or(Ordering::Equal),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    by_value.then_with(|| one.cmp(other))
}

fn compare_texts(one: &str, other: &str) -> Ordering {
    let by_letters = if one.is_ascii() && other.is_ascii() {
        one.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(other.bytes().map(|byte| byte.to_ascii_lowercase()))
    } else {
        one.chars().flat_map(char::to_lowercase).cmp(other.chars().flat_map(char::to_lowercase))
    };
    by_letters.then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[Option<&str>], descending: bool, expected: &[i64]) {
        let mut ranks = Ranks::default();
        let keys = texts.iter().map(|text| ranks.take_text(*text)).collect();
        let ids: Vec<i64> = (1..).take(texts.len()).collect();
        let sorted = in_order(&ids, ranks.ranked_texts(keys), descending);
        assert_eq!(sorted.ids(), expected, "{texts:?}");
    }

    #[test]
    fn numbers_come_first_by_value_and_texts_in_any_case_then_exactly() {
        check(&[Some("b"), Some("B"), Some("a"), Some("10"), Some("9"), Some("-1.5")], false, &[6, 5, 4, 3, 2, 1]);
        check(&[Some("É"), Some("é"), Some("e"), Some("红")], false, &[3, 1, 2, 4]);
        check(&[Some("144115233100450078"), Some("144115233100450077"), Some("144115233100450077.0")], false, &[2, 1, 3]);
        check(&[Some("007"), Some("7"), Some("7e0"), Some("-0"), Some("0")], false, &[4, 5, 1, 2, 3]);
        check(&[Some("inf"), Some("1e999"), Some("NaN")], false, &[2, 1, 3]);
    }

    #[test]
    fn equal_ones_stand_newest_first_and_missing_ones_last_either_way() {
        let texts = [Some("a"), None, Some("b"), Some("a"), None];
        check(&texts, false, &[4, 1, 3, 5, 2]);
        check(&texts, true, &[3, 4, 1, 5, 2]);
    }

    #[test]
    fn texts_have_one_order_whichever_are_compared() {
        let texts = [
            "",
            "a",
            "A",
            "á",
            "Á",
            "ß",
            "SS",
            "ss",
            "İ",
            "i",
            "红",
            "10",
            "1e1",
            "10.0",
            "010",
            "9007199254740993",
            "9007199254740992",
            "9007199254740992.0",
            "9007199254740993e0",
            "-0",
            "0",
            "0.0",
            "+5",
            "5",
            "-1",
            "1e400",
            "inf",
            "-",
        ];
        let weighed: Vec<Weighed> = texts.iter().map(|text| Weighed::of((*text).into())).collect();
        for (at, one) in weighed.iter().enumerate() {
            for (place, other) in weighed.iter().enumerate() {
                assert_eq!(one.compare(other), other.compare(one).reverse());
                assert_eq!(one.compare(other).is_eq(), at == place, "{} {}", one.text, other.text);
                for third in weighed.iter().filter(|third| one.compare(other).is_lt() && other.compare(third).is_lt()) {
                    assert!(one.compare(third).is_lt(), "{} {} {}", one.text, other.text, third.text);
                }
            }
        }
    }

    #[test]
    fn numbers_are_turned_into_keys_of_their_order() {
        let keys = [i64::MIN, -1, 0, 1, i64::MAX].map(key_of_number);
        assert!(keys.is_sorted() && keys.iter().all(|key| *key < MISSING), "{keys:?}");
    }
}
