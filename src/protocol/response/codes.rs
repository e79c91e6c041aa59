//! What an `ErrorCode` does, for each command.
//!
//! The catalogue lists the codes of a command with their effects; what is particular about a command beyond that
//! stands here, each with its page.

use super::finding::{NAMED, Remark, Unclear};
use super::form::Outcome;
use super::{Effect, ReadAs};
use crate::protocol::catalogue::{self, Command, Timing};
use crate::protocol::json::Document;

/// A gift is refused by any code but 0. Source: Live, 647/72210.
const GIFT: &str = "Live.CallbackBeforeSendGift";

/// The key that decides per user, and its codes. Source: Chat, 1047/43468.
pub(super) const PER_USER: &str = "ResultItem";
const USER_REFUSED: &str = "38000-39000";

/// The key that is handed back to a bot's flow. Source: Chat, 269/103730.
pub(super) const HANDED_BACK: &str = "RspData";

/// What a result in the documented form does, or what is not documented about it.
pub(super) fn effect(
    command: Option<&'static Command>,
    result: Outcome,
    body: &[u8],
    document: &Document,
) -> Result<(ReadAs, Effect), Vec<Unclear>> {
    let Outcome { code, .. } = result;
    match command {
        None if code == 0 => Ok((ReadAs::Accepted, Effect::Success)),
        None => Err(vec![Unclear::CodeOfUnknownCommand(code)]),
        Some(command) if command.timing == Timing::After && result == (Outcome { is_fail: false, code: 0 }) => {
            Ok((ReadAs::Accepted, Effect::Nothing))
        }
        Some(command) if command.timing == Timing::After => Ok((ReadAs::Ignored, Effect::TooLate { code })),
        Some(command) if command.extra(PER_USER).is_some() => users(body, document),
        Some(command) => of_code(command, code),
    }
}

fn of_code(command: &'static Command, code: i64) -> Result<(ReadAs, Effect), Vec<Unclear>> {
    let words = match words(command, code) {
        Some(words) => words,
        None if command.name == GIFT => words(command, 1).unwrap_or_default(),
        None => return Err(vec![undocumented(command, code)]),
    };
    let read_as = match code {
        0 => ReadAs::Accepted,
        _ if command.extra(HANDED_BACK).is_some() => ReadAs::Ignored,
        2 if command.name != GIFT => ReadAs::Dropped,
        _ => ReadAs::Refused,
    };
    Ok((read_as, Effect::Code { code, words }))
}

/// What the catalogue says of a code, by its number or by a range that it is in.
fn words(command: &'static Command, code: i64) -> Option<&'static str> {
    let listed = command.response.error_codes.iter().find(|(codes, _)| is_in(code, codes));
    listed.map(|(_, words)| words.as_str())
}

/// Whether a code is this number, or in this range such as `10100-10200`.
fn is_in(code: i64, codes: &str) -> bool {
    bounds(codes).is_some_and(|(first, last)| (first..=last).contains(&code))
}

fn bounds(codes: &str) -> Option<(i64, i64)> {
    let (first, last) = codes.split_once('-').unwrap_or((codes, codes));
    Some((first.parse().ok()?, last.parse().ok()?))
}

fn undocumented(command: &'static Command, code: i64) -> Unclear {
    let documented: Vec<&str> = command.response.codes().into_iter().map(|(codes, _)| codes).collect();
    Unclear::UndocumentedCode { code, documented: documented.join(", "), others: others(command, code) }
}

/// The families, such as `Group`, in whose range a code is.
fn others(command: &Command, code: i64) -> Vec<&'static str> {
    let has_it = |other: &&Command| other.response.error_codes.keys().any(|codes| codes.contains('-') && is_in(code, codes));
    let families = catalogue::get().commands.iter().filter(has_it).filter_map(|other| other.name.split('.').next());
    let mut families: Vec<&str> = families.filter(|family| !command.name.starts_with(&format!("{family}."))).collect();
    families.sort_unstable();
    families.dedup();
    families
}

/// What the result of each user says together. The code of the whole response is ignored then.
fn users(body: &[u8], document: &Document) -> Result<(ReadAs, Effect), Vec<Unclear>> {
    let items = document.get(body, 0, PER_USER).into_iter().flat_map(|items| document.children(items));
    let code_of = |item: usize| document.node(document.get(body, item, "ResultCode")?).raw(body).parse::<i64>().ok();
    // Those without a code are found by their form.
    let codes: Vec<(usize, i64)> = items.enumerate().filter_map(|(user, item)| Some((user, code_of(item)?))).collect();
    let unclear = |(user, code): &(usize, i64)| {
        let is_documented = *code == 0 || is_in(*code, USER_REFUSED);
        (!is_documented).then_some(Unclear::UndocumentedUserCode { user: *user, code: *code })
    };
    let unclear: Vec<Unclear> = codes.iter().filter_map(unclear).take(NAMED).collect();
    if !unclear.is_empty() {
        return Err(unclear);
    }
    let allowed = codes.iter().filter(|(_, code)| *code == 0).count();
    let refused = codes.len() - allowed;
    let read_as = if allowed == 0 { ReadAs::Refused } else { ReadAs::Accepted };
    Ok((read_as, Effect::Users { allowed, refused }))
}

/// What is worth knowing of a code whose effect is documented.
pub(super) fn remark(command: Option<&'static Command>, result: Outcome) -> Option<Remark> {
    let command = command.filter(|command| command.timing == Timing::Before && command.extra(PER_USER).is_none())?;
    let (is_gift, is_listed) = (command.name == GIFT, words(command, result.code).is_some());
    let others = if is_gift && !is_listed { others(command, result.code) } else { Vec::new() };
    if !others.is_empty() {
        return Some(Remark::OthersCode { code: result.code, others });
    }
    (result.is_fail && result.code != 0 && (is_gift || is_listed)).then_some(Remark::Fail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json;

    /// The word and the effect of a code, or what is not documented about it.
    #[track_caller]
    fn check(command: &str, code: i64, expected: &str) {
        let command = catalogue::get().named(command).next();
        let effect = effect(command, Outcome { is_fail: false, code }, b"", &json::Document::default());
        let words = match effect {
            Ok((read_as, Effect::Code { words, .. })) => format!("{} {words}", read_as.word()),
            other => format!("{other:?}"),
        };
        assert!(words.starts_with(expected), "{words}");
    }

    #[test]
    fn a_code_does_what_its_page_says() {
        check("C2C.CallbackBeforeSendMsg", 0, "accepted Let the message through");
        check("C2C.CallbackBeforeSendMsg", 1, "refused Refuse; the sender gets error 20006");
        check("C2C.CallbackBeforeSendMsg", 2, "dropped Drop silently");
        check("C2C.CallbackBeforeSendMsg", 120_001, "refused Refuse with this code");
        check("Group.CallbackBeforeSendMsg", 1, "refused Refuse; the sender gets error 10016");
        check("Group.CallbackBeforeSendMsg", 10_200, "refused Refuse with this code");
        check("Chatbot.OnC2CSignalMessage", 1, "ignored RspData is ignored");
        check("Group.CallbackAfterSendMsg", 0, "Ok((Accepted, Nothing))");
        check("Group.CallbackAfterSendMsg", 77, "Ok((Ignored, TooLate { code: 77 }))");
    }

    #[test]
    fn any_code_refuses_a_gift() {
        for code in [1, 2, -1, 10_016, 102_100, i64::MAX] {
            check("Live.CallbackBeforeSendGift", code, "refused Refuse");
        }
    }

    #[test]
    fn the_range_of_another_family_is_named() {
        let unclear = |code| format!("Err([UndocumentedCode {{ code: {code}, documented: \"0, 1, 2, 120001-130000\", others: ");
        check("C2C.CallbackBeforeSendMsg", 10_100, &(unclear(10_100) + r#"["Group"]"#));
        check("C2C.CallbackBeforeSendMsg", 38_000, &(unclear(38_000) + r#"["Sns"]"#));
        check("C2C.CallbackBeforeSendMsg", 120_000, &(unclear(120_000) + "[]"));
        check("C2C.CallbackBeforeSendMsg", -1, &(unclear(-1) + "[]"));
    }
}
