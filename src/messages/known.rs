//! What the window knows of what the engine owns. Tokens stay where they are.

use crate::column::Columns;
use crate::histories::{Name, Which};
use crate::inspect::Inspection;
use crate::protocol::Callback;
use crate::protocol::response::{self, Asked};
use crate::rules::bar::Bar;
use crate::rules::{Fallback, Rule};
use crate::settings::{Hold, Https, Retention, SavedFilter, Theme};
use crate::wire::Request;
use crate::wording;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// The histories as the window knows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownHistories {
    /// The one that is open.
    pub open: Which,
    /// Its file.
    pub path: PathBuf,
    /// Those of the data folder beside the main one.
    pub names: Vec<Name>,
}

/// What the window may know of the settings. Tokens stay where they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The apps in their order.
    pub apps: Vec<KnownApp>,
    /// What the response bar says.
    pub bar: Bar,
    /// How requests are held.
    pub hold: Hold,
    /// The listener for `https://`.
    pub https: Https,
    /// Which colours are wanted.
    pub theme: Theme,
    /// The saved filters.
    pub filters: Vec<SavedFilter>,
    /// What the history forgets by itself.
    pub retention: Retention,
    /// The columns of the list.
    pub columns: Columns,
}

/// A request that is held, as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRequest {
    /// Its exchange.
    pub id: i64,
    /// Its command, or method and path where it names none.
    pub title: String,
    /// What it is, for what a response to it does.
    pub asked: Asked,
    /// Who and what, in a few words.
    pub summary: String,
    /// Whether code 2 drops it silently.
    pub can_drop: bool,
    /// The codes of one's own that refuse it, such as `10100-10200`; `None` where there are none.
    pub codes: Option<&'static str>,
    /// When it came: milliseconds since the Unix epoch.
    pub received_at_millis: i64,
    /// When the fallback goes out: milliseconds since the Unix epoch.
    pub until_millis: i64,
    /// How long its sender waits, in milliseconds.
    pub limit_millis: u32,
    /// Whether that limit is only assumed.
    pub limit_is_assumed: bool,
    /// What is done when nobody decides in time.
    pub fallback: Fallback,
    /// A body to begin with for rewriting: the documented success, with the message where it has one.
    pub draft: Arc<str>,
}

impl HeldRequest {
    /// What is shown of a request. Its number, the fallback and its moment are not known yet.
    pub fn of(request: &Request, inspection: &Inspection, limit_millis: u32, limit_is_assumed: bool) -> Self {
        let callback = &inspection.callback;
        Self {
            id: 0,
            title: wording::visible(&callback.title()),
            asked: inspection.asked(),
            summary: wording::summary(&inspection.summary(request)),
            can_drop: response::can_drop(inspection.asked()),
            codes: callback.reference.and_then(|command| command.response.own_codes()),
            received_at_millis: request.received_at_millis,
            until_millis: request.received_at_millis,
            limit_millis,
            limit_is_assumed,
            fallback: Fallback::default(),
            draft: draft(request, callback).into(),
        }
    }
}

/// The documented success, with the message that was sent where the command lets it be rewritten.
fn draft(request: &Request, callback: &Callback) -> String {
    let success = String::from_utf8_lossy(&response::success().body).into_owned();
    let rewrites = callback.reference.is_some_and(|command| command.response.extras.iter().any(|field| field.path == "MsgBody"));
    let message = callback.document.get(&request.body, 0, "MsgBody").filter(|_| rewrites);
    match message {
        Some(at) => {
            let open = success.trim_end_matches('}');
            format!("{open},\"MsgBody\":{}}}", callback.document.node(at).raw(&request.body))
        }
        None => success,
    }
}

/// The rules as the window knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRules {
    /// Those in force.
    pub rules: Arc<[Rule]>,
    /// The file that they are kept in.
    pub path: PathBuf,
    /// What is wrong with that file; those in force are older then. Each names its place.
    pub complaints: Vec<String>,
}

/// The local authority that signs our certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The SHA-256 of its certificate, in hex with colons.
    pub fingerprint: String,
    /// The file with its certificate.
    pub file: PathBuf,
}

/// An app as the window knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownApp {
    /// The `SDKAppID`.
    pub id: String,
    /// Whether it has a token.
    pub has_token: bool,
    /// Whether it is saved; else the command line named it, for this run.
    pub saved: bool,
}

/// Whether it receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listening {
    /// It does, here.
    On(SocketAddr),
    /// It does not, as the user wished.
    Off,
    /// It does not, as is simulated: this port refuses.
    Refusing(SocketAddr),
    /// It cannot.
    Failed {
        /// Where it should have.
        address: SocketAddr,
        /// Why not, in words.
        reason: String,
    },
}
