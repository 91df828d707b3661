//! From inside the assistant: a call that lacks a consent offers its page to the person (URL elicitation) and goes on once
//! Zoho has come back; by a request of ours up to 2025-11-25, by an answer that asks for input since 2026-07-28.

use super::consent::{Callback, Judged, ReturnPage};
use crate::ledger::{CONSENT_LIFE_SECONDS, TOO_LATE};
use crate::tools::consent::Offer;
use crate::tools::error::ToolError;
use crate::tools::{Failure, Principal, Tools, panics};
use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, CustomNotification, ElicitRequest, ElicitRequestParams, ElicitationAction,
    InputRequest, InputRequests, InputRequiredResult, ProtocolVersion, ServerNotification,
};
use rmcp::service::RequestContext;
use serde_json::json;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio_util::sync::{CancellationToken, DropGuard};

/// How long a person may take over a consent.
const PATIENCE: Duration = Duration::from_secs(CONSENT_LIFE_SECONDS.unsigned_abs());

/// The key of the one input asked for.
const INPUT: &str = "connect_zoho";

const MESSAGE: &str = "Zoho has to be connected for this. Open the page, sign in to Zoho and allow access.";

/// Offers consents, one at a time: the redirect URI has one port.
#[derive(Debug)]
pub(super) struct Elicitor {
    port: u16,
    current: Mutex<Option<Pending>>,
}

/// The consent offered last; the page it returns to lives as long.
#[derive(Debug)]
struct Pending {
    offer: Arc<Offer>,
    _page: DropGuard,
}

/// What became of an offer.
pub(super) enum Offered {
    /// The person has connected: make the call again.
    Connected,
    /// The client has to ask the person first, and then send the call again.
    Ask(Box<InputRequiredResult>),
    /// No consent, and why if that is known: the call has failed.
    No(Option<String>),
}

impl Elicitor {
    /// Consents come back to this port of the loopback address.
    pub(super) fn new(port: u16) -> Self {
        Elicitor {
            port,
            current: Mutex::default(),
        }
    }

    /// What the answer that a client brings to an offer made before comes to, whichever process made it; `None` when it
    /// brings none.
    pub(super) async fn resumed(
        &self,
        tools: &Tools,
        principal: &Principal,
        request: &CallToolRequestParams,
    ) -> Option<Offered> {
        let id = request.request_state.as_deref()?;
        let answers = request.input_responses.as_ref();
        let action = answers
            .and_then(|answers| answers.get(INPUT)?.get("action")?.as_str())
            .map(str::to_owned);
        match action.as_deref() {
            Some("accept") => self.finished(tools, principal, id).await,
            Some(_) => {
                self.withdraw(tools, principal, id).await;
                Some(Offered::No(None))
            }
            None => Some(asked(&tools.offered(principal, id).await?)),
        }
    }

    /// Offers the consent that a failed call lacks, if the client can show a page.
    pub(super) async fn offer(
        &self,
        tools: &Arc<Tools>,
        principal: &Principal,
        failure: &Failure,
        context: &RequestContext<RoleServer>,
    ) -> Offered {
        let shows_pages = context
            .client_capabilities()
            .and_then(|capabilities| capabilities.elicitation?.url)
            .is_some();
        if !shows_pages {
            return Offered::No(None);
        }
        let Some(offer) = self.pending(tools, principal, failure).await else {
            return Offered::No(None);
        };
        let by_answer = context
            .protocol_version()
            .is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        if by_answer {
            return asked(&offer);
        }
        let page = page(&offer, offer.id());
        match context.peer.create_elicitation(page).await {
            Ok(answer) if answer.action == ElicitationAction::Accept => {
                let outcome = self.finished(tools, principal, offer.id()).await;
                let id = json!({ "elicitationId": offer.id() });
                let complete = CustomNotification::new("notifications/elicitation/complete", Some(id));
                let told = ServerNotification::CustomNotification(complete);
                if let Err(error) = context.peer.send_notification(told).await {
                    tracing::debug!(%error, "the client was not told that the consent is complete");
                }
                outcome.unwrap_or(Offered::No(None))
            }
            answer => {
                if let Err(error) = answer {
                    tracing::debug!(%error, "the client did not show the page");
                }
                self.withdraw(tools, principal, offer.id()).await;
                Offered::No(None)
            }
        }
    }

    /// The consent under way if it is the one needed, else a new one.
    async fn pending(
        &self,
        tools: &Arc<Tools>,
        principal: &Principal,
        failure: &Failure,
    ) -> Option<Arc<Offer>> {
        let mut current = self.current.lock().await;
        if let Some(Pending { offer, .. }) = current.as_ref()
            && offer.helps(failure)
            && tools.offered(principal, offer.id()).await.is_some()
        {
            return Some(Arc::clone(offer));
        }
        *current = None; // ends the page of an earlier one, which has the same port
        let returning = listen(self.port).await?;
        let redirect_uri = returning.redirect_uri();
        let offer = tools.offer(principal, failure, &redirect_uri).await?;
        let offer = Arc::new(offer);
        let stop = CancellationToken::new();
        tokio::spawn({
            let (tools, offer, stop) = (Arc::clone(tools), Arc::clone(&offer), stop.clone());
            async move {
                let answered = panics::caught(awaited(returning, &tools, &offer));
                let ended = tokio::select! {
                    ended = tokio::time::timeout(PATIENCE, answered) => ended,
                    () = stop.cancelled() => return,
                };
                let ended = ended
                    .unwrap_or_else(|_| Ok(Err(TOO_LATE.into())))
                    .unwrap_or_else(|panicked| Err(ToolError::internal(&panicked).into()));
                if let Err(error) = ended {
                    tools.give_up(&offer, error.to_string()).await;
                }
            }
        });
        *current = Some(Pending {
            offer: Arc::clone(&offer),
            _page: stop.drop_guard(),
        });
        Some(offer)
    }

    /// Waits for the person; `None` when this principal has no such offer.
    async fn finished(&self, tools: &Tools, principal: &Principal, id: &str) -> Option<Offered> {
        let settled = tokio::time::timeout(PATIENCE, tools.settled(principal, id)).await;
        let settled = settled.unwrap_or_else(|_| Some(Err(TOO_LATE.to_owned())))?;
        self.forget(id).await;
        Some(match settled {
            Ok(()) => Offered::Connected,
            Err(reason) => Offered::No(Some(reason)),
        })
    }

    async fn withdraw(&self, tools: &Tools, principal: &Principal, id: &str) {
        if tools.withdraw(principal, id).await {
            self.forget(id).await;
        }
    }

    /// Ends the page of an offer that needs none any more.
    async fn forget(&self, id: &str) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|known| known.offer.id() == id) {
            *current = None;
        }
    }
}

async fn listen(port: u16) -> Option<ReturnPage> {
    ReturnPage::listen(port)
        .await
        .inspect_err(
            |error| tracing::warn!(port, %error, "no consent can be offered: its port cannot be listened on"),
        )
        .ok()
}

async fn awaited(
    returning: ReturnPage,
    tools: &Tools,
    offer: &Offer,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    returning
        .answered(|callback: Callback| async move {
            match tools.take(&callback).await {
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
        .await
}

fn page(offer: &Offer, id: &str) -> ElicitRequestParams {
    ElicitRequestParams::UrlElicitationParams {
        meta: None,
        message: MESSAGE.to_owned(),
        url: offer.url().to_owned(),
        elicitation_id: id.to_owned(),
    }
}

fn asked(offer: &Offer) -> Offered {
    let request = InputRequest::Elicitation(ElicitRequest::new(page(offer, "")));
    let requests = InputRequests::from([(INPUT.to_owned(), request)]);
    let state = offer.id().to_owned();
    Offered::Ask(Box::new(InputRequiredResult::new(Some(requests), Some(state))))
}

/// An input request as a client of 2026-07-28 reads it: without the identifier that only earlier revisions have, which the
/// SDK writes as an empty text.
pub(super) fn without_empty_id(message: String) -> String {
    if message.contains("\"resultType\":\"input_required\"") {
        message
            .replace(",\"elicitationId\":\"\"", "")
            .replace("\"elicitationId\":\"\",", "")
    } else {
        message
    }
}
