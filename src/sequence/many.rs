//! What the exchanges of a whole conversation have to do with each other: what [`super::remarks`] says of one, for all of
//! them at once.

use super::facts::{Conversation, Facts, Reference};
use super::{PAIRS, is_same_message};
use crate::protocol::catalogue::Timing;
use std::collections::{HashMap, HashSet};

/// How many with the same mark are looked at, on either side: an app may give all messages one random number, and what belongs
/// together is near.
const NEAR: usize = 32;

/// How exchanges belong together, by their places in what was compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relations {
    /// What says the same as an earlier one, such as a retry, and that earlier one.
    pub repeats: HashMap<usize, usize>,
    /// After events of messages, each with the before event of the same message.
    pub befores: HashMap<usize, usize>,
    /// What tells of a message that another one tells of too, such as the callback of a bot, and that other one.
    pub also: HashMap<usize, usize>,
    /// What is about older messages, and those.
    pub about: HashMap<usize, Vec<usize>>,
}

/// By what two events are recognised as of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Mark<'a> {
    Key(&'a str),
    Id(&'a str),
    Random(&'a str, u64),
    Body(u64),
}

/// Finds what belongs together among exchanges of one app, in the order of their ids.
pub fn relations(all: &[&Facts]) -> Relations {
    let repeats = repeats(all);
    let by_mark = by_mark(all, &repeats);
    let befores = befores(all, &repeats, &by_mark);
    let also = also(all, &by_mark);
    let about = about(all, &repeats);
    Relations { repeats, befores, also, about }
}

fn repeats(all: &[&Facts]) -> HashMap<usize, usize> {
    let mut first = HashMap::new();
    let mut repeats = HashMap::new();
    for (at, one) in all.iter().enumerate() {
        let Some(content) = one.content else { continue };
        let earlier = *first.entry((one.command.as_str(), content)).or_insert(at);
        if earlier != at {
            repeats.insert(at, earlier);
        }
    }
    repeats
}

fn by_mark<'a>(all: &[&'a Facts], repeats: &HashMap<usize, usize>) -> HashMap<Mark<'a>, Vec<usize>> {
    let mut by_mark: HashMap<Mark<'a>, Vec<usize>> = HashMap::new();
    for (at, one) in all.iter().enumerate().filter(|(at, _)| !repeats.contains_key(at)) {
        for mark in marks(one) {
            by_mark.entry(mark).or_default().push(at);
        }
    }
    by_mark
}

fn marks(one: &Facts) -> Vec<Mark<'_>> {
    let is_account = matches!(one.conversation, Some(Conversation::OfficialAccount(_)));
    let key = one.msg_key.as_deref().map(Mark::Key);
    let id = one.msg_id.as_deref().map(Mark::Id);
    let random = one.random.as_ref().map(|(who, random)| Mark::Random(who, *random));
    let body = one.msg_body.filter(|_| is_account).map(Mark::Body);
    [key, id, random, body].into_iter().flatten().collect()
}

/// The events of the same message as one of them, nearest first.
fn of_same_message(all: &[&Facts], by_mark: &HashMap<Mark<'_>, Vec<usize>>, at: usize) -> Vec<usize> {
    let one = all[at];
    let near = marks(one).into_iter().filter_map(|mark| by_mark.get(&mark)).flat_map(|places| {
        let here = places.partition_point(|place| *place < at);
        places[here.saturating_sub(NEAR)..places.len().min(here + NEAR)].iter().copied()
    });
    let is_same = |other: &usize| *other != at && all[*other].conversation == one.conversation && is_same_message(all[*other], one);
    let mut same: Vec<usize> = near.filter(is_same).collect::<HashSet<_>>().into_iter().collect();
    same.sort_by_key(|other| (other.abs_diff(at), *other));
    same
}

fn befores(all: &[&Facts], repeats: &HashMap<usize, usize>, by_mark: &HashMap<Mark<'_>, Vec<usize>>) -> HashMap<usize, usize> {
    let mut taken = HashSet::new();
    let mut befores = HashMap::new();
    let is_after = |one: &Facts| PAIRS.iter().any(|(_, after)| *after == one.command);
    for (at, one) in all.iter().enumerate().filter(|(at, one)| is_after(one) && !repeats.contains_key(at)) {
        let are_pair = |before: &usize| PAIRS.contains(&(all[*before].command.as_str(), one.command.as_str()));
        let mut same = of_same_message(all, by_mark, at).into_iter().filter(are_pair);
        if let Some(before) = same.find(|before| !taken.contains(before)) {
            taken.insert(before);
            befores.insert(at, before);
        }
    }
    befores
}

fn also(all: &[&Facts], by_mark: &HashMap<Mark<'_>, Vec<usize>>) -> HashMap<usize, usize> {
    let is_in_pair = |one: &Facts| PAIRS.iter().any(|(before, after)| [*before, *after].contains(&one.command.as_str()));
    let others = all.iter().enumerate().filter(|(_, one)| one.msg_body.is_some() && !is_in_pair(one));
    let sent = |at: usize| {
        let same = of_same_message(all, by_mark, at);
        same.into_iter().filter(|other| is_in_pair(all[*other])).min_by_key(|other| (all[*other].timing != Some(Timing::After), *other))
    };
    others.filter_map(|(at, _)| Some((at, sent(at)?))).collect()
}

fn about(all: &[&Facts], repeats: &HashMap<usize, usize>) -> HashMap<usize, Vec<usize>> {
    let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut by_seq: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, one) in all.iter().enumerate().filter(|(at, _)| !repeats.contains_key(at)) {
        if let Some(key) = &one.msg_key {
            by_key.entry(key).or_default().push(at);
        }
        if let Some(seq) = one.group_seq() {
            by_seq.entry(seq).or_default().push(at);
        }
    }
    let meant = |one: &Facts, reference: &Reference| {
        let named = match reference {
            Reference::Key(key) => by_key.get(key.as_str()),
            Reference::Seq(seq) => by_seq.get(seq),
        };
        let here = named.into_iter().flatten().copied().take(NEAR).filter(|other| all[*other].conversation == one.conversation);
        // The message as it was sent, else as it was about to be.
        here.min_by_key(|other| (all[*other].timing != Some(Timing::After), *other))
    };
    let mut about = HashMap::new();
    for (at, one) in all.iter().enumerate().filter(|(_, one)| !one.refers_to.is_empty()) {
        let mut named: Vec<usize> = one.refers_to.iter().filter_map(|reference| meant(one, reference)).collect();
        named.sort_unstable();
        named.dedup();
        if !named.is_empty() {
            about.insert(at, named);
        }
    }
    about
}
