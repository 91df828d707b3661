//! A user account with nothing in it but the program: from `install` to the first answer, each assistant's file read as the
//! assistant reads it, and its server started as it would start it.
//! REAL CLOCK: no time is of any account to it.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::broken::read;
use super::run;
use crate::processes::Process;

#[test]
fn what_is_installed_is_started_by_each_assistant_and_answers() {
    let home = tempfile::tempdir().unwrap();
    for (name, at) in [
        ("claude-desktop", "mcpServers"),
        ("claude-code", "mcpServers"),
        ("vscode", "servers"),
        ("cursor", "mcpServers"),
        ("codex", "mcp_servers"),
        ("gemini", "mcpServers"),
        ("goose", "extensions"),
        ("windsurf", "mcpServers"),
        ("zed", "context_servers"),
        ("opencode", "mcp"),
        ("copilot", "mcpServers"),
    ] {
        let ran = run(home.path(), &[name, "--yes", "--sandbox"]);
        assert!(ran.ok, "{name}: {ran:?}");
        let told = run(home.path(), &[name, "--print", "--json"]).json();
        let text = fs::read_to_string(told[0]["file"].as_str().unwrap()).unwrap();
        let entry = &read(name, &text)[at]["zoho"];
        let words = [&entry["command"], &entry["cmd"], &entry["args"]];
        let words = words.iter().flat_map(|value| match value {
            Value::Array(words) => words.clone(),
            Value::Null => Vec::new(),
            word => vec![(*word).clone()],
        });
        let words: Vec<String> = words.map(|word| word.as_str().unwrap().to_owned()).collect();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env_clear().env("HOME", home.path());
        command.stdout(Stdio::piped());
        let mut server = Process::start(command);
        server.shake_hands();
        let answer = server.call("get_records", &json!({ "module": "Cases", "limit": 2 }));
        assert_eq!(answer["count"], 2, "{name}: {answer}");
        server.leave();
        assert!(server.child.wait().unwrap().success(), "{name}");
    }
}
