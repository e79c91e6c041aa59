//! Why a signature is not the one that was due, as a clause.

use crate::protocol::diagnosis::{Diagnosis, Form, HmacOf, LooksLike, OtherHash, Recipe, Side};

/// A diagnosis as a clause; `None` where there is nothing to say.
pub(super) fn diagnosis(diagnosis: &Diagnosis) -> Option<String> {
    match diagnosis {
        Diagnosis::Explained { recipe: Recipe::Documented, form } => Some(form_alone(*form).to_owned()),
        Diagnosis::Explained { recipe: made, form } => Some(recipe(made) + form_besides(*form)),
        Diagnosis::Unexplained { tried, looks_like: like } => {
            let like = like.map_or(String::new(), |like| format!("; {}", looks_like(like)));
            Some(format!("none of {tried} known mistakes fits: the token differs{like}"))
        }
        Diagnosis::NoToken { looks_like: like } => like.map(|like| looks_like(like).to_owned()),
    }
}

fn looks_like(like: LooksLike) -> &'static str {
    match like {
        LooksLike::Hash(OtherHash::Md5) => "32 digits are as many as an MD5 has",
        LooksLike::Hash(OtherHash::Sha1) => "40 digits are as many as a SHA-1 has",
        LooksLike::Base64 => "it looks like base64, where hexadecimal digits are documented",
    }
}

fn form_alone(form: Form) -> &'static str {
    match form {
        Form::UpperHex => "it is the right digest in upper-case hex; lower-case is documented",
        Form::Spaced => "white space stands around the right digest",
        Form::Base64 => "it is the right digest in base64; hexadecimal digits are documented",
        Form::CutOff => "it is only the beginning of the right digest",
        Form::Hex => "it is the right digest",
    }
}

fn form_besides(form: Form) -> &'static str {
    match form {
        Form::Hex => "",
        Form::UpperHex => ", and written in upper-case hex",
        Form::Spaced => ", and white space stands around it",
        Form::Base64 => ", and written in base64",
        Form::CutOff => ", and only its beginning came",
    }
}

fn recipe(recipe: &Recipe) -> String {
    match recipe {
        Recipe::Documented => "it is the right digest".to_owned(),
        Recipe::Spaced { side, space } => {
            let side = match side {
                Side::Before => "before the token",
                Side::After => "after the token",
                Side::Both => "on both sides of the token",
            };
            format!("it was signed with {} {side}", space_word(space))
        }
        Recipe::Trimmed => "it fits the saved token without the space or line break around it".to_owned(),
        Recipe::SpaceAfterTime(space) => {
            format!("it was signed with {} after the time, as echo adds one; printf does not", space_word(space))
        }
        Recipe::Quoted(quote) => format!("it was signed with quotes ({quote}) around the token"),
        Recipe::Swapped => "time and token are swapped: the time was hashed before the token".to_owned(),
        Recipe::Separator { separator, swapped } => {
            let order = if *swapped { "; the time came first, too" } else { "" };
            format!("it was signed with a separator, {}, between token and time{order}", separator_word(separator))
        }
        Recipe::Hmac(of) => {
            let of = match of {
                HmacOf::Time => "of the time with the token as key",
                HmacOf::Token => "of the token with the time as key",
                HmacOf::TokenAndTime => "of token and time with the token as key",
                HmacOf::Body => "of the body with the token as key",
            };
            format!("it is an HMAC-SHA-256 {of}; a plain SHA-256 of token and time is documented")
        }
        Recipe::OtherHash(OtherHash::Md5) => "it is an MD5 of token and time; SHA-256 is documented".to_owned(),
        Recipe::OtherHash(OtherHash::Sha1) => "it is a SHA-1 of token and time; SHA-256 is documented".to_owned(),
        Recipe::SignedMillis { signed } => format!("{signed} was signed: RequestTime in milliseconds, where its seconds were sent"),
        Recipe::SentMillis { signed } => format!("{signed} was signed, but RequestTime was sent in milliseconds"),
        Recipe::OtherApp { app } => format!("it fits the token of {app}, another saved app"),
        // The token is not written out, even if everybody knows this one.
        Recipe::Misprint => "it fits the documentation’s misprinted token: pages of 2023 print three x and three y, and the digest \
                             of four and four"
            .to_owned(),
        Recipe::WithBody => "the body was hashed too; token and time alone are documented".to_owned(),
        Recipe::WithUrl => "the URL was hashed too; token and time alone are documented".to_owned(),
    }
}

fn space_word(space: &str) -> &'static str {
    match space {
        " " => "a space",
        "\n" | "\r\n" => "a line break",
        "\t" => "a tab",
        "\u{a0}" => "a no-break space",
        "\u{feff}" => "a byte-order mark",
        _ => "a space without width",
    }
}

fn separator_word(separator: &str) -> String {
    match separator {
        " " | "\n" | "\r\n" | "\t" => space_word(separator).to_owned(),
        "\0" => "a zero byte".to_owned(),
        other => format!("“{other}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnosis_reads_as_a_clause() {
        let check = |recipe: Recipe, form: Form, expected: &str| {
            assert_eq!(diagnosis(&Diagnosis::Explained { recipe, form }).as_deref(), Some(expected));
        };
        check(Recipe::Documented, Form::UpperHex, "it is the right digest in upper-case hex; lower-case is documented");
        check(Recipe::Spaced { side: Side::After, space: "\n" }, Form::Hex, "it was signed with a line break after the token");
        check(
            Recipe::Separator { separator: "&", swapped: false },
            Form::Base64,
            "it was signed with a separator, “&”, between token and time, and written in base64",
        );
        let none = Diagnosis::Unexplained { tried: 14, looks_like: None };
        assert_eq!(diagnosis(&none).as_deref(), Some("none of 14 known mistakes fits: the token differs"));
    }
}
