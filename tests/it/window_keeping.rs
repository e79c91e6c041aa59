//! Several rows at once, pins, marks and notes, deleting and undoing.

use crate::bench::{Bench, opened, row, write_ndjson};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event as Input, Key, Modifiers};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hookglass::annotation::{Annotation, Change, Mark};
use hookglass::app::action::Tab;
use hookglass::exchange::Counts;
use hookglass::ids::Ids;
use hookglass::messages::{Effect, Event};
use hookglass::opened::Opened;
use hookglass::row::Row;
use hookglass::sorted::Sorted;
use std::sync::Arc;

fn set(ids: impl IntoIterator<Item = i64>) -> Arc<Ids> {
    Arc::new(ids.into_iter().collect())
}

fn say(ids: impl IntoIterator<Item = i64>, change: Change) -> Effect {
    Effect::Annotate { ids: set(ids), change }
}

/// The time by which a row is known.
fn time(id: i64) -> String {
    format!("54.{id:03}")
}

/// Clicks a row, with these keys held.
fn click(bench: &mut Bench, id: i64, modifiers: Modifiers) -> Vec<Effect> {
    row_of(bench, id).click_modifiers(modifiers);
    let asked = bench.asked();
    open(bench, &asked);
    asked
}

/// Answers what was asked to be opened.
fn open(bench: &mut Bench, asked: &[Effect]) {
    for effect in asked {
        if let Effect::Open(id) = effect {
            bench.tell(Event::Opened(Some(Box::new(opened(*id, &[])))));
        }
    }
}

/// A row that is in view.
fn row_of(bench: &Bench, id: i64) -> Node<'_> {
    let time = time(id);
    let is_it = |node: &Node<'_>| {
        let node = node.accesskit_node();
        node.role() == Role::ListBoxOption && node.label().is_some_and(|label| label.contains(&time))
    };
    bench.harness.query_all_by_role(Role::ListBoxOption).find(is_it).expect("bug: the row is in view")
}

/// A right click on a row.
fn menu(bench: &mut Bench, id: i64) -> Vec<Effect> {
    row_of(bench, id).click_secondary();
    let asked = bench.asked();
    open(bench, &asked);
    asked
}

/// The rows that are drawn as selected, newest first.
fn selected(bench: &Bench) -> Vec<i64> {
    let is_selected = |id: &i64| row_of(bench, *id).accesskit_node().is_selected() == Some(true);
    let history = &bench.harness.state().model().history;
    (0..history.shown()).filter_map(|at| history.id_at(at)).filter(is_selected).collect()
}

fn shown(bench: &Bench) -> Vec<i64> {
    let history = &bench.harness.state().model().history;
    (0..history.shown()).filter_map(|at| history.id_at(at)).collect()
}

fn type_text(bench: &mut Bench, text: &str) {
    bench.harness.event(Input::Text(text.to_owned()));
    bench.harness.step();
}

#[test]
fn many_are_selected_with_the_mouse_and_the_keyboard() {
    let mut bench = Bench::new();
    bench.receive(9);
    click(&mut bench, 7, Modifiers::NONE);
    assert_eq!(click(&mut bench, 4, Modifiers::COMMAND), [Effect::Open(4)]);
    assert_eq!(selected(&bench), [7, 4]);
    assert!(bench.shows("2 selected"));
    click(&mut bench, 2, Modifiers::SHIFT);
    assert_eq!(selected(&bench), [4, 3, 2]);
    let asked = bench.key(Modifiers::SHIFT, Key::ArrowUp);
    open(&mut bench, &asked);
    assert_eq!((asked, selected(&bench)), (vec![Effect::Open(3)], vec![4, 3]));
    bench.tell(Event::Arrived(vec![10]));
    bench.tell(Event::Rows(vec![row(10, &[])]));
    assert_eq!(selected(&bench), [4, 3], "what arrives changes nothing");
    assert_eq!(bench.key(Modifiers::COMMAND, Key::A), []);
    assert_eq!(selected(&bench).len(), 10);
    assert!(bench.shows("10 selected"));
    assert_eq!(bench.key(Modifiers::NONE, Key::Escape), []);
    assert_eq!((selected(&bench), bench.shows("selected")), (vec![3], false));
    bench.key(Modifiers::SHIFT, Key::End);
    assert_eq!(selected(&bench), [3, 2, 1]);
}

#[test]
fn what_is_selected_is_pinned_and_marked_and_said_in_words() {
    let mut bench = Bench::new();
    bench.receive(3);
    click(&mut bench, 3, Modifiers::NONE);
    click(&mut bench, 2, Modifiers::COMMAND);
    assert_eq!(bench.key(Modifiers::NONE, Key::P), [say([2, 3], Change::Pin(true))]);
    assert_eq!(bench.key(Modifiers::NONE, Key::M), [say([2, 3], Change::Mark(Some(Mark::Red)))]);
    for id in [2, 3] {
        let label = row_of(&bench, id).accesskit_node().label().unwrap_or_default();
        assert!(label.ends_with("pinned, marked red"), "{label}");
    }
    assert!(bench.shows("Marked red") && bench.shows("Unpin"));
    assert_eq!(menu(&mut bench, 2), []);
    assert_eq!(bench.click("Mark violet"), [say([2, 3], Change::Mark(Some(Mark::Violet)))]);
    assert_eq!(menu(&mut bench, 1), [Effect::Open(1)], "another row is selected by its menu");
    assert_eq!(bench.click_last("Pin"), [say([1], Change::Pin(true))]);
}

#[test]
fn a_note_is_kept_when_one_pauses_and_when_one_leaves_and_survives_what_arrives() {
    let mut bench = Bench::new();
    bench.receive(2);
    assert_eq!(bench.key(Modifiers::NONE, Key::N), []);
    assert_eq!(bench.harness.state().model().detail.tab(), Tab::Note);
    type_text(&mut bench, "问 leckie\n");
    bench.tell(Event::Opened(Some(Box::new(opened(2, &[])))));
    type_text(&mut bench, "pjn");
    assert_eq!(bench.asked(), [], "one may go on");
    bench.harness.run_steps(8);
    let kept = bench.asked();
    assert_eq!(kept.last(), Some(&say([2], Change::Note("问 leckie\npjn".into()))), "{kept:?}");
    assert!(bench.shows("note: 问 leckie pjn"), "the row says so: {:?}", bench.harness);
    bench.tell(Event::Annotated);

    type_text(&mut bench, "!");
    let asked = click(&mut bench, 1, Modifiers::NONE);
    assert!(asked.contains(&say([2], Change::Note("问 leckie\npjn!".into()))), "{asked:?}");
    let noted = Opened { annotation: Annotation { note: "one".into(), ..Annotation::default() }, ..opened(1, &[]) };
    bench.tell(Event::Opened(Some(Box::new(noted))));
    assert_eq!(bench.harness.state().model().annotating.note.text(), "one");
    bench.key(Modifiers::NONE, Key::N);
    type_text(&mut bench, " more");
    let Bench { harness, effects, .. } = bench;
    drop(harness);
    let last = effects.try_iter().filter(|effect| matches!(effect, Effect::Annotate { .. })).last();
    assert_eq!(last, Some(say([1], Change::Note("one more".into()))), "it is kept when the window closes");
}

#[test]
fn a_few_are_deleted_at_once_and_come_back_by_click_and_key() {
    let mut bench = Bench::new();
    bench.receive(4);
    click(&mut bench, 3, Modifiers::NONE);
    click(&mut bench, 2, Modifiers::SHIFT);
    assert_eq!(bench.key(Modifiers::NONE, Key::Delete), [Effect::Delete(set([2, 3])), Effect::Open(1)]);
    assert_eq!(shown(&bench), [4, 1]);
    assert!(bench.shows("2 exchanges deleted"));
    bench.harness.run_steps(60);
    assert_eq!(bench.click("Undo"), [Effect::UndoDeletion], "it is offered as long as it can be done");
    let ids = set([2, 3]);
    bench.tell(Event::Restored(ids));
    assert_eq!(shown(&bench), [4, 3, 2, 1]);

    click(&mut bench, 4, Modifiers::NONE);
    let asked = bench.key(Modifiers::NONE, Key::Delete);
    let [Effect::Delete(ids), Effect::Open(3)] = asked.as_slice() else { panic!("bug: {asked:?}") };
    assert_eq!(bench.key(Modifiers::COMMAND, Key::Z), [Effect::UndoDeletion]);
    bench.tell(Event::Restored(Arc::clone(ids)));
    assert!(bench.shows("1 exchange is back") && !bench.shows("Undo"));
    assert_eq!(bench.asked(), [Effect::Open(4)], "it has the focus again");
    assert_eq!(bench.key(Modifiers::COMMAND, Key::Z), []);
}

#[test]
fn many_are_deleted_once_that_was_asked() {
    let mut bench = Bench::new();
    bench.receive(200);
    menu(&mut bench, 200);
    let asked = bench.click("Delete all…");
    let [Effect::FindPinned(among)] = asked.as_slice() else { panic!("bug: {asked:?}") };
    assert!(bench.shows("Delete all 200 exchanges of the history?") && bench.shows("Looking which of them are pinned"));
    bench.tell(Event::Pinned { among: Arc::clone(among), pinned: set([7, 9]) });
    assert!(bench.shows("2 of them are pinned."));
    bench.tell(Event::Arrived(vec![201]));
    let asked = bench.click("Delete 198, keep the pinned");
    assert!(matches!(asked.first(), Some(Effect::Delete(ids)) if ids.len() == 198), "{asked:?}");
    assert_eq!(shown(&bench), [201, 9, 7]);
    bench.tell(Event::Rows([201, 9, 7].map(|id| row(id, &[])).into()));
    menu(&mut bench, 201);
    bench.click("Delete all…");
    assert!(bench.shows("Delete all 3 exchanges of the history?"));
    bench.click("Cancel");
    assert_eq!(shown(&bench), [201, 9, 7]);
}

#[test]
fn after_all_were_deleted_that_is_said_and_undo_leads_back() {
    let mut bench = Bench::new();
    bench.receive(2);
    bench.tell(Event::Counts { counts: Counts { received: 2, ok: 2, ..Counts::default() }, size_bytes: 1 });
    bench.key(Modifiers::COMMAND, Key::A);
    let asked = bench.key(Modifiers::NONE, Key::Delete);
    let [Effect::Delete(ids)] = asked.as_slice() else { panic!("bug: {asked:?}") };
    assert!(bench.shows("All exchanges are deleted") && !bench.shows("1  Your app"));
    assert_eq!(bench.key(Modifiers::COMMAND, Key::Z), [Effect::UndoDeletion]);
    bench.tell(Event::Restored(Arc::clone(ids)));
    assert_eq!(shown(&bench), [2, 1]);
    bench.key(Modifiers::COMMAND, Key::A);
    let again = bench.key(Modifiers::NONE, Key::Delete);
    let [Effect::Delete(ids)] = again.as_slice() else { panic!("bug: {again:?}") };
    bench.tell(Event::UndoOver(Arc::clone(ids)));
    assert!(bench.shows("Waiting for the next callback") && bench.shows("1  Your app"));
}

#[test]
fn what_is_found_is_deleted_and_what_is_so_no_more_leaves_the_list() {
    let mut bench = Bench::new();
    bench.receive(5);
    bench.key(Modifiers::NONE, Key::Slash);
    type_text(&mut bench, "pinned");
    bench.asked();
    bench.tell(Event::Found { number: 1, older: vec![4, 2], newer: Vec::new(), gone: Vec::new(), left: 0 });
    bench.tell(Event::Found { number: 1, older: Vec::new(), newer: vec![5], gone: vec![4, 1], left: 0 });
    assert_eq!(shown(&bench), [5, 2]);
    assert_eq!(bench.key(Modifiers::NONE, Key::Delete), [], "it belongs to the field");
    menu(&mut bench, 2);
    bench.click("Delete what is shown…");
    assert!(bench.shows("Delete 2 exchanges from the history?"), "{:?}", bench.harness);
    let asked = bench.click("Delete 2");
    assert!(asked.contains(&Effect::Delete(set([2, 5]))), "{asked:?}");
    assert_eq!(shown(&bench), <[i64; 0]>::default());
}

#[test]
fn what_is_selected_is_copied_and_exported() {
    let mut bench = Bench::with_file(Some("/tmp/out.ndjson".into()));
    bench.receive(3);
    bench.key(Modifiers::SHIFT, Key::J);
    assert_eq!(bench.key(Modifiers::NONE, Key::C), [Effect::CopyAsCurl(vec![2, 3])]);
    menu(&mut bench, 3);
    bench.click_last("Export…");
    assert!(bench.shows("The 2 selected"));
    bench.click("Choose…");
    bench.harness.run_ok();
    assert_eq!(bench.click("Write"), [write_ndjson(Some(&[2, 3]), "/tmp/out.ndjson", true)]);
}

#[test]
fn a_row_shows_pin_mark_and_note_as_they_are_told() {
    let mut bench = Bench::new();
    bench.receive(1);
    let annotation = Annotation { pinned: true, mark: Some(Mark::Green), note: "later\nthat day".into() };
    bench.tell(Event::Rows(vec![Row { annotation, ..row(1, &[]) }]));
    assert!(bench.shows("pinned, marked green, note: later that day"));
    row_of(&bench, 1).hover();
    bench.harness.run_steps(8);
    assert!(bench.shows("Pinned, marked green, note: later that day"));
}

#[test]
fn escape_closes_the_menu_and_leaves_what_is_selected() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.key(Modifiers::SHIFT, Key::J);
    menu(&mut bench, 3);
    assert!(bench.shows("Mark violet"));
    bench.key(Modifiers::NONE, Key::Escape);
    assert_eq!((bench.shows("Mark violet"), selected(&bench)), (false, vec![3, 2]));
    bench.key(Modifiers::NONE, Key::Escape);
    assert_eq!(selected(&bench), [2]);
}

#[test]
fn rows_of_a_sorted_list_are_selected_marked_and_deleted_as_they_stand() {
    let mut bench = Bench::new();
    bench.receive(9);
    bench.click("Platform column");
    bench.tell(Event::Sorted { number: 1, sorted: Sorted::new(vec![4, 9, 1, 7, 2]) });
    click(&mut bench, 9, Modifiers::NONE);
    click(&mut bench, 7, Modifiers::SHIFT);
    assert_eq!(bench.key(Modifiers::NONE, Key::M), [say([1, 7, 9], Change::Mark(Some(Mark::Red)))]);
    assert_eq!(bench.key(Modifiers::NONE, Key::Delete), [Effect::Delete(set([1, 7, 9])), Effect::Open(2)]);
    let history = &bench.harness.state().model().history;
    assert_eq!((history.id_at(0), history.id_at(1), history.shown()), (Some(4), Some(2), 2));
    bench.tell(Event::Restored(set([1, 7, 9])));
    let again = bench.asked();
    assert!(again.iter().any(|effect| matches!(effect, Effect::Find(Some(find)) if find.number == 2 && find.order.is_some())), "{again:?}");
}
