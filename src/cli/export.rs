//! `hookglass export`: the history, written out.

use super::{SharedArgs, Usage, end_on_signal, say};
use crate::engine::{self, Exporting, Written};
use crate::export::csv::Cell;
use crate::export::curl::Shell;
use crate::export::{Form, Format};
use crate::filter::Filter;
use crate::ids::Ids;
use crate::messages::{Destination, Export};
use crate::store::{Reader, Searcher, Store};
use crate::wording;
use anyhow::Context as _;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often it is said how far it is, on a terminal.
const PROGRESS_PAUSE: Duration = Duration::from_millis(200);

/// How long a reader that does not read may hold up the end, once it is asked for.
const END_WAIT: Duration = Duration::from_millis(1_500);

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The form; a report is Markdown, or HTML where the file's name ends in .html
    #[arg(long, value_parser = format_parser(), default_value = Format::default().word())]
    format: Format,
    /// Replace what is private: accounts, texts, addresses, credentials; har, curl, csv and report do so anyway
    #[arg(long, conflicts_with = "full")]
    redact: bool,
    /// Leave all as it was received; ndjson, json and http do so anyway
    #[arg(long)]
    full: bool,
    /// Only exchanges of these numbers
    #[arg(long, value_name = "ID", num_args = 1..)]
    id: Vec<i64>,
    /// For csv: its columns, such as id,time,command,body.GroupId
    #[arg(long, value_name = "NAMES")]
    columns: Option<String>,
    /// For curl: the shell that the commands are for
    #[arg(long, value_enum)]
    shell: Option<ShellName>,
    /// The file, or for http a folder, made or empty, when it ends with a slash; stdout when there is none
    #[arg(long, short, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShellName {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Cmd,
}

impl From<ShellName> for Shell {
    fn from(name: ShellName) -> Self {
        match name {
            ShellName::Bash | ShellName::Zsh | ShellName::Fish => Self::Posix,
            ShellName::PowerShell => Self::PowerShell,
            ShellName::Cmd => Self::Cmd,
        }
    }
}

impl ExportArgs {
    pub fn run(&self, shared: &SharedArgs) -> anyhow::Result<ExitCode> {
        let (form, filter, apps) = (self.form()?, shared.filter()?, shared.apps()?);
        let reader = Store::read_only(&shared.history()?)?;
        let ids = self.ids(shared, &filter)?;
        let export = Export { ids: ids.map(Arc::new), form };
        // Those of other runs do not leave either.
        let secret = if export.form.redacted { shared.all_apps(&shared.folder()?)? } else { Vec::new() };
        let base = format!("http://{}", shared.listen);
        let written = self.write(&Exporting { reader: &reader, apps: &apps, secret: &secret, export: &export, base })?;
        if written.stopped {
            say("stopped; what was written so far is not kept");
            return Ok(ExitCode::from(3));
        }
        if written.left_out > 0 {
            say(&format!("{} left out: curl sends no request whose line is unreadable", wording::count(written.left_out)));
        }
        Ok(ExitCode::SUCCESS)
    }

    fn form(&self) -> anyhow::Result<Form> {
        let mut form = Form::of(self.format);
        form.redacted = self.redact || form.redacted && !self.full;
        if let Some(names) = self.columns.as_deref() {
            if self.format != Format::Csv {
                return Err(Usage("--columns are those of --format csv".to_owned()).into());
            }
            form.columns = columns(names)?;
        }
        if let Some(shell) = self.shell {
            if self.format != Format::Curl {
                return Err(Usage("--shell belongs to --format curl".to_owned()).into());
            }
            form.shell = shell.into();
        }
        let ending = self.output.as_ref().and_then(|path| path.extension()).map(std::ffi::OsStr::to_ascii_lowercase);
        form.as_html = ending.is_some_and(|ending| ending == "html" || ending == "htm");
        form.in_files = self.output.as_ref().is_some_and(|path| path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/"));
        Ok(form)
    }

    /// Which exchanges: those of the filter, of them those that are named; `None` for all.
    fn ids(&self, shared: &SharedArgs, filter: &Filter) -> anyhow::Result<Option<Ids>> {
        let named = (!self.id.is_empty()).then(|| self.id.iter().copied().collect::<Ids>());
        if filter.is_everything() {
            return Ok(named);
        }
        let found = found(shared, filter)?;
        Ok(Some(match named {
            Some(named) => found.into_iter().filter(|id| named.contains(*id)).collect(),
            None => found.into_iter().collect(),
        }))
    }

    fn write(&self, exporting: &Exporting<'_>) -> anyhow::Result<Written> {
        let stop = Arc::new(AtomicBool::new(false));
        let asked = stop.clone();
        end_on_signal(move || {
            asked.store(true, Ordering::Relaxed);
            // Only a reader that does not read holds it up for longer: then there is no file of ours.
            std::thread::sleep(END_WAIT);
            std::process::exit(3);
        })?;
        let mut progress = Progress::new(exporting.count()?);
        let mut turn = |done| {
            progress.tell(done);
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let written = match &self.output {
            Some(path) => {
                let to = Destination { path: path.clone(), replace: true };
                exporting.write_to(&to, &mut turn).with_context(|| format!("could not export to {}", path.display()))
            }
            None => match exporting.write(BufWriter::new(io::stdout().lock()), &mut turn) {
                // A reader that went away has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Written::default()),
                written => written.context("the export could not be written"),
            },
        };
        progress.end();
        written
    }
}

/// Takes the word of a form.
fn format_parser() -> impl TypedValueParser<Value = Format> {
    let named = |word: String| Format::ALL.into_iter().find(|format| format.word() == word).expect("bug: only these are let through");
    PossibleValuesParser::new(Format::ALL.map(Format::word)).map(named)
}

fn columns(names: &str) -> anyhow::Result<Vec<Cell>> {
    let cells = Cell::read_list(names).map_err(|name| {
        let known = Cell::write_list(&Cell::fixed().collect::<Vec<_>>());
        Usage(format!("{name:?} is no column; there are {known}, and body.PATH for a field of the body"))
    })?;
    if cells.is_empty() {
        return Err(Usage("--columns names no column, such as id,time,command".to_owned()).into());
    }
    Ok(cells)
}

/// How far an export is, on stderr where that is a terminal, and stdout is not.
struct Progress {
    of: u64,
    is_told: bool,
    next: Instant,
    was_told: bool,
}

impl Progress {
    fn new(of: u64) -> Self {
        let is_told = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { of, is_told, next: Instant::now() + PROGRESS_PAUSE, was_told: false }
    }

    fn tell(&mut self, done: u64) {
        if self.is_told && Instant::now() >= self.next {
            self.next = Instant::now() + PROGRESS_PAUSE;
            self.was_told = true;
            write(&format!("\r{} of {} exchanges", wording::count(done), wording::count(self.of)));
        }
    }

    /// Leaves the line empty.
    fn end(&self) {
        if self.was_told {
            write("\r\u{1b}[K");
        }
    }
}

/// Where that fails there is nobody left to tell.
fn write(text: &str) {
    write!(io::stderr(), "{text}").ok();
}

/// The ids of what the filter means, in no order.
fn found(shared: &SharedArgs, filter: &Filter) -> anyhow::Result<Vec<i64>> {
    let reader: Reader = Store::read_only(&shared.history()?)?;
    let mut searcher = Searcher::new(reader)?;
    let mut found = Vec::new();
    let mut tell = |ids: Vec<i64>, _left: u64| {
        found.extend(ids);
        ControlFlow::Continue(())
    };
    // It is never told to stop.
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = searcher.find(filter, engine::now_millis(), &mut tell)?;
    Ok(found)
}
