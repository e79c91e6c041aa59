//! The private values of a head: of its target, and of its headers.

use super::alias::Class;
use super::names;
use super::spot::{Action, Form, Found, Spot};
use crate::protocol::query::{self, Name};
use crate::wire;
use std::net::{IpAddr, SocketAddr};

/// The places of a head where something else is to stand, in order.
pub fn spots(head: &[u8], found: &mut Found) -> Vec<Spot> {
    let mut places = Places { spots: Vec::new(), found };
    let mut at = 0;
    let mut is_first = true;
    for line in head.split_inclusive(|&byte| byte == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        match (content, is_first) {
            ([], _) => {}
            (line, true) => places.request_line(line, at),
            (line, false) => places.header_line(line, at),
        }
        is_first &= content.is_empty();
        at += line.len();
    }
    places.spots
}

/// The places of a header's value, as spots of the value.
pub fn value_spots(name: &str, value: &str, found: &mut Found) -> Vec<Spot> {
    let mut places = Places { spots: Vec::new(), found };
    places.header_value(name, value, 0);
    places.spots
}

/// The places of a caller's address and port.
pub fn peer_spots(peer: &str, found: &mut Found) -> Vec<Spot> {
    let mut places = Places { spots: Vec::new(), found };
    places.machine(peer, 0);
    places.spots
}

struct Places<'a> {
    spots: Vec<Spot>,
    found: &'a mut Found,
}

impl Places<'_> {
    fn put(&mut self, start: usize, end: usize, action: Action) {
        if start < end {
            self.spots.push(Spot { start, end, action });
        }
    }

    fn alias(&mut self, start: usize, value: &str, class: Class) {
        if !value.is_empty() {
            let action = self.found.alias(value, class, Form::Words);
            self.put(start, start + value.len(), action);
        }
    }

    fn scan(&mut self, start: usize, value: &str) {
        self.put(start, start + value.len(), Action::Scan(value.into(), Form::Words));
    }

    /// What is written between two bytes of a URL stays but for what is known to be private in it.
    fn scan_decoded(&mut self, start: usize, end: usize, plain: &str) {
        self.put(start, end, Action::Scan(plain.into(), Form::Url));
    }

    fn masked(&mut self, start: usize, line: &[u8]) {
        let put = format!("({} bytes)", line.len()).into_bytes();
        self.put(start, start + line.len(), Action::Put(put));
    }

    // The request line

    fn request_line(&mut self, line: &[u8], at: usize) {
        let head = wire::read_head(line);
        let (Some(method), Some(target), Some(version)) = (head.method, head.target, head.http_version) else {
            return self.masked(at, line);
        };
        if !method.bytes().all(|byte| byte.is_ascii_alphabetic()) || method.len() > 20 {
            self.put(at, at + method.len(), Action::Put(b"METHOD".to_vec()));
        }
        let target_at = at + method.len() + 1;
        self.target(target, target_at);
        if !version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') || version.len() > 4 {
            let version_at = target_at + target.len() + " HTTP/".len();
            self.put(version_at, version_at + version.len(), Action::Put(b"0".to_vec()));
        }
    }

    fn target(&mut self, target: &str, at: usize) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        self.path(path, at);
        let mut at = at + path.len() + 1;
        for pair in query.split('&') {
            self.parameter(pair, at);
            at += pair.len() + 1;
        }
    }

    fn path(&mut self, path: &str, mut at: usize) {
        let mut path = path;
        if let Some((scheme, rest)) = path.split_once("://") {
            let authority = &rest[..rest.find('/').unwrap_or(rest.len())];
            at += scheme.len() + 3;
            self.authority(authority, at);
            (path, at) = (&rest[authority.len()..], at + authority.len());
        } else if !path.starts_with(['/', '*']) {
            return self.authority(path, at);
        }
        for segment in path.split('/') {
            let plain = query::decode(segment);
            if names::is_word(&plain) || segment == "*" {
                self.scan_decoded(at, at + segment.len(), &plain);
            } else if !segment.is_empty() {
                let action = self.found.alias(&plain, Class::Key, Form::Url);
                self.put(at, at + segment.len(), action);
            }
            at += segment.len() + 1;
        }
    }

    fn authority(&mut self, authority: &str, at: usize) {
        let machine = match authority.rsplit_once('@') {
            Some((user, machine)) => {
                self.alias(at, user, Class::Credential);
                machine
            }
            None => authority,
        };
        self.machine(machine, at + authority.len() - machine.len());
    }

    /// A name or an address, and a port that stays.
    fn machine(&mut self, machine: &str, at: usize) {
        let name = match machine.rsplit_once(':') {
            Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ if machine.parse::<IpAddr>().is_ok() => machine,
            _ => machine.trim_end_matches(':'),
        };
        let name = if machine.parse::<IpAddr>().is_ok() && machine.parse::<SocketAddr>().is_err() { machine } else { name };
        let (name, at) = match name.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => (inner, at + 1),
            None => (name, at),
        };
        if names::is_nobodys(name) || name.eq_ignore_ascii_case("localhost") {
            return;
        }
        let class = if name.parse::<IpAddr>().is_ok() { Class::Address } else { Class::Host };
        self.alias(at, name, class);
    }

    // Parameters

    fn parameter(&mut self, pair: &str, at: usize) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value_at = at + name.len() + 1;
        let read = query::read(&format!("?{pair}")).into_iter().next();
        let Some(read) = read else { return };
        let plain = read.value.as_str();
        if read.known.is_none() {
            self.parameter_name(&read.name, name, at);
        }
        let end = value_at + value.len();
        let stays = match read.known {
            Some(Name::Sign) => return self.sign(value_at, value),
            Some(Name::SdkAppId) => plain.bytes().all(|byte| byte.is_ascii_digit()),
            Some(Name::RequestTime) => plain.bytes().all(|byte| byte.is_ascii_digit() || b".-+".contains(&byte)),
            Some(Name::ClientIp) => names::is_nobodys(plain),
            Some(Name::Command | Name::RequestId) => names::is_id(plain),
            Some(Name::ContentType | Name::Platform) => names::is_word(plain),
            None => names::class(&read.name).is_none() && names::is_harmless(plain),
        };
        if value.is_empty() || (stays && names::is_documented_word(plain)) {
            return;
        }
        if stays {
            return self.scan_decoded(value_at, end, plain);
        }
        let class = match read.known {
            Some(Name::ClientIp) => Some(Class::Address).filter(|_| plain.parse::<IpAddr>().is_ok()),
            _ => names::class_of_value(plain).or_else(|| names::class(&read.name)),
        };
        let action = self.found.alias(plain, class.unwrap_or(Class::Text), Form::Url);
        self.put(value_at, end, action);
    }

    /// A signature stays as long as it was, and of hex if it was: what is wrong with it otherwise is still wrong with it.
    fn sign(&mut self, at: usize, value: &str) {
        if value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            self.alias(at, value, Class::Signature);
        } else {
            let stars = "*".repeat(query::decode(value).chars().count());
            self.put(at, at + value.len(), Action::Put(stars.into_bytes()));
        }
    }

    /// A name stays as it is written if it could be one.
    fn parameter_name(&mut self, plain: &str, written: &str, at: usize) {
        if written.is_empty() {
            return;
        }
        if names::is_word(plain) {
            return self.scan_decoded(at, at + written.len(), plain);
        }
        let action = self.found.alias(plain, Class::Key, Form::Url);
        self.put(at, at + written.len(), action);
    }

    // Headers

    fn header_line(&mut self, line: &[u8], at: usize) {
        let colon = line.iter().position(|&byte| byte == b':');
        let read = colon.and_then(|colon| Some((std::str::from_utf8(&line[..colon]).ok()?, &line[colon + 1..])));
        let Some((name, rest)) = read else { return self.masked(at, line) };
        if !is_header_name(name) {
            self.alias(at, name, Class::Key);
        }
        let value_at = at + name.len() + 1 + (rest.len() - rest.trim_ascii_start().len());
        match std::str::from_utf8(rest.trim_ascii()) {
            Ok(value) => self.header_value(name, value, value_at),
            Err(_) => self.masked(value_at, rest.trim_ascii()),
        }
    }

    fn header_value(&mut self, name: &str, value: &str, at: usize) {
        let name = name.trim().to_ascii_lowercase();
        let is_any = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        if name == "content-length" {
            self.length(value, at);
        } else if STANDARD.contains(&name.as_str()) && value.chars().all(is_plain) {
            self.scan(at, value);
        } else if is_any(&CREDENTIALS) {
            self.credential(value, at);
        } else if HOSTS.contains(&name.as_str()) {
            self.machine(value, at);
        } else if is_any(&WAYS) {
            self.way(value, at, name.contains("port"));
        } else if (name == "user-agent" && is_product(value)) || names::is_harmless(value) {
            self.scan(at, value);
        } else {
            self.alias(at, value, names::class_of_value(value).or_else(|| names::class(&name)).unwrap_or(Class::Text));
        }
    }

    /// A length that was right stays right, one that was wrong stays as wrong.
    fn length(&mut self, value: &str, at: usize) {
        match value.parse() {
            Ok(length) => self.put(at, at + value.len(), Action::Length(length)),
            Err(_) => self.alias(at, value, Class::Text),
        }
    }

    /// What kind of credential it is may stay.
    fn credential(&mut self, value: &str, at: usize) {
        let secret = match value.split_once(' ') {
            Some((scheme, secret)) if SCHEMES.iter().any(|one| one.eq_ignore_ascii_case(scheme)) => secret.trim_start(),
            _ => value,
        };
        self.alias(at + value.len() - secret.len(), secret, Class::Credential);
    }

    /// By whose hands a request went: addresses and names, each by itself.
    fn way(&mut self, value: &str, at: usize, is_port: bool) {
        let mut start = 0;
        for word in value.split(|c: char| " ,;=\"".contains(c)) {
            let lower = word.to_ascii_lowercase();
            let is_number = (word.len() <= 3 || is_port) && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if !word.is_empty() && !is_number && !OF_A_WAY.contains(&lower.as_str()) {
                self.machine(word, at + start);
            }
            start += word.len() + 1;
        }
    }
}

/// Headers whose values say how to read the message, and nothing of anybody.
const STANDARD: [&str; 16] = [
    "content-type",
    "accept",
    "accept-encoding",
    "accept-charset",
    "accept-language",
    "connection",
    "transfer-encoding",
    "content-encoding",
    "expect",
    "cache-control",
    "pragma",
    "te",
    "upgrade",
    "keep-alive",
    "date",
    "allow",
];
/// What the name of a header says that opens a door.
const CREDENTIALS: [&str; 13] =
    ["auth", "cookie", "token", "key", "secret", "passw", "credential", "session", "sign", "csrf", "xsrf", "jwt", "license"];
/// Schemes of credentials. Source: the registry of RFC 9110, section 16.4.1.
const SCHEMES: [&str; 6] = ["Basic", "Bearer", "Digest", "HMAC", "Negotiate", "Token"];
const HOSTS: [&str; 4] = ["host", "x-forwarded-host", "x-forwarded-server", "x-original-host"];
/// What the name of a header says that tells where a request came from or went through.
const WAYS: [&str; 9] = ["forwarded", "-ip", "_ip", "remote-addr", "via", "peer", "client-addr", "host", "proxy"];
const OF_A_WAY: [&str; 12] =
    ["for", "by", "proto", "http", "https", "host", "unknown", "http/1.1", "http/1.0", "localhost", "port", "null"];

fn is_header_name(name: &str) -> bool {
    names::is_word(name)
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || " /;=.,*+_-:\"".contains(c)
}

/// `Go-http-client/1.1`: one product and its version, and nothing of the machine that it runs on.
fn is_product(value: &str) -> bool {
    let (name, version) = value.split_once('/').unwrap_or((value, ""));
    names::is_word(name) && version.len() <= 16 && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
