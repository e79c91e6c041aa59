//! `hookglass lint`: a response, judged as its sender would.

use super::argument::{Format, ProductName};
use super::catalogue::did_you_mean;
use super::{Usage, print, read_file, read_stdin, say};
use crate::protocol::catalogue::{self, Command, Product};
use crate::protocol::response::{self, Arrived, Asked, Finding, Reading};
use crate::wording;
use anyhow::Context as _;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct LintArgs {
    /// The `CallbackCommand` that was responded to
    #[arg(long, value_name = "NAME")]
    command: String,
    /// Whose command, where two products share the name
    #[arg(long, value_enum)]
    product: Option<ProductName>,
    /// The response's status
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(100..=599))]
    status: u16,
    /// How long the sender waited for it, in milliseconds
    #[arg(long = "elapsed", value_name = "MS", value_parser = read_millis)]
    elapsed_micros: Option<i64>,
    /// How the judgement is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The response's body; stdin when there is none, or `-`
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl LintArgs {
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let asked = self.asked()?;
        let body = read_body(self.file.as_deref())?;
        let reading = response::read(asked, Ok(Arrived { status: self.status, elapsed_micros: self.elapsed_micros, body: &body }));
        let lines = match self.format {
            Format::Text => as_text(&reading),
            Format::Json => vec![self.as_json(asked, &reading)?],
        };
        for line in lines {
            if print(&line)?.is_break() {
                break;
            }
        }
        Ok(ExitCode::from(u8::from(!reading.is_understood())))
    }

    fn asked(&self) -> anyhow::Result<Asked> {
        let named: Vec<&'static Command> = catalogue::get().named(&self.command).collect();
        if named.is_empty() {
            let hint = did_you_mean(&self.command).map_or_else(String::new, |hint| format!("; {hint}"));
            say(&format!("{} is not in the reference, so only the form is judged{hint}", self.command));
            return Ok(Asked::Undocumented);
        }
        let product = self.product.map(Product::from);
        let found = named.iter().find(|command| product.is_none_or(|product| command.product == product));
        found.map(|command| Asked::Documented(command)).ok_or_else(|| {
            let products: Vec<&str> = named.iter().map(|command| command.product.word()).collect();
            Usage(format!("{} is no command of that --product, but of {}", self.command, products.join(" and "))).into()
        })
    }

    fn as_json(&self, asked: Asked, reading: &Reading) -> anyhow::Result<String> {
        let reference = documented(asked);
        let report = Report {
            command: &self.command,
            product: reference.map(|command| command.product.word()),
            read_as: reading.read_as.word(),
            detail: wording::reading(reading),
            remarks: reading.others().iter().map(wording::finding).collect(),
        };
        serde_json::to_string(&report).context("the judgement could not be written")
    }
}

/// The judgement as one line of JSON.
#[derive(Serialize)]
struct Report<'a> {
    command: &'a str,
    product: Option<&'static str>,
    read_as: &'static str,
    detail: String,
    remarks: Vec<String>,
}

fn documented(asked: Asked) -> Option<&'static Command> {
    if let Asked::Documented(command) = asked { Some(command) } else { None }
}

/// The word and the detail, then a line for each thing found besides.
fn as_text(reading: &Reading) -> Vec<String> {
    let first = format!("{}: {}", reading.read_as.word(), wording::reading(reading));
    let others = reading.others().iter().map(|finding| format!("{}: {}", weight(finding), wording::finding(finding)));
    std::iter::once(first).chain(others).map(|line| wording::visible(&line)).collect()
}

fn weight(finding: &Finding) -> &'static str {
    match finding {
        Finding::Failure(_) => "also failed",
        Finding::Fault(_) | Finding::Unclear(_) => "also not documented",
        Finding::Remark(_) => "remark",
    }
}

fn read_body(file: Option<&Path>) -> anyhow::Result<Vec<u8>> {
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => read_file(file),
        None => read_stdin(),
    }
}

/// Reads milliseconds, with a fraction or without, as microseconds.
fn read_millis(text: &str) -> Result<i64, String> {
    micros(text).ok_or_else(|| format!("{text:?} is no number of milliseconds, such as 1900 or 0.4"))
}

fn micros(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(part) {
        return None;
    }
    // What is finer than a microsecond is cut off.
    let part: i64 = format!("{part:0<3}")[..3].parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_read_to_the_microsecond() {
        for (text, micros) in [("0", Some(0)), ("2000", Some(2_000_000)), ("0.4", Some(400)), ("2000.0019", Some(2_000_001))] {
            assert_eq!(read_millis(text).ok(), micros, "{text}");
        }
        for text in ["", ".", "1.", "-1", "1e3", "NaN", "99999999999999999999", "9223372036854775807"] {
            assert_eq!(read_millis(text).ok(), None, "{text}");
        }
    }
}
