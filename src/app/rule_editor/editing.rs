//! One rule that is being edited: what is typed, what is wrong with it, and what becomes of it when the rules change.

use super::complaint::{Complaint, Spot};
use super::draft::Draft;
use super::preview::{self, Preview};
use super::{NewRule, Sees, texts};
use crate::rules::Rule;
use crate::rules::file::{self, is_same};
use crate::rules::pattern::Pattern;

/// A rule that is edited.
#[derive(Debug)]
pub struct Editing {
    /// The rule as it is in force; `None` for a new one.
    base: Option<Rule>,
    /// Where it stands, or would.
    pub at: usize,
    /// What is typed.
    pub form: Form,
    /// The last rule that was typed without a mistake.
    last: Rule,
    /// The rule that this says, or what is wrong with it.
    read: Result<Rule, Vec<Complaint>>,
    /// What can be said of it.
    pub preview: Preview,
    /// Whether it is said what it makes of the selected exchange.
    pub tries: bool,
    /// Whether the file says something else of it since it is edited.
    pub is_overtaken: bool,
    /// What is worth knowing of how it came about.
    pub remark: Option<String>,
    /// A new rule that nobody typed into is not worth a question.
    began: Option<Rule>,
    /// What was asked to be kept, until it is known whether it was; and whether the user wants to go then.
    saving: Option<Rule>,
    leaves: bool,
    state: State,
}

/// What follows from what is typed, and is asked for with each frame.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    is_dirty: bool,
    can_save: bool,
    has_form: bool,
}

/// In which form a rule is edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// In fields.
    Fields(Box<Draft>),
    /// As it stands in the file.
    Text(String),
}

/// What became of the edited rule when the rules changed.
pub(super) enum Followed {
    There,
    Again(usize),
    Gone,
    Leaves,
}

impl Editing {
    pub(super) fn of(rule: &Rule, at: usize, sees: Sees<'_>) -> Self {
        let form = Draft::of(rule).map_or_else(|| Form::Text(file::one(rule)), |draft| Form::Fields(Box::new(draft)));
        let mut editing = Self {
            base: Some(rule.clone()),
            at,
            form,
            last: rule.clone(),
            read: Ok(rule.clone()),
            preview: Preview::default(),
            tries: false,
            is_overtaken: false,
            remark: None,
            began: None,
            saving: None,
            leaves: false,
            state: State::default(),
        };
        editing.refresh(sees);
        editing
    }

    pub(super) fn anew(new: NewRule, sees: Sees<'_>) -> Self {
        let NewRule { rule, at, remark, is_stock } = new;
        let mut editing = Self::of(&rule, at, sees);
        (editing.base, editing.began, editing.remark) = (None, is_stock.then_some(rule), remark);
        editing.refresh(sees);
        editing
    }

    /// Whether there is no such rule yet.
    pub fn is_new(&self) -> bool {
        self.base.is_none() && self.saving.is_none()
    }

    /// Whether it edits the rule at this place.
    pub fn is_at(&self, at: usize) -> bool {
        !self.is_new() && self.at == at
    }

    /// The rule that is typed, where nothing is wrong with it.
    pub fn rule(&self) -> Option<&Rule> {
        self.read.as_ref().ok()
    }

    /// The rule that was typed before something was wrong with it.
    pub fn last_rule(&self) -> &Rule {
        &self.last
    }

    /// The rule as a text, or in its form; `None` where something is wrong with it, or where it has no form.
    pub(super) fn shown(&self, as_text: bool) -> Option<Form> {
        let rule = self.rule()?;
        if as_text { Some(Form::Text(file::one(rule))) } else { Draft::of(rule).map(|draft| Form::Fields(Box::new(draft))) }
    }

    /// What is wrong with what is typed.
    pub fn complaints(&self) -> &[Complaint] {
        self.read.as_ref().err().map_or(&[], Vec::as_slice)
    }

    /// What is wrong with one part of it.
    pub fn complaint(&self, spot: Spot) -> Option<&str> {
        self.complaints().iter().find(|complaint| complaint.spot == spot).map(|complaint| complaint.text.as_str())
    }

    /// Whether it can be edited in a form.
    pub fn has_form(&self) -> bool {
        self.state.has_form
    }

    /// Whether something would be lost by leaving.
    pub fn is_dirty(&self) -> bool {
        self.state.is_dirty
    }

    /// Whether there is something to save.
    pub fn can_save(&self) -> bool {
        self.state.can_save
    }

    fn commands(&self) -> Vec<Pattern> {
        match (&self.form, &self.read) {
            (Form::Fields(draft), _) => draft.commands(),
            (Form::Text(_), Ok(rule)) => preview::commands_of(rule).to_vec(),
            (Form::Text(_), Err(_)) => Vec::new(),
        }
    }

    /// Reads what is typed, and computes what can be said of it.
    pub(super) fn refresh(&mut self, sees: Sees<'_>) {
        let is_own = |name: &str| self.base.iter().chain(&self.saving).any(|own| own.name == name);
        let is_taken = |name: &str| !is_own(name) && sees.rules.iter().any(|rule| rule.name == name);
        self.read = match &self.form {
            Form::Fields(draft) => draft.read(is_taken),
            Form::Text(text) => read_text(text, is_taken),
        };
        if let Ok(rule) = &self.read {
            self.last = rule.clone();
        }
        let rule = self.read.as_ref().ok();
        let among = rule.filter(|_| self.tries).map(|rule| self.put(rule, sees.rules));
        self.preview = Preview::of(&self.commands(), rule, sees.opened, among.as_deref());
        self.state = self.state();
    }

    fn state(&self) -> State {
        let says = |kept: &Rule| self.rule().is_some_and(|rule| is_same(rule, kept));
        State {
            is_dirty: self.saving.is_some() || !self.base.as_ref().or(self.began.as_ref()).is_some_and(says),
            can_save: self.rule().is_some() && !self.base.as_ref().is_some_and(says),
            has_form: match &self.form {
                Form::Fields(_) => self.rule().is_some(),
                Form::Text(_) => self.rule().is_some_and(|rule| Draft::of(rule).is_some()),
            },
        }
    }

    /// All rules, with this one in its place.
    fn put(&self, rule: &Rule, rules: &[Rule]) -> Vec<Rule> {
        let mut all = rules.to_vec();
        match self.place_in(rules) {
            Some(at) => all[at] = rule.clone(),
            None => all.insert(self.at.min(all.len()), rule.clone()),
        }
        all
    }

    /// Where it stands: as it was asked to be kept, as it was in force, or by its name.
    pub(super) fn place_in(&self, rules: &[Rule]) -> Option<usize> {
        let known = self.saving.iter().chain(&self.base).find_map(|rule| place_of(rule, rules));
        known.or_else(|| rules.iter().position(|rule| self.base.as_ref().is_some_and(|base| base.name == rule.name)))
    }

    pub(super) fn save(&mut self, rules: &[Rule], leaves: bool) -> Option<Vec<Rule>> {
        let rule = self.rule().filter(|_| self.can_save())?.clone();
        let all = self.put(&rule, rules);
        (self.saving, self.leaves) = (Some(rule), leaves);
        Some(all)
    }

    /// The rule was switched on or off in the list.
    pub(super) fn switch(&mut self, rule: &Rule, sees: Sees<'_>) {
        let was_dirty = self.is_dirty();
        for known in self.base.iter_mut().chain(&mut self.saving) {
            known.enabled = rule.enabled;
        }
        match &mut self.form {
            Form::Fields(draft) => draft.enabled = rule.enabled,
            Form::Text(text) if !was_dirty => *text = file::one(rule),
            Form::Text(_) => {}
        }
        self.refresh(sees);
    }

    pub(super) fn follow(&mut self, sees: Sees<'_>) -> Followed {
        let (saving, leaves) = (self.saving.take(), std::mem::take(&mut self.leaves));
        let kept = [saving.as_ref(), self.rule()].into_iter().flatten().find_map(|rule| place_of(rule, sees.rules));
        if let Some(at) = kept {
            self.kept(at, sees);
            // What was typed meanwhile is not kept yet.
            return if leaves && !self.is_dirty() { Followed::Leaves } else { Followed::There };
        }
        if self.is_new() {
            self.at = self.at.min(sees.rules.len());
            self.refresh(sees);
            return Followed::There;
        }
        let is_dirty = self.is_dirty();
        match self.place_in(sees.rules) {
            Some(at) if self.base.as_ref().is_some_and(|base| is_same(base, &sees.rules[at])) => {
                self.at = at;
                self.refresh(sees);
                Followed::There
            }
            Some(at) if is_dirty => {
                self.overtaken(Some(sees.rules[at].clone()), at, sees);
                Followed::There
            }
            None if is_dirty => {
                self.overtaken(None, self.at, sees);
                Followed::There
            }
            Some(at) => Followed::Again(at),
            None => Followed::Gone,
        }
    }

    /// It is in force as it was asked to be kept, or as it is typed.
    fn kept(&mut self, at: usize, sees: Sees<'_>) {
        let rule = &sees.rules[at];
        if let (Form::Fields(draft), Some(typed)) = (&mut self.form, self.read.as_ref().ok())
            && is_same(typed, rule)
            && typed != rule
            && let Some(with_bytes) = Draft::of(rule)
        {
            **draft = with_bytes;
        }
        (self.base, self.at) = (Some(rule.clone()), at);
        (self.began, self.is_overtaken, self.remark) = (None, false, None);
        self.refresh(sees);
    }

    fn overtaken(&mut self, base: Option<Rule>, at: usize, sees: Sees<'_>) {
        (self.base, self.at, self.is_overtaken) = (base, at, true);
        self.refresh(sees);
    }
}

pub(super) fn place_of(rule: &Rule, rules: &[Rule]) -> Option<usize> {
    rules.iter().position(|one| is_same(one, rule))
}

/// Reads one rule as it stands in a file.
fn read_text(text: &str, is_taken: impl Fn(&str) -> bool) -> Result<Rule, Vec<Complaint>> {
    let whole = |text: String| Complaint { spot: Spot::Whole, text };
    let mut rules = file::read(text).map_err(|complaints| complaints.iter().map(|one| whole(one.to_string())).collect::<Vec<_>>())?;
    match (rules.pop(), rules.is_empty()) {
        (Some(rule), true) if is_taken(&rule.name) => Err(vec![whole(texts::RULE_NAME_TAKEN.to_owned())]),
        (Some(rule), true) => Ok(rule),
        _ => Err(vec![whole(texts::ONE_RULE_HERE.to_owned())]),
    }
}
