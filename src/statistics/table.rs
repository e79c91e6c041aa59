//! The numbers as text to be read, and as CSV for a spreadsheet: the same tables.

use super::report::{Estimate, Report, Spread};
use crate::protocol::verdict::Severity;
use crate::wording;
use jiff::tz::TimeZone;

/// How many fields that no document knows are printed as text. CSV has them all.
const MOST_FIELDS: usize = 50;

/// A table.
struct Table {
    title: &'static str,
    /// What is to be known of its numbers.
    note: Option<String>,
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// How many rows are printed as text.
    most: usize,
}

/// As text with its numbers below each other. `about` says which exchanges were counted.
pub fn text(report: &Report, about: &str, zone: &TimeZone) -> String {
    let mut parts = vec![format!("Statistics of {}", wording::visible(about))];
    for table in tables(report, zone).iter().filter(|table| !table.rows.is_empty()) {
        let mut lines = vec![table.title.to_owned()];
        lines.extend(table.note.iter().map(|note| format!("  {note}")));
        lines.extend(aligned(table));
        if let Some(left) = table.rows.len().checked_sub(table.most).filter(|left| *left > 0) {
            lines.push(format!("  and {} more; --format csv or json has them all", wording::count(left as u64)));
        }
        parts.push(lines.join("\n"));
    }
    parts.join("\n\n")
}

/// As CSV: the tables with their heads one below the other, an empty line between them.
pub fn csv(report: &Report, about: &str, zone: &TimeZone) -> String {
    let mut out = line(&["Statistics of".to_owned(), about.to_owned()]);
    for table in tables(report, zone).iter().chain([&over_time(report, zone)]).filter(|table| !table.rows.is_empty()) {
        out.push_str("\r\n");
        out.push_str(&line(&[table.title.to_owned()]));
        out.push_str(&table.note.iter().map(|note| line(std::slice::from_ref(note))).collect::<String>());
        out.push_str(&line(&table.heads.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>()));
        out.extend(table.rows.iter().map(|row| line(row)));
    }
    out
}

fn line(cells: &[String]) -> String {
    cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// One cell. What a spreadsheet would take for a formula gets an apostrophe before it.
fn cell(text: &str) -> String {
    let text = wording::visible(text);
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let safe = if is_formula { format!("'{text}") } else { text };
    if safe.contains([',', '"', '\n', '\r', ';']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// Rows with their cells below each other: the first cell from the left, numbers from the right.
fn aligned(table: &Table) -> Vec<String> {
    let heads: Vec<String> = table.heads.iter().map(|head| (*head).to_owned()).collect();
    let shown: Vec<Vec<String>> =
        table.rows.iter().take(table.most).map(|row| row.iter().map(|cell| wording::visible(cell)).collect()).collect();
    let all = || std::iter::once(&heads).chain(&shown);
    let width = |column: usize| all().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let is_number = |column: usize| {
        shown
            .iter()
            .filter_map(|row| row.get(column))
            .all(|cell| cell.is_empty() || cell.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '~' | '(')))
    };
    let from_right: Vec<bool> = (0..heads.len()).map(is_number).collect();
    let row = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).zip(&from_right);
        let padded =
            cells.map(|((cell, width), from_right)| if *from_right { format!("{cell:>width$}") } else { format!("{cell:<width$}") });
        format!("  {}", padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    all().map(row).collect()
}

fn tables(report: &Report, zone: &TimeZone) -> Vec<Table> {
    vec![overview(report, zone), verdicts(report), read_as(report), commands(report), undocumented(report), fields(report), never(report)]
}

fn table(title: &'static str, heads: &[&'static str], rows: Vec<Vec<String>>) -> Table {
    Table { title, note: None, heads: heads.to_vec(), rows, most: usize::MAX }
}

fn overview(report: &Report, zone: &TimeZone) -> Table {
    let mut rows = vec![vec!["exchanges".to_owned(), report.count.to_string()]];
    if let Some((first, last)) = report.span_millis {
        rows.push(vec!["first".to_owned(), wording::local_time(first, zone)]);
        rows.push(vec!["last".to_owned(), wording::local_time(last, zone)]);
    }
    rows.extend(
        report.overall.iter().filter(|(_, count)| *count > 0).map(|(overall, count)| vec![overall.word().to_owned(), count.to_string()]),
    );
    if let Some(Spread { p50, p90, p95, p99, max }) = report.took.micros {
        let times = [("50 %", p50), ("90 %", p90), ("95 %", p95), ("99 %", p99), ("all", max)];
        rows.extend(times.map(|(share, micros)| vec![format!("{share} responded within, ms"), millis(micros)]));
        rows.push(vec!["responses over the sender's limit".to_owned(), report.took.late.to_string()]);
        rows.push(vec!["without a response".to_owned(), (report.count - report.took.count).to_string()]);
    }
    table("Overview", &["", "value"], rows)
}

fn verdicts(report: &Report) -> Table {
    let row = |line: &super::VerdictLine| {
        let weight = if line.severity == Severity::Bad { "bad" } else { "warning" };
        vec![line.name.to_owned(), line.state.to_owned(), weight.to_owned(), estimate(line.count)]
    };
    let rows = report.verdicts.iter().map(row).collect();
    Table { note: sample_note(report), ..table("Verdicts", &["verdict", "state", "weight", "exchanges"], rows) }
}

fn read_as(report: &Report) -> Table {
    let row = |(read_as, count): &(Option<crate::protocol::response::ReadAs>, u64)| {
        vec![read_as.map_or("no response", |read_as| read_as.word()).to_owned(), count.to_string()]
    };
    table("Responses as their senders read them", &["read as", "exchanges"], report.read_as.iter().map(row).collect())
}

fn commands(report: &Report) -> Table {
    let heads = ["command", "product", "exchanges", "bad", "p50 ms", "p90 ms", "p95 ms", "p99 ms", "max ms", "limit ms", "over limit"];
    let row = |line: &super::CommandLine| {
        let times =
            line.took.micros.map_or_else(Default::default, |Spread { p50, p90, p95, p99, max }| [p50, p90, p95, p99, max].map(millis));
        let mut cells =
            vec![line.title().to_owned(), line.product.clone().unwrap_or_default(), line.count.to_string(), line.bad.to_string()];
        cells.extend(times);
        cells.extend([limit(line.limit), line.took.late.to_string()]);
        cells
    };
    let note = report.commands.iter().any(|line| line.limit.1).then(|| "a limit in brackets is assumed from Chat".to_owned());
    Table { note, ..table("Commands", &heads, report.commands.iter().map(row).collect()) }
}

fn undocumented(report: &Report) -> Table {
    let rows = report.undocumented().map(|line| vec![line.title().to_owned(), line.count.to_string()]).collect();
    table("Undocumented commands", &["command", "exchanges"], rows)
}

fn fields(report: &Report) -> Table {
    let row = |line: &super::FieldLine| vec![line.command.clone(), line.path.clone(), estimate(line.count)];
    let rows = report.fields.iter().map(row).collect();
    let more = report.has_more_fields.then(|| "there are more paths than are told apart".to_owned());
    let note = [sample_note(report), more].into_iter().flatten().reduce(|one, other| format!("{one}; {other}"));
    Table { note, most: MOST_FIELDS, ..table("Undocumented fields", &["command", "field", "exchanges"], rows) }
}

fn never(report: &Report) -> Table {
    let rows = report.never.iter().map(|command| vec![command.name.clone(), command.product.word().to_owned()]).collect();
    table("Documented commands that did not come", &["command", "product"], rows)
}

fn over_time(report: &Report, zone: &TimeZone) -> Table {
    let heads = ["from", "exchanges", "bad", "p50 ms", "p95 ms", "max ms", "skew p10 s", "skew p50 s", "skew p90 s"];
    let row = |bucket: &super::Bucket| {
        let times = bucket.took_micros.map_or_else(Default::default, |spread| [spread.p50, spread.p95, spread.max].map(millis));
        let skew = bucket.skew_secs.map_or_else(Default::default, |skew| skew.map(|secs| secs.to_string()));
        let mut cells = vec![wording::local_time(bucket.start_millis, zone), bucket.count.to_string(), bucket.bad.to_string()];
        cells.extend(times.into_iter().chain(skew));
        cells
    };
    let note = Some(format!("each line is of {}", width(report.bucket_millis)));
    Table { note, ..table("Over time", &heads, report.buckets.iter().map(row).collect()) }
}

/// What is to be known of numbers that rest on bodies.
fn sample_note(report: &Report) -> Option<String> {
    let Report { count, looked_into, .. } = report;
    let sampled = || {
        format!(
            "{} of {} exchanges were read for this; ~ stands before what was scaled up from them",
            wording::count(*looked_into),
            wording::count(*count)
        )
    };
    (!report.is_exact()).then(sampled)
}

fn estimate(estimate: Estimate) -> String {
    if estimate.is_exact { estimate.count.to_string() } else { format!("~{}", estimate.count) }
}

fn limit((millis, is_assumed): (u32, bool)) -> String {
    if is_assumed { format!("({millis})") } else { millis.to_string() }
}

/// Microseconds as milliseconds.
fn millis(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.unsigned_abs();
    format!("{sign}{}.{:03}", micros / 1_000, micros % 1_000)
}

/// How wide a bucket is, in words.
pub fn width(millis: i64) -> String {
    let secs = millis / 1000;
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (unit, name) = units.into_iter().find(|(unit, _)| secs >= *unit && secs % unit == 0).unwrap_or((1, "second"));
    match secs / unit {
        1 => format!("1 {name}"),
        number => format!("{number} {name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Entry;
    use crate::protocol::verdict::Overall;
    use crate::statistics::Fold;
    use crate::statistics::report::tests::entry;

    fn report() -> Report {
        let mut fold = Fold::new(0);
        fold.add(&entry(1));
        fold.add(&Entry { overall: Overall::Bad, signature: Some("invalid"), took_micros: Some(12_345_678), ..entry(2) });
        fold.add(&Entry { command: Some("=HYPERLINK(\"http://x\",1)"), product: None, took_micros: None, ..entry(3) });
        fold.report()
    }

    #[test]
    fn text_is_aligned_and_complete() {
        let text = text(&report(), "all exchanges", &TimeZone::UTC);
        for line in [
            "Statistics of all exchanges",
            "  exchanges                                                       3",
            "  first                              2023-11-14 22:13:21.000 +00:00",
            "  signature  invalid  bad             1",
            "  accepted          3",
            "  State.StateChange         chat             2    1   0.402  12345.678  12345.678  12345.678  12345.678      2000           1",
            "Documented commands that did not come",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }

    #[test]
    fn csv_holds_no_formula_and_has_the_same_rows() {
        let csv = csv(&report(), "command:=x, or \"y\"", &TimeZone::UTC);
        assert!(csv.starts_with("Statistics of,\"command:=x, or \"\"y\"\"\"\r\n\r\nOverview\r\n"), "{csv}");
        assert!(csv.contains("\r\n\"'=HYPERLINK(\"\"http://x\"\",1)\",,1,0,,,,,,(2000),0\r\n"), "{csv}");
        assert!(csv.contains("\r\nOver time\r\neach line is of 1 second\r\nfrom,exchanges,bad,"), "{csv}");
        for line in csv.lines() {
            assert!(!line.split(',').any(|cell| cell.starts_with(['=', '+', '@'])), "{line}");
        }
        assert_eq!(["-5", "-x", "a;b", "\u{202e}x"].map(cell), ["-5", "'-x", "\"a;b\"", "\\u{202e}x"]);
    }

    #[test]
    fn numbers_of_a_sample_are_called_so() {
        let note = sample_note(&Report { count: 1_000_000, looked_into: 20_000, ..Report::default() });
        assert_eq!(note.as_deref(), Some("20,000 of 1,000,000 exchanges were read for this; ~ stands before what was scaled up from them"));
        assert_eq!(sample_note(&Report { count: 5, looked_into: 5, ..Report::default() }), None);
        assert_eq!(estimate(Estimate { count: 1_234, is_exact: false }), "~1234");
    }

    #[test]
    fn widths_are_in_words() {
        assert_eq!(
            [1_000, 15_000, 60_000, 900_000, 10_800_000, 604_800_000].map(width),
            ["1 second", "15 seconds", "1 minute", "15 minutes", "3 hours", "7 days"]
        );
        assert_eq!([0, 412, 2_000_001, -1_500].map(millis), ["0.000", "0.412", "2000.001", "-1.500"]);
    }
}
