//! The rules' dialog: which rule is edited, as what texts, and what is wrong with them.
//!
//! The rules in force are the engine's. A change asks it to keep all of them; they are shown at once, and what it tells then is
//! what counts. Only what is being typed is kept here, until it is saved or given up by name.

pub mod complaint;
pub mod draft; // one rule as texts
pub mod editing; // one rule while it is edited
pub mod from_exchange; // rules made from an exchange
pub mod kind;
pub mod preview; // what a rule would respond, and what its sender makes of it
pub mod step; // what a rule responds, as texts
pub mod words; // a rule in a few words

use super::texts::rules as texts;
use crate::messages::Effect;
use crate::opened::Opened;
use crate::rules::{self, Rule, STARTER, file};
use draft::Draft;
use editing::{Editing, Followed, Form, place_of};
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
        if let Some(form) = self.editing.as_ref().and_then(|editing| editing.shown(as_text)) {
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
