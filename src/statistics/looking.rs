//! What is found in the bytes of those exchanges that are looked into.

use super::report::Estimate;
use super::sample::Key;
use crate::inspect::Inspection;
use crate::protocol::body;
use crate::protocol::verdict::{BodyVerdict, Overall, Severity};
use crate::wire::Request;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many paths are told apart. Keys can be made up without end.
const MOST_PATHS: usize = 2_000;
/// How much of a path is kept, in characters.
const PATH_CHARS: usize = 200;

/// Name, state and weight of a verdict.
type State = (&'static str, &'static str, Severity);

/// What was found, by strata.
#[derive(Debug, Clone, Default)]
pub(super) struct Looking {
    looked: BTreeMap<Key, u64>,
    states: BTreeMap<State, BTreeMap<Key, u64>>,
    /// By the number of the command, then by path, with `[]` for indices.
    fields: BTreeMap<usize, HashMap<Box<str>, BTreeMap<Key, u64>>>,
    paths: usize,
    /// Whether there were more paths than are told apart.
    has_more_paths: bool,
}

impl Looking {
    /// Takes what an exchange is.
    pub fn look_into(&mut self, key: Key, request: &Request, inspection: &Inspection) {
        *self.looked.entry(key).or_default() += 1;
        if inspection.overall == Overall::NotCallback {
            return;
        }
        for verdict in inspection.verdicts.all() {
            if verdict.severity() >= Severity::Warning {
                *self.states.entry((verdict.name(), verdict.state(), verdict.severity())).or_default().entry(key).or_default() += 1;
            }
        }
        if let (BodyVerdict::Undocumented(_), Some(command)) = (&inspection.verdicts.body, inspection.callback.reference) {
            let mut paths = BTreeSet::new();
            body::visit_undocumented(&request.body, &inspection.callback.document, command, |path| {
                // However often it stands in a body, the body has it once.
                if paths.len() < MOST_PATHS {
                    paths.insert(pattern_of(path));
                }
            });
            for path in paths {
                self.add_path(key, path);
            }
        }
    }

    fn add_path(&mut self, key: Key, path: Box<str>) {
        let fields = self.fields.entry(key.0).or_default();
        if !fields.contains_key(&path) {
            if self.paths >= MOST_PATHS {
                self.has_more_paths = true;
                return;
            }
            self.paths += 1;
        }
        *fields.entry(path).or_default().entry(key).or_default() += 1;
    }

    /// How many were looked into.
    pub fn count(&self) -> u64 {
        self.looked.values().sum()
    }

    /// Whether there were more paths than are told apart.
    pub fn has_more_paths(&self) -> bool {
        self.has_more_paths
    }

    /// How often each verdict was given that is no good one. `sizes` are the strata with how many exchanges each has.
    pub fn verdicts(&self, sizes: &BTreeMap<Key, u64>, bad: usize) -> Vec<(State, Estimate)> {
        let estimate = |(state, hits): (&State, &BTreeMap<Key, u64>)| {
            // A bad verdict makes the whole bad: it stands in those strata only.
            let may_have = |key: &Key| state.2 < Severity::Bad || key.1 == bad;
            (*state, self.estimate(hits, sizes, may_have))
        };
        self.states.iter().map(estimate).collect()
    }

    /// How many callbacks had each field that the documents lack: the number of the command, and the path.
    pub fn fields(&self, sizes: &BTreeMap<Key, u64>) -> Vec<(usize, &str, Estimate)> {
        let mut all = Vec::new();
        for (command, paths) in &self.fields {
            for (path, hits) in paths {
                all.push((*command, &**path, self.estimate(hits, sizes, |key| key.0 == *command)));
            }
        }
        all
    }

    /// What was found in strata, as if all of them had been looked into. It is exact where those that may have it were.
    fn estimate(&self, hits: &BTreeMap<Key, u64>, sizes: &BTreeMap<Key, u64>, may_have: impl Fn(&Key) -> bool) -> Estimate {
        let looked = |key: &Key| self.looked.get(key).copied().unwrap_or(0);
        let scaled = |(key, hits): (&Key, &u64)| {
            let size = sizes.get(key).copied().unwrap_or(0);
            u128::from(*hits) * u128::from(size) / u128::from(looked(key).max(1))
        };
        let count = hits.iter().map(scaled).sum::<u128>();
        let is_exact = sizes.iter().filter(|(key, _)| may_have(key)).all(|(key, size)| looked(key) == *size);
        Estimate { count: u64::try_from(count).unwrap_or(u64::MAX), is_exact }
    }
}

/// A path with `[]` for each index.
fn pattern_of(path: &str) -> Box<str> {
    let mut pattern = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        pattern.push_str(before);
        let index = after.split_once(']').filter(|(index, _)| index.bytes().all(|byte| byte.is_ascii_digit()));
        pattern.push('[');
        rest = match index {
            Some((_, after)) => {
                pattern.push(']');
                after
            }
            None => after,
        };
    }
    pattern.push_str(rest);
    pattern.chars().take(PATH_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect;
    use crate::protocol::Kept;

    fn look(looking: &mut Looking, key: Key, body: &str) {
        let head = "POST /?SdkAppid=1400000001&CallbackCommand=State.StateChange HTTP/1.1\r\n\r\n";
        let request = Request::complete(0, head, body);
        looking.look_into(key, &request, &inspect::inspect(&request, &[], &Kept::default()));
    }

    const ODD: &str =
        r#"{"CallbackCommand":"State.StateChange","Odd":[{"a":1}],"Info":{"Action":"Login","New":1,"News":[{"b":1},{"b":2}]}}"#;

    #[test]
    fn fields_that_no_document_knows_are_counted_once_in_each_body() {
        let mut looking = Looking::default();
        let key = (1, 0);
        for body in [ODD, ODD, r#"{"CallbackCommand":"State.StateChange"}"#] {
            look(&mut looking, key, body);
        }
        let sizes = BTreeMap::from([(key, 3)]);
        let mut fields = looking.fields(&sizes);
        fields.sort_unstable_by_key(|(_, path, _)| *path);
        let exactly = |count| Estimate { count, is_exact: true };
        assert_eq!(fields, [(1, "Info.New", exactly(2)), (1, "Info.News", exactly(2)), (1, "Odd", exactly(2))]);
    }

    #[test]
    fn what_was_found_in_a_sample_is_scaled_up_and_called_so() {
        let mut looking = Looking::default();
        look(&mut looking, (1, 0), ODD);
        look(&mut looking, (1, 0), "{}");
        look(&mut looking, (1, 1), ODD);
        let sizes = BTreeMap::from([((1, 0), 1_000), ((1, 1), 1), ((2, 1), 5)]);
        let odd = looking.fields(&sizes).into_iter().find(|(_, path, _)| *path == "Odd").map(|(.., estimate)| estimate);
        assert_eq!(odd, Some(Estimate { count: 501, is_exact: false }));
        assert_eq!(looking.count(), 3);
    }

    #[test]
    fn bad_verdicts_are_exact_where_all_that_is_bad_was_looked_into() {
        let mut looking = Looking::default();
        look(&mut looking, (1, 1), "no JSON");
        look(&mut looking, (1, 0), ODD);
        let sizes = BTreeMap::from([((1, 0), 1_000), ((1, 1), 1)]);
        let verdicts = looking.verdicts(&sizes, 1);
        let of = |name: &str, state: &str| verdicts.iter().find(|((one, other, _), _)| (*one, *other) == (name, state)).map(|(_, is)| *is);
        assert_eq!(of("body", "not_json"), Some(Estimate { count: 1, is_exact: true }));
        assert_eq!(of("body", "undocumented"), Some(Estimate { count: 1_000, is_exact: false }));
    }

    #[test]
    fn indices_are_left_out_and_paths_have_an_end() {
        assert_eq!(&*pattern_of("A[0].B[12].C"), "A[].B[].C");
        assert_eq!(&*pattern_of("A[x].B[1"), "A[x].B[1");
        let mut looking = Looking::default();
        for at in 0..3_000 {
            looking.add_path((1, 0), format!("Made{at}").into());
        }
        assert!(looking.has_more_paths() && looking.fields.values().map(HashMap::len).sum::<usize>() == MOST_PATHS);
        assert_eq!(pattern_of(&"红".repeat(1_000)).chars().count(), PATH_CHARS);
    }
}
