//! HAR: one entry of an HTTP archive, of whatever program, as an exchange.
//!
//! A HAR file holds no bytes of a head, only its parts: the head is put together from them.
//!
//! Source: <http://www.softwareishard.com/blog/har-12-spec/>.

use super::Imported;
use crate::annotation::Annotation;
use crate::exchange::{IMPORTED, Outcome, Responded};
use crate::protocol::Kept;
use crate::wire::{MAX_HEAD_BYTES, Request, Response, Transport};
use crate::wording;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    started_date_time: String,
    request: GivenRequest,
    response: Option<GivenResponse>,
    time: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenRequest {
    method: String,
    url: String,
    #[serde(default)]
    http_version: String,
    #[serde(default)]
    headers: Vec<Header>,
    post_data: Option<Content>,
}

#[derive(Deserialize)]
struct GivenResponse {
    #[serde(default)]
    status: i64,
    #[serde(default)]
    headers: Vec<Header>,
    content: Option<Content>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

/// A body. Only that of a response may say so by the specification that it is base64; of requests too, some programs do.
#[derive(Deserialize)]
struct Content {
    text: Option<String>,
    encoding: Option<String>,
    #[serde(rename = "_encoding")]
    custom_encoding: Option<String>,
}

/// Reads an entry; `None` where the text is none.
pub fn read(text: &str) -> Option<Result<Imported, String>> {
    serde_json::from_str(text).ok().map(|entry: Entry| entry.read())
}

impl Entry {
    fn read(self) -> Result<Imported, String> {
        let Self { started_date_time, request, response, time } = self;
        let at: Result<jiff::Timestamp, jiff::Error> = started_date_time.parse();
        let at = at.map_err(|_no_time| format!("startedDateTime is no time: {}", wording::shortened(&started_date_time, 60)))?;
        let transport = if request.url.starts_with("https://") { Transport::Tls } else { Transport::Tcp };
        let request = Request { transport, ..request.read(at.as_millisecond())? };
        // What got no response has status 0.
        let response = response.filter(|response| response.status != 0).map(GivenResponse::read).transpose()?;
        let responded = match response {
            #[expect(clippy::cast_possible_truncation, reason = "it stays in bounds")]
            Some(response) => Responded {
                responded_after_micros: time.map(|millis| (millis * 1000.0).clamp(0.0, 1e15).round() as i64),
                outcome: Some(Outcome::Sent),
                ..Responded::decided(response, IMPORTED)
            },
            None => Responded::none(IMPORTED),
        };
        Ok(Imported { request, response: Some(responded), kept: Kept::default(), annotation: Annotation::default() })
    }
}

impl GivenRequest {
    fn read(self, received_at_millis: i64) -> Result<Request, String> {
        let after_scheme = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        let target = after_scheme.find(['/', '?']).map_or("", |at| &after_scheme[at..]);
        let slash = if target.starts_with('/') { "" } else { "/" };
        let version = if self.http_version.eq_ignore_ascii_case("HTTP/1.0") { "1.0" } else { "1.1" };
        // What begins with a colon is the request line of HTTP/2.
        let headers = self.headers.iter().filter(|header| !header.name.starts_with(':'));
        let line = |header: &Header| format!("{}: {}\r\n", on_one_line(&header.name), on_one_line(&header.value));
        let headers: String = headers.map(line).collect();
        let head = format!("{} {slash}{} HTTP/{version}\r\n{headers}\r\n", on_one_line(&self.method), on_one_line(target));
        if head.len() > MAX_HEAD_BYTES {
            return Err("the head is longer than 64 KiB, which none in a history is".to_owned());
        }
        let body = self.post_data.map_or_else(|| Ok(Vec::new()), Content::read)?;
        Ok(Request::complete(received_at_millis, head, body))
    }
}

impl GivenResponse {
    fn read(self) -> Result<Response, String> {
        let status = u16::try_from(self.status).ok().filter(|status| (100..600).contains(status));
        let status = status.ok_or_else(|| format!("the response has status {}; 100 to 599 are possible", self.status))?;
        let headers = self.headers.into_iter().map(|header| (header.name, header.value)).collect();
        Ok(Response { status, headers, body: self.content.map_or_else(|| Ok(Vec::new()), Content::read)? })
    }
}

impl Content {
    fn read(self) -> Result<Vec<u8>, String> {
        let is_base64 = [&self.encoding, &self.custom_encoding].into_iter().flatten().any(|encoding| encoding == "base64");
        let text = self.text.unwrap_or_default();
        if is_base64 {
            STANDARD.decode(text).map_err(|_not_base64| "a body is said to be base64 and is not".to_owned())
        } else {
            Ok(text.into_bytes())
        }
    }
}

/// What would end a line of the head becomes a space.
fn on_one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(rest: &str) -> Imported {
        let text = format!(r#"{{"startedDateTime":"2026-11-20T10:42:17.482+08:00",{rest}}}"#);
        read(&text).expect("bug: it is an entry").expect("bug: it can be read")
    }

    #[test]
    fn an_entry_becomes_an_exchange() {
        let imported = entry(
            r#""time":12.345,"request":{"method":"POST","url":"https://example.com/a?b=1#c","httpVersion":"h2","headers":[
                {"name":":method","value":"POST"},{"name":"Host","value":"example.com"},{"name":"X-A","value":"1\r\nEvil: 2"}],
                "postData":{"mimeType":"application/json","text":"{\"a\":\"红\"}"}},
                "response":{"status":200,"headers":[{"name":"a","value":"b"}],"content":{"text":"gAE=","encoding":"base64"}}"#,
        );
        let Request { received_at_millis, head, body, transport, .. } = imported.request;
        let head = String::from_utf8(head).expect("bug: it is text");
        assert_eq!(head, "POST /a?b=1#c HTTP/1.1\r\nHost: example.com\r\nX-A: 1  Evil: 2\r\n\r\n");
        assert_eq!((received_at_millis, body.as_slice(), transport), (1_795_142_537_482, "{\"a\":\"红\"}".as_bytes(), Transport::Tls));
        let responded = imported.response.expect("bug: it has one");
        let response = Response { status: 200, headers: vec![("a".into(), "b".into())], body: vec![0x80, 1] };
        assert_eq!((responded.response, responded.responded_after_micros), (Some(response), Some(12_345)));
    }

    #[test]
    fn what_got_no_response_has_none() {
        for response in ["", r#","response":{"status":0,"headers":[],"content":{"size":0}}"#] {
            let imported = entry(&format!(r#""request":{{"method":"GET","url":"http://example.com"}}{response}"#));
            assert_eq!(imported.request.head, b"GET / HTTP/1.1\r\n\r\n");
            assert_eq!(imported.response, Some(Responded::none(IMPORTED)));
        }
    }

    #[test]
    fn what_is_no_entry_is_told() {
        let told = |text: &str| read(text).map(|read| read.expect_err("bug: it is damaged"));
        assert_eq!(told("{}"), None);
        let request = r#""request":{"method":"GET","url":"/"}"#;
        assert_eq!(told(&format!(r#"{{"startedDateTime":"now",{request}}}"#)).as_deref(), Some("startedDateTime is no time: now"));
        let entry = |rest: &str| told(&format!(r#"{{"startedDateTime":"2026-11-20T10:42:17Z",{request},{rest}}}"#));
        assert!(entry(r#""response":{"status":1000}"#).is_some_and(|told| told.contains("status 1000")));
        assert!(
            entry(r#""response":{"status":200,"content":{"text":"%","encoding":"base64"}}"#).is_some_and(|told| told.contains("base64"))
        );
    }
}
