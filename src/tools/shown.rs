//! How long a question has been shown to a person, and which ones nobody can have read yet.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// No person reads what they are asked and says yes within this: a client answered by itself.
const READING: Duration = Duration::from_millis(500);

/// A moment in which a question went out.
#[derive(Debug, Clone, Copy)]
pub struct Shown(Instant);

impl Shown {
    /// Now.
    pub fn now() -> Self {
        Shown(Instant::now())
    }

    /// Whether a person can have read it by now.
    pub fn can_be_read(self) -> bool {
        self.0.elapsed() >= READING
    }
}

/// The questions that went out with the answer of a call and that nobody can have read yet, by what names them.
#[derive(Debug, Default)]
pub(super) struct Unread(Mutex<Vec<(String, Shown)>>);

impl Unread {
    /// Takes one up that goes out now.
    pub(super) fn add(&self, id: &str) {
        let mut unread = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        unread.retain(|(_, shown)| !shown.can_be_read());
        unread.push((id.to_owned(), Shown::now()));
    }

    /// Whether nobody can have read it yet.
    pub(super) fn has(&self, id: &str) -> bool {
        let unread = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        unread
            .iter()
            .any(|(known, shown)| known == id && !shown.can_be_read())
    }
}
