//! A place in a text where something else is to stand.

use super::alias::{Aliases, Private};
use super::known::{Here, Known};
use super::plain;

/// What is to stand between two bytes of a text.
#[derive(Debug)]
pub struct Spot {
    pub start: usize,
    pub end: usize,
    pub action: Action,
}

/// What is to stand there.
#[derive(Debug)]
pub enum Action {
    /// The alias of a private value.
    Alias(Private, Form),
    /// The same text, but for what in it is known to be private by the end.
    Scan(Box<str>, Form),
    /// The same key or number, unless all of it is known to be private by the end.
    Whole(Private, Form),
    /// Nothing of this text but the aliases of what is known to be private, and how long the rest is.
    Mask(Box<str>),
    /// A length in bytes, as much greater as the body grew.
    Length(i64),
    /// This.
    Put(Vec<u8>),
}

/// How an alias is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In words.
    Words,
    /// In words, percent-encoded.
    Url,
    /// In digits.
    Digits,
}

impl Form {
    /// Words in this form. Of what an alias has, blanks alone may not stand in a URL.
    fn written(self, words: String) -> String {
        match self {
            Self::Url => words.replace(' ', "%20"),
            Self::Words | Self::Digits => words,
        }
    }
}

/// What is private in one exchange, while it is gone through.
#[derive(Debug, Default)]
pub struct Found {
    /// All private values, with repeats.
    pub privates: Vec<Private>,
    /// The values themselves, for finding them inside others.
    pub here: Here,
}

impl Found {
    /// Notes a private value and says what is to stand in its place.
    pub fn alias(&mut self, value: &str, class: super::alias::Class, form: Form) -> Action {
        let private = Private::of(value, class);
        self.privates.push(private);
        self.here.add(value, private);
        Action::Alias(private, form)
    }
}

/// What the places of a text are filled in with.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    pub aliases: &'a Aliases,
    pub known: &'a Known,
    pub here: &'a Here,
    /// By how many bytes the body grew.
    pub grown: i64,
}

impl Filling<'_> {
    /// The same for what stands around a body that became another.
    pub fn grown(self, before: &[u8], after: &[u8]) -> Self {
        let length = |bytes: &[u8]| i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Self { grown: length(after) - length(before), ..self }
    }

    /// Writes a text with other things in its places, which are in order.
    pub fn fill(self, text: &[u8], spots: &[Spot]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        for spot in spots {
            let Some(other) = self.other(&spot.action) else { continue };
            out.extend_from_slice(&text[at..spot.start]);
            out.extend_from_slice(&other);
            at = spot.end;
        }
        out.extend_from_slice(&text[at..]);
        out
    }

    /// What is to stand there; `None` for what stands there.
    fn other(self, action: &Action) -> Option<Vec<u8>> {
        match action {
            Action::Alias(private, form) => Some(self.alias(*private, *form)),
            Action::Scan(text, form) => self.scan(text).map(|text| form.written(text).into_bytes()),
            Action::Whole(private, form) => self.aliases.get(private.hash).map(|_| self.alias(*private, *form)),
            Action::Mask(text) => Some(plain::mask(text, self).into_bytes()),
            Action::Length(length) => Some(length.saturating_add(self.grown).max(0).to_string().into_bytes()),
            Action::Put(bytes) => Some(bytes.clone()),
        }
    }

    fn alias(self, private: Private, form: Form) -> Vec<u8> {
        let alias = self.aliases.get(private.hash).unwrap_or_else(|| super::alias::Alias::unnumbered(private.class));
        match form {
            Form::Words | Form::Url => form.written(alias.words(private)),
            Form::Digits => alias.digits(),
        }
        .into_bytes()
    }
}
