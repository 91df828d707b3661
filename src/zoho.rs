//! Zoho's servers: which they are, how their tokens stay fresh, how a call is sent and what its answer means.

#![deny(clippy::missing_errors_doc)]

mod answer;
mod data_center;
mod download;
mod error;
mod host;
mod hosts;
mod http;
pub mod link;
mod masked;
pub mod oauth;
mod organization;
mod owner;
mod refresh;
mod request;
mod retry;
mod servers;
mod session;
mod status_page;
mod tally;
mod unaccepted;
mod upload;
mod write;

use std::collections::HashMap;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

pub use answer::ZohoResponse;
pub use data_center::DataCenter;
pub use error::{FieldError, ZohoError};
pub use host::{Foreign, HostKind};
pub use hosts::HostPolicy;
pub use http::Limits;
use jiff::Timestamp;
use oauth::{Accounts, CodeExchange, DeviceCode, DevicePoll, OAuthError, TokenReply};
pub use organization::Organization;
pub use owner::Owner;
pub use request::{Effect, Read, Write};
use secrecy::SecretString;
pub use servers::Servers;
pub use session::Session;
pub use status_page::ServiceState;
pub use tally::Tally;
use tokio::sync::{OnceCell, Semaphore};
use tokio_util::task::TaskTracker;
pub use upload::Upload;
pub use write::{Outcome, Recorder, Written, log_outcome};

use self::http::Http;
use self::unaccepted::Unaccepted;
use crate::clock::Clock;
use crate::connections::{Connection, ConnectionError, Connections, Product};

/// The call that lists the organizations of a product, complete with the scopes it needs.
pub type OrganizationCall = fn(Product) -> Result<Read, ZohoError>;

/// What runs on although its caller goes away.
pub type Detached<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The way to Zoho; cheap to clone, and all clones share connections, limits and locks. Nothing is opened
/// before first use.
#[derive(Clone)]
pub struct ZohoClient(Arc<Inner>);

struct Inner {
    connections: Arc<Connections>,
    hosts: HostPolicy,
    clock: Clock,
    sandbox_time: OnceCell<()>,
    http: Http,
    organizations: OrganizationCall,
    recorder: Recorder,
    /// What ends although nobody waits for it any more.
    under_way: TaskTracker,
    /// The changes among it.
    changes: TaskTracker,
    in_flight: Keyed<String, Semaphore>,
    discovery: Keyed<i64, tokio::sync::Mutex<()>>,
    held: Mutex<HashMap<i64, refresh::Held>>,
    /// Until when this process asks for no token of a row, and why.
    alone: Mutex<HashMap<i64, (i64, String)>>,
    /// Seconds before its end that a short-lived token is renewed, by row.
    margins: Mutex<HashMap<i64, i64>>,
    /// The products that turned down tokens only just issued, and took none since.
    unaccepted: Mutex<Unaccepted>,
}

impl ZohoClient {
    /// Takes what every call needs; touches neither disk nor network. `recorder` is told what came of every change.
    pub fn new(
        connections: Arc<Connections>,
        limits: Limits,
        hosts: HostPolicy,
        clock: Clock,
        organizations: OrganizationCall,
        recorder: Recorder,
    ) -> Self {
        Self(Arc::new(Inner {
            connections,
            hosts,
            clock,
            sandbox_time: OnceCell::new(),
            http: Http::new(limits),
            organizations,
            recorder,
            under_way: TaskTracker::new(),
            changes: TaskTracker::new(),
            in_flight: Keyed::default(),
            discovery: Keyed::default(),
            held: Mutex::default(),
            alone: Mutex::default(),
            margins: Mutex::default(),
            unaccepted: Mutex::default(),
        }))
    }

    /// A session on the organization of this connection, which is asked of Zoho and stored when it is not
    /// known yet. The servers named by the row are checked first.
    ///
    /// # Errors
    /// A server of the row is refused, its token cannot be refreshed, or several organizations are there to choose from.
    pub async fn session(&self, connection: Connection, product: Product) -> Result<Session, ZohoError> {
        let mut session = self.open(connection, product)?;
        if session.knows_organization() {
            return Ok(session);
        }
        let found = async move { session.find_organization().await.map(|()| session) };
        self.0
            .see_through("the search for the organization", Box::pin(found))
            .await?
    }

    /// A session that asks nobody for the organization: for the calls that list organizations.
    ///
    /// # Errors
    /// `HostRefused`: a server of the row is none of Zoho's.
    pub fn open(&self, connection: Connection, product: Product) -> Result<Session, ZohoError> {
        Session::open(Arc::clone(&self.0), connection, product)
    }

    /// The Desk organizations this connection's token may see.
    ///
    /// # Errors
    /// `ScopeMissing` when it may see none; else Zoho refused or did not answer.
    pub async fn organizations(&self, connection: Connection) -> Result<Vec<Organization>, ZohoError> {
        self.open(connection, Product::Desk)?.organizations().await
    }

    /// The connection with an access token that lives for more than 120 s, refreshed and stored when needed.
    ///
    /// # Errors
    /// The refresh token is refused, or the accounts server does not answer.
    pub async fn fresh(&self, connection: Connection) -> Result<Connection, ZohoError> {
        self.0.fresh(connection, None).await
    }

    /// Runs on although its caller goes away, and the process waits for it at its end: for what Zoho gives once, until it
    /// lies in a row.
    ///
    /// # Errors
    /// It panicked.
    pub async fn see_through<T: Send + 'static>(
        &self,
        what: &str,
        work: Detached<T>,
    ) -> Result<T, ZohoError> {
        self.0.see_through(what, work).await
    }

    /// Whether something is under way that [`ZohoClient::settle`] waits for.
    pub fn is_settled(&self) -> bool {
        self.0.under_way.is_empty()
    }

    /// Whether a change is under way, the outcome of which nobody would ever know.
    pub fn is_changing(&self) -> bool {
        !self.0.changes.is_empty()
    }

    /// Waits until everything has ended that is written into a row or changes something at Zoho: a process that ends sooner
    /// cuts it off.
    pub async fn settle(&self) {
        self.0.under_way.close();
        self.0.under_way.wait().await;
    }

    /// Whether all rows of the database may be changed: with a sandbox none may be among them that is Zoho's own.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn may_change_all(&self) -> Result<bool, ConnectionError> {
        let servers = self.0.connections.servers().await?;
        Ok(servers.iter().all(|server| self.0.hosts.may_change(server)))
    }

    /// Which servers secrets may be sent to.
    pub fn hosts(&self) -> &HostPolicy {
        &self.0.hosts
    }

    /// Exchanges the code of a consent or of a self client for tokens.
    ///
    /// # Errors
    /// Zoho refused the code, or did not answer.
    pub async fn exchange_code(&self, exchange: &CodeExchange<'_>) -> Result<TokenReply, OAuthError> {
        self.0.accounts().exchange(exchange).await
    }

    /// Gives a sandbox's consent without a browser; answers the address it redirects to, with code and state.
    ///
    /// # Errors
    /// The server is no sandbox, or refused.
    pub async fn approve_in_sandbox(&self, consent: url::Url) -> Result<url::Url, OAuthError> {
        self.0.accounts().approve_in_sandbox(consent).await
    }

    /// Id and secret of the OAuth client a sandbox knows.
    ///
    /// # Errors
    /// The server is no sandbox, or did not answer.
    pub async fn sandbox_client(&self, sandbox_url: &str) -> Result<(String, SecretString), OAuthError> {
        self.0.accounts().sandbox_client(sandbox_url).await
    }

    /// The moment a sandbox was told to stand at; none for one that lives in the present.
    ///
    /// # Errors
    /// The server is no sandbox, or did not answer.
    pub async fn sandbox_stands_at(&self, sandbox_url: &str) -> Result<Option<Timestamp>, OAuthError> {
        self.0.accounts().sandbox_stands_at(sandbox_url).await
    }

    /// Asks a sandbox for what it offers below `/__sandbox/`, or tells it with a JSON body: the answer's status and body.
    ///
    /// # Errors
    /// The server is no sandbox, or did not answer.
    pub async fn ask_sandbox(
        &self,
        sandbox_url: &str,
        what: &str,
        body: Option<String>,
    ) -> Result<(u16, bytes::Bytes), OAuthError> {
        let answer = self.0.accounts().ask_sandbox(sandbox_url, what, body).await?;
        Ok((answer.status, answer.body))
    }

    /// Takes over the moment the sandbox stands at, unless the clock was told another: elsewhere tokens would be old or
    /// endless, and days others than its own. One that does not answer is asked again; the call itself tells of it.
    pub async fn keep_sandbox_time(&self) {
        let inner = &self.0;
        let Some(sandbox) = inner.hosts.sandbox().filter(|_| !inner.clock.stands()) else {
            return;
        };
        let asked = inner.sandbox_time.get_or_try_init(async || {
            let there = self.sandbox_stands_at(&sandbox).await?;
            there.iter().for_each(|now| inner.clock.stand_at(now.as_second()));
            Ok::<_, OAuthError>(())
        });
        if let Err(error) = asked.await {
            tracing::debug!(%error, "the sandbox does not tell its time");
        }
    }

    /// Makes an access token from a refresh token that is in no row yet.
    ///
    /// # Errors
    /// Zoho refused the token, or did not answer.
    pub async fn refresh_token(
        &self,
        accounts_url: &str,
        client_id: &str,
        client_secret: &SecretString,
        refresh_token: &SecretString,
    ) -> Result<TokenReply, OAuthError> {
        self.0
            .accounts()
            .refresh(accounts_url, client_id, client_secret, refresh_token)
            .await
    }

    /// Ends a refresh token at Zoho, and every access token made from it.
    ///
    /// # Errors
    /// Zoho refused the token, or did not answer.
    pub async fn revoke(&self, accounts_url: &str, token: &SecretString) -> Result<(), OAuthError> {
        self.0.accounts().revoke(accounts_url, token).await
    }

    /// Location codes and accounts servers, as an accounts server lists them; unknown servers are left out.
    ///
    /// # Errors
    /// The accounts server did not answer.
    pub async fn server_info(&self, accounts_url: &str) -> Result<Vec<(String, String)>, OAuthError> {
        self.0.accounts().server_info(accounts_url).await
    }

    /// Starts a consent given on another machine.
    ///
    /// # Errors
    /// Zoho refused the client or a scope, or did not answer.
    pub async fn device_start(
        &self,
        accounts_url: &str,
        client_id: &str,
        scopes: &[String],
    ) -> Result<DeviceCode, OAuthError> {
        self.0
            .accounts()
            .device_start(accounts_url, client_id, scopes)
            .await
    }

    /// Asks once whether that consent was given.
    ///
    /// # Errors
    /// Zoho refused the device code, or did not answer.
    pub async fn device_poll(
        &self,
        accounts_url: &str,
        client_id: &str,
        client_secret: &SecretString,
        device_code: &SecretString,
    ) -> Result<DevicePoll, OAuthError> {
        self.0
            .accounts()
            .device_poll(accounts_url, client_id, client_secret, device_code)
            .await
    }
}

impl Inner {
    async fn see_through<T: Send + 'static>(&self, what: &str, work: Detached<T>) -> Result<T, ZohoError> {
        // The error itself would quote a panic, and that a token.
        let ended = self.under_way.spawn(tally::carried(work)).await;
        ended.map_err(|_| ZohoError::Internal {
            message: format!("{what} ended early"),
        })
    }

    fn accounts(&self) -> Accounts<'_> {
        Accounts {
            http: &self.http,
            hosts: &self.hosts,
        }
    }
}

/// One shared thing per key, made when it is first asked for.
struct Keyed<K, V>(Mutex<HashMap<K, Arc<V>>>);

impl<K, V> Default for Keyed<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Keyed<K, V> {
    fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        let mut things = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(things.entry(key).or_insert_with(|| Arc::new(make())))
    }
}
