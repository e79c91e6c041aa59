//! A report as one page of HTML: no script, nothing from elsewhere, readable in dark, in light and on paper.

use super::sheet::{Block, Cell, Part, Sheet};
use super::{REDACTED, TITLE, visible_lines};
use crate::protocol::verdict::Severity;

const STYLE: &str = include_str!("../../../assets/report.css");

/// A browser that reads this lets the page load nothing and run nothing, whatever is in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

/// What a report begins with.
pub fn head(is_redacted: bool) -> String {
    let redacted = if is_redacted { format!("<p class=\"dim\">{REDACTED}</p>\n") } else { String::new() };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"dark light\">\n\
         <title>{TITLE}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{TITLE}</h1>\n{redacted}</header>\n"
    )
}

/// What it says of one exchange.
pub fn exchange(sheet: &Sheet) -> String {
    let parts: String = sheet.parts.iter().map(part).collect();
    format!("<article>\n<h2>{}</h2>\n{parts}</article>\n", escaped(&sheet.title))
}

/// What it ends with.
pub fn tail() -> String {
    "</body>\n</html>\n".to_owned()
}

fn part(part: &Part) -> String {
    let title = if part.title.is_empty() { String::new() } else { format!("<h3>{}</h3>\n", part.title) };
    format!("<section>\n{title}{}</section>\n", part.blocks.iter().map(block).collect::<String>())
}

fn block(block: &Block) -> String {
    match block {
        Block::Table(names, rows) => table(names, rows),
        Block::Code(title, text) => {
            let text = escaped_only(&visible_lines(text));
            format!("<figure>\n<figcaption>{}</figcaption>\n<pre dir=\"ltr\">\n{text}</pre>\n</figure>\n", escaped(title))
        }
        Block::Note(text) => format!("<p class=\"dim\">{}</p>\n", escaped(text)),
        Block::Links(urls) => {
            let link = |url: &String| format!("<li><a href=\"{0}\" rel=\"noreferrer noopener\">{0}</a></li>\n", escaped(url));
            format!("<ul>\n{}</ul>\n", urls.iter().map(link).collect::<String>())
        }
    }
}

fn table(names: &[&str], rows: &[Vec<Cell>]) -> String {
    let class = if names.is_empty() { "pairs" } else { "list" };
    let names = names.iter().map(|name| format!("<th scope=\"col\">{}</th>", escaped(name))).collect::<Vec<_>>().concat();
    let head = if names.is_empty() { String::new() } else { format!("<thead><tr>{names}</tr></thead>\n") };
    let row =
        |row: &Vec<Cell>| format!("<tr>{}</tr>\n", row.iter().map(|one| format!("<td>{}</td>", cell(one))).collect::<Vec<_>>().concat());
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let rows: String = rows.iter().map(row).collect();
    format!("<table class=\"{class} of{columns}\">\n{head}<tbody>\n{rows}</tbody>\n</table>\n")
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => escaped(text),
        Cell::Value(raw) if raw.is_empty() => String::new(),
        Cell::Value(raw) => format!("<code>{}</code>", escaped(raw)),
        Cell::State(state, severity) => {
            let class = match severity {
                Severity::Good => "ok",
                Severity::Neutral => "neutral",
                Severity::Warning => "warn",
                Severity::Bad => "bad",
            };
            format!("<span class=\"chip {class}\">{}</span>", escaped(state))
        }
    }
}

/// A text on one line in which nothing acts.
fn escaped(text: &str) -> String {
    escaped_only(&crate::wording::visible(text))
}

fn escaped_only(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
