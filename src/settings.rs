//! Settings: what the program remembers between two runs, and what the receiver works from.
//!
//! Pure: text in, text out. `folder` reads and writes the file; tokens are never in it (see `secrets`).

use crate::protocol::SdkApp;
use crate::rules::preset::Preset;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::sync::Arc;

/// The settings file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Names this data folder in the keyring, so that two folders keep their tokens apart.
    pub folder_id: String,
    /// The saved apps by their `SDKAppID`, in the order in which they were added.
    pub apps: Vec<String>,
    /// Which colours the window has.
    pub theme: Theme,
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

impl Default for Settings {
    fn default() -> Self {
        Self { folder_id: String::new(), apps: Vec::new(), theme: Theme::System }
    }
}

impl Settings {
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

/// How many bytes of a body are taken unless told otherwise.
pub const DEFAULT_BODY_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// What the receiver works from: published as a whole whenever something in it changes.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The apps with their tokens.
    pub apps: Arc<[SdkApp]>,
    /// What the response bar says.
    pub preset: Preset,
    /// How many bytes of a body are taken.
    pub body_limit_bytes: usize,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self { apps: Arc::from([]), preset: Preset::Ok, body_limit_bytes: DEFAULT_BODY_LIMIT_BYTES }
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
        let settings = Settings { folder_id: "f".into(), apps: vec!["888888".into()], theme: Theme::Light };
        assert_eq!(Settings::from_json(&settings.to_json()).expect("bug: own text"), settings);
    }

    #[test]
    fn what_a_file_lacks_has_its_default() {
        assert_eq!(Settings::from_json("{}").expect("bug: an object"), Settings::default());
        assert!(Settings::from_json("nonsense").is_err());
    }

    #[test]
    fn an_app_id_is_digits() {
        assert!(is_app_id("1400000001"));
        assert!(["", "x", "14 ", "-1", "123456789012345678901"].iter().all(|text| !is_app_id(text)));
    }
}
