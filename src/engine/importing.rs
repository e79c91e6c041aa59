//! Importing: reads files, judges what they hold, and has the store take it; for the window and for the command line.

use crate::annotation::Annotation;
use crate::ids::Ids;
use crate::import::{Imported, Item, Reading, Report};
use crate::inspect;
use crate::protocol::{self, SdkApp};
use crate::store::{self, Arrival, Import, Index, Read};
use std::fs::File;
use std::io::{self, Cursor, Read as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much of a file is read at once.
const PIECE: usize = 256 * 1024;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file can't be read.
    #[error("nothing was imported, since a file can't be read ({source}): {}", path.display())]
    Unreadable {
        /// What the system says.
        source: io::Error,
        /// The file.
        path: PathBuf,
    },
    /// The history.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Something that is imported.
pub struct Source {
    /// What it is called where something of it can't be read.
    name: String,
    /// How long it is, where that is known.
    length: Option<u64>,
    content: Box<dyn io::Read + Send>,
}

impl Source {
    /// A file.
    ///
    /// # Errors
    /// When it can't be opened.
    pub fn file(path: &Path) -> Result<Self, Error> {
        let unreadable = |source| Error::Unreadable { source, path: path.to_owned() };
        let file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(unreadable(io::ErrorKind::IsADirectory.into()));
        }
        // What is no file, such as a pipe, has no length.
        let length = metadata.is_file().then_some(metadata.len());
        Ok(Self { name: path.display().to_string(), length, content: Box::new(file) })
    }

    /// What a stream brings.
    pub fn stream(name: &str, content: impl io::Read + Send + 'static) -> Self {
        Self { name: name.to_owned(), length: None, content: Box::new(content) }
    }

    /// A text.
    pub fn text(name: &str, text: String) -> Self {
        Self { length: Some(text.len() as u64), ..Self::stream(name, Cursor::new(text)) }
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// How many bytes were read.
    pub bytes: u64,
    /// Of how many, where that is known.
    pub of_bytes: Option<u64>,
    /// How many exchanges were taken.
    pub exchanges: u64,
}

/// What an import has done.
#[derive(Debug)]
pub struct Done {
    /// What came of it.
    pub report: Report,
    /// What is there now; `None` where it was stopped, and nothing is.
    pub ids: Option<Arc<Ids>>,
}

/// Imports all of these, or nothing where `tell` says stop, or something goes wrong.
///
/// # Errors
/// When a file can't be read, or the history not be written.
pub fn import(
    mut import: Import,
    sources: Vec<Source>,
    apps: &dyn Fn() -> Arc<[SdkApp]>,
    now_millis: i64,
    mut tell: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Done, Error> {
    let mut report = Report::default();
    let of_bytes = sources.iter().map(|source| source.length).sum();
    let mut progress = Progress { of_bytes, ..Progress::default() };
    let mut piece = vec![0; PIECE];
    for Source { name, length: _, mut content } in sources {
        let mut reading = Reading::new(now_millis);
        loop {
            progress.exchanges = report.exchanges;
            if tell(progress).is_break() {
                return Ok(Done { report, ids: None });
            }
            let read = match content.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(source) => return Err(Error::Unreadable { source, path: name.into() }),
            };
            progress.bytes += read as u64;
            take(&mut import, reading.take(&piece[..read]), (&name, &mut report), &apps())?;
        }
        take(&mut import, reading.end(), (&name, &mut report), &apps())?;
    }
    progress.exchanges = report.exchanges;
    // The last moment to stop: once it is over all of it is there.
    if tell(progress).is_break() {
        return Ok(Done { report, ids: None });
    }
    Ok(Done { report, ids: Some(import.end()?) })
}

fn take(import: &mut Import, items: Vec<Item>, (name, report): (&str, &mut Report), apps: &[SdkApp]) -> Result<(), store::Error> {
    for item in items {
        match item {
            Item::Exchange(imported) => {
                let (arrival, annotation) = judge(*imported, apps);
                let count = if import.take(arrival, annotation)? { &mut report.exchanges } else { &mut report.duplicates };
                *count += 1;
            }
            Item::Complaint(complaint) => report.complain(name, complaint),
        }
    }
    Ok(())
}

/// Judges what was read as an arrival is judged, with the tokens that are at hand. Where they are not, what was judged with one
/// stands.
fn judge(imported: Imported, apps: &[SdkApp]) -> (Arrival, Annotation) {
    let Imported { request, response, kept, annotation } = imported;
    let callback = protocol::parse(&request);
    let replay_key = protocol::replay_key(&request, &callback);
    let inspection = inspect::judge_early(&request, callback, apps, &kept);
    let read = response.as_ref().map(|responded| Read::of(inspection.asked(), responded));
    let index = Index::of(&inspection, apps);
    let index = Index { judged: index.judged.or(kept.judged), apps_known: kept.apps_known.unwrap_or(index.apps_known), ..index };
    (Arrival { request, response, replay: kept.replay, replay_key, index, read }, annotation)
}
