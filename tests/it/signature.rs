//! Signatures and times, right and wrong: one table, judged by the library and by the built program.

use crate::support::{APP, JOIN, TOKEN, folder, hookglass, run};
use hookglass::inspect;
use hookglass::protocol::sign::{Token, sign};
use hookglass::protocol::verdict::{Overall, Verdict};
use hookglass::protocol::{Kept, SdkApp};
use hookglass::wire::Request;
use hookglass::wording;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::thread;

const TIME: &str = "1669872112";
const TIME_MILLIS: i64 = 1_669_872_112_000;
const SIGN: &str = "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061";
/// Another saved app, and its token.
const OTHER: (&str, &str) = ("777777", "lantern-42");

struct Case {
    what: &'static str,
    token: String,
    query: String,
    at_millis: i64,
    /// The states of signature and timestamp.
    states: &'static str,
    /// What the reason of either says.
    because: &'static str,
}

/// A case of the vendor's example: its token, two seconds after it was signed.
fn case(what: &'static str, query: impl Into<String>, states: &'static str, because: &'static str) -> Case {
    Case { what, token: TOKEN.to_owned(), query: query.into(), at_millis: TIME_MILLIS + 2_500, states, because }
}

impl Case {
    fn token(self, token: impl Into<String>) -> Self {
        Self { token: token.into(), ..self }
    }

    fn after(self, millis: i64) -> Self {
        Self { at_millis: TIME_MILLIS + millis, ..self }
    }

    fn target(&self) -> String {
        format!("/?SdkAppid={APP}&CallbackCommand=Group.CallbackAfterNewMemberJoin&contenttype=json{}", self.query)
    }
}

/// The two parameters as they are documented.
fn pair(sign: &str, time: &str) -> String {
    format!("&Sign={sign}&RequestTime={time}")
}

/// SHA-256 of two texts, as hex.
fn hash(first: &str, second: &str) -> String {
    sign(&Token::new(first), second)
}

fn cases() -> Vec<Case> {
    let mut all = right();
    all.extend(malformed());
    all.extend(times());
    all.extend(mistakes());
    all
}

fn right() -> Vec<Case> {
    let long = "k".repeat(1_000);
    let fine = |what, query: String| case(what, query, "valid fresh", "matches the token of 888888");
    vec![
        fine("as documented", pair(SIGN, TIME)),
        fine("the other way round", format!("&RequestTime={TIME}&Sign={SIGN}")),
        fine("names in lower case", format!("&sign={SIGN}&requesttime={TIME}")),
        fine("names in upper case", format!("&SIGN={SIGN}&REQUESTTIME={TIME}")),
        fine("a name percent-encoded", format!("&%53ign={SIGN}&Request%54ime={TIME}")),
        fine("a value percent-encoded", format!("&Sign=%31{}&RequestTime=%31%36{}", &SIGN[1..], &TIME[2..])),
        fine("repeated with the same value", format!("{}&sign={SIGN}&requesttime={TIME}", pair(SIGN, TIME))),
        fine("the app id in the spelling of new pages", format!("{}&SDKAppID={APP}", pair(SIGN, TIME))),
        fine("the app id in the spelling of Live", format!("{}&SdkAppId={APP}", pair(SIGN, TIME))),
        fine("a token in UTF-8", pair(&hash("s3cret令牌", TIME), TIME)).token("s3cret令牌"),
        fine("a token of 1,000 characters", pair(&hash(&long, TIME), TIME)).token(long),
        fine("a token with a space inside", pair(&hash("a b", TIME), TIME)).token("a b"),
        case("an empty token", pair(SIGN, TIME), "unchecked fresh", "no token is known for 888888").token(""),
    ]
}

fn malformed() -> Vec<Case> {
    let not_hex = |what, sign: String, because| case(what, pair(&sign, TIME), "malformed fresh", because);
    vec![
        case("neither Sign nor RequestTime", "", "missing missing", "the app has a token"),
        case("no RequestTime", format!("&Sign={SIGN}"), "malformed missing", "Sign without RequestTime"),
        case("no Sign", format!("&RequestTime={TIME}"), "malformed fresh", "RequestTime without Sign"),
        not_hex("an empty Sign", String::new(), "not 64 hexadecimal digits but 0 characters"),
        not_hex("63 digits", SIGN[..63].to_owned(), "only the beginning of the right digest"),
        not_hex("65 digits", format!("{SIGN}0"), "not 64 hexadecimal digits but 65 characters"),
        not_hex("a digit that is none", SIGN.replace('7', "g"), "not 64 hexadecimal digits but 64 characters"),
        not_hex("a line break after Sign", format!("{SIGN}%0A"), "white space stands around the right digest"),
        not_hex("a space before Sign", format!("%20{SIGN}"), "white space stands around the right digest"),
        case("two Signs", format!("{}&Sign=0", pair(SIGN, TIME)), "malformed fresh", "came more than once"),
        case("two times", format!("{}&requesttime=1", pair(SIGN, TIME)), "malformed fresh", "came more than once"),
        not_hex("MD5", "5c2aca4f18f19a9212156e23feb5e716".into(), "an MD5 of token and time"),
        not_hex("SHA-1", "8a7e723ecc4b24d7e402db6f5558ab4ff8d2babc".into(), "a SHA-1 of token and time"),
        not_hex("another MD5", "0".repeat(32), "32 digits are as many as an MD5 has"),
        not_hex("another SHA-1", "0".repeat(40), "40 digits are as many as a SHA-1 has"),
        not_hex("base64", "F3c7w5pnHXuaqDVFhwTSptuBNgpZQCkrWH1tdg1IQGE%3D".into(), "the right digest in base64"),
        not_hex("base64 without padding", "F3c7w5pnHXuaqDVFhwTSptuBNgpZQCkrWH1tdg1IQGE".into(), "the right digest in base64"),
    ]
}

fn times() -> Vec<Case> {
    let signed = |time: &str| pair(&hash(TOKEN, &time.replace("%20", " ")), time);
    let at = |what, millis, states, because| case(what, pair(SIGN, TIME), states, because).after(millis);
    let odd = |what, time: &str, states, because| case(what, signed(time), states, because);
    vec![
        at("in the same second", 0, "valid fresh", "signed in the second of its arrival"),
        at("in its last millisecond", 999, "valid fresh", "signed in the second of its arrival"),
        at("a minute old", 60_000, "valid fresh", "signed 60 s before arrival, 60 s allowed"),
        at("a minute and 999 ms old", 60_999, "valid fresh", "signed 60 s before arrival"),
        at("61 s old", 61_000, "valid stale", "signed 61 s before arrival, only 60 s allowed"),
        at("a day old", 86_400_000, "valid stale", "signed 24 h 0 min before arrival"),
        at("a millisecond in the future", -1, "valid fresh", "signed 1 s after arrival"),
        at("a minute in the future", -60_000, "valid fresh", "signed 60 s after arrival"),
        at("a minute and a millisecond in the future", -60_001, "valid future", "signed 61 s after arrival, only 60 s allowed"),
        odd("a time of one digit", "1", "valid stale", "before arrival"),
        odd("zero", "0", "valid stale", "before arrival"),
        odd("11 digits", "16698721120", "valid future", "after arrival"),
        odd("12 digits", "166987211200", "valid malformed", "“166987211200” is no number of seconds"),
        odd("13 digits", "1669872112483", "valid malformed", "13 digits: milliseconds"),
        odd("leading zeros", "01669872112", "valid fresh", "signed 2 s before arrival"),
        odd("a plus", "+1669872112", "valid malformed", "“+1669872112” is no number"),
        odd("a minus", "-1669872112", "valid malformed", "is no number of seconds"),
        odd("a space before it", "%201669872112", "valid malformed", "is no number of seconds"),
        odd("a fraction", "1669872112.5", "valid malformed", "is no number of seconds"),
        odd("hexadecimal", "0x6388", "valid malformed", "is no number of seconds"),
        odd("no digits", "", "valid malformed", "an empty value is no number of seconds"),
    ]
}

fn mistakes() -> Vec<Case> {
    let t = TOKEN;
    let wrong = |what, sign: String, because| case(what, pair(&sign, TIME), "invalid fresh", because);
    let between = |what, separator: &str, because| wrong(what, hash(t, &format!("{separator}{TIME}")), because);
    vec![
        wrong("upper-case hex", SIGN.to_uppercase(), "the right digest in upper-case hex"),
        wrong("one capital letter", SIGN.replacen('b', "B", 1), "the right digest in upper-case hex"),
        wrong("a space after the token", hash(&format!("{t} "), TIME), "signed with a space after the token"),
        wrong("a space before the token", hash(&format!(" {t}"), TIME), "signed with a space before the token"),
        wrong("a line break after the token", hash(&format!("{t}\n"), TIME), "signed with a line break after the token"),
        wrong("CR LF after the token", hash(&format!("{t}\r\n"), TIME), "signed with a line break after the token"),
        wrong("a tab before the token", hash(&format!("\t{t}"), TIME), "signed with a tab before the token"),
        wrong("spaces on both sides", hash(&format!(" {t} "), TIME), "signed with a space on both sides of the token"),
        wrong("echo instead of printf", hash(t, &format!("{TIME}\n")), "a line break after the time"),
        wrong("a line break in the saved token", SIGN.to_owned(), "fits the saved token without the space or line break")
            .token("xxxxyyyy\n "),
        wrong("quotes around the token", hash(&format!("\"{t}\""), TIME), "signed with quotes (\")"),
        wrong("swapped", hash(TIME, t), "time and token are swapped"),
        between("an ampersand between", "&", "a separator, “&”, between token and time"),
        between("a colon between", ":", "a separator, “:”, between token and time"),
        between("a hyphen between", "-", "a separator, “-”, between"),
        between("an underscore between", "_", "a separator, “_”, between"),
        between("a dot between", ".", "a separator, “.”, between"),
        between("a comma between", ",", "a separator, “,”, between"),
        between("a bar between", "|", "a separator, “|”, between"),
        between("a slash between", "/", "a separator, “/”, between"),
        between("a plus between", "+", "a separator, “+”, between"),
        between("an equals sign between", "=", "a separator, “=”, between"),
        wrong("swapped with a colon", hash(TIME, &format!(":{t}")), "“:”, between token and time; the time came first, too"),
        wrong(
            "HMAC",
            "cf781b400da849aa896596faa74a65524e67e9300f9689504058d6dfb48c9184".into(),
            "an HMAC-SHA-256 of the time with the token as key",
        ),
        wrong(
            "HMAC, swapped",
            "0cd7c14ded24c40ffb0deece5c238a27de4039c2af28de2684344422cd919057".into(),
            "an HMAC-SHA-256 of the token with the time as key",
        ),
        wrong("milliseconds signed", hash(t, "1669872112483"), "1669872112483 was signed: RequestTime in milliseconds"),
        wrong("milliseconds signed, rounded up", hash(t, "1669872111600"), "1669872111600 was signed: RequestTime in milliseconds"),
        case(
            "milliseconds sent",
            pair(SIGN, "1669872112483"),
            "invalid malformed",
            "1669872112 was signed, but RequestTime was sent in milliseconds",
        ),
        wrong("another app's token", hash(OTHER.1, TIME), "fits the token of 777777, another saved app"),
        wrong("the digest of the misprint", SIGN.to_owned(), "the documentation’s misprinted token").token("xxxyyy"),
        wrong("the misprint itself", hash("xxxyyy", TIME), "the documentation’s misprinted token"),
        wrong("the body too", hash(t, &format!("{TIME}{JOIN}")), "the body was hashed too"),
        wrong("the body first", hash(JOIN, &format!("{t}{TIME}")), "the body was hashed too"),
        wrong("the URL too", hash(t, &format!("{TIME}{}", case("", "", "", "").target())), "the URL was hashed too"),
        wrong("another token", hash("zzzz", TIME), "none of 16 known mistakes fits: the token differs"),
        wrong("another token, where ours is no part of the misprint", hash("zzzz", TIME), "none of 15 known mistakes fits").token("tok"),
        wrong("one digit changed", SIGN.replacen('1', "2", 1), "none of 16 known mistakes fits"),
    ]
}

fn apps(case: &Case) -> Vec<SdkApp> {
    let app = |id: &str, token: &str| {
        let tokens = if token.is_empty() { Vec::new() } else { vec![Token::new(token)] };
        SdkApp { id: id.to_owned(), tokens }
    };
    vec![app(APP, &case.token), app(OTHER.0, OTHER.1)]
}

#[test]
fn each_case_is_judged_as_it_should_be() {
    for case in cases() {
        let request = Request::complete(case.at_millis, format!("POST {} HTTP/1.1\r\nHost: x.example\r\n\r\n", case.target()), JOIN);
        let apps = apps(&case);
        let inspection = inspect::inspect(&request, &apps, &Kept::default());
        let findings = inspection.findings(&request, &apps);
        let (signature, timestamp) =
            (Verdict::Signature(&inspection.verdicts.signature), Verdict::Timestamp(&inspection.verdicts.timestamp));
        let reasons = [signature, timestamp].map(|verdict| wording::reason(verdict, &inspection.verdicts, &findings, &TimeZone::UTC));
        assert_eq!(format!("{} {}", signature.state(), timestamp.state()), case.states, "{}: {reasons:?}", case.what);
        assert!(reasons.iter().any(|reason| reason.contains(case.because)), "{}: {reasons:?}", case.what);
        assert_eq!(inspection.overall == Overall::Ok, case.states == "valid fresh", "{}", case.what);
    }
}

#[test]
fn verify_says_the_same_and_never_a_token() {
    let data = folder();
    // A few at a time: each is a program of its own.
    let cases = cases();
    thread::scope(|scope| {
        for (part, cases) in cases.chunks(cases.len().div_ceil(4)).enumerate() {
            let data = data.path();
            scope.spawn(move || cases.iter().for_each(|case| check_verify(data, part, case)));
        }
    });
}

fn check_verify(data: &Path, part: usize, case: &Case) {
    let file = |name: &str, content: &str| {
        let path = data.join(format!("{name}{part}"));
        fs::write(&path, content).expect("bug: writable");
        path.to_string_lossy().into_owned()
    };
    // The file's last line break is not part of the token.
    let (token, other, body) = (file("token", &format!("{}\n", case.token)), file("other", OTHER.1), file("body", JOIN));
    let url = format!("https://x.example{}", case.target());
    let (app, other) = (format!("{APP}@{token}"), format!("{}@{other}", OTHER.0));
    let at = case.at_millis.to_string();
    let arguments = ["verify", &url, "--body", &body, "--at", &at, "--app", &app, "--app", &other, "--format", "json"];
    let ended = run(&mut hookglass(&data.join("none"), &arguments));
    let said = ended.out.concat();
    let line: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{}: {error}: {ended:?}", case.what));
    let text = |pointer: &str| line.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let states = format!("{} {}", text("/verdicts/signature/state"), text("/verdicts/timestamp/state"));
    assert_eq!(states, case.states, "{}: {ended:?}", case.what);
    let reasons = [text("/verdicts/signature/detail"), text("/verdicts/timestamp/detail")];
    assert!(reasons.iter().any(|reason| reason.contains(case.because)), "{}: {reasons:?}", case.what);
    let is_ok = case.states == "valid fresh";
    assert_eq!((text("/overall") == "ok", ended.code), (is_ok, Some(i32::from(!is_ok))), "{}: {ended:?}", case.what);
    let is_shown = case.token.len() > 3 && (said.contains(case.token.trim()) || ended.err.contains(case.token.trim()));
    assert!(!is_shown, "{}: {ended:?}", case.what);
    assert!(!data.join("none").exists(), "a verdict creates no folder");
}
