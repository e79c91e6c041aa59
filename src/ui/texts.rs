//! The words of the window, in one place, so that another language can stand beside them.
//!
//! Sentence case; a button says what it does; `…` where more is asked. Verdicts and remarks have theirs in
//! `wording`.
#![expect(missing_docs, reason = "each constant's text says what it is")]

pub const APP_NAME: &str = "Hookglass";
pub const RECEIVING: &str = "Receiving";
pub const NOT_RECEIVING: &str = "Not receiving";
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
pub const FOR_EVERY_CALLBACK: &str = " for every callback";
pub const UNTIL_SWITCHED_OFF: &str = "until switched off";
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
pub const NO_BODY: &str = "No body";
pub const NO_BODY_WHY: &str = "The request came without one";
pub const REQUEST_LINE: &str = "Request line";
pub const PARAMETERS: &str = "Parameters";
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
pub const TOOK: &str = "Responded after";
pub const NOTHING_OPEN: &str = "Nothing selected";
pub const NOTHING_OPEN_WHY: &str = "Select an exchange on the left to see its verdicts, fields and bytes";
pub const WAITING: &str = "Waiting for the first callback";
pub const WAITING_WHY: &str = "Everything that reaches this address shows up here at once and is saved.";
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
pub const NO_FILE_CHOSEN: &str = "No file was chosen; a path can be typed as well";
pub const HISTORY_EMPTY: &str = "History empty";

/// Ways to make a local port public, each a command.
pub fn tunnels(port: u16) -> [String; 3] {
    [
        format!("cloudflared tunnel --url http://127.0.0.1:{port}"),
        format!("ngrok http {port}"),
        format!("ssh -R 8080:127.0.0.1:{port} you@your-server"),
    ]
}
