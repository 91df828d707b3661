//! A consent: the page to open, and the tokens its callback brings.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use super::{AuthorizeRequest, CodeExchange, OAuthError, Pkce, TokenReply, authorize_url};
use crate::connections::{Account, NewConnection};
use crate::zoho::data_center::{DataCenter, environment_of};
use crate::zoho::error::ZohoError;
use crate::zoho::host::{Foreign, HostKind};
use crate::zoho::servers::Servers;
use crate::zoho::{HostPolicy, ZohoClient};

/// An OAuth client as the Zoho API console registers it.
#[derive(Debug, Clone)]
pub struct OAuthClient {
    /// Client id.
    pub id: String,
    /// Client secret; empty for a public client.
    pub secret: SecretString,
}

/// A consent that was asked for and not answered yet.
#[derive(Debug)]
pub struct Consent {
    url: Url,
    accounts_url: String,
    client: OAuthClient,
    redirect_uri: String,
    scopes: Vec<String>,
    state: String,
    pkce: Pkce,
}

/// Tokens, and where they are worth something: what a row is made of.
#[derive(Debug)]
pub struct Granted {
    /// The CRM environment the tokens are of.
    pub environment: String,
    /// The servers of the account.
    pub servers: Servers,
    /// The client the tokens were given to.
    pub client: OAuthClient,
    /// The tokens.
    pub tokens: TokenReply,
    /// The scopes asked for, which count when Zoho names none.
    pub scopes: Vec<String>,
}

/// Why a callback gave no tokens.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConsentError {
    /// Zoho knows the client, or the way it asks, otherwise: nobody was asked.
    #[error(
        "Zoho asked nobody, for it refuses the request itself ({error}): compare the client's id, its data center and \
         its redirect URI with the API console"
    )]
    Refused {
        /// Zoho's word, for example `invalid_client`.
        error: String,
    },
    /// The person chose not to, or may not.
    #[error("Zoho was not allowed to share your data ({error})")]
    Denied {
        /// Zoho's word, for example `access_denied`.
        error: String,
    },
    /// The address was called without a code.
    #[error("Zoho's answer holds no code")]
    NoCode,
    /// The callback names a server that is not one of Zoho's, or not the one of the location named.
    #[error(
        "the accounts server named in the answer is not the one of a Zoho data center: nothing was sent to it"
    )]
    ForeignServer,
    /// The tokens come with the name of a server that may not be used.
    #[error("Zoho's answer names a server in {column} that {server}: nothing was sent to it")]
    ForeignReply {
        /// Which server of the account.
        column: &'static str,
        /// What it is instead.
        server: Foreign,
    },
    /// The code could not be exchanged.
    #[error(transparent)]
    Exchange(#[from] OAuthError),
}

impl Consent {
    /// Where the browser is sent back to.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The page to open in a browser.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The scopes it asks for.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// What the callback that answers it carries.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Whether a callback answers this consent: it carries the state that was sent.
    pub fn is_answered_by(&self, callback: &[(String, String)]) -> bool {
        state_of(callback) == Some(self.state())
    }

    /// Everything of it, for another process to finish: a secret, as the client's secret and the verifier are in it.
    pub fn write(&self) -> SecretString {
        let written = Written {
            url: self.url.to_string(),
            accounts_url: self.accounts_url.clone(),
            client_id: self.client.id.clone(),
            client_secret: self.client.secret.expose_secret().to_owned(),
            redirect_uri: self.redirect_uri.clone(),
            scopes: self.scopes.clone(),
            state: self.state.clone(),
            verifier: self.pkce.verifier.expose_secret().to_owned(),
            challenge: self.pkce.challenge.clone(),
        };
        serde_json::to_string(&written).unwrap_or_default().into()
    }

    /// The consent that another process has written; `None` for any other text.
    pub fn read(text: &SecretString) -> Option<Self> {
        let written: Written = serde_json::from_str(text.expose_secret()).ok()?;
        Some(Consent {
            url: written.url.parse().ok()?,
            accounts_url: written.accounts_url,
            client: OAuthClient {
                id: written.client_id,
                secret: written.client_secret.into(),
            },
            redirect_uri: written.redirect_uri,
            scopes: written.scopes,
            state: written.state,
            pkce: Pkce {
                verifier: written.verifier.into(),
                challenge: written.challenge,
            },
        })
    }
}

/// A consent between two processes.
#[derive(Serialize, Deserialize)]
struct Written {
    url: String,
    accounts_url: String,
    client_id: String,
    client_secret: String,
    redirect_uri: String,
    scopes: Vec<String>,
    state: String,
    verifier: String,
    challenge: String,
}

/// The state that a callback carries: it names the consent that is answered.
pub fn state_of(callback: &[(String, String)]) -> Option<&str> {
    value(callback, "state")
}

impl ZohoClient {
    /// Asks for a consent: the page to open, with a random state and a PKCE challenge. Fails when the accounts server is none.
    ///
    /// # Errors
    /// `HostRefused`, or the operating system gives no random numbers.
    pub fn ask_consent(
        &self,
        accounts_url: &str,
        client: OAuthClient,
        redirect_uri: &str,
        scopes: Vec<String>,
    ) -> Result<Consent, ZohoError> {
        let (pkce, state) = (Pkce::new()?, Pkce::new()?.challenge);
        let request = AuthorizeRequest {
            accounts_url,
            client_id: &client.id,
            redirect_uri,
            scopes: &scopes,
            state: &state,
            challenge: Some(&pkce.challenge),
        };
        Ok(Consent {
            url: authorize_url(self.hosts(), &request)?,
            accounts_url: accounts_url.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            client,
            scopes,
            state,
            pkce,
        })
    }

    /// Exchanges the code of a callback at the accounts server it names, if that is one of Zoho's.
    ///
    /// # Errors
    /// It was denied, is of another consent or names a foreign server, or Zoho refused the code.
    pub async fn accept_consent(
        &self,
        consent: &Consent,
        callback: &[(String, String)],
    ) -> Result<Granted, ConsentError> {
        if let Some(error) = value(callback, "error") {
            let error = super::reply::code(error);
            return Err(match is_about_the_request(&error) {
                true => ConsentError::Refused { error },
                false => ConsentError::Denied { error },
            });
        }
        let code = value(callback, "code").ok_or(ConsentError::NoCode)?;
        let accounts_url = self.server_of(consent, callback).await?;
        let tokens = self
            .exchange_code(&CodeExchange {
                accounts_url: &accounts_url,
                client_id: &consent.client.id,
                client_secret: &consent.client.secret,
                code: &SecretString::from(code),
                redirect_uri: Some(&consent.redirect_uri),
                verifier: Some(&consent.pkce.verifier),
            })
            .await?;
        self.accept_grant(
            &accounts_url,
            consent.client.clone(),
            tokens,
            consent.scopes.clone(),
        )
        .map_err(|error| match error {
            ZohoError::HostRefused { column, server } => ConsentError::ForeignReply { column, server },
            _ => ConsentError::ForeignServer,
        })
    }

    /// Tokens of an accounts server, with the other servers that belong to it; fails when it is none of Zoho's.
    ///
    /// # Errors
    /// `HostRefused`.
    pub fn accept_grant(
        &self,
        accounts_url: &str,
        client: OAuthClient,
        tokens: TokenReply,
        scopes: Vec<String>,
    ) -> Result<Granted, ZohoError> {
        let environment = environment_of(tokens.api_domain.as_deref().unwrap_or_default());
        let mut servers = self.hosts().servers(accounts_url, environment)?;
        if let Some(url) = self.hosts().api_domain_of_reply(tokens.api_domain.as_deref())? {
            servers.api_domain = url.to_owned();
        }
        Ok(Granted {
            environment: environment.to_owned(),
            servers,
            client,
            tokens,
            scopes,
        })
    }

    /// `accounts-server` of the callback, else the server of its `location`, else the one that was asked.
    async fn server_of(
        &self,
        consent: &Consent,
        callback: &[(String, String)],
    ) -> Result<String, ConsentError> {
        let location = value(callback, "location");
        match (value(callback, "accounts-server"), location) {
            (Some(server), location) => {
                let server = server.trim_end_matches('/');
                let of_location = location.is_none_or(|code| belongs(self.hosts(), server, code));
                if of_location && self.hosts().check(server, HostKind::Accounts).is_ok() {
                    Ok(server.to_owned())
                } else {
                    Err(ConsentError::ForeignServer)
                }
            }
            (None, Some(code)) => match DataCenter::by_code(code) {
                Some(center) if !self.hosts().is_sandbox(&consent.accounts_url) => Ok(center.accounts_url()),
                _ => {
                    let known = self.server_info(&consent.accounts_url).await?;
                    let found = known
                        .into_iter()
                        .find(|(known, _)| known.eq_ignore_ascii_case(code));
                    found.map(|(_, url)| url).ok_or(ConsentError::ForeignServer)
                }
            },
            (None, None) => Ok(consent.accounts_url.clone()),
        }
    }
}

/// Errors of a callback that are the client's, and not a person's no (RFC 6749, 4.1.2.1, and Zoho's own).
fn is_about_the_request(error: &str) -> bool {
    let client = error.starts_with("invalid_") || error.starts_with("unsupported_");
    client || error == "unauthorized_client" || error == "redirect_uri_mismatch"
}

/// Whether an accounts server is the one of a location; a code the table does not hold says nothing.
fn belongs(hosts: &HostPolicy, server: &str, code: &str) -> bool {
    let known = DataCenter::by_code(code);
    hosts.is_sandbox(server) || known.is_none_or(|center| center.accounts_url() == server)
}

impl Granted {
    /// Of the CRM environment that a person named, where Zoho's answer names no other than production.
    #[must_use]
    pub fn of_environment(mut self, named: &str) -> Self {
        if self.environment == "production" && named != "production" {
            named.clone_into(&mut self.environment);
            if let Some(center) = DataCenter::by_accounts_host(&self.servers.accounts_url) {
                self.servers.api_domain = center.api_url(named);
            }
        }
        self
    }

    /// The row this consent becomes at `now` (epoch seconds).
    pub fn row(self, user_id: &str, name: &str, now: i64) -> NewConnection {
        NewConnection {
            user_id: user_id.to_owned(),
            name: name.to_owned(),
            account: Account {
                environment: self.environment,
                data_center: self.servers.data_center,
                accounts_url: self.servers.accounts_url,
                api_domain: self.servers.api_domain,
                desk_url: self.servers.desk_url,
                client_id: self.client.id,
                client_secret: self.client.secret,
            },
            token_expires_at: Some(now.saturating_add(self.tokens.expires_in)),
            scopes: self.tokens.scopes.unwrap_or(self.scopes),
            access_token: Some(self.tokens.access_token),
            refresh_token: self.tokens.refresh_token,
            desk_org: None,
            crm_org_id: None,
        }
    }
}

fn value<'a>(callback: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = callback.iter().find(|(key, _)| key == name);
    found
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}
