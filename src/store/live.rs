//! Live: what the store knows that is not in the file: what could not be saved, and how many there are.
//!
//! The writer alone changes it, readers look. No lock is held while anything is written or read.

use super::hidden::{Deletions, Hidden};
use super::{Arrival, Completion, Counts, entry};
use crate::exchange::{Outcome, Responded};
use crate::filter::Entry;
use crate::ids::Ids;
use crate::protocol::verdict::Overall;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most memory for what could not be saved, in bytes.
const UNSAVED_LIMIT: usize = 256 * 1024 * 1024;
/// What an exchange takes beside its bytes, roughly: so that bodies without content are bounded too.
const OVERHEAD: usize = 1024;

/// Arrivals with their ids, and what became of exchanges that are in the file.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Ascending.
    pub(super) arrivals: Vec<(i64, Arc<Arrival>)>,
    /// Ascending.
    pub(super) completions: Vec<(i64, Arc<Completion>)>,
    /// Those whose response went out as it was decided, with its microseconds.
    pub(super) sent: Vec<(i64, Option<i64>)>,
}

impl Batch {
    /// How many arrivals it holds, and how many there are of each `overall`.
    pub(super) fn numbers(&self) -> Counts {
        Counts::of_each(self.arrivals.iter().map(|(_, arrival)| arrival.index.overall))
    }
}

/// What is not in the file of one exchange.
#[derive(Debug)]
pub(super) enum Held {
    /// Nothing of it is.
    Arrival(Arc<Arrival>),
    /// It is, without what became of it.
    Completion(Arc<Completion>),
    /// It is, without that its response went out.
    Sent(Option<i64>),
}

#[derive(Debug)]
pub(super) struct Live {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    counts: Counts,
    trouble: Option<String>,
    arrivals: BTreeMap<i64, Arc<Arrival>>,
    completions: BTreeMap<i64, Arc<Completion>>,
    sent: BTreeMap<i64, Option<i64>>,
    /// As `sent`, but nothing went wrong: they are written with more of their kind.
    put_off: Vec<(i64, Option<i64>)>,
    /// What the first two take.
    bytes: usize,
    /// The most that they may take.
    limit: usize,
    /// Which exchanges have changed since somebody asked; `None` while nobody does.
    changed: Option<Changes>,
    /// Which exchanges were forgotten since somebody asked, but for those that were deleted before.
    forgotten: Vec<i64>,
    /// What was deleted and is still there.
    deletions: Deletions,
}

/// What happened to exchanges in the file since somebody asked, in no order.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Something of them is new; some are named more than once.
    pub(super) changed: Vec<i64>,
    /// They are there no more.
    pub(super) gone: Vec<i64>,
}

impl Live {
    pub(super) fn new(counts: Counts) -> Self {
        Self::with_limit(counts, UNSAVED_LIMIT)
    }

    fn with_limit(counts: Counts, limit: usize) -> Self {
        let (arrivals, completions, sent) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (forgotten, deletions) = (Vec::new(), Deletions::default());
        let put_off = Vec::new();
        let state =
            State { counts, trouble: None, arrivals, completions, sent, put_off, bytes: 0, limit, changed: None, forgotten, deletions };
        Self { state: Mutex::new(state) }
    }

    /// How many there are, without what was deleted.
    pub(super) fn counts(&self) -> Counts {
        let state = self.lock();
        state.deletions.left_of(state.counts)
    }

    /// What nobody is to see.
    pub(super) fn hidden(&self) -> Hidden {
        self.lock().deletions.hidden()
    }

    /// Looks at the deletions, or changes them.
    pub(super) fn deletions<T>(&self, look: impl FnOnce(&mut Deletions) -> T) -> T {
        look(&mut self.lock().deletions)
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.lock().trouble.clone()
    }

    /// The last attempt to write failed.
    pub(super) fn failed(&self, why: &str) {
        self.lock().trouble = Some(why.to_owned());
    }

    /// The last attempt to write succeeded.
    pub(super) fn succeeded(&self) {
        self.lock().trouble = None;
    }

    pub(super) fn all_saved(&self) -> bool {
        self.lock().counts.unsaved == 0
    }

    /// Counts new exchanges, saved or not.
    pub(super) fn count(&self, arrivals: &[(i64, Arc<Arrival>)]) {
        self.lock().counts.add(Counts::of_each(arrivals.iter().map(|(_, arrival)| arrival.index.overall)));
    }

    /// Counts what was imported and is not to be seen yet; the file knows it by this number.
    pub(super) fn imported(&self, number: i64, counts: Counts) {
        let mut state = self.lock();
        state.counts.add(counts);
        state.deletions.imported(number, counts);
    }

    /// Counts exchanges again whose judgement went from the first to the second.
    pub(super) fn recount(&self, changes: &[(Overall, Overall)]) {
        let counts = &mut self.lock().counts;
        for (from, to) in changes {
            *counts.of(*from) -= 1;
            *counts.of(*to) += 1;
        }
    }

    /// Keeps what could not be written. Where the memory for it is used up, the oldest are given up.
    pub(super) fn keep(&self, batch: Batch) {
        let mut state = self.lock();
        for (id, arrival) in batch.arrivals {
            state.bytes += weight_of_arrival(&arrival);
            state.arrivals.insert(id, arrival);
        }
        for (id, completion) in batch.completions {
            state.complete(id, completion);
        }
        for (id, micros) in batch.sent {
            state.sent(id, micros);
        }
        while state.bytes > state.limit && state.give_up_the_oldest() {}
        state.count_unsaved();
    }

    /// Puts off writing that responses went out. Returns how many of them wait.
    pub(super) fn put_off(&self, sent: &mut Vec<(i64, Option<i64>)>) -> usize {
        let mut state = self.lock();
        state.put_off.append(sent);
        state.put_off.len()
    }

    /// What was put off.
    pub(super) fn all_put_off(&self) -> Vec<(i64, Option<i64>)> {
        self.lock().put_off.clone()
    }

    /// What was put off is written, or kept with what could not be.
    pub(super) fn forget_put_off(&self) {
        self.lock().put_off.clear();
    }

    /// The oldest of what is kept: at most `limit` of either kind.
    pub(super) fn oldest(&self, limit: usize) -> Batch {
        let state = self.lock();
        Batch {
            arrivals: state.arrivals.iter().take(limit).map(|(id, arrival)| (*id, Arc::clone(arrival))).collect(),
            completions: state.completions.iter().take(limit).map(|(id, completion)| (*id, Arc::clone(completion))).collect(),
            sent: state.sent.iter().take(limit).map(|(id, micros)| (*id, *micros)).collect(),
        }
    }

    /// Forgets what has been written.
    pub(super) fn forget(&self, batch: &Batch) {
        let mut state = self.lock();
        for (id, _) in &batch.arrivals {
            state.bytes -= state.arrivals.remove(id).map_or(0, |arrival| weight_of_arrival(&arrival));
        }
        for (id, _) in &batch.completions {
            state.bytes -= state.completions.remove(id).map_or(0, |completion| weight(&completion.responded));
        }
        for (id, _) in &batch.sent {
            state.sent.remove(id);
        }
        state.count_unsaved();
    }

    /// The arrivals of a range of ids that are not in the file.
    pub(super) fn arrivals(&self, first: i64, last: i64) -> Vec<(i64, Arc<Arrival>)> {
        self.lock().arrivals.range(first..=last.max(first)).map(|(id, arrival)| (*id, Arc::clone(arrival))).collect()
    }

    /// How many of these are not in the file.
    pub(super) fn count_of(&self, ids: &Ids) -> Counts {
        let state = self.lock();
        let among = state.arrivals.iter().filter(|(id, _)| ids.contains(**id)).map(|(_, arrival)| arrival.index.overall);
        Counts::of_each(among)
    }

    /// Counts and notes exchanges that are there no more.
    pub(super) fn forgot(&self, forgotten: &[(i64, Overall)]) {
        let mut state = self.lock();
        for (id, overall) in forgotten {
            // Whoever deleted it knows.
            if !state.uncount(*id, *overall) {
                state.forgotten.push(*id);
            }
        }
        if let Some(changes) = &mut state.changed {
            changes.gone.extend(forgotten.iter().map(|(id, _)| *id));
        }
    }

    /// Those that were forgotten since the last call.
    pub(super) fn take_forgotten(&self) -> Vec<i64> {
        std::mem::take(&mut self.lock().forgotten)
    }

    /// From now on notes which exchanges change.
    pub(super) fn track_changes(&self) {
        self.lock().changed.get_or_insert_default();
    }

    /// These have changed in the file.
    pub(super) fn note_changes(&self, ids: impl Iterator<Item = i64>) {
        if let Some(changes) = &mut self.lock().changed {
            changes.changed.extend(ids);
        }
    }

    /// What has changed since the last call.
    pub(super) fn take_changes(&self) -> Changes {
        self.lock().changed.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// What is not in the file of an exchange; `None` where everything is.
    pub(super) fn held(&self, id: i64) -> Option<Held> {
        let state = self.lock();
        let completion = || state.completions.get(&id).cloned().map(Held::Completion);
        let put_off = || state.put_off.iter().rev().find(|(sent, _)| *sent == id).map(|(_, micros)| *micros);
        let sent = || state.sent.get(&id).copied().or_else(put_off).map(Held::Sent);
        state.arrivals.get(&id).cloned().map(Held::Arrival).or_else(completion).or_else(sent)
    }

    /// The ids beyond `after` that are not in the file, ascending; of one app where one is named.
    pub(super) fn ids(&self, app: Option<&str>, after: i64) -> Vec<i64> {
        let state = self.lock();
        let is_wanted = |arrival: &Arrival| app.is_none() || arrival.index.sdk_app_id.as_deref() == app;
        let beyond = state.arrivals.range(after.saturating_add(1)..);
        beyond.filter(|(_, arrival)| is_wanted(arrival)).map(|(id, _)| *id).collect()
    }

    /// The numbers are whole at any moment, also where a thread panicked while it held them.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn complete(&mut self, id: i64, completion: Arc<Completion>) {
        let Self { arrivals, completions, bytes, .. } = self;
        *bytes += weight(&completion.responded);
        if let Some(arrival) = arrivals.get_mut(&id) {
            *bytes -= arrival.response.as_ref().map_or(0, weight);
            Arc::make_mut(arrival).complete(Arc::unwrap_or_clone(completion));
        } else if let Some(former) = completions.insert(id, completion) {
            *bytes -= weight(&former.responded);
        }
    }

    fn sent(&mut self, id: i64, micros: Option<i64>) {
        if let Some(arrival) = self.arrivals.get_mut(&id) {
            Arc::make_mut(arrival).sent(micros);
        } else {
            self.sent.insert(id, micros);
        }
    }

    /// Counts an exchange no more. Returns whether it was deleted before.
    fn uncount(&mut self, id: i64, overall: Overall) -> bool {
        self.counts.received -= 1;
        *self.counts.of(overall) -= 1;
        self.deletions.uncount(id, overall)
    }

    /// Returns whether there was one.
    fn give_up_the_oldest(&mut self) -> bool {
        if let Some((id, arrival)) = self.arrivals.pop_first() {
            self.bytes -= weight_of_arrival(&arrival);
            self.uncount(id, arrival.index.overall);
        } else if let Some((_, completion)) = self.completions.pop_first() {
            self.bytes -= weight(&completion.responded);
        } else {
            return false;
        }
        self.counts.lost += 1;
        true
    }

    fn count_unsaved(&mut self) {
        self.counts.unsaved = (self.arrivals.len() + self.completions.len() + self.sent.len()) as u64;
    }
}

impl Arrival {
    /// Its columns, as a filter asks for them.
    pub(super) fn entry(&self, id: i64) -> Entry<'_> {
        entry(id, &self.request, self.response.as_ref(), (&self.index, self.read))
    }

    /// Takes what became of its response.
    pub(super) fn complete(&mut self, completion: Completion) {
        (self.response, self.read) = (Some(completion.responded), completion.read);
    }

    /// Takes that its response went out as it was decided.
    pub(super) fn sent(&mut self, micros: Option<i64>) {
        if let Some(responded) = &mut self.response {
            responded.sent(micros);
        }
    }
}

impl Responded {
    /// Takes that it went out.
    pub(super) fn sent(&mut self, micros: Option<i64>) {
        (self.responded_after_micros, self.outcome) = (micros, Some(Outcome::Sent));
    }
}

impl Counts {
    /// How many there are, and how many of each `overall`, where each is named once.
    pub(super) fn of_each(overall: impl Iterator<Item = Overall>) -> Self {
        let mut counts = Self::default();
        for overall in overall {
            counts.received += 1;
            *counts.of(overall) += 1;
        }
        counts
    }

    /// Adds so many of each kind.
    pub(super) fn add(&mut self, mut others: Self) {
        self.received += others.received;
        for overall in Overall::ALL {
            *self.of(overall) += *others.of(overall);
        }
    }

    /// Takes away so many of each kind.
    pub(super) fn subtract(&mut self, mut others: Self) {
        self.received = self.received.saturating_sub(others.received);
        for overall in Overall::ALL {
            *self.of(overall) = self.of(overall).saturating_sub(*others.of(overall));
        }
    }

    /// The number to change for an exchange so judged.
    pub(super) fn of(&mut self, overall: Overall) -> &mut u64 {
        match overall {
            Overall::Ok => &mut self.ok,
            Overall::Bad => &mut self.bad,
            Overall::Unchecked => &mut self.unchecked,
            Overall::NotCallback => &mut self.not_callback,
        }
    }
}

fn weight_of_arrival(arrival: &Arrival) -> usize {
    OVERHEAD + arrival.request.head.len() + arrival.request.body.len() + arrival.response.as_ref().map_or(0, weight)
}

fn weight(responded: &Responded) -> usize {
    OVERHEAD + responded.response.as_ref().map_or(0, |response| response.body.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::verdict::Replay;
    use crate::store::Index;
    use crate::wire::{BodyEnd, Request, Response, Transport};

    fn arrival(body_bytes: usize) -> Arc<Arrival> {
        let request = Request {
            received_at_millis: 0,
            peer: String::new(),
            head: Vec::new(),
            body: vec![0; body_bytes],
            body_end: BodyEnd::Complete,
            refused: None,
            transport: Transport::Tcp,
        };
        let index = Index { overall: Overall::Bad, ..Index::default() };
        Arc::new(Arrival { request, response: None, replay: Replay::First, replay_key: None, index, read: None })
    }

    fn responded(body_bytes: usize) -> Arc<Completion> {
        let response = Some(Response { status: 200, headers: Vec::new(), body: vec![0; body_bytes] });
        Arc::new(Completion { responded: Responded { response, ..Responded::none("") }, read: None })
    }

    fn keep(live: &Live, arrivals: Vec<(i64, Arc<Arrival>)>, completions: Vec<(i64, Arc<Completion>)>) {
        live.count(&arrivals);
        live.keep(Batch { arrivals, completions, sent: Vec::new() });
    }

    #[test]
    fn beyond_the_limit_the_oldest_are_given_up_and_counted() {
        let live = Live::with_limit(Counts::default(), 10_000);
        keep(&live, (1..=3).map(|id| (id, arrival(2000))).collect(), vec![]);
        assert_eq!(live.counts(), Counts { received: 3, bad: 3, unsaved: 3, ..Counts::default() });
        keep(&live, vec![(4, arrival(2000))], vec![]);
        assert_eq!(live.counts(), Counts { received: 3, bad: 3, unsaved: 3, lost: 1, ..Counts::default() });
        assert_eq!(live.ids(None, 0), [2, 3, 4]);
        keep(&live, vec![(5, arrival(20_000))], vec![]);
        assert_eq!(live.counts(), Counts { lost: 5, ..Counts::default() });
        assert!(live.all_saved());
    }

    #[test]
    fn completions_are_bounded_too() {
        let live = Live::with_limit(Counts::default(), 10_000);
        (1..=3).for_each(|id| keep(&live, vec![], vec![(id, responded(4000))]));
        assert_eq!(live.counts(), Counts { unsaved: 1, lost: 2, ..Counts::default() });
        assert!(live.held(2).is_none());
        assert!(matches!(live.held(3), Some(Held::Completion(_))));
    }

    #[test]
    fn nothing_is_weighed_twice_or_left() {
        let live = Live::new(Counts::default());
        keep(&live, vec![(2, arrival(10))], vec![(1, responded(10)), (2, responded(10))]);
        keep(&live, vec![(3, arrival(10))], vec![(1, responded(999)), (2, responded(999)), (3, responded(1))]);
        assert_eq!(live.counts().unsaved, 3);
        live.forget(&live.oldest(1));
        assert_eq!(live.ids(None, 0), [3]);
        live.forget(&live.oldest(9));
        assert!(live.all_saved());
        assert_eq!(live.lock().bytes, 0);
    }
}
