//! One person's way to one product: servers checked, token fresh, organization known.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, IF_UNMODIFIED_SINCE};
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use super::Inner;
use super::answer::{Verdict, ZohoResponse, judge};
use super::data_center::{DataCenter, api_label, environment_of};
use super::error::ZohoError;
use super::host::{Foreign, HostKind};
use super::http::{Answer, Broken};
use super::masked::{hide_secrets, mask};
use super::request::{Call, Read};
use super::{link, retry};
use crate::connections::{Connection, OrgSource, Product};
use crate::names::clean_line;

/// One person's way to one product: servers checked, organization known. Only a session can send; a clone is the same
/// way, with the same token.
#[derive(Clone)]
pub struct Session {
    pub(super) inner: Arc<Inner>,
    connection: Arc<Mutex<Arc<Connection>>>,
    /// Tokens that others have taken the place of meanwhile: they may be good for an hour yet.
    replaced: Arc<Mutex<Vec<SecretString>>>,
    product: Product,
    pub(super) server: Url,
    notes: Vec<String>,
    /// The connection whose consent and organization the session keeps to; an unbound one follows the connection.
    pub(super) bound: Option<Arc<Connection>>,
}

/// What Desk's webhooks know the changes of this server by, whoever runs it (`ignoreSourceId`).
const SOURCE: &str = "6f0b3c52-9a41-4c0e-8d57-2f3a1b7e9c64";

/// The organization of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganizationInUse {
    /// Desk organization id, or CRM organization number.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

impl Session {
    pub(super) fn open(
        inner: Arc<Inner>,
        connection: Connection,
        product: Product,
    ) -> Result<Self, ZohoError> {
        inner
            .hosts
            .check(&connection.account.accounts_url, HostKind::Accounts)?;
        let desk = inner.hosts.check(&connection.account.desk_url, HostKind::Desk)?;
        let mut api = inner.hosts.check(&connection.account.api_domain, HostKind::Api)?;
        let moved = api
            .host_str()
            .and_then(|host| host.strip_prefix("www."))
            .map(|domain| format!("{}.{domain}", api_label(&connection.account.environment)));
        if let Some(host) = moved {
            api.set_host(Some(&host)).map_err(|_| ZohoError::HostRefused {
                column: "api_domain",
                server: Foreign::Unknown,
            })?;
        }
        let server = if product == Product::Desk { desk } else { api };
        Ok(Self {
            inner,
            connection: Arc::new(Mutex::new(Arc::new(connection))),
            replaced: Arc::default(),
            product,
            server,
            notes: Vec::new(),
            bound: None,
        })
    }

    /// The connection as it is now: a call may have renewed its token or found its organization.
    pub fn connection(&self) -> Arc<Connection> {
        Arc::clone(&self.connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Which API this session speaks.
    pub fn product(&self) -> Product {
        self.product
    }

    /// The organization calls go to, as far as it is known.
    pub fn organization(&self) -> OrganizationInUse {
        let connection = self.share_connection();
        let (id, name) = match self.product {
            Product::Desk => (&connection.desk_org_id, &connection.desk_org_name),
            Product::Crm => (&connection.crm_org_id, &connection.crm_org_name),
        };
        OrganizationInUse {
            id: id.clone().filter(|id| !id.is_empty()),
            // Another program may have written the row.
            name: name.clone().map(clean_line),
        }
    }

    /// The CRM environment calls go to: its server names it, else the row.
    fn environment<'c>(&self, connection: &'c Connection) -> &'c str {
        match environment_of(self.server.host_str().unwrap_or_default()) {
            "production" => &connection.account.environment,
            named => named,
        }
    }

    /// The page of a record in Zoho's web application; `tab` is the module's name there, `{id}` the place of an id. `None`
    /// when the data center, its pages or the Desk portal are not known, or the id is none.
    pub fn link(&self, tab: &str, module: &str, id: &str) -> Option<String> {
        if id != "{id}" && !link::is_record_id(id) {
            return None;
        }
        let connection = self.share_connection();
        let center = DataCenter::by_code(&connection.account.data_center)?;
        match self.product {
            Product::Desk => {
                let portal = connection
                    .desk_portal
                    .as_deref()
                    .filter(|portal| !portal.is_empty())?;
                Some(link::desk_record(center.desk_host, portal, tab, id))
            }
            Product::Crm => Some(link::crm_record(
                &center.crm_web_host(self.environment(&connection))?,
                connection.crm_org_id.as_deref(),
                tab,
                module,
                id,
            )),
        }
    }

    /// Hides the connection's secrets in the parts of an answer that is ready to be read.
    pub fn hide_secrets<'a>(&self, parts: impl Iterator<Item = &'a mut serde_json::Value>) {
        let replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        hide_secrets(parts, &self.connection(), &replaced);
    }

    /// What the answer should tell besides its records: which organization of several was taken, without a full stop.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Sends a read: with a fresh token, to this session's organization, and again when that may help. Where Zoho wants
    /// another organization of several, the next one is taken and kept.
    ///
    /// # Errors
    /// Why there is no answer, by who can act.
    pub async fn read(&self, read: &Read) -> Result<ZohoResponse, ZohoError> {
        match self.send_once(&read.0, self.desk_organization().as_deref()).await {
            Err(ZohoError::ChooseOrganization { .. }) if self.try_next_organization().await? => {
                self.send_once(&read.0, self.desk_organization().as_deref()).await
            }
            outcome => outcome,
        }
    }

    /// The value of the `orgId` header, which CRM has not.
    pub(super) fn desk_organization(&self) -> Option<String> {
        let organization = self.share_connection().desk_org_id.clone();
        organization.filter(|_| self.product == Product::Desk)
    }

    /// Sends to one organization; a token that is turned down is renewed, once.
    pub(super) async fn send_once(
        &self,
        request: &Call,
        organization: Option<&str>,
    ) -> Result<ZohoResponse, ZohoError> {
        let mut refused = None;
        loop {
            let connection = self.renew(refused.clone()).await?;
            let token = connection.access_token.clone().unwrap_or_default();
            let answer = self
                .exchange(request, token.expose_secret(), organization)
                .await?;
            match judge(request, mask(answer, &connection), self.inner.clock.now()) {
                Verdict::Done(response) => {
                    self.note_accepted();
                    return Ok(response);
                }
                Verdict::TokenRefused(_) if refused.is_none() => refused = Some(token),
                Verdict::TokenRefused(reason) => return Err(self.not_accepted(reason)),
                Verdict::WrongOrganization(reason) => return Err(self.wrong_organization(&reason)),
                Verdict::Failed(error) => return Err(error),
            }
        }
    }

    /// Asks for a fresh token each time, of the consent and organization the session keeps to: a check made earlier
    /// proves nothing.
    pub(super) async fn renew(&self, refused: Option<SecretString>) -> Result<Arc<Connection>, ZohoError> {
        let before = self.connection();
        self.check_owner(&before)?;
        if refused.is_none() && self.inner.is_fresh(&before) {
            return Ok(before);
        }
        let is_forced = refused.is_some();
        let after = self.inner.fresh((*before).clone(), refused).await;
        let after = after.map_err(|error| self.without_waiting(error, is_forced))?;
        let tokens = [&before.access_token, &before.refresh_token];
        let mut replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        replaced.extend(tokens.into_iter().flatten().cloned());
        drop(replaced);
        self.change(|connection| {
            connection.access_token = after.access_token;
            connection.refresh_token = after.refresh_token;
            connection.token_expires_at = after.token_expires_at;
            connection.scopes = after.scopes;
            connection.status_reason = after.status_reason;
            connection.refresh_not_before = after.refresh_not_before;
            connection.forced_refreshes = after.forced_refreshes;
            connection.sealed_access_token = after.sealed_access_token;
            connection.consent = after.consent;
        });
        let now = self.connection();
        self.check_owner(&now)?;
        Ok(now)
    }

    /// One call with one token, repeated for reads as long as that is allowed.
    async fn exchange(
        &self,
        request: &Call,
        token: &str,
        organization: Option<&str>,
    ) -> Result<Answer, ZohoError> {
        let url = request.url(&self.server)?;
        let deadline = Instant::now() + self.inner.http.limits().total;
        let mut retries = 0;
        loop {
            let outcome = self.attempt(request, url.clone(), token, organization).await?;
            let pause = if request.is_write() {
                None
            } else {
                retry::pause(&outcome, retries, self.inner.clock.now())
            };
            match pause.filter(|pause| Instant::now() + *pause < deadline) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return outcome.map_err(|broken| self.explain(request, broken)),
            }
            retries += 1;
        }
    }

    async fn attempt(
        &self,
        request: &Call,
        url: Url,
        token: &str,
        organization: Option<&str>,
    ) -> Result<Result<Answer, Broken>, ZohoError> {
        let call = match self.call(request, url, token, organization)? {
            Ok(call) => call,
            Err(broken) => return Ok(Err(broken)),
        };
        self.in_turn(self.inner.http.send(call)).await
    }

    /// Carries a call out in its turn, which a long one gives back before it ends.
    pub(super) async fn in_turn<T>(&self, carried_out: impl Future<Output = T>) -> Result<T, ZohoError> {
        let in_flight = self.in_flight();
        let turn = in_flight.acquire().await.map_err(|error| ZohoError::Internal {
            message: error.to_string(),
        })?;
        let mut carried_out = pin!(carried_out);
        let soon = tokio::time::timeout(self.inner.http.limits().counted, &mut carried_out).await;
        drop(turn);
        Ok(match soon {
            Ok(outcome) => outcome,
            Err(_) => carried_out.await,
        })
    }

    /// The HTTP call of a request: token and organization in its headers.
    pub(super) fn call(
        &self,
        request: &Call,
        url: Url,
        token: &str,
        organization: Option<&str>,
    ) -> Result<Result<RequestBuilder, Broken>, ZohoError> {
        let client = match self.inner.http.client(&url) {
            Ok(client) => client,
            Err(broken) => return Ok(Err(broken)),
        };
        let mut authorization =
            HeaderValue::from_str(&format!("Zoho-oauthtoken {token}")).map_err(|_| ZohoError::Internal {
                message: "the access token is no header value".to_owned(),
            })?;
        authorization.set_sensitive(true);
        let mut call = client
            .request(request.method.clone(), url)
            .header(AUTHORIZATION, authorization);
        if let Some(organization) = organization {
            call = call.header("orgId", organization);
        }
        if request.is_write() && self.product == Product::Desk {
            call = call.header("sourceId", SOURCE);
        }
        if let Some(moment) = &request.unmodified_since {
            call = call.header(IF_UNMODIFIED_SINCE, moment);
        }
        if let Some((kind, body)) = request.content() {
            call = call.header(CONTENT_TYPE, kind).body(body);
        }
        Ok(Ok(call))
    }

    fn in_flight(&self) -> Arc<Semaphore> {
        let connection = self.share_connection();
        let organization = match self.product {
            Product::Desk => connection.desk_org_id.as_deref(),
            Product::Crm => connection.crm_org_id.as_deref(),
        };
        let key = match organization.filter(|id| !id.is_empty()) {
            Some(id) => format!("{} {id}", self.product),
            None => format!("{} connection {}", self.product, connection.id),
        };
        self.inner
            .in_flight
            .get(key, || Semaphore::new(self.inner.http.limits().in_flight))
    }

    pub(super) fn explain(&self, request: &Call, broken: Broken) -> ZohoError {
        let message = match broken {
            Broken::TooLarge if !request.is_write() => {
                return ZohoError::TooLarge {
                    limit_bytes: self.inner.http.limits().body_bytes,
                };
            }
            Broken::NotSent(cause) => {
                return match self.inner.hosts.sandbox() {
                    Some(url) => ZohoError::SandboxSilent { url, cause },
                    None => ZohoError::unavailable(format!("Zoho cannot be reached ({cause})")),
                };
            }
            Broken::TooLarge => "the answer was too large to read".to_owned(),
            Broken::Unwritable(cause) => format!("what Zoho sent could not be written ({cause})"),
            Broken::TimedOut(cause) => format!("Zoho did not answer in time ({cause})"),
            Broken::Cut(cause) => format!("the connection to Zoho broke ({cause})"),
        };
        if request.is_write() {
            ZohoError::OutcomeUnknown { message }
        } else {
            ZohoError::unavailable(message)
        }
    }

    pub(super) fn wrong_organization(&self, reason: &str) -> ZohoError {
        let connection = self.share_connection();
        let organization = connection.desk_org_id.as_deref().unwrap_or("none");
        let chosen = match connection.desk_org_source {
            Some(OrgSource::User) => "chosen by hand",
            _ => "found by asking Zoho",
        };
        ZohoError::ChooseOrganization {
            message: format!(
                "the token is not valid for organization {organization}, which was {chosen} ({reason})"
            ),
        }
    }

    pub(super) fn add_note(&mut self, note: String) {
        self.notes.push(note);
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Connection)) {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut connection));
    }

    pub(super) fn replace_organization_of(&self, row: &Connection) {
        self.change(|connection| {
            connection.desk_org_id.clone_from(&row.desk_org_id);
            connection.desk_org_source = row.desk_org_source;
            connection.desk_portal.clone_from(&row.desk_portal);
            connection.desk_org_name.clone_from(&row.desk_org_name);
            connection.crm_org_id.clone_from(&row.crm_org_id);
            connection.crm_org_name.clone_from(&row.crm_org_name);
        });
    }
}
