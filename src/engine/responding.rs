//! What is responded: the response bar, the rules and their file, and what is held.

use super::{Error, Message, Shared, Tell, Work, now_millis, spawn};
use crate::exchange::{NOBODY, Outcome, Responded};
use crate::folder;
use crate::messages::{Effect, Event, KnownRules, Lasting, Release};
use crate::rules::bar::{Bar, Until};
use crate::rules::preset::Preset;
use crate::rules::{self, Rule};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

/// How often the rules file is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Among how many of the last exchanges one may have waited when the program was killed: more than are ever held at once.
const WAITED: usize = 10_000;

/// The rules and the file that they are kept in.
pub struct RulesFile {
    /// The file.
    pub path: PathBuf,
    /// Those in force.
    pub rules: Arc<[Rule]>,
    /// By what it is known whether the file changed.
    pub stamp: Option<Stamp>,
    /// The file as it was read or written last.
    text: String,
    complaints: Vec<String>,
}

/// By what it is known whether a file changed: when it was written, and how long it is. `None` where there is none.
pub type Stamp = (SystemTime, u64);

/// A rules file that was read.
pub struct RulesRead {
    text: String,
    read: Result<Vec<Rule>, Vec<String>>,
}

impl RulesFile {
    /// Reads the rules. Mistakes in a file that was named keep the program from starting; in the data folder's own they
    /// leave no rule in force, and are told.
    pub fn open(named: Option<PathBuf>, folder: &Path, _tell: &Tell) -> Result<Self, Error> {
        let is_named = named.is_some();
        let path = named.unwrap_or_else(|| folder::rules_path(folder));
        let stamp = stamp(&path);
        let RulesRead { text, read } = match read(&path) {
            Ok(read) => read,
            Err(source) if source.kind() == io::ErrorKind::NotFound && !is_named => RulesRead { text: String::new(), read: Ok(Vec::new()) },
            Err(source) if is_named => return Err(Error::RulesUnreadable { source, path }),
            Err(source) => RulesRead { text: String::new(), read: Err(vec![format!("could not read the rules: {source}")]) },
        };
        let (rules, complaints) = match read {
            Ok(rules) => (rules, Vec::new()),
            Err(complaints) if is_named => return Err(Error::RulesWrong { complaints, path }),
            Err(complaints) => (Vec::new(), complaints),
        };
        Ok(Self { path, rules: rules.into(), stamp, text, complaints })
    }
}

/// Reads a rules file, and the bodies that it names.
fn read(path: &Path) -> io::Result<RulesRead> {
    let text = std::fs::read_to_string(path)?;
    let read = rules::file::read(&text).map_err(|complaints| complaints.iter().map(ToString::to_string).collect());
    let read = read.and_then(|mut rules| read_bodies(&mut rules, path).map(|()| rules));
    Ok(RulesRead { text, read })
}

/// Reads the bodies that rules take from files, which are looked for beside the rules.
fn read_bodies(rules: &mut [Rule], path: &Path) -> Result<(), Vec<String>> {
    let beside = path.parent().unwrap_or(Path::new(""));
    let mut complaints = Vec::new();
    for body in rules::files(rules) {
        let Some(file) = &body.file else { continue };
        match std::fs::read(beside.join(file)) {
            Ok(bytes) => body.bytes = bytes,
            Err(error) => complaints.push(format!("body:{file} cannot be read: {error}")),
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Looks at the rules file, and reads it when it changed. A file that goes away changes nothing: editors replace files.
pub fn start_watching(shared: &Shared, path: PathBuf, mut known: Option<Stamp>) -> Result<(), Error> {
    let shared = shared.clone();
    spawn("rules", move || {
        while shared.is_alive() {
            thread::sleep(LOOK);
            let now = stamp(&path);
            if now == known || now.is_none() {
                continue;
            }
            known = now;
            let read = read(&path)
                .unwrap_or_else(|error| RulesRead { text: String::new(), read: Err(vec![format!("could not read the rules: {error}")]) });
            shared.say(Message::RulesRead(read));
        }
    })?;
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
        self.receiver.held.touch();
    }

    pub(super) fn bar_over(&mut self, number: u64) {
        if self.publish.borrow().bar.number == number {
            self.respond(Preset::Ok, Lasting::SwitchedOff);
        }
    }

    // Held requests

    pub(super) fn release(&self, id: i64, release: Release) {
        if !self.receiver.held.release(id, release) {
            (self.shared.tell)(Event::ReleasedTooLate(id));
        }
    }

    /// Completes what waited for something when the program was killed: it waits no more.
    pub(super) fn give_up_waiting(&self) -> Result<(), Error> {
        let (reader, writer) = (self.store.reader()?, self.store.writer());
        for id in reader.waiting(WAITED)? {
            let Some(stored) = reader.get(id)? else { continue };
            let responded = stored.exchange.response.unwrap_or_else(|| Responded::none(NOBODY));
            writer.complete(id, Responded { outcome: Some(Outcome::Stopped), ..responded });
        }
        Ok(())
    }

    // Rules

    pub(super) fn tell_rules(&self) {
        let RulesFile { path, rules, complaints, .. } = &self.rules;
        (self.shared.tell)(Event::Rules(KnownRules { rules: rules.clone(), path: path.clone(), complaints: complaints.clone() }));
    }

    /// Takes what the file says. Where it has mistakes the rules stay as they were.
    pub(super) fn rules_read(&mut self, RulesRead { text, read }: RulesRead) {
        match read {
            Ok(rules) => {
                self.rules.text = text;
                self.rules.complaints.clear();
                self.use_rules(rules);
            }
            Err(complaints) => self.rules.complaints = complaints,
        }
        self.tell_rules();
    }

    fn use_rules(&mut self, rules: Vec<Rule>) {
        if *self.rules.rules == *rules {
            return;
        }
        self.rules.rules = rules.into();
        let rules = self.rules.rules.clone();
        self.change(|snapshot| snapshot.rules = rules);
    }

    pub(super) fn save_rules(&mut self, rules: Vec<Rule>) {
        let text = rules::file::write(&rules, &self.rules.text);
        if let Err(error) = folder::write_whole(&self.rules.path, text.as_bytes(), false) {
            return self.shared.failed(format!("could not save the rules: {error}: {}", self.rules.path.display()));
        }
        self.rules_read(RulesRead { text, read: Ok(rules) });
    }

    pub(super) fn import_rules(&mut self, path: &Path) {
        let read = match read(path) {
            Ok(RulesRead { read, .. }) => read,
            Err(error) => Err(vec![format!("could not read it: {error}")]),
        };
        match read {
            Ok(imported) => {
                let count = imported.len();
                self.save_rules(rules::joined(&self.rules.rules, imported));
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
            shared.say(Message::Ask(effect));
            Ok(())
        });
        let runtime = self.runtime.enter();
        match crate::control::listen(self.folder.path(), ask, self.control.clone()) {
            Ok(()) => {}
            Err(error) => tracing::warn!("hookglass respond will not reach this one: {error}"),
        }
        drop(runtime);
    }
}
