//! What can be done with the list, with a conversation in its place, and with the pages in front of them.

use super::List;
use crate::app::action::Action;
use crate::app::catalogue::CatalogueAction;
use crate::app::columns::ColumnsAction;
use crate::app::conversation::ConversationAction;
use crate::app::filter_box::{FilterAction, Progress};
use crate::app::meaning::{Front, Meaning};
use crate::app::palette::Does;
use crate::app::selection::SelectionAction;
use crate::app::statistics::{Form, Scope, State, StatisticsAction};
use crate::app::texts::{self, conversation, palette, statistics};
use crate::column::{Column, Columns, Sorting};
use crate::protocol::catalogue::{Product, Timing};
use crate::wording;

impl List<'_> {
    pub(super) fn filter(&mut self) {
        let model = self.model;
        if model.front() != Front::Exchanges || model.history.is_empty() {
            return;
        }
        let filter = &model.filter;
        self.key(palette::TYPE_FILTER, "", Meaning::Search);
        if !filter.text().is_empty() {
            self.act(palette::CLEAR_FILTER, wording::visible(filter.text()), Action::Filter(FilterAction::Clear));
        }
        match filter.progress() {
            Progress::Looking(_) => {
                let label = if filter.is_sorting().is_some() { palette::STOP_SORTING } else { palette::STOP_LOOKING };
                self.act(label, "", Action::Filter(FilterAction::Stop));
            }
            Progress::Stopped(_) => {
                self.act(texts::GO_ON, texts::GO_ON_WHY, Action::Filter(FilterAction::GoOn));
            }
            Progress::Done if model.history.left_out() > 0 => {
                self.act(palette::SORT_AGAIN, texts::SORT_AGAIN, Action::Filter(FilterAction::GoOn));
            }
            Progress::Asked | Progress::Done => {}
        }
        self.saved_filters();
        if model.history.selection().len() > 1 {
            self.act_or_key(palette::SELECT_ONE, "", Action::Selection(SelectionAction::One), Meaning::Back);
        }
        let all = Action::Selection(SelectionAction::All);
        self.act_or_key(palette::SELECT_ALL, texts::exchanges(model.history.shown()), all, Meaning::SelectAll);
    }

    fn saved_filters(&mut self) {
        let filter = &self.model.filter;
        for saved in self.model.known.filters.iter().filter(|saved| saved.text != filter.text()) {
            let does = Does::Filter(saved.text.clone());
            self.push(palette::filter_by(&saved.name), wording::visible(&saved.text), does).also(palette::FILTER_WORDS);
        }
        if filter.can_save() {
            let action = Action::Filter(FilterAction::AskName(None));
            self.act(texts::SAVE_THIS_FILTER, wording::visible(filter.text()), action);
        }
        for (at, saved) in self.model.known.filters.iter().enumerate() {
            let text = wording::visible(&saved.text);
            self.act(palette::rename_filter(&saved.name), &text, Action::Filter(FilterAction::AskName(Some(at))));
            self.act(palette::delete_filter(&saved.name), &text, Action::Filter(FilterAction::Remove(at)));
        }
    }

    pub(super) fn columns(&mut self) {
        let model = self.model;
        if model.front() != Front::Exchanges || model.history.is_empty() {
            return;
        }
        let columns = &model.known.columns;
        let mut change = |label: String, action: ColumnsAction| {
            self.act(label, "", Action::Columns(action));
        };
        let sorting = model.filter.sorting();
        if sorting.is_some() {
            change(palette::NEWEST_FIRST.to_owned(), ColumnsAction::Sort(None));
        }
        for (at, column) in columns.list().iter().map(|shown| &shown.column).enumerate() {
            for descending in [false, true] {
                let wanted = Sorting { column: column.clone(), descending };
                if sorting != Some(&wanted) {
                    change(palette::sort_by(column, descending), ColumnsAction::Sort(Some(wanted)));
                }
            }
            if *column != Column::Callback {
                change(palette::hide_column(column), ColumnsAction::Hide(column.clone()));
            }
            if let Some(before) = at.checked_sub(1) {
                change(palette::move_column(column, true), ColumnsAction::Put(column.clone(), before));
            }
            if at + 1 < columns.list().len() {
                change(palette::move_column(column, false), ColumnsAction::Put(column.clone(), at + 1));
            }
        }
        for column in Column::FIXED.iter().filter(|column| columns.has_room() && !columns.has(column)) {
            change(palette::show_column(column), ColumnsAction::Show(column.clone()));
        }
        if *columns != Columns::default() {
            change(texts::RESET_COLUMNS.to_owned(), ColumnsAction::Reset);
        }
    }

    pub(super) fn conversation(&mut self) {
        if self.model.front() != Front::Conversation {
            return;
        }
        if !self.model.detail.body.find.is_open() {
            self.key(conversation::BACK_WHY, "", Meaning::Back);
        }
        if self.model.conversation().is_some_and(|open| open.told().is_some()) {
            self.act(palette::COPY_CONVERSATION, "", Action::Conversation(ConversationAction::Copy));
        }
    }

    pub(super) fn catalogue(&mut self) {
        let model = self.model;
        if model.front() != Front::Catalogue {
            return self.key(palette::OPEN_CATALOGUE, texts::CATALOGUE_WHY, Meaning::Catalogue);
        }
        self.key(palette::SEARCH_CATALOGUE, "", Meaning::Search);
        let query = model.catalogue.query();
        let mut mean = |label: String, action: CatalogueAction| {
            self.act(label, "", Action::Catalogue(action));
        };
        if !query.is_empty() {
            mean(texts::CLEAR_SEARCH.to_owned(), CatalogueAction::ClearSearch);
        }
        for product in Product::ALL.map(Some).into_iter().chain([None]).filter(|product| *product != query.product) {
            let all = || palette::ALL_PRODUCTS.to_owned();
            let label = product.map_or_else(all, |product| palette::show_product(wording::product(product)));
            mean(label, CatalogueAction::ShowProduct(product));
        }
        let timings =
            [(palette::BEFORE_EVENTS, Some(Timing::Before)), (palette::AFTER_EVENTS, Some(Timing::After)), (palette::BOTH_TIMINGS, None)];
        for (label, timing) in timings.into_iter().filter(|(_, timing)| *timing != query.timing) {
            mean(label.to_owned(), CatalogueAction::ShowTiming(timing));
        }
        self.key(texts::BACK_TO_EXCHANGES, "", Meaning::Back);
        self.key(palette::CLOSE_CATALOGUE, "", Meaning::Catalogue);
    }

    pub(super) fn statistics(&mut self) {
        let model = self.model;
        if model.front() != Front::Statistics {
            return self.key(palette::OPEN_STATISTICS, statistics::STATISTICS_WHY, Meaning::Statistics);
        }
        let page = &model.statistics;
        if page.report().is_some() {
            self.push(palette::COPY_STATISTICS_AS_TEXT, "", Does::CopyStatistics(Form::Text));
            self.push(palette::COPY_STATISTICS_AS_CSV, "", Does::CopyStatistics(Form::Csv));
        }
        let mut mean = |label: &str, action: StatisticsAction| {
            self.act(label, "", Action::Statistics(action));
        };
        match page.state() {
            State::Counting(_) => mean(palette::STOP_COUNTING, StatisticsAction::Stop),
            State::Stopped | State::Failed => mean(statistics::COUNT_AGAIN, StatisticsAction::CountAgain),
            State::Asked | State::Done => {}
        }
        let scopes = [
            (palette::COUNT_SHOWN, Scope::Shown, model.filter.in_force().is_some()),
            (palette::COUNT_SELECTED, Scope::Selected, model.history.selection().len() > 1),
            (palette::COUNT_ALL, Scope::All, !page.is_of_all()),
        ];
        for (label, scope, _) in scopes.into_iter().filter(|(_, scope, is_possible)| *is_possible && *scope != page.scope()) {
            mean(label, StatisticsAction::Show(scope));
        }
        self.key(texts::BACK_TO_EXCHANGES, "", Meaning::Back);
        self.key(palette::CLOSE_STATISTICS, "", Meaning::Statistics);
    }

    /// What the arrows and their like do: last, since they do it best themselves.
    pub(super) fn moving(&mut self) {
        let front = self.model.front();
        // The newest stands above in the list, and below in a conversation.
        for (label, meaning) in [
            (palette::go_to_next(front), Meaning::Move(1)),
            (palette::go_to_previous(front), Meaning::Move(-1)),
            (palette::go_to_first(front), Meaning::Newest),
            (palette::go_to_last(front), Meaning::Oldest),
            (palette::PAGE_DOWN.to_owned(), Meaning::Page(1)),
            (palette::PAGE_UP.to_owned(), Meaning::Page(-1)),
            (palette::EXTEND_DOWN.to_owned(), Meaning::Extend(1)),
            (palette::EXTEND_UP.to_owned(), Meaning::Extend(-1)),
            (palette::EXTEND_PAGE_DOWN.to_owned(), Meaning::ExtendPage(1)),
            (palette::EXTEND_PAGE_UP.to_owned(), Meaning::ExtendPage(-1)),
            (palette::EXTEND_TO_FIRST.to_owned(), Meaning::ExtendToNewest),
            (palette::EXTEND_TO_LAST.to_owned(), Meaning::ExtendToOldest),
        ] {
            self.key(label, "", meaning);
        }
    }
}
