//! Summaries: who and what, in a few words.

use super::text::visible;
use crate::protocol::summary::Summary;

/// Who and what, in a few words.
pub fn summary(summary: &Summary) -> String {
    let Summary { who, more, text, to, place } = summary;
    let mut words = visible(&who.join(", "));
    if *more > 0 {
        words = format!("{words} and {more} more");
    }
    let target = match (to, place, text) {
        (Some(to), _, _) if who.first() != Some(to) => Some(to),
        (_, place, None) => place.as_ref(),
        _ => None,
    };
    if let Some(target) = target {
        let arrow = if words.is_empty() { "" } else { " → " };
        words = format!("{words}{arrow}{}", visible(target));
    }
    match text.as_deref().map(|text| visible(beginning(text, SUMMARY_CHARS))) {
        Some(text) if words.is_empty() => text,
        Some(text) => format!("{words}: {text}"),
        None => words,
    }
}

/// How much of what was said a summary repeats, in characters.
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
        let check = |summary_of: Summary, expected: &str| assert_eq!(summary(&summary_of), expected);
        let who = vec!["jared".to_owned(), "tommy".to_owned()];
        check(Summary { who: who.clone(), place: Some("@TGS#1".into()), ..Summary::default() }, "jared, tommy → @TGS#1");
        check(Summary { who: who.clone(), more: 4, ..Summary::default() }, "jared, tommy and 4 more");
        check(
            Summary { who: who[..1].to_vec(), to: Some("leckie".into()), text: Some("hello\nyou".into()), ..Summary::default() },
            "jared → leckie: hello⏎you",
        );
        check(
            Summary { who: who[..1].to_vec(), place: Some("@TGS#1".into()), text: Some("红包".into()), ..Summary::default() },
            "jared: 红包",
        );
        check(Summary::default(), "");
        check(Summary { text: Some("x".repeat(500)), ..Summary::default() }, &"x".repeat(120));
    }
}
