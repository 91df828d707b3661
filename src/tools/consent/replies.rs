//! What the person said last to a question: calls that were made before they said it share what comes of it, also those that
//! find only afterwards that they lack the same.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::offer::{Need, Offer};
use crate::connections::Caller;
use crate::tools::invocation::Principal;
use crate::tools::question::Reply;

/// The last reply.
#[derive(Default)]
pub(super) struct Replies(Mutex<Option<Said>>);

struct Said {
    at: Instant,
    caller: Caller,
    offer: Arc<Offer>,
    reply: Reply,
}

impl Replies {
    /// Keeps a reply that came within the call that asked.
    pub(super) fn keep(&self, principal: &Principal, offer: &Arc<Offer>, reply: Reply) {
        if reply != Reply::Later {
            *self.last() = Some(Said {
                at: Instant::now(),
                caller: principal.caller.clone(),
                offer: Arc::clone(offer),
                reply,
            });
        }
    }

    /// The reply to the question that a call of this moment would ask, where it came since then.
    pub(super) fn since(
        &self,
        begun: Instant,
        principal: &Principal,
        need: &Need,
    ) -> Option<(Arc<Offer>, Reply)> {
        let last = self.last();
        let said = last.as_ref()?;
        let is_it = said.at >= begun && said.caller == principal.caller && said.offer.helps(need);
        is_it.then(|| (Arc::clone(&said.offer), said.reply))
    }

    fn last(&self) -> MutexGuard<'_, Option<Said>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
