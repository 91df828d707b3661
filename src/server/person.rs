//! The person at the other end of an MCP client: told by progress notifications, asked by elicitation.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::RequestContext;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use super::elicit;
use crate::tools::landing::Landing;
use crate::tools::{Coming, Person, Question, Reply, Telling};

/// A call that is answered within this is not told about at all.
const SOON: Duration = Duration::from_millis(50);
/// An answer keeps this far behind the last notification: clients read an answer at once and notifications a moment later,
/// and some close the connection over a token they have just forgotten.
const APART: Duration = Duration::from_millis(10);

/// The person behind one request; told only where it came with a progress token.
pub(super) struct Client<'a> {
    context: &'a RequestContext<RoleServer>,
    token: Option<ProgressToken>,
    /// One more than the last `progress`: it rises with every notification.
    told: AtomicU64,
    landing: Option<&'a dyn Landing>,
    begun: Instant,
    waiting: Mutex<Vec<ProgressNotificationParam>>,
    sent: tokio::sync::Mutex<Sent>,
}

/// What the person was told: notifications that may be on their way still, and when the last one had gone out.
#[derive(Default)]
struct Sent {
    on_their_way: Option<JoinHandle<()>>,
    last: Option<Instant>,
}

impl Sent {
    /// Returns when nothing is on its way any more. Whoever waited may have been dropped: what is sent is sent all the same.
    async fn settle(&mut self) {
        if let Some(on_their_way) = &mut self.on_their_way {
            let _ = on_their_way.await;
            self.last = Some(Instant::now());
        }
        self.on_their_way = None;
    }
}

impl<'a> Client<'a> {
    /// Whoever sent the request of this context; their browser comes back to `landing`.
    pub(super) fn of(context: &'a RequestContext<RoleServer>, landing: Option<&'a dyn Landing>) -> Self {
        Client {
            context,
            token: context.meta.get_progress_token(),
            told: AtomicU64::new(0),
            landing,
            begun: Instant::now(),
            waiting: Mutex::default(),
            sent: tokio::sync::Mutex::default(),
        }
    }

    async fn notify(&self, progress: u64, total: Option<u64>, message: String) {
        let Some(token) = self.token.clone() else { return };
        let mut told = ProgressNotificationParam::new(token, progress as f64).with_message(message);
        if let Some(total) = total {
            told = told.with_total(total as f64);
        }
        self.waiting().push(told);
        if self.begun.elapsed() >= SOON {
            self.send_waiting().await;
        }
    }

    async fn send_waiting(&self) {
        let mut sent = self.sent.lock().await;
        sent.settle().await;
        let waiting = std::mem::take(&mut *self.waiting());
        if waiting.is_empty() {
            return;
        }
        let peer = self.context.peer.clone();
        sent.on_their_way = Some(tokio::spawn(async move {
            for told in waiting {
                if let Err(error) = peer.notify_progress(told).await {
                    tracing::debug!(%error, "progress could not be sent");
                }
            }
        }));
        sent.settle().await;
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<ProgressNotificationParam>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells what has been said once the call has lasted a while; never returns, and is dropped with the call.
    pub(super) async fn speak_up(&self) -> Infallible {
        sleep_until(self.begun + SOON).await;
        self.send_waiting().await;
        std::future::pending().await
    }

    /// Returns when an answer may follow what was told.
    pub(super) async fn fall_silent(&self) {
        let mut sent = self.sent.lock().await;
        sent.settle().await;
        if let Some(last) = sent.last {
            sleep_until(last + APART).await;
        }
    }
}

impl Person for Client<'_> {
    fn say(&self, message: String) -> Telling<'_> {
        let step = self.told.fetch_add(1, Ordering::Relaxed);
        Box::pin(self.notify(step, None, message))
    }

    fn advance(&self, done: u64, total: Option<u64>, message: String) -> Telling<'_> {
        let rises = self.told.fetch_max(done + 1, Ordering::Relaxed) <= done;
        Box::pin(async move {
            if rises {
                self.notify(done, total, message).await;
            }
        })
    }

    fn ask(&self, question: &Question) -> Coming<'static, Reply> {
        elicit::ask(self.context, question)
    }

    fn conclude(&self, question: &Question) -> Telling<'static> {
        Box::pin(elicit::conclude(self.context.peer.clone(), question.clone()))
    }

    fn landing(&self) -> Option<&dyn Landing> {
        self.landing.filter(|_| elicit::shows_pages(self.context))
    }
}
