//! A body as lines that can be drawn one by one, however long it is.
//!
//! Long lines are cut into pieces, so that no single one costs more than a screen's width or two. Bytes that
//! are no text become lines of a hex listing.

/// The longest piece of a line, in bytes.
const LONGEST: usize = 1_000;

/// How many bytes a line of the hex listing shows.
pub const HEX_BYTES: usize = 16;

/// Where the lines of a body are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    /// Start and end of each line in the body, line breaks left out.
    pub spans: Vec<(usize, usize)>,
    /// Whether the body is no text, and each line is to be shown as hex.
    pub hex: bool,
}

/// Splits a body.
pub fn split(body: &[u8]) -> Lines {
    match std::str::from_utf8(body) {
        Ok(text) if !text.contains('\0') => Lines { spans: text_lines(text), hex: false },
        _ => Lines { spans: (0..body.len()).step_by(HEX_BYTES).map(|at| (at, body.len().min(at + HEX_BYTES))).collect(), hex: true },
    }
}

fn text_lines(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end_matches('\n').trim_end_matches('\r').len();
        let mut piece = start;
        while end - piece > LONGEST {
            let cut = text.floor_char_boundary(piece + LONGEST);
            spans.push((piece, cut));
            piece = cut;
        }
        spans.push((piece, end));
        start += line.len();
    }
    spans
}

/// One line of a hex listing: offset, bytes, and what of them is printable ASCII.
pub fn hex_line(body: &[u8], span: (usize, usize)) -> String {
    use std::fmt::Write as _;
    let bytes = body.get(span.0..span.1).unwrap_or_default();
    let mut line = format!("{:08x} ", span.0);
    for at in 0..HEX_BYTES {
        let written = match bytes.get(at) {
            Some(byte) => write!(line, " {byte:02x}"),
            None => write!(line, "   "),
        };
        written.expect("bug: writing to a String cannot fail");
    }
    line.push_str("  ");
    line.extend(bytes.iter().map(|&b| if b.is_ascii_graphic() || b == b' ' { char::from(b) } else { '.' }));
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[&str]) {
        let lines = split(body.as_bytes());
        let texts: Vec<_> = lines.spans.iter().map(|&(start, end)| &body[start..end]).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn text_is_split_at_its_breaks() {
        check("a\r\nb\n\nc", &["a", "b", "", "c"]);
        check("", &[]);
        check("a\n", &["a"]);
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let long = "红".repeat(1_000);
        let lines = split(long.as_bytes());
        assert_eq!(lines.spans.len(), 4);
        assert!(lines.spans.iter().all(|&(start, end)| end - start <= LONGEST && long.is_char_boundary(start)));
        assert_eq!(lines.spans.last().map(|span| span.1), Some(3_000));
    }

    #[test]
    fn bytes_become_a_hex_listing() {
        let body = b"\xff\x00Hello, hex listing";
        let lines = split(body);
        assert!(lines.hex);
        assert_eq!(hex_line(body, lines.spans[0]), "00000000  ff 00 48 65 6c 6c 6f 2c 20 68 65 78 20 6c 69 73  ..Hello, hex lis");
        assert_eq!(hex_line(body, lines.spans[1]), "00000010  74 69 6e 67                                      ting");
    }
}
