//! A request's turn: what was decided is carried out. It is recorded before the first byte goes out; what waits is
//! recorded at arrival, and completed when it is over.

use super::fault::{self, Armed, Told};
use super::record::{Judged, Reply};
use super::{Connection, Receiver};
use crate::exchange::{BY_HAND, Responded};
use crate::messages::Release;
use crate::protocol::response;
use crate::rules::preset::Preset;
use crate::rules::{Decision, Fallback, Fault, Plan};
use crate::settings::Snapshot;
use crate::wire::Response;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A request whose response is decided, or who decides it.
pub(super) struct Turn {
    pub(super) receiver: Arc<Receiver>,
    pub(super) connection: Arc<Connection>,
    /// As they were when it came.
    pub(super) settings: Arc<Snapshot>,
    /// When its last byte came.
    pub(super) request_end: Instant,
}

impl Turn {
    pub(super) async fn carry_out(self, judged: Box<Judged>, decision: Decision) -> axum::response::Response {
        let Decision { rule, fault, plan } = decision;
        match self.without_hands(plan, &rule) {
            Plan::Respond(response) => self.record_then_send(judged, response, (&rule, fault)).await,
            Plan::Later(response, millis) => self.record_and_wait(judged, response, millis, (&rule, fault)).await,
            Plan::Break(how, millis) => {
                let reply = self.record(judged, Some(Responded { fault, ..Responded::none(&rule) })).await;
                self.break_off(reply, how, millis)
            }
            Plan::Hold(fallback) => self.hold(judged, fallback, (&rule, fault)).await,
        }
    }

    /// Where nobody can decide, a hold is its fallback, at once.
    fn without_hands(&self, plan: Plan, rule: &str) -> Plan {
        let Plan::Hold(fallback) = &plan else { return plan };
        if self.settings.by_hand {
            return plan;
        }
        let preset = fallback.preset();
        tracing::warn!("rule {rule:?} holds a request, and without a window nobody can decide; it got {preset} at once");
        preset.plan(0)
    }

    /// One write, then the first byte.
    async fn record_then_send(
        &self,
        judged: Box<Judged>,
        response: Response,
        (rule, fault): (&str, Option<String>),
    ) -> axum::response::Response {
        let response = as_it_goes_out(response, judged.method());
        let reply = self.record(judged, Some(Responded { fault, ..Responded::decided(response, rule) })).await;
        self.send(reply)
    }

    /// Recorded at arrival, completed later.
    async fn record_and_wait(
        &self,
        judged: Box<Judged>,
        response: Response,
        millis: u32,
        (rule, fault): (&str, Option<String>),
    ) -> axum::response::Response {
        let method = judged.method().map(str::to_owned);
        let reply = self.record(judged, Some(Responded { fault, ..Responded::none(rule) })).await;
        if self.left_before(self.moment(millis)).await {
            return self.give_up(reply);
        }
        self.send_decided(reply, response, method.as_deref())
    }

    /// Waits for the developer, and responds as told, or with the fallback when the sender's limit comes near.
    async fn hold(&self, judged: Box<Judged>, fallback: Fallback, (rule, fault): (&str, Option<String>)) -> axum::response::Response {
        let (limit_millis, limit_is_assumed) = response::limit(judged.asked());
        let wait_millis = self.settings.hold.wait_millis(limit_millis);
        let method = judged.method().map(str::to_owned);
        let mut request = judged.held_request((limit_millis, limit_is_assumed));
        request.until_millis = judged.received_at_millis() + i64::from(wait_millis);
        request.fallback = fallback;
        let mut reply = self.record(judged, None).await;
        reply.chose(rule, fault);
        let Some(id) = reply.id() else { return self.fall_back(reply, fallback, method.as_deref()) };
        request.id = id;
        let (place, released) = self.receiver.held.hold(request);
        let mut released = released;
        let decided = tokio::select! {
            biased;
            released = &mut released => released.ok(),
            left = self.left_before(self.moment(wait_millis)) => if left { return self.give_up(reply) } else { released.try_recv().ok() },
        };
        drop(place);
        match decided {
            Some(Release::Respond(response)) => {
                reply.chose(BY_HAND, Some(Preset::Hold.to_string()));
                self.send_decided(reply, response, method.as_deref())
            }
            Some(Release::Timeout) => {
                reply.chose(BY_HAND, Some(Preset::Timeout.to_string()));
                self.break_off(reply, Fault::Timeout, 0)
            }
            None => self.fall_back(reply, fallback, method.as_deref()),
        }
    }

    fn fall_back(&self, reply: Reply, fallback: Fallback, method: Option<&str>) -> axum::response::Response {
        match fallback.preset().response() {
            Some(response) => self.send_decided(reply, response, method),
            None => self.break_off(reply, Fault::Timeout, 0),
        }
    }

    async fn record(&self, judged: Box<Judged>, responded: Option<Responded>) -> Reply {
        self.receiver.record(judged, responded, self.request_end, Arc::clone(&self.connection)).await
    }

    /// Sends what was decided on after the request was recorded.
    fn send_decided(&self, mut reply: Reply, response: Response, method: Option<&str>) -> axum::response::Response {
        reply.response(Some(as_it_goes_out(response, method)));
        self.send(reply)
    }

    fn send(&self, reply: Reply) -> axum::response::Response {
        let response = into_axum(reply.decided().expect("bug: only what was decided is sent"));
        self.connection.wire.sending(self.request_end, reply.told());
        response
    }

    /// Has the connection misbehave. What is returned to hyper never goes out.
    fn break_off(&self, mut reply: Reply, fault: Fault, millis: u32) -> axum::response::Response {
        reply.response(fault::sent(&fault));
        self.arm(fault, self.moment(millis), reply.told());
        last_response()
    }

    /// The caller is gone, or we stop, which the reply tells. Nothing goes out any more.
    fn give_up(&self, reply: Reply) -> axum::response::Response {
        drop(reply);
        self.arm(Fault::Drop, self.request_end, Box::new(|_, _| {}));
        last_response()
    }

    fn arm(&self, fault: Fault, from: Instant, told: Told) {
        let (request_end, stop) = (self.request_end, self.connection.ends.stop.clone());
        self.connection.wire.arm(Armed { fault, from, request_end, told, stop });
    }

    /// The moment so many milliseconds after the request.
    fn moment(&self, millis: u32) -> Instant {
        self.request_end + Duration::from_millis(millis.into())
    }

    /// Waits until a moment; `true` where the caller left, or we stop, before that. Mostly hyper drops us when the
    /// caller leaves.
    async fn left_before(&self, moment: Instant) -> bool {
        if self.connection.wire.waits() {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep_until(moment.into()) => false,
            () = self.connection.ends.stop.cancelled() => true,
        }
    }
}

/// An empty response after which hyper ends the connection.
fn last_response() -> axum::response::Response {
    into_axum(&Response { status: 200, headers: vec![("Connection".to_owned(), "close".to_owned())], body: Vec::new() })
}

/// Adds the length that hyper would add and leaves out the body that it would not send, so that the record shows
/// what goes out. Where HTTP knows no body, a length is wrong too. Source: RFC 9110, sections 8.6 and 9.3.6.
fn as_it_goes_out(mut response: Response, method: Option<&str>) -> Response {
    let is_tunnel = method == Some("CONNECT") && (200..300).contains(&response.status);
    if is_tunnel || matches!(response.status, 204 | 304) {
        response.body.clear();
        return response;
    }
    response.headers.push(("Content-Length".to_owned(), response.body.len().to_string()));
    if method == Some("HEAD") {
        response.body.clear();
    }
    response
}

fn into_axum(response: &Response) -> axum::response::Response {
    let mut built = axum::response::Response::new(Body::from(response.body.clone()));
    *built.status_mut() = StatusCode::from_u16(response.status).expect("bug: presets have valid statuses");
    built.headers_mut().reserve(response.headers.len());
    for (name, value) in &response.headers {
        // Of nearly all responses: they need not be read.
        let name = match name.as_str() {
            "Content-Type" => Ok(header::CONTENT_TYPE),
            "Content-Length" => Ok(header::CONTENT_LENGTH),
            name => HeaderName::from_bytes(name.as_bytes()),
        };
        let value = HeaderValue::from_str(value).expect("bug: presets have valid headers");
        built.headers_mut().append(name.expect("bug: presets have valid headers"), value);
    }
    built
}
