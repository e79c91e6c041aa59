//! A conversation as it is shown.

use super::said::Said;

/// How many colours there are for senders.
pub const INKS: usize = 6;

/// What is told of a conversation, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conversation {
    /// What it is called.
    pub title: String,
    /// Who wrote in it, and how often; the most talkative first.
    pub participants: Vec<(String, usize)>,
    /// How many exchanges tell of it.
    pub exchanges: usize,
    /// What happened, oldest first.
    pub entries: Vec<Entry>,
}

/// Something that happened, or what stands between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The exchange that it leads to; what stands between two others leads to the later one.
    pub id: i64,
    /// All exchanges that tell of it, ascending; none of what stands between.
    pub ids: Vec<i64>,
    /// The time of day, local; empty where there is none.
    pub time: String,
    /// What it is.
    pub kind: Kind,
    /// Whether one of its callbacks is bad.
    pub is_bad: bool,
    /// What became of it.
    pub notes: Vec<Note>,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A message.
    Message {
        /// Who sent it.
        sender: String,
        /// A number of the sender's own, for a colour.
        ink: usize,
        /// Whether it stands at the right: of two users the second, who answers.
        is_right: bool,
        /// In which topic, where the conversation has several.
        topic: Option<String>,
        /// What it says.
        said: Vec<Said>,
        /// Whether it was recalled, or never sent.
        is_struck: bool,
    },
    /// Something else that happened, in a sentence.
    Event(String),
    /// Another day begins.
    Day(String),
    /// Something is missing here.
    Gap(String),
    /// For long nothing happened.
    Silence(String),
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// In words.
    pub text: String,
    /// How much it matters.
    pub weight: Weight,
    /// The exchange of another entry that it is about.
    pub leads_to: Option<i64>,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It may be overlooked.
    Quiet,
    /// Look at this.
    Look,
    /// It failed.
    Bad,
}

impl Conversation {
    /// Who wrote in it, in a line that names a few.
    pub fn names(&self, most: usize) -> String {
        let named: Vec<&str> = self.participants.iter().take(most).map(|(name, _)| name.as_str()).collect();
        match self.participants.len().saturating_sub(most) {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }

    /// The entry that an exchange tells of.
    pub fn position_of(&self, id: i64) -> Option<usize> {
        self.entries.iter().position(|entry| entry.ids.binary_search(&id).is_ok())
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        let mut lines = vec![self.title.clone()];
        lines.extend(self.entries.iter().map(Entry::text));
        lines.join("\n") + "\n"
    }
}

impl Entry {
    /// It as a text: on lines of its own what is said, with the notes behind it.
    pub fn text(&self) -> String {
        let notes: Vec<&str> = self.notes.iter().map(|note| note.text.as_str()).collect();
        let notes = if notes.is_empty() { String::new() } else { format!(" [{}]", notes.join("; ")) };
        let bad = if self.is_bad { " [bad callback]" } else { "" };
        match &self.kind {
            Kind::Message { sender, topic, said, .. } => {
                let said: Vec<&str> = said.iter().map(|said| said.text.as_str()).collect();
                let topic = topic.as_ref().map(|topic| format!(" ({topic})")).unwrap_or_default();
                format!("{}  {sender}{topic}: {}{notes}{bad}", self.time, said.join(" ").replace('\n', "\n    "))
            }
            Kind::Event(words) => format!("{}  {words}{notes}{bad}", self.time),
            Kind::Day(words) => format!("\n{words}"),
            Kind::Gap(words) | Kind::Silence(words) => format!("    … {words}"),
        }
    }
}
