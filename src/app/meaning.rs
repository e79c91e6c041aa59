//! What a key means: which action it is, by what is in front.

use super::Model;
use super::action::{Action, Dialog, Tab, Zoom};
use super::annotating::AnnotateAction;
use super::body::{BodyAction, Copied};
use super::catalogue::CatalogueAction;
use super::comparing::CompareAction;
use super::conversation::ConversationAction;
use super::deleting::DeleteAction;
use super::filter_box::FilterAction;
use super::find::FindAction;
use super::hold::{Decision, HoldAction};
use super::palette::PaletteAction;
use super::selection::SelectionAction;
use super::statistics::StatisticsAction;

/// What a key means, where the model does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Select this many rows further down.
    Move(i64),
    /// Select this many pages further down.
    Page(i64),
    /// Select the newest.
    Newest,
    /// Select the oldest.
    Oldest,
    /// Show a tab.
    Tab(Tab),
    /// Copy the opened exchange.
    CopyAsCurl,
    /// FAIL on and off.
    ToggleFail,
    /// Open the export.
    Export,
    /// Open the import.
    Import,
    /// Open the history's dialog.
    History,
    /// Send a test callback.
    SendTest,
    /// Find a text in the body.
    Find,
    /// Go to the next match.
    NextMatch,
    /// Go to the match before.
    PreviousMatch,
    /// Go to the next difference.
    NextDifference,
    /// Go to the difference before.
    PreviousDifference,
    /// Have the one with the focus be the base of comparisons, or no more.
    MarkBase,
    /// Copy the path of the selected line of the body's tree.
    CopyPath,
    /// Select all of the body where one has clicked into it, else all that are shown.
    SelectAll,
    /// Select this many rows more, from where the selection began.
    Extend(i64),
    /// Select this many pages more.
    ExtendPage(i64),
    /// Select up to the newest.
    ExtendToNewest,
    /// Select up to the oldest.
    ExtendToOldest,
    /// Pin what is selected, or no more.
    Pin,
    /// Give what is selected the next colour.
    NextMark,
    /// Write the note.
    Note,
    /// Delete what is selected.
    Delete,
    /// Undo the last deletion.
    Undo,
    /// Read the conversation that the opened exchange belongs to.
    Conversation,
    /// Open the catalogue, or close it.
    Catalogue,
    /// Open the statistics, or close them.
    Statistics,
    /// Type into the filter box, or the search field.
    Search,
    /// Leave the page; go back to one selected.
    Back,
    /// Copy what is selected of the body.
    CopySelected,
    /// Decide about the request that is held longest.
    Decide(Decision),
    /// Rewrite the body for that.
    Rewrite,
    /// Make all of the window larger or smaller.
    Zoom(Zoom),
    /// Open the palette.
    Palette,
}

/// Where the keys are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// How many rows a page has.
    pub page: u64,
    /// Whether one has clicked into the body.
    pub is_in_body: bool,
}

/// What is in front of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// The list, and what is open of it.
    Exchanges,
    /// A conversation in place of the list.
    Conversation,
    /// The catalogue.
    Catalogue,
    /// The statistics.
    Statistics,
}

impl Model {
    /// What is in front.
    pub fn front(&self) -> Front {
        match (self.catalogue.is_open(), self.statistics.is_open(), self.conversation()) {
            (true, ..) => Front::Catalogue,
            (false, true, _) => Front::Statistics,
            (false, false, Some(_)) => Front::Conversation,
            (false, false, None) => Front::Exchanges,
        }
    }

    /// Whether the body is what is looked at.
    pub fn is_body_in_front(&self) -> bool {
        self.detail.opened().is_some() && self.detail.tab() == Tab::Json && self.are_exchanges_in_front()
    }

    /// Whether a comparison is what is looked at.
    pub fn is_comparison_in_front(&self) -> bool {
        let is_told = self.comparing.told().is_some_and(|told| told.is_ok());
        self.detail.tab() == Tab::Compare && is_told && self.are_exchanges_in_front()
    }

    /// Whether no page stands in front of the exchanges.
    pub fn are_exchanges_in_front(&self) -> bool {
        matches!(self.front(), Front::Exchanges | Front::Conversation)
    }
}

impl Meaning {
    /// The action that is meant now; `None` where there is none.
    pub fn action(self, model: &Model, place: Place) -> Option<Action> {
        match model.front() {
            Front::Exchanges => action(model, place, self),
            Front::Conversation => action_in_conversation(model, place, self),
            Front::Catalogue => action_on_page(model, place, self),
            Front::Statistics => action_on_statistics(model, place, self),
        }
    }

    /// Whether it means the same whatever is in front.
    fn is_anywhere(self) -> bool {
        matches!(
            self,
            Self::ToggleFail
                | Self::Export
                | Self::Import
                | Self::History
                | Self::SendTest
                | Self::Catalogue
                | Self::Statistics
                | Self::Undo
                | Self::Decide(_)
                | Self::Rewrite
                | Self::Zoom(_)
                | Self::Palette
        )
    }
}

fn action(model: &Model, place: Place, meaning: Meaning) -> Option<Action> {
    let page = i64::try_from(place.page.max(1)).unwrap_or(1);
    let on_list = |action: Action| (!model.history.is_empty()).then_some(action);
    let on_selected = |action: Action| (!model.history.selection().is_empty()).then_some(action);
    match meaning {
        Meaning::Extend(rows) => on_list(Action::Selection(SelectionAction::ExtendBy(rows))),
        Meaning::ExtendPage(pages) => on_list(Action::Selection(SelectionAction::ExtendBy(pages * page))),
        Meaning::ExtendToNewest => on_list(Action::Selection(SelectionAction::ExtendToNewest)),
        Meaning::ExtendToOldest => on_list(Action::Selection(SelectionAction::ExtendToOldest)),
        Meaning::Pin => on_selected(Action::Annotate(AnnotateAction::TogglePin)),
        Meaning::NextMark => on_selected(Action::Annotate(AnnotateAction::NextMark)),
        Meaning::Note => model.detail.opened().map(|_| Action::Annotate(AnnotateAction::OpenNote)),
        Meaning::Delete => on_selected(Action::Delete(DeleteAction::Selected)),
        Meaning::Undo => model.deleting.can_undo().then_some(Action::Delete(DeleteAction::Undo)),
        Meaning::Move(rows) => on_list(Action::SelectBy(rows)),
        Meaning::Page(pages) => on_list(Action::SelectBy(pages * page)),
        Meaning::Newest => on_list(Action::SelectNewest),
        Meaning::Oldest => on_list(Action::SelectOldest),
        Meaning::Tab(tab) => on_list(Action::ShowTab(tab)),
        Meaning::CopyAsCurl => on_selected(Action::CopyAsCurl),
        Meaning::ToggleFail => Some(Action::ToggleFail),
        Meaning::Export => on_list(Action::OpenDialog(Dialog::Export)),
        Meaning::Import => Some(Action::OpenDialog(Dialog::Import)),
        Meaning::History => Some(Action::OpenDialog(Dialog::History)),
        Meaning::SendTest => model.can_send_test().then_some(Action::SendTest),
        Meaning::Conversation => model.can_read_conversation().then_some(Action::Conversation(ConversationAction::Open)),
        Meaning::Catalogue => Some(Action::Catalogue(CatalogueAction::Toggle)),
        Meaning::Statistics => Some(Action::Statistics(StatisticsAction::Toggle)),
        Meaning::Find => model.detail.opened().map(|_| find(FindAction::Open)),
        Meaning::NextMatch => model.is_body_in_front().then_some(find(FindAction::Next)),
        Meaning::PreviousMatch => model.is_body_in_front().then_some(find(FindAction::Previous)),
        Meaning::NextDifference => model.is_comparison_in_front().then_some(Action::Compare(CompareAction::Next)),
        Meaning::PreviousDifference => model.is_comparison_in_front().then_some(Action::Compare(CompareAction::Previous)),
        Meaning::MarkBase => on_selected(Action::Compare(CompareAction::MarkBase)),
        Meaning::CopyPath => model.is_body_in_front().then_some(Action::Body(BodyAction::Copy(Copied::SelectedPath))),
        Meaning::SelectAll if place.is_in_body && model.is_body_in_front() => Some(Action::Body(BodyAction::SelectAll)),
        Meaning::SelectAll => on_list(Action::Selection(SelectionAction::All)),
        Meaning::Back if model.detail.body.find.is_open() => Some(find(FindAction::Close)),
        Meaning::Back => (model.history.selection().len() > 1).then_some(Action::Selection(SelectionAction::One)),
        Meaning::CopySelected => model.is_body_in_front().then_some(Action::Body(BodyAction::Copy(Copied::Selected))),
        Meaning::Decide(decision) => {
            let request = model.held.first().filter(|request| model.held.can_be(decision, request))?;
            Some(Action::Hold(HoldAction::Decide(request.id, decision)))
        }
        Meaning::Rewrite => model.held.first().map(|request| Action::Hold(HoldAction::Rewrite(request.id))),
        Meaning::Zoom(zoom) => Some(Action::Zoom(zoom)),
        Meaning::Palette => Some(Action::Palette(PaletteAction::Open(place))),
        Meaning::Search => on_list(Action::Filter(FilterAction::AskFocus)),
    }
}

fn find(action: FindAction) -> Action {
    Action::Body(BodyAction::Find(action))
}

/// What a key means while a conversation is read: there the newest stands below. Several entries are not selected at once.
fn action_in_conversation(model: &Model, place: Place, meaning: Meaning) -> Option<Action> {
    let entries = i64::try_from(place.page.max(1)).unwrap_or(1);
    let by = |entries: i64| Some(Action::Conversation(ConversationAction::SelectBy(entries)));
    match meaning {
        Meaning::Move(rows) => by(rows),
        Meaning::Page(pages) => by(pages * entries),
        Meaning::Newest => by(i64::MIN),
        Meaning::Oldest => by(i64::MAX),
        Meaning::Back if model.detail.body.find.is_open() => action(model, place, meaning),
        Meaning::Back => Some(Action::Conversation(ConversationAction::Close)),
        Meaning::SelectAll if !place.is_in_body => None,
        Meaning::Search | Meaning::Extend(_) | Meaning::ExtendPage(_) | Meaning::ExtendToNewest | Meaning::ExtendToOldest => None,
        Meaning::Tab(_)
        | Meaning::CopyAsCurl
        | Meaning::ToggleFail
        | Meaning::Export
        | Meaning::Import
        | Meaning::History
        | Meaning::SendTest
        | Meaning::Find
        | Meaning::NextMatch
        | Meaning::PreviousMatch
        | Meaning::NextDifference
        | Meaning::PreviousDifference
        | Meaning::MarkBase
        | Meaning::CopyPath
        | Meaning::SelectAll
        | Meaning::Pin
        | Meaning::NextMark
        | Meaning::Note
        | Meaning::Delete
        | Meaning::Undo
        | Meaning::Conversation
        | Meaning::Statistics
        | Meaning::Catalogue
        | Meaning::CopySelected
        | Meaning::Decide(_)
        | Meaning::Rewrite
        | Meaning::Zoom(_)
        | Meaning::Palette => action(model, place, meaning),
    }
}

/// What a key means while the catalogue is in front: what moves, moves in there, and what belongs to the exchange
/// behind it waits.
fn action_on_page(model: &Model, place: Place, meaning: Meaning) -> Option<Action> {
    let lines = i64::try_from(place.page.max(1)).unwrap_or(1);
    Some(Action::Catalogue(match meaning {
        Meaning::Move(rows) => CatalogueAction::SelectBy(rows),
        Meaning::Page(pages) => CatalogueAction::SelectBy(pages * lines),
        Meaning::Newest => CatalogueAction::SelectFirst,
        Meaning::Oldest => CatalogueAction::SelectLast,
        Meaning::Search => CatalogueAction::AskSearch,
        Meaning::Back => CatalogueAction::Close,
        Meaning::Tab(_)
        | Meaning::Conversation
        | Meaning::CopyAsCurl
        | Meaning::Find
        | Meaning::NextMatch
        | Meaning::PreviousMatch
        | Meaning::NextDifference
        | Meaning::PreviousDifference
        | Meaning::MarkBase
        | Meaning::CopyPath
        | Meaning::SelectAll
        | Meaning::Extend(_)
        | Meaning::ExtendPage(_)
        | Meaning::ExtendToNewest
        | Meaning::ExtendToOldest
        | Meaning::Pin
        | Meaning::NextMark
        | Meaning::Note
        | Meaning::Delete
        | Meaning::CopySelected => return None,
        Meaning::ToggleFail
        | Meaning::Export
        | Meaning::Import
        | Meaning::History
        | Meaning::SendTest
        | Meaning::Catalogue
        | Meaning::Statistics
        | Meaning::Undo
        | Meaning::Decide(_)
        | Meaning::Rewrite
        | Meaning::Zoom(_)
        | Meaning::Palette => {
            return action(model, place, meaning);
        }
    }))
}

/// What a key means while the statistics are in front: nothing that needs the list behind them.
fn action_on_statistics(model: &Model, place: Place, meaning: Meaning) -> Option<Action> {
    if meaning == Meaning::Back {
        return Some(Action::Statistics(StatisticsAction::Close));
    }
    if meaning.is_anywhere() { action(model, place, meaning) } else { None }
}
