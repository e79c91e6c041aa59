//! What the documents say of each command: `assets/catalogue.json`, compiled in.
//!
//! A newly documented callback is one entry in that file and nothing here.

use super::json::{Kind, Node};
use super::path::Path;
use super::summary::template::Template;
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
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
    message_elements: BTreeMap<String, Element>,
    query_parameters: BTreeMap<String, Parameter>,
    #[serde(rename = "OfflinePushInfo")]
    offline_push_info: Element,
    /// How the webhooks of each product are switched on.
    configuration: HashMap<Product, String>,
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
    /// Another setting that decides whether it comes, or what becomes of it.
    pub setting: Option<String>,
    /// Since when the documents have it, such as `2026-02`, where they have not always had it.
    pub since: Option<String>,
    /// What the entry rests on.
    pub confidence: Confidence,
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

/// What an entry rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Confidence {
    /// The documents alone.
    #[serde(rename = "doc")]
    Documents,
    /// The documents and public client libraries.
    #[serde(rename = "both")]
    Both,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
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
    /// Whether it says who somebody is or what somebody said: it leaves the program only when that is meant.
    #[serde(default)]
    pub secret: bool,
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

/// The file as it was compiled in.
const TEXT: &str = include_str!("../../assets/catalogue.json");

/// The SHA-256 of the catalogue, in hex: another one may judge otherwise.
pub fn fingerprint() -> String {
    hex::encode(Sha256::digest(TEXT))
}

/// The catalogue that is compiled in.
pub fn get() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| read(TEXT).expect("bug: the catalogue compiled in is not readable"))
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

    /// Where a command stands in the documents' order.
    pub fn position(&self, command: &Command) -> Option<usize> {
        self.commands.iter().position(|one| std::ptr::eq(one, command))
    }

    /// How the webhooks of a product are switched on.
    pub fn configuration(&self, product: Product) -> &str {
        self.shared.configuration.get(&product).map_or("", String::as_str)
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

    /// The pages that document it, the main one first.
    pub fn doc_urls(&self) -> impl Iterator<Item = String> + '_ {
        std::iter::once(&self.doc).chain(&self.doc_also).map(|page| doc_url(page))
    }

    /// The field that holds what is in a message element, where its body carries messages.
    pub fn content_field(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.path.ends_with("MsgContent"))
    }

    /// The message elements that its body may carry, each with its fields. They are documented once for all commands.
    pub fn elements(&self) -> impl Iterator<Item = (&'static str, &'static [Field])> {
        let elements = self.content_field().map(|_| &get().shared.message_elements);
        elements.into_iter().flatten().map(|(name, element)| (name.as_str(), element.fields.as_slice()))
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

impl Reply {
    /// What each `ErrorCode` or range of them does, by number.
    pub fn codes(&self) -> Vec<(&str, &str)> {
        let first = |code: &str| code.split('-').next().and_then(|number| number.parse::<u64>().ok());
        let mut codes: Vec<(&str, &str)> = self.error_codes.iter().map(|(code, effect)| (code.as_str(), effect.as_str())).collect();
        codes.sort_by_key(|(code, _)| first(code));
        codes
    }

    /// The range of codes that reach the client as they are, such as `10100-10200`.
    pub fn own_codes(&self) -> Option<&str> {
        self.error_codes.keys().map(String::as_str).find(|codes| codes.contains('-'))
    }
}

impl Confidence {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Documents => "doc",
            Self::Both => "both",
        }
    }
}

impl LimitSource {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Documented => "doc",
            Self::AssumedFromChat => "assumed from Chat",
            Self::None => "none",
        }
    }
}

impl Timing {
    /// The word in JSON and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

impl FieldKind {
    /// Whether a value is of this type. A whole number is written without a point and an exponent.
    pub fn fits(self, node: &Node, text: &[u8]) -> bool {
        match self {
            Self::String => node.kind == Kind::String,
            Self::Integer => node.kind == Kind::Number && !node.raw(text).contains(['.', 'e', 'E']),
            Self::Number => node.kind == Kind::Number,
            Self::Boolean => node.kind == Kind::Bool,
            Self::Object => node.kind == Kind::Object,
            Self::Array => node.kind == Kind::Array,
        }
    }

    /// The word of the documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
        }
    }
}

impl Unit {
    /// `ms` or `s`
    pub fn word(self) -> &'static str {
        match self {
            Self::Millis => "ms",
            Self::Secs => "s",
        }
    }
}

impl Product {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Chat, Self::Live, Self::Room, Self::Call, Self::Desk];

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

/// The address of a page by the vendor's ids. 269 is Chat on the mainland Chinese site, all other products are those of
/// the international site, and a page without a product is one of the RTC site, which counts through all of its own.
fn doc_url(page: &str) -> String {
    match page.split_once('/') {
        Some(("269", id)) => format!("https://cloud.tencent.com/document/product/269/{id}"),
        Some((product, id)) => format!("https://www.tencentcloud.com/document/product/{product}/{id}"),
        None => format!("https://trtc.io/document/{page}"),
    }
}

/// Sets a JSON text without white space between its parts on lines of its own, two spaces deeper for each level. Its
/// strings and numbers stay as they are.
pub fn spread(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_usize);
    let mut chars = json.chars().peekable();
    let break_line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = chars.next() {
        match c {
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
        match c {
            _ if quoted => out.push(c),
            '{' | '[' if matches!(chars.peek(), Some('}' | ']')) => {
                out.push(c);
                out.extend(chars.next());
            }
            '{' | '[' => {
                depth += 1;
                out.push(c);
                break_line(&mut out, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
    }
    out
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
    fn a_page_is_on_the_site_of_its_product() {
        for (page, url) in [
            ("1047/34357", "https://www.tencentcloud.com/document/product/1047/34357"),
            ("647/64422", "https://www.tencentcloud.com/document/product/647/64422"),
            ("269/1662", "https://cloud.tencent.com/document/product/269/1662"),
            ("69215", "https://trtc.io/document/69215"),
        ] {
            assert_eq!(doc_url(page), url);
        }
        let command = get().named("Call.CallbackAfterRecordChanged").next().expect("bug: it is documented");
        let urls: Vec<String> = command.doc_urls().collect();
        assert_eq!(urls, ["https://trtc.io/document/80345", "https://www.tencentcloud.com/document/product/647/131580"]);
    }

    #[test]
    fn every_page_is_named_by_ids() {
        let is_page = |page: &String| page.split('/').all(|id| id.parse::<u32>().is_ok()) && page.split('/').count() <= 2;
        for command in &get().commands {
            assert!(std::iter::once(&command.doc).chain(&command.doc_also).all(is_page), "{}", command.name);
        }
    }

    #[test]
    fn every_switch_is_that_of_a_command_and_every_product_says_how_it_is_configured() {
        for command in &get().commands {
            assert!(command.switch.iter().all(|other| get().named(other).any(|other| other.product == command.product)));
        }
        assert!(Product::ALL.iter().all(|product| !get().configuration(*product).is_empty()));
    }

    #[test]
    fn codes_go_by_number() {
        let command = get().named("Group.CallbackBeforeSendMsg").next().expect("bug: it is documented");
        let codes: Vec<&str> = command.response.codes().into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["0", "1", "2", "10100-10200"]);
    }

    #[test]
    fn a_sample_is_spread_over_lines_and_stays_what_it_is() {
        assert_eq!(spread(r#"{"a":[1.50,{}],"b":"c:,\"{ d"}"#), "{\n  \"a\": [\n    1.50,\n    {}\n  ],\n  \"b\": \"c:,\\\"{ d\"\n}");
        for command in &get().commands {
            for sample in command.variants().chain([command.sample(), command.sample_response()]) {
                assert_eq!(compact(&spread(&sample)), sample, "{}", command.name);
            }
        }
    }

    #[test]
    fn a_sample_is_one_line_with_its_texts_untouched() {
        assert_eq!(compact("{ \"a b\": [1,\n 2], \"c\\\" d\": \"e \\\\\" }"), r#"{"a b":[1,2],"c\" d":"e \\"}"#);
    }
}
