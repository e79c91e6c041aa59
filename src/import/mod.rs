//! Import: exchanges in the forms in which they come back, or come from elsewhere.
//!
//! [`Reading`] takes a file in pieces, of whatever size, and gives what it holds: it keeps one exchange of it in memory, however
//! long the file is. Which form it has is seen from its beginning. What cannot be read is a [`Complaint`] that names its line; the
//! rest is taken.

mod archive;
mod begun;
mod document;
mod form;
mod har;
mod http;
pub mod line;
mod report;
mod values;

use crate::annotation::Annotation;
use crate::exchange::Responded;
use crate::protocol::{Kept, json};
use crate::wire::Request;
use begun::Begun;
pub use form::Form;
use form::Recognised;
pub use report::Report;
use values::Values;

/// The longest text of one exchange that is taken, in bytes: ten times what a body has by default, since a line holds its fields
/// besides. A file of zeros must not fill the memory.
pub const MAX_TEXT_BYTES: usize = 256 * 1024 * 1024;

/// One exchange that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What arrived.
    pub request: Request,
    /// What was responded; `None` where nothing was decided yet.
    pub response: Option<Responded>,
    /// What only the moment knew, and the judgement that was made with a token.
    pub kept: Kept,
    /// What the user says of it.
    pub annotation: Annotation,
}

/// What could not be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The line of the file where it begins, from 1.
    pub line: u64,
    /// Why, and what to do.
    pub reason: String,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// An exchange.
    Exchange(Box<Imported>),
    /// Something that is none.
    Complaint(Complaint),
}

impl Item {
    /// What came of reading a text that begins on this line.
    fn of(line: u64, read: Result<Imported, String>) -> Self {
        match read {
            Ok(imported) => Self::Exchange(Box::new(imported)),
            Err(reason) => Self::Complaint(Complaint { line, reason }),
        }
    }
}

/// A file that is being read.
#[derive(Debug)]
pub struct Reading {
    /// When what says nothing of that arrived.
    now_millis: i64,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// The form is not known yet; what came so far.
    Beginning(Vec<u8>),
    /// One exchange a line.
    Lines(Lines),
    /// The values of an array.
    Values(Values),
    /// Raw requests.
    Http(http::Messages),
    /// The records of an archive of them.
    Archive(archive::Records),
    /// JSON as people copy it, read when it is whole.
    Document(Vec<u8>),
    /// It has no form that is known, or is too long for the one it has.
    Nothing,
}

impl Reading {
    /// Begins. What says nothing of its arrival is taken to have arrived at this moment, in milliseconds since the Unix epoch.
    pub fn new(now_millis: i64) -> Self {
        Self { now_millis, stage: Stage::Beginning(Vec::new()) }
    }

    /// Takes the next piece, and gives what it completes.
    pub fn take(&mut self, piece: &[u8]) -> Vec<Item> {
        let mut items = Vec::new();
        self.feed(piece, &mut items);
        items
    }

    /// The file is over: gives what is left of it.
    pub fn end(mut self) -> Vec<Item> {
        let mut items = Vec::new();
        if let Stage::Beginning(text) = &mut self.stage {
            let text = std::mem::take(text);
            self.begin(form::recognise(&text, true), &text, &mut items);
        }
        let now_millis = self.now_millis;
        match self.stage {
            Stage::Lines(lines) => lines.end(now_millis, &mut items),
            Stage::Values(values) => {
                values.end(&mut |line, text| items.push(Item::of(line, text.and_then(|text| value(text, line, now_millis)))));
            }
            Stage::Http(messages) => messages.end(now_millis, &mut items),
            Stage::Archive(records) => records.end(&mut items),
            Stage::Document(text) => document::read(&text, now_millis, &mut items),
            Stage::Beginning(_) | Stage::Nothing => {}
        }
        items
    }

    fn feed(&mut self, piece: &[u8], items: &mut Vec<Item>) {
        let now_millis = self.now_millis;
        match &mut self.stage {
            Stage::Beginning(text) => {
                text.extend_from_slice(piece);
                let recognised = form::recognise(text, false);
                if recognised != Recognised::NotYet {
                    let text = std::mem::take(text);
                    self.begin(recognised, &text, items);
                }
            }
            Stage::Lines(lines) => lines.take(piece, now_millis, items),
            Stage::Values(values) => {
                values.take(piece, &mut |line, text| items.push(Item::of(line, text.and_then(|text| value(text, line, now_millis)))));
            }
            Stage::Http(messages) => messages.take(piece, now_millis, items),
            Stage::Archive(records) => records.take(piece, items),
            Stage::Document(text) if text.len() + piece.len() > document::MAX_BYTES => {
                items.push(Item::Complaint(Complaint { line: 1, reason: document::TOO_LONG.to_owned() }));
                self.stage = Stage::Nothing;
            }
            Stage::Document(text) => text.extend_from_slice(piece),
            Stage::Nothing => {}
        }
    }

    /// The form is known, or will never be.
    fn begin(&mut self, recognised: Recognised, text: &[u8], items: &mut Vec<Item>) {
        self.stage = match recognised {
            Recognised::Form(Form::Lines) => Stage::Lines(Lines::default()),
            Recognised::Form(Form::Array) => Stage::Values(Values::of_array()),
            Recognised::Form(Form::Har) => Stage::Values(Values::of_har()),
            Recognised::Form(Form::Http) => Stage::Http(http::Messages::default()),
            Recognised::Form(Form::Archive) => Stage::Archive(archive::Records::default()),
            Recognised::Form(Form::Document) => Stage::Document(Vec::new()),
            Recognised::Empty => Stage::Nothing,
            Recognised::NotYet | Recognised::Unknown => {
                items.push(Item::Complaint(Complaint { line: 1, reason: form::UNKNOWN.to_owned() }));
                Stage::Nothing
            }
        };
        self.feed(text.strip_prefix(form::BYTE_ORDER_MARK).unwrap_or(text), items);
    }
}

/// One exchange a line.
#[derive(Debug, Default)]
struct Lines {
    /// What there is of a line that is not whole.
    begun: Begun,
    /// How many lines there were.
    count: u64,
}

impl Lines {
    fn take(&mut self, mut piece: &[u8], now_millis: i64, items: &mut Vec<Item>) {
        while let Some(end) = piece.iter().position(|&byte| byte == b'\n') {
            let (line, rest) = piece.split_at(end);
            piece = &rest[1..];
            if self.begun.is_empty() {
                self.line(line, now_millis, items);
            } else {
                self.begun.lengthen(line);
                self.end_line(now_millis, items);
            }
        }
        self.begun.lengthen(piece);
    }

    fn end_line(&mut self, now_millis: i64, items: &mut Vec<Item>) {
        if let Some(line) = self.begun.take() {
            self.line(&line, now_millis, items);
        } else {
            self.count += 1;
            items.push(Item::Complaint(Complaint { line: self.count, reason: TOO_LONG.to_owned() }));
        }
    }

    fn line(&mut self, text: &[u8], now_millis: i64, items: &mut Vec<Item>) {
        self.count += 1;
        if !text.trim_ascii().is_empty() {
            items.push(Item::of(self.count, value(text, self.count, now_millis)));
        }
    }

    fn end(mut self, now_millis: i64, items: &mut Vec<Item>) {
        if !self.begun.is_empty() {
            self.end_line(now_millis, items);
        }
    }
}

/// Why a text is not taken.
const TOO_LONG: &str = "it is longer than 256 MB, which is more than an exchange can be; it was left out";

/// Reads one JSON value that begins on this line: an exchange as Hookglass writes it, an entry of a HAR file, or the body of a
/// callback.
fn value(text: &[u8], line: u64, now_millis: i64) -> Result<Imported, String> {
    let text = std::str::from_utf8(text).map_err(|error| format!("it is no UTF-8 at byte {}", error.valid_up_to() + 1))?;
    let error = match line::read(text) {
        Err(line::Error::Form(error)) => error,
        read => return read.map_err(|error| error.to_string()),
    };
    let place = |offset| {
        let (inner, column) = json::line_and_column(text.as_bytes(), offset);
        (usize::try_from(line).unwrap_or(usize::MAX).saturating_add(inner - 1), column)
    };
    if let Some(why) = document::why_no_json(text.as_bytes(), place) {
        return Err(why);
    }
    har::read(text).or_else(|| document::body(text, now_millis)).unwrap_or_else(|| {
        // What names an arrival was meant to be an exchange.
        Err(if text.contains("\"received_at\"") { line::Error::Form(error).to_string() } else { NOT_AN_EXCHANGE.to_owned() })
    })
}

/// Why a JSON value is not taken.
const NOT_AN_EXCHANGE: &str =
    "this is neither an exchange as Hookglass writes it, nor an entry of a HAR file, nor a body with a CallbackCommand";
