//! What there is of a text that is not whole, for as long as an exchange can be.

use super::MAX_TEXT_BYTES;

/// A text that comes in pieces.
#[derive(Debug, Default)]
pub struct Begun {
    bytes: Vec<u8>,
    /// Whether it is longer than is taken; what still comes of it is passed over.
    is_too_long: bool,
}

impl Begun {
    /// Whether nothing came of it.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty() && !self.is_too_long
    }

    /// Takes a further piece.
    pub fn lengthen(&mut self, piece: &[u8]) {
        if self.is_too_long || self.bytes.len() + piece.len() > MAX_TEXT_BYTES {
            self.bytes = Vec::new();
            self.is_too_long = true;
        } else {
            self.bytes.extend_from_slice(piece);
        }
    }

    /// Gives it out and begins another; `None` where it was too long.
    pub fn take(&mut self) -> Option<Vec<u8>> {
        let Self { bytes, is_too_long } = std::mem::take(self);
        (!is_too_long).then_some(bytes)
    }
}
