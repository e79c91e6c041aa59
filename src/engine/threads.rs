//! Threads: those that wait for the network, each with a runtime of its own.
//!
//! A connection stays with the thread that it was given to. In one runtime of two threads, each takes tasks from the other
//! whenever it has none: measured with 64 callers on two processors, that cost a tenth of the speed.

use super::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Handle, Runtime};

/// How many serve connections. More would not make the one that writes any faster.
const MOST: usize = 2;

/// The threads.
pub struct Threads {
    /// Accepts connections, sends, and listens to other processes.
    main: Runtime,
    /// They serve connections.
    serving: Vec<Runtime>,
}

impl Threads {
    /// Starts them.
    pub fn start() -> Result<Self, Error> {
        let count = std::thread::available_parallelism().map_or(1, usize::from).min(MOST);
        let serving = (0..count).map(|_| runtime("receiver")).collect::<Result<_, _>>()?;
        Ok(Self { main: runtime("network")?, serving })
    }

    /// For all but serving connections.
    pub fn main(&self) -> &Runtime {
        &self.main
    }

    /// For serving connections.
    pub fn serving(&self) -> Arc<[Handle]> {
        self.serving.iter().map(|runtime| runtime.handle().clone()).collect()
    }

    /// Ends them. Whatever still runs after this time is left to itself.
    pub fn shut_down(self, wait: Duration) {
        let until = Instant::now() + wait;
        for runtime in std::iter::once(self.main).chain(self.serving) {
            runtime.shutdown_timeout(until.saturating_duration_since(Instant::now()));
        }
    }
}

/// A runtime with one thread. Not of the kind that runs on its caller's: there a large body could not be judged beside others.
fn runtime(name: &str) -> Result<Runtime, Error> {
    Builder::new_multi_thread().worker_threads(1).thread_name(name).enable_all().build().map_err(Error::Threads)
}
