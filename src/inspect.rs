//! The program as two pure functions: `inspect` says what a request is, `decide` what to respond.

use crate::protocol::body::Odd;
use crate::protocol::catalogue::Product;
use crate::protocol::extension::{self, Contradiction};
use crate::protocol::findings::{self, Findings};
use crate::protocol::foreign::Foreign;
use crate::protocol::query::{self, Name, Spelling};
use crate::protocol::response::{self, Asked, Reading};
use crate::protocol::verdict::{BodyVerdict, Overall, Verdicts};
use crate::protocol::{self, Callback, Kept, SdkApp, body, summary};
use crate::rules::bar::{Bar, Used};
use crate::rules::preset::Preset;
use crate::rules::{self, DEFAULT_RULE, Decision, Fallback, Hits, Plan, Received, Rule};
use crate::wire::{Reached, Request};
use std::sync::Arc;

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

/// What was counted for deciding; it begins anew with the program.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// Of each rule.
    pub rules: Hits,
    /// Of the response bar.
    pub bar: Used,
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
    /// A documented parameter that came more than once, with different values.
    Repeated(Name),
    /// Another product has a command of the same name and nothing here tells them apart.
    AlsoOf(Product),
    /// It is of another protocol.
    Foreign(Foreign),
    /// A required field is not there: its path.
    Missing(&'static str),
    /// Values are not quite as documented.
    Odd {
        /// Where the first of them stands.
        path: String,
        /// How it differs.
        odd: Odd,
        /// How many more of the same field do.
        more: usize,
    },
    /// So many fields more differ from what is documented.
    MoreOdd(usize),
    /// What a message's extension says contradicts itself.
    Extension(Contradiction),
}

impl Remark {
    /// Whether it is told beside a field anyway, where fields are listed: among the verdicts it would only take room.
    pub fn stands_beside_its_field(&self) -> bool {
        match self {
            Self::Odd { .. } | Self::MoreOdd(_) => true,
            Self::Refused(_)
            | Self::CommandOnlyInBody
            | Self::CommandAlias(_)
            | Self::UnlistedPlatform(_)
            | Self::UnlistedContentType(_)
            | Self::VariantSpelling(_)
            | Self::Repeated(_)
            | Self::AlsoOf(_)
            | Self::Foreign(_)
            | Self::Missing(_)
            | Self::Extension(_) => false,
        }
    }
}

/// How many kinds of odd fields get a remark of their own.
const MOST_ODD: usize = 8;

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

/// Judges what was read already as far as the response and the columns of the history need, no further: its body
/// is never found undocumented.
pub fn judge_early(request: &Request, callback: Callback, apps: &[SdkApp], kept: &Kept) -> Inspection {
    let verdicts = protocol::judge_early(request, &callback, apps, kept);
    let overall = protocol::overall(&callback, &verdicts);
    Inspection { callback, verdicts, overall }
}

/// Chooses what is done with a request: the first rule that matches says so, else the response bar. Counts it.
pub fn decide(
    (request, inspection): (&Request, &Inspection),
    rules: &Arc<[Rule]>,
    (bar, fallback): (&Bar, Fallback),
    counted: &mut Counted,
    now_millis: i64,
) -> Decision {
    rules::pick(rules, &inspection.received(request), &mut counted.rules).unwrap_or_else(|| {
        let preset = if bar.preset.waits_for_requests() { bar.take(&mut counted.bar, now_millis) } else { Preset::Ok };
        let plan = if preset == Preset::Hold { Plan::Hold(fallback) } else { preset.plan(0) };
        Decision { rule: DEFAULT_RULE.to_owned(), fault: preset.fault(), plan }
    })
}

impl Inspection {
    /// The request as a rule sees it.
    pub fn received<'a>(&'a self, request: &'a Request) -> Received<'a> {
        let Self { callback, verdicts, overall } = self;
        Received { request, callback, verdicts, overall: *overall }
    }

    /// The fields of the body with their meanings.
    pub fn fields(&self, request: &Request) -> body::Fields {
        let mut fields = body::fields(&request.body, &self.callback.document, self.callback.reference);
        // Nobody knows what else a body would have held that broke off.
        if !matches!(self.verdicts.body, BodyVerdict::Documented | BodyVerdict::Undocumented(_) | BodyVerdict::NoReference) {
            fields.missing.clear();
        }
        fields
    }

    /// Who and what, for a row.
    pub fn summary(&self, request: &Request) -> summary::Summary {
        summary::read(&request.body, &self.callback)
    }

    /// What explains the verdicts: for showing, not for responding, since it costs more than they do.
    pub fn findings(&self, request: &Request, apps: &[SdkApp]) -> Findings {
        findings::find(request, &self.callback, &self.verdicts, apps)
    }

    /// What the sender makes of what reached it of a response, this long after its request.
    pub fn reading(&self, reached: Reached<'_>, elapsed_micros: Option<i64>) -> Reading {
        response::read_reached(self.asked(), reached, elapsed_micros)
    }

    /// What was posted, as far as it decides what a response does.
    pub fn asked(&self) -> Asked {
        match self.callback.reference {
            _ if self.overall == Overall::NotCallback => Asked::NoCallback,
            Some(command) => Asked::Documented(command),
            None => Asked::Undocumented,
        }
    }

    /// What is worth knowing besides the verdicts. `fields` are those of [`Inspection::fields`].
    pub fn remarks(&self, request: &Request, fields: &body::Fields) -> Vec<Remark> {
        let mut remarks: Vec<Remark> = request.refused.iter().cloned().map(Remark::Refused).collect();
        remarks.extend(self.callback.foreign.map(Remark::Foreign));
        if !self.callback.is_callback {
            return remarks;
        }
        remarks.extend(self.about_command());
        remarks.extend(self.callback.also_of.map(Remark::AlsoOf));
        remarks.extend(self.about_parameters());
        remarks.extend(fields.missing.iter().map(|path| Remark::Missing(path)));
        remarks.extend(about_values(fields));
        remarks.extend(extension::contradictions(&request.body, &self.callback).into_iter().map(Remark::Extension));
        remarks
    }

    fn about_command(&self) -> Option<Remark> {
        let body = self.callback.command_in_body.as_ref()?;
        if self.callback.param(Name::Command).is_none() {
            return Some(Remark::CommandOnlyInBody);
        }
        let is_alias = self.callback.reference.is_some_and(|reference| reference.aliases.contains(body));
        is_alias.then(|| Remark::CommandAlias(body.clone()))
    }

    fn about_parameters(&self) -> Vec<Remark> {
        let unlisted = |name: Name| {
            let value = self.callback.param(name)?;
            let is_listed = name.reference()?.words.keys().any(|word| word == value);
            (!is_listed).then(|| value.to_owned())
        };
        let platform = unlisted(Name::Platform).map(Remark::UnlistedPlatform);
        let content_type = unlisted(Name::ContentType).map(Remark::UnlistedContentType);
        // Each parameter once, however often it came.
        let mut told = Vec::new();
        let mut is_first = |name: Option<Name>| {
            let is_new = !told.contains(&name);
            told.extend(is_new.then_some(name));
            is_new
        };
        let variants = self.callback.params.iter().filter(|param| param.spelling == Spelling::Variant && is_first(param.known));
        let variants = variants.map(|param| Remark::VariantSpelling(param.name.to_string()));
        // Of the others a verdict tells.
        let has_verdict = |name: &Name| matches!(name, Name::SdkAppId | Name::Sign | Name::RequestTime);
        let repeated = query::repeated(&self.callback.params).filter(|name| !has_verdict(name)).map(Remark::Repeated);
        platform.into_iter().chain(content_type).chain(variants).chain(repeated).collect()
    }
}

/// One remark for all values of one field that differ alike.
fn about_values(fields: &body::Fields) -> Vec<Remark> {
    let mut kinds: Vec<(String, &body::Field, usize)> = Vec::new();
    let mut more_kinds = 0;
    for (field, odd) in fields.list.iter().filter_map(|field| Some((field, field.odd?))) {
        let pattern = without_indices(&field.path);
        match kinds.iter().position(|(known, first, _)| *known == pattern && first.odd == Some(odd)) {
            Some(at) => kinds[at].2 += 1,
            None if kinds.len() < MOST_ODD => kinds.push((pattern, field, 0)),
            None => more_kinds += 1,
        }
    }
    let of_kind = |(_, field, more): (String, &body::Field, usize)| Some(Remark::Odd { path: field.path.clone(), odd: field.odd?, more });
    let rest = (more_kinds > 0).then_some(Remark::MoreOdd(more_kinds));
    kinds.into_iter().filter_map(of_kind).chain(rest).collect()
}

fn without_indices(path: &str) -> String {
    let mut inside = false;
    let outside = path.chars().filter(|c| {
        inside = *c == '[' || (inside && *c != ']');
        !inside
    });
    outside.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, body: &str, expected: &[Remark]) {
        let request = Request::complete(0, format!("POST /?{query} HTTP/1.1\r\n\r\n"), body);
        let inspection = inspect(&request, &[], &Kept::default());
        assert_eq!(inspection.remarks(&request, &inspection.fields(&request)), expected, "{query} {body}");
    }

    #[test]
    fn what_departs_from_the_documents_is_a_remark() {
        use crate::protocol::catalogue::{FieldKind, Unit};
        use crate::protocol::json::Kind;
        let differs =
            |path: &str, documented, received, more| Remark::Odd { path: path.to_owned(), odd: Odd::Type { documented, received }, more };
        let join = "CallbackCommand=Group.CallbackAfterNewMemberJoin";
        check(join, "{}", &[Remark::Missing("CallbackCommand")]);
        check(join, r#"{"GroupId":"a","Type""#, &[]);
        check(join, r#"{"GroupId":"a",} // CallbackCommand"#, &[]);
        check(
            "",
            r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","NewMemberList":[{"Member_Account":1},{"Member_Account":2}],"EventTime":"1670574414123"}"#,
            &[
                Remark::CommandOnlyInBody,
                differs("NewMemberList[0].Member_Account", FieldKind::String, Kind::Number, 1),
                differs("EventTime", FieldKind::Integer, Kind::String, 0),
            ],
        );
        let seconds = Remark::Odd { path: "EventTime".to_owned(), odd: Odd::Unit { documented: Unit::Millis }, more: 0 };
        check(join, r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","EventTime":1670574414}"#, &[seconds]);
        check(
            "callbackcommand=Group.CallbackAfterNewMemberJoin&OptPlatform=Toaster&contenttype=xml",
            r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin"}"#,
            &[
                Remark::UnlistedPlatform("Toaster".to_owned()),
                Remark::UnlistedContentType("xml".to_owned()),
                Remark::VariantSpelling("callbackcommand".to_owned()),
            ],
        );
        check(
            "CallbackCommand=Group.CallbackAfterNewMemberJoin&CallbackCommand=State.StateChange",
            r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin"}"#,
            &[Remark::Repeated(Name::Command)],
        );
        let follow = r#"{"CallbackCommand":"Follow.CallbackAfterFollowAdd"}"#;
        check("CallbackCommand=Follow.CallbackAfterFollowAdd", follow, &[Remark::AlsoOf(Product::Live)]);
        check(
            "callbackcommand=Group.CallbackAfterNewMemberJoin&SIGN=1&sign=1&SIGN=1",
            r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin"}"#,
            &[Remark::VariantSpelling("callbackcommand".to_owned()), Remark::VariantSpelling("SIGN".to_owned())],
        );
        check("action=cdr&version=1", "", &[Remark::Foreign(Foreign::TelephoneService)]);
    }

    #[test]
    fn what_is_odd_about_a_value_stands_beside_its_field() {
        use crate::protocol::catalogue::Unit;
        let odd = Remark::Odd { path: "EventTime".to_owned(), odd: Odd::Unit { documented: Unit::Millis }, more: 0 };
        assert!(odd.stands_beside_its_field() && Remark::MoreOdd(3).stands_beside_its_field());
        // A field that is not there may stand far below what is in view.
        for remark in [Remark::Missing("EventTime"), Remark::CommandOnlyInBody, Remark::UnlistedPlatform("Toaster".to_owned())] {
            assert!(!remark.stands_beside_its_field(), "{remark:?}");
        }
    }

    #[test]
    fn the_events_of_a_push_name_their_command() {
        let push = r#"{"Events":[{"CallbackCommand":"Push.OfflinePush"},{"EventTime":1754895000}]}"#;
        check("CallbackCommand=Push.OfflinePush", push, &[Remark::Missing("Events[].CallbackCommand")]);
        check("", push, &[Remark::CommandOnlyInBody, Remark::Missing("Events[].CallbackCommand")]);
    }
}
