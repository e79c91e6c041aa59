//! Columns in a running engine: rows are filled in for them, they are kept, and the list is sorted by them.

use crate::support::{JOIN, Receiving, call, now_secs, post, target, target_of};
use hookglass::column::{Column, Columns, Shown, Sorting};
use hookglass::filter::Filter;
use hookglass::folder::read_settings;
use hookglass::messages::{Effect, Event, Find};
use hookglass::row::Row;
use hookglass::sorted::Sorted;

fn column(name: &str) -> Column {
    Column::named(name).expect(name)
}

fn columns(names: &[&str]) -> Columns {
    Columns::new(names.iter().map(|name| Shown { column: column(name), width: Some(100) }))
}

/// The rows that are told next.
fn rows(receiving: &Receiving) -> Vec<Row> {
    receiving.hear(|event| if let Event::Rows(rows) = event { Some(rows) } else { None })
}

fn cells(row: &Row, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| row.cells.of(&column(name)).unwrap_or("not filled in").to_owned()).collect()
}

fn sorted(receiving: &Receiving, number: u64, by: &str, descending: bool) -> Vec<i64> {
    let order = Some(Sorting { column: column(by), descending });
    receiving.ask(Effect::Find(Some(Find { number, filter: Filter::default(), order })));
    let of_this = |event| if let Event::Sorted { number: told, sorted } = event { Some(sorted).filter(|_| told == number) } else { None };
    let sorted: Sorted = receiving.hear(of_this);
    sorted.ids().to_vec()
}

#[test]
fn rows_are_filled_in_for_the_columns_that_are_shown() {
    let receiving = Receiving::start();
    call(receiving.address, post(&target(now_secs()), JOIN));
    receiving.settled(1);
    receiving.ask(Effect::LoadRows(vec![1]));
    assert_eq!(cells(&rows(&receiving)[0], &["app"]), ["not filled in"]);

    let names =
        ["app", "product", "method", "path", "status", "code", "read_as", "rule", "signature", "body.NewMemberList[].Member_Account"];
    receiving.ask(Effect::SaveColumns(columns(&names)));
    receiving.ask(Effect::LoadRows(vec![1]));
    let row = rows(&receiving).remove(0);
    assert_eq!(cells(&row, &names), ["888888", "chat", "POST", "/", "200", "0", "accepted", "default", "valid", "jared, tommy"]);
    assert_eq!(cells(&row, &["size"]), ["not filled in"]);
    assert!(read_settings(receiving.folder.path()).expect("bug: readable").columns.has(&column("body.NewMemberList[].Member_Account")));
}

#[test]
fn a_field_beyond_the_beginning_of_a_body_is_filled_in_a_little_later() {
    let receiving = Receiving::start();
    let body = format!(r#"{{"CallbackCommand":"C2C.CallbackAfterSendMsg","Pad":"{}","Last":"红包"}}"#, "x".repeat(100_000));
    call(receiving.address, post(&target_of("C2C.CallbackAfterSendMsg", now_secs()), &body));
    receiving.settled(1);
    receiving.ask(Effect::SaveColumns(columns(&["body.Last", "size"])));
    receiving.ask(Effect::LoadRows(vec![1]));
    let size = hookglass::wording::count(body.len() as u64);
    assert_eq!(cells(&rows(&receiving)[0], &["body.Last", "size"]), ["…", size.as_str()]);
    let whole = rows(&receiving).remove(0);
    assert_eq!(cells(&whole, &["body.Last", "size"]), ["红包", size.as_str()]);
    assert_eq!((whole.id, whole.family.as_str(), whole.name.as_str()), (1, "C2C.", "CallbackAfterSendMsg"));
}

#[test]
fn a_list_is_sorted_and_what_arrives_later_is_told_apart() {
    let receiving = Receiving::start();
    for seq in [r#""9""#, "100", "20"] {
        call(receiving.address, post(&target_of("C2C.CallbackAfterSendMsg", now_secs()), &format!(r#"{{"MsgSeq":{seq}}}"#)));
    }
    call(receiving.address, post(&target(now_secs()), JOIN));
    receiving.settled(4);
    assert_eq!(sorted(&receiving, 1, "body.MsgSeq", false), [1, 3, 2, 4]);
    assert_eq!(sorted(&receiving, 2, "body.MsgSeq", true), [2, 3, 1, 4]);
    assert_eq!(sorted(&receiving, 3, "command", true), [4, 3, 2, 1]);
    call(receiving.address, post(&target(now_secs()), JOIN));
    let newer = receiving.hear(|event| {
        let Event::Found { number: 3, older, newer, gone: _, left: 0 } = event else { return None };
        (older.is_empty() && newer.contains(&5)).then_some(newer)
    });
    assert!(newer.iter().all(|id| *id == 5), "{newer:?}");
}
