//! Look-alikes: senders that speak another protocol, and how each is recognised.
//!
//! Source: PROTOCOL, section 11. Its last line, on live video and VOD, is from general knowledge.

use super::json::{Document, Kind};
use super::query::Param;
use crate::wire::Request;

/// Another protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// RTC media events and cloud recording: `Sign` and `SdkAppId` in headers.
    MediaEvents,
    /// Events of the old call product: lower-case parameters, a command such as `normal_end`.
    OldCallEvents,
    /// The old room engine: lower-case parameters, `optplatform=rest_api`.
    OldRoomEngine,
    /// Lower-case parameters of one of the two; which, they do not tell.
    OldCallOrRoom,
    /// The telephone service's data push: `action=cdr&version=1`.
    TelephoneService,
    /// Live video (CSS) or VOD: `event_type`, `sign` and `t` in the body.
    LiveVideo,
}

impl Foreign {
    /// The name in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::MediaEvents => "RTC media events",
            Self::OldCallEvents => "old call events",
            Self::OldRoomEngine => "old room engine",
            Self::OldCallOrRoom => "old call events or old room engine",
            Self::TelephoneService => "telephone service",
            Self::LiveVideo => "live video or VOD",
        }
    }
}

/// Recognises a look-alike. A request that names a `CallbackCommand` is none.
pub fn recognise(request: &Request, params: &[Param], document: &Document) -> Option<Foreign> {
    let value = |name: &str| params.iter().find(|param| param.name == name).map(|param| param.value.as_str());
    let has_key = |key: &str| document.get(&request.body, 0, key).is_some();
    if let (Some(_), Some(command)) = (value("sdkappid"), value("command")) {
        return Some(old(command, value("optplatform"), value("clientip")));
    }
    if value("action") == Some("cdr") && value("version").is_some() {
        return Some(Foreign::TelephoneService);
    }
    if document.root()?.kind != Kind::Object {
        return None;
    }
    let has_header = |name: &str| request.head().header(name).is_some();
    if has_key("EventGroupId") && has_header("Sign") && has_header("SdkAppId") {
        return Some(Foreign::MediaEvents);
    }
    let is_video = (has_key("event_type") || has_key("EventType")) && has_key("sign") && has_key("t");
    is_video.then_some(Foreign::LiveVideo)
}

fn old(command: &str, platform: Option<&str>, client_ip: Option<&str>) -> Foreign {
    if platform == Some("rest_api") || client_ip == Some("0.0.0.0") {
        Foreign::OldRoomEngine
    } else if command.contains('_') && command.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
        Foreign::OldCallEvents
    } else {
        Foreign::OldCallOrRoom
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::parse;

    fn check(target: &str, headers: &str, body: &str, expected: Option<Foreign>) {
        let request = Request::complete(0, format!("POST {target} HTTP/1.1\r\nHost: x\r\n{headers}\r\n"), body);
        let callback = parse(&request);
        assert_eq!(callback.foreign, expected, "{target} {body}");
        assert!(callback.foreign.is_none() || !callback.is_callback);
    }

    #[test]
    fn each_look_alike_is_named() {
        let media = r#"{"EventGroupId":3,"EventType":301,"CallbackTs":1,"EventInfo":{}}"#;
        check("/", "Sign: q2hlY2s=\r\nSdkAppId: 1400000001\r\n", media, Some(Foreign::MediaEvents));
        check("/?sdkappid=1&command=normal_end&clientip=1.1.1.1&optplatform=android", "", "{}", Some(Foreign::OldCallEvents));
        check("/?sdkappid=1&command=create&clientip=0.0.0.0&optplatform=rest_api", "", "{}", Some(Foreign::OldRoomEngine));
        check("/?sdkappid=1&command=create&optplatform=ios", "", "", Some(Foreign::OldCallOrRoom));
        check("/?action=cdr&version=1", "", "", Some(Foreign::TelephoneService));
        check("/", "", r#"{"event_type":1,"sign":"ab","t":1}"#, Some(Foreign::LiveVideo));
        check("/", "", r#"{"EventType":"x","sign":"ab","t":1}"#, Some(Foreign::LiveVideo));
    }

    #[test]
    fn what_names_its_command_is_none() {
        check("/?SdkAppid=1&CallbackCommand=X&action=cdr&version=1", "", "{}", None);
        check("/?sdkappid=1&callbackcommand=State.StateChange", "", "{}", None);
        let recording = r#"{"CallbackCommand":"Live.CallbackAfterCloudRecordingChanged","EventGroupId":3}"#;
        check("/", "Sign: x\r\nSdkAppId: 1\r\n", recording, None);
        check("/", "", r#"{"EventGroupId":3}"#, None);
        check("/favicon.ico", "", "", None);
    }
}
