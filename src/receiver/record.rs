//! What is recorded of a request and its response, before the first byte and after the last one.

use super::{Connection, Receiver};
use crate::exchange::{self, Outcome, Responded};
use crate::inspect::{self, Inspection};
use crate::messages::HeldRequest;
use crate::protocol::response::{self, Asked};
use crate::protocol::verdict::{Replay, Signature, Timestamp, Verdicts};
use crate::protocol::{self, Kept, ReplayKey, SdkApp};
use crate::settings::Snapshot;
use crate::store::{Arrival, Committed, Completion, Index, Read, Writer};
use crate::wire::{Reached, Request, Response};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

use super::fault::{Told, left_since};

/// How long a response waits for the disk. A slower one responds all the same: the sender's limit is 2 s.
const COMMIT_WAIT: Duration = Duration::from_secs(1);

/// A request, read and judged against what is known now. Boxed on its way: the futures that it goes through would all be as
/// large, and are moved.
pub(super) struct Judged {
    request: Request,
    inspection: Inspection,
    replay: Replay,
    replay_key: Option<ReplayKey>,
    apps: Arc<[SdkApp]>,
}

impl Judged {
    /// The method; `None` where the request line is unreadable.
    pub(super) fn method(&self) -> Option<&str> {
        self.inspection.callback.method.as_deref()
    }

    /// What deciding needs.
    pub(super) fn parts(&self) -> (&Request, &Inspection) {
        (&self.request, &self.inspection)
    }

    /// What was posted, as far as it decides what a response does.
    pub(super) fn asked(&self) -> Asked {
        self.inspection.asked()
    }

    pub(super) fn received_at_millis(&self) -> i64 {
        self.request.received_at_millis
    }

    /// What the window shows of it while it is held. Its number is not known yet.
    pub(super) fn held_request(&self, (limit_millis, limit_is_assumed): (u32, bool)) -> HeldRequest {
        HeldRequest::of(&self.request, &self.inspection, limit_millis, limit_is_assumed)
    }

    /// What the history takes of it.
    pub(super) fn arrival(self, response: Option<Responded>, readings: &Readings) -> Arrival {
        let Self { request, inspection, replay, replay_key, apps } = self;
        let index = Index::of(&inspection, &apps);
        let read = response.as_ref().map(|responded| readings.of(inspection.asked(), responded));
        Arrival { request, response, replay, replay_key, index, read }
    }
}

/// The last response that was read on its way out: mostly the next one is the same.
#[derive(Debug, Default)]
pub struct Readings(Mutex<Option<(Asked, Response, Read)>>);

impl Readings {
    fn of(&self, asked: Asked, responded: &Responded) -> Read {
        let (Reached::Whole(response), None) = (responded.reached(), responded.responded_after_micros) else {
            return Read::of(asked, responded);
        };
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((known, same, read)) if *known == asked && same == response => *read,
            _ => {
                let read = Read::of(asked, responded);
                *last = Some((asked, response.clone(), read));
                read
            }
        }
    }
}

impl Receiver {
    /// Reads and judges a request against what is known now.
    pub(super) fn judge(&self, request: Request, settings: &Snapshot) -> Judged {
        let callback = protocol::parse(&request);
        let replay_key = protocol::replay_key(&request, &callback);
        let replay = match replay_key {
            Some(key) => self.recent.lock().unwrap_or_else(PoisonError::into_inner).note(key, request.received_at_millis),
            None => Replay::First,
        };
        let apps = settings.apps.clone();
        let inspection = inspect::judge_early(&request, callback, &apps, &Kept { replay, ..Kept::default() });
        self.note_skew(&inspection.verdicts);
        Judged { request, inspection, replay, replay_key, apps }
    }

    fn note_skew(&self, verdicts: &Verdicts) {
        let (Timestamp::Fresh { age_secs } | Timestamp::Stale { age_secs } | Timestamp::Future { age_secs }) = verdicts.timestamp else {
            return;
        };
        if matches!(verdicts.signature, Signature::Valid { .. }) && verdicts.replay == Replay::First {
            self.skew.lock().unwrap_or_else(PoisonError::into_inner).note(age_secs);
        }
    }

    /// Waits until the exchange is committed, or for a second where the disk is slow.
    pub(super) async fn record(
        &self,
        judged: Box<Judged>,
        responded: Option<Responded>,
        request_end: Instant,
        connection: Arc<Connection>,
    ) -> Reply {
        let asked = judged.asked();
        let arrival = Arc::new(judged.arrival(responded, &self.readings));
        let (committed, call) = self.writer.record_among_others(Arc::clone(&arrival));
        let state = ReplyState::Waiting(committed);
        let mut reply = Reply { writer: self.writer.clone(), state, arrival, changed: None, asked, request_end, connection };
        if let Some(call) = call {
            call.after_others().await;
        }
        reply.wait().await;
        reply
    }
}

/// A recorded response on its way out. Dropped before it is told, it says that the caller left, or that we stopped.
pub(super) struct Reply {
    writer: Writer,
    state: ReplyState,
    /// As it was recorded.
    arrival: Arc<Arrival>,
    /// What is responded, where that is not what was recorded.
    changed: Option<Responded>,
    asked: Asked,
    request_end: Instant,
    connection: Arc<Connection>,
}

enum ReplyState {
    Waiting(oneshot::Receiver<Committed>),
    Known(i64),
    Told,
}

impl Reply {
    async fn wait(&mut self) {
        let ReplyState::Waiting(committed) = &mut self.state else { return };
        if let Some(Ok(committed)) = self.connection.patience.wait(COMMIT_WAIT, committed).await {
            self.state = ReplyState::Known(committed.id);
        }
    }

    /// The exchange's number, where it is known.
    pub(super) fn id(&self) -> Option<i64> {
        if let ReplyState::Known(id) = self.state { Some(id) } else { None }
    }

    /// Who chose the response, and what is simulated.
    pub(super) fn chose(&mut self, rule: &str, fault: Option<String>) {
        let responded = self.changed();
        (responded.rule, responded.fault) = (rule.to_owned(), fault);
    }

    /// What goes out, or that nothing does; it is recorded with what becomes of it.
    pub(super) fn response(&mut self, response: Option<Response>) {
        self.changed().response = response;
    }

    /// The response that was decided; `None` where none is.
    pub(super) fn decided(&self) -> Option<&Response> {
        self.changed.as_ref().or(self.arrival.response.as_ref())?.response.as_ref()
    }

    /// What is responded, to be changed.
    fn changed(&mut self) -> &mut Responded {
        let recorded = || self.arrival.response.clone().unwrap_or_else(|| Responded::none(exchange::DEFAULT_RULE));
        self.changed.get_or_insert_with(recorded)
    }

    /// Whether it is recorded as it is, so that only its way remains to be told.
    fn is_recorded(&self) -> bool {
        self.changed.is_none() && self.decided().is_some()
    }

    pub(super) fn told(mut self) -> Told {
        Box::new(move |outcome, micros| self.tell(outcome, micros))
    }

    fn tell(&mut self, outcome: Outcome, micros: Option<i64>) {
        let state = std::mem::replace(&mut self.state, ReplyState::Told);
        // Nearly all go out as they were decided and in time: then there is nothing to read again.
        if let (ReplyState::Known(id), true) = (&state, outcome == Outcome::Sent && self.is_recorded() && self.is_in_time(micros)) {
            return self.writer.sent(*id, micros);
        }
        let mut responded = std::mem::replace(self.changed(), Responded::none(""));
        (responded.outcome, responded.responded_after_micros) = (Some(outcome), micros);
        let read = Some(Read::of(self.asked, &responded));
        let completion = Completion { responded, read };
        match state {
            ReplyState::Known(id) => self.writer.complete(id, completion),
            ReplyState::Waiting(committed) => complete_later(self.writer.clone(), committed, completion),
            ReplyState::Told => {}
        }
    }

    fn is_in_time(&self, micros: Option<i64>) -> bool {
        let (limit_millis, _) = response::limit(self.asked);
        micros.is_some_and(|micros| micros < i64::from(limit_millis) * 1000)
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if !matches!(self.state, ReplyState::Told) {
            let outcome = if self.connection.ends.stop.is_cancelled() { Outcome::Stopped } else { left_since(self.request_end) };
            // Nothing went out.
            self.response(None);
            self.tell(outcome, None);
        }
    }
}

/// Completes an exchange whose number is not known yet.
fn complete_later(writer: Writer, committed: oneshot::Receiver<Committed>, completion: Completion) {
    // At the program's end connections are dropped without a runtime around them; then nobody waits.
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    runtime.spawn(async move {
        if let Ok(committed) = committed.await {
            writer.complete(committed.id, completion);
        }
    });
}
