//! What a rule responds, and what becomes of it for one request.

use super::preset::Preset;
use super::template::{Template, Text, quoted};
use super::{Fallback, Fault, Plan, Received};
use crate::protocol::response;
use crate::wire::Response;

/// What a rule responds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A preset for which [`Preset::fits_a_rule`]; a hold is [`Reply::Hold`], a body that was typed is [`Reply::Own`].
    Preset(Preset),
    /// A response of one's own.
    Own(Template),
    /// The event is refused. The status stays `OK`, as in the documents' own refusals.
    Refuse {
        /// The `ErrorCode`.
        code: i64,
        /// The `ErrorInfo`, which the sender of a message sees.
        info: Text,
    },
    /// A message goes ahead in other words.
    Rewrite {
        /// The new `MsgBody`, as JSON.
        msg_body: Option<Text>,
        /// The new `CloudCustomData`.
        cloud_custom_data: Option<Text>,
    },
    /// The event goes ahead without these users.
    RefuseMembers(Vec<String>),
    /// Each user has a result.
    Results(Vec<UserResult>),
    /// The developer decides.
    Hold(Fallback),
}

/// One user's result, an item of `ResultItem`. Source: Chat, `Sns.CallbackPrevFriendAdd`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserResult {
    /// The user: `To_Account`.
    pub to_account: Text,
    /// 0 allows, 38000 to 39000 refuses: `ResultCode`.
    pub code: i64,
    /// What the refused one is told: `ResultInfo`.
    pub info: Text,
}

/// The one command that names them otherwise. Source: Chat, "Before a User Follows an Official Account".
const SUBSCRIBERS: &str = "OfficialAccount.CallbackBeforeAddSubscriber";

impl Default for Reply {
    fn default() -> Self {
        Self::Preset(Preset::Ok)
    }
}

impl Reply {
    /// What is done with this request after so many milliseconds, and the word that its exchange keeps of it.
    pub fn plan(&self, received: &Received<'_>, delay_millis: u32) -> (Option<String>, Plan) {
        let (fault, plan) = match self {
            Self::Preset(preset) => (preset.fault_after(delay_millis), preset.plan(delay_millis)),
            Self::Hold(fallback) => return (Preset::Hold.fault(), Plan::Hold(*fallback)),
            Self::Own(template) => (None, respond(template.fill(received), delay_millis)),
            Self::Refuse { .. } | Self::Rewrite { .. } | Self::RefuseMembers(_) | Self::Results(_) => {
                (None, respond(Response::json(200, self.body(received)), delay_millis))
            }
        };
        let is_waiting = delay_millis > 0;
        (fault.or_else(|| is_waiting.then(|| Preset::Delay(delay_millis).to_string())), plan)
    }

    /// The body in the documented form, for what is written for the user.
    fn body(&self, received: &Received<'_>) -> String {
        match self {
            Self::Refuse { code, info } => documented(*code, &info.fill(received), &[]),
            Self::Rewrite { msg_body, cloud_custom_data } => {
                let msg_body = msg_body.as_ref().map(|text| ("MsgBody", text.fill_json(received)));
                let data = cloud_custom_data.as_ref().map(|text| ("CloudCustomData", quoted(&text.fill(received))));
                documented(0, "", &msg_body.into_iter().chain(data).collect::<Vec<_>>())
            }
            Self::RefuseMembers(users) => documented(0, "", &[(key_of_refused(received), list(users.iter().map(|user| quoted(user))))]),
            Self::Results(results) => documented(0, "", &[("ResultItem", list(results.iter().map(|result| result.json(received))))]),
            Self::Preset(_) | Self::Own(_) | Self::Hold(_) => documented(0, "", &[]),
        }
    }
}

fn key_of_refused(received: &Received<'_>) -> &'static str {
    let is_of_subscribers = received.callback.command.as_deref() == Some(SUBSCRIBERS);
    if is_of_subscribers { "RefusedSubscribers_Account" } else { "RefusedMembers_Account" }
}

fn documented(code: i64, info: &str, extras: &[(&str, String)]) -> String {
    let extras = extras.iter().map(|(key, json)| format!(",\"{key}\":{json}")).collect::<Vec<_>>().concat();
    format!(r#"{{"ActionStatus":"OK","ErrorInfo":{},"ErrorCode":{code}{extras}}}"#, quoted(info))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

impl UserResult {
    fn json(&self, received: &Received<'_>) -> String {
        let Self { to_account, code, info } = self;
        let (user, info) = (quoted(&to_account.fill(received)), quoted(&info.fill(received)));
        format!(r#"{{"To_Account":{user},"ResultCode":{code},"ResultInfo":{info}}}"#)
    }
}

fn respond(response: Response, delay_millis: u32) -> Plan {
    if delay_millis == 0 { Plan::Respond(response) } else { Plan::Later(response, delay_millis) }
}

impl Preset {
    /// What is done with a request, so many milliseconds after its last byte. What has no request, a port that refuses or
    /// a handshake that fails, gets the documented success.
    pub fn plan(&self, delay_millis: u32) -> Plan {
        let response = self.response().unwrap_or_else(response::success);
        let fault = match self {
            Self::Ok | Self::Fail(_) | Self::Body(_) | Self::Http(_) | Self::NotJson | Self::Empty | Self::Refuse | Self::Tls(_) => {
                return respond(response, delay_millis);
            }
            Self::Delay(millis) => return respond(response, delay_millis.saturating_add(*millis)),
            Self::Hold => return Plan::Hold(Fallback::default()),
            Self::Timeout => Fault::Timeout,
            Self::Stall => Fault::Stall(response),
            Self::Drip(millis) => Fault::Drip(response, *millis),
            Self::Truncated => Fault::Truncated(response),
            Self::Long => Fault::Long(response),
            Self::Garbage => Fault::Garbage,
            Self::Drop => Fault::Drop,
            Self::Reset => Fault::Reset,
        };
        Plan::Break(fault, delay_millis)
    }

    /// The word that the exchange keeps, of all that it waits.
    fn fault_after(&self, delay_millis: u32) -> Option<String> {
        let waits = |millis: u32| Self::Delay(millis.saturating_add(delay_millis)).to_string();
        if let Self::Delay(millis) = self { Some(waits(*millis)) } else { self.fault() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::receive;
    use super::*;
    use crate::protocol::catalogue;
    use crate::protocol::response::{Arrived, Asked, Effect, ReadAs, read};

    fn text(source: &str) -> Text {
        Text::read(source).expect(source)
    }

    /// The body that is responded to this command's own sample.
    #[track_caller]
    fn check(command: &str, reply: &Reply, expected: &str) {
        let documented = catalogue::get().named(command).next().expect("bug: it is documented");
        receive("POST", &format!("/?CallbackCommand={command}"), &documented.sample(), |received| {
            let (fault, Plan::Respond(response)) = reply.plan(received, 0) else { panic!("{reply:?}") };
            assert_eq!((fault, String::from_utf8_lossy(&response.body).as_ref()), (None, expected));
            // As its sender reads it, it does something.
            let reading = read(Asked::Documented(documented), Ok(Arrived { status: 200, elapsed_micros: None, body: &response.body }));
            assert!(reading.is_understood(), "{reading:?}");
        });
    }

    #[test]
    fn bodies_are_written_in_the_documented_form() {
        check(
            "Group.CallbackBeforeSendMsg",
            &Reply::Refuse { code: 10100, info: text("no \"red packets\", {{From_Account}}") },
            r#"{"ActionStatus":"OK","ErrorInfo":"no \"red packets\", kofi","ErrorCode":10100}"#,
        );
        check(
            "C2C.CallbackBeforeSendMsg",
            &Reply::Rewrite {
                msg_body: Some(text(r#"[{"MsgType":"TIMTextElem","MsgContent":{"Text":"***"}}]"#)),
                cloud_custom_data: Some(text("a \"b\"")),
            },
            r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"***"}}],"CloudCustomData":"a \"b\""}"#,
        );
        let members = Reply::RefuseMembers(vec!["jared".to_owned(), "to\"m".to_owned()]);
        check(
            "Group.CallbackBeforeInviteJoinGroup",
            &members,
            r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RefusedMembers_Account":["jared","to\"m"]}"#,
        );
        check(
            "OfficialAccount.CallbackBeforeAddSubscriber",
            &members,
            r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RefusedSubscribers_Account":["jared","to\"m"]}"#,
        );
        check(
            "Sns.CallbackPrevFriendAdd",
            &Reply::Results(vec![UserResult { to_account: text("id1"), code: 38000, info: text("no") }]),
            r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"ResultItem":[{"To_Account":"id1","ResultCode":38000,"ResultInfo":"no"}]}"#,
        );
    }

    #[test]
    fn a_refusal_is_read_as_one() {
        let refusal = Reply::Refuse { code: 1, info: Text::default() };
        receive("POST", "/?CallbackCommand=C2C.CallbackBeforeSendMsg", "{}", |received| {
            let (_, plan) = refusal.plan(received, 0);
            let Plan::Respond(response) = plan else { panic!("{plan:?}") };
            let asked = Asked::Documented(received.callback.reference.expect("bug: it is documented"));
            let reading = read(asked, Ok(Arrived { status: 200, elapsed_micros: None, body: &response.body }));
            assert!(matches!((reading.read_as, reading.effect), (ReadAs::Refused, Some(Effect::Code { code: 1, .. }))));
        });
    }

    #[test]
    fn a_delay_is_a_fault_only_where_nothing_else_is() {
        let fault = |reply: &Reply, delay| receive("POST", "/", "", |received| reply.plan(received, delay).0);
        let preset = |name: &str| Reply::Preset(Preset::parse(name).expect(name));
        assert_eq!(fault(&preset("ok"), 0), None);
        assert_eq!(fault(&preset("ok"), 20).as_deref(), Some("delay:20"));
        assert_eq!(fault(&preset("delay:2100"), 20).as_deref(), Some("delay:2120"));
        assert_eq!(fault(&preset("timeout"), 20).as_deref(), Some("timeout"));
        assert_eq!(fault(&Reply::RefuseMembers(Vec::new()), 7).as_deref(), Some("delay:7"));
        assert_eq!(fault(&Reply::Hold(Fallback::Fail(3)), 7).as_deref(), Some("hold"));
    }

    #[test]
    fn every_preset_is_a_plan() {
        let plan = |name: &str, delay| Preset::parse(name).expect(name).plan(delay);
        let success = response::success;
        assert_eq!(plan("ok", 0), Plan::Respond(success()));
        assert_eq!(plan("ok", 5), Plan::Later(success(), 5));
        assert_eq!(plan("delay:10", 5), Plan::Later(success(), 15));
        assert_eq!(plan("timeout", 5), Plan::Break(Fault::Timeout, 5));
        assert_eq!(plan("drip:9", 0), Plan::Break(Fault::Drip(success(), 9), 0));
        assert_eq!(plan("hold", 5), Plan::Hold(Fallback::Ok));
        assert_eq!(plan("refuse", 0), Plan::Respond(success()));
        for name in ["stall", "truncated", "long"] {
            assert!(matches!(plan(name, 0), Plan::Break(Fault::Stall(_) | Fault::Truncated(_) | Fault::Long(_), 0)), "{name}");
        }
        for (name, fault) in [("garbage", Fault::Garbage), ("drop", Fault::Drop), ("reset", Fault::Reset)] {
            assert_eq!(plan(name, 0), Plan::Break(fault, 0));
        }
        for name in ["not-json", "empty", "http:500", "fail:3"] {
            assert!(matches!(plan(name, 0), Plan::Respond(_)), "{name}");
        }
    }
}
