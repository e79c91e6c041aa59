//! A window without a display, whose two channel ends the test holds.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hookglass::app::action::{Action, Dialog};
use hookglass::exchange::{Counts, DEFAULT_RULE, Exchange, Outcome, Responded};
use hookglass::export::{Form, Format};
use hookglass::inspect;
use hookglass::messages::{Destination, Effect, Event, Export, Listening};
use hookglass::opened::Opened;
use hookglass::protocol::response;
use hookglass::protocol::sign::Token;
use hookglass::protocol::{Kept, SdkApp};
use hookglass::row::Row;
use hookglass::ui::window::{Dialogs, Done, Window, install};
use hookglass::wire::Request;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// What the clock of the window says, always.
pub const NOW: i64 = 1_669_872_114_000;

pub const SIGN: &str = "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061";
pub const BODY: &str = r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","GroupId":"@TGS#2J4SZEAEL","JoinType":"Apply","NewMemberList":[{"Member_Account":"jared"},{"Member_Account":"汤米 🎁"}]}"#;

/// A file dialog that answers at once.
pub struct Answer(pub Option<PathBuf>);

impl Dialogs for Answer {
    fn save_file(&self, _suggested: &str, done: Done) {
        done(self.0.clone());
    }

    fn open_file(&self, done: Done) {
        done(self.0.clone());
    }

    fn open_folder(&self, done: Done) {
        done(self.0.clone());
    }
}

/// A window whose two channel ends the test holds.
pub struct Bench {
    pub harness: Harness<'static, Window>,
    pub events: SyncSender<Event>,
    pub effects: Receiver<Effect>,
}

impl Bench {
    pub fn new() -> Self {
        Self::with_file(None)
    }

    pub fn with_file(file: Option<PathBuf>) -> Self {
        let (events, hearing) = sync_channel(64);
        let (asking, effects) = sync_channel(4_096);
        let window = Window::new(Box::new(move |effect| asking.try_send(effect).is_ok()), hearing, Box::new(Answer(file)), || NOW);
        let harness = Harness::builder()
            .allow_missing_glyphs()
            .with_size([1440.0, 900.0])
            .with_max_steps(24)
            .with_context_setup(install)
            .build_ui_state(
                |ui, window: &mut Window| {
                    let ctx = ui.ctx().clone();
                    window.listen(&ctx);
                    window.draw(ui);
                },
                window,
            );
        let mut bench = Self { harness, events, effects };
        bench.tell(Event::Listening(Listening::On("127.0.0.1:9700".parse().expect("bug: an address"))));
        bench.tell(Event::Counts { counts: Counts::default(), size_bytes: 0 });
        bench
    }

    pub fn tell(&mut self, event: Event) {
        self.events.send(event).expect("bug: the window listens");
        self.harness.run_ok();
    }

    /// What the window asked for since the last time, rows and sequence left aside.
    pub fn asked(&mut self) -> Vec<Effect> {
        self.harness.run_ok();
        self.effects.try_iter().filter(|effect| !matches!(effect, Effect::LoadRows(_) | Effect::ReadSequence(_))).collect()
    }

    pub fn click(&mut self, label: &str) -> Vec<Effect> {
        self.harness.get_by_label(label).click();
        self.asked()
    }

    /// Clicks the last one of that name: a dialog stands behind the window in the order of the tree.
    pub fn click_last(&mut self, label: &str) -> Vec<Effect> {
        self.harness.query_all_by_label(label).last().expect(label).click();
        self.asked()
    }

    /// Opens a dialog, whatever leads to it.
    pub fn open(&mut self, dialog: Dialog) {
        self.harness.state_mut().mean(Action::OpenDialog(dialog));
        self.harness.run_ok();
    }

    pub fn type_into(&mut self, field: &str, text: &str) {
        let is_field = |role| matches!(role, Role::TextInput | Role::PasswordInput | Role::MultilineTextInput);
        for typing in [false, true] {
            let fields: Vec<_> = self.harness.query_all_by_label(field).filter(|node| is_field(node.accesskit_node().role())).collect();
            let [field] = fields.as_slice() else { panic!("bug: {} fields are named {field}", fields.len()) };
            if typing {
                field.type_text(text);
            } else {
                field.click();
            }
            drop(fields);
            self.harness.run_ok();
        }
    }

    pub fn key(&mut self, modifiers: Modifiers, key: Key) -> Vec<Effect> {
        self.harness.key_press_modifiers(modifiers, key);
        self.asked()
    }

    pub fn shows(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    /// The lines in view of what stands beside the list of callbacks.
    pub fn lines_of_detail(&self) -> Vec<String> {
        let rows = self.harness.query_all_by_role(Role::ListBoxOption).filter(|row| row.rect().left() > 300.0);
        rows.filter_map(|row| row.accesskit_node().label()).collect()
    }

    /// Does something in the window and says what it put on the clipboard in the next frames.
    pub fn copied(&mut self, act: impl FnOnce(&mut Self)) -> Option<String> {
        act(self);
        (0..4).find_map(|_| {
            self.harness.step();
            let commands = &self.harness.output().platform_output.commands;
            commands.iter().find_map(|command| if let OutputCommand::CopyText(text) = command { Some(text.clone()) } else { None })
        })
    }

    /// Tells of `count` exchanges, the newest of them opened.
    pub fn receive(&mut self, count: i64) {
        self.tell(Event::Arrived((1..=count).collect()));
        self.tell(Event::Rows((1..=count).map(|id| row(id, &[])).collect()));
        self.tell(Event::Opened(Some(Box::new(opened(count, &[])))));
        self.asked();
    }
}

pub fn exchange(id: i64) -> Exchange {
    let target =
        format!("/?SdkAppid=888888&CallbackCommand=Group.CallbackAfterNewMemberJoin&OptPlatform=iOS&Sign={SIGN}&RequestTime=1669872112");
    let request = Request::complete(1_669_872_114_000 + id, format!("POST {target} HTTP/1.1\r\nHost: x\r\n\r\n"), BODY);
    let responded = Responded {
        outcome: Some(Outcome::Sent),
        responded_after_micros: Some(400),
        ..Responded::decided(response::success(), DEFAULT_RULE)
    };
    Exchange { id, request, response: Some(responded) }
}

pub fn opened(id: i64, apps: &[SdkApp]) -> Opened {
    let exchange = exchange(id);
    let inspection = inspect::inspect(&exchange.request, apps, &Kept::default());
    Opened::of(exchange, inspection, apps, true)
}

/// The same with another body.
pub fn opened_with(id: i64, body: impl Into<Vec<u8>>) -> Opened {
    let mut exchange = exchange(id);
    exchange.request.body = body.into();
    let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
    Opened::of(exchange, inspection, &[], true)
}

pub fn row(id: i64, apps: &[SdkApp]) -> Row {
    let exchange = exchange(id);
    let inspection = inspect::inspect(&exchange.request, apps, &Kept::default());
    Row::of(&exchange, &inspection, true, &TimeZone::UTC)
}

pub fn app(token: &str) -> SdkApp {
    SdkApp { id: "888888".into(), tokens: vec![Token::new(token)] }
}

/// Exports these exchanges, or all, as NDJSON to this file.
pub fn write_ndjson(ids: Option<&[i64]>, path: &str, replace: bool) -> Effect {
    let ids = ids.map(|ids| Arc::new(ids.iter().copied().collect()));
    Effect::Export(Export { ids, form: Form::of(Format::Ndjson) }, Destination { path: path.into(), replace })
}
