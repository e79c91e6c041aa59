//! What the tests share: the vendor's example, a caller, a running engine, and the built program.

use hookglass::engine::{Engine, Options, now_millis};
use hookglass::exchange::Counts;
use hookglass::folder::history_path;
use hookglass::inspect;
use hookglass::messages::{Effect, Event, Listening};
use hookglass::protocol::SdkApp;
use hookglass::protocol::sign::{Token, sign};
use hookglass::protocol::verdict::Severity;
use hookglass::store::{Store, Stored};
use hookglass::wire::{self, Response};
use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The app of the vendor's example.
pub const APP: &str = "888888";
/// Its token.
pub const TOKEN: &str = "xxxxyyyy";
/// The body of the vendor's example.
pub const JOIN: &str = include_str!("../captures/join.json");
/// Names in mixed case, repeated, `#` in the target, a body that is no UTF-8.
pub const ODD: &[u8] = include_bytes!("../captures/odd-headers.http");
/// Two spaces in the request line.
pub const MALFORMED: &[u8] = include_bytes!("../captures/malformed-line.http");
/// The documented success, byte for byte.
pub const OK: &str = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;
/// A fixed instant: in the second for which the documents compute a signature.
pub const INSTANT_MILLIS: i64 = 1_669_872_112_500;
/// A port that is free.
pub const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// How long a test waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A folder of one's own.
pub fn folder() -> TempDir {
    tempfile::tempdir().expect("bug: a folder can be made")
}

// Requests

/// The vendor's example, signed for this second.
pub fn sample(time_secs: i64) -> Vec<u8> {
    post(&target(time_secs), JOIN)
}

/// The target of the vendor's example, signed for this second.
pub fn target(time_secs: i64) -> String {
    target_of("Group.CallbackAfterNewMemberJoin", time_secs)
}

/// The same for another command.
pub fn target_of(command: &str, time_secs: i64) -> String {
    let sign = sign(&Token::new(TOKEN), &time_secs.to_string());
    format!(
        "/?SdkAppid={APP}&CallbackCommand={command}&contenttype=json&ClientIP=203.0.113.9&OptPlatform=iOS\
         &Sign={sign}&RequestTime={time_secs}"
    )
}

/// A POST of this body.
pub fn post(target: &str, body: &str) -> Vec<u8> {
    format!("POST {target} HTTP/1.1\r\nHost: hookglass\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Now, in whole seconds.
pub fn now_secs() -> i64 {
    now_millis().div_euclid(1000)
}

/// One connection to a receiver.
pub struct Caller(BufReader<TcpStream>);

impl Caller {
    /// Connects.
    pub fn call(address: SocketAddr) -> Self {
        Self::try_call(address).expect("bug: it listens")
    }

    /// Connects, if there is anybody.
    pub fn try_call(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.get_mut().write_all(bytes.as_ref()).expect("bug: the receiver reads");
        self
    }

    /// Sends as much as the receiver takes: it may have seen enough.
    pub fn send_what_is_read(&mut self, bytes: &str) -> &mut Self {
        self.0.get_mut().write_all(bytes.as_bytes()).ok();
        self
    }

    /// Says that nothing more will come, and goes on listening.
    pub fn finish_sending(&mut self) -> &mut Self {
        self.0.get_ref().shutdown(Shutdown::Write).expect("bug: the connection is open");
        self
    }

    /// Waits until something has come, and leaves it unread.
    pub fn wait_unread(&mut self) {
        self.0.get_ref().peek(&mut [0]).expect("bug: something comes");
    }

    /// Reads a head up to and with the empty line.
    pub fn head(&mut self) -> String {
        self.try_head().expect("bug: a head comes")
    }

    /// Reads a response with the body that it announces.
    pub fn response(&mut self) -> Response {
        self.try_response().expect("bug: a response comes")
    }

    /// Sends a request and reads its response, as far as there is anybody on the other side.
    pub fn ask(&mut self, request: impl AsRef<[u8]>) -> io::Result<Response> {
        self.0.get_mut().write_all(request.as_ref())?;
        self.try_response()
    }

    fn try_head(&mut self) -> io::Result<String> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(head)
    }

    fn try_response(&mut self) -> io::Result<Response> {
        let mut response = wire::read_response(self.try_head()?.as_bytes()).expect("bug: it is a response");
        let length = header(&response, "content-length").map_or(0, |length| length.parse().expect("bug: a length"));
        response.body = vec![0; length];
        self.0.read_exact(&mut response.body)?;
        Ok(response)
    }

    /// Reads whatever comes until the other side ends the connection.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).expect("bug: the connection ends");
        rest
    }
}

/// Sends a request on a connection of its own and reads the response.
pub fn call(address: SocketAddr, request: impl AsRef<[u8]>) -> Response {
    Caller::call(address).send(request).response()
}

/// The value of a header, whatever its case.
pub fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// A body as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The files of a folder that hold this text.
pub fn files_with(folder: &Path, text: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).expect("bug: readable").map(|entry| entry.expect("bug: readable").path());
    // The control socket is none.
    let files = files.filter(|file| file.is_file());
    let holds = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    files.filter(|file| holds(std::fs::read(file).expect("bug: readable"))).collect()
}

// The history

/// Every exchange in the history file of a folder.
pub fn history(folder: &Path) -> Vec<Stored> {
    let reader = Store::read_only(&history_path(folder)).expect("bug: there is a history");
    let ids = reader.ids(0).expect("bug: readable");
    reader.rows(&ids, usize::MAX).expect("bug: readable")
}

/// The one app of the tests.
pub fn app() -> SdkApp {
    SdkApp { id: APP.to_owned(), tokens: vec![Token::new(TOKEN)] }
}

/// Every verdict that is not as it should be, then overall: `signature=invalid bad`.
pub fn states(stored: &Stored, apps: &[SdkApp]) -> String {
    let inspection = inspect::inspect(&stored.exchange.request, apps, &stored.kept);
    let mut states = String::new();
    for verdict in inspection.verdicts.all().iter().filter(|verdict| verdict.severity() != Severity::Good) {
        write!(states, "{}={} ", verdict.name(), verdict.state()).expect("bug: a String takes it");
    }
    states + inspection.overall.word()
}

// The engine

/// An engine that receives on a port of its own. Its fields are dropped in this order: it must not wait for us.
pub struct Receiving {
    events: Receiver<Event>,
    engine: Engine,
    /// Where it receives.
    pub address: SocketAddr,
    /// Its data folder.
    pub folder: TempDir,
}

/// What an engine over this folder starts with: one app, no window.
pub fn options(folder: &TempDir) -> Options {
    Options { apps: vec![app()], ..Options::new(folder.path()) }
}

impl Receiving {
    /// Starts with the app of the vendor's example.
    pub fn start() -> Self {
        Self::with(|_| {})
    }

    /// Starts with other options.
    pub fn with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = folder();
        let (telling, events) = sync_channel(4096);
        let mut options = options(&folder);
        change(&mut options);
        // Once the test is over nobody listens.
        let tell = Arc::new(move |event| drop(telling.send(event)));
        let engine = Engine::start(options, tell).expect("bug: the folder is free");
        let mut receiving = Self { events, engine, address: ANY_PORT, folder };
        receiving.ask(Effect::Listen(ANY_PORT));
        receiving.address = receiving.hear(|event| if let Event::Listening(Listening::On(address)) = event { Some(address) } else { None });
        receiving
    }

    /// Ends it; its data folder stays.
    pub fn end(self) -> TempDir {
        let Self { events, engine, folder, .. } = self;
        drop((events, engine));
        folder
    }

    /// Asks for an effect.
    pub fn ask(&self, effect: Effect) {
        self.engine.ask(effect).expect("bug: few effects wait");
    }

    /// Waits for an event.
    pub fn hear<T>(&self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let event = self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())).expect("bug: it is told in time");
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    }

    /// Waits until the counts are so.
    pub fn counts(&self, are_so: impl Fn(&Counts) -> bool) -> Counts {
        self.hear(|event| if let Event::Counts { counts, .. } = event { Some(counts).filter(&are_so) } else { None })
    }

    /// Waits until this is so, looking whenever something was told.
    pub fn wait_until<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        look().unwrap_or_else(|| self.hear(|_| look()))
    }

    /// Waits until so many exchanges are saved with all that is known of them, and no more.
    pub fn settled(&self, count: usize) -> Vec<Stored> {
        let is_settled = |stored: &Stored| stored.exchange.response.as_ref().is_some_and(|responded| responded.outcome.is_some());
        let all = self.wait_until(|| Some(history(self.folder.path())).filter(|all| all.len() >= count && all.iter().all(is_settled)));
        let ids: Vec<i64> = all.iter().map(|stored| stored.exchange.id).collect();
        assert_eq!(ids, (1..).take(count).collect::<Vec<i64>>());
        all
    }

    /// Ends it, and returns its folder.
    pub fn ended(self) -> TempDir {
        let Self { events: _events, engine, address: _, folder } = self;
        drop(engine);
        folder
    }

    /// Waits for the only exchange.
    pub fn only(&self) -> Stored {
        self.settled(1).pop().expect("bug: there is one")
    }
}

// The built program

/// The built program, running with a data folder of its own. It is killed when dropped.
pub struct Program {
    child: Child,
    /// Its stdout, line by line.
    lines: Receiver<String>,
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status; `None` where a signal ended it.
    pub code: Option<i32>,
    /// What was left of its stdout.
    pub out: Vec<String>,
    /// Its stderr.
    pub err: String,
}

/// A command that touches nothing of this machine but the folder.
pub fn hookglass(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookglass"));
    command.args(arguments).arg("--data").arg(data).env("HOOKGLASS_KEYRING", "off");
    for variable in ["HOOKGLASS_TOKEN", "HOOKGLASS_LOG", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(variable);
    }
    command
}

impl Program {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("bug: it was built");
        let out = child.stdout.take().expect("bug: it is piped");
        // A test that fails to read may leave as many lines unread.
        let (telling, lines) = sync_channel(100_000);
        let read = move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| telling.send(line)).ok();
        thread::Builder::new().name("stdout".to_owned()).spawn(read).expect("bug: there are threads");
        Self { child, lines }
    }

    /// Starts `serve` with these further arguments, on a port of its own; returns it with its address.
    pub fn serve(data: &Path, arguments: &[&str]) -> (Self, SocketAddr) {
        Self::receiving(hookglass(data, &["serve", "--listen", "127.0.0.1:0"]).args(arguments))
    }

    /// Starts a command that receives, and waits for its address.
    pub fn receiving(command: &mut Command) -> (Self, SocketAddr) {
        let program = Self::start(command);
        let first = program.line();
        let (_, address) = first.split_once("http://").expect("bug: the first line names the address");
        let address = address.split('/').next().and_then(|address| address.parse().ok());
        (program, address.expect("bug: it is an address"))
    }

    /// Waits for a line on stdout.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("bug: a line comes in time")
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status().expect("bug: there is a shell");
        assert!(sent.success());
    }

    /// Ends it with this signal.
    pub fn end(self, signal: &str) -> Ended {
        self.signal(signal);
        self.ended()
    }

    /// Waits until it ends.
    pub fn ended(mut self) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        let mut out = Vec::new();
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => out.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it goes on; so far it said {out:?}"),
            }
        }
        let code = self.child.wait().expect("bug: it is ours").code();
        let mut err = String::new();
        self.child.stderr.take().expect("bug: it is piped").read_to_string(&mut err).expect("bug: stderr is text");
        Ended { code, out, err }
    }

    /// Closes its stdout, as a reader does that has seen enough.
    pub fn close_stdout(&mut self) {
        drop(std::mem::replace(&mut self.lines, sync_channel(0).1));
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Ended {
    Program::start(command).ended()
}
