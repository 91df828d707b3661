//! From inside a call: the consent that a failed call lacks, and the row that its answer becomes.

use super::error::{Code, ToolError};
use super::scopes;
use super::{Principal, Tools};
use crate::connections::{Caller, Connection, ConnectionError, DeskOrganization};
use crate::zoho::oauth::{Consent, OAuthClient, Pkce};

/// The name of a connection nobody has named.
pub const DEFAULT_NAME: &str = "default";

/// The user of a connection on a person's own machine when nobody was named.
pub const DEFAULT_USER: &str = "me";

/// A consent offered to the person whose call failed.
#[derive(Debug)]
pub struct Offer {
    id: String,
    consent: Consent,
    scopes: Vec<String>,
    connection: Option<String>,
    user_id: String,
    name: String,
    organization: Option<DeskOrganization>,
}

impl Offer {
    /// A random text that names this offer and no other.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether this offer, once taken, lets a call through that failed so: it is for the same connection and asks for the
    /// scopes that are missing.
    pub fn helps(&self, error: &ToolError, connection: Option<&str>) -> bool {
        let asked = |scope: &String| self.scopes.iter().any(|known| scopes::covers(known, scope));
        self.connection.as_deref() == connection && error.scopes.iter().all(asked)
    }

    /// The page to open in a browser.
    pub fn url(&self) -> &str {
        self.consent.url().as_str()
    }

    /// Whether a callback answers this offer.
    pub fn is_answered_by(&self, callback: &[(String, String)]) -> bool {
        self.consent.is_answered_by(callback)
    }
}

impl Tools {
    /// The consent that would let a failed call through: a first one, a new one, or one with the scope that is missing. `None`
    /// when a consent is no help, or no OAuth client is known to ask with.
    pub async fn offer(
        &self,
        principal: &Principal,
        error: &ToolError,
        named: Option<&str>,
        redirect_uri: &str,
    ) -> Option<Offer> {
        if !matches!(
            error.code,
            Code::NoConnection | Code::ReconnectNeeded | Code::ScopeMissing
        ) {
            return None;
        }
        let name = named.or(principal.connection.as_deref());
        let row = match self.equipment.connections.find(&principal.caller, name).await {
            Ok(row) => Some(row),
            Err(ConnectionError::NoConnection) => None,
            Err(error) => {
                tracing::debug!(%error, "no consent is offered");
                return None;
            }
        };
        let client = match (&self.equipment.oauth_client, &row) {
            (Some(client), _) => client.clone(),
            (None, Some(row)) => OAuthClient {
                id: row.client_id.clone(),
                secret: row.client_secret.clone(),
            },
            (None, None) => return None,
        };
        let scopes = self.scopes_to_ask(error, row.as_ref())?;
        let accounts_url = match &row {
            Some(row) => row.accounts_url.clone(),
            None => self.equipment.zoho.hosts().accounts_server(None).ok()?,
        };
        let consent = self
            .equipment
            .zoho
            .ask_consent(&accounts_url, client, redirect_uri, scopes.clone())
            .inspect_err(|error| tracing::debug!(%error, "no consent is offered"))
            .ok()?;
        Some(Offer {
            id: Pkce::new().ok()?.challenge,
            consent,
            scopes,
            connection: named.map(str::to_owned),
            user_id: match (&row, &principal.caller) {
                (Some(row), _) => row.user_id.clone(),
                (None, Caller::User(user)) => user.clone(),
                (None, _) => DEFAULT_USER.to_owned(),
            },
            name: row
                .as_ref()
                .map_or_else(|| name.unwrap_or(DEFAULT_NAME).to_owned(), |row| row.name.clone()),
            organization: row.as_ref().and_then(organization_of),
        })
    }

    /// What the tools need, what the row has had so far, and what the call was refused for.
    fn scopes_to_ask(&self, error: &ToolError, row: Option<&Connection>) -> Option<Vec<String>> {
        let mut asked = scopes::to_ask(self.catalog().ok()?);
        let held = row.map(|row| row.scopes.as_slice()).unwrap_or_default();
        for scope in held.iter().chain(&error.scopes) {
            if !asked.iter().any(|known| scopes::covers(known, scope)) {
                asked.push(scope.clone());
            }
        }
        Some(asked)
    }

    /// Makes a row of the answer to an offer; the failure is a sentence for the person in front of the browser.
    pub async fn take(&self, offer: &Offer, callback: &[(String, String)]) -> Result<Connection, String> {
        let granted = self
            .equipment
            .zoho
            .accept_consent(&offer.consent, callback)
            .await
            .map_err(|error| error.to_string())?;
        let mut row = granted.row(&offer.user_id, &offer.name, self.equipment.clock.now());
        row.desk_org.clone_from(&offer.organization);
        self.equipment
            .connections
            .save(&row)
            .await
            .map_err(|error| error.to_string())
    }
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
