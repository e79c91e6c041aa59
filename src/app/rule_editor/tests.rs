use super::complaint::Spot;
use super::*;
use crate::app::Model;
use crate::app::action::{Action, Dialog};
use crate::exchange::Exchange;
use crate::inspect;
use crate::messages::{Event, KnownRules};
use crate::protocol::Kept;
use crate::wire::Request;

const TWO: &str = "[[rule]]\nname = \"a\"\nrespond = \"ok\"\n[[rule]]\nname = \"b\"\nrespond = \"fail\"\n";

fn known(source: &str) -> Event {
    let rules = file::read(source).expect(source).into();
    Event::Rules(KnownRules { rules, path: "/tmp/rules.toml".into(), complaints: Vec::new() })
}

/// The dialog, open over these rules.
fn model(source: &str) -> Model {
    let mut model = Model::default();
    model.absorb(known(source));
    model.apply(Action::OpenDialog(Dialog::Rules));
    model
}

fn act(model: &mut Model, action: RulesAction) -> Vec<Effect> {
    model.apply(Action::Rules(action))
}

/// Changes the draft.
fn edit(model: &mut Model, change: impl FnOnce(&mut Draft)) {
    let Form::Fields(draft) = &editing(model).form else { panic!("it is a text") };
    let mut draft = draft.clone();
    change(&mut draft);
    assert_eq!(act(model, RulesAction::Edit(draft)), []);
}

fn editing(model: &Model) -> &Editing {
    model.rule_editor.editing.as_ref().expect("bug: a rule is edited")
}

fn names(model: &Model) -> Vec<&str> {
    model.rules.iter().flat_map(|known| known.rules.iter()).map(|rule| rule.name.as_str()).collect()
}

fn edited_name(model: &Model) -> String {
    editing(model).last_rule().name.clone()
}

/// The names of the rules that are asked to be kept.
#[track_caller]
fn kept(effects: &[Effect]) -> Vec<String> {
    let [Effect::SaveRules(rules)] = effects else { panic!("{effects:?}") };
    rules.iter().map(|rule| rule.name.clone()).collect()
}

#[test]
fn nothing_is_saved_while_the_rules_are_not_known() {
    let mut model = Model::default();
    model.apply(Action::OpenDialog(Dialog::Rules));
    for action in [RulesAction::Add, RulesAction::Save, RulesAction::Toggle(0), RulesAction::FailOnce] {
        assert_eq!(act(&mut model, action), []);
    }
    assert!(model.rule_editor.editing.is_none());
    model.absorb(known(TWO));
    assert_eq!(edited_name(&model), "a", "the first is edited once they are known");
}

#[test]
fn an_edited_rule_is_saved_in_its_place() {
    let mut model = model(TWO);
    act(&mut model, RulesAction::Select(1));
    assert!(!editing(&model).can_save());
    edit(&mut model, |draft| draft.name = "c".to_owned());
    assert!(editing(&model).is_dirty() && editing(&model).can_save());
    assert_eq!(kept(&act(&mut model, RulesAction::Save)), ["a", "c"]);
    assert!(editing(&model).is_dirty(), "until the engine says so");
    model.absorb(known(&TWO.replace("\"b\"", "\"c\"")));
    assert!(!editing(&model).is_dirty() && !editing(&model).is_overtaken);
}

#[test]
fn a_mistake_keeps_it_from_being_saved() {
    let mut model = model(TWO);
    edit(&mut model, |draft| draft.name = "b".to_owned());
    assert_eq!(editing(&model).complaint(Spot::Name), Some(texts::RULE_NAME_TAKEN));
    assert_eq!(act(&mut model, RulesAction::Save), []);
    edit(&mut model, |draft| draft.name = "a".to_owned());
    assert_eq!((editing(&model).complaints(), editing(&model).is_dirty()), (&[][..], false));
}

#[test]
fn what_is_not_saved_is_never_lost_without_a_word() {
    let mut model = model(TWO);
    edit(&mut model, |draft| draft.command = "C2C.*".to_owned());
    act(&mut model, RulesAction::Select(1));
    assert_eq!((edited_name(&model).as_str(), &model.rule_editor.wants), ("a", &Some(Target::Rule(1))));
    act(&mut model, RulesAction::Stay);
    model.apply(Action::CloseDialog);
    assert_eq!((model.dialog, &model.rule_editor.wants), (Some(Dialog::Rules), &Some(Target::Close)));
    // Saved, it closes once that is told.
    assert_eq!(kept(&act(&mut model, RulesAction::SaveAndGo)), ["a", "b"]);
    assert_eq!(model.dialog, Some(Dialog::Rules));
    model.absorb(known(&TWO.replacen("respond", "command = \"C2C.*\"\nrespond", 1)));
    assert_eq!((model.dialog, model.rule_editor.editing.is_none()), (None, true));

    model.apply(Action::OpenDialog(Dialog::Rules));
    edit(&mut model, |draft| draft.command = "Group.*".to_owned());
    act(&mut model, RulesAction::Select(1));
    act(&mut model, RulesAction::Discard);
    assert_eq!(edited_name(&model), "b");
    edit(&mut model, |draft| draft.command = "Group.*".to_owned());
    model.apply(Action::CloseDialog);
    act(&mut model, RulesAction::Discard);
    assert_eq!(model.dialog, None);
}

#[test]
fn a_new_rule_nobody_typed_into_goes_without_a_question() {
    let mut model = model(TWO);
    act(&mut model, RulesAction::Add);
    assert!(editing(&model).is_new() && editing(&model).can_save());
    act(&mut model, RulesAction::Select(1));
    assert_eq!(edited_name(&model), "b");
    act(&mut model, RulesAction::Select(2));
    assert_eq!(edited_name(&model), "b", "there is no third");
    act(&mut model, RulesAction::AddStarter(0));
    assert_eq!(kept(&act(&mut model, RulesAction::Save)), ["a", "b", "No red packets"]);
    assert_eq!(kept(&act(&mut model, RulesAction::Save)), ["a", "b", "No red packets"], "twice is once");
}

#[test]
fn the_file_may_change_while_a_rule_is_edited() {
    let mut model = model(TWO);
    edit(&mut model, |draft| draft.command = "C2C.*".to_owned());
    // Another rule changes: nothing to say, wherever ours stands now.
    model.absorb(known("[[rule]]\nname = \"b\"\nrespond = \"ok\"\n[[rule]]\nname = \"a\"\nrespond = \"ok\"\n"));
    assert_eq!((editing(&model).is_overtaken, editing(&model).at), (false, 1));
    // Ours changes: it is said, and what was typed stays.
    model.absorb(known("[[rule]]\nname = \"a\"\nrespond = \"drop\"\n"));
    assert_eq!((editing(&model).is_overtaken, editing(&model).at), (true, 0));
    assert_eq!(kept(&act(&mut model, RulesAction::Save)), ["a"]);
    // It goes: saving brings it back.
    model.absorb(known("[[rule]]\nname = \"x\"\nrespond = \"drop\"\n"));
    assert!(editing(&model).is_overtaken && editing(&model).is_new());
    assert_eq!(kept(&act(&mut model, RulesAction::Save)), ["a", "x"]);
}

#[test]
fn one_that_is_not_being_edited_follows_the_file() {
    let mut model = model(TWO);
    model.absorb(known("[[rule]]\nname = \"a\"\nrespond = \"drop\"\n"));
    assert_eq!(words::response(editing(&model).last_rule()), "Drop");
    model.absorb(known("[[rule]]\nname = \"z\"\nrespond = \"ok\"\n"));
    assert_eq!(edited_name(&model), "z");
    model.absorb(known(""));
    assert!(model.rule_editor.editing.is_none());
}

#[test]
fn rules_are_switched_moved_doubled_and_taken_away() {
    let mut model = model(TWO);
    edit(&mut model, |draft| draft.command = "C2C.*".to_owned());
    let effects = act(&mut model, RulesAction::Toggle(0));
    let [Effect::SaveRules(rules)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((rules[0].enabled, rules[0].when.is_empty()), (false, true), "what is typed is not saved by the way");
    assert!(!editing(&model).last_rule().enabled && editing(&model).is_dirty());
    act(&mut model, RulesAction::Discard);

    assert_eq!(act(&mut model, RulesAction::Move(0, Towards::First)), []);
    assert_eq!(act(&mut model, RulesAction::Move(1, Towards::Last)), []);
    assert_eq!(kept(&act(&mut model, RulesAction::Move(0, Towards::Last))), ["b", "a"]);
    assert_eq!(kept(&act(&mut model, RulesAction::Duplicate(0))), ["b", "b (2)", "a"]);
    assert_eq!(kept(&act(&mut model, RulesAction::Remove(2))), ["b", "b (2)"]);
    assert_eq!(edited_name(&model), "b (2)");
    assert_eq!(kept(&act(&mut model, RulesAction::Undo)), ["b", "b (2)", "a"]);
}

#[test]
fn a_change_is_made_to_what_was_asked_for_before() {
    let mut model = model(TWO);
    act(&mut model, RulesAction::Toggle(0));
    let asked = act(&mut model, RulesAction::Toggle(1));
    let [Effect::SaveRules(rules)] = asked.as_slice() else { panic!("{asked:?}") };
    assert!(rules.iter().all(|rule| !rule.enabled), "the first stays off");

    act(&mut model, RulesAction::Duplicate(1));
    for at in [0, 1] {
        assert_eq!(editing(&model).at, at);
        act(&mut model, RulesAction::Move(at, Towards::Last));
    }
    assert_eq!((names(&model), editing(&model).at), (vec!["b", "b (2)", "a"], 2));
}

#[test]
fn what_was_asked_for_last_stands_until_it_is_answered() {
    let mut model = model(TWO);
    model.absorb(Event::Hits { rules: vec![3, 4], bar: 0 });
    act(&mut model, RulesAction::Move(0, Towards::Last));
    assert_eq!(model.hits, [4, 3]);
    act(&mut model, RulesAction::Duplicate(1));
    model.absorb(known("[[rule]]\nname = \"b\"\nrespond = \"fail\"\n[[rule]]\nname = \"a\"\nrespond = \"ok\"\n"));
    assert_eq!((names(&model), model.hits.as_slice()), (vec!["b", "a", "a (2)"], &[4, 3, 0][..]));
    // The second could not be kept.
    model.absorb(known(TWO));
    assert_eq!((names(&model), edited_name(&model).as_str(), editing(&model).at), (vec!["a", "b"], "a", 0));

    act(&mut model, RulesAction::Remove(0));
    model.rules_not_asked();
    assert_eq!(names(&model), ["a", "b"], "it was not even asked for");
    assert_eq!(act(&mut model, RulesAction::Undo), [], "it is still there");
}

#[test]
fn an_exchange_is_asked_for_anew_once_its_rules_are_in_force() {
    let mut model = model(TWO);
    model.absorb(Event::Arrived(vec![1]));
    act(&mut model, RulesAction::Remove(1));
    let one = known("[[rule]]\nname = \"a\"\nrespond = \"ok\"\n");
    assert_eq!(model.absorb(one.clone()), [Effect::Open(1)]);
    assert_eq!(model.absorb(one), [], "nothing changed");
}

#[test]
fn an_edit_that_could_not_be_saved_stays() {
    let mut model = model(TWO);
    edit(&mut model, |draft| draft.command = "C2C.*".to_owned());
    act(&mut model, RulesAction::Select(1));
    act(&mut model, RulesAction::SaveAndGo);
    // The rule of that name is there, but not as it was typed.
    model.absorb(known(TWO));
    assert_eq!((edited_name(&model).as_str(), &model.rule_editor.wants), ("a", &Some(Target::Rule(1))));
    assert!(editing(&model).is_dirty() && !editing(&model).is_overtaken);
    // What is told later of the same rule is no answer to that.
    model.absorb(known(&TWO.replacen("respond", "command = \"C2C.*\"\nrespond", 1)));
    assert_eq!((edited_name(&model).as_str(), editing(&model).is_dirty()), ("a", false));
}

#[test]
fn what_is_typed_while_a_rule_is_saved_stays_too() {
    let mut model = model(TWO);
    edit(&mut model, |draft| draft.name = "c".to_owned());
    act(&mut model, RulesAction::Select(1));
    act(&mut model, RulesAction::SaveAndGo);
    edit(&mut model, |draft| draft.command = "C2C.*".to_owned());
    model.absorb(known(&TWO.replace("\"a\"", "\"c\"")));
    assert_eq!((edited_name(&model).as_str(), editing(&model).is_dirty()), ("c", true));
    assert_eq!(kept(&act(&mut model, RulesAction::Save)), ["c", "b"]);
}

#[test]
fn a_new_rule_stands_in_its_place_before_it_is_told() {
    let mut model = model(TWO);
    act(&mut model, RulesAction::Add);
    act(&mut model, RulesAction::Save);
    assert_eq!((editing(&model).is_at(2), editing(&model).is_dirty(), editing(&model).complaints()), (true, true, &[][..]));
    act(&mut model, RulesAction::Toggle(2));
    model.absorb(known(TWO));
    model.absorb(known(TWO));
    assert!(editing(&model).is_new() && editing(&model).can_save(), "it could not be kept");
    assert!(!editing(&model).last_rule().enabled);
}

#[test]
fn the_bytes_of_a_file_are_no_edit() {
    let source = "[[rule]]\nname = \"a\"\nrespond = \"body:a.json\"\n";
    let with_bytes = |bytes: &str| {
        let mut rules = file::read(source).expect(source);
        rules::files(&mut rules).for_each(|body| body.bytes = bytes.as_bytes().into());
        Event::Rules(KnownRules { rules: rules.into(), path: "/tmp/rules.toml".into(), complaints: Vec::new() })
    };
    let mut model = model("");
    model.absorb(with_bytes("{}"));
    edit(&mut model, |draft| draft.command = "C2C.*".to_owned());
    model.absorb(with_bytes("[]"));
    assert!(editing(&model).is_dirty() && !editing(&model).is_overtaken);
    edit(&mut model, |draft| draft.command.clear());
    assert!(!editing(&model).is_dirty() && !editing(&model).can_save());
    model.absorb(with_bytes("{\"b\":1}"));
    let sent = editing(&model).preview.lints[0].sent.clone();
    assert_eq!(sent.as_deref(), Some("{\"b\":1}"), "it is shown as it is now");
}

#[test]
fn a_rule_is_edited_as_text_too() {
    let mut model = model(TWO);
    act(&mut model, RulesAction::ShowText(true));
    assert_eq!(editing(&model).form, Form::Text("[[rule]]\nname = \"a\"\nrespond = \"ok\"\n".to_owned()));
    assert!(!editing(&model).is_dirty());
    for (text, complaint) in [
        ("[[rule]]\nname = \"a\"\nrespond = \"nope\"", "line 3, column 11: "),
        ("[[rule]]\nname = \"b\"\nrespond = \"ok\"", texts::RULE_NAME_TAKEN),
        ("", texts::ONE_RULE_HERE),
        (TWO, texts::ONE_RULE_HERE),
    ] {
        act(&mut model, RulesAction::EditText(text.to_owned()));
        assert!(editing(&model).complaints()[0].text.starts_with(complaint), "{:?}", editing(&model).complaints());
    }
    act(&mut model, RulesAction::EditText("[[rule]]\nname = \"a\"\npath = \"/a,b\"\nrespond = \"ok\"".to_owned()));
    assert!(editing(&model).can_save() && !editing(&model).has_form());
    act(&mut model, RulesAction::EditText("[[rule]]\nname = \"a\"\npath = \"/a\"\nrespond = \"ok\"".to_owned()));
    act(&mut model, RulesAction::ShowText(false));
    assert!(matches!(editing(&model).form, Form::Fields(_)) && editing(&model).is_dirty());
}

#[test]
fn a_rule_is_tried_on_the_selected_exchange() {
    let request = Request::complete(0, "POST /?CallbackCommand=C2C.CallbackBeforeSendMsg HTTP/1.1\r\n\r\n", r#"{"From_Account":"leckie"}"#);
    let inspection = inspect::inspect(&request, &[], &Kept::default());
    let opened = Opened::of(Exchange { id: 1, request, response: None }, inspection, &[], true);
    let mut model = model(
        "[[rule]]\nname = \"a\"\nrespond = \"ok\"\n[[rule]]\nname = \"b\"\ncommand = \"Group.*\"\nrefuse = { code = 1, info = \"no, {{From_Account}}\" }\n",
    );
    model.absorb(Event::Arrived(vec![1]));
    model.absorb(Event::Opened(Some(Box::new(opened))));
    act(&mut model, RulesAction::Select(1));
    act(&mut model, RulesAction::Try);
    let trial =
        |model: &Model| editing(model).preview.trial.as_ref().map(|trial| (trial.responds, trial.why.join("; "), trial.sent.clone()));
    let why = "Command is C2C.CallbackBeforeSendMsg, and Group.* was wanted".to_owned();
    assert_eq!(trial(&model), Some((false, why, None)));
    edit(&mut model, |draft| draft.command = "C2C.*".to_owned());
    let (responds, why, sent) = trial(&model).expect("bug: it is tried");
    assert_eq!((responds, why.as_str()), (false, "Would respond, but a comes before it"));
    assert!(sent.is_some_and(|sent| sent.contains("no, leckie")));
    act(&mut model, RulesAction::Try);
    assert_eq!(trial(&model), None);
}

#[test]
fn hits_stay_with_their_rules() {
    let mut model = model(TWO);
    model.absorb(Event::Hits { rules: vec![3, 4], bar: 0 });
    model.absorb(known("[[rule]]\nname = \"new\"\nrespond = \"ok\"\n[[rule]]\nname = \"b\"\nrespond = \"fail\"\n[[rule]]\nname = \"a\"\nrespond = \"drop\"\n"));
    assert_eq!(model.hits, [0, 4, 0], "a changed one begins anew");
}

#[test]
fn what_a_rule_was_made_of_is_remembered_until_its_turn_comes() {
    let request = Request::complete(0, "POST /?CallbackCommand=A HTTP/1.1\r\n\r\n", "{}");
    let inspection = inspect::inspect(&request, &[], &Kept::default());
    let sent = crate::wire::Response::json(200, "{\"a\":\"{{b\"}");
    let response = Some(crate::exchange::Responded::decided(sent, "default"));
    let mut model = model(TWO);
    model.absorb(Event::Arrived(vec![1]));
    model.absorb(Event::Opened(Some(Box::new(Opened::of(Exchange { id: 1, request, response }, inspection, &[], true)))));
    edit(&mut model, |draft| draft.command = "C2C.*".to_owned());
    assert_eq!(model.apply(Action::RuleFromExchange), []);
    assert_eq!(edited_name(&model), "a", "first it is decided about what was typed");
    act(&mut model, RulesAction::Discard);
    assert_eq!((edited_name(&model).as_str(), editing(&model).remark.as_deref()), ("Like exchange 1", Some(texts::BRACES_ESCAPED)));
    assert!(editing(&model).is_dirty(), "what it is made of may be gone tomorrow");
    assert_eq!(kept(&act(&mut model, RulesAction::Save)), ["Like exchange 1", "a", "b"]);
}
