//! Remarks as sentences.

use super::text::{quoted, shortened, visible};
use crate::inspect::Remark;
use crate::protocol::extension::Contradiction;

/// A remark as a sentence.
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Refused(reason) => format!("the request was refused: {}", visible(reason)),
        Remark::CommandOnlyInBody => "the URL lacks CallbackCommand; the body names the command".to_owned(),
        Remark::CommandAlias(name) => format!("the body says {}, as another page of the documentation does", visible(name)),
        Remark::UnlistedPlatform(platform) => format!("OptPlatform {} is not documented", quoted(platform)),
        Remark::UnlistedContentType(kind) => format!("contenttype {} is not documented", quoted(kind)),
        Remark::VariantSpelling(name) => format!("{} is a documented parameter in other letter case", visible(name)),
        Remark::Extension(contradiction) => extension(contradiction),
    }
}

/// How much of a key is repeated, in characters.
const KEY_CHARS: usize = 40;

fn extension(contradiction: &Contradiction) -> String {
    let others = |count: usize| if count == 1 { String::new() } else { format!(", as have {} more", count - 1) };
    match contradiction {
        Contradiction::DeletedValue { key, count } => {
            format!("OperateType 2 deletes, but {} has a value{}", shortened(key, KEY_CHARS), others(*count))
        }
        Contradiction::ClearWithPairs { count } => {
            format!("OperateType 3 clears all, but ExtensionList holds {count} pair{}", if *count == 1 { "" } else { "s" })
        }
        Contradiction::PairAhead { key, pair, message, count } => {
            let key = shortened(key, KEY_CHARS);
            format!("{key} has Seq {pair}, above the message’s latest, {message}{}", others(*count))
        }
    }
}
