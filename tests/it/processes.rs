//! Many servers at once: each the real binary, spoken to over its pipes, all on one database and one sandbox.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER, model_reads, statement};

/// A bed and the database its processes share.
pub(crate) struct Ground {
    pub(crate) bed: Bed,
    postgres: Option<String>,
}

impl Ground {
    /// On a SQLite file, and where PostgreSQL is installed a second one on that.
    pub(crate) async fn both() -> Vec<Ground> {
        let mut grounds = vec![Ground {
            bed: Bed::empty(Options::default()).await,
            postgres: None,
        }];
        if let Some(url) = crate::postgres::fresh_database() {
            grounds.push(Ground {
                bed: Bed::empty(Options::default()).await,
                postgres: Some(url),
            });
        }
        grounds
    }

    /// The same with a connection of [`USER`] that has been used once.
    pub(crate) async fn both_connected() -> Vec<Ground> {
        let grounds = Ground::both().await;
        for ground in &grounds {
            ground.run(&["connect"]).succeeded();
            ground.bed.forget().await;
        }
        grounds
    }

    pub(crate) fn name(&self) -> &'static str {
        if self.postgres.is_some() {
            "PostgreSQL"
        } else {
            "SQLite"
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bed.command(arguments);
        if let Some(url) = &self.postgres {
            command
                .env("ZOHO_MCP_DATABASE_URL", url)
                .env("ZOHO_MCP_KEY", "5f".repeat(32));
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> crate::commands::Ran {
        crate::commands::finished(self.command(arguments), "")
    }

    /// Runs one statement on the table; see [`statement`].
    pub(crate) async fn sql(&self, text: &str) {
        match &self.postgres {
            None => {
                self.bed.sql(text).await;
            }
            Some(url) => {
                let mut database = PgConnection::connect(url).await.unwrap();
                sqlx::query(statement(text)).execute(&mut database).await.unwrap();
                database.close().await.unwrap();
            }
        }
    }

    pub(crate) async fn expire_token(&self) {
        self.sql("UPDATE zoho_connections SET token_expires_at = NOW - 10")
            .await;
    }

    pub(crate) async fn token_calls(&self) -> u64 {
        self.bed.get("/__sandbox/stats").await["token_calls"]
            .as_u64()
            .unwrap()
    }

    /// Servers that have shaken hands, ready for calls.
    pub(crate) fn servers(&self, count: usize) -> Vec<Process> {
        let mut servers: Vec<Process> = (0..count)
            .map(|_| Process::start(self.command(&["stdio"])))
            .collect();
        servers.iter_mut().for_each(Process::shake_hands);
        servers
    }
}

/// One server.
pub(crate) struct Process {
    pub(crate) child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Process {
    pub(crate) fn start(mut command: Command) -> Self {
        let spawned = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = spawned.unwrap();
        Process {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    pub(crate) fn shake_hands(&mut self) {
        let client = json!({ "name": USER, "version": "1" });
        let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
        self.send(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello }));
        self.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        self.receive();
    }

    pub(crate) fn send(&mut self, message: &Value) {
        writeln!(self.input.as_ref().unwrap(), "{message}").unwrap();
    }

    /// Closes the client's end.
    pub(crate) fn leave(&mut self) {
        self.input = None;
    }

    pub(crate) fn receive(&mut self) -> Value {
        let mut line = String::new();
        assert!(
            self.output.read_line(&mut line).unwrap() > 0,
            "the server is gone"
        );
        serde_json::from_str(&line).unwrap()
    }

    /// What the model reads of one call, made alone.
    pub(crate) fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let params = json!({ "name": tool, "arguments": arguments });
        self.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }));
        model_reads(&self.receive())
    }

    /// Sends that many calls for cases, without waiting for answers.
    pub(crate) fn ask(&mut self, calls: usize) {
        for id in 1..=calls {
            let params = json!({ "name": "get_records", "arguments": { "module": "Cases", "limit": 2 } });
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params }));
        }
    }

    /// What the model reads of the calls sent, in the order they end.
    pub(crate) fn read(&mut self, calls: usize) -> Vec<Value> {
        (0..calls).map(|_| model_reads(&self.receive())).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
