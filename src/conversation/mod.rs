//! Conversation: what happened in a group, between two users, in a room, told in order from its callbacks.
//!
//! A conversation has no table of its own: it is what a filter finds ([`Key::filter`]). [`Told::of`] takes of each exchange
//! what it tells, and [`read`] puts that in order: the before and the after event of a message become one entry, what was
//! recalled is struck through, and what is missing is marked. All of it is computed anew whenever something comes.

mod entry;
mod key;
mod order;
mod said;
#[cfg(test)]
mod tests;
mod told;

pub use entry::{Conversation, Entry, INKS, Kind, Note, Weight};
pub use key::{Key, Place};
pub use order::read;
pub use said::Said;
pub use told::Told;
