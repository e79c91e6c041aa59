//! A report for a support ticket: what came, what is true of it, what was responded, what the sender made of that, and where
//! the documents speak of it. As Markdown, or as one page of HTML that needs nothing else.
//!
//! One [`Sheet`] an exchange, and two ways to write it. What came over the wire is shown, and acts nowhere.

pub mod html;
pub mod markdown;
mod sheet;

pub use sheet::Sheet;

/// What stands at the top of a report.
const TITLE: &str = "Callbacks received with Hookglass";

/// What is said of a report in which aliases stand.
const REDACTED: &str =
    "Accounts, texts, addresses and other private values are replaced: the same value by the same alias, wherever it stands.";

/// Makes what acts visible, line by line: line breaks and tabs stay.
fn visible_lines(text: &str) -> String {
    let piece = |piece: &str| {
        let kept = piece.len() - usize::from(piece.ends_with(['\n', '\t']));
        // A line may end as on Windows.
        let (text, end) = piece.split_at(kept);
        let text = if end == "\n" { text.strip_suffix('\r').unwrap_or(text) } else { text };
        crate::wording::visible(text) + end
    };
    text.split_inclusive(['\n', '\t']).map(piece).collect()
}

#[cfg(test)]
mod tests;
