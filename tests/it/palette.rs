//! The palette lists every action. Whoever adds one lists it in `src/app/palette/list/`, or says here why not.

use crate::bench::{NOW, exchange, opened, row};
use hookglass::app::Model;
use hookglass::app::action::{Action, Tab};
use hookglass::app::annotating::AnnotateAction;
use hookglass::app::body::{BodyAction, BodyView};
use hookglass::app::catalogue::CatalogueAction;
use hookglass::app::columns::ColumnsAction;
use hookglass::app::comparing::CompareAction;
use hookglass::app::conversation::ConversationAction;
use hookglass::app::deleting::DeleteAction;
use hookglass::app::filter_box::FilterAction;
use hookglass::app::find::FindAction;
use hookglass::app::histories::HistoriesAction;
use hookglass::app::meaning::{Meaning, Place};
use hookglass::app::palette::{Does, Entry, PaletteAction};
use hookglass::app::selection::SelectionAction;
use hookglass::app::statistics::StatisticsAction;
use hookglass::app::what_if::WhatIfAction;
use hookglass::column::Column;
use hookglass::compare::{Comparison, Side};
use hookglass::conversation;
use hookglass::histories::{Name, Which};
use hookglass::inspect;
use hookglass::messages::{Compact, Compare, CountProgress, Effect, Event, HeldRequest, Known, KnownHistories, KnownRules, Listening};
use hookglass::needle::Found;
use hookglass::protocol::Kept;
use hookglass::rules::bar::Bar;
use hookglass::rules::preset::Preset;
use hookglass::rules::{Fallback, Rule};
use hookglass::settings::SavedFilter;
use hookglass::statistics::Fold;
use hookglass::ui::actions::all_keys;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// What the palette does not list, by why.
const NOT_LISTED: [(&str, &[&str]); 5] = [
    (
        "it is typed, pasted or dropped",
        &[
            "EditNumber",
            "EditBody",
            "EditAppId",
            "EditToken",
            "Annotate/EditNote",
            "Body/Find/Type",
            "Catalogue/Search",
            "Columns/EditPath",
            "Columns/ShowTyped",
            "Export/Columns",
            "Export/Path",
            "Filter/EditName",
            "Filter/SaveName",
            "Filter/CancelName",
            "Histories/EditPath",
            "Histories/EditName",
            "Histories/EditLimit",
            "Hold/EditCode",
            "Hold/EditBody",
            "Hold/EditFallbackCode",
            "Hold/EditMargin",
            "Hold/EditLimit",
            "Https/EditListen",
            "Https/EditCertificate",
            "Https/EditKey",
            "Import/EditPath",
            "Import/Files",
            "Import/Paste",
            "Palette/Type",
            "Rules/Edit",
            "Rules/EditText",
            "WhatIf/EditStatus",
            "WhatIf/EditAfter",
            "WhatIf/EditBody",
        ],
    ),
    (
        "it is about one row, line or width, where the mouse is",
        &[
            "Select",
            "Selection/Toggle",
            "Selection/ExtendTo",
            "Body/Fold",
            "Body/SelectLine",
            "Body/MoveLine",
            "Body/Unfold",
            "Body/FoldOrLeave",
            "Body/FoldSelected",
            "Body/Select",
            "Catalogue/Select",
            "Columns/SetWidth",
            "Columns/SortBy",
            "Compare/Ignore",
            "Compare/Unfold",
            "Compare/GoToRow",
            "Compare/CopyValue",
            "Statistics/Filter",
        ],
    ),
    (
        "it is done in a dialog, which the palette opens",
        &[
            "CloseDialog",
            "UseBody",
            "EditApp",
            "EditNewApp",
            "SaveApp",
            "RemoveApp",
            "AskFile",
            "ChooseFile",
            "Delete/Confirm",
            "Delete/ConfirmUnpinned",
            "Export/Scope",
            "Export/Format",
            "Export/Redact",
            "Export/ColumnsOfList",
            "Export/Shell",
            "Export/InFiles",
            "Export/AsHtml",
            "Export/Start",
            "Export/Copy",
            "Histories/OpenPath",
            "Histories/AskName",
            "Histories/TakeName",
            "Histories/CancelName",
            "Histories/Measure",
            "Histories/KeepToLimits",
            "Histories/Compact",
            "Hold/Send",
            "Https/UseOwn",
            "Https/TurnOn",
            "Https/TurnOff",
            "Import/Start",
            "Import/Stop",
            "Rules/Select",
            "Rules/Add",
            "Rules/AddStarter",
            "Rules/ShowText",
            "Rules/Save",
            "Rules/SaveAndGo",
            "Rules/Discard",
            "Rules/Stay",
            "Rules/Move",
            "Rules/Duplicate",
            "Rules/Remove",
            "Rules/RemoveEdited",
            "Rules/Undo",
            "Rules/Try",
        ],
    ),
    (
        "the window means it by itself",
        &["ShowRows", "Annotate/KeepNote", "Columns/Keep", "Compare/HasRoom", "Conversation/Older", "Filter/ReadSeen"],
    ),
    ("it is the palette's own", &["Palette/Open", "Palette/ChooseBy", "Palette/Do"]),
];

#[test]
fn every_action_is_listed_or_said_not_to_be() {
    let enums = enums();
    let mut all = BTreeSet::new();
    expand(&enums, "Action", "", &mut all);
    assert!(all.len() > 150 && all.contains("Compare/With") && all.contains("Body/Find/Next"), "{all:?}");
    let listed: BTreeSet<String> = entries().iter().map(|(entry, _)| name_of(&enums, &entry.does)).collect();
    let not_listed: BTreeSet<String> = NOT_LISTED.iter().flat_map(|(_, names)| names.iter().map(|name| (*name).to_owned())).collect();
    let missing: Vec<&String> = all.iter().filter(|name| !listed.contains(*name) && !not_listed.contains(*name)).collect();
    assert!(missing.is_empty(), "list these in the palette, or say in NOT_LISTED why not: {missing:?}");
    let both: Vec<&String> = listed.intersection(&not_listed).collect();
    assert!(both.is_empty(), "these are listed; take them out of NOT_LISTED: {both:?}");
    let gone: Vec<&String> = not_listed.iter().filter(|name| !all.contains(*name)).collect();
    assert!(gone.is_empty(), "these are gone; take them out of NOT_LISTED: {gone:?}");
}

#[test]
fn every_key_stands_beside_what_it_does() {
    let entries = entries();
    for (.., meaning) in all_keys().filter(|(.., meaning)| *meaning != Meaning::Palette) {
        assert!(entries.iter().any(|(entry, _)| entry.meaning == Some(meaning)), "{meaning:?}");
    }
    for (entry, means) in entries.iter().filter(|(entry, _)| entry.meaning.is_some()) {
        assert_eq!(Some(&entry.does), means.as_ref(), "{}", entry.label);
    }
}

#[test]
fn nothing_is_offered_twice_and_everything_is_called_something() {
    for model in scenes() {
        let entries = entries_of(model, Place { page: 10, is_in_body: false });
        let labels: Vec<(&str, &str)> = entries.iter().map(|(entry, _)| (entry.label.as_str(), entry.about.as_str())).collect();
        let unique: BTreeSet<_> = labels.iter().collect();
        assert_eq!(unique.len(), labels.len(), "{labels:#?}");
        assert!(labels.iter().all(|(label, _)| !label.is_empty() && label.chars().next().is_some_and(|first| !first.is_lowercase())));
        let done: Vec<&Does> = entries.iter().map(|(entry, _)| &entry.does).collect();
        assert!((0..done.len()).all(|at| !done[..at].contains(&done[at])), "{done:#?}");
    }
}

// The actions, as their enums say

/// The enums of a room by their names, each with its variants and what these hold.
type Enums = BTreeMap<String, Vec<(String, String)>>;

fn enums() -> Enums {
    let mut enums = Enums::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app"), &mut enums);
    enums
}

fn read(folder: &Path, enums: &mut Enums) {
    for entry in std::fs::read_dir(folder).expect("bug: readable") {
        let path = entry.expect("bug: readable").path();
        if path.is_dir() {
            read(&path, enums);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("bug: readable");
        for part in text.split("\npub enum ").skip(1) {
            let (name, rest) = part.split_once(" {\n").expect("bug: as it is formatted");
            let body = rest.split("\n}").next().unwrap_or_default();
            let lines = body.lines().filter_map(|line| line.strip_prefix("    ")).filter(|line| line.starts_with(char::is_uppercase));
            let split = |line: &str| {
                let end = line.find(|one: char| !one.is_alphanumeric()).unwrap_or(line.len());
                (line[..end].to_owned(), line[end..].trim_matches(['(', ')', ',']).to_owned())
            };
            enums.insert(name.to_owned(), lines.map(split).collect());
        }
    }
}

fn expand(enums: &Enums, of: &str, before: &str, all: &mut BTreeSet<String>) {
    for (variant, holds) in &enums[of] {
        let name = format!("{before}{variant}");
        if holds.ends_with("Action") {
            expand(enums, holds, &format!("{name}/"), all);
        } else {
            all.insert(name);
        }
    }
}

/// The name of an action, such as `Compare/With`.
fn name_of(enums: &Enums, does: &Does) -> String {
    let action = match does {
        Does::Act(action) => format!("{action:?}"),
        Does::Filter(_) => return "Filter/Edit".to_owned(),
        Does::OpenHistory(_) => return "Histories/Open".to_owned(),
        Does::CopyStatistics(_) => return "Statistics/Copy".to_owned(),
    };
    let (mut of, mut rest, mut name) = ("Action", action.as_str(), String::new());
    loop {
        let end = rest.find(|one: char| !one.is_alphanumeric()).unwrap_or(rest.len());
        name.push_str(&rest[..end]);
        let holds = enums[of].iter().find(|(variant, _)| *variant == rest[..end]).map(|(_, holds)| holds.as_str());
        let Some(inner) = holds.filter(|holds| holds.ends_with("Action")) else { return name };
        name.push('/');
        (of, rest) = (inner, &rest[end + 1..]);
    }
}

// What can be done, wherever one is

/// Everything that is offered anywhere, each with what its key means there.
fn entries() -> Vec<(Entry, Option<Does>)> {
    let in_list = scenes().into_iter().flat_map(|model| entries_of(model, Place { page: 10, is_in_body: false }));
    let in_body = scenes().into_iter().flat_map(|model| entries_of(model, Place { page: 10, is_in_body: true }));
    in_list.chain(in_body).collect()
}

fn entries_of(mut model: Model, place: Place) -> Vec<(Entry, Option<Does>)> {
    model.apply(Action::Palette(PaletteAction::Open(place)));
    let entries: Vec<Entry> = (0..).map_while(|at| model.palette.entry_at(at)).map(|(entry, _)| entry.clone()).collect();
    let means = |entry: &Entry| entry.meaning.and_then(|meaning| meaning.action(&model, place)).map(Does::Act);
    entries
        .into_iter()
        .map(|entry| {
            let means = means(&entry);
            (entry, means)
        })
        .collect()
}

/// Every place in the window, with all that can be there.
fn scenes() -> Vec<Model> {
    let mut first_run = Model::default();
    first_run.absorb(Event::Listening(Listening::Failed {
        address: "127.0.0.1:9700".parse().expect("bug: an address"),
        reason: "taken".into(),
    }));
    let mut stopped = Model::default();
    stopped.absorb(Event::Listening(Listening::Off));
    let mut all = vec![first_run, stopped, deleted(), holding(), comparison(), conversation()];
    all.extend(vec![found(BodyView::Tree), found(BodyView::Text), busy(), searched(), looking(false), looking(true), what_if()]);
    all.extend(pages());
    all
}

fn history() -> Model {
    let mut model = Model::default();
    model.absorb(Event::Listening(Listening::On("127.0.0.1:9700".parse().expect("bug: an address"))));
    model.absorb(Event::Arrived(vec![1, 2, 3]));
    model.absorb(Event::Rows((1..=3).map(|id| row(id, &[])).collect()));
    model.absorb(Event::Opened(Some(Box::new(opened(3, &[])))));
    let rules: Arc<[Rule]> = hookglass::app::rule_editor::starters().into();
    model.absorb(Event::Rules(KnownRules { rules, path: "/tmp/rules.toml".into(), complaints: Vec::new() }));
    model
}

/// Some are deleted, which can be undone.
fn deleted() -> Model {
    let mut model = history();
    model.apply(Action::Annotate(AnnotateAction::TogglePin));
    model.apply(Action::Delete(DeleteAction::Selected));
    model
}

/// A request is held.
fn holding() -> Model {
    let mut model = history();
    model.absorb(Event::Settings(Known { bar: Bar { preset: Preset::Hold, ..Bar::default() }, ..Known::default() }));
    let asked = hookglass::protocol::response::Asked::NoCallback;
    let (title, summary) = ("Group.CallbackBeforeSendMsg".into(), String::new());
    let (received_at_millis, until_millis, limit_millis) = (NOW, NOW + 2_000, 2_000);
    let (can_drop, codes, limit_is_assumed, fallback, draft) = (true, None, false, Fallback::Ok, "{}".into());
    let held = HeldRequest {
        id: 3,
        title,
        asked,
        summary,
        can_drop,
        codes,
        received_at_millis,
        until_millis,
        limit_millis,
        limit_is_assumed,
        fallback,
        draft,
    };
    model.absorb(Event::Held { oldest: vec![held], count: 1 });
    model
}

/// Two are compared.
fn comparison() -> Model {
    let mut model = history();
    let effects = model.apply(Action::ShowTab(Tab::Compare));
    let number = effects.iter().find_map(|effect| if let Effect::Compare(Compare { number, .. }) = effect { Some(*number) } else { None });
    let side = |id, body: &str| {
        let exchange = exchange(id);
        let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
        Side::of(&exchange, &inspection, None).with_body(body.as_bytes().to_vec())
    };
    let comparison = Comparison::of(side(2, r#"{"a":1}"#), side(3, r#"{"a":2}"#), &hookglass::compare::Ignored::default());
    model.absorb(Event::Compared { number: number.expect("bug: it is asked for"), compared: Ok(Arc::new(comparison)) });
    model.apply(Action::Compare(CompareAction::MarkBase));
    model.apply(Action::Compare(CompareAction::Show(hookglass::compare::Shows::All)));
    model
}

/// A group is read.
fn conversation() -> Model {
    let mut model = history();
    let effects = model.apply(Action::Conversation(ConversationAction::Open));
    let number = effects.iter().find_map(|effect| if let Effect::Find(Some(find)) = effect { Some(find.number) } else { None });
    let number = number.expect("bug: it is looked for");
    let effects = model.absorb(Event::Found { number, older: vec![3, 2, 1], newer: Vec::new(), gone: Vec::new(), left: 0 });
    let key =
        effects.into_iter().find_map(|effect| if let Effect::ReadConversation(Some(reading)) = effect { Some(reading.key) } else { None });
    let key = key.expect("bug: it is read");
    let conversation = Arc::new(conversation::read(&key, &[], &TimeZone::UTC));
    model.absorb(Event::Conversation { key, conversation });
    model
}

/// Something is found in the body and selected there.
fn found(view: BodyView) -> Model {
    let mut model = history();
    let body = |model: &mut Model, action| model.apply(Action::Body(action));
    body(&mut model, BodyAction::Find(FindAction::Open));
    body(&mut model, BodyAction::ShowAs(view));
    body(&mut model, if view == BodyView::Tree { BodyAction::SelectLine(1) } else { BodyAction::SelectAll });
    body(&mut model, BodyAction::Find(FindAction::Type("jared".into())));
    let needle = model.detail.body.find.needle().clone();
    model.absorb(Event::FoundInBody { id: 3, needle, found: Found { starts: vec![20], more: false } });
    model
}

/// Much is selected and goes on, and something went wrong.
fn busy() -> Model {
    let mut model = history();
    model.apply(Action::Selection(SelectionAction::All));
    model.absorb(Event::Exporting { done: 1, of: 3 });
    model.apply(Action::Histories(HistoriesAction::Compact(Compact::GiveBack)));
    model.absorb(Event::Failed("disk full".into()));
    let names = vec![Name::read("压力测试").expect("bug: a name")];
    model.absorb(Event::Histories(KnownHistories { open: Which::Main, path: "/tmp/main.db".into(), names }));
    model.apply(Action::Columns(ColumnsAction::Show(Column::App)));
    model
}

/// A filter is typed, and others are saved.
fn searched() -> Model {
    let mut model = history();
    let filters =
        vec![SavedFilter { name: "红包".into(), text: "红包".into() }, SavedFilter { name: "Bad".into(), text: "verdict:bad".into() }];
    model.absorb(Event::Settings(Known { filters, ..Known::default() }));
    model.apply(Action::Filter(FilterAction::Edit { text: "jared".into(), now_millis: NOW, zone: TimeZone::UTC }));
    model.absorb(Event::Found { number: 1, older: vec![3], newer: Vec::new(), gone: Vec::new(), left: 0 });
    let sorting = hookglass::column::Sorting { column: Column::Received, descending: true };
    model.apply(Action::Columns(ColumnsAction::Sort(Some(sorting))));
    model
}

/// A search goes on, or was stopped.
fn looking(is_stopped: bool) -> Model {
    let mut model = history();
    model.apply(Action::Filter(FilterAction::Edit { text: "jared".into(), now_millis: NOW, zone: TimeZone::UTC }));
    model.absorb(Event::Found { number: 1, older: vec![3], newer: Vec::new(), gone: Vec::new(), left: 2 });
    if is_stopped {
        model.apply(Action::Filter(FilterAction::Stop));
    }
    model
}

/// Another response is typed.
fn what_if() -> Model {
    let mut model = history();
    model.apply(Action::ShowTab(Tab::Response));
    model.apply(Action::WhatIf(WhatIfAction::Open));
    model
}

/// The catalogue, and the statistics however far they are.
fn pages() -> Vec<Model> {
    let mut catalogue = history();
    catalogue.apply(Action::Catalogue(CatalogueAction::Toggle));
    catalogue.apply(Action::Catalogue(CatalogueAction::Search("gift".into())));
    let statistics = || {
        let mut model = searched();
        model.apply(Action::Selection(SelectionAction::All));
        model.apply(Action::Statistics(StatisticsAction::Toggle));
        model
    };
    let (mut counting, mut stopped, mut counted) = (statistics(), statistics(), statistics());
    counting.absorb(Event::Counting { number: 1, progress: CountProgress::Columns { done: 1, of: 3 } });
    stopped.apply(Action::Statistics(StatisticsAction::Stop));
    counted.absorb(Event::Counted { number: 1, report: Arc::new(Fold::new(0).report()), is_done: true });
    vec![catalogue, counting, stopped, counted]
}
