//! What names say: of the value below a key, of a header, of a parameter. And which words are the documents' own.

use super::alias::Class;
use crate::protocol::catalogue::{self, Field};
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::OnceLock;

/// What a value is, going by its name; `None` where the name says nothing.
pub fn class(name: &str) -> Option<Class> {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let is = |words: &[&str]| words.contains(&name.as_str());
    // A list of somebody is named after them.
    let one = name.trim_end_matches("list").trim_end_matches("arr").trim_end_matches('s');
    let is_one = |words: &[&str]| words.contains(&one) || is(words);
    if ends(&["token", "secret", "password", "passwd", "pwd", "usersig", "signature", "credential", "apikey", "accesskey", "privatekey"])
        || is(&["sign", "sig", "authorization", "cookie", "authkey", "privatemapkey"])
    {
        Some(Class::Credential)
    } else if ends(ACCOUNT_ENDS) || one.ends_with("userid") || one.ends_with("account") || is_one(ACCOUNTS) {
        Some(Class::Account)
    } else if ["groupid", "topicid", "roomid"].iter().any(|id| one.ends_with(id)) || is_one(&["group", "topic", "room"]) {
        Some(Class::Group)
    } else if ends(&["clientip", "userip", "remoteip", "realip", "ipaddress", "ipaddr", "remoteaddr"]) || is(&["ip"]) {
        Some(Class::Address)
    } else if ends(&["url", "uri", "link"]) {
        Some(Class::Link)
    } else if is(&["key", "keys"]) {
        Some(Class::Key)
    } else if is(TEXTS) || ends(&["name", "nick", "text", "message", "customdata"]) {
        Some(Class::Text)
    } else {
        None
    }
}

const ACCOUNT_ENDS: &[&str] =
    &["uid", "openid", "unionid", "memberid", "agentid", "ownerid", "operatorid", "username", "phone", "mobile", "email"];
const ACCOUNTS: &[&str] = &[
    "user",
    "from",
    "to",
    "sender",
    "receiver",
    "inviter",
    "invitee",
    "owner",
    "operator",
    "member",
    "caller",
    "callee",
    "admin",
    "tel",
    "telephone",
    "phonenumber",
    "mail",
    "qq",
    "wechat",
    "wxid",
    "idcard",
    "nickid",
    "customerserviceid",
    "peer",
    "fromuser",
    "touser",
];
const TEXTS: &[&str] =
    &["content", "msg", "desc", "description", "title", "subtitle", "remark", "wording", "body", "note", "address", "sub"];

/// What a value is, going by itself.
pub fn class_of_value(value: &str) -> Option<Class> {
    let is_link = ["http://", "https://", "//", "cos://", "ws://", "wss://"].iter().any(|scheme| value.starts_with(scheme));
    match value {
        _ if is_link => Some(Class::Link),
        _ if value.parse::<IpAddr>().is_ok() => Some(Class::Address),
        _ => None,
    }
}

/// Whether an address is nobody's: this machine, or none.
pub fn is_nobodys(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok_and(|address| address.is_loopback() || address.is_unspecified())
}

/// Whether a word is the documents' own: a command, a value with a meaning, a message element, a platform.
pub fn is_documented_word(word: &str) -> bool {
    vocabulary().words.contains(word)
}

/// Whether the documents have a field of this name anywhere.
pub fn is_documented_name(name: &str) -> bool {
    vocabulary().names.contains(name)
}

struct Vocabulary {
    words: HashSet<&'static str>,
    names: HashSet<&'static str>,
}

fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let mut vocabulary = Vocabulary {
            words: HashSet::from(["true", "false", "null", "OK", "FAIL", "ok", "UTF-8", "utf-8"]),
            names: HashSet::from(["ActionStatus", "ErrorCode", "ErrorInfo"]),
        };
        let catalogue = catalogue::get();
        for parameter in catalogue.parameters.values() {
            vocabulary.words.extend(parameter.words.keys().map(String::as_str));
        }
        for command in &catalogue.commands {
            vocabulary.words.insert(&command.name);
            vocabulary.words.extend(command.aliases.iter().map(String::as_str));
            vocabulary.add(command.fields.iter().chain(&command.response.extras));
            vocabulary.words.extend(command.elements().map(|(name, _)| name));
            command.elements().for_each(|(_, fields)| vocabulary.add(fields));
        }
        vocabulary.add(&catalogue.offline_push_info().fields);
        vocabulary
    })
}

impl Vocabulary {
    fn add(&mut self, fields: impl IntoIterator<Item = &'static Field>) {
        for field in fields {
            self.words.extend(field.words.keys().map(String::as_str).filter(|word| *word != "other" && !is_number(word)));
            let name = field.path.rsplit('.').next().unwrap_or_default().trim_end_matches("[]");
            self.names.insert(name);
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text could be an id, a version, a code: one word without a blank, and no e-mail address.
pub fn is_id(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_.:#@$+/=-".contains(c);
    text.len() <= 200 && text.chars().all(fits) && !text.chars().skip(1).any(|c| c == '@')
}

/// Whether a text that nobody documents tells nothing of anybody: a small number, a moment, a word of the documents.
pub fn is_harmless(text: &str) -> bool {
    let is_small = text.len() <= 4 && is_number(text);
    is_small || is_documented_word(text) || text.parse::<jiff::Timestamp>().is_ok()
}

/// Whether a number below this name counts time.
pub fn is_time(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["time", "date", "stamp", "expire", "begin", "start", "end", "duration", "_ts", "_at"].iter().any(|word| name.contains(word))
        || ["ts", "at", "t"].contains(&name.as_str())
}

/// Whether a key could be a word that a developer chose as the name of something, and no value: letters, few digits.
pub fn is_word(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let most_digits = name.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    begins && name.len() <= 48 && name.bytes().all(fits) && most_digits <= 2
}
