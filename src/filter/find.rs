//! Finding bytes whatever the case of their ASCII letters, in bodies of many megabytes.
//!
//! Two bytes of what is looked for, the ones that are rarest in JSON, are compared at once with a block of the text. The
//! compiler makes vector instructions of that loop, so a text is passed at memory speed until both are there.

/// How many places are looked at in one go.
const BLOCK: usize = 64;

/// Where bytes first stand in others, whatever the case of ASCII letters. What is looked for is in lower case already.
pub fn find(haystack: &[u8], needle_lower: &[u8]) -> Option<usize> {
    let last = haystack.len().checked_sub(needle_lower.len())?;
    if needle_lower.is_empty() {
        return Some(0);
    }
    let is_here = |at: usize| haystack[at..at + needle_lower.len()].eq_ignore_ascii_case(needle_lower);
    // A command or a name is passed before the rarest bytes are chosen.
    if haystack.len() < 2 * BLOCK {
        let first = Byte::of(needle_lower, 0);
        return (0..=last).find(|&at| first.is(haystack[at]) && is_here(at));
    }
    let (one, other) = rarest_two(needle_lower);
    let mut at = 0;
    while at + BLOCK <= last + 1 {
        let block_at = |offset: usize| haystack[at + offset..].first_chunk::<BLOCK>();
        let (Some(ones), Some(others)) = (block_at(one.at), block_at(other.at)) else { break };
        if has_both(ones, others, one, other) {
            let found = (at..at + BLOCK).find(|&at| is_here(at));
            if found.is_some() {
                return found;
            }
        }
        at += BLOCK;
    }
    (at..=last).find(|&at| one.is(haystack[at + one.at]) && is_here(at))
}

/// Where bytes stand in others, one after the other and none overlapping.
pub(super) fn find_all<'a>(haystack: &'a [u8], needle_lower: &'a [u8]) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + find(&haystack[at..], needle_lower)?;
        at = start + needle_lower.len();
        Some(start..at)
    })
    .take_while(|range| !range.is_empty())
}

/// One byte of what is looked for.
#[derive(Clone, Copy)]
struct Byte {
    /// Where it stands there.
    at: usize,
    /// In lower case.
    lower: u8,
    /// What makes both cases of it the same.
    fold: u8,
}

impl Byte {
    fn of(needle_lower: &[u8], at: usize) -> Self {
        let lower = needle_lower[at];
        Self { at, lower, fold: if lower.is_ascii_lowercase() { 0x20 } else { 0 } }
    }

    fn is(self, byte: u8) -> bool {
        byte | self.fold == self.lower
    }
}

/// Whether both bytes stand in their places anywhere in a block. No early end: that is what lets it be a vector loop.
fn has_both(ones: &[u8; BLOCK], others: &[u8; BLOCK], one: Byte, other: Byte) -> bool {
    let mut found = 0_u8;
    for at in 0..BLOCK {
        found |= u8::from(one.is(ones[at])) & u8::from(other.is(others[at]));
    }
    found != 0
}

fn rarest_two(needle_lower: &[u8]) -> (Byte, Byte) {
    let (mut one, mut other) = (0, needle_lower.len() - 1);
    for (at, byte) in needle_lower.iter().enumerate() {
        if commonness(*byte) < commonness(needle_lower[one]) {
            one = at;
        }
    }
    for (at, byte) in needle_lower.iter().enumerate() {
        if at != one && (other == one || commonness(*byte) < commonness(needle_lower[other])) {
            other = at;
        }
    }
    (Byte::of(needle_lower, one), Byte::of(needle_lower, other))
}

/// Roughly how common a byte is in JSON and heads.
fn commonness(byte: u8) -> u8 {
    match byte {
        b'"' | b' ' | b'e' | b'a' | b't' | b'o' | b'n' | b'i' | b'r' | b's' => 5,
        b'0'..=b'9' | b':' | b',' | b'c' | b'd' | b'l' | b'm' | b'u' | b'g' | b'p' => 4,
        b'a'..=b'z' | b'_' | b'.' | b'/' | b'\\' | b'-' | b'{' | b'}' => 3,
        // The first bytes of most Chinese characters.
        0xe4..=0xe9 => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(haystack: &str, needle: &str, expected: Option<usize>) {
        assert_eq!(find(haystack.as_bytes(), needle.as_bytes()), expected, "{needle} in {haystack}");
    }

    #[test]
    fn case_is_ignored_for_ascii_only() {
        check("Group.CallbackAfterSendMsg", "aftersendmsg", Some(14));
        check("a红包b", "红", Some(1));
        check("@[`", "@", Some(0));
        check("{", "[", None);
        check("É", "é", None);
        check("", "a", None);
        check("a", "ab", None);
        check("abc", "", Some(0));
    }

    #[test]
    fn it_is_found_wherever_it_stands() {
        for needle in ["x", "xY", "e\"x", "红包", "xxxxxy"] {
            let lower = needle.to_ascii_lowercase();
            for before in 0..300 {
                for after in [0, 1, 63, 64, 200] {
                    let text = format!("{}{needle}{}", "e".repeat(before), "e".repeat(after));
                    check(&text, &lower, Some(before));
                    check(&"e".repeat(before + after), &lower, None);
                }
            }
        }
    }

    #[test]
    fn all_places_are_found_without_overlap() {
        let places: Vec<_> = find_all(b"aAa-AA", b"aa").collect();
        assert_eq!(places, [0..2, 4..6]);
        assert_eq!(find_all(b"abc", b"").count(), 0);
    }
}
