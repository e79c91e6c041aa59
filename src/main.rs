//! Picks the door, window or command line; prints the error chain; sets the exit code.

use hookglass::cli::{self, Cli};
use hookglass::memory;
use std::process::ExitCode;

#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = cli::parse();
    log_to_stderr();
    memory::give_back_soon();
    // Each connection is an open file, and the usual limit is 1,024.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::debug!("the limit of open files stays: {error}");
    }
    let done = if cli.wants_window() { open_window(&cli) } else { cli.run() };
    done.unwrap_or_else(|error| {
        cli::say(&cli::one_line(&error));
        cli::status_of(&error)
    })
}

fn log_to_stderr() {
    // winit reports as errors what X servers answer in passing.
    let filter = tracing_subscriber::EnvFilter::try_from_env("HOOKGLASS_LOG").unwrap_or_else(|_| "error,hookglass=warn,winit=off".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

#[cfg(not(feature = "gui"))]
fn open_window(cli: &Cli) -> anyhow::Result<ExitCode> {
    // A wrong one is wrong usage, and nothing else is said.
    cli.filter()?;
    cli::say("this build has no window (it lacks the feature gui); receiving without one");
    cli.run()
}

/// Opens the window; where none can be opened, says why and receives without one.
#[cfg(feature = "gui")]
fn open_window(cli: &Cli) -> anyhow::Result<ExitCode> {
    use hookglass::ui::window::Waker;
    use std::sync::{Mutex, PoisonError};

    // Before anything begins: a wrong one is wrong usage.
    let filter = cli.filter()?;
    let waker = Waker::default();
    let wake = waker.clone();
    let (engine, events) = cli.start(move || wake.wake())?;
    let (engine, events) = (Arc::new(engine), Arc::new(Mutex::new(Some(events))));
    let reason = run_window(engine.clone(), events.clone(), &waker, filter.text());
    let events = events.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (reason, events, Arc::into_inner(engine)) {
        (Err(reason), Some(events), Some(engine)) => {
            cli::say(&format!("no window can be opened ({}); {}; receiving without one", first_line(&reason), what_to_do(&reason)));
            engine.ask(hookglass::messages::Effect::NoWindow)?;
            cli::serve_as_text(filter, (engine, events))
        }
        (Err(reason), ..) => anyhow::bail!("the window ended: {}", first_line(&reason)),
        (Ok(()), ..) => Ok(ExitCode::SUCCESS),
    }
}

/// Runs the window. A panic before it is open counts as a reason why it cannot be.
#[cfg(feature = "gui")]
fn run_window(
    engine: std::sync::Arc<hookglass::engine::Engine>,
    events: std::sync::Arc<std::sync::Mutex<Option<std::sync::mpsc::Receiver<hookglass::messages::Event>>>>,
    waker: &hookglass::ui::window::Waker,
    filter: &str,
) -> Result<(), String> {
    use std::panic;
    let (attached, usual) = (waker.clone(), Arc::new(panic::take_hook()));
    let hook = usual.clone();
    panic::set_hook(Box::new(move |info| {
        if attached.is_attached() {
            hook(info);
        }
    }));
    let ask = Box::new(move |effect| engine.ask(effect).is_ok());
    let ran = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        hookglass::ui::window::run(ask, events, (waker, filter), hookglass::engine::now_millis)
    }));
    panic::set_hook(Box::new(move |info| usual(info)));
    match ran {
        Ok(ran) => ran,
        Err(panicked) if waker.is_attached() => panic::resume_unwind(panicked),
        Err(panicked) => Err(words_of(&*panicked)),
    }
}

#[cfg(feature = "gui")]
use std::sync::Arc;

/// What a panic said.
#[cfg(feature = "gui")]
fn words_of(panicked: &(dyn std::any::Any + Send)) -> String {
    let text = panicked.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panicked.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "the window system panicked".to_owned())
}

/// The reason alone: the first line, without the place in a library's source that some begin with.
#[cfg(feature = "gui")]
fn first_line(reason: &str) -> &str {
    let line = reason.lines().next().unwrap_or(reason);
    let after_place = line.rsplit_once(".rs:").and_then(|(_, rest)| rest.split_once(": "));
    after_place.map_or(line, |(_, words)| words)
}

/// What to install, or where to start it.
#[cfg(feature = "gui")]
fn what_to_do(reason: &str) -> &'static str {
    if reason.contains("DISPLAY") {
        "start it in a desktop session, or use `hookglass serve`"
    } else if reason.contains("xkbcommon") {
        "install libxkbcommon-x11-0 and libxkbcommon0"
    } else {
        "install libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libwayland-client0 libwayland-egl1 libgl1 libegl1 libgl1-mesa-dri"
    }
}
