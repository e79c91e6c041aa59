//! The eframe shell: events in, actions out. Clipboard, file dialogs and closing belong here.

use super::{Face, fonts, root_ui, system_theme, texts, theme};
use crate::app::Model;
use crate::app::action::Action;
use crate::app::rule_editor::{FileFor, RulesAction};
use crate::messages::{Effect, Event};
use crate::settings::Theme;
use eframe::egui::{self, Context, Ui, ViewportBuilder, ViewportCommand, ViewportId};
use std::future::Future;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Poll, Wake, Waker as TaskWaker};
use std::time::{Duration, Instant};

/// How long a frame takes in events, at most.
const EVENT_BUDGET: Duration = Duration::from_millis(4);

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

/// Asks the user for a file to save to: the system's dialog, or a test's answer.
pub trait Dialogs {
    /// Asks, and calls `done` with the answer; `None` for none, or where no dialog can be shown.
    fn save_file(&self, suggested: &str, done: Box<dyn FnOnce(Option<PathBuf>) + Send>);

    /// Asks for a file to read, in the same way.
    fn open_file(&self, done: Box<dyn FnOnce(Option<PathBuf>) + Send>);
}

/// The system's dialogs.
pub struct SystemDialogs;

impl Dialogs for SystemDialogs {
    fn save_file(&self, suggested: &str, done: Box<dyn FnOnce(Option<PathBuf>) + Send>) {
        // Created here, as macOS wants it, and waited for elsewhere.
        let kind = suggested.rsplit('.').next().unwrap_or_default();
        wait_aside(rfd::AsyncFileDialog::new().set_file_name(suggested).add_filter(kind.to_uppercase(), &[kind]).save_file(), done);
    }

    fn open_file(&self, done: Box<dyn FnOnce(Option<PathBuf>) + Send>) {
        wait_aside(rfd::AsyncFileDialog::new().pick_file(), done);
    }
}

fn wait_aside(asking: impl Future<Output = Option<rfd::FileHandle>> + Send + 'static, done: Box<dyn FnOnce(Option<PathBuf>) + Send>) {
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

/// The window: its mind, its face, and the two ends of what it says and hears.
pub struct Window {
    model: Model,
    face: Face,
    ask: Ask,
    events: Receiver<Event>,
    dialogs: Box<dyn Dialogs>,
    files: (SyncSender<Option<PathBuf>>, Receiver<Option<PathBuf>>),
    theme: Option<Theme>,
    /// What follows from files that were chosen.
    chosen: (SyncSender<Action>, Receiver<Action>),
}

impl Window {
    /// A window that asks `ask` and hears `events`.
    pub fn new(ask: Ask, events: Receiver<Event>, dialogs: Box<dyn Dialogs>) -> Self {
        Self {
            model: Model::default(),
            face: Face::default(),
            ask,
            events,
            dialogs,
            files: sync_channel(1),
            theme: None,
            chosen: sync_channel(4),
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
        while let Ok(file) = self.files.1.try_recv() {
            self.file_chosen(file);
        }
        while let Ok(action) = self.chosen.1.try_recv() {
            self.mean(action);
        }
        if std::mem::take(&mut self.model.is_ending) {
            ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Close);
        }
        if self.theme != Some(self.model.known.theme) {
            self.theme = Some(self.model.known.theme);
            ctx.set_theme(preference(self.model.known.theme));
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
        root_ui(ui, &self.model, &mut self.face, &mut actions);
        for action in actions {
            self.mean(action);
        }
        if let Some(text) = self.model.clipboard.take() {
            ui.ctx().copy_text(text);
        }
        if std::mem::take(&mut self.model.asks_for_file) {
            self.ask_for_file(ui.ctx());
        }
        if let Some(file) = self.model.rule_editor.asks_for_file.take() {
            self.ask_for_rules(ui.ctx(), file);
        }
    }

    fn ask_all(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if !(self.ask)(effect) {
                self.model.notices.failed(texts::BUSY);
            }
        }
    }

    fn ask_for_file(&self, ctx: &Context) {
        let (answers, ctx) = (self.files.0.clone(), ctx.clone());
        self.dialogs.save_file(
            "exchanges.ndjson",
            Box::new(move |file| {
                // The window may be closed by now.
                if answers.send(file).is_ok() {
                    ctx.request_repaint_of(ViewportId::ROOT);
                }
            }),
        );
    }

    fn ask_for_rules(&self, ctx: &Context, file: FileFor) {
        let (answers, ctx) = (self.chosen.0.clone(), ctx.clone());
        let chosen = Box::new(move |path: Option<PathBuf>| {
            let action = match (path, file) {
                (Some(path), FileFor::Import) => RulesAction::Import(path),
                (Some(path), FileFor::Export) => RulesAction::Export(path),
                (None, _) => RulesAction::NoFile,
            };
            if answers.send(Action::Rules(action)).is_ok() {
                ctx.request_repaint_of(ViewportId::ROOT);
            }
        });
        match file {
            FileFor::Import => self.dialogs.open_file(chosen),
            FileFor::Export => self.dialogs.save_file("rules.toml", chosen),
        }
    }

    fn file_chosen(&mut self, file: Option<PathBuf>) {
        match file {
            Some(file) => {
                let effects = self.model.apply(Action::ChooseExportPath(file));
                self.ask_all(effects);
            }
            // Cancelled, or nothing can show a dialog here: the two look alike.
            None => self.model.export.failure = Some(texts::NO_FILE_CHOSEN.to_owned()),
        }
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

/// Opens the window and stays until it is closed. The events are taken once there is a window to show them.
///
/// # Errors
/// With the reason when no window can be opened. Some systems say so by a panic instead.
pub fn run(ask: Ask, events: Arc<Mutex<Option<Receiver<Event>>>>, waker: &Waker) -> Result<(), String> {
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_app_id("hookglass")
            .with_title(texts::APP_NAME)
            .with_inner_size(SIZE)
            .with_min_inner_size(LEAST),
        ..eframe::NativeOptions::default()
    };
    let waker = waker.clone();
    let ran = eframe::run_native(
        texts::APP_NAME,
        options,
        Box::new(move |creation| {
            let ctx = &creation.egui_ctx;
            install(ctx);
            follow_desktop(ctx);
            let events = events.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or("a window was opened before")?;
            waker.attach(ctx);
            Ok(Box::new(Shell(Window::new(ask, events, Box::new(SystemDialogs)))))
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
