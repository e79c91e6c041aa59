//! The command for POSIX shells: bash, zsh, fish, dash and the like, all alike.
//!
//! Everything that came over the wire stands inside single quotes, without a backslash or a single quote among it, since
//! fish reads those otherwise than the others do: both stand outside, after a backslash. What has bytes that a terminal
//! could obey, or a line editor, stands as the octal escapes of `printf '%b'`, which every one of them writes alike.

use super::{AS_IS, Told};
use crate::wording;
use std::fmt::Write as _;

/// The longest body that stands among the arguments, in bytes: Linux takes no argument of more than 128 KiB.
const LONGEST_ARGUMENT: usize = 100_000;

pub fn command(told: &Told<'_>) -> String {
    let mut words = vec![format!("curl {AS_IS}")];
    if told.is_head() {
        words.push("--head".to_owned());
    } else {
        words.push(format!("-X {}", quote(told.method)));
    }
    if let Some(target) = told.target {
        words.push(format!("--request-target {}", argument(target.as_bytes())));
    }
    words.push(quote(&told.url));
    words.extend(told.headers.iter().map(|header| format!("-H {}", argument(header))));
    let before = body(told.body, &mut words);
    format!("{before}{}\n", words.join(" \\\n  "))
}

/// Adds the body's option. Returns what has to stand before the command when the body comes through a pipe.
fn body(body: &[u8], words: &mut Vec<String>) -> String {
    let text = std::str::from_utf8(body).ok().filter(|text| is_harmless(text));
    match text {
        Some("") => String::new(),
        Some(text) if text.len() < LONGEST_ARGUMENT => {
            words.push(format!("--data-raw {}", quote(text)));
            String::new()
        }
        text => {
            words.push("--data-binary @-".to_owned());
            // Built into the shell, so that it may be of any length.
            text.map_or_else(|| format!("printf '%b' '{}' | ", octal(body)), |text| format!("printf '%s' {} | ", quote(text)))
        }
    }
}

/// Whether a text can be pasted as it is. A tab asks for completions. In more than one line bash may take an exclamation mark
/// for a word from its history, whatever quotes it stands in.
fn is_harmless(text: &str) -> bool {
    let recalls = text.contains('\n') && text.contains('!');
    !recalls && text.chars().all(|c| c == '\n' || !wording::is_steering(c))
}

/// An argument on one line.
fn argument(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\n') && is_harmless(text) => quote(text),
        // It ends with no line break, which would be taken away.
        _ => format!("\"$(printf '%b' '{}')\"", octal(bytes)),
    }
}

/// Single quotes hold everything but a single quote and, in fish, a backslash.
fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        if matches!(c, '\'' | '\\') {
            quoted.extend(['\'', '\\', c, '\'']);
        } else {
            quoted.push(c);
        }
    }
    quoted.push('\'');
    quoted
}

fn octal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4);
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b" {}[]:,.\"_-".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "\\0{byte:03o}").expect("bug: writing to a String cannot fail");
        }
    }
    out
}
