//! Columns of the list: which there are, which are shown, and by which one the list is sorted.

use crate::filter::Place;
use crate::protocol::json::{Document, Kind, Node};
use crate::wording;
use std::borrow::Cow;
use std::sync::Arc;

/// The most columns that are shown at once.
pub const MOST_COLUMNS: usize = 24;

/// How wide a column can be, in points.
pub const WIDTHS: std::ops::RangeInclusive<u16> = 28..=800;

/// The longest path of a field, in bytes.
const MAX_PATH: usize = 512;

/// How many values of a field a cell shows, and how much of each, in characters.
const SHOWN_VALUES: usize = 3;
const SHOWN_CHARS: usize = 60;

/// The most of a value by which the list is sorted, in bytes.
const MAX_SORTED: usize = 1_024;

/// A column of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// The number in the history.
    Number,
    /// When it came.
    Received,
    /// Command and summary. Always there; takes the room that the others leave.
    Callback,
    /// `OptPlatform`.
    Platform,
    /// What was responded, in a word.
    Response,
    /// How long until the response.
    Took,
    /// `SdkAppid`.
    App,
    /// The product's word.
    Product,
    /// The HTTP method.
    Method,
    /// The path without parameters.
    Path,
    /// The response's HTTP status.
    Status,
    /// The response's `ErrorCode`.
    Code,
    /// How the sender takes the response.
    ReadAs,
    /// The rule that responded.
    Rule,
    /// How long the body is.
    Size,
    /// From `RequestTime` to the arrival.
    Skew,
    /// The state of the signature.
    Signature,
    /// Where it came from.
    Peer,
    /// A field of the body.
    Field(Field),
}

/// A field of the body, by its path as a filter writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    path: Arc<str>,
    place: Arc<Place>,
}

impl Field {
    /// Reads `MsgBody[].MsgContent.Text`, also with the filter's `body.` before it; `None` where it is no path.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let path = text.strip_prefix(FIELD).unwrap_or(text);
        let place = Place::read(path).filter(|_| path.len() <= MAX_PATH)?;
        Some(Self { path: path.into(), place: Arc::new(place) })
    }

    /// The path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The first values of a body, as a cell shows them: beside each other, each shortened.
    pub fn shown(&self, body: &[u8], document: &Document) -> String {
        let (mut shown, mut count) = (String::new(), 0);
        self.place.any_node(body, document, |node, text| {
            if count == SHOWN_VALUES {
                shown.push_str(", …");
                return true;
            }
            if count > 0 {
                shown.push_str(", ");
            }
            let value = match node.kind {
                Kind::String => beginning(&node.string(text)),
                Kind::Object | Kind::Array | Kind::Number | Kind::Bool | Kind::Null => beginning_of_bytes(node.bytes(text)),
            };
            shown.push_str(&value);
            count += 1;
            false
        });
        shown
    }

    /// Visits all values of a body, each with the text that it stands in.
    pub fn each(&self, body: &[u8], document: &Document, mut visit: impl FnMut(&Node, &[u8])) {
        self.place.any_node(body, document, |node, text| {
            visit(node, text);
            false
        });
    }

    /// The first value of a body that is more than `null`, as the list is sorted by it: at most a kilobyte.
    pub fn first(&self, body: &[u8], document: &Document) -> Option<String> {
        let mut first = None;
        self.place.any_node(body, document, |node, text| {
            if node.kind != Kind::Null {
                let value = node.string(text);
                first = Some(value[..value.floor_char_boundary(MAX_SORTED)].to_owned());
            }
            first.is_some()
        });
        first
    }
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        None => wording::visible(text),
        Some((end, _)) => format!("{}…", wording::visible(&text[..end])),
    }
}

fn beginning_of_bytes(bytes: &[u8]) -> String {
    let most = &bytes[..bytes.len().min(4 * (SHOWN_CHARS + 1))];
    beginning(&String::from_utf8_lossy(most))
}

/// Before the path of a field's column.
const FIELD: &str = "body.";

impl Column {
    /// Those that are no field, in the order in which they are offered.
    pub const FIXED: [Self; 18] = [
        Self::Received,
        Self::Callback,
        Self::Platform,
        Self::Response,
        Self::Took,
        Self::Number,
        Self::App,
        Self::Product,
        Self::Method,
        Self::Path,
        Self::Status,
        Self::Code,
        Self::ReadAs,
        Self::Rule,
        Self::Size,
        Self::Skew,
        Self::Signature,
        Self::Peer,
    ];

    /// Its name in the settings: that of the filter where that asks for the same.
    pub fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Number => "id",
            Self::Received => "time",
            Self::Callback => "command",
            Self::Platform => "platform",
            Self::Response => "response",
            Self::Took => "took",
            Self::App => "app",
            Self::Product => "product",
            Self::Method => "method",
            Self::Path => "path",
            Self::Status => "status",
            Self::Code => "code",
            Self::ReadAs => "read_as",
            Self::Rule => "rule",
            Self::Size => "size",
            Self::Skew => "skew",
            Self::Signature => "signature",
            Self::Peer => "peer",
            Self::Field(field) => return Cow::Owned(format!("{FIELD}{}", field.path)),
        })
    }

    /// The column of a name; `None` where there is none.
    pub fn named(name: &str) -> Option<Self> {
        match name.strip_prefix(FIELD) {
            Some(path) => Field::read(path).map(Self::Field),
            None => Self::FIXED.into_iter().find(|column| column.name() == name),
        }
    }

    /// Whether every row has it anyway: others are filled in only where they are shown.
    pub fn is_in_every_row(&self) -> bool {
        matches!(self, Self::Number | Self::Received | Self::Callback | Self::Platform | Self::Response | Self::Took)
    }

    /// Whether its values are figures: they stand at the right end of their cells.
    pub fn is_figure(&self) -> bool {
        matches!(self, Self::Number | Self::Took | Self::Status | Self::Code | Self::Size | Self::Skew)
    }
}

/// A column that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub column: Column,
    /// How wide, in points; `None` for the width of its own.
    pub width: Option<u16>,
}

impl Shown {
    fn of(column: Column) -> Self {
        Self { column, width: None }
    }
}

/// The columns that are shown, from the left. The callback is always among them, and none is twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<Shown>);

impl Default for Columns {
    fn default() -> Self {
        let columns = [Column::Received, Column::Callback, Column::Platform, Column::Response, Column::Took];
        Self(columns.map(Shown::of).into())
    }
}

impl Columns {
    /// Those of a list, as far as they can be shown together.
    pub fn new(list: impl IntoIterator<Item = Shown>) -> Self {
        let mut columns = Self(Vec::new());
        for Shown { column, width } in list {
            if !columns.has(&column) && columns.0.len() < MOST_COLUMNS {
                let width = width.map(|width| width.clamp(*WIDTHS.start(), *WIDTHS.end()));
                columns.0.push(Shown { column, width });
            }
        }
        if !columns.has(&Column::Callback) {
            columns.0.truncate(MOST_COLUMNS - 1);
            columns.0.insert(0, Shown::of(Column::Callback));
        }
        columns
    }

    /// All of them, from the left.
    pub fn list(&self) -> &[Shown] {
        &self.0
    }

    /// Whether this one is shown.
    pub fn has(&self, column: &Column) -> bool {
        self.place_of(column).is_some()
    }

    /// Where a column stands, from the left.
    pub fn place_of(&self, column: &Column) -> Option<usize> {
        self.0.iter().position(|shown| shown.column == *column)
    }

    /// Whether another one has room.
    pub fn has_room(&self) -> bool {
        self.0.len() < MOST_COLUMNS
    }

    /// Shows a column: a new one stands before the response, where there is one, else last.
    pub fn show(&mut self, column: Column) {
        if !self.has(&column) && self.has_room() {
            let at = self.place_of(&Column::Response).unwrap_or(self.0.len());
            self.0.insert(at, Shown::of(column));
        }
    }

    /// Shows a column no more.
    pub fn hide(&mut self, column: &Column) {
        self.0.retain(|shown| shown.column != *column || shown.column == Column::Callback);
    }

    /// Has a column stand at a place, counted without it.
    pub fn put(&mut self, column: &Column, at: usize) {
        if let Some(from) = self.place_of(column) {
            let shown = self.0.remove(from);
            self.0.insert(at.min(self.0.len()), shown);
        }
    }

    /// Makes a column so wide; `None` gives it the width of its own.
    pub fn set_width(&mut self, column: &Column, width: Option<u16>) {
        if let Some(at) = self.place_of(column) {
            self.0[at].width = width.map(|width| width.clamp(*WIDTHS.start(), *WIDTHS.end()));
        }
    }

    /// Those that rows are to be filled in for.
    pub fn to_fill(&self) -> Arc<[Column]> {
        self.0.iter().map(|shown| &shown.column).filter(|column| !column.is_in_every_row()).cloned().collect()
    }
}

/// By what the list is sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorting {
    /// The column.
    pub column: Column,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Sorting {
    /// What a click on a column's header means: its least first, then its greatest, then the newest again.
    pub fn after_click(before: Option<&Self>, column: &Column) -> Option<Self> {
        match before.filter(|before| before.column == *column) {
            None => Some(Self { column: column.clone(), descending: false }),
            Some(before) if !before.descending => Some(Self { descending: true, ..before.clone() }),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json;

    fn field(path: &str) -> Column {
        Column::Field(Field::read(path).expect("bug: is a path"))
    }

    fn names(columns: &Columns) -> Vec<String> {
        columns.list().iter().map(|shown| shown.column.name().into_owned()).collect()
    }

    #[test]
    fn every_column_is_found_by_its_name() {
        for column in Column::FIXED.into_iter().chain([field("MsgBody[].MsgContent.Text")]) {
            assert_eq!(Column::named(&column.name()), Some(column));
        }
        for name in ["", "body.", "body.[x]", "nonsense", "Time"] {
            assert_eq!(Column::named(name), None, "{name}");
        }
    }

    #[test]
    fn the_callback_stays_and_nothing_is_shown_twice() {
        let shown = |column, width| Shown { column, width };
        let columns = Columns::new([shown(Column::App, Some(3)), shown(Column::App, None), shown(Column::Took, Some(60))]);
        assert_eq!(names(&columns), ["command", "app", "took"]);
        assert_eq!(columns.list()[1].width, Some(*WIDTHS.start()));
        let many = (0..100).map(|at| shown(field(&format!("F{at}")), None));
        let mut columns = Columns::new(many);
        assert_eq!((columns.list().len(), columns.has(&Column::Callback)), (MOST_COLUMNS, true));
        columns.show(Column::Rule);
        assert!(!columns.has(&Column::Rule));
    }

    #[test]
    fn columns_are_shown_moved_and_hidden() {
        let mut columns = Columns::default();
        columns.show(Column::App);
        columns.show(Column::App);
        assert_eq!(names(&columns), ["time", "command", "platform", "app", "response", "took"]);
        columns.put(&Column::App, 0);
        columns.put(&Column::Received, 99);
        columns.hide(&Column::Callback);
        columns.hide(&Column::Took);
        assert_eq!(names(&columns), ["app", "command", "platform", "response", "time"]);
        assert_eq!(columns.to_fill().as_ref(), [Column::App]);
    }

    #[test]
    fn three_clicks_lead_back_to_the_newest() {
        let first = Sorting::after_click(None, &Column::Took);
        let second = Sorting::after_click(first.as_ref(), &Column::Took);
        assert_eq!((first.map(|one| one.descending), second.as_ref().map(|one| one.descending)), (Some(false), Some(true)));
        assert_eq!(Sorting::after_click(second.as_ref(), &Column::Took), None);
        assert_eq!(Sorting::after_click(second.as_ref(), &Column::Size), Some(Sorting { column: Column::Size, descending: false }));
    }

    #[test]
    fn a_cell_shows_the_first_values_and_hides_nothing_that_acts() {
        let body =
            format!(r#"{{"L":[{{"N":"a"}},{{"N":2}},{{"N":null}},{{"N":4}}],"T":"{}","E":"\u202e\n","O":{{"x":[1]}}}}"#, "红".repeat(90));
        let document = json::read(body.as_bytes());
        let shown = |path: &str| Field::read(path).expect(path).shown(body.as_bytes(), &document);
        assert_eq!(shown("L[].N"), "a, 2, null, …");
        assert_eq!(shown("body.L[0].N"), "a");
        assert_eq!(shown("T"), format!("{}…", "红".repeat(60)));
        assert_eq!(shown("E"), "\\u{202e}⏎");
        assert_eq!(shown("O"), r#"{"x":[1]}"#);
        assert_eq!(shown("Nowhere"), "");
        let first = |path: &str| Field::read(path).expect(path).first(body.as_bytes(), &document);
        assert_eq!((first("L[].N"), first("L[2].N"), first("L.N").as_deref()), (Some("a".into()), None, Some("a")));
    }
}
