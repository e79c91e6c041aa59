//! The filter box: what is typed, what is in force, how far the search is, and the filters that are saved.

use crate::column::Sorting;
use crate::filter::{Complaint, Filter, Moment, Seen};
use crate::messages::{Effect, Find};
use crate::settings::SavedFilter;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What a user can mean with the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterAction {
    /// This is typed, or chosen.
    Edit {
        /// The filter's text.
        text: String,
        /// Now, in milliseconds since the Unix epoch.
        now_millis: i64,
        /// Where the day and the hour are told.
        zone: TimeZone,
    },
    /// Filter by nothing any more.
    Clear,
    /// Look no further.
    Stop,
    /// Look again, from the newest.
    GoOn,
    /// Type into the box.
    AskFocus,
    /// Ask what values there are.
    ReadSeen,
    /// Ask for a name: of what is typed, or another one for a saved filter.
    AskName(Option<usize>),
    /// The name was typed.
    EditName(String),
    /// Keep it by that name.
    SaveName,
    /// Keep it as it was.
    CancelName,
    /// Forget a saved filter.
    Remove(usize),
}

/// How far the search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Progress {
    /// It was asked for, and nothing was told yet.
    #[default]
    Asked,
    /// So many are still to be looked through.
    Looking(u64),
    /// It was stopped with so many still to be looked through.
    Stopped(u64),
    /// All were looked through.
    Done,
}

/// What is looked for, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    text: String,
    complaint: Option<Complaint>,
    filter: Option<Filter>,
    sorting: Option<Sorting>,
}

impl Asked {
    /// What a filter finds, newest first.
    pub fn for_filter(filter: Filter) -> Self {
        Self { text: filter.text().to_owned(), complaint: None, filter: Some(filter), sorting: None }
    }
}

/// A name that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The saved filter that gets another name; `None` for what is typed in the box.
    pub of: Option<usize>,
    /// The name so far.
    pub name: String,
}

/// Why a filter cannot be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsaved {
    /// What is typed is no filter.
    Wrong,
    /// Nothing is typed.
    Nothing,
    /// It has no name.
    Nameless,
}

/// The filter, and by what the list is sorted. The default filters by nothing, and shows the newest first.
#[derive(Debug, Default)]
pub struct FilterBox {
    text: String,
    complaint: Option<Complaint>,
    in_force: Option<Filter>,
    sorting: Option<Sorting>,
    number: u64,
    is_again: bool,
    /// Whether the list that is shown is of this search, or one like it: it has told something.
    was_told: bool,
    progress: Progress,
    judging: u64,
    seen: Arc<Seen>,
    focus_asked: u64,
    naming: Option<Naming>,
    names_asked: u64,
}

impl FilterBox {
    /// What is typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is wrong with that. The last good filter stays in force then.
    pub fn complaint(&self) -> Option<&Complaint> {
        self.complaint.as_ref()
    }

    /// The filter in force.
    pub fn in_force(&self) -> Option<&Filter> {
        self.in_force.as_ref()
    }

    /// By what the list is sorted, or is being sorted; `None` for newest first.
    pub fn sorting(&self) -> Option<&Sorting> {
        self.sorting.as_ref()
    }

    /// Whether it is being sorted, and how many exchanges are still to be looked at, where that takes its time.
    pub fn is_sorting(&self) -> Option<Option<u64>> {
        match self.progress {
            Progress::Asked if self.sorting.is_some() => Some(None),
            Progress::Looking(left) if self.sorting.is_some() => Some(Some(left)),
            Progress::Asked | Progress::Looking(_) | Progress::Stopped(_) | Progress::Done => None,
        }
    }

    /// Whether all are shown, newest first: nothing is looked for.
    pub fn is_idle(&self) -> bool {
        self.in_force.is_none() && self.sorting.is_none()
    }

    /// How far the search is.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// How many are still to be judged again; filters may go by what was judged before.
    pub fn judging(&self) -> u64 {
        self.judging
    }

    /// What values there are.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// How often the box was asked for. It takes the keyboard's focus whenever this grows.
    pub fn focus_asked(&self) -> u64 {
        self.focus_asked
    }

    /// How often a name was asked for. What it is typed in opens whenever this grows.
    pub fn names_asked(&self) -> u64 {
        self.names_asked
    }

    /// The name that is being typed.
    pub fn naming(&self) -> Option<&Naming> {
        self.naming.as_ref()
    }

    /// Whether what is typed can be saved.
    pub fn can_save(&self) -> bool {
        self.complaint.is_none() && self.in_force.is_some()
    }

    /// Why the name that is being typed keeps nothing yet.
    pub fn why_unsaved(&self) -> Option<Unsaved> {
        let naming = self.naming.as_ref()?;
        if naming.of.is_none() && self.complaint.is_some() {
            Some(Unsaved::Wrong)
        } else if naming.of.is_none() && self.in_force.is_none() {
            Some(Unsaved::Nothing)
        } else {
            naming.name.trim().is_empty().then_some(Unsaved::Nameless)
        }
    }

    /// The saved filter whose place the name would take.
    pub fn replaces(&self, saved: &[SavedFilter]) -> Option<usize> {
        let naming = self.naming.as_ref()?;
        let place = saved.iter().position(|one| one.name == naming.name.trim())?;
        (naming.of != Some(place)).then_some(place)
    }

    /// Does what the user means. `saved` are the saved filters.
    pub fn apply(&mut self, action: FilterAction, saved: &[SavedFilter]) -> Vec<Effect> {
        match action {
            FilterAction::Edit { text, now_millis, zone } => return self.edit(text, &Moment { now_millis, zone: &zone }),
            FilterAction::Clear => {
                self.text.clear();
                return self.end();
            }
            FilterAction::Stop => return self.stop(),
            FilterAction::GoOn => return self.look_again(),
            FilterAction::AskFocus => self.focus_asked += 1,
            FilterAction::ReadSeen => return vec![Effect::ReadSeen],
            FilterAction::AskName(of) => {
                let name = of.and_then(|at| saved.get(at)).map_or_else(String::new, |one| one.name.clone());
                self.naming = Some(Naming { of, name });
                self.names_asked += 1;
            }
            FilterAction::EditName(name) => {
                if let Some(naming) = &mut self.naming {
                    naming.name = name;
                }
            }
            FilterAction::SaveName => return self.save_name(saved),
            FilterAction::CancelName => self.naming = None,
            FilterAction::Remove(at) => {
                self.naming = None;
                let others = saved.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, one)| one.clone());
                return vec![Effect::SaveFilters(others.collect())];
            }
        }
        Vec::new()
    }

    fn edit(&mut self, text: String, moment: &Moment<'_>) -> Vec<Effect> {
        let read = Filter::parse(&text, moment);
        self.text = text;
        match read {
            Err(complaint) => {
                self.complaint = Some(complaint);
                Vec::new()
            }
            Ok(filter) if filter.is_everything() => self.end(),
            Ok(filter) => {
                self.complaint = None;
                let is_the_same = self.in_force.as_ref().is_some_and(|before| before.text().trim() == filter.text().trim());
                if is_the_same {
                    return Vec::new();
                }
                self.in_force = Some(filter);
                self.look()
            }
        }
    }

    /// Looks for what is in force, in the order that is. Sorted, nothing in force is everything.
    fn look(&mut self) -> Vec<Effect> {
        (self.is_again, self.was_told) = (false, false);
        if self.is_idle() {
            self.progress = Progress::Done;
            return vec![Effect::Find(None)];
        }
        self.number += 1;
        self.progress = Progress::Asked;
        let (filter, order) = (self.in_force.clone().unwrap_or_default(), self.sorting.clone());
        vec![Effect::Find(Some(Find { number: self.number, filter, order }))]
    }

    /// Looks for the same anew. What was found stays until all is found again; what another search found does not.
    pub fn look_again(&mut self) -> Vec<Effect> {
        if self.is_idle() {
            return Vec::new();
        }
        let was_told = self.was_told;
        let effects = self.look();
        (self.is_again, self.was_told) = (was_told, was_told);
        effects
    }

    /// What is typed and looked for.
    pub fn asked(&self) -> Asked {
        let Self { text, complaint, in_force, sorting, .. } = self;
        Asked { text: text.clone(), complaint: complaint.clone(), filter: in_force.clone(), sorting: sorting.clone() }
    }

    /// Looks for this instead.
    pub fn ask(&mut self, asked: Asked) -> Vec<Effect> {
        Asked { text: self.text, complaint: self.complaint, filter: self.in_force, sorting: self.sorting } = asked;
        self.look()
    }

    fn end(&mut self) -> Vec<Effect> {
        self.complaint = None;
        if self.in_force.take().is_some() { self.look() } else { Vec::new() }
    }

    /// Sorts the list by this, or shows the newest first.
    pub fn sort(&mut self, sorting: Option<Sorting>) -> Vec<Effect> {
        if self.sorting == sorting {
            return Vec::new();
        }
        self.sorting = sorting;
        self.look()
    }

    /// Looks no further. What is half sorted is of no use: the newest stand first again.
    fn stop(&mut self) -> Vec<Effect> {
        if self.is_sorting().is_some() {
            return self.sort(None);
        }
        let Progress::Looking(left) = self.progress else { return Vec::new() };
        self.progress = Progress::Stopped(left);
        vec![Effect::Find(None)]
    }

    fn save_name(&mut self, saved: &[SavedFilter]) -> Vec<Effect> {
        let replaced = self.replaces(saved);
        let Some(Naming { of, name }) = self.naming.clone() else { return Vec::new() };
        let name = name.trim().to_owned();
        let text = match of {
            Some(at) => saved.get(at).map(|one| one.text.clone()),
            None => self.can_save().then(|| self.text.trim().to_owned()),
        };
        let Some(text) = text.filter(|_| !name.is_empty()) else { return Vec::new() };
        self.naming = None;
        let mut filters: Vec<SavedFilter> = saved.to_vec();
        let new = SavedFilter { name, text };
        match of.or(replaced) {
            Some(at) => filters[at] = new,
            None => filters.push(new),
        }
        if let (Some(_), Some(replaced)) = (of, replaced) {
            filters.remove(replaced);
        }
        vec![Effect::SaveFilters(filters)]
    }

    /// Takes how far a search is. Says whether it is the first that is told of it; `None` for an older search, or one that
    /// was stopped: what it found comes too late.
    pub fn found(&mut self, number: u64, left: u64) -> Option<FirstOrMore> {
        if self.is_late(number) {
            return None;
        }
        let said = match (self.progress, self.is_again) {
            (Progress::Asked, false) => FirstOrMore::First,
            (Progress::Asked, true) => FirstOrMore::FirstAgain,
            (Progress::Looking(_) | Progress::Stopped(_) | Progress::Done, _) => FirstOrMore::More,
        };
        self.progress = if left == 0 { Progress::Done } else { Progress::Looking(left) };
        self.was_told = true;
        Some(said)
    }

    fn is_late(&self, number: u64) -> bool {
        number != self.number || self.is_idle() || matches!(self.progress, Progress::Stopped(_))
    }

    /// Takes how far the sorting is.
    pub fn sorting_left(&mut self, number: u64, left: u64) {
        if !self.is_late(number) && self.is_sorting().is_some() {
            self.progress = Progress::Looking(left);
        }
    }

    /// Takes that what was looked for is sorted. Says whether it is the same list as before, sorted anew; `None` for an older
    /// search.
    pub fn sorted(&mut self, number: u64) -> Option<bool> {
        if self.is_late(number) || self.sorting.is_none() {
            return None;
        }
        (self.progress, self.was_told) = (Progress::Done, true);
        Some(self.is_again)
    }

    /// Gives up what could not be sorted; `false` where nothing was to be.
    pub fn give_up_sorting(&mut self) -> bool {
        let was_sorting = self.is_sorting().is_some();
        if was_sorting {
            self.sorting = None;
        }
        was_sorting
    }

    /// The search could not even be asked for: none of `all` were looked through. Says whether it was one anew.
    pub fn not_asked(&mut self, all: u64) -> bool {
        (self.progress, self.was_told) = (Progress::Stopped(all), true);
        self.is_again
    }

    /// A search broke off. What it found so far stays; `false` where it had told nothing.
    pub fn broke_off(&mut self, number: u64) -> bool {
        let is_told = number != self.number || self.is_idle() || (self.progress != Progress::Asked && self.is_sorting().is_none());
        if self.is_sorting().is_some() {
            return is_told;
        }
        if let (true, Progress::Looking(left)) = (number == self.number, self.progress) {
            self.progress = Progress::Stopped(left);
        }
        is_told
    }

    /// Takes how many are still to be judged again. Once all are, the filter may find others: it is asked anew, unless it
    /// was stopped.
    pub fn judging_left(&mut self, left: u64) -> Vec<Effect> {
        let is_over = self.judging > 0 && left == 0;
        self.judging = left;
        if is_over && !matches!(self.progress, Progress::Stopped(_)) { self.look_again() } else { Vec::new() }
    }

    /// Another history is open: what is in force is looked for in it.
    pub fn begin_anew(&mut self) -> Vec<Effect> {
        (self.judging, self.seen) = (0, Arc::default());
        if self.is_idle() {
            return Vec::new();
        }
        let effects = self.look();
        // The list is empty, and of this filter; sorted, it is still to come.
        self.was_told = self.sorting.is_none();
        effects
    }

    /// Takes what values there are.
    pub fn take_seen(&mut self, seen: Arc<Seen>) {
        self.seen = seen;
    }
}

/// Whether a search says something for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstOrMore {
    /// It does.
    First,
    /// It does, and looks for the same as the one before.
    FirstAgain,
    /// It said something before.
    More,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &str) -> FilterAction {
        FilterAction::Edit { text: text.to_owned(), now_millis: 0, zone: TimeZone::UTC }
    }

    /// What is asked for, as its number and text.
    fn asked(effects: &[Effect]) -> Vec<(u64, &str)> {
        fn one(effect: &Effect) -> (u64, &str) {
            let Effect::Find(find) = effect else { panic!("bug: {effect:?}") };
            find.as_ref().map_or((0, ""), |find| (find.number, find.filter.text()))
        }
        effects.iter().map(one).collect()
    }

    #[test]
    fn each_good_change_is_asked_for_and_an_empty_one_ends_it() {
        let mut filter = FilterBox::default();
        assert_eq!(asked(&filter.apply(edit("red"), &[])), [(1, "red")]);
        assert_eq!(asked(&filter.apply(edit("red "), &[])), [], "a space changes nothing");
        assert_eq!(asked(&filter.apply(edit("red verdict:bad"), &[])), [(2, "red verdict:bad")]);
        assert_eq!(asked(&filter.apply(edit(" "), &[])), [(0, "")]);
        assert_eq!(asked(&filter.apply(FilterAction::Clear, &[])), []);
    }

    #[test]
    fn a_bad_change_leaves_the_last_good_filter_in_force() {
        let mut filter = FilterBox::default();
        filter.apply(edit("red"), &[]);
        assert_eq!(asked(&filter.apply(edit("red verdict:nice"), &[])), []);
        assert!(filter.complaint().is_some_and(|complaint| complaint.at.start >= 4), "{:?}", filter.complaint());
        assert_eq!(filter.in_force().map(Filter::text), Some("red"));
        assert!(!filter.can_save());
        filter.apply(edit("red"), &[]);
        assert_eq!(filter.complaint(), None);
    }

    #[test]
    fn what_an_older_search_found_comes_too_late() {
        let mut filter = FilterBox::default();
        filter.apply(edit("a"), &[]);
        filter.apply(edit("ab"), &[]);
        assert_eq!(filter.found(1, 0), None);
        assert_eq!(filter.found(2, 7), Some(FirstOrMore::First));
        assert_eq!((filter.found(2, 0), filter.progress()), (Some(FirstOrMore::More), Progress::Done));
        filter.apply(FilterAction::Clear, &[]);
        assert_eq!(filter.found(2, 0), None);
    }

    #[test]
    fn a_search_that_was_stopped_takes_no_more_until_it_goes_on() {
        let mut filter = FilterBox::default();
        filter.apply(edit("a"), &[]);
        filter.found(1, 900);
        assert_eq!(asked(&filter.apply(FilterAction::Stop, &[])), [(0, "")]);
        assert_eq!((filter.found(1, 800), filter.progress()), (None, Progress::Stopped(900)));
        assert!(filter.in_force().is_some());
        assert_eq!(asked(&filter.apply(FilterAction::GoOn, &[])), [(2, "a")]);
        assert_eq!(filter.found(2, 900), Some(FirstOrMore::FirstAgain));
    }

    #[test]
    fn a_list_is_sorted_with_and_without_a_filter_and_stopping_shows_the_newest() {
        let took = || Some(Sorting { column: crate::column::Column::Took, descending: true });
        let order = |effects: &[Effect]| match effects {
            [Effect::Find(Some(find))] => (find.number, find.filter.text().to_owned(), find.order.clone()),
            other => panic!("bug: {other:?}"),
        };
        let mut filter = FilterBox::default();
        assert_eq!(order(&filter.sort(took())), (1, String::new(), took()));
        assert_eq!(filter.sort(took()), []);
        filter.sorting_left(1, 900);
        assert_eq!(filter.is_sorting(), Some(Some(900)));
        assert_eq!(filter.apply(FilterAction::Stop, &[]), [Effect::Find(None)]);
        assert_eq!((filter.sorted(1), filter.sorting()), (None, None));

        filter.apply(edit("red"), &[]);
        filter.found(2, 0);
        assert_eq!(order(&filter.sort(took())), (3, "red".into(), took()));
        assert_eq!((filter.sorted(2), filter.sorted(3), filter.is_sorting()), (None, Some(false), None));
        assert_eq!(order(&filter.apply(FilterAction::GoOn, &[])), (4, "red".into(), took()));
        assert_eq!(filter.sorted(4), Some(true));
        filter.judging_left(9);
        assert_eq!(order(&filter.apply(FilterAction::Clear, &[])), (5, String::new(), took()));
        assert_eq!(order(&filter.judging_left(0)).0, 6);
        assert_eq!(filter.sorted(6), Some(false), "the list is still of red");
        assert_eq!(filter.sort(None), [Effect::Find(None)]);
        filter.sort(took());
        assert!(!filter.broke_off(7) && filter.give_up_sorting() && filter.is_idle());
    }

    #[test]
    fn what_was_judged_again_is_looked_for_again() {
        let mut filter = FilterBox::default();
        assert_eq!(filter.judging_left(0), []);
        filter.apply(edit("verdict:bad"), &[]);
        filter.found(1, 0);
        assert_eq!(asked(&filter.judging_left(10)), []);
        assert_eq!(asked(&filter.judging_left(0)), [(2, "verdict:bad")]);
        assert_eq!(asked(&filter.judging_left(0)), []);
    }

    #[test]
    fn what_was_judged_again_during_a_new_search_shows_nothing_of_the_filter_before() {
        let mut filter = FilterBox::default();
        filter.apply(edit("verdict:bad"), &[]);
        filter.found(1, 0);
        filter.judging_left(10);
        filter.apply(edit("verdict:ok"), &[]);
        assert_eq!(asked(&filter.judging_left(0)), [(3, "verdict:ok")]);
        assert_eq!(filter.found(3, 9), Some(FirstOrMore::First), "the list is of verdict:bad");
    }

    #[test]
    fn another_history_is_looked_through_for_the_same() {
        let mut filter = FilterBox::default();
        assert_eq!(filter.begin_anew(), []);
        filter.apply(edit("red"), &[]);
        filter.found(1, 0);
        assert_eq!(asked(&filter.begin_anew()), [(2, "red")]);
        assert_eq!(filter.found(1, 0), None, "that was of the history before");
    }

    #[test]
    fn why_nothing_is_saved_is_said() {
        let mut filter = FilterBox::default();
        filter.apply(edit("red"), &[]);
        filter.apply(FilterAction::AskName(None), &[]);
        assert_eq!(filter.why_unsaved(), Some(Unsaved::Nameless));
        filter.apply(FilterAction::EditName("Red".into()), &[]);
        assert_eq!(filter.why_unsaved(), None);
        filter.apply(edit("red verdict:nice"), &[]);
        assert_eq!(filter.why_unsaved(), Some(Unsaved::Wrong));
        filter.apply(edit(""), &[]);
        assert_eq!(filter.why_unsaved(), Some(Unsaved::Nothing));
    }

    #[test]
    fn filters_are_saved_renamed_and_removed() {
        let saved = |list: &[(&str, &str)]| -> Vec<SavedFilter> {
            list.iter().map(|(name, text)| SavedFilter { name: (*name).to_owned(), text: (*text).to_owned() }).collect()
        };
        let two = saved(&[("Bad", "verdict:bad"), ("Red", "red")]);
        let name = |filter: &mut FilterBox, of: Option<usize>, name: &str| {
            filter.apply(FilterAction::AskName(of), &two);
            filter.apply(FilterAction::EditName(name.to_owned()), &two);
            filter.apply(FilterAction::SaveName, &two)
        };
        let mut filter = FilterBox::default();
        assert_eq!(name(&mut filter, None, "x"), [], "there is nothing to save");
        filter.apply(edit(" blue "), &[]);
        assert_eq!(name(&mut filter, None, "  "), []);
        let three = saved(&[("Bad", "verdict:bad"), ("Red", "red"), ("Blue", "blue")]);
        assert_eq!(name(&mut filter, None, " Blue "), [Effect::SaveFilters(three)]);
        assert_eq!(name(&mut filter, None, "Red"), [Effect::SaveFilters(saved(&[("Bad", "verdict:bad"), ("Red", "blue")]))]);
        assert_eq!(name(&mut filter, Some(0), "Wrong"), [Effect::SaveFilters(saved(&[("Wrong", "verdict:bad"), ("Red", "red")]))]);
        assert_eq!(name(&mut filter, Some(0), "Red"), [Effect::SaveFilters(saved(&[("Red", "verdict:bad")]))]);
        assert_eq!(filter.apply(FilterAction::Remove(0), &two), [Effect::SaveFilters(saved(&[("Red", "red")]))]);
    }
}
