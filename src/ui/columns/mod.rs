//! The columns of the list: where they stand, their heads, and the menu that chooses them.

mod cell;
mod head;
mod menu;
mod places;

pub use cell::cell_ui;
pub use head::{ColumnsFace, head_ui};
pub use places::{Places, places};

use crate::column::Column;

/// How wide a column is of its own, in points. The callback takes what the others leave.
fn own_width(column: &Column) -> f32 {
    match column {
        Column::Took => 46.0,
        Column::Status | Column::Method => 52.0,
        Column::Product => 56.0,
        Column::Number | Column::Code | Column::Size | Column::Skew => 64.0,
        Column::Platform => 72.0,
        Column::ReadAs => 76.0,
        Column::Signature => 84.0,
        Column::Received | Column::App => 92.0,
        Column::Response => 100.0,
        Column::Rule => 110.0,
        Column::Path | Column::Field(_) => 120.0,
        Column::Peer => 136.0,
        Column::Callback => 0.0,
    }
}
