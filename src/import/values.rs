//! Values: the values of a JSON array, one after the other, however long it is. Nothing is read here, only brackets and quotes are
//! followed; where they do not fit, the next line that begins a value is where it goes on.

use super::TOO_LONG;
use super::begun::Begun;

/// Takes a value with the line where it begins, or why there is none.
type Give<'a> = dyn FnMut(u64, Result<&[u8], String>) + 'a;

/// The values that are being told apart.
#[derive(Debug)]
pub struct Values {
    stage: Stage,
    /// What there is of a value that is not whole.
    begun: Begun,
    /// The line where it begins.
    began: u64,
    line: u64,
    /// The brackets that are open within the value.
    open: Vec<u8>,
    /// What stood last outside of quotes, but for white space.
    before: u8,
    text: Text,
    /// How many values there were, whole or not.
    count: u64,
}

#[derive(Debug)]
enum Stage {
    /// The array has not begun; what leads to it in a HAR file.
    Before(Option<Way>),
    /// Between two values.
    Between,
    /// Within one that begins with a bracket.
    Inside,
    /// Within a number or a word.
    Word,
    /// Nothing fits any more, up to a line that begins a value. Whether nothing stood on the line so far.
    Lost(bool),
    /// The array is over.
    After,
}

/// Where one is within quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    /// Behind a backslash.
    Escaped,
}

/// The way to `log.entries`.
#[derive(Debug, Default)]
struct Way {
    /// The key that was read last in each object that is open.
    keys: Vec<Vec<u8>>,
    /// The text that was read last.
    last: Vec<u8>,
}

/// Why a value is not taken.
const LINE_BREAK: &str = "a line breaks off within quotes, which JSON does not allow; it was left out";
const NO_END: &str = "it does not end before the next one begins; it was left out";
const BRACKETS: &str = "its brackets do not fit; it was left out";
const ENDS_EARLY: &str = "the file ends in the middle of it; it was left out";
const NO_ENTRIES: &str = "this HAR file has no log.entries";
const NO_OBJECT: &str = "this is no exchange";

/// A longer key is none that is looked for.
const KEY_BYTES: usize = 16;

impl Values {
    fn new(stage: Stage) -> Self {
        Self { stage, begun: Begun::default(), began: 1, line: 1, open: Vec::new(), before: 0, text: Text::Outside, count: 0 }
    }

    /// Those of a file that is an array.
    pub fn of_array() -> Self {
        Self::new(Stage::Before(None))
    }

    /// The entries of a HAR file.
    pub fn of_har() -> Self {
        Self::new(Stage::Before(Some(Way::default())))
    }

    /// Takes the next piece.
    pub fn take(&mut self, piece: &[u8], give: &mut Give<'_>) {
        let mut from = 0;
        for (at, &byte) in piece.iter().enumerate() {
            let next = self.step(byte);
            match next {
                Next::Goes | Next::Begins => {}
                Next::Ends(is_part) => {
                    self.begun.lengthen(&piece[from..at + usize::from(is_part)]);
                    self.whole(give);
                }
                Next::Breaks(reason) | Next::BeginsInPlace(reason) => self.broken(reason, give),
            }
            if matches!(next, Next::Begins | Next::BeginsInPlace(_)) {
                (self.began, from) = (self.line, at);
                self.count += 1;
            }
            self.line += u64::from(byte == b'\n');
        }
        if matches!(self.stage, Stage::Inside | Stage::Word) {
            self.begun.lengthen(&piece[from..]);
        }
    }

    /// The file is over.
    pub fn end(mut self, give: &mut Give<'_>) {
        match self.stage {
            Stage::Before(Some(_)) => give(1, Err(NO_ENTRIES.to_owned())),
            Stage::Inside => give(self.began, Err(ENDS_EARLY.to_owned())),
            Stage::Word => self.whole(give),
            Stage::Between if self.count > 0 => give(self.line, Err("the array does not end; all that was whole was read".to_owned())),
            Stage::Before(None) | Stage::Between | Stage::Lost(_) | Stage::After => {}
        }
    }

    fn broken(&mut self, reason: &str, give: &mut Give<'_>) {
        let reason = if self.begun.take().is_some() { reason } else { TOO_LONG };
        give(self.began, Err(reason.to_owned()));
    }

    fn whole(&mut self, give: &mut Give<'_>) {
        match self.begun.take() {
            Some(text) if text.starts_with(b"{") => give(self.began, Ok(&text)),
            Some(_) => give(self.began, Err(NO_OBJECT.to_owned())),
            None => give(self.began, Err(TOO_LONG.to_owned())),
        }
    }

    fn step(&mut self, byte: u8) -> Next {
        match &mut self.stage {
            Stage::Before(None) if byte == b'[' => self.go(Stage::Between, Next::Goes),
            Stage::Before(Some(way)) => {
                if way.leads_to(byte, &mut self.text) {
                    self.stage = Stage::Between;
                }
                Next::Goes
            }
            Stage::Between => match byte {
                b'{' | b'[' => self.begin(byte, Next::Begins),
                b'"' => {
                    self.text = Text::Inside;
                    self.go(Stage::Word, Next::Begins)
                }
                b']' => self.go(Stage::After, Next::Goes),
                b',' | b' ' | b'\t' | b'\r' | b'\n' => Next::Goes,
                _ => self.go(Stage::Word, Next::Begins),
            },
            Stage::Word => self.step_in_word(byte),
            Stage::Inside => self.step_inside(byte),
            Stage::Lost(true) if byte == b'{' => self.begin(byte, Next::Begins),
            Stage::Lost(is_line_blank) => {
                *is_line_blank = byte == b'\n' || (*is_line_blank && byte.is_ascii_whitespace());
                Next::Goes
            }
            Stage::Before(None) | Stage::After => Next::Goes,
        }
    }

    fn go(&mut self, stage: Stage, next: Next) -> Next {
        self.stage = stage;
        next
    }

    fn step_in_word(&mut self, byte: u8) -> Next {
        if self.text.step(byte) != Text::Outside {
            return Next::Goes;
        }
        match byte {
            b',' | b'\n' => self.go(Stage::Between, Next::Ends(false)),
            b']' => self.go(Stage::After, Next::Ends(false)),
            _ => Next::Goes,
        }
    }

    fn begin(&mut self, byte: u8, next: Next) -> Next {
        self.open.clear();
        self.open.push(byte);
        (self.before, self.text) = (byte, Text::Outside);
        self.go(Stage::Inside, next)
    }

    fn step_inside(&mut self, byte: u8) -> Next {
        if byte == b'\n' && self.text != Text::Outside {
            return self.go(Stage::Lost(true), Next::Breaks(LINE_BREAK));
        }
        if self.text.step(byte) != Text::Outside || byte.is_ascii_whitespace() {
            return Next::Goes;
        }
        let before = std::mem::replace(&mut self.before, byte);
        match (byte, self.open.last()) {
            (b'{' | b'[', Some(b'{')) if before == b':' => self.open.push(byte),
            (b'{' | b'[', Some(b'[')) if matches!(before, b'[' | b',') => self.open.push(byte),
            // The one before has lost its end.
            (b'{', _) => return self.begin(byte, Next::BeginsInPlace(NO_END)),
            (b'}', Some(b'{')) | (b']', Some(b'[')) => drop(self.open.pop()),
            (b'[' | b'}' | b']', _) => return self.go(Stage::Lost(false), Next::Breaks(BRACKETS)),
            _ => {}
        }
        if self.open.is_empty() { self.go(Stage::Between, Next::Ends(true)) } else { Next::Goes }
    }
}

/// What a byte does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A value begins with it.
    Begins,
    /// A value ends with it, or before it.
    Ends(bool),
    /// A value breaks off, and why.
    Breaks(&'static str),
    /// One begins in the middle of another, which breaks off.
    BeginsInPlace(&'static str),
    /// None of these.
    Goes,
}

impl Text {
    fn step(&mut self, byte: u8) -> Self {
        *self = match (*self, byte) {
            (Self::Outside, b'"') | (Self::Escaped, _) => Self::Inside,
            (Self::Inside, b'"') => Self::Outside,
            (Self::Inside, b'\\') => Self::Escaped,
            (text, _) => text,
        };
        *self
    }
}

impl Way {
    /// Whether this byte begins `log.entries`.
    fn leads_to(&mut self, byte: u8, text: &mut Text) -> bool {
        let before = *text;
        if before == Text::Outside && byte == b'"' {
            self.last.clear();
        } else if before != Text::Outside && self.last.len() < KEY_BYTES {
            self.last.push(byte);
        }
        if text.step(byte) != Text::Outside {
            return false;
        }
        match byte {
            b':' => {
                if let Some(key) = self.keys.last_mut() {
                    key.clone_from(&self.last);
                }
            }
            b'[' if self.keys.len() == 2 && self.keys[0] == b"log\"" && self.keys[1] == b"entries\"" => return true,
            b'{' | b'[' => self.keys.push(Vec::new()),
            b'}' | b']' => drop(self.keys.pop()),
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(mut values: Values, text: &str, step: usize) -> Vec<String> {
        let mut told = Vec::new();
        let mut give = |line: u64, text: Result<&[u8], String>| {
            told.push(format!("{line}: {}", text.map_or_else(|why| format!("!{why}"), |text| String::from_utf8_lossy(text).into_owned())));
        };
        text.as_bytes().chunks(step).for_each(|piece| values.take(piece, &mut give));
        values.end(&mut give);
        told
    }

    #[track_caller]
    fn check(values: fn() -> Values, text: &str, expected: &[&str]) {
        for step in [1, 2, 7, text.len().max(1)] {
            assert_eq!(told(values(), text, step), expected, "{text:?} in steps of {step}");
        }
    }

    #[test]
    fn values_are_told_apart_whatever_stands_in_them() {
        check(Values::of_array, "[]", &[]);
        check(
            Values::of_array,
            " [ {\"a\":\"]},{\\\"\"},\n{\"b\":[{},[1]]}\n,{}]\n",
            &["1: {\"a\":\"]},{\\\"\"}", "2: {\"b\":[{},[1]]}", "3: {}"],
        );
        check(Values::of_array, "[\n{\n\"a\":1\n},\n{}\n]", &["2: {\n\"a\":1\n}", "5: {}"]);
        check(Values::of_array, "[1, \"a,]\", null,[{}]]", &["1: !this is no exchange"; 4]);
    }

    #[test]
    fn a_damaged_value_is_told_and_the_rest_taken() {
        let (line_break, no_end) = (format!("2: !{LINE_BREAK}"), format!("2: !{NO_END}"));
        check(Values::of_array, "[\n{\"a\":\"x\n{\"b\":1},\n{}]", &[&line_break, "3: {\"b\":1}", "4: {}"]);
        check(Values::of_array, "[\n{\"a\":1,\n{\"b\":1},\n{}]", &[&no_end, "3: {\"b\":1}", "4: {}"]);
        check(Values::of_array, "[\n{\"a\":{\"c\":2\n{\"b\":1},\n{}]", &[&no_end, "3: {\"b\":1}", "4: {}"]);
        check(Values::of_array, "[\n{\"a\":1]},\n{\"b\":1}]", &[&format!("2: !{BRACKETS}"), "3: {\"b\":1}"]);
        check(Values::of_array, "[{},\n{\"a\":", &["1: {}", &format!("2: !{ENDS_EARLY}")]);
        check(Values::of_array, "[{},\n", &["1: {}", "2: !the array does not end; all that was whole was read"]);
    }

    #[test]
    fn entries_of_a_har_file_are_found_where_they_belong() {
        let text = r#"{"log":{"pages":[{"entries":[{"no":1}]}],"x\"":{"entries":[1]},"entries" : [{"a":1},{}],"more":[{}]}}"#;
        check(Values::of_har, text, &["1: {\"a\":1}", "1: {}"]);
        check(Values::of_har, r#"{"log":{"entries":[]}}"#, &[]);
        for text in ["{\"log\":{}}", "{\"log\":[{\"entries\":[{}]}]}", "{\"log\":{\"entries\":7}}"] {
            check(Values::of_har, text, &[&format!("1: !{NO_ENTRIES}")]);
        }
    }

    #[test]
    fn nesting_without_end_takes_no_stack() {
        let deep = format!("[{}{}]", "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(told(Values::of_array(), &deep, 1000), ["1: !this is no exchange"]);
        let open = format!("[{}", "{\"a\":[".repeat(100_000));
        assert_eq!(told(Values::of_array(), &open, 1000), [format!("1: !{ENDS_EARLY}")]);
    }
}
