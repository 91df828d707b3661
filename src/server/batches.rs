//! Batches of JSON-RPC: one revision of MCP has them (2025-03-26; the next one took them out), and there they must be taken.
//! What the requests of one are answered with goes out together, when the last answer is there.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rmcp::model::{ProtocolVersion, RequestId};

/// Messages of one batch at most: their answers are kept until all are there.
pub(super) const MOST: usize = 100;

/// What is to be answered of one batch, and what has been.
#[derive(Default)]
pub(super) struct Batch {
    awaited: HashSet<RequestId>,
    answers: Vec<String>,
}

impl Batch {
    /// A request of it is on its way.
    pub(super) fn awaits(&mut self, id: RequestId) {
        self.awaited.insert(id);
    }

    /// Awaits those requests alone that are still on their way: a batch may cancel what is in it.
    pub(super) fn keep(&mut self, is_on_its_way: impl Fn(&RequestId) -> bool) {
        self.awaited.retain(is_on_its_way);
    }

    /// One of its messages is answered.
    pub(super) fn answer(&mut self, answer: String) {
        self.answers.push(answer);
    }

    /// All answers; none where nothing but notifications was in it.
    fn written(self) -> Option<String> {
        (!self.answers.is_empty()).then(|| format!("[{}]", self.answers.join(",")))
    }
}

/// The batches of one client that are not answered yet.
#[derive(Default)]
pub(super) struct Batches {
    are_taken: AtomicBool,
    open: Mutex<Vec<Batch>>,
}

impl Batches {
    /// Takes note of the revision that was agreed on.
    pub(super) fn agree(&self, version: &ProtocolVersion) {
        let has_batches = *version == ProtocolVersion::V_2025_03_26;
        self.are_taken.store(has_batches, Ordering::Relaxed);
    }

    /// Whether the revision that was agreed on has them.
    pub(super) fn are_taken(&self) -> bool {
        self.are_taken.load(Ordering::Relaxed)
    }

    /// Waits for the answers to a batch; gives them where there are none to wait for.
    pub(super) fn begin(&self, batch: Batch) -> Option<String> {
        if batch.awaited.is_empty() {
            return batch.written();
        }
        self.open().push(batch);
        None
    }

    /// What is to be written now that a request is answered: nothing yet, where others of its batch are not.
    pub(super) fn answered(&self, id: &RequestId, answer: String) -> Option<String> {
        let mut open = self.open();
        let Some(at) = open.iter().position(|batch| batch.awaited.contains(id)) else {
            return Some(answer);
        };
        if let Some(batch) = open.get_mut(at) {
            batch.answer(answer);
        }
        settle(&mut open, at, id)
    }

    /// The same, now that its client has given up a request: that gets no answer.
    pub(super) fn give_up(&self, id: &RequestId) -> Option<String> {
        let mut open = self.open();
        let at = open.iter().position(|batch| batch.awaited.contains(id))?;
        settle(&mut open, at, id)
    }

    fn open(&self) -> MutexGuard<'_, Vec<Batch>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Awaits a request of a batch no longer; gives the answers where it was the last.
fn settle(open: &mut Vec<Batch>, at: usize, id: &RequestId) -> Option<String> {
    let batch = open.get_mut(at)?;
    batch.awaited.remove(id);
    match batch.awaited.is_empty() {
        true => open.swap_remove(at).written(),
        false => None,
    }
}
