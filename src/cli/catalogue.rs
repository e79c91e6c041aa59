//! `hookglass catalogue`: what is documented, printed. It needs no data folder and makes none.
//!
//! As JSON it is always an array, of one object for each command of each product. Keys may be added, never renamed;
//! what is not documented is null.
//!
//! ```text
//! [{"command":"Group.CallbackBeforeSendMsg","aliases":[],"product":"chat","category":"group","title":"…",
//!   "timing":"before"|"after","trigger":"…","configuration":"…","switch":"…"|null,"setting":"…"|null,
//!   "notes":"…"|null,"since":"2026-02"|null,"confidence":"both"|"doc","documentation":["https://…"],
//!   "request_fields":[{"path":"MsgBody[].MsgType","type":"string","required":true|false|null,"unit":"ms"|"s"|null,
//!                      "meaning":"…","enum":{"value":"word"},"notes":"…"|null}],
//!   "response":{"error_codes":{"0":"effect","10100-10200":"effect"},"extra_fields":[as request_fields],
//!               "timeout_ms":2000|null,"timeout_source":"doc"|"assumed from Chat"|"none","on_timeout":"…","notes":"…"|null},
//!   "sample_request":{…},"sample_variants":[{…}],"sample_response":{…}}]
//! ```

use super::argument::{Format, ProductName};
use super::{Usage, print, say};
use crate::protocol::catalogue::{self, Command, Field, Product, Timing, Unit};
use crate::protocol::search::{self, Query};
use crate::wording;
use clap::{Args, ValueEnum};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;

/// How many names are suggested for one that is not documented.
const SUGGESTIONS: usize = 3;

#[derive(Debug, Args)]
pub struct CatalogueArgs {
    /// Print all that is documented of this command, of every product that has it
    #[arg(value_name = "COMMAND", conflicts_with = "words")]
    command: Option<String>,
    /// Only commands of this product
    #[arg(long, value_enum)]
    product: Option<ProductName>,
    /// Only commands that come before the event, or after it
    #[arg(long, value_enum, value_name = "WHEN")]
    timing: Option<TimingName>,
    /// Only commands in which all these words are found: in names, titles, fields, meanings, codes, samples
    #[arg(long = "search", value_name = "WORDS")]
    words: Option<String>,
    /// The form; as JSON it is an array of commands with all that is documented, also where it is only one
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TimingName {
    Before,
    After,
}

impl From<TimingName> for Timing {
    fn from(name: TimingName) -> Self {
        match name {
            TimingName::Before => Self::Before,
            TimingName::After => Self::After,
        }
    }
}

impl CatalogueArgs {
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let commands = self.commands()?;
        if commands.is_empty() {
            say("nothing documented matches; fewer words find more");
        }
        let text = match (self.format, &self.command) {
            (Format::Json, _) => as_json(&commands)?,
            (Format::Text, None) => as_table(&commands),
            (Format::Text, Some(_)) => commands.into_iter().map(sheet).collect::<Vec<_>>().join("\n\n\n"),
        };
        if !text.is_empty() {
            // A reader that has seen enough is no failure.
            let _flow = print(&text)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn commands(&self) -> anyhow::Result<Vec<&'static Command>> {
        let words = self.words.clone().unwrap_or_default();
        let query = Query { words, product: self.product.map(Product::from), timing: self.timing.map(Timing::from) };
        let found = search::search(&query).into_iter().map(|hit| &catalogue::get().commands[hit.command]);
        let Some(name) = &self.command else { return Ok(found.collect()) };
        let named: Vec<&Command> = found.filter(|command| command.name == *name).collect();
        if named.is_empty() { Err(unknown(name).into()) } else { Ok(named) }
    }
}

/// What to say of a name that is not documented, or not as the options ask for it.
fn unknown(name: &str) -> Usage {
    if catalogue::get().named(name).next().is_some() {
        return Usage(format!("{name} is documented, but not for this product or timing"));
    }
    let hint = did_you_mean(name).unwrap_or_else(|| "hookglass catalogue lists them all".to_owned());
    Usage(format!("{name:?} is no documented command; {hint}"))
}

/// Asks for the documented names that are like this one.
pub(super) fn did_you_mean(name: &str) -> Option<String> {
    match search::nearest_commands(name, SUGGESTIONS).as_slice() {
        [] => None,
        [near @ .., last] if !near.is_empty() => Some(format!("did you mean {} or {last}?", near.join(", "))),
        near => Some(format!("did you mean {}?", near.concat())),
    }
}

fn as_table(commands: &[&Command]) -> String {
    let row =
        |command: &&Command| vec![command.name.clone(), command.product.word().into(), command.timing.word().into(), command.title.clone()];
    columns("", &commands.iter().map(row).collect::<Vec<_>>()).join("\n")
}

/// Everything about one command.
fn sheet(command: &Command) -> String {
    let reply = &command.response;
    let mut out = format!("{} ({}, {})\n{}\n\n", command.name, wording::product(command.product), command.timing.word(), command.title);
    let facts = wording::overview(command).into_iter().map(|(name, text)| vec![name.to_owned(), text]);
    let pages = command.doc_urls().enumerate().map(|(at, url)| vec![if at == 0 { "Documentation" } else { "" }.to_owned(), url]);
    section(&mut out, None, columns("", &facts.chain(pages).collect::<Vec<_>>()));

    let codes: Vec<Vec<String>> = reply.codes().into_iter().map(|(code, effect)| vec![code.to_owned(), effect.to_owned()]).collect();
    section(&mut out, Some("ErrorCode of the response"), columns("  ", &codes));
    section(&mut out, Some("Other keys of the response"), field_table(&reply.extras));
    section(&mut out, Some("Notes on the response"), reply.notes.iter().map(|notes| format!("  {notes}")).collect());
    section(&mut out, Some("Fields of the request"), field_table(&command.fields));
    for (name, fields) in command.elements() {
        section(&mut out, Some(&format!("MsgContent of a {name}")), field_table(fields));
    }
    for sample in std::iter::once(command.sample()).chain(command.variants()) {
        section(&mut out, Some("Sample request"), vec![catalogue::spread(&sample)]);
    }
    section(&mut out, Some("Sample response"), vec![catalogue::spread(&command.sample_response())]);
    out.trim_end().to_owned()
}

/// Adds lines below a heading, or nothing where there are none.
fn section(out: &mut String, heading: Option<&str>, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    out.extend(heading.map(|heading| format!("{heading}\n")));
    for line in lines {
        // A String takes everything.
        writeln!(out, "{line}").unwrap_or_default();
    }
    out.push('\n');
}

fn field_table(fields: &[Field]) -> Vec<String> {
    if fields.is_empty() {
        return Vec::new();
    }
    let head = ["field", "type", "required", "meaning"].map(str::to_owned).to_vec();
    let rows = fields
        .iter()
        .map(|field| vec![field.path.clone(), wording::field_type(field), wording::required(field.required).to_owned(), meaning(field)]);
    columns("  ", &std::iter::once(head).chain(rows).collect::<Vec<_>>())
}

/// What a field means, with its values in words.
fn meaning(field: &Field) -> String {
    let words: Vec<String> = field.words.iter().map(|(value, word)| format!("{value} = {word}")).collect();
    let words = if words.is_empty() { String::new() } else { format!(" ({})", words.join("; ")) };
    let notes = field.notes.as_ref().map_or_else(String::new, |notes| format!(". {notes}"));
    format!("{}{words}{notes}", field.meaning)
}

/// Rows with their cells below each other. The last cell is as long as it is.
fn columns(indent: &str, rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count.saturating_sub(1)).map(width).collect();
    let line = |row: &Vec<String>| {
        let padded = row.iter().enumerate().map(|(at, cell)| match widths.get(at) {
            Some(width) => format!("{cell:width$}  "),
            None => cell.clone(),
        });
        format!("{indent}{}", padded.collect::<String>().trim_end())
    };
    rows.iter().map(line).collect()
}

/// A JSON array with one command on each line. The samples are those of the catalogue, digit for digit.
fn as_json(commands: &[&Command]) -> anyhow::Result<String> {
    let lines: Vec<String> = commands.iter().map(|command| command_json(command)).collect::<Result<_, _>>()?;
    Ok(if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join(",\n")) })
}

fn command_json(command: &Command) -> serde_json::Result<String> {
    let reply = &command.response;
    let object = json!({
        "command": command.name,
        "aliases": command.aliases,
        "product": command.product.word(),
        "category": command.category,
        "title": command.title,
        "timing": command.timing.word(),
        "trigger": command.trigger,
        "configuration": catalogue::get().configuration(command.product),
        "switch": command.switch,
        "setting": command.setting,
        "notes": command.notes,
        "since": command.since,
        "confidence": command.confidence.word(),
        "documentation": command.doc_urls().collect::<Vec<_>>(),
        "request_fields": fields_json(&command.fields),
        "response": {
            "error_codes": reply.error_codes,
            "extra_fields": fields_json(&reply.extras),
            "timeout_ms": reply.timeout_ms,
            "timeout_source": reply.timeout_source.word(),
            "on_timeout": reply.on_timeout,
            "notes": reply.notes,
        },
    });
    // Through a value the samples would lose the digits that no double has.
    let raw = |text: String| RawValue::from_string(text);
    let samples = [
        ("sample_request", serde_json::to_string(&raw(command.sample())?)?),
        ("sample_variants", serde_json::to_string(&command.variants().map(raw).collect::<Result<Vec<_>, _>>()?)?),
        ("sample_response", serde_json::to_string(&raw(command.sample_response())?)?),
    ];
    let samples = samples.map(|(name, text)| format!("\"{name}\":{text}")).join(",");
    let object = object.to_string();
    let open = object.strip_suffix('}').unwrap_or(&object);
    Ok(format!("{open},{samples}}}"))
}

fn fields_json(fields: &[Field]) -> Value {
    let field = |field: &Field| {
        json!({
            "path": field.path,
            "type": field.kind.word(),
            "required": field.required,
            "unit": field.unit.map(Unit::word),
            "meaning": field.meaning,
            "enum": field.words,
            "notes": field.notes,
        })
    };
    fields.iter().map(field).collect()
}
