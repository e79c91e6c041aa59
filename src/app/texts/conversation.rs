//! The words of a conversation, beside those that all share.
#![expect(missing_docs, reason = "each text says what it is")]

use crate::wording::count;

pub use super::*;

pub const CONVERSATION: &str = "Conversation";
pub const READ_AS_CONVERSATION: &str = "Read as conversation";
pub const BACK: &str = "Back";
pub const BACK_WHY: &str = "Back to the list";
pub const COPY_TEXT: &str = "Copy as text";
pub const COPY_TEXT_WHY: &str = "Copy what is read here as text";
pub const READING: &str = "Reading…";
pub const READING_WHY: &str = "What belongs to this conversation is being looked for";
pub const NOTHING_HERE: &str = "Nothing here any more";
pub const NOTHING_HERE_WHY: &str = "What belonged to this conversation is no longer in the history";
pub const BEGINNING: &str = "Nothing older is in the history";
pub const OLDER: &str = "Older ones are being read…";
pub const LOOKING: &str = "Looking for older ones…";
pub const MOST_READ: &str = "Older ones are in the list: go back, and filter by their time";
pub const NEWEST_ENTRIES: &str = "Go to the newest";
pub const NOT_ALL_LOOKED: &str = "not all of the history was looked through";
pub const NOT_ALL_LOOKED_SENTENCE: &str = "Not all of the history was looked through";
pub const BAD_CALLBACK: &str = "This callback is bad; its verdicts say why";

pub fn callbacks(number: usize) -> String {
    if number == 1 { "1 callback".to_owned() } else { format!("{} callbacks", count(number as u64)) }
}

pub fn copied(number: usize) -> String {
    format!("Copied the conversation: {}", callbacks(number))
}
