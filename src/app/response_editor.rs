//! What the response bar is being set to: the code, the status, and the body of one's own as they are typed.

use crate::messages::Lasting;
use crate::protocol::response::{self, Finding};
use crate::rules::preset::{OwnBody, Preset, read_status};

/// Drafts of the parts that can be typed.
#[derive(Debug)]
pub struct ResponseEditor {
    /// The code beside FAIL.
    pub code: String,
    /// The status beside HTTP error.
    pub status: String,
    /// The body of one's own.
    pub body: String,
    lasting: Lasting,
}

impl Default for ResponseEditor {
    fn default() -> Self {
        let body = String::from_utf8_lossy(&response::success().body).into_owned();
        Self { code: "1".to_owned(), status: "500".to_owned(), body, lasting: Lasting::SwitchedOff }
    }
}

impl ResponseEditor {
    /// FAIL with the code that is typed; `None` while that is no number.
    pub fn fail(&self) -> Option<Preset> {
        self.code.trim().parse().ok().map(Preset::Fail)
    }

    /// The status that is typed; `None` while that is none.
    pub fn http(&self) -> Option<Preset> {
        read_status(self.status.trim()).map(Preset::Http)
    }

    /// How long what is chosen next is simulated.
    pub fn lasting(&self) -> Lasting {
        self.lasting
    }

    /// The body of one's own.
    pub fn own_body(&self) -> Preset {
        Preset::Body(OwnBody { bytes: self.body.clone().into_bytes(), file: None })
    }

    /// What keeps the body of one's own from having the documented form. It can be sent all the same.
    pub fn complaints(&self) -> Vec<Finding> {
        response::complaints(self.body.as_bytes())
    }
}
