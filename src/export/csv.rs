//! A table: a line for each exchange, in columns of one's choice, for spreadsheets and scripts.
//!
//! Every cell stands in quotes and on one line: control characters and those that change the direction of text are shown as
//! their escapes. What a spreadsheet could take for a formula gets an apostrophe before it, also behind what one could
//! take for the end of a cell; numbers that Hookglass counted itself do not.

use super::Leaving;
use crate::annotation::Mark;
use crate::column::{Column, Field};
use crate::protocol::query::Name;
use crate::row::Row;
use crate::wording;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// What stands in a column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The same as in a column of the list.
    Column(Column),
    /// Who and what, in a few words.
    Summary,
    /// Good or bad: the overall verdict.
    Verdict,
    /// Whether it is pinned.
    Pinned,
    /// Its colour.
    Mark,
    /// What the user noted.
    Note,
}

impl Cell {
    /// Those that are no column of the list.
    const OWN: [Self; 5] = [Self::Summary, Self::Verdict, Self::Pinned, Self::Mark, Self::Note];

    /// All that are no field of the body.
    pub fn fixed() -> impl Iterator<Item = Self> {
        Column::FIXED.into_iter().map(Self::Column).chain(Self::OWN)
    }

    /// The columns of a table for which none were chosen.
    pub fn usual() -> Vec<Self> {
        let names = ["id", "time", "verdict", "command", "summary", "app", "platform", "signature", "response", "read_as", "took", "size"];
        names.iter().filter_map(|name| Self::named(name)).collect()
    }

    /// Its name, which is the head of its column.
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Column(column) => column.name(),
            Self::Summary => "summary".into(),
            Self::Verdict => "verdict".into(),
            Self::Pinned => "pinned".into(),
            Self::Mark => "mark".into(),
            Self::Note => "note".into(),
        }
    }

    /// The one of a name; `None` where there is none.
    pub fn named(name: &str) -> Option<Self> {
        Self::OWN.into_iter().find(|own| own.name() == name).or_else(|| Column::named(name).map(Self::Column))
    }

    /// Reads names with commas between them.
    ///
    /// # Errors
    /// With the name that is none.
    pub fn read_list(text: &str) -> Result<Vec<Self>, String> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| Self::named(name).ok_or_else(|| name.to_owned())).collect()
    }

    /// Writes names with commas between them.
    pub fn write_list(cells: &[Self]) -> String {
        cells.iter().map(Self::name).collect::<Vec<_>>().join(",")
    }
}

/// The first line.
pub fn head(cells: &[Cell]) -> Vec<u8> {
    written(cells.iter().map(|cell| harmless(&cell.name())))
}

/// The line of an exchange.
pub fn line(cells: &[Cell], leaving: Leaving<'_>) -> Vec<u8> {
    let row = Row::of(leaving.exchange, leaving.inspection, true, &TimeZone::UTC);
    written(cells.iter().map(|cell| match value(cell, leaving, &row) {
        Value::Text(text) => harmless(&text),
        Value::Number(number) => number,
        Value::None => String::new(),
    }))
}

fn written(texts: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new();
    let mut writer = writer.quote_style(csv::QuoteStyle::Always).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(texts).expect("bug: a Vec takes it");
    writer.into_inner().expect("bug: a Vec takes it")
}

/// A cell's value.
enum Value<'a> {
    /// Of whatever was received, or written by the user.
    Text(Cow<'a, str>),
    /// A number of Hookglass's own.
    Number(String),
    /// None.
    None,
}

impl<'a> Value<'a> {
    fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::None, |text| Self::Text(text.into()))
    }

    fn number(number: Option<impl ToString>) -> Self {
        number.map_or(Self::None, |number| Self::Number(number.to_string()))
    }
}

fn value<'a>(cell: &Cell, leaving: Leaving<'a>, row: &'a Row) -> Value<'a> {
    let Leaving { annotation, inspection, .. } = leaving;
    match cell {
        Cell::Column(column) => of_column(column, leaving, row),
        Cell::Summary => Value::text(Some(&row.summary)),
        Cell::Verdict => Value::text(Some(inspection.overall.word())),
        Cell::Pinned => Value::text(annotation.pinned.then_some("pinned")),
        Cell::Mark => Value::text(annotation.mark.map(Mark::word)),
        Cell::Note => Value::text(Some(&annotation.note)),
    }
}

fn of_column<'a>(column: &Column, Leaving { exchange, inspection, .. }: Leaving<'a>, row: &'a Row) -> Value<'a> {
    let (request, responded) = (&exchange.request, exchange.response.as_ref());
    let callback = &inspection.callback;
    let reading = || responded.map(|one| inspection.reading(one.reached(), one.whole_after_micros()));
    match column {
        Column::Number => Value::number(Some(exchange.id)),
        Column::Received => Value::Text(wording::utc(request.received_at_millis).into()),
        Column::Callback => Value::text(callback.command.as_deref()),
        Column::Platform => Value::text(callback.param(Name::Platform)),
        Column::Response => Value::text(Some(&row.reply.text)),
        Column::Took => Value::number(row.took_micros.map(wording::millis)),
        Column::App => Value::text(callback.param(Name::SdkAppId)),
        Column::Product => Value::text(callback.product().map(crate::protocol::catalogue::Product::word)),
        Column::Method => Value::text(callback.method.as_deref()),
        Column::Path => Value::text(callback.path()),
        Column::Status => Value::number(responded.and_then(|responded| Some(responded.response.as_ref()?.status))),
        Column::Code => reading().and_then(|reading| reading.said.code).map_or(Value::None, |code| Value::Text(code.into())),
        Column::ReadAs => Value::text(reading().map(|reading| reading.read_as.word())),
        Column::Rule => Value::text(responded.map(|responded| responded.rule.as_str())),
        Column::Size => Value::number(Some(request.body.len())),
        Column::Skew => Value::number(inspection.verdicts.timestamp.age_secs()),
        Column::Signature => Value::text(Some(inspection.verdicts.signature.state())),
        Column::Peer => Value::text(Some(&request.peer)),
        Column::Field(field) => Value::Text(of_field(field, &request.body, inspection).into()),
    }
}

/// All values of a field, each whole, with `; ` between them.
fn of_field(field: &Field, body: &[u8], inspection: &crate::inspect::Inspection) -> String {
    let mut values = Vec::new();
    field.each(body, &inspection.callback.document, |node, text| {
        values.push(node.string(text).into_owned());
    });
    values.join("; ")
}

/// What is taken for the beginning of a formula: also as wide as Chinese is written.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What spreadsheets take for the end of a cell where a comma stands in numbers, as in most of Europe.
const END: char = ';';

/// A text that is only text.
fn harmless(text: &str) -> String {
    let text = wording::visible(text);
    let mut out = String::with_capacity(text.len() + 1);
    let mut is_beginning = true;
    for c in text.chars() {
        if is_beginning && FORMULA.contains(&c) {
            out.push('\'');
        }
        out.push(c);
        // Blanks and quotes before a formula may be passed over.
        is_beginning = c == END || is_beginning && (c.is_whitespace() || c == '"');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_compute_is_text() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+86 138", "'+86 138"),
            ("-2+3|' /C calc'!A0", "'-2+3|' /C calc'!A0"),
            ("@SUM(1)", "'@SUM(1)"),
            ("＝1", "'＝1"),
            ("\t=1", "\\u{9}=1"),
            ("\r=1", "\\u{d}=1"),
            ("\n=1", "⏎=1"),
            ("  =1", "  '=1"),
            ("\"=1", "\"'=1"),
            ("a;=1; @b;c=d", "a;'=1; '@b;c=d"),
            ("a=b", "a=b"),
            ("红包", "红包"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), expected, "{text:?}");
        }
    }

    #[test]
    fn every_column_is_found_by_its_name() {
        for cell in Cell::fixed().chain(Cell::named("body.MsgBody[].MsgContent.Text")) {
            assert_eq!(Cell::named(&cell.name()), Some(cell));
        }
        assert_eq!(Cell::usual().len(), 12);
        assert_eq!(Cell::read_list("id, ,nonsense"), Err("nonsense".to_owned()));
        assert_eq!(Cell::write_list(&Cell::read_list(" id ,note").expect("bug: there are these")), "id,note");
    }
}
