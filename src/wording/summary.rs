//! Summaries: who and what, in a few words.

use super::text::visible;
use crate::protocol::summary::{Part, Summary};

/// Who and what, in a few words.
pub fn summary(summary: &Summary) -> String {
    let words = summary.0.iter().map(|part| match part {
        Part::Words(words) => words.to_string(),
        Part::Values(values, 0) => names(values),
        Part::Values(values, more) => format!("{} and {more} more", names(values)),
        Part::Said(text) => visible(beginning(text, SUMMARY_CHARS)),
        Part::Kind(kind) => format!("[{kind}]"),
    });
    words.collect()
}

fn names(values: &[String]) -> String {
    let names: Vec<String> = values.iter().map(|value| visible(beginning(value, SUMMARY_CHARS))).collect();
    names.join(", ")
}

/// How much of one value a summary repeats, in characters.
const SUMMARY_CHARS: usize = 120;

/// The first characters of a text. What belongs to the last one, such as the parts of a joined emoji, stays with it.
fn beginning(text: &str, chars: usize) -> &str {
    let joins = |c: char| matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{300}'..='\u{36f}' | '\u{1f3fb}'..='\u{1f3ff}');
    let mut rest = text.char_indices().skip(chars).peekable();
    let mut after_joiner = false;
    while let Some((_, c)) = rest.next_if(|(_, c)| joins(*c) || after_joiner) {
        after_joiner = c == '\u{200d}';
    }
    rest.peek().map_or(text, |(end, _)| &text[..*end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_not_cut_inside_a_joined_emoji() {
        assert_eq!(beginning("ab👩\u{200d}👩\u{200d}👧c", 3), "ab👩\u{200d}👩\u{200d}👧");
        assert_eq!(beginning("e\u{301}x", 1), "e\u{301}");
        assert_eq!(beginning("红包", 5), "红包");
    }

    #[test]
    fn a_summary_says_who_what_and_where() {
        let check = |parts: Vec<Part>, expected: &str| assert_eq!(summary(&Summary(parts)), expected);
        let who = |more| Part::Values(vec!["jared".to_owned(), "tommy".to_owned()], more);
        check(vec![who(0), Part::Words(" joined ".into()), Part::Values(vec!["@TGS#1".into()], 0)], "jared, tommy joined @TGS#1");
        check(vec![who(4)], "jared, tommy and 4 more");
        check(vec![who(0), Part::Words(": ".into()), Part::Said("hello\nyou".into())], "jared, tommy: hello⏎you");
        check(vec![who(0), Part::Words(": ".into()), Part::Kind("image")], "jared, tommy: [image]");
        check(vec![], "");
        check(vec![Part::Said("x".repeat(500))], &"x".repeat(120));
    }
}
