//! Finds actions by words: those that have each word in their label, or in what else is said of them. Where none has, by
//! letters that stand in the label in this order.

use super::Entry;

/// An action that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its place among all.
    pub entry: usize,
    /// The letters of its label that were found, counted in characters.
    pub letters: Vec<usize>,
}

/// How well something was found: the least is best.
type Rank = usize;

/// Behind the three ranks of a label: in what else is said.
const ELSEWHERE: Rank = 3;

/// Letters may be so many times further apart than they are many, to be found one by one.
const MOST_SPREAD: usize = 3;

/// The actions that have these words, the best first, else in their order.
pub fn find(entries: &[Entry], text: &str) -> Vec<Found> {
    let words: Vec<Vec<char>> = text.split_whitespace().map(folded).collect();
    let found = ranked(entries, |entry| by_words(entry, &words));
    if !found.is_empty() || words.is_empty() {
        return found;
    }
    let letters = words.concat();
    ranked(entries, |entry| by_letters(entry, &letters))
}

fn ranked(entries: &[Entry], look: impl Fn(&Entry) -> Option<(Rank, Vec<usize>)>) -> Vec<Found> {
    let look = |(at, entry)| look(entry).map(|(rank, letters)| (rank, Found { entry: at, letters }));
    let mut found: Vec<(Rank, Found)> = entries.iter().enumerate().filter_map(look).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, found)| found).collect()
}

/// Upper and lower case are the same, one character for one, so that places stay.
fn folded(text: &str) -> Vec<char> {
    text.chars().map(|letter| letter.to_lowercase().next().unwrap_or(letter)).collect()
}

fn by_words(entry: &Entry, words: &[Vec<char>]) -> Option<(Rank, Vec<usize>)> {
    let label = folded(&entry.label);
    let mut others = folded(&entry.about);
    others.push(' ');
    others.extend(folded(&entry.also));
    let (mut rank, mut letters) = (0, Vec::new());
    for word in words {
        if let Some((one, at)) = place(&label, word) {
            rank += one;
            letters.extend(at..at + word.len());
        } else {
            rank += ELSEWHERE + place(&others, word)?.0;
        }
    }
    letters.sort_unstable();
    letters.dedup();
    Some((rank, letters))
}

/// The best place of a word: at the very beginning, where a word begins, or anywhere.
fn place(text: &[char], word: &[char]) -> Option<(Rank, usize)> {
    let rank = |at: usize| match at {
        0 => 0,
        at if begins_word(text, at) => 1,
        _ => 2,
    };
    let places = text.windows(word.len().max(1)).enumerate().filter(|(_, one)| *one == word);
    places.map(|(at, _)| (rank(at), at)).min()
}

/// Whether a word begins here. Chinese and its like stand without spaces: each character may begin one.
fn begins_word(text: &[char], at: usize) -> bool {
    let is_ideograph = |letter: char| letter >= '\u{2e80}';
    at.checked_sub(1).is_none_or(|before| !text[before].is_alphanumeric()) || is_ideograph(text[at])
}

fn by_letters(entry: &Entry, letters: &[char]) -> Option<(Rank, Vec<usize>)> {
    let label = folded(&entry.label);
    let first = letters.first()?;
    let starts = (0..label.len()).filter(|at| label[*at] == *first && begins_word(&label, *at));
    let found = starts.filter_map(|start| letters_from(&label, letters, start));
    let spread = |places: &Vec<usize>| places.last().map_or(0, |last| last - places[0]);
    let best = found.min_by_key(spread).filter(|places| spread(places) <= MOST_SPREAD * letters.len())?;
    Some((spread(&best), best))
}

fn letters_from(label: &[char], letters: &[char], start: usize) -> Option<Vec<usize>> {
    let mut next = start;
    letters
        .iter()
        .map(|letter| {
            let at = next + label.get(next..)?.iter().position(|one| one == letter)?;
            next = at + 1;
            Some(at)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::app::palette::Does;

    fn check(labels: &[(&str, &str)], text: &str, expected: &[&str]) {
        let entry = |(label, also): &(&str, &str)| Entry {
            label: (*label).to_owned(),
            about: String::new(),
            also: (*also).to_owned(),
            does: Does::Act(Action::CopyUrl),
            meaning: None,
        };
        let entries: Vec<Entry> = labels.iter().map(entry).collect();
        let found = find(&entries, text);
        assert_eq!(found.iter().map(|found| entries[found.entry].label.as_str()).collect::<Vec<_>>(), expected, "{text}");
    }

    const SOME: [(&str, &str); 6] = [
        ("Import…", "files"),
        ("Copy as cURL", "export shell"),
        ("Show the Response tab", ""),
        ("Respond with port refuses", "refuse"),
        ("Export…", ""),
        ("Filter by 红包 of 汤米", "MsgBody"),
    ];

    #[test]
    fn the_best_place_of_a_word_comes_first() {
        check(&SOME, "port", &["Respond with port refuses", "Import…", "Export…", "Copy as cURL"]);
        check(&SOME, "EXPORT", &["Export…", "Copy as cURL"]);
        check(&SOME, "resp", &["Respond with port refuses", "Show the Response tab"]);
    }

    #[test]
    fn every_word_is_found_wherever_it_stands() {
        check(&SOME, "curl copy", &["Copy as cURL"]);
        check(&SOME, "shell copy", &["Copy as cURL"]);
        check(&SOME, "copy refuse", &[]);
    }

    #[test]
    fn chinese_is_found_by_each_character() {
        check(&SOME, "汤", &["Filter by 红包 of 汤米"]);
        check(&SOME, "包 filter", &["Filter by 红包 of 汤米"]);
        check(&SOME, "礼物", &[]);
    }

    #[test]
    fn letters_in_their_order_are_found_where_no_word_is() {
        check(&SOME, "exprt", &["Export…"]);
        check(&SOME, "cpcurl", &["Copy as cURL"]);
        check(&SOME, "zzz", &[]);
    }

    #[test]
    fn the_letters_that_were_found_are_told() {
        let entries = [Entry {
            label: "Ⅷ: İ 红包".to_owned(),
            about: String::new(),
            also: String::new(),
            does: Does::Act(Action::CopyUrl),
            meaning: None,
        }];
        assert_eq!(find(&entries, "红包 ⅷ")[0].letters, [0, 5, 6]);
        assert_eq!(find(&entries, "")[0].letters, Vec::<usize>::new());
    }
}
