//! Places in a body, as they are typed.
//!
//! More lenient than a rule's place: an item can have any number, a key with a dot or a space in it stands in quotes, a
//! list is gone through where its items are meant, and a string that holds JSON is gone into. `→`, with which a shown
//! path goes on inside a string, is a dot.

use super::token;
use crate::protocol::json::{self, Document, Kind, Node};

/// The most steps of a place; following them recurses.
const MAX_STEPS: usize = 64;

/// A place, read once and looked up often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// The value under a key.
    Key(String),
    /// Any item of a list.
    Any,
    /// One item of a list, counted from 0.
    Item(usize),
}

impl Place {
    /// Reads `MsgBody[].MsgContent.Text`; `None` where it is no place.
    pub fn read(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let length = token::length_to(rest, |rest| rest.starts_with(['.', '→', '[']));
            if length > 0 {
                steps.push(Step::Key(token::unquoted(&rest[..length])));
            }
            rest = after_items(&rest[length..], &mut steps)?;
            rest = rest.strip_prefix(['.', '→']).unwrap_or(rest);
        }
        (!steps.is_empty() && steps.len() <= MAX_STEPS && token::unclosed(text).is_none()).then_some(Self(steps))
    }

    /// Whether any value at this place is such a one.
    pub(super) fn any(&self, body: &[u8], document: &Document, mut is_such: impl FnMut(&str) -> bool) -> bool {
        self.any_node(body, document, |node, text| is_such(&node.string(text)))
    }

    /// The same of the values as they stand, each with the text that it stands in: the body, or that of a string in it.
    pub fn any_node(&self, body: &[u8], document: &Document, mut is_such: impl FnMut(&Node, &[u8]) -> bool) -> bool {
        document.root().is_some() && follow(&self.0, body, document, 0, &mut is_such)
    }
}

/// Reads the brackets that a text begins with and returns what follows; `None` where they make no sense.
fn after_items<'t>(mut text: &'t str, steps: &mut Vec<Step>) -> Option<&'t str> {
    while let Some(inside) = text.strip_prefix('[') {
        let (index, rest) = inside.split_once(']')?;
        steps.push(if matches!(index, "" | "*") { Step::Any } else { Step::Item(index.parse().ok()?) });
        text = rest;
    }
    Some(text)
}

type IsSuch<'f> = &'f mut dyn FnMut(&Node, &[u8]) -> bool;

/// Goes as deep as there are steps, and into a list or a string once more for each.
fn follow(steps: &[Step], text: &[u8], document: &Document, at: usize, is_such: IsSuch<'_>) -> bool {
    let node = document.node(at);
    let Some((step, rest)) = steps.split_first() else { return is_such(&node, text) };
    match (step, node.kind) {
        (_, Kind::String) => inside(steps, &node.string(text), is_such),
        (Step::Key(key), Kind::Object) => document.get(text, at, key).is_some_and(|value| follow(rest, text, document, value, is_such)),
        (Step::Key(_), Kind::Array) => {
            let is_item = |item: &usize| document.node(*item).kind == Kind::Object;
            document.children(at).filter(is_item).any(|item| follow(steps, text, document, item, is_such))
        }
        (Step::Any, Kind::Array) => document.children(at).any(|item| follow(rest, text, document, item, is_such)),
        (Step::Item(index), Kind::Array) => {
            document.children(at).nth(*index).is_some_and(|item| follow(rest, text, document, item, is_such))
        }
        _ => false,
    }
}

/// Goes on inside a string, if it holds an object or a list.
fn inside(steps: &[Step], text: &str, is_such: IsSuch<'_>) -> bool {
    if !text.trim_start().starts_with(['{', '[']) {
        return false;
    }
    let document = json::read(text.as_bytes());
    document.root().is_some() && follow(steps, text.as_bytes(), &document, 0, is_such)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(place: &str, expected: &[&str]) {
        let text = br#"{"A":[{"B":1},{"B":2},{"C":"red"}],"D":{"E F.G":"x"},"H":"{\"I\":[{\"J\":\"\\u7ea2\"}]}","K":[["l"]],"N":null}"#;
        let document = json::read(text);
        let mut found = Vec::new();
        let place = Place::read(place).expect(place);
        place.any(text, &document, |value| {
            found.push(value.to_owned());
            false
        });
        assert_eq!(found, expected, "{place:?}");
    }

    #[test]
    fn a_place_finds_every_value_there() {
        check("A[].B", &["1", "2"]);
        check("A[*].C", &["red"]);
        check("A[1].B", &["2"]);
        check("A[7].B", &[]);
        check("A.B", &["1", "2"]);
        check("K[][0]", &["l"]);
        check("K[0]", &[r#"["l"]"#]);
        check("N", &["null"]);
        check("N.O", &[]);
        check("D.\"E F.G\"", &["x"]);
        check("D.E", &[]);
    }

    #[test]
    fn a_string_that_holds_json_is_gone_into() {
        for place in ["H→I[0].J", "H.I[].J", "H→I.J"] {
            check(place, &["红"]);
        }
        check("D.\"E F.G\".X", &[]);
    }

    #[test]
    fn nonsense_is_no_place() {
        for text in ["", ".", "[x]", "A[", "A[-1]", "\"A", &"A.".repeat(100)] {
            assert_eq!(Place::read(text), None, "{text}");
        }
        assert_eq!(Place::read("A..B."), Place::read("A.B"));
    }

    #[test]
    fn deep_lists_and_strings_are_no_harm() {
        let text = "[".repeat(1_000_000);
        let document = json::read(text.as_bytes());
        let place = Place::read(&"[].".repeat(60)).expect("bug: it is one");
        assert!(place.any(text.as_bytes(), &document, |_| true));
        assert!(!Place::read("A.B").expect("bug: it is one").any(text.as_bytes(), &document, |_| true));
    }
}
