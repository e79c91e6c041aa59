//! Reading a rules file: all mistakes at once, each with its place.

use super::reader::{Reader, Said, Table};
use super::{CONDITIONS, Complaint, REPLIES, RESERVED_NAMES, default_name};
use crate::rules::matcher::{self, Field, Judgement};
use crate::rules::pattern::Pattern;
use crate::rules::preset::Preset;
use crate::rules::template::{wrong_header, wrong_message};
use crate::rules::{Delay, Fallback, Matcher, Rate, Reply, Rule, Step, Template, Text, UserResult};
use std::borrow::Cow;
use toml_edit::{Document, Item, Value};

/// Reads a rules file. A preset `body:FILE` comes without its bytes: see [`crate::rules::files`].
///
/// # Errors
/// With everything that is wrong with it, from top to bottom.
pub fn read(source: &str) -> Result<Vec<Rule>, Vec<Complaint>> {
    let document = Document::parse(source).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        vec![Complaint::at(source, offset, error.message().to_owned())]
    })?;
    let mut reader = Reader::new(source);
    let rules = reader.rules(document.as_table());
    let mut complaints = reader.complaints;
    complaints.sort();
    if complaints.is_empty() { Ok(rules) } else { Err(complaints) }
}

/// The keys of a step.
const STEP: [&str; 3] = ["fallback", "delay", "times"];

impl<'d> Reader<'d> {
    /// All rules of the file.
    fn rules(&mut self, root: &'d toml_edit::Table) -> Vec<Rule> {
        let root = Table { items: root, span: 0..0 };
        self.check_keys(&root, "a rules file has", &["rule"]);
        if let Some(Item::Table(_) | Item::Value(_)) = root.items.get("rule") {
            self.complain(root.span_of("rule").start, "a rule begins with [[rule]], in two brackets".to_owned());
            return Vec::new();
        }
        let tables = self.tables(&root, "rule");
        let rules: Vec<Rule> = tables.iter().enumerate().map(|(at, table)| self.rule(table, at)).collect();
        self.check_names(&rules, &tables);
        rules
    }

    fn rule(&mut self, table: &Table<'d>, at: usize) -> Rule {
        let others = ["name", "enabled", "often", "seed", "sequence", "fallback", "delay"];
        self.check_keys(table, "a rule has", &[&CONDITIONS[..], &REPLIES, &others].concat());
        let name = self.text(table, "name").map_or_else(|| default_name(at), |said| said.text.into_owned());
        let seed = self.whole(table, "seed", 0, u32::MAX.into()).and_then(|seed| u32::try_from(seed).ok());
        let enabled = self.flag(table, "enabled").unwrap_or(true);
        let mut rule = Rule { name, enabled, seed, ..Rule::default() };
        let rate = self.text(table, "often").and_then(|said| self.take(&said, Rate::read(&said.text, rule.draws_from())));
        (rule.rate, rule.when, rule.steps) = (rate.unwrap_or_default(), self.conditions(table), self.steps(table));
        rule
    }

    fn check_names(&mut self, rules: &[Rule], tables: &[Table<'d>]) {
        for (at, (rule, table)) in rules.iter().zip(tables).enumerate() {
            let name = rule.name.as_str();
            let place = table.span_of("name").start;
            if name.trim().is_empty() {
                self.complain(place, "the name is empty; history keeps it".to_owned());
            } else if RESERVED_NAMES.contains(&name) {
                self.complain(place, format!("{name:?} is what history says where no rule responded; a rule needs another name"));
            } else if let Some(first) = rules[..at].iter().position(|one| one.name == name) {
                let text = format!("{name:?} is the name of rule {} too; each rule needs a name of its own", first + 1);
                self.complain(place, text);
            }
        }
    }

    // Conditions, in the order in which they cost more.

    fn conditions(&mut self, table: &Table<'d>) -> Vec<Matcher> {
        let mut when = Vec::new();
        let mut add = |is_there: bool, matcher: Matcher| when.extend(is_there.then_some(matcher));
        let patterns = |said: Vec<Said<'_>>| said.into_iter().map(|one| Pattern::new(one.text)).collect::<Vec<_>>();
        let words = |said: Vec<Said<'_>>| said.into_iter().map(|one| one.text.into_owned()).collect::<Vec<_>>();
        let has = |key: &str| table.items.contains_key(key);
        add(has("command"), Matcher::Command(patterns(self.texts(table, "command"))));
        add(has("app"), Matcher::App(self.apps(table)));
        add(has("product"), Matcher::Product(self.each(table, "product", matcher::product)));
        add(has("platform"), Matcher::Platform(words(self.texts(table, "platform"))));
        add(has("path"), Matcher::Path(patterns(self.texts(table, "path"))));
        add(has("method"), Matcher::Method(words(self.texts(table, "method"))));
        add(has("verdict"), Matcher::Verdict(self.each(table, "verdict", Judgement::read)));
        when.extend(self.each(table, "field", Field::read).into_iter().map(Matcher::Field));
        when
    }

    fn apps(&mut self, table: &Table<'d>) -> Vec<String> {
        let ids = self.list(table, "app", "an app id, such as \"1400000001\"", |value| {
            let number = || value.as_integer().map(|number| Cow::Owned(number.to_string()));
            value.as_str().map(Cow::Borrowed).or_else(number)
        });
        let decimal = |id: Said<'d>| {
            let is_decimal = !id.text.is_empty() && id.text.bytes().all(|b| b.is_ascii_digit());
            let wrong = format!("{:?} is no app id; it has digits only, such as 1400000001", id.text);
            self.take(&id, if is_decimal { Ok(id.text.to_string()) } else { Err(wrong) })
        };
        ids.into_iter().filter_map(decimal).collect()
    }

    fn each<T>(&mut self, table: &Table<'d>, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        self.texts(table, key).iter().filter_map(|said| self.take(said, read(&said.text))).collect()
    }

    // What is responded.

    fn steps(&mut self, table: &Table<'d>) -> Vec<Step> {
        if !table.items.contains_key("sequence") {
            return vec![Step { times: 1, ..self.step(table) }];
        }
        for key in REPLIES.into_iter().chain(["delay", "fallback"]).filter(|key| table.items.contains_key(key)) {
            self.complain(table.span_of(key).start, format!("{key} stands beside a sequence; it belongs in one of its steps"));
        }
        let tables = self.tables(table, "sequence");
        if tables.is_empty() {
            self.complain(table.span_of("sequence").start, "a sequence has one step at least, such as { respond = \"ok\" }".to_owned());
        }
        tables.iter().map(|step| self.step_of_sequence(step)).collect()
    }

    fn step_of_sequence(&mut self, table: &Table<'d>) -> Step {
        self.check_keys(table, "a step has", &[&REPLIES[..], &STEP].concat());
        let times = self.whole(table, "times", 1, u32::MAX.into()).and_then(|times| u32::try_from(times).ok());
        Step { times: times.unwrap_or(1), ..self.step(table) }
    }

    fn step(&mut self, table: &Table<'d>) -> Step {
        let (reply, delay) = (self.reply(table).unwrap_or_default(), self.delay(table));
        if matches!(reply, Reply::Hold(_)) && table.items.contains_key("delay") {
            self.complain(table.span_of("delay").start, "a hold waits for you; a delay can't stand beside it".to_owned());
        }
        Step { times: 1, reply, delay }
    }

    fn delay(&mut self, table: &Table<'d>) -> Delay {
        let Some(Item::Value(value)) = table.items.get("delay") else { return Delay::None };
        let text = value.as_str().map(Cow::Borrowed).or_else(|| value.as_integer().map(|millis| Cow::Owned(millis.to_string())));
        // Anything else is no delay either, and is told so.
        let said = Said { text: text.unwrap_or_else(|| Cow::Owned(value.to_string())), span: table.span_of("delay") };
        self.take(&said, Delay::read(&said.text)).unwrap_or_default()
    }

    fn reply(&mut self, table: &Table<'d>) -> Option<Reply> {
        let there: Vec<&str> = REPLIES.into_iter().filter(|key| table.items.contains_key(key)).collect();
        let [key] = there.as_slice() else {
            self.complain_about_replies(table, &there);
            return None;
        };
        if *key != "respond" && table.items.contains_key("fallback") {
            self.complain(table.span_of("fallback").start, "a fallback belongs to respond = \"hold\"".to_owned());
        }
        match *key {
            "respond" => self.preset(table),
            "response" => self.nested(table, key).map(|own| Reply::Own(self.template(&own))),
            "refuse" => self.nested(table, key).map(|refusal| self.refusal(&refusal)),
            "rewrite" => self.nested(table, key).map(|rewrite| self.rewrite(&rewrite)),
            "refuse_members" => Some(Reply::RefuseMembers(self.texts(table, key).into_iter().map(|said| said.text.into_owned()).collect())),
            _ => Some(Reply::Results(self.tables(table, key).iter().map(|result| self.result(result)).collect())),
        }
    }

    fn complain_about_replies(&mut self, table: &Table<'d>, there: &[&str]) {
        if let [first, second, ..] = there {
            self.complain(table.span_of(second).start, format!("{second} stands beside {first}; only one of them is responded"));
        } else {
            let text = format!("nothing is responded; say one of {}, or a sequence of them", REPLIES.join(", "));
            self.complain(table.span.start, text);
        }
    }

    fn preset(&mut self, table: &Table<'d>) -> Option<Reply> {
        let said = self.text(table, "respond")?;
        let preset = self.take(&said, Preset::parse(&said.text).map_err(|error| error.to_string()))?;
        let fallback = self.text(table, "fallback").and_then(|said| self.take(&said, Fallback::read(&said.text)));
        if !preset.fits_a_rule() {
            let text = format!("{preset} can't stand in a rule, since no request arrives then; it is for the response bar and --respond");
            self.complain(said.span.start, text);
        }
        if preset == Preset::Hold {
            return Some(Reply::Hold(fallback.unwrap_or_default()));
        }
        if fallback.is_some() {
            self.complain(table.span_of("fallback").start, "a fallback belongs to respond = \"hold\"".to_owned());
        }
        Some(Reply::Preset(preset))
    }

    fn template(&mut self, table: &Table<'d>) -> Template {
        self.check_keys(table, "a response has", &["status", "headers", "body"]);
        let status = self.whole(table, "status", 200, 599).and_then(|status| u16::try_from(status).ok()).unwrap_or(200);
        let headers = self.headers(table);
        Template { status, headers, body: self.text(table, "body").map(|said| self.filled(&said, Text::read)).unwrap_or_default() }
    }

    fn headers(&mut self, table: &Table<'d>) -> Vec<(String, Text)> {
        let pairs = match table.items.get("headers") {
            Some(Item::Value(Value::Array(pairs))) => pairs.iter().filter_map(|pair| self.pair(pair)).collect(),
            Some(_) => self.nested(table, "headers").map(|headers| self.headers_by_name(&headers)).unwrap_or_default(),
            None => Vec::new(),
        };
        let header = |(name, value): (Said<'d>, Said<'d>)| {
            if let Some(wrong) = wrong_header(&name.text) {
                self.complain(name.span.start, wrong);
            }
            (name.text.into_owned(), self.filled(&value, Text::read_header))
        };
        pairs.into_iter().map(header).collect()
    }

    fn headers_by_name(&mut self, headers: &Table<'d>) -> Vec<(Said<'d>, Said<'d>)> {
        let names = headers.items.iter().map(|(name, _)| name);
        names.filter_map(|name| Some((Said { text: name.into(), span: headers.span_of(name) }, self.text(headers, name)?))).collect()
    }

    /// A header that may come more than once: `["Set-Cookie", "a=b"]`.
    fn pair(&mut self, pair: &'d Value) -> Option<(Said<'d>, Said<'d>)> {
        let said = |value: &'d Value| Some(Said { text: value.as_str()?.into(), span: value.span().unwrap_or_default() });
        let texts: Option<Vec<Said<'d>>> = pair.as_array().and_then(|pair| pair.iter().map(said).collect());
        let pairs: Option<[Said<'d>; 2]> = texts.and_then(|texts| texts.try_into().ok());
        if pairs.is_none() {
            self.complain(
                pair.span().unwrap_or_default().start,
                "a header in a list is a name and a value: [\"X-Test\", \"1\"]".to_owned(),
            );
        }
        pairs.map(Into::into)
    }

    fn refusal(&mut self, table: &Table<'d>) -> Reply {
        self.check_keys(table, "a refusal has", &["code", "info"]);
        let code = self.needed_whole(table, "code", "a refusal needs a code, such as { code = 10100 }");
        Reply::Refuse { code, info: self.text(table, "info").map(|said| self.filled(&said, Text::read)).unwrap_or_default() }
    }

    fn rewrite(&mut self, table: &Table<'d>) -> Reply {
        let keys = ["MsgBody", "CloudCustomData"];
        self.check_keys(table, "a rewrite has", &keys);
        if !keys.iter().any(|key| table.items.contains_key(key)) {
            self.complain(table.span.start, "a rewrite needs a MsgBody, a CloudCustomData, or both".to_owned());
        }
        let msg_body = self.text(table, "MsgBody").map(|said| self.message(&said));
        let cloud_custom_data = self.text(table, "CloudCustomData").map(|said| self.filled(&said, Text::read));
        Reply::Rewrite { msg_body, cloud_custom_data }
    }

    fn message(&mut self, said: &Said<'d>) -> Text {
        let text = self.filled(said, Text::read);
        if let Some(wrong) = wrong_message(&text) {
            self.complain(said.span.start, wrong.to_owned());
        }
        text
    }

    fn result(&mut self, table: &Table<'d>) -> UserResult {
        self.check_keys(table, "a result has", &["To_Account", "ResultCode", "ResultInfo"]);
        if !table.items.contains_key("To_Account") {
            self.complain(table.span.start, "a result needs a To_Account: the user that it is about".to_owned());
        }
        let to_account = self.text(table, "To_Account").map(|said| self.filled(&said, Text::read)).unwrap_or_default();
        let code = self.needed_whole(table, "ResultCode", "a result needs a ResultCode: 0 allows, 38000 to 39000 refuse");
        UserResult { to_account, code, info: self.text(table, "ResultInfo").map(|said| self.filled(&said, Text::read)).unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rule with these lines, and what is complained of: line, column and the beginning of the text.
    #[track_caller]
    fn check(lines: &str, expected: &[(usize, usize, &str)]) {
        let source = format!("[[rule]]\n{lines}");
        let complaints = read(&source).map(|_| ()).err().unwrap_or_default();
        let matches = |(complaint, (line, column, text)): (&Complaint, &(usize, usize, &str))| {
            (complaint.line, complaint.column) == (*line, *column) && complaint.text.contains(text)
        };
        assert!(complaints.len() == expected.len() && complaints.iter().zip(expected).all(matches), "{source}\n{complaints:#?}");
    }

    const WHOLE: &str = r#"
[[rule]]
name = "No red packets"
enabled = false
command = ["Group.*", "C2C.CallbackBeforeSendMsg"]
app = 1400000001
product = "chat"
platform = "Android"
path = "/im/*"
method = "POST"
verdict = ["bad", "signature:invalid"]
field = ["MsgBody[].MsgContent.Text contains 红包", "Random > 100"]
often = "30 %"
seed = 7
delay = "100 to 900 ms"
refuse = { code = 10100, info = "no, {{From_Account}}" }

[[rule]]
sequence = [{ times = 2, respond = "timeout" }, { respond = "hold", fallback = "fail:3" }]
"#;

    #[test]
    fn a_rule_is_read_with_all_it_says() {
        let rules = read(WHOLE).expect("bug: it is well formed");
        let [first, second] = rules.as_slice() else { panic!("{rules:?}") };
        assert_eq!((first.name.as_str(), first.enabled, first.seed), ("No red packets", false, Some(7)));
        assert_eq!(first.when.len(), 9);
        assert_eq!(first.when[1], Matcher::App(vec!["1400000001".to_owned()]));
        assert_eq!(first.rate, Rate::Chance { percent: 30, seed: 7 });
        assert_eq!((first.steps.len(), first.steps[0].delay), (1, Delay::Uniform { from: 100, to: 900 }));
        assert!(matches!(&first.steps[0].reply, Reply::Refuse { code: 10100, info } if info.source() == "no, {{From_Account}}"));
        assert_eq!((second.name.as_str(), second.enabled, second.rate), ("rule 2", true, Rate::Always));
        let timeout = Step { times: 2, reply: Reply::Preset(Preset::Timeout), delay: Delay::None };
        let hold = Step { times: 1, reply: Reply::Hold(Fallback::Fail(3)), delay: Delay::None };
        assert_eq!(second.steps, [timeout, hold]);
    }

    #[test]
    fn steps_and_results_may_be_tables_of_their_own() {
        let inline = "[[rule]]\nsequence = [{ results = [{ To_Account = \"a\", ResultCode = 0 }] }]\n";
        let apart = "[[rule]]\n[[rule.sequence]]\n[[rule.sequence.results]]\nTo_Account = \"a\"\nResultCode = 0\n";
        assert_eq!(read(inline).expect("bug: well formed"), read(apart).expect("bug: well formed"));
        let inline = "[[rule]]\nresponse = { status = 500, headers = { X-A = \"1\" } }\n";
        let apart = "[[rule]]\n[rule.response]\nstatus = 500\nheaders = [[\"X-A\", \"1\"]]\n";
        assert_eq!(read(inline).expect("bug: well formed"), read(apart).expect("bug: well formed"));
    }

    #[test]
    fn an_empty_file_has_no_rules() {
        assert_eq!(read(""), Ok(Vec::new()));
        assert_eq!(read("# nothing yet\n"), Ok(Vec::new()));
    }

    #[test]
    fn a_file_that_is_no_toml_is_told_where() {
        check("name = \"a", &[(2, 10, "")]);
        check("name = a", &[(2, 8, "")]);
    }

    #[test]
    fn unknown_keys_are_named() {
        check("respond = \"ok\"\ncomand = \"x\"\ncolour = 1", &[(3, 1, "did you mean command?"), (4, 1, "a rule has command, app")]);
        check("refuse = { code = 1, inf = \"\" }", &[(2, 22, "did you mean info?")]);
        check("response = { body = \"\", headers = {}, bdy = 1 }", &[(2, 39, "did you mean body?")]);
        check("sequence = [{ respond = \"ok\", time = 1 }]", &[(2, 31, "did you mean times?")]);
        check("respond = \"ok\"\ntimes = 3", &[(3, 1, "\"times\" is not known here")]);
        assert_eq!(read("[[rules]]\nx = 1").expect_err("bug: none")[0].text, "\"rules\" is not known here; did you mean rule?");
        assert!(read("[rule]\nrespond = \"ok\"").expect_err("bug: none")[0].text.contains("[[rule]]"));
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        check("", &[(1, 1, "nothing is responded")]);
        check("respond = \"nope\"", &[(2, 11, "is no preset")]);
        check("respond = \"refuse\"", &[(2, 11, "can't stand in a rule")]);
        check("respond = \"expired\"", &[(2, 11, "can't stand in a rule")]);
        check("respond = 1", &[(2, 11, "a text in quotes, and here stands a number")]);
        check("respond = \"ok\"\nrefuse = { code = 1 }", &[(3, 10, "refuse stands beside respond")]);
        check("respond = \"ok\"\nfallback = \"ok\"", &[(3, 12, "belongs to respond = \"hold\"")]);
        check("respond = \"hold\"\nfallback = \"no\"", &[(3, 12, "is no fallback")]);
        check("respond = \"hold\"\ndelay = 10", &[(3, 9, "can't stand beside it")]);
        check("sequence = [{ respond = \"hold\", delay = \"1 to 2 ms\" }]", &[(2, 41, "a hold waits for you")]);
        check("respond = \"ok\"\nenabled = 1", &[(3, 11, "true or false")]);
        check("respond = \"ok\"\nname = \"default\"", &[(3, 8, "another name")]);
        check("respond = \"ok\"\nname = \"\"", &[(3, 8, "is empty")]);
        check("respond = \"ok\"\nname = \"a\"\n[[rule]]\nrespond = \"ok\"\nname = \"a\"", &[(6, 8, "of rule 1 too")]);
        check("respond = \"ok\"\noften = \"sometimes\"", &[(3, 9, "is no rate")]);
        check("respond = \"ok\"\nseed = -1", &[(3, 8, "a whole number")]);
        check("respond = \"ok\"\ndelay = \"soon\"", &[(3, 9, "is no delay")]);
        check("respond = \"ok\"\ndelay = -5", &[(3, 9, "is no delay")]);
        check("respond = \"ok\"\ndelay = 1.5", &[(3, 9, "is no delay")]);
        check("respond = \"ok\"\nproduct = [\"chat\", \"mail\"]", &[(3, 20, "there are chat, live")]);
        check("respond = \"ok\"\napp = [\"14x\", 14, true]", &[(3, 8, "is no app id"), (3, 19, "app is an app id")]);
        check("respond = \"ok\"\ncommand = []", &[(3, 11, "here is none")]);
        check("respond = \"ok\"\ncommand = [\"a\", 1]", &[(3, 17, "or a list of them")]);
        check("respond = \"ok\"\nverdict = \"signature:wrong\"", &[(3, 11, "valid, invalid")]);
        check("respond = \"ok\"\nfield = [\"A exists\", \"A is b\"]", &[(3, 22, "is no condition")]);
        check("respond = \"ok\"\nfield = \"A[2] exists\"", &[(3, 9, "is no place in a body")]);
        check("refuse = 1", &[(2, 10, "a table in braces")]);
        check("refuse = { info = \"a {{b\" }", &[(2, 10, "needs a code"), (2, 22, "never closed")]);
        check("rewrite = {}", &[(2, 11, "needs a MsgBody")]);
        check("rewrite = { MsgBody = '{\"a\":1}' }", &[(2, 23, "no JSON array")]);
        check("rewrite = { MsgBody = '[{{A}}' }", &[(2, 23, "no JSON array")]);
        check("results = [{ ResultCode = 1 }]", &[(2, 12, "needs a To_Account")]);
        check("results = [{ To_Account = \"a\" }]", &[(2, 12, "needs a ResultCode")]);
        check("results = \"a\"", &[(2, 11, "a list of tables")]);
        check("response = { status = 100 }", &[(2, 23, "200 to 599")]);
        check("response = { headers = { Connection = \"close\" } }", &[(2, 39, "can't be set")]);
        check("response = { headers = [[\"a\"], [\"b\", \"c\\n\"]] }", &[(2, 25, "a name and a value"), (2, 38, "may not stand")]);
        check("response = { body = '红{{}}' }", &[(2, 23, "is no placeholder")]);
        check("sequence = []", &[(2, 12, "one step at least")]);
        check("sequence = [{ respond = \"ok\", times = 0 }]\ndelay = 1", &[(2, 39, "1 to"), (3, 9, "belongs in one of its steps")]);
    }
}
