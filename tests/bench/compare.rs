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

fn pair(name: &str) -> (String, String) {
    let members: Vec<String> = (0..LENGTH / 70).map(member).collect();
    let numbers: Vec<String> = (0..LENGTH / 8).map(|at| (at + 1_000_000).to_string()).collect();
    let (mut one, mut other) = (Lot(1), Lot(2));
    let text = "z".repeat(LENGTH / 2);
    match name {
        "equal" => (array(member), array(member)),
        "one put in between" => {
            let middle = LENGTH / 140;
            let (mut with, all) = (members.clone(), format!("[{}]", members.join(",")));
            with.insert(middle, member(9_999_999));
            (all, format!("[{}]", with.join(",")))
        }
        "a value of each changed" => (array(member), array(|at| member(at).replace("JoinTime\":1", "JoinTime\":2"))),
        "shuffled objects" => (shuffled(&members, 1), shuffled(&members, 2)),
        "shuffled numbers" => (shuffled(&numbers, 1), shuffled(&numbers, 2)),
        "few numbers by lot" => (array(|_| one.next(2).to_string()), array(|_| other.next(2).to_string())),
        "a hundred numbers by lot" => (array(|_| one.next(100).to_string()), array(|_| other.next(100).to_string())),
        "all different" => (array(|at| format!("\"a{at}\"")), array(|at| format!("\"b{at}\""))),
        "different objects" => (array(member), array(|at| member(at + 5_000_000).replace("Name", "Nick"))),
        "deep" => (deep("1"), deep("2")),
        "one huge string" => (format!("{{\"a\":\"{text}x{text}\"}}"), format!("{{\"a\":\"{text}y{text}\"}}")),
        "2.5 million values each" => (array(|_| "1".to_owned()), array(|at| if at % 2 == 0 { "1".to_owned() } else { "2".to_owned() })),
        "many keys" => (wide(1), wide(2)),
        "keys in another order" => {
            let keys: Vec<String> = (0..LENGTH / 20).map(|at| format!("\"key_{at}\":{at}")).collect();
            let object = |seed| format!("{{{}}}", &shuffled(&keys, seed)[1..].trim_end_matches(']'));
            (object(1), object(2))
        }
        "JSON in strings" => (in_strings(1), in_strings(2)),
        "text" => (array(member).replace(',', ",\n").replace('[', "x"), array(member).replace(',', ",\n").replace('[', "y")),
        "lines by lot" => {
            let lines = |lot: &mut Lot| (0..LENGTH / 4).map(|_| lot.next(100).to_string()).collect::<Vec<_>>().join("\n");
            (lines(&mut one), lines(&mut other))
        }
        _ => ("\0".repeat(LENGTH), format!("{}\u{1}", "\0".repeat(LENGTH - 1))),
    }
}

const NAMES: [&str; 18] = [
    "equal",
    "one put in between",
    "a value of each changed",
    "shuffled objects",
    "shuffled numbers",
    "few numbers by lot",
    "a hundred numbers by lot",
    "all different",
    "different objects",
    "deep",
    "one huge string",
    "2.5 million values each",
    "many keys",
    "keys in another order",
    "JSON in strings",
    "text",
    "lines by lot",
    "bytes",
];

fn measure(name: &str) {
    let (left, right) = pair(name);
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
        "{name:26} {} and {} MB   {told}   compared {:7.1} ms   laid out {:5.1} ms",
        megabytes(&left),
        megabytes(&right),
        millis(compared),
        millis(laid_out)
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let wanted = |name: &str| arguments.iter().all(|argument| name.contains(argument.as_str()));
    NAMES.into_iter().filter(|name| wanted(name)).for_each(measure);
}
