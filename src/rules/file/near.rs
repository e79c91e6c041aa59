//! The word that was probably meant.

/// The likeliest of the known words, if any is likely: at most two letters are wrong, and fewer than half.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likely = known.map(|one| (distance(word, one), one)).filter(|(distance, one)| *distance <= 2 && distance * 2 < one.len());
    likely.min().map(|(_, one)| one)
}

/// How many letters are to be put in, taken out or replaced. Source: Levenshtein 1965, in the form of Wagner and Fischer.
fn distance(one: &str, other: &str) -> usize {
    // A long word is near to none of ours.
    let one: Vec<char> = one.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=one.len()).collect();
    for (line, there) in other.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (at, here) in one.iter().enumerate() {
            let replaced = diagonal + usize::from(*here != there);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[one.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: Option<&str>) {
        assert_eq!(nearest(word, ["command", "respond", "response", "app"].into_iter()), expected, "{word}");
    }

    #[test]
    fn a_slip_is_recognised() {
        check("comand", Some("command"));
        check("commnad", Some("command"));
        check("responce", Some("response"));
        check("apps", Some("app"));
        check("nothing", None);
        check("x", None);
    }
}
