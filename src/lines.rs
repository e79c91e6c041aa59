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

/// A part of a line that fits a row of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its start and end in the body.
    pub span: (usize, usize),
    /// Start and end of the line that it is part of.
    pub line: (usize, usize),
}

/// Folds the lines of a body so that each piece takes at most so many columns, and at least one character. `width`
/// says how many columns a character takes. Lines of a hex listing stay as they are.
pub fn fold(body: &[u8], lines: &Lines, columns: usize, width: impl Fn(char) -> usize) -> Vec<Piece> {
    if lines.hex {
        return lines.spans.iter().map(|&span| Piece { span, line: span }).collect();
    }
    let mut pieces = Vec::with_capacity(lines.spans.len());
    for line in whole_lines(&lines.spans) {
        let text = body.get(line.0..line.1).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
        let (mut from, mut used) = (line.0, 0);
        for (at, c) in text.char_indices() {
            let wide = width(c);
            if used > 0 && used + wide > columns {
                pieces.push(Piece { span: (from, line.0 + at), line });
                (from, used) = (line.0 + at, 0);
            }
            used += wide;
        }
        pieces.push(Piece { span: (from, line.1), line });
    }
    pieces
}

/// The lines as they were before long ones were cut: no line break stands between the pieces of one.
fn whole_lines(spans: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut lines: Vec<(usize, usize)> = Vec::with_capacity(spans.len());
    for &(start, end) in spans {
        match lines.last_mut() {
            Some(line) if line.1 == start => line.1 = end,
            _ => lines.push((start, end)),
        }
    }
    lines
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
    fn lines_are_folded_to_the_width_of_the_screen() {
        let check = |body: &str, expected: &[&str]| {
            let pieces = fold(body.as_bytes(), &split(body.as_bytes()), 4, |c| if c.is_ascii() { 1 } else { 2 });
            assert_eq!(pieces.iter().map(|piece| &body[piece.span.0..piece.span.1]).collect::<Vec<_>>(), expected);
        };
        check("abcdef\r\n\ngh", &["abcd", "ef", "", "gh"]);
        check("a红包来了", &["a红", "包来", "了"]);
        check("", &[]);
        // What was cut for its length is one line.
        let long = "x".repeat(2 * LONGEST + 1);
        let pieces = fold(long.as_bytes(), &split(long.as_bytes()), 3, |_| 1);
        assert_eq!(pieces.len(), (2 * LONGEST).div_ceil(3));
        assert!(pieces.iter().all(|piece| piece.line == (0, long.len())));
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
