//! How alike two items of a list are.

use super::hashes::Hashes;
use super::json::{Level, as_u32};
use crate::protocol::json::Kind;

/// How many pairs of items are asked in all how alike they are.
const MOST_ASKED: usize = 200_000;

/// How many values are looked at in all for that.
const MOST_LOOKED_AT: usize = 20_000_000;

/// For how many keys a value counts that is the same.
const SAME_VALUE: u32 = 100;

/// How many values of an item are looked at.
const MOST_ALIKE: usize = 24;

/// Says how alike two items are, until it has looked at too many values.
#[derive(Debug, Default)]
pub struct Likeness {
    asked: usize,
    looked_at: usize,
}

impl Likeness {
    /// Each of their first values that is the same counts, and a little each key that both have.
    pub fn of(&mut self, texts: &Level, hashes: &[Hashes; 2], items: [u32; 2]) -> u32 {
        if self.asked == MOST_ASKED || self.looked_at > MOST_LOOKED_AT {
            return 0;
        }
        self.asked += 1;
        let nodes = [0, 1].map(|hand: usize| texts[hand].node(items[hand]));
        if nodes[0].kind != nodes[1].kind || !nodes[0].is_container() {
            return 0;
        }
        if nodes[0].kind == Kind::Array { self.of_arrays(texts, hashes, items) } else { self.of_objects(texts, hashes, items) }
    }

    fn of_arrays(&mut self, texts: &Level, hashes: &[Hashes; 2], items: [u32; 2]) -> u32 {
        let [left, right] = [0, 1].map(|hand: usize| first(texts, hand, items[hand]));
        let like = left.zip(right).map(|(left, right)| if is_same(hashes, left, right) { SAME_VALUE } else { 0 });
        let (count, like) = like.fold((0, 0), |(count, sum), like| (count + 1, sum + like));
        self.looked_at += count;
        like
    }

    fn of_objects(&mut self, texts: &Level, hashes: &[Hashes; 2], items: [u32; 2]) -> u32 {
        let named = |hand: usize, at: u32| texts[hand].node(at).key_bytes(&texts[hand].bytes);
        let (mut others, mut count) = ([(&b""[..], 0); MOST_ALIKE], 0);
        for (other, right) in others.iter_mut().zip(first(texts, 1, items[1])) {
            *other = (named(1, right), right);
            count += 1;
        }
        self.looked_at += count;
        let (mut next, mut like) = (0, 0);
        for left in first(texts, 0, items[0]) {
            let name = named(0, left);
            // Mostly they come in the same order.
            let found = (next..count).chain(0..next).position(|at| others[at].0 == name);
            self.looked_at += found.map_or(count, |passed| passed + 1);
            if let Some(passed) = found {
                let at = (next + passed) % count;
                like += if is_same(hashes, left, others[at].1) { SAME_VALUE } else { 1 };
                next = at + 1;
            }
        }
        like
    }
}

/// The first values in an item.
fn first(texts: &Level, hand: usize, item: u32) -> impl Iterator<Item = u32> {
    texts[hand].document.children(item as usize).take(MOST_ALIKE).map(as_u32)
}

fn is_same(hashes: &[Hashes; 2], left: u32, right: u32) -> bool {
    hashes[0].said(left) == hashes[1].said(right)
}
