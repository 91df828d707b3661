//! The accounts server: consent, tokens, revocation. Every parameter of a token call travels in the body.

mod consent;
mod device;
mod pkce;
mod reply;

pub use consent::{Consent, ConsentError, Granted, OAuthClient, state_of};
pub use device::{DeviceCode, DevicePoll};
use jiff::Timestamp;
pub use pkce::Pkce;
pub use reply::{OAuthError, TokenReply};
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::error::ZohoError;
use super::host::{Foreign, HostKind};
use super::hosts::HostPolicy;
use super::http::{Answer, Broken, Http};
use crate::connections::Secrets;

/// The parameters of a form that are secrets.
const SECRET_PARAMETERS: [&str; 4] = ["client_secret", "code", "code_verifier", "refresh_token"];

/// What the consent page is asked for.
#[derive(Debug, Clone)]
pub struct AuthorizeRequest<'a> {
    /// Accounts server to start at.
    pub accounts_url: &'a str,
    /// OAuth client id.
    pub client_id: &'a str,
    /// Exactly as registered with Zoho.
    pub redirect_uri: &'a str,
    /// Scopes to ask for.
    pub scopes: &'a [String],
    /// Random text that comes back with the code.
    pub state: &'a str,
    /// PKCE challenge, for clients that take it.
    pub challenge: Option<&'a str>,
}

/// A code to exchange for tokens.
#[derive(Debug, Clone)]
pub struct CodeExchange<'a> {
    /// The accounts server that issued it (`accounts-server` of the callback).
    pub accounts_url: &'a str,
    /// OAuth client id.
    pub client_id: &'a str,
    /// OAuth client secret; empty for a public client.
    pub client_secret: &'a SecretString,
    /// The code.
    pub code: &'a SecretString,
    /// As in the consent; none for a self client.
    pub redirect_uri: Option<&'a str>,
    /// PKCE verifier, when a challenge was sent.
    pub verifier: Option<&'a SecretString>,
}

/// The accounts servers, over the HTTP client of the room.
pub(super) struct Accounts<'a> {
    pub(super) http: &'a Http,
    pub(super) hosts: &'a HostPolicy,
}

/// The address of the consent page: a refresh token is always asked for, and consent each time, because Zoho
/// gives one only then.
///
/// # Errors
/// `HostRefused`: the accounts server is none of Zoho's.
pub fn authorize_url(hosts: &HostPolicy, request: &AuthorizeRequest<'_>) -> Result<Url, ZohoError> {
    let mut url = hosts.check(request.accounts_url, HostKind::Accounts)?;
    url.set_path("/oauth/v2/auth");
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", request.client_id)
        .append_pair("scope", &request.scopes.join(","))
        .append_pair("redirect_uri", request.redirect_uri)
        .append_pair("access_type", "offline")
        .append_pair("prompt", "consent")
        .append_pair("state", request.state);
    if let Some(challenge) = request.challenge {
        url.query_pairs_mut()
            .append_pair("code_challenge", challenge)
            .append_pair("code_challenge_method", "S256");
    }
    Ok(url)
}

impl Accounts<'_> {
    /// Gives a sandbox's consent without a browser and answers the address it redirects to. Zoho itself never
    /// sees this: only a server on this machine is asked.
    pub(super) async fn approve_in_sandbox(&self, mut consent: Url) -> Result<Url, OAuthError> {
        self.only_a_sandbox(consent.as_str())?;
        consent.query_pairs_mut().append_pair("auto_approve", "true");
        let client = self.http.client(&consent).map_err(reply::broken)?;
        let request = client.get(consent);
        let answer = self.send(request).await?;
        let location = answer
            .location
            .as_deref()
            .and_then(|location| Url::parse(location).ok());
        location.ok_or_else(|| reply::error(answer.status, &answer.body, &Secrets::default()))
    }

    /// Zoho is never asked for what only a sandbox does.
    fn only_a_sandbox(&self, address: &str) -> Result<(), OAuthError> {
        match self.hosts.is_sandbox(address) {
            true => Ok(()),
            false => Err(OAuthError::HostRefused {
                server: Foreign::of(address),
            }),
        }
    }

    pub(super) async fn exchange(&self, exchange: &CodeExchange<'_>) -> Result<TokenReply, OAuthError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", exchange.client_id),
            ("code", exchange.code.expose_secret()),
        ];
        let secret = exchange.client_secret.expose_secret();
        form.extend((!secret.is_empty()).then_some(("client_secret", secret)));
        form.extend(exchange.redirect_uri.map(|uri| ("redirect_uri", uri)));
        form.extend(
            exchange
                .verifier
                .map(|verifier| ("code_verifier", verifier.expose_secret())),
        );
        let body = self.post(exchange.accounts_url, "/oauth/v2/token", &form).await?;
        reply::token(&body)
    }

    /// The OAuth client a sandbox knows: id and secret.
    pub(super) async fn sandbox_client(
        &self,
        sandbox_url: &str,
    ) -> Result<(String, SecretString), OAuthError> {
        let answer = self.ask_sandbox(sandbox_url, "client", None).await?;
        reply::client(answer.status, &answer.body)
    }

    /// The moment a sandbox was told to stand at; none for one that lives in the present.
    pub(super) async fn sandbox_stands_at(&self, sandbox_url: &str) -> Result<Option<Timestamp>, OAuthError> {
        let answer = self.ask_sandbox(sandbox_url, "clock", None).await?;
        reply::stands_at(answer.status, &answer.body)
    }

    /// Asks for what a sandbox offers beside Zoho's own routes; with a body it is told.
    pub(super) async fn ask_sandbox(
        &self,
        sandbox_url: &str,
        what: &str,
        body: Option<String>,
    ) -> Result<Answer, OAuthError> {
        let mut url = self
            .hosts
            .check(sandbox_url, HostKind::Accounts)
            .map_err(reply::refuse_host)?;
        self.only_a_sandbox(sandbox_url)?;
        url.set_path(&format!("/__sandbox/{what}"));
        let client = self.http.client(&url).map_err(reply::broken)?;
        let request = match body {
            Some(body) => client.post(url).body(body),
            None => client.get(url),
        };
        self.send(request).await
    }

    pub(super) async fn refresh(
        &self,
        accounts_url: &str,
        client_id: &str,
        client_secret: &SecretString,
        refresh_token: &SecretString,
    ) -> Result<TokenReply, OAuthError> {
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("client_id", client_id),
            ("refresh_token", refresh_token.expose_secret()),
        ];
        let secret = client_secret.expose_secret();
        form.extend((!secret.is_empty()).then_some(("client_secret", secret)));
        let body = self.post(accounts_url, "/oauth/v2/token", &form).await?;
        reply::token(&body)
    }

    /// Ends a refresh token and every access token made from it. A token Zoho no longer knows counts as
    /// ended.
    pub(super) async fn revoke(&self, accounts_url: &str, token: &SecretString) -> Result<(), OAuthError> {
        let form = [("token", token.expose_secret())];
        let (status, body) = self
            .post_raw(accounts_url, "/oauth/v2/token/revoke", &form)
            .await?;
        match status {
            200 | 400 => Ok(()),
            _ => Err(reply::error(status, &body, &Secrets::of([token]))),
        }
    }

    /// Location codes and accounts servers, as any accounts server lists them; only known servers are kept.
    pub(super) async fn server_info(&self, accounts_url: &str) -> Result<Vec<(String, String)>, OAuthError> {
        let mut url = self
            .hosts
            .check(accounts_url, HostKind::Accounts)
            .map_err(reply::refuse_host)?;
        url.set_path("/oauth/serverinfo");
        let client = self.http.client(&url).map_err(reply::broken)?;
        let request = client.get(url);
        let answer = self.send(request).await?;
        let locations = reply::locations(answer.status, &answer.body)?;
        Ok(locations
            .into_iter()
            .filter(|(_, url)| self.hosts.check(url, HostKind::Accounts).is_ok())
            .collect())
    }

    /// Sends a request and reads its answer. Beside a sandbox no other server is ever reached.
    async fn send(&self, request: RequestBuilder) -> Result<Answer, OAuthError> {
        let answer = self.http.send_once(request, self.http.limits().token).await;
        answer.map_err(|broken| match (broken, self.hosts.sandbox()) {
            (Broken::NotSent(cause), Some(url)) => OAuthError::SandboxSilent { url, cause },
            (broken, _) => reply::broken(broken),
        })
    }

    async fn post(
        &self,
        accounts_url: &str,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<bytes::Bytes, OAuthError> {
        let (status, body) = self.post_raw(accounts_url, path, form).await?;
        if reply::is_token(&body) {
            return Ok(body);
        }
        // The tokens of a success are new; a refusal may send back what it was sent.
        let sent = form.iter().filter(|(name, _)| SECRET_PARAMETERS.contains(name));
        let sent: Vec<SecretString> = sent.map(|(_, value)| SecretString::from(*value)).collect();
        Err(reply::error(status, &body, &Secrets::of(&sent)))
    }

    async fn post_raw(
        &self,
        accounts_url: &str,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<(u16, bytes::Bytes), OAuthError> {
        let mut url = self
            .hosts
            .check(accounts_url, HostKind::Accounts)
            .map_err(reply::refuse_host)?;
        url.set_path(path);
        let client = self.http.client(&url).map_err(reply::broken)?;
        let request = client.post(url).form(form);
        let answer = self.send(request).await?;
        Ok((answer.status, answer.body))
    }
}
