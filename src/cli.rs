//! The headless door: the command line.
//!
//! A thin shell over the same engine as the window's: it asks for effects and prints what is told. `main` opens the
//! other door, and comes back here where no window can be opened.

use crate::engine::{self, Engine};
use crate::export::ndjson;
use crate::folder;
use crate::inspect;
use crate::messages::{Effect, Event, Listening};
use crate::opened::Opened;
use crate::protocol::SdkApp;
use crate::protocol::sign::Token;
use crate::protocol::verdict::Severity;
use crate::row::Row;
use crate::rules::preset::Preset;
use crate::settings::{DEFAULT_BODY_LIMIT_BYTES, DEFAULT_LISTEN, is_app_id};
use crate::store::Store;
use crate::wording;
use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::tz::TimeZone;
use std::collections::{BTreeSet, VecDeque};
use std::io::{self, BufWriter, Write as _};
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

/// Receives, judges and explains the webhooks of Tencent Cloud Chat, Live, Room, Call and Desk.
#[derive(Debug, Parser)]
#[command(name = "hookglass", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    shared: SharedArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Receive without a window: one line per exchange on stdout
    Serve {
        /// How exchanges are printed
        #[arg(long, value_enum, default_value_t = ServeFormat::Text)]
        format: ServeFormat,
    },
    /// Write the history out
    Export {
        /// The form
        #[arg(long, value_enum, default_value_t = ExportFormat::Ndjson)]
        format: ExportFormat,
        /// The file; stdout when there is none
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ServeFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    Ndjson,
}

#[derive(Debug, Args)]
struct SharedArgs {
    /// Folder of history and settings; default: the platform's data folder
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Where to receive; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value_t = DEFAULT_LISTEN, global = true)]
    listen: SocketAddr,
    /// An app with its token, repeatable
    #[arg(
        long = "app",
        help = "An SDKAppID, repeatable; its token from HOOKGLASS_TOKEN when it is the only one, or from FILE",
        value_name = "ID[@FILE]",
        global = true
    )]
    apps: Vec<String>,
    /// The token of the only --app; others on this machine can read it
    #[arg(long, value_name = "TOKEN", global = true)]
    token: Option<String>,
    /// What to respond
    #[arg(long, help = "What to respond: ok, fail, fail:CODE or http:STATUS", value_name = "PRESET", default_value = "ok", value_parser = Preset::parse, global = true)]
    respond: Preset,
    /// How many bytes of a body are taken
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_BODY_LIMIT_BYTES, global = true)]
    body_limit: usize,
}

/// Wrong usage that clap cannot see. Exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Usage(String);

/// The variable that holds the token of the only `--app`.
const TOKEN_VARIABLE: &str = "HOOKGLASS_TOKEN";

/// Switches the keyring off when it says `off`: for containers.
const KEYRING_VARIABLE: &str = "HOOKGLASS_KEYRING";

/// How long the last exchanges may take to be printed at the end.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// How many events may wait. They are coalesced, so a few hundred are many.
const EVENTS: usize = 4_096;

/// How many exchanges are asked for at once.
const ASKED_AT_ONCE: usize = 64;

/// Reads the command line. Wrong usage ends the program with status 2, asking for help with 0.
pub fn parse() -> Cli {
    Cli::try_parse().unwrap_or_else(|error| {
        if !error.use_stderr() {
            error.exit();
        }
        say(&format!("{}; see hookglass --help", what_is_wrong(&error.to_string())));
        std::process::exit(2)
    })
}

/// What clap says of wrong usage, on one line: without its paragraphs on usage and help.
fn what_is_wrong(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let told = lines.filter(|line| !line.is_empty() && !line.starts_with("Usage:") && !line.starts_with("For more information"));
    told.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned()
}

/// Exit status for an error: 2 for wrong usage, 3 when the machine said no.
pub fn status_of(error: &anyhow::Error) -> ExitCode {
    ExitCode::from(if error.downcast_ref::<Usage>().is_some() { 2 } else { 3 })
}

/// Writes a line to stderr. Where that fails there is nobody left to tell.
pub fn say(text: &str) {
    drop(writeln!(io::stderr(), "hookglass: {}", wording::visible(text)));
}

/// An error with its causes, on one line.
pub fn one_line(error: &anyhow::Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        // A message that quotes its cause already is not said twice.
        if !texts.iter().any(|text| text.contains(&cause)) {
            texts.push(cause);
        }
    }
    texts.join(": ")
}

/// An engine and what it tells.
pub type Started = (Engine, Receiver<Event>);

impl Cli {
    /// Whether the window was asked for: no command was given.
    pub fn wants_window(&self) -> bool {
        self.command.is_none()
    }

    /// Carries out the command.
    ///
    /// # Errors
    /// With what to print on stderr; see [`status_of`] for the exit status.
    pub fn run(&self) -> anyhow::Result<()> {
        match &self.command {
            Some(Command::Serve { format }) => serve(self.start(|| {})?, *format),
            Some(Command::Export { format: ExportFormat::Ndjson, output }) => export(&self.shared, output.as_ref()),
            None => serve(self.start(|| {})?, ServeFormat::Text),
        }
    }

    /// Starts an engine that receives as the command line says. `wake` is called whenever it tells something.
    ///
    /// # Errors
    /// When the options are wrong or the machine says no.
    pub fn start(&self, wake: impl Fn() + Send + Sync + 'static) -> anyhow::Result<Started> {
        let (telling, events) = sync_channel(EVENTS);
        let tell = move |event| {
            if telling.send(event).is_ok() {
                wake();
            }
        };
        let tell: engine::Tell = Arc::new(tell);
        let engine = Engine::start(self.shared.engine()?, tell.clone())?;
        end_on_signal(move || tell(Event::EndAsked))?;
        engine.ask(Effect::Listen(self.shared.listen))?;
        Ok((engine, events))
    }
}

impl SharedArgs {
    fn folder(&self) -> anyhow::Result<PathBuf> {
        match &self.data {
            Some(folder) => Ok(folder.clone()),
            None => Ok(folder::default_path()?),
        }
    }

    /// The apps of the command line with their tokens.
    fn apps(&self) -> anyhow::Result<Vec<SdkApp>> {
        if self.token.is_some() && self.apps.len() != 1 {
            return Err(Usage("--token belongs to one --app; with several, give each its file: --app ID@FILE".to_owned()).into());
        }
        if self.token.is_some() {
            say("others on this machine can read --token; HOOKGLASS_TOKEN or --app ID@FILE keeps it private");
        }
        self.apps.iter().map(|text| self.app(text)).collect()
    }

    fn app(&self, text: &str) -> anyhow::Result<SdkApp> {
        let (id, file) = text.split_once('@').map_or((text, None), |(id, file)| (id, Some(file)));
        if !is_app_id(id) {
            return Err(Usage(format!("{id:?} is no SDKAppID; --app takes its digits, such as --app 1400000001")).into());
        }
        let from_variable = || if self.apps.len() == 1 { std::env::var(TOKEN_VARIABLE).ok() } else { None };
        let token = match (file, &self.token) {
            (Some(file), _) => Some(read_token(file)?),
            (None, Some(token)) => Some(token.clone()),
            (None, None) => from_variable(),
        };
        let tokens = token.filter(|token| !token.is_empty()).map(Token::new).into_iter().collect();
        Ok(SdkApp { id: id.to_owned(), tokens })
    }

    fn engine(&self) -> anyhow::Result<engine::Options> {
        let keyring = std::env::var(KEYRING_VARIABLE).as_deref() != Ok("off");
        let preset = self.respond.clone();
        Ok(engine::Options { folder: self.folder()?, apps: self.apps()?, preset, body_limit_bytes: self.body_limit, keyring })
    }
}

/// Reads a token's file. The line break that editors put at the end is not part of it.
fn read_token(file: &str) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("could not read the token's file {file}"))?;
    let token = text.strip_suffix('\n').unwrap_or(&text);
    Ok(token.strip_suffix('\r').unwrap_or(token).to_owned())
}

// Receiving without a window

/// Receives without a window, with text on stdout: where none can be opened.
///
/// # Errors
/// When it cannot listen, or stdout takes nothing more.
pub fn serve_as_text(started: Started) -> anyhow::Result<()> {
    serve(started, ServeFormat::Text)
}

fn serve((engine, events): Started, format: ServeFormat) -> anyhow::Result<()> {
    let mut server = Server::new(engine, format);
    let served = server.run(&events);
    // First the events: the engine must not wait for them to be heard while it ends.
    drop(events);
    served
}

/// Calls `end` on Ctrl-C and SIGTERM.
fn end_on_signal(end: impl Fn() + Send + 'static) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().context("could not listen for signals")?;
    let wait = move || {
        runtime.block_on(async {
            signalled().await;
            end();
        });
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(wait).context("could not listen for signals")?;
    Ok(())
}

#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signalled() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The headless loop: prints every exchange once, when all is known of it.
struct Server {
    engine: Engine,
    format: ServeFormat,
    zone: TimeZone,
    /// Exchanges to be asked for, oldest first.
    waiting: VecDeque<i64>,
    /// How many were asked for and have not come.
    asked: usize,
    /// Exchanges that came before all was known of them.
    unsettled: BTreeSet<i64>,
}

impl Server {
    fn new(engine: Engine, format: ServeFormat) -> Self {
        Self { engine, format, zone: TimeZone::system(), waiting: VecDeque::new(), asked: 0, unsettled: BTreeSet::new() }
    }

    fn run(&mut self, events: &Receiver<Event>) -> anyhow::Result<()> {
        let mut end: Option<Instant> = None;
        loop {
            // What is still on its way at the end is printed, for a moment.
            let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
            let event = match events.recv_timeout(left) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Ok(()),
            };
            if matches!(event, Event::EndAsked) && end.is_none() {
                self.engine.ask(Effect::StopListening)?;
                end = Some(Instant::now() + LAST_WORDS);
            }
            if self.hear(event)?.is_break() {
                return Ok(());
            }
        }
    }

    fn hear(&mut self, event: Event) -> anyhow::Result<ControlFlow<()>> {
        match event {
            Event::Listening(Listening::On(address)) => return self.listening(address),
            Event::Listening(Listening::Failed { reason, .. }) => {
                anyhow::bail!("{reason}; choose another with --listen ADDR:PORT (port 0 takes a free one)")
            }
            Event::Arrived(ids) => {
                let newest_before = self.engine.newest_at_start();
                self.waiting.extend(ids.into_iter().filter(|id| *id > newest_before));
            }
            Event::Completed => self.waiting.extend(std::mem::take(&mut self.unsettled)),
            Event::Opened(opened) => {
                self.asked = self.asked.saturating_sub(1);
                if let Some(opened) = opened {
                    return self.opened(&opened);
                }
            }
            Event::Failed(reason) => say(&reason),
            Event::SettingsSetAside(path) => say(&format!("the settings were damaged and are kept aside: {}", path.display())),
            Event::Listening(Listening::Off)
            | Event::EndAsked
            | Event::Settings(_)
            | Event::Rejudged
            | Event::Counts { .. }
            | Event::Rows(_)
            | Event::Copied(_)
            | Event::TestSent { .. }
            | Event::Exporting { .. }
            | Event::Exported { .. }
            | Event::ExportFailed(_)
            | Event::AppSaved { .. } => {}
        }
        self.ask_on();
        Ok(ControlFlow::Continue(()))
    }

    fn ask_on(&mut self) {
        while self.asked < ASKED_AT_ONCE
            && let Some(id) = self.waiting.pop_front()
        {
            if self.engine.ask(Effect::Open(id)).is_err() {
                self.waiting.push_front(id);
                return;
            }
            self.asked += 1;
        }
    }

    fn listening(&mut self, address: SocketAddr) -> anyhow::Result<ControlFlow<()>> {
        if !address.ip().is_loopback() {
            say(&format!("{address} can be reached from outside this machine; anybody there can post to it"));
        }
        match self.format {
            ServeFormat::Text => print(&format!("receiving on http://{address}/")),
            ServeFormat::Json => print(&format!(r#"{{"listening":"http://{address}/"}}"#)),
        }
    }

    fn opened(&mut self, opened: &Opened) -> anyhow::Result<ControlFlow<()>> {
        if !opened.exchange.is_settled() {
            self.unsettled.insert(opened.exchange.id);
            return Ok(ControlFlow::Continue(()));
        }
        let printed = print(&match self.format {
            ServeFormat::Text => text_line(opened, &self.zone),
            ServeFormat::Json => ndjson::line(&opened.exchange, &opened.inspection, &self.zone),
        });
        self.ask_on();
        printed
    }
}

/// Prints a line. A reader that went away ends the program quietly.
fn print(line: &str) -> anyhow::Result<ControlFlow<()>> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => Err(error).context("could not write to stdout"),
    }
}

/// An exchange on one line: when, good or bad, what, what was responded, and what is wrong with it.
fn text_line(opened: &Opened, zone: &TimeZone) -> String {
    let row = Row::of(&opened.exchange, &opened.inspection, opened.saved, zone);
    let took = row.took_micros.map_or(String::new(), |micros| format!("{}.{} ms", micros / 1000, micros % 1000 / 100));
    let mut parts = vec![row.time, wording::overall(row.overall).to_owned(), format!("{}{}", row.family, row.name)];
    parts.extend([row.summary, format!("→ {}", row.reply.text), took].into_iter().filter(|part| !part.is_empty()));
    if row.overall == crate::protocol::verdict::Overall::Bad {
        for verdict in opened.inspection.verdicts.all().into_iter().filter(|verdict| verdict.severity() == Severity::Bad) {
            parts.push(format!("[{} {}: {}]", verdict.name(), verdict.state(), wording::detail(verdict, zone)));
        }
    }
    wording::visible(&parts.join("  "))
}

// Exporting

fn export(args: &SharedArgs, output: Option<&PathBuf>) -> anyhow::Result<()> {
    let apps = args.apps()?;
    let reader = Store::read_only(&folder::history_path(&args.folder()?))?;
    let zone = TimeZone::system();
    let line = |stored: &crate::store::Stored| {
        let inspection = inspect::inspect(&stored.exchange.request, &apps, &stored.kept);
        Some(ndjson::line(&stored.exchange, &inspection, &zone))
    };
    let written = match output {
        Some(path) => {
            let mut file =
                std::fs::File::create(path).map(BufWriter::new).with_context(|| format!("could not create {}", path.display()))?;
            engine::write_lines(&reader, None, &mut file, line)
        }
        None => engine::write_lines(&reader, None, &mut BufWriter::new(io::stdout().lock()), line),
    };
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("the export could not be written"),
    }
}
