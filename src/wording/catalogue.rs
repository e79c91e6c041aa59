//! What the catalogue says of a command, as sentences.

use super::product;
use crate::protocol::catalogue::{Command, Confidence, Field, LimitSource, Product, Timing};

/// When it is posted, and what the response is good for.
pub fn timing(command: &Command) -> String {
    let sender = product(command.product);
    match command.timing {
        Timing::Before => format!("Before the event: {sender} waits for the response and acts on it"),
        Timing::After => format!("After the event: {sender} only informs; the response changes nothing"),
    }
}

/// Which switch turns it on; `None` where that is not known.
pub fn switch(command: &Command) -> Option<String> {
    match (&command.switch, command.product) {
        (Some(other), _) => Some(format!("It shares the switch of {other}")),
        (None, Product::Chat | Product::Live | Product::Call) => Some("Its own".to_owned()),
        (None, Product::Room | Product::Desk) => None,
    }
}

/// How long the sender waits, and how sure that is.
pub fn time_limit(command: &Command) -> String {
    let Some(millis) = command.response.timeout_ms else { return "None".to_owned() };
    let (secs, rest) = (millis / 1000, millis % 1000);
    let limit = if rest == 0 { format!("{secs} s") } else { format!("{millis} ms") };
    match command.response.timeout_source {
        LimitSource::Documented => format!("{limit}, documented"),
        LimitSource::AssumedFromChat => format!("{limit}, only assumed: documented for Chat, not for {}", product(command.product)),
        LimitSource::None => limit,
    }
}

/// What the entry rests on.
pub fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Documents => "The documents alone",
        Confidence::Both => "The documents and public client libraries",
    }
}

/// The type of a field, and what it counts where it is a time: `integer, ms`.
pub fn field_type(field: &Field) -> String {
    let kind = field.kind.word();
    field.unit.map_or_else(|| kind.to_owned(), |unit| format!("{kind}, {}", unit.word()))
}

/// Whether a field is always there.
pub fn required(required: Option<bool>) -> &'static str {
    match required {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not stated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::catalogue;

    fn first(name: &str) -> &'static Command {
        catalogue::get().named(name).next().expect("bug: it is documented")
    }

    #[test]
    fn a_limit_says_where_it_is_from() {
        for (name, expected) in [
            ("Live.CallbackBeforeSendGift", "2 s, documented"),
            ("Call.CallbackAfterStartCall", "2 s, only assumed: documented for Chat, not for Call"),
            ("Live.CallbackBeforeCallBackNotBlock", "None"),
        ] {
            assert_eq!(time_limit(first(name)), expected);
        }
    }

    #[test]
    fn a_switch_is_named_where_it_is_known() {
        for (name, expected) in [
            ("Group.CallbackAfterCreateTopic", Some("It shares the switch of Group.CallbackAfterCreateGroup")),
            ("Group.CallbackAfterCreateGroup", Some("Its own")),
            ("Room.CallbackAfterCreateRoom", None),
        ] {
            assert_eq!(switch(first(name)).as_deref(), expected);
        }
    }
}
