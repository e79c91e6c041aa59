//! What is compared: an exchange, or what is documented of a command.

use crate::exchange::Exchange;
use crate::inspect::Inspection;
use crate::protocol::catalogue::Command;
use crate::protocol::response::Reading;
use crate::wording;

/// Names with values.
pub(super) type Facts = Vec<(String, String)>;

/// What stands on a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// An exchange.
    Exchange {
        /// Its number.
        id: i64,
        /// When it came, in milliseconds since the Unix epoch.
        received_at_millis: i64,
        /// Its command, or method and path where it names none.
        title: String,
    },
    /// One of the documented bodies of a command, counted from 0, and its documented response.
    Sample {
        /// The command.
        command: String,
        /// Which of its bodies.
        number: usize,
    },
}

/// One side, in its parts. What it has not is `None`.
#[derive(Debug, Clone)]
pub struct Side {
    pub(super) who: Who,
    pub(super) body: Vec<u8>,
    pub(super) line: Option<Facts>,
    pub(super) parameters: Option<Facts>,
    pub(super) headers: Option<Facts>,
    pub(super) verdicts: Option<Facts>,
    pub(super) response: Option<Facts>,
    pub(super) response_headers: Option<Facts>,
    pub(super) response_body: Option<Vec<u8>>,
}

/// Names on a side; the window shows them as they are, and the report too.
const METHOD: &str = "Method";
const PATH: &str = "Path";
const VERSION: &str = "HTTP version";
const OVERALL: &str = "Overall";
const STATUS: &str = "Status";
const READ_AS: &str = "Read as";
const RULE: &str = "Rule";
const FAULT: &str = "Simulated";
const OUTCOME: &str = "Outcome";

impl Side {
    /// An exchange with all that is known of it.
    pub fn of(exchange: &Exchange, inspection: &Inspection, reading: Option<&Reading>) -> Self {
        let head = exchange.request.head();
        let callback = &inspection.callback;
        let who = Who::Exchange { id: exchange.id, received_at_millis: exchange.request.received_at_millis, title: callback.title() };
        let line = [
            (METHOD, head.method.map(str::to_owned)),
            (PATH, callback.path().map(str::to_owned)),
            (VERSION, head.http_version.map(str::to_owned)),
        ];
        let header = |(name, value): &(&str, &[u8])| ((*name).to_owned(), String::from_utf8_lossy(value).into_owned());
        let verdicts = inspection.verdicts.all();
        let verdict = verdicts.iter().map(|verdict| (wording::title(*verdict).to_owned(), verdict.state().to_owned()));
        let responded = exchange.response.as_ref();
        let sent = responded.and_then(|responded| responded.response.as_ref());
        Self {
            who,
            body: exchange.request.body.clone(),
            line: Some(facts(line)),
            parameters: Some(callback.params.iter().map(|param| (param.name.to_string(), param.value.clone())).collect()),
            headers: Some(head.headers.iter().map(header).collect()),
            verdicts: Some(verdict.chain([(OVERALL.to_owned(), inspection.overall.word().to_owned())]).collect()),
            response: Some(facts([
                (STATUS, sent.map(|sent| sent.status.to_string())),
                (READ_AS, reading.map(|reading| reading.read_as.word().to_owned())),
                (RULE, responded.map(|responded| responded.rule.clone())),
                (FAULT, responded.and_then(|responded| responded.fault.clone())),
                (OUTCOME, responded.and_then(|responded| responded.outcome).map(wording::outcome)),
            ])),
            response_headers: Some(sent.map(|sent| sent.headers.clone()).unwrap_or_default()),
            response_body: Some(sent.map(|sent| sent.body.clone()).unwrap_or_default()),
        }
    }

    /// What is documented: one of the command's bodies, counted from 0, and its response. `None` where it has not so many.
    pub fn sample(command: &Command, number: usize) -> Option<Self> {
        let body = std::iter::once(command.sample()).chain(command.variants()).nth(number)?;
        Some(Self {
            who: Who::Sample { command: command.name.clone(), number },
            body: body.into_bytes(),
            line: None,
            parameters: None,
            headers: None,
            verdicts: None,
            response: None,
            response_headers: None,
            response_body: Some(command.sample_response().into_bytes()),
        })
    }
}

impl Side {
    /// The same with another body.
    #[must_use]
    pub fn with_body(self, body: Vec<u8>) -> Self {
        Self { body, ..self }
    }
}

fn facts<const N: usize>(facts: [(&str, Option<String>); N]) -> Facts {
    facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
