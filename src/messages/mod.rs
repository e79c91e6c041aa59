//! What the two halves say to each other: the window asks for effects, the engine tells events.

mod known;
mod question;

use crate::annotation::Change;
use crate::column::Columns;
use crate::compare::Comparison;
use crate::conversation::{Conversation, Key};
use crate::exchange::Counts;
use crate::filter::Seen;
use crate::histories::{Name, Parts, Which};
use crate::ids::Ids;
use crate::import;
use crate::needle::{Found, Needle};
use crate::opened::Opened;
use crate::protocol::sign::Token;
use crate::row::Row;
use crate::rules::Rule;
use crate::rules::preset::Preset;
use crate::sequence::SequenceRemark;
use crate::settings::{Hold, Https, Retention, SavedFilter, Theme};
use crate::sorted::Sorted;
use crate::statistics::Report;
pub use known::{Authority, HeldRequest, Known, KnownApp, KnownHistories, KnownRules, Listening};
pub use question::{
    Compact, Compare, Count, CountProgress, Destination, Export, Find, ImportProgress, Lasting, MOST_MINUTES, Preview, Reading, Release,
    Uncompared, With,
};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Something to do in the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Tell the rows of these exchanges.
    LoadRows(Vec<i64>),
    /// Open an exchange for a close look.
    Open(i64),
    /// Find exchanges, in place of what was looked for before: tells [`Event::Found`] again and again, also of what arrives
    /// later. `None` looks for nothing any more.
    Find(Option<Find>),
    /// Count these exchanges, in place of what was counted before: tells [`Event::Counted`] again and again, also as things
    /// come. `None` counts nothing any more.
    Count(Option<Count>),
    /// Tell what values there are, for completing a filter.
    ReadSeen,
    /// Keep these filters, in this order.
    SaveFilters(Vec<SavedFilter>),
    /// Keep these columns, and fill rows in for them from now on.
    SaveColumns(Columns),
    /// Tell what an exchange has to do with those around it. A newer question takes the place of an older one.
    ReadSequence(i64),
    /// Compare an exchange with something: tells [`Event::Compared`]. A newer question takes the place of an older one.
    Compare(Compare),
    /// Tell a conversation as its exchanges do: tells [`Event::Conversation`]. A newer question takes the place of an older one;
    /// `None` reads none any more.
    ReadConversation(Option<Reading>),
    /// Find a text in the body of an exchange. A newer question takes the place of an older one.
    FindInBody {
        /// The exchange.
        id: i64,
        /// The text.
        needle: Needle,
    },
    /// Respond like this from now on, for so long.
    Respond(Preset, Lasting),
    /// Respond to a request that is held.
    Release {
        /// Its exchange.
        id: i64,
        /// What the developer decided.
        release: Release,
    },
    /// Hold requests like this.
    SetHold(Hold),
    /// Keep these rules.
    SaveRules(Vec<Rule>),
    /// Add the rules of this file to those there are.
    ImportRules(PathBuf),
    /// Write the rules to this file.
    ExportRules(PathBuf),
    /// Listen for `https://` like this, or no more.
    SetHttps(Https),
    /// Write the certificate of the local authority to this file, for callers to trust.
    ExportAuthority(PathBuf),
    /// There is no window, so nobody decides by hand.
    NoWindow,
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
    /// Tell these exchanges as cURL commands.
    CopyAsCurl(Vec<i64>),
    /// Keep what the user says of exchanges: tells [`Event::Annotated`] once it is kept, for each in the order asked.
    Annotate {
        /// The exchanges.
        ids: Arc<Ids>,
        /// What is said now.
        change: Change,
    },
    /// Tell which of these exchanges are pinned.
    FindPinned(Arc<Ids>),
    /// Delete these exchanges. That can be undone for a while, until something else is deleted, or until the end.
    Delete(Arc<Ids>),
    /// Undo the last deletion: tells [`Event::Restored`], where it is still possible.
    UndoDeletion,
    /// Write exchanges to a file, or into a folder.
    Export(Export, Destination),
    /// Tell exchanges as text, for the clipboard.
    CopyExport(Export),
    /// Tell the beginning of what would leave. A newer question takes the place of an older one.
    PreviewExport {
        /// A number of the asker's own, to tell late answers by.
        number: u64,
        /// What would leave.
        export: Export,
    },
    /// Stop the export that is running.
    StopExport,
    /// Import these files: all of them, or nothing. Tells [`Event::Importing`], and [`Event::Imported`] or
    /// [`Event::ImportFailed`].
    Import(Vec<PathBuf>),
    /// Import a text in the same way.
    ImportText(String),
    /// Stop the import that is running.
    StopImport,
    /// Keep this choice of colours.
    SetTheme(Theme),
    /// Tell which histories there are.
    ListHistories,
    /// Open a history that exists, in place of the one that is open. Tells [`Event::HistoryOpened`] or
    /// [`Event::HistoryRefused`].
    OpenHistory(Which),
    /// Make a history and open it, in the same way.
    NewHistory(Name),
    /// Give a history that is not open another name.
    RenameHistory {
        /// The one that it has.
        from: Name,
        /// The one that it gets.
        to: Name,
    },
    /// Measure what the parts of the history take of the disk.
    Measure,
    /// Measure no longer.
    StopMeasuring,
    /// Tell how many exchanges these limits would have forgotten at once.
    CountBeyond(Retention),
    /// Forget what is beyond these limits, from now on.
    SetRetention(Retention),
    /// Give free room of the history back to the disk.
    Compact(Compact),
    /// Stop that.
    StopCompacting,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The settings as they are now.
    Settings(Known),
    /// Whether it receives, and where.
    Listening(Listening),
    /// Whether it receives `https://`, and where; and with which authority.
    HttpsListening(Listening, Option<Authority>),
    /// The rules as they are now.
    Rules(KnownRules),
    /// How often each rule responded, in their order, and how often the response bar did since it was set.
    Hits {
        /// Of each rule.
        rules: Vec<u64>,
        /// Of the response bar.
        bar: u32,
    },
    /// The requests that are held now.
    Held {
        /// The oldest of them, oldest first.
        oldest: Vec<HeldRequest>,
        /// How many there are.
        count: usize,
    },
    /// A held request was let go too late: it had its response already, or its caller had left.
    ReleasedTooLate(i64),
    /// Rules were imported: how many.
    RulesImported(usize),
    /// A file was written: the rules, or the authority's certificate.
    FileWritten(PathBuf),
    /// New exchanges, ascending.
    Arrived(Vec<i64>),
    /// Exchanges that are there no more, but for those that were deleted.
    Forgotten(Vec<i64>),
    /// What was said of exchanges is kept: the oldest that was asked and not told of yet.
    Annotated,
    /// Which exchanges of those that were asked about are pinned.
    Pinned {
        /// Those that were asked about.
        among: Arc<Ids>,
        /// The pinned ones of them.
        pinned: Arc<Ids>,
    },
    /// Exchanges that were deleted are there again.
    Restored(Arc<Ids>),
    /// The deletion of these exchanges can be undone no more.
    UndoOver(Arc<Ids>),
    /// Exchanges were found, and how far the search is. The first word of a search comes with a screen of them, or soon.
    Found {
        /// The number of [`Find`].
        number: u64,
        /// Older ones than all that were found before, newest first.
        older: Vec<i64>,
        /// What arrived since and matches, or changed and matches now, in no order.
        newer: Vec<i64>,
        /// What changed and does not match, or no more, in no order.
        gone: Vec<i64>,
        /// How many exchanges are still to be looked through; 0 once all are.
        left: u64,
    },
    /// A search that is to be sorted takes its time.
    Sorting {
        /// The number of [`Find`].
        number: u64,
        /// How many exchanges are still to be looked at.
        left: u64,
    },
    /// What a search found is sorted.
    Sorted {
        /// The number of [`Find`].
        number: u64,
        /// All of it.
        sorted: Sorted,
    },
    /// A search broke off; its number.
    FindFailed(u64),
    /// Counting takes its time.
    Counting {
        /// The number of [`Count`].
        number: u64,
        /// How far it is.
        progress: CountProgress,
    },
    /// What was counted.
    Counted {
        /// The number of [`Count`].
        number: u64,
        /// The numbers.
        report: Arc<Report>,
        /// Whether the bodies were read too.
        is_done: bool,
    },
    /// Counting broke off; its number.
    CountFailed(u64),
    /// What values there are.
    Seen(Arc<Seen>),
    /// How many exchanges are still to be judged again; until then filters may go by what was judged before.
    Judging {
        /// How many; 0 once it is over.
        left: u64,
    },
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
    /// What exchanges tell of a conversation.
    Conversation {
        /// Which one.
        key: Arc<Key>,
        /// What they tell.
        conversation: Arc<Conversation>,
    },
    /// What a comparison found, or why there is none.
    Compared {
        /// The number of [`Compare`].
        number: u64,
        /// What was found.
        compared: Result<Arc<Comparison>, Uncompared>,
    },
    /// Where a text was found in the body of an exchange.
    FoundInBody {
        /// The exchange.
        id: i64,
        /// The text that was asked for.
        needle: Needle,
        /// Where it stands.
        found: Found,
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
        /// Of so many.
        of: u64,
    },
    /// The beginning of what would leave.
    ExportPreview {
        /// The number of the question.
        number: u64,
        /// The answer.
        preview: Preview,
    },
    /// An export for the clipboard.
    ExportCopied {
        /// The text.
        text: String,
        /// How many exchanges are in it.
        count: u64,
        /// How many the form could not say.
        left_out: u64,
    },
    /// An export ended.
    Exported {
        /// Exchanges written.
        count: u64,
        /// How many the form could not say.
        left_out: u64,
        /// Where to.
        path: PathBuf,
        /// Whether it was stopped before its end; nothing is left of it then.
        stopped: bool,
    },
    /// An export did not work: why, and what to do.
    ExportFailed(String),
    /// How far an import is.
    Importing(ImportProgress),
    /// An import ended.
    Imported {
        /// What is there now, in place of nothing; `None` where it was stopped.
        ids: Option<Arc<Ids>>,
        /// What came of it.
        report: import::Report,
    },
    /// Nothing was imported: why, and what to do.
    ImportFailed(String),
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
    /// The histories as they are now.
    Histories(KnownHistories),
    /// Another history is open from here on: nothing that was told of the one before is true of it.
    HistoryOpened(KnownHistories),
    /// A history could not be opened: why, and what to do. The one before stays open.
    HistoryRefused(String),
    /// How far measuring is.
    Measuring {
        /// Exchanges measured.
        done: u64,
        /// Of so many, at most.
        of: u64,
    },
    /// What the parts of the history take of the disk.
    Measured(Parts),
    /// What limits would have forgotten at once.
    WouldForget {
        /// The limits.
        retention: Retention,
        /// How many exchanges.
        count: u64,
        /// Whether that is only about so many.
        is_about: bool,
    },
    /// How far giving free room back is.
    Compacting {
        /// What is still to be given back, in bytes.
        left_bytes: u64,
        /// Of how much.
        of_bytes: u64,
    },
    /// Free room was given back.
    Compacted {
        /// How much shorter the file is, in bytes.
        freed_bytes: u64,
        /// Whether it was stopped before its end.
        stopped: bool,
    },
    /// Free room could not be given back: why, and what to do.
    CompactFailed(String),
}
