//! What one exchange tells of a conversation.

use super::Key;
use super::said::{self, Said};
use crate::exchange::Exchange;
use crate::inspect::Inspection;
use crate::protocol::body::{self, Shown};
use crate::protocol::catalogue::{Timing, Unit};
use crate::protocol::json::{self, Document, Kind};
use crate::protocol::response::{Effect, ReadAs, Reading};
use crate::protocol::summary::{Part, Summary};
use crate::protocol::verdict::Overall;
use crate::sequence::{self, Facts};
use crate::wording;

/// How far what a callback says of its time may be from its arrival. What is further is not when it happened here: it is a
/// sample, or was sent again.
const TRUSTED_MILLIS: u64 = 24 * 3_600_000;

/// Keys that name who sent a message, best first.
const SENDERS: [&str; 3] = ["From_Account", "Official_Account", "ClientUserId"];

/// What is about messages that came before, and what becomes of them.
const RECALLS: [&str; 3] = ["C2C.CallbackAfterMsgWithDraw", "Group.CallbackAfterRecallMsg", "OfficialAccount.CallbackAfterMsgWithDraw"];
const EDITS: [&str; 2] = ["C2C.CallbackAfterModifyMsg", "Group.CallbackAfterModifyMsg"];

/// What one exchange tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub(super) facts: Facts,
    pub(super) received_at_millis: i64,
    /// When it happened, as far as that is told and can be: in milliseconds since the Unix epoch.
    pub(super) at_millis: i64,
    pub(super) is_bad: bool,
    pub(super) timing: Option<Timing>,
    pub(super) what: What,
    pub(super) answer: Answer,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A message: who sent it, what it says, and why it failed.
    Message { sender: String, said: Vec<Said>, failure: Option<String> },
    /// Messages were recalled, by whom.
    Recall(String),
    /// A message was edited: by whom, and what it says now.
    Edit(String, Vec<Said>),
    /// Anything else, in a few words.
    Other(String),
}

/// What was responded, as far as it changed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing is decided yet.
    Waiting,
    /// The event goes ahead; perhaps with another message.
    Allowed(Option<Vec<Said>>),
    /// It does not: why.
    Refused(String),
    /// The message is thrown away, and its sender sees success.
    Dropped,
    /// It has no effect: the event happened.
    Ignored,
    /// The webhook failed, or nobody knows: in words.
    Unclear(String),
}

impl Told {
    /// What an exchange tells of a conversation; `None` where it does not belong to it. The request's body may be the beginning
    /// of one that has `body_bytes`.
    pub fn of(key: &Key, exchange: &Exchange, body_bytes: usize, inspection: &Inspection) -> Option<Self> {
        let request = &exchange.request;
        let callback = &inspection.callback;
        if !key.has(&request.body, callback) {
            return None;
        }
        let facts = sequence::facts(exchange, body_bytes)?;
        let body = Body { text: &request.body, document: &callback.document };
        let told_at = facts.happened_at_millis().or_else(|| body.message_time());
        let is_near = |millis: &i64| millis.abs_diff(request.received_at_millis) <= TRUSTED_MILLIS;
        let timing = callback.reference.map(|reference| reference.timing);
        let command = callback.command.as_deref().unwrap_or_default();
        Some(Self {
            received_at_millis: request.received_at_millis,
            at_millis: told_at.filter(is_near).unwrap_or(request.received_at_millis),
            is_bad: inspection.overall == Overall::Bad,
            timing,
            what: body.what(command, key, &inspection.summary(request)),
            answer: answer(exchange, inspection, timing),
            facts,
        })
    }

    /// The exchange.
    pub fn id(&self) -> i64 {
        self.facts.id
    }

    /// Whether it will stay as it is: what became of the response is known.
    pub fn is_final(&self) -> bool {
        self.facts.is_final
    }

    pub(super) fn is_before(&self) -> bool {
        self.timing == Some(Timing::Before)
    }
}

/// What a response does, as far as a reader of the conversation wants to know.
fn answer(exchange: &Exchange, inspection: &Inspection, timing: Option<Timing>) -> Answer {
    let Some(responded) = &exchange.response else { return Answer::Waiting };
    let reading = inspection.reading(responded.reached(), responded.whole_after_micros());
    let is_before = timing == Some(Timing::Before);
    match reading.read_as {
        ReadAs::Accepted if is_before => {
            let body = responded.response.as_ref().map(|response| response.body.as_slice());
            Answer::Allowed(body.and_then(rewritten))
        }
        ReadAs::Refused => Answer::Refused(refusal(&reading)),
        ReadAs::Dropped => Answer::Dropped,
        ReadAs::Failed => Answer::Unclear(format!("webhook failed: {}", wording::reading(&reading))),
        ReadAs::Unknown if is_before => Answer::Unclear(wording::reading(&reading)),
        ReadAs::Accepted | ReadAs::Ignored | ReadAs::Unknown => Answer::Ignored,
    }
}

fn refusal(reading: &Reading) -> String {
    match reading.effect {
        Some(Effect::Code { code, .. }) => format!("refused with {code}"),
        _ => wording::reading(reading),
    }
}

/// The message that a response has in place of the one that was asked about.
fn rewritten(response: &[u8]) -> Option<Vec<Said>> {
    let document = json::read(response);
    let elements = document.get(response, 0, "MsgBody")?;
    Some(said::of_elements(response, &document, elements))
}

struct Body<'t> {
    text: &'t [u8],
    document: &'t Document,
}

impl Body<'_> {
    fn string(&self, key: &str) -> Option<String> {
        let node = self.document.node(self.document.get(self.text, 0, key)?);
        let string = matches!(node.kind, Kind::String | Kind::Number).then(|| node.string(self.text).into_owned())?;
        (!string.is_empty()).then_some(string)
    }

    fn who(&self, keys: &[&str]) -> String {
        keys.iter().find_map(|key| self.string(key)).unwrap_or_else(|| "somebody".to_owned())
    }

    fn message_time(&self) -> Option<i64> {
        match body::time(&self.string("MsgTime")?, Unit::Secs)? {
            Shown::Time { millis, .. } => Some(millis),
            Shown::Word(_) => None,
        }
    }

    fn what(&self, command: &str, key: &Key, summary: &Summary) -> What {
        let elements = self.document.get(self.text, 0, "MsgBody");
        let said = || elements.map(|elements| said::of_elements(self.text, self.document, elements));
        let signal = || self.string("Data").map(|data| vec![said::of_text(&data)]);
        if RECALLS.contains(&command) {
            return What::Recall(self.who(&["Operator_Account", "From_Account", "Official_Account"]));
        }
        if EDITS.contains(&command) {
            return What::Edit(self.who(&["Operator_Account", "From_Account"]), said().unwrap_or_default());
        }
        match said().or_else(signal).filter(|_| sequence::is_send(command)) {
            Some(said) => What::Message { sender: self.who(&SENDERS), said, failure: self.failure() },
            None => What::Other(in_here(summary, key)),
        }
    }

    /// Why a message failed, where an after event says so.
    fn failure(&self) -> Option<String> {
        let is_wrong = |code: &String| code != "0";
        let code = self.string("SendMsgResult").or_else(|| self.string("ErrorCode")).filter(is_wrong)?;
        let why = self.string("ErrorInfo").map(|why| format!(": {}", wording::value(&why))).unwrap_or_default();
        Some(format!("not sent, code {}{why}", wording::value(&code)))
    }
}

/// A summary as it is told within its conversation: what stands above all of it need not stand in each line.
fn in_here(summary: &Summary, key: &Key) -> String {
    let Some((noun, id)) = key.place.noun() else { return wording::summary(summary) };
    let is_here = |part: &Part| matches!(part, Part::Values(values, 0) if values.len() == 1 && values[0] == id);
    let mut parts: Vec<Part> = Vec::with_capacity(summary.0.len());
    for (at, part) in summary.0.iter().enumerate() {
        let is_last = at + 1 == summary.0.len();
        if !is_here(part) {
            parts.push(part.clone());
        } else if parts.last().is_some_and(|before| matches!(before, Part::Words(words) if words == " " || (words == ", " && is_last))) {
            // It only follows, as in `created “Riders” @TGS#1`.
            parts.pop();
        } else {
            parts.push(Part::Words(noun.into()));
        }
    }
    let words = wording::summary(&Summary(parts));
    match words.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => words,
    }
}
