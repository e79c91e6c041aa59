//! What the keys of a rules file hold: each is asked for as what it should be, and complained of where it is not.

use super::Complaint;
use crate::protocol::search;
use crate::rules::Text;
use crate::rules::template::Misprint;
use std::borrow::Cow;
use std::ops::Range;
use toml_edit::{Item, TableLike, Value};

/// Collects complaints. Once there is one, what is read is thrown away, so whatever is wrong is read as something simple.
pub struct Reader<'d> {
    source: &'d str,
    /// What is wrong so far.
    pub complaints: Vec<Complaint>,
}

/// A table, and where it stands.
pub struct Table<'d> {
    /// Its keys and what they hold.
    pub items: &'d dyn TableLike,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A text, and where it stands.
pub struct Said<'d> {
    /// The text, escapes undone.
    pub text: Cow<'d, str>,
    /// Where it stands, quotes included.
    pub span: Range<usize>,
}

impl<'d> Reader<'d> {
    /// Reads this file.
    pub fn new(source: &'d str) -> Self {
        Self { source, complaints: Vec::new() }
    }

    /// A text.
    pub fn text(&mut self, table: &Table<'d>, key: &str) -> Option<Said<'d>> {
        let item = table.items.get(key)?;
        if item.as_str().is_none() {
            self.complain(table.span_of(key).start, format!("{key} is a text in quotes, and here stands {}", kind_of(item)));
        }
        Some(Said { text: item.as_str()?.into(), span: table.span_of(key) })
    }

    /// A text or a list of them.
    pub fn texts(&mut self, table: &Table<'d>, key: &str) -> Vec<Said<'d>> {
        self.list(table, key, "a text in quotes", |value| value.as_str().map(Cow::Borrowed))
    }

    /// One value or a list of them, each read alike; `what` says what it should be.
    pub fn list(&mut self, table: &Table<'d>, key: &str, what: &str, read: impl Fn(&'d Value) -> Option<Cow<'d, str>>) -> Vec<Said<'d>> {
        let Some(item) = table.items.get(key) else { return Vec::new() };
        let wrong = format!("{key} is {what}, or a list of them");
        let values: Vec<&'d Value> = match item {
            Item::Value(Value::Array(values)) => values.iter().collect(),
            Item::Value(value) => vec![value],
            Item::None | Item::Table(_) | Item::ArrayOfTables(_) => Vec::new(),
        };
        if values.is_empty() && key != "refuse_members" {
            self.complain(table.span_of(key).start, format!("{wrong}, and here is none"));
        }
        let span = |value: &Value| value.span().unwrap_or_else(|| table.span_of(key));
        let said = |value: &'d Value| {
            let said = read(value).map(|text| Said { text, span: span(value) });
            said.ok_or_else(|| self.complain(span(value).start, wrong.clone())).ok()
        };
        values.into_iter().filter_map(said).collect()
    }

    /// True or false.
    pub fn flag(&mut self, table: &Table<'d>, key: &str) -> Option<bool> {
        let flag = table.items.get(key)?.as_bool();
        if flag.is_none() {
            self.complain(table.span_of(key).start, format!("{key} is true or false"));
        }
        flag
    }

    /// A whole number between the two.
    pub fn whole(&mut self, table: &Table<'d>, key: &str, least: i64, most: i64) -> Option<i64> {
        let number = table.items.get(key)?.as_integer().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            let range = if (least, most) == (i64::MIN, i64::MAX) { String::new() } else { format!(", {least} to {most}") };
            self.complain(table.span_of(key).start, format!("{key} is a whole number{range}"));
        }
        number
    }

    /// A whole number that is to be there; `needed` says why.
    pub fn needed_whole(&mut self, table: &Table<'d>, key: &str, needed: &str) -> i64 {
        if !table.items.contains_key(key) {
            self.complain(table.span.start, needed.to_owned());
        }
        self.whole(table, key, i64::MIN, i64::MAX).unwrap_or_default()
    }

    /// A table in another.
    pub fn nested(&mut self, table: &Table<'d>, key: &str) -> Option<Table<'d>> {
        let span = table.span_of(key);
        let nested = table.items.get(key)?.as_table_like().map(|items| Table { items, span: span.clone() });
        if nested.is_none() {
            self.complain(span.start, format!("{key} is a table in braces, such as {key} = {{ … }}"));
        }
        nested
    }

    /// The tables of a list, which may be written as one or as `[[…]]`.
    pub fn tables(&mut self, table: &Table<'d>, key: &str) -> Vec<Table<'d>> {
        let span = table.span_of(key);
        match table.items.get(key) {
            None => Vec::new(),
            Some(Item::ArrayOfTables(tables)) => {
                tables.iter().map(|items| Table { items, span: items.span().unwrap_or_else(|| span.clone()) }).collect()
            }
            Some(Item::Value(Value::Array(values))) if values.iter().all(Value::is_inline_table) => {
                let inline = values.iter().filter_map(Value::as_inline_table);
                inline.map(|items| Table { items, span: items.span().unwrap_or_else(|| span.clone()) }).collect()
            }
            Some(Item::None | Item::Value(_) | Item::Table(_)) => {
                self.complain(span.start, format!("{key} is a list of tables in braces, such as {key} = [{{ … }}]"));
                Vec::new()
            }
        }
    }

    /// What was read; a complaint where it could not be.
    pub fn take<T>(&mut self, said: &Said<'d>, read: Result<T, String>) -> Option<T> {
        read.map_err(|text| self.complain(said.span.start, text)).ok()
    }

    /// A text with placeholders.
    pub fn filled(&mut self, said: &Said<'d>, read: fn(&str) -> Result<Text, Misprint>) -> Text {
        let misprint = match read(&said.text) {
            Ok(text) => return text,
            Err(misprint) => misprint,
        };
        // Where the text stands in the file as it is, the mistake has a place in it.
        let inside = self.source[said.span.clone()].find(said.text.as_ref());
        self.complain(said.span.start + inside.map_or(0, |at| at + misprint.offset), misprint.text);
        Text::default()
    }

    /// Complains of every key that is not known; `has` begins the sentence that names those that are.
    pub fn check_keys(&mut self, table: &Table<'d>, has: &str, known: &[&str]) {
        for (key, _) in table.items.iter().filter(|(key, _)| !known.contains(key)) {
            let meant = search::nearest_word(key, known.iter().copied());
            let meant = meant.map_or_else(|| format!("{has} {}", known.join(", ")), |meant| format!("did you mean {meant}?"));
            let place = table.items.key(key).and_then(toml_edit::Key::span).unwrap_or_else(|| table.span_of(key));
            self.complain(place.start, format!("{key:?} is not known here; {meant}"));
        }
    }

    /// Complains at a byte offset.
    pub fn complain(&mut self, offset: usize, text: String) {
        self.complaints.push(Complaint::at(self.source, offset, text));
    }
}

impl Table<'_> {
    /// Where a key's value stands; the table itself where it has none.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        let value = self.items.get(key).and_then(Item::span);
        value.or_else(|| self.items.key(key)?.span()).unwrap_or_else(|| self.span.clone())
    }
}

/// What stands somewhere, in words.
fn kind_of(item: &Item) -> &'static str {
    match item.type_name() {
        "integer" | "float" => "a number",
        "boolean" => "true or false",
        "array" | "array of tables" => "a list",
        "table" | "inline table" => "a table",
        _ => "something else",
    }
}
