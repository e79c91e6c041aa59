//! The words of the list's columns.

use crate::column::{Column, Sorting};
use crate::wording::{count, visible};
use std::borrow::Cow;

pub const COLUMNS: &str = "Columns";
pub const COLUMNS_WHY: &str = "Chooses the columns of the list";
pub const CHOOSE_COLUMNS: &str = "Columns…";
pub const HIDE_COLUMN: &str = "Hide";
pub const MOVE_LEFT: &str = "Move left";
pub const MOVE_RIGHT: &str = "Move right";
pub const WIDER: &str = "Wider";
pub const NARROWER: &str = "Narrower";
pub const OWN_WIDTH: &str = "Usual width";
pub const SORT_LEAST_FIRST: &str = "Sort, least first";
pub const SORT_GREATEST_FIRST: &str = "Sort, greatest first";
pub const NEWEST_FIRST: &str = "Newest first";
pub const SHOW_AS_COLUMN: &str = "Show as a column";
pub const BODY_FIELD: &str = "Field of the body";
pub const BODY_FIELD_HINT: &str = "MsgBody[].MsgContent.Text";
pub const BODY_FIELD_WRONG: &str = "A path has keys and dots, with [] for any item and [0] for the first";
pub const ADD_COLUMN: &str = "Add";
pub const RESET_COLUMNS: &str = "Usual columns";
pub const NO_ROOM: &str = "no room";
pub const MOST_COLUMNS_SHOWN: &str = "No more columns than these fit in a list";
pub const SORT_AGAIN: &str = "Sorts again, with those that came since";
pub const STOP_SORTING_WHY: &str = "Shows the newest first again";

/// A column's name where there is room for it.
pub fn column(column: &Column) -> Cow<'static, str> {
    Cow::Borrowed(match column {
        Column::Number => "Number",
        Column::Received => super::RECEIVED,
        Column::Callback => super::CALLBACK,
        Column::Platform => super::PLATFORM,
        Column::Response => super::RESPONSE,
        Column::Took => "Response time, ms",
        Column::App => "App",
        Column::Product => "Product",
        Column::Method => "Method",
        Column::Path => "Path",
        Column::Status => "HTTP status",
        Column::Code => "ErrorCode",
        Column::ReadAs => "Read as",
        Column::Rule => "Rule",
        Column::Size => "Body, bytes",
        Column::Skew => "Signed before arrival, s",
        Column::Signature => "Signature",
        Column::Peer => "From",
        Column::Field(field) => return Cow::Owned(visible(field.path())),
    })
}

/// A column's name above it: of a field its last key.
pub fn column_head(column: &Column) -> Cow<'static, str> {
    match column {
        Column::Took => Cow::Borrowed(super::MILLIS),
        Column::Number => Cow::Borrowed("No."),
        Column::Status => Cow::Borrowed("Status"),
        Column::Code => Cow::Borrowed("Code"),
        Column::Size => Cow::Borrowed("Bytes"),
        Column::Skew => Cow::Borrowed("Skew, s"),
        Column::Field(field) => {
            let last = field.path().rsplit(['.', '→']).find(|key| !key.is_empty());
            Cow::Owned(visible(last.unwrap_or_default()))
        }
        Column::Received
        | Column::Callback
        | Column::Platform
        | Column::Response
        | Column::App
        | Column::Product
        | Column::Method
        | Column::Path
        | Column::ReadAs
        | Column::Rule
        | Column::Signature
        | Column::Peer => self::column(column),
    }
}

/// A column's head, for a screen reader or a test.
pub fn column_in_words(column: &Column, sorting: Option<&Sorting>) -> String {
    let name = self::column(column);
    match sorting.filter(|sorting| sorting.column == *column) {
        None => format!("{name} column"),
        Some(Sorting { descending: false, .. }) => format!("{name} column, sorted, least first"),
        Some(Sorting { descending: true, .. }) => format!("{name} column, sorted, greatest first"),
    }
}

/// What a click on a column's head does.
pub fn column_why(column: &Column) -> String {
    format!("{}\nClick to sort, drag to move, right-click for more", self::column(column))
}

/// What of a column a button changes.
pub fn about_column(what: &str, column: &Column) -> String {
    format!("{what}: {}", self::column(column))
}

/// The edge by which a column is made wider.
pub fn column_edge(column: &Column) -> String {
    format!("Width of {}", self::column(column))
}

/// How far the sorting is.
pub fn sorting(left: Option<u64>) -> String {
    match left {
        None => "Sorting…".to_owned(),
        Some(left) => format!("Sorting, {} left…", count(left)),
    }
}

/// What stops it.
pub fn stop_sorting(left: u64) -> String {
    format!("Stop sorting, {} left", count(left))
}

/// How many columns have no room.
pub fn columns_without_room(number: usize) -> String {
    match number {
        0 => COLUMNS_WHY.to_owned(),
        1 => format!("{COLUMNS_WHY}; one has no room now"),
        _ => format!("{COLUMNS_WHY}; {number} have no room now"),
    }
}
