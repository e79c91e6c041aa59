//! `hookglass import`: exchanges, taken into the history.

use super::argument::Format;
use super::{SharedArgs, Usage, end_on_signal, print, say};
use crate::engine::importing::{self, Done, Source};
use crate::engine::{Writing, now_millis};
use crate::import::Report;
use crate::messages::ImportProgress;
use crate::protocol::SdkApp;
use crate::wording;
use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use std::io::{self, IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often progress is told on a terminal.
const TELL_PAUSE: Duration = Duration::from_millis(200);

/// How long an import that is to stop may take for that: it may wait for what it reads.
const STOP_WAIT: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// NDJSON or a JSON array as export writes them, HAR, raw HTTP, or the JSON of a callback; - for stdin
    #[arg(value_name = "FILE|-", required = true)]
    files: Vec<PathBuf>,
    /// How the summary is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What the import's thread says, or the system.
enum Said {
    Done(Result<Done, importing::Error>),
    EndAsked,
}

impl ImportArgs {
    pub fn run(&self, shared: &SharedArgs) -> anyhow::Result<ExitCode> {
        let sources = self.sources()?;
        let folder = shared.folder()?;
        let writing = Writing::open(&folder, shared.history.clone())?;
        let apps: Arc<[SdkApp]> = shared.all_apps(&folder)?.into();
        let import = writing.import()?;
        let (saying, said) = sync_channel(2);
        let is_stopped = Arc::new(AtomicBool::new(false));
        let (stop, ending) = (is_stopped.clone(), saying.clone());
        end_on_signal(move || {
            stop.store(true, Ordering::Relaxed);
            // Where nobody listens it is over.
            ending.send(Said::EndAsked).ok();
        })?;
        let work = move || {
            let tell = teller(is_stopped);
            let done = importing::import(import, sources, &|| apps.clone(), now_millis(), tell);
            saying.send(Said::Done(done)).ok();
        };
        thread::Builder::new()
            .name("import".to_owned())
            .spawn(work)
            .context("no thread could be started; end some programs and try again")?;
        let mut patience = Duration::MAX;
        let done = loop {
            match said.recv_timeout(patience) {
                Ok(Said::Done(done)) => break done?,
                Ok(Said::EndAsked) => patience = STOP_WAIT,
                // It waits for what it reads. What it has taken is forgotten with the next start.
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => anyhow::bail!(STOPPED),
            }
        };
        let path = writing.path().to_owned();
        writing.close()?;
        anyhow::ensure!(done.ids.is_some(), STOPPED);
        print(&match self.format {
            Format::Text => text(&done.report, &path),
            Format::Json => json(&done, &path),
        })
        .map(drop)?;
        if self.format == Format::Text {
            complain(&done.report);
        }
        Ok(if done.report.complaints == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    fn sources(&self) -> anyhow::Result<Vec<Source>> {
        let is_stdin = |file: &&PathBuf| file.as_path() == Path::new("-");
        if self.files.iter().filter(is_stdin).count() > 1 {
            return Err(Usage("stdin can be read only once; name - once".to_owned()).into());
        }
        let source = |file: &PathBuf| if is_stdin(&file) { Ok(Source::stream("stdin", io::stdin())) } else { Source::file(file) };
        Ok(self.files.iter().map(source).collect::<Result<_, _>>()?)
    }
}

const STOPPED: &str = "stopped; nothing was imported";

/// Says how far it is, where somebody looks, and when to stop.
fn teller(is_stopped: Arc<AtomicBool>) -> impl FnMut(ImportProgress) -> ControlFlow<()> {
    let is_seen = io::stderr().is_terminal();
    let mut told = Instant::now();
    move |progress| {
        if is_seen && told.elapsed() >= TELL_PAUSE {
            told = Instant::now();
            let read = wording::size(progress.bytes);
            let of = progress.of_bytes.map_or_else(String::new, |of| format!(" of {}", wording::size(of)));
            // Where that fails there is nobody to tell.
            write!(io::stderr(), "\r{read}{of}, {} exchanges  ", wording::count(progress.exchanges)).ok();
        }
        if is_stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn text(report: &Report, history: &Path) -> String {
    wording::visible(&format!("{report}: {}", history.display()))
}

fn json(done: &Done, history: &Path) -> String {
    let Done { report: Report { exchanges, duplicates, complaints, first }, ids } = done;
    let first: Vec<_> = first.iter().map(|(file, one)| json!({ "file": file, "line": one.line, "reason": one.reason })).collect();
    let ids = ids.iter().flat_map(|ids| ids.ranges()).collect::<Vec<_>>();
    json!({
        "imported": exchanges, "duplicates": duplicates, "complaints": complaints, "first_complaints": first, "ids": ids,
        "history": history.display().to_string(),
    })
    .to_string()
}

/// What could not be read, a line for each as far as they are kept.
fn complain(report: &Report) {
    for (file, complaint) in &report.first {
        say(&format!("{complaint}: {file}"));
    }
    let more = report.complaints - report.first.len() as u64;
    if more > 0 {
        say(&format!("and {} more", wording::count(more)));
    }
}
