//! The language as a whole.

use super::expression::{Expression, Term};
use super::field::{Field, Test};
use super::texts::STILL_ESCAPED;
use super::*;
use jiff::tz::offset;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};

/// 2026-11-20T10:42:17+08:00
const NOW: i64 = 1_795_142_537_000;

const HEAD: &str =
    "POST /hook/a?SdkAppid=1400000001&CallbackCommand=Group.CallbackAfterSendMsg&x=%E7%BA%A2 HTTP/1.1\r\nHost: Example\r\n\r\n";
const BODY: &str = r#"{"CallbackCommand":"Group.CallbackAfterSendMsg","From_Account":"leckie","Random":9007199254740993,"Price":1.50,
"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"\u7ea2\u5305 \"now\" a\/b"}},{"MsgType":"TIMFaceElem","MsgContent":{"Index":7}}],
"CloudCustomData":"{\"client\":{\"name\":\"\\u5c0f红\",\"level\":3}}","Null":null}"#;

fn entry() -> Entry<'static> {
    Entry {
        id: 17,
        received_at_millis: NOW - 60_000,
        method: Some("POST"),
        path: Some("/hook/a"),
        command: Some("Group.CallbackAfterSendMsg"),
        product: Some("chat"),
        app: Some("1400000001"),
        platform: Some("IOS"),
        overall: Overall::Bad,
        signature: Some("invalid"),
        size_bytes: 12_000,
        status: Some(200),
        code: Some(0),
        read_as: Some("accepted"),
        rule: Some("says no"),
        fault: None,
        took_micros: Some(150_000),
        skew_secs: Some(-45),
        pinned: true,
        mark: Some("red"),
        has_note: true,
    }
}

fn content() -> Content<'static> {
    Content { head: HEAD.as_bytes(), body: BODY.as_bytes(), note: Some("ask 李 about this") }
}

fn parse(text: &str) -> Result<Filter, Complaint> {
    Filter::parse(text, &Moment { now_millis: NOW, zone: &TimeZone::fixed(offset(8)) })
}

fn filter(text: &str) -> Filter {
    parse(text).unwrap_or_else(|complaint| panic!("{text}: {complaint:?}"))
}

/// How a text is read: operators before what they bind.
fn tree(expression: &Expression) -> String {
    let list = |word: &str, parts: &[Expression]| {
        let words = std::iter::once(word.to_owned()).chain(parts.iter().map(tree));
        format!("({})", words.collect::<Vec<_>>().join(" "))
    };
    match expression {
        Expression::All(parts) => list("and", parts),
        Expression::Any(parts) => list("or", parts),
        Expression::Not(part) => format!("!{}", tree(part)),
        Expression::Term(Term::Word(word)) => String::from_utf8_lossy(word).into_owned(),
        Expression::Term(Term::Text(text, globs)) => {
            format!("{text:?}:{}", globs.iter().map(super::glob::Glob::text).collect::<Vec<_>>().join("|"))
        }
        Expression::Term(Term::Field(Field { test: Test::Exists, .. })) => "field".to_owned(),
        Expression::Term(term) => format!("{term:?}"),
    }
}

#[test]
fn a_text_is_read_as_a_tree() {
    let check = |text: &str, expected: &str| assert_eq!(tree(&filter(text).expression), expected, "{text}");
    check("", "(and)");
    check("  \n", "(and)");
    check("红包", "红包");
    check("Two \"Words here\"", "(and two words here)");
    check("a b or c and not d", "(or (and a b) (and c !d))");
    check("a (b or c)", "(and a (or b c))");
    check("((a))", "a");
    check("-a --b -(c d)", "(and !a !!b !(and c d))");
    check("NOT a OR b", "(or !a b)");
    check("\"or\" \"and\" \"pinned\"", "(and or and pinned)");
    check("http://x/a a=b 10:42 {\"a b\":1}", "(and http://x/a a=b 10:42 {\"a b\":1})");
    check("\"From_Account\":\"leckie\"", "\"from_account\":\"leckie\"");
    check("Command:C2C.*,Group.*", "Command:c2c.*|group.*");
    check("rule:\"says no\",default,", "Rule:says no|default");
    check("verdict:not-callback,BAD", "Overall([NotCallback, Bad])");
    check("pinned has:note,mark -has:fault", "(and Pinned (or Note Mark) !Fault)");
    check("body.A has:body.A[].B", "(and field field)");
    check("platform:iOS,mac", "Platform([\"iOS\", \"mac\"])");
    check("last:10m,1h", "Last(3600000)");
    check("before:2026-11-20T10:42:17 after:10:42:17", &format!("(and Before({NOW}) After({NOW}))"));
    assert!(filter(" ").is_everything() && Filter::default().is_everything() && !filter("a").is_everything());
    assert_eq!(filter("a  b").text(), "a  b");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let check = |text: &str, at: &str, what: &str| {
        let complaint = parse(text).expect_err(text);
        assert_eq!((&text[complaint.at.clone()], complaint.what.as_str()), (at, what), "{text}");
    };
    check("a comand:x", "comand", "unknown name `comand`; did you mean `command`?");
    check("From:x", "From", "unknown name `From`; put it in quotes to look for that text, or write body.From=… for a field of the body");
    check("body:x", "body", "a field of the body is written body.From_Account=leckie; a word alone is looked for in the body too");
    check("a (b", "(", "no closing parenthesis for this one");
    check("a (", "(", "no closing parenthesis for this one");
    check("a b)", ")", "no opening parenthesis for this one");
    check("()", "(", "something must stand between the parentheses");
    check(")", ")", "no opening parenthesis for this one");
    check("a or", "or", "something must follow `or`; in quotes it is a word");
    check("a and or b", "and", "something must follow `and`; in quotes it is a word");
    check("(a not)", "not", "something must follow `not`; in quotes it is a word");
    check("OR a", "OR", "something must stand before `OR`; in quotes it is a word");
    check("红 \"a b", "\"", "no closing quote for this one");
    check("rule:x\"a b", "\"", "no closing quote for this one");
    check("a command:", "command:", "something must follow `command:`, as in command:Group.*");
    check("verdict:ok,badd", "badd", "`badd` should be one of bad, ok, unchecked, not_callback; did you mean `bad`?");
    check("signature:good", "good", "`good` should be one of valid, invalid, missing, malformed, unchecked");
    check("size:>many", ">many", "`>many` should be a size such as 10k, or a comparison such as >1.5M");
    check("took:>100", ">100", "`>100` should be a duration such as 5ms, or a comparison such as >100ms");
    check("status:5xx", "5xx", "`5xx` should be a status such as 200, or a comparison such as >=500");
    check("last:-1m", "-1m", "`-1m` should be a time such as 30s, 10m, 2h or 1d");
    check("before:noon", "noon", "`noon` should be a time such as 10:42, 2026-11-20 or 2026-11-20T10:42");
    check("has:x", "x", "`x` should be note, mark, fault, or a field such as body.MsgBody");
    check("body.Random>many", "many", "`many` should be a number such as 100");
    check("body.A=", "=", "something must follow `=`; an empty text is written \"\"");
    let place = "a field such as body.From_Account or body.MsgBody[].MsgContent.Text, where [] is any item and [0] the first";
    check("body.", "body.", place);
    check("body.A[x]=1", "A[x]", place);
    check(&"(".repeat(100_000), "(", "too many parentheses and negations within each other");
    check(&format!("{}x", "-".repeat(100_000)), "-", "too many parentheses and negations within each other");
}

#[test]
fn every_key_asks_its_own_question() {
    let check = |text: &str, expected: bool| {
        let filter = filter(text);
        assert_eq!(filter.of_entry(&entry(), NOW), Answer::from(expected), "{text}");
        assert!(!filter.needs_content(), "{text}");
        assert_eq!(filter.matches(&entry(), &content(), NOW), expected, "{text}");
    };
    for met in [
        "command:group.*",
        "command:Group.CallbackAfterSendMsg",
        "verdict:bad",
        "signature:invalid",
        "app:1400000001",
        "app:14*",
        "product:chat,live",
        "platform:iOS",
        "platform:*",
        "method:post",
        "path:/hook*",
        "status:200",
        "status:500,200",
        "status<300",
        "code:0",
        "read_as:accepted",
        "read-as:Accepted",
        "rule:says*",
        "size:>10k",
        "took:>100ms",
        "skew:>30s",
        "skew:<-30s",
        "after:10:41",
        "before:10:42",
        "after:2026-11-20",
        "last:1m",
        "id:17",
        "id:>10",
        "mark:red",
        "has:note",
        "has:mark",
        "has:fault,note",
        "pinned",
        "",
        "-verdict:ok",
    ] {
        check(met, true);
    }
    for unmet in [
        "command:Group",
        "verdict:ok,unchecked",
        "fault:*",
        "has:fault",
        "skew:>-30s",
        "after:10:42",
        "last:59s",
        "before:2026-11-20",
        "path:/hook",
        "code:>0",
        "not pinned",
    ] {
        check(unmet, false);
    }
}

#[test]
fn an_entry_says_no_more_than_it_knows() {
    let check = |text: &str, expected: Answer| {
        assert_eq!(filter(text).of_entry(&entry(), NOW), expected, "{text}");
        assert!(filter(text).needs_content(), "{text}");
    };
    check("aftersend", Answer::Yes);
    check("-aftersend", Answer::No);
    check("x", Answer::Unknown);
    check("-x", Answer::Unknown);
    check("x verdict:ok", Answer::No);
    check("x verdict:bad", Answer::Unknown);
    check("x or verdict:bad", Answer::Yes);
    check("x or verdict:ok", Answer::Unknown);
    check("-(x verdict:ok)", Answer::Yes);
    check("body.A=1", Answer::Unknown);
}

#[test]
fn words_and_fields_are_looked_for_in_the_content() {
    let check = |text: &str, expected: bool| assert_eq!(filter(text).matches(&entry(), &content(), NOW), expected, "{text}");
    for met in [
        "红包",
        "红",
        "x=红",
        "host",
        "\\u7ea2",
        "a/b",
        "\"\\\"now\\\"\"",
        "李",
        "\"HOST: example\"",
        "{\"client\":{",
        "9007199254740993",
        "body.From_Account=LECKIE",
        "body.From_Account:leckie",
        "body.From_Account=x,leckie",
        "body.From_Account!=x",
        "body.Random=9007199254740993",
        "body.Random>9007199254740992",
        "body.Random>=9007199254740993",
        "body.Price=1.5",
        "body.Price<2",
        "body.MsgBody[].MsgContent.Text~红包",
        "body.MsgBody.MsgContent.Text~NOW",
        "body.MsgBody[1].MsgContent.Index=7",
        "body.MsgBody[].MsgType!=TIMTextElem",
        "body.MsgBody[]~TIMFaceElem",
        "body.CloudCustomData→client.name=小红",
        "body.CloudCustomData.client.level>=3",
        "body.CloudCustomData~level",
        "body.Null",
        "body.Null=null",
        "has:body.MsgBody[1]",
    ] {
        check(met, true);
    }
    for unmet in [
        "红包包",
        "body.From_Account=leck",
        "body.from_account",
        "body.From_Account!=leckie",
        "body.From_Account>1",
        "body.Random=9007199254740992",
        "body.Random>9007199254740993",
        "body.MsgBody[0].MsgContent.Index",
        "body.MsgBody[2]",
        "body.CloudCustomData.client.name=李",
        "-body.Null",
        "body.Nothing!=x",
        "小红",
    ] {
        check(unmet, false);
    }
}

/// Needles in a line. Those of which any will do besides escapes that may hide a value end in `?`.
fn shown(needles: &Needles) -> String {
    let is_escape = |needle: &Needles| *needle == Needles::One(STILL_ESCAPED.to_vec());
    let all = |parts: &[Needles]| parts.iter().filter(|part| !is_escape(part)).map(shown).collect::<Vec<_>>().join(" ");
    match needles {
        Needles::Any => "*".to_owned(),
        Needles::One(text) => String::from_utf8_lossy(text).into_owned(),
        Needles::All(parts) => format!("all({})", all(parts)),
        Needles::Either(parts) if parts.iter().any(is_escape) => format!("{}?", all(parts)),
        Needles::Either(parts) => format!("either({})", all(parts)),
    }
}

#[test]
fn needles_are_what_must_be_there() {
    let check = |text: &str, expected: &str| {
        assert_eq!(shown(&filter(text).needles()), expected, "{text}");
    };
    check("", "*");
    check("红 ABC", "all(红 abc)");
    check("a or b", "either(a b)");
    check("a or verdict:bad", "*");
    check("a verdict:bad -b", "a");
    check("-a", "*");
    check("\"\"", "*");
    check("body.A=Red", "red?");
    check("body.A=red,blue", "either(red? blue?)");
    check("body.A=007", "7?");
    check("body.A=0", "*");
    check("body.A=1.5", "*");
    check("body.A~红包 b", "all(红包? b)");
    check("body.A!=x", "*");
    check("body.A>1", "*");
    check("body.A", "*");
}

#[test]
fn what_is_wanted_is_marked_where_it_stands() {
    let check = |text: &str, shown: &str, expected: &[&str]| {
        let found: Vec<&str> = filter(text).marks(shown).into_iter().map(|range| &shown[range]).collect();
        assert_eq!(found, expected, "{text}");
        assert_eq!(filter(text).has_marks() || !expected.is_empty(), filter(text).has_marks());
    };
    check("红包 leck", "红包 Leckie 红包", &["红包", "Leck", "红包"]);
    check("abc cd", "abcd abc", &["abcd", "abc"]);
    check("-a verdict:bad", "a bad", &[]);
    check("body.A~red or body.B=blue", "Red blue", &["Red", "blue"]);
    check("body.A!=red", "red", &[]);
    check("\"\"", "red", &[]);
    assert!(filter("a").has_marks() && !filter("-a \"\" pinned").has_marks());
}

/// Whether a search index would have looked at an exchange.
fn has(needles: &Needles, content: &Content<'_>) -> bool {
    let mut all = Vec::new();
    texts(content.head, content.body, |text| all.push(text.to_vec()));
    is_there(needles, &all)
}

fn is_there(needles: &Needles, all: &[Vec<u8>]) -> bool {
    match needles {
        Needles::Any => true,
        Needles::One(one) => all.iter().any(|text| find(text, one).is_some()),
        Needles::All(parts) => parts.iter().all(|part| is_there(part, all)),
        Needles::Either(parts) => parts.iter().any(|part| is_there(part, all)),
    }
}

/// Texts that are nearly filters.
fn typed() -> impl Strategy<Value = String> {
    const PARTS: [&str; 32] = [
        "a",
        "红",
        "\"",
        "(",
        ")",
        "-",
        " ",
        " or ",
        " and ",
        "not ",
        "command:",
        "body.",
        "A",
        "[]",
        "[0]",
        "→",
        "=",
        "~",
        ">",
        "!=",
        "1",
        ",",
        "*",
        "\\",
        "has:",
        "size:",
        "last:",
        "10m",
        ":",
        "before:",
        "2026-11-20",
        "é",
    ];
    let part = prop_oneof![proptest::sample::select(&PARTS[..]).prop_map(str::to_owned), any::<char>().prop_map(String::from)];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// JSON whose strings are escaped in one way or another, with JSON inside strings.
fn value() -> impl Strategy<Value = String> {
    let character =
        prop_oneof![Just("a"), Just("B"), Just("红"), Just("\\u7ea2"), Just("\\u0041"), Just("\\\\"), Just("\\\""), Just("\\/"), Just("1")];
    let text = proptest::collection::vec(character, 0..4).prop_map(|parts| format!("\"{}\"", parts.concat()));
    let leaf = prop_oneof![text, Just("1".to_owned()), Just("-01".to_owned()), Just("11".to_owned()), Just("null".to_owned())];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..3).prop_map(|items| format!("[{}]", items.join(","))),
            (Just("A"), inner.clone()).prop_map(|(key, value)| format!("{{\"{key}\":{value}}}")),
            inner.prop_map(|value| {
                let text = format!("{{\"A\":{value}}}");
                format!("\"{}\"", text.replace('\\', "\\u005C").replace('"', "\\\""))
            }),
            Just("\"{\\\"A\\\":\\\"\\\\u7ea2a\\\"}\"".to_owned()),
        ]
    })
}

fn wanted() -> impl Strategy<Value = String> {
    let path = proptest::sample::select(&["A", "A.A", "A[].A", "A.A.A", "[]", "A[]"][..]);
    let value = proptest::sample::select(&["a", "红", "\"红a\"", "1", "01", "11", "aB", "A"][..]);
    let sign = prop_oneof![Just("="), Just("~")];
    let field = (path, sign, value.clone()).prop_map(|(path, sign, value)| format!("body.{path}{sign}{value}"));
    let term = prop_oneof![value.prop_map(str::to_owned), field];
    (term.clone(), prop_oneof![Just(" "), Just(" or "), Just(" -")], term)
        .prop_map(|(one, operator, other)| format!("{one}{operator}{other}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_complained_of_at_a_place_in_it(text in typed(), cursor in 0_usize..20) {
        match parse(&text) {
            Ok(filter) => {
                filter.matches(&entry(), &content(), NOW);
                filter.marks(BODY);
            }
            Err(Complaint { at, .. }) => assert!(text.get(at.clone()).is_some(), "{at:?} of {text:?}"),
        }
        let pieces = pieces(&text);
        assert_eq!(pieces.iter().map(|(range, _)| &text[range.clone()]).collect::<String>(), text);
        let offered = complete(&text, cursor, &Seen { fields: vec![("A".to_owned(), 1)], ..Seen::default() });
        assert!(text.get(offered.range.clone()).is_some(), "{:?} of {text:?}", offered.range);
    }

    #[test]
    fn whatever_matches_has_its_needles(text in wanted(), body in value()) {
        let content = Content { head: b"POST / HTTP/1.1\r\n\r\n", body: body.as_bytes(), note: None };
        let entry = Entry { command: None, ..entry() };
        let filter = filter(&text);
        if filter.matches(&entry, &content, NOW) {
            assert!(has(&filter.needles(), &content), "{text} in {body}");
        }
    }

    #[test]
    fn bytes_are_found_where_a_plain_search_finds_them(text in "[aAbB红\"e ]{0,150}", needle in "[ab红e ]{1,3}") {
        assert_eq!(find(text.as_bytes(), needle.as_bytes()), text.to_ascii_lowercase().find(&needle));
    }
}
