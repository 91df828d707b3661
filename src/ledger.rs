//! What must survive a call or be shared by replicas: the consents people were asked for, the acts that change something at
//! Zoho, and how often which repair was made. It stands on the database beside the connections, and seals with their key.

mod consents;
mod repair_counts;
mod sql;
mod writes;

use std::sync::Arc;

pub use consents::{CONSENT_LIFE_SECONDS, PendingConsent, Settled, TOO_LATE, TakenConsent};
pub use repair_counts::RepairCount;
use tokio::sync::Notify;
pub use writes::{
    ASKED_LIFE_SECONDS, Begun, Beside, KnownWrite, LONGEST_SENDING_SECONDS, NewWrite, SAME_ACT_SECONDS,
    UNDO_HOURS, WriteKey, WriteState,
};

use crate::connections::{ConnectionError, Connections};
use crate::database::Opened;

/// The ledger in the database of the connections. Nothing is opened before the first use.
pub struct Ledger {
    connections: Arc<Connections>,
    settled: Notify,
    undo_hours: u16,
}

impl Ledger {
    /// Takes the connections whose database it is kept in; touches neither the disk nor the network.
    pub fn new(connections: Arc<Connections>) -> Self {
        Self {
            connections,
            settled: Notify::new(),
            undo_hours: UNDO_HOURS,
        }
    }

    /// With other hours that what was there before a change is kept than [`UNDO_HOURS`].
    #[must_use]
    pub fn keeping(mut self, hours: u16) -> Self {
        self.undo_hours = hours;
        self
    }

    async fn database(&self) -> Result<Arc<Opened>, ConnectionError> {
        self.connections.database().await
    }

    /// The moment, in epoch seconds.
    pub fn now(&self) -> i64 {
        self.connections.clock().now()
    }
}
