//! The catalogue: whether its page is open, what is searched, and which command is chosen.

use crate::protocol::catalogue::{self, Command, Product, Timing};
use crate::protocol::search::{self, Hit, Query};

/// What a user can mean on the page, and to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueAction {
    /// Open the page as it was left, or close it.
    Toggle,
    /// Open the page at this command, by its index in the catalogue.
    OpenAt(usize),
    /// Go back to the exchanges.
    Close,
    /// Type into the search field.
    AskSearch,
    /// Search for these words.
    Search(String),
    /// Only show this product's commands, or those of all.
    ShowProduct(Option<Product>),
    /// Only show commands of this timing, or of both.
    ShowTiming(Option<Timing>),
    /// Search for nothing in particular.
    ClearSearch,
    /// Choose the command of this index in the catalogue.
    Select(usize),
    /// Choose the one this many lines further down; negative is up.
    SelectBy(i64),
    /// Choose the first.
    SelectFirst,
    /// Choose the last.
    SelectLast,
}

/// The page. It is searched when it opens first: the catalogue is read for it, and a start need not wait for that.
#[derive(Debug, Default)]
pub struct CataloguePage {
    is_open: bool,
    query: Query,
    hits: Vec<Hit>,
    selected: Option<usize>,
    sheet: Option<Sheet>,
    searches_asked: u64,
}

/// What the page shows of the chosen command.
#[derive(Debug)]
pub struct Sheet {
    /// Its index in the catalogue.
    pub index: usize,
    /// The command.
    pub command: &'static Command,
    /// Its bodies on lines, the plainest first.
    pub requests: Vec<String>,
    /// The response on lines.
    pub response: String,
}

impl CataloguePage {
    /// Whether the page is in front of the exchanges.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// What is searched.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// What was found.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// The line of the chosen command among what was found.
    pub fn position(&self) -> Option<usize> {
        self.hits.iter().position(|hit| Some(hit.command) == self.selected)
    }

    /// The chosen command.
    pub fn sheet(&self) -> Option<&Sheet> {
        self.sheet.as_ref()
    }

    /// How often the search field was asked for. It takes the keyboard's focus whenever this grows.
    pub fn searches_asked(&self) -> u64 {
        self.searches_asked
    }

    /// Does what the user means.
    pub fn apply(&mut self, action: CatalogueAction) {
        match action {
            CatalogueAction::Toggle if self.is_open => self.is_open = false,
            CatalogueAction::Toggle => self.open(),
            CatalogueAction::OpenAt(command) => self.open_at(command),
            CatalogueAction::Close => self.is_open = false,
            CatalogueAction::AskSearch => self.searches_asked += 1,
            CatalogueAction::Search(words) => self.search(Query { words, ..self.query.clone() }),
            CatalogueAction::ShowProduct(product) => self.search(Query { product, ..self.query.clone() }),
            CatalogueAction::ShowTiming(timing) => self.search(Query { timing, ..self.query.clone() }),
            CatalogueAction::ClearSearch => self.search(Query::default()),
            CatalogueAction::Select(command) => self.select(Some(command)),
            CatalogueAction::SelectBy(lines) => self.select_by(lines),
            CatalogueAction::SelectFirst => self.select(self.hits.first().map(|hit| hit.command)),
            CatalogueAction::SelectLast => self.select(self.hits.last().map(|hit| hit.command)),
        }
    }

    fn open(&mut self) {
        self.is_open = true;
        if self.hits.is_empty() && self.query.is_empty() {
            self.search(Query::default());
        }
    }

    fn open_at(&mut self, command: usize) {
        self.open();
        // A search that hides the command would show another one.
        if !self.hits.iter().any(|hit| hit.command == command) {
            self.search(Query::default());
        }
        self.select(Some(command));
    }

    /// Searches. The chosen command stays chosen while it is among what is found; else the best one is.
    fn search(&mut self, query: Query) {
        self.hits = search::search(&query);
        self.query = query;
        if self.position().is_none() {
            self.select(self.hits.first().map(|hit| hit.command));
        }
    }

    fn select_by(&mut self, lines: i64) {
        let Some(last) = self.hits.len().checked_sub(1) else { return };
        let lines = isize::try_from(lines).unwrap_or(isize::MAX);
        let line = self.position().map_or(0, |line| line.saturating_add_signed(lines).min(last));
        self.select(Some(self.hits[line].command));
    }

    fn select(&mut self, command: Option<usize>) {
        self.selected = command;
        let known = command.and_then(|index| Some((index, catalogue::get().commands.get(index)?)));
        self.sheet = known.map(|(index, command)| Sheet {
            index,
            command,
            requests: std::iter::once(command.sample()).chain(command.variants()).map(|sample| catalogue::spread(&sample)).collect(),
            response: catalogue::spread(&command.sample_response()),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(actions: impl IntoIterator<Item = CatalogueAction>) -> CataloguePage {
        let mut page = CataloguePage::default();
        page.apply(CatalogueAction::Toggle);
        actions.into_iter().for_each(|action| page.apply(action));
        page
    }

    fn check(actions: impl IntoIterator<Item = CatalogueAction>, selected: Option<&str>) {
        assert_eq!(after(actions).sheet().map(|sheet| sheet.command.name.as_str()), selected);
    }

    fn search(words: &str) -> CatalogueAction {
        CatalogueAction::Search(words.to_owned())
    }

    #[test]
    fn the_best_hit_is_chosen_unless_the_chosen_one_is_still_there() {
        check([], Some("State.StateChange"));
        check([search("quota")], Some("Group.CallbackOnDailyGroupQuotaAlarm"));
        check([CatalogueAction::SelectBy(1), search("profile")], Some("Profile.CallbackPortraitSet"));
        check([search("zzz")], None);
        check([search("zzz"), CatalogueAction::ClearSearch], Some("State.StateChange"));
    }

    #[test]
    fn the_choice_stays_within_what_was_found() {
        check([CatalogueAction::SelectBy(-3)], Some("State.StateChange"));
        check([CatalogueAction::SelectLast, CatalogueAction::SelectBy(9)], Some("Chatbot.InterfaceInvocation"));
        check([search("zzz"), CatalogueAction::SelectBy(1)], None);
    }

    #[test]
    fn filters_and_words_work_together() {
        let product = CatalogueAction::ShowProduct(Some(Product::Live));
        let page = after([product, CatalogueAction::ShowTiming(Some(Timing::Before)), search("gift")]);
        assert_eq!(page.hits().len(), 2);
    }

    #[test]
    fn opened_at_a_command_it_shows_that_one_whatever_was_searched() {
        let page = after([search("quota"), CatalogueAction::OpenAt(0)]);
        assert!(page.is_open() && page.query().is_empty() && page.position() == Some(0));
        let page = after([search("online status"), CatalogueAction::OpenAt(0), CatalogueAction::Close]);
        assert!(!page.is_open() && page.query().words == "online status", "it need not be cleared, and stays as it was left");
    }
}
