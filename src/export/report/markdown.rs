//! A report as Markdown, as GitHub and most ticket systems read it.
//!
//! What came over the wire stands in code alone, between more backticks than it has itself; sentences are escaped.

use super::sheet::{Block, Cell, Part, Sheet};
use super::{REDACTED, TITLE, visible_lines};
use crate::protocol::verdict::Severity;

/// What a report begins with.
pub fn head(is_redacted: bool) -> String {
    let redacted = if is_redacted { format!("{REDACTED}\n\n") } else { String::new() };
    format!("# {TITLE}\n\n{redacted}")
}

/// What it says of one exchange.
pub fn exchange(sheet: &Sheet) -> String {
    let parts: String = sheet.parts.iter().map(part).collect();
    format!("## {}\n\n{parts}", escaped(&sheet.title))
}

/// What it ends with.
pub fn tail() -> String {
    String::new()
}

fn part(part: &Part) -> String {
    let title = if part.title.is_empty() { String::new() } else { format!("### {}\n\n", part.title) };
    title + &part.blocks.iter().map(block).collect::<String>()
}

fn block(block: &Block) -> String {
    match block {
        Block::Table(names, rows) => table(names, rows),
        Block::Code(title, text) => format!("{}:\n\n{}\n", escaped(title), fenced(&visible_lines(text))),
        Block::Note(text) => format!("{}\n\n", escaped(text)),
        Block::Links(urls) => urls.iter().map(|url| format!("- <{url}>\n")).collect::<Vec<_>>().concat() + "\n",
    }
}

fn table(names: &[&str], rows: &[Vec<Cell>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default().max(names.len());
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let head = (0..columns).map(|at| names.get(at).copied().unwrap_or_default().to_owned()).collect();
    let rows = rows.iter().map(|row| line(row.iter().map(cell).collect()));
    line(head) + &line(vec!["---".to_owned(); columns]) + &rows.collect::<String>() + "\n"
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => escaped(text),
        Cell::Value(raw) => code(raw),
        Cell::State(state, severity) => match severity {
            Severity::Bad => format!("**{}**", escaped(state)),
            Severity::Good | Severity::Neutral | Severity::Warning => escaped(state),
        },
    }
}

/// A value between backticks. A table takes its lines apart at every pipe before it looks at anything else.
fn code(raw: &str) -> String {
    if raw.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run(raw) + 1);
    let space = if raw.starts_with(['`', ' ']) || raw.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{space}{}{space}{ticks}", crate::wording::visible(raw).replace('|', "\\|"))
}

fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}text\n{text}{end}{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// A sentence in which nothing is a sign of Markdown or HTML, and nothing becomes a link.
fn escaped(text: &str) -> String {
    let visible = crate::wording::visible(text);
    let mut out = String::with_capacity(visible.len() + 8);
    let mut before = '\n';
    for c in visible.chars() {
        let acts =
            "\\`*_[]{}()<>&|~#!@$".contains(c) || (c == ':' && before.is_alphabetic()) || (c == '.' && before.eq_ignore_ascii_case(&'w'));
        if acts {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}
