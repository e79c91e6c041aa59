//! The private values of a body: of JSON the values alone, of anything else all of it.

use super::alias::{Class, Private};
use super::known::{CONVERSATIONS, Known};
use super::names;
use super::spot::{Action, Form, Found, Spot};
use crate::protocol::body::{self, Place};
use crate::protocol::catalogue::{Command, Field, FieldKind};
use crate::protocol::json::{self, Document, Kind, Node};

/// What a body is, and so what is known of its fields.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// What was posted.
    Request(Option<&'static Command>),
    /// What was responded.
    Response(Option<&'static Command>),
    /// JSON inside a string: data of the app's own.
    Inside,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The documents know it, and it is private.
    Secret,
    /// The documents know it, and it is not.
    Public,
    /// The documents do not know it.
    Unknown,
    /// It stands somewhere inside what is private.
    Strict,
}

/// How often JSON inside a string is opened inside JSON inside a string. Deeper it is a text like any other.
const MAX_OPENED: u32 = 4;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The places of a body where something else is to stand, in order.
pub fn spots(text: &[u8], source: Source, known: &Known, found: &mut Found) -> Vec<Spot> {
    let offset = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let text = &text[offset..];
    let Ok(readable) = std::str::from_utf8(text) else { return vec![unreadable(text, offset)] };
    if readable.trim().is_empty() {
        return Vec::new();
    }
    let document = json::read(text);
    let mut spots = Walk::new(text, &document, known, found, 0).spots(source);
    if document.mistake.is_some() {
        spots.extend(rest(readable, &document));
    }
    for spot in &mut spots {
        spot.start += offset;
        spot.end += offset;
    }
    spots
}

/// A body that is no text stays none.
fn unreadable(text: &[u8], offset: usize) -> Spot {
    let mut put = format!("({} bytes)", text.len()).into_bytes();
    put.push(0xFF);
    Spot { start: offset, end: offset + text.len(), action: Action::Put(put) }
}

/// What follows the last whole value of a text that stops being JSON. Brackets and commas may stay.
fn rest(text: &str, document: &Document) -> Option<Spot> {
    let end_of = |node: Node| if node.children > 0 || node.is_container() { node.start + 1 } else { node.end };
    let read = document.nodes().map(end_of).max().unwrap_or(0) as usize;
    let is_form = |c: char| c.is_ascii_whitespace() || "[]{},:".contains(c);
    let masked = text[read..].trim_start_matches(is_form);
    (!masked.is_empty()).then(|| Spot { start: text.len() - masked.len(), end: text.len(), action: Action::Mask(masked.into()) })
}

/// A text of JSON as it is gone through.
struct Walk<'a> {
    text: &'a [u8],
    document: &'a Document,
    known: &'a Known,
    found: &'a mut Found,
    /// How many strings around this text were opened.
    opened: u32,
    /// The containers around the value at hand, each with the last value whose key names what is in it.
    around: Vec<(usize, usize)>,
    /// Up to which value all stands inside what is private.
    strict_end: usize,
    spots: Vec<Spot>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a [u8], document: &'a Document, known: &'a Known, found: &'a mut Found, opened: u32) -> Self {
        Self { text, document, known, found, opened, around: Vec::new(), strict_end: 0, spots: Vec::new() }
    }

    fn spots(mut self, source: Source) -> Vec<Spot> {
        if self.document.is_empty() {
            return self.spots;
        }
        let (command, extras, unknown) = match source {
            Source::Request(command) => (command, &[][..], Standing::Unknown),
            Source::Response(command) => (None, command.map_or(&[][..], |command| &command.response.extras), Standing::Unknown),
            Source::Inside => (None, &[][..], Standing::Strict),
        };
        self.value(0, None, unknown);
        let (text, document) = (self.text, self.document);
        body::walk(text, document, command, |place| {
            let Place { pattern, node, field, too_deep, .. } = place;
            let field = field.or_else(|| extras.iter().find(|extra| extra.path == pattern));
            self.value(node, field, unknown);
            if too_deep {
                (node + 1..document.end_of(node)).for_each(|below| self.value(below, None, unknown));
            }
            true
        });
        // What was not kept of a container comes after what was.
        self.spots.sort_by_key(|spot| spot.start);
        self.spots
    }

    /// Goes by a value.
    fn value(&mut self, at: usize, field: Option<&'static Field>, unknown: Standing) {
        let node = self.document.node(at);
        while self.around.last().is_some_and(|(container, _)| self.document.end_of(*container) <= at) {
            self.around.pop();
        }
        let named_by = if node.has_name() { at } else { self.around.last().map_or(at, |(_, named_by)| *named_by) };
        let standing = match field {
            Some(field) if field.secret => Standing::Secret,
            Some(field) if is_of_kind(field.kind, &node, self.text) => Standing::Public,
            Some(_) | None if at < self.strict_end => Standing::Strict,
            Some(_) | None => unknown,
        };
        if node.has_name() && field.is_none() {
            self.key(&node, standing);
        }
        if node.is_container() {
            self.around.push((at, named_by));
            if standing == Standing::Secret {
                self.strict_end = self.strict_end.max(self.document.end_of(at));
            }
            self.spots.extend(unseen(self.document, at));
            return;
        }
        let name = self.document.node(named_by).key_text(self.text).unwrap_or_default();
        match node.kind {
            Kind::String => self.string(&node, &name, standing, field),
            Kind::Number => self.number(&node, &name, standing),
            Kind::Object | Kind::Array | Kind::Bool | Kind::Null => {}
        }
    }

    /// A key that nobody documents may be a value too, where a table goes by accounts. In data of the app's own only letters
    /// are taken for a name.
    fn key(&mut self, node: &Node, standing: Standing) {
        let Some(key) = node.key_text(self.text) else { return };
        let quoted = node.key_bytes(self.text).len();
        let (start, end) = (node.key_start() + 1, node.key_start() + quoted - 1);
        let is_name = names::is_word(&key) && (standing != Standing::Strict || !key.bytes().any(|byte| byte.is_ascii_digit()));
        let action = if key.is_empty() || names::is_documented_name(&key) {
            return;
        } else if is_name && !self.known.is_in(&key) {
            Action::Whole(Private::of(&key, Class::Key), Form::Words)
        } else {
            self.found.alias(&key, Class::Key, Form::Words)
        };
        self.spots.push(Spot { start, end, action });
    }

    fn string(&mut self, node: &Node, name: &str, standing: Standing, field: Option<&Field>) {
        let raw = node.raw(self.text);
        let plain = node.string(self.text);
        let (start, end) = (node.start as usize + 1, node.end as usize - 1);
        if plain.is_empty() || names::is_nobodys(&plain) {
            return;
        }
        if let Some(spots) = self.inside(&plain, name) {
            let inner = &raw.as_bytes()[1..raw.len() - 1];
            self.spots.extend(outside(inner, start, spots));
            return;
        }
        let by_value = names::class_of_value(&plain);
        let class = by_value.or_else(|| names::class(name));
        let stays = match (standing, field) {
            (Standing::Secret, _) => false,
            (Standing::Public, Some(field)) => by_value.is_none() && is_public(field, &plain),
            (Standing::Public | Standing::Unknown, _) => class.is_none() && (names::is_harmless(&plain) || is_public_id(name, &plain)),
            (Standing::Strict, _) => class.is_none() && names::is_harmless(&plain),
        };
        match stays {
            true if names::is_documented_word(&plain) && !self.known.is_in(&plain) => {}
            true => self.spots.push(Spot { start, end, action: Action::Scan(plain.into(), Form::Words) }),
            false => self.private_string(&plain, raw, (start, end), class.unwrap_or(Class::Text)),
        }
    }

    /// A private string; of the name of a conversation what follows `C2C_` and the like.
    fn private_string(&mut self, plain: &str, raw: &str, (start, end): (usize, usize), class: Class) {
        for (prefix, class) in CONVERSATIONS {
            let rest = plain.strip_prefix(prefix).filter(|rest| !rest.is_empty() && raw[1..].starts_with(prefix));
            if let Some(rest) = rest {
                let action = self.found.alias(rest, class, Form::Words);
                self.spots.push(Spot { start: start + prefix.len(), end, action });
                return;
            }
        }
        let action = self.found.alias(plain, class, Form::Words);
        self.spots.push(Spot { start, end, action });
    }

    fn number(&mut self, node: &Node, name: &str, standing: Standing) {
        let digits = node.raw(self.text);
        if standing == Standing::Public && !self.known.is_in(digits) {
            return;
        }
        let class = names::class(name);
        let is_somebody = class.is_some_and(|class| class.is_somebody() && digits != "0");
        let is_long = digits.bytes().filter(u8::is_ascii_digit).count() >= 5;
        let is_private = match standing {
            Standing::Secret | Standing::Public => true,
            Standing::Unknown => is_somebody || self.known.is_in(digits),
            Standing::Strict => is_somebody || (is_long && !names::is_time(name)),
        };
        let action = if is_private {
            self.found.alias(digits, class.unwrap_or(Class::Text), Form::Digits)
        } else if is_long {
            Action::Whole(Private::of(digits, Class::Account), Form::Digits)
        } else {
            return;
        };
        self.spots.push(Spot { start: node.start as usize, end: node.end as usize, action });
    }

    /// The places of the JSON that a string holds; `None` where it holds none.
    fn inside(&mut self, plain: &str, name: &str) -> Option<Vec<Spot>> {
        if name == "Text" || self.opened == MAX_OPENED || !plain.trim_start().starts_with(['{', '[']) {
            return None;
        }
        let document = json::read(plain.as_bytes());
        if document.mistake.is_some() {
            return None;
        }
        Some(Walk::new(plain.as_bytes(), &document, self.known, self.found, self.opened + 1).spots(Source::Inside))
    }
}

/// Whether a value is of the type that is documented, or a number written as text: the documents do both.
fn is_of_kind(kind: FieldKind, node: &Node, text: &[u8]) -> bool {
    let is_number = || node.raw(text).trim_matches('"').bytes().all(|byte| byte.is_ascii_digit());
    match kind {
        FieldKind::String | FieldKind::Boolean => true,
        FieldKind::Integer | FieldKind::Number => node.kind != Kind::String || is_number(),
        FieldKind::Object | FieldKind::Array => node.is_container(),
    }
}

/// Whether the value of a documented field that is not private is such as it should be.
fn is_public(field: &Field, value: &str) -> bool {
    if field.words.is_empty() {
        names::is_id(value)
    } else {
        field.words.contains_key(value) || names::is_word(value) || names::is_harmless(value)
    }
}

/// Ids that every callback may have, known by their names where the command is not.
fn is_public_id(name: &str, value: &str) -> bool {
    const NAMES: [&str; 8] = ["CallbackCommand", "MsgKey", "MsgId", "MsgSeq", "MsgRandom", "Random", "EventTime", "MsgTime"];
    NAMES.contains(&name) && names::is_id(value)
}

/// What a container holds and was not kept of a very long text: nobody has seen it, so nothing of it stays.
fn unseen(document: &Document, at: usize) -> Option<Spot> {
    let node = document.node(at);
    // What stands directly in the outermost object is always kept.
    if !document.is_cut(at) || (at == 0 && node.kind == Kind::Object) {
        return None;
    }
    let last = document.children(at).last();
    let start = last.map_or(node.start + 1, |last| document.node(last).end) as usize;
    let end = (node.end as usize).checked_sub(1).filter(|end| *end > start)?;
    let comma = if last.is_some() { "," } else { "" };
    let member = if node.kind == Kind::Object { ":0" } else { "" };
    Some(Spot { start, end, action: Action::Put(format!("{comma}\"({} bytes)\"{member}", end - start).into_bytes()) })
}

/// The places of a text inside a string as places of the string as written. `written` is what stands between its quotes,
/// `offset` where that begins.
fn outside(written: &[u8], offset: usize, mut spots: Vec<Spot>) -> Vec<Spot> {
    let (mut outer, mut inner) = (0, 0);
    let mut move_to = |position: &mut usize| {
        while inner < *position && outer < written.len() {
            let unit = unit(&written[outer..]);
            inner += if unit == 1 { 1 } else { json::undo_escapes(&written[outer..outer + unit]).len() };
            outer += unit;
        }
        *position = offset + outer;
    };
    for spot in &mut spots {
        move_to(&mut spot.start);
        move_to(&mut spot.end);
    }
    spots
}

/// How many bytes what stands at the beginning of a string's inside takes: an escape, or one byte.
fn unit(written: &[u8]) -> usize {
    let is_high = || matches!(written.get(2..4), Some([b'd' | b'D', b'8' | b'9' | b'a' | b'A' | b'b' | b'B']));
    let is_low = || matches!(written.get(6..10), Some([b'\\', b'u', b'd' | b'D', b'c'..=b'f' | b'C'..=b'F']));
    match written {
        [b'\\', b'u', ..] if written.len() >= 12 && is_high() && is_low() => 12,
        [b'\\', b'u', ..] => 6.min(written.len()),
        [b'\\', _, ..] => 2,
        _ => 1,
    }
}
