//! Why a rule did not respond to a request.

use super::rate::Rate;
use super::{Received, Rule};
use std::fmt;

/// What became of a request with one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The rule's name.
    pub rule: String,
    /// What became of it.
    pub why: Why,
}

/// What becomes of a request with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It responds.
    Responds,
    /// It is switched off.
    Disabled,
    /// The request is not what it wants: each condition that is not met, what was there and what was wanted.
    Unmet(Vec<String>),
    /// Its conditions are met, and it was not its turn: how often it responds.
    Rests(Rate),
    /// Its conditions are met, and it is always its turn: it is another rule by now than it was.
    IsNew,
    /// It would respond, if the rule of this name did not before.
    Behind(String),
}

/// Says of every rule in turn why it does not respond to a request, or that it does. `by` is the name of the rule that
/// did, [`DEFAULT_RULE`] for the response bar; without it every rate is taken to say yes.
pub fn explain(rules: &[Rule], received: &Received<'_>, by: Option<&str>) -> Vec<Told> {
    let mut responds: Option<&str> = None;
    let tell = |rule: &Rule, before: Option<&str>| why(rule, received, before, by);
    let mut told = Vec::with_capacity(rules.len());
    for rule in rules {
        let why = tell(rule, responds);
        if why == Why::Responds {
            responds = Some(&rule.name);
        }
        told.push(Told { rule: rule.name.clone(), why });
    }
    told
}

fn why(rule: &Rule, received: &Received<'_>, before: Option<&str>, by: Option<&str>) -> Why {
    if !rule.enabled {
        return Why::Disabled;
    }
    let unmet: Vec<String> = rule.when.iter().filter_map(|matcher| matcher.explain(received)).collect();
    if !unmet.is_empty() {
        return Why::Unmet(unmet);
    }
    match (before, by) {
        (Some(before), _) => Why::Behind(before.to_owned()),
        (None, Some(by)) if by != rule.name && rule.rate == Rate::Always => Why::IsNew,
        (None, Some(by)) if by != rule.name => Why::Rests(rule.rate),
        (None, _) => Why::Responds,
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Responds => f.write_str("responds"),
            Self::Disabled => f.write_str("is switched off"),
            Self::Unmet(unmet) => f.write_str(&unmet.join("; ")),
            Self::Rests(Rate::First(most)) => write!(f, "had responded often enough: {}", Rate::First(*most)),
            Self::Rests(rate) => write!(f, "left this one out: {rate}"),
            Self::IsNew => f.write_str("would respond; it said something else then, or was not there"),
            Self::Behind(rule) => write!(f, "would respond, but {rule} comes before it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::DEFAULT_RULE;
    use super::super::matcher::{Field, Matcher};
    use super::super::pattern::Pattern;
    use super::super::tests::receive;
    use super::*;

    fn rule(name: &str, command: &str, rate: Rate) -> Rule {
        Rule { name: name.to_owned(), when: vec![Matcher::Command(vec![Pattern::new(command)])], rate, ..Rule::default() }
    }

    fn check(rules: &[Rule], by: Option<&str>, expected: &[&str]) {
        receive("POST", "/?CallbackCommand=C2C.CallbackAfterSendMsg", "{}", |received| {
            let told = explain(rules, received, by).into_iter().map(|told| format!("{}: {}", told.rule, told.why));
            assert_eq!(told.collect::<Vec<_>>(), expected);
        });
    }

    #[test]
    fn every_rule_says_why_not() {
        let mut asks = rule("asks", "Group.*", Rate::Always);
        asks.when.push(Matcher::Field(Field::read("Random > 1").expect("bug: it is one")));
        let rules = [
            Rule { enabled: false, ..rule("off", "*", Rate::Always) },
            asks,
            rule("first", "C2C.*", Rate::Always),
            rule("second", "C2C.*", Rate::Always),
        ];
        let expected = [
            "off: is switched off",
            "asks: command is C2C.CallbackAfterSendMsg, and Group.* was wanted; there is no Random, and more than 1 was wanted",
            "first: responds",
            "second: would respond, but first comes before it",
        ];
        check(&rules, None, &expected);
    }

    #[test]
    fn a_rule_whose_turn_it_was_not_says_so_where_it_is_known_who_responded() {
        let rules =
            [rule("once", "*", Rate::First(1)), rule("half", "*", Rate::Of { respond: 1, every: 2 }), rule("all", "*", Rate::Always)];
        let behind = |name: &str, before: &str| format!("{name}: would respond, but {before} comes before it");
        let (half, all) = (behind("half", "once"), behind("all", "once"));
        check(&rules, None, &["once: responds", &half, &all]);
        check(&rules, Some("once"), &["once: responds", &half, &all]);
        let once = "once: had responded often enough: once";
        check(&rules, Some("half"), &[once, "half: responds", &behind("all", "half")]);
        let all = "all: would respond; it said something else then, or was not there";
        check(&rules, Some(DEFAULT_RULE), &[once, "half: left this one out: 1 of 2", all]);
    }
}
