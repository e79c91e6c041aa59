//! What a rule responds for some time, as it is typed.

use super::complaint::{Complaint, Found, Part, Spot};
use super::kind::Kind;
use crate::app::texts::rules as texts;
use crate::protocol::catalogue::Command;
use crate::rules::preset::{OwnBody, Preset};
use crate::rules::template::{Misprint, wrong_header, wrong_message};
use crate::rules::{Delay, Fallback, Reply, Step, Template, Text, UserResult};

/// A step as its form shows it. The texts of the kinds that are not chosen wait until they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDraft {
    /// To how many requests.
    pub times: String,
    /// How long it waits.
    pub delay: String,
    /// What it responds.
    pub kind: Kind,
    /// The code of a refusal, and of FAIL.
    pub code: String,
    /// The words of a refusal.
    pub info: String,
    /// The status of an HTTP error, and of one's own response.
    pub status: String,
    /// The time of a late or a slow response, in milliseconds.
    pub millis: String,
    /// The headers of one's own response, one a line.
    pub headers: String,
    /// Its body.
    pub body: String,
    /// The message in place of the one that was sent.
    pub msg_body: String,
    /// Its custom data.
    pub data: String,
    /// The users who are left out, one a line.
    pub users: String,
    /// What each user gets.
    pub results: Vec<ResultDraft>,
    /// The file with the body.
    pub file: String,
    /// What becomes of a hold when nobody decides.
    pub fallback: String,
    /// The file as it was read: its bytes are the world's.
    known_file: OwnBody,
}

/// One user's result as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultDraft {
    /// The user.
    pub to_account: String,
    /// 0 allows, 38000 to 39000 refuses.
    pub code: String,
    /// What the refused one is told.
    pub info: String,
}

/// A step with a text for everything that can be typed.
fn blank() -> StepDraft {
    let success = crate::protocol::response::success().body;
    StepDraft {
        times: "1".to_owned(),
        delay: Delay::None.to_string(),
        kind: Kind::Ok,
        code: "1".to_owned(),
        info: String::new(),
        status: "500".to_owned(),
        millis: "2500".to_owned(),
        headers: String::new(),
        body: crate::protocol::catalogue::spread(&String::from_utf8_lossy(&success)),
        msg_body: r#"[{"MsgType":"TIMTextElem","MsgContent":{"Text":"***"}}]"#.to_owned(),
        data: String::new(),
        users: String::new(),
        results: vec![ResultDraft::default()],
        file: String::new(),
        fallback: Fallback::default().preset().to_string(),
        known_file: OwnBody::default(),
    }
}

/// Whom the one command that reads results asks about first, refused.
impl Default for ResultDraft {
    fn default() -> Self {
        Self { to_account: "{{FriendItem[0].To_Account}}".to_owned(), code: "38000".to_owned(), info: String::new() }
    }
}

impl StepDraft {
    /// A step as texts; `None` for what only the program says to itself.
    pub fn of(step: &Step) -> Option<Self> {
        let mut draft = Self { times: step.times.to_string(), delay: step.delay.to_string(), ..blank() };
        match &step.reply {
            Reply::Preset(preset) => draft.take_preset(preset)?,
            Reply::Own(Template { status, headers, body }) => {
                let lines = headers.iter().map(|(name, value)| format!("{name}: {value}"));
                draft.kind = Kind::Own;
                (draft.status, draft.headers) = (status.to_string(), lines.collect::<Vec<_>>().join("\n"));
                body.source().clone_into(&mut draft.body);
            }
            Reply::Refuse { code, info } => {
                (draft.kind, draft.code, draft.info) = (Kind::Refuse, code.to_string(), info.source().to_owned());
            }
            Reply::Rewrite { msg_body, cloud_custom_data } => {
                let source = |text: &Option<Text>| text.as_ref().map(|text| text.source().to_owned()).unwrap_or_default();
                (draft.kind, draft.msg_body, draft.data) = (Kind::Rewrite, source(msg_body), source(cloud_custom_data));
            }
            Reply::RefuseMembers(users) => (draft.kind, draft.users) = (Kind::RefuseMembers, users.join("\n")),
            Reply::Results(results) => (draft.kind, draft.results) = (Kind::Results, results.iter().map(ResultDraft::of).collect()),
            Reply::Hold(fallback) => (draft.kind, draft.fallback) = (Kind::Hold, fallback.preset().to_string()),
        }
        Some(draft)
    }

    fn take_preset(&mut self, preset: &Preset) -> Option<()> {
        self.kind = match preset {
            Preset::Ok => Kind::Ok,
            Preset::Fail(code) => {
                self.code = code.to_string();
                Kind::Fail
            }
            Preset::Body(body) => {
                self.file = body.file.clone()?;
                self.known_file = body.clone();
                Kind::File
            }
            Preset::Http(status) => {
                self.status = status.to_string();
                Kind::Http
            }
            Preset::Delay(millis) => {
                self.millis = millis.to_string();
                Kind::Late
            }
            Preset::Drip(millis) => {
                self.millis = millis.to_string();
                Kind::Drip
            }
            Preset::Timeout => Kind::Timeout,
            Preset::Stall => Kind::Stall,
            Preset::NotJson => Kind::NotJson,
            Preset::Empty => Kind::Empty,
            Preset::Truncated => Kind::Truncated,
            Preset::Long => Kind::Long,
            Preset::Garbage => Kind::Garbage,
            Preset::Drop => Kind::Drop,
            Preset::Reset => Kind::Reset,
            Preset::Refuse | Preset::Hold | Preset::Tls(_) => return None,
        };
        Some(())
    }

    /// Chooses what it responds, with a value that makes sense to begin with.
    pub fn choose(&mut self, kind: Kind, command: Option<&Command>) {
        let first_code = || {
            let codes = command.and_then(|command| command.response.own_codes())?;
            codes.split('-').next().map(str::to_owned)
        };
        if kind == Kind::Refuse && self.code == "1" {
            self.code = first_code().unwrap_or_else(|| "1".to_owned());
        } else if kind == Kind::Fail && self.kind == Kind::Refuse {
            "1".clone_into(&mut self.code);
        } else if kind == Kind::Own && self.kind != Kind::Own {
            "200".clone_into(&mut self.status);
        } else if kind == Kind::Http && self.kind == Kind::Own {
            "500".clone_into(&mut self.status);
        } else if kind == Kind::Drip || kind == Kind::Late {
            if kind == Kind::Drip { "100" } else { "2500" }.clone_into(&mut self.millis);
        }
        self.kind = kind;
    }

    /// Whether it waits for so long: a hold waits for somebody.
    pub fn takes_delay(&self) -> bool {
        self.kind != Kind::Hold
    }

    /// Whether its delay is drawn.
    pub fn draws(&self) -> bool {
        self.takes_delay() && matches!(Delay::read(&self.delay), Ok(Delay::Uniform { .. } | Delay::LogNormal { .. }))
    }

    /// The step that it says; any where something is wrong with it.
    pub(super) fn read(&self, at: usize, found: &mut Found) -> Step {
        let spot = |part| Spot::Step(at, part);
        let times = self.times.trim().parse().ok().filter(|times| *times > 0).ok_or(texts::TIMES_WRONG);
        let delay = if self.takes_delay() { Delay::read(&self.delay) } else { Ok(Delay::None) };
        Step {
            times: found.take(spot(Part::Times), times).unwrap_or(1),
            delay: found.take(spot(Part::Delay), delay).unwrap_or_default(),
            reply: self.reply(&spot, found).unwrap_or_default(),
        }
    }

    fn reply(&self, spot: &impl Fn(Part) -> Spot, found: &mut Found) -> Option<Reply> {
        let preset = |word: &str| Reply::Preset(Preset::parse(word).expect("bug: a preset of ours has a name"));
        let valued = |found: &mut Found, part: Part, name: &str, value: &str| {
            let read = Preset::parse(&format!("{name}:{}", value.trim())).map(Reply::Preset);
            found.take(spot(part), read.map_err(|error| error.to_string()))
        };
        match self.kind {
            Kind::Ok => Some(Reply::Preset(Preset::Ok)),
            Kind::Refuse => {
                let code = found.take(spot(Part::Code), code(&self.code));
                let info = found.take(spot(Part::Info), Text::read(&self.info).map_err(misprint));
                Some(Reply::Refuse { code: code?, info: info? })
            }
            Kind::Fail => valued(found, Part::Code, "fail", &self.code),
            Kind::Http => valued(found, Part::Status, "http", &self.status),
            Kind::Late => valued(found, Part::Millis, "delay", &self.millis),
            Kind::Drip => valued(found, Part::Millis, "drip", &self.millis),
            Kind::Own => self.own(spot, found),
            Kind::Hold => found.take(spot(Part::Fallback), Fallback::read(self.fallback.trim())).map(Reply::Hold),
            Kind::Rewrite => self.rewrite(spot, found),
            Kind::RefuseMembers => Some(Reply::RefuseMembers(lines(&self.users).map(str::to_owned).collect())),
            Kind::Results => {
                let results = self.results.iter().enumerate();
                let read: Vec<_> = results.map(|(at, result)| found.take(spot(Part::Result(at)), result.read())).collect();
                read.into_iter().collect::<Option<Vec<_>>>().map(Reply::Results)
            }
            Kind::File => self.own_file(spot, found),
            Kind::Timeout => Some(preset("timeout")),
            Kind::Stall => Some(preset("stall")),
            Kind::NotJson => Some(preset("not-json")),
            Kind::Empty => Some(preset("empty")),
            Kind::Truncated => Some(preset("truncated")),
            Kind::Long => Some(preset("long")),
            Kind::Garbage => Some(preset("garbage")),
            Kind::Drop => Some(preset("drop")),
            Kind::Reset => Some(preset("reset")),
        }
    }

    fn own(&self, spot: &impl Fn(Part) -> Spot, found: &mut Found) -> Option<Reply> {
        let status = crate::rules::preset::read_status(self.status.trim()).ok_or(texts::STATUS_WRONG);
        let status = found.take(spot(Part::Status), status);
        let headers: Vec<_> = lines(&self.headers).map(|line| found.take(spot(Part::Headers), header(line))).collect();
        let body = found.take(spot(Part::Body), Text::read(&self.body).map_err(|wrong| placed(&self.body, &wrong)));
        Some(Reply::Own(Template { status: status?, headers: headers.into_iter().collect::<Option<_>>()?, body: body? }))
    }

    fn rewrite(&self, spot: &impl Fn(Part) -> Spot, found: &mut Found) -> Option<Reply> {
        let text = |text: &str| Text::read(text).map_err(misprint);
        let message = |source: &str| text(source).and_then(|text| wrong_message(&text).map_or(Ok(text), |wrong| Err(wrong.to_owned())));
        let is_there = |text: &str| !text.trim().is_empty();
        if !is_there(&self.msg_body) && !is_there(&self.data) {
            found.0.push(Complaint { spot: spot(Part::MsgBody), text: texts::REWRITE_EMPTY.to_owned() });
            return None;
        }
        let msg_body = is_there(&self.msg_body).then(|| found.take(spot(Part::MsgBody), message(&self.msg_body)));
        let data = is_there(&self.data).then(|| found.take(spot(Part::Data), text(&self.data)));
        Some(Reply::Rewrite { msg_body: msg_body.flatten(), cloud_custom_data: data.flatten() })
    }

    fn own_file(&self, spot: &impl Fn(Part) -> Spot, found: &mut Found) -> Option<Reply> {
        let read = Preset::parse(&format!("body:{}", self.file)).map_err(|error| error.to_string());
        let preset = found.take(spot(Part::File), read)?;
        let is_known = self.known_file.file.as_ref() == Some(&self.file);
        Some(Reply::Preset(if is_known { Preset::Body(self.known_file.clone()) } else { preset }))
    }
}

impl ResultDraft {
    fn of(result: &UserResult) -> Self {
        let UserResult { to_account, code, info } = result;
        Self { to_account: to_account.source().to_owned(), code: code.to_string(), info: info.source().to_owned() }
    }

    fn read(&self) -> Result<UserResult, String> {
        if self.to_account.is_empty() {
            return Err(texts::RESULT_NEEDS_USER.to_owned());
        }
        let text = |text: &str| Text::read(text).map_err(misprint);
        Ok(UserResult { to_account: text(&self.to_account)?, code: code(&self.code)?, info: text(&self.info)? })
    }
}

fn code(text: &str) -> Result<i64, String> {
    text.trim().parse().or(Err(texts::CODE_WRONG.to_owned()))
}

fn header(line: &str) -> Result<(String, Text), String> {
    let (name, value) = line.split_once(':').ok_or(texts::HEADER_WRONG)?;
    if let Some(wrong) = wrong_header(name.trim()) {
        return Err(wrong);
    }
    Ok((name.trim().to_owned(), Text::read_header(value.trim()).map_err(misprint)?))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

fn misprint(wrong: Misprint) -> String {
    wrong.text
}

/// With its place, in a text of many lines.
fn placed(text: &str, wrong: &Misprint) -> String {
    let (line, column) = crate::protocol::json::line_and_column(text.as_bytes(), wrong.offset);
    format!("line {line}, column {column}: {}", wrong.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::catalogue;

    /// What is complained of in a step.
    #[track_caller]
    fn check(kind: Kind, change: impl FnOnce(&mut StepDraft), expected: &[Part]) {
        let mut draft = StepDraft { kind, ..blank() };
        change(&mut draft);
        let mut found = Found::default();
        draft.read(3, &mut found);
        let spots: Vec<Spot> = found.0.iter().map(|complaint| complaint.spot).collect();
        assert_eq!(spots, expected.iter().map(|part| Spot::Step(3, *part)).collect::<Vec<_>>(), "{:?}", found.0);
    }

    #[test]
    fn each_kind_is_fine_to_begin_with_but_a_file_without_a_name() {
        for kind in Kind::USUAL.into_iter().chain(Kind::OTHERS) {
            let expected: &[Part] = if kind == Kind::File { &[Part::File] } else { &[] };
            check(kind, |_| {}, expected);
        }
    }

    #[test]
    fn complaints_name_the_part() {
        check(Kind::Ok, |step| (step.times, step.delay) = ("0".into(), "soon".into()), &[Part::Times, Part::Delay]);
        check(Kind::Refuse, |step| (step.code, step.info) = ("x".into(), "{{".into()), &[Part::Code, Part::Info]);
        check(Kind::Fail, |step| step.code = "x".into(), &[Part::Code]);
        check(Kind::Http, |step| step.status = "99".into(), &[Part::Status]);
        check(Kind::Own, |step| step.status = "600".into(), &[Part::Status]);
        check(Kind::Own, |step| step.headers = "Connection: close\nX".into(), &[Part::Headers, Part::Headers]);
        check(Kind::Own, |step| step.body = "a\n{{".into(), &[Part::Body]);
        check(Kind::Hold, |step| step.delay = "soon".into(), &[]);
        check(Kind::Hold, |step| step.fallback = "hold".into(), &[Part::Fallback]);
        check(Kind::Rewrite, |step| step.msg_body = "{}".into(), &[Part::MsgBody]);
        check(Kind::Rewrite, |step| step.msg_body = String::new(), &[Part::MsgBody]);
        check(Kind::Results, |step| step.results[0].code = String::new(), &[Part::Result(0)]);
        check(Kind::Drip, |step| step.millis = "0".into(), &[Part::Millis]);
    }

    #[test]
    fn a_hold_has_no_delay() {
        let draft = StepDraft { kind: Kind::Hold, delay: "1 to 9 ms".to_owned(), ..blank() };
        assert_eq!((draft.read(0, &mut Found::default()).delay, draft.draws()), (Delay::None, false));
    }

    #[test]
    fn keys_are_offered_where_they_are_read() {
        let command = |name: &str| catalogue::get().named(name).next();
        assert!(Kind::Rewrite.suits(command("C2C.CallbackBeforeSendMsg")));
        assert!(!Kind::Rewrite.suits(command("C2C.CallbackAfterSendMsg")) && !Kind::Rewrite.suits(None));
        assert!(Kind::RefuseMembers.suits(command("Group.CallbackBeforeInviteJoinGroup")));
        assert!(Kind::RefuseMembers.suits(command("OfficialAccount.CallbackBeforeAddSubscriber")));
        assert!(Kind::Results.suits(command("Sns.CallbackPrevFriendAdd")));
    }

    #[test]
    fn a_refusal_begins_with_a_code_of_the_commands_own() {
        let mut step = blank();
        step.choose(Kind::Refuse, catalogue::get().named("Group.CallbackBeforeSendMsg").next());
        assert_eq!(step.code, "10100");
        step.choose(Kind::Fail, None);
        assert_eq!(step.code, "1");
    }
}
