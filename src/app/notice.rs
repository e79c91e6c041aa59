//! What went well or badly, until dismissed.

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number, never used again.
    pub id: u64,
    /// What happened and what to do.
    pub text: String,
    /// How much it matters.
    pub weight: Weight,
    /// Whether what happened can be undone.
    pub offers_undo: bool,
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Something went well: it goes by itself after a moment.
    Done,
    /// Something to know: it stays until it is dismissed.
    Warning,
    /// Something went wrong: it stays until it is dismissed.
    Failure,
}

/// The notices that stand, oldest first.
#[derive(Debug, Default)]
pub struct Notices {
    list: Vec<Notice>,
    last_id: u64,
}

/// How many stand at once; an older one makes room.
const MOST: usize = 3;

impl Notices {
    /// Those that stand.
    pub fn list(&self) -> &[Notice] {
        &self.list
    }

    /// Something went well.
    pub fn done(&mut self, text: impl Into<String>) {
        self.add(text.into(), Weight::Done);
    }

    /// Something went wrong. Returns the number of the notice, for what may be put right.
    pub fn failed(&mut self, text: impl Into<String>) -> u64 {
        self.add(text.into(), Weight::Failure)
    }

    /// Something to know.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.add(text.into(), Weight::Warning);
    }

    /// Something was done that can be undone: it stays as long as that is so. Returns the number of the notice.
    pub fn undoable(&mut self, text: impl Into<String>) -> u64 {
        let id = self.add(text.into(), Weight::Done);
        self.list.iter_mut().filter(|notice| notice.id == id).for_each(|notice| notice.offers_undo = true);
        id
    }

    fn add(&mut self, text: String, weight: Weight) -> u64 {
        self.last_id += 1;
        // The same again is the same notice, anew.
        self.list.retain(|notice| notice.text != text);
        if self.list.len() == MOST {
            // What can be undone is said as long as it can.
            let oldest = self.list.iter().position(|notice| !notice.offers_undo).unwrap_or(0);
            self.list.remove(oldest);
        }
        self.list.push(Notice { id: self.last_id, text, weight, offers_undo: false });
        self.last_id
    }

    /// Takes one away.
    pub fn dismiss(&mut self, id: u64) {
        self.list.retain(|notice| notice.id != id);
    }
}
