//! Entries: the columns of all exchanges in memory, so that a filter passes over a million in a moment.
//!
//! An exchange takes 32 bytes. What many have in common, such as command, platform and verdict, is kept once for all
//! of them: there are few combinations.

use super::words::segment_of;
use crate::filter::Entry;
use crate::protocol::verdict::Overall;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, RandomState};

/// No number. None that is real comes near: an hour has 3,600 million microseconds, and a longer one counts as this less one.
const NO_MICROS: u32 = u32::MAX;
const NO_SECS: i32 = i32::MIN;

/// What is kept of one exchange.
#[derive(Debug, Clone, Copy)]
struct Kept {
    id: i64,
    received_at_millis: i64,
    kind: u32,
    size_bytes: u32,
    took_micros: u32,
    skew_secs: i32,
}

/// What many exchanges have in common.
#[derive(Debug)]
struct Kind {
    method: Option<Box<str>>,
    path: Option<Box<str>>,
    command: Option<Box<str>>,
    product: Option<Box<str>>,
    app: Option<Box<str>>,
    platform: Option<Box<str>>,
    overall: Overall,
    signature: Option<Box<str>>,
    status: Option<u16>,
    code: Option<i64>,
    read_as: Option<Box<str>>,
    rule: Option<Box<str>>,
    fault: Option<Box<str>>,
    pinned: bool,
    mark: Option<Box<str>>,
    has_note: bool,
}

impl Kind {
    fn of(entry: &Entry<'_>) -> Self {
        let owned = |text: Option<&str>| text.map(Box::from);
        Self {
            method: owned(entry.method),
            path: owned(entry.path),
            command: owned(entry.command),
            product: owned(entry.product),
            app: owned(entry.app),
            platform: owned(entry.platform),
            overall: entry.overall,
            signature: owned(entry.signature),
            status: entry.status,
            code: entry.code,
            read_as: owned(entry.read_as),
            rule: owned(entry.rule),
            fault: owned(entry.fault),
            pinned: entry.pinned,
            mark: owned(entry.mark),
            has_note: entry.has_note,
        }
    }

    /// As the entry of an exchange of which nothing else is known.
    fn entry(&self) -> Entry<'_> {
        Entry {
            id: 0,
            received_at_millis: 0,
            method: self.method.as_deref(),
            path: self.path.as_deref(),
            command: self.command.as_deref(),
            product: self.product.as_deref(),
            app: self.app.as_deref(),
            platform: self.platform.as_deref(),
            overall: self.overall,
            signature: self.signature.as_deref(),
            size_bytes: 0,
            status: self.status,
            code: self.code,
            read_as: self.read_as.as_deref(),
            rule: self.rule.as_deref(),
            fault: self.fault.as_deref(),
            took_micros: None,
            skew_secs: None,
            pinned: self.pinned,
            mark: self.mark.as_deref(),
            has_note: self.has_note,
        }
    }
}

/// The columns of exchanges, by segments.
#[derive(Debug, Default)]
pub(super) struct Entries {
    kinds: Vec<Kind>,
    /// The kinds by their hashes.
    known: HashMap<u64, Vec<u32>>,
    hasher: RandomState,
    /// Ascending in each segment.
    segments: BTreeMap<i64, Vec<Kept>>,
}

impl Entries {
    /// Takes an entry, in place of one with its id.
    pub(super) fn put(&mut self, entry: &Entry<'_>) {
        let kept = Kept {
            id: entry.id,
            received_at_millis: entry.received_at_millis,
            kind: self.kind(entry),
            size_bytes: u32::try_from(entry.size_bytes).unwrap_or(u32::MAX),
            took_micros: entry.took_micros.map_or(NO_MICROS, |micros| u32::try_from(micros).unwrap_or(NO_MICROS - 1).min(NO_MICROS - 1)),
            skew_secs: entry.skew_secs.map_or(NO_SECS, |secs| i32::try_from(secs).unwrap_or(if secs < 0 { NO_SECS + 1 } else { i32::MAX })),
        };
        let segment = self.segments.entry(segment_of(entry.id)).or_default();
        match segment.last() {
            Some(last) if last.id >= entry.id => match segment.binary_search_by_key(&entry.id, |kept| kept.id) {
                Ok(at) => segment[at] = kept,
                Err(at) => segment.insert(at, kept),
            },
            _ => segment.push(kept),
        }
    }

    /// Forgets an exchange.
    pub(super) fn remove(&mut self, id: i64) {
        let Some(segment) = self.segments.get_mut(&segment_of(id)) else { return };
        if let Ok(at) = segment.binary_search_by_key(&id, |kept| kept.id) {
            segment.remove(at);
        }
        if segment.is_empty() {
            self.segments.remove(&segment_of(id));
        }
    }

    /// Forgets a segment; what its exchanges had in common with others is still known.
    pub(super) fn forget_segment(&mut self, segment: i64) {
        self.segments.remove(&segment);
    }

    /// The entry of an exchange.
    pub(super) fn get(&self, id: i64) -> Option<Entry<'_>> {
        let segment = self.segments.get(&segment_of(id))?;
        let at = segment.binary_search_by_key(&id, |kept| kept.id).ok()?;
        Some(self.entry(&segment[at]))
    }

    /// The entries of a segment, ascending.
    pub(super) fn of(&self, segment: i64) -> impl DoubleEndedIterator<Item = Entry<'_>> {
        self.segments.get(&segment).into_iter().flatten().map(|kept| self.entry(kept))
    }

    /// What values there are of each kind of column, with how many exchanges have each.
    pub(super) fn visit_kinds(&self, mut visit: impl FnMut(Entry<'_>, u64)) {
        let mut counts = vec![0_u64; self.kinds.len()];
        self.segments.values().flatten().for_each(|kept| counts[kept.kind as usize] += 1);
        self.kinds.iter().zip(counts).filter(|(_, count)| *count > 0).for_each(|(kind, count)| visit(kind.entry(), count));
    }

    fn entry(&self, kept: &Kept) -> Entry<'_> {
        Entry {
            id: kept.id,
            received_at_millis: kept.received_at_millis,
            size_bytes: kept.size_bytes.into(),
            took_micros: (kept.took_micros != NO_MICROS).then(|| kept.took_micros.into()),
            skew_secs: (kept.skew_secs != NO_SECS).then(|| kept.skew_secs.into()),
            ..self.kinds[kept.kind as usize].entry()
        }
    }

    /// The number of what an entry has in common with others.
    fn kind(&mut self, entry: &Entry<'_>) -> u32 {
        let entry = Entry { id: 0, received_at_millis: 0, size_bytes: 0, took_micros: None, skew_secs: None, ..*entry };
        let Self { kinds, known, hasher, .. } = self;
        // The others hardly tell kinds apart that these do not.
        let hash = hasher.hash_one((entry.command, entry.app, entry.platform, entry.path, entry.rule, entry.code, entry.read_as));
        let alike = known.entry(hash).or_default();
        if let Some(number) = alike.iter().find(|number| kinds[**number as usize].entry() == entry) {
            return *number;
        }
        let number = u32::try_from(kinds.len()).expect("bug: memory ends before numbers do");
        kinds.push(Kind::of(&entry));
        alike.push(number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: i64) -> Entry<'static> {
        Entry {
            id,
            received_at_millis: 1_700_000_000_000 + id,
            command: Some("Group.CallbackBeforeSendMsg"),
            size_bytes: 725,
            took_micros: Some(412),
            skew_secs: Some(-3),
            status: Some(200),
            code: Some(0),
            read_as: Some("accepted"),
            ..Kind::of(&Kind { ..empty() }.entry()).into_static()
        }
    }

    fn empty() -> Kind {
        Kind {
            method: None,
            path: None,
            command: None,
            product: None,
            app: None,
            platform: None,
            overall: Overall::Ok,
            signature: None,
            status: None,
            code: None,
            read_as: None,
            rule: None,
            fault: None,
            pinned: false,
            mark: None,
            has_note: false,
        }
    }

    impl Kind {
        fn into_static(self) -> Entry<'static> {
            Box::leak(Box::new(self)).entry()
        }
    }

    #[test]
    fn entries_come_back_as_they_were_put() {
        let mut entries = Entries::default();
        let odd = Entry { took_micros: None, skew_secs: None, fault: Some("timeout"), ..entry(5000) };
        for entry in [entry(1), entry(3), odd, entry(2)] {
            entries.put(&entry);
        }
        assert_eq!(entries.of(0).collect::<Vec<_>>(), [entry(1), entry(2), entry(3)]);
        assert_eq!(entries.of(1).collect::<Vec<_>>(), [odd]);
        assert_eq!((entries.kinds.len(), entries.segments.len()), (2, 2));

        entries.put(&Entry { pinned: true, ..entry(2) });
        entries.remove(5000);
        entries.remove(77);
        assert!(entries.of(0).nth(1).is_some_and(|entry| entry.pinned));
        assert_eq!(entries.segments.len(), 1);
    }

    #[test]
    fn numbers_out_of_reach_stay_numbers() {
        let mut entries = Entries::default();
        entries.put(&Entry { took_micros: Some(i64::MAX), skew_secs: Some(i64::MIN), size_bytes: u64::MAX, ..entry(1) });
        let entry = entries.of(0).next().expect("bug: was put");
        assert!(entry.took_micros > Some(3_600_000_000) && entry.skew_secs < Some(-2_000_000_000) && entry.size_bytes > 4_000_000_000);
    }

    #[test]
    fn values_are_counted() {
        let mut entries = Entries::default();
        (1..=3).for_each(|id| entries.put(&entry(id)));
        let mut seen = Vec::new();
        entries.visit_kinds(|entry, count| seen.push((entry.command.map(str::to_owned), count)));
        assert_eq!(seen, [(Some("Group.CallbackBeforeSendMsg".to_owned()), 3)]);
    }
}
