//! What is known to be private, found inside what may stay.

use super::alias::{Alias, Aliases, Class, Private, hash};
use super::spot::Filling;
use crate::protocol::sign::Token;
use crate::wording;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::cell::OnceCell;

/// What stands for a token.
const TOKEN: &str = "(token)";

/// The tokens, in every form in which they could stand in a text.
#[derive(Debug)]
pub struct Known {
    tokens: Option<AhoCorasick>,
}

/// Shorter tokens would be found in any text.
const SHORTEST_TOKEN: usize = 4;

impl Known {
    pub fn new<'a>(tokens: impl IntoIterator<Item = &'a Token>) -> Self {
        let forms = tokens.into_iter().map(Token::reveal).filter(|token| token.len() >= SHORTEST_TOKEN).flat_map(forms);
        Self { tokens: searcher(forms.collect(), None) }
    }

    /// Whether a token stands in a text.
    pub fn is_in(&self, text: &str) -> bool {
        self.tokens.as_ref().is_some_and(|tokens| tokens.is_match(text))
    }
}

/// How a value may be written: as it is, in a URL, in JSON, on a screen.
fn forms(value: &str) -> Vec<String> {
    let json = serde_json::Value::from(value).to_string();
    let ascii: String = value.chars().flat_map(char_in_ascii).collect();
    let mut forms = vec![
        value.to_owned(),
        percent_encoded(value, false),
        percent_encoded(value, true),
        json[1..json.len() - 1].to_owned(),
        ascii,
        wording::visible(value),
    ];
    forms.sort();
    forms.dedup();
    forms
}

/// As JSON that is ASCII all through writes a character.
fn char_in_ascii(c: char) -> Vec<char> {
    if c.is_ascii() {
        return vec![c];
    }
    c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| format!("\\u{unit:04x}").chars().collect::<Vec<_>>()).collect()
}

fn percent_encoded(value: &str, is_lower: bool) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ if is_lower => format!("%{byte:02x}"),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

fn searcher(patterns: Vec<String>, kind: Option<AhoCorasickKind>) -> Option<AhoCorasick> {
    let patterns: Vec<String> = patterns.into_iter().filter(|pattern| !pattern.is_empty()).collect();
    if patterns.is_empty() {
        return None;
    }
    // It fails past 2^31 bytes only, and there are never so many.
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).kind(kind).build(patterns).ok()
}

/// The private values of one exchange, themselves.
#[derive(Debug, Default)]
pub struct Here {
    values: Vec<(Box<str>, Private)>,
    bytes: usize,
    searcher: OnceCell<Option<AhoCorasick>>,
}

/// Values may take so much memory; past that they are found only where they stand by themselves.
const MOST_BYTES: usize = 1 << 20;
/// Longer values stand in nothing that may stay.
const LONGEST: usize = 4096;
/// Shorter values are found only where they stand by themselves.
const SHORTEST: usize = 4;
/// Shorter texts are words that anybody says.
const SHORTEST_TEXT: usize = 6;
/// So many values are looked for one by one: most exchanges have fewer, and looking through their few short texts takes less than
/// making an automaton for it.
const FEW: usize = 64;

impl Here {
    /// Notes a value, unless it is found anyway or too much.
    pub fn add(&mut self, value: &str, private: Private) {
        let shortest = if private.class == Class::Text { SHORTEST_TEXT } else { SHORTEST };
        let is_fit = (shortest..=LONGEST).contains(&value.len());
        let is_there = self.values.len() <= FEW && self.values.iter().any(|(there, _)| **there == *value);
        if is_fit && !is_there && self.bytes + value.len() <= MOST_BYTES {
            self.bytes += value.len();
            self.values.push((value.into(), private));
            let shown = wording::visible(value);
            if shown != value {
                self.values.push((shown.into(), private));
            }
        }
    }

    /// Which values stand in a text: their places and numbers, those that begin first, of those that begin together the longest, none
    /// over another.
    fn places(&self, text: &str) -> Vec<(usize, usize)> {
        if self.values.len() <= FEW {
            return self.places_one_by_one(text);
        }
        // It looks through little: the automaton that is quickest to make, not to search with.
        let values = || self.values.iter().map(|(value, _)| value.to_string()).collect();
        let searcher = self.searcher.get_or_init(|| searcher(values(), Some(AhoCorasickKind::NoncontiguousNFA)));
        let found = searcher.iter().flat_map(|searcher| searcher.find_iter(text));
        found.map(|found| (found.start(), found.pattern().as_usize())).collect()
    }

    fn places_one_by_one(&self, text: &str) -> Vec<(usize, usize)> {
        let value = |number: usize| &*self.values[number].0;
        let fits = |number: &usize| value(*number).len() <= text.len();
        // Where each begins next.
        let mut next: Vec<_> = (0..self.values.len()).filter(fits).filter_map(|number| Some((text.find(value(number))?, number))).collect();
        let mut found = Vec::new();
        while let Some((start, number)) = next.iter().copied().min_by_key(|(start, number)| (*start, usize::MAX - value(*number).len())) {
            found.push((start, number));
            let free = start + value(number).len();
            next.retain_mut(|(start, number)| {
                let again = if *start < free { text[free..].find(value(*number)).map(|at| free + at) } else { Some(*start) };
                *start = again.unwrap_or_default();
                again.is_some()
            });
        }
        found
    }
}

/// What is to stand in a stretch of a text.
type Stretch = (usize, usize, String);

impl Filling<'_> {
    /// The text without what in it is known to be private; `None` where nothing is.
    pub fn scan(self, text: &str) -> Option<String> {
        let found = self.stretches(text);
        if found.is_empty() {
            return None;
        }
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for (start, end, words) in found {
            out.push_str(&text[at..start]);
            out.push_str(&words);
            at = end;
        }
        out.push_str(&text[at..]);
        Some(out)
    }

    /// What in a text is known to be private, in order, none over another.
    pub fn stretches(self, text: &str) -> Vec<Stretch> {
        let mut found = self.tokens(text);
        found.extend(self.here(text));
        found.extend(pieces(text, self.aliases));
        // Of two that overlap the first stays, of two that begin together the longer one.
        found.sort_by_key(|(start, end, _)| (*start, usize::MAX - end));
        let mut free = 0;
        found.retain(|(start, end, _)| {
            let is_free = *start >= free;
            free = if is_free { *end } else { free };
            is_free
        });
        found
    }

    fn tokens(self, text: &str) -> Vec<Stretch> {
        let Some(tokens) = &self.known.tokens else { return Vec::new() };
        tokens.find_iter(text).map(|found| (found.start(), found.end(), TOKEN.to_owned())).collect()
    }

    fn here(self, text: &str) -> Vec<Stretch> {
        let stretch = |(start, number): (usize, usize)| {
            let (value, private) = &self.here.values[number];
            let end = start + value.len();
            let stands_alone = is_alone(text, start, end);
            let may_stand_inside = value.len() >= SHORTEST_TEXT && !is_number(value);
            let is_it = stands_alone || (may_stand_inside && !is_part_of_number(text, start, end));
            let alias = self.aliases.get(private.hash).filter(|_| is_it)?;
            Some((start, end, alias.words(*private)))
        };
        self.here.places(text).into_iter().filter_map(stretch).collect()
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number goes on at an end of a stretch: `user_1` does not stand in `user_12`.
fn is_part_of_number(text: &str, start: usize, end: usize) -> bool {
    let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    (start > 0 && is_digit(start - 1) && is_digit(start)) || (is_digit(end - 1) && is_digit(end))
}

/// Whether no letter and no digit stands beside a stretch.
fn is_alone(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    !text[..start].ends_with(is_letter) && !text[end..].starts_with(is_letter)
}

/// So many places are looked at behind each where a value may begin.
const WINDOW: usize = 12;
/// Numbers of fewer digits are too common for being somebody in the middle of something.
const SHORTEST_NUMBER: usize = 5;
/// What stands before an account or a group in the name of a conversation.
pub const CONVERSATIONS: [(&str, Class); 4] =
    [("C2C_", Class::Account), ("GROUP_", Class::Group), ("c2c_", Class::Account), ("group_", Class::Group)];

/// What of a text is an alias' value of any exchange so far: whatever stands between two places where words end.
fn pieces(text: &str, aliases: &Aliases) -> Vec<Stretch> {
    let ends = ends_of_words(text);
    let mut found = Vec::new();
    let mut free = 0;
    for (at, &start) in ends.iter().enumerate() {
        if start < free {
            continue;
        }
        let mut longest_first = ends[at + 1..].iter().take(WINDOW).rev();
        let known = longest_first.find_map(|&end| Some((end, piece(text, start, end, aliases)?)));
        if let Some((end, words)) = known {
            found.push((start, end, words));
            free = end;
        }
    }
    found
}

/// Where something may begin or end: at both ends of the text, and on both sides of whatever is no letter and no digit.
fn ends_of_words(text: &str) -> Vec<usize> {
    let mut ends = vec![0];
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_alphanumeric()) {
        ends.extend([at, at + c.len_utf8()]);
    }
    ends.push(text.len());
    ends.dedup();
    ends
}

fn piece(text: &str, start: usize, end: usize, aliases: &Aliases) -> Option<String> {
    let value = &text[start..end];
    let begins_conversation = || CONVERSATIONS.iter().any(|(prefix, _)| text[..start].ends_with(prefix));
    let is_too_common = match value.len() {
        0 | 1 => true,
        length if is_number(value) => length < SHORTEST_NUMBER,
        _ => false,
    };
    let is_whole = start == 0 && end == text.len();
    if value.is_empty() || (is_too_common && !is_whole && !begins_conversation()) {
        return None;
    }
    let alias: Alias = aliases.get(hash(value))?;
    let says_something = alias.class.is_somebody() || value.chars().count() >= SHORTEST_TEXT;
    says_something.then(|| alias.words(Private::of(value, alias.class)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_found_where_many_are() {
        let mut here = Here::default();
        let values = ["mira", "mira_7", "anna and mira", "红包来了", "7 anna"];
        for value in values {
            here.add(value, Private::of(value, Class::Account));
        }
        let text = "mira_7 anna and mira, 红包来了红包来了 mira_mira_77";
        let found = here.places(text);
        let shown: Vec<&str> = found.iter().map(|(start, number)| &text[*start..start + here.values[*number].0.len()]).collect();
        assert_eq!(shown, ["mira_7", "anna and mira", "红包来了", "红包来了", "mira", "mira_7"]);
        for number in 0..FEW {
            here.add(&format!("nobody {number}"), Private::of("nobody", Class::Account));
        }
        assert_eq!(here.places(text), found);
    }
}
