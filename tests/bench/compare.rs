//! What comparing two bodies of 5 MB costs, whatever is in them, and laying the comparison out for the window.
//!
//! `cargo bench --bench compare` prints the shortest of three runs in milliseconds, reading both bodies included.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use hookglass::compare::{Comparison, Ignored, Layout, Manner, Shows, Side};
use hookglass::protocol::catalogue;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long each body is, in bytes.
const LENGTH: usize = 5_000_000;

/// Numbers that look drawn by lot, the same in every run.
struct Lot(u64);

impl Lot {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// `[` items until it is long enough `]`
fn array(mut item: impl FnMut(usize) -> String) -> String {
    let mut body = "[".to_owned();
    let mut at = 0;
    while body.len() < LENGTH {
        let comma = if at == 0 { "" } else { "," };
        write!(body, "{comma}{}", item(at)).expect("a String takes it");
        at += 1;
    }
    body + "]"
}

fn member(at: usize) -> String {
    format!(r#"{{"Member_Account":"user_{at}","JoinTime":{},"Name":"汤米 {at}"}}"#, 1_700_000_000 + at)
}

/// An array in another order.
fn shuffled(items: &[String], seed: u64) -> String {
    let (mut items, mut lot) = (items.to_vec(), Lot(seed));
    for at in (1..items.len()).rev() {
        items.swap(at, usize::try_from(lot.next(at as u64 + 1)).expect("small"));
    }
    format!("[{}]", items.join(","))
}

fn deep(innermost: &str) -> String {
    let half = LENGTH / 2;
    format!("{}{innermost}{}", "[".repeat(half), "]".repeat(half))
}

fn wide(value: usize) -> String {
    let body = array(|at| format!("\"key_{at}\":{}", at * value));
    format!("{{{}}}", &body[1..body.len() - 1])
}

fn in_strings(value: u64) -> String {
    array(|at| format!(r#""{{\"client\":\"7.4\",\"n\":{at},\"v\":{value}}}""#))
}

/// Members of a group in their order.
fn members() -> Vec<String> {
    (0..LENGTH / 70).map(member).collect()
}

/// Numbers of seven digits in their order.
fn numbers() -> Vec<String> {
    (0..LENGTH / 8).map(|at| (at + 1_000_000).to_string()).collect()
}

fn listed(items: &[String]) -> String {
    format!("[{}]", items.join(","))
}

fn object(members: &[String]) -> String {
    format!("{{{}}}", members.join(","))
}

/// Two bodies, each from items that are drawn by lot for it.
fn by_lot(body: impl Fn(&mut Lot) -> String) -> Pair {
    (body(&mut Lot(1)), body(&mut Lot(2)))
}

/// So many items by lot, each followed by what stands between them.
fn lines(lot: &mut Lot, below: u64, between: &str) -> String {
    let mut body = String::new();
    while body.len() < LENGTH {
        write!(body, "{}{between}", lot.next(below)).expect("a String takes it");
    }
    body
}

/// A body in which about one byte of so many is another.
fn scattered(body: &str, of: u64) -> String {
    let mut lot = Lot(3);
    body.chars().map(|c| if c == 'z' && lot.next(of) == 0 { 'y' } else { c }).collect()
}

/// Objects of 24 keys that name the same in the opposite order, between objects that stay: how alike is each to each.
fn much_alike(name: &str) -> String {
    array(|at| {
        if at % 61 == 0 {
            return format!("{{\"stays\":{at}}}");
        }
        object(&(0..24).map(|key| format!("\"{name}{key}\":{at}")).collect::<Vec<_>>())
    })
}

/// JSON in a string in a string.
fn in_two_strings(value: u64) -> String {
    let inside = array(|at| format!("{{\"n\":{at},\"v\":{value}}}")).split_off(1);
    let (inside, _) = inside.split_at(LENGTH * 2 / 3);
    let (inside, _) = inside.rsplit_once(',').expect("bug: there are several");
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    format!("{{\"a\":{}}}", quoted(&format!("{{\"b\":{}}}", quoted(&format!("[{inside}]")))))
}

/// Two bodies.
type Pair = (String, String);

/// What they are called, and how they are made.
type Shape = (&'static str, fn() -> Pair);

const SHAPES: [Shape; 40] = [
    ("equal", || (array(member), array(member))),
    ("one put in between", || {
        let mut with = members();
        with.insert(LENGTH / 140, member(9_999_999));
        (listed(&members()), listed(&with))
    }),
    ("a value of each changed", || (array(member), array(|at| member(at).replace("JoinTime\":1", "JoinTime\":2")))),
    ("shuffled objects", || (shuffled(&members(), 1), shuffled(&members(), 2))),
    ("shuffled numbers", || (shuffled(&numbers(), 1), shuffled(&numbers(), 2))),
    ("numbers reversed", || (listed(&numbers()), listed(&numbers().into_iter().rev().collect::<Vec<_>>()))),
    ("numbers rotated", || {
        let mut rotated = numbers();
        rotated.rotate_left(LENGTH / 24);
        (listed(&numbers()), listed(&rotated))
    }),
    ("few numbers by lot", || by_lot(|lot| array(|_| lot.next(2).to_string()))),
    ("a hundred numbers by lot", || by_lot(|lot| array(|_| lot.next(100).to_string()))),
    ("some of few numbers changed", || {
        let (mut one, mut other) = (Lot(1), Lot(1));
        let mut change = Lot(2);
        (array(|_| one.next(2).to_string()), array(|_| (other.next(2) + u64::from(change.next(10) == 0)).to_string()))
    }),
    ("one of few numbers put in", || {
        let (mut one, mut other) = (Lot(1), Lot(1));
        (array(|_| one.next(2).to_string()), array(|at| if at == 1_000 { "7".to_owned() } else { other.next(2).to_string() }))
    }),
    ("all different", || (array(|at| format!("\"a{at}\"")), array(|at| format!("\"b{at}\"")))),
    ("different objects", || (array(member), array(|at| member(at + 5_000_000).replace("Name", "Nick")))),
    ("objects that are much alike", || (much_alike("k"), much_alike("l"))),
    ("deep", || (deep("1"), deep("2"))),
    ("deep objects", || {
        let (open, close) = ("{\"a\":".repeat(LENGTH / 6), "}".repeat(LENGTH / 6));
        (format!("{open}1{close}"), format!("{open}2{close}"))
    }),
    ("lists of one", || (array(|_| "[1]".to_owned()), array(|_| "[2]".to_owned()))),
    ("objects of one", || (array(|_| "{\"\":1}".to_owned()), array(|_| "{\"\":2}".to_owned()))),
    ("empty lists", || (array(|_| "[]".to_owned()), array(|_| "{}".to_owned()))),
    ("pairs by lot", || by_lot(|lot| array(|_| format!("[{},{}]", lot.next(2), lot.next(2))))),
    ("one huge string", || {
        let text = "z".repeat(LENGTH / 2);
        (format!("{{\"a\":\"{text}x{text}\"}}"), format!("{{\"a\":\"{text}y{text}\"}}"))
    }),
    ("edits all over one string", || {
        let body = format!("{{\"a\":\"{}\"}}", "z".repeat(LENGTH));
        (body.clone(), scattered(&body, 50))
    }),
    ("strings of escapes", || (array(|at| format!("\"\\u7ea2{at}\"")), array(|at| format!("\"\\u7EA2{at}\"")))),
    ("2.5 million values each", || (array(|_| "1".to_owned()), array(|at| if at % 2 == 0 { "1".to_owned() } else { "2".to_owned() }))),
    ("2.5 million and none", || (array(|_| "1".to_owned()), "[]".to_owned())),
    ("many keys", || (wide(1), wide(2))),
    ("keys in another order", || {
        let keys: Vec<String> = (0..LENGTH / 20).map(|at| format!("\"key_{at}\":{at}")).collect();
        let with = |seed| format!("{{{}}}", &shuffled(&keys, seed)[1..].trim_end_matches(']'));
        (with(1), with(2))
    }),
    ("500,000 keys reversed", || {
        let keys: Vec<String> = (0..500_000).map(|at| format!("\"{at:x}\":1")).collect();
        (object(&keys), object(&keys.iter().rev().cloned().collect::<Vec<_>>()))
    }),
    ("one key again and again", || {
        let with = |value| object(&vec![format!("\"\":{value}"); LENGTH / 5]);
        (with(1), with(2))
    }),
    ("no key of the other", || {
        let with = |name| object(&(0..500_000).map(|at| format!("\"{name}{at:x}\":1")).collect::<Vec<_>>());
        (with("a"), with("b"))
    }),
    ("JSON in strings", || (in_strings(1), in_strings(2))),
    ("JSON in a string in a string", || (in_two_strings(1), in_two_strings(2))),
    ("text", || (array(member).replace(',', ",\n").replace('[', "x"), array(member).replace(',', ",\n").replace('[', "y"))),
    ("lines by lot", || by_lot(|lot| lines(lot, 100, "\n"))),
    ("lines of few by lot", || by_lot(|lot| lines(lot, 2, "\n"))),
    ("empty lines", || ("\n".repeat(LENGTH), "\n".repeat(LENGTH - 1) + "x")),
    ("empty lines, one in two", || ("\n".repeat(LENGTH), "\nx".repeat(LENGTH / 2))),
    ("a line of words", || by_lot(|lot| lines(lot, 1_000, " "))),
    ("bytes", || ("\0".repeat(LENGTH), format!("{}\u{1}", "\0".repeat(LENGTH - 1)))),
    ("every other byte", || ("\0".repeat(LENGTH), "\0\u{1}".repeat(LENGTH / 2))),
];

fn measure(name: &str, pair: fn() -> Pair) {
    let (left, right) = pair();
    let (mut compared, mut laid_out) = (Duration::MAX, Duration::MAX);
    let mut told = String::new();
    for _ in 0..3 {
        let sides = [&left, &right].map(|body| {
            let command = catalogue::get().commands.first().expect("bug: there is a command");
            Side::sample(command, 0).expect("bug: it has a sample").with_body(body.clone().into_bytes())
        });
        let [one, other] = sides;
        let start = Instant::now();
        let comparison = Comparison::of(one, other, &Ignored::default());
        compared = compared.min(start.elapsed());
        let start = Instant::now();
        for shows in [Shows::Differences, Shows::All] {
            black_box(Layout::of(&comparison, Manner::Beside, shows));
        }
        laid_out = laid_out.min(start.elapsed() / 2);
        told = format!("{:9} differences", comparison.counts.differences());
    }
    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    let megabytes = |body: &str| format!("{}.{}", body.len() / 1_000_000, body.len() % 1_000_000 / 100_000);
    println!(
        "{name:28} {} and {} MB   {told}   compared {:7.1} ms   laid out {:5.1} ms",
        megabytes(&left),
        megabytes(&right),
        millis(compared),
        millis(laid_out)
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let wanted = |name: &str| arguments.iter().all(|argument| name.contains(argument.as_str()));
    for (name, pair) in SHAPES.into_iter().filter(|(name, _)| wanted(name)) {
        measure(name, pair);
    }
}
