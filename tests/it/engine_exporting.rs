//! Exports as the engine carries them out: previews, copies, progress, and what is left where one fails or is stopped.

use crate::support::{Caller, JOIN, Receiving, folder, now_secs, post, sample, target};
use hookglass::export::{Form, Format};
use hookglass::messages::{Destination, Effect, Event, Export, Preview};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn export(format: Format) -> Export {
    Export { ids: None, form: Form::of(format) }
}

fn to(path: &Path, replace: bool) -> Destination {
    Destination { path: path.to_owned(), replace }
}

/// An engine whose history has so many exchanges.
fn filled(count: usize) -> Receiving {
    let receiving = Receiving::start();
    let mut caller = Caller::call(receiving.address);
    let request = post(&target(now_secs()), JOIN);
    for _ in 0..count {
        caller.ask(&request).expect("bug: it answers");
    }
    receiving.counts(|counts| counts.received == count as u64 && counts.unsaved == 0);
    receiving
}

fn previewed(receiving: &Receiving, export: Export) -> Preview {
    receiving.ask(Effect::PreviewExport { number: 7, export });
    receiving.hear(|event| if let Event::ExportPreview { number: 7, preview } = event { Some(preview) } else { None })
}

#[test]
fn a_preview_is_the_beginning_of_what_leaves() {
    let receiving = filled(30);
    let place = folder();
    for (at, format) in Format::ALL.into_iter().enumerate() {
        let preview = previewed(&receiving, export(format));
        assert!(preview.of == 30 && (1..30).contains(&preview.shown), "{format:?}: {} of {}", preview.shown, preview.of);
        let path = place.path().join(at.to_string());
        receiving.ask(Effect::Export(export(format), to(&path, false)));
        let written = |event| if let Event::Exported { count, left_out, .. } = event { Some((count, left_out)) } else { None };
        let (count, left_out) = receiving.hear(written);
        assert_eq!((count, left_out), (30, 0));
        let file = fs::read_to_string(&path).expect("bug: it is text");
        let file = file.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        // The end of a whole archive stands behind the last exchange.
        let beginning = preview.text.trim_end_matches(['\n', ']', '}']);
        assert!(file.starts_with(beginning), "{format:?}: {beginning}");
    }
}

#[test]
fn a_preview_of_a_folder_names_its_files() {
    let receiving = filled(1);
    let form = Form { in_files: true, ..Form::of(Format::Http) };
    let preview = previewed(&receiving, Export { ids: None, form });
    assert!(preview.text.starts_with("──── 000001-request.http\n\nPOST /?"), "{}", preview.text);
    assert!(preview.text.contains("──── 000001-response.http\n\nHTTP/1.1 200 OK\n"), "{}", preview.text);
    assert_eq!((preview.shown, preview.of), (1, 1));
}

#[test]
fn a_preview_of_a_long_body_is_short_and_shows_what_would_act() {
    let receiving = Receiving::start();
    let body = format!("\u{1b}[31m\u{202e}{}", "长".repeat(1_000_000));
    Caller::call(receiving.address).send(post("/x", &body)).response();
    let preview = previewed(&receiving, export(Format::Http));
    assert!(preview.text.len() < 100_000 && preview.shown == 0, "{}", preview.text.len());
    assert!(preview.text.contains("\\u{1b}[31m\\u{202e}长"));
}

#[test]
fn what_is_copied_is_what_would_be_written() {
    let receiving = filled(3);
    let ids = Some(Arc::new([1, 3].into_iter().collect()));
    receiving.ask(Effect::CopyExport(Export { ids, form: Form::of(Format::Ndjson) }));
    let (text, count) =
        receiving.hear(|event| if let Event::ExportCopied { text, count, .. } = event { Some((text, count)) } else { None });
    let lines: Vec<&str> = text.lines().collect();
    assert!(count == 2 && lines.len() == 2 && lines[0].starts_with("{\"id\":1,") && lines[1].starts_with("{\"id\":3,"), "{text}");
}

fn failure(receiving: &Receiving) -> String {
    receiving.hear(|event| if let Event::ExportFailed(reason) = event { Some(reason) } else { None })
}

#[test]
fn what_is_no_text_or_too_much_is_not_copied() {
    let receiving = Receiving::start();
    Caller::call(receiving.address).send(b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n\xff").response();
    receiving.ask(Effect::CopyExport(export(Format::Http)));
    assert!(failure(&receiving).contains("not all text"));
    Caller::call(receiving.address).send(post("/x", &"x".repeat(5_000_000))).response();
    receiving.ask(Effect::CopyExport(export(Format::Ndjson)));
    assert!(failure(&receiving).contains("more than 4.1 MB; write a file instead"));
}

#[test]
fn a_file_that_is_there_stays_unless_it_may_be_replaced() {
    let receiving = filled(1);
    let place = folder();
    let path = place.path().join("there");
    fs::write(&path, "before").expect("bug: writable");
    receiving.ask(Effect::Export(export(Format::Ndjson), to(&path, false)));
    assert!(failure(&receiving).contains("exists; choose another name"));
    assert_eq!(fs::read_to_string(&path).expect("bug: it is there"), "before");
    receiving.ask(Effect::Export(export(Format::Ndjson), to(&path, true)));
    receiving.hear(|event| matches!(event, Event::Exported { count: 1, .. }).then_some(()));
    assert!(fs::read_to_string(&path).expect("bug: it is there").starts_with("{\"id\":1,"));
    assert_eq!(fs::read_dir(place.path()).expect("bug: it is there").count(), 1, "nothing lies beside it");
}

#[test]
fn a_stopped_export_ends_within_a_second_and_leaves_nothing() {
    let receiving = filled(3_000);
    let place = folder();
    receiving.ask(Effect::Export(export(Format::Har), to(&place.path().join("a.har"), false)));
    let (done, of) = receiving.hear(|event| if let Event::Exporting { done, of } = event { Some((done, of)) } else { None });
    assert!(done < of && of == 3_000, "{done} of {of}");
    let asked = Instant::now();
    receiving.ask(Effect::StopExport);
    let count = receiving.hear(|event| if let Event::Exported { count, stopped: true, .. } = event { Some(count) } else { None });
    assert!(asked.elapsed() < Duration::from_secs(1) && count < 3_000, "{:?}, {count}", asked.elapsed());
    assert_eq!(fs::read_dir(place.path()).expect("bug: it is there").count(), 0);
}

#[test]
fn requests_are_answered_while_an_export_runs() {
    let receiving = filled(2_000);
    let place = folder();
    receiving.ask(Effect::Export(export(Format::Json), to(&place.path().join("a.json"), false)));
    let response = Caller::call(receiving.address).send(sample(now_secs())).response();
    assert_eq!(response.status, 200);
    // What came since may be in it, or not.
    let count = receiving.hear(|event| if let Event::Exported { count, .. } = event { Some(count) } else { None });
    assert!((2_000..=2_001).contains(&count), "{count}");
}
