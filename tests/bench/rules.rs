//! What picking a response by rules costs: a message callback of some 700 bytes against 200 rules.
//!
//! `cargo bench --no-default-features --bench rules` prints medians in microseconds, beside the target.

mod timing;

use hookglass::inspect;
use hookglass::protocol::{self, Kept};
use hookglass::rules::{self, Hits, Received, Rule};
use hookglass::wire::Request;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;
use timing::{median, say};

const TARGET_MICROS: f64 = 20.0;

/// How many rules there are.
const RULES: usize = 200;

/// How long one measurement goes on.
const FOR: Duration = Duration::from_secs(1);

const MESSAGE: &str = r#"{"CallbackCommand":"Group.CallbackBeforeSendMsg","GroupId":"@TGS#2J4SZEAEL","Type":"Public","From_Account":"jared","Operator_Account":"admin","Random":123456,"MsgId":"144115233100450077-1754891300-2290873","MsgSeq":219,"MsgTime":1490686222,"OnlineOnlyFlag":1,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"on the whole a text of ordinary length, as people write them to each other"}},{"MsgType":"TIMFaceElem","MsgContent":{"Index":4,"Data":"panda/wave"}},{"MsgType":"TIMCustomElem","MsgContent":{"Data":"{\"poll\":3}","Desc":"New poll","Ext":"","Sound":""}}],"CloudCustomData":"{\"client\":\"7.4\",\"tags\":[1,2]}","EventTime":"1670574414123"}"#;

fn main() {
    let none = "command = \"Group.CallbackAfter*Join\"\nrespond = \"fail\"";
    let texts = "command = \"Group.*\"\nfield = \"MsgBody[].MsgContent.Text contains 红包 NUMBER\"\nrespond = \"fail\"";
    let fields = "command = \"Group.*\"\nfield = \"Field_NUMBER.Nowhere > NUMBER\"\nrespond = \"fail\"";
    let several = "command = \"Group.*\"\nfield = [\"From_Account = jared\", \"Random > NUMBER\", \"MsgBody[].MsgType = NUMBER\"]\nrespond = \"fail\"";
    let hit = "command = \"Group.*\"\nrefuse = { code = 10100, info = \"no, {{From_Account}}\" }";
    say(&format!("{RULES} rules, a message callback of {} bytes, target {TARGET_MICROS} µs", MESSAGE.len()));
    measure("none of the commands matches", &[none; RULES]);
    measure("one field in all of them, none matches", &[texts; RULES]);
    measure("a field of its own in each, none matches", &[fields; RULES]);
    measure("three fields in each, none matches", &[several; RULES]);
    measure("the first responds", &[&[hit][..], &[none; RULES - 1]].concat());
    measure("the last responds", &[&[none; RULES - 1][..], &[hit]].concat());
}

fn measure(what: &str, rules: &[&str]) {
    let rules = read(rules);
    let head =
        "POST /?SdkAppid=1400000001&CallbackCommand=Group.CallbackBeforeSendMsg&OptPlatform=iOS HTTP/1.1\r\nHost: example.com\r\n\r\n";
    let request = Request::complete(0, head, MESSAGE);
    let inspection = inspect::judge_early(&request, protocol::parse(&request), &[], &Kept::default());
    let (callback, verdicts, overall) = (&inspection.callback, &inspection.verdicts, inspection.overall);
    let received = Received { request: &request, callback, verdicts, overall };
    let mut hits = Hits::default();
    let micros = median(FOR, || drop(black_box(rules::pick(&rules, &received, &mut hits))));
    let verdict = if micros < TARGET_MICROS { "met" } else { "missed" };
    say(&format!("  {what:42} {micros:7.2} µs  {verdict}"));
}

fn read(rules: &[&str]) -> Arc<[Rule]> {
    let rules = rules.iter().enumerate().map(|(at, rule)| format!("[[rule]]\n{}\n", rule.replace("NUMBER", &at.to_string())));
    rules::file::read(&rules.collect::<String>()).expect("bug: the rules are well formed").into()
}
