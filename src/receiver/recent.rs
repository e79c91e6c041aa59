//! Which signatures came lately, and with what: tells a repeated callback from a new one.

use crate::protocol::ReplayKey;
use crate::protocol::verdict::Replay;
use foldhash::fast::RandomState;
use std::collections::{HashMap, VecDeque};

/// How many signed callbacks are remembered. A signature is usable for a minute; this many are some hours' worth.
const REMEMBERED: usize = 65_536;

/// How long the same signature with other content is normal: all callbacks signed in one second share it.
const SHARED_MILLIS: i64 = 5_000;

/// The signed callbacks that came lately, bounded.
#[derive(Debug, Default)]
pub struct Recent {
    /// When a signature first came.
    signatures: HashMap<u64, i64, RandomState>,
    /// When a content first came.
    contents: HashMap<u64, i64, RandomState>,
    /// All of them, oldest first.
    order: VecDeque<ReplayKey>,
}

impl Recent {
    /// Notes a signed callback and says whether it came before.
    pub fn note(&mut self, key: ReplayKey, at_millis: i64) -> Replay {
        let signature_first = *self.signatures.entry(key.signature).or_insert(at_millis);
        if let Some(&first_at_millis) = self.contents.get(&key.content) {
            return Replay::Repeated { first_at_millis };
        }
        self.contents.insert(key.content, at_millis);
        self.order.push_back(key);
        if self.order.len() > REMEMBERED {
            self.forget_oldest();
        }
        if at_millis - signature_first > SHARED_MILLIS {
            Replay::ReusedSignature { first_at_millis: signature_first }
        } else {
            Replay::First
        }
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.order.pop_front() {
            self.contents.remove(&oldest.content);
            // Later callbacks with this signature count from now on as its first.
            self.signatures.remove(&oldest.signature);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_reuse_are_told_apart() {
        let mut recent = Recent::default();
        let key = |signature, content| ReplayKey { signature, content };
        assert_eq!(recent.note(key(1, 10), 1_000), Replay::First);
        assert_eq!(recent.note(key(1, 11), 6_000), Replay::First, "5 s later still shares the second");
        assert_eq!(recent.note(key(1, 10), 6_500), Replay::Repeated { first_at_millis: 1_000 });
        assert_eq!(recent.note(key(1, 12), 6_001), Replay::ReusedSignature { first_at_millis: 1_000 });
        assert_eq!(recent.note(key(2, 20), 6_001), Replay::First);
    }

    #[test]
    fn memory_is_bounded() {
        let mut recent = Recent::default();
        for n in 0..200_000 {
            recent.note(ReplayKey { signature: n, content: n }, 0);
        }
        assert_eq!((recent.order.len(), recent.contents.len(), recent.signatures.len()), (REMEMBERED, REMEMBERED, REMEMBERED));
    }
}
