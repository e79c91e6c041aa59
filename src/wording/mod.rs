//! Verdicts, remarks and summaries as sentences.
//!
//! English is what JSON and the command line say; another language would be a second set of these functions
//! over the same data. Nothing here judges.

mod catalogue;
mod diagnosis;
mod explanation;
mod json_mistakes;
mod remark;
mod response;
mod sequence;
mod summary;
mod text;
mod time;
mod trust;
mod verdict;

use crate::protocol::catalogue::Product;

pub use catalogue::{field_type, overview, required};
pub use explanation::{Fact, facts, reason, skew};
pub use remark::{odd, remark};
pub use response::{finding, not_json, outcome, reading};
pub use sequence::sequence;
pub use summary::summary;
pub use text::{bytes, count, is_steering, shortened, shortened_bytes, size, value, visible};
pub use time::{before_arrival, clock, day, duration, local_time, millis, shown, time_of_day, utc};
pub use trust::{Trust, how_to_trust};
pub use verdict::{detail, expected, overall, title};

/// A product by its name on screen.
pub fn product(product: Product) -> &'static str {
    match product {
        Product::Chat => "Chat",
        Product::Live => "Live",
        Product::Room => "Room",
        Product::Call => "Call",
        Product::Desk => "Desk",
    }
}
