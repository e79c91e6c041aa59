//! What a rule would respond, and what its sender would make of that: computed when the rule or the selected exchange changes.

use crate::app::sentence;
use crate::app::texts::rules as texts;
use crate::exchange::drips_for_micros;
use crate::inspect::{self, Inspection};
use crate::opened::Opened;
use crate::protocol::Kept;
use crate::protocol::catalogue::{self, Command, FieldKind, Timing};
use crate::protocol::response::{self, Arrived, Asked, Failure, ReadAs};
use crate::rules::pattern::Pattern;
use crate::rules::{self, Delay, Fault, Matcher, Plan, Received, Rule, Step, Why};
use crate::wire::{Request, Response};
use crate::wording;

/// The most of a response's body that is shown, in characters.
const SHOWN: usize = 4_000;

/// How many keys of the body are named as placeholders.
const PLACEHOLDERS: usize = 5;

/// How many findings are told beside the judgement.
const FINDINGS: usize = 3;

/// What can be said of the rule that is edited.
#[derive(Debug, Default)]
pub struct Preview {
    /// The command that it is taken to be about.
    pub command: Option<&'static Command>,
    /// What its sender makes of each step.
    pub lints: Vec<Lint>,
    /// Whose request the placeholders were filled in from.
    pub filled_from: String,
    /// What can be inserted.
    pub placeholders: Vec<String>,
    /// What it makes of the selected exchange, where that was asked for.
    pub trial: Option<Trial>,
}

/// What a sender makes of a response.
#[derive(Debug, PartialEq, Eq)]
pub struct Lint {
    /// In a word; `None` where somebody decides by hand.
    pub read_as: Option<ReadAs>,
    /// In a sentence.
    pub text: String,
    /// What else was found.
    pub more: Vec<String>,
    /// What goes out; `None` where nothing does.
    pub sent: Option<String>,
}

/// What a rule makes of an exchange.
#[derive(Debug, PartialEq, Eq)]
pub struct Trial {
    /// The exchange.
    pub id: i64,
    /// Whether it responds.
    pub responds: bool,
    /// That it does, or why not.
    pub why: Vec<String>,
    /// What is sent, filled in; `None` where nothing is.
    pub sent: Option<String>,
}

impl Preview {
    /// Of a rule that asks for these commands and says this, where it says something. `rules` are all rules with this one in
    /// its place.
    pub fn of(commands: &[Pattern], rule: Option<&Rule>, opened: Option<&Opened>, tried_among: Option<&[Rule]>) -> Self {
        let command = command_of(commands);
        let Some(rule) = rule else { return Self { command, placeholders: placeholders(command), ..Self::default() } };
        let trial = opened.zip(tried_among).and_then(|(opened, rules)| trial(rule, opened, rules));
        let selected = opened.filter(|opened| rule.matches(&received(opened)) && opened.inspection.callback.is_callback);
        if let Some(opened) = selected {
            let command = opened.inspection.callback.reference.or(command);
            let lints = lints(rule, &received(opened), opened.inspection.asked());
            return Self {
                command,
                lints,
                filled_from: texts::filled_from(opened.exchange.id),
                placeholders: placeholders(command),
                trial,
            };
        }
        let (request, inspection) = sample(command);
        let asked = command.map_or(Asked::Undocumented, Asked::Documented);
        let lints = lints(rule, &inspection.received(&request), asked);
        let filled_from = command.map(|command| texts::filled_from_sample(&command.name)).unwrap_or_default();
        Self { command, lints, filled_from, placeholders: placeholders(command), trial }
    }
}

/// The commands that a rule asks for.
pub fn commands_of(rule: &Rule) -> &[Pattern] {
    let commands = rule.when.iter().find_map(|matcher| if let Matcher::Command(patterns) = matcher { Some(patterns) } else { None });
    commands.map_or(&[], Vec::as_slice)
}

/// The first documented command that is asked for; one that asks first, where there is one: only those act on what they get.
fn command_of(commands: &[Pattern]) -> Option<&'static Command> {
    let is_asked = |command: &&Command| commands.is_empty() || commands.iter().any(|pattern| pattern.matches(&command.name));
    let all = || catalogue::get().commands.iter().filter(is_asked);
    all().find(|command| command.timing == Timing::Before).or_else(|| all().next())
}

/// What can be inserted: some keys of the body, and how parameters and headers are.
fn placeholders(command: Option<&Command>) -> Vec<String> {
    let is_plain = |field: &&catalogue::Field| {
        field.kind != FieldKind::Object
            && field.kind != FieldKind::Array
            && !field.path.contains(['.', '['])
            && field.path != "CallbackCommand"
    };
    let fields = command.into_iter().flat_map(|command| &command.fields).filter(is_plain).map(|field| field.path.as_str());
    let all = fields.take(PLACEHOLDERS).chain(["url.SdkAppid", "header.Host"]);
    all.map(|name| format!("{{{{{name}}}}}")).collect()
}

/// What the sender of a command would post; without one, nothing in particular.
fn sample(command: Option<&Command>) -> (Request, Inspection) {
    let name = command.map_or("", |command| command.name.as_str());
    let head = format!("POST /?SdkAppid=1400000001&CallbackCommand={name}&contenttype=json HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let request = Request::complete(0, head, command.map_or_else(|| "{}".to_owned(), Command::sample));
    let inspection = inspect::inspect(&request, &[], &Kept::default());
    (request, inspection)
}

fn received(opened: &Opened) -> Received<'_> {
    opened.inspection.received(&opened.exchange.request)
}

fn lints(rule: &Rule, received: &Received<'_>, asked: Asked) -> Vec<Lint> {
    rule.steps.iter().map(|step| lint(step, received, asked)).collect()
}

/// What the sender makes of a step. Of a delay that is drawn, the longest counts; of one without an end, the median.
fn lint(step: &Step, received: &Received<'_>, asked: Asked) -> Lint {
    let millis = match step.delay {
        Delay::None => 0,
        Delay::Fixed(millis) | Delay::Uniform { to: millis, .. } | Delay::LogNormal { median: millis, .. } => millis,
    };
    let micros = |millis: u32| i64::from(millis) * 1_000;
    let after = |response: &Response, micros: i64| {
        let elapsed_micros = (micros > 0).then_some(micros);
        response::read(asked, Ok(Arrived { status: response.status, elapsed_micros, body: &response.body }))
    };
    let plan = step.reply.plan(received, millis).1;
    let sent = sent(&plan);
    let reading = match &plan {
        Plan::Respond(response) => after(response, 0),
        Plan::Later(response, millis) => after(response, micros(*millis)),
        Plan::Break(Fault::Drip(response, each), millis) => {
            after(response, drips_for_micros(&response.announcing(response.body.len()), *each).saturating_add(micros(*millis)))
        }
        Plan::Break(Fault::Stall(_) | Fault::Long(_) | Fault::Truncated(_) | Fault::Garbage, _) => {
            response::read(asked, Err(Failure::BrokenOff))
        }
        Plan::Break(Fault::Timeout | Fault::Drop | Fault::Reset, _) => response::read(asked, Err(Failure::NoResponse)),
        Plan::Hold(fallback) => {
            return Lint { read_as: None, text: texts::held_for_you(&fallback.preset().to_string()), more: Vec::new(), sent };
        }
    };
    let text = format!("{}: {}", sentence(reading.read_as.word()), wording::reading(&reading));
    let more = reading.others().iter().take(FINDINGS).map(|finding| sentence(&wording::finding(finding))).collect();
    Lint { read_as: Some(reading.read_as), text, more, sent }
}

/// What a rule makes of an exchange, with the others around it. It is tried as if it were switched on.
fn trial(rule: &Rule, opened: &Opened, rules: &[Rule]) -> Option<Trial> {
    let received = received(opened);
    let tried: Vec<Rule> = rules.iter().map(|one| if one == rule { Rule { enabled: true, ..one.clone() } } else { one.clone() }).collect();
    let told = rules::explain(&tried, &received, None).into_iter().find(|told| told.rule == rule.name)?;
    let off = (!rule.enabled).then(|| texts::TRIED_THOUGH_OFF.to_owned());
    let (responds, why) = match told.why {
        Why::Responds => (true, vec![texts::MATCHES.to_owned()]),
        Why::Unmet(unmet) => (false, unmet.into_iter().map(|why| sentence(&why)).collect()),
        why @ (Why::Behind(_) | Why::Disabled | Why::Rests(_) | Why::IsNew) => (false, vec![sentence(&why.to_string())]),
    };
    let plan = rule.steps.first().filter(|_| rule.matches(&received)).map(|step| step.reply.plan(&received, 0).1);
    let why = why.into_iter().chain(off).map(|why| wording::visible(&why)).collect();
    Some(Trial { id: opened.exchange.id, responds, why, sent: plan.as_ref().and_then(sent) })
}

/// What goes out, as text.
fn sent(plan: &Plan) -> Option<String> {
    match plan {
        Plan::Respond(response) | Plan::Later(response, _) => {
            let body: String = String::from_utf8_lossy(&response.body).chars().take(SHOWN).collect();
            // What we write ourselves has no space between its parts; what else is there is shown as it is.
            let is_ours = body.starts_with(r#"{"ActionStatus":""#) && !body.contains('\n');
            let body = if is_ours { catalogue::spread(&body) } else { body };
            let status = if response.status == 200 { String::new() } else { format!("HTTP {}\n", response.status) };
            Some(format!("{status}{}", body.lines().map(wording::visible).collect::<Vec<_>>().join("\n")))
        }
        Plan::Break(..) | Plan::Hold(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::file;

    #[track_caller]
    fn check(lines: &str, read_as: Option<ReadAs>, text: &str) {
        let rule = file::read(&format!("[[rule]]\n{lines}")).expect(lines).remove(0);
        let preview = Preview::of(commands_of(&rule), Some(&rule), None, None);
        let lint = &preview.lints[0];
        assert!(lint.read_as == read_as && lint.text.contains(text), "{lint:?}");
    }

    #[test]
    fn a_response_is_judged_as_its_command_would() {
        let group = "command = \"Group.CallbackBeforeSendMsg\"";
        check(&format!("{group}\nrefuse = {{ code = 10100 }}"), Some(ReadAs::Refused), "10100");
        check(&format!("{group}\nrefuse = {{ code = 99 }}"), Some(ReadAs::Unknown), "code 99");
        check(&format!("{group}\nrespond = \"ok\"\ndelay = 2500"), Some(ReadAs::Failed), "2,500 ms");
        check(&format!("{group}\nrespond = \"ok\"\ndelay = \"1 to 3000 ms\""), Some(ReadAs::Failed), "3,000 ms");
        for preset in ["timeout", "drop", "reset"] {
            check(&format!("{group}\nrespond = \"{preset}\""), Some(ReadAs::Failed), "no response");
        }
        for preset in ["stall", "long", "truncated", "garbage"] {
            check(&format!("{group}\nrespond = \"{preset}\""), Some(ReadAs::Failed), "broke off");
        }
        check(&format!("{group}\nrespond = \"drip:100\""), Some(ReadAs::Failed), "2,000 ms");
        // Its head drips too: the body alone would come in time.
        check(&format!("{group}\nrespond = \"drip:15\""), Some(ReadAs::Failed), "2,000 ms");
        check(&format!("{group}\nrespond = \"hold\"\nfallback = \"fail:3\""), None, "fail:3");
        check("command = \"Group.CallbackAfter*\"\nrespond = \"fail\"", Some(ReadAs::Ignored), "1");
        check("command = \"No.Such\"\nrespond = \"ok\"", Some(ReadAs::Accepted), "success");
        check("respond = \"http:500\"", Some(ReadAs::Failed), "500");
        check(&format!("{group}\nresponse = {{ body = '{{\"ErrorInfo\":{{{{From_Account}}}}}}' }}"), Some(ReadAs::Unknown), "ActionStatus");
    }

    #[test]
    fn what_can_be_inserted_is_of_the_command() {
        let named = |command: &str| placeholders(catalogue::get().named(command).next()).join(" ");
        assert!(named("Group.CallbackBeforeSendMsg").contains("{{From_Account}}"));
        assert_eq!(named(""), "{{url.SdkAppid}} {{header.Host}}");
    }
}
