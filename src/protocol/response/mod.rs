//! The response that the sender expects, and what it makes of the one that it gets.
//!
//! [`build`] writes a response in the documented form; [`read`] judges any response as its sender would. A judgement
//! is a word, an effect and findings, all of them data: `wording` has the sentences.
//!
//! What no document says is called unknown, never guessed.

mod codes;
mod extras;
mod finding;
mod form;

use super::catalogue::{Command, LimitSource, Product, Timing};
use crate::wire::{Reached, Response};
use codes::HANDED_BACK;

pub use finding::{Failure, Fault, Finding, Names, Remark, Unclear, Weight};
pub use form::{Said, complaints};

/// A response in the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `OK` with code 0.
    Ok,
    /// `FAIL` with this code.
    Fail(i64),
}

/// The documented success.
pub fn success() -> Response {
    build(Action::Ok, 200)
}

/// Builds a response in the documented form, with the keys in the documents' order.
pub fn build(action: Action, status: u16) -> Response {
    let body = match action {
        Action::Ok => r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#.to_owned(),
        Action::Fail(code) => format!(r#"{{"ActionStatus":"FAIL","ErrorInfo":"","ErrorCode":{code}}}"#),
    };
    Response::json(status, body)
}

/// Builds a response that decides with its code, as the documents print it: `ActionStatus` stays `OK`.
pub fn build_code(code: i64, info: &str) -> Response {
    let info = serde_json::Value::from(info);
    Response::json(200, format!(r#"{{"ActionStatus":"OK","ErrorInfo":{info},"ErrorCode":{code}}}"#))
}

/// What was posted, as far as it decides what the response does.
#[derive(Debug, Clone, Copy)]
pub enum Asked {
    /// A documented command.
    Documented(&'static Command),
    /// A callback whose command is not in the reference, or that names none.
    Undocumented,
    /// No callback at all.
    NoCallback,
}

/// Two products may share a command's name; the same command is the same entry of the catalogue.
impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Documented(one), Self::Documented(two)) => std::ptr::eq(*one, *two),
            (Self::Undocumented, Self::Undocumented) | (Self::NoCallback, Self::NoCallback) => true,
            _ => false,
        }
    }
}

impl Eq for Asked {}

/// A response as it reached the sender.
#[derive(Debug, Clone, Copy)]
pub struct Arrived<'a> {
    /// The status code.
    pub status: u16,
    /// From the request's end to the response, in microseconds; `None` where nobody measured.
    pub elapsed_micros: Option<i64>,
    /// The body.
    pub body: &'a [u8],
}

/// A response as its sender reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// All of it in a word.
    pub read_as: ReadAs,
    /// What it does; `None` where it failed or that is unknown.
    pub effect: Option<Effect>,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
    /// Its result as it was written.
    pub said: Said,
}

/// A reading in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadAs {
    /// The event goes ahead, or, after it, a success.
    Accepted,
    /// The event does not take place.
    Refused,
    /// The message is thrown away, and its sender sees success.
    Dropped,
    /// Well formed, and without effect.
    Ignored,
    /// The webhook failed: no response, another status, too late, not JSON.
    Failed,
    /// No document says.
    Unknown,
}

/// What a response does that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// What the catalogue says of this code for this command.
    Code {
        /// The `ErrorCode`.
        code: i64,
        /// What it does.
        words: &'static str,
    },
    /// Each user's own result decides.
    Users {
        /// How many are allowed.
        allowed: usize,
        /// How many are refused.
        refused: usize,
    },
    /// Success after an event, which has happened whatever is responded.
    Nothing,
    /// Another code after an event: what has happened stands.
    TooLate {
        /// The `ErrorCode`.
        code: i64,
    },
    /// Success, for a command that is not in the reference.
    Success,
}

/// The limit of Chat, which is assumed where no document states one. Source: Chat, "Webhook Overview", 1047/34354.
const CHAT_LIMIT_MILLIS: u32 = 2_000;

/// What the way and the sender's earlier clock may take of the limit, in milliseconds.
const MARGIN_MILLIS: u32 = 300;

/// Reads a response as the sender of what was asked would; an error where no whole one reached it.
///
/// Source: Chat, "Webhook Overview", 1047/34354, and the page of each command.
pub fn read(asked: Asked, arrived: Result<Arrived<'_>, Failure>) -> Reading {
    let form = arrived.as_ref().map(|arrived| form::read(arrived.body)).unwrap_or_default();
    let command = match asked {
        Asked::NoCallback => return Reading::without_effect(Unclear::NoCallback, form.said),
        Asked::Documented(command) if command.is_setting() => return Reading::without_effect(Unclear::NeverPosted, form.said),
        Asked::Documented(command) => Some(command),
        Asked::Undocumented => None,
    };
    let arrived = match arrived {
        Ok(arrived) => arrived,
        Err(failure) => return Reading::of(command, None, vec![failure.into()], form.said),
    };
    let mut findings = on_the_way(command, &arrived);
    findings.extend(form.findings);
    findings.extend(command.into_iter().flat_map(|command| extras::check(arrived.body, &form.document, command)));
    let effect = form.result.and_then(|result| {
        findings.extend(codes::remark(command, result).map(Finding::from));
        match codes::effect(command, result, arrived.body, &form.document) {
            Ok(effect) => Some(effect),
            Err(unclear) => {
                findings.extend(unclear.into_iter().map(Finding::from));
                None
            }
        }
    });
    Reading::of(command, effect, findings, form.said)
}

/// What is true of status and time.
fn on_the_way(command: Option<&Command>, arrived: &Arrived<'_>) -> Vec<Finding> {
    let status = (arrived.status != 200).then(|| Failure::Status(arrived.status).into());
    status.into_iter().chain(arrived.elapsed_micros.and_then(|elapsed_micros| in_time(command, elapsed_micros))).collect()
}

/// Whether a response came in time. At the limit itself it did: the documents ask for it "within" two seconds.
fn in_time(command: Option<&Command>, elapsed_micros: i64) -> Option<Finding> {
    let assumed = command.is_none_or(|command| command.response.timeout_source == LimitSource::AssumedFromChat);
    let limit_millis = command.map_or(Some(CHAT_LIMIT_MILLIS), |command| command.response.timeout_ms)?;
    if elapsed_micros > i64::from(limit_millis) * 1000 {
        Some(Failure::Late { elapsed_micros, limit_millis, assumed }.into())
    } else if elapsed_micros > i64::from(limit_millis.saturating_sub(MARGIN_MILLIS)) * 1000 {
        Some(Remark::Close { elapsed_micros, limit_millis }.into())
    } else {
        None
    }
}

/// Reads what reached the sender of a response, this long after its request.
pub fn read_reached(asked: Asked, reached: Reached<'_>, elapsed_micros: Option<i64>) -> Reading {
    let arrived = match reached {
        Reached::Whole(Response { status, body, .. }) => Ok(Arrived { status: *status, elapsed_micros, body }),
        Reached::Part => Err(Failure::BrokenOff),
        Reached::Nothing => Err(Failure::NoResponse),
        Reached::Unrecorded => return Reading::without_effect(Unclear::NotRecorded, Said::default()),
    };
    read(asked, arrived)
}

/// How long the sender waits for a response, in milliseconds, and whether that is only assumed.
pub fn limit(asked: Asked) -> (u32, bool) {
    match asked {
        Asked::Documented(command) => {
            let assumed = command.response.timeout_source != LimitSource::Documented;
            (command.response.timeout_ms.unwrap_or(CHAT_LIMIT_MILLIS), assumed)
        }
        Asked::Undocumented | Asked::NoCallback => (CHAT_LIMIT_MILLIS, true),
    }
}

/// Whether code 2 drops what was asked about without a word.
pub fn can_drop(asked: Asked) -> bool {
    let body = build_code(2, "").body;
    read(asked, Ok(Arrived { status: 200, elapsed_micros: None, body: &body })).read_as == ReadAs::Dropped
}

impl Reading {
    fn without_effect(why: Unclear, said: Said) -> Self {
        Self { read_as: ReadAs::Unknown, effect: None, findings: vec![why.into()], said }
    }

    fn of(command: Option<&'static Command>, effect: Option<(ReadAs, Effect)>, mut findings: Vec<Finding>, said: Said) -> Self {
        let gravest = findings.iter().map(Finding::weight).min().unwrap_or(Weight::Remark);
        let (read_as, effect) = match (gravest, effect) {
            (Weight::Failure, _) => (ReadAs::Failed, None),
            (Weight::Remark, Some((read_as, effect))) => (read_as, Some(effect)),
            (Weight::Fault | Weight::Unclear | Weight::Remark, _) => (ReadAs::Unknown, None),
        };
        findings.retain(|finding| {
            read_as == ReadAs::Accepted || !matches!(finding, Finding::Remark(Remark::Rewrites(_) | Remark::LeavesOut { .. }))
        });
        findings.extend(beside(command, read_as));
        findings.sort_by_key(Finding::weight);
        Self { read_as, effect, findings, said }
    }

    /// Why it failed or is unknown.
    pub fn reason(&self) -> Option<&Finding> {
        self.findings.first().filter(|finding| finding.weight() != Weight::Remark)
    }

    /// What was found besides the reason.
    pub fn others(&self) -> &[Finding] {
        &self.findings[usize::from(self.reason().is_some())..]
    }

    /// Whether what the response does is documented, and more than a failed webhook.
    pub fn is_understood(&self) -> bool {
        !matches!(self.read_as, ReadAs::Failed | ReadAs::Unknown)
    }
}

/// What goes without saying for whoever knows the pages: what follows from a failure, and what is open.
fn beside(command: Option<&'static Command>, read_as: ReadAs) -> Vec<Finding> {
    let Some(command) = command else { return vec![Remark::UnknownCommand.into()] };
    match read_as {
        ReadAs::Failed => after_failure(command).into_iter().map(Finding::from).collect(),
        ReadAs::Ignored if command.product == Product::Desk => vec![Remark::MayCountAsFailure.into()],
        ReadAs::Accepted | ReadAs::Refused | ReadAs::Dropped | ReadAs::Ignored | ReadAs::Unknown => Vec::new(),
    }
}

fn after_failure(command: &'static Command) -> Vec<Remark> {
    // Of the bot's signal no page says what a failure does.
    let is_of_chat = command.product == Product::Chat && command.timing == Timing::Before && command.extra(HANDED_BACK).is_none();
    let then = Remark::Then(&command.response.on_timeout);
    let policy = (is_of_chat && !command.response.on_timeout.contains("80003")).then_some(Remark::PolicySeenAs);
    let every = (is_of_chat && command.extra("MsgBody").is_some()).then_some(Remark::EveryMessage);
    [Some(then), policy, every].into_iter().flatten().collect()
}

impl ReadAs {
    /// All of them, the best for whoever responded first.
    pub const ALL: [Self; 6] = [Self::Accepted, Self::Ignored, Self::Refused, Self::Dropped, Self::Failed, Self::Unknown];

    /// The word in JSON and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Dropped => "dropped",
            Self::Ignored => "ignored",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl Command {
    /// Whether it is a switch that stands among the commands, and no event.
    ///
    /// Source: Live, `Live.CallbackBeforeCallBackNotBlock`, 647/72210.
    fn is_setting(&self) -> bool {
        self.response.timeout_source == LimitSource::None
    }

    /// A documented key of its response besides the three.
    fn extra(&self, key: &str) -> Option<&super::catalogue::Field> {
        self.response.extras.iter().find(|field| field.path == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::catalogue;

    fn asked(command: &str) -> Asked {
        match command {
            "" => Asked::NoCallback,
            name => catalogue::get().named(name).next().map_or(Asked::Undocumented, Asked::Documented),
        }
    }

    /// The word, then the reason if there is one, for a status, a time and a body.
    #[track_caller]
    fn check(command: &str, status: u16, elapsed_millis: i64, body: &str, expected: &str) {
        let arrived = Arrived { status, elapsed_micros: Some(elapsed_millis * 1000), body: body.as_bytes() };
        let reading = read(asked(command), Ok(arrived));
        let reason = reading.reason().map_or(String::new(), |reason| format!(" {reason:?}"));
        assert_eq!(format!("{}{reason}", reading.read_as.word()), expected, "{command} {status} {body}");
    }

    const OK: &str = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;
    const MESSAGE: &str = "C2C.CallbackBeforeSendMsg";
    const JOIN: &str = "Group.CallbackAfterNewMemberJoin";

    #[test]
    fn the_documented_form_is_built() {
        let body = |action| String::from_utf8(build(action, 200).body).expect("bug: it is text");
        assert_eq!(body(Action::Ok), OK);
        assert_eq!(body(Action::Fail(10100)), r#"{"ActionStatus":"FAIL","ErrorInfo":"","ErrorCode":10100}"#);
    }

    #[test]
    fn only_status_200_within_the_limit_is_read() {
        check(MESSAGE, 200, 1, OK, "accepted");
        check(MESSAGE, 204, 1, OK, "failed Failure(Status(204))");
        check(MESSAGE, 302, 2_500, "", "failed Failure(Status(302))");
        check(MESSAGE, 200, 2_000, OK, "accepted");
        check(MESSAGE, 200, 2_001, OK, "failed Failure(Late { elapsed_micros: 2001000, limit_millis: 2000, assumed: false })");
        check("Room.CallbackAfterCreateRoom", 200, 1, OK, "accepted");
        check("No.Such", 200, 9_000, OK, "failed Failure(Late { elapsed_micros: 9000000, limit_millis: 2000, assumed: true })");
    }

    #[test]
    fn what_was_not_asked_for_has_no_reader() {
        check("", 404, 1, "nothing here", "unknown Unclear(NoCallback)");
        check("Live.CallbackBeforeCallBackNotBlock", 200, 1, OK, "unknown Unclear(NeverPosted)");
        check("No.Such", 200, 1, OK, "accepted");
        check("No.Such", 200, 1, &OK.replace('0', "1"), "unknown Unclear(CodeOfUnknownCommand(1))");
    }

    #[test]
    fn the_gravest_finding_comes_first_and_the_rest_behind_it() {
        let reading = read(asked(MESSAGE), Ok(Arrived { status: 500, elapsed_micros: Some(1_900_000), body: b"<html>" }));
        let weights: Vec<Weight> = reading.findings.iter().map(Finding::weight).collect();
        assert!(weights.is_sorted(), "{:?}", reading.findings);
        assert_eq!((reading.reason(), reading.others().len()), (Some(&Failure::Status(500).into()), 4), "{:?}", reading.findings);
    }

    #[test]
    fn no_response_is_a_failed_one() {
        let reading = read(asked(JOIN), Err(Failure::NoResponse));
        assert_eq!((reading.read_as, reading.reason()), (ReadAs::Failed, Some(&Failure::NoResponse.into())));
        assert!(
            matches!(reading.others(), [Finding::Remark(Remark::Then(words))] if words.starts_with("Nothing is undone")),
            "{:?}",
            reading.others()
        );
    }

    #[test]
    fn every_documented_sample_is_understood() {
        for command in catalogue::get().commands.iter().filter(|command| !command.is_setting()) {
            let body = command.sample_response();
            let reading = read(Asked::Documented(command), Ok(Arrived { status: 200, elapsed_micros: None, body: body.as_bytes() }));
            let is_change = |finding: &Finding| matches!(finding, Finding::Remark(Remark::Rewrites(_) | Remark::LeavesOut { .. }));
            let odd: Vec<&Finding> = reading.findings.iter().filter(|finding| !is_change(finding)).collect();
            assert!(reading.is_understood() && odd.is_empty(), "{} {body} {reading:?}", command.name);
        }
    }
}
