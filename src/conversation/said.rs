//! What a message says: its texts, and of everything else what it is. Nothing is ever loaded.

use crate::protocol::catalogue;
use crate::protocol::json::{Document, Kind};
use crate::wording;

/// How many elements of a message are told.
const MOST_ELEMENTS: usize = 20;

/// How much of a text is shown, in characters and in lines; the detail has all of it.
const MOST_CHARS: usize = 2_000;
const MOST_LINES: usize = 40;

/// How much of a name, or of an app's own data, is shown, in characters.
const NAME_CHARS: usize = 60;

/// How many lines of a bundle of forwarded messages are told.
const MOST_FORWARDED: usize = 4;

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its text, with its line breaks; what could steer the eye in it is visible.
    pub text: String,
    /// Whether it was written like this; else it says what is there.
    pub is_text: bool,
}

impl Said {
    fn described(text: String) -> Self {
        Self { text, is_text: false }
    }
}

/// What the elements of a message say.
pub(super) fn of_elements(text: &[u8], document: &Document, elements: usize) -> Vec<Said> {
    let all = document.children(elements).count();
    let told = document.children(elements).take(MOST_ELEMENTS).map(|at| Element { text, document, at }.said());
    let more = all.checked_sub(MOST_ELEMENTS).filter(|more| *more > 0);
    told.chain(more.map(|more| Said::described(format!("[{} elements more]", wording::count(more as u64))))).collect()
}

/// What a string says that is a message as it stands.
pub(super) fn of_text(text: &str) -> Said {
    Said { text: lines(text), is_text: true }
}

/// A text in few words, for a sentence that repeats it.
pub(super) fn in_short(said: &[Said]) -> String {
    let all: Vec<&str> = said.iter().map(|said| said.text.as_str()).collect();
    wording::shortened(&all.join(" "), NAME_CHARS)
}

fn lines(text: &str) -> String {
    let all: Vec<&str> = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let mut left = MOST_CHARS;
    let mut shown = Vec::new();
    for line in all.iter().take(MOST_LINES) {
        if left == 0 {
            break;
        }
        shown.push(wording::shortened(line, left));
        left = left.saturating_sub(line.chars().count().max(1));
    }
    let more = all.len() - shown.len();
    if more > 0 {
        shown.push(if more == 1 { "… 1 line more".to_owned() } else { format!("… {} lines more", wording::count(more as u64)) });
    }
    shown.join("\n")
}

struct Element<'t> {
    text: &'t [u8],
    document: &'t Document,
    at: usize,
}

impl Element<'_> {
    fn string_in(&self, object: usize, key: &str) -> Option<String> {
        let node = self.document.node(self.document.get(self.text, object, key)?);
        let string = matches!(node.kind, Kind::String | Kind::Number).then(|| node.string(self.text).into_owned())?;
        (!string.is_empty()).then_some(string)
    }

    fn content(&self, key: &str) -> Option<String> {
        self.string_in(self.document.get(self.text, self.at, "MsgContent")?, key)
    }

    fn name(&self, key: &str) -> Option<String> {
        self.content(key).map(|name| wording::shortened(&name, NAME_CHARS))
    }

    fn size(&self, key: &str) -> Option<String> {
        self.content(key)?.parse().ok().map(wording::size)
    }

    fn secs(&self, key: &str) -> Option<String> {
        self.content(key)?.parse().ok().filter(|secs| *secs > 0).map(wording::duration)
    }

    fn said(&self) -> Said {
        let kind = self.string_in(self.at, "MsgType").unwrap_or_default();
        let details: Vec<Option<String>> = match kind.as_str() {
            "TIMTextElem" => return of_text(&self.content("Text").unwrap_or_default()),
            "TIMLocationElem" => vec![self.name("Desc"), self.coordinates()],
            "TIMFaceElem" => vec![self.name("Index"), self.name("Data")],
            "TIMCustomElem" => vec![self.name("Desc"), self.name("Data")],
            "TIMSoundElem" => vec![self.secs("Second"), self.size("Size")],
            "TIMImageElem" => vec![self.pixels(), self.image_size()],
            "TIMFileElem" => vec![self.name("FileName").or_else(|| self.name("fileName")), self.size("FileSize")],
            "TIMVideoFileElem" => vec![self.secs("VideoSecond"), self.size("VideoSize")],
            "TIMRelayElem" => return self.forwarded(),
            _ => Vec::new(),
        };
        let meaning = catalogue::get().element(&kind).map(|element| element.meaning.clone());
        let meaning = meaning.unwrap_or_else(|| if kind.is_empty() { "element without MsgType".to_owned() } else { wording::value(&kind) });
        let words: Vec<String> = [meaning].into_iter().chain(details.into_iter().flatten()).collect();
        Said::described(format!("[{}]", words.join(" · ")))
    }

    fn coordinates(&self) -> Option<String> {
        Some(format!("{}, {}", self.name("Latitude")?, self.name("Longitude")?))
    }

    /// The first of the sizes: the original, where that is told.
    fn first_image(&self) -> Option<usize> {
        let content = self.document.get(self.text, self.at, "MsgContent")?;
        let images = self.document.get(self.text, content, "ImageInfoArray")?;
        self.document.children(images).next()
    }

    fn pixels(&self) -> Option<String> {
        let image = self.first_image()?;
        let side = |key: &str| self.document.whole_number(self.text, image, key).filter(|pixels| *pixels > 0);
        Some(format!("{} × {}", side("Width")?, side("Height")?))
    }

    fn image_size(&self) -> Option<String> {
        self.document.whole_number(self.text, self.first_image()?, "Size").map(wording::size)
    }

    /// A bundle: its title, how many, and its own summary lines. What is in it may nest, and is not gone into.
    fn forwarded(&self) -> Said {
        let title = self.name("Title").map(|title| format!(" · {title}")).unwrap_or_default();
        let count = self.content("MsgNum").and_then(|count| count.parse().ok()).map(messages);
        let count = count.map(|count| format!(" · {count}")).unwrap_or_default();
        let content = self.document.get(self.text, self.at, "MsgContent");
        let lines = content.and_then(|content| self.document.get(self.text, content, "AbstractList"));
        let lines = lines.into_iter().flat_map(|lines| self.document.children(lines)).take(MOST_FORWARDED);
        let lines = lines.map(|line| wording::shortened(&self.document.node(line).string(self.text), NAME_CHARS));
        let words = [format!("[merged-forward bundle{title}{count}]")].into_iter().chain(lines);
        Said::described(words.collect::<Vec<_>>().join("\n"))
    }
}

/// `1 message`, `12 messages`
pub(super) fn messages(count: u64) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{} messages", wording::count(count)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json;

    fn check(elements: &str, expected: &[&str]) {
        let document = json::read(elements.as_bytes());
        let said = of_elements(elements.as_bytes(), &document, 0);
        assert_eq!(said.iter().map(|said| said.text.as_str()).collect::<Vec<_>>(), expected, "{elements}");
    }

    #[test]
    fn every_documented_element_is_told_and_nothing_of_an_address() {
        let catalogue: serde_json::Value =
            serde_json::from_str(include_str!("../../assets/catalogue.json")).expect("bug: the catalogue is JSON");
        let mut told = Vec::new();
        for kind in [
            "TIMTextElem",
            "TIMLocationElem",
            "TIMFaceElem",
            "TIMCustomElem",
            "TIMSoundElem",
            "TIMImageElem",
            "TIMFileElem",
            "TIMVideoFileElem",
            "TIMRelayElem",
        ] {
            let sample = format!("[{}]", catalogue["shared_types"]["message_elements"][kind]["sample"]);
            let document = json::read(sample.as_bytes());
            told.extend(of_elements(sample.as_bytes(), &document, 0).into_iter().map(|said| said.text));
        }
        assert_eq!(
            told,
            [
                "see you at 9 👋",
                "[location · Old bridge · 60.391262, 5.322054]",
                "[emoji or sticker · 4 · panda/wave]",
                "[custom payload · New poll · {\"poll\":3}]",
                "[voice · 3 s · 18.2 kB]",
                "[image · 2048 × 1536 · 402.3 kB]",
                "[file · trail-map.pdf · 90.1 kB]",
                "[video · 7 s · 1.8 MB]",
                "[merged-forward bundle · Chat history · 1 message]\nKofi: ok",
            ]
        );
    }

    #[test]
    fn what_is_hostile_odd_or_long_is_told_in_bounds() {
        check(r#"[{"MsgType":"TIMTextElem","MsgContent":{"Text":"a\u202eb\r\n\u001b[31m"}}]"#, &["a\\u{202e}b\n\\u{1b}[31m"]);
        check(r#"[{"MsgType":"TIMNew"},{"MsgContent":{}},7]"#, &["[TIMNew]", "[element without MsgType]", "[element without MsgType]"]);
        check(r#"{"MsgType":"TIMTextElem"}"#, &["[element without MsgType]"]);
        check("[]", &[]);
        assert_eq!(lines(&"x\n".repeat(100)).lines().last(), Some("… 61 lines more"));
        assert!(lines(&"红".repeat(9_000)).chars().count() < 2_100);
        let many = format!("[{}]", vec!["{}"; 33].join(","));
        let document = json::read(many.as_bytes());
        assert_eq!(of_elements(many.as_bytes(), &document, 0).last().map(|said| said.text.as_str()), Some("[13 elements more]"));
    }
}
