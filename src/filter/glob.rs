//! Texts in which `*` stands for anything, whatever the case of ASCII letters.

use super::find::find;

/// A text in which `*` stands for any characters, also for none. Without a `*`, exactly that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob {
    /// What stands between the stars, in lower case; one piece where there is no star.
    pieces: Vec<Vec<u8>>,
}

impl Glob {
    /// Any text is one.
    pub fn new(text: &str) -> Self {
        Self { pieces: text.to_ascii_lowercase().split('*').map(|piece| piece.as_bytes().to_vec()).collect() }
    }

    /// Whether the whole text is such a one. Linear in the text: a piece that was found is never looked for again.
    pub fn matches(&self, text: &str) -> bool {
        let mut text = text.as_bytes();
        let (first, middle, last) = match self.pieces.as_slice() {
            [] => return text.is_empty(),
            [whole] => return text.eq_ignore_ascii_case(whole),
            [first, middle @ .., last] => (first, middle, last),
        };
        if !text.get(..first.len()).is_some_and(|start| start.eq_ignore_ascii_case(first)) {
            return false;
        }
        text = &text[first.len()..];
        for piece in middle {
            let Some(at) = find(text, piece) else { return false };
            text = &text[at + piece.len()..];
        }
        text.len().checked_sub(last.len()).is_some_and(|at| text[at..].eq_ignore_ascii_case(last))
    }

    /// The text that it was made of, in lower case.
    #[cfg(test)]
    pub fn text(&self) -> String {
        let pieces: Vec<_> = self.pieces.iter().map(|piece| String::from_utf8_lossy(piece)).collect();
        pieces.join("*")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(glob: &str, text: &str, expected: bool) {
        assert_eq!(Glob::new(glob).matches(text), expected, "{glob} {text}");
    }

    #[test]
    fn a_star_stands_for_anything() {
        check("group.*", "Group.CallbackAfterSendMsg", true);
        check("Group.*", "C2C.CallbackAfterSendMsg", false);
        check("*", "", true);
        check("*AFTER*msg", "C2C.CallbackAfterSendMsg", true);
        check("*after*msgs", "C2C.CallbackAfterSendMsg", false);
        check("ab*ba", "aba", false);
        check("*红*", "发红包", true);
    }

    #[test]
    fn without_a_star_it_is_the_whole_text() {
        check("State.StateChange", "state.statechange", true);
        check("State", "State.StateChange", false);
        check("", "", true);
        assert_eq!(Glob::new("A*b").text(), "a*b");
    }
}
