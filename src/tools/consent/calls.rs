//! The calls that wait for one consent: one of them asks the person, the others hear the reply with it. While one waits, or
//! one has ended with the word to call again, the place the consent comes back to stays open.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time;

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::tools::person::Telling;
use crate::tools::question::Reply;

/// Those of one offer. Whether the place is given up is settled with their number, so that none joins one that closes.
pub(super) struct Calls {
    state: Mutex<State>,
    stop: CancellationToken,
}

#[derive(Default)]
struct State {
    waiting: usize,
    kept: bool,
    /// Tells the client that was asked last that the page is done with.
    concluding: Option<Telling<'static>>,
    /// What a call that has ended has left behind: a question that is open still, or an end to be told.
    left: Option<DropGuard>,
    /// What the call that asks now will hear.
    asking: Option<Shared<oneshot::Receiver<Option<Reply>>>>,
    /// When a call ended with the question, and until when that counts as put for those that had begun before.
    taken: Option<(time::Instant, Instant)>,
}

/// What a call does about the question of its offer.
enum Part {
    /// It asks, and tells the others.
    Asks(oneshot::Sender<Option<Reply>>),
    /// It hears what another one does.
    Hears(Shared<oneshot::Receiver<Option<Reply>>>),
    /// Another one has taken the question with it.
    Waits(Instant),
}

/// What a call hears of the question of its offer.
pub(super) enum Heard {
    /// What the person has said; nothing in time.
    Reply(Option<Reply>),
    /// Another call has ended with the question, and its client puts it: until then it is not put again.
    Taken(Instant),
}

/// One of them, as long as it waits.
pub(super) struct Waiting(Arc<Calls>);

impl Calls {
    /// None yet; `stop` gives the place up.
    pub(super) fn of(stop: &CancellationToken) -> Arc<Self> {
        Arc::new(Calls {
            state: Mutex::default(),
            stop: stop.clone(),
        })
    }

    /// One more; none where the place was given up.
    pub(super) fn wait(self: &Arc<Self>) -> Option<Waiting> {
        let mut state = self.state();
        if self.stop.is_cancelled() {
            return None;
        }
        state.waiting += 1;
        drop(state);
        Some(Waiting(Arc::clone(self)))
    }

    /// The place stays although nobody waits.
    pub(super) fn keep(&self) {
        self.state().kept = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// The reply to the question of the offer: one call asks at a time, for those who wait meanwhile as well. Where its client
    /// gives that one up, another one asks. No reply where none came in time.
    pub(super) async fn hear(
        &self,
        begun: time::Instant,
        until: Instant,
        ask: impl Future<Output = Option<Reply>>,
    ) -> Heard {
        loop {
            match self.part(begun) {
                Part::Asks(others) => {
                    let reply = ask.await;
                    {
                        let mut state = self.0.state();
                        state.asking = None;
                        state.taken = (reply == Some(Reply::Later)).then(|| (time::Instant::now(), until));
                    }
                    let _ = others.send(reply);
                    return Heard::Reply(reply);
                }
                Part::Hears(reply) => match timeout_at(until, reply).await {
                    Ok(Ok(Some(Reply::Later)) | Err(_)) => {} // who asked has taken it along, or is gone
                    Ok(Ok(reply)) => return Heard::Reply(reply),
                    Err(_) => return Heard::Reply(None),
                },
                Part::Waits(taken) => return Heard::Taken(taken),
            }
        }
    }

    fn part(&self, begun: time::Instant) -> Part {
        let mut state = self.0.state();
        let counts = |(at, until): &(time::Instant, Instant)| begun <= *at && *until > Instant::now();
        if let Some((_, until)) = state.taken.filter(counts) {
            return Part::Waits(until);
        }
        match &state.asking {
            Some(asking) if !matches!(asking.peek(), Some(Err(_))) => Part::Hears(asking.clone()),
            _ => {
                let (sender, receiver) = oneshot::channel();
                state.asking = Some(receiver.shared());
                Part::Asks(sender)
            }
        }
    }

    /// The person is asked now: what an earlier call has left open is asked no longer.
    pub(super) fn begins(&self, concluding: Telling<'static>) {
        let left = {
            let mut state = self.0.state();
            state.concluding = Some(concluding);
            state.left.take()
        };
        drop(left);
    }

    /// Tells the client that was asked that the page is done with, whoever of those that wait comes first.
    pub(super) async fn conclude(&self) {
        let concluding = self.0.state().concluding.take();
        if let Some(told) = concluding {
            told.await;
        }
    }

    /// Leaves behind what is to be done when the call has ended, with how its client is told of the end. It goes with the
    /// place, or when somebody asks anew.
    pub(super) fn leave(&self, work: impl FnOnce(Telling<'static>) -> Telling<'static>) {
        let Some(concluding) = self.0.state().concluding.take() else {
            return;
        };
        let (work, stop) = (work(concluding), self.0.stop.child_token());
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move {
            tokio::select! {
                () = stopped => {}
                () = work => {}
            }
        });
        self.0.state().left = Some(stop.drop_guard());
    }

    /// The call ends by itself.
    pub(super) fn end(self) {
        self.0.keep();
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.waiting -= 1;
        if state.waiting == 0 && !state.kept {
            self.0.stop.cancel();
        }
    }
}
