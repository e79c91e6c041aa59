//! What can be done with what is held, opened and selected.

use super::List;
use crate::annotation::Mark;
use crate::app::action::{Action, Tab};
use crate::app::annotating::AnnotateAction;
use crate::app::body::{BodyAction, BodyView, Copied, has_tree};
use crate::app::catalogue::CatalogueAction;
use crate::app::comparing::{Choice, CompareAction};
use crate::app::deleting::DeleteAction;
use crate::app::export_editor::ExportAction;
use crate::app::find::FindAction;
use crate::app::hold::Decision;
use crate::app::meaning::Meaning;
use crate::app::rule_editor::RulesAction;
use crate::app::texts::{self, comparing, conversation, palette, rules};
use crate::app::what_if::WhatIfAction;
use crate::compare::{Manner, Shows};
use crate::exchange::REFUSAL;
use crate::opened::Opened;
use crate::protocol::catalogue;
use crate::wording;
use jiff::tz::TimeZone;

impl List<'_> {
    /// What can be decided about the request that is held longest: it waits for that.
    pub(super) fn held(&mut self) {
        let Some(request) = self.model.held.first() else { return };
        for decision in Decision::ALL {
            let label = match (decision, self.model.held.code()) {
                (Decision::Refuse, Some(code)) => palette::refuse_with(code),
                _ => texts::decision(decision).0.to_owned(),
            };
            self.key_also(label, &request.title, palette::HELD_WORDS, Meaning::Decide(decision));
        }
        self.key_also(texts::REWRITE, &request.title, palette::HELD_WORDS, Meaning::Rewrite);
    }

    pub(super) fn exchange(&mut self) {
        let model = self.model;
        if !model.are_exchanges_in_front() {
            return self.key(palette::UNDO_DELETION, "", Meaning::Undo);
        }
        let about = self.selected();
        let is_any = !model.history.selection().is_empty();
        let annotation = model.focus_annotation().cloned().unwrap_or_default();
        self.key(if annotation.pinned { texts::UNPIN } else { texts::PIN }, &about, Meaning::Pin);
        self.key(texts::EDIT_NOTE, &about, Meaning::Note);
        self.key(palette::NEXT_MARK, &about, Meaning::NextMark);
        self.key(conversation::READ_AS_CONVERSATION, &about, Meaning::Conversation);
        self.key(texts::COPY_AS_CURL, &about, Meaning::CopyAsCurl);
        if is_any && model.detail.tab() != Tab::Compare {
            let two = model.history.selection().len() == 2;
            let label = if two { comparing::COMPARE_THESE } else { comparing::COMPARE };
            self.act(label, &about, Action::Compare(CompareAction::Open));
        }
        let is_base = model.history.selected().is_some() && model.comparing.base() == model.history.selected();
        self.key(if is_base { comparing::UNMARK_BASE } else { comparing::MARK_AS_BASE }, &about, Meaning::MarkBase);
        if is_any {
            self.act(palette::EXPORT_SELECTED, &about, Action::Export(ExportAction::OfSelected));
        }
        self.rules_of_exchange();
        self.key(texts::DELETE, &about, Meaning::Delete);
        if model.filter.in_force().is_some() {
            self.act(texts::DELETE_SHOWN, texts::exchanges(model.history.shown()), Action::Delete(DeleteAction::Shown));
        }
        if !model.history.is_empty() {
            self.act(texts::DELETE_ALL, texts::exchanges(model.history.len()), Action::Delete(DeleteAction::All));
        }
        self.key(palette::UNDO_DELETION, "", Meaning::Undo);
        for mark in Mark::ALL.map(Some).into_iter().chain([None]).filter(|mark| is_any && *mark != annotation.mark) {
            let label = mark.map_or_else(|| texts::NO_MARK.to_owned(), texts::mark);
            self.act(label, &about, Action::Annotate(AnnotateAction::Mark(mark)));
        }
    }

    /// Rules for what was just seen, as the Response tab offers them.
    fn rules_of_exchange(&mut self) {
        let Some(opened) = self.model.detail.opened().filter(|_| self.model.rules.is_some()) else { return };
        let responded = opened.exchange.response.as_ref();
        if responded.is_some_and(|responded| responded.rule == REFUSAL) {
            return;
        }
        if let Some(command) = &opened.inspection.callback.command {
            let command = wording::visible(command);
            self.act(rules::RESPOND_DIFFERENTLY, &command, Action::Rules(RulesAction::ForCommand)).also(rules::RULES);
            self.act(rules::MAKE_IT_FAIL_ONCE, &command, Action::Rules(RulesAction::FailOnce)).also(rules::RULES);
        }
        self.act(rules::RESPOND_LIKE_THIS, "", Action::RuleFromExchange);
    }

    pub(super) fn verdicts_and_tabs(&mut self) {
        let model = self.model;
        let Some(opened) = model.detail.opened().filter(|_| model.are_exchanges_in_front()) else { return };
        for tab in Tab::ALL.into_iter().filter(|tab| *tab != model.detail.tab()) {
            self.key(palette::show_tab(texts::tab(tab)), "", Meaning::Tab(tab));
        }
        if let Some(command) = opened.inspection.callback.reference
            && let Some(at) = catalogue::get().position(command)
        {
            self.act(texts::OPEN_IN_CATALOGUE, &command.name, Action::Catalogue(CatalogueAction::OpenAt(at)));
        }
        let inspection = &opened.inspection;
        for verdict in inspection.verdicts.all() {
            // Whatever the zone, it has as many.
            if !wording::facts(verdict, &inspection.verdicts, &opened.findings, model.skew_secs, &TimeZone::UTC).is_empty() {
                let label = palette::explain(wording::title(verdict), model.detail.is_unfolded(verdict.name()));
                self.act(label, "", Action::FoldVerdict(verdict.name()));
            }
        }
        match model.detail.tab() {
            Tab::Fields if !opened.inspection.callback.params.is_empty() => {
                let folded = model.detail.parameters_folded();
                self.act(if folded { palette::UNFOLD_PARAMETERS } else { palette::FOLD_PARAMETERS }, "", Action::FoldParameters);
            }
            Tab::Response => self.response(opened),
            Tab::Fields | Tab::Json | Tab::Request | Tab::Compare | Tab::Note => {}
        }
    }

    fn response(&mut self, opened: &Opened) {
        if self.model.what_if.draft().is_some() {
            self.act(palette::SAME_RESPONSE, texts::WHAT_IF, Action::WhatIf(WhatIfAction::Open));
            self.act(palette::FOLD_RESPONSE, texts::WHAT_IF, Action::WhatIf(WhatIfAction::Close));
        } else {
            self.act(texts::EDIT_A_RESPONSE, texts::WHAT_IF_WHY, Action::WhatIf(WhatIfAction::Open));
        }
        if opened.exchange.response.is_some() {
            let unfolded = self.model.rule_editor.told_unfolded;
            let label = if unfolded { palette::FOLD_RULES } else { palette::EXPLAIN_RULES };
            self.act(label, "", Action::Rules(RulesAction::FoldTold));
        }
    }

    pub(super) fn body(&mut self) {
        let model = self.model;
        let body = &model.detail.body;
        let has_body = model.detail.opened().is_some_and(|opened| !opened.exchange.request.body.is_empty());
        if !has_body || !model.are_exchanges_in_front() {
            return;
        }
        self.key(palette::FIND_IN_BODY, "", Meaning::Find);
        if body.find.is_open() {
            self.find();
        }
        self.act(texts::COPY_BODY, "", Action::Body(BodyAction::Copy(Copied::Body)));
        if !model.is_body_in_front() {
            return;
        }
        let is_possible = |view: &BodyView| *view != BodyView::Tree || has_tree(model.detail.opened());
        for view in BodyView::ALL.into_iter().filter(is_possible).filter(|view| *view != model.detail.body_view()) {
            let label = match view {
                BodyView::Tree => texts::BODY_AS_TREE,
                BodyView::Text => texts::BODY_AS_TEXT,
                BodyView::Hex => texts::BODY_AS_HEX,
            };
            self.act(label, "", Action::Body(BodyAction::ShowAs(view)));
        }
        let is_tree = model.detail.body_view() == BodyView::Tree;
        if is_tree && body.line().is_some() {
            self.key(texts::COPY_PATH, "", Meaning::CopyPath);
        }
        if if is_tree { body.line().is_some() } else { body.selected().is_some() } {
            self.key(palette::COPY_SELECTED_OF_BODY, "", Meaning::CopySelected);
        }
        if !is_tree {
            self.act_or_key(palette::SELECT_ALL_OF_BODY, "", Action::Body(BodyAction::SelectAll), Meaning::SelectAll);
        }
    }

    fn find(&mut self) {
        let find = &self.model.detail.body.find;
        if find.found().is_some_and(|found| !found.starts.is_empty()) {
            self.key(texts::NEXT_MATCH, "", Meaning::NextMatch);
            self.key(texts::PREVIOUS_MATCH, "", Meaning::PreviousMatch);
        }
        let is_told_apart = find.needle().match_case;
        let label = if is_told_apart { palette::ANY_CASE } else { palette::TELL_CASE_APART };
        self.act(label, "", Action::Body(BodyAction::Find(FindAction::MatchCase(!is_told_apart))));
        self.key(palette::CLOSE_FIND, "", Meaning::Back);
    }

    pub(super) fn comparison(&mut self) {
        let model = self.model;
        let is_in_front = model.are_exchanges_in_front() && model.detail.tab() == Tab::Compare;
        let Some(opened) = model.detail.opened().filter(|_| is_in_front) else { return };
        let comparing = &model.comparing;
        if let Some(compared) = comparing.told().and_then(Result::ok) {
            if compared.layout.differences() > 0 {
                self.key(comparing::NEXT_DIFFERENCE, "", Meaning::NextDifference);
                self.key(comparing::PREVIOUS_DIFFERENCE, "", Meaning::PreviousDifference);
            }
            self.act(palette::COPY_COMPARISON, "", Action::Compare(CompareAction::Copy));
        }
        let other = model.other_selected();
        let chosen = comparing.choice(opened, other);
        let choices = comparing.choices(opened, other);
        let samples = choices.iter().filter(|choice| matches!(choice, Choice::Sample(_))).count();
        for choice in choices.into_iter().filter(|choice| *choice != chosen) {
            let name = comparing::choice(choice, (other, comparing.base(), samples));
            self.act(palette::compare_with(&name), "", Action::Compare(CompareAction::With(choice)));
        }
        if !comparing.is_cramped() {
            let (label, manner) = match comparing.manner() {
                Manner::Beside => (palette::STAND_INLINE, Manner::Inline),
                Manner::Inline => (palette::STAND_BESIDE, Manner::Beside),
            };
            self.act(label, "", Action::Compare(CompareAction::Stand(manner)));
        }
        let (label, shows) = match comparing.shows() {
            Shows::Differences => (palette::SHOW_ALL, Shows::All),
            Shows::All => (palette::SHOW_DIFFERENCES, Shows::Differences),
        };
        self.act(label, "", Action::Compare(CompareAction::Show(shows)));
        let label = if comparing.ignores() { palette::IGNORE_NOTHING } else { palette::IGNORE_VOLATILE };
        self.act(label, comparing::IGNORE_WHY, Action::Compare(CompareAction::ToggleIgnoring));
    }
}
