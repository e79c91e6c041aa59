//! Rules: what picks a response. The first enabled rule that matches responds, else the response bar.
//!
//! Pure: nothing here knows a clock, a file or a dice. What is picked depends on the rules, the request and the
//! [`Hits`], which belong to whoever picks; what looks like chance is drawn from a seed and a count.
//!
//! To see it at work, start with [`pick`]; then read the modules in this order.

pub mod preset; // the responses that have a name
pub mod bar; // what is responded where no rule does
pub mod pattern; // a text in which * stands for anything
pub mod place; // a place in a body
mod seen; // a request while many rules look at it
pub mod matcher; // one condition of a rule
pub mod rate; // how often a rule responds, and how long it waits
pub mod hits; // how often each rule was asked, and responded
pub mod template; // texts with placeholders
pub mod reply; // what a rule responds
pub mod explain; // why a rule does not respond
pub mod file; // the rules as a file

use crate::protocol::Callback;
use crate::protocol::verdict::{Overall, Verdicts};
use crate::wire::{Request, Response};
use preset::{OwnBody, Preset};
use seen::Seen;
use std::sync::Arc;

pub use explain::{Told, Why, explain};
pub use hits::Hits;
pub use matcher::Matcher;
pub use rate::{Delay, Rate};
pub use reply::{Reply, UserResult};
pub use template::{Template, Text};

/// The rule's name when the response bar responded.
pub const DEFAULT_RULE: &str = "default";

/// The rules that a new user starts with, as a rules file. All of them are switched off.
pub const STARTER: &str = include_str!("../../assets/rules/starter.toml");

/// What is responded, when and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which no other rule has; the exchange keeps it.
    pub name: String,
    /// Whether it is asked at all.
    pub enabled: bool,
    /// Its conditions, all of which are to be met. Without any, every request meets them. As the rules file has them: of
    /// each kind one at most, in the order of [`Matcher`], and any number of [`Matcher::Field`] at the end.
    pub when: Vec<Matcher>,
    /// How often it responds.
    pub rate: Rate,
    /// What its delays are drawn from; its name where it has none.
    pub seed: Option<u32>,
    /// What it responds, in turn; at least one, and the last goes on for ever.
    pub steps: Vec<Step>,
}

/// What a rule responds for some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// To how many requests, 1 at least.
    pub times: u32,
    /// What.
    pub reply: Reply,
    /// How long after the request's last byte.
    pub delay: Delay,
}

/// A request as a rule sees it.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// What arrived.
    pub request: &'a Request,
    /// The request read as a callback.
    pub callback: &'a Callback,
    /// What was found, as far as the response needs it.
    pub verdicts: &'a Verdicts,
    /// What that says together.
    pub overall: Overall,
}

/// What is to be done with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The name of the rule that says so, [`DEFAULT_RULE`] for the response bar.
    pub rule: String,
    /// The word that the exchange keeps of what is simulated; `None` where the response says it all.
    pub fault: Option<String>,
    /// What is done.
    pub plan: Plan,
}

/// What is done with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// This response, at once.
    Respond(Response),
    /// This response, so many milliseconds after the request's last byte.
    Later(Response, u32),
    /// The connection misbehaves, so many milliseconds after the request's last byte.
    Break(Fault, u32),
    /// The developer decides; when nobody does in time, this.
    Hold(Fallback),
}

/// How a connection misbehaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No byte ever.
    Timeout,
    /// The head of this response, then silence.
    Stall(Response),
    /// This response, a byte every so many milliseconds.
    Drip(Response, u32),
    /// The head of this response and a part of its body, then the end of the connection.
    Truncated(Response),
    /// The same, and the connection stays open.
    Long(Response),
    /// A good status line, then bytes that are no HTTP, then the end of the connection.
    Garbage,
    /// The end of the connection, without a byte.
    Drop,
    /// A reset.
    Reset,
}

/// What becomes of a held request when nobody decides in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fallback {
    /// The documented success.
    #[default]
    Ok,
    /// `FAIL` with this code.
    Fail(i64),
    /// No response.
    Timeout,
}

/// Picks what is done with a request: the first enabled rule whose conditions are met and whose rate says yes says so. `None`
/// where no rule does. Counts who was asked, and who responds.
pub fn pick(rules: &Arc<[Rule]>, received: &Received<'_>, hits: &mut Hits) -> Option<Decision> {
    hits.follow(rules);
    let mut seen = Seen::new(received);
    let mut met = rules.iter().enumerate().filter(|(_, rule)| rule.enabled && rule.is_met(&mut seen));
    met.find_map(|(at, rule)| rule.decide(received, hits.ask(at, rule.rate)?))
}

/// The bodies that rules take from files, by name and without bytes as read from a rules file: for whoever may read files to
/// fill in.
pub fn files(rules: &mut [Rule]) -> impl Iterator<Item = &mut OwnBody> {
    rules.iter_mut().flat_map(|rule| &mut rule.steps).filter_map(Step::file)
}

/// Rules with more of them behind, which get another name where theirs is taken.
pub fn joined(rules: &[Rule], more: Vec<Rule>) -> Vec<Rule> {
    let mut all = rules.to_vec();
    for mut rule in more {
        rule.name = free_name(&all, &rule.name);
        all.push(rule);
    }
    all
}

/// This name, with a number behind it where another rule has it.
pub fn free_name(rules: &[Rule], wanted: &str) -> String {
    let is_taken = |name: &str| rules.iter().any(|rule| rule.name == name) || file::RESERVED_NAMES.contains(&name);
    let numbered = |number: usize| if number == 1 { wanted.to_owned() } else { format!("{wanted} ({number})") };
    // Among one number more than there are names, one is free.
    let numbers = 1..=rules.len() + file::RESERVED_NAMES.len() + 1;
    numbers.map(numbered).find(|name| !is_taken(name)).expect("bug: there are more numbers than names")
}

/// A rule for every request, always, with the documented success.
impl Default for Rule {
    fn default() -> Self {
        Self { name: String::new(), enabled: true, when: Vec::new(), rate: Rate::Always, seed: None, steps: vec![Step::default()] }
    }
}

impl Default for Step {
    fn default() -> Self {
        Self { times: 1, reply: Reply::default(), delay: Delay::None }
    }
}

impl Step {
    fn file(&mut self) -> Option<&mut OwnBody> {
        if let Reply::Preset(Preset::Body(body)) = &mut self.reply { Some(body).filter(|body| body.file.is_some()) } else { None }
    }
}

impl Rule {
    /// Whether the request meets all its conditions.
    pub fn matches(&self, received: &Received<'_>) -> bool {
        self.is_met(&mut Seen::new(received))
    }

    fn is_met<'a>(&'a self, seen: &mut Seen<'a>) -> bool {
        self.when.iter().all(|matcher| matcher.is_met(seen))
    }

    /// What it responds after so many responses; the last goes on for ever.
    pub fn step(&self, hits: u64) -> Option<&Step> {
        let mut end = 0;
        let lasts = |step: &&Step| {
            end += u64::from(step.times);
            hits < end
        };
        self.steps.iter().find(lasts).or(self.steps.last())
    }

    /// What its delays are drawn from, and its chance where that has no seed of its own.
    pub fn draws_from(&self) -> u64 {
        self.seed.map_or_else(|| rate::hash(&self.name), u64::from)
    }

    fn decide(&self, received: &Received<'_>, hits: u64) -> Option<Decision> {
        let step = self.step(hits)?;
        let (fault, plan) = step.reply.plan(received, step.delay.sample(self.draws_from(), hits));
        Some(Decision { rule: self.name.clone(), fault, plan })
    }
}

impl Fallback {
    /// Reads `ok`, `fail`, `fail:CODE` or `timeout`.
    ///
    /// # Errors
    /// When it is none; the text says what is right.
    pub fn read(text: &str) -> Result<Self, String> {
        let preset = Preset::parse(text).ok();
        let fallback = preset.and_then(|preset| {
            let code = if let Preset::Fail(code) = preset { code } else { 0 };
            [Self::Ok, Self::Fail(code), Self::Timeout].into_iter().find(|fallback| fallback.preset() == preset)
        });
        fallback.ok_or_else(|| format!("{text:?} is no fallback; it is ok, fail, fail:CODE or timeout"))
    }

    /// The preset that it stands for.
    pub fn preset(self) -> Preset {
        match self {
            Self::Ok => Preset::Ok,
            Self::Fail(code) => Preset::Fail(code),
            Self::Timeout => Preset::Timeout,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{self, Kept};
    use pattern::Pattern;

    /// Shows a request, judged as far as the response needs, to whoever asks.
    pub(super) fn receive<T>(method: &str, target: &str, body: &str, ask: impl FnOnce(&Received<'_>) -> T) -> T {
        let request = Request::complete(0, format!("{method} {target} HTTP/1.1\r\nHost: example.com\r\n\r\n"), body);
        let callback = protocol::parse(&request);
        let verdicts = protocol::judge_early(&request, &callback, &[], &Kept::default());
        let overall = protocol::overall(&callback, &verdicts);
        ask(&Received { request: &request, callback: &callback, verdicts: &verdicts, overall })
    }

    fn rule(name: &str, command: &str) -> Rule {
        Rule { name: name.to_owned(), when: vec![Matcher::Command(vec![Pattern::new(command)])], ..Rule::default() }
    }

    fn step(times: u32, preset: &str) -> Step {
        Step { times, reply: Reply::Preset(Preset::parse(preset).expect(preset)), delay: Delay::None }
    }

    /// Who responds to requests of these commands in turn, and with what fault.
    #[track_caller]
    fn check(rules: &[Rule], commands: &[&str], expected: &[&str]) {
        let (rules, mut hits) = (Arc::from(rules), Hits::default());
        let mut respond = |command: &&str| {
            let decision = receive("POST", &format!("/?CallbackCommand={command}"), "{}", |received| pick(&rules, received, &mut hits));
            decision.map_or("none".to_owned(), |decision| format!("{} {}", decision.rule, decision.fault.as_deref().unwrap_or("-")))
        };
        assert_eq!(commands.iter().map(&mut respond).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_first_enabled_rule_that_matches_responds() {
        let rules = [Rule { enabled: false, ..rule("off", "*") }, rule("c2c", "C2C.*"), rule("any", "*")];
        check(&rules, &["C2C.A", "Group.A"], &["c2c -", "any -"]);
        check(&rules[..2], &["Group.A"], &["none"]);
        check(&[Rule { when: Vec::new(), ..rule("all", "") }], &[""], &["all -"]);
        check(&[], &["C2C.A"], &["none"]);
    }

    #[test]
    fn a_rule_whose_rate_says_no_leaves_it_to_the_next() {
        let rules =
            [Rule { rate: Rate::First(1), ..rule("once", "*") }, Rule { rate: Rate::Of { respond: 1, every: 2 }, ..rule("half", "*") }];
        check(&rules, &["A", "A", "A", "A"], &["once -", "half -", "none", "half -"]);
    }

    #[test]
    fn a_sequence_is_walked_and_its_last_step_goes_on() {
        let steps = vec![step(2, "timeout"), step(1, "http:500"), step(1, "ok")];
        let rules = [Rule { steps, ..rule("steps", "C2C.*") }];
        let expected = ["steps timeout", "none", "steps timeout", "steps http:500", "steps -", "steps -"];
        check(&rules, &["C2C.A", "Group.A", "C2C.A", "C2C.A", "C2C.A", "C2C.A"], &expected);
        check(&[Rule { steps: Vec::new(), ..rule("none", "*") }, rule("next", "*")], &["A"], &["next -"]);
    }

    #[test]
    fn what_is_decided_depends_on_nothing_but_rules_requests_and_seeds() {
        let waits = |millis| Rule {
            seed: Some(millis),
            steps: vec![Step { delay: Delay::Uniform { from: 1, to: 9999 }, ..Step::default() }],
            ..rule("w", "*")
        };
        let decided = |rule: Rule| {
            let (rules, mut hits) = (Arc::from([rule]), Hits::default());
            receive("POST", "/", "", |received| (0..20).map(|_| pick(&rules, received, &mut hits)).collect::<Vec<_>>())
        };
        let mut any = waits(1);
        any.when.clear();
        assert_eq!(decided(any.clone()), decided(any.clone()));
        assert_ne!(decided(any.clone()), decided(Rule { seed: Some(2), ..any.clone() }));
        assert_ne!(decided(Rule { seed: None, ..any.clone() }), decided(Rule { seed: None, name: "other".to_owned(), ..any }));
    }

    #[test]
    fn files_are_filled_in_by_whoever_may_read_them() {
        let mut rules = [Rule { steps: vec![step(1, "ok"), step(1, "body:a.json")], ..Rule::default() }];
        for body in files(&mut rules) {
            assert_eq!(body.file.as_deref(), Some("a.json"));
            body.bytes = b"{}".as_slice().into();
        }
        assert!(matches!(&rules[0].steps[1].reply, Reply::Preset(Preset::Body(body)) if *body.bytes == *b"{}"));
    }

    #[test]
    fn a_fallback_is_read_by_its_word() {
        for (word, fallback) in
            [("ok", Fallback::Ok), ("fail", Fallback::Fail(1)), ("fail:10100", Fallback::Fail(10100)), ("timeout", Fallback::Timeout)]
        {
            assert_eq!((Fallback::read(word), fallback.preset().to_string()), (Ok(fallback), word.to_owned()));
        }
        assert!(Fallback::read("hold").is_err());
    }

    #[test]
    fn the_rules_to_start_with_are_well_formed_and_switched_off() {
        let rules = file::read(STARTER).expect("bug: the starter is well formed");
        assert!((5..=6).contains(&rules.len()) && rules.iter().all(|rule| !rule.enabled));
    }
}
