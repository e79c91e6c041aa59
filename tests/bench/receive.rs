//! How many requests a second the receiver takes, judged and committed before the response, against a bare axum
//! handler in the same run.
//!
//! `cargo bench --bench receive` runs the two in turn, five times, three seconds each, with `wrk` over 64 connections,
//! and prints the medians and their ratios. It needs `wrk` (`apt-get install wrk`).
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use hookglass::engine::{Engine, Options};
use hookglass::messages::{Effect, Event, Listening};
use hookglass::protocol::SdkApp;
use hookglass::protocol::response;
use hookglass::protocol::sign::{Token, sign};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// As the program has it.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);
/// How long this process must have done next to nothing before the next round, at the longest so often.
const PAUSE: Duration = Duration::from_secs(2);
const PAUSES: usize = 10;
const BODY_BYTES: usize = 725;
const TOKEN: &str = "xxxxyyyy";

/// What `wrk` says of one round.
struct Round {
    per_second: f64,
    /// What this process took of the processors for each request, in microseconds.
    cpu_micros: f64,
    p99_millis: f64,
}

/// Has `wrk` post the callback over 64 connections for one round.
fn load(address: SocketAddr, script: &Path) -> Round {
    let arguments = ["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{}", ROUND.as_secs()), "--latency", "-s"];
    let before = cpu_micros();
    let ran = Command::new("wrk").args(arguments).arg(script).arg(format!("http://{address}")).output();
    let output = ran.expect("this benchmark needs wrk: apt-get install wrk");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let after = |label: &str| report.rsplit_once(label).and_then(|(_, rest)| rest.split_whitespace().next()).unwrap_or_default().to_owned();
    assert!(!report.contains("Non-2xx") && report.contains("99%"), "bug: every request is responded to with 200: {report}");
    let per_second: f64 = after("Requests/sec:").parse().expect("bug: wrk tells how many");
    let cpu_micros = (cpu_micros() - before) / (per_second * ROUND.as_secs_f64());
    Round { per_second, cpu_micros, p99_millis: millis(&after("99%")) }
}

/// What this process has taken of the processors so far, in microseconds; 0 where the system has no such file.
fn cpu_micros() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name, which may hold spaces: the 12th and 13th are in hundredths of a second.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10_000.0
}

/// Waits until what lags behind has caught up: it is not to slow the next round of the other.
fn rest() {
    for _ in 0..PAUSES {
        let before = cpu_micros();
        std::thread::sleep(PAUSE);
        if cpu_micros() - before < 20_000.0 {
            break;
        }
    }
}

/// A time as `wrk` writes it.
fn millis(text: &str) -> f64 {
    let number = |unit: &str| text.strip_suffix(unit).and_then(|number| number.parse::<f64>().ok());
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)];
    units.into_iter().find_map(|(unit, factor)| Some(number(unit)? * factor)).expect("bug: wrk tells a time")
}

/// A script for `wrk` with a callback that is signed now.
fn script(folder: &Path) -> PathBuf {
    let time = hookglass::engine::now_millis() / 1000;
    let sign = sign(&Token::new(TOKEN), &time.to_string());
    let target = format!(
        "/?SdkAppid=888888&CallbackCommand=C2C.CallbackAfterSendMsg&contenttype=json&ClientIP=127.0.0.1&OptPlatform=iOS&Sign={sign}&RequestTime={time}"
    );
    let path = folder.join("callback.lua");
    let lua =
        format!("wrk.method = 'POST'\nwrk.path = '{target}'\nwrk.body = '{}'\nwrk.headers['Content-Type'] = 'application/json'\n", body());
    std::fs::write(&path, lua).expect("bug: a folder to write to");
    path
}

fn body() -> String {
    let text = "x".repeat(BODY_BYTES - 295);
    format!(
        r#"{{"CallbackCommand":"C2C.CallbackAfterSendMsg","From_Account":"jared","To_Account":"Johnson","MsgSeq":48374,"MsgRandom":2837546,"MsgTime":1557481126,"MsgKey":"48374_2837546_1557481126","MsgId":"144115233406643804-1727580296-4026038328","OnlineOnlyFlag":0,"SendMsgResult":0,"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}]}}"#
    )
}

async fn bare() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bug: a free port");
    let address = listener.local_addr().expect("bug: it listens");
    let respond = |_: axum::body::Bytes| async { response::success().body };
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(respond)).await });
    address
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn main() {
    hookglass::memory::give_back_soon();
    let folder = tempfile::tempdir().expect("bug: a folder can be made");
    let (telling, events) = sync_channel(4_096);
    let apps = vec![SdkApp { id: "888888".into(), tokens: vec![Token::new(TOKEN)] }];
    let options = Options { apps, ..Options::new(folder.path()) };
    let engine = Engine::start(options, Arc::new(move |event| drop(telling.try_send(event)))).expect("bug: it starts");
    engine.ask(Effect::Listen("127.0.0.1:0".parse().expect("bug: an address"))).expect("bug: not busy");
    let hookglass = loop {
        if let Event::Listening(Listening::On(address)) = events.recv().expect("bug: it tells") {
            break address;
        }
    };
    std::thread::Builder::new().spawn(move || events.iter().for_each(drop)).expect("bug: a thread");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("bug: threads");
    let bare = runtime.block_on(bare());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let script = script(folder.path());
        theirs.push(load(bare, &script));
        ours.push(load(hookglass, &script));
        rest();
    }
    let ratios = |of: fn(&Round) -> f64| median(ours.iter().zip(&theirs).map(|(ours, theirs)| of(ours) / of(theirs)).collect());
    let medians = |of: fn(&Round) -> f64| (median(theirs.iter().map(of).collect()), median(ours.iter().map(of).collect()));
    let (bare, hookglass) = medians(|round| round.per_second);
    println!("wrk, {CONNECTIONS} connections, callbacks of {BODY_BYTES} bytes, median of {ROUNDS}");
    println!("requests/s   bare axum {bare:.0}   hookglass {hookglass:.0}   ratio {:.2}", ratios(|round| round.per_second));
    let (bare, hookglass) = medians(|round| round.cpu_micros);
    println!("CPU each     bare axum {bare:.1} us   hookglass {hookglass:.1} us   ratio {:.2}", ratios(|round| round.cpu_micros));
    let (bare, hookglass) = medians(|round| round.p99_millis);
    println!("p99          bare axum {bare:.2} ms   hookglass {hookglass:.2} ms   ratio {:.2}", ratios(|round| round.p99_millis));
}
