//! The words of the statistics, beside those that all share.
#![expect(missing_docs, reason = "each text says what it is")]

use super::exchanges;
use crate::app::statistics::State;
use crate::messages::CountProgress;
use crate::protocol::catalogue::Product;
use crate::statistics::{Estimate, Report};
use crate::wording::{self, count};
use std::collections::BTreeSet;

pub const STATISTICS: &str = "Statistics";
pub const STATISTICS_WHY: &str = "What all these callbacks tell together";
pub const SHOWN: &str = "Filtered";
pub const SELECTED: &str = "Selected";
pub const ALL: &str = "All";
pub const ALL_EXCHANGES: &str = "all exchanges";
pub const COPY_AS_TEXT: &str = "As text";
pub const COPY_AS_CSV: &str = "As CSV, for a spreadsheet";
pub const COPIED_AS_TEXT: &str = "Copied the statistics as text";
pub const COPIED_AS_CSV: &str = "Copied the statistics as CSV";
pub const COUNT_AGAIN: &str = "Count again";
pub const NOTHING_TO_COUNT: &str = "There is nothing to count";
pub const NOTHING_TO_COUNT_WHY: &str = "No exchange matches; once one does, its numbers show up here";
pub const COUNT_FAILED: &str = "The exchanges could not be counted";
pub const COUNT_STOPPED: &str = "Stopped before anything was counted";

pub const OF: &str = "of ";
pub const ARRIVED: &str = "arrived";
pub const LIMIT: &str = "limit";
pub const IS_BAD: &str = "bad";
pub const IS_WARNING: &str = "warning";
pub const NO_RESPONSE: &str = "no response";
pub const SHOW_FEWER: &str = "Show fewer";
pub const SHOW_THEM: &str = "Show them";
pub const HIDE_THEM: &str = "Hide them";
pub const EXCHANGES: &str = "Exchanges";
pub const BAD: &str = "Bad";
pub const MEDIAN: &str = "Median response";
pub const P99: &str = "99 of 100 within";
pub const SLOWEST: &str = "Slowest";
pub const OVER_LIMIT: &str = "Over the limit";
pub const WITHOUT_RESPONSE: &str = "No response";

pub const RESPONSE_TIMES: &str = "Response times";
pub const SKEW: &str = "Clock skew";
pub const SKEW_WHY: &str = "Between signing and arrival; above zero, this machine's clock is ahead or callbacks come late";
pub const MEDIAN_LINE: &str = "median";
pub const P95_LINE: &str = "95 of 100";
pub const SLOWEST_LINE: &str = "slowest";
pub const SPREAD_BAND: &str = "middle 8 of 10";
pub const FRESH_BAND: &str = "limit ±60 s";
pub const GOOD_BARS: &str = "others";
pub const BAD_BARS: &str = "bad";
pub const NO_TIMES: &str = "No response went out yet";
pub const NO_SKEW: &str = "No callback here is signed";

pub const COMMANDS: &str = "Commands";
pub const VERDICTS: &str = "Verdicts";
pub const READ_AS: &str = "How senders read the responses";
pub const UNDOCUMENTED_TITLE: &str = "Undocumented commands and fields";
pub const NEVER: &str = "Documented commands that never came";
pub const NEVER_HERE: &str = "Documented commands that are not among these";
pub const ALL_CAME: &str = "Every documented command came";
pub const NO_VERDICTS: &str = "Nothing is bad, and nothing needs a look";
pub const NO_FIELDS: &str = "Every command and field that came is documented";
pub const READING_BODIES: &str = "The bodies are being read…";
pub const BODIES_UNREAD: &str = "The bodies were not read";
pub const UNDOCUMENTED: &str = "undocumented";
pub const MORE_PATHS: &str = "There are more, too many to be told apart";

pub const COMMAND_HEADS: [&str; 9] = ["Command", "Exchanges", "Bad", "p50 ms", "p95 ms", "p99 ms", "Max ms", "Limit ms", "Over it"];
pub const SHOW_THESE: &str = "Shows these exchanges";
pub const SHOW_BAD: &str = "Shows the exchanges that are bad: no filter tells this verdict alone";
pub const OPEN_IN_CATALOGUE: &str = "Opens it in the catalogue";
pub const ASSUMED: &str = "A limit in brackets is assumed from Chat. ";

/// How many exchanges are selected.
pub fn selected(number: u64) -> String {
    if number == 1 { "1 selected exchange".to_owned() } else { format!("{} selected exchanges", count(number)) }
}

/// The button that counts what is selected.
pub fn selected_button(number: u64) -> String {
    format!("{SELECTED} ({})", count(number))
}

/// How far counting is.
pub fn progress(state: State) -> Option<String> {
    match state {
        State::Counting(CountProgress::Columns { done, of }) => Some(format!("Counting, {} of {}", count(done), exchanges(of))),
        State::Counting(CountProgress::Bodies { done, of }) => Some(format!("Reading bodies, {} of {}", count(done), count(of))),
        State::Asked | State::Done | State::Stopped | State::Failed => None,
    }
}

/// Arrivals in buckets of this width.
pub fn arrivals_per(bucket_millis: i64) -> String {
    format!("Arrivals per {}", crate::statistics::width(bucket_millis).trim_start_matches("1 "))
}

/// A number that may be scaled up.
pub fn estimate(estimate: Estimate) -> String {
    if estimate.is_exact { count(estimate.count) } else { format!("about {}", count(estimate.count)) }
}

/// On how many bodies numbers rest; nothing where they rest on all.
pub fn rests_on(report: &Report) -> Option<String> {
    (!report.is_exact())
        .then(|| format!("Numbers with “about” are scaled up from the bodies of {}, spread evenly.", exchanges(report.looked_into)))
}

/// None of a product's commands came.
pub fn none_of(product: Product, commands: usize) -> String {
    format!("{}: none of its {commands} commands", wording::product(product))
}

/// These commands of a product did not come.
pub fn some_of(product: Product, missing: usize, commands: usize) -> String {
    format!("{}: {missing} of its {commands} commands", wording::product(product))
}

/// The button that shows the lines that are folded away.
pub fn show_all(all: usize) -> String {
    format!("Show all {}", count(all as u64))
}

/// So many more lines than are shown.
pub fn more_lines(left: usize) -> String {
    format!("{} more are in what is copied", count(left as u64))
}

/// A share of all, in percent.
pub fn share(part: u64, of: u64) -> String {
    let tenths = u128::from(part) * 1_000 / u128::from(of.max(1));
    match tenths {
        0 if part > 0 => "under 0.1 %".to_owned(),
        0 => "0 %".to_owned(),
        _ => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

/// Microseconds in the unit that suits them.
pub fn time(micros: i64) -> String {
    let tenths = |unit: i64| format!("{}.{}", micros / unit, (micros % unit) * 10 / unit);
    match micros {
        ..1_000 => format!("{micros} µs"),
        1_000..100_000 => format!("{} ms", tenths(1_000)),
        100_000..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..120_000_000 => format!("{} s", tenths(1_000_000)),
        _ => wording::duration(micros / 1_000_000),
    }
}

/// Microseconds as milliseconds, for a column of them.
pub fn millis(micros: i64) -> String {
    let hundredths = micros / 10;
    format!("{}.{:02}", count((hundredths / 100).unsigned_abs()), hundredths % 100)
}

/// How long the first and the last are apart.
pub fn within(secs: i64) -> String {
    format!("within {}", wording::duration(secs))
}

/// Seconds, either way.
pub fn secs(secs: i64) -> String {
    let sign = if secs < 0 { "−" } else { "" };
    format!("{sign}{}", wording::duration(secs.saturating_abs()))
}

/// From so many seconds to so many.
pub fn secs_range(low: i64, high: i64) -> String {
    if low == high { secs(low) } else { format!("{} to {}", secs(low), secs(high)) }
}

/// A limit, in brackets where it is only assumed.
pub fn limit((millis, is_assumed): (u32, bool)) -> String {
    if is_assumed { format!("({})", count(millis.into())) } else { count(millis.into()) }
}

/// How long senders wait: `Senders wait 2 s`.
pub fn limits(limits: &[(u32, bool)]) -> String {
    let times: BTreeSet<u32> = limits.iter().map(|(millis, _)| *millis).collect();
    let times: Vec<String> = times.into_iter().map(|millis| format!("{} s", f64::from(millis) / 1_000.0)).collect();
    let assumed = match (limits.iter().any(|(_, is_assumed)| *is_assumed), limits.iter().all(|(_, is_assumed)| *is_assumed)) {
        (true, true) => "; that is assumed from Chat",
        (true, false) => "; for some that is assumed from Chat",
        (false, _) => "",
    };
    format!("Senders wait {} for a response{assumed}", times.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_in_their_units() {
        assert_eq!(
            [7, 1_249, 99_999, 123_456, 2_000_001, 300_000_000].map(time),
            ["7 µs", "1.2 ms", "99.9 ms", "123 ms", "2.0 s", "5 min 0 s"]
        );
        assert_eq!([0, 412, 12_345_678].map(millis), ["0.00", "0.41", "12,345.67"]);
        assert_eq!([(0, 5), (1, 100_000), (1, 3), (3, 3)].map(|(part, of)| share(part, of)), ["0 %", "under 0.1 %", "33.3 %", "100.0 %"]);
        assert_eq!([(2_000, false), (2_000, true)].map(limit), ["2,000", "(2,000)"]);
        assert_eq!(limits(&[(2_000, false)]), "Senders wait 2 s for a response");
        let mixed = [(1_500, true), (2_000, false), (2_000, true)];
        assert_eq!(limits(&mixed), "Senders wait 1.5 s or 2 s for a response; for some that is assumed from Chat");
        assert_eq!([1_000, 300_000].map(arrivals_per), ["Arrivals per second", "Arrivals per 5 minutes"]);
    }
}
