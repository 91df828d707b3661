//! `install`: an assistant's file gets one entry, everything else in it stays as the person wrote it. The shapes of the
//! files are those their programs write (npm `add-mcp` 2.4.0, which writes all of them; Codex's `config.toml`, Goose's
//! `config.yaml` and VS Code's `mcp.json` as their documents show them).
//! REAL CLOCK: no time is of any account to it.

mod broken;
mod fresh;
mod kept;
mod others;
mod places;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use jsonc_parser::cst::CstRootNode;
use serde_json::{Value, json};

use crate::commands::{Ran, bare, finished};

fn run(home: &Path, arguments: &[&str]) -> Ran {
    finished(bare(home, &[&["install"], arguments].concat()), "")
}

/// Name, file below the home directory, a file as its program and a person leave it, and what must stay in it.
const FILES: [(&str, &str, &str); 11] = [
    (
        "claude-desktop",
        ".config/Claude/claude_desktop_config.json",
        "{\n  \"globalShortcut\": \"Ctrl+Space\",\n  \"mcpServers\": {\n    \"files\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"x\"]\n    }\n  }\n}",
    ),
    (
        "claude-code",
        ".claude.json",
        "{\"numStartups\":3,\"projects\":{\"/w\":{\"mcpServers\":{}}}}",
    ),
    (
        "vscode",
        ".config/Code/User/mcp.json",
        "{\n\t// of the team\n\t\"inputs\": [],\n\t\"servers\": {\n\t\t\"one\": { \"type\": \"http\", \"url\": \"https://one.example\" }, // keep\n\t},\n}\n",
    ),
    ("cursor", ".cursor/mcp.json", "{ \"mcpServers\": {} }\n"),
    (
        "codex",
        ".codex/config.toml",
        "# mine\nmodel = \"gpt\" # the good one\n\n[mcp_servers.docs]\ncommand = \"docs\"\n\n[projects.\"/w\"]\ntrust_level = \"trusted\"\n",
    ),
    (
        "gemini",
        ".gemini/settings.json",
        "{\n  // mine\n  \"security\": { \"auth\": { \"selectedType\": \"oauth-personal\" } },\n  \"mcpServers\": {\n    \"one\": { \"httpUrl\": \"https://one.example/mcp\" }\n  }\n}\n",
    ),
    (
        "goose",
        ".config/goose/config.yaml",
        "# mine\nGOOSE_MODEL: gpt # the good one\nextensions:\n  developer:\n    bundled: true\n    enabled: true\n    name: developer\n    type: builtin\n",
    ),
    (
        "windsurf",
        ".codeium/windsurf/mcp_config.json",
        "{\n  \"mcpServers\": {\n    \"one\": { \"serverUrl\": \"https://one.example/mcp\", \"disabled\": true }\n  }\n}\n",
    ),
    (
        "copilot",
        ".copilot/mcp-config.json",
        "{\n  \"mcpServers\": {\n    \"one\": { \"type\": \"http\", \"url\": \"https://one.example/mcp\", \"tools\": [\"*\"] }\n  }\n}\n",
    ),
    (
        "zed",
        ".config/zed/settings.json",
        "// Zed settings\n{\n  \"theme\": \"One\", // dark\n  \"context_servers\": {},\n}\n",
    ),
    (
        "opencode",
        ".config/opencode/opencode.json",
        "{\n  \"$schema\": \"https://opencode.ai/config.json\"\n}\n",
    ),
];

fn written(home: &Path, file: &str, text: &str) -> PathBuf {
    let path = home.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

/// Every line that a person wrote is there, in its order, but for a comma or a bracket that had to be opened.
fn keeps(old: &str, new: &str) -> bool {
    let mut lines = new.lines();
    let plain = |line: &str| {
        line.trim()
            .trim_end_matches([',', '{', '}', '[', ']', ' '])
            .to_owned()
    };
    old.lines()
        .map(plain)
        .filter(|line| !line.is_empty())
        .all(|line| lines.any(|new| plain(new).contains(&line)))
}

/// What JSON with comments says, but for this server and a table of servers that holds nothing else.
fn without_us(text: &str) -> Value {
    let mut all: Value = CstRootNode::parse(text, &Default::default())
        .unwrap()
        .to_serde_value()
        .unwrap();
    for at in ["mcpServers", "servers", "context_servers", "mcp"] {
        let Some(servers) = all.get_mut(at).and_then(Value::as_object_mut) else {
            continue;
        };
        servers.remove("zoho");
        if servers.is_empty() {
            all.as_object_mut().unwrap().remove(at);
        }
    }
    all
}

#[test]
fn one_entry_comes_and_goes_and_all_else_stays_as_it_was_written() {
    for (name, file, text) in FILES {
        let home = tempfile::tempdir().unwrap();
        let path = written(home.path(), file, text);
        let ran = run(
            home.path(),
            &[name, "--yes", "--read-only", "--files", "/srv/Out, 2026"],
        );
        assert!(ran.ok, "{name}: {ran:?}");
        let new = fs::read_to_string(&path).unwrap();
        if text.contains('\n') {
            assert!(keeps(text, &new), "{name}: {new}");
        }
        if !file.ends_with("toml") && !file.ends_with("yaml") {
            assert_eq!(without_us(&new), without_us(text), "{name}: {new}");
        }
        let program = env!("CARGO_BIN_EXE_zoho-mcp");
        for part in [program, "--read-only=yes", "--files=/srv/Out, 2026"] {
            assert!(new.contains(part), "{name}: {part} in {new}");
        }
        let backup = format!("{}.before-zoho-mcp", path.display());
        assert_eq!(fs::read_to_string(&backup).unwrap(), text, "{name}");
        let again = run(
            home.path(),
            &[name, "--yes", "--read-only", "--files", "/srv/Out, 2026"],
        );
        assert!(again.told.contains("already"), "{name}: {again:?}");
        let listed = run(home.path(), &["--json"]).json();
        let row = listed
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["name"] == name)
            .unwrap();
        assert_eq!(row["state"], "knows this server", "{name}");
        assert!(run(home.path(), &[name, "--remove", "--yes"]).ok);
        let gone = fs::read_to_string(&path).unwrap();
        assert!(!gone.contains(program), "{name}: {gone}");
        match file.rsplit('.').next() {
            Some("toml" | "yaml") => assert_eq!(gone, text, "{name}"),
            _ => assert_eq!(without_us(&gone), without_us(text), "{name}: {gone}"),
        }
        assert_eq!(
            fs::read_to_string(&backup).unwrap(),
            text,
            "{name}: as it was without us"
        );
        assert_eq!(listed.as_array().unwrap().len(), 11);
    }
}

/// Files of strict JSON stay strict: Claude Desktop, Cursor and Claude Code read no comments and no trailing commas.
#[test]
fn strict_files_stay_strict_and_what_a_person_added_to_the_entry_stays() {
    let home = tempfile::tempdir().unwrap();
    for (name, file, text) in FILES
        .iter()
        .filter(|(name, ..)| name.starts_with("claude") || *name == "cursor")
    {
        let path = written(home.path(), file, text);
        assert!(run(home.path(), &[name, "--yes"]).ok);
        let read: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(
            read["mcpServers"]["zoho"]["command"],
            env!("CARGO_BIN_EXE_zoho-mcp"),
            "{name}"
        );
    }
    let own = json!({ "mcpServers": { "zoho": { "command": "/old/zoho-mcp", "env": { "A": "1" }, "disabled": true } } });
    let path = written(home.path(), ".cursor/mcp.json", &own.to_string());
    assert!(run(home.path(), &["cursor", "--yes", "--user", "anna"]).ok);
    let read: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let entry = &read["mcpServers"]["zoho"];
    assert_eq!(entry["args"], json!(["--user=anna", "--keyring=no"]));
    assert_eq!(
        (&entry["env"]["A"], &entry["disabled"]),
        (&json!("1"), &json!(true))
    );
}

#[test]
fn a_file_that_is_not_what_it_should_be_is_left_alone_and_so_is_one_nobody_agreed_to() {
    let home = tempfile::tempdir().unwrap();
    for (file, text) in [
        (".cursor/mcp.json", "{\"mcpServers\": "),
        (".cursor/mcp.json", "{\"mcpServers\": 3}"),
        (".cursor/mcp.json", "[]"),
        (".codex/config.toml", "mcp_servers = 3\n"),
        (".config/goose/config.yaml", "extensions: 3\n"),
    ] {
        let path = written(home.path(), file, text);
        let name = if file.contains("codex") {
            "codex"
        } else if file.contains("goose") {
            "goose"
        } else {
            "cursor"
        };
        let ran = run(home.path(), &[name, "--yes"]);
        assert!(ran.failed().contains(file), "{ran:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    let path = written(home.path(), ".cursor/mcp.json", "{}");
    let ran = run(home.path(), &["cursor"]);
    assert!(ran.failed().contains("--yes"), "{ran:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "{}");
    assert!(
        run(home.path(), &["curser"])
            .failed()
            .contains("did you mean cursor")
    );
}

#[test]
fn links_stay_links_modes_stay_modes_and_all_means_those_that_are_here() {
    let home = tempfile::tempdir().unwrap();
    let real = written(home.path(), "dots/mcp.json", "{}\n");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    fs::create_dir_all(home.path().join(".cursor")).unwrap();
    std::os::unix::fs::symlink(&real, home.path().join(".cursor/mcp.json")).unwrap();
    fs::create_dir_all(home.path().join(".gemini")).unwrap();
    assert!(run(home.path(), &["all", "--yes"]).ok);
    assert!(
        fs::symlink_metadata(home.path().join(".cursor/mcp.json"))
            .unwrap()
            .is_symlink()
    );
    assert!(fs::read_to_string(&real).unwrap().contains("zoho"));
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    let made = home.path().join(".gemini/settings.json");
    assert_eq!(fs::metadata(&made).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(
        !home.path().join(".codex").exists(),
        "an assistant that is not here gets no file"
    );
}

#[test]
fn what_is_printed_is_the_block_alone_with_the_link_and_the_command_that_do_the_same() {
    let home = tempfile::tempdir().unwrap();
    let block = run(home.path(), &["cursor", "--print"]);
    let read: Value = serde_json::from_str(&block.out).unwrap();
    assert!(read["mcpServers"]["zoho"]["command"].is_string());
    assert!(
        block
            .told
            .contains("cursor://anysphere.cursor-deeplink/mcp/install?name=zoho&config=")
    );
    let code = run(home.path(), &["vscode", "claude-code", "--print", "--json"]).json();
    let link = code[0]["link"]
        .as_str()
        .unwrap()
        .strip_prefix("vscode:mcp/install?")
        .unwrap();
    let named = percent_encoding::percent_decode_str(link).decode_utf8().unwrap();
    let named: Value = serde_json::from_str(&named).unwrap();
    assert_eq!(named["name"], "zoho");
    assert!(
        code[1]["command"]
            .as_str()
            .unwrap()
            .starts_with("claude mcp add --scope user zoho -- ")
    );
    assert!(
        fs::read_dir(home.path()).unwrap().next().is_none(),
        "nothing was changed"
    );
}

/// A secret that only this terminal knows is no argument: the assistant would not have it, and its file would.
#[test]
fn secrets_of_this_terminal_are_told_and_not_written() {
    let home = tempfile::tempdir().unwrap();
    let mut command = bare(home.path(), &["install", "cursor", "--yes"]);
    command
        .env("ZOHO_MCP_CLIENT_ID", "1000.abc")
        .env("ZOHO_MCP_CLIENT_SECRET", "very-secret-word");
    command.env(
        "ZOHO_MCP_DATABASE_URL",
        "postgres://anna:very-secret-word@db.example/zoho",
    );
    command.env("ZOHO_MCP_TIMEZONE", "Europe/Berlin");
    let ran = finished(command, "");
    assert!(ran.ok, "{ran:?}");
    let text = fs::read_to_string(home.path().join(".cursor/mcp.json")).unwrap();
    assert!(!text.contains("very-secret-word"), "{text}");
    assert!(text.contains("--timezone=Europe/Berlin"), "{text}");
    for name in ["ZOHO_MCP_CLIENT_ID", "ZOHO_MCP_DATABASE_URL"] {
        assert!(ran.told.contains(name), "{name}: {ran:?}");
    }
}

#[test]
fn a_comment_beside_a_member_stays_and_what_is_right_is_left_as_it_is_written() {
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_zoho-mcp");
    let toml = "[mcp_servers.zoho]\ncommand = \"/old/zoho-mcp\" # mine\n";
    let path = written(home.path(), ".codex/config.toml", toml);
    assert!(run(home.path(), &["codex", "--yes"]).ok);
    let new = fs::read_to_string(&path).unwrap();
    assert!(new.contains(&format!("command = \"{program}\" # mine")), "{new}");
    let json = format!(
        "{{\"servers\":{{\"zoho\":{{\"type\":\"stdio\",\"command\":\"{program}\",\"args\":[\n \"--keyring=no\" // so\n]}}}}}}"
    );
    written(home.path(), ".config/Code/User/mcp.json", &json);
    let ran = run(home.path(), &["vscode", "--yes"]);
    assert!(ran.told.contains("already"), "{ran:?}");
}

#[test]
fn one_file_that_cannot_be_changed_keeps_no_other_from_its_turn() {
    let home = tempfile::tempdir().unwrap();
    written(home.path(), ".cursor/mcp.json", "[]");
    let path = written(home.path(), ".gemini/settings.json", "{}");
    let ran = run(home.path(), &["all", "--yes"]);
    assert!(ran.failed().contains("Cursor: "), "{ran:?}");
    assert!(fs::read_to_string(&path).unwrap().contains("zoho"));
    assert!(
        run(home.path(), &["all", "emacs"])
            .failed()
            .contains("`emacs` is known. Known are ")
    );
    let nowhere = home.path().join(".codex/config.toml");
    fs::create_dir_all(nowhere.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("/nowhere/config.toml", &nowhere).unwrap();
    assert!(
        run(home.path(), &["codex", "--yes"])
            .failed()
            .contains("leads nowhere")
    );
    assert!(nowhere.is_symlink());
}
