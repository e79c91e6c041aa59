//! What a report says of one exchange, whatever it is written as.

use crate::annotation::{Annotation, Mark};
use crate::exchange::{Exchange, Responded};
use crate::inspect::Inspection;
use crate::protocol::body::{Field, Fields};
use crate::protocol::catalogue::Command;
use crate::protocol::findings::Findings;
use crate::protocol::query::{Name, Param};
use crate::protocol::verdict::{Severity, Verdict};
use crate::wire::{Request, Response};
use crate::wording;
use jiff::tz::TimeZone;

/// What a report says of one exchange.
#[derive(Debug)]
pub struct Sheet {
    /// What it is: `#12 State.StateChange`.
    pub title: String,
    /// Its parts, in their order.
    pub parts: Vec<Part>,
}

/// A part under a heading of its own.
#[derive(Debug)]
pub struct Part {
    /// Its heading; none for what stands right below the title.
    pub title: &'static str,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A piece of a part.
#[derive(Debug)]
pub enum Block {
    /// Rows of cells below their names; without names where the first cell of each row is one.
    Table(Vec<&'static str>, Vec<Vec<Cell>>),
    /// Text as it was received or sent, below what it is.
    Code(String, String),
    /// Something said about what stands around it.
    Note(String),
    /// Pages of the documentation.
    Links(Vec<String>),
}

/// A cell of a table.
#[derive(Debug)]
pub enum Cell {
    /// A name, a sentence.
    Text(String),
    /// A value letter for letter.
    Value(String),
    /// The state of a verdict.
    State(String, Severity),
}

/// How much of a body a report shows, in bytes.
const BODY_BYTES: usize = 64 * 1024;
/// How much of a body that is no text.
const HEX_BYTES: usize = 1024;
/// How many fields.
const FIELDS: usize = 500;
/// How much of a value in a table, in characters.
const VALUE_CHARS: usize = 500;

impl Sheet {
    /// All that a report says of an exchange.
    pub fn of(exchange: &Exchange, annotation: &Annotation, inspection: &Inspection, findings: &Findings, zone: &TimeZone) -> Self {
        let Exchange { id, request, response } = exchange;
        let name = inspection.callback.command.as_deref().unwrap_or("not a callback");
        let parts = [
            part("", vec![overview(request, annotation, inspection)]),
            verdicts(inspection, findings, zone),
            remarks(request, inspection),
            part("Request", self::request(request, inspection, zone)),
            fields(request, inspection, zone),
            part("Response", self::response(response.as_ref(), inspection)),
            reference(inspection),
        ];
        let title = format!("#{id} {}", wording::shortened(name, 100));
        Self { title, parts: parts.into_iter().filter(|part| !part.blocks.is_empty()).collect() }
    }
}

fn part(title: &'static str, blocks: Vec<Block>) -> Part {
    Part { title, blocks }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn value(raw: &str) -> Cell {
    Cell::Value(wording::shortened(raw, VALUE_CHARS))
}

/// A table of names and what they say; those that say nothing are left out.
fn pairs(pairs: Vec<(&str, Option<Cell>)>) -> Block {
    let rows = pairs.into_iter().filter_map(|(name, cell)| Some(vec![text(name), cell?]));
    Block::Table(Vec::new(), rows.collect())
}

fn overview(request: &Request, annotation: &Annotation, inspection: &Inspection) -> Block {
    let callback = &inspection.callback;
    let summary = wording::summary(&inspection.summary(request));
    let overall = wording::overall(inspection.overall);
    let product = callback.reference.map(|command| text(format!("{}: {}", wording::product(command.product), command.title)));
    pairs(vec![
        ("What happened", Some(text(summary)).filter(|_| callback.is_callback)),
        ("Event", product),
        ("Judged", Some(text(overall))),
        ("Received", Some(text(wording::utc(request.received_at_millis)))),
        ("From", Some(value(&request.peer)).filter(|_| !request.peer.is_empty())),
        ("Over", Some(text(request.transport.word()))),
        ("SDKAppID", callback.param(Name::SdkAppId).map(value)),
        ("Refused", request.refused.as_deref().map(|reason| text(wording::visible(reason)))),
        ("Mark", annotation.mark.map(Mark::word).map(text)),
        ("Note", Some(text(wording::visible(&annotation.note))).filter(|_| !annotation.note.is_empty())),
    ])
}

fn verdicts(inspection: &Inspection, findings: &Findings, zone: &TimeZone) -> Part {
    if !inspection.callback.is_callback {
        return part("Verdicts", Vec::new());
    }
    let row = |verdict: &Verdict<'_>| {
        let why = wording::reason(*verdict, &inspection.verdicts, findings, zone);
        vec![text(wording::title(*verdict)), Cell::State(verdict.state().to_owned(), verdict.severity()), text(why)]
    };
    let all = inspection.verdicts.all();
    let mut blocks = vec![Block::Table(vec!["Verdict", "State", "Why"], all.iter().map(row).collect())];
    for verdict in all.iter().filter(|verdict| verdict.severity() == Severity::Bad) {
        let facts = wording::facts(*verdict, &inspection.verdicts, findings, None, zone);
        let row = |fact: wording::Fact| vec![text(fact.name), if fact.is_code { value(&fact.text) } else { text(fact.text) }];
        let rows: Vec<Vec<Cell>> = facts.into_iter().map(row).collect();
        if !rows.is_empty() {
            blocks.push(Block::Table(vec![wording::title(*verdict), "explained"], rows));
        }
    }
    part("Verdicts", blocks)
}

fn remarks(request: &Request, inspection: &Inspection) -> Part {
    let remarks = inspection.remarks(request, &inspection.fields(request));
    let rows: Vec<Vec<Cell>> = remarks.iter().map(|remark| vec![text(wording::remark(remark))]).collect();
    part("Remarks", if rows.is_empty() { Vec::new() } else { vec![Block::Table(vec!["Remark"], rows)] })
}

fn request(request: &Request, inspection: &Inspection, zone: &TimeZone) -> Vec<Block> {
    let head = request.head();
    let line = String::from_utf8_lossy(&request.head);
    let mut blocks = vec![Block::Code("Request line".to_owned(), line.lines().next().unwrap_or_default().to_owned())];
    let param = |param: &Param| {
        let meaning = param.known.and_then(Name::reference).map_or("", |reference| reference.meaning.as_str());
        let shown = param.shown().map(|shown| wording::shown(shown, zone)).unwrap_or_default();
        vec![value(&param.name), value(&param.value), text(meaning), text(shown)]
    };
    let params: Vec<Vec<Cell>> = inspection.callback.params.iter().map(param).collect();
    if !params.is_empty() {
        blocks.push(Block::Table(vec!["Parameter", "Value", "Meaning", "In words"], params));
    }
    let headers = head.headers.iter().map(|(name, value)| (*name, String::from_utf8_lossy(value).into_owned()));
    blocks.extend(self::headers(headers));
    blocks.extend(body(&request.body));
    blocks
}

fn headers<'a>(headers: impl Iterator<Item = (&'a str, String)>) -> Option<Block> {
    let rows: Vec<Vec<Cell>> = headers.map(|(name, text)| vec![value(name), value(&text)]).collect();
    (!rows.is_empty()).then(|| Block::Table(vec!["Header", "Value"], rows))
}

/// A body as text, or in hex where it is none; as much of it as a ticket has room for.
fn body(body: &[u8]) -> Vec<Block> {
    let title = format!("Body, {}", wording::bytes(body.len()));
    let (shown, most) = match std::str::from_utf8(body) {
        Ok("") => return Vec::new(),
        Ok(text) => {
            let end = (0..=BODY_BYTES.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
            (text[..end].to_owned(), BODY_BYTES)
        }
        Err(_) => (hex_rows(&body[..HEX_BYTES.min(body.len())]), HEX_BYTES),
    };
    let mut blocks = vec![Block::Code(title, shown)];
    if body.len() > most {
        blocks.push(Block::Note(format!("The first {} of the body are shown.", wording::bytes(most))));
    }
    blocks
}

fn hex_rows(bytes: &[u8]) -> String {
    let row = |(at, row): (usize, &[u8])| {
        let digits: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        let shown: String = row.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' }).collect();
        format!("{:06x}  {:<47}  {shown}\n", at * 16, digits.join(" "))
    };
    bytes.chunks(16).enumerate().map(row).collect()
}

fn fields(request: &Request, inspection: &Inspection, zone: &TimeZone) -> Part {
    let fields = inspection.fields(request);
    let leaves: Vec<&Field> = fields.list.iter().filter(|field| is_leaf(field, &fields, request, inspection)).collect();
    if leaves.is_empty() {
        return part("Fields", Vec::new());
    }
    let row = |field: &&Field| {
        let (source, node) = fields.value(field, &request.body, &inspection.callback.document);
        let shown = field.shown.map(|shown| wording::shown(shown, zone)).unwrap_or_default();
        let meaning = field.meaning.unwrap_or("not documented");
        vec![value(&field.path), value(&node.string(source)), text(meaning), text(shown)]
    };
    let rows = leaves.iter().take(FIELDS).map(row).collect();
    let mut blocks = vec![Block::Table(vec!["Field", "Value", "Meaning", "In words"], rows)];
    if leaves.len() > FIELDS || fields.truncated {
        blocks.push(Block::Note(format!("The first {} fields are shown.", wording::count(FIELDS as u64))));
    }
    part("Fields", blocks)
}

fn is_leaf(field: &Field, fields: &Fields, request: &Request, inspection: &Inspection) -> bool {
    let (_, node) = fields.value(field, &request.body, &inspection.callback.document);
    node.children == 0 || field.is_deepest()
}

fn response(responded: Option<&Responded>, inspection: &Inspection) -> Vec<Block> {
    let Some(responded) = responded else { return vec![Block::Note("Nothing was responded.".to_owned())] };
    let reading = inspection.reading(responded.reached(), responded.whole_after_micros());
    let sent = responded.response.as_ref();
    let after = responded.responded_after_micros.map(|micros| format!("{}.{} ms", micros / 1000, micros % 1000 / 100));
    let mut blocks = vec![pairs(vec![
        ("Status", sent.map(|sent| text(sent.status.to_string()))),
        ("Chosen by", Some(text(wording::visible(&responded.rule)))),
        ("Fault", responded.fault.as_deref().map(|fault| text(wording::visible(fault)))),
        ("After", after.map(text)),
        ("What became of it", responded.outcome.map(wording::outcome).map(text)),
        ("Read as", Some(text(reading.read_as.word()))),
        ("What the sender made of it", Some(text(wording::reading(&reading)))),
    ])];
    if let Some(Response { headers, body, .. }) = sent {
        blocks.extend(self::headers(headers.iter().map(|(name, value)| (name.as_str(), value.clone()))));
        blocks.extend(self::body(body));
    }
    blocks
}

fn reference(inspection: &Inspection) -> Part {
    let Some(command) = inspection.callback.reference else { return part("Reference", Vec::new()) };
    let rows = wording::overview(command).into_iter().map(|(name, said)| vec![text(name), text(said)]).collect();
    part("Reference", vec![Block::Table(Vec::new(), rows), Block::Links(Command::doc_urls(command).collect())])
}
