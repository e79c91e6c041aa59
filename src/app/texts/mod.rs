//! The words of the window, in one place, so that another language can stand beside them.
//!
//! Sentence case; a button says what it does; `…` where more is asked. Verdicts and remarks have theirs in
//! `wording`.
#![expect(missing_docs, reason = "each text says what it is")]

mod columns;
pub mod exporting;
mod filter;
mod keeping;
mod responding;
pub mod comparing;
pub mod conversation;
pub mod histories;
pub mod importing;
pub mod palette;
pub mod rules;
pub mod statistics;

use crate::app::action::Tab;
use crate::exchange::{BY_HAND, DEFAULT_RULE, IMPORTED, NOBODY, REFUSAL};
use crate::protocol::verdict::Overall;
use crate::wording::{count, size, visible};
pub use columns::*;
pub use filter::*;
pub use keeping::*;
pub use responding::*;
use std::path::Path;

pub const APP_NAME: &str = "Hookglass";
pub const RECEIVING: &str = "Receiving";
pub const NOT_RECEIVING: &str = "Not receiving";
pub const REFUSING: &str = "Refusing connections (simulated)";
pub const STARTING: &str = "Starting";
pub const STOP: &str = "Stop";
pub const START: &str = "Start";
pub const TRY_AGAIN: &str = "Try again";
pub const USE_FREE_PORT: &str = "Use a free port";
pub const COPY: &str = "Copy";
pub const NO_APP_YET: &str = "No app yet…";
pub const APPS: &str = "Apps";
pub const APPS_REMARK: &str = "a token checks the signatures of its app";
pub const SEND_TEST: &str = "Send test";
pub const SEND_TEST_WHY: &str = "Sends a signed test callback to this receiver";
pub const PAGES: &str = "Look up";
pub const EXPORT: &str = "Export…";
pub const RESPOND_WITH: &str = "Respond with";
pub const OK: &str = "OK";
pub const FAIL: &str = "FAIL";
pub const HTTP_ERROR: &str = "HTTP error";
pub const OWN_BODY: &str = "Own body";
pub const EDIT: &str = "Edit…";
pub const ERROR_CODE: &str = "ErrorCode";
pub const STATUS: &str = "Status";
pub const BACK_TO_OK: &str = "Back to OK";
pub const RECEIVED: &str = "Received";
pub const CALLBACK: &str = "Callback";
pub const PLATFORM: &str = "Platform";
pub const RESPONSE: &str = "Response";
pub const MILLIS: &str = "ms";
pub const EXCHANGES: &str = "Exchanges";
pub const COPY_AS_CURL: &str = "Copy as cURL";
pub const COPY_VALUE: &str = "Copy value";
pub const COPY_PATH: &str = "Copy path";
pub const COPY_LINE: &str = "Copy line";
pub const COPY_KEY: &str = "Copy key";
pub const COPY_AS_RECEIVED: &str = "Copy as received";
pub const COPY_SUB_TREE: &str = "Copy sub-tree";
pub const COPY_SELECTION: &str = "Copy selection";
pub const COPY_BODY: &str = "Copy body";
pub const TREE: &str = "Tree";
pub const TEXT: &str = "Text";
pub const HEX: &str = "Hex";
pub const BODY_AS_TREE: &str = "Body as a tree";
pub const BODY_AS_TEXT: &str = "Body as text";
pub const BODY_AS_HEX: &str = "Body as hex";
pub const EMPTY_LINE: &str = "Empty line";
pub const FIND: &str = "Find";
pub const FIND_HINT: &str = "Find as received";
pub const FINDING: &str = "Searching";
pub const NO_MATCH: &str = "No match";
pub const MATCH_CASE: &str = "Match case";
pub const NEXT_MATCH: &str = "Next match";
pub const PREVIOUS_MATCH: &str = "Previous match";
pub const CLOSE_FIND: &str = "Close";
pub const NOT_IN_TREE: &str = "more than the tree holds; the text shows all";
pub const BODY: &str = "Body";
pub const UNDOCUMENTED: &str = "undocumented";
pub const NOT_IN_REFERENCE: &str = "not in the reference";
pub const UNSAVED: &str = "unsaved";
pub const NO_FIELDS: &str = "No fields";
pub const FIELDS_CUT: &str = "The body has more fields than are listed here; the JSON tab shows all of it";
pub const HOLLOW_BODY: &str = "The body is JSON with nothing in it";
pub const NO_BODY: &str = "No body";
pub const NO_REQUEST_WHY: &str = "The handshake failed, so no request came";
pub const NO_BODY_WHY: &str = "The request came without a body";
pub const REQUEST_LINE: &str = "Request line";
pub const PARAMETERS: &str = "Parameters";
pub const URL_PARAMETERS: &str = "URL parameters";
pub const MISSING: &str = "missing";
pub const DOCUMENTED_AS_REQUIRED: &str = "documented as required";
pub const HEADERS: &str = "Headers";
pub const RAW_HEAD: &str = "As received";
pub const RESPONSE_SENT: &str = "Response sent";
pub const NO_RESPONSE: &str = "No response";
pub const NO_RESPONSE_YET: &str = "Nothing has been decided yet";
pub const ON_THE_WIRE: &str = "On the wire";
pub const OUTCOME: &str = "Outcome";
pub const RULE: &str = "Rule";
pub const RESPONSE_BAR: &str = "response bar";
pub const BY_REFUSAL: &str = "refused before any rule was asked";
pub const TOOK: &str = "Responded after";
pub const NOTHING_OPEN: &str = "Nothing selected";
pub const NOTHING_OPEN_WHY: &str = "Select an exchange on the left to see its verdicts, fields and bytes";
pub const WAITING: &str = "Waiting for the first callback";
pub const WAITING_FOR_NEXT: &str = "Waiting for the next callback";
pub const WAITING_WHY: &str = "Everything that reaches this address shows up here at once and is saved";
pub const STEP_APP: &str = "1  Your app";
pub const STEP_APP_WHY: &str = "optional, needed to check signatures";
pub const STEP_REACH: &str = "2  Let Chat reach you";
pub const STEP_REACH_WHY: &str =
    "Chat calls public addresses only. Run one of these, then paste the public URL into the console’s webhook configuration.";
pub const STEP_TRY: &str = "3  Or try it without Chat";
pub const SEND_SIGNED_TEST: &str = "Send a signed test callback";
pub const TEST_NEEDS_RECEIVER: &str = "Start receiving first: nothing would take the callback now";
pub const SDK_APP_ID: &str = "SDKAppID";
pub const SDK_APP_ID_HINT: &str = "SDKAppID, e.g. 1400000001";
pub const TOKEN: &str = "Token";
pub const TOKEN_HINT: &str = "Token from the console’s webhook authentication";
pub const TOKEN_UNCHANGED_HINT: &str = "Unchanged unless you type a new one";
pub const SAVE: &str = "Save";
pub const ADD: &str = "Add";
pub const NEW_APP: &str = "New app";
pub const CANCEL: &str = "Cancel";
pub const REMOVE: &str = "Remove";
pub const HAS_TOKEN: &str = "has a token";
pub const THIS_RUN_ONLY: &str = "from the command line, for this run";
pub const NO_TOKEN: &str = "no token";
pub const APP_ID_DIGITS: &str = "An SDKAppID is a number, such as 1400000001";
pub const APP_ID_TAKEN: &str = "Another saved app has this SDKAppID";
pub const TOKEN_SPACE: &str = "The token begins or ends with a space or a line break; take it out unless it belongs to the token";
pub const BODY_REMARK: &str = "sent with status 200 to every request";
pub const BODY_FINE: &str = "This has the documented form";
pub const BODY_ALL_THE_SAME: &str = "It can be sent all the same";
pub const RESPOND_WITH_THIS: &str = "Respond with this";
pub const START_FROM_OK: &str = "Start from OK";
pub const CHOOSE: &str = "Choose…";
pub const DISMISS: &str = "Dismiss";
pub const THEME_SYSTEM: &str = "System colours";
pub const THEME_DARK: &str = "Dark colours";
pub const THEME_LIGHT: &str = "Light colours";
pub const THEME_WHY: &str = "Changes between the desktop’s, dark and light colours";
pub const LOADING: &str = "Loading";
pub const NEWEST: &str = "Back to the newest";
pub const BUSY: &str = "Busy: more was asked for than can be done at once; try again in a moment";
pub const NO_PLACE_CHOSEN: &str = "No file was chosen; the certificate lies in the file named above as well";
pub const NO_FILE_CHOSEN: &str = "No file was chosen; a path can be typed as well";
pub const HISTORY_EMPTY: &str = "History empty";

pub const RELEASED_TOO_LATE: &str = "Too late: it had its response already, or its caller had left";

pub fn rules_imported(count: usize) -> String {
    format!("{} imported", counted(count as u64, "rule", "rules"))
}

pub fn file_written(file: &Path) -> String {
    format!("Written: {}", file.display())
}

pub const CATALOGUE: &str = "Catalogue";
pub const CATALOGUE_WHY: &str = "What is documented of every command";
pub const OPEN_IN_CATALOGUE: &str = "Open this command in the catalogue";
pub const BACK_TO_EXCHANGES: &str = "Back to the exchanges";
pub const SEARCH: &str = "Search";
pub const SEARCH_HINT: &str = "Search names, fields, meanings, codes";
pub const ALL_PRODUCTS: &str = "All";
pub const BOTH_TIMINGS: &str = "Both";
pub const BEFORE_EVENT: &str = "Before";
pub const AFTER_EVENT: &str = "After";
pub const COMMANDS: &str = "Commands";
pub const NOTHING_FOUND: &str = "Nothing found";
pub const NOTHING_FOUND_WHY: &str = "No documented command has all of these words, with this product and timing";
pub const CLEAR_SEARCH: &str = "Clear the search";
pub const OVERVIEW: &str = "Overview";
pub const NOTES: &str = "Notes";
pub const DOCUMENTATION: &str = "Documentation";
pub const OPENS_IN_BROWSER: &str = "Opens in your browser";
pub const LEGAL_RESPONSES: &str = "Legal responses";
pub const NO_CODES: &str = "None: this is never delivered";
pub const OTHER_KEYS: &str = "Other keys of the response";
pub const REQUEST_FIELDS: &str = "Fields of the request";
pub const FIELD: &str = "Field";
pub const FIELD_TYPE: &str = "Type";
pub const REQUIRED: &str = "Required";
pub const MEANING: &str = "Meaning";
pub const EFFECT: &str = "Effect";
pub const SAMPLE_REQUEST: &str = "Sample request";
pub const SAMPLE_RESPONSE: &str = "Sample response";
pub const COPY_NAME: &str = "Copy name";
pub const COPY_SAMPLE_REQUEST: &str = "Copy request";
pub const COPY_SAMPLE_RESPONSE: &str = "Copy response";

/// The name of a tab.
pub fn tab(tab: Tab) -> &'static str {
    match tab {
        Tab::Fields => "Fields",
        Tab::Json => "JSON",
        Tab::Request => "Request",
        Tab::Response => "Response",
        Tab::Compare => "Compare",
        Tab::Note => "Note",
    }
}

/// `93 commands`, or how many of them were found.
pub fn commands_found(found: usize, all: usize) -> String {
    if found == all { format!("{all} commands") } else { format!("{found} of {all} commands") }
}

/// One of several bodies.
pub fn sample_request(number: usize) -> String {
    if number == 1 { SAMPLE_REQUEST.to_owned() } else { format!("{SAMPLE_REQUEST} {number}") }
}

/// What one kind of message element has in it.
pub fn content_of(element: &str) -> String {
    format!("MsgContent of a {element}")
}

/// A field in which a search found something.
pub fn in_field(path: &str) -> String {
    format!("in {path}")
}

/// Ways to make a local port public, each a command.
pub fn tunnels(port: u16) -> [String; 3] {
    [
        format!("cloudflared tunnel --url http://127.0.0.1:{port}"),
        format!("ngrok http {port}"),
        format!("ssh -R 8080:127.0.0.1:{port} you@your-server"),
    ]
}

pub const TLS_HANDSHAKE: &str = "TLS handshake";
pub const UNREADABLE_REQUEST: &str = "Unreadable request";
pub const NOT_A_CALLBACK: &str = "not a callback";
pub const BEFORE: &str = "before";
pub const AFTER: &str = "after";
pub const OTHER_CASE: &str = "other case";
pub const ON_ITS_WAY: &str = "on its way";
pub const REMARK: &str = "Remark";
pub const SEQUENCE: &str = "Sequence";
pub const VERSION: &str = concat!("Hookglass ", env!("CARGO_PKG_VERSION"));
pub const COPIED_AS_CURL: &str = "Copied as cURL, complete: accounts, texts and the signature as received";

/// `1 exchange`, `1,204 exchanges`
pub fn exchanges(number: u64) -> String {
    counted(number, "exchange", "exchanges")
}

/// `2 items`
pub fn items(number: u64) -> String {
    counted(number, "item", "items")
}

/// `2 fields`
pub fn fields(number: u64) -> String {
    counted(number, "field", "fields")
}

/// `2 values`
pub fn values(number: u64) -> String {
    counted(number, "value", "values")
}

/// `3 of 128`, or `3 of 100,000+` where there are more.
pub fn match_of(at: usize, found: usize, more: bool) -> String {
    format!("{} of {}{}", count(at as u64 + 1), count(found as u64), if more { "+" } else { "" })
}

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

pub fn new_ones(number: u64) -> String {
    format!("{} new", count(number))
}

pub fn all_of(number: u64) -> String {
    format!("All {}", count(number))
}

pub fn shown_by_filter(number: u64) -> String {
    format!("The {} that the filter shows", count(number))
}

pub fn per_second(number: u64) -> String {
    format!("{}/s", count(number))
}

pub fn received_count(number: u64) -> String {
    format!("{} received", count(number))
}

/// How many exchanges there are of each kind.
pub fn overall_count(overall: Overall, number: u64) -> String {
    let word = match overall {
        Overall::Ok => "ok",
        Overall::Bad => "bad",
        Overall::Unchecked => "unchecked",
        Overall::NotCallback if number == 1 => NOT_A_CALLBACK,
        Overall::NotCallback => "not callbacks",
    };
    format!("{} {word}", count(number))
}

pub fn history_saved(size_bytes: u64) -> String {
    format!("History {}, all saved", size(size_bytes))
}

pub fn history_unsaved(size_bytes: u64, unsaved: u64) -> String {
    format!("History {}, {} unsaved: the disk refuses", size(size_bytes), count(unsaved))
}

/// In the status bar, where the clocks are so far apart that it matters.
pub fn clocks_differ(secs: i64) -> String {
    format!("Clock {} s {}", count(secs.unsigned_abs()), if secs > 0 { "ahead" } else { "behind" })
}

/// When and where from, behind what happened.
pub fn arrived(time: &str) -> String {
    format!("received {time}")
}

pub fn from(address: &str) -> String {
    format!("from {address}")
}

/// The title over what a sender makes of the response; `None` where nobody knows the sender.
pub fn made_of_it(sender: Option<&str>) -> String {
    format!("What {} makes of it", sender.unwrap_or("its sender"))
}

/// A reading in a word, beside the response.
pub fn reads(sender: &str, word: &str) -> String {
    format!("{sender} reads: {word}")
}

/// Who chose a response: the response bar, the developer, or a rule.
pub fn responder(rule: &str) -> String {
    match rule {
        DEFAULT_RULE => RESPONSE_BAR.to_owned(),
        BY_HAND => "by hand".to_owned(),
        REFUSAL => BY_REFUSAL.to_owned(),
        NOBODY => "nobody".to_owned(),
        IMPORTED => "not known, it was imported".to_owned(),
        rule => visible(rule),
    }
}

/// The same within a sentence.
pub fn by(rule: &str) -> String {
    match rule {
        DEFAULT_RULE => format!("by the {RESPONSE_BAR}"),
        BY_HAND => "by hand".to_owned(),
        REFUSAL => BY_REFUSAL.to_owned(),
        NOBODY => "by nobody".to_owned(),
        IMPORTED => "imported".to_owned(),
        rule => format!("by “{}”", visible(rule)),
    }
}

pub fn millis(number: &str) -> String {
    format!("{number} {MILLIS}")
}

/// After the first few of a list.
pub fn and_more(count: usize) -> String {
    format!("and {count} more")
}

/// The button that leads to the apps.
pub fn apps_button(ids: &[&str], briefly: bool) -> String {
    match ids {
        [] => NO_APP_YET.to_owned(),
        [id] => format!("{id}…"),
        [id, others @ ..] if !briefly => format!("{id} and {} more…", others.len()),
        ids => format!("{} apps…", ids.len()),
    }
}

pub fn remove_app(id: &str) -> String {
    format!("Remove {id} and its token")
}

pub fn edit_app(id: &str) -> String {
    format!("Edit {id}")
}

pub fn change_app(id: &str) -> String {
    format!("Change {id}")
}

pub fn app_saved(id: &str) -> String {
    format!("App {id} saved")
}

pub fn app_saved_in_file(id: &str, file: &Path) -> String {
    format!("App {id} saved. There is no keyring, so its token lies in a file that only you can read: {}", file.display())
}

pub fn test_sent(status: u16) -> String {
    format!("Test callback sent; it was responded with status {status}")
}

pub fn settings_set_aside(file: &Path) -> String {
    format!("The settings were damaged; they are kept aside and these are new ones: {}", file.display())
}

pub fn lost(number: u64) -> String {
    format!("{} could not be saved and no longer be kept in memory; free some disk space", exchanges(number))
}

/// One of the events of a push, counted from 1.
pub fn event(number: usize) -> String {
    format!("Event {number}")
}
