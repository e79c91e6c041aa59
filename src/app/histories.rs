//! The dialog of the history: what it takes of the disk, what it forgets, and which other histories there are.

use crate::histories::{BadName, Name, Parts, Which};
use crate::messages::{Compact, Effect, KnownHistories};
use crate::settings::Retention;
use std::path::PathBuf;

/// What a user can mean there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoriesAction {
    /// Open another one.
    Open(Which),
    /// The path of a file was typed.
    EditPath(String),
    /// Open the file whose path was typed.
    OpenPath,
    /// Ask for a name: of a new one, or another name of this one.
    AskName(Option<Name>),
    /// The name was typed.
    EditName(String),
    /// Make it, or give it that name.
    TakeName,
    /// Leave it.
    CancelName,
    /// Measure again.
    Measure,
    /// A limit was typed.
    EditLimit(Limit, String),
    /// Forget what is beyond the limits that were typed.
    KeepToLimits,
    /// Give free room back.
    Compact(Compact),
    /// Stop that.
    StopCompacting,
}

/// A limit beyond which the history forgets its oldest exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The most exchanges.
    Exchanges,
    /// The most hours since the arrival.
    Hours,
    /// The most megabytes of the file that are in use.
    Megabytes,
}

impl Limit {
    /// All of them in their order.
    pub const ALL: [Self; 3] = [Self::Exchanges, Self::Hours, Self::Megabytes];
}

/// The sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Measured {
    /// They are being measured, and nothing is known yet.
    #[default]
    Nothing,
    /// So many exchanges are measured, of at most so many.
    Some(u64, u64),
    /// All are.
    All(Parts),
}

/// Giving room back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compacting {
    /// How.
    pub how: Compact,
    /// How many bytes are still to be given back.
    pub left_bytes: u64,
    /// Of how many; 0 while that is not known.
    pub of_bytes: u64,
    /// Whether it is to stop.
    pub is_stopping: bool,
}

/// A name that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The history that gets another name; `None` for a new one.
    pub of: Option<Name>,
    /// The name so far.
    pub name: String,
}

/// What would be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// How many exchanges.
    pub count: u64,
    /// Whether that is only about so many.
    pub is_about: bool,
}

/// The dialog.
#[derive(Debug, Default)]
pub struct Histories {
    known: KnownHistories,
    opening: Option<String>,
    failure: Option<String>,
    path: String,
    naming: Option<Naming>,
    measured: Measured,
    limits: [String; 3],
    in_force: Retention,
    would_forget: Option<(Retention, Forgotten)>,
    compacting: Option<Compacting>,
}

impl Histories {
    /// The histories that there are, and which is open.
    pub fn known(&self) -> &KnownHistories {
        &self.known
    }

    /// What the one is called that is being opened.
    pub fn opening(&self) -> Option<&str> {
        self.opening.as_deref()
    }

    /// What did not work.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// The path as it is typed.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The name that is being typed.
    pub fn naming(&self) -> Option<&Naming> {
        self.naming.as_ref()
    }

    /// The sizes, as far as they are known.
    pub fn measured(&self) -> Measured {
        self.measured
    }

    /// Whether room is being given back.
    pub fn compacting(&self) -> Option<Compacting> {
        self.compacting
    }

    /// A limit as it is typed.
    pub fn limit(&self, limit: Limit) -> &str {
        &self.limits[limit as usize]
    }

    /// What is wrong with the name that is being typed.
    pub fn bad_name(&self) -> Option<BadName> {
        Name::read(&self.naming.as_ref()?.name).err()
    }

    /// Whether a history has the name that is being typed.
    pub fn is_taken(&self) -> bool {
        let Some(naming) = &self.naming else { return false };
        let typed = naming.name.trim().to_lowercase();
        let is_same = |name: &&Name| name.as_str().to_lowercase() == typed;
        self.known.names.iter().any(|name| is_same(&name))
    }

    /// Whether the limits that are typed can be used, and are others than those in force.
    pub fn can_keep_to_limits(&self) -> bool {
        self.typed_limits().is_some_and(|limits| limits != self.in_force && self.would_forget().is_some())
    }

    /// Whether a limit is typed that is none.
    pub fn is_bad_limit(&self, limit: Limit) -> bool {
        read_limit(self.limit(limit)).is_err()
    }

    /// What the limits that are typed would have forgotten at once, where that is known.
    pub fn would_forget(&self) -> Option<Forgotten> {
        let (of, forgotten) = self.would_forget.as_ref()?;
        (self.typed_limits()? == *of).then_some(*forgotten)
    }

    /// The limits as they are typed; `None` where one is none.
    pub fn typed_limits(&self) -> Option<Retention> {
        let [exchanges, hours, megabytes] = &self.limits;
        let [exchanges, hours, megabytes] = [read_limit(exchanges).ok()?, read_limit(hours).ok()?, read_limit(megabytes).ok()?];
        // More hours than a number of 32 bits holds are half a million years.
        let hours = hours.map(|hours| u32::try_from(hours).unwrap_or(u32::MAX));
        Some(Retention { exchanges, hours, megabytes })
    }

    /// The dialog was opened.
    pub fn open(&mut self) -> Vec<Effect> {
        self.failure = None;
        self.naming = None;
        self.limits = typed(self.in_force);
        self.would_forget = None;
        let mut effects = vec![Effect::ListHistories];
        effects.extend(self.measure());
        effects
    }

    /// The dialog was closed.
    pub fn close(&mut self) -> Vec<Effect> {
        vec![Effect::StopMeasuring]
    }

    /// Does what the user means.
    pub fn apply(&mut self, action: HistoriesAction) -> Vec<Effect> {
        match action {
            HistoriesAction::Open(which) => return self.open_one(which.title(), Effect::OpenHistory(which)),
            HistoriesAction::EditPath(path) => (self.path, self.failure) = (path, None),
            HistoriesAction::OpenPath => {
                let path = PathBuf::from(self.path.trim());
                return if path.as_os_str().is_empty() { Vec::new() } else { self.open_file(path) };
            }
            HistoriesAction::AskName(of) => {
                let name = of.as_ref().map_or_else(String::new, ToString::to_string);
                (self.naming, self.failure) = (Some(Naming { of, name }), None);
            }
            HistoriesAction::EditName(name) => {
                if let Some(naming) = &mut self.naming {
                    naming.name = name;
                }
            }
            HistoriesAction::TakeName => return self.take_name(),
            HistoriesAction::CancelName => self.naming = None,
            HistoriesAction::Measure => return self.measure(),
            HistoriesAction::EditLimit(limit, text) => return self.edit_limit(limit, text),
            HistoriesAction::KeepToLimits => {
                let limits = self.typed_limits().filter(|_| self.can_keep_to_limits());
                return limits.map(Effect::SetRetention).into_iter().collect();
            }
            HistoriesAction::Compact(how) => return self.compact(how),
            HistoriesAction::StopCompacting => {
                if let Some(compacting) = &mut self.compacting {
                    compacting.is_stopping = true;
                    return vec![Effect::StopCompacting];
                }
            }
        }
        Vec::new()
    }

    /// Opens a file.
    pub fn open_file(&mut self, path: PathBuf) -> Vec<Effect> {
        let which = Which::File(path);
        self.open_one(which.title(), Effect::OpenHistory(which))
    }

    fn open_one(&mut self, title: String, effect: Effect) -> Vec<Effect> {
        if self.opening.is_some() {
            return Vec::new();
        }
        (self.opening, self.failure) = (Some(title), None);
        vec![effect]
    }

    fn take_name(&mut self) -> Vec<Effect> {
        let Some(naming) = self.naming.clone() else { return Vec::new() };
        let Ok(name) = Name::read(&naming.name) else { return Vec::new() };
        match naming.of {
            Some(from) if from == name => self.naming = None,
            _ if self.is_taken() => {}
            Some(from) => {
                self.naming = None;
                return vec![Effect::RenameHistory { from, to: name }];
            }
            None => {
                let effects = self.open_one(name.to_string(), Effect::NewHistory(name));
                if !effects.is_empty() {
                    self.naming = None;
                }
                return effects;
            }
        }
        Vec::new()
    }

    fn measure(&mut self) -> Vec<Effect> {
        self.measured = Measured::Nothing;
        vec![Effect::Measure]
    }

    fn edit_limit(&mut self, limit: Limit, text: String) -> Vec<Effect> {
        self.limits[limit as usize] = text;
        let limits = self.typed_limits().filter(|limits| *limits != self.in_force);
        limits.map(Effect::CountBeyond).into_iter().collect()
    }

    fn compact(&mut self, how: Compact) -> Vec<Effect> {
        if self.compacting.is_some() {
            return Vec::new();
        }
        self.failure = None;
        self.compacting = Some(Compacting { how, left_bytes: 0, of_bytes: 0, is_stopping: false });
        vec![Effect::Compact(how)]
    }

    /// Takes which histories there are.
    pub fn know(&mut self, known: KnownHistories) {
        self.known = known;
    }

    /// Takes the limits in force. What is typed follows them, unless it is another than those before.
    pub fn follow(&mut self, retention: Retention) {
        if self.typed_limits() == Some(self.in_force) {
            self.limits = typed(retention);
        }
        self.in_force = retention;
    }

    /// Another history is open: nothing of the one before is true of it.
    pub fn opened(&mut self, known: KnownHistories) {
        let (in_force, limits) = (self.in_force, typed(self.in_force));
        *self = Self { known, limits, in_force, ..Self::default() };
    }

    /// One could not be opened.
    pub fn refused(&mut self, why: String) {
        self.opening = None;
        self.failure = Some(why);
    }

    /// Something did not work.
    pub fn fail(&mut self, why: String) {
        self.failure = Some(why);
    }

    /// Takes how far measuring is.
    pub fn measuring(&mut self, done: u64, of: u64) {
        self.measured = Measured::Some(done, of);
    }

    /// Takes the sizes.
    pub fn take_parts(&mut self, parts: Parts) {
        self.measured = Measured::All(parts);
    }

    /// Takes what limits would have forgotten.
    pub fn take_forgotten(&mut self, of: Retention, forgotten: Forgotten) {
        self.would_forget = Some((of, forgotten));
    }

    /// Takes how far giving room back is.
    pub fn take_compacting(&mut self, left_bytes: u64, of_bytes: u64) {
        if let Some(compacting) = &mut self.compacting {
            (compacting.left_bytes, compacting.of_bytes) = (left_bytes, of_bytes);
        }
    }

    /// Room was given back, or not. The sizes are others now.
    pub fn compacted(&mut self, failure: Option<String>) -> Vec<Effect> {
        self.compacting = None;
        self.failure = failure;
        self.measure()
    }

    /// The engine was too busy to be asked this: nothing is waited for.
    pub fn not_asked(&mut self, effect: &Effect) {
        if matches!(effect, Effect::OpenHistory(_) | Effect::NewHistory(_)) {
            self.opening = None;
        } else if matches!(effect, Effect::Compact(_)) {
            self.compacting = None;
        }
    }
}

/// What is typed is no limit.
struct NoLimit;

/// A limit as it is typed: nothing for none, else a whole number from 1 on; the thousands may be set apart.
fn read_limit(text: &str) -> Result<Option<u64>, NoLimit> {
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '_')).collect();
    if digits.is_empty() {
        return Ok(None);
    }
    digits.parse().ok().filter(|limit| *limit > 0).map(Some).ok_or(NoLimit)
}

fn typed(Retention { exchanges, hours, megabytes }: Retention) -> [String; 3] {
    let text = |limit: Option<u64>| limit.map_or_else(String::new, |limit| limit.to_string());
    [text(exchanges), text(hours.map(u64::from)), text(megabytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::read(text).expect("bug: a name")
    }

    fn known(names: &[&str]) -> KnownHistories {
        KnownHistories { open: Which::Main, path: "/d/history.db".into(), names: names.iter().map(|text| name(text)).collect() }
    }

    #[test]
    fn a_new_one_has_a_name_that_is_free() {
        let mut histories = Histories::default();
        histories.know(known(&["June"]));
        histories.apply(HistoriesAction::AskName(None));
        assert_eq!(histories.bad_name(), Some(BadName::Empty));
        for taken in ["june ", "main", "../x"] {
            histories.apply(HistoriesAction::EditName(taken.into()));
            assert!(histories.is_taken() || histories.bad_name().is_some(), "{taken}");
            assert_eq!(histories.apply(HistoriesAction::TakeName), [], "{taken}");
        }
        histories.apply(HistoriesAction::EditName(" July ".into()));
        assert_eq!(histories.apply(HistoriesAction::TakeName), [Effect::NewHistory(name("July"))]);
        assert_eq!((histories.opening(), histories.naming()), (Some("July"), None));
        assert_eq!(histories.apply(HistoriesAction::Open(Which::Main)), [], "one at a time");
        histories.refused("Why not".into());
        assert_eq!((histories.opening(), histories.failure()), (None, Some("Why not")));
    }

    #[test]
    fn another_name_is_asked_for_and_the_same_one_is_nothing_to_do() {
        let mut histories = Histories::default();
        histories.know(known(&["June"]));
        for (typed, asked) in [("June", vec![]), ("July", vec![Effect::RenameHistory { from: name("June"), to: name("July") }])] {
            histories.apply(HistoriesAction::AskName(Some(name("June"))));
            histories.apply(HistoriesAction::EditName(typed.into()));
            assert_eq!(histories.apply(HistoriesAction::TakeName), asked);
            assert_eq!(histories.naming(), None);
        }
    }

    #[test]
    fn limits_are_kept_to_only_once_it_is_said_what_they_would_forget() {
        let mut histories = Histories::default();
        histories.follow(Retention { exchanges: Some(200_000), ..Retention::default() });
        assert_eq!(histories.limit(Limit::Exchanges), "200000");
        let limits = Retention { exchanges: Some(1_000), hours: Some(48), megabytes: None };
        assert_eq!(histories.apply(HistoriesAction::EditLimit(Limit::Hours, "4 days".into())), []);
        assert!(histories.is_bad_limit(Limit::Hours));
        histories.apply(HistoriesAction::EditLimit(Limit::Hours, "48".into()));
        let asked = histories.apply(HistoriesAction::EditLimit(Limit::Exchanges, "1,000".into()));
        assert_eq!(asked, [Effect::CountBeyond(limits)]);
        assert_eq!(histories.apply(HistoriesAction::KeepToLimits), [], "nobody has said what that forgets");
        let forgotten = Forgotten { count: 7, is_about: false };
        histories.take_forgotten(Retention::default(), forgotten);
        assert_eq!(histories.would_forget(), None, "that is of others");
        histories.take_forgotten(limits, forgotten);
        assert_eq!(histories.would_forget(), Some(forgotten));
        assert_eq!(histories.apply(HistoriesAction::KeepToLimits), [Effect::SetRetention(limits)]);
        histories.follow(limits);
        assert!(!histories.can_keep_to_limits());
        assert_eq!(histories.apply(HistoriesAction::EditLimit(Limit::Exchanges, "0".into())), []);
    }

    #[test]
    fn room_is_given_back_once_at_a_time_and_measured_after() {
        let mut histories = Histories::default();
        assert_eq!(histories.apply(HistoriesAction::Compact(Compact::GiveBack)), [Effect::Compact(Compact::GiveBack)]);
        assert_eq!(histories.apply(HistoriesAction::Compact(Compact::Rewrite)), []);
        histories.take_compacting(3, 9);
        assert_eq!(histories.compacting().map(|compacting| (compacting.left_bytes, compacting.of_bytes)), Some((3, 9)));
        assert_eq!(histories.apply(HistoriesAction::StopCompacting), [Effect::StopCompacting]);
        assert_eq!(histories.compacted(None), [Effect::Measure]);
        assert_eq!((histories.compacting(), histories.measured()), (None, Measured::Nothing));
    }
}
