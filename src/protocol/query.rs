//! The URL parameters, in every spelling that the documents use.
//!
//! Printed URLs say `SdkAppid` and `CallbackCommand`; tables also say `SdkAppId`, `SDKAppID` and
//! `WebhookCommand`. Frameworks lower-case names. All of them are read, and which one arrived is kept.

use super::body::{self, Shown};
use super::catalogue;
use std::borrow::Cow;

/// How many parameters a callback has.
const USUAL: usize = 8;

/// What a parameter is, whatever its spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// `SdkAppid`
    SdkAppId,
    /// `CallbackCommand`
    Command,
    /// `contenttype`
    ContentType,
    /// `ClientIP`
    ClientIp,
    /// `OptPlatform`
    Platform,
    /// `Sign`
    Sign,
    /// `RequestTime`
    RequestTime,
    /// `RequestID`
    RequestId,
}

/// How a parameter's name was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As one of the documents prints it.
    Documented,
    /// A documented name in other letter case.
    Variant,
    /// No documented name.
    Unknown,
}

/// One parameter of the URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// The name, percent-encoding undone.
    pub name: Cow<'static, str>,
    /// The value, percent-encoding undone; a plus stays a plus.
    pub value: String,
    /// Which parameter it is.
    pub known: Option<Name>,
    /// How its name was written.
    pub spelling: Spelling,
}

/// The names that are read, with the spelling that leads to their entry in the catalogue.
const NAMES: [(Name, &str, &[&str]); 8] = [
    (Name::SdkAppId, "SdkAppid", &["SdkAppid", "SdkAppId", "SDKAppID"]),
    (Name::Command, "CallbackCommand", &["CallbackCommand", "WebhookCommand"]),
    (Name::ContentType, "contenttype", &["contenttype"]),
    (Name::ClientIp, "ClientIP", &["ClientIP"]),
    (Name::Platform, "OptPlatform", &["OptPlatform"]),
    (Name::Sign, "Sign", &["Sign"]),
    (Name::RequestTime, "RequestTime", &["RequestTime"]),
    (Name::RequestId, "RequestID", &["RequestID"]),
];

impl Name {
    /// As the printed URLs spell it.
    pub fn word(self) -> &'static str {
        NAMES.iter().find(|(name, ..)| *name == self).map_or("", |(_, key, _)| key)
    }

    /// What the documents say of the parameter.
    pub fn reference(self) -> Option<&'static catalogue::Parameter> {
        catalogue::get().parameters.get(self.word())
    }
}

impl Param {
    /// What the value means: a documented word, or a time.
    pub fn shown(&self) -> Option<Shown> {
        let reference = self.known?.reference()?;
        let word = reference.words.get(&self.value).map(|word| Shown::Word(word));
        word.or_else(|| reference.unit.and_then(|unit| body::time(&self.value, unit)))
    }
}

/// Reads the parameters of a request target, in their order, with repeats.
pub fn read(target: &str) -> Vec<Param> {
    let Some((_, query)) = target.split_once('?') else { return Vec::new() };
    let mut params = Vec::with_capacity(USUAL);
    params.extend(query.split('&').filter(|pair| !pair.is_empty()).map(param));
    params
}

fn param(pair: &str) -> Param {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let (name, value) = (undo_percent(name), decode(value));
    let known = NAMES.iter().find(|(_, _, spellings)| spellings.iter().any(|spelling| spelling.eq_ignore_ascii_case(&name)));
    let documented = known.and_then(|(_, _, spellings)| spellings.iter().find(|spelling| **spelling == name));
    let (name, spelling) = match documented {
        Some(documented) => (Cow::Borrowed(*documented), Spelling::Documented),
        None => (Cow::Owned(name.into_owned()), if known.is_some() { Spelling::Variant } else { Spelling::Unknown }),
    };
    Param { name, value, known: known.map(|(known, ..)| *known), spelling }
}

/// Undoes percent-encoding; a plus stays a plus. What is no UTF-8 then becomes U+FFFD.
pub fn decode(text: &str) -> String {
    undo_percent(text).into_owned()
}

fn undo_percent(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let byte = hex.and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// The values of one parameter: the first, and whether another value came too.
pub fn value(params: &[Param], name: Name) -> (Option<&str>, bool) {
    let mut values = params.iter().filter(|param| param.known == Some(name)).map(|param| param.value.as_str());
    let first = values.next();
    let differs = first.is_some_and(|first| values.any(|other| other != first));
    (first, differs)
}

/// The documented parameters that came more than once, with different values.
pub fn repeated(params: &[Param]) -> impl Iterator<Item = Name> + '_ {
    NAMES.iter().map(|(name, ..)| *name).filter(|name| value(params, *name).1)
}

/// Whether two words name one platform. Source: PROTOCOL, section 2: `IOS`, `macOS` and `Unkown` stand for `iOS`, `Mac` and
/// `Unknown` on some pages.
pub fn is_same_platform(one: &str, other: &str) -> bool {
    family(one).eq_ignore_ascii_case(family(other))
}

fn family(platform: &str) -> &str {
    let spellings = [("macOS", "Mac"), ("Unkown", "Unknown")];
    spellings.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(platform)).map_or(platform, |(_, family)| family)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &str, expected: &[(&str, &str, Spelling)]) {
        let params = read(target);
        let seen: Vec<_> = params.iter().map(|p| (&*p.name, p.value.as_str(), p.spelling)).collect();
        assert_eq!(seen, expected, "{target}");
    }

    #[test]
    fn every_spelling_is_read_and_told_apart() {
        use Spelling::{Documented, Unknown, Variant};
        check(
            "/?SdkAppid=1&sdkappid=2&SDKAppID=3&WebhookCommand=C2C.X&x=4",
            &[
                ("SdkAppid", "1", Documented),
                ("sdkappid", "2", Variant),
                ("SDKAppID", "3", Documented),
                ("WebhookCommand", "C2C.X", Documented),
                ("x", "4", Unknown),
            ],
        );
        check("/hook", &[]);
        check("/?", &[]);
        check("/?&&Sign&=5", &[("Sign", "", Documented), ("", "5", Unknown)]);
    }

    #[test]
    fn percent_encoding_is_undone_and_nothing_else() {
        use Spelling::{Documented, Unknown};
        check(
            "/?%53ign=%41b%2&RequestID=a+b%3D=&x=%E7%BA%A2%FF",
            &[("Sign", "Ab%2", Documented), ("RequestID", "a+b==", Documented), ("x", "红\u{FFFD}", Unknown)],
        );
        check("/?OptPlatform=iOS#frag&Sign=1", &[("OptPlatform", "iOS#frag", Documented), ("Sign", "1", Documented)]);
    }

    #[test]
    fn a_platform_has_several_spellings() {
        for (one, other) in [("macOS", "Mac"), ("Unkown", "Unknown"), ("unknown", "Unkown"), ("MACOS", "mac"), ("Web", "web")] {
            assert!(is_same_platform(one, other), "{one} {other}");
        }
        assert!(!is_same_platform("Mac", "iOS"));
    }

    #[test]
    fn a_repeat_is_noticed_when_it_says_something_else() {
        let value_of = |target: &str| {
            let params = read(target);
            let (first, differs) = value(&params, Name::Sign);
            (first.map(str::to_owned), differs)
        };
        assert_eq!(value_of("/?Sign=a&sign=a"), (Some("a".to_owned()), false));
        assert_eq!(value_of("/?Sign=a&sign=b"), (Some("a".to_owned()), true));
        assert_eq!(value_of("/"), (None, false));
    }
}
