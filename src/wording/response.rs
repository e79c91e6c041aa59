//! What is true of a response, and what happened to it, as sentences.

use super::text::quoted;
use super::verdict::expected;
use crate::exchange::Outcome;
use crate::protocol::json;
use crate::protocol::response::Complaint;

/// What keeps a response from having the documented form.
pub fn complaint(complaint: &Complaint, body: &[u8]) -> String {
    match complaint {
        Complaint::NotJson(mistake) => {
            let (line, column) = json::line_and_column(body, mistake.offset);
            format!("not JSON at line {line}, column {column}: {} expected", expected(mistake.expected))
        }
        Complaint::NotObject => "not a JSON object".to_owned(),
        Complaint::Missing(key) => format!("{key} is missing; it is mandatory"),
        Complaint::WrongType(key, documented) => format!("{key} must be {documented}"),
        Complaint::UnknownStatus(status) => format!("ActionStatus {} is not documented; OK and FAIL are", quoted(status)),
    }
}

/// What happened to a response on the wire.
pub fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Sent => "sent".to_owned(),
        Outcome::CallerLeft { after_millis } => format!("caller left after {}.{} s", after_millis / 1000, after_millis % 1000 / 100),
    }
}
