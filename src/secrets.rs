//! Tokens: in the system's keyring, or in a file that only the user can read where there is none.

use crate::folder::write_whole;
use crate::protocol::sign::Token;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The name under which the keyring lists the tokens.
const SERVICE: &str = "hookglass";

/// What can go wrong with tokens. No message holds one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The keyring is there but said no.
    #[error("the system's keyring refused the token of {app}: {source}")]
    Keyring {
        /// Whose token.
        app: String,
        /// What it said.
        source: keyring::Error,
    },
    /// The file of tokens said no.
    #[error("could not use the file of tokens: {source}: {path}")]
    File {
        /// What the system said.
        source: io::Error,
        /// Which file.
        path: PathBuf,
    },
    /// The file of tokens is damaged.
    #[error("the file of tokens is damaged in line {line}; repair or delete it and enter the tokens again: {path}")]
    Damaged {
        /// Where. What stands there may be a token, so no message quotes it.
        line: usize,
        /// Which file.
        path: PathBuf,
    },
}

/// Where a token was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The system's keyring.
    Keyring,
    /// A file only the user can read.
    File(PathBuf),
}

/// The tokens of one data folder. Calls may wait for the desktop to ask its user: never on the window's thread.
#[derive(Debug, Clone)]
pub struct Secrets {
    folder_id: String,
    file: PathBuf,
    keyring: bool,
}

impl Secrets {
    /// The tokens of a data folder, in the keyring where that is `wanted`. Whether there is one is found out here.
    pub fn open(folder: &Path, folder_id: &str, wanted: bool) -> Self {
        let keyring = wanted && keyring::Entry::store_status().is_ok();
        Self { folder_id: folder_id.to_owned(), file: folder.join("tokens.json"), keyring }
    }

    /// Where tokens are put.
    pub fn place(&self) -> Place {
        if self.keyring { Place::Keyring } else { Place::File(self.file.clone()) }
    }

    /// The token of an app; `None` where there is none. The file is asked too where the keyring has none: it was
    /// perhaps saved while there was no keyring.
    ///
    /// # Errors
    /// When the keyring or the file says no.
    pub fn load(&self, app: &str) -> Result<Option<Token>, Error> {
        if self.keyring {
            match self.entry(app)?.get_password() {
                Ok(text) => return Ok(Some(Token::new(text))),
                Err(keyring::Error::NoEntry) => {}
                Err(source) => return Err(refused(app, source)),
            }
        }
        Ok(self.read_file()?.remove(app).map(Token::new))
    }

    /// Keeps the token of an app.
    ///
    /// # Errors
    /// When the keyring or the file says no.
    pub fn save(&self, app: &str, token: &Token) -> Result<Place, Error> {
        if self.keyring {
            self.entry(app)?.set_password(token.reveal()).map_err(|source| refused(app, source))?;
            self.forget_in_file(app)?;
        } else {
            let mut tokens = self.read_file()?;
            tokens.insert(app.to_owned(), token.reveal().to_owned());
            self.write_file(&tokens)?;
        }
        Ok(self.place())
    }

    /// Forgets the token of an app, wherever it is.
    ///
    /// # Errors
    /// When the keyring or the file says no.
    pub fn remove(&self, app: &str) -> Result<(), Error> {
        if self.keyring {
            match self.entry(app)?.delete_credential() {
                Ok(()) | Err(keyring::Error::NoEntry) => {}
                Err(source) => return Err(refused(app, source)),
            }
        }
        self.forget_in_file(app)
    }

    fn entry(&self, app: &str) -> Result<keyring::Entry, Error> {
        keyring::Entry::new(SERVICE, &format!("{}/{app}", self.folder_id)).map_err(|source| refused(app, source))
    }

    fn forget_in_file(&self, app: &str) -> Result<(), Error> {
        let mut tokens = self.read_file()?;
        if tokens.remove(app).is_some() { self.write_file(&tokens) } else { Ok(()) }
    }

    fn read_file(&self) -> Result<BTreeMap<String, String>, Error> {
        match fs::read(&self.file) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| Error::Damaged { line: error.line(), path: self.file.clone() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(source) => Err(Error::File { source, path: self.file.clone() }),
        }
    }

    fn write_file(&self, tokens: &BTreeMap<String, String>) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(tokens).expect("bug: plain strings can be written as JSON");
        write_whole(&self.file, &text, true).map_err(|source| Error::File { source, path: self.file.clone() })
    }
}

fn refused(app: &str, source: keyring::Error) -> Error {
    Error::Keyring { app: app.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_file(folder: &Path) -> Secrets {
        Secrets { folder_id: "f".into(), file: folder.join("tokens.json"), keyring: false }
    }

    #[test]
    fn tokens_come_back_and_go() {
        let dir = tempfile::tempdir().expect("bug: a folder can be made");
        let secrets = in_file(dir.path());
        let load = || secrets.load("1").expect("bug: readable");
        assert_eq!(load(), None);
        assert_eq!(secrets.save("1", &Token::new("a b")).expect("bug: writable"), Place::File(dir.path().join("tokens.json")));
        assert_eq!(load(), Some(Token::new("a b")));
        secrets.remove("1").expect("bug: writable");
        assert_eq!(load(), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_can_read_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().expect("bug: a folder can be made");
        fs::write(dir.path().join("tokens.new"), "left behind").expect("bug: writable");
        in_file(dir.path()).save("1", &Token::new("x")).expect("bug: writable");
        let mode = fs::metadata(dir.path().join("tokens.json")).expect("bug: there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_file_is_not_overwritten() {
        let dir = tempfile::tempdir().expect("bug: a folder can be made");
        fs::write(dir.path().join("tokens.json"), "{").expect("bug: writable");
        let error = in_file(dir.path()).save("1", &Token::new("secret")).expect_err("bug: damaged").to_string();
        assert!(error.contains("damaged") && !error.contains("secret"));
        assert_eq!(fs::read_to_string(dir.path().join("tokens.json")).expect("bug: there"), "{");
    }
}
