//! The list's columns: chosen, moved, made wider, sorted by, and a field of the body among them.

use crate::bench::{Bench, row};
use eframe::egui::accesskit::{Role, SortDirection};
use eframe::egui::{self, Event as Input, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hookglass::column::{Column, Columns, Shown, Sorting};
use hookglass::filter::Filter;
use hookglass::messages::{Effect, Event, Find, Known};
use hookglass::row::{Cells, Row};
use hookglass::sorted::Sorted;

fn column(name: &str) -> Column {
    Column::named(name).expect(name)
}

fn columns(list: &[(&str, Option<u16>)]) -> Columns {
    Columns::new(list.iter().map(|(name, width)| Shown { column: column(name), width: *width }))
}

const USUAL: [(&str, Option<u16>); 5] = [("time", None), ("command", None), ("platform", None), ("response", None), ("took", None)];

fn with_columns(list: &[(&str, Option<u16>)]) -> Bench {
    let mut bench = Bench::new();
    bench.tell(Event::Settings(Known { columns: columns(list), ..Known::default() }));
    bench.receive(9);
    bench
}

fn sort(number: u64, by: &str, descending: bool) -> Effect {
    let order = Some(Sorting { column: column(by), descending });
    Effect::Find(Some(Find { number, filter: Filter::default(), order }))
}

fn head(bench: &Bench, name: &str) -> egui::Rect {
    bench.harness.get_by_label(&format!("{name} column")).rect()
}

/// Presses at one point, moves to another, and lets go there.
fn drag(bench: &mut Bench, from: Pos2, to: Pos2) -> Vec<Effect> {
    let press = |pos, pressed| Input::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
    let between = from + (to - from) / 2.0;
    for event in [Input::PointerMoved(from), press(from, true), Input::PointerMoved(between), Input::PointerMoved(to), press(to, false)] {
        bench.harness.event(event);
        bench.harness.step();
    }
    bench.asked()
}

/// The rows of the list, by the numbers of their exchanges.
fn shown(bench: &Bench) -> Vec<i64> {
    let history = &bench.harness.state().model().history;
    (0..history.shown()).filter_map(|at| history.id_at(at)).collect()
}

#[test]
fn three_clicks_on_a_head_sort_turn_and_lead_back_to_the_newest() {
    let mut bench = with_columns(&USUAL);
    assert_eq!(bench.click("Platform column"), [sort(1, "platform", false)]);
    assert_eq!(shown(&bench), [9, 8, 7, 6, 5, 4, 3, 2, 1], "the list stays until it is sorted");
    bench.tell(Event::Sorted { number: 1, sorted: Sorted::new(vec![2, 9, 1, 3]) });
    assert_eq!(shown(&bench), [2, 9, 1, 3]);
    let sorted = bench.harness.get_by_label("Platform column, sorted, least first");
    assert_eq!(sorted.accesskit_node().sort_direction(), Some(SortDirection::Ascending));
    assert_eq!(bench.click("Platform column, sorted, least first"), [sort(2, "platform", true)]);
    bench.tell(Event::Sorted { number: 1, sorted: Sorted::new(vec![1]) });
    assert_eq!(shown(&bench).len(), 4, "an older answer comes too late");
    bench.tell(Event::Sorted { number: 2, sorted: Sorted::new(vec![3, 1, 9, 2]) });
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [Effect::Open(2)], "9 was open");
    assert_eq!(bench.key(Modifiers::NONE, Key::Home), [Effect::Open(3)]);
    assert_eq!(bench.click("Platform column, sorted, greatest first"), [Effect::Find(None)]);
    assert_eq!(shown(&bench).len(), 9);
    assert!(!bench.shows("sorted"));
}

#[test]
fn a_head_is_reached_and_pressed_from_the_keyboard() {
    let mut bench = with_columns(&USUAL);
    bench.harness.get_by_label("Received column").focus();
    bench.harness.run_ok();
    assert_eq!(bench.key(Modifiers::NONE, Key::Enter), [sort(1, "time", false)]);
}

#[test]
fn what_arrives_while_the_list_is_sorted_is_counted_and_comes_in_on_request() {
    let mut bench = with_columns(&USUAL);
    bench.click("Response time, ms column");
    bench.tell(Event::Sorted { number: 1, sorted: Sorted::new((1..=9).collect()) });
    bench.tell(Event::Arrived(vec![10, 11]));
    bench.tell(Event::Found { number: 1, older: Vec::new(), newer: vec![10, 11, 3], gone: Vec::new(), left: 0 });
    assert_eq!(shown(&bench).len(), 9);
    assert_eq!(bench.click("2 new"), [sort(2, "took", false)]);
    bench.tell(Event::Sorting { number: 2, left: 1_200 });
    bench.tell(Event::Sorted { number: 2, sorted: Sorted::new((1..=11).collect()) });
    assert!(!bench.shows("2 new"));
    assert_eq!(shown(&bench).len(), 11);
}

#[test]
fn a_long_sorting_says_how_far_it_is_and_can_be_stopped() {
    let mut bench = with_columns(&USUAL);
    bench.click("Platform column");
    assert!(!bench.shows("sorting"), "a short one needs no word");
    bench.tell(Event::Sorting { number: 1, left: 340_000 });
    assert_eq!(bench.click("Stop sorting, 340,000 left"), [Effect::Find(None)]);
    assert!(!bench.shows("sorting") && !bench.shows("sorted"));
    bench.tell(Event::Sorted { number: 1, sorted: Sorted::new(vec![1]) });
    assert_eq!(shown(&bench).len(), 9);
}

#[test]
fn a_filter_is_sorted_too_and_the_line_says_how_far_it_is() {
    let mut bench = with_columns(&USUAL);
    bench.click("Platform column");
    bench.tell(Event::Sorted { number: 1, sorted: Sorted::new((1..=9).collect()) });
    bench.key(Modifiers::NONE, Key::Slash);
    bench.harness.event(Input::Text("jared".to_owned()));
    let asked = bench.asked();
    let is_sorted =
        |effect: &Effect| matches!(effect, Effect::Find(Some(Find { number: 2, filter, order: Some(_) })) if filter.text() == "jared");
    assert!(asked.iter().any(is_sorted), "{asked:?}");
    assert!(bench.shows("Sorting…"));
    bench.tell(Event::Sorting { number: 2, left: 340_000 });
    assert!(bench.shows("Sorting, 340,000 left…") && !bench.shows("Stop sorting"));
    bench.tell(Event::Sorted { number: 2, sorted: Sorted::new(vec![4, 8]) });
    assert!(bench.shows("2 of 9"));
    bench.harness.event(Input::Text(" zzz".to_owned()));
    bench.asked();
    bench.tell(Event::Sorted { number: 3, sorted: Sorted::new(Vec::new()) });
    bench.tell(Event::Arrived(vec![10]));
    bench.tell(Event::Found { number: 3, older: Vec::new(), newer: vec![10], gone: Vec::new(), left: 0 });
    assert!(bench.shows("No exchange matches"));
    assert!(matches!(bench.click("1 new")[..], [Effect::Find(Some(Find { number: 4, .. }))]));
    let asked = bench.click("Clear");
    assert!(asked.contains(&sort(5, "platform", false)), "{asked:?}");
}

#[test]
fn columns_are_chosen_in_the_menu_and_moved_and_made_wider_there() {
    let mut bench = with_columns(&USUAL);
    bench.click("Columns");
    let kept = |bench: &mut Bench, label: &str| match bench.click(label).as_slice() {
        [Effect::SaveColumns(columns), ..] => columns.clone(),
        other => panic!("bug: {label} {other:?}"),
    };
    assert!(kept(&mut bench, "App").has(&Column::App));
    assert!(head(&bench, "App").left() > head(&bench, "Platform").right());
    assert_eq!(kept(&mut bench, "Move left: App").place_of(&Column::App), Some(2));
    assert!(head(&bench, "App").right() < head(&bench, "Platform").left());
    let before = head(&bench, "App").width();
    assert_eq!(kept(&mut bench, "Wider: App").list()[2].width, Some(108));
    assert!((head(&bench, "App").width() - before - 16.0).abs() < 0.1);
    assert!(!kept(&mut bench, "Platform").has(&Column::Platform));
    assert!(!bench.shows("Platform column"));
    assert_eq!(kept(&mut bench, "Usual columns"), Columns::default());
    bench.type_into("Field of the body", "MsgBody[x");
    assert!(bench.shows("A path has keys and dots"));
    bench.key(Modifiers::COMMAND, Key::A);
    bench.key(Modifiers::NONE, Key::Backspace);
    bench.type_into("Field of the body", "NewMemberList[].Member_Account");
    let effects = bench.key(Modifiers::NONE, Key::Enter);
    assert!(
        matches!(&effects[..], [Effect::SaveColumns(columns)] if columns.has(&column("body.NewMemberList[].Member_Account"))),
        "{effects:?}"
    );
    bench.key(Modifiers::NONE, Key::Escape);
    assert!(bench.shows("NewMemberList[].Member_Account column"));
}

#[test]
fn edges_are_dragged_and_a_double_click_gives_the_usual_width_back() {
    let mut bench = with_columns(&USUAL);
    let width = |bench: &Bench, name: &str| head(bench, name).width();
    let edge = |bench: &Bench, name: &str| bench.harness.get_by_label(&format!("Width of {name}")).rect().center();
    // Before the callback an edge is pulled to the right, behind it to the left.
    for (name, by, at) in [("Received", 30.0, 0), ("Platform", -40.0, 2)] {
        let (from, before) = (edge(&bench, name), width(&bench, name));
        let effects = drag(&mut bench, from, from + vec2(by, 0.0));
        let [Effect::SaveColumns(columns)] = effects.as_slice() else { panic!("bug: {effects:?}") };
        let kept = f32::from(columns.list()[at].width.expect("bug: it was dragged"));
        assert!((kept - before - by.abs()).abs() <= 1.0, "{name}: {before} and {by} is not {kept}");
        assert!((width(&bench, name) - kept).abs() < 0.1);
    }
    let at = edge(&bench, "Platform");
    bench.harness.ctx.options_mut(|options| options.input_options.max_double_click_delay = 2.0);
    bench.harness.event(Input::PointerMoved(at));
    for pressed in [true, false, true, false] {
        bench.harness.event(Input::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
    }
    let effects = bench.asked();
    assert!(matches!(effects.last(), Some(Effect::SaveColumns(columns)) if columns.list()[2].width.is_none()), "{effects:?}");
    assert!((width(&bench, "Platform") - 72.0).abs() < 0.1);
}

#[test]
fn a_head_is_dragged_to_another_place() {
    let mut bench = with_columns(&USUAL);
    let (from, to) = (head(&bench, "Platform").center(), head(&bench, "Received").left_center());
    let effects = drag(&mut bench, from, to);
    let [Effect::SaveColumns(columns)] = effects.as_slice() else { panic!("bug: {effects:?}") };
    assert_eq!(columns.place_of(&Column::Platform), Some(0));
    assert!(head(&bench, "Platform").left() < head(&bench, "Received").left());
    let (from, to) = (head(&bench, "Received").center(), head(&bench, "Response time, ms").right_center());
    drag(&mut bench, from, to);
    assert!(head(&bench, "Received").left() > head(&bench, "Response time, ms").left());
}

#[test]
fn the_menu_of_a_head_sorts_moves_and_hides() {
    let mut bench = with_columns(&USUAL);
    let menu = |bench: &mut Bench, column: &str, item: &str| {
        bench.harness.get_by_label(column).click_secondary();
        bench.harness.run_ok();
        bench.click(item)
    };
    assert_eq!(menu(&mut bench, "Platform column", "Sort, greatest first"), [sort(1, "platform", true)]);
    let sorted = "Platform column, sorted, greatest first";
    assert_eq!(menu(&mut bench, sorted, "Newest first"), [Effect::Find(None)]);
    let effects = menu(&mut bench, "Platform column", "Move right");
    assert!(matches!(&effects[..], [Effect::SaveColumns(columns)] if columns.place_of(&Column::Platform) == Some(3)), "{effects:?}");
    menu(&mut bench, "Platform column", "Hide");
    assert!(!bench.shows("Platform column"));
    menu(&mut bench, "Received column", "Columns…");
    assert!(bench.shows("Usual columns"));
}

#[test]
fn a_field_of_the_body_becomes_a_column_from_its_own_menu() {
    let mut bench = with_columns(&USUAL);
    bench.harness.get_by_label("\"jared\"").click_secondary();
    bench.harness.run_ok();
    let effects = bench.click("Show as a column");
    let name = "body.NewMemberList[].Member_Account";
    assert!(matches!(&effects[..], [Effect::SaveColumns(columns)] if columns.has(&column(name))), "{effects:?}");
    let filled = |id: i64| {
        let cells = Cells::new(&[column(name)].into(), |_| format!("member {id}"));
        Row { cells, ..row(id, &[]) }
    };
    bench.tell(Event::Rows((1..=9).map(filled).collect()));
    assert!(bench.shows("member 9") && bench.shows("Member_Account column"), "{:?}", bench.harness);
    assert_eq!(bench.click("NewMemberList[].Member_Account column"), [sort(1, name, false)]);
}

#[test]
fn in_a_small_window_nothing_overlaps_and_what_has_no_room_is_named() {
    let all: Vec<(&str, Option<u16>)> = USUAL.into_iter().chain([("app", None), ("rule", Some(300)), ("body.GroupId", None)]).collect();
    let mut bench = with_columns(&all);
    bench.harness.set_size(vec2(900.0, 600.0));
    bench.harness.run_ok();
    let mut heads: Vec<egui::Rect> = bench.harness.query_all_by_role(Role::ColumnHeader).map(|node| node.rect()).collect();
    heads.sort_by(|one, other| one.left().total_cmp(&other.left()));
    assert!(heads.len() >= 3 && heads.windows(2).all(|pair| pair[0].right() <= pair[1].left()), "{heads:?}");
    assert!(heads.iter().all(|head| head.width() > 40.0 && head.right() < 450.0), "{heads:?}");
    bench.click("Columns");
    for label in ["Usual columns", "Field of the body", "Add"] {
        let rect =
            bench.harness.get_by_role_and_label(if label == "Field of the body" { Role::TextInput } else { Role::Button }, label).rect();
        assert!(rect.right() <= 900.0 && rect.bottom() <= 600.0, "{label} {rect:?}");
    }
}
