//! Every preset, seen by a raw caller: the bytes, how the connection ends, and what is recorded of it.

use crate::support::{
    Caller, JOIN, OK, PATIENCE, Program, Receiving, call, folder, history, hookglass, now_secs, post, run, sample, target_of, text,
};
use hookglass::exchange::{Outcome, Responded};
use hookglass::inspect::inspect;
use hookglass::messages::{Effect, Event, Lasting, Listening, Release};
use hookglass::protocol::response;
use hookglass::rules::Fallback;
use hookglass::rules::preset::{OwnBody, Preset};
use hookglass::settings::Hold;
use hookglass::store::Stored;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// A thread, as the house wants it.
fn spawn<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> thread::JoinHandle<T> {
    thread::Builder::new().name("caller".to_owned()).spawn(job).expect("bug: there are threads")
}

/// How a connection was after a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Ended in good order: FIN.
    Fin,
    /// Reset: RST.
    Reset,
    /// Still open.
    Open,
}

/// After which silence a connection counts as open.
const SILENCE: Duration = Duration::from_millis(300);

/// Posts and reads until the connection ends, or nothing comes any more.
fn see(address: SocketAddr, request: &[u8]) -> (String, End) {
    let mut stream = TcpStream::connect(address).expect("bug: it listens");
    stream.set_read_timeout(Some(SILENCE)).expect("bug: a timeout can be set");
    stream.write_all(request).expect("bug: it reads");
    let mut came = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        match stream.read(&mut buffer) {
            Ok(0) => break End::Fin,
            Ok(length) => came.extend_from_slice(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break End::Reset,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break End::Open,
            Err(error) => panic!("{error}"),
        }
    };
    (text(&came), end)
}

fn responding(preset: Preset) -> Receiving {
    Receiving::with(|options| options.preset = preset)
}

fn responded(stored: &Stored) -> &Responded {
    stored.exchange.response.as_ref().expect("bug: it is settled")
}

/// How its sender reads what was responded.
fn read_as(stored: &Stored) -> &'static str {
    let responded = responded(stored);
    let inspection = inspect(&stored.exchange.request, &[], &stored.kept);
    inspection.reading(responded.reached(), responded.whole_after_micros()).read_as.word()
}

/// Posts the vendor's example, and checks what came, how the connection was then, and what is recorded: the fault's word,
/// the status, and what became of it.
#[track_caller]
fn check(preset: Preset, came: impl Fn(&str) -> bool, end: End, status: Option<u16>, outcome: fn(Outcome) -> bool) {
    let word = preset.to_string();
    let receiving = responding(preset);

    let (bytes, ended) = see(receiving.address, &sample(now_secs()));

    assert!(came(&bytes), "{word}: {bytes:?}");
    assert_eq!(ended, end, "{word}: {bytes:?}");
    let kept = receiving.only();
    let responded = responded(&kept);
    assert_eq!((responded.fault.as_deref(), responded.rule.as_str()), (Some(word.as_str()), "default"));
    assert_eq!(responded.response.as_ref().map(|response| response.status), status, "{word}");
    assert!(responded.outcome.is_some_and(outcome), "{word}: {:?}", responded.outcome);
}

fn left(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::CallerLeft { after_millis: 250.. })
}

fn is(wanted: Outcome) -> impl Fn(Outcome) -> bool {
    move |outcome| outcome == wanted
}

/// The length that a head announces, and the body behind it.
fn framed(bytes: &str) -> (usize, &str) {
    let (head, body) = bytes.split_once("\r\n\r\n").expect("bug: there is a head");
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).expect("bug: it announces a length");
    (length.parse().expect("bug: a number"), body)
}

#[test]
fn timeout_reads_and_never_responds() {
    check(Preset::Timeout, str::is_empty, End::Open, None, left);
}

#[test]
fn stall_sends_a_head_and_nothing_more() {
    let head_alone = |bytes: &str| bytes.starts_with("HTTP/1.1 200 OK\r\n") && framed(bytes) == (OK.len(), "");
    check(Preset::Stall, head_alone, End::Open, Some(200), left);
}

#[test]
fn truncated_ends_in_the_middle_of_the_body() {
    let half = |bytes: &str| framed(bytes) == (OK.len(), &OK[..OK.len() / 2]);
    check(Preset::Truncated, half, End::Fin, Some(200), |outcome| is(Outcome::Closed)(outcome));
}

#[test]
fn long_waits_for_a_body_that_never_comes() {
    let more = |bytes: &str| matches!(framed(bytes), (length, OK) if length > OK.len());
    check(Preset::Long, more, End::Open, Some(200), left);
}

#[test]
fn garbage_is_no_http_behind_a_good_status_line() {
    let no_http =
        |bytes: &str| bytes.strip_prefix("HTTP/1.1 200 OK\r\n").is_some_and(|rest| rest.starts_with("these bytes are no HTTP\r\n\0"));
    check(Preset::Garbage, no_http, End::Fin, Some(200), |outcome| is(Outcome::Closed)(outcome));
}

#[test]
fn drop_ends_without_a_byte() {
    check(Preset::Drop, str::is_empty, End::Fin, None, |outcome| is(Outcome::Closed)(outcome));
}

#[test]
fn reset_resets() {
    check(Preset::Reset, str::is_empty, End::Reset, None, |outcome| is(Outcome::Reset)(outcome));
}

#[test]
fn drip_sends_all_of_it_byte_by_byte() {
    let began = Instant::now();
    let whole = |bytes: &str| framed(bytes) == (OK.len(), OK);
    check(Preset::Drip(2), whole, End::Fin, Some(200), |outcome| is(Outcome::Sent)(outcome));
    assert!(began.elapsed() > Duration::from_millis(2 * 130), "there are more than 130 bytes");
}

#[test]
fn what_drips_past_the_limit_is_late() {
    // 140 bytes and more, a byte every 16 ms: more than two seconds.
    let receiving = responding(Preset::Drip(16));
    let mut stream = TcpStream::connect(receiving.address).expect("bug: it listens");
    stream.write_all(&post(&target_of("C2C.CallbackBeforeSendMsg", now_secs()), "{}")).expect("bug: it reads");
    stream.read_to_end(&mut Vec::new()).expect("bug: it ends");
    let kept = receiving.only();
    assert_eq!((responded(&kept).outcome, read_as(&kept)), (Some(Outcome::Sent), "failed"));
}

#[test]
fn delay_responds_later_and_keeps_the_connection() {
    let began = Instant::now();
    let whole = |bytes: &str| framed(bytes) == (OK.len(), OK);
    check(Preset::Delay(200), whole, End::Open, Some(200), |outcome| is(Outcome::Sent)(outcome));
    assert!(began.elapsed() > Duration::from_millis(200));
}

#[test]
fn what_is_no_json_is_whole_http() {
    check(
        Preset::NotJson,
        |bytes| framed(bytes).1.starts_with("<!DOCTYPE html>"),
        End::Open,
        Some(200),
        |outcome| is(Outcome::Sent)(outcome),
    );
    check(Preset::Empty, |bytes| framed(bytes) == (0, ""), End::Open, Some(200), |outcome| is(Outcome::Sent)(outcome));
    check(
        Preset::Http(500),
        |bytes| bytes.starts_with("HTTP/1.1 500 Internal Server Error\r\n") && framed(bytes).1 == OK,
        End::Open,
        Some(500),
        |outcome| is(Outcome::Sent)(outcome),
    );
}

#[test]
fn a_body_of_ones_own_goes_out_byte_for_byte() {
    let own = b"\xff\0not even text".to_vec();
    let receiving = responding(Preset::Body(OwnBody { bytes: own.clone().into(), file: None }));
    assert_eq!(call(receiving.address, sample(now_secs())).body, own);
    assert_eq!(responded(&receiving.only()).fault, None);
}

#[test]
fn every_failure_is_read_as_one() {
    let message = || post(&target_of("C2C.CallbackBeforeSendMsg", now_secs()), r#"{"CallbackCommand":"C2C.CallbackBeforeSendMsg"}"#);
    for (preset, expected) in [
        (Preset::Ok, "accepted"),
        (Preset::Fail(1), "refused"),
        (Preset::Http(503), "failed"),
        (Preset::Timeout, "failed"),
        (Preset::Stall, "failed"),
        (Preset::Truncated, "failed"),
        (Preset::Garbage, "failed"),
        (Preset::Drop, "failed"),
        (Preset::Reset, "failed"),
        (Preset::NotJson, "failed"),
        (Preset::Empty, "failed"),
        (Preset::Drip(1), "accepted"),
    ] {
        let receiving = responding(preset.clone());
        see(receiving.address, &message());
        assert_eq!(read_as(&receiving.only()), expected, "{preset}");
    }
}

#[test]
fn a_port_that_refuses_opens_again_on_the_same_port() {
    let receiving = responding(Preset::Ok);
    call(receiving.address, sample(now_secs()));

    receiving.ask(Effect::Respond(Preset::Refuse, Lasting::SwitchedOff));
    let refusing = receiving.hear(|event| if let Event::Listening(Listening::Refusing(address)) = event { Some(address) } else { None });
    // The socket may take a moment to close, and resets who is about to be accepted then.
    receiving_until(|| refuses(receiving.address).then_some(()));
    receiving.ask(Effect::Respond(Preset::Ok, Lasting::SwitchedOff));
    let open = receiving.hear(|event| if let Event::Listening(Listening::On(address)) = event { Some(address) } else { None });

    assert_eq!((refusing, open), (receiving.address, receiving.address));
    assert_eq!(text(&call(receiving.address, sample(now_secs())).body), OK);
}

/// Whether nobody listens there.
fn refuses(address: SocketAddr) -> bool {
    TcpStream::connect(address).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

fn receiving_until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "it does not happen");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_port_that_refuses_cuts_off_nobody() {
    let receiving = responding(Preset::Delay(400));
    let mut caller = Caller::call(receiving.address);
    caller.send(sample(now_secs()));
    receiving.counts(|counts| counts.received == 1);
    receiving.ask(Effect::Respond(Preset::Refuse, Lasting::SwitchedOff));
    assert_eq!(text(&caller.response().body), OK, "it was received before");
    assert_eq!(responded(&receiving.only()).outcome, Some(Outcome::Sent));
    assert!(refuses(receiving.address));
}

#[test]
fn a_body_that_is_on_its_way_is_responded_to_by_what_holds_at_its_end() {
    let receiving = responding(Preset::Ok);
    let request = sample(now_secs());
    let mut slow = Caller::call(receiving.address);
    slow.send(&request[..request.len() - 5]);
    thread::sleep(Duration::from_millis(50));
    receiving.ask(Effect::Respond(Preset::Http(503), Lasting::Requests(2)));
    receiving.hear(|event| if let Event::Settings(known) = event { known.bar.preset.is_simulation().then_some(()) } else { None });
    let status = || call(receiving.address, sample(now_secs())).status;
    assert_eq!(status(), 503);
    slow.send(&request[request.len() - 5..]);
    assert_eq!((slow.response().status, status()), (503, 200));
}

#[test]
fn refusing_from_the_start_names_its_port_and_refuses() {
    let folder = folder();
    let (program, address) = Program::serve(folder.path(), &["--respond", "refuse"]);
    receiving_until(|| refuses(address).then_some(()));
    assert_eq!(program.end("TERM").code, Some(0));
}

#[test]
fn after_so_many_requests_it_is_ok_again() {
    let receiving = responding(Preset::Ok);
    receiving.ask(Effect::Respond(Preset::Http(500), Lasting::Requests(2)));
    receiving.hear(|event| if let Event::Settings(known) = event { known.bar.preset.is_simulation().then_some(()) } else { None });

    let status = |_| call(receiving.address, sample(now_secs())).status;
    assert_eq!([0, 1, 2, 3].map(status), [500, 500, 200, 200]);
    receiving.hear(|event| if let Event::Settings(known) = event { (!known.bar.preset.is_simulation()).then_some(()) } else { None });
}

#[test]
fn exactly_so_many_of_many_at_once_get_it() {
    let receiving = responding(Preset::Ok);
    receiving.ask(Effect::Respond(Preset::Http(500), Lasting::Requests(7)));
    receiving.hear(|event| if let Event::Settings(known) = event { known.bar.preset.is_simulation().then_some(()) } else { None });
    let address = receiving.address;
    let callers: Vec<_> = (0..40).map(|_| spawn(move || call(address, sample(now_secs())).status)).collect();
    let failed = callers.into_iter().map(|caller| caller.join().expect("bug: it responds")).filter(|status| *status == 500).count();
    assert_eq!(failed, 7);
}

// Limits

/// A caller that waits for 2 s, as Chat does.
fn with_limit(address: SocketAddr) -> bool {
    let mut stream = TcpStream::connect(address).expect("bug: it listens");
    stream.set_read_timeout(Some(Duration::from_secs(2))).expect("bug: a timeout can be set");
    stream.write_all(&sample(now_secs())).expect("bug: it reads");
    stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0)
}

#[test]
fn within_the_limit_passes_and_beyond_it_does_not_200_at_once_and_ok_traffic_keeps_its_latency() {
    let [in_time, late] = [Preset::Delay(1_500), Preset::Delay(2_500)].map(responding);
    let ok = responding(Preset::Ok);
    let callers = |receiving: &Receiving| {
        let address = receiving.address;
        (0..200).map(|_| spawn(move || with_limit(address))).collect::<Vec<_>>()
    };
    let passed =
        |callers: Vec<thread::JoinHandle<bool>>| callers.into_iter().filter_map(|caller| caller.join().ok()).filter(|it| *it).count();

    let waiting = [callers(&in_time), callers(&late)];
    // Beside them: each of these must not feel that 400 wait.
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            let began = Instant::now();
            call(ok.address, sample(now_secs()));
            began.elapsed()
        })
        .collect();
    times.sort();

    assert_eq!(waiting.map(passed), [200, 0]);
    assert!(times[100] < Duration::from_millis(200), "median {:?}, slowest {:?}", times[100], times[199]);
    let outcomes = |receiving: &Receiving| {
        let kept = receiving.settled(200);
        kept.iter().filter(|stored| responded(stored).outcome == Some(Outcome::Sent)).count()
    };
    assert_eq!([&in_time, &late].map(outcomes), [200, 0]);
}

#[test]
fn who_leaves_while_it_waits_is_told_with_the_time() {
    for preset in [Preset::Delay(30_000), Preset::Timeout, Preset::Stall, Preset::Long, Preset::Drip(5_000), Preset::Hold] {
        let receiving = Receiving::with(|options| {
            options.preset = preset.clone();
            options.by_hand = true;
        });
        receiving.ask(Effect::SetHold(Hold { limit_millis: Some(60_000), ..Hold::default() }));
        receiving.hear(|event| if let Event::Settings(known) = event { (known.hold.limit_millis.is_some()).then_some(()) } else { None });

        let mut caller = Caller::call(receiving.address);
        caller.send(sample(now_secs()));
        // On a busy machine it is read some time after it was sent.
        thread::sleep(Duration::from_millis(300));
        drop(caller);

        let kept = receiving.only();
        let outcome = responded(&kept).outcome;
        assert!(matches!(outcome, Some(Outcome::CallerLeft { after_millis: 140..3_000 })), "{preset}: {outcome:?}");
        assert_eq!(read_as(&kept), "failed", "{preset}");
    }
}

#[test]
fn what_waits_when_receiving_stops_is_told_so_and_gets_nothing() {
    stops_while("timeout");
    stops_while("delay:30000");
}

#[track_caller]
fn stops_while(preset: &str) {
    let folder = folder();
    let (program, address) = Program::serve(folder.path(), &["--respond", preset]);
    let mut callers: Vec<Caller> = (0..3).map(|_| Caller::call(address)).collect();
    for caller in &mut callers {
        caller.send(sample(now_secs()));
    }
    receiving_until(|| (history(folder.path()).len() == 3).then_some(()));

    let began = Instant::now();
    let ended = program.end("TERM");

    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let outcomes: Vec<_> = history(folder.path()).iter().map(|stored| responded(stored).outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::Stopped); 3]);
    assert!(callers.iter_mut().all(|caller| caller.rest().is_empty()));
}

#[test]
fn what_waited_when_it_was_killed_waits_no_more_at_the_next_start() {
    let folder = folder();
    let (program, address) = Program::serve(folder.path(), &["--respond", "delay:60000"]);
    let mut caller = Caller::call(address);
    caller.send(sample(now_secs()));
    receiving_until(|| (history(folder.path()).len() == 1).then_some(()));
    program.end("KILL");
    assert_eq!(responded(&history(folder.path())[0]).outcome, None);

    let (program, _) = Program::serve(folder.path(), &[]);
    assert_eq!(program.end("TERM").code, Some(0));

    let kept = history(folder.path());
    assert_eq!((responded(&kept[0]).outcome, responded(&kept[0]).rule.as_str()), (Some(Outcome::Stopped), "default"));
}

// Held requests

fn holding(fallback: Fallback, limit_millis: u32) -> Receiving {
    let receiving = Receiving::with(|options| {
        options.preset = Preset::Hold;
        options.by_hand = true;
    });
    receiving.ask(Effect::SetHold(Hold { fallback, margin_millis: 300, limit_millis: Some(limit_millis) }));
    receiving.hear(|event| if let Event::Settings(known) = event { (known.hold.limit_millis.is_some()).then_some(()) } else { None });
    receiving
}

/// Waits until so many are held; the numbers of the oldest.
fn held(receiving: &Receiving, wanted: usize) -> Vec<i64> {
    receiving.hear(|event| {
        let Event::Held { oldest, count } = event else { return None };
        (count == wanted).then(|| oldest.iter().map(|request| request.id).collect())
    })
}

#[test]
fn a_held_request_gets_what_the_developer_decides() {
    let receiving = holding(Fallback::Ok, 60_000);
    let mut caller = Caller::call(receiving.address);
    caller.send(sample(now_secs()));
    let [id] = held(&receiving, 1)[..] else { panic!("bug: one is held") };
    assert_eq!(history(receiving.folder.path())[0].exchange.response, None, "nothing is decided");

    receiving.ask(Effect::Release { id, release: Release::Respond(response::build_code(10_100, "no")) });

    assert_eq!(text(&caller.response().body), r#"{"ActionStatus":"OK","ErrorInfo":"no","ErrorCode":10100}"#);
    let kept = receiving.only();
    assert_eq!((responded(&kept).rule.as_str(), responded(&kept).fault.as_deref()), ("hand", Some("hold")));
    receiving.ask(Effect::Release { id, release: Release::Timeout });
    receiving.hear(|event| if let Event::ReleasedTooLate(late) = event { (late == id).then_some(()) } else { None });
}

#[test]
fn a_held_request_that_is_to_time_out_does() {
    let receiving = holding(Fallback::Ok, 60_000);
    let mut stream = TcpStream::connect(receiving.address).expect("bug: it listens");
    stream.set_read_timeout(Some(SILENCE)).expect("bug: a timeout can be set");
    stream.write_all(&sample(now_secs())).expect("bug: it reads");
    let [id] = held(&receiving, 1)[..] else { panic!("bug: one is held") };

    receiving.ask(Effect::Release { id, release: Release::Timeout });
    assert!(stream.read(&mut [0; 16]).is_err(), "nothing comes");
    drop(stream);

    let kept = receiving.only();
    assert_eq!((responded(&kept).rule.as_str(), responded(&kept).fault.as_deref()), ("hand", Some("timeout")));
}

#[test]
fn nobody_decides_and_the_fallback_goes_out_before_the_limit() {
    for (fallback, expected) in
        [(Fallback::Ok, OK), (Fallback::Fail(120_001), r#"{"ActionStatus":"FAIL","ErrorInfo":"","ErrorCode":120001}"#)]
    {
        let receiving = holding(fallback, 600);
        let began = Instant::now();
        let body = text(&call(receiving.address, sample(now_secs())).body);
        let took = began.elapsed();
        assert_eq!(body, expected);
        assert!((Duration::from_millis(300)..Duration::from_millis(590)).contains(&took), "{took:?}");
        let kept = receiving.only();
        assert_eq!((responded(&kept).rule.as_str(), responded(&kept).fault.as_deref()), ("default", Some("hold")));
    }
}

#[test]
fn a_thousand_are_held_at_once() {
    let receiving = holding(Fallback::Ok, 60_000);
    let mut callers: Vec<Caller> = (0..1_000).map(|_| Caller::call(receiving.address)).collect();
    for caller in &mut callers {
        caller.send(sample(now_secs()));
    }
    held(&receiving, 1_000);
    // Half of them leave; the others get what was decided.
    callers.truncate(500);
    held(&receiving, 500);
    for id in 1..=1_000 {
        receiving.ask(Effect::Release { id, release: Release::Respond(response::success()) });
        if id % 200 == 0 {
            thread::sleep(Duration::from_millis(20));
        }
    }
    for caller in &mut callers {
        assert_eq!(text(&caller.response().body), OK);
    }
    let kept = receiving.settled(1_000);
    let sent = kept.iter().filter(|stored| responded(stored).outcome == Some(Outcome::Sent)).count();
    assert_eq!((sent, kept.len()), (500, 1_000));
}

#[test]
fn without_a_window_a_hold_rule_sends_its_fallback_at_once() {
    let folder = folder();
    let rules = folder.path().join("rules.toml");
    std::fs::write(&rules, "[[rule]]\nname = \"wait\"\ncommand = \"Group.*\"\nrespond = \"hold\"\nfallback = \"fail:10100\"\n")
        .expect("bug: writable");
    let (program, address) = Program::serve(folder.path(), &[]);
    let began = Instant::now();
    assert!(text(&call(address, sample(now_secs())).body).contains("10100"));
    assert!(began.elapsed() < Duration::from_secs(1));
    let ended = program.end("TERM");
    assert!(ended.err.contains("without a window nobody can decide"), "{}", ended.err);
}

#[test]
fn holding_everything_without_a_window_is_wrong_usage() {
    let folder = folder();
    let ended = run(&mut hookglass(folder.path(), &["serve", "--respond", "hold"]));
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("at the window"), "{}", ended.err);
}

// Rules

#[test]
fn a_rule_responds_first_and_is_named_and_a_changed_file_is_read_again() {
    let folder = folder();
    let rules = folder.path().join("mine.toml");
    let write = |text: &str| std::fs::write(&rules, text).expect("bug: writable");
    write(
        "[[rule]]\nname = \"no joins\"\ncommand = \"Group.CallbackAfterNewMember*\"\noften = \"first 1\"\nresponse = { status = 418, body = '{\"who\":\"{{NewMemberList[0].Member_Account}}\"}' }\n",
    );
    let path = rules.to_string_lossy().into_owned();
    let (program, address) = Program::serve(folder.path(), &["--rules", &path, "--format", "json"]);

    let first = call(address, sample(now_secs()));
    assert_eq!((first.status, text(&first.body)), (418, r#"{"who":"jared"}"#.to_owned()));
    assert!(program.line().contains(r#""rule":"no joins""#));
    assert_eq!(call(address, sample(now_secs())).status, 200, "once only");

    write("[[rule]]\nname = \"broken\"\nrespond = \"nope\"\n");
    thread::sleep(Duration::from_millis(900));
    assert_eq!(call(address, post("/", JOIN)).status, 200);
    write("[[rule]]\nname = \"all\"\nrespond = \"http:503\"\n");
    receiving_until(|| (call(address, post("/", JOIN)).status == 503).then_some(()));

    let ended = program.end("TERM");
    assert!(ended.err.contains("line 3, column 11") && ended.err.contains("is no preset"), "{}", ended.err);
}

#[test]
fn a_rules_file_that_was_named_must_be_right() {
    let folder = folder();
    let rules = folder.path().join("mine.toml");
    std::fs::write(&rules, "[[rule]]\nrespond = \"nope\"\n").expect("bug: writable");
    let path = rules.to_string_lossy().into_owned();
    let ended = run(&mut hookglass(folder.path(), &["serve", "--rules", &path]));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.err.contains("line 2, column 11"), "{}", ended.err);
    let ended = run(&mut hookglass(folder.path(), &["serve", "--rules", "/nowhere/rules.toml"]));
    assert_eq!(ended.code, Some(3), "{ended:?}");
}

#[test]
fn rules_that_are_saved_are_kept_and_counted() {
    let receiving = responding(Preset::Ok);
    let rules =
        hookglass::rules::file::read("[[rule]]\nname = \"busy\"\noften = \"1 of 2\"\nrespond = \"http:503\"\n").expect("bug: right");
    receiving.ask(Effect::SaveRules(rules.clone()));
    receiving.hear(|event| if let Event::Rules(known) = event { (*known.rules == *rules).then_some(()) } else { None });

    let statuses = [0, 1, 2, 3].map(|_| call(receiving.address, sample(now_secs())).status);

    assert_eq!(statuses, [503, 200, 503, 200]);
    receiving.hear(|event| if let Event::Hits { rules, .. } = event { (rules == [2]).then_some(()) } else { None });
    let file = std::fs::read_to_string(receiving.folder.path().join("rules.toml")).expect("bug: it was saved");
    assert_eq!(hookglass::rules::file::read(&file), Ok(rules));
}

/// Waits for the next word on the rules, or on what went wrong.
fn rules_or_failure(receiving: &Receiving) -> Result<usize, String> {
    receiving.hear(|event| {
        if let Event::Rules(known) = &event {
            return Some(Ok(known.rules.len()));
        }
        if let Event::Failed(reason) = event { Some(Err(reason)) } else { None }
    })
}

fn rules(text: &str) -> Vec<hookglass::rules::Rule> {
    hookglass::rules::file::read(text).expect("bug: it is right")
}

const BUSY: &str = "[[rule]]\nname = \"busy\"\nrespond = \"http:503\"\n";

#[test]
fn a_damaged_rules_file_is_set_aside_when_rules_are_saved() {
    let damaged = "# mine\n[[rule]]\nname = \"a\"\nrespond = \"nope\"\n";
    let receiving = Receiving::with(|options| std::fs::write(options.folder.join("rules.toml"), damaged).expect("bug: writable"));
    receiving.ask(Effect::SaveRules(rules(BUSY)));
    let told = receiving.hear(|event| if let Event::Failed(reason) = event { Some(reason) } else { None });
    assert!(told.contains("rules.damaged.toml"), "{told}");
    receiving_until(|| (call(receiving.address, sample(now_secs())).status == 503).then_some(()));
    let aside = std::fs::read_to_string(receiving.folder.path().join("rules.damaged.toml")).expect("bug: it was kept");
    assert_eq!(aside, damaged);
}

#[test]
fn what_somebody_else_has_just_written_is_not_overwritten() {
    let receiving = responding(Preset::Ok);
    receiving.ask(Effect::SaveRules(rules(BUSY)));
    assert_eq!(rules_or_failure(&receiving), Ok(1));
    let file = receiving.folder.path().join("rules.toml");
    let theirs = "# theirs\n[[rule]]\nname = \"theirs\"\nrespond = \"http:502\"\n";
    std::fs::write(&file, theirs).expect("bug: writable");
    receiving.ask(Effect::SaveRules(rules(BUSY)));
    let told = receiving.hear(|event| if let Event::Failed(reason) = event { Some(reason) } else { None });
    assert!(told.contains("changed by somebody else"), "{told}");
    assert_eq!(std::fs::read_to_string(&file).expect("bug: there"), theirs);
    receiving_until(|| (call(receiving.address, sample(now_secs())).status == 502).then_some(()));
}

#[test]
fn a_rules_file_that_is_deleted_leaves_no_rule() {
    let receiving = Receiving::with(|options| std::fs::write(options.folder.join("rules.toml"), BUSY).expect("bug: writable"));
    assert_eq!(call(receiving.address, sample(now_secs())).status, 503);
    std::fs::remove_file(receiving.folder.path().join("rules.toml")).expect("bug: it was there");
    receiving_until(|| (call(receiving.address, sample(now_secs())).status == 200).then_some(()));
    receiving.ask(Effect::SaveRules(rules(BUSY)));
    receiving_until(|| (call(receiving.address, sample(now_secs())).status == 503).then_some(()));
}

#[test]
fn a_bodys_file_is_read_again_when_it_changes_and_named_where_it_is_missing() {
    let folder = folder();
    let body = folder.path().join("a.json");
    std::fs::write(&body, "one").expect("bug: writable");
    let file = "[[rule]]\nname = \"own\"\nrespond = \"body:a.json\"\n";
    std::fs::write(folder.path().join("rules.toml"), file).expect("bug: writable");
    let (program, address) = Program::serve(folder.path(), &[]);
    let says = || text(&call(address, sample(now_secs())).body);
    assert_eq!(says(), "one");
    std::fs::write(&body, "another").expect("bug: writable");
    receiving_until(|| (says() == "another").then_some(()));
    std::fs::remove_file(&body).expect("bug: it is there");
    thread::sleep(Duration::from_millis(900));
    assert_eq!(says(), "another", "the rules stay as they were");
    let ended = program.end("TERM");
    assert!(ended.err.contains("line 3, column 12: body:a.json cannot be read"), "{}", ended.err);
}

#[test]
fn imported_rules_may_name_what_lies_beside_them_and_nothing_else() {
    let receiving = responding(Preset::Ok);
    let elsewhere = folder();
    std::fs::create_dir(elsewhere.path().join("rules")).expect("bug: writable");
    std::fs::write(elsewhere.path().join("rules/a.json"), "mine").expect("bug: writable");
    std::fs::write(elsewhere.path().join("secret"), "not yours").expect("bug: writable");
    let import = |text: &str| {
        let file = elsewhere.path().join("rules/rules.toml");
        std::fs::write(&file, text).expect("bug: writable");
        receiving.ask(Effect::ImportRules(file));
    };
    import("[[rule]]\nname = \"spy\"\nrespond = \"body:../secret\"\n");
    let told = receiving.hear(|event| if let Event::Failed(reason) = event { Some(reason) } else { None });
    assert!(told.contains("not beside the imported file"), "{told}");
    import("[[rule]]\nname = \"mine\"\nrespond = \"body:a.json\"\n");
    receiving.hear(|event| if let Event::RulesImported(1) = event { Some(()) } else { None });
    assert_eq!(text(&call(receiving.address, sample(now_secs())).body), "mine");
    thread::sleep(Duration::from_millis(700));
    assert_eq!(text(&call(receiving.address, sample(now_secs())).body), "mine", "also once the file was looked at again");
}

// Another process

#[test]
fn respond_switches_a_running_one() {
    let folder = folder();
    let (program, address) = Program::serve(folder.path(), &[]);
    let status = || call(address, sample(now_secs())).status;
    let respond = |arguments: &[&str]| run(&mut hookglass(folder.path(), &[&["respond"], arguments].concat()));

    assert_eq!(status(), 200);
    let ended = respond(&["http:503", "--next", "2"]);
    assert_eq!((ended.code, ended.out), (Some(0), vec!["responds with http:503 for the next 2 requests".to_owned()]));
    assert_eq!([status(), status(), status()], [503, 503, 200]);

    let file = folder.path().join("own.json");
    std::fs::write(&file, b"\xffmine").expect("bug: writable");
    assert_eq!(respond(&[&format!("body:{}", file.display())]).code, Some(0));
    assert_eq!(call(address, sample(now_secs())).body, b"\xffmine");

    for _ in 0..3 {
        assert_eq!(respond(&["refuse", "--for", "1"]).code, Some(0));
        assert!(refuses(address), "at once");
        assert_eq!(respond(&["http:503"]).code, Some(0));
        assert_eq!(status(), 503, "at once");
    }
    let held = respond(&["hold"]);
    assert!(held.code == Some(3) && held.err.contains("no window"), "{held:?}");
    assert_eq!(respond(&["nope"]).code, Some(2));
    assert_eq!(respond(&["refuse", "--next", "2"]).code, Some(2));
    let mode = std::fs::metadata(folder.path().join("control.sock")).expect("bug: there is a socket");
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);
    assert_eq!(program.end("TERM").code, Some(0));
    let ended = respond(&["ok"]);
    assert_eq!(ended.code, Some(3));
    assert!(ended.err.contains("no Hookglass is running"), "{}", ended.err);
}

// The README

#[test]
fn the_readme_lists_every_preset_and_its_rules_are_right() {
    let readme = include_str!("../../README.md");
    for name in hookglass::rules::preset::NAMES.split([',', ' ']).filter(|name| !name.is_empty() && *name != "and") {
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
    let example = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("bug: there is one");
    let rules = hookglass::rules::file::read(example).expect("bug: it is right");
    assert_eq!(rules.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>(), ["No red packets", "Time out twice, then OK", "My own"]);
}
