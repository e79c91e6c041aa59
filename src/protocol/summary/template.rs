//! What the catalogue says of a command, to be filled in from a body.
//!
//! `{NewMemberList[].Member_Account} joined {GroupId}`: `{Place}` is the value there (or the values, each once),
//! `{Place:word}` what the documents call it, and `{Place=value}` asks for that value and says nothing. What stands
//! between `<` and `>` is left out where one of its places has no value. A place that ends in `MsgBody` is what was
//! said: the first text in it, or what kind of message it is.

use crate::protocol::path::Path;

/// What to say of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub(super) Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    Place(Place),
    Optional(Vec<Piece>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: Path,
    /// The path as the catalogue writes it, for its words.
    pub(super) pattern: String,
    pub(super) ask: Ask,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ask {
    Value,
    Word,
    Said,
    Equals(String),
}

impl Template {
    /// Reads a template as the catalogue writes it.
    pub fn read(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            let (before, optional) = rest.split_at(at);
            let (inside, after) = optional[1..].split_once('>').unwrap_or((&optional[1..], ""));
            pieces.extend(read_pieces(before));
            pieces.push(Piece::Optional(read_pieces(inside)));
            rest = after;
        }
        pieces.extend(read_pieces(rest));
        Self(pieces)
    }
}

fn read_pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        pieces.push(Piece::Place(read_place(place)));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}

fn read_place(text: &str) -> Place {
    let (path, ask) = match (text.split_once('='), text.split_once(':')) {
        (Some((path, value)), _) => (path, Ask::Equals(value.to_owned())),
        (None, Some((path, _word))) => (path, Ask::Word),
        (None, None) if text.ends_with("MsgBody") => (text, Ask::Said),
        (None, None) => (text, Ask::Value),
    };
    Place { path: Path::read(path), pattern: path.replace("[0]", "[]"), ask }
}
