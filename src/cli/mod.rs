//! The headless door: the command line.
//!
//! A thin shell over the same engine as the window's: it asks for effects and prints what is told. `main` opens the
//! other door, and comes back here where no window can be opened.

mod argument;
mod catalogue;
mod export;
mod import;
mod lint;
mod respond;
mod serve;
mod stats;
mod verify;

use crate::engine::{self, Engine};
use crate::filter::{Filter, Moment};
use crate::folder;
use crate::histories::Which;
use crate::messages::{Effect, Event};
use crate::protocol::SdkApp;
use crate::protocol::sign::Token;
use crate::rules::preset::{OwnBody, Preset};
use crate::secrets::Secrets;
use crate::settings::{DEFAULT_BODY_LIMIT_BYTES, DEFAULT_LISTEN, Retention, is_app_id};
use crate::wording;
use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use jiff::tz::TimeZone;
use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

pub use serve::serve_as_text;

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
    Serve(serve::ServeArgs),
    /// Judge a URL, an exchange of the history, or what stdin holds
    Verify(verify::VerifyArgs),
    /// Write the history out
    Export(export::ExportArgs),
    /// Take exchanges into the history
    Import(import::ImportArgs),
    /// Count: commands, verdicts, response times and more
    Stats(stats::StatsArgs),
    /// Print what is documented: all commands, or everything about one
    Catalogue(catalogue::CatalogueArgs),
    /// Judge a response as its sender would
    Lint(lint::LintArgs),
    /// Switch what a running Hookglass responds
    Respond(respond::RespondArgs),
}

#[derive(Debug, Args)]
struct SharedArgs {
    /// Folder of history and settings; default: the platform's data folder
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Which history of the folder, by its name, or any file; default: the one that the window opened last
    #[arg(
        long,
        help = "Which history: main, a name in the data folder, or a file; default: the one opened last",
        value_name = "NAME|FILE",
        value_parser = Which::read,
        global = true
    )]
    history: Option<Which>,
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
    #[arg(long, help = "What to respond: ok, fail:CODE, http:STATUS, delay:MS, timeout and more; see README", value_name = "PRESET", default_value = "ok", value_parser = Preset::parse, global = true)]
    respond: Preset,
    /// The rules that respond first; default: rules.toml in the data folder
    #[arg(long, value_name = "FILE", global = true)]
    rules: Option<PathBuf>,
    /// Where to receive https://; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", global = true)]
    tls_listen: Option<SocketAddr>,
    /// Which exchanges are meant, such as 'command:Group.* verdict:bad'
    #[arg(
        long,
        help = "Which exchanges are meant, such as 'command:Group.* verdict:bad'; see README",
        value_name = "QUERY",
        global = true
    )]
    filter: Option<String>,
    /// Keep the newest so many exchanges, and those that are pinned
    #[arg(long, value_name = "COUNT", global = true)]
    keep: Option<u64>,
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

/// How many events may wait. They are coalesced, so a few hundred are many.
const EVENTS: usize = 4_096;

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
    let rules_are_wrong = matches!(error.downcast_ref(), Some(engine::Error::RulesWrong { .. }));
    ExitCode::from(if error.downcast_ref::<Usage>().is_some() || rules_are_wrong { 2 } else { 3 })
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

    /// Carries out the command, and says with which status the program ends: 0 done, 1 the verdict is no.
    ///
    /// # Errors
    /// With what to print on stderr; see [`status_of`] for the exit status.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.command {
            Some(Command::Serve(args)) => args.run(self.shared.filter()?, self.start(|| {})?),
            Some(Command::Verify(args)) => args.run(&self.shared),
            Some(Command::Export(args)) => args.run(&self.shared),
            Some(Command::Import(args)) => args.run(&self.shared),
            Some(Command::Stats(args)) => args.run(&self.shared),
            Some(Command::Catalogue(args)) => args.run(),
            Some(Command::Lint(args)) => args.run(),
            Some(Command::Respond(args)) => args.run(&self.shared),
            None => serve_as_text(self.shared.filter()?, self.start(|| {})?),
        }
    }

    /// Which exchanges are meant.
    ///
    /// # Errors
    /// When what was typed is no filter.
    pub fn filter(&self) -> anyhow::Result<Filter> {
        self.shared.filter()
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
        let engine = Engine::start(self.shared.engine(self.wants_window())?, tell.clone())?;
        end_on_signal(move || tell(Event::EndAsked))?;
        engine.ask(Effect::Listen(self.shared.listen))?;
        Ok((engine, events))
    }
}

impl SharedArgs {
    /// Which exchanges are meant; all where none was said.
    fn filter(&self) -> anyhow::Result<Filter> {
        let Some(text) = &self.filter else { return Ok(Filter::default()) };
        let moment = Moment { now_millis: engine::now_millis(), zone: &TimeZone::system() };
        let filter = Filter::parse(text, &moment);
        filter.map_err(|complaint| {
            let at = text[..complaint.at.start].chars().count() + 1;
            Usage(format!("the filter is wrong at character {at}, {:?}: {complaint}", &text[complaint.at.clone()])).into()
        })
    }

    fn folder(&self) -> anyhow::Result<PathBuf> {
        match &self.data {
            Some(folder) => Ok(folder.clone()),
            None => Ok(folder::default_path()?),
        }
    }

    /// The file of the history that is meant.
    fn history(&self) -> anyhow::Result<PathBuf> {
        let folder = self.folder()?;
        let last = || folder::read_settings(&folder).map(|settings| settings.history);
        let which = self.history.clone().map_or_else(last, Ok)?;
        Ok(folder::path_of(&folder, &which))
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

    /// The apps of the command line, then those that are saved in the folder. A token that cannot be had is told of.
    fn all_apps(&self, folder: &Path) -> anyhow::Result<Vec<SdkApp>> {
        let mut apps = self.apps()?;
        let settings = folder::read_settings(folder)?;
        let saved: Vec<String> = settings.apps.into_iter().filter(|id| !apps.iter().any(|app| app.id == *id)).collect();
        if saved.is_empty() {
            return Ok(apps);
        }
        let secrets = Secrets::open(folder, &settings.folder_id, wants_keyring());
        apps.extend(saved.into_iter().map(|id| {
            let token = secrets.load(&id).unwrap_or_else(|error| {
                say(&error.to_string());
                None
            });
            SdkApp { id, tokens: token.into_iter().collect() }
        }));
        Ok(apps)
    }

    fn engine(&self, by_hand: bool) -> anyhow::Result<engine::Options> {
        if self.respond == Preset::Hold && !by_hand {
            return Err(Usage(
                "--respond hold waits for a developer at the window, and serve has none; see timeout and delay:MS".to_owned(),
            )
            .into());
        }
        if matches!(self.respond, Preset::Tls(_)) && self.tls_listen.is_none() && !by_hand {
            say(&format!("{} needs --tls-listen ADDR:PORT, unless HTTPS is on in the settings: http:// has no handshake", self.respond));
        }
        Ok(engine::Options {
            folder: self.folder()?,
            history: self.history.clone(),
            apps: self.apps()?,
            preset: with_body(self.respond.clone())?,
            rules: self.rules.clone(),
            tls_listen: self.tls_listen,
            by_hand,
            body_limit_bytes: self.body_limit,
            retention: self.keep.map(|most| Retention { exchanges: Some(most), ..Retention::default() }),
            keyring: wants_keyring(),
        })
    }
}

/// Reads the file that a preset names.
fn with_body(preset: Preset) -> anyhow::Result<Preset> {
    let Preset::Body(OwnBody { file: Some(file), .. }) = preset else { return Ok(preset) };
    Ok(Preset::Body(OwnBody { bytes: read_file(Path::new(&file))?.into(), file: Some(file) }))
}

fn wants_keyring() -> bool {
    std::env::var(KEYRING_VARIABLE).as_deref() != Ok("off")
}

/// Reads a token's file. The line break that editors put at the end is not part of it.
fn read_token(file: &str) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("could not read the token's file {file}"))?;
    let token = text.strip_suffix('\n').unwrap_or(&text);
    Ok(token.strip_suffix('\r').unwrap_or(token).to_owned())
}

fn read_file(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("could not read {}", file.display()))
}

fn read_stdin() -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).context("could not read stdin")?;
    Ok(bytes)
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

/// Calls `end` on Ctrl-C and SIGTERM.
fn end_on_signal(end: impl Fn() + Send + 'static) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().context("could not listen for signals")?;
    // Listened for from here on, and not only once the thread runs.
    let signalled = runtime.block_on(async { signalled() }).context("could not listen for signals")?;
    let wait = move || {
        runtime.block_on(signalled);
        end();
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(wait).context("could not listen for signals")?;
    Ok(())
}

#[cfg(unix)]
fn signalled() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signalled() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move { drop(interrupt.recv().await) })
}
