//! The JSON body read against the catalogue: every field with its place, its meaning and what is odd about it.

use super::catalogue::{Command, Unit};
use super::json::{Document, Node};
use std::fmt::Write as _;

/// How many entries are listed of one body; a longer one says that it was cut.
pub const MAX_FIELDS: usize = 10_000;

/// How deep the list goes; what is nested deeper is one entry. Common JSON readers stop at 128.
const MAX_DEPTH: u32 = 64;

/// One value of the body with what the documents say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `NewMemberList[0].Member_Account`
    pub path: String,
    /// Index of the value in the document.
    pub node: usize,
    /// How many objects and arrays enclose it, the body itself not counted.
    pub depth: u32,
    /// Whether the documents know this field in this command.
    pub documented: bool,
    /// What the documents say it means.
    pub meaning: Option<&'static str>,
    /// What the value means.
    pub shown: Option<Shown>,
}

/// A human reading of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A moment, in milliseconds since the Unix epoch, and what the value counts.
    Time {
        /// Milliseconds since the Unix epoch.
        millis: i64,
        /// What the value as received counts.
        unit: Unit,
    },
    /// The documents' word for the value.
    Word(&'static str),
}

/// The fields of a body, in its order, containers before what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields {
    /// At most [`MAX_FIELDS`].
    pub list: Vec<Field>,
    /// Whether the body has more than the list.
    pub truncated: bool,
}

/// Lists the fields of a body.
pub fn fields(text: &[u8], document: &Document, command: Option<&'static Command>) -> Fields {
    let mut fields = Fields::default();
    walk(text, document, command, |place| {
        fields.truncated |= place.too_deep || fields.list.len() == MAX_FIELDS;
        if fields.list.len() == MAX_FIELDS {
            return false;
        }
        let node = &document.nodes[place.node];
        fields.list.push(Field {
            path: place.path.to_owned(),
            node: place.node,
            depth: node.depth - 1,
            documented: place.field.is_some(),
            meaning: place.field.map(|field| field.meaning.as_str()),
            shown: place.field.and_then(|field| shown(text, node, field)),
        });
        true
    });
    fields
}

/// Which fields the documents lack: how many, and the paths of the first few. Inside an undocumented container
/// nothing is counted: the container is what is not documented.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Undocumented {
    /// How many fields.
    pub count: usize,
    /// The first five.
    pub paths: Vec<String>,
}

/// Finds the fields that the documents lack.
pub fn undocumented(text: &[u8], document: &Document, command: &'static Command) -> Undocumented {
    let mut found = Undocumented::default();
    let mut skip_below: Option<u32> = None;
    walk(text, document, Some(command), |place| {
        let depth = document.nodes[place.node].depth;
        if skip_below.is_some_and(|limit| depth > limit) {
            return true;
        }
        skip_below = None;
        if place.field.is_none() {
            skip_below = Some(depth);
            found.count += 1;
            if found.paths.len() < 5 {
                found.paths.push(place.path.to_owned());
            }
        }
        true
    });
    found
}

/// A field as the walk comes by it.
struct Place<'a> {
    path: &'a str,
    node: usize,
    field: Option<&'static super::catalogue::Field>,
    too_deep: bool,
}

/// One open container on the way down.
struct Level {
    node: usize,
    path_length: usize,
    pattern_length: usize,
    next_index: usize,
}

/// Visits every value below the root in the order of the text, until `visit` says no.
fn walk(text: &[u8], document: &Document, command: Option<&'static Command>, mut visit: impl FnMut(Place<'_>) -> bool) {
    let (mut path, mut pattern) = (String::new(), String::new());
    let mut levels: Vec<Level> = Vec::new();
    let mut at = 0;
    while let Some(node) = document.nodes.get(at) {
        levels.truncate(node.depth as usize);
        if let Some(level) = levels.last_mut() {
            path.truncate(level.path_length);
            pattern.truncate(level.pattern_length);
            step_into(text, node, level, &mut path, &mut pattern);
            let field = command.and_then(|command| command.field(&pattern, element(text, document, &levels, &pattern).as_deref()));
            let too_deep = node.depth >= MAX_DEPTH && node.children > 0;
            if !visit(Place { path: &path, node: at, field, too_deep }) {
                return;
            }
            if too_deep {
                at += node.descendants as usize + 1;
                continue;
            }
        }
        levels.push(Level { node: at, path_length: path.len(), pattern_length: pattern.len(), next_index: 0 });
        at += 1;
    }
}

fn step_into(text: &[u8], node: &Node, level: &mut Level, path: &mut String, pattern: &mut String) {
    if let Some(key) = node.key_text(text) {
        for way in [path, pattern] {
            if !way.is_empty() {
                way.push('.');
            }
            way.push_str(&key);
        }
    } else {
        write!(path, "[{}]", level.next_index).expect("bug: writing to a String cannot fail");
        pattern.push_str("[]");
        level.next_index += 1;
    }
}

/// The `MsgType` of the message element around a value inside `MsgContent`.
fn element(text: &[u8], document: &Document, levels: &[Level], pattern: &str) -> Option<String> {
    let inside = pattern.find("MsgContent.")?;
    let depth = 1 + pattern[..inside].matches(['.', ']']).count();
    let around = levels.get(depth.min(levels.len()).checked_sub(1)?)?;
    let kind = document.get(text, around.node, "MsgType")?;
    Some(document.nodes[kind].string(text).into_owned())
}

fn shown(text: &[u8], node: &Node, field: &'static super::catalogue::Field) -> Option<Shown> {
    if node.is_container() {
        return None;
    }
    let value = node.string(text);
    if let Some(word) = field.words.get(value.as_ref()) {
        return Some(Shown::Word(word));
    }
    field.unit.and_then(|unit| time(&value, unit))
}

/// Reads a number as a moment. The documents say what it counts; 10 digits against 13 have the last word.
/// A number too small for a moment of this protocol is a duration, and shown as it is.
pub fn time(digits: &str, documented: Unit) -> Option<Shown> {
    let is_decimal = !digits.is_empty() && digits.len() <= 14 && digits.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = is_decimal.then(|| digits.parse().ok()).flatten()?;
    let unit = match digits.len() {
        9 | 10 => Unit::Secs,
        12.. => Unit::Millis,
        _ => return None,
    };
    // A duration in milliseconds may have nine digits too; a moment in seconds is documented as such or has ten.
    if digits.len() == 9 && documented == Unit::Millis {
        return None;
    }
    let millis = match unit {
        Unit::Secs => number * 1000,
        Unit::Millis => number,
    };
    Some(Shown::Time { millis, unit })
}

impl Field {
    /// Whether the list does not go deeper here.
    pub fn is_deepest(&self) -> bool {
        self.depth + 1 >= MAX_DEPTH
    }
}

#[cfg(test)]
mod tests {
    use super::super::{catalogue, json};
    use super::*;

    /// `path [?]` for undocumented, `: meaning` and `= shown`, one line each.
    fn check(command: &str, text: &str, expected: &[&str]) {
        let command = catalogue::get().named(command).next();
        let fields = fields(text.as_bytes(), &json::read(text.as_bytes()), command);
        let lines: Vec<String> = fields.list.iter().map(line).collect();
        assert_eq!(lines, expected);
    }

    fn line(field: &Field) -> String {
        let mark = if field.documented { "" } else { " [?]" };
        let shown = match field.shown {
            Some(Shown::Word(word)) => format!(" = {word}"),
            Some(Shown::Time { millis, unit }) => format!(" = {millis} {unit:?}"),
            None => String::new(),
        };
        format!("{}{mark}: {}{shown}", field.path, field.meaning.unwrap_or("-"))
    }

    #[test]
    fn fields_carry_their_meaning_and_their_values_in_words() {
        check(
            "Group.CallbackAfterNewMemberJoin",
            r#"{"JoinType":"Apply","NewMemberList":[{"Member_Account":"jared"},{"Extra":[]}],"EventTime":"1670574414123"}"#,
            &[
                "JoinType: How they joined = asked to join",
                "NewMemberList: New members",
                "NewMemberList[0]: List entry",
                "NewMemberList[0].Member_Account: User ID",
                "NewMemberList[1]: List entry",
                "NewMemberList[1].Extra [?]: -",
                "EventTime: When the event fired = 1670574414123 Millis",
            ],
        );
    }

    #[test]
    fn message_elements_are_read_by_their_type() {
        check(
            "C2C.CallbackAfterSendMsg",
            r#"{"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"红包"}},{"MsgType":"TIMFaceElem","MsgContent":{"Index":1,"Text":"x"}}],"MsgTime":1557481126}"#,
            &[
                "MsgBody: Message elements, in order",
                "MsgBody[0]: One message element",
                "MsgBody[0].MsgType: Element type = text",
                "MsgBody[0].MsgContent: Element content; its keys depend on MsgType",
                "MsgBody[0].MsgContent.Text: The text",
                "MsgBody[1]: One message element",
                "MsgBody[1].MsgType: Element type = emoji / sticker",
                "MsgBody[1].MsgContent: Element content; its keys depend on MsgType",
                "MsgBody[1].MsgContent.Index: Sticker number",
                "MsgBody[1].MsgContent.Text [?]: -",
                "MsgTime: Send time; first sort key, MsgSeq breaks ties = 1557481126000 Secs",
            ],
        );
    }

    #[test]
    fn an_undocumented_container_counts_once() {
        let command = catalogue::get().named("Group.CallbackAfterNewMemberJoin").next().expect("bug: documented");
        let text = br#"{"A":{"B":[1,{"C":2}]},"Type":"Public","D":1}"#;
        let found = undocumented(text, &json::read(text), command);
        assert_eq!(found, Undocumented { count: 2, paths: vec!["A".to_owned(), "D".to_owned()] });
    }

    #[test]
    fn every_sample_is_documented_by_its_own_entry() {
        for command in &catalogue::get().commands {
            let sample = command.sample();
            let found = undocumented(sample.as_bytes(), &json::read(sample.as_bytes()), command);
            assert_eq!(found.paths, Vec::<String>::new(), "{} of {:?}", command.name, command.product);
        }
    }

    #[test]
    fn a_long_or_deep_body_is_cut_and_says_so() {
        let long = format!("{{\"a\":[{}1]}}", "1,".repeat(20_000));
        let read = |text: &str| fields(text.as_bytes(), &json::read(text.as_bytes()), None);
        assert_eq!((read(&long).list.len(), read(&long).truncated), (MAX_FIELDS, true));
        let deep = "[".repeat(100_000);
        assert_eq!((read(&deep).list.len(), read(&deep).truncated), (64, true));
        assert!(!read("{\"a\":[]}").truncated);
    }

    #[test]
    fn seconds_and_milliseconds_are_told_apart_by_size() {
        let millis = |digits, unit| match time(digits, unit) {
            Some(Shown::Time { millis, .. }) => Some(millis),
            _ => None,
        };
        assert_eq!(millis("1670574414123", Unit::Secs), Some(1_670_574_414_123));
        assert_eq!(millis("1670574414", Unit::Millis), Some(1_670_574_414_000));
        assert_eq!(millis("300", Unit::Millis), None);
        assert_eq!(millis("-1670574414", Unit::Secs), None);
        assert_eq!(millis("1670574414.5", Unit::Secs), None);
    }
}
