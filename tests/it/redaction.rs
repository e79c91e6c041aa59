//! What is planted anywhere survives nowhere, in no form, and who is equal stays equal.

use crate::planted::{COUNT, assert_nothing_planted, exchange, planted};
use hookglass::exchange::{Exchange, Responded};
use hookglass::protocol::sign::Token;
use hookglass::protocol::{self, json, query};
use hookglass::redaction::Redaction;
use hookglass::wire::{Request, Response};
use proptest::prelude::{ProptestConfig, any, proptest};
use std::collections::{HashMap, HashSet};

/// All that an exchange says, as it is written.
fn all(exchange: &Exchange) -> String {
    let Exchange { id: _, request, response } = exchange;
    let mut parts = vec![request.head.clone(), request.body.clone(), request.peer.clone().into_bytes()];
    parts.extend(request.refused.clone().map(String::into_bytes));
    if let Some(Responded { response, rule, fault, .. }) = response {
        parts.push(rule.clone().into_bytes());
        parts.extend(fault.clone().map(String::into_bytes));
        parts.extend(response.as_ref().map(Response::bytes));
    }
    String::from_utf8_lossy(&parts.join(&b'\n')).into_owned()
}

fn redact(redaction: &mut Redaction, exchange: &Exchange) -> Exchange {
    redaction.exchange(exchange, &protocol::parse(&exchange.request))
}

fn top(request: &Request, key: &str) -> Option<String> {
    json::read(&request.body).top_string(&request.body, key).map(std::borrow::Cow::into_owned)
}

#[test]
fn nothing_planted_survives_and_the_equal_stay_equal() {
    let planted = planted();
    let tokens: Vec<Token> = planted.tokens.iter().map(Token::new).collect();
    let mut redaction = Redaction::new(&tokens);
    let mut aliases: HashMap<String, String> = HashMap::new();
    for n in 0..COUNT {
        let original = exchange(n, &planted);
        let redacted = redact(&mut redaction, &original);
        assert_nothing_planted(&all(&redacted));
        if let (Some(from), Some(alias)) = (top(&original.request, "From_Account"), top(&redacted.request, "From_Account")) {
            assert_eq!(top(&redacted.request, "Operator_Account").unwrap_or_else(|| alias.clone()), alias);
            assert_eq!(aliases.entry(from).or_insert_with(|| alias.clone()), &alias);
        }
        let sentence = format!("{} wrote to {} with {}", planted.accounts[n], planted.accounts[(n + 1) % COUNT], planted.tokens[n]);
        assert_nothing_planted(&redaction.text(&sentence));
    }
    // Once more, in the order of the alphabet or any other: who had an alias has it still.
    for n in (0..COUNT).rev() {
        let original = exchange(n, &planted);
        let redacted = redact(&mut redaction, &original);
        if let Some((from, alias)) = top(&original.request, "From_Account").zip(top(&redacted.request, "From_Account")) {
            assert_eq!(aliases[&from], alias);
        }
    }
    let different: HashSet<&String> = aliases.values().collect();
    assert!(aliases.len() > 800, "{}", aliases.len());
    assert_eq!(different.len(), aliases.len(), "two accounts share an alias");
}

#[test]
fn what_is_redacted_keeps_its_form() {
    let planted = planted();
    let mut redaction = Redaction::new(&[]);
    for n in (0..COUNT).filter(|n| n % 7 < 5) {
        let original = exchange(n, &planted).request;
        let redacted = redact(&mut redaction, &exchange(n, &planted)).request;
        let (before, after) = (json::read(&original.body), json::read(&redacted.body));
        assert_eq!(after.mistake, None);
        let kinds = |document: &json::Document| document.nodes().map(|node| node.kind).collect::<Vec<_>>();
        assert_eq!(kinds(&before), kinds(&after));
        assert_eq!(original.head().headers.len(), redacted.head().headers.len());
        assert_eq!(
            query::read(original.head().target.unwrap_or_default()).len(),
            query::read(redacted.head().target.unwrap_or_default()).len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_can_be_redacted(head: Vec<u8>, body: Vec<u8>, text in any::<String>(), mistake in 0_usize..900) {
        let mut redaction = Redaction::new(&[Token::new("xxxxyyyy")]);
        let sample = exchange(3, &planted());
        let at = mistake.min(sample.request.body.len());
        let bent = [&sample.request.body[..at], text.as_bytes(), &sample.request.body[at..]].concat();
        let request = Request::complete(0, head, body);
        redact(&mut redaction, &Exchange { id: 1, request, response: None });
        let request = Request::complete(0, sample.request.head, bent);
        let redacted = redact(&mut redaction, &Exchange { id: 1, request, response: None });
        assert!(!all(&redacted).to_lowercase().contains("qzx"), "{}", all(&redacted));
        redaction.text(&text);
    }
}
