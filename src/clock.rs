//! The one clock of this process: `cli` makes it, every room is handed it, nothing else asks the machine for the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// What time it is, in seconds since 1970-01-01 UTC; handed in so that expiry can be tested without waiting.
#[derive(Clone, Debug)]
pub struct Clock(Hands);

#[derive(Clone, Debug)]
enum Hands {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        Self(Hands::System)
    }

    /// A clock that stands still at `now` (epoch seconds) until `advance` moves it; clones move together.
    pub fn fixed(now: i64) -> Self {
        Self(Hands::Fixed(Arc::new(AtomicI64::new(now))))
    }

    /// Moves a fixed clock by `seconds`; the clock of the machine is left alone.
    pub fn advance(&self, seconds: i64) {
        if let Hands::Fixed(now) = &self.0 {
            now.fetch_add(seconds, Ordering::Relaxed);
        }
    }

    /// Epoch seconds; 0 on a machine whose clock stands before 1970.
    pub fn now(&self) -> i64 {
        match &self.0 {
            Hands::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |elapsed| i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)),
            Hands::Fixed(now) => now.load(Ordering::Relaxed),
        }
    }
}
