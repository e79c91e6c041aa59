//! Diagnosis: why a signature is not the one that was due.
//!
//! Every mistake that is known gives a digest of its own; the one that equals what was received was made. This
//! tries some sixteen hundred digests for each token, so it runs where an exchange is looked at, never before a
//! response. The other hash functions stand here to be recognised; nothing is signed with them.
//!
//! Sources: PROTOCOL 10.1 for the mistakes; Chat, "Webhook Overview", for the digest that is right.

mod mistakes;
mod received;

use super::SdkApp;
use mistakes::{MISTAKES, Question, Trial, digest};
use received::Received;

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

/// Mistakes in how a digest is written: capitals, base64, white space around it, cut off.
const FORMS: usize = 4;

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
    let fits = |app: &&SdkApp| app.tokens.iter().any(|token| received.is(&digest(&[token.reveal(), request_time])));
    apps.iter().find(fits).map(|app| app.id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::sign::Token;

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
