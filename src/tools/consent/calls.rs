//! The calls that wait for one consent: while one does, or one has ended with the word to call again, the place it comes back
//! to stays open.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// Those of one offer. Whether the place is given up is settled with their number, so that none joins one that closes.
pub(super) struct Calls {
    state: Mutex<State>,
    stop: CancellationToken,
}

#[derive(Default)]
struct State {
    waiting: usize,
    kept: bool,
}

/// One of them, as long as it waits.
pub(super) struct Waiting(Arc<Calls>);

impl Calls {
    /// None yet; `stop` gives the place up.
    pub(super) fn of(stop: &CancellationToken) -> Arc<Self> {
        Arc::new(Calls {
            state: Mutex::default(),
            stop: stop.clone(),
        })
    }

    /// One more; none where the place was given up.
    pub(super) fn wait(self: &Arc<Self>) -> Option<Waiting> {
        let mut state = self.state();
        if self.stop.is_cancelled() {
            return None;
        }
        state.waiting += 1;
        drop(state);
        Some(Waiting(Arc::clone(self)))
    }

    /// The place stays although nobody waits.
    pub(super) fn keep(&self) {
        self.state().kept = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// The call ends by itself.
    pub(super) fn end(self) {
        self.0.keep();
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.waiting -= 1;
        if state.waiting == 0 && !state.kept {
            self.0.stop.cancel();
        }
    }
}
