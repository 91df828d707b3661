//! Whether somebody still waits for an answer: what looks through many records stops when nobody does.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Who is answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller(Arc<AtomicBool>);

impl Caller {
    /// A caller who waits for as long as the second of the two lives.
    pub(crate) fn waiting() -> (Caller, Waiting) {
        let caller = Caller::default();
        (caller.clone(), Waiting(caller))
    }

    /// Whether nobody will read the answer.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Held by what passes the answer on; hyper drops that when the caller hangs up.
#[derive(Debug)]
pub(crate) struct Waiting(Caller);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}
