//! The opened exchange: its tab, and how its body is shown.

use super::action::Tab;
use super::body::{Body, BodyAction, BodyView};
use super::find::FindAction;
use crate::annotation::Change;
use crate::ids::Ids;
use crate::messages::Effect;
use crate::needle::{Found, Needle};
use crate::opened::Opened;
use crate::protocol::verdict::{Overall, Severity};
use crate::sequence::{self, SequenceRemark};
use std::collections::BTreeSet;

/// What the right side shows.
#[derive(Debug, Default)]
pub struct Detail {
    opened: Option<Box<Opened>>,
    sequence: Vec<SequenceRemark>,
    tab: Tab,
    /// How its body is shown.
    pub body: Body,
    parameters_folded: bool,
    /// The verdicts whose explanation is unfolded, by their names.
    unfolded: BTreeSet<&'static str>,
}

impl Detail {
    /// The exchange that is open.
    pub fn opened(&self) -> Option<&Opened> {
        self.opened.as_deref()
    }

    /// What it has to do with those around it, as far as that is told.
    pub fn sequence(&self) -> &[SequenceRemark] {
        &self.sequence
    }

    /// Says of it what is said now, where it is among these.
    pub fn annotate(&mut self, ids: &Ids, change: &Change) {
        if let Some(opened) = self.opened.as_mut().filter(|opened| ids.contains(opened.exchange.id)) {
            opened.annotation.apply(change);
        }
    }

    /// The tab in front.
    pub fn tab(&self) -> Tab {
        self.tab
    }

    /// Brings a tab to the front.
    pub fn show_tab(&mut self, tab: Tab) {
        self.tab = tab;
    }

    /// Does what is meant about the body. Says what follows, and what is to be put on the clipboard.
    pub fn act_on_body(&mut self, action: BodyAction) -> (Option<Effect>, Option<String>) {
        if action == BodyAction::Find(FindAction::Open) {
            self.tab = Tab::Json;
        }
        self.body.apply(action, self.opened.as_deref())
    }

    /// In which form the body is shown.
    pub fn body_view(&self) -> BodyView {
        self.body.view(self.opened())
    }

    /// Takes where a text was found. A late answer to an older question is dropped.
    pub fn take_found(&mut self, id: i64, needle: &Needle, found: Found) {
        let Self { opened, body, .. } = self;
        if let Some(opened) = opened.as_deref().filter(|opened| opened.exchange.id == id) {
            body.found(needle, found, opened);
        }
    }

    /// Whether the URL parameters above the fields are folded away. It stays so from one exchange to the next.
    pub fn parameters_folded(&self) -> bool {
        self.parameters_folded
    }

    /// Folds the URL parameters, or unfolds them.
    pub fn fold_parameters(&mut self) {
        self.parameters_folded = !self.parameters_folded;
    }

    /// Whether the explanation of the verdict of this name is unfolded.
    pub fn is_unfolded(&self, verdict: &str) -> bool {
        self.unfolded.contains(verdict)
    }

    /// Folds the explanation of a verdict, or unfolds it.
    pub fn fold_verdict(&mut self, verdict: &'static str) {
        if !self.unfolded.remove(verdict) {
            self.unfolded.insert(verdict);
        }
    }

    /// Takes an exchange that was asked for. The same one again, read anew, stays folded as it was.
    pub fn take(&mut self, mut opened: Option<Box<Opened>>) -> Option<Effect> {
        let is_same = |opened: &Opened, before: &Opened| {
            opened.exchange.id == before.exchange.id && opened.exchange.request.body == before.exchange.request.body
        };
        let is_another = match (opened.as_deref(), self.opened()) {
            (Some(opened), Some(before)) => !is_same(opened, before),
            (opened, before) => opened.is_some() || before.is_some(),
        };
        if is_another {
            self.sequence.clear();
        }
        // A bad verdict explains itself, also when it became bad only now.
        let (bad, bad_before) = (bad_verdicts(opened.as_deref()), bad_verdicts(self.opened()));
        if is_another || bad != bad_before {
            self.unfolded = bad;
        }
        let effect = if is_another { self.body.follow(opened.as_deref_mut()) } else { None };
        self.opened = opened;
        effect
    }

    /// Takes what an exchange has to do with those around it. A late answer to an older question is dropped.
    pub fn take_sequence(&mut self, id: i64, remarks: Vec<SequenceRemark>) {
        if self.opened().is_some_and(|opened| opened.exchange.id == id) {
            self.sequence = remarks;
        }
    }

    /// What to ask anew because these exchanges came: the sequence, when they are near enough to belong to it.
    pub fn arrived(&self, ids: &[i64]) -> Option<Effect> {
        let id = self.opened()?.exchange.id;
        let around = sequence::neighbourhood(id);
        ids.iter().any(|id| around.contains(id)).then_some(Effect::ReadSequence(id))
    }
}

/// The bad verdicts of a callback by their names. Those of a request that is none are no faults.
fn bad_verdicts(opened: Option<&Opened>) -> BTreeSet<&'static str> {
    let inspection = opened.map(|opened| &opened.inspection).filter(|inspection| inspection.overall != Overall::NotCallback);
    let Some(inspection) = inspection else { return BTreeSet::new() };
    let verdicts = inspection.verdicts.all();
    verdicts.iter().filter(|verdict| verdict.severity() == Severity::Bad).map(|verdict| verdict.name()).collect()
}
