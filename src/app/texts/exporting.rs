//! The words of the export.

use super::exchanges;
use crate::export::Format;
use crate::export::curl::Shell;
use crate::messages::Preview;
use crate::wording::count;
use std::path::Path;

pub const TITLE: &str = "Export";
pub const ABOUT: &str = "Take exchanges elsewhere, in the form that is needed there";
pub const WHAT: &str = "Exchanges";
pub const FORM: &str = "Form";
pub const SHELL: &str = "Shell";
pub const COLUMNS: &str = "Columns";
pub const COLUMNS_OF_LIST: &str = "As in the list";
pub const LAYOUT: &str = "Files";
pub const ONE_FILE: &str = "One archive";
pub const MANY_FILES: &str = "A folder, a file each";
pub const PAPER: &str = "As";
pub const MARKDOWN: &str = "Markdown";
pub const HTML: &str = "HTML";
pub const PRIVATE: &str = "Private";
pub const REDACTED: &str = "Redacted";
pub const COMPLETE: &str = "Complete";
pub const TO_FILE: &str = "File";
pub const TO_FOLDER: &str = "Folder";
pub const PATH_HINT: &str = "where to";
pub const WRITE: &str = "Write";
pub const COPY: &str = "Copy text";
pub const STOP: &str = "Stop export";
pub const TOO_MANY_TO_COPY: &str = "More than 1,000 exchanges are no text for a clipboard";
pub const STOPPED: &str = "Export stopped; nothing was written";
pub const NOTHING: &str = "There is nothing to export";
pub const LOOKING: &str = "Looking at what would leave…";

/// What a file or a folder is called where nobody says otherwise.
pub const FOLDER: &str = "exchanges";

/// A form by its name.
pub fn format(format: Format) -> &'static str {
    match format {
        Format::Ndjson => "NDJSON",
        Format::Json => "JSON",
        Format::Http => "HTTP",
        Format::Har => "HAR",
        Format::Curl => "cURL",
        Format::Csv => "CSV",
        Format::Report => "Report",
    }
}

/// What a form is for.
pub fn about_format(format: Format) -> &'static str {
    match format {
        Format::Ndjson => "One exchange a line, with all that is known of it. Hookglass reads it back",
        Format::Json => "The same as one array",
        Format::Http => "Requests and responses byte for byte, as raw HTTP. Hookglass reads it back",
        Format::Har => "An HTTP archive for browsers’ developer tools and other readers",
        Format::Curl => "Commands that send the requests again, safe to paste",
        Format::Csv => "A table, safe in spreadsheets",
        Format::Report => "What came, what is true of it and what was made of it, for a support ticket",
    }
}

/// A shell by its name.
pub fn shell(shell: Shell) -> &'static str {
    match shell {
        Shell::Posix => "bash, zsh, fish",
        Shell::PowerShell => "PowerShell",
        Shell::Cmd => "cmd",
    }
}

/// What leaves.
pub fn what_leaves(is_redacted: bool) -> &'static str {
    if is_redacted {
        "Accounts, texts and addresses become aliases, the same throughout; Sign is masked"
    } else {
        "All as it was received: accounts, texts and signatures too"
    }
}

/// `What leaves: the first 12 of 1,204 exchanges`
pub fn previewed(preview: &Preview) -> String {
    let Preview { shown, of, .. } = preview;
    match (shown, of) {
        (_, 0) => NOTHING.to_owned(),
        _ if shown >= of => format!("What leaves: {}", exchanges(*of)),
        (0, _) => format!("What leaves: the beginning of {}", exchanges(*of)),
        _ => format!("What leaves: the first {} of {}", count(*shown), exchanges(*of)),
    }
}

/// `1,204 of 9,000 written`
pub fn written(done: u64, of: u64) -> String {
    if of == 0 { format!("{} written", count(done)) } else { format!("{} of {} written", count(done), count(of)) }
}

pub fn no_such_column(name: &str) -> String {
    format!("There is no column “{}”", crate::wording::value(name))
}

pub fn exported(number: u64, left_out: u64, file: &Path) -> String {
    format!("{} exported to {}{}", exchanges(number), file.display(), without(left_out))
}

pub fn copied(number: u64, left_out: u64) -> String {
    format!("{} copied{}", exchanges(number), without(left_out))
}

fn without(left_out: u64) -> String {
    if left_out == 0 { String::new() } else { format!("; {} left out, which curl can’t send", count(left_out)) }
}
