//! The rules' dialog: which rule is edited, as what texts, and what is wrong with them.
//!
//! The rules in force are the engine's. A change asks it to keep all of them; they are shown at once, and what it tells then is
//! what counts. Only what is being typed is kept here, until it is saved or given up by name.

pub mod complaint;
pub mod draft; // one rule as texts
pub mod from_exchange; // rules made from an exchange
pub mod kind;
pub mod preview; // what a rule would respond, and what its sender makes of it
pub mod step; // what a rule responds, as texts
pub mod words; // a rule in a few words

use super::texts::rules as texts;
use crate::messages::Effect;
use crate::opened::Opened;
use crate::rules::file::is_same;
use crate::rules::pattern::Pattern;
use crate::rules::{self, Rule, STARTER, file};
use complaint::{Complaint, Spot};
use draft::Draft;
use preview::Preview;
use std::sync::OnceLock;

/// What a user can mean in the rules' dialog, and about rules elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RulesAction {
    /// Edit the rule at this place.
    Select(usize),
    /// Edit a new rule.
    Add,
    /// Edit a new rule like this one of those to start with.
    AddStarter(usize),
    /// The form says this now.
    Edit(Box<Draft>),
    /// The text says this now.
    EditText(String),
    /// Edit the rule as a text, or in its form again.
    ShowText(bool),
    /// Keep the rule that is edited.
    Save,
    /// Keep it, and go where the user wanted to.
    SaveAndGo,
    /// Give up what was edited, and go where the user wanted to.
    Discard,
    /// Go on editing.
    Stay,
    /// Switch the rule at this place on or off.
    Toggle(usize),
    /// Move the rule at this place up, or down.
    Move(usize, Towards),
    /// Put another one like the rule at this place behind it.
    Duplicate(usize),
    /// Take the rule at this place away.
    Remove(usize),
    /// Take the rule away that is edited.
    RemoveEdited,
    /// Bring back the rule that was taken away last.
    Undo,
    /// Say what the edited rule makes of the selected exchange, or no more.
    Try,
    /// Edit a new rule for the command of the opened exchange.
    ForCommand,
    /// Have the command of the opened exchange fail once.
    FailOnce,
    /// Fold what each rule makes of the opened exchange, or unfold it.
    FoldTold,
}

/// Where a rule is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// It is asked earlier.
    First,
    /// It is asked later.
    Last,
}

/// Where the user wanted to go, leaving a rule that is not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Out of the dialog.
    Close,
    /// To another rule.
    Rule(usize),
    /// To a new rule.
    New(Box<NewRule>),
}

/// A rule that is not among those in force yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRule {
    /// What it says to begin with.
    pub rule: Rule,
    /// Where it would stand.
    pub at: usize,
    /// What is worth knowing of how it came about.
    pub remark: Option<String>,
    /// Whether it can be had again at any time: nothing is lost with it until somebody types.
    pub is_stock: bool,
}

/// The rules' dialog.
#[derive(Debug, Default)]
pub struct RuleEditor {
    /// The rule that is edited.
    pub editing: Option<Editing>,
    /// Where the user wanted to go; the dialog asks what becomes of the edited rule.
    pub wants: Option<Target>,
    /// The rule that was taken away last, and where it stood.
    pub removed: Option<(usize, Rule)>,
    /// Whether it is shown what each rule makes of the opened exchange.
    pub told_unfolded: bool,
}

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

/// What the editor sees of the rest.
#[derive(Clone, Copy)]
pub struct Sees<'a> {
    /// The rules in force.
    pub rules: &'a [Rule],
    /// The exchange that is open.
    pub opened: Option<&'a Opened>,
}

/// The rules to start with.
pub fn starters() -> &'static [Rule] {
    static STARTERS: OnceLock<Vec<Rule>> = OnceLock::new();
    STARTERS.get_or_init(|| file::read(STARTER).expect("bug: the rules compiled in are well formed"))
}

/// How often each rule responded, of what was counted of those before: one that says anything else than before begins anew,
/// as it does for whoever counts.
pub fn hits_of(rules: &[Rule], before: &[Rule], hits: &[u64]) -> Vec<u64> {
    let of = |rule: &Rule| before.iter().position(|one| one == rule).and_then(|at| hits.get(at)).copied();
    rules.iter().map(|rule| of(rule).unwrap_or_default()).collect()
}

impl RuleEditor {
    /// Does what the user means.
    pub fn apply(&mut self, action: RulesAction, sees: Sees<'_>) -> Vec<Effect> {
        match action {
            RulesAction::Select(at) => self.go(Target::Rule(at), sees),
            RulesAction::Add => self.add(&Rule { name: texts::NEW_RULE.to_owned(), ..Rule::default() }, sees),
            RulesAction::AddStarter(at) => {
                if let Some(rule) = starters().get(at) {
                    self.add(&Rule { enabled: true, ..rule.clone() }, sees);
                }
            }
            RulesAction::Edit(draft) => self.change(Form::Fields(draft), sees),
            RulesAction::EditText(text) => self.change(Form::Text(text), sees),
            RulesAction::ShowText(as_text) => self.show_text(as_text, sees),
            RulesAction::Save => return self.save(sees, false),
            RulesAction::SaveAndGo => return self.save(sees, true),
            RulesAction::Discard => self.discard(sees),
            RulesAction::Stay => self.wants = None,
            RulesAction::Toggle(at) => return self.toggle(at, sees),
            RulesAction::Move(at, towards) => return moved(at, towards, sees.rules),
            RulesAction::Duplicate(at) => return duplicated(at, sees.rules),
            RulesAction::Remove(at) => return self.remove(at, sees),
            RulesAction::RemoveEdited => return self.remove_edited(sees),
            RulesAction::Undo => return self.undo(sees),
            RulesAction::Try => self.try_it(sees),
            RulesAction::ForCommand => self.add_first(|opened| (from_exchange::for_command(opened, sees.rules), None), sees),
            RulesAction::FailOnce => {
                return sees.opened.map(|opened| Effect::SaveRules(from_exchange::fail_once(opened, sees.rules))).into_iter().collect();
            }
            RulesAction::FoldTold => self.told_unfolded = !self.told_unfolded,
        }
        Vec::new()
    }

    /// The dialog opens: what was being edited is still there, else the first rule.
    pub fn open(&mut self, sees: Sees<'_>) {
        match &mut self.editing {
            Some(editing) => editing.refresh(sees),
            None => self.load(0, sees),
        }
    }

    /// Edits a new rule that responds like the opened exchange was responded to.
    pub fn open_like_exchange(&mut self, sees: Sees<'_>) {
        self.add_first(|opened| from_exchange::like(opened, sees.rules), sees);
    }

    /// Whether the dialog may close; else it asks first.
    pub fn may_close(&mut self) -> bool {
        let may = !self.is_dirty();
        if may {
            (self.editing, self.wants, self.removed) = (None, None, None);
        } else {
            self.wants = Some(Target::Close);
        }
        may
    }

    /// Whether something would be lost by leaving.
    pub fn is_dirty(&self) -> bool {
        self.editing.as_ref().is_some_and(Editing::is_dirty)
    }

    /// The rules are these now. Says whether the dialog is to close: what its user wanted to be saved before, is.
    pub fn follow(&mut self, sees: Sees<'_>) -> bool {
        let Some(editing) = &mut self.editing else {
            self.load(0, sees);
            return false;
        };
        let at = editing.at;
        match editing.follow(sees) {
            Followed::There => false,
            Followed::Again(at) => {
                self.load(at, sees);
                false
            }
            Followed::Gone => {
                self.editing = None;
                self.load(at.min(sees.rules.len().saturating_sub(1)), sees);
                false
            }
            Followed::Leaves => self.leave(sees),
        }
    }

    /// The rules were asked to be these, which is not told yet: what is edited stands in its place among them.
    pub fn expect(&mut self, sees: Sees<'_>) {
        if let Some(editing) = &mut self.editing {
            editing.at = editing.place_in(sees.rules).unwrap_or(editing.at.min(sees.rules.len()));
            editing.refresh(sees);
        }
    }

    /// Another exchange is open, or the same one anew.
    pub fn see(&mut self, sees: Sees<'_>) {
        if let Some(editing) = &mut self.editing {
            editing.refresh(sees);
        }
    }

    fn load(&mut self, at: usize, sees: Sees<'_>) {
        self.editing = sees.rules.get(at).map(|rule| Editing::of(rule, at, sees));
    }

    /// Goes there, or asks what becomes of what was edited.
    fn go(&mut self, target: Target, sees: Sees<'_>) {
        if let (Some(editing), Target::Rule(at)) = (&self.editing, &target)
            && editing.is_at(*at)
        {
            self.wants = None;
            return;
        }
        if matches!(target, Target::Rule(at) if at >= sees.rules.len()) {
            return;
        }
        self.wants = Some(target);
        if !self.is_dirty() {
            self.leave(sees);
        }
    }

    /// Goes where the user wanted to; says whether that is out of the dialog.
    fn leave(&mut self, sees: Sees<'_>) -> bool {
        match self.wants.take() {
            Some(Target::Close) => {
                self.editing = None;
                return true;
            }
            Some(Target::Rule(at)) => self.load(at, sees),
            Some(Target::New(new)) => self.editing = Some(Editing::anew(*new, sees)),
            None => {}
        }
        false
    }

    fn add(&mut self, rule: &Rule, sees: Sees<'_>) {
        let rule = Rule { name: rules::free_name(sees.rules, &rule.name), ..rule.clone() };
        self.go(Target::New(Box::new(NewRule { rule, at: sees.rules.len(), remark: None, is_stock: true })), sees);
    }

    /// A rule for what was just seen comes before all others: else one of them may respond in its place.
    fn add_first(&mut self, rule: impl FnOnce(&Opened) -> (Rule, Option<String>), sees: Sees<'_>) {
        if let Some((rule, remark)) = sees.opened.map(rule) {
            self.go(Target::New(Box::new(NewRule { rule, at: 0, remark, is_stock: false })), sees);
        }
    }

    fn change(&mut self, form: Form, sees: Sees<'_>) {
        if let Some(editing) = &mut self.editing {
            editing.form = form;
            editing.refresh(sees);
        }
    }

    fn show_text(&mut self, as_text: bool, sees: Sees<'_>) {
        let form = self.editing.as_ref().and_then(|editing| match (&editing.read, as_text) {
            (Ok(rule), true) => Some(Form::Text(file::one(rule))),
            (Ok(rule), false) => Draft::of(rule).map(|draft| Form::Fields(Box::new(draft))),
            (Err(_), _) => None,
        });
        if let Some(form) = form {
            self.change(form, sees);
        }
    }

    fn save(&mut self, sees: Sees<'_>, leaves: bool) -> Vec<Effect> {
        let saved = self.editing.as_mut().and_then(|editing| editing.save(sees.rules, leaves));
        if saved.is_some() && !leaves {
            self.wants = None;
        }
        saved.map(Effect::SaveRules).into_iter().collect()
    }

    fn discard(&mut self, sees: Sees<'_>) {
        let stays = self.editing.as_ref().map_or(0, |editing| editing.at);
        self.editing = None;
        match self.wants.take() {
            // The dialog closes by itself now.
            Some(Target::Close) => self.wants = Some(Target::Close),
            Some(target) => self.go(target, sees),
            None => self.load(stays.min(sees.rules.len().saturating_sub(1)), sees),
        }
    }

    /// Whether the user gave up what was edited in order to close the dialog.
    pub fn is_done(&mut self) -> bool {
        let is_done = self.editing.is_none() && self.wants == Some(Target::Close);
        if is_done {
            self.wants = None;
        }
        is_done
    }

    fn toggle(&mut self, at: usize, sees: Sees<'_>) -> Vec<Effect> {
        let mut all = sees.rules.to_vec();
        let Some(rule) = all.get_mut(at) else { return Vec::new() };
        rule.enabled = !rule.enabled;
        if let Some(editing) = self.editing.as_mut().filter(|editing| editing.is_at(at)) {
            editing.switch(rule, sees);
        }
        vec![Effect::SaveRules(all)]
    }

    fn remove(&mut self, at: usize, sees: Sees<'_>) -> Vec<Effect> {
        let mut all = sees.rules.to_vec();
        if at >= all.len() {
            return Vec::new();
        }
        self.removed = Some((at, all.remove(at)));
        if self.editing.as_ref().is_some_and(|editing| editing.is_at(at)) {
            self.editing = None;
            self.wants = None;
            let sees = Sees { rules: &all, ..sees };
            self.load(at.min(all.len().saturating_sub(1)), sees);
        }
        vec![Effect::SaveRules(all)]
    }

    fn remove_edited(&mut self, sees: Sees<'_>) -> Vec<Effect> {
        if let Some(at) = self.editing.as_ref().filter(|editing| !editing.is_new()).map(|editing| editing.at) {
            return self.remove(at, sees);
        }
        self.wants = None;
        self.discard(sees);
        Vec::new()
    }

    fn undo(&mut self, sees: Sees<'_>) -> Vec<Effect> {
        // One that could not be taken away is still there.
        let Some((at, rule)) = self.removed.take().filter(|(_, rule)| place_of(rule, sees.rules).is_none()) else { return Vec::new() };
        let mut all = sees.rules.to_vec();
        let name = rules::free_name(&all, &rule.name);
        all.insert(at.min(all.len()), Rule { name, ..rule });
        vec![Effect::SaveRules(all)]
    }

    fn try_it(&mut self, sees: Sees<'_>) {
        if let Some(editing) = &mut self.editing {
            editing.tries = !editing.tries;
            editing.refresh(sees);
        }
    }
}

/// What became of the edited rule when the rules changed.
enum Followed {
    There,
    Again(usize),
    Gone,
    Leaves,
}

impl Editing {
    fn of(rule: &Rule, at: usize, sees: Sees<'_>) -> Self {
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

    fn anew(new: NewRule, sees: Sees<'_>) -> Self {
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
    fn refresh(&mut self, sees: Sees<'_>) {
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
    fn place_in(&self, rules: &[Rule]) -> Option<usize> {
        let known = self.saving.iter().chain(&self.base).find_map(|rule| place_of(rule, rules));
        known.or_else(|| rules.iter().position(|rule| self.base.as_ref().is_some_and(|base| base.name == rule.name)))
    }

    fn save(&mut self, rules: &[Rule], leaves: bool) -> Option<Vec<Rule>> {
        let rule = self.rule().filter(|_| self.can_save())?.clone();
        let all = self.put(&rule, rules);
        (self.saving, self.leaves) = (Some(rule), leaves);
        Some(all)
    }

    /// The rule was switched on or off in the list.
    fn switch(&mut self, rule: &Rule, sees: Sees<'_>) {
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

    fn follow(&mut self, sees: Sees<'_>) -> Followed {
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

fn place_of(rule: &Rule, rules: &[Rule]) -> Option<usize> {
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

fn moved(at: usize, towards: Towards, rules: &[Rule]) -> Vec<Effect> {
    let to = match towards {
        Towards::First => at.checked_sub(1),
        Towards::Last => Some(at + 1),
    };
    let Some(to) = to.filter(|to| at.max(*to) < rules.len()) else { return Vec::new() };
    let mut all = rules.to_vec();
    all.swap(at, to);
    vec![Effect::SaveRules(all)]
}

fn duplicated(at: usize, rules: &[Rule]) -> Vec<Effect> {
    let Some(rule) = rules.get(at) else { return Vec::new() };
    let mut all = rules.to_vec();
    all.insert(at + 1, Rule { name: rules::free_name(rules, &rule.name), ..rule.clone() });
    vec![Effect::SaveRules(all)]
}

#[cfg(test)]
mod tests;
