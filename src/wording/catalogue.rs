//! What the catalogue says of a command, as sentences.

use super::product;
use crate::protocol::catalogue::{self, Command, Confidence, Field, LimitSource, Product, Timing};

/// What is documented of a command as a whole, each with its name; what is not known of it is left out.
pub fn overview(command: &Command) -> Vec<(&'static str, String)> {
    let may_be = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        ("Posted when", command.trigger.clone()),
        ("Timing", timing(command)),
        ("Switched on", catalogue::get().configuration(command.product).to_owned()),
        ("Switch", switch(command).unwrap_or_default()),
        ("Other setting", may_be(&command.setting)),
        ("Time limit", time_limit(command)),
        ("Without a usable response", command.response.on_timeout.clone()),
        ("Notes", may_be(&command.notes)),
        ("Other names", command.aliases.join(", ")),
        ("Documented since", may_be(&command.since)),
        ("Source", confidence(command.confidence).to_owned()),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// When it is posted, and what the response is good for.
fn timing(command: &Command) -> String {
    let sender = product(command.product);
    match command.timing {
        Timing::Before => format!("Before the event: {sender} waits for the response and acts on it"),
        Timing::After => format!("After the event: {sender} only informs; the response changes nothing"),
    }
}

/// Which switch turns it on; `None` where that is not known.
fn switch(command: &Command) -> Option<String> {
    match (&command.switch, command.product) {
        (Some(other), _) => Some(format!("It shares the switch of {other}")),
        (None, Product::Chat | Product::Live | Product::Call) => Some("Its own".to_owned()),
        (None, Product::Room | Product::Desk) => None,
    }
}

/// How long the sender waits, and how sure that is.
fn time_limit(command: &Command) -> String {
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
fn confidence(confidence: Confidence) -> &'static str {
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
