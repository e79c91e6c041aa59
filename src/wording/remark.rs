//! Remarks as sentences.

use super::product;
use super::text::{quoted, value, visible};
use super::verdict::{documented_word, kind_word};
use crate::inspect::Remark;
use crate::protocol::body::Odd;
use crate::protocol::catalogue::Unit;
use crate::protocol::extension::Contradiction;
use crate::protocol::foreign::Foreign;

/// A remark as a sentence.
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Refused(reason) => format!("the request was refused: {}", visible(reason)),
        Remark::CommandOnlyInBody => "the URL lacks CallbackCommand; the body names the command".to_owned(),
        Remark::CommandAlias(name) => format!("the body says {}, as another page of the documentation does", value(name)),
        Remark::UnlistedPlatform(platform) => format!("OptPlatform {} is not documented", quoted(platform)),
        Remark::UnlistedContentType(kind) => format!("contenttype {} is not documented", quoted(kind)),
        Remark::VariantSpelling(name) => format!("{} is a documented parameter in other letter case", value(name)),
        Remark::Repeated(name) => format!("{} came more than once, with different values; the first counts", name.word()),
        Remark::AlsoOf(other) => {
            format!("{} has the same command with the same body; nothing here tells which one posted it", product(*other))
        }
        Remark::Foreign(foreign) => self::foreign(*foreign),
        Remark::Missing(path) => format!("{path} is missing; it is documented as required"),
        Remark::Odd { path, odd, more: 0 } => format!("{} {}", visible(path), self::odd(*odd)),
        Remark::Odd { path, odd, more } => format!("{} and {more} more {}", visible(path), self::odd(*odd)),
        Remark::MoreOdd(count) => format!("{count} more fields differ from what is documented"),
        Remark::Extension(contradiction) => extension(contradiction),
    }
}

fn extension(contradiction: &Contradiction) -> String {
    let others = |count: usize| if count == 1 { String::new() } else { format!(", as have {} more", count - 1) };
    match contradiction {
        Contradiction::DeletedValue { key, count } => {
            format!("OperateType 2 deletes, but {} has a value{}", value(key), others(*count))
        }
        Contradiction::ClearWithPairs { count } => {
            format!("OperateType 3 clears all, but ExtensionList holds {count} pair{}", if *count == 1 { "" } else { "s" })
        }
        Contradiction::PairAhead { key, pair, message, count } => {
            format!("{} has Seq {pair}, above the message’s latest, {message}{}", value(key), others(*count))
        }
    }
}

/// How a value departs from what is documented.
pub fn odd(odd: Odd) -> String {
    match odd {
        Odd::Type { documented, received } => format!("is {}; {} is documented", kind_word(received), documented_word(documented)),
        Odd::Unit { documented: Unit::Millis } => "counts seconds by its digits; milliseconds are documented".to_owned(),
        Odd::Unit { documented: Unit::Secs } => "counts milliseconds by its digits; seconds are documented".to_owned(),
    }
}

/// What another protocol is, and how it differs from this one.
fn foreign(foreign: Foreign) -> String {
    let what = match foreign {
        Foreign::MediaEvents => {
            "RTC media events or cloud recording: signed in headers, by a base64 HMAC-SHA-256 of the body, and repeated every 10 s for a minute"
        }
        Foreign::OldCallEvents => "events of the old call product, with lower-case parameters",
        Foreign::OldRoomEngine => "callbacks of the old room engine, with lower-case parameters; its response has ErrorMessage",
        Foreign::OldCallOrRoom => "events of the old call product or the old room engine, with lower-case parameters",
        Foreign::TelephoneService => "the telephone service's data push; its response has ErrCode and ErrMsg",
        Foreign::LiveVideo => "probably a callback of live video (CSS) or VOD, going by the body's keys",
    };
    format!("not this protocol: {what}")
}
