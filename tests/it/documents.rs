//! Every documented callback, received over HTTP: as the documents print it, and bent as real traffic bends.

use crate::support::{Caller, JOIN, Receiving, app, now_secs, post, target_of};
use hookglass::export::ndjson;
use hookglass::inspect;
use hookglass::protocol::catalogue::{self, Command, Timing};
use hookglass::protocol::response::{self, Arrived, Asked, ReadAs};
use hookglass::store::Stored;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

const OFFICIAL_ACCOUNT: &str = include_str!("../captures/official-account.json");
const EXTENSION_SET: &str = include_str!("../captures/extension-set.json");
const EXTENSION_DELETE: &str = include_str!("../captures/extension-delete.json");
const EXTENSION_CLEAR: &str = include_str!("../captures/extension-clear.json");

/// A setting in the list of commands. Source: PROTOCOL, section 2.
const NEVER_POSTED: &str = "Live.CallbackBeforeCallBackNotBlock";

/// A body to be sent, and what must be found in it.
struct Sent {
    command: &'static Command,
    body: String,
    bend: &'static str,
}

/// Sends all over one connection, and returns each as the program prints it.
fn receive(sent: &[Sent]) -> Vec<Value> {
    let receiving = Receiving::start();
    let mut caller = Caller::call(receiving.address);
    for Sent { command, body, .. } in sent {
        let response = caller.send(post(&target_of(&command.name, now_secs()), body)).response();
        assert_eq!(response.status, 200);
    }
    receiving.settled(sent.len()).iter().map(printed).collect()
}

fn printed(stored: &Stored) -> Value {
    let inspection = inspect::inspect(&stored.exchange.request, &[app()], &stored.kept);
    let findings = inspection.findings(&stored.exchange.request, &[app()]);
    serde_json::from_str(&ndjson::line(&stored.exchange, &stored.annotation, &inspection, &findings, &TimeZone::UTC))
        .expect("bug: it is JSON")
}

fn samples() -> Vec<Sent> {
    let bodies = |command: &'static Command| std::iter::once(command.sample()).chain(command.variants());
    let commands = catalogue::get().commands.iter();
    commands.flat_map(|command| bodies(command).map(move |body| Sent { command, body, bend: "as printed" })).collect()
}

fn undocumented(exchange: &Value) -> Vec<&str> {
    let fields = exchange["fields"].as_array().expect("bug: a list");
    let lacking = fields.iter().filter(|field| field["documented"] == false);
    lacking.map(|field| field["path"].as_str().expect("bug: a path")).collect()
}

fn remarks(exchange: &Value) -> Vec<&str> {
    exchange["remarks"].as_array().expect("bug: a list").iter().map(|remark| remark.as_str().expect("bug: a text")).collect()
}

#[test]
fn every_documented_callback_is_explained() {
    let sent = samples();
    assert!(sent.len() > 93, "every command, and the variants");
    for (sent, exchange) in sent.iter().zip(receive(&sent)) {
        let name = format!("{} of {:?}", sent.command.name, sent.command.product);
        assert_eq!(exchange["overall"], "ok", "{name}");
        assert_eq!(exchange["command"], sent.command.name.as_str(), "{name}");
        assert_eq!(exchange["product"], product_in_body(sent), "{name}");
        assert_eq!(exchange["verdicts"]["body"]["state"], "documented", "{name}");
        assert_eq!(undocumented(&exchange), Vec::<&str>::new(), "{name}");
        assert!(!remarks(&exchange).iter().any(|remark| remark.contains("missing")), "{name}: {exchange}");
        assert_ne!(exchange["summary"], "", "{name}");
        assert_eq!(exchange["response"]["read_as"], plain_ok_reads_as(sent.command), "{name}");
        assert_eq!(exchange["body"], sent.body.as_str(), "{name}");
        assert!(exchange["params"].as_array().is_some_and(|params| params.iter().all(|param| param["meaning"].is_string())));
        assert!(
            exchange["fields"].as_array().is_some_and(|fields| fields.iter().all(|field| field["meaning"].is_string())),
            "{name}: every field has a meaning"
        );
    }
}

/// What the documented success means to a command that may want more than that.
fn plain_ok_reads_as(command: &Command) -> &'static str {
    let wants_more = command.response.extras.iter().any(|extra| extra.required == Some(true));
    if wants_more || command.name == NEVER_POSTED { "unknown" } else { "accepted" }
}

#[test]
fn every_sample_response_is_read_as_documented() {
    for command in &catalogue::get().commands {
        let sample = command.sample_response();
        let arrived = Arrived { status: 200, elapsed_micros: Some(1_000), body: sample.as_bytes() };
        let reading = response::read(Asked::Documented(command), Ok(arrived));
        let code = &serde_json::from_str::<Value>(&sample).expect("bug: it is JSON")["ErrorCode"];
        let expected = if command.name == NEVER_POSTED {
            ReadAs::Unknown
        } else if *code == 0 {
            ReadAs::Accepted
        } else {
            ReadAs::Refused
        };
        assert_eq!(reading.read_as, expected, "{} of {:?}: {sample} {reading:?}", command.name, command.product);
        assert!(command.timing == Timing::Before || expected == ReadAs::Accepted, "{}: nothing is refused afterwards", command.name);
    }
}

/// Follow.* has the same body in Chat and Live, and names Chat unless something in it tells Live.
fn product_in_body(sent: &Sent) -> &'static str {
    if sent.command.name.starts_with("Follow.") { "chat" } else { sent.command.product.word() }
}

#[test]
fn bent_callbacks_are_still_explained() {
    let sent: Vec<Sent> = samples().into_iter().flat_map(|sample| bends(&sample)).collect();
    for (sent, exchange) in sent.iter().zip(receive(&sent)) {
        let name = format!("{} {}: {}", sent.command.name, sent.bend, sent.body);
        assert_eq!(exchange["overall"], "ok", "{name}");
        assert_eq!(exchange["command"], sent.command.name.as_str(), "{name}");
        assert_eq!(exchange["body"], sent.body.as_str(), "{name}");
        let state = &exchange["verdicts"]["body"]["state"];
        match sent.bend {
            "another order" => {
                assert_eq!(state, "documented", "{name}");
                assert_ne!(exchange["summary"], "", "{name}");
                assert_eq!(undocumented(&exchange), Vec::<&str>::new(), "{name}");
            }
            "a field more" => {
                assert_eq!(state, "undocumented", "{name}");
                assert_eq!(undocumented(&exchange), ["Zebra"], "{name}");
            }
            "nested deeper" => {
                assert_eq!(state, "undocumented", "{name}");
                assert!(undocumented(&exchange).iter().all(|path| path.starts_with("Wrapped")), "{name}");
            }
            "other types" => {
                assert!(remarks(&exchange).iter().any(|remark| remark.contains(" documented")), "{name}: {exchange}");
            }
            "EventTime as text" | "EventTime absent" => assert_eq!(state, "documented", "{name}"),
            "a field less" => {}
            other => panic!("bug: {other} is not expected of anything"),
        }
    }
}

/// A sample, bent in each of the ways in which real traffic bends.
fn bends(sample: &Sent) -> Vec<Sent> {
    let Ok(Value::Object(object)) = serde_json::from_str(&sample.body) else { panic!("bug: a sample is an object") };
    let mut bent = Vec::new();
    let mut add = |bend, object: Map<String, Value>| {
        bent.push(Sent { command: sample.command, body: Value::Object(object).to_string(), bend });
    };
    // Without preserving it, serde_json sorts the keys: an order that no sample has.
    add("another order", object.clone());
    add("a field more", [("Zebra".to_owned(), json!("stripes"))].into_iter().chain(object.clone()).collect());
    for key in object.keys().filter(|key| *key != "CallbackCommand") {
        let mut less = object.clone();
        less.remove(key);
        add("a field less", less);
    }
    if !object.contains_key("Events") {
        // The command stays where it is, if the sample has one.
        let (command, rest): (Map<String, Value>, Map<String, Value>) =
            object.clone().into_iter().partition(|(key, _)| key == "CallbackCommand");
        add("nested deeper", command.into_iter().chain([("Wrapped".to_owned(), Value::Object(rest))]).collect());
    }
    let others: Map<String, Value> = object.iter().map(|(key, value)| (key.clone(), of_another_type(key, value))).collect();
    if others != object {
        add("other types", others);
    }
    if let Some(time) = object.get("EventTime") {
        let digits = time.as_str().map_or_else(|| time.to_string(), str::to_owned);
        add("EventTime as text", object.clone().into_iter().chain([("EventTime".to_owned(), json!(digits))]).collect());
        let mut absent = object.clone();
        absent.remove("EventTime");
        add("EventTime absent", absent);
    }
    bent
}

fn of_another_type(key: &str, value: &Value) -> Value {
    match value {
        _ if key == "CallbackCommand" || key == "Type" => value.clone(),
        Value::String(_) => json!(7),
        Value::Number(number) => json!(number.to_string()),
        Value::Bool(flag) => json!(u8::from(*flag)),
        Value::Array(_) => json!("[]"),
        Value::Object(_) => Value::Null,
        Value::Null => json!({}),
    }
}

#[test]
fn the_vendors_own_examples_are_explained() {
    let named = |name: &str| catalogue::get().named(name).next().expect("bug: it is documented");
    let extension = named("Group.CallbackAfterGroupMsgExtension");
    let sent = [
        (named("Group.CallbackAfterNewMemberJoin"), JOIN, "jared, tommy joined @TGS#2J4SZEAEL"),
        (named("OfficialAccount.CallbackAfterSendMsg"), OFFICIAL_ACCOUNT, "@TOA#_2J4SZEAEL: red packet"),
        (extension, EXTENSION_SET, "set key2, key3, seq 56"),
        (extension, EXTENSION_DELETE, "deleted key2, key3, seq 57"),
        (extension, EXTENSION_CLEAR, "cleared, seq 58"),
    ];
    let summaries = sent.map(|(.., summary)| summary);
    let sent = sent.map(|(command, body, _)| Sent { command, body: body.to_owned(), bend: "as printed" });
    for (exchange, summary) in receive(&sent).iter().zip(summaries) {
        assert_eq!(exchange["overall"], "ok");
        assert_eq!(exchange["verdicts"]["body"]["state"], "documented");
        assert_eq!(exchange["summary"], summary);
        assert_eq!(undocumented(exchange), Vec::<&str>::new());
    }
}

#[test]
fn json_inside_strings_keeps_its_digits() {
    let command = catalogue::get().named("C2C.CallbackAfterSendMsg").next().expect("bug: it is documented");
    let body = r#"{"CallbackCommand":"C2C.CallbackAfterSendMsg","CloudCustomData":"{\"id\":144115216631667826,\"tags\":[\"红包\"]}"}"#;
    let exchanges = receive(&[Sent { command, body: body.to_owned(), bend: "as printed" }]);
    let line = exchanges[0].to_string();
    assert!(line.contains(r#""path":"CloudCustomData→id""#) && line.contains(r#""value":144115216631667826"#), "{line}");
    assert!(line.contains(r#""path":"CloudCustomData→tags[0]""#), "{line}");
}
