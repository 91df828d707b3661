//! What the program says of itself: help that fits the screen, examples that run, and what shells and `man` are told.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::bed::Bed;
use crate::commands::{as_arguments, bare, finished};
use crate::terminals::talk_at;

fn said(arguments: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let ran = finished(bare(home.path(), arguments), "");
    assert!(ran.ok, "{arguments:?}: {ran:?}");
    ran.out
}

/// The commands below one, as its help lists them, those that are hidden beside them.
pub(crate) fn every_command() -> Vec<Vec<String>> {
    fn below(path: &[&str]) -> Vec<Vec<String>> {
        let help = said(&[path, &["--help"]].concat());
        let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        let listed = listed.take_while(|line| !line.trim().is_empty());
        let named = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let names: Vec<&str> = named.filter_map(|line| line.split_whitespace().next()).collect();
        let names = names.into_iter().filter(|name| *name != "help");
        names
            .flat_map(|name| {
                let path = [path, &[name]].concat();
                let own: Vec<String> = path.iter().map(|word| (*word).to_owned()).collect();
                [vec![own], below(&path)].concat()
            })
            .collect()
    }
    let mut commands = below(&[]);
    commands.push(vec!["man".to_owned()]);
    commands
}

/// Who says so: clig.dev, "Lead with examples"; one that no longer runs is worse than none.
#[test]
fn every_command_has_examples_and_each_of_them_is_understood() {
    let mut commands = every_command();
    assert!(commands.len() > 18, "{commands:?}");
    commands.push(Vec::new());
    for command in commands {
        let words: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let help = said(&words);
        let examples = help.lines().skip_while(|line| *line != "Examples:").skip(1);
        let examples: Vec<&str> = examples.take_while(|line| !line.is_empty()).collect();
        assert!(!examples.is_empty(), "{command:?}: {help}");
        for example in examples {
            let Some(line) = example.trim_start().strip_prefix("zoho-mcp") else {
                continue;
            };
            // It is copied from screens of 80 columns.
            assert!(example.len() <= 80, "{example}");
            let line = line.split("  ").next().unwrap().split(" > ").next().unwrap();
            let line = line.split(" >> ").next().unwrap().replace('\'', "");
            let words: Vec<&str> = line.split_whitespace().chain(["--help"]).collect();
            let shown = said(&words);
            assert!(shown.contains("Usage: zoho-mcp"), "{example}: {shown}");
        }
    }
}

/// A line without what paints it.
pub(crate) fn plain(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line.trim_end_matches('\r');
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}

/// What every command takes is told in one place; a command's own help tells its own.
#[test]
fn a_command_tells_its_own_options_and_where_the_others_are_told() {
    let (short, long) = (said(&["call", "-h"]), said(&["call", "--help"]));
    for help in [&short, &long] {
        assert!(help.contains("--output"), "{help}");
        assert!(!help.contains("--database-url <URL>"), "{help}");
        assert!(help.contains("zoho-mcp --help"), "{help}");
    }
    assert!(
        !short.contains("--database-url") && long.contains("--database-url"),
        "{long}"
    );
    assert!(short.lines().count() < long.lines().count(), "{short}");
    let (short, long) = (said(&["-h"]), said(&["--help"]));
    for heading in [
        "Account",
        "Where things are kept",
        "Tools",
        "Sandbox",
        "Screen and log",
    ] {
        assert!(
            short.contains(heading) && long.contains(&format!("{heading}:")),
            "{long}"
        );
    }
    for code in ["0 ", "1 ", "2 ", "130 "] {
        assert!(
            long.lines().any(|line| line.trim_start().starts_with(code)),
            "{code}: {long}"
        );
    }
}

#[test]
fn a_command_ends_with_the_codes_that_help_tells() {
    let home = tempfile::tempdir().unwrap();
    let code = |arguments: &[&str]| bare(home.path(), arguments).output().unwrap().status.code();
    assert_eq!(code(&["tools"]), Some(0));
    assert_eq!(code(&["connections", "show"]), Some(1));
    assert_eq!(code(&["connections", "sohw"]), Some(2));
    for words in [
        ["--log-level", "loud"],
        ["--now", "yesterday"],
        ["--timezone", "Nowhere"],
        ["--toolsets", "nothing"],
        ["--sandbox-url", "http://example.com"],
        ["--database-url", "mysql://host"],
    ] {
        let call = ["call", "get_modules"];
        assert_eq!(code(&[&words[..], &call].concat()), Some(2), "{words:?}");
    }
    assert_eq!(code(&["connect", "--dc", "xx"]), Some(2));
}

/// What is copied into a shell means there what it says here.
#[test]
fn the_example_of_every_tool_survives_a_shell() {
    let tools = said(&["tools"]);
    let tools: Vec<Value> = serde_json::from_str(&tools).unwrap();
    assert!(tools.len() > 10, "{tools:?}");
    for tool in &tools {
        let name = tool["name"].as_str().unwrap();
        let help = said(&["call", name, "--help"]);
        let lines: Vec<&str> = help
            .lines()
            .filter_map(|line| line.strip_prefix("  zoho-mcp call "))
            .map(|line| line.trim_end_matches(" --files \"$PWD\""))
            .collect();
        assert_eq!(lines.len(), 2, "{help}");
        let typed = |line: &str| -> Vec<String> {
            let script = format!("set -- {line}; printf '%s\\n' \"$@\"");
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{line}");
            let words = String::from_utf8(output.stdout).unwrap();
            words.lines().map(str::to_owned).collect()
        };
        let json = typed(lines[1]);
        assert_eq!(json.len(), 2, "{json:?}");
        let json: Value = serde_json::from_str(&json[1]).unwrap_or_else(|error| panic!("{error}: {json:?}"));
        let pairs = typed(lines[0]);
        let leaves = |value: &Value| value.as_object().map_or(1, serde_json::Map::len);
        let values: usize = json.as_object().unwrap().values().map(leaves).sum();
        assert_eq!(pairs.len(), 1 + values, "{pairs:?}");
    }
}

#[test]
fn shells_are_told_the_commands_and_the_names_of_tools() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = said(&["completions", shell]);
        for word in ["zoho-mcp", "connections", "completions", "database-url"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        for word in ["get_records", "claude-desktop"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let bash = said(&["completions", "bash"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bash).unwrap();
    if let Ok(checked) = std::process::Command::new("bash")
        .arg("-n")
        .arg(file.path())
        .status()
    {
        assert!(checked.success());
    }
}

/// What a bash offers after these words, the last of which is begun; nothing where there is no bash.
fn completed(words: &[&str]) -> Option<Vec<String>> {
    const ASKED: &str = r#"
        eval "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _zoho__mcp zoho-mcp "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}""#;
    let script = said(&["completions", "bash"]);
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", ASKED, "bash", &script, "zoho-mcp"])
        .args(words);
    let output = bash.output().ok()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && errors.is_empty(),
        "{words:?}: {errors}"
    );
    let offered = String::from_utf8(output.stdout).unwrap();
    Some(offered.lines().map(str::to_owned).collect())
}

#[test]
fn a_shell_completes_commands_below_others_and_values() {
    for (words, offered) in [
        (&["con"][..], &["connect", "connections", "config"][..]),
        (&["connections", ""], &["list", "remove", "set-org"]),
        (&["config", "s"], &["show"]),
        (&["connect", "--dev"], &["--device"]),
        (&["connect", "--dc", ""], &["eu", "us", "in"]),
        (&["login", "--dc", "e"], &["eu"]),
        (&["call", "get_rec"], &["get_record", "get_records"]),
        (&["completions", "f"], &["fish"]),
        (&["install", "claude-d"], &["claude-desktop"]),
    ] {
        let Some(told) = completed(words) else { return };
        for word in offered {
            assert!(
                told.iter().any(|known| known == word),
                "{word} after {words:?}: {told:?}"
            );
        }
    }
    // What the program starts itself is nobody's to type.
    let all = completed(&[""]).unwrap();
    let helped = completed(&["help", ""]).unwrap();
    assert!(helped.iter().any(|known| known == "connect"), "{helped:?}");
    for word in ["open-page", "read-document"] {
        let is = |known: &String| known == word;
        assert!(
            !all.iter().any(is) && !helped.iter().any(is),
            "{all:?} {helped:?}"
        );
    }
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let page = said(&["man"]);
    assert!(
        page.contains(".TH zoho-mcp 1") && page.contains("stopped it"),
        "{page}"
    );
    // Each option with what it is for.
    let options = page.split(".TP\n").filter(|part| part.starts_with("\\fB"));
    for option in options {
        assert!(option.lines().count() > 1, "nothing is said of {option}: {page}");
    }
    let folder = tempfile::tempdir().unwrap();
    said(&["man", folder.path().to_str().unwrap()]);
    let pages: BTreeSet<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for command in every_command().into_iter().filter(|command| command[0] != "man") {
        let name = format!("zoho-mcp-{}.1", command.join("-"));
        assert!(pages.contains(&name), "{name}: {pages:?}");
    }
}

/// Words that people know from elsewhere.
#[tokio::test]
async fn login_status_and_logout_are_connect_list_and_remove() {
    let bed = Bed::empty(zoho_mcp::sandbox::Options::default()).await;
    bed.run(&["login"]).succeeded();
    let listed = bed.run(&["connections", "list"]).succeeded();
    assert_eq!(bed.run(&["status"]).succeeded(), listed);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert!(bed.run(&["logout"]).failed().contains("--yes"), "it asks first");
    bed.run(&["logout", "--yes"]).succeeded();
    assert_eq!(bed.run(&["status"]).succeeded().as_array().unwrap().len(), 0);
    let Some((ok, screen)) = talk_at(&bed, 80, &["status"]) else {
        return;
    };
    assert!(ok && screen.contains("zoho-mcp connect"), "{screen}");
}

/// A folder that is not there yet is made; where it cannot be, the error names it.
#[test]
fn pages_are_written_to_a_folder_that_is_made_for_them() {
    let home = tempfile::tempdir().unwrap();
    let nowhere = home.path().join("none").join("below");
    let made = finished(bare(home.path(), &["man", nowhere.to_str().unwrap()]), "");
    assert!(made.ok, "{made:?}");
    assert!(nowhere.join("zoho-mcp.1").is_file());
    let within_a_file = nowhere.join("zoho-mcp.1").join("deeper");
    let ran = finished(bare(home.path(), &["man", within_a_file.to_str().unwrap()]), "");
    assert!(ran.failed().contains("deeper"), "{ran:?}");
}

/// Whoever pastes one is not told that it is none: what the ids in it stand for is all that it lacks.
#[tokio::test]
async fn the_example_of_every_tool_is_a_call_that_the_tool_takes() {
    let bed = Bed::connected().await;
    std::fs::write(bed.home.path().join("photo.png"), "a picture").unwrap();
    let tools: Vec<Value> = serde_json::from_str(&said(&["tools"])).unwrap();
    let names = tools.iter().map(|tool| tool["name"].as_str().unwrap());
    let mut wrong = Vec::new();
    for name in names.chain(["export_records", "add_attachment"]) {
        let help = said(&["call", name, "--help"]);
        let example = help
            .lines()
            .find_map(|line| line.strip_prefix("  zoho-mcp call "));
        let example = example.unwrap_or_else(|| panic!("{help}"));
        let script = format!("exec /usr/bin/env -i \"$@\" call {example}");
        let mut pasted = Command::new("sh");
        pasted
            .args(["-c", &script, "sh"])
            .args(as_arguments(&bed.command(&[])))
            .current_dir(bed.home.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let ran = finished(pasted, "");
        let told: Value = serde_json::from_str(&ran.out).unwrap_or_default();
        // An act of nobody is told so, as an argument that is none.
        let names_an_act = ["confirm_write", "undo_write"].contains(&name);
        let is_known = |part: &str| told["error"].as_str().is_some_and(|error| error.contains(part));
        let is_of_nobody =
            names_an_act && (is_known("this server gave nobody") || is_known("an act of this user"));
        if told.is_null() || told["code"] == "invalid_arguments" && !is_of_nobody {
            wrong.push(format!("{example}: {ran:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
