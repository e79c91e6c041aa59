//! `hookglass serve`: receives without a window.

use super::argument::Format;
use super::{Started, print, say};
use crate::engine::{self, Engine};
use crate::exchange::{DEFAULT_RULE, Exchange, NOBODY, REFUSAL};
use crate::export::ndjson;
use crate::filter::{Content, Filter};
use crate::messages::{Authority, Effect, Event, Listening};
use crate::opened::Opened;
use crate::protocol::verdict::{Overall, Severity};
use crate::row::Row;
use crate::store::{self, Index, Read};
use crate::wording;
use clap::Args;
use jiff::tz::TimeZone;
use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How long the last exchanges may take to be printed at the end.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// How many exchanges are asked for at once.
const ASKED_AT_ONCE: usize = 64;

/// From how many arrivals told at once on it is a storm: some 3,000 a second. Printing waits for its end then, but for a
/// few: it must not take from receiving what that needs.
const STORM: usize = 100;

/// How long after the last such word the storm is over.
const STORM_END: Duration = Duration::from_millis(100);

/// How many exchanges are asked for in a storm, whenever arrivals are told.
const ASKED_IN_STORM: usize = 16;

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// How exchanges are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl ServeArgs {
    pub fn run(&self, filter: Filter, started: Started) -> anyhow::Result<ExitCode> {
        serve(started, filter, self.format)
    }
}

/// Receives without a window, with text on stdout: where none can be opened.
///
/// # Errors
/// When it cannot listen, or stdout takes nothing more.
pub fn serve_as_text(filter: Filter, started: Started) -> anyhow::Result<ExitCode> {
    serve(started, filter, Format::Text)
}

fn serve((engine, events): Started, filter: Filter, format: Format) -> anyhow::Result<ExitCode> {
    let mut server = Server::new(engine, filter, format);
    let served = server.run(&events);
    // First the events: the engine must not wait for them to be heard while it ends.
    drop(events);
    served.map(|()| ExitCode::SUCCESS)
}

/// The headless loop: prints every exchange once, when all is known of it.
struct Server {
    engine: Engine,
    /// Which exchanges are printed.
    filter: Filter,
    format: Format,
    zone: TimeZone,
    /// Exchanges to be asked for, oldest first.
    waiting: VecDeque<i64>,
    /// How many were asked for and have not come.
    asked: usize,
    /// When many came at once.
    storm: Option<Instant>,
    /// Exchanges that came before all was known of them.
    unsettled: BTreeSet<i64>,
    /// The addresses and authorities that were printed.
    told: BTreeSet<String>,
}

impl Server {
    fn new(engine: Engine, filter: Filter, format: Format) -> Self {
        Self {
            engine,
            filter,
            format,
            zone: TimeZone::system(),
            waiting: VecDeque::new(),
            asked: 0,
            storm: None,
            unsettled: BTreeSet::new(),
            told: BTreeSet::new(),
        }
    }

    fn run(&mut self, events: &Receiver<Event>) -> anyhow::Result<()> {
        let mut end: Option<Instant> = None;
        loop {
            // What is still on its way at the end is printed, for a moment.
            let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
            // After a storm nothing more may be told, and some still wait to be printed.
            let pause = if self.waiting.is_empty() { left } else { left.min(STORM_END) };
            let event = match events.recv_timeout(pause) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) if pause < left => {
                    self.ask_on();
                    continue;
                }
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
            // Where it refuses nobody can call it, and everything else is as if it listened.
            Event::Listening(Listening::On(address) | Listening::Refusing(address)) => return self.listening("http", address),
            Event::HttpsListening(Listening::On(address) | Listening::Refusing(address), authority) => {
                self.tell_authority(authority);
                return self.listening("https", address);
            }
            Event::Rules(rules) => rules.complaints.iter().for_each(|complaint| {
                let so = if rules.rules.is_empty() { "no rule is in force" } else { "the rules stay as they were" };
                say(&format!("{so}: {complaint}: {}", rules.path.display()));
            }),
            Event::Listening(Listening::Failed { reason, .. }) if self.told.is_empty() => {
                anyhow::bail!("{reason}; choose another with --listen ADDR:PORT (port 0 takes a free one)")
            }
            Event::HttpsListening(Listening::Failed { reason, .. }, _) if !self.has_https() => {
                anyhow::bail!("no https:// is received: {reason}; --tls-listen ADDR:PORT chooses another port")
            }
            Event::Listening(Listening::Failed { reason, .. }) => say(&format!("nothing is received any more: {reason}")),
            Event::HttpsListening(Listening::Failed { reason, .. }, _) => say(&format!("no https:// is received any more: {reason}")),
            Event::Arrived(ids) => {
                let newest_before = self.engine.newest_at_start();
                self.storm = (ids.len() >= STORM).then(Instant::now);
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
            | Event::HttpsListening(Listening::Off, _)
            | Event::Hits { .. }
            | Event::Held { .. }
            | Event::ReleasedTooLate(_)
            | Event::RulesImported(_)
            | Event::FileWritten(_)
            | Event::EndAsked
            | Event::Settings(_)
            | Event::Rejudged
            | Event::Skew(_)
            | Event::Counts { .. }
            | Event::Rows(_)
            | Event::Copied(_)
            | Event::TestSent { .. }
            | Event::Forgotten(_)
            | Event::Annotated
            | Event::Pinned { .. }
            | Event::Restored(_)
            | Event::UndoOver(_)
            | Event::Found { .. }
            | Event::Sorting { .. }
            | Event::Sorted { .. }
            | Event::FindFailed(_)
            | Event::Counting { .. }
            | Event::Counted { .. }
            | Event::CountFailed(_)
            | Event::Seen(_)
            | Event::Judging { .. }
            | Event::Exporting { .. }
            | Event::Importing(_)
            | Event::Imported { .. }
            | Event::ImportFailed(_)
            | Event::Exported { .. }
            | Event::ExportFailed(_)
            | Event::Conversation { .. }
            | Event::ExportCopied { .. }
            | Event::ExportPreview { .. }
            | Event::Sequence { .. }
            | Event::Compared { .. }
            | Event::FoundInBody { .. }
            | Event::AppSaved { .. }
            | Event::Histories(_)
            | Event::HistoryOpened(_)
            | Event::HistoryRefused(_)
            | Event::Measuring { .. }
            | Event::Measured(_)
            | Event::WouldForget { .. }
            | Event::Compacting { .. }
            | Event::Compacted { .. }
            | Event::CompactFailed(_) => {}
        }
        self.ask_on();
        Ok(ControlFlow::Continue(()))
    }

    fn is_storm(&self) -> bool {
        self.storm.is_some_and(|storm| storm.elapsed() < STORM_END)
    }

    /// One has come: asks for the next, in a storm only when arrivals are told.
    fn ask_on_after_one(&mut self) {
        if !self.is_storm() {
            self.ask_on();
        }
    }

    fn ask_on(&mut self) {
        let at_once = if self.is_storm() { ASKED_IN_STORM } else { ASKED_AT_ONCE };
        while self.asked < at_once
            && let Some(id) = self.waiting.pop_front()
        {
            if self.engine.ask(Effect::Open(id)).is_err() {
                self.waiting.push_front(id);
                return;
            }
            self.asked += 1;
        }
    }

    fn listening(&mut self, scheme: &str, address: SocketAddr) -> anyhow::Result<ControlFlow<()>> {
        if !address.ip().is_loopback() {
            say(&format!("{address} can be reached from outside this machine; anybody there can post to it"));
        }
        self.tell_address(format!("{scheme}://{address}/"))
    }

    /// Whether `https://` was received at some time.
    fn has_https(&self) -> bool {
        self.told.iter().any(|told| told.starts_with("https://"))
    }

    /// Where the certificate is that callers have to trust, once.
    fn tell_authority(&mut self, authority: Option<Authority>) {
        if let Some(Authority { file, fingerprint }) = authority.filter(|authority| self.told.insert(authority.fingerprint.clone())) {
            say(&format!(
                "callers have to trust the local authority, such as with curl --cacert: {} (SHA-256 {fingerprint})",
                file.display()
            ));
        }
    }

    /// Once for each: a port that refused opens again without a word.
    fn tell_address(&mut self, url: String) -> anyhow::Result<ControlFlow<()>> {
        if self.told.contains(&url) {
            return Ok(ControlFlow::Continue(()));
        }
        let line = match self.format {
            Format::Text => format!("receiving on {url}"),
            Format::Json => format!(r#"{{"listening":"{url}"}}"#),
        };
        self.told.insert(url);
        print(&line)
    }

    fn opened(&mut self, opened: &Opened) -> anyhow::Result<ControlFlow<()>> {
        if !opened.exchange.is_settled() {
            self.unsettled.insert(opened.exchange.id);
            return Ok(ControlFlow::Continue(()));
        }
        if !is_meant(&self.filter, opened) {
            self.ask_on_after_one();
            return Ok(ControlFlow::Continue(()));
        }
        let printed = print(&match self.format {
            Format::Text => text_line(opened, &self.zone),
            Format::Json => ndjson::line(&opened.exchange, &opened.annotation, &opened.inspection, &opened.findings, &self.zone),
        });
        self.ask_on_after_one();
        printed
    }
}

fn is_meant(filter: &Filter, opened: &Opened) -> bool {
    let Exchange { id, request, response } = &*opened.exchange;
    // The apps tell what to keep of a judgement, which no filter asks for.
    let index = Index::of(&opened.inspection, &[]);
    let read = response.as_ref().map(|responded| Read::of(opened.inspection.asked(), responded));
    let entry = store::entry(*id, request, response.as_ref(), (&index, read));
    filter.matches(&entry, &Content { head: &request.head, body: &request.body, note: None }, engine::now_millis())
}

/// An exchange on one line: when, good or bad, what, what was responded, and what is wrong with it.
fn text_line(opened: &Opened, zone: &TimeZone) -> String {
    let row = Row::of(&opened.exchange, &opened.inspection, opened.saved, zone);
    let took = row.took_micros.map_or(String::new(), |micros| format!("{}.{} ms", micros / 1000, micros % 1000 / 100));
    let mut parts = vec![row.time, wording::overall(row.overall).to_owned(), format!("{}{}", row.family, row.name)];
    parts.extend([row.summary, format!("→ {}", row.reply.text), took].into_iter().filter(|part| !part.is_empty()));
    let rule = opened.exchange.response.as_ref().map(|responded| responded.rule.as_str());
    parts.extend(rule.filter(|rule| ![DEFAULT_RULE, NOBODY, REFUSAL].contains(rule)).map(|rule| format!("(rule: {rule})")));
    if row.overall == Overall::Bad {
        for verdict in opened.inspection.verdicts.all().into_iter().filter(|verdict| verdict.severity() == Severity::Bad) {
            parts.push(format!(
                "[{} {}: {}]",
                verdict.name(),
                verdict.state(),
                wording::reason(verdict, &opened.inspection.verdicts, &opened.findings, zone)
            ));
        }
    }
    wording::visible(&parts.join("  "))
}
