//! Puts what was told in order: what belongs together becomes one entry, and what is missing is marked.

use super::entry::{Conversation, Entry, INKS, Kind, Note, Weight};
use super::said::{self, Said};
use super::told::{Answer, Told, What};
use super::{Key, Place};
use crate::sequence::{self, Facts, Relations};
use crate::wording;
use jiff::tz::TimeZone;
use std::collections::{BTreeSet, HashMap};

/// A silence from here on is told.
const LONG_SILENCE_MILLIS: i64 = 3_600_000;

/// How many of the messages that something is about are repeated with it.
const QUOTED: usize = 3;

/// Tells a conversation from what its exchanges tell, which stand in the order of their ids.
pub fn read(key: &Key, told: &[&Told], zone: &TimeZone) -> Conversation {
    let facts: Vec<&Facts> = told.iter().map(|one| &one.facts).collect();
    let relations = sequence::relations(&facts);
    let groups = groups(told.len(), &relations);
    let reader = Reader::new(key, told, &relations, &groups, zone);
    let order = in_order(told, &groups);
    let mut entries = Vec::with_capacity(order.len() + 8);
    let mut between = Between::new(key, told, zone);
    for at in order {
        let group = &groups[&at];
        entries.extend(between.before(at, group));
        entries.push(reader.entry(at, group));
    }
    let participants = participants(&entries);
    Conversation { title: key.title(), participants, exchanges: told.len(), entries }
}

/// What becomes one entry: the place of the one that leads it, with all of them ascending.
type Groups = HashMap<usize, Vec<usize>>;

fn groups(count: usize, relations: &Relations) -> Groups {
    let mut leader: Vec<usize> = (0..count).collect();
    for (after, before) in &relations.befores {
        leader[*before] = *after;
    }
    for (one, other) in relations.also.iter().chain(&relations.repeats) {
        leader[*one] = *other;
    }
    let mut groups = Groups::new();
    for at in 0..count {
        let mut leads = at;
        // A repeat of one that a bot was told too, of a before event with an after event: no longer than that.
        while leader[leads] != leads {
            leads = leader[leads];
        }
        groups.entry(leads).or_default().push(at);
    }
    groups
}

/// The leaders of entries in the order of what happened: by time, and messages of one second by their numbers.
fn in_order(told: &[&Told], groups: &Groups) -> Vec<usize> {
    let seq = |at: usize| told[at].facts.group_seq();
    let mut order: Vec<usize> = groups.keys().copied().collect();
    order.sort_by_key(|at| (told[*at].at_millis, seq(*at), told[*at].id()));
    // Only within a second, so that a number that is odd moves nothing far.
    let mut by_second: HashMap<(i64, Option<&str>), Vec<usize>> = HashMap::new();
    for (place, at) in order.iter().enumerate().filter(|(_, at)| seq(**at).is_some()) {
        by_second.entry((told[*at].at_millis.div_euclid(1_000), told[*at].facts.topic())).or_default().push(place);
    }
    for places in by_second.into_values() {
        let mut numbered: Vec<usize> = places.iter().map(|place| order[*place]).collect();
        numbered.sort_by_key(|at| (seq(*at), told[*at].id()));
        for (place, at) in places.into_iter().zip(numbered) {
            order[place] = at;
        }
    }
    order
}

fn participants(entries: &[Entry]) -> Vec<(String, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for entry in entries {
        if let Kind::Message { sender, .. } = &entry.kind {
            *counts.entry(sender).or_default() += 1;
        }
    }
    let mut participants: Vec<(String, usize)> = counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    participants.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    participants
}

/// Makes entries.
struct Reader<'a> {
    key: &'a Key,
    told: &'a [&'a Told],
    relations: &'a Relations,
    zone: &'a TimeZone,
    /// What is about a message later, by the place of the message's leader.
    fates: HashMap<usize, Vec<usize>>,
    /// The leader of each.
    leader: HashMap<usize, usize>,
    has_befores: bool,
    has_afters: bool,
}

impl<'a> Reader<'a> {
    fn new(key: &'a Key, told: &'a [&'a Told], relations: &'a Relations, groups: &Groups, zone: &'a TimeZone) -> Self {
        let leader: HashMap<usize, usize> = groups.iter().flat_map(|(leads, group)| group.iter().map(|at| (*at, *leads))).collect();
        let mut fates: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, about) in relations.about.iter().filter(|(at, _)| leader[at] == **at) {
            for message in about {
                fates.entry(leader[message]).or_default().push(*at);
            }
        }
        for list in fates.values_mut() {
            list.sort_unstable();
        }
        let has = |is_before: bool| told.iter().any(|one| matches!(one.what, What::Message { .. }) && one.is_before() == is_before);
        Self { key, told, relations, zone, fates, leader, has_befores: has(true), has_afters: has(false) }
    }

    fn entry(&self, at: usize, group: &[usize]) -> Entry {
        let one = self.told[at];
        let (kind, notes) = match &one.what {
            What::Message { sender, said, failure } => self.message(at, group, (sender, said, failure.as_deref())),
            What::Recall(who) => self.of_older(at, &format!("{} recalled", wording::value(who)), None),
            What::Edit(who, said) => self.of_older(at, &format!("{} edited", wording::value(who)), Some(said)),
            What::Other(words) => (Kind::Event(words.clone()), self.quotes(at)),
        };
        let mut notes = notes;
        if !matches!(one.what, What::Message { .. }) {
            notes.splice(0..0, one.own_answer());
        }
        notes.extend(self.again(group));
        Entry {
            id: one.id(),
            ids: group.iter().map(|at| self.told[*at].id()).collect(),
            time: wording::clock(one.at_millis, self.zone),
            kind,
            is_bad: group.iter().any(|at| self.told[*at].is_bad),
            notes,
        }
    }

    fn message(&self, at: usize, group: &[usize], (sender, said, failure): (&str, &[Said], Option<&str>)) -> (Kind, Vec<Note>) {
        let one = self.told[at];
        let before = group.iter().map(|at| self.told[*at]).find(|one| one.is_before());
        let after = Some(one).filter(|one| !one.is_before());
        let mut notes: Vec<Note> = failure.map(|why| Note::new(why, Weight::Bad)).into_iter().collect();
        let mut is_struck = failure.is_some();
        match (before, after) {
            (Some(before), _) => {
                notes.extend(before.fate_of_message(after.map(|_| said), self.has_afters));
                is_struck |= after.is_none() && matches!(before.answer, Answer::Refused(_) | Answer::Dropped);
            }
            (None, _) => notes.extend(self.has_befores.then(|| Note::new("no before callback here", Weight::Quiet))),
        }
        notes.extend(after.and_then(Told::own_answer));
        let is_also_told = group.iter().any(|at| self.relations.also.contains_key(at));
        notes.extend(is_also_told.then(|| Note::new("a bot was told too", Weight::Quiet)));
        for fate in self.fates.get(&at).into_iter().flatten().map(|at| self.told[*at]) {
            let words = match &fate.what {
                What::Recall(who) => format!("recalled by {}", wording::value(who)),
                What::Edit(who, _) => format!("edited by {}", wording::value(who)),
                What::Message { .. } | What::Other(_) => continue,
            };
            is_struck |= matches!(fate.what, What::Recall(_));
            let text = format!("{words} at {}", wording::clock(fate.at_millis, self.zone));
            notes.push(Note { leads_to: Some(fate.id()), ..Note::new(&text, Weight::Look) });
        }
        let (ink, is_right) = self.side(sender);
        let topic = one.facts.topic().filter(|_| matches!(self.key.place, Place::Group { topic: None, .. }));
        let (sender, topic) = (wording::value(sender), topic.map(wording::value));
        (Kind::Message { sender, ink, is_right, topic, said: said.to_vec(), is_struck }, notes)
    }

    /// The colour and the side of a sender. Two users never have the same.
    fn side(&self, sender: &str) -> (usize, bool) {
        if let Place::Users(one, other) = &self.key.place
            && other == sender
        {
            let (first, second) = (ink(one), ink(other));
            return (if first == second { (second + 1) % INKS } else { second }, true);
        }
        (ink(sender), false)
    }

    /// What is done to messages that came before.
    fn of_older(&self, at: usize, words: &str, now: Option<&[Said]>) -> (Kind, Vec<Note>) {
        let count = self.told[at].facts.refers_to_count().max(1);
        let what = if count == 1 { "a message".to_owned() } else { said::messages(count as u64) };
        let mut notes = self.quotes(at);
        if notes.is_empty() {
            notes.push(Note::new(if count == 1 { "it was not seen here" } else { "they were not seen here" }, Weight::Quiet));
        }
        notes.extend(now.map(|now| Note::new(&format!("now “{}”", said::in_short(now)), Weight::Look)));
        (Kind::Event(format!("{words} {what}")), notes)
    }

    /// The first messages that something is about.
    fn quotes(&self, at: usize) -> Vec<Note> {
        let about = self.relations.about.get(&at).map(Vec::as_slice).unwrap_or_default();
        let quote = |message: &usize| match &self.told[self.leader[message]].what {
            What::Message { said, .. } => {
                let text = format!("“{}”", said::in_short(said));
                Some(Note { leads_to: Some(self.told[self.leader[message]].id()), ..Note::new(&text, Weight::Quiet) })
            }
            What::Recall(_) | What::Edit(..) | What::Other(_) => None,
        };
        about.iter().filter_map(quote).take(QUOTED).collect()
    }

    /// That the same came more than once.
    fn again(&self, group: &[usize]) -> Option<Note> {
        let count = group.iter().filter(|at| self.relations.repeats.contains_key(at)).count();
        let times = if count == 1 { "once more".to_owned() } else { format!("{} times more", wording::count(count as u64)) };
        (count > 0).then(|| Note::new(&format!("came {times}"), Weight::Quiet))
    }
}

impl Told {
    /// What was responded, for what is no message with a before and an after event.
    fn own_answer(&self) -> Option<Note> {
        match &self.answer {
            Answer::Waiting => Some(Note::new("waits for its response", Weight::Look)),
            Answer::Allowed(_) => Some(Note::new("allowed", Weight::Quiet)),
            Answer::Dropped => Some(Note::new("dropped silently", Weight::Bad)),
            Answer::Refused(why) | Answer::Unclear(why) => Some(Note::new(why, Weight::Bad)),
            Answer::Ignored => None,
        }
    }

    /// What became of a message by the response to its before event. `sent` is what its after event says.
    fn fate_of_message(&self, sent: Option<&[Said]>, has_afters: bool) -> Option<Note> {
        let What::Message { said, .. } = &self.what else { return None };
        let differs = sent.is_some_and(|sent| sent != said);
        let was = || format!("it was “{}”", said::in_short(said));
        let note = |text: &str, weight| Some(Note::new(text, weight));
        match (&self.answer, sent) {
            (Answer::Allowed(Some(new)), Some(_)) if new != said => note(&format!("rewritten by the response; {}", was()), Weight::Look),
            (Answer::Allowed(Some(new)), None) if new != said => {
                note(&format!("rewritten by the response to “{}”", said::in_short(new)), Weight::Look)
            }
            (Answer::Allowed(_), Some(_)) if differs => note(&format!("allowed; {}", was()), Weight::Look),
            (Answer::Allowed(_), None) if has_afters => note("allowed; no after callback here", Weight::Look),
            (Answer::Refused(why), Some(_)) => note(&format!("{why}, and sent all the same"), Weight::Look),
            (Answer::Refused(why), None) => note(&format!("{why}, not sent"), Weight::Bad),
            (Answer::Dropped, None) => note("dropped silently: its sender sees success", Weight::Bad),
            (Answer::Dropped, Some(_)) => note("to be dropped silently, and sent all the same", Weight::Look),
            _ => self.own_answer(),
        }
    }
}

impl Note {
    fn new(text: &str, weight: Weight) -> Self {
        Self { text: text.to_owned(), weight, leads_to: None }
    }
}

/// A number of a sender's own, the same in every run.
fn ink(sender: &str) -> usize {
    let hash = sender.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash >> 8) as usize % INKS
}

/// What stands between two entries: another day, what is missing, and that nothing happened.
struct Between<'a> {
    told: &'a [&'a Told],
    zone: &'a TimeZone,
    day: String,
    /// The newest so far by its arrival: when, and its id.
    newest: Option<(i64, i64)>,
    /// Of each topic the numbers of messages that there are, and the greatest so far.
    numbers: HashMap<Option<&'a str>, (BTreeSet<u64>, Option<u64>)>,
}

impl<'a> Between<'a> {
    fn new(key: &Key, told: &'a [&'a Told], zone: &'a TimeZone) -> Self {
        let mut numbers: HashMap<Option<&str>, (BTreeSet<u64>, Option<u64>)> = HashMap::new();
        if matches!(key.place, Place::Group { .. } | Place::Room(_)) {
            for (topic, seq) in told.iter().filter_map(|one| Some((one.facts.topic(), one.facts.group_seq()?))) {
                numbers.entry(topic).or_default().0.insert(seq);
            }
        }
        Self { told, zone, day: String::new(), newest: None, numbers }
    }

    fn before(&mut self, at: usize, group: &[usize]) -> Vec<Entry> {
        let id = self.told[at].id();
        let silence = self.silence(group).map(Kind::Silence);
        let day = self.day(at).map(Kind::Day);
        let gap = self.gap(at).map(Kind::Gap);
        let stands = |kind| Entry { id, ids: Vec::new(), time: String::new(), kind, is_bad: false, notes: Vec::new() };
        [silence, day, gap].into_iter().flatten().map(stands).collect()
    }

    fn day(&mut self, at: usize) -> Option<String> {
        let day = wording::day(self.told[at].at_millis, self.zone);
        (day != self.day).then(|| day.clone_into(&mut self.day))?;
        Some(day)
    }

    /// A long time without anything here, and whether anything came at all: an id is given to whatever arrives.
    fn silence(&mut self, group: &[usize]) -> Option<String> {
        let arrivals = || group.iter().map(|at| (self.told[*at].received_at_millis, self.told[*at].id()));
        let (first, last) = (arrivals().min()?, arrivals().max()?);
        let before = self.newest.replace(self.newest.map_or(last, |newest| newest.max(last)))?;
        let length = first.0 - before.0;
        if length < LONG_SILENCE_MILLIS {
            return None;
        }
        let meanwhile = match first.1 - before.1 - 1 {
            ..=0 => "nothing else arrived either; perhaps nothing was receiving".to_owned(),
            1 => "1 other request arrived".to_owned(),
            others => format!("{} other requests arrived", wording::count(others.unsigned_abs())),
        };
        Some(format!("Nothing for {}: {meanwhile}", wording::duration(length / 1_000)))
    }

    /// Messages of the group that are not here, by their numbers.
    fn gap(&mut self, at: usize) -> Option<String> {
        let one = self.told[at];
        let seq = one.facts.group_seq()?;
        let (there, greatest) = self.numbers.get_mut(&one.facts.topic())?;
        let before = greatest.replace(greatest.map_or(seq, |greatest| greatest.max(seq)))?;
        let between = seq.checked_sub(before)?.checked_sub(1)?;
        let missing = between - there.range(before + 1..seq.max(before + 1)).count() as u64;
        let numbers = if between == 1 { (before + 1).to_string() } else { format!("{} to {}", before + 1, seq - 1) };
        (missing > 0).then(|| format!("{} not seen here: MsgSeq {numbers}", said::messages(missing)))
    }
}
