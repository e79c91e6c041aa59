//! The controls of the window, each drawn in one place.
//!
//! Every control carries an accessible name equal to its visible label, shows keyboard focus as a ring in the accent
//! colour, and takes its colours from [`super::theme`]. What begins with `paint_` only paints: it allocates nothing and
//! adds nothing to the accessibility tree, which is what the rows of [`super::list`] need.

mod button;
mod choice;
mod dialog;
mod field;
mod link;
mod menu;
mod notice;
mod paint;
mod surface;
mod toggle;

pub use button::{Button, button, danger_button, icon_button, primary_button, quiet_button};
pub use choice::{segmented, segments, tabs};
pub use dialog::{Dialog, dialog};
pub use field::{Field, code_field, copy_line, field_frame, secret_field};
pub use link::link;
pub use menu::{menu_below, menu_button, menu_item, panel_below};
pub use notice::{empty_state, notice};
pub use paint::{
    Icon, chip, glyph, has_ground, hline, level_grounds, paint_chip, paint_glyph, paint_icon, paint_text, paint_wedge, status_dot, width_of,
};
pub use surface::{
    BAR_BELOW, Split, bar, bar_above, bar_below, card, card_head, card_with, pages_turned, pill, scrolled, sides, status_bar,
};
pub use toggle::toggle;
