//! Places in a body: what a condition asks about, and what a placeholder stands for.

use super::{Received, rate::hash};
use crate::protocol::json::Node;
use crate::protocol::path::Path;
use std::fmt;

/// A place in the body in the catalogue's form: `From_Account`, `MsgBody[].MsgContent.Text`, `MsgBody[0].MsgType`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    text: String,
    path: Path,
    hash: u64,
}

impl Place {
    /// Reads one.
    ///
    /// # Errors
    /// When it is none; the text says what is right.
    pub fn read(text: &str) -> Result<Self, String> {
        let is_fine = !text.is_empty() && text.split('.').all(is_step);
        let wrong =
            || format!("{text:?} is no place in a body; write it like MsgBody[].MsgContent.Text, where [] is any item and [0] the first");
        is_fine.then(|| Self { text: text.to_owned(), path: Path::read(text), hash: hash(text) }).ok_or_else(wrong)
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same for the same place in every run.
    pub(super) fn hash(&self) -> u64 {
        self.hash
    }

    /// The key of the outermost object that leads there; `None` where an index does.
    pub(super) fn first_key(&self) -> Option<&str> {
        self.text.split(['.', '[']).next().filter(|key| !key.is_empty())
    }

    /// Visits every value at this place, in their order, by the indices of their nodes.
    pub fn visit(&self, received: &Received<'_>, visit: &mut impl FnMut(usize)) {
        self.path.visit(&received.request.body, &received.callback.document, visit);
    }

    /// The first value at this place.
    pub fn first(&self, received: &Received<'_>) -> Option<Node> {
        let mut first = None;
        self.visit(received, &mut |at| first = first.or(Some(at)));
        first.map(|at| received.callback.document.node(at))
    }
}

/// A key with any number of `[]` and `[0]` behind it, or such an index alone.
fn is_step(step: &str) -> bool {
    let (key, mut indices) = step.split_at(step.find('[').unwrap_or(step.len()));
    while let Some(rest) = indices.strip_prefix("[]").or_else(|| indices.strip_prefix("[0]")) {
        indices = rest;
    }
    let is_of_key = |c: char| !c.is_whitespace() && !c.is_control() && !"[]{}\"".contains(c);
    indices.is_empty() && !step.is_empty() && key.chars().all(is_of_key)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        assert_eq!(Place::read(text).is_ok(), expected, "{text}");
    }

    #[test]
    fn places_are_written_as_the_catalogue_does() {
        for text in ["From_Account", "MsgBody[].MsgContent.Text", "MsgBody[0].MsgType", "A[][0].B", "[].x", "名"] {
            check(text, true);
        }
        for text in ["", ".", "A.", "A..B", "A[", "A[1]", "A[]B", "A]", "A B", "{{A", "A\n"] {
            check(text, false);
        }
    }
}
