//! The server as clients of other languages start it: pipes from Python, sockets from Node, terminals, files. It
//! answers on all of them, writes nothing but MCP to its standard output, and every way to end it is exit 0.
//!
//! REAL CLOCK: assistants start it without a sandbox.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::commands::{as_arguments, bare};
use crate::require::{Tool, foreign, require};

/// Who starts the server, and what it gets as standard input and output.
#[derive(Clone, Copy)]
enum Client {
    Python(&'static str),
    Node,
}

struct Outcome {
    exit: Value,
    messages: Vec<Value>,
    stderr: String,
}

impl Outcome {
    #[track_caller]
    fn answer(&self, id: u64) -> &Value {
        let found = self.messages.iter().find(|message| message["id"] == id);
        let found =
            found.unwrap_or_else(|| panic!("no answer to {id}: {:?}\n{}", self.messages, self.stderr));
        &found["result"]
    }

    #[track_caller]
    fn ended_well(&self) {
        assert_eq!(self.exit, 0, "{:?}\n{}", self.messages, self.stderr);
    }
}

/// Sends `messages` to a server that knows nothing of this machine's configuration, and ends it by `end`. `None`
/// (told) where the client's language is not installed.
#[track_caller]
fn drive(client: Client, end: &str, options: &[&str], messages: &[Value]) -> Option<Outcome> {
    let clients = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/clients");
    let home = TempDir::new().unwrap();
    let (program, arguments) = match client {
        Client::Python(streams) => (
            Tool::Python,
            vec![format!("{clients}/spawn.py"), streams.to_owned()],
        ),
        Client::Node => (Tool::Node, vec![format!("{clients}/spawn.mjs")]),
    };
    let mut script = foreign(require(program)?);
    script.args(arguments).args([end, "--", "/usr/bin/env", "-i"]);
    script.args(as_arguments(&bare(home.path(), options)));
    let mut script = script
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = messages.iter().map(|message| format!("{message}\n")).collect();
    script.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = script.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {told}"));
    let lines = report["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap());
    let messages = lines.map(message_on).collect();
    let stderr = report["stderr"].as_str().unwrap().to_owned();
    Some(Outcome {
        exit: report["exit"].clone(),
        messages,
        stderr,
    })
}

#[track_caller]
fn message_on(line: &str) -> Value {
    let message: Value =
        serde_json::from_str(line).unwrap_or_else(|e| panic!("not MCP on stdout: {e}: {line}"));
    assert_eq!(message["jsonrpc"], "2.0", "{line}");
    message
}

/// The older handshake, then tools/list; all at once, as a file brings it.
fn handshake() -> Vec<Value> {
    let client = json!({ "name": "spawn", "version": "1" });
    let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
    vec![
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {} }),
    ]
}

/// A request of the revision without a handshake.
fn modern(id: u64, method: &str) -> Value {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { "name": "spawn", "version": "1" },
    });
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": { "_meta": meta } })
}

#[track_caller]
fn answers(client: Client, end: &str, options: &[&str]) {
    let Some(outcome) = drive(client, end, options, &handshake()) else {
        return;
    };
    let hello = outcome.answer(1);
    assert_eq!(hello["serverInfo"]["name"], "zoho-mcp", "{hello}");
    assert_eq!(hello["protocolVersion"], "2025-11-25", "{hello}");
    lists_tools(outcome.answer(2));
    outcome.ended_well();
}

#[track_caller]
fn lists_tools(list: &Value) {
    let tools = list["tools"]
        .as_array()
        .unwrap_or_else(|| panic!("no tools: {list}"));
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert!(names.contains(&"get_records"), "{names:?}");
}

#[test]
fn pipes_from_python() {
    answers(Client::Python("pipes"), "eof", &[]);
}

#[test]
fn sockets_from_python() {
    answers(Client::Python("sockets"), "eof", &[]);
}

#[test]
fn sockets_from_node() {
    answers(Client::Node, "eof", &[]);
}

#[test]
fn a_terminal() {
    answers(Client::Python("terminal"), "eof", &[]);
}

#[test]
fn a_file_in_and_a_file_out() {
    answers(Client::Python("file"), "eof", &[]);
}

#[test]
fn the_subcommand_is_the_default() {
    answers(Client::Python("pipes"), "eof", &["stdio"]);
}

#[test]
fn the_loudest_log_leaves_stdout_alone() {
    answers(Client::Python("pipes"), "eof", &["--log-level", "trace"]);
}

#[test]
fn sigterm_is_a_good_end() {
    for client in [
        Client::Python("pipes"),
        Client::Python("sockets"),
        Client::Python("terminal"),
        Client::Node,
    ] {
        answers(client, "term", &[]);
    }
}

#[test]
fn a_terminal_that_goes_away_is_a_good_end() {
    answers(Client::Python("pipes"), "hup", &[]);
    answers(Client::Python("pipes"), "hup", &["--sandbox"]);
}

#[test]
fn sigint_is_a_good_end() {
    for client in [
        Client::Python("pipes"),
        Client::Python("sockets"),
        Client::Python("terminal"),
        Client::Node,
    ] {
        answers(client, "int", &[]);
    }
}

#[test]
fn a_client_that_reads_no_more_is_a_good_end() {
    for client in [Client::Python("pipes"), Client::Python("sockets"), Client::Node] {
        answers(client, "close-stdout", &[]);
    }
}

#[test]
fn a_client_that_only_probes_is_no_error() {
    for client in [Client::Python("pipes"), Client::Python("file"), Client::Node] {
        let Some(outcome) = drive(client, "eof", &[], &[modern(1, "server/discover")]) else {
            continue;
        };
        let versions = outcome.answer(1)["supportedVersions"]
            .as_array()
            .expect("versions");
        assert!(versions.contains(&json!("2026-07-28")), "{versions:?}");
        outcome.ended_well();
    }
}

#[test]
fn a_client_that_says_nothing_is_no_error() {
    for client in [
        Client::Python("pipes"),
        Client::Python("terminal"),
        Client::Python("file"),
        Client::Node,
    ] {
        let Some(outcome) = drive(client, "eof", &[], &[]) else {
            continue;
        };
        assert_eq!(outcome.messages, Vec::<Value>::new());
        outcome.ended_well();
    }
}

#[test]
fn tools_are_listed_without_a_handshake() {
    for client in [Client::Python("pipes"), Client::Node] {
        let Some(outcome) = drive(client, "eof", &[], &[modern(7, "tools/list")]) else {
            continue;
        };
        lists_tools(outcome.answer(7));
        outcome.ended_well();
    }
}
