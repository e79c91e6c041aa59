//! How many requests a second the receiver takes, judged and committed before the response, against a bare axum
//! handler in the same run.
//!
//! `cargo bench --bench receive` runs the two in turn, five times, with 64 connections and 725-byte callbacks for
//! two seconds each, from a client in the same process, and prints the medians and their ratio.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use hookglass::engine::{Engine, Options};
use hookglass::messages::{Effect, Event, Listening};
use hookglass::protocol::SdkApp;
use hookglass::protocol::response;
use hookglass::protocol::sign::{Token, sign};
use hookglass::rules::preset::Preset;
use hookglass::settings::DEFAULT_BODY_LIMIT_BYTES;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const TOKEN: &str = "xxxxyyyy";

fn request() -> Vec<u8> {
    let time = hookglass::engine::now_millis() / 1000;
    let sign = sign(&Token::new(TOKEN), &time.to_string());
    let text = "x".repeat(430);
    let body = format!(
        r#"{{"CallbackCommand":"C2C.CallbackAfterSendMsg","From_Account":"jared","To_Account":"Johnson","MsgSeq":48374,"MsgRandom":2837546,"MsgTime":1557481126,"MsgKey":"48374_2837546_1557481126","MsgId":"144115233406643804-1727580296-4026038328","OnlineOnlyFlag":0,"SendMsgResult":0,"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}]}}"#
    );
    let query = format!(
        "SdkAppid=888888&CallbackCommand=C2C.CallbackAfterSendMsg&contenttype=json&ClientIP=127.0.0.1&OptPlatform=iOS&Sign={sign}&RequestTime={time}"
    );
    format!("POST /?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Requests a second over keep-alive connections, for one round.
async fn load(address: SocketAddr, request: Arc<Vec<u8>>) -> f64 {
    let end = Instant::now() + ROUND;
    let connections: Vec<_> = (0..CONNECTIONS).map(|_| tokio::spawn(ask_until(address, request.clone(), end))).collect();
    let mut done = 0_u32;
    for connection in connections {
        done += connection.await.expect("bug: the client does not panic");
    }
    f64::from(done) / ROUND.as_secs_f64()
}

async fn ask_until(address: SocketAddr, request: Arc<Vec<u8>>, end: Instant) -> u32 {
    let mut stream = TcpStream::connect(address).await.expect("bug: it listens");
    stream.set_nodelay(true).expect("bug: a socket");
    let (mut done, mut buffer) = (0, vec![0; 4096]);
    while Instant::now() < end {
        stream.write_all(&request).await.expect("bug: it reads");
        let mut length = 0;
        // Every response ends with the documented body.
        while !buffer[..length].ends_with(b"\"ErrorCode\":0}") {
            length += stream.read(&mut buffer[length..]).await.expect("bug: it responds");
        }
        done += 1;
    }
    done
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
    let folder = tempfile::tempdir().expect("bug: a folder can be made");
    let (telling, events) = sync_channel(4_096);
    let options = Options {
        folder: folder.path().to_owned(),
        apps: vec![SdkApp { id: "888888".into(), tokens: vec![Token::new(TOKEN)] }],
        preset: Preset::Ok,
            rules: None,
            tls_listen: None,
            by_hand: false,
        body_limit_bytes: DEFAULT_BODY_LIMIT_BYTES,
        keyring: false,
    };
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
        let request = Arc::new(request());
        theirs.push(runtime.block_on(load(bare, request.clone())));
        ours.push(runtime.block_on(load(hookglass, request)));
    }
    let ratios = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
    println!("requests/s, median of {ROUNDS}, {CONNECTIONS} connections, {} bytes each", request().len());
    println!("bare axum {:.0}   hookglass {:.0}   ratio {:.2}", median(theirs), median(ours), median(ratios));
}
