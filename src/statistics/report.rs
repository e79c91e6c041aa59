//! What was counted, as numbers to be shown.

use super::commands::OneCommand;
use super::histogram::Histogram;
use super::{Fold, is_told_by_columns};
use crate::protocol::catalogue::{self, Command};
use crate::protocol::response::ReadAs;
use crate::protocol::verdict::{Overall, Severity};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that was counted.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many exchanges there are.
    pub count: u64,
    /// When the first and the last came, in milliseconds since the Unix epoch; `None` where there is none.
    pub span_millis: Option<(i64, i64)>,
    /// How many were judged so, in the order of [`Overall::ALL`].
    pub overall: Vec<(Overall, u64)>,
    /// How many responses were read so by their senders; `None` for exchanges without one. Only what there is.
    pub read_as: Vec<(Option<ReadAs>, u64)>,
    /// How long responses took.
    pub took: Times,
    /// The limits of all senders that there are here, ascending: milliseconds, and whether that is only assumed.
    pub limits: Vec<(u32, bool)>,
    /// The commands, the most frequent first.
    pub commands: Vec<CommandLine>,
    /// The documented commands that are not among them, in the documents' order.
    pub never: Vec<&'static Command>,
    /// Verdicts that are bad or a warning: the bad ones first, then the most frequent.
    pub verdicts: Vec<VerdictLine>,
    /// Fields that no document knows, the most frequent first.
    pub fields: Vec<FieldLine>,
    /// Whether there were more of them than are told apart.
    pub has_more_fields: bool,
    /// Into how many exchanges was looked; all that is called exact rests on all of them.
    pub looked_into: u64,
    /// How wide the buckets of time are, in milliseconds.
    pub bucket_millis: i64,
    /// What came when, the oldest first. Where nothing came there is no bucket.
    pub buckets: Vec<Bucket>,
}

/// How long responses took, from the request's last byte to the response's first. Quantiles are within a hundredth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// How many responses there are to tell it of.
    pub count: u64,
    /// Quantiles and the longest, in microseconds; `None` where there is no response.
    pub micros: Option<Spread>,
    /// How many came after the limit of their sender.
    pub late: u64,
}

/// How values are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// Half of them are at most this.
    pub p50: i64,
    /// Nine of ten.
    pub p90: i64,
    /// 95 of 100.
    pub p95: i64,
    /// 99 of 100.
    pub p99: i64,
    /// All, exactly.
    pub max: i64,
}

/// A command that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// Its name, or what it stands for.
    pub name: CommandName,
    /// The product's word; `None` where the command is not documented.
    pub product: Option<String>,
    /// Whether the documents know it.
    pub is_documented: bool,
    /// How often it came.
    pub count: u64,
    /// How many of those are bad.
    pub bad: u64,
    /// How long the responses took.
    pub took: Times,
    /// How long its sender waits, in milliseconds, and whether that is only assumed.
    pub limit: (u32, bool),
}

/// Which command is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandName {
    /// The one of this name.
    Named(String),
    /// None was named.
    None,
    /// So many different undocumented names that they were counted as one.
    Others,
}

/// A number that was counted, or scaled up from a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Estimate {
    /// The number.
    pub count: u64,
    /// Whether it was counted.
    pub is_exact: bool,
}

/// A verdict that is no good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerdictLine {
    /// Of what, such as `signature`.
    pub name: &'static str,
    /// What, such as `invalid`.
    pub state: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// On how many exchanges.
    pub count: Estimate,
}

/// A field that no document knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldLine {
    /// The command.
    pub command: String,
    /// The path, with `[]` for indices.
    pub path: String,
    /// In how many bodies.
    pub count: Estimate,
}

/// What came in a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// When it begins, in milliseconds since the Unix epoch.
    pub start_millis: i64,
    /// How many came.
    pub count: u64,
    /// How many of them are bad.
    pub bad: u64,
    /// How long the responses took, in microseconds.
    pub took_micros: Option<Spread>,
    /// Between signing and arrival, in seconds: one of ten is below the first, half are below the second, nine of ten below the
    /// third.
    pub skew_secs: Option<[i64; 3]>,
}

impl Report {
    /// Whether every number was counted.
    pub fn is_exact(&self) -> bool {
        self.looked_into >= self.count
    }

    /// The commands that came and that no document knows.
    pub fn undocumented(&self) -> impl Iterator<Item = &CommandLine> {
        self.commands.iter().filter(|command| !command.is_documented && command.name != CommandName::None)
    }
}

impl CommandLine {
    /// The command as it is shown.
    pub fn title(&self) -> &str {
        match &self.name {
            CommandName::Named(name) => name,
            CommandName::None => "(no command)",
            CommandName::Others => "(other undocumented names)",
        }
    }
}

pub(super) fn report(fold: &Fold) -> Report {
    let overall = Overall::ALL.into_iter().zip(fold.overall).collect();
    let read_as = ReadAs::ALL.into_iter().map(Some).chain([None]).zip(fold.read_as).filter(|(_, count)| *count > 0).collect();
    let measured = fold.commands.all().filter(|command| command.took_micros.count() > 0);
    let mut took = Histogram::default();
    measured.clone().for_each(|command| took.add_all(&command.took_micros));
    let limits: BTreeSet<(u32, bool)> = measured.map(|command| command.limit).collect();
    let buckets = fold.over_time.buckets().map(|(start_millis, bucket)| Bucket {
        start_millis,
        count: bucket.count,
        bad: bucket.bad,
        took_micros: spread(&bucket.took_micros),
        skew_secs: [100, 500, 900]
            .map(|rank| bucket.skew_secs.quantile(rank))
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .and_then(|all| all.try_into().ok()),
    });
    let has_any = fold.count > 0;
    Report {
        count: fold.count,
        span_millis: has_any.then_some((fold.first_millis, fold.last_millis)),
        overall,
        read_as,
        took: Times { count: took.count(), micros: spread(&took), late: fold.commands.all().map(|command| command.late).sum() },
        limits: limits.into_iter().collect(),
        commands: commands(fold),
        never: never(fold),
        verdicts: verdicts(fold),
        fields: fields(fold),
        has_more_fields: fold.looking.has_more_paths(),
        looked_into: fold.looking.count(),
        bucket_millis: fold.over_time.width_millis(),
        buckets: buckets.collect(),
    }
}

fn spread(histogram: &Histogram) -> Option<Spread> {
    let of = |rank| histogram.quantile(rank);
    Some(Spread { p50: of(500)?, p90: of(900)?, p95: of(950)?, p99: of(990)?, max: histogram.max()? })
}

fn commands(fold: &Fold) -> Vec<CommandLine> {
    let line = |command: &OneCommand, name: CommandName| CommandLine {
        name,
        product: command.product.as_deref().map(str::to_owned),
        is_documented: command.reference.is_some(),
        count: command.count,
        bad: command.bad,
        took: Times { count: command.took_micros.count(), micros: spread(&command.took_micros), late: command.late },
        limit: command.limit,
    };
    let name = |command: &OneCommand| match &*command.name {
        "" => CommandName::None,
        name => CommandName::Named(name.to_owned()),
    };
    let each = fold.commands.each().iter().map(|command| line(command, name(command)));
    let mut lines: Vec<CommandLine> = each.chain(fold.commands.others().map(|others| line(others, CommandName::Others))).collect();
    lines.sort_by_cached_key(|line| (Reverse(line.count), line.title().to_owned(), line.product.clone()));
    lines
}

fn never(fold: &Fold) -> Vec<&'static Command> {
    let has_come =
        |command: &&Command| fold.commands.each().iter().any(|one| one.reference.is_some_and(|came| std::ptr::eq(came, *command)));
    catalogue::get().commands.iter().filter(|command| !has_come(command)).collect()
}

fn verdicts(fold: &Fold) -> Vec<VerdictLine> {
    let sizes: BTreeMap<_, _> = fold.sample.sizes().collect();
    let bad = Overall::ALL.iter().position(|overall| *overall == Overall::Bad).expect("bug: ALL has all of them");
    let looked = fold.looking.verdicts(&sizes, bad).into_iter();
    let looked = looked.filter(|((name, state, _), _)| !is_told_by_columns(name, state));
    let looked = looked.map(|((name, state, severity), count)| VerdictLine { name, state, severity, count });
    let counted = fold.verdicts.iter().map(|((name, state), count)| VerdictLine {
        name,
        state,
        severity: Severity::Bad,
        count: Estimate { count: *count, is_exact: true },
    });
    let mut lines: Vec<VerdictLine> = looked.chain(counted).collect();
    lines.sort_by_key(|line| (Reverse(line.severity), Reverse(line.count.count), line.name, line.state));
    lines
}

fn fields(fold: &Fold) -> Vec<FieldLine> {
    let sizes: BTreeMap<_, _> = fold.sample.sizes().collect();
    let line = |(command, path, count): (usize, &str, Estimate)| FieldLine {
        command: fold.commands.get(command).name.to_string(),
        path: path.to_owned(),
        count,
    };
    let mut lines: Vec<FieldLine> = fold.looking.fields(&sizes).into_iter().map(line).collect();
    lines.sort_by(|one, other| {
        let order = |line: &FieldLine| (Reverse(line.count.count), line.command.clone(), line.path.clone());
        order(one).cmp(&order(other))
    });
    lines
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::filter::Entry;
    use crate::inspect;
    use crate::protocol::Kept;
    use crate::wire::Request;

    /// A good callback that was answered at once.
    pub fn entry(id: i64) -> Entry<'static> {
        Entry {
            id,
            received_at_millis: 1_700_000_000_000 + id * 1_000,
            method: Some("POST"),
            path: Some("/"),
            command: Some("State.StateChange"),
            product: Some("chat"),
            app: Some("1400000001"),
            platform: Some("iOS"),
            overall: Overall::Ok,
            signature: Some("valid"),
            size_bytes: 300,
            status: Some(200),
            code: Some(0),
            read_as: Some("accepted"),
            rule: Some("default"),
            fault: None,
            took_micros: Some(400),
            skew_secs: Some(1),
            pinned: false,
            mark: None,
            has_note: false,
        }
    }

    fn folded<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Fold {
        let mut fold = Fold::new(0);
        entries.into_iter().for_each(|entry| fold.add(&entry));
        fold
    }

    /// Looks into all that the fold asks for; each has this body.
    fn look(fold: &mut Fold, body: &str) {
        for one in fold.to_look_into() {
            let head = "POST /?SdkAppid=1400000001&CallbackCommand=State.StateChange HTTP/1.1\r\n\r\n";
            let request = Request::complete(0, head, body);
            fold.look_into(one, &request, &inspect::inspect(&request, &[], &Kept::default()));
        }
    }

    #[test]
    fn nothing_is_reported_of_nothing() {
        let report = folded([]).report();
        assert_eq!((report.count, report.span_millis, report.took, report.buckets.len()), (0, None, Times::default(), 0));
        assert_eq!(report.never.len(), catalogue::get().commands.len(), "none has come");
        assert!(report.is_exact() && report.commands.is_empty() && report.read_as.is_empty());
    }

    #[test]
    fn commands_are_counted_with_their_times_against_their_limits() {
        let late = Entry { took_micros: Some(2_000_001), overall: Overall::Bad, read_as: Some("failed"), ..entry(3) };
        let at_the_limit = Entry { took_micros: Some(2_000_000), ..entry(4) };
        let other = Entry { command: Some("Made.Up"), product: None, took_micros: None, read_as: None, ..entry(5) };
        let report = folded([entry(1), entry(2), late, at_the_limit, other]).report();
        let first = &report.commands[0];
        assert_eq!((first.title(), first.product.as_deref(), first.count, first.bad), ("State.StateChange", Some("chat"), 4, 1));
        assert_eq!((first.took.count, first.took.late, first.limit), (4, 1, (2_000, false)));
        assert_eq!(first.took.micros.map(|spread| spread.max), Some(2_000_001));
        assert_eq!((report.took.count, report.took.late), (4, 1));
        assert_eq!(report.undocumented().map(CommandLine::title).collect::<Vec<_>>(), ["Made.Up"]);
        assert!(!report.never.iter().any(|command| command.name == "State.StateChange"));
        assert_eq!(report.never.len(), catalogue::get().commands.len() - 1);
        assert_eq!(report.read_as, [(Some(ReadAs::Accepted), 3), (Some(ReadAs::Failed), 1), (None, 1)]);
        assert_eq!(report.span_millis, Some((1_700_000_001_000, 1_700_000_005_000)));
    }

    #[test]
    fn verdicts_come_from_the_columns_where_they_tell_and_else_from_the_bytes() {
        let forged = Entry { overall: Overall::Bad, signature: Some("invalid"), skew_secs: Some(61), ..entry(1) };
        let future = Entry { overall: Overall::Bad, skew_secs: Some(-61), ..entry(2) };
        let foreign =
            Entry { overall: Overall::NotCallback, method: Some("GET"), skew_secs: None, command: None, product: None, ..entry(3) };
        let mut fold = folded([forged, future, foreign, entry(4)]);
        let line = |line: &VerdictLine| (line.name, line.state, line.count.count, line.count.is_exact);
        let expected = [("signature", "invalid", 1, true), ("timestamp", "future", 1, true), ("timestamp", "stale", 1, true)];
        assert_eq!(fold.report().verdicts.iter().map(line).collect::<Vec<_>>(), expected, "{:?}", "before a body was read");
        look(&mut fold, "[]");
        let report = fold.report();
        assert_eq!(report.verdicts.iter().map(line).next(), Some(("body", "not_object", 4, true)));
        assert_eq!(report.verdicts.len(), 4);
        assert!(report.is_exact());
    }

    #[test]
    fn fields_that_no_document_knows_are_told_with_their_command() {
        let mut fold = folded((1..=3).map(entry));
        assert!(!fold.report().is_exact(), "the bodies were not read yet");
        look(&mut fold, r#"{"CallbackCommand":"State.StateChange","Odd":1}"#);
        let counted = FieldLine { command: "State.StateChange".into(), path: "Odd".into(), count: Estimate { count: 3, is_exact: true } };
        assert_eq!(fold.report().fields, [counted]);
        assert!(fold.report().verdicts.iter().any(|line| (line.name, line.state, line.count.count) == ("body", "undocumented", 3)));
    }

    #[test]
    fn time_is_told_by_buckets() {
        let later = Entry { received_at_millis: 1_700_000_000_000 + 86_400_000, skew_secs: None, took_micros: None, ..entry(9) };
        let report = folded([entry(1), Entry { skew_secs: Some(7), overall: Overall::Bad, ..entry(2) }, later]).report();
        assert_eq!(report.bucket_millis, 900_000);
        let [first, last] = report.buckets.as_slice() else { panic!("bug: two buckets: {:?}", report.buckets) };
        assert_eq!((first.count, first.bad, first.skew_secs), (2, 1, Some([1, 1, 7])));
        assert_eq!((last.count, last.skew_secs, last.took_micros), (1, None, None));
    }
}
