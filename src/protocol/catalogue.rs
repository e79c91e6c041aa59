//! What the documents say of each command: `assets/catalogue.json`, compiled in.
//!
//! A newly documented callback is one entry in that file and nothing here.

use super::path::Path;
use super::summary::Template;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Everything the documents say.
#[derive(Debug, Deserialize)]
pub struct Catalogue {
    /// All documented commands, in the order of the documents.
    pub commands: Vec<Command>,
    #[serde(rename = "shared_types")]
    shared: Shared,
    /// The URL parameters by their printed name.
    #[serde(skip)]
    pub parameters: BTreeMap<String, Parameter>,
    #[serde(skip)]
    by_name: HashMap<String, Vec<usize>>,
}

#[derive(Debug, Deserialize)]
struct Shared {
    message_elements: HashMap<String, Element>,
    query_parameters: BTreeMap<String, Parameter>,
    #[serde(rename = "OfflinePushInfo")]
    offline_push_info: Element,
}

/// One documented command of one product. Two products may share a name.
#[derive(Debug, Deserialize)]
pub struct Command {
    /// `Group.CallbackAfterNewMemberJoin`
    #[serde(rename = "command")]
    pub name: String,
    /// Other names that the body may carry for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whose webhook it is.
    pub product: Product,
    /// What it is about, such as `group`.
    pub category: String,
    /// What happened, in a few words.
    pub title: String,
    /// What to say of one such callback: the first template that can be filled in.
    #[serde(skip)]
    pub summary: Vec<Template>,
    #[serde(rename = "summary")]
    summary_texts: Vec<String>,
    /// Whether the sender waits for the response and acts on it.
    pub timing: Timing,
    /// What makes the sender post it.
    pub trigger: String,
    /// Its page in the documentation, by the vendor's product and page ids, such as `1047/34372`.
    pub doc: String,
    /// Other pages that describe it.
    #[serde(default)]
    pub doc_also: Vec<String>,
    /// What else is worth knowing.
    pub notes: Option<String>,
    /// The command whose switch in the console turns it on, where that is not its own.
    pub switch: Option<String>,
    /// Which fields its body has.
    #[serde(rename = "request_fields")]
    pub fields: Vec<Field>,
    /// What the sender makes of the response.
    pub response: Reply,
    /// A body such as the sender would post.
    sample_request: Box<RawValue>,
    /// Other bodies such as the sender would post.
    #[serde(default)]
    sample_variants: Vec<Box<RawValue>>,
    /// A response such as the sender expects.
    sample_response: Box<RawValue>,
    #[serde(skip)]
    by_path: HashMap<String, usize>,
    /// The fields that are always there: what encloses each, its key, and which of `fields` it is.
    #[serde(skip)]
    pub required: Vec<Required>,
}

/// A field that is always there.
#[derive(Debug, PartialEq, Eq)]
pub struct Required {
    /// What encloses it.
    pub above: Path,
    /// Its key in there.
    pub key: String,
    /// Which of the command's fields it is.
    pub field: usize,
}

/// What the documents say of the response to one command.
#[derive(Debug, Deserialize)]
pub struct Reply {
    /// What an `ErrorCode` does: a number or a range such as `10100-10200`, and the effect.
    pub error_codes: BTreeMap<String, String>,
    /// Keys besides the three that every response has. The paths are as those of a request's fields.
    #[serde(rename = "extra_fields")]
    pub extras: Vec<Field>,
    /// How long the sender waits; `None` where it does not wait at all.
    pub timeout_ms: Option<u32>,
    /// Where that limit is from.
    pub timeout_source: LimitSource,
    /// What happens when no usable response comes in time.
    pub on_timeout: String,
    /// What else is worth knowing.
    pub notes: Option<String>,
}

/// Where a time limit is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum LimitSource {
    /// The documents state it for this product.
    #[serde(rename = "doc")]
    Documented,
    /// The documents state it for Chat only.
    #[serde(rename = "assumed from Chat")]
    AssumedFromChat,
    /// There is no limit to speak of.
    #[serde(rename = "none")]
    None,
}

/// A family of webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// Tencent Cloud Chat
    Chat,
    /// Live
    Live,
    /// Room, also called conference
    Room,
    /// Call
    Call,
    /// Desk, the customer service
    Desk,
}

/// When a webhook is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Timing {
    /// Before the event: the sender waits, and acts on the response.
    Before,
    /// After the event: the response changes nothing.
    After,
}

/// One documented field.
#[derive(Debug, Deserialize)]
pub struct Field {
    /// Dots separate keys, `[]` stands for any array index.
    pub path: String,
    /// The type of its value.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Whether it is always there; `None` where the documents do not say.
    pub required: Option<bool>,
    /// What it says.
    pub meaning: String,
    /// Its values in words.
    #[serde(default, rename = "enum")]
    pub words: BTreeMap<String, String>,
    /// What its number counts, where it is a time.
    pub unit: Option<Unit>,
    /// What else is worth knowing.
    pub notes: Option<String>,
}

/// The type of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// A text
    String,
    /// A whole number
    Integer,
    /// A number, whole or not
    Number,
    /// `true` or `false`
    Boolean,
    /// An object
    Object,
    /// An array
    Array,
}

/// What a time counts since the Unix epoch, or how long something takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Unit {
    /// Milliseconds
    #[serde(rename = "ms")]
    Millis,
    /// Seconds
    #[serde(rename = "s")]
    Secs,
}

/// A parameter of the URL.
#[derive(Debug, Clone, Deserialize)]
pub struct Parameter {
    /// What it says.
    pub meaning: String,
    /// Its values in words.
    #[serde(default, rename = "enum")]
    pub words: BTreeMap<String, String>,
    /// What its number counts, where it is a time.
    pub unit: Option<Unit>,
}

/// A part that many bodies share: the content of a message element, or push settings.
#[derive(Debug, Deserialize)]
pub struct Element {
    /// What it is, in a few words.
    pub meaning: String,
    /// Its fields, with paths from its own content on.
    pub fields: Vec<Field>,
}

/// The catalogue that is compiled in.
pub fn get() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| read(include_str!("../../assets/catalogue.json")).expect("bug: the catalogue compiled in is not readable"))
}

fn read(text: &str) -> serde_json::Result<Catalogue> {
    let mut catalogue: Catalogue = serde_json::from_str(text)?;
    catalogue.parameters = std::mem::take(&mut catalogue.shared.query_parameters);
    for (index, command) in catalogue.commands.iter_mut().enumerate() {
        command.summary = command.summary_texts.iter().map(|text| Template::read(text)).collect();
        command.required = required(&command.fields);
        command.by_path = command.fields.iter().enumerate().map(|(at, field)| (field.path.clone(), at)).collect();
        catalogue.by_name.entry(command.name.clone()).or_default().push(index);
    }
    Ok(catalogue)
}

fn required(fields: &[Field]) -> Vec<Required> {
    let always = fields.iter().enumerate().filter(|(_, field)| field.required == Some(true));
    let place = |(at, field): (usize, &Field)| {
        let path = Path::read(&field.path);
        let (above, key) = path.split_key()?;
        Some(Required { above, key: key.to_owned(), field: at })
    };
    always.filter_map(place).collect()
}

impl Catalogue {
    /// Every command of that name; more than one where products share it.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Command> {
        self.by_name.get(name).into_iter().flatten().map(|&index| &self.commands[index])
    }

    /// What the documents say of a message element, by its `MsgType`.
    pub fn element(&self, kind: &str) -> Option<&Element> {
        self.shared.message_elements.get(kind)
    }

    /// What the documents say of `OfflinePushInfo`, the push settings of a message.
    pub fn offline_push_info(&self) -> &Element {
        &self.shared.offline_push_info
    }
}

impl Element {
    /// What the documents say of the field at `path`, from this part's own content on.
    pub fn field(&self, path: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.path == path)
    }
}

impl Field {
    /// The documents' word for a value.
    pub fn word(&self, value: &str) -> Option<&str> {
        self.words.get(value).or_else(|| self.words.get("other")).map(String::as_str)
    }
}

impl Command {
    /// What the documents say of the field at `path`, with `[]` for indices. The content of message elements is
    /// documented once for all commands: see [`Catalogue::element`].
    pub fn field(&self, path: &str) -> Option<&Field> {
        self.by_path.get(path).map(|&at| &self.fields[at])
    }

    /// A body such as the sender would post, on one line.
    pub fn sample(&self) -> String {
        compact(self.sample_request.get())
    }

    /// Other bodies such as the sender would post, each on one line.
    pub fn variants(&self) -> impl Iterator<Item = String> + '_ {
        self.sample_variants.iter().map(|sample| compact(sample.get()))
    }

    /// A response such as the sender expects, on one line.
    pub fn sample_response(&self) -> String {
        compact(self.sample_response.get())
    }
}

impl Product {
    /// The word in JSON and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Live => "live",
            Self::Room => "room",
            Self::Call => "call",
            Self::Desk => "desk",
        }
    }
}

/// Takes out the white space between the parts of a JSON text.
fn compact(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let keep = |c: &char| {
        let inside = quoted;
        match c {
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = quoted && *c == '\\' && !escaped;
        inside || !c.is_ascii_whitespace()
    };
    json.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_every_documented_command() {
        let count = |product| get().commands.iter().filter(|command| command.product == product).count();
        let products = [Product::Chat, Product::Live, Product::Room, Product::Call, Product::Desk];
        assert_eq!(products.map(count), [61, 20, 6, 4, 2]);
        assert_eq!(get().named("Group.CallbackBeforeSendMsg").count(), 2);
        assert_eq!(get().named("No.Such").count(), 0);
    }

    #[test]
    fn message_elements_are_documented_once_for_all_commands() {
        let meaning = |kind, path| get().element(kind).and_then(|element| element.field(path)).map(|field| field.meaning.as_str());
        assert_eq!(meaning("TIMTextElem", "Text"), Some("The text"));
        assert_eq!(meaning("TIMFaceElem", "Text"), None);
        assert_eq!(meaning("Nope", "Text"), None);
    }

    #[test]
    fn a_sample_is_one_line_with_its_texts_untouched() {
        assert_eq!(compact("{ \"a b\": [1,\n 2], \"c\\\" d\": \"e \\\\\" }"), r#"{"a b":[1,2],"c\" d":"e \\"}"#);
    }
}
