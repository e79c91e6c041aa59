//! A rule in a few words, as its line of the list says it.

use super::draft::joined;
use crate::app::texts::rules as texts;
use crate::rules::matcher::{Field, Test};
use crate::rules::preset::Preset;
use crate::rules::{Delay, Matcher, Rate, Reply, Rule, Step};

/// How grave it is what a rule responds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// The event goes ahead, or somebody decides.
    Plain,
    /// It is refused, or changed.
    Refusal,
    /// The webhook fails.
    Failure,
}

/// The commands that it asks for.
pub fn commands(rule: &Rule) -> String {
    let patterns = super::preview::commands_of(rule);
    if patterns.is_empty() { "*".to_owned() } else { joined(patterns) }
}

/// Its other conditions; `any` where it has none.
pub fn conditions(rule: &Rule) -> String {
    let others: Vec<String> = rule.when.iter().filter_map(condition).collect();
    if others.is_empty() { texts::ANY.to_owned() } else { others.join(", ") }
}

fn condition(matcher: &Matcher) -> Option<String> {
    Some(match matcher {
        Matcher::Command(_) => return None,
        Matcher::App(ids) => format!("{} {}", texts::APP_ID, joined(ids)),
        Matcher::Product(products) => joined(&products.iter().map(|product| product.word()).collect::<Vec<_>>()),
        Matcher::Platform(names) | Matcher::Method(names) => joined(names),
        Matcher::Path(patterns) => joined(patterns),
        Matcher::Verdict(judgements) => joined(judgements),
        Matcher::Field(field) => of_field(field),
    })
}

fn of_field(field: &Field) -> String {
    let place = field.place.text();
    let key = place.rsplit('.').next().unwrap_or(place);
    let key = if place.ends_with("MsgContent.Text") { texts::MESSAGE_TEXT } else { key };
    match &field.test {
        Test::Exists => format!("{key} exists"),
        Test::Equals(text) => format!("{key} = {text}"),
        Test::Contains(text) => format!("{key} has {text}"),
        Test::Greater(number) => format!("{key} > {number}"),
    }
}

/// What it responds, and how often.
pub fn response(rule: &Rule) -> String {
    let steps = match rule.steps.as_slice() {
        [one] if one.times == 1 => step(one),
        steps => steps.iter().map(times).collect::<Vec<_>>().join(", then "),
    };
    match rule.rate {
        Rate::Always => steps,
        Rate::Chance { percent, .. } => format!("{steps}, {percent} %"),
        rate @ (Rate::First(_) | Rate::Of { .. }) => format!("{steps}, {rate}"),
    }
}

fn times(one: &Step) -> String {
    if one.times == 1 { step(one) } else { format!("{} times {}", one.times, step(one)) }
}

/// What a step responds.
fn step(step: &Step) -> String {
    let what = reply(&step.reply);
    let after = match step.delay {
        Delay::None => return what,
        Delay::Fixed(millis) => seconds(millis),
        Delay::Uniform { from, to } => format!("{from} to {to} ms"),
        Delay::LogNormal { median, .. } => format!("about {}", seconds(median)),
    };
    format!("{what} after {after}")
}

fn reply(reply: &Reply) -> String {
    match reply {
        Reply::Preset(preset) => of_preset(preset),
        Reply::Own(template) if template.status == 200 => texts::OWN_RESPONSE.to_owned(),
        Reply::Own(template) => format!("{} {}", texts::OWN_RESPONSE, template.status),
        Reply::Refuse { code, .. } => format!("{} {code}", texts::REFUSE),
        Reply::Rewrite { .. } => texts::REWRITE.to_owned(),
        Reply::RefuseMembers(_) => texts::REFUSE_MEMBERS.to_owned(),
        Reply::Results(_) => texts::USER_RESULTS.to_owned(),
        Reply::Hold(_) => texts::HOLD_FOR_ME.to_owned(),
    }
}

fn of_preset(preset: &Preset) -> String {
    match preset {
        Preset::Ok => texts::OK.to_owned(),
        Preset::Fail(code) => format!("{} {code}", texts::FAIL),
        Preset::Http(status) => format!("HTTP {status}"),
        Preset::Delay(millis) => format!("{} after {}", texts::OK, seconds(*millis)),
        Preset::Body(body) => body.file.clone().unwrap_or_else(|| texts::OWN_RESPONSE.to_owned()),
        Preset::Drip(millis) => format!("{}, {millis} ms a byte", texts::DRIP),
        Preset::Timeout => texts::TIMEOUT.to_owned(),
        Preset::Stall => texts::STALL.to_owned(),
        Preset::NotJson => texts::NOT_JSON.to_owned(),
        Preset::Empty => texts::EMPTY_BODY.to_owned(),
        Preset::Truncated => texts::TRUNCATED.to_owned(),
        Preset::Long => texts::LONG.to_owned(),
        Preset::Garbage => texts::GARBAGE.to_owned(),
        Preset::Drop => texts::DROP.to_owned(),
        Preset::Reset => texts::RESET.to_owned(),
        Preset::Refuse | Preset::Hold | Preset::Tls(_) => preset.to_string(),
    }
}

/// The gravest that it responds.
pub fn gravity(rule: &Rule) -> Gravity {
    let all: Vec<Gravity> = rule.steps.iter().map(|step| of_reply(&step.reply)).collect();
    let gravest = [Gravity::Failure, Gravity::Refusal].into_iter().find(|one| all.contains(one));
    gravest.unwrap_or(Gravity::Plain)
}

fn of_reply(reply: &Reply) -> Gravity {
    match reply {
        Reply::Refuse { .. } | Reply::Rewrite { .. } | Reply::RefuseMembers(_) | Reply::Results(_) | Reply::Preset(Preset::Fail(_)) => {
            Gravity::Refusal
        }
        Reply::Own(template) if template.status != 200 => Gravity::Failure,
        Reply::Preset(preset) if preset.symptom().is_some() => Gravity::Failure,
        Reply::Own(_) | Reply::Hold(_) | Reply::Preset(_) => Gravity::Plain,
    }
}

fn seconds(millis: u32) -> String {
    if millis < 1_000 { format!("{millis} ms") } else { format!("{} s", f64::from(millis) / 1_000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{STARTER, file};

    #[track_caller]
    fn check(lines: &str, expected: [&str; 3], grave: Gravity) {
        let rule = file::read(&format!("[[rule]]\n{lines}")).expect(lines).remove(0);
        assert_eq!([commands(&rule), conditions(&rule), response(&rule)], expected);
        assert_eq!(gravity(&rule), grave);
    }

    #[test]
    fn a_rule_is_said_in_a_few_words() {
        check("respond = \"ok\"", ["*", "any", "OK"], Gravity::Plain);
        check(
            "command = [\"C2C.*\", \"A\"]\napp = \"1\"\nfield = \"MsgBody[].MsgContent.Text contains 红包\"\noften = \"2 of 3\"\nrespond = \"http:500\"",
            ["C2C.*, A", "App ID 1, text has 红包", "HTTP 500, 2 of 3"],
            Gravity::Failure,
        );
        check(
            "sequence = [{ times = 2, respond = \"timeout\" }, { respond = \"ok\", delay = 2500 }]\noften = \"30 %\"",
            ["*", "any", "2 times Timeout, then OK after 2.5 s, 30 %"],
            Gravity::Failure,
        );
        check("refuse = { code = 10100 }\noften = \"once\"", ["*", "any", "Refuse 10100, once"], Gravity::Refusal);
        check("respond = \"hold\"", ["*", "any", "Hold for me"], Gravity::Plain);
        check("response = { status = 503 }", ["*", "any", "Own response 503"], Gravity::Failure);
    }

    #[test]
    fn the_rules_to_start_with_are_told_apart() {
        let rules = file::read(STARTER).expect("bug: well formed");
        let mut said: Vec<String> = rules.iter().map(|rule| format!("{} {}", commands(rule), response(rule))).collect();
        said.sort();
        said.dedup();
        assert_eq!(said.len(), rules.len());
    }
}
