//! The numbers as JSON, for programs. Keys may be added, never renamed.
//!
//! ```text
//! {"exchanges":3,"first":"2026-11-20T02:42:17.482Z"|null,"last":"…"|null,
//!  "overall":{"ok":2,"bad":1,"unchecked":0,"not_callback":0},
//!  "read_as":{"accepted":2,"refused":0,…,"none":1},
//!  "response_time":{"responses":2,"p50_ms":0.4,"p90_ms":…,"p95_ms":…,"p99_ms":…,"max_ms":…,"over_limit":0},   null where there is none
//!  "commands":[{"command":"State.StateChange"|null,"product":"chat"|null,"documented":true,"exchanges":2,"bad":0,
//!               "limit_ms":2000,"limit_is_assumed":false,"response_time":{…}}],
//!  "never_came":[{"command":"…","product":"…"}],
//!  "verdicts":[{"verdict":"signature","state":"invalid","weight":"bad"|"warning","exchanges":1,"exact":true}],
//!  "undocumented_fields":[{"command":"…","path":"List[].New","exchanges":2,"exact":true}],
//!  "looked_into":3,
//!  "over_time":{"bucket_ms":1000,"buckets":[{"start":"…","exchanges":1,"bad":0,"p50_ms":0.4,"p95_ms":0.4,"max_ms":0.4,
//!                                            "skew_p10_s":0,"skew_p50_s":1,"skew_p90_s":1}]}}
//! ```
//!
//! What is not `exact` was scaled up from the `looked_into` exchanges whose bodies were read. Quantiles are within a hundredth.

use super::report::{CommandLine, CommandName, Report, Spread, Times};
use crate::protocol::verdict::Severity;
use crate::wording::{self, millis};
use serde_json::{Map, Value, json};

/// The report as one object.
pub fn json(report: &Report) -> Value {
    let overall: Map<String, Value> = report.overall.iter().map(|(overall, count)| (overall.word().to_owned(), json!(count))).collect();
    let read_as = report.read_as.iter().map(|(read_as, count)| (read_as.map_or("none", |read_as| read_as.word()).to_owned(), json!(count)));
    let verdict = |line: &super::VerdictLine| {
        let weight = if line.severity == Severity::Bad { "bad" } else { "warning" };
        json!({"verdict": line.name, "state": line.state, "weight": weight, "exchanges": line.count.count, "exact": line.count.is_exact})
    };
    let field = |line: &super::FieldLine| json!({"command": line.command, "path": line.path, "exchanges": line.count.count, "exact": line.count.is_exact});
    json!({
        "exchanges": report.count,
        "first": report.span_millis.map(|(first, _)| wording::utc(first)),
        "last": report.span_millis.map(|(_, last)| wording::utc(last)),
        "overall": overall,
        "read_as": read_as.collect::<Map<String, Value>>(),
        "response_time": times(&report.took),
        "commands": report.commands.iter().map(command).collect::<Vec<_>>(),
        "never_came": report.never.iter().map(|command| json!({"command": command.name, "product": command.product.word()})).collect::<Vec<_>>(),
        "verdicts": report.verdicts.iter().map(verdict).collect::<Vec<_>>(),
        "undocumented_fields": report.fields.iter().map(field).collect::<Vec<_>>(),
        "looked_into": report.looked_into,
        "over_time": {"bucket_ms": report.bucket_millis, "buckets": report.buckets.iter().map(bucket).collect::<Vec<_>>()},
    })
}

fn command(line: &CommandLine) -> Value {
    let name = match &line.name {
        CommandName::Named(name) => Some(name.as_str()),
        CommandName::None => None,
        CommandName::Others => Some(line.title()),
    };
    json!({
        "command": name,
        "product": line.product,
        "documented": line.is_documented,
        "exchanges": line.count,
        "bad": line.bad,
        "limit_ms": line.limit.0,
        "limit_is_assumed": line.limit.1,
        "response_time": times(&line.took),
    })
}

fn times(times: &Times) -> Value {
    times.micros.map_or(Value::Null, |Spread { p50, p90, p95, p99, max }| {
        json!({
            "responses": times.count,
            "p50_ms": millis(p50),
            "p90_ms": millis(p90),
            "p95_ms": millis(p95),
            "p99_ms": millis(p99),
            "max_ms": millis(max),
            "over_limit": times.late,
        })
    })
}

fn bucket(bucket: &super::Bucket) -> Value {
    let took = bucket.took_micros;
    let skew = |at: usize| bucket.skew_secs.map(|skew| skew[at]);
    json!({
        "start": wording::utc(bucket.start_millis),
        "exchanges": bucket.count,
        "bad": bucket.bad,
        "p50_ms": took.map(|spread| millis(spread.p50)),
        "p95_ms": took.map(|spread| millis(spread.p95)),
        "max_ms": took.map(|spread| millis(spread.max)),
        "skew_p10_s": skew(0),
        "skew_p50_s": skew(1),
        "skew_p90_s": skew(2),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Entry;
    use crate::statistics::Fold;
    use crate::statistics::report::tests::entry;

    #[test]
    fn every_number_has_its_place() {
        let mut fold = Fold::new(0);
        fold.add(&entry(1));
        fold.add(&Entry { command: None, product: None, took_micros: None, read_as: None, ..entry(2) });
        let json = json(&fold.report());
        for (pointer, expected) in [
            ("/exchanges", json!(2)),
            ("/first", json!("2023-11-14T22:13:21.000Z")),
            ("/overall/ok", json!(2)),
            ("/read_as", json!({"accepted": 1, "none": 1})),
            ("/response_time/p50_ms", json!(0.4)),
            ("/commands/0/command", json!(null)),
            ("/commands/0/response_time", json!(null)),
            ("/commands/1/limit_ms", json!(2000)),
            ("/verdicts", json!([])),
            ("/looked_into", json!(0)),
            ("/over_time/buckets/0/skew_p50_s", json!(1)),
        ] {
            assert_eq!(json.pointer(pointer), Some(&expected), "{pointer}");
        }
    }
}
