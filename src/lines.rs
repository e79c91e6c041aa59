//! A body as rows that can be drawn one by one, however long it is.
//!
//! Text is folded to the columns of the screen. Where its rows are is found piece by piece, so that no frame waits for
//! all of a long body, and only every so many rows are remembered. Bytes are listed in hex, sixteen or eight a row.

use std::cell::Cell;
use std::ops::Range;

/// How many bytes a line of the hex listing shows; half as many where there is no room for them.
pub const HEX_BYTES: usize = 16;

/// The place of every so many rows is remembered; those between are found again from there.
const STRIDE: u64 = 64;

/// Whether a body is text: all of it UTF-8, and no byte in it that text never has.
pub fn is_text(body: &[u8]) -> bool {
    !body.contains(&0) && std::str::from_utf8(body).is_ok()
}

/// The rows of a text, folded so that each takes at most so many columns and has at least one character. What is no
/// UTF-8 counts as a character a byte.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folding {
    columns: usize,
    /// Where every [`STRIDE`]th row starts.
    marks: Vec<u32>,
    /// How many rows were found so far, and where the next one starts.
    found: (u64, usize),
    /// A row that was asked for lately, and where it starts: the next question is mostly about the next row.
    last: Cell<(u64, usize)>,
}

impl Folding {
    /// A folding that knows no row yet.
    pub fn new(columns: usize) -> Self {
        Self { columns: columns.max(1), ..Self::default() }
    }

    /// To how many columns it folds.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many rows were found so far.
    pub fn rows(&self) -> u64 {
        self.found.0
    }

    /// Whether all rows were found.
    pub fn is_done(&self, body: &[u8]) -> bool {
        self.found.1 >= body.len()
    }

    /// Finds the rows of so many more bytes. `width` says how many columns a character takes.
    #[expect(clippy::cast_possible_truncation, reason = "bodies are limited far below 4 GiB")]
    pub fn find_more(&mut self, body: &[u8], bytes: usize, width: impl Fn(char) -> usize) {
        let (mut rows, mut at) = self.found;
        let enough = at.saturating_add(bytes);
        while at < body.len() && at < enough {
            if rows.is_multiple_of(STRIDE) {
                self.marks.push(at as u32);
            }
            at = self.end_of_row(body, at, &width).1;
            rows += 1;
        }
        self.found = (rows, at);
    }

    /// The bytes of a row that was found, its line break left out.
    pub fn row(&self, body: &[u8], row: u64, width: impl Fn(char) -> usize) -> Option<Range<usize>> {
        if row >= self.rows() {
            return None;
        }
        let mark = row / STRIDE;
        let mut near = (mark * STRIDE, *self.marks.get(usize::try_from(mark).ok()?)? as usize);
        let last = self.last.get();
        if (near.0..=row).contains(&last.0) {
            near = last;
        }
        while near.0 < row {
            near = (near.0 + 1, self.end_of_row(body, near.1, &width).1);
        }
        self.last.set(near);
        Some(near.1..self.end_of_row(body, near.1, &width).0)
    }

    /// The row that a byte is on, among those that were found.
    pub fn row_at(&self, body: &[u8], byte: usize, width: impl Fn(char) -> usize) -> Option<u64> {
        let mark = self.marks.partition_point(|start| *start as usize <= byte).checked_sub(1)?;
        let (mut row, mut at) = (mark as u64 * STRIDE, self.marks[mark] as usize);
        while row < self.rows() {
            at = self.end_of_row(body, at, &width).1;
            if at > byte || at >= body.len() {
                return Some(row);
            }
            row += 1;
        }
        None
    }

    /// Where the row that starts here ends, and where the next one starts.
    fn end_of_row(&self, body: &[u8], start: usize, width: impl Fn(char) -> usize) -> (usize, usize) {
        let (mut at, mut used) = (start, 0);
        while let Some((c, length)) = char_at(body, at) {
            if c == '\n' {
                let is_after_return = at > start && body[at - 1] == b'\r';
                return (at - usize::from(is_after_return), at + 1);
            }
            // A carriage return before a line break is part of that.
            let is_break = c == '\r' && body.get(at + 1) == Some(&b'\n');
            let wide = if is_break { 0 } else { width(c) };
            if used > 0 && used + wide > self.columns {
                return (at, at);
            }
            used += wide;
            at += length;
        }
        (at, at)
    }
}

/// The character that starts here and how many bytes it takes; a byte that is no UTF-8 is U+FFFD.
pub fn char_at(body: &[u8], at: usize) -> Option<(char, usize)> {
    let first = *body.get(at)?;
    if first.is_ascii() {
        return Some((char::from(first), 1));
    }
    let length = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let text = body.get(at..at + length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    Some(text.and_then(|text| text.chars().next()).map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, length)))
}

/// Where the character starts that this byte is of.
pub fn boundary(body: &[u8], byte: usize) -> usize {
    let is_of = |at: &usize| char_at(body, *at).is_some_and(|(_, length)| at + length > byte);
    (byte.saturating_sub(3)..byte).find(is_of).unwrap_or(byte)
}

/// The line around a byte, its break left out.
pub fn line_around(body: &[u8], byte: usize) -> Range<usize> {
    let byte = byte.min(body.len());
    let start = body[..byte].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    let end = body[byte..].iter().position(|&b| b == b'\n').map_or(body.len(), |at| byte + at);
    let is_returned = end > start && body[end - 1] == b'\r' && end < body.len();
    start..end - usize::from(is_returned)
}

/// The word around a byte: letters, digits and `_`, or else the one character that is there.
pub fn word_around(body: &[u8], byte: usize) -> Range<usize> {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || !b.is_ascii();
    match body.get(byte) {
        None => body.len()..body.len(),
        Some(b) if !is_part(b) => byte..byte + 1,
        Some(_) => {
            let start = body[..byte].iter().rposition(|b| !is_part(b)).map_or(0, |at| at + 1);
            let end = body[byte..].iter().position(|b| !is_part(b)).map_or(body.len(), |at| byte + at);
            start..end
        }
    }
}

/// How many lines a hex listing has with so many bytes on each.
pub fn hex_rows(body: &[u8], bytes: usize) -> u64 {
    body.len().div_ceil(bytes) as u64
}

/// The bytes on a line of such a listing.
pub fn hex_row(body: &[u8], row: u64, bytes: usize) -> Range<usize> {
    let start = usize::try_from(row).ok().and_then(|row| row.checked_mul(bytes)).unwrap_or(body.len()).min(body.len());
    start..body.len().min(start + bytes)
}

/// How many characters a line of such a listing takes.
pub fn hex_columns(bytes: usize) -> usize {
    hex_places(bytes - 1, bytes)[1].end
}

/// How many characters of such a line are its offset.
pub const HEX_OFFSET: usize = 8;

/// Where the first byte stands on a line of the hex listing, in characters.
const HEX_AT: usize = 10;

/// The characters of a line of the hex listing that show a byte, as digits and as a character: the `n`th of so many on
/// its line.
pub fn hex_places(n: usize, bytes: usize) -> [Range<usize>; 2] {
    let digits = HEX_AT + 3 * n + usize::from(n >= bytes / 2);
    let character = HEX_AT + 3 * bytes + 2 + n;
    [digits..digits + 2, character..character + 1]
}

/// Bytes as hex, sixteen a line.
pub fn as_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(3 * bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 {
            text.push(if at % HEX_BYTES == 0 { '\n' } else { ' ' });
        }
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
    }
    text
}

/// One line of a hex listing: offset, bytes, and what of them is printable ASCII.
pub fn hex_line(body: &[u8], span: &Range<usize>, bytes: usize) -> String {
    use std::fmt::Write as _;
    let (shown, half) = (body.get(span.clone()).unwrap_or_default(), bytes / 2);
    let mut line = format!("{:08x} ", span.start);
    for at in 0..bytes {
        let gap = if at == half { "  " } else { " " };
        let written = match shown.get(at) {
            Some(byte) => write!(line, "{gap}{byte:02x}"),
            None => write!(line, "{gap}  "),
        };
        written.expect("bug: writing to a String cannot fail");
    }
    line.push_str("  ");
    line.extend(shown.iter().map(|&b| if b.is_ascii_graphic() || b == b' ' { char::from(b) } else { '.' }));
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(c: char) -> usize {
        if c.is_ascii() { 1 } else { 2 }
    }

    fn folded(body: &[u8], columns: usize) -> Folding {
        let mut folding = Folding::new(columns);
        while !folding.is_done(body) {
            folding.find_more(body, 7, width);
        }
        folding
    }

    fn rows(body: &[u8], folding: &Folding) -> Vec<String> {
        let row = |row| String::from_utf8_lossy(&body[folding.row(body, row, width).expect("bug: found")]).into_owned();
        (0..folding.rows()).map(row).collect()
    }

    fn check(body: &str, columns: usize, expected: &[&str]) {
        assert_eq!(rows(body.as_bytes(), &folded(body.as_bytes(), columns)), expected, "{body}");
    }

    #[test]
    fn text_is_split_at_its_breaks() {
        check("a\r\nb\n\nc", 80, &["a", "b", "", "c"]);
        check("", 80, &[]);
        check("a\n", 80, &["a"]);
        check("abcd\r\ne", 4, &["abcd", "e"]);
    }

    #[test]
    fn lines_are_folded_to_the_width_of_the_screen() {
        check("abcdef\r\n\ngh", 4, &["abcd", "ef", "", "gh"]);
        check("a红包来了", 4, &["a红", "包来", "了"]);
        check("红", 1, &["红"]);
    }

    #[test]
    fn a_byte_that_is_no_utf8_is_a_character() {
        assert_eq!(rows(b"\xff\xe7\xba\xa2\xe7\xba", &folded(b"\xff\xe7\xba\xa2\xe7\xba", 4)), ["\u{fffd}红", "\u{fffd}"]);
    }

    #[test]
    fn any_row_is_found_and_knows_the_bytes_on_it() {
        let body = "红包,ab\n".repeat(500) + &"x".repeat(5_000);
        let folding = folded(body.as_bytes(), 5);
        assert_eq!(folding.rows(), 1_000 + 1_000);
        for row in [1_999, 0, 1_000, 65, 64, 63, 1_001, 128] {
            let span = folding.row(body.as_bytes(), row, width).expect("bug: found");
            let expected = if row >= 1_000 { "xxxxx" } else { ["红包,", "ab"][usize::from(row % 2 == 1)] };
            assert_eq!(&body[span.clone()], expected, "{row}");
            for byte in [span.start, span.end - 1] {
                assert_eq!(folding.row_at(body.as_bytes(), byte, width), Some(row), "{row}");
            }
        }
        assert_eq!(folding.row(body.as_bytes(), 2_000, width), None);
        assert_eq!(folding.row_at(body.as_bytes(), body.len(), width), Some(1_999));
    }

    #[test]
    fn rows_are_known_before_all_are_found() {
        let body = vec![b'x'; 1_000];
        let mut folding = Folding::new(10);
        folding.find_more(&body, 100, width);
        assert_eq!((folding.rows(), folding.is_done(&body)), (10, false));
        assert_eq!(folding.row(&body, 9, width), Some(90..100));
        assert_eq!(folding.row_at(&body, 500, width), None);
    }

    #[test]
    fn a_line_and_a_word_are_found_around_a_byte() {
        let body = "{\"a_1\": 红包}\r\nend".as_bytes();
        let word = |byte| String::from_utf8_lossy(&body[word_around(body, byte)]).into_owned();
        assert_eq!([2, 4, 5, 8, 999].map(word), ["a_1", "a_1", "\"", "红包", ""]);
        let line = |byte| String::from_utf8_lossy(&body[line_around(body, byte)]).into_owned();
        assert_eq!([0, 9, 17, 999].map(line), ["{\"a_1\": 红包}", "{\"a_1\": 红包}", "end", "end"]);
    }

    #[test]
    fn a_byte_belongs_to_the_character_that_it_is_of() {
        let body = "a红🎁b".as_bytes();
        assert_eq!((0..=body.len()).map(|byte| boundary(body, byte)).collect::<Vec<_>>(), [0, 1, 1, 1, 4, 4, 4, 4, 8, 9]);
        let broken = [0x80, 0x80, 0xe7, 0xba, b'a'];
        assert_eq!((0..broken.len()).map(|byte| boundary(&broken, byte)).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn bytes_become_a_hex_listing() {
        let body = b"\xff\x00Hello, hex listing";
        assert_eq!(hex_rows(body, HEX_BYTES), 2);
        let line = |row| hex_line(body, &hex_row(body, row, HEX_BYTES), HEX_BYTES);
        assert_eq!(line(0), "00000000  ff 00 48 65 6c 6c 6f 2c  20 68 65 78 20 6c 69 73  ..Hello, hex lis");
        assert_eq!(line(1), "00000010  74 69 6e 67                                       ting");
        assert_eq!(hex_row(body, 9, HEX_BYTES), 20..20);
        assert_eq!(line(0).len(), hex_columns(HEX_BYTES));
        assert_eq!(hex_line(body, &hex_row(body, 2, 8), 8), "00000010  74 69 6e 67               ting");
        for (n, digits, character) in [(0, "ff", "."), (7, "2c", ","), (8, "20", " "), (15, "73", "s")] {
            assert_eq!(hex_places(n, HEX_BYTES).map(|place| line(0)[place].to_owned()), [digits, character]);
        }
    }

    #[test]
    fn what_is_no_text_is_told() {
        assert!(is_text("红包\n".as_bytes()) && is_text(b""));
        assert!(!is_text(b"a\0b") && !is_text(b"\xff"));
    }
}
