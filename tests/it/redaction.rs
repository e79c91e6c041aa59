//! What is planted anywhere survives nowhere, in no form, and who is equal stays equal.

use hookglass::exchange::{Exchange, Responded};
use hookglass::protocol::sign::Token;
use hookglass::protocol::{self, catalogue, json, query};
use hookglass::redaction::Redaction;
use hookglass::wire::{Request, Response};
use proptest::prelude::{ProptestConfig, any, proptest};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// A thousand of each.
const COUNT: usize = 1_000;

/// Values that stand nowhere else: each begins with letters that no word of the documents has.
struct Planted {
    accounts: Vec<String>,
    texts: Vec<String>,
    tokens: Vec<String>,
}

fn planted() -> Planted {
    let shapes = ["qzx_{}", "{}@qzx.example", "用户qzx{}", "13800qzx{}", "@QZX#{}"];
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
fn exchange(n: usize, planted: &Planted) -> Exchange {
    let Planted { accounts, texts, tokens } = planted;
    let (account, other, text, token) = (&accounts[n], &accounts[(n + 1) % COUNT], &texts[n], &tokens[n]);
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
    response.headers.push(("X-Who".to_owned(), account.clone()));
    let request =
        Request { peer: account.clone(), refused: Some(format!("refused {account}: {token}")), ..Request::complete(0, head, body) };
    let response = Some(Responded { fault: Some(token.clone()), ..Responded::decided(response, text) });
    Exchange { id: 1, request, response }
}

/// All that an exchange says, as it is written.
fn all(exchange: &Exchange) -> String {
    let Exchange { id: _, request, response } = exchange;
    let mut parts = vec![request.head.clone(), request.body.clone(), request.peer.clone().into_bytes()];
    parts.extend(request.refused.clone().map(String::into_bytes));
    if let Some(Responded { response, rule, fault, .. }) = response {
        parts.push(rule.clone().into_bytes());
        parts.extend(fault.clone().map(String::into_bytes));
        parts.extend(response.as_ref().map(Response::bytes));
    }
    String::from_utf8_lossy(&parts.join(&b'\n')).into_owned()
}

/// What is planted shows by these letters, whatever became of its escapes.
fn assert_nothing_planted(all: &str) {
    let mut text = query::decode(all).to_lowercase();
    for _ in 0..5 {
        for mark in ["qzx", "红", "안녕", "用户", "13800"] {
            assert!(!text.contains(mark), "{mark} in {all}");
        }
        text = String::from_utf8_lossy(&json::undo_escapes(text.as_bytes())).into_owned();
    }
}

fn redact(redaction: &mut Redaction, exchange: &Exchange) -> Exchange {
    redaction.exchange(exchange, &protocol::parse(&exchange.request))
}

fn top(request: &Request, key: &str) -> Option<String> {
    json::read(&request.body).top_string(&request.body, key).map(std::borrow::Cow::into_owned)
}

#[test]
fn nothing_planted_survives_and_the_equal_stay_equal() {
    let planted = planted();
    let tokens: Vec<Token> = planted.tokens.iter().map(Token::new).collect();
    let mut redaction = Redaction::new(&tokens);
    let mut aliases: HashMap<String, String> = HashMap::new();
    for n in 0..COUNT {
        let original = exchange(n, &planted);
        let redacted = redact(&mut redaction, &original);
        assert_nothing_planted(&all(&redacted));
        if let (Some(from), Some(alias)) = (top(&original.request, "From_Account"), top(&redacted.request, "From_Account")) {
            assert_eq!(top(&redacted.request, "Operator_Account").unwrap_or_else(|| alias.clone()), alias);
            assert_eq!(aliases.entry(from).or_insert_with(|| alias.clone()), &alias);
        }
        let sentence = format!("{} wrote to {} with {}", planted.accounts[n], planted.accounts[(n + 1) % COUNT], planted.tokens[n]);
        assert_nothing_planted(&redaction.text(&sentence));
    }
    // Once more, in the order of the alphabet or any other: who had an alias has it still.
    for n in (0..COUNT).rev() {
        let original = exchange(n, &planted);
        let redacted = redact(&mut redaction, &original);
        if let Some((from, alias)) = top(&original.request, "From_Account").zip(top(&redacted.request, "From_Account")) {
            assert_eq!(aliases[&from], alias);
        }
    }
    let different: HashSet<&String> = aliases.values().collect();
    assert!(aliases.len() > 800, "{}", aliases.len());
    assert_eq!(different.len(), aliases.len(), "two accounts share an alias");
}

#[test]
fn what_is_redacted_keeps_its_form() {
    let planted = planted();
    let mut redaction = Redaction::new(&[]);
    for n in (0..COUNT).filter(|n| n % 7 < 5) {
        let original = exchange(n, &planted).request;
        let redacted = redact(&mut redaction, &exchange(n, &planted)).request;
        let (before, after) = (json::read(&original.body), json::read(&redacted.body));
        assert_eq!(after.mistake, None);
        let kinds = |document: &json::Document| document.nodes().map(|node| node.kind).collect::<Vec<_>>();
        assert_eq!(kinds(&before), kinds(&after));
        assert_eq!(original.head().headers.len(), redacted.head().headers.len());
        assert_eq!(
            query::read(original.head().target.unwrap_or_default()).len(),
            query::read(redacted.head().target.unwrap_or_default()).len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_can_be_redacted(head: Vec<u8>, body: Vec<u8>, text in any::<String>(), mistake in 0_usize..900) {
        let mut redaction = Redaction::new(&[Token::new("xxxxyyyy")]);
        let sample = exchange(3, &planted());
        let at = mistake.min(sample.request.body.len());
        let bent = [&sample.request.body[..at], text.as_bytes(), &sample.request.body[at..]].concat();
        let request = Request::complete(0, head, body);
        redact(&mut redaction, &Exchange { id: 1, request, response: None });
        let request = Request::complete(0, sample.request.head, bent);
        let redacted = redact(&mut redaction, &Exchange { id: 1, request, response: None });
        assert!(!all(&redacted).to_lowercase().contains("qzx"), "{}", all(&redacted));
        redaction.text(&text);
    }
}
