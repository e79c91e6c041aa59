//! The window without a display: clicks in, effects out; events in, words out.
//!
//! What a test cannot find by its label, a screen reader cannot find either.

use crate::bench::{Bench, SIGN, app, opened, opened_with, row, write_ndjson};
use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hookglass::app::action::Dialog;
use hookglass::exchange::Counts;
use hookglass::messages::{Effect, Event, Known, KnownApp, Lasting, Listening};
use hookglass::protocol::catalogue::Timing;
use hookglass::protocol::sign::Token;
use hookglass::rules::bar::Bar;
use hookglass::rules::preset::Preset;
use hookglass::sequence::{Neighbour, SequenceRemark};

#[test]
fn the_first_run_leads_to_a_signed_test_callback() {
    let mut bench = Bench::new();
    assert!(bench.shows("Waiting for the first callback"));
    assert!(bench.shows("ngrok http 9700"));
    assert_eq!(bench.click("Send a signed test callback"), [Effect::SendTest(None)]);
}

#[test]
fn an_app_is_saved_with_its_token_as_typed() {
    let mut bench = Bench::new();
    bench.type_into("SDKAppID", "888888");
    bench.type_into("Token", "xxxxyyyy");
    assert!(!bench.shows("xxxxyyyy"), "the token is hidden");
    assert_eq!(bench.click("Save"), [Effect::SaveApp { id: "888888".into(), token: Some(Token::new("xxxxyyyy")), replaces: None }]);
}

#[test]
fn a_callback_is_listed_and_opened_with_all_it_means() {
    let mut bench = Bench::new();
    bench.tell(Event::Arrived(vec![1]));
    assert_eq!(bench.asked(), [Effect::Open(1)], "the first one is opened by itself");
    bench.tell(Event::Rows(vec![row(1, &[app("xxxxyyyy")])]));
    bench.tell(Event::Opened(Some(Box::new(opened(1, &[app("xxxxyyyy")])))));
    for text in [
        "ok, 05:21:54.001, Group.CallbackAfterNewMemberJoin, jared, 汤米 🎁 joined @TGS#2J4SZEAEL, iOS, OK 0",
        "valid: matches the token of 888888",
        "fresh: signed 2 s before arrival, 60 s allowed",
        "first time; this signature covers the time only, usable 58 s more",
        "NewMemberList",
        "\"汤米 🎁\"",
        "How they joined: asked to join",
        "HTTP 200",
        r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#,
    ] {
        assert!(bench.shows(text), "{text}\n{:?}", bench.harness);
    }
}

#[test]
fn a_bad_verdict_explains_itself_and_folds_by_click_and_key() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.tell(Event::Opened(Some(Box::new(opened(1, &[app("xxxxyyyy\n")])))));
    let explanation = "it fits the saved token without the space or line break around it";
    let is_unfolded = |bench: &Bench| bench.harness.query_all_by_label(explanation).next().is_some();
    assert!(is_unfolded(&bench) && bench.shows("computed") && bench.shows(SIGN), "{:?}", bench.harness);
    bench.harness.get_by_label_contains("Signature, invalid").click();
    assert_eq!(bench.asked(), []);
    assert!(!is_unfolded(&bench));
    bench.harness.get_by_label_contains("Signature, invalid").focus();
    bench.key(Modifiers::NONE, Key::Enter);
    assert!(is_unfolded(&bench));
    bench.key(Modifiers::NONE, Key::Space);
    assert!(!is_unfolded(&bench));
    // Read anew it stays as it is; the next exchange begins anew.
    bench.tell(Event::Opened(Some(Box::new(opened(1, &[app("xxxxyyyy\n")])))));
    assert!(!is_unfolded(&bench));
    bench.tell(Event::Opened(Some(Box::new(opened(1, &[app("xxxxyyyy")])))));
    bench.harness.get_by_label_contains("Signature, valid").click();
    bench.asked();
    assert!(bench.shows("58 s more from its arrival on"));
}

#[test]
fn clocks_that_differ_are_told_of_below_the_list_and_beside_the_time() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.tell(Event::Skew(Some(3)));
    assert!(!bench.shows("Clock"));
    bench.tell(Event::Skew(Some(42)));
    assert!(bench.shows("Clock 42 s ahead"));
    bench.harness.get_by_label_contains("Timestamp, fresh").click();
    bench.asked();
    assert!(bench.shows("18 s left"));
}

#[test]
fn the_tabs_show_the_body_the_request_and_the_response() {
    let mut bench = Bench::new();
    bench.receive(1);
    for (tab, text) in
        [("JSON", "\"GroupId\": \"@TGS#2J4SZEAEL\","), ("Request", "Parameters"), ("Response", "On the wire"), ("Fields", "GroupId")]
    {
        bench.click(tab);
        assert!(bench.shows(text), "{tab}: {text}");
    }
    bench.key(Modifiers::NONE, Key::Num2);
    assert!(bench.shows("Copy body"));
    bench.harness.get_by_label("Response").hover();
    bench.harness.run_steps(8);
    assert!(bench.shows("Response (4)"), "{:?}", bench.harness);
}

#[test]
fn a_body_of_one_long_line_is_folded_where_the_window_ends() {
    let mut bench = Bench::new();
    bench.receive(1);
    let body = format!(r#"{{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","Note":"{}","End":1}}"#, "红包".repeat(200));
    bench.tell(Event::Opened(Some(Box::new(opened_with(1, body.as_str())))));
    bench.click("JSON");
    bench.click("Text");
    let rows = |bench: &Bench| -> Vec<String> {
        let rows = bench.harness.query_all_by_role(Role::ListBoxOption).filter(|row| row.rect().left() > 300.0);
        rows.filter_map(|row| row.accesskit_node().label()).collect()
    };
    for width in [1440.0, 900.0] {
        bench.harness.set_size(egui::vec2(width, 900.0));
        bench.harness.run_ok();
        let rows = rows(&bench);
        assert_eq!(rows.concat(), body);
        assert!(rows.iter().all(|row| row.chars().count() < 110), "{rows:?}");
    }
}

#[test]
fn the_url_parameters_stand_above_the_fields_and_fold_away() {
    let mut bench = Bench::new();
    bench.receive(1);
    assert!(bench.shows("URL parameters") && bench.shows("OptPlatform") && bench.shows("Client platform: iOS"));
    bench.click("URL parameters");
    assert!(!bench.shows("OptPlatform") && bench.shows("NewMemberList"));
    bench.click("URL parameters");
    assert!(bench.shows("OptPlatform"));
}

#[test]
fn the_response_tab_says_what_the_sender_makes_of_it() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.click("Response");
    for text in ["Chat reads: accepted", "What Chat makes of it", "Success; the result is ignored"] {
        assert!(bench.shows(text), "{text}");
    }
}

#[test]
fn a_container_of_the_tree_folds() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.click("JSON");
    bench.click("\"NewMemberList\": [");
    assert!(bench.shows("\"NewMemberList\": [ 2 values ]"));
    assert!(!bench.shows("\"Member_Account\": \"jared\""));
}

#[test]
fn the_catalogue_is_searched_narrowed_down_and_read() {
    let mut bench = Bench::new();
    bench.click("Catalogue");
    assert!(bench.shows("93 commands"));
    bench.key(Modifiers::NONE, Key::Slash);
    bench.type_into("Search", "gift");
    // High enough for all of it.
    bench.harness.set_size(egui::vec2(1440.0, 2400.0));
    bench.harness.run_ok();
    assert!(bench.shows("Live.CallbackBeforeSendGift, Before a gift is sent, Live, before"), "{:?}", bench.harness);
    for text in ["A client sends a gift.", "The gift is REFUSED by default", "GiftWater.Coins", "102100-102200", "2 s, documented"] {
        assert!(bench.shows(text), "{text}");
    }
    assert!(bench.shows("https://www.tencentcloud.com/document/product/647/72210"));
    bench.click("Room");
    assert!(bench.shows("Nothing found") && bench.shows("0 of 93 commands"));
    bench.click("Clear the search");
    assert!(bench.shows("93 commands"));
    bench.click("Before");
    assert!(bench.shows("16 of 93 commands"), "{:?}", bench.harness);
}

#[test]
fn a_long_sheet_of_the_catalogue_is_laid_out_where_it_is_looked_at() {
    let mut bench = Bench::new();
    bench.click("Catalogue");
    bench.type_into("Search", "C2C.CallbackBeforeSendMsg");
    assert!(bench.shows("Legal responses") && !bench.shows("Sample response"));
    bench.harness.hover_at(egui::pos2(1000.0, 600.0));
    bench.harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, -100_000.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Unknown,
    });
    bench.harness.run_ok();
    assert!(bench.shows("Sample response") && !bench.shows("Legal responses"));
}

#[test]
fn escape_leaves_the_search_field_before_the_catalogue() {
    let mut bench = Bench::new();
    bench.key(Modifiers::NONE, Key::F1);
    bench.key(Modifiers::NONE, Key::Slash);
    bench.type_into("Search", "gift");
    bench.key(Modifiers::NONE, Key::Escape);
    assert!(bench.shows("3 of 93 commands"));
    bench.key(Modifiers::NONE, Key::J);
    assert_eq!(bench.harness.state().model().catalogue.position(), Some(1));
    bench.key(Modifiers::NONE, Key::Escape);
    assert!(!bench.harness.state().model().catalogue.is_open());
}

#[test]
fn keys_move_through_the_catalogue_and_leave_the_exchanges_as_they_were() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.key(Modifiers::NONE, Key::J);
    assert_eq!(bench.key(Modifiers::NONE, Key::F1), []);
    let chosen = |bench: &Bench| bench.harness.state().model().catalogue.sheet().map(|sheet| sheet.command.name.clone());
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [], "it moves in the catalogue");
    assert_eq!(chosen(&bench).as_deref(), Some("Profile.CallbackPortraitSet"));
    bench.key(Modifiers::NONE, Key::End);
    assert_eq!(chosen(&bench).as_deref(), Some("Chatbot.InterfaceInvocation"));
    assert!(bench.shows("Chatbot.InterfaceInvocation, API call of a bot task, Desk, before"), "the list has followed");
    bench.tell(Event::Arrived(vec![4]));
    assert_eq!(bench.key(Modifiers::NONE, Key::C), [], "nothing is opened here that could be copied");
    bench.key(Modifiers::NONE, Key::Escape);
    assert!(!bench.harness.state().model().catalogue.is_open());
    assert_eq!(bench.harness.state().model().history.selected(), Some(2));
    assert!(bench.shows("Copy as cURL"));
}

#[test]
fn an_exchange_leads_to_its_command_in_the_catalogue() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.click("After users joined a group");
    assert!(bench.shows("Users joined by request, by invitation, or through the REST API."));
    bench.click("Back to the exchanges");
    assert!(bench.shows("NewMemberList"));
}

#[test]
fn a_page_of_the_documentation_is_opened_and_a_sample_copied() {
    let mut bench = Bench::new();
    bench.click("Catalogue");
    let commands = |bench: &mut Bench, label: &str| {
        bench.harness.get_by_label(label).click();
        bench.harness.step();
        let mut commands = bench.harness.output().platform_output.commands.clone();
        bench.harness.step();
        commands.extend(bench.harness.output().platform_output.commands.clone());
        commands
    };
    let url = "https://www.tencentcloud.com/document/product/1047/34357";
    let opened = commands(&mut bench, url);
    assert!(opened.iter().any(|command| matches!(command, egui::OutputCommand::OpenUrl(page) if page.url == url)), "{opened:?}");
    bench.type_into("Search", "quota alarm");
    bench.harness.set_size(egui::vec2(1440.0, 2400.0));
    bench.harness.run_ok();
    let copied = commands(&mut bench, "Copy response");
    let is_sample = |text: &str| text.starts_with("{\n  \"ActionStatus\": \"OK\",");
    assert!(copied.iter().any(|command| matches!(command, egui::OutputCommand::CopyText(text) if is_sample(text))), "{copied:?}");
}

#[test]
fn the_catalogue_stands_in_a_small_window_too() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.harness.set_size(egui::vec2(900.0, 600.0));
    bench.key(Modifiers::NONE, Key::F1);
    bench.type_into("Search", "official account info changed");
    for label in ["Search", "All", "Desk", "Both", "After", "Back to the exchanges", "Copy name", "Export…", "Overview", "Catalogue"] {
        for node in bench.harness.query_all_by_label(label) {
            let rect = node.rect();
            let inside = rect.left() >= 0.0 && rect.right() <= 900.0 && rect.top() >= 0.0 && rect.bottom() <= 600.0;
            assert!(inside, "{label} stands at {rect:?}");
        }
    }
}

#[test]
fn fail_is_switched_on_and_off_by_click_and_key() {
    let mut bench = Bench::new();
    assert_eq!(bench.click("FAIL"), [Effect::Respond(Preset::Fail(1), Lasting::SwitchedOff)]);
    bench.tell(Event::Settings(Known { bar: Bar { preset: Preset::Fail(1), ..Bar::default() }, ..Known::default() }));
    assert!(bench.shows("Simulating FAIL 1 for every callback until switched off"));
    assert_eq!(bench.click("Back to OK"), [Effect::Respond(Preset::Ok, Lasting::SwitchedOff)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::F), [Effect::Respond(Preset::Ok, Lasting::SwitchedOff)]);
    bench.tell(Event::Settings(Known::default()));
    assert!(!bench.shows("Simulating"));
    assert_eq!(bench.key(Modifiers::NONE, Key::F), [Effect::Respond(Preset::Fail(1), Lasting::SwitchedOff)]);
}

#[test]
fn a_body_of_ones_own_is_checked_as_it_is_typed() {
    let mut bench = Bench::new();
    bench.click("Own body");
    assert!(bench.shows("This has the documented form"));
    bench.type_into("Body", "x");
    assert!(bench.shows("Not JSON at line 1"), "{:?}", bench.harness);
    let asked = bench.click("Respond with this");
    assert!(matches!(&asked[..], [Effect::Respond(Preset::Body(body), _)] if body.bytes.contains(&b'x')), "{asked:?}");
}

#[test]
fn typing_is_never_a_shortcut() {
    let mut bench = Bench::new();
    bench.receive(3);
    bench.tell(Event::Settings(Known { bar: Bar { preset: Preset::Fail(1), ..Bar::default() }, ..Known::default() }));
    bench.type_into("ErrorCode", "");
    assert_eq!(bench.key(Modifiers::NONE, Key::F), []);
    assert_eq!(bench.key(Modifiers::NONE, Key::J), []);
}

#[test]
fn keys_move_the_selection() {
    let mut bench = Bench::new();
    bench.receive(3);
    assert_eq!(bench.key(Modifiers::NONE, Key::J), [Effect::Open(2)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::ArrowUp), [Effect::Open(3)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::End), [Effect::Open(1)]);
    assert_eq!(bench.key(Modifiers::NONE, Key::C), [Effect::CopyAsCurl(vec![1])]);
}

#[test]
fn a_taken_port_is_named_and_a_free_one_offered() {
    let mut bench = Bench::new();
    let address = "127.0.0.1:9700".parse().expect("bug: an address");
    bench.tell(Event::Listening(Listening::Failed { address, reason: "port 9700 is taken by another program".into() }));
    assert!(bench.shows("Port 9700 is taken"));
    assert_eq!(bench.click("Use a free port"), [Effect::Listen("127.0.0.1:0".parse().expect("bug: an address"))]);
}

#[test]
fn apps_are_edited_and_removed() {
    let mut bench = Bench::new();
    let apps = vec![
        KnownApp { id: "888888".into(), has_token: true, saved: true },
        KnownApp { id: "777777".into(), has_token: false, saved: false },
    ];
    bench.tell(Event::Settings(Known { apps, ..Known::default() }));
    bench.click("888888 and 1 more…");
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Apps));
    assert!(bench.shows("from the command line, for this run"));
    bench.click("Edit…");
    assert!(bench.shows("Change 888888"));
    assert_eq!(bench.click("Remove"), [Effect::RemoveApp("888888".into())]);
    bench.key(Modifiers::NONE, Key::Escape);
    assert_eq!(bench.harness.state().model().dialog, None);
}

#[test]
fn an_export_goes_to_the_file_that_was_chosen() {
    let mut bench = Bench::with_file(Some("/tmp/out.ndjson".into()));
    bench.receive(2);
    bench.key(Modifiers::COMMAND, Key::E);
    bench.click("The selected one");
    bench.click("Choose…");
    bench.harness.run_ok();
    assert_eq!(bench.click("Write"), [write_ndjson(Some(&[2]), "/tmp/out.ndjson", true)]);
    bench.tell(Event::Exported { count: 1, left_out: 0, path: "/tmp/out.ndjson".into(), stopped: false });
    assert!(bench.shows("1 exchange exported to /tmp/out.ndjson"));
}

#[test]
fn where_no_file_dialog_can_be_shown_a_path_is_typed() {
    let mut bench = Bench::with_file(None);
    bench.receive(1);
    bench.click("Export…");
    bench.click("Choose…");
    bench.harness.run_ok();
    assert!(bench.shows("a path can be typed as well"));
    bench.type_into("File", "/tmp/typed.ndjson");
    assert_eq!(bench.click("Write"), [write_ndjson(None, "/tmp/typed.ndjson", false)]);
}

#[test]
fn arrivals_leave_a_scrolled_list_where_it_is() {
    let mut bench = Bench::new();
    bench.receive(200);
    bench.key(Modifiers::NONE, Key::End);
    bench.tell(Event::Arrived((201..=212).collect()));
    assert_eq!(bench.harness.state().model().history.selected(), Some(1));
    assert!(bench.shows("12 new"));
    bench.click("12 new");
    assert!(!bench.shows("12 new"));
}

#[test]
fn the_status_bar_counts_and_says_what_is_unsaved() {
    let mut bench = Bench::new();
    bench.receive(1);
    let counts = Counts { received: 1_204, ok: 1_180, bad: 17, unchecked: 5, not_callback: 2, unsaved: 3, lost: 0 };
    bench.tell(Event::Counts { counts, size_bytes: 4_100_000 });
    for text in ["1,204 received", "1,180 ok", "17 bad", "5 unchecked", "2 not callbacks", "3 unsaved: the disk refuses"] {
        assert!(bench.shows(text), "{text}");
    }
}

#[test]
fn a_failure_stays_until_it_is_dismissed() {
    let mut bench = Bench::new();
    bench.tell(Event::Failed("disk full".into()));
    assert!(bench.shows("Disk full"));
    bench.click("Dismiss");
    assert!(!bench.shows("Disk full"));
}

#[test]
fn a_copied_command_goes_to_the_clipboard() {
    let mut bench = Bench::new();
    bench.receive(1);
    assert_eq!(bench.click("Copy as cURL"), [Effect::CopyAsCurl(vec![1])]);
    bench.events.send(Event::Copied("curl 'x'".into())).expect("bug: the window listens");
    bench.harness.step();
    let copied = bench
        .harness
        .output()
        .platform_output
        .commands
        .iter()
        .any(|command| matches!(command, egui::OutputCommand::CopyText(text) if text == "curl 'x'"));
    assert!(copied);
}

#[test]
fn whoever_copies_a_command_is_told_that_nothing_private_was_taken_out() {
    let mut bench = Bench::new();
    bench.receive(1);
    assert_eq!(bench.key(Modifiers::NONE, Key::C), [Effect::CopyAsCurl(vec![1])]);
    bench.tell(Event::Copied("curl 'x'".into()));
    assert!(bench.shows("Copied as cURL, complete: accounts, texts and the signature as received"));
}

#[test]
fn everything_stands_in_a_small_window_too() {
    let mut bench = Bench::new();
    bench.receive(3);
    // Also with much unfolded above the tabs.
    bench.tell(Event::Opened(Some(Box::new(opened(3, &[app("another")])))));
    bench.harness.set_size(egui::vec2(900.0, 600.0));
    bench.harness.run_ok();
    for label in
        ["Export…", "Send test", "Stop", "OK", "FAIL", "HTTP error", "Own body", "Copy as cURL", "Fields", "JSON", "Request", "Response"]
    {
        let rect = bench.harness.get_by_label(label).rect();
        let inside = rect.left() >= 0.0 && rect.right() <= 900.0 && rect.top() >= 0.0 && rect.bottom() <= 600.0;
        assert!(inside, "{label} stands at {rect:?}");
    }
}

#[test]
fn a_window_made_wide_again_has_its_list_as_before() {
    let mut bench = Bench::new();
    bench.receive(3);
    let width = |bench: &Bench| bench.harness.get_by_role_and_label(Role::ListBox, "Exchanges").rect().width();
    let before = width(&bench);
    for size in [[900.0, 600.0], [1440.0, 900.0]] {
        bench.harness.set_size(size.into());
        bench.harness.run_ok();
    }
    assert!((width(&bench) - before).abs() < 2.0, "{before} before, {} now", width(&bench));
}

#[test]
fn what_belongs_to_the_opened_exchange_is_a_click_away() {
    let mut bench = Bench::new();
    bench.receive(9);
    let other = |id| Neighbour { id, came_before: true, apart_millis: 40 };
    let pair = SequenceRemark::Pair { other: other(4), other_is: Timing::Before, same_body: Some(true), refused_with: None };
    bench.tell(Event::Sequence { id: 8, remarks: vec![pair.clone()] });
    assert!(!bench.shows("its before event"), "that is the answer to another question");
    bench.tell(Event::Sequence { id: 9, remarks: vec![pair.clone()] });
    assert_eq!(bench.click("its before event is #4, 40 ms earlier, same MsgBody"), [Effect::Open(4)]);

    bench.tell(Event::Opened(Some(Box::new(opened(4, &[])))));
    assert!(!bench.shows("its before event"), "another exchange has its own");
    let asked: Vec<Effect> = bench.effects.try_iter().filter(|effect| matches!(effect, Effect::ReadSequence(_))).collect();
    assert_eq!(asked, [Effect::ReadSequence(4)]);
    bench.tell(Event::Arrived(vec![10]));
    assert!(bench.effects.try_iter().any(|effect| effect == Effect::ReadSequence(4)), "what comes may belong to it");
}

#[test]
fn a_long_sequence_leaves_room_for_the_rest() {
    let mut bench = Bench::new();
    bench.receive(9);
    let refers = |id| SequenceRemark::RefersTo { other: Neighbour { id, came_before: true, apart_millis: 40 } };
    bench.tell(Event::Sequence { id: 9, remarks: (1..=4).map(refers).collect() });
    assert!(bench.shows("refers to message #4"));
    bench.tell(Event::Sequence { id: 9, remarks: (1..=7).map(refers).collect() });
    assert!(bench.shows("refers to message #3") && bench.shows("and 4 more"));
    assert!(!bench.shows("refers to message #4"));
}

#[test]
fn the_tab_key_walks_the_top_bar_from_left_to_right() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.harness.get_by_label("Stop").focus();
    for label in ["HTTPS off…", "No app yet…", "Send test", "Catalogue", "Statistics", "History…", "Import…", "Export…", "OK"] {
        bench.key(Modifiers::NONE, Key::Tab);
        assert!(bench.harness.get_by_label(label).is_focused(), "{label}");
    }
}

#[test]
fn the_tab_key_stops_at_what_can_be_acted_on() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.harness.get_by_label("URL parameters").focus();
    bench.key(Modifiers::NONE, Key::Tab);
    let value = bench.harness.query_all_by_role(Role::Label).find(egui_kittest::Node::is_focused);
    assert!(value.is_none(), "{value:?}");
}

#[test]
fn space_turns_the_pages_of_what_is_read() {
    let mut bench = Bench::new();
    bench.receive(1);
    let fields: Vec<String> = (0..60).map(|at| format!(r#""Field{at}":{at}"#)).collect();
    let body = format!(r#"{{"CallbackCommand":"Group.CallbackAfterNewMemberJoin",{}}}"#, fields.join(","));
    bench.tell(Event::Opened(Some(Box::new(opened_with(1, body.as_str())))));
    for (tab, first, last) in [("Fields", "OptPlatform", "Field22"), ("JSON", "\"Field0\": 0,", "\"Field40\": 40,")] {
        bench.click(tab);
        assert!(bench.shows(first) && !bench.shows(last), "{tab}");
        bench.key(Modifiers::NONE, Key::Space);
        assert!(!bench.shows(first) && bench.shows(last), "{tab}, {:?}", bench.harness);
        bench.key(Modifiers::SHIFT, Key::Space);
        assert!(bench.shows(first), "{tab}");
    }
}

#[test]
fn a_body_with_nothing_in_it_is_said_to_be_so() {
    let mut bench = Bench::new();
    bench.receive(1);
    bench.tell(Event::Opened(Some(Box::new(opened_with(1, "{}")))));
    assert!(bench.shows("The body is JSON with nothing in it"), "{:?}", bench.harness);
}

#[test]
fn what_is_odd_about_a_value_is_told_beside_its_field_alone() {
    let mut bench = Bench::new();
    bench.receive(1);
    let body = r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","EventTime":"1669872113000"}"#;
    bench.tell(Event::Opened(Some(Box::new(opened_with(1, body)))));
    assert!(bench.shows("a whole number is documented") && !bench.shows("Remark"), "{:?}", bench.harness);
}

#[test]
fn the_fields_come_to_rest_in_a_window_of_any_height() {
    let mut bench = Bench::new();
    bench.receive(1);
    // Lines that are much higher than one guesses before they are measured.
    let fields: Vec<String> = (0..10).map(|at| format!(r#""Field{at}":"{}""#, "0123456789".repeat(20))).collect();
    let body = format!(r#"{{"CallbackCommand":"Group.CallbackAfterNewMemberJoin",{}}}"#, fields.join(","));
    bench.tell(Event::Opened(Some(Box::new(opened_with(1, body.as_str())))));
    for height in (480..=2400).rev().step_by(20) {
        #[expect(clippy::cast_precision_loss, reason = "the height of a window")]
        bench.harness.set_size(egui::vec2(1440.0, height as f32));
        assert!(bench.harness.run_ok().is_some(), "the scroll bar comes and goes in a window {height} points high");
    }
}

#[test]
fn lines_of_fields_are_never_drawn_over_each_other() {
    let mut bench = Bench::new();
    bench.receive(1);
    // In the very first frame of another width too.
    bench.harness.set_size(egui::vec2(1000.0, 900.0));
    bench.harness.step();
    let below = bench.harness.get_by_label("RequestTime").rect();
    let in_column = |rect: egui::Rect| rect.left() > below.left() && rect.bottom() < below.top() + 60.0;
    let bottom = bench.harness.query_all_by_label(SIGN).map(|node| node.rect()).filter(|rect| in_column(*rect)).map(|rect| rect.bottom());
    let bottom = bottom.fold(0.0, f32::max);
    assert!(bottom > 0.0 && bottom <= below.top(), "the signature ends at {bottom}, the next line begins at {}", below.top());
}
