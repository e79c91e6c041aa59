//! What is responded: the response bar, the rules and their file, and what is held.

use super::{Error, Message, Shared, Work, now_millis, spawn};
use crate::exchange::{NOBODY, Outcome, Responded};
use crate::folder;
use crate::messages::{Effect, Event, KnownRules, Lasting, Release};
use crate::protocol::json;
use crate::rules::bar::{Bar, Until};
use crate::rules::preset::Preset;
use crate::rules::{self, Rule};
use crate::store::{Completion, Read, Reader, Writer};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, SystemTime};

/// How often the rules file is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// How long another process waits until what it asked is carried out.
const CONTROL_WAIT: Duration = Duration::from_secs(4);

/// Among how many of the last exchanges one may have waited when the program was killed: more than are ever held at once.
const WAITED: usize = 10_000;

/// The rules and the file that they are kept in.
pub struct RulesFile {
    /// The file.
    pub path: PathBuf,
    /// Those in force.
    pub rules: Arc<[Rule]>,
    /// By what it is known whether the file changed.
    pub stamp: Stamp,
    /// The bodies that they name.
    pub bodies: Vec<PathBuf>,
    /// The file as it was read or written last.
    text: String,
    complaints: Vec<String>,
}

/// By what it is known whether the rules file, or a body that it names, changed: when each was written, and how long it
/// is. `None` where there is none.
pub type Stamp = Vec<Option<(SystemTime, u64)>>;

/// A rules file that was read.
pub struct RulesRead {
    text: String,
    read: Result<Vec<Rule>, Vec<String>>,
    /// As it was when it was read.
    stamp: Stamp,
    /// The bodies that it names.
    bodies: Vec<PathBuf>,
}

/// The longest body of a file.
const LONGEST_BODY: u64 = 64 * 1024 * 1024;

impl RulesFile {
    /// Reads the rules. Mistakes in a file that was named keep the program from starting; in the data folder's own they
    /// leave no rule in force, and are told.
    pub fn open(named: Option<PathBuf>, folder: &Path) -> Result<Self, Error> {
        let is_named = named.is_some();
        let path = named.unwrap_or_else(|| folder::rules_path(folder));
        let RulesRead { text, read, stamp, bodies } = match read(&path) {
            Ok(read) => read,
            Err(source) if source.kind() == io::ErrorKind::NotFound && !is_named => RulesRead::without(&path, Ok(Vec::new())),
            Err(source) if is_named => return Err(Error::RulesUnreadable { source, path }),
            Err(source) => RulesRead::without(&path, Err(vec![format!("could not read the rules: {source}")])),
        };
        let (rules, complaints) = match read {
            Ok(rules) => (rules, Vec::new()),
            Err(complaints) if is_named => return Err(Error::RulesWrong { complaints, path }),
            Err(complaints) => (Vec::new(), complaints),
        };
        Ok(Self { path, rules: rules.into(), stamp, bodies, text, complaints })
    }
}

impl RulesRead {
    /// Without a text.
    fn without(path: &Path, read: Result<Vec<Rule>, Vec<String>>) -> Self {
        Self { text: String::new(), read, stamp: stamp(path, &[]), bodies: Vec::new() }
    }
}

/// Reads a rules file, and the bodies that it names.
fn read(path: &Path) -> io::Result<RulesRead> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    // First the stamp: what changes from here on is seen by the next look.
    let before = stamp(path, &[]);
    let text = std::fs::read_to_string(path)?;
    let mut bodies = Vec::new();
    let read = rules::file::read(&text).map_err(|complaints| complaints.iter().map(ToString::to_string).collect());
    let read = read.and_then(|mut rules| read_bodies(&mut rules, &text, path, &mut bodies).map(|()| rules));
    let stamp = before.into_iter().chain(bodies.iter().map(|body| stamp_of(body))).collect();
    Ok(RulesRead { text, read, stamp, bodies })
}

/// Reads the bodies that rules take from files, which are looked for beside the rules.
fn read_bodies(rules: &mut [Rule], text: &str, path: &Path, bodies: &mut Vec<PathBuf>) -> Result<(), Vec<String>> {
    let beside = path.parent().unwrap_or(Path::new(""));
    let mut complaints = Vec::new();
    for body in rules::files(rules) {
        let Some(file) = &body.file else { continue };
        let at = beside.join(file);
        match read_body(&at) {
            Ok(bytes) => body.bytes = bytes.into(),
            Err(error) => complaints.push(format!("{}body:{file} cannot be read: {error}", place_of(text, file))),
        }
        bodies.push(at);
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

fn read_body(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() || metadata.len() > LONGEST_BODY {
        return Err(io::Error::other("it is no file of at most 64 MiB"));
    }
    std::fs::read(path)
}

/// Where a rules file names this body.
fn place_of(text: &str, file: &str) -> String {
    let Some(offset) = text.find(&format!("body:{file}")) else { return String::new() };
    let (line, column) = json::line_and_column(text.as_bytes(), offset);
    format!("line {line}, column {column}: ")
}

fn stamp(path: &Path, bodies: &[PathBuf]) -> Stamp {
    std::iter::once(path).chain(bodies.iter().map(PathBuf::as_path)).map(stamp_of).collect()
}

fn stamp_of(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Looks at the rules file and its bodies, and reads them when one changed. Since editors replace files, one that is gone
/// once changes nothing; gone at two looks, it leaves no rule.
pub fn start_watching(shared: &Shared, rules: &RulesFile) -> Result<(), Error> {
    let (shared, path) = (shared.clone(), rules.path.clone());
    let (mut known, mut bodies) = (rules.stamp.clone(), rules.bodies.clone());
    let mut was_gone = false;
    spawn("rules", move || {
        while shared.is_alive() {
            thread::sleep(LOOK);
            let now = stamp(&path, &bodies);
            let is_gone = now.first().is_none_or(Option::is_none);
            let is_replaced = is_gone && !was_gone;
            was_gone = is_gone;
            if now == known || is_replaced {
                continue;
            }
            let read = match read(&path) {
                Ok(read) => read,
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    RulesRead::without(&path, Err(vec![format!("could not read the rules: {error}")]))
                }
                Err(_) if is_gone => RulesRead::without(&path, Ok(Vec::new())),
                Err(_) => continue,
            };
            (known, bodies) = (read.stamp.clone(), read.bodies.clone());
            shared.say(Message::RulesRead(read));
        }
    })?;
    Ok(())
}

/// Rules from elsewhere, whose bodies are named by where they are. Somebody else's file may name what lies beside it, and
/// nothing further: whatever it names is sent to callers.
fn self_contained(mut rules: Vec<Rule>, path: &Path) -> Result<Vec<Rule>, Vec<String>> {
    let beside = path.parent().and_then(|folder| std::fs::canonicalize(folder).ok()).unwrap_or_default();
    let mut complaints = Vec::new();
    for body in rules::files(&mut rules) {
        let Some(file) = &body.file else { continue };
        match std::fs::canonicalize(beside.join(file)) {
            Ok(whole) if whole.starts_with(&beside) => body.file = Some(whole.to_string_lossy().into_owned()),
            Ok(_) | Err(_) => complaints.push(format!("body:{file} is not beside the imported file")),
        }
    }
    if complaints.is_empty() { Ok(rules) } else { Err(complaints) }
}

/// Completes what waited for something when the program was killed: it waits no more.
pub fn give_up_waiting(shared: &Shared, reader: &Reader, writer: &Writer) -> Result<(), Error> {
    // Without their bodies: nothing is asked of them.
    for stored in reader.rows(&reader.waiting(WAITED)?, 0)? {
        let asked = shared.inspect_early(&stored).asked();
        let responded = stored.exchange.response.unwrap_or_else(|| Responded::none(NOBODY));
        let responded = Responded { outcome: Some(Outcome::Stopped), ..responded };
        writer.complete(stored.exchange.id, Completion { read: Some(Read::of(asked, &responded)), responded });
    }
    Ok(())
}

impl Work {
    // The response bar

    pub(super) fn respond(&mut self, preset: Preset, lasting: Lasting) {
        let until = match lasting {
            Lasting::SwitchedOff => Until::SwitchedOff,
            Lasting::Requests(_) if !preset.is_counted() => Until::SwitchedOff,
            Lasting::Requests(count) => Until::Requests(count),
            Lasting::Minutes(minutes) => Until::Time(now_millis() + i64::from(minutes) * 60_000),
        };
        let refuses = preset == Preset::Refuse;
        self.change(|snapshot| snapshot.bar = Bar { preset, until, number: snapshot.bar.number + 1 });
        self.refuse(refuses);
        // Whoever tells when the bar is over looks at it anew.
        self.history.receiver.held.touch();
    }

    pub(super) fn bar_over(&mut self, number: u64) {
        if self.publish.borrow().bar.number == number {
            self.respond(Preset::Ok, Lasting::SwitchedOff);
        }
    }

    // Held requests

    pub(super) fn release(&self, id: i64, release: Release) {
        if !self.history.receiver.held.release(id, release) {
            (self.shared.tell)(Event::ReleasedTooLate(id));
        }
    }

    // Rules

    pub(super) fn tell_rules(&self) {
        let RulesFile { path, rules, complaints, .. } = &self.rules;
        (self.shared.tell)(Event::Rules(KnownRules { rules: rules.clone(), path: path.clone(), complaints: complaints.clone() }));
    }

    /// Takes what the file says. Where it has mistakes the rules stay as they were. What was read before a later change is
    /// of no use: that is read too.
    pub(super) fn rules_read(&mut self, read: RulesRead) {
        if read.stamp != stamp(&self.rules.path, &read.bodies) {
            return;
        }
        let before = (self.rules.rules.clone(), self.rules.complaints.clone());
        self.take_rules(read);
        // What was saved here is read here too, and was told then.
        if before != (self.rules.rules.clone(), self.rules.complaints.clone()) {
            self.tell_rules();
        }
    }

    fn take_rules(&mut self, RulesRead { text, read, stamp, bodies }: RulesRead) {
        (self.rules.stamp, self.rules.bodies) = (stamp, bodies);
        match read {
            Ok(rules) => {
                self.rules.text = text;
                self.rules.complaints.clear();
                self.use_rules(rules);
            }
            Err(complaints) => self.rules.complaints = complaints,
        }
    }

    fn use_rules(&mut self, rules: Vec<Rule>) {
        if *self.rules.rules == *rules {
            return;
        }
        self.rules.rules = rules.into();
        let rules = self.rules.rules.clone();
        self.change(|snapshot| snapshot.rules = rules);
    }

    /// Keeps rules in the file. Whoever asked is told once what is in force afterwards, whether that worked or not.
    pub(super) fn save_rules(&mut self, rules: &[Rule]) {
        if let Err(reason) = self.write_rules(rules) {
            self.shared.failed(reason);
        }
        self.tell_rules();
    }

    fn write_rules(&mut self, rules: &[Rule]) -> Result<(), String> {
        let path = self.rules.path.clone();
        if self.rules.stamp != stamp(&path, &self.rules.bodies) {
            // Somebody else has written it, and nobody has looked so far.
            let read = read(&path).map_err(|error| format!("could not read the rules: {error}: {}", path.display()))?;
            self.take_rules(read);
            return Err(format!("the rules file was changed by somebody else meanwhile; look at it, then try again: {}", path.display()));
        }
        if !self.rules.complaints.is_empty() {
            let aside =
                folder::set_aside(&path).map_err(|error| format!("could not set the damaged rules aside: {error}: {}", path.display()))?;
            self.shared.failed(format!("the rules file had mistakes; it is kept under another name: {}", aside.display()));
        }
        let text = rules::file::write(rules, &self.rules.text);
        folder::write_whole(&path, text.as_bytes(), false)
            .map_err(|error| format!("could not save the rules: {error}: {}", path.display()))?;
        // As they are read the next time: a body's file may have changed too.
        let read = read(&path).map_err(|error| format!("could not read the rules: {error}: {}", path.display()))?;
        self.take_rules(read);
        Ok(())
    }

    pub(super) fn import_rules(&mut self, path: &Path) {
        let read = match read(path) {
            Ok(RulesRead { read, .. }) => read.and_then(|rules| self_contained(rules, path)),
            Err(error) => Err(vec![format!("could not read it: {error}")]),
        };
        match read {
            Ok(imported) => {
                let count = imported.len();
                self.save_rules(&rules::joined(&self.rules.rules, imported));
                (self.shared.tell)(Event::RulesImported(count));
            }
            Err(complaints) => self.shared.failed(format!("nothing was imported: {}: {}", complaints.join("; "), path.display())),
        }
    }

    pub(super) fn export_rules(&self, path: PathBuf) {
        let text = rules::file::write(&self.rules.rules, &self.rules.text);
        self.shared.write_file(path, text);
    }

    // The command line of another process

    /// Opens the local socket. Where that cannot be, `hookglass respond` does not reach us, and nothing else is amiss.
    pub(super) fn start_control(&self) {
        let shared = self.shared.clone();
        let ask = Arc::new(move |effect: Effect| {
            let is_hold = matches!(effect, Effect::Respond(Preset::Hold, _));
            if is_hold && !shared.has_window() {
                return Err("it has no window, so nobody can decide by hand; see timeout and delay:MS".to_owned());
            }
            if matches!(effect, Effect::Respond(Preset::Tls(_), _)) && !shared.has_https() {
                return Err("it receives no https://, so no handshake can fail; start it with --tls-listen, or switch HTTPS on".to_owned());
            }
            let (done, carried_out) = sync_channel(1);
            shared.say(Message::AskAndTell(effect, done));
            carried_out.recv_timeout(CONTROL_WAIT).map_err(|_late| "it is too busy to do so now; try again in a moment".to_owned())
        });
        let runtime = self.threads.main().enter();
        match crate::control::listen(self.folder.path(), ask, self.control.clone()) {
            Ok(()) => {}
            Err(error) => tracing::warn!("hookglass respond will not reach this one: {error}"),
        }
        drop(runtime);
    }
}
