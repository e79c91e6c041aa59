//! Diagnosis: why a signature is not the one that was due.
//!
//! Every mistake that is known gives a digest of its own; the one that equals what was received was made. This
//! tries a few thousand digests, so it runs where an exchange is looked at, never before a response. The other
//! hash functions stand here to be recognised; nothing is signed with them.
//!
//! Sources: PROTOCOL 10.1 for the mistakes; Chat, "Webhook Overview", for the digest that is right.

use super::SdkApp;
use super::sign::{Token, read_request_time};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// What a signature came with.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// `Sign` as received.
    pub sign: &'a str,
    /// `RequestTime` as received.
    pub request_time: &'a str,
    /// The request target as received.
    pub target: &'a str,
    /// The `Host` header.
    pub host: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// Why a signature is not the one that was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Diagnosis {
    /// It is what this gives.
    Explained {
        /// What was hashed, and how.
        recipe: Recipe,
        /// How the digest was written.
        form: Form,
    },
    /// No known mistake gives it.
    Unexplained {
        /// How many were tried.
        tried: usize,
        /// What its length speaks for.
        looks_like: Option<LooksLike>,
    },
    /// No token is at hand to try any with.
    NoToken {
        /// What its length speaks for.
        looks_like: Option<LooksLike>,
    },
}

/// How a digest was made. None of these holds a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipe {
    /// As documented.
    Documented,
    /// White space around the token.
    Spaced {
        /// Where.
        side: Side,
        /// What it is.
        space: &'static str,
    },
    /// Without the white space around the token as it is saved here.
    Trimmed,
    /// White space after the time, as `echo` adds it.
    SpaceAfterTime(&'static str),
    /// Quotes around the token.
    Quoted(char),
    /// First the time, then the token.
    Swapped,
    /// Something between the two.
    Separator {
        /// What.
        separator: &'static str,
        /// Whether the time came first too.
        swapped: bool,
    },
    /// An HMAC-SHA-256.
    Hmac(HmacOf),
    /// Another hash function over the right text.
    OtherHash(OtherHash),
    /// The time in milliseconds was signed, its seconds were sent.
    SignedMillis {
        /// What was signed.
        signed: String,
    },
    /// The time in seconds was signed, its milliseconds were sent.
    SentMillis {
        /// What was signed.
        signed: String,
    },
    /// The token of another app.
    OtherApp {
        /// Which.
        app: String,
    },
    /// Pages of 2023 print the token `xxxyyy` beside the digest of `xxxxyyyy`.
    Misprint,
    /// The body was hashed too.
    WithBody,
    /// The URL, or a part of it, was hashed too.
    WithUrl,
}

/// Where white space stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before the token.
    Before,
    /// After it.
    After,
    /// On both sides.
    Both,
}

/// Key and message of an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HmacOf {
    /// The token is the key, the time the message.
    Time,
    /// The time is the key, the token the message.
    Token,
    /// The token is the key, token and time together the message.
    TokenAndTime,
    /// The token is the key, the body the message.
    Body,
}

/// A hash function that is not SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherHash {
    /// 32 hexadecimal digits.
    Md5,
    /// 40 hexadecimal digits.
    Sha1,
}

/// How a digest was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Lower-case hexadecimal digits, as documented.
    Hex,
    /// With capital letters.
    UpperHex,
    /// With white space around it.
    Spaced,
    /// In base64.
    Base64,
    /// Its beginning only.
    CutOff,
}

/// What a signature's length speaks for when nothing can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LooksLike {
    /// As many digits as another hash function gives.
    Hash(OtherHash),
    /// 32 bytes in base64.
    Base64,
}

/// White space that is copied along with a token.
const SPACES: [&str; 7] = [" ", "\n", "\r\n", "\t", "\u{a0}", "\u{200b}", "\u{feff}"];

/// What people put between two values.
const SEPARATORS: [&str; 17] = ["&", ":", "-", "_", ".", ",", "|", "/", " ", "\n", "+", "=", ";", "#", "\r\n", "\t", "\0"];

/// The token that the documents mean, and the one that pages of 2023 print.
const MISPRINT: [&str; 2] = ["xxxxyyyy", "xxxyyy"];

/// How much of a body is hashed to try whether it was: judging stays quick whatever came.
const BODY_LIMIT_BYTES: usize = 64 * 1024;

/// The fewest digits that count as the beginning of a digest.
const CUT_OFF_DIGITS: usize = 8;

/// Mistakes in how a digest is written: capitals, base64, white space around it, cut off.
const FORMS: usize = 4;

/// The mistakes in what is hashed, in the order in which they are named.
const MISTAKES: [Try; 12] =
    [spaced, quoted, swapped, separated, hmac_instead, md5_instead, sha1_instead, milliseconds, other_app, misprint, with_body, with_url];

type Try = fn(&Question<'_>, &Token) -> Trial;

/// What became of trying a mistake.
enum Trial {
    /// There was nothing to try it with.
    Idle,
    /// It gives something else.
    Differs,
    /// It gives what was received.
    Fits(Recipe),
}

struct Question<'a> {
    evidence: Evidence<'a>,
    others: Vec<(&'a str, &'a Token)>,
    received: Received,
}

/// Names the first known mistake that gives the signature that was received.
///
/// `app` is the app whose token was due, `apps` are all that are saved.
pub fn diagnose(evidence: Evidence<'_>, app: Option<&SdkApp>, apps: &[SdkApp]) -> Diagnosis {
    let received = Received::read(evidence.sign);
    let looks_like = received.looks_like();
    let tokens = app.map_or(&[][..], |app| &app.tokens);
    if tokens.is_empty() {
        return Diagnosis::NoToken { looks_like };
    }
    let others = apps.iter().filter(|other| app.is_none_or(|app| app.id != other.id));
    let others = others.flat_map(|other| other.tokens.iter().map(|token| (other.id.as_str(), token))).collect();
    let question = Question { evidence, others, received };
    let explained = |recipe| Diagnosis::Explained { recipe, form: question.received.form };
    if tokens.iter().any(|token| question.received.is(&digest(&[token.reveal(), evidence.request_time]))) {
        return explained(Recipe::Documented);
    }
    let mut tried = FORMS;
    for mistake in MISTAKES {
        let trials: Vec<Trial> = tokens.iter().map(|token| mistake(&question, token)).collect();
        tried += usize::from(trials.iter().any(|trial| !matches!(trial, Trial::Idle)));
        let fits = trials.into_iter().find_map(|trial| if let Trial::Fits(recipe) = trial { Some(recipe) } else { None });
        if let Some(recipe) = fits {
            return explained(recipe);
        }
    }
    Diagnosis::Unexplained { tried, looks_like }
}

/// The app whose token gives a signature, if there is one.
pub fn signer<'a>(sign: &str, request_time: &str, apps: &'a [SdkApp]) -> Option<&'a str> {
    let received = Received::read(sign);
    let fits = |app: &&SdkApp| app.tokens.iter().any(|token| received.is(&sha256(&[token.reveal().as_bytes(), request_time.as_bytes()])));
    apps.iter().find(fits).map(|app| app.id.as_str())
}

/// A signature as bytes, and how it was written.
struct Received {
    bytes: Vec<u8>,
    form: Form,
    hex_digits: usize,
}

impl Received {
    fn read(sign: &str) -> Self {
        let trimmed = sign.trim();
        let is_hex = !trimmed.is_empty() && trimmed.bytes().all(|b| b.is_ascii_hexdigit());
        let hex_digits = if is_hex { trimmed.len() } else { 0 };
        if let Some(bytes) = is_hex.then(|| hex::decode(trimmed).ok()).flatten().filter(|bytes| is_digest_length(bytes.len())) {
            let form = if trimmed.len() < sign.len() {
                Form::Spaced
            } else if trimmed.bytes().any(|b| b.is_ascii_uppercase()) {
                Form::UpperHex
            } else {
                Form::Hex
            };
            return Self { bytes, form, hex_digits };
        }
        // A query's plus may have been read as a space.
        let base64 = trimmed.replace([' ', '-'], "+").replace('_', "/");
        if let Some(bytes) = BASE64.decode(base64).ok().filter(|bytes| is_digest_length(bytes.len())) {
            return Self { bytes, form: Form::Base64, hex_digits };
        }
        let whole_bytes = &trimmed[..hex_digits / 2 * 2];
        let bytes = if hex_digits >= CUT_OFF_DIGITS { hex::decode(whole_bytes).unwrap_or_default() } else { Vec::new() };
        Self { bytes, form: Form::CutOff, hex_digits }
    }

    fn is(&self, digest: &[u8]) -> bool {
        match self.form {
            Form::Hex | Form::UpperHex | Form::Spaced | Form::Base64 => self.bytes == digest,
            Form::CutOff => !self.bytes.is_empty() && self.hex_digits < 64 && digest.starts_with(&self.bytes),
        }
    }

    fn looks_like(&self) -> Option<LooksLike> {
        match (self.form, self.hex_digits) {
            (Form::Base64, _) => Some(LooksLike::Base64),
            (_, 32) => Some(LooksLike::Hash(OtherHash::Md5)),
            (_, 40) => Some(LooksLike::Hash(OtherHash::Sha1)),
            _ => None,
        }
    }
}

/// Bytes of an MD5, a SHA-1, a SHA-256.
fn is_digest_length(bytes: usize) -> bool {
    matches!(bytes, 16 | 20 | 32)
}

/// Both alphabets are read as one (see above), with padding or without.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

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
fn digest(parts: &[&str]) -> Vec<u8> {
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

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "1669872112";

    /// What is said of `sign` where the token is `token` and another app has `lantern-42`.
    fn check_with(token: &str, time: &str, sign: &str, expected: &Diagnosis) {
        let app = SdkApp { id: "888888".into(), tokens: vec![Token::new(token)] };
        let other = SdkApp { id: "777777".into(), tokens: vec![Token::new("lantern-42")] };
        let target = format!("/hook?SdkAppid=888888&Sign={sign}&RequestTime={time}");
        let evidence = Evidence { sign, request_time: time, target: &target, host: Some("x.example"), body: b"{}" };
        assert_eq!(diagnose(evidence, Some(&app), &[app.clone(), other]), *expected, "{sign}");
    }

    fn check(sign: &str, recipe: Recipe, form: Form) {
        check_with("xxxxyyyy", TIME, sign, &Diagnosis::Explained { recipe, form });
    }

    fn hex_of(parts: &[&str]) -> String {
        hex::encode(digest(parts))
    }

    #[test]
    fn each_mistake_is_known_by_what_it_gives() {
        use Recipe::*;
        let t = "xxxxyyyy";
        check(&hex_of(&[t, "\n", TIME]), Spaced { side: Side::After, space: "\n" }, Form::Hex);
        check(&hex_of(&[" ", t, TIME]), Spaced { side: Side::Before, space: " " }, Form::Hex);
        check(&hex_of(&["\t", t, "\t", TIME]), Spaced { side: Side::Both, space: "\t" }, Form::Hex);
        check(&hex_of(&[t, TIME, "\n"]), SpaceAfterTime("\n"), Form::Hex);
        check(&hex_of(&["\"", t, "\"", TIME]), Quoted('"'), Form::Hex);
        check(&hex_of(&[TIME, t]), Swapped, Form::Hex);
        check(&hex_of(&[t, "&", TIME]), Separator { separator: "&", swapped: false }, Form::Hex);
        check(&hex_of(&[TIME, ":", t]), Separator { separator: ":", swapped: true }, Form::Hex);
        check(&hex_of(&[t, "1669872112483"]), SignedMillis { signed: "1669872112483".into() }, Form::Hex);
        check(&hex_of(&[t, "1669872111500"]), SignedMillis { signed: "1669872111500".into() }, Form::Hex);
        check(&hex_of(&["lantern-42", TIME]), OtherApp { app: "777777".into() }, Form::Hex);
        check(&hex_of(&["xxxyyy", TIME]), Misprint, Form::Hex);
        check(&hex_of(&[t, TIME, "{}"]), WithBody, Form::Hex);
        check(&hex_of(&[t, TIME, "/hook?SdkAppid=888888"]), WithUrl, Form::Hex);
        check(&hex_of(&["https://x.example/hook?SdkAppid=888888", t, TIME]), WithUrl, Form::Hex);
    }

    #[test]
    fn other_functions_are_known_by_test_values_of_other_tools() {
        // printf xxxxyyyy1669872112 | md5sum, sha1sum; openssl dgst -sha256 -hmac
        check("5c2aca4f18f19a9212156e23feb5e716", Recipe::OtherHash(OtherHash::Md5), Form::Hex);
        check("8a7e723ecc4b24d7e402db6f5558ab4ff8d2babc", Recipe::OtherHash(OtherHash::Sha1), Form::Hex);
        check("cf781b400da849aa896596faa74a65524e67e9300f9689504058d6dfb48c9184", Recipe::Hmac(HmacOf::Time), Form::Hex);
        check("0cd7c14ded24c40ffb0deece5c238a27de4039c2af28de2684344422cd919057", Recipe::Hmac(HmacOf::Token), Form::Hex);
    }

    #[test]
    fn the_right_digest_may_be_written_wrongly() {
        let right = hex_of(&["xxxxyyyy", TIME]);
        check(&right.to_uppercase(), Recipe::Documented, Form::UpperHex);
        check(&format!("{right}\n"), Recipe::Documented, Form::Spaced);
        check(&right[..63], Recipe::Documented, Form::CutOff);
        check("F3c7w5pnHXuaqDVFhwTSptuBNgpZQCkrWH1tdg1IQGE=", Recipe::Documented, Form::Base64);
    }

    #[test]
    fn the_time_in_milliseconds_may_be_sent_and_its_seconds_signed() {
        let signed = TIME.to_owned();
        let explained = Diagnosis::Explained { recipe: Recipe::SentMillis { signed }, form: Form::Hex };
        check_with("xxxxyyyy", "1669872112483", &hex_of(&["xxxxyyyy", TIME]), &explained);
    }

    #[test]
    fn a_saved_token_may_have_the_space_itself() {
        let explained = Diagnosis::Explained { recipe: Recipe::Trimmed, form: Form::Hex };
        check_with("xxxxyyyy\n", TIME, &hex_of(&["xxxxyyyy", TIME]), &explained);
    }

    #[test]
    fn what_fits_nothing_says_how_much_was_tried() {
        check_with("xxxxyyyy", TIME, &"0".repeat(64), &Diagnosis::Unexplained { tried: 16, looks_like: None });
        // Neither of the two tokens of the misprint, no number of seconds.
        let md5 = Some(LooksLike::Hash(OtherHash::Md5));
        check_with("other", "soon", &"0".repeat(32), &Diagnosis::Unexplained { tried: 14, looks_like: md5 });
        let none = Diagnosis::Unexplained { tried: 14, looks_like: None };
        for time in ["9223372036854775", "9223372036854775807", "99999999999999999999", "-1", "٣"] {
            check_with("other", time, &"0".repeat(64), &none);
        }
        let evidence = Evidence { sign: &"0".repeat(40), request_time: TIME, target: "/", host: None, body: b"" };
        let sha1 = Some(LooksLike::Hash(OtherHash::Sha1));
        assert_eq!(diagnose(evidence, None, &[]), Diagnosis::NoToken { looks_like: sha1 });
    }
}
