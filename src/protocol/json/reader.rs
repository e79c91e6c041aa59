//! Reader: a text into a document, in one pass and without recursion.

use super::{
    DEPTH_AT, Document, Expected, GAP_AT, HELD_AT, HELD_GAP_AT, HOLDS, Held, KIND_AT, Kind, LENGTH_AT, LONG_GAP, LONG_HELD_GAP, LONGEST,
    Long, Mistake, Node, Packed,
};

/// What a value takes that is kept, in bytes: here, and where it has a line of a tree.
const VALUE_BYTES: usize = 8 + 4;

/// What a container takes that holds something; it has two lines.
const CONTAINER_BYTES: usize = 24 + 8;

/// So much is always kept, however short the text.
const ALWAYS_KEPT: usize = 50_000 * CONTAINER_BYTES;

/// Reads a text. Bytes that are not UTF-8 are a mistake at their place; nothing is read then.
pub fn read(text: &[u8]) -> Document {
    // With the body itself and what else is made of it for showing, it stays within four times the body.
    read_keeping(text, ALWAYS_KEPT.max(text.len() * 2))
}

/// The same, with every value kept, however many there are: for what must see all of them and is gone soon.
pub fn read_all(text: &[u8]) -> Document {
    read_keeping(text, usize::MAX)
}

fn read_keeping(text: &[u8], most: usize) -> Document {
    if let Err(error) = std::str::from_utf8(text) {
        let mistake = Mistake { offset: error.valid_up_to(), expected: Expected::Utf8 };
        return Document { mistake: Some(mistake), ..Document::default() };
    }
    let mut reader = Reader::new(text, most);
    let mistake = reader.document().err();
    let Document { mut nodes, mut held, mut long, cut, .. } = reader.document;
    nodes.shrink_to_fit();
    held.shrink_to_fit();
    long.shrink_to_fit();
    Document { nodes, held, long, cut, mistake }
}

/// Where the first byte stands that ends a string or may not stand in one as it is: `"`, `\`, a control character.
/// Eight bytes at a time, since most of a body is text.
fn end_of_plain(text: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // Non-zero where a byte is less than `limit`, for limits up to 128; never zero by mistake.
    let less = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    let holds = |word: u64, byte: u8| less(word ^ (ONES * u64::from(byte)), 1);
    let ends = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
    let (words, rest) = text.as_chunks::<8>();
    for (at, bytes) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*bytes);
        if less(word, 0x20) | holds(word, b'"') | holds(word, b'\\') != 0
            && let Some(inside) = bytes.iter().position(ends)
        {
            return Some(at * 8 + inside);
        }
    }
    rest.iter().position(ends).map(|inside| text.len() - rest.len() + inside)
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    document: Document,
    /// The containers that are still open, and kept.
    open: Vec<Open>,
    /// Those inside them that are not kept.
    beyond: Vec<Kind>,
    /// Whether nothing was read yet in the innermost one.
    is_first: bool,
    /// What those take that are kept, and the most that they may, in bytes.
    kept: usize,
    most: usize,
}

/// A container that is still open.
struct Open {
    index: u32,
    children: u32,
}

type Step = Result<(), Mistake>;

#[expect(clippy::cast_possible_truncation, reason = "bodies are limited far below 4 GiB")]
impl<'t> Reader<'t> {
    fn new(text: &'t [u8], most: usize) -> Self {
        let document = Document { nodes: Vec::with_capacity(text.len() / 16), ..Document::default() };
        Self { text, at: 0, document, open: Vec::new(), beyond: Vec::new(), is_first: false, kept: 0, most }
    }

    fn document(&mut self) -> Step {
        let read = self.values();
        // What is still open when reading stops ends where it stopped.
        while let Some(open) = self.open.pop() {
            self.close(&open);
        }
        read
    }

    fn values(&mut self) -> Step {
        self.space();
        self.value(None)?;
        while let Some(kind) = self.innermost() {
            self.space();
            self.next_in(kind)?;
        }
        self.space();
        if self.at < self.text.len() { self.mistake(Expected::EndOfText) } else { Ok(()) }
    }

    fn innermost(&self) -> Option<Kind> {
        let kept = || Some(self.document.kind(self.open.last()?.index as usize));
        self.beyond.last().copied().or_else(kept)
    }

    /// Reads on inside an open container: its end, or a comma where one is due, and the next value.
    fn next_in(&mut self, kind: Kind) -> Step {
        let (is_object, is_first) = (kind == Kind::Object, self.is_first);
        if self.peek() == Some(if is_object { b'}' } else { b']' }) {
            self.at += 1;
            self.is_first = false;
            if self.beyond.pop().is_none()
                && let Some(open) = self.open.pop()
            {
                self.close(&open);
            }
            return Ok(());
        }
        if !is_first {
            if self.peek() != Some(b',') {
                return self.mistake(Expected::CommaOrEnd);
            }
            self.at += 1;
            self.space();
        }
        if !is_object {
            return self.value(None);
        }
        if self.peek() != Some(b'"') {
            return self.mistake(Expected::Key);
        }
        let key = self.at;
        self.string()?;
        self.space();
        if self.peek() != Some(b':') {
            return self.mistake(Expected::Colon);
        }
        self.at += 1;
        self.space();
        self.value(Some(key))
    }

    fn value(&mut self, key: Option<usize>) -> Step {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => return self.mistake(Expected::Value),
        };
        match kind {
            Kind::Object | Kind::Array => self.at += 1,
            Kind::String => self.string()?,
            Kind::Number => self.number()?,
            Kind::Bool if self.text[self.at] == b't' => self.word("true")?,
            Kind::Bool => self.word("false")?,
            Kind::Null => self.word("null")?,
        }
        self.push(kind, start, key);
        Ok(())
    }

    fn push(&mut self, kind: Kind, start: usize, key: Option<usize>) {
        let is_container = matches!(kind, Kind::Object | Kind::Array);
        self.is_first = is_container;
        if self.beyond.is_empty()
            && let Some(open) = self.open.last_mut()
        {
            open.children += 1;
        }
        if !self.is_kept(start) {
            self.beyond.extend(is_container.then_some(kind));
            return;
        }
        let index = self.document.nodes.len() as u32;
        let depth = self.open.len().min(255) as u32;
        let bits = (kind as u32) << KIND_AT | depth << DEPTH_AT;
        let packed = self.packed(index, bits, (key.unwrap_or(start) as u32, start as u32));
        self.document.nodes.push(packed);
        self.kept += if is_container { CONTAINER_BYTES } else { VALUE_BYTES };
        if is_container {
            self.open.push(Open { index, children: 0 });
        }
    }

    /// A value with nothing in it that ends here, and whose other bits are these. One that is long is noted as such.
    fn packed(&mut self, node: u32, bits: u32, (key, start): (u32, u32)) -> Packed {
        let end = self.at as u32;
        let (gap, length) = (start - key, end - start);
        if gap < LONG_GAP && length <= LONGEST {
            return Packed { start, bits: bits | gap << GAP_AT | length << LENGTH_AT };
        }
        self.document.long.push(Long { node, key, end });
        Packed { start, bits: bits | LONG_GAP << GAP_AT }
    }

    /// Whether the next value is kept. When they become too many, those directly in an outermost object still are, up to a
    /// quarter more: they say what a callback is.
    fn is_kept(&mut self, start: usize) -> bool {
        let is_in_outermost = || self.beyond.is_empty() && self.open.len() == 1 && self.document.kind(0) == Kind::Object;
        let is_kept = self.kept < self.most || (self.kept < self.most / 4 * 5 && is_in_outermost());
        if !is_kept {
            self.document.cut.get_or_insert(start as u32);
        }
        is_kept
    }

    fn close(&mut self, open: &Open) {
        let Open { index, children } = *open;
        let Node { kind, start, key, depth, .. } = self.document.node(index as usize);
        let kind = (kind as u32) << KIND_AT;
        if children == 0 {
            // Nothing came since it opened: if it is noted as long, it was the last one.
            self.document.long.pop_if(|long| long.node == index);
            self.document.nodes[index as usize] = self.packed(index, kind | depth << DEPTH_AT, (key, start));
            return;
        }
        let gap = (start - key).min(LONG_HELD_GAP);
        let descendants = self.document.nodes.len() as u32 - index - 1;
        self.document.nodes[index as usize].bits = HOLDS | kind | (self.document.held.len() as u32) << HELD_AT;
        self.document.held.push(Held { end: self.at as u32, descendants, children, bits: depth | gap << HELD_GAP_AT });
    }

    fn string(&mut self) -> Step {
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = end_of_plain(rest) else {
                self.at = self.text.len();
                return self.mistake(Expected::EndOfString);
            };
            self.at += length;
            match rest[length] {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                _ => return self.mistake(Expected::EndOfString),
            }
        }
    }

    fn escape(&mut self) -> Step {
        let escape = &self.text[self.at + 1..];
        let length = match escape.first() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 1,
            Some(b'u') if escape.len() > 4 && escape[1..5].iter().all(u8::is_ascii_hexdigit) => 5,
            _ => return self.mistake(Expected::Escape),
        };
        self.at += 1 + length;
        Ok(())
    }

    fn number(&mut self) -> Step {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Step {
        let count = self.text[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { self.mistake(Expected::Digit) } else { Ok(()) }
    }

    fn word(&mut self, word: &str) -> Step {
        if !self.text[self.at..].starts_with(word.as_bytes()) {
            return self.mistake(Expected::Value);
        }
        self.at += word.len();
        Ok(())
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn mistake<T>(&self, expected: Expected) -> Result<T, Mistake> {
        Err(Mistake { offset: self.at, expected })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `key=value` of every node, a container as `{n}` or `[n]`, then the mistake.
    fn check(text: &str, expected: &str) {
        let document = read(text.as_bytes());
        let mut words: Vec<String> = Vec::new();
        for node in document.nodes() {
            let key = node.key_text(text.as_bytes()).map_or(String::new(), |key| format!("{key}="));
            let value = match node.kind {
                Kind::Object => format!("{{{}}}", node.children),
                Kind::Array => format!("[{}]", node.children),
                Kind::String | Kind::Number | Kind::Bool | Kind::Null => node.raw(text.as_bytes()).to_owned(),
            };
            words.push(key + &value);
        }
        words.extend(document.mistake.map(|m| format!("! {:?} at {}", m.expected, m.offset)));
        assert_eq!(words.join(" "), expected, "{text}");
    }

    #[test]
    fn the_end_of_plain_text_is_found_wherever_it_stands() {
        for length in 0..40 {
            let plain = "é~ \u{7f}a".repeat(8).into_bytes()[..length].to_vec();
            assert_eq!(end_of_plain(&plain), None);
            for end in [b'"', b'\\', 0, 0x1f] {
                for at in 0..length {
                    let mut text = plain.clone();
                    text[at] = end;
                    assert_eq!(end_of_plain(&text), Some(at), "{end} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn values_keep_their_text() {
        check(r#" {"a":144115216631667826,"b":[1.50e3,-0,null],"a":"x"} "#, r#"{3} a=144115216631667826 b=[3] 1.50e3 -0 null a="x""#);
        check("[]", "[0]");
        check("true", "true");
        check("12345678901234567890123", "12345678901234567890123");
    }

    #[test]
    fn reading_stops_at_the_mistake_and_keeps_what_came_before() {
        check("", "! Value at 0");
        check(r#"{"a":1,}"#, "{1} a=1 ! Key at 7");
        check(r#"{"a":1 // x"#, "{1} a=1 ! CommaOrEnd at 7");
        check(r"{'a':1}", "{0} ! Key at 1");
        check(r#"{"a" 1}"#, "{0} ! Colon at 5");
        check("[1,2", "[2] 1 2 ! CommaOrEnd at 4");
        check(r#"["ab"#, "[0] ! EndOfString at 4");
        check("[\"a\nb\"]", "[0] ! EndOfString at 3");
        check(r#"["\x"]"#, "[0] ! Escape at 2");
        check("01", "0 ! EndOfText at 1");
        check("-", "! Digit at 1");
        check("[True]", "[0] ! Value at 1");
        check("nul", "! Value at 0");
        assert_eq!(read(b"[\"\xff\"]").mistake, Some(Mistake { offset: 2, expected: Expected::Utf8 }));
    }

    #[test]
    fn depth_has_no_limit() {
        let text = "[".repeat(50_000) + &"]".repeat(50_000);
        let document = read(text.as_bytes());
        assert_eq!((document.len(), &document.mistake, document.node(49_999).depth), (50_000, &None, 255));
        assert_eq!(document.end_of(0), 50_000);
    }

    #[test]
    fn an_object_whose_own_values_are_all_kept_is_not_cut() {
        let document = read(format!("{{{}\"last\":1}}", "\"a\":1,".repeat(150_000)).as_bytes());
        assert_eq!((document.len(), document.is_cut(0)), (150_002, false));
    }

    #[test]
    fn more_values_than_their_text_is_worth_are_read_but_not_kept() {
        let many = "[[],1],".repeat(300_000);
        let text = format!("{{\"a\":[{many}2],\"b\":{{\"c\":3}},\"d\":\"x\"}}");
        let document = read(text.as_bytes());
        assert_eq!(document.mistake, None);
        assert!(document.len() * size_of::<Packed>() + document.held.len() * size_of::<Held>() < 2 * text.len());
        let list = document.get(text.as_bytes(), 0, "a").map(|at| (at, document.node(at)));
        let (at, list) = list.expect("bug: a is there");
        assert_eq!((list.children, list.end as usize, document.is_cut(at)), (300_001, 8 + many.len(), true));
        assert!(!document.is_cut(at + 1), "an item that was kept whole");
        let last = document.get(text.as_bytes(), 0, "d").map(|at| document.node(at).raw(text.as_bytes()));
        assert_eq!(last, Some("\"x\""));
        assert_eq!(document.children(0).count(), 3);
        assert_eq!(read(format!("[{many}1").as_bytes()).mistake.map(|mistake| mistake.offset), Some(many.len() + 2));
        assert_eq!(read(format!("[{many}}}").as_bytes()).mistake.map(|mistake| mistake.expected), Some(Expected::Value));
    }
}
