//! Text that is no JSON, line by line.

use super::align::{self, Step};
use super::json::as_u32;
use super::line::{self, Ink, Line};
use super::{Change, Frame, Hand, Unit};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

/// Two texts, compared.
#[derive(Debug, Clone)]
pub struct TextDiff {
    sides: [Lines; 2],
    runs: Vec<Run>,
}

/// A text and where each of its lines starts; behind the last of them its end.
#[derive(Debug, Clone)]
struct Lines {
    text: Vec<u8>,
    starts: Vec<u32>,
}

/// Lines by their numbers.
#[derive(Debug, Clone)]
struct Run {
    change: Change,
    lines: [Range<u32>; 2],
    /// How many bytes of two lines that differ are the same at their beginning.
    same: usize,
}

/// Compares two texts.
pub fn compare(left: Vec<u8>, right: Vec<u8>) -> TextDiff {
    let sides = [left, right].map(Lines::of);
    let hashes = [0, 1].map(|hand: usize| sides[hand].hashes());
    let mut runs: Vec<Run> = Vec::new();
    for step in align::lists(&hashes[0], &hashes[1], |_, _| 0) {
        let run = run(&sides, step);
        match runs.last_mut() {
            Some(before) if before.goes_on_with(&run) => {
                before.lines = [0, 1].map(|hand: usize| before.lines[hand].start..run.lines[hand].end);
            }
            _ => runs.push(run),
        }
    }
    TextDiff { sides, runs }
}

fn run(sides: &[Lines; 2], step: Step) -> Run {
    let lines = [step.left, step.right].map(|at| at.map_or(0..0, |at| at..at + 1));
    let (change, same) = match (step.left, step.right) {
        (Some(left), Some(right)) => {
            let [left, right] = [sides[0].line(left), sides[1].line(right)];
            if left == right { (Change::Same, 0) } else { (Change::Changed, line::same_beginning(left, right)) }
        }
        (Some(_), None) => (Change::Removed, 0),
        (None, _) => (Change::Added, 0),
    };
    Run { change, lines, same }
}

impl Run {
    fn goes_on_with(&self, other: &Self) -> bool {
        self.change == Change::Same && other.change == Change::Same && (0..2).all(|hand| self.lines[hand].end == other.lines[hand].start)
    }
}

impl Lines {
    fn of(text: Vec<u8>) -> Self {
        let mut starts = vec![0];
        starts.extend(text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| as_u32(at + 1)));
        if starts.last() != Some(&as_u32(text.len())) {
            starts.push(as_u32(text.len()));
        }
        Self { text, starts }
    }

    fn len(&self) -> u32 {
        as_u32(self.starts.len() - 1)
    }

    /// A line without its break.
    fn line(&self, at: u32) -> &[u8] {
        let (start, end) = (self.starts[at as usize] as usize, self.starts[at as usize + 1] as usize);
        let line = &self.text[start..end];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    fn hashes(&self) -> Vec<u64> {
        let hash = |at| {
            let mut hasher = DefaultHasher::new();
            self.line(at).hash(&mut hasher);
            hasher.finish()
        };
        (0..self.len()).map(hash).collect()
    }
}

impl TextDiff {
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    pub fn unit(&self, at: usize) -> Unit {
        let Run { change, lines, .. } = &self.runs[at];
        Unit { change: *change, lines: [0, 1].map(|hand: usize| as_u32(lines[hand].len())), frame: Frame::None }
    }

    /// The lines of a run, with their breaks.
    pub fn value(&self, at: usize, hand: Hand) -> Option<String> {
        let (lines, side) = (&self.runs[at].lines[hand as usize], &self.sides[hand as usize]);
        let bytes = side.starts[lines.start as usize] as usize..side.starts[lines.end as usize] as usize;
        (!lines.is_empty()).then(|| String::from_utf8_lossy(&side.text[bytes]).into_owned())
    }

    pub fn line(&self, at: usize, hand: Hand, line: u32) -> Option<Line> {
        let run = &self.runs[at];
        let number = run.lines[hand as usize].clone().nth(line as usize)?;
        let text = self.sides[hand as usize].line(number);
        let pieces = if run.change == Change::Changed {
            let other = self.sides[hand.other() as usize].line(run.lines[hand.other() as usize].start);
            line::differing(text, other, run.same, Ink::Plain)
        } else {
            line::value(text, 0, Ink::Plain)
        };
        Some(Line { depth: 0, pieces })
    }
}
