//! Findings: what explains a verdict, as data.
//!
//! Verdicts are made before a response goes out, findings when an exchange is looked at: they cost more.

use super::diagnosis::{self, Diagnosis, Evidence};
use super::json_mistakes::{self, Excerpt, Known};
use super::query::{self, Name};
use super::verdict::{AppId, BodyVerdict, CommandVerdict, Signature, SignatureFault, Verdicts};
use super::{Callback, SdkApp, catalogue, sign};
use crate::wire::Request;

/// What explains the verdicts of one callback.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Of a signature that is invalid or malformed.
    pub signature: Option<SignatureFinding>,
    /// Of an app id that is no saved one: the saved app whose token fits the signature.
    pub signer: Option<String>,
    /// Of a body that is no JSON.
    pub json: Option<JsonFinding>,
    /// Of two commands that differ: whether the documents know the URL's, and whether they know the body's.
    pub commands_known: Option<(bool, bool)>,
    /// `RequestTime` as received.
    pub request_time: Option<String>,
    /// When the request arrived, in milliseconds since the Unix epoch.
    pub received_at_millis: i64,
}

/// Of a signature that is invalid or malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFinding {
    /// `Sign` as received: the first few, where several came.
    pub received: Vec<String>,
    /// What each token of the app gives; empty where none is at hand.
    pub computed: Vec<String>,
    /// Why they differ; `None` where the fault says all, or nothing can be compared.
    pub diagnosis: Option<Diagnosis>,
}

/// How many of several signatures are shown: a URL has room for thousands.
const MOST_RECEIVED: usize = 4;

/// Where a body stops being JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonFinding {
    /// The text around the place.
    pub excerpt: Excerpt,
    /// The mistake, where it is known by name.
    pub known: Option<Known>,
}

/// Finds what explains the verdicts.
pub fn find(request: &Request, callback: &Callback, verdicts: &Verdicts, apps: &[SdkApp]) -> Findings {
    Findings {
        signature: signature(request, callback, verdicts, apps),
        signer: signer(callback, verdicts, apps),
        json: json(request, verdicts),
        commands_known: if let CommandVerdict::Differs { url, body } = &verdicts.command {
            Some((is_documented(url), is_documented(body)))
        } else {
            None
        },
        request_time: callback.param(Name::RequestTime).map(str::to_owned),
        received_at_millis: request.received_at_millis,
    }
}

fn json(request: &Request, verdicts: &Verdicts) -> Option<JsonFinding> {
    let BodyVerdict::NotJson(mistake, _) = &verdicts.body else { return None };
    let excerpt = json_mistakes::excerpt(&request.body, mistake.offset);
    Some(JsonFinding { excerpt, known: json_mistakes::recognise(&request.body, mistake) })
}

fn is_documented(command: &str) -> bool {
    catalogue::get().named(command).next().is_some()
}

fn signature(request: &Request, callback: &Callback, verdicts: &Verdicts, apps: &[SdkApp]) -> Option<SignatureFinding> {
    let fault = match &verdicts.signature {
        Signature::Invalid { .. } => None,
        Signature::Malformed(fault) => Some(*fault),
        Signature::Valid { .. } | Signature::Missing { .. } | Signature::Unchecked { .. } => return None,
    };
    let app = callback.app(apps);
    let values = callback.params.iter().filter(|param| param.known == Some(Name::Sign)).map(|param| param.value.as_str());
    let time = query::value(&callback.params, Name::RequestTime);
    // With two times nothing can be computed for certain.
    let computed = match time {
        (Some(time), false) => app.map_or(&[][..], |app| &app.tokens).iter().map(|token| sign::sign(token, time)).collect(),
        _ => Vec::new(),
    };
    let diagnosis = match (fault, callback.param(Name::Sign), time.0) {
        (None | Some(SignatureFault::NotHex { length: 1.. }), Some(sign), Some(request_time)) => {
            let head = request.head();
            let host = head.header("host").and_then(|value| std::str::from_utf8(value).ok());
            let target = head.target.unwrap_or_default();
            let evidence = Evidence { sign, request_time, target, host, body: &request.body };
            Some(diagnosis::diagnose(evidence, app, apps))
        }
        _ => None,
    };
    Some(SignatureFinding { received: values.take(MOST_RECEIVED).map(str::to_owned).collect(), computed, diagnosis })
}

fn signer(callback: &Callback, verdicts: &Verdicts, apps: &[SdkApp]) -> Option<String> {
    let is_stranger = matches!(verdicts.app_id, AppId::Mismatch { .. } | AppId::Malformed { .. } | AppId::Missing { .. });
    let (sign, time) = (callback.param(Name::Sign)?, callback.param(Name::RequestTime)?);
    is_stranger.then(|| diagnosis::signer(sign, time, apps)).flatten().map(str::to_owned)
}
