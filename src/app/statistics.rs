//! The statistics: whether their page is open, which exchanges they are of, and what was counted.

use super::filter_box::{FilterAction, FilterBox};
use super::history::History;
use super::{Model, texts};
use crate::filter::{self, Filter};
use crate::messages::{Count, CountProgress, Effect};
use crate::statistics::{self, Report};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What a user can mean on the page, and to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatisticsAction {
    /// Open the page, or close it.
    Toggle,
    /// Go back to the exchanges.
    Close,
    /// Count these.
    Show(Scope),
    /// Count no further.
    Stop,
    /// Count again.
    CountAgain,
    /// Copy all of it, with times told as in this zone.
    Copy(Form, TimeZone),
    /// Show the exchanges that a filter means.
    Filter {
        /// Its text.
        text: String,
        /// Now, in milliseconds since the Unix epoch.
        now_millis: i64,
        /// Where the day and the hour are told.
        zone: TimeZone,
    },
}

/// Which exchanges are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Those that the filter in force shows; all where there is none.
    #[default]
    Shown,
    /// Those that are selected.
    Selected,
    /// All.
    All,
}

/// How the numbers are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// To be read.
    Text,
    /// For a spreadsheet.
    Csv,
}

/// How far counting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// It was asked for.
    #[default]
    Asked,
    /// It takes its time.
    Counting(CountProgress),
    /// All was counted; again whenever things come.
    Done,
    /// It was stopped.
    Stopped,
    /// It did not work; a notice says why.
    Failed,
}

/// The page.
#[derive(Debug, Default)]
pub struct StatisticsPage {
    is_open: bool,
    scope: Scope,
    number: u64,
    about: String,
    is_of_all: bool,
    report: Option<Arc<Report>>,
    state: State,
}

impl StatisticsPage {
    /// Whether the page is in front of the exchanges.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Which exchanges are counted.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Which exchanges were counted, in words or as a filter.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// Whether these are all that there are.
    pub fn is_of_all(&self) -> bool {
        self.is_of_all
    }

    /// What was counted, as far as it is known.
    pub fn report(&self) -> Option<&Report> {
        self.report.as_deref()
    }

    /// How far counting is.
    pub fn state(&self) -> State {
        self.state
    }

    /// Takes how far it is. Only what was asked last counts.
    pub(super) fn counting(&mut self, number: u64, progress: CountProgress) {
        if number == self.number && matches!(self.state, State::Asked | State::Counting(_)) {
            self.state = State::Counting(progress);
        }
    }

    pub(super) fn counted(&mut self, number: u64, report: Arc<Report>, is_done: bool) {
        if number != self.number || !self.is_open {
            return;
        }
        self.report = Some(report);
        if is_done {
            self.state = State::Done;
        }
    }

    pub(super) fn failed(&mut self, number: u64) {
        if number == self.number {
            self.state = State::Failed;
        }
    }

    /// It could not even be asked for.
    pub(super) fn not_asked(&mut self) {
        self.state = State::Failed;
    }

    fn close(&mut self) -> Vec<Effect> {
        let was_open = std::mem::take(&mut self.is_open);
        (self.report, self.state) = (None, State::Asked);
        was_open.then_some(Effect::Count(None)).into_iter().collect()
    }

    /// Counts from the beginning.
    fn count(&mut self, filter: &FilterBox, history: &History) -> Vec<Effect> {
        let selection = history.selection();
        let in_force = filter.in_force();
        let (filter, among) = match self.scope {
            Scope::Selected if !selection.is_empty() => (Filter::default(), Some(Arc::new(selection.ids()))),
            Scope::Shown => (in_force.cloned().unwrap_or_default(), None),
            Scope::Selected | Scope::All => (Filter::default(), None),
        };
        self.is_of_all = among.is_none() && filter.is_everything();
        self.about = match &among {
            Some(ids) => texts::statistics::selected(ids.len()),
            None if self.is_of_all => texts::statistics::ALL_EXCHANGES.to_owned(),
            None => filter.text().trim().to_owned(),
        };
        self.number += 1;
        (self.report, self.state) = (None, State::Asked);
        vec![Effect::Count(Some(Count { number: self.number, filter, among }))]
    }
}

impl Model {
    pub(super) fn act_on_statistics(&mut self, action: StatisticsAction) -> Vec<Effect> {
        match action {
            StatisticsAction::Toggle if self.statistics.is_open && !self.catalogue.is_open() => self.statistics.close(),
            StatisticsAction::Toggle => self.open_statistics(),
            StatisticsAction::Close => self.statistics.close(),
            StatisticsAction::Show(scope) => {
                self.statistics.scope = scope;
                self.recount()
            }
            StatisticsAction::Stop => {
                self.statistics.state = State::Stopped;
                vec![Effect::Count(None)]
            }
            StatisticsAction::CountAgain => self.recount(),
            StatisticsAction::Copy(form, zone) => {
                self.copy_statistics(form, &zone);
                Vec::new()
            }
            StatisticsAction::Filter { text, now_millis, zone } => {
                let mut effects = self.statistics.close();
                effects.extend(self.apply_to_filter(FilterAction::Edit { text, now_millis, zone }));
                effects
            }
        }
    }

    fn open_statistics(&mut self) -> Vec<Effect> {
        self.catalogue.apply(super::catalogue::CatalogueAction::Close);
        if std::mem::replace(&mut self.statistics.is_open, true) {
            return Vec::new();
        }
        // Nothing is selected for it unless that was meant: one exchange always has the focus.
        if self.history.selection().len() < 2 && self.statistics.scope == Scope::Selected {
            self.statistics.scope = Scope::Shown;
        }
        self.recount()
    }

    /// Counts from the beginning, where the page is open.
    pub(super) fn recount(&mut self) -> Vec<Effect> {
        if self.statistics.is_open { self.statistics.count(&self.filter, &self.history) } else { Vec::new() }
    }

    fn copy_statistics(&mut self, form: Form, zone: &TimeZone) {
        let Some(report) = self.statistics.report() else { return };
        let about = self.statistics.about();
        let (text, said) = match form {
            Form::Text => (statistics::text(report, about, zone), texts::statistics::COPIED_AS_TEXT),
            Form::Csv => (statistics::csv(report, about, zone), texts::statistics::COPIED_AS_CSV),
        };
        self.clipboard = Some(text);
        self.notices.done(said);
    }
}

/// The filter that means what is counted on a line.
pub mod means {
    use super::filter;
    use crate::protocol::response::ReadAs;
    use crate::statistics::{CommandLine, CommandName, FieldLine, VerdictLine};

    /// The exchanges that are bad.
    pub const BAD: &str = "verdict:bad";

    /// The exchanges of a command; `None` where no filter tells them.
    pub fn command(line: &CommandLine) -> Option<String> {
        match &line.name {
            CommandName::Named(name) => {
                let product = line.product.as_deref().map(|product| format!(" product:{product}")).unwrap_or_default();
                Some(format!("command:{}{product}", filter::quoted(name)))
            }
            CommandName::None | CommandName::Others => None,
        }
    }

    /// The exchanges with such a verdict, or with a bad one where no filter tells them more exactly.
    pub fn verdict(line: &VerdictLine) -> String {
        match (line.name, line.state) {
            ("signature", state) => format!("signature:{state}"),
            ("timestamp", "stale") => "skew:>60s -skew:<-60s".to_owned(),
            ("timestamp", "future") => "skew:<-60s".to_owned(),
            ("method", "other") => "-method:POST".to_owned(),
            ("body", "empty") => "verdict:bad size:0".to_owned(),
            (_, _) if line.severity == crate::protocol::verdict::Severity::Bad => BAD.to_owned(),
            (_, _) => String::new(),
        }
    }

    /// The exchanges whose responses are read so.
    pub fn read_as(read_as: Option<ReadAs>) -> Option<String> {
        read_as.map(|read_as| format!("read_as:{}", read_as.word()))
    }

    /// The exchanges whose bodies have a field.
    pub fn field(line: &FieldLine) -> String {
        format!("command:{} has:body.{}", filter::quoted(&line.command), filter::quoted_path(&line.path))
    }

    /// Responses that took longer than this.
    pub fn late(limit_millis: u32) -> String {
        format!("took:>{limit_millis}ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::app::catalogue::CatalogueAction;
    use crate::app::selection::SelectionAction;
    use crate::filter::Moment;
    use crate::messages::Event;
    use crate::protocol::verdict::Severity;
    use crate::statistics::{CommandLine, CommandName, Estimate, FieldLine, Times, VerdictLine};

    fn act(model: &mut Model, action: StatisticsAction) -> Vec<Effect> {
        model.apply(Action::Statistics(action))
    }

    fn edit(text: &str) -> FilterAction {
        FilterAction::Edit { text: text.to_owned(), now_millis: 0, zone: TimeZone::UTC }
    }

    /// What was asked to be counted: the number, the filter and how many ids.
    fn asked(effects: &[Effect]) -> Option<(u64, String, Option<u64>)> {
        effects.iter().find_map(|effect| {
            let Effect::Count(Some(Count { number, filter, among })) = effect else { return None };
            Some((*number, filter.text().to_owned(), among.as_ref().map(|ids| ids.len())))
        })
    }

    fn report(count: u64) -> Arc<Report> {
        Arc::new(Report { count, ..Report::default() })
    }

    #[test]
    fn the_filter_in_force_the_selection_or_all_are_counted() {
        let mut model = Model::default();
        model.absorb(Event::Arrived(vec![1, 2, 3]));
        assert_eq!(asked(&act(&mut model, StatisticsAction::Toggle)), Some((1, String::new(), None)));
        assert_eq!((model.statistics.about(), model.statistics.is_of_all()), ("all exchanges", true));
        assert_eq!(act(&mut model, StatisticsAction::Toggle), [Effect::Count(None)]);

        model.apply(Action::Filter(edit("verdict:bad ")));
        assert_eq!(asked(&act(&mut model, StatisticsAction::Toggle)), Some((2, "verdict:bad ".to_owned(), None)));
        assert_eq!((model.statistics.about(), model.statistics.is_of_all()), ("verdict:bad", false));
        assert_eq!(asked(&act(&mut model, StatisticsAction::Show(Scope::All))), Some((3, String::new(), None)));
        act(&mut model, StatisticsAction::Close);

        model.apply(Action::Filter(FilterAction::Clear));
        model.apply(Action::Selection(SelectionAction::All));
        act(&mut model, StatisticsAction::Toggle);
        assert_eq!(asked(&act(&mut model, StatisticsAction::Show(Scope::Selected))), Some((5, String::new(), Some(3))));
        assert_eq!(model.statistics.about(), "3 selected exchanges");
    }

    #[test]
    fn only_what_was_asked_last_is_shown_and_it_stays_current() {
        let mut model = Model::default();
        act(&mut model, StatisticsAction::Toggle);
        act(&mut model, StatisticsAction::Show(Scope::All));
        model.absorb(Event::Counted { number: 1, report: report(7), is_done: true });
        assert!(model.statistics.report().is_none(), "an older answer");
        let progress = CountProgress::Columns { done: 1, of: 2 };
        model.absorb(Event::Counting { number: 2, progress });
        assert_eq!(model.statistics.state(), State::Counting(progress));
        model.absorb(Event::Counted { number: 2, report: report(8), is_done: false });
        assert_eq!(model.statistics.state(), State::Counting(progress), "bodies are still read");
        for count in [8, 9] {
            model.absorb(Event::Counted { number: 2, report: report(count), is_done: true });
            assert_eq!((model.statistics.report().map(|report| report.count), model.statistics.state()), (Some(count), State::Done));
        }
        model.absorb(Event::CountFailed(1));
        assert_eq!(model.statistics.state(), State::Done);
        model.absorb(Event::CountFailed(2));
        assert_eq!(model.statistics.state(), State::Failed);
    }

    #[test]
    fn stopped_it_keeps_what_it_has_and_can_begin_again() {
        let mut model = Model::default();
        act(&mut model, StatisticsAction::Toggle);
        model.absorb(Event::Counted { number: 1, report: report(7), is_done: false });
        assert_eq!(act(&mut model, StatisticsAction::Stop), [Effect::Count(None)]);
        assert_eq!((model.statistics.state(), model.statistics.report().map(|report| report.count)), (State::Stopped, Some(7)));
        assert_eq!(asked(&act(&mut model, StatisticsAction::CountAgain)).map(|(number, ..)| number), Some(2));
        model.not_asked(&Effect::Count(None));
        assert_eq!(model.statistics.state(), State::Failed);
    }

    #[test]
    fn a_line_leads_to_its_exchanges() {
        let mut model = Model::default();
        model.absorb(Event::Arrived(vec![1, 2]));
        act(&mut model, StatisticsAction::Toggle);
        let filter = StatisticsAction::Filter { text: "signature:invalid".into(), now_millis: 0, zone: TimeZone::UTC };
        let effects = act(&mut model, filter);
        assert!(matches!(effects.as_slice(), [Effect::Count(None), Effect::Find(Some(_))]), "{effects:?}");
        assert_eq!((model.statistics.is_open(), model.filter.text()), (false, "signature:invalid"));
    }

    #[test]
    fn the_page_and_the_catalogue_stand_in_front_of_each_other() {
        let mut model = Model::default();
        act(&mut model, StatisticsAction::Toggle);
        model.apply(Action::Catalogue(CatalogueAction::OpenAt(3)));
        assert!(model.catalogue.is_open() && model.statistics.is_open());
        assert_eq!(act(&mut model, StatisticsAction::Toggle), [], "they are still counted");
        assert!(!model.catalogue.is_open() && model.statistics.is_open());
    }

    #[test]
    fn it_is_copied_as_text_and_as_csv() {
        let mut model = Model::default();
        act(&mut model, StatisticsAction::Toggle);
        act(&mut model, StatisticsAction::Copy(Form::Text, TimeZone::UTC));
        assert_eq!(model.clipboard, None, "there is nothing yet");
        model.absorb(Event::Counted { number: 1, report: report(7), is_done: true });
        for (form, beginning) in
            [(Form::Text, "Statistics of all exchanges\n\nOverview\n"), (Form::Csv, "Statistics of,all exchanges\r\n\r\nOverview")]
        {
            act(&mut model, StatisticsAction::Copy(form, TimeZone::UTC));
            let copied = model.clipboard.take().unwrap_or_default();
            assert!(copied.starts_with(beginning), "{copied}");
        }
    }

    #[test]
    fn what_a_line_means_is_a_filter() {
        let verdict = |name, state, severity| means::verdict(&VerdictLine { name, state, severity, count: Estimate::default() });
        let field =
            |path: &str| means::field(&FieldLine { command: "State.StateChange".into(), path: path.into(), count: Estimate::default() });
        let command = |name: &str, product: Option<&str>| {
            let (name, product) = (CommandName::Named(name.into()), product.map(str::to_owned));
            means::command(&CommandLine {
                name,
                product,
                is_documented: true,
                count: 1,
                bad: 0,
                took: Times::default(),
                limit: (2_000, false),
            })
        };
        let all = [
            verdict("signature", "invalid", Severity::Bad),
            verdict("timestamp", "stale", Severity::Bad),
            verdict("timestamp", "future", Severity::Bad),
            verdict("method", "other", Severity::Bad),
            verdict("body", "empty", Severity::Bad),
            verdict("body", "not_json", Severity::Bad),
            field("List[].New"),
            field("List[].a key=\"x\"→b"),
            command("State.StateChange", Some("chat")).unwrap_or_default(),
            command("a b\" or verdict:bad", None).unwrap_or_default(),
            means::read_as(Some(crate::protocol::response::ReadAs::Refused)).unwrap_or_default(),
            means::late(2_000),
        ];
        for text in &all {
            let read = Filter::parse(text, &Moment { now_millis: 0, zone: &TimeZone::UTC });
            assert!(read.is_ok_and(|filter| !filter.is_everything()), "{text}");
        }
        assert_eq!(all[8], "command:State.StateChange product:chat");
        assert_eq!(all[9], r#"command:"a b\" or verdict:bad""#);
    }
}
