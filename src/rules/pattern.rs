//! Patterns: a text in which `*` stands for anything.

use std::fmt;

/// A text in which `*` stands for any characters, also for none. Without a `*`, exactly that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Any text is a pattern.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether the whole text is such a one, upper and lower case told apart.
    ///
    /// The pieces between the stars are looked for from left to right and never looked for again, so the time is
    /// linear in the text.
    pub fn matches(&self, text: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else { return self.0 == text };
        let Some(mut text) = text.strip_prefix(first) else { return false };
        let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        for piece in middle.split('*') {
            let Some(at) = text.find(piece) else { return false };
            text = &text[at + piece.len()..];
        }
        text.ends_with(last)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(Pattern::new(pattern).matches(text), expected, "{pattern} {text}");
    }

    #[test]
    fn a_star_stands_for_anything() {
        for text in ["Group.A", "Group.", "Group.A.B", "Group.红包"] {
            check("Group.*", text, true);
        }
        check("Group.*", "C2C.A", false);
        check("*", "", true);
        check("**", "x", true);
        check("*SendMsg", "C2C.CallbackAfterSendMsg", true);
        check("*SendMsg", "C2C.CallbackAfterSendMsgs", false);
        check("*After*Msg*", "C2C.CallbackAfterSendMsg", true);
        check("*After*Before*", "BeforeAfter", false);
    }

    #[test]
    fn pieces_do_not_overlap() {
        check("ab*ba", "aba", false);
        check("ab*ba", "abba", true);
        check("*a*a", "a", false);
        check("a*b*c", "abbc", true);
    }

    #[test]
    fn without_a_star_it_is_the_text_itself() {
        check("State.StateChange", "State.StateChange", true);
        check("State.StateChange", "state.statechange", false);
        check("", "", true);
        check("", "x", false);
    }
}
