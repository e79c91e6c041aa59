//! Finding commands in the catalogue.
//!
//! Every word must be found somewhere, in any case. What the words are found in decides how good the hit is: a name says
//! more than a title, a title more than one field, one field more than several or the text around them.
//! Better hits come first, because "sendmsg" is in the name of nine commands and is mentioned by many more. Equal hits stay
//! in the documents' order, which keeps each family together.

use super::catalogue::{self, Command, Field, Product, Timing};
use std::sync::OnceLock;

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Words with spaces between them.
    pub words: String,
    /// Only commands of this product.
    pub product: Option<Product>,
    /// Only commands of this timing.
    pub timing: Option<Timing>,
}

/// A command that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its index in [`catalogue::Catalogue::commands`].
    pub command: usize,
    /// What its words were found in.
    pub place: Place,
}

/// What words were found in, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The command's name, or the other one that its body may carry.
    Name,
    /// Its title.
    Title,
    /// The path, the meaning or a value of this field.
    Field(&'static str),
    /// Several fields, anything else that is said of it, or a sample.
    Text,
}

impl Query {
    /// Whether it asks for nothing in particular.
    pub fn is_empty(&self) -> bool {
        self.words.trim().is_empty() && self.product.is_none() && self.timing.is_none()
    }
}

/// Finds commands, the best hits first.
pub fn search(query: &Query) -> Vec<Hit> {
    let words: Vec<String> = query.words.split_whitespace().map(str::to_lowercase).collect();
    let commands = catalogue::get().commands.iter().zip(index()).enumerate();
    let fits = |command: &Command| {
        query.product.is_none_or(|product| product == command.product) && query.timing.is_none_or(|timing| timing == command.timing)
    };
    let wanted = commands.filter(|(_, (command, _))| fits(command));
    let mut hits: Vec<Hit> = wanted.filter_map(|(at, (_, entry))| Some(Hit { command: at, place: entry.place_of_all(&words)? })).collect();
    hits.sort_by_key(|hit| hit.place.rank());
    hits
}

impl Place {
    /// Two fields are as good as each other.
    fn rank(self) -> u8 {
        match self {
            Self::Name => 0,
            Self::Title => 1,
            Self::Field(_) => 2,
            Self::Text => 3,
        }
    }
}

/// What is searched of one command, in lower case.
struct Entry {
    name: String,
    title: String,
    fields: Vec<(&'static str, String)>,
    text: String,
}

/// Lower case is made once: a search is then a few hundred kilobytes of comparing, well below a frame.
fn index() -> &'static [Entry] {
    static INDEX: OnceLock<Vec<Entry>> = OnceLock::new();
    INDEX.get_or_init(|| catalogue::get().commands.iter().map(Entry::of).collect())
}

impl Entry {
    fn of(command: &'static Command) -> Self {
        let mut fields: Vec<(&str, String)> = command.fields.iter().map(|field| (field.path.as_str(), text_of(field))).collect();
        if let Some(content) = command.content_field() {
            let elements = command.elements().flat_map(|(_, fields)| fields).map(text_of);
            fields.extend(elements.map(|element| (content.path.as_str(), format!("{}.{element}", content.path.to_lowercase()))));
        }
        let name = std::iter::once(&command.name).chain(&command.aliases).map(|name| name.to_lowercase());
        Self {
            name: name.collect::<Vec<_>>().join(" "),
            title: command.title.to_lowercase(),
            fields,
            text: other_text(command).to_lowercase(),
        }
    }

    /// What all words are found in; `None` when a word is nowhere.
    fn place_of_all(&self, words: &[String]) -> Option<Place> {
        let all: Vec<&String> = words.iter().collect();
        let rest: Vec<&String> = all.iter().copied().filter(|word| !self.name.contains(*word)).collect();
        if rest.is_empty() {
            return Some(Place::Name);
        }
        let rest: Vec<&String> = rest.into_iter().filter(|word| !self.title.contains(*word)).collect();
        if rest.is_empty() {
            return Some(Place::Title);
        }
        let field = self.field_with(&all).or_else(|| self.field_with(&rest));
        field.map(Place::Field).or_else(|| rest.iter().all(|word| self.is_anywhere(word)).then_some(Place::Text))
    }

    /// The field that has all of these words, best in its path.
    fn field_with(&self, words: &[&String]) -> Option<&'static str> {
        let has_all = |text: &str| words.iter().all(|word| text.contains(*word));
        let by_path = self.fields.iter().find(|(_, text)| text.lines().next().is_some_and(has_all));
        by_path.or_else(|| self.fields.iter().find(|(_, text)| has_all(text))).map(|(path, _)| *path)
    }

    fn is_anywhere(&self, word: &str) -> bool {
        self.text.contains(word) || self.fields.iter().any(|(_, text)| text.contains(word))
    }
}

fn text_of(field: &Field) -> String {
    let words = field.words.iter().flat_map(|(value, word)| [value, word]);
    let parts = [&field.path, &field.meaning].into_iter().chain(words).chain(&field.notes);
    parts.map(String::as_str).collect::<Vec<_>>().join("\n").to_lowercase()
}

fn other_text(command: &Command) -> String {
    let reply = &command.response;
    let own = [&command.category, &command.trigger, &command.doc, &reply.on_timeout];
    let may_be = [&command.notes, &command.switch, &command.setting, &command.since, &reply.notes];
    let mut parts: Vec<String> = own.into_iter().chain(&command.doc_also).chain(may_be.into_iter().flatten()).cloned().collect();
    parts.push(command.product.word().to_owned());
    parts.push(command.timing.word().to_owned());
    parts.extend(reply.error_codes.iter().map(|(code, effect)| format!("{code} {effect}")));
    parts.extend(reply.extras.iter().map(text_of));
    parts.extend(command.variants());
    parts.extend([command.sample(), command.sample_response()]);
    parts.join("\n")
}

/// The names nearest to one that is not documented, the nearest first: the one of the same letters in another case, else
/// those that it is a part of and those that a few changes make of it.
pub fn nearest_commands(name: &str, most: usize) -> Vec<&'static str> {
    let wanted = name.to_lowercase();
    let mut near: Vec<(usize, &str)> = Vec::new();
    for command in &catalogue::get().commands {
        let one = command.name.to_lowercase();
        // Near nothing, and long to compare.
        if wanted.chars().nth(2 * one.len()).is_some() {
            continue;
        }
        let distance = distance(&wanted, &one);
        // A third of its letters: further away, any other name would do as well. Three letters are part of too many.
        let is_near = distance <= one.len() / 3 || (wanted.len() > 3 && one.contains(&wanted));
        if is_near && !near.iter().any(|(_, other)| *other == command.name) {
            near.push((distance, &command.name));
        }
    }
    near.sort_by_key(|(distance, _)| *distance);
    // Nothing else is meant by the same letters.
    let most = if near.first().is_some_and(|(distance, _)| *distance == 0) { 1 } else { most };
    near.into_iter().take(most).map(|(_, name)| name).collect()
}

/// The word that was probably meant by what was typed, whatever its case.
pub fn nearest_word<'w>(typed: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    /// A longer one is near to none of ours.
    const LONGEST: usize = 24;
    if typed.len() > LONGEST {
        return None;
    }
    let typed = typed.to_ascii_lowercase();
    let near = words.map(|word| (distance(&typed, word), word));
    // Further away, any other word would do as well.
    near.filter(|(distance, word)| *distance <= word.len().div_ceil(3)).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// How many letters must be put in, taken out or changed to make one text of the other.
pub fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, one) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(one != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &Query, expected: &[&str]) {
        let names: Vec<&str> = search(query).iter().map(|hit| catalogue::get().commands[hit.command].name.as_str()).collect();
        assert_eq!(names, expected, "{query:?}");
    }

    fn words(words: &str) -> Query {
        Query { words: words.to_owned(), ..Query::default() }
    }

    #[test]
    fn nothing_asked_for_is_everything_in_the_documents_order() {
        let hits = search(&words("  "));
        assert!(hits.iter().map(|hit| hit.command).eq(0..93));
        assert!(Query::default().is_empty() && words(" ").is_empty());
    }

    #[test]
    fn every_word_must_be_found_in_any_case() {
        check(&words("QUOTA group.callback"), &["Group.CallbackOnDailyGroupQuotaAlarm"]);
        check(&words("quota nothing-has-this-word"), &[]);
        check(&words("群组"), &[]);
    }

    #[test]
    fn a_name_comes_before_a_title_before_a_field_before_a_text() {
        let places: Vec<Place> = search(&words("sendmsg")).iter().map(|hit| hit.place).collect();
        assert!(places.is_sorted_by_key(|place| place.rank()));
        assert_eq!(places.iter().filter(|place| **place == Place::Name).count(), 9);
        assert!(places.len() > 9, "others mention it");
        assert_eq!(search(&words("mute"))[0].place, Place::Text, "found in a trigger");
    }

    #[test]
    fn a_field_is_found_by_its_path_and_by_what_it_means_and_named() {
        let first = |text: &str| search(&words(text))[0];
        assert_eq!(first("account newmember").place, Place::Field("NewMemberList[].Member_Account"), "both in one path");
        assert_eq!(first("newmemberlist[].member").place, Place::Field("NewMemberList[].Member_Account"));
        assert_eq!(first("heartbeat missing").place, Place::Field("Info.Reason"));
        assert_eq!(first("latitude").place, Place::Field("MsgBody[].MsgContent"), "in an element that is documented once for all");
    }

    #[test]
    fn product_and_timing_narrow_it_down() {
        let query = Query { product: Some(Product::Live), timing: Some(Timing::Before), words: String::new() };
        check(&query, &["Live.CallbackBeforeSendGift", "Live.CallbackBeforeCallBackNotBlock", "Group.CallbackBeforeSendMsg"]);
        check(&Query { words: "gift send".to_owned(), ..query }, &["Live.CallbackBeforeSendGift", "Live.CallbackBeforeCallBackNotBlock"]);
    }

    #[test]
    fn a_code_and_a_page_are_found_too() {
        assert!(search(&words("102100")).len() == 1 && search(&words("1047/34357")).len() == 1);
    }

    #[test]
    fn a_slip_is_recognised() {
        let meant = |typed| nearest_word(typed, ["command", "respond", "response", "app"].into_iter());
        for (typed, expected) in [("comand", "command"), ("Commnad", "command"), ("responce", "response"), ("apps", "app")] {
            assert_eq!(meant(typed), Some(expected), "{typed}");
        }
        for far in ["nothing", "x", &"command".repeat(10_000)] {
            assert_eq!(meant(far), None);
        }
    }

    #[test]
    fn a_name_that_is_nearly_right_is_recognised() {
        assert_eq!(nearest_commands("group.callbackaftersendmsg", 3), ["Group.CallbackAfterSendMsg"]);
        assert_eq!(nearest_commands("State.StatChange", 3), ["State.StateChange"]);
        assert_eq!(nearest_commands("CallbackAfterNewMemberJoin", 3), ["Group.CallbackAfterNewMemberJoin"]);
        assert_eq!(nearest_commands("Nothing.Like.It", 3), [""; 0]);
        assert_eq!(nearest_commands(&"State.StateChange".repeat(10_000), 3), [""; 0]);
    }
}
