//! Exchanges in forms that leave the program. One file a form; values in, bytes out.
//!
//! A [`Writing`] takes one exchange after the other, so that a million take no more memory than one.

pub mod csv;
pub mod curl;
mod har;
pub mod http;
pub mod ndjson;
pub mod report;
mod url;

use crate::annotation::Annotation;
use crate::exchange::Exchange;
use crate::inspect::Inspection;
use crate::protocol::findings::Findings;
use jiff::tz::TimeZone;
use std::io::{self, Write};

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One JSON object a line.
    #[default]
    Ndjson,
    /// One JSON array of the same objects.
    Json,
    /// Requests and responses as they were on the wire.
    Http,
    /// An HTTP archive, for browsers' developer tools.
    Har,
    /// Commands that send the requests again.
    Curl,
    /// A table.
    Csv,
    /// A report for a support ticket.
    Report,
}

impl Format {
    /// All of them in their order: first the complete ones, then those for sharing.
    pub const ALL: [Self; 7] = [Self::Ndjson, Self::Json, Self::Http, Self::Har, Self::Curl, Self::Csv, Self::Report];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Http => "http",
            Self::Har => "har",
            Self::Curl => "curl",
            Self::Csv => "csv",
            Self::Report => "report",
        }
    }

    /// Whether it is for sharing: redacted, unless all is asked for. The others are the history's own form, and complete.
    pub fn is_for_sharing(self) -> bool {
        matches!(self, Self::Har | Self::Curl | Self::Csv | Self::Report)
    }

    /// What a file of it begins with, and a stream does not: without this mark, spreadsheets take Chinese for something else.
    pub fn file_mark(self) -> &'static [u8] {
        if self == Self::Csv { "\u{feff}".as_bytes() } else { b"" }
    }
}

/// What an export is to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The form.
    pub format: Format,
    /// Whether nothing private may leave.
    pub redacted: bool,
    /// The columns of [`Format::Csv`].
    pub columns: Vec<csv::Cell>,
    /// For which shell [`Format::Curl`] is.
    pub shell: curl::Shell,
    /// Whether each request and response of [`Format::Http`] gets a file of its own.
    pub in_files: bool,
    /// Whether [`Format::Report`] is HTML, and not Markdown.
    pub as_html: bool,
}

impl Form {
    /// A format as it is unless one says otherwise.
    pub fn of(format: Format) -> Self {
        Self {
            format,
            redacted: format.is_for_sharing(),
            columns: csv::Cell::usual(),
            shell: curl::Shell::of_here(),
            in_files: false,
            as_html: false,
        }
    }

    /// Whether it is a folder of files.
    pub fn is_folder(&self) -> bool {
        self.format == Format::Http && self.in_files
    }

    /// How the name of such a file ends, after the dot.
    pub fn extension(&self) -> &'static str {
        match self.format {
            Format::Ndjson => "ndjson",
            Format::Json => "json",
            Format::Http => "warc",
            Format::Har => "har",
            Format::Curl => self.shell.extension(),
            Format::Csv => "csv",
            Format::Report if self.as_html => "html",
            Format::Report => "md",
        }
    }
}

/// An exchange that leaves, with all that a form may say of it.
#[derive(Debug, Clone, Copy)]
pub struct Leaving<'a> {
    /// The exchange.
    pub exchange: &'a Exchange,
    /// What the user says of it.
    pub annotation: &'a Annotation,
    /// What it is.
    pub inspection: &'a Inspection,
    /// What explains that.
    pub findings: &'a Findings,
}

/// Where an export comes from and in which words.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Where [`Format::Curl`] sends the requests, such as `http://127.0.0.1:9700`.
    pub base: String,
    /// In which zone times are told in sentences.
    pub zone: TimeZone,
}

/// An export that is being written.
#[derive(Debug)]
pub struct Writing<W> {
    form: Form,
    setting: Setting,
    out: W,
    count: u64,
}

impl<W: Write> Writing<W> {
    /// Begins one.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn begin(form: Form, setting: Setting, mut out: W) -> io::Result<Self> {
        match form.format {
            Format::Ndjson | Format::Curl => {}
            Format::Json => out.write_all(b"[")?,
            Format::Http => out.write_all(&http::begin())?,
            Format::Har => out.write_all(har::begin().as_bytes())?,
            Format::Csv => out.write_all(&csv::head(&form.columns))?,
            Format::Report if form.as_html => out.write_all(report::html::head(form.redacted).as_bytes())?,
            Format::Report => out.write_all(report::markdown::head(form.redacted).as_bytes())?,
        }
        Ok(Self { form, setting, out, count: 0 })
    }

    /// Writes an exchange; `false` where the form cannot say it.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn add(&mut self, leaving: Leaving<'_>) -> io::Result<bool> {
        let Leaving { exchange, annotation, inspection, findings } = leaving;
        let line = || ndjson::line(exchange, annotation, inspection, findings, &self.setting.zone);
        match self.form.format {
            Format::Ndjson => writeln!(self.out, "{}", line())?,
            Format::Json => write!(self.out, "{}{}", self.between("\n", ",\n"), line())?,
            Format::Http => self.out.write_all(&http::records(leaving))?,
            Format::Har => write!(self.out, "{}{}", self.between("\n", ",\n"), har::entry(leaving, &self.setting.zone))?,
            Format::Curl => {
                let Some(command) = curl::command(&exchange.request, &self.setting.base, self.form.shell) else { return Ok(false) };
                write!(self.out, "{}{command}", self.between("", self.form.shell.line_end()))?;
            }
            Format::Csv => self.out.write_all(&csv::line(&self.form.columns, leaving))?,
            Format::Report => {
                let sheet = report::Sheet::of(exchange, annotation, inspection, findings, &self.setting.zone);
                let text = if self.form.as_html { report::html::exchange(&sheet) } else { report::markdown::exchange(&sheet) };
                self.out.write_all(text.as_bytes())?;
            }
        }
        self.count += 1;
        Ok(true)
    }

    /// What stands before an exchange: before the first one, and before the others.
    fn between(&self, first: &'static str, other: &'static str) -> &'static str {
        if self.count == 0 { first } else { other }
    }

    /// Ends it, and gives back what was written to.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn end(mut self) -> io::Result<W> {
        match self.form.format {
            Format::Ndjson | Format::Http | Format::Curl | Format::Csv => {}
            Format::Json => self.out.write_all(self.between("]\n", "\n]\n").as_bytes())?,
            Format::Har => self.out.write_all(har::END.as_bytes())?,
            Format::Report if self.form.as_html => self.out.write_all(report::html::tail().as_bytes())?,
            Format::Report => self.out.write_all(report::markdown::tail().as_bytes())?,
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::csv::Cell;
    use super::*;
    use crate::exchange::{DEFAULT_RULE, Outcome, Responded};
    use crate::inspect;
    use crate::protocol::{Kept, response};
    use crate::wire::Request;
    use serde_json::{Value, json};

    /// Exchanges in a form.
    fn written(form: &Form, exchanges: &[Exchange]) -> String {
        let setting = Setting { base: "http://127.0.0.1:9700".to_owned(), zone: TimeZone::UTC };
        let mut writing = Writing::begin(form.clone(), setting, Vec::new()).expect("bug: a Vec takes it");
        for exchange in exchanges {
            let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
            let annotation = Annotation { note: "问".to_owned(), ..Annotation::default() };
            let findings = Findings::default();
            let leaving = Leaving { exchange, annotation: &annotation, inspection: &inspection, findings: &findings };
            writing.add(leaving).expect("bug: a Vec takes it");
        }
        String::from_utf8(writing.end().expect("bug: a Vec takes it")).expect("bug: it is text")
    }

    fn json(form: Format, exchanges: &[Exchange]) -> Value {
        serde_json::from_str(&written(&Form::of(form), exchanges)).expect("bug: it is JSON")
    }

    fn exchange(id: i64, head: &str, body: &str) -> Exchange {
        let decided = Responded::decided(response::success(), DEFAULT_RULE);
        let responded = Responded { responded_after_micros: Some(412), outcome: Some(Outcome::Sent), ..decided };
        Exchange { id, request: Request::complete(1_669_872_112_500, head, body), response: Some(responded) }
    }

    fn two() -> [Exchange; 2] {
        let head = "POST /?SdkAppid=1&CallbackCommand=Group.CallbackAfterSendMsg HTTP/1.1\r\nHost: x\r\n\r\n";
        [exchange(3, head, r#"{"GroupId":"=1+1;@x"}"#), exchange(4, "nonsense\r\n\r\n", "")]
    }

    #[test]
    fn json_is_one_array_of_what_ndjson_has_a_line_of() {
        for exchanges in [&two()[..], &two()[..1], &[]] {
            let lines = written(&Form::of(Format::Ndjson), exchanges);
            let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("bug: a line is JSON")).collect();
            assert_eq!(json(Format::Json, exchanges), Value::Array(lines));
        }
    }

    #[test]
    fn an_archive_of_nothing_is_one() {
        assert_eq!(json(Format::Har, &[])["log"]["entries"], json!([]));
    }

    #[test]
    fn an_archive_says_what_was_asked_responded_and_judged() {
        let har = json(Format::Har, &two());
        let (first, second) = (&har["log"]["entries"][0], &har["log"]["entries"][1]);
        assert_eq!(first["startedDateTime"], "2022-12-01T05:21:52.500Z");
        assert_eq!(first["request"]["url"], "http://x/?SdkAppid=1&CallbackCommand=Group.CallbackAfterSendMsg");
        assert_eq!(first["request"]["queryString"][1]["value"], "Group.CallbackAfterSendMsg");
        assert_eq!(first["request"]["postData"]["text"], r#"{"GroupId":"=1+1;@x"}"#);
        assert_eq!(first["response"]["content"]["text"], r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#);
        assert_eq!((&first["time"], &first["timings"]["wait"]), (&json!(0.412), &json!(0.412)));
        assert_eq!((&first["_hookglass"]["read_as"], &first["comment"]), (&json!("accepted"), &json!("问")));
        assert_eq!((&second["request"]["method"], &second["request"]["url"]), (&json!(""), &json!("http://localhost/")));
    }

    #[test]
    fn a_request_that_curl_cannot_send_is_left_out() {
        assert_eq!(written(&Form::of(Format::Curl), &two()).matches("curl --http1.1").count(), 1);
    }

    #[test]
    fn a_table_holds_no_formula() {
        let columns = Cell::read_list("id,body.GroupId,took,note,skew").expect("bug: there are these");
        let table = written(&Form { columns, ..Form::of(Format::Csv) }, &two());
        let lines: Vec<&str> = table.split("\r\n").collect();
        let expected =
            [r#""id","body.GroupId","took","note","skew""#, r#""3","'=1+1;'@x","0.412","问","""#, r#""4","","0.412","问","""#, ""];
        assert_eq!(lines, expected);
    }

    #[test]
    fn raw_http_stands_between_its_records_byte_for_byte() {
        let archive = written(&Form::of(Format::Http), &two()[..1]);
        let records: Vec<&str> = archive.split("WARC/1.1\r\n").skip(1).collect();
        let kinds = records.iter().map(|record| record.lines().next().expect("bug: it has lines"));
        assert!(kinds.eq(["WARC-Type: warcinfo", "WARC-Type: request", "WARC-Type: response"]));
        let (fields, content) = records[1].split_once("\r\n\r\n").expect("bug: an empty line ends the fields");
        let field = |name: &str| fields.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).expect(name);
        let length: usize = field("Content-Length").parse().expect("bug: a number");
        assert_eq!((&content[length..], &content[..4]), ("\r\n\r\n", "POST"));
        let besides: Value = serde_json::from_str(field("Hookglass-Exchange")).expect("bug: it is JSON");
        let head = besides["head_bytes"].as_u64().and_then(|bytes| usize::try_from(bytes).ok()).expect("bug: a number");
        assert_eq!(&content[head..length], r#"{"GroupId":"=1+1;@x"}"#);
        assert_eq!((&besides["response"]["outcome"], &besides["note"]), (&json!("sent"), &json!("问")));
    }
}
