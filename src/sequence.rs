//! Sequence: what an exchange has to do with those around it, in its conversation.
//!
//! [`facts`] takes of each exchange the little that this needs, [`remarks`] compares. All of it informs and none of
//! it is a fault: the documents promise nothing about order, duplicates or concurrency. Source: PROTOCOL, section 4.

use crate::exchange::{Exchange, Outcome};
use crate::protocol::catalogue::{Command, Timing};
use crate::protocol::json::{Document, Kind};
use crate::protocol::query::Name;
use crate::protocol::response::{self, Arrived, Asked, Effect, ReadAs};
use crate::protocol::{self, Callback, extension};
use crate::wire::BodyEnd;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::RangeInclusive;

/// How many exchanges before the opened one are looked at, and how many after it.
const BEFORE: i64 = 1_000;
const AFTER: i64 = 200;

/// How many messages a callback may refer to; a push tells of a hundred events at most.
const REFERENCES: usize = 100;

/// Beyond this an `EventTime` counts milliseconds: seconds have ten digits, milliseconds thirteen.
const SECS_END: i64 = 100_000_000_000;

const GROUP_SENT: &str = "Group.CallbackAfterSendMsg";

/// Before events of messages, each with an after event of the same message.
const PAIRS: [(&str, &str); 4] = [
    ("C2C.CallbackBeforeSendMsg", "C2C.CallbackAfterSendMsg"),
    ("Group.CallbackBeforeSendMsg", GROUP_SENT),
    ("Group.CallbackBeforeSendMsg", "Group.CallbackSendMsgException"),
    ("OfficialAccount.CallbackBeforeSendMsg", "OfficialAccount.CallbackAfterSendMsg"),
];

/// Further commands that are about a message of their own; all others refer to one that was sent before.
const OTHER_SENDS: [&str; 4] = ["Bot.OnC2CMessage", "Bot.OnGroupMessage", "Chatbot.OnC2CSignalMessage", "Desk.SessionEventNotify"];

/// What is compared of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The exchange.
    pub id: i64,
    /// Whether they will stay as they are: the response, of which they say something, has had its way.
    pub is_final: bool,
    received_at_millis: i64,
    app: Option<String>,
    command: String,
    timing: Option<Timing>,
    conversation: Option<Conversation>,
    event_time: Option<EventTime>,
    /// Of the message that the callback is about; not of one that it refers to.
    msg_seq: Option<u64>,
    msg_key: Option<String>,
    msg_id: Option<String>,
    /// Who sent it, and the random number of the sending.
    random: Option<(String, u64)>,
    msg_body: Option<u64>,
    /// The older messages that the callback is about.
    refers_to: Vec<Reference>,
    /// The version of the extension of the message that is referred to.
    extension_seq: Option<u64>,
    /// Hash of the whole body; `None` where some of it is missing.
    content: Option<u64>,
    /// Hash of `Sign` and `RequestTime`.
    signature: Option<u64>,
    /// The code other than 0 with which we responded in time.
    refused_with: Option<i64>,
}

/// Where something happens. The app counts too, and stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Conversation {
    Group {
        id: String,
        topic: Option<String>,
    },
    /// In alphabetical order, whoever wrote.
    Users(String, String),
    OfficialAccount(String),
    Room(String),
    Call(String),
}

/// A message as others refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reference {
    Key(String),
    /// In a group.
    Seq(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EventTime {
    millis: i64,
    in_secs: bool,
}

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

/// Takes what is compared; `None` where it is no callback. The body may be the beginning of one that has
/// `body_bytes`.
pub fn facts(exchange: &Exchange, body_bytes: usize) -> Option<Facts> {
    let request = &exchange.request;
    let callback = protocol::parse(request);
    let command = callback.command.clone().filter(|_| callback.is_callback)?;
    let is_whole = request.body.len() == body_bytes && request.body_end == BodyEnd::Complete;
    let body = Body::of(&request.body, &callback);
    let timing = callback.reference.map(|reference| reference.timing);
    let is_send = is_send(&command);
    let of_message = |key: &str| body.string(key).filter(|_| is_send);
    let conversation = body.conversation();
    let refers_to = if is_send { Vec::new() } else { body.references(conversation.as_ref()) };
    Some(Facts {
        id: exchange.id,
        is_final: exchange.is_settled(),
        received_at_millis: request.received_at_millis,
        app: callback.param(Name::SdkAppId).map(str::to_owned),
        timing,
        event_time: body.event_time(),
        msg_seq: body.number("MsgSeq").filter(|_| is_send),
        msg_key: of_message("MsgKey"),
        msg_id: of_message("MsgId"),
        random: of_message("From_Account").zip(body.number("Random").or_else(|| body.number("MsgRandom"))),
        msg_body: if is_send && is_whole { body.msg_body() } else { None },
        extension_seq: body.number("Seq").filter(|_| extension::is_extension(&command)),
        content: is_whole.then(|| hash(&request.body)),
        signature: protocol::replay_key(request, &callback).map(|key| key.signature),
        refused_with: callback
            .reference
            .filter(|command| command.timing == Timing::Before)
            .and_then(|command| refused_with(exchange, command)),
        command,
        conversation,
        refers_to,
    })
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
        let other_is = match () {
            () if are_pair(opened, one) => Timing::After,
            () if are_pair(one, opened) => Timing::Before,
            () => return None,
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

    /// Its number among the messages of its group; one-to-one messages are not counted like that.
    fn group_seq(&self) -> Option<u64> {
        self.msg_seq.filter(|_| matches!(self.conversation, Some(Conversation::Group { .. })))
    }
}

impl EventTime {
    /// How long until `other`, in milliseconds; where one of both is told in seconds, so is this.
    fn until(self, other: Self) -> i64 {
        let unit = if self.in_secs || other.in_secs { 1_000 } else { 1 };
        (other.millis / unit - self.millis / unit) * unit
    }
}

fn is_send(command: &str) -> bool {
    PAIRS.iter().any(|(before, after)| [*before, *after].contains(&command)) || OTHER_SENDS.contains(&command)
}

/// The code of a response that kept the event from taking place.
fn refused_with(exchange: &Exchange, command: &'static Command) -> Option<i64> {
    let responded = exchange.response.as_ref().filter(|responded| responded.outcome == Some(Outcome::Sent))?;
    let sent = responded.response.as_ref()?;
    let arrived = Arrived { status: sent.status, elapsed_micros: responded.responded_after_micros, body: &sent.body };
    let reading = response::read(Asked::Documented(command), Some(arrived));
    match (reading.read_as, reading.effect) {
        (ReadAs::Refused | ReadAs::Dropped, Some(Effect::Code { code, .. })) => Some(code),
        _ => None,
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A body, read where the event stands in it.
struct Body<'t> {
    text: &'t [u8],
    document: &'t Document,
    /// The object with the event: the outermost, or the only one of `Events`.
    event: usize,
}

impl<'t> Body<'t> {
    fn of(text: &'t [u8], callback: &'t Callback) -> Self {
        let document = &callback.document;
        let events = document.get(text, 0, "Events").filter(|events| document.nodes[*events].children == 1);
        Self { text, document, event: events.and_then(|events| document.children(events).next()).unwrap_or(0) }
    }

    fn get(&self, key: &str) -> Option<usize> {
        self.document.get(self.text, self.event, key)
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.document.whole_number(self.text, self.event, key)
    }

    /// A string or a number as text, unless it is empty.
    fn string_in(&self, object: usize, key: &str) -> Option<String> {
        let node = &self.document.nodes[self.document.get(self.text, object, key)?];
        let text = matches!(node.kind, Kind::String | Kind::Number).then(|| node.string(self.text))?;
        (!text.is_empty()).then(|| text.into_owned())
    }

    fn string(&self, key: &str) -> Option<String> {
        self.string_in(self.event, key)
    }

    fn conversation(&self) -> Option<Conversation> {
        if let Some(id) = self.string("GroupId").or_else(|| self.string("GroupID")) {
            return Some(Conversation::Group { id, topic: self.string("TopicId") });
        }
        if let Some(account) = self.string("Official_Account") {
            return Some(Conversation::OfficialAccount(account));
        }
        let inner = |object: &str, key: &str| self.string(key).or_else(|| self.string_in(self.get(object)?, key));
        if let Some(id) = inner("CallInfo", "CallId") {
            return Some(Conversation::Call(id));
        }
        if let Some(id) = inner("RoomInfo", "RoomId") {
            return Some(Conversation::Room(id));
        }
        let users = [("From_Account", "To_Account"), ("Operator_Account", "Peer_Account"), ("Report_Account", "Peer_Account")];
        let (one, other) = users.iter().find_map(|(one, other)| self.string(one).zip(self.string(other)))?;
        Some(if one <= other { Conversation::Users(one, other) } else { Conversation::Users(other, one) })
    }

    fn event_time(&self) -> Option<EventTime> {
        let time = i64::try_from(self.number("EventTime")?).ok().filter(|time| *time > 0)?;
        let in_secs = time < SECS_END;
        Some(EventTime { millis: if in_secs { time * 1_000 } else { time }, in_secs })
    }

    /// The messages that are named here: by their keys, in groups by their numbers.
    fn references(&self, conversation: Option<&Conversation>) -> Vec<Reference> {
        let is_group = matches!(conversation, Some(Conversation::Group { .. }));
        let named_in = |object: usize| {
            let seq = || self.document.whole_number(self.text, object, "MsgSeq").filter(|_| is_group);
            self.string_in(object, "MsgKey").map(Reference::Key).or_else(|| seq().map(Reference::Seq))
        };
        let lists = ["C2CMsgInfo", "MsgSeqList", "GroupMsgReceiptList", "WithdrawMsgList"].into_iter().filter_map(|key| self.get(key));
        let listed = lists.flat_map(|list| self.document.children(list).filter_map(named_in));
        named_in(self.event).into_iter().chain(listed).take(REFERENCES).collect()
    }

    /// Hash of the message's content, however it is spaced.
    fn msg_body(&self) -> Option<u64> {
        let body = self.get("MsgBody")?;
        let end = body + self.document.nodes[body].descendants as usize;
        let mut hasher = DefaultHasher::new();
        for node in &self.document.nodes[body..=end] {
            (node.depth, node.children, node.key_text(self.text)).hash(&mut hasher);
            if !node.is_container() {
                (node.kind == Kind::String, node.string(self.text)).hash(&mut hasher);
            }
        }
        Some(hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Responded;
    use crate::rules::preset::Preset;
    use crate::wire::Request;
    use crate::wording;

    /// A dialogue: who said what, and how many milliseconds after the start.
    type Line<'a> = (&'a str, &'a str, i64);

    fn request((command, body, millis): Line<'_>) -> Request {
        let (app, command) = command.split_once('/').unwrap_or(("888888", command));
        Request {
            received_at_millis: 1_754_890_112_000 + millis,
            peer: String::new(),
            head: format!("POST /?SdkAppid={app}&CallbackCommand={command} HTTP/1.1\r\n\r\n").into_bytes(),
            body: body.into(),
            body_end: BodyEnd::Complete,
            refused: None,
        }
    }

    fn exchange(id: i64, line: Line<'_>, preset: &Preset) -> Exchange {
        let responded = Responded {
            outcome: Some(Outcome::Sent),
            responded_after_micros: Some(400),
            ..Responded::decided(preset.response(), "default")
        };
        Exchange { id, request: request(line), response: Some(responded) }
    }

    /// What is remarked of the exchange with this number.
    fn said(dialogue: &[Line<'_>], id: i64, preset: &Preset) -> Vec<String> {
        let exchanges = (1..).zip(dialogue).map(|(id, line)| exchange(id, *line, preset));
        let known: Vec<Facts> = exchanges.filter_map(|one| facts(&one, one.request.body.len())).collect();
        let around: Vec<&Facts> = known.iter().collect();
        let opened = known.iter().find(|one| one.id == id);
        opened.map_or_else(Vec::new, |opened| remarks(opened, &around)).iter().map(wording::sequence).collect()
    }

    /// What is remarked of the last exchange, sentences up to their explanation.
    fn check(dialogue: &[Line<'_>], expected: &[&str]) {
        check_of(dialogue, i64::try_from(dialogue.len()).expect("bug: a short dialogue"), expected);
    }

    fn check_of(dialogue: &[Line<'_>], id: i64, expected: &[&str]) {
        let said = said(dialogue, id, &Preset::Ok);
        let beginnings: Vec<&str> = said.iter().map(|sentence| sentence.split(';').next().unwrap_or(sentence)).collect();
        assert_eq!(beginnings, expected, "{dialogue:?}");
    }

    const BEFORE_GROUP: &str = "Group.CallbackBeforeSendMsg";
    const BEFORE_C2C: &str = "C2C.CallbackBeforeSendMsg";
    const AFTER_C2C: &str = "C2C.CallbackAfterSendMsg";
    const EXTENSION: &str = "Group.CallbackAfterGroupMsgExtension";

    #[test]
    fn the_first_of_everything_is_not_remarked() {
        check(&[(GROUP_SENT, r#"{"GroupId":"g","MsgSeq":219,"EventTime":1754890112000}"#, 0)], &[]);
        check(&[("", r#"{"GroupId":"g","MsgSeq":219}"#, 0)], &[]);
        check(&[(GROUP_SENT, "", 0)], &[]);
    }

    #[test]
    fn a_gap_in_a_group_is_named() {
        let sent = |seq: &str| format!(r#"{{"GroupId":"g","MsgSeq":{seq}}}"#);
        let [s216, s217, s219, text, other] =
            [&sent("216"), &sent("217"), &sent("219"), &sent("\"219\""), &r#"{"GroupId":"h","MsgSeq":3}"#.to_owned()];
        check(&[(GROUP_SENT, s216, 0), (GROUP_SENT, s217, 9)], &[]);
        check(&[(GROUP_SENT, s216, 0), (GROUP_SENT, s219, 9)], &["MsgSeq 219 follows 216 of #1: 217 and 218 have not come here"]);
        check(&[(GROUP_SENT, s216, 0), (GROUP_SENT, text, 9)], &["MsgSeq 219 follows 216 of #1: 217 and 218 have not come here"]);
        check(&[(GROUP_SENT, s216, 0), (GROUP_SENT, other, 9)], &[]);
        check(&[(GROUP_SENT, s216, 0), ("777777/Group.CallbackAfterSendMsg", s219, 9)], &[]);
        check(&[(GROUP_SENT, other, 0), (GROUP_SENT, s216, 1), (GROUP_SENT, other, 2), (GROUP_SENT, s217, 3)], &[]);
        check(&[(GROUP_SENT, s219, 0), (GROUP_SENT, s216, 9)], &[]);
        let late = [(GROUP_SENT, s216.as_str(), 0), (GROUP_SENT, s219, 5), (GROUP_SENT, s217, 9)];
        check_of(&late, 2, &["MsgSeq 219 follows 216 of #1: 217 and 218 have not come before, 1 came later"]);
    }

    #[test]
    fn a_number_that_comes_again_is_remarked_once() {
        let one = r#"{"GroupId":"g","MsgSeq":5,"MsgBody":[1]}"#;
        let other = r#"{"GroupId":"g","MsgSeq":5,"MsgBody":[2]}"#;
        check(&[(GROUP_SENT, one, 0), (GROUP_SENT, other, 1_500)], &["MsgSeq 5 came before as #1, 1.5 s earlier, with other content"]);
        check(&[(GROUP_SENT, one, 0), ("Bot.OnGroupMessage", one, 1)], &[]);
    }

    #[test]
    fn the_same_after_event_may_be_a_retry() {
        let body = r#"{"GroupId":"g","MsgSeq":5,"EventTime":1754890112000}"#;
        let later = r#"{"GroupId":"g","MsgSeq":6,"EventTime":1754890113000}"#;
        let dialogue = [(GROUP_SENT, body, 0), (GROUP_SENT, later, 1_000), (GROUP_SENT, body, 3_000)];
        assert_eq!(said(&dialogue, 3, &Preset::Ok), ["came before as #1, 3.0 s earlier: a retry, if the console’s option for it is on"]);
        assert_eq!(said(&dialogue, 1, &Preset::Ok), ["came again as #3, 3.0 s later: a retry, if the console’s option for it is on"]);
        let signed =
            [("Group.CallbackAfterSendMsg&Sign=a&RequestTime=1", body, 0), ("Group.CallbackAfterSendMsg&Sign=b&RequestTime=2", body, 40)];
        assert_eq!(
            said(&signed, 2, &Preset::Ok),
            ["came before as #1, 40 ms earlier, signed anew: a retry, if the console’s option for it is on"]
        );
        check(&[(GROUP_SENT, body, 0), ("777777/Group.CallbackAfterSendMsg", body, 9)], &[]);
    }

    #[test]
    fn a_before_event_is_never_called_a_retry() {
        let body = r#"{"GroupId":"g","Random":5}"#;
        let dialogue = [(BEFORE_GROUP, body, 0), (BEFORE_GROUP, body, 5)];
        assert_eq!(
            said(&dialogue, 2, &Preset::Ok),
            ["came before as #1, 5 ms earlier: the same content again; before events are not retried"]
        );
        let unknown = [("Group.Unheard", body, 0), ("Group.Unheard", body, 5)];
        assert_eq!(said(&unknown, 2, &Preset::Ok), ["came before as #1, 5 ms earlier: the same content again"]);
    }

    #[test]
    fn an_older_event_that_comes_later_is_out_of_order() {
        let at = |time: &str| format!(r#"{{"GroupId":"g","EventTime":{time}}}"#);
        let (early, late, text, secs) = (&at("1754890112000"), &at("1754890113250"), &at("\"1754890112000\""), &at("1754890113"));
        let (joined, left) = ("Group.CallbackAfterNewMemberJoin", "Group.CallbackAfterMemberExit");
        check(&[(joined, early, 0), (left, late, 1)], &[]);
        check(&[(joined, late, 0), (left, early, 1)], &["its EventTime is 1.2 s older than that of #1, which came before"]);
        check(&[(joined, late, 0), (left, text, 1)], &["its EventTime is 1.2 s older than that of #1, which came before"]);
        check(&[(joined, late, 0), (left, secs, 1)], &[]);
        check(&[("777777/Group.CallbackAfterNewMemberJoin", late, 0), (left, early, 1)], &[]);
    }

    #[test]
    fn an_extension_that_goes_back_is_remarked() {
        let set = |message: u32, seq: u32| format!(r#"{{"GroupId":"g","MsgSeq":{message},"Seq":{seq}}}"#);
        let (older, newer, elsewhere) = (&set(9, 3), &set(9, 5), &set(8, 1));
        check(&[(EXTENSION, older, 0), (EXTENSION, newer, 1)], &[]);
        check(&[(EXTENSION, newer, 0), (EXTENSION, older, 1)], &["Seq 3 came after Seq 5 of the same message, in #1"]);
        check(&[(EXTENSION, newer, 0), (EXTENSION, elsewhere, 1)], &[]);
    }

    #[test]
    fn before_and_after_of_a_message_find_each_other() {
        let one = r#"{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3","MsgBody":[{"Text":"x"}]}"#;
        let spaced = r#"{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3","MsgBody":[ {"Text": "x"} ],"SendMsgResult":0}"#;
        let rewritten = one.replace("\"x\"", "\"y\"");
        let other = one.replace("1_2_3", "1_2_4");
        check(&[(BEFORE_C2C, one, 0), (AFTER_C2C, spaced, 40)], &["its before event is #1, 40 ms earlier, same MsgBody"]);
        check_of(&[(BEFORE_C2C, one, 0), (AFTER_C2C, spaced, 40)], 1, &["its after event is #2, 40 ms later, same MsgBody"]);
        check(
            &[(BEFORE_C2C, one, 0), (AFTER_C2C, &rewritten, 40)],
            &["its before event is #1, 40 ms earlier, another MsgBody: a rewrite took effect"],
        );
        check(&[(BEFORE_C2C, one, 0), (AFTER_C2C, &other, 40)], &[]);

        let by_random = r#"{"GroupId":"g","From_Account":"a","Random":7}"#;
        let another = r#"{"GroupId":"g","From_Account":"b","Random":7,"MsgSeq":2}"#;
        check(&[(BEFORE_GROUP, by_random, 0), (GROUP_SENT, by_random, 4)], &["its before event is #1, 4 ms earlier"]);
        check(&[(BEFORE_GROUP, by_random, 0), (GROUP_SENT, another, 4)], &[]);
        let with_id = |id: &str| format!(r#"{{"GroupId":"g","From_Account":"a","Random":7,"MsgId":"{id}"}}"#);
        check(&[(BEFORE_GROUP, &with_id("m"), 0), (GROUP_SENT, &with_id("n"), 4)], &[]);

        let account = |text: &str| format!(r#"{{"Official_Account":"@TOA#_1","MsgBody":[{{"Text":"{text}"}}]}}"#);
        let (before, after) = ("OfficialAccount.CallbackBeforeSendMsg", "OfficialAccount.CallbackAfterSendMsg");
        check(&[(before, &account("x"), 0), (after, &account("x"), 9)], &["its before event is #1, 9 ms earlier"]);
        check(&[(before, &account("x"), 0), (after, &account("y"), 9)], &[]);
    }

    #[test]
    fn an_after_event_that_came_in_spite_of_a_refusal_says_so() {
        let body = r#"{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3"}"#;
        let dialogue = [(BEFORE_C2C, body, 0), (AFTER_C2C, body, 40)];
        let expected = "its before event is #1, 40 ms earlier; it came though the before event was responded to with ErrorCode 1";
        assert_eq!(said(&dialogue, 2, &Preset::Fail(1)), [expected]);
    }

    #[test]
    fn what_is_about_an_older_message_leads_to_it() {
        let c2c = r#"{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3"}"#;
        let back = r#"{"From_Account":"b","To_Account":"a","MsgKey":"1_2_3"}"#;
        let refers = "refers to message #1, 9 ms earlier";
        check(&[(AFTER_C2C, c2c, 0), ("C2C.CallbackAfterMsgWithDraw", c2c, 9)], &[refers]);
        check(&[(AFTER_C2C, c2c, 0), ("C2C.CallbackAfterModifyMsg", back, 9)], &[refers]);
        let read = r#"{"Operator_Account":"b","Peer_Account":"a","C2CMsgInfo":[{"MsgKey":"1_2_3"},{"MsgKey":"1_2_3"},7]}"#;
        check(&[(AFTER_C2C, c2c, 0), ("C2C.CallbackAfterMsgReadReceipt", read, 9)], &[refers]);
        let push = r#"{"Events":[{"From_Account":"a","To_Account":"b","MsgKey":"1_2_3","EventTime":1754890112}]}"#;
        check(&[(AFTER_C2C, c2c, 0), ("Push.OfflinePush", push, 9)], &[refers]);

        let group = |seq: u32| format!(r#"{{"GroupId":"g","MsgSeq":{seq}}}"#);
        let (five, six) = (&group(5), &group(6));
        let recall = r#"{"GroupId":"g","MsgSeqList":[{"MsgSeq":5},{"MsgSeq":6},{"MsgSeq":4}]}"#;
        check(
            &[(GROUP_SENT, five, 0), (GROUP_SENT, six, 1), ("Group.CallbackAfterRecallMsg", recall, 9)],
            &["refers to message #1, 9 ms earlier", "refers to message #2, 8 ms earlier"],
        );
        check(&[(GROUP_SENT, five, 0), ("Group.CallbackAfterModifyMsg", six, 9)], &[]);
        check(&[("777777/Group.CallbackAfterSendMsg", five, 0), (EXTENSION, five, 9)], &[]);
    }

    #[test]
    fn a_body_that_is_known_in_part_is_compared_with_nothing() {
        let line = (GROUP_SENT, r#"{"GroupId":"g","MsgBody":[1]}"#, 0);
        let [one, other] = [1, 2].map(|id| facts(&exchange(id, line, &Preset::Ok), 1_000_000).expect("bug: a callback"));
        assert_eq!(remarks(&other, &[&one, &other]), []);
    }

    #[test]
    fn bent_bodies_are_read_as_far_as_they_go() {
        for body in [
            "[]",
            "7",
            "{",
            r#"{"Events":[[]]}"#,
            r#"{"Events":7,"MsgBody":null}"#,
            r#"{"GroupId":{},"MsgSeq":-1,"EventTime":1e9}"#,
            "\u{1}",
        ] {
            for command in [GROUP_SENT, EXTENSION, "Push.OfflinePush", AFTER_C2C] {
                check(&[(command, r#"{"GroupId":"g","MsgSeq":1}"#, 0), (command, body, 9)], &[]);
            }
        }
        let huge = r#"{"GroupId":"g","MsgSeq":18446744073709551615,"EventTime":9223372036854775807}"#;
        check(
            &[(GROUP_SENT, r#"{"GroupId":"g","MsgSeq":0}"#, 0), (GROUP_SENT, huge, 9)],
            &["MsgSeq 18446744073709551615 follows 0 of #1: 1 to 18446744073709551614 have not come here"],
        );
    }
}
