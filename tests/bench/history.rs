//! A history of a million: how fast it is written, what the file takes, and how fast a filter finds in it.
//!
//! Then all of it is counted for the statistics, as `hookglass stats` does: the columns, and the bodies that are looked into.
//!
//! `cargo bench --bench history` writes a million exchanges of some 1.3 kB into a folder of its own, waits until the words
//! are indexed, measures what the parts of the file take, and searches. `cargo bench --bench history -- 100000` takes fewer. For each filter it prints when the first
//! screen (60 found, or all there are) was there, when all was, and how many there were; the median of five searches.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod filling;

use hookglass::column::{Column, Sorting};
use hookglass::engine;
use hookglass::exchange::{DEFAULT_RULE, Responded};
use hookglass::filter::{Filter, Moment};
use hookglass::histories::Parts;
use hookglass::inspect;
use hookglass::protocol::sign::{Token, sign};
use hookglass::protocol::{SdkApp, response};
use hookglass::statistics::Fold;
use hookglass::store::{Arrival, Searcher, Store, Stored};
use hookglass::wire::Request;
use jiff::tz::TimeZone;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

/// As the program has it.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const SEARCHES: usize = 5;
const SCREEN: usize = 60;
/// What a list shows when it jumps to its oldest, and how much of each body it reads.
const OLDEST: std::ops::RangeInclusive<i64> = 1..=60;
const ROW_BODY_BYTES: usize = 16 * 1024;
const TOKEN: &str = "xxxxyyyy";

/// One in a hundred says 红包, one in ten thousand 稀有, a quarter is of groups, one in fifty is signed wrong.
fn arrival(id: i64, apps: &[SdkApp]) -> Arrival {
    let command = if id % 4 == 0 { "Group.CallbackAfterSendMsg" } else { "C2C.CallbackAfterSendMsg" };
    let time = 1_669_872_112 + id / 100;
    let sign = if id % 50 == 0 { "0".repeat(64) } else { sign(&Token::new(TOKEN), &time.to_string()) };
    let said = match id {
        id if id % 10_000 == 7 => "稀有的词",
        id if id % 100 == 3 => "红包来了",
        _ => "hello there, how are you today",
    };
    let text = format!("{said} {} {}", id.wrapping_mul(0x9E37_79B9) % 1_000_003, "some words that fill a message ".repeat(10));
    let body = format!(
        r#"{{"CallbackCommand":"{command}","From_Account":"user{}","To_Account":"user{}","MsgSeq":{id},"MsgRandom":{},"MsgTime":{time},"MsgKey":"{id}_{}_{time}","OnlineOnlyFlag":0,"SendMsgResult":0,"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}]}}"#,
        id % 5003,
        id % 4999,
        id.wrapping_mul(7919) % 4_294_967_296,
        id.wrapping_mul(104_729) % 4_294_967_296
    );
    let head = format!(
        "POST /?SdkAppid=888888&CallbackCommand={command}&contenttype=json&ClientIP=127.0.0.1&OptPlatform=iOS&Sign={sign}&RequestTime={time} HTTP/1.1\r\nHost: 127.0.0.1:9700\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    filling::arrival(Request::complete(time * 1000, head, body), Responded::decided(response::success(), DEFAULT_RULE), apps)
}

/// Writes so many; returns how many bytes were received and sent.
fn write(store: &Store, count: i64) -> u64 {
    let apps = [SdkApp { id: "888888".into(), tokens: vec![Token::new(TOKEN)] }];
    let writer = store.writer();
    let mut bytes = 0;
    let mut last = None;
    for id in 1..=count {
        let arrival = arrival(id, &apps);
        let sent = arrival.response.as_ref().and_then(|responded| responded.response.as_ref()).map_or(0, |response| response.bytes().len());
        bytes += (arrival.request.head.len() + arrival.request.body.len() + sent) as u64;
        last = Some(writer.record(arrival));
        writer.sent(id, Some(400 + id % 1000));
    }
    assert!(last.expect("bug: at least one").blocking_recv().expect("bug: is written").saved);
    bytes
}

fn searched(searcher: &mut Searcher, text: &str) -> (Duration, Duration, usize) {
    let filter = Filter::parse(text, &Moment { now_millis: 0, zone: &TimeZone::UTC }).expect("bug: is a filter");
    let (began, mut first, mut found) = (Instant::now(), None, 0);
    let mut tell = |ids: Vec<i64>, left: u64| {
        found += ids.len();
        if first.is_none() && (found >= SCREEN || left == 0) {
            first = Some(began.elapsed());
        }
        ControlFlow::Continue(())
    };
    assert!(searcher.find(&filter, 0, &mut tell).expect("bug: reads").is_continue());
    (first.expect("bug: is told in the end"), began.elapsed(), found)
}

/// Prints what the parts of the file take, and their ratio to what was received and sent.
fn print_parts(path: &Path, bytes: u64) {
    let began = Instant::now();
    let reader = Store::read_only(path).expect("bug: reads");
    let measured = reader.parts(|_, _| ControlFlow::Continue(())).expect("bug: reads");
    let parts = measured.continue_value().expect("bug: nobody stopped it");
    println!("measured in {:.0} ms", millis(began.elapsed()));
    let Parts { exchanges: _, requests, responses, columns, words, between, free, log, gives_back: _ } = parts;
    let named = [("requests", requests), ("responses", responses), ("columns", columns), ("search index", words), ("structure", between)];
    for (name, part) in named.into_iter().chain([("free", free), ("log", log)]) {
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let ratio = part as f64 / bytes as f64;
        println!("  {name:<14} {:>6} MB, {ratio:.2} of what was received and sent", part / 1_000_000);
    }
}

fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}

/// What this process has in memory, in MB.
fn resident_megabytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default() / 1000
}

fn main() {
    hookglass::memory::give_back_soon();
    let count: i64 = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("bug: a folder can be made");
    let path = folder.path().join("history.db");
    let store = Store::open(&path, || {}).expect("bug: opens");
    let began = Instant::now();
    let bytes = write(&store, count);
    let secs = began.elapsed().as_secs_f64();
    println!("{count} exchanges of {} bytes received and sent; written in {secs:.1} s", bytes / count.unsigned_abs());
    let began = Instant::now();
    while store.reader().expect("bug: reads").indexed_words().expect("bug: reads") < count / 4096 {
        std::thread::sleep(Duration::from_millis(20));
    }
    println!("words indexed {:.1} s later", began.elapsed().as_secs_f64());
    store.close().expect("bug: is written");
    let size = fs::metadata(&path).expect("bug: is there").len();
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    let ratio = size as f64 / bytes as f64;
    println!("file {} MB, {ratio:.2} of what was received and sent", size / 1_000_000);

    print_parts(&path, bytes);

    let began = Instant::now();
    let store = Store::open(&path, || {}).expect("bug: opens");
    println!("opened in {:.1} ms", began.elapsed().as_secs_f64() * 1000.0);
    let reader = store.reader().expect("bug: reads");
    let began = Instant::now();
    let rows = reader.rows(&OLDEST.collect::<Vec<_>>(), ROW_BODY_BYTES).expect("bug: reads").len();
    println!("rows of the oldest screen ({rows}), as a jump there reads them: {:.1} ms", millis(began.elapsed()));
    let before = resident_megabytes();
    let mut searcher = Searcher::new(store.reader().expect("bug: reads")).expect("bug: reads");
    let (first, all, _) = searched(&mut searcher, "verdict:bad");
    println!("the first search, which reads the columns: first {:.1} ms, all {:.0} ms", millis(first), millis(all));
    println!("memory of the columns {} MB", resident_megabytes().saturating_sub(before));
    println!("{:<44} {:>9} {:>9} {:>8}", "filter", "first ms", "all ms", "found");
    for text in [
        "verdict:bad",
        "command:Group.*",
        "took:>1.39ms",
        "status:500",
        "hello",
        "红包",
        "稀有",
        "稀",
        "user4242",
        "nothing of the kind",
        "command:Group.* 红包",
        "body.From_Account=user4242",
        "body.MsgBody[].MsgContent.Text~稀有",
    ] {
        let searches: Vec<_> = (0..SEARCHES).map(|_| searched(&mut searcher, text)).collect();
        let first = median(searches.iter().map(|(first, ..)| *first).collect());
        let all = median(searches.iter().map(|(_, all, _)| *all).collect());
        println!("{text:<44} {:>9.1} {:>9.1} {:>8}", millis(first), millis(all), searches[0].2);
    }
    for (name, filter) in [("took", ""), ("command", ""), ("took", "command:Group.*"), ("peer", ""), ("body.From_Account", "")] {
        let (time, count) = sorted(&mut searcher, name, filter);
        println!("sorted by {name:<20} {filter:<20} {:>9.1} ms {count:>8}", millis(time));
    }
    for filter in ["", "command:Group.*", "红包"] {
        print_counted(&store, filter);
    }
}

/// Counts what a filter means, as the statistics do.
fn print_counted(store: &Store, text: &str) {
    let filter = Filter::parse(text, &Moment { now_millis: 0, zone: &TimeZone::UTC }).expect("bug: is a filter");
    let reader = store.reader().expect("bug: reads");
    let apps = [SdkApp { id: "888888".into(), tokens: vec![Token::new(TOKEN)] }];
    let (mut fold, mut go_on) = (Fold::new(0), |_progress| ControlFlow::Continue(()));
    let before = resident_megabytes();
    let began = Instant::now();
    let passed = engine::pass_by(&reader, (&filter, None), &mut fold, &mut go_on).expect("bug: reads");
    let columns = began.elapsed();
    let inspect = |stored: &Stored| inspect::inspect(&stored.exchange.request, &apps, &stored.kept);
    let looked = engine::look_into(&reader, &mut fold, inspect, &mut go_on).expect("bug: reads");
    assert!(passed.is_continue() && looked.is_continue());
    let all = began.elapsed();
    let report = fold.report();
    println!(
        "counted {:<36} {:>9.0} ms, columns {:.0} ms; {} exchanges, {} bodies, {} MB more in memory",
        format!("{text:?}"),
        millis(all),
        millis(columns),
        report.count,
        report.looked_into,
        resident_megabytes().saturating_sub(before)
    );
}

fn sorted(searcher: &mut Searcher, name: &str, text: &str) -> (Duration, usize) {
    let sorting = Sorting { column: Column::named(name).expect("bug: is a column"), descending: true };
    let filter = Filter::parse(text, &Moment { now_millis: 0, zone: &TimeZone::UTC }).expect("bug: is a filter");
    let began = Instant::now();
    let sorted = searcher.sort(&filter, &sorting, 0, &mut |_| ControlFlow::Continue(())).expect("bug: reads");
    (began.elapsed(), sorted.map_or(0, |sorted| sorted.len()))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
