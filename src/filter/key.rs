//! The names that can stand before a colon.

use super::Entry;

/// A name and what is asked by it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// As it is written.
    pub name: &'static str,
    pub asks: Asks,
    /// What it means, in a few words.
    pub about: &'static str,
    /// A value, to show how it is written.
    pub example: &'static str,
    /// Values that are offered, with their meaning. Of a text these are all there are.
    pub words: &'static [(&'static str, &'static str)],
}

/// What is asked by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    Text(Text),
    Overall,
    Number(Number),
    Before,
    After,
    Last,
    Has,
}

/// A text of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    Command,
    Signature,
    App,
    Product,
    Platform,
    Method,
    Path,
    ReadAs,
    Rule,
    Fault,
    Mark,
}

/// A number of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Status,
    Code,
    Size,
    Took,
    Skew,
    Id,
}

const fn key(
    name: &'static str,
    asks: Asks,
    about: &'static str,
    example: &'static str,
    words: &'static [(&'static str, &'static str)],
) -> Key {
    Key { name, asks, about, example, words }
}

/// All of them, in the order in which they are offered.
pub(super) const KEYS: [Key; 22] = [
    key("command", Asks::Text(Text::Command), "the callback's command", "Group.*", &[]),
    key(
        "verdict",
        Asks::Overall,
        "ok, bad, unchecked or not_callback",
        "bad",
        &[
            ("bad", "with at least one fault"),
            ("ok", "without fault"),
            ("unchecked", "the signature could not be checked"),
            ("not_callback", "no callback of this protocol"),
        ],
    ),
    key(
        "last",
        Asks::Last,
        "arrived in the last minutes, hours or days",
        "10m",
        &[("5m", "five minutes"), ("10m", "ten minutes"), ("1h", "an hour"), ("1d", "a day")],
    ),
    key("app", Asks::Text(Text::App), "the app's id", "1400000001", &[]),
    key("rule", Asks::Text(Text::Rule), "the rule that responded", "default", &[]),
    key("status", Asks::Number(Number::Status), "the response's HTTP status", ">=500", &[(">=500", "server errors"), ("200", "OK")]),
    key("code", Asks::Number(Number::Code), "the response's ErrorCode", ">0", &[(">0", "not the documented success"), ("0", "success")]),
    key(
        "read_as",
        Asks::Text(Text::ReadAs),
        "how the sender takes the response",
        "refused",
        &[
            ("accepted", "the event goes ahead"),
            ("refused", "the event does not take place"),
            ("dropped", "thrown away, and its sender sees success"),
            ("ignored", "well formed, and without effect"),
            ("failed", "the webhook failed"),
            ("unknown", "no document says"),
        ],
    ),
    key(
        "has",
        Asks::Has,
        "a note, a mark, a fault, or a field of the body",
        "note",
        &[("note", "a note of yours"), ("mark", "a mark of yours"), ("fault", "a fault was simulated"), ("body.", "a field of the body")],
    ),
    key(
        "signature",
        Asks::Text(Text::Signature),
        "whether Sign fits",
        "invalid",
        &[
            ("valid", "fits a token of the app"),
            ("invalid", "fits no token of the app"),
            ("missing", "there is none"),
            ("malformed", "no signature at all"),
            ("unchecked", "no token is known"),
        ],
    ),
    key(
        "product",
        Asks::Text(Text::Product),
        "chat, live, room, call or desk",
        "chat",
        &[("chat", "Chat"), ("live", "Live"), ("room", "Room"), ("call", "Call"), ("desk", "Desk")],
    ),
    key("took", Asks::Number(Number::Took), "how long until the response", ">100ms", &[(">100ms", "slow"), (">1s", "nearly too late")]),
    key(
        "size",
        Asks::Number(Number::Size),
        "bytes of the body",
        ">10k",
        &[(">10k", "more than 10,000 bytes"), (">1M", "more than a million")],
    ),
    key("after", Asks::After, "arrived at this time or later", "09:30", &[]),
    key("before", Asks::Before, "arrived earlier than this", "2026-11-20", &[]),
    key("path", Asks::Text(Text::Path), "the path, without parameters", "/hook*", &[]),
    key("platform", Asks::Text(Text::Platform), "the user's platform, in any spelling", "iOS", &[]),
    key("method", Asks::Text(Text::Method), "the HTTP method", "POST", &[]),
    key("fault", Asks::Text(Text::Fault), "the fault that was simulated", "reset", &[]),
    key(
        "skew",
        Asks::Number(Number::Skew),
        "seconds between signing and arrival",
        ">30s",
        &[(">30s", "half of what is allowed"), (">60s", "too old or too early")],
    ),
    key(
        "mark",
        Asks::Text(Text::Mark),
        "your mark",
        "red",
        &[
            ("red", "marked red"),
            ("amber", "marked amber"),
            ("green", "marked green"),
            ("blue", "marked blue"),
            ("violet", "marked violet"),
        ],
    ),
    key("id", Asks::Number(Number::Id), "the number in the history", ">100", &[]),
];

/// The word that asks for what is pinned.
pub(super) const PINNED: &str = "pinned";

/// The key of this name.
pub(super) fn named(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| is_same_word(key.name, name))
}

/// Whether two words are the same, `not-callback` being `not_callback`.
pub(super) fn is_same_word(word: &str, typed: &str) -> bool {
    let lower = |byte: u8| if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() };
    word.bytes().map(lower).eq(typed.bytes().map(lower))
}

impl Key {
    /// Whether numbers are compared by it.
    pub fn is_number(&self) -> bool {
        matches!(self.asks, Asks::Number(_))
    }
}

impl Text {
    /// The text of an entry.
    pub fn of<'a>(self, entry: &Entry<'a>) -> Option<&'a str> {
        match self {
            Self::Command => entry.command,
            Self::Signature => entry.signature,
            Self::App => entry.app,
            Self::Product => entry.product,
            Self::Platform => entry.platform,
            Self::Method => entry.method,
            Self::Path => entry.path,
            Self::ReadAs => entry.read_as,
            Self::Rule => entry.rule,
            Self::Fault => entry.fault,
            Self::Mark => entry.mark,
        }
    }
}

impl Number {
    /// The number of an entry: times in microseconds, sizes in bytes.
    pub fn of(self, entry: &Entry<'_>) -> Option<i64> {
        match self {
            Self::Status => entry.status.map(i64::from),
            Self::Code => entry.code,
            Self::Size => Some(i64::try_from(entry.size_bytes).unwrap_or(i64::MAX)),
            Self::Took => entry.took_micros,
            Self::Skew => entry.skew_secs.map(|secs| secs.saturating_mul(1_000_000)),
            Self::Id => Some(entry.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::search::nearest_word;

    fn check(typed: &str, expected: Option<&str>) {
        assert_eq!(nearest_word(typed, KEYS.iter().map(|key| key.name)), expected, "{typed}");
    }

    #[test]
    fn what_was_probably_meant_is_named() {
        check("comand", Some("command"));
        check("Verdikt", Some("verdict"));
        check("pth", Some("path"));
        check("From_Account", None);
        check(&"command".repeat(1_000), None);
    }

    #[test]
    fn names_are_told_apart_and_written_in_any_case() {
        for key in &KEYS {
            assert_eq!(named(&key.name.to_uppercase()), Some(key));
        }
        assert_eq!(named("read-as").map(|key| key.name), Some("read_as"));
    }
}
