//! The apps and their tokens: they come with the start, are saved and removed, and what came is judged again with them.

use super::rejudging::Wanted;
use super::{Work, jobs, now_millis};
use crate::messages::Event;
use crate::protocol::SdkApp;
use crate::protocol::sign::Token;
use crate::secrets::Place;
use crate::settings::Settings;
use crate::store::Rejudging;

impl Work {
    /// Asks for the tokens of the saved apps. Until they come, those apps' signatures are unchecked.
    pub(super) fn load_tokens(&mut self) {
        self.publish_apps();
        if self.settings.apps.is_empty() {
            self.judge_rest();
        } else {
            jobs::load_tokens(&self.shared, self.settings.apps.clone());
        }
    }

    /// Goes on with what is to be judged again in the history that is open.
    pub(super) fn judge_rest(&self) {
        self.ask_the_reader(&self.history.asked.rejudgings, Wanted::Rest(self.tokens_stamp()));
    }

    /// By what a history is known to be judged with the tokens that there are: it may have been closed when one was entered.
    pub(super) fn tokens_stamp(&self) -> String {
        let Settings { folder_id, tokens_changed_millis, .. } = &self.settings;
        if *tokens_changed_millis == 0 { String::new() } else { format!("{folder_id} {tokens_changed_millis}") }
    }

    pub(super) fn tokens_loaded(&mut self, tokens: Vec<(String, Token)>) {
        self.tokens.extend(tokens);
        self.publish_apps();
        // What came in the moment before the tokens did.
        for app in self.settings.apps.clone() {
            self.rejudge(&app, self.history.newest_at_start);
        }
        self.judge_rest();
    }

    pub(super) fn app_saved(&mut self, id: String, token: Option<Token>, replaces: Option<String>, place: Option<Place>) {
        let at = replaces.as_ref().and_then(|old| self.settings.apps.iter().position(|app| app == old));
        if let Some(old) = replaces.filter(|old| *old != id) {
            self.tokens.remove(&old);
        }
        match at {
            Some(at) => self.settings.apps[at].clone_from(&id),
            None if !self.settings.apps.contains(&id) => self.settings.apps.push(id.clone()),
            None => {}
        }
        if let Some(token) = token {
            self.tokens.insert(id.clone(), token);
        }
        self.settings.tokens_changed_millis = now_millis();
        self.save_settings();
        self.publish_apps();
        self.rejudge(&id, 0);
        let token_file = place.and_then(|place| match place {
            Place::Keyring => None,
            Place::File(path) => Some(path),
        });
        (self.shared.tell)(Event::AppSaved { id, token_file });
    }

    pub(super) fn app_removed(&mut self, id: &str) {
        self.settings.apps.retain(|app| app != id);
        self.tokens.remove(id);
        self.save_settings();
        self.publish_apps();
    }

    /// Publishes all apps: those of the command line first, they count for this run.
    fn publish_apps(&self) {
        let is_saved_only = |id: &&String| !self.session_apps.iter().any(|app| app.id == **id);
        let saved = self.settings.apps.iter().filter(is_saved_only);
        let saved = saved.map(|id| SdkApp { id: id.clone(), tokens: self.tokens.get(id).cloned().into_iter().collect() });
        let apps: Vec<SdkApp> = self.session_apps.iter().cloned().chain(saved).collect();
        self.change(|snapshot| snapshot.apps = apps.into());
    }

    /// Judges an app's exchanges after this one again, with what is known of it now.
    fn rejudge(&self, app: &str, after: i64) {
        (self.shared.tell)(Event::Rejudged);
        // Nothing that comes from now on needs it.
        match self.history.store.reader().and_then(|reader| reader.newest()) {
            Ok(upto) => self.ask_the_reader(
                &self.history.asked.rejudgings,
                Wanted::These(Rejudging { app: app.to_owned(), after, upto }, self.tokens_stamp()),
            ),
            Err(error) => self.shared.failed(error),
        }
    }
}
