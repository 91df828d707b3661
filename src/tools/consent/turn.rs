//! The part of a call's story that asks for a consent: once a call, on whichever way the reply comes.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::offer::{Need, Offer};
use super::{Consents, Pending};
use crate::connections::check_name;
use crate::ledger::{CONSENT_LIFE_SECONDS, TOO_LATE};
use crate::names::clip;
use crate::tools::error::{Code, ToolError};
use crate::tools::invocation::{Invocation, Principal};
use crate::tools::landing::{Callback, Judge, Judged, Landing};
use crate::tools::panics;
use crate::tools::question::{Carried, Question, Reply, Unanswered};

/// How long a person may take over a consent.
const PATIENCE: Duration = Duration::from_secs(CONSENT_LIFE_SECONDS.unsigned_abs());
/// How long a call waits for it: many clients give a call up after a minute, and then nobody hears how it ended.
const HOLD: Duration = Duration::from_secs(45);
/// What a call says that has waited as long; the consent stays open.
const STILL_OPEN: &str = "the consent is still open: call again once you have agreed";

/// Whether the person may still be asked in this call.
#[derive(Debug)]
pub(in crate::tools) enum Turn {
    /// Nobody was asked yet.
    Open,
    /// Somebody was; why nothing came of it, if that is known.
    Taken(Option<String>),
}

impl Consents {
    /// What a call brings back of a question asked before, by this process or another.
    ///
    /// # Errors
    /// The question is to be asked again: no reply came with the call.
    pub(in crate::tools) async fn turn(
        self: &Arc<Self>,
        principal: &Principal,
        carried: Option<Carried<'_>>,
    ) -> Result<Turn, Unanswered> {
        let Some(Carried { state, reply }) = carried else {
            return Ok(Turn::Open);
        };
        match reply {
            Some(Reply::Accepted) => Ok(Turn::Taken(self.finished(principal, state).await.err().flatten())),
            Some(_) => {
                self.decline(principal, state).await;
                Ok(Turn::Taken(None))
            }
            None => match self.offered(principal, state).await {
                Some(offer) => Err(Unanswered::Ask(offer.question(), state.to_owned())),
                None => Ok(Turn::Taken(None)),
            },
        }
    }

    /// Asks for the consent that a failed call lacks: once it is given, the call may be begun again.
    ///
    /// # Errors
    /// The call ends: in its failure, or in the question where the reply comes with a later call.
    pub(in crate::tools) async fn mend(
        self: &Arc<Self>,
        turn: &mut Turn,
        invocation: &Invocation<'_>,
        error: ToolError,
    ) -> Result<(), Unanswered> {
        if let (Code::NoConnection, Some(name)) = (error.code, invocation.connection_name())
            && let Err(rule) = check_name(name)
        {
            let got = format!("{:?}", clip(name, 80));
            return Err(ToolError::argument("/connection", rule, got, None).into());
        }
        let asked = match std::mem::replace(turn, Turn::Taken(None)) {
            Turn::Open => self.asked(invocation, &error).await,
            Turn::Taken(reason) => Asked::InVain(reason),
        };
        match asked {
            Asked::Given => Ok(()),
            Asked::Later(question, state) => Err(Unanswered::Ask(question, state)),
            Asked::InVain(reason) => Err(error.because(reason).into()),
        }
    }

    async fn asked(self: &Arc<Self>, invocation: &Invocation<'_>, error: &ToolError) -> Asked {
        let (principal, person) = (invocation.principal(), invocation.person());
        let (Some(need), Some(landing)) = (Need::of(error, invocation), person.landing()) else {
            return Asked::InVain(None);
        };
        let Some(offer) = self.pending(principal, &need, landing).await else {
            return Asked::InVain(None);
        };
        let question = offer.question();
        let reply = tokio::time::timeout(HOLD, person.ask(&question)).await;
        let Ok(reply) = reply else {
            return Asked::InVain(Some(STILL_OPEN.to_owned()));
        };
        match reply {
            Reply::Accepted => {
                let outcome = self.finished(principal, offer.id()).await;
                person.conclude(&question).await;
                outcome.map_or_else(Asked::InVain, |()| Asked::Given)
            }
            Reply::Declined => {
                self.decline(principal, offer.id()).await;
                Asked::InVain(None)
            }
            Reply::CannotAsk => Asked::InVain(None),
            Reply::Later => Asked::Later(question, offer.id().to_owned()),
        }
    }

    /// The consent under way if it is the one needed, else a new one.
    async fn pending(
        self: &Arc<Self>,
        principal: &Principal,
        need: &Need,
        landing: &dyn Landing,
    ) -> Option<Arc<Offer>> {
        let mut current = self.current.lock().await;
        if let Some(Pending { offer, .. }) = current.as_ref()
            && offer.helps(need)
            && self.offered(principal, offer.id()).await.is_some()
        {
            return Some(Arc::clone(offer));
        }
        if let Some(earlier) = current.take() {
            earlier.end().await; // its page may have the same port
        }
        let returning = landing.open().await?;
        let offer = self.offer(principal, need, &returning.redirect_uri()).await?;
        let (offer, stop) = (Arc::new(offer), CancellationToken::new());
        let waiting = tokio::spawn({
            let (consents, offer, stop) = (Arc::clone(self), Arc::clone(&offer), stop.clone());
            async move {
                let answered = panics::catch(returning.answered(consents.judge(&offer)));
                let ended = tokio::select! {
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
        *current = Some(Pending {
            offer: Arc::clone(&offer),
            stop: stop.drop_guard(),
            waiting,
        });
        Some(offer)
    }

    /// Takes whatever comes back; the wait ends with the answer to this offer.
    fn judge(self: &Arc<Self>, offer: &Arc<Offer>) -> Judge {
        let (consents, offer) = (Arc::clone(self), Arc::clone(offer));
        Box::new(move |callback: Callback| {
            let (consents, offer) = (Arc::clone(&consents), Arc::clone(&offer));
            Box::pin(async move {
                match consents.take(&callback).await {
                    Ok(None) => Judged::Foreign,
                    Ok(Some(taken)) => {
                        let outcome = taken.outcome.map(drop).map_err(Into::into);
                        match taken.offer == offer.id() {
                            true => Judged::Awaited(outcome),
                            false => Judged::Others(outcome),
                        }
                    }
                    Err(error) => Judged::Others(Err(error.into())),
                }
            })
        })
    }

    /// Waits until this principal's offer has come to something.
    ///
    /// # Errors
    /// There is no such offer, or why nothing came of it.
    async fn finished(&self, principal: &Principal, id: &str) -> Result<(), Option<String>> {
        let settled = tokio::time::timeout(HOLD, self.settled(principal, id)).await;
        let settled = settled.map_err(|_| Some(STILL_OPEN.to_owned()))?.ok_or(None)?;
        self.forget(id).await;
        settled.map_err(Some)
    }

    async fn decline(&self, principal: &Principal, id: &str) {
        if self.withdraw(principal, id).await {
            self.forget(id).await;
        }
    }

    /// Ends the page of an offer that needs none any more.
    async fn forget(&self, id: &str) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|known| known.offer.id() == id)
            && let Some(known) = current.take()
        {
            known.end().await;
        }
    }
}

/// What came of asking.
enum Asked {
    Given,
    Later(Question, String),
    /// Why, if that is known.
    InVain(Option<String>),
}
