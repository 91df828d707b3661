//! The part of a call's story that asks for a consent: once a call, on whichever way the reply comes.

use std::sync::Arc;
use std::time::{self, Duration};

use tokio::time::Instant;

use super::Consents;
use super::calls::{Heard, Waiting};
use super::offer::{Need, Offer};
use crate::connections::check_name;
use crate::names::clip;
use crate::tools::error::{Code, ToolError};
use crate::tools::invocation::{Invocation, Principal};
use crate::tools::person::{Person, Telling};
use crate::tools::question::{Carried, Coming, Question, Reply, Unanswered};

/// Between two looks at whether the user has become connected in another way.
const LOOK: Duration = Duration::from_secs(1);
/// What a call says to do that has waited as long; the consent stays open.
const STILL_OPEN: &str =
    "The consent that was offered is still open: ask the user to agree on its page, then call again.";

/// What is known of a consent that nothing came of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tools) enum InVain {
    /// Nothing more.
    Untold,
    /// Why.
    Failed(String),
    /// The one thing that helps now, whatever the call failed of.
    Told(String),
    /// The call has waited as long as it may.
    StillOpen,
}

impl InVain {
    /// The failure of the call, with one thing to do.
    fn explain(self, mut error: ToolError) -> ToolError {
        match self {
            InVain::Untold => {}
            InVain::Failed(reason) => {
                error.next = format!("The consent just offered failed: {reason}. {}", error.next);
            }
            InVain::Told(next) => error.next = next,
            InVain::StillOpen => STILL_OPEN.clone_into(&mut error.next),
        }
        error
    }
}

/// Whether the person may still be asked in this call.
#[derive(Debug)]
pub(in crate::tools) enum Turn {
    /// Nobody was asked yet in the call that began at this moment.
    Open(time::Instant),
    /// Somebody was, or would have been; what came of it.
    Taken(InVain),
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
        person: &dyn Person,
        begun: time::Instant,
    ) -> Result<Turn, Unanswered> {
        let Some(Carried { state, reply, .. }) = carried else {
            return Ok(Turn::Open(begun));
        };
        let offer = self.offered(principal, state).await.map(Arc::new);
        if reply == Some(Reply::Declined) {
            // Those that wait, or find only now that they lack the same, are answered by it too.
            if let Some(offer) = &offer {
                self.replies.keep(principal, offer, Reply::Declined);
            }
            self.decline(principal, state).await;
            return Ok(Turn::Taken(InVain::Untold));
        }
        if let (Some(offer), Some(landing)) = (&offer, person.landing()) {
            self.adopt(offer, landing).await;
        }
        match (reply, offer) {
            (Some(Reply::CannotAsk), Some(offer)) => Ok(Turn::Taken(in_vain(Reply::CannotAsk, &offer))),
            (Some(_), offer) => {
                let until = Instant::now() + self.equipment.consent_hold;
                let finished = self.finished(principal, state, offer.as_deref(), until).await;
                Ok(Turn::Taken(finished.err().unwrap_or(InVain::Untold)))
            }
            (None, Some(offer)) => Err(Unanswered::Ask(offer.question(), state.to_owned())),
            (None, None) => Ok(Turn::Taken(InVain::Untold)),
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
        let asked = match std::mem::replace(turn, Turn::Taken(InVain::Untold)) {
            Turn::Open(begun) => self.asked(invocation, &error, begun).await,
            Turn::Taken(in_vain) => Asked::InVain(in_vain),
        };
        match asked {
            Asked::Given => Ok(()),
            Asked::Later(question, state) => Err(Unanswered::Ask(question, state)),
            Asked::InVain(in_vain) => Err(in_vain.explain(error).into()),
        }
    }

    async fn asked(
        self: &Arc<Self>,
        invocation: &Invocation<'_>,
        error: &ToolError,
        begun: time::Instant,
    ) -> Asked {
        let (principal, person) = (invocation.principal(), invocation.person());
        let (Some(need), Some(landing)) = (Need::of(error, invocation), person.landing()) else {
            return Asked::InVain(InVain::Untold);
        };
        let until = Instant::now() + self.equipment.consent_hold;
        if let Some((offer, reply)) = self.replies.since(begun, principal, &need) {
            return self.answered(principal, None, &offer, Some(reply), until).await;
        }
        let (offer, waiting) = match self.pending(principal, &need, landing).await {
            Ok(pending) => pending,
            Err(in_vain) => return Asked::InVain(in_vain),
        };
        let question = offer.question();
        let asked = loop {
            let ask = async {
                if let Some((_, reply)) = self.replies.since(begun, principal, &need) {
                    return Some(reply);
                }
                waiting.begins(person.conclude(&question));
                let mut asking = person.ask(&question);
                let reply = tokio::select! {
                    reply = tokio::time::timeout_at(until, &mut asking) => reply.ok(),
                    () = self.met(principal, Some(&offer)) => Some(Reply::Accepted),
                };
                match reply {
                    Some(reply) => self.replies.keep(principal, &offer, reply),
                    None => waiting.leave(|told| self.left(principal, &offer, Some(asking), told)),
                }
                reply
            };
            match waiting.hear(begun, until, ask).await {
                Heard::Reply(reply) => {
                    let waiting = Some(&waiting);
                    break self.answered(principal, waiting, &offer, reply, until).await;
                }
                Heard::Taken(taken) => {
                    let heard = self.finished(principal, offer.id(), Some(&offer), until.min(taken));
                    match heard.await {
                        // Its client has not put it, or the person takes long: this one may.
                        Err(InVain::StillOpen) if taken < until => {}
                        heard => break heard.map_or_else(Asked::InVain, |()| Asked::Given),
                    }
                }
            }
        };
        waiting.end();
        asked
    }

    /// What comes of a reply to an offer, and to those that wait for it: the person is told when the page is done with.
    async fn answered(
        self: &Arc<Self>,
        principal: &Principal,
        waiting: Option<&Waiting>,
        offer: &Arc<Offer>,
        reply: Option<Reply>,
        until: Instant,
    ) -> Asked {
        let Some(reply) = reply else {
            return Asked::InVain(InVain::StillOpen);
        };
        match reply {
            Reply::Accepted => {
                let outcome = self.finished(principal, offer.id(), Some(offer), until).await;
                match (waiting, &outcome) {
                    // Its page is not done with yet (SEP-1036).
                    (Some(waiting), Err(InVain::StillOpen)) => {
                        waiting.leave(|told| self.left(principal, offer, None, told));
                    }
                    (Some(waiting), _) => waiting.conclude().await,
                    (None, _) => {}
                }
                outcome.map_or_else(Asked::InVain, |()| Asked::Given)
            }
            Reply::Later => Asked::Later(offer.question(), offer.id().to_owned()),
            Reply::Declined => {
                self.decline(principal, offer.id()).await;
                Asked::InVain(in_vain(reply, offer))
            }
            Reply::CannotAsk | Reply::NotAsked => Asked::InVain(in_vain(reply, offer)),
        }
    }

    /// What a call leaves behind whose consent is open when it ends: a person who declines late is heard, and the client told
    /// when the page is done with.
    fn left(
        self: &Arc<Self>,
        principal: &Principal,
        offer: &Arc<Offer>,
        asking: Option<Coming<'static, Reply>>,
        told: Telling<'static>,
    ) -> Telling<'static> {
        let (consents, principal, offer) = (Arc::clone(self), principal.clone(), Arc::clone(offer));
        Box::pin(async move {
            let declined = async {
                let reply = match asking {
                    Some(asking) => Some(asking.await),
                    None => None,
                };
                if reply != Some(Reply::Declined) {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                _ = consents.settled(&principal, offer.id()) => told.await,
                () = consents.met(&principal, Some(&offer)) => told.await,
                () = declined => consents.decline(&principal, offer.id()).await,
            }
        })
    }

    /// Waits until this principal's offer has come to something, or has become needless, or the call's time is up.
    ///
    /// # Errors
    /// There is no such offer, or why nothing came of it.
    async fn finished(
        &self,
        principal: &Principal,
        id: &str,
        offer: Option<&Offer>,
        until: Instant,
    ) -> Result<(), InVain> {
        let settled = tokio::select! {
            settled = self.settled(principal, id) => settled.ok_or(InVain::Untold)?,
            () = self.met(principal, offer) => {
                // Its page is needed no more, unless an answer is on its way there.
                self.decline(principal, id).await;
                return Ok(());
            }
            () = tokio::time::sleep_until(until) => return Err(InVain::StillOpen),
        };
        self.forget(id).await;
        settled.map_err(InVain::Failed)
    }

    /// Waits until the row that a call lacked is there, whoever made it.
    async fn met(&self, principal: &Principal, offer: Option<&Offer>) {
        let Some(offer) = offer else {
            return std::future::pending().await;
        };
        loop {
            tokio::time::sleep(LOOK).await;
            let connections = &self.equipment.connections;
            let row = connections.find(&principal.caller, offer.connection()).await;
            if row.is_ok_and(|row| offer.is_met_by(&row)) {
                return;
            }
        }
    }

    async fn decline(&self, principal: &Principal, id: &str) {
        if self.withdraw(principal, id).await {
            self.forget(id).await;
        }
    }
}

/// What is known where a reply gave no consent.
fn in_vain(reply: Reply, offer: &Offer) -> InVain {
    match reply {
        Reply::CannotAsk => InVain::Told(offer.by_hand()),
        _ => InVain::Untold,
    }
}

/// What came of asking.
enum Asked {
    Given,
    Later(Question, String),
    InVain(InVain),
}
