//! Why a text is no JSON: the place, and the mistake in words.

use super::text::visible;
use crate::protocol::json_mistakes::{Excerpt, Known};

/// The text around a place on one line, the place between » and «.
pub(super) fn excerpt(excerpt: &Excerpt) -> String {
    let at = excerpt.at.map_or_else(|| "the end".to_owned(), |c| visible(&c.to_string()));
    let cut = |is_cut| if is_cut { "…" } else { "" };
    let (before, after) = (visible(&excerpt.before), visible(&excerpt.after));
    format!("{}{before}»{at}«{after}{}", cut(excerpt.is_cut_before), cut(excerpt.is_cut_after))
}

/// A known mistake in JSON, as a clause.
pub(super) fn known(mistake: Known) -> String {
    match mistake {
        Known::Comment => "comments belong to the documentation, never to the wire".to_owned(),
        Known::TrailingComma => "JSON allows no comma before the closing bracket".to_owned(),
        Known::MissingComma => "a comma is missing before the next value".to_owned(),
        Known::SingleQuotes => "JSON takes double quotes only, not single ones (a Python dict printed as it is?)".to_owned(),
        Known::UnquotedKey => "JSON wants double quotes around a key".to_owned(),
        Known::PythonLiteral(word) => {
            let json = match word {
                "True" => "true",
                "False" => "false",
                _ => "null",
            };
            format!("{word} is Python; JSON writes {json}")
        }
        Known::ScriptLiteral(word) => format!("{word} is JavaScript; JSON has no such value"),
        Known::ByteOrderMark => "a byte-order mark stands before the JSON; take it out".to_owned(),
        Known::Utf16 => "it is UTF-16; JSON travels as UTF-8".to_owned(),
        Known::Compressed => "it is compressed (gzip)".to_owned(),
        Known::SeveralValues => "several JSON values stand one after the other; a body holds one".to_owned(),
        Known::LineBreakInString => "a line break stands inside a text; JSON writes it \\n".to_owned(),
        Known::ControlInString => "a control character stands inside a text; JSON writes it as an escape".to_owned(),
        Known::PhpMessage => "a PHP message stands before the JSON, or in its place".to_owned(),
        Known::Html => "it is an HTML page".to_owned(),
        Known::FormEncoded => "it is form-encoded (name=value); JSON is documented".to_owned(),
        Known::LeadingZero => "JSON allows no zero before another digit".to_owned(),
        Known::Blank => "it holds nothing but white space".to_owned(),
        Known::EndsEarly => "it ends in the middle: cut off, or a bracket or quote is missing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_marked_in_its_text() {
        let there =
            Excerpt { before: "{\"a\":1,\n".into(), at: Some('/'), after: "/ x\u{202e}".into(), is_cut_before: true, is_cut_after: false };
        assert_eq!(excerpt(&there), "…{\"a\":1,⏎»/«/ x\\u{202e}");
    }
}
