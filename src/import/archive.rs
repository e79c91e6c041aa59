//! The archive of raw HTTP that `export::http` writes: a WARC file whose `request` records say what the wire does not.
//!
//! Archives of other tools are read as well: of a request of theirs the record tells when it came.

use super::{Complaint, Imported, Item, MAX_TEXT_BYTES, TOO_LONG, line};
use crate::annotation::Annotation;
use crate::exchange::{IMPORTED, Outcome, Responded};
use crate::protocol::Kept;
use crate::wire::{self, MAX_HEAD_BYTES, Request};
use serde::Deserialize;

/// How long what stands before a record's content can be: a head's URL may be in it, with each of its bytes as three.
const MAX_FIELDS_BYTES: usize = 1024 * 1024;

/// The records that are being told apart.
#[derive(Debug, Default)]
pub struct Records {
    text: Vec<u8>,
    /// Up to where it was read.
    at: usize,
    /// The line that begins there.
    line: u64,
    /// What of a record is still to be passed over.
    left: usize,
    /// A request whose response may follow, and its line.
    request: Option<(u64, Box<Imported>)>,
    /// Whether it is damaged so that nothing more can be told apart.
    is_over: bool,
}

/// The fields of a record that are asked for.
struct Fields {
    /// How many bytes they take, with the empty line.
    length: usize,
    kind: String,
    content_length: usize,
    date: String,
    exchange: Option<String>,
}

impl Records {
    pub fn take(&mut self, piece: &[u8], items: &mut Vec<Item>) {
        self.text.extend_from_slice(piece);
        while !self.is_over && self.next(items) {}
        self.text.drain(..self.at);
        self.at = 0;
    }

    pub fn end(mut self, items: &mut Vec<Item>) {
        self.give(items);
        if !self.is_over && !self.rest().trim_ascii().is_empty() {
            items.push(complaint(self.line, "the file breaks off in this record; what came before it was taken"));
        }
    }

    /// Takes the next record, where all of it is there.
    fn next(&mut self, items: &mut Vec<Item>) -> bool {
        let passed = self.left.min(self.rest().len());
        self.skip(passed);
        self.left -= passed;
        if self.left > 0 {
            return false;
        }
        let blank = self.rest().len() - self.rest().trim_ascii_start().len();
        self.skip(blank);
        let fields = match fields(self.rest()) {
            Ok(Some(fields)) => fields,
            Ok(None) => return false,
            Err(reason) => {
                self.give(items);
                items.push(complaint(self.line, reason));
                self.is_over = true;
                return false;
            }
        };
        if fields.content_length > MAX_TEXT_BYTES {
            items.push(complaint(self.line, TOO_LONG));
            self.skip(fields.length);
            self.left = fields.content_length;
            return true;
        }
        let end = fields.length + fields.content_length;
        let Some(record) = self.rest().get(..end) else { return false };
        let content = record[fields.length..].to_vec();
        self.record(&fields, content, items);
        self.skip(end);
        true
    }

    fn record(&mut self, fields: &Fields, content: Vec<u8>, items: &mut Vec<Item>) {
        match fields.kind.as_str() {
            "request" => {
                self.give(items);
                match request(fields, content) {
                    Ok(imported) => self.request = Some((self.line, Box::new(imported))),
                    Err(reason) => items.push(complaint(self.line, reason)),
                }
            }
            "response" => {
                if let Some((_, imported)) = &mut self.request {
                    respond(imported, &content);
                }
                self.give(items);
            }
            _ => {}
        }
    }

    /// Gives the request that waits.
    fn give(&mut self, items: &mut Vec<Item>) {
        if let Some((line, imported)) = self.request.take() {
            items.push(Item::of(line + 1, Ok(*imported)));
        }
    }

    fn skip(&mut self, length: usize) {
        let passed = &self.text[self.at..self.at + length];
        self.line += passed.split(|&byte| byte == b'\n').skip(1).count() as u64;
        self.at += length;
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }
}

fn complaint(line: u64, reason: impl Into<String>) -> Item {
    Item::Complaint(Complaint { line: line + 1, reason: reason.into() })
}

/// Reads the fields of a record; `None` while not all of them are there.
fn fields(text: &[u8]) -> Result<Option<Fields>, String> {
    const NO_RECORD: &str = "no record of a WARC file begins here; what comes from here on was left out";
    let begun = &text[..text.len().min(b"WARC/".len())];
    if !b"WARC/".starts_with(begun) {
        return Err(NO_RECORD.to_owned());
    }
    let near = &text[..text.len().min(MAX_FIELDS_BYTES)];
    let Some(length) = near.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4) else {
        return if near.len() < MAX_FIELDS_BYTES { Ok(None) } else { Err(NO_RECORD.to_owned()) };
    };
    let lines = String::from_utf8_lossy(&text[..length]);
    let field = |wanted: &str| {
        let mut lines = lines.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim().to_owned())
    };
    let content_length = field("Content-Length").and_then(|length| length.parse().ok());
    Ok(Some(Fields {
        length,
        kind: field("WARC-Type").unwrap_or_default(),
        content_length: content_length.ok_or("this record says no length; what comes from here on was left out")?,
        date: field("WARC-Date").unwrap_or_default(),
        exchange: field("Hookglass-Exchange"),
    }))
}

/// What is read of a record besides the exchange.
#[derive(Deserialize)]
struct Besides {
    head_bytes: usize,
}

fn request(fields: &Fields, mut content: Vec<u8>) -> Result<Imported, String> {
    let Some(exchange) = &fields.exchange else { return of_another_tool(fields, &content) };
    let mut imported = line::read(exchange).map_err(|error| error.to_string())?;
    let Besides { head_bytes } =
        serde_json::from_str(exchange).map_err(|error| format!("this record does not say where its head ends: {error}"))?;
    if head_bytes > content.len() || head_bytes > MAX_HEAD_BYTES {
        return Err("the head of this request is said to be longer than it can be".to_owned());
    }
    imported.request.body = content.split_off(head_bytes);
    imported.request.head = content;
    Ok(imported)
}

fn of_another_tool(fields: &Fields, content: &[u8]) -> Result<Imported, String> {
    let (head, body) = wire::split_head(content);
    let at: Result<jiff::Timestamp, jiff::Error> = fields.date.parse();
    let at = at.map_err(|_no_time| format!("WARC-Date is no time: {}", crate::wording::value(&fields.date)))?;
    if head.len() > MAX_HEAD_BYTES {
        return Err("the head is longer than 64 KiB, which none in a history is".to_owned());
    }
    let request = Request::complete(at.as_millisecond(), head, body);
    Ok(Imported { request, response: Some(Responded::none(IMPORTED)), kept: Kept::default(), annotation: Annotation::default() })
}

/// Takes in the response that was recorded beside a request.
fn respond(imported: &mut Imported, content: &[u8]) {
    let body = wire::split_head(content).1.to_vec();
    if let Some(response) = imported.response.as_mut().and_then(|responded| responded.response.as_mut()) {
        response.body = body;
    } else if let Some(response) = wire::read_response(content)
        && (100..600).contains(&response.status)
        && imported.response.as_ref().is_some_and(|responded| responded.rule == IMPORTED)
    {
        imported.response = Some(Responded { outcome: Some(Outcome::Sent), ..Responded::decided(response, IMPORTED) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::Mark;
    use crate::exchange::{DEFAULT_RULE, Exchange};
    use crate::export::{Form, Format, Leaving, Setting, Writing};
    use crate::inspect;
    use crate::protocol::verdict::Replay;
    use crate::protocol::{Judged, response};
    use crate::wire::{BodyEnd, Transport};
    use jiff::tz::TimeZone;

    fn archive(exchanges: &[Imported]) -> Vec<u8> {
        let setting = Setting { base: String::new(), zone: TimeZone::UTC };
        let mut writing = Writing::begin(Form::of(Format::Http), setting, Vec::new()).expect("bug: a Vec takes it");
        for (id, Imported { request, response, kept, annotation }) in (1..).zip(exchanges.iter().cloned()) {
            let inspection = inspect::inspect(&request, &[], &kept);
            let findings = inspection.findings(&request, &[]);
            let exchange = Exchange { id, request, response };
            let (exchange, annotation, inspection, findings) = (&exchange, &annotation, &inspection, &findings);
            writing.add(Leaving { exchange, annotation, inspection, findings }).expect("bug: a Vec takes it");
        }
        writing.end().expect("bug: a Vec takes it")
    }

    fn read(text: &[u8], piece: usize) -> (Vec<Imported>, Vec<Complaint>) {
        let (mut records, mut items) = (Records::default(), Vec::new());
        text.chunks(piece).for_each(|piece| records.take(piece, &mut items));
        records.end(&mut items);
        let (mut imported, mut complaints) = (Vec::new(), Vec::new());
        for item in items {
            match item {
                Item::Exchange(exchange) => imported.push(*exchange),
                Item::Complaint(complaint) => complaints.push(complaint),
            }
        }
        (imported, complaints)
    }

    fn sample() -> [Imported; 3] {
        let sign = "0".repeat(64);
        let head = format!("POST /?SdkAppid=1&Sign={sign}&RequestTime=1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        let request = Request { peer: "[::1]:5".to_owned(), ..Request::complete(1_669_872_112_500, head, "WARC/1.1\r\n\r\n\0") };
        let sent = Responded::decided(response::success(), DEFAULT_RULE);
        let left = Outcome::CallerLeft { after_millis: 2_034 };
        let first = Imported {
            request: request.clone(),
            response: Some(Responded { responded_after_micros: Some(412), outcome: Some(left), fault: Some("delay:9".into()), ..sent }),
            kept: Kept {
                replay: Replay::Repeated { first_at_millis: 1_669_872_000_001 },
                judged: Some(Judged { app: "1".into(), signature: "valid".into(), app_id: "match".into() }),
                apps_known: Some(true),
            },
            annotation: Annotation { pinned: true, mark: Some(Mark::Blue), note: "问\r\nWARC/1.1".into() },
        };
        let cut =
            Request { head: b"\xff no head".to_vec(), body: Vec::new(), body_end: BodyEnd::CutOff, refused: Some("no".into()), ..request };
        let handshake = Request { head: Vec::new(), transport: Transport::FailedHandshake, ..cut.clone() };
        let nothing = |request| Imported {
            request,
            response: Some(Responded::none("refusal")),
            kept: Kept { apps_known: Some(false), ..Kept::default() },
            annotation: Annotation::default(),
        };
        [first, nothing(cut), nothing(handshake)]
    }

    #[test]
    fn what_was_exported_comes_back_however_it_is_cut() {
        let archive = archive(&sample());
        for piece in [1, 7, 100, archive.len()] {
            let (imported, complaints) = read(&archive, piece);
            assert_eq!((imported.as_slice(), complaints.as_slice()), (&sample()[..], &[][..]), "in pieces of {piece}");
        }
    }

    #[test]
    fn what_breaks_off_or_is_none_is_told_and_the_rest_taken() {
        let whole = archive(&sample());
        let (imported, complaints) = read(&whole[..whole.len() - 20], 100);
        assert_eq!((imported.len(), complaints.len()), (2, 1));
        assert!(complaints[0].reason.contains("breaks off"), "{complaints:?}");
        let (imported, complaints) = read(&[&whole, &b"nonsense\r\n"[..]].concat(), 100);
        assert_eq!((imported.len(), complaints.len()), (3, 1));
        assert_eq!(complaints[0].line, whole.split(|byte| *byte == b'\n').count() as u64);
        let no_length = b"WARC/1.1\r\nWARC-Type: request\r\n\r\nx";
        assert!(read(no_length, 5).1[0].reason.contains("no length"));
        let far = format!("WARC/1.1\r\nWARC-Type: request\r\nContent-Length: {}\r\n\r\nx", u64::MAX);
        assert_eq!(read(far.as_bytes(), 5).1.len(), 1);
    }

    #[test]
    fn an_archive_of_another_tool_is_read() {
        let record = |kind: &str, content: &str| {
            format!(
                "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2026-11-20T02:42:17Z\r\nContent-Length: {}\r\n\r\n{content}\r\n\r\n",
                content.len()
            )
        };
        let text = record("metadata", "x") + &record("request", "GET / HTTP/1.1\r\n\r\n") + &record("response", "HTTP/1.1 204 No\r\n\r\n");
        let (imported, complaints) = read(text.as_bytes(), 9);
        assert_eq!((imported.len(), complaints.len()), (1, 0));
        assert_eq!(imported[0].request.received_at_millis, 1_795_142_537_000);
        let status = imported[0].response.as_ref().and_then(|responded| Some(responded.response.as_ref()?.status));
        assert_eq!(status, Some(204));
    }
}
