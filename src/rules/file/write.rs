//! Writing a rules file. What a person wrote stays as it was written, wherever a rule stands now.

use super::{is_same, read};
use crate::rules::matcher::Matcher;
use crate::rules::preset::Preset;
use crate::rules::{Delay, Rate, Reply, Rule, Step, Template, UserResult};
use std::collections::HashSet;
use std::fmt::{Display, Write as _};
use toml_edit::{Document, Value};

/// What a new file begins with.
const HEAD: &str = "\
# Response rules of Hookglass. The first rule whose conditions are all met responds; where none does, the response bar.
#
# [[rule]]
# name = \"No red packets\"
# command = \"Group.CallbackBeforeSendMsg\"                  # * stands for anything; a list means any of them
# field = \"MsgBody[].MsgContent.Text contains 红包\"         # also: PLACE exists, PLACE = TEXT, PLACE > NUMBER
# often = \"2 of 3\"                                         # also: always, once, first 3, 30 %
# delay = \"100 to 900 ms\"
# refuse = { code = 10100, info = \"not here, {{From_Account}}\" }
";

/// A rule as it stands in a file: its text with the comments above it, and where in that its header ends.
struct Block<'s> {
    text: &'s str,
    header_end: usize,
}

/// Writes rules as a file. One that stands in the previous file keeps its text there, comments included; others are written
/// anew. What no rule begins with stays at the top, and a file with mistakes is none. Rules are as [`read`] reads them: of a
/// body that was typed it makes a response of one's own.
pub fn write(rules: &[Rule], previous: &str) -> String {
    let (before, head, blocks) = match read(previous) {
        Ok(before) if !previous.trim().is_empty() => {
            let (head, blocks) = blocks(previous);
            (before, head, blocks)
        }
        Ok(_) | Err(_) => (Vec::new(), HEAD, Vec::new()),
    };
    let mut used = HashSet::new();
    let text_of = |(at, rule): (usize, &Rule)| {
        let kept = before.iter().position(|one| is_same(one, rule)).filter(|before| *before < blocks.len() && used.insert(*before));
        kept.map_or_else(|| anew(rule), |before| blocks[before].with_name(rule, at == before))
    };
    let texts = rules.iter().enumerate().map(text_of).map(|text| text.trim_matches('\n').to_owned());
    let parts: Vec<String> = std::iter::once(head.trim_matches('\n').to_owned()).chain(texts).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

/// One rule as it stands in a file, without anything above it.
pub fn one(rule: &Rule) -> String {
    anew(rule) + "\n"
}

/// What stands above the first rule, and the text of each. Comments right above a rule are its own.
fn blocks(source: &str) -> (&str, Vec<Block<'_>>) {
    let document = Document::parse(source).ok();
    let tables = document.as_ref().and_then(|document| document.as_table().get("rule")?.as_array_of_tables());
    let headers: Vec<_> = tables.into_iter().flatten().filter_map(toml_edit::Table::span).collect();
    let starts: Vec<usize> = headers.iter().map(|header| start_of_block(source, header.start)).collect();
    let ends = starts.iter().skip(1).copied().chain([source.len()]);
    let blocks = starts.iter().zip(ends).zip(&headers).map(|((start, end), header)| {
        let line_end = source[header.start..].find('\n').map_or(source.len(), |at| header.start + at + 1);
        Block { text: &source[*start..end], header_end: line_end - start }
    });
    (&source[..starts.first().copied().unwrap_or(source.len())], blocks.collect())
}

/// Goes up over the comments right above a header. Nothing else ends in such a line: a text of several lines ends with
/// its quotes.
fn start_of_block(source: &str, header: usize) -> usize {
    let mut start = source[..header].rfind('\n').map_or(0, |at| at + 1);
    for line in source[..start].split_inclusive('\n').rev().take_while(|line| line.trim_start().starts_with('#')) {
        start -= line.len();
    }
    start
}

impl Block<'_> {
    /// Its text; with the name that it had by its place where it stands in another now.
    fn with_name(&self, rule: &Rule, is_in_place: bool) -> String {
        let (header, rest) = self.text.split_at(self.header_end);
        let has_name = is_in_place || Document::parse(self.text).is_ok_and(|document| has_name(&document));
        if has_name { self.text.to_owned() } else { format!("{}\nname = {}\n{rest}", header.trim_end_matches('\n'), quoted(&rule.name)) }
    }
}

fn has_name(document: &Document<&str>) -> bool {
    let rules = document.as_table().get("rule").and_then(toml_edit::Item::as_array_of_tables);
    rules.and_then(|rules| rules.get(0)).is_some_and(|rule| rule.contains_key("name"))
}

/// A rule that nobody wrote yet.
fn anew(rule: &Rule) -> String {
    let Rule { name, enabled, when, rate, seed, steps } = rule;
    let mut lines = vec!["[[rule]]".to_owned(), format!("name = {}", quoted(name))];
    lines.extend((!enabled).then(|| "enabled = false".to_owned()));
    lines.extend(conditions(when));
    lines.extend((*rate != Rate::Always).then(|| format!("often = {}", quoted(&rate_of(rule)))));
    lines.extend(seed.map(|seed| format!("seed = {seed}")));
    match steps.as_slice() {
        [step @ Step { times: 1, .. }] => lines.extend(pairs(step)),
        steps => lines.push(sequence(steps)),
    }
    lines.join("\n")
}

/// A seed that goes without saying is not said.
fn rate_of(rule: &Rule) -> String {
    match rule.rate {
        Rate::Chance { percent, seed } if seed == rule.draws_from() => format!("{percent} %"),
        rate @ (Rate::Always | Rate::First(_) | Rate::Of { .. } | Rate::Chance { .. }) => rate.to_string(),
    }
}

/// The conditions, one key each; those on fields together.
fn conditions(when: &[Matcher]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fields = Vec::new();
    for matcher in when {
        match matcher {
            Matcher::Command(patterns) => lines.push(format!("command = {}", one_or_list(patterns))),
            Matcher::App(ids) => lines.push(format!("app = {}", one_or_list(ids))),
            Matcher::Product(products) => {
                lines.push(format!("product = {}", one_or_list(&products.iter().map(|product| product.word()).collect::<Vec<_>>())));
            }
            Matcher::Platform(names) => lines.push(format!("platform = {}", one_or_list(names))),
            Matcher::Path(patterns) => lines.push(format!("path = {}", one_or_list(patterns))),
            Matcher::Method(names) => lines.push(format!("method = {}", one_or_list(names))),
            Matcher::Verdict(judgements) => lines.push(format!("verdict = {}", one_or_list(judgements))),
            Matcher::Field(field) => fields.push(field),
        }
    }
    lines.extend((!fields.is_empty()).then(|| format!("field = {}", one_or_list(&fields))));
    lines
}

fn sequence(steps: &[Step]) -> String {
    let mut text = "sequence = [\n".to_owned();
    for step in steps {
        let times = (step.times != 1).then(|| format!("times = {}", step.times));
        let pairs: Vec<String> = times.into_iter().chain(pairs(step)).collect();
        writeln!(text, "  {{ {} }},", pairs.join(", ")).expect("a String takes it");
    }
    text + "]"
}

/// What a step says, key by key.
fn pairs(step: &Step) -> Vec<String> {
    let Step { times: _, reply, delay } = step;
    let delay = match delay {
        Delay::None => None,
        Delay::Fixed(millis) => Some(format!("delay = {millis}")),
        Delay::Uniform { .. } | Delay::LogNormal { .. } => Some(format!("delay = {}", quoted(&delay.to_string()))),
    };
    delay.into_iter().chain(reply_pairs(reply)).collect()
}

fn reply_pairs(reply: &Reply) -> Vec<String> {
    match reply {
        Reply::Preset(preset) => vec![respond(preset)],
        Reply::Own(template) => vec![format!("response = {}", response(template))],
        Reply::Refuse { code, info } => vec![format!("refuse = {{ code = {code}, info = {} }}", quoted(info.source()))],
        Reply::Rewrite { msg_body, cloud_custom_data } => {
            let msg_body = msg_body.as_ref().map(|text| format!("MsgBody = {}", quoted(text.source())));
            let data = cloud_custom_data.as_ref().map(|text| format!("CloudCustomData = {}", quoted(text.source())));
            vec![format!("rewrite = {{ {} }}", msg_body.into_iter().chain(data).collect::<Vec<_>>().join(", "))]
        }
        Reply::RefuseMembers(users) => vec![format!("refuse_members = {}", list(users))],
        Reply::Results(results) => {
            let results: Vec<String> = results.iter().map(result).collect();
            vec![format!("results = [{}]", results.join(", "))]
        }
        Reply::Hold(fallback) => {
            vec!["respond = \"hold\"".to_owned(), format!("fallback = {}", quoted(&fallback.preset().to_string()))]
        }
    }
}

/// A body that was typed has no name; it is written as a response of one's own.
fn respond(preset: &Preset) -> String {
    match (preset, preset.response()) {
        (Preset::Body(body), Some(response)) if body.file.is_none() => {
            format!("response = {{ body = {} }}", quoted(&String::from_utf8_lossy(&response.body)))
        }
        _ => format!("respond = {}", quoted(&preset.to_string())),
    }
}

fn response(template: &Template) -> String {
    let Template { status, headers, body } = template;
    let mut pairs = vec![format!("status = {status}")];
    if !headers.is_empty() {
        pairs.push(format!("headers = {}", headers_of(headers)));
    }
    pairs.push(format!("body = {}", quoted(body.source())));
    format!("{{ {} }}", pairs.join(", "))
}

/// By name, or as a list of pairs where a name comes twice.
fn headers_of(headers: &[(String, crate::rules::Text)]) -> String {
    let mut names = HashSet::new();
    let is_table = headers.iter().all(|(name, _)| names.insert(name));
    let pair = |(name, value): &(String, crate::rules::Text)| {
        let (name, value) = (quoted(name), quoted(value.source()));
        if is_table { format!("{name} = {value}") } else { format!("[{name}, {value}]") }
    };
    let pairs = headers.iter().map(pair).collect::<Vec<_>>().join(", ");
    if is_table { format!("{{ {pairs} }}") } else { format!("[{pairs}]") }
}

fn result(result: &UserResult) -> String {
    let UserResult { to_account, code, info } = result;
    let (user, info) = (quoted(to_account.source()), quoted(info.source()));
    format!("{{ To_Account = {user}, ResultCode = {code}, ResultInfo = {info} }}")
}

fn one_or_list(texts: &[impl Display]) -> String {
    if let [one] = texts { quoted(&one.to_string()) } else { list(texts) }
}

fn list(texts: &[impl Display]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(&text.to_string())).collect::<Vec<_>>().join(", "))
}

/// A text in whatever quotes need the fewest escapes.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::default_name;
    use super::*;
    use crate::rules::STARTER;

    /// What is written is read as the same rules.
    #[track_caller]
    fn check(rules: &[Rule], previous: &str) -> String {
        let written = write(rules, previous);
        assert_eq!(read(&written).as_deref(), Ok(rules), "{written}");
        written
    }

    fn rules(source: &str) -> Vec<Rule> {
        read(source).expect(source)
    }

    const TWO: &str = "\
# My rules.

# Nobody gets in.
[[rule]] # the first
refuse_members = [ 'jared',   \"to\\\"m\" ] # both

# Of this one nobody knows.
#respond = \"drop\"


# Slow.
[[rule]]
name = \"slow\"
delay = 100
response = { body = '''
# no comment
[[rule]]
''' }
";

    #[test]
    fn what_a_person_wrote_stays() {
        let two = rules(TWO);
        assert_eq!(check(&two, TWO), TWO.replace("\n\n\n", "\n\n"));
        let turned = [two[1].clone(), two[0].clone()];
        let written = check(&turned, TWO);
        assert!(written.starts_with("# My rules.\n\n# Slow.\n[[rule]]\nname = \"slow\"\n"), "{written}");
        // It had its name by its place.
        assert!(
            written.contains("# Nobody gets in.\n[[rule]] # the first\nname = \"rule 1\"\nrefuse_members = [ 'jared',   "),
            "{written}"
        );
        assert!(written.ends_with("# Of this one nobody knows.\n#respond = \"drop\"\n"), "{written}");
    }

    #[test]
    fn a_changed_rule_is_written_anew_and_the_others_stay() {
        let mut two = rules(TWO);
        two[0].enabled = false;
        let written = check(&two, TWO);
        let expected = "[[rule]]\nname = \"rule 1\"\nenabled = false\nrefuse_members = [\"jared\", 'to\"m']\n\n# Slow.\n";
        assert!(written.contains(expected), "{written}");
        check(&two[1..], TWO);
        check(&[], TWO);
    }

    #[test]
    fn a_fresh_file_says_what_it_is() {
        for previous in ["", "no toml", "[[rule]]\ncolour = 1"] {
            let written = check(&[Rule { name: default_name(0), ..Rule::default() }], previous);
            assert!(
                written.starts_with("# Response rules") && written.ends_with("\n\n[[rule]]\nname = \"rule 1\"\nrespond = \"ok\"\n"),
                "{written}"
            );
        }
        assert_eq!(write(&[], ""), HEAD);
        assert_eq!(read(HEAD), Ok(Vec::new()));
    }

    #[test]
    fn a_rule_whose_body_stands_in_a_file_stays_too() {
        let source = "# Mine.\n[[rule]]\nname = 'mine'\nrespond = 'body:a.json'\n";
        let mut mine = rules(source);
        for body in crate::rules::files(&mut mine) {
            body.bytes = b"{}".as_slice().into();
        }
        assert_eq!(write(&mine, source), source);
        mine[0].enabled = false;
        assert!(write(&mine, source).contains("enabled = false\nrespond = \"body:a.json\""));
    }

    #[test]
    fn what_stands_in_a_file_without_rules_stays() {
        let source = "# Later:\n#[[rule]]\n#respond = 'drop'\n";
        let one = [Rule { name: default_name(0), ..Rule::default() }];
        let written = check(&one, source);
        assert_eq!(written, format!("{source}\n[[rule]]\nname = \"rule 1\"\nrespond = \"ok\"\n"));
        assert_eq!((check(&one, &written), check(&[], source)), (written, source.to_owned()));
    }

    #[test]
    fn every_kind_of_rule_is_read_as_it_was_written() {
        let every = r#"
[[rule]]
name = "a \"quoted\" name's end\nand more"
enabled = false
command = ["Group.*", "C2C.*"]
app = ["1", "2"]
product = ["chat", "live"]
platform = "iOS"
path = "/im/*"
method = ["POST", "PUT"]
verdict = ["bad", "signature:invalid"]
field = ["A exists", "A = 'b' \"c\"", "A[].B contains  # x", "A > 1e3"]
often = "30 % seed 18446744073709551615"
seed = 4294967295
delay = "log-normal 200 ms, sigma 50 %"
response = { status = 503, headers = [["Set-Cookie", "a={{url.x}}"], ["Set-Cookie", "b"]], body = "line\n'''\"\"\"\\{{A}}\t" }
[[rule]]
often = "30 %"
response = { headers = { X-Test = "1", "x-t*st" = "" } }
[[rule]]
often = "once"
rewrite = { MsgBody = '[{"MsgContent":{{MsgBody[0].MsgContent}}}]', CloudCustomData = "{{CloudCustomData}}" }
[[rule]]
often = "2 of 3"
results = [{ To_Account = "{{A}}", ResultCode = 38000, ResultInfo = "x" }, { To_Account = "b", ResultCode = -1 }]
[[rule]]
often = "first 3"
sequence = [{ times = 2, respond = "body:a \"b\".json" }, { refuse_members = [], delay = "1 to 2 ms" }, { times = 3, respond = "hold", fallback = "fail:7" }]
[[rule]]
sequence = [{ times = 4, refuse = { code = -3 } }]
[[rule]]
results = []
"#;
        let every = rules(every);
        check(&every, "");
        check(&rules(STARTER), "");
        let turned: Vec<Rule> = every.iter().rev().cloned().collect();
        let written = check(&turned, &write(&every, ""));
        check(&every, &written);
    }
}
