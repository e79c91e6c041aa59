//! The content of an exchange while it is looked at: what must be computed for it is computed once, and only when asked for.

use super::Content;
use super::find::find;
use super::texts::{decoded_target, unescaped};
use crate::protocol::json::{self, Document};
use std::cell::OnceCell;

pub(super) struct Look<'a> {
    content: &'a Content<'a>,
    target: OnceCell<Option<String>>,
    unescaped: OnceCell<Option<Vec<u8>>>,
    document: OnceCell<Document>,
}

impl<'a> Look<'a> {
    pub fn new(content: &'a Content<'a>) -> Self {
        Self { content, target: OnceCell::new(), unescaped: OnceCell::new(), document: OnceCell::new() }
    }

    /// Whether a word stands in the note or in one of [`super::texts`].
    pub fn has_word(&self, lower: &[u8]) -> bool {
        let Content { head, body, note } = self.content;
        let is_in = |text: &[u8]| find(text, lower).is_some();
        is_in(head)
            || note.is_some_and(|note| is_in(note.as_bytes()))
            || is_in(body)
            || self.target.get_or_init(|| decoded_target(head)).as_ref().is_some_and(|target| is_in(target.as_bytes()))
            || self.unescaped.get_or_init(|| unescaped(body)).as_ref().is_some_and(|body| is_in(body))
    }

    /// The body.
    pub fn body(&self) -> &'a [u8] {
        self.content.body
    }

    /// The body as JSON.
    pub fn document(&self) -> &Document {
        self.document.get_or_init(|| json::read(self.content.body))
    }
}
