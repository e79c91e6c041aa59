//! What could stand at the cursor.

use super::key::{self, Asks, KEYS, Key};
use super::token::{self, Kind, Shape, Token};
use std::collections::BTreeMap;
use std::ops::Range;

/// The most that is offered at once.
const MOST: usize = 12;

/// What is there to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// The values by the name of their key (`command`, `app`, `rule`), each with how often it is there, the most frequent first.
    pub values: BTreeMap<&'static str, Vec<(String, u64)>>,
    /// The fields of bodies by their paths, likewise.
    pub fields: Vec<(String, u64)>,
}

/// What could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offered {
    /// What an offer takes the place of, in bytes of the text.
    pub range: Range<usize>,
    /// The best first.
    pub items: Vec<Offer>,
}

/// Something that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What is put there.
    pub insert: String,
    /// What it means, or how often it is there; a few words.
    pub about: String,
}

/// Says what could stand at the cursor, a byte of the text: names where a word begins, values behind a name, fields behind
/// `body.`. Nothing within quotes.
pub fn complete(text: &str, cursor: usize, seen: &Seen) -> Offered {
    let cursor = text.floor_char_boundary(cursor);
    let tokens = token::cut(text);
    let touched = tokens.into_iter().find(|token| token.range.start < cursor && cursor <= token.range.end);
    match touched {
        Some(Token { kind: Kind::Quoted, .. }) => nothing(cursor),
        // Nothing stands behind it yet that it could negate.
        Some(Token { range, .. }) if text[range.clone()] == *"-" => names("", cursor..cursor),
        Some(Token { kind: Kind::Term | Kind::And | Kind::Or, range }) => in_term(&text[range.clone()], range.start, cursor, seen),
        Some(Token { kind: Kind::Not, range }) if range.len() > 1 => in_term(&text[range.clone()], range.start, cursor, seen),
        Some(Token { kind: Kind::Open | Kind::Close | Kind::Not, .. }) | None => names("", cursor..cursor),
    }
}

fn nothing(at: usize) -> Offered {
    Offered { range: at..at, items: Vec::new() }
}

fn in_term(term: &str, start: usize, cursor: usize, seen: &Seen) -> Offered {
    let at = cursor - start;
    if token::unclosed(&term[..at]).is_some() {
        return nothing(cursor);
    }
    match token::shape(term) {
        Shape::Body { path, .. } if at >= path.start && at <= path.end => {
            fields(&term[path.start..at], start + path.start..start + path.end, seen)
        }
        Shape::Named { name_end, value_start } if at >= value_start && value_start > name_end => {
            let Some(key) = key::named(&term[..name_end]) else { return nothing(cursor) };
            let value = value_at(term, value_start, at);
            let typed = &term[value.start..at];
            match token::path_start(typed) {
                Some(path) if key.asks == Asks::Has => fields(&typed[path..], start + value.start + path..start + value.end, seen),
                _ => values(key, typed, start + value.start..start + value.end, seen),
            }
        }
        Shape::Named { value_start, .. } if at < value_start => names(&term[..at], start..start + value_start),
        Shape::Word => names(&term[..at], start..start + term.len()),
        Shape::Body { .. } if at < "body.".len() => names(&term[..at], start..start + "body.".len().min(term.len())),
        Shape::Named { .. } | Shape::Body { .. } => nothing(cursor),
    }
}

/// The one of the values between commas that a place is in.
fn value_at(term: &str, value_start: usize, at: usize) -> Range<usize> {
    let mut start = value_start;
    loop {
        let end = start + token::length_to(&term[start..], |rest| rest.starts_with(','));
        if at <= end {
            return start..end;
        }
        start = end + 1;
    }
}

/// The names that begin so.
fn names(typed: &str, range: Range<usize>) -> Offered {
    let keys = KEYS.iter().map(|key| (format!("{}:", key.name), key.about));
    let others =
        [("body.", "a field of the body"), (key::PINNED, "what is pinned"), ("not ", "not what follows"), ("or ", "this or what follows")];
    let all = keys.chain(others.map(|(name, about)| (name.to_owned(), about)));
    let fitting = all.filter(|(name, _)| begins_with(name, typed) && name.trim_end() != typed);
    let items = fitting.take(MOST).map(|(insert, about)| Offer { insert, about: about.to_owned() }).collect();
    Offered { range, items }
}

fn values(key: &'static Key, typed: &str, range: Range<usize>, seen: &Seen) -> Offered {
    let there = seen.values.get(key.name).map(Vec::as_slice).unwrap_or_default();
    let families = if key.name == "command" { families(there) } else { Vec::new() };
    let count = |value: &str| there.iter().find(|(one, _)| one == value).map(|(_, count)| *count);
    let words = key.words.iter().map(|(word, about)| Offer {
        insert: (*word).to_owned(),
        about: count(word).map_or_else(|| (*about).to_owned(), |count| format!("{about} · {count}")),
    });
    let is_new = |value: &&(String, u64)| key.words.iter().all(|(word, _)| *word != value.0);
    let there = families.iter().chain(there.iter().filter(is_new));
    let there = there.map(|(value, count)| Offer { insert: token::quoted(value), about: count.to_string() });
    let typed = token::unquoted(typed);
    Offered { range, items: fitting(words.chain(there).collect(), &typed) }
}

/// `Group.*` where there are several commands of that family.
fn families(commands: &[(String, u64)]) -> Vec<(String, u64)> {
    let mut families: Vec<(String, u64, usize)> = Vec::new();
    for (command, count) in commands {
        let Some((family, _)) = command.split_once('.') else { continue };
        let pattern = format!("{family}.*");
        match families.iter_mut().find(|(one, ..)| *one == pattern) {
            Some((_, sum, members)) => (*sum, *members) = (sum.saturating_add(*count), *members + 1),
            None => families.push((pattern, *count, 1)),
        }
    }
    families.into_iter().filter(|(.., members)| *members > 1).map(|(pattern, count, _)| (pattern, count)).collect()
}

fn fields(typed: &str, range: Range<usize>, seen: &Seen) -> Offered {
    let offer = |(path, count): &(String, u64)| Offer { insert: quoted_path(path), about: count.to_string() };
    Offered { range, items: fitting(seen.fields.iter().map(offer).collect(), typed) }
}

/// A path whose keys stand in quotes where they would be read otherwise.
pub fn quoted_path(path: &str) -> String {
    let is_plain = |c: char| !c.is_whitespace() && !"()\"\\=<>!~:,".contains(c);
    let part = |part: &str| {
        let (key, items) = part.split_at(part.find('[').unwrap_or(part.len()));
        let key =
            if key.chars().all(is_plain) { key.to_owned() } else { format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\"")) };
        key + items
    };
    path.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// Those that begin as what is typed, then those that have it elsewhere, without what is there already.
fn fitting(offers: Vec<Offer>, typed: &str) -> Vec<Offer> {
    let lower = typed.to_ascii_lowercase();
    let (first, rest): (Vec<Offer>, Vec<Offer>) =
        offers.into_iter().partition(|offer| begins_with(offer.insert.trim_start_matches('"'), typed));
    let has = |offer: &Offer| offer.insert.to_ascii_lowercase().contains(&lower);
    let all = first.into_iter().chain(rest.into_iter().filter(has));
    all.filter(|offer| offer.insert != typed).take(MOST).collect()
}

fn begins_with(text: &str, typed: &str) -> bool {
    text.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Seen {
        let commands = [("Group.CallbackAfterSendMsg", 90), ("C2C.CallbackAfterSendMsg", 40), ("Group.CallbackAfterNewMemberJoin", 3)];
        let owned = |list: &[(&str, u64)]| list.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect();
        let values =
            [("command", owned(&commands)), ("rule", owned(&[("default", 5), ("says no (twice)", 2)])), ("verdict", owned(&[("bad", 7)]))];
        let fields = owned(&[("From_Account", 80), ("MsgBody[].MsgContent.Text", 70), ("A b.C", 1)]);
        Seen { values: values.into_iter().collect(), fields }
    }

    /// The cursor stands at `|`; what an offer takes the place of, and the first few.
    fn check(text: &str, replaced: &str, expected: &[&str]) {
        let cursor = text.find('|').expect("bug: there is a cursor");
        let text = text.replacen('|', "", 1);
        let offered = complete(&text, cursor, &seen());
        let items: Vec<&str> = offered.items.iter().take(3).map(|offer| offer.insert.as_str()).collect();
        assert_eq!((&text[offered.range], items.as_slice()), (replaced, expected), "{text}");
    }

    #[test]
    fn names_are_offered_where_a_word_begins() {
        check("|", "", &["command:", "verdict:", "last:"]);
        check("a |", "", &["command:", "verdict:", "last:"]);
        check("-|", "", &["command:", "verdict:", "last:"]);
        check("(co|", "co", &["command:", "code:"]);
        check("red co|m", "com", &["command:", "code:"]);
        check("ver|dict:bad", "verdict:", &["verdict:"]);
        check("bo|", "bo", &["body."]);
        check("no|", "no", &["not "]);
        check("o|r", "or", &["or "]);
        check("红|", "红", &[]);
        assert_eq!(complete("", 0, &seen()).items.len(), MOST);
    }

    #[test]
    fn values_are_offered_behind_a_name() {
        check("command:|", "", &["Group.*", "Group.CallbackAfterSendMsg", "C2C.CallbackAfterSendMsg"]);
        check("command:c2|", "c2", &["C2C.CallbackAfterSendMsg"]);
        check("command:C2C.*,join|", "join", &["Group.CallbackAfterNewMemberJoin"]);
        check("rule:sa|x,y", "sax", &["\"says no (twice)\""]);
        check("verdict:|", "", &["bad", "ok", "unchecked"]);
        check("verdict:bad|", "bad", &[]);
        check("comand:|", "", &[]);
        check("has:|", "", &["note", "mark", "fault"]);
    }

    #[test]
    fn fields_are_offered_behind_body() {
        check("body.|", "", &["From_Account", "MsgBody[].MsgContent.Text", "\"A b\".C"]);
        check("-body.msg|~x", "msg", &["MsgBody[].MsgContent.Text"]);
        check("body.text|", "text", &["MsgBody[].MsgContent.Text"]);
        check("has:body.f|", "f", &["From_Account"]);
        check("body.From_Account=|", "", &[]);
    }

    #[test]
    fn within_quotes_nothing_is_offered() {
        check("\"com|mand\"", "", &[]);
        check("\"com|", "", &[]);
        check("rule:\"sa|", "", &[]);
    }

    #[test]
    fn an_offer_says_what_it_means_or_how_often_it_is_there() {
        let about = |text: &str| complete(text, text.len(), &seen()).items[0].about.clone();
        assert_eq!(about("verd"), "ok, bad, unchecked or not_callback");
        assert_eq!(about("verdict:"), "with at least one fault · 7");
        assert_eq!(about("command:"), "93");
        assert_eq!(about("rule:d"), "5");
    }
}
