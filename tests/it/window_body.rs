//! The body in the window: its forms, what is found in it, selected, and copied from it.

use crate::bench::{Bench, opened_with};
use eframe::egui::{self, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::kittest::Queryable as _;
use hookglass::messages::{Effect, Event};
use hookglass::needle::{Found, Needle};

/// Its digits, the order of its keys, a key twice, and escapes.
const BODY: &str = r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","Seq":144115216631667826,"Twice":1.50e3,"Twice":-0,"MsgBody":[{"MsgContent":{"Text":"\u7ea2包"}}],"A":[]}"#;

/// The window with the body of `text` in front.
fn window(text: impl Into<Vec<u8>>) -> Bench {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.tell(Event::Opened(Some(Box::new(opened_with(1, text)))));
    bench.click("JSON");
    bench
}

/// What the context menu of a line copies.
fn copied_by_menu(bench: &mut Bench, line: &str, item: &str) -> Option<String> {
    bench.harness.query_all_by_label(line).next().expect(line).click_secondary();
    bench.harness.run_ok();
    bench.copied(|bench| bench.harness.get_by_label(item).click())
}

fn copy(bench: &mut Bench) -> Option<String> {
    bench.copied(|bench| bench.harness.event(egui::Event::Copy))
}

/// Where a text stands in a body.
fn place_of(body: &str, text: &str) -> u32 {
    u32::try_from(body.find(text).expect("bug: it is there")).expect("bug: short")
}

/// Where so many monospaced letters of a line end.
fn place(bench: &Bench, line: &str, letters: f32) -> Pos2 {
    let rect = bench.harness.get_by_label(line).rect();
    let letter = bench.harness.ctx.fonts_mut(|fonts| fonts.glyph_width(&hookglass::ui::theme::mono_font(), '0'));
    egui::pos2(rect.left() + letter * letters + 1.0, rect.center().y)
}

fn press(bench: &mut Bench, pos: Pos2, pressed: bool, modifiers: Modifiers) {
    bench.harness.event(egui::Event::PointerMoved(pos));
    bench.harness.event_modifiers(egui::Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers }, modifiers);
    bench.harness.run_ok();
}

#[test]
fn a_body_is_shown_as_tree_as_text_and_as_hex() {
    let mut bench = window(BODY);
    for line in ["\"Seq\": 144115216631667826,", "\"Twice\": 1.50e3,", "\"Twice\": -0,", r#""Text": "\u7ea2包""#, "\"A\": []"] {
        assert!(bench.lines_of_detail().iter().any(|shown| shown == line), "{line}: {:?}", bench.lines_of_detail());
    }
    bench.click("Text");
    assert_eq!(bench.lines_of_detail().concat(), BODY);
    bench.click("Hex");
    assert_eq!(bench.lines_of_detail()[0], "00000000  7b 22 43 61 6c 6c 62 61  63 6b 43 6f 6d 6d 61 6e  {\"CallbackComman");
    bench.click("Tree");
    assert!(bench.shows("\"Seq\": 144115216631667826,"));
}

#[test]
fn what_is_no_json_is_text_and_what_is_no_text_is_hex() {
    let mut bench = window("{\n  no json");
    assert_eq!(bench.lines_of_detail(), ["{", "  no json"]);
    assert!(bench.harness.query_by_label("Tree").is_none());
    bench.tell(Event::Opened(Some(Box::new(opened_with(1, *b"\xff\x00a")))));
    assert_eq!(bench.lines_of_detail(), ["00000000  ff 00 61                                          ..a"]);
    bench.click("Text");
    assert_eq!(bench.lines_of_detail(), ["\u{fffd}\\u{0}a"]);
}

#[test]
fn values_keys_paths_and_sub_trees_are_copied_from_the_tree() {
    let mut bench = window(BODY);
    let value = r#""Text": "\u7ea2包""#;
    for (line, item, expected) in [
        (value, "Copy value", "红包"),
        (value, "Copy as received", r#""\u7ea2包""#),
        (value, "Copy path", "MsgBody[0].MsgContent.Text"),
        (value, "Copy key", "Text"),
        ("\"Seq\": 144115216631667826,", "Copy value", "144115216631667826"),
        ("\"MsgBody\": [", "Copy sub-tree", r#"[{"MsgContent":{"Text":"\u7ea2包"}}]"#),
    ] {
        assert_eq!(copied_by_menu(&mut bench, line, item).as_deref(), Some(expected), "{line}, {item}");
    }
    bench.harness.query_all_by_label("{").next().expect("bug: it opens").click_secondary();
    bench.harness.run_ok();
    assert!(!bench.shows("Copy path"), "the outermost has none");
}

#[test]
fn the_tree_is_walked_folded_and_copied_from_with_the_keyboard() {
    let mut bench = window(BODY);
    bench.click("\"Seq\": 144115216631667826,");
    assert_eq!(copy(&mut bench).as_deref(), Some("144115216631667826"));
    for _ in 0..3 {
        bench.key(Modifiers::NONE, Key::ArrowDown);
    }
    bench.key(Modifiers::NONE, Key::ArrowLeft);
    assert!(bench.shows("\"MsgBody\": [ 1 value ]"), "{:?}", bench.lines_of_detail());
    let path = bench.copied(|bench| {
        let modifiers = Modifiers::COMMAND | Modifiers::SHIFT;
        bench.harness.event(egui::Event::Key { key: Key::C, physical_key: None, pressed: true, repeat: false, modifiers });
    });
    assert_eq!(path.as_deref(), Some("MsgBody"));
    for key in [Key::ArrowRight, Key::ArrowDown, Key::Enter, Key::ArrowDown, Key::ArrowDown] {
        bench.key(Modifiers::NONE, key);
    }
    assert_eq!(copy(&mut bench).as_deref(), Some(r#"{"MsgContent":{"Text":"\u7ea2包"}}"#));
    assert_eq!(bench.harness.state().model().history.selected(), Some(1), "the list beside it stays where it is");
}

#[test]
fn text_is_selected_with_the_mouse_and_copied_as_received() {
    let mut bench = window("one two\r\nthree \u{7}four\nfive");
    let drag = |bench: &mut Bench, from: (&str, f32), to: (&str, f32)| {
        let (from, to) = (place(bench, from.0, from.1), place(bench, to.0, to.1));
        press(bench, from, true, Modifiers::NONE);
        press(bench, to, false, Modifiers::NONE);
    };
    drag(&mut bench, ("one two", 4.0), ("three \\u{7}four", 5.0));
    assert_eq!(copy(&mut bench).as_deref(), Some("two\r\nthree"));
    drag(&mut bench, ("three \\u{7}four", 13.0), ("one two", 0.0));
    assert_eq!(copy(&mut bench).as_deref(), Some("one two\r\nthree \u{7}fo"), "an escape is one character, and backwards is well");
    let end = place(&bench, "five", 2.0);
    press(&mut bench, end, true, Modifiers::SHIFT);
    press(&mut bench, end, false, Modifiers::SHIFT);
    assert_eq!(copy(&mut bench).as_deref(), Some("ur\nfi"), "from where it began");
    assert_eq!(copied_by_menu(&mut bench, "one two", "Copy line").as_deref(), Some("one two"));
}

#[test]
fn two_clicks_select_a_word_and_three_a_line() {
    let mut bench = window("one two\nthree");
    let at = place(&bench, "one two", 5.0);
    let mut clicked = |times: usize| {
        let button = |pressed| egui::Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        let clicks = [true, false].map(button).into_iter().cycle().take(2 * times);
        bench.harness.input_mut().events.extend(std::iter::once(egui::Event::PointerMoved(at)).chain(clicks));
        bench.harness.step();
        let copied = copy(&mut bench);
        // Longer than clicks may be apart.
        bench.harness.run_steps(8);
        copied
    };
    assert_eq!(clicked(2).as_deref(), Some("two"));
    assert_eq!(clicked(3).as_deref(), Some("one two"));
}

#[test]
fn text_is_selected_with_the_keyboard() {
    let mut bench = window("one\ntwo\nthree");
    let at = place(&bench, "one", 1.0);
    press(&mut bench, at, true, Modifiers::NONE);
    press(&mut bench, at, false, Modifiers::NONE);
    bench.key(Modifiers::COMMAND, Key::A);
    assert_eq!(copy(&mut bench).as_deref(), Some("one\ntwo\nthree"));
    let at = place(&bench, "two", 1.0);
    press(&mut bench, at, true, Modifiers::NONE);
    press(&mut bench, at, false, Modifiers::NONE);
    for key in [Key::ArrowDown, Key::ArrowRight] {
        bench.key(Modifiers::SHIFT, key);
    }
    assert_eq!(copy(&mut bench).as_deref(), Some("wo\nth"));
    bench.click("Hex");
    assert_eq!(copy(&mut bench).as_deref(), Some("77 6f 0a 74 68"), "the same bytes as hex");
    let line = bench.lines_of_detail().remove(0);
    assert_eq!(copied_by_menu(&mut bench, &line, "Copy line").as_deref(), Some("6f 6e 65 0a 74 77 6f 0a 74 68 72 65 65"));
}

#[test]
fn a_text_is_found_counted_and_gone_through() {
    let mut bench = window(BODY);
    bench.harness.query_all_by_label("{").next().expect("bug: it opens").click();
    bench.asked();
    assert!(bench.shows("{ 6 values }"));
    bench.key(Modifiers::COMMAND, Key::F);
    bench.harness.event(egui::Event::Text("TEXT".into()));
    let needle = Needle { text: "TEXT".into(), match_case: false };
    assert_eq!(bench.asked(), [Effect::FindInBody { id: 1, needle: needle.clone() }]);
    assert!(bench.shows("Searching"));
    let starts = ["Callback", "Text"].map(|text| place_of(BODY, text));
    bench.tell(Event::FoundInBody { id: 1, needle: Needle { text: "TEX".into(), match_case: false }, found: Found::default() });
    assert!(bench.shows("Searching"), "an answer to another question");
    bench.tell(Event::FoundInBody { id: 1, needle, found: Found { starts: starts.to_vec(), more: false } });
    assert!(bench.shows("1 of 2"));
    bench.key(Modifiers::NONE, Key::Enter);
    assert!(bench.shows("2 of 2"));
    assert!(bench.shows(r#""Text": "\u7ea2包""#), "what hides it is unfolded: {:?}", bench.lines_of_detail());
    bench.key(Modifiers::SHIFT, Key::Enter);
    assert!(bench.shows("1 of 2"));
    bench.key(Modifiers::NONE, Key::F3);
    assert!(bench.shows("2 of 2"));
    bench.key(Modifiers::NONE, Key::Escape);
    assert!(!bench.shows("2 of 2") && !bench.shows("Next match"));
}

#[test]
fn a_match_far_down_is_brought_into_view_in_every_form() {
    let body = format!("{{\"a\":[{}\"here\"]}}", "\"not\",\n".repeat(2_000));
    let at = place_of(&body, "here");
    let mut bench = window(body.as_str());
    bench.click("Find");
    bench.harness.event(egui::Event::Text("here".into()));
    bench.asked();
    let needle = Needle { text: "here".into(), match_case: false };
    bench.tell(Event::FoundInBody { id: 1, needle, found: Found { starts: vec![at], more: false } });
    for (view, line) in [("Tree", "\"here\""), ("Text", "\"here\"]}"), ("Hex", "here\"]}")] {
        bench.click(view);
        assert!(bench.lines_of_detail().iter().any(|shown| shown.contains(line)), "{view}: {:?}", bench.lines_of_detail());
    }
}
