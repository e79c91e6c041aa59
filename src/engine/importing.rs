//! Importing: reads files, judges what they hold, and has the store take it; for the window and for the command line.

use super::deleting::Deletion;
use super::{Message, Work, now_millis};
use crate::annotation::Annotation;
use crate::ids::Ids;
use crate::import::{Imported, Item, Reading, Report};
use crate::inspect;
use crate::messages::{Event, ImportProgress};
use crate::protocol::{self, SdkApp};
use crate::store::{self, Arrival, Import, Importer, Index, Read, Rejudging};
use std::fs::File;
use std::io::{self, Cursor, Read as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How much of a file is read at once.
const PIECE: usize = 256 * 1024;

/// How often it is told how far it is. What is over sooner needs no word.
const TELL_PAUSE: Duration = Duration::from_millis(200);

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
    mut tell: impl FnMut(ImportProgress) -> ControlFlow<()>,
) -> Result<Done, Error> {
    let mut report = Report::default();
    let of_bytes = sources.iter().map(|source| source.length).sum();
    let mut progress = ImportProgress { of_bytes, ..ImportProgress::default() };
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

impl Work {
    /// Imports files, beside the engine.
    pub(super) fn import_files(&mut self, files: &[PathBuf]) {
        match files.iter().map(|file| Source::file(file)).collect() {
            Ok(sources) => self.import(sources),
            Err(error) => (self.shared.tell)(Event::ImportFailed(error.to_string())),
        }
    }

    /// Imports a text, beside the engine.
    pub(super) fn import_text(&mut self, text: String) {
        self.import(vec![Source::text("pasted", text)]);
    }

    fn import(&mut self, sources: Vec<Source>) {
        self.stop_import = Arc::default();
        let stop = self.stop_import.clone();
        let (begin, deletions) = (self.history.store.importer(), self.history.asked.deletions.clone());
        self.history.shared.job("import", move |shared| {
            let apps_before = shared.apps();
            let mut told = Instant::now();
            let tell = |progress| {
                if told.elapsed() >= TELL_PAUSE {
                    told = Instant::now();
                    (shared.tell)(Event::Importing(progress));
                }
                let goes_on = shared.is_alive() && !stop.load(Ordering::Relaxed);
                if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            let begun = begin.and_then(Importer::begin).map_err(Error::Store);
            let done = begun.and_then(|begun| import(begun, sources, &|| shared.apps(), now_millis(), tell));
            match done {
                Ok(Done { report, ids }) => {
                    let range = ids.as_ref().and_then(|ids| Some((ids.ranges().first()?.0, ids.ranges().last()?.1)));
                    // A token that was entered meanwhile.
                    if let Some((first, last)) = range.filter(|_| !Arc::ptr_eq(&apps_before, &shared.apps())) {
                        shared.say(Message::JudgeAgain(Rejudging { app: String::new(), after: first - 1, upto: last }));
                    }
                    (shared.tell)(Event::Imported { ids, report });
                }
                Err(error) => (shared.tell)(Event::ImportFailed(error.to_string())),
            }
            // What was given up is to be forgotten. Where nobody does any more, the next start does.
            deletions.send(Deletion::GivenUp).ok();
        });
    }
}
