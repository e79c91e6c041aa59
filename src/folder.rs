//! The data folder: who may write in it, its settings file, and where the histories lie.

use crate::histories::{ENDING, Name, Which};
use crate::settings::Settings;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// What can go wrong with the folder.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nowhere to put data.
    #[error("this system names no folder for application data; pass one with --data DIR")]
    NoHome,
    /// Another program holds the lock.
    #[error("Hookglass is running already with this data folder and {}; stop it, or pass another folder with --data DIR: {path}", receiving(.address))]
    InUse {
        /// What the other wrote into the lock: the address it listens on.
        address: String,
        /// The folder.
        path: PathBuf,
    },
    /// Another program writes a history.
    #[error("Hookglass has this history open already and {}; stop it, or open another history: {path}", receiving(.address))]
    HistoryInUse {
        /// The address that the other listens on.
        address: String,
        /// The history.
        path: PathBuf,
    },
    /// There is a history of that name.
    #[error("there is a history of that name; choose another: {path}")]
    Exists {
        /// Its file.
        path: PathBuf,
    },
    /// The system said no.
    #[error("could not {doing}: {source}: {path}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
        /// On what.
        path: PathBuf,
    },
}

fn receiving(address: &str) -> String {
    if address.is_empty() { "is not receiving".to_owned() } else { format!("receives on {address}") }
}

fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Io { doing, source, path: path.to_owned() }
}

/// The platform's folder for this application's data.
///
/// # Errors
/// When the system has none.
pub fn default_path() -> Result<PathBuf, Error> {
    let dirs = directories::ProjectDirs::from("", "", "hookglass").ok_or(Error::NoHome)?;
    Ok(dirs.data_dir().to_owned())
}

/// Where the main history lies in a data folder.
pub fn history_path(folder: &Path) -> PathBuf {
    folder.join("history.db")
}

/// Where a history lies; a file that is named by a path without a root is looked for where the program was started.
pub fn path_of(folder: &Path, which: &Which) -> PathBuf {
    match which {
        Which::Main => history_path(folder),
        Which::Named(name) => named_folder(folder).join(name.file_name()),
        Which::File(path) => std::path::absolute(path).unwrap_or_else(|_no_such_place| path.clone()),
    }
}

/// The history that a file is: one of the data folder, or any other.
pub fn which_is(folder: &Path, path: &Path) -> Which {
    let real = |path: &Path| fs::canonicalize(path).or_else(|_new| std::path::absolute(path)).unwrap_or_else(|_odd| path.to_owned());
    let file = real(path);
    let named = || Name::read(file.file_stem()?.to_str()?).ok().map(Which::Named);
    if file == real(&history_path(folder)) {
        Which::Main
    } else if let Some(named) = named().filter(|named| real(&path_of(folder, named)) == file) {
        named
    } else {
        Which::File(file)
    }
}

/// The histories of a data folder beside the main one, by their names.
///
/// # Errors
/// When their folder is there and cannot be read.
pub fn names(folder: &Path) -> Result<Vec<Name>, Error> {
    let path = named_folder(folder);
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io("read the folder of the histories", &path)(error)),
    };
    let name = |entry: fs::DirEntry| Name::read(entry.file_name().to_str()?.strip_suffix(ENDING)?).ok();
    let mut names: Vec<Name> = entries.filter_map(|entry| name(entry.ok()?)).collect();
    names.sort_by_cached_key(|name| name.as_str().to_lowercase());
    Ok(names)
}

/// Makes the folder for histories beside the main one.
///
/// # Errors
/// When the system refuses.
pub fn make_room_for(folder: &Path, which: &Which) -> Result<(), Error> {
    let Which::Named(_) = which else { return Ok(()) };
    let path = named_folder(folder);
    create(&path).map_err(io("create the folder of the histories", &path))
}

/// Gives a history that nobody has open another name. `settle` brings it into its one file, and fails where somebody reads it.
///
/// # Errors
/// When there is one of that name, somebody has it open, or the system refuses; `settle`'s own.
pub fn rename<E: From<Error>>(folder: &Path, from: &Name, to: &Name, settle: impl FnOnce(&Path) -> Result<(), E>) -> Result<(), E> {
    let [old, new] = [from, to].map(|name| path_of(folder, &Which::Named(name.clone())));
    let _locks = [Lock::of_history(&old)?, Lock::of_history(&new)?];
    if new.exists() {
        return Err(Error::Exists { path: new }.into());
    }
    settle(&old)?;
    fs::rename(&old, &new).map_err(io("rename the history", &old))?;
    Ok(())
}

fn named_folder(folder: &Path) -> PathBuf {
    folder.join("histories")
}

/// Where the rules lie in a data folder.
pub fn rules_path(folder: &Path) -> PathBuf {
    folder.join("rules.toml")
}

/// The settings of a folder that another process may be using: nothing is locked, created or set aside.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn read_settings(folder: &Path) -> Result<Settings, Error> {
    let path = folder.join("settings.json");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Settings::from_json(&text).unwrap_or_default()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(io("read the settings", &path)(error)),
    }
}

/// A lock, taken until it is dropped. What it guards is no file that `SQLite` opens: closing one of those a second time in a
/// process would take `SQLite`'s own locks away.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Takes a lock; where another has it, fails with what `in_use` makes of the address that the other receives on.
    fn take(path: PathBuf, in_use: impl FnOnce(String) -> Error) -> Result<Self, Error> {
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = options.map_err(io("open the lock", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, file }),
            Err(TryLockError::WouldBlock) => {
                let mut address = String::new();
                file.read_to_string(&mut address).map_err(io("read the lock", &path))?;
                Err(in_use(address))
            }
            Err(TryLockError::Error(source)) => Err(io("take the lock", &path)(source)),
        }
    }

    /// The lock of a history, beside it: whichever way leads to the file, it is the same.
    ///
    /// # Errors
    /// When another has it, or the system refuses.
    pub fn of_history(history: &Path) -> Result<Self, Error> {
        let mut lock = fs::canonicalize(history).unwrap_or_else(|_new| history.to_owned()).into_os_string();
        lock.push(".lock");
        Self::take(lock.into(), |address| Error::HistoryInUse { address, path: history.to_owned() })
    }

    /// Writes the address on which this process receives into the lock, for whoever finds it taken.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn announce(&mut self, address: &str) -> Result<(), Error> {
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(address.as_bytes())
        };
        write(&mut self.file).map_err(io("write the lock", &self.path))
    }
}

/// The folder, locked for this process until it is dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    lock: Lock,
}

impl DataFolder {
    /// Creates the folder where it is missing and takes its lock.
    ///
    /// # Errors
    /// When another process holds it, or the system refuses.
    pub fn open(path: &Path) -> Result<Self, Error> {
        create(path).map_err(io("create the data folder", path))?;
        let lock = Lock::take(path.join("lock"), |address| Error::InUse { address, path: path.to_owned() })?;
        Ok(Self { path: path.to_owned(), lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the address on which this process receives into the lock, for whoever finds it taken.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn announce(&mut self, address: &str) -> Result<(), Error> {
        self.lock.announce(address)
    }

    /// Reads the settings. A damaged file is set aside under another name, which is returned beside the defaults.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn load_settings(&self) -> Result<(Settings, Option<PathBuf>), Error> {
        let path = self.path.join("settings.json");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Settings::default(), None)),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => String::new(),
            Err(error) => return Err(io("read the settings", &path)(error)),
        };
        if let Ok(settings) = Settings::from_json(&text) {
            return Ok((settings, None));
        }
        let aside = set_aside(&path).map_err(io("set the damaged settings aside", &path))?;
        Ok((Settings::default(), Some(aside)))
    }

    /// Writes the settings: the old file or the new one is there at any moment, never half of one.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn save_settings(&self, settings: &Settings) -> Result<(), Error> {
        let path = self.path.join("settings.json");
        write_whole(&path, settings.to_json().as_bytes(), false).map_err(io("save the settings", &path))
    }
}

/// Creates a folder that only its user can look into: what is received is private.
fn create(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Gives a damaged file another name, which is returned: `settings.json` becomes `settings.damaged.json`. What was set
/// aside before stays.
///
/// # Errors
/// When the system refuses.
pub fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("txt");
    let numbered = |number: u32| if number == 1 { "damaged".to_owned() } else { format!("damaged-{number}") };
    let named = |number: u32| path.with_extension(format!("{}.{extension}", numbered(number)));
    let aside = (1..1000).map(named).find(|path| !path.exists()).unwrap_or_else(|| named(1));
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// Replaces a file by writing a new one beside it, with the mode of the old one. `private` ones can be read by their user
/// only. Where the path leads elsewhere, the file there is replaced.
///
/// # Errors
/// When the system refuses.
pub fn write_whole(path: &Path, content: &[u8], private: bool) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_new| path.to_owned());
    let mut new = path.clone().into_os_string();
    new.push(".hookglass-new");
    let new = PathBuf::from(new);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if private {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        options.mode(0o600);
        if new.exists() {
            fs::set_permissions(&new, fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _everybodys_or_not = private;
    let mut file = options.open(&new)?;
    if let Ok(old) = fs::metadata(&path).map(|old| old.permissions())
        && !private
    {
        file.set_permissions(old)?;
    }
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("bug: a folder can be made")
    }

    #[test]
    fn a_second_one_is_told_where_the_first_receives() {
        let dir = folder();
        let mut first = DataFolder::open(dir.path()).expect("bug: free");
        first.announce("http://127.0.0.1:9700/").expect("bug: writable");
        let error = DataFolder::open(dir.path()).expect_err("bug: taken").to_string();
        assert!(error.contains("receives on http://127.0.0.1:9700/"), "{error}");
        drop(first);
        DataFolder::open(dir.path()).expect("bug: free again");
    }

    #[test]
    fn a_history_has_one_lock_whichever_way_leads_to_it() {
        let dir = folder();
        let path = dir.path().join("a.db");
        fs::write(&path, "").expect("bug: writable");
        let mut first = Lock::of_history(&path).expect("bug: free");
        first.announce("http://127.0.0.1:9700/").expect("bug: writable");
        let error = Lock::of_history(&dir.path().join("../").join(dir.path().file_name().expect("bug: named")).join("a.db"));
        let error = error.expect_err("bug: taken").to_string();
        assert!(error.contains("receives on http://127.0.0.1:9700/; stop it, or open another history: "), "{error}");
        drop(first);
        Lock::of_history(&path).expect("bug: free again");
    }

    #[test]
    fn histories_are_found_by_their_names_and_renamed_only_where_nobody_has_them() {
        let dir = folder();
        let name = |text: &str| Name::read(text).expect("bug: a name");
        let named = |text: &str| Which::Named(name(text));
        assert_eq!(names(dir.path()).expect("bug: none"), []);
        make_room_for(dir.path(), &named("b")).expect("bug: writable");
        for text in ["b", "A", "红包"] {
            fs::write(path_of(dir.path(), &named(text)), text).expect("bug: writable");
        }
        fs::write(named_folder(dir.path()).join("b.db-wal"), "").expect("bug: writable");
        assert_eq!(names(dir.path()).expect("bug: three"), [name("A"), name("b"), name("红包")]);
        for (path, which) in [
            (history_path(dir.path()), Which::Main),
            (path_of(dir.path(), &named("b")), named("b")),
            (dir.path().join("b.db"), Which::File(fs::canonicalize(dir.path()).expect("bug: there").join("b.db"))),
        ] {
            fs::write(&path, "").expect("bug: writable");
            assert_eq!(which_is(dir.path(), &path), which);
        }

        let settled = |_: &Path| Ok::<(), Error>(());
        let taken = rename(dir.path(), &name("A"), &name("b"), settled).expect_err("bug: taken").to_string();
        assert!(taken.starts_with("there is a history of that name"), "{taken}");
        let lock = Lock::of_history(&path_of(dir.path(), &named("A"))).expect("bug: free");
        assert!(matches!(rename(dir.path(), &name("A"), &name("c"), settled), Err(Error::HistoryInUse { .. })));
        drop(lock);
        rename(dir.path(), &name("A"), &name("c"), settled).expect("bug: free");
        assert_eq!(fs::read_to_string(path_of(dir.path(), &named("c"))).expect("bug: there"), "A");
    }

    #[test]
    fn settings_are_kept() {
        let dir = folder();
        let data = DataFolder::open(dir.path()).expect("bug: free");
        let settings = Settings { apps: vec!["1".into()], ..Settings::default() };
        data.save_settings(&settings).expect("bug: writable");
        assert_eq!(read_settings(dir.path()).expect("bug: readable"), settings);
        assert_eq!(data.load_settings().expect("bug: readable"), (settings, None));
    }

    #[test]
    fn damaged_settings_are_set_aside() {
        let dir = folder();
        fs::write(dir.path().join("settings.json"), "{broken").expect("bug: writable");
        let data = DataFolder::open(dir.path()).expect("bug: free");
        let (settings, aside) = data.load_settings().expect("bug: readable");
        assert_eq!(settings, Settings::default());
        assert_eq!(fs::read_to_string(aside.expect("bug: set aside")).expect("bug: there"), "{broken");
        fs::write(dir.path().join("settings.json"), "[broken again").expect("bug: writable");
        let (_, again) = data.load_settings().expect("bug: readable");
        assert_eq!(fs::read_to_string(again.expect("bug: set aside")).expect("bug: there"), "[broken again");
        assert_eq!(fs::read_to_string(dir.path().join("settings.damaged.json")).expect("bug: it stays"), "{broken");
    }
}
