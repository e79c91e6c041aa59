//! Rules made from an exchange.

use crate::app::texts::rules as texts;
use crate::exchange::Responded;
use crate::opened::Opened;
use crate::protocol::json;
use crate::rules::pattern::Pattern;
use crate::rules::preset::Preset;
use crate::rules::template::wrong_header;
use crate::rules::{self, Delay, Fallback, Matcher, Rate, Reply, Rule, Step, Template, Text};
use crate::wire::Response;

/// A rule that responds to this command as it was responded here, and what had to be said otherwise.
pub fn like(opened: &Opened, rules: &[Rule]) -> (Rule, Option<String>) {
    let (step, remark) = opened.exchange.response.as_ref().map_or_else(Default::default, step);
    let name = rules::free_name(rules, &texts::like_exchange(opened.exchange.id));
    (Rule { name, when: when(opened), steps: vec![step], ..Rule::default() }, remark)
}

/// A rule for this command, which says nothing in particular yet.
pub fn for_command(opened: &Opened, rules: &[Rule]) -> Rule {
    Rule { name: rules::free_name(rules, &command(opened)), when: when(opened), ..Rule::default() }
}

/// These rules with one before them that has the command fail, once. An older one of the same kind makes room: it is used up.
pub fn fail_once(opened: &Opened, rules: &[Rule]) -> Vec<Rule> {
    let step = Step { reply: Reply::Preset(Preset::Fail(1)), ..Step::default() };
    let name = rules::free_name(rules, &texts::fails_once(&command(opened)));
    let rule = Rule { name, when: when(opened), rate: Rate::First(1), steps: vec![step], ..Rule::default() };
    let is_older = |one: &Rule| Rule { name: rule.name.clone(), ..one.clone() } == rule;
    std::iter::once(rule.clone()).chain(rules.iter().filter(|one| !is_older(one)).cloned()).collect()
}

fn command(opened: &Opened) -> String {
    opened.inspection.callback.command.clone().unwrap_or_else(|| texts::ANY_REQUEST.to_owned())
}

fn when(opened: &Opened) -> Vec<Matcher> {
    let command = opened.inspection.callback.command.as_ref();
    command.map(|command| Matcher::Command(vec![Pattern::new(command.as_str())])).into_iter().collect()
}

fn step(responded: &Responded) -> (Step, Option<String>) {
    let fault = responded.fault.as_deref().and_then(|fault| Preset::parse(fault).ok()).filter(Preset::fits_a_rule);
    match (fault, &responded.response) {
        (Some(Preset::Hold), None) => (Step { reply: Reply::Hold(Fallback::default()), ..Step::default() }, None),
        (Some(Preset::Delay(millis)), Some(response)) => {
            let (reply, remark) = own(response);
            (Step { reply, delay: Delay::Fixed(millis), ..Step::default() }, remark)
        }
        (Some(Preset::Hold) | None, Some(response)) => {
            let (reply, remark) = own(response);
            (Step { reply, ..Step::default() }, remark)
        }
        (Some(preset), _) => (Step { reply: Reply::Preset(preset), ..Step::default() }, None),
        (None, None) => (Step::default(), None),
    }
}

/// A response as it was sent. What a rule adds by itself is left out.
fn own(response: &Response) -> (Reply, Option<String>) {
    let is_default = |name: &str, value: &str| name.eq_ignore_ascii_case("Content-Type") && value == "application/json";
    let kept = response.headers.iter().filter(|(name, value)| wrong_header(name).is_none() && !is_default(name, value));
    let headers = kept.filter_map(|(name, value)| Some((name.clone(), Text::read_header(value).ok()?))).collect();
    let (body, remark) = body(&response.body);
    (Reply::Own(Template { status: response.status, headers, body }), remark)
}

/// A body as a text in which two braces begin a placeholder: where they stand for themselves, JSON knows another way to write
/// them, and other bodies have none.
fn body(bytes: &[u8]) -> (Text, Option<String>) {
    let Ok(text) = std::str::from_utf8(bytes) else { return (Text::default(), Some(texts::BODY_IS_NO_TEXT.to_owned())) };
    if !text.contains("{{") {
        return (Text::read(text).unwrap_or_default(), None);
    }
    let mut escaped = text.to_owned();
    // Of three braces, two are left the first time.
    while escaped.contains("{{") {
        escaped = escaped.replace("{{", "\\u007b{");
    }
    match Text::read(&escaped) {
        Ok(body) if json::read(bytes).mistake.is_none() => (body, Some(texts::BRACES_ESCAPED.to_owned())),
        _ => (Text::default(), Some(texts::BRACES_LOST.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{DEFAULT_RULE, Exchange};
    use crate::inspect;
    use crate::protocol::Kept;
    use crate::wire::Request;

    fn opened(responded: Responded) -> Opened {
        let request = Request::complete(0, "POST /?CallbackCommand=C2C.CallbackBeforeSendMsg HTTP/1.1\r\n\r\n", "{}");
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        Opened::of(Exchange { id: 17, request, response: Some(responded) }, inspection, &[], true)
    }

    /// What a rule like it sends to the same request.
    #[track_caller]
    fn check(response: Response, fault: Option<&str>, expected: &str) {
        let opened = opened(Responded { fault: fault.map(str::to_owned), ..Responded::decided(response, DEFAULT_RULE) });
        let (rule, remark) = like(&opened, &[]);
        assert_eq!((rule.name.as_str(), rule.matches(&opened.inspection.received(&opened.exchange.request))), ("Like exchange 17", true));
        let text = rules::file::one(&rule);
        assert!(text.contains(expected), "{text}");
        assert_eq!(rules::file::read(&text), Ok(vec![rule]));
        assert_eq!(remark.is_some(), text.contains("u007b") || expected.contains("body = \"\""), "{remark:?}");
    }

    #[test]
    fn a_rule_responds_as_it_was_responded() {
        let json = |body: &str| Response::json(200, body);
        check(json("{\"a\":1}"), None, "response = { status = 200, body = '{\"a\":1}' }");
        check(json("{\"a\":1}"), Some("delay:2100"), "delay = 2100");
        check(json("{\"a\":\"{{b}} {{{\"}"), None, r#"{"a":"\u007b{b}} \u007b\u007b{"}"#);
        check(json("{{b}}"), None, "body = \"\"");
        check(json("x"), Some("not-json"), "respond = \"not-json\"");
        let headers = [("Content-Length", "3"), ("Connection", "close"), ("X-A", "b")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        check(Response { status: 503, headers, body: b"abc".to_vec() }, None, "headers = { \"X-A\" = \"b\" }, body = \"abc\"");
    }

    #[test]
    fn failing_once_stands_before_all_others_and_once_only() {
        let opened = opened(Responded::none("default"));
        let once = fail_once(&opened, &[Rule { name: "other".to_owned(), ..Rule::default() }]);
        let again = fail_once(&opened, &once);
        let names: Vec<&str> = again.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, ["C2C.CallbackBeforeSendMsg fails once (2)", "other"]);
    }
}
