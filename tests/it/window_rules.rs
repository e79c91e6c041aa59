//! The rules' dialog without a display: clicks in, rules out.

use crate::bench::{Bench, exchange, opened};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hookglass::app::action::Dialog;
use hookglass::exchange::DEFAULT_RULE;
use hookglass::messages::{Effect, Event, KnownRules};
use hookglass::opened::Opened;
use hookglass::rules::{Matcher, Reply, Rule, file};

const FOUR: &str = r#"
[[rule]]
name = "No red packets"
command = "Group.CallbackBeforeSendMsg"
field = "MsgBody[].MsgContent.Text contains 红包"
refuse = { code = 10100, info = "no red packets, {{From_Account}}" }
[[rule]]
name = "Now and then"
command = "C2C.*"
often = "2 of 3"
respond = "http:500"
[[rule]]
name = "Late"
enabled = false
command = "Group.CallbackAfter*"
delay = 2500
respond = "ok"
[[rule]]
name = "By hand"
enabled = false
command = "State.StateChange"
respond = "hold"
"#;

fn known(source: &str, complaints: &[&str]) -> Event {
    let rules = file::read(source).expect(source).into();
    let complaints = complaints.iter().map(|text| (*text).to_owned()).collect();
    Event::Rules(KnownRules { rules, path: "/tmp/rules.toml".into(), complaints })
}

/// Tells of rules. What is open is asked for anew then, which is not what is looked at here.
fn tell(bench: &mut Bench, rules: Event) {
    bench.tell(rules);
    let asked = bench.asked();
    assert!(asked.iter().all(|effect| matches!(effect, Effect::Open(1))), "{asked:?}");
}

/// The dialog, open over these rules, with an exchange selected.
fn bench(source: &str) -> Bench {
    with_file(source, None)
}

fn with_file(source: &str, file: Option<&str>) -> Bench {
    let mut bench = Bench::with_file(file.map(Into::into));
    bench.receive(1);
    tell(&mut bench, known(source, &[]));
    bench.open(Dialog::Rules);
    bench
}

/// The rules that are asked to be kept.
#[track_caller]
fn kept(effects: &[Effect]) -> &[Rule] {
    let [Effect::SaveRules(rules)] = effects else { panic!("{effects:?}") };
    rules
}

fn names(rules: &[Rule]) -> Vec<&str> {
    rules.iter().map(|rule| rule.name.as_str()).collect()
}

/// Clicks the line of the list that begins so.
fn select(bench: &mut Bench, name: &str) -> Vec<Effect> {
    let begins = format!("{name}, ");
    let lines: Vec<_> = bench.harness.query_all_by_role(Role::ListBoxOption).collect();
    let line = lines.iter().find(|line| line.accesskit_node().label().is_some_and(|label| label.starts_with(&begins)));
    line.unwrap_or_else(|| panic!("no line {name}")).click();
    drop(lines);
    bench.asked()
}

/// Takes a field's text away.
fn clear(bench: &mut Bench, field: &str) {
    bench.type_into(field, "");
    bench.key(Modifiers::COMMAND, Key::A);
    bench.key(Modifiers::NONE, Key::Backspace);
}

#[test]
fn a_mistake_in_the_file_is_told_also_while_the_dialog_is_closed() {
    let mut bench = Bench::new();
    tell(&mut bench, known(FOUR, &["line 3, column 11: \"nope\" is no preset", "line 9, column 1: x"]));
    assert!(
        bench.shows("The rules stay as they were, since their file has a mistake: line 3, column 11: \"nope\" is no preset (and 1 more)")
    );
    let mut bench = Bench::new();
    tell(&mut bench, known("", &["line 3, column 11: \"nope\" is no preset"]));
    assert!(bench.shows("No rule is in force: their file has a mistake: line 3, column 11"), "{:?}", bench.harness);
}

#[test]
fn the_list_says_what_each_rule_does_and_how_often_it_did() {
    let mut bench = bench(FOUR);
    bench.tell(Event::Hits { rules: vec![14, 1, 0, 0], bar: 0 });
    for line in [
        "No red packets, Group.CallbackBeforeSendMsg, text has 红包, Refuse 10100, 14 hits",
        "Now and then, C2C.*, any, HTTP 500, 2 of 3, 1 hit",
        "Late, Group.CallbackAfter*, any, OK after 2.5 s, 0 hits",
        "By hand, State.StateChange, any, Hold for me, 0 hits",
    ] {
        assert!(bench.shows(line), "{line}\n{:?}", bench.harness);
    }
    assert!(bench.shows("/tmp/rules.toml"));
}

#[test]
fn a_rule_is_edited_and_saved() {
    let mut bench = bench(FOUR);
    select(&mut bench, "Now and then");
    clear(&mut bench, "Command");
    bench.type_into("Command", "C2C.CallbackBeforeSendMsg");
    bench.click("Refuse");
    assert!(bench.shows("10100-10200 for reasons of one’s own") || bench.shows("for reasons of one’s own"), "{:?}", bench.harness);
    bench.type_into("ErrorInfo", "no, {{From_Account}}");
    assert!(bench.shows("Unsaved"));
    let asked = bench.click("Save rule");
    let rule = &kept(&asked)[1];
    assert!(matches!(&rule.when[..], [Matcher::Command(one)] if one[0].to_string() == "C2C.CallbackBeforeSendMsg"), "{rule:?}");
    assert!(matches!(&rule.steps[0].reply, Reply::Refuse { info, .. } if info.source() == "no, {{From_Account}}"), "{rule:?}");
    tell(&mut bench, known(&file::write(kept(&asked), ""), &[]));
    assert!(!bench.shows("Unsaved") && bench.click("Save rule").is_empty());
}

#[test]
fn what_the_sender_makes_of_it_changes_as_the_code_does() {
    let mut bench = bench(FOUR);
    assert!(bench.shows("Refused: code 10100"), "{:?}", bench.harness);
    assert!(bench.shows("As Group.CallbackBeforeSendMsg reads it, filled in from its sample"));
    assert!(bench.shows("{{From_Account}}") && bench.shows("{{url.SdkAppid}}"));
    clear(&mut bench, "Code");
    assert!(bench.shows("A code is a whole number"));
    bench.type_into("Code", "99");
    assert!(bench.shows("Unknown: not documented: code 99 for this command"), "{:?}", bench.harness);
}

#[test]
fn complaints_stand_beside_their_fields() {
    let mut bench = bench(FOUR);
    bench.type_into("Only when", " ");
    clear(&mut bench, "Only when");
    bench.type_into("Only when", "A is b");
    assert!(bench.shows("is no condition; write PLACE exists"));
    clear(&mut bench, "Delay");
    bench.type_into("Delay", "soon");
    assert!(bench.shows("\"soon\" is no delay"));
    bench.type_into("Name", "");
    clear(&mut bench, "Name");
    bench.type_into("Name", "Late");
    assert!(bench.shows("Another rule has this name"));
    assert_eq!(bench.click("Save rule"), []);
}

#[test]
fn a_rule_is_switched_moved_doubled_and_deleted() {
    let mut bench = bench(FOUR);
    let asked = bench.click("Use “Late”");
    assert!(kept(&asked)[2].enabled);
    select(&mut bench, "Now and then");
    assert_eq!(names(kept(&bench.click("Move up"))), ["Now and then", "No red packets", "Late", "By hand"]);
    assert_eq!(names(kept(&bench.key(Modifiers::ALT, Key::ArrowDown))), ["No red packets", "Now and then", "Late", "By hand"]);
    assert_eq!(names(kept(&bench.click("Duplicate"))), ["No red packets", "Now and then", "Now and then (2)", "Late", "By hand"]);
    assert_eq!(names(kept(&bench.click("Delete"))), ["No red packets", "Now and then (2)", "Late", "By hand"]);
    assert!(bench.shows("“Now and then” deleted"));
    assert_eq!(names(kept(&bench.click("Undo"))), ["No red packets", "Now and then", "Now and then (2)", "Late", "By hand"]);
}

#[test]
fn changes_in_quick_succession_are_all_kept() {
    let mut bench = bench(FOUR);
    bench.click("Use “No red packets”");
    let asked = bench.click("Use “Now and then”");
    assert!(kept(&asked).iter().all(|rule| !rule.enabled), "the first stays off");
    bench.key(Modifiers::ALT, Key::ArrowDown);
    let asked = bench.key(Modifiers::ALT, Key::ArrowDown);
    assert_eq!(names(kept(&asked)), ["Now and then", "Late", "No red packets", "By hand"], "two places");
}

#[test]
fn a_hold_has_no_delay() {
    let mut bench = bench(FOUR);
    assert!(bench.shows("Delay"));
    select(&mut bench, "By hand");
    assert!(bench.shows("Fallback") && !bench.shows("Delay"));
}

#[test]
fn the_arrow_keys_walk_the_list() {
    let mut bench = bench(FOUR);
    bench.key(Modifiers::NONE, Key::ArrowDown);
    assert_eq!(bench.harness.state().model().rule_editor.editing.as_ref().map(|editing| editing.at), Some(1));
    bench.key(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(bench.harness.state().model().rule_editor.editing.as_ref().map(|editing| editing.at), Some(0));
    bench.type_into("Name", "");
    assert_eq!(bench.key(Modifiers::NONE, Key::ArrowDown), []);
    assert_eq!(bench.harness.state().model().rule_editor.editing.as_ref().map(|editing| editing.at), Some(0), "text is typed");
}

#[test]
fn a_rule_is_added_empty_or_like_one_to_start_with() {
    let mut bench = bench("");
    assert!(bench.shows("No rules yet"));
    bench.click("Add rule");
    bench.click("Hold before-send");
    let asked = bench.click("Save rule");
    assert_eq!((names(kept(&asked)), kept(&asked)[0].enabled), (vec!["Hold before-send"], true));
    tell(&mut bench, known(&file::write(kept(&asked), ""), &[]));
    bench.click("Add rule");
    bench.click("Empty rule");
    assert_eq!(names(kept(&bench.click("Save rule"))), ["Hold before-send", "New rule"]);
}

#[test]
fn what_is_not_saved_is_kept_until_it_is_decided() {
    let mut bench = bench(FOUR);
    bench.type_into("ErrorInfo", "!");
    select(&mut bench, "Late");
    assert!(bench.shows("“No red packets” has edits that are not saved"));
    bench.click("Keep editing");
    assert!(!bench.shows("has edits that are not saved"));
    bench.key(Modifiers::NONE, Key::Escape);
    bench.key(Modifiers::NONE, Key::Escape);
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Rules));
    bench.click("Discard");
    assert_eq!(bench.harness.state().model().dialog, None);
}

#[test]
fn a_rule_is_edited_as_text_with_its_mistakes_placed() {
    let mut bench = bench(FOUR);
    bench.click("Edit as text");
    assert!(!bench.shows("Only when"));
    clear(&mut bench, "Rule as text");
    bench.type_into("Rule as text", "[[rule]]\nname = \"x\"\nrespond = \"nope\"");
    assert!(bench.shows("Line 3, column 11: "), "{:?}", bench.harness);
    clear(&mut bench, "Rule as text");
    bench.type_into("Rule as text", "[[rule]]\nname = \"x\"\nrespond = \"ok\"");
    assert_eq!(names(kept(&bench.click("Save rule")))[0], "x");
    bench.click("Edit in the form");
    assert!(bench.shows("How often"));
}

#[test]
fn rules_come_out_of_files_and_go_into_them() {
    let mut bench = with_file(FOUR, Some("/tmp/more.toml"));
    assert_eq!(bench.click_last("Import…"), [Effect::ImportRules("/tmp/more.toml".into())]);
    assert_eq!(bench.click_last("Export…"), [Effect::ExportRules("/tmp/more.toml".into())]);
    let mut bench = with_file(FOUR, None);
    assert_eq!(bench.click_last("Import…"), []);
    assert!(bench.shows("No file was chosen"));
}

#[test]
fn a_rule_is_tried_on_the_selected_callback() {
    let mut bench = bench(FOUR);
    bench.click("Try on selected callback");
    assert!(bench.shows("On exchange 1"));
    assert!(bench.shows("Command is Group.CallbackAfterNewMemberJoin, and Group.CallbackBeforeSendMsg was wanted"), "{:?}", bench.harness);
    select(&mut bench, "Late");
    bench.click("Try on selected callback");
    assert!(bench.shows("Matches: it responds") && bench.shows("It is switched off"));
}

#[test]
fn keys_that_few_commands_read_are_offered_for_those() {
    let mut bench = bench(FOUR);
    bench.click("More…");
    assert!(bench.shows("Rewrite") && bench.shows("Not JSON") && !bench.shows("Result per user") && !bench.shows("Refuse members"));
    bench.click("Rewrite");
    assert!(bench.shows("MsgBody replaces what was sent"), "{:?}", bench.harness);
}

#[test]
fn a_sequence_is_made_step_by_step() {
    let mut bench = bench(FOUR);
    select(&mut bench, "Now and then");
    bench.click("Then…");
    assert!(bench.shows("Step 1") && bench.shows("Step 2") && bench.shows("then for ever"));
    let asked = bench.click("Save rule");
    assert_eq!(kept(&asked)[1].steps.len(), 2);
}

#[test]
fn a_file_with_mistakes_is_told_of_with_its_path() {
    let mut bench = bench(FOUR);
    tell(&mut bench, known(FOUR, &["line 3, column 5: \"x\" is no preset"]));
    assert!(
        bench.shows("the rules in force are older, and saving here sets it aside") && bench.shows("Line 3, column 5: \"x\" is no preset")
    );
    tell(&mut bench, known("", &["line 3, column 5: \"x\" is no preset"]));
    assert!(bench.shows("so no rule is in force; saving here sets it aside"));
    tell(&mut bench, known(FOUR, &[]));
    bench.type_into("ErrorInfo", "!");
    tell(&mut bench, known(&FOUR.replace("10100", "10101"), &[]));
    assert!(bench.shows("The file says something else of this rule by now"));
    assert!(!bench.shows("The file has mistakes"));
}

/// An exchange that was opened, with what the rules make of it.
fn told(told: &[(&str, &str)]) -> Event {
    let told = told.iter().map(|(rule, why)| ((*rule).to_owned(), (*why).to_owned())).collect();
    assert_eq!(exchange(1).response.map(|responded| responded.rule).as_deref(), Some(DEFAULT_RULE));
    Event::Opened(Some(Box::new(Opened { told, ..opened(1, &[]) })))
}

#[test]
fn an_exchange_says_why_no_rule_responded() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.tell(told(&[("Late", "is switched off"), ("A\u{202e}", "command is x, and y was wanted")]));
    bench.click("Response");
    assert!(bench.shows("Responded: response bar") && !bench.shows("Is switched off"));
    bench.click("Why");
    for text in ["Late", "Is switched off", "Command is x, and y was wanted", "By the rules as they are now"] {
        assert!(bench.shows(text), "{text}");
    }
    assert!(!bench.shows("\u{202e}"), "what a rule is called changes no direction");
    bench.click("Hide");
    assert!(!bench.shows("Is switched off"));
}

#[test]
fn an_exchange_leads_to_a_rule() {
    let mut bench = Bench::new();
    bench.receive(1);
    tell(&mut bench, known(FOUR, &[]));
    bench.click("Response");
    let asked = bench.click("Make it fail once");
    assert_eq!(names(kept(&asked))[0], "Group.CallbackAfterNewMemberJoin fails once");
    bench.click("Make a rule of this response…");
    assert!(bench.shows("Like exchange 1, Group.CallbackAfterNewMemberJoin, any, Own response"), "{:?}", bench.harness);
    assert_eq!(names(kept(&bench.click("Save rule")))[0], "Like exchange 1");
    bench.key(Modifiers::NONE, Key::Escape);
    bench.click("Discard");
    bench.click("Respond differently to this command…");
    assert!(bench.shows("Group.CallbackAfterNewMemberJoin, Group.CallbackAfterNewMemberJoin, any, OK, unsaved"), "{:?}", bench.harness);
}

#[test]
fn the_dialog_stands_in_a_small_window_too() {
    let mut bench = bench(FOUR);
    bench.type_into("ErrorInfo", "!");
    select(&mut bench, "Late");
    for width in [900.0, 720.0] {
        bench.harness.set_size(vec2(width, 600.0));
        bench.harness.run_ok();
        let labels = [
            "Import…",
            "Add rule",
            "Save",
            "Discard",
            "Keep editing",
            "Save rule",
            "Try on selected callback",
            "Delete",
            "Move up",
            "Duplicate",
        ];
        let rects: Vec<_> = labels.iter().map(|label| (label, bench.harness.get_by_label(label).rect())).collect();
        for (label, rect) in &rects {
            let inside = rect.left() >= 0.0 && rect.right() <= width && rect.top() >= 0.0 && rect.bottom() <= 600.0;
            assert!(inside, "{label} stands at {rect:?}");
            let over = rects.iter().find(|(other, one)| other != label && one.shrink(1.0).intersects(rect.shrink(1.0)));
            assert!(over.is_none(), "{label} stands over {over:?}");
        }
    }
}
