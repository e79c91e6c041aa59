//! The words of the rules' dialog and of whatever leads to it, beside those that all share.
#![expect(missing_docs, reason = "each text says what it is")]

use crate::app::rule_editor::kind::{ConditionKind, Kind};
use crate::messages::KnownRules;

pub use super::*;

pub const RULES: &str = "Rules";
pub const RESPONSE_RULES: &str = "Response rules";
pub const RULES_REMARK: &str = "the first rule that matches responds; else “Respond with”";
pub const IMPORT: &str = "Import…";
pub const ADD_RULE: &str = "Add rule";
pub const EMPTY_RULE: &str = "Empty rule";
pub const NEW_RULE: &str = "New rule";
pub const NO_RULES: &str = "No rules yet";
pub const MAKE_FIRST_RULE: &str = "Make the first rule";
pub const NO_RULES_WHY: &str = "Every request gets what “Respond with” says. A rule responds in its place where its conditions are met: refuse one group’s messages, time out twice and then succeed, hold what you want to decide by hand.";
pub const MOVE_UP: &str = "Move up";
pub const MOVE_DOWN: &str = "Move down";
pub const DUPLICATE: &str = "Duplicate";
pub const DELETE: &str = "Delete";
pub const UNDO: &str = "Undo";
pub const DISCARD: &str = "Discard";
pub const KEEP_EDITING: &str = "Keep editing";
pub const SAVE_RULE: &str = "Save rule";
pub const TRY_IT: &str = "Try on selected callback";
pub const TRY_NEEDS_SELECTION: &str = "Select an exchange first";
pub const UNSAVED_EDITS: &str = "Unsaved";
pub const RULE_NAME: &str = "Name";
pub const COMMAND: &str = "Command";
pub const COMMAND_HINT: &str = "any; e.g. Group.CallbackBeforeSendMsg, or C2C.*";
pub const ONLY_WHEN: &str = "Only when";
pub const FIELD_HINT: &str = "MsgBody[].MsgContent.Text contains 红包";
pub const ADD_CONDITION: &str = "Add condition";
pub const REMOVE_CONDITION: &str = "Take this condition away";
pub const CONDITION_EMPTY: &str = "Write what is wanted, or take the condition away";
pub const HOW_OFTEN: &str = "How often";
pub const THEN: &str = "Then…";
pub const THEN_WHY: &str = "Adds what it responds afterwards";
pub const REMOVE_STEP: &str = "Take this step away";
pub const TIMES: &str = "Times";
pub const TIMES_WRONG: &str = "How many requests it responds to is a whole number from 1 on";
pub const LAST_STEP: &str = "then for ever";
pub const DELAY: &str = "Delay";
pub const DELAY_HINT: &str = "1500 ms, 100 to 900 ms, or log-normal 200 ms, sigma 50 %";
pub const SEED: &str = "Seed";
pub const SEED_HINT: &str = "from the rule’s name";
pub const SEED_WRONG: &str = "A seed is a whole number, 0 to 4294967295, or nothing";
pub const FIRST: &str = "First";
pub const OF_THEM: &str = "of";
pub const CHANCE_SEED: &str = "Seed of the draws";
pub const CHANCE_SEED_HINT: &str = "seed, e.g. 7";
pub const SHOW_WHY: &str = "Why";
pub const HIDE_WHY: &str = "Hide";
pub const PERCENT: &str = "Percent";
pub const CODE: &str = "Code";
pub const CODE_WRONG: &str = "A code is a whole number, such as 10100";
pub const INFO: &str = "ErrorInfo";
pub const STATUS_WRONG: &str = "A status is a whole number, 200 to 599";
pub const HEADER_WRONG: &str = "A header is a name and a value, such as X-Test: 1";
pub const HEADERS_HINT: &str = "Name: value, one a line";
pub const MSG_BODY: &str = "MsgBody";
pub const CUSTOM_DATA: &str = "CloudCustomData";
pub const REWRITE_EMPTY: &str = "Write a MsgBody, a CloudCustomData, or both";
pub const USERS: &str = "Users";
pub const USERS_HINT: &str = "one user ID a line";
pub const TO_ACCOUNT: &str = "To_Account";
pub const RESULT_CODE: &str = "ResultCode";
pub const RESULT_INFO: &str = "ResultInfo";
pub const RESULT_NEEDS_USER: &str = "A result needs a To_Account: the user that it is about";
pub const RESULT_CODES: &str = "0 allows; 38000 to 39000 refuses";
pub const ADD_USER: &str = "Add a user";
pub const REMOVE_USER: &str = "Take this user away";
pub const BODY_FILE: &str = "File";
pub const BODY_FILE_HINT: &str = "body.json, looked for beside the rules";
pub const FALLBACK: &str = "Fallback";
pub const FALLBACK_HINT: &str = "ok, fail, fail:CODE or timeout: sent when nobody decides";
pub const MILLISECONDS: &str = "Milliseconds";
pub const EDIT_AS_TEXT: &str = "Edit as text";
pub const EDIT_IN_FORM: &str = "Edit in the form";
pub const TEXT_ONLY: &str = "This rule says more than the form can show";
pub const RULE_TEXT: &str = "Rule as text";
pub const ONE_RULE_HERE: &str = "Write one rule here: [[rule]] and what belongs to it";
pub const RULE_NAME_EMPTY: &str = "A rule needs a name: history keeps it";
pub const RULE_NAME_TAKEN: &str = "Another rule has this name";
pub const NO_RULES_FILE: &str = "No file was chosen";
pub const OVERTAKEN: &str = "The file says something else of this rule by now; saving keeps what stands here";
pub const RULES_NOT_ASKED: &str = "Rules were not asked: they respond only to what can be taken whole";
pub const CAN_BE_INSERTED: &str = "Can be inserted:";
pub const RESPOND_DIFFERENTLY: &str = "Respond differently to this command…";
pub const MAKE_IT_FAIL_ONCE: &str = "Make it fail once";
pub const RESPOND_LIKE_THIS: &str = "Make a rule of this response…";
pub const BY_RULES_NOW: &str = "by the rules as they are now";
pub const NO_RULES_TOLD: &str = "There are no rules: the response bar responds to every request";
pub const ANY: &str = "any";
pub const ANY_REQUEST: &str = "Any request";
pub const APP_ID: &str = "App ID";
pub const MESSAGE_TEXT: &str = "text";
pub const MATCHES: &str = "Matches: it responds";
pub const TRIED_THOUGH_OFF: &str = "It is switched off: it was tried as if it were on";
pub const WOULD_SEND: &str = "It would send";
pub const BODY_IS_NO_TEXT: &str = "The body that was sent is no text, so it is left out: put it into a file and name that";
pub const BRACES_ESCAPED: &str =
    "The body had {{ in it, which begins a placeholder here; it is written \\u007b{, which JSON reads as the same";
pub const BRACES_LOST: &str = "The body had {{ in it, which begins a placeholder here, so it is left out: put it into a file and name that";
pub const REFUSE: &str = "Refuse";
pub const TIMEOUT: &str = "Timeout";
pub const HTTP: &str = "HTTP";
pub const OWN: &str = "Own";
pub const OWN_RESPONSE: &str = "Own response";
pub const HOLD: &str = "Hold";
pub const HOLD_FOR_ME: &str = "Hold for me";
pub const MORE: &str = "More…";
pub const REWRITE: &str = "Rewrite";
pub const REFUSE_MEMBERS: &str = "Refuse members";
pub const USER_RESULTS: &str = "Result per user";
pub const FILE_BODY: &str = "Body from a file";
pub const LATE: &str = "OK, late";
pub const DRIP: &str = "Drip";
pub const STALL: &str = "Stall";
pub const NOT_JSON: &str = "Not JSON";
pub const EMPTY_BODY: &str = "Empty body";
pub const TRUNCATED: &str = "Truncated";
pub const LONG: &str = "Too long";
pub const GARBAGE: &str = "Garbage";
pub const DROP: &str = "Drop";
pub const RESET: &str = "Reset";
pub const OFTEN: [&str; 5] = ["Always", "Once", "First N", "N of M", "At random"];

/// What a condition asks about.
pub fn condition(kind: ConditionKind) -> &'static str {
    match kind {
        ConditionKind::App => APP_ID,
        ConditionKind::Product => "Product",
        ConditionKind::Platform => PLATFORM,
        ConditionKind::Path => "Path",
        ConditionKind::Method => "Method",
        ConditionKind::Verdict => "Verdict",
        ConditionKind::Field => FIELD,
    }
}

/// An example of what a condition wants.
pub fn condition_hint(kind: ConditionKind) -> &'static str {
    match kind {
        ConditionKind::App => "1400000001",
        ConditionKind::Product => "chat, live, room, call, desk",
        ConditionKind::Platform => "iOS, Android",
        ConditionKind::Path => "/im/*",
        ConditionKind::Method => "POST",
        ConditionKind::Verdict => "bad, signature:invalid",
        ConditionKind::Field => FIELD_HINT,
    }
}

/// What a rule responds, in a word.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Ok => OK,
        Kind::Refuse => REFUSE,
        Kind::Fail => FAIL,
        Kind::Timeout => TIMEOUT,
        Kind::Http => HTTP,
        Kind::Own => OWN,
        Kind::Hold => HOLD,
        Kind::Rewrite => REWRITE,
        Kind::RefuseMembers => REFUSE_MEMBERS,
        Kind::Results => USER_RESULTS,
        Kind::File => FILE_BODY,
        Kind::Late => LATE,
        Kind::Drip => DRIP,
        Kind::Stall => STALL,
        Kind::NotJson => NOT_JSON,
        Kind::Empty => EMPTY_BODY,
        Kind::Truncated => TRUNCATED,
        Kind::Long => LONG,
        Kind::Garbage => GARBAGE,
        Kind::Drop => DROP,
        Kind::Reset => RESET,
    }
}

pub fn hits(number: u64) -> String {
    counted(number, "hit", "hits")
}

/// The switch of a rule.
pub fn use_rule(name: &str) -> String {
    format!("Use “{name}”")
}

pub fn unsaved_edits(name: &str) -> String {
    format!("“{name}” has edits that are not saved")
}

pub fn rule_deleted(name: &str) -> String {
    format!("“{name}” deleted")
}

pub fn rule_name_reserved(name: &str) -> String {
    format!("“{name}” is what history says where no rule responded; take another name")
}

pub fn step(number: usize) -> String {
    format!("Step {number}")
}

pub fn nth(name: &str, number: usize) -> String {
    if number == 1 { name.to_owned() } else { format!("{name} {number}") }
}

pub fn held_for_you(fallback: &str) -> String {
    format!("Waits for you to decide; if nobody does in time: {fallback}")
}

pub fn filled_from(id: i64) -> String {
    format!("filled in from the selected exchange {id}")
}

pub fn filled_from_sample(command: &str) -> String {
    format!("as {command} reads it, filled in from its sample")
}

pub fn tried_on(id: i64) -> String {
    format!("On exchange {id}")
}

pub fn own_codes(codes: &str) -> String {
    format!("{codes} for reasons of one’s own")
}

pub fn like_exchange(id: i64) -> String {
    format!("Like exchange {id}")
}

pub fn fails_once(command: &str) -> String {
    format!("{command} fails once")
}

pub fn will_fail_once(command: Option<&str>) -> String {
    format!("The next {} gets FAIL, once; the rule stands first", command.unwrap_or("request"))
}

/// Who chose a response, on the card that says why.
pub fn responded_by(rule: &str) -> String {
    format!("Responded: {rule}")
}

/// The rules file has mistakes: what that means, the first of them, how many there are, and where.
pub fn file_is_wrong(known: &KnownRules) -> Option<String> {
    let KnownRules { rules, path, complaints } = known;
    let first = visible(complaints.first()?);
    let more = if complaints.len() > 1 { format!(" (and {} more)", complaints.len() - 1) } else { String::new() };
    let what = if rules.is_empty() {
        "No rule is in force: their file has a mistake"
    } else {
        "The rules stay as they were, since their file has a mistake"
    };
    Some(format!("{what}: {first}{more}: {}", path.display()))
}

/// The same where all mistakes are listed.
pub fn file_wrong(has_rules: bool) -> &'static str {
    if has_rules {
        "The file has mistakes; the rules in force are older, and saving here sets it aside"
    } else {
        "The file has mistakes, so no rule is in force; saving here sets it aside"
    }
}
