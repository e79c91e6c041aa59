//! Inserts: writes exchanges into their columns, and what becomes of them. `columns` reads them.

use super::columns::{body_end_word, outcome_columns, replay_columns, size};
use super::live::Batch;
use super::{Arrival, Completion};
use crate::exchange::Responded;
use rusqlite::{CachedStatement, Connection, ToSql, params};

const INSERT_EXCHANGE: &str = "
    INSERT INTO exchange (
        id, received_at_millis, peer, body_end, refused, replay, first_at_millis, signature_key, content_key,
        judged_app, judged_signature, judged_app_id, apps_known, method, command, product, sdk_app_id, overall, body_bytes,
        rule, fault, status, response_headers, responded_after_micros, outcome, caller_left_after_millis, transport,
        platform, path, signature, skew_secs, code, read_as
    ) VALUES (
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27,
        ?28, ?29, ?30, ?31, ?32, ?33
    )";
const INSERT_CONTENT: &str = "INSERT INTO content (id, head, response_body, body) VALUES (?1, ?2, ?3, ?4)";

pub(super) const COMPLETE_EXCHANGE: &str = "
    UPDATE exchange SET
        rule = ?2, fault = ?3, status = ?4, response_headers = ?5, responded_after_micros = ?6, outcome = ?7,
        caller_left_after_millis = ?8, code = ?9, read_as = ?10
    WHERE id = ?1";
const INSERT_SENT: &str = "INSERT OR REPLACE INTO sent (id, responded_after_micros) VALUES (?1, ?2)";
/// Mostly only the outcome is new; then the row with the request's body need not be written again.
pub(super) const COMPLETE_CONTENT: &str = "UPDATE content SET response_body = ?2 WHERE id = ?1 AND response_body IS NOT ?2";

/// The statements with which a batch is written, ready to be bound.
pub(super) struct Inserts<'conn> {
    exchange: CachedStatement<'conn>,
    content: CachedStatement<'conn>,
    complete_exchange: CachedStatement<'conn>,
    complete_content: CachedStatement<'conn>,
    sent: CachedStatement<'conn>,
    headers: Headers,
}

/// Binds one value after the other.
struct Bind<'s, 'conn> {
    statement: &'s mut CachedStatement<'conn>,
    at: usize,
}

impl Bind<'_, '_> {
    fn value(&mut self, value: impl ToSql) -> rusqlite::Result<()> {
        self.option(Some(value))
    }

    fn option(&mut self, value: Option<impl ToSql>) -> rusqlite::Result<()> {
        self.at += 1;
        value.map_or(Ok(()), |value| self.statement.raw_bind_parameter(self.at, value))
    }
}

/// The last headers that were written, and how they stand in the column: mostly the next ones are the same.
#[derive(Default)]
struct Headers {
    last: Vec<(String, String)>,
    json: Option<String>,
}

impl Headers {
    fn json(&mut self, headers: &[(String, String)]) -> &str {
        if self.json.is_none() || self.last != headers {
            (self.last, self.json) = (headers.to_vec(), None);
        }
        self.json.get_or_insert_with(|| json(headers))
    }
}

impl<'conn> Inserts<'conn> {
    pub(super) fn prepare(conn: &'conn Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            exchange: conn.prepare_cached(INSERT_EXCHANGE)?,
            content: conn.prepare_cached(INSERT_CONTENT)?,
            complete_exchange: conn.prepare_cached(COMPLETE_EXCHANGE)?,
            complete_content: conn.prepare_cached(COMPLETE_CONTENT)?,
            sent: conn.prepare_cached(INSERT_SENT)?,
            headers: Headers::default(),
        })
    }

    pub(super) fn write(&mut self, batch: &Batch) -> rusqlite::Result<()> {
        batch.arrivals.iter().try_for_each(|(id, arrival)| self.insert(*id, arrival))?;
        batch.completions.iter().try_for_each(|(id, completion)| self.complete(*id, completion))?;
        self.write_sent(&batch.sent)
    }

    pub(super) fn write_sent(&mut self, sent: &[(i64, Option<i64>)]) -> rusqlite::Result<()> {
        sent.iter().try_for_each(|(id, micros)| self.sent.execute(params![id, micros]).map(drop))
    }

    pub(super) fn insert(&mut self, id: i64, arrival: &Arrival) -> rusqlite::Result<()> {
        let Arrival { request, response, replay, replay_key, index, read } = arrival;
        let (replay, first_at_millis) = replay_columns(*replay);
        let judged = index.judged.as_ref();
        let response = ResponseColumns::of(response.as_ref());
        let headers = response.headers.map(|headers| self.headers.json(headers));
        // A third of them is mostly NULL, as they are where nothing is bound.
        self.exchange.clear_bindings();
        let mut bind = Bind { statement: &mut self.exchange, at: 0 };
        bind.value(id)?;
        bind.value(request.received_at_millis)?;
        bind.value(&request.peer)?;
        bind.value(body_end_word(request.body_end))?;
        bind.option(request.refused.as_ref())?;
        bind.value(replay)?;
        bind.option(first_at_millis)?;
        bind.option(replay_key.map(|key| key.signature.cast_signed()))?;
        bind.option(replay_key.map(|key| key.content.cast_signed()))?;
        bind.option(judged.map(|judged| &judged.app))?;
        bind.option(judged.map(|judged| &judged.signature))?;
        bind.option(judged.map(|judged| &judged.app_id))?;
        bind.value(index.apps_known)?;
        bind.option(index.method.as_ref())?;
        bind.option(index.command.as_ref())?;
        bind.option(index.product.as_ref())?;
        bind.option(index.sdk_app_id.as_ref())?;
        bind.value(index.overall.word())?;
        bind.value(size(request.body.len()))?;
        bind.option(response.rule)?;
        bind.option(response.fault)?;
        bind.option(response.status)?;
        bind.option(headers)?;
        bind.option(response.responded_after_micros)?;
        bind.option(response.outcome)?;
        bind.option(response.caller_left_after_millis)?;
        bind.value(request.transport.word())?;
        bind.option(index.platform.as_ref())?;
        bind.option(index.path.as_ref())?;
        bind.value(index.signature)?;
        bind.option(index.skew_secs)?;
        bind.option(read.and_then(|read| read.code))?;
        bind.option(read.map(|read| read.read_as))?;
        self.exchange.raw_execute()?;
        self.content.execute(params![id, request.head, response.body, request.body])?;
        Ok(())
    }

    fn complete(&mut self, id: i64, completion: &Completion) -> rusqlite::Result<()> {
        let Completion { responded, read } = completion;
        let response = ResponseColumns::of(Some(responded));
        self.complete_exchange.execute(params![
            id,
            response.rule,
            response.fault,
            response.status,
            response.headers.map(json),
            response.responded_after_micros,
            response.outcome,
            response.caller_left_after_millis,
            read.and_then(|read| read.code),
            read.map(|read| read.read_as),
        ])?;
        self.complete_content.execute(params![id, response.body])?;
        Ok(())
    }
}

/// What was responded, as columns.
#[derive(Default)]
struct ResponseColumns<'a> {
    rule: Option<&'a str>,
    fault: Option<&'a str>,
    status: Option<u16>,
    headers: Option<&'a [(String, String)]>,
    body: Option<&'a [u8]>,
    responded_after_micros: Option<i64>,
    outcome: Option<&'static str>,
    caller_left_after_millis: Option<i64>,
}

impl<'a> ResponseColumns<'a> {
    fn of(responded: Option<&'a Responded>) -> Self {
        let Some(Responded { response, rule, fault, responded_after_micros, outcome }) = responded else { return Self::default() };
        let (outcome, caller_left_after_millis) = outcome.map_or((None, None), outcome_columns);
        Self {
            rule: Some(rule),
            fault: fault.as_deref(),
            status: response.as_ref().map(|response| response.status),
            headers: response.as_ref().map(|response| response.headers.as_slice()),
            body: response.as_ref().map(|response| response.body.as_slice()),
            responded_after_micros: *responded_after_micros,
            outcome,
            caller_left_after_millis,
        }
    }
}

fn json(headers: &[(String, String)]) -> String {
    serde_json::to_string(headers).expect("bug: pairs of strings are JSON")
}
