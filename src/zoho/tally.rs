//! How many requests one call sends: counted where they leave, told by the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tracing::Instrument as _;

tokio::task_local! {
    static SENT: Tally;
}

/// Counts what is sent while a piece of work is carried out; clones go together.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<AtomicU32>);

impl Tally {
    /// Carries work out and counts what it sends.
    pub async fn count<T>(&self, work: impl Future<Output = T>) -> T {
        SENT.scope(self.clone(), work).await
    }

    /// How many there were so far.
    pub fn sent(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Another request leaves, for whichever call is carried out; none is, where a command asks Zoho itself.
pub(super) fn one_more() {
    let _ = SENT.try_with(|tally| tally.0.fetch_add(1, Ordering::Relaxed));
}

/// Work that goes on in a task of its own and still belongs to the call that began it.
pub(super) fn carried<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let tally = SENT.try_with(Tally::clone).unwrap_or_default();
    SENT.scope(tally, work.in_current_span())
}
