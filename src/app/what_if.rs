//! What the sender would make of another response. Nothing is sent.

use crate::exchange::Responded;
use crate::opened::Opened;
use crate::protocol::response::{self, Reading};
use crate::rules::preset::read_status;
use crate::wire::{Reached, Response};

/// A response that is being tried out on the opened exchange.
#[derive(Debug, Default)]
pub struct WhatIf {
    /// The exchange that it is for.
    id: Option<i64>,
    /// What is typed; `None` while it is folded away.
    draft: Option<Draft>,
}

/// A response as it is typed, and what its sender would make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The status.
    pub status: String,
    /// After how many milliseconds.
    pub after: String,
    /// The body.
    pub body: String,
    /// The judgement; `None` while the status or the time is no number.
    pub reading: Option<Reading>,
}

/// What a user can mean about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhatIfAction {
    /// Begin with what was sent, or with the documented success.
    Open,
    /// Fold it away.
    Close,
    /// The status was typed.
    EditStatus(String),
    /// The time was typed.
    EditAfter(String),
    /// The body was typed.
    EditBody(String),
}

impl WhatIf {
    /// What is typed; `None` while it is folded away.
    pub fn draft(&self) -> Option<&Draft> {
        self.draft.as_ref()
    }

    /// Takes in what is open now. Another exchange begins anew.
    pub fn follow(&mut self, opened: Option<&Opened>) {
        let id = opened.map(|opened| opened.exchange.id);
        if id != self.id {
            *self = Self { id, draft: None };
        }
        self.judge(opened);
    }

    /// Does what the user means.
    pub fn apply(&mut self, action: WhatIfAction, opened: Option<&Opened>) {
        match (action, &mut self.draft) {
            (WhatIfAction::Open, _) => self.draft = opened.map(begun),
            (WhatIfAction::Close, _) => self.draft = None,
            (WhatIfAction::EditStatus(status), Some(draft)) => draft.status = status,
            (WhatIfAction::EditAfter(after), Some(draft)) => draft.after = after,
            (WhatIfAction::EditBody(body), Some(draft)) => draft.body = body,
            (WhatIfAction::EditStatus(_) | WhatIfAction::EditAfter(_) | WhatIfAction::EditBody(_), None) => {}
        }
        self.judge(opened);
    }

    fn judge(&mut self, opened: Option<&Opened>) {
        if let (Some(draft), Some(opened)) = (&mut self.draft, opened) {
            draft.reading = judged(draft, opened);
        }
    }
}

impl Draft {
    /// Whether the status is one.
    pub fn is_status_valid(&self) -> bool {
        self.status().is_some()
    }

    /// Whether the time is one.
    pub fn is_after_valid(&self) -> bool {
        self.after_micros().is_some()
    }

    fn status(&self) -> Option<u16> {
        read_status(self.status.trim())
    }

    fn after_micros(&self) -> Option<i64> {
        self.after.trim().parse::<u32>().ok().map(|millis| i64::from(millis) * 1_000)
    }
}

fn judged(draft: &Draft, opened: &Opened) -> Option<Reading> {
    let response = Response::json(draft.status()?, draft.body.clone());
    Some(opened.inspection.reading(Reached::Whole(&response), Some(draft.after_micros()?)))
}

fn begun(opened: &Opened) -> Draft {
    let responded = opened.exchange.response.as_ref();
    let sent = responded.and_then(|responded| responded.response.clone()).unwrap_or_else(response::success);
    let after_micros = responded.and_then(|Responded { responded_after_micros, .. }| *responded_after_micros).unwrap_or_default();
    Draft {
        status: sent.status.to_string(),
        after: (after_micros / 1_000).to_string(),
        body: String::from_utf8_lossy(&sent.body).into_owned(),
        reading: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{DEFAULT_RULE, Exchange};
    use crate::inspect;
    use crate::protocol::Kept;
    use crate::protocol::response::ReadAs;
    use crate::wire::Request;

    fn opened(id: i64) -> Opened {
        let head = "POST /?SdkAppid=1&CallbackCommand=Group.CallbackBeforeSendMsg HTTP/1.1\r\n\r\n";
        let request = Request::complete(0, head, r#"{"CallbackCommand":"Group.CallbackBeforeSendMsg"}"#);
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        let response = Some(Responded::decided(response::success(), DEFAULT_RULE));
        Opened::of(Exchange { id, request, response }, inspection, &[], true)
    }

    fn check(action: WhatIfAction, expected: Option<ReadAs>) {
        let opened = opened(1);
        let mut what_if = WhatIf::default();
        what_if.follow(Some(&opened));
        what_if.apply(WhatIfAction::Open, Some(&opened));
        what_if.apply(action, Some(&opened));
        let reading = what_if.draft().and_then(|draft| draft.reading.as_ref());
        assert_eq!(reading.map(|reading| reading.read_as), expected);
    }

    #[test]
    fn it_is_judged_as_its_sender_would() {
        check(WhatIfAction::Open, Some(ReadAs::Accepted));
        check(WhatIfAction::EditStatus("500".into()), Some(ReadAs::Failed));
        check(WhatIfAction::EditAfter("2001".into()), Some(ReadAs::Failed));
        check(WhatIfAction::EditBody(r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":1}"#.into()), Some(ReadAs::Refused));
        check(WhatIfAction::EditStatus("x".into()), None);
        check(WhatIfAction::Close, None);
    }

    #[test]
    fn another_exchange_begins_anew() {
        let (one, other) = (opened(1), opened(2));
        let mut what_if = WhatIf::default();
        what_if.follow(Some(&one));
        what_if.apply(WhatIfAction::Open, Some(&one));
        what_if.follow(Some(&one));
        assert!(what_if.draft().is_some());
        what_if.follow(Some(&other));
        assert!(what_if.draft().is_none());
    }
}
