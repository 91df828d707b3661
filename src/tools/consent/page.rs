//! The page that an offer's answer comes back to: opened for one consent at a time, taken over from a process that is gone,
//! and closed when it is needed no more.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::calls::{Calls, Waiting};
use super::offer::{Need, Offer};
use super::turn::InVain;
use super::{Consents, Pending};
use crate::ledger::{CONSENT_LIFE_SECONDS, TOO_LATE};
use crate::tools::error::ToolError;
use crate::tools::invocation::Principal;
use crate::tools::landing::{Callback, Judge, Judged, Landing, Returning};
use crate::tools::panics;

/// How long a person may take over a consent.
const PATIENCE: Duration = Duration::from_secs(CONSENT_LIFE_SECONDS.unsigned_abs());

impl Consents {
    /// The consent under way if it is the one needed, else a new one; and this call among those that wait for it.
    pub(super) async fn pending(
        self: &Arc<Self>,
        principal: &Principal,
        need: &Need,
        landing: &dyn Landing,
    ) -> Result<(Arc<Offer>, Waiting), InVain> {
        let mut current = self.current.lock().await;
        if let Some(Pending { offer, calls, .. }) = current.as_ref()
            && offer.helps(need)
            && self.offered(principal, offer.id()).await.is_some()
            && let Some(waiting) = calls.wait()
        {
            return Ok((Arc::clone(offer), waiting));
        }
        if let Some(earlier) = current.take() {
            earlier.end().await; // its page may have the same port
        }
        let returning = landing.open().await;
        let returning = returning.map_err(|reason| InVain::Told(reason.to_string()))?;
        let offer = self.offer(principal, need, &returning.redirect_uri()).await;
        let offer = Arc::new(offer.ok_or(InVain::Untold)?);
        let pending = self.await_answer(returning, &offer);
        let waiting = pending.calls.wait().ok_or(InVain::Untold)?;
        *current = Some(pending);
        Ok((offer, waiting))
    }

    /// Waits for the answer to an offer of a process that is gone, where it comes back to the address that is ours.
    pub(super) async fn adopt(self: &Arc<Self>, offer: &Arc<Offer>, landing: &dyn Landing) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|known| !known.waiting.is_finished()) {
            return; // that page takes every answer
        }
        match landing.open().await {
            Ok(returning) if returning.redirect_uri() == offer.redirect_uri() => {
                let pending = self.await_answer(returning, offer);
                pending.calls.keep();
                *current = Some(pending);
            }
            Ok(_) => {}
            // The process that made the offer may still wait there.
            Err(reason) => tracing::debug!(%reason, "the answer to an offer is left to another process"),
        }
    }

    /// Waits, aside, for what comes back of an offer.
    fn await_answer(self: &Arc<Self>, returning: Box<dyn Returning>, offer: &Arc<Offer>) -> Pending {
        let stop = CancellationToken::new();
        let waiting = tokio::spawn({
            let (consents, offer, stop) = (Arc::clone(self), Arc::clone(offer), stop.clone());
            async move {
                let answered = panics::catch(returning.answered(consents.judge(&offer)));
                let ended = tokio::select! {
                    biased; // the browser is shown what came of it before the page is given up
                    ended = tokio::time::timeout(PATIENCE, answered) => ended,
                    () = stop.cancelled() => return,
                };
                let ended = ended
                    .unwrap_or_else(|_| Ok(Err(TOO_LATE.into())))
                    .unwrap_or_else(|panicked| Err(ToolError::internal(&panicked).into()));
                if let Err(error) = ended {
                    consents.give_up(&offer, error.to_string()).await;
                }
            }
        });
        Pending {
            offer: Arc::clone(offer),
            calls: Calls::of(&stop),
            stop: stop.drop_guard(),
            waiting,
        }
    }

    /// Takes whatever comes back; the wait ends with the answer to this offer.
    fn judge(self: &Arc<Self>, offer: &Arc<Offer>) -> Judge {
        let (consents, offer) = (Arc::clone(self), Arc::clone(offer));
        Box::new(move |callback: Callback| {
            let (consents, offer) = (Arc::clone(&consents), Arc::clone(&offer));
            Box::pin(async move {
                match consents.take(callback).await {
                    Ok(None) => Judged::Foreign,
                    Ok(Some(taken)) => {
                        let outcome = taken.outcome.map(drop).map_err(Into::into);
                        match taken.offer == offer.id() {
                            true => Judged::Awaited(outcome),
                            false => Judged::Others(outcome),
                        }
                    }
                    Err(reason) => Judged::Others(Err(reason)),
                }
            })
        })
    }

    /// Ends the page of an offer that needs none any more.
    pub(super) async fn forget(&self, id: &str) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|known| known.offer.id() == id)
            && let Some(known) = current.take()
        {
            known.end().await;
        }
    }
}
