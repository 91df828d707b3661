//! Whether an open database still serves, and how its failures are told.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{DatabaseError, explain};

/// The name of an open database, and whether what was opened is spent.
pub(super) struct Health {
    label: String,
    spent: AtomicBool,
}

impl Health {
    /// That of a database just opened, which goes by this name in errors.
    pub(super) fn new(label: String) -> Self {
        Self {
            label,
            spent: AtomicBool::new(false),
        }
    }

    /// Whether only opening it anew helps.
    pub(super) fn is_spent(&self) -> bool {
        self.spent.load(Ordering::Relaxed)
    }

    /// What a failure means. One that stays as long as the connections do spends them.
    pub(super) fn explain(&self, error: &sqlx::Error) -> DatabaseError {
        if stays(error) {
            self.spent.store(true, Ordering::Relaxed);
        }
        explain::explain(&self.label, error)
    }
}

/// A driver that has ended, or statements prepared for columns that are others by now ("cached plan must not change result
/// type").
fn stays(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().as_deref() == Some(explain::STALE_PLAN),
        _ => false,
    }
}
