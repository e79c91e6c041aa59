//! The conversation that is read in place of the list.
//!
//! It is what a filter finds: while it is read, that filter is in force, and what was before comes back with Back. So it
//! grows while callbacks come, and the list's search, its deletions and its export are those of the conversation.

use super::Model;
use super::filter_box::{Asked, Progress};
use super::texts::conversation as texts;
use crate::conversation::{Conversation, Key};
use crate::filter::{Filter, Moment};
use crate::messages::{Effect, Reading};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// How many exchanges are read at first, and how many more each time at least: with many there, half as many again.
const PAGE: u64 = 300;

/// How many are read at most; a filter finds what is older.
const MOST: u64 = 20_000;

/// How many before the selected one are read with it.
const BEFORE_SELECTED: u64 = 60;

/// What a user can mean with a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConversationAction {
    /// Read the one that the opened exchange belongs to.
    Open,
    /// Go back to the list as it was.
    Close,
    /// Read older ones too.
    Older,
    /// Select the entry this many further down; negative is up.
    SelectBy(i64),
    /// Copy what is read as text.
    Copy,
}

/// Whether what is told is true no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stale {
    No,
    /// Something became known since.
    Changed,
    /// All of it was judged anew.
    Judged,
}

/// The conversation that is being read.
#[derive(Debug)]
pub struct Open {
    key: Arc<Key>,
    /// What was looked for before.
    before: Asked,
    /// Its own filter.
    filter: String,
    wanted: u64,
    /// Whether the selected one is still to be reached.
    reaches_selected: bool,
    asked: Arc<[i64]>,
    /// Whether what was asked last is not told yet.
    is_waiting: bool,
    stale: Stale,
    told: Option<Arc<Conversation>>,
}

impl Open {
    /// Which one it is.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// What is told of it so far; `None` before anything is.
    pub fn told(&self) -> Option<&Arc<Conversation>> {
        self.told.as_ref()
    }
}

impl Model {
    /// The conversation that is being read.
    pub fn conversation(&self) -> Option<&Open> {
        self.conversation.as_deref()
    }

    /// Whether the opened exchange belongs to a conversation that is not being read already.
    pub fn can_read_conversation(&self) -> bool {
        let key = self.detail.opened().and_then(|opened| opened.conversation.as_ref());
        key.is_some_and(|key| self.conversation().is_none_or(|open| open.key() != key))
    }

    /// How many exchanges older than those that are read can be read.
    pub fn older_of_conversation(&self) -> u64 {
        let read = self.conversation().map_or(0, |open| open.wanted);
        if read >= MOST { 0 } else { self.history.shown().saturating_sub(read) }
    }

    /// Whether there are older ones that are not read, since there are too many.
    pub fn has_unread_of_conversation(&self) -> bool {
        self.conversation().is_some_and(|open| self.history.shown() > open.wanted)
    }

    pub(super) fn act_on_conversation(&mut self, action: ConversationAction) -> Vec<Effect> {
        match action {
            ConversationAction::Open => return self.open_conversation(),
            ConversationAction::Close => return self.close_conversation(),
            ConversationAction::Older => {
                if self.older_of_conversation() > 0
                    && let Some(open) = &mut self.conversation
                    && !open.is_waiting
                {
                    let read = open.asked.len() as u64;
                    open.wanted = (read + PAGE.max(read / 2)).min(MOST);
                }
            }
            ConversationAction::SelectBy(entries) => {
                let next = self.entry_by(entries);
                return next.map_or_else(Vec::new, |id| self.history.select(id));
            }
            ConversationAction::Copy => {
                if let Some(told) = self.conversation.as_ref().and_then(|open| open.told.clone()) {
                    self.clipboard = Some(told.text());
                    self.notices.done(texts::copied(told.exchanges));
                }
            }
        }
        Vec::new()
    }

    fn open_conversation(&mut self) -> Vec<Effect> {
        let Some(key) = self.detail.opened().and_then(|opened| opened.conversation.clone()) else { return Vec::new() };
        let text = key.filter();
        // No time of the day is in it.
        let Ok(filter) = Filter::parse(&text, &Moment { now_millis: 0, zone: &TimeZone::UTC }) else { return Vec::new() };
        let before = match self.conversation.take() {
            Some(open) => open.before,
            None => self.filter.asked(),
        };
        self.conversation = Some(Box::new(Open {
            key: Arc::new(key),
            before,
            filter: text,
            wanted: PAGE,
            reaches_selected: true,
            asked: Arc::default(),
            is_waiting: false,
            stale: Stale::Changed,
            told: None,
        }));
        let effects = self.filter.ask(Asked::for_filter(filter));
        self.follow_filter(&effects);
        effects
    }

    fn close_conversation(&mut self) -> Vec<Effect> {
        let Some(open) = self.conversation.take() else { return Vec::new() };
        let mut effects = self.filter.ask(open.before);
        self.follow_filter(&effects);
        effects.push(Effect::ReadConversation(None));
        effects
    }

    /// Leaves it for another history, in which what was filtered by before is looked for.
    pub(super) fn leave_conversation(&mut self) -> Option<Effect> {
        let open = self.conversation.take()?;
        self.filter.ask(open.before);
        Some(Effect::ReadConversation(None))
    }

    /// The exchange of the entry this many from the selected one; the newest where none is.
    fn entry_by(&self, entries: i64) -> Option<i64> {
        let told = self.conversation.as_ref()?.told.as_ref()?;
        let places: Vec<usize> = (0..told.entries.len()).filter(|at| !told.entries[*at].ids.is_empty()).collect();
        let last = places.len().checked_sub(1)?;
        let at = self.history.selected().and_then(|id| told.position_of(id)).and_then(|at| places.binary_search(&at).ok());
        let by = usize::try_from(entries.unsigned_abs()).unwrap_or(usize::MAX);
        let next = match at {
            None => last,
            Some(at) if entries < 0 => at.saturating_sub(by),
            Some(at) => at.saturating_add(by).min(last),
        };
        Some(told.entries[places[next]].id)
    }

    /// Asks for the conversation anew where other exchanges are of it now, or something became known of them. It is left
    /// where something else is filtered by.
    pub(super) fn follow_conversation(&mut self) -> Option<Effect> {
        let open = self.conversation.as_deref_mut()?;
        if self.filter.text() != open.filter || self.filter.sorting().is_some() {
            self.conversation = None;
            return Some(Effect::ReadConversation(None));
        }
        // Until something is told, the list is of what was looked for before.
        if self.filter.progress() == Progress::Asked {
            return None;
        }
        if let Some(position) = self.history.selected().filter(|_| open.reaches_selected).and_then(|id| self.history.position_of(id)) {
            open.reaches_selected = false;
            open.wanted = open.wanted.max(position + BEFORE_SELECTED).min(MOST);
        }
        // What is read stays read while newer ones come.
        if let Some(position) = open.asked.first().and_then(|oldest| self.history.position_of(*oldest)) {
            open.wanted = open.wanted.max(position + 1).min(MOST);
        }
        let count = self.history.shown().min(open.wanted);
        let ids = || (0..count).rev().filter_map(|position| self.history.id_at(position));
        if open.stale == Stale::No && ids().eq(open.asked.iter().copied()) {
            return None;
        }
        open.asked = ids().collect();
        let anew = open.stale == Stale::Judged;
        (open.stale, open.is_waiting) = (Stale::No, true);
        Some(Effect::ReadConversation(Some(Reading { key: open.key.clone(), ids: open.asked.clone(), anew })))
    }

    /// Something became known of exchanges; `is_judgement` where they were judged again.
    pub(super) fn conversation_is_stale(&mut self, is_judgement: bool) {
        if let Some(open) = &mut self.conversation {
            open.stale = open.stale.max(if is_judgement { Stale::Judged } else { Stale::Changed });
        }
    }

    /// Takes what is told; of a conversation that was left it comes too late.
    pub(super) fn take_conversation(&mut self, key: &Key, conversation: Arc<Conversation>) {
        if let Some(open) = self.conversation.as_mut().filter(|open| *open.key == *key) {
            (open.told, open.is_waiting) = (Some(conversation), false);
        }
    }

    /// What could not be asked is asked again with the next change.
    pub(super) fn conversation_not_asked(&mut self) {
        self.conversation_is_stale(false);
    }
}
