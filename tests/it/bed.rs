//! The test bed: a sandbox, a new SQLite file with a connection made by the real code flow, and the server on an
//! in-memory pipe. Everything goes through the front door: JSON lines in, HTTP out.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use tokio::io::{
    AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, ReadHalf, WriteHalf, split,
};
use tokio_util::sync::CancellationToken;
use zoho_mcp::cli::assemble::{self, Assembled};
use zoho_mcp::cli::sandbox_consent;
use zoho_mcp::clock::Clock;
use zoho_mcp::config::{Config, Settings};
use zoho_mcp::connections::Caller;
use zoho_mcp::sandbox::{self, Sandbox};
use zoho_mcp::server::{Server, stdio};
use zoho_mcp::tools::catalog::{Catalog, Selection};
use zoho_mcp::tools::policy::Policy;
use zoho_mcp::tools::{Principal, Tools};

pub(crate) const USER: &str = "anna";

/// When every test takes place unless it says otherwise: sandbox, server and the programs it starts stand there.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_795_198_200, 0);

/// A statement on a database, in which [`NOW`] is written `NOW`.
pub(crate) fn statement(text: &str) -> &'static str {
    text.replace("NOW", &NOW.as_second().to_string()).leak()
}

/// What every HTTP client of a test begins with: no proxy, and the cryptography that reqwest leaves to the program.
pub(crate) fn http() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy()
}

/// A sandbox that stands at [`NOW`].
pub(crate) fn standing(options: sandbox::Options) -> Sandbox {
    try_standing(options).unwrap()
}

/// The same, where it may not be able to listen.
pub(crate) fn try_standing(options: sandbox::Options) -> std::io::Result<Sandbox> {
    let now = Some(NOW);
    sandbox::start(sandbox::Options { now, ..options })
}

/// A sandbox and a database that belong to one test.
pub(crate) struct Bed {
    pub sandbox: Sandbox,
    pub home: tempfile::TempDir,
    pub clock: Clock,
    http: reqwest::Client,
}

impl Bed {
    /// A sandbox without any connection.
    pub(crate) async fn empty(options: sandbox::Options) -> Self {
        let http = http().build().unwrap();
        Bed {
            sandbox: standing(options),
            clock: Clock::fixed(NOW.as_second()),
            home: tempfile::tempdir().unwrap(),
            http,
        }
    }

    /// A sandbox with a connection of [`USER`].
    pub(crate) async fn connected() -> Self {
        let bed = Bed::empty(sandbox::Options::default()).await;
        bed.connect(USER).await;
        bed
    }

    pub(crate) async fn connect(&self, user: &str) {
        sandbox_consent::connect_to_sandbox(&self.config(user), &self.clock, &self.sandbox.url, user, None)
            .await
            .unwrap();
    }

    pub(crate) async fn connect_with_scopes(&self, user: &str, scopes: &[&str]) {
        sandbox_consent::connect_to_sandbox(
            &self.config(user),
            &self.clock,
            &self.sandbox.url,
            user,
            Some(scopes),
        )
        .await
        .unwrap();
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.home.path().join("zoho-mcp.db")
    }

    pub(crate) fn database_url(&self) -> String {
        format!("sqlite:{}", self.database().display())
    }

    pub(crate) fn config(&self, user: &str) -> Config {
        let tools = ["records", "cases", "crm", "account", "export"];
        Config::load(Settings {
            user: Some(user.to_owned()),
            database_url: Some(self.database_url().into()),
            keyring: Some(false),
            sandbox_url: Some(self.sandbox.url.clone()),
            timezone: Some("UTC".to_owned()),
            toolsets: Some(tools.map(str::to_owned).to_vec()),
            ..Settings::default()
        })
        .unwrap()
    }

    pub(crate) async fn tools(&self, user: &str) -> Arc<Tools> {
        assemble::calling(&self.config(user), &self.clock).unwrap().tools
    }

    /// Changes rows of the database behind the server's back; gives how many.
    pub(crate) async fn sql(&self, text: &str) -> u64 {
        let mut database = SqliteConnection::connect(&self.database_url()).await.unwrap();
        let done = sqlx::query(statement(text)).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
        done.rows_affected()
    }

    /// The tools of these files instead of the server's own, carried out by these handlers, at the time of a clock.
    pub(crate) fn tools_of(
        &self,
        files: &[(&str, &str)],
        handlers: &'static [zoho_mcp::tools::handlers::Handler],
        clock: &Clock,
    ) -> Arc<Tools> {
        let own = |&(path, text): &(&str, &str)| (path.to_owned(), text.to_owned());
        let files: Vec<(String, String)> = files.iter().map(own).collect();
        let equipment = assemble::equipment(&self.config(USER), clock).unwrap();
        let equipment = equipment
            .with_catalog(move |_| {
                let selection = Selection {
                    files: true,
                    writes: Policy::Trusted,
                    ..Selection::default()
                };
                let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
                Catalog::read(files, &selection)
            })
            .with_files(Some(self.home.path().join("files")));
        Arc::new(Tools::with_handlers(handlers, equipment))
    }

    /// The server, spoken to over an in-memory pipe.
    pub(crate) async fn client(&self) -> Wire {
        Wire::start(self.tools(USER).await).await
    }

    /// A connected sandbox and a server that has read one row of each of these modules and what it remembers of them.
    pub(crate) async fn warm(modules: &[(&str, &str)]) -> (Self, Wire) {
        let bed = Bed::connected().await;
        let mut wire = bed.client().await;
        for (app, module) in modules {
            let one = json!({ "module": module, "app_type": app, "limit": 1 });
            wire.call("get_records", one).await;
        }
        bed.forget().await;
        (bed, wire)
    }

    /// Sets faults, limits and latencies.
    pub(crate) async fn admin(&self, settings: Value) {
        let url = format!("{}/__sandbox/admin", self.sandbox.url);
        let answer = self
            .http
            .post(url)
            .body(settings.to_string())
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "admin answered {}", answer.status());
    }

    /// Has the sandbox do what it offers below `/__sandbox/`.
    pub(crate) async fn tell(&self, what: &str, body: Value) {
        let call = self.http.post(format!("{}/__sandbox/{what}", self.sandbox.url));
        let answer = call.body(body.to_string()).send().await.unwrap();
        assert!(
            answer.status().is_success(),
            "{what} answered {}",
            answer.status()
        );
    }

    /// Moves the clock of the sandbox: `{"advance_s": 600}` or `{"set": "2026-01-01T00:00:00Z"}`.
    pub(crate) async fn set_clock(&self, to: Value) {
        let clock = self.http.post(format!("{}/__sandbox/clock", self.sandbox.url));
        let answer = clock.body(to.to_string()).send().await.unwrap();
        assert!(
            answer.status().is_success(),
            "the clock answered {}",
            answer.status()
        );
    }

    /// Forgets what was counted and logged.
    pub(crate) async fn forget(&self) {
        self.http
            .post(format!("{}/__sandbox/reset", self.sandbox.url))
            .send()
            .await
            .unwrap();
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self
            .http
            .get(format!("{}{path}", self.sandbox.url))
            .send()
            .await
            .unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    /// What Zoho received: `GET /api/v1/tickets?limit=6 orgId=...`, a line a request.
    pub(crate) async fn seen(&self) -> Vec<String> {
        let log = self.get("/__sandbox/log").await;
        let line = |entry: &Value| {
            let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
            let org = if text("org").is_empty() {
                String::new()
            } else {
                format!("  orgId={}", text("org"))
            };
            format!("{} {}{org} -> {}", text("m"), text("u"), entry["status"])
        };
        log.as_array()
            .unwrap()
            .iter()
            .filter(|entry| !is_control(entry))
            .map(line)
            .collect()
    }
}

fn is_control(entry: &Value) -> bool {
    entry["u"]
        .as_str()
        .is_some_and(|url| url.starts_with("/__sandbox"))
}

/// A user as a transport names them.
pub(crate) fn principal(user: &str) -> Principal {
    Principal {
        caller: Caller::User(user.to_owned()),
        connection: None,
    }
}

/// A client that writes and reads JSON-RPC lines, so that a test says what is on the wire.
pub(crate) struct Wire {
    reader: BufReader<ReadHalf<DuplexStream>>,
    writer: WriteHalf<DuplexStream>,
    next_id: u64,
    /// Notifications that came before the last answer.
    pub notifications: Vec<Value>,
}

impl Wire {
    /// Serves the tools to [`USER`] and shakes hands as a client of 2025-11-25.
    pub(crate) async fn start(tools: Arc<Tools>) -> Self {
        Wire::start_as(USER, Server::new(tools)).await
    }

    /// Serves a user and shakes hands as a client of 2025-11-25.
    pub(crate) async fn start_as(user: &str, server: Server) -> Self {
        let mut wire = Wire::open(principal(user), server);
        wire.shake_hands(json!({})).await;
        wire
    }

    /// Serves whoever the configuration names and shakes hands as a client of 2025-11-25.
    pub(crate) async fn serving(assembled: Assembled) -> Self {
        let mut wire = Wire::open(assembled.principal, Server::new(assembled.tools));
        wire.shake_hands(json!({})).await;
        wire
    }

    /// A line of [`USER`] to a server, nothing said yet.
    pub(crate) fn to(server: Server) -> Self {
        Wire::open(principal(USER), server)
    }

    fn open(principal: Principal, server: Server) -> Self {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let (their_reader, their_writer) = split(theirs);
        tokio::spawn(stdio::serve(
            server,
            principal,
            their_reader,
            their_writer,
            CancellationToken::new(),
        ));
        let (reader, writer) = split(ours);
        Wire {
            reader: BufReader::new(reader),
            writer,
            next_id: 0,
            notifications: Vec::new(),
        }
    }

    /// The handshake of 2025-11-25.
    pub(crate) async fn shake_hands(&mut self, capabilities: Value) {
        let client = json!({
            "protocolVersion": "2025-11-25",
            "capabilities": capabilities,
            "clientInfo": { "name": "test", "version": "1" }
        });
        self.request("initialize", &client.to_string()).await;
        self.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
            .await;
    }

    pub(crate) async fn send(&mut self, line: impl AsRef<[u8]>) {
        self.writer.write_all(line.as_ref()).await.unwrap();
        self.writer.write_all(b"\n").await.unwrap();
    }

    /// Closes the client's end; answers still come.
    pub(crate) async fn leave(&mut self) {
        self.writer.shutdown().await.unwrap();
    }

    pub(crate) async fn receive(&mut self) -> Value {
        let mut line = String::new();
        assert!(
            self.reader.read_line(&mut line).await.unwrap() > 0,
            "the server closed the connection"
        );
        serde_json::from_str(&line).unwrap()
    }

    /// Sends a request whose `params` are the given text, and gives the whole answer.
    pub(crate) async fn request(&mut self, method: &str, params: &str) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&format!(
            r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#
        ))
        .await;
        self.notifications.clear();
        loop {
            let message = self.receive().await;
            if message["id"] == json!(id) {
                return message;
            }
            self.notifications.push(message);
        }
    }

    /// Calls a tool with the arguments as the caller wrote them.
    pub(crate) async fn call_text(&mut self, tool: &str, arguments: &str) -> Value {
        let name = Value::String(tool.to_owned());
        let meta = r#"{"progressToken":"p1"}"#;
        let params = if arguments.is_empty() {
            format!(r#"{{"_meta":{meta},"name":{name}}}"#)
        } else {
            format!(r#"{{"_meta":{meta},"name":{name},"arguments":{arguments}}}"#)
        };
        self.request("tools/call", &params).await
    }

    /// Calls a tool and gives what the model reads: the text block as JSON.
    pub(crate) async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.call_text(tool, &arguments.to_string()).await;
        model_reads(&answer)
    }
}

/// The text block of a tool result as JSON; a protocol error as it is.
pub(crate) fn model_reads(answer: &Value) -> Value {
    match answer["result"]["content"][0]["text"].as_str() {
        Some(text) => serde_json::from_str(text).unwrap(),
        None => answer["error"].clone(),
    }
}

/// The ids of the rows of one answer, of ours or of Zoho's.
pub(crate) fn ids(answer: &Value) -> Vec<String> {
    let rows = answer["data"].as_array().into_iter().flatten();
    rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}
