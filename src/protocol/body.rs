//! The JSON body read against the catalogue: every field with its place, its meaning and what is odd about it.

use super::catalogue::{self, Command, Element, FieldKind, Required, Unit};
use super::json::{self, Document, Kind, Node};
use std::cell::OnceCell;
use std::fmt::Write as _;

/// How many entries are listed of one body, those being leaves and empty containers; a longer one says that it was cut.
pub const MAX_FIELDS: usize = 10_000;

/// How long the list may get with the containers around its entries.
pub const MAX_LISTED: usize = 4 * MAX_FIELDS;

/// How deep the list goes; what is nested deeper is one entry. Common JSON readers stop at 128.
const MAX_DEPTH: u32 = 64;

/// How often JSON inside a string is opened inside JSON inside a string.
const MAX_OPENED: u32 = 4;

/// How many bytes all paths together may take; past that the list is cut. Long keys with much inside them would
/// make it grow with the square of the body.
const MAX_PATH_BYTES: usize = 16 << 20;

/// The most of one key that a path shows, in characters.
const MAX_KEY_CHARS: usize = 200;

/// Longer than any place that the catalogue knows, in bytes.
const MAX_PATTERN: usize = 512;

/// The push settings of a message.
const PUSH_SETTINGS: &str = "OfflinePushInfo";

/// What stands between a field and the JSON inside its string: `CloudCustomData→client`.
const INSIDE: char = '→';

/// What a field inside such a string means.
const OWN_DATA: &str = "Data of the app's own, inside the text";

/// One value of the body with what the documents say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `NewMemberList[0].Member_Account`, or `CloudCustomData→client` inside a string.
    pub path: String,
    /// Which text of [`Fields`] it stands in: the body, or the JSON inside a string.
    pub text: Option<usize>,
    /// Index of the value in the document of that text.
    pub node: usize,
    /// How many objects, arrays and opened strings enclose it, the body itself not counted.
    pub depth: u32,
    /// Whether the documents know this field in this command.
    pub documented: bool,
    /// What the documents say it means.
    pub meaning: Option<&'static str>,
    /// What the value means.
    pub shown: Option<Shown>,
    /// What is odd about the value.
    pub odd: Option<Odd>,
}

/// A human reading of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A moment, in milliseconds since the Unix epoch, and what the value counts.
    Time {
        /// Milliseconds since the Unix epoch.
        millis: i64,
        /// What the value as received counts.
        unit: Unit,
    },
    /// The documents' word for the value.
    Word(&'static str),
}

/// How a value departs from what is documented. None of it is a fault: the documents contradict themselves too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// Its type is another.
    Type {
        /// The documented one.
        documented: FieldKind,
        /// The value's.
        received: Kind,
    },
    /// It counts something else, going by its digits.
    Unit {
        /// What the documents say it counts.
        documented: Unit,
    },
}

/// JSON that was found inside a string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inside {
    /// The string's text, escapes undone.
    pub text: String,
    /// That text read as JSON.
    pub document: Document,
}

/// The fields of a body, in its order, containers before what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields {
    /// At most [`MAX_FIELDS`] leaves and empty containers, and the containers that hold them.
    pub list: Vec<Field>,
    /// Whether the body has more than the list.
    pub truncated: bool,
    /// The JSON inside strings, which some fields stand in.
    pub inside: Vec<Inside>,
    /// Paths of the required fields that are not there.
    pub missing: Vec<&'static str>,
    /// How many of the list are entries: no containers that hold what follows them.
    entries: usize,
    /// How many bytes the paths of the list take.
    path_bytes: usize,
}

impl Fields {
    /// Takes a value with a path of so many bytes into account; says whether the list has room for it.
    fn has_room_for(&mut self, path: usize, is_entry: bool) -> bool {
        self.path_bytes += path;
        let is_listed = if is_entry { self.entries < MAX_FIELDS } else { self.list.len() < MAX_LISTED };
        let has_room = is_listed && self.path_bytes <= MAX_PATH_BYTES;
        self.entries += usize::from(is_entry);
        self.truncated |= !has_room;
        has_room
    }

    /// The value of a field with the text that it stands in. `body` and `document` are those it was listed from.
    pub fn value<'a>(&'a self, field: &Field, body: &'a [u8], document: &'a Document) -> (&'a [u8], Node) {
        match field.text {
            Some(at) => (self.inside[at].text.as_bytes(), self.inside[at].document.node(field.node)),
            None => (body, document.node(field.node)),
        }
    }
}

/// Lists the fields of a body.
pub fn fields(text: &[u8], document: &Document, command: Option<&'static Command>) -> Fields {
    let mut fields = Fields { missing: missing(text, document, command), ..Fields::default() };
    walk(text, document, command, |place| list(&mut fields, text, document, &place));
    fields.list.shrink_to_fit();
    fields
}

/// Adds a value to the list, and what JSON is inside it. Says whether there is room for more.
fn list(fields: &mut Fields, text: &[u8], document: &Document, place: &Place<'_>) -> bool {
    fields.truncated |= place.too_deep;
    let node = document.node(place.node);
    if !fields.has_room_for(place.path.len(), node.children == 0 || place.too_deep) {
        return false;
    }
    let shown = place.field.and_then(|field| shown(text, &node, field));
    fields.list.push(Field {
        path: place.path.to_owned(),
        text: None,
        node: place.node,
        depth: node.depth - 1,
        documented: place.field.is_some(),
        meaning: place.field.map(|field| field.meaning.as_str()),
        shown,
        odd: place.field.and_then(|field| odd(text, &node, field, shown)),
    });
    let outside = Outside { path: place.path, depth: node.depth, documented: place.field.is_some(), opened: 0 };
    !may_hold_json(&node, text) || list_inside(fields, node.string(text).into_owned(), &outside)
}

/// The string around JSON.
struct Outside<'a> {
    path: &'a str,
    depth: u32,
    documented: bool,
    opened: u32,
}

/// Whether a string could be JSON. What somebody said never counts as such.
fn may_hold_json(node: &Node, text: &[u8]) -> bool {
    let quoted = node.kind == Kind::String && node.raw(text)[1..].trim_start().starts_with(['{', '[']);
    quoted && node.key_text(text).is_none_or(|key| key != "Text")
}

/// Lists what is inside a string, if it is a whole object or array. Says whether there is room for more.
fn list_inside(fields: &mut Fields, text: String, outside: &Outside<'_>) -> bool {
    let document = json::read(text.as_bytes());
    if document.mistake.is_some() || outside.opened == MAX_OPENED || outside.depth >= MAX_DEPTH {
        return true;
    }
    let at = fields.inside.len();
    fields.inside.push(Inside::default());
    let (mut has_room, bytes) = (true, text.as_bytes());
    walk(bytes, &document, None, |place| {
        fields.truncated |= place.too_deep;
        let node = document.node(place.node);
        let path_bytes = outside.path.len() + INSIDE.len_utf8() + place.path.len();
        has_room = fields.has_room_for(path_bytes, node.children == 0 || place.too_deep);
        if !has_room {
            return false;
        }
        let path = format!("{}{INSIDE}{}", outside.path, place.path);
        let depth = outside.depth + node.depth - 1;
        let inner = Outside { path: &path, depth: depth + 1, documented: outside.documented, opened: outside.opened + 1 };
        let again = may_hold_json(&node, bytes).then(|| node.string(bytes).into_owned());
        fields.list.push(Field {
            path: path.clone(),
            text: Some(at),
            node: place.node,
            depth,
            documented: outside.documented,
            meaning: outside.documented.then_some(OWN_DATA),
            shown: None,
            odd: None,
        });
        has_room = again.is_none_or(|text| list_inside(fields, text, &inner));
        has_room
    });
    fields.inside[at] = Inside { text, document };
    has_room
}

/// The required fields that are not there. Inside an array, every item must have its own.
fn missing(text: &[u8], document: &Document, command: Option<&'static Command>) -> Vec<&'static str> {
    if document.root().is_none_or(|root| root.kind != Kind::Object) {
        return Vec::new();
    }
    let Some(command) = command else { return Vec::new() };
    let is_missing = |required: &&Required| {
        let mut missing = false;
        required.above.visit(text, document, &mut |at| missing |= document.get(text, at, &required.key).is_none());
        missing
    };
    command.required.iter().filter(is_missing).map(|required| command.fields[required.field].path.as_str()).collect()
}

/// Which fields the documents lack: how many, and the paths of the first few. Inside an undocumented container
/// nothing is counted: the container is what is not documented.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Undocumented {
    /// How many fields.
    pub count: usize,
    /// The first five.
    pub paths: Vec<String>,
}

/// Finds the fields that the documents lack.
pub fn undocumented(text: &[u8], document: &Document, command: &'static Command) -> Undocumented {
    let mut found = Undocumented::default();
    visit_undocumented(text, document, command, |path| {
        found.count += 1;
        if found.paths.len() < 5 {
            found.paths.push(path.to_owned());
        }
    });
    found
}

/// Visits the paths of the fields that the documents lack; see [`Undocumented`].
pub fn visit_undocumented(text: &[u8], document: &Document, command: &'static Command, mut visit: impl FnMut(&str)) {
    let mut skip_below: Option<u32> = None;
    walk(text, document, Some(command), |place| {
        let depth = document.node(place.node).depth;
        if skip_below.is_some_and(|limit| depth > limit) {
            return true;
        }
        skip_below = None;
        if place.field.is_none() {
            skip_below = Some(depth);
            visit(place.path);
        }
        true
    });
}

/// A field as the walk comes by it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// As in [`Field::path`].
    pub path: &'a str,
    /// The path as the catalogue writes it, with `[]` for indices.
    pub pattern: &'a str,
    /// Index of the value in the document.
    pub node: usize,
    /// What the documents say of it.
    pub field: Option<&'static catalogue::Field>,
    /// Whether the walk does not go into it, because it is nested too deep.
    pub too_deep: bool,
}

/// One open container on the way down.
struct Level {
    node: usize,
    path_length: usize,
    pattern_length: usize,
    next_index: usize,
    /// Whose fields stand here: the events of a push have their own command each.
    command: Option<&'static Command>,
    /// The shared part that this stands in, and where in the pattern its content begins.
    part: Option<(&'static Element, usize)>,
    /// What the `MsgType` here says, once it was asked for: asking looks at all that stands here.
    element: OnceCell<Option<&'static Element>>,
}

/// Visits every value below the root in the order of the text, until `visit` says no.
pub fn walk(text: &[u8], document: &Document, command: Option<&'static Command>, mut visit: impl FnMut(Place<'_>) -> bool) {
    let (mut path, mut pattern) = (String::new(), String::new());
    let mut levels: Vec<Level> = Vec::new();
    let mut at = 0;
    while at < document.len() {
        let node = document.node(at);
        levels.truncate(node.depth as usize);
        let (mut command, mut part) = (command, None);
        if let Some(level) = levels.last_mut() {
            path.truncate(level.path_length);
            pattern.truncate(level.pattern_length);
            step_into(text, &node, level, &mut path, &mut pattern);
            (command, part) = (level.command, level.part);
            let field = command.and_then(|command| field(command, &pattern, part));
            let too_deep = node.depth >= MAX_DEPTH && node.children > 0;
            if !visit(Place { path: &path, pattern: &pattern, node: at, field, too_deep }) {
                return;
            }
            if too_deep {
                at += node.descendants as usize + 1;
                continue;
            }
            if node.is_container() && command.is_some() {
                part = shared_part(text, document, level, &node).map(|part| (part, pattern.len() + 1)).or(part);
                command = event_command(text, document, at, &pattern).or(command);
            }
        }
        if node.is_container() {
            let (path_length, pattern_length) = (path.len(), pattern.len());
            levels.push(Level { node: at, path_length, pattern_length, next_index: 0, command, part, element: OnceCell::new() });
        }
        at += 1;
    }
}

/// The path of any value, in the form of [`Field::path`]; empty for the outermost.
pub fn path(text: &[u8], document: &Document, node: usize) -> String {
    let (mut path, mut above) = (String::new(), 0);
    while above < node {
        let children = document.children(above).enumerate();
        let Some((index, child)) = children.take_while(|(_, child)| *child <= node).find(|(_, child)| node < document.end_of(*child))
        else {
            break;
        };
        push_step(&mut path, document.node(child).key_text(text).as_deref(), index);
        above = child;
    }
    path
}

/// Adds a key to a path, or an index where there is none.
fn push_step(path: &mut String, key: Option<&str>, index: usize) {
    let written = match key {
        Some(key) if path.is_empty() => write!(path, "{key}"),
        Some(key) => write!(path, ".{key}"),
        None => write!(path, "[{index}]"),
    };
    written.expect("bug: writing to a String cannot fail");
}

fn step_into(text: &[u8], node: &Node, level: &mut Level, path: &mut String, pattern: &mut String) {
    if let Some(key) = node.key_text(text) {
        let shown = key.char_indices().nth(MAX_KEY_CHARS).map(|(end, _)| &key[..end]);
        for (way, key, cut) in [(path, shown.unwrap_or(&key), shown.is_some()), (pattern, &key, false)] {
            if !way.is_empty() {
                way.push('.');
            }
            way.push_str(key);
            way.extend(cut.then_some('…'));
        }
    } else {
        push_step(path, None, level.next_index);
        pattern.push_str("[]");
        level.next_index += 1;
    }
}

/// What the documents say of the field at `pattern`: of this command, or of the shared part that it stands in. In
/// a bundle of messages stand messages again.
fn field(command: &'static Command, pattern: &str, part: Option<(&'static Element, usize)>) -> Option<&'static catalogue::Field> {
    let in_part = |(part, start): (&'static Element, usize)| {
        let inner = pattern.get(start..)?;
        part.field(inner).or_else(|| command.field(&inner[inner.rfind("MsgBody[]")?..]))
    };
    // Push settings may stand beside any message; no page lists them among its fields.
    let is_push_settings = || pattern.rsplit('.').next() == Some(PUSH_SETTINGS);
    let push_settings = || is_push_settings().then(|| catalogue::get().offline_push_info().field("")).flatten();
    // Longer than anything documented: not even worth hashing.
    let is_short = pattern.len() <= MAX_PATTERN;
    is_short.then(|| command.field(pattern).or_else(|| in_part(part?)).or_else(push_settings)).flatten()
}

/// The shared part whose content a container is: that of a message element, or push settings.
fn shared_part(text: &[u8], document: &Document, level: &Level, node: &Node) -> Option<&'static Element> {
    let element = || {
        let kind = document.get(text, level.node, "MsgType")?;
        catalogue::get().element(&document.node(kind).string(text))
    };
    match node.key_text(text)?.as_ref() {
        "MsgContent" => *level.element.get_or_init(element),
        PUSH_SETTINGS => Some(catalogue::get().offline_push_info()),
        _ => None,
    }
}

/// The command of one event of a push, which names its own.
fn event_command(text: &[u8], document: &Document, event: usize, pattern: &str) -> Option<&'static Command> {
    let name = (pattern == "Events[]").then(|| super::command_at(text, document, event)).flatten()?;
    catalogue::get().named(&name).next()
}

fn shown(text: &[u8], node: &Node, field: &'static catalogue::Field) -> Option<Shown> {
    if node.is_container() {
        return None;
    }
    let value = node.string(text);
    if let Some(word) = field.word(&value) {
        return Some(Shown::Word(word));
    }
    field.unit.and_then(|unit| time(&value, unit))
}

fn odd(text: &[u8], node: &Node, field: &catalogue::Field, shown: Option<Shown>) -> Option<Odd> {
    if !field.kind.fits(node, text) {
        return Some(Odd::Type { documented: field.kind, received: node.kind });
    }
    match (shown, field.unit) {
        (Some(Shown::Time { unit, .. }), Some(documented)) if unit != documented => Some(Odd::Unit { documented }),
        _ => None,
    }
}

/// Reads a number as a moment. The documents say what it counts; 10 digits against 13 have the last word.
/// A number too small for a moment of this protocol is a duration, and shown as it is.
pub fn time(digits: &str, documented: Unit) -> Option<Shown> {
    let is_decimal = !digits.is_empty() && digits.len() <= 14 && digits.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = is_decimal.then(|| digits.parse().ok()).flatten()?;
    let unit = match digits.len() {
        9 | 10 => Unit::Secs,
        12.. => Unit::Millis,
        _ => return None,
    };
    // A duration in milliseconds may have nine digits too; a moment in seconds is documented as such or has ten.
    if digits.len() == 9 && documented == Unit::Millis {
        return None;
    }
    let millis = match unit {
        Unit::Secs => number * 1000,
        Unit::Millis => number,
    };
    Some(Shown::Time { millis, unit })
}

impl Field {
    /// Whether the list does not go deeper here.
    pub fn is_deepest(&self) -> bool {
        self.depth + 1 >= MAX_DEPTH
    }
}

#[cfg(test)]
mod tests {
    use super::super::{catalogue, json};
    use super::*;

    /// `path [?]` for undocumented, `: meaning` and `= shown`, one line each.
    fn check(command: &str, text: &str, expected: &[&str]) {
        let command = catalogue::get().named(command).next();
        let fields = fields(text.as_bytes(), &json::read(text.as_bytes()), command);
        let lines: Vec<String> = fields.list.iter().map(line).collect();
        assert_eq!(lines, expected);
    }

    fn line(field: &Field) -> String {
        let mark = if field.documented { "" } else { " [?]" };
        let shown = match field.shown {
            Some(Shown::Word(word)) => format!(" = {word}"),
            Some(Shown::Time { millis, unit }) => format!(" = {millis} {unit:?}"),
            None => String::new(),
        };
        format!("{}{mark}: {}{shown}", field.path, field.meaning.unwrap_or("-"))
    }

    #[test]
    fn fields_carry_their_meaning_and_their_values_in_words() {
        check(
            "Group.CallbackAfterNewMemberJoin",
            r#"{"JoinType":"Apply","NewMemberList":[{"Member_Account":"jared"},{"Extra":[]}],"EventTime":"1670574414123"}"#,
            &[
                "JoinType: How they joined = asked to join",
                "NewMemberList: New members",
                "NewMemberList[0]: List entry",
                "NewMemberList[0].Member_Account: User ID",
                "NewMemberList[1]: List entry",
                "NewMemberList[1].Extra [?]: -",
                "EventTime: When the event fired = 1670574414123 Millis",
            ],
        );
    }

    #[test]
    fn every_value_has_the_path_of_its_field() {
        let text = br#"{"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"x"}},{"\u0041":[[1],2]}],"Twice":1,"Twice":2}"#;
        let document = json::read(text);
        for field in fields(text, &document, None).list {
            assert_eq!(path(text, &document, field.node), field.path);
        }
        assert_eq!(path(text, &document, 0), "");
    }

    #[test]
    fn message_elements_are_read_by_their_type() {
        check(
            "C2C.CallbackAfterSendMsg",
            r#"{"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"红包"}},{"MsgType":"TIMFaceElem","MsgContent":{"Index":1,"Text":"x"}}],"MsgTime":1557481126}"#,
            &[
                "MsgBody: Message elements, in order",
                "MsgBody[0]: One message element",
                "MsgBody[0].MsgType: Element type = text",
                "MsgBody[0].MsgContent: Element content; its keys depend on MsgType",
                "MsgBody[0].MsgContent.Text: The text",
                "MsgBody[1]: One message element",
                "MsgBody[1].MsgType: Element type = emoji / sticker",
                "MsgBody[1].MsgContent: Element content; its keys depend on MsgType",
                "MsgBody[1].MsgContent.Index: Sticker number",
                "MsgBody[1].MsgContent.Text [?]: -",
                "MsgTime: Send time; first sort key, MsgSeq breaks ties = 1557481126000 Secs",
            ],
        );
    }

    #[test]
    fn json_inside_a_string_is_listed_below_it() {
        check(
            "C2C.CallbackAfterSendMsg",
            r#"{"CloudCustomData":"{\"a\":[1,\"[{}]\"],\"b\":144115216631667826}","MsgKey":"[1]x","MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"[1]"}}]}"#,
            &[
                "CloudCustomData: App data stored with the message",
                "CloudCustomData→a: Data of the app's own, inside the text",
                "CloudCustomData→a[0]: Data of the app's own, inside the text",
                "CloudCustomData→a[1]: Data of the app's own, inside the text",
                "CloudCustomData→a[1]→[0]: Data of the app's own, inside the text",
                "CloudCustomData→b: Data of the app's own, inside the text",
                "MsgKey: Unique key, built as seq_random_time; used to recall by REST",
                "MsgBody: Message elements, in order",
                "MsgBody[0]: One message element",
                "MsgBody[0].MsgType: Element type = text",
                "MsgBody[0].MsgContent: Element content; its keys depend on MsgType",
                "MsgBody[0].MsgContent.Text: The text",
            ],
        );
    }

    #[test]
    fn a_bundle_of_messages_holds_messages() {
        let text = br#"{"CallbackCommand":"C2C.CallbackAfterSendMsg","MsgBody":[{"MsgType":"TIMRelayElem","MsgContent":{"MsgList":[{"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"x","Nope":1}}]}]}}]}"#;
        let command = catalogue::get().named("C2C.CallbackAfterSendMsg").next().expect("bug: documented");
        let found = undocumented(text, &json::read(text), command);
        assert_eq!(found.paths, ["MsgBody[0].MsgContent.MsgList[0].MsgBody[0].MsgContent.Nope"]);
    }

    #[test]
    fn push_settings_are_known_beside_any_message() {
        check(
            "C2C.CallbackAfterSendMsg",
            r#"{"MyOfflinePushInfo":1,"OfflinePushInfo":{"PushFlag":1,"Nope":2}}"#,
            &[
                "MyOfflinePushInfo [?]: -",
                "OfflinePushInfo: Push settings of the message",
                "OfflinePushInfo.PushFlag: Push switch = no push",
                "OfflinePushInfo.Nope [?]: -",
            ],
        );
    }

    #[test]
    fn the_events_of_a_push_are_read_by_their_own_command() {
        check(
            "Push.AllMemberPush",
            r#"{"Events":[{"CallbackCommand":"Push.OfflinePush","EventType":2},{"CallbackCommand":"Push.AllMemberPush","EventType":2,"ErrCode":5}]}"#,
            &[
                "Events: 1 to 100 events in one request",
                "Events[0]: One event",
                "Events[0].CallbackCommand: Name of the event",
                "Events[0].EventType: Kind of chat = group",
                "Events[1]: One event",
                "Events[1].CallbackCommand: Name of the event",
                "Events[1].EventType: Kind of push = online push",
                "Events[1].ErrCode: Result = failure",
            ],
        );
    }

    #[test]
    fn strings_in_strings_are_opened_a_few_times_only() {
        let mut text = "[]".to_owned();
        for _ in 0..12 {
            text = serde_json::json!([text]).to_string();
        }
        let read = |text: &str| fields(text.as_bytes(), &json::read(text.as_bytes()), None);
        assert_eq!(read(&text).list.iter().map(|field| field.path.matches(INSIDE).count()).max(), Some(MAX_OPENED as usize));
    }

    #[test]
    fn an_undocumented_container_counts_once() {
        let command = catalogue::get().named("Group.CallbackAfterNewMemberJoin").next().expect("bug: documented");
        let text = br#"{"A":{"B":[1,{"C":2}]},"Type":"Public","D":1}"#;
        let found = undocumented(text, &json::read(text), command);
        assert_eq!(found, Undocumented { count: 2, paths: vec!["A".to_owned(), "D".to_owned()] });
    }

    #[test]
    fn every_sample_is_documented_by_its_own_entry() {
        for command in &catalogue::get().commands {
            let sample = command.sample();
            let found = undocumented(sample.as_bytes(), &json::read(sample.as_bytes()), command);
            assert_eq!(found.paths, Vec::<String>::new(), "{} of {:?}", command.name, command.product);
        }
    }

    #[test]
    fn a_long_or_deep_body_is_cut_and_says_so() {
        let long = format!("{{\"a\":[{}1]}}", "1,".repeat(20_000));
        let read = |text: &str| fields(text.as_bytes(), &json::read(text.as_bytes()), None);
        assert_eq!((read(&long).list.len(), read(&long).truncated), (MAX_FIELDS + 1, true), "the array, and what fits of it");
        let members = |count: usize| format!("{{\"a\":[{}]}}", vec![r#"{"b":1}"#; count].join(","));
        assert!(!read(&members(MAX_FIELDS)).truncated, "containers are no entries");
        assert!(read(&members(MAX_FIELDS + 1)).truncated);
        let deep = "[".repeat(100_000);
        assert_eq!((read(&deep).list.len(), read(&deep).truncated), (64, true));
        assert!(!read("{\"a\":[]}").truncated);
    }

    #[test]
    fn seconds_and_milliseconds_are_told_apart_by_size() {
        let millis = |digits, unit| match time(digits, unit) {
            Some(Shown::Time { millis, .. }) => Some(millis),
            _ => None,
        };
        assert_eq!(millis("1670574414123", Unit::Secs), Some(1_670_574_414_123));
        assert_eq!(millis("1670574414", Unit::Millis), Some(1_670_574_414_000));
        assert_eq!(millis("300", Unit::Millis), None);
        assert_eq!(millis("-1670574414", Unit::Secs), None);
        assert_eq!(millis("1670574414.5", Unit::Secs), None);
    }
}
