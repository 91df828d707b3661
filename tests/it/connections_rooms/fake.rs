//! A small Zoho in the test itself, which answers what a test scripts and keeps what came in.

mod held;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
pub(crate) use held::Held;
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use tokio::sync::Semaphore;
use zoho_mcp::cli::assemble;
use zoho_mcp::clock::Clock;
use zoho_mcp::config::{Config, Settings};
use zoho_mcp::connections::{Account, Caller, Connection, Connections, KeySettings, NewConnection, Product};
use zoho_mcp::database::Database;
use zoho_mcp::tools::request::operation;
use zoho_mcp::zoho::{HostPolicy, Limits, Read, Recorder, Session, ZohoClient, log_outcome};

use crate::bed::Wire;

pub(crate) const NOW: i64 = 1_800_000_000;

/// One call the fake has seen.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) token: String,
    pub(crate) org: Option<String>,
    pub(crate) body: String,
}

/// What the fake answers instead of its own answer.
#[derive(Clone)]
pub(crate) struct Scripted {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// Accounts server, Desk and CRM in one; refuses every token it has not issued or was told to accept.
pub(crate) struct Fake {
    pub(crate) url: String,
    state: Arc<Mutex<Inner>>,
}

struct Inner {
    seen: Vec<Seen>,
    issued: u32,
    valid: Vec<String>,
    scripts: HashMap<String, Vec<Scripted>>,
    token_delay: Duration,
    organizations: String,
    wrong_org: Option<String>,
    held: Option<(String, Held)>,
    model: Option<Model>,
}

/// What is answered to a path and its query where nothing is scripted and the token is good.
type Model = Arc<dyn Fn(&str, &str) -> Option<Scripted> + Send + Sync>;

type Shared = Arc<Mutex<Inner>>;

impl Fake {
    pub(crate) async fn start() -> Self {
        let state = Arc::new(Mutex::new(Inner {
            seen: Vec::new(),
            issued: 0,
            valid: vec!["first-access".to_owned()],
            scripts: HashMap::new(),
            token_delay: Duration::ZERO,
            organizations:
                r#"{"data":[{"id":"4001","companyName":"Aurora Lanterns","portalName":"aurora"}]}"#.to_owned(),
            wrong_org: None,
            held: None,
            model: None,
        }));
        let router = Router::new().fallback(handle).with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, state }
    }

    /// The next calls to `path` get these answers, in order, before the fake goes on by itself.
    pub(crate) fn script(&self, path: &str, answers: impl IntoIterator<Item = Scripted>) {
        self.state
            .lock()
            .unwrap()
            .scripts
            .entry(path.to_owned())
            .or_default()
            .extend(answers);
    }

    /// From now on this answers where it has something to say.
    pub(crate) fn follow(&self, model: impl Fn(&str, &str) -> Option<Scripted> + Send + Sync + 'static) {
        self.state.lock().unwrap().model = Some(Arc::new(model));
    }

    /// How long a token call takes.
    pub(crate) fn delay_tokens(&self, delay: Duration) {
        self.state.lock().unwrap().token_delay = delay;
    }

    pub(crate) fn organizations(&self, body: &str) {
        self.state.lock().unwrap().organizations = body.to_owned();
    }

    /// Calls for this organisation are answered with OAUTH_ORG_MISMATCH.
    pub(crate) fn wrong_org(&self, org: &str) {
        self.state.lock().unwrap().wrong_org = Some(org.to_owned());
    }

    /// Calls to this path wait from now on.
    pub(crate) fn hold(&self, path: &str) -> Held {
        let held = Held {
            arrived: Arc::new(Semaphore::new(0)),
            released: Arc::new(Semaphore::new(0)),
        };
        self.state.lock().unwrap().held = Some((path.to_owned(), held.clone()));
        held
    }

    /// Forgets every access token issued so far.
    pub(crate) fn drop_tokens(&self) {
        self.state.lock().unwrap().valid.clear();
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.lock().unwrap().seen.clone()
    }

    pub(crate) fn count(&self, path: &str) -> usize {
        self.seen().iter().filter(|seen| seen.path == path).count()
    }
}

pub(crate) fn json(status: u16, body: &str) -> Scripted {
    Scripted {
        status,
        headers: vec![("content-type", "application/json".to_owned())],
        body: body.into(),
    }
}

fn begins_behind_a_row(uri: &Uri) -> bool {
    let mut query = uri.query().unwrap_or_default().split('&');
    query.any(|one| one.starts_with("from=") && !matches!(one, "from=0" | "from=1"))
}

async fn handle(State(state): State<Shared>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path = uri.path().to_owned();
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let token = header("authorization")
        .unwrap_or_default()
        .replace("Zoho-oauthtoken ", "");
    let org = header("orgid");
    let (scripted, delay, held) = {
        let mut inner = state.lock().unwrap();
        inner.seen.push(Seen {
            path: path.clone(),
            query: uri.query().unwrap_or_default().to_owned(),
            token: token.clone(),
            org: org.clone(),
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        let scripts = inner.scripts.get_mut(&path).filter(|scripts| !scripts.is_empty());
        let scripted = scripts.map(|scripts| scripts.remove(0));
        let held = inner.held.clone().filter(|(held, _)| *held == path);
        (scripted, inner.token_delay, held)
    };
    if let Some((_, held)) = held {
        held.arrived.add_permits(1);
        held.released.acquire().await.unwrap().forget();
    }
    if path.starts_with("/oauth/") && !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let answer = scripted.unwrap_or_else(|| {
        let mut inner = state.lock().unwrap();
        match path.as_str() {
            "/oauth/v2/token" => {
                inner.issued += 1;
                let token = format!("access-{}", inner.issued);
                inner.valid.push(token.clone());
                json(
                    200,
                    &format!(r#"{{"access_token":"{token}","expires_in":3600,"token_type":"Bearer"}}"#),
                )
            }
            "/oauth/v2/token/revoke" => json(200, r#"{"status":"success"}"#),
            _ if !inner.valid.contains(&token) && path.starts_with("/crm") => json(
                401,
                r#"{"code":"INVALID_TOKEN","details":{},"message":"invalid oauth token","status":"error"}"#,
            ),
            _ if !inner.valid.contains(&token) => json(
                401,
                r#"{"errorCode":"INVALID_OAUTH","message":"The OAuth Token you provided is invalid."}"#,
            ),
            path if let Some(told) = inner
                .model
                .as_ref()
                .and_then(|model| model(path, uri.query().unwrap_or_default())) =>
            {
                told
            }
            "/api/v1/organizations" => json(200, &inner.organizations),
            _ if org.is_some() && org == inner.wrong_org => json(
                403,
                r#"{"errorCode":"OAUTH_ORG_MISMATCH","message":"not for this organization"}"#,
            ),
            "/crm/v8/org" => json(
                200,
                r#"{"org":[{"id":"1","zgid":"9900","company_name":"Aurora"}]}"#,
            ),
            _ if begins_behind_a_row(&uri) => json(204, ""),
            _ => json(200, r#"{"data":[{"id":"1"}]}"#),
        }
    });
    let mut response = Response::builder().status(StatusCode::from_u16(answer.status).unwrap());
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).unwrap()
}

/// A database in a directory of its own, a fixed clock and a client for the fake.
pub(crate) struct House {
    pub(crate) fake: Fake,
    pub(crate) directory: TempDir,
    pub(crate) clock: Clock,
    pub(crate) connections: Arc<Connections>,
    pub(crate) zoho: ZohoClient,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with_limits(Limits::default()).await
    }

    /// A house with a row of `ada`, and a client of a server on it.
    pub(crate) async fn served() -> (Self, Wire) {
        let house = Self::new().await;
        house.connect(3600).await;
        let wire = house.serve(house.settings()).await;
        (house, wire)
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        let fake = Fake::start().await;
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(NOW);
        let connections = Arc::new(open(&directory, &clock));
        let hosts = HostPolicy::with_sandbox(&fake.url).unwrap();
        let zoho = client(&connections, limits, hosts, &clock, log_outcome());
        Self {
            fake,
            directory,
            clock,
            connections,
            zoho,
        }
    }

    /// As another process would have it: nothing shared but the file.
    pub(crate) fn another(&self) -> (Arc<Connections>, ZohoClient) {
        let connections = Arc::new(open(&self.directory, &self.clock));
        let hosts = HostPolicy::with_sandbox(&self.fake.url).unwrap();
        let zoho = client(&connections, Limits::default(), hosts, &self.clock, log_outcome());
        (connections, zoho)
    }

    /// A row of `ada` whose token lives for `left` more seconds.
    pub(crate) async fn connect(&self, left: i64) -> Connection {
        self.connections
            .save(&self.consent("ada", "default", left))
            .await
            .unwrap()
    }

    pub(crate) fn consent(&self, user: &str, name: &str, left: i64) -> NewConnection {
        at(&self.fake.url, consent(user, name, NOW + left))
    }

    pub(crate) async fn session(&self) -> Session {
        let connection = self.ada().await;
        self.zoho.session(connection, Product::Desk).await.unwrap()
    }

    pub(crate) async fn ada(&self) -> Connection {
        self.connections
            .find(&Caller::User("ada".to_owned()), None)
            .await
            .unwrap()
    }

    pub(crate) fn database(&self) -> std::path::PathBuf {
        self.directory.path().join("zoho.db")
    }

    /// What a server of `ada` on this database and its fake Zoho is told, her days those of UTC.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            user: Some("ada".to_owned()),
            database_url: Some(format!("sqlite:{}", self.database().display()).into()),
            keyring: Some(false),
            sandbox_url: Some(self.fake.url.clone()),
            timezone: Some("UTC".to_owned()),
            ..Settings::default()
        }
    }

    /// A client of a server that is told so.
    pub(crate) async fn serve(&self, settings: Settings) -> Wire {
        let config = Config::load(settings).unwrap();
        Wire::serving(assemble::calling(&config, &self.clock).unwrap()).await
    }
}

pub(crate) fn consent(user: &str, name: &str, expires_at: i64) -> NewConnection {
    NewConnection {
        user_id: user.to_owned(),
        name: name.to_owned(),
        account: Account {
            data_center: "eu".to_owned(),
            environment: "production".to_owned(),
            accounts_url: "https://accounts.zoho.eu".to_owned(),
            api_domain: "https://www.zohoapis.eu".to_owned(),
            desk_url: "https://desk.zoho.eu".to_owned(),
            client_id: "1000.CLIENT".to_owned(),
            client_secret: "client-secret".into(),
        },
        access_token: Some("first-access".into()),
        refresh_token: Some("the-refresh-token".into()),
        token_expires_at: Some(expires_at),
        scopes: Vec::new(),
        desk_org: None,
        crm_org_id: None,
    }
}

/// The same consent to an account whose every server is `url`.
pub(crate) fn at(url: &str, mut new: NewConnection) -> NewConnection {
    move_to(&mut new.account, url);
    new
}

/// Makes `url` every server of an account.
pub(crate) fn move_to(account: &mut Account, url: &str) {
    for server in [
        &mut account.accounts_url,
        &mut account.api_domain,
        &mut account.desk_url,
    ] {
        url.clone_into(server);
    }
}

pub(crate) fn open(directory: &TempDir, clock: &Clock) -> Connections {
    Connections::new(
        Database::SqliteFile(directory.path().join("zoho.db")),
        KeySettings::default(),
        clock.clone(),
    )
}

/// A client as the program makes it, with this recorder.
pub(crate) fn client(
    connections: &Arc<Connections>,
    limits: Limits,
    hosts: HostPolicy,
    clock: &Clock,
    recorder: Recorder,
) -> ZohoClient {
    let connections = Arc::clone(connections);
    ZohoClient::new(
        connections,
        limits,
        hosts,
        clock.clone(),
        operation::organizations,
        recorder,
    )
}

pub(crate) fn tickets() -> Read {
    Read::get(Product::Desk, ["tickets"]).with_scopes(vec!["Desk.tickets.READ".to_owned()])
}

pub(crate) fn text(secret: &Option<SecretString>) -> &str {
    secret.as_ref().map_or("", |secret| secret.expose_secret())
}
