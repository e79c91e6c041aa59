//! Exchanges in forms that leave the program. One file a form; values in, text out.

pub mod curl;
pub mod ndjson;
