//! Bytes that are no text: what they have in common at both ends, and between that byte by byte, or as a whole where one side
//! is longer.

use super::json::as_u32;
use super::line::{Ink, Line, Piece};
use super::{Change, Frame, Hand, Unit};
use crate::lines;
use std::ops::Range;

/// How many bytes a line shows: two sides stand beside each other.
const WIDE: usize = lines::HEX_BYTES / 2;

/// Two bodies, compared.
#[derive(Debug, Clone)]
pub struct BytesDiff {
    sides: [Vec<u8>; 2],
    runs: Vec<Run>,
}

/// Bytes by their places.
#[derive(Debug, Clone)]
struct Run {
    change: Change,
    bytes: [Range<usize>; 2],
}

/// Compares two bodies.
pub fn compare(left: Vec<u8>, right: Vec<u8>) -> BytesDiff {
    let start = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
    let most = left.len().min(right.len()) - start;
    let end = left.iter().rev().zip(right.iter().rev()).take(most).take_while(|(left, right)| left == right).count();
    // The lines of what is between begin where lines begin.
    let start = if left.len() == right.len() { start / WIDE * WIDE } else { start };
    let between = [start..left.len() - end, start..right.len() - end];
    let mut runs = Vec::new();
    push(&mut runs, Change::Same, [0..start, 0..start]);
    if left.len() == right.len() {
        for at in between[0].clone().step_by(WIDE) {
            let line = at..(at + WIDE).min(left.len());
            let change = if left[line.clone()] == right[line.clone()] { Change::Same } else { Change::Changed };
            push(&mut runs, change, [line.clone(), line]);
        }
        let done = runs.last().map_or(0, |run: &Run| run.bytes[0].end);
        push(&mut runs, Change::Same, [done..left.len(), done..left.len()]);
    } else {
        let change = match (between[0].is_empty(), between[1].is_empty()) {
            (false, true) => Change::Removed,
            (true, false) => Change::Added,
            _ => Change::Changed,
        };
        push(&mut runs, change, between);
        push(&mut runs, Change::Same, [left.len() - end..left.len(), right.len() - end..right.len()]);
    }
    BytesDiff { sides: [left, right], runs }
}

/// Adds a run; what is the same continues what was the same before it.
fn push(runs: &mut Vec<Run>, change: Change, bytes: [Range<usize>; 2]) {
    if bytes.iter().all(Range::is_empty) {
        return;
    }
    match runs.last_mut() {
        Some(before) if (before.change, change) == (Change::Same, Change::Same) => {
            before.bytes = [0, 1].map(|hand: usize| before.bytes[hand].start..bytes[hand].end);
        }
        _ => runs.push(Run { change, bytes }),
    }
}

impl BytesDiff {
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    pub fn unit(&self, at: usize) -> Unit {
        let Run { change, bytes } = &self.runs[at];
        Unit { change: *change, lines: [0, 1].map(|hand: usize| as_u32(bytes[hand].len().div_ceil(WIDE))), frame: Frame::None }
    }

    /// The bytes of a run as hex.
    pub fn value(&self, at: usize, hand: Hand) -> Option<String> {
        let bytes = &self.runs[at].bytes[hand as usize];
        (!bytes.is_empty()).then(|| lines::as_hex(&self.sides[hand as usize][bytes.clone()]))
    }

    pub fn line(&self, at: usize, hand: Hand, line: u32) -> Option<Line> {
        let Run { change, bytes } = &self.runs[at];
        let own = &bytes[hand as usize];
        let start = own.start + line as usize * WIDE;
        let span = start..(start + WIDE).min(own.end);
        if span.is_empty() {
            return None;
        }
        let shown = lines::hex_line(&self.sides[hand as usize], &span, WIDE);
        let opposite = bytes[hand.other() as usize].start + line as usize * WIDE;
        let differs = |n: usize| {
            *change == Change::Changed && self.sides[hand.other() as usize].get(opposite + n) != self.sides[hand as usize].get(start + n)
        };
        let mut of_char = vec![false; shown.len()];
        for place in (0..span.len()).filter(|n| differs(*n)).flat_map(|n| lines::hex_places(n, WIDE)) {
            of_char[place].fill(true);
        }
        let mut pieces = Vec::new();
        for piece in of_char.chunk_by(|one, other| one == other) {
            let at: usize = pieces.iter().map(|piece: &Piece| piece.text.len()).sum();
            pieces.push(Piece { text: shown[at..at + piece.len()].to_owned(), ink: Ink::Plain, differs: piece[0] });
        }
        Some(Line { depth: 0, pieces })
    }
}
