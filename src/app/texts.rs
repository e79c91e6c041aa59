//! The words of the window, in one place, so that another language can stand beside them.
//!
//! Sentence case; a button says what it does; `…` where more is asked. Verdicts and remarks have theirs in
//! `wording`.
#![expect(missing_docs, reason = "each text says what it is")]

use super::response_editor::{Segment, Span, symptom};
use crate::messages::Listening;
use crate::protocol::symptom::Symptom;
use crate::protocol::verdict::Overall;
use crate::rules::Fallback;
use crate::rules::bar::{Bar, Until};
use crate::rules::preset::{Preset, TlsFault};
use crate::wording::{count, size};
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
pub const COPY_BODY: &str = "Copy body";
pub const TABS: [&str; 4] = ["Fields", "JSON", "Request", "Response"];
pub const TREE: &str = "Tree";
pub const TEXT: &str = "Text";
pub const BODY: &str = "Body";
pub const UNDOCUMENTED: &str = "undocumented";
pub const NOT_IN_REFERENCE: &str = "not in the reference";
pub const UNSAVED: &str = "unsaved";
pub const NO_FIELDS: &str = "No fields";
pub const FIELDS_CUT: &str = "The body has more fields than are listed here; the JSON tab shows all of it";
pub const HOLLOW_BODY: &str = "The body is JSON with nothing in it";
pub const NO_BODY: &str = "No body";
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
pub const NO_RESPONSE_LEFT: &str = "The caller left before a response could be decided";
pub const ON_THE_WIRE: &str = "On the wire";
pub const OUTCOME: &str = "Outcome";
pub const RULE: &str = "Rule";
pub const DEFAULT_RULE: &str = "response bar";
pub const BY_HAND: &str = "hand";
pub const NO_RESPONSE_SIMULATED: &str = "Nothing was sent, as is simulated";
pub const TOOK: &str = "Responded after";
pub const NOTHING_OPEN: &str = "Nothing selected";
pub const NOTHING_OPEN_WHY: &str = "Select an exchange on the left to see its verdicts, fields and bytes";
pub const WAITING: &str = "Waiting for the first callback";
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
pub const EXPORT_TITLE: &str = "Export";
pub const EXPORT_REMARK: &str = "NDJSON: one exchange a line, complete";
pub const EXPORT_WHAT: &str = "Exchanges";
pub const EXPORT_TO: &str = "File";
pub const EXPORT_PATH_HINT: &str = "/path/to/exchanges.ndjson";
pub const CHOOSE: &str = "Choose…";
pub const EXPORT_NOW: &str = "Write file";
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
pub const THE_SELECTED_ONE: &str = "The selected one";
pub const VERSION: &str = concat!("Hookglass ", env!("CARGO_PKG_VERSION"));
pub const COPIED_AS_CURL: &str = "Copied as cURL";
pub const EXPORT_STOPPED: &str = "Export stopped; nothing was written";

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

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

pub fn new_ones(number: u64) -> String {
    format!("{} new", count(number))
}

pub fn all_of(number: u64) -> String {
    format!("All {}", count(number))
}

pub fn written(number: u64) -> String {
    format!("{} written", count(number))
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

/// Who chose a response.
pub fn by_the(rule: &str) -> String {
    if rule == BY_HAND { format!("by {rule}") } else { format!("by the {rule}") }
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

pub fn exported(number: u64, file: &Path) -> String {
    format!("{} exported to {}", exchanges(number), file.display())
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

// The response bar

pub const TIMEOUT: &str = "Timeout";
pub const NOT_JSON: &str = "Not JSON";
pub const DROP: &str = "Drop";
pub const TLS_FAULT: &str = "TLS fault";
pub const HOLD: &str = "Hold";
pub const MORE: &str = "More";
pub const MILLISECONDS: &str = "Milliseconds";
pub const REQUESTS: &str = "Requests";
pub const MINUTES: &str = "Minutes";
pub const WHY: &str = "Why?";
pub const WHAT_CHAT_SEES: &str = "What Chat calls it";
pub const POSSIBLE_REASONS: &str = "Possible reasons";
pub const WHAT_WE_DO: &str = "What happens here";
pub const TURN_HTTPS_ON: &str = "Turn HTTPS on…";
pub const HOLD_SETTINGS: &str = "Hold settings";
pub const RULES: &str = "Rules…";

/// A segment of the response bar.
pub fn segment(segment: Segment) -> &'static str {
    match segment {
        Segment::Ok => OK,
        Segment::Fail => FAIL,
        Segment::OwnBody => OWN_BODY,
        Segment::Timeout => TIMEOUT,
        Segment::HttpError => HTTP_ERROR,
        Segment::NotJson => NOT_JSON,
        Segment::Drop => DROP,
        Segment::TlsFault => TLS_FAULT,
        Segment::Hold => HOLD,
    }
}

/// A variant of its segment.
pub fn variant(preset: &Preset) -> &'static str {
    match preset {
        Preset::Ok => OK,
        Preset::Fail(_) => FAIL,
        Preset::Body(_) => OWN_BODY,
        Preset::Http(_) => HTTP_ERROR,
        Preset::Delay(_) => "late",
        Preset::Timeout => "never responds",
        Preset::Stall => "head, then silence",
        Preset::Drip(_) => "byte by byte",
        Preset::NotJson => "HTML page",
        Preset::Empty => "empty",
        Preset::Truncated => "truncated",
        Preset::Long => "too long",
        Preset::Garbage => "garbage",
        Preset::Drop => "closed without a byte",
        Preset::Reset => "reset",
        Preset::Refuse => "port refuses",
        Preset::Hold => HOLD,
        Preset::Tls(TlsFault::SelfSigned) => "self-signed",
        Preset::Tls(TlsFault::Expired) => "expired",
        Preset::Tls(TlsFault::WrongName) => "wrong name",
        Preset::Tls(TlsFault::IncompleteChain) => "incomplete chain",
        Preset::Tls(TlsFault::ClientCert) => "client certificate",
    }
}

/// What is done, within the sentence of the response bar.
fn doing(preset: &Preset) -> String {
    match preset {
        Preset::Ok => OK.to_owned(),
        Preset::Fail(code) => format!("FAIL {code}"),
        Preset::Body(_) => "your own body".to_owned(),
        Preset::Http(status) => format!("status {status}"),
        Preset::Delay(millis) => format!("responds after {} ms", count((*millis).into())),
        Preset::Timeout => "never responds".to_owned(),
        Preset::Stall => "sends a head, then nothing".to_owned(),
        Preset::Drip(millis) => format!("a byte every {} ms", count((*millis).into())),
        Preset::NotJson => "an HTML page".to_owned(),
        Preset::Empty => "no body".to_owned(),
        Preset::Truncated => "half of the body".to_owned(),
        Preset::Long => "less than was announced".to_owned(),
        Preset::Garbage => "bytes that are no HTTP".to_owned(),
        Preset::Drop => "closes without a byte".to_owned(),
        Preset::Reset => "resets the connection".to_owned(),
        Preset::Refuse => "the port refuses".to_owned(),
        Preset::Hold => "waits for you".to_owned(),
        Preset::Tls(TlsFault::SelfSigned) => "a self-signed certificate".to_owned(),
        Preset::Tls(TlsFault::Expired) => "an expired certificate".to_owned(),
        Preset::Tls(TlsFault::WrongName) => "a certificate for another name".to_owned(),
        Preset::Tls(TlsFault::IncompleteChain) => "an incomplete chain".to_owned(),
        Preset::Tls(TlsFault::ClientCert) => "asks for a client certificate".to_owned(),
    }
}

/// What happens on the wire, as a sentence.
pub fn on_the_wire(preset: &Preset) -> &'static str {
    match preset {
        Preset::Ok => "The documented success is sent",
        Preset::Fail(_) => "FAIL is sent with this code and status 200",
        Preset::Body(_) => "Your own body is sent with status 200",
        Preset::Http(_) => "The documented success is sent with this status",
        Preset::Delay(_) => "The documented success is sent later",
        Preset::Timeout => "The request is read, and nothing is ever sent; the connection stays open until the caller leaves",
        Preset::Stall => "A head with status 200 is sent, then nothing more; the connection stays open until the caller leaves",
        Preset::Drip(_) => "The documented success is sent byte by byte, so that it comes whole, but late",
        Preset::NotJson => "An HTML page is sent with status 200",
        Preset::Empty => "Status 200 is sent without a body",
        Preset::Truncated => "The head announces the whole body; half of it is sent, then the connection is closed",
        Preset::Long => "The head announces more than is sent, and the connection stays open",
        Preset::Garbage => "A good status line is sent, then bytes that are no HTTP",
        Preset::Drop => "The request is read, then the connection is closed in good order, without a byte",
        Preset::Reset => "The request is read, then the connection is reset",
        Preset::Refuse => "Nobody listens on the port, so connections are refused; what is refused leaves no trace in the history",
        Preset::Hold => "The request waits until you decide",
        Preset::Tls(TlsFault::SelfSigned) => "The certificate shown is signed by nobody but itself; http:// stays as it is",
        Preset::Tls(TlsFault::Expired) => "The certificate shown expired; http:// stays as it is",
        Preset::Tls(TlsFault::WrongName) => "The certificate shown is for another name; http:// stays as it is",
        Preset::Tls(TlsFault::IncompleteChain) => {
            "The certificate is shown without the one between it and its authority; http:// stays as it is"
        }
        Preset::Tls(TlsFault::ClientCert) => {
            "The caller is asked for a certificate of its own, and refused without one; http:// stays as it is"
        }
    }
}

/// A symptom as the vendor puts it.
pub fn quoted_symptom(symptom: Symptom) -> String {
    format!("“{}”", symptom.words())
}

/// What is simulated, and for how long still. `briefly` where there is little room: the variant stands before
/// it, and how long behind it.
pub fn simulating(bar: &Bar, used: u32, now_millis: i64, briefly: bool) -> String {
    let left = left(bar, used, now_millis);
    let what = match (symptom(&bar.preset), &bar.preset) {
        (Some(symptom), _) if briefly => quoted_symptom(symptom),
        (Some(symptom), preset) => format!("Simulating {}: {}", quoted_symptom(symptom), doing(preset)),
        (None, Preset::Hold) => "Holding every callback".to_owned(),
        (None, Preset::Delay(millis)) => format!("Responding after {} ms to every callback", count((*millis).into())),
        (None, preset) if briefly => format!("Simulating {}", doing(preset)),
        (None, preset) => format!("Simulating {} for every callback", doing(preset)),
    };
    match bar.until {
        Until::SwitchedOff if briefly => what,
        Until::SwitchedOff => format!("{what} {left}"),
        Until::Requests(_) | Until::Time(_) => format!("{what}, {left}"),
    }
}

/// Instead of that, where no handshake can meet a TLS fault.
pub fn https_is_off(briefly: bool) -> &'static str {
    if briefly { "HTTPS is off, so nothing meets it" } else { "HTTPS is off, so nothing meets this TLS fault" }
}

/// `until switched off`, `2 of 3 requests left`, `4:12 left`
fn left(bar: &Bar, used: u32, now_millis: i64) -> String {
    match bar.until {
        Until::SwitchedOff => SWITCHED_OFF.to_owned(),
        Until::Requests(most) => {
            let (one, many) = if matches!(bar.preset, Preset::Tls(_)) { ("handshake", "handshakes") } else { ("request", "requests") };
            let left = count(most.saturating_sub(used).into());
            format!("{left} of {} left", counted(most.into(), one, many))
        }
        Until::Time(end_millis) => format!("{} left", clock(end_millis - now_millis)),
    }
}

/// `4:12`, `1:04:12`; what has begun of a second counts.
fn clock(millis: i64) -> String {
    let secs = (millis.max(0) + 999) / 1_000;
    let (hours, minutes, secs) = (secs / 3_600, secs / 60 % 60, secs % 60);
    if hours == 0 { format!("{minutes}:{secs:02}") } else { format!("{hours}:{minutes:02}:{secs:02}") }
}

const SWITCHED_OFF: &str = "until switched off";

/// A choice of how long something is simulated.
pub fn span(span: Span) -> &'static str {
    match span {
        Span::SwitchedOff => SWITCHED_OFF,
        Span::NextRequest => "next request",
        Span::Requests => "next N requests",
        Span::Minutes => "for N minutes",
    }
}

/// Beside the button to the rules.
pub fn rules_first(enabled: usize, briefly: bool) -> String {
    match enabled {
        _ if briefly => counted(enabled as u64, "rule", "rules"),
        1 => "1 rule applies first".to_owned(),
        _ => format!("{} rules apply first", count(enabled as u64)),
    }
}

// What is held

pub const HELD: &str = "Held";
pub const ALLOW: &str = "Allow";
pub const REFUSE: &str = "Refuse";
pub const REWRITE: &str = "Rewrite…";
pub const LET_TIME_OUT: &str = "Let it time out";
pub const ALLOW_WHY: &str = "Sends the documented success";
pub const REFUSE_WHY: &str = "Sends this code";
pub const DROP_WHY: &str = "Sends code 2: the message is dropped, and its sender sees success";
pub const REWRITE_WHY: &str = "Sends a body of your own";
pub const LET_TIME_OUT_WHY: &str = "Sends nothing";
pub const CODE: &str = "Code";
pub const REWRITE_TITLE: &str = "Rewrite the response";
pub const SEND: &str = "Send";
pub const WAITS_NO_MORE: &str = "It waits no more: it has its response already, or its caller left";
pub const THE_SENDER: &str = "The sender";
pub const WHEN_NOBODY_DECIDES: &str = "When nobody decides in time";
pub const SEND_OK: &str = "Send OK";
pub const SEND_FAIL: &str = "Send FAIL";
pub const SEND_NOTHING: &str = "Send nothing";
pub const BEFORE_THE_LIMIT: &str = "Milliseconds before the limit";
pub const BEFORE_THE_LIMIT_WHY: &str = "The sender’s clock began earlier than this one";
pub const SENDERS_LIMIT: &str = "The sender’s limit";
pub const AS_DOCUMENTED: &str = "As documented";
pub const MY_OWN: &str = "My own";
pub const LIMIT_IN_MILLIS: &str = "Limit in milliseconds";

/// What the code beside Refuse may be.
pub fn own_codes(codes: Option<&str>) -> String {
    codes.map_or_else(|| "No codes of your own are documented for this command".to_owned(), |codes| format!("{codes} are your own codes"))
}

/// `1.42 s left`
pub fn seconds_left(millis: i64) -> String {
    let millis = millis.max(0);
    if millis < 10_000 { format!("{}.{:02} s left", millis / 1_000, millis % 1_000 / 10) } else { format!("{} s left", millis / 1_000) }
}

/// What happens when nobody decides.
pub fn then(fallback: Fallback) -> String {
    match fallback {
        Fallback::Ok => "then OK is sent".to_owned(),
        Fallback::Fail(code) => format!("then FAIL {code} is sent"),
        Fallback::Timeout => "then nothing is sent".to_owned(),
    }
}

/// `Chat waits 2 s`
pub fn sender_waits(sender: &str, limit_millis: u32, assumed: bool) -> String {
    let (whole, part) = (limit_millis / 1_000, limit_millis % 1_000);
    let secs = if part == 0 { format!("{whole}") } else { format!("{whole}.{part:03}").trim_end_matches('0').to_owned() };
    format!("{sender} waits {secs} s{}", if assumed { " (assumed)" } else { "" })
}

pub fn more_wait(number: usize) -> String {
    if number == 1 { "+ 1 more waits".to_owned() } else { format!("+ {} more wait", count(number as u64)) }
}

// HTTPS

pub const HTTPS: &str = "HTTPS";
pub const HTTPS_WHY: &str = "The listener for https://, and its certificate";
pub const HTTPS_REMARK: &str = "receives https:// beside http://";
pub const HTTPS_OFF: &str = "Off";
pub const STATE: &str = "State";
pub const ADDRESS: &str = "Address";
pub const CERTIFICATE: &str = "Certificate";
pub const LOCAL_AUTHORITY: &str = "Of the local authority";
pub const OWN_FILES: &str = "My own PEM files";
pub const CERTIFICATE_FILE: &str = "Certificate file";
pub const KEY_FILE: &str = "Key file";
pub const CHOOSE_CERTIFICATE: &str = "Choose certificate…";
pub const CHOOSE_KEY: &str = "Choose key…";
pub const CERTIFICATE_HINT: &str = "/path/to/fullchain.pem";
pub const KEY_HINT: &str = "/path/to/privkey.pem";
pub const TURN_ON: &str = "Turn on";
pub const TURN_OFF: &str = "Turn off";
pub const APPLY: &str = "Apply";
pub const NO_ADDRESS: &str = "An address and a port, such as 127.0.0.1:9743";
pub const NO_PEM_FILE: &str = "Name both files";
pub const AUTHORITY: &str = "Local authority";
pub const NO_AUTHORITY_YET: &str = "It is made when HTTPS is turned on for the first time";
pub const FINGERPRINT: &str = "SHA-256";
pub const EXPORT_AUTHORITY: &str = "Export the authority’s certificate…";
pub const HOW_TO_TRUST: &str = "How callers come to trust it";

/// The button that leads to HTTPS.
pub fn https_button(listening: Option<&Listening>, briefly: bool) -> String {
    let state = match listening {
        None | Some(Listening::Off) => "off".to_owned(),
        Some(Listening::On(_)) if briefly => "on".to_owned(),
        Some(Listening::On(address)) => address.to_string(),
        Some(Listening::Refusing(_)) => "refuses".to_owned(),
        Some(Listening::Failed { .. }) => "failed".to_owned(),
    };
    format!("{HTTPS} {state}…")
}

// What if

pub const SIMULATED: &str = "Simulated";
pub const HELD_AND_DECIDED: &str = "It waited, and you decided";
pub const HELD_IN_VAIN: &str = "It waited, and nobody decided in time";
pub const RESPOND_LIKE_THIS: &str = "Respond like this from now on…";
pub const WHAT_IF: &str = "What if";
pub const WHAT_IF_WHY: &str = "Nothing is sent: this is what its sender would make of another response";
pub const EDIT_A_RESPONSE: &str = "Edit a response…";
pub const AFTER_MILLIS: &str = "After ms";
pub const RESET: &str = "Reset";
pub const FOLD_AWAY: &str = "Fold away";
pub const NOT_A_RESPONSE: &str = "A status is a number from 200 to 599, a time a number of milliseconds";
