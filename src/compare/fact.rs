//! Names with values opposite each other: parameters, headers, verdicts.

use super::line::{self, Ink, Line, Piece};
use super::{Change, Frame, Hand, Ignored, Title, Unit, align};

/// A name and what stands behind it on each side.
#[derive(Debug, Clone)]
pub struct Fact {
    change: Change,
    /// Name and value, as they stand on the left and on the right.
    sides: [Option<(String, String)>; 2],
    /// How many bytes of both values are the same at their beginning.
    same: usize,
}

/// Compares two lists of names with values. Of headers, letters count the same in either case.
pub fn compare(left: &[(String, String)], right: &[(String, String)], title: Title, ignored: &Ignored) -> Vec<Fact> {
    let key =
        |name: &str| if matches!(title, Title::Headers | Title::ResponseHeaders) { name.to_ascii_lowercase() } else { name.to_owned() };
    let keys = [left, right].map(|side| side.iter().map(|(name, _)| key(name)).collect::<Vec<_>>());
    let (steps, _) = align::by_key(&keys[0], &keys[1]);
    let take = |side: &[(String, String)], at: Option<u32>| at.map(|at| side[at as usize].clone());
    steps.into_iter().map(|step| fact([take(left, step.left), take(right, step.right)], ignored)).collect()
}

fn fact(sides: [Option<(String, String)>; 2], ignored: &Ignored) -> Fact {
    let is_ignored = sides.iter().flatten().any(|(name, _)| ignored.has(name));
    let (change, same) = match &sides {
        [Some(left), Some(right)] if left == right => (Change::Same, 0),
        _ if is_ignored => (Change::Ignored, 0),
        [Some((_, left)), Some((_, right))] if left == right => (Change::Rewritten, 0),
        [Some((_, left)), Some((_, right))] => (Change::Changed, line::same_beginning(left.as_bytes(), right.as_bytes())),
        [Some(_), None] => (Change::Removed, 0),
        [None, _] => (Change::Added, 0),
    };
    Fact { change, sides, same }
}

impl Fact {
    pub fn unit(&self) -> Unit {
        Unit { change: self.change, lines: [0, 1].map(|hand: usize| u32::from(self.sides[hand].is_some())), frame: Frame::None }
    }

    pub fn name(&self) -> &str {
        self.sides.iter().flatten().next_back().map_or("", |(name, _)| name)
    }

    pub fn value(&self, hand: Hand) -> Option<&str> {
        self.sides[hand as usize].as_ref().map(|(_, value)| value.as_str())
    }

    pub fn line(&self, hand: Hand) -> Option<Line> {
        let (name, value) = self.sides[hand as usize].as_ref()?;
        let mut pieces = line::value(name.as_bytes(), 0, Ink::Key);
        pieces.push(Piece::plain(": ", Ink::Mark));
        match &self.sides[hand.other() as usize] {
            Some((_, other)) if self.change == Change::Changed => {
                pieces.extend(line::differing(value.as_bytes(), other.as_bytes(), self.same, Ink::Plain));
            }
            _ => pieces.extend(line::value(value.as_bytes(), 0, Ink::Plain)),
        }
        Some(Line { depth: 0, pieces })
    }
}
