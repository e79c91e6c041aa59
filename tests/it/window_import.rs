//! Importing in the window: the dialog, files dropped, text pasted, and what came of it.

use crate::bench::Bench;
use eframe::egui::{DroppedFile, Event as Input, HoveredFile, Key, Modifiers};
use hookglass::app::action::Dialog;
use hookglass::import::{Complaint, Report};
use hookglass::messages::{Effect, Event, ImportProgress};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the engine reads it".to_owned())
    }
}

fn dropped(bench: &mut Bench, path: &str) -> Vec<Effect> {
    bench.harness.input_mut().dropped_files = vec![Arc::new(Dropped(path.into()))];
    bench.asked()
}

fn pasted(bench: &mut Bench, text: &str) -> Vec<Effect> {
    bench.harness.event(Input::Paste(text.to_owned()));
    bench.asked()
}

fn damaged(count: u64) -> Report {
    let mut report = Report { exchanges: 1_234, duplicates: 20, ..Report::default() };
    (1..=count).for_each(|line| report.complain("/tmp/红.ndjson", Complaint { line, reason: "the head\u{202e} is damaged".to_owned() }));
    report
}

#[test]
fn a_file_is_typed_or_chosen_and_what_came_of_it_is_said() {
    let mut bench = Bench::with_file(Some("/tmp/chosen.har".into()));
    bench.receive(3);
    assert_eq!(bench.click("Import…"), []);
    assert!(bench.shows("Files can be dropped onto the window, and copied text pasted with"));
    bench.type_into("File", "/tmp/typed.ndjson");
    assert_eq!(bench.key(Modifiers::NONE, Key::Enter), [Effect::Import(vec!["/tmp/typed.ndjson".into()])]);
    bench.tell(Event::Imported { ids: Some(Arc::new((4..=5).collect())), report: Report { exchanges: 2, ..Report::default() } });
    assert_eq!(bench.harness.state().model().dialog, None);
    assert!(bench.shows("2 exchanges imported"), "{:?}", bench.harness);
    assert_eq!(bench.harness.state().model().history.len(), 5);

    bench.key(Modifiers::COMMAND, Key::I);
    assert_eq!(bench.click("Choose…"), [Effect::Import(vec!["/tmp/chosen.har".into()])]);
}

#[test]
fn an_import_shows_how_far_it_is_and_is_stopped() {
    let mut bench = Bench::new();
    bench.receive(1);
    assert_eq!(dropped(&mut bench, "/tmp/a"), [Effect::Import(vec!["/tmp/a".into()])]);
    assert_eq!(bench.harness.state().model().dialog, None, "it may be over in a moment");
    bench.tell(Event::Importing(ImportProgress { bytes: 12_300_000, of_bytes: Some(40_000_000), exchanges: 34_000 }));
    assert!(bench.shows("12.3 MB of 40.0 MB read, 34,000 exchanges"), "{:?}", bench.harness);
    assert_eq!(bench.key(Modifiers::NONE, Key::Escape), []);
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Import), "it goes on");
    assert_eq!(bench.click_last("Stop"), [Effect::StopImport]);
    assert!(bench.shows("Stopping"));
    bench.tell(Event::Imported { ids: None, report: Report::default() });
    assert!(bench.shows("The import was stopped; nothing was imported"));
    assert_eq!(bench.harness.state().model().dialog, None);
}

#[test]
fn what_could_not_be_read_is_listed() {
    let mut bench = Bench::new();
    bench.receive(1);
    dropped(&mut bench, "/tmp/a");
    bench.tell(Event::Imported { ids: Some(Arc::new((2..=3).collect())), report: damaged(2_000) });
    assert!(bench.shows("1,234 exchanges imported, 20 were there already, 2,000 could not be read"), "{:?}", bench.harness);
    assert!(bench.shows("Line 1 of /tmp/红.ndjson") && bench.shows("the head\\u{202e} is damaged"), "{:?}", bench.harness);
    bench.key(Modifiers::NONE, Key::Escape);
    bench.key(Modifiers::COMMAND, Key::I);
    assert!(!bench.shows("could not be read"), "it was looked at");
    bench.tell(Event::ImportFailed("nothing was imported, since the disk is full".to_owned()));
    assert!(bench.shows("Nothing was imported, since the disk is full"));
}

#[test]
fn text_is_pasted_where_nothing_is_typed() {
    let mut bench = Bench::new();
    bench.receive(1);
    assert_eq!(pasted(&mut bench, "{\"id\":1}"), [Effect::ImportText("{\"id\":1}".to_owned())]);
    bench.tell(Event::Imported { ids: Some(Arc::new((2..=2).collect())), report: Report { exchanges: 1, ..Report::default() } });
    assert_eq!(bench.asked(), [Effect::Open(2)]);
    assert_eq!(pasted(&mut bench, "hello"), [Effect::ImportText("hello".to_owned())]);
    let mut report = Report::default();
    report.complain("pasted", Complaint { line: 1, reason: "it is none".to_owned() });
    bench.tell(Event::Imported { ids: Some(Arc::default()), report });
    assert!(bench.shows("What is on the clipboard is nothing that can be imported: it is none"));
    assert_eq!(pasted(&mut bench, " \n"), []);
    bench.key(Modifiers::NONE, Key::Slash);
    assert_eq!(bench.harness.state().model().filter.text(), "");
    let asked = pasted(&mut bench, "red");
    assert!(asked.iter().all(|effect| !matches!(effect, Effect::ImportText(_))), "it is typed into the filter: {asked:?}");
    bench.open(Dialog::Export);
    // It asks for its preview.
    bench.asked();
    assert_eq!((pasted(&mut bench, "{}"), dropped(&mut bench, "/tmp/a")), (vec![], vec![]));
}

#[test]
fn files_over_the_window_are_welcomed() {
    let mut bench = Bench::new();
    assert!(!bench.shows("Drop files to import them"));
    bench.harness.input_mut().hovered_files = vec![HoveredFile::default()];
    bench.harness.run_ok();
    assert!(bench.shows("Drop files to import them") && bench.shows("NDJSON, JSON, HAR, raw HTTP"));
    bench.harness.input_mut().hovered_files.clear();
    assert_eq!(dropped(&mut bench, "/tmp/a"), [Effect::Import(vec!["/tmp/a".into()])]);
    assert!(!bench.shows("Drop files to import them"));
}

#[test]
fn a_request_without_a_response_says_so() {
    use crate::bench::exchange;
    use hookglass::exchange::{Exchange, IMPORTED, Responded};
    use hookglass::inspect;
    use hookglass::opened::Opened;
    use hookglass::protocol::Kept;

    let mut bench = Bench::new();
    bench.receive(1);
    let exchange = Exchange { response: Some(Responded::none(IMPORTED)), ..exchange(1) };
    let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
    bench.tell(Event::Opened(Some(Box::new(Opened::of(exchange, inspection, &[], true)))));
    bench.click("Response");
    assert!(bench.shows("No response is known: the request was imported without one"), "{:?}", bench.harness);
    assert!(bench.shows("Not recorded") && bench.shows("not known, it was imported"), "{:?}", bench.harness);
}
