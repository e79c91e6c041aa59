//! What an exchange has to do with those around it, as sentences.

use super::text::count;
use super::time::duration;
use crate::protocol::catalogue::Timing;
use crate::sequence::{Neighbour, SequenceRemark};

/// A remark about the sequence as a sentence. None of them calls anything a fault: nothing is promised.
pub fn sequence(remark: &SequenceRemark) -> String {
    let other = remark.other();
    let id = other.id;
    match remark {
        SequenceRemark::Same { may_be_retry, signed_alike, .. } => same(other, *may_be_retry, *signed_alike),
        SequenceRemark::Pair { other_is, same_body, refused_with, .. } => {
            let kind = match other_is {
                Timing::Before => "before",
                Timing::After => "after",
            };
            let body = match same_body {
                Some(true) => ", same MsgBody",
                Some(false) => ", another MsgBody: a rewrite took effect",
                None => "",
            };
            let refused = match refused_with {
                Some(code) => format!("; it came though the before event was responded to with ErrorCode {code}"),
                None => String::new(),
            };
            format!("its {kind} event is #{id}, {}{body}{refused}", apart(other))
        }
        SequenceRemark::RefersTo { .. } => format!("refers to message #{id}, {}", apart(other)),
        SequenceRemark::SeqAgain { seq, .. } => format!("MsgSeq {seq} came before as #{id}, {}, with other content", apart(other)),
        SequenceRemark::Gap { previous, seq, came_later, .. } => gap(id, *previous, *seq, *came_later),
        SequenceRemark::ExtensionBack { seq, newer, .. } => {
            format!("Seq {seq} came after Seq {newer} of the same message, in #{id}; the order of arrival is not promised")
        }
        SequenceRemark::OutOfOrder { older_millis, .. } => {
            format!(
                "its EventTime is {} older than that of #{id}, which came before; the order of arrival is not promised",
                span(*older_millis)
            )
        }
    }
}

fn same(other: Neighbour, may_be_retry: Option<bool>, signed_alike: Option<bool>) -> String {
    let again = if other.came_before { "came before as" } else { "came again as" };
    let signed = match signed_alike {
        Some(true) => ", signed alike",
        Some(false) => ", signed anew",
        None => "",
    };
    let meaning = match may_be_retry {
        Some(true) => "a retry, if the console’s option for it is on",
        Some(false) => "the same content again; before events are not retried",
        None => "the same content again",
    };
    format!("{again} #{}, {}{signed}: {meaning}", other.id, apart(other))
}

fn gap(id: i64, previous: u64, seq: u64, came_later: u64) -> String {
    let (first, last) = (previous + 1, seq - 1);
    let missing = match last - first {
        0 => format!("{first} has"),
        1 => format!("{first} and {last} have"),
        _ => format!("{first} to {last} have"),
    };
    let all = last - first + 1;
    let (found, is_open) = match came_later {
        0 => (format!("{missing} not come here"), true),
        some if some < all => (format!("{missing} not come before, {} came later", count(some)), true),
        _ => (format!("{missing} come later"), false),
    };
    // A gap is what one sees of many things, and none of them is known from here.
    let why = "; not necessarily a loss: callbacks may be off or go elsewhere, recalled, refused and online-only messages may take numbers";
    format!("MsgSeq {seq} follows {previous} of #{id}: {found}{}", if is_open { why } else { "" })
}

fn apart(other: Neighbour) -> String {
    format!("{} {}", span(other.apart_millis), if other.came_before { "earlier" } else { "later" })
}

/// `40 ms`, `3.2 s`, `2 min 5 s`
fn span(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..10_000 => format!("{}.{} s", millis / 1_000, millis % 1_000 / 100),
        _ => duration(i64::try_from(millis / 1_000).unwrap_or(i64::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_as_exact_as_it_is_short() {
        assert_eq!([0, 40, 3_250, 42_900, 125_000].map(span), ["0 ms", "40 ms", "3.2 s", "42 s", "2 min 5 s"]);
    }

    #[test]
    fn a_gap_names_what_is_missing() {
        let check = |previous, seq, later, expected: &str| {
            let sentence = gap(12, previous, seq, later);
            assert_eq!(sentence.split(';').next(), Some(expected));
            assert_eq!(sentence.contains("not necessarily a loss"), !expected.contains("come later"));
        };
        check(216, 218, 0, "MsgSeq 218 follows 216 of #12: 217 has not come here");
        check(216, 219, 0, "MsgSeq 219 follows 216 of #12: 217 and 218 have not come here");
        check(216, 999, 1, "MsgSeq 999 follows 216 of #12: 217 to 998 have not come before, 1 came later");
        check(216, 219, 2, "MsgSeq 219 follows 216 of #12: 217 and 218 have come later");
    }
}
