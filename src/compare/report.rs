//! A comparison as text, for the clipboard: each difference on a line, with its path.

use super::fact::Fact;
use super::json::{JsonDiff, Paths, Shape};
use super::{Change, Comparison, Content, Hand, Ignored, Section, Title, Who};
use crate::wording;
use jiff::tz::TimeZone;

/// How many differences are told of one part.
const MOST_TOLD: usize = 5_000;

/// The most of a value that is told, in characters.
const VALUE_CHARS: usize = 1_000;

/// Tells a comparison.
pub fn report(comparison: &Comparison, ignored: &Ignored, zone: &TimeZone) -> String {
    let mut lines = vec![format!("- {}", who(&comparison.left, zone)), format!("+ {}", who(&comparison.right, zone))];
    lines.push(counted(comparison));
    if comparison.counts.ignored > 0 {
        lines.push(format!("ignored wherever they stand: {}", ignored.names().collect::<Vec<_>>().join(", ")));
    }
    for section in comparison.sections.iter().filter(|section| section.counts.differences() > 0) {
        lines.push(String::new());
        lines.push(title(section.title).to_owned());
        tell(section, &mut lines);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// What stands on a side, in words.
pub fn who(who: &Who, zone: &TimeZone) -> String {
    match who {
        Who::Exchange { id, received_at_millis, title } => {
            format!("#{id} {}, received {}", wording::value(title), wording::local_time(*received_at_millis, zone))
        }
        Who::Sample { command, number: 0 } => format!("documented sample of {command}"),
        Who::Sample { command, number } => format!("documented sample {} of {command}", number + 1),
    }
}

/// The name of a part.
pub fn title(title: Title) -> &'static str {
    match title {
        Title::Body => "Body",
        Title::RequestLine => "Request line",
        Title::Parameters => "URL parameters",
        Title::Headers => "Headers",
        Title::Verdicts => "Verdicts",
        Title::Response => "Response",
        Title::ResponseHeaders => "Response headers",
        Title::ResponseBody => "Response body",
    }
}

fn counted(comparison: &Comparison) -> String {
    let counts = &comparison.counts;
    let of = [
        (counts.added, "added"),
        (counts.removed, "removed"),
        (counts.changed, "changed"),
        (counts.rewritten, "written differently"),
        (counts.ignored, "ignored"),
    ];
    let told: Vec<String> =
        of.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{} {word}", wording::count(number))).collect();
    if told.is_empty() { "the same".to_owned() } else { told.join(", ") }
}

/// The sign of a difference at the beginning of its line.
pub fn sign(change: Change) -> char {
    match change {
        Change::Same => ' ',
        Change::Rewritten => '≈',
        Change::Ignored => '·',
        Change::Changed => '~',
        Change::Removed => '-',
        Change::Added => '+',
    }
}

fn tell(section: &Section, lines: &mut Vec<String>) {
    let before = lines.len();
    let is_full = |lines: &Vec<String>| lines.len() - before >= MOST_TOLD;
    match &section.content {
        Content::Json(diff) => tell_json(diff, lines, is_full),
        Content::Facts(facts) => {
            lines.extend(facts.iter().filter(|fact| fact.unit().change.is_difference()).take(MOST_TOLD).map(fact_line));
        }
        Content::Text(_) | Content::Bytes(_) => {
            let units = (0..section.len()).filter(|at| section.unit(*at).change.is_difference());
            for at in units {
                let [left, right] = section.unit(at).lines;
                for (sign, hand, count) in [('-', Hand::Left, left), ('+', Hand::Right, right)] {
                    let all = (0..count).take_while(|_| !is_full(lines)).filter_map(|line| section.line(at, hand, line));
                    let told: Vec<String> = all.map(|line| format!("{sign} {}", line.text())).collect();
                    lines.extend(told);
                }
            }
        }
    }
    if is_full(lines) {
        lines.truncate(before + MOST_TOLD);
        lines.push("… and more".to_owned());
    }
}

fn fact_line(fact: &Fact) -> String {
    let change = fact.unit().change;
    let [left, right] = [Hand::Left, Hand::Right].map(|hand| fact.value(hand).map(|value| wording::shortened(value, VALUE_CHARS)));
    told(change, fact.name(), left, right)
}

fn told(change: Change, name: &str, left: Option<String>, right: Option<String>) -> String {
    let colon = if name.is_empty() { "" } else { ": " };
    let values = [left, right].into_iter().flatten().collect::<Vec<_>>().join(" → ");
    format!("{} {name}{colon}{values}", sign(change))
}

fn tell_json(diff: &JsonDiff, lines: &mut Vec<String>, is_full: impl Fn(&Vec<String>) -> bool) {
    let mut paths = Paths::default();
    for item in &diff.items {
        let path = paths.next(diff, item);
        if item.shape != Shape::Values || !item.change.is_difference() {
            continue;
        }
        if is_full(lines) {
            return;
        }
        let value = |hand: usize| {
            let (text, values) = (&diff.levels[item.level as usize][hand], &item.values[hand]);
            (!values.is_empty()).then(|| wording::shortened_bytes(text.raw(values.start), VALUE_CHARS))
        };
        lines.push(told(item.change, path, value(0), value(1)));
    }
}
