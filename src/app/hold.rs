//! What is held for the developer: the decisions, the body that is rewritten, and how requests are held.

use super::texts;
use crate::messages::{Effect, HeldRequest, Release};
use crate::protocol::response::{self, Arrived, Asked, Reading};
use crate::rules::Fallback;
use crate::rules::preset::MOST_MILLIS;
use crate::settings::Hold;
use crate::wire::Response;
use crate::wording;

/// What waits for the developer.
#[derive(Debug)]
pub struct Held {
    /// The oldest of them, oldest first.
    pub oldest: Vec<HeldRequest>,
    /// How many there are.
    pub count: usize,
    /// The code beside Refuse.
    pub code: String,
    /// The body that is being rewritten.
    pub rewriting: Option<Rewriting>,
    /// How requests are held, as it is typed.
    pub editor: HoldEditor,
    /// Those that were let go here, until the engine has heard of it: they must not come back for a moment.
    let_go: Vec<i64>,
}

/// A body that is being rewritten.
#[derive(Debug)]
pub struct Rewriting {
    /// The request, as it was when its body was opened.
    pub request: HeldRequest,
    /// The body.
    pub body: String,
    /// What its sender would make of it.
    pub reading: Reading,
}

/// What the developer means to do with a held request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The documented success.
    Allow,
    /// The code that is typed.
    Refuse,
    /// Code 2.
    Drop,
    /// No response.
    TimeOut,
}

impl Decision {
    /// All of them in their order.
    pub const ALL: [Self; 4] = [Self::Allow, Self::Refuse, Self::Drop, Self::TimeOut];
}

/// What a user can mean about held requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldAction {
    /// Decide about this one.
    Decide(i64, Decision),
    /// The code beside Refuse was typed.
    EditCode(String),
    /// Rewrite the body for this one.
    Rewrite(i64),
    /// The body was typed.
    EditBody(String),
    /// Send the body.
    Send,
    /// When nobody decides in time, do this.
    SetFallback(FallbackKind),
    /// The code of that was typed.
    EditFallbackCode(String),
    /// How long before the limit was typed.
    EditMargin(String),
    /// Wait as long as is documented, or as long as is typed.
    UseOwnLimit(bool),
    /// The limit of one's own was typed.
    EditLimit(String),
}

/// What is done when nobody decides in time, without its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FallbackKind {
    /// The documented success.
    #[default]
    Ok,
    /// `FAIL` with a code.
    Fail,
    /// No response.
    Nothing,
}

/// How requests are held, as it is typed.
#[derive(Debug)]
pub struct HoldEditor {
    /// What is done when nobody decides in time.
    pub fallback: FallbackKind,
    /// The code of that.
    pub code: String,
    /// How long before the limit, in milliseconds.
    pub margin: String,
    /// Whether the limit is one's own.
    pub own_limit: bool,
    /// That limit, in milliseconds.
    pub limit: String,
    /// What was asked for and is not in force yet.
    asked: Option<Hold>,
}

impl Default for Held {
    fn default() -> Self {
        Self { oldest: Vec::new(), count: 0, code: "1".to_owned(), rewriting: None, editor: HoldEditor::default(), let_go: Vec::new() }
    }
}

impl Default for HoldEditor {
    fn default() -> Self {
        let mut editor = Self {
            fallback: FallbackKind::Ok,
            code: "1".to_owned(),
            margin: String::new(),
            own_limit: false,
            limit: "30000".to_owned(),
            asked: None,
        };
        editor.follow(&Hold::default());
        editor
    }
}

impl Held {
    /// Does what the user means.
    pub fn apply(&mut self, action: HoldAction) -> Vec<Effect> {
        let effect = match action {
            HoldAction::Decide(id, decision) => self.decide(id, decision),
            HoldAction::EditCode(code) => {
                self.code = code;
                None
            }
            HoldAction::Rewrite(id) => {
                self.rewrite(id);
                None
            }
            HoldAction::EditBody(body) => {
                self.type_body(body);
                None
            }
            HoldAction::Send => self.send(),
            HoldAction::SetFallback(fallback) => self.editor.change(|editor| editor.fallback = fallback),
            HoldAction::EditFallbackCode(code) => self.editor.change(|editor| editor.code = code),
            HoldAction::EditMargin(margin) => self.editor.change(|editor| editor.margin = margin),
            HoldAction::UseOwnLimit(own) => self.editor.change(|editor| editor.own_limit = own),
            HoldAction::EditLimit(limit) => self.editor.change(|editor| editor.limit = limit),
        };
        effect.into_iter().collect()
    }

    /// The one that waits longest.
    pub fn first(&self) -> Option<&HeldRequest> {
        self.oldest.first()
    }

    /// The code beside Refuse; `None` while it is no number.
    pub fn code(&self) -> Option<i64> {
        self.code.trim().parse().ok()
    }

    /// Takes in what is held now.
    pub fn take(&mut self, oldest: Vec<HeldRequest>, count: usize) {
        self.let_go.retain(|id| oldest.iter().any(|request| request.id == *id));
        self.count = count.saturating_sub(self.let_go.len());
        self.oldest = oldest;
        self.oldest.retain(|request| !self.let_go.contains(&request.id));
    }

    /// Whether the request whose body is being rewritten still waits.
    pub fn still_waits(&self, rewriting: &Rewriting) -> bool {
        self.oldest.iter().any(|request| request.id == rewriting.request.id)
    }

    /// Whether this can be decided about a request.
    pub fn can_be(&self, decision: Decision, request: &HeldRequest) -> bool {
        match decision {
            Decision::Allow | Decision::TimeOut => true,
            Decision::Refuse => self.code().is_some(),
            Decision::Drop => request.can_drop,
        }
    }

    fn decide(&mut self, id: i64, decision: Decision) -> Option<Effect> {
        let request = self.oldest.iter().find(|request| request.id == id)?;
        let release = match decision {
            Decision::Allow => Release::Respond(response::success()),
            Decision::Refuse => Release::Respond(response::build_code(self.code()?, "")),
            Decision::Drop if request.can_drop => Release::Respond(response::build_code(2, "")),
            Decision::Drop => return None,
            Decision::TimeOut => Release::Timeout,
        };
        self.release(id, release)
    }

    /// Lets one go. It is gone at once here, so that nobody decides about it twice.
    fn release(&mut self, id: i64, release: Release) -> Option<Effect> {
        let at = self.oldest.iter().position(|request| request.id == id)?;
        self.oldest.remove(at);
        self.count = self.count.saturating_sub(1);
        self.let_go.push(id);
        Some(Effect::Release { id, release })
    }

    fn rewrite(&mut self, id: i64) {
        let request = self.oldest.iter().find(|request| request.id == id).cloned();
        self.rewriting = request.map(|request| {
            let body = request.draft.to_string();
            Rewriting { reading: reading(request.asked, &body), request, body }
        });
    }

    fn type_body(&mut self, body: String) {
        if let Some(rewriting) = &mut self.rewriting {
            rewriting.reading = reading(rewriting.request.asked, &body);
            rewriting.body = body;
        }
    }

    fn send(&mut self) -> Option<Effect> {
        let Rewriting { request, body, .. } = self.rewriting.take()?;
        self.release(request.id, Release::Respond(Response::json(200, body)))
    }
}

impl HoldEditor {
    /// Takes over what is in force when it was set elsewhere. What is being typed here stays.
    pub fn follow(&mut self, hold: &Hold) {
        if let Some(asked) = self.asked {
            self.asked = Some(asked).filter(|asked| asked != hold);
            return;
        }
        if self.hold() == Some(*hold) {
            return;
        }
        self.fallback = FallbackKind::of(hold.fallback);
        if let Fallback::Fail(code) = hold.fallback {
            self.code = code.to_string();
        }
        self.margin = hold.margin_millis.to_string();
        self.own_limit = hold.limit_millis.is_some();
        if let Some(limit) = hold.limit_millis {
            self.limit = limit.to_string();
        }
    }

    /// What is typed; `None` while some of it cannot be used.
    fn hold(&self) -> Option<Hold> {
        let fallback = match self.fallback {
            FallbackKind::Ok => Fallback::Ok,
            FallbackKind::Fail => Fallback::Fail(self.code.trim().parse().ok()?),
            FallbackKind::Nothing => Fallback::Timeout,
        };
        let limit_millis = if self.own_limit { Some(read_millis(&self.limit).filter(|limit| *limit > 0)?) } else { None };
        Some(Hold { fallback, margin_millis: read_millis(&self.margin)?, limit_millis })
    }

    /// Changes the draft, and asks for it where it can be used.
    fn change(&mut self, change: impl FnOnce(&mut Self)) -> Option<Effect> {
        change(self);
        self.ask()
    }

    fn ask(&mut self) -> Option<Effect> {
        let hold = self.hold()?;
        self.asked = Some(hold);
        Some(Effect::SetHold(hold))
    }

    /// Whether the code is a number.
    pub fn is_code_valid(&self) -> bool {
        self.code.trim().parse::<i64>().is_ok()
    }

    /// Whether the time before the limit is one.
    pub fn is_margin_valid(&self) -> bool {
        read_millis(&self.margin).is_some()
    }

    /// Whether the limit is one.
    pub fn is_limit_valid(&self) -> bool {
        read_millis(&self.limit).is_some_and(|limit| limit > 0)
    }
}

impl FallbackKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Fail, Self::Nothing];

    fn of(fallback: Fallback) -> Self {
        match fallback {
            Fallback::Ok => Self::Ok,
            Fallback::Fail(_) => Self::Fail,
            Fallback::Timeout => Self::Nothing,
        }
    }
}

fn read_millis(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|millis| *millis <= MOST_MILLIS)
}

fn reading(asked: Asked, body: &str) -> Reading {
    response::read(asked, Ok(Arrived { status: 200, elapsed_micros: None, body: body.as_bytes() }))
}

/// Who sent a held request: Chat, Live and so on.
pub fn sender(request: &HeldRequest) -> &'static str {
    match request.asked {
        Asked::Documented(command) => wording::product(command.product),
        Asked::Undocumented | Asked::NoCallback => texts::THE_SENDER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::catalogue;

    fn request(id: i64, can_drop: bool) -> HeldRequest {
        HeldRequest {
            id,
            title: "Group.CallbackBeforeSendMsg".into(),
            asked: Asked::Documented(catalogue::get().named("Group.CallbackBeforeSendMsg").next().unwrap()),
            summary: String::new(),
            can_drop,
            codes: Some("10100-10200"),
            received_at_millis: 0,
            until_millis: 1_700,
            limit_millis: 2_000,
            limit_is_assumed: false,
            fallback: Fallback::Ok,
            draft: r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#.into(),
        }
    }

    fn held() -> Held {
        let mut held = Held::default();
        held.take(vec![request(1, true), request(2, false)], 2);
        held
    }

    #[test]
    fn one_is_decided_once_and_does_not_come_back() {
        let mut held = held();
        let allow = Effect::Release { id: 1, release: Release::Respond(response::success()) };
        assert_eq!((held.decide(1, Decision::Allow), held.decide(1, Decision::Allow)), (Some(allow), None));
        // The engine had not heard of it when it told this.
        held.take(vec![request(1, true), request(2, false), request(3, true)], 3);
        assert_eq!((held.first().map(|first| first.id), held.count), (Some(2), 2));
        held.take(vec![request(2, false)], 1);
        assert_eq!((held.count, held.let_go.len()), (1, 0));
    }

    #[test]
    fn a_code_refuses_and_only_some_can_be_dropped() {
        let mut held = held();
        held.code = " 10100 ".into();
        assert_eq!(held.decide(2, Decision::Drop), None);
        let refusal = Effect::Release { id: 2, release: Release::Respond(response::build_code(10_100, "")) };
        assert_eq!(held.decide(2, Decision::Refuse), Some(refusal));
        held.code = "x".into();
        assert_eq!(held.decide(1, Decision::Refuse), None);
        assert!(held.decide(1, Decision::Drop).is_some());
    }

    #[test]
    fn a_body_is_read_as_its_sender_would() {
        let mut held = held();
        held.rewrite(1);
        held.type_body(r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":10100}"#.into());
        assert_eq!(held.rewriting.as_ref().map(|rewriting| rewriting.reading.read_as), Some(response::ReadAs::Refused));
        assert!(held.send().is_some());
        held.rewrite(1);
        assert!(held.rewriting.is_none(), "it waits no more");
    }

    #[test]
    fn how_requests_are_held_is_asked_for_once_it_can_be() {
        let mut editor = HoldEditor::default();
        let now = Hold::default();
        editor.own_limit = true;
        editor.limit = "x".into();
        assert_eq!(editor.ask(), None);
        editor.limit = "30000".into();
        let hold = Hold { limit_millis: Some(30_000), ..now };
        assert_eq!(editor.ask(), Some(Effect::SetHold(hold)));
        editor.follow(&now);
        assert!(editor.own_limit, "what is on its way stays");
        editor.follow(&hold);
        editor.follow(&now);
        assert!(!editor.own_limit);
    }
}
