//! A signature as it was received: the bytes that it stands for, and how they were written.

use super::{Form, LooksLike, OtherHash};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The fewest digits that count as the beginning of a digest: one of the sixteen hundred that are tried begins with
/// eight given digits by chance once in two million times.
const CUT_OFF_DIGITS: usize = 8;

/// A signature as bytes, and how it was written.
pub(super) struct Received {
    bytes: Vec<u8>,
    pub form: Form,
    hex_digits: usize,
}

impl Received {
    pub fn read(sign: &str) -> Self {
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

    pub fn is(&self, digest: &[u8]) -> bool {
        match self.form {
            Form::Hex | Form::UpperHex | Form::Spaced | Form::Base64 => self.bytes == digest,
            Form::CutOff => !self.bytes.is_empty() && self.hex_digits < 64 && digest.starts_with(&self.bytes),
        }
    }

    pub fn looks_like(&self) -> Option<LooksLike> {
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
