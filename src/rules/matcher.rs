//! Conditions: what a rule asks about a request. Asking changes nothing.

use super::Received;
use super::pattern::Pattern;
use super::place::Place;
use super::seen::Seen;
use crate::protocol::catalogue::Product;
use crate::protocol::json::{Kind, Node};
use crate::protocol::number::Number;
use crate::protocol::query::{self, Name};
use crate::protocol::verdict::Overall;
use std::borrow::Cow;
use std::fmt;

/// One question. Where it lists several answers, any of them will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matcher {
    /// What the command is.
    Command(Vec<Pattern>),
    /// Which app the URL names.
    App(Vec<String>),
    /// Whose webhook it is; a command of two products is of both.
    Product(Vec<Product>),
    /// Which platform the URL names, in any of its spellings.
    Platform(Vec<String>),
    /// The path of the request target, without the parameters.
    Path(Vec<Pattern>),
    /// The method.
    Method(Vec<String>),
    /// What was found.
    Verdict(Vec<Judgement>),
    /// What stands in the body.
    Field(Field),
}

/// A judgement that a rule can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// All verdicts together.
    Overall(Overall),
    /// One of them.
    State {
        /// The verdict's name, such as `signature`.
        verdict: &'static str,
        /// The state's name, such as `invalid`.
        state: &'static str,
    },
}

/// A question about the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Where; of several values there, any will do.
    pub place: Place,
    /// What is asked of a value there.
    pub test: Test,
}

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// That there is one.
    Exists,
    /// That a string has this text, or any other value these characters.
    Equals(String),
    /// That this stands somewhere in it.
    Contains(String),
    /// That it is a number, also one in a string, and a greater one.
    Greater(Number),
}

/// The states that a rule can ask for, by verdict.
const STATES: [(&str, &[&str]); 7] = [
    ("signature", &["valid", "invalid", "missing", "malformed", "unchecked"]),
    ("timestamp", &["fresh", "stale", "future", "missing", "malformed"]),
    ("app_id", &["match", "mismatch", "missing", "malformed", "unchecked"]),
    ("method", &["post", "other"]),
    ("command", &["known", "unknown", "differs", "missing"]),
    ("body", &["documented", "undocumented", "not_json", "not_object", "empty", "too_large", "cut_off"]),
    ("replay", &["first", "repeated", "reused_signature"]),
];

/// How many characters of a value an explanation shows.
const SHOWN: usize = 60;

impl Matcher {
    /// Whether the request is such a one.
    pub fn matches(&self, received: &Received<'_>) -> bool {
        self.is_met(&mut Seen::new(received))
    }

    /// The same, for a request that many rules look at.
    pub(super) fn is_met<'a>(&'a self, seen: &mut Seen<'a>) -> bool {
        let fits_one_of = |patterns: &[Pattern], text: Option<&str>| text.is_some_and(|text| patterns.iter().any(|one| one.matches(text)));
        let callback = seen.received.callback;
        match self {
            Self::Command(patterns) => fits_one_of(patterns, callback.command.as_deref()),
            Self::App(ids) => callback.param(Name::SdkAppId).is_some_and(|app| ids.iter().any(|id| id == app)),
            Self::Product(products) => callback.product().into_iter().chain(callback.also_of).any(|one| products.contains(&one)),
            Self::Platform(names) => {
                callback.param(Name::Platform).is_some_and(|platform| names.iter().any(|name| query::is_same_platform(name, platform)))
            }
            Self::Path(patterns) => fits_one_of(patterns, callback.target.as_deref().map(path_of)),
            Self::Method(names) => {
                callback.method.as_ref().is_some_and(|method| names.iter().any(|name| name.eq_ignore_ascii_case(method)))
            }
            Self::Verdict(judgements) => judgements.iter().any(|judgement| judgement.is_of(seen)),
            Self::Field(field) => seen.values(&field.place).iter().any(|value| field.test.accepts(value)),
        }
    }

    /// Why the request is none such: what was there and what was wanted; `None` where it is one. Values are as received,
    /// only shortened: whoever shows them makes them visible.
    pub fn explain(&self, received: &Received<'_>) -> Option<String> {
        if self.matches(received) {
            return None;
        }
        let callback = received.callback;
        Some(match self {
            Self::Command(patterns) => told("command", callback.command.as_deref(), patterns),
            Self::App(ids) => told("app", callback.param(Name::SdkAppId), ids),
            Self::Product(products) => {
                let words: Vec<&str> = products.iter().map(|product| product.word()).collect();
                told("product", callback.product().map(Product::word), &words)
            }
            Self::Platform(names) => told("platform", callback.param(Name::Platform), names),
            Self::Path(patterns) => told("path", callback.target.as_deref().map(path_of), patterns),
            Self::Method(names) => told("method", callback.method.as_deref(), names),
            Self::Verdict(judgements) => explain_verdict(judgements, received),
            Self::Field(field) => field.explain(received),
        })
    }
}

fn told(what: &str, there: Option<&str>, wanted: &[impl fmt::Display]) -> String {
    let wanted = any_of(wanted);
    match there {
        Some(there) => format!("{what} is {}, and {wanted} was wanted", shortened(there)),
        None => format!("there is no {what}, and {wanted} was wanted"),
    }
}

/// `a, b or c`
fn any_of(wanted: &[impl fmt::Display]) -> String {
    let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
    match wanted.as_slice() {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        one => one.concat(),
    }
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The path of a request target in any of its forms: `/a?b`, `http://host/a?b`, `*`.
fn path_of(target: &str) -> &str {
    let path = &target[..target.find(['?', '#']).unwrap_or(target.len())];
    match path.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => rest.find('/').map_or("/", |at| &rest[at..]),
        _ => path,
    }
}

impl Judgement {
    /// Reads `bad` or `signature:invalid`.
    ///
    /// # Errors
    /// When it is none; the text says what is right.
    pub fn read(text: &str) -> Result<Self, String> {
        let Some((verdict, state)) = text.split_once(':') else {
            return Overall::from_word(text).map(Self::Overall).ok_or_else(|| wrong_judgement(text));
        };
        let (verdict, states) = STATES.iter().find(|(name, _)| *name == verdict).ok_or_else(|| wrong_judgement(text))?;
        let state = states.iter().find(|one| **one == state);
        let wrong = || format!("{verdict} is never {state:?}", state = text.split_once(':').map_or("", |(_, state)| state));
        state.map(|state| Self::State { verdict, state }).ok_or_else(|| format!("{}; it is {}", wrong(), any_of(states)))
    }

    fn is_of(self, seen: &Seen<'_>) -> bool {
        match self {
            Self::Overall(overall) => overall == seen.received.overall,
            Self::State { verdict, state } => seen.state_of(verdict) == Some(state),
        }
    }
}

fn wrong_judgement(text: &str) -> String {
    let names = STATES.map(|(name, _)| name).join(", ");
    format!("{text:?} is no verdict; it is ok, bad, unchecked or not_callback, or one of {names} with its state, such as signature:invalid")
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overall(overall) => f.write_str(overall.word()),
            Self::State { verdict, state } => write!(f, "{verdict}:{state}"),
        }
    }
}

fn explain_verdict(judgements: &[Judgement], received: &Received<'_>) -> String {
    let seen = Seen::new(received);
    let mut there = vec![received.overall.word().to_owned()];
    for judgement in judgements {
        if let Judgement::State { verdict, .. } = judgement {
            let state = seen.state_of(verdict).unwrap_or_default();
            there.push(format!("{verdict}:{state}"));
        }
    }
    there.dedup();
    format!("it was judged {}, and {} was wanted", there.join(", "), any_of(judgements))
}

impl Field {
    /// Reads `MsgBody[].MsgContent.Text contains 红包`, `From_Account = leckie`, `Random > 100` or `Random exists`.
    ///
    /// # Errors
    /// When it is none; the text says what is right.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim_start();
        let (place, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim_start();
        let (operator, value) = rest.split_once(' ').unwrap_or((rest, ""));
        let test = match operator {
            "exists" if value.trim().is_empty() => Test::Exists,
            "=" => Test::Equals(value.to_owned()),
            "contains" if !value.is_empty() => Test::Contains(value.to_owned()),
            ">" => Number::read(value.trim())
                .map(Test::Greater)
                .ok_or_else(|| format!("{value:?} is no number; write it like Random > 100"))?,
            _ => return Err(format!("{text:?} is no condition; write PLACE exists, PLACE = TEXT, PLACE contains TEXT or PLACE > NUMBER")),
        };
        Ok(Self { place: Place::read(place)?, test })
    }

    fn explain(&self, received: &Received<'_>) -> String {
        let Self { place, test } = self;
        let mut more = 0;
        self.place.visit(received, &mut |_| more += 1);
        let Some(first) = place.first(received) else { return format!("there is no {place}, and {test} was wanted") };
        let shown = shown(&first, &received.request.body);
        match more - 1 {
            0 => format!("{place} is {shown}, and {test} was wanted"),
            more => format!("{place} is {shown} and {more} more, and {test} was wanted"),
        }
    }
}

fn shown(node: &Node, body: &[u8]) -> String {
    let text = node.string(body);
    let short = shortened(&text);
    if node.kind == Kind::String { format!("\"{short}\"") } else { short.into_owned() }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, test } = self;
        match test {
            Test::Exists => write!(f, "{place} exists"),
            Test::Equals(text) => write!(f, "{place} = {text}"),
            Test::Contains(text) => write!(f, "{place} contains {text}"),
            Test::Greater(number) => write!(f, "{place} > {number}"),
        }
    }
}

impl Test {
    /// Whether a value is such a one, by a string's text or another value as received.
    fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Exists => true,
            Self::Equals(text) => value == text,
            Self::Contains(text) => value.contains(text.as_str()),
            Self::Greater(number) => number.is_exceeded_by(value),
        }
    }
}

/// What it wants, as an explanation says it.
impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => f.write_str("any value"),
            Self::Equals(text) => write!(f, "\"{text}\""),
            Self::Contains(text) => write!(f, "something with \"{text}\""),
            Self::Greater(number) => write!(f, "more than {number}"),
        }
    }
}

/// Reads a product by its word.
///
/// # Errors
/// When there is no such product: the text says which there are.
pub fn product(text: &str) -> Result<Product, String> {
    let words = Product::ALL.map(Product::word).join(", ");
    let product = Product::ALL.into_iter().find(|product| product.word() == text);
    product.ok_or_else(|| format!("{text:?} is no product; there are {words}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::receive;
    use super::*;

    const TARGET: &str = "/im/hook?SdkAppid=1400000001&CallbackCommand=C2C.CallbackAfterSendMsg&OptPlatform=IOS";
    const BODY: &str = r#"{"CallbackCommand":"C2C.CallbackAfterSendMsg","From_Account":"le\u0063kie","Random":9007199254740993,
        "MsgSeq":"48374","MsgBody":[{"MsgContent":{"Text":"hi"}},{"MsgContent":{"Text":"a 红包\n"}}],"Null":null}"#;

    /// `None` where it matches, else why not.
    #[track_caller]
    fn check(matcher: &Matcher, expected: Option<&str>) {
        receive("POST", TARGET, BODY, |received| {
            assert_eq!(matcher.explain(received).as_deref(), expected, "{matcher:?}");
            assert_eq!(matcher.matches(received), expected.is_none(), "{matcher:?}");
        });
    }

    fn patterns(texts: &[&str]) -> Vec<Pattern> {
        texts.iter().map(|text| Pattern::new(*text)).collect()
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn the_command_matches_any_of_its_patterns() {
        check(&Matcher::Command(patterns(&["C2C.CallbackAfterSendMsg"])), None);
        check(&Matcher::Command(patterns(&["Group.*", "*.CallbackAfter*"])), None);
        check(&Matcher::Command(patterns(&["Group.*"])), Some("command is C2C.CallbackAfterSendMsg, and Group.* was wanted"));
        receive("POST", "/", "", |received| {
            let why = Matcher::Command(patterns(&["a", "b", "c"])).explain(received);
            assert_eq!(why.as_deref(), Some("there is no command, and a, b or c was wanted"));
        });
    }

    #[test]
    fn app_product_and_method_are_compared_whole() {
        check(&Matcher::App(texts(&["1", "1400000001"])), None);
        check(&Matcher::App(texts(&["140000000"])), Some("app is 1400000001, and 140000000 was wanted"));
        check(&Matcher::Product(vec![Product::Chat]), None);
        check(&Matcher::Product(vec![Product::Live, Product::Desk]), Some("product is chat, and live or desk was wanted"));
        check(&Matcher::Method(texts(&["post"])), None);
        check(&Matcher::Method(texts(&["GET", "PUT"])), Some("method is POST, and GET or PUT was wanted"));
        receive("POST", "/?CallbackCommand=Follow.CallbackAfterFollowAdd", "{}", |received| {
            assert!(Matcher::Product(vec![Product::Live]).matches(received) && Matcher::Product(vec![Product::Chat]).matches(received));
        });
    }

    #[test]
    fn a_platform_matches_in_any_spelling() {
        check(&Matcher::Platform(texts(&["iOS"])), None);
        check(&Matcher::Platform(texts(&["iPad", "Mac"])), Some("platform is IOS, and iPad or Mac was wanted"));
    }

    #[test]
    fn the_path_is_the_target_without_its_parameters() {
        check(&Matcher::Path(patterns(&["/im/*"])), None);
        check(&Matcher::Path(patterns(&["/im"])), Some("path is /im/hook, and /im was wanted"));
        for (target, path) in
            [("/a?b=/c", "/a"), ("http://host:1/a/b?c", "/a/b"), ("https://host", "/"), ("*", "*"), ("/a#b", "/a"), ("/a?x=://", "/a")]
        {
            assert_eq!(path_of(target), path, "{target}");
        }
    }

    #[test]
    fn verdicts_match_by_their_words() {
        let read = |texts: &[&str]| Matcher::Verdict(texts.iter().map(|text| Judgement::read(text).expect(text)).collect());
        check(&read(&["ok"]), None);
        check(&read(&["signature:missing", "bad"]), None);
        check(&read(&["bad"]), Some("it was judged ok, and bad was wanted"));
        check(
            &read(&["signature:invalid", "replay:repeated"]),
            Some("it was judged ok, signature:missing, replay:first, and signature:invalid or replay:repeated was wanted"),
        );
        // Asked of a body whose fields nobody has read yet.
        check(&read(&["body:undocumented"]), None);
        check(&read(&["body:documented"]), Some("it was judged ok, body:undocumented, and body:documented was wanted"));
    }

    #[test]
    fn every_state_is_one_that_a_verdict_has() {
        for (verdict, states) in STATES {
            for state in states {
                let text = format!("{verdict}:{state}");
                assert_eq!(Judgement::read(&text).expect(&text).to_string(), text);
            }
        }
        receive("POST", "/", "", |received| {
            let names: Vec<&str> = received.verdicts.all().iter().map(|verdict| verdict.name()).collect();
            assert_eq!(STATES.map(|(name, _)| name).as_slice(), names);
            for verdict in received.verdicts.all() {
                let text = format!("{}:{}", verdict.name(), verdict.state());
                assert!(Judgement::read(&text).is_ok_and(|judgement| judgement.is_of(&Seen::new(received))), "{text}");
            }
        });
        assert!(Judgement::read("signature:wrong").expect_err("bug: none").contains("valid, invalid, missing, malformed or unchecked"));
        assert!(Judgement::read("sign:valid").expect_err("bug: none").contains("signature:invalid"));
        assert!(Judgement::read("good").expect_err("bug: none").contains("not_callback"));
    }

    #[test]
    fn fields_are_asked_about_any_of_their_values() {
        let field = |text: &str| Matcher::Field(Field::read(text).expect(text));
        for met in [
            "From_Account = leckie",
            "Null = null",
            "Null exists",
            "Random = 9007199254740993",
            "Random > 9007199254740992",
            "MsgSeq > 48373",
            "MsgBody[].MsgContent.Text contains 红包",
            "MsgBody[0].MsgContent.Text = hi",
            "MsgBody[] contains Text",
        ] {
            check(&field(met), None);
        }
        check(&field("From_Account = Leckie"), Some("From_Account is \"leckie\", and \"Leckie\" was wanted"));
        check(&field("Random > 9007199254740993"), Some("Random is 9007199254740993, and more than 9007199254740993 was wanted"));
        check(
            &field("MsgBody[].MsgContent.Text contains x"),
            Some("MsgBody[].MsgContent.Text is \"hi\" and 1 more, and something with \"x\" was wanted"),
        );
        check(&field("From_Account > 1"), Some("From_Account is \"leckie\", and more than 1 was wanted"));
        check(&field("GroupId exists"), Some("there is no GroupId, and any value was wanted"));
    }

    #[test]
    fn a_long_value_is_shortened() {
        receive("POST", "/", &format!(r#"{{"A":"{}"}}"#, "红".repeat(100)), |received| {
            let why = Matcher::Field(Field::read("A = x").expect("bug: it is one")).explain(received);
            assert_eq!(why, Some(format!("A is \"{}…\", and \"x\" was wanted", "红".repeat(60))));
        });
    }

    #[test]
    fn conditions_on_fields_are_read_as_they_are_written() {
        for text in ["A exists", "A = b  c ", "A =  b", "A = ", "A[].B contains > 1", "A > -1.5"] {
            assert_eq!(Field::read(text).expect(text).to_string(), text);
        }
        assert_eq!(Field::read("A ="), Field::read("A = "));
        for text in ["", "A", "A exists now", "A is b", "A contains", "A > many", "A[1] exists", "= b"] {
            assert!(Field::read(text).is_err(), "{text}");
        }
    }
}
