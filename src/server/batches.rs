//! Batches of JSON-RPC: one revision of MCP has them (2025-03-26; the next one took them out), and there they must be taken.
//! What the requests of one are answered with goes out together, when the last answer is there.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rmcp::model::{ErrorData, ProtocolVersion, RequestId};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::in_flight::AT_ONCE;
use super::refusal::Refusal;
use super::written::Line;

/// Messages of one batch at most. All of its requests keep their places until their answers are written: there are as many.
pub(super) const MOST: usize = AT_ONCE;
/// Messages of a batch that is not carried out of which each request is told so, as JSON-RPC 2.0 (6) has it: who sent it waits
/// under the id of each. More are not read, and a batch that could not be read is one error (there, too).
const MOST_TOLD: usize = 100_000;
/// Bytes of answers from which on they go out, although others of their batch are still to come: "these responses MAY be
/// batched" (2025-03-26, basic, transports), and need not be.
const FULL: usize = 512 * 1024;

/// What is to be answered of one batch, and what has been.
#[derive(Default)]
pub(super) struct Batch {
    awaited: HashSet<RequestId>,
    texts: Vec<String>,
    answered: Vec<RequestId>,
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
        self.texts.push(answer);
    }

    /// What goes out now of the answers there are: all or none.
    fn due(&mut self) -> Option<Line> {
        let is_full = || self.texts.iter().map(String::len).sum::<usize>() >= FULL;
        if self.texts.is_empty() || !(self.awaited.is_empty() || is_full()) {
            return None;
        }
        let text = format!("[{}]", std::mem::take(&mut self.texts).join(","));
        let answers = std::mem::take(&mut self.answered);
        Some(Line { text, answers })
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

    /// The messages of a batch, counted before anything of them is kept.
    ///
    /// # Errors
    /// It is none, or none is taken of this size or at all.
    pub(super) fn read<'a>(&self, text: &'a str) -> Result<Vec<&'a RawValue>, Refusal> {
        let broken = |error| Refusal::of_broken(text, &error);
        let count = serde_json::from_str::<Vec<IgnoredAny>>(text).map_err(broken)?;
        let count = count.len();
        let told = match self.are_taken.load(Ordering::Relaxed) {
            true if (1..=MOST).contains(&count) => return serde_json::from_str(text).map_err(broken),
            true => format!("a batch of {count}: it has 1 to {MOST} messages"),
            false => "a batch: MCP has them in revision 2025-03-26 alone, so send each message on a line of its own"
                .to_owned(),
        };
        // Of more not even the ids are read.
        let messages: Vec<&RawValue> = match count <= MOST_TOLD {
            true => serde_json::from_str(text).map_err(broken)?,
            false => Vec::new(),
        };
        Err(Refusal::of_each(
            &messages,
            &ErrorData::invalid_request(told, None),
        ))
    }

    /// Waits for the answers to a batch; gives them where there are none to wait for.
    pub(super) fn begin(&self, mut batch: Batch) -> Option<Line> {
        if batch.awaited.is_empty() {
            return batch.due();
        }
        self.open().push(batch);
        None
    }

    /// What is to be written now that a request is answered: nothing yet, where others of its batch are not.
    pub(super) fn answered(&self, id: RequestId, text: String) -> Option<Line> {
        let mut open = self.open();
        let Some(at) = position(&open, &id) else {
            let answers = vec![id];
            return Some(Line { text, answers });
        };
        if let Some(batch) = open.get_mut(at) {
            batch.texts.push(text);
            batch.answered.push(id.clone());
        }
        settle(&mut open, at, &id)
    }

    /// The same, now that its client has given up a request: that gets no answer.
    pub(super) fn give_up(&self, id: &RequestId) -> Option<Line> {
        let mut open = self.open();
        let at = position(&open, id)?;
        settle(&mut open, at, id)
    }

    fn open(&self) -> MutexGuard<'_, Vec<Batch>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn position(open: &[Batch], id: &RequestId) -> Option<usize> {
    open.iter().position(|batch| batch.awaited.contains(id))
}

/// Awaits a request of a batch no longer; gives what goes out now.
fn settle(open: &mut Vec<Batch>, at: usize, id: &RequestId) -> Option<Line> {
    let batch = open.get_mut(at)?;
    batch.awaited.remove(id);
    let due = batch.due();
    if batch.awaited.is_empty() {
        open.swap_remove(at);
    }
    due
}
