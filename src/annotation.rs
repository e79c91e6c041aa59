//! Annotation: what the user says of an exchange: a pin, a colour, a note.

/// What the user says of an exchange. By default nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Annotation {
    /// Whether it is pinned: retention spares it.
    pub pinned: bool,
    /// Its colour.
    pub mark: Option<Mark>,
    /// What the user wrote; empty for nothing.
    pub note: String,
}

impl Annotation {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Says something else.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Pin(pinned) => self.pinned = *pinned,
            Change::Mark(mark) => self.mark = *mark,
            Change::Note(note) => self.note.clone_from(note),
        }
    }
}

/// A change of what is said of exchanges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// They are pinned, or no more.
    Pin(bool),
    /// They get this colour, or none.
    Mark(Option<Mark>),
    /// This is noted; empty for nothing.
    Note(String),
}

/// A colour. It means what the user wants it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Red.
    Red,
    /// Amber.
    Amber,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
}

impl Mark {
    /// All of them in their order.
    pub const ALL: [Self; 5] = [Self::Red, Self::Amber, Self::Green, Self::Blue, Self::Violet];

    /// Its word: in the history, in filters, in exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Amber => "amber",
            Self::Green => "green",
            Self::Blue => "blue",
            Self::Violet => "violet",
        }
    }

    /// The colour of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.word() == word)
    }

    /// What follows a colour, or none, where one goes through all: none again after the last.
    pub fn next(mark: Option<Self>) -> Option<Self> {
        let at = mark.map_or(0, |mark| Self::ALL.iter().position(|other| *other == mark).map_or(0, |at| at + 1));
        Self::ALL.get(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_leave_the_rest_as_it_is() {
        let mut annotation = Annotation::default();
        for change in [Change::Pin(true), Change::Mark(Some(Mark::Blue)), Change::Note("ask 李".into()), Change::Pin(false)] {
            annotation.apply(&change);
        }
        assert_eq!(annotation, Annotation { pinned: false, mark: Some(Mark::Blue), note: "ask 李".into() });
        annotation.apply(&Change::Mark(None));
        annotation.apply(&Change::Note(String::new()));
        assert!(annotation.is_empty());
    }

    #[test]
    fn colours_follow_each_other_and_end_with_none() {
        let mut seen = vec![None];
        while seen.len() == 1 || seen.last() != Some(&None) {
            seen.push(Mark::next(seen[seen.len() - 1]));
        }
        let words: Vec<Option<&str>> = seen.into_iter().map(|mark| mark.map(Mark::word)).collect();
        assert_eq!(words, [None, Some("red"), Some("amber"), Some("green"), Some("blue"), Some("violet"), None]);
        assert_eq!(Mark::from_word("Red"), None);
    }
}
