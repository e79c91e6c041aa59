//! A history of every released format keeps opening, with all that is in it.

use crate::support::{JOIN, folder, history, text};
use hookglass::exchange::Outcome;
use hookglass::folder::history_path;
use hookglass::protocol::verdict::Replay;
use hookglass::store::{Arrival, Error, Index, Store};
use hookglass::wire::{Request, Transport};
use std::path::PathBuf;
use tempfile::TempDir;

/// A history of an older format, which nobody converts who only reads.
fn older(format: u32, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = folder();
    let path = history_path(folder.path());
    std::fs::write(&path, bytes).expect("bug: writable");
    let refused = Store::read_only(&path);
    assert!(matches!(refused, Err(Error::Older { found, known: 4, .. }) if found == format), "nothing is converted for a reader");
    (folder, path)
}

/// What `hookglass serve` of that format wrote: twice the vendor's example, a browser's request, a malformed one.
const FORMAT_1: &[u8] = include_bytes!("../histories/format-1.db");

#[test]
fn format_1_is_converted_and_lacks_nothing() {
    let (folder, path) = older(1, FORMAT_1);

    Store::open(&path, || {}).expect("bug: it is converted").close().expect("bug: nothing is unsaved");

    let kept = history(folder.path());
    let overall: Vec<&str> = kept.iter().map(|stored| stored.overall.word()).collect();
    assert_eq!(overall, ["ok", "ok", "not_callback", "not_callback"]);
    assert_eq!(text(&kept[0].exchange.request.body), JOIN);
    assert!(kept.iter().all(|stored| stored.exchange.request.transport == Transport::Tcp && stored.exchange.is_settled()));
    assert_eq!(kept[3].exchange.request.refused.as_deref(), Some("no HTTP request: invalid URI"));
}

/// What `hookglass serve` of that format wrote: the vendor's example three times (responded to with OK, with FAIL, and not at
/// all until its caller left), a browser's request, a malformed one.
const FORMAT_2: &[u8] = include_bytes!("../histories/format-2.db");

#[test]
fn format_2_is_converted_and_lacks_nothing() {
    let (folder, path) = older(2, FORMAT_2);

    let store = Store::open(&path, || {}).expect("bug: it is converted");
    let counts = store.counts();
    assert_eq!((counts.received, counts.ok, counts.not_callback), (5, 3, 2));
    store.close().expect("bug: nothing is unsaved");

    let kept = history(folder.path());
    assert!(text(&kept[0].exchange.request.body).contains("\"GroupId\":\"@TGS#2J4SZEAEL\""));
    let outcome = |at: usize| kept[at].exchange.response.as_ref().and_then(|responded| responded.outcome);
    assert_eq!([0, 1, 2].map(outcome), [Some(Outcome::Sent); 3]);
    assert!(matches!(outcome(3), Some(Outcome::CallerLeft { .. })));
    assert!(kept.iter().all(|stored| stored.exchange.is_settled()));
}

/// What `hookglass serve` of that format wrote: the vendor's example, one with a wrong signature, the first again, a browser's
/// request. The second has a pin, a colour and a note; a fifth was forgotten.
const FORMAT_3: &[u8] = include_bytes!("../histories/format-3.db");

#[test]
fn format_3_is_converted_and_lacks_nothing() {
    let (folder, path) = older(3, FORMAT_3);

    let store = Store::open(&path, || {}).expect("bug: it is converted");
    let counts = store.counts();
    assert_eq!((counts.received, counts.ok, counts.bad, counts.not_callback), (4, 2, 1, 1));
    let noted = store.reader().and_then(|reader| reader.get(2)).expect("bug: reads").expect("bug: is there").annotation;
    assert_eq!((noted.pinned, noted.note.as_str()), (true, "look"));
    let arrival = Request::complete(0, b"GET / HTTP/1.1\r\n\r\n".to_vec(), "");
    let arrival =
        Arrival { request: arrival, response: None, replay: Replay::First, replay_key: None, index: Index::default(), read: None };
    assert_eq!(store.writer().record(arrival).blocking_recv().expect("bug: answers").id, 6, "the fifth was there once");
    store.close().expect("bug: nothing is unsaved");

    let kept = history(folder.path());
    let took = |at: usize| kept[at].exchange.response.as_ref().and_then(|responded| responded.responded_after_micros);
    assert_eq!([0, 1, 2, 3].map(took), [Some(6601), Some(573), Some(392), Some(464)]);
    assert_eq!(Store::read_only(&path).and_then(|reader| reader.counts()).expect("bug: reads").received, 5);
}
