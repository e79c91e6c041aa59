//! The signature: `Sign = sha256(Token + RequestTime)`, and how fresh it must be.
//!
//! The digest covers the token and the time, nothing else: neither the body nor the URL nor the app id.
//!
//! Source: Chat, "Webhook Overview", "Security considerations": <https://www.tencentcloud.com/document/product/1047/34354>

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A token: the secret that the developer chose in the console. It never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes a token exactly as given; spaces count.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the keyring and for signing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Computes `Sign`: sha256 over the token followed by the request time, as 64 lower-case hex digits.
///
/// `request_time` is the parameter's text (decimal seconds), not a number: its digits are hashed.
pub fn sign(token: &Token, request_time: &str) -> String {
    hex::encode(digest(token, request_time))
}

/// Whether `received` is [`sign`] of these two; compared in constant time.
pub fn matches(received: &str, token: &Token, request_time: &str) -> bool {
    let mut digits = [0; 64];
    hex::encode_to_slice(digest(token, request_time), &mut digits).expect("bug: 32 bytes are 64 digits");
    digits.ct_eq(received.as_bytes()).into()
}

fn digest(token: &Token, request_time: &str) -> [u8; 32] {
    Sha256::new().chain_update(&token.0).chain_update(request_time).finalize().into()
}

/// How old a callback may be, and how far in the future, in seconds.
///
/// Source: Live, "Webhook Overview" (647/64412) and the Chinese Chat page state one minute; the English Chat page
/// leaves the window out.
pub const WINDOW_SECS: i64 = 60;

/// `RequestTime` in seconds: 1 to 11 decimal digits, nothing else.
pub fn read_request_time(text: &str) -> Option<i64> {
    let is_decimal = (1..=11).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if is_decimal { text.parse().ok() } else { None }
}

/// Age in whole seconds at arrival, rounded down: negative when the callback was signed in the future.
pub fn age_secs(received_at_millis: i64, request_time_secs: i64) -> i64 {
    received_at_millis.div_euclid(1000) - request_time_secs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_example_and_ours_are_reproduced() {
        for (token, time, digest) in [
            ("xxxxyyyy", "1669872112", "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061"),
            ("lantern-42", "1754890112", "69e71422334d7b75028130eab2e574eb0d813f7cd16e515dd0ef5721240b7c11"),
            ("s3cret令牌", "1754890112", "460ddbf8aed3dadd07bbfe5517455e5cf043e8dc1f50547ad78283e70d8ef6dd"),
        ] {
            assert_eq!(sign(&Token::new(token), time), digest);
            assert!(matches(digest, &Token::new(token), time));
            for other in [&digest.to_uppercase(), &digest[1..], &format!("{digest}0"), ""] {
                assert!(!matches(other, &Token::new(token), time), "{other}");
            }
        }
    }

    #[test]
    fn the_misprinted_token_does_not_fit() {
        assert!(sign(&Token::new("xxxyyy"), "1669872112").starts_with("e78a8547"));
    }

    #[test]
    fn a_token_never_prints() {
        assert_eq!(format!("{:?}", Token::new("xxxxyyyy")), "Token(..)");
    }

    #[test]
    fn only_plain_decimal_seconds_are_a_request_time() {
        for (text, time) in [
            ("1669872112", Some(1_669_872_112)),
            ("0", Some(0)),
            ("99999999999", Some(99_999_999_999)),
            ("", None),
            ("1669872112123", None),
            ("-1", None),
            ("+1", None),
            (" 1", None),
            ("1.0", None),
            ("١", None),
        ] {
            assert_eq!(read_request_time(text), time, "{text:?}");
        }
    }

    #[test]
    fn the_age_is_rounded_down() {
        assert_eq!(age_secs(60_999, 0), 60);
        assert_eq!(age_secs(61_000, 0), 61);
        assert_eq!(age_secs(999, 1), -1);
        assert_eq!(age_secs(-1, 0), -1);
    }
}
