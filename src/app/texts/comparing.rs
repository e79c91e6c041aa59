//! The words of the comparison.

use crate::app::comparing::Choice;
use crate::compare::{Change, Counts};
use crate::messages::Uncompared;
use crate::wording::count;

pub const COMPARISON: &str = "Comparison";
pub const COMPARE: &str = "Compare";
pub const COMPARE_THESE: &str = "Compare these two";
pub const MARK_AS_BASE: &str = "Mark as base of comparisons";
pub const UNMARK_BASE: &str = "No longer the base of comparisons";
pub const WITH_PREVIOUS: &str = "Previous of the same command";
pub const WITH_OTHER: &str = "Other one selected";
pub const WITH_SAMPLE: &str = "Documented sample";
pub const WITH_WHY: &str = "What stands left";
pub const BESIDE: &str = "Side by side";
pub const INLINE: &str = "Inline";
pub const ONLY_DIFFERENCES: &str = "Differences";
pub const SHOW_ALL: &str = "All";
pub const IGNORE: &str = "Ignore";
pub const IGNORE_WHY: &str = "What is new in every callback: time, sequence number, signature";
pub const IGNORED_NAMES_WHY: &str = "Ignore more with a right click on a value";
pub const IGNORE_VOLATILE: &str = "Ignore these names";
pub const NEXT_DIFFERENCE: &str = "Next difference";
pub const PREVIOUS_DIFFERENCE: &str = "Previous difference";
pub const COPY_COMPARISON: &str = "Copy as text";
pub const COMPARING: &str = "Comparing…";
pub const NOTHING_DIFFERS: &str = "Nothing differs";
pub const SAME: &str = "the same";
pub const NOTHING_THERE: &str = "nothing on either side";
pub const COMPARISON_COPIED: &str = "Comparison copied";
pub const COPY_LEFT: &str = "Copy left value";
pub const COPY_RIGHT: &str = "Copy right value";

/// What is compared with: an exchange by its number.
pub fn base(id: i64) -> String {
    format!("Base, #{id}")
}

pub fn sample_number(number: usize, of: usize) -> String {
    if of == 1 { WITH_SAMPLE.to_owned() } else { format!("{WITH_SAMPLE} {}", number + 1) }
}

/// What it is compared with: another one selected, the base, and so many samples.
pub fn choice(choice: Choice, (other, base, samples): (Option<i64>, Option<i64>, usize)) -> String {
    match choice {
        Choice::Other => format!("{WITH_OTHER}, #{}", other.unwrap_or_default()),
        Choice::Base => self::base(base.unwrap_or_default()),
        Choice::Previous => WITH_PREVIOUS.to_owned(),
        Choice::Sample(number) => sample_number(number, samples),
    }
}

pub fn ignore_name(name: &str) -> String {
    format!("Ignore “{name}”")
}

pub fn base_marked(id: i64) -> String {
    format!("#{id} is the base: the Compare tab of others compares them with it")
}

/// `3 of 17`
pub fn difference_of(at: Option<usize>, of: usize) -> String {
    match at {
        Some(at) => format!("{} of {}", count(at as u64 + 1), count(of as u64)),
        None => format!("{} in all", count(of as u64)),
    }
}

/// What became of something, in a word; nothing where nothing did.
pub fn change(change: Change) -> &'static str {
    match change {
        Change::Same => "",
        Change::Rewritten => "written differently",
        Change::Ignored => "ignored",
        Change::Changed => "changed",
        Change::Removed => "removed",
        Change::Added => "added",
    }
}

/// What there is of each kind.
pub fn kinds(counts: &Counts) -> Vec<(Change, String)> {
    let Counts { added, removed, changed, rewritten, ignored } = *counts;
    let all = [
        (Change::Changed, changed),
        (Change::Removed, removed),
        (Change::Added, added),
        (Change::Rewritten, rewritten),
        (Change::Ignored, ignored),
    ];
    all.into_iter().filter(|(_, number)| *number > 0).map(|(kind, number)| (kind, format!("{} {}", count(number), change(kind)))).collect()
}

/// What differs in one part.
pub fn part(counts: &Counts, is_empty: bool) -> String {
    match kinds(counts).as_slice() {
        [] if is_empty => NOTHING_THERE.to_owned(),
        [] => SAME.to_owned(),
        kinds => kinds.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(", "),
    }
}

pub fn folded(lines: u32) -> String {
    format!("{} lines that are the same", count(u64::from(lines)))
}

/// Why there is no comparison, and what to do.
pub fn uncompared(why: Uncompared) -> (&'static str, &'static str) {
    match why {
        Uncompared::NoPrevious => (
            "None of its kind came before",
            "Choose above what it is compared with, select another exchange with Ctrl-click, or mark one as base in its menu",
        ),
        Uncompared::Gone => ("No longer there", "The exchange was deleted or forgotten; choose above what this one is compared with"),
        Uncompared::NoSample => ("Not documented", "The reference does not have its command; choose above what it is compared with"),
        Uncompared::Unread => ("Not compared", "The history could not be read; choose above to try again"),
    }
}
