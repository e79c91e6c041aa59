//! What judging one callback costs: a message callback of 725 bytes, and bodies of a growing number of fields.
//!
//! `cargo bench --bench judge` prints medians in microseconds. What stands before the response is measured apart:
//! query, signature, time and command, and what the index columns need of the body.

mod timing;

use hookglass::inspect;
use hookglass::protocol::sign::{Token, sign};
use hookglass::protocol::{self, Kept, SdkApp};
use hookglass::wire::Request;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;
use timing::{median, say};

const APP: &str = "1400000001";
const TOKEN: &str = "lantern-42";
const TIME: i64 = 1_754_890_112;

/// How long one measurement goes on.
const FOR: Duration = Duration::from_secs(2);

fn main() {
    let apps = [SdkApp { id: APP.to_owned(), tokens: vec![Token::new(TOKEN)] }];
    let message = request("Group.CallbackAfterSendMsg", &message());
    say(&format!("a message callback of {} bytes", message.body.len()));
    say(&format!("  before the response   {:6.2} µs", median(FOR, || drop(black_box(early(&message, &apps))))));
    say(&format!("  of that, reading it   {:6.2} µs", median(FOR, || drop(black_box(protocol::parse(&message))))));
    say(&format!("  judged completely     {:6.2} µs", median(FOR, || drop(black_box(complete(&message, &apps))))));
    for fields in [100, 1_000, 10_000] {
        let nested = request("Group.CallbackAfterNewMemberJoin", &nested(fields));
        let micros = median(FOR, || drop(black_box(complete(&nested, &apps))));
        say(&format!("{fields:6} nested fields   {micros:8.1} µs, {:.3} µs each", micros / f64::from(fields)));
    }
}

fn early(request: &Request, apps: &[SdkApp]) -> inspect::Inspection {
    inspect::judge_early(request, protocol::parse(request), apps, &Kept::default())
}

/// Parse, verdicts, fields and remarks, summary.
fn complete(request: &Request, apps: &[SdkApp]) -> impl Sized {
    let inspection = inspect::inspect(request, apps, &Kept::default());
    let fields = inspection.fields(request);
    let remarks = inspection.remarks(request, &fields);
    let summary = inspection.summary(request);
    (inspection, fields, remarks, summary)
}

fn request(command: &str, body: &str) -> Request {
    let sign = sign(&Token::new(TOKEN), &TIME.to_string());
    let target = format!(
        "/?SdkAppid={APP}&CallbackCommand={command}&contenttype=json&ClientIP=203.0.113.9&OptPlatform=Android&Sign={sign}&RequestTime={TIME}"
    );
    Request::complete(
        TIME * 1000 + 1_500,
        format!("POST {target} HTTP/1.1\r\nHost: example.com\r\nContent-Length: {}\r\n\r\n", body.len()),
        body,
    )
}

/// A group message of 725 bytes with three elements and JSON in its custom data.
fn message() -> String {
    let body = |text: &str| {
        format!(
            r#"{{"CallbackCommand":"Group.CallbackAfterSendMsg","GroupId":"@TGS#2J4SZEAEL","Type":"Public","From_Account":"jared","Operator_Account":"admin","Random":123456,"MsgId":"144115233100450077-1754891300-2290873","MsgSeq":219,"MsgTime":1490686222,"OnlineOnlyFlag":1,"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}},{{"MsgType":"TIMFaceElem","MsgContent":{{"Index":4,"Data":"panda/wave"}}}},{{"MsgType":"TIMCustomElem","MsgContent":{{"Data":"{{\\"poll\\":3}}","Desc":"New poll","Ext":"","Sound":""}}}}],"CloudCustomData":"{{\\"client\\":\\"7.4\\",\\"tags\\":[1,2]}}","EventTime":"1670574414123"}}"#
        )
    };
    let room = 725 - body("").len();
    body(&"x".repeat(room))
}

fn nested(fields: u32) -> String {
    let mut body = r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","GroupId":"g","NewMemberList":["#.to_owned();
    for number in 0..fields {
        let comma = if number == 0 { "" } else { "," };
        write!(body, r#"{comma}{{"Member_Account":"user_{number}"}}"#).expect("a String takes it");
    }
    body + "]}"
}
