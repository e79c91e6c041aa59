//! `hookglass verify`: judges one request and says why.

use super::argument::Format;
use super::{SharedArgs, Usage, print, read_file, read_stdin};
use crate::engine;
use crate::exchange::Exchange;
use crate::export::ndjson;
use crate::import;
use crate::inspect::{self, Inspection};
use crate::protocol::findings::Findings;
use crate::protocol::verdict::{self, CommandVerdict, Overall, Severity, Signature, Verdict};
use crate::protocol::{Kept, SdkApp};
use crate::store::Store;
use crate::wire::{self, Request};
use crate::wording;
use anyhow::Context as _;
use clap::Args;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The URL of a callback, the number of an exchange in the history, or - for a raw request or an exchange on stdin
    #[arg(value_name = "URL|ID|-")]
    what: String,
    /// Judge as of then: RFC 3339, or Unix seconds or milliseconds
    #[arg(long, value_name = "TIME", value_parser = read_time)]
    at: Option<i64>,
    /// The body that came with the URL
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is judged, and how much of it is known.
struct Given {
    exchange: Exchange,
    kept: Kept,
    /// The verdicts that cannot be made, and why.
    unjudged: &'static [&'static str],
    why_unjudged: &'static str,
    remarks: Vec<String>,
}

const NOT_IN_A_URL: &[&str] = &["method", "body", "replay"];
const NOT_IN_A_URL_WITH_A_BODY: &[&str] = &["method", "replay"];
const NOT_IN_A_REQUEST: &[&str] = &["replay"];

impl VerifyArgs {
    pub fn run(&self, shared: &SharedArgs) -> anyhow::Result<ExitCode> {
        let folder = shared.folder()?;
        let apps = shared.all_apps(&folder)?;
        let given = self.given(shared)?;
        let judged = Judged::of(&given, &apps, self.at);
        let printed = match self.format {
            Format::Text => text(&given, &judged, &TimeZone::system()),
            Format::Json => json(&given, &judged, &TimeZone::system()),
        };
        // Whether anybody reads it does not change the verdict.
        if print(&printed)?.is_break() {
            tracing::debug!("nobody reads stdout");
        }
        Ok(if judged.overall == Overall::Ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    fn given(&self, shared: &SharedArgs) -> anyhow::Result<Given> {
        // What is copied often has a line break around it, and a URL never has.
        let what = self.what.trim();
        let is_url = what.starts_with("http://") || what.starts_with("https://") || what.starts_with('/') || what.contains('?');
        if self.body.is_some() && !is_url {
            return Err(Usage("--body belongs to a URL; a request on stdin and an exchange have their own".to_owned()).into());
        }
        // Of what is no recorded exchange, nothing else says when it came.
        let at = self.at.unwrap_or_else(engine::now_millis);
        if what == "-" {
            from_stdin(at)
        } else if is_url {
            let body = self.body.as_deref().map(read_file).transpose()?;
            Ok(from_url(what, body, at))
        } else if let Ok(id) = what.parse() {
            from_history(&shared.history()?, id)
        } else {
            Err(Usage(format!("{what:?} is neither a URL nor the number of an exchange nor -")).into())
        }
    }
}

fn from_history(history: &std::path::Path, id: i64) -> anyhow::Result<Given> {
    let stored = Store::read_only(history)?.get(id)?;
    let stored = stored.with_context(|| format!("exchange {id} is not in the history; hookglass export lists what is"))?;
    Ok(Given { exchange: stored.exchange, kept: stored.kept, unjudged: &[], why_unjudged: "", remarks: Vec::new() })
}

fn from_stdin(at: i64) -> anyhow::Result<Given> {
    let bytes = read_stdin()?;
    anyhow::ensure!(!bytes.trim_ascii().is_empty(), "stdin is empty; pass a raw request (head, empty line, body) or an exchange as JSON");
    let why_unjudged = "only the moment of arrival knows whether it came before";
    if bytes.trim_ascii_start().starts_with(b"{") {
        let line = std::str::from_utf8(&bytes).context("this is not an exchange as Hookglass writes it")?;
        let (id, imported) = import::line::read_with_id(line)?;
        let exchange = Exchange { id, request: imported.request, response: None };
        let kept = Kept { judged: imported.kept.judged, ..Kept::default() };
        return Ok(Given { exchange, kept, unjudged: NOT_IN_A_REQUEST, why_unjudged, remarks: Vec::new() });
    }
    let (head, body) = wire::split_head(&bytes);
    anyhow::ensure!(wire::read_head(head).method.is_some(), "stdin begins with no request line such as POST /?SdkAppid=… HTTP/1.1");
    let remarks = length_remark(head, body).into_iter().collect();
    let exchange = exchange(head.to_vec(), body.to_vec(), at);
    Ok(Given { exchange, kept: Kept::default(), unjudged: NOT_IN_A_REQUEST, why_unjudged, remarks })
}

/// All that follows the head is taken as the body, whatever the head says of its length.
fn length_remark(head: &[u8], body: &[u8]) -> Option<String> {
    let head = wire::read_head(head);
    if head.header("transfer-encoding").is_some() {
        return Some("the body is taken as it stands; its Transfer-Encoding is not undone".to_owned());
    }
    let announced = String::from_utf8_lossy(head.header("content-length")?).into_owned();
    let is_so = announced.parse() == Ok(body.len()) || announced.parse() == Ok(body.trim_ascii_end().len());
    (!is_so).then(|| format!("Content-Length says {}, {} follow the head", wording::visible(&announced), wording::bytes(body.len())))
}

fn from_url(url: &str, body: Option<Vec<u8>>, at: i64) -> Given {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end_of_host = if url.contains("://") { after_scheme.find(['/', '?']).unwrap_or(after_scheme.len()) } else { 0 };
    let (host, target) = after_scheme.split_at(end_of_host);
    let slash = if target.starts_with('/') { "" } else { "/" };
    let head = format!("POST {slash}{} HTTP/1.1\r\nHost: {}\r\n\r\n", on_one_line(target), on_one_line(host));
    let (unjudged, why_unjudged) = match body {
        None => (NOT_IN_A_URL, "a URL does not hold them; --body FILE gives the body"),
        Some(_) => (NOT_IN_A_URL_WITH_A_BODY, "a URL does not hold them"),
    };
    let exchange = exchange(head.into_bytes(), body.unwrap_or_default(), at);
    Given { exchange, kept: Kept::default(), unjudged, why_unjudged, remarks: Vec::new() }
}

/// What would end a target or a header is percent-encoded: the query reads it back as it was.
fn on_one_line(text: &str) -> String {
    let encode = |c: char| if c.is_ascii_whitespace() || c.is_ascii_control() { format!("%{:02X}", u32::from(c)) } else { c.to_string() };
    text.chars().map(encode).collect()
}

fn exchange(head: Vec<u8>, body: Vec<u8>, at: i64) -> Exchange {
    let request = Request::complete(at, head, body);
    Exchange { id: 0, request, response: None }
}

fn read_time(text: &str) -> Result<i64, String> {
    let is_decimal = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let time = if is_decimal {
        text.parse::<i64>().ok().and_then(|number| if text.len() <= 11 { number.checked_mul(1000) } else { Some(number) })
    } else {
        text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
    };
    time.ok_or_else(|| "a time is 2026-11-20T02:42:17Z, or Unix time in seconds or milliseconds".to_owned())
}

/// A judgement of what is known.
struct Judged {
    inspection: Inspection,
    findings: Findings,
    overall: Overall,
}

impl Judged {
    /// Judges as of the arrival, or as of `at`.
    fn of(given: &Given, apps: &[SdkApp], at: Option<i64>) -> Self {
        let mut request = given.exchange.request.clone();
        request.received_at_millis = at.unwrap_or(request.received_at_millis);
        let inspection = inspect::inspect(&request, apps, &given.kept);
        let findings = inspection.findings(&request, apps);
        let mut judged = Self { overall: inspection.overall, inspection, findings };
        if judged.overall != Overall::NotCallback {
            judged.overall = verdict::overall(&judged.verdicts(given));
        }
        judged
    }

    /// The verdicts that stand. A command that the URL lacks may stand in a body that is not known.
    fn verdicts(&self, given: &Given) -> Vec<Verdict<'_>> {
        let is_body_known = !given.unjudged.contains(&"body");
        let stands = |verdict: &Verdict<'_>| {
            let is_open = matches!(verdict, Verdict::Command(CommandVerdict::Missing)) && !is_body_known;
            !given.unjudged.contains(&verdict.name()) && !is_open
        };
        self.inspection.verdicts.all().into_iter().filter(stands).collect()
    }

    fn remarks(&self, given: &Given) -> Vec<String> {
        let request = &given.exchange.request;
        let remarks = self.inspection.remarks(request, &self.inspection.fields(request));
        given.remarks.iter().cloned().chain(remarks.iter().map(wording::remark)).collect()
    }
}

fn json(given: &Given, judged: &Judged, zone: &TimeZone) -> String {
    let said = ndjson::Judged { verdicts: &judged.verdicts(given), overall: judged.overall, remarks: &given.remarks };
    ndjson::line_judged(&given.exchange, &judged.inspection, &judged.findings, said, zone)
}

/// One line a verdict, what explains the bad ones, remarks, and what it says together.
fn text(given: &Given, judged: &Judged, zone: &TimeZone) -> String {
    let (verdicts, findings) = (judged.verdicts(given), &judged.findings);
    let mut lines: Vec<String> = Vec::new();
    for verdict in &verdicts {
        lines.push(format!(
            "{:<9}  {:<12}  {}",
            verdict.name(),
            verdict.state(),
            wording::reason(*verdict, &judged.inspection.verdicts, findings, zone)
        ));
    }
    for verdict in verdicts {
        let is_told = verdict.severity() == Severity::Bad || matches!(verdict, Verdict::Signature(Signature::Valid { .. }));
        let facts = wording::facts(verdict, &judged.inspection.verdicts, findings, None, zone);
        if is_told && !facts.is_empty() && judged.overall != Overall::NotCallback {
            lines.push(String::new());
            lines.push(format!("{} {}", verdict.name(), verdict.state()));
            lines.extend(facts.iter().map(|fact| format!("  {:<11}  {}", fact.name, fact.text)));
        }
    }
    lines.push(String::new());
    lines.extend(judged.remarks(given).iter().map(|remark| format!("remark: {remark}")));
    if !given.unjudged.is_empty() {
        lines.push(format!("not judged: {}; {}", given.unjudged.join(", "), given.why_unjudged));
    }
    lines.push(format!("overall: {}", wording::overall(judged.overall)));
    lines.iter().map(|line| wording::visible(line)).collect::<Vec<_>>().join("\n")
}
