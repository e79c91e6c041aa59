//! What is counted for each command.

use super::histogram::Histogram;
use crate::filter::Entry;
use crate::protocol::catalogue::{self, Command};
use crate::protocol::response::{self, Asked};
use crate::protocol::verdict::Overall;
use std::collections::HashMap;

/// So many names that no document knows are counted each for itself; whoever makes up more has them counted as one.
const MOST_UNDOCUMENTED: usize = 500;
/// How much of such a name is kept, in characters.
const NAME_CHARS: usize = 200;

/// All commands that came. The first is for those that are counted as one.
#[derive(Debug, Clone)]
pub(super) struct Commands {
    list: Vec<OneCommand>,
    /// By name: one name may be of several products.
    by_name: HashMap<Box<str>, Vec<usize>>,
    undocumented: usize,
}

/// One command.
#[derive(Debug, Clone)]
pub(super) struct OneCommand {
    /// Its name; empty where none was named.
    pub name: Box<str>,
    /// The product's word.
    pub product: Option<Box<str>>,
    /// What the documents say of it.
    pub reference: Option<&'static Command>,
    /// How long its sender waits, in milliseconds, and whether that is only assumed.
    pub limit: (u32, bool),
    pub count: u64,
    pub bad: u64,
    pub took_micros: Histogram,
    /// Responses that came after the limit.
    pub late: u64,
}

impl Default for Commands {
    fn default() -> Self {
        Self { list: vec![OneCommand::new("", None, None)], by_name: HashMap::new(), undocumented: 0 }
    }
}

impl Commands {
    /// Takes an exchange; returns the number of its command.
    pub fn add(&mut self, entry: &Entry<'_>) -> usize {
        let at = self.number(entry.command.unwrap_or_default(), entry.product);
        let command = &mut self.list[at];
        command.count += 1;
        command.bad += u64::from(entry.overall == Overall::Bad);
        if let Some(micros) = entry.took_micros {
            command.took_micros.add(micros);
            command.late += u64::from(micros > i64::from(command.limit.0) * 1000);
        }
        at
    }

    /// The command of a number.
    pub fn get(&self, number: usize) -> &OneCommand {
        &self.list[number]
    }

    /// Those that are counted each for itself.
    pub fn each(&self) -> &[OneCommand] {
        &self.list[1..]
    }

    /// Those that are counted as one, where there are any.
    pub fn others(&self) -> Option<&OneCommand> {
        self.list.first().filter(|others| others.count > 0)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &OneCommand> + Clone {
        self.list.iter()
    }

    fn number(&mut self, name: &str, product: Option<&str>) -> usize {
        let known = self.by_name.get(name).and_then(|alike| alike.iter().find(|at| self.list[**at].product.as_deref() == product));
        if let Some(at) = known {
            return *at;
        }
        let reference = catalogue::get().named(name).find(|command| Some(command.product.word()) == product);
        if reference.is_none() {
            if self.undocumented >= MOST_UNDOCUMENTED {
                return 0;
            }
            self.undocumented += 1;
        }
        let at = self.list.len();
        self.list.push(OneCommand::new(name, product, reference));
        self.by_name.entry(name.into()).or_default().push(at);
        at
    }
}

impl OneCommand {
    fn new(name: &str, product: Option<&str>, reference: Option<&'static Command>) -> Self {
        Self {
            name: name.chars().take(NAME_CHARS).collect(),
            product: product.map(Box::from),
            reference,
            limit: response::limit(reference.map_or(Asked::Undocumented, Asked::Documented)),
            count: 0,
            bad: 0,
            took_micros: Histogram::default(),
            late: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::report::tests::entry;

    #[test]
    fn a_name_of_two_products_is_two_commands() {
        let mut commands = Commands::default();
        for product in ["chat", "live", "chat"] {
            commands.add(&Entry { command: Some("Follow.CallbackAfterFollowAdd"), product: Some(product), ..entry(1) });
        }
        let counted: Vec<_> = commands.each().iter().map(|one| (one.product.as_deref(), one.count, one.reference.is_some())).collect();
        assert_eq!(counted, [(Some("chat"), 2, true), (Some("live"), 1, true)]);
    }

    #[test]
    fn names_without_end_are_counted_as_one() {
        let mut commands = Commands::default();
        for at in 0..2_000 {
            commands.add(&Entry { command: Some(&format!("Made.Up{at}")), product: None, ..entry(1) });
        }
        commands.add(&Entry { command: Some("State.StateChange"), product: Some("chat"), ..entry(1) });
        assert_eq!((commands.each().len(), commands.others().map(|others| others.count)), (501, Some(1_500)));
        assert!(commands.each().iter().any(|one| one.reference.is_some()), "documented ones are counted all the same");
    }
}
