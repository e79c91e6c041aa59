//! Text and numbers as they are shown: nothing in them acts.

/// Makes what could steer a screen or a reader's eye visible: control characters, and those that change the
/// direction of text or have no width, become their escape, such as `\u{202e}`. Line breaks become ⏎.
pub fn visible(text: &str) -> String {
    if text.chars().all(|c| !is_steering(c)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    text.chars().for_each(|c| push_visibly(&mut out, c));
    out
}

fn push_visibly(out: &mut String, c: char) {
    match c {
        '\n' => out.push('⏎'),
        c if is_steering(c) => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

/// Whether a character acts instead of showing. Zero-width joiners stay: emoji are made of them.
pub fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}')
}

/// How much of a value from the wire a sentence repeats, in characters: the sentence must stay on its line.
const VALUE_CHARS: usize = 80;

/// A value from the wire, as a sentence repeats it.
pub fn value(raw: &str) -> String {
    shortened(raw, VALUE_CHARS)
}

/// A value from the wire in quotes, as a sentence repeats it.
pub(super) fn quoted(raw: &str) -> String {
    match beginning(raw, VALUE_CHARS) {
        _ if raw.is_empty() => "an empty value".to_owned(),
        (all, true) => format!("“{all}”"),
        (first, false) => format!("“{first}…” ({})", bytes(raw.len())),
    }
}

/// The beginning of a value as it is shown, and how long the value is when that is not all.
pub fn shortened(raw: &str, chars: usize) -> String {
    match beginning(raw, chars) {
        (all, true) => all,
        (first, false) => format!("{first}… ({})", bytes(raw.len())),
    }
}

/// The same of bytes. No more of them are read than are shown, however many there are.
pub fn shortened_bytes(raw: &[u8], chars: usize) -> String {
    let most = raw.len().min(chars.saturating_mul(4));
    let read = (most.saturating_sub(3)..=most).rev().find(|end| raw.get(*end).is_none_or(|byte| byte & 0xc0 != 0x80));
    let text = String::from_utf8_lossy(&raw[..read.unwrap_or(most)]);
    match beginning(&text, chars) {
        (all, true) if most == raw.len() => all,
        (first, _) => format!("{first}… ({})", bytes(raw.len())),
    }
}

/// As much of a value as takes `chars` characters where it is shown, and whether that is all. An escape is longer than
/// what it stands for, and is not cut.
fn beginning(raw: &str, chars: usize) -> (String, bool) {
    let (mut out, mut left) = (String::new(), chars);
    for c in raw.chars() {
        let before = out.len();
        push_visibly(&mut out, c);
        let Some(rest) = left.checked_sub(out[before..].chars().count()) else {
            out.truncate(before);
            return (out, false);
        };
        left = rest;
    }
    (out, true)
}

/// `1,204`
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `337 bytes`, with thousands set apart.
pub fn bytes(length: usize) -> String {
    if length == 1 { "1 byte".to_owned() } else { format!("{} bytes", count(length as u64)) }
}

/// `4.1 MB`
pub fn size(bytes: u64) -> String {
    let (unit, word) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    format!("{}.{} {word}", bytes / unit, bytes % unit * 10 / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steering_characters_become_visible() {
        for (text, expected) in [
            ("红包 · 환영합니다 👩‍👩‍👧", "红包 · 환영합니다 👩‍👩‍👧"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\u{202e}b\nc", "a\\u{202e}b⏎c"),
            ("\u{9b}", "\\u{9b}"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }

    #[test]
    fn a_long_value_is_cut_before_it_leaves_its_line() {
        assert_eq!(shortened("红包来了", 4), "红包来了");
        assert_eq!(shortened("红包来了", 3), "红包来… (12 bytes)");
        assert_eq!(shortened("a\u{202e}\u{202e}", 10), "a\\u{202e}… (7 bytes)", "an escape takes eight");
        for (raw, chars) in [("红包来了", 4), ("红包来了", 3), ("a\u{202e}\u{202e}", 10), ("", 3), ("🎁🎁🎁", 2)] {
            assert_eq!(shortened_bytes(raw.as_bytes(), chars), shortened(raw, chars));
        }
        assert_eq!(quoted(""), "an empty value");
        assert_eq!(quoted(&"x".repeat(80)), format!("“{}”", "x".repeat(80)));
        assert_eq!(quoted(&"\n".repeat(1_000)), format!("“{}…” (1,000 bytes)", "⏎".repeat(80)));
    }

    #[test]
    fn numbers_are_set_in_words() {
        assert_eq!([0, 999, 1_204, 1_000_000].map(count), ["0", "999", "1,204", "1,000,000"]);
        assert_eq!([12, 4_100, 4_100_000, 16_777_216_000].map(size), ["12 B", "4.1 kB", "4.1 MB", "16.7 GB"]);
    }
}
