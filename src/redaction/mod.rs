//! Redaction: an exchange in, one of the same shape out that says nothing private.
//!
//! What goes: accounts, groups, whatever somebody wrote, addresses, hosts, links, credentials, signatures, tokens. What
//! stands for a value is the same wherever it stands, and for as long as a [`Redaction`] lives, so that what happened can
//! still be followed. All else stays byte for byte: the order of keys, white space, numbers, times, mistakes.
//!
//! Which fields are private the catalogue says (`"secret": true`). Of what it does not know, strings go unless they are
//! words of the documents, and numbers go where their name says that they are somebody. JSON inside strings is gone through
//! as well; in a body that is no JSON, text stays nowhere.
//!
//! What a redacted exchange means is what [`crate::inspect`] says of it with no app at hand and what [`kept`] keeps: its
//! sentences then hold nothing private either. [`Redaction::text`] is for sentences that were made of the original.

mod alias;
mod head;
mod json;
mod known;
mod names;
mod plain;
mod sentence;
mod spot;

use crate::annotation::Annotation;
use crate::exchange::{BY_HAND, DEFAULT_RULE, Exchange, NOBODY, REFUSAL, Responded};
use crate::protocol::sign::Token;
use crate::protocol::verdict::Verdicts;
use crate::protocol::{self, Callback, Kept, SdkApp};
use crate::wire::{Request, Response};
use alias::{Aliases, Class, Private};
use json::Source;
use known::{Here, Known};
use spot::{Filling, Form, Found, Spot};

/// The aliases of one export, and what must not leave in any.
#[derive(Debug)]
pub struct Redaction {
    aliases: Aliases,
    known: Known,
    /// The private values of the exchange that was redacted last, for sentences about it.
    here: Here,
}

impl Redaction {
    /// For one export. Wherever one of the tokens stands, it does not leave.
    pub fn new<'a>(tokens: impl IntoIterator<Item = &'a Token>) -> Self {
        Self { aliases: Aliases::default(), known: Known::new(tokens), here: Here::default() }
    }

    /// The exchange without what is private in it. Exchanges are given in the order in which they came, each with its
    /// request as it was read.
    pub fn exchange(&mut self, exchange: &Exchange, callback: &Callback) -> Exchange {
        let Exchange { id, request, response } = exchange;
        let mut found = Found::default();
        let places = RequestPlaces::find(request, callback, &self.known, &mut found);
        let answer = response.as_ref().map(|responded| (responded, ResponsePlaces::find(responded, callback, &self.known, &mut found)));
        self.remember(found);
        let request = places.fill(request, self.filling());
        let response = answer.map(|(responded, places)| places.fill(responded, self.filling()));
        Exchange { id: *id, request, response }
    }

    /// A sentence about the exchange that was redacted last, or about any other, without what is known to be private.
    /// Sentences made of the redacted exchange are better: what they cut short is an alias.
    pub fn text(&self, sentence: &str) -> String {
        sentence::redacted(sentence, self.filling())
    }

    /// What the user says of an exchange. His words may name anybody, so of a note only its alias leaves.
    pub fn annotation(&mut self, annotation: &Annotation) -> Annotation {
        let Annotation { pinned, mark, note } = annotation;
        Annotation { pinned: *pinned, mark: *mark, note: self.alias(note, Class::Text) }
    }

    /// A value that stands by itself, of whatever class.
    fn alias(&mut self, value: &str, class: Class) -> String {
        if value.is_empty() {
            return String::new();
        }
        let private = Private::of(value, class);
        self.aliases.give(private).words(private)
    }

    /// Numbers what was found: those first who say who it is, whatever stands first.
    fn remember(&mut self, mut found: Found) {
        found.privates.sort_by_key(|private| private.class.rank());
        for private in found.privates {
            self.aliases.give(private);
        }
        self.here = found.here;
    }

    fn filling(&self) -> Filling<'_> {
        Filling { aliases: &self.aliases, known: &self.known, here: &self.here, grown: 0 }
    }
}

/// What is kept for judging a redacted exchange with no app at hand: all that was true of the original is said again.
pub fn kept(callback: &Callback, verdicts: &Verdicts, apps: &[SdkApp], kept: &Kept) -> Kept {
    let judged = protocol::judged(callback, verdicts, apps).or_else(|| kept.judged.clone());
    Kept { replay: verdicts.replay, judged, apps_known: Some(kept.apps_known.unwrap_or(!apps.is_empty())) }
}

/// The places of a request.
struct RequestPlaces {
    head: Vec<Spot>,
    body: Vec<Spot>,
    peer: Vec<Spot>,
}

impl RequestPlaces {
    fn find(request: &Request, callback: &Callback, known: &Known, found: &mut Found) -> Self {
        Self {
            head: head::spots(&request.head, found),
            body: json::spots(&request.body, Source::Request(callback.reference), known, found),
            peer: head::peer_spots(&request.peer, found),
        }
    }

    fn fill(&self, request: &Request, filling: Filling<'_>) -> Request {
        let body = filling.fill(&request.body, &self.body);
        let filling = filling.grown(&request.body, &body);
        Request {
            received_at_millis: request.received_at_millis,
            peer: text(filling.fill(request.peer.as_bytes(), &self.peer)),
            head: filling.fill(&request.head, &self.head),
            body,
            body_end: request.body_end,
            refused: request.refused.as_deref().map(|reason| sentence::redacted(reason, filling)),
            transport: request.transport,
        }
    }
}

/// The places of a response.
struct ResponsePlaces {
    headers: Vec<Vec<Spot>>,
    body: Vec<Spot>,
    rule: Vec<Spot>,
}

/// The names that a rule has where none of the developer's decided.
const OWN_RULES: [&str; 4] = [DEFAULT_RULE, BY_HAND, NOBODY, REFUSAL];

impl ResponsePlaces {
    fn find(responded: &Responded, callback: &Callback, known: &Known, found: &mut Found) -> Self {
        let name = responded.rule.as_str();
        let rule = (!name.is_empty() && !OWN_RULES.contains(&name)).then(|| found.alias(name, Class::Rule, Form::Words));
        let rule = rule.map(|action| Spot { start: 0, end: name.len(), action });
        let Some(Response { headers, body, .. }) = &responded.response else {
            return Self { headers: Vec::new(), body: Vec::new(), rule: rule.into_iter().collect() };
        };
        let body = json::spots(body, Source::Response(callback.reference), known, found);
        let headers = headers.iter().map(|(name, value)| head::value_spots(name, value, found)).collect();
        Self { headers, body, rule: rule.into_iter().collect() }
    }

    fn fill(&self, responded: &Responded, filling: Filling<'_>) -> Responded {
        Responded {
            response: responded.response.as_ref().map(|response| self.response(response, filling)),
            rule: text(filling.fill(responded.rule.as_bytes(), &self.rule)),
            fault: responded.fault.as_deref().map(|fault| sentence::redacted(fault, filling)),
            responded_after_micros: responded.responded_after_micros,
            outcome: responded.outcome,
        }
    }

    fn response(&self, response: &Response, filling: Filling<'_>) -> Response {
        let body = filling.fill(&response.body, &self.body);
        let filling = filling.grown(&response.body, &body);
        let value = |value: &str, spots: &[Spot]| text(filling.fill(value.as_bytes(), spots));
        let headers = response.headers.iter().zip(&self.headers).map(|((name, old), spots)| (name.clone(), value(old, spots)));
        Response { status: response.status, headers: headers.collect(), body }
    }
}

/// What was filled in is text if what it was filled into is.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("bug: places begin and end between characters")
}

#[cfg(test)]
mod tests;
