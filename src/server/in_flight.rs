//! The requests of one client that are not yet answered: few at a time are worked on, each under an id of its own.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rmcp::RoleServer;
use rmcp::model::RequestId;
use rmcp::service::RxJsonRpcMessage;
use tokio::sync::Notify;

/// Requests that are worked on at once: what each holds, until its answer is written, is bounded by this.
pub(super) const AT_ONCE: usize = 64;
/// Bytes of requests that wait their turn. Up to here replies and cancellations behind them are read, so that nothing a call
/// waits for is stuck behind calls that wait for it; beyond, no line is read until one of them begins or is given up.
const WAITING: usize = 256 * 1024;

/// A client's requests, from reading to the written answer.
#[derive(Default)]
pub(super) struct InFlight {
    waiting: VecDeque<(RequestId, usize, RxJsonRpcMessage<RoleServer>)>,
    waiting_bytes: usize,
    open: Arc<Open>,
}

/// What others know of them: those that are worked on, and how many wait.
#[derive(Default)]
pub(super) struct Open {
    places: Mutex<Places>,
    /// Requests read that wait their turn.
    waiting: AtomicUsize,
    freed: Notify,
    unwritten: OnceLock<io::Error>,
}

/// Who takes a place: a request until its answer is written, and work that goes on although nobody waits for it any more.
#[derive(Default)]
struct Places {
    begun: HashMap<RequestId, Begun>,
    /// Numbers of the requests that somebody works on.
    working: HashSet<u64>,
    last: u64,
}

/// A request that is worked on, or whose answer is not yet written.
struct Begun {
    number: u64,
    is_answered: bool,
}

impl Places {
    fn taken(&self) -> usize {
        let is_given_up = |number: &&u64| self.begun.values().all(|begun| begun.number != **number);
        self.begun.len() + self.working.iter().filter(is_given_up).count()
    }
}

/// Held by who works on a request, as long as that lasts: one that is given up has its place until then.
pub(super) struct Place {
    open: Arc<Open>,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.places().working.remove(&self.number);
        self.open.freed.notify_one();
    }
}

impl InFlight {
    /// Lets a request wait its turn; `false` where its id is that of another which is not answered yet.
    pub(super) fn admit(
        &mut self,
        id: RequestId,
        size: usize,
        request: RxJsonRpcMessage<RoleServer>,
    ) -> bool {
        let is_taken = self.knows(&id);
        if !is_taken {
            self.waiting_bytes += size;
            self.waiting.push_back((id, size, request));
            self.open.waiting.store(self.waiting.len(), Ordering::Relaxed);
        }
        !is_taken
    }

    /// Whether a request of this id is not answered yet.
    pub(super) fn knows(&self, id: &RequestId) -> bool {
        self.open.places().begun.contains_key(id) || self.waiting.iter().any(|(other, ..)| other == id)
    }

    /// The next request whose turn it is, with the place that is to go where it goes.
    pub(super) fn take(&mut self) -> Option<(RxJsonRpcMessage<RoleServer>, Place)> {
        let mut places = self.open.places();
        if places.taken() >= AT_ONCE {
            return None;
        }
        let (id, size, request) = self.waiting.pop_front()?;
        self.waiting_bytes -= size;
        self.open.waiting.store(self.waiting.len(), Ordering::Relaxed);
        places.last += 1;
        let number = places.last;
        let is_answered = false;
        places.begun.insert(id, Begun { number, is_answered });
        places.working.insert(number);
        let open = self.open();
        Some((request, Place { open, number }))
    }

    /// Forgets a request that its client has given up; `true` where it had not begun.
    pub(super) fn give_up(&mut self, id: &RequestId) -> bool {
        let begun = self.waiting.len();
        let bytes = &mut self.waiting_bytes;
        self.waiting.retain(|(other, size, _)| {
            let stays = other != id;
            *bytes -= if stays { 0 } else { *size };
            stays
        });
        self.open.waiting.store(self.waiting.len(), Ordering::Relaxed);
        self.open.close(id);
        self.waiting.len() < begun
    }

    /// Whether requests still wait their turn.
    pub(super) fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether another line may be read.
    pub(super) fn has_room(&self) -> bool {
        self.waiting_bytes < WAITING
    }

    /// For whoever writes answers.
    pub(super) fn open(&self) -> Arc<Open> {
        Arc::clone(&self.open)
    }
}

impl Open {
    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that the answer to a request is there: to give that up is too late, and it keeps its place until it is written.
    pub(super) fn answer(&self, id: &RequestId) {
        if let Some(begun) = self.places().begun.get_mut(id) {
            begun.is_answered = true;
        }
    }

    /// Whether the answer to a request is there and not yet written.
    pub(super) fn is_answered(&self, id: &RequestId) -> bool {
        self.places().begun.get(id).is_some_and(|begun| begun.is_answered)
    }

    /// The answer is written, or nobody waits for it any more.
    pub(super) fn close(&self, id: &RequestId) {
        if self.places().begun.remove(id).is_some() {
            self.freed.notify_one();
        }
    }

    /// Keeps why nothing can be written any more, where it is not that the client has left.
    pub(super) fn give_out(&self, error: &io::Error) {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected};
        if !matches!(
            error.kind(),
            BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected
        ) {
            let kept = io::Error::new(error.kind(), format!("no answer can be written: {error}"));
            let _ = self.unwritten.set(kept);
        }
    }

    /// Why nothing could be written.
    ///
    /// # Errors
    /// Answers could not be written although their client was there.
    pub(super) fn written(&self) -> io::Result<()> {
        let unwritten = self.unwritten.get();
        unwritten.map_or(Ok(()), |error| {
            Err(io::Error::new(error.kind(), error.to_string()))
        })
    }

    /// How many requests have no answer yet.
    pub(super) fn unanswered(&self) -> usize {
        self.places().begun.len() + self.waiting.load(Ordering::Relaxed)
    }

    /// Returns once a request has been closed.
    pub(super) async fn freed(&self) {
        self.freed.notified().await;
    }
}
