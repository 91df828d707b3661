//! `--sandbox` and `--sandbox-url` beside real connections: nothing real is read, changed or replaced.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

mod named;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::{Connection as _, SqliteConnection};
use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::{Ran, bare, finished};

const CASES: &str = r#"{"module":"Cases","limit":1}"#;

/// Makes the rows of a database ones of a Zoho account in Europe.
pub(crate) async fn made_at_zoho(database_url: &str) {
    change(
        database_url,
        "UPDATE zoho_connections SET dc = 'eu', accounts_url = 'https://accounts.zoho.eu', \
         api_domain = 'https://www.zohoapis.eu', desk_url = 'https://desk.zoho.eu'",
    )
    .await;
}

/// Where a sandbox stood that is there no more.
pub(crate) const YESTERDAY: &str = "http://127.0.0.1:9";

/// Makes the rows of a database ones of a sandbox at another port.
pub(crate) async fn made_yesterday(database_url: &str) {
    let statement = "UPDATE zoho_connections SET accounts_url = 'http://127.0.0.1:9'";
    change(database_url, statement).await;
}

async fn change(database_url: &str, statement: &'static str) {
    let mut database = SqliteConnection::connect(database_url).await.unwrap();
    sqlx::query(statement).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

/// A bed without a database named: real connections of Zoho lie where they do when nobody names a place.
struct Real {
    bed: Bed,
}

impl Real {
    /// The connections `default` and `second`.
    async fn new() -> Self {
        let real = Real {
            bed: Bed::empty(Options::default()).await,
        };
        let database = real.database();
        for name in ["default", "second"] {
            let arguments = ["--database-url", &database, "connect", "--name", name];
            real.against_sandbox(&arguments).succeeded();
        }
        made_at_zoho(&database).await;
        real
    }

    fn home(&self) -> &Path {
        self.bed.home.path()
    }

    fn data(&self) -> PathBuf {
        self.home().join(".local/share/zoho-mcp")
    }

    fn database(&self) -> String {
        format!("sqlite:{}", self.data().join("zoho-mcp.db").display())
    }

    /// The binary on the sandbox of the bed.
    fn against_sandbox(&self, arguments: &[&str]) -> Ran {
        let arguments = [&["--sandbox-url", &self.bed.sandbox.url], arguments].concat();
        finished(bare(self.home(), &arguments), "")
    }

    fn names(&self) -> Vec<String> {
        let list = finished(bare(self.home(), &["connections", "list"]), "").succeeded();
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| {
            format!(
                "{} at {}",
                row["name"].as_str().unwrap(),
                row["accounts_url"].as_str().unwrap()
            )
        })
        .collect()
    }

    /// Every file of the home with what is in it.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.home().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    found.insert(path, bytes);
                }
            }
        }
        found
    }
}

const REAL: [&str; 2] = [
    "second at https://accounts.zoho.eu",
    "default at https://accounts.zoho.eu",
];

/// The commands a help text lists.
fn commands_of(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.trim().is_empty());
    let named = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    named
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .filter(|name| name != "help")
        .collect()
}

fn help_of(home: &Path, arguments: &[&str]) -> String {
    let ran = finished(bare(home, &[arguments, &["--help"]].concat()), "");
    assert!(ran.ok, "{ran:?}");
    ran.out
}

/// How each command of the program is called here: one that is new has to be put down before this passes.
fn every_command(home: &Path) -> Vec<Vec<&'static str>> {
    let mut calls: Vec<Vec<&'static str>> = Vec::new();
    for name in commands_of(&help_of(home, &[])) {
        calls.extend(match name.as_str() {
            "stdio" => vec![vec!["stdio"]],
            "call" => vec![vec!["call", "get_records", CASES]],
            "connect" => vec![
                vec!["connect"],
                vec!["connect", "--name", "second", "--yes", "--replace"],
                vec!["connect", "--refresh-token"],
                vec!["connect", "--scopes"],
            ],
            "connections" => Vec::new(),
            "doctor" => vec![vec!["doctor"], vec!["doctor", "--offline"]],
            "approve" => vec![vec!["approve"]],
            "tools" => vec![vec!["tools"]],
            "install" => vec![vec!["install"]],
            "status" => vec![vec!["status"]],
            "log" => vec![vec!["log"]],
            "logout" => vec![vec!["logout", "second", "--yes"]],
            "config" => vec![vec!["config"], vec!["config", "path"]],
            "completions" => vec![vec!["completions", "bash"]],
            "repair" => vec![vec!["repair"], vec!["repair", "--stats"]],
            "sandbox" => vec![vec!["sandbox"]],
            "demo" => vec![vec!["demo"]],
            other => panic!("say here how `{other}` is called, and in src/cli.rs what --sandbox means to it"),
        });
    }
    for name in commands_of(&help_of(home, &["connections"])) {
        let rest: &[&str] = match name.as_str() {
            "list" => &["list"],
            "show" => &["show"],
            "use" => &["use", "second", "--yes"],
            "set-org" => &["set-org", "second", "1", "--yes"],
            "rename" => &["rename", "second", "third", "--yes"],
            "remove" => &["remove", "second", "--yes"],
            "import" => &["import", "sqlite:old.db", "--yes"],
            "rekey" => &["rekey", "--yes"],
            other => panic!(
                "say here how `connections {other}` is called, and in src/cli.rs what --sandbox means to it"
            ),
        };
        calls.push([&["connections"], rest].concat());
    }
    calls
}

/// Runs a command to its end; the sandbox, which has none, until it says where it is.
fn outcome(mut command: Command, arguments: &[&str]) -> Ran {
    if arguments != ["sandbox"] {
        return finished(command, "");
    }
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    Ran {
        ok: true,
        out: line,
        told: String::new(),
    }
}

#[tokio::test]
async fn no_command_touches_a_real_connection_in_a_sandbox() {
    let real = Real::new().await;
    let before = real.files();
    let (key, database) = (real.data().join("zoho-mcp.db.key"), real.database());
    for arguments in every_command(real.home()) {
        let flag = bare(real.home(), &[&["--sandbox"], arguments.as_slice()].concat());
        let mut variable = bare(real.home(), &arguments);
        variable
            .env("ZOHO_MCP_SANDBOX", "1")
            .env("ZOHO_MCP_DATABASE_URL", &database)
            .env("ZOHO_MCP_KEY_FILE", &key)
            .env("ZOHO_MCP_CLIENT_ID", "1000.REAL")
            .env("ZOHO_MCP_CLIENT_SECRET", "real-secret");
        for command in [flag, variable] {
            let ran = outcome(command, &arguments);
            // No log is kept here, and that has nothing to do with where Zoho is.
            let is_unkept = arguments == ["log"] && ran.told.contains("no log file is named");
            assert!(
                ran.ok || ran.told.contains("--sandbox") || is_unkept,
                "{arguments:?} neither works nor says what to do: {ran:?}"
            );
            assert!(
                !ran.out.contains("zoho.eu"),
                "{arguments:?} shows a real row: {ran:?}"
            );
            assert_eq!(real.files(), before, "{arguments:?} left something: {ran:?}");
        }
    }
}

#[tokio::test]
async fn what_would_be_lost_with_the_sandbox_is_refused_and_the_rest_works() {
    let real = Real::new().await;
    let sandbox = |arguments: &[&str]| {
        let arguments = [&["--sandbox"], arguments].concat();
        finished(bare(real.home(), &arguments), "")
    };
    let list = sandbox(&["connections", "list"]).succeeded();
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
    assert!(
        list[0]["accounts_url"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:"),
        "{list}"
    );
    sandbox(&["connections", "show"]).succeeded();
    assert_eq!(sandbox(&["call", "get_records", CASES]).succeeded()["count"], 1);
    sandbox(&["doctor"]).succeeded();
    for (arguments, way) in [
        (&["connect"][..], "zoho-mcp connect --sandbox-url URL"),
        (
            &["connections", "remove", "second", "--yes"],
            "leave --sandbox out",
        ),
    ] {
        let refused = sandbox(arguments);
        assert!(refused.failed().contains(way), "{refused:?}");
    }
}

#[tokio::test]
async fn a_sandbox_url_has_a_database_of_its_own() {
    let real = Real::new().await;
    let before = real.files();
    assert_eq!(real.names(), REAL);
    real.against_sandbox(&["connect"]).succeeded();
    assert_eq!(real.names(), REAL, "the real rows are as they were");
    assert!(real.data().join("sandbox.db").exists());
    let list = real.against_sandbox(&["connections", "list"]).succeeded();
    assert_eq!(list[0]["accounts_url"], real.bed.sandbox.url.as_str());
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(
        real.against_sandbox(&["call", "get_records", CASES]).succeeded()["count"],
        1
    );
    real.against_sandbox(&["connections", "rekey", "--yes"])
        .succeeded();
    real.against_sandbox(&["connections", "remove", "default", "--yes"])
        .succeeded();
    let after = real.files();
    for (path, bytes) in &before {
        assert_eq!(after.get(path), Some(bytes), "{}", path.display());
    }
    let help = finished(bare(real.home(), &["--help"]), "").out;
    let flat = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("with --sandbox-url"), "{help}");
}

#[tokio::test]
async fn a_row_of_another_server_is_replaced_only_when_that_is_said() {
    let bed = Bed::connected().await;
    made_yesterday(&bed.database_url()).await;
    bed.forget().await;
    for arguments in [&["connect"][..], &["connect", "--yes"]] {
        let refused = bed.run(arguments);
        let told = refused.failed();
        assert!(told.contains("--replace") && told.contains("--name"), "{told}");
        assert!(told.contains(YESTERDAY), "{told}");
        assert_eq!(
            bed.seen().await,
            Vec::<String>::new(),
            "refused before any consent"
        );
        let shown = bed.run(&["connections", "show"]).succeeded();
        assert_eq!(shown["accounts_url"], YESTERDAY);
    }
    bed.run(&["connect", "--name", "beside"]).succeeded();
    let told = bed.run(&["connect", "--replace"]).succeeded();
    assert_eq!(told["connection"]["accounts_url"], bed.sandbox.url.as_str());
    // The same server once more is no other one.
    bed.run(&["connect"]).succeeded();
}

#[tokio::test]
async fn another_sandbox_replaces_nothing_unasked_either() {
    let (bed, other) = (Bed::connected().await, Bed::empty(Options::default()).await);
    let mut command = bed.command(&["connect", "--yes"]);
    command.env("ZOHO_MCP_SANDBOX_URL", &other.sandbox.url);
    let refused = finished(command, "");
    assert!(refused.failed().contains("--replace"), "{refused:?}");
    bed.run(&["call", "get_records", CASES]).succeeded();
}

/// Nobody reaches what waits in a sandbox inside the server that asks.
#[test]
fn an_act_in_a_sandbox_of_its_own_is_told_what_helps_there() {
    let home = tempfile::tempdir().unwrap();
    let act = [
        "--sandbox",
        "call",
        "add_comment",
        "ticket_number=600",
        "public=true",
        "content=Done.",
    ];
    let told = finished(bare(home.path(), &act), "").json();
    assert_eq!(told["code"], "confirmation_needed", "{told}");
    let next = told["next"].as_str().unwrap();
    assert!(!told.to_string().contains("zoho-mcp approve"), "{told}");
    assert!(
        next.contains("`zoho-mcp sandbox`") && next.contains("--sandbox-url"),
        "{told}"
    );
}
