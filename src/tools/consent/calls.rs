//! The calls that wait for one consent: while one does, or one has ended with the word to call again, the place it comes back
//! to stays open.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio_util::sync::CancellationToken;

/// Those of one offer.
pub(super) struct Calls {
    waiting: AtomicUsize,
    kept: AtomicBool,
    stop: CancellationToken,
}

/// One of them, as long as it waits.
pub(super) struct Waiting(Arc<Calls>);

impl Calls {
    /// None yet; `stop` gives the place up.
    pub(super) fn of(stop: &CancellationToken) -> Arc<Self> {
        Arc::new(Calls {
            waiting: AtomicUsize::new(0),
            kept: AtomicBool::new(false),
            stop: stop.clone(),
        })
    }

    /// One more.
    pub(super) fn wait(self: &Arc<Self>) -> Waiting {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(Arc::clone(self))
    }

    /// The place stays although nobody waits.
    pub(super) fn keep(&self) {
        self.kept.store(true, Ordering::SeqCst);
    }

    /// Whether the place was given up.
    pub(super) fn have_left(&self) -> bool {
        self.stop.is_cancelled()
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
        let was_last = self.0.waiting.fetch_sub(1, Ordering::SeqCst) == 1;
        if was_last && !self.0.kept.load(Ordering::SeqCst) {
            self.0.stop.cancel();
        }
    }
}
