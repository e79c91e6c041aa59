//! Histories: which one is meant. A data folder holds several, each a file of its own, and any other file can be opened.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::path::{MAIN_SEPARATOR, PathBuf};

/// A history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Which {
    /// The one that every data folder has.
    #[default]
    Main,
    /// Another one of the data folder.
    Named(Name),
    /// A file anywhere.
    File(PathBuf),
}

/// What the main one is called.
pub const MAIN: &str = "main";

/// How a history's file ends.
pub const ENDING: &str = ".db";

/// The longest name, in characters and in bytes: file systems take 255.
const MOST_CHARS: usize = 60;
const MOST_BYTES: usize = 200;

/// What Windows keeps for devices, whatever follows a dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4",
    "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// What is wrong with a name: a sentence without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// There is none.
    #[error("type a name")]
    Empty,
    /// The main history has it.
    #[error("main is the name of the first history; choose another")]
    Main,
    /// It is too long for a file.
    #[error("a name has at most {MOST_CHARS} characters")]
    TooLong,
    /// It might lead elsewhere, or can be no file's.
    #[error("a name has letters, digits, spaces, - _ ( ) and dots inside, and begins with a letter or digit")]
    Odd,
}

/// A name that is safe as a file's: never a path, and the same on every system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Reads what was typed; spaces around it are not part of it.
    ///
    /// # Errors
    /// When it cannot be a file's name, or is the main history's.
    pub fn read(text: &str) -> Result<Self, BadName> {
        let name = text.trim();
        let is_inside = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '(' | ')' | '.');
        let stem = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
        if name.is_empty() {
            Err(BadName::Empty)
        } else if name.eq_ignore_ascii_case(MAIN) {
            Err(BadName::Main)
        } else if name.chars().count() > MOST_CHARS || name.len() > MOST_BYTES {
            Err(BadName::TooLong)
        } else if !name.chars().all(is_inside)
            || !name.starts_with(char::is_alphanumeric)
            || name.ends_with('.')
            || name.ends_with(ENDING)
            || DEVICES.contains(&stem.as_str())
        {
            Err(BadName::Odd)
        } else {
            Ok(Self(name.to_owned()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file's.
    pub fn file_name(&self) -> String {
        format!("{}{ENDING}", self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Which {
    /// Reads what a user calls one: `main`, a name, or a file, which has a separator or ends in `.db`.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn read(text: &str) -> Result<Self, BadName> {
        let is_file = text.contains(['/', MAIN_SEPARATOR]) || text.ends_with(ENDING);
        if text.trim().eq_ignore_ascii_case(MAIN) {
            Ok(Self::Main)
        } else if is_file {
            Ok(Self::File(text.into()))
        } else {
            Name::read(text).map(Self::Named)
        }
    }

    /// What it is called: its name, or the name of its file.
    pub fn title(&self) -> String {
        match self {
            Self::Main => MAIN.to_owned(),
            Self::Named(name) => name.to_string(),
            Self::File(path) => path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned()),
        }
    }
}

/// What a history takes of the disk, by its parts, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// How many exchanges it has.
    pub exchanges: u64,
    /// Heads and bodies of requests, as received.
    pub requests: u64,
    /// Headers and bodies of responses.
    pub responses: u64,
    /// What lists and filters read, and what is said of exchanges.
    pub columns: u64,
    /// The index of words.
    pub words: u64,
    /// What the pages of all these have beside them: their structure, and room that is not filled.
    pub between: u64,
    /// Pages that are free: used again before the file grows.
    pub free: u64,
    /// What was committed and is not moved into the file yet.
    pub log: u64,
    /// Whether free pages can be given back to the disk in small steps.
    pub gives_back: bool,
}

impl Parts {
    /// The file and its log.
    pub fn whole(&self) -> u64 {
        let Self { exchanges: _, requests, responses, columns, words, between, free, log, gives_back: _ } = self;
        requests + responses + columns + words + between + free + log
    }
}

/// As [`Which::read`] reads it.
impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Main => f.write_str(MAIN),
            Self::Named(name) => name.fmt(f),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl Serialize for Which {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// One that cannot be read is the main one: the other settings stand.
impl<'de> Deserialize<'de> for Which {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::read(&String::deserialize(from)?).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        for good in ["a", "June", " Release 2.1 (beta)_x ", "红包测试", "2026-11-20", "ünï"] {
            assert_eq!(Name::read(good).map(|name| name.0), Ok(good.trim().to_owned()));
        }
        let odd =
            ["../x", "a/b", "a\\b", ".hidden", "-x", "a.", "x.db", "a:b", "a*", "NUL", "con.txt", "aux .x", "a\u{202e}b", "a\nb", "a\0"];
        for odd in odd {
            assert_eq!(Name::read(odd), Err(BadName::Odd), "{odd:?}");
        }
        assert_eq!(Name::read("  "), Err(BadName::Empty));
        assert_eq!(Name::read("MAIN"), Err(BadName::Main));
        assert_eq!(Name::read(&"红".repeat(61)), Err(BadName::TooLong));
        assert_eq!(Name::read(&"红".repeat(67)), Err(BadName::TooLong));
    }

    #[test]
    fn a_history_is_called_by_its_name_or_its_file() {
        assert_eq!(Which::read(" Main "), Ok(Which::Main));
        assert_eq!(Which::read("June").map(|which| which.title()), Ok("June".to_owned()));
        for (text, title) in [("june.db", "june.db"), ("/tmp/x/june.db", "june.db"), ("./june", "june")] {
            let which = Which::read(text);
            assert_eq!(which, Ok(Which::File(text.into())));
            assert_eq!(which.map(|which| (which.title(), which.to_string())), Ok((title.to_owned(), text.to_owned())));
        }
        assert_eq!(Which::read("a*b"), Err(BadName::Odd));
    }
}
