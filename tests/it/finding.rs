//! Finding in the body of an exchange, by a running engine.

use crate::support::{Receiving, call, post};
use hookglass::messages::{Effect, Event};
use hookglass::needle::Needle;

#[test]
fn a_text_is_found_in_an_exchange_whether_it_is_open_or_not() {
    let receiving = Receiving::start();
    call(receiving.address, post("/", r#"{"a":"Red 红","b":"red"}"#));
    receiving.only();
    let find = |text: &str, match_case| {
        let needle = Needle { text: text.to_owned(), match_case };
        receiving.ask(Effect::FindInBody { id: 1, needle: needle.clone() });
        receiving.hear(|event| {
            let Event::FoundInBody { id, needle: asked, found } = event else { return None };
            (id == 1 && asked == needle).then_some(found.starts)
        })
    };
    assert_eq!(find("red", false), [6, 20]);
    receiving.ask(Effect::Open(1));
    let opened = receiving.hear(|event| if let Event::Opened(opened) = event { opened } else { None });
    assert_eq!(find("red", true), [20]);
    drop(opened);
    assert_eq!(find("红", false), [10]);
}

#[test]
fn only_the_newest_question_is_answered_in_the_end() {
    let receiving = Receiving::start();
    call(receiving.address, post("/", &"abc".repeat(500_000)));
    receiving.only();
    let texts: Vec<String> = (1..=3).map(|length| "abc"[..length].to_owned()).collect();
    for text in &texts {
        receiving.ask(Effect::FindInBody { id: 1, needle: Needle { text: text.clone(), match_case: false } });
    }
    receiving.hear(|event| matches!(event, Event::FoundInBody { needle, .. } if needle.text == "abc").then_some(()));
}
