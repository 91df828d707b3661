//! `zoho-mcp config`: what holds and who said it, where the file is, and a file to begin with.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use serde_json::Value;

use crate::commands::{Ran, bare, finished};
use crate::terminals::talk_with;

fn with(home: &std::path::Path, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = bare(home, arguments);
    command
        .env_remove("ZOHO_MCP_KEYRING")
        .envs(variables.iter().copied());
    finished(command, "")
}

fn row<'a>(shown: &'a Value, variable: &str) -> &'a Value {
    let rows = shown.as_array().unwrap();
    rows.iter()
        .find(|row| row["variable"] == variable)
        .unwrap_or_else(|| panic!("{variable}: {shown}"))
}

#[test]
fn every_option_is_shown_with_what_holds_and_who_said_it() {
    let home = tempfile::tempdir().unwrap();
    let path = finished(bare(home.path(), &["config", "path"]), "").out;
    let file = std::path::Path::new(path.trim());
    assert!(
        file.starts_with(home.path()) && file.ends_with("zoho-mcp/config.toml"),
        "{path}"
    );
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(
        file,
        "user = 'anna'\ntimezone = 'Europe/Berlin'\nlog-level = 'info'\n",
    )
    .unwrap();
    let variables = [
        ("ZOHO_MCP_TIMEZONE", "Asia/Tokyo"),
        ("ZOHO_MCP_LOG_LEVEL", "warn"),
        ("ZOHO_MCP_DATABASE_URL", "postgres://anna:hush@db.example/zoho"),
        ("ZOHO_MCP_CLIENT_SECRET", "hush2"),
        ("ZOHO_MCP_USRE", "x"),
    ];
    let ran = with(home.path(), &variables, &["--log-level", "debug", "config"]);
    let shown = ran.succeeded();
    for (variable, value, source) in [
        ("ZOHO_MCP_USER", "anna", "file"),
        ("ZOHO_MCP_TIMEZONE", "Asia/Tokyo", "environment"),
        ("ZOHO_MCP_LOG_LEVEL", "debug", "flag"),
        ("ZOHO_MCP_COLOR", "auto", "default"),
        ("ZOHO_MCP_CLIENT_SECRET", "set, and not shown", "environment"),
    ] {
        let row = row(&shown, variable);
        assert_eq!(
            (&row["value"], &row["source"]),
            (&value.into(), &source.into()),
            "{row}"
        );
    }
    assert_eq!(
        row(&shown, "ZOHO_MCP_DATABASE_URL")["value"],
        "postgres://anna@db.example/zoho"
    );
    assert!(!ran.out.contains("hush"), "{ran:?}");
    assert!(ran.told.contains("ZOHO_MCP_USRE"), "{ran:?}");
    let Some((ok, screen)) = talk_with(&bare(home.path(), &["config", "show"]), 100, &[]) else {
        return;
    };
    assert!(
        ok && screen.contains("Said by") && screen.contains("config.toml"),
        "{screen}"
    );
}

#[cfg(unix)]
#[test]
fn edit_opens_the_file_and_makes_one_that_says_nothing_yet() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let editor = home.path().join("editor");
    std::fs::write(&editor, "#!/bin/sh\necho 'no-pager = true' >> \"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).unwrap();
    let editor = editor.to_str().unwrap();
    let ran = with(home.path(), &[("EDITOR", editor)], &["config", "edit"]);
    assert!(ran.ok, "{ran:?}");
    let shown = with(home.path(), &[], &["config"]).succeeded();
    let said: Vec<&Value> = shown
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["source"] != "default")
        .collect();
    assert_eq!(said.len(), 1, "{shown}");
    assert_eq!(row(&shown, "ZOHO_MCP_NO_PAGER")["value"], "yes");
    // Another one leaves what is there, and is told what is wrong with it now.
    let ran = with(
        home.path(),
        &[("VISUAL", editor), ("EDITOR", "/nowhere")],
        &["config", "edit"],
    );
    assert!(ran.failed().contains("no-pager"), "{ran:?}");
    let ran = with(home.path(), &[("EDITOR", "/nowhere/at/all")], &["config", "edit"]);
    assert!(ran.failed().contains("EDITOR"), "{ran:?}");
}

/// A person at a broken file is told where, and what holds beside it.
#[test]
fn a_file_that_is_broken_ends_neither_show_nor_doctor() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    let variables = [
        ("ZOHO_MCP_CONFIG", file.to_str().unwrap()),
        ("ZOHO_MCP_KEYRING", "0"),
    ];
    for (text, told, user) in [
        ("user = \"anna\"\ntoolsets = = 3\n", "line 2, toolsets", "default"),
        (
            "user = \"anna\"\ncallback-port = \"many\"\n",
            "line 2, callback-port",
            "file",
        ),
        (
            "usre = \"anna\"\nuser = \"anna\"\n",
            "line 1: no setting has this name",
            "file",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let ran = with(home.path(), &variables, &["config", "show"]);
        assert!(ran.failed().contains(told), "{text}: {ran:?}");
        assert_eq!(row(&ran.json(), "ZOHO_MCP_USER")["source"], user, "{text}");
        let ran = with(home.path(), &variables, &["doctor", "--offline"]);
        assert!(!ran.ok, "{ran:?}");
        let findings = ran.json()["findings"].as_array().unwrap().clone();
        let finding = findings.iter().find(|one| one["check"] == "config").unwrap();
        assert!(finding["found"].to_string().contains(told), "{text}: {finding}");
        assert_eq!(finding["mend"], "zoho-mcp config edit", "{finding}");
        assert!(
            findings.iter().any(|one| one["check"] == "database"),
            "{findings:?}"
        );
        let other = with(home.path(), &variables, &["tools"]);
        assert!(
            other.failed().contains(told) && other.told.contains("next: zoho-mcp config edit"),
            "{other:?}"
        );
    }
}

#[test]
fn one_setting_is_said_and_the_rest_of_the_file_stays() {
    let home = tempfile::tempdir().unwrap();
    let place = finished(bare(home.path(), &["config", "path"]), "").out;
    let file = std::path::Path::new(place.trim());
    let text = || std::fs::read_to_string(file).unwrap_or_default();
    let set = |option: &str, value: &str| with(home.path(), &[], &["config", "set", option, value]);
    assert!(set("user", "anna").ok);
    assert_eq!(text(), "user = \"anna\"\n");
    std::fs::write(file, "# mine\nuser = \"anna\" # she\ntimezone = \"UTC\"\n").unwrap();
    assert!(set("user", "berta").ok && set("exclude_tools", "get_views,get_fields").ok);
    let kept =
        "# mine\nuser = \"berta\" # she\ntimezone = \"UTC\"\nexclude-tools = \"get_views,get_fields\"\n";
    assert_eq!(text(), kept);
    let shown = with(home.path(), &[], &["config"]).succeeded();
    assert_eq!(
        row(&shown, "ZOHO_MCP_EXCLUDE_TOOLS")["value"],
        "get_views, get_fields"
    );
    for (option, value, told) in [
        ("usre", "anna", "user"),
        ("read-only", "maybe", "read-only"),
        ("files", "here", "named from nowhere"),
        ("database-url", "postgres://anna:hush@db.example/zoho", "password"),
    ] {
        let ran = set(option, value);
        assert!(
            ran.failed().contains(told) && !ran.told.contains("hush"),
            "{ran:?}"
        );
        assert_eq!(text(), kept, "{option}");
    }
    // What is not understood ends like a command line that is not.
    let ends = |words: &[&str]| bare(home.path(), words).output().unwrap().status.code();
    assert_eq!(ends(&["config", "set", "usre", "anna"]), Some(2));
    std::fs::write(file, "user = [").unwrap();
    assert_eq!(ends(&["config", "set", "user", "anna"]), Some(2));
    assert!(
        set("user", "anna")
            .failed()
            .contains("next: zoho-mcp config edit")
    );
}

/// Each key of the sample, taken for what it is.
#[test]
fn every_line_of_the_sample_can_be_said() {
    let home = tempfile::tempdir().unwrap();
    let (file, mut keys) = (home.path().join("config.toml"), 0);
    for line in zoho_mcp::config::reference::sample().lines() {
        let said = line.strip_prefix('#').unwrap_or(line);
        if said.starts_with(' ') || said.is_empty() {
            continue;
        }
        keys += 1;
        std::fs::write(&file, said).unwrap();
        let shown = with(
            home.path(),
            &[("ZOHO_MCP_CONFIG", file.to_str().unwrap())],
            &["config"],
        )
        .succeeded();
        let of_file = shown
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["source"] == "file")
            .count();
        assert_eq!(of_file, 1, "{said}: {shown}");
    }
    assert_eq!(keys, zoho_mcp::config::Settings::ROWS.len());
}

#[test]
fn what_means_nothing_is_named_by_doctor_too() {
    let home = tempfile::tempdir().unwrap();
    let variables = [("ZOHO_MCP_REDA_ONLY", "1"), ("ZOHO_MCP_KEYRING", "0")];
    let ran = with(home.path(), &variables, &["--sandbox", "doctor"]);
    let findings = ran.json()["findings"].clone();
    let found = findings
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["check"] == "environment");
    let found = found.unwrap_or_else(|| panic!("{findings}"));
    assert!(
        found["state"] == "warn" && found["found"].as_str().unwrap().contains("READ_ONLY"),
        "{found}"
    );
}

/// Everything that can be set, told once: the help is where it comes from.
#[test]
fn the_table_of_options_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/README.md");
    let told = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = told.split_once("<!-- options -->\n").expect("the place");
    let (current, after) = rest.split_once("<!-- /options -->").expect("its end");
    let table = zoho_mcp::config::reference::table();
    if current != table && std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        let told = format!("{before}<!-- options -->\n{table}<!-- /options -->{after}");
        std::fs::write(&path, told).unwrap();
        return;
    }
    assert_eq!(
        current, table,
        "run `INSTA_UPDATE=always cargo test` to write the table"
    );
}
