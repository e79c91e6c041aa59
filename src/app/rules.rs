//! Rules: what the window knows of them, what it asked to be kept, and what was told since.

use super::action::Dialog;
use super::detail::Detail;
use super::rule_editor::{self, RulesAction, Sees};
use super::{Model, texts};
use crate::messages::{Effect, KnownRules};

impl Model {
    /// Nothing is done while the rules are not known: saving some would do away with all others.
    pub(super) fn apply_to_rules(&mut self, action: RulesAction) -> Vec<Effect> {
        if self.rules.is_none() && action != RulesAction::FoldTold {
            return Vec::new();
        }
        let command = self.detail.opened().and_then(|opened| opened.inspection.callback.command.clone());
        if action == RulesAction::ForCommand {
            self.dialog = Some(Dialog::Rules);
        } else if action == RulesAction::FailOnce {
            self.notices.done(texts::rules::will_fail_once(command.as_deref()));
        }
        let effects = self.rule_editor.apply(action, sees(self.rules.as_ref(), &self.detail));
        self.expect_rules(&effects);
        if self.dialog == Some(Dialog::Rules) && self.rule_editor.is_done() {
            self.dialog = None;
        }
        effects
    }

    /// Rules that are asked to be kept stand here at once: the next change is made to them, however soon it comes.
    fn expect_rules(&mut self, effects: &[Effect]) {
        let asked = effects.iter().find_map(|effect| if let Effect::SaveRules(rules) = effect { Some(rules) } else { None });
        let (Some(asked), Some(known)) = (asked, &mut self.rules) else { return };
        self.hits = rule_editor::hits_of(asked, &known.rules, &self.hits);
        known.rules = asked.as_slice().into();
        self.asked_rules += 1;
        self.rule_editor.expect(sees(self.rules.as_ref(), &self.detail));
    }

    /// Rules could not even be asked to be kept: those that were told last are in force.
    pub fn rules_not_asked(&mut self) {
        if let (Some(known), Some(told)) = (&self.rules, &self.told_rules) {
            let known = KnownRules { rules: told.clone(), ..known.clone() };
            self.rules_told(known);
        }
    }

    pub(super) fn rule_from_exchange(&mut self) {
        if self.rules.is_some() && self.detail.opened().is_some() {
            self.dialog = Some(Dialog::Rules);
            self.rule_editor.open_like_exchange(sees(self.rules.as_ref(), &self.detail));
        }
    }

    /// What is told answers what was asked first. Where more was asked since, that stands until it is answered too.
    pub(super) fn rules_told(&mut self, mut told: KnownRules) -> Vec<Effect> {
        let was_asked = self.asked_rules > 0;
        self.asked_rules = self.asked_rules.saturating_sub(1);
        self.told_rules = Some(told.rules.clone());
        self.tell_complaints(&told);
        if let Some(known) = self.rules.as_ref().filter(|_| self.asked_rules > 0) {
            told.rules = known.rules.clone();
            self.rules = Some(told);
            return Vec::new();
        }
        self.take_rules(told, was_asked)
    }

    fn tell_complaints(&mut self, told: &KnownRules) {
        if self.rules.as_ref().is_some_and(|before| before.complaints == told.complaints) {
            return;
        }
        // What was said of the file is true no longer.
        if let Some(id) = self.told_complaint.take() {
            self.notices.dismiss(id);
        }
        if self.dialog != Some(Dialog::Rules) {
            self.told_complaint = texts::rules::file_is_wrong(told).map(|text| self.notices.failed(text));
        }
    }

    /// What is open says what each rule makes of it: that is asked anew where the rules are others.
    fn take_rules(&mut self, rules: KnownRules, was_asked: bool) -> Vec<Effect> {
        let mut are_others = was_asked;
        if let Some(before) = &self.rules {
            self.hits = rule_editor::hits_of(&rules.rules, &before.rules, &self.hits);
            are_others |= before.rules != rules.rules;
        }
        self.rules = Some(rules);
        let is_open = self.dialog == Some(Dialog::Rules);
        let is_edited = is_open || self.rule_editor.editing.is_some();
        if is_edited && self.rule_editor.follow(sees(self.rules.as_ref(), &self.detail)) && is_open {
            self.dialog = None;
        }
        self.history.selected().filter(|_| are_others).map(Effect::Open).into_iter().collect()
    }
}

/// What the editor of rules looks at.
pub(super) fn sees<'a>(rules: Option<&'a KnownRules>, detail: &'a Detail) -> Sees<'a> {
    Sees { rules: rules.map_or(&[], |known| &known.rules), opened: detail.opened() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Event;

    #[test]
    fn what_was_wrong_with_the_rules_file_is_said_until_it_is_put_right() {
        let told = |complaints: &[&str]| {
            let complaints = complaints.iter().map(|complaint| (*complaint).to_owned()).collect();
            Event::Rules(KnownRules { rules: [].into(), path: "/tmp/rules.toml".into(), complaints })
        };
        let mut model = Model::default();
        let texts = |model: &Model| model.notices.list().iter().map(|notice| notice.text.clone()).collect::<Vec<_>>();
        model.absorb(told(&["line 1"]));
        model.absorb(told(&["line 2"]));
        assert_eq!(texts(&model).len(), 1);
        assert!(texts(&model).iter().all(|text| text.contains("line 2")), "{:?}", texts(&model));
        model.absorb(told(&[]));
        assert_eq!(texts(&model), Vec::<String>::new());
    }
}
