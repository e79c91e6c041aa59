//! What the two halves say to each other: the window asks for effects, the engine tells events.

use crate::exchange::Counts;
use crate::opened::Opened;
use crate::protocol::sign::Token;
use crate::row::Row;
use crate::rules::preset::Preset;
use crate::sequence::SequenceRemark;
use crate::settings::Theme;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Something to do in the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Tell the rows of these exchanges.
    LoadRows(Vec<i64>),
    /// Open an exchange for a close look.
    Open(i64),
    /// Tell what an exchange has to do with those around it. A newer question takes the place of an older one.
    ReadSequence(i64),
    /// Respond like this from now on.
    Respond(Preset),
    /// Keep an app; its id may replace that of an app that was being edited.
    SaveApp {
        /// The `SDKAppID`.
        id: String,
        /// Its token; `None` leaves the one it has.
        token: Option<Token>,
        /// The app that it was until now.
        replaces: Option<String>,
    },
    /// Forget an app and its token.
    RemoveApp(String),
    /// Listen on this address; port 0 takes a free one.
    Listen(SocketAddr),
    /// Stop listening.
    StopListening,
    /// Send a signed test callback to the receiver, in the name of this app.
    SendTest(Option<String>),
    /// Tell the exchange as a cURL command.
    CopyAsCurl(i64),
    /// Write exchanges to a file as NDJSON: these, or all.
    Export {
        /// Which; `None` for all.
        ids: Option<Vec<i64>>,
        /// Where to.
        path: PathBuf,
        /// Whether a file that is there already may be replaced.
        replace: bool,
    },
    /// Stop the export that is running.
    StopExport,
    /// Keep this choice of colours.
    SetTheme(Theme),
}

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The settings as they are now.
    Settings(Known),
    /// Whether it receives, and where.
    Listening(Listening),
    /// New exchanges, ascending.
    Arrived(Vec<i64>),
    /// Something became known of exchanges that were told before: what happened to their response, or that
    /// they are saved.
    Completed,
    /// Exchanges were judged again.
    Rejudged,
    /// The history in numbers.
    Counts {
        /// How many exchanges there are.
        counts: Counts,
        /// What the history takes of the disk, in bytes.
        size_bytes: u64,
    },
    /// How far this machine's clock is ahead of the sender's lately, in seconds; `None` while that is not known.
    Skew(Option<i64>),
    /// Rows that were asked for; an exchange that is gone is left out.
    Rows(Vec<Row>),
    /// The exchange that was asked for; `None` when it is gone.
    Opened(Option<Box<Opened>>),
    /// What an exchange has to do with those around it.
    Sequence {
        /// The exchange that was asked for.
        id: i64,
        /// What there is to say.
        remarks: Vec<SequenceRemark>,
    },
    /// Text that was asked for, for the clipboard, and what it is.
    Copied(String),
    /// What a test callback got.
    TestSent {
        /// The status it was responded with.
        status: u16,
    },
    /// How far an export is.
    Exporting {
        /// Exchanges written so far.
        done: u64,
    },
    /// An export ended.
    Exported {
        /// Exchanges written.
        count: u64,
        /// Where to.
        path: PathBuf,
        /// Whether it was stopped before its end; nothing is left of it then.
        stopped: bool,
    },
    /// An export did not work: why, and what to do.
    ExportFailed(String),
    /// An app was saved, and where its token lies when that is a file.
    AppSaved {
        /// The app.
        id: String,
        /// The file, where there is no keyring.
        token_file: Option<PathBuf>,
    },
    /// Damaged settings were set aside.
    SettingsSetAside(PathBuf),
    /// The system asks the program to end: Ctrl-C, or SIGTERM.
    EndAsked,
    /// Something did not work: what, why, and what to do.
    Failed(String),
}

/// What the window may know of the settings. Tokens stay where they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The apps in their order.
    pub apps: Vec<KnownApp>,
    /// What is responded.
    pub preset: Preset,
    /// Which colours are wanted.
    pub theme: Theme,
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
    /// It cannot.
    Failed {
        /// Where it should have.
        address: SocketAddr,
        /// Why not, in words.
        reason: String,
    },
}
