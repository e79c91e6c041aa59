//! The words of the filter.

use crate::app::filter_box::Progress;
use crate::filter::Offer;
use crate::wording::count;

pub const FILTER: &str = "Filter";
pub const FILTER_HINT: &str = "command:Group.*  verdict:bad  words";
pub const FILTER_CLEAR: &str = "Clear";
pub const FILTER_CLEAR_WHY: &str = "Clear the filter and show all exchanges (Esc)";
pub const CLEAR_FILTER: &str = "Clear filter";
pub const OFFERS: &str = "What could stand here";
pub const LOOKING: &str = "Looking…";
pub const STOP_LOOKING_WHY: &str = "Looks no further; what was found stays";
pub const GO_ON: &str = "Search again";
pub const GO_ON_WHY: &str = "Looks through all exchanges again, from the newest";
pub const NONE_MATCHES: &str = "No exchange matches";
pub const NONE_MATCHES_WHY: &str = "Nothing in the history is like this filter; what arrives and matches shows up here";
pub const NONE_SO_FAR: &str = "Nothing found so far";
pub const NONE_SO_FAR_WHY: &str = "Matching exchanges show up here as they are found";
pub const NONE_UNTIL_STOPPED_WHY: &str = "The search was stopped before all exchanges were looked through";
pub const SAVED_FILTERS: &str = "Saved";
pub const SAVED_FILTERS_WHY: &str = "Saved filters";
pub const NO_SAVED_FILTER: &str = "No filter is saved yet";
pub const SAVE_THIS_FILTER: &str = "Save this filter…";
pub const NOTHING_TO_SAVE: &str = "Type a filter first, then it can be saved here";
pub const NAME_TO_SAVE: &str = "Type a name for it";
pub const NOT_TO_SAVE: &str = "Once the filter can be read it can be saved here";
pub const FILTER_NAME: &str = "Name of the filter";
pub const RENAME: &str = "Rename";
pub const DELETE: &str = "Delete";
pub const REPLACE: &str = "Replace";

/// What was found, and how far the search is.
pub fn progress(found: u64, all: u64, progress: Progress) -> String {
    match progress {
        Progress::Asked => LOOKING.to_owned(),
        Progress::Looking(left) => format!("{} found, looking through {} more…", count(found), count(left)),
        Progress::Stopped(left) => format!("{} found, {} not looked through", count(found), count(left)),
        Progress::Done => format!("{} of {}", count(found), count(all)),
    }
}

pub fn judging_again(left: u64) -> String {
    format!("judging again, {} left", count(left))
}

/// Which filter is in force while what is typed is wrong.
pub fn still_filtered_by(text: &str) -> String {
    format!("still filtered by {text}")
}

/// What is offered, for a screen reader or a test.
pub fn offer(offer: &Offer) -> String {
    if offer.about.is_empty() { offer.insert.clone() } else { format!("{}, {}", offer.insert, offer.about) }
}

/// A saved filter, for a screen reader or a test.
pub fn saved_filter(name: &str, text: &str) -> String {
    format!("{name}, {text}")
}

/// Which of the saved filters a button is about.
pub fn about_filter(what: &str, name: &str) -> String {
    format!("{what} {name}")
}
