//! The walk through two JSON texts. It does not recurse, and passes over what is equal.

use super::align::{self, Step};
use super::hashes::{Hashes, is_ignored, key};
use super::json::{Item, JsonDiff, Level, Shape, Text, as_u32};
use super::likeness::Likeness;
use super::{Change, Ignored, line};
use crate::protocol::json::{Kind, Node};
use std::ops::Range;

/// How deep containers are looked into; what is nested deeper is one value. Common JSON readers stop there.
const MAX_DEPTH: u16 = 128;

/// How often JSON inside a string is opened inside JSON inside a string.
const MAX_OPENED: u16 = 4;

/// Compares two texts.
pub fn walk(texts: Level, ignored: &Ignored) -> JsonDiff {
    let mut walk = Walk {
        ignored,
        diff: JsonDiff::default(),
        hashes: Vec::new(),
        frames: Vec::new(),
        differences: 0,
        likeness: Likeness::default(),
        said: <[Vec<u64>; 2]>::default(),
    };
    let [left, right] = [0, 1].map(|hand: usize| (!texts[hand].document.is_empty()).then_some(0));
    walk.enter(texts, Step { left, right }, (0, 0));
    while let Some(frame) = walk.frames.last_mut() {
        match frame.next_place() {
            Some(place) => walk.look_at(place),
            None => walk.leave(),
        }
    }
    walk.diff
}

/// Two values opposite each other, or one.
#[derive(Clone, Copy)]
struct Place {
    left: Option<u32>,
    right: Option<u32>,
    /// Its number in an array, from 1; 0 where it has none.
    number: u32,
}

/// What is being walked: what two containers hold, or two outermost values.
struct Frame {
    level: u32,
    /// Of what stands in it.
    depth: u16,
    /// In how many strings it stands.
    opened: u16,
    /// The values on either side, and how they stand opposite each other.
    children: [Vec<u32>; 2],
    steps: Vec<Step>,
    next: usize,
    /// Whether they are numbered.
    is_list: bool,
    /// The containers; `None` around outermost values.
    around: Option<[u32; 2]>,
    /// The item that opened it, and how many differences came before.
    opened_by: Option<(usize, usize)>,
}

impl Frame {
    fn next_place(&mut self) -> Option<Place> {
        let Step { left, right } = *self.steps.get(self.next)?;
        self.next += 1;
        let number = if self.is_list { right.or(left).map_or(0, |at| at + 1) } else { 0 };
        let value = |hand: usize, at: u32| self.children[hand][at as usize];
        Some(Place { left: left.map(|at| value(0, at)), right: right.map(|at| value(1, at)), number })
    }
}

struct Walk<'a> {
    ignored: &'a Ignored,
    diff: JsonDiff,
    /// Of each level; empty again once it was walked.
    hashes: Vec<[Hashes; 2]>,
    frames: Vec<Frame>,
    differences: usize,
    likeness: Likeness,
    /// What the items of two lists say, while they are paired up: there may be a million lists.
    said: [Vec<u64>; 2],
}

impl Walk<'_> {
    /// Goes on with the outermost values of two texts.
    fn enter(&mut self, texts: Level, outermost: Step, (depth, opened): (u16, u16)) {
        self.hashes.push([0, 1].map(|hand: usize| Hashes::of(&texts[hand].bytes, &texts[hand].document, self.ignored)));
        self.diff.levels.push(texts);
        let steps = if outermost.left.or(outermost.right).is_some() { vec![outermost] } else { Vec::new() };
        let (level, opened_by) = (as_u32(self.diff.levels.len() - 1), self.opener().filter(|_| depth > 0));
        let children = [vec![0], vec![0]];
        self.frames.push(Frame { level, depth, opened, children, steps, next: 0, is_list: false, around: None, opened_by });
    }

    fn leave(&mut self) {
        let Some(Frame { level, depth, around, opened_by, .. }) = self.frames.pop() else { return };
        let holds_differences = opened_by.is_some_and(|(_, before)| self.differences > before);
        if let Some((opener, _)) = opened_by {
            self.diff.items[opener].holds_differences = holds_differences;
        }
        match around {
            Some(values) => {
                let values = values.map(|at| at..at + 1);
                self.diff.items.push(Item { depth: depth - 1, holds_differences, ..item(Change::Same, Shape::Close, level, values) });
            }
            None => self.hashes[level as usize] = <[Hashes; 2]>::default(),
        }
    }

    fn look_at(&mut self, place: Place) {
        match (place.left, place.right) {
            (Some(left), Some(right)) => self.opposite([left, right], place.number),
            (Some(_), None) => self.alone(Change::Removed, place),
            (None, _) => self.alone(Change::Added, place),
        }
    }

    /// Level and depth of what stands in the frame that is being walked, and in how many strings that is.
    fn here(&self) -> (u32, u16, u16) {
        self.frames.last().map_or((0, 0, 0), |frame| (frame.level, frame.depth, frame.opened))
    }

    /// The item that was pushed last, and how many differences there are.
    fn opener(&self) -> Option<(usize, usize)> {
        Some((self.diff.items.len().checked_sub(1)?, self.differences))
    }

    fn push(&mut self, change: Change, shape: Shape, values: [Range<u32>; 2], number: u32) {
        let (level, depth, _) = self.here();
        self.differences += usize::from(change.is_difference());
        self.diff.items.push(Item { depth, number, ..item(change, shape, level, values) });
    }

    /// A value on one side.
    fn alone(&mut self, change: Change, place: Place) {
        let texts = &self.diff.levels[self.here().0 as usize];
        let values = [(0, place.left), (1, place.right)].map(|(hand, at): (usize, _)| at.map_or(0..0, |at| texts[hand].whole(at)));
        let is_ignored = [(0, place.left), (1, place.right)]
            .into_iter()
            .any(|(hand, at): (usize, _)| at.is_some_and(|at| is_ignored(&texts[hand].bytes, &texts[hand].node(at), self.ignored)));
        self.push(if is_ignored { Change::Ignored } else { change }, Shape::Values, values, place.number);
    }

    fn opposite(&mut self, values: [u32; 2], number: u32) {
        let (level, depth, opened) = self.here();
        let (texts, hashes) = (&self.diff.levels[level as usize], &self.hashes[level as usize]);
        let wholes = [0, 1].map(|hand: usize| texts[hand].whole(values[hand]));
        if hashes[0].written(values[0]) == hashes[1].written(values[1]) {
            return self.same(wholes, number);
        }
        let nodes = [0, 1].map(|hand: usize| texts[hand].node(values[hand]));
        if is_ignored(&texts[1].bytes, &nodes[1], self.ignored) {
            return self.push(Change::Ignored, Shape::Values, wholes, number);
        }
        let is_container = nodes[0].kind == nodes[1].kind && nodes.iter().all(Node::is_container);
        if is_container && depth < MAX_DEPTH {
            return self.open(values, nodes[0].kind, number);
        }
        if hashes[0].said(values[0]) == hashes[1].said(values[1]) {
            return self.push(Change::Rewritten, Shape::Values, wholes, number);
        }
        if opened < MAX_OPENED
            && let Some(inside) = inside(texts, &nodes)
        {
            self.push(Change::Same, Shape::Opened, values.map(|at| at..at + 1), number);
            return self.enter(inside, Step { left: Some(0), right: Some(0) }, (depth + 1, opened + 1));
        }
        let same = line::same_beginning(texts[0].raw(values[0]), texts[1].raw(values[1]));
        self.push(Change::Changed, Shape::Values, wholes, number);
        if let Some(item) = self.diff.items.last_mut() {
            item.same = as_u32(same);
        }
    }

    /// What is the same continues what was the same before it.
    fn same(&mut self, values: [Range<u32>; 2], number: u32) {
        let (level, depth, _) = self.here();
        let before = self.diff.items.last_mut().filter(|before| {
            let goes_on = [0, 1].into_iter().all(|hand: usize| before.values[hand].end == values[hand].start);
            before.change == Change::Same && before.shape == Shape::Values && (before.level, before.depth) == (level, depth) && goes_on
        });
        match before {
            Some(before) => {
                for (of_before, of_this) in before.values.iter_mut().zip(&values) {
                    of_before.end = of_this.end;
                }
            }
            None => self.push(Change::Same, Shape::Values, values, number),
        }
    }

    /// Two containers that differ in something.
    fn open(&mut self, values: [u32; 2], kind: Kind, number: u32) {
        let (level, depth, opened) = self.here();
        let texts = &self.diff.levels[level as usize];
        let children = [0, 1].map(|hand: usize| texts[hand].children(values[hand]));
        let (steps, is_in_order) =
            if kind == Kind::Object { self.by_key(level, &children) } else { (self.by_item(level, &children), true) };
        let change = if is_in_order { Change::Same } else { Change::Rewritten };
        self.push(change, Shape::Open, values.map(|at| at..at + 1), number);
        let (is_list, opened_by) = (kind == Kind::Array, self.opener());
        self.frames.push(Frame { level, depth: depth + 1, opened, children, steps, next: 0, is_list, around: Some(values), opened_by });
    }

    fn by_key(&self, level: u32, children: &[Vec<u32>; 2]) -> (Vec<Step>, bool) {
        let texts = &self.diff.levels[level as usize];
        let written = |hand: usize| children[hand].iter().map(move |at| texts[hand].node(*at).key_bytes(&texts[hand].bytes));
        // Mostly the keys are the same, and an array may hold a million objects.
        if written(0).eq(written(1)) {
            return (align::one_to_one(children[0].len()), true);
        }
        let nodes = [0, 1].map(|hand: usize| children[hand].iter().map(|at| texts[hand].node(*at)).collect::<Vec<_>>());
        let keys = [0, 1].map(|hand: usize| nodes[hand].iter().map(|node| key(&texts[hand].bytes, node)).collect::<Vec<_>>());
        align::by_key(&keys[0], &keys[1])
    }

    fn by_item(&mut self, level: u32, children: &[Vec<u32>; 2]) -> Vec<Step> {
        let Self { diff, hashes, likeness, said, .. } = self;
        let (texts, hashes) = (&diff.levels[level as usize], &hashes[level as usize]);
        for hand in 0..2 {
            said[hand].clear();
            said[hand].extend(children[hand].iter().map(|at| hashes[hand].said(*at)));
        }
        align::lists(&said[0], &said[1], |left, right| likeness.of(texts, hashes, [children[0][left], children[1][right]]))
    }
}

fn item(change: Change, shape: Shape, level: u32, values: [Range<u32>; 2]) -> Item {
    Item { change, shape, level, depth: 0, values, number: 0, same: 0, holds_differences: false }
}

/// The JSON inside two strings; `None` where one of them holds none.
fn inside(texts: &Level, nodes: &[Node; 2]) -> Option<Level> {
    let read = |hand: usize| {
        let (text, node) = (&texts[hand].bytes, &nodes[hand]);
        let quoted = node.bytes(text);
        let begins = quoted.get(1..).unwrap_or_default().trim_ascii_start().first();
        // What somebody said never counts as such.
        let may_be = node.kind == Kind::String && matches!(begins, Some(b'{' | b'[')) && !node.has_key(text, "Text");
        may_be.then(|| Text::read(node.string(text).into_owned().into_bytes()).ok()).flatten()
    };
    Some([read(0)?, read(1)?])
}
