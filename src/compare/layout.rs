//! A comparison as rows of a list: which unit stands on a row, and how much of what is the same is shown.

use super::{Change, Comparison, Counts, Frame, Hand, Line, Title, Unit};
use std::collections::BTreeSet;

/// How the two sides stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// The left one beside the right one.
    #[default]
    Beside,
    /// What was removed above what was added.
    Inline,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shows {
    /// What differs, with what it stands in.
    #[default]
    Differences,
    /// All of it. Long stretches of what is the same are folded.
    All,
}

/// So many lines of what is the same are shown on each side of a fold.
const CONTEXT: u32 = 3;

/// What stands on a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOf {
    /// The heading of a part, and what differs in it.
    Title {
        /// Which part.
        title: Title,
        /// What differs in it.
        counts: Counts,
        /// Whether there is nothing in it.
        is_empty: bool,
    },
    /// So many lines that are the same, folded.
    Fold {
        /// The unit, for unfolding it.
        unit: u32,
        /// How many lines.
        lines: u32,
    },
    /// A line on each side, or on one.
    Lines {
        /// What became of it.
        change: Change,
        /// As it stands on the left.
        left: Option<Line>,
        /// As it stands on the right.
        right: Option<Line>,
        /// The unit that it is of.
        unit: u32,
    },
}

/// Which row each unit starts on. Every part has one unit more: its heading comes first.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    manner: Manner,
    shows: Shows,
    unfolded: BTreeSet<u32>,
    /// The first row of each unit, and behind the last one how many rows there are.
    starts: Vec<u32>,
    /// The unit of each difference.
    differences: Vec<u32>,
}

impl Layout {
    /// Lays a comparison out, everything long that is the same folded.
    pub fn of(comparison: &Comparison, manner: Manner, shows: Shows) -> Self {
        let mut layout = Self { manner, shows, ..Self::default() };
        layout.lay_out(comparison);
        layout
    }

    /// Unfolds what is folded of a unit.
    pub fn unfold(&mut self, comparison: &Comparison, unit: u32) {
        self.unfolded.insert(unit);
        self.lay_out(comparison);
    }

    fn lay_out(&mut self, comparison: &Comparison) {
        let mut row = 0;
        let mut starts = Vec::with_capacity(comparison.units.len() + 1);
        let mut differences = Vec::with_capacity(usize::try_from(comparison.counts.differences()).unwrap_or_default());
        for (at, unit) in (0..).zip(&comparison.units) {
            starts.push(row);
            match unit.unit() {
                Some(unit) => {
                    row += self.rows(at, &unit);
                    if unit.change.is_difference() {
                        differences.push(at);
                    }
                }
                None => row += 1,
            }
        }
        starts.push(row);
        (self.starts, self.differences) = (starts, differences);
    }

    /// How many rows a unit takes.
    fn rows(&self, at: u32, unit: &Unit) -> u32 {
        let [left, right] = unit.lines;
        match (unit.frame, unit.change, self.shows) {
            (Frame::OfSame, _, Shows::Differences)
            | (Frame::None, Change::Same | Change::Ignored | Change::Rewritten, Shows::Differences) => 0,
            (Frame::OfSame | Frame::OfDifferences, ..) => 1,
            (Frame::None, Change::Same, Shows::All) => self.fold(at, unit).map_or(right, |_| 2 * CONTEXT + 1),
            _ if self.manner == Manner::Beside => left.max(right),
            _ => left + right,
        }
    }

    /// How many lines of a unit are folded away.
    fn fold(&self, at: u32, unit: &Unit) -> Option<u32> {
        let folded = unit.lines[1].saturating_sub(2 * CONTEXT);
        (folded > 1 && !self.unfolded.contains(&at)).then_some(folded)
    }

    /// How many rows there are.
    pub fn len(&self) -> u32 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many differences there are.
    pub fn differences(&self) -> usize {
        self.differences.len()
    }

    /// The first row of a difference, counted from 0, and the row behind it.
    pub fn rows_of(&self, difference: usize) -> Option<std::ops::Range<u32>> {
        let unit = *self.differences.get(difference)? as usize;
        Some(*self.starts.get(unit)?..*self.starts.get(unit + 1)?)
    }

    /// The difference that a row is of.
    pub fn difference_at(&self, row: u32) -> Option<usize> {
        self.differences.binary_search(&self.unit_at(row)?).ok()
    }

    fn unit_at(&self, row: u32) -> Option<u32> {
        // Units without a row start where the next one does.
        let at = self.starts.partition_point(|start| *start <= row).checked_sub(1)?;
        u32::try_from(at).ok().filter(|_| row < self.len())
    }

    /// What stands on a row.
    pub fn row(&self, comparison: &Comparison, row: u32) -> Option<RowOf> {
        let unit_at = self.unit_at(row)?;
        let (section, at) = comparison.place_of(unit_at)?;
        let Some(at) = at else {
            return Some(RowOf::Title { title: section.title, counts: section.counts, is_empty: section.is_empty() });
        };
        let unit = comparison.unit(unit_at)?;
        let mut line = row - self.starts[unit_at as usize];
        if unit.change == Change::Same
            && unit.frame == Frame::None
            && let Some(folded) = self.fold(unit_at, &unit)
        {
            if line == CONTEXT {
                return Some(RowOf::Fold { unit: unit_at, lines: folded });
            }
            line += if line > CONTEXT { folded - 1 } else { 0 };
        }
        let [left, right] = if unit.frame != Frame::None || self.manner == Manner::Beside || unit.change == Change::Same {
            [Some(line), Some(line)]
        } else {
            [(line < unit.lines[0]).then_some(line), line.checked_sub(unit.lines[0])]
        };
        let side = |hand, line: Option<u32>| section.line(at, hand, line?);
        Some(RowOf::Lines { change: unit.change, left: side(Hand::Left, left), right: side(Hand::Right, right), unit: unit_at })
    }
}

impl Comparison {
    /// The name that a unit has, as it can be ignored; `None` where it has none.
    pub fn name(&self, unit: u32) -> Option<String> {
        let (section, at) = self.place_of(unit)?;
        section.name(at?)
    }

    /// Whether a unit is there on one side.
    pub fn has(&self, unit: u32, hand: Hand) -> bool {
        self.unit(unit).is_some_and(|unit| unit.lines[hand as usize] > 0)
    }

    fn unit(&self, unit: u32) -> Option<Unit> {
        self.units.get(unit as usize)?.unit()
    }

    /// All that a unit is on one side; `None` where it is not there.
    pub fn value(&self, unit: u32, hand: Hand) -> Option<String> {
        let (section, at) = self.place_of(unit)?;
        section.value(at?, hand)
    }

    /// The part that a unit is of, and its number there; `None` where it is the heading.
    fn place_of(&self, unit: u32) -> Option<(&super::Section, Option<usize>)> {
        let mut left = unit as usize;
        for section in &self.sections {
            if left <= section.len() {
                return Some((section, left.checked_sub(1)));
            }
            left -= section.len() + 1;
        }
        None
    }
}
