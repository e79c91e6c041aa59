//! What is searched for in a body, and where it stands there.

/// What is searched for: a text as it is written in the body, escapes and all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needle {
    /// The text.
    pub text: String,
    /// Whether upper and lower case of the letters A to Z differ.
    pub match_case: bool,
}

/// Where a needle was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Where each match starts, in bytes: all are as long as the needle.
    pub starts: Vec<u32>,
    /// Whether there are more than were noted.
    pub more: bool,
}

/// How many matches are noted.
pub const MOST_FOUND: usize = 100_000;

impl Needle {
    /// Notes the matches that start within the next so many bytes from `from`, none of which overlap; says where to go on,
    /// or `None` at the end.
    #[expect(clippy::cast_possible_truncation, reason = "bodies are limited far below 4 GiB")]
    pub fn find(&self, body: &[u8], from: usize, bytes: usize, found: &mut Found) -> Option<usize> {
        let first = *self.text.as_bytes().first()?;
        let (lower, upper) = if self.match_case { (first, first) } else { (first.to_ascii_lowercase(), first.to_ascii_uppercase()) };
        let last = (body.len() + 1).checked_sub(self.text.len())?;
        let end = from.saturating_add(bytes).min(last);
        let mut at = from;
        while let Some(step) = body.get(at..end).and_then(|rest| rest.iter().position(|byte| *byte == lower || *byte == upper)) {
            at += step;
            if !self.matches(&body[at..at + self.text.len()]) {
                at += 1;
                continue;
            }
            if found.starts.len() == MOST_FOUND {
                found.more = true;
                return None;
            }
            found.starts.push(at as u32);
            at += self.text.len();
        }
        (end < last).then_some(at.max(end))
    }

    fn matches(&self, bytes: &[u8]) -> bool {
        let text = self.text.as_bytes();
        if self.match_case { bytes == text } else { bytes.eq_ignore_ascii_case(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, match_case: bool, body: &str, expected: &[u32]) {
        let needle = Needle { text: text.to_owned(), match_case };
        for bytes in [1, 3, 1_000] {
            let (mut found, mut from) = (Found::default(), Some(0));
            while let Some(at) = from {
                from = needle.find(body.as_bytes(), at, bytes, &mut found);
            }
            assert_eq!((found.starts.as_slice(), found.more), (expected, false), "{text} in {body}, {bytes} at once");
        }
    }

    #[test]
    fn matches_are_found_as_written() {
        check("ab", false, "ab AB aB", &[0, 3, 6]);
        check("ab", true, "ab AB aB", &[0]);
        check("红", false, "x红包红", &[1, 7]);
        check("aa", false, "aaaaa", &[0, 2]);
        check("\\u7ea2", false, r"红 \u7EA2", &[4]);
        check("", false, "abc", &[]);
        check("abcd", false, "abc", &[]);
        check("c", false, "abc", &[2]);
    }

    #[test]
    fn no_more_are_noted_than_can_be_looked_through() {
        let body = "x".repeat(MOST_FOUND + 1);
        let mut found = Found::default();
        assert_eq!(Needle { text: "x".into(), match_case: true }.find(body.as_bytes(), 0, usize::MAX, &mut found), None);
        assert_eq!((found.starts.len(), found.more), (MOST_FOUND, true));
    }
}
