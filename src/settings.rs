//! Settings: what the program remembers between two runs, and what the receiver works from.
//!
//! Pure: text in, text out. `folder` reads and writes the file; tokens are never in it (see `secrets`).

use crate::column::{Column, Columns, Shown};
use crate::histories::Which;
use crate::protocol::SdkApp;
use crate::rules::bar::Bar;
use crate::rules::{Fallback, Rule};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// The settings file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Names this data folder in the keyring, so that two folders keep their tokens apart.
    pub folder_id: String,
    /// The saved apps by their `SDKAppID`, in the order in which they were added.
    pub apps: Vec<String>,
    /// Which colours the window has.
    pub theme: Theme,
    /// How requests are held for the developer.
    pub hold: Hold,
    /// The listener for `https://`.
    pub https: Https,
    /// The filters that were saved, in their order.
    pub filters: Vec<SavedFilter>,
    /// The columns of the list.
    #[serde(serialize_with = "write_columns", deserialize_with = "read_columns")]
    pub columns: Columns,
    /// What the main history forgets by itself.
    pub retention: Retention,
    /// The same of other histories, by what they are called: a limit is of the history that it was set for.
    pub retention_of: BTreeMap<String, Retention>,
    /// When an app or its token was entered last, in milliseconds since the Unix epoch: histories that were not open then
    /// are judged again once they are.
    pub tokens_changed_millis: i64,
    /// Which history was opened last.
    pub history: Which,
}

/// Beyond which limits the history forgets its oldest exchanges; off until set. Pinned ones stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// The most exchanges.
    pub exchanges: Option<u64>,
    /// The most hours since the arrival.
    pub hours: Option<u32>,
    /// The most megabytes that the file may use.
    pub megabytes: Option<u64>,
}

impl Retention {
    /// Whether nothing is ever forgotten.
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }
}

/// A filter with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFilter {
    /// What it is called.
    pub name: String,
    /// The filter as it was typed.
    pub text: String,
}

/// Which colours the window has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the desktop says.
    #[default]
    System,
    /// Always dark.
    Dark,
    /// Always light.
    Light,
}

impl Settings {
    /// What a history forgets by itself.
    pub fn retention_of(&self, history: &Which) -> Retention {
        match history {
            Which::Main => self.retention,
            Which::Named(_) | Which::File(_) => self.retention_of.get(&history.to_string()).copied().unwrap_or_default(),
        }
    }

    /// Has a history forget what is beyond these limits.
    pub fn set_retention_of(&mut self, history: &Which, retention: Retention) {
        match history {
            Which::Main => self.retention = retention,
            Which::Named(_) | Which::File(_) if retention.is_off() => drop(self.retention_of.remove(&history.to_string())),
            Which::Named(_) | Which::File(_) => drop(self.retention_of.insert(history.to_string(), retention)),
        }
    }

    /// Reads the settings file.
    ///
    /// # Errors
    /// When the text is not the JSON that [`Settings::to_json`] writes; the error names the place.
    pub fn from_json(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// Writes the settings file.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("bug: plain strings can be written as JSON")
    }
}

/// Where it listens unless told otherwise.
pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9700);

/// Where it listens for `https://` unless told otherwise.
pub const DEFAULT_TLS_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9743);

/// How many bytes of a body are taken unless told otherwise.
pub const DEFAULT_BODY_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// How requests are held for the developer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hold {
    /// What is responded when nobody decides in time.
    #[serde(serialize_with = "write_fallback", deserialize_with = "read_fallback")]
    pub fallback: Fallback,
    /// How long before the sender's limit that is, in milliseconds: the sender's clock began earlier than ours.
    pub margin_millis: u32,
    /// A limit to be used in place of the documented one, in milliseconds, for callers of one's own.
    pub limit_millis: Option<u32>,
}

impl Default for Hold {
    fn default() -> Self {
        Self { fallback: Fallback::Ok, margin_millis: 300, limit_millis: None }
    }
}

impl Hold {
    /// After which time a held request gets the fallback, in milliseconds, where its sender waits so long.
    pub fn wait_millis(&self, sender_limit_millis: u32) -> u32 {
        self.limit_millis.unwrap_or(sender_limit_millis).saturating_sub(self.margin_millis)
    }
}

fn write_fallback<S: Serializer>(fallback: &Fallback, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&fallback.preset().to_string())
}

fn read_fallback<'de, D: Deserializer<'de>>(from: D) -> Result<Fallback, D::Error> {
    let text = String::deserialize(from)?;
    Fallback::read(&text).map_err(serde::de::Error::custom)
}

/// A column as it is written to the file.
#[derive(Serialize)]
struct WrittenColumn {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u16>,
}

fn write_columns<S: Serializer>(columns: &Columns, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(columns.list().iter().map(|shown| WrittenColumn { name: shown.column.name().into_owned(), width: shown.width }))
}

/// A column that is not known, or damaged, is left out: it is not worth all other settings.
fn read_columns<'de, D: Deserializer<'de>>(from: D) -> Result<Columns, D::Error> {
    let serde_json::Value::Array(written) = serde_json::Value::deserialize(from)? else { return Ok(Columns::default()) };
    let known = written.iter().filter_map(|one| {
        let column = Column::named(one.get("name")?.as_str()?)?;
        let width = one.get("width").and_then(serde_json::Value::as_u64);
        Some(Shown { column, width: width.map(|width| u16::try_from(width).unwrap_or(u16::MAX)) })
    });
    Ok(Columns::new(known))
}

/// The listener for `https://`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Https {
    /// Whether it listens.
    pub enabled: bool,
    /// Where.
    pub listen: SocketAddr,
    /// The developer's own certificate; `None` for one of the local authority.
    pub own: Option<OwnCertificate>,
}

impl Default for Https {
    fn default() -> Self {
        Self { enabled: false, listen: DEFAULT_TLS_LISTEN, own: None }
    }
}

/// A certificate of one's own, as PEM files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCertificate {
    /// The file with the certificate and those between it and its authority.
    pub certificate: PathBuf,
    /// The file with its key.
    pub key: PathBuf,
}

/// What the receiver works from: published as a whole whenever something in it changes.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The apps with their tokens.
    pub apps: Arc<[SdkApp]>,
    /// What the response bar says.
    pub bar: Bar,
    /// The rules that are asked before it.
    pub rules: Arc<[Rule]>,
    /// How requests are held.
    pub hold: Hold,
    /// Whether somebody can decide by hand: without a window nobody can.
    pub by_hand: bool,
    /// How many bytes of a body are taken.
    pub body_limit_bytes: usize,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self {
            apps: Arc::from([]),
            bar: Bar::default(),
            rules: Arc::from([]),
            hold: Hold::default(),
            by_hand: false,
            body_limit_bytes: DEFAULT_BODY_LIMIT_BYTES,
        }
    }
}

/// Whether text can be an `SDKAppID`: 1 to 20 decimal digits.
pub fn is_app_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_written() {
        let own = OwnCertificate { certificate: "/c.pem".into(), key: "/k.pem".into() };
        let settings = Settings {
            folder_id: "f".into(),
            apps: vec!["888888".into()],
            theme: Theme::Light,
            hold: Hold { fallback: Fallback::Fail(120_001), margin_millis: 200, limit_millis: Some(60_000) },
            https: Https { enabled: true, own: Some(own), ..Https::default() },
            filters: vec![SavedFilter { name: "Bad ones".into(), text: "verdict:bad".into() }],
            columns: Columns::new([
                Shown { column: Column::Callback, width: None },
                Shown { column: Column::named("body.MsgBody[].MsgContent.Text").expect("bug: is a column"), width: Some(90) },
            ]),
            retention: Retention { exchanges: Some(200_000), ..Retention::default() },
            retention_of: [("June".into(), Retention { hours: Some(48), ..Retention::default() })].into(),
            tokens_changed_millis: 1_669_872_112_500,
            history: Which::File("/x/y.db".into()),
        };
        assert_eq!(Settings::from_json(&settings.to_json()).expect("bug: own text"), settings);
    }

    #[test]
    fn a_limit_is_of_the_history_that_it_was_set_for() {
        let mut settings = Settings { retention: Retention { exchanges: Some(7), ..Retention::default() }, ..Settings::default() };
        let file = Which::File("/x/y.db".into());
        assert!(settings.retention_of(&file).is_off());
        let limit = Retention { megabytes: Some(500), ..Retention::default() };
        settings.set_retention_of(&file, limit);
        assert_eq!((settings.retention_of(&file), settings.retention.exchanges), (limit, Some(7)));
        settings.set_retention_of(&file, Retention::default());
        assert!(settings.retention_of.is_empty());
        settings.set_retention_of(&Which::Main, limit);
        assert_eq!(settings.retention_of(&Which::Main), limit);
    }

    #[test]
    fn what_a_file_lacks_has_its_default() {
        assert_eq!(Settings::from_json("{}").expect("bug: an object"), Settings::default());
        assert!(Settings::from_json("nonsense").is_err());
        let odd = Settings::from_json(r#"{"history":"../x\u0000","apps":["1"]}"#).expect("bug: the rest stands");
        assert_eq!(odd.apps, ["1"]);
    }

    #[test]
    fn columns_that_nobody_knows_are_left_out() {
        let read = |columns: &str| Settings::from_json(&format!(r#"{{"theme":"dark","columns":{columns}}}"#)).expect(columns);
        let written =
            r#"[{"name":"took","width":60},{"name":"tomorrow"},7,{"name":"app","width":-1},{"name":4},{"name":"command"},{"name":"took"}]"#;
        let names: Vec<_> = read(written).columns.list().iter().map(|shown| (shown.column.clone(), shown.width)).collect();
        assert_eq!(names, [(Column::Took, Some(60)), (Column::App, None), (Column::Callback, None)]);
        assert_eq!(read("\"all\"").columns, Columns::default());
        assert_eq!((read("[]").columns.list().len(), read("[]").theme), (1, Theme::Dark));
    }

    #[test]
    fn an_app_id_is_digits() {
        assert!(is_app_id("1400000001"));
        assert!(["", "x", "14 ", "-1", "123456789012345678901"].iter().all(|text| !is_app_id(text)));
    }
}
