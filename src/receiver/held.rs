//! Held requests: those that wait for the developer.

use crate::messages::{HeldRequest, Release};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// The requests that are held, by the numbers of their exchanges.
pub struct Held {
    state: Mutex<State>,
    /// Called whenever one comes or goes. It must not wait.
    changed: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct State {
    table: BTreeMap<i64, (HeldRequest, oneshot::Sender<Release>)>,
    version: u64,
    /// Whether nobody can decide any more.
    is_closed: bool,
}

impl Held {
    /// None are.
    pub fn new(changed: impl Fn() + Send + Sync + 'static) -> Self {
        Self { state: Mutex::default(), changed: Box::new(changed) }
    }

    /// Holds one until what is returned is dropped, which happens also when its caller leaves.
    pub fn hold(self: &Arc<Self>, request: HeldRequest) -> (Place, oneshot::Receiver<Release>) {
        let (release, released) = oneshot::channel();
        let id = request.id;
        self.change(|state| {
            if !state.is_closed {
                drop(state.table.insert(id, (request, release)));
            }
        });
        (Place { held: self.clone(), id }, released)
    }

    /// Lets one go with what the developer decided. The first decision counts; `false` where it is held no more.
    pub fn release(&self, id: i64, release: Release) -> bool {
        let mut sender = None;
        self.change(|state| sender = state.table.remove(&id));
        sender.is_some_and(|(_, sender)| sender.send(release).is_ok())
    }

    /// From now on nobody can decide: those that are held, and those that were to be, get their fallback at once.
    pub fn close(&self) {
        self.change(|state| {
            state.is_closed = true;
            state.table.clear();
        });
    }

    /// Those that are held, the oldest first, at most `limit` of them; how many there are; and a number that grows with
    /// each change. `None` where that is the number that is known.
    pub fn list(&self, limit: usize, known: u64) -> Option<(Vec<HeldRequest>, usize, u64)> {
        let state = self.lock();
        let list = || state.table.values().take(limit).map(|(request, _)| request.clone()).collect();
        (state.version != known).then(|| (list(), state.table.len(), state.version))
    }

    /// Has whoever listens for changes look.
    pub fn touch(&self) {
        (self.changed)();
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        state.version += 1;
        drop(state);
        (self.changed)();
    }

    /// The table is whole at any moment, also where a thread panicked while it held it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a held request in the table; given up when dropped.
pub struct Place {
    held: Arc<Held>,
    id: i64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.held.change(|state| drop(state.table.remove(&self.id)));
    }
}
