//! An entry of this name that starts something else, or reaches an address, is somebody's: Zoho's own servers are reached so.
//! Their forms are those of the assistants' documents: `url` (Cursor, VS Code, Claude Code, Codex, OpenCode, Zed, Copilot CLI),
//! `httpUrl` (Gemini CLI), `serverUrl` (Windsurf), `uri` (Goose).
//! REAL CLOCK: no time is of any account to it.

use std::fs;

use serde_json::{Value, json};

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
        assert_eq!(*state, "has another `zoho`", "{name}");
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

/// Who installs again without saying them has not said that they are to go.
#[test]
fn an_entry_keeps_its_options_unless_others_are_said_in_their_place() {
    for (name, file, text) in FILES {
        let home = tempfile::tempdir().unwrap();
        let path = written(home.path(), file, text);
        let entry = |arguments: &[&str]| {
            let ran = run(home.path(), &[&[name, "--yes"], arguments].concat());
            assert!(ran.ok, "{name}: {ran:?}");
            (ran.told, fs::read_to_string(&path).unwrap())
        };
        let (_, first) = entry(&["--sandbox", "--files", "/srv/one", "--toolsets", "records"]);
        let (told, again) = entry(&[]);
        assert_eq!(first, again, "{name}");
        assert!(
            told.contains("--sandbox=yes") && told.contains("--files=/srv/one"),
            "{name}: {told}"
        );
        let (told, changed) = entry(&["--files", "/srv/two", "--sandbox-url", "http://127.0.0.1:9"]);
        for (option, is_there) in [
            ("--sandbox=yes", false),
            ("--sandbox-url=http://127.0.0.1:9", true),
            ("--files=/srv/one", false),
            ("--files=/srv/two", true),
            ("--toolsets=records", true),
        ] {
            assert_eq!(changed.contains(option), is_there, "{name}, {option}: {changed}");
        }
        assert!(told.contains("It keeps --toolsets=records"), "{name}: {told}");
    }
}

/// As a person writes them: the value behind the option.
#[test]
fn an_option_with_its_value_behind_it_is_one() {
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_zoho-mcp");
    let text = format!(
        "{{ \"mcpServers\": {{ \"zoho\": {{ \"command\": {program:?}, \"args\": [\"--sandbox\", \"--files\", \"/srv/one\", \"stdio\"] }} }} }}"
    );
    let path = written(home.path(), ".cursor/mcp.json", &text);
    assert!(run(home.path(), &["cursor", "--yes", "--files", "/srv/two"]).ok);
    let text: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(
        text["mcpServers"]["zoho"]["args"],
        json!(["--sandbox", "--files=/srv/two", "stdio", "--keyring=no"])
    );
}

#[test]
fn what_is_written_above_a_key_of_an_entry_stays() {
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_zoho-mcp");
    let text = "[mcp_servers.zoho]\n# of mine\ncommand = \"/old/zoho-mcp\"\n# read alone\nargs = [\"--read-only=yes\"] # so far\n";
    let path = written(home.path(), ".codex/config.toml", text);
    assert!(run(home.path(), &["codex", "--yes"]).ok);
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        format!(
            "[mcp_servers.zoho]\n# of mine\ncommand = \"{program}\"\n# read alone\nargs = [\"--read-only=yes\", \"--keyring=no\"] # so far\n"
        )
    );
}

#[test]
fn the_command_of_an_assistant_is_told_where_it_has_one() {
    let home = tempfile::tempdir().unwrap();
    let command = |name: &str| {
        let told = run(home.path(), &[name, "--print", "--json", "--read-only"]).json();
        told[0]["command"].as_str().unwrap().to_owned()
    };
    let program = env!("CARGO_BIN_EXE_zoho-mcp");
    // Gemini CLI takes what begins with a dash for its own, but for what stands behind two of them (its docs/tools/mcp-server.md).
    assert_eq!(
        command("gemini"),
        format!("gemini mcp add --scope user zoho {program} -- --keyring=no --read-only=yes")
    );
    assert!(command("vscode").starts_with("code --add-mcp '{\"name\":\"zoho\","));
    assert!(command("codex").starts_with("codex mcp add zoho -- "));
}

/// What is shown is what stands there, in the order it stands in.
#[test]
fn an_entry_is_shown_as_it_stands() {
    let home = tempfile::tempdir().unwrap();
    let text = "[mcp_servers.zoho]\nstartup_timeout_sec = 20\ncommand = \"/old/zoho-mcp\"\nargs = [\"--user\", \"me\"]\n";
    written(home.path(), ".codex/config.toml", text);
    let shown = run(home.path(), &["codex", "--remove", "--yes"]).out;
    let lines: Vec<&str> = shown.lines().filter_map(|line| line.strip_prefix('-')).collect();
    assert_eq!(lines, text.lines().collect::<Vec<_>>(), "{shown}");
}
