//! What an effect asks for in particular, and how far the answer is.

use crate::column::Sorting;
use crate::compare::Ignored;
use crate::conversation::Key;
use crate::export::Form;
use crate::filter::Filter;
use crate::ids::Ids;
use crate::wire::Response;
use std::path::PathBuf;
use std::sync::Arc;

/// What is exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Which exchanges; `None` for all.
    pub ids: Option<Arc<Ids>>,
    /// In which form.
    pub form: Form,
}

/// Where an export goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The file, or the folder.
    pub path: PathBuf,
    /// Whether a file that is there already may be replaced.
    pub replace: bool,
}

/// The beginning of what would leave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// As it would stand there, but for what could act, which is made visible.
    pub text: String,
    /// How many exchanges are in it, each as a whole.
    pub shown: u64,
    /// Of how many.
    pub of: u64,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportProgress {
    /// How many bytes were read.
    pub bytes: u64,
    /// Of how many, where that is known.
    pub of_bytes: Option<u64>,
    /// How many exchanges were taken.
    pub exchanges: u64,
}

impl ImportProgress {
    /// Which part of it is done, from 0 to 1, where that is known.
    pub fn part(&self) -> Option<f32> {
        let of = self.of_bytes.filter(|of| *of > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "a bar needs no more")]
        Some((self.bytes as f32 / of as f32).min(1.0))
    }
}

/// What is to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compare {
    /// A number of the asker's own, to tell late answers by.
    pub number: u64,
    /// The exchange that stands right.
    pub id: i64,
    /// What stands left.
    pub with: With,
    /// What is ignored.
    pub ignored: Ignored,
}

/// What an exchange is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum With {
    /// This exchange.
    Exchange(i64),
    /// The exchange before it that is of the same command, or of the same path where it names none.
    Previous,
    /// What is documented of its command: this one of its bodies, counted from 0.
    Sample(usize),
}

/// Why there is nothing to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncompared {
    /// None of the same command came before.
    NoPrevious,
    /// One of the exchanges is no longer in the history.
    Gone,
    /// The command is not documented.
    NoSample,
    /// The history could not be read, which was told.
    Unread,
}

/// How free room is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compact {
    /// In small steps behind whatever arrives.
    GiveBack,
    /// All at once, by writing the file anew, while responses wait: files of earlier versions need it once.
    Rewrite,
}

/// Which exchanges are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// A number of the asker's own, to tell late answers by.
    pub number: u64,
    /// What they must be like.
    pub filter: Filter,
    /// By what they are to be sorted; `None` for newest first, told as they are found. What is sorted is told once, as
    /// [`Sorted`](super::Event::Sorted); what arrives later is told as [`Found`](super::Event::Found) and stands nowhere in it.
    pub order: Option<Sorting>,
}

/// What is to be read of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which one.
    pub key: Arc<Key>,
    /// Its exchanges, ascending.
    pub ids: Arc<[i64]>,
    /// Whether what was read before is not true any more: exchanges were judged again.
    pub anew: bool,
}

/// Which exchanges are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// A number of the asker's own, to tell late answers by.
    pub number: u64,
    /// What they must be like.
    pub filter: Filter,
    /// And which they must be among; `None` for any.
    pub among: Option<Arc<Ids>>,
}

/// How far counting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountProgress {
    /// So many exchanges were counted.
    Columns {
        /// How many.
        done: u64,
        /// Of how many.
        of: u64,
    },
    /// The bodies of so many were read, for what only bodies tell.
    Bodies {
        /// How many.
        done: u64,
        /// Of how many.
        of: u64,
    },
}

/// The most minutes for which something is simulated: a day.
pub const MOST_MINUTES: u32 = 1_440;

/// How long something is to be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lasting {
    /// Until somebody switches it off.
    #[default]
    SwitchedOff,
    /// For the next so many requests, or handshakes where TLS is at fault.
    Requests(u32),
    /// For so many minutes.
    Minutes(u32),
}

/// What the developer decided about a held request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// This response.
    Respond(Response),
    /// None: it times out.
    Timeout,
}
