//! The words of importing.
#![expect(missing_docs, reason = "each text says what it is")]

use crate::import::{Complaint, Report};
use crate::messages::ImportProgress;
use crate::wording::{count, shortened, size, visible};

pub const IMPORT: &str = "Import…";
pub const WHY: &str = "Takes exchanges from a file into the history";
pub const TITLE: &str = "Import";
pub const REMARK: &str = "into the history that is open";
pub const FILE: &str = "File";
pub const PATH_HINT: &str = "/path/exchanges.ndjson";
pub const IMPORT_NOW: &str = "Import";
pub const FORMS: &str = "Takes NDJSON and JSON arrays as the export writes them, HAR, raw HTTP requests, and callbacks as the documents \
    print them. The form is recognised by itself, and what is there already is not taken twice.";
pub const OTHER_WAYS: &str = "Files can be dropped onto the window, and copied text pasted with";
pub const NOT_READ: &str = "Could not be read";
pub const DROP: &str = "Drop files to import them";
pub const DROP_WHY: &str = "NDJSON, JSON, HAR, raw HTTP";
pub const STOPPED: &str = "The import was stopped; nothing was imported";
pub const STOPPING: &str = "Stopping";
pub const ONE_AT_A_TIME: &str = "An import is running; start the next one once it is over";
pub const NO_RESPONSE_RECORDED: &str = "No response is known: the request was imported without one";
pub const NOT_RECORDED: &str = "Not recorded";

/// How far an import is.
pub fn progress(progress: &ImportProgress) -> String {
    let ImportProgress { bytes, of_bytes, exchanges } = progress;
    let of = of_bytes.map_or_else(String::new, |of| format!(" of {}", size(of)));
    format!("{}{of} read, {} exchanges", size(*bytes), count(*exchanges))
}

/// A complaint with its file.
pub fn complaint(file: &str, complaint: &Complaint) -> (String, String) {
    (visible(&format!("Line {} of {file}", count(complaint.line))), visible(&shortened(&complaint.reason, 300)))
}

/// After those that are listed.
pub fn and_more(number: u64) -> String {
    format!("and {} more", count(number))
}

/// What was pasted is none that can be imported.
pub fn nothing_pasted(report: &Report) -> String {
    let why = report.first.first().map_or_else(String::new, |(_, complaint)| format!(": {}", visible(&shortened(&complaint.reason, 200))));
    format!("What is on the clipboard is nothing that can be imported{why}")
}
