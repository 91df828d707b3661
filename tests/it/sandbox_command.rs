//! `zoho-mcp sandbox`, `--sandbox` and `--sandbox-url`, through the real binary.
//!
//! REAL CLOCK: this is how a person starts it, and what was asked for by nobody is the present.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::commands::bare;

/// The binary, knowing nothing of this machine's configuration.
pub(crate) fn program(home: &TempDir, arguments: &[&str]) -> Command {
    bare(home.path(), &[&["--timezone", "UTC"], arguments].concat())
}

pub(crate) fn outcome(home: &TempDir, arguments: &[&str]) -> Output {
    program(home, arguments).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A `zoho-mcp sandbox` of its own; killed with the test unless it was ended.
pub(crate) struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) home: TempDir,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let home = TempDir::new().unwrap();
        let mut child = program(&home, &[&["sandbox"], arguments].concat())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Running { child, out, home }
    }

    /// What it prints, up to the line that `last` recognises.
    fn read_until(&mut self, last: impl Fn(&str) -> bool) -> String {
        let mut printed = String::new();
        loop {
            let start = printed.len();
            assert!(
                self.out.read_line(&mut printed).unwrap() > 0,
                "ended after {printed}"
            );
            if last(&printed[start..]) {
                return printed;
            }
        }
    }

    pub(crate) fn lines(&mut self) -> String {
        self.read_until(|line| line.contains("DESK_ORG_ID"))
    }

    /// Sends a signal and gives the exit code and what was written to standard error.
    pub(crate) fn end(&mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        let mut told = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut told)
            .unwrap();
        (self.child.wait().unwrap().code(), told)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The value that a shell has in a variable after `eval` of the lines.
pub(crate) fn evaluated(lines: &str, variable: &str) -> String {
    let script = format!("eval \"$1\"; printf %s \"$ZOHO_SANDBOX_{variable}\"");
    let output = Command::new("sh")
        .args(["-euc", &script, "sh", lines])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

async fn get(url: String) -> Value {
    let http = crate::bed::http().build().unwrap();
    let answer = http.get(url).send().await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn the_lines_can_be_evaluated_by_a_shell_and_lead_to_the_data() {
    let mut sandbox = Running::start(&["--env", "--seed", "7"]);
    let lines = sandbox.lines();
    assert_eq!(lines.lines().count(), 10);
    let url = evaluated(&lines, "URL");
    let known = get(format!("{url}/__sandbox/client")).await;
    for (variable, member) in [
        ("CLIENT_ID", "client_id"),
        ("CLIENT_SECRET", "client_secret"),
        ("REFRESH_TOKEN", "refresh_token"),
    ] {
        assert_eq!(known[member], evaluated(&lines, variable));
    }
    let people = get(format!("{url}/__sandbox/people")).await;
    for person in people["people"].as_array().unwrap().iter().skip(1) {
        let id = person["id"].as_str().unwrap().to_uppercase();
        let token = evaluated(&lines, &format!("REFRESH_TOKEN_{id}"));
        assert_eq!(person["refresh_token"], token);
    }

    let http = crate::bed::http().build().unwrap();
    let form = [
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", evaluated(&lines, "CLIENT_ID")),
        ("client_secret", evaluated(&lines, "CLIENT_SECRET")),
        ("refresh_token", evaluated(&lines, "REFRESH_TOKEN")),
    ];
    let answer = http
        .post(format!("{url}/oauth/v2/token"))
        .form(&form)
        .send()
        .await
        .unwrap();
    let tokens: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    let answer = http
        .get(format!("{url}/api/v1/tickets?limit=1"))
        .header("orgId", evaluated(&lines, "DESK_ORG_ID"))
        .header(
            "authorization",
            format!("Zoho-oauthtoken {}", tokens["access_token"].as_str().unwrap()),
        );
    assert_eq!(answer.send().await.unwrap().status(), 200);
    assert_eq!(sandbox.end("TERM"), (Some(0), String::new()));
}

#[test]
fn people_get_a_table_and_end_it_with_ctrl_c() {
    let mut sandbox = Running::start(&[]);
    let printed = sandbox.read_until(|line| line.contains("Ctrl-C"));
    for part in [
        "http://127.0.0.1:",
        "Control page",
        "Client id",
        "Client secret",
        "Refresh token",
        "Desk organization",
        "zoho-mcp connect --sandbox-url http://127.0.0.1:",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    assert_eq!(sandbox.end("INT"), (Some(0), String::new()));
}

#[test]
fn an_open_address_is_warned_about_and_a_taken_one_refused() {
    let mut sandbox = Running::start(&["--env", "--listen", "0.0.0.0:0"]);
    let url = evaluated(&sandbox.lines(), "URL");
    let taken = url.strip_prefix("http://").unwrap();
    let refused = outcome(&sandbox.home, &["sandbox", "--listen", taken]);
    assert_eq!(refused.status.code(), Some(1));
    let told = text(&refused.stderr);
    assert!(
        told.starts_with(&format!("error: cannot start on {taken}: ")),
        "{told}"
    );
    let (code, told) = sandbox.end("INT");
    assert_eq!(code, Some(0));
    assert!(
        told.starts_with("warning: other machines can reach this sandbox"),
        "{told}"
    );
}

#[tokio::test]
async fn many_processes_share_one_sandbox_and_one_database() {
    let mut sandbox = Running::start(&["--env", "--tickets", "60"]);
    let url = evaluated(&sandbox.lines(), "URL");
    let home = &sandbox.home;
    let database = format!("sqlite:{}", home.path().join("shared.db").display());
    let shared = ["--database-url", &database, "--sandbox-url", &url];
    let connected = outcome(home, &[&shared[..], &["connect"]].concat());
    assert!(connected.status.success(), "{}", text(&connected.stderr));
    assert_eq!(
        get(format!("{url}/__sandbox/stats")).await["counts"]["GET /oauth/v2/auth"],
        1
    );

    // The stored access token ends: one of the processes refreshes it for all.
    let http = crate::bed::http().build().unwrap();
    http.post(format!("{url}/__sandbox/reset")).send().await.unwrap();
    let admin = http.post(format!("{url}/__sandbox/admin"));
    admin.body(r#"{"drop_live":true}"#).send().await.unwrap();
    let call = |offset: usize| {
        let arguments = json!({ "module": "Cases", "limit": 2 + offset }).to_string();
        let arguments = [&shared[..], &["call", "get_records", &arguments]].concat();
        program(home, &arguments).spawn().unwrap()
    };
    let running: Vec<Child> = (0..4).map(call).collect();
    for (offset, child) in running.into_iter().enumerate() {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stdout));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["count"], 2 + offset);
    }
    assert_eq!(get(format!("{url}/__sandbox/stats")).await["token_calls"], 1);

    // Without sandbox mode the row's loopback hosts are not Zoho's: nothing is sent.
    let before = get(format!("{url}/__sandbox/log")).await;
    let refused = outcome(
        home,
        &[
            "--database-url",
            &database,
            "call",
            "get_records",
            r#"{"module":"Cases"}"#,
        ],
    );
    assert_eq!(refused.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!(answer["code"], "reconnect_needed");
    assert!(answer["error"].as_str().unwrap().contains("--sandbox-url"));
    assert_eq!(get(format!("{url}/__sandbox/log")).await, before);
}

#[test]
fn a_sandbox_elsewhere_is_refused() {
    let home = TempDir::new().unwrap();
    for url in [
        "http://example.com",
        "http://10.0.0.1:8080",
        "http://127.0.0.1.evil.example:1",
        "https://desk.zoho.com",
        "http://someone@127.0.0.1:1",
        "file:///127.0.0.1",
        "127.0.0.1:1",
    ] {
        for command in [
            &["connect"][..],
            &["call", "get_records", r#"{"module":"Cases"}"#],
        ] {
            let refused = outcome(&home, &[&["--sandbox-url", url][..], command].concat());
            assert_eq!(refused.status.code(), Some(2), "{url}");
            let told = text(&refused.stderr);
            assert!(
                told.contains("the sandbox must be an http URL of this machine"),
                "{url}: {told}"
            );
        }
    }
}

#[test]
fn a_sandbox_in_the_process_answers_over_stdio() {
    let home = TempDir::new().unwrap();
    let mut server = program(&home, &["--sandbox"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let client = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    let arguments = json!({ "name": "get_records", "arguments": { "module": "Cases", "limit": 3 } });
    let messages = [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": arguments }),
    ];
    let mut input = server.stdin.take().unwrap();
    for message in messages {
        writeln!(input, "{message}").unwrap();
    }
    let out = BufReader::new(server.stdout.take().unwrap());
    let answer = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap())
        .find(|message| message["id"] == 2)
        .expect("an answer");
    let records = &answer["result"]["structuredContent"];
    assert_eq!(records["count"], 3, "{answer}");
    assert_eq!(records["app_type"], "desk");
    drop(input);
    assert!(server.wait().unwrap().success());
    let kept = std::fs::read_dir(home.path()).unwrap().count();
    assert_eq!(kept, 0, "the throw-away database leaves nothing behind");
}

#[tokio::test]
async fn sandbox_and_server_stand_where_they_are_told() {
    const NOW: &str = "2031-05-06T07:08:09Z";
    let mut sandbox = Running::start(&["--now", NOW, "--env"]);
    let url = evaluated(&sandbox.lines(), "URL");
    let clock = || get(format!("{url}/__sandbox/clock"));
    assert_eq!(clock().await["now"], NOW);
    let here = ["--sandbox-url", &url, "--now", NOW];
    let connected = outcome(&sandbox.home, &[&here[..], &["connect"]].concat());
    assert!(connected.status.success(), "{}", text(&connected.stderr));
    let doctor = outcome(&sandbox.home, &[&here[..], &["doctor"]].concat());
    let report = text(&doctor.stdout);
    assert!(
        doctor.status.success() && !report.contains("clock is"),
        "{report}"
    );
    assert_eq!(clock().await["now"], NOW, "the clock runs");

    let home = TempDir::new().unwrap();
    let newest = r#"{"module":"Cases","sort_by":"createdTime","sort_order":"desc","limit":1}"#;
    let arguments = ["--sandbox", "--now", NOW, "call", "get_records", newest];
    let answer: Value = serde_json::from_slice(&outcome(&home, &arguments).stdout).unwrap();
    let created = answer["data"][0]["createdTime"].as_str().unwrap();
    assert!(("2031-05-06T05".."2031-05-06T07").contains(&created), "{answer}");
}

/// The database of the demo ends with it: no command is told that would ask for it, by whatever path the program is called.
#[test]
fn the_demo_names_no_command_for_what_ends_with_it() {
    let home = tempfile::tempdir().unwrap();
    let mut elsewhere = program(&home, &["demo"]);
    // A shell that finds other commands, and not this one: as after the first build of a clone.
    elsewhere.env("PATH", "/usr/bin:/bin");
    let ran = elsewhere.output().unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("2 Zoho Desk organizations"), "{said}");
    assert!(!said.contains("set-org") && !said.contains("demo.db"), "{said}");
    // People by their whole name.
    assert!(said.contains("Samuel Okafor"), "{said}");
}
