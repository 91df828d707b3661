//! An entry of this name that starts something else, or reaches an address, is somebody's: Zoho's own servers are reached so.
//! Their forms are those of the assistants' documents: `url` (Cursor, VS Code, Claude Code, Codex, OpenCode, Zed, Copilot CLI),
//! `httpUrl` (Gemini CLI), `serverUrl` (Windsurf), `uri` (Goose).
//! REAL CLOCK: no time is of any account to it.

use std::fs;

use super::{FILES, run, written};

const FOREIGN: [(&str, &str); 14] = [
    (
        "claude-desktop",
        r#"{"mcpServers":{"zoho":{"command":"npx","args":["mcp-remote","https://zoho.example/mcp"]}}}"#,
    ),
    (
        "claude-code",
        r#"{"mcpServers":{"zoho":{"type":"http","url":"https://zoho.example/mcp"}}}"#,
    ),
    (
        "vscode",
        r#"{"servers":{"zoho":{"type":"http","url":"https://zoho.example/mcp"}}}"#,
    ),
    (
        "cursor",
        r#"{"mcpServers":{"zoho":{"url":"https://zoho.example/mcp"}}}"#,
    ),
    (
        "codex",
        "[mcp_servers.zoho]\nurl = \"https://zoho.example/mcp\"\n",
    ),
    (
        "codex",
        "[mcp_servers.zoho]\ncommand = \"zoho-mcp\"\nurl = \"https://zoho.example/mcp\"\n",
    ),
    (
        "gemini",
        r#"{"mcpServers":{"zoho":{"httpUrl":"https://zoho.example/mcp"}}}"#,
    ),
    (
        "goose",
        "extensions:\n  zoho:\n    type: streamable_http\n    uri: https://zoho.example/mcp\n",
    ),
    (
        "windsurf",
        r#"{"mcpServers":{"zoho":{"serverUrl":"https://zoho.example/mcp","disabled":true}}}"#,
    ),
    (
        "zed",
        r#"{"context_servers":{"zoho":{"url":"https://zoho.example/mcp"}}}"#,
    ),
    (
        "opencode",
        r#"{"mcp":{"zoho":{"type":"remote","url":"https://zoho.example/mcp","headers":{"A":"b"}}}}"#,
    ),
    (
        "opencode",
        r#"{"mcp":{"zoho":{"type":"local","command":["npx","zoho"]}}}"#,
    ),
    (
        "copilot",
        r#"{"mcpServers":{"zoho":{"type":"http","url":"https://zoho.example/mcp","tools":["*"]}}}"#,
    ),
    ("cursor", r#"{"mcpServers":{"zoho":"npx zoho"}}"#),
];

#[test]
fn another_server_of_this_name_is_neither_changed_nor_taken_out_nor_taken_for_this_one() {
    for (name, text) in FOREIGN {
        let home = tempfile::tempdir().unwrap();
        let (_, file, _) = FILES.iter().find(|(known, ..)| *known == name).unwrap();
        let path = written(home.path(), file, text);
        let ran = run(home.path(), &[name, "--yes"]);
        assert!(ran.failed().contains("is another server"), "{name}: {ran:?}");
        let ran = run(home.path(), &[name, "--remove", "--yes"]);
        assert!(ran.ok && ran.told.contains("another one"), "{name}: {ran:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "{name}");
        let beside = fs::read_dir(path.parent().unwrap()).unwrap();
        let copies = beside.filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().contains("before-zoho-mcp")
        });
        assert_eq!(copies.count(), 0, "{name}: nothing was replaced, nothing is kept");
        let listed = run(home.path(), &["--json"]).json();
        let row = listed.as_array().unwrap().iter().find(|row| row["name"] == name);
        let state = &row.unwrap()["state"];
        assert_eq!(*state, "has another server of this name", "{name}");
    }
}

#[test]
fn an_entry_that_starts_this_program_from_anywhere_is_this_server_s() {
    let home = tempfile::tempdir().unwrap();
    for command in ["zoho-mcp", "/old/place/zoho-mcp", r"C:\\Tools\\zoho-mcp.exe"] {
        let text = format!(r#"{{"mcpServers":{{"zoho":{{"command":"{command}"}}}}}}"#);
        let path = written(home.path(), ".cursor/mcp.json", &text);
        assert!(run(home.path(), &["cursor", "--yes"]).ok);
        let new = fs::read_to_string(&path).unwrap();
        assert!(new.contains(env!("CARGO_BIN_EXE_zoho-mcp")), "{command}: {new}");
    }
}
