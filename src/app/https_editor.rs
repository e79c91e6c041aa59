//! The listener for `https://` as it is being set: where, and with which certificate.

use super::file_dialog::FileFor;
use crate::messages::{Effect, Listening};
use crate::settings::{Https, OwnCertificate};
use std::net::SocketAddr;
use std::path::Path;

/// What is being typed.
#[derive(Debug, Default)]
pub struct HttpsEditor {
    /// Address and port.
    pub listen: String,
    /// Whether the certificate is one's own.
    pub own: bool,
    /// The file with the certificate.
    pub certificate: String,
    /// The file with its key.
    pub key: String,
    /// What there is to say of a file dialog.
    pub remark: Option<&'static str>,
}

/// What a user can mean about `https://`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpsAction {
    /// The address was typed.
    EditListen(String),
    /// Use one's own certificate, or that of the local authority.
    UseOwn(bool),
    /// The path of the certificate was typed.
    EditCertificate(String),
    /// The path of the key was typed.
    EditKey(String),
    /// Listen as is typed.
    TurnOn,
    /// Listen no more.
    TurnOff,
}

/// What keeps a draft from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// The address is none.
    NoAddress,
    /// A file is not named.
    NoFile,
}

impl HttpsEditor {
    /// A draft of what is in force.
    pub fn of(https: &Https, listening: Option<&Listening>) -> Self {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let (certificate, key) = https.own.as_ref().map(|own| (path(&own.certificate), path(&own.key))).unwrap_or_default();
        Self { listen: where_it_listens(https, listening).to_string(), own: https.own.is_some(), certificate, key, remark: None }
    }

    /// What keeps the draft from being used.
    pub fn complaint(&self) -> Option<Complaint> {
        if self.address().is_none() {
            Some(Complaint::NoAddress)
        } else if self.own && [&self.certificate, &self.key].iter().any(|path| path.trim().is_empty()) {
            Some(Complaint::NoFile)
        } else {
            None
        }
    }

    /// Whether the draft is another than what is in force.
    pub fn is_changed(&self, https: &Https, listening: Option<&Listening>) -> bool {
        let now = Self::of(https, listening);
        let own = |editor: &Self| editor.own.then(|| (editor.certificate.trim().to_owned(), editor.key.trim().to_owned()));
        now.listen != self.listen.trim() || own(&now) != own(self)
    }

    fn address(&self) -> Option<SocketAddr> {
        self.listen.trim().parse().ok()
    }

    /// Takes a file that was chosen.
    pub fn choose(&mut self, what: FileFor, path: &Path) {
        let path = path.to_string_lossy().into_owned();
        self.remark = None;
        match what {
            FileFor::Certificate => self.certificate = path,
            FileFor::Key => self.key = path,
            FileFor::Export
            | FileFor::ExportFolder
            | FileFor::Import
            | FileFor::Authority
            | FileFor::RulesImport
            | FileFor::RulesExport
            | FileFor::History => {}
        }
    }

    /// Does what the user means.
    pub fn apply(&mut self, action: HttpsAction, https: &Https) -> Vec<Effect> {
        self.remark = None;
        match action {
            HttpsAction::EditListen(listen) => self.listen = listen,
            HttpsAction::UseOwn(own) => self.own = own,
            HttpsAction::EditCertificate(path) => self.certificate = path,
            HttpsAction::EditKey(path) => self.key = path,
            HttpsAction::TurnOn => return self.turned_on().map(Effect::SetHttps).into_iter().collect(),
            HttpsAction::TurnOff => return vec![Effect::SetHttps(Https { enabled: false, ..https.clone() })],
        }
        Vec::new()
    }

    fn turned_on(&self) -> Option<Https> {
        if self.complaint().is_some() {
            return None;
        }
        let own = OwnCertificate { certificate: self.certificate.trim().into(), key: self.key.trim().into() };
        Some(Https { enabled: true, listen: self.address()?, own: self.own.then_some(own) })
    }
}

/// Where it listens, or would.
pub(super) fn where_it_listens(https: &Https, listening: Option<&Listening>) -> SocketAddr {
    match listening {
        Some(Listening::On(address) | Listening::Refusing(address) | Listening::Failed { address, .. }) => *address,
        Some(Listening::Off) | None => https.listen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_says_what_is_wrong() {
        let draft = HttpsEditor::of(&Https::default(), None);
        assert_eq!(draft.complaint(), None);
        assert_eq!(
            HttpsEditor { listen: "9743".into(), ..HttpsEditor::of(&Https::default(), None) }.complaint(),
            Some(Complaint::NoAddress)
        );
        let own = HttpsEditor { own: true, certificate: "/c.pem".into(), ..draft };
        assert_eq!(own.complaint(), Some(Complaint::NoFile));
    }

    #[test]
    fn it_is_turned_on_as_typed_and_off_as_it_was() {
        let now = Https::default();
        let mut draft = HttpsEditor::of(&now, None);
        draft.apply(HttpsAction::EditListen(" 0.0.0.0:443 ".into()), &now);
        assert!(draft.is_changed(&now, None));
        let on = Https { enabled: true, listen: "0.0.0.0:443".parse().expect("bug: an address"), own: None };
        assert_eq!(draft.apply(HttpsAction::TurnOn, &now), [Effect::SetHttps(on.clone())]);
        assert_eq!(draft.apply(HttpsAction::TurnOff, &on), [Effect::SetHttps(Https { enabled: false, ..on })]);
    }
}
