//! From inside a call: the consent that a failed call lacks, and the row that its answer becomes.

mod calls;
mod offer;
mod page;
mod replies;
mod turn;

use std::sync::Arc;

use calls::Calls;
use offer::{Need, Offer};
use replies::Replies;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::DropGuard;

use super::equipment::Equipment;
use super::error::ToolError;
use super::invocation::Principal;
use super::landing::{Callback, Reason};
use super::{panics, scopes};
use crate::connections::{Caller, Connection, ConnectionError, DeskOrganization};
use crate::ledger::{PendingConsent, Settled, TakenConsent};
use crate::zoho::oauth::{Consent, OAuthClient, Pkce, state_of};

/// The name of a connection nobody has named.
pub const DEFAULT_NAME: &str = "default";

/// The user of a connection on a person's own machine when nobody was named.
pub const DEFAULT_USER: &str = "me";

/// What the ledger keeps of an offer, sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    consent: String,
    name: String,
    connection: Option<String>,
    /// The consent that the row held, which did not do; `None` where there was no row.
    #[serde(default)]
    before: Option<String>,
}

/// An offer that was answered: no other answer to it counts.
struct Taken {
    /// The offer's id.
    offer: String,
    /// The row it became, or a sentence for the person in front of the browser.
    outcome: Result<Connection, String>,
}

/// Consents asked from inside calls; one at a time, for a browser has one place to come back to.
pub(super) struct Consents {
    equipment: Arc<Equipment>,
    current: Mutex<Option<Pending>>,
    replies: Replies,
}

/// The consent offered last; the place it comes back to lives as long, also where the call it was offered for ends without it
/// (W23): the person may be in the middle of it, and the next call takes what comes of it. Where all who waited for it are
/// cancelled, the place is given up.
struct Pending {
    offer: Arc<Offer>,
    calls: Arc<Calls>,
    stop: DropGuard,
    waiting: JoinHandle<()>,
}

impl Pending {
    /// Gives the place up.
    async fn end(self) {
        drop(self.stop);
        let _ = self.waiting.await;
    }
}

impl Consents {
    /// Consents for what this equipment's calls lack.
    pub(super) fn new(equipment: Arc<Equipment>) -> Self {
        Consents {
            equipment,
            current: Mutex::default(),
            replies: Replies::default(),
        }
    }

    /// The consent that would give what a call needs; `None` when no OAuth client is known to ask with.
    async fn offer(&self, principal: &Principal, need: &Need, redirect_uri: &str) -> Option<Offer> {
        let name = need.connection.as_deref();
        let row = match self.equipment.connections.find(&principal.caller, name).await {
            Ok(row) => Some(row),
            Err(ConnectionError::NoConnection) => None,
            Err(error) => {
                tracing::debug!(%error, "no consent is offered");
                return None;
            }
        };
        if row.is_none() {
            // A first row would be what plain calls take.
            let may_change = self.equipment.zoho.may_change_all().await.ok()?;
            may_change.then_some(())?;
        }
        let client = match (&self.equipment.oauth_client, &row) {
            (Some(client), _) => client.clone(),
            (None, Some(row)) => OAuthClient {
                id: row.account.client_id.clone(),
                secret: row.account.client_secret.clone(),
            },
            (None, None) => return None,
        };
        let scopes = self.scopes_to_ask(need, row.as_ref())?;
        let accounts_url = match &row {
            Some(row) => row.account.accounts_url.clone(),
            None => self.equipment.zoho.hosts().accounts_server(None).ok()?,
        };
        let consent = self
            .equipment
            .zoho
            .ask_consent(&accounts_url, client, redirect_uri, scopes)
            .inspect_err(|error| tracing::debug!(%error, "no consent is offered"))
            .ok()?;
        let user_id = match (&row, &principal.caller) {
            (Some(row), _) => &row.user_id,
            (None, Caller::User(user)) => user,
            (None, _) => DEFAULT_USER,
        };
        let name = row
            .as_ref()
            .map_or_else(|| name.unwrap_or(DEFAULT_NAME), |row| &row.name);
        let kept = Kept {
            consent: consent.write().expose_secret().to_owned(),
            name: name.to_owned(),
            connection: need.connection.clone(),
            before: row.as_ref().map(|row| row.consent.clone()),
        };
        let id = Pkce::new().ok()?.challenge;
        self.equipment
            .ledger
            .await_consent(&PendingConsent {
                id: &id,
                state: consent.state(),
                user_id,
                secrets: &serde_json::to_string(&kept).ok()?.into(),
            })
            .await
            .inspect_err(|error| tracing::warn!(%error, "no consent can be offered"))
            .ok()?;
        Some(Offer::of(&id, &consent, kept))
    }

    /// What the tools need, what the row has had so far, and what the call was refused for.
    fn scopes_to_ask(&self, need: &Need, row: Option<&Connection>) -> Option<Vec<String>> {
        let mut asked = scopes::to_ask(self.equipment.catalog().ok()?);
        let held = row.map(|row| row.scopes.as_slice()).unwrap_or_default();
        let given = |all: &[String], scope: &String| all.iter().any(|known| scopes::covers(known, scope));
        for scope in held.iter().chain(&need.scopes) {
            // What Zoho did not take a wider one for is asked for by its own name.
            let refused = need.scopes.contains(scope) && given(held, scope) && !asked.contains(scope);
            if refused || !given(&asked, scope) {
                asked.push(scope.clone());
            }
        }
        Some(asked)
    }

    /// An offer made to this principal, by this process or another, that can still be answered.
    async fn offered(&self, principal: &Principal, id: &str) -> Option<Offer> {
        let kept = self.equipment.ledger.open_consent(id, &principal.caller).await;
        let (kept, consent) = read(&kept.inspect_err(unread).ok()??)?;
        Some(Offer::of(id, &consent, kept))
    }

    /// Takes back an offer that this principal has declined; false when there is none to take back.
    async fn withdraw(&self, principal: &Principal, id: &str) -> bool {
        let withdrawn = self
            .equipment
            .ledger
            .withdraw_consent(id, &principal.caller)
            .await;
        withdrawn.inspect_err(unread).unwrap_or_default()
    }

    /// Waits for what an offer made to this principal comes to; `None` when there is none of that id.
    async fn settled(&self, principal: &Principal, id: &str) -> Option<Settled> {
        self.equipment
            .ledger
            .find_settled_consent(id, &principal.caller)
            .await
    }

    /// Tells those who wait for an offer that nothing comes of it.
    async fn give_up(&self, offer: &Offer, reason: String) {
        let settled = self
            .equipment
            .ledger
            .settle_consent(offer.id(), &Err(reason))
            .await;
        let _ = settled.inspect_err(unread);
    }

    /// Takes the offer that a callback answers, whichever process made it, and makes a row of it; `None` when no offer is
    /// open that has the callback's state.
    async fn take(self: &Arc<Self>, callback: Callback) -> Result<Option<Taken>, Reason> {
        let consents = Arc::clone(self);
        let taking = async move { consents.take_now(&callback).await };
        // Zoho gives the tokens of a code once: they reach their row although everybody leaves.
        let taken = self.equipment.zoho.see_through("the sign-in", Box::pin(taking));
        Ok(taken.await??)
    }

    async fn take_now(&self, callback: &[(String, String)]) -> Result<Option<Taken>, ConnectionError> {
        let ledger = &self.equipment.ledger;
        let Some(state) = state_of(callback) else {
            return Ok(None);
        };
        let Some(taken) = ledger.take_consent(state).await? else {
            return Ok(None);
        };
        let outcome = panics::catch(self.row_of(&taken, callback)).await;
        let outcome = outcome.unwrap_or_else(|panicked| Err(ToolError::internal(&panicked).error));
        let settled = outcome.as_ref().map(drop).map_err(Clone::clone);
        let settled = ledger.settle_consent(&taken.id, &settled).await;
        let _ = settled.inspect_err(unread); // the row is there all the same
        Ok(Some(Taken {
            offer: taken.id,
            outcome,
        }))
    }

    async fn row_of(
        &self,
        taken: &TakenConsent,
        callback: &[(String, String)],
    ) -> Result<Connection, String> {
        let Equipment {
            zoho,
            connections,
            clock,
            ..
        } = self.equipment.as_ref();
        let (kept, consent) = read(&taken.secrets).ok_or("this sign-in cannot be finished: start again")?;
        let granted = zoho
            .accept_consent(&consent, callback)
            .await
            .map_err(|error| error.to_string())?;
        let user = Caller::User(taken.user_id.clone());
        let before = connections.find(&user, Some(&kept.name)).await.ok();
        let same = before
            .as_ref()
            .filter(|row| row.account.accounts_url == granted.servers.accounts_url);
        let granted = match same {
            Some(row) => granted.of_environment(&row.account.environment),
            None => granted,
        };
        let mut row = granted.row(&taken.user_id, &kept.name, clock.now());
        row.desk_org = before.as_ref().and_then(organization_of);
        connections.save(&row).await.map_err(|error| error.to_string())
    }
}

fn read(kept: &SecretString) -> Option<(Kept, Consent)> {
    let kept: Kept = serde_json::from_str(kept.expose_secret()).ok()?;
    let consent = Consent::read(&kept.consent.as_str().into())?;
    Some((kept, consent))
}

fn unread(error: &ConnectionError) {
    tracing::warn!(%error, "the ledger could not be used for a consent");
}

/// The Desk organization of a row, to be kept when the row is made anew.
pub fn organization_of(row: &Connection) -> Option<DeskOrganization> {
    Some(DeskOrganization {
        id: row.desk_org_id.clone()?,
        name: row.desk_org_name.clone(),
        portal: row.desk_portal.clone(),
        source: row.desk_org_source?,
    })
}
