//! One rule as texts that are being typed, and what is wrong with them.

use super::complaint::{Complaint, Found, Spot};
use super::kind::ConditionKind;
use super::step::StepDraft;
use crate::app::texts::rules as texts;
use crate::rules::file::RESERVED_NAMES;
use crate::rules::matcher::{self, Field, Judgement};
use crate::rules::pattern::Pattern;
use crate::rules::{Matcher, Rate, Rule, Step};
use crate::settings::is_app_id;

/// A rule as its form shows it. Every text is read as the rules file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Whether it is asked at all.
    pub enabled: bool,
    /// The commands, with commas between them; none for any.
    pub command: String,
    /// The other conditions, in the order in which they are shown.
    pub conditions: Vec<Condition>,
    /// How often it responds.
    pub rate: RateDraft,
    /// What its delays are drawn from; empty for its name.
    pub seed: String,
    /// What it responds, in turn.
    pub steps: Vec<StepDraft>,
}

/// A condition as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What it asks about.
    pub kind: ConditionKind,
    /// What it wants: several answers with commas between them, or the whole question about a field.
    pub text: String,
}

/// How often a rule responds, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateDraft {
    /// Which of the ways.
    pub often: Often,
    /// How many of the first.
    pub first: String,
    /// To how many it responds …
    pub respond: String,
    /// … of how many.
    pub every: String,
    /// In so many cases of a hundred.
    pub percent: String,
    /// What the draws begin from; empty for what the rule draws from.
    pub seed: String,
}

/// The ways in which a rule responds now and then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Often {
    /// Every time.
    Always,
    /// The first time.
    Once,
    /// The first so many times.
    First,
    /// So many of so many, over and over.
    Of,
    /// At random.
    Chance,
}

impl Often {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Always, Self::Once, Self::First, Self::Of, Self::Chance];
}

impl Draft {
    /// A rule as texts; `None` where it says more than these can, such as a list with a comma in it.
    pub fn of(rule: &Rule) -> Option<Self> {
        let mut command = String::new();
        let mut conditions = Vec::new();
        for matcher in &rule.when {
            if let Matcher::Command(patterns) = matcher {
                command = joined(patterns);
            } else {
                conditions.push(Condition::of(matcher)?);
            }
        }
        if conditions.is_empty() {
            conditions.push(Condition { kind: ConditionKind::Field, text: String::new() });
        }
        let draft = Self {
            name: rule.name.clone(),
            enabled: rule.enabled,
            command,
            conditions,
            rate: RateDraft::of(rule),
            seed: rule.seed.map(|seed| seed.to_string()).unwrap_or_default(),
            steps: rule.steps.iter().map(StepDraft::of).collect::<Option<_>>()?,
        };
        (draft.read(|_| false).as_ref() == Ok(rule)).then_some(draft)
    }

    /// The rule that it says. `is_taken` knows the names of the others.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn read(&self, is_taken: impl Fn(&str) -> bool) -> Result<Rule, Vec<Complaint>> {
        let mut found = Found::default();
        found.take(Spot::Name, name(&self.name, is_taken));
        let seed = found.take(Spot::Seed, seed(&self.seed)).flatten();
        let mut rule = Rule { name: self.name.clone(), enabled: self.enabled, seed, when: self.when(&mut found), ..Rule::default() };
        rule.rate = found.take(Spot::Often, self.rate.read(rule.draws_from())).unwrap_or_default();
        rule.steps = self.steps.iter().enumerate().map(|(at, step)| step.read(at, &mut found)).collect();
        if found.0.is_empty() { Ok(rule) } else { Err(found.0) }
    }

    /// The commands that it asks for.
    pub fn commands(&self) -> Vec<Pattern> {
        listed(&self.command).map(Pattern::new).collect()
    }

    /// Whether a condition of this kind can be added.
    pub fn lacks(&self, kind: ConditionKind) -> bool {
        kind == ConditionKind::Field || self.conditions.iter().all(|condition| condition.kind != kind)
    }

    /// Whether something is drawn from its seed.
    pub fn draws(&self) -> bool {
        !self.seed.is_empty() || self.rate.often == Often::Chance || self.steps.iter().any(StepDraft::draws)
    }

    /// Adds a step: the documented success, from then on.
    pub fn add_step(&mut self) {
        self.steps.extend(StepDraft::of(&Step::default()));
    }

    /// The conditions of a rule: of each kind one, in their order, and those on fields at the end.
    fn when(&self, found: &mut Found) -> Vec<Matcher> {
        let commands = self.commands();
        let mut asked: Vec<(usize, &Condition)> = self.conditions.iter().enumerate().collect();
        asked.sort_by_key(|(_, condition)| condition.kind);
        let command = (!commands.is_empty()).then_some(Matcher::Command(commands));
        let others = asked.into_iter().filter_map(|(at, condition)| found.take(Spot::Condition(at), condition.read())?);
        command.into_iter().chain(others).collect()
    }
}

impl Condition {
    fn of(matcher: &Matcher) -> Option<Self> {
        let (kind, text) = match matcher {
            Matcher::Command(_) => return None,
            Matcher::App(ids) => (ConditionKind::App, joined(ids)),
            Matcher::Product(products) => {
                (ConditionKind::Product, joined(&products.iter().map(|product| product.word()).collect::<Vec<_>>()))
            }
            Matcher::Platform(names) => (ConditionKind::Platform, joined(names)),
            Matcher::Path(patterns) => (ConditionKind::Path, joined(patterns)),
            Matcher::Method(names) => (ConditionKind::Method, joined(names)),
            Matcher::Verdict(judgements) => (ConditionKind::Verdict, joined(judgements)),
            Matcher::Field(field) => (ConditionKind::Field, field.to_string()),
        };
        Some(Self { kind, text })
    }

    /// The condition; none where nothing is asked of the body.
    fn read(&self) -> Result<Option<Matcher>, String> {
        if self.text.trim().is_empty() {
            return if self.kind == ConditionKind::Field { Ok(None) } else { Err(texts::CONDITION_EMPTY.to_owned()) };
        }
        let words = || listed(&self.text).map(str::to_owned).collect();
        let patterns = || listed(&self.text).map(Pattern::new).collect();
        Ok(Some(match self.kind {
            ConditionKind::App => Matcher::App(each(&self.text, app)?),
            ConditionKind::Product => Matcher::Product(each(&self.text, matcher::product)?),
            ConditionKind::Platform => Matcher::Platform(words()),
            ConditionKind::Path => Matcher::Path(patterns()),
            ConditionKind::Method => Matcher::Method(words()),
            ConditionKind::Verdict => Matcher::Verdict(each(&self.text, Judgement::read)?),
            ConditionKind::Field => Matcher::Field(Field::read(&self.text)?),
        }))
    }
}

impl RateDraft {
    fn of(rule: &Rule) -> Self {
        let mut draft = Self {
            often: Often::Always,
            first: "3".to_owned(),
            respond: "2".to_owned(),
            every: "3".to_owned(),
            percent: "30".to_owned(),
            seed: String::new(),
        };
        match rule.rate {
            Rate::Always => {}
            Rate::First(1) => draft.often = Often::Once,
            Rate::First(most) => (draft.often, draft.first) = (Often::First, most.to_string()),
            Rate::Of { respond, every } => {
                (draft.often, draft.respond, draft.every) = (Often::Of, respond.to_string(), every.to_string());
            }
            Rate::Chance { percent, seed } => {
                // A seed that goes without saying is not said.
                let seed = if seed == rule.draws_from() { String::new() } else { seed.to_string() };
                (draft.often, draft.percent, draft.seed) = (Often::Chance, percent.to_string(), seed);
            }
        }
        draft
    }

    fn read(&self, draws_from: u64) -> Result<Rate, String> {
        let Self { often, first, respond, every, percent, seed } = self;
        let text = match often {
            Often::Always => "always".to_owned(),
            Often::Once => "once".to_owned(),
            Often::First => format!("first {first}"),
            Often::Of => format!("{respond} of {every}"),
            Often::Chance if seed.trim().is_empty() => format!("{percent} %"),
            Often::Chance => format!("{percent} % seed {seed}"),
        };
        Rate::read(&text, draws_from)
    }
}

fn name(name: &str, is_taken: impl Fn(&str) -> bool) -> Result<(), String> {
    if name.trim().is_empty() {
        Err(texts::RULE_NAME_EMPTY.to_owned())
    } else if RESERVED_NAMES.contains(&name) {
        Err(texts::rule_name_reserved(name))
    } else if is_taken(name) {
        Err(texts::RULE_NAME_TAKEN.to_owned())
    } else {
        Ok(())
    }
}

fn seed(text: &str) -> Result<Option<u32>, String> {
    let text = text.trim();
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).or(Err(texts::SEED_WRONG.to_owned())) }
}

fn app(id: &str) -> Result<String, String> {
    if is_app_id(id) { Ok(id.to_owned()) } else { Err(texts::APP_ID_DIGITS.to_owned()) }
}

/// What stands between the commas.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

pub(super) fn joined(items: &[impl ToString]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn each<T>(text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    listed(text).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{STARTER, file};

    const EVERY: &str = r#"
[[rule]]
name = "a \"quoted\" name's end"
enabled = false
command = ["Group.*", "C2C.*"]
app = ["1", "2"]
product = ["chat", "live"]
platform = "iOS"
path = "/im/*"
method = ["POST", "PUT"]
verdict = ["bad", "signature:invalid"]
field = ["A exists", "A = 'b' \"c\"", "A[].B contains  # x", "A > 1e3", "A = "]
often = "30 % seed 18446744073709551615"
seed = 4294967295
delay = "log-normal 200 ms, sigma 50 %"
response = { status = 503, headers = [["Set-Cookie", "a={{url.x}}"], ["Set-Cookie", "b"], ["X-Empty", ""]], body = "line\n'''\"\"\"\\{{A}}\t" }
[[rule]]
often = "30 %"
response = { body = "" }
[[rule]]
often = "30 %"
seed = 9
refuse = { code = -10, info = "红包 {{From_Account}}" }
[[rule]]
often = "once"
rewrite = { MsgBody = '[{"MsgContent":{{MsgBody[0].MsgContent}}}]', CloudCustomData = "{{CloudCustomData}}" }
[[rule]]
often = "2 of 3"
results = [{ To_Account = "{{A}}", ResultCode = 38000, ResultInfo = "x" }, { To_Account = "b", ResultCode = -1 }]
[[rule]]
often = "first 3"
sequence = [{ times = 2, respond = "body:a \"b\".json" }, { refuse_members = ["a", "b c"], delay = "1 to 2 ms" }, { times = 3, respond = "hold", fallback = "fail:7" }]
[[rule]]
sequence = [{ times = 4, refuse = { code = -3 } }, { respond = "fail:10100" }, { respond = "http:404" }, { respond = "delay:7" }, { respond = "drip:9" }]
[[rule]]
sequence = [{ respond = "stall" }, { respond = "not-json" }, { respond = "empty" }, { respond = "truncated" }, { respond = "long" }, { respond = "garbage" }, { respond = "drop" }, { respond = "reset" }, { respond = "timeout" }, { respond = "fail" }, { refuse_members = [] }]
"#;

    fn rules(source: &str) -> Vec<Rule> {
        file::read(source).expect(source)
    }

    #[test]
    fn every_rule_survives_its_form() {
        for source in [STARTER, EVERY] {
            for rule in rules(source) {
                let draft = Draft::of(&rule).unwrap_or_else(|| panic!("{} has no form", rule.name));
                assert_eq!(draft.read(|_| false).as_ref(), Ok(&rule));
                // What is saved stands in the file as it is in force.
                assert_eq!(rules(&file::one(&rule)), [rule]);
            }
        }
    }

    #[test]
    fn what_the_form_cannot_say_has_none() {
        for lines in ["path = \"/a,b\"", "command = \" x\"", "platform = [\"\"]"] {
            let rule = rules(&format!("[[rule]]\n{lines}\nrespond = \"ok\"")).remove(0);
            assert_eq!(Draft::of(&rule), None, "{lines}");
        }
        let rule = rules("[[rule]]\nresponse = { headers = { X = \" a\" } }").remove(0);
        assert_eq!(Draft::of(&rule), None);
    }

    /// What is complained of, once the draft of a fresh rule was changed.
    #[track_caller]
    fn check(change: impl FnOnce(&mut Draft), expected: &[(Spot, &str)]) {
        let mut draft = Draft::of(&Rule { name: "a".to_owned(), ..Rule::default() }).expect("bug: it has a form");
        change(&mut draft);
        let complaints = draft.read(|name| name == "taken").err().unwrap_or_default();
        let fits = |(complaint, (spot, text)): (&Complaint, &(Spot, &str))| complaint.spot == *spot && complaint.text.contains(text);
        assert!(complaints.len() == expected.len() && complaints.iter().zip(expected).all(fits), "{complaints:#?}");
    }

    #[test]
    fn complaints_stand_beside_what_they_are_about() {
        let condition = |kind, text: &str| Condition { kind, text: text.to_owned() };
        check(|_| {}, &[]);
        check(|draft| draft.name = " ".to_owned(), &[(Spot::Name, "")]);
        check(|draft| draft.name = "taken".to_owned(), &[(Spot::Name, "Another")]);
        check(|draft| draft.name = "default".to_owned(), &[(Spot::Name, "default")]);
        check(|draft| draft.seed = "-1".to_owned(), &[(Spot::Seed, "0 to")]);
        check(|draft| draft.conditions[0].text = "A is b".to_owned(), &[(Spot::Condition(0), "no condition")]);
        check(|draft| draft.conditions.push(condition(ConditionKind::App, "14x")), &[(Spot::Condition(1), "number")]);
        check(|draft| draft.conditions.push(condition(ConditionKind::Path, " ")), &[(Spot::Condition(1), "")]);
        check(|draft| (draft.rate.often, draft.rate.first) = (Often::First, "0".to_owned()), &[(Spot::Often, "first N")]);
        check(
            |draft| (draft.rate.often, draft.rate.percent, draft.rate.seed) = (Often::Chance, "30".to_owned(), "x".to_owned()),
            &[(Spot::Often, "seed")],
        );
    }

    #[test]
    fn conditions_are_put_in_their_order() {
        let mut draft = Draft::of(&rules("[[rule]]\nfield = \"A exists\"\nrespond = \"ok\"").remove(0)).expect("bug: it has a form");
        draft.conditions.push(Condition { kind: ConditionKind::Method, text: "POST".to_owned() });
        draft.conditions.push(Condition { kind: ConditionKind::App, text: "1".to_owned() });
        draft.command = "A, B".to_owned();
        assert!(!draft.lacks(ConditionKind::App) && draft.lacks(ConditionKind::Path) && draft.lacks(ConditionKind::Field));
        let rule = draft.read(|_| false).expect("bug: it is fine");
        assert!(
            matches!(
                rule.when.as_slice(),
                [Matcher::Command(two), Matcher::App(_), Matcher::Method(_), Matcher::Field(_)] if two.len() == 2
            ),
            "{rule:?}"
        );
        assert_eq!(rules(&file::one(&rule)), [rule]);
    }
}
