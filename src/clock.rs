//! The one clock of this process: `cli` makes it, every room is handed it, nothing else asks the machine for the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;

/// What time it is, in seconds since 1970-01-01 UTC; handed in so that expiry can be tested without waiting.
#[derive(Clone, Debug)]
pub struct Clock(Hands);

#[derive(Clone, Debug)]
enum Hands {
    System,
    Fixed(Arc<Standing>),
}

#[derive(Debug)]
struct Standing {
    now: AtomicI64,
    moved: Notify,
}

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        Self(Hands::System)
    }

    /// A clock that stands still at `now` (epoch seconds) until `advance` moves it; clones move together.
    pub fn fixed(now: i64) -> Self {
        Self(Hands::Fixed(Arc::new(Standing {
            now: AtomicI64::new(now),
            moved: Notify::new(),
        })))
    }

    /// Moves a fixed clock by `seconds`; the clock of the machine is left alone.
    pub fn advance(&self, seconds: i64) {
        if let Hands::Fixed(standing) = &self.0 {
            standing.now.fetch_add(seconds, Ordering::Relaxed);
            standing.moved.notify_waiters();
        }
    }

    /// Epoch seconds; 0 on a machine whose clock stands before 1970.
    pub fn now(&self) -> i64 {
        match &self.0 {
            Hands::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |elapsed| i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)),
            Hands::Fixed(standing) => standing.now.load(Ordering::Relaxed),
        }
    }

    /// Waits so many seconds. For a clock that stands they have passed when it is moved on by as many, and when that
    /// never happens, when they have on the machine.
    pub async fn wait(&self, seconds: u32) {
        let end = self.now().saturating_add(i64::from(seconds));
        let moved_on = async {
            let Hands::Fixed(standing) = &self.0 else {
                return std::future::pending().await;
            };
            loop {
                let moved = standing.moved.notified();
                if self.now() >= end {
                    return;
                }
                moved.await;
            }
        };
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(seconds.into())) => {}
            () = moved_on => {}
        }
    }
}
