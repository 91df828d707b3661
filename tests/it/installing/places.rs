//! Where each assistant reads its file when a variable moves it, as its documents say: `CLAUDE_CONFIG_DIR` (Claude Code, with
//! `.claude.json` inside), `CODEX_HOME`, `GEMINI_CLI_HOME` (a `.gemini` inside), `GOOSE_PATH_ROOT` (a `config` inside),
//! `COPILOT_HOME`, and the base directories of freedesktop.org for Goose, Zed and OpenCode.
//! REAL CLOCK: no time is of any account to it.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{run, written};
use crate::commands::{Ran, bare, finished};

fn run_with(home: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = bare(home, &[&["install"], arguments].concat());
    command.envs(variables.iter().copied()).current_dir(home);
    finished(command, "")
}

#[test]
fn a_variable_of_the_assistant_moves_its_file() {
    for (name, variable, file, usual) in [
        ("claude-code", "CLAUDE_CONFIG_DIR", ".claude.json", ".claude.json"),
        ("codex", "CODEX_HOME", "config.toml", ".codex/config.toml"),
        (
            "gemini",
            "GEMINI_CLI_HOME",
            ".gemini/settings.json",
            ".gemini/settings.json",
        ),
        (
            "goose",
            "GOOSE_PATH_ROOT",
            "config/config.yaml",
            ".config/goose/config.yaml",
        ),
        (
            "goose",
            "XDG_CONFIG_HOME",
            "goose/config.yaml",
            ".config/goose/config.yaml",
        ),
        (
            "zed",
            "XDG_CONFIG_HOME",
            "zed/settings.json",
            ".config/zed/settings.json",
        ),
        (
            "opencode",
            "XDG_CONFIG_HOME",
            "opencode/opencode.jsonc",
            ".config/opencode/opencode.json",
        ),
        (
            "copilot",
            "COPILOT_HOME",
            "mcp-config.json",
            ".copilot/mcp-config.json",
        ),
        (
            "vscode",
            "XDG_CONFIG_HOME",
            "Code/User/mcp.json",
            ".config/Code/User/mcp.json",
        ),
    ] {
        let home = tempfile::tempdir().unwrap();
        let moved = home.path().join("else where");
        let unread = written(home.path(), usual, "");
        let variables = [(variable, moved.to_str().unwrap())];
        let ran = run_with(home.path(), &variables, &[name, "--yes"]);
        assert!(ran.ok, "{name}, {variable}: {ran:?}");
        let text = fs::read_to_string(moved.join(file)).unwrap_or_default();
        assert!(text.contains("zoho"), "{name}, {variable}: {ran:?}");
        assert_eq!(
            fs::read_to_string(&unread).unwrap(),
            "",
            "{name}: the file it does not read"
        );
        let unset = run_with(home.path(), &[(variable, "")], &[name, "--print", "--json"]).json();
        let said = unset[0]["file"].as_str().unwrap().to_owned();
        assert_eq!(
            said,
            unread.display().to_string(),
            "{name}: a blank one moves nothing"
        );
    }
}

#[test]
fn a_relative_place_is_told_from_the_root_on_and_one_of_freedesktop_counts_as_none() {
    let home = tempfile::tempdir().unwrap();
    let file = |variable: (&str, &str), name: &str| {
        let told = run_with(home.path(), &[variable], &[name, "--print", "--json"]).json();
        told[0]["file"].as_str().unwrap().to_owned()
    };
    let below = |rest: &str| home.path().join(rest).display().to_string();
    assert_eq!(file(("CODEX_HOME", "mine"), "codex"), below("mine/config.toml"));
    assert_eq!(
        file(("XDG_CONFIG_HOME", "mine"), "zed"),
        below(".config/zed/settings.json")
    );
    assert_eq!(file(("HOME", "mine"), "cursor"), below("mine/.cursor/mcp.json"));
}

#[test]
fn a_second_name_of_an_assistant_is_understood() {
    let home = tempfile::tempdir().unwrap();
    let told = run(home.path(), &["code", "--print", "--json"]).json();
    assert_eq!(told[0]["name"], "vscode");
}

/// A package manager keeps each version in a folder of its own, and a link to the one in use where commands are looked for.
#[test]
fn the_program_is_written_by_the_path_it_was_called_by() {
    let home = tempfile::tempdir().unwrap();
    let home_path = home.path().canonicalize().unwrap();
    let links = home_path.join("bin");
    fs::create_dir_all(&links).unwrap();
    let link = links.join("zoho-mcp");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_zoho-mcp"), &link).unwrap();
    let called_as = |program: &str| {
        let mut command = Command::new(program);
        let known = bare(&home_path, &[]);
        let set = known
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
        command
            .env_clear()
            .envs(set)
            .env("PATH", &links)
            .current_dir(&home_path);
        command.args(["install", "cursor", "--print"]);
        command.stdout(std::process::Stdio::piped());
        command.stderr(std::process::Stdio::piped());
        let told = finished(command, "").json();
        told["mcpServers"]["zoho"]["command"].as_str().unwrap().to_owned()
    };
    let wanted = link.display().to_string();
    assert_eq!(called_as(&wanted), wanted, "by its whole path");
    assert_eq!(called_as("bin/zoho-mcp"), wanted, "by a relative path");
    assert_eq!(called_as("zoho-mcp"), wanted, "by its name");
    assert_eq!(
        called_as(env!("CARGO_BIN_EXE_zoho-mcp")),
        env!("CARGO_BIN_EXE_zoho-mcp"),
        "by what the link leads to"
    );
}
