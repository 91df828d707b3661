//! A file that its own program cannot read is left alone and said; one that it can read is taken. What each takes: VS Code,
//! Zed and OpenCode comments and trailing commas, Gemini CLI comments, the others JSON alone.
//! REAL CLOCK: no time is of any account to it.

use std::fs;

use serde_json::Value;

use super::{FILES, run, written};

const BROKEN: [(&str, &str); 20] = [
    ("cursor", r#"{"mcpServers": {} "x": 1}"#),
    ("cursor", r#"{'mcpServers': {}}"#),
    ("cursor", r#"{mcpServers: {}}"#),
    ("cursor", "{\n  // mine\n  \"mcpServers\": {}\n}\n"),
    ("cursor", "{\"mcpServers\": {},}"),
    (
        "cursor",
        r#"{"mcpServers": {}, "mcpServers": {"a": {"command": "a"}}}"#,
    ),
    (
        "cursor",
        r#"{"mcpServers": {"zoho": {"command": "zoho-mcp"}, "zoho": {"command": "zoho-mcp", "args": []}}}"#,
    ),
    (
        "cursor",
        r#"{"mcpServers": {"zoho": {"command": "zoho-mcp", "command": "other"}}}"#,
    ),
    ("cursor", "{\"a\": 0x10}"),
    ("gemini", "{\"mcpServers\": {},}"),
    ("vscode", r#"{"servers": {} "inputs": []}"#),
    ("vscode", r#"{'servers': {}}"#),
    ("zed", r#"{"theme": "One" "context_servers": {}}"#),
    ("goose", "a: b: c\n"),
    ("goose", "extensions:\n\tdev:\n\t\tenabled: true\n"),
    ("goose", "extensions:\n    dev:\n      a: 1\n  b: 2\n"),
    ("goose", "extensions: {}\nextensions: {}\n"),
    ("goose", "extensions: {}\n---\nextensions: {}\n"),
    ("codex", "model = \"gpt\"\nmodel = \"gpt\"\n"),
    ("codex", "[mcp_servers]\nzoho = { command = \"zoho-mcp\"\n"),
];

fn file_of(name: &str) -> &'static str {
    FILES.iter().find(|(of, ..)| *of == name).unwrap().1
}

#[test]
fn what_its_program_cannot_read_is_left_alone_and_said() {
    for (name, text) in BROKEN {
        let home = tempfile::tempdir().unwrap();
        let path = written(home.path(), file_of(name), text);
        for more in [&["--yes"][..], &["--yes", "--remove"]] {
            let ran = run(home.path(), &[&[name][..], more].concat());
            let told = ran.failed();
            assert!(told.contains(file_of(name)), "{name}: {text}: {told}");
            let says_why = ["cannot read it either", "stands in it twice"];
            assert!(
                says_why.iter().any(|why| told.contains(why)),
                "{name}: {text}: {told}"
            );
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        let listed = run(home.path(), &["--json"]).json();
        let row = listed.as_array().unwrap().iter().find(|row| row["name"] == name);
        assert_eq!(row.unwrap()["state"], "cannot be read", "{name}: {text}");
    }
}

/// What a broken file holds is not shown: it may be a secret.
#[test]
fn a_broken_line_is_named_and_not_told() {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("codex", "[mcp_servers.a.env]\nTOKEN = \"very-secret-word\" x\n"),
        ("goose", "TOKEN: very-secret-word: c\n"),
        ("cursor", "{\"TOKEN\": \"very-secret-word\" x}"),
    ] {
        written(home.path(), file_of(name), text);
        let ran = run(home.path(), &[name, "--yes"]);
        let told = ran.failed();
        assert!(!told.contains("very-secret-word"), "{told}");
        assert!(told.contains("line") && told.contains("column"), "{told}");
    }
}

#[test]
fn null_nothing_and_comments_alone_are_no_fault() {
    let program = env!("CARGO_BIN_EXE_zoho-mcp");
    for (name, text) in [
        ("cursor", ""),
        ("cursor", "{\"mcpServers\": null, \"x\": 1}"),
        ("vscode", "// nothing yet\n"),
        ("goose", ""),
        ("goose", "# nothing yet\n"),
        ("goose", "extensions:\nx: 1\n"),
        ("goose", "extensions: ~\nx: 1\n"),
        ("goose", "extensions: null # none\nx: 1\n"),
        ("goose", "extensions: {}\nx: 1\n"),
        ("codex", "# nothing yet\n"),
        ("codex", "mcp_servers = {}\n"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let path = written(home.path(), file_of(name), text);
        let ran = run(home.path(), &[name, "--yes"]);
        assert!(ran.ok, "{name}: {text}: {ran:?}");
        let new = fs::read_to_string(&path).unwrap();
        let said = read(name, &new);
        assert!(said.to_string().contains(program), "{name}: {text}: {new}");
        assert!(!text.contains("x") || said["x"] == 1, "{new}");
        assert!(!text.contains('#') || new.contains('#'), "{new}");
    }
}

#[test]
fn the_mark_of_the_byte_order_and_windows_ends_of_lines_stay_in_every_form() {
    for (name, file, text) in FILES {
        let home = tempfile::tempdir().unwrap();
        let path = written(home.path(), file, text);
        assert!(run(home.path(), &[name, "--yes"]).ok);
        let plain = fs::read_to_string(&path).unwrap();
        let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
        written(home.path(), file, &windows(text));
        let ran = run(home.path(), &[name, "--yes"]);
        assert!(ran.ok, "{name}: {ran:?}");
        let new = fs::read_to_string(&path).unwrap();
        match text.contains('\n') {
            true => assert_eq!(new, windows(&plain), "{name}"),
            false => assert_eq!(new, format!("\u{feff}{plain}"), "{name}"),
        }
        read(name, new.trim_start_matches('\u{feff}'));
        assert!(
            run(home.path(), &[name, "--yes"]).told.contains("already"),
            "{name}"
        );
    }
}

/// What a file says, read by the strictest reader of its form that its program has.
pub(super) fn read(name: &str, text: &str) -> Value {
    match name {
        "codex" => toml::from_str(text).unwrap(),
        "goose" => serde_saphyr::from_str(text).unwrap(),
        "vscode" | "zed" | "opencode" | "gemini" => {
            let options = jsonc_parser::ParseOptions {
                allow_missing_commas: false,
                allow_single_quoted_strings: false,
                allow_loose_object_property_names: false,
                ..Default::default()
            };
            let root = jsonc_parser::cst::CstRootNode::parse(text, &options).unwrap();
            root.to_serde_value().unwrap()
        }
        _ => serde_json::from_str(text).unwrap(),
    }
}
