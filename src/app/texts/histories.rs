//! The words of the history's dialog, beside those that all share.
#![expect(missing_docs, reason = "each text says what it is")]

use crate::app::histories::{Compacting, Forgotten, Limit};
use crate::histories::{BadName, Parts, Which};
use crate::messages::Compact;
use crate::wording::size;

pub use super::*;

pub const HISTORY: &str = "History";
pub const HISTORY_WHY: &str = "What it takes of the disk, what it forgets, and other histories";
pub const OTHERS: &str = "Histories";
pub const OPEN: &str = "Open";
pub const IS_OPEN: &str = "Open now";
pub const RENAME: &str = "Rename";
pub const RULE_NAME: &str = "Name";
pub const NEW_HISTORY: &str = "New history…";
pub const MAKE: &str = "Make and open";
pub const NAME_HINT: &str = "such as Release 2 or 压力测试";
pub const OPEN_FILE: &str = "Another file";
pub const OPEN_FILE_HINT: &str = "/path/to/history.db";
pub const TAKEN: &str = "There is a history of that name";
pub const RENAME_NEEDS_CLOSED: &str = "Open another history first, then rename this one";
pub const MAIN_HAS_NO_OTHER_NAME: &str = "The main history keeps its name";
pub const WHAT_SWITCHING_DOES: &str =
    "What arrives from then on goes into the one that is opened; apps, rules and settings stay. What is held gets its fallback.";

pub const SIZE: &str = "Size";
pub const MEASURE_AGAIN: &str = "Measure again";
pub const COMPACT: &str = "Compact";
pub const NOTHING_FREE: &str = "Nothing is free to give back";
pub const REWRITE: &str = "Write the file anew";
pub const REWRITE_WHY: &str = "A Hookglass before this one made this file; it can give room back only after it was written anew once, all of it. \
    Responses wait meanwhile, so senders may run into their time limits, and the disk needs room for two more of it.";
pub const REWRITING: &str = "Writing the file anew; responses wait";
pub const COMPACT_BEGINS: &str = "Looking for what is free";
pub const COMPACT_STOPPING: &str = "Stopping";

pub const FORGETTING: &str = "Forgetting";
pub const FORGETTING_REMARK: &str = "Beyond these limits the oldest exchanges are forgotten for good; pinned ones stay.";
pub const NO_LIMIT: &str = "no limit";
pub const BAD_LIMIT: &str = "A limit is a whole number from 1 on, or nothing";
pub const COUNTING: &str = "Counting what that forgets";
pub const KEEP_TO_LIMITS: &str = "Keep to these limits";

/// The longest name of a history in the bars, in characters.
const LONGEST_TITLE: usize = 16;

fn short_title(which: &Which) -> String {
    let title = visible(&which.title());
    match title.char_indices().nth(LONGEST_TITLE) {
        Some((end, _)) => format!("{}…", &title[..end]),
        None => title,
    }
}

/// In the top bar: another history than the main one is named.
pub fn history_button(which: &Which) -> String {
    let title = if *which == Which::Main { HISTORY.to_owned() } else { short_title(which) };
    format!("{}…", title.trim_end_matches('…'))
}

/// The status bar's word of the history: which, how large, and whether all is saved.
pub fn history_in_bar(which: &Which, saved: &str) -> String {
    match which {
        Which::Main => saved.to_owned(),
        Which::Named(_) | Which::File(_) => format!("{}{}", short_title(which), saved.strip_prefix(HISTORY).unwrap_or(saved)),
    }
}

pub fn bad_name(bad: BadName) -> String {
    crate::app::sentence(&bad.to_string())
}

pub fn opening(title: &str) -> String {
    format!("Opening {}", visible(title))
}

pub fn opened(title: &str) -> String {
    format!("{} is open", visible(title))
}

pub fn open_this(title: &str) -> String {
    format!("Open {}", visible(title))
}

pub fn rename_this(title: &str) -> String {
    format!("Rename {}", visible(title))
}

pub fn limit_name(limit: Limit) -> &'static str {
    match limit {
        Limit::Exchanges => "exchanges",
        Limit::Hours => "hours",
        Limit::Megabytes => "MB",
    }
}

pub fn limit_label(limit: Limit) -> &'static str {
    match limit {
        Limit::Exchanges => "Most exchanges",
        Limit::Hours => "Most hours",
        Limit::Megabytes => "Most megabytes",
    }
}

/// The parts, each with what it is, and how many bytes.
pub fn parts(parts: &Parts) -> [(&'static str, &'static str, u64); 7] {
    [
        ("Requests", "heads and bodies as received", parts.requests),
        ("Responses", "headers and bodies", parts.responses),
        ("Columns", "what lists and filters read, pins and notes", parts.columns),
        ("Search index", "in which exchanges a word may stand", parts.words),
        ("Structure", "of the file’s pages, and room in them that is not filled", parts.between),
        ("Free", "left by what was forgotten; used again before the file grows", parts.free),
        ("Log", "committed; moved into the file while nothing comes", parts.log),
    ]
}

pub fn whole(parts: &Parts) -> String {
    format!("{}, {}", exchanges(parts.exchanges), size(parts.whole()))
}

pub fn measuring(done: u64, of: u64) -> String {
    format!("Measuring, {} %", (done * 100).checked_div(of).unwrap_or(0))
}

pub fn free_room(free: u64) -> String {
    format!("{} can go back to the disk while it receives", size(free))
}

/// In the status bar.
pub fn in_bar(of: &Compacting) -> String {
    match of.how {
        Compact::Rewrite => REWRITING.to_owned(),
        Compact::GiveBack => compacting(of),
    }
}

pub fn compacting(compacting: &Compacting) -> String {
    if compacting.is_stopping {
        return COMPACT_STOPPING.to_owned();
    }
    if compacting.of_bytes == 0 {
        return COMPACT_BEGINS.to_owned();
    }
    format!("{} of {} still to give back", size(compacting.left_bytes), size(compacting.of_bytes))
}

pub fn compacted(freed_bytes: u64, stopped: bool) -> String {
    let stopped = if stopped { "Stopped; " } else { "" };
    match freed_bytes {
        0 => sentence_of(stopped, "the history is as large as before"),
        _ => sentence_of(stopped, &format!("the history is {} smaller", size(freed_bytes))),
    }
}

fn sentence_of(before: &str, text: &str) -> String {
    crate::app::sentence(&format!("{before}{text}"))
}

pub fn would_forget(forgotten: Forgotten) -> String {
    let about = if forgotten.is_about { "about " } else { "" };
    match forgotten.count {
        0 => "Nothing is beyond these limits now".to_owned(),
        number => format!("Forgets {about}{} at once, for good", exchanges(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_history_than_the_main_one_is_named_in_the_bars() {
        let long = Which::File(format!("/x/{}.db", "压".repeat(40)).into());
        assert_eq!(history_button(&Which::Main), "History…");
        assert_eq!(history_button(&Which::File("/x/june.db".into())), "june.db…");
        assert_eq!(history_button(&long), format!("{}…", "压".repeat(16)));
        assert_eq!(history_in_bar(&Which::Main, "History 1 kB, all saved"), "History 1 kB, all saved");
        assert_eq!(history_in_bar(&long, "History 1 kB, all saved"), format!("{}… 1 kB, all saved", "压".repeat(16)));
    }

    #[test]
    fn it_is_said_what_was_given_back_and_what_would_be_forgotten() {
        assert_eq!(compacted(2_200_000, true), "Stopped; the history is 2.2 MB smaller");
        assert_eq!(compacted(0, false), "The history is as large as before");
        assert_eq!(would_forget(Forgotten { count: 1, is_about: false }), "Forgets 1 exchange at once, for good");
        assert_eq!(would_forget(Forgotten { count: 1_204, is_about: true }), "Forgets about 1,204 exchanges at once, for good");
        assert_eq!(would_forget(Forgotten { count: 0, is_about: true }), "Nothing is beyond these limits now");
    }
}
