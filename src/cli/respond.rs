//! `hookglass respond`: switches what a running Hookglass responds.

use super::{SharedArgs, Usage, print, with_body};
use crate::control::{self, Ask};
use crate::messages::MOST_MINUTES;
use crate::rules::preset::{OwnBody, Preset};
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct RespondArgs {
    /// What it responds from now on, as of --respond
    #[arg(value_name = "PRESET", value_parser = Preset::parse)]
    preset: Preset,
    /// Only for the next N requests (or handshakes, where TLS is at fault), then OK again
    #[arg(long = "next", value_name = "N", conflicts_with = "minutes", value_parser = clap::value_parser!(u32).range(1..))]
    requests: Option<u32>,
    /// Only for so many minutes, then OK again
    #[arg(long = "for", value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_MINUTES)))]
    minutes: Option<u32>,
}

impl RespondArgs {
    pub fn run(&self, shared: &SharedArgs) -> anyhow::Result<ExitCode> {
        if self.requests.is_some() && !self.preset.is_counted() {
            return Err(Usage(format!("{} can't be counted with --next, since no request arrives; take --for MINUTES", self.preset)).into());
        }
        let preset = with_body(self.preset.clone())?;
        let body = if let Preset::Body(OwnBody { bytes, .. }) = &preset { Some(bytes.to_vec()) } else { None };
        let ask = Ask { respond: preset.to_string(), body, requests: self.requests, minutes: self.minutes };
        // It may be the reader that has gone away, which is no fault of ours.
        let _flow = print(&format!("responds with {}", control::ask(&shared.folder()?, &ask)?))?;
        Ok(ExitCode::SUCCESS)
    }
}
