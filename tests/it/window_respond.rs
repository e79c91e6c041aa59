//! What is responded, through the window: the response bar, what is held, HTTPS, and other responses tried out.

use crate::bench::{Bench, NOW, exchange, row};
use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hookglass::app::action::Dialog;
use hookglass::exchange::{BY_HAND, Exchange, Outcome, REFUSAL, Responded};
use hookglass::inspect;
use hookglass::messages::{Authority, Effect, Event, HeldRequest, Known, KnownRules, Lasting, Listening, Release};
use hookglass::opened::Opened;
use hookglass::protocol::Kept;
use hookglass::protocol::catalogue;
use hookglass::protocol::response::{self, Asked};
use hookglass::rules::bar::{Bar, Until};
use hookglass::rules::preset::{Preset, TlsFault};
use hookglass::rules::{self, Fallback};
use hookglass::settings::{Hold, Https, OwnCertificate};
use hookglass::wire::Response;

fn bar(preset: Preset, until: Until) -> Event {
    Event::Settings(Known { bar: Bar { preset, until, number: 1 }, ..Known::default() })
}

/// A window in which this is simulated until it is switched off.
fn simulating(preset: Preset) -> Bench {
    let mut bench = Bench::new();
    bench.tell(bar(preset, Until::SwitchedOff));
    bench
}

/// Clicks what has this role and label: segments and buttons may share a word.
fn press(bench: &mut Bench, role: Role, label: &str) -> Vec<Effect> {
    bench.harness.get_by_role_and_label(role, label).click();
    bench.asked()
}

fn respond(preset: Preset) -> Vec<Effect> {
    vec![Effect::Respond(preset, Lasting::SwitchedOff)]
}

// The response bar

#[test]
fn every_segment_has_its_response() {
    for (segment, preset) in [
        ("OK", Preset::Ok),
        ("FAIL", Preset::Fail(1)),
        ("Timeout", Preset::Timeout),
        ("HTTP error", Preset::Http(500)),
        ("Not JSON", Preset::NotJson),
        ("Drop", Preset::Drop),
        ("TLS fault", Preset::Tls(TlsFault::SelfSigned)),
        ("Hold", Preset::Hold),
    ] {
        let mut bench = Bench::new();
        assert_eq!(press(&mut bench, Role::RadioButton, segment), respond(preset), "{segment}");
    }
    let mut bench = Bench::new();
    assert_eq!(press(&mut bench, Role::RadioButton, "Own body"), []);
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Body));
}

#[test]
fn every_variant_has_its_response() {
    let tls = |fault| Preset::Tls(fault);
    for (now, shown, variants) in [
        (
            Preset::Timeout,
            "never responds",
            vec![("head, then silence", Preset::Stall), ("late", Preset::Delay(2_500)), ("byte by byte", Preset::Drip(200))],
        ),
        (
            Preset::NotJson,
            "HTML page",
            vec![("empty", Preset::Empty), ("truncated", Preset::Truncated), ("too long", Preset::Long), ("garbage", Preset::Garbage)],
        ),
        (Preset::Drop, "closed without a byte", vec![("reset", Preset::Reset), ("port refuses", Preset::Refuse)]),
        (
            tls(TlsFault::SelfSigned),
            "self-signed",
            vec![
                ("expired", tls(TlsFault::Expired)),
                ("wrong name", tls(TlsFault::WrongName)),
                ("incomplete chain", tls(TlsFault::IncompleteChain)),
                ("client certificate", tls(TlsFault::ClientCert)),
            ],
        ),
    ] {
        for (label, preset) in variants {
            let mut bench = simulating(now.clone());
            press(&mut bench, Role::Button, shown);
            assert_eq!(press(&mut bench, Role::MenuItemRadio, label), respond(preset), "{label}");
        }
    }
}

#[test]
fn a_segment_comes_back_to_the_variant_that_was_chosen() {
    let mut bench = simulating(Preset::Timeout);
    press(&mut bench, Role::Button, "never responds");
    press(&mut bench, Role::MenuItemRadio, "head, then silence");
    press(&mut bench, Role::RadioButton, "OK");
    assert_eq!(press(&mut bench, Role::RadioButton, "Timeout"), respond(Preset::Stall));
}

#[test]
fn a_number_takes_effect_as_it_is_typed() {
    for (preset, field, expected) in [
        (Preset::Fail(1), "ErrorCode", Preset::Fail(17)),
        (Preset::Delay(250), "Milliseconds", Preset::Delay(2_507)),
        (Preset::Drip(20), "Milliseconds", Preset::Drip(207)),
    ] {
        let mut bench = simulating(preset);
        bench.type_into(field, "7");
        assert_eq!(bench.asked(), respond(expected), "{field}");
    }
    let mut bench = simulating(Preset::Http(500));
    bench.type_into("Status", "7");
    assert_eq!(bench.asked(), [], "5007 is no status");
}

#[test]
fn how_long_it_lasts_is_chosen_and_takes_effect_at_once() {
    for (span, lasting) in
        [("next request", Lasting::Requests(1)), ("next N requests", Lasting::Requests(3)), ("for N minutes", Lasting::Minutes(5))]
    {
        let mut bench = simulating(Preset::Timeout);
        press(&mut bench, Role::Button, "until switched off");
        assert_eq!(press(&mut bench, Role::MenuItemRadio, span), [Effect::Respond(Preset::Timeout, lasting)], "{span}");
    }
    let mut bench = simulating(Preset::Reset);
    press(&mut bench, Role::Button, "until switched off");
    press(&mut bench, Role::MenuItemRadio, "next N requests");
    bench.type_into("Requests", "0");
    assert_eq!(bench.asked(), [Effect::Respond(Preset::Reset, Lasting::Requests(30))]);
}

#[test]
fn a_port_that_refuses_counts_no_requests() {
    let mut bench = simulating(Preset::Refuse);
    press(&mut bench, Role::Button, "until switched off");
    let items: Vec<_> = bench.harness.query_all_by_role(Role::MenuItemRadio).filter_map(|item| item.accesskit_node().label()).collect();
    assert_eq!(items, ["until switched off", "for N minutes"]);
}

#[test]
fn the_bar_says_what_is_simulated_and_what_is_left_of_it() {
    for (preset, until, used, words) in [
        (Preset::Timeout, Until::Requests(3), 1, "Simulating “Access times out”: never responds, 2 of 3 requests left"),
        (Preset::Reset, Until::Time(NOW + 251_001), 0, "Simulating “Access denied”: resets the connection, 4:12 left"),
        (Preset::NotJson, Until::SwitchedOff, 0, "Simulating “Response cannot be parsed”: an HTML page until switched off"),
        (Preset::Fail(10_100), Until::Requests(1), 0, "Simulating FAIL 10100 for every callback, 1 of 1 request left"),
        (Preset::Delay(1_500), Until::SwitchedOff, 0, "Responding after 1,500 ms to every callback until switched off"),
        (Preset::Hold, Until::SwitchedOff, 0, "Holding every callback until switched off"),
    ] {
        let mut bench = Bench::new();
        bench.tell(bar(preset, until));
        bench.tell(Event::Hits { rules: Vec::new(), bar: used });
        assert!(bench.shows(words), "{words}\n{:?}", bench.harness);
    }
}

#[test]
fn a_symptom_is_explained() {
    let mut bench = simulating(Preset::Http(503));
    bench.click("Why?");
    for text in ["“Return code is not 200”", "A response arrived with a status other than 200", "sent with this status"] {
        assert!(bench.shows(text), "{text}");
    }
    let mut bench = simulating(Preset::Tls(TlsFault::ClientCert));
    bench.click("Why?");
    assert!(bench.shows("webhook authentication by token is recommended"));
    assert!(simulating(Preset::Fail(1)).harness.query_by_label("Why?").is_none(), "the vendor has no word for it");
}

#[test]
fn a_tls_fault_needs_https() {
    let mut bench = simulating(Preset::Tls(TlsFault::Expired));
    assert!(bench.shows("HTTPS is off, so nothing meets this TLS fault"));
    bench.click("Turn HTTPS on…");
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Https));
    bench.tell(Event::HttpsListening(Listening::On("127.0.0.1:9743".parse().expect("bug: an address")), None));
    assert!(bench.shows("Simulating “HTTPS certificate error”: an expired certificate until switched off"));
}

#[test]
fn a_narrow_window_folds_what_has_no_room() {
    let mut bench = Bench::new();
    bench.harness.set_size(egui::vec2(1_000.0, 600.0));
    bench.harness.run_ok();
    assert!(bench.harness.query_by_role_and_label(Role::RadioButton, "Drop").is_none());
    press(&mut bench, Role::RadioButton, "More");
    assert_eq!(press(&mut bench, Role::MenuItemRadio, "Drop"), respond(Preset::Drop));
    bench.tell(bar(Preset::Drop, Until::SwitchedOff));
    assert!(bench.harness.query_by_role_and_label(Role::RadioButton, "Drop").is_some(), "it takes the place of More");
    assert!(bench.shows("“Access denied”") && !bench.shows("Simulating"));
}

#[test]
fn nothing_of_the_bars_overlaps_in_a_small_window() {
    let mut bench = Bench::new();
    bench.harness.set_size(egui::vec2(900.0, 600.0));
    bench.tell(bar(Preset::Delay(2_500), Until::Requests(3)));
    bench.tell(held(&[held_request(1)], 4));
    let roles = [Role::Button, Role::RadioButton, Role::TextInput];
    let places: Vec<egui::Rect> = roles
        .into_iter()
        .flat_map(|role| bench.harness.query_all_by_role(role))
        .map(|node| node.rect())
        .filter(|place| place.top() < 210.0)
        .collect();
    assert!(places.len() > 20);
    for (at, place) in places.iter().enumerate() {
        assert!(place.left() >= 0.0 && place.right() <= 900.0, "{place:?}");
        // Joined segments touch, and "Copy" stands in its own frame.
        let overlapped = places[at + 1..].iter().find(|other| other.shrink(1.0).intersects(place.shrink(1.0)));
        assert_eq!(overlapped, None, "{place:?}");
    }
}

#[test]
fn rules_that_apply_first_are_counted() {
    let mut bench = Bench::new();
    let mut list = rules::file::read("").expect("bug: no rules");
    bench.tell(known_rules(&list));
    assert!(!bench.shows("apply first"));
    list.extend(rules::file::read("[[rule]]\nname = \"a\"\nrespond = \"fail\"\n").expect("bug: a rule"));
    bench.tell(known_rules(&list));
    assert!(bench.shows("1 rule applies first"), "{:?}", bench.harness);
    bench.click("Rules…");
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Rules));
}

fn known_rules(rules: &[rules::Rule]) -> Event {
    Event::Rules(KnownRules { rules: rules.to_vec().into(), path: "rules.toml".into(), complaints: Vec::new() })
}

#[test]
fn a_port_that_refuses_is_said_to_be_simulated() {
    let mut bench = Bench::new();
    bench.tell(Event::Listening(Listening::Refusing("127.0.0.1:9700".parse().expect("bug: an address"))));
    assert!(bench.shows("Refusing connections (simulated)"));
}

// What is held

/// The commands of this name, one for each product that has it.
fn documented(name: &str) -> impl Iterator<Item = Asked> {
    catalogue::get().named(name).map(Asked::Documented)
}

fn held_request(id: i64) -> HeldRequest {
    HeldRequest {
        id,
        title: "Group.CallbackBeforeSendMsg".into(),
        asked: documented("Group.CallbackBeforeSendMsg").next().expect("bug: documented"),
        summary: format!("message {id}"),
        can_drop: true,
        codes: Some("10100-10200"),
        received_at_millis: NOW - 280,
        until_millis: NOW + 1_420,
        limit_millis: 2_000,
        limit_is_assumed: false,
        fallback: Fallback::Ok,
        draft: r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#.into(),
    }
}

fn held(oldest: &[HeldRequest], count: usize) -> Event {
    Event::Held { oldest: oldest.to_vec(), count }
}

/// A window in which two are held.
fn holding() -> Bench {
    let mut bench = Bench::new();
    bench.tell(held(&[held_request(1), held_request(2)], 2));
    bench
}

fn release(id: i64, response: Response) -> Vec<Effect> {
    vec![Effect::Release { id, release: Release::Respond(response) }]
}

#[test]
fn what_is_held_counts_down() {
    let mut bench = Bench::new();
    assert!(!bench.shows("Held"));
    bench.tell(held(&[held_request(1)], 4));
    for text in ["Held", "Group.CallbackBeforeSendMsg", "message 1", "1.42 s left", "then OK is sent", "Chat waits 2 s", "+ 3 more wait"] {
        assert!(bench.shows(text), "{text}\n{:?}", bench.harness);
    }
    let assumed = HeldRequest {
        limit_is_assumed: true,
        fallback: Fallback::Timeout,
        title: "POST /hook".into(),
        asked: Asked::NoCallback,
        ..held_request(1)
    };
    bench.tell(held(&[assumed], 1));
    for text in ["then nothing is sent", "The sender waits 2 s (assumed)"] {
        assert!(bench.shows(text), "{text}");
    }
    bench.tell(held(&[], 0));
    assert!(!bench.shows("Held"));
}

#[test]
fn every_decision_has_its_button() {
    for (label, release) in [
        ("Allow", Release::Respond(response::success())),
        ("Refuse", Release::Respond(response::build_code(1, ""))),
        ("Drop", Release::Respond(response::build_code(2, ""))),
        ("Let it time out", Release::Timeout),
    ] {
        assert_eq!(press(&mut holding(), Role::Button, label), [Effect::Release { id: 1, release }], "{label}");
    }
}

#[test]
fn every_decision_has_its_key() {
    for (key, release) in [
        (Key::A, Release::Respond(response::success())),
        (Key::X, Release::Respond(response::build_code(1, ""))),
        (Key::D, Release::Respond(response::build_code(2, ""))),
        (Key::T, Release::Timeout),
    ] {
        assert_eq!(holding().key(Modifiers::NONE, key), [Effect::Release { id: 1, release }], "{key:?}");
    }
    let mut bench = holding();
    bench.key(Modifiers::NONE, Key::W);
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Rewrite));
    assert_eq!(bench.key(Modifiers::NONE, Key::A), [], "not while a dialog is open");
}

#[test]
fn a_key_is_no_decision_while_text_is_typed() {
    let mut bench = holding();
    bench.type_into("Code", "");
    assert_eq!(bench.key(Modifiers::NONE, Key::D), []);
}

#[test]
fn the_sender_is_of_the_product_whose_command_it_is() {
    for (asked, text) in documented("Group.CallbackBeforeSendMsg").zip(["Chat waits 2 s", "Live waits 2 s"]) {
        let mut bench = Bench::new();
        bench.tell(held(&[HeldRequest { asked, ..held_request(1) }], 1));
        assert!(bench.shows(text), "{text}");
    }
}

#[test]
fn only_what_can_be_dropped_is() {
    let mut bench = Bench::new();
    bench.tell(held(&[HeldRequest { can_drop: false, ..held_request(1) }], 1));
    assert!(bench.harness.query_by_role_and_label(Role::Button, "Drop").is_none());
    assert_eq!(bench.key(Modifiers::NONE, Key::D), []);
}

#[test]
fn a_refusal_has_the_code_that_is_typed() {
    let mut bench = holding();
    bench.type_into("Code", "0100");
    assert_eq!(press(&mut bench, Role::Button, "Refuse"), release(1, response::build_code(10_100, "")));
    bench.type_into("Code", "x");
    assert_eq!(press(&mut bench, Role::Button, "Refuse"), []);
}

#[test]
fn a_decision_is_about_the_oldest_and_a_double_click_about_one() {
    let mut bench = holding();
    // Each step of a test takes as long as a slow click.
    bench.harness.ctx.options_mut(|options| options.input_options.max_double_click_delay = 2.0);
    let place = bench.harness.get_by_role_and_label(Role::Button, "Allow").rect().center();
    for pressed in [true, false, true, false] {
        let modifiers = Modifiers::NONE;
        bench.harness.event(egui::Event::PointerMoved(place));
        bench.harness.event(egui::Event::PointerButton { pos: place, button: egui::PointerButton::Primary, pressed, modifiers });
        bench.harness.step();
    }
    assert_eq!(bench.asked(), release(1, response::success()));
    assert!(bench.shows("message 2"));
    assert_eq!(bench.key(Modifiers::NONE, Key::A), release(2, response::success()));
    assert!(!bench.shows("Held"));
}

#[test]
fn a_body_is_rewritten_and_read_as_its_sender_would() {
    let mut bench = holding();
    press(&mut bench, Role::Button, "Rewrite…");
    assert!(bench.shows("What Chat makes of it") && bench.shows("accepted") && bench.shows("1.42 s left"));
    bench.type_into("Body", "x");
    assert!(bench.shows("failed") && bench.shows("Not JSON at line 1"), "{:?}", bench.harness);
    let sent = press(&mut bench, Role::Button, "Send");
    let is_typed = |body: &[u8]| body.contains(&b'x');
    assert!(matches!(&sent[..], [Effect::Release { id: 1, release: Release::Respond(sent) }] if is_typed(&sent.body)), "{sent:?}");
    assert_eq!(bench.harness.state().model().dialog, None);
}

#[test]
fn a_body_for_what_waits_no_more_is_not_sent() {
    let mut bench = holding();
    press(&mut bench, Role::Button, "Rewrite…");
    bench.tell(held(&[held_request(2)], 1));
    assert!(bench.shows("It waits no more"));
    assert_eq!(press(&mut bench, Role::Button, "Send"), []);
}

#[test]
fn how_requests_are_held_is_set_beside_the_segment() {
    let mut bench = simulating(Preset::Hold);
    bench.click("Hold settings");
    let hold = Hold { fallback: Fallback::Timeout, ..Hold::default() };
    assert_eq!(bench.click("Send nothing"), [Effect::SetHold(hold)]);
    let hold = Hold { limit_millis: Some(30_000), ..hold };
    assert_eq!(bench.click("My own"), [Effect::SetHold(hold)]);
    bench.type_into("Milliseconds before the limit", "0");
    assert_eq!(bench.asked(), [Effect::SetHold(Hold { margin_millis: 3_000, ..hold })]);
    bench.type_into("Limit in milliseconds", "x");
    assert_eq!(bench.asked(), [], "it is no number now");
}

// HTTPS

#[test]
fn https_is_turned_on_and_off() {
    let mut bench = Bench::new();
    bench.click("HTTPS off…");
    let on = Https { enabled: true, ..Https::default() };
    assert_eq!(bench.click("Turn on"), [Effect::SetHttps(on.clone())]);
    let authority = Authority { fingerprint: "AB:CD".into(), file: "/d/authority.pem".into() };
    bench.tell(Event::Settings(Known { https: on.clone(), ..Known::default() }));
    bench.tell(Event::HttpsListening(Listening::On(on.listen), Some(authority)));
    for text in
        ["HTTPS 127.0.0.1:9743…", "https://127.0.0.1:9743/", "AB:CD", "curl --cacert /d/authority.pem https://127.0.0.1:9743/", "Windows"]
    {
        assert!(bench.shows(text), "{text}\n{:?}", bench.harness);
    }
    assert_eq!(bench.click("Turn off"), [Effect::SetHttps(Https { enabled: false, ..on })]);
}

#[test]
fn why_https_does_not_listen_is_said() {
    let mut bench = Bench::new();
    let address = "127.0.0.1:9743".parse().expect("bug: an address");
    bench.tell(Event::HttpsListening(Listening::Failed { address, reason: "port 9743 is taken by another program".into() }, None));
    bench.click("HTTPS failed…");
    assert!(bench.shows("Port 9743 is taken by another program"));
    assert_eq!(bench.click("Try again"), [Effect::SetHttps(Https { enabled: true, ..Https::default() })]);
}

#[test]
fn a_certificate_of_ones_own_is_chosen() {
    let mut bench = Bench::with_file(Some("/c/own.pem".into()));
    bench.click("HTTPS off…");
    bench.click("My own PEM files");
    assert!(bench.shows("Name both files"));
    bench.click("Choose certificate…");
    bench.harness.run_ok();
    bench.type_into("Key file", "/c/key.pem");
    let own = OwnCertificate { certificate: "/c/own.pem".into(), key: "/c/key.pem".into() };
    assert_eq!(bench.click("Turn on"), [Effect::SetHttps(Https { enabled: true, own: Some(own), ..Https::default() })]);
}

#[test]
fn the_authority_is_exported() {
    let mut bench = Bench::with_file(Some("/c/authority.pem".into()));
    let authority = Authority { fingerprint: "AB:CD".into(), file: "/d/authority.pem".into() };
    bench.tell(Event::HttpsListening(Listening::Off, Some(authority)));
    bench.click("HTTPS off…");
    assert_eq!(bench.click("Export the authority’s certificate…"), [Effect::ExportAuthority("/c/authority.pem".into())]);
}

// The response of an exchange

fn opened_with(response: Option<Responded>) -> Opened {
    let exchange = Exchange { response, ..exchange(1) };
    let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
    Opened::of(exchange, inspection, &[], true)
}

/// The Response tab of an exchange that got this.
fn response_tab(response: Option<Responded>) -> Bench {
    let mut bench = Bench::new();
    bench.tell(Event::Arrived(vec![1]));
    bench.tell(Event::Rows(vec![row(1, &[])]));
    bench.tell(Event::Opened(Some(Box::new(opened_with(response)))));
    press(&mut bench, Role::Tab, "Response");
    bench
}

#[test]
fn a_fault_is_told_as_the_vendor_calls_it() {
    let reset = Responded { fault: Some("reset".into()), outcome: Some(Outcome::Reset), ..Responded::none("flaky") };
    let bench = response_tab(Some(reset));
    for text in ["reset", "We reset the connection", "“Access denied”", "The port is wrong", "flaky"] {
        assert!(bench.shows(text), "{text}\n{:?}", bench.harness);
    }
}

#[test]
fn what_was_responded_by_hand_leads_to_a_rule() {
    let mut bench = response_tab(Some(Responded::decided(response::success(), BY_HAND)));
    bench.tell(Event::Rules(KnownRules { rules: [].into(), path: "/tmp/rules.toml".into(), complaints: Vec::new() }));
    assert!(bench.shows("by hand"));
    bench.click("Make a rule of this response…");
    assert_eq!(bench.harness.state().model().dialog, Some(Dialog::Rules));
}

/// A rule that holds, and what came of it.
fn held_by_a_rule(response: Option<Response>, outcome: Outcome) -> Responded {
    Responded { response, fault: Some("hold".into()), outcome: Some(outcome), ..Responded::none("by hand, please") }
}

#[test]
fn what_came_of_a_held_request_is_told() {
    let (ok, left) = (Some(response::success()), Outcome::CallerLeft { after_millis: 1_200 });
    for (responded, words) in [
        (Responded { rule: BY_HAND.into(), ..held_by_a_rule(ok.clone(), Outcome::Sent) }, "It waited, and you decided"),
        (held_by_a_rule(ok.clone(), Outcome::Sent), "Nobody decided, so the fallback was sent"),
        (held_by_a_rule(ok, left), "Nobody decided, and the caller left before it had the fallback"),
        (held_by_a_rule(None, left), "The caller left while it waited"),
        (held_by_a_rule(None, Outcome::Stopped), "Receiving stopped while it waited"),
    ] {
        assert!(response_tab(Some(responded)).shows(words), "{words}");
    }
}

#[test]
fn why_no_response_went_out_is_told_as_it_was() {
    let none = |outcome| Responded { outcome, ..Responded::none(REFUSAL) };
    for (responded, words) in [
        (none(Some(Outcome::Closed)), "We closed the connection"),
        (none(Some(Outcome::CallerLeft { after_millis: 0 })), "The caller left before a response was sent"),
        (none(None), "Nothing was sent so far"),
    ] {
        assert!(response_tab(Some(responded)).shows(words), "{words}");
    }
}

#[test]
fn what_could_not_be_taken_was_left_to_no_rule() {
    let too_large = Responded { outcome: Some(Outcome::Sent), ..Responded::decided(Response::json(413, "{}"), REFUSAL) };
    let mut opened = opened_with(Some(too_large));
    opened.told = vec![("Late".into(), "is switched off".into())];
    let mut bench = response_tab(None);
    bench.tell(Event::Opened(Some(Box::new(opened))));
    assert!(!bench.shows("Make a rule of this response…") && !bench.shows("Make it fail once"));
    bench.click("Why");
    assert!(bench.shows("Rules were not asked") && !bench.shows("Is switched off"), "{:?}", bench.harness);
}

#[test]
fn another_response_is_judged_without_being_sent() {
    let mut bench = response_tab(Some(Responded::decided(response::success(), "default")));
    bench.click("Edit a response…");
    assert!(!bench.shows("failed"));
    bench.type_into("After ms", "9999");
    assert!(bench.shows("It came after 9,999 ms, and the limit is 2,000 ms") && bench.shows("failed"), "{:?}", bench.harness);
    bench.click("Reset");
    assert!(!bench.shows("failed"));
    bench.type_into("Status", "x");
    assert!(bench.shows("A status is a number from 200 to 599"));
    bench.click("Fold away");
    assert!(bench.shows("Edit a response…"));
    assert_eq!(bench.asked(), []);
}
