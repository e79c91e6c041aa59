//! What is wrong with a rule as it is typed, and beside what that belongs.

/// What is wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Beside what it belongs.
    pub spot: Spot,
    /// What is wrong, and what is right.
    pub text: String,
}

/// What a complaint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// All of it: the rule as a text.
    Whole,
    /// Its name.
    Name,
    /// One of its conditions.
    Condition(usize),
    /// How often it responds.
    Often,
    /// Its seed.
    Seed,
    /// A part of one of its steps.
    Step(usize, Part),
}

/// A part of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// To how many requests.
    Times,
    /// How long it waits.
    Delay,
    /// The code, of a refusal or FAIL.
    Code,
    /// The words of a refusal.
    Info,
    /// The status.
    Status,
    /// A time of the response itself.
    Millis,
    /// The headers of one's own response.
    Headers,
    /// Its body.
    Body,
    /// The message in place of the one that was sent.
    MsgBody,
    /// Its custom data.
    Data,
    /// One user's result.
    Result(usize),
    /// The file with the body.
    File,
    /// What becomes of a hold when nobody decides.
    Fallback,
}

/// What was complained of so far.
#[derive(Debug, Default)]
pub(super) struct Found(pub(super) Vec<Complaint>);

impl Found {
    /// What was read; a complaint where it could not be.
    pub(super) fn take<T>(&mut self, spot: Spot, read: Result<T, impl Into<String>>) -> Option<T> {
        read.map_err(|text| self.0.push(Complaint { spot, text: text.into() })).ok()
    }
}
