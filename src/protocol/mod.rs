//! The protocol: a request read as a callback, and judged.
//!
//! Pure: nothing here knows the time, a file or a socket. Reading cannot fail; what is odd about a request is
//! what its verdicts say.

pub mod body;
pub mod catalogue;
pub mod diagnosis;
pub mod extension;
pub mod findings;
pub mod foreign;
pub mod json;
pub mod json_mistakes;
pub mod number;
pub mod path;
pub mod query;
pub mod response;
pub mod search;
pub mod sign;
pub mod summary;
pub mod symptom;
pub mod verdict;

use crate::wire::{self, BodyEnd, Request};
use catalogue::{Command, Product};
use foldhash::quality::FixedState;
use foreign::Foreign;
use json::{Document, Kind};
use query::{Name, Param};
use sign::Token;
use std::borrow::Cow;
use std::hash::{BuildHasher as _, Hash, Hasher};
use verdict::{AppId, BodyVerdict, CommandVerdict, InBody, Method, Overall, Place, Replay, Signature, SignatureFault, Timestamp, Verdicts};

/// An app: an `SDKAppID` with the tokens it signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdkApp {
    /// The `SDKAppID`, decimal.
    pub id: String,
    /// Its tokens, the one in force first; none where only the id is known.
    pub tokens: Vec<Token>,
}

/// A request read as a callback.
#[derive(Debug, Clone)]
pub struct Callback {
    /// The method; `None` where the request line is unreadable.
    pub method: Option<String>,
    /// The request target; `None` where the request line is unreadable.
    pub target: Option<String>,
    /// The URL parameters in their order.
    pub params: Vec<Param>,
    /// The command's name: the URL's, else the body's.
    pub command: Option<String>,
    /// The command's name in the body.
    pub command_in_body: Option<String>,
    /// What the documents say of the command.
    pub reference: Option<&'static Command>,
    /// The other product that it could be of just as well.
    pub also_of: Option<Product>,
    /// The body as JSON; empty where it is none.
    pub document: Document,
    /// Whether anything in it belongs to this protocol.
    pub is_callback: bool,
    /// The other protocol that it is of.
    pub foreign: Option<Foreign>,
}

/// Reads a request as a callback.
pub fn parse(request: &Request) -> Callback {
    let head = wire::read_request_line(&request.head);
    let params = head.target.map(query::read).unwrap_or_default();
    let document = if request.body.is_empty() { Document::default() } else { json::read(&request.body) };
    let command_in_url = query::value(&params, Name::Command).0.filter(|name| !name.is_empty()).map(str::to_owned);
    let command_in_body = command_in_body(&request.body, &document, command_in_url.as_deref());
    let names_command = command_in_url.is_some() || has_command(&request.body, &document);
    let foreign = if names_command { None } else { foreign::recognise(request, &params, &document) };
    let belongs = |param: &Param| matches!(param.known, Some(Name::SdkAppId | Name::Command | Name::Sign | Name::RequestTime));
    let is_callback = foreign.is_none() && (names_command || params.iter().any(belongs));
    let command = command_in_url.or_else(|| command_in_body.clone());
    let (reference, also_of) = command.as_deref().map_or((None, None), |name| reference(name, &request.body, &document));
    Callback {
        method: head.method.map(str::to_owned),
        target: head.target.map(str::to_owned),
        params,
        command,
        command_in_body,
        reference,
        also_of,
        document,
        is_callback,
        foreign,
    }
}

/// The events of a push, by their indices: they carry a command each where the body has none. Source: PROTOCOL,
/// section 2.
pub fn events<'a>(text: &'a [u8], document: &'a Document) -> impl Iterator<Item = usize> + 'a {
    let events = document.get(text, 0, "Events").filter(|&events| document.node(events).kind == Kind::Array);
    events.into_iter().flat_map(|events| document.children(events))
}

/// The command that an object of the body names.
pub fn command_at<'t>(text: &'t [u8], document: &Document, object: usize) -> Option<Cow<'t, str>> {
    let node = document.node(document.get(text, object, "CallbackCommand")?);
    Some(node.string(text)).filter(|name| node.kind == Kind::String && !name.is_empty())
}

fn has_command(text: &[u8], document: &Document) -> bool {
    let here = |at: usize| document.get(text, at, "CallbackCommand").is_some();
    here(0) || events(text, document).any(here)
}

/// The command that the body names. Of several events, one that the URL names too, else the first.
fn command_in_body(text: &[u8], document: &Document, in_url: Option<&str>) -> Option<String> {
    let named = |at: usize| command_at(text, document, at);
    let of_events = || {
        let agrees = events(text, document).filter_map(named).find(|name| Some(name.as_ref()) == in_url);
        agrees.or_else(|| events(text, document).find_map(named))
    };
    named(0).or_else(of_events).map(Cow::into_owned)
}

/// Finds a command's entry, and the other product that it could be of. Two products share some names: `Type` tells
/// Live from Chat, `Mic.*` of Room has an `Operator_Account`, that of Live has not, and nothing tells `Follow.*` apart.
/// Source: PROTOCOL, section 1.
fn reference(name: &str, text: &[u8], document: &Document) -> (Option<&'static Command>, Option<Product>) {
    let mut entries = catalogue::get().named(name);
    let (first, second) = (entries.next(), entries.next());
    let (Some(one), Some(other)) = (first, second) else { return (first, None) };
    let by_product = |product| [one, other].into_iter().find(|entry| entry.product == product).or(first);
    let has = |key| document.get(text, 0, key).is_some();
    match one.category.as_str() {
        "seat" => (by_product(if has("Operator_Account") { Product::Room } else { Product::Live }), None),
        "follow" => (first, Some(other.product)),
        _ => {
            let is_live = document.top_string(text, "Type").is_some_and(|kind| kind == "Live");
            (by_product(if is_live { Product::Live } else { Product::Chat }), None)
        }
    }
}

impl Callback {
    /// The first value of a parameter, in whatever spelling.
    pub fn param(&self, name: Name) -> Option<&str> {
        query::value(&self.params, name).0
    }

    /// The request target without its query; `None` where the request line is unreadable.
    pub fn path(&self) -> Option<&str> {
        self.target.as_deref().and_then(|target| target.split('?').next())
    }

    /// Its command, or method and path where it names none; empty where the request line is unreadable too.
    pub fn title(&self) -> String {
        let line = || Some(format!("{} {}", self.method.as_deref()?, self.path()?));
        self.command.clone().or_else(line).unwrap_or_default()
    }

    /// The app that it names, where that is known; one with a token first.
    pub fn app<'a>(&self, apps: &'a [SdkApp]) -> Option<&'a SdkApp> {
        let id = self.param(Name::SdkAppId)?;
        let named = || apps.iter().filter(|app| app.id == id);
        named().find(|app| !app.tokens.is_empty()).or_else(|| named().next())
    }

    /// Whose webhook it is, as far as the documents tell.
    pub fn product(&self) -> Option<Product> {
        self.reference.map(|reference| reference.product)
    }
}

/// What only the moment of arrival knew, and the last judgement that was made with a token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Whether the same came before.
    pub replay: Replay,
    /// The judgement, when one was made with a token.
    pub judged: Option<Judged>,
    /// Whether any app was known when it was last judged: an app that is saved later makes no stranger of a
    /// callback that came before. `None` on arrival.
    pub apps_known: Option<bool>,
}

/// A judgement made with a token. It stands where the token is not at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The app whose token it was.
    pub app: String,
    /// The signature's state.
    pub signature: String,
    /// The app id's state.
    pub app_id: String,
}

/// Judges a callback as of its arrival.
pub fn judge(request: &Request, callback: &Callback, apps: &[SdkApp], kept: &Kept) -> Verdicts {
    let mut verdicts = judge_early(request, callback, apps, kept);
    if verdicts.body == BodyVerdict::Unread {
        verdicts.body = fields_verdict(request, callback);
    }
    verdicts
}

/// Judges as far as the response and the columns of the history need: the fields of a body stay unread. Reading them
/// takes as long as all the rest, and an undocumented one is no fault.
pub fn judge_early(request: &Request, callback: &Callback, apps: &[SdkApp], kept: &Kept) -> Verdicts {
    Verdicts {
        signature: signature(callback, apps, kept.judged.as_ref()),
        timestamp: timestamp(request, callback),
        app_id: app_id(callback, apps, kept),
        method: match callback.method.as_deref() {
            Some("POST") => Method::Post,
            other => Method::Other(other.map(str::to_owned)),
        },
        command: command(callback),
        body: form_verdict(request, callback),
        replay: kept.replay,
    }
}

/// What all verdicts say of the request.
pub fn overall(callback: &Callback, verdicts: &Verdicts) -> Overall {
    if callback.is_callback { verdicts.overall() } else { Overall::NotCallback }
}

/// What to keep of a judgement: something only when a token of the app was at hand.
pub fn judged(callback: &Callback, verdicts: &Verdicts, apps: &[SdkApp]) -> Option<Judged> {
    let app = callback.app(apps)?;
    (!app.tokens.is_empty()).then(|| Judged {
        app: app.id.clone(),
        signature: verdicts.signature.state().to_owned(),
        app_id: verdicts.app_id.state().to_owned(),
    })
}

fn signature(callback: &Callback, apps: &[SdkApp], judged: Option<&Judged>) -> Signature {
    let (sign, sign_differs) = query::value(&callback.params, Name::Sign);
    let (time, time_differs) = query::value(&callback.params, Name::RequestTime);
    let named = callback.param(Name::SdkAppId);
    let app = callback.app(apps).filter(|app| !app.tokens.is_empty());
    let elsewhere = judged.filter(|judged| app.is_none() && Some(judged.app.as_str()) == named);
    if sign_differs || time_differs {
        return Signature::Malformed(SignatureFault::Repeated);
    }
    let (sign, time) = match (sign, time) {
        (Some(sign), Some(time)) => (sign, time),
        (Some(_), None) => return Signature::Malformed(SignatureFault::WithoutTime),
        (None, Some(_)) => return Signature::Malformed(SignatureFault::WithoutSign),
        (None, None) => return Signature::Missing { due: app.is_some() || elsewhere.is_some() },
    };
    if sign.len() != 64 || !sign.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Signature::Malformed(SignatureFault::NotHex { length: sign.chars().count() });
    }
    match (app, elsewhere) {
        (Some(app), _) => check(app, sign, time),
        (None, Some(judged)) if judged.signature == "valid" => Signature::Valid { app: judged.app.clone() },
        (None, Some(judged)) => Signature::Invalid { app: judged.app.clone(), computed: Vec::new() },
        (None, None) => Signature::Unchecked { app: named.map(str::to_owned) },
    }
}

fn check(app: &SdkApp, received: &str, time: &str) -> Signature {
    // All of them, so that nobody can measure which one fits.
    let fits = app.tokens.iter().fold(false, |fits, token| fits | sign::matches(received, token, time));
    if fits {
        return Signature::Valid { app: app.id.clone() };
    }
    Signature::Invalid { app: app.id.clone(), computed: app.tokens.iter().map(|token| sign::sign(token, time)).collect() }
}

fn timestamp(request: &Request, callback: &Callback) -> Timestamp {
    let Some(text) = callback.param(Name::RequestTime) else {
        return Timestamp::Missing { due: callback.param(Name::Sign).is_some() };
    };
    let Some(time) = sign::read_request_time(text) else {
        return Timestamp::Malformed { received: text.to_owned() };
    };
    let age_secs = sign::age_secs(request.received_at_millis, time);
    if age_secs > sign::WINDOW_SECS {
        Timestamp::Stale { age_secs }
    } else if age_secs < -sign::WINDOW_SECS {
        Timestamp::Future { age_secs }
    } else {
        Timestamp::Fresh { age_secs }
    }
}

fn app_id(callback: &Callback, apps: &[SdkApp], kept: &Kept) -> AppId {
    let (received, differs) = query::value(&callback.params, Name::SdkAppId);
    let due = kept.apps_known.unwrap_or(!apps.is_empty());
    let Some(received) = received.filter(|id| !id.is_empty()) else { return AppId::Missing { due } };
    let is_decimal = received.bytes().all(|b| b.is_ascii_digit());
    let received = received.to_owned();
    if differs || !is_decimal {
        return AppId::Malformed { received, due };
    }
    if apps.iter().any(|app| app.id == received) {
        return AppId::Match { app: received };
    }
    match &kept.judged {
        Some(judged) if judged.app == received && judged.app_id == "match" => AppId::Match { app: received },
        _ if due => AppId::Mismatch { received, known: apps.iter().map(|app| app.id.clone()).collect() },
        _ => AppId::Unchecked { received },
    }
}

fn command(callback: &Callback) -> CommandVerdict {
    let Some(name) = &callback.command else { return CommandVerdict::Missing };
    let in_body = callback.command_in_body.as_deref();
    match (callback.reference, in_body) {
        (Some(reference), Some(body)) if reference.aliases.iter().any(|alias| alias == body) => {
            CommandVerdict::Known { in_body: InBody::Alias }
        }
        (_, Some(body)) if body != name => CommandVerdict::Differs { url: name.clone(), body: body.to_owned() },
        (Some(_), Some(_)) => CommandVerdict::Known { in_body: InBody::Same },
        (Some(_), None) => CommandVerdict::Known { in_body: InBody::Absent },
        (None, _) => CommandVerdict::Unknown { name: name.clone() },
    }
}

/// Whether a body is a JSON object at all.
fn form_verdict(request: &Request, callback: &Callback) -> BodyVerdict {
    let (text, kept) = (&request.body, request.body.len());
    match request.body_end {
        BodyEnd::TooLarge => return BodyVerdict::TooLarge { kept },
        BodyEnd::CutOff => return BodyVerdict::CutOff { kept },
        BodyEnd::Complete if text.is_empty() => return BodyVerdict::Empty,
        BodyEnd::Complete => {}
    }
    if let Some(mistake) = &callback.document.mistake {
        let (line, column) = json::line_and_column(text, mistake.offset);
        return BodyVerdict::NotJson(mistake.clone(), Place { line, column });
    }
    match callback.document.root().map(|root| root.kind) {
        Some(Kind::Object) => BodyVerdict::Unread,
        Some(kind) => BodyVerdict::NotObject(kind),
        None => BodyVerdict::Empty,
    }
}

/// Whether the documents know all fields of an object.
fn fields_verdict(request: &Request, callback: &Callback) -> BodyVerdict {
    let Some(reference) = callback.reference else { return BodyVerdict::NoReference };
    let found = body::undocumented(&request.body, &callback.document, reference);
    if found.count == 0 { BodyVerdict::Documented } else { BodyVerdict::Undocumented(found) }
}

/// What makes two signed callbacks the same, and what makes their signatures the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayKey {
    /// Hash of the pair of `Sign` and `RequestTime`.
    pub signature: u64,
    /// Hash of that pair, the command and the body.
    pub content: u64,
}

/// The key by which a callback is recognised when it comes again; `None` for an unsigned one.
///
/// The hash is the same in every run. Should a new version of the library change it, repeats across that update go unnoticed.
pub fn replay_key(request: &Request, callback: &Callback) -> Option<ReplayKey> {
    let mut hasher = FixedState::default().build_hasher();
    (callback.param(Name::Sign)?, callback.param(Name::RequestTime)?).hash(&mut hasher);
    let signature = hasher.finish();
    (&callback.command, &request.body).hash(&mut hasher);
    Some(ReplayKey { signature, content: hasher.finish() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    const SIGN: &str = "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061";
    const TIME: i64 = 1_669_872_112;

    fn apps() -> Vec<SdkApp> {
        vec![SdkApp { id: "888888".into(), tokens: vec![Token::new("xxxxyyyy")] }, SdkApp { id: "777777".into(), tokens: vec![] }]
    }

    fn request(target: &str, body: &str) -> Request {
        Request {
            received_at_millis: TIME * 1000 + 2_500,
            peer: "127.0.0.1:1".into(),
            head: format!("POST {target} HTTP/1.1\r\nHost: x\r\n\r\n").into_bytes(),
            body: body.as_bytes().to_vec(),
            body_end: BodyEnd::Complete,
            refused: None,
            transport: crate::wire::Transport::Tcp,
        }
    }

    /// The states of all verdicts that are not as they should be, then overall.
    fn states(request: &Request, apps: &[SdkApp], kept: &Kept) -> String {
        let callback = parse(request);
        let verdicts = judge(request, &callback, apps, kept);
        let mut out = String::new();
        for verdict in verdicts.all().iter().filter(|verdict| verdict.severity() != verdict::Severity::Good) {
            write!(out, "{}={} ", verdict.name(), verdict.state()).expect("bug: a String takes it");
        }
        out + overall(&callback, &verdicts).word()
    }

    fn check(target: &str, body: &str, expected: &str) {
        assert_eq!(states(&request(target, body), &apps(), &Kept::default()), expected, "{target} {body}");
    }

    const BODY: &str = r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","GroupId":"@TGS#2J4SZEAEL"}"#;

    fn signed(rest: &str) -> String {
        format!("/?SdkAppid=888888&CallbackCommand=Group.CallbackAfterNewMemberJoin&Sign={SIGN}&RequestTime={TIME}{rest}")
    }

    #[test]
    fn a_callback_as_documented_is_ok() {
        check(&signed(""), BODY, "ok");
        check(&signed("").to_ascii_lowercase().replace("group.callbackafternewmemberjoin", "Group.CallbackAfterNewMemberJoin"), BODY, "ok");
    }

    #[test]
    fn what_is_judged_early_says_the_same_of_all_but_the_fields() {
        for (body, is_object) in [(BODY, true), (r#"{"Zebra":1}"#, true), ("[]", false), ("x", false), ("", false)] {
            let request = request(&signed(""), body);
            let callback = parse(&request);
            let (early, late) =
                (judge_early(&request, &callback, &apps(), &Kept::default()), judge(&request, &callback, &apps(), &Kept::default()));
            assert_eq!(overall(&callback, &early), overall(&callback, &late), "{body}");
            assert_eq!(Verdicts { body: late.body.clone(), ..early.clone() }, late, "{body}");
            assert_eq!(early.body == BodyVerdict::Unread, is_object, "{body}");
        }
    }

    #[test]
    fn each_signature_state_is_reached() {
        check(&signed("").replace("17773", "27773"), BODY, "signature=invalid bad");
        check(&signed("").replace(SIGN, &SIGN.to_uppercase()), BODY, "signature=invalid bad");
        check(&signed("").replace(SIGN, "abc"), BODY, "signature=malformed bad");
        check(&signed("").replace(&format!("&RequestTime={TIME}"), ""), BODY, "signature=malformed timestamp=missing bad");
        check(&signed("").replace(&format!("&Sign={SIGN}"), ""), BODY, "signature=malformed bad");
        check(&signed("&Sign=0"), BODY, "signature=malformed bad");
        check(&signed(&format!("&sign={SIGN}")), BODY, "ok");
        check("/?SdkAppid=888888&CallbackCommand=Group.CallbackAfterNewMemberJoin", BODY, "signature=missing timestamp=missing bad");
        check("/?SdkAppid=777777&CallbackCommand=Group.CallbackAfterNewMemberJoin", BODY, "signature=missing timestamp=missing ok");
        check(&signed("").replace("888888", "777777"), BODY, "signature=unchecked unchecked");
    }

    #[test]
    fn the_window_is_a_minute_in_whole_seconds() {
        for (after_millis, expected) in
            [(60_999, "ok"), (61_000, "timestamp=stale bad"), (-60_000, "ok"), (-60_001, "timestamp=future bad")]
        {
            let mut request = request(&signed(""), BODY);
            request.received_at_millis = TIME * 1000 + after_millis;
            assert_eq!(states(&request, &apps(), &Kept::default()), expected, "{after_millis}");
        }
        check(&signed("").replace(&TIME.to_string(), "1669872112000"), BODY, "signature=invalid timestamp=malformed bad");
    }

    #[test]
    fn each_app_id_state_is_reached() {
        check(&signed("").replace("888888", "999999"), BODY, "signature=unchecked app_id=mismatch bad");
        check(&signed("").replace("SdkAppid=888888&", ""), BODY, "signature=unchecked app_id=missing bad");
        check(&signed("").replace("888888", "88888x"), BODY, "signature=unchecked app_id=malformed bad");
        check(&signed("&SdkAppId=1"), BODY, "app_id=malformed bad");
        assert_eq!(states(&request(&signed(""), BODY), &[], &Kept::default()), "signature=unchecked app_id=unchecked unchecked");
    }

    #[test]
    fn command_and_body_are_compared() {
        check(&signed(""), &BODY.replace("AfterNew", "AfterOld"), "command=differs bad");
        check(&signed("").replace("AfterNew", "AfterOld"), &BODY.replace("AfterNew", "AfterOld"), "command=unknown body=undocumented ok");
        check(&format!("/?SdkAppid=888888&Sign={SIGN}&RequestTime={TIME}"), BODY, "ok");
        check(&format!("/?SdkAppid=888888&Sign={SIGN}&RequestTime={TIME}"), "{}", "command=missing body=undocumented bad");
        let alias = signed("").replace("Group.CallbackAfterNewMemberJoin", "Call.CallbackAfterRecordChanged");
        check(&alias, r#"{"CallbackCommand":"Call.CallbackAfterCloudRecordingChanged"}"#, "ok");
        let moderation = signed("").replace("Group.CallbackAfterNewMemberJoin", "ContentCallback.ResultNotify");
        check(&moderation, r#"{"Scene":"C2C"}"#, "ok");
    }

    #[test]
    fn each_body_state_is_reached() {
        check(&signed(""), "hello", "body=not_json bad");
        check(&signed(""), "[1]", "body=not_object bad");
        check(&signed(""), "", "body=empty bad");
        check(&signed(""), "\u{feff}{}", "body=not_json bad");
        check(&signed(""), r#"{"Extra":1}"#, "body=undocumented ok");
        for (end, expected) in [(BodyEnd::TooLarge, "body=too_large bad"), (BodyEnd::CutOff, "body=cut_off bad")] {
            let mut request = request(&signed(""), BODY);
            request.body_end = end;
            assert_eq!(states(&request, &apps(), &Kept::default()), expected);
        }
    }

    #[test]
    fn what_is_no_callback_is_called_so() {
        let mut get = request("/favicon.ico", "");
        get.head = b"GET /favicon.ico HTTP/1.1\r\n\r\n".to_vec();
        assert_eq!(
            states(&get, &apps(), &Kept::default()),
            "signature=missing timestamp=missing app_id=missing method=other command=missing body=empty not_callback"
        );
        check("/x", r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin"}"#, "signature=missing timestamp=missing app_id=missing bad");
    }

    #[test]
    fn a_judgement_stands_where_the_token_is_not_at_hand() {
        let judged = |signature: &str| Kept {
            apps_known: Some(true),
            replay: Replay::First,
            judged: Some(Judged { app: "888888".into(), signature: signature.into(), app_id: "match".into() }),
        };
        assert_eq!(states(&request(&signed(""), BODY), &[], &judged("valid")), "ok");
        assert_eq!(states(&request(&signed(""), BODY), &[], &judged("invalid")), "signature=invalid bad");
        assert_eq!(states(&request(&signed(""), BODY), &apps(), &judged("invalid")), "ok");
    }

    #[test]
    fn an_app_that_is_saved_later_makes_no_stranger_of_a_callback() {
        let target = signed("").replace("888888", "999999");
        let states = |apps_known| states(&request(&target, BODY), &apps(), &Kept { apps_known, ..Kept::default() });
        assert_eq!(states(Some(false)), "signature=unchecked app_id=unchecked unchecked");
        assert_eq!(states(Some(true)), "signature=unchecked app_id=mismatch bad");
        assert_eq!(states(None), "signature=unchecked app_id=mismatch bad");
    }

    #[test]
    fn commands_of_two_products_are_told_apart() {
        let product = |command: &str, body: &str| parse(&request(&format!("/?CallbackCommand={command}"), body)).product();
        assert_eq!(product("Group.CallbackBeforeSendMsg", r#"{"Type":"Live"}"#), Some(Product::Live));
        assert_eq!(product("Group.CallbackBeforeSendMsg", r#"{"Type":"Public"}"#), Some(Product::Chat));
        assert_eq!(product("Mic.CallbackAfterSeatInfoChanged", r#"{"Operator_Account":"a"}"#), Some(Product::Room));
        assert_eq!(product("Mic.CallbackAfterSeatInfoChanged", "{}"), Some(Product::Live));
        assert_eq!(product("Nope", "{}"), None);
    }

    #[test]
    fn a_replay_is_known_by_signature_and_content() {
        let key = |target: &str, body: &str| {
            let request = request(target, body);
            replay_key(&request, &parse(&request))
        };
        assert_eq!(key("/?SdkAppid=1", BODY), None);
        let (one, other) = (key(&signed(""), BODY).expect("bug: signed"), key(&signed(""), "{}").expect("bug: signed"));
        assert_eq!(one.signature, other.signature);
        assert_ne!(one.content, other.content);
    }
}
