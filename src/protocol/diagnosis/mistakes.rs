//! The mistakes in what is hashed: each function tries one, with all that people make of it.

use super::received::Received;
use super::{Evidence, HmacOf, OtherHash, Recipe, Side};
use crate::protocol::sign::{Token, read_request_time};
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// White space that is copied along with a token.
const SPACES: [&str; 7] = [" ", "\n", "\r\n", "\t", "\u{a0}", "\u{200b}", "\u{feff}"];

/// What people put between two values.
const SEPARATORS: [&str; 17] = ["&", ":", "-", "_", ".", ",", "|", "/", " ", "\n", "+", "=", ";", "#", "\r\n", "\t", "\0"];

/// The token that the documents mean, and the one that pages of 2023 print.
const MISPRINT: [&str; 2] = ["xxxxyyyy", "xxxyyy"];

/// How much of a body is hashed to try whether it was: judging stays quick whatever came.
const BODY_LIMIT_BYTES: usize = 64 * 1024;

/// The mistakes in what is hashed, in the order in which they are named.
pub(super) const MISTAKES: [Try; 12] =
    [spaced, quoted, swapped, separated, hmac_instead, md5_instead, sha1_instead, milliseconds, other_app, misprint, with_body, with_url];

pub(super) type Try = fn(&Question<'_>, &Token) -> Trial;

/// What became of trying a mistake.
pub(super) enum Trial {
    /// There was nothing to try it with.
    Idle,
    /// It gives something else.
    Differs,
    /// It gives what was received.
    Fits(Recipe),
}

pub(super) struct Question<'a> {
    pub evidence: Evidence<'a>,
    pub others: Vec<(&'a str, &'a Token)>,
    pub received: Received,
}

impl Question<'_> {
    /// Tries candidates one after the other.
    fn first(&self, candidates: impl Iterator<Item = (Recipe, Vec<u8>)>) -> Trial {
        let mut trial = Trial::Idle;
        for (recipe, digest) in candidates {
            if self.received.is(&digest) {
                return Trial::Fits(recipe);
            }
            trial = Trial::Differs;
        }
        trial
    }
}

/// SHA-256 over texts, one after the other.
pub(super) fn digest(parts: &[&str]) -> Vec<u8> {
    sha256(&parts.iter().map(|part| part.as_bytes()).collect::<Vec<_>>())
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

fn spaced(question: &Question<'_>, token: &Token) -> Trial {
    let (token, time) = (token.reveal(), question.evidence.request_time);
    let trimmed = token.trim_matches(|c: char| c.is_whitespace() || SPACES.iter().any(|space| space.starts_with(c)));
    let trimmed = (trimmed.len() < token.len()).then(|| (Recipe::Trimmed, digest(&[trimmed, time])));
    let around = SPACES.iter().flat_map(|&space| {
        [
            (Recipe::Spaced { side: Side::After, space }, digest(&[token, space, time])),
            (Recipe::Spaced { side: Side::Before, space }, digest(&[space, token, time])),
            (Recipe::Spaced { side: Side::Both, space }, digest(&[space, token, space, time])),
            (Recipe::SpaceAfterTime(space), digest(&[token, time, space])),
        ]
    });
    question.first(trimmed.into_iter().chain(around))
}

fn quoted(question: &Question<'_>, token: &Token) -> Trial {
    let quotes = [('"', "\""), ('\'', "'")];
    question.first(quotes.into_iter().map(|(quote, text)| {
        let made = digest(&[text, token.reveal(), text, question.evidence.request_time]);
        (Recipe::Quoted(quote), made)
    }))
}

fn swapped(question: &Question<'_>, token: &Token) -> Trial {
    let made = digest(&[question.evidence.request_time, token.reveal()]);
    question.first(std::iter::once((Recipe::Swapped, made)))
}

fn separated(question: &Question<'_>, token: &Token) -> Trial {
    let (token, time) = (token.reveal(), question.evidence.request_time);
    question.first(SEPARATORS.iter().flat_map(|&separator| {
        [
            (Recipe::Separator { separator, swapped: false }, digest(&[token, separator, time])),
            (Recipe::Separator { separator, swapped: true }, digest(&[time, separator, token])),
        ]
    }))
}

fn hmac_instead(question: &Question<'_>, token: &Token) -> Trial {
    let Evidence { request_time, body, .. } = question.evidence;
    let (token, time) = (token.reveal().as_bytes(), request_time.as_bytes());
    let mut candidates = vec![
        (Recipe::Hmac(HmacOf::Time), hmac(token, &[time])),
        (Recipe::Hmac(HmacOf::Token), hmac(time, &[token])),
        (Recipe::Hmac(HmacOf::TokenAndTime), hmac(token, &[token, time])),
    ];
    if is_worth_hashing(body) {
        candidates.push((Recipe::Hmac(HmacOf::Body), hmac(token, &[body])));
    }
    question.first(candidates.into_iter())
}

fn hmac(key: &[u8], message: &[&[u8]]) -> Vec<u8> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("bug: an HMAC takes a key of any length");
    for part in message {
        hmac.update(part);
    }
    hmac.finalize().into_bytes().to_vec()
}

fn md5_instead(question: &Question<'_>, token: &Token) -> Trial {
    other_hash::<Md5>(question, token, OtherHash::Md5)
}

fn sha1_instead(question: &Question<'_>, token: &Token) -> Trial {
    other_hash::<Sha1>(question, token, OtherHash::Sha1)
}

fn other_hash<D: Digest>(question: &Question<'_>, token: &Token, hash: OtherHash) -> Trial {
    let digest = D::new().chain_update(token.reveal()).chain_update(question.evidence.request_time).finalize();
    question.first(std::iter::once((Recipe::OtherHash(hash), digest.to_vec())))
}

/// Any millisecond that `RequestTime` is the second of, rounded down or to the nearest.
fn milliseconds(question: &Question<'_>, token: &Token) -> Trial {
    let text = question.evidence.request_time;
    let Some(time) = text.parse::<i64>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit())) else { return Trial::Idle };
    if text.len() == 13 {
        let seconds = [time / 1000, (time + 500) / 1000].map(|secs| secs.to_string()).into_iter();
        return question.first(seconds.map(|signed| {
            let made = digest(&[token.reveal(), &signed]);
            (Recipe::SentMillis { signed }, made)
        }));
    }
    let Some(millis) = read_request_time(text).map(|secs| secs * 1000) else { return Trial::Idle };
    let begun = Sha256::new().chain_update(token.reveal());
    question.first((millis..millis + 1000).chain(millis - 500..millis).map(|millis| {
        let signed = millis.to_string();
        let digest = begun.clone().chain_update(&signed).finalize().to_vec();
        (Recipe::SignedMillis { signed }, digest)
    }))
}

fn other_app(question: &Question<'_>, _due: &Token) -> Trial {
    let time = question.evidence.request_time;
    question.first(question.others.iter().map(|(app, token)| {
        let recipe = Recipe::OtherApp { app: (*app).to_owned() };
        (recipe, digest(&[token.reveal(), time]))
    }))
}

fn misprint(question: &Question<'_>, token: &Token) -> Trial {
    let Some(at) = MISPRINT.iter().position(|one| *one == token.reveal()) else { return Trial::Idle };
    let other = MISPRINT[1 - at];
    question.first(std::iter::once((Recipe::Misprint, digest(&[other, question.evidence.request_time]))))
}

fn with_body(question: &Question<'_>, token: &Token) -> Trial {
    let body = question.evidence.body;
    if !is_worth_hashing(body) {
        return Trial::Idle;
    }
    question.first(with(question, token, body, &Recipe::WithBody))
}

fn is_worth_hashing(body: &[u8]) -> bool {
    (1..=BODY_LIMIT_BYTES).contains(&body.len())
}

/// The signature cannot have covered itself, so the URL is taken as it was before `Sign` was added.
fn with_url(question: &Question<'_>, token: &Token) -> Trial {
    let Evidence { target, host, .. } = question.evidence;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let is_signature = |pair: &&str| pair.split('=').next().is_some_and(|name| matches!(name, "Sign" | "RequestTime"));
    let unsigned = query.split('&').filter(|pair| !is_signature(pair)).collect::<Vec<_>>().join("&");
    let target = if unsigned.is_empty() { path.to_owned() } else { format!("{path}?{unsigned}") };
    let mut urls = vec![target.clone(), path.to_owned(), unsigned];
    for scheme in ["https", "http"] {
        urls.extend(host.map(|host| format!("{scheme}://{host}{target}")));
    }
    urls.retain(|url| !url.is_empty());
    question.first(urls.iter().flat_map(|url| with(question, token, url.as_bytes(), &Recipe::WithUrl)))
}

/// Token, time and something more, in each order that is likely.
fn with<'a>(question: &Question<'a>, token: &Token, more: &[u8], recipe: &Recipe) -> impl Iterator<Item = (Recipe, Vec<u8>)> + use<'a> {
    let (token, time) = (token.reveal().as_bytes(), question.evidence.request_time.as_bytes());
    let orders: [&[&[u8]]; 5] = [&[token, time, more], &[more, token, time], &[token, more, time], &[token, more], &[more, token]];
    let digests = orders.map(|parts| (recipe.clone(), sha256(parts)));
    digests.into_iter()
}
