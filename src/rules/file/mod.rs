//! The rules as a file that people write: TOML, a `[[rule]]` for each rule, in the order in which they are asked.
//!
//! ```toml
//! [[rule]]
//! name = "No red packets"                  # another one for each; "rule 1" and so on where there is none
//! enabled = true
//! command = "Group.CallbackBeforeSendMsg"  # a text or a list of them, any of which will do; * stands for anything
//! field = ["MsgBody[].MsgContent.Text contains 红包", "Random > 100"]   # all of them
//! often = "2 of 3"                         # always, once, first 3, 2 of 3, 30 % seed 7
//! delay = "100 to 900 ms"                  # 1500, 100 to 900 ms, log-normal 200 ms, sigma 50 %
//! refuse = { code = 10100, info = "no red packets, {{From_Account}}" }
//! ```
//!
//! Other conditions are `app`, `product`, `platform`, `path`, `method` and `verdict`. Instead of `refuse` there is one of
//! `respond` (a preset; for `hold` with a `fallback`), `response`, `rewrite`, `refuse_members`, `results`, or a `sequence`
//! of such steps with `times` and a `delay` each.

mod read; // a file's rules
mod reader; // what its keys hold
mod write; // the file of some rules

pub use read::read;
pub use write::{one, write};

use super::Rule;
use super::preset::OwnBody;
use crate::protocol::json;
use std::fmt;

/// What is wrong with a rules file, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, in characters counted from 1.
    pub column: usize,
    /// What is wrong, and what is right.
    pub text: String,
}

/// The names that history keeps for what no rule responded.
pub const RESERVED_NAMES: [&str; 4] = ["default", "refusal", "hand", "nobody"];

/// The conditions of a rule.
const CONDITIONS: [&str; 8] = ["command", "app", "product", "platform", "path", "method", "verdict", "field"];

/// What a rule or a step responds: one of them.
const REPLIES: [&str; 6] = ["respond", "response", "refuse", "rewrite", "refuse_members", "results"];

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, text } = self;
        write!(f, "line {line}, column {column}: {text}")
    }
}

impl Complaint {
    /// At a byte offset into the file.
    fn at(source: &str, offset: usize, text: String) -> Self {
        let (line, column) = json::line_and_column(source.as_bytes(), offset);
        Self { line, column, text }
    }
}

/// Whether two rules say the same in a file: what stands in the bodies that they name is another matter.
pub fn is_same(one: &Rule, other: &Rule) -> bool {
    one == other || (one.name == other.name && without_bytes(one) == without_bytes(other))
}

/// A rule as [`read`] reads it.
fn without_bytes(rule: &Rule) -> Rule {
    let mut rule = rule.clone();
    for body in super::files(std::slice::from_mut(&mut rule)) {
        *body = OwnBody { file: body.file.take(), ..OwnBody::default() };
    }
    rule
}

/// The name of a rule that has none, by its place counted from 0.
fn default_name(at: usize) -> String {
    format!("rule {}", at + 1)
}
