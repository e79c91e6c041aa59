//! How often each rule was asked, and how often it responded.

use super::{Rule, rate::Rate};
use std::sync::Arc;

/// The counts of every rule. They belong to whoever picks, and begin anew with the program.
#[derive(Debug, Clone)]
pub struct Hits {
    rules: Arc<[Rule]>,
    counts: Vec<Count>,
}

/// The counts of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// How many requests met its conditions and were left to it by the rules before.
    pub asked: u64,
    /// How many of them it responded to.
    pub hits: u64,
}

impl Default for Hits {
    fn default() -> Self {
        Self { rules: Arc::new([]), counts: Vec::new() }
    }
}

impl Hits {
    /// Counts by these rules from now on. One that was there before keeps its counts wherever it stands now; one that says
    /// anything else than before, also whether it is enabled, begins anew. Costs nothing where they are the same.
    pub fn follow(&mut self, rules: &Arc<[Rule]>) {
        if Arc::ptr_eq(&self.rules, rules) {
            return;
        }
        self.counts = rules.iter().map(|rule| self.of(rule)).collect();
        self.rules = Arc::clone(rules);
    }

    /// How many requests each rule responded to, in their order.
    pub fn counts(&self) -> Vec<u64> {
        self.counts.iter().map(|count| count.hits).collect()
    }

    /// The counts of a rule; none where it is not among those that are followed.
    pub fn of(&self, rule: &Rule) -> Count {
        let known = self.rules.iter().position(|one| one == rule);
        known.map(|at| self.counts[at]).unwrap_or_default()
    }

    /// Asks a rule whose conditions are met, by its place: how often it responded before; `None` where its rate says no.
    pub(super) fn ask(&mut self, at: usize, rate: Rate) -> Option<u64> {
        let count = &mut self.counts[at];
        let before = *count;
        count.asked += 1;
        let says_yes = rate.says_yes(before.asked, before.hits);
        count.hits += u64::from(says_yes);
        says_yes.then_some(before.hits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(names: &[&str]) -> Arc<[Rule]> {
        names.iter().map(|name| Rule { name: (*name).to_owned(), ..Rule::default() }).collect()
    }

    #[test]
    fn a_rule_keeps_its_counts_wherever_it_moves_and_a_changed_one_begins_anew() {
        let mut hits = Hits::default();
        let before = rules(&["a", "b", "c"]);
        hits.follow(&before);
        for (at, times) in [(0, 1), (1, 2), (2, 3)] {
            (0..times).for_each(|n| assert_eq!(hits.ask(at, Rate::Always), Some(n)));
        }
        hits.follow(&before);
        assert_eq!(hits.counts(), [1, 2, 3]);
        hits.follow(&rules(&["c", "new", "a"]));
        assert_eq!(hits.counts(), [3, 0, 1]);
        let mut edited = rules(&["c", "a"]).to_vec();
        edited[0].enabled = false;
        hits.follow(&edited.into());
        assert_eq!(hits.counts(), [0, 1]);
    }

    #[test]
    fn a_rate_that_says_no_is_counted_as_asked() {
        let mut hits = Hits::default();
        let rules = rules(&["a"]);
        hits.follow(&rules);
        let said: Vec<_> = (0..4).map(|_| hits.ask(0, Rate::Of { respond: 1, every: 2 })).collect();
        assert_eq!(said, [Some(0), None, Some(1), None]);
        assert_eq!(hits.of(&rules[0]), Count { asked: 4, hits: 2 });
    }
}
