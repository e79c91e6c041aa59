//! Words: an index that tells which exchanges need not be looked through for a word.
//!
//! The exchanges of a segment share a table of bits, a row for each of `width` hashes and a column for each exchange.
//! Every three bytes that stand together in an exchange's texts set two bits in its column. A word can stand only in those
//! exchanges whose bits are set in the rows of all its threes; whether it does the bytes tell. Threes of bytes, not of
//! characters: so a single Chinese character has one.
//!
//! Why not `SQLite`'s FTS5: it takes fifty times as long to write as these bits, and can't look for two characters. Its
//! lists are exact where these let about one in ten through for a word of three letters, which costs less than it saves.
//!
//! Nothing here knows the file.

use crate::filter::Needles;

/// How many ids a segment has.
pub(super) const SEGMENT: i64 = 4096;
/// The bytes of a row: a bit for each exchange.
pub(super) const ROW_BYTES: usize = 4096 / 8;
/// How many rows of the table stand together in the file.
pub(super) const GROUP: usize = 16;
/// How few and how many rows a table has.
const WIDTHS: (usize, usize) = (256, 65_536);
/// How many rows a table has for each three that its exchanges have at the mean: two bits each then fill a quarter of it.
const ROWS_FOR_A_THREE: usize = 6;
/// Of how many threes of a word the rows are read: more hardly tell more.
const MOST_THREES: usize = 12;

/// Whether a table may have so many rows.
pub(super) fn is_width(width: usize) -> bool {
    width.is_power_of_two() && (WIDTHS.0..=WIDTHS.1).contains(&width)
}

/// The segment that an exchange belongs to.
pub(super) fn segment_of(id: i64) -> i64 {
    id.div_euclid(SEGMENT)
}

/// The first id of a segment.
pub(super) fn first_of(segment: i64) -> i64 {
    segment * SEGMENT
}

/// The column of an exchange in its segment's table.
fn column_of(id: i64) -> usize {
    usize::try_from(id.rem_euclid(SEGMENT)).expect("bug: a remainder is not negative")
}

/// The two rows of each three in a text, as a number below 2^32 that is cut to the table's width later.
fn hashes(text: &[u8]) -> impl Iterator<Item = [u32; 2]> + '_ {
    text.windows(3).map(|three| {
        let three = three.iter().fold(0_u32, |three, byte| (three << 8) | u32::from(byte.to_ascii_lowercase()));
        [three.wrapping_mul(0x9E37_79B1), three.wrapping_mul(0x85EB_CA6B).rotate_left(13).wrapping_mul(0xC2B2_AE35)]
    })
}

/// The row of a hash in a table of this width, which is a power of two.
fn row_of(hash: u32, width: usize) -> usize {
    (hash >> (32 - width.trailing_zeros())) as usize
}

/// How many rows a table needs for exchanges like these.
#[derive(Debug)]
pub(super) struct Sample {
    seen: Vec<u32>,
    threes: usize,
    exchanges: usize,
}

impl Sample {
    pub(super) fn new() -> Self {
        Self { seen: Vec::new(), threes: 0, exchanges: 0 }
    }

    /// Takes a text of the exchange that is looked at.
    pub(super) fn add(&mut self, text: &[u8]) {
        self.seen.extend(hashes(text).map(|[first, _]| first));
    }

    /// That was all of the exchange.
    pub(super) fn end_exchange(&mut self) {
        self.seen.sort_unstable();
        self.seen.dedup();
        self.threes += self.seen.len();
        self.exchanges += 1;
        self.seen.clear();
    }

    /// How many rows the table is to have.
    pub(super) fn width(&self) -> usize {
        let mean = self.threes / self.exchanges.max(1);
        // Not more than needed: the next power of two may be twice as much.
        let wanted = mean * ROWS_FOR_A_THREE;
        let above = wanted.next_power_of_two();
        let width = if above > wanted + wanted / 2 { above / 2 } else { above };
        width.clamp(WIDTHS.0, WIDTHS.1)
    }
}

/// The table of a segment.
#[derive(Debug)]
pub(super) struct Table {
    width: usize,
    bits: Vec<u8>,
}

impl Table {
    /// An empty one.
    pub(super) fn new(width: usize) -> Self {
        Self { width, bits: vec![0; width * ROW_BYTES] }
    }

    /// Takes a text of an exchange.
    pub(super) fn add(&mut self, id: i64, text: &[u8]) {
        let column = column_of(id);
        for row in hashes(text).flatten().map(|hash| row_of(hash, self.width)) {
            self.bits[row * ROW_BYTES + column / 8] |= 1 << (column % 8);
        }
    }

    /// The groups of rows, each with its number.
    pub(super) fn groups(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.bits.chunks(GROUP * ROW_BYTES).enumerate()
    }
}

/// Which exchanges of a segment may be meant: a bit for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns(Vec<u8>);

impl Columns {
    /// All of them.
    pub(super) fn all() -> Self {
        Self(vec![0xFF; ROW_BYTES])
    }

    fn none() -> Self {
        Self(vec![0; ROW_BYTES])
    }

    fn and(mut self, other: &[u8]) -> Self {
        self.0.iter_mut().zip(other).for_each(|(bits, other)| *bits &= other);
        self
    }

    fn or(mut self, other: &[u8]) -> Self {
        self.0.iter_mut().zip(other).for_each(|(bits, other)| *bits |= other);
        self
    }

    /// Whether an exchange of the segment may be.
    pub(super) fn has(&self, id: i64) -> bool {
        let column = column_of(id);
        self.0[column / 8] & (1 << (column % 8)) != 0
    }
}

/// Which exchanges may have what is needed. `group` reads a group of rows by its number; `None` where it can't.
pub(super) fn may_have<E>(needles: &Needles, width: usize, group: &mut impl FnMut(usize) -> Result<Vec<u8>, E>) -> Result<Columns, E> {
    match needles {
        Needles::Any => Ok(Columns::all()),
        Needles::One(word) => {
            let step = word.len().saturating_sub(2).div_ceil(MOST_THREES).max(1);
            let mut columns = Columns::all();
            for hash in hashes(word).step_by(step).flatten() {
                let row = row_of(hash, width);
                let rows = group(row / GROUP)?;
                let at = row % GROUP * ROW_BYTES;
                columns = columns.and(rows.get(at..at + ROW_BYTES).unwrap_or_default());
            }
            Ok(columns)
        }
        Needles::All(parts) => parts.iter().try_fold(Columns::all(), |columns, part| Ok(columns.and(&may_have(part, width, group)?.0))),
        Needles::Either(parts) => parts.iter().try_fold(Columns::none(), |columns, part| Ok(columns.or(&may_have(part, width, group)?.0))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether each of these texts may have what is needed, by a table of all of them.
    fn found(texts: &[&str], needles: &Needles) -> Vec<bool> {
        let mut sample = Sample::new();
        for text in texts {
            sample.add(text.as_bytes());
            sample.end_exchange();
        }
        let width = sample.width();
        let mut table = Table::new(width);
        (4096..).zip(texts).for_each(|(id, text)| table.add(id, text.as_bytes()));
        let groups: Vec<Vec<u8>> = table.groups().map(|(_, bits)| bits.to_vec()).collect();
        let columns = may_have(needles, width, &mut |group| Ok::<_, ()>(groups[group].clone())).expect("bug: cannot fail");
        (4096..).zip(texts).map(|(id, _)| columns.has(id)).collect()
    }

    fn one(word: &str) -> Needles {
        Needles::One(word.as_bytes().to_vec())
    }

    #[test]
    fn what_has_it_is_never_left_out_and_most_of_the_rest_is() {
        let texts = ["From_Account: leckie", "红包来了", "FROM_account: jared", "a"];
        assert_eq!(found(&texts, &one("from_account")), [true, false, true, false]);
        assert_eq!(found(&texts, &one("红包")), [false, true, false, false]);
        assert_eq!(found(&texts, &one("红")), [false, true, false, false], "one character has three bytes");
        assert_eq!(found(&texts, &one("ja")), [true; 4], "two bytes tell nothing");
        assert_eq!(found(&texts, &Needles::Any), [true; 4]);
    }

    #[test]
    fn what_is_needed_together_or_either_way() {
        let texts = ["leckie and jared", "leckie", "jared"];
        assert_eq!(found(&texts, &Needles::All(vec![one("leckie"), one("jared")])), [true, false, false]);
        assert_eq!(found(&texts, &Needles::Either(vec![one("leckie"), one("nobody")])), [true, true, false]);
    }

    #[test]
    fn a_table_is_as_wide_as_its_texts_need() {
        let width = |text: &[u8]| {
            let mut sample = Sample::new();
            sample.add(text);
            sample.end_exchange();
            sample.width()
        };
        assert_eq!(width(b"short"), 256);
        let long: Vec<u8> = (0..3000_u32).flat_map(u32::to_le_bytes).collect();
        assert!((16_384..=65_536).contains(&width(&long)), "{}", width(&long));
        assert_eq!(Sample::new().width(), 256);
    }

    #[test]
    fn ids_belong_to_segments() {
        assert_eq!([1, 4095, 4096, 8192].map(segment_of), [0, 0, 1, 2]);
        assert_eq!(first_of(2), 8192);
    }
}
