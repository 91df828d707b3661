//! The acts that this process is sending: what becomes of them it hears itself.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The acts that are under way, by what names them.
#[derive(Debug, Default)]
pub(super) struct UnderWay(Mutex<BTreeSet<String>>);

/// One act's way; it ends where this is dropped.
#[derive(Debug)]
pub(super) struct Way {
    all: Arc<UnderWay>,
    id: String,
}

impl UnderWay {
    /// Takes one up.
    pub(super) fn begin(self: &Arc<Self>, id: &str) -> Way {
        self.ids().insert(id.to_owned());
        Way {
            all: Arc::clone(self),
            id: id.to_owned(),
        }
    }

    /// Whether one is under way.
    pub(super) fn has(&self, id: &str) -> bool {
        self.ids().contains(id)
    }

    fn ids(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.all.ids().remove(&self.id);
    }
}
