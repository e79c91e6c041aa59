//! The program as two pure functions: `inspect` says what a request is, `decide` what to respond.

use crate::protocol::findings::{self, Findings};
use crate::protocol::query::{Name, Spelling};
use crate::protocol::verdict::{Overall, Verdicts};
use crate::protocol::{self, Callback, Kept, SdkApp, body, summary};
use crate::rules::preset::Preset;
use crate::wire::{Request, Response};

/// What a request is, and what is true of it.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// The request read as a callback.
    pub callback: Callback,
    /// What was found.
    pub verdicts: Verdicts,
    /// What that says together.
    pub overall: Overall,
}

/// Something worth knowing that is no fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The HTTP stack refused the request, and why.
    Refused(String),
    /// The URL does not name the command, only the body does.
    CommandOnlyInBody,
    /// The body names the command as the documents' other page does.
    CommandAlias(String),
    /// A platform that the documents do not list.
    UnlistedPlatform(String),
    /// A content type that the documents do not list.
    UnlistedContentType(String),
    /// A documented parameter in another spelling than any page prints.
    VariantSpelling(String),
}

/// Reads and judges a request against the apps that are known, as of its arrival.
pub fn inspect(request: &Request, apps: &[SdkApp], kept: &Kept) -> Inspection {
    judge(request, protocol::parse(request), apps, kept)
}

/// Judges what was read already.
pub fn judge(request: &Request, callback: Callback, apps: &[SdkApp], kept: &Kept) -> Inspection {
    let verdicts = protocol::judge(request, &callback, apps, kept);
    let overall = protocol::overall(&callback, &verdicts);
    Inspection { callback, verdicts, overall }
}

/// Chooses the response.
pub fn decide(preset: &Preset) -> Response {
    preset.response()
}

impl Inspection {
    /// The fields of the body with their meanings.
    pub fn fields(&self, request: &Request) -> body::Fields {
        body::fields(&request.body, &self.callback.document, self.callback.reference)
    }

    /// Who and what, for a row.
    pub fn summary(&self, request: &Request) -> summary::Summary {
        summary::read(&request.body, &self.callback)
    }

    /// What explains the verdicts: for showing, not for responding, since it costs more than they do.
    pub fn findings(&self, request: &Request, apps: &[SdkApp]) -> Findings {
        findings::find(request, &self.callback, &self.verdicts, apps)
    }

    /// What is worth knowing besides the verdicts.
    pub fn remarks(&self, request: &Request) -> Vec<Remark> {
        let mut remarks: Vec<Remark> = request.refused.iter().cloned().map(Remark::Refused).collect();
        if !self.callback.is_callback {
            return remarks;
        }
        let Callback { params, command_in_body, .. } = &self.callback;
        let url_names_it = self.callback.param(Name::Command).is_some();
        match command_in_body {
            Some(_) if !url_names_it => remarks.push(Remark::CommandOnlyInBody),
            Some(body) if self.callback.reference.is_some_and(|reference| reference.aliases.contains(body)) => {
                remarks.push(Remark::CommandAlias(body.clone()));
            }
            _ => {}
        }
        let unlisted = |name: Name| {
            let value = self.callback.param(name)?;
            let is_listed = name.reference()?.words.keys().any(|word| word == value);
            (!is_listed).then(|| value.to_owned())
        };
        remarks.extend(unlisted(Name::Platform).map(Remark::UnlistedPlatform));
        remarks.extend(unlisted(Name::ContentType).map(Remark::UnlistedContentType));
        let variants = params.iter().filter(|param| param.spelling == Spelling::Variant);
        remarks.extend(variants.map(|param| Remark::VariantSpelling(param.name.clone())));
        remarks
    }
}
