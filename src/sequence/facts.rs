//! The little that is compared of an exchange.

use super::PAIRS;
use crate::exchange::{Exchange, Outcome};
use crate::protocol::body::{self, Shown};
use crate::protocol::catalogue::{Command, Timing, Unit};
use crate::protocol::json::{Document, Kind};
use crate::protocol::query::Name;
use crate::protocol::response::{self, Arrived, Asked, Effect, ReadAs};
use crate::protocol::{self, Callback, extension};
use crate::wire::BodyEnd;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many messages a callback may refer to; a push tells of a hundred events at most.
const REFERENCES: usize = 100;

/// Further commands that are about a message of their own; all others refer to one that was sent before.
const OTHER_SENDS: [&str; 4] = ["Bot.OnC2CMessage", "Bot.OnGroupMessage", "Chatbot.OnC2CSignalMessage", "Desk.SessionEventNotify"];

/// What is compared of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The exchange.
    pub id: i64,
    /// Whether they will stay as they are: the response, of which they say something, has had its way.
    pub is_final: bool,
    pub(super) received_at_millis: i64,
    pub(super) app: Option<String>,
    pub(super) command: String,
    pub(super) timing: Option<Timing>,
    pub(super) conversation: Option<Conversation>,
    pub(super) event_time: Option<EventTime>,
    /// Of the message that the callback is about; not of one that it refers to.
    pub(super) msg_seq: Option<u64>,
    pub(super) msg_key: Option<String>,
    pub(super) msg_id: Option<String>,
    /// Who sent it, and the random number of the sending.
    pub(super) random: Option<(String, u64)>,
    pub(super) msg_body: Option<u64>,
    /// The older messages that the callback is about.
    pub(super) refers_to: Vec<Reference>,
    /// The version of the extension of the message that is referred to.
    pub(super) extension_seq: Option<u64>,
    /// Hash of the whole body; `None` where some of it is missing.
    pub(super) content: Option<u64>,
    /// Hash of `Sign` and `RequestTime`.
    pub(super) signature: Option<u64>,
    /// The code other than 0 with which we responded in time.
    pub(super) refused_with: Option<i64>,
}

/// Where something happens. The app counts too, and stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Conversation {
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
pub(super) enum Reference {
    Key(String),
    /// In a group.
    Seq(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EventTime {
    pub(super) millis: i64,
    pub(super) in_secs: bool,
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

impl Facts {
    /// When it happened, in milliseconds since the Unix epoch, where that is told.
    pub fn happened_at_millis(&self) -> Option<i64> {
        self.event_time.map(|time| time.millis)
    }

    /// How many older messages it is about.
    pub fn refers_to_count(&self) -> usize {
        self.refers_to.len()
    }

    /// The topic of the group in which it happened.
    pub fn topic(&self) -> Option<&str> {
        match &self.conversation {
            Some(Conversation::Group { topic, .. }) => topic.as_deref(),
            _ => None,
        }
    }

    /// Its number among the messages of its group; one-to-one messages are not counted like that.
    pub fn group_seq(&self) -> Option<u64> {
        self.msg_seq.filter(|_| matches!(self.conversation, Some(Conversation::Group { .. })))
    }
}

impl EventTime {
    /// How long until `other`, in milliseconds; where one of both is told in seconds, so is this.
    pub(super) fn until(self, other: Self) -> i64 {
        let unit = if self.in_secs || other.in_secs { 1_000 } else { 1 };
        (other.millis / unit - self.millis / unit) * unit
    }
}

/// Whether a command is about a message of its own, and not about one that was sent before.
pub fn is_send(command: &str) -> bool {
    PAIRS.iter().any(|(before, after)| [*before, *after].contains(&command)) || OTHER_SENDS.contains(&command)
}

/// The code of a response that kept the event from taking place.
fn refused_with(exchange: &Exchange, command: &'static Command) -> Option<i64> {
    let responded = exchange.response.as_ref().filter(|responded| responded.outcome == Some(Outcome::Sent))?;
    let sent = responded.response.as_ref()?;
    let arrived = Arrived { status: sent.status, elapsed_micros: responded.whole_after_micros(), body: &sent.body };
    let reading = response::read(Asked::Documented(command), Ok(arrived));
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
        let mut events = protocol::events(text, document);
        let event = match (events.next(), events.next()) {
            (Some(only), None) => only,
            _ => 0,
        };
        Self { text, document, event }
    }

    fn get(&self, key: &str) -> Option<usize> {
        self.document.get(self.text, self.event, key)
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.document.whole_number(self.text, self.event, key)
    }

    /// A string or a number as text, unless it is empty.
    fn string_in(&self, object: usize, key: &str) -> Option<String> {
        let node = self.document.node(self.document.get(self.text, object, key)?);
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
        match body::time(&self.string("EventTime")?, Unit::Millis)? {
            Shown::Time { millis, unit } => Some(EventTime { millis, in_secs: unit == Unit::Secs }),
            Shown::Word(_) => None,
        }
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
        let end = body + self.document.node(body).descendants as usize;
        let mut hasher = DefaultHasher::new();
        for node in (body..=end).map(|at| self.document.node(at)) {
            (node.depth, node.children, node.key_text(self.text)).hash(&mut hasher);
            if !node.is_container() {
                (node.kind == Kind::String, node.string(self.text)).hash(&mut hasher);
            }
        }
        Some(hasher.finish())
    }
}
