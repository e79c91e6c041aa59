//! Why a rule did not respond to a request.

use super::hits::{Count, Hits};
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
    /// Its conditions are met, and its rate says no.
    Rests {
        /// How often it responds.
        rate: Rate,
        /// How often it did.
        hits: u64,
    },
    /// It would respond, if the rule of this name did not before.
    Behind(String),
}

/// Says of every rule in turn why it does not respond to a request, or that it does. `hits` are the counts as of the
/// request; without them every rate is taken to say yes.
pub fn explain(rules: &[Rule], received: &Received<'_>, hits: Option<&Hits>) -> Vec<Told> {
    let mut responds: Option<&str> = None;
    let tell = |rule: &Rule, before: Option<&str>| why(rule, received, hits.map(|hits| hits.of(rule)), before);
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

fn why(rule: &Rule, received: &Received<'_>, count: Option<Count>, before: Option<&str>) -> Why {
    if !rule.enabled {
        return Why::Disabled;
    }
    let unmet: Vec<String> = rule.when.iter().filter_map(|matcher| matcher.explain(received)).collect();
    if !unmet.is_empty() {
        return Why::Unmet(unmet);
    }
    match (count, before) {
        (_, Some(before)) => Why::Behind(before.to_owned()),
        (Some(count), None) if !rule.rate.says_yes(count.asked, count.hits) => Why::Rests { rate: rule.rate, hits: count.hits },
        (_, None) => Why::Responds,
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Responds => f.write_str("responds"),
            Self::Disabled => f.write_str("is switched off"),
            Self::Unmet(unmet) => f.write_str(&unmet.join("; ")),
            Self::Rests { rate: Rate::First(most), hits } => write!(f, "responded {hits} of {most} times"),
            Self::Rests { rate, .. } => write!(f, "left this one out: {rate}"),
            Self::Behind(rule) => write!(f, "would respond, but {rule} comes before it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::matcher::{Field, Matcher};
    use super::super::pattern::Pattern;
    use super::super::pick;
    use super::super::tests::receive;
    use super::*;
    use std::sync::Arc;

    fn rule(name: &str, command: &str, rate: Rate) -> Rule {
        Rule { name: name.to_owned(), when: vec![Matcher::Command(vec![Pattern::new(command)])], rate, ..Rule::default() }
    }

    fn check(rules: &[Rule], hits: Option<&Hits>, expected: &[&str]) {
        receive("POST", "/?CallbackCommand=C2C.CallbackAfterSendMsg", "{}", |received| {
            let told = explain(rules, received, hits).into_iter().map(|told| format!("{}: {}", told.rule, told.why));
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
    fn a_rate_that_is_used_up_is_told_where_the_counts_are_known() {
        let rules: Arc<[Rule]> = [rule("once", "*", Rate::First(1)), rule("half", "*", Rate::Of { respond: 1, every: 2 })].into();
        let mut hits = Hits::default();
        check(&rules, None, &["once: responds", "half: would respond, but once comes before it"]);
        receive("POST", "/?CallbackCommand=A", "{}", |received| (0..2).for_each(|_| drop(pick(&rules, received, &mut hits))));
        check(&rules, Some(&hits), &["once: responded 1 of 1 times", "half: left this one out: 1 of 2"]);
    }
}
