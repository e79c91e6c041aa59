//! `hookglass export`: the history, written out.

use super::SharedArgs;
use crate::engine;
use crate::export::ndjson;
use crate::folder;
use crate::inspect;
use crate::store::{Store, Stored};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The form
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
    /// The file; stdout when there is none
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Ndjson,
}

impl ExportArgs {
    pub fn run(&self, shared: &SharedArgs) -> anyhow::Result<ExitCode> {
        match self.format {
            Format::Ndjson => export(shared, self.output.as_ref()),
        }
    }
}

fn export(shared: &SharedArgs, output: Option<&PathBuf>) -> anyhow::Result<ExitCode> {
    let apps = shared.apps()?;
    let reader = Store::read_only(&folder::history_path(&shared.folder()?))?;
    let zone = TimeZone::system();
    let line = |stored: &Stored| {
        let inspection = inspect::inspect(&stored.exchange.request, &apps, &stored.kept);
        let findings = inspection.findings(&stored.exchange.request, &apps);
        Some(ndjson::line(&stored.exchange, &inspection, &findings, &zone))
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
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        written => written.context("the export could not be written").map(|()| ExitCode::SUCCESS),
    }
}
