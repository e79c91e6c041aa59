//! What is offered while a filter is typed, and which of it is chosen.

use crate::filter::{self, Offered, Seen};

/// What is offered at the cursor. The default offers nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    text: String,
    cursor: usize,
    offered: Offered,
    chosen: Option<usize>,
    is_closed: bool,
}

impl Completion {
    /// Follows what is typed and where the cursor is, in bytes. What was closed stays so until other text is typed.
    pub fn follow(&mut self, text: &str, cursor: usize, seen: &Seen) {
        let is_other_text = self.text != text;
        self.is_closed &= !is_other_text;
        let offered = filter::complete(text, cursor, seen);
        if is_other_text || self.cursor != cursor || self.offered != offered {
            // Behind a name a value is meant. Elsewhere it may be a word that is looked for: Enter must not change that.
            let is_value = text[..offered.range.start].ends_with([':', ',', '.']);
            self.chosen = (is_value && !offered.items.is_empty()).then_some(0);
            text.clone_into(&mut self.text);
            (self.cursor, self.offered) = (cursor, offered);
        }
    }

    /// What is offered, unless it was closed.
    pub fn offered(&self) -> Option<&Offered> {
        Some(&self.offered).filter(|offered| !self.is_closed && !offered.items.is_empty())
    }

    /// Which of it is chosen.
    pub fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    /// Offers nothing until other text is typed.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// Offers again what was closed.
    pub fn open(&mut self) {
        self.is_closed = false;
    }

    /// Chooses the one this many further down, around the ends.
    pub fn choose_by(&mut self, steps: isize) {
        let Ok(len) = isize::try_from(self.offered.items.len()) else { return };
        if len > 0 {
            let before = self.chosen.and_then(|at| isize::try_from(at).ok());
            let from = before.unwrap_or(if steps > 0 { -1 } else { 0 });
            self.chosen = usize::try_from((from + steps).rem_euclid(len)).ok();
        }
    }

    /// The text with this offer in its place, and where the cursor stands then. More is offered only behind a name.
    pub fn accept(&mut self, at: usize) -> Option<(String, usize)> {
        let offer = self.offered.items.get(at)?;
        let range = self.offered.range.clone();
        let text = format!("{}{}{}", &self.text[..range.start], offer.insert, &self.text[range.end..]);
        let cursor = range.start + offer.insert.len();
        let goes_on = offer.insert.ends_with([':', '.', ' ']);
        *self = Self { text: text.clone(), cursor, is_closed: !goes_on, ..Self::default() };
        Some((text, cursor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Completion {
        let mut completion = Completion::default();
        completion.follow(text, text.len(), &Seen::default());
        completion
    }

    fn check(text: &str, accepted: &str, goes_on: bool) {
        let mut completion = at(text);
        let (text, cursor) = completion.accept(0).expect("bug: something is offered");
        completion.follow(&text, cursor, &Seen::default());
        assert_eq!((text.as_str(), cursor, completion.offered().is_some()), (accepted, accepted.len(), goes_on));
    }

    #[test]
    fn an_offer_takes_the_place_of_what_was_begun() {
        check("verd", "verdict:", true);
        check("红包 verdict:b", "红包 verdict:bad", false);
        check("a no", "a not ", true);
    }

    #[test]
    fn a_value_is_chosen_by_itself_and_a_name_is_not() {
        assert_eq!(at("verdict:").chosen(), Some(0));
        assert_eq!(at("verd").chosen(), None);
        assert_eq!(at("zzz").offered(), None);
    }

    #[test]
    fn choosing_goes_around() {
        let mut completion = at("verdict:");
        completion.choose_by(-1);
        assert_eq!(completion.chosen(), Some(3));
        completion.choose_by(1);
        assert_eq!(completion.chosen(), Some(0));
        let mut completion = at("verd");
        completion.choose_by(1);
        assert_eq!(completion.chosen(), Some(0));
    }

    #[test]
    fn what_was_closed_stays_so_until_other_text_is_typed() {
        let mut completion = at("verd");
        completion.close();
        completion.follow("verd", 2, &Seen::default());
        assert_eq!(completion.offered(), None);
        completion.follow("verdi", 5, &Seen::default());
        assert!(completion.offered().is_some());
    }
}
