use super::*;
use crate::app::action::Tab;
use crate::app::selection::SelectionAction;
use crate::messages::{Event, Known};
use crate::rules::bar::Bar;
use crate::rules::preset::Preset;
use crate::settings::SavedFilter;

const NOW: i64 = 1_669_872_114_000;

fn model() -> Model {
    let mut model = Model::default();
    model.absorb(Event::Arrived(vec![1, 2, 3]));
    let filters = vec![SavedFilter { name: "红包".into(), text: "红包 command:Group.*".into() }];
    model.absorb(Event::Settings(Known { filters, ..Known::default() }));
    model
}

fn mean(model: &mut Model, action: PaletteAction) -> Vec<Effect> {
    model.apply(Action::Palette(action))
}

fn open(model: &mut Model) {
    assert_eq!(mean(model, PaletteAction::Open(Place::default())), []);
}

fn found(model: &Model) -> Vec<&str> {
    (0..).map_while(|at| model.palette.entry_at(at)).map(|(entry, _)| entry.label.as_str()).collect()
}

fn chosen(model: &Model) -> Option<&str> {
    let (entry, _) = model.palette.entry_at(model.palette.chosen()?)?;
    Some(&entry.label)
}

fn enter(model: &mut Model) -> Vec<Effect> {
    mean(model, PaletteAction::Do { at: None, now_millis: NOW, zone: TimeZone::UTC })
}

/// Opens it, types, and does what is found first.
fn done(model: &mut Model, text: &str) -> Vec<Effect> {
    open(model);
    mean(model, PaletteAction::Type(text.into()));
    enter(model)
}

#[test]
fn the_best_is_done_and_the_palette_is_closed() {
    let mut model = model();
    assert_eq!(done(&mut model, "503 http"), [], "no such status is set");
    assert_eq!(model.dialog, Some(Dialog::Palette), "nothing was found, so nothing was done");
    mean(&mut model, PaletteAction::Type("refuse".into()));
    let effects = enter(&mut model);
    assert!(matches!(&effects[..], [Effect::Respond(Preset::Refuse, _)]), "{effects:?}");
    assert_eq!(model.dialog, None);
}

#[test]
fn what_opens_a_dialog_leaves_it_open() {
    let mut model = model();
    done(&mut model, "export all");
    assert_eq!(model.dialog, Some(Dialog::Palette));
    mean(&mut model, PaletteAction::Type("export".into()));
    enter(&mut model);
    assert_eq!(model.dialog, Some(Dialog::Export));
}

#[test]
fn it_does_not_open_in_front_of_a_dialog() {
    let mut model = model();
    model.apply(Action::OpenDialog(Dialog::Rules));
    open(&mut model);
    assert_eq!((model.dialog, model.palette.times_opened()), (Some(Dialog::Rules), 0));
}

#[test]
fn a_saved_filter_is_found_by_a_chinese_character_and_filters_as_of_then() {
    let mut model = model();
    open(&mut model);
    mean(&mut model, PaletteAction::Type("包".into()));
    assert_eq!(found(&model), ["Filter by 红包", "Rename the saved filter 红包…", "Delete the saved filter 红包"]);
    assert!(matches!(&enter(&mut model)[..], [Effect::Find(Some(find))] if find.filter.text() == "红包 command:Group.*"));
    assert_eq!(model.filter.text(), "红包 command:Group.*");
}

#[test]
fn what_was_done_lately_comes_first_while_nothing_is_typed() {
    let mut model = model();
    done(&mut model, "dark");
    done(&mut model, "statistics");
    open(&mut model);
    assert_eq!(found(&model)[..2], ["Close the statistics", "Use dark colours"], "the same action is another one by then");
    mean(&mut model, PaletteAction::Type("light".into()));
    assert_eq!(found(&model)[0], "Use light colours");
}

#[test]
fn one_chooses_up_and_down_within_what_was_found() {
    let mut model = model();
    open(&mut model);
    mean(&mut model, PaletteAction::Type("zoom".into()));
    assert_eq!(found(&model), ["Zoom in", "Zoom out", "Usual zoom"]);
    for (by, expected) in [(1, "Zoom out"), (5, "Usual zoom"), (-9, "Zoom in"), (i64::MAX, "Usual zoom"), (i64::MIN, "Zoom in")] {
        mean(&mut model, PaletteAction::ChooseBy(by));
        assert_eq!(chosen(&model), Some(expected), "{by}");
    }
    mean(&mut model, PaletteAction::Type("zzzz".into()));
    mean(&mut model, PaletteAction::ChooseBy(1));
    assert_eq!(chosen(&model), None);
    assert_eq!(enter(&mut model), []);
}

#[test]
fn what_happens_meanwhile_changes_what_is_offered_and_never_what_is_chosen() {
    let mut model = model();
    open(&mut model);
    mean(&mut model, PaletteAction::Type("respond with".into()));
    mean(&mut model, PaletteAction::ChooseBy(2));
    let before = chosen(&model).map(str::to_owned);
    model.absorb(Event::Arrived(vec![4]));
    assert_eq!(chosen(&model).map(str::to_owned), before);
    let (entry, _) = model.palette.entry_at(2).expect("bug: it is there");
    let Does::Act(Action::Respond(preset)) = entry.does.clone() else { panic!("bug: it responds: {entry:?}") };
    model.absorb(Event::Settings(Known { bar: Bar { preset, ..Bar::default() }, ..Known::default() }));
    assert_eq!(chosen(&model), None, "it is what is responded now, and another one is not chosen for it");
    assert_eq!(enter(&mut model), []);
    mean(&mut model, PaletteAction::ChooseBy(1));
    assert_eq!(model.palette.chosen(), Some(0));
}

#[test]
fn what_cannot_be_done_now_is_not_offered() {
    let mut model = Model::default();
    open(&mut model);
    let labels = found(&model).join("\n");
    for missing in ["Pin", "Export", "Show the JSON tab", "Stop receiving", "Send test", "Select", "Filter", "Undo"] {
        assert!(!labels.contains(missing), "{missing}: {labels}");
    }
    for there in ["Import…", "Open the catalogue", "Respond with FAIL 1", "Use dark colours"] {
        assert!(labels.contains(there), "{there}: {labels}");
    }
}

#[test]
fn a_page_in_front_has_its_own_actions_and_hides_those_behind_it() {
    let mut model = model();
    done(&mut model, "open the catalogue");
    open(&mut model);
    let labels = found(&model);
    assert!(labels.contains(&"Go to the next command") && labels.contains(&"Close the catalogue"), "{labels:?}");
    assert!(!labels.contains(&"Pin") && !labels.contains(&"Filter by 红包"), "{labels:?}");
}

#[test]
fn a_key_and_the_palette_mean_the_same() {
    let mut model = model();
    model.apply(Action::Selection(SelectionAction::All));
    open(&mut model);
    let entries = (0..).map_while(|at| model.palette.entry_at(at)).map(|(entry, _)| entry);
    let by_key: Vec<_> = entries.filter_map(|entry| Some((entry, entry.meaning?))).collect();
    assert!(by_key.len() > 20);
    for (entry, meaning) in by_key {
        assert_eq!(Some(&entry.does), meaning.action(&model, Place::default()).map(Does::Act).as_ref(), "{}", entry.label);
    }
    assert_eq!(Meaning::Tab(Tab::Json).action(&Model::default(), Place::default()), None, "there is nothing to show");
}
