//! What is replaced is kept, and what is not this server's is neither shown nor touched.
//! REAL CLOCK: no time is of any account to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::{run, written};

fn copy(file: &Path, number: usize) -> PathBuf {
    let ending = if number == 1 {
        String::new()
    } else {
        format!(".{number}")
    };
    PathBuf::from(format!("{}.before-zoho-mcp{ending}", file.display()))
}

#[test]
fn each_change_keeps_what_it_replaces_and_says_where() {
    let home = tempfile::tempdir().unwrap();
    let path = written(home.path(), ".cursor/mcp.json", "{\"a\": 1}");
    let text = |path: &Path| fs::read_to_string(path).unwrap();
    let mut replaced = Vec::new();
    for (at, arguments) in [
        &["--yes"][..],
        &["--yes", "--remove"],
        &["--yes"],
        &["--yes", "--read-only"],
    ]
    .iter()
    .enumerate()
    {
        if at == 2 {
            fs::write(&path, "{\"a\": 2}").unwrap();
        }
        replaced.push(text(&path));
        let ran = run(home.path(), &[&["cursor"][..], arguments].concat());
        let named = format!("As it was before: {}", copy(&path, at + 1).display());
        assert!(ran.ok && ran.told.contains(&named), "{at}: {ran:?}");
    }
    for (at, replaced) in replaced.iter().enumerate() {
        // The third and the second differ by what the person wrote; a copy that is there is never written over.
        assert_eq!(text(&copy(&path, at + 1)), *replaced, "{at}");
    }
    let ran = run(home.path(), &["cursor", "--remove", "--yes"]);
    let named = format!("{}.before-zoho-mcp*", path.display());
    assert!(ran.told.contains(&named), "{ran:?}");
    fs::write(&path, "{\"a\": 1}").unwrap();
    let again = run(home.path(), &["cursor", "--yes"]);
    let named = format!("As it was before: {}.", copy(&path, 1).display());
    assert!(
        again.told.contains(&named),
        "one that holds the same is enough: {again:?}"
    );
}

/// A file that `install` made had nothing in it before.
#[test]
fn a_file_that_this_server_made_is_not_called_its_state_before_it() {
    let home = tempfile::tempdir().unwrap();
    let made = run(home.path(), &["cursor", "--yes"]);
    assert!(made.ok && !made.told.contains("before"), "{made:?}");
    let gone = run(home.path(), &["cursor", "--remove", "--yes"]);
    assert!(!gone.told.contains("before this server"), "{gone:?}");
    let path = home.path().join(".cursor/mcp.json");
    assert!(fs::read_to_string(copy(&path, 1)).unwrap().contains("zoho"));
}

#[test]
fn a_link_in_the_place_of_a_copy_is_not_followed() {
    let home = tempfile::tempdir().unwrap();
    let path = written(home.path(), ".cursor/mcp.json", "{}");
    let mine = written(home.path(), "precious", "mine");
    std::os::unix::fs::symlink(&mine, copy(&path, 1)).unwrap();
    let ran = run(home.path(), &["cursor", "--yes"]);
    assert!(ran.ok, "{ran:?}");
    assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
    assert_eq!(fs::read_to_string(copy(&path, 2)).unwrap(), "{}");
}

#[test]
fn a_pipe_is_no_configuration_and_is_not_waited_for() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir_all(home.path().join(".cursor")).unwrap();
    let pipe = home.path().join(".cursor/mcp.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let ran = run(home.path(), &["cursor", "--yes"]);
    assert!(ran.failed().contains("not a regular file"), "{ran:?}");
}

#[test]
fn what_others_keep_in_the_file_is_not_shown() {
    let home = tempfile::tempdir().unwrap();
    let neighbour = json!({ "command": "n", "env": { "TOKEN": "very-secret-word" } });
    for text in [
        json!({ "mcpServers": { "neighbour": neighbour } }).to_string(),
        serde_json::to_string_pretty(&json!({ "mcpServers": { "neighbour": neighbour, "zoho": {
            "command": "/old/zoho-mcp", "env": { "TOKEN": "very-secret-word" } } } }))
        .unwrap(),
    ] {
        let path = written(home.path(), ".cursor/mcp.json", &text);
        for arguments in [&["cursor", "--yes"][..], &["cursor", "--yes", "--remove"]] {
            let ran = run(home.path(), arguments);
            assert!(ran.ok, "{ran:?}");
            assert!(ran.out.contains(env!("CARGO_BIN_EXE_zoho-mcp")), "{ran:?}");
            assert!(!ran.out.contains("very-secret-word"), "{ran:?}");
            assert!(!ran.told.contains("very-secret-word"), "{ran:?}");
        }
        let new: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(new["mcpServers"]["neighbour"], neighbour);
    }
}

#[test]
fn what_a_person_chose_stays_and_that_it_is_off_is_said() {
    let home = tempfile::tempdir().unwrap();
    let goose = "extensions:\n  zoho:\n    name: zoho\n    type: stdio\n    cmd: /old/zoho-mcp\n    args: []\n    enabled: false\n    timeout: 20\n";
    let path = written(home.path(), ".config/goose/config.yaml", goose);
    let ran = run(home.path(), &["goose", "--yes"]);
    assert!(ran.ok && ran.told.contains("switched off"), "{ran:?}");
    let new = fs::read_to_string(&path).unwrap();
    assert!(
        new.contains("enabled: false") && new.contains("timeout: 20"),
        "{new}"
    );
    assert!(
        run(home.path(), &["goose", "--yes"])
            .told
            .contains("is switched off there")
    );
    let windsurf =
        json!({ "mcpServers": { "zoho": { "command": "zoho-mcp", "disabled": true } } }).to_string();
    written(home.path(), ".codeium/windsurf/mcp_config.json", &windsurf);
    let ran = run(home.path(), &["windsurf", "--yes"]);
    assert!(ran.ok && ran.told.contains("switched off"), "{ran:?}");
}

#[test]
fn comments_in_the_arguments_stay_where_these_are_right() {
    let home = tempfile::tempdir().unwrap();
    let toml = "[mcp_servers.zoho]\ncommand = \"/old/zoho-mcp\"\nargs = [\n  # the keyring is locked here\n  \"--keyring=no\",\n]\n";
    let path = written(home.path(), ".codex/config.toml", toml);
    assert!(run(home.path(), &["codex", "--yes"]).ok);
    let new = fs::read_to_string(&path).unwrap();
    assert!(
        new.contains("  # the keyring is locked here\n  \"--keyring=no\",\n"),
        "{new}"
    );
}
