//! Exports: exchanges leave the history, one after the other, in whichever form. A million take no more memory than one.
//!
//! A file is written beside itself first, and a folder beside itself, so that an export that was stopped, or failed,
//! leaves nothing half written.

use super::Work;
use super::jobs::Shared;
use crate::export::{Leaving, Setting, Writing, http};
use crate::inspect;
use crate::messages::{Destination, Event, Export, Preview};
use crate::protocol::SdkApp;
use crate::redaction::{self, Redaction};
use crate::store::{Reader, Stored};
use crate::wording;
use jiff::tz::TimeZone;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How far an export is, is told at most this often.
const PROGRESS_PAUSE: Duration = Duration::from_millis(100);

/// How much of an export a preview shows: so many exchanges, and about so many bytes.
const PREVIEWED: u64 = 20;
const PREVIEWED_BYTES: usize = 24 * 1024;

/// The most that is copied, in bytes: text for a clipboard.
const MOST_COPIED_BYTES: usize = 4 * 1024 * 1024;

/// What an export is made of.
pub struct Exporting<'a> {
    /// The history.
    pub reader: &'a Reader,
    /// The apps by which exchanges are judged.
    pub apps: &'a [SdkApp],
    /// The apps whose tokens leave in no redacted export.
    pub secret: &'a [SdkApp],
    /// Which exchanges, and how.
    pub export: &'a Export,
    /// Where redacted and other requests are said to be sent.
    pub base: String,
}

/// What was exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// How many exchanges.
    pub count: u64,
    /// How many the form could not say.
    pub left_out: u64,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

/// Whether to go on after so many exchanges.
pub type Turn<'t> = &'t mut dyn FnMut(u64) -> ControlFlow<()>;

impl Exporting<'_> {
    /// Writes exchanges to a file or into a folder, unless `turn` stops it: then nothing is left of it.
    ///
    /// # Errors
    /// When the history cannot be read or the file not be written; nothing is left then either.
    pub fn write_to(&self, to: &Destination, turn: Turn<'_>) -> io::Result<Written> {
        if self.export.form.is_folder() {
            let folder = Beside::of_folder(&to.path)?;
            let written = self.write_files(&folder.part, turn)?;
            return if written.stopped { Ok(written) } else { folder.keep().map(|()| written) };
        }
        if fs::metadata(&to.path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
            // A device or a pipe is written to, not replaced.
            return self.write(OpenOptions::new().write(true).open(&to.path)?, turn);
        }
        let (file, beside) = Beside::of_file(to)?;
        let mut out = BufWriter::new(file);
        out.write_all(self.export.form.format.file_mark())?;
        let written = self.write(&mut out, turn)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        if written.stopped { Ok(written) } else { beside.keep().map(|()| written) }
    }

    /// Writes exchanges one behind the other, unless `turn` stops it.
    ///
    /// # Errors
    /// When the history cannot be read or what is written to refuses.
    pub fn write(&self, out: impl Write, turn: Turn<'_>) -> io::Result<Written> {
        let mut writing = Writing::begin(self.export.form.clone(), self.setting(), out)?;
        let written = self.each(turn, |leaving| writing.add(leaving))?;
        // What is not all of it has no end.
        if !written.stopped {
            writing.end()?;
        }
        Ok(written)
    }

    /// Writes files of a folder.
    fn write_files(&self, folder: &Path, turn: Turn<'_>) -> io::Result<Written> {
        self.each(turn, |Leaving { exchange, .. }| {
            fs::write(folder.join(http::request_name(exchange.id)), http::request(&exchange.request))?;
            if let Some(response) = http::response(exchange) {
                fs::write(folder.join(http::response_name(exchange.id)), response)?;
            }
            Ok(true)
        })
    }

    fn setting(&self) -> Setting {
        Setting { base: self.base.clone(), zone: TimeZone::system() }
    }

    /// Visits the exchanges as they leave, oldest first. `take` says whether its form could say one.
    fn each(&self, turn: Turn<'_>, mut take: impl FnMut(Leaving<'_>) -> io::Result<bool>) -> io::Result<Written> {
        let mut redaction = self.export.form.redacted.then(|| Redaction::new(self.secret.iter().flat_map(|app| &app.tokens)));
        let mut written = Written::default();
        self.reader.each(self.export.ids.as_deref(), |stored| {
            if turn(written.count).is_break() {
                written.stopped = true;
                return Ok::<_, io::Error>(ControlFlow::Break(()));
            }
            let is_said = self.leave(&stored, redaction.as_mut(), &mut take)?;
            *if is_said { &mut written.count } else { &mut written.left_out } += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(written)
    }

    fn leave(
        &self,
        stored: &Stored,
        redaction: Option<&mut Redaction>,
        take: impl FnOnce(Leaving<'_>) -> io::Result<bool>,
    ) -> io::Result<bool> {
        let Stored { exchange, kept, annotation, .. } = stored;
        let inspection = inspect::inspect(&exchange.request, self.apps, kept);
        let Some(redaction) = redaction else {
            let findings = inspection.findings(&exchange.request, self.apps);
            return take(Leaving { exchange, annotation, inspection: &inspection, findings: &findings });
        };
        // What is said of it is computed of what leaves, with nothing else at hand: it can say no more than that.
        let exchange = &redaction.exchange(exchange, &inspection.callback);
        let annotation = &redaction.annotation(annotation);
        let kept = redaction::kept(&inspection.callback, &inspection.verdicts, self.apps, kept);
        let inspection = inspect::inspect(&exchange.request, &[], &kept);
        let findings = inspection.findings(&exchange.request, &[]);
        take(Leaving { exchange, annotation, inspection: &inspection, findings: &findings })
    }

    /// The beginning of what would leave.
    fn preview(&self, stop: &AtomicBool) -> io::Result<Preview> {
        let mut out = Beginning::default();
        let of = self.count()?;
        let mut begun = 0;
        let written = if self.export.form.is_folder() {
            self.list_files(&mut out, stop, &mut begun)
        } else {
            self.write(&mut out, &mut previewed(stop, &mut begun))
        };
        let shown = match written {
            // It failed in the midst of one.
            Err(_) if out.is_full() => begun,
            written => written?.count,
        };
        Ok(Preview { text: visible(&out.bytes), shown, of })
    }

    fn list_files(&self, out: &mut Beginning, stop: &AtomicBool, begun: &mut u64) -> io::Result<Written> {
        self.each(&mut previewed(stop, begun), |Leaving { exchange, .. }| {
            write!(out, "──── {}\n\n", http::request_name(exchange.id))?;
            out.write_all(&http::request(&exchange.request))?;
            if let Some(response) = http::response(exchange) {
                write!(out, "\n\n──── {}\n\n", http::response_name(exchange.id))?;
                out.write_all(&response)?;
            }
            out.write_all(b"\n\n")?;
            Ok(true)
        })
    }

    /// How many exchanges there are to be exported.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn count(&self) -> io::Result<u64> {
        match &self.export.ids {
            Some(ids) => Ok(ids.len()),
            None => Ok(self.reader.counts()?.received),
        }
    }
}

/// Goes on for as long as there is something to show; notes before which exchange.
fn previewed<'s>(stop: &'s AtomicBool, begun: &'s mut u64) -> impl FnMut(u64) -> ControlFlow<()> + 's {
    move |done| {
        *begun = done;
        if done >= PREVIEWED || stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Takes the beginning of what is written to it, and fails then.
#[derive(Default)]
struct Beginning {
    bytes: Vec<u8>,
}

impl Beginning {
    fn is_full(&self) -> bool {
        self.bytes.len() >= PREVIEWED_BYTES
    }
}

impl Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PREVIEWED_BYTES - self.bytes.len();
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = bytes.len().min(room);
        self.bytes.extend(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// As it is shown: what acts is visible, lines are lines.
fn visible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.split('\n').map(|line| wording::visible(line.strip_suffix('\r').unwrap_or(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// What is written beside the place where it is to be. It is removed, unless it is kept.
struct Beside {
    part: PathBuf,
    path: PathBuf,
    replace: bool,
    /// Holds its lock.
    _file: Option<File>,
}

impl Beside {
    fn of_file(to: &Destination) -> io::Result<(File, Self)> {
        // Where the path leads elsewhere, the file there is replaced.
        let path = fs::canonicalize(&to.path).unwrap_or_else(|_new| to.path.clone());
        if path.is_dir() {
            return Err(io::Error::other("this is a folder; name a file in it"));
        }
        if !to.replace && path.exists() {
            return Err(io::Error::other("a file of that name exists; choose another name or delete it"));
        }
        let part = beside(&path);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&part)?;
        if file.try_lock().is_err() {
            return Err(io::Error::other("another export writes this file; wait until it is done"));
        }
        let lock = file.try_clone()?;
        let this = Self { part, path, replace: to.replace, _file: Some(lock) };
        // One that was killed may have left something.
        file.set_len(0)?;
        if let Ok(old) = fs::metadata(&this.path) {
            file.set_permissions(old.permissions())?;
        }
        Ok((file, this))
    }

    fn of_folder(path: &Path) -> io::Result<Self> {
        let is_taken = match fs::read_dir(path) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        };
        if is_taken {
            return Err(io::Error::other("this is there and no empty folder; choose another name"));
        }
        // Without a slash at its end, behind which something would be in it.
        let path: PathBuf = path.components().collect();
        let part = beside(&fs::canonicalize(&path).unwrap_or_else(|_new| path.clone()));
        if part.exists() {
            fs::remove_dir_all(&part)?;
        }
        fs::create_dir(&part)?;
        Ok(Self { part, path, replace: true, _file: None })
    }

    /// Puts it where it is to be.
    fn keep(self) -> io::Result<()> {
        if !self.replace && self.path.exists() {
            return Err(io::Error::other("a file of that name was made meanwhile; choose another name"));
        }
        if self.part.is_dir() && self.path.is_dir() {
            fs::remove_dir(&self.path)?;
        }
        fs::rename(&self.part, &self.path)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // What was kept is not there any more.
        if self.part.is_dir() {
            fs::remove_dir_all(&self.part).ok();
        } else {
            fs::remove_file(&self.part).ok();
        }
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".hookglass-part");
    PathBuf::from(beside)
}

impl Work {
    pub(super) fn export(&mut self, export: Export, to: Destination) {
        self.stop_export = Arc::default();
        let stop = self.stop_export.clone();
        self.exporting("export", export, move |shared, exporting| {
            let of = exporting.count()?;
            let mut next = Instant::now();
            let mut turn = |done| {
                if Instant::now() >= next {
                    next = Instant::now() + PROGRESS_PAUSE;
                    (shared.tell)(Event::Exporting { done, of });
                }
                if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let written =
                exporting.write_to(&to, &mut turn).map_err(|error| io::Error::other(format!("{error}: {}", to.path.display())))?;
            let Written { count, left_out, stopped } = written;
            Ok(Event::Exported { count, left_out, stopped, path: to.path })
        });
    }

    pub(super) fn copy_export(&mut self, export: Export) {
        self.stop_export = Arc::default();
        let stop = self.stop_export.clone();
        self.exporting("export", export, move |_shared, exporting| {
            let mut text = Clip::default();
            let mut turn = |_done| if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            let Written { count, left_out, .. } = exporting.write(&mut text, &mut turn)?;
            let text = String::from_utf8(text.0);
            let text =
                text.map_err(|_bytes| io::Error::other("these requests are not all text, so they cannot be copied; write a file"))?;
            Ok(Event::ExportCopied { text, count, left_out })
        });
    }

    pub(super) fn preview_export(&mut self, number: u64, export: Export) {
        // Whoever asked before sees something else by now.
        self.stop_preview.store(true, Ordering::Relaxed);
        self.stop_preview = Arc::default();
        let stop = self.stop_preview.clone();
        self.exporting("preview", export, move |_shared, exporting| {
            let preview = exporting.preview(&stop).unwrap_or_else(|error| Preview { text: error.to_string(), ..Preview::default() });
            Ok(Event::ExportPreview { number, preview })
        });
    }

    /// Does something with an export on a thread and a connection of its own, and tells what came of it.
    fn exporting(&self, name: &str, export: Export, job: impl FnOnce(&Shared, &Exporting<'_>) -> io::Result<Event> + Send + 'static) {
        let (reader, base) = (self.history.store.reader(), self.base_url());
        self.shared.job(name, move |shared| {
            let apps = shared.apps();
            let done = reader.map_err(io::Error::from).and_then(|reader| {
                let (reader, apps, secret, export) = (&reader, &*apps, &*apps, &export);
                job(shared, &Exporting { reader, apps, secret, export, base })
            });
            (shared.tell)(done.unwrap_or_else(|error| Event::ExportFailed(error.to_string())));
        });
    }
}

/// Text for a clipboard; fails where it becomes too much.
#[derive(Default)]
struct Clip(Vec<u8>);

impl Write for Clip {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_COPIED_BYTES {
            return Err(io::Error::other(format!("this is more than {}; write a file instead", wording::size(MOST_COPIED_BYTES as u64))));
        }
        self.0.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
