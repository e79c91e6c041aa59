//! The lines that a body stands on as text and as hex: which bytes are on each, and how they are drawn.

use super::format_of;
use crate::app::body::{Copied, Look};
use crate::lines::{self, Folding};
use crate::ui::theme::Palette;
use crate::wording;
use eframe::egui::text::LayoutJob;
use std::ops::Range;

/// Lines that bytes stand on.
pub trait Lines {
    /// How many there are.
    fn len(&self) -> u64;
    /// All the bytes.
    fn body(&self) -> &[u8];
    /// The bytes on a line.
    fn bytes(&self, row: u64) -> Option<Range<usize>>;
    /// The line that a byte is on; `None` where that is not known yet.
    fn row_at(&self, byte: usize) -> Option<u64>;
    /// A line as it is read.
    fn text(&self, bytes: &Range<usize>) -> String;
    /// A line as it is drawn, its pieces looking like this.
    fn job(&self, palette: &Palette, looks: Vec<(Range<usize>, Look)>, bytes: &Range<usize>) -> LayoutJob;
    /// The byte that so many characters of a line stand before.
    fn byte_at(&self, bytes: &Range<usize>, chars: usize) -> usize;
    /// What copies a line as a whole.
    fn copy_line(&self, bytes: &Range<usize>) -> Copied;
}

/// Lines of folded text.
pub struct Text<'a> {
    pub body: &'a [u8],
    pub folding: &'a Folding,
}

impl Lines for Text<'_> {
    fn len(&self) -> u64 {
        self.folding.rows()
    }

    fn body(&self) -> &[u8] {
        self.body
    }

    fn bytes(&self, row: u64) -> Option<Range<usize>> {
        self.folding.row(self.body, row, columns_of)
    }

    fn row_at(&self, byte: usize) -> Option<u64> {
        self.folding.row_at(self.body, byte, columns_of)
    }

    fn text(&self, bytes: &Range<usize>) -> String {
        wording::visible(&String::from_utf8_lossy(&self.body[bytes.clone()]))
    }

    fn job(&self, palette: &Palette, looks: Vec<(Range<usize>, Look)>, _bytes: &Range<usize>) -> LayoutJob {
        let mut job = LayoutJob::default();
        for (bytes, look) in looks {
            job.append(&self.text(&bytes), 0.0, format_of(palette, look, palette.text));
        }
        job
    }

    fn byte_at(&self, bytes: &Range<usize>, chars: usize) -> usize {
        let (mut at, mut seen) = (bytes.start, 0);
        while let Some((c, length)) = lines::char_at(self.body, at).filter(|_| at < bytes.end && seen < chars) {
            seen += if wording::is_steering(c) { c.escape_unicode().len() } else { 1 };
            at += length;
        }
        at
    }

    fn copy_line(&self, bytes: &Range<usize>) -> Copied {
        Copied::Line(bytes.start)
    }
}

/// Lines of the hex listing.
pub struct Hex<'a> {
    pub body: &'a [u8],
    /// How many bytes stand on a line.
    pub wide: usize,
}

impl Lines for Hex<'_> {
    fn len(&self) -> u64 {
        lines::hex_rows(self.body, self.wide)
    }

    fn body(&self) -> &[u8] {
        self.body
    }

    fn bytes(&self, row: u64) -> Option<Range<usize>> {
        (row < self.len()).then(|| lines::hex_row(self.body, row, self.wide))
    }

    fn row_at(&self, byte: usize) -> Option<u64> {
        Some((byte / self.wide) as u64)
    }

    fn text(&self, bytes: &Range<usize>) -> String {
        lines::hex_line(self.body, bytes, self.wide)
    }

    fn job(&self, palette: &Palette, looks: Vec<(Range<usize>, Look)>, bytes: &Range<usize>) -> LayoutJob {
        let line = self.text(bytes);
        let mut of_char = vec![None; line.len()];
        for (piece, look) in looks {
            for place in piece.flat_map(|byte| lines::hex_places(byte - bytes.start, self.wide)) {
                of_char[place].fill(Some(look));
            }
        }
        let mut job = LayoutJob::default();
        let is_plain = |look: Option<Look>| look.is_none_or(|look| look == Look::Plain);
        let mut at = 0;
        while at < line.len() {
            let look = of_char[at];
            let same = of_char[at..].iter().take_while(|other| **other == look || (is_plain(**other) && is_plain(look))).count();
            let ink = if at == 0 { palette.faint } else { palette.text };
            // The offset stands back.
            let same = if at == 0 { same.min(lines::HEX_OFFSET) } else { same };
            job.append(&line[at..at + same], 0.0, format_of(palette, look.unwrap_or(Look::Plain), ink));
            at += same;
        }
        job
    }

    fn byte_at(&self, bytes: &Range<usize>, chars: usize) -> usize {
        let is_before = |n: &usize| {
            let [digits, character] = lines::hex_places(*n, self.wide);
            if chars >= lines::hex_places(0, self.wide)[1].start { character.start < chars } else { digits.start < chars }
        };
        bytes.start + (0..bytes.len()).take_while(is_before).count()
    }

    fn copy_line(&self, bytes: &Range<usize>) -> Copied {
        Copied::HexLine(bytes.start, bytes.end)
    }
}

/// How many columns of the monospaced face a character takes: one of a face for Chinese, Japanese, Korean or emoji takes
/// less than two.
pub fn columns_of(c: char) -> usize {
    if wording::is_steering(c) {
        c.escape_unicode().len()
    } else if c < '\u{1100}' {
        1
    } else {
        2
    }
}
