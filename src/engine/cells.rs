//! Cells: what a row has in columns that not every row has.
//!
//! A row is built from the beginning of its body. Where a column shows a field and the body is longer, the row is told
//! without it first, and once more when nobody asks for anything else: the whole of the body is read then.

use super::jobs::Read;
use crate::column::{Column, Field};
use crate::inspect::Inspection;
use crate::protocol::SdkApp;
use crate::protocol::json;
use crate::row::Cells;
use crate::store::{self, Index, Stored};
use crate::wording;
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Queue, TryRecvError};

/// What stands in the cell of a field until the whole body is read.
const UNREAD: &str = "…";

/// The cells of a row, as far as they can be told from what was read of it.
pub fn cells(columns: &Arc<[Column]>, stored: &Stored, inspection: &Inspection, apps: &[SdkApp]) -> Cells {
    if columns.is_empty() {
        return Cells::default();
    }
    let body = &stored.exchange.request.body;
    let is_whole = body.len() >= stored.body_bytes;
    let field = |field: &Field| if is_whole { field.shown(body, &inspection.callback.document) } else { UNREAD.to_owned() };
    filled(columns, stored, inspection, apps, field)
}

/// The same with the fields of this body, which is all of it.
pub fn cells_of_whole(columns: &Arc<[Column]>, stored: &Stored, inspection: &Inspection, (apps, body): (&[SdkApp], &[u8])) -> Cells {
    let document = json::read(body);
    filled(columns, stored, inspection, apps, |field| field.shown(body, &document))
}

fn filled(
    columns: &Arc<[Column]>,
    stored: &Stored,
    inspection: &Inspection,
    apps: &[SdkApp],
    mut of_field: impl FnMut(&Field) -> String,
) -> Cells {
    let (request, responded) = (&stored.exchange.request, stored.exchange.response.as_ref());
    let index = Index::of(inspection, apps);
    let read = responded.map(|responded| store::Read::of(inspection.asked(), responded));
    let entry = store::entry(stored.exchange.id, request, responded, (&index, read));
    let text = |text: Option<&str>| text.map(wording::value).unwrap_or_default();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    Cells::new(columns, |column| match column {
        Column::Field(field) => of_field(field),
        Column::App => text(entry.app),
        Column::Product => text(entry.product),
        Column::Method => text(entry.method),
        Column::Path => text(entry.path),
        Column::Status => number(entry.status.map(i64::from)),
        Column::Code => number(entry.code),
        Column::ReadAs => text(entry.read_as),
        Column::Rule => text(entry.rule),
        Column::Size => wording::count(stored.body_bytes as u64),
        Column::Skew => number(entry.skew_secs),
        Column::Signature => text(entry.signature),
        Column::Peer => text(Some(&request.peer)),
        Column::Number | Column::Received | Column::Callback | Column::Platform | Column::Response | Column::Took => String::new(),
    })
}

/// Rows whose bodies are to be read to their end.
#[derive(Default)]
pub struct LongRows {
    ids: Vec<i64>,
    columns: Arc<[Column]>,
}

impl LongRows {
    /// Notes those of these exchanges that have more to tell in a column. What was noted for other columns is of no use
    /// any more.
    pub fn note(&mut self, stored: &[Stored], columns: &Arc<[Column]>) {
        if self.columns != *columns {
            *self = Self { ids: Vec::new(), columns: columns.clone() };
        }
        if columns.iter().any(|column| matches!(column, Column::Field(_))) {
            let is_long = |one: &&Stored| one.exchange.request.body.len() < one.body_bytes;
            self.ids.extend(stored.iter().filter(is_long).map(|one| one.exchange.id));
        }
    }

    /// The next question: whatever somebody asks, then the rows that were noted, the last of them first. `None` at the end.
    pub fn next(&mut self, questions: &Queue<Read>) -> Option<Read> {
        match questions.try_recv() {
            Ok(question) => Some(question),
            Err(TryRecvError::Disconnected) => None,
            Err(TryRecvError::Empty) => match self.ids.pop() {
                Some(id) => Some(Read::LongRow(id, self.columns.clone())),
                None => questions.recv().ok(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::Annotation;
    use crate::exchange::Exchange;
    use crate::protocol::Kept;
    use crate::protocol::verdict::Overall;
    use crate::wire::Request;
    use std::sync::mpsc::sync_channel;

    fn stored(id: i64, body_bytes: usize) -> Stored {
        let request = Request::complete(0, "POST / HTTP/1.1\r\n\r\n", "{}");
        let exchange = Exchange { id, request, response: None };
        Stored { exchange, kept: Kept::default(), overall: Overall::Ok, body_bytes, saved: true, annotation: Annotation::default() }
    }

    #[test]
    fn long_rows_wait_for_questions_and_are_told_for_the_columns_of_the_last() {
        let columns = |names: &[&str]| names.iter().filter_map(|name| Column::named(name)).collect::<Arc<[Column]>>();
        let (asking, questions) = sync_channel(4);
        let mut long = LongRows::default();
        long.note(&[stored(1, 900)], &columns(&["body.A"]));
        long.note(&[stored(2, 900), stored(3, 2), stored(4, 900)], &columns(&["body.B"]));
        asking.send(Read::Open(9)).expect("bug: there is room");
        assert!(matches!(long.next(&questions), Some(Read::Open(9))));
        for expected in [4, 2] {
            let next = long.next(&questions);
            assert!(matches!(&next, Some(Read::LongRow(id, told)) if *id == expected && *told == columns(&["body.B"])));
        }
        long.note(&[stored(5, 900)], &columns(&["app"]));
        drop(asking);
        assert!(long.next(&questions).is_none(), "the app stands before the body");
    }
}
