//! Sentences that were made of an exchange before it was redacted.

use super::names;
use super::spot::Filling;

/// The sentence without what is known to be private: values, signatures, addresses, and what it cut short of anything.
pub fn redacted(sentence: &str, filling: Filling<'_>) -> String {
    let known = filling.scan(sentence).unwrap_or_else(|| sentence.to_owned());
    without_signatures(&without_beginnings(&known))
}

/// `“Once upon a…” (300 bytes)` becomes `“…” (300 bytes)`: of what was cut short nobody knows whether it is private.
fn without_beginnings(sentence: &str) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(end) = rest.find("…”") {
        let open = rest[..end].rfind('“').map_or(0, |open| open + '“'.len_utf8());
        out.push_str(&rest[..open]);
        out.push_str("…”");
        rest = &rest[end + "…”".len()..];
    }
    out + rest
}

/// Whatever has the digits of a signature, or is an address, is masked, word by word.
fn without_signatures(sentence: &str) -> String {
    let is_end = |c: char| c.is_whitespace() || "“”\"'(),;=&?".contains(c);
    sentence
        .split_inclusive(is_end)
        .map(|piece| {
            let word = piece.trim_end_matches(is_end).trim_end_matches('.');
            let is_digest = word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            let is_address = word.trim_end_matches(':').parse::<std::net::IpAddr>().is_ok() && !names::is_nobodys(word);
            if is_digest || (is_address && !is_made_up(word)) { format!("…{}", &piece[word.len()..]) } else { piece.to_owned() }
        })
        .collect()
}

/// Whether a word is what stands for a signature or an address.
fn is_made_up(word: &str) -> bool {
    ["192.0.2.", "198.51.100.", "203.0.113.", "198.18.", "198.19.", "2001:db8::"].iter().any(|range| word.starts_with(range))
}
