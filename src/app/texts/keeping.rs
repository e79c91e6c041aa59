//! The words of selecting, of pins, marks and notes, and of deleting.
#![expect(missing_docs, reason = "each text says what it is")]

use super::exchanges;
use crate::annotation::{Annotation, Mark};
use crate::wording::{count, visible};

pub const PIN: &str = "Pin";
pub const UNPIN: &str = "Unpin";
pub const PINNED: &str = "pinned";
pub const MARK: &str = "Mark";
pub const NO_MARK: &str = "No mark";
pub const NOTE: &str = "Your note";
pub const EDIT_NOTE: &str = "Note…";
pub const NOTE_HINT: &str = "Write what you want to remember of this exchange; it is kept as you type, and searched";
pub const NOTE_KEPT: &str = "Kept with the history";
pub const NOTE_UNKEPT: &str = "Kept in a moment";
pub const DELETE_SHOWN: &str = "Delete what is shown…";
pub const DELETE_ALL: &str = "Delete all…";
pub const DELETE_TITLE: &str = "Delete exchanges";
pub const UNDO: &str = "Undo";
pub const COUNTING_PINNED: &str = "Looking which of them are pinned";
pub const NONE_PINNED: &str = "None of them is pinned.";
pub const UNDO_WHY: &str =
    "It can be undone for half a minute, until something else is deleted or Hookglass ends. What arrives meanwhile stays.";
pub const ALL_DELETED: &str = "All exchanges are deleted";
pub const ALL_DELETED_WHY: &str = "They can be brought back for half a minute; what arrives meanwhile shows up here";

/// A colour as a button.
pub fn mark(mark: Mark) -> String {
    format!("Mark {}", mark.word())
}

/// The button that has a colour.
pub fn marked(mark: Mark) -> String {
    format!("Marked {}", mark.word())
}

/// What the user says of an exchange, for a screen reader and a tooltip: `pinned`, `marked red`, `note: …`.
pub fn annotation(annotation: &Annotation) -> Vec<String> {
    let Annotation { pinned, mark, note } = annotation;
    let pinned = pinned.then(|| PINNED.to_owned());
    let mark = mark.map(|mark| format!("marked {}", mark.word()));
    let note = (!note.is_empty()).then(|| format!("note: {}", beginning(note)));
    [pinned, mark, note].into_iter().flatten().collect()
}

/// How much of a note is said beside other things, in characters.
const NOTE_CHARS: usize = 120;

fn beginning(note: &str) -> String {
    let line = note.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line.char_indices().nth(NOTE_CHARS).map_or(line.len(), |(at, _)| at);
    let rest = if end < line.len() { "…" } else { "" };
    visible(&format!("{}{rest}", &line[..end]))
}

/// `12 selected`
pub fn selected(number: u64) -> String {
    format!("{} selected", count(number))
}

/// What an export takes of what is selected.
pub fn the_selected(number: u64) -> String {
    if number > 1 { format!("The {} selected", count(number)) } else { "The selected one".to_owned() }
}

pub fn too_many_to_copy(most: u64) -> String {
    format!("Only up to {} exchanges are copied at once; export the selected ones instead", count(most))
}

pub fn deleted(number: u64) -> String {
    format!("{} deleted", exchanges(number))
}

pub fn restored(number: u64) -> String {
    format!("{} {} back", exchanges(number), if number == 1 { "is" } else { "are" })
}

/// The question before many are deleted.
pub fn delete_question(number: u64, are_all: bool) -> String {
    let exchanges = exchanges(number);
    if are_all && number > 1 { format!("Delete all {exchanges} of the history?") } else { format!("Delete {exchanges} from the history?") }
}

pub fn pinned_among(number: u64) -> String {
    match number {
        0 => NONE_PINNED.to_owned(),
        1 => "1 of them is pinned.".to_owned(),
        number => format!("{} of them are pinned.", count(number)),
    }
}

pub fn delete_so_many(number: u64) -> String {
    format!("Delete {}", count(number))
}

pub fn delete_unpinned(number: u64) -> String {
    format!("Delete {}, keep the pinned", count(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_told_in_words() {
        let said = |pinned, mark, note: &str| annotation(&Annotation { pinned, mark, note: note.to_owned() }).join(", ");
        assert_eq!(said(false, None, ""), "");
        assert_eq!(said(true, Some(Mark::Violet), "first\n second\u{202e}"), "pinned, marked violet, note: first second\\u{202e}");
        assert_eq!(said(false, None, &"红".repeat(500)).chars().filter(|one| *one == '红').count(), NOTE_CHARS);
    }

    #[test]
    fn the_question_names_the_number() {
        assert_eq!(delete_question(1_204, false), "Delete 1,204 exchanges from the history?");
        assert_eq!(delete_question(1_204, true), "Delete all 1,204 exchanges of the history?");
        assert_eq!(pinned_among(0), "None of them is pinned.");
        assert_eq!(delete_unpinned(1_200), "Delete 1,200, keep the pinned");
    }
}
