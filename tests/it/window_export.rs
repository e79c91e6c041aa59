//! The export in the window: what is chosen, what of it is said to leave, and what is asked of the engine.

use crate::bench::{Bench, write_ndjson};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hookglass::app::export_editor::Running;
use hookglass::column::Columns;
use hookglass::export::csv::Cell;
use hookglass::export::curl::Shell;
use hookglass::export::{Form, Format};
use hookglass::messages::{Destination, Effect, Event, Export, Known, Preview};
use hookglass::settings::Theme;

/// A window with the export's dialog open over so many exchanges, and what opening it asked.
fn opened(count: i64) -> (Bench, Vec<Effect>) {
    let mut bench = Bench::with_file(Some("/tmp/chosen".into()));
    bench.receive(count);
    let asked = bench.key(Modifiers::COMMAND, Key::E);
    (bench, asked)
}

fn all(form: Form) -> Export {
    Export { ids: None, form }
}

fn preview(number: u64, form: Form) -> Effect {
    Effect::PreviewExport { number, export: all(form) }
}

fn is_enabled(bench: &Bench, label: &str) -> bool {
    !bench.harness.get_by_role_and_label(Role::Button, label).accesskit_node().is_disabled()
}

#[test]
fn whatever_is_chosen_is_shown_as_it_leaves() {
    let (mut bench, asked) = opened(2);
    assert_eq!(asked, [preview(1, Form::of(Format::Ndjson))]);
    assert!(bench.shows("Looking at what would leave…"));
    bench.tell(Event::ExportPreview { number: 1, preview: Preview { text: "{\"id\":1}\n{\"id\":2}\n".into(), shown: 2, of: 2 } });
    assert!(bench.shows("What leaves: 2 exchanges") && bench.shows("{\"id\":1}"), "{:?}", bench.harness);
    assert_eq!(bench.click("HAR"), [preview(2, Form::of(Format::Har))]);
    assert_eq!(bench.click("Complete"), [preview(3, Form { redacted: false, ..Form::of(Format::Har) })]);
    // An answer to what was asked before is none.
    bench.tell(Event::ExportPreview { number: 2, preview: Preview { text: "stale".into(), shown: 1, of: 2 } });
    assert!(!bench.shows("stale"));
    bench.tell(Event::ExportPreview { number: 3, preview: Preview { text: "fresh 红包 안녕".into(), shown: 1, of: 2 } });
    assert!(bench.shows("fresh 红包 안녕") && bench.shows("What leaves: the first 1 of 2 exchanges"));
}

#[test]
fn what_is_for_sharing_is_redacted_until_one_says_otherwise() {
    let (mut bench, _) = opened(1);
    for (label, format, redacted) in [("HAR", Format::Har, true), ("JSON", Format::Json, false), ("CSV", Format::Csv, true)] {
        assert_eq!(bench.click_last(label).len(), 1);
        assert_eq!((bench.form().format, bench.form().redacted), (format, redacted));
        let sentence = if redacted { "become aliases" } else { "accounts, texts and signatures too" };
        assert!(bench.shows(sentence), "{label}");
    }
}

#[test]
fn each_form_has_its_own_choices() {
    let (mut bench, _) = opened(1);
    bench.click("cURL");
    bench.click("PowerShell");
    assert_eq!(bench.form().shell, Shell::PowerShell);
    bench.click("HTTP");
    assert!(!bench.shows("PowerShell"));
    bench.click("A folder, a file each");
    bench.click("Choose…");
    bench.harness.run_ok();
    let form = Form { in_files: true, shell: Shell::PowerShell, ..Form::of(Format::Http) };
    let to = Destination { path: "/tmp/chosen/exchanges".into(), replace: true };
    assert_eq!(bench.click("Write"), [Effect::Export(all(form), to)]);
}

#[test]
fn the_columns_of_a_table_are_named_and_a_wrong_one_is_told() {
    let (mut bench, _) = opened(1);
    bench.tell(Event::Settings(Known { columns: Columns::default(), ..Known::default() }));
    bench.click("CSV");
    bench.click("As in the list");
    assert_eq!(Cell::write_list(&bench.form().columns), "time,command,platform,response,took");
    bench.type_into("Columns", ",body.GroupId,nonsense");
    bench.type_into("File", "/tmp/table.csv");
    assert!(bench.shows("There is no column “nonsense”"), "{:?}", bench.harness);
    assert!(!is_enabled(&bench, "Write") && !is_enabled(&bench, "Copy text"));
}

#[test]
fn a_file_is_named_after_its_form_and_asked_about_once() {
    let (mut bench, _) = opened(1);
    bench.type_into("File", "/tmp/a.ndjson");
    bench.click("HAR");
    let to = Destination { path: "/tmp/a.har".into(), replace: false };
    assert_eq!(bench.click("Write"), [Effect::Export(all(Form::of(Format::Har)), to)]);
}

#[test]
fn a_copy_goes_to_the_clipboard_and_many_do_not() {
    let (mut bench, _) = opened(1);
    assert_eq!(bench.click("Copy text"), [Effect::CopyExport(all(Form::of(Format::Ndjson)))]);
    bench.tell(Event::ExportCopied { text: "{}".into(), count: 1, left_out: 2 });
    assert!(bench.shows("1 exchange copied; 2 left out, which curl can’t send"));
    assert_eq!(bench.harness.state().model().dialog, None);
    let (bench, _) = opened(1_001);
    assert!(!is_enabled(&bench, "Copy text"));
}

#[test]
fn an_export_says_how_far_it_is_and_can_be_stopped() {
    let (mut bench, _) = opened(2);
    bench.type_into("File", "/tmp/a");
    assert_eq!(bench.click("Write"), [write_ndjson(None, "/tmp/a", false)]);
    bench.tell(Event::Exporting { done: 1_204, of: 9_000 });
    assert!(bench.shows("1,204 of 9,000 written"));
    assert_eq!(bench.harness.state().model().export.running, Some(Running { done: 1_204, of: 9_000 }));
    bench.key(Modifiers::NONE, Key::Escape);
    assert_eq!(bench.click("Stop export"), [Effect::StopExport]);
    bench.tell(Event::Exported { count: 1_300, left_out: 0, path: "/tmp/a".into(), stopped: true });
    assert!(bench.shows("Export stopped; nothing was written"));
}

#[test]
fn the_dialog_has_room_in_a_small_window() {
    for (theme, size) in [(Theme::Dark, vec2(900.0, 600.0)), (Theme::Light, vec2(720.0, 480.0))] {
        let (mut bench, _) = opened(3);
        bench.tell(Event::Settings(Known { theme, ..Known::default() }));
        bench.harness.set_size(size);
        for label in ["CSV", "HTTP", "NDJSON"] {
            bench.click(label);
            let text = "长文本 긴 글 ".repeat(2_000);
            let number = bench.number();
            bench.tell(Event::ExportPreview { number, preview: Preview { text, shown: 0, of: 3 } });
            bench.harness.run_ok();
            for button in ["Write", "Copy text", "Choose…", "Close"] {
                let rect = bench.harness.get_by_role_and_label(Role::Button, button).rect();
                assert!(rect.right() <= size.x && rect.bottom() <= size.y, "{label} {button} {rect:?}");
            }
        }
    }
}

/// What the dialog is set to.
trait Dialog {
    fn form(&self) -> Form;
    /// Of the last question.
    fn number(&mut self) -> u64;
}

impl Dialog for Bench {
    fn form(&self) -> Form {
        self.harness.state().model().export.form.clone()
    }

    fn number(&mut self) -> u64 {
        let asked = self.click("Complete");
        let Some(Effect::PreviewExport { number, export }) = asked.last() else { panic!("bug: it asks for a preview: {asked:?}") };
        assert!(!export.form.redacted);
        *number
    }
}
