//! Calls that a test holds on their way.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// A path whose calls wait, seen, until they are let go.
#[derive(Clone)]
pub(crate) struct Held {
    pub(super) arrived: Arc<Semaphore>,
    pub(super) released: Arc<Semaphore>,
}

impl Held {
    /// Until a call has come.
    pub(crate) async fn arrival(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }

    /// Lets one call go on to its answer.
    pub(crate) fn release(&self) {
        self.released.add_permits(1);
    }
}
