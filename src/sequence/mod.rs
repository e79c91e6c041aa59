//! Sequence: what an exchange has to do with those around it, in its conversation.
//!
//! [`facts`] takes of each exchange the little that this needs, [`remarks`] compares one with others, [`relations`] all of a
//! conversation. All of it informs and none of it is a fault: the documents promise nothing about order, duplicates or
//! concurrency. Source: PROTOCOL, section 4.

mod facts;
mod many;
#[cfg(test)]
mod tests;

use crate::protocol::catalogue::Timing;
use facts::{Conversation, Reference};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

pub use facts::{Facts, facts, is_send};
pub use many::{Relations, relations};

/// How many exchanges before the opened one are looked at, and how many after it: a bound on what is read for one
/// look. What belongs together mostly comes within seconds.
const BEFORE: i64 = 1_000;
const AFTER: i64 = 200;

const GROUP_SENT: &str = "Group.CallbackAfterSendMsg";

/// Before events of messages, each with an after event of the same message.
const PAIRS: [(&str, &str); 4] = [
    ("C2C.CallbackBeforeSendMsg", "C2C.CallbackAfterSendMsg"),
    ("Group.CallbackBeforeSendMsg", GROUP_SENT),
    ("Group.CallbackBeforeSendMsg", "Group.CallbackSendMsgException"),
    ("OfficialAccount.CallbackBeforeSendMsg", "OfficialAccount.CallbackAfterSendMsg"),
];

/// Another exchange, seen from the opened one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbour {
    /// Which.
    pub id: i64,
    /// Whether it came before the opened one.
    pub came_before: bool,
    /// How far apart they arrived, in milliseconds.
    pub apart_millis: u64,
}

/// Something that the opened exchange has to do with another one. None is a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SequenceRemark {
    /// The same command with the same body.
    Same {
        /// The nearest one before, else the nearest after.
        other: Neighbour,
        /// Whether it may be a retry: after events are sent again where the console's option for it is on, before
        /// events never are. `None` where the documents say nothing about the command.
        may_be_retry: Option<bool>,
        /// Whether `Sign` and `RequestTime` are the same too; `None` where neither is signed.
        signed_alike: Option<bool>,
    },
    /// The other event of the same message.
    Pair {
        /// The other.
        other: Neighbour,
        /// What the other is.
        other_is: Timing,
        /// Whether both carry the same `MsgBody`; `None` where that is not known.
        same_body: Option<bool>,
        /// The code with which the before event was responded to, though the after event came.
        refused_with: Option<i64>,
    },
    /// It is about a message that came here.
    RefersTo {
        /// The message.
        other: Neighbour,
    },
    /// Another message of the group with the same `MsgSeq`.
    SeqAgain {
        /// The one before it.
        other: Neighbour,
        /// The `MsgSeq` of both.
        seq: u64,
    },
    /// Messages of the group are not here.
    Gap {
        /// The message before the gap.
        other: Neighbour,
        /// Its `MsgSeq`.
        previous: u64,
        /// That of the opened message.
        seq: u64,
        /// How many of those between came after the opened one.
        came_later: u64,
    },
    /// A newer extension of the same message came before.
    ExtensionBack {
        /// The newest before.
        other: Neighbour,
        /// The version of the opened one.
        seq: u64,
        /// That of the newest.
        newer: u64,
    },
    /// Something that happened later came earlier.
    OutOfOrder {
        /// The latest of those that came before.
        other: Neighbour,
        /// How much older the opened one's `EventTime` is, in milliseconds.
        older_millis: u64,
    },
}

impl SequenceRemark {
    /// The other exchange that it is about.
    pub fn other(&self) -> Neighbour {
        match self {
            Self::Same { other, .. }
            | Self::Pair { other, .. }
            | Self::RefersTo { other }
            | Self::SeqAgain { other, .. }
            | Self::Gap { other, .. }
            | Self::ExtensionBack { other, .. }
            | Self::OutOfOrder { other, .. } => *other,
        }
    }
}

/// The ids that an exchange is compared with, its own among them.
pub fn neighbourhood(id: i64) -> RangeInclusive<i64> {
    id.saturating_sub(BEFORE).max(1)..=id.saturating_add(AFTER)
}

/// Compares an exchange with those around it, which stand in the order of their ids. It may be among them.
pub fn remarks(opened: &Facts, around: &[&Facts]) -> Vec<SequenceRemark> {
    let around: Vec<&Facts> = around.iter().copied().filter(|one| one.id != opened.id && one.app == opened.app).collect();
    let is_here = |one: &&Facts| one.conversation.is_some() && one.conversation == opened.conversation;
    let here: Vec<&Facts> = around.iter().copied().filter(is_here).collect();
    let before: Vec<&Facts> = here.iter().copied().filter(|one| one.id < opened.id).collect();

    let same = same(opened, &around);
    // What is sent again comes late, and says nothing new.
    let came_before = same.as_ref().is_some_and(|same| same.other().came_before);
    let mut remarks: Vec<SequenceRemark> = same.into_iter().chain(pair(opened, &here)).collect();
    remarks.extend(references(opened, &here));
    if !came_before {
        remarks.extend(seq_again(opened, &before));
        remarks.extend(gap(opened, &before, &here));
        remarks.extend(extension_back(opened, &before));
        remarks.extend(out_of_order(opened, &before));
    }
    remarks
}

fn same(opened: &Facts, around: &[&Facts]) -> Option<SequenceRemark> {
    let is_same = |one: &&&Facts| one.content.is_some() && one.content == opened.content && one.command == opened.command;
    let mut alike = around.iter().filter(is_same);
    let earlier = alike.clone().rfind(|one| one.id < opened.id);
    let other = earlier.or_else(|| alike.next())?;
    Some(SequenceRemark::Same {
        other: opened.neighbour(other),
        may_be_retry: opened.timing.map(|timing| timing == Timing::After),
        signed_alike: (opened.signature.is_some() || other.signature.is_some()).then_some(opened.signature == other.signature),
    })
}

fn pair(opened: &Facts, here: &[&Facts]) -> Option<SequenceRemark> {
    let are_pair = |before: &Facts, after: &Facts| PAIRS.contains(&(before.command.as_str(), after.command.as_str()));
    let of_pair = |one: &Facts| {
        let other_is = if are_pair(opened, one) {
            Timing::After
        } else if are_pair(one, opened) {
            Timing::Before
        } else {
            return None;
        };
        is_same_message(opened, one).then_some(other_is)
    };
    let pairs = here.iter().filter_map(|one| Some((*one, of_pair(one)?)));
    let (other, other_is) = pairs.min_by_key(|(one, _)| one.id.abs_diff(opened.id))?;
    let (before, after) = if other_is == Timing::Before { (other, opened) } else { (opened, other) };
    // Found by its body, it can't differ in it.
    let is_known_by_body = matches!(opened.conversation, Some(Conversation::OfficialAccount(_)));
    Some(SequenceRemark::Pair {
        other: opened.neighbour(other),
        other_is,
        same_body: before.msg_body.zip(after.msg_body).filter(|_| !is_known_by_body).map(|(before, after)| before == after),
        refused_with: before.refused_with.filter(|_| after.command.ends_with("AfterSendMsg")),
    })
}

/// Whether two events of one conversation are about the same message, by the best of what both tell of it. The
/// before event of an official account tells nothing but the body.
fn is_same_message(one: &Facts, other: &Facts) -> bool {
    let by_key = one.msg_key.as_ref().zip(other.msg_key.as_ref()).map(|(one, other)| one == other);
    let by_id = || one.msg_id.as_ref().zip(other.msg_id.as_ref()).map(|(one, other)| one == other);
    let by_random = || one.random.as_ref().zip(other.random.as_ref()).map(|(one, other)| one == other);
    let by_body = || match one.conversation {
        Some(Conversation::OfficialAccount(_)) => one.msg_body.zip(other.msg_body).map(|(one, other)| one == other),
        _ => None,
    };
    by_key.or_else(by_id).or_else(by_random).or_else(by_body).unwrap_or(false)
}

fn references(opened: &Facts, here: &[&Facts]) -> Vec<SequenceRemark> {
    let mut named = BTreeSet::new();
    let is_meant = |one: &Facts, reference: &Reference| match reference {
        Reference::Key(key) => one.msg_key.as_ref() == Some(key),
        Reference::Seq(seq) => one.msg_seq == Some(*seq),
    };
    let messages = opened.refers_to.iter().filter_map(|reference| {
        let meant = here.iter().copied().filter(|one| is_meant(one, reference));
        // The message as it was sent, else as it was about to be; the first, not its retries.
        meant.min_by_key(|one| (one.timing != Some(Timing::After), one.id > opened.id, one.id))
    });
    let messages = messages.filter(|one| named.insert(one.id));
    messages.map(|one| SequenceRemark::RefersTo { other: opened.neighbour(one) }).collect()
}

fn seq_again(opened: &Facts, before: &[&Facts]) -> Option<SequenceRemark> {
    let seq = opened.group_seq()?;
    let other = before.iter().rfind(|one| one.group_seq() == Some(seq) && one.command == opened.command)?;
    Some(SequenceRemark::SeqAgain { other: opened.neighbour(other), seq })
}

fn gap(opened: &Facts, before: &[&Facts], here: &[&Facts]) -> Option<SequenceRemark> {
    let seq = opened.group_seq().filter(|_| opened.command == GROUP_SENT)?;
    let earlier = before.iter().filter_map(|one| Some((one.group_seq().filter(|one| *one <= seq)?, *one)));
    let (previous, other) = earlier.max_by_key(|(seq, _)| *seq)?;
    if seq - previous < 2 {
        return None;
    }
    let is_between = |one: &u64| (previous + 1..seq).contains(one);
    let later: BTreeSet<u64> = here.iter().filter_map(|one| one.group_seq()).filter(is_between).collect();
    Some(SequenceRemark::Gap { other: opened.neighbour(other), previous, seq, came_later: later.len() as u64 })
}

fn extension_back(opened: &Facts, before: &[&Facts]) -> Option<SequenceRemark> {
    let (seq, message) = (opened.extension_seq?, opened.refers_to.first()?);
    let of_message = before.iter().filter(|one| one.refers_to.first() == Some(message));
    let newer = of_message.filter_map(|one| Some((one.extension_seq.filter(|one| *one > seq)?, *one)));
    let (newer, other) = newer.max_by_key(|(seq, _)| *seq)?;
    Some(SequenceRemark::ExtensionBack { other: opened.neighbour(other), seq, newer })
}

fn out_of_order(opened: &Facts, before: &[&Facts]) -> Option<SequenceRemark> {
    let time = opened.event_time?;
    let (latest, other) = before.iter().filter_map(|one| Some((one.event_time?, *one))).max_by_key(|(time, _)| time.millis)?;
    let older_millis = u64::try_from(time.until(latest)).ok().filter(|older| *older > 0)?;
    Some(SequenceRemark::OutOfOrder { other: opened.neighbour(other), older_millis })
}

impl Facts {
    fn neighbour(&self, other: &Self) -> Neighbour {
        Neighbour {
            id: other.id,
            came_before: other.id < self.id,
            apart_millis: other.received_at_millis.abs_diff(self.received_at_millis),
        }
    }
}
