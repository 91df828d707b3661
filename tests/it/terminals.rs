//! Commands as a person meets them: on a terminal, with questions, tables and secrets that are not shown.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use std::process::Command;

use serde_json::Value;
use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::as_arguments;
use crate::require::{Tool, foreign, require};

/// A longer list of the sandbox.
const CALLS: &str = r#"{"module":"Calls","app_type":"crm"}"#;

/// Runs the binary on a terminal; each question is answered in turn. `None` (told) where Python is not installed.
pub(crate) fn talk(bed: &Bed, questions: &[(&str, &str)], arguments: &[&str]) -> Option<(bool, String)> {
    talk_with(&bed.command(arguments), 120, questions)
}

/// The same on a terminal of so many columns, without a question.
pub(crate) fn talk_at(bed: &Bed, columns: u16, arguments: &[&str]) -> Option<(bool, String)> {
    talk_with(&bed.command(arguments), columns, &[])
}

/// The same with any command.
pub(crate) fn talk_with(
    program: &Command,
    columns: u16,
    questions: &[(&str, &str)],
) -> Option<(bool, String)> {
    let report = report(program, columns, questions)?;
    Some((report["exit"] == 0, report["screen"].as_str().unwrap().to_owned()))
}

/// The same with all that is known of its end.
pub(crate) fn report(program: &Command, columns: u16, questions: &[(&str, &str)]) -> Option<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/clients/terminal.py");
    let mut command = foreign(require(Tool::Python)?);
    command.env("COLUMNS", columns.to_string()).arg(script);
    for (question, answer) in questions {
        command.args([question, answer]);
    }
    command.args(["--", "/usr/bin/env", "-i", "TERM=xterm"]);
    command.args(as_arguments(program));
    let output = command.output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    Some(report)
}

#[tokio::test]
async fn a_person_chooses_the_organization_and_gets_a_table_and_a_snippet() {
    let bed = Bed::empty(Options::default()).await;
    let Some((ok, screen)) = talk(&bed, &[("Which one [1]: ", "2")], &["connect"]) else {
        return;
    };
    assert!(ok, "{screen}");
    let (id, name) = &bed.sandbox.desk_organizations[1];
    assert!(
        screen.contains("Connected") && screen.contains("\"mcpServers\""),
        "{screen}"
    );
    assert!(screen.contains("A first call succeeded: read"), "{screen}");
    let shown = bed.run(&["connections", "show"]).succeeded();
    assert_eq!(shown["desk_org_id"], id.as_str());
    assert_eq!(shown["desk_org_source"], "user");
    let (_, screen) = talk(&bed, &[], &["connections", "list"]).unwrap();
    assert!(
        screen.contains(name.as_str()) && screen.contains("Status"),
        "{screen}"
    );
    let (ok, screen) = talk(&bed, &[], &["doctor"]).unwrap();
    assert!(
        ok && screen.contains("This machine") && screen.contains("read case #"),
        "{screen}"
    );
}

/// One receipt stands for all that was left out; a person reads of each.
#[tokio::test]
async fn a_person_reads_of_every_argument_that_was_left_out() {
    let bed = Bed::connected().await;
    let arguments = r#"{"module":"Cases","limit":1,"cursor":null,"view":""}"#;
    let Some((ok, screen)) = talk(&bed, &[], &["call", "get_records", arguments]) else {
        return;
    };
    assert!(ok && screen.contains("repaired: cursor, view"), "{screen}");
}

/// Nothing is kept of a connection before it is known which organization it is for.
#[tokio::test]
async fn who_leaves_at_the_menu_of_organizations_leaves_nothing() {
    let bed = Bed::empty(Options::default()).await;
    bed.run(&["connect"]).succeeded();
    let menu = [("Which one [1]: ", "{ctrl-c}")];
    let Some(report) = report(&bed.command(&["connect", "--name", "second"]), 120, &menu) else {
        return;
    };
    assert_ne!(report["exit"], 0, "{report}");
    let list = bed.run(&["connections", "list"]).succeeded();
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
    assert_eq!(
        (&list[0]["name"], &list[0]["in_use"]),
        (&"default".into(), &true.into())
    );
}

/// What is told is broken at blanks, and a command in it stays in one piece.
#[tokio::test]
async fn no_word_is_cut_on_a_narrow_screen() {
    let bed = Bed::empty(Options::default()).await;
    let Some((ok, screen)) = talk_at(&bed, 80, &["connect", "--yes"]) else {
        return;
    };
    assert!(ok, "{screen}");
    for told in ["next: zoho-mcp install", "who reads both"] {
        let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(told), "{told}: {screen}");
    }
    let sentences = screen.lines().map(|line| line.trim_end_matches('\r'));
    let long: Vec<&str> = sentences
        .filter(|line| line.chars().count() > 80 && line.contains(". "))
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

#[tokio::test]
async fn a_number_that_is_not_offered_is_asked_for_again() {
    let bed = Bed::empty(Options::default()).await;
    let answers = [
        ("Which one [1]: ", "7"),
        ("Which one [1]: ", "two"),
        ("Which one [1]: ", "2"),
    ];
    let Some((ok, screen)) = talk(&bed, &answers, &["connect"]) else {
        return;
    };
    assert!(ok && screen.matches("none of 1 to 2").count() == 2, "{screen}");
    let shown = bed.run(&["connections", "show"]).succeeded();
    assert_eq!(shown["desk_org_id"], bed.sandbox.desk_organizations[1].0.as_str());
}

#[tokio::test]
async fn a_secret_that_is_typed_is_not_shown() {
    let bed = Bed::empty(Options::default()).await;
    let token = bed.sandbox.refresh_token.clone();
    let questions = [
        ("Refresh token (not shown): ", token.as_str()),
        ("Which one [1]: ", ""),
    ];
    let Some((ok, screen)) = talk(&bed, &questions, &["connect", "--refresh-token"]) else {
        return;
    };
    assert!(ok, "{screen}");
    assert!(!screen.contains(&token), "{screen}");
}

#[tokio::test]
async fn removing_asks_first() {
    let bed = Bed::connected().await;
    let remove = ["connections", "remove", "default"];
    let Some((ok, screen)) = talk(&bed, &[("[y/N]: ", "")], &remove) else {
        return;
    };
    assert!(!ok && screen.contains("nothing was changed"), "{screen}");
    assert!(screen.contains("ends for good"), "what is lost: {screen}");
    let (ok, screen) = talk(&bed, &[("[y/N]: ", "y")], &remove).unwrap();
    assert!(ok && screen.contains("default is removed."), "{screen}");
    assert_eq!(bed.get("/__sandbox/stats").await["counts"]["revoked"], 1);
}

#[tokio::test]
async fn another_key_asks_first_and_says_who_else_needs_it() {
    let bed = Bed::connected().await;
    let before = bed.run(&["connections", "show"]).succeeded()["key_id"].clone();
    let rekey = ["connections", "rekey"];
    let Some((ok, screen)) = talk(&bed, &[("[y/N]: ", "")], &rekey) else {
        return;
    };
    assert!(!ok && screen.contains("nothing was changed"), "{screen}");
    assert_eq!(bed.run(&["connections", "show"]).succeeded()["key_id"], before);
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["Backups", "every other host", "restart", before.as_str().unwrap()] {
        assert!(flat.contains(part), "{part}: {screen}");
    }
    let (ok, screen) = talk(&bed, &[("[y/N]: ", "y")], &rekey).unwrap();
    assert!(ok && screen.contains("sealed anew"), "{screen}");
}

#[tokio::test]
async fn a_row_of_another_server_is_replaced_by_a_person_only() {
    let bed = Bed::connected().await;
    crate::sandbox_options::made_yesterday(&bed.database_url()).await;
    bed.forget().await;
    let connect = ["connect", "--yes"];
    let Some((ok, screen)) = talk(&bed, &[("[y/N]: ", "n")], &connect) else {
        return;
    };
    assert!(!ok && screen.contains("nothing was changed"), "{screen}");
    assert!(screen.contains(crate::sandbox_options::YESTERDAY), "{screen}");
    assert_eq!(
        bed.get("/__sandbox/stats").await["token_calls"],
        0,
        "asked before the consent"
    );
    let shown = bed.run(&["connections", "show"]).succeeded();
    assert_eq!(shown["accounts_url"], crate::sandbox_options::YESTERDAY);
    let (ok, screen) = talk(&bed, &[("[y/N]: ", "y")], &connect).unwrap();
    assert!(ok && screen.contains("Connected"), "{screen}");
    let shown = bed.run(&["connections", "show"]).succeeded();
    assert_eq!(shown["accounts_url"], bed.sandbox.url.as_str());
}

#[tokio::test]
async fn an_export_shows_a_bar_that_is_gone_at_the_end() {
    let bed = Bed::connected().await;
    let files = bed.home.path().join("files").display().to_string();
    let export = ["--files", &files, "call", "export_records", CALLS];
    let Some((ok, screen)) = talk(&bed, &[], &export) else {
        return;
    };
    assert!(ok, "{screen}");
    let last = screen.rfind("/2350, ").unwrap_or_else(|| panic!("{screen}"));
    assert!(screen[..last].contains("[##"), "{screen}");
    // The line is cleared, and the answer begins on it.
    assert!(screen[last..].contains("\r\u{1b}[2K"), "{screen:?}");
}

#[tokio::test]
async fn into_a_pipe_an_export_tells_plain_lines_and_prints_json_alone() {
    let bed = Bed::connected().await;
    let files = bed.home.path().join("files").display().to_string();
    let ran = bed.run(&["--files", &files, "call", "export_records", CALLS]);
    assert_eq!(ran.succeeded()["data"]["records"], 2_350, "{ran:?}");
    assert_eq!(ran.out.lines().count(), 1, "{ran:?}");
    let lines: Vec<&str> = ran
        .told
        .lines()
        .filter(|line| line.starts_with("Exported"))
        .collect();
    let expected =
        [200, 1_170, 2_000, 2_350].map(|rows| format!("Exported {rows} records of Calls... (2350 in all)"));
    assert_eq!(lines, expected, "{ran:?}");
    assert!(!ran.told.contains(['\r', '\u{1b}', '#']), "{ran:?}");
}

#[tokio::test]
async fn a_person_reads_what_was_wrong_with_each_argument() {
    let bed = Bed::connected().await;
    let wrong = r#"{"module":"Cases","limit":"many","sort_order":"sideways"}"#;
    let json = bed.run(&["call", "get_records", wrong]).json();
    let Some((ok, screen)) = talk(&bed, &[], &["call", "get_records", wrong]) else {
        return;
    };
    assert!(!ok, "{screen}");
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let screen = flat(&screen);
    let problems = json["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 2, "{json}");
    for problem in problems {
        let place = problem["path"].as_str().unwrap().trim_start_matches('/');
        let (got, expected) = (
            problem["got"].as_str().unwrap(),
            problem["expected"].as_str().unwrap(),
        );
        assert!(
            screen.contains(&flat(&format!("{place} got {got}; expected {expected}"))),
            "{screen}"
        );
    }
    for part in ["next: ", "example: zoho-mcp call get_records module=Cases"] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
}

/// Where nothing can come back by itself, what a browser ended at is pasted, and in the form in which it was copied.
#[tokio::test]
async fn an_address_is_pasted_in_the_form_it_was_copied_in() {
    let bed = Bed::empty(Options::default()).await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for form in ["{allowed}", "{quoted}", "{query}"] {
        let words = ["connect", "--no-browser", "--port", &port];
        let answers = [("paste that address here.\r\n", form), ("Which one [1]: ", "2")];
        let Some((ok, screen)) = talk(&bed, &answers, &words) else {
            return;
        };
        assert!(ok && screen.contains("Connected"), "{form}: {screen}");
        assert!(screen.contains("cannot be listened on"), "{form}: {screen}");
    }
}
