//! What is ignored: names whose values differ in any two callbacks of a kind, unless one wants to see them.

use std::collections::BTreeSet;

/// What is new in every callback: its moment, its numbers and what is computed from them. Parameters, fields and a header.
pub const VOLATILE: [&str; 17] = [
    "CallbackTs",
    "Content-Length",
    "CtxcbRequestId",
    "EventMsTs",
    "EventTime",
    "EventTs",
    "MsgID",
    "MsgId",
    "MsgKey",
    "MsgRandom",
    "MsgSeq",
    "MsgTime",
    "Random",
    "RequestID",
    "RequestTime",
    "Sign",
    "Time",
];

/// The names that are ignored, wherever they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored(BTreeSet<String>);

impl Default for Ignored {
    fn default() -> Self {
        Self(VOLATILE.map(str::to_owned).into())
    }
}

impl Ignored {
    /// Nothing is.
    pub fn nothing() -> Self {
        Self(BTreeSet::new())
    }

    /// Whether this name is. Letters count as they are written.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Ignores a name, or no more.
    pub fn toggle(&mut self, name: &str) {
        if !self.0.remove(name) {
            self.0.insert(name.to_owned());
        }
    }

    /// The names in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether nothing is ignored.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::catalogue;

    #[test]
    fn what_is_volatile_is_documented_as_a_field_or_a_parameter() {
        let catalogue = catalogue::get();
        let key = |path: &str| path.rsplit(['.', ']']).next().unwrap_or(path).to_owned();
        let fields: BTreeSet<String> =
            catalogue.commands.iter().flat_map(|command| &command.fields).map(|field| key(&field.path)).collect();
        for name in VOLATILE.into_iter().filter(|name| *name != "Content-Length") {
            assert!(fields.contains(name) || catalogue.parameters.contains_key(name), "{name}");
        }
    }

    #[test]
    fn the_moment_of_an_event_is_volatile_in_every_spelling() {
        let ignored = Ignored::default();
        for command in &catalogue::get().commands {
            let moments = command.fields.iter().filter(|field| field.unit.is_some() && field.path.starts_with("Event"));
            for field in moments.filter(|field| !field.path.contains('.')) {
                assert!(ignored.has(&field.path), "{}: {}", command.name, field.path);
            }
        }
    }

    #[test]
    fn a_name_is_ignored_and_no_more() {
        let mut ignored = Ignored::nothing();
        ignored.toggle("GroupId");
        assert!(ignored.has("GroupId") && !ignored.has("groupid"));
        ignored.toggle("GroupId");
        assert!(ignored.is_empty());
    }
}
