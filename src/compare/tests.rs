use super::*;
use crate::exchange::{DEFAULT_RULE, Exchange, Responded};
use crate::inspect;
use crate::protocol::{Kept, catalogue, response};
use crate::wire::Request;
use jiff::tz::TimeZone;

fn bodies(left: impl Into<Vec<u8>>, right: impl Into<Vec<u8>>, ignored: &Ignored) -> Comparison {
    let command = catalogue::get().commands.first().expect("bug: there is a command");
    let side = |body: Vec<u8>| {
        let side = Side::sample(command, 0).expect("bug: it has a sample");
        Side { response_body: None, ..side.with_body(body) }
    };
    Comparison::of(side(left.into()), side(right.into()), ignored)
}

/// Every difference as it is told, in order.
fn told(comparison: &Comparison) -> Vec<String> {
    let report = report(comparison, &Ignored::nothing(), &TimeZone::UTC);
    report.lines().skip_while(|line| *line != "Body").skip(1).map(str::to_owned).collect()
}

fn check(left: &str, right: &str, expected: &[&str]) {
    assert_eq!(told(&bodies(left, right, &Ignored::nothing())), expected, "{left} {right}");
}

/// All rows as they are shown: sign, left and right.
fn rows(comparison: &Comparison, manner: Manner, shows: Shows) -> Vec<String> {
    let layout = Layout::of(comparison, manner, shows);
    let side = |line: Option<Line>| line.map_or(String::new(), |line| format!("{}{}", " ".repeat(line.depth as usize), line.text()));
    let row = |row| match layout.row(comparison, row).expect("bug: a row stands there") {
        RowOf::Title { title, counts, .. } => format!("{title:?} {}", counts.differences()),
        RowOf::Fold { lines, .. } => format!("… {lines}"),
        RowOf::Lines { change, left, right, .. } => format!("{}{} | {}", report::sign(change), side(left), side(right)),
    };
    (0..layout.len()).map(row).collect()
}

#[test]
fn values_are_compared_by_their_paths() {
    check(r#"{"a":1,"b":{"c":[1,2]}}"#, r#"{"a":1,"b":{"c":[1,3]}}"#, &["~ b.c[1]: 2 → 3"]);
    check(r#"{"a":1}"#, r#"{"b":2}"#, &["- a: 1", "+ b: 2"]);
    check(r#"{"a":{"x":1}}"#, r#"{"a":[1]}"#, &[r#"~ a: {"x":1} → [1]"#]);
    check("1", "2", &["~ 1 → 2"]);
    check("", "{}", &["+ {}"]);
    check("[]", "", &["- []"]);
    check("[]", "[1]", &["+ [0]: 1"]);
}

#[test]
fn numbers_are_compared_by_their_digits_and_strings_by_what_they_say() {
    check("[144115216631667826]", "[144115216631667827]", &["~ [0]: 144115216631667826 → 144115216631667827"]);
    check("[1.50]", "[1.5]", &["~ [0]: 1.50 → 1.5"]);
    check("[1]", r#"["1"]"#, &[r#"~ [0]: 1 → "1""#]);
    let same = bodies(r#"{"a":"\u7ea2","b":1}"#, r#"{ "b": 1, "a": "红" }"#, &Ignored::nothing());
    assert_eq!(same.counts, Counts { rewritten: 2, ..Counts::default() }, "the escape, and the order of the keys");
    let spaced = bodies(r#"{"a":[ ],"b":{}}"#, "{ \"a\" : [],\n \"b\": { } }", &Ignored::nothing());
    assert_eq!(spaced.counts, Counts::default());
}

#[test]
fn keys_that_come_twice_are_compared_in_their_order() {
    check(r#"{"a":1,"a":2}"#, r#"{"a":1,"a":3}"#, &["~ a: 2 → 3"]);
    check(r#"{"a":1,"a":2}"#, r#"{"a":1}"#, &["- a: 2"]);
    check(r#"{"\u0061":1}"#, r#"{"a":2}"#, &["~ a: 1 → 2"]);
}

#[test]
fn an_item_put_in_between_is_one_difference() {
    check(r#"[{"a":1},{"a":2},{"a":3}]"#, r#"[{"a":1},{"b":9},{"a":2},{"a":3}]"#, &[r#"+ [1]: {"b":9}"#]);
    check(
        r#"[{"n":"a","v":1},{"n":"b","v":2}]"#,
        r#"[{"n":"x","v":0},{"n":"a","v":1},{"n":"b","v":3}]"#,
        &[r#"+ [0]: {"n":"x","v":0}"#, "~ [2].v: 2 → 3"],
    );
    check(r#"[{"Member_Account":"a"}]"#, r#"[{"Member_Account":"b"}]"#, &[r#"~ [0].Member_Account: "a" → "b""#]);
}

#[test]
fn json_inside_a_string_is_compared_as_structure() {
    check(
        r#"{"CloudCustomData":"{\"client\":{\"v\":\"7\"},\"t\":[1,2]}"}"#,
        r#"{"CloudCustomData":"{\"client\":{\"v\":\"8\"},\"t\":[0,1,2]}"}"#,
        &[r#"~ CloudCustomData→client.v: "7" → "8""#, "+ CloudCustomData→t[0]: 0"],
    );
    check(r#"{"a":"{\"b\":\"[1]\"}"}"#, r#"{"a":"{\"b\":\"[2]\"}"}"#, &["~ a→b→[0]: 1 → 2"]);
    check(r#"{"Text":"[1]"}"#, r#"{"Text":"[2]"}"#, &[r#"~ Text: "[1]" → "[2]""#]);
    check(r#"{"a":"{\"b\":1}"}"#, r#"{"a":"{b}"}"#, &[r#"~ a: "{\"b\":1}" → "{b}""#]);
    check(r#"["[1]",5]"#, r#"["[2]",6]"#, &["~ [0]→[0]: 1 → 2", "~ [1]: 5 → 6"]);
}

#[test]
fn what_is_ignored_is_told_apart_wherever_it_stands() {
    let left = r#"{"EventTime":1,"List":[{"MsgKey":"a","x":1},{"MsgKey":"b","x":2}]}"#;
    let right = r#"{"EventTime":2,"List":[{"MsgKey":"c","x":0},{"MsgKey":"d","x":1},{"MsgKey":"e","x":2}],"MsgSeq":1}"#;
    let compared = bodies(left, right, &Ignored::default());
    assert_eq!(compared.counts, Counts { added: 1, ignored: 4, ..Counts::default() });
    assert_eq!(told(&compared), [r#"+ List[0]: {"MsgKey":"c","x":0}"#]);
    assert_eq!(bodies(left, right, &Ignored::nothing()).counts.ignored, 0);
    let inside = bodies(r#"{"a":"{\"MsgTime\":1}"}"#, r#"{"a":"{\"MsgTime\":2}"}"#, &Ignored::default());
    assert_eq!(inside.counts, Counts { ignored: 1, ..Counts::default() });
}

#[test]
fn rows_stand_beside_each_other_or_inline() {
    let compared = bodies(r#"{"a":1,"b":[{"c":2}],"d":{"e":4}}"#, r#"{"a":1,"b":[{"c":3},{"x":5}],"f":6}"#, &Ignored::nothing());
    assert_eq!(
        rows(&compared, Manner::Beside, Shows::All),
        [
            "Body 4",
            " { | {",
            r#"  "a": 1 |  "a": 1"#,
            r#"  "b": [ |  "b": ["#,
            "   { |   {",
            r#"~   "c": 2 |    "c": 3"#,
            "   } |   }",
            "+ |   {",
            r#"+ |    "x": 5"#,
            "+ |   }",
            "  ] |  ]",
            r#"- "d": { | "#,
            r#"-  "e": 4 | "#,
            "- } | ",
            r#"+ |  "f": 6"#,
            " } | }",
        ]
    );
    assert_eq!(
        rows(&compared, Manner::Inline, Shows::Differences),
        [
            "Body 4",
            " { | {",
            r#"  "b": [ |  "b": ["#,
            "   { |   {",
            r#"~   "c": 2 | "#,
            r#"~ |    "c": 3"#,
            "   } |   }",
            "+ |   {",
            r#"+ |    "x": 5"#,
            "+ |   }",
            "  ] |  ]",
            r#"- "d": { | "#,
            r#"-  "e": 4 | "#,
            "- } | ",
            r#"+ |  "f": 6"#,
            " } | }",
        ]
    );
}

#[test]
fn what_holds_no_difference_takes_no_room_among_the_differences() {
    let left = r#"{"List":[{"EventTime":1,"a":1},{"EventTime":2}],"b":"{\"MsgTime\":1}","c":1}"#;
    let right = r#"{"List":[{"EventTime":3,"a":1},{"EventTime":4}],"b":"{\"MsgTime\":2}","c":2}"#;
    let compared = bodies(left, right, &Ignored::default());
    assert_eq!(rows(&compared, Manner::Beside, Shows::Differences), ["Body 1", " { | {", r#"~ "c": 1 |  "c": 2"#, " } | }"]);
    let all = rows(&compared, Manner::Beside, Shows::All);
    assert!(all.contains(&r#"·   "EventTime": 1 |    "EventTime": 3"#.to_owned()), "{all:#?}");
    assert!(all.contains(&r#"  "b": → |  "b": →"#.to_owned()), "{all:#?}");
}

#[test]
fn long_stretches_that_are_the_same_are_folded_until_they_are_unfolded() {
    let list = |last: u32| format!("[{},{last}]", (0..50).map(|at| at.to_string()).collect::<Vec<_>>().join(","));
    let compared = bodies(list(50), list(99), &Ignored::nothing());
    let mut layout = Layout::of(&compared, Manner::Beside, Shows::All);
    let shown = rows(&compared, Manner::Beside, Shows::All);
    assert_eq!(shown[2..10], ["  0 |  0", "  1 |  1", "  2 |  2", "… 44", "  47 |  47", "  48 |  48", "  49 |  49", "~ 50 |  99"]);
    assert_eq!(
        (layout.rows_of(0), layout.difference_at(9), layout.difference_at(8), layout.rows_of(1)),
        (Some(9..10), Some(0), None, None)
    );
    let Some(RowOf::Fold { unit, lines: 44 }) = layout.row(&compared, 5) else { panic!("bug: a fold stands there") };
    layout.unfold(&compared, unit);
    assert_eq!(layout.len(), 1 + 1 + 50 + 1 + 1);
    assert!(matches!(layout.row(&compared, 5), Some(RowOf::Lines { change: Change::Same, .. })));
}

#[test]
fn a_difference_may_take_many_rows_and_a_row_knows_its_difference() {
    let compared = bodies(r#"{"a":[1,2,3],"b":1}"#, r#"{"a":7,"b":2}"#, &Ignored::nothing());
    let layout = Layout::of(&compared, Manner::Inline, Shows::Differences);
    assert_eq!((layout.differences(), layout.rows_of(0), layout.rows_of(1)), (2, Some(2..8), Some(8..10)));
    assert_eq!([2, 7, 8].map(|row| layout.difference_at(row)), [Some(0), Some(0), Some(1)]);
    let beside = Layout::of(&compared, Manner::Beside, Shows::Differences);
    assert_eq!(beside.rows_of(0), Some(2..7));
}

#[test]
fn what_is_no_json_is_compared_by_lines_and_what_is_no_text_by_bytes() {
    check("{a\nb\nc", "{a\nx\nb\nc", &["+ x"]);
    check("a\r\nb", "a\nb\n", &[]);
    check("{\"a\":1}", "nothing", &["- {\"a\":1}", "+ nothing"]);
    check("红包\n来", "红花\n来", &["- 红包", "+ 红花"]);
    let bytes = |left: &[u8], right: &[u8]| told(&bodies(left, right, &Ignored::nothing()));
    assert_eq!(
        bytes(b"\0\x01\x02", b"\0\x07\x02"),
        ["- 00000000  00 01 02                  ...", "+ 00000000  00 07 02                  ..."]
    );
    assert_eq!(bytes(b"\0abc", b"\0abxyc"), ["+ 00000003  78 79                     xy"]);
    assert_eq!(bytes(b"\0abc", b"\0abc"), <[String; 0]>::default());
}

fn side(target: &str, body: &str, status: u16) -> Side {
    let request = Request::complete(0, format!("POST {target} HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n\r\n"), body);
    let inspection = inspect::inspect(&request, &[], &Kept::default());
    let sent = crate::wire::Response { status, ..response::success() };
    let exchange = Exchange { id: 1, request, response: Some(Responded::decided(sent, DEFAULT_RULE)) };
    let reading = inspection.reading(exchange.response.as_ref().expect("bug: it has one").reached(), None);
    Side::of(&exchange, &inspection, Some(&reading))
}

#[test]
fn two_exchanges_are_compared_in_all_their_parts() {
    let join = "/?CallbackCommand=Group.CallbackAfterNewMemberJoin&SdkAppid=1";
    let left = side(&format!("{join}&RequestTime=1&OptPlatform=iOS"), r#"{"GroupId":"a"}"#, 200);
    let right = side(&format!("{join}&RequestTime=2&Extra=x"), r#"{"GroupId":"a","X":1}"#, 500);
    let told = report(&Comparison::of(left, right, &Ignored::default()), &Ignored::default(), &TimeZone::UTC);
    for line in [
        "- #1 Group.CallbackAfterNewMemberJoin, received 1970-01-01 00:00:00.000 +00:00",
        "+ X: 1",
        "- OptPlatform: iOS",
        "+ Extra: x",
        "~ Body: documented → undocumented",
        "~ Status: 200 → 500",
        "~ Read as: accepted → failed",
    ] {
        assert!(told.lines().any(|one| one == line), "{line}: {told}");
    }
    assert!(!told.contains("RequestTime:") && !told.contains("X-A") && told.contains("1 ignored"), "{told}");
}

#[test]
fn a_request_is_compared_with_what_is_documented_of_its_command() {
    let command = catalogue::get().named("Group.CallbackAfterNewMemberJoin").next().expect("bug: it is documented");
    let sample = || Side::sample(command, 0).expect("bug: it has a sample");
    let exchange = side("/?CallbackCommand=Group.CallbackAfterNewMemberJoin", &command.sample(), 200);
    let compared = Comparison::of(sample(), exchange, &Ignored::default());
    assert_eq!(compared.sections.iter().map(|section| section.title).collect::<Vec<_>>(), [Title::Body, Title::ResponseBody]);
    assert_eq!(compared.sections[0].counts, Counts::default());
    assert!(Side::sample(command, 1 + command.variants().count()).is_none());
}

#[test]
fn header_names_count_in_either_case() {
    let facts = |name: &str| vec![(name.to_owned(), "x".to_owned())];
    let unit = |left, right, title| fact::compare(&facts(left), &facts(right), title, &Ignored::nothing())[0].unit().change;
    assert_eq!(unit("Host", "HOST", Title::Headers), Change::Rewritten);
    assert_eq!(unit("Host", "HOST", Title::Parameters), Change::Removed);
    assert_eq!(unit("Host", "Host", Title::Headers), Change::Same);
}

#[test]
fn hostile_nesting_is_no_way_into_the_stack_or_the_clock() {
    let nested = |innermost: &str| format!("{}{innermost}{}", "[".repeat(20_000), "]".repeat(20_000));
    let compared = bodies(nested("1"), nested("2"), &Ignored::nothing());
    assert_eq!(compared.counts.differences(), 1);
    let mut text = "1".to_owned();
    for _ in 0..12 {
        text = format!("[\"{}\"]", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    assert_eq!(bodies(text.clone(), text.replace('1', "2"), &Ignored::nothing()).counts.differences(), 1);
}
