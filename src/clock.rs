//! The one clock of this process: `cli` makes it, every room is handed it, nothing else asks the machine for the time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;

/// A span of time as people say it: `45 s`, `59 min`, `5 h`, `3 d`.
pub fn in_words(seconds: u64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / MINUTE),
        7_200..=172_799 => format!("{} h", seconds / HOUR),
        _ => format!("{} d", seconds / DAY),
    }
}

/// What time it is, in seconds since 1970-01-01 UTC; handed in so that expiry can be tested without waiting. Clones go
/// together. Until it is told to stand it is the machine's.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<OnceLock<Standing>>);

#[derive(Debug)]
struct Standing {
    now: AtomicI64,
    moved: Notify,
}

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at `now` (epoch seconds) until `advance` moves it.
    pub fn fixed(now: i64) -> Self {
        let clock = Self::default();
        clock.stand_at(now);
        clock
    }

    /// Stands still at `now` (epoch seconds) from here on; one that stands already stays where it is.
    pub fn stand_at(&self, now: i64) {
        self.0.get_or_init(|| Standing {
            now: AtomicI64::new(now),
            moved: Notify::new(),
        });
    }

    /// Whether it was told to stand.
    pub fn stands(&self) -> bool {
        self.0.get().is_some()
    }

    /// Moves a clock that stands by `seconds`; the clock of the machine is left alone.
    pub fn advance(&self, seconds: i64) {
        if let Some(standing) = self.0.get() {
            standing.now.fetch_add(seconds, Ordering::Relaxed);
            standing.moved.notify_waiters();
        }
    }

    /// Epoch seconds; 0 on a machine whose clock stands before 1970.
    pub fn now(&self) -> i64 {
        match self.0.get() {
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |elapsed| i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)),
            Some(standing) => standing.now.load(Ordering::Relaxed),
        }
    }

    /// Waits so many seconds. For a clock that stands they have passed when it is moved on by as many, and when that
    /// never happens, when they have on the machine.
    pub async fn wait(&self, seconds: u32) {
        let end = self.now().saturating_add(i64::from(seconds));
        let moved_on = async {
            let Some(standing) = self.0.get() else {
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
