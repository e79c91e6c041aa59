//! The whole of it: a real caller waits, the window shows it, and what is clicked there is what the caller gets.

use crate::bench::Answer;
use crate::support::{ANY_PORT, Caller, OK, PATIENCE, folder, now_secs, options, post, target_of, text};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use hookglass::engine::{Engine, Options, now_millis};
use hookglass::messages::{Effect, Listening};
use hookglass::rules::Fallback;
use hookglass::rules::preset::Preset;
use hookglass::settings::Hold;
use hookglass::ui::window::{Window, install};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const MESSAGE: &str = r#"{"CallbackCommand":"C2C.CallbackBeforeSendMsg","From_Account":"leckie","To_Account":"jared","MsgSeq":1,"MsgRandom":2,"MsgTime":3,"MsgKey":"1_2_3","OnlineOnlyFlag":0,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"红包"}}]}"#;

/// A window over a real engine that holds what comes. The fields are dropped in this order.
struct Desk {
    harness: Harness<'static, Window>,
    address: SocketAddr,
    _folder: TempDir,
}

impl Desk {
    /// Holds for so long, then sends this.
    fn open(limit_millis: u32, fallback: Fallback) -> Self {
        let folder = folder();
        let (telling, events) = sync_channel(4_096);
        let options = Options { preset: Preset::Hold, by_hand: true, ..options(&folder) };
        // Once the window is closed nobody listens.
        let engine = Engine::start(options, Arc::new(move |event| drop(telling.send(event)))).expect("bug: the folder is free");
        let hold = Hold { fallback, limit_millis: Some(limit_millis), ..Hold::default() };
        engine.ask(Effect::SetHold(hold)).expect("bug: it is not busy");
        engine.ask(Effect::Listen(ANY_PORT)).expect("bug: it is not busy");
        let window = Window::new(Box::new(move |effect| engine.ask(effect).is_ok()), events, Box::new(Answer(None)), now_millis);
        let harness = Harness::builder().allow_missing_glyphs().with_size([1440.0, 900.0]).with_max_steps(4).with_context_setup(install);
        let harness = harness.build_ui_state(
            |ui, window: &mut Window| {
                let ctx = ui.ctx().clone();
                window.listen(&ctx);
                window.draw(ui);
            },
            window,
        );
        let mut desk = Self { harness, address: ANY_PORT, _folder: folder };
        desk.address = desk.wait(|desk| {
            let model = desk.harness.state().model();
            let holds = model.known.hold.limit_millis.is_some();
            if let Some(Listening::On(address)) = model.listening.as_ref().filter(|_| holds) { Some(*address) } else { None }
        });
        desk
    }

    /// Draws frames until this is there.
    fn wait<T>(&mut self, mut look: impl FnMut(&mut Self) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.harness.step();
            if let Some(found) = look(self) {
                return found;
            }
            assert!(Instant::now() < deadline, "it does not happen");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Posts a message, and waits until the window offers to decide about it.
    fn caller(&mut self) -> Caller {
        let mut caller = Caller::call(self.address);
        caller.send(post(&target_of("C2C.CallbackBeforeSendMsg", now_secs()), MESSAGE));
        self.wait(|desk| desk.harness.query_by_label("Allow").map(|_| ()));
        caller
    }

    fn click(&mut self, label: &str) {
        self.wait(|desk| desk.harness.query_by_label(label).map(|_| ()));
        self.harness.get_by_label(label).click();
        self.harness.step();
    }

    /// Draws on until the last exchange is opened with its response, and returns who chose it.
    fn rule(&mut self) -> String {
        self.wait(|desk| {
            let response = desk.harness.state().model().detail.opened()?.exchange.response.clone()?;
            response.outcome.map(|_| response.rule)
        })
    }
}

#[test]
fn allow_lets_it_pass() {
    let mut desk = Desk::open(60_000, Fallback::Timeout);
    let mut caller = desk.caller();
    assert!(desk.harness.query_all_by_label_contains("C2C.CallbackBeforeSendMsg").next().is_some());
    desk.click("Allow");
    assert_eq!(text(&caller.response().body), OK);
    assert_eq!(desk.rule(), "hand");
    assert!(desk.harness.query_by_label("Allow").is_none(), "nothing is held any more");
}

#[test]
fn refuse_refuses_with_the_code() {
    let mut desk = Desk::open(60_000, Fallback::Ok);
    let mut caller = desk.caller();
    desk.click("Refuse");
    assert_eq!(text(&caller.response().body), r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":1}"#);
    assert_eq!(desk.rule(), "hand");
}

#[test]
fn rewrite_sends_the_body_that_stands_there() {
    let mut desk = Desk::open(60_000, Fallback::Ok);
    let mut caller = desk.caller();
    desk.click("Rewrite…");
    desk.click("Send");
    let body = text(&caller.response().body);
    assert_eq!(
        body, r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"红包"}}]}"#,
        "the message of the request stands there to be changed"
    );
    assert_eq!(desk.rule(), "hand");
}

#[test]
fn let_it_time_out_sends_nothing_and_the_next_in_the_queue_comes_forward() {
    let mut desk = Desk::open(60_000, Fallback::Ok);
    let mut first = desk.caller();
    let mut second = desk.caller();
    desk.wait(|desk| (desk.harness.state().model().held.count == 2).then_some(()));
    desk.click("Let it time out");
    desk.wait(|desk| (desk.harness.state().model().held.count == 1).then_some(()));
    desk.click("Allow");
    assert_eq!(text(&second.response().body), OK);
    first.finish_sending();
    assert!(first.rest().is_empty(), "nothing was sent");
}

#[test]
fn nobody_clicks_and_the_fallback_goes_out_in_time() {
    let mut desk = Desk::open(1_300, Fallback::Fail(120_001));
    let began = Instant::now();
    let mut caller = desk.caller();
    let body = text(&caller.response().body);
    assert!(body.contains("120001") && began.elapsed() < Duration::from_millis(1_300), "{body} after {:?}", began.elapsed());
    assert_eq!(desk.rule(), "default");
}
