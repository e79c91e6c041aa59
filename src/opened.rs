//! An exchange opened for a close look: its inspection and everything that is computed for showing it.

use crate::exchange::Exchange;
use crate::inspect::{Inspection, Remark};
use crate::lines::{self, Lines};
use crate::protocol::SdkApp;
use crate::protocol::body::Fields;
use crate::protocol::findings::Findings;
use crate::protocol::json::Kind;
use crate::tree::{self, TreeLine};
use std::collections::BTreeSet;

/// What the detail shows of an exchange.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The exchange itself.
    pub exchange: Exchange,
    /// What it is, and what is true of it.
    pub inspection: Inspection,
    /// What explains its verdicts.
    pub findings: Findings,
    /// What is worth knowing besides.
    pub remarks: Vec<Remark>,
    /// The body's fields.
    pub fields: Fields,
    /// The fields as they are listed for reading.
    pub field_rows: Vec<FieldRow>,
    /// The body as a tree, all of it unfolded.
    pub tree: Vec<TreeLine>,
    /// The body's lines.
    pub lines: Lines,
    /// Whether it is in the history file.
    pub saved: bool,
}

/// One line of the list of fields. The objects of an array have none of their own: what they hold carries their
/// number, as in `[0].Member_Account`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRow {
    /// Index into the fields.
    pub field: usize,
    /// The path from the container that the line stands under.
    pub label: String,
    /// How many containers with a line of their own it stands under.
    pub indent: u32,
}

impl Opened {
    /// Computes all of it: off the window's thread, since a body may be large.
    pub fn of(exchange: Exchange, inspection: Inspection, apps: &[SdkApp], saved: bool) -> Self {
        let fields = inspection.fields(&exchange.request);
        Self {
            findings: inspection.findings(&exchange.request, apps),
            remarks: inspection.remarks(&exchange.request),
            field_rows: field_rows(&fields, &inspection),
            tree: tree::lines(&inspection.callback.document, &BTreeSet::new()),
            fields,
            lines: lines::split(&exchange.request.body),
            exchange,
            inspection,
            saved,
        }
    }
}

fn field_rows(fields: &Fields, inspection: &Inspection) -> Vec<FieldRow> {
    let nodes = &inspection.callback.document.nodes;
    let mut rows = Vec::with_capacity(fields.list.len());
    // The containers with a line of their own that are open: how deep they are, and how long their path is.
    let mut open: Vec<(u32, usize)> = Vec::new();
    for (index, field) in fields.list.iter().enumerate() {
        while open.last().is_some_and(|(depth, _)| *depth >= field.depth) {
            open.pop();
        }
        let node = &nodes[field.node];
        let is_item = node.key.0 == node.key.1;
        let holds_something = node.is_container() && node.children > 0 && !field.is_deepest();
        if is_item && holds_something && node.kind == Kind::Object {
            continue;
        }
        let above = open.last().map_or(0, |(_, length)| *length);
        let label = field.path[above..].trim_start_matches('.').to_owned();
        rows.push(FieldRow { field: index, label, indent: u32::try_from(open.len()).unwrap_or(u32::MAX) });
        if holds_something {
            open.push((field.depth, field.path.len()));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect;
    use crate::protocol::Kept;
    use crate::wire::{BodyEnd, Request};

    #[test]
    fn fields_are_listed_under_their_containers() {
        let body = r#"{"GroupId":"g","List":[{"A":1,"B":{"C":2}},{"A":3}],"Names":["x"],"Empty":[],"End":true}"#;
        let request = Request {
            received_at_millis: 0,
            peer: String::new(),
            head: b"POST / HTTP/1.1\r\n\r\n".to_vec(),
            body: body.into(),
            body_end: BodyEnd::Complete,
            refused: None,
        };
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        let opened = Opened::of(Exchange { id: 1, request, response: None }, inspection, &[], true);
        let lines: Vec<_> = opened.field_rows.iter().map(|row| format!("{}{}", " ".repeat(row.indent as usize), row.label)).collect();
        assert_eq!(lines, ["GroupId", "List", " [0].A", " [0].B", "  C", " [1].A", "Names", " [0]", "Empty", "End"]);
    }
}
