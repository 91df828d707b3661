//! A sandbox that runs, and the program that is sent to it: one of them, at one time, and said to be what it is.
//!
//! REAL CLOCK: a sandbox of which nobody said when it stands lives in the present.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::processes::Process;
use crate::sandbox_command::{Running, evaluated, outcome, program, text};

#[tokio::test]
async fn with_the_lines_in_its_environment_the_program_works_on_that_sandbox() {
    const NOW: &str = "2031-05-06T07:08:09Z";
    let mut sandbox = Running::start(&["--env", "--now", NOW]);
    let lines = sandbox.lines();
    let home = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let script = "eval \"$1\"; shift; exec \"$@\"";
        let program = program(&home, arguments);
        let mut shell = Command::new("sh");
        shell.env_clear().env("PATH", "/usr/bin:/bin");
        shell.args(["-euc", script, "sh", &lines, "env", "-u", "ZOHO_SANDBOX_URL"]);
        shell
            .args(crate::commands::as_arguments(&program))
            .output()
            .unwrap()
    };
    let connected = run(&["connect"]);
    assert!(connected.status.success(), "{}", text(&connected.stderr));
    assert_eq!(text(&connected.stderr).matches("warning").count(), 0);
    let newest = r#"{"module":"Cases","sort_by":"createdTime","sort_order":"desc","limit":1}"#;
    let called = run(&["call", "get_records", newest]);
    let answer: Value = serde_json::from_slice(&called.stdout).unwrap();
    assert!(
        answer["data"][0]["createdTime"]
            .as_str()
            .unwrap()
            .starts_with("2031-05-06"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_sandbox_that_stands_elsewhere_is_not_served_at_another_time() {
    const NOW: &str = "2031-05-06T07:08:09Z";
    let (mut living, mut standing) = (
        Running::start(&["--env"]),
        Running::start(&["--env", "--now", NOW]),
    );
    let (living, standing) = (
        evaluated(&living.lines(), "URL"),
        evaluated(&standing.lines(), "URL"),
    );
    let home = TempDir::new().unwrap();
    let there = format!("stands at {NOW}: give --now {NOW}");
    let start = "lives in the present: start it with `zoho-mcp sandbox --now 2031-05-06T07:08:10Z`";
    for (url, reason) in [(&standing, there.as_str()), (&living, start)] {
        for command in [
            &["stdio"][..],
            &["connect"],
            &["connections", "list"],
            &["doctor"],
        ] {
            let here = ["--sandbox-url", url, "--now", "2031-05-06T07:08:10Z"];
            let refused = outcome(&home, &[&here[..], command].concat());
            let told = text(&refused.stderr);
            assert!(
                !refused.status.success() && told.contains(reason),
                "{command:?}: {told}"
            );
        }
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

/// Who gives no time means that of the sandbox: a connection is as old as its token.
#[test]
fn without_a_time_it_is_that_of_the_sandbox() {
    const NOW: &str = "2031-05-06T07:08:09Z";
    let mut sandbox = Running::start(&["--env", "--now", NOW]);
    let url = evaluated(&sandbox.lines(), "URL");
    let home = TempDir::new().unwrap();
    let run = |command: &[&str]| outcome(&home, &[&["--sandbox-url", &url], command].concat());
    let connected = run(&["connect"]);
    assert!(connected.status.success(), "{}", text(&connected.stderr));
    let shown: Value = serde_json::from_slice(&run(&["connections", "show"]).stdout).unwrap();
    let made = shown["created_at"].as_str().unwrap();
    assert!(made.starts_with("2031-05-06T07:08"), "{shown}");
    let doctor: Value = serde_json::from_slice(&run(&["doctor"]).stdout).unwrap();
    let findings = doctor["connections"][0]["findings"].as_array().unwrap();
    let clock = findings.iter().find(|finding| finding["check"] == "clock");
    assert_eq!(clock.unwrap()["state"], "ok", "{doctor}");
}

/// A server asks at its first call: an hour's token made there is an hour's token here.
#[test]
fn a_server_takes_over_the_time_of_the_sandbox() {
    let mut sandbox = Running::start(&["--env", "--now", "2031-05-06T07:08:09Z"]);
    let url = evaluated(&sandbox.lines(), "URL");
    let home = TempDir::new().unwrap();
    let connected = outcome(&home, &["--sandbox-url", &url, "connect"]);
    assert!(connected.status.success(), "{}", text(&connected.stderr));
    let mut server = Process::start(program(&home, &["--sandbox-url", &url, "stdio"]));
    server.shake_hands();
    let status = server.call("get_connection_status", &json!({}));
    let token = status["data"][0]["access_token"].as_str().unwrap();
    let minutes = token
        .strip_prefix("valid for ")
        .and_then(|rest| rest.strip_suffix(" min"));
    assert!(minutes.unwrap().parse::<u32>().unwrap() <= 60, "{token}");
}

#[test]
fn a_sandbox_that_is_gone_is_not_called_zoho() {
    let mut sandbox = Running::start(&["--env"]);
    let url = evaluated(&sandbox.lines(), "URL");
    let home = TempDir::new().unwrap();
    let here = ["--sandbox-url", &url];
    let run = |command: &[&str]| outcome(&home, &[&here[..], command].concat());
    assert!(run(&["connect"]).status.success());
    sandbox.end("TERM");
    let gone = format!("The sandbox at {url} does not answer");
    let start = format!("zoho-mcp sandbox --listen {}", url.trim_start_matches("http://"));
    let called = run(&["call", "get_records", r#"{"module":"Cases"}"#]);
    let answer: Value = serde_json::from_slice(&called.stdout).unwrap();
    assert_eq!(answer["code"], "unavailable", "{answer}");
    assert!(answer["error"].as_str().unwrap().starts_with(&gone), "{answer}");
    assert!(answer["next"].as_str().unwrap().contains(&start), "{answer}");
    let connect = format!("`zoho-mcp connect --sandbox-url {url}`");
    assert!(answer["next"].as_str().unwrap().contains(&connect), "{answer}");
    let doctor = text(&run(&["doctor"]).stdout);
    assert!(doctor.contains(&gone) && doctor.contains(&start), "{doctor}");
    let connect = text(&run(&["connect"]).stderr);
    assert!(
        connect.contains(&gone[4..]) && connect.contains(&start),
        "{connect}"
    );
}

#[test]
fn one_sandbox_is_used_not_two() {
    let home = TempDir::new().unwrap();
    let url = "http://127.0.0.1:1";
    let mut variables = program(&home, &["tools"]);
    variables.env("ZOHO_MCP_SANDBOX", "1");
    let both = [
        program(&home, &["--sandbox", "--sandbox-url", url, "tools"]),
        program(&home, &["--sandbox", "tools", "--sandbox-url", url]),
    ];
    variables.env("ZOHO_MCP_SANDBOX_URL", url);
    for mut command in both.into_iter().chain([variables]) {
        let refused = command.output().unwrap();
        let told = text(&refused.stderr);
        assert!(
            !refused.status.success() && told.contains("give one of them"),
            "{command:?}: {told}"
        );
    }
}

#[test]
fn zoho_itself_lives_in_the_present_only() {
    const TIME: &str = "expected a time like 2026-11-20T18:00:00Z, of the years 2000 to 2099";
    let home = TempDir::new().unwrap();
    for (arguments, reason) in [
        (
            &["--now", "2031-05-06T07:08:09Z", "connections", "list"][..],
            "only with --sandbox or --sandbox-url",
        ),
        (&["--now", "tomorrow", "--sandbox", "tools"], TIME),
        (&["--now", "0001-01-01T00:00:00Z", "--sandbox", "tools"], TIME),
        (&["--now=-000001-01-01T00:00:00Z", "--sandbox", "tools"], TIME),
        (&["--now", "1999-12-31T23:59:59Z", "--sandbox", "tools"], TIME),
        (&["--now", "2100-01-01T00:00:00Z", "--sandbox", "tools"], TIME),
        (&["--now", "2026-11-20T18:00:60Z", "--sandbox", "tools"], TIME),
        (&["--now", "2026-11-20T18:60:00Z", "--sandbox", "tools"], TIME),
        (&["--now", "20261120T180060Z", "--sandbox", "tools"], TIME),
    ] {
        let refused = outcome(&home, arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        let told = text(&refused.stderr);
        assert!(
            told.starts_with("error: --now: ") && told.contains(reason),
            "{told}"
        );
    }
}
