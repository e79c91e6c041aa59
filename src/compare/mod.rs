//! Two exchanges, or one and what is documented, opposite each other: what was added, removed and changed.
//!
//! JSON is compared as structure, on the values as they were received: numbers by their digits, strings by what they say, objects
//! by their keys, arrays so that an item that was put in between is one difference. JSON inside a string is compared the same way.
//! What is no JSON is compared by lines, what is no text by bytes. Everything is bounded: two bodies cost about what reading them
//! costs, whatever is in them.

mod align;
mod bytes;
mod fact;
mod hashes;
mod ignored;
mod json;
mod layout;
mod likeness;
mod line;
mod report;
mod side;
mod subsequence;
mod text;
mod walk;

pub use ignored::{Ignored, VOLATILE};
pub use layout::{Layout, Manner, RowOf, Shows};
pub use line::{Ink, Line, Piece};
pub use report::{report, sign, title};
pub use side::{Side, Who};

use bytes::BytesDiff;
use fact::Fact;
use json::JsonDiff;
use side::Facts;
use text::TextDiff;

/// What became of something from the left to the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Same,
    /// It says the same, written differently: other escapes, or keys in another order.
    Rewritten,
    /// It differs, or is on one side only, and is ignored.
    Ignored,
    /// It says something else.
    Changed,
    /// It is on the left only.
    Removed,
    /// It is on the right only.
    Added,
}

impl Change {
    /// Whether it counts as a difference.
    pub fn is_difference(self) -> bool {
        matches!(self, Self::Changed | Self::Removed | Self::Added)
    }
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// What it is compared with.
    Left,
    /// What is looked at.
    Right,
}

/// How many differences there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// On the right only.
    pub added: u64,
    /// On the left only.
    pub removed: u64,
    /// On both sides, and different.
    pub changed: u64,
    /// The same, written differently.
    pub rewritten: u64,
    /// Different, and ignored.
    pub ignored: u64,
}

impl Counts {
    /// How many differences that count there are.
    pub fn differences(&self) -> u64 {
        self.added + self.removed + self.changed
    }

    fn note(&mut self, change: Change) {
        match change {
            Change::Same => {}
            Change::Rewritten => self.rewritten += 1,
            Change::Ignored => self.ignored += 1,
            Change::Changed => self.changed += 1,
            Change::Removed => self.removed += 1,
            Change::Added => self.added += 1,
        }
    }
}

/// A part of what is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Title {
    /// The request's body.
    Body,
    /// Method, path and version of the request.
    RequestLine,
    /// The parameters of the URL.
    Parameters,
    /// The request's headers.
    Headers,
    /// What was judged.
    Verdicts,
    /// What was responded, and what became of it.
    Response,
    /// The response's headers.
    ResponseHeaders,
    /// The response's body.
    ResponseBody,
}

/// One part, compared.
#[derive(Debug, Clone)]
pub struct Section {
    /// Which part.
    pub title: Title,
    /// What differs in it.
    pub counts: Counts,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Json(JsonDiff),
    Text(TextDiff),
    Bytes(BytesDiff),
    Facts(Vec<Fact>),
}

/// A piece of a section that stands together: a value, a bracket, or a run of what is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unit {
    change: Change,
    /// How many lines it has on the left and on the right.
    lines: [u32; 2],
    frame: Frame,
}

/// Whether a unit only frames others: an opening or closing bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Frame {
    /// It does not.
    #[default]
    None,
    /// Others that differ in nothing that counts.
    OfSame,
    /// Others that differ.
    OfDifferences,
}

/// A unit as it is kept beside the parts: all of them are gone through whenever they are laid out, and they may be millions.
/// The heading of a part is one that has no lines.
#[derive(Debug, Clone, Copy)]
struct Packed(u64);

const CHANGES: [Change; 6] = [Change::Same, Change::Rewritten, Change::Ignored, Change::Changed, Change::Removed, Change::Added];
const FRAMES: [Frame; 3] = [Frame::None, Frame::OfSame, Frame::OfDifferences];

impl Packed {
    const HEADING: Self = Self(0);

    /// A body of 4 GiB would have fewer lines than 2^28 that are kept.
    fn of(unit: Unit) -> Self {
        let Unit { change, lines: [left, right], frame } = unit;
        Self(u64::from(left) << 36 | u64::from(right & 0xfff_ffff) << 8 | (frame as u64) << 4 | change as u64)
    }

    #[expect(clippy::cast_possible_truncation, reason = "each is what was put there")]
    fn unit(self) -> Option<Unit> {
        let lines = [(self.0 >> 36) as u32, (self.0 >> 8) as u32 & 0xfff_ffff];
        let unit = Unit { change: CHANGES[self.0 as usize & 15], lines, frame: FRAMES[self.0 as usize >> 4 & 15] };
        (lines != [0, 0]).then_some(unit)
    }
}

/// Two sides, compared.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// What stands left.
    pub left: Who,
    /// What stands right.
    pub right: Who,
    /// The parts in their order.
    pub sections: Vec<Section>,
    /// What differs in all of them.
    pub counts: Counts,
    /// All units, a heading before those of each part.
    units: Vec<Packed>,
}

impl Comparison {
    /// Compares two sides. What only one of them can have is left out.
    pub fn of(left: Side, right: Side, ignored: &Ignored) -> Self {
        let (who_left, who_right) = (left.who, right.who);
        let facts = |title, left: Option<Facts>, right: Option<Facts>| {
            Some((title, Content::Facts(fact::compare(&left?, &right?, title, ignored))))
        };
        let bodies = |title, left: Option<Vec<u8>>, right: Option<Vec<u8>>| Some((title, content(left?, right?, ignored)));
        let parts = [
            bodies(Title::Body, Some(left.body), Some(right.body)),
            facts(Title::RequestLine, left.line, right.line),
            facts(Title::Parameters, left.parameters, right.parameters),
            facts(Title::Headers, left.headers, right.headers),
            facts(Title::Verdicts, left.verdicts, right.verdicts),
            facts(Title::Response, left.response, right.response),
            facts(Title::ResponseHeaders, left.response_headers, right.response_headers),
            bodies(Title::ResponseBody, left.response_body, right.response_body),
        ];
        let mut units = Vec::new();
        let sections: Vec<Section> = parts.into_iter().flatten().map(|(title, content)| Section::of(title, content, &mut units)).collect();
        let mut counts = Counts::default();
        for Section { counts: Counts { added, removed, changed, rewritten, ignored }, .. } in &sections {
            counts.added += added;
            counts.removed += removed;
            counts.changed += changed;
            counts.rewritten += rewritten;
            counts.ignored += ignored;
        }
        Self { left: who_left, right: who_right, sections, counts, units }
    }
}

/// Compares two bodies as what both of them are.
fn content(left: Vec<u8>, right: Vec<u8>, ignored: &Ignored) -> Content {
    match json::compare(left, right, ignored) {
        Ok(diff) => Content::Json(diff),
        Err((left, right)) if crate::lines::is_text(&left) && crate::lines::is_text(&right) => Content::Text(text::compare(left, right)),
        Err((left, right)) => Content::Bytes(bytes::compare(left, right)),
    }
}

impl Section {
    fn of(title: Title, content: Content, units: &mut Vec<Packed>) -> Self {
        let mut section = Self { title, counts: Counts::default(), content };
        units.push(Packed::HEADING);
        units.reserve(section.len());
        for at in 0..section.len() {
            let unit = section.unit(at);
            section.counts.note(unit.change);
            units.push(Packed::of(unit));
        }
        section
    }

    /// How many units it has.
    fn len(&self) -> usize {
        match &self.content {
            Content::Json(diff) => diff.len(),
            Content::Text(diff) => diff.len(),
            Content::Bytes(diff) => diff.len(),
            Content::Facts(facts) => facts.len(),
        }
    }

    fn unit(&self, at: usize) -> Unit {
        match &self.content {
            Content::Json(diff) => diff.unit(at),
            Content::Text(diff) => diff.unit(at),
            Content::Bytes(diff) => diff.unit(at),
            Content::Facts(facts) => facts[at].unit(),
        }
    }

    /// A line of a unit as it stands on one side; `None` where there is none.
    fn line(&self, at: usize, hand: Hand, line: u32) -> Option<Line> {
        match &self.content {
            Content::Json(diff) => diff.line(at, hand, line),
            Content::Text(diff) => diff.line(at, hand, line),
            Content::Bytes(diff) => diff.line(at, hand, line),
            Content::Facts(facts) => facts[at].line(hand),
        }
    }

    /// The name of a unit.
    fn name(&self, at: usize) -> Option<String> {
        match &self.content {
            Content::Json(diff) => diff.name(at),
            Content::Text(_) | Content::Bytes(_) => None,
            Content::Facts(facts) => Some(facts[at].name().to_owned()),
        }
    }

    /// All of a unit on one side.
    fn value(&self, at: usize, hand: Hand) -> Option<String> {
        match &self.content {
            Content::Json(diff) => diff.value(at, hand),
            Content::Text(diff) => diff.value(at, hand),
            Content::Bytes(diff) => diff.value(at, hand),
            Content::Facts(facts) => facts[at].value(hand).map(str::to_owned),
        }
    }

    /// Whether there is nothing in it on either side.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests;
