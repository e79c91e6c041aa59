//! Accounts, texts and tokens that stand nowhere else, and exchanges full of them: what must not leave shows by a few letters.

use hookglass::exchange::{Exchange, Responded};
use hookglass::protocol::{catalogue, json, query};
use hookglass::wire::{Request, Response};
use std::fmt::Write as _;

/// A thousand of each.
pub const COUNT: usize = 1_000;

/// Values that stand nowhere else: each begins with letters that no word of the documents has.
pub struct Planted {
    pub accounts: Vec<String>,
    pub texts: Vec<String>,
    pub tokens: Vec<String>,
}

/// Those of one exchange.
pub struct Four<'a> {
    pub account: &'a str,
    pub other: &'a str,
    pub text: &'a str,
    pub token: &'a str,
}

impl Planted {
    /// Those of an exchange by its number, from 0: of a thousand each has others, and each thousand has them together otherwise.
    pub fn of(&self, n: usize) -> Four<'_> {
        let at = |step: usize| (n + n / COUNT * step) % COUNT;
        Four {
            account: &self.accounts[at(0)],
            other: &self.accounts[(at(1) + 1) % COUNT],
            text: &self.texts[at(3)],
            token: &self.tokens[at(7)],
        }
    }
}

/// All of them.
pub fn planted() -> Planted {
    let shapes = ["qzx_{}", "{}@qzx.example", "用户qzx{}", "13800138000qzx{}", "@QZX#{}"];
    let account = |n: usize| shapes[n % shapes.len()].replace("{}", &n.to_string());
    let texts = ["qzx says {} \"hi\"\n", "红包qzx{} /x\\", "qzx{}", "안녕 qzx{}", "{\"said\":\"qzx{}\",\"qzx{}1\":[\"qzx {}\"]}"];
    let text = |n: usize| texts[n % texts.len()].replace("{}", &n.to_string());
    let token = |n: usize| format!("qzx-t/\"{n}+红");
    Planted { accounts: (0..COUNT).map(account).collect(), texts: (0..COUNT).map(text).collect(), tokens: (0..COUNT).map(token).collect() }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The same string in ASCII alone, every character of it an escape.
fn escaped(text: &str) -> String {
    let unit = |unit: u16| format!("\\u{unit:04x}");
    format!("\"{}\"", text.encode_utf16().map(unit).collect::<String>())
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "%{byte:02x}").expect("bug: a String takes it");
        out
    })
}

/// An exchange with an account, a text and a token wherever something can stand.
pub fn exchange(n: usize, planted: &Planted) -> Exchange {
    let Four { account, other, text, token } = planted.of(n);
    let (a, t, k) = (quoted(account), quoted(text), quoted(token));
    let inside = format!("{{\"uid\":{},{k}:{t},{a}:[{t},{}]}}", escaped(account), quoted(other));
    let twice = format!("{{\"data\":{},\"to\":{a}}}", quoted(&inside));
    let commands = &catalogue::get().commands;
    let command = if n % 10 == 9 { "Qrs.CallbackNobodyKnows" } else { commands[n % commands.len()].name.as_str() };
    let body = format!(
        "{{ \"CallbackCommand\":\"{command}\",\"From_Account\":{a},\"To_Account\":[{},{a}],\"Operator_Account\":{},\
         \"MsgKey\":\"C2C_{n}\",\"CloudCustomData\":{},\"Unknown\":{t},\"Seen\":{{{a}:{k}}},\"MsgSeq\":{n},\
         \"MsgBody\":[{{\"MsgType\":\"TIMTextElem\",\"MsgContent\":{{\"Text\":{t}}}}},\
         {{\"MsgType\":\"TIMCustomElem\",\"MsgContent\":{{\"Data\":{},\"Desc\":{k},\"Ext\":{a}}}}}],\"Reason\":{t},\"Type\":{k}}}",
        quoted(other),
        escaped(account),
        quoted(&twice),
        quoted(&quoted(&inside)),
    );
    // Some are no JSON, some break off.
    let body = match n % 7 {
        5 => format!("from={account}&text={text}&{token}"),
        6 => body[..body.char_indices().nth(body.chars().count() * (n % 97) / 97).map_or(0, |(at, _)| at)].to_owned(),
        _ => body,
    };
    let target = format!(
        "/hook/{}/{}?SdkAppid=888888&CallbackCommand={command}&ClientIP={}&{}={}&uid={}&RequestID={}&OptPlatform={}",
        percent(account),
        percent(token),
        percent(account),
        percent(token),
        percent(text),
        percent(other),
        percent(account),
        percent(token),
    );
    let one_line = text.replace('\n', " ");
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: {account}\r\nX-User: {account}\r\nX-Say: {one_line}\r\nAuthorization: Bearer {token}\r\n\
         X-{token}: 1\r\nX-Forwarded-For: {account}, {token}\r\nContent-Type: {one_line}\r\nUser-Agent: {account}\r\n\r\n"
    );
    let mut response = Response::json(200, format!("{{\"ActionStatus\":{k},\"ErrorInfo\":{t},\"RefusedMembers_Account\":[{a}],{t}:{a}}}"));
    response.headers.push(("X-Who".to_owned(), account.to_owned()));
    let request =
        Request { peer: account.to_owned(), refused: Some(format!("refused {account}: {token}")), ..Request::complete(0, head, body) };
    let response = Some(Responded { fault: Some(token.to_owned()), ..Responded::decided(response, text) });
    Exchange { id: 1, request, response }
}

/// What is planted shows by these letters, whatever became of its escapes.
pub fn assert_nothing_planted(all: &str) {
    let mut text = query::decode(all).to_lowercase();
    for _ in 0..5 {
        for mark in ["qzx", "红", "안녕", "用户", "13800138000"] {
            assert!(!text.contains(mark), "{mark} in {all}");
        }
        if !text.contains('\\') {
            return;
        }
        text = String::from_utf8_lossy(&json::undo_escapes(text.as_bytes())).into_owned();
    }
}
