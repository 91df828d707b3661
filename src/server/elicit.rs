//! From inside the assistant: a call that lacks a consent offers its page to the person (URL elicitation) and goes on once
//! Zoho has come back; by a request of ours up to 2025-11-25, by an answer that asks for input since 2026-07-28.

use super::consent::{Callback, ReturnPage};
use crate::tools::consent::Offer;
use crate::tools::error::ToolError;
use crate::tools::{Principal, Tools};
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
use tokio::sync::{Mutex, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How long a person may take over a consent.
const PATIENCE: Duration = Duration::from_secs(600);

/// The key of the one input asked for.
const INPUT: &str = "connect_zoho";

const MESSAGE: &str = "Zoho has to be connected for this. Open the page, sign in to Zoho and allow access.";

type Outcome = Option<Result<(), String>>;

/// Offers consents, one at a time: the redirect URI has one port.
#[derive(Debug)]
pub(super) struct Elicitor {
    port: u16,
    current: Mutex<Option<Arc<Pending>>>,
}

/// A consent that is waited for.
#[derive(Debug)]
struct Pending {
    offer: Arc<Offer>,
    outcome: watch::Receiver<Outcome>,
    _stop: DropGuard,
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

    /// What the answer that a client brings to an offer made before comes to; `None` when it brings none.
    pub(super) async fn resumed(&self, request: &CallToolRequestParams) -> Option<Offered> {
        let state = request.request_state.as_deref()?;
        let pending = self.current.lock().await.clone()?;
        if pending.offer.id() != state {
            return None;
        }
        let answers = request.input_responses.as_ref();
        let action = answers
            .and_then(|answers| answers.get(INPUT)?.get("action")?.as_str())
            .map(str::to_owned);
        Some(match action.as_deref() {
            Some("accept") => self.finished(&pending).await,
            Some(_) => {
                self.forget(&pending).await;
                Offered::No(None)
            }
            None => asked(&pending),
        })
    }

    /// Offers the consent that a failed call lacks, if the client can show a page.
    pub(super) async fn offer(
        &self,
        tools: &Arc<Tools>,
        principal: &Principal,
        error: &ToolError,
        connection: Option<&str>,
        context: &RequestContext<RoleServer>,
    ) -> Offered {
        let shows_pages = context
            .client_capabilities()
            .and_then(|capabilities| capabilities.elicitation?.url)
            .is_some();
        if !shows_pages {
            return Offered::No(None);
        }
        let Some(pending) = self.pending(tools, principal, error, connection).await else {
            return Offered::No(None);
        };
        let by_answer = context
            .protocol_version()
            .is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        if by_answer {
            return asked(&pending);
        }
        let page = page(&pending, pending.offer.id());
        match context.peer.create_elicitation(page).await {
            Ok(answer) if answer.action == ElicitationAction::Accept => {
                let outcome = self.finished(&pending).await;
                let id = json!({ "elicitationId": pending.offer.id() });
                let complete = CustomNotification::new("notifications/elicitation/complete", Some(id));
                let told = ServerNotification::CustomNotification(complete);
                if let Err(error) = context.peer.send_notification(told).await {
                    tracing::debug!(%error, "the client was not told that the consent is complete");
                }
                outcome
            }
            answer => {
                if let Err(error) = answer {
                    tracing::debug!(%error, "the client did not show the page");
                }
                self.forget(&pending).await;
                Offered::No(None)
            }
        }
    }

    /// The consent under way if it is the one needed, else a new one.
    async fn pending(
        &self,
        tools: &Arc<Tools>,
        principal: &Principal,
        error: &ToolError,
        connection: Option<&str>,
    ) -> Option<Arc<Pending>> {
        let mut current = self.current.lock().await;
        let undecided = |pending: &&Arc<Pending>| {
            pending.outcome.borrow().is_none() && pending.offer.helps(error, connection)
        };
        if let Some(pending) = current.as_ref().filter(undecided) {
            return Some(Arc::clone(pending));
        }
        *current = None; // ends the page of an earlier one, which has the same port
        let returning = listen(self.port).await?;
        let offer = tools
            .offer(principal, error, connection, &returning.redirect_uri())
            .await?;
        let offer = Arc::new(offer);
        let stop = CancellationToken::new();
        let (sender, outcome) = watch::channel(None);
        tokio::spawn({
            let (tools, offer, stop) = (Arc::clone(tools), Arc::clone(&offer), stop.clone());
            async move {
                let ended = tokio::select! {
                    ended = tokio::time::timeout(PATIENCE, awaited(returning, &tools, &offer)) => ended,
                    () = stop.cancelled() => return,
                };
                let ended = ended.unwrap_or_else(|_| Err("nobody answered in time".into()));
                let _ = sender.send(Some(ended.map_err(|error| error.to_string())));
            }
        });
        let pending = Arc::new(Pending {
            offer,
            outcome,
            _stop: stop.drop_guard(),
        });
        *current = Some(Arc::clone(&pending));
        Some(pending)
    }

    async fn finished(&self, pending: &Arc<Pending>) -> Offered {
        let mut outcome = pending.outcome.clone();
        let decided = outcome.wait_for(Option::is_some).await;
        let decided = decided.map_or_else(|_| None, |outcome| outcome.clone());
        self.forget(pending).await;
        match decided {
            Some(Ok(())) => Offered::Connected,
            Some(Err(reason)) => Offered::No(Some(reason)),
            None => Offered::No(None),
        }
    }

    async fn forget(&self, pending: &Arc<Pending>) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|known| Arc::ptr_eq(known, pending)) {
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
            if !offer.is_answered_by(&callback) {
                return None;
            }
            let taken = tools.take(offer, &callback).await;
            Some(taken.map(drop).map_err(Into::into))
        })
        .await
}

fn page(pending: &Pending, id: &str) -> ElicitRequestParams {
    ElicitRequestParams::UrlElicitationParams {
        meta: None,
        message: MESSAGE.to_owned(),
        url: pending.offer.url().to_owned(),
        elicitation_id: id.to_owned(),
    }
}

fn asked(pending: &Pending) -> Offered {
    let request = InputRequest::Elicitation(ElicitRequest::new(page(pending, "")));
    let requests = InputRequests::from([(INPUT.to_owned(), request)]);
    let state = pending.offer.id().to_owned();
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
