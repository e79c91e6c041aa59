//! `hookglass export`: the history, written out.

use super::SharedArgs;
use crate::engine;
use crate::export::ndjson;
use crate::filter::Filter;
use crate::inspect;
use crate::store::{Searcher, Store, Stored};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use std::io::{self, BufWriter};
use std::ops::ControlFlow;
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
    let (apps, filter) = (shared.apps()?, shared.filter()?);
    let reader = Store::read_only(&shared.history()?)?;
    let ids = if filter.is_everything() { None } else { Some(found(shared, &filter)?) };
    let zone = TimeZone::system();
    let line = |stored: &Stored| {
        let inspection = inspect::inspect(&stored.exchange.request, &apps, &stored.kept);
        let findings = inspection.findings(&stored.exchange.request, &apps);
        Some(ndjson::line(&stored.exchange, &stored.annotation, &inspection, &findings, &zone))
    };
    let written = match output {
        Some(path) => {
            let mut file =
                std::fs::File::create(path).map(BufWriter::new).with_context(|| format!("could not create {}", path.display()))?;
            engine::write_lines(&reader, ids.as_deref(), &mut file, line)
        }
        None => engine::write_lines(&reader, ids.as_deref(), &mut BufWriter::new(io::stdout().lock()), line),
    };
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        written => written.context("the export could not be written").map(|()| ExitCode::SUCCESS),
    }
}

/// The ids of what the filter means, in no order.
fn found(shared: &SharedArgs, filter: &Filter) -> anyhow::Result<Vec<i64>> {
    let mut searcher = Searcher::new(Store::read_only(&shared.history()?)?)?;
    let mut found = Vec::new();
    let mut tell = |ids: Vec<i64>, _left: u64| {
        found.extend(ids);
        ControlFlow::Continue(())
    };
    // It is never told to stop.
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = searcher.find(filter, engine::now_millis(), &mut tell)?;
    Ok(found)
}
