//! The words of the palette: of itself, and of actions that elsewhere are said by where their button stands.
#![expect(missing_docs, reason = "each text says what it is")]

use super::{FAIL, REFUSE, RESPOND_WITH, column, counted, segment, span, variant};
use crate::app::action::Zoom;
use crate::app::hold::FallbackKind;
use crate::app::meaning::Front;
use crate::app::response_editor::{Segment, Span};
use crate::column::Column;
use crate::rules::preset::Preset;
use crate::settings::Theme;
use crate::wording::{count, visible};

pub const ACTIONS: &str = "Actions";
pub const ACTIONS_WHY: &str = "Every action that can be done now, and its shortcut";
pub const FIND_ACTION: &str = "Find an action";
pub const FIND_ACTION_HINT: &str = "What do you want to do?";
pub const NOTHING_LIKE_IT: &str = "No action that can be done now is called like this";

// What is held

pub const HELD_WORDS: &str = "held hold";

pub fn refuse_with(code: i64) -> String {
    format!("{REFUSE} with {code}")
}

pub fn when_nobody_decides(kind: FallbackKind) -> &'static str {
    match kind {
        FallbackKind::Ok => "When nobody decides in time, send OK",
        FallbackKind::Fail => "When nobody decides in time, send FAIL",
        FallbackKind::Nothing => "When nobody decides in time, send nothing",
    }
}

pub fn senders_limit(own: bool) -> &'static str {
    if own { "Hold as long as I say" } else { "Hold as long as is documented" }
}

// The opened exchange, and what is selected

pub const NEXT_MARK: &str = "Mark with the next colour";
pub const EXPORT_SELECTED: &str = "Export what is selected…";
pub const UNDO_DELETION: &str = "Undo the deletion";
pub const FOLD_PARAMETERS: &str = "Fold the URL parameters";
pub const UNFOLD_PARAMETERS: &str = "Unfold the URL parameters";
pub const FIND_IN_BODY: &str = "Find in the body…";
pub const CLOSE_FIND: &str = "Close the search in the body";
pub const TELL_CASE_APART: &str = "Tell upper and lower case apart";
pub const ANY_CASE: &str = "Find in any case";
pub const COPY_SELECTED_OF_BODY: &str = "Copy what is selected of the body";
pub const SELECT_ALL_OF_BODY: &str = "Select all of the body";
pub const FOLD_RESPONSE: &str = "Fold the other response away";
pub const SAME_RESPONSE: &str = "Begin the other response anew";
pub const EXPLAIN_RULES: &str = "Show what each rule makes of it";
pub const FOLD_RULES: &str = "Fold what each rule makes of it";

pub fn show_tab(name: &str) -> String {
    format!("Show the {name} tab")
}

pub fn explain(verdict: &str, is_unfolded: bool) -> String {
    if is_unfolded { format!("Fold the {verdict} verdict") } else { format!("Explain the {verdict} verdict") }
}

// Comparing

pub const COPY_COMPARISON: &str = "Copy the comparison as text";
pub const STAND_BESIDE: &str = "Compare side by side";
pub const STAND_INLINE: &str = "Compare inline";
pub const SHOW_DIFFERENCES: &str = "Show only what differs";
pub const SHOW_ALL: &str = "Show also what is the same";
pub const IGNORE_VOLATILE: &str = "Ignore what is new in every callback";
pub const IGNORE_NOTHING: &str = "Compare what is new in every callback too";

pub fn compare_with(what: &str) -> String {
    format!("Compare with: {what}")
}

// The list

pub const TYPE_FILTER: &str = "Type a filter…";
pub const CLEAR_FILTER: &str = "Clear the filter";
pub const STOP_LOOKING: &str = "Stop the search";
pub const STOP_SORTING: &str = "Stop sorting";
pub const SORT_AGAIN: &str = "Sort again";
pub const SELECT_ALL: &str = "Select all that are shown";
pub const SELECT_ONE: &str = "Go back to one selected";
pub const NEWEST_FIRST: &str = "Sort newest first";
pub const COPY_CONVERSATION: &str = "Copy the conversation as text";
pub const FILTER_WORDS: &str = "saved search";

pub fn filter_by(name: &str) -> String {
    format!("Filter by {}", visible(name))
}

pub fn rename_filter(name: &str) -> String {
    format!("Rename the saved filter {}…", visible(name))
}

pub fn delete_filter(name: &str) -> String {
    format!("Delete the saved filter {}", visible(name))
}

pub fn show_column(of: &Column) -> String {
    format!("Show the column {}", column(of))
}

pub fn hide_column(of: &Column) -> String {
    format!("Hide the column {}", column(of))
}

pub fn move_column(of: &Column, to_left: bool) -> String {
    format!("Move the column {} {}", column(of), if to_left { "left" } else { "right" })
}

pub fn sort_by(of: &Column, descending: bool) -> String {
    format!("Sort by {}, {} first", column(of), if descending { "greatest" } else { "least" })
}

// Moving

/// What one moves among.
fn moved_among(front: Front) -> &'static str {
    match front {
        Front::Exchanges | Front::Statistics => "exchange",
        Front::Conversation => "entry",
        Front::Catalogue => "command",
    }
}

pub fn go_to_next(front: Front) -> String {
    format!("Go to the next {}", moved_among(front))
}

pub fn go_to_previous(front: Front) -> String {
    format!("Go to the previous {}", moved_among(front))
}

pub fn go_to_first(front: Front) -> String {
    format!("Go to the first {}", moved_among(front))
}

pub fn go_to_last(front: Front) -> String {
    format!("Go to the last {}", moved_among(front))
}

pub const PAGE_DOWN: &str = "Go down a page";
pub const PAGE_UP: &str = "Go up a page";
pub const EXTEND_DOWN: &str = "Select one more below";
pub const EXTEND_UP: &str = "Select one more above";
pub const EXTEND_PAGE_DOWN: &str = "Select a page more below";
pub const EXTEND_PAGE_UP: &str = "Select a page more above";
pub const EXTEND_TO_FIRST: &str = "Select up to the first";
pub const EXTEND_TO_LAST: &str = "Select down to the last";

// The pages

pub const OPEN_CATALOGUE: &str = "Open the catalogue";
pub const CLOSE_CATALOGUE: &str = "Close the catalogue";
pub const SEARCH_CATALOGUE: &str = "Search the catalogue…";
pub const OPEN_STATISTICS: &str = "Open the statistics";
pub const CLOSE_STATISTICS: &str = "Close the statistics";
pub const STOP_COUNTING: &str = "Stop counting";
pub const COPY_STATISTICS_AS_TEXT: &str = "Copy the statistics as text";
pub const COPY_STATISTICS_AS_CSV: &str = "Copy the statistics as CSV";
pub const COUNT_ALL: &str = "Count all exchanges";
pub const COUNT_SHOWN: &str = "Count what the filter shows";
pub const COUNT_SELECTED: &str = "Count what is selected";
pub const BOTH_TIMINGS: &str = "Show commands before and after events";
pub const BEFORE_EVENTS: &str = "Show commands before events";
pub const AFTER_EVENTS: &str = "Show commands after events";
pub const ALL_PRODUCTS: &str = "Show the commands of all products";

pub fn show_product(product: &str) -> String {
    format!("Show the commands of {product}")
}

// Responding

pub const OWN_BODY: &str = "Respond with your own body…";
pub const FAIL_OFF: &str = "Respond with OK again";

/// `Respond with HTTP error 503`, `Respond with Timeout: late, 2,500 ms`
pub fn respond_with(preset: &Preset) -> String {
    let of = Segment::of(preset);
    let name = segment(of);
    match preset {
        Preset::Fail(code) => format!("{RESPOND_WITH} {FAIL} {code}"),
        Preset::Http(status) => format!("{RESPOND_WITH} {name} {status}"),
        Preset::Delay(millis) | Preset::Drip(millis) => {
            format!("{RESPOND_WITH} {name}: {}, {} ms", variant(preset), count((*millis).into()))
        }
        Preset::Ok | Preset::Body(_) | Preset::Hold => format!("{RESPOND_WITH} {name}"),
        Preset::Timeout
        | Preset::Stall
        | Preset::NotJson
        | Preset::Empty
        | Preset::Truncated
        | Preset::Long
        | Preset::Garbage
        | Preset::Drop
        | Preset::Reset
        | Preset::Refuse
        | Preset::Tls(_) => format!("{RESPOND_WITH} {name}: {}", variant(preset)),
    }
}

/// Other words for a preset: the vendor's, where it has some.
pub fn preset_words(preset: &Preset) -> String {
    match preset.symptom() {
        Some(symptom) => format!("simulate {}", symptom.words()),
        None if preset.is_simulation() => "simulate".to_owned(),
        None => "allow success".to_owned(),
    }
}

/// For how long something is simulated, with the number that is typed.
pub fn simulate(of: Span, number: &str) -> String {
    let number: u64 = number.trim().parse().unwrap_or(1);
    match of {
        Span::SwitchedOff => format!("Simulate {}", span(of)),
        Span::NextRequest => format!("Simulate for the {}", span(of)),
        Span::Requests => format!("Simulate for the next {}", counted(number, "request", "requests")),
        Span::Minutes => format!("Simulate for {}", counted(number, "minute", "minutes")),
    }
}

pub fn switch_rule(name: &str, is_on: bool) -> String {
    format!("Switch the rule {} {}", visible(name), if is_on { "off" } else { "on" })
}

// Receiving, and the window

pub const START_RECEIVING: &str = "Start receiving";
pub const STOP_RECEIVING: &str = "Stop receiving";
pub const RECEIVE_ON_FREE_PORT: &str = "Receive on a free port";
pub const COPY_URL: &str = "Copy the URL";
pub const OPEN_APPS: &str = "Apps and their tokens…";
pub const OPEN_HTTPS: &str = "Receive https://…";
pub const OPEN_HISTORY: &str = "History and its size…";
pub const STOP_COMPACTING: &str = "Stop compacting the history";
pub const DISMISS_NOTICE: &str = "Dismiss the notice";
pub const COLOURS_WORDS: &str = "theme colors appearance";

pub fn open_history(title: &str) -> String {
    format!("Open the history {}", visible(title))
}

pub fn use_theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "Use the system’s colours",
        Theme::Dark => "Use dark colours",
        Theme::Light => "Use light colours",
    }
}

pub fn zoom(zoom: Zoom) -> &'static str {
    match zoom {
        Zoom::In => "Zoom in",
        Zoom::Out => "Zoom out",
        Zoom::Usual => "Usual zoom",
    }
}
