//! `hookglass stats`: what many exchanges tell together. It works beside a running window.

use super::{SharedArgs, print};
use crate::engine;
use crate::inspect;
use crate::statistics::{self, Fold, Report};
use crate::store::Store;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use std::ops::ControlFlow;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct StatsArgs {
    /// The form; as JSON it is one object, as CSV the tables stand one below the other
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

impl StatsArgs {
    pub fn run(&self, shared: &SharedArgs) -> anyhow::Result<ExitCode> {
        let report = count(shared)?;
        let about = shared.filter.as_deref().filter(|text| !text.trim().is_empty()).unwrap_or("all exchanges");
        let zone = TimeZone::system();
        let text = match self.format {
            Format::Text => statistics::text(&report, about, &zone),
            Format::Csv => statistics::csv(&report, about, &zone).trim_end().to_owned(),
            Format::Json => {
                let mut json = statistics::json(&report);
                json["filter"] = shared.filter.clone().into();
                json.to_string()
            }
        };
        // A reader that has seen enough is no failure.
        let _flow = print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn count(shared: &SharedArgs) -> anyhow::Result<Report> {
    let (apps, filter) = (shared.apps()?, shared.filter()?);
    let reader = Store::read_only(&shared.history()?)?;
    let mut fold = Fold::new(engine::offset_millis(engine::now_millis()));
    let mut go_on = |_progress| ControlFlow::Continue(());
    let inspect = |stored: &crate::store::Stored| inspect::inspect(&stored.exchange.request, &apps, &stored.kept);
    // Neither is told to stop.
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = engine::pass_by(&reader, (&filter, None), &mut fold, &mut go_on)?;
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = engine::look_into(&reader, &mut fold, inspect, &mut go_on)?;
    Ok(fold.report())
}
