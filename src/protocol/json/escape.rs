//! Escapes: what a string of JSON says.

use std::borrow::Cow;

/// Undoes the escapes of a quoted string. Lone surrogates become U+FFFD.
pub fn unescape(quoted: &str) -> Cow<'_, str> {
    let inner = quoted.strip_prefix('"').unwrap_or(quoted);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let plain = String::from_utf8(undo_escapes(inner.as_bytes()));
    Cow::Owned(plain.expect("bug: each escape is ASCII and becomes whole characters"))
}

/// Undoes every escape in a text, whatever stands around it. Broken ones are passed over, lone surrogates become U+FFFD.
pub fn undo_escapes(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&byte| byte == b'\\') {
        out.extend_from_slice(&rest[..at]);
        rest = undo(&rest[at + 1..], &mut out);
    }
    out.extend_from_slice(rest);
    out
}

/// Undoes one escape and returns what follows it.
fn undo<'t>(after: &'t [u8], out: &mut Vec<u8>) -> &'t [u8] {
    let Some((&escape, rest)) = after.split_first() else { return after };
    let plain = match escape {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        b'u' => return undo_unicode(rest, out),
        other => other,
    };
    out.push(plain);
    rest
}

fn undo_unicode<'t>(after: &'t [u8], out: &mut Vec<u8>) -> &'t [u8] {
    let Some((first, rest)) = unit(after) else { return after };
    let low = rest.strip_prefix(b"\\u").and_then(unit).filter(|(low, _)| (0xDC00..0xE000).contains(low));
    let (units, rest) = match low {
        Some((low, rest)) if (0xD800..0xDC00).contains(&first) => ([first, low], rest),
        _ => ([first, 0], rest),
    };
    let used = if units[1] == 0 { &units[..1] } else { &units };
    for character in char::decode_utf16(used.iter().copied()) {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    rest
}

/// Four hexadecimal digits, and what follows them.
fn unit(text: &[u8]) -> Option<(u16, &[u8])> {
    let (digits, rest) = text.split_at_checked(4)?;
    let digits = std::str::from_utf8(digits).ok()?;
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}
