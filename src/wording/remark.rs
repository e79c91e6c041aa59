//! Remarks as sentences.

use super::text::{quoted, visible};
use crate::inspect::Remark;

/// A remark as a sentence.
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Refused(reason) => format!("the request was refused: {}", visible(reason)),
        Remark::CommandOnlyInBody => "the URL lacks CallbackCommand; the body names the command".to_owned(),
        Remark::CommandAlias(name) => format!("the body says {}, as another page of the documentation does", visible(name)),
        Remark::UnlistedPlatform(platform) => format!("OptPlatform {} is not documented", quoted(platform)),
        Remark::UnlistedContentType(kind) => format!("contenttype {} is not documented", quoted(kind)),
        Remark::VariantSpelling(name) => format!("{} is a documented parameter in other letter case", visible(name)),
    }
}
