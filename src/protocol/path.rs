//! Places in a body, as the catalogue writes them: dots separate keys, `[]` stands for every index, `[0]` for the
//! first.

use super::json::Document;

/// A place, read once and looked up often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// The value under a key.
    Key(String),
    /// Every item of an array.
    Each,
    /// The first item of an array.
    First,
}

impl Path {
    /// Reads `MsgBody[].MsgContent.Text`.
    pub fn read(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            let brackets = part.find('[').unwrap_or(part.len());
            let (key, mut indices) = part.split_at(brackets);
            if !key.is_empty() {
                steps.push(Step::Key(key.to_owned()));
            }
            while let Some((index, rest)) = indices.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
                steps.push(if index == "0" { Step::First } else { Step::Each });
                indices = rest;
            }
        }
        Self(steps)
    }

    /// Visits every value at this place, in their order.
    pub fn visit(&self, text: &[u8], document: &Document, visit: &mut impl FnMut(usize)) {
        if document.root().is_some() {
            follow(&self.0, text, document, 0, visit);
        }
    }

    /// The place that encloses this one, and the key in it; `None` where the last step is an index.
    pub fn split_key(&self) -> Option<(Self, &str)> {
        match self.0.split_last() {
            Some((Step::Key(key), above)) => Some((Self(above.to_vec()), key)),
            Some((Step::Each | Step::First, _)) | None => None,
        }
    }
}

/// Steps are as many as the catalogue writes, so this does not go deep.
fn follow(steps: &[Step], text: &[u8], document: &Document, at: usize, visit: &mut impl FnMut(usize)) {
    let Some((step, rest)) = steps.split_first() else { return visit(at) };
    match step {
        Step::Key(key) => {
            if let Some(value) = document.get(text, at, key) {
                follow(rest, text, document, value, visit);
            }
        }
        Step::Each => document.children(at).for_each(|item| follow(rest, text, document, item, visit)),
        Step::First => {
            if let Some(item) = document.children(at).next() {
                follow(rest, text, document, item, visit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::*;

    fn check(path: &str, expected: &[&str]) {
        let text = br#"{"A":[{"B":1},{"B":2},{"C":3}],"D":{"E":"x"},"F":["y","z"]}"#;
        let document = json::read(text);
        let mut found = Vec::new();
        Path::read(path).visit(text, &document, &mut |node| found.push(document.node(node).raw(text)));
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn a_path_finds_every_value_at_its_place() {
        check("A[].B", &["1", "2"]);
        check("A[0].B", &["1"]);
        check("D.E", &["\"x\""]);
        check("F[]", &["\"y\"", "\"z\""]);
        check("D.E.F", &[]);
        check("D[].E", &[]);
        check("Nowhere", &[]);
        check("", &["{\"A\":[{\"B\":1},{\"B\":2},{\"C\":3}],\"D\":{\"E\":\"x\"},\"F\":[\"y\",\"z\"]}"]);
    }

    #[test]
    fn a_path_knows_what_encloses_it() {
        let above = |path: &str| Path::read(path).split_key().map(|(above, key)| (above, key.to_owned()));
        assert_eq!(above("Events[].EventTime"), Some((Path::read("Events[]"), "EventTime".to_owned())));
        assert_eq!(above("Events"), Some((Path::read(""), "Events".to_owned())));
        assert_eq!(above("Events[]"), None);
    }
}
