//! A request while many rules look at it: what several of them ask for is found once.

use super::Received;
use super::place::Place;
use crate::protocol::body;
use crate::protocol::verdict::{BodyVerdict, Verdict};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A request, and what was found in it so far.
pub(super) struct Seen<'a> {
    /// The request.
    pub received: &'a Received<'a>,
    values: HashMap<ByHash<'a>, Vec<Cow<'a, str>>, BuildHasherDefault<Given>>,
    keys: OnceCell<Vec<Cow<'a, str>>>,
    is_documented: OnceCell<bool>,
}

impl<'a> Seen<'a> {
    /// A request of which nothing was found yet.
    pub fn new(received: &'a Received<'a>) -> Self {
        Self { received, values: HashMap::default(), keys: OnceCell::new(), is_documented: OnceCell::new() }
    }

    /// The values at a place: a string's text, escapes undone, or any other value as received.
    pub fn values(&mut self, place: &'a Place) -> &[Cow<'a, str>] {
        let Self { received, values, keys, .. } = self;
        values.entry(ByHash(place)).or_insert_with(|| find(received, keys, place))
    }

    /// A verdict's state. Fields that nobody has read yet are read now, since that is asked for.
    pub fn state_of(&self, name: &str) -> Option<&'static str> {
        let verdict = self.received.verdicts.all().into_iter().find(|verdict| verdict.name() == name)?;
        match verdict {
            Verdict::Body(BodyVerdict::Unread) => Some(if self.is_documented() { "documented" } else { "undocumented" }),
            Verdict::Body(_)
            | Verdict::Signature(_)
            | Verdict::Timestamp(_)
            | Verdict::AppId(_)
            | Verdict::Method(_)
            | Verdict::Command(_)
            | Verdict::Replay(_) => Some(verdict.state()),
        }
    }

    fn is_documented(&self) -> bool {
        let Received { request, callback, .. } = self.received;
        let read = || callback.reference.is_some_and(|command| body::undocumented(&request.body, &callback.document, command).count == 0);
        *self.is_documented.get_or_init(read)
    }
}

/// Most rules ask about keys that a body does not have: those are refused without a look at its values.
fn find<'a>(received: &'a Received<'a>, keys: &OnceCell<Vec<Cow<'a, str>>>, place: &Place) -> Vec<Cow<'a, str>> {
    let (body, document) = (&received.request.body, &received.callback.document);
    let all = || document.children(0).filter_map(|child| document.node(child).key_text(body)).collect();
    let mut found = Vec::new();
    if place.first_key().is_none_or(|first| keys.get_or_init(all).iter().any(|key| key == first)) {
        place.visit(received, &mut |at| found.push(document.node(at).string(body)));
    }
    found
}

/// A place, hashed when it was read.
struct ByHash<'a>(&'a Place);

impl PartialEq for ByHash<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.text() == other.0.text()
    }
}

impl Eq for ByHash<'_> {}

impl Hash for ByHash<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash());
    }
}

/// Takes a hash as it is given. Rules are the user's own, so nobody chooses them to collide.
#[derive(Default)]
struct Given(u64);

impl Hasher for Given {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::receive;
    use super::*;

    fn check(body: &str, place: &str, expected: &[&str]) {
        let place = Place::read(place).expect(place);
        receive("POST", "/", body, |received| {
            let mut seen = Seen::new(received);
            for _ in 0..2 {
                assert_eq!(seen.values(&place), expected, "{body} {place}");
            }
        });
    }

    #[test]
    fn what_stands_at_a_place_is_the_same_however_often_it_is_asked_for() {
        check(r#"{"A":[{"B":"\u0063"},{"B":1.50}]}"#, "A[].B", &["c", "1.50"]);
        check(r#"{"\u0041":1}"#, "A", &["1"]);
        check(r#"{"A":1,"A":2}"#, "A", &["2"]);
        check(r#"[{"A":1}]"#, "[0].A", &["1"]);
        check(r#"[{"A":1}]"#, "A", &[]);
        check(r#"{"B":1}"#, "A.C", &[]);
        check("", "A", &[]);
    }
}
