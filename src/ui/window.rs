//! The eframe shell: events in, actions out. Clipboard, file dialogs and closing belong here.

use super::{Face, filter_box, fonts, root_ui, system_theme, texts, theme};
use crate::app::Model;
use crate::app::action::{Action, Zoom};
use crate::app::annotating::AnnotateAction;
use crate::app::file_dialog::FileFor;
use crate::messages::{Effect, Event};
use crate::settings::Theme;
use eframe::egui::{self, Context, Ui, ViewportBuilder, ViewportCommand, ViewportId, gui_zoom};
use std::future::Future;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Poll, Wake, Waker as TaskWaker};
use std::time::{Duration, Instant};

/// How long a frame takes in events, at most.
const EVENT_BUDGET: Duration = Duration::from_millis(4);

/// How long one has not typed when a note is kept, in seconds.
const NOTE_PAUSE_SECS: f64 = 0.6;

/// The size it opens with, in points, and the least it can have.
const SIZE: [f32; 2] = [1440.0, 900.0];
const LEAST: [f32; 2] = [720.0, 480.0];

/// Wakes the window from any thread; does nothing while there is none.
#[derive(Clone, Default)]
pub struct Waker(Arc<OnceLock<Context>>);

impl Waker {
    fn attach(&self, ctx: &Context) {
        self.0.get_or_init(|| ctx.clone());
    }

    /// Has the window draw a frame soon. egui makes one of many calls.
    pub fn wake(&self) {
        if let Some(ctx) = self.0.get() {
            ctx.request_repaint_after_for(Duration::from_millis(8), ViewportId::ROOT);
        }
    }

    /// Whether a window was opened.
    pub fn is_attached(&self) -> bool {
        self.0.get().is_some()
    }
}

/// Asks the engine; `false` when it is busy.
pub type Ask = Box<dyn Fn(Effect) -> bool>;

/// Tells the time: milliseconds since the Unix epoch.
pub type Clock = fn() -> i64;

/// Takes the answer of a file dialog: `None` for none, or where no dialog can be shown.
pub type Done = Box<dyn FnOnce(Option<PathBuf>) + Send>;

/// Asks the user for a file: the system's dialog, or a test's answer.
pub trait Dialogs {
    /// Asks where to save, and calls `done` with the answer.
    fn save_file(&self, suggested: &str, done: Done);

    /// Asks which file to open, and calls `done` with the answer.
    fn open_file(&self, done: Done);

    /// Asks for a folder, and calls `done` with the answer.
    fn open_folder(&self, done: Done);
}

/// The system's dialogs.
pub struct SystemDialogs;

impl Dialogs for SystemDialogs {
    // Created here, as macOS wants it, and waited for elsewhere.

    fn save_file(&self, suggested: &str, done: Done) {
        let extension = suggested.rsplit_once('.').map_or("", |(_, extension)| extension);
        let dialog = rfd::AsyncFileDialog::new().set_file_name(suggested);
        wait_elsewhere(dialog.add_filter(extension.to_uppercase(), &[extension]).save_file(), done);
    }

    fn open_file(&self, done: Done) {
        wait_elsewhere(rfd::AsyncFileDialog::new().pick_file(), done);
    }

    fn open_folder(&self, done: Done) {
        wait_elsewhere(rfd::AsyncFileDialog::new().pick_folder(), done);
    }
}

fn wait_elsewhere(asking: impl Future<Output = Option<rfd::FileHandle>> + Send + 'static, done: Done) {
    let wait = move || done(wait_for(asking).map(|file| file.path().to_owned()));
    if let Err(error) = std::thread::Builder::new().name("file dialog".to_owned()).spawn(wait) {
        tracing::warn!("no file dialog: {error}");
    }
}

/// Waits for a future on this thread.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = TaskWaker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut std::task::Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

/// A file that was chosen, and what for; `None` for none.
type Chosen = (FileFor, Option<PathBuf>);

/// The window: its mind, its face, and the two ends of what it says and hears.
pub struct Window {
    model: Model,
    face: Face,
    ask: Ask,
    events: Receiver<Event>,
    dialogs: Box<dyn Dialogs>,
    clock: Clock,
    files: (SyncSender<Chosen>, Receiver<Chosen>),
    theme: Option<Theme>,
    /// How often the note was typed since it was kept, and when that was seen first, in seconds of the window's life.
    typed: (u64, f64),
}

impl Window {
    /// A window that asks `ask` and hears `events`.
    pub fn new(ask: Ask, events: Receiver<Event>, dialogs: Box<dyn Dialogs>, clock: Clock) -> Self {
        let (model, face, files) = (Model::default(), Face::default(), sync_channel(1));
        Self { model, face, ask, events, dialogs, clock, files, theme: None, typed: (0, 0.0) }
    }

    /// Filters by this, as if it was typed.
    pub fn filter(&mut self, text: &str) {
        if !text.is_empty() {
            self.mean(Action::Filter(filter_box::edit(text.to_owned(), (self.clock)())));
        }
    }

    /// What the window shows.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Takes in what happened. Runs before each frame, and while the window is hidden.
    pub fn listen(&mut self, ctx: &Context) {
        let start = Instant::now();
        while let Ok(event) = self.events.try_recv() {
            let effects = self.model.absorb(event);
            self.ask_all(effects);
            if start.elapsed() > EVENT_BUDGET {
                ctx.request_repaint();
                break;
            }
        }
        while let Ok((what, file)) = self.files.1.try_recv() {
            self.file_chosen(what, file);
        }
        self.tend_note(ctx);
        if std::mem::take(&mut self.model.is_ending) {
            ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Close);
        }
        if self.theme != Some(self.model.known.theme) {
            self.theme = Some(self.model.known.theme);
            ctx.set_theme(preference(self.model.known.theme));
        }
    }

    /// Has the note kept when one has not typed for a moment, wherever one looks by then.
    fn tend_note(&mut self, ctx: &Context) {
        let (edits, now) = (self.model.annotating.note.edits(), ctx.input(|input| input.time));
        if edits != self.typed.0 {
            self.typed = (edits, now);
        }
        let left = NOTE_PAUSE_SECS - (now - self.typed.1);
        if edits > 0 && left <= 0.0 {
            self.mean(Action::Annotate(AnnotateAction::KeepNote));
        } else if edits > 0 {
            ctx.request_repaint_after(Duration::from_secs_f64(left));
        }
    }

    /// Does what the user means, from wherever it was meant.
    pub fn mean(&mut self, action: Action) {
        let effects = self.model.apply(action);
        self.ask_all(effects);
    }

    /// Draws a frame and does what the user means in it.
    pub fn draw(&mut self, ui: &mut Ui) {
        let mut actions = Vec::new();
        self.face.now_millis = (self.clock)();
        root_ui(ui, &self.model, &mut self.face, &mut actions);
        for action in actions {
            self.mean(action);
        }
        if let Some(text) = self.model.clipboard.take() {
            ui.ctx().copy_text(text);
        }
        match self.model.zoom.take() {
            Some(Zoom::In) => gui_zoom::zoom_in(ui.ctx()),
            Some(Zoom::Out) => gui_zoom::zoom_out(ui.ctx()),
            Some(Zoom::Usual) => ui.ctx().set_zoom_factor(1.0),
            None => {}
        }
        if let Some(what) = self.model.asks_for_file.take() {
            self.ask_for_file(what, ui.ctx());
        }
    }

    fn ask_all(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let asked = effect.clone();
            if !(self.ask)(effect) {
                self.model.not_asked(&asked);
            }
        }
    }

    fn ask_for_file(&self, what: FileFor, ctx: &Context) {
        let (answers, ctx) = (self.files.0.clone(), ctx.clone());
        let done = Box::new(move |file| {
            // The window may be closed by now.
            if answers.send((what, file)).is_ok() {
                ctx.request_repaint_of(ViewportId::ROOT);
            }
        });
        match what {
            FileFor::Export => self.dialogs.save_file(&self.model.export.suggested_name(), done),
            FileFor::ExportFolder => self.dialogs.open_folder(done),
            FileFor::Authority => self.dialogs.save_file("hookglass-authority.pem", done),
            FileFor::RulesExport => self.dialogs.save_file("rules.toml", done),
            FileFor::Certificate | FileFor::Key | FileFor::RulesImport | FileFor::History | FileFor::Import => self.dialogs.open_file(done),
        }
    }

    fn file_chosen(&mut self, what: FileFor, file: Option<PathBuf>) {
        match file {
            Some(file) => {
                let effects = self.model.apply(Action::ChooseFile(what, file));
                self.ask_all(effects);
            }
            None => self.model.no_file_chosen(what),
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.mean(Action::Annotate(AnnotateAction::KeepNote));
    }
}

fn preference(theme: Theme) -> egui::ThemePreference {
    match theme {
        Theme::System => egui::ThemePreference::System,
        Theme::Dark => egui::ThemePreference::Dark,
        Theme::Light => egui::ThemePreference::Light,
    }
}

/// Sets fonts and colours up, and follows the desktop's.
pub fn install(ctx: &Context) {
    theme::install(ctx);
    fonts::install(ctx);
    ctx.options_mut(|options| options.quit_shortcuts.clear());
}

struct Shell(Window);

impl eframe::App for Shell {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.0.listen(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.0.draw(ui);
    }
}

/// Opens the window and stays until it is closed. The events are taken once there is a window to show them; `filter` stands
/// in the box at first.
///
/// # Errors
/// With the reason when no window can be opened. Some systems say so by a panic instead.
pub fn run(ask: Ask, events: Arc<Mutex<Option<Receiver<Event>>>>, (waker, filter): (&Waker, &str), clock: Clock) -> Result<(), String> {
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_app_id("hookglass")
            .with_title(texts::APP_NAME)
            .with_inner_size(SIZE)
            .with_min_inner_size(LEAST)
            .with_drag_and_drop(true),
        ..eframe::NativeOptions::default()
    };
    let (waker, filter) = (waker.clone(), filter.to_owned());
    let ran = eframe::run_native(
        texts::APP_NAME,
        options,
        Box::new(move |creation| {
            let ctx = &creation.egui_ctx;
            install(ctx);
            follow_desktop(ctx);
            let events = events.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or("a window was opened before")?;
            waker.attach(ctx);
            let mut window = Window::new(ask, events, Box::new(SystemDialogs), clock);
            window.filter(&filter);
            Ok(Box::new(Shell(window)))
        }),
    );
    ran.map_err(|error| error.to_string())
}

/// Where winit cannot tell whether the desktop is dark, its portal can.
fn follow_desktop(ctx: &Context) {
    let ctx = ctx.clone();
    system_theme::follow(move |theme| {
        ctx.options_mut(|options| options.fallback_theme = theme.unwrap_or(egui::Theme::Dark));
        ctx.request_repaint_of(ViewportId::ROOT);
    });
}
