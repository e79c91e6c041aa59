//! How long a frame of the window takes: egui's pass and the tessellation, without painting, on the CPU.
//!
//! `cargo bench --bench frame` prints medians and the slowest of a hundred for a history of 10, of 10,000 and of a million
//! exchanges, standing still, scrolling and sorted, and for a sheet of the catalogue that is many screens high.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod face;

use eframe::egui::{self, Context, Event as Input, Key, MouseWheelUnit, TouchPhase, pos2, vec2};
use face::NoDialogs;
use hookglass::app::action::Action;
use hookglass::app::columns::ColumnsAction;
use hookglass::column::Column;
use hookglass::exchange::{DEFAULT_RULE, Exchange, Outcome, Responded};
use hookglass::inspect;
use hookglass::messages::{Effect, Event, Listening};
use hookglass::opened::Opened;
use hookglass::protocol::Kept;
use hookglass::protocol::response;
use hookglass::row::{Cells, Row};
use hookglass::sorted::Sorted;
use hookglass::ui::window::{Window, install};
use hookglass::wire::Request;
use jiff::tz::TimeZone;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

const FRAMES: usize = 400;

/// Columns that are shown besides the usual ones.
const COLUMNS: [&str; 6] = ["id", "app", "status", "size", "signature", "body.From_Account"];

fn exchange(id: i64) -> Exchange {
    let body = format!(
        r#"{{"CallbackCommand":"Group.CallbackAfterSendMsg","GroupId":"@TGS#2J4SZEAEL","Type":"Public","From_Account":"user{id}","MsgSeq":{id},"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"红包来了 🎁 {id}"}}}}],"EventTime":1670574414123}}"#
    );
    let head = b"POST /?SdkAppid=888888&CallbackCommand=Group.CallbackAfterSendMsg&OptPlatform=iOS HTTP/1.1\r\nHost: x\r\n\r\n".to_vec();
    let request = Request::complete(1_669_872_112_000 + id, head, body);
    let responded = Responded {
        outcome: Some(Outcome::Sent),
        responded_after_micros: Some(400),
        ..Responded::decided(response::success(), DEFAULT_RULE)
    };
    Exchange { id, request, response: Some(responded) }
}

/// Answers what the window asks for, as the engine would.
fn answer(effects: &Receiver<Effect>, events: &SyncSender<Event>) {
    for effect in effects.try_iter() {
        let event = if let Effect::SaveColumns(_) | Effect::Find(_) = effect {
            continue;
        } else if let Effect::LoadRows(ids) = effect {
            Event::Rows(ids.into_iter().map(row).collect())
        } else if let Effect::Open(id) = effect {
            let exchange = exchange(id);
            let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
            Event::Opened(Some(Box::new(Opened::of(exchange, inspection, &[], true))))
        } else if let Effect::ReadSequence(id) = effect {
            Event::Sequence { id, remarks: Vec::new() }
        } else {
            panic!("bug: {effect:?} was not expected")
        };
        events.send(event).expect("bug: the window listens");
    }
}

fn row(id: i64) -> Row {
    let exchange = exchange(id);
    let inspection = inspect::inspect(&exchange.request, &[], &Kept::default());
    let cells = Cells::new(&COLUMNS.map(column).into(), |column| column.name().into_owned());
    Row { cells, ..Row::of(&exchange, &inspection, true, &TimeZone::UTC) }
}

fn column(name: &str) -> Column {
    Column::named(name).expect("bug: is a column")
}

/// Each of `keys` is pressed in a frame of its own before the frames that are measured.
fn frames(count: i64, scroll: f32, keys: &[Key], is_sorted: bool) -> Vec<Duration> {
    let ctx = Context::default();
    install(&ctx);
    let (events, hearing) = sync_channel(4_096);
    let (asking, effects) = sync_channel(4_096);
    let mut window = Window::new(Box::new(move |effect| asking.try_send(effect).is_ok()), hearing, Box::new(NoDialogs), || 0);
    let tell = |event| events.send(event).expect("bug: the window listens");
    tell(Event::Listening(Listening::On("127.0.0.1:9700".parse().expect("bug: an address"))));
    tell(Event::Arrived((1..=count).collect()));
    if is_sorted {
        show_sorted(&mut window, &tell, count);
    }
    let mut times = Vec::with_capacity(FRAMES);
    for frame in 0..FRAMES + 20 {
        answer(&effects, &events);
        let wheel = Input::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, scroll),
            phase: TouchPhase::Move,
            modifiers: egui::Modifiers::NONE,
            source: egui::MouseWheelSource::Unknown,
        };
        let events = [Input::PointerMoved(pos2(300.0, 400.0)), wheel].into_iter().chain(keys.get(frame).map(|key| press(*key)));
        let number = u32::try_from(frame).expect("bug: some hundred frames");
        let took = face::frame(&mut window, &ctx, number, events.collect());
        if frame >= 20 {
            times.push(took);
        }
    }
    times.sort();
    times
}

/// Has more columns shown, and the list sorted by one of them: by turns from both ends.
fn show_sorted(window: &mut Window, tell: &impl Fn(Event), count: i64) {
    for name in COLUMNS {
        window.mean(Action::Columns(ColumnsAction::Show(column(name))));
    }
    window.mean(Action::Columns(ColumnsAction::SortBy(Column::Number)));
    let ids = (1..=count).map(|at| if at % 2 == 0 { at / 2 } else { count - at / 2 }).collect();
    tell(Event::Sorted { number: 1, sorted: Sorted::new(ids) });
}

fn press(key: Key) -> Input {
    Input::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: egui::Modifiers::NONE }
}

fn main() {
    println!("frame of the window, egui pass and tessellation, 1440x900, {FRAMES} frames");
    // The catalogue, and in it down to a message's callback.
    let to_messages: Vec<Key> = std::iter::once(Key::F1).chain([Key::J; 10]).collect();
    for (count, scroll, keys, is_sorted, what) in [
        (10, 0.0, &[][..], false, "10 exchanges, still"),
        (10_000, 0.0, &[], false, "10,000 exchanges, still"),
        (10_000, -300.0, &[], false, "10,000 exchanges, scrolling"),
        (1_000_000, -300.0, &[], false, "a million exchanges, scrolling"),
        (1_000_000, 300.0, &[Key::End], false, "a million, scrolling up from the oldest"),
        (1_000_000, -300.0, &[], true, "a million, sorted, with more columns"),
        (10, 0.0, &to_messages, false, "C2C.CallbackBeforeSendMsg in the catalogue"),
    ] {
        let times = frames(count, scroll, keys, is_sorted);
        let at = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1000.0;
        println!("{what:42} median {:.2} ms   p99 {:.2} ms", at(50), at(99));
    }
}
