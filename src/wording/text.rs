//! Text and numbers as they are shown: nothing in them acts.

/// Makes what could steer a screen or a reader's eye visible: control characters, and those that change the
/// direction of text or have no width, become their escape, such as `\u{202e}`. Line breaks become ⏎.
pub fn visible(text: &str) -> String {
    if text.chars().all(|c| !is_steering(c)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push('⏎'),
            c if is_steering(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character acts instead of showing. Zero-width joiners stay: emoji are made of them.
pub fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}')
}

/// The first `chars` characters of a value as it is shown, and how long it is when that is not all.
pub fn shortened(raw: &str, chars: usize) -> String {
    match raw.char_indices().nth(chars) {
        Some((at, _)) => format!("{}… ({})", visible(&raw[..at]), bytes(raw.len())),
        None => visible(raw),
    }
}

pub(super) fn quoted(text: &str) -> String {
    if text.is_empty() { "an empty value".to_owned() } else { format!("“{}”", visible(text)) }
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
    fn numbers_are_set_in_words() {
        assert_eq!([0, 999, 1_204, 1_000_000].map(count), ["0", "999", "1,204", "1,000,000"]);
        assert_eq!([12, 4_100, 4_100_000, 16_777_216_000].map(size), ["12 B", "4.1 kB", "4.1 MB", "16.7 GB"]);
    }
}
