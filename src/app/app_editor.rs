//! A draft of an app: its id and its token as they are typed.

use crate::messages::{Effect, KnownApp};
use crate::protocol::sign::Token;
use crate::settings::is_app_id;

/// What is being typed.
#[derive(Debug, Default)]
pub struct AppEditor {
    /// The app that is being changed; `None` for a new one.
    pub editing: Option<String>,
    /// The id as typed.
    pub id: String,
    /// The token as typed; empty leaves the one that is there.
    pub token: String,
}

/// What keeps a draft from being saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// Nothing was typed yet.
    Empty,
    /// The id is no number.
    NoAppId,
    /// Another saved app has this id.
    Taken,
    /// The token begins or ends with a space or a line break: perhaps copied by mistake.
    SpaceAround,
}

impl AppEditor {
    /// Begins to change an app.
    pub fn edit(&mut self, id: String) {
        *self = Self { editing: Some(id.clone()), id, token: String::new() };
    }

    /// What is wrong with the draft. A space around the token is only worth a warning.
    pub fn complaint(&self, apps: &[KnownApp]) -> Option<Complaint> {
        let id = self.id.trim();
        let is_other = |app: &KnownApp| app.id == id && self.editing.as_deref() != Some(id);
        if id.is_empty() {
            Some(Complaint::Empty)
        } else if !is_app_id(id) {
            Some(Complaint::NoAppId)
        } else if self.editing.is_some() && apps.iter().any(is_other) {
            Some(Complaint::Taken)
        } else if self.token.trim() != self.token {
            Some(Complaint::SpaceAround)
        } else {
            None
        }
    }

    /// Whether the draft can be saved.
    pub fn can_save(&self, apps: &[KnownApp]) -> bool {
        matches!(self.complaint(apps), None | Some(Complaint::SpaceAround))
    }

    /// Saves the draft and begins a new one.
    pub fn save(&mut self, apps: &[KnownApp]) -> Vec<Effect> {
        if !self.can_save(apps) {
            return Vec::new();
        }
        let Self { editing, id, token } = std::mem::take(self);
        let token = (!token.is_empty()).then(|| Token::new(token));
        vec![Effect::SaveApp { id: id.trim().to_owned(), token, replaces: editing }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apps() -> Vec<KnownApp> {
        vec![KnownApp { id: "1".into(), has_token: true, saved: true }, KnownApp { id: "2".into(), has_token: false, saved: true }]
    }

    fn editor(editing: Option<&str>, id: &str, token: &str) -> AppEditor {
        AppEditor { editing: editing.map(str::to_owned), id: id.into(), token: token.into() }
    }

    #[test]
    fn a_draft_says_what_is_wrong() {
        for (draft, complaint) in [
            (editor(None, " ", ""), Some(Complaint::Empty)),
            (editor(None, "14x", ""), Some(Complaint::NoAppId)),
            (editor(Some("1"), "2", ""), Some(Complaint::Taken)),
            (editor(Some("1"), "1", ""), None),
            (editor(None, "1", "new"), None),
            (editor(None, "3", "a "), Some(Complaint::SpaceAround)),
        ] {
            assert_eq!(draft.complaint(&apps()), complaint, "{draft:?}");
        }
    }

    #[test]
    fn saving_keeps_the_token_as_typed_and_begins_anew() {
        let mut draft = editor(Some("1"), " 4 ", "a ");
        let effects = draft.save(&apps());
        assert_eq!(effects, [Effect::SaveApp { id: "4".into(), token: Some(Token::new("a ")), replaces: Some("1".into()) }]);
        assert!(draft.id.is_empty() && draft.token.is_empty());
        assert_eq!(editor(None, "x", "").save(&apps()), []);
    }
}
