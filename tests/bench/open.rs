//! What it costs to look at a body of 10 MB: the time until it is painted, the slowest frame while one moves about in it,
//! and the memory that it takes.
//!
//! `cargo bench --bench open` sends each body to a receiver over a socket, has the engine open it, and draws the window
//! without a display, as the other benchmark of frames does. First paint is from the exchange's arrival in the window to
//! the end of the frame that shows it, tessellation included. Memory is what this process has more than before: once it is
//! opened and was scrolled through in all views, and once more after everything in it was unfolded, found and copied; each some
//! seconds later, when the allocator has given back what is free.
//! `cargo bench --bench open -- NAME` takes those bodies only whose name has NAME in it.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod face;

use eframe::egui::{self, Context, Event as Input, Key, Modifiers, MouseWheelUnit, PointerButton, TouchPhase, pos2, vec2};
use face::NoDialogs;
use hookglass::app::action::{Action, Tab};
use hookglass::app::body::{BodyAction, BodyView, Copied, Selection};
use hookglass::app::find::FindAction;
use hookglass::engine::{Engine, Options};
use hookglass::messages::{Effect, Event, Listening};
use hookglass::ui::window::{Window, install};
use std::cell::RefCell;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// As the program has it.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const MEGABYTE: usize = 1_000_000;
const SIZE: usize = 10 * MEGABYTE;

/// How long until the allocator has given back what is free: it takes about a second, and so does the writer of the history.
const SETTLED: Duration = Duration::from_secs(5);

/// How a callback begins that goes on with what makes it large.
const HEAD: &str = r#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","GroupId":"@TGS#2J4SZEAEL""#;

/// A body's name, and what makes it.
type Body = (&'static str, fn() -> Vec<u8>);

/// Shapes of bodies of about 10 MB, ASCII unless told. Only the one that is measured is made.
const BODIES: [Body; 9] = [
    ("one line", || {
        let members = repeated(r#"{"Member_Account":"jared","Extra":{"Note":"a text of some length","Flags":[1,2,3]}},"#);
        format!("{HEAD},\"NewMemberList\":[{members}1]}}").into()
    }),
    ("a million values", || {
        let mut values = String::with_capacity(SIZE);
        for at in 0..MEGABYTE {
            write!(values, "{},", 100_000_000 + at).expect("bug: writing to a String cannot fail");
        }
        format!("{HEAD},\"Values\":[{values}1]}}").into()
    }),
    ("100,000 lines", || {
        let lines = repeated("  {\"Member_Account\": \"jared\", \"Extra\": \"a text that fills one line of about a hundred bytes\"},\n");
        format!("{HEAD},\"NewMemberList\": [\n{lines}1]}}").into()
    }),
    ("one long string", || format!("{HEAD},\"Text\":\"{}\"}}", repeated("x")).into()),
    ("one Chinese string", || format!("{HEAD},\"Text\":\"{}\"}}", repeated("红包来了")).into()),
    ("five million values", || format!("{HEAD},\"Values\":[{}1]}}", repeated("1,")).into()),
    ("five million levels", || format!("{}{}", "[".repeat(SIZE / 2), "]".repeat(SIZE / 2)).into()),
    ("ten million lines", || vec![b'\n'; SIZE]),
    ("binary", || (0..SIZE).map(|at| (at.wrapping_mul(2_654_435_761) >> 7).to_le_bytes()[0]).collect()),
];

/// A piece as often as it has room in a body.
fn repeated(piece: &str) -> String {
    piece.repeat(SIZE / piece.len())
}

/// An engine that has the exchange, and the window before it.
struct Bench {
    engine: Rc<Engine>,
    told: Receiver<Event>,
    events: SyncSender<Event>,
    window: RefCell<Window>,
    ctx: Context,
    frames: RefCell<u32>,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("bug: there is room for a folder");
        let options = Options { body_limit_bytes: 2 * SIZE, ..Options::new(folder.path()) };
        let (telling, told) = sync_channel(4_096);
        let engine = Engine::start(options, Arc::new(move |event| drop(telling.send(event)))).expect("bug: the folder is free");
        let engine = Rc::new(engine);
        let (events, hearing) = sync_channel(4_096);
        let asked = engine.clone();
        let ask = Box::new(move |effect| asked.ask(effect).is_ok());
        let window = RefCell::new(Window::new(ask, hearing, Box::new(NoDialogs), || 0));
        let ctx = Context::default();
        install(&ctx);
        Self { engine, told, events, window, ctx, frames: RefCell::new(0), _folder: folder }
    }

    /// Tells the window what the engine tells, until something was told that is waited for.
    fn pass_on<T>(&self, mut wanted: impl FnMut(&Event) -> Option<T>) -> T {
        loop {
            let event = self.told.recv_timeout(Duration::from_mins(1)).expect("bug: it is told in time");
            let found = wanted(&event);
            self.events.send(event).expect("bug: the window listens");
            match found {
                Some(found) => return found,
                None => drop(self.frame(Vec::new())),
            }
        }
    }

    /// A frame: what the window takes in, egui's pass and the tessellation.
    fn frame(&self, events: Vec<Input>) -> Duration {
        let frame = *self.frames.borrow();
        *self.frames.borrow_mut() += 1;
        face::frame(&mut self.window.borrow_mut(), &self.ctx, frame, events)
    }

    /// What the user means, and the frames after it: the slowest one, what was meant included.
    fn mean(&self, action: Action) -> Duration {
        let start = Instant::now();
        self.window.borrow_mut().mean(action);
        let meant = start.elapsed();
        let first = meant + self.frame(Vec::new());
        (0..30).map(|_| self.frame(Vec::new())).fold(first, Duration::max)
    }

    fn body(&self, action: BodyAction) -> Duration {
        self.mean(Action::Body(action))
    }

    /// Scrolls from the top to the bottom, as far as it goes in so many frames, then drags the bar: the slowest frame.
    fn scroll(&self) -> Duration {
        let place = pos2(1000.0, 700.0);
        let wheel = Input::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, -2_000.0),
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
            source: egui::MouseWheelSource::Unknown,
        };
        let by_wheel = (0..60).map(|_| self.frame(vec![Input::PointerMoved(place), wheel.clone()])).max();
        let bar = |at: f32| pos2(1440.0 - 8.0 - 6.0, at);
        let press =
            |place, pressed| Input::PointerButton { pos: place, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        let mut slowest = by_wheel.unwrap_or_default().max(self.frame(vec![Input::PointerMoved(bar(500.0)), press(bar(500.0), true)]));
        for step in 0..60_u16 {
            slowest = slowest.max(self.frame(vec![Input::PointerMoved(bar(500.0 + f32::from(step) * 6.0))]));
        }
        slowest.max(self.frame(vec![press(bar(860.0), false)]))
    }

    fn find(&self, text: &str) -> Duration {
        let typed = self.body(BodyAction::Find(FindAction::Type(text.to_owned())));
        let found = self.pass_on(|event| if let Event::FoundInBody { found, .. } = event { Some(found.starts.len()) } else { None });
        let mut slowest = typed.max(self.frame(Vec::new()));
        for at in 0..found.min(30) {
            let step = if at % 3 == 0 { FindAction::Previous } else { FindAction::Next };
            self.window.borrow_mut().mean(Action::Body(BodyAction::Find(step)));
            slowest = slowest.max(self.frame(Vec::new()));
        }
        slowest
    }
}

fn send(address: SocketAddr, body: &[u8]) {
    let mut caller = TcpStream::connect(address).expect("bug: it listens");
    let head = format!(
        "POST /?CallbackCommand=Group.CallbackAfterNewMemberJoin HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    caller.write_all(head.as_bytes()).expect("bug: it is taken");
    caller.write_all(body).expect("bug: it is taken");
    let mut response = String::new();
    caller.read_to_string(&mut response).expect("bug: it is responded to");
}

/// Sends the body of this name and says how long it is. Nothing is left of it here.
fn send_named(address: SocketAddr, name: &str) -> usize {
    let body = BODIES.into_iter().find(|(one, _)| *one == name).map(|(_, body)| body());
    let body = body.expect("bug: a body has this name");
    send(address, &body);
    body.len()
}

/// The memory of this process that is in use, in bytes.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<usize>().ok()).unwrap_or(0) * 1024
}

/// One body in a process of its own, so that what another one left behind is not counted.
fn measure(name: &str) {
    let bench = Bench::new();
    bench.engine.ask(Effect::Listen(SocketAddr::from(([127, 0, 0, 1], 0)))).expect("bug: nothing waits");
    let address = bench.pass_on(|event| if let Event::Listening(Listening::On(address)) = event { Some(*address) } else { None });
    // A small one first: what the window takes by itself is not the body's.
    send(address, br#"{"CallbackCommand":"Group.CallbackAfterNewMemberJoin","GroupId":"g"}"#);
    bench.pass_on(|event| matches!(event, Event::Opened(Some(_))).then_some(()));
    for view in BodyView::ALL {
        bench.mean(Action::ShowTab(Tab::Json));
        bench.body(BodyAction::ShowAs(view));
    }
    bench.body(BodyAction::ShowAs(BodyView::Tree));
    std::thread::sleep(SETTLED);
    let before = resident();
    bench.mean(Action::SelectOldest);
    let length = send_named(address, name);
    // It is selected once it is stored; until then the small one stays.
    bench.pass_on(|event| if let Event::Arrived(ids) = event { ids.contains(&2).then_some(()) } else { None });
    bench.frame(Vec::new());
    bench.window.borrow_mut().mean(Action::Select(2));
    let is_second = |event: &Event| matches!(event, Event::Opened(Some(opened)) if opened.exchange.id == 2).then_some(());
    bench.pass_on(is_second);
    let first = bench.frame(Vec::new());
    let tree = bench.scroll();
    let views = [BodyView::Text, BodyView::Hex, BodyView::Text, BodyView::Tree].map(|view| {
        let shown = bench.body(BodyAction::ShowAs(view));
        shown.max(bench.scroll())
    });
    let toggled = views.into_iter().fold(tree, Duration::max);
    std::thread::sleep(SETTLED);
    let opened = resident().saturating_sub(before);
    let folded = [3, 3, 0, 0].map(|node| bench.body(BodyAction::Fold(node))).into_iter().fold(Duration::ZERO, Duration::max);
    bench.body(BodyAction::Find(FindAction::Open));
    let found = BodyView::ALL.map(|view| {
        bench.body(BodyAction::ShowAs(view));
        bench.find("1").max(bench.find("jared"))
    });
    let found = found.into_iter().fold(Duration::ZERO, Duration::max);
    bench.body(BodyAction::Find(FindAction::Close));
    bench.body(BodyAction::ShowAs(BodyView::Text));
    let selected = bench.body(BodyAction::Select(Selection { anchor: 10, head: length / 2 })).max(bench.body(BodyAction::SelectAll));
    let copied = bench.body(BodyAction::Copy(Copied::Selected));
    let fields = bench.mean(Action::ShowTab(Tab::Fields));
    std::thread::sleep(SETTLED);
    let memory = [opened, resident().saturating_sub(before)];
    let key = Input::Key { key: Key::J, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE };
    let mut left = bench.frame(vec![key]);
    bench.pass_on(|event| matches!(event, Event::Opened(Some(_))).then_some(()));
    left = left.max(bench.frame(Vec::new()));
    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let ([opened_times, used_times], size) = (memory.map(|memory| memory as f64 / length as f64), length as f64 / 1e6);
    println!(
        "{name:20} {size:4.1} MB   first paint {:5.1}   scrolled and viewed {:5.1}   folded {:5.1}   found {:5.1}   selected {:5.1}   copied {:5.1}   fields {:5.1}   left {:5.1} ms   memory opened {opened_times:.2}, after all of it {used_times:.2} times the body",
        millis(first),
        millis(toggled),
        millis(folded),
        millis(found),
        millis(selected),
        millis(copied),
        millis(fields),
        millis(left),
    );
}

fn main() {
    hookglass::memory::give_back_soon();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [only, name] = arguments.as_slice()
        && only == "--only"
    {
        return measure(name);
    }
    println!("bodies of 10 MB, opened and looked at; the slowest frame of each kind, 1440x900");
    let program = std::env::current_exe().expect("bug: this program has a file");
    let wanted = |name: &str| arguments.iter().all(|argument| name.contains(argument.as_str()));
    for (name, _) in BODIES.into_iter().filter(|(name, _)| wanted(name)) {
        let ended = std::process::Command::new(&program).args(["--only", name]).status().expect("bug: this program can be started");
        assert!(ended.success(), "{name}");
    }
}
